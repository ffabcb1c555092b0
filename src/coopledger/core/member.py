"""Members: admitted, changed, leaving, dying, and what is known of them personally."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from coopledger.core.ahead import Ahead
from coopledger.core.change import changed
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.extra_votes import check_votes, checked_votes
from coopledger.core.journal import Decision, Entry, Facts, View, code, listed, shown
from coopledger.core.notice import check_leaving
from coopledger.core.people import (
    STANDINGS,
    Member,
    People,
    Standing,
    by_number,
    check_member,
    check_new,
    heads_of,
    living_in,
    number_of,
    roll_of,
    who,
)
from coopledger.core.personal import check_birth, check_ids, noted, personal_row
from coopledger.core.share_class import KINDS, Kind
from coopledger.core.timeline import Timeline, days, state
from coopledger.core.wording import check_reason, words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

LEAVING_REASONS = ("moved out", "joined another collective", "withdrawal", "exclusion", "dissolution", "correction")
"""Why somebody leaves. 农村集体经济组织法 17; 农民专业合作社法 25, 26."""


_JOINS_AS = ("member", "holder")


class Joiner(NamedTuple):
    """Somebody who is to be admitted. ``personal`` is the row with the name and whatever else is known.

    >>> Joiner("0042", household="17", head=True, personal={"name": "成员甲", "birth": "1980-01-31"}).kind
    'person'
    """

    number: str
    kind: Kind = "person"
    household: str = ""
    head: bool = False
    standing: Standing = "member"
    groups: tuple[str, ...] = ()
    personal: Mapping[str, str] = {}


def admit(
    *joiners: Joiner,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "founding",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Admit members, with their households: a household that is not there yet is formed, and needs its head.

    Whether an ID number can be one is not looked at here, nor a resident ID given as a member's number: the core does
    without what knows that. Services take ``coopledger.book.admit``, which is
    :func:`coopledger.files.identity.admit` and does.

    Raises RegisterError: a number or an ID number that is taken, a household without a head or with two, somebody in
    a household who is no person, a birth date that is none or after the admission.

    >>> from coopledger.core.charter import found
    >>> from coopledger.core.people import roll
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append(found("示例村股份经济合作社", effective_on=day), key="founding", actor="accountant")
    >>> family = [Joiner("0042", household="17", head=True), Joiner("0043", household="17")]
    >>> _ = journal.append(admit(*family, effective_on=day), key="admission", actor="accountant")
    >>> with journal.read() as view:
    ...     roll(view, day).households["17"]
    Household(number='17', head='0042', members=('0042', '0043'))
    """
    fields, heads, rows = _joining(joiners, reason)
    if both := sorted(fields.keys() & heads.keys()):
        raise RegisterError(
            Message("{number} is a member's and a household's number: each needs its own", number=both[0])
        )
    for subject, row in rows.items():
        check_birth(subject[2:], row, effective_on)
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        for number in fields:
            check_new(people, number)
        for number, head in heads.items():
            if number not in people.households:
                check_new(people, number)
            elif living_in(people, number, effective_on):
                raise _two_heads(number, state(people.households[number], effective_on)["head"], head)
        check_ids(view, rows)
        return changed(
            view,
            people,
            "admit",
            fields,
            {number: {"head": head} for number, head in heads.items()},
            rows,
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": reason, **cites},
        )

    return decide


def _joining(
    joiners: Iterable[Joiner], reason: str
) -> tuple[dict[str, dict[str, Any]], dict[str, str], dict[str, Facts]]:
    """What joiners become: fields by number, heads by household, personal rows."""
    fields: dict[str, dict[str, Any]] = {}
    heads: dict[str, str] = {}
    rows: dict[str, Facts] = {}
    for one in map(_checked_joiner, listed(joiners, Joiner)):
        if one.number in fields:
            raise RegisterError(Message("member {number} is listed twice", number=printable(one.number)))
        fields[one.number] = {
            "kind": one.kind,
            "standing": one.standing,
            "household": one.household,
            "groups": [*one.groups],
            "reason": reason,
        }
        if one.head:
            if one.household in heads:
                raise _two_heads(one.household, heads[one.household], one.number)
            heads[one.household] = one.number
        if one.personal:
            rows[f"m/{one.number}"] = personal_row(one.personal)
    return fields, heads, rows


def leave(
    *numbers: str,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    keeps_shares: bool = False,
    new_heads: Mapping[str, str] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """End memberships. From ``effective_on`` on they are no members; who ``keeps_shares`` stays on as a holder.

    ``new_heads`` names the new head of a household whose head leaves. Where the charter asks for it, notice was given
    in time (not for an exclusion), and the membership ends with an accounting year (农民专业合作社法 25, 26): from
    1 January on. A dissolution and a correction have any day. A leaving that was recorded on a later day and taken back
    there, by a change of the standing with the reason ``correction``, is recorded on that day once more.

    Raises RegisterError for anything else, an unknown reason, somebody who is no member on that day, somebody who would
    still hold shares on that day or later, and if those who stay would have more extra votes than the charter allows to
    so few: these are lowered before.

    >>> leaving = leave("0041", new_heads={"17": "0042"}, effective_on=date(2027, 1, 1), reason="moved out")
    """
    check_reason(reason, LEAVING_REASONS)
    leaving, heads = [number_of(one) for one in numbers], heads_of(new_heads)
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        if not leaving:
            raise RegisterError(Message("{act}: nobody is named: there is nothing to record", act=words("leave")))
        people = who(view)
        now = roll_of(people, effective_on).members
        for number in leaving:
            check_leaving(view, check_member(now, number, effective_on), effective_on, reason)
        gone = {"standing": "holder" if keeps_shares else "left", "household": "", "notice_on": None, "reason": reason}
        entries = changed(
            view,
            people,
            "leave",
            dict.fromkeys(leaving, gone),
            {household: {"head": head} for household, head in heads.items()},
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": reason, **cites},
        )
        entries = [*_for_good(view, people, entries), *entries]
        check_votes(view, entries, effective_on)
        return entries

    return decide


def _for_good(view: View, people: People, ended: Sequence[Entry]) -> list[Entry]:
    """The end of memberships once more, on the later days on which an end of them was taken back.

    By that correction they are members, which is no more so if they left or died earlier.
    """
    first = ended[0]
    members = {number: fields for one in ended for number, fields in one.facts["members"].items()}
    households = {number: fields for one in ended for number, fields in one.facts["households"].items()}
    again: dict[date, list[str]] = {}
    for number in members:
        for day in _taken_back_on(people.members[number], first.effective_on):
            again.setdefault(day, []).append(number)
    entries: list[Entry] = []
    for day, numbers in sorted(again.items()):
        ahead = Ahead(view, [*ended, *entries])
        known = who(ahead)
        heads = {
            home: fields for home, fields in households.items() if state(known.households[home], day)["head"] in numbers
        }
        entries += changed(
            ahead,
            known,
            first.facts["act"],
            {number: members[number] for number in numbers},
            heads,
            effective_on=day,
            booked_on=first.booked_on,
            more={name: said for name, said in first.facts.items() if name not in ("act", "members", "households")},
        )
    return entries


def _taken_back_on(line: Timeline, since: date) -> list[date]:
    """The days after one on which a correction says that somebody is a member, up to another change of the standing."""
    found = []
    for day in days(line, since + timedelta(days=1)):
        if any("standing" in one.fields for one in line if one.effective_on == day):
            fields = state(line, day)
            if (fields["standing"], fields["reason"]) != ("member", "correction"):
                break
            found.append(day)
    return found


def die(
    number: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    new_head: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record a death. What the person held stays, as an estate, until it is inherited; a household's shares stay too.

    ``new_head`` is the household's next head if the person was it and others are left in it. If by the death members
    have more extra votes than the charter allows, it is recorded all the same, and the audit tells of it.

    >>> death = die("0041", new_head="0042", effective_on=date(2026, 5, 1))
    """
    dead, head = number_of(number), None if new_head is None else number_of(new_head)
    cites = cited(documents)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        one = check_member(roll_of(people, effective_on).members, dead, effective_on, "member", "holder")
        if head is not None and not one.household:
            raise RegisterError(
                Message("{number} lives in no household: {head} cannot be its new head", number=dead, head=head)
            )
        entries = changed(
            view,
            people,
            "die",
            {dead: {"standing": "estate", "household": "", "reason": "death"}},
            {one.household: {"head": head}} if head is not None else {},
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": "death", **cites},
        )
        return [*_for_good(view, people, entries), *entries]

    return decide


def change_members(
    numbers: Iterable[str],
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    standing: Literal["member", "holder"] | None = None,
    groups: Iterable[str] | None = None,
    extra_votes: int | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Change standing, groups or extra votes of some members from a day on.

    A holder, or somebody who had left, becomes a member so, and starts without a notice; but where a leaving is taken
    back, with the reason ``correction``, the notice stands that stood before it. A membership ends by :func:`leave`,
    and a death is taken back with the reason ``correction`` only. Extra votes are limited by the
    charter, on each day: 20 % of the members' own votes (农民专业合作社法 22). Who becomes a member again has those
    that he had. Raises RegisterError for any other standing: who leaves is recorded by :func:`leave`, who dies by
    :func:`die`.

    >>> poor = change_members(["0041", "0042"], groups=["poor"], effective_on=date(2026, 5, 1), reason="resolution")
    """
    fields: dict[str, Any] = {}
    if standing is not None and standing not in _JOINS_AS:
        raise RegisterError(
            Message(
                "standing {seen}: one of {accepted} is accepted; who leaves is recorded by leave ('book leave'), who "
                "died by die ('book death')",
                seen=shown(standing),
                accepted=_JOINS_AS,
            ),
            about=["standing"],
        )
    if groups is not None:
        fields["groups"] = [code(one) for one in listed(groups, str)]
    if extra_votes is not None:
        fields["extra_votes"] = checked_votes(extra_votes)
    if not fields and standing is None:
        raise RegisterError(
            Message("no change is named, of standing, groups or extra votes: there is nothing to record"),
            about=["standing", "groups", "extra_votes"],
        )
    chosen = [number_of(one) for one in listed(numbers, str)]
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        now = roll_of(people, effective_on).members
        known = {number: check_member(now, number, effective_on, *STANDINGS) for number in chosen}
        new = {number: {**fields, **_restanding(one, standing, reason)} for number, one in known.items()}
        entries = changed(
            view,
            people,
            "change",
            new,
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": reason, **cites},
        )
        if extra_votes or standing is not None:
            check_votes(view, entries, effective_on)
        return entries

    return decide


def _restanding(one: Member, standing: Standing | None, reason: str) -> dict[str, Any]:
    """The fields of another standing. Raises RegisterError for a membership that would end so."""
    if standing is None:
        return {}
    if standing == "holder" and one.standing == "member":
        raise RegisterError(
            Message(
                "{number} is a member: a membership ends by leaving, with its notice and its day, and who keeps the "
                "shares is a holder then ('book leave {number} --keeps-shares'; where the admission was a mistake "
                "--reason correction, on any day)",
                number=one.number,
            )
        )
    fields = {"standing": standing, "reason": reason}
    return fields if one.standing == standing else {**fields, "notice_on": None}


def note_personal(
    rows: Mapping[str, Mapping[str, str]], *, effective_on: date, booked_on: date | None = None
) -> Decision:
    """Write personal rows by number, of members or households: a new phone, an address. What a row leaves out stays.

    Whether an ID number can be one is not looked at here; ``coopledger.book.note_personal`` does.

    >>> change = note_personal({"0042": {"phone": "13800000000"}}, effective_on=date(2026, 1, 1))
    """
    said = by_number(rows)

    def decide(view: View) -> list[Entry]:
        people = who(view)
        new = noted(view, people, said, effective_on)
        return changed(view, people, "note personal data", {}, {}, new, effective_on=effective_on, booked_on=booked_on)

    return decide


def _checked_joiner(seen: Joiner) -> Joiner:
    """A joiner whose numbers and groups are in their normal form. Raises RegisterError."""
    home = number_of(seen.household) if seen.household else ""
    groups = tuple(code(group) for group in listed(seen.groups, str)) if seen.groups != () else ()
    one = Joiner(number_of(seen.number), seen.kind, home, seen.head, seen.standing, groups, seen.personal)
    fails = (
        one.kind not in KINDS,
        one.standing not in _JOINS_AS,
        home and one.kind != "person",
        not isinstance(one.head, bool),
        one.head and not home,
    )
    if any(fails):
        name, accepted = _JOINER[next(n for n, fail in enumerate(fails) if fail)]
        raise RegisterError(
            Message(
                "joiner {number}: {name} = {seen}: {accepted} is expected",
                number=one.number,
                name=name,
                seen=printable(repr(getattr(one, name)))[:80],
                accepted=accepted,
            ),
            about=[name],
        )
    return one


_JOINER = (
    ("kind", Message("one of {known}", known=KINDS)),
    ("standing", Message("one of {known}", known=_JOINS_AS)),
    ("household", Message("none, for it is of persons,")),
    ("head", Message("True or False")),
    ("household", Message("the household of which the joiner is the head")),
)
"""What is expected of a joiner, in the order in which it is looked at."""


def _two_heads(household: str, one: str, other: str) -> RegisterError:
    return RegisterError(
        Message(
            "household {household} has two heads, {one} and {other}: one is expected",
            household=household,
            one=one,
            other=other,
        )
    )
