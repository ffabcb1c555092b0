"""Tables as CSV and JSON."""

import csv
import json
from io import StringIO
from typing import Any

import pytest

from coopledger.core.table import Column, Table
from coopledger.errors import EntryError
from coopledger.files.table_data import tables_csv, tables_json
from coopledger.files.table_xlsx import tables_xlsx
from coopledger.files.text_table import text_table
from coopledger.text import Message

HOLDERS = Table(
    Message("holders"),
    [Column(Message("number")), Column("shares", "股", number=True)],
    [["0042", "1,234.50"], ["0043", "-3"], ["0044", ""]],
    ["total", "1,231.50"],
    ["a note"],
)


def test_a_table_as_csv_has_headings_and_rows_and_plain_numbers() -> None:
    assert tables_csv([HOLDERS]) == "number,shares (股)\n0042,1234.50\n0043,-3\n0044,\n"


@pytest.mark.parametrize("write", [tables_csv, tables_json, tables_xlsx])
@pytest.mark.parametrize("wrong", [HOLDERS, "x", 5, None, [5], [HOLDERS, None], [[HOLDERS]], {"a": HOLDERS}])
def test_a_list_of_tables_is_expected(write: Any, wrong: object) -> None:  # noqa: ANN401 - whatever writes
    with pytest.raises(EntryError, match="a list of Table is expected"):
        write(wrong)


@pytest.mark.parametrize("wrong", [[HOLDERS], "x", None])
def test_one_table_is_expected_where_one_is_printed(wrong: Any) -> None:  # noqa: ANN401
    with pytest.raises(EntryError, match="a list of Table is expected"):
        text_table(wrong)


@pytest.mark.parametrize("write", [tables_csv, tables_json, tables_xlsx, lambda one, said: text_table(one[0], said)])
@pytest.mark.parametrize("wrong", ["de", "en-US", "", None, 5, ["zh"]])
def test_a_language_that_is_none_of_ours_is_refused(write: Any, wrong: object) -> None:  # noqa: ANN401
    """And no Chinese is said to who asked for German."""
    with pytest.raises(EntryError, match="one of en, zh is accepted"):
        write([HOLDERS], wrong)


def test_of_several_tables_each_has_its_title_and_an_empty_line_between() -> None:
    lines = tables_csv([HOLDERS, HOLDERS._replace(rows=[])]).splitlines()
    assert (lines[0], lines[5:]) == ("holders", ["", "holders", "number,shares (股)"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"])
def test_a_text_that_is_a_formula_to_a_spreadsheet_has_an_apostrophe_in_front(text: str) -> None:
    table = Table(text, [Column(text), Column("shares", number=True)], [[text, text]])
    rows = list(csv.reader(StringIO(tables_csv([table]), newline="")))
    assert rows == [[f"'{text}", "shares"], [f"'{text}", f"'{text}"]]


@pytest.mark.parametrize("text", ["-", "a,b", 'say "no"', "两\n行", "a\rb", "a\r\nb", "'quoted'", "1,234"])
def test_any_other_text_comes_out_as_it_was(text: str) -> None:
    table = Table("t", [Column("name")], [[text]])
    assert list(csv.reader(StringIO(tables_csv([table]), newline="")))[1] == [text]
    assert json.loads(tables_json([table]))["tables"][0]["rows"] == [[text]]


def test_a_table_as_json_has_decimal_texts_and_null_for_nothing() -> None:
    document = json.loads(tables_json([HOLDERS], "zh"))
    assert document == {
        "schema": "coopledger.tables/1",
        "tables": [
            {
                "title": Message("holders").say("zh"),
                "columns": [
                    {"heading": Message("number").say("zh"), "unit": "", "number": False},
                    {"heading": "shares", "unit": "股", "number": True},
                ],
                "rows": [["0042", "1234.50"], ["0043", "-3"], ["0044", None]],
                "totals": ["total", "1231.50"],
                "notes": ["a note"],
            }
        ],
    }
