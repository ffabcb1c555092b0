"""People: who is in the register, since when, in which household and as what; folded from records.

Facts know a member by number alone. Names, ID numbers, relations and birth dates are in the personal row
``m/NUMBER``, which is stored apart and can be erased; a household's is ``h/NUMBER``.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeVar, get_args

from coopledger.core.charter import POOL, holder_of
from coopledger.core.journal import Entry, Facts, Record, View, code, mapped
from coopledger.core.share_class import Kind
from coopledger.core.timeline import Change, Timeline, latest, state, timeline
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

MEMBER = "member"
"""The kind of records that change who is in the register."""

HEADS = ("户主", "head")
"""The relation to the head of a household, in a personal row, that says somebody is it."""

Standing = Literal["member", "holder", "estate", "left"]
"""A member; a holder without membership (an outside investor, an heir); an estate that holds until it is inherited;
somebody who has left."""

STANDINGS: tuple[Standing, ...] = get_args(Standing)

_Row = TypeVar("_Row")


class Member(NamedTuple):
    """Somebody in the register, as of a day. ``since`` is the first day; ``reason`` says why the standing changed."""

    number: str
    kind: Kind
    standing: Standing
    household: str = ""
    groups: tuple[str, ...] = ()
    extra_votes: int = 0
    notice_on: date | None = None
    since: date = date.min
    reason: str = ""


class Household(NamedTuple):
    """A household as of a day: its head and its members, by number."""

    number: str
    head: str
    members: tuple[str, ...] = ()


class People(NamedTuple):
    """How everybody in the register, and every household, changed over time; by number.

    ``lived_in`` has everybody who ever was, or will be, in a household.
    """

    members: Mapping[str, Timeline]
    households: Mapping[str, Timeline]
    lived_in: Mapping[str, Sequence[str]]


class Roll(NamedTuple):
    """Everybody in the register as of a day, those who have left among them, and the households."""

    members: Mapping[str, Member]
    households: Mapping[str, Household]


def who(view: View) -> People:
    """Everybody's history."""
    return _folded(view.records(MEMBER))


def who_died(view: View) -> People:
    """The histories of all who ever died and of the households in which they ever lived.

    They are few, and :func:`~coopledger.core.passing.has_died` needs no more.
    """
    records = [*view.records(MEMBER)]
    dead = {
        number
        for one in records
        for number, fields in one.facts["members"].items()
        if fields.get("standing") == "estate"
    }
    if not dead:
        return People({}, {}, {})
    homes = {
        one.facts["members"][number].get("household") for one in records for number in dead & {*one.facts["members"]}
    }
    homes.discard(None)
    near = {
        number for one in records for number, fields in one.facts["members"].items() if fields.get("household") in homes
    }
    return _folded(records, dead | near, homes)


def _folded(
    records: Iterable[Record], numbers: Collection[str] | None = None, homes: Collection[str] | None = None
) -> People:
    """The histories that some records make: of all members and households, or of some."""
    members: dict[str, list[Change]] = {}
    households: dict[str, list[Change]] = {}
    for one in records:
        for found, changes, chosen in (
            (members, one.facts["members"], numbers),
            (households, one.facts["households"], homes),
        ):
            for number in changes if chosen is None else changes.keys() & chosen:
                found.setdefault(number, []).append(Change(one.effective_on, one.seq, changes[number]))
    lived_in: dict[str, list[str]] = {}
    of_members = {number: timeline(members[number]) for number in sorted(members)}
    for number, history in of_members.items():
        for home in {change.fields.get("household") for change in history}:
            if home:
                lived_in.setdefault(home, []).append(number)
    return People(of_members, {number: timeline(households[number]) for number in sorted(households)}, lived_in)


def with_entry(people: People, entry: Entry, seq: int) -> People:
    """Everybody's history with one entry more, that would be a record of a number."""
    members, households, lived_in = {**people.members}, {**people.households}, {**people.lived_in}
    moved: dict[str, set[str]] = {}
    for found, changes in ((members, entry.facts["members"]), (households, entry.facts["households"])):
        for number, fields in changes.items():
            found[number] = timeline([*found.get(number, ()), Change(entry.effective_on, seq, fields)])
            if fields.get("household"):
                moved.setdefault(fields["household"], set()).add(number)
    for home, numbers in moved.items():
        lived_in[home] = sorted(numbers.union(lived_in.get(home, ())))
    return People(members, households, lived_in)


def roll(view: View, on: date | None = None) -> Roll:
    """Everybody in the register as of a day (after everything, if none is given).

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     roll(view).households["17"]
    Household(number='17', head='0041', members=('0041', '0042'))
    """
    return roll_of(who(view), on)


def roll_of(people: People, on: date | None = None) -> Roll:
    """Everybody as of a day, from everybody's history."""
    members = {number: one for number, line in people.members.items() if (one := member_of(number, line, on))}
    lives_in = homes_of(Roll(members, {}))
    households = {}
    for number, line in people.households.items():
        if fields := state(line, on):
            living = tuple(one.number for one in lives_in.get(number, ()))
            households[number] = Household(number, fields["head"], living)
    return Roll(members, households)


def homes_of(now: Roll) -> dict[str, list[Member]]:
    """Who lives in each household."""
    found: dict[str, list[Member]] = {}
    for one in now.members.values():
        if one.household:
            found.setdefault(one.household, []).append(one)
    return found


def member_of(number: str, line: Timeline, on: date | None = None) -> Member | None:
    """A member as of a day, from the history; None before the first day."""
    fields = state(line, on)
    if "kind" not in fields:
        return None
    notice = _notice(line, on) if "notice_on" in fields else None
    return Member(
        number,
        fields["kind"],
        fields["standing"],
        fields["household"],
        tuple(fields["groups"]),
        fields.get("extra_votes", 0),
        None if notice is None else date.fromisoformat(notice),
        line[0].effective_on,
        fields["reason"],
    )


def _notice(line: Timeline, on: date | None) -> str | None:
    """The day of the notice that stands on a day. A leaving ends it, and a correction of the leaving lets it stand."""
    stands: str | None = None
    ended: str | None = None
    for one in line:
        if on is not None and one.effective_on > on:
            break
        standing = one.fields.get("standing")
        if standing == "member" and one.fields.get("reason") == "correction":
            stands, ended = stands or ended, None
        elif "notice_on" in one.fields:
            if standing is not None:
                ended = None if standing == "member" else stands
            stands = one.fields["notice_on"]
    return stands


def told_heads(rows: Mapping[str, Facts], living: Iterable[str]) -> list[str]:
    """Who of a household is its head by what the personal rows say; ``rows`` by subject."""
    return [number for number in living if rows.get(f"m/{number}", {}).get("relation") in HEADS]


def days_of_home(people: People, household: str, since: date | None = None) -> set[date]:
    """The days from one on (all, if none is given), on which a household, or somebody who was ever in it, changes."""
    lines = [people.households.get(household, ()), *map(people.members.__getitem__, people.lived_in.get(household, ()))]
    return {one.effective_on for line in lines for one in line if since is None or one.effective_on >= since}


def living_in(people: People, household: str, on: date) -> list[str]:
    """Who lives in a household on a day."""
    lived_in = people.lived_in.get(household, ())
    return [number for number in lived_in if latest(people.members[number], "household", on) == household]


def died_out(people: People, household: str, on: date) -> bool:
    """Whether a household is empty because its last members died: then what it held is an estate.

    Whoever had moved out of it before he died does not count, nor who died when others were left, who then moved out.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, die, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> head = admit(Joiner("0041", household="17", head=True), effective_on=day)
    >>> steps = [found("示例村合作社", effective_on=day), head, die("0041", effective_on=date(2026, 5, 1))]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     died_out(who(view), "17", date(2026, 4, 30)), died_out(who(view), "17", date(2026, 5, 1))
    (False, True)
    """
    went: list[tuple[date, bool]] = []
    for number in people.lived_in.get(household, ()):
        home, standing, gone = "", "", None
        for change in people.members[number]:
            if change.effective_on > on:
                break
            standing = change.fields.get("standing", standing)
            before, home = home, change.fields.get("household", home)
            if before == household != home:
                gone = (change.effective_on, standing == "estate")
        if gone is not None:
            went.append(gone)
    last = max((day for day, _ in went), default=None)
    return any(died for day, died in went if day == last)


def number_of(seen: str) -> str:
    """The number by which a member or a household is called, in its normal form.

    Characters of another width are refused: 00４1 and 0041 would be two members that look like one.

    >>> number_of("0042")
    '0042'
    """
    number = code(seen)
    if not number.isascii() and (plain := unicodedata.normalize("NFKC", number)) != number:
        raise RegisterError(
            Message("{seen} is written in other characters than {plain}: write {plain}", seen=number, plain=plain)
        )
    return number


def by_number(rows: Mapping[str, _Row]) -> dict[str, _Row]:
    """Rows by numbers in their normal form. Raises RegisterError if two of them are one."""
    found: dict[str, _Row] = {}
    for seen, row in mapped(rows).items():
        number = number_of(seen)
        if number in found:
            raise RegisterError(Message("{number} is listed twice", number=number))
        found[number] = row
    return found


def heads_of(new_heads: Mapping[str, str] | None) -> dict[str, str]:
    """The new heads that a verb was told, by household, all in their normal form."""
    return {household: number_of(head) for household, head in by_number(new_heads or {}).items()}


def check_member(members: Mapping[str, Member], number: str, on: date, *standings: Standing) -> Member:
    """The member of a number, if of one of the standings (a member, if none is named); RegisterError else."""
    found = members.get(number)
    if found is None:
        raise RegisterError(Message("{number} is not in the register on {day}", number=printable(number), day=on))
    if found.standing not in (standings or ("member",)):
        raise RegisterError(
            Message(
                "{number} is no member on {day}: the register has {seen}",
                number=number,
                day=on,
                seen=words(found.standing),
            )
        )
    return found


def check_new(people: People, number: str) -> None:
    """Raise RegisterError if a number is no member's or household's, or is taken: all hold shares under their numbers.

    What is behind a stroke is a part of an account, and the pool holds under a number of its own.
    """
    if "/" in number or number == holder_of(POOL):
        raise RegisterError(
            Message("{number}: a number without '/', and not that of the pool, is expected", number=printable(number))
        )
    line = people.members.get(number) or people.households.get(number)
    if line is None:
        return
    if latest(line, "standing") == "left":
        raise RegisterError(
            Message(
                "{number} is the number of a member who left (record {seq}): who comes back is a member again "
                "(change_members, 'book change-member {number} --standing member'), anybody else needs another number",
                number=number,
                seq=line[-1].seq,
            )
        )
    raise RegisterError(
        Message(
            "{number} is the number of a {taken} already (record {seq}): each needs its own",
            number=number,
            taken=Message("member") if number in people.members else Message("household"),
            seq=line[0].seq,
        )
    )
