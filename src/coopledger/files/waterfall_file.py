"""Waterfall files: the steps that a charter states, in a TOML document, or the name of a law's order and its rates.

::

    preset = "collective"        # or "specialised", "land"
    reserve = "15%"
    welfare = "15%"
    by = "class land"

or step by step, ``mode``, ``to`` and ``members_trade`` being the waterfall's own::

    [[step]]
    code = "reserve"
    purpose = "reserve"
    amount = "20% of left"       # a part of a sum or a figure, or yuan: "5万元"
    at_least = "50,000 yuan"

    [[step]]
    code = "floor"
    purpose = "preferred"
    each = "58元"                # on each share, head or mu; or a rate: "6%"
    by = "class land"
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from coopledger.core.journal import shown
from coopledger.core.lawful import collective_waterfall, land_waterfall, specialised_waterfall
from coopledger.core.quantity import CURRENCIES, money, quantity, rate
from coopledger.core.waterfall import FEN, Portion, Step, Waterfall
from coopledger.errors import CoopledgerError, PlanError, WaterfallError
from coopledger.files.source import not_toml, read_text
from coopledger.text import Message, printable

_PRESETS: Mapping[str, tuple[Callable[..., Waterfall], tuple[str, ...]]] = {
    "collective": (collective_waterfall, ("reserve", "welfare", "by")),
    "specialised": (specialised_waterfall, ("reserve", "patronage", "trade", "account")),
    "land": (land_waterfall, ("reserve", "account")),
}
"""The orders of laws by name, and what each is told."""

_EXAMPLES = {"reserve": '"15%"', "welfare": '"15%"', "by": '"class land"'}


def load_waterfall(path: str | os.PathLike[str]) -> Waterfall:
    r"""The waterfall in a TOML file. Raises PlanError for what is no text, WaterfallError for what is no waterfall.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/w.toml", "w", encoding="utf-8") as file:
    ...         _ = file.write('preset = "land"\nreserve = "10%"')
    ...     [one.code for one in load_waterfall(f"{folder}/w.toml").steps]
    ['losses', 'reserve', 'surplus']
    """
    if not isinstance(path, str | os.PathLike):
        raise WaterfallError(Message("{seen}: the path of a file is expected", seen=shown(path)))
    name = printable(os.path.basename(path))
    try:
        text = read_text(path, [])
        try:
            document = tomllib.loads(text, parse_float=str)
        except tomllib.TOMLDecodeError as error:
            raise WaterfallError(not_toml(error, text)) from None
        return waterfall_of(document)
    except PlanError:
        raise
    except CoopledgerError as error:
        raise WaterfallError(Message("{file}: {wrong}", file=name, wrong=error.message)) from None
    except (ValueError, RecursionError, TypeError) as error:
        raise WaterfallError(Message("{file}: {wrong}", file=name, wrong=printable(str(error)))) from None


def waterfall_of(document: Mapping[str, Any]) -> Waterfall:
    """The waterfall that a document states, such as a table of a TOML file. Raises WaterfallError for what states none.

    >>> waterfall_of({"step": [{"code": "reserve", "purpose": "reserve", "amount": "20% of left"}]}).steps[0].amount
    Portion(rate=Fraction(1, 5), of='left')
    """
    return _preset({**document}) if "preset" in document else _waterfall({**document})


def _preset(document: dict[str, Any]) -> Waterfall:
    made, asked = _PRESETS.get(str(document["preset"]), (None, ()))
    if made is None:
        raise WaterfallError(
            Message("preset = {seen}: one of {known} is expected", seen=repr(document["preset"]), known=[*_PRESETS])
        )
    said = _known({key: seen for key, seen in document.items() if key != "preset"}, asked)
    required = [one for one in asked if one in {"reserve", "welfare", "by"}]
    if missing := [one for one in required if one not in said]:
        example = [f"{one} = {_EXAMPLES[one]}" for one in missing]
        raise WaterfallError(Message("{missing} is missing, as in {example}", missing=missing, example=example))
    return made(**{key: _text(key, seen) for key, seen in said.items()})


def _waterfall(document: dict[str, Any]) -> Waterfall:
    said = _known(document, ("mode", "to", "members_trade", "step"))
    steps = said.pop("step", None)
    if "to" in said:
        said["to_fen"] = _fen("to", said.pop("to"))
    return Waterfall(_steps(steps), **said)


def _steps(seen: object) -> tuple[Step, ...]:
    if not isinstance(seen, list) or not all(isinstance(one, dict) for one in seen):
        raise WaterfallError(Message("step: tables are expected: [[step]]"))
    return tuple(map(_step, seen))


def _step(table: dict[str, Any]) -> Step:
    said = _known(table, tuple(_READ))
    if missing := [one for one in ("code", "purpose") if one not in said]:
        raise WaterfallError(Message("a step: {missing} is missing", missing=missing))
    try:
        return Step(**{_READ[key][0]: _READ[key][1](key, seen) for key, seen in said.items()})
    except CoopledgerError as error:
        if isinstance(error, WaterfallError) and "step" in said:  # of a step within
            raise
        raise WaterfallError(
            Message("step {step}: {wrong}", step=printable(str(said["code"])), wrong=error.message)
        ) from None


def _known(table: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    if unknown := [key for key in table if key not in keys]:
        raise WaterfallError(Message("{seen}: no such key: {known} are", seen=printable(unknown[0]), known=[*keys]))
    return {**table}


def _part(key: str, seen: object) -> Portion:
    """``20% of left``, or yuan."""
    part, of, whole = _text(key, seen).partition(" of ")
    return Portion(Fraction(rate(part).value), whole.strip()) if of else Portion(Fraction(_fen(key, seen)), FEN)


def _each(key: str, seen: object) -> Fraction:
    text = _text(key, seen)
    return Fraction(rate(text).value) if text.endswith(("%", "％")) else _exact_fen(key, seen)


def _fen(key: str, seen: object) -> int:
    fen = _exact_fen(key, seen)
    if fen.denominator != 1:
        raise WaterfallError(
            Message("{key}: {seen}: yuan and whole fen are expected", key=key, seen=printable(str(seen)))
        )
    return int(fen)


def _exact_fen(key: str, seen: object) -> Fraction:
    return Fraction(money(_text(key, seen), CURRENCIES["CNY"]).value) * 100


def _text(key: str, seen: object) -> str:
    if type(seen) not in {str, int}:
        raise WaterfallError(Message("{key}: {seen}: a text is expected", key=key, seen=printable(str(seen))))
    return str(seen).strip()


def _weight(key: str, seen: object) -> Fraction:
    return Fraction(quantity(_text(key, seen)).value)


def _inner(_: str, seen: object) -> tuple[Step, ...]:
    return _steps(seen)


def _as_it_is(_: str, seen: object) -> object:
    return seen


_READ: Mapping[str, tuple[str, Callable[[str, Any], Any]]] = {
    **{name: (name, _part) for name in ("amount", "at_least", "at_most", "full_at")},
    "each": ("each", _each),
    "weight": ("weight", _weight),
    "part_at_least": ("part_at_least_fen", _fen),
    "part_at_most": ("part_at_most_fen", _fen),
    "to": ("to_fen", _fen),
    "step": ("steps", _inner),
    **{name: (name, _as_it_is) for name in ("code", "purpose", "by", "above", "accumulates", "mode", "name", "source")},
}
"""The keys of a step: the field that each is, and how its value is read."""
