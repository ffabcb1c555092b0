"""Debts: what members still owe of what they had been paid of runs that were undone since.

It stands in their current accounts, beside what an advance gave them, which the run that nets it sets off, and what
they owe there for other reasons: neither is a debt of this kind.
"""

from datetime import date

from coopledger.core.allocation import in_order
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.journal import View, check_days
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
    check_days(on)
    undone = [record for record in view.records(UNDECLARED) if on is None or record.effective_on <= on]
    if not undone:
        return {}
    known, debts, stands, named = runs(view), _Debts(), dict[str, int](), dict[int, str]()
    places = {chart.account(CURRENT) for _, chart in charts(view).adopted if CURRENT in chart.roles}
    moves = {move[:2]: move for above in places for move in view.movements(above, MONEY, until=on)}
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
    # What was set off of something else and came back is counted as a debt, but no more than stands in the account.
    owed = {number: min(fen, stands[number]) for number, fen in debts.fen.items()}
    return {number: owed[number] for number in in_order(owed) if owed[number] > 0}


class _Debts:
    """What each owes, in fen: ``fen`` since runs were undone, and of each advance what no run netted yet."""

    def __init__(self) -> None:
        self.fen: dict[str, int] = {}
        self._advances: dict[str, dict[str, int]] = {}  # by number and run
        self._netted: dict[tuple[str, str, str], int] = {}

    def advance(self, name: str, number: str, fen: int) -> None:
        """An advance is declared, or what a run netted of it is advanced once more."""
        own = self._advances.setdefault(number, {})
        own[name] = own.get(name, 0) + fen

    def end_advance(self, name: str) -> None:
        """An advance is undone: what its holders had of it is a debt like any other."""
        for number, own in self._advances.items():
            if name in own:
                self.owe("", number, own.pop(name), ())

    def owe(self, name: str, number: str, fen: int, nets: tuple[str, ...]) -> None:
        """A run is undone: what it netted is advanced once more, and what else he had of it is owed."""
        for other in nets:
            back = min(fen, self._netted.get((name, other, number), 0))
            self._netted[name, other, number] = self._netted.get((name, other, number), 0) - back
            self.advance(other, number, back)
            fen -= back
        self.fen[number] = self.fen.get(number, 0) + fen

    def settle(self, name: str, number: str, fen: int, nets: tuple[str, ...]) -> None:
        """Something comes in, or is set off: of the advances that a run nets, then of the debt, then of any advance."""
        own = self._advances.setdefault(number, {})
        for other in nets:
            taken = min(fen, own.get(other, 0))
            own[other] = own.get(other, 0) - taken
            self._netted[name, other, number] = self._netted.get((name, other, number), 0) + taken
            fen -= taken
        paid = min(fen, self.fen.get(number, 0))
        self.fen[number] = self.fen.get(number, 0) - paid
        fen -= paid
        for other, advanced in own.items():
            taken = min(fen, advanced)
            own[other] = advanced - taken
            fen -= taken
