"""Advances that a later run sets off, floors that a second dividend counts: by hand, undone, explained, and in sums."""

from contextlib import suppress
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.chart import C2021, C2023, Chart
from coopledger.core.charter import COLLECTIVE
from coopledger.core.collection import collect
from coopledger.core.debt import Advances, advances
from coopledger.core.dividend import declare, propose
from coopledger.core.dues import Due, dues
from coopledger.core.entitlement import by_record_date
from coopledger.core.lapse import lapse
from coopledger.core.member import die
from coopledger.core.member_account import member_account
from coopledger.core.movement import transfer
from coopledger.core.payout import bounce, pay
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reckoning import reckoning
from coopledger.core.run import parts, run
from coopledger.core.undoing import undo
from coopledger.errors import EntryError, RegisterError
from coopledger.reports.dividend import run_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.explanation import explanation_report
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    HOLDERS,
    PAID,
    PROPOSAL,
    PROPOSED,
    YEAR_END,
    approved,
    cooperative,
    declared,
    due,
    money,
    paid,
)
from tests.core.village import Village

FIFTH = Fraction(1, 5)
ADVANCE = PROPOSAL._replace(rule=by_record_date(FOUNDED), total_fen=400_00, advance=True)
NETTED = "advances, which the runs that net them set off: first"
FINAL = PROPOSAL._replace(instalment=2, nets=("first",))


def of(made: Village, name: str = "2026") -> dict[str, Due]:
    return dues(made.view, run(made.view, name))


def whole_of(made: Village, number: str) -> int:
    """What a holder got of all runs by his statement, in fen, which is what its other columns come to."""
    table = dividend_statement_report(made.view, number, names=False)
    whole, *rest = (round(Fraction(str(cell).replace(",", "")) * 100) for cell in table.totals[3:])
    assert whole == sum(rest)
    return whole


# ---------------------------------------------------------------- a run that is netted is undone


def test_a_proposed_run_that_nets_an_undone_one_is_shown_as_proposed_and_says_what_is_the_matter() -> None:
    """A floor of 100 that 2026 counts is undone: 2026 is shown as it was proposed, and declaring it is refused."""
    made = declared(cooperative(), PROPOSAL._replace(stream="floor", total_fen=100_00), "first")
    approved(made, FINAL)
    assert run_report(made.view, "2026").totals[3] == "900.00"
    made.do(undo("first", effective_on=DECLARED, reason="a slip"))
    shown = run_report(made.view, "2026", names=False)
    assert shown.totals[2] == "900.00"
    assert [str(note) for note in shown.notes if "nets first, which are not declared any more" in str(note)]
    assert not any("the register was changed" in str(note) for note in shown.notes)
    notice = dividend_notice_report(made.view, "2026")[1]
    assert any("declare them again, or undo this run" in str(note) for note in notice.notes)
    with pytest.raises(RegisterError, match="run first is not declared: there is nothing to net"):
        made.do(declare("2026", effective_on=DECLARED))
    made.do(declare("first", effective_on=DECLARED), declare("2026", effective_on=DECLARED))
    assert sum(due(made).values()) == 900_00
    assert not any("not declared any more" in str(note) for note in run_report(made.view, "2026").notes)


# ---------------------------------------------------------------- advances


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_an_advance_is_the_holders_debt_until_the_final_run_sets_it_off(chart: Chart) -> None:
    made = declared(cooperative(chart), ADVANCE, "first")
    current = chart.roles["member current"]
    before = money(made)
    assert before[f"{current}/17"] == 200_00
    assert before[chart.roles["distribution"]] == -3_000_00
    made.do(pay("first", effective_on=PAID))
    declared(made, FINAL)
    assert of(made)["17"] == Due(500_00, 0, 200_00, 0, 0, 0, DECLARED)
    assert due(made) == {"17": 300_00, "18": 180_00, "19": 60, "20": 119_40}
    assert f"{current}/17" not in money(made)
    assert money(made)[chart.roles["distribution"]] == -2_000_00
    made.do(pay("2026", effective_on=PAID))
    assert money(made)[chart.roles["bank"]] == 5_000_00 - 1_000_00
    assert problems(made.view) == []


def test_two_thirds_of_a_floor_of_three_are_paid_in_october() -> None:
    """Muli, 2018: of 30,000 yuan two thirds in advance, in hundreds here."""
    made = declared(cooperative(), ADVANCE._replace(total_fen=200_00), "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, FINAL._replace(total_fen=300_00))
    assert sum(due(made).values()) == 100_00


def test_who_sold_in_between_owes_what_he_had_too_much_and_the_buyer_is_paid_all() -> None:
    made = cooperative()
    made.do(transfer("land", holder="20", to="18", shares=199, effective_on=date(2026, 6, 1), reason="sale"))
    declared(made, ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, FINAL)
    assert of(made)["18"] == Due(499_00, 0, 120_00, 0, 0, 0, DECLARED)
    assert "20" not in of(made)
    assert money(made)["114/20"] == 79_60


def test_an_advance_above_the_final_leaves_the_rest_owing() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    declared(made, FINAL._replace(total_fen=100_00))
    assert not due(made)
    assert money(made)["114/17"] == 150_00


def test_an_advance_is_not_set_off_against_itself() -> None:
    """Undone and declared again, it is set off against what 17 had of it; 18, who had nothing, is paid it."""
    made = declared(cooperative(), ADVANCE, "first")
    with pytest.raises(RegisterError, match="nobody to whom it is owed owes anything in c2021:114"):
        made.do(pay("first", effective_on=PAID, through="member current"))
    made.do(pay("first", effective_on=PAID, holders={"17": 150_00}))
    made.do(undo("first", effective_on=PAID, reason="a slip"), declare("first", effective_on=PAID))
    made.do(pay("first", effective_on=PAID, through="member current"))
    assert due(made, "first") == {"17": 50_00, "18": 120_00, "19": 40, "20": 79_60}
    made.do(pay("first", effective_on=PAID, holders={"18": 20_00}, through="member current"))  # by name it is
    assert due(made, "first")["18"] == 100_00


def test_what_was_given_back_is_not_set_off_again() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00), "rent")
    made.do(pay("rent", effective_on=PAID, holders=["17"], through="member current"))
    declared(made, FINAL)
    assert of(made)["17"].set_off_fen == 150_00  # he owed 200 on the day, and less from a later one on
    assert "114/17" not in money(made)
    made = declared(cooperative(), ADVANCE, "first")
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00), "rent")
    made.do(pay("rent", effective_on=DECLARED, holders=["17"], through="member current"))
    declared(made, FINAL)
    assert of(made)["17"].set_off_fen == 150_00
    assert "114/17" not in money(made)


@pytest.mark.parametrize("came_in", [False, True])
def test_a_run_sets_off_what_is_left_of_the_advances_it_nets_and_no_other_debt(came_in: bool) -> None:
    """The first advance lapsed, or came in; the second is owed still, and is netted by a run of its own."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=1)), ADVANCE, "first")
    if came_in:
        made.do(pay("first", effective_on=PAID), collect([*HOLDERS], effective_on=PAID))
    else:
        made.do(lapse("first", effective_on=date(2028, 1, 21)))
    declared(made, ADVANCE._replace(instalment=3, total_fen=600_00), "second")
    declared(made, FINAL)
    assert due(made) == {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}
    assert advances(made.view, "17") == Advances({"second": 300_00}, {})
    assert reckoning(made.view, run(made.view, "2026"), "17").netted == 0
    declared(made, FINAL._replace(instalment=4, nets=("second",)), "last")
    assert due(made, "last")["17"] == 200_00
    assert advances(made.view, "17") == Advances({}, {("last", "second"): 300_00})
    assert problems(made.view) == []


def test_what_comes_back_only_later_is_not_set_off_before() -> None:
    """50 of the advance of 200 were set off against a rent, and come back a month after the final run is declared."""
    made = declared(cooperative(), ADVANCE, "first")
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00), "rent")
    [record] = made.do(pay("rent", effective_on=DECLARED, holders=["17"], through="member current"))
    made.do(bounce("rent", record.seq, holders=["17"], effective_on=date(2027, 2, 21)))
    declared(made, FINAL)
    assert due(made)["17"] == 350_00
    assert advances(made.view, "17").left == {"first": 50_00}
    assert problems(made.view) == []


def test_the_final_run_bears_the_tax_of_all_the_advance_among_it() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, FINAL._replace(tax=FIFTH, retained=Fraction(1, 10)))
    assert of(made)["17"] == Due(500_00, 0, 200_00, 60_00, 0, 0, DECLARED, retained_fen=40_00)
    made.do(pay("2026", effective_on=PAID))
    assert of(made)["17"] == Due(500_00, 160_00, 200_00, 100_00, 0, 0, DECLARED, retained_fen=40_00)


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_an_advance_that_is_undone_leaves_what_was_paid_as_a_debt(chart: Chart) -> None:
    made = declared(cooperative(chart), ADVANCE, "first")
    [record] = made.do(pay("first", effective_on=PAID, holders={"17": 150_00, "18": 20_00}))
    made.do(bounce("first", record.seq, ["18"], effective_on=PAID))
    made.do(undo("first", effective_on=PAID, reason="a slip"))
    current = chart.roles["member current"]
    expected = money(cooperative(chart)) | {f"{current}/17": 150_00, chart.roles["bank"]: 5_000_00 - 150_00}
    assert money(made) == expected
    assert problems(made.view) == []
    made.do(declare("first", effective_on=PAID))
    assert due(made, "first")["17"] == 200_00


def test_the_final_run_is_undone_before_what_it_nets_and_the_debt_is_back() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    after_advance = money(made)
    declared(made, FINAL)
    with pytest.raises(RegisterError, match=r"run first: \[?2026\]? net it and are declared: undo them first"):
        made.do(undo("first", effective_on=PAID, reason="a slip"))
    made.do(undo("2026", effective_on=DECLARED, reason="a slip"))
    assert money(made) == after_advance


def test_the_member_account_counts_an_advance_once() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    assert member_account(made.view, "17", DECLARED).surplus_fen == 0
    assert member_account(made.view, "17", DECLARED).surplus_due_fen == 200_00
    declared(made, FINAL)
    assert member_account(made.view, "17", DECLARED).surplus_fen == 500_00
    assert member_account(made.view, "17", DECLARED).surplus_due_fen == 500_00


# ---------------------------------------------------------------- what the holder reads of it


def statement(made: Village, number: str = "17", on: date | None = None) -> tuple[list[list[str]], list[str]]:
    """The figures of a holder's statement, the line of totals last, and its notes."""
    table = dividend_statement_report(made.view, number, on, names=False)
    figures = [[str(row[0]), *map(str, row[3:])] for row in (*table.rows, table.totals)]
    return figures, [*map(str, table.notes[:-3])]


def test_the_statement_counts_an_advance_and_the_run_that_nets_it_once() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=DECLARED))
    before = [["first", "200.00", "200.00", *["0.00"] * 5], ["total", "200.00", "200.00", *["0.00"] * 5]]
    assert statement(made) == (
        before,
        ["amounts are in yuan", NETTED, "owed by the holder in the current account: 200.00 yuan"],
    )
    declared(made, FINAL)
    made.do(pay("2026", effective_on=PAID))
    table = dividend_statement_report(made.view, "17")
    assert [str(cell) for cell in table.rows[2][:3]] == ["first", "advance, set off by run 2026", "2027-01-21"]
    assert statement(made) == (
        [
            ["first", "200.00", "200.00", *["0.00"] * 5],
            ["2026", "500.00", "300.00", "200.00", *["0.00"] * 4],
            ["first", "-200.00", "0.00", "-200.00", *["0.00"] * 4],
            ["total", "500.00", "500.00", *["0.00"] * 5],
        ],
        ["amounts are in yuan", NETTED],
    )
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert statement(made)[0] == before
    assert statement(made)[1][-1] == "owed by the holder in the current account: 500.00 yuan"


def test_the_statement_counts_once_what_another_run_set_off_against_an_advance() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=DECLARED))
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00), "rent")
    made.do(pay("rent", effective_on=DECLARED, holders=["17"], through="member current"))
    rent = [
        ["first", "200.00", "200.00", *["0.00"] * 5],
        ["rent", "50.00", "0.00", "50.00", *["0.00"] * 4],
        ["first", "-50.00", "0.00", "-50.00", *["0.00"] * 4],
    ]
    owed = "owed by the holder in the current account: 150.00 yuan"
    assert statement(made) == (
        [*rent, ["total", "200.00", "200.00", *["0.00"] * 5]],
        ["amounts are in yuan", NETTED, owed],
    )
    declared(made, FINAL)
    assert statement(made)[0] == [
        *rent,
        ["2026", "500.00", "0.00", "150.00", *["0.00"] * 3, "350.00"],
        ["first", "-150.00", "0.00", "-150.00", *["0.00"] * 4],
        ["total", "550.00", "200.00", *["0.00"] * 4, "350.00"],
    ]
    made.do(undo("2026", effective_on=PAID, reason="a slip"), undo("rent", effective_on=PAID, reason="a slip"))
    assert statement(made)[0] == [rent[0], ["total", *rent[0][1:]]]
    made.do(declare("rent", effective_on=PAID))
    assert statement(made)[0][1:] == [
        ["rent", "50.00", *["0.00"] * 5, "50.00"],
        ["total", "250.00", "200.00", *["0.00"] * 4, "50.00"],
    ]
    made = declared(cooperative(), ADVANCE, "first")
    declared(made, PROPOSAL._replace(stream="rent", total_fen=100_00), "rent")
    made.do(pay("rent", effective_on=DECLARED, holders=["17"], through="member current"))
    made.do(undo("first", effective_on=DECLARED, reason="a slip"))
    assert statement(made)[0] == [rent[1], ["total", *rent[1][1:]]]


def test_what_came_in_of_an_advance_otherwise_was_set_off_by_no_run() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID), collect({"17": 30_00}, effective_on=PAID))
    assert advances(made.view, "17") == Advances({"first": 170_00}, {})
    assert [row[0] for row in statement(made)[0]] == ["first", "total"]


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_the_statement_tells_what_of_a_half_paid_advance_that_was_undone_is_owed_back(chart: Chart) -> None:
    made = declared(cooperative(chart), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID, holders={"17": 150_00}))
    assert statement(made)[1][-1] == "owed by the holder in the current account: 150.00 yuan"
    undone, _ = made.do(undo("first", effective_on=PAID, reason="a slip"))
    assert statement(made)[1][-2:] == [
        f"2027-01-25: run first was undone, record {undone.seq}: 150.00 yuan that the holder had of it are owed back",
        "owed by the holder in the current account: 150.00 yuan",
    ]
    assert statement(made, "18")[1] == ["amounts are in yuan", "none"]
    assert explanation_report(made.view, "first", "17")[1].rows[-2][-1] == "150.00"
    made.do(declare("first", effective_on=PAID), pay("first", effective_on=PAID, holders={"17": 20_00}, released="x"))
    assert [row[0] for row in statement(made)[0]] == ["first", "total"]
    again, _ = made.do(undo("first", effective_on=PAID, reason="a slip"))
    assert statement(made)[1][-2:] == [
        f"2027-01-25: run first was undone, record {again.seq}: 20.00 yuan that the holder had of it are owed back",
        "owed by the holder in the current account: 170.00 yuan",
    ]


def test_an_estate_that_was_not_paid_an_advance_owes_nothing_of_it() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(die("0018", effective_on=DECLARED))
    made.do(pay("first", effective_on=PAID))
    waits = ["first", "120.00", *["0.00"] * 5, "120.00"]
    assert statement(made, "18") == ([waits, ["total", *waits[1:]]], ["amounts are in yuan", NETTED])
    assert member_account(made.view, "18", PAID).owes_fen == 0
    declared(made, FINAL)
    assert statement(made, "18")[0][-1] == ["total", "300.00", *["0.00"] * 5, "300.00"]
    made.do(pay("first", effective_on=PAID, holders=["18"], to="0017"))
    assert statement(made, "18")[0][-1] == ["total", "300.00", "120.00", *["0.00"] * 4, "180.00"]
    made = declared(cooperative(), ADVANCE, "first")
    made.do(die("0018", effective_on=DECLARED))
    made.do(pay("first", effective_on=PAID, holders={"18": 50_00}, to="0017"))
    assert statement(made, "18")[1][-1] == "owed by the holder in the current account: 50.00 yuan"


# ---------------------------------------------------------------- floors


def test_a_second_dividend_counts_the_floor() -> None:
    """A floor of 0.80 on each share, and 20 % more shares sold in between: nobody gives anything back."""
    made = declared(cooperative(), PROPOSAL._replace(stream="floor", total_fen=None, each_fen=Fraction(80)), "first")
    declared(made, PROPOSAL._replace(nets=("first",)))
    assert due(made) == {"17": 100_00, "18": 60_00, "19": 20, "20": 39_80}
    assert reckoning(made.view, run(made.view, "2026"), "17").netted == 400_00
    assert money(made)["332"] == -2_000_00


def test_a_floor_above_the_share_stays_and_nothing_is_owed_back() -> None:
    made = cooperative()
    made.do(transfer("land", holder="20", to="19", shares=198, effective_on=date(2026, 6, 1), reason="sale"))
    floor = Proposal("floor", "2026", "land", by_record_date(FOUNDED), each_fen=Fraction(80))
    declared(made, floor, "first")
    declared(made, PROPOSAL._replace(nets=("first",)))
    assert due(made) == {"17": 100_00, "18": 60_00, "19": 198_20}
    assert sum(due(made, "first").values()) == 800_00


def test_a_floor_that_is_not_netted_comes_on_top() -> None:
    made = declared(cooperative(), PROPOSAL._replace(stream="floor", total_fen=800_00), "first")
    declared(made)
    assert sum(due(made).values()) == 1_000_00


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (FINAL._replace(instalment=3, nets=("x",)), "run x: it was not proposed"),
        (FINAL._replace(instalment=3, nets=("early",)), "run early is not declared: there is nothing to net"),
        (FINAL._replace(instalment=3), r"run again: \[?first\]? are netted by 2026 already"),
    ],
)
def test_what_cannot_be_netted_is_refused(asked: Proposal, said: str) -> None:
    made = declared(cooperative(), ADVANCE, "first")
    approved(made, PROPOSAL._replace(stream="early"), "early")
    approved(made, FINAL)
    with pytest.raises(RegisterError, match=said):
        made.do(propose("again", asked, effective_on=PROPOSED))


@pytest.mark.parametrize("wrong", [{"tax": FIFTH}, {"retained": FIFTH}, {"nets": ("x",)}])
def test_an_advance_says_nothing_that_the_run_which_nets_it_says(wrong: dict[str, object]) -> None:
    with pytest.raises((RegisterError, EntryError), match="an advance is settled by the run that nets it"):
        propose("a", ADVANCE._replace(**wrong), effective_on=PROPOSED)  # type: ignore[arg-type]


# ---------------------------------------------------------------- in sums


@settings(max_examples=30, deadline=None)
@given(
    advance=st.integers(1, 900_00),
    total=st.integers(4, 2_500_00),
    rate=st.sampled_from([Fraction(0), FIFTH, Fraction(1, 7)]),
    sold=st.integers(0, 199),
    is_advance=st.booleans(),
    some=st.lists(st.tuples(st.sampled_from([*HOLDERS]), st.integers(1, 300_00)), max_size=3),
)
def test_in_the_end_each_has_his_part_of_the_whole_or_owes_the_rest(  # noqa: PLR0917 - what two runs can be
    advance: int, total: int, rate: Fraction, sold: int, is_advance: bool, some: list[tuple[str, int]]
) -> None:
    made = cooperative()
    if sold:
        made.do(transfer("land", holder="20", to="17", shares=sold, effective_on=date(2026, 6, 1), reason="sale"))
    first = ADVANCE._replace(total_fen=advance) if is_advance else ADVANCE._replace(total_fen=min(advance, 400_00))
    declared(made, first._replace(advance=is_advance), "first")
    for number, fen in some:
        with suppress(RegisterError):
            made.do(pay("first", effective_on=PAID, holders={number: fen}))
    whole = dict(parts(made.view, PROPOSAL._replace(rule=by_record_date(YEAR_END), total_fen=total)).parts)
    floors = {number: own.declared_fen for number, own in of(made, "first").items()}
    final = FINAL._replace(total_fen=total, tax=rate)
    if not parts(made.view, final).amount_fen:
        return
    declared(made, final)
    for number, own in of(made).items():
        assert own.declared_fen == sum(own.by_way.values()) + own.unpaid_fen
        assert reckoning(made.view, run(made.view, "2026"), number).fen == own.declared_fen
    with suppress(RegisterError):
        made.do(pay("first", effective_on=PAID))
    with suppress(RegisterError):
        made.do(pay("2026", effective_on=PAID))
    for number in HOLDERS:
        mine, had = whole.get(number, 0), floors.get(number, 0)
        got = paid(made, "first").get(number, {}).get("102", 0) + paid(made).get(number, {}).get("102", 0)
        tax = of(made)[number].withheld_fen if number in of(made) else 0
        debt = money(made).get(f"114/{number}", 0)
        if is_advance:
            assert got + tax - debt == mine
            assert whole_of(made, number) == mine + debt
            assert debt == 0 or debt == max(had - (mine - tax), 0)
        else:
            assert got + tax == max(mine, had)
            assert whole_of(made, number) == max(mine, had)
            assert debt == 0
    assert problems(made.view) == []
