"""Payouts: exactly what is owed and no more, withheld to the fen, back from the bank one by one, never lost."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from coopledger.core.chart import C2004, C2007, C2021, C2023, MONEY, Chart
from coopledger.core.charter import COLLECTIVE
from coopledger.core.collection import collect
from coopledger.core.conversion import convert_chart
from coopledger.core.debt import undone_debts
from coopledger.core.dividend import declare
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.lapse import lapse
from coopledger.core.member import die
from coopledger.core.movement import freeze, pledge, unfreeze
from coopledger.core.payout import bounce, held_back, pay
from coopledger.core.problems import problems
from coopledger.core.register import holdings
from coopledger.core.retained import pay_retained
from coopledger.core.rounding import divide
from coopledger.core.run import runs
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError, OverdrawnError, RegisterError
from tests.core.dividends import (
    DECLARED,
    HOLDERS,
    PAID,
    PROPOSAL,
    approved,
    cooperative,
    declared,
    due,
    money,
    paid,
    the,
)
from tests.core.village import Village

DAY = timedelta(1)
PARTS = {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}


def test_everybody_is_paid_in_one_record() -> None:
    made = declared(cooperative())
    [record] = made.do(pay("2026", effective_on=PAID))
    assert (record.kind, len(record.postings)) == ("payout", 4)
    assert not due(made)
    assert paid(made) == {number: {"102": fen} for number, fen in PARTS.items()}
    assert money(made)["102"] == 4_000_00
    with pytest.raises(RegisterError, match="run 2026: all of it is paid"):
        made.do(pay("2026", effective_on=PAID))


def test_some_are_paid_some_of_it_in_cash_and_the_rest_is_owed() -> None:
    made = declared(cooperative())
    made.do(Entry("withdrawn", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:101", 100_00)]))
    made.do(pay("2026", effective_on=PAID, through="cash", holders={"17": 40_00, "19": 1_00}))
    made.do(pay("2026", effective_on=PAID, holders=["18"]))
    assert due(made) == {"17": 460_00, "20": 199_00}
    assert paid(made) == {"17": {"101": 40_00}, "18": {"102": 300_00}, "19": {"101": 1_00}}


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"holders": {"17": 500_01}}, "500.00 yuan are owed to 17: 500.01 yuan cannot be paid"),
        ({"holders": {"17": 0}}, ": 0.00 yuan cannot be paid"),
        ({"holders": {"17": -1}}, "-0.01 yuan cannot be paid"),
        ({"holders": {"17": 1.5}}, "1.5 yuan cannot be paid"),
        ({"holders": {"17": True}}, "True yuan cannot be paid"),
        ({"holders": ["99"]}, "nothing of it is owed to 99"),
        ({"holders": "17"}, "'17': a list of str is expected"),
        ({"holders": []}, "run 2026: nobody is named"),
        ({"through": "cash"}, r"c2021:101 stands at 0\.00 yuan from 2027-01-25 on: 1,000\.00 cannot be paid from it"),
        ({"through": "reserve"}, "reserve is no account that pays: bank, cash or member current is expected"),
        ({"through": "receivable"}, "receivable is no account that pays: bank, cash or member current is expected"),
        ({"through": "investment"}, "investment is no account that pays"),
        ({"through": "piggy bank"}, "no account for piggy bank"),
        ({"through": "member current", "holders": ["17"]}, "nobody to whom it is owed owes anything in c2021:114"),
        ({"effective_on": DECLARED - DAY}, "run 2026 is not declared on 2027-01-20"),
        ({"to": "0099", "holders": ["17"]}, "0099 is not in the register"),
        ({"to": "0017"}, "to one heir is paid what is owed to one holder: name that holder"),
    ],
)
def test_a_payout_that_cannot_be_is_refused_and_nothing_is_written(kept: dict[str, Any], said: str) -> None:
    made = declared(cooperative())
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(pay("2026", **{"effective_on": PAID, **kept}))
    assert made.view.head == before
    assert due(made) == PARTS


def test_the_bank_pays_no_more_than_it_has_on_the_day_or_any_later_one() -> None:
    made = declared(cooperative(bank_fen=1_000_00))
    spent = Entry("spent", PAID + DAY, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:523", 1)])
    made.do(spent)
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 999\.99 yuan from 2027-01-25 on"):
        made.do(pay("2026", effective_on=PAID))


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_what_came_back_later_cannot_be_paid_earlier(chart: Chart) -> None:
    """Of the chart without a guarded account too."""
    made = declared(cooperative(chart))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(bounce("2026", record.seq, ["17"], effective_on=PAID + 5 * DAY))
    assert due(made) == PARTS
    with pytest.raises((RegisterError, OverdrawnError)):
        made.do(pay("2026", effective_on=PAID + DAY, holders=["17"]))
    made.do(pay("2026", effective_on=PAID + 5 * DAY, holders=["17"]))
    assert "17" not in due(made)


# ---------------------------------------------------------------- withheld


@pytest.mark.parametrize("rate", [Fraction(1, 5), Fraction(1, 3), Fraction(1), Fraction(1, 1000)])
def test_all_receipts_together_bear_the_rate_however_they_are_parted(rate: Fraction) -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=rate))
    for fen in (1, 1, 1, 7, 33_33, 100_00):
        made.do(pay("2026", effective_on=PAID, holders={"17": fen}))
    made.do(pay("2026", effective_on=PAID))
    for number, fen in PARTS.items():
        withheld = divide(rate.numerator * fen, rate.denominator, "half up")
        assert paid(made)[number].get("214/2026", 0) == withheld
        assert sum(paid(made)[number].values()) == fen
    assert money(made)["214/2026"] == -sum(own.get("214/2026", 0) for own in paid(made).values())


# ---------------------------------------------------------------- back from the bank


def test_payments_come_back_one_by_one_with_what_was_withheld_and_are_paid_again() -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=Fraction(1, 5)))
    [record] = made.do(pay("2026", effective_on=PAID))
    [back] = made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    assert [(one.reverses_seq, one.quantity) for one in back.postings] == [(record.seq, 240_00), (record.seq, 60_00)]
    made.do(bounce("2026", record.seq, ["19"], effective_on=PAID + DAY))
    assert due(made) == {"18": 300_00, "19": 1_00}
    for again in (["18"], ["17", "18"], [], ["99"]):
        with pytest.raises(RegisterError, match=f"nothing of record {record.seq} was paid to"):
            made.do(bounce("2026", record.seq, again, effective_on=PAID + DAY))
    made.do(pay("2026", effective_on=PAID + DAY))
    assert paid(made)["18"] == {"102": 240_00, "214/2026": 60_00}


def test_what_is_no_payout_of_the_run_does_not_come_back() -> None:
    made = declared(cooperative())
    [record] = made.do(pay("2026", effective_on=PAID))
    declared(made, PROPOSAL._replace(stream="rent"), "rent")
    for name, seq in (("2026", record.seq - 1), ("rent", record.seq)):
        with pytest.raises(RegisterError, match=f"record {seq} is no payout of run {name}"):
            made.do(bounce(name, seq, ["17"], effective_on=PAID))
    with pytest.raises(RegisterError, match="2027-01-24 is before 2027-01-25"):
        made.do(bounce("2026", record.seq, ["17"], effective_on=PAID - DAY))


# ---------------------------------------------------------------- who is not simply paid


def test_an_estate_waits_and_is_paid_to_an_heir_by_name() -> None:
    made = declared(cooperative())
    made.do(die("0018", effective_on=DECLARED))
    made.do(pay("2026", effective_on=PAID))
    assert due(made) == {"18": 300_00}
    assert [*held_back(made.view, "2026", PAID)] == ["18"]
    with pytest.raises(RegisterError, match="nothing is to be paid: 18 waits for heirs"):
        made.do(pay("2026", effective_on=PAID))
    with pytest.raises(RegisterError, match="run 2026: 18 waits for heirs: say to which heir"):
        made.do(pay("2026", effective_on=PAID, holders=["18"]))
    [record] = made.do(pay("2026", effective_on=PAID, holders={"18": 100_00}, to="0017"))
    assert record.facts["to"] == "0017"
    assert due(made) == {"18": 200_00}


@pytest.mark.parametrize(
    ("tie", "why"),
    [
        (
            lambda: pledge("land", holder="17", shares=1, creditor="信用社", effective_on=DECLARED),
            "holds pledged shares",
        ),
        (lambda: freeze("land", holder="17", shares=1, reason="court order", effective_on=DECLARED), "holds frozen"),
    ],
)
def test_who_holds_pledged_or_frozen_shares_is_paid_when_they_are_released(
    tie: Callable[[], Decision], why: str
) -> None:
    made = declared(cooperative())
    made.do(tie())
    made.do(pay("2026", effective_on=PAID))
    assert due(made) == {"17": 500_00}
    with pytest.raises(RegisterError, match=f"17 {why}"):
        made.do(pay("2026", effective_on=PAID, holders=["17"]))
    [record] = made.do(
        pay("2026", effective_on=PAID, holders=["17"], released="the creditor agrees, letter of 20 January")
    )
    assert record.facts["reason"].startswith("the creditor agrees")
    assert not due(made)


@pytest.mark.parametrize("said", ["", " ", 5])
@pytest.mark.parametrize("verb", [pay, pay_in_kind, reinvest, pay_retained])
def test_why_somebody_is_paid_all_the_same_is_a_text_or_is_not_said(verb: Any, said: Any) -> None:  # noqa: ANN401
    needs: dict[Any, dict[str, Any]] = {
        pay_in_kind: {"goods": "rice", "unit": "jin", "price_fen": 2_50, "against": "c2021:121"},
        reinvest: {"cls": "cash"},
        pay_retained: {"reason": "x"},
    }
    with pytest.raises(RegisterError, match=r"^released: .*: why it is paid all the same is expected, or nothing is"):
        verb("2026", holders=["17"], effective_on=PAID, released=said, **needs.get(verb, {}))


def test_all_that_is_wrong_with_those_who_are_named_is_said_at_once() -> None:
    made = declared(cooperative())
    made.do(die("0018", effective_on=DECLARED))
    made.do(pay("2026", effective_on=PAID, holders=["19"]))
    before = made.view.head
    said = {
        ("19", "99"): "run 2026: nothing of it is owed to 19, 99 on 2027-01-25; nothing was recorded for anybody",
        (
            "18",
            "99",
        ): "run 2026: nothing of it is owed to 99 on 2027-01-25; 18 waits for heirs: say to which heir it is "
        "paid (to, --heir), or why it is released (released, --released); nothing was recorded for anybody",
        ("99",): "run 2026: nothing of it is owed to 99 on 2027-01-25",
    }
    for named, told in said.items():
        with pytest.raises(RegisterError) as refusal:
            made.do(pay("2026", effective_on=PAID, holders=named))
        assert str(refusal.value) == told
    made.do(freeze("land", holder="17", shares=1, reason="court order", effective_on=PAID))
    made.do(die("0020", effective_on=PAID))
    amounts = {"17": 1_00, "18": 300_01, "19": 0, "20": 1_00}
    with pytest.raises(RegisterError) as refusal:
        made.do(pay("2026", effective_on=PAID, holders=amounts))
    assert str(refusal.value) == (
        "run 2026: 300.00 yuan are owed to 18: 300.01 yuan cannot be paid; 0.00 yuan are owed to 19: 0.00 yuan cannot "
        "be paid; 20 waits for heirs, 17 holds frozen shares: say to which heir it is paid (to, --heir), or why it is "
        "released (released, --released); nothing was recorded for anybody"
    )
    assert made.view.head.seq == before.seq + 2
    with pytest.raises(RegisterError, match=r"nothing is to be paid: 18, 20 wait for heirs, 17 holds frozen shares$"):
        made.do(pay("2026", effective_on=PAID))


def test_who_is_paid_already_waits_for_nothing() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID))
    made.do(pledge("land", holder="17", shares=1, creditor="信用社", effective_on=PAID))
    with pytest.raises(RegisterError, match="run 2026: all of it is paid"):
        made.do(pay("2026", effective_on=PAID))


# ---------------------------------------------------------------- not claimed


def test_what_nobody_came_for_lapses_after_the_charters_time() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    with pytest.raises(RegisterError, match="what is not claimed lapses on 2030-01-21, 3 years after it was declared"):
        made.do(lapse("2026", effective_on=date(2030, 1, 20)))
    made.do(lapse("2026", effective_on=date(2030, 1, 21)))
    assert paid(made)["20"] == {"502": 199_00}
    assert not due(made)
    with pytest.raises(RegisterError, match="all of it is paid"):
        made.do(lapse("2026", effective_on=date(2030, 1, 21)))


def test_what_lapsed_is_no_receipt_of_which_tax_is_withheld() -> None:
    """40 yuan are paid, 60 lapse, the payment comes back and is made again: of 40 yuan 8 are withheld as before."""
    proposal = PROPOSAL._replace(total_fen=200_00, tax=Fraction(1, 5))
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)), proposal)
    [payout] = made.do(pay("2026", effective_on=PAID, holders={"17": 40_00}))
    made.do(lapse("2026", effective_on=date(2030, 1, 21)))
    made.do(bounce("2026", payout.seq, ["17"], effective_on=date(2030, 1, 21)))
    made.do(pay("2026", effective_on=date(2030, 1, 22)))
    assert paid(made)["17"] == {"102": 32_00, "214/2026": 8_00, "502": 60_00}


def test_what_is_held_back_does_not_lapse_until_it_is_no_more() -> None:
    """Heirs, a court and a creditor may take longer than the time in which somebody comes for his money."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    made.do(freeze("land", holder="17", shares=1, reason="court order", effective_on=DECLARED))
    made.do(*(die(f"00{number}", effective_on=DECLARED) for number in ("18", "20")))
    made.do(lapse("2026", effective_on=date(2030, 1, 21)))
    assert paid(made) == {"19": {"502": 1_00}}
    with pytest.raises(
        RegisterError, match="run 2026: nothing of it lapses: 18, 20 wait for heirs, 17 holds frozen sha"
    ):
        made.do(lapse("2026", effective_on=date(2030, 1, 22)))
    made.do(pay("2026", effective_on=date(2030, 2, 1), holders=["18"], to="0019"))
    assert due(made) == {"17": 500_00, "20": 199_00}


def test_what_was_held_back_lapses_when_it_could_be_claimed_for_all_of_the_time() -> None:
    """The shares are released on 29 February: until the last of that month, three years later, it is there."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    made.do(freeze("land", holder="17", shares=1, reason="court order", effective_on=DECLARED))
    made.do(pay("2026", effective_on=DECLARED))
    released = date(2028, 2, 29)
    made.do(unfreeze("land", holder="17", shares=1, reason="court order", effective_on=released))
    for day in (date(2030, 1, 21), date(2031, 2, 28)):
        with pytest.raises(
            RegisterError, match=r"nothing of it lapses: 17 could not claim it all the time since 202[78]-0"
        ):
            made.do(lapse("2026", effective_on=day))
    assert due(made) == {"17": 500_00}
    made.do(lapse("2026", effective_on=date(2031, 3, 1)))
    assert due(made) == {}


def test_what_was_held_back_in_between_lapses_when_all_of_the_time_is_over_since() -> None:
    """Frozen after that time began and released before it ends: once it lapsed a month after the release."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    made.do(freeze("land", holder="17", shares=1, reason="court order", effective_on=date(2027, 6, 1)))
    made.do(pay("2026", effective_on=date(2028, 1, 1)))
    made.do(unfreeze("land", holder="17", shares=1, reason="court order", effective_on=date(2029, 12, 1)))
    for day in (date(2030, 1, 21), date(2032, 11, 30)):
        with pytest.raises(RegisterError, match="nothing of it lapses: 17 could not claim it all the time since"):
            made.do(lapse("2026", effective_on=day))
    made.do(lapse("2026", effective_on=date(2032, 12, 1)))
    assert due(made) == {}


def test_what_the_bank_returned_can_be_claimed_for_all_of_the_time_again() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    [payout] = made.do(pay("2026", effective_on=date(2030, 1, 10), holders=["17", "18", "19"]))
    made.do(bounce("2026", payout.seq, ["17"], effective_on=date(2030, 1, 20)))
    made.do(lapse("2026", effective_on=date(2030, 1, 25)))
    assert due(made) == {"17": 500_00}
    with pytest.raises(
        RegisterError, match="nothing of it lapses: 17 could not claim it all the time since 2030-01-19"
    ):
        made.do(lapse("2026", effective_on=date(2033, 1, 19)))
    made.do(lapse("2026", effective_on=date(2033, 1, 20)))
    assert due(made) == {}


@pytest.mark.parametrize("into", ["bank", "cash", "member current", "share capital", "surplus payable", "payable"])
def test_what_lapses_goes_where_it_can_stand(into: str) -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)))
    with pytest.raises(RegisterError, match=f"into: {into} takes none.*: one of .*, other income, reserve is"):
        made.do(lapse("2026", effective_on=date(2030, 1, 21), into=into))


def test_by_a_charter_that_says_nothing_of_it_nothing_lapses() -> None:
    made = declared(cooperative())
    with pytest.raises(RegisterError, match="by the charter nothing lapses"):
        made.do(lapse("2026", effective_on=date(2099, 1, 1)))


@pytest.mark.parametrize("tax", [Fraction(0), Fraction(1, 5)])
def test_what_was_paid_before_the_run_was_undone_is_set_off_when_it_is_declared_again(tax: Fraction) -> None:
    """17 was paid all, and 18 has brought a part back. By the new run both get more than before."""
    made = declared(cooperative(), PROPOSAL._replace(tax=tax))
    made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(*(undo("2026", effective_on=PAID, reason="a slip") for _ in range(4)))
    made.do(collect({"18": 100_00}, effective_on=PAID))
    declared(made, PROPOSAL._replace(tax=tax, total_fen=1_200_00), "again")
    made.do(pay("again", effective_on=PAID, through="member current"))
    against = {number: own.get(f"114/{number}") for number, own in paid(made, "again").items()}
    assert against == {"17": int(500_00 * (1 - tax)), "18": int(300_00 * (1 - tax)) - 100_00}
    assert not [account for account in money(made) if account.startswith("114/")]
    with pytest.raises(RegisterError, match="nobody to whom it is owed owes anything in c2021:114"):
        made.do(pay("again", effective_on=PAID, through="member current"))
    made.do(pay("again", effective_on=PAID))
    assert not due(made, "again")
    for number, fen in (("17", 600_00), ("18", 360_00), ("19", 1_20), ("20", 238_80)):
        own = paid(made, "again")[number]
        assert sum(got for account, got in own.items() if not account.startswith("214")) == fen * (1 - tax)
    assert problems(made.view) == []


def test_only_what_is_owed_to_an_estate_is_paid_to_somebody_else_who_lives() -> None:
    made = declared(cooperative())
    made.do(freeze("land", holder="17", shares=500, effective_on=PAID, reason="court order"))
    for holder in ("17", "18"):
        with pytest.raises(RegisterError, match=f"{holder} has not died by 2027-01-25: only what is owed to an estate"):
            made.do(pay("2026", effective_on=PAID, holders=[holder], to="0019"))
    made.do(die("0020", effective_on=PAID))
    for heir, said in (("0020", "0020 has died: an heir who lives"), ("0099", "0099 is not in the register")):
        with pytest.raises(RegisterError, match=said):
            made.do(pay("2026", effective_on=PAID, holders=["20"], to=heir))
    made.do(pay("2026", effective_on=PAID, holders=["20"], to="0019"))
    assert "20" not in due(made)


# ---------------------------------------------------------------- from one chart to the next


@pytest.mark.parametrize(("old", "new"), [(C2007, C2021), (C2004, C2023)])
def test_a_run_that_was_declared_by_the_old_chart_is_paid_by_the_new_one(old: Chart, new: Chart) -> None:
    made = declared(cooperative(old), PROPOSAL._replace(total_fen=100_00))
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    moved = {bare: bare for bare in ("102", "322", "332", "222", "331", "321", "112", "113") if bare in new.accounts}
    made.do(convert_chart(new, moved, effective_on=PAID + DAY))
    assert due(made) == {"18": 30_00, "19": 10, "20": 19_90}
    made.do(pay("2026", effective_on=PAID + DAY, holders=["18"]))
    made.do(undo("2026", effective_on=PAID + DAY, reason="correction"))
    assert not due(made)
    current = new.roles["member current"]
    owing = {account: fen for account, fen in money(made).items() if account.startswith(f"{current}/")}
    assert owing == {f"{current}/17": 50_00, f"{current}/18": 30_00}
    assert problems(made.view) == []


@pytest.mark.parametrize("mapped", [{"531": "504"}, {}])
def test_what_was_retained_or_lapsed_in_the_old_chart_is_undone_in_the_new_one(mapped: dict[str, str]) -> None:
    """Where nothing maps other income, for it was closed before, it is found by its role."""
    made = declared(
        cooperative(C2004, COLLECTIVE._replace(lapse_years=3)),
        PROPOSAL._replace(total_fen=100_00, retained=Fraction(1, 2)),
    )
    made.do(lapse("2026", effective_on=date(2030, 1, 21)))
    day = date(2031, 1, 1)
    if not mapped:
        closed = Posting(MONEY, "c2004:321", "c2004:531", 50_00)
        made.do(Entry("closing", day - DAY, day - DAY, {}, [closed]))
    moved = {bare: bare for bare in ("102", "112", "113", "321", "322")} | {"202": "211"} | mapped
    made.do(convert_chart(C2023, moved, effective_on=day))
    made.do(undo("2026", effective_on=day, reason="correction"))
    assert problems(made.view) == []
    assert {account: fen for account, fen in money(made).items() if account not in {"102", "112", "321"}} == {
        "322": -3_000_00,
        **({} if mapped else {"504": 50_00}),
    }


# ---------------------------------------------------------------- whatever happens


class RunMachine(RuleBasedStateMachine):
    """A run that is paid in parts, comes back, is undone and declared again, against what a reader would add up."""

    def __init__(self) -> None:
        super().__init__()
        self.made: Village = cooperative()
        self.owed: dict[str, int] = {}
        self.gross: dict[str, int] = {}
        """What each was paid since the declaration, with what was withheld."""
        self.withheld: dict[str, int] = {}
        self.bank = 5_000_00
        self.debt: dict[str, int] = {}
        self.payouts: list[tuple[int, dict[str, tuple[int, int]], str]] = []
        """Of payouts since the declaration: number; net and tax by holder; through what."""
        self.rate = Fraction(0)
        self.on = DECLARED

    @initialize(total=st.integers(4, 2_999_99), rate=st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 7)]))
    def begun(self, total: int, rate: Fraction) -> None:
        self.rate = rate
        approved(self.made, PROPOSAL._replace(total_fen=total, tax=rate))
        self.declared()

    def tax_of(self, number: str, more: int) -> int:
        due = (self.rate * (self.gross[number] + more) + Fraction(1, 2)).__floor__()
        return min(max(due - self.withheld[number], 0), more)

    @precondition(lambda self: the(self.made).state == "approved")
    @rule()
    def declared(self) -> None:
        self.made.do(declare("2026", effective_on=self.on))
        self.owed = dict(due(self.made))
        assert sum(self.owed.values()) == the(self.made).amount_fen
        self.gross, self.withheld = dict.fromkeys(HOLDERS, 0), dict.fromkeys(HOLDERS, 0)
        self.payouts = []

    @precondition(lambda self: the(self.made).state == "declared")
    @rule(
        numbers=st.lists(st.sampled_from([*HOLDERS]), unique=True, min_size=1),
        part=st.integers(1, 4),
        bank=st.booleans(),
    )
    def paid(self, numbers: list[str], part: int, bank: bool) -> None:
        amounts = {number: -(-self.owed.get(number, 0) // part) for number in numbers}
        split = {number: (fen - self.tax_of(number, fen), self.tax_of(number, fen)) for number, fen in amounts.items()}
        through = "bank" if bank else "member current"
        enough = bank or all(self.debt.get(number, 0) >= net for number, (net, _) in split.items())
        twice = bank and any(self.debt.get(number, 0) > 0 for number in numbers)
        expected = enough and all(amounts.values()) and not twice
        try:
            [record] = self.made.do(pay("2026", effective_on=PAID, through=through, holders=amounts))
        except RegisterError:
            assert not expected
            return
        assert expected
        self.payouts.append((record.seq, split, through))
        for number, (net, tax) in split.items():
            self._moved(number, net, tax, through, 1)

    @precondition(lambda self: any(split for _, split, _ in self.payouts))
    @rule(data=st.data())
    def bounced(self, data: st.DataObject) -> None:
        seq, split, through = data.draw(st.sampled_from([one for one in self.payouts if one[1]]))
        number = data.draw(st.sampled_from([*split]))
        self.made.do(bounce("2026", seq, [number], effective_on=PAID))
        self._moved(number, *split.pop(number), through, -1)

    def _moved(self, number: str, net: int, tax: int, through: str, sign: int) -> None:
        self.owed[number] -= sign * (net + tax)
        self.gross[number] += sign * (net + tax)
        self.withheld[number] += sign * tax
        if through == "bank":
            self.bank -= sign * net
        else:
            self.debt[number] = self.debt.get(number, 0) - sign * net

    @precondition(lambda self: the(self.made).state == "declared")
    @rule()
    def undone(self) -> None:
        for number, own in paid(self.made).items():
            for account, fen in own.items():
                if not account.startswith("214"):
                    self.debt[number] = self.debt.get(number, 0) + fen
        self.made.do(undo("2026", effective_on=PAID, reason="correction"))
        self.owed, self.gross, self.withheld, self.payouts, self.on = {}, {}, {}, [], PAID

    @invariant()
    def nothing_is_lost(self) -> None:
        view = self.made.view
        if not runs(view):  # not begun
            return
        assert due(self.made) == {number: fen for number, fen in self.owed.items() if fen}
        own = money(self.made)
        assert own.get("102", 0) == self.bank >= 0
        assert {number: own.get(f"114/{number}", 0) for number in HOLDERS} == {
            number: self.debt.get(number, 0) for number in HOLDERS
        }
        assert undone_debts(view) == {number: fen for number, fen in self.debt.items() if fen}
        if the(self.made).state == "declared":
            for number in HOLDERS:
                own_paid = paid(self.made).get(number, {})
                assert sum(own_paid.values()) == self.gross[number]
                assert own_paid.get("214/2026", 0) == self.withheld[number]
                assert abs(self.withheld[number] - self.rate * self.gross[number]) <= len(self.payouts) + 1
        assert own.get("332", 0) == -3_000_00 + sum(self.owed.values()) + sum(self.gross.values())
        assert {number: one.shares for number, one in holdings(view, "land").items()} == HOLDERS

    def teardown(self) -> None:
        assert problems(self.made.view) == []


TestRunMachine = RunMachine.TestCase
TestRunMachine.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
