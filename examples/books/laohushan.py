"""Laohushan: Lianchi village, Yongren county, Yunnan, from what it brought in 2013 to today.

Published: since the second half of 2013 the village has 1,000 mu of barren hill in a mango base, the use right of a
reservoir dam and a pumping station that were built with poverty-relief funds, and 1,000,000 yuan of forestry support
funds. For forty years, of which 2014 is the first, an enterprise pays 160 yuan/mu for the hill and 20 yuan/mu as a
service fee, a fifth more after each full five years, and for the rest 10,000 yuan, each year 10,000 more. That contract
is `laohushan.toml`. For the dam and the funds the source says 7,150,000 yuan in forty years; by its
clauses they are 8,200,000.

Assumed, for the source does not say: everything else. The days and the documents; what hill and dam are worth; 13
households of 33 people with ten shares each; a charter, by the law of 2025, that gives 30 % of a year's income to the
reserve, 20 % to the welfare fund and the rest to the members. And what happened on the way: a mistake in the first
dividend and its correction, somebody who sold her shares and left, a year of which half came late, and a member whom a
court recognised in 2021, with effect from 2017. Who is who is invented.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from coopledger.book import (
    C2004,
    C2004_TO_C2023,
    C2023,
    COLLECTIVE,
    MONEY,
    Decision,
    Document,
    Entry,
    Joiner,
    MemoryJournal,
    Posting,
    Resolution,
    Run,
    Step,
    View,
    Waterfall,
    admit,
    adopt,
    allot,
    appropriations,
    approve,
    change_charter,
    charts,
    cite,
    collective_waterfall,
    conclude,
    contract_status,
    convert_chart,
    declare,
    disclose,
    distribute,
    dues,
    enter_surplus,
    fall_due,
    found,
    holdings,
    in_turn,
    invest,
    issue,
    leave,
    open_class,
    outstanding,
    pay,
    preset,
    problems,
    project_rest,
    propose_steps,
    receive,
    receive_fund,
    runs,
    share,
    spend_fund,
    statement,
    take_back,
    totals,
    transfer,
    trial_balance,
    undo,
    vouchers,
    yuan,
)
from coopledger.plan import check_claims, load_plan, project

CONTRACT = Path(__file__).parents[1] / "laohushan.toml"
FORESTRY_FEN = 1_000_000_00  # published
HILL_FEN, DAM_FEN = 2_000_000_00, 600_000_00  # assumed: 2,000 yuan a mu; what the dam and the pumps cost
FOUNDED, BROUGHT, BEGINS, NEW_CHART = date(2013, 3, 1), date(2013, 9, 1), date(2014, 1, 1), date(2024, 1, 1)
SHARES_EACH = 10
PEOPLE_OF = dict(
    zip(map(str, range(11, 24)), (3, 4, 2, 3, 3, 1, 4, 2, 3, 2, 3, 2, 1), strict=True)  # 33 people in 13 households
)
WRONG = "14"  # the household that had ten shares too many
LEFT, BOUGHT = "23", "12"
RECOGNISED, HOUSEHOLD, SINCE, RULED = "0090", "15", date(2017, 1, 1), date(2021, 5, 20)
MISSED = range(2017, 2021)
LATE = 2020  # the year of which half came in late
WATERFALL = collective_waterfall("30%", "20%", by="class people")
REASONS = {"quantification": "量化", "correction": "更正", "sale": "转让", "ruling": "判决"}
THROUGH = 2025  # the last year that is distributed


def paper(name: str) -> Document:
    """A document that was never written."""
    return Document(name, "0" * 64)


def vote(year: int, day: date) -> Resolution:
    """What a members' meeting decided: one a day."""
    return Resolution(f"{year}-{day:%m%d}", "members", day, entitled=30, present=27, votes_for=25, votes_against=2)


def founding() -> Iterator[tuple[str, Decision]]:
    """The village, its people and their shares; household 14 has ten too many."""
    yield "founding", found("莲池村集体经济组织", COLLECTIVE._replace(waterfall=WATERFALL), effective_on=FOUNDED)
    yield "chart", adopt(C2004, effective_on=FOUNDED)
    yield "class", open_class(preset("member", code="people"), effective_on=FOUNDED)
    numbers = iter(range(41, 90))
    joiners = [
        Joiner(number, household=household, head=n == 0, personal={"name": f"成员{number}"})
        for household, people in PEOPLE_OF.items()
        for n, number in enumerate(f"{next(numbers):04}" for _ in range(people))
    ]
    yield "people", admit(*joiners, effective_on=FOUNDED)
    meeting = vote(2013, FOUNDED)
    right = {household: people * SHARES_EACH for household, people in PEOPLE_OF.items() if household != WRONG}
    facts: dict[str, Any] = {"effective_on": FOUNDED, "reason": "quantification", "resolution": meeting}
    yield "shares", allot("people", right, **facts)
    yield "shares of 14", issue("people", to=WRONG, shares=(PEOPLE_OF[WRONG] + 1) * SHARES_EACH, **facts)


def contributions() -> Iterator[tuple[str, Decision]]:
    """What the village has, and gives into the base: dam and pumps, funds, hill. Then the contract."""
    for fund, fen in (("relief-2013", DAM_FEN), ("forestry-2013", FORESTRY_FEN)):
        said: dict[str, Any] = {
            "source": f"grant document {fund} (assumed)",
            "purpose": fund,
            "rule": "not quantified: the village's",
        }
        yield fund, receive_fund(fund, fen, effective_on=FOUNDED, **said)
    built: dict[str, Any] = {"effective_on": date(2013, 8, 1), "on": "fixed asset", "reason": "dam and pumping station"}
    yield "dam", spend_fund("relief-2013", DAM_FEN, **built)
    adopted: dict[str, Any] = {"effective_on": BROUGHT, "resolution": vote(2013, BROUGHT)}
    valued: dict[str, Any] = {**adopted, "documents": [paper("appraisal.pdf")]}
    yield "dam given", invest("0901", DAM_FEN, {"c2004:151": DAM_FEN}, reason="use right of dam and pumps", **valued)
    yield "hill given", invest("0901", HILL_FEN, {}, reason="1,000 mu of barren hill for forty years", **valued)
    yield "funds given", spend_fund("forestry-2013", FORESTRY_FEN, on="investment", reason="mango base", **adopted)
    plan, signed = load_plan(CONTRACT), [cite(str(CONTRACT))]
    terms: dict[str, Any] = {"counterparty": "0901", "effective_on": BEGINS, "documents": signed}
    yield "contract", conclude("老虎山", plan, **terms)


def close(year: int) -> Decision:
    """Close a year: its income becomes its surplus."""
    on = date(year, 12, 31)

    def decide(view: View) -> list[Entry]:
        chart = charts(view).in_force(on)
        surplus, roles = chart.account("surplus"), ("operating income", "investment income")
        income = {account: -view.balances(MONEY, account, on)[MONEY, account] for account in map(chart.account, roles)}
        postings = [Posting(MONEY, surplus, account, fen) for account, fen in income.items()]
        closed = [Entry("closing", on, on, {"reason": f"income of {year}"}, postings)]
        entered = enter_surplus(year, sum(income.values()), source=f"income of {year}, without costs (assumed)")
        return [*in_turn(lambda _: closed, entered)(view)]

    return decide


def year_end(year: int, distribution: Decision) -> Iterator[tuple[str, Decision]]:
    """The last day of a year: the instalments fall due, the year is closed, and its surplus distributed."""
    yield f"due {year}", fall_due("老虎山", until=date(year, 12, 31))
    yield f"closing {year}", close(year)
    yield f"distribution {year}", distribution


def received(year: int) -> Iterator[tuple[str, Decision]]:
    """When the enterprise pays what it owes for a year: in January; of one year half in September."""

    def open_fen(view: View) -> int:
        return contract_status(view, "老虎山", date(year + 1, 1, 1)).open_fen

    def half(view: View) -> list[Entry]:
        return [*receive("老虎山", open_fen(view) // 2, effective_on=date(year + 1, 1, 15))(view)]

    def rest(view: View) -> list[Entry]:
        left_fen = contract_status(view, "老虎山", date(year + 1, 1, 31)).open_fen
        return [*receive("老虎山", left_fen, effective_on=date(year + 1, 9 if year == LATE else 1, 15))(view)]

    if year == LATE:
        yield f"half {year}", half
    yield f"received {year}", rest


def adopted(run: str, year: int, month: int = 2) -> Decision:
    """A run lies open, is approved, and declared the next day."""
    meeting = date(year + 1, month, 5)
    since, until = date(year + 1, month - 1, 20), date(year + 1, month, 4)
    return in_turn(
        disclose(run, since=since, until=until, where="村公示栏"),
        approve(run, vote(year + 1, meeting)),
        declare(run, effective_on=date(year + 1, month, 6)),
    )


def paid(year: int, *steps: str) -> Iterator[tuple[str, Decision]]:
    """The runs of a year, from the board to the last receipt."""
    for step in steps:
        run = f"{year}-{step}"
        yield f"adopted {run}", adopted(run, year)
        yield f"paid {run}", pay(run, effective_on=date(year + 1, 2, 10))


def corrected() -> Iterator[tuple[str, Decision]]:
    """Two households have their first dividend when it is found that one of them has ten shares too many.

    All is undone in the open: what was declared is owed no more, what was paid is its receiver's debt. The shares are
    taken back, the dividend is split, adopted and declared once more, and who was paid already gets the difference.
    """
    wrong, right = "2014-members", "2014-members-2"
    yield "paid by mistake", pay(wrong, effective_on=date(2015, 2, 10), holders=["11", WRONG])
    found_on: dict[str, Any] = {"effective_on": date(2015, 2, 20), "reason": "correction"}
    for n in range(4):  # declared, approved, disclosed, proposed
        yield f"undone {n}", undo(wrong, **found_on)

    def shares(view: View) -> list[Entry]:
        mistake = next(one for one in view.records("issue") if one.postings[0].target == f"holder/{WRONG}")
        again: dict[str, Any] = {"booked_on": found_on["effective_on"], "resolution": vote(2015, date(2015, 2, 20))}
        fewer: dict[str, Any] = {"to": WRONG, "shares": PEOPLE_OF[WRONG] * SHARES_EACH, "effective_on": FOUNDED}
        both = in_turn(take_back(mistake.seq, **again), issue("people", reason="correction", **fewer, **again))
        return [*both(view)]

    yield "shares corrected", shares
    yield "proposed again", propose_steps(2014, effective_on=date(2015, 2, 20))
    yield "adopted again", adopted(right, 2014, 3)
    on = date(2015, 3, 10)

    def settled(view: View) -> list[Entry]:
        owed = {who: one.unpaid_fen for who, one in dues(view, runs(view)[right]).items()}
        off = {who: min(fen, owed[who]) for who, fen in debts(view).items()}
        set_off = pay(right, effective_on=on, through="member current", holders=off)
        return [*in_turn(set_off, pay(right, effective_on=on))(view)]

    def brought_back(view: View) -> list[Entry]:
        postings = [Posting(MONEY, f"c2004:113/{who}", "c2004:101", fen) for who, fen in debts(view).items()]
        return [Entry("note", on, on, {"reason": "what was paid too much, in cash"}, postings)]

    yield "settled", settled
    yield "brought back", brought_back


def debts(view: View) -> dict[str, int]:
    """What members owe, by the number of the household, in fen."""
    current = view.balances(MONEY, "c2004:113").items()
    return {account.rpartition("/")[2]: fen for (_, account), fen in current if fen > 0}


def left() -> Iterator[tuple[str, Decision]]:
    """Who lives alone in household 23 sells her shares in 2018, and moves out."""
    sold: dict[str, Any] = {"effective_on": date(2018, 6, 30), "reason": "sale", "price_fen": 900_00}
    yield "sale", transfer("people", holder=LEFT, to=BOUGHT, **sold)
    number = f"{40 + sum(PEOPLE_OF.values()):04}"
    yield "leaving", leave(number, effective_on=date(2018, 12, 31), reason="moved out")


def recognised() -> Iterator[tuple[str, Decision]]:
    """In 2021 a court recognises somebody as a member since 2017: shares from then on, booked now."""
    late: dict[str, Any] = {
        "effective_on": SINCE,
        "booked_on": RULED,
        "reason": "ruling",
        "documents": [paper("ruling.pdf")],
    }
    yield "recognised", admit(Joiner(RECOGNISED, household=HOUSEHOLD, personal={"name": f"成员{RECOGNISED}"}), **late)
    yield "shares by ruling", issue("people", to=HOUSEHOLD, shares=SHARES_EACH, **late)


def missed_fen(view: View) -> int:
    """What ten shares were paid for the years before the ruling, in fen: of each year half up."""
    paid_on = {one.proposal.period: one.amount_fen for one in runs(view).values() if not one.withdrawn}
    found_fen = 0
    for year in MISSED:
        whole = outstanding(view, "people", date(year, 12, 31)) - SHARES_EACH  # as it was known then
        found_fen += (2 * paid_on[str(year)] * SHARES_EACH + whole) // (2 * whole)
    return found_fen


def for_the_ruling(view: View) -> list[Entry]:
    """The distribution of 2021: what the ruling asks for comes before the members' part of that year."""
    to: dict[str, Any] = {"bases": {"ruling": {HOUSEHOLD: 1}}, "figures": {"ruling": missed_fen(view)}}
    return [*distribute(2021, documents=[paper("ruling.pdf")], **to)(view)]


def charter(name: str, waterfall: Waterfall, on: date) -> tuple[str, Decision]:
    """Another waterfall from a day on."""
    amended = COLLECTIVE._replace(waterfall=waterfall)
    return f"charter {name}", change_charter(amended, effective_on=on, resolution=vote(on.year, on))


def years() -> Iterator[tuple[str, Decision]]:
    """From the first year with income to the last that is distributed."""
    for year in range(BEGINS.year, THROUGH + 1):
        steps = ["members"]
        if year == 2018:
            yield from left()
        if year == RULED.year:
            steps = ["ruling", "members"]
            yield from recognised()
            *funds, members = WATERFALL.steps
            step = Step("ruling", "other", share("100%", "ruling"), by="ruling", source="判决书（假设）")
            yield charter("before", Waterfall([*funds, step, members]), date(2021, 6, 1))
        yield from year_end(year, for_the_ruling if year == RULED.year else distribute(year))
        if year + 1 == NEW_CHART.year:
            yield "charts", convert_chart(C2023, C2004_TO_C2023, effective_on=NEW_CHART)
        yield from received(year)
        yield f"runs {year}", propose_steps(year, effective_on=date(year + 1, 1, 10))
        if year == BEGINS.year:
            yield "adopted 2014-members", adopted("2014-members", 2014)
            yield from corrected()
        else:
            yield from paid(year, *steps)
        if year == RULED.year:
            yield charter("after", WATERFALL, date(2022, 3, 1))


def village() -> MemoryJournal:
    """The village's book, from its founding to the dividend for 2025."""
    book = MemoryJournal("laohushan")
    for steps in (founding(), contributions(), years()):
        for key, decision in steps:
            book.append(decision, key=key, actor="会计")
    return book


def each_fen(book: MemoryJournal, run: Run) -> int:
    """What a share was paid by a run, in fen rounded down: by the register as it was known when that was declared."""
    with book.read(run.declared_in) as then:
        return run.amount_fen // outstanding(then, "people", run.proposal.rule.last_day)


def show(book: MemoryJournal) -> None:
    """Print what the village has had of its contract, what happened on the way, and what is still to come."""
    with book.read() as view:
        print(f"{view.head.seq} 条记录, {len(problems(view))} 个问题, {len(book.verify())} 处改动")
        people = holdings(view, "people")
        print(f"股东名册: {len(people)} 户, {sum(one.shares for one in people.values())} 股")
        print("年度 收入 公积金 公益金 补发 成员分红 每股(发放时)")
        declared = {one.proposal.period: one for one in runs(view).values() if one.state == "declared"}
        for year, one in appropriations(view).items():
            steps = map(one.amount_fen, ("reserve", "welfare", "ruling", "members"))
            print(year, *map(yuan, (one.surplus.surplus_fen, *steps, each_fen(book, declared[str(year)]))))
        print("更正、退出、认定:")
        for household in (WRONG, LEFT, HOUSEHOLD):
            for line in statement(view, household):
                late = f", {line.booked_on} 记账" if line.booked_on != line.effective_on else ""
                print(f"  第 {household} 户 {line.effective_on} 起 {line.quantity:+} 股 ({REASONS[line.reason]}{late})")
        print("  撤销的分红:", *(one.code for one in runs(view).values() if one.withdrawn))
        print("会计科目:", ", ".join(f"{since} 起 {chart.source}" for since, chart in charts(view).adopted))
        for voucher in vouchers(view)[-2:]:
            print(f"{voucher.year}-{voucher.month:02} 记-{voucher.number}")
            for part in voucher.lines[:2]:
                side, fen = ("借", part.debit_fen) if part.debit_fen else ("贷", part.credit_fen)
                print(f"  {side} {part.account} {part.name.zh} {yuan(fen)}")
        print(f"试算平衡: {totals(trial_balance(view)).balanced}")
        rest = project_rest(view, "老虎山")
        to_come = sum(leg.quantity for one in rest for leg in one.postings)
        print(f"至 {rest[-1].effective_on} 还有 {len(rest)} 笔应收, 共 {yuan(to_come)}")
    for verdict in check_claims(project(load_plan(CONTRACT))):
        claim = verdict.claim
        said, own = claim.claimed.say("zh"), verdict.computed.say("zh")
        print(f"{claim.about}: 来源 {said}, 计算 {own}{'' if verdict.holds else ' (来源自相矛盾)'}")


if __name__ == "__main__":
    show(village())
