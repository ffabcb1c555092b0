"""Collections: a debt of a run that was undone comes in, no more of it than is owed, from those who owe it."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.chart import C2004, C2021, C2023, MONEY, Chart
from coopledger.core.collection import Collected, collect, collected, owes, repay
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.dividend import declare
from coopledger.core.journal import Entry, Posting
from coopledger.core.ordinary import enter
from coopledger.core.payout import bounce, pay
from coopledger.core.problems import problems
from coopledger.core.reversal import take_back
from coopledger.core.undoing import undo
from coopledger.core.voucher import vouchers
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.reports.dividend_statement import dividend_statement_report
from tests.core.dividends import HOLDERS, PAID, PROPOSAL, cooperative, declared, due, money
from tests.core.test_netting import ADVANCE, FINAL
from tests.core.village import Village

DAY = timedelta(1)
HALF = Fraction(1, 2)


def undone(chart: Chart = C2021) -> Village:
    """17 was paid 200 yuan and 18 all of 300 when the run was undone, five days after."""
    made = declared(cooperative(chart))
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00, "18": 300_00}))
    made.do(undo("2026", effective_on=PAID + 5 * DAY, reason="correction"))
    return made


@pytest.mark.parametrize("chart", [C2021, C2023])
@pytest.mark.parametrize("through", ["bank", "cash"])
def test_what_was_paid_of_a_run_that_is_undone_comes_in(chart: Chart, through: str) -> None:
    made = undone(chart)
    [record] = made.do(collect({"17": 50_00}, effective_on=PAID + 6 * DAY, through=through, reason="a first part"))
    assert (record.kind, record.facts["reason"]) == ("collection", "a first part")
    assert [owes(made.view, number) for number in HOLDERS] == [150_00, 300_00, 0, 0]
    made.do(collect(["17", "18"], effective_on=PAID + 7 * DAY, through=through))
    assert [owes(made.view, number) for number in HOLDERS] == [0, 0, 0, 0]
    before = money(cooperative(chart))
    if through == "cash":
        before |= {"101": 500_00, chart.roles["bank"]: before[chart.roles["bank"]] - 500_00}
    assert money(made) == before
    assert [one.fen for one in collected(made.view, "17")] == [50_00, 150_00]
    assert [one.fen for one in collected(made.view, "17", PAID + 6 * DAY)] == [50_00]
    assert problems(made.view) == []


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_who_brought_an_advance_back_before_he_was_paid_it_is_repaid_when_it_is_undone(chart: Chart) -> None:
    """17 brings 200 yuan, of 18 40 are set off; undone, the cooperative owes them that."""
    made = declared(cooperative(chart), ADVANCE, "first")
    made.do(collect(["17"], effective_on=PAID))
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00, retained=HALF), "rent")
    made.do(pay("rent", effective_on=PAID, holders={"18": 15_00}, through="member current"))
    made.do(undo("first", effective_on=PAID + 5 * DAY, reason="no surplus"))
    assert [owes(made.view, number) for number in HOLDERS] == [-200_00, -15_00, 0, 0]
    later, before = PAID + 6 * DAY, money(made)
    assert "owed to the holder in the current account: 200.00 yuan" in notes(made, "17")
    with pytest.raises(RegisterError, match=r"17 owes nothing in the member current account"):
        made.do(collect(["17"], effective_on=later))
    with pytest.raises(RegisterError, match=r"200\.00 yuan are owed to 17 in .* from 2027-01-31 on: 200\.01 yuan"):
        made.do(repay({"17": 200_01}, effective_on=later))
    with pytest.raises(RegisterError, match="nothing is owed to 19 in the member current account from 2027-01-31 on"):
        made.do(repay(["19"], effective_on=later))
    [first] = made.do(repay({"17": 50_00}, effective_on=later, reason="a first part"))
    [record] = made.do(repay(["17", "18"], effective_on=later))
    assert [owes(made.view, number) for number in HOLDERS] == [0, 0, 0, 0]
    bank = chart.roles["bank"]
    assert money(made)[bank] == before[bank] - 215_00
    assert [one.fen for one in collected(made.view, "17")] == [200_00, -50_00, -150_00]
    assert f"2027-01-31: repaid to the holder 50.00 yuan, record {first.seq}" in notes(made, "17")
    made.do(take_back(record.seq, booked_on=later))
    assert [owes(made.view, number) for number in HOLDERS] == [-150_00, -15_00, 0, 0]
    assert [one.fen for one in collected(made.view, "17")] == [200_00, -50_00]
    assert problems(made.view) == []


def notes(made: Village, holder: str) -> list[str]:
    return [str(note) for note in dividend_statement_report(made.view, holder).notes]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"through": "cash"}, r"c2021:101 stands at 0\.00 yuan from 2027-01-31 on: 200\.00 cannot be repaid from it"),
        ({"through": "receivable"}, "receivable is no account that repays: bank or cash is expected"),
        ({"through": "member current"}, "member current is no account that repays"),
        ({"holders": []}, "nobody is named"),
        ({"reason": " "}, "reason: ' ': a text is expected"),
        ({"holders": {"17": True}}, "True yuan cannot be repaid"),
        ({"effective_on": PAID}, "nothing is owed to 17 in the member current account from 2027-01-25 on"),
    ],
)
def test_nothing_else_is_repaid(kept: dict[str, Any], said: str) -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(collect(["17"], effective_on=PAID))
    made.do(undo("first", effective_on=PAID + 5 * DAY, reason="no surplus"))
    with pytest.raises(CoopledgerError, match=said):
        made.do(repay(**{"holders": ["17"], "effective_on": PAID + 6 * DAY, **kept}))


def test_its_voucher_debits_the_cash_and_credits_the_members_current_accounts() -> None:
    made = undone()
    made.do(collect(["18"], effective_on=PAID + 6 * DAY, through="cash", reason="brought back"))
    last = vouchers(made.view)[-1]
    assert (last.summary, [(one.account, one.debit_fen, one.credit_fen) for one in last.lines]) == (
        "brought back",
        [("c2021:101", 300_00, 0), ("c2021:114", 0, 300_00)],
    )


def test_a_transfer_that_bounces_after_the_undoing_is_collected() -> None:
    made = declared(cooperative())
    [record] = made.do(pay("2026", effective_on=PAID))
    made.do(undo("2026", effective_on=PAID, reason="correction"))
    for _ in range(2):
        with pytest.raises(RegisterError, match=r"its receiver's debt since then.*\(collect, 'dividend collect'\)"):
            made.do(bounce("2026", record.seq, ["17"], effective_on=PAID + DAY))
        made.do(declare("2026", effective_on=PAID)) if not due(made) else None
    made.do(collect(["17"], effective_on=PAID + DAY, reason="returned by the bank"))
    assert owes(made.view, "17") == 0
    made.do(pay("2026", effective_on=PAID + 2 * DAY, holders=["17"]))
    made.do(pay("2026", effective_on=PAID + 2 * DAY, holders=["18"], through="member current"))
    assert money(made)["102"] == 5_000_00 - 1_000_00
    assert owes(made.view, "18") == 0


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"holders": {"17": 200_01}}, r"17 owes 200\.00 yuan from 2027-01-31 on: 200\.01 yuan cannot be collected"),
        ({"holders": {"17": 0}}, r": 0\.00 yuan cannot be collected"),
        ({"holders": {"17": -5}}, r"-0\.05 yuan cannot be collected"),
        ({"holders": {"17": True}}, "True yuan cannot be collected"),
        ({"holders": {"17": 1.5}}, "1.5 yuan cannot be collected"),
        ({"holders": ["17", "19"]}, "19 owes nothing in the member current account from 2027-01-31 on"),
        ({"holders": ["99"]}, "99 owes nothing"),
        ({"holders": []}, "nobody is named"),
        ({"holders": {}}, "nobody is named"),
        ({"holders": "17"}, "'17': a list of str is expected"),
        ({"effective_on": PAID}, "17 owes nothing in the member current account from 2027-01-25 on"),
        ({"through": "member current"}, "member current is no account that gets money: bank or cash is expected"),
        ({"through": "reserve"}, "reserve is no account that gets money"),
        ({"through": "receivable"}, "receivable is no account that gets money: bank or cash is expected"),
        ({"through": "piggy bank"}, "no account for piggy bank"),
        ({"reason": " "}, "reason: ' ': a text is expected"),
    ],
)
def test_what_is_not_owed_is_not_collected_and_nothing_is_written(kept: dict[str, Any], said: str) -> None:
    made = undone()
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(collect(**{"holders": ["17"], "effective_on": PAID + 6 * DAY, **kept}))
    assert made.view.head == before


def test_what_was_collected_on_a_later_day_is_not_collected_before_it_again() -> None:
    made = undone()
    made.do(collect({"17": 150_00}, effective_on=PAID + 9 * DAY))
    with pytest.raises(RegisterError, match=r"17 owes 50\.00 yuan from 2027-01-31 on: 50\.01 yuan"):
        made.do(collect({"17": 50_01}, effective_on=PAID + 6 * DAY))
    made.do(collect(["17"], effective_on=PAID + 6 * DAY))
    assert owes(made.view, "17") == 0
    assert owes(made.view, "17", PAID + 8 * DAY) == 150_00


def test_a_collection_that_was_a_mistake_is_taken_back() -> None:
    made = undone()
    [record] = made.do(collect(["17", "18"], effective_on=PAID + 6 * DAY))
    made.do(take_back(record.seq, booked_on=PAID + 7 * DAY))
    assert [owes(made.view, number) for number in HOLDERS] == [200_00, 300_00, 0, 0]
    assert collected(made.view, "17") == []
    made.do(collect(["17"], effective_on=PAID + 8 * DAY))
    [again] = collected(made.view, "17")
    assert again == Collected(again.seq, PAID + 8 * DAY, "bank", 200_00)


def test_an_advance_that_was_brought_back_is_not_set_off() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    made.do(collect(["17"], effective_on=PAID + DAY))
    declared(made, FINAL)
    assert due(made) == {"17": 500_00, "18": 180_00, "19": 60, "20": 119_40}
    assert owes(made.view, "17") == 0


def test_a_debt_is_collected_in_the_chart_in_force() -> None:
    made = undone(C2004)
    moved = {bare: bare for bare in ("102", "322", "321", "112", "113") if bare in C2023.accounts}
    made.do(convert_chart(C2023, moved, effective_on=PAID + 10 * DAY))
    [record, over] = made.do(collect({"17": 1_00}, effective_on=PAID + 9 * DAY))
    assert (record.postings[0].source, record.postings[0].target) == ("c2004:113/17", "c2004:102")
    assert (over.kind, over.effective_on) == ("conversion", PAID + 10 * DAY)
    [record] = made.do(collect(["17"], effective_on=PAID + 10 * DAY))
    assert (record.postings[0].source, record.postings[0].target) == ("c2023:113/17", "c2023:102")
    assert owes(made.view, "17") == 0
    late = Posting(MONEY, "c2004:102", "c2004:113/18", 5_00)  # what the old chart still has goes first
    made.do(Entry("note", PAID, PAID, {}, [late]))
    [record] = made.do(collect({"18": 302_00}, effective_on=PAID + 10 * DAY))
    assert [(leg.source, leg.quantity) for leg in record.postings] == [("c2004:113/18", 5_00), ("c2023:113/18", 297_00)]
    assert owes(made.view, "18") == 3_00


def test_a_collection_of_before_the_conversion_is_taken_back_after_it() -> None:
    """The money stands where the conversion carried it; of that, what was spent since is missing."""
    made = undone(C2004)
    [wrong] = made.do(collect({"17": 200_00}, effective_on=PAID + 5 * DAY))
    owed, on = owes(made.view, "17"), PAID + 10 * DAY
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=on))
    fen = money(made)["102"] - 150_00
    [spending] = made.do(enter({"c2023:101": fen}, {"c2023:102": fen}, reason="to the till", effective_on=on + DAY))
    said = f"c2004:102 stands at 150[.]00 yuan from {PAID + 5 * DAY} on, and 200[.]00 came in by it"
    with pytest.raises(RegisterError, match=said):
        made.do(take_back(wrong.seq, booked_on=on + 2 * DAY))
    made.do(take_back(spending.seq, booked_on=on + 2 * DAY), take_back(wrong.seq, booked_on=on + 2 * DAY))
    assert owes(made.view, "17") == owed + 200_00 == money(made)["113/17"]
    assert money(made)["102"] == fen + 150_00 - 200_00
    assert problems(made.view) == []
    made.do(collect(["17"], effective_on=on + 3 * DAY))
    assert owes(made.view, "17") == 0


ACTS = st.lists(
    st.tuples(st.sampled_from([*HOLDERS]), st.integers(-1, 600_00) | st.none(), st.integers(0, 12)), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(paid=st.dictionaries(st.sampled_from([*HOLDERS]), st.integers(1, 1_00), min_size=1), acts=ACTS)
def test_never_more_comes_in_than_was_owed_on_any_day(
    paid: dict[str, int], acts: list[tuple[str, int | None, int]]
) -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders=paid))
    made.do(undo("2026", effective_on=PAID + 3 * DAY, reason="correction"))
    bank, came = money(made)["102"], dict.fromkeys(HOLDERS, 0)
    for number, fen, days in acts:
        on = PAID + days * DAY
        try:
            made.do(collect([number] if fen is None else {number: fen}, effective_on=on))
        except RegisterError:
            assert fen is None or fen < 1 or days < 3 or fen > paid.get(number, 0) - came[number]
        else:
            came[number] += fen or paid[number] - came[number]
        for day in range(14):
            assert all(owes(made.view, one, PAID + day * DAY) >= 0 for one in HOLDERS)
    assert money(made)["102"] == bank + sum(came.values())
    assert {number: owes(made.view, number) for number in HOLDERS} == {
        number: paid.get(number, 0) - came[number] for number in HOLDERS
    }
    assert problems(made.view) == []


def test_what_came_in_and_was_spent_is_not_taken_back() -> None:
    made = undone()
    [record] = made.do(collect(["18"], effective_on=PAID + 6 * DAY))
    bank = C2021.account("bank")
    there = made.view.balances(MONEY)[MONEY, bank]
    spent = Posting(MONEY, bank, C2021.account("receivable"), there - 100_00)
    made.do(Entry("spent", PAID + 7 * DAY, PAID + 7 * DAY, {}, [spent]))
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 100\.00 yuan from .* on, and 300\.00 came in by it"):
        made.do(take_back(record.seq, booked_on=PAID + 8 * DAY))
    back = Posting(MONEY, C2021.account("receivable"), bank, 200_00)
    made.do(Entry("came-in", PAID + 7 * DAY, PAID + 7 * DAY, {}, [back]))
    made.do(take_back(record.seq, booked_on=PAID + 8 * DAY))
    assert owes(made.view, "18") == 300_00


def test_all_from_whom_too_much_is_asked_are_named_at_once() -> None:
    made = undone()
    with pytest.raises(RegisterError) as raised:
        made.do(collect({"17": 200_01, "18": 300_00, "19": None, "99": 5}, effective_on=PAID + 6 * DAY))
    assert str(raised.value) == (
        "17 owes 200.00 yuan from 2027-01-31 on: 200.01 yuan cannot be collected; 19 owes nothing in the member "
        "current account from 2027-01-31 on; 99 owes nothing in the member current account from 2027-01-31 on; "
        "nothing was recorded for anybody"
    )
    with pytest.raises(RegisterError, match=r"nothing is owed to 17 in .*; nothing is owed to 99 in .*; nothing was"):
        made.do(repay(["17", "99"], effective_on=PAID + 6 * DAY))
