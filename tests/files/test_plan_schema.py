"""The published JSON Schema: it is the one the reader's keys make, and it agrees with the reader."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coopledger.files.plan_file import read_plan
from coopledger.files.plan_schema import plan_schema

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "reference" / "plan.schema.json"
PLANS = sorted(
    [
        ROOT / "examples" / "laohushan.toml",
        *(path for path in (ROOT / "examples").rglob("*.toml") if path.parent.name != "distributions"),
    ]
)
VALIDATOR = jsonschema.Draft202012Validator(plan_schema())


def as_json(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def document(text: str) -> dict[str, Any]:
    return dict(as_json(tomllib.loads(text)))


def test_the_published_schema_is_the_one_the_keys_make() -> None:
    written = json.dumps(plan_schema(), ensure_ascii=False, indent=1) + "\n"
    assert PUBLISHED.read_text(encoding="utf-8") == written, "write it anew from plan_schema()"


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize("path", [path for path in PLANS if path.name != "later.toml"], ids=lambda path: path.stem)
def test_every_example_is_valid_by_the_schema(path: Path) -> None:
    assert not [*VALIDATOR.iter_errors(document(path.read_text(encoding="utf-8")))]


SMALLEST = """
title = "t"
[term]
start = 2020-01-01
years = 3
basis = "入股"
[[streams]]
name = "s"
amount = "5 元"
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title = "t"', ""),
        ('title = "t"', "titel = 't'"),
        ('name = "s"', ""),
        ('amount = "5 元"', "amount = {levle = '5 元'}"),
        ('amount = "5 元"', "amount = {level = '5 元', listed = ['5 元']}"),
        ('amount = "5 元"', "amount = {level = '5 元', step = {by = '20%', of = 'previous'}}"),
        ('amount = "5 元"', "amount = {level = '5 元', step = {every = 1, by = '20%', of = 'last'}}"),
        ('amount = "5 元"', "amount = true"),
        ("years = 3", "years = '3'"),
        ('basis = "入股"', 'basis = "入伙"'),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(before: str, after: str, tmp_path: Path) -> None:
    text = SMALLEST.replace(before, after)
    assert text != SMALLEST
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    assert read_plan(path).problems
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document(text))


def test_the_smallest_plan_is_accepted_by_both(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(SMALLEST, encoding="utf-8")
    assert not read_plan(path).problems
    VALIDATOR.validate(document(SMALLEST))
