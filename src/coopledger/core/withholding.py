"""Withholdings: what was withheld of dividends as tax, by run and holder, in the order of days."""

from datetime import date
from typing import NamedTuple

from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.journal import Movement, View, check_days, is_under
from coopledger.core.run import REFUND, ROLE, UNDECLARED, holder_paid
from coopledger.core.settlement import TAX


class Withholding(NamedTuple):
    """What was withheld of somebody's receipt from a run, in fen; below 0 what was given back."""

    seq: int
    on: date
    run: str
    holder: str
    fen: int


def withholdings(view: View, since: date | None = None, until: date | None = None) -> list[Withholding]:
    """What was withheld from one day to another, both included.

    What came back from the bank, and what a run that was undone had withheld, is given back on the day on which that
    happened. What the cooperative hands over to the tax office is not in it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     withholdings(view)
    []
    """
    check_days(since, until)
    known = charts(view).adopted
    taxes = sorted({chart.account(TAX) for _, chart in known if TAX in chart.roles})
    owed = sorted({chart.account(role) for _, chart in known for role in (ROLE, REFUND) if role in chart.roles})
    held: dict[str, dict[str, int]] = {}
    """What a run withholds as it stands, by holder: what its undoing gives back."""
    undone: set[tuple[str, int]] = set()
    found: list[Withholding] = []
    every = ((above, move) for above in taxes for move in view.movements(above, MONEY))
    for above, move in sorted(every, key=lambda one: (one[1].seq, one[1].line)):  # a step undone is undone as recorded
        leg = move.posting
        withheld = is_under(leg.source, above)
        own, other = (leg.source, leg.target) if withheld else (leg.target, leg.source)
        name = own[len(above) + 1 :]
        if move.kind == UNDECLARED and (name, move.seq) not in undone:
            undone.add((name, move.seq))
            found += [_withheld(move, name, number, -fen) for number, fen in held.pop(name, {}).items() if fen]
        elif move.kind not in {UNDECLARED, CONVERSION} and any(is_under(other, place) for place in owed):
            number = holder_paid(other)
            fen = leg.quantity if withheld else -leg.quantity
            by_holder = held.setdefault(name, {})
            by_holder[number] = by_holder.get(number, 0) + fen
            found.append(_withheld(move, name, number, fen))
    within = (one for one in found if (since or date.min) <= one.on <= (until or date.max))
    return sorted(within, key=lambda one: (one.on, one.seq))


def _withheld(move: Movement, name: str, number: str, fen: int) -> Withholding:
    return Withholding(move.seq, move.effective_on, name, number, fen)
