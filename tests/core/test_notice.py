"""Notice of leaving: how long it is, what it asks for, and when it is over."""

from datetime import date

import pytest

from coopledger.core.amendment import change_charter
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter
from coopledger.core.journal import Decision
from coopledger.core.member import change_members, die, leave
from coopledger.core.notice import give_notice, last_day, withdraw_notice
from coopledger.core.people import roll
from coopledger.errors import RegisterError
from tests.core.village import (
    FOUNDED,
    JUNE,
    MAY,
    NEXT_YEAR,
    PAPER,
    VOTE,
    Village,
    village,
)


def test_notice_of_three_months_ends_with_the_accounting_year() -> None:
    """农民专业合作社法 25: three months before the end of the accounting year, with which membership ends."""
    assert last_day(date(2026, 9, 30), 3) == date(2026, 12, 31)
    assert last_day(date(2026, 10, 1), 3) == date(2027, 12, 31)
    made = village(charter=SPECIALISED)
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01 without notice: notice is given 3 months"):
        made.do(leave("0042", effective_on=date(2027, 1, 1), reason="withdrawal"))
    made.do(give_notice("0042", effective_on=date(2026, 9, 30), documents=[PAPER]))
    with pytest.raises(
        RegisterError,
        match="the last day of membership is 2026-12-31: record the leaving on 2027-01-01, not on 2026-12-31",
    ):
        made.do(leave("0042", effective_on=date(2026, 12, 31), reason="withdrawal"))
    made.do(leave("0042", effective_on=date(2027, 1, 1), reason="withdrawal"))


@pytest.mark.parametrize("reason", ["withdrawal", "moved out", "joined another collective", "exclusion"])
def test_membership_ends_with_the_accounting_year(reason: str) -> None:
    """农民专业合作社法 25, 26."""
    made = village()
    made.do(give_notice("0042", effective_on=MAY))
    with pytest.raises(RegisterError, match=r"0042 leaves on 2027-05-01: .* on 2027-01-01 or 2028-01-01, not on 2027"):
        made.do(leave("0042", effective_on=date(2027, 5, 1), reason=reason))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason=reason))


@pytest.mark.parametrize(("reason", "asked"), [("moved out", True), ("exclusion", False), ("correction", False)])
def test_who_leaves_of_his_own_will_gives_notice_whatever_the_reason(reason: str, asked: bool) -> None:
    made = village()
    gone = leave("0042", effective_on=NEXT_YEAR, reason=reason)
    if asked:
        with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01 without notice"):
            made.do(gone)
    else:
        made.do(gone)


def test_a_dissolution_and_a_correction_have_any_day() -> None:
    made = village()
    made.do(leave("0042", effective_on=MAY, reason="dissolution"))
    made.do(leave("0043", effective_on=MAY, reason="correction"))
    now = roll(made.view, MAY).members
    assert [now[number].standing for number in ("0042", "0043")] == ["left", "left"]


def test_a_notice_does_not_outlive_the_membership() -> None:
    made = village()
    made.do(
        give_notice("0042", effective_on=MAY),
        leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"),
        change_members(["0042"], effective_on=date(2028, 1, 1), reason="resolution", standing="member"),
    )
    assert roll(made.view, date(2026, 12, 31)).members["0042"].notice_on == MAY
    assert roll(made.view).members["0042"].notice_on is None
    with pytest.raises(RegisterError, match="0042 leaves on 2029-01-01 without notice"):
        made.do(leave("0042", effective_on=date(2029, 1, 1), reason="withdrawal"))


def test_a_notice_is_taken_back() -> None:
    made = village()
    with pytest.raises(RegisterError, match="0042: no notice stands on 2026-05-01"):
        made.do(withdraw_notice("0042", effective_on=MAY))
    made.do(give_notice("0042", effective_on=MAY), withdraw_notice("0042", effective_on=JUNE, documents=[PAPER]))
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01 without notice"):
        made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))


@pytest.mark.parametrize(
    ("notice", "months", "ends"),
    [
        (date(2026, 12, 1), 18, date(2028, 12, 31)),
        (date(2026, 6, 30), 18, date(2027, 12, 31)),
        (date(2026, 1, 1), 12, date(2027, 12, 31)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_a_notice_of_many_months_ends_with_the_year_in_which_they_end(notice: date, months: int, ends: date) -> None:
    assert last_day(notice, months) == ends


@pytest.mark.parametrize("at_year_end", [True, False])
def test_a_notice_that_no_book_outlasts_is_refused(at_year_end: bool) -> None:
    assert last_day(date(2026, 1, 1), 12 * 973, at_year_end=at_year_end).year == 2999
    for months in (12 * 974, 99_999_999):
        with pytest.raises(
            RegisterError, match=f"a notice of {months} months, given on 2026-01-01, ends after 2999-12"
        ):
            last_day(date(2026, 1, 1), months, at_year_end=at_year_end)


def test_institutions_give_notice_of_six_months() -> None:
    """农民专业合作社法 25: enterprises, institutions and organisations six months."""
    made = village(charter=SPECIALISED)
    made.do(give_notice("0900", effective_on=date(2026, 7, 1)))
    with pytest.raises(RegisterError, match=r"notice is given 6 months .* the last day of membership is 2027-12-31"):
        made.do(leave("0900", effective_on=date(2027, 1, 1), reason="withdrawal"))


@pytest.mark.parametrize(
    ("notice", "months", "ends"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_a_charter_without_year_ends_counts_months(notice: date, months: int, ends: date) -> None:
    """民法典 202: where the month has no such day, the period ends on its last day."""
    assert last_day(notice, months, at_year_end=False) == ends


def test_a_notice_by_which_somebody_left_is_not_taken_back() -> None:
    """农民专业合作社法 25: the leaving would stand without notice."""
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01, by that notice: take the leaving back"):
        made.do(withdraw_notice("0042", effective_on=JUNE))
    made.do(change_members(["0042"], standing="member", effective_on=NEXT_YEAR, reason="correction"))
    made.do(withdraw_notice("0042", effective_on=JUNE))


def test_another_notice_does_not_take_the_place_of_the_one_by_which_somebody_left() -> None:
    """农民专业合作社法 25: the leaving would stand with a notice too late for it."""
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    late = give_notice("0042", effective_on=date(2026, 10, 1))
    with pytest.raises(
        RegisterError,
        match="0042 leaves on 2027-01-01, by the notice of 2026-05-01, and one of 2026-10-01 would come too late for "
        r"it: take the leaving back \(change_members, 'book change-member 0042 --standing member --reason correction "
        r"--on 2027-01-01'\) before another notice is recorded",
    ):
        made.do(late)
    for in_time in (FOUNDED, JUNE, date(2026, 9, 30)):
        made.do(give_notice("0042", effective_on=in_time))
    assert roll(made.view, date(2026, 12, 31)).members["0042"].notice_on == date(2026, 9, 30)
    with pytest.raises(RegisterError, match="by the notice of 2026-09-30, and one of 2026-10-01 would come too late"):
        made.do(late)
    made.do(change_members(["0042"], standing="member", effective_on=NEXT_YEAR, reason="correction"))
    made.do(late)


@pytest.mark.parametrize(("charter", "reason"), [(SPECIALISED, "exclusion"), (COLLECTIVE, "withdrawal")])
def test_a_notice_on_which_no_leaving_rests_is_recorded(charter: Charter, reason: str) -> None:
    made = village(charter=charter)
    made.do(give_notice("0042", effective_on=MAY))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason=reason))
    [record] = made.do(give_notice("0042", effective_on=date(2026, 10, 1)))
    assert record.effective_on == date(2026, 10, 1)


def test_a_leaving_that_had_no_notice_in_time_before_has_none_afterwards_either() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    made.do(change_charter(SPECIALISED, effective_on=MAY, resolution=VOTE))
    [record] = made.do(give_notice("0042", effective_on=date(2026, 10, 1)))
    assert record.effective_on == date(2026, 10, 1)


def test_a_notice_that_only_a_later_leaving_rests_on_is_kept_too() -> None:
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY))
    made.do(leave("0042", effective_on=date(2028, 1, 1), reason="withdrawal", keeps_shares=True))
    made.do(give_notice("0042", effective_on=date(2026, 10, 1)))
    with pytest.raises(RegisterError, match="0042 leaves on 2028-01-01, by the notice of 2026-10-01, and one of 2027"):
        made.do(give_notice("0042", effective_on=date(2027, 10, 1)))


def test_who_was_excluded_left_by_no_notice() -> None:
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="exclusion"))
    [record] = made.do(withdraw_notice("0042", effective_on=JUNE))
    assert record.effective_on == JUNE


def back_again(on: date = NEXT_YEAR) -> Decision:
    return change_members(["0042"], standing="member", effective_on=on, reason="correction")


def notice_of(made: Village, on: date | None = None) -> date | None:
    return roll(made.view, on).members["0042"].notice_on


@pytest.mark.parametrize("keeps_shares", [False, True])
def test_a_notice_stands_again_when_the_leaving_by_it_is_corrected(keeps_shares: bool) -> None:
    """He gave it and never took it back: by it he leaves, on the same day or a year later."""
    made = village(charter=SPECIALISED)
    gone = leave("0042", effective_on=NEXT_YEAR, reason="withdrawal", keeps_shares=keeps_shares)
    made.do(give_notice("0042", effective_on=MAY), gone)
    assert notice_of(made) is None
    made.do(back_again())
    assert notice_of(made) == MAY
    made.do(gone, back_again(), leave("0042", effective_on=date(2028, 1, 1), reason="withdrawal"))
    assert roll(made.view).members["0042"].standing == "left"


def test_who_gives_notice_again_after_a_corrected_leaving_leaves_by_it() -> None:
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY), leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    made.do(back_again(), give_notice("0042", effective_on=date(2026, 9, 30)))
    assert notice_of(made) == date(2026, 9, 30)
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    made.do(back_again(), give_notice("0042", effective_on=date(2027, 2, 1)))
    with pytest.raises(RegisterError, match="the last day of membership is 2027-12-31"):
        made.do(leave("0042", effective_on=date(2027, 6, 1), reason="withdrawal"))
    made.do(leave("0042", effective_on=date(2028, 1, 1), reason="withdrawal"))


def test_a_notice_that_is_taken_back_after_a_corrected_leaving_stands_no_more() -> None:
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY), leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    made.do(back_again(), withdraw_notice("0042", effective_on=JUNE))
    for day in (NEXT_YEAR, date(2028, 1, 1)):
        with pytest.raises(RegisterError, match=f"0042 leaves on {day} without notice"):
            made.do(leave("0042", effective_on=day, reason="withdrawal"))


def test_a_notice_stands_again_when_a_death_is_corrected_and_not_when_somebody_joins_anew() -> None:
    made = village(charter=SPECIALISED)
    made.do(give_notice("0042", effective_on=MAY), die("0042", effective_on=JUNE), back_again(JUNE))
    assert notice_of(made) == MAY
    anew = change_members(["0042"], standing="member", effective_on=date(2028, 1, 1), reason="resolution")
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"), anew, back_again(date(2028, 1, 2)))
    assert notice_of(made) is None
