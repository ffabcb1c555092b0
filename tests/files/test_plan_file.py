"""Plan files: what a key may say in several ways means the same."""

from fractions import Fraction
from pathlib import Path

import pytest

from coopledger.files.plan_file import load_plan
from tests.plans import NESTED, changed, written


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("fen", Fraction(1, 100)), ("分", Fraction(1, 100)), ("0.01 元", Fraction(1, 100)),
        ("jiao", Fraction(1, 10)), ("yuan", 1), ("元", 1), ("万元", 10000), ("100 元", 100),
    ],
)  # fmt: skip
def test_the_step_of_a_rounding_is_the_name_of_a_unit_or_an_amount(said: str, step: object, tmp_path: Path) -> None:
    rounding = f'rounding = {{ at = "每次付款", to = "{said}" }}'
    text = changed(NESTED, ('amount = "1,000.01 元"', f'amount = "1,000.01 元"\n{rounding}'))
    plan = load_plan(written(tmp_path / "plan.toml", text))
    assert plan.streams[0].rounding.to == step
