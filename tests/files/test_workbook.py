"""Workbooks: every kind of file gives the same cells, and what is none is said so."""

import sys
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from coopledger.errors import WorkbookError
from coopledger.files import workbook
from coopledger.files.workbook import Sheet, read_workbook
from tests.files.workbooks import WRITERS, Sheets, write_csv, write_xlsx

SHEETS: Sheets = {
    "成员": [
        ["编号", "姓名", "日期", "金额"],
        ["0041", "成员甲", date(2026, 1, 2), 0.1],
        [None, "乙", None, 1234567.89],
    ],
    "户": [["户号"], ["17"]],
}
EXPECTED = [
    ["编号", "姓名", "日期", "金额"],
    ["0041", "成员甲", date(2026, 1, 2), 0.1],
    ["", "乙", "", 1234567.89],
]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_every_kind_of_workbook_gives_the_same_cells(tmp_path: Path, kind: str) -> None:
    book = read_workbook(WRITERS[kind](tmp_path, SHEETS))
    assert [one.name for one in book.sheets] == ["成员", "户"]
    assert [[*row] for row in book.sheets[0].rows] == EXPECTED


@pytest.mark.parametrize("kind", ["csv", "gbk"])
def test_a_folder_of_csv_files_is_a_sheet_for_each_with_texts_only(tmp_path: Path, kind: str) -> None:
    book = read_workbook(WRITERS[kind](tmp_path, SHEETS))
    assert [one.name for one in book.sheets] == ["成员", "户"]
    assert [*book.sheets[0].rows[1]] == ["0041", "成员甲", "2026-01-02", "0.1"]
    assert book.sheets[0].place(1, 3) == "成员.csv!D2"


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_csv_file_may_have_tabs_or_semicolons(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "成员.csv"
    path.write_text(mark.join(["编号", "姓名"]) + "\n" + mark.join(["0041", "甲"]) + "\n", encoding="utf-8")
    [sheet] = read_workbook(path).sheets
    assert [*map(list, sheet.rows)] == [["编号", "姓名"], ["0041", "甲"]]


def test_places_are_said_as_a_spreadsheet_says_them() -> None:
    sheet = Sheet("a.xlsx", "成员", [["x"] * 30])
    assert sheet.place(16, 27) == "a.xlsx: 成员!AB17"
    assert sheet.place(16) == "a.xlsx: 成员!17:17"
    assert sheet._replace(name="成员 1").place(0, 0) == "a.xlsx: '成员 1'!A1"
    assert sheet.cell(0, 99) == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 nothing", "not a workbook that can be read"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "not a workbook that can be read"),
        (b"\x89PNG\0\0", "neither a workbook nor a CSV file"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"\x81\xff\xff", "neither UTF-8 nor GBK"),
        (b'a,"b\n', "not a CSV line"),
    ],
)
def test_what_is_no_workbook_is_said_so(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "village.xlsx"
    path.write_bytes(data)
    with pytest.raises(WorkbookError, match=said):
        read_workbook(path)


def test_a_file_that_is_not_there_and_what_is_no_name_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be read"):
        read_workbook(tmp_path / "none.xlsx")
    with pytest.raises(WorkbookError, match="the name of a file is expected"):
        read_workbook(7)  # type: ignore[arg-type]
    with pytest.raises(WorkbookError, match="without CSV files"):
        read_workbook(tmp_path)


def test_without_the_extra_it_is_said_what_to_install_and_csv_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "village.xlsx", SHEETS)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(WorkbookError, match=r"install coopledger\[excel\]"):
        read_workbook(path)
    assert len(read_workbook(write_csv(tmp_path / "csv", SHEETS)).sheets) == 2


def test_a_cell_far_away_is_refused_and_takes_no_memory(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [["编号"]]
    path = tmp_path / "far.xlsx"
    from xlsxwriter import Workbook

    with Workbook(path) as book:
        page = book.add_worksheet("成员")
        page.write_string(0, 0, rows[0][0])
        page.write_string(1_000_000, 16_000, "x")
    with pytest.raises(WorkbookError, match="delete the empty rows"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('<row r="1"><c r="XFD1048576"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>', "out of order"),
        ("<row r='1'><c r='A1'><v>1</v></c></row><row r='2'><c r='XFD1048576'><v>1</v></c></row>", "delete the empty"),
        ('<row r="1"><c s="0" r="A1"/></row><row r="900000"><c s="0" r="XFD900000"/></row>', "delete the empty"),
    ],
)
def test_a_sheet_in_disorder_is_refused_and_does_not_end_the_process(tmp_path: Path, cells: str, said: str) -> None:
    whole = WRITERS["xlsx"](tmp_path, SHEETS)
    path = tmp_path / "disorder.xlsx"
    with ZipFile(whole) as content, ZipFile(path, "w") as spoilt:
        for one in content.namelist():
            page = f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()
            spoilt.writestr(one, page if one.endswith("sheet1.xml") else content.read(one))
    with pytest.raises(WorkbookError, match=said):
        read_workbook(path)


def test_too_many_cells_are_refused_in_every_kind_of_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MOST_CELLS", 5)
    for kind in ("xlsx", "ods", "xls"):
        with pytest.raises(WorkbookError, match="more than 5 cells"):
            read_workbook(WRITERS[kind](tmp_path, SHEETS))
