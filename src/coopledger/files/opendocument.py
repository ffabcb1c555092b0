"""Merged cells of an OpenDocument spreadsheet (.ods), which python-calamine does not tell."""

from collections.abc import Iterator
from contextlib import suppress
from typing import IO
from xml.etree import ElementTree as ET

from coopledger.files.workbook import Area

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))


def merged_cells(content: IO[bytes]) -> dict[str, list[Area]]:
    """The merged cells of each sheet by its name, from the file's ``content.xml``; of broken XML, those before.

    >>> from io import BytesIO
    >>> spread = '<t:table-cell t:number-columns-spanned="2" t:number-rows-spanned="3"/>'
    >>> row = f'<t:table-row t:number-rows-repeated="4"/><t:table-row><t:table-cell/>{spread}</t:table-row>'
    >>> name = _TABLE.strip("{}")
    >>> merged_cells(BytesIO(f'<t:table xmlns:t="{name}" t:name="land">{row}</t:table>'.encode()))
    {'land': [((4, 1), (6, 2))]}
    """
    found: dict[str, list[Area]] = {}
    areas: list[Area] = []
    row = 0
    with suppress(ET.ParseError):
        for event, one in ET.iterparse(content, ("start", "end")):  # noqa: S314 - expat limits what entities expand to
            if event == "start":
                if one.tag == f"{_TABLE}table":
                    areas, row = found.setdefault(one.get(f"{_TABLE}name", ""), []), 0
            elif one.tag == f"{_TABLE}table-row":
                areas += _of_row(one, row)
                row += _count(one, "number-rows-repeated")
                one.clear()
    return found


def _of_row(row: ET.Element, at: int) -> Iterator[Area]:
    column = 0
    for cell in row:
        if cell.tag in _CELLS:
            down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if down > 1 or right > 1:
                yield (at, column), (at + down - 1, column + right - 1)
            column += _count(cell, "number-columns-repeated")


def _count(one: ET.Element, name: str) -> int:
    seen = one.get(f"{_TABLE}{name}", "")
    return int(seen) if seen.isdecimal() and seen != "0" else 1
