"""Parcels: which contribution has which land, on which days.

Land and forests are numbered apart. A parcel is in one contribution on a day.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class Parcel(NamedTuple):
    """A parcel of a ``kind`` of right that a contribution of a holder has from the first to the last of its days."""

    kind: str
    name: str
    contribution: str
    holder: str
    first: date
    last: date

    @property
    def place(self) -> tuple[str, str]:
        """What is the same for the same land, however its number was typed.

        >>> Parcel("land right", " 1－07", "G1", "17", date(2026, 1, 1), date(2035, 12, 31)).place
        ('land right', '1-07')
        """
        return self.kind, unicodedata.normalize("NFKC", self.name).strip()


Taken = dict[tuple[str, str], list[Parcel]]
"""Who has which parcel when, by its place."""


def taken(parcels: Iterable[Parcel]) -> Taken:
    """Parcels by their place."""
    found: Taken = {}
    for one in parcels:
        if one.place[1]:
            found.setdefault(one.place, []).append(one)
    return found


def twice(known: Taken, more: Iterable[Parcel]) -> Iterator[tuple[Parcel, Parcel]]:
    """The parcels that another contribution has for some of the same days, by both; from then on all are known.

    >>> land = Parcel("land right", "1-07", "G1", "17", date(2026, 1, 1), date(2035, 12, 31))
    >>> other = land._replace(contribution="G2", first=date(2035, 1, 1), last=date(2045, 12, 31))
    >>> [(mine.contribution, seen.contribution) for mine, seen in twice(taken([land]), [other])]
    [('G2', 'G1')]
    """
    for mine in more:
        if not mine.place[1]:
            continue
        others = known.setdefault(mine.place, [])
        for other in others:
            if other.contribution != mine.contribution and mine.first <= other.last and other.first <= mine.last:
                yield mine, other
        others.append(mine)


def check_free(known: Taken, more: Iterable[Parcel]) -> None:
    """Raise RegisterError if a parcel is brought in that another contribution has for some of the same days.

    From then on the parcels are known, and no later one has them for those days.
    """
    for mine, other in twice(known, more):
        raise RegisterError(
            Message(
                "contribution {number}: parcel {parcel} is brought in already by {holder}, as {other} from "
                "{first} to {last}: end that first; a part of a parcel, or another one of that number under "
                "another contract, has a number of its own",
                number=mine.contribution,
                parcel=printable(mine.place[1]),
                holder=other.holder,
                other=other.contribution,
                first=other.first,
                last=other.last,
            )
        )
