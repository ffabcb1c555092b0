"""Workbooks for the tests: sheets of rows, written as .xlsx, .ods, .xls or CSV by the least that is needed for it."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from struct import pack
from xml.sax.saxutils import escape
from zipfile import ZipFile

from xlsxwriter import Workbook

Row = Sequence[str | int | float | bool | date | None]
Sheets = Mapping[str, Sequence[Row]]


def write_xlsx(path: Path, sheets: Sheets, merged: Mapping[str, Sequence[str]] | None = None) -> Path:
    """An .xlsx file; an empty text is a text, nothing is None."""
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for spread in (merged or {}).get(name, ()):
                page.merge_range(spread, "")
            for row, cells in enumerate(rows):
                for column, seen in enumerate(cells):
                    if isinstance(seen, bool):
                        page.write_boolean(row, column, seen)
                    elif isinstance(seen, date):
                        page.write_datetime(row, column, seen, day)
                    elif isinstance(seen, str):
                        page.write_string(row, column, seen)
                    elif seen is not None:
                        page.write_number(row, column, seen)
    return path


# ---------------------------------------------------------------- OpenDocument

_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"""
_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KIND}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def write_ods(path: Path, sheets: Sheets, merged: Mapping[str, Mapping[tuple[int, int], str]] | None = None) -> Path:
    """An .ods file; of ``merged`` cells, by sheet and place, the attributes that say how far they go."""

    def row(name: str, at: int, cells: Row) -> str:
        spread = (merged or {}).get(name, {})
        return "".join(_ods_cell(one, spread.get((at, column), "")) for column, one in enumerate(cells))

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{row(name, at, cells)}</table:table-row>" for at, cells in enumerate(rows))
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with ZipFile(path, "w") as file:
        file.writestr("mimetype", _KIND)
        file.writestr("META-INF/manifest.xml", _MANIFEST)
        file.writestr("content.xml", _CONTENT.format(tables=tables))
    return path


def _ods_cell(seen: object, spread: str) -> str:
    if seen is None:
        return f"<table:table-cell {spread}/>"
    if isinstance(seen, date):
        kind = f'office:value-type="date" office:date-value="{seen}"'
    elif isinstance(seen, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{seen!r}"'
    return f"<table:table-cell {kind} {spread}><text:p>{escape(str(seen))}</text:p></table:table-cell>"


# ---------------------------------------------------------------- Excel 97: BIFF8 in a compound file

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_xls(path: Path, sheets: Sheets) -> Path:
    """An .xls file: texts, numbers and days, and nothing that is not needed to read them ([MS-XLS], [MS-CFB])."""
    pages = [_page(rows) for rows in sheets.values()]
    formats = [
        _record(0x00E0, pack("<HHHHLLH", 0, 0, 0, 0, 0, 0, 0)),
        _record(0x00E0, pack("<HHHHLLH", 0, 14, 0, 0, 0, 0, 0)),
    ]
    names = [one.encode("utf-16-le") for one in sheets]
    start = [_record(0x0809, pack("<HHHHLL", 0x0600, 0x0005, 0, 0, 0, 0)), *formats]
    at = sum(map(len, start)) + sum(12 + len(one) for one in names) + 4
    bounds = []
    for name, page in zip(names, pages, strict=True):
        bounds.append(_record(0x0085, pack("<LBBBB", at, 0, 0, len(name) // 2, 1) + name))
        at += len(page)
    path.write_bytes(_compound(b"".join([*start, *bounds, _record(0x000A, b""), *pages])))
    return path


def _page(rows: Sequence[Row]) -> bytes:
    records = [_record(0x0809, pack("<HHHHLL", 0x0600, 0x0010, 0, 0, 0, 0))]
    for row, cells in enumerate(rows):
        for column, seen in enumerate(cells):
            if isinstance(seen, date):
                serial = (seen - date(1899, 12, 30)).days
                records.append(_record(0x0203, pack("<HHHd", row, column, 1, serial)))
            elif isinstance(seen, str):
                text = seen.encode("utf-16-le")
                records.append(_record(0x0204, pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text))
            elif seen is not None:
                records.append(_record(0x0203, pack("<HHHd", row, column, 0, seen)))
    return b"".join([*records, _record(0x000A, b"")])


def _record(kind: int, data: bytes) -> bytes:
    return pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream, Workbook, long enough not to be a small one."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    assert count <= 126  # one sector of the table of sectors is enough
    table = [_FAT, _END, *range(3, count + 2), _END]
    fat = b"".join(pack("<L", one) for one in table).ljust(_SECTOR, b"\xff")
    entries = [
        _entry("Root Entry", 5, 1, _END, 0),
        _entry("Workbook", 2, _FREE, 2, len(stream)),
        *(bytes(128) for _ in range(2)),
    ]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += pack("<HHHHH", 0x003E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<LLLLLLLLL", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + pack("<L", 0)
    return header.ljust(_SECTOR, b"\xff") + fat + b"".join(entries) + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    where = pack("<LLL", _FREE, _FREE, child) + bytes(36) + pack("<LQ", start, size)
    return text.ljust(64, b"\0") + pack("<HBB", len(text) + 2, kind, 1) + where


# ---------------------------------------------------------------- CSV


def write_csv(folder: Path, sheets: Sheets, encoding: str = "utf-8-sig") -> Path:
    """A folder of CSV files, one for each sheet."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([["" if one is None else one for one in cells] for cells in rows])
    return folder


WRITERS = {
    "xlsx": lambda folder, sheets: write_xlsx(folder / "village.xlsx", sheets),
    "ods": lambda folder, sheets: write_ods(folder / "village.ods", sheets),
    "xls": lambda folder, sheets: write_xls(folder / "village.xls", sheets),
    "csv": lambda folder, sheets: write_csv(folder / "utf8", sheets),
    "gbk": lambda folder, sheets: write_csv(folder / "gbk", sheets, "gbk"),
}
"""How a workbook can come: a function of a folder and the sheets, which gives the path."""
