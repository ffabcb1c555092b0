"""Debts: what members still owe of what they had been paid of runs that were undone since.

It stands in their current accounts, beside what an advance gave them, which the run that nets it sets off, and what
they owe there for other reasons: neither is a debt of this kind.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.allocation import in_order
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.journal import Movement, View, check_days
from coopledger.core.passing import REVERSAL
from coopledger.core.run import BOUNCE, DECLARATION, LAPSE, PAYOUT, RETAINED_PAYOUT, UNDECLARED, runs
from coopledger.core.settlement import CURRENT

_RAISE = frozenset({UNDECLARED, BOUNCE, REVERSAL})
"""The kinds of records by which somebody may come to owe such a debt."""


def undone_debts(view: View, on: date | None = None) -> dict[str, int]:
    """What each still owes as of a day, in fen by number, since runs were undone of which he had been paid.

    What was collected since, or set off against another run, is taken off; who owes nothing is not in it. What comes
    back of that is owed again of what it was taken from: an advance is advanced once more, and no debt of this kind.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     undone_debts(view)
    {}
    """
    check_days(on)
    if not any(on is None or record.effective_on <= on for record in view.records(UNDECLARED)):
        return {}
    debts, stands = _replayed(view, on)
    # Who had brought an advance that he was not paid is owed that: it is taken off.
    owed = {number: min(fen, stands[number]) for number, fen in debts.fen.items()}
    return {number: owed[number] for number in in_order(owed) if owed[number] > 0}


def owed_since(view: View, began: date, on: date) -> set[str]:
    """Who owed since a run was undone, as of a day or at the end of one after it, up to another.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     owed_since(view, date(2026, 1, 1), date(2027, 1, 1))
    set()
    """
    if next(view.records(UNDECLARED), None) is None:
        return set()
    days = {move.effective_on for move, _, owes in _moves(view, on, None) if owes and move.kind in _RAISE}
    return {number for day in {began, *days} if day >= began for number in undone_debts(view, day)}


class Advances(NamedTuple):
    """What became of a holder's advances, in fen: what is left of each, and what each run set off against which.

    ``netted`` is by the codes of the run and of the advance. What a run set off, he had with the advance.
    """

    left: Mapping[str, int]
    netted: Mapping[tuple[str, str], int]


def advances(view: View, holder: str, on: date | None = None) -> Advances:
    """What is left of a holder's advances as of a day, and what was set off against them by runs that are not undone.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     advances(view, "17")
    Advances(left={}, netted={})
    """
    debts, _ = _replayed(view, on, holder)
    left = {name: fen for name, fen in debts.advances.get(holder, {}).items() if fen}
    netted: dict[tuple[str, str], int] = {}
    for one in debts.taken.get(holder, ()):
        if one.kind == PAYOUT and one.of:  # what came in otherwise is of no run
            netted[one.run, one.of] = netted.get((one.run, one.of), 0) + one.fen
    return Advances(left, netted)


def advanced(view: View, name: str) -> dict[str, int]:
    """What is left of an advance of all who have any of it, in fen by number: no run netted it, nor did it come in.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     advanced(view, "2026-06")
    {}
    """
    debts, _ = _replayed(view, None)
    return {number: fen for number, own in debts.advances.items() if (fen := own.get(name, 0))}


def brought(view: View, name: str) -> dict[str, list[int]]:
    """The numbers of the records by which what an advance gave came in, or was set off, by holder's number.

    What lapsed of it was never brought.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     brought(view, "2026-06")
    {}
    """
    debts, _ = _replayed(view, None)
    found = {
        number: [one.seq for one in taken if one.of == name and one.kind != LAPSE]
        for number, taken in debts.taken.items()
    }
    return {number: seqs for number, seqs in found.items() if seqs}


def _replayed(view: View, on: date | None, holder: str | None = None) -> "tuple[_Debts, dict[str, int]]":
    """The debts of all, or of one holder, as records made them up to a day, and what stands in the accounts."""
    undone = [record for record in view.records(UNDECLARED) if on is None or record.effective_on <= on]
    known, debts, stands, named = runs(view), _Debts(), dict[str, int](), dict[int, str]()
    for move, number, owes in _moves(view, on, holder):
        while undone and undone[0].seq < move.seq:
            debts.end_advance(str(undone.pop(0).facts["run"]))
        leg = move.posting
        stands[number] = stands.get(number, 0) + (leg.quantity if owes else -leg.quantity)
        of_run = move.kind in {DECLARATION, PAYOUT, RETAINED_PAYOUT, UNDECLARED, LAPSE}
        if of_run and move.seq not in named:  # the postings of one record follow each other
            named = {move.seq: str(view.record(move.seq).facts["run"])}
        name = named[move.seq] if of_run else ""
        nets = known[name].proposal.nets if move.kind == PAYOUT else ()
        if move.kind == DECLARATION:
            debts.advance(name, number, leg.quantity)
        elif owes and move.kind in _RAISE:
            debts.come_back(number, leg.quantity, run=name, seq=leg.reverses_seq)
        elif not owes and move.kind == UNDECLARED:  # what was unpaid of an advance is owed no more
            debts.settle(number, leg.quantity, (name,))
        elif not owes and move.kind == LAPSE:  # nor what lapses, unless that is taken back
            debts.settle(number, leg.quantity, (name,), _Taken(move.seq, move.kind, "", None, 0))
        elif not owes:
            debts.settle(number, leg.quantity, nets, _Taken(move.seq, move.kind, name, None, 0))
    for record in undone:
        debts.end_advance(str(record.facts["run"]))
    return debts, stands


def _moves(view: View, on: date | None, holder: str | None) -> Iterator[tuple[Movement, str, bool]]:
    """What moved in the current accounts of all, or of one, up to a day, by record: whose it is, whether he owes it."""
    places = {chart.account(CURRENT) for _, chart in charts(view).adopted if CURRENT in chart.roles}
    within = places if holder is None else {f"{above}/{holder}" for above in places}
    moves = {move[:2]: move for above in within for move in view.movements(above, MONEY, until=on)}
    for _, move in sorted(moves.items()):
        leg = move.posting
        owes = leg.target.rpartition("/")[0] in places  # what a run owes may stand below them as well
        if move.kind != CONVERSION and (owes or leg.source.rpartition("/")[0] in places):
            yield move, (leg.target if owes else leg.source).rpartition("/")[2], owes


class _Taken(NamedTuple):
    """What came in by a record, or was set off or lapsed by it, of a run if it is a payout, and of what it was taken.

    ``of`` is the code of an advance, empty for a debt, None for what he owed for another reason.
    """

    seq: int
    kind: str
    run: str
    of: str | None
    fen: int


class _Debts:
    """What each owes, in fen: ``fen`` since runs were undone, and of each advance what no run netted yet."""

    def __init__(self) -> None:
        self.fen: dict[str, int] = {}
        self.advances: dict[str, dict[str, int]] = {}  # by number and run
        self._advanced: set[str] = set()
        self.taken: dict[str, list[_Taken]] = {}  # by number

    def advance(self, name: str, number: str, fen: int) -> None:
        """An advance is declared, or what was taken of it is advanced once more."""
        self._advanced.add(name)
        own = self.advances.setdefault(number, {})
        own[name] = own.get(name, 0) + fen

    def end_advance(self, name: str) -> None:
        """An advance is undone: what its holders had of it is a debt like any other.

        What it set off they had of it no more: it is owed of what it was taken from.
        """
        if name not in self._advanced:  # what comes back of another run stands in the accounts
            return
        for number, taken in [*self.taken.items()]:
            if back := sum(one.fen for one in taken if one.run == name):
                self.come_back(number, back, run=name)
                self.settle(number, back, (name,))
        for number, own in self.advances.items():
            self._owe(number, own.pop(name, 0))
        for number, taken in self.taken.items():
            self.taken[number] = [one._replace(of="") if one.of == name else one for one in taken]

    def come_back(self, number: str, fen: int, *, run: str = "", seq: int | None = None) -> None:
        """What was settled by a record, or of a run, comes back: it is owed of what it was taken, the rest is a debt.

        The rest is what he had been paid of a run that is undone.
        """
        left = []
        for one in self.taken.get(number, ()):
            back = min(fen, one.fen) if (run and one.run == run) or one.seq == seq else 0
            if one.of:
                self.advance(one.of, number, back)
            elif one.of is not None:
                self._owe(number, back)
            fen -= back
            left.append(one._replace(fen=one.fen - back))
        self.taken[number] = [one for one in left if one.fen]
        self._owe(number, fen)

    def settle(self, number: str, fen: int, nets: tuple[str, ...], by: _Taken | None = None) -> None:
        """Something comes in, or is set off: of the advances that a run nets, then of the debt, then of any advance.

        It may come back if it is said by which record.
        """
        own = self.advances.setdefault(number, {})
        for of in (*nets, "", *own):
            there = own.get(of, 0) if of else self.fen.get(number, 0)
            taken = min(fen, there)
            if of and taken:
                own[of] = there - taken
            elif taken:
                self.fen[number] = there - taken
            fen -= taken
            self._take(number, by, of, taken)
        self._take(number, by, None, fen)

    def _owe(self, number: str, fen: int) -> None:
        self.fen[number] = self.fen.get(number, 0) + fen

    def _take(self, number: str, by: _Taken | None, of: str | None, fen: int) -> None:
        if by is not None and fen:
            self.taken.setdefault(number, []).append(by._replace(of=of, fen=fen))
