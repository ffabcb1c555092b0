"""Plain-text tables: aligned by what a terminal shows."""

import pytest

from coopledger.core.table import Column, Table
from coopledger.files.text_table import text_table, width
from coopledger.text import Message


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("160,000.00", 10),
        ("土地", 4),
        ("１６万元", 8),
        ("（）：", 6),
        ("e\u0301", 1),
        ("–─…→", 4),
        ("ｱ", 1),
    ],
)
def test_a_chinese_or_full_width_character_is_two_columns_wide(text: str, columns: int) -> None:
    assert width(text) == columns


def test_text_stands_left_and_numbers_right() -> None:
    table = Table(
        "t",
        [Column("项目"), Column("元", number=True), Column("b")],
        [["土地", "1.00", "x"], ["a", "10,000.00", ""]],
        ["合计", "10,001.00", ""],
    )
    assert text_table(table).split("\n") == [
        "t",
        "",
        "项目         元  b",
        "────  ─────────  ─",
        "土地       1.00  x",
        "a     10,000.00",
        "────  ─────────  ─",
        "合计  10,001.00",
        "",
    ]


def test_without_totals_there_is_no_second_rule() -> None:
    assert text_table(Table("t", [Column("a")], [["1"]])).count("─") == 1


def test_a_table_without_rows_has_its_headings() -> None:
    assert text_table(Table("t", [Column("a"), Column("bc")], [])) == "t\n\na  bc\n─  ──\n"


def test_messages_in_cells_are_said_in_the_language_and_measured_in_it() -> None:
    table = Table(Message("claims"), [Column(Message("total")), Column("x")], [[Message("not known"), "1"]])
    assert text_table(table, "zh").split("\n")[2:5] == ["合计  x", "────  ─", "未知  1"]
    assert text_table(table, "en").split("\n")[2:5] == ["total      x", "─────────  ─", "not known  1"]


def test_notes_stand_below() -> None:
    table = Table("t", [Column("a")], [["1"]], notes=["one", Message("not known")])
    assert text_table(table).endswith("1\none\nnot known\n")


def test_no_line_ends_with_a_space() -> None:
    table = Table("t", [Column("a"), Column("bbbb")], [["1", ""], ["2", "x"]])
    assert not any(line.endswith(" ") for line in text_table(table).split("\n"))


def test_a_line_end_in_a_cell_does_not_break_the_table() -> None:
    lines = text_table(Table("t", [Column("a"), Column("b")], [["x\ny", "1"]])).rstrip("\n").split("\n")
    assert len(lines) == 5
