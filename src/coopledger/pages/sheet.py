"""Sheets: what is on one piece of paper, and the HTML file that holds it, or many of them.

A file needs nothing else and asks for nothing: its style and its pictures are within it, and its policy (CSP) lets
nothing be loaded. On a phone a wide table stands as one block a row; on A4 the headings come again on each page.
"""

import os
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from coopledger.core.journal import Head, shown
from coopledger.core.table import Column, Table, Text
from coopledger.errors import CoopledgerError, EntryError
from coopledger.reports.cells import IN_YUAN
from coopledger.text import Language, Message, printable, said

if TYPE_CHECKING:  # loaded when a page is made
    from jinja2 import Environment

_HERE = os.path.dirname(__file__)
_LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
_NARROW = 4
"""So many columns stand side by side on a phone."""
_SIGNATURE = Message("signature")


class Section(NamedTuple):
    """A table under a heading; without one where the sheet's title says it."""

    heading: Text
    table: Table


class Anchor(NamedTuple):
    """The head of a book, as it is printed; ``name`` says of which, where a sheet is about several."""

    head: Head
    name: Text = ""


class Chart(NamedTuple):
    """A picture as SVG, once for paper and large screens, once for a phone; ``words`` for those who do not see it."""

    wide: str
    narrow: str
    words: str


class Sheet(NamedTuple):
    """One piece of paper: a title, tables, what they are as of, the anchors, and who signs.

    ``lead`` are lines below the title, and the chart stands before the tables.
    """

    title: Text
    sections: Sequence[Section]
    notes: Sequence[Text] = ()
    anchors: Sequence[Anchor] = ()
    signed: Sequence[Text] = ()
    lead: Sequence[Text] = ()
    chart: Chart | None = None


def page(title: Text, sheets: Sequence[Sheet], language: Language = "en", *, landscape: bool = False) -> str:
    r"""The HTML file of one sheet, or of several, each of which begins on a new page of paper.

    Raises EntryError for a language that is none of ours, CoopledgerError where Jinja or segno is not installed.

    >>> from coopledger.core.table import Column
    >>> table = Table("land", [Column("holder"), Column("shares", number=True)], [["17", "<500>"]])
    >>> html = page("land", [Sheet("land", [Section("", table)])])
    >>> html[:32], "<td class=n>&lt;500&gt;</td>" in html
    ('<!doctype html>\n<html lang="en">', True)
    """
    if not isinstance(language, str) or language not in _LANGUAGES:
        accepted = [*_LANGUAGES]
        raise EntryError(Message("{seen}: one of {accepted} is accepted", seen=shown(language), accepted=accepted))

    def say(text: Text) -> str:
        return printable(said(text, language))

    heads = {anchor.head for sheet in sheets for anchor in sheet.anchors}
    margin = f"{(head := heads.pop()).seq}:{head.hash.hex()[:8]}" if len(heads) == 1 else ""
    environment = _environment()
    style = environment.get_template("page.css").render(landscape=landscape, margin=margin)
    policy = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("page.html").render(
        lang=_LANGUAGES[language],
        style=style,
        policy=policy,
        title=say(title),
        sheets=[_sheet(sheet, say) for sheet in sheets],
        words={name: say(one) for name, one in _WORDS.items()},
    )


_WORDS = {
    "skip": Message("skip to the content"),
    "contents": Message("contents"),
    "witness": Message("fingerprint of the book"),
    "check": Message("Anybody can hold this paper against the book: coopledger verify-paper BOOK FINGERPRINT"),
    "qr": Message("QR code of the fingerprint"),
}


def _sheet(sheet: Sheet, say: Any) -> dict[str, Any]:  # noqa: ANN401 - a function of this file
    fingerprints = {say(Message("fingerprint {head}", head=str(one.head))) for one in sheet.anchors}
    unprinted = {*map(say, sheet.notes), say(IN_YUAN)}
    return {
        "title": say(sheet.title),
        "lead": [*map(say, sheet.lead)],
        "chart": sheet.chart
        and Chart(_safe(sheet.chart.wide), _safe(sheet.chart.narrow), printable(sheet.chart.words)),
        "sections": [
            {"heading": say(one.heading), **_table(one.table, say, unprinted | fingerprints)} for one in sheet.sections
        ],
        "notes": [note for note in map(say, sheet.notes) if note not in fingerprints],
        "anchors": [{"name": say(one.name), "text": str(one.head), "qr": _qr(str(one.head))} for one in sheet.anchors],
        "signed": [*map(say, sheet.signed)],
    }


def _table(table: Table, say: Any, unprinted: set[str]) -> dict[str, Any]:  # noqa: ANN401 - a function of this file
    return {
        "wide": len(table.columns) > _NARROW,
        "columns": [_column(column, say) for column in table.columns],
        "rows": [[*map(say, row)] for row in table.rows],
        "totals": [*map(say, table.totals)],
        "notes": [note for note in map(say, table.notes) if note not in unprinted],
    }


def _column(column: Column, say: Any) -> dict[str, str]:  # noqa: ANN401 - a function of this file
    kind = "sign" if column.heading == _SIGNATURE else "n" if column.number else ""
    heading, unit = say(column.heading), say(column.unit)
    return {"heading": heading, "unit": unit, "label": f"{heading} {unit}".rstrip(), "kind": kind}


def _qr(text: str) -> Any:  # noqa: ANN401 - markup
    """A QR code that holds a text, and nothing besides, as SVG."""
    try:
        import segno
    except ModuleNotFoundError as error:
        raise _missing() from error
    return _safe(segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr"))


def _safe(svg: str) -> Any:  # noqa: ANN401 - markup
    from markupsafe import Markup

    return Markup(svg)  # noqa: S704 - drawn by segno of a fingerprint, or by vl-convert


@cache
def _environment() -> "Environment":
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ModuleNotFoundError as error:
        raise _missing() from error
    return Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _missing() -> CoopledgerError:
    return CoopledgerError(Message("pages need Jinja2 and segno: install coopledger[paper]"))
