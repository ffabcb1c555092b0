"""Citations: a document by its fingerprint, a resolution by its votes."""

import pytest

from coopledger.core.citation import Document, Resolution
from coopledger.core.movement import issue
from coopledger.errors import RegisterError
from tests.core.village import FOUNDED


@pytest.mark.parametrize("document", [Document("", "ab" * 32), Document("minutes.pdf", "AB" * 32)])
def test_a_document_has_a_name_and_a_fingerprint(document: Document) -> None:
    with pytest.raises(RegisterError, match="a SHA-256 of 64 hexadecimal digits"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, documents=[document])


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
