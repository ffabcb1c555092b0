"""HTML for Jupyter: tables and pictures. Everything that somebody wrote is escaped."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

from coopledger.core.table import Column, Table, Text
from coopledger.text import Language, Message, printable, said

MOST = 500
"""So many rows of a table are shown; a note says how many more there are."""

_CELL = "padding:2px 8px;vertical-align:baseline;"
_LEFT, _RIGHT = f"{_CELL}text-align:left", f"{_CELL}text-align:right;white-space:nowrap"
_RULE = ";border-top:1px solid currentColor"


def heading_html(title: Text, language: Language) -> str:
    """A title above what follows.

    >>> heading_html("<hill>", "en")
    '<h4>&lt;hill&gt;</h4>'
    """
    return f"<h4>{_say(title, language)}</h4>"


def lines_html(lines: Iterable[Text], language: Language) -> str:
    """Lines of text, one below the other; nothing where there are none.

    >>> lines_html(["a & b"], "en"), lines_html([], "en")
    ('<p style="margin:0 8px">a &amp; b</p>', '')
    """
    return "".join(f'<p style="margin:0 8px">{_say(line, language)}</p>' for line in lines)


def table_html(table: Table, language: Language, *, titled: bool = True) -> str:
    """A table with its title, headings with their units, rows, totals and notes.

    >>> table = Table("land", [Column("shares", "mu", number=True)], [["5"]], ["5"], ["in all"])
    >>> html = table_html(table, "en")
    >>> "shares (mu)</th>" in html, "<tfoot>" in html, "in all" in html
    (True, True, True)
    """
    columns = table.columns
    head = "".join(
        f'<th scope="col" style="{_side(column)}">{escape(_heading(column, language))}</th>' for column in columns
    )
    body = "".join(_row(row, columns, language) for row in table.rows[:MOST])
    foot = f"<tfoot>{_row(table.totals, columns, language, total=True)}</tfoot>" if table.totals else ""
    more = len(table.rows) - MOST
    notes = [*([Message("{count} more rows: to_pandas has them all", count=more)] if more > 0 else []), *table.notes]
    return (
        f"{heading_html(table.title, language) if titled else ''}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>{lines_html(notes, language)}"
    )


def picture_html(svg: str, words: str) -> str:
    """A picture that stands in the page itself, with the words for those who do not see it.

    >>> picture_html("<svg/>", 'a "b"')
    '<img alt="a &quot;b&quot;" src="data:image/svg+xml;base64,PHN2Zy8+" style="max-width:100%">'
    """
    data = b64encode(svg.encode()).decode()
    return f'<img alt="{escape(printable(words))}" src="data:image/svg+xml;base64,{data}" style="max-width:100%">'


def _row(cells: Sequence[Text], columns: Sequence[Column], language: Language, *, total: bool = False) -> str:
    return "".join(
        [
            "<tr>",
            *(
                f'<td style="{_side(column)}{_RULE if total else ""}">{_say(cell, language)}</td>'
                for cell, column in zip(cells, columns, strict=True)
            ),
            "</tr>",
        ]
    )


def _side(column: Column) -> str:
    return _RIGHT if column.number else _LEFT


def _heading(column: Column, language: Language) -> str:
    heading, unit = said(column.heading, language), said(column.unit, language)
    return printable(Message("{heading} ({unit})", heading=heading, unit=unit).say(language) if unit else heading)


def _say(text: Text, language: Language) -> str:
    return escape(printable(said(text, language)))
