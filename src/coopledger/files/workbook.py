"""Workbooks: the sheets of an .xlsx, .xls or .ods file, of a CSV file, or of a folder of CSV files.

A cell is what python-calamine makes of it: a text, a number, True or False, a day, a time; an empty one is ``""``.
Rows and columns are counted from 0 here, and said as a spreadsheet says them: ``village.xlsx: 成员!B17``.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from coopledger.errors import Problem, WorkbookError
from coopledger.text import Message, printable

_ADDRESS = re.compile(r"([A-Z]{1,3})(\d+)|(\d+):(\d+)")

Cell = str | int | float | bool | date | datetime | time | timedelta

_LARGEST_FILE = 64 * 2**20
_LARGEST_CONTENT = 512 * 2**20
_MOST_CELLS = 4_000_000
_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt")
_AT = re.compile(rb""" r=["'][A-Z]*(\d+)["']""")
"""Where a row or a cell says that it is."""
_CELL_AT = re.compile(rb""" r=["'][A-Z]+(\d+)["']""")
_COLUMN = re.compile(rb""" r=["']([A-Z]+)\d""")
_LAST_COLUMN = 16384
_BEYOND = ((re.compile(rb"""r=["'][A-Z]{3}\d"""), 702), (re.compile(rb"""r=["'](?:[B-Z][A-Z]|[A-Z]{3})\d"""), 52))
"""Cells beyond a column, and how many columns there are up to it."""
_PLAIN_NAME = re.compile(r"\w+")


Area = tuple[tuple[int, int], tuple[int, int]]
"""Merged cells: the first and the last, each its row and column from 0."""


class Sheet(NamedTuple):
    """A sheet: its rows from A1 on, and the ranges of its merged cells, (first row, column), (last row, column).

    >>> Sheet("village.xlsx", "成员", [["编号"], ["0042"]]).place(1, 0)
    'village.xlsx: 成员!A2'
    """

    file: str
    name: str
    rows: Sequence[Sequence[Cell]]
    merged: Sequence[Area] = ()
    is_text: bool = False
    """Whether its cells are all texts, for the file is a CSV file, which has no other."""

    def place(self, row: int | None = None, column: int | None = None) -> str:
        """Where a cell, a row or the sheet is, for a problem."""
        name = self.name if _PLAIN_NAME.fullmatch(self.name) else f"'{self.name}'"
        sheet = self.file if self.is_text else f"{self.file}: {name}"
        if row is None:
            return printable(sheet)
        return printable(f"{sheet}!{address(row, column)}" if column is not None else f"{sheet}!{row + 1}:{row + 1}")

    def cell(self, row: int, column: int) -> Cell:
        """A cell; an empty one beyond the end of a row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


class Workbook(NamedTuple):
    """A file's name, and its sheets in their order, without those that are hidden."""

    file: str
    sheets: Sequence[Sheet]


def address(row: int, column: int) -> str:
    """A cell as a spreadsheet calls it.

    >>> address(16, 1), address(0, 26), address(9, 701)
    ('B17', 'AA1', 'ZZ10')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def read_workbook(path: str | os.PathLike[str]) -> Workbook:
    """The sheets of a file. Raises WorkbookError for what cannot be read.

    A CSV file is a sheet with the file's name, in UTF-8 or GBK; a folder has one for each CSV file in it. Sheets that
    are hidden are not read.
    """
    try:
        whole = os.fsdecode(path)
    except (TypeError, ValueError):
        said = Message("{seen}: the name of a file is expected", seen=type(path).__name__)
        raise WorkbookError([Problem("", said)]) from None
    name = unicodedata.normalize("NFC", os.path.basename(os.path.normpath(whole)))
    if os.path.isdir(whole):
        return _folder(whole, name)
    data = _bytes(whole, name)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return Workbook(name, _sheets(whole, name, data))
    return Workbook(name, [_text_sheet(name, data)])


def _folder(path: str, name: str) -> Workbook:
    """The CSV files of a folder, by their names."""
    files = sorted(one for one in os.listdir(path) if one.lower().endswith(".csv") and not one.startswith("."))
    if not files:
        raise WorkbookError([Problem(name, Message("a folder without CSV files: {known} are read", known=_ENDINGS))])
    return Workbook(name, [_text_sheet(one, _bytes(os.path.join(path, one), one)) for one in files])


def _bytes(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        reason = getattr(error, "strerror", None) or error
        raise WorkbookError([Problem(printable(name), Message("cannot be read: {reason}", reason=reason))]) from None
    if len(data) > _LARGEST_FILE:
        raise WorkbookError([Problem(name, Message("the file is larger than 64 MiB"))])
    return data


# ---------------------------------------------------------------- spreadsheets


def _sheets(path: str, name: str, data: bytes) -> list[Sheet]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum
    except ModuleNotFoundError:
        said = Message("workbooks need python-calamine: install coopledger[excel], or save the sheets as CSV files")
        raise WorkbookError([Problem(name, said)]) from None
    try:
        merged: Mapping[str, Sequence[Area]] = {}
        if data.startswith(b"PK"):
            merged = _check_content(path, name)
        book = CalamineWorkbook.from_path(path)
        found = []
        for one in book.sheets_metadata:
            if one.visible != SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(one.name)
            if sheet.total_height * sheet.total_width > _MOST_CELLS:
                said = Message("more than {most} cells: delete the empty rows and columns behind", most=_MOST_CELLS)
                raise WorkbookError([Problem(f"{name}: {one.name}", said)])
            rows = sheet.to_python(skip_empty_area=False)
            found.append(Sheet(name, one.name, rows, sheet.merged_cell_ranges or merged.get(one.name, ())))
    except PasswordError:
        raise WorkbookError([Problem(name, Message("the file has a password: save it without one"))]) from None
    except (CalamineError, BadZipFile) as error:
        said = Message("not a workbook that can be read ({reason}): save it as .xlsx", reason=_one_line(error))
        raise WorkbookError([Problem(name, said)]) from None
    return found


def _check_content(path: str, name: str) -> Mapping[str, Sequence[Area]]:
    """Raise WorkbookError for a file that would be far larger once it is unpacked, or has a cell far away.

    Whoever reads a sheet makes room for all cells up to the last one. Gives the merged cells of an .ods file, by sheet.
    """
    with ZipFile(path) as content:
        if sum(one.file_size for one in content.infolist()) > _LARGEST_CONTENT:
            raise WorkbookError([Problem(name, Message("the file is larger than 512 MiB once it is unpacked"))])
        for part in content.namelist():
            if part.startswith("xl/worksheets/") and _most_cells(content.read(part)) > _MOST_CELLS:
                said = Message("more than {most} cells: delete the empty rows and columns behind", most=_MOST_CELLS)
                raise WorkbookError([Problem(name, said)])
        if "content.xml" in content.namelist():
            from coopledger.files.opendocument import merged_cells

            with content.open("content.xml") as file:
                return merged_cells(file)
    return {}


def _most_cells(page: bytes) -> int:
    """How many cells a sheet's XML may span: the rows to the last one, and a bound of the columns, or all of them."""
    last = _AT.match(page, max(page.rfind(b' r="'), page.rfind(b" r='"), 0))
    rows = int(last[1]) if last else page.count(b"<row")
    firsts = (_AT.search(page), _CELL_AT.search(page))
    if any(one is not None and int(one[1]) > rows for one in firsts):  # python-calamine aborts the whole process
        raise BadZipFile("the rows of a sheet are out of order")
    if rows * _LAST_COLUMN <= _MOST_CELLS:
        return rows
    for beyond, columns in _BEYOND:
        if rows * columns <= _MOST_CELLS and beyond.search(page) is None:
            return rows * columns
    widest = max((len(one), one) for one in {b"A", *_COLUMN.findall(page)})[1]
    columns = 0
    for one in widest:
        columns = columns * 26 + one - 64
    return rows * columns


def _one_line(error: Exception) -> str:
    return printable(str(error).strip().split("\n")[0])[:80]


# ---------------------------------------------------------------- CSV


def _text_sheet(name: str, data: bytes) -> Sheet:
    """A CSV file in UTF-8 or GBK: with commas, or with tabs or semicolons if the first line has more of these."""
    text = _decoded(data, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    rows: list[list[Cell]] = []
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows.extend([*row] for row in lines)
    except csv.Error as error:
        said = Message("not a CSV line: {reason}", reason=error)
        raise WorkbookError([Problem(f"{name}:{lines.line_num}", said)]) from None
    return Sheet(name, os.path.splitext(name)[0], rows, is_text=True)


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError([Problem(name, Message("the file is in UTF-16: save it as UTF-8"))])
    if b"\0" in data:
        said = Message("neither a workbook nor a CSV file: {known} are read", known=_ENDINGS)
        raise WorkbookError([Problem(name, said)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError([Problem(name, Message("the file is neither UTF-8 nor GBK: save it as UTF-8"))])


def in_order(workbook: Workbook, problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the workbook, sheet by sheet and row by row; first what is about no sheet.

    >>> from coopledger.text import Message
    >>> book = Workbook("a.xlsx", (Sheet("a.xlsx", "户", ()), Sheet("a.xlsx", "成员", ())))
    >>> found = [Problem(f"a.xlsx: {one}", Message("none")) for one in ("成员!B4", "户!A12", "户!A3", "成员")]
    >>> [one.where for one in in_order(book, found)]
    ['a.xlsx: 户!A3', 'a.xlsx: 户!A12', 'a.xlsx: 成员', 'a.xlsx: 成员!B4']
    """
    return sorted(problems, key=lambda one: cell_of(workbook, one.where) or (-1, (0, 0)))


def cell_of(workbook: Workbook, where: str) -> tuple[int, tuple[int, int]] | None:
    """The sheet, by its place, and the cell that a problem is about; of a row or a sheet its first cell."""
    for at, sheet in enumerate(workbook.sheets):
        before, mark, rest = where.partition(f"{sheet.place()}!")
        match = _ADDRESS.fullmatch(rest) if mark and not before else None
        if match is not None:
            return at, (int(match[2] or match[3]) - 1, _column(match[1]) if match[1] else 0)
        if where == sheet.place():
            return at, (0, 0)
    return None


def _column(letters: str) -> int:
    found = 0
    for one in letters:
        found = found * 26 + ord(one) - 64
    return found - 1
