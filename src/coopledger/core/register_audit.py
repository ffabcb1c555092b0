"""The register's invariants, looked for in a whole book: what the verbs never write, whoever wrote it.

The same rules are checked before a movement is appended. A book that was filled by other means, or before a rule
changed, is told of here: each violation as a problem with its place and the first day on which it holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from coopledger.core.charter import HOLDER
from coopledger.core.journal import Movement, View, is_under
from coopledger.core.member import (
    People,
    Roll,
    check_extra_votes,
    days_of_home,
    died_out,
    homes_of,
    living_in,
    who,
)
from coopledger.core.register import UNPAID, Register, register
from coopledger.core.rules import POOLED
from coopledger.core.share_class import ShareClass, classes, share_class, value_fen
from coopledger.core.timeline import Timeline, days, state
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message

_HEADS = ("户主", "head")


def audit_register(view: View) -> list[Problem]:
    """Everything in the register that violates a rule of it; empty is good.

    Households without a head of their own, or with two by what the personal rows say; ID numbers that stand twice;
    shares of somebody who was not in the register or had left, of a kind that may not hold the class, of a pooled
    class outside the pool; more than the cap; lots below zero; paid-in shares × par that is not what the capital
    account shows, day by day.
    """
    people = who(view)
    now = register(view)
    lines = classes(view)
    problems = [*_household_problems(people), *_row_problems(view, now)]
    moves = {cls: [*view.movements(HOLDER, cls)] for cls in lines}
    for cls, line in lines.items():
        problems += _holder_problems(people, cls, line, moves[cls])
        problems += _lot_problems(cls, moves[cls])
    return [*problems, *_capital_problems(view, now.book.currency, lines, moves)]


def _household_problems(people: People) -> Iterator[Problem]:
    for number in sorted({*people.households, *people.lived_in}):
        for on in sorted(days_of_home(people, number)):
            living = living_in(people, number, on)
            head = state(people.households.get(number, ()), on).get("head", "-")
            if living and head not in living:
                yield Problem(
                    f"household {number}",
                    Message(
                        "from {day} on {members} live in it, and its head is {head}: one of them is expected",
                        day=on,
                        members=living,
                        head=head,
                    ),
                )
                break


def _row_problems(view: View, now: Register) -> Iterator[Problem]:
    """What the personal rows that are not erased say against the register."""
    rows = {subject[2:]: row for subject, row in view.personal().items() if subject.startswith("m/")}
    seen: dict[str, str] = {}
    for number, row in rows.items():
        if "id" in row and seen.setdefault(row["id"], number) != number:
            yield Problem(
                f"member {number}", Message("has the ID number of {other}: one is expected", other=seen[row["id"]])
            )
    for number, living in homes_of(Roll(now.members, now.households)).items():
        heads = [one.number for one in living if rows.get(one.number, {}).get("relation") in _HEADS]
        if len(heads) > 1:
            yield Problem(
                f"household {number}",
                Message("{heads} are all its head by their personal data: one is expected", heads=heads),
            )
    try:
        check_extra_votes(now.members, now.book.charter)
    except RegisterError as error:
        yield Problem("votes", error.message)


def _holder_problems(people: People, cls: str, line: Timeline, moves: Iterable[Movement]) -> Iterator[Problem]:
    """Who holds what he may not, or more than he may, from which day on."""
    held: dict[str, int] = {}
    by_day: dict[date, dict[str, int]] = {}
    changes: dict[str, list[tuple[date, int]]] = {}
    for on, of_day in groupby(moves, key=lambda one: one.effective_on):
        moved = _moved(of_day)
        by_day[on] = moved
        for number, quantity in moved.items():
            held[number] = held.get(number, 0) + quantity
            changes.setdefault(number, []).append((on, held[number]))
    for number, balances in sorted(changes.items()):
        found = next(
            (
                (on, words)
                for on, quantity in _standing_days(people, number, balances)
                if quantity and (words := _wrong_holder(people, _class_on(line, on), number, on)) is not None
            ),
            None,
        )
        if found is not None:
            yield Problem(
                f"holder {number}", Message("{cls} from {day} on: {words}", cls=cls, day=found[0], words=found[1])
            )
    yield from _cap_problems(cls, line, by_day)


def _standing_days(people: People, number: str, balances: Iterable[tuple[date, int]]) -> list[tuple[date, int]]:
    """What somebody held on each day on which that, or his standing, changed."""
    found = dict(balances)
    held = sorted(found.items())
    for on in {*days(people.members.get(number, ())), *days_of_home(people, number)}:
        if on not in found:
            found[on] = next((quantity for day, quantity in reversed(held) if day <= on), 0)
    return sorted(found.items())


def _wrong_holder(people: People, one: ShareClass | None, number: str, on: date) -> Message | None:
    if one is None:
        return Message("the class is not there yet")
    if one.pooled or number == POOLED:
        return None if one.pooled and number == POOLED else Message("of a pooled class the pool holds all")
    member, household = (state(lines.get(number, ()), on) for lines in (people.members, people.households))
    if not member and not household:
        return Message("held by nobody in the register")
    empty = household and not living_in(people, number, on) and not died_out(people, number, on)
    if empty or (member and member["standing"] == "left"):
        return Message("held by somebody who has left")
    kind = member["kind"] if member else "person"
    right_level = kind != "person" or bool(household) == (one.level == "household")
    return None if kind in one.holders and right_level else Message("held by a kind of holder that may not")


def _cap_problems(cls: str, line: Timeline, by_day: Mapping[date, Mapping[str, int]]) -> Iterator[Problem]:
    """Who got more than the cap, by the class as of the day on which he did."""
    held: dict[str, int] = {}
    total = 0
    reported: set[str] = set()
    for on, moved in by_day.items():
        for number, quantity in moved.items():
            held[number] = held.get(number, 0) + quantity
            total += quantity
        one = _class_on(line, on)
        if one is None or one.cap is None or one.pooled:
            continue
        most = one.cap if isinstance(one.cap, int) else int(one.cap * total)
        for number, quantity in moved.items():
            if quantity > 0 and held[number] > most and number not in reported:
                reported.add(number)
                yield Problem(
                    f"holder {number}",
                    Message(
                        "{cls}: {held} on {day}, more than the cap of {cap}, which is {most}",
                        cls=cls,
                        held=held[number],
                        day=on,
                        cap=one.cap,
                        most=most,
                    ),
                )


def _lot_problems(cls: str, moves: Iterable[Movement]) -> Iterator[Problem]:
    found: dict[tuple[str, str | None], int] = {}
    reported: set[tuple[str, str | None]] = set()
    for on, of_day in groupby(moves, key=lambda one: one.effective_on):
        for one in of_day:
            _, source, target, quantity, *_, lot = one.posting
            for place, sign in ((source, -1), (target, 1)):
                if is_under(place, HOLDER):
                    found[place, lot] = found.get((place, lot), 0) + sign * quantity
        for (place, lot), quantity in found.items():
            if quantity < 0 and (place, lot) not in reported:
                reported.add((place, lot))
                yield Problem(
                    place,
                    Message(
                        "{cls}: lot {lot} stands at {quantity} on {day}: never below zero is expected",
                        cls=cls,
                        lot=lot or "-",
                        quantity=quantity,
                        day=on,
                    ),
                )


class _Change(NamedTuple):
    """A day on which shares of a class, or the class itself, or its capital account changed."""

    on: date
    cls: str = ""
    paid: int = 0
    account: str = ""
    fen: int = 0


def _capital_problems(
    view: View, currency: str, lines: Mapping[str, Timeline], moves: Mapping[str, Iterable[Movement]]
) -> Iterator[Problem]:
    """Whether paid-in shares × par is what each capital account shows, at the end of every day."""
    accounts = {
        change.fields["capital"]
        for line in lines.values()
        for change in line
        if change.fields.get("capital") is not None
    }
    changes = [_Change(on) for line in lines.values() for on in days(line)]
    for cls, own in moves.items():
        changes += [_Change(one.effective_on, cls, _paid(one)) for one in own]
    for account in accounts:
        for one in view.movements(account, currency):
            sign = is_under(one.posting.source, account) - is_under(one.posting.target, account)
            changes.append(_Change(one.effective_on, account=account, fen=sign * one.posting.quantity))
    paid: dict[str, int] = {}
    capital = dict.fromkeys(sorted(accounts), 0)
    reported: set[str] = set()
    for on, of_day in groupby(sorted(changes), key=lambda one: one.on):
        for change in of_day:
            paid[change.cls] = paid.get(change.cls, 0) + change.paid
            if change.account:
                capital[change.account] += change.fen
        now = [known for line in lines.values() if (known := _class_on(line, on)) is not None]
        for account, fen in capital.items():
            due = sum(value_fen(known, paid.get(known.code, 0)) for known in now if known.capital == account)
            if fen != due and account not in reported:
                reported.add(account)
                yield Problem(
                    account,
                    Message(
                        "shows {fen} fen on {day}, paid-in shares at par are {due} fen: the same is expected",
                        fen=fen,
                        day=on,
                        due=due,
                    ),
                )


def _paid(one: Movement) -> int:
    """What a movement adds to the shares that are paid in."""
    into, out = (
        is_under(place, HOLDER) and not place.endswith(f"/{UNPAID}")
        for place in (one.posting.target, one.posting.source)
    )
    return (into - out) * one.posting.quantity


def _moved(moves: Iterable[Movement]) -> dict[str, int]:
    """What each number got, less what it gave."""
    found: dict[str, int] = {}
    for one in moves:
        for place, sign in ((one.posting.source, -1), (one.posting.target, 1)):
            if place.startswith(f"{HOLDER}/"):
                number = place.split("/")[1]
                found[number] = found.get(number, 0) + sign * one.posting.quantity
    return found


def _class_on(line: Timeline, on: date) -> ShareClass | None:
    fields = state(line, on)
    return share_class(fields) if fields else None
