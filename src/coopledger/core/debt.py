"""Debts: what members still owe of what they had been paid of runs that were undone since.

It stands in their current accounts, beside what an advance gave them, which the run that nets it sets off, and what
they owe there for other reasons: neither is a debt of this kind.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.allocation import in_order
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.journal import View
from coopledger.core.passing import REVERSAL
from coopledger.core.run import BOUNCE, DECLARATION, PAYOUT, UNDECLARED, runs
from coopledger.core.settlement import CURRENT


def undone_debts(view: View, on: date | None = None) -> dict[str, int]:
    """What each still owes as of a day, in fen by number, since runs were undone of which he had been paid.

    What was collected since, or set off against another run, is taken off; who owes nothing is not in it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     undone_debts(view)
    {}
    """
    if not any(on is None or record.effective_on <= on for record in view.records(UNDECLARED)):
        return {}
    debts, stands = _replayed(view, on)
    # What was set off of something else and came back is counted as a debt, but no more than stands in the account.
    owed = {number: min(fen, stands[number]) for number, fen in debts.fen.items()}
    return {number: owed[number] for number in in_order(owed) if owed[number] > 0}


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
    netted = {(name, advance): fen for (name, advance, number), fen in debts.netted.items() if number == holder}
    for (name, number), others in debts.besides.items():
        if name and number == holder:  # what came in otherwise is of no run
            for advance, fen in others.items():
                netted[name, advance] = netted.get((name, advance), 0) + fen
    return Advances(left, {key: fen for key, fen in netted.items() if fen})


def _replayed(view: View, on: date | None, holder: str | None = None) -> "tuple[_Debts, dict[str, int]]":
    """The debts of all, or of one holder, as records made them up to a day, and what stands in the accounts."""
    undone = [record for record in view.records(UNDECLARED) if on is None or record.effective_on <= on]
    known, debts, stands, named = runs(view), _Debts(), dict[str, int](), dict[int, str]()
    places = {chart.account(CURRENT) for _, chart in charts(view).adopted if CURRENT in chart.roles}
    within = places if holder is None else {f"{above}/{holder}" for above in places}
    moves = {move[:2]: move for above in within for move in view.movements(above, MONEY, until=on)}
    for _, move in sorted(moves.items()):
        while undone and undone[0].seq < move.seq:
            debts.end_advance(str(undone.pop(0).facts["run"]))
        leg = move.posting
        owes = leg.target.rpartition("/")[0] in places  # what a run owes may stand below them as well
        if move.kind == CONVERSION or not (owes or leg.source.rpartition("/")[0] in places):
            continue
        number = (leg.target if owes else leg.source).rpartition("/")[2]
        stands[number] = stands.get(number, 0) + (leg.quantity if owes else -leg.quantity)
        of_run = move.kind in {DECLARATION, PAYOUT, UNDECLARED}
        if of_run and move.seq not in named:  # the postings of one record follow each other
            named = {move.seq: str(view.record(move.seq).facts["run"])}
        name = named[move.seq] if of_run else ""
        nets = known[name].proposal.nets if of_run else ()
        if move.kind == DECLARATION:
            debts.advance(name, number, leg.quantity)
        elif owes and move.kind in {UNDECLARED, BOUNCE, REVERSAL}:
            debts.owe(name, number, leg.quantity, nets)
        elif not owes:  # of an advance that is undone, what was unpaid is owed no more
            debts.settle(name, number, leg.quantity, (name,) if move.kind == UNDECLARED else nets)
    for record in undone:
        debts.end_advance(str(record.facts["run"]))
    return debts, stands


class _Debts:
    """What each owes, in fen: ``fen`` since runs were undone, and of each advance what no run netted yet.

    ``netted`` is what runs set off against the advances that they net, by run, advance and number; ``besides`` what
    they set off against others, by run and number, and then by advance.
    """

    def __init__(self) -> None:
        self.fen: dict[str, int] = {}
        self.advances: dict[str, dict[str, int]] = {}  # by number and run
        self.netted: dict[tuple[str, str, str], int] = {}
        self.besides: dict[tuple[str, str], dict[str, int]] = {}

    def advance(self, name: str, number: str, fen: int) -> None:
        """An advance is declared, or what a run netted of it is advanced once more."""
        own = self.advances.setdefault(number, {})
        own[name] = own.get(name, 0) + fen

    def end_advance(self, name: str) -> None:
        """An advance is undone: what its holders had of it is a debt like any other."""
        for number, own in self.advances.items():
            if name in own:
                self.owe("", number, own.pop(name), ())
        self.netted = {key: fen for key, fen in self.netted.items() if key[1] != name}
        for others in self.besides.values():
            others.pop(name, None)

    def owe(self, name: str, number: str, fen: int, nets: tuple[str, ...]) -> None:
        """A run is undone: what it netted is advanced once more, and what else he had of it is owed."""
        for other in nets:
            back = min(fen, self.netted.get((name, other, number), 0))
            self.netted[name, other, number] = self.netted.get((name, other, number), 0) - back
            self.advance(other, number, back)
            fen -= back
        self.besides.pop((name, number), None)
        self.fen[number] = self.fen.get(number, 0) + fen

    def settle(self, name: str, number: str, fen: int, nets: tuple[str, ...]) -> None:
        """Something comes in, or is set off: of the advances that a run nets, then of the debt, then of any advance."""
        own = self.advances.setdefault(number, {})
        for other in nets:
            taken = min(fen, own.get(other, 0))
            own[other] = own.get(other, 0) - taken
            self.netted[name, other, number] = self.netted.get((name, other, number), 0) + taken
            fen -= taken
        paid = min(fen, self.fen.get(number, 0))
        self.fen[number] = self.fen.get(number, 0) - paid
        fen -= paid
        for other, advanced in own.items():
            taken = min(fen, advanced)
            own[other] = advanced - taken
            others = self.besides.setdefault((name, number), {})
            others[other] = others.get(other, 0) + taken
            fen -= taken
