"""Plan text: a plan as the text that stands in a record, from which the same plan is made again.

Whoever records a plan records what it says, not the file it came from: the file may have been read from elsewhere, a
plan may have been built in Python, and the core reads no files. The text is JSON in the canonical form of facts. Every
part stands under the name of its class with its fields by name; exact numbers are written as fractions, never as
floats. Names of classes and fields are therefore the format of what stands in books: one that is renamed needs its old
name here, a field that is added needs a default.
"""

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core import figures, growth, schedule
from coopledger.core.calendar import Due, Term
from coopledger.core.journal import Facts, canonical, shown
from coopledger.core.plan import Claim, Instalment, Part, Plan, Stream, stream_holders
from coopledger.core.quantity import Currency, Number, Quantity, Unit
from coopledger.core.rounding import Rounding
from coopledger.core.series import Assumption, Series
from coopledger.core.value import Value
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.text import Message

_PARTS: Mapping[str, Any] = {
    one.__name__: one
    for one in (
        *(schedule.Level, schedule.Sum, schedule.Highest, schedule.Lowest, schedule.Difference, schedule.Product),
        *(schedule.Delay, schedule.Mask, schedule.Until, schedule.Then, schedule.Rounded),
        *(growth.Ramp, growth.Listed, growth.LumpSums, growth.Change, growth.Step, growth.Steps),
        *(figures.Figures, figures.Indexed, figures.Share),
        *(Assumption, Claim, Currency, Due, Instalment, Part, Plan, Quantity, Rounding, Series, Stream, Term, Unit),
    )
}
_IS = "is"
"""The key under which a part says what it is."""


def plan_text(plan: Plan) -> str:
    """The text of a plan.

    Raises RegisterError: it is no plan; it lists holders, whose names are personal and do not belong into a chain that
    cannot forget (the register knows who holds); a schedule is of a class of somebody's own.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.growth import ramp
    >>> dam = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))
    >>> hill = Plan("hill", term("2014-01-01", years=40, basis="contribution"), [dam])
    >>> plan_of(plan_text(hill)) == hill
    True
    """
    if not isinstance(plan, Plan):
        raise RegisterError(Message("{seen}: a Plan is expected, as load_plan reads it", seen=shown(plan)))
    for stream in plan.streams:
        if stream_holders(stream):
            raise RegisterError(
                Message(
                    "stream {stream} lists its holders: their names are personal, and a record is for ever; who holds "
                    "is known from the register, so leave the list out",
                    stream=stream.name,
                )
            )
    return canonical({"plan": _plain(plan)})


def plan_of(text: str, known: Mapping[str, Mapping[int, Number]] | None = None) -> Plan:
    """The plan that a text says; ``known`` are figures that became known since, by series and year, in its unit.

    A figure that is known takes the place of one that was assumed. Raises RegisterError for a text that says no plan,
    and the errors of plans and schedules for one that could not be.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.figures import indexed
    >>> from coopledger.core.projection import project
    >>> from coopledger.core.series import series
    >>> rice = series("rice", {2024: "1.3 yuan/jin"}, assume="hold")
    >>> rent = Stream("rent", amount=indexed("1,000 jin", rice))
    >>> text = plan_text(Plan("hill", term("2024-01-01", years=2, basis="contracted land"), [rent]))
    >>> [one.streams[0].amounts for one in (project(plan_of(text)), project(plan_of(text, {"rice": {2025: 2}})))]
    [[130000, 130000], [130000, 200000]]
    """
    try:
        found = _made(json.loads(text)["plan"], known or {})
    except CoopledgerError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise _no_plan(text) from error
    if not isinstance(found, Plan):
        raise _no_plan(text)
    return found


def plan_parts(text: str) -> Facts:
    """What the text of a plan says, as a mapping: for who reads a record.

    >>> plan_parts('{"plan":{"is":"Plan","title":"hill"}}')["title"]
    'hill'
    """
    found: Facts = json.loads(text)["plan"]
    return found


def series_of(plan: Plan) -> dict[str, Series]:
    """The series of figures that a plan depends on, by name."""
    found: dict[str, Series] = {}
    pending: list[object] = [plan]
    while pending:
        one = pending.pop()
        if isinstance(one, Series):
            found[one.name] = one
        elif isinstance(one, Value):
            pending += [getattr(one, name) for name in one.fields]
        elif isinstance(one, tuple | list):
            pending += one
    return found


def _plain(seen: object) -> Any:  # noqa: ANN401, PLR0911 - what JSON can say, one case a kind
    if seen is None or isinstance(seen, bool | str) or type(seen) is int:
        return seen
    name = type(seen).__name__
    if _PARTS.get(name) is type(seen):
        return {_IS: name, **{field: _plain(getattr(seen, field)) for field in _fields(type(seen))}}
    if isinstance(seen, Fraction):
        return {_IS: "Fraction", "of": str(seen)}
    if isinstance(seen, date):
        return {_IS: "date", "of": seen.isoformat()}
    if isinstance(seen, frozenset):
        return {_IS: "set", "of": [_plain(one) for one in sorted(seen)]}
    if isinstance(seen, Mapping):
        return {_IS: "by year", "of": [[year, _plain(one)] for year, one in sorted(seen.items())]}
    if type(seen) in {tuple, list}:
        return [_plain(one) for one in seen]  # type: ignore[attr-defined]
    raise RegisterError(
        Message("{seen}: a plan with a part of this kind cannot be recorded: {known} can", seen=name, known=[*_PARTS])
    )


def _fields(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a Value or a NamedTuple
    fields: tuple[str, ...] = kind.fields if issubclass(kind, Value) else kind._fields
    return tuple(name for name in fields if (kind, name) != (Term, "full_years"))  # reckoned from the others


def _made(seen: Any, known: Mapping[str, Mapping[int, Number]]) -> Any:  # noqa: ANN401, PLR0911 - one case a kind
    if isinstance(seen, list):
        return tuple([_made(one, known) for one in seen])
    if not isinstance(seen, dict):
        return seen
    said = {name: one for name, one in seen.items() if name != _IS}
    match seen[_IS]:
        case "Fraction":
            return Fraction(said["of"])
        case "date":
            return date.fromisoformat(said["of"])
        case "set":
            return frozenset(_made(one, known) for one in said["of"])
        case "by year":
            return {year: _made(one, known) for year, one in said["of"]}
        case "Stream":  # its constructor takes a floor and a cap that stand within the amount by now
            stream = Stream.__new__(Stream)
            stream.__setstate__(tuple(_made(said[name], known) for name in Stream.fields))
            return stream
        case "Series":
            return _updated(Series(**{name: _made(one, known) for name, one in said.items()}), known)
        case name:
            return _PARTS[name](**{field: _made(one, known) for field, one in said.items()})


def _updated(one: Series, known: Mapping[str, Mapping[int, Number]]) -> Series:
    """The series with what is known of it by now; of what was assumed only the years after that are left."""
    more = known.get(one.name)
    if not more:
        return one
    figures_known = dict(sorted({**more, **one.known}.items()))
    assumed = one.assumption
    if assumed is not None and assumed.growth is None:
        ahead = {year: figure for year, figure in assumed.listed.items() if year > max(figures_known)}
        assumed = assumed._replace(listed=ahead) if ahead else None
    return Series(one.name, figures_known, one.unit, assumed)


def _no_plan(text: str) -> RegisterError:
    return RegisterError(Message("{seen}: the text of a plan is expected", seen=shown(text)))
