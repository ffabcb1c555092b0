"""Passing: the kinds of movements of shares, and what the dead, the living and households may give and get by them.

Movements are looked at against the register as it is: by the audit all of them, and by a change of the register those
of whom it touches, for a death that is recorded late may be dated before a sale.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import Entry, Movement, View
from coopledger.core.people import People, days_of_home, died_out, living_in
from coopledger.core.timeline import state
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message

ISSUE, TRANSFER, REDEEM, CONVERT, PAY_IN = "issue", "transfer", "redeem", "convert", "pay-in"
PLEDGE, RELEASE, FREEZE, UNFREEZE = "pledge", "release", "freeze", "unfreeze"
SPREAD, REVERSAL = "spread", "reversal"
"""The kinds of records that the verbs write."""

REVERSES = "reverses"
"""The fact, in the record of a reversal, that has the number of the record that it takes back."""

CONTRIBUTION = "contribution"
"""The fact, in the record that issued the shares, that says what was brought in."""

ESTATE_REASONS = ("inheritance", "household division", "court order", "correction")
"""Why an estate passes on; it sells and gives nothing (民法典 1121: inheritance begins with the death)."""

_GIVES = frozenset({ISSUE, TRANSFER, CONVERT, SPREAD})


class WrongPassing(NamedTuple):
    """What is wrong with a movement: whose problem it is, why it passed (or what the dead did), and that in words."""

    number: str
    reason: str
    words: Message


def has_died(people: People, number: str, on: date | None) -> bool:
    """Whether what a number holds on a day is an estate: the person has died, or the household died out."""
    if number in people.households:
        day = on or date.max
        return not living_in(people, number, day) and died_out(people, number, day)
    return bool(state(people.members.get(number, ()), on).get("standing") == "estate")


def moved_between(people: People, one: str, other: str, on: date | None = None) -> bool:
    """Whether somebody moved from one household to the other, either way, by a day: a split, a merger, a marriage."""
    for number in {*people.lived_in.get(one, ())}.intersection(people.lived_in.get(other, ())):
        homes = [
            change.fields["household"]
            for change in people.members[number]
            if "household" in change.fields and (on is None or change.effective_on <= on)
        ]
        if any({before, after} == {one, other} for before, after in pairwise(homes)):
            return True
    return False


def merged(people: People, household: str, into: str, since: date) -> bool:
    """Whether the last people of a household moved from it into another one on a day or later: a merger (并户)."""
    for number in {*people.lived_in.get(household, ())}.intersection(people.lived_in.get(into, ())):
        home = ""
        for change in people.members[number]:
            before, home = home, change.fields.get("household", home)
            on = change.effective_on
            if (before, home) == (household, into) and on >= since and not living_in(people, household, on):
                return True
    return False


def wrong_passings(
    people: People, moves: Sequence[Movement], reasons: Mapping[int, str]
) -> Iterator[tuple[Movement, WrongPassing]]:
    """What of some movements the register forbids, but for what was taken back; ``reasons`` are those of transfers.

    What the dead got, sold, gave or pledged; what was inherited from the living; what passed for a household division
    that the register does not have, or for a merger that does not follow; what was spread of a household whose people
    stay.
    """
    taken_back = {one.posting.reverses_seq for one in moves}
    numbers = {holder_of(place) for one in moves for place in (one.posting.source, one.posting.target)}
    dead = {number for number in numbers if has_died(people, number, None)}
    for one in moves:
        source, target = holder_of(one.posting.source), holder_of(one.posting.target)
        looked_at = one.kind == SPREAD or reasons.get(one.seq) or dead & {source, target}
        if looked_at and one.seq not in taken_back:
            for wrong in _wrong_passing(people, one, source, target, reasons.get(one.seq, "")):
                yield one, wrong


def _wrong_passing(people: People, one: Movement, source: str, target: str, reason: str) -> Iterator[WrongPassing]:
    """What is wrong with a movement from a holder, to one, or both."""
    on = one.effective_on
    before = on - timedelta(days=1)
    if one.kind in _GIVES and source != target and has_died(people, target, before):
        yield WrongPassing(target, "got", Message("got on {day}, after the death", day=on))
    gives = one.kind == PLEDGE or (one.kind == TRANSFER and reason not in ESTATE_REASONS)
    if gives and has_died(people, source, before):
        yield WrongPassing(source, "gave", Message("sold, given or pledged on {day}, after the death", day=on))
    if reason == "inheritance" and source and not has_died(people, source, on):
        told = Message("inherited by {other} on {day}, from the living", other=target, day=on)
        yield WrongPassing(source, reason, told)
    between_homes = source != target and {source, target} <= {*people.households}
    if reason == "merger" and source and target and source != target and not merged(people, source, target, on):
        told = Message(
            "passed to {other} on {day} by merger, and is not merged into it from then on", other=target, day=on
        )
        yield WrongPassing(source, reason, told)
    if between_homes and reason == "household division" and not moved_between(people, source, target):
        told = Message(
            "passed to {other} on {day} by {reason}, and nobody moved between them",
            other=target,
            day=on,
            reason=words(reason),
        )
        yield WrongPassing(source, reason, told)
    if one.kind == SPREAD and source in people.households:
        there = living_in(people, source, on)
        if stay := [number for number in living_in(people, source, date.max) if number in there]:
            told = Message("spread over others on {day}, and {members} stay in it", day=on, members=stay)
            yield WrongPassing(source, SPREAD, told)


def check_passing(view: View, before: People, people: People, entry: Entry) -> None:
    """Raise RegisterError if by a change of the register a movement of whom it touches is forbidden that was not.

    A merger is what a household's holding passed for before: that is looked at again. A death that is taken back by a
    correction comes before what was inherited is: until then it is the audit's to tell.
    """
    reason = entry.facts.get("reason")
    moving = {number for number, fields in entry.facts["members"].items() if fields.keys() & {"standing", "household"}}
    homes = {
        home
        for number in moving
        for one in people.members[number]
        if (home := one.fields.get("household"))
        if number in before.members or _dies_out(before, home, entry.effective_on)
    }
    for number in sorted((moving & before.members.keys()) | (homes & before.households.keys())):
        moves = [*view.movements(f"{HOLDER}/{number}")]
        reasons = {one.seq: str(view.record(one.seq).facts.get("reason", "")) for one in moves if one.kind == TRANSFER}
        known = {*wrong_passings(before, moves, reasons)}
        for one, wrong in wrong_passings(people, moves, reasons):
            if (wrong.reason == "merger" == reason and wrong.number == number) or (
                (one, wrong) not in known and (wrong.reason, reason) != ("inheritance", "correction")
            ):
                raise RegisterError(
                    Message(
                        "{number}: {cls} of record {seq} would be {words}: after a death nothing is got, and what is "
                        "left passes by {reasons} only; take that record back first, or record this for a day on "
                        "which it holds",
                        number=wrong.number,
                        cls=one.posting.denomination,
                        seq=one.seq,
                        words=wrong.words,
                        reasons=[words(one) for one in ESTATE_REASONS],
                    )
                    if wrong.reason in ("got", "gave")
                    else Message(
                        "{number}: {cls} of record {seq} would be {words}; take that record back first",
                        number=wrong.number,
                        cls=one.posting.denomination,
                        seq=one.seq,
                        words=wrong.words,
                    )
                )


def _dies_out(people: People, household: str, since: date) -> bool:
    """Whether a household is an estate on a day or later: only then does somebody new in it change what it may do."""
    return any(has_died(people, household, on) for on in {since} | days_of_home(people, household, since))
