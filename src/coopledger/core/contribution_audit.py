"""What the accounts say of contributions, against what the contributions say."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice

from coopledger.core.allocation import natural_key
from coopledger.core.balances import printed
from coopledger.core.chart import LAND, MONEY
from coopledger.core.charter import MU, holder_of
from coopledger.core.contribution import Right, Standing, contribution_in, contributions_of, hundredths
from coopledger.core.journal import View
from coopledger.core.lot import every_lot
from coopledger.core.parcel import twice
from coopledger.core.passing import ISSUE
from coopledger.core.rules import right_accounts
from coopledger.core.share_class import class_on
from coopledger.errors import Problem
from coopledger.text import Message, printable


def check_contributions(view: View) -> list[Problem]:
    """A problem for each contribution whose accounts hold what it does not account for.

    A right in the book stands, on each day, at nothing below 0 and nothing above its value; before it was brought in,
    and once it ended or was taken back, at nothing. The mu of land that members have brought in are those of the rights
    in the book; a parcel is in one contribution on a day; of a contribution that ended no share is left.
    """
    standing = contributions_of(view)
    by_day = _by_day(view)
    mu = {place.partition("/")[2]: quantity for (_, place), quantity in view.balances(MU.code, LAND).items()}
    numbers = {contribution_in(one) for one in view.records(ISSUE)} - {""}
    problems: list[Problem] = []
    for number in sorted(numbers | mu.keys(), key=natural_key):
        one = standing.get(number)
        right = one.contribution.brought if one is not None and one.ended_on is None else None
        problems += islice(_out_of_bounds(number, one, by_day.get(number, {})), 1)
        area = hundredths(right.area_mu) if isinstance(right, Right) and right.area_mu is not None else 0
        if mu.get(number, 0) != area:
            problems.append(
                Problem(
                    f"contribution {number}",
                    Message(
                        "{seen} mu of land are noted, {area} were brought in and are still in the book",
                        seen=printed(mu.get(number, 0), MU.digits),
                        area=printed(area, MU.digits),
                    ),
                )
            )
    problems += _shares_left(view, standing.values())
    for mine, other in twice({}, (parcel for one in standing.values() for parcel in one.parcels())):
        said = Message(
            "parcel {parcel} is in contribution {other} of {holder} too, from {first} to {last}: end one of them, or "
            "take it back",
            parcel=printable(mine.place[1]),
            other=other.contribution,
            holder=other.holder,
            first=max(mine.first, other.first),
            last=min(mine.last, other.last),
        )
        problems.append(Problem(f"contribution {mine.contribution}", said))
    return problems


def _by_day(view: View) -> dict[str, dict[date, int]]:
    """What went into each contribution's parts of the accounts, and out of them, by day: of all charts together."""
    found: dict[str, dict[date, int]] = {}
    for account in right_accounts(view):
        for one in view.movements(account, MONEY):
            for place, sign in ((one.posting.target, 1), (one.posting.source, -1)):
                if place.startswith(f"{account}/"):
                    days = found.setdefault(place[len(account) + 1 :], {})
                    days[one.effective_on] = days.get(one.effective_on, 0) + sign * one.posting.quantity
    return found


def _out_of_bounds(number: str, one: Standing | None, moved: Mapping[date, int]) -> Iterator[Problem]:
    """A problem for each day on which a right's accounts came to less than nothing, or to more than its value."""
    stands = 0
    for day in sorted(moved):
        stands += moved[day]
        there = one is not None and one.since <= day and (one.ended_on is None or day < one.ended_on)
        value = one.value_fen(day) if one is not None and there and isinstance(one.contribution.brought, Right) else 0
        if not 0 <= stands <= value:
            yield Problem(
                f"contribution {number}",
                Message(
                    "{fen} yuan stand in the accounts of the right on {day}; from 0 to its value of {value} are "
                    "expected",
                    fen=printed(stands, 2),
                    day=day,
                    value=printed(value, 2),
                ),
            )


def _shares_left(view: View, standing: Iterable[Standing]) -> Iterator[Problem]:
    """A problem for each account that has shares of a right that went back."""
    ended = {(one.contribution.share_class, one.lot): one for one in standing if one.ended_on is not None and one.lot}
    for cls in sorted({cls for cls, _ in ended}):
        for (place, lot), quantity in every_lot(view, cls).items():
            if lot and (one := ended.get((cls, lot))):
                said = Message(
                    "it ended on {day}, and {holder} has {shares} of {cls} for it: they go back with it",
                    day=one.ended_on,
                    holder=holder_of(place),
                    shares=printed(quantity, class_on(view, cls).digits),
                    cls=cls,
                )
                yield Problem(f"contribution {one.contribution.number}", said)
