"""Three years of a village, from the founding to the last receipt, and every figure of it worked out a second time.

Twelve members in seven households, two classes, a charter with a waterfall, a contract of two streams; a death, a
minor, a pledge, a leaver; a run that is undone half paid; the new accounts of 2024 in the middle. What the library
says is compared with a ledger of a dozen names that is kept here beside it, by arithmetic of its own.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest

from coopledger.book import (
    C2004,
    C2004_TO_C2023,
    C2023,
    COLLECTIVE,
    Document,
    Joiner,
    Proposal,
    RegisterError,
    Resolution,
    Step,
    Waterfall,
    admit,
    adopt,
    allot,
    answer,
    approve,
    bounce,
    by_record_date,
    change_charter,
    conclude,
    contract_status,
    convert_chart,
    declare,
    deliberate,
    die,
    disclose,
    discuss,
    distribute,
    enter_surplus,
    fall_due,
    found,
    in_turn,
    issue,
    leave,
    note_personal,
    object_to,
    of_contract,
    open_class,
    pay,
    payment_order,
    pledge,
    preset,
    problems,
    propose,
    propose_steps,
    receive,
    runs,
    share,
    supervise,
    take_back,
    text_table,
    transfer,
    undo,
    unpaid,
)
from coopledger.core.appropriation import appropriation
from coopledger.core.calendar import term
from coopledger.core.chart import MONEY
from coopledger.core.dues import dues
from coopledger.core.earmark import earmarked
from coopledger.core.growth import ramp
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member_account import member_account
from coopledger.core.payment_order import Outcome, settle
from coopledger.core.plan import Plan, Stream
from coopledger.core.reckoning import reckoning
from coopledger.core.run import run
from coopledger.core.step_reckoning import step_reckoning
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.withholding import withholdings
from coopledger.reports.arrears import arrears_report
from coopledger.reports.dividend import run_report, runs_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.explanation import explanation_report
from coopledger.reports.payment_list import payment_list_report
from tests.core.village import Village

DAY = timedelta(1)
FOUNDED, CONVERTED = date(2022, 1, 1), date(2024, 1, 1)
HOMES = {"1": ("0011", "0012", "0013"), "2": ("0021", "0022"), "3": ("0031", "0032"), "4": ("0041",)}
HOMES |= {"5": ("0051", "0052"), "6": ("0061",), "7": ("0071",)}
LAND = {"1": 40, "2": 35, "3": 20, "4": 25, "5": 50, "6": 10, "7": 17}
CASH = {"0011": 1000, "0021": 500, "0051": 2501}
TWENTY = Fraction(1, 5)
WATERFALL = Waterfall(
    (
        Step("losses", "losses"),
        Step("reserve", "reserve", share("10%", "after losses")),
        Step("welfare", "welfare", share("5%", "after losses")),
        Step("interest", "preferred", each=Fraction(5, 100), by="par cash", accumulates=True),
        Step(
            "rest",
            "pool",
            share("90%", "left"),
            steps=(
                Step("shares", "dividend", weight=Fraction(7), by="class land"),
                Step("people", "dividend", weight=Fraction(3), by="heads"),
            ),
        ),
    )
)


# ---------------------------------------------------------------- the arithmetic beside it


def split(fen: int, weights: Mapping[str, int]) -> dict[str, int]:
    """By largest remainder, of equal ones to the lower number, and nothing of nothing."""
    whole = sum(weights.values())
    exact = {number: Fraction(fen * weight, whole) for number, weight in weights.items()}
    given = {number: part.numerator // part.denominator for number, part in exact.items()}
    ranked = sorted(exact, key=lambda number: (given[number] - exact[number], number.zfill(9)))
    for number in ranked[: fen - sum(given.values())]:
        given[number] += 1
    return {number: part for number, part in given.items() if part}


def half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


class Ledger(Counter[str]):
    """A dozen names and what stands at each, debit positive."""

    def move(self, source: str, target: str, fen: int) -> None:
        self[source] -= fen
        self[target] += fen


NAMES = {
    "bank": ("102",),
    "receivable": ("112",),
    "payables": ("113/surplus",),
    "debts": ("113/",),
    "tax": ("214",),
    "capital": ("301",),
    "reserve": ("311/reserve",),
    "welfare": ("311/welfare",),
    "result": ("321",),
    "distribution": ("322",),
    "income": ("501", "502", "561"),
}


def stands(made: Village) -> dict[str, int]:
    """The balances of the book by those names."""
    found: Counter[str] = Counter()
    for (_, account), fen in made.view.balances(MONEY).items():
        bare = account.partition(":")[2]
        name = next(name for name, codes in NAMES.items() if bare.startswith(codes))
        found[name] += fen
    return {name: fen for name, fen in found.items() if fen}


def sound(made: Village, ledger: Ledger) -> None:
    """What holds on every day: the ledger, the audit, the trial balance, the identity of dues."""
    view = made.view
    assert stands(made) == {name: fen for name, fen in ledger.items() if fen}
    assert problems(view) == []
    assert totals(trial_balance(view)).balanced
    owed = 0
    for one in runs(view).values():
        due = dues(view, one)
        assert sum(own.declared_fen for own in due.values()) == (one.amount_fen if one.declared_on else 0)
        assert {number: own.unpaid_fen for number, own in due.items() if own.unpaid_fen} == unpaid(view, one.code)
        owed += sum(own.unpaid_fen for own in due.values())
    assert owed == -ledger["payables"]
    assert sum(one.fen for one in withholdings(view)) == -ledger["tax"]


class Story:
    """The village, and the ledger that is kept beside it."""

    def __init__(self) -> None:
        self.made, self.ledger = Village(), Ledger()

    def do(self, *decisions: Decision | Entry, sound_after: bool = True) -> int:
        """Record something; the number of the last record. Whatever the ledger was told by then holds."""
        records = self.made.do(*decisions)
        if sound_after:
            sound(self.made, self.ledger)
        return records[-1].seq

    def of(self, name: str) -> dict[str, int]:
        return {number: own.declared_fen for number, own in dues(self.made.view, run(self.made.view, name)).items()}

    def run(self, name: str, expected: Mapping[str, int], posted: date) -> None:
        """A proposed run lies open for a fortnight, is approved and declared; it is what was worked out here."""
        met = posted + 14 * DAY
        self.do(disclose(name, since=posted, until=met, where="村公示栏"), approve(name, vote(met)))
        self.ledger.move("payables", "distribution", sum(expected.values()))
        self.do(declare(name, effective_on=met + DAY))
        assert self.of(name) == expected

    def paid(self, gross: Mapping[str, int], tax: Fraction = Fraction(0), *, sign: int = 1) -> None:
        """What the bank pays is owed no more; of each receipt the tax is owed to the office."""
        for fen in gross.values():
            withheld = half_up(fen * tax)
            self.ledger.move("bank", "payables", sign * (fen - withheld))
            self.ledger.move("tax", "payables", sign * withheld)


def vote(day: date, meeting: str = "members") -> Resolution:
    """Who votes: eleven adults, ten from the death on, nine when one has left."""
    entitled = 11 if day < date(2023, 2, 20) else 10 if day < CONVERTED else 9
    if meeting != "members":
        entitled = 9
    return Resolution(f"{day:%Y%m%d}", meeting, day, entitled=entitled, present=entitled, votes_for=entitled)


def returned(order_of: Village, name: str, on: date, failed: Mapping[str, str]) -> list[Outcome]:
    order = payment_order(order_of.view, name, on)
    return [
        Outcome(
            f"return.csv:{line}", order.reference, one.number, one.account.number, one.fen, failed.get(one.number, "")
        )
        for line, one in enumerate(order.payments, 2)
    ]


# ---------------------------------------------------------------- the story


def test_three_years_of_a_village() -> None:  # noqa: PLR0915 - a story
    story = Story()
    made, ledger, do = story.made, story.ledger, story.do

    # 2022: the founding
    births = {"0013": "2015-06-07"}
    people = [
        Joiner(number, household=home, head=number == first, personal={"birth": births.get(number, "1970-01-31")})
        for home, (first, *others) in HOMES.items()
        for number in (first, *others)
    ]
    ledger.move("capital", "bank", sum(CASH.values()) * 100)
    do(
        found("示例村股份经济合作社", COLLECTIVE._replace(waterfall=WATERFALL), effective_on=FOUNDED),
        adopt(C2004, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        open_class(preset("cash", capital="c2004:301"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        allot("land", LAND, effective_on=FOUNDED),
        *(
            issue("cash", to=number, shares=fen, against="c2004:102", reason="subscription", effective_on=FOUNDED)
            for number, fen in CASH.items()
        ),
        sound_after=False,
    )
    cards = {number: f"62000000000000{number}" for home in HOMES.values() for number in home}
    do(
        note_personal(
            {one: {"name": "成员甲", "card": luhn(card)} for one, card in cards.items()}, effective_on=FOUNDED
        )
    )
    plan = Plan(
        "hill",
        term("2022-01-01", years=10, basis="contribution"),
        [Stream("land", amount="12,000 yuan"), Stream("dam", amount=ramp("3,000 yuan", rise="1,000 yuan"))],
    )
    do(
        conclude(
            "hill",
            plan,
            counterparty="company",
            effective_on=FOUNDED,
            income={"land": "distribution", "dam": "investment income"},
        )
    )

    # 2022 ends: the contract pays, 10,000 yuan are distributed
    ledger.move("distribution", "receivable", 12_000_00)
    ledger.move("income", "receivable", 3_000_00)
    do(fall_due("hill", until=date(2022, 12, 31)))
    ledger.move("receivable", "bank", 15_000_00)
    do(receive("hill", 15_000_00, effective_on=date(2023, 1, 10)))
    ledger.move("distribution", "result", 10_000_00)
    do(enter_surplus(2022, 10_000_00, source="2022年度决算", contracts="apart"))
    ledger.move("bank", "result", -10_000_00)  # what the year earned came in by the bank: the township's books say so
    do(
        Entry(
            "receipt", date(2022, 12, 31), date(2022, 12, 31), {}, [Posting(MONEY, "c2004:321", "c2004:102", 10_000_00)]
        )
    )
    ledger.move("reserve", "distribution", 1_000_00)
    ledger.move("welfare", "distribution", 500_00)
    do(in_turn(distribute(2022), propose_steps(2022, effective_on=date(2023, 1, 11))))
    interest = {number: 5 * shares for number, shares in CASH.items()}
    left = 10_000_00 - 1_000_00 - 500_00 - sum(interest.values())
    pool = half_up(Fraction(9 * left, 10))
    of_shares, of_people = split(pool, {"1": 7, "2": 3}).values()
    heads = {number: 1 for home in HOMES.values() for number in home}
    lines = {line.step: line.amount_fen for line in appropriation(made.view, 2022).lines}
    assert lines == {
        "losses": 0,
        "reserve": 1_000_00,
        "welfare": 500_00,
        "interest": 200_05,
        "rest": pool,
        "shares": of_shares,
        "people": of_people,
    }
    assert appropriation(made.view, 2022).remains_fen == left - pool
    assert earmarked(made.view) == 12_000_00 + pool + 200_05
    story.run("2022-interest", interest, date(2023, 1, 12))
    story.run("2022-shares", split(of_shares, LAND), date(2023, 1, 12))
    story.run("2022-people", split(of_people, heads), date(2023, 1, 12))

    # the rent, against which somebody objects
    rent = Proposal("land", "2022", "land", by_record_date(date(2022, 12, 31)))
    asked = of_contract(made.view, "hill", rent, date(2023, 1, 11))
    assert asked.total_fen == 12_000_00
    do(propose("rent", asked, effective_on=date(2023, 1, 11)))
    do(disclose("rent", since=date(2023, 1, 12), until=date(2023, 1, 30), where="村公示栏"))
    do(object_to("rent", by="7", what="第7户股数", effective_on=date(2023, 1, 14)))
    with pytest.raises(RegisterError, match="objections 1 were not answered"):
        do(approve("rent", vote(date(2023, 1, 26))))
    do(answer("rent", 1, what="复核无误", effective_on=date(2023, 1, 15)), approve("rent", vote(date(2023, 1, 26))))
    ledger.move("payables", "distribution", 12_000_00)
    do(declare("rent", effective_on=date(2023, 1, 27)))
    rents = split(12_000_00, LAND)
    assert story.of("rent") == rents

    # one member pledges, one dies; the rest is paid, the rent only half, and then undone
    do(pledge("land", holder="4", shares=10, creditor="示例信用社", effective_on=date(2023, 1, 28)))
    do(die("0031", new_head="0032", effective_on=date(2023, 2, 20)))
    paying = date(2023, 2, 25)
    gone = {number: fen for number, fen in split(of_people, heads).items() if number != "0031"}
    story.paid(gone)
    do(pay("2022-people", effective_on=paying))
    story.paid(interest)
    do(pay("2022-interest", effective_on=paying))
    shares_paid = {number: fen for number, fen in split(of_shares, LAND).items() if number != "4"}
    story.paid(shares_paid)
    do(pay("2022-shares", effective_on=paying))
    half = {number: rents[number] for number in ("1", "2")}
    story.paid(half)
    payout = do(pay("rent", effective_on=paying, holders=[*half]))
    undone = date(2023, 3, 10)
    ledger.move("distribution", "payables", sum(rents.values()) - sum(half.values()))
    ledger.move("distribution", "debts", sum(half.values()))
    do(undo("rent", effective_on=undone, reason="金额有误"))
    with pytest.raises(RegisterError, match="is a payout of before it was undone"):
        do(bounce("rent", payout, ["1"], effective_on=undone))
    with pytest.raises(RegisterError, match="2023-03-09 is before 2023-03-10"):
        do(declare("rent", effective_on=undone - DAY))
    assert sum(unpaid(made.view, "rent", paying).values()) == sum(rents.values()) - sum(half.values())
    assert unpaid(made.view, "rent", undone) == {}
    ledger.move("payables", "distribution", 12_000_00)
    do(declare("rent", effective_on=undone))
    ledger.move("debts", "payables", sum(half.values()))
    do(pay("rent", through="member current", holders=[*half], effective_on=undone))

    # the bank pays the others, but for one whose account is closed; the pledge is released by name
    order = returned(made, "rent", undone, {"5": "account closed"})
    assert {one.number for one in order} == {"3", "5", "6", "7"}
    story.paid({number: rents[number] for number in ("3", "6", "7")})
    do(settle("rent", order, Document("return.csv", "ab" * 32), effective_on=undone))
    story.paid({"4": rents["4"]})
    do(pay("rent", holders=["4"], released="the creditor agrees", effective_on=undone))
    assert unpaid(made.view, "rent") == {"5": rents["5"]}

    # 2023 brings a loss of 2,000, and of the rent only 9,000 come in by the time; the new accounts
    ledger.move("distribution", "receivable", 12_000_00)
    ledger.move("income", "receivable", 4_000_00)
    do(fall_due("hill", until=date(2023, 12, 31)))
    ledger.move("result", "distribution", 2_000_00)
    do(enter_surplus(2023, -2_000_00, source="2023年度决算", contracts="apart"))
    do(distribute(2023))
    distributed = appropriation(made.view, 2023)
    assert (distributed.uncovered_fen, distributed.remains_fen) == (2_000_00 - (left - pool), left - pool - 2_000_00)
    assert distributed.unpaid == {"interest": interest}
    do(transfer("land", holder="6", to="5", effective_on=CONVERTED, reason="sale"))
    do(leave("0061", effective_on=CONVERTED, reason="moved out"))
    land_4 = {number: LAND[number] + (10 if number == "5" else 0) for number in LAND if number != "6"}
    ledger.move("result", "income", 7_000_00)  # what the dam paid is part of both years' results
    close = [Posting(MONEY, "c2004:321", "c2004:561", 7_000_00)]
    do(Entry("closing", date(2023, 12, 31), date(2023, 12, 31), {}, close))
    before = stands(made)
    do(convert_chart(C2023, C2004_TO_C2023))
    assert stands(made) == before
    assert not [account for (_, account), _ in made.view.balances(MONEY).items() if account.startswith("c2004")]
    assert unpaid(made.view, "rent") == {"5": rents["5"]}
    assert contract_status(made.view, "hill", CONVERTED).overdue_fen == 16_000_00

    # the rent of 2023 in two instalments, taxed; a receipt of it is taken back and comes once more
    ledger.move("receivable", "bank", 9_000_00)
    do(receive("hill", 9_000_00, stream="land", due=date(2023, 12, 31), effective_on=date(2024, 1, 20)))
    first = rent._replace(period="2023", rule=by_record_date(date(2023, 12, 31)), tax=TWENTY)
    do(propose("rent-1", of_contract(made.view, "hill", first, date(2024, 1, 21)), effective_on=date(2024, 1, 21)))
    rents_1 = split(9_000_00, LAND)
    story.run("rent-1", rents_1, date(2024, 1, 22))
    with pytest.raises(RegisterError, match="nothing is left"):
        of_contract(made.view, "hill", first._replace(instalment=2), date(2024, 3, 1))
    ledger.move("receivable", "bank", 4_000_00)
    seq = do(receive("hill", 4_000_00, effective_on=date(2024, 3, 1)))  # the oldest first: 3,000 of the rent
    assert of_contract(made.view, "hill", first._replace(instalment=2), date(2024, 3, 1)).total_fen == 3_000_00
    second = of_contract(made.view, "hill", first._replace(instalment=2), date(2024, 3, 1))
    do(propose("rent-2", second, effective_on=date(2024, 3, 1)))
    rents_2 = split(3_000_00, LAND)
    do(disclose("rent-2", since=date(2024, 3, 2), until=date(2024, 3, 16), where="村公示栏"))
    do(approve("rent-2", vote(date(2024, 3, 16))))
    with pytest.raises(RegisterError, match=r"1,829\.99 yuan"):  # the loss of 2023 is not covered yet
        do(declare("rent-2", effective_on=date(2024, 3, 17)))
    ledger.move("bank", "receivable", 4_000_00)
    do(take_back(seq, booked_on=date(2024, 3, 20)))
    with pytest.raises(
        RegisterError, match=r"brought in 9,000\.00 yuan for 2023 by 2024-03-21, and runs for it distribute"
    ):
        of_contract(made.view, "hill", first._replace(instalment=3), date(2024, 3, 21))
    ledger.move("receivable", "bank", 7_000_00)
    do(receive("hill", 7_000_00, effective_on=date(2024, 3, 22)))
    assert contract_status(made.view, "hill", date(2024, 3, 22)).overdue_fen == 0

    # the bank is given an order, all of it is taken for paid, two failed; one of them is paid again, and comes back
    order_day = date(2024, 4, 1)
    lines_of = returned(made, "rent-1", order_day, {"2": "account name differs", "7": "limit exceeded"})
    ordered = {one.number: rents_1[one.number] for one in lines_of}
    assert {one.number: one.fen for one in lines_of} == {
        number: fen - half_up(fen * TWENTY) for number, fen in ordered.items()
    }
    story.paid(ordered, TWENTY)
    do(pay("rent-1", holders=[*ordered], effective_on=order_day))
    story.paid({number: rents_1[number] for number in ("2", "7")}, TWENTY, sign=-1)
    do(settle("rent-1", lines_of, Document("return.csv", "cd" * 32), effective_on=order_day + DAY))
    story.paid({"2": rents_1["2"]}, TWENTY)
    again = do(pay("rent-1", holders=["2"], effective_on=order_day + 2 * DAY))
    story.paid({"2": rents_1["2"]}, TWENTY, sign=-1)
    do(bounce("rent-1", again, ["2"], effective_on=order_day + 3 * DAY))
    assert unpaid(made.view, "rent-1") == {number: rents_1[number] for number in ("2", "4", "7")}

    # 2024 brings 20,000: the loss is covered, the interest of two years is paid; the four deliberations
    ledger.move("distribution", "receivable", 12_000_00)
    ledger.move("income", "receivable", 5_000_00)
    do(fall_due("hill", until=date(2024, 12, 31)))
    ledger.move("distribution", "result", 20_000_00)
    do(enter_surplus(2024, 20_000_00, source="2024年度决算", contracts="apart"))
    ledger.move("payables", "distribution", 3_000_00)
    do(declare("rent-2", effective_on=date(2024, 12, 31)))
    assert story.of("rent-2") == rents_2
    charter = COLLECTIVE._replace(waterfall=WATERFALL, steps="four deliberations")
    do(change_charter(charter, effective_on=date(2025, 1, 2), resolution=vote(date(2025, 1, 2))))
    losses = 2_000_00 - (left - pool)
    after = 20_000_00 - losses
    reserve, welfare = half_up(Fraction(after, 10)), half_up(Fraction(after, 20))
    ledger.move("reserve", "distribution", reserve)
    ledger.move("welfare", "distribution", welfare)
    branch = vote(date(2025, 1, 5), "branch")
    steps = propose_steps(2024, effective_on=date(2025, 1, 5), tax=TWENTY, resolution=branch)
    do(in_turn(distribute(2024), steps))
    twice = {number: 2 * fen for number, fen in interest.items()}
    left_4 = after - reserve - welfare - sum(twice.values())
    pool_4 = half_up(Fraction(9 * left_4, 10))
    shares_4, people_4 = split(pool_4, {"1": 7, "2": 3}).values()
    heads_4 = {number: 1 for number in heads if number not in {"0031", "0061"}}
    for name, expected in {
        "2024-interest": twice,
        "2024-shares": split(shares_4, land_4),
        "2024-people": split(people_4, heads_4),
    }.items():
        met = date(2025, 1, 25)
        do(discuss(name, vote(date(2025, 1, 6), "committees")), deliberate(name, vote(date(2025, 1, 7), "party")))
        do(disclose(name, since=date(2025, 1, 8), until=met, where="村公示栏"), approve(name, vote(met)))
        do(disclose(name, since=met + DAY, until=met + 9 * DAY, where="村公示栏"))
        ledger.move("payables", "distribution", sum(expected.values()))
        do(declare(name, effective_on=met + DAY))
        assert story.of(name) == expected
        do(undo(name, effective_on=met + DAY, reason="金额有误"), sound_after=False)
        do(declare(name, effective_on=met + DAY))
        assert story.of(name) == expected
        held = {"4"} if name == "2024-shares" else set()
        ledger["bank"] += 1_000_000_00
        ledger["result"] -= 1_000_000_00
        do(Entry("receipt", met, met, {}, [Posting(MONEY, "c2023:321", "c2023:102", 1_000_000_00)]))
        story.paid({number: fen for number, fen in expected.items() if number not in held}, TWENTY)
        do(pay(name, effective_on=met + 3 * DAY))
        do(disclose(name, since=met + 4 * DAY, until=met + 9 * DAY, where="村公示栏"))
        do(supervise(name, what="账实相符", effective_on=met + 20 * DAY))
        assert run(made.view, name).state == "supervised"
    assert appropriation(made.view, 2024).remains_fen == left_4 - pool_4
    assert -ledger["distribution"] == 12_000_00 + left_4 - pool_4
    assert earmarked(made.view) == 12_000_00

    # everybody is told why he gets what he gets, in the account, the statement and every table, in Chinese
    account = member_account(made.view, "0011", date(2025, 12, 31))
    assert account.surplus_fen == twice["0011"] + split(people_4, heads_4)["0011"]
    for name, one in runs(made.view).items():
        explain = step_reckoning if one.proposal.step else reckoning
        assert {number: explain(made.view, one, number).fen for number in story.of(name)} == story.of(name)
    everything = [
        *(
            table
            for name in runs(made.view)
            for table in (
                run_report(made.view, name),
                *dividend_notice_report(made.view, name),
                payment_list_report(made.view, name),
                *(table for number in story.of(name) for table in explanation_report(made.view, name, number)),
            )
        ),
        *arrears_report(made.view),
        runs_report(made.view),
        *(dividend_statement_report(made.view, number) for number in (*HOMES, *heads)),
    ]
    english = {word for table in everything for word in re.findall(r"\b[a-z]{3,}\b", text_table(table, language="zh"))}
    assert english <= {*runs(made.view), "rent", "hill", "land", "interest", "shares", "people", "rest", "cash"}


def luhn(digits: str) -> str:
    """A card number that ends in its check digit."""
    whole = [int(one) for one in reversed(digits + "0")]
    odd = sum(whole[1::2][at] * 2 - 9 * (whole[1::2][at] > 4) for at in range(len(whole[1::2])))
    return digits + str(-(sum(whole[::2]) + odd) % 10)
