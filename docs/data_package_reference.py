"""The page of the Data Package's tables, made from the tables themselves.

``write_page`` writes Markdown: each table with its columns, their types and units, its key and what it refers to.
"""

from pathlib import Path

from coopledger.files.book_tables import BOOK_TABLES, BookTable, Field
from coopledger.files.data_package import SCHEMA

INTRODUCTION = f"""\
# The Data Package of a book

`coopledger book export BOOK FOLDER --as datapackage` writes every table of a book as a CSV, and `datapackage.json`,
which says what stands in them, by the [Data Package standard](https://specs.frictionlessdata.io/data-package/). The
guide [Export a book for other programs](../how-to/export.md) shows how it is checked.

- The CSV files are UTF-8 without a byte-order mark, by RFC 4180. The first line names the columns. An empty cell is
  nothing; an empty text is written so too.
- Amounts are whole numbers in the smallest unit, which the tables below and the property `unit` of the field say. What
  is no whole number is a fraction in lowest terms, `1/5`. Nothing is rounded, nothing is binary floating point.
- Days are `2026-03-05`, cells of the types `object` and `array` are JSON, `boolean` is `true` or `false`.
- Names, ID numbers and other personal data are not read: people stand under their numbers. What records say
  (`records.facts`) is in it whole, for their hashes run over it; no command writes personal data there.
- Texts are as they stand in the book. A spreadsheet may take one that begins with `=` for a formula: open the files
  with programs that read the schema.
- `datapackage.json` has the size and the SHA-256 of each file, and under `coopledger` the version of this format,
  `{SCHEMA}`, and the `head`: the fingerprint that `coopledger book anchor` prints. Tables and columns may be added
  under the same version; one that changes or goes makes a new one.

A column in **bold** is never empty. The key of a table is what no two of its rows have in common.
"""

HASHES = """
## How the hashes are reckoned

SHA-256 over UTF-8. A *text* is written as its length in characters, a colon, and itself; a day as a number
(`20260305`), the empty `locked_through` as `0`; nothing stands between one part and the next but what is named.

- `content_hash` runs over `coopledger 1 content` and a line end, then: `kind` as a text, `effective_on`, a comma,
  `booked_on`, a comma, `actor` as a text, `facts` as a text; and for each posting in its order: a semicolon,
  `denomination`, `source` and `target` as texts, `quantity`; where it takes back another one `r`, `reverses_seq`, a
  comma, `reverses_line`; where it has a lot `l` and `lot` as a text.
- `hash` runs over `coopledger 1 record` and a line end, then: `prev_hash`, `seq`, a comma, `recorded_us`, a comma,
  `key` as a text, `content_hash`, `personal` as a text, `locked_through`.
- The first `prev_hash` runs over `coopledger 1 book ` and the name under which the database has the book.
"""


def write_page(path: Path) -> None:
    """Write the page."""
    index = "".join(f"| [`{one.name}`](#{one.name}) | {_escaped(one.what)} |\n" for one in BOOK_TABLES)
    parts = [INTRODUCTION, "\n| table | what a row is |\n| --- | --- |\n", index, *map(_section, BOOK_TABLES), HASHES]
    path.write_text("".join(parts), encoding="utf-8")


def _section(table: BookTable) -> str:
    lines = ["| column | type | unit | meaning |", "| --- | --- | --- | --- |", *map(_row, table.fields)]
    said = [
        f"Key: {_names(table.key)}.",
        *(
            f"{_names(one.fields)}: a row of [`{one.table}`](#{one.table}), by {_names(one.its)}."
            for one in table.refers
        ),
    ]
    return "\n".join(["", f"## {table.name}", "", table.what, "", *lines, "", *(f"- {one}" for one in said), ""])


def _row(field: Field) -> str:
    name = f"**`{field.name}`**" if field.required else f"`{field.name}`"
    words = f" One of {_names(field.words)}." if field.words else ""
    return f"| {name} | {field.type} | {field.unit} | {_escaped(field.what)}{words} |"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
