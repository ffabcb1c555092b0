"""Changes of members and households: one record each, if the register stays sound by it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from coopledger.core.balances import left_standing
from coopledger.core.charter import HOLDER, book
from coopledger.core.journal import LAST_DAY, Entry, Facts, View, is_under
from coopledger.core.passing import check_passing
from coopledger.core.people import MEMBER, People, days_of_home, died_out, living_in, told_heads, with_entry
from coopledger.core.timeline import Timeline, days, latest, state
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message

AT_ONCE = 20
"""How many members one record names at most.

A database reads a record whole where it looks for the one beside it: one of ten thousand members would slow down every
append that follows upon it.
"""


def changed(  # noqa: PLR0917 - what, then when
    view: View,
    people: People,
    act: str,
    members: Mapping[str, Facts],
    households: Mapping[str, Facts] | None = None,
    personal: Mapping[str, Facts] | None = None,
    *,
    effective_on: date,
    booked_on: date | None = None,
    more: Facts | None = None,
) -> list[Entry]:
    """The entries of a change of members and households, if the register stays sound on that day and all later ones."""
    book(view, effective_on)
    if not (members or households or personal):
        raise RegisterError(Message("{act}: nobody is named: there is nothing to record", act=words(act)))
    facts = {"act": act, "members": members, "households": households or {}, **(more or {})}
    entry = Entry(MEMBER, effective_on, booked_on or effective_on, facts, (), personal)
    after = with_entry(people, entry, view.head.seq + 1)
    check_people(view, after, entry)
    check_passing(view, people, after, entry)
    _check_heads(view, people, after, entry)
    return _in_parts(entry)


def _in_parts(entry: Entry) -> list[Entry]:
    """An entry as several of ``AT_ONCE`` members each, if it has more; a household goes with its head."""
    members, households = entry.facts["members"], entry.facts["households"]
    if len(members) <= AT_ONCE:
        return [entry]
    place = {number: at // AT_ONCE for at, number in enumerate(members)}
    place |= {number: place.get(fields.get("head"), 0) for number, fields in households.items()}
    facts: list[dict[str, dict[str, Facts]]] = [
        {"members": {}, "households": {}} for _ in range(1 + max(place.values()))
    ]
    rows: list[dict[str, Facts]] = [{} for _ in facts]
    for name, found in (("members", members), ("households", households)):
        for number, fields in found.items():
            facts[place[number]][name][number] = fields
    for subject, row in entry.personal.items():
        rows[place.get(subject[2:], 0)][subject] = row
    return [entry.part({**entry.facts, **own}, personal) for own, personal in zip(facts, rows, strict=True)]


def check_people(view: View, people: People, entry: Entry) -> None:
    """Raise RegisterError if after an entry, on its day or later, a household had no head or shares had no holder.

    ``people`` knows the entry already. What the entry does not touch is not looked at.
    """
    since = entry.effective_on
    touched = entry.facts["members"].keys()
    homes = {*entry.facts["households"]}
    homes |= {one.fields.get("household") for number in touched for one in people.members[number]} - {None, ""}
    for number in sorted(homes):
        for on, end in _spans({since} | days_of_home(people, number, since)):
            living = living_in(people, number, on)
            if living:
                _check_household(people, number, living, on)
            elif not died_out(people, number, on):
                check_holds_nothing(view, number, on, end, moving=entry.facts["act"] == "move")
    for number in sorted(touched):
        line = people.members[number]
        if not any(one.fields.get("standing") in ("left", "estate") for one in line):
            continue
        _check_dead(number, line)
        for on, end in _spans(days(line, since)):
            fields = state(line, on)
            if fields["standing"] in ("left", "estate") and fields["household"]:
                raise RegisterError(
                    Message(
                        "{number} would live in household {household} on {day}, and the register has {seen} then: "
                        "take the move back first",
                        number=number,
                        household=fields["household"],
                        day=on,
                        seen=words(fields["standing"]),
                    )
                )
            if fields["standing"] == "left":
                check_holds_nothing(view, number, on, end)


def _spans(changed_on: Iterable[date]) -> Iterable[tuple[date, date]]:
    """The days on which something changes, in order, each with the last day before the next one."""
    starts = sorted(changed_on)
    return zip(starts, [*(day - timedelta(days=1) for day in starts[1:]), LAST_DAY], strict=True)


def _check_heads(view: View, before: People, people: People, entry: Entry) -> None:
    """Raise RegisterError if by an entry's rows or moves somebody more is told to be the head of a household."""
    told_of = [subject[2:] for subject in entry.personal if subject.startswith("m/") and subject[2:] in people.members]
    numbers = {
        **entry.facts["members"],
        **dict.fromkeys(told_of),
    }.keys()  # in their order, in which they are found fast
    told = Counter(latest(people.members[number], "household") for number in told_heads(entry.personal, numbers))
    moved = {latest(people.members[number], "household") for number in numbers & before.members.keys()}
    homes = {home for home in {*told, *moved} if home and (told[home] > 1 or home in moved or home in before.lived_in)}
    living = {home: living_in(people, home, date.max) for home in homes}
    asked = [f"m/{number}" for found in living.values() for number in found if number in before.members]
    known = view.personal(asked) if asked else {}
    rows = {**known, **entry.personal}
    for home, found in sorted(living.items()):
        heads = told_heads(rows, found)
        if len(heads) > 1 and {*heads} - {*told_heads(known, living_in(before, home, date.max))}:
            raise RegisterError(
                Message(
                    "{heads} would all be the head of household {number} by their personal data: one is expected; "
                    "write first, or with the change, what each of the others is to the head now (note_personal, "
                    "'book personal NUMBER --relation …')",
                    heads=heads,
                    number=home,
                )
            )


def _check_dead(number: str, line: Timeline) -> None:
    """Raise RegisterError if somebody is a member or a holder after his death, without a correction."""
    standing = ""
    for change in line:
        new = change.fields.get("standing", standing)
        if standing == "estate" and new in ("member", "holder") and change.fields.get("reason") != "correction":
            raise RegisterError(
                Message(
                    "{number} has died and would be {standing} from {day} on: a death that was recorded by mistake is "
                    "taken back with the reason correction",
                    number=number,
                    standing=words(new),
                    day=change.effective_on,
                )
            )
        standing = new


def _check_household(people: People, number: str, living: Sequence[str], on: date) -> None:
    household = state(people.households.get(number, ()), on)
    if not household:
        raise RegisterError(
            Message(
                "household {number} is not there on {day}: form it, with its head, before {member} joins it",
                number=number,
                day=on,
                member=living[0],
            )
        )
    if household["head"] not in living:
        raise RegisterError(
            Message(
                "household {number} would be without a head on {day}, for {head} is not in it then: a new head is "
                "needed, one of {members}",
                number=number,
                day=on,
                head=household["head"],
                members=living,
            ),
            about=["new_head", "new_heads"],
        )
    for one in living:
        kind = latest(people.members[one], "kind", on) or "-"
        if kind != "person":
            raise RegisterError(
                Message("{number} is no person ({kind}) and lives in no household", number=one, kind=words(kind))
            )


def check_holds_nothing(view: View, number: str, on: date, until: date = LAST_DAY, *, moving: bool = False) -> None:
    """Raise RegisterError if a number holds or gets anything on the days from one to another.

    ``moving`` says that it is a household whose last people move out, and that nobody leaves. What was taken back
    is as if it had not been: a reversal counts on the day of what it takes back.
    """
    held = _held(view, f"{HOLDER}/{number}", on, until)
    if held and moving:
        raise RegisterError(
            Message(
                "household {number} holds {held} on {day} or later, and nobody would live in it: transfer it first to "
                "the household to which its people move (transfer, 'book transfer CLASS all --from {number} --to "
                "HOUSEHOLD --reason merger' or 'household-division')",
                number=number,
                held=sorted(held),
                day=on,
            )
        )
    if held:
        raise RegisterError(
            Message(
                "{number} holds {held} on {day} or later: who leaves holds nothing; transfer or redeem it first, or "
                "let him withdraw with it, the last of a household with what that has (withdraw, 'book withdraw')",
                number=number,
                held=sorted(held),
                day=on,
            )
        )


def _held(view: View, account: str, on: date, until: date) -> set[str]:
    """The denominations that stand in an account at the end of one of some days, or pass through it after the first."""
    stands: dict[str, int] = {}
    for (denomination, _), quantity in view.balances(under=account, on=on).items():
        stands[denomination] = stands.get(denomination, 0) + quantity
    held = {denomination for denomination, quantity in stands.items() if quantity}
    later = [*view.movements(account, since=on + timedelta(days=1), until=until)] if on < until else []
    for _, moves in groupby(later, key=lambda one: one.effective_on):
        for one in moves:
            into, out = (is_under(place, account) for place in (one.posting.target, one.posting.source))
            denomination = one.posting.denomination
            stands[denomination] = stands.get(denomination, 0) + (into - out) * one.posting.quantity
        held |= {denomination for denomination, quantity in stands.items() if quantity}
    return held | {one.posting.denomination for one in left_standing(later) if is_under(one.posting.target, account)}
