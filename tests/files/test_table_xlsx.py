"""Tables as a workbook, read again with python-calamine and as XML; formulas are reckoned anew."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from coopledger.core.quantity import decimal
from coopledger.core.table import Column, Table
from coopledger.errors import WorkbookError
from coopledger.files import table_xlsx
from coopledger.files.sheet import cell_text, sheet_names
from coopledger.files.table_data import FORMULA
from coopledger.files.table_xlsx import tables_xlsx
from coopledger.text import Message
from tests.files.sheets import Page, pages

FORMULAS = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(1)", "＝1"]

BALANCES = Table(
    Message("trial balance"),
    [
        Column(Message("account")),
        Column(Message("day")),
        Column(Message("debit"), Message("yuan"), number=True),
        Column(Message("shares"), number=True),
        Column(Message("percent"), "%", number=True),
        Column(Message("record"), number=True),
    ],
    [
        ["0102", "2026-01-06", "0.10", "1,200", "33.3333", "1204"],
        ["0103", "2026-01-07", "1,234.20", "100/3", "33.3333", "1205"],
        ["0104", "", "", "7", "33.3333", "12"],
    ],
    [Message("total"), "", "1,234.30", "1,207", "100.0000", ""],
    [Message("none"), "=1+1"],
)


def only(table: Table) -> Page:
    [page] = pages(tables_xlsx([table]))
    return page


def read(data: bytes) -> list[list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return [book.get_sheet_by_index(n).to_python(skip_empty_area=False) for n in range(len(book.sheet_names))]


def test_calamine_reads_what_the_table_says() -> None:
    [rows] = read(tables_xlsx([BALANCES], "zh"))
    assert rows[0][0] == "科目余额表"
    assert rows[1] == ["科目", "日期", "借方 (元)", "股数", "占比 (%)", "记录"]
    assert rows[2] == ["0102", date(2026, 1, 6), 0.1, 1200, 33.3333, 1204]
    assert rows[3] == ["0103", date(2026, 1, 7), 1234.2, "100/3", 33.3333, 1205]
    assert rows[4] == ["0104", "", "", 7, 33.3333, 12]
    assert rows[5] == ["合计", "", 1234.3, 1207, 100, ""]
    assert [row[0] for row in rows[6:]] == ["无", "=1+1"]


def test_a_total_that_is_the_sum_is_a_formula_with_its_value_beside_it() -> None:
    page = only(BALANCES)
    assert {address: (one.formula, one.value) for address, one in page.formulas.items()} == {
        "C6": ("ROUND(SUM(C3:C5),2)", "1234.30"),
        "D6": ("SUM(D3:D5)", "1207"),
    }
    assert (page.recomputed("C6"), page.recomputed("D6")) == (Decimal("1234.30"), Decimal(1207))
    assert (page.cells["E6"].kind, page.cells["E6"].value) == ("n", "100.0000")


def test_numbers_are_shown_as_the_text_has_them() -> None:
    page = only(BALANCES)
    assert [page.cells[f"{column}3"].shown for column in "ABCDEF"] == [
        *("", "yyyy-mm-dd", "#,##0.00", "#,##0", "#,##0.0000", "0")
    ]


def test_title_and_headings_stay_in_sight_and_are_printed_on_each_page_of_a4() -> None:
    page = only(BALANCES)
    assert page.frozen == "A3 frozen"
    assert (page.paper["paperSize"], page.paper["fitToHeight"]) == ("9", "0")
    assert page.titles == "'trial balance'!$1:$2"
    assert page.area == "'trial balance'!$A$1:$F$8"


def test_a_wide_table_lies_across() -> None:
    assert "landscape" not in only(BALANCES).paper.get("orientation", "")
    wide = Table("t", [Column(f"{n} {'x' * 20}") for n in range(9)], [])
    assert only(wide).paper["orientation"] == "landscape"


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_a_quoted_text_wherever_it_stands(text: str) -> None:
    table = Table(text, [Column(text), Column(text, text, number=True)], [[text, text]], [text, text], [text])
    page = only(table)
    assert page.formulas == {}
    written = {address: one for address, one in page.cells.items() if one.value}
    assert {one.kind for one in written.values()} == {"s"}
    assert [address for address, one in written.items() if not one.quoted] == []
    assert [one.value for one in written.values()] == [text, text, f"{text} ({text})", text, text, text, text, text]


@pytest.mark.parametrize(
    "text", ["<r>&</r>", "<r><t>x</t></r>", "_x0041_", "成员甲", " a ", "两\n行", "\x01", "😀", "a" * 16_000]
)
def test_any_text_comes_back(text: str) -> None:
    cell = only(Table("t", [Column("n")], [[text]])).cells["A3"]
    assert cell.value.rstrip(" ") == text.rstrip(" ")


def test_what_no_file_holds_is_written_out_and_what_is_too_long_is_cut() -> None:
    cells = ["\ud800\ufffe\uffff", "长" * 40_000]
    [rows] = read(tables_xlsx([Table("t", [Column("n")], [[one] for one in cells])]))
    assert (rows[2][0], rows[3][0]) == ("\\ud800\\ufffe\\uffff", "长" * 16_000 + "…")


texts = st.one_of(st.text(max_size=12), st.sampled_from(FORMULAS), st.text("=+-@\t\r\n<>r/&_x0", max_size=9))


@given(st.lists(texts, min_size=1, max_size=6))
def test_no_text_is_ever_a_formula_and_all_come_back(said: list[str]) -> None:
    page = only(Table("t", [Column("name"), Column("name")], [[f"{one}.", one] for one in said]))
    assert page.formulas == {}
    for n, one in enumerate(said, 3):
        assert page.cells[f"A{n}"].value == cell_text(f"{one}.")
        assert page.cells[f"B{n}"].quoted == one.startswith(FORMULA)


fen = st.integers(-(10**12), 10**12)


@given(st.lists(fen, min_size=1, max_size=60), st.sampled_from([1, 10, 100]))
def test_a_total_recomputes_to_the_fen(amounts: list[int], below: int) -> None:
    digits = len(str(below)) - 1
    rows = [[decimal(Fraction(one, below), digits)] for one in amounts]
    total = decimal(Fraction(sum(amounts), below), digits)
    page = only(Table("t", [Column("n", "yuan", number=True)], rows, [total]))
    last = f"A{len(rows) + 3}"
    assert Fraction(page.recomputed(last)) == Fraction(sum(amounts), below)
    assert float(page.cells[last].value) == float(Fraction(sum(amounts), below))
    assert [float(page.cells[f"A{n}"].value) for n in range(3, len(rows) + 3)] == [one / below for one in amounts]


def test_a_number_that_a_spreadsheet_would_round_stays_text_and_so_does_its_total_a_value() -> None:
    rows = [["12,345,678,901,234.56"], ["0.44"]]
    page = only(Table("t", [Column("n", number=True)], rows, ["12,345,678,901,235.00"]))
    assert (page.cells["A3"].kind, page.cells["A3"].value) == ("s", "12,345,678,901,234.56")
    assert page.formulas == {}


def test_a_total_that_is_not_the_sum_is_its_value() -> None:
    page = only(Table("t", [Column("n", number=True)], [["1"], ["2"]], ["4"]))
    assert (page.formulas, page.cells["A5"].value) == ({}, "4")


def test_numbers_are_written_with_their_own_decimals_and_not_those_of_a_binary_float() -> None:
    assert only(Table("t", [Column("n", number=True)], [["573,308.93"]])).cells["A3"].value == "573308.93"


def test_each_table_has_a_sheet_of_its_own_name() -> None:
    tables = [Table(title, [Column("a")], []) for title in ("x/y", "X_Y", "", "a" * 40, "a" * 39, "History", "'q'")]
    names = [page.name for page in pages(tables_xlsx(tables))]
    assert names == ["x_y", "X_Y 2", "_", "a" * 31, "a" * 29 + " 2", "History 2", "q"]


def test_sheets_of_one_report_are_named_by_what_tells_them_apart() -> None:
    tables = [Table(f"示例村股份经济合作社股东名册：{cls}", [Column("a")], []) for cls in ("人口股", "资金股")]
    assert [page.name for page in pages(tables_xlsx(tables))] == ["人口股", "资金股"]
    assert [page.name for page in pages(tables_xlsx(tables[:1]))] == ["示例村股份经济合作社股东名册：人口股"]


@given(st.lists(st.text(max_size=40), max_size=12))
def test_names_of_sheets_are_always_accepted_and_distinct(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({one.lower() for one in names}) == len(titles)
    lengths = [len(one.encode("utf-16-le")) // 2 for one in names]
    assert [one for one in lengths if not 0 < one <= 31] == []
    assert [one for one in names if one.strip("'") != one or set(one) & set("[]:*?/\\")] == []


def test_a_rare_character_counts_twice_in_the_name_of_a_sheet() -> None:
    title = "𠮷" * 30
    made = tables_xlsx([Table(title, [Column("a")], [])] * 2)
    assert [page.name for page in pages(made)] == ["𠮷" * 15, f"{'𠮷' * 14} 2"]


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_xlsx, "_MOST_ROWS", 8)
    with pytest.raises(WorkbookError, match=r"^trial balance: 3 rows are more than a sheet takes"):
        tables_xlsx([BALANCES._replace(notes=["a"] * 2)])
    tables_xlsx([BALANCES._replace(notes=["a"])])


def test_a_table_without_columns_or_rows_is_a_sheet_too() -> None:
    assert only(Table("", [], [])).cells["A1"].value == ""
    page = only(BALANCES._replace(rows=[]))
    assert page.formulas == {}
    assert page.cells["C3"].value == "1234.30"
