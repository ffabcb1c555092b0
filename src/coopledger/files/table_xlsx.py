"""Tables as a workbook (.xlsx): a sheet each, to be read, printed on A4 and reckoned with.

It needs the extra ``excel`` (XlsxWriter).
"""

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from coopledger.core.table import Table, check_tables, number
from coopledger.errors import Problem, WorkbookError
from coopledger.files.sheet import cell_text, sheet_names, told_apart
from coopledger.files.table_data import FORMULA, heading
from coopledger.files.text_table import width
from coopledger.files.workbook import address
from coopledger.text import Language, Message, said

_MOST_ROWS = 1_048_576
_EXACT_DIGITS = 15
"""So many digits a spreadsheet keeps of a number."""
_WIDEST = 48
_PORTRAIT = 92
"""So many characters a line of A4 takes upright before it gets too small to read."""
_SIZE = 11
"""The size of the letters, in points."""
_A4 = 9
_DAY = re.compile(r"(?:19|2\d)\d\d-\d\d-\d\d", re.ASCII)


class _Sheet(NamedTuple):
    """A table in the words of the reader, and the numbers of its columns."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    totals: list[str]
    notes: list[str]
    numbers: list["_Numbers | None"]
    """By column; None where the cells are text."""
    widths: list[int]
    """By column, in characters."""


class _Numbers(NamedTuple):
    """A column of numbers: the value of each cell that has one, the places of all, and how they are shown."""

    values: list[Decimal | None]
    total: Decimal | None
    places: int
    shown: str


def tables_xlsx(tables: Sequence[Table], language: Language = "en") -> bytes:
    """The tables as the bytes of an .xlsx file, each on a sheet of its own: title, headings, rows, totals, notes.

    Numbers are numbers, shown with the decimals and separators of the text; of more than 15 digits, which a spreadsheet
    would round, they stay text. Days are days. A total that is the sum of its column is the formula that adds it up, to
    the places of the column (``=ROUND(SUM(C4:C20),2)``), and its value beside it for viewers that do not reckon; any
    other total is its value. Everything else is text and never a formula, whatever it begins with.

    Title and headings stay in sight, and are printed on top of each page; a sheet is as wide as A4, upright or across.

    Raises EntryError for what is no list of tables, WorkbookError for a table that is longer than a sheet, and if
    XlsxWriter is not installed.

    >>> tables_xlsx([Table("land", [], [])])[:2]
    b'PK'
    """
    check_tables(tables, language)
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError:
        message = Message("a workbook is written with XlsxWriter: install coopledger[excel]")
        raise WorkbookError([Problem("", message)]) from None
    sheets = [_sheet(table, language) for table in tables]
    data = BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        writing = _Writing(book)
        for name, sheet in zip(sheet_names(told_apart([sheet.title for sheet in sheets])), sheets, strict=True):
            writing.write(name, sheet)
    return data.getvalue()


def _sheet(table: Table, language: Language) -> _Sheet:
    title = said(table.title, language)
    length = len(table.rows) + len(table.notes) + 4
    if length > _MOST_ROWS:
        seen = f"{len(table.rows):,}"
        message = Message("{seen} rows are more than a sheet takes: CSV and Parquet take them all", seen=seen)
        raise WorkbookError([Problem(title, message)])
    rows = [[said(cell, language) for cell in row] for row in table.rows]
    totals = [said(cell, language) for cell in table.totals]
    headings = [heading(column, language) for column in table.columns]
    return _Sheet(
        title,
        headings,
        rows,
        totals,
        [said(note, language) for note in table.notes],
        [
            _numbers([row[n] for row in rows], totals[n] if totals else "") if column.number else None
            for n, column in enumerate(table.columns)
        ],
        _widths([headings, *rows, *([totals] if totals else [])]),
    )


def _numbers(cells: list[str], total: str) -> _Numbers:
    values = [_exact(cell) for cell in cells]
    last = _exact(total)
    every = [one for one in (*values, last) if one is not None]
    places = max((-int(one.as_tuple().exponent) for one in every), default=0)
    separated = any("," in cell for cell in cells) or "," in total or all(abs(one) < 1000 for one in every)
    return _Numbers(values, last, places, ("#,##0" if separated else "0") + ("." + "0" * places if places else ""))


def _exact(cell: str) -> Decimal | None:
    seen = number(cell)
    return seen if seen is None or len(seen.as_tuple().digits) <= _EXACT_DIGITS else None


class _Writing:
    """Writes sheets into a workbook."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - XlsxWriter has no types
        self.book = book
        self._formats: dict[tuple[str, bool, bool, bool], Any] = {}
        words = {"text_wrap": True, "valign": "vcenter", "quote_prefix": True}
        line = {**words, "bold": True, "border": 1, "bg_color": "#EEEEEE"}
        self.title = book.add_format({**words, "bold": True, "font_size": 14})
        self.note = book.add_format(words)
        self.heading = {False: book.add_format(line), True: book.add_format({**line, "align": "right"})}

    def write(self, name: str, sheet: _Sheet) -> None:
        """A sheet: title in the first row, headings in the second, then rows, totals, notes."""
        page = self.book.add_worksheet(name)
        self._across(page, 0, sheet.title, sheet, self.title)
        for column, (words, numbers) in enumerate(zip(sheet.headings, sheet.numbers, strict=True)):
            page.write_string(1, column, cell_text(words), self.heading[numbers is not None])
        for column in range(len(sheet.headings)):
            self._column(page, column, sheet)
        end = 2 + len(sheet.rows)
        if sheet.totals:
            for column, words in enumerate(sheet.totals):
                self._total(page, end, column, words, sheet.numbers[column])
            end += 1
        for note in sheet.notes:
            self._across(page, end, note, sheet, self.note)
            end += 1
        self._lay_out(page, sheet, end)

    def _column(self, page: Any, column: int, sheet: _Sheet) -> None:  # noqa: ANN401
        numbers = sheet.numbers[column]
        is_number = numbers is not None
        figure = self.format(numbers.shown if numbers else "", number=True)
        day, text = self.format("yyyy-mm-dd"), self.format("", number=is_number)
        values = numbers.values if numbers else [None] * len(sheet.rows)
        for at, (row, value) in enumerate(zip(sheet.rows, values, strict=True), 2):
            cell = row[column]
            if value is not None:
                page.write_number(at, column, value, figure)  # a float of it has 573308.9300000001 written
            elif not is_number and _DAY.fullmatch(cell) and (found := _day(cell)) is not None:
                page.write_datetime(at, column, found, day)
            elif not cell:
                page.write_blank(at, column, None, text)
            else:
                self._text(page, at, column, cell, number=is_number)

    def _total(self, page: Any, at: int, column: int, words: str, numbers: _Numbers | None) -> None:  # noqa: ANN401
        if numbers is None or numbers.total is None:
            self._text(page, at, column, words, number=numbers is not None, total=True)
            return
        form = self.format(numbers.shown, number=True, total=True)
        if not _adds_up(numbers):
            page.write_number(at, column, numbers.total, form)
            return
        formula = f"SUM({address(2, column)}:{address(at - 1, column)})"
        if numbers.places:
            formula = f"ROUND({formula},{numbers.places})"
        page.write_formula(at, column, f"={formula}", form, numbers.total)

    def _text(self, page: Any, at: int, column: int, words: str, *, number: bool, total: bool = False) -> None:  # noqa: ANN401
        form = self.format("", number=number, total=total, quoted=words.startswith(FORMULA))
        page.write_string(at, column, cell_text(words), form)

    def _across(self, page: Any, row: int, words: str, sheet: _Sheet, form: Any) -> None:  # noqa: ANN401
        """A text over the width of the table, as high as it needs."""
        size, last = form.font_size, len(sheet.headings) - 1
        line = sum(sheet.widths) * _SIZE / size
        lines = sum(math.ceil((width(one) or 1) / line) for one in words.split("\n"))
        page.set_row(row, size * 1.4 * min(lines, 20))
        if last > 0:
            page.merge_range(row, 0, row, last, "", form)
        page.write_string(row, 0, cell_text(words), form)

    def _lay_out(self, page: Any, sheet: _Sheet, end: int) -> None:  # noqa: ANN401
        widths, last = sheet.widths, max(len(sheet.headings) - 1, 0)
        for column, size in enumerate(widths):
            page.set_column(column, column, size)
        page.freeze_panes(2, 0)
        page.set_paper(_A4)
        if sum(widths) > _PORTRAIT:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, 1)
        page.print_area(0, 0, max(end - 1, 1), last)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.set_footer("&C&P / &N")
        page.ignore_errors({"number_stored_as_text": f"A1:{address(max(end, 2), last)}"})

    def format(self, shown: str, *, number: bool = False, total: bool = False, quoted: bool = False) -> Any:  # noqa: ANN401
        """The format of a cell; ``quoted`` keeps a text that looks like a formula a text, also when it is edited."""
        key = (shown, number, total, quoted)
        if key not in self._formats:
            settings: dict[str, Any] = {"border": 1, "valign": "top"}
            if shown:
                settings["num_format"] = shown
            if number:
                settings["align"] = "right"
            else:
                settings["text_wrap"] = True
            if total:
                settings.update({"bold": True, "top": 2})
            if quoted:
                settings["quote_prefix"] = True
            self._formats[key] = self.book.add_format(settings)
        return self._formats[key]


def _adds_up(numbers: _Numbers) -> bool:
    """Whether a spreadsheet that adds the cells up comes to the total."""
    values = [float(one) for one in numbers.values if one is not None]
    return bool(values) and round(sum(values), numbers.places) == float(numbers.total or 0)


def _widths(rows: list[list[str]]) -> list[int]:
    return [min(max(map(width, cells)) + 2, _WIDEST) for cells in zip(*rows, strict=True)] or [_WIDEST]


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
