"""Tables in the form that is asked for: by --format, or by the ending of --output; the same for every question."""

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import click
import pytest
from pyarrow.parquet import read_table

from coopledger.cli.main import main
from tests.cli.hill import done, said
from tests.files.sheets import pages

pytestmark = pytest.mark.usefixtures("here", "tell")


def commands(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            found = group.get_command(click.Context(group), name)
            assert found is not None
            yield from commands(found, f"{path} {name}".strip())
    else:
        yield path, group


def test_every_command_that_prints_tables_has_the_same_forms() -> None:
    forms = {
        path: one.type.choices
        for path, command in commands(main)
        for one in command.params
        if one.name == "form" and isinstance(one.type, click.Choice) and "--format" in one.opts
    }
    assert {"project", "book register", "book trial-balance", "dividend notice", "contract status"} <= forms.keys()
    assert set(map(tuple, forms.values())) == {("table", "csv", "json", "xlsx", "parquet")}


@pytest.mark.parametrize("more", ["--output register.xlsx", "--format xlsx --output register"])
def test_a_workbook_by_the_ending_or_by_the_format(more: str, here: Path) -> None:
    assert done(f"coopledger book register hill.db --on 2026-01-31 {more} --lang zh") == ""
    [file] = [one for one in here.iterdir() if one.stem == "register"]
    found = pages(file.read_bytes())
    assert [page.cells["A2"].value for page in found] == ["编号"] * len(found)
    assert {page.recomputed(one) for page in found for one in page.formulas if one.startswith("D")} >= {Decimal(800)}


def test_csv_in_a_file_has_the_mark_by_which_excel_knows_utf_8_and_none_when_printed(here: Path) -> None:
    text = done("coopledger book classes hill.db --on 2026-01-31 --format csv")
    done("coopledger book classes hill.db --on 2026-01-31 --output classes.csv")
    assert (here / "classes.csv").read_bytes() == b"\xef\xbb\xbf" + text.encode()
    assert not text.startswith("\ufeff")


def test_parquet_is_a_file_a_table(here: Path) -> None:
    done("coopledger book classes hill.db --on 2026-01-31 --output classes.parquet")
    assert read_table(here / "classes.parquet").num_rows == 7
    done("coopledger book register hill.db --on 2026-01-31 --output register.parquet")
    names = sorted(one.name for one in here.glob("register*"))
    assert names == [f"register-{n}.parquet" for n in range(1, len(names) + 1)]
    assert len(names) > 2
    assert Decimal(800) in {sum(read_table(here / one)["shares"].to_pylist()) for one in names}


def test_parquet_of_several_tables_is_all_files_or_none(here: Path) -> None:
    """What was there before comes back, and nothing is left over."""
    command = "coopledger book register hill.db --on 2026-01-31 --output register.parquet"
    (here / "register-1.parquet").write_text("before")
    (here / "register-3.parquet").mkdir()
    there = {*here.iterdir()}
    result = said(command)
    assert (result.exit_code, "register-3.parquet" in result.stderr) == (1, True)
    assert {*here.iterdir()} == there
    assert (here / "register-1.parquet").read_text() == "before"
    (here / "register-3.parquet").rmdir()
    done(command)
    assert read_table(here / "register-1.parquet").num_rows > 0
    assert {one.suffix for one in here.glob("register*")} == {".parquet"}


def test_json_by_the_ending_and_a_table_by_any_other(here: Path) -> None:
    done("coopledger book classes hill.db --on 2026-01-31 --output classes.json")
    done("coopledger book classes hill.db --on 2026-01-31 --output classes.txt")
    printed = [done(f"coopledger book classes hill.db --on 2026-01-31 --format {one}") for one in ("json", "table")]
    assert [(here / f"classes.{one}").read_text("utf-8") for one in ("json", "txt")] == printed


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
@pytest.mark.parametrize("command", ["book register hill.db", "project 坝塘.toml"])
def test_a_file_is_not_printed_at_a_terminal(command: str, form: str) -> None:
    result = said(f"coopledger {command} --format {form}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--format {form} is a file, and is not printed: --output FILE is expected" in result.stderr
    assert "--output FILE" in said(f"coopledger {command} --format {form} --lang zh").stderr


def test_a_plan_is_a_workbook_with_a_line_a_year_that_adds_up(here: Path) -> None:
    done("coopledger project 坝塘.toml --output plan.xlsx")
    first, *_ = pages((here / "plan.xlsx").read_bytes())
    assert first.recomputed("C13") == Decimal("550000.00")
    done("coopledger project 坝塘.toml --output plan.parquet")
    payments = read_table(here / "plan.parquet")
    assert (payments.num_rows, sum(payments["amount"].to_pylist())) == (10, Decimal("550000.00"))


def test_explanations_are_words_and_no_workbook(here: Path) -> None:
    result = said("coopledger project 坝塘.toml --explain --output plan.xlsx")
    assert result.exit_code == 2
    assert "--explain goes with --format table or json" in result.stderr
    assert not (here / "plan.xlsx").exists()


def test_a_book_is_never_written_over(here: Path) -> None:
    before = (here / "hill.db").read_bytes()
    for form in ("xlsx", "parquet"):
        assert said(f"coopledger book register hill.db --format {form} --output hill.db").exit_code == 2
    assert (here / "hill.db").read_bytes() == before
    assert not [one for one in os.listdir(here) if "parquet" in one]
