"""A lapse that a fact recorded later makes wrong is told, taken back, and made once more without who waits."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.chart import C2004, C2021, C2023, Chart
from coopledger.core.charter import COLLECTIVE
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.dues import dues
from coopledger.core.journal import Decision
from coopledger.core.lapse import check_lapses, lapse
from coopledger.core.member import Joiner, admit, die
from coopledger.core.movement import freeze, pledge, release, unfreeze
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.reversal import take_back
from coopledger.core.undoing import undo
from coopledger.errors import RegisterError
from coopledger.reports.dividend import runs_report
from tests.core.dividends import DECLARED, PAID, PROPOSAL, cooperative, declared, due, money, paid, the
from tests.core.village import Village

LAPSED, KNOWN = date(2030, 1, 21), date(2030, 6, 1)
TAXED = PROPOSAL._replace(tax=Fraction(1, 5))


def lapsed(chart: Chart = C2021) -> tuple[Village, int]:
    """17 was paid, of the others it lapsed after three years; and the record."""
    made = declared(
        cooperative(chart, charter=COLLECTIVE._replace(lapse_years=3)), PROPOSAL if chart == C2004 else TAXED
    )
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    record = made.do(lapse("2026", effective_on=LAPSED))[-1]
    return made, record.seq


def test_a_death_that_is_recorded_after_a_lapse_and_was_before_it_is_a_problem_until_it_lapses_anew() -> None:
    made, seq = lapsed()
    assert problems(made.view) == []
    made.do(die("0018", effective_on=date(2029, 5, 1), booked_on=KNOWN))
    says = (
        f"run 2026: 300.00 yuan owed to 18 lapsed on 2030-01-21 by record {seq}, and by what was recorded since 18 "
        f"waits for heirs on that day: take the record back (take_back, 'book reverse {seq}'), and let lapse "
        "once more what does (lapse, 'dividend lapse')"
    )
    assert [str(one) for one in problems(made.view)] == [f"holder 18: {says}"]
    assert says in map(str, runs_report(made.view).notes)
    assert says not in map(str, runs_report(made.view, date(2030, 1, 20)).notes)
    made.do(take_back(seq, booked_on=KNOWN))
    assert due(made) == {"18": 300_00, "19": 1_00, "20": 199_00}
    assert problems(made.view) == []
    made.do(lapse("2026", effective_on=LAPSED, booked_on=KNOWN))
    assert due(made) == {"18": 300_00}
    assert problems(made.view) == []
    made.do(pay("2026", effective_on=KNOWN, holders=["18"], to="0017"))
    assert paid(made)["18"] == {"102": 240_00, "214/2026": 60_00}
    assert {number: own.lapsed_fen for number, own in dues(made.view, the(made)).items()} == {
        "17": 0,
        "18": 0,
        "19": 1_00,
        "20": 199_00,
    }


def test_a_death_after_the_lapse_or_before_what_was_taken_back_is_none() -> None:
    made, seq = lapsed()
    made.do(die("0018", effective_on=date(2030, 1, 22)), die("0017", effective_on=DECLARED))
    assert check_lapses(made.view) == []
    made.do(take_back(seq, booked_on=KNOWN), die("0020", effective_on=DECLARED))
    assert check_lapses(made.view) == []


def test_shares_that_were_frozen_by_then_are_told_as_well() -> None:
    made, _ = lapsed()
    made.do(freeze("land", holder="20", shares=1, reason="court order", effective_on=DECLARED))
    assert ["holds frozen shares on that day" in str(one) for one in problems(made.view)] == [True]


FROM, UNTIL = date(2028, 9, 1), date(2028, 12, 1)
"""Days between the declaration and the lapse."""
IN_BETWEEN: dict[str, list[Decision]] = {
    "frozen": [
        freeze("land", holder="20", shares=1, reason="dispute", effective_on=FROM, booked_on=KNOWN),
        unfreeze("land", holder="20", shares=1, reason="settlement", effective_on=UNTIL, booked_on=KNOWN),
    ],
    "pledged": [
        pledge("land", holder="20", shares=1, creditor="示例信用社", effective_on=FROM, booked_on=KNOWN),
        release("land", holder="20", shares=1, effective_on=UNTIL, booked_on=KNOWN),
    ],
    "died": [
        die("0020", effective_on=FROM, booked_on=KNOWN),
        admit(Joiner("0120", household="20", head=True), effective_on=UNTIL, booked_on=KNOWN),
    ],
}


@pytest.mark.parametrize("how", IN_BETWEEN)
def test_who_could_not_claim_for_some_of_the_time_only_is_told_as_well(how: str) -> None:
    made, seq = lapsed()
    made.do(*IN_BETWEEN[how])
    says = (
        f"holder 20: run 2026: 199.00 yuan owed to 20 lapsed on 2030-01-21 by record {seq}, and by what was recorded "
        f"since 20 could not claim it all the time since 2027-01-21: take the record back (take_back, 'book reverse "
        f"{seq}'), and let lapse once more what does (lapse, 'dividend lapse')"
    )
    assert [str(one) for one in problems(made.view)] == [says]
    made.do(take_back(seq, booked_on=KNOWN), lapse("2026", effective_on=LAPSED, booked_on=KNOWN))
    assert due(made) == {"20": 199_00}
    assert problems(made.view) == []


def test_what_was_before_the_time_or_after_the_lapse_is_none() -> None:
    made, _ = lapsed()
    for since, until in ((date(2027, 1, 19), date(2027, 1, 20)), (date(2030, 1, 22), date(2030, 1, 23))):
        made.do(freeze("land", holder="20", shares=1, reason="dispute", effective_on=since, booked_on=KNOWN))
        made.do(unfreeze("land", holder="20", shares=1, reason="settlement", effective_on=until, booked_on=KNOWN))
    assert problems(made.view) == []


def test_who_owed_since_a_run_was_undone_is_told() -> None:
    """A run is undone as of before the lapse of another, and was paid."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)), PROPOSAL._replace(instalment=2), "x")
    made.do(pay("x", effective_on=PAID, holders=["18"]))
    declared(made)
    made.do(lapse("2026", effective_on=LAPSED))
    made.do(undo("x", effective_on=FROM, booked_on=KNOWN, reason="a slip"))
    assert ["owed to 18 lapsed" in str(one) for one in check_lapses(made.view)] == [True]


def test_what_is_owed_again_bears_the_tax_as_if_it_had_never_lapsed() -> None:
    made, seq = lapsed()
    made.do(take_back(seq, booked_on=KNOWN), pay("2026", effective_on=KNOWN))
    assert paid(made)["18"] == {"102": 240_00, "214/2026": 60_00}
    assert not due(made)


def test_a_lapse_of_before_the_chart_was_converted_is_taken_back_after_it() -> None:
    made, seq = lapsed(C2004)
    made.do(convert_chart(C2023, {**C2004_TO_C2023, "531": "504"}, effective_on=date(2030, 3, 1)))
    made.do(take_back(seq, booked_on=KNOWN))
    assert due(made) == {"18": 300_00, "19": 1_00, "20": 199_00}


def test_a_lapse_is_not_taken_back_once_its_run_was_undone() -> None:
    made, seq = lapsed()
    made.do(undo("2026", effective_on=KNOWN, reason="a slip"))
    with pytest.raises(RegisterError, match=f"undone since record {seq}: what lapsed by it went back with that"):
        made.do(take_back(seq, booked_on=KNOWN))
    made.do(die("0018", effective_on=DECLARED))
    assert problems(made.view) == []
    assert money(made)["332"] == -3_000_00
