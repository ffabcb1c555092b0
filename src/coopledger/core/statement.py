"""Statements: how a holding came about, movement by movement, what changed between two days, who somebody was.

Quantities are in the classes' smallest units, as the classes are on the last day asked for: what moved before a finer
fraction is recounted, and that fraction itself moves nothing.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import FIRST_DAY, Movement, View, check_date, check_days, code, is_under
from coopledger.core.lot import account
from coopledger.core.people import MEMBER, People, number_of, who
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.register import per_holder
from coopledger.core.rules import POOLED
from coopledger.core.share_class import classes
from coopledger.core.timeline import Timeline, state
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class StatementLine(NamedTuple):
    """One movement in a holder's account, and what he then has.

    ``quantity`` is what the holding changed by, 0 where shares were only pledged or released; ``free`` and
    ``balance`` are what is free and what there is after it. ``other`` is the other holder, if there is one.
    """

    seq: int
    effective_on: date
    booked_on: date
    kind: str
    reason: str
    cls: str
    quantity: int
    balance: int
    free: int
    other: str = ""
    lot: str | None = None


class Event(NamedTuple):
    """What a record said of a member or a household, and what held from then on, by day and number.

    Of a member: his standing, groups, extra votes, the household he lives in and its head. Of a household: its head and
    its members, all by number.
    """

    seq: int
    effective_on: date
    booked_on: date
    act: str
    reason: str
    standing: str = ""
    household: str = ""
    head: str = ""
    groups: tuple[str, ...] = ()
    extra_votes: int = 0
    members: tuple[str, ...] = ()


class Turnover(NamedTuple):
    """What a holder had at first, what came and went, and what he had at last; ``came`` and ``went`` by kind."""

    opening: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    closing: int


def statement(view: View, number: str, since: date | None = None, until: date | None = None) -> list[StatementLine]:
    """One holder's movements effective within a span of days, all his classes, by day (成员账户, the share side).

    Balances count everything before the span too. Raises RegisterError for a number that was never in the register.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.kind, one.balance) for one in statement(view, "17")]
    [('issue', 500)]
    """
    number = number_of(number)
    check_days(since, until)
    own = account(number)
    known = classes(view)
    counted: dict[str, tuple[int, int]] = {}
    stands: dict[str, tuple[int, int]] = {}
    found: list[StatementLine] = []
    for one in view.movements(own, until=until):
        cls, source, target, quantity, *_ = one.posting
        if cls not in known:
            continue
        into, out = is_under(target, own), is_under(source, own)
        signs = (into - out, (target == own) - (source == own))
        had = counted.get(cls, (0, 0))
        counted[cls] = (had[0] + signs[0] * quantity, had[1] + signs[1] * quantity)
        scale, change = _recounted(view, known[cls], one, until)
        if one.kind == REDENOMINATE:
            was = stands.get(cls, (0, 0))
            stands[cls] = (was[0] + signs[0] * change, was[1] + signs[1] * change)
        else:
            stands[cls] = (counted[cls][0] * scale, counted[cls][1] * scale)
        if since is not None and one.effective_on < since:
            continue
        found.append(
            StatementLine(
                one.seq,
                one.effective_on,
                one.booked_on,
                one.kind,
                view.record(one.seq).facts.get("reason", ""),
                cls,
                signs[0] * change,
                *stands[cls],
                holder_of(source if into else target) if into != out else "",
                one.posting.lot,
            )
        )
    if not found:
        _check_known(who(view), number)
    return found


def turnovers(view: View, cls: str, since: date, until: date) -> dict[str, Turnover]:
    """What changed in a class from one day to another, both included, by holder; who had nothing all along is left out.

    A pooled class moves under the number ``pool``.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     turnovers(view, "land", day, day)
    {'17': Turnover(opening=0, came={'issue': 500}, went={}, closing=500)}
    """
    cls = code(cls)
    for day in (since, until):
        check_date(day)
    line = classes(view).get(cls, ())
    before = max(since, FIRST_DAY) - timedelta(days=1)
    finer = 10 ** (_digits(line, until) - _digits(line, before))
    opening = {number: held * finer for number, held in per_holder(view.balances(cls, HOLDER, before)).items()}
    closing = per_holder(view.balances(cls, HOLDER, until))
    came: dict[str, dict[str, int]] = {number: {} for number in {*opening, *closing}}
    went: dict[str, dict[str, int]] = {number: {} for number in came}
    for one in view.movements(HOLDER, cls, since, until):
        source, target = holder_of(one.posting.source), holder_of(one.posting.target)
        if source == target or one.kind == REDENOMINATE:
            continue
        _, quantity = _recounted(view, line, one, until)
        for number, moved in ((target, came), (source, went)):
            if number:
                by_kind = moved.setdefault(number, {})
                by_kind[one.kind] = by_kind.get(one.kind, 0) + quantity
    found = {}
    for number in sorted({*came, *went}):
        had, has = opening.get(number, 0), closing.get(number, 0)
        into, out = came.get(number, {}), went.get(number, {})
        if recounted := has - had - sum(into.values()) + sum(out.values()):
            (into if recounted > 0 else out)[REDENOMINATE] = abs(recounted)
        if had or into or out:
            found[number] = Turnover(had, into, out, has)
    return found


def history(view: View, number: str) -> list[Event]:
    """What became of a member or a household, record by record, by day: membership, standing, household, head.

    Raises RegisterError for a number that was never in the register.

    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> for n, one in enumerate([found("示例村合作社", effective_on=day), admit(Joiner("0042"), effective_on=day)]):
    ...     _ = journal.append(one, key=f"step {n}", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.act, one.reason, one.standing) for one in history(view, "0042")]
    [('admit', 'founding', 'member')]
    """
    number, people = number_of(number), who(view)
    _check_known(people, number)
    is_household = number in people.households
    found: list[Event] = []
    for one in sorted(view.records(MEMBER), key=lambda record: (record.effective_on, record.seq)):
        event = Event(
            one.seq, one.effective_on, one.booked_on, str(one.facts.get("act", "")), str(one.facts.get("reason", ""))
        )
        if is_household:
            event = _of_household(people, number, event)
            before = found[-1] if found else event._replace(head="", members=())
            if (event.head, event.members) != (before.head, before.members):
                found.append(event)
        elif number in one.facts["members"] or number in {heads["head"] for heads in one.facts["households"].values()}:
            found.append(_of_member(people, number, event))
    return found


def _check_known(people: People, number: str) -> None:
    if number not in people.households and number not in people.members and number != POOLED:
        raise RegisterError(Message("{number} was never in the register", number=printable(number)))


def _of_member(people: People, number: str, event: Event) -> Event:
    fields = _after(people.members[number], event)
    home = str(fields.get("household", ""))
    return event._replace(
        standing=str(fields.get("standing", "")),
        household=home,
        head=str(_after(people.households.get(home, ()), event).get("head", "")),
        groups=tuple(fields.get("groups", ())),
        extra_votes=int(fields.get("extra_votes", 0)),
    )


def _of_household(people: People, number: str, event: Event) -> Event:
    living = tuple(
        one for one in people.lived_in.get(number, ()) if _after(people.members[one], event).get("household") == number
    )
    head = str(_after(people.households[number], event).get("head", ""))
    return event._replace(household=number, head=head if living else "", members=living)


def _after(line: Timeline, event: Event) -> dict[str, Any]:
    """The fields as they stand after a record, whatever of its day was recorded later."""
    return state([one for one in line if (one.effective_on, one.seq) <= (event.effective_on, event.seq)])


def _recounted(view: View, line: Timeline, one: Movement, on: date | None) -> tuple[int, int]:
    """How many smallest units of a day make one of a movement's, and what it moved, in units of that day.

    Of a recount that is without what a finer fraction alone makes.
    """
    then = [change for change in line if (change.effective_on, change.seq) <= (one.effective_on, one.seq)]
    digits = _digits(then)
    scale = int(10 ** (_digits(line, on) - digits))
    if one.kind != REDENOMINATE:
        return scale, one.posting.quantity * scale
    factor = Fraction(view.record(one.seq).facts["factor"])
    finer = 10 ** (digits - _digits(then[:-1]))
    return scale, int(one.posting.quantity * scale * finer * (factor - 1) / (factor * finer - 1))


def _digits(line: Timeline, on: date | None = None) -> int:
    return int(state(line, on).get("digits", 0))
