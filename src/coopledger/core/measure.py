"""Measures: how a basis is said to people, in shares, mu, persons or yuan, and not in its smallest units."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from coopledger.core.quantity import Number, decimal, percent
from coopledger.text import Message

Of = Literal["", "shares", "share-days", "share-months", "persons", "households", "mu", "yuan"]
"""What is counted; nothing for figures that were stated, which are said as they are."""

_SAID: Mapping[Of, Message] = {
    "": Message("{count}"),
    "shares": Message("{count} shares"),
    "share-days": Message("{count} share-days"),
    "share-months": Message("{count} share-months"),
    "persons": Message("{count} persons"),
    "households": Message("{count} households"),
    "mu": Message("{count} mu"),
    "yuan": Message("{count} yuan"),
}
_ONE: Mapping[Of, Message] = {
    "shares": Message("{count} share"),
    "share-days": Message("{count} share-day"),
    "share-months": Message("{count} share-month"),
    "persons": Message("{count} person"),
    "households": Message("{count} household"),
}
"""How one is said in English, where that is another word."""


class Measure(NamedTuple):
    """How a basis is said: its name, what one of its smallest units counts for, and of what, with how many decimals.

    ``unit`` is in whole shares, mu, persons or households, or in fen where yuan are counted.

    >>> land = Measure("land brought in", Fraction(1, 100), "mu", 2)
    >>> print(land.said(1550), land.on_each(Fraction(667), 1550), sep="; ")
    15.50 mu; 667 yuan on each of 15.50 mu
    >>> print(Measure("heads", of="persons").said(1), Measure("heads", of="persons").said(0), sep="; ")
    1 person; 0 persons
    """

    name: Message | str
    unit: Fraction = Fraction(1)
    of: Of = ""
    digits: int = 0

    def said(self, weight: Number) -> Message:
        """So many of the smallest units, in what is counted."""
        whole = weight * self.unit / (100 if self.of == "yuan" else 1)
        count = decimal(whole, self.digits)
        words = _ONE.get(self.of, _SAID[self.of]) if count == "1" else _SAID[self.of]
        return Message(words.template, count=count)

    def on_each(self, each: Fraction, weight: int) -> Message:
        """A rate, in fen on each smallest unit, on so many of them.

        >>> print(Measure("par value", Fraction(1), "yuan", 2).on_each(Fraction(6, 100), 1_000_00))
        6% of 1,000.00 yuan
        """
        rate, whole = each / self.unit, self.said(weight)
        if self.of == "yuan":
            return Message("{rate} of {whole}", rate=percent(rate), whole=whole)
        return Message("{each} yuan on each of {whole}", each=decimal(rate / 100), whole=whole)
