"""Tables and projections as Arrow and pandas have them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.parquet import read_table

from coopledger.core.quantity import decimal
from coopledger.core.table import Column, Table
from coopledger.errors import CoopledgerError
from coopledger.files.arrow import parquet, projection_arrow
from coopledger.files.projection_data import projection_csv
from coopledger.plan import (
    Holder,
    Holders,
    Plan,
    Projection,
    Stream,
    level,
    load_plan,
    project,
    term,
    to_arrow,
    to_pandas,
)
from coopledger.text import Message

BANK = Table(
    Message("trial balance"),
    [Column("account"), Column(Message("debit"), Message("yuan"), number=True)],
    [["bank", "0.10"], ["cash", "1,234.20"], ["goods", ""]],
    [Message("total"), "1,234.30"],
    [Message("none"), "second"],
)


def test_numbers_are_decimals_of_the_cells_places_and_nothing_is_null() -> None:
    table = to_arrow(BANK)
    assert table.schema.field("debit (yuan)").type == pa.decimal128(38, 2)
    assert table["debit (yuan)"].to_pylist() == [Decimal("0.10"), Decimal("1234.20"), None]
    assert table["account"].to_pylist() == ["bank", "cash", "goods"]


def test_the_title_and_the_notes_go_along_in_the_readers_language() -> None:
    metadata = to_arrow(BANK, "zh").schema.metadata
    assert metadata == {b"title": "科目余额表".encode(), b"notes": "无\nsecond".encode()}
    assert to_arrow(BANK, "zh").column_names == ["account", "借方 (元)"]
    assert to_pandas(BANK).attrs == {"title": "trial balance", "notes": "none\nsecond"}


def test_what_a_cell_says_in_place_of_a_number_stands_in_a_column_behind() -> None:
    cells: list[str | Message] = ["100/3", "7", Message("not known"), ""]
    table = to_arrow(Table("t", [Column("shares", number=True), Column("notes")], [[cell, "n"] for cell in cells]))
    assert table.column_names == ["shares", "shares: as said", "notes"]
    assert table["shares"].to_pylist() == [None, Decimal(7), None, None]
    assert table["shares: as said"].to_pylist() == ["100/3", None, "not known", None]


@pytest.mark.parametrize("text", ["1" + "0" * 28, "0." + "1" * 11, "9" * 60])
def test_a_number_too_long_for_the_column_is_said_and_not_rounded(text: str) -> None:
    table = to_arrow(Table("t", [Column("n", number=True)], [[text], ["1.5"]]))
    assert table.to_pydict() == {"n": [None, Decimal("1.5")], "n: as said": [text, None]}


def test_the_longest_numbers_go_beside_each_other() -> None:
    cells = ["9" * 28, "0.0000000001", "-" + "9" * 28 + "." + "9" * 10]
    table = to_arrow(Table("t", [Column("n", number=True)], [[one] for one in cells]))
    assert table["n"].to_pylist() == [Decimal(one) for one in cells]


def test_columns_of_one_name_are_told_apart() -> None:
    table = Table("t", [Column("a"), Column("a"), Column("a 2"), Column("a")], [["1", "2", "3", "4"]])
    assert to_arrow(table).to_pylist() == [{"a": "1", "a 2": "2", "a 2 2": "3", "a 3": "4"}]


def test_a_table_without_rows_keeps_its_columns() -> None:
    assert to_arrow(BANK._replace(rows=[])).schema.names == ["account", "debit (yuan)"]
    assert len(to_pandas(BANK._replace(rows=[]))) == 0


def test_sums_in_pandas_are_exact() -> None:
    frame = to_pandas(BANK)
    assert repr(frame["debit (yuan)"].sum()) == "Decimal('1234.30')"
    assert list(frame.groupby("account")["debit (yuan)"].sum()[:2]) == [Decimal("0.10"), Decimal("1234.20")]
    assert list((frame["debit (yuan)"] + frame["debit (yuan)"])[:2]) == [Decimal("0.20"), Decimal("2468.40")]


@given(st.lists(st.tuples(st.integers(-(10**17), 10**17), st.sampled_from([1, 10, 100])), min_size=1, max_size=30))
def test_amounts_come_back_to_the_fen(amounts: list[tuple[int, int]]) -> None:
    rows = [[decimal(Fraction(above, below))] for above, below in amounts]
    table = Table("t", [Column("n", "yuan", number=True)], rows)
    read = read_table(BytesIO(parquet(to_arrow(table))))["n (yuan)"].to_pylist()
    assert [Fraction(one) for one in read] == [Fraction(above, below) for above, below in amounts]
    assert Fraction(to_pandas(table)["n (yuan)"].sum()) == sum(Fraction(above, below) for above, below in amounts)


def village() -> Projection:
    return project(load_plan("examples/laohushan.toml"))


def test_a_projection_has_a_row_a_payment_and_adds_up_to_its_total() -> None:
    projection = village()
    table = to_arrow(projection)
    assert table.num_rows == sum(len(one.payments) for one in projection.streams)
    first = projection.streams[0].payments[0]
    row = table.slice(0, 1).to_pylist()[0]
    assert first.amount is not None
    assert (row["stream"], row["year"], row["due"]) == (projection.streams[0].stream.name, first.year, first.due)
    assert row["amount"] * 100 == first.amount
    frame = to_pandas(projection)
    assert frame["amount"].sum() * 100 == projection.total
    by_stream = frame.groupby("stream")["amount"].sum()
    assert {name: int(total * 100) for name, total in by_stream.items()} == {
        one.stream.name: one.total for one in projection.streams
    }
    assert frame["amount"].cumsum().iloc[-1] * 100 == projection.total


def test_a_projection_by_holder_adds_up_as_well() -> None:
    holders = Holders("households", (Holder("1", "成员甲", 2), Holder("2", "成员乙", 1)))
    plan = Plan(
        "示例村",
        term("2014-01-01", years=3, basis="lease"),
        [Stream("land", amount=level("100 yuan"), holders=holders)],
        notes=("a note",),
    )
    table = projection_arrow(project(plan), holders=True)
    assert table.num_rows == 6
    assert sum(table["amount"].to_pylist()) == Decimal("300.00")
    assert table["name"].to_pylist()[:1] == ["成员甲"]
    assert table.schema.metadata == {b"title": "示例村".encode(), b"notes": b"a note"}
    assert table.schema.field("due").type == pa.date32()
    assert table["due"].to_pylist()[0] == date(2014, 12, 31)


def test_goods_are_decimals_of_six_places() -> None:
    table = to_arrow(project(load_plan("examples/rice-and-dividend.toml")))
    assert table.schema.field("quantity").type == pa.decimal128(38, 6)
    assert any(table["quantity"].to_pylist())


@pytest.mark.parametrize("seen", [None, [["1"]], "table", 3])
def test_anything_else_is_refused_by_its_type(seen: object) -> None:
    with pytest.raises(CoopledgerError, match="a Table or a Projection is expected"):
        to_arrow(seen)  # type: ignore[arg-type]
    with pytest.raises(CoopledgerError, match="a Table or a Projection is expected"):
        to_pandas(seen)  # type: ignore[arg-type]


def test_the_frame_is_pandas_own() -> None:
    assert isinstance(to_pandas(BANK), pd.DataFrame)


def test_the_csv_of_a_projection_has_no_formula() -> None:
    plan = Plan(
        "示例村", term("2014-01-01", years=1, basis="lease"), [Stream("=1+1", amount=level("1 yuan"), payer="@x")]
    )
    assert projection_csv(project(plan)).splitlines()[1].startswith("'=1+1,'@x,,1,2014-01-01,")
    assert to_arrow(project(plan))["stream"].to_pylist() == ["=1+1"]
