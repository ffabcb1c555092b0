"""Marked copies: every problem stands in its cell as a comment, and in a list in front."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from coopledger.errors import Problem
from coopledger.files import marked
from coopledger.files.marked import marked_copy
from coopledger.files.village_file import read_village
from coopledger.files.workbook import Cell, Sheet, Workbook
from coopledger.text import Message
from tests.files.villages import village
from tests.files.workbooks import WRITERS


def opened(data: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_object(BytesIO(data))


def comments(data: bytes) -> dict[str, str]:
    """The comments of a workbook by part and cell."""
    found = {}
    with ZipFile(BytesIO(data)) as file:
        for part in file.namelist():
            if part.startswith("xl/comments"):
                text = file.read(part).decode()
                for cell, said in re.findall(r'<comment ref="([A-Z]+\d+)".*?<t[^>]*>(.*?)</t>', text, re.DOTALL):
                    found[f"{part} {cell}"] = said
    return found


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "csv"])
def test_a_marked_copy_has_the_cells_and_a_comment_on_each_that_is_wrong(tmp_path: Path, kind: str) -> None:
    sheets: dict[str, list[list[Any]]] = village()
    sheets["成员"][3][0] = "００４２"
    sheets["成员"][4][2] = None
    found = read_village(WRITERS[kind](tmp_path, sheets))
    data = marked_copy(found.workbook, found.problems, found.notices)
    made = opened(data)
    assert made.sheet_names[0] == "Problems"
    assert {*made.sheet_names[1:]} == {*sheets}
    page = made.get_sheet_by_name("成员").to_python(skip_empty_area=False)
    [ours] = [one for one in found.workbook.sheets if one.name == "成员"]
    assert [row[:6] for row in page] == [[*row][:6] for row in ours.rows]
    said = comments(data)
    assert {one.partition(" ")[2] for one in said} >= {"A4", "C5"}
    assert any("write 0042" in one for one in said.values())
    listed = made.get_sheet_by_name("Problems").to_python()
    assert [row[0] for row in listed[1:]] == [one.where for one in found.problems]


def test_a_marked_copy_speaks_chinese_and_keeps_texts_that_look_like_formulas(tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "成员": [["编号", "姓名"], ["0001", "=1+1"], [None, "甲"], ["0003", date(2026, 1, 1)]]
    }
    found = read_village(WRITERS["xlsx"](tmp_path, sheets))
    made = opened(marked_copy(found.workbook, found.problems, found.notices, "zh"))
    assert made.sheet_names == ["问题", "成员"]
    assert made.get_sheet_by_name("成员").to_python()[1] == ["0001", "=1+1"]
    assert made.get_sheet_by_name("问题").to_python()[1][1] == "空白：应填编号"


def test_names_that_a_workbook_cannot_have_are_cut_and_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    for end in ("a", "b"):
        (folder / f"成员{'x' * 40}{end}.csv").write_text("编号,姓名\n,甲\n", encoding="utf-8")
    found = read_village(folder)
    made = opened(marked_copy(found.workbook, found.problems))
    assert len({*made.sheet_names}) == 3
    assert all(len(one) <= 31 for one in made.sheet_names)


def test_more_problems_than_a_sheet_has_links_all_say_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "_MOST_LINKS", 3)
    rows: list[list[Cell]] = [["甲"]] * 5
    book = Workbook("a.csv", [Sheet("a.csv", "a", rows, is_text=True)])
    problems = [Problem(f"a.csv!A{n}", Message("none")) for n in range(1, 6)]
    made = marked_copy(book, problems)
    assert [row[0] for row in opened(made).get_sheet_by_index(0).to_python()[1:]] == [one.where for one in problems]
    with ZipFile(BytesIO(made)) as file:
        assert file.read("xl/worksheets/sheet1.xml").count(b"<hyperlink ") == 3
