"""``coopledger template`` and ``coopledger book import``: a village from one workbook, or all its problems."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from coopledger.cli.main import main
from coopledger.files.village_file import read_village
from tests.cli.hill import done, said
from tests.files.villages import village
from tests.files.workbooks import write_xlsx

pytestmark = pytest.mark.usefixtures("tell", "alone")


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_xlsx(tmp_path / "village.xlsx", village())


def run(*words: str) -> Result:
    return CliRunner().invoke(main, [*words])


def spoilt() -> None:
    sheets: dict[str, list[list[Any]]] = village()
    sheets["成员"][2][4] = "1.1E+17"
    sheets["股权"][1][2] = " "
    write_xlsx(Path("village.xlsx"), sheets)


def test_a_book_is_made_from_the_workbook_by_one_command() -> None:
    assert done("import hill.db village.xlsx").startswith("record 1–")
    assert done("verify hill.db").startswith("nothing is wrong")
    assert "H04" in done("register hill.db --on 2026-01-01")


def test_the_same_command_typed_twice_is_recorded_once() -> None:
    done("import hill.db village.xlsx")
    assert done("import hill.db village.xlsx") == "record 1–19 says the same already: nothing was written\n"


def test_a_dry_run_shows_what_would_be_booked_and_makes_no_file() -> None:
    shown = done("import hill.db village.xlsx --dry-run")
    assert "what the workbook says" in shown
    assert [line.split() for line in shown.splitlines() if line.startswith("历年分红")] == [["历年分红", "2", "118.50"]]
    assert "what would be recorded" in shown
    assert "its vouchers" in shown
    assert shown.endswith("a dry run: nothing was written\n")
    assert not Path("hill.db").exists()
    done("create hill.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2026-01-01")
    assert done("import hill.db village.xlsx --dry-run").endswith("a dry run: nothing was written\n")
    assert done("import hill.db village.xlsx").startswith("record 4–")


def test_all_problems_are_said_with_their_cells_and_marked_and_nothing_is_written() -> None:
    spoilt()
    result = said("import hill.db village.xlsx --marked problems.xlsx")
    assert result.exit_code == 1
    rounded = "a rounded number: a spreadsheet has lost its last digits; type the 18 characters again, as text"
    assert result.stderr.splitlines() == [
        f"village.xlsx: 成员!E3: 1*****7 is {rounded}",
        "village.xlsx: 股权!C2: nothing but blanks where a number is expected: clear the cell, or fill it in",
        "problems: 2; nothing was written",
        "they are marked in problems.xlsx",
    ]
    assert not Path("hill.db").exists()
    again = [str(one).replace("problems.xlsx", "village.xlsx") for one in read_village("problems.xlsx").problems]
    assert again == result.stderr.splitlines()[:-2]


@pytest.mark.parametrize("marked", ["hill.db", "./hill.db-wal", "link.db"])
def test_the_marked_copy_never_takes_the_place_of_the_book(marked: str) -> None:
    done("import hill.db village.xlsx")
    os.symlink("hill.db", "link.db")
    before = Path("hill.db").read_bytes()
    spoilt()
    for database in ("hill.db", "sqlite:///hill.db"):
        result = said(f"import {database} village.xlsx --marked {marked}")
        assert (result.exit_code, result.stderr.count(f"--marked {marked} would overwrite the book")) == (2, 1)
    assert Path("hill.db").read_bytes() == before


def test_the_marked_copy_never_takes_the_place_of_what_is_imported() -> None:
    spoilt()
    before = Path("village.xlsx").read_bytes()
    result = said("import hill.db village.xlsx --marked ./village.xlsx")
    assert (result.exit_code, result.stderr.count("would overwrite what is imported")) == (2, 1)
    assert Path("village.xlsx").read_bytes() == before
    assert "would overwrite the book" in said("import hill.db village.xlsx --marked hill.db").stderr
    assert not Path("hill.db").exists()


def test_the_marked_copy_never_takes_the_place_of_a_file_of_the_folder() -> None:
    Path("village").mkdir()
    Path("village/成员.csv").write_text("编号,姓名\n,甲\n", encoding="utf-8")
    result = said("import hill.db village --marked village/成员.csv")
    assert (result.exit_code, result.stderr.count("would overwrite what is imported")) == (2, 1)
    assert Path("village/成员.csv").read_text(encoding="utf-8") == "编号,姓名\n,甲\n"


def test_the_problems_are_said_in_chinese() -> None:
    spoilt()
    result = said("import hill.db village.xlsx --lang zh")
    assert "village.xlsx: 股权!C2: 应为数字，单元格中只有空格：请清空或填写\n" in result.stderr
    assert result.stderr.endswith("2 个问题：什么也没有写入\n")


def test_what_is_noted_only_does_not_stop_the_import() -> None:
    sheets: dict[str, list[list[Any]]] = village()
    sheets["照片"] = [["x"]]
    write_xlsx(Path("village.xlsx"), sheets)
    result = said("import hill.db village.xlsx")
    assert (result.exit_code, result.stderr.count("the sheet is not read")) == (0, 1)


def test_a_workbook_with_another_telephone_says_who_differs_and_writes_nothing() -> None:
    done("import hill.db village.xlsx")
    before = done("verify hill.db")
    sheets: dict[str, list[list[Any]]] = village()
    sheets["成员"][2][6] = "13900000000"
    write_xlsx(Path("village.xlsx"), sheets)
    result = said("import hill.db village.xlsx")
    assert result.exit_code == 1
    assert "village.xlsx: 成员!A3: 0002 is in the register already, and differs there: phone" in result.stderr
    assert done("verify hill.db") == before


def test_a_csv_file_goes_into_a_book_that_is_there() -> None:
    done("create hill.db --name 示例村股份经济合作社 --law collective --on 2026-01-01")
    text = "编号,户号,姓名,与户主关系\n0042,17,成员甲,户主\n"
    Path("成员.csv").write_text(text, encoding="gbk")
    done("import hill.db 成员.csv --on 2026-01-01")
    assert "成员甲" in done("members hill.db")


def test_the_template_is_written_once_and_imports_when_it_is_filled_in() -> None:
    assert run("template", "t.xlsx").output.startswith("t.xlsx: fill it in, then")
    refused = run("template", "t.xlsx")
    assert (refused.exit_code, refused.output) == (1, "t.xlsx is there already: --force writes over it\n")
    assert run("template", "t.xlsx", "--filled", "--force", "--law", "specialised").exit_code == 0
    done("import t.db t.xlsx")
    assert done("verify t.db").startswith("nothing is wrong")


def test_without_the_extra_the_commands_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for result in (said("import hill.db village.xlsx"), run("template", "t.xlsx")):
        assert result.exit_code == 1
        assert "install coopledger[excel]" in result.output
    assert not Path("hill.db").exists()
    assert not Path("t.xlsx").exists()


def test_thousands_of_people_are_told_in_a_line() -> None:
    people = [[f"{n:05}", f"H{n:05}", f"成员{n}", "户主"] for n in range(1, 700)]
    write_xlsx(
        Path("many.xlsx"), {"合作社": village()["合作社"], "成员": [["编号", "户号", "姓名", "与户主关系"], *people]}
    )
    line = done("import many.db many.xlsx")
    assert len(line) < 3500
    assert "… (699)" in line
