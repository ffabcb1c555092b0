"""Movements between two days as tables: what happened, one by one, and what each holder had before and after."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import natural_key
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import FIRST_DAY, Facts, View, check_date
from coopledger.core.quantity import decimal
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.register import register
from coopledger.core.rules import POOLED
from coopledger.core.share_class import CLASS, classes
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline, state
from coopledger.core.wording import words
from coopledger.reports.cells import class_name, count, digits_of, documents, happened, named, reason
from coopledger.reports.witness import between, known
from coopledger.text import Message


def movements_report(view: View, since: date, until: date, cls: str | None = None) -> list[Table]:
    """What moved from one day to another, both included: a list, and a table of turnover for each class.

    Shares are whole ones, in the decimals that the class had then. A recount of a class (a split, a finer fraction) is
    one row of the list, and a column of the turnover.

    Raises RegisterError for a class that is not there on the last day.

    >>> from coopledger.core.ahead import in_turn
    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.core.movement import issue
    >>> from coopledger.core.share_class import open_class, preset
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [
    ...     found("示例村合作社", effective_on=day),
    ...     open_class(preset("land"), effective_on=day),
    ...     admit(Joiner("0042", household="17", head=True, personal={"name": "成员甲"}), effective_on=day),
    ...     issue("land", to="17", shares=500, effective_on=day),
    ... ]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [moved, turnover] = movements_report(view, day, day)
    >>> [str(cell) for cell in moved.rows[0][:6]]
    ['2026-01-01', 'issue', 'land', '-', '17', '500']
    """
    for day in (since, until):
        check_date(day)
    now = register(view, until)
    chosen = {cls: now.share_class(cls)} if cls is not None else now.classes
    known_classes = {code: line for code, line in classes(view).items() if code in chosen}
    moves = _moves(view, known_classes, since, until)
    recounts = [
        _Recount(one.seq, one.effective_on, str(one.facts[CLASS]), str(one.facts["factor"]), one.facts)
        for one in view.records(REDENOMINATE)
        if one.facts[CLASS] in known_classes and since <= one.effective_on <= until
    ]
    span = between(since, until)
    notes: list[Text] = [span, *known(view)]
    tables = [_list(view, moves, recounts, notes)]
    for code, line in known_classes.items():
        own = [one for one in moves if one.cls == code]
        recounted = any(one.cls == code for one in recounts)
        opening = _held(view, code, line, max(since, FIRST_DAY) - timedelta(days=1))
        rows = _turnover(opening, _held(view, code, line, until), own)
        if rows or cls is not None:
            title = Message("turnover of {cls}", cls=named(chosen[code]))
            tables.append(_turnover_table(title, rows, chosen[code].digits, notes, recounted=recounted))
    return tables


class _Move(NamedTuple):
    """What one record moved from one place to another, its lots together, in whole shares."""

    seq: int
    on: date
    kind: str
    cls: str
    source: str
    target: str
    digits: int
    shares: Fraction


class _Recount(NamedTuple):
    """A record that recounts all shares of a class."""

    seq: int
    on: date
    cls: str
    factor: str
    facts: Facts


class _Turnover(NamedTuple):
    """What a holder had, got and gave, in whole shares, what a recount made of it, and what he has."""

    number: str
    opening: Fraction
    came: Fraction
    went: Fraction
    closing: Fraction

    @property
    def recounted(self) -> Fraction:
        return self.closing - self.opening - self.came + self.went


def _moves(view: View, known_classes: dict[str, Timeline], since: date, until: date) -> list[_Move]:
    """The movements of some classes by day, number and line, without those of recounts."""
    only = next(iter(known_classes)) if len(known_classes) == 1 else None
    found: dict[tuple[int, str, str, str], _Move] = {}
    for one in view.movements(HOLDER, only, since, until):
        cls, source, target, quantity, *_ = one.posting
        if cls not in known_classes or one.kind == REDENOMINATE:
            continue
        place = (one.seq, cls, source, target)
        if place not in found:
            digits = digits_of(known_classes[cls], one.effective_on, one.seq)
            found[place] = _Move(one.seq, one.effective_on, one.kind, cls, source, target, digits, Fraction(0))
        was = found[place]
        found[place] = was._replace(shares=was.shares + Fraction(quantity, 10**was.digits))
    return [*found.values()]


def _list(view: View, moves: Sequence[_Move], recounts: Sequence[_Recount], notes: Sequence[Text]) -> Table:
    facts = _facts(view, moves)
    names = {cls: class_name(view, cls) for cls in {one.cls for one in moves} | {one.cls for one in recounts}}
    dated: list[tuple[date, int, list[Text]]] = [
        (
            one.on,
            one.seq,
            [
                str(one.on),
                happened(words(one.kind), one.kind, facts[one.seq]),
                names[one.cls],
                _place(one.source),
                _place(one.target),
                decimal(one.shares, one.digits),
                str(one.seq),
                reason(facts[one.seq]),
                documents(facts[one.seq]),
            ],
        )
        for one in moves
    ]
    for again in recounts:
        times = f"× {again.factor}"
        row = [
            str(again.on),
            words(REDENOMINATE),
            names[again.cls],
            "",
            "",
            times,
            str(again.seq),
            "",
            documents(again.facts),
        ]
        dated.append((again.on, again.seq, row))
    rows = [row for _, _, row in sorted(dated, key=lambda one: one[:2])]
    columns = [
        Column(Message("day")),
        Column(Message("what happened")),
        Column(Message("class")),
        Column(Message("from whom")),
        Column(Message("to whom")),
        count(Message("shares")),
        count(Message("record")),
        Column(Message("reason")),
        Column(Message("documents")),
    ]
    return Table(Message("movements of shares"), columns, rows, (), notes)


def _facts(view: View, moves: Sequence[_Move]) -> dict[int, Facts]:
    """What the records of movements say, read in one go."""
    wanted = {one.seq for one in moves}
    if not wanted:
        return {}
    kinds = sorted({one.kind for one in moves})
    last = max(wanted)
    found = {}
    for record in view.records(*kinds, since=min(wanted) - 1):
        if record.seq in wanted:
            found[record.seq] = record.facts
        if record.seq >= last:
            break
    return found


def _place(place: str) -> Text:
    """A place as people know it: a holder's number, with the part in which his shares are tied."""
    number = holder_of(place)
    if not number:
        return "-"
    part = place.split("/")[2:]
    who = Message("the pool") if number == POOLED else number
    return Message("{number} ({part})", number=who, part=words(part[0])) if part else who


def _turnover(
    opening: Mapping[str, Fraction], closing: Mapping[str, Fraction], moves: Iterable[_Move]
) -> list[_Turnover]:
    """What changed for each holder of a class; who had nothing all along is left out."""
    came: dict[str, Fraction] = {}
    went: dict[str, Fraction] = {}
    for one in moves:
        source, target = holder_of(one.source), holder_of(one.target)
        if source != target:
            for number, sums in ((target, came), (source, went)):
                if number:
                    sums[number] = sums.get(number, Fraction(0)) + one.shares
    nothing = Fraction(0)
    return [
        _Turnover(number, *(one.get(number, nothing) for one in (opening, came, went, closing)))
        for number in sorted({*opening, *came, *went, *closing}, key=natural_key)
    ]


def _held(view: View, cls: str, line: Timeline, on: date) -> dict[str, Fraction]:
    """What everybody has of a class at the end of a day, in whole shares."""
    unit = 10 ** int(state(line, on).get("digits", 0))
    found: dict[str, Fraction] = {}
    for (_, place), quantity in view.balances(cls, HOLDER, on).items():
        number = holder_of(place)
        found[number] = found.get(number, Fraction(0)) + Fraction(quantity, unit)
    return found


def _turnover_table(
    title: Message, found: Sequence[_Turnover], digits: int, notes: Sequence[Text], *, recounted: bool
) -> Table:
    def cells(opening: Fraction, came: Fraction, went: Fraction, again: Fraction, closing: Fraction) -> list[Text]:
        shown = [opening, came, went, *([again] if recounted else []), closing]
        return [decimal(one, digits) for one in shown]

    rows: list[list[Text]] = [
        [
            Message("the pool") if one.number == POOLED else one.number,
            *cells(one.opening, one.came, one.went, one.recounted, one.closing),
        ]
        for one in found
    ]
    sums = [
        sum((getattr(one, name) for one in found), start=Fraction(0))
        for name in ("opening", "came", "went", "recounted", "closing")
    ]
    columns = [
        Column(Message("number")),
        count(Message("opening")),
        count(Message("in")),
        count(Message("out")),
        *([count(Message("recounted"))] if recounted else []),
        count(Message("closing")),
    ]
    return Table(title, columns, rows, [Message("total"), *cells(*sums)], notes)
