"""The JSON Schema of plan files, made from the list of keys, so that editors complete and check them."""

from typing import Any

from coopledger.core.quantity import CURRENCIES
from coopledger.files.keys import CHOICES, SOURCES, TABLES, Key

Fragment = dict[str, Any]

_AMOUNT: Fragment = {
    "type": ["string", "integer", "number"],
    "examples": ["16万元", "160 元/亩", "500 斤/亩", "20%", "¥10,000"],
}
_TEXT: Fragment = {"type": "string"}
_BY_YEAR: Fragment = {
    "type": "object",
    "propertyNames": {"pattern": "^([1-9][0-9]{0,3}|last|最后)$"},
    "additionalProperties": _AMOUNT,
    "minProperties": 1,
}
_SCHEDULE: Fragment = {"anyOf": [_AMOUNT, {"$ref": "#/$defs/schedule"}]}
_KINDS: dict[str, Fragment] = {
    "text": _TEXT,
    "texts": {"type": "array", "items": _TEXT},
    "integer": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "dates": {"type": "array", "items": {"type": "string", "format": "date"}},
    "amount": _AMOUNT,
    "amounts": {"type": "array", "items": _AMOUNT, "minItems": 1},
    "schedule": _SCHEDULE,
    "schedules": {"type": "array", "items": _SCHEDULE, "minItems": 1},
    "years": {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1},
    "by year": _BY_YEAR,
}


def plan_schema() -> Fragment:
    """The schema (JSON Schema 2020-12) of a plan file.

    >>> plan_schema()["required"]
    ['title', 'term', 'streams']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "coopledger plan",
        **_table("plan"),
        "$defs": {name: _table(name) for name in TABLES if name != "plan"},
    }


def _table(name: str) -> Fragment:
    keys = TABLES[name]
    table: Fragment = {
        "type": "object",
        "properties": {key: {"description": one.about, **_value(one)} for key, one in keys.items()},
        "required": [key for key, one in keys.items() if one.required],
        "additionalProperties": False,
    }
    if name == "plan":
        table["properties"]["currency"]["enum"] = list(CURRENCIES)
    if name == "schedule":
        table["oneOf"] = [{"required": [source]} for source in SOURCES]
    return table


def _value(key: Key) -> Fragment:
    fragments = [_kind(kind) for kind in key.kinds]
    return fragments[0] if len(fragments) == 1 else {"anyOf": fragments}


def _kind(kind: str) -> Fragment:
    if kind in _KINDS:
        return _KINDS[kind]
    word, name = kind.split()
    if word == "choice":
        return {"enum": [spelling for value, others in CHOICES[name].items() for spelling in (value, *others)]}
    reference = {"$ref": f"#/$defs/{name}"}
    if word == "tables":
        return {"type": "array", "items": reference, "minItems": 1}
    return {"type": "object", "additionalProperties": reference} if word == "named" else reference
