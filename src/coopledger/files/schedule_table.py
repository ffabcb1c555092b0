"""Schedules in a plan file: an amount, or a table with one source and what is done to it, always in the same order.

The order is: the source with its growth, ``until``, ``floor``, ``cap``, ``delay``, ``skip``, ``then``. Any other
order is written by nesting one table in another.
"""

from collections.abc import Callable, Mapping
from typing import Any

from coopledger.core.figures import figures, indexed, share_of
from coopledger.core.growth import Change, change, listed, lump_sums, ramp, step, steps
from coopledger.core.quantity import Quantity, quantity
from coopledger.core.schedule import Difference, Product, Schedule, Sum, highest, level, lowest
from coopledger.core.series import Series
from coopledger.errors import CoopledgerError, Problem
from coopledger.files.keys import COMPANIONS, SOURCES
from coopledger.files.reader import Reader, Table
from coopledger.text import Message


class ScheduleReader(Reader):
    """Reads schedules; ``series`` has what they may name, None for a series that has problems of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.series: dict[str, Series | None] = {}
        self.notices: list[Problem] = []

    def schedule(self, content: object, where: str, years: int | None) -> Schedule | None:
        """An amount or a schedule table; ``years`` is how many contract years it must cover, where that is known."""
        if not isinstance(content, dict):
            amount = self.tried(where, quantity, content)
            return None if amount is None else level(amount)
        before = len(self.problems)
        keys = self.table(content, "schedule", where)
        sources = [name for name in SOURCES if name in keys]
        if len(sources) != 1 and not (set(content) - set(keys)):
            self.problem(
                where, Message("{seen}: exactly one of {accepted} is expected", seen=sources or "…", accepted=SOURCES)
            )
        for name, needed in COMPANIONS.items():
            if name in keys and sources and not any(source in keys for source in needed):
                self.problem(f"{where}.{name}", Message("goes with {needed}, which is not here", needed=needed))
        if len(self.problems) > before or len(sources) != 1:
            return None
        following = self.table(keys["then"], "then", f"{where}.then") if "then" in keys else {}
        own = following.get("after", years)
        if own is not None and "delay" in keys:
            own -= keys["delay"]
        made: Schedule | None = getattr(self, f"_{sources[0]}")(keys, where, own)
        for name in ("until", "floor", "cap", "delay", "skip"):
            if name in keys:
                made = self._changed(made, name, keys[name], f"{where}.{name}", own)
        if "then" in keys:
            made = self._then(made, following, f"{where}.then", years)
        return made

    def _changed(
        self,
        made: Schedule | None,
        name: str,
        value: Any,  # noqa: ANN401 - a year, years, or a schedule
        where: str,
        years: int | None,
    ) -> Schedule | None:
        if name in ("floor", "cap"):
            value = self.schedule(value, where, years)
        elif name == "skip":
            value = self.years(value, where)
        if made is None or value is None:
            return None
        method: dict[str, Callable[[Any], Schedule]] = {
            "until": made.until,
            "floor": made.floor,
            "cap": made.cap,
            "delay": made.delay,
            "skip": made.mask,
        }
        return self.tried(where, method[name], value)

    def _then(self, made: Schedule | None, keys: Table, where: str, years: int | None) -> Schedule | None:
        if "after" not in keys or "schedule" not in keys:
            return None
        following = self.schedule(keys["schedule"], f"{where}.schedule", years and years - keys["after"])
        if made is None or following is None:
            return None
        return self.tried(where, made.then, following, after=keys["after"])

    # --- the sources, by their keys ---

    def _level(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        first = self.tried(f"{where}.level", quantity, keys["level"])
        growths = [name for name in ("step", "steps", "rise") if name in keys]
        if len(growths) > 1:
            self.problem(where, Message("{seen}: one way to grow is accepted", seen=growths))
        if first is None or len(growths) > 1:
            return None
        if "rise" in keys:
            return self.tried(f"{where}.rise", ramp, first, rise=keys["rise"])
        if "step" in keys:
            return self._stepped(first, keys["step"], f"{where}.step", years)
        return self._stepped_in(first, keys["steps"], f"{where}.steps") if "steps" in keys else level(first)

    def _stepped(self, first: Quantity, content: object, where: str, years: int | None) -> Schedule | None:
        keys = self.table(content, "step", where)
        every = keys.get("every")
        if every is None:
            self.tried(where, change, **keys)  # for what else is wrong with it
            return None
        if years is not None and every >= years > 1:
            message = Message("a step every {every} years never happens in {years} years", every=every, years=years)
            self.notices.append(Problem(where, message))
        return self.tried(where, step, first, **keys)

    def _stepped_in(self, first: Quantity, contents: list[object], where: str) -> Schedule | None:
        changes: list[tuple[int, Change]] = []
        for number, content in enumerate(contents, 1):
            keys = self.table(content, "steps", f"{where}[{number}]")
            year = keys.pop("year", None)
            made = self.tried(f"{where}[{number}]", change, **keys)
            if made is not None and year is not None:
                changes.append((year, made))
        return self.tried(where, steps, first, changes) if len(changes) == len(contents) else None

    def _listed(self, keys: Table, where: str, _years: int | None) -> Schedule | None:
        amounts = [self.tried(f"{where}.listed[{n}]", quantity, one) for n, one in enumerate(keys["listed"], 1)]
        return None if None in amounts else self.tried(f"{where}.listed", listed, amounts)

    def _lump_sums(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        by_year = self.by_year(keys["lump_sums"], f"{where}.lump_sums", years)
        return None if by_year is None else self.tried(f"{where}.lump_sums", lump_sums, by_year)

    def _in_kind(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        goods = self.schedule(keys["in_kind"], f"{where}.in_kind", years)
        if "prices" not in keys:
            self.problem(where, Message("'prices' is expected: the name of a series"))
            return None
        prices = self.known(self.series, keys["prices"], f"{where}.prices")
        if goods is None or prices is None:
            return None
        return self.tried(where, indexed, goods, prices, lag=keys.get("lag", 0))

    def _series(self, keys: Table, where: str, _years: int | None) -> Schedule | None:
        found = self.known(self.series, keys["series"], f"{where}.series")
        return None if found is None else self.tried(where, figures, found, lag=keys.get("lag", 0))

    def _share(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        return self._part(keys, where, years, "share", {"rate": keys["share"]})

    def _tiers(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        rows = [self.table(row, "tier", f"{where}.tiers[{n}]") for n, row in enumerate(keys["tiers"], 1)]
        tiers = [(row.get("up_to"), row["rate"]) for row in rows if "rate" in row]
        return self._part(keys, where, years, "tiers", {"tiers": tiers}) if len(tiers) == len(rows) else None

    def _part(self, keys: Table, where: str, years: int | None, name: str, rates: Mapping[str, Any]) -> Schedule | None:
        if "of" not in keys:
            self.problem(where, Message("'of' is expected: of which series or schedule"))
            return None
        of: Series | Schedule | None
        if isinstance(keys["of"], str) and (keys["of"] in self.series or not _is_amount(keys["of"])):
            of = self.known(self.series, keys["of"], f"{where}.of")
        else:
            of = self.schedule(keys["of"], f"{where}.of", years)
        over = self.schedule(keys["over"], f"{where}.over", years) if "over" in keys else None
        if of is None or ("over" in keys and over is None):
            return None
        return self.tried(f"{where}.{name}", share_of, of, over=over, **rates)

    def _sum(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        terms = self._several(keys["sum"], f"{where}.sum", years)
        return None if terms is None else self.tried(f"{where}.sum", Sum, terms)

    def _product(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        factors = self._several(keys["product"], f"{where}.product", years)
        return None if factors is None else self.tried(f"{where}.product", Product, factors)

    def _highest(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        options = self._several(keys["highest"], f"{where}.highest", years)
        return None if options is None else self.tried(f"{where}.highest", highest, *options)

    def _lowest(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        options = self._several(keys["lowest"], f"{where}.lowest", years)
        return None if options is None else self.tried(f"{where}.lowest", lowest, *options)

    def _difference(self, keys: Table, where: str, years: int | None) -> Schedule | None:
        here = f"{where}.difference"
        sides = self._several(keys["difference"], here, years)
        if sides is not None and len(sides) != 2:
            self.problem(here, Message("{seen} schedules: 2 are expected", seen=len(sides)))
            return None
        return None if sides is None else self.tried(here, Difference, *sides)

    def _several(self, contents: list[object], where: str, years: int | None) -> tuple[Schedule, ...] | None:
        made = [self.schedule(one, f"{where}[{n}]", years) for n, one in enumerate(contents, 1)]
        if not made:
            self.problem(where, Message("an empty list: at least one schedule is expected"))
        found = tuple(one for one in made if one is not None)
        return found if made and len(found) == len(made) else None


def _is_amount(seen: str) -> bool:
    try:
        quantity(seen)
    except CoopledgerError:
        return False
    return True
