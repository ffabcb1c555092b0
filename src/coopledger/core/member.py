"""Members: who is in the register, since when, in which household, and as what.

Facts know a member by number alone. Names, ID numbers, relations and birth dates are in the personal row
``m/NUMBER``, which is stored apart and can be erased; a household's is ``h/NUMBER``.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.ahead import Ahead
from coopledger.core.charter import HOLDER, POOL, Charter, book
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Facts, View, code, is_under
from coopledger.core.share_class import KINDS, Kind
from coopledger.core.timeline import Change, Timeline, days, state, timeline
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

MEMBER = "member"
"""The kind of records that change who is in the register."""

ADULT_AGE = 18
"""民法典 17: full age is reached with the eighteenth birthday."""

Standing = Literal["member", "holder", "estate", "left"]
"""A member; a holder without membership (an outside investor, an heir); an estate that holds until it is inherited;
somebody who has left."""

STANDINGS: tuple[Standing, ...] = get_args(Standing)

LEAVING_REASONS = ("moved out", "joined another collective", "withdrawal", "exclusion", "dissolution", "correction")
"""Why somebody leaves. 农村集体经济组织法 17; 农民专业合作社法 25, 26."""

PERSONAL = ("name", "id", "birth", "relation", "phone", "card", "address")
"""What a personal row may say; the birth date as 1980-01-31."""


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


# ---------------------------------------------------------------- verbs


def admit(
    *joiners: Joiner,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "founding",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Admit members, with their households: a household that is not there yet is formed, and needs its head.

    Raises RegisterError: a number or an ID number that is taken, a household without a head or with two, somebody in
    a household who is no person, a birth date that is none.

    >>> from coopledger.core.charter import found
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
        raise _taken(both[0], Message("household"))
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
        _check_ids(view, rows)
        return changed(
            view,
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
    for one in joiners:
        if one.number in fields:
            raise RegisterError(Message("member {number} is listed twice", number=printable(one.number)))
        _check_joiner(one)
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

    ``new_heads`` names the new head of a household whose head leaves. Raises RegisterError: an unknown reason,
    somebody who is no member on that day, somebody who would still hold shares on that day or later, notice that was
    not given in time (农民专业合作社法 25).
    """
    check_reason(reason, LEAVING_REASONS)
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        now = roll(view, effective_on).members
        for number in numbers:
            check_member(now, number, effective_on)
            if reason == "withdrawal":
                check_notice(view, now[number], effective_on)
        standing = "holder" if keeps_shares else "left"
        return changed(
            view,
            "leave",
            {number: {"standing": standing, "household": "", "reason": reason} for number in numbers},
            {household: {"head": head} for household, head in (new_heads or {}).items()},
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": reason, **cites},
        )

    return decide


def die(
    number: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    new_head: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record a death. What the person held stays, as an estate, until it is inherited; a household's shares stay too.

    ``new_head`` is the household's next head if the person was it and others are left in it.
    """
    cites = cited(documents)

    def decide(view: View) -> list[Entry]:
        now = roll(view, effective_on)
        check_member(now.members, number, effective_on, "member", "holder")
        household = now.members[number].household
        return changed(
            view,
            "die",
            {number: {"standing": "estate", "household": "", "reason": "death"}},
            {household: {"head": new_head}} if new_head is not None else {},
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": "death", **cites},
        )

    return decide


def give_notice(
    number: str, *, effective_on: date, booked_on: date | None = None, documents: Iterable[Document] = ()
) -> Decision:
    """Record that a member gave notice of leaving (农民专业合作社法 25); :func:`last_day` says when membership ends."""
    cites = cited(documents)

    def decide(view: View) -> list[Entry]:
        check_member(roll(view, effective_on).members, number, effective_on)
        fields = {number: {"notice_on": effective_on.isoformat()}}
        return changed(view, "give notice", fields, effective_on=effective_on, booked_on=booked_on, more=cites)

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

    Extra votes are limited by the charter: 20 % of the members' own votes (农民专业合作社法 22).
    """
    fields: dict[str, Any] = {}
    if standing is not None:
        fields["standing"] = standing
        fields["reason"] = reason
    if groups is not None:
        fields["groups"] = [code(one) for one in groups]
    if extra_votes is not None:
        fields["extra_votes"] = extra_votes
    chosen = [*numbers]
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        now = roll(view, effective_on).members
        for number in chosen:
            check_member(now, number, effective_on, "member", "holder", "left", "estate")
        if extra_votes is not None:
            new = {number: now[number]._replace(extra_votes=extra_votes) for number in chosen}
            check_extra_votes({**now, **new}, book(view, effective_on).charter)
        return changed(
            view,
            "change",
            dict.fromkeys(chosen, fields),
            effective_on=effective_on,
            booked_on=booked_on,
            more={"reason": reason, **cites},
        )

    return decide


def note_personal(
    rows: Mapping[str, Mapping[str, str]], *, effective_on: date, booked_on: date | None = None
) -> Decision:
    """Write personal rows by number, of members or households: a new phone, an address. What a row leaves out stays.

    >>> change = note_personal({"0042": {"phone": "13800000000"}}, effective_on=date(2026, 1, 1))
    """

    def decide(view: View) -> list[Entry]:
        now = roll(view)
        subjects = {number: f"{'h' if number in now.households else 'm'}/{number}" for number in rows}
        for number in rows.keys() - now.households.keys():
            check_member(now.members, number, effective_on, *STANDINGS)
        known = view.personal(list(subjects.values()))
        new = {
            subjects[number]: {**known.get(subjects[number], {}), **personal_row(row)} for number, row in rows.items()
        }
        _check_ids(view, new)
        return changed(view, "note personal data", {}, {}, new, effective_on=effective_on, booked_on=booked_on)

    return decide


def changed(
    view: View,
    act: str,
    members: Mapping[str, Facts],
    households: Mapping[str, Facts] | None = None,
    personal: Mapping[str, Facts] | None = None,
    *,
    effective_on: date,
    booked_on: date | None = None,
    more: Facts | None = None,
) -> list[Entry]:
    """The entry of a change of members and households, if the register stays sound on that day and all later ones."""
    book(view, effective_on)
    facts = {"act": act, "members": members, "households": households or {}, **(more or {})}
    entry = Entry(MEMBER, effective_on, booked_on or effective_on, facts, (), personal)
    check_people(Ahead(view, [entry]), entry)
    return [entry]


# ---------------------------------------------------------------- the fold


def who(view: View) -> People:
    """Everybody's history."""
    members: dict[str, list[Change]] = {}
    households: dict[str, list[Change]] = {}
    for one in view.records(MEMBER):
        for found, changes in ((members, one.facts["members"]), (households, one.facts["households"])):
            for number, fields in changes.items():
                found.setdefault(number, []).append(Change(one.effective_on, one.seq, fields))
    lived_in: dict[str, list[str]] = {}
    for number, changes in sorted(members.items()):
        for home in {one.fields.get("household") for one in changes}:
            if home:
                lived_in.setdefault(home, []).append(number)
    return People(
        {number: timeline(changes) for number, changes in sorted(members.items())},
        {number: timeline(changes) for number, changes in sorted(households.items())},
        lived_in,
    )


def roll(view: View, on: date | None = None) -> Roll:
    """Everybody in the register as of a day (after everything, if none is given)."""
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
    notice = fields.get("notice_on")
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


# ---------------------------------------------------------------- personal rows


def personal_row(row: Mapping[str, str]) -> dict[str, str]:
    """A personal row, checked: known columns, a birth date that is one, an ID number in its compact form.

    >>> personal_row({"name": "成员甲", "id": "99999919800131001x"})["id"]
    '99999919800131001X'
    """
    if unknown := sorted(row.keys() - {*PERSONAL}):
        raise RegisterError(
            Message("personal data {seen}: {accepted} are accepted", seen=printable(str(unknown)), accepted=PERSONAL)
        )
    found = {name: text for name, text in row.items() if text != ""}
    if "birth" in found and born(found) is None:
        raise RegisterError(Message("a birth date that is none: write it like 1980-01-31"))
    if "id" in found:
        found["id"] = _compact(found["id"])
    return found


def born(row: Facts) -> date | None:
    """The birth date that a personal row says, if it says one."""
    try:
        return date.fromisoformat(row["birth"])
    except (KeyError, TypeError, ValueError):
        return None


def is_minor(row: Facts, on: date) -> bool | None:
    """Whether somebody is a minor on a day (民法典 17); None if the row has no birth date, or is erased.

    Who was born on 29 February comes of age on 1 March.

    >>> is_minor({"birth": "2008-06-01"}, date(2026, 5, 31)), is_minor({"birth": "2008-06-01"}, date(2026, 6, 1))
    (True, False)
    """
    birth = born(row)
    if birth is None:
        return None
    return (on.year - birth.year, on.month, on.day) < (ADULT_AGE, birth.month, birth.day)


# ---------------------------------------------------------------- leaving


def last_day(notice_on: date, months: int, *, at_year_end: bool = True) -> date:
    """The last day of membership after a notice: a year's end, so many months away at least (农民专业合作社法 25).

    >>> last_day(date(2026, 9, 30), 3), last_day(date(2026, 10, 1), 3)
    (datetime.date(2026, 12, 31), datetime.date(2027, 12, 31))
    """
    if at_year_end:
        in_time = notice_on.month <= 12 - months
        return date(notice_on.year if in_time else notice_on.year + 1, 12, 31)
    months += notice_on.year * 12 + notice_on.month - 1
    year, month = divmod(months, 12)
    for day_of_month in (notice_on.day, 30, 29, 28):  # the last day of a month that is shorter (民法典 202)
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            continue
    raise AssertionError  # every month has 28 days


def check_notice(view: View, member: Member, effective_on: date) -> None:
    """Raise RegisterError if a membership would end before the notice that the charter asks for has run out."""
    charter = book(view, effective_on).charter
    months = charter.notice_months if member.kind == "person" else charter.notice_months_institution
    if not months and not charter.ends_at_year_end:
        return
    until = None
    if member.notice_on is not None:
        until = last_day(member.notice_on, months, at_year_end=charter.ends_at_year_end)
    if until is None or effective_on <= until:
        raise RegisterError(
            Message(
                "{number} leaves on {day}, last notice {notice}: notice is given {months} months before the day on "
                "which membership ends, and it may end on {until} ({law})",
                number=member.number,
                day=effective_on,
                notice=member.notice_on or "-",
                months=months,
                until=until or "-",
                law=charter.law,
            )
        )


# ---------------------------------------------------------------- checks


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


def check_people(view: View, ahead: Entry) -> None:
    """Raise RegisterError if after an entry, on its day or later, a household had no head or shares had no holder.

    ``view`` shows the entry already, as one that is :class:`~coopledger.core.ahead.Ahead`.
    """
    people, since = who(view), ahead.effective_on
    touched = {*ahead.facts["members"]}
    homes = {*ahead.facts["households"]}
    for number in touched:
        homes |= {one.fields["household"] for one in people.members[number] if one.fields.get("household")}
    for on in sorted({since}.union(*(days_of_home(people, number, since) for number in homes))):
        now = roll_of(people, on)
        for number in sorted(homes):
            if living := living_in(people, number, on):
                _check_household(number, now.households.get(number), [now.members[one] for one in living], on)
            elif not died_out(people, number, on):
                check_holds_nothing(view, number, on)
    for number in sorted(touched):
        line = people.members[number]
        for on in days(line, since):
            if state(line, on)["standing"] == "left":
                check_holds_nothing(view, number, on)


def days_of_home(people: People, household: str, since: date | None = None) -> set[date]:
    """The days from one on (all, if none is given), on which a household, or somebody who was ever in it, changes."""
    found = {*days(people.households.get(household, ()), since)}
    return found.union(*(days(people.members[number], since) for number in people.lived_in.get(household, ())))


def living_in(people: People, household: str, on: date) -> list[str]:
    """Who lives in a household on a day."""
    lived_in = people.lived_in.get(household, ())
    return [number for number in lived_in if state(people.members[number], on).get("household") == household]


def died_out(people: People, household: str, on: date) -> bool:
    """Whether a household is empty because its last members died: then what it held is an estate."""
    lived_in = people.lived_in.get(household, ())
    return any(state(people.members[number], on).get("standing") == "estate" for number in lived_in)


def _check_household(number: str, household: Household | None, living: Sequence[Member], on: date) -> None:
    if household is None:
        raise RegisterError(
            Message(
                "household {number} is not there on {day}: form it, with its head, before {member} joins it",
                number=number,
                day=on,
                member=living[0].number,
            )
        )
    if household.head not in household.members:
        raise RegisterError(
            Message(
                "household {number} would be without a head on {day}: {head} is not in it; name one of {members}",
                number=number,
                day=on,
                head=household.head,
                members=household.members,
            )
        )
    for one in living:
        if one.kind != "person":
            raise RegisterError(
                Message(
                    "{number} is no person ({kind}) and lives in no household", number=one.number, kind=words(one.kind)
                )
            )


def check_holds_nothing(view: View, number: str, on: date) -> None:
    """Raise RegisterError if a number holds anything on a day or gets anything later."""
    account = f"{HOLDER}/{number}"
    held = {denomination for denomination, _ in view.balances(under=account, on=on)}
    later = view.movements(account, since=on + timedelta(days=1))
    if held := held or {one.posting.denomination for one in later if is_under(one.posting.target, account)}:
        raise RegisterError(
            Message(
                "{number} holds {held} on {day} or later: who leaves holds nothing; transfer, redeem or spread it "
                "first",
                number=number,
                held=sorted(held),
                day=on,
            )
        )


def _check_joiner(one: Joiner) -> None:
    wrong = None
    if "/" in code(one.number) or code(one.number) == POOL.partition("/")[2]:
        wrong = "number"
    elif one.kind not in KINDS:
        wrong = "kind"
    elif one.standing not in ("member", "holder"):
        wrong = "standing"
    elif one.household and (one.kind != "person" or "/" in code(one.household)):
        wrong = "household"
    elif one.head and not one.household:
        wrong = "head"
    if wrong is not None:
        raise RegisterError(
            Message(
                "joiner {number}: {name} = {seen} cannot be meant",
                number=printable(one.number),
                name=wrong,
                seen=printable(repr(getattr(one, wrong)))[:80],
            )
        )
    for group in one.groups:
        code(group)


def _two_heads(household: str, one: str, other: str) -> RegisterError:
    return RegisterError(
        Message(
            "household {household} has two heads, {one} and {other}: one is expected",
            household=household,
            one=one,
            other=other,
        )
    )


def check_new(people: People, number: str) -> None:
    """Raise RegisterError if a number is taken, by a member or a household: both hold shares under their numbers."""
    for found, taken in ((people.members, Message("member")), (people.households, Message("household"))):
        if number in found:
            raise _taken(number, taken)


def _taken(number: str, by: Message) -> RegisterError:
    return RegisterError(
        Message("{number} is the number of a {taken} already: each needs its own", number=number, taken=by)
    )


def _check_ids(view: View, rows: Mapping[str, Facts]) -> None:
    """Raise RegisterError if an ID number stands in two rows; the message names numbers of members, not the ID."""
    if not any("id" in row for row in rows.values()):
        return
    holders: dict[str, str] = {}
    for subject, row in [*view.personal().items(), *rows.items()]:
        seen = row.get("id")
        if seen and subject.startswith("m/") and holders.setdefault(seen, subject) != subject:
            raise RegisterError(
                Message(
                    "{one} and {other} have the same ID number: a person has one number in the register",
                    one=holders[seen][2:],
                    other=subject[2:],
                )
            )


def check_extra_votes(members: Mapping[str, Member], charter: Charter) -> None:
    """Raise RegisterError if members have more extra votes than the charter allows (农民专业合作社法 22: 20 %)."""
    own = [one for one in members.values() if one.standing == "member"]
    most = int(charter.extra_votes * len(own))
    given = sum(one.extra_votes for one in own)
    if given > most or any(one.extra_votes < 0 for one in own):
        raise RegisterError(
            Message(
                "{given} extra votes: at most {most} are allowed to {own} members (农民专业合作社法 22, charter)",
                given=given,
                most=most,
                own=len(own),
            )
        )


def check_reason(seen: str, accepted: Sequence[str]) -> str:
    """The reason, if it is one of those that a verb knows."""
    if seen not in accepted:
        raise RegisterError(
            Message("{seen} is no reason here: {accepted} are", seen=printable(repr(seen))[:80], accepted=accepted)
        )
    return seen


def _compact(seen: str) -> str:
    return "".join(unicodedata.normalize("NFKC", seen).split()).upper()
