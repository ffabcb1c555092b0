"""Tables as plain text: aligned by what a terminal shows, where a Chinese character is two columns wide."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from coopledger.core.table import Table, check_tables
from coopledger.text import Language, printable, said


def text_table(table: Table, language: Language = "en") -> str:
    """The table in monospaced text: title, headings, rows, totals, notes.

    >>> from coopledger.core.table import Column
    >>> print(text_table(Table("land", [Column("holder"), Column("shares", number=True)], [["17", "500"]])).rstrip())
    land
    <BLANKLINE>
    holder  shares
    ──────  ──────
    17         500

    Raises EntryError for what is no table.
    """
    check_tables([table], language)
    rows = [[printable(said(cell, language)) for cell in row] for row in table.rows]
    headings = [printable(said(column.heading, language)) for column in table.columns]
    totals = [printable(said(cell, language)) for cell in table.totals]
    everything = [headings, *rows, *([totals] if totals else [])]
    widths = [max(width(row[n]) for row in everything) for n in range(len(headings))]
    numbers = [column.number for column in table.columns]
    rule = "  ".join("─" * size for size in widths)
    lines = [printable(said(table.title, language)), "", _line(headings, widths, numbers), rule]
    lines += [_line(row, widths, numbers) for row in rows]
    if totals:
        lines += [rule, _line(totals, widths, numbers)]
    lines += [printable(said(note, language)) for note in table.notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def width(text: str) -> int:
    """How many columns a terminal gives a text.

    >>> width("莲池村 1")
    8
    """
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


def _line(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> str:
    padded = []
    for cell, size, number in zip(cells, widths, numbers, strict=True):
        space = " " * (size - width(cell))
        padded.append(space + cell if number else cell + space)
    return "  ".join(padded)
