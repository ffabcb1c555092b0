"""The charter: whose book it is, and the policies that its rules of membership follow.

A policy is a presetting of a law and belongs to the book: it can be changed from a day on, with a resolution.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import OPENING, Account, Denomination, opening
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import TRANSIT, Decision, Entry, View, shown
from coopledger.core.lawful import LAWS, check_lawful
from coopledger.core.timeline import Change, Timeline, state, timeline
from coopledger.core.waterfall import Waterfall, plain_waterfall, read_waterfall
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message, printable

BOOK = "book"
"""The kind of records that found a book or change its policies."""

HOLDER, UNISSUED, POOL = "holder", "unissued", "holder/pool"
"""Where shares stand: with holders (``holder/0042``), not issued yet, in the pool of those eligible on the day."""

MU = Denomination("mu", "亩", 2)
"""Land, in hundredths of a mu: a memo unit, so that land without a value is held as well."""


Matter = Literal["charter", "shares", "other"]
"""What a meeting adopts: the charter; who is a member and what is quantified as shares; anything else."""

Steps = Literal["plain", "four deliberations"]

FOUR: Steps = "four deliberations"
"""四议两公开一监督: the party branch proposes, the two committees discuss, the party members deliberate, the members'
meeting or their representatives decide; the decision and its result are made public; the village's supervisory
committee supervises (村民委员会组织法 32)."""


class Charter(NamedTuple):
    """The policies of a book.

    - ``notice_months``, ``notice_months_institution``: how long before the day on which membership ends notice is
      given;
    - ``ends_at_year_end``: membership ends with the accounting year, and not on any day;
    - ``votes``: one vote each member, or one each whole share of a voting class;
    - ``extra_votes``: at most this part of the members' own votes may be given to some on top;
    - ``quorum``: at least this part of all votes must be present at a meeting;
    - ``majority``: at least this part of *all* votes, present or not, adopts a resolution; always more than half;
    - ``charter_majority``: the same for a change of the charter;
    - ``members_only``: representatives decide neither on the charter nor on what is quantified as shares;
    - ``disclosure_days``: for so many days a distribution lies open to all before it is decided on;
    - ``lapse_years``: what nobody came for lapses after so many years; 0 if never;
    - ``waterfall``: the steps that a year's surplus runs through; None if the charter states none.
    - ``steps``: what a dividend run has to go through: it is proposed, disclosed, approved, declared (``plain``), or
      all the ``four deliberations`` (:data:`FOUR`).
    """

    law: str
    notice_months: int = 0
    notice_months_institution: int = 0
    ends_at_year_end: bool = False
    votes: Literal["member", "share"] = "member"
    extra_votes: Fraction = Fraction(0)
    quorum: Fraction = Fraction(2, 3)
    majority: Fraction = Fraction(1, 2)
    charter_majority: Fraction = Fraction(2, 3)
    members_only: bool = False
    disclosure_days: int = 0
    lapse_years: int = 0
    waterfall: Waterfall | None = None
    steps: Steps = "plain"


SPECIALISED = Charter("农民专业合作社法", 3, 6, ends_at_year_end=True, extra_votes=Fraction(1, 5), disclosure_days=15)
"""农民专业合作社法 22 (extra votes at most 20 %), 25 (notice of three months, institutions six, before the end of the
accounting year, with which membership ends), 30 (two thirds present; more than half of all votes, two thirds for the
charter) and 40 (a distribution lies open fifteen days before the meeting)."""

COLLECTIVE = Charter("农村集体经济组织法", majority=Fraction(2, 3), members_only=True, disclosure_days=10)
"""农村集体经济组织法 26–28: one member, one vote; two thirds present, two thirds of all for every resolution; the
charter, membership and quantification belong to the members' own meeting; 45–46: a distribution lies open ten days
before it. It sets no notice for leaving."""

_LONGEST_NOTICE = 120  # months
_LONGEST_DISCLOSURE = 366  # days
_LONGEST_CLAIM = 100  # years
_PARTS = ("extra_votes", "quorum", "majority", "charter_majority")


class Book(NamedTuple):
    """A cooperative's book: its name, its charter."""

    name: str
    charter: Charter


def check_adopted(resolution: Resolution, charter: Charter, matter: Matter = "other") -> None:
    """Raise RegisterError if a resolution was not adopted as the charter asks: by which meeting, quorum, majority.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), entitled=240, present=180, votes_for=160)
    >>> check_adopted(vote, COLLECTIVE, "shares")
    >>> check_adopted(vote._replace(votes_for=159), COLLECTIVE, "shares")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: resolution 2026-3: 159 votes for it; 160 of 240 are needed (农村集体经济组织法)
    """
    _check_meeting(resolution)
    entitled = resolution.entitled
    part = charter.charter_majority if matter == "charter" else charter.majority
    _check_votes(
        resolution,
        ["members"] if charter.members_only and matter != "other" else ["members", "representatives"],
        charter.law,
        present=ceil(charter.quorum * entitled),
        votes_for=max(ceil(part * entitled), entitled // 2 + 1),
        of=entitled,
    )


def check_carried(resolution: Resolution, meeting: str) -> None:
    """Raise RegisterError if one of the first three of the four deliberations was not carried by its own meeting.

    More than half of those entitled are present, and more than half of those present vote for it. Provinces and
    villages may ask for more; that is theirs to see to.

    >>> party = Resolution("2026-1", "party", date(2026, 1, 8), entitled=40, present=21, votes_for=11)
    >>> check_carried(party, "party")
    >>> check_carried(party._replace(votes_for=10), "party")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: resolution 2026-1: 10 votes for it; 11 of 21 are needed (四议两公开)
    """
    _check_meeting(resolution)
    _check_votes(
        resolution,
        [meeting],
        "四议两公开",
        present=resolution.entitled // 2 + 1,
        votes_for=resolution.present // 2 + 1,
        of=resolution.present,
    )


def _check_meeting(seen: object) -> None:
    """Raise RegisterError for what is no resolution."""
    if not isinstance(seen, Resolution):
        raise RegisterError(Message("resolution: {seen}: a Resolution with its number is expected", seen=shown(seen)))


def _check_votes(
    resolution: Resolution, meetings: list[str], law: str, *, present: int, votes_for: int, of: int
) -> None:
    """Raise RegisterError for another meeting, fewer votes present, or fewer for it ``of`` those that count."""
    said: dict[str, Any] = {"number": printable(resolution.number), "law": law}
    if resolution.meeting not in meetings:
        raise RegisterError(
            Message(
                "resolution {number}: adopted by the meeting {seen}; one of {known} is expected ({law})",
                seen=printable(resolution.meeting),
                known=meetings,
                **said,
            )
        )
    if not resolution.entitled:
        raise RegisterError(
            Message("resolution {number}: nobody is entitled to vote: nothing is adopted by no votes ({law})", **said)
        )
    if resolution.present < present:
        raise RegisterError(
            Message(
                "resolution {number}: {seen} votes are present; {needed} of {entitled} are needed ({law})",
                seen=resolution.present,
                needed=present,
                entitled=resolution.entitled,
                **said,
            )
        )
    if resolution.votes_for < votes_for:
        raise RegisterError(
            Message(
                "resolution {number}: {seen} votes for it; {needed} of {entitled} are needed ({law})",
                seen=resolution.votes_for,
                needed=votes_for,
                entitled=of,
                **said,
            )
        )


def found(
    name: str,
    charter: Charter = SPECIALISED,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Found a book: open the register's accounts and mu of land, and say whose book it is.

    Money and its accounts are opened with a chart (:func:`~coopledger.core.chart.adopt`). Raises RegisterError if the
    book is founded already, the name is empty, or a policy of the charter cannot be meant.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> founding = found("示例村股份经济合作社", COLLECTIVE, effective_on=date(2026, 1, 1))
    >>> [one.kind for one in journal.append(founding, key="founding", actor="accountant")]
    ['opening', 'book']
    >>> with journal.read() as view:
    ...     book(view).charter.law
    '农村集体经济组织法'
    """
    fields = {"name": name, "charter": plain_charter(charter)}
    own = [
        Account(HOLDER, "股东持有", "debit"),
        Account(UNISSUED, "未发行股份"),
        Account(TRANSIT, "过渡"),
    ]
    opened = opening([MU], own)
    booked_on = booked_on or effective_on
    facts = {"set": fields, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        checked_name(name)
        if next(view.records(BOOK), None) is not None:
            raise RegisterError(Message("this book is founded already: it is {name}'s", name=book(view).name))
        return [Entry(OPENING, effective_on, booked_on, opened), Entry(BOOK, effective_on, booked_on, facts)]

    return decide


def book(view: View, on: date | None = None) -> Book:
    """Whose book it is, and its charter as of a day. Raises RegisterError if it was not founded by then.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append(found("示例村合作社", effective_on=day), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     book(view).name, book(view).charter.notice_months
    ('示例村合作社', 3)
    """
    changes = timeline(Change(one.effective_on, one.seq, one.facts["set"]) for one in view.records(BOOK))
    fields: dict[str, Any] = state(changes, on)
    if "name" not in fields or "charter" not in fields:
        raise _not_founded(view, changes, on)
    return Book(fields["name"], read_charter(fields["charter"]))


def read_charter(facts: Mapping[str, Any]) -> Charter:
    """The charter that a record's facts describe. Raises RegisterError for a policy that cannot be meant."""
    exact: dict[str, Any] = {part: Fraction(facts[part]) for part in _PARTS}
    if facts.get("waterfall") is not None:
        exact["waterfall"] = read_waterfall(facts["waterfall"])
    found = Charter(**{**facts, **exact})
    check_charter(found)
    return found


def check_waterfall(charter: Charter) -> list[Problem]:
    """Every rule of its law that a charter's waterfall breaks, each with its article.

    The law is the one that the charter names, a province's where it names that; of another nothing is known here. What
    breaks a rule is told, and not refused: a book says what the members resolved, also when that has to be mended.

    >>> from coopledger.core.waterfall import Step, share
    >>> all_to_members = Waterfall([Step("members", "dividend", share("100%", "left"), by="class land")])
    >>> [one.message.template for one in check_waterfall(COLLECTIVE._replace(waterfall=all_to_members))]
    ['no step covers losses of earlier years ({source})', 'neither reserve nor welfare fund is taken ({source})']
    """
    plain_charter(charter)
    law = LAWS.get(charter.law)
    return [] if charter.waterfall is None or law is None else check_lawful(charter.waterfall, law)


def holder_of(account: str) -> str:
    """The number of the holder in whose account, or a part of it, shares stand; empty for any other account.

    >>> holder_of("holder/0042/pledged"), holder_of("unissued")
    ('0042', '')
    """
    root, _, rest = account.partition("/")
    return rest.partition("/")[0] if root == HOLDER else ""


def check_charter(charter: Charter) -> None:
    """Raise RegisterError for a policy that cannot be meant.

    >>> check_charter(SPECIALISED._replace(notice_months=-1))
    Traceback (most recent call last):
    coopledger.errors.RegisterError: charter: notice_months = -1: a whole number from 0 to 120 is expected
    """
    for name, seen in charter._asdict().items():
        accepted, fits = _POLICIES[name]
        if not fits(seen):
            raise RegisterError(
                Message(
                    "charter: {name} = {seen}: {accepted} is expected",
                    name=name,
                    seen=seen if type(seen) is Fraction else shown(seen),
                    accepted=accepted,
                )
            )


def _part(least: Fraction) -> tuple[Message, Callable[[object], bool]]:
    accepted = Message("a Fraction from {least} to 1", least=least)
    return accepted, lambda seen: type(seen) in {Fraction, int} and least <= seen <= 1


def _count(most: int) -> tuple[Message, Callable[[object], bool]]:
    return Message("a whole number from 0 to {most}", most=most), lambda seen: type(seen) is int and 0 <= seen <= most


_MONTHS = _count(_LONGEST_NOTICE)
_FLAG = (Message("True or False"), lambda seen: isinstance(seen, bool))
_POLICIES: Mapping[str, tuple[Message, Callable[[Any], bool]]] = {
    "law": (Message("a text"), lambda seen: isinstance(seen, str)),
    "notice_months": _MONTHS,
    "notice_months_institution": _MONTHS,
    "ends_at_year_end": _FLAG,
    "votes": (Message("one of {known}", known=("member", "share")), lambda seen: seen in ("member", "share")),
    "extra_votes": _part(Fraction(0)),
    "quorum": _part(Fraction(0)),
    "majority": _part(Fraction(1, 2)),
    "charter_majority": _part(Fraction(1, 2)),
    "members_only": _FLAG,
    "disclosure_days": _count(_LONGEST_DISCLOSURE),
    "lapse_years": _count(_LONGEST_CLAIM),
    "waterfall": (Message("a Waterfall, or None"), lambda seen: seen is None or isinstance(seen, Waterfall)),
    "steps": (Message("one of {known}", known=get_args(Steps)), lambda seen: seen in get_args(Steps)),
}
"""What each policy can be, in words and as a question."""


def _not_founded(view: View, changes: Timeline, on: date | None) -> RegisterError:
    """Why there is no book on a day: it was founded later, or what was known then has no founding."""
    founded = [one.effective_on for one in changes if "name" in one.fields]
    if founded and on is not None:
        return RegisterError(
            Message(
                "the book is not founded on {day}, but on {founded}: ask as of that day or later",
                day=on,
                founded=min(founded),
            )
        )
    if not view.head.seq:
        return RegisterError(
            Message("the book has no records, or had none when it was known so: found it, or ask as known later")
        )
    return RegisterError(
        Message("up to record {seq} the book is not founded: found it, or ask as known later", seq=view.head.seq)
    )


def plain_charter(charter: Charter) -> dict[str, Any]:
    """The charter as facts. Raises RegisterError for what is none, and for a policy that cannot be meant."""
    if not isinstance(charter, Charter):
        raise RegisterError(
            Message("{seen}: a Charter is expected, such as COLLECTIVE or SPECIALISED", seen=shown(charter))
        )
    check_charter(charter)
    fields = {**charter._asdict(), **{part: str(getattr(charter, part)) for part in _PARTS}}
    del fields["waterfall"]  # facts of before there was one say nothing of it either
    return fields if charter.waterfall is None else {**fields, "waterfall": plain_waterfall(charter.waterfall)}


def checked_name(name: object) -> str:
    """The name of a cooperative. Raises RegisterError for what is none."""
    if not isinstance(name, str) or not name.strip():
        raise RegisterError(Message("{seen}: a name of the cooperative is expected", seen=shown(name)))
    return name
