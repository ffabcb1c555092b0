"""What is recorded after a change of charts for a day before it: the book stands as if it had been recorded in time."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from inspect import isfunction, signature
from typing import Any, NamedTuple

import pytest

from coopledger import book as verbs
from coopledger.core.calendar import term
from coopledger.core.chart import C2004, C2007, C2021, C2023, DONATION, MONEY, RESERVE, SUBSIDY, Chart, with_roles
from coopledger.core.charter import COLLECTIVE
from coopledger.core.citation import Resolution
from coopledger.core.collection import owes
from coopledger.core.contribution import Contribution, Right, Valuation
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021, convert_chart
from coopledger.core.growth import step
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit
from coopledger.core.ordinary import enter
from coopledger.core.payout import payables
from coopledger.core.plan import Plan, Stream
from coopledger.core.problems import problems
from coopledger.core.run import owed, unpaid
from coopledger.core.share_class import open_class, preset
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.errors import RegisterError
from tests.core.dividends import DECLARED, FOUNDED, MET, PAID, PROPOSAL, YEAR_END, approved, cooperative, declared
from tests.core.village import Village

DAY = timedelta(1)
CONVERTED = date(2028, 3, 1)
LATE, NOW = CONVERTED - 3 * DAY, CONVERTED + 5 * DAY
ON: dict[str, Any] = {"effective_on": LATE}
ADOPTED = Resolution("2027-2", "members", PAID, entitled=5, present=5, votes_for=4, votes_against=1)
VOTED: dict[str, Any] = {"effective_on": LATE, "resolution": ADOPTED}

RIGHT = Right(
    "land right", PAID, date(2034, 2, 28), date(2034, 2, 28), area_mu=Fraction(25, 2), parcels=("1-07",), contract="x"
)
LAND = Contribution("G1", "17", "rights", RIGHT, Valuation(60_000_00, "members", FOUNDED), price_fen=100_00)
MORE = LAND._replace(number="G2", holder="18", brought=RIGHT._replace(parcels=("1-08",)))
RENT = Stream("land", rate=step("160 yuan/mu", every=2, by="20%", of="previous"), quantity="100 mu")
PLAN = Plan("hill", term("2026-01-01", years=6, basis="barren land"), [RENT])


class Change(NamedTuple):
    """A chart, the one that followed, where the balances go, and the accounts that the tests name."""

    old: Chart
    new: Chart
    mapping: dict[str, str]
    goods: str
    surplus: str

    def __call__(self, role: str, *part: str) -> str:
        return self.old.account(role, *part)

    def later(self, role: str) -> str:
        """The account of a role in the new chart."""
        return self.new.account(role)

    @property
    def bank(self) -> str:
        return self.old.account("bank")

    @property
    def converting(self) -> Decision:
        return convert_chart(self.new, self.mapping, effective_on=CONVERTED)


VILLAGE = Change(
    with_roles(C2004, {"taxes payable": "202/tax"}),
    with_roles(C2023, {"taxes payable": "211/tax"}),
    {**C2004_TO_C2023, "541": "322", "531": "322"},
    "c2004:121",
    "c2004:311/gain",
)
FARMERS = Change(
    with_roles(C2007, {"taxes payable": "211/tax"}),
    with_roles(C2021, {"taxes payable": "211/tax"}),
    {**C2007_TO_C2021, "522": "332", "502": "332"},
    "c2007:121",
    "c2007:321",
)
BOTH = pytest.mark.parametrize("change", [VILLAGE, FARMERS], ids=["2004 to 2023", "2007 to 2021"])

Setup = Callable[[Village, Change], object]
Late = Callable[[Village, Change], Decision]


def begun(change: Change) -> Village:
    """A cooperative by the old chart with money, goods, classes of capital, and shares that were paid in."""
    charter = COLLECTIVE._replace(lapse_years=1)
    made = cooperative(change.old, charter, bank_fen=50_000_00)
    capital = change("share capital")
    cash = preset("cash", par_fen=1_00, capital=capital, level="household")
    classes = [cash, cash._replace(code="cash2"), preset("land", code="rights", par_fen=100_00, capital=capital)]
    subscribe: dict[str, Any] = {"against": change.bank, "effective_on": FOUNDED + DAY, "reason": "subscription"}
    made.do(
        *(open_class(one, effective_on=FOUNDED) for one in classes),
        enter({change.goods: 3_000_00}, {change("receivable"): 3_000_00}, reason="grain", effective_on=YEAR_END),
        admit(Joiner("0901", kind="enterprise", standing="holder"), effective_on=FOUNDED),
        verbs.issue("cash", to="17", shares=500, **subscribe),
        verbs.issue("cash", to="19", shares=50, **subscribe),
    )
    return made


# ---------------------------------------------------------------- what was there before the conversion


def nothing(_: Village, __: Change) -> None:
    pass


def run(**asked: Any) -> Setup:
    return lambda made, _: declared(made, PROPOSAL._replace(**asked))


def proposed(**asked: Any) -> Setup:
    return lambda made, _: approved(made, PROPOSAL._replace(**asked))


def paid(made: Village, _: Change) -> None:
    declared(made).do(verbs.pay("2026", holders={"17": 300_00}, effective_on=PAID))


def in_debt(made: Village, change: Change) -> None:
    paid(made, change)
    made.do(verbs.undo("2026", effective_on=PAID, reason="a slip"))


def in_debt_and_owed(made: Village, change: Change) -> None:
    in_debt(made, change)
    declared(made, PROPOSAL._replace(stream="other"), "other")


def advanced(made: Village, _: Change) -> None:
    declared(made, PROPOSAL._replace(advance=True)).do(verbs.pay("2026", holders={"17": 300_00}, effective_on=PAID))


def overpaid(made: Village, _: Change) -> None:
    declared(made, PROPOSAL._replace(advance=True))
    made.do(verbs.collect({"17": 100_00}, effective_on=PAID), verbs.undo("2026", effective_on=PAID, reason="a slip"))


def goods_given(made: Village, change: Change) -> None:
    declared(made).do(give(made, change)(PAID))


def with_cash(made: Village, change: Change) -> None:
    declared(made).do(enter({change("cash"): 2_000_00}, {change.bank: 2_000_00}, reason="x", effective_on=PAID))


def bought_above_par(made: Village, change: Change) -> None:
    made.do(above_par(made, change)(PAID))


def subscribed(made: Village, _: Change) -> None:
    made.do(verbs.issue("cash", to="18", shares=5, paid=False, effective_on=PAID, reason="subscription"))


def gained(made: Village, change: Change) -> None:
    made.do(Entry("note", PAID, PAID, {}, [Posting(MONEY, change.surplus, change.bank, 900_00)]))


def reserved(made: Village, change: Change) -> None:
    made.do(Entry("note", PAID, PAID, {}, [Posting(MONEY, change("reserve"), change.bank, 500_00)]))


def quantified(made: Village, change: Change) -> None:
    reserved(made, change)
    made.do(verbs.quantify(RESERVE, {"0020": 100_00}, rule="x", effective_on=PAID, resolution=ADOPTED))


def subsidised(made: Village, change: Change) -> None:
    granted(made, change)
    made.do(verbs.spend_fund("F", 5_00, on="fixed asset", reason="a road", effective_on=PAID, resolution=ADOPTED))


def contributed(made: Village, _: Change) -> None:
    made.do(verbs.contribute(LAND, effective_on=PAID, resolution=ADOPTED))


def granted(made: Village, _: Change) -> None:
    made.do(grant(made, _)(PAID))


def donated(made: Village, _: Change) -> None:
    made.do(verbs.receive_donation("F", 500_00, into="bank", reason="a gift", effective_on=PAID))


def invested(made: Village, change: Change) -> None:
    made.do(invest(made, change)(PAID))


def leased(made: Village, _: Change) -> None:
    made.do(verbs.conclude("hill", PLAN, counterparty="0901", income="distribution", effective_on=FOUNDED))


def overdue(made: Village, change: Change) -> None:
    leased(made, change)
    made.do(verbs.fall_due("hill", until=PAID))


def received(made: Village, change: Change) -> None:
    overdue(made, change)
    made.do(verbs.receive("hill", 5_000_00, effective_on=PAID))


def received_ahead(made: Village, change: Change) -> None:
    leased(made, change)
    made.do(verbs.receive("hill", 5_000_00, effective_on=FOUNDED + DAY))


def with_waterfall(made: Village, _: Change) -> None:
    steps = [Step("losses", "losses"), Step("reserve", "reserve", share("10%", "left"))]
    charter = COLLECTIVE._replace(waterfall=Waterfall(steps))
    made.do(verbs.change_charter(charter, effective_on=FOUNDED + DAY, resolution=ADOPTED._replace(day=FOUNDED)))


# ---------------------------------------------------------------- what is recorded for a day, by its verb


def give(_: Village, change: Change) -> Callable[[date], Decision]:
    rice: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 7_00, "against": change.goods}
    return lambda on: verbs.pay_in_kind("2026", **rice, effective_on=on)


def above_par(_: Village, change: Change) -> Callable[[date], Decision]:
    asked: dict[str, Any] = {"shares": 50, "amount_fen": 90_00, "premium": change("capital surplus")}
    return lambda on: verbs.issue("cash", to="17", **asked, against=change.bank, reason="subscription", effective_on=on)


def grant(_: Village, __: Change) -> Callable[[date], Decision]:
    said: dict[str, Any] = {"source": "a grant", "purpose": "roads", "rule": "equal parts", "into": "bank"}
    return lambda on: verbs.receive_fund("F", 500_00, **said, effective_on=on, resolution=ADOPTED)


def invest(_: Village, change: Change) -> Callable[[date], Decision]:
    said: dict[str, Any] = {"into": "base", "amount_fen": 5_00, "given": {change.bank: 5_00}, "reason": "a shop"}
    return lambda on: verbs.invest(**said, effective_on=on, resolution=ADOPTED)


def last(made: Village, kind: str) -> int:
    return [one.seq for one in made.view.records(kind)][-1]


def back(kind: str) -> Late:
    return lambda made, _: verbs.take_back(last(made, kind), booked_on=LATE)


MOVES: dict[str, tuple[Setup, Late]] = {
    "enter": (nothing, lambda _, c: enter({c.goods: 5_00}, {c.bank: 5_00}, reason="x", **ON)),
    "enter an expense": (
        nothing,
        lambda _, c: enter({c("amortisation expense"): 5_00}, {c.bank: 5_00}, reason="x", **ON),
    ),
    "declare": (proposed(), lambda _, __: verbs.declare("2026", **ON)),
    "declare an advance": (proposed(advance=True), lambda _, __: verbs.declare("2026", **ON)),
    "declare and retain": (
        proposed(retained=Fraction(1, 2), tax=Fraction(1, 5)),
        lambda _, __: verbs.declare("2026", **ON),
    ),
    "pay": (run(), lambda _, __: verbs.pay("2026", **ON)),
    "pay with tax": (run(tax=Fraction(1, 5)), lambda _, __: verbs.pay("2026", holders={"17": 100_00}, **ON)),
    "pay in cash": (with_cash, lambda _, __: verbs.pay("2026", through="cash", **ON)),
    "pay by setting off": (in_debt_and_owed, lambda _, __: verbs.pay("other", through="member current", **ON)),
    "pay_in_kind": (run(), lambda m, c: give(m, c)(LATE)),
    "reinvest": (run(tax=Fraction(1, 5)), lambda _, __: verbs.reinvest("2026", "cash", **ON)),
    "pay_retained": (run(retained=Fraction(1, 2)), lambda _, __: verbs.pay_retained("2026", reason="x", **ON)),
    "bounce": (paid, lambda m, _: verbs.bounce("2026", last(m, "payout"), ["17"], **ON)),
    "lapse": (run(), lambda _, __: verbs.lapse("2026", **ON)),
    "undo": (paid, lambda _, __: verbs.undo("2026", reason="x", **ON)),
    "undo what was retained": (run(retained=Fraction(1, 2)), lambda _, __: verbs.undo("2026", reason="x", **ON)),
    "collect": (in_debt, lambda _, __: verbs.collect(["17"], **ON)),
    "collect an advance": (advanced, lambda _, __: verbs.collect({"17": 200_00}, **ON)),
    "repay": (overpaid, lambda _, __: verbs.repay(["17"], **ON)),
    "issue": (
        nothing,
        lambda _, c: verbs.issue("cash", to="17", shares=5, against=c.bank, reason="subscription", **ON),
    ),
    "issue above par": (nothing, lambda m, c: above_par(m, c)(LATE)),
    "pay_in": (subscribed, lambda _, c: verbs.pay_in("cash", holder="18", shares=5, against=c.bank, **ON)),
    "allot": (gained, lambda _, c: verbs.allot("cash", {"17": 5, "18": 5}, against=c.surplus, **VOTED)),
    "redeem": (
        nothing,
        lambda _, c: verbs.redeem("cash", holder="17", shares=5, against=c.bank, reason="buy-back", **ON),
    ),
    "redeem above par": (
        bought_above_par,
        lambda _, c: verbs.redeem(
            "cash",
            holder="17",
            shares=5,
            amount_fen=9_00,
            premium=c("capital surplus"),
            against=c.bank,
            reason="buy-back",
            **ON,
        ),
    ),
    "convert": (
        nothing,
        lambda _, __: verbs.convert("cash", into="cash2", holder="17", shares=5, ratio=1, reason="charter", **VOTED),
    ),
    "change_par_value": (
        gained,
        lambda _, c: verbs.change_par_value("cash", par_fen=2_00, against=c.surplus, reason="appraisal", **VOTED),
    ),
    "contribute": (nothing, lambda _, __: verbs.contribute(LAND, **VOTED)),
    "contribute beside another": (contributed, lambda _, __: verbs.contribute(MORE, **VOTED)),
    "amortise": (contributed, lambda _, __: verbs.amortise(through=LATE, booked_on=LATE)),
    "invest": (nothing, lambda m, c: invest(m, c)(LATE)),
    "receive_fund": (nothing, lambda m, c: grant(m, c)(LATE)),
    "spend_fund": (granted, lambda _, __: verbs.spend_fund("F", 5_00, on="fixed asset", reason="a road", **VOTED)),
    "spend_fund on training": (granted, lambda _, __: verbs.spend_fund("F", 5_00, on=None, reason="x", **VOTED)),
    "receive_donation": (nothing, lambda _, __: verbs.receive_donation("F", 5_00, into="bank", reason="x", **ON)),
    "quantify": (donated, lambda _, __: verbs.quantify(DONATION, {"17": 5_00}, fund="F", rule="x", **VOTED)),
    "quantify a subsidy": (
        subsidised,
        lambda _, __: verbs.quantify(SUBSIDY, {"17": 5_00}, fund="F", rule="x", **VOTED),
    ),
    "quantify the reserve": (reserved, lambda _, __: verbs.quantify(RESERVE, {"17": 5_00}, rule="x", **VOTED)),
    "withdraw": (
        quantified,
        lambda _, c: verbs.withdraw("0020", reason="withdrawal", reserve={c("reserve"): 5_00}, against=c.bank, **VOTED),
    ),
    "enter_surplus": (nothing, lambda _, __: verbs.enter_surplus(2027, 500_00, source="x", **ON)),
    "enter_surplus of a loss": (nothing, lambda _, __: verbs.enter_surplus(2027, -500_00, source="x", **ON)),
    "distribute": (with_waterfall, lambda _, __: verbs.distribute(2026, **VOTED)),
    "fall_due": (leased, lambda _, __: verbs.fall_due("hill", until=PAID, booked_on=LATE)),
    "fall_due of what came in before": (
        received_ahead,
        lambda _, __: verbs.fall_due("hill", until=PAID, booked_on=LATE),
    ),
    "receive": (overdue, lambda _, __: verbs.receive("hill", 5_000_00, **ON)),
    "receive more than is due": (overdue, lambda _, __: verbs.receive("hill", 500_000_00, **ON)),
    "receive ahead": (leased, lambda _, __: verbs.receive("hill", 5_000_00, **ON)),
    "take_back": (nothing, lambda m, _: verbs.take_back(last(m, "issue"), booked_on=LATE)),
    "take_back goods": (goods_given, back("in-kind")),
    "take_back a fund": (granted, back("fiscal-fund")),
    "take_back an instalment": (overdue, back("contract-due")),
    "take_back a receipt": (received, back("contract-receipt")),
    "take_back an advance": (received_ahead, back("contract-receipt")),
    "take_back an investment": (invested, back("investment")),
    "take_back a surplus": (nothing, back("surplus")),
    "take_back a contribution": (contributed, back("issue")),
}
"""The verbs that move money, by what was there before: what is said to them for a day before the conversion."""


@BOTH
@pytest.mark.parametrize("said", MOVES)
def test_what_is_recorded_late_stands_as_if_it_had_been_recorded_in_time(said: str, change: Change) -> None:
    setup, late = MOVES[said]

    def book(*, in_time: bool) -> Village:
        made = begun(change)
        setup(made, change)
        for one in (late, None) if in_time else (None, late):
            made.do(change.converting if one is None else one(made, change))
        return made

    expected, seen = book(in_time=True).view, book(in_time=False).view
    assert problems(seen) == problems(expected) == []
    for on in (LATE, CONVERTED - DAY, CONVERTED, None):
        assert seen.balances(on=on) == expected.balances(on=on)
    assert not [account for _, account in seen.balances() if account.startswith(f"{change.old.code}:")]


@BOTH
def test_what_is_received_after_the_conversion_is_taken_of_the_new_chart(change: Change) -> None:
    made = begun(change)
    overdue(made, change)
    made.do(change.converting)
    [record] = made.do(verbs.receive("hill", 5_000_00, effective_on=NOW))
    assert {leg.source.partition(":")[0] for leg in record.postings} == {change.new.code}


REFUSED: dict[str, Late] = {
    "revalue_contribution": lambda _, __: verbs.revalue_contribution(
        "G1", Valuation(50_000_00, "agreed price", LATE), reason="appraisal", **VOTED
    ),
    "end_contribution": lambda _, __: verbs.end_contribution("G1", rule="right only", reason="exclusion", **ON),
}
"""What becomes of a right that stands in the new chart is not booked before it: what is said then."""


@BOTH
@pytest.mark.parametrize("said", REFUSED)
def test_a_right_is_not_moved_before_the_chart_in_which_it_stands(said: str, change: Change) -> None:
    made = begun(change)
    contributed(made, change)
    made.do(change.converting)
    with pytest.raises(RegisterError, match=f"book it on {CONVERTED}, from which day on that is its chart, or later"):
        made.do(REFUSED[said](made, change))


BY_DAY: dict[str, Any] = {"effective_on": LATE, "booked_on": NOW}
EARLY: dict[str, tuple[Setup, Callable[[Change], Decision]]] = {
    "enter": (nothing, lambda c: enter({f"{c.new.code}:121": 5_00}, {c.later("bank"): 5_00}, reason="x", **BY_DAY)),
    "declare": (proposed(), lambda _: verbs.declare("2026", **BY_DAY)),
    "pay": (run(), lambda _: verbs.pay("2026", **BY_DAY)),
    "pay_in_kind": (
        run(),
        lambda c: verbs.pay_in_kind(
            "2026", goods="rice", unit="jin", price_fen=7_00, against=f"{c.new.code}:121", **BY_DAY
        ),
    ),
    "repay": (overpaid, lambda _: verbs.repay(["17"], **BY_DAY)),
    "invest": (
        nothing,
        lambda c: verbs.invest("base", 5_00, {c.later("bank"): 5_00}, reason="x", resolution=ADOPTED, **BY_DAY),
    ),
    "spend_fund": (
        granted,
        lambda _: verbs.spend_fund("F", 5_00, on="fixed asset", reason="x", resolution=ADOPTED, **BY_DAY),
    ),
    "redeem above par": (
        bought_above_par,
        lambda c: verbs.redeem(
            "cash",
            holder="17",
            shares=5,
            amount_fen=9_00,
            premium=c.later("capital surplus"),
            against=c.later("bank"),
            reason="buy-back",
            **BY_DAY,
        ),
    ),
    "redeem": (
        nothing,
        lambda c: verbs.redeem("cash", holder="17", shares=5, against=c.later("bank"), reason="buy-back", **BY_DAY),
    ),
    "change_par_value": (
        nothing,
        lambda c: verbs.change_par_value(
            "cash", par_fen=50, against=c.later("bank"), reason="appraisal", resolution=ADOPTED, **BY_DAY
        ),
    ),
    "withdraw": (
        quantified,
        lambda c: verbs.withdraw(
            "0020",
            reason="withdrawal",
            reserve={c.later("reserve"): 5_00},
            against=c.later("bank"),
            resolution=ADOPTED,
            **BY_DAY,
        ),
    ),
}
"""What takes of an account of the new chart for a day on which nothing stood in it yet."""


@BOTH
@pytest.mark.parametrize("said", EARLY)
def test_of_an_account_that_has_nothing_yet_it_is_said_from_when_it_has(said: str, change: Change) -> None:
    setup, early = EARLY[said]
    made = begun(change)
    setup(made, change)
    made.do(change.converting)
    old, new = change.old.code, change.new.code
    with pytest.raises(RegisterError) as refused:
        made.do(early(change))
    assert f"; the book is kept by chart {new} from {CONVERTED} on: count it for that day or a later one, or " in str(
        refused.value
    )
    assert str(refused.value).endswith(f"or book it before that day in chart {old}, and it is carried over")


# ---------------------------------------------------------------- what a conversion divided


def divided(change: Change, setup: Setup) -> Village:
    """A book in which what is owed to household 17 of a run stands in two accounts of the new chart, three to two."""
    made = begun(change)
    setup(made, change)
    old, new = (chart.account("surplus payable", "2026").partition(":")[2] for chart in (change.old, change.new))
    due = owed(made.view, "2026")[f"{change.old.code}:{old}/17"]
    parts = {f"{new}/17": -due * 3 // 5, f"{new}/x/17": -due * 2 // 5}
    made.do(convert_chart(change.new, change.mapping, effective_on=CONVERTED, splits={f"{old}/17": parts}))
    return made


OF_A_RUN = {
    said: MOVES[said]
    for said in ("pay", "pay with tax", "pay_in_kind", "reinvest", "lapse", "undo", "undo what was retained", "bounce")
}


@BOTH
@pytest.mark.parametrize("said", OF_A_RUN)
def test_what_is_settled_late_is_taken_from_where_the_conversion_put_it(said: str, change: Change) -> None:
    setup, late = OF_A_RUN[said]
    whole, made = begun(change), divided(change, setup)
    setup(whole, change)
    whole.do(change.converting)
    for one in (whole, made):
        one.do(late(one, change))
    assert unpaid(made.view, "2026") == unpaid(whole.view, "2026")
    assert min([0, *owed(made.view, "2026").values()]) == 0
    assert problems(made.view) == []
    assert not [account for _, account in made.view.balances() if account.startswith(f"{change.old.code}:")]
    for one in () if "undo" in said else (whole, made):
        if said == "reinvest":
            one.do(verbs.take_back(last(one, "issue"), booked_on=NOW))
        one.do(verbs.undo("2026", effective_on=NOW, reason="a slip"))
    assert made.view.balances() == whole.view.balances()


@BOTH
def test_what_was_paid_of_a_part_since_is_not_taken_of_it_late(change: Change) -> None:
    made = divided(change, run())
    made.do(
        verbs.pay("2026", holders={"17": 300_00}, effective_on=NOW),
        verbs.pay("2026", holders={"17": 50_00}, **ON),
        verbs.pay("2026", holders={"17": 60_00}, **ON),
    )
    below = change.new.account("surplus payable", "2026")
    assert {account: fen for account, fen in owed(made.view, "2026").items() if account.endswith("/17")} == {
        f"{below}/x/17": 90_00
    }
    with pytest.raises(RegisterError, match=r"90\.00 yuan are owed to 17"):
        made.do(verbs.pay("2026", holders={"17": 90_01}, **ON))
    made.do(verbs.pay("2026", **ON))
    assert (owed(made.view, "2026"), problems(made.view)) == ({}, [])


@BOTH
def test_what_is_paid_before_a_later_payment_is_taken_of_no_account_that_this_empties(change: Change) -> None:
    """Of 300 and 200 yuan 400 are paid for the 20th, so all of the first: for the 10th there are 100 of the second."""
    made = divided(change, run())
    made.do(verbs.pay("2026", holders={"17": 400_00}, effective_on=CONVERTED + 19 * DAY))
    early: dict[str, Any] = {"effective_on": CONVERTED + 9 * DAY}
    with pytest.raises(RegisterError, match=r"100\.00 yuan are owed to 17"):
        made.do(verbs.pay("2026", holders={"17": 100_01}, **early))
    [record] = made.do(verbs.pay("2026", holders=["17"], **early))
    below = change.new.account("surplus payable", "2026")
    assert record.postings == (Posting(MONEY, change.later("bank"), f"{below}/x/17", 100_00),)
    assert unpaid(made.view, "2026") == {"18": 300_00, "19": 1_00, "20": 199_00}
    assert problems(made.view) == []
    made.do(verbs.undo("2026", effective_on=NOW + 30 * DAY, reason="a slip"))
    assert (owed(made.view, "2026"), owes(made.view, "17"), problems(made.view)) == ({}, 500_00, [])


@BOTH
def test_what_came_back_and_was_carried_over_later_pays_what_is_later(change: Change) -> None:
    """500 yuan, 200 of them paid in the old chart and back since; 400 are paid after that, and 100 for before it."""
    made = declared(begun(change))
    [payment] = made.do(verbs.pay("2026", holders={"17": 200_00}, **ON))
    made.do(change.converting, verbs.bounce("2026", payment.seq, holders=["17"], effective_on=NOW))
    made.do(
        verbs.pay("2026", holders={"17": 400_00}, effective_on=NOW + DAY),
        verbs.pay("2026", holders={"17": 100_00}, effective_on=CONVERTED + DAY),
    )
    assert "17" not in unpaid(made.view, "2026")
    assert problems(made.view) == []


@BOTH
def test_several_payments_of_one_append_see_what_those_before_them_took(change: Change) -> None:
    made, account = divided(change, run()), change("surplus payable", "2026/17")
    legs = [(LATE, Posting(MONEY, change.bank, account, 300_00)), (NOW, Posting(MONEY, change.bank, account, 150_00))]
    entries = [Entry("payout", on, LATE, {"run": "2026", "through": "bank"}, [leg]) for on, leg in legs]
    made.do(lambda _: entries)
    below = change.new.account("surplus payable", "2026")
    assert {account: fen for account, fen in owed(made.view, "2026").items() if account.endswith("/17")} == {
        f"{below}/x/17": 50_00
    }
    assert problems(made.view) == []


@BOTH
def test_what_is_booked_before_the_conversion_for_a_later_day_takes_of_both_parts(change: Change) -> None:
    def paid_ahead(made: Village, _: Change) -> None:
        declared(made).do(verbs.pay("2026", holders={"17": 450_00}, effective_on=NOW, booked_on=LATE))

    made = begun(change)
    paid_ahead(made, change)
    old, new = (chart.account("surplus payable", "2026").partition(":")[2] for chart in (change.old, change.new))
    splits = {f"{old}/17": {f"{new}/17": -300_00, f"{new}/x/17": -200_00}}
    made.do(convert_chart(change.new, change.mapping, effective_on=CONVERTED, splits=splits))
    assert owed(made.view, "2026")[f"{change.new.code}:{new}/x/17"] == 50_00
    assert problems(made.view) == []


def test_more_settled_in_an_account_than_is_owed_in_it_is_a_problem_and_is_not_paid_again() -> None:
    """As books stand in which all that was paid late of what was divided went to one account."""
    made = divided(VILLAGE, run())
    below = VILLAGE.later("surplus payable")
    legs = [Posting(MONEY, VILLAGE.later("bank"), f"{below}/2026/17", 500_00)]
    made.do(Entry("payout", NOW, NOW, {"run": "2026", "through": "bank"}, legs))
    [problem] = problems(made.view)
    assert problem.where == f"{below}/2026/17"
    assert str(problem).startswith(f"{below}/2026/17: 200.00 yuan more are settled of it than are owed in it on {NOW}")
    before = made.view.head
    with pytest.raises(RegisterError, match="nothing of it is owed to 17"):
        made.do(verbs.pay("2026", holders=["17"], effective_on=NOW))
    assert made.view.head == before
    made.do(verbs.pay("2026", effective_on=NOW), verbs.undo("2026", effective_on=NOW, reason="a slip"))
    assert owed(made.view, "2026") == {}
    assert (owes(made.view, "17"), owes(made.view, "18")) == (500_00, 300_00)


HELD: dict[str, tuple[Setup, str, str, str]] = {
    "retained": (run(retained=Fraction(1, 2)), "payable", "retained/17", "retained/old/17"),
    "retained of another": (run(retained=Fraction(1, 2)), "payable", "retained/17", "retained/18"),
    "owed by a member": (in_debt, "member current", "17", "old/17"),
    "owed by a member elsewhere": (in_debt, "member current", "17", "18"),
    "owed of another run": (run(), "surplus payable", "2026/17", "other/17"),
    "owed to another": (run(), "surplus payable", "2026/17", "2026/18"),
}


@BOTH
@pytest.mark.parametrize("said", HELD)
def test_what_is_found_by_its_holder_is_not_split_to_where_nobody_looks(said: str, change: Change) -> None:
    setup, role, part, elsewhere = HELD[said]
    made = begun(change)
    setup(made, change)
    account, expected, lost = change(role, part), change.new.account(role, part), change.new.account(role, elsewhere)
    stands = made.view.balances(MONEY)[MONEY, account]
    [old, new, gone] = [one.partition(":")[2] for one in (account, expected, lost)]
    splits = {old: {new: stands // 2, gone: stands - stands // 2}}
    with pytest.raises(RegisterError) as refused:
        made.do(convert_chart(change.new, change.mapping, effective_on=CONVERTED, splits=splits))
    assert str(refused.value).startswith(f"{account} would go to {lost}, where no verb finds what a run owes")
    assert str(refused.value).endswith(f"and map all of it to {expected}")
    made.do(change.converting)
    assert problems(made.view) == []


# ---------------------------------------------------------------- what is booked before what it follows


AGO = date(2026, 1, 1)
BEFORE: dict[str, tuple[Setup, Callable[[Village, date], Decision]]] = {
    "declare": (proposed(), lambda _, booked: verbs.declare("2026", effective_on=LATE, booked_on=booked)),
    "pay": (run(), lambda _, booked: verbs.pay("2026", effective_on=LATE, booked_on=booked)),
    "pay_in_kind": (
        run(),
        lambda _, booked: verbs.pay_in_kind(
            "2026",
            goods="rice",
            unit="jin",
            price_fen=7_00,
            against=VILLAGE.goods,
            effective_on=LATE,
            booked_on=booked,
        ),
    ),
    "reinvest": (run(), lambda _, booked: verbs.reinvest("2026", "cash", effective_on=LATE, booked_on=booked)),
    "pay_retained": (
        run(retained=Fraction(1, 2)),
        lambda _, booked: verbs.pay_retained("2026", reason="x", effective_on=LATE, booked_on=booked),
    ),
    "lapse": (run(), lambda _, booked: verbs.lapse("2026", effective_on=LATE, booked_on=booked)),
    "undo": (run(), lambda _, booked: verbs.undo("2026", reason="x", effective_on=LATE, booked_on=booked)),
    "bounce": (
        paid,
        lambda made, booked: verbs.bounce("2026", last(made, "payout"), ["17"], effective_on=LATE, booked_on=booked),
    ),
    "undo what was paid": (
        paid,
        lambda _, booked: verbs.undo("2026", reason="x", effective_on=LATE, booked_on=booked),
    ),
}
"""What a run owes, pays and takes back, by the accounting date."""


@pytest.mark.parametrize("said", BEFORE)
def test_nothing_of_a_run_is_booked_before_what_it_follows(said: str) -> None:
    """So no trial balance shows a dividend that is paid and was not declared yet."""
    setup, early = BEFORE[said]
    made = begun(VILLAGE)
    setup(made, VILLAGE)
    follows = {"declare": MET, "bounce": PAID, "undo what was paid": PAID}.get(said, DECLARED)
    for booked in (AGO, follows - DAY):
        with pytest.raises(RegisterError) as refused:
            made.do(early(made, booked))
        assert str(refused.value) == (
            f"run 2026: booked on {booked}, and what this follows is booked on {follows}: that day, or a later one, is "
            "expected"
        )
    made.do(early(made, follows))
    assert problems(made.view) == []


def test_what_was_declared_late_is_paid_when_it_was_booked_or_later() -> None:
    made = approved(begun(VILLAGE), PROPOSAL)
    made.do(verbs.declare("2026", effective_on=DECLARED, booked_on=PAID + DAY))
    with pytest.raises(RegisterError, match=f"booked on {PAID}, and what this follows is booked on {PAID + DAY}"):
        made.do(verbs.pay("2026", effective_on=PAID))
    assert payables(made.view, "2026", PAID)["17"].fen == 500_00
    made.do(verbs.pay("2026", effective_on=PAID, booked_on=PAID + DAY))
    assert unpaid(made.view, "2026") == {}


BY_ANOTHER = {"bank_return", "propose_steps", "refund_reserve", "restate_amortisation", "import_village", "spread"}
"""The verbs that are made of others, or move money as others do."""

NO_MONEY = {
    *("admit", "adopt", "amend_contract", "answer", "approve", "change_charter", "change_class", "change_head"),
    *("change_members", "conclude", "confirm_clock", "convert_chart", "deliberate", "die", "disclose", "discuss"),
    *("end_contract", "form_household", "found", "freeze", "give_notice", "know_figures", "leave", "lock", "move"),
    *("merge_households", "note_past_dividends", "note_personal", "object_to", "open_class", "pledge", "propose"),
    *("rebalance", "record_trade", "redenominate", "release", "requantify", "review_voucher", "supervise", "transfer"),
    *("unfreeze", "unlock", "withdraw_notice"),
}
"""The verbs that move none, or move what the conversion itself does."""


def test_every_verb_that_books_something_is_tried_late() -> None:
    books = {
        name
        for name in verbs.__all__
        if isfunction(one := getattr(verbs, name)) and "booked_on" in signature(one).parameters
    }
    tried = {said.partition(" ")[0] for said in (*MOVES, *REFUSED)}
    assert books == tried | BY_ANOTHER | NO_MONEY
