"""Citations: a document by its fingerprint, a resolution by its votes."""

from typing import Any

import pytest

from coopledger.core.citation import Document, Resolution
from coopledger.core.journal import Entry
from coopledger.core.movement import issue
from coopledger.errors import EntryError, RegisterError
from tests.core.village import FOUNDED, JUNE, MAY, village


@pytest.mark.parametrize("document", [Document("", "ab" * 32), Document("minutes.pdf", "AB" * 32)])
def test_a_document_has_a_name_and_a_fingerprint(document: Document) -> None:
    with pytest.raises(RegisterError, match="a SHA-256 of 64 hexadecimal digits"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, documents=[document])


PAPER: Any = Document("minutes.pdf", "ab" * 32)
VOTE: Any = Resolution("1", "members", FOUNDED, entitled=10, present=8, votes_for=7)


@pytest.mark.parametrize(
    ("documents", "said"),
    [
        (PAPER, "documents: Document.*: a list of Document is expected"),
        ("minutes.pdf", "documents: 'minutes.pdf': a list of Document is expected"),
        (["minutes.pdf"], "documents: 'minutes.pdf': a list of Document is expected, as cite makes them"),
        ([PAPER._replace(name=5)], "document 5: .* and pages as text are expected"),
        ([PAPER._replace(sha256=5)], "document 'minutes.pdf': 5: a name"),
        ([PAPER._replace(pages=5)], "pages as text are expected"),
        ([PAPER._replace(pages="0")], "minutes.pdf: pages '0': page numbers from 1 on are expected, such as 7 or 1-3"),
        ([PAPER._replace(pages="x")], "pages 'x': page numbers from 1 on"),
        ([PAPER._replace(pages="1-3,")], "pages '1-3,': page numbers from 1 on"),
        ([PAPER._replace(pages="1-3,7-6")], "pages 1-3,7-6: the first page is expected before the last"),
        ([PAPER._replace(pages="1-" + "9" * 5000)], "pages '1-999.*: page numbers from 1 on"),
    ],
)
def test_documents_are_cited_as_such(documents: object, said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        issue("land", to="17", shares=1, effective_on=FOUNDED, documents=documents)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("resolution", "said"),
    [
        ("2026-1", "resolution: '2026-1': a Resolution with its number is expected"),
        (VOTE._replace(number=5), "a Resolution with its number is expected"),
        (VOTE._replace(number=" "), "a Resolution with its number is expected"),
        (VOTE._replace(day="2026-01-01"), "'2026-01-01': a date is expected"),
        (VOTE._replace(entitled="10"), r"resolution 1: votes \('10', 8, 7, 0\): whole numbers are expected"),
        (VOTE._replace(meeting=5), "resolution 1: 5: one of the meetings"),
        (VOTE._replace(votes_for=-(10**5000)), "resolution 1: votes tuple: whole numbers are expected"),
        (VOTE._replace(entitled=10**5000), "resolution 1: votes tuple: whole numbers are expected"),
    ],
)
def test_a_resolution_is_cited_as_such(resolution: object, said: str) -> None:
    with pytest.raises((RegisterError, EntryError), match=said):
        issue("land", to="17", shares=1, effective_on=FOUNDED, resolution=resolution)  # type: ignore[arg-type]


def test_a_meeting_is_one_that_resolves() -> None:
    vote = Resolution("1", "branch of the moon", FOUNDED, entitled=10, present=8, votes_for=7)
    with pytest.raises(
        RegisterError, match="'branch of the moon': one of the meetings members, representatives, board"
    ):
        issue("land", to="17", shares=1, effective_on=FOUNDED, resolution=vote)


@pytest.mark.parametrize(
    "vote",
    [
        Resolution("1", "members", FOUNDED, entitled=10, present=11, votes_for=5),
        Resolution("1", "members", FOUNDED, entitled=10, present=8, votes_for=7, votes_against=2),
        Resolution("1", "members", FOUNDED, entitled=10, present=8, votes_for=7, votes_against=-2),
    ],
)
def test_votes_that_do_not_add_up_are_refused(vote: Resolution) -> None:
    with pytest.raises(RegisterError, match="no more votes than are present"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, resolution=vote)


def test_a_decision_is_cited_from_the_day_on_which_it_was_taken() -> None:
    made = village()
    late: Any = {"to": "17", "shares": 1, "reason": "ruling", "resolution": VOTE._replace(day=JUNE)}
    with pytest.raises(RegisterError, match="resolution 1 of 2026-06-01 is not taken yet on 2026-05-01") as refused:
        made.do(issue("land", effective_on=MAY, **late))
    assert refused.value.about == ("booked_on",)
    made.do(issue("land", effective_on=MAY, booked_on=JUNE, **late))


def test_what_others_say_of_resolutions_of_their_own_is_theirs() -> None:
    made = village()
    for said in ("2026-1", {"number": 1}, {**VOTE._asdict(), "day": 20260101}):
        [record] = made.do(Entry("minutes", MAY, MAY, {"resolution": said}))
        assert record.facts["resolution"] == said
