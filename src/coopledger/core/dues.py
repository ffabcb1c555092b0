"""Dues: what each holder is due of a run as of a day, and what became of it, in one reading of the run's accounts."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from coopledger.core.chart import CONVERSION, MONEY, Charts, charts
from coopledger.core.journal import View, check_days, is_under
from coopledger.core.passing import ISSUE, REVERSAL
from coopledger.core.people import number_of
from coopledger.core.rounding import divide
from coopledger.core.run import (
    BOUNCE,
    DECLARATION,
    IN_KIND,
    LAPSE,
    RETENTION,
    UNDECLARED,
    Run,
    check_run,
    holder_paid,
    places,
)
from coopledger.core.settlement import CURRENT, TAX
from coopledger.text import Message

Way = Literal["paid", "set off", "withheld", "lapsed", "otherwise", "in kind", "retained", "reinvested"]
"""How something that was owed is owed no more: by bank or in cash, against a debt of the holder's, as tax, by time; in
goods, by staying in the holder's name, in shares."""
WAYS: tuple[Way, ...] = get_args(Way)

CALLED: Mapping[Way, Message] = {
    "paid": Message("paid out"),
    "set off": Message("set off"),
    "withheld": Message("tax withheld"),
    "lapsed": Message("lapsed"),
    "otherwise": Message("settled otherwise"),
    "in kind": Message("paid in goods"),
    "retained": Message("retained"),
    "reinvested": Message("reinvested"),
}
"""What the ways are called in which what is owed is settled."""


class Due(NamedTuple):
    """What one holder is due of one run, and what became of it, in fen.

    What was declared is what was paid, set off, withheld, lapsed, given in kind, retained, reinvested or settled
    otherwise, and what is unpaid. ``since`` is the day since when the last is owed: that of the declaration, or, if
    ``came_back``, the one on which a payment did.
    """

    declared_fen: int
    paid_fen: int
    set_off_fen: int
    withheld_fen: int
    lapsed_fen: int
    otherwise_fen: int
    since: date
    came_back: bool = False
    in_kind_fen: int = 0
    retained_fen: int = 0
    reinvested_fen: int = 0

    @property
    def by_way(self) -> dict[Way, int]:
        """What became of it, in the order of ``WAYS``."""
        return dict(zip(WAYS, (*self[1:6], *self[8:]), strict=True))

    @property
    def unpaid_fen(self) -> int:
        """What is owed still, before tax."""
        return self.declared_fen - sum(self[1:6]) - sum(self[8:])

    def to_withhold_fen(self, rate: Fraction) -> int:
        """What will be withheld of what is unpaid, if it is paid at once: the rate on all receipts, half up.

        >>> half = Due(100_00, 40_00, 0, 10_00, 0, 0, date(2027, 1, 21))
        >>> half.unpaid_fen, half.to_withhold_fen(Fraction(1, 5))
        (5000, 1000)
        """
        whole = divide(rate.numerator * self.declared_fen, rate.denominator, "half up")
        return min(max(whole - self.withheld_fen, 0), self.unpaid_fen)


class Settled(NamedTuple):
    """Something that was settled of a run with a holder, or came back (below 0), in fen.

    ``sets_off`` is whether it stands in his current account, as what is set off does, and what lapses of an advance.
    """

    seq: int
    kind: str
    on: date
    holder: str
    way: Way
    fen: int
    sets_off: bool = False


def dues(view: View, one: Run, on: date | None = None, holder: str | None = None) -> dict[str, Due]:
    """What is due of a run as of a day, by holder; of one holder, if one is named. Nothing of one that is not declared.

    ``one`` is the run as of that day: ``run(view, name, on)``. Of a run that was undone and declared again it is what
    happened since.

    >>> from coopledger.book import *
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> open_at_once = SPECIALISED._replace(disclosure_days=0)
    >>> steps = [found("示例村合作社", open_at_once, effective_on=day), adopt(C2021)]
    >>> steps += [open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> steps += [enter_surplus(2026, 600_00, source="statement", effective_on=day)]
    >>> steps += [propose("a", Proposal("surplus", "2026", "land", by_record_date(day), 600_00), effective_on=day)]
    >>> steps += [approve("a", Resolution("1", "members", day, 1, 1, 1)), declare("a", effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     dues(view, runs(view)["a"])["17"].unpaid_fen
    60000

    Raises RegisterError for what is no run.
    """
    check_run(one)
    declared: dict[str, int] = {}
    moved: dict[str, dict[Way, int]] = {}
    back: dict[str, date] = {}
    for move in settlements(view, one, on, holder):
        if move.kind == DECLARATION:
            declared[move.holder] = declared.get(move.holder, 0) - move.fen
            continue
        ways = moved.setdefault(move.holder, {})
        ways[move.way] = ways.get(move.way, 0) + move.fen
        if move.kind == BOUNCE:
            back[move.holder] = move.on
    nothing: dict[Way, int] = {}
    return {
        number: Due(
            fen,
            (ways := moved.get(number, nothing)).get("paid", 0),
            ways.get("set off", 0),
            ways.get("withheld", 0),
            ways.get("lapsed", 0),
            ways.get("otherwise", 0),
            back.get(number) or one.declared_on or date.min,
            number in back,
            ways.get("in kind", 0),
            ways.get("retained", 0),
            ways.get("reinvested", 0),
        )
        for number, fen in declared.items()
    }


def settlements(view: View, one: Run, on: date | None = None, holder: str | None = None) -> list[Settled]:
    """What moved of a run since it was declared, up to a day, in order: the declaration itself first, below 0."""
    check_run(one)
    check_days(on)
    number = None if holder is None else number_of(holder)
    if one.declared_on is None:
        return []
    known = charts(view)
    ways: dict[tuple[str, str], Way] = {}
    found: list[Settled] = []
    for above in places(view, one.code):
        within = above if number is None else f"{above}/{number}"
        for seq, _, kind, day, _, leg in view.movements(within, MONEY, until=on):
            if seq < one.declared_in - 1 or kind in {UNDECLARED, CONVERSION}:  # declared with the record before it
                continue
            settles = is_under(leg.target, above)
            own, other = (leg.target, leg.source) if settles else (leg.source, leg.target)
            if own == above:  # another's own: a holder of that number
                continue
            by = kind
            if kind == REVERSAL and leg.reverses_seq is not None:  # what is taken back goes as it had come
                by = view.record(leg.reverses_seq).kind
            if (way := ways.get((by, other))) is None:
                way = ways[by, other] = _way(known, one.code, by, other)
            fen, sets_off = leg.quantity if settles else -leg.quantity, _is_current(known, other)
            found.append(Settled(seq, kind, day, holder_paid(own), way, fen, sets_off))
    return sorted(found, key=lambda move: (move.on, move.seq))


_BY_KIND: dict[str, Way] = {LAPSE: "lapsed", IN_KIND: "in kind", RETENTION: "retained", ISSUE: "reinvested"}
"""The ways that go by what was done."""


def _way(known: Charts, name: str, kind: str, other: str) -> Way:
    """How what was owed went against another account."""
    for _, chart in known.adopted:
        if TAX in chart.roles and is_under(other, chart.account(TAX, name)):
            return "withheld"
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if _is_current(known, other):
        return "set off"
    return "paid" if known.kind(other) == "asset" else "otherwise"


def _is_current(known: Charts, account: str) -> bool:
    """Whether an account is a member's current account."""
    charted = [chart for _, chart in known.adopted if CURRENT in chart.roles]
    return any(is_under(account, chart.account(CURRENT)) for chart in charted)
