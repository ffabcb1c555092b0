"""Extra votes: within the charter's limit, on every day."""

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.member import change_members
from coopledger.errors import RegisterError
from tests.core.village import (
    JUNE,
    MAY,
    VOTE,
    village,
)


def test_extra_votes_are_at_most_a_fifth_of_the_members_own() -> None:
    """农民专业合作社法 22."""
    made = village()  # seven members
    made.do(change_members(["0051"], effective_on=MAY, reason="contribution", extra_votes=1, resolution=VOTE))
    with pytest.raises(
        RegisterError,
        match=r"2 extra votes on 2026-05-01: the charter allows at most 1 to 7 members \(农民专业合作社法 22\)",
    ):
        made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))


def test_backdated_extra_votes_are_counted_on_every_later_day() -> None:
    made = village()
    made.do(change_members(["0051"], effective_on=JUNE, reason="contribution", extra_votes=1))
    with pytest.raises(RegisterError, match="2 extra votes on 2026-06-01: the charter allows at most 1 to 7"):
        made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))
    made.do(change_members(["0051"], effective_on=JUNE, reason="contribution", extra_votes=0))
    made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))


def test_extra_votes_by_another_law_do_not_cite_that_of_specialised_cooperatives() -> None:
    with pytest.raises(RegisterError, match=r"at most 0 to 7 members \(农村集体经济组织法\)"):
        village(charter=COLLECTIVE).do(change_members(["0052"], effective_on=MAY, reason="x", extra_votes=1))


@pytest.mark.parametrize("votes", [-1, 1.0, True, "1"])
def test_extra_votes_are_a_whole_number(votes: object) -> None:
    with pytest.raises(RegisterError, match=r"extra votes .*: a whole number, 0 or more, is expected"):
        change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=votes)  # type: ignore[arg-type]
