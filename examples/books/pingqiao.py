"""Pingqiao village, Dazhu county, Sichuan: 120 people bring land, support funds and cash into a pepper cooperative.

Published: 120 poor party members and villagers brought land, support funds and cash into a pepper cooperative; they
hold shares with dividends, and work there for wages.

Assumed, for the source does not say: everything else. The year 2016; that 60 brought land (3 mu each, for ten years,
at 4,000 yuan a mu for the whole term), 40 their support fund (2,000 yuan each) and 20 cash (1,000 yuan each); a price
of 100 yuan a share; sales of 161,000 and wages of 60,000 yuan; that nobody traded with the cooperative, so that the
whole surplus is distributed by contribution (农民专业合作社法 44). Who is who is invented.
"""

from datetime import date

from coopledger.book import (
    C2007,
    MONEY,
    Contribution,
    Decision,
    Entry,
    Joiner,
    MemoryJournal,
    Money,
    Posting,
    Resolution,
    Right,
    Valuation,
    View,
    admit,
    adopt,
    amortise,
    book_values,
    contribute,
    found,
    holdings,
    member_account,
    open_class,
    preset,
    totals,
    trial_balance,
    vouchers,
    yuan,
)
from coopledger.plan import largest_remainder

FOUNDED, BROUGHT, YEAR_END = date(2016, 1, 1), date(2016, 3, 1), date(2016, 12, 31)
LAND_ENDS = date(2026, 2, 28)
PEOPLE = [f"{n:04}" for n in range(1, 121)]
WITH_LAND, WITH_FUND, WITH_CASH = PEOPLE[:60], PEOPLE[60:100], PEOPLE[100:]
MEETING = Resolution("2016-1", "members", FOUNDED, entitled=120, present=118, votes_for=116)
WAGES_FEN, SALES_FEN = 60_000_00, 161_000_00


def contributions() -> list[Contribution]:
    """What the 120 brought in."""
    found_ = []
    for number in WITH_LAND:
        right = Right(
            "land right",
            BROUGHT,
            LAND_ENDS,
            right_ends_on=date(2027, 12, 31),
            area_mu=3,
            parcels=(f"parcel {number}",),
            contract=f"contract {number}",
            every="year",
        )
        value = Valuation(12_000_00, "members", FOUNDED, per_mu_fen=4_000_00)
        found_.append(Contribution(f"L{number}", f"H{number}", "land", right, value, price_fen=100_00))
    for number in WITH_FUND:
        fund = Money(2_000_00, "fiscal fund", source="industry support fund, 2016", rule="each household's own part")
        found_.append(Contribution(f"F{number}", number, "cash", fund, price_fen=100_00))
    cash = Money(1_000_00, into="cash")
    return [*found_, *(Contribution(f"C{number}", number, "cash", cash, price_fen=100_00) for number in WITH_CASH)]


def work(_: View) -> list[Entry]:
    """A year of pepper: sales, and wages for those who worked."""
    moves = [("501", "102", SALES_FEN), ("212", "521", WAGES_FEN), ("102", "212", WAGES_FEN)]
    return [Entry("business", YEAR_END, YEAR_END, {"reason": "pepper and wages"}, postings(moves))]


def close(view: View) -> list[Entry]:
    """Close the year: income and expenses into the surplus, and the surplus to those who contributed."""
    income = {account: fen for (_, account), fen in view.balances(MONEY).items() if account[6:7] == "5"}
    surplus = -sum(income.values())
    moves = [("331", account[6:], -fen) if fen < 0 else (account[6:], "331", fen) for account, fen in income.items()]
    shares = {number: one.shares for cls in ("land", "cash") for number, one in holdings(view, cls, YEAR_END).items()}
    parts = largest_remainder(surplus, [int(one) for one in shares.values()])
    moves += [("332", "331", surplus)]
    moves += [(f"222/{number}", "332", part) for number, part in zip(shares, parts, strict=True)]
    return [Entry("closing", YEAR_END, YEAR_END, {"reason": "surplus of 2016"}, postings(moves))]


def pay(view: View) -> list[Entry]:
    """Pay out everything that is owed to members."""
    owed = [(account[6:], -fen) for (_, account), fen in view.balances(MONEY, "c2007:222").items()]
    paid = date(2017, 1, 20)
    return [Entry("payment", paid, paid, {"reason": "dividend"}, postings([("102", *one) for one in owed]))]


def postings(moves: list[tuple[str, str, int]]) -> list[Posting]:
    """Money from the account that is credited to the one that is debited."""
    return [Posting(MONEY, f"c2007:{source}", f"c2007:{target}", fen) for source, target, fen in moves]


def cooperative() -> MemoryJournal:
    """The cooperative's book, from its founding to the first dividend."""
    book = MemoryJournal("pingqiao")
    joiners = [Joiner(number, household=f"H{number}", head=True) for number in PEOPLE]
    steps: dict[str, Decision] = {
        "founding": found("花椒专业合作社", effective_on=FOUNDED),
        "chart": adopt(C2007, effective_on=FOUNDED),
        "land": open_class(preset("land", par_fen=100_00, capital="c2007:301"), effective_on=FOUNDED),
        "cash": open_class(preset("cash", par_fen=100_00, capital="c2007:301"), effective_on=FOUNDED),
        "people": admit(*joiners, effective_on=FOUNDED),
        "contributions": contribute(*contributions(), effective_on=BROUGHT, resolution=MEETING),
        "work": work,
        "amortisation": amortise(through=YEAR_END),
        "closing": close,
        "payment": pay,
    }
    for key, decision in steps.items():
        book.append(decision, key=key, actor="accountant")
    return book


def show(book: MemoryJournal) -> None:
    """Print what the book says at the end of 2016."""
    with book.read() as view:
        for cls in ("land", "cash"):
            register = holdings(view, cls, YEAR_END)
            print(f"{cls}: {len(register)} 户, {sum(one.shares for one in register.values()):,} 股")
        values = book_values(view, YEAR_END)
        print(f"土地: {len(values)} 宗, 账面价值 {yuan(sum(one.book_fen for one in values))}")
        for voucher in vouchers(view)[-4:]:
            print(f"{voucher.year}-{voucher.month:02} 记-{voucher.number} {voucher.summary}")
            for line in voucher.lines:
                side, fen = ("借", line.debit_fen) if line.debit_fen else ("贷", line.credit_fen)
                print(f"  {side} {line.account} {line.name.zh} {yuan(fen)}")
        for holder in (f"H{WITH_LAND[0]}", WITH_FUND[0], WITH_CASH[0]):
            account = member_account(view, holder, YEAR_END)
            print(f"{holder}: 出资 {yuan(account.contribution_fen)}, 分红 {yuan(account.surplus_fen)}")
        print(f"试算平衡: {totals(trial_balance(view)).balanced}")


if __name__ == "__main__":
    show(cooperative())
