"""Cells: a number is read where there is one, and nothing is put together that stands apart."""

from decimal import Decimal

import pytest

from coopledger.errors import RegisterError
from coopledger.files.cell import fen, number


@pytest.mark.parametrize("seen", ["41\n42", "1\n234", "58 50", "1\t2", "5800①", "10²", "٣", "100\n200元", "1 2345"])
def test_what_stands_in_several_lines_or_beside_a_mark_is_not_put_together(seen: str) -> None:
    with pytest.raises(RegisterError, match="a number is expected"):
        number(seen)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("1 234", "1234"),
        ("1\u00a0234\u00a0567.50", "1234567.50"),
        ("１，２３４．５０", "1234.50"),
        (" ¥ 58.50 元 ", "58.50"),
        ("1.2 万 元", "12000.0"),
        ("－5", "-5"),
        ("12\r\n", "12"),
    ],
)
def test_a_number_is_read_as_it_is_written_in_china(seen: str, expected: str) -> None:
    assert number(seen) == Decimal(expected)
    assert fen(seen) == Decimal(expected) * 100
