"""Reading tables of a document: keys checked against the list of keys, values made, every problem kept with its key."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from coopledger.core.plan import unknown
from coopledger.core.quantity import PLAIN, Quantity, quantity
from coopledger.errors import CoopledgerError, PlanError, Problem
from coopledger.files.keys import CHOICES, TABLES, chosen
from coopledger.text import Language, Message, printable

T = TypeVar("T")
Table = dict[str, Any]


class Reader:
    """Makes values out of a document and collects every problem on the way.

    What cannot be made is None; its problem is said where it lies, once, and reading goes on beside it.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def table(self, content: object, name: str, where: str) -> Table:
        """The well-formed keys of a table; problems for all others."""
        if not isinstance(content, dict):
            self.problem(where, Message("{seen} where a table is expected", seen=_seen(content)))
            return {}
        spec = TABLES[name]
        found: Table = {}
        for key, seen in content.items():
            place = f"{where}.{key}" if where else key
            if key not in spec:
                self.problem(place, unknown(key, list(spec)))
                continue
            value = self.well_formed(seen, spec[key].kinds, place)
            if value is not None:
                found[key] = value
        for key, one in spec.items():
            if one.required and key not in content:
                self.problem(where, Message("{key} is missing", key=repr(key)))
        return found

    def well_formed(self, seen: object, kinds: Sequence[str], place: str) -> Any:  # noqa: ANN401
        """The value, a named one by its English name, if it is of one of the kinds."""
        for kind in kinds:
            if kind.startswith("choice "):
                value = chosen(kind[7:], seen) if isinstance(seen, str) else None
                if value is None:
                    accepted = [f"{one} ({'/'.join(spellings)})" for one, spellings in CHOICES[kind[7:]].items()]
                    self.problem(
                        place, Message("{seen}: one of {accepted} is accepted", seen=repr(seen), accepted=accepted)
                    )
                return value
            if _is(kind, seen):
                return seen
        self.problem(
            place,
            Message(
                "{seen} where {expected} is expected",
                seen=_seen(seen),
                expected=_Either([_DUE[kind.split()[0]] for kind in kinds]),
            ),
        )
        return None

    def plain(self, content: object, where: str) -> Quantity | None:
        """A plain number or a percentage."""
        found = self.tried(where, quantity, content)
        if found is not None and found.unit != PLAIN:
            self.problem(
                where, Message("{seen} has a unit where a plain number or a percentage is expected", seen=found)
            )
            return None
        return found

    def by_year(
        self, content: Mapping[str, object], where: str, years: int | None = None
    ) -> dict[int, Quantity] | None:
        """Amounts by year; ``last`` is the last of so many contract years."""
        found: dict[int, Quantity] = {}
        before = len(self.problems)
        for key, seen in content.items():
            place = f"{where}.{key}"
            if key in ("last", "最后"):
                if years is None:
                    return None  # the term has problems of its own
                year = years
            elif re.fullmatch(r"[0-9]{1,4}", key) and int(key) > 0:
                year = int(key)
            else:
                self.problem(
                    place,
                    Message(
                        "{seen} is not a year: a contract year (1) or a calendar year (2014) is expected",
                        seen=repr(key),
                    ),
                )
                continue
            if year in found:
                self.problem(place, Message("year {year} is given twice: once is accepted", year=year))
            if (value := self.tried(place, quantity, seen)) is not None:
                found[year] = value
        return None if len(self.problems) > before else found

    def years(self, content: Sequence[int | str], where: str) -> list[int] | None:
        """Contract years, listed one by one or as ranges (``5-7``)."""
        found: list[int] = []
        for number, seen in enumerate(content, 1):
            match = re.fullmatch(r"(\d{1,3}) ?[-–] ?(\d{1,3})", seen) if isinstance(seen, str) else None
            if match is not None and int(match[1]) <= int(match[2]):
                found += range(int(match[1]), int(match[2]) + 1)
            elif isinstance(seen, int):
                found.append(seen)
            else:
                self.problem(
                    f"{where}[{number}]", Message("{seen} is not a year: 7 or '7-9' is accepted", seen=repr(seen))
                )
                return None
        return found

    def known(self, named: Mapping[str, T | None], name: str, where: str) -> T | None:
        """What has been read under a name; None if that had problems of its own."""
        if name not in named:
            self.problem(where, unknown(name, list(named)))
            return None
        return named[name]

    def tried(self, where: str, make: Callable[..., T], *args: Any, **options: Any) -> T | None:
        """What is made, or None and the problem at its place."""
        try:
            return make(*args, **options)
        except PlanError as error:
            for problem in error.problems:
                self.problem(f"{where}.{problem.where}".strip("."), problem.message)
        except CoopledgerError as error:
            self.problem(where, error.message)
        return None

    def problem(self, where: str, message: Message) -> None:
        """Keep a problem."""
        self.problems.append(Problem(printable(where), message))


class _Either(list[Message]):
    def say(self, language: Language) -> str:
        return ("或" if language == "zh" else " or ").join(message.say(language) for message in self)


def _is(kind: str, seen: object) -> bool:
    name, *_ = kind.split()
    if name in ("text", "date", "integer", "amount"):
        if isinstance(seen, bool):
            return False
        accepted: tuple[type, ...] = {
            "text": (str,),
            "date": (date, str),
            "integer": (int,),
            "amount": (str, int, Decimal),
        }[name]
        return isinstance(seen, accepted)
    if name == "schedule":
        return isinstance(seen, dict) or _is("amount", seen)
    if kind == "by year":
        return isinstance(seen, dict) and all(_is("amount", one) for one in seen.values())
    if name in ("table", "named"):
        return isinstance(seen, dict)
    each = {
        "texts": "text",
        "dates": "date",
        "amounts": "amount",
        "schedules": "schedule",
        "tables": "table",
        "years": "text",
    }[name]
    return isinstance(seen, list) and all(_is(each, one) or (name == "years" and _is("integer", one)) for one in seen)


_DUE = {
    "text": Message("a text"), "texts": Message("a list of texts"), "integer": Message("a whole number"),
    "date": Message("a day (2014-01-01)"), "dates": Message("a list of days"),
    "amount": Message("an amount ('160 yuan/mu')"),
    "amounts": Message("a list of amounts"), "schedule": Message("an amount or a table"),
    "schedules": Message("a list of amounts or tables"), "years": Message("a list of years ([1, 2, '5-7'])"),
    "by": Message("a table from years to amounts"), "table": Message("a table"), "tables": Message("a list of tables"),
    "named": Message("a table"), "choice": Message("a text"),
}  # fmt: skip


def _seen(value: object) -> str:
    text = str(value) if isinstance(value, Decimal | date) else repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
