"""The distribution: what the steps of a waterfall make of one year's surplus, to the last fen.

The amounts of the steps and what remains sum to the surplus and what was brought forward, always. Where the money runs
out a step gets what is left, and the rest of its due is its shortfall; nothing is ever negative but what remains of a
year with a loss.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import as_weights, largest_remainder, natural_key, per_share
from coopledger.core.measure import Measure
from coopledger.core.quantity import CURRENCIES, Quantity, decimal, percent
from coopledger.core.rounding import Mode, divide
from coopledger.core.surplus import Surplus, check_surplus
from coopledger.core.waterfall import FEN, Portion, Step, Waterfall
from coopledger.errors import WaterfallError
from coopledger.text import Language, Message, printable

_NOBODY: Mapping[str, int] = {}
_AS_THEY_ARE: Mapping[str, Measure] = {}


class Outcome(NamedTuple):
    """What one step came to, in fen.

    ``due_fen`` is what the charter gives it, ``amount_fen`` what it got. ``base_fen`` is the sum that its amount is a
    part of; None for losses, fixed sums, weights and ``each``. ``weights`` are the holders' bases and ``parts`` what
    each of them gets, both in the order of the holders' numbers; ``dues`` is what a rate ``each`` gives them, with
    what was unpaid before. ``words`` is the arithmetic, clause by clause. ``outcomes`` are those of a pool's own steps.
    """

    step: Step
    due_fen: int
    amount_fen: int
    base_fen: int | None
    words: tuple[Message, ...]
    weights: Mapping[str, int]
    parts: Mapping[str, int]
    dues: Mapping[str, int]
    outcomes: tuple["Outcome", ...] = ()

    @property
    def shortfall_fen(self) -> int:
        """What is missing to the due because the money ran out."""
        return self.due_fen - self.amount_fen

    @property
    def unpaid(self) -> dict[str, int]:
        """What a step that accumulates still owes, by holder: its ``arrears`` of next year."""
        if not self.step.accumulates:
            return {}
        owed = {holder: due - self.parts[holder] for holder, due in self.dues.items()}
        return {holder: rest for holder, rest in owed.items() if rest}


class Distribution(NamedTuple):
    """A year's surplus distributed: one outcome a step, in the charter's order, and what remains, in fen.

    ``remains_fen`` goes to next year. It is negative only where the year's loss is more than what was brought forward.
    ``uncovered_fen`` is what then still is uncovered of losses, that of the year among it.
    """

    surplus: Surplus
    outcomes: tuple[Outcome, ...]
    remains_fen: int
    uncovered_fen: int

    def outcome(self, code: str) -> Outcome:
        """The outcome of a step, by its code, at any depth. Raises WaterfallError for a step that is not there."""
        for one in all_outcomes(self.outcomes):
            if one.step.code == code:
                return one
        raise WaterfallError(
            Message(
                "{seen}: no such step: {known} are",
                seen=printable(code),
                known=[one.step.code for one in all_outcomes(self.outcomes)],
            )
        )

    def parts(self) -> dict[str, int]:
        """What each holder gets of all steps together, in the order of the numbers."""
        found: dict[str, int] = {}
        for one in all_outcomes(self.outcomes):
            for holder, part in one.parts.items():
                found[holder] = found.get(holder, 0) + part
        return {holder: found[holder] for holder in sorted(found, key=natural_key)}


def all_outcomes(outcomes: tuple[Outcome, ...]) -> Iterator[Outcome]:
    """The outcomes and, after each, those of its own steps, at any depth."""
    for one in outcomes:
        yield one
        yield from all_outcomes(one.outcomes)


def distribute(waterfall: Waterfall, surplus: Surplus, measures: Mapping[str, Measure] = _AS_THEY_ARE) -> Distribution:
    """Run a year's surplus through the steps of a waterfall. ``measures`` are by which the words say bases, by name.

    Raises WaterfallError for figures that are no whole numbers or below 0 where they cannot be, for a basis, figure or
    fund balance that a step asks for and the year does not state, and for arrears of a step that does not accumulate.

    Half to the members by shares, the rest by heads; three fen do not halve, and ties go by the holder's number:

    >>> from coopledger.core.waterfall import share
    >>> steps = [
    ...     Step("shares", "dividend", share("50%", "left"), by="shares"),
    ...     Step("heads", "dividend", share("100%", "left"), by="heads"),
    ... ]
    >>> year = Surplus(103, bases={"shares": {"2": 5, "10": 5}, "heads": {"10": 3, "2": 1}})
    >>> done = distribute(Waterfall(steps), year)
    >>> [one.amount_fen for one in done.outcomes], done.remains_fen
    ([52, 51], 0)
    >>> done.parts()
    {'2': 39, '10': 64}
    >>> print(*done.outcome("shares").words, sep="; ")
    50% of what is left, 1.03 yuan, is 0.52 yuan; split by shares: 10 in all; holders: 2
    """
    check_surplus(surplus, waterfall)
    year = _Year(waterfall, surplus, measures)
    total = max(surplus.total_fen, 0)
    outcomes, left = _flow(waterfall.steps, total, year)
    return Distribution(
        surplus,
        outcomes,
        left + min(surplus.total_fen, 0),
        surplus.losses_fen - year.covered + max(-surplus.total_fen, 0),
    )


def part_words(outcome: Outcome, holder: str) -> Message:
    """How one holder's part of a step came about. Raises WaterfallError for somebody to whom nothing of it can go.

    >>> from coopledger.core.waterfall import share
    >>> step = Step("shares", "dividend", share("100%", "left"), by="shares")
    >>> done = distribute(Waterfall([step]), Surplus(1_000_00, bases={"shares": {"1": 3, "2": 7}}))
    >>> print(part_words(done.outcome("shares"), "1"))
    3 of 10 by shares: 300.00 yuan of 1,000.00 yuan
    """
    if holder not in outcome.parts:
        raise WaterfallError(
            Message("step {step}: nothing goes to {holder}", step=outcome.step.code, holder=printable(holder))
        )
    if outcome.step.each is not None:
        return Message(
            "{each} yuan on each of {weight} by {basis}, with what was unpaid before: {due} due, {part} paid",
            each=decimal(outcome.step.each / 100, 2),
            weight=decimal(outcome.weights.get(holder, 0)),
            basis=printable(outcome.step.by),
            due=_Yuan(outcome.dues[holder]),
            part=_Yuan(outcome.parts[holder]),
        )
    return Message(
        "{weight} of {whole} by {basis}: {part} of {amount}",
        weight=decimal(outcome.weights[holder]),
        whole=decimal(sum(outcome.weights.values())),
        basis=printable(outcome.step.by),
        part=_Yuan(outcome.parts[holder]),
        amount=_Yuan(outcome.amount_fen),
    )


# ---------------------------------------------------------------- the run


class _Yuan(Quantity):
    """Fen, printed as yuan with both decimals."""

    __slots__ = ()

    def __init__(self, fen: int) -> None:
        super().__init__(Fraction(fen, 100), CURRENCIES["CNY"].unit)

    def say(self, language: Language = "en") -> str:
        return f"{decimal(self.value, 2)} {self.unit.say(language)}"


class _Year:
    """A year on its way through the steps: its figures, and what has gone to losses and to the reserve so far."""

    def __init__(self, waterfall: Waterfall, figures: Surplus, measures: Mapping[str, Measure]) -> None:
        self.waterfall, self.figures, self.measures = waterfall, figures, measures
        self.covered = self.reserved = 0

    def base(self, part: Portion, turn: "_Turn") -> int:
        """The sum that a part is of."""
        surplus = max(self.figures.surplus_fen, 0)
        sums = {
            FEN: 1,
            "surplus": surplus,
            "left": turn.left,
            "after losses": max(surplus - self.covered, 0),
            "distributable": max(surplus - self.covered - self.reserved, 0),
            "pool": turn.pool,
        }
        return sums[part.of] if part.of in sums else self.figures.figures[part.of]

    def measure(self, name: str) -> Measure:
        """How a basis is said: as it is, if nothing else is."""
        return self.measures.get(name) or Measure(printable(name))

    def rounded(self, step: Step, exact: Fraction, mode: Mode | None = None) -> int:
        """An exact sum of fen, rounded as the step or the waterfall says."""
        to = step.to_fen or self.waterfall.to_fen
        return divide(exact.numerator, exact.denominator * to, mode or step.mode or self.waterfall.mode) * to


class _Turn(NamedTuple):
    """A step's turn: what is left, the sum that the steps beside it share, and its part by weight, if it has one.

    ``weights`` is the sum of all their weights.
    """

    left: int
    pool: int
    weighed: int | None
    weights: Fraction


class _Due(NamedTuple):
    """What the charter gives a step before its limits, and holder by holder where a rate on each unit does."""

    fen: int
    base: int | None = None
    new: Mapping[str, int] = _NOBODY
    old: Mapping[str, int] = _NOBODY


def _flow(steps: tuple[Step, ...], pool: int, year: _Year) -> tuple[tuple[Outcome, ...], int]:
    """The outcomes of steps that share a sum, one after the other, and what they leave."""
    outcomes = []
    left = pool
    weights = [one.weight for one in steps if one.weight is not None]
    weighed = largest_remainder(pool, as_weights(weights)) if weights else [None] * len(steps)
    for step, part in zip(steps, weighed, strict=True):
        outcome = _outcome(step, _Turn(left, pool, part, sum(weights, start=Fraction(0))), year)
        left -= outcome.amount_fen
        outcomes.append(outcome)
    return tuple(outcomes), left


def _outcome(step: Step, turn: _Turn, year: _Year) -> Outcome:
    weights = _weights(step, year)
    words: list[Message] = []
    gross = _due(step, turn, weights, year, words)
    due = _limited(step, gross.fen, turn, year, words)
    if step.by and not any(weights.values()) and not any(gross.old.values()):
        due = 0
        words.append(Message("nobody has {basis}: not applicable", basis=year.measure(step.by).name))
    amount = min(due, turn.left)
    if amount < due:
        words.append(
            Message("only {left} is left: {missing} short", left=_Yuan(turn.left), missing=_Yuan(due - amount))
        )
    parts, dues = _split(step, amount, weights, gross)
    if any(weights.values()):
        words.append(
            Message(
                "split by {basis}: {whole} in all; holders: {count}",
                basis=year.measure(step.by).name,
                whole=year.measure(step.by).said(sum(weights.values())),
                count=sum(map(bool, weights.values())),
            )
        )
    outcomes: tuple[Outcome, ...] = ()
    if step.steps:
        outcomes, back = _flow(step.steps, amount, year)
        if back:
            words.append(Message("its steps leave {back}, which goes back", back=_Yuan(back)))
        amount, due = amount - back, due - back
    year.covered += amount if step.purpose == "losses" else 0
    year.reserved += amount if step.purpose == "reserve" else 0
    return Outcome(step, due, amount, gross.base, tuple(words), weights, parts, dues, outcomes)


def _due(step: Step, turn: _Turn, weights: Mapping[str, int], year: _Year, words: list[Message]) -> _Due:
    if step.purpose == "losses":
        due = _Due(year.figures.losses_fen)
        words.append(Message("losses of earlier years: {amount}", amount=_Yuan(due.fen)))
    elif turn.weighed is not None:
        due = _Due(turn.weighed)
        words.append(
            Message(
                "{weight} of {weights} parts of {base}: {amount}",
                weight=decimal(step.weight or 0),
                weights=decimal(turn.weights),
                base=_Yuan(turn.pool),
                amount=_Yuan(due.fen),
            )
        )
    elif step.amount is not None:
        base = year.base(step.amount, turn)
        due = _Due(year.rounded(step, step.amount.rate * base), None if step.amount.of == FEN else base)
        words.append(_amount_words(step.amount, due))
    else:
        new, old = _dues(step, weights, year), year.figures.arrears.get(step.code, _NOBODY)
        due = _Due(sum(new.values()) + sum(old.values()), None, new, old)
        words += _each_words(step, weights, due, year.measure(step.by))
    return due


def _weights(step: Step, year: _Year) -> dict[str, int]:
    """The holders' bases, in the order of their numbers; what does not reach the threshold is 0."""
    if not step.by:
        return {}
    basis = year.figures.bases[step.by]
    return {holder: basis[holder] if basis[holder] > step.above else 0 for holder in sorted(basis, key=natural_key)}


def _dues(step: Step, weights: Mapping[str, int], year: _Year) -> dict[str, int]:
    """What a rate on each unit of the basis gives to each holder."""
    if step.each is None:
        return {}
    to = step.to_fen or year.waterfall.to_fen
    amounts, _ = per_share(step.each / to, weights.values(), 0, step.mode or year.waterfall.mode)
    dues = {}
    for holder, amount in zip(weights, amounts, strict=True):
        due = max(amount * to, step.part_at_least_fen) if weights[holder] else 0
        dues[holder] = due if step.part_at_most_fen is None else min(due, step.part_at_most_fen)
    return dues


def _limited(step: Step, due: int, turn: _Turn, year: _Year, words: list[Message]) -> int:
    """The due within the step's floor and ceilings; a ceiling wins over a floor."""
    if step.at_least is not None:
        floor = year.rounded(step, step.at_least.rate * year.base(step.at_least, turn), "up")
        if due < floor:
            due = floor
            words.append(Message("but at least {floor}", floor=_Yuan(floor)))
    if step.at_most is not None:
        ceiling = year.rounded(step, step.at_most.rate * year.base(step.at_most, turn), "down")
        if due > ceiling:
            due = ceiling
            words.append(Message("but at most {ceiling}", ceiling=_Yuan(ceiling)))
    if step.full_at is not None:
        full = year.rounded(step, step.full_at.rate * year.base(step.full_at, turn), "down")
        balance = year.figures.funds[step.code]
        if due > max(full - balance, 0):
            due = max(full - balance, 0)
            words.append(
                Message("but the fund is full at {full} and has {balance}", full=_Yuan(full), balance=_Yuan(balance))
            )
    return due


def _split(step: Step, amount: int, weights: Mapping[str, int], due: _Due) -> tuple[dict[str, int], dict[str, int]]:
    """Each holder's part of what a step got, and his due where a rate on each unit was due.

    There, arrears of earlier years go first, then the year's; each in proportion to the dues.
    """
    if step.each is None:
        given = largest_remainder(amount, [*weights.values()]) if any(weights.values()) else [0] * len(weights)
        return dict(zip(weights, given, strict=True)), {}
    holders = sorted({*due.old, *due.new}, key=natural_key)
    parts = dict.fromkeys(holders, 0)
    for dues in (due.old, due.new):
        owed = [dues.get(holder, 0) for holder in holders]
        paid = min(amount, sum(owed))
        amount -= paid
        if paid:
            for holder, part in zip(holders, largest_remainder(paid, owed), strict=True):
                parts[holder] += part
    return parts, {holder: due.old.get(holder, 0) + due.new.get(holder, 0) for holder in holders}


def _amount_words(part: Portion, due: _Due) -> Message:
    if due.base is None:
        return Message("{amount}, as the charter says", amount=_Yuan(due.fen))
    return Message(
        "{rate} of {of}, {base}, is {amount}",
        rate=percent(part.rate),
        of=part.of_words,
        base=_Yuan(due.base),
        amount=_Yuan(due.fen),
    )


def _each_words(step: Step, weights: Mapping[str, int], due: _Due, measure: Measure) -> list[Message]:
    old = sum(due.old.values())
    said = [
        Message(
            "{rate} by {basis}: {amount}",
            rate=measure.on_each(step.each or Fraction(0), sum(weights.values())),
            basis=measure.name,
            amount=_Yuan(due.fen - old),
        )
    ]
    return [*said, Message("unpaid of earlier years: {amount}", amount=_Yuan(old))] if old else said
