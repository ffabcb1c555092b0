"""The register's invariants, looked for in a whole book: what the verbs never write, whoever wrote it.

The same rules are checked before a movement is appended. A book that was filled by other means, or before a rule
changed, is told of here: each violation as a problem with its place and the first day on which it holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, islice
from typing import NamedTuple

from coopledger.core.balances import printed
from coopledger.core.chart import MEMBER, MONEY, RESERVE
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.extra_votes import votes_over
from coopledger.core.journal import Movement, View, is_under
from coopledger.core.passing import (
    ENDED,
    ISSUE,
    REASONED,
    SPREAD,
    WITHDRAWAL,
    WrongPassing,
    wrong_passings,
    wrong_refunds,
)
from coopledger.core.people import People, Roll, days_of_home, died_out, homes_of, living_in, told_heads, who
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.register import UNPAID, Register, register
from coopledger.core.rules import POOLED, fits, moved_by_day, over_cap
from coopledger.core.share_class import CLASS, ShareClass, classes, share_class, value_fen
from coopledger.core.timeline import Timeline, days, state
from coopledger.errors import Problem
from coopledger.text import Message


def audit_register(view: View) -> list[Problem]:
    """Everything in the register that violates a rule of it; empty is good.

    Households without a head of their own, or with two by what the personal rows say; ID numbers that stand twice;
    more extra votes than the charter allows; shares of somebody who was not in the register or had left, of a kind
    that may not hold the class, of a pooled class outside the pool; more than the cap; lots below zero; what somebody
    got, sold, gave or pledged after his death, or was inherited from the living; what passed for a household division
    that the register does not have, or for a merger that does not follow; what was spread of a household whose people
    stay; what was redeemed or spread of a leaver, or left his account of the reserve, whose leaving was a mistake;
    paid-in shares × par that is not what the capital account shows, day by day; capital that stands in debit by the
    accounting dates, for it went back before it was booked.
    """
    people = who(view)
    now = register(view)
    lines = classes(view)
    problems = [*_household_problems(people), *_row_problems(view, now)]
    problems += [Problem("votes", one.words) for one in islice(votes_over(view), 1)]
    moves = {cls: [*view.movements(HOLDER, cls)] for cls in lines}
    for cls, line in lines.items():
        problems += _holder_problems(people, cls, line, moves[cls])
        problems += _lot_problems(cls, line, moves[cls])
    problems += _passing_problems(view, people, lines, moves)
    return [*problems, *_capital_problems(view, lines, moves)]


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
    rows = {subject: row for subject, row in view.personal().items() if subject.startswith("m/")}
    seen: dict[str, str] = {}
    for subject, row in rows.items():
        number = subject[2:]
        if "id" in row and seen.setdefault(row["id"], number) != number:
            yield Problem(
                f"member {number}", Message("has the ID number of {other}: one is expected", other=seen[row["id"]])
            )
    for number, living in homes_of(Roll(now.members, now.households)).items():
        heads = told_heads(rows, [one.number for one in living])
        if len(heads) > 1:
            yield Problem(
                f"household {number}",
                Message("{heads} are all its head by their personal data: one is expected", heads=heads),
            )


def _holder_problems(people: People, cls: str, line: Timeline, moves: Iterable[Movement]) -> Iterator[Problem]:
    """Who holds what he may not, or more than he may, from which day on."""
    held: dict[str, int] = {}
    by_day = moved_by_day(moves)
    changes: dict[str, list[tuple[date, int]]] = {}
    for on, moved in by_day.items():
        for number, quantity in moved.items():
            held[number] = held.get(number, 0) + quantity
            changes.setdefault(number, []).append((on, held[number]))
    for number, balances in sorted(changes.items()):
        found = next(
            (
                (on, words)
                for on, quantity in _standing_days(people, number, balances, days(line))
                if quantity and (words := _wrong_holder(people, _class_on(line, on), number, on)) is not None
            ),
            None,
        )
        if found is not None:
            yield Problem(
                f"holder {number}", Message("{cls} from {day} on: {words}", cls=cls, day=found[0], words=found[1])
            )
    yield from _cap_problems(cls, line, by_day)


def _standing_days(
    people: People, number: str, balances: Iterable[tuple[date, int]], class_days: Iterable[date]
) -> list[tuple[date, int]]:
    """What somebody held on each day on which that, his standing or the class changed."""
    found = dict(balances)
    held = sorted(found.items())
    for on in {*class_days, *days(people.members.get(number, ())), *days_of_home(people, number)}:
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
    return None if fits(people, one, number) else Message("held by a kind of holder that may not")


def _cap_problems(cls: str, line: Timeline, by_day: Mapping[date, Mapping[str, int]]) -> Iterator[Problem]:
    """Who has more than the cap from a day on which he got more, or the cap was set."""
    reported: set[str] = set()
    for over in over_cap(line, {}, by_day, date.min):
        if over.number not in reported:
            reported.add(over.number)
            yield Problem(
                f"holder {over.number}",
                Message(
                    "{cls}: {held} on {day}, more than the cap of {cap}, which is {most}",
                    cls=cls,
                    held=printed(over.held, over.digits),
                    day=over.on,
                    cap=over.said_cap,
                    most=printed(over.most, over.digits),
                ),
            )


def _lot_problems(cls: str, line: Timeline, moves: Iterable[Movement]) -> Iterator[Problem]:
    found: dict[tuple[str, str | None], int] = {}
    reported: set[tuple[str, str | None]] = set()
    for on, of_day in groupby(moves, key=lambda one: one.effective_on):
        touched: dict[tuple[str, str | None], None] = {}
        for one in of_day:
            _, source, target, quantity, *_, lot = one.posting
            for place, sign in ((source, -1), (target, 1)):
                if is_under(place, HOLDER):
                    found[place, lot] = found.get((place, lot), 0) + sign * quantity
                    touched[place, lot] = None
        for place, lot in touched:
            quantity = found[place, lot]
            if quantity < 0 and (place, lot) not in reported:
                reported.add((place, lot))
                yield Problem(
                    place,
                    Message(
                        "{cls}: lot {lot} stands at {quantity} on {day}: never below zero is expected",
                        cls=cls,
                        lot=lot or "-",
                        quantity=printed(quantity, int(state(line, on).get("digits", 0))),
                        day=on,
                    ),
                )


def _passing_problems(
    view: View, people: People, lines: Mapping[str, Timeline], moves: Mapping[str, Sequence[Movement]]
) -> Iterator[Problem]:
    """What passed against the rules and did not come back, each kind of it once for each holder."""
    reasons = {one.seq: str(one.facts.get("reason", "")) for one in view.records(*REASONED)}
    told: set[tuple[str, str]] = set()
    for cls, own in moves.items():
        found = [*wrong_passings(people, own, reasons)]
        stands = _not_moved_back(view, people, cls, own, [one for one, _ in found]) if found else set()
        for one, wrong in found:
            if one in stands and (wrong.number, wrong.words.template) not in told:
                told.add((wrong.number, wrong.words.template))
                said = _way_out(people, wrong, _back(lines[cls], cls, one))
                yield Problem(f"holder {wrong.number}", Message("{cls}: {words}", cls=cls, words=said))
    for one, wrong in wrong_refunds(people, view.movements(MEMBER, RESERVE)):
        said = _way_out(people, wrong, Message("take record {seq} back", seq=one.seq))
        yield Problem(f"holder {wrong.number}", Message("{cls}: {words}", cls=RESERVE, words=said))


def _not_moved_back(
    view: View, people: People, cls: str, own: Iterable[Movement], wrong: Iterable[Movement]
) -> set[Movement]:
    """What of wrong movements of a class did not pass the other way since by corrections, as its shares count now."""
    owed = {(one.seq, one.line): (one, Fraction(0)) for one in wrong}
    corrections = {one.seq for one in view.records(ISSUE, *REASONED) if one.facts.get("reason") == "correction"}
    corrections -= {one.posting.reverses_seq for one in own}
    times = _recounts(view, cls)
    told = [(one.seq, one.line, one) for one in own if one.seq in corrections or (one.seq, one.line) in owed]
    for seq, line, one in sorted([*told, *((seq, -1, None) for seq in times)], key=lambda event: event[:2]):
        if one is None:
            owed = {place: (first, due * times[seq]) for place, (first, due) in owed.items()}
        elif (seq, line) in owed:
            owed[seq, line] = one, Fraction(one.posting.quantity)
        else:
            back = Fraction(one.posting.quantity)
            for place, (first, due) in owed.items():
                if due and back and _is_back(people, first, one):
                    owed[place] = first, due - min(due, back)
                    back -= min(due, back)
    return {one for one, due in owed.values() if due}


def _recounts(view: View, cls: str) -> dict[int, Fraction]:
    """By how much the shares of a class were multiplied, by the record of each recount."""
    found: dict[int, Fraction] = {}
    digits, before = 0, 0
    for one in view.records(CLASS, REDENOMINATE):
        if one.facts[CLASS] != cls:
            continue
        if one.kind == CLASS:
            before, digits = digits, one.facts["set"].get("digits", digits)
        else:  # the record of the class is the one before it
            found[one.seq] = Fraction(one.facts["factor"]) * 10 ** (digits - before)
    return found


def _is_back(people: People, first: Movement, then: Movement) -> bool:
    """Whether a movement goes the way of an earlier one back: between the same, or a household and who is of it."""
    if then.effective_on < first.effective_on:
        return False
    ways = (first.posting.source, then.posting.target), (first.posting.target, then.posting.source)
    return all(_stands_for(people, holder_of(one), holder_of(other), then.effective_on) for one, other in ways)


def _stands_for(people: People, one: str, other: str, on: date) -> bool:
    return one == other or one in living_in(people, other, on) or other in living_in(people, one, on)


def _back(line: Timeline, cls: str, one: Movement) -> Message:
    """How shares come back that passed by a movement: by taking it back, if its class counts and is held as then."""
    recounted = any(change.seq > one.seq and change.fields.get("counted_since") is not None for change in line)
    level = state(line, one.effective_on).get("level")
    if recounted or any(state(line, on).get("level") != level for on in days(line, one.effective_on)):
        return Message(
            "let the shares pass the other way, as {cls} is counted and held now, by movements with the reason "
            "correction (record {seq} is from before that)",
            cls=cls,
            seq=one.seq,
        )
    return Message("take record {seq} back", seq=one.seq)


def _way_out(people: People, wrong: WrongPassing, back: Message) -> Message:
    """What is wrong, with what is to be done where a record was written before another that belongs to it."""
    if wrong.reason == "merger" and wrong.number in people.households:
        return Message(
            "{words}: record the merger (merge_households, 'book household merge'), or {back}",
            words=wrong.words,
            back=back,
        )
    if wrong.reason == SPREAD:
        return Message("{words}: record their leaving, or {back}", words=wrong.words, back=back)
    if wrong.since is not None and wrong.number in people.households:
        return Message(
            "{words}: correct the leaving, and the move into the household, from {day} on as well (change_members, "
            "'book change-member', 'book household move'), then {back}",
            words=wrong.words,
            day=wrong.since,
            back=back,
        )
    if wrong.since is not None:
        return Message(
            "{words}: correct the leaving from {day} on as well (change_members, 'book change-member'), then {back}",
            words=wrong.words,
            day=wrong.since,
            back=back,
        )
    if wrong.reason in ("merger", ENDED, WITHDRAWAL):
        return Message("{words}: {back}", words=wrong.words, back=back)
    return wrong.words


class _Change(NamedTuple):
    """A day on which shares of a class, or the class itself, or its capital account changed."""

    on: date
    cls: str = ""
    paid: int = 0
    account: str = ""
    fen: int = 0


def _capital_problems(
    view: View, lines: Mapping[str, Timeline], moves: Mapping[str, Iterable[Movement]]
) -> Iterator[Problem]:
    """Whether paid-in shares × par is what each capital account shows, at the end of every day; none is ever in debit.

    That none is in debit is looked at by the accounting dates: by the days that count, shares are never below zero.

    An account and the one that took it over in the next chart show it together: what counts for the time of the old
    chart may be booked in the new one. One that a class left before it had shares there has other money, or none.
    """
    accounts = _capital_accounts(lines)
    stood = {accounts[one] for cls, line in lines.items() for one in _stood_in(line, moves[cls])}
    accounts = {one: first for one, first in accounts.items() if first in stood}
    changes = [_Change(on) for line in lines.values() for on in days(line)]
    for cls, own in moves.items():
        changes += [_Change(one.effective_on, cls, _paid(one)) for one in own]
    booked: dict[str, list[tuple[date, int, int]]] = {}
    for account, first in accounts.items():
        for one in view.movements(account, MONEY):
            sign = is_under(one.posting.source, account) - is_under(one.posting.target, account)
            changes.append(_Change(one.effective_on, account=account, fen=sign * one.posting.quantity))
            booked.setdefault(first, []).append((one.booked_on, one.seq, sign * one.posting.quantity))
    paid: dict[str, int] = {}
    capital = dict.fromkeys(sorted({*accounts.values()}), 0)
    reported: set[str] = set()
    for on, of_day in groupby(sorted(changes), key=lambda one: one.on):
        for change in of_day:
            paid[change.cls] = paid.get(change.cls, 0) + change.paid
            if change.account:
                capital[accounts[change.account]] += change.fen
        now = [known for line in lines.values() if (known := _class_on(line, on)) is not None]
        for account, fen in capital.items():
            due = sum(
                value_fen(known, paid.get(known.code, 0))
                for known in now
                if known.capital is not None and accounts.get(known.capital) == account
            )
            if fen != due and account not in reported:
                reported.add(account)
                yield Problem(
                    _together(accounts, account),
                    Message(
                        "shows {seen} yuan on {day}, paid-in shares at par are {due} yuan: the same is expected",
                        seen=printed(fen, 2),
                        day=on,
                        due=printed(due, 2),
                    ),
                )
    for first in sorted(booked):
        yield from _booked_in_debit(_together(accounts, first), booked[first])


def _together(accounts: Mapping[str, str], first: str) -> str:
    """The accounts that show capital together with a first one."""
    return ", ".join(sorted(one for one, shown_in in accounts.items() if shown_in == first))


def _booked_in_debit(accounts: str, booked: Iterable[tuple[date, int, int]]) -> Iterator[Problem]:
    """A problem for the first accounting date at whose end capital stands in debit; what is booked by day and record.

    It went back earlier than it came: no verb refuses that, and a trial balance until that day shows it.
    """
    fen = 0
    for on, of_day in groupby(sorted(booked), key=lambda one: one[0]):
        moved = [*of_day]
        fen += sum(quantity for _, _, quantity in moved)
        if fen < 0:
            yield Problem(
                accounts,
                Message(
                    "by the accounting dates {fen} yuan of capital stand in debit on {day}, by record {seq}: capital "
                    "goes back no earlier than it came; take that record back on that day (take_back, 'book reverse "
                    "{seq} --on {day}'), and record it with a later accounting date",
                    fen=printed(-fen, 2),
                    day=on,
                    seq=max(seq for _, seq, quantity in moved if quantity < 0),
                ),
            )
            return


def _capital_accounts(lines: Mapping[str, Timeline]) -> dict[str, str]:
    """The accounts in which capital stands or stood, each with the first of those that took it over in turn."""
    found: dict[str, str] = {}
    for line in lines.values():
        before = ""
        for account in (one.fields["capital"] for one in line if one.fields.get("capital") is not None):
            found.setdefault(account, account)
            if before and before.partition(":")[0] != account.partition(":")[0]:
                kept, joined = found[before], found[account]
                found = {one: kept if first == joined else first for one, first in found.items()}
            before = account
    return found


def _stood_in(line: Timeline, moves: Iterable[Movement]) -> set[str]:
    """The accounts of capital in which a class had paid-in shares, and the one that it has by now."""
    paid_on: dict[date, int] = dict.fromkeys(days(line), 0)
    for one in moves:
        paid_on[one.effective_on] = paid_on.get(one.effective_on, 0) + _paid(one)
    found, paid = {state(line).get("capital")}, 0
    for on in sorted(paid_on):
        paid += paid_on[on]
        if paid:
            found.add(state(line, on).get("capital"))
    return {one for one in found if one is not None}


def _paid(one: Movement) -> int:
    """What a movement adds to the shares that are paid in."""
    into, out = (
        is_under(place, HOLDER) and not place.endswith(f"/{UNPAID}")
        for place in (one.posting.target, one.posting.source)
    )
    return (into - out) * one.posting.quantity


def _class_on(line: Timeline, on: date) -> ShareClass | None:
    fields = state(line, on)
    return share_class(fields) if fields else None
