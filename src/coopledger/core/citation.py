"""Citations: what a record rests on, documents by their fingerprint and resolutions by their votes.

A document is cited, never stored: its name, its pages, and the SHA-256 of its file say which paper it was.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.journal import LARGEST_QUANTITY, Entry, check_date, shown
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

MEETINGS = ("members", "representatives", "board", "supervisors", "villagers", "branch", "committees", "party")
"""The meetings that resolve. The cooperative's: members (成员大会), representatives (成员代表大会), board (理事会),
supervisors (监事会). The village's (四议两公开): villagers, party branch, the two committees, party members."""

MEETING_WORDS: Mapping[str, Message] = {
    "members": Message("meeting of the members"),
    "representatives": Message("meeting of the representatives"),
    "board": Message("the board"),
    "supervisors": Message("the supervisors"),
    "villagers": Message("meeting of the villagers"),
    "branch": Message("the party branch"),
    "committees": Message("the two committees"),
    "party": Message("meeting of the party members"),
}
"""What each of them is called."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SPAN = re.compile(r"(?P<first>[0-9]{1,6})(?:[-–](?P<last>[0-9]{1,6}))?")
"""A page, or some in a row, as vouchers count them."""


class Document(NamedTuple):
    """A paper that a record rests on: a contract, minutes, an appraisal, a scan.

    The name is the file's name in the folder of documents and says nothing about a person. ``pages`` are those that are
    meant, such as ``1-3,7``: a voucher counts them as its attachments.
    """

    name: str
    sha256: str
    pages: str = ""


class Resolution(NamedTuple):
    """What a meeting decided, with its votes: how many were entitled and present, voted for and against.

    ``meeting`` is one of :data:`MEETINGS`. All numbers count votes: who has two counts twice, who has none (a minor)
    not at all; a proxy is present. Which majority adopts what is the charter's to say.

    >>> Resolution("2026-3", "members", date(2026, 3, 1), entitled=300, present=240, votes_for=200).votes_against
    0
    """

    number: str
    meeting: str
    day: date
    entitled: int
    present: int
    votes_for: int
    votes_against: int = 0


def cited(documents: Iterable[Document] = (), resolution: Resolution | None = None) -> dict[str, Any]:
    """The facts that cite documents and a resolution: the keys ``documents`` and ``resolution``, where there are any.

    Raises RegisterError for a fingerprint that is none, pages that are none, an unknown meeting, and votes that are
    none or do not add up.

    >>> cited([Document("contract.pdf", "0" * 64, "1-3")])["documents"][0]["pages"]
    '1-3'
    """
    facts: dict[str, Any] = {}
    if papers := _documents(documents):
        facts["documents"] = papers
    if resolution is not None:
        facts["resolution"] = _resolution(resolution)
    return facts


def check_taken(entry: Entry) -> None:
    """Raise RegisterError if an entry cites a resolution that is not taken yet on the day on which it is booked.

    What counts from an earlier day is legitimate: a late ruling.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), entitled=300, present=240, votes_for=200)
    >>> check_taken(Entry("ruling", date(2017, 1, 1), date(2026, 3, 1), cited(resolution=vote)))
    >>> check_taken(Entry("ruling", date(2017, 1, 1), date(2026, 2, 28), cited(resolution=vote)))
    Traceback (most recent call last):
    coopledger.errors.RegisterError: resolution 2026-3 of 2026-03-01 is not taken yet on 2026-02-28, on which this is
    booked: what counts from an earlier day is booked on the day of its resolution or later
    """
    said = _resolution_in(entry)
    if said and said["day"] > entry.booked_on.isoformat():
        raise RegisterError(
            Message(
                "resolution {number} of {day} is not taken yet on {booked}, on which this is booked: what counts "
                "from an earlier day is booked on the day of its resolution or later",
                number=printable(said["number"]),
                day=said["day"],
                booked=entry.booked_on,
            ),
            about=["booked_on"],
        )


def _resolution_in(one: Entry) -> Mapping[str, Any]:
    """The resolution that facts cite, as :func:`cited` says it; nothing where there is none, or another's own."""
    said = one.facts.get("resolution")
    if said is None:  # most entries cite none, and the question below is slow
        return {}
    if not isinstance(said, Mapping) or said.keys() != {*Resolution._fields}:
        return {}
    return said if all(isinstance(said[name], str) for name in ("number", "meeting", "day")) else {}


def _documents(seen: Iterable[Document]) -> list[dict[str, str]]:
    """The documents, if they are a list of such. One by itself, or a name, would be taken for a list."""
    is_list = isinstance(seen, Iterable) and type(seen) not in {str, Document}
    rows = tuple(seen) if is_list else ()
    if not is_list or not {*map(type, rows)} <= {Document}:
        wrong = next((one for one in rows if type(one) is not Document), seen)
        raise RegisterError(
            Message("documents: {seen}: a list of Document is expected, as cite makes them of files", seen=shown(wrong))
        )
    return [_document(one) for one in rows]


def _document(one: Document) -> dict[str, str]:
    if not all(isinstance(said, str) for said in one) or not one.name.strip() or not _SHA256.fullmatch(one.sha256):
        raise RegisterError(
            Message(
                "document {name}: {seen}: a name, a SHA-256 of 64 hexadecimal digits and pages as text are expected",
                name=shown(one.name),
                seen=shown(one.sha256),
            )
        )
    if one.pages:
        _check_pages(one)
    return {"name": one.name, "sha256": one.sha256, **({"pages": one.pages} if one.pages else {})}


def _check_pages(one: Document) -> None:
    """Raise RegisterError for what no voucher could count as pages."""
    for said in one.pages.split(","):
        span = _SPAN.fullmatch(said.strip())
        if span is None or int(span["first"]) < 1:
            raise RegisterError(
                Message(
                    "document {name}: pages {seen}: page numbers from 1 on are expected, such as 7 or 1-3,7",
                    name=printable(one.name),
                    seen=shown(one.pages),
                )
            )
        if int(span["last"] or span["first"]) < int(span["first"]):
            raise RegisterError(
                Message(
                    "document {name}: pages {seen}: the first page is expected before the last",
                    name=printable(one.name),
                    seen=printable(one.pages),
                )
            )


def _resolution(one: Resolution) -> dict[str, Any]:
    if not isinstance(one, Resolution) or not isinstance(one.number, str) or not one.number.strip():
        raise RegisterError(Message("resolution: {seen}: a Resolution with its number is expected", seen=shown(one)))
    check_date(one.day)
    if any(type(votes) is not int or abs(votes) > LARGEST_QUANTITY for votes in one[3:]):
        raise RegisterError(
            Message(
                "resolution {number}: votes {seen}: whole numbers are expected",
                number=printable(one.number),
                seen=shown(one[3:]),
            )
        )
    if one.meeting not in MEETINGS:
        raise RegisterError(
            Message(
                "resolution {number}: {seen}: one of the meetings {known} is expected",
                number=printable(one.number),
                seen=shown(one.meeting),
                known=list(MEETINGS),
            )
        )
    voted = one.votes_for + one.votes_against
    if not 0 <= voted <= one.present <= one.entitled or min(one.votes_for, one.votes_against) < 0:
        raise RegisterError(
            Message(
                "resolution {number}: {votes_for} for and {votes_against} against, {present} present, {entitled} "
                "entitled: no more votes than are present, no more present than entitled",
                number=printable(one.number),
                votes_for=one.votes_for,
                votes_against=one.votes_against,
                present=one.present,
                entitled=one.entitled,
            )
        )
    return {**one._asdict(), "day": one.day.isoformat()}
