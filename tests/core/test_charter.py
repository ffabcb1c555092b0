"""The charter: a book is founded once, and its policies change from a day on."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.amendment import change_charter
from coopledger.core.charter import (
    COLLECTIVE,
    SPECIALISED,
    Charter,
    Matter,
    book,
    check_adopted,
    check_carried,
    found,
)
from coopledger.core.citation import Resolution, cited
from coopledger.core.member import Joiner, admit, leave
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.village import FOUNDED, MAY, VOTE, empty, village


def test_the_book_must_be_founded_by_then() -> None:
    made = empty()
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31"):
        made.do(admit(Joiner("0070"), effective_on=date(2025, 12, 31)))


def test_a_book_has_the_name_of_its_cooperative() -> None:
    with pytest.raises(RegisterError, match="' ': a name of the cooperative is expected"):
        MemoryJournal("hill").append(found(" ", effective_on=FOUNDED), key="founding", actor="accountant")


def test_a_book_that_is_not_founded_has_no_policies_to_change() -> None:
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31"):
        empty().do(change_charter(COLLECTIVE, effective_on=date(2025, 12, 31), resolution=VOTE))


def test_a_book_is_founded_once() -> None:
    with pytest.raises(RegisterError, match="this book is founded already: it is 示例村合作社's"):
        empty().do(found("示例村合作社", effective_on=FOUNDED))


def test_a_change_of_the_charter_changes_something() -> None:
    made = village(charter=COLLECTIVE)
    with pytest.raises(RegisterError, match="nothing is changed: the charter says so on 2026-05-01 already"):
        made.do(change_charter(COLLECTIVE, name="示例村合作社", effective_on=MAY, resolution=VOTE))
    made.do(change_charter(COLLECTIVE, name="新示例村合作社", effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match="nothing is changed"):
        made.do(change_charter(COLLECTIVE, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match="5: a name of the cooperative is expected"):
        change_charter(COLLECTIVE, name=5, effective_on=MAY, resolution=VOTE)  # type: ignore[arg-type]


def test_who_asks_of_a_day_before_the_founding_is_told_when_it_was() -> None:
    made = village()
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31, but on 2026-01-01: ask as of that"):
        book(made.view, date(2025, 12, 31))


def test_who_asks_of_a_book_as_known_before_its_founding_is_told_so() -> None:
    made = empty()
    for known, said in (
        (0, "the book has no records, or had none when"),
        (1, "up to record 1 the book is not founded"),
    ):
        with made.journal.read(known) as view, pytest.raises(RegisterError, match=said):
            book(view, FOUNDED)


def test_the_charter_changes_from_a_day_on() -> None:
    made = village(charter=COLLECTIVE)
    charter = COLLECTIVE._replace(notice_months=1, extra_votes=Fraction(1, 10))
    made.do(change_charter(charter, name="新示例村合作社", effective_on=MAY, resolution=VOTE))
    assert (book(made.view, FOUNDED).name, book(made.view, MAY).name) == ("示例村合作社", "新示例村合作社")
    made.do(leave("0042", effective_on=date(2026, 4, 1), reason="withdrawal"))
    with pytest.raises(RegisterError, match="notice is given 1 months"):
        made.do(leave("0043", effective_on=MAY, reason="withdrawal"))


@pytest.mark.parametrize(
    ("charter", "matter", "vote", "refusal"),
    [
        # 农村集体经济组织法 27, 28: of 240 entitled 160 are present and 160 for it, of 241 it is 161
        (COLLECTIVE, "other", (240, 160, 160), None),
        (COLLECTIVE, "other", (240, 159, 159), "159 votes are present; 160 of 240 are needed"),
        (COLLECTIVE, "other", (240, 240, 159), "159 votes for it; 160 of 240 are needed"),
        (COLLECTIVE, "other", (241, 160, 160), "160 votes are present; 161 of 241 are needed"),
        (COLLECTIVE, "charter", (300, 200, 200), None),
        # 农民专业合作社法 30: more than half of all votes, two thirds for the charter
        (SPECIALISED, "shares", (300, 200, 151), None),
        (SPECIALISED, "shares", (300, 200, 150), "150 votes for it; 151 of 300 are needed"),
        (SPECIALISED, "charter", (300, 200, 199), "199 votes for it; 200 of 300 are needed"),
        (SPECIALISED, "charter", (300, 200, 200), None),
        (SPECIALISED._replace(majority=Fraction(1)), "other", (3, 3, 2), "2 votes for it; 3 of 3 are needed"),
        (SPECIALISED, "other", (0, 0, 0), "nobody is entitled to vote: nothing is adopted by no votes"),
    ],
)
def test_a_resolution_needs_its_quorum_and_its_majority_of_all(
    charter: Charter, matter: Matter, vote: tuple[int, int, int], refusal: str | None
) -> None:
    entitled, present, votes_for = vote
    one = Resolution("2026-1", "members", FOUNDED, entitled, present, votes_for)
    if refusal is None:
        check_adopted(one, charter, matter)
    else:
        with pytest.raises(RegisterError, match=f"resolution 2026-1: {refusal} .{charter.law}"):
            check_adopted(one, charter, matter)


@pytest.mark.parametrize("meeting", ["branch", "committees", "party"])
def test_a_meeting_in_which_nobody_is_entitled_to_vote_carries_nothing(meeting: str) -> None:
    with pytest.raises(RegisterError, match="resolution 2026-1: nobody is entitled to vote"):
        check_carried(Resolution("2026-1", meeting, FOUNDED, 0, 0, 0), meeting)


@pytest.mark.parametrize("votes", [(40, 41, 20, 0), (40, 40, 41, 0), (40, 40, 21, 20), (40, 20, 21, 0)])
def test_votes_that_contradict_one_another_are_refused_whatever_the_resolution_is_for(
    votes: tuple[int, int, int, int],
) -> None:
    with pytest.raises(RegisterError, match="no more votes than are present, no more present than entitled"):
        cited(resolution=Resolution("2026-1", "party", FOUNDED, *votes))


def test_representatives_do_not_decide_on_the_charter_and_shares_of_a_collective() -> None:
    vote = VOTE._replace(meeting="representatives")
    check_adopted(vote, COLLECTIVE, "other")
    check_adopted(vote, SPECIALISED, "charter")
    matters: tuple[Matter, ...] = ("charter", "shares")
    for matter in matters:
        with pytest.raises(RegisterError, match="the meeting representatives; one of members is expected"):
            check_adopted(vote, COLLECTIVE, matter)
    with pytest.raises(RegisterError, match="the meeting board; one of members, representatives is expected"):
        check_adopted(VOTE._replace(meeting="board"), COLLECTIVE, "other")


def test_the_charter_is_changed_by_the_majority_that_it_asked_for_so_far() -> None:
    made = village(charter=COLLECTIVE)
    lower = COLLECTIVE._replace(charter_majority=Fraction(1, 2))
    half = VOTE._replace(votes_for=160)
    with pytest.raises(RegisterError, match="160 votes for it; 200 of 300 are needed"):
        made.do(change_charter(lower, effective_on=MAY, resolution=half))
    made.do(change_charter(lower, effective_on=MAY, resolution=VOTE))
    assert book(made.view, MAY).charter == lower
    with pytest.raises(RegisterError, match="200 of 300 are needed"):
        made.do(change_charter(COLLECTIVE, effective_on=FOUNDED, resolution=half))
    made.do(change_charter(COLLECTIVE, effective_on=MAY, resolution=half._replace(number="2026-2")))


@pytest.mark.parametrize(
    ("charter", "refusal"),
    [
        (COLLECTIVE._replace(majority=Fraction(2, 5)), "majority = 2/5: a Fraction from 1/2 to 1 is expected"),
        (COLLECTIVE._replace(charter_majority=Fraction(3, 2)), "charter_majority = 3/2: a Fraction from 1/2 to 1"),
        (COLLECTIVE._replace(quorum=Fraction(-1, 3)), "quorum = -1/3: a Fraction from 0 to 1"),
        (COLLECTIVE._replace(extra_votes=Fraction(2)), "extra_votes = 2: a Fraction from 0 to 1"),
        (COLLECTIVE._replace(quorum=0.7), "quorum = 0.7: a Fraction from 0 to 1"),  # type: ignore[arg-type]
        (COLLECTIVE._replace(quorum="2/3"), "quorum = '2/3': a Fraction from 0 to 1"),  # type: ignore[arg-type]
        (COLLECTIVE._replace(notice_months=10**8), "notice_months = 100000000: a whole number from 0 to 120"),
        (COLLECTIVE._replace(notice_months_institution="3"), "_institution = '3': a whole"),  # type: ignore[arg-type]
        (COLLECTIVE._replace(votes="both"), "votes = 'both': one of member, share"),  # type: ignore[arg-type]
        (COLLECTIVE._replace(ends_at_year_end=1), "ends_at_year_end = 1: True or False"),  # type: ignore[arg-type]
        (COLLECTIVE._replace(law=5), "law = 5: a text"),  # type: ignore[arg-type]
        ("collective", "'collective': a Charter is expected, such as COLLECTIVE"),
    ],
)
def test_a_part_of_the_votes_is_one(charter: Charter, refusal: str) -> None:
    with pytest.raises(RegisterError, match=refusal):
        found("示例村合作社", charter, effective_on=FOUNDED)
    with pytest.raises(RegisterError, match=refusal):
        change_charter(charter, effective_on=MAY, resolution=VOTE)
