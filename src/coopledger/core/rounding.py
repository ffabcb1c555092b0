"""Rounding: where, how and to what, as a visible part of a contract.

Every division of a contract's amounts goes through ``divide`` with a named mode; where fens are dealt out among
receivers, instalments or days, running sums are rounded down, and what is left over is dealt out too.
"""

from fractions import Fraction
from typing import Literal, get_args

from coopledger.core.quantity import Number, Quantity, Unit, smallest
from coopledger.core.value import Value
from coopledger.errors import ScheduleError
from coopledger.text import Message

Mode = Literal["half up", "half even", "down", "up"]
Place = Literal["unit price", "unit price carried", "payment", "running total", "total"]

PRICE_PLACES: tuple[Place, ...] = ("unit price", "unit price carried")
MODES: tuple[Mode, ...] = get_args(Mode)
PLACES: tuple[Place, ...] = get_args(Place)

_PLACE_WORDS: dict[Place, Message] = {
    "unit price": Message("the unit price, each time it is read"),
    "unit price carried": Message("the unit price, carried rounded into the next step"),
    "payment": Message("each payment"),
    "running total": Message("the running total, payments are its differences"),
    "total": Message("the total only, settled by the last payment"),
}
_MODE_WORDS: dict[Mode, Message] = {mode: Message(mode) for mode in MODES}


def divide(numerator: int, denominator: int, mode: Mode = "half up") -> int:
    """The quotient as a whole number, rounded by the mode; the denominator is positive.

    ``half up`` sends ties away from zero for positive numbers (and towards zero for negative ones), ``half even``
    to the even neighbour, ``down`` to the lower and ``up`` to the higher whole number.

    >>> [divide(5, 2, mode) for mode in MODES]
    [3, 2, 2, 3]
    """
    if mode == "half up":
        return (2 * numerator + denominator) // (2 * denominator)
    if mode == "down":
        return numerator // denominator
    if mode == "up":
        return -(-numerator // denominator)
    quotient, rest = divmod(2 * numerator + denominator, 2 * denominator)
    return quotient - 1 if rest == 0 and quotient % 2 else quotient


class Rounding(Value):
    """A rounding that the contract states.

    ``to`` is the smallest step in the unit that is rounded: ``Fraction(1, 100)`` yuan is the fen; None is the
    currency's smallest unit.

    - ``unit price``: the price per mu is rounded each time it is read, never carried;
    - ``unit price carried``: the rounded price is what the next step grows from;
    - ``payment``: each year's amount on its own;
    - ``running total``: the sum so far; payments are its differences, so the total is exact (the default);
    - ``total``: each payment on its own, and the last one settles the difference to the rounded total.

    >>> Rounding("payment", "half even").value(Fraction(25, 1000), Unit(("CNY",)))
    Fraction(1, 50)
    """

    __slots__ = ("at", "mode", "to")

    at: Place
    mode: Mode
    to: Number | None

    def __init__(self, at: Place = "running total", mode: Mode = "half up", to: Number | None = None) -> None:
        self._put(at, mode, to)
        for seen, accepted in ((self.at, PLACES), (self.mode, MODES)):
            if seen not in accepted:
                raise ScheduleError(
                    Message("{seen} is not a rounding: one of {accepted}", seen=repr(seen), accepted=accepted)
                )
        if to is not None and (isinstance(to, bool) or not isinstance(to, int | Fraction) or to <= 0):
            raise ScheduleError(
                Message("rounding to {seen}: a step above 0, an int or a Fraction, is expected", seen=to)
            )

    @property
    def of_price(self) -> bool:
        """Whether it rounds the unit price and not the payments."""
        return self.at in PRICE_PLACES

    def step(self, unit: Unit) -> Number:
        """The smallest step of amounts in a unit.

        >>> Rounding().step(Unit(("CNY",), ("mu",))), Rounding().step(Unit(("JPY",)))
        (Fraction(1, 100), Fraction(1, 1))
        """
        return smallest(unit) if self.to is None else self.to

    def value(self, exact: Number, unit: Unit) -> Fraction:
        """The value rounded to a whole number of steps.

        >>> Rounding(to=1).value(Fraction(7, 2), Unit(("CNY",)))
        Fraction(4, 1)
        """
        step = Fraction(self.step(unit))
        steps = exact / step
        return divide(steps.numerator, steps.denominator, self.mode) * step

    def words(self, unit: Unit) -> Message:
        """The rounding as a clause."""
        return Message(
            "rounded: {place}, {mode}, to {to}",
            place=_PLACE_WORDS[self.at],
            mode=_MODE_WORDS[self.mode],
            to=Quantity(self.step(unit), unit),
        )


RUNNING_TOTAL = Rounding()
"""What holds where a contract says nothing: the running total, half up, to the fen."""
