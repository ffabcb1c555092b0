"""Extra votes: within the charter's limit, on every day."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.amendment import change_charter
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter, read_charter
from coopledger.core.extra_votes import votes_over
from coopledger.core.household import move
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.notice import give_notice
from coopledger.core.register_audit import audit_register
from coopledger.core.withdrawal import withdraw
from coopledger.errors import RegisterError
from tests.core.village import (
    JUNE,
    MAY,
    NEXT_YEAR,
    VOTE,
    Village,
    village,
)


def test_extra_votes_are_at_most_a_fifth_of_the_members_own() -> None:
    """农民专业合作社法 22."""
    made = village()  # seven members
    made.do(change_members(["0051"], effective_on=MAY, reason="contribution", extra_votes=1, resolution=VOTE))
    with pytest.raises(
        RegisterError,
        match=r"extra votes on 2026-05-01: 2; the charter allows at most 1 to 7 members \(农民专业合作社法 22\)",
    ):
        made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))


def test_backdated_extra_votes_are_counted_on_every_later_day() -> None:
    made = village()
    made.do(change_members(["0051"], effective_on=JUNE, reason="contribution", extra_votes=1))
    with pytest.raises(RegisterError, match="extra votes on 2026-06-01: 2; the charter allows at most 1 to 7"):
        made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))
    made.do(change_members(["0051"], effective_on=JUNE, reason="contribution", extra_votes=0))
    made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))


def test_extra_votes_by_another_law_do_not_cite_that_of_specialised_cooperatives() -> None:
    with pytest.raises(RegisterError, match=r"at most 0 to 7 members \(农村集体经济组织法\)"):
        village(charter=COLLECTIVE).do(change_members(["0052"], effective_on=MAY, reason="x", extra_votes=1))


def test_the_charter_is_read_once_however_many_members_change(monkeypatch: pytest.MonkeyPatch) -> None:
    made = village([], [Joiner(f"{n:04}") for n in range(1, 31)])
    for n in range(1, 31):
        made.do(change_members([f"{n:04}"], effective_on=MAY + timedelta(days=n), reason="resolution", groups=["old"]))
    made.do(change_members(["0001"], effective_on=MAY, reason="contribution", extra_votes=1))
    read: list[object] = []

    def reading(facts: Mapping[str, Any]) -> Charter:
        read.append(facts)
        return read_charter(facts)

    monkeypatch.setattr("coopledger.core.extra_votes.read_charter", reading, raising=False)
    monkeypatch.setattr("coopledger.core.charter.read_charter", reading)
    assert list(votes_over(made.view)) == []
    assert len(read) == 1


def five() -> Village:
    """Five members, of whom 0041 has the one extra vote that they may have."""
    made = village([], [Joiner("0041", household="17", head=True), *map(Joiner, ["0042", "0043", "0051", "0052"])])
    made.do(change_members(["0041"], effective_on=MAY, reason="contribution", extra_votes=1))
    return made


LOWER = change_members(["0041"], effective_on=NEXT_YEAR, reason="resolution", extra_votes=0)
REFUSED = (
    r"extra votes on 2027-01-01: 1; the charter allows at most 0 to 4 members \(农民专业合作社法 22\); lower those of "
    r"0041 from that day on \(change_members, 'book change-member --extra-votes'\)"
)


@pytest.mark.parametrize("reason", ["exclusion", "dissolution", "withdrawal"])
def test_nobody_leaves_while_too_many_extra_votes_would_stay(reason: str) -> None:
    """农民专业合作社法 22: of so many members fewer extra votes are a fifth."""
    made = five()
    made.do(give_notice("0042", effective_on=MAY))
    withdrawn = withdraw("0042", effective_on=NEXT_YEAR, reason=reason)
    for gone in (withdrawn, leave("0042", effective_on=NEXT_YEAR, reason=reason)):
        with pytest.raises(RegisterError, match=REFUSED):
            made.do(gone)
    made.do(in_turn(LOWER, withdrawn))
    assert audit_register(made.view) == []


def test_who_has_the_extra_votes_takes_them_along() -> None:
    made = five()
    made.do(admit(Joiner("0061"), effective_on=MAY, reason="joining"))
    made.do(leave("0041", effective_on=NEXT_YEAR, reason="exclusion"))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="exclusion"))
    assert audit_register(made.view) == []


def test_who_has_left_and_becomes_a_member_again_has_no_more_extra_votes_than_he_may() -> None:
    made = five()
    made.do(leave("0041", effective_on=NEXT_YEAR, reason="exclusion"))
    made.do(admit(Joiner("0061"), effective_on=NEXT_YEAR, reason="joining"))
    made.do(change_members(["0042"], effective_on=NEXT_YEAR, reason="contribution", extra_votes=1))
    again: dict[str, Any] = {"effective_on": NEXT_YEAR, "reason": "resolution", "standing": "member"}
    with pytest.raises(RegisterError, match="extra votes on 2027-01-01: 2; the charter allows at most 1 to 6 members"):
        made.do(change_members(["0041"], **again))
    made.do(change_members(["0041"], extra_votes=0, **again))
    assert audit_register(made.view) == []


def test_a_death_is_recorded_whatever_extra_votes_it_leaves_and_the_audit_tells_of_them() -> None:
    made = five()
    made.do(die("0042", effective_on=NEXT_YEAR))
    [problem] = audit_register(made.view)
    assert str(problem).startswith("votes: extra votes on 2027-01-01: 1; the charter allows at most 0 to 4 members")
    made.do(move(["0043"], to="17", effective_on=NEXT_YEAR, reason="adoption"))
    made.do(change_members(["0043"], effective_on=NEXT_YEAR, reason="list", groups=["poor"]))
    made.do(leave("0043", effective_on=NEXT_YEAR, reason="exclusion"))  # no vote more is too many by that
    with pytest.raises(
        RegisterError, match=r"extra votes on 2027-01-01: 2; .* lower those of 0041, 0051 from that day"
    ):
        made.do(change_members(["0051"], effective_on=NEXT_YEAR, reason="contribution", extra_votes=1))
    made.do(LOWER)
    assert audit_register(made.view) == []


def test_too_many_extra_votes_are_lowered_step_by_step() -> None:
    made = village(charter=SPECIALISED._replace(extra_votes=Fraction(1)))
    made.do(change_members(["0041"], effective_on=MAY, reason="contribution", extra_votes=7))
    for number in ("0042", "0043"):
        made.do(die(number, effective_on=JUNE))
    for votes in (6, 5):
        made.do(change_members(["0041"], effective_on=JUNE, reason="resolution", extra_votes=votes))
    with pytest.raises(RegisterError, match="extra votes on 2026-06-01: 6; the charter allows at most 5 to 5 members"):
        made.do(change_members(["0041"], effective_on=JUNE, reason="resolution", extra_votes=6))
    assert audit_register(made.view) == []


def test_a_charter_does_not_allow_fewer_extra_votes_than_there_are() -> None:
    made = five()
    fewer = SPECIALISED._replace(extra_votes=Fraction(1, 6))
    for on, day in ((NEXT_YEAR, "2027-01-01"), (JUNE, "2026-06-01")):
        with pytest.raises(RegisterError, match=f"extra votes on {day}: 1; the charter allows at most 0 to 5 members"):
            made.do(change_charter(fewer, effective_on=on, resolution=VOTE))
    made.do(in_turn(LOWER, change_charter(fewer, effective_on=NEXT_YEAR, resolution=VOTE)))
    with pytest.raises(RegisterError, match="extra votes on 2026-05-01: 1; the charter allows at most 0 to 5 members"):
        made.do(change_charter(fewer, effective_on=MAY, resolution=VOTE))
    assert audit_register(made.view) == []


def test_a_charter_may_change_otherwise_while_there_are_too_many_extra_votes() -> None:
    made = five()
    made.do(die("0042", effective_on=JUNE))
    made.do(change_charter(SPECIALISED._replace(notice_months=6), effective_on=NEXT_YEAR, resolution=VOTE))
    assert len(audit_register(made.view)) == 1


@pytest.mark.parametrize("votes", [-1, 1.0, True, "1"])
def test_extra_votes_are_a_whole_number(votes: object) -> None:
    with pytest.raises(RegisterError, match=r"extra votes .*: a whole number, 0 or more, is expected"):
        change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=votes)  # type: ignore[arg-type]
