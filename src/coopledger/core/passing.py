"""Passing: the kinds of movements of shares, and what the dead, the living and households may give and get by them.

Movements are looked at against the register as it is: by the audit all of them, and by a change of the register those
of whom it touches, for a death that is recorded late may be dated before a sale. So is what was paid to who left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from coopledger.core.chart import MEMBER, RESERVE
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import Entry, Movement, View
from coopledger.core.people import People, days_of_home, died_out, living_in
from coopledger.core.timeline import Timeline, days, state
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message

ISSUE, TRANSFER, REDEEM, CONVERT, PAY_IN = "issue", "transfer", "redeem", "convert", "pay-in"
PLEDGE, RELEASE, FREEZE, UNFREEZE = "pledge", "release", "freeze", "unfreeze"
SPREAD, REVERSAL = "spread", "reversal"
"""The kinds of records that the verbs write."""

WITHDRAWAL = "withdrawal"
"""The kind of the record by which the reserve that was quantified to a leaver leaves his account, paid or not."""

REVERSES = "reverses"
"""The fact, in the record of a reversal, that has the number of the record that it takes back."""

CONTRIBUTION = "contribution"
"""The fact, in the record that issued the shares, that says what was brought in."""

ESTATE_REASONS = ("inheritance", "household division", "court order", "correction")
"""Why an estate passes on; it sells and gives nothing (民法典 1121: inheritance begins with the death)."""

_GIVES = frozenset({ISSUE, TRANSFER, CONVERT, SPREAD})

REASONED = (TRANSFER, REDEEM)
"""The kinds of movements of which it matters for what reason they are."""

_LEAVES = ("withdrawal", "exclusion", "dissolution", "correction")
"""Why shares of a leaver are redeemed."""

ENDED = "ended"
"""Why shares were redeemed or spread when a membership had ended that goes on: that was a mistake, or it began anew."""


class WrongPassing(NamedTuple):
    """What is wrong with a movement: whose problem it is, why it passed (or what the dead did), and that in words."""

    number: str
    reason: str
    words: Message
    since: date | None = None
    """The day from which a leaving is to be corrected as well, before the shares can come back."""


def has_died(people: People, number: str, on: date | None) -> bool:
    """Whether what a number holds on a day is an estate: the person has died, or the household died out."""
    if number in people.households:
        day = on or date.max
        return not living_in(people, number, day) and died_out(people, number, day)
    return bool(state(people.members.get(number, ()), on).get("standing") == "estate")


def was_dead(people: People, number: str, on: date | None) -> bool:
    """Whether a number is an estate on a day, and was on the day before: what counts for the day itself came first.

    Who sells, gives or pledges something and dies on that day did it alive, whichever is recorded first.
    """
    return has_died(people, number, on) and (on is None or has_died(people, number, on - timedelta(days=1)))


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
    """What of some movements the register forbids, but for what was taken back.

    What the dead got, sold, gave or pledged; what was inherited from the living; what passed for a household division
    that the register does not have, or for a merger that does not follow; what was spread of a household whose people
    stay; what was redeemed or spread of who left or died, if that was a mistake. ``reasons`` are those of transfers and
    redemptions, by record.
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
    if one.kind in _GIVES and source != target and was_dead(people, target, on):
        yield WrongPassing(target, "got", Message("got on {day}, after the death", day=on))
    gives = one.kind == PLEDGE or (one.kind == TRANSFER and reason not in ESTATE_REASONS)
    if gives and was_dead(people, source, on):
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
        if stay := [
            number
            for number in living_in(people, source, date.max)
            if number in there and state(people.members[number], on)["standing"] == "member"
        ]:
            told = Message("spread over others on {day}, and {members} stay in it", day=on, members=stay)
            yield WrongPassing(source, SPREAD, told)
    if line := _ended_by_mistake(people, one, source, reason):
        yield WrongPassing(source, ENDED, _told_of_end(one.kind, line, on), _corrected_from(line, on))


def _ended_by_mistake(people: People, one: Movement, source: str, reason: str) -> Timeline:
    """The line of who left or died, so that shares were redeemed or spread, and whose membership goes on; or none."""
    if one.kind != SPREAD and not (one.kind == REDEEM and reason in _LEAVES):
        return ()
    on = one.effective_on
    home = source in people.households
    there = _persons(people, source, on)
    back = [] if there else _back_later(people, source, on)
    for person in there or back:
        line = people.members.get(person, ())
        if not _goes_on(line, on):
            continue
        if one.kind == SPREAD:
            ended = not (home and there)  # who stays in a household is told of as such
        else:
            ended = bool(back) or _left_on(line, on)
            ended = ended or (reason != "correction" and _ended_before(people, one, source, person))
        if ended:
            return line
    return ()


def _told_of_end(kind: str, line: Timeline, on: date) -> Message:
    """What is told of shares that went because a membership ended that goes on: a mistake, if a correction says so."""
    fields = state(line, on)
    if fields["standing"] != "member" or fields["reason"] == "correction":  # of another than a member it goes on later
        return (
            Message("redeemed on {day}, when the membership ended, which was a mistake", day=on)
            if kind == REDEEM
            else Message("spread over others on {day}, when the membership had ended, which was a mistake", day=on)
        )
    return (
        Message("redeemed on {day}, when the membership ended, and at the end of that day it is there again", day=on)
        if kind == REDEEM
        else Message(
            "spread over others on {day}, when the membership had ended, and at the end of that day it is there again",
            day=on,
        )
    )


def _back_later(people: People, household: str, on: date) -> list[str]:
    """Who had left or died out of a household by a day on which it is empty, and lives in it again later."""
    found = []
    for number in people.lived_in.get(household, ()):
        line = people.members[number]
        homes = [(change.effective_on, home) for change in line if (home := change.fields.get("household"))]
        last = [home for day, home in homes if day <= on][-1:]
        again = any(day > on and home == household for day, home in homes)
        if last == [household] and again and state(line, on)["standing"] != "member":
            found.append(number)
    return found


def _ended_before(people: People, one: Movement, source: str, person: str) -> bool:
    """Whether by what was recorded before a movement a membership had ended by its day, and nobody's went on."""
    numbers = people.lived_in.get(source, ()) if source in people.households else [person]
    known = {number: [change for change in people.members[number] if change.seq < one.seq] for number in numbers}
    now = {number: state(line, one.effective_on) for number, line in known.items()}
    if any(fields.get("household") == source for fields in now.values()):
        return False
    was_member = any(
        change.fields.get("standing") == "member" and change.effective_on <= one.effective_on
        for change in known[person]
    )
    return was_member and now[person]["standing"] != "member"


def _corrected_from(line: Timeline, on: date) -> date | None:
    """The day of a leaving that is corrected from a later day only, so that nothing comes back on a day before."""
    if state(line, on)["standing"] != "left":
        return None
    return max(one.effective_on for one in line if one.effective_on <= on and one.fields.get("standing") == "left")


def wrong_refunds(people: People, moves: Iterable[Movement]) -> Iterator[tuple[Movement, WrongPassing]]:
    """What left the accounts of members of the reserve, but for what was taken back, though the membership goes on."""
    own = [*moves]
    taken_back = {one.posting.reverses_seq for one in own}
    for one in own:
        if one.kind != WITHDRAWAL or one.seq in taken_back:
            continue
        number, on = one.posting.source.partition("/")[2], one.effective_on
        if any(_goes_on(people.members.get(person, ()), on) for person in _persons(people, number, on)):
            told = Message("left the account on {day}, though the membership had not ended", day=on)
            yield one, WrongPassing(number, WITHDRAWAL, told)


def _persons(people: People, number: str, on: date) -> list[str]:
    """Who is meant by a number: a member himself; of a household, who lives in it on a day."""
    return living_in(people, number, on) if number in people.households else [number]


def _left_on(line: Timeline, on: date) -> bool:
    """Whether a membership was ended on a day, if only by mistake."""
    return any(one.effective_on == on and one.fields.get("standing") == "left" for one in line)


def _goes_on(line: Timeline, on: date) -> bool:
    """Whether somebody is a member at the end of a day, or by a correction again later: then he had not left."""
    if state(line, on).get("standing") == "member":
        return True
    if not any(one.effective_on <= on and one.fields.get("standing") == "member" for one in line):
        return False
    later = (state(line, day) for day in days(line, on + timedelta(days=1)))
    return next((fields["reason"] == "correction" for fields in later if fields.get("standing") == "member"), False)


def check_passing(view: View, before: People, people: People, entry: Entry) -> None:
    """Raise RegisterError if by a change of the register a movement of whom it touches is forbidden that was not.

    A merger is what a household's holding passed for before: that is looked at again. A death that is taken back by a
    correction comes before what was inherited is, and so a leaving before what was redeemed or spread: until then it is
    the audit's to tell. What was paid of the reserve is taken back before.
    """
    reason = entry.facts.get("reason")
    moving = {number for number, fields in entry.facts["members"].items() if fields.keys() & {"standing", "household"}}
    _check_refunds(view, before, people, moving)
    if not before.members:
        return  # and so nothing was held or passed on
    homes = {
        home
        for number in moving
        for one in people.members[number]
        if (home := one.fields.get("household", "")) in before.households
        if number in before.members or _dies_out(before, home, entry.effective_on)
    }
    for number in sorted((moving & before.members.keys()) | homes):
        moves = [*view.movements(f"{HOLDER}/{number}")]
        told = {one.seq for one in moves if one.kind in REASONED}
        reasons = {seq: str(view.record(seq).facts.get("reason", "")) for seq in told}
        known = {(one, wrong.number, wrong.reason) for one, wrong in wrong_passings(before, moves, reasons)}
        for one, wrong in wrong_passings(people, moves, reasons):
            if (wrong.reason == "merger" == reason and wrong.number == number) or (
                (one, wrong.number, wrong.reason) not in known
                and not (wrong.reason in ("inheritance", SPREAD) and reason == "correction")
                and wrong.reason != ENDED
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


def _check_refunds(view: View, before: People, people: People, moving: Iterable[str]) -> None:
    """Raise RegisterError if by a change of the register somebody would be a member whose reserve was paid out."""
    refunded = {leg.source for one in view.records(WITHDRAWAL) for leg in one.postings if leg.denomination == RESERVE}
    if not refunded:
        return
    touched = {*moving, *(str(one.fields.get("household")) for number in moving for one in people.members[number])}
    for number in sorted(touched):
        place = f"{MEMBER}/{number}"
        moves = [*view.movements(place, RESERVE)] if place in refunded else []
        known = {one.seq for one, _ in wrong_refunds(before, moves)}
        for one, _ in wrong_refunds(people, moves):
            if one.seq not in known:
                raise RegisterError(
                    Message(
                        "{number}: by record {seq} the reserve that was quantified to {number} left the account on "
                        "{day}, for the membership had ended: take that record back first (take_back, "
                        "'book reverse {seq}')",
                        number=number,
                        seq=one.seq,
                        day=one.effective_on,
                    )
                )


def _dies_out(people: People, household: str, since: date) -> bool:
    """Whether a household is an estate on a day or later: only then does somebody new in it change what it may do."""
    return any(has_died(people, household, on) for on in {since} | days_of_home(people, household, since))
