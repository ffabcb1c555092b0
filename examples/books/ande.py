"""Ande village, Wuding county, Yunnan: a fund that was to be spent becomes shares of a goat base.

Published: in 2013 each village had 300,000 yuan of industry support funds; Ande turned it from direct spending into
shares of a breeding cooperative's goat base.

Assumed, for the source does not say: the days, the names of the documents, one yuan a share, and that the village as a
collective holds the shares. To whom the village quantifies its part is not told, so here it waits, quantified to
nobody. The charts of accounts are those in force in 2013.
"""

from datetime import date

from coopledger.book import (
    C2004,
    C2007,
    COLLECTIVE,
    Contribution,
    Document,
    Joiner,
    MemoryJournal,
    Money,
    admit,
    adopt,
    contribute,
    controls,
    found,
    holdings,
    open_class,
    preset,
    receive_fund,
    spend_fund,
    vouchers,
    yuan,
)

FUND_FEN = 300_000_00  # published
NEW_YEAR, GRANTED, BROUGHT = date(2013, 1, 1), date(2013, 6, 1), date(2013, 9, 1)  # assumed
GRANT = "a grant document of 2013 (assumed)"
RULE = "all of it as the village's collective shares (assumed)"
PAPER = Document("agreement.pdf", "0" * 64, "1-2")  # assumed


def village() -> MemoryJournal:
    """The village's book: the fund comes in, and goes out again as an investment."""
    book = MemoryJournal("ande")
    for key, decision in {
        "founding": found("安德村", COLLECTIVE, effective_on=NEW_YEAR),
        "chart": adopt(C2004, effective_on=NEW_YEAR),
        "fund": receive_fund(
            "industry-2013", FUND_FEN, effective_on=GRANTED, source=GRANT, purpose="industry support", rule=RULE
        ),
        "shares": spend_fund(
            "industry-2013", FUND_FEN, effective_on=BROUGHT, on="investment", reason="goat base", documents=[PAPER]
        ),
    }.items():
        book.append(decision, key=key, actor="accountant")
    return book


def cooperative() -> MemoryJournal:
    """The breeding cooperative's book: the village brings money and has shares."""
    book = MemoryJournal("goats")
    money = Money(FUND_FEN, "fiscal fund", source=GRANT, rule=RULE)
    shares = Contribution("ande-2013", "ande", "cash", money, price_fen=1_00)
    for key, decision in {
        "founding": found("养殖专业合作社", effective_on=NEW_YEAR),
        "chart": adopt(C2007, effective_on=NEW_YEAR),
        "class": open_class(preset("cash", capital="c2007:301"), effective_on=NEW_YEAR),
        "village": admit(Joiner("ande", kind="collective"), effective_on=NEW_YEAR),
        "shares": contribute(shares, effective_on=BROUGHT, documents=[PAPER]),
    }.items():
        book.append(decision, key=key, actor="accountant")
    return book


def show(book: MemoryJournal) -> None:
    """Print the register and the vouchers of a book, and the control totals of its funds."""
    with book.read() as view:
        print(f"== {book.book}, record {view.head.seq}")
        if any(view.records("class")):
            for number, one in holdings(view, "cash").items():
                print(f"股东 {number}: {one.shares:,} 股")
        for voucher in vouchers(view):
            print(f"记-{voucher.number} {voucher.booked_on} {voucher.kind}, 附单据 {voucher.attachments} 张")
            for line in voucher.lines:
                side, fen = ("借", line.debit_fen) if line.debit_fen else ("贷", line.credit_fen)
                print(f"  {side} {line.account} {line.name.zh} {yuan(fen)}")
        for total in controls(view):
            print(f"{total.account}: {yuan(total.account_fen)}, 待量化 {yuan(total.waiting_fen)}")


if __name__ == "__main__":
    show(village())
    show(cooperative())
