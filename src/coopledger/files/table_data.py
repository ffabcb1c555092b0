"""Tables as data for other programs: CSV for spreadsheets, JSON for the rest."""

import csv
import json
from collections.abc import Sequence
from io import StringIO
from typing import Any

from coopledger.core.table import Column, Table, Text, check_tables, number
from coopledger.text import Language, said

SCHEMA = "coopledger.tables/1"
"""Fields may be added under this name; a field that changes or goes makes a new one."""

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""How a text begins that a spreadsheet takes for a formula."""


def tables_csv(tables: Sequence[Table], language: Language = "en") -> str:
    r"""Tables as CSV: a line of headings, then the rows; without totals and notes, which a spreadsheet would add up.

    Of several tables each has its title on a line above, and an empty line stands between them. Numbers have no
    thousands separators. A text that a spreadsheet would take for a formula has an apostrophe in front, as a
    spreadsheet itself writes it.

    >>> from coopledger.core.table import Column
    >>> rows = [["=1+1", "1,234.50"], ["成员甲", "-3"]]
    >>> tables_csv([Table("holders", [Column("name"), Column("shares", number=True)], rows)])
    "name,shares\n'=1+1,1234.50\n成员甲,-3\n"

    Raises EntryError for what is no list of tables.
    """
    check_tables(tables, language)
    blocks = [
        [
            [safe(heading(column, language)) for column in table.columns],
            *(
                [_cell(cell, column, language) for cell, column in zip(row, table.columns, strict=True)]
                for row in table.rows
            ),
        ]
        for table in tables
    ]
    if len(blocks) > 1:
        blocks = [[[safe(said(table.title, language))], *block] for table, block in zip(tables, blocks, strict=True)]
    return "\n".join("".join(_line(row) for row in block) for block in blocks)


def tables_json(tables: Sequence[Table], language: Language = "en") -> str:
    """Tables as JSON: titles, columns, rows and totals as lists of texts, notes.

    A number is a decimal text without separators, so that no program reads it into binary floating point; a cell
    without anything is null. Raises EntryError for what is no list of tables.
    """
    check_tables(tables, language)
    document = {"schema": SCHEMA, "tables": [_plain(table, language) for table in tables]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def heading(column: Column, language: Language = "en") -> str:
    """The heading of a column, with the unit of its cells.

    >>> heading(Column("debit", "yuan", number=True))
    'debit (yuan)'
    """
    unit = said(column.unit, language)
    words = said(column.heading, language)
    return f"{words} ({unit})" if unit else words


def safe(text: str) -> str:
    """A text as a cell of CSV: one that a spreadsheet would take for a formula has an apostrophe in front.

    >>> safe("=1+1"), safe("-"), safe("成员甲")
    ("'=1+1", '-', '成员甲')
    """
    return f"'{text}" if text.startswith(FORMULA) and len(text) > 1 else text


def _line(cells: Sequence[str]) -> str:
    """A line of CSV. The writer quotes the ends of lines that it knows of: both, so that no cell breaks in two."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()[:-2] + "\n"


def _plain(table: Table, language: Language) -> dict[str, Any]:
    return {
        "title": said(table.title, language),
        "columns": [
            {
                "heading": said(column.heading, language),
                "unit": said(column.unit, language),
                "number": column.number,
            }
            for column in table.columns
        ],
        "rows": [_values(row, table.columns, language) for row in table.rows],
        **({"totals": _values(table.totals, table.columns, language)} if table.totals else {}),
        **({"notes": [said(note, language) for note in table.notes]} if table.notes else {}),
    }


def _values(row: Sequence[Text], columns: Sequence[Column], language: Language) -> list[str | None]:
    return [
        (_number(text) if column.number else text) or None
        for cell, column in zip(row, columns, strict=True)
        for text in [said(cell, language)]
    ]


def _cell(cell: Text, column: Column, language: Language) -> str:
    text = said(cell, language)
    return _number(text) if column.number and number(text) is not None else safe(text)


def _number(text: str) -> str:
    return text if number(text) is None else text.replace(",", "")
