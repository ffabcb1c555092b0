"""The people of a workbook: who is new and who is in the register, who can hold something, and their admission."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from coopledger.core import member
from coopledger.core.journal import Facts, View
from coopledger.core.member import Joiner
from coopledger.core.people import People, Roll, roll_of, who
from coopledger.core.timeline import state
from coopledger.core.wording import words
from coopledger.errors import Problem
from coopledger.files.village import MemberRow, Village
from coopledger.files.village_draft import Draft
from coopledger.text import Message

_FIELDS: Mapping[str, Message] = {
    "name": Message("name"),
    "number": Message("number"),
    "head": Message("head of the household"),
    "groups": Message("groups"),
    "standing": Message("standing"),
}


def differing(view: View, village: Village) -> list[Problem]:
    """What stands otherwise in the register than in the workbook, by row: a repetition writes nothing of it."""
    people = who(view)
    known = _Known(roll_of(people), view.personal())
    pairs = ((one, known.differing(one)) for one in village.members)
    return [Problem(one.at.place("number"), _differs(one.number, fields)) for one, fields in pairs if fields]


class _Known(NamedTuple):
    """Who is in the register, and the personal rows."""

    now: Roll
    rows: Mapping[str, Facts]

    def differing(self, one: MemberRow) -> list[str]:
        """The columns in which a row says something else than the register; of who is not in it, his number."""
        was = self.now.members.get(one.number)
        if was is None:
            return ["number"]
        home = self.now.households.get(was.household)
        pairs = [
            ("kind", one.kind, was.kind),
            ("household", one.household, was.household),
            ("standing", one.standing, was.standing),
            ("groups", {*one.groups}, {*was.groups}),
            ("head", one.head, home is not None and home.head == one.number),
        ]
        row = self.rows.get(f"m/{one.number}", {})
        pairs += [(name, said, row.get(name, "")) for name, said in one.personal.items()]
        return [name for name, said, stands in pairs if said != stands]


def check_new(draft: Draft, people: People) -> None:
    """A problem for each row about somebody who is in the register: what stands and what differs."""
    if not people.members and not people.households:
        return
    known = _Known(roll_of(people), draft.view.personal())
    ids = {row["id"]: subject[2:] for subject, row in known.rows.items() if row.get("id") and subject[:2] == "m/"}
    same: list[MemberRow] = []
    for one in draft.village.members:
        number = one.personal.get("id", "")
        if one.number in people.members:
            if fields := known.differing(one):
                draft.say(one.at, "number", _differs(one.number, fields))
            else:
                same.append(one)
        elif one.number in people.households:
            draft.say(
                one.at,
                "number",
                Message("{number} is the number of a household in the register", number=one.number),
            )
        elif number in ids:
            draft.say(one.at, "id", Message("{number} in the register has this ID number", number=ids[number]))
        elif one.household in people.households:
            said = Message(
                "household {number} is in the register already: who joins it is admitted by itself ('book member')",
                number=one.household,
            )
            draft.say(one.at, "household", said)
    for first, last in _runs(same):
        said = Message(
            "{count} rows stand in the register as they are, rows {first} to {last}: delete them here",
            count=last.at.row - first.at.row + 1,
            first=first.at.row + 1,
            last=last.at.row + 1,
        )
        if first is last:
            said = Message("{number} stands in the register as in this row: delete it here", number=first.number)
        draft.say(first.at, "number", said)


def holders_of(draft: Draft, people: People) -> Mapping[str, str]:
    """Who can hold something: members and households by number, with the household that a member lives in."""
    found = {number: str(state(line, draft.on).get("household") or "") for number, line in people.members.items()}
    found |= dict.fromkeys(people.households, "")
    found |= {one.number: one.household for one in draft.village.members}
    return {**found, **{one.household: "" for one in draft.village.members if one.household}}


def admit_people(draft: Draft) -> None:
    """Admit those listed, all together, and note what is said of the households."""
    joiners = [
        Joiner(one.number, one.kind, one.household, one.head, one.standing, one.groups, one.personal)  # type: ignore[arg-type]
        for one in draft.village.members
    ]
    if joiners:
        draft.done(
            member.admit(*joiners, **draft.days, **draft.papers),
            draft.sheet("members"),
            lambda: {one.number: (one.at, "number") for one in draft.village.members},
        )
    rows = {one.number: one.personal for one in draft.village.households if one.personal}
    if rows and not draft.problems:
        draft.done(
            member.note_personal(rows, **draft.days),
            draft.sheet("households"),
            lambda: {one.number: (one.at, "number") for one in draft.village.households},
        )


def _differs(number: str, fields: Sequence[str]) -> Message:
    return Message(
        "{number} is in the register already, and differs there: {fields}; what changed is recorded by itself "
        "('book personal', 'book change-member', 'book household')",
        number=number,
        fields=[_FIELDS.get(one) or words(one) for one in fields],
    )


def _runs(rows: Sequence[MemberRow]) -> Iterator[tuple[MemberRow, MemberRow]]:
    """The first and last of rows that stand one below the other."""
    start = before = None
    for one in rows:
        if before is not None and (one.at.listing is not before.at.listing or one.at.row != before.at.row + 1):
            assert start is not None  # noqa: S101 - it is set with the other
            yield start, before
            start = None
        start, before = start or one, one
    if start is not None and before is not None:
        yield start, before
