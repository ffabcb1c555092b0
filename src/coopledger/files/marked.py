"""Marked copies: a workbook once more, with what is wrong marked in its cells and listed on a sheet in front."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from coopledger.errors import Problem, WorkbookError
from coopledger.files.sheet import cell_text, sheet_names
from coopledger.files.workbook import Cell, Sheet, Workbook, address, cell_of
from coopledger.text import Language, Message, said

_LIST = {"en": "Problems", "zh": "问题"}
_MOST_LINKS = 65_530
"""So many a sheet of Excel has; a problem beyond them says where it is, and does not lead there."""
_RED, _YELLOW = "#FFC7CE", "#FFEB9C"


def marked_copy(
    workbook: Workbook, problems: Iterable[Problem], notices: Iterable[Problem] = (), language: Language = "en"
) -> bytes:
    """The workbook as .xlsx, whatever it was: the values of its cells, those with a problem red and with a comment.

    What is noted only is yellow. Formats and formulas are not kept, for the values are what was read. Raises
    WorkbookError if XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook as Writer
    except ModuleNotFoundError:
        message = Message("a workbook is written with XlsxWriter: install coopledger[excel]")
        raise WorkbookError([Problem(workbook.file, message)]) from None
    data = BytesIO()
    with Writer(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        found = [*((one, _RED) for one in problems), *((one, _YELLOW) for one in notices)]
        names = sheet_names((sheet.name for sheet in workbook.sheets), [_LIST[language]])
        front = book.add_worksheet(_LIST[language])
        marks: dict[int, dict[tuple[int, int], list[tuple[str, str]]]] = {}
        front.set_column(0, 0, 28)
        front.set_column(1, 1, 110)
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for column, heading in enumerate((Message("cell"), Message("what is wrong"))):
            front.write_string(0, column, heading.say(language), bold)
        for row, (one, colour) in enumerate(found, 1):
            words = said(one.message, language)
            where = cell_of(workbook, one.where)
            if where is None:
                front.write_string(row, 0, cell_text(one.where), wrapped)
            else:
                at, cell = where
                marks.setdefault(at, {}).setdefault(cell, []).append((words, colour))
                target = f"internal:'{names[at].replace(chr(39), chr(39) * 2)}'!{address(*cell)}"
                if row <= _MOST_LINKS:
                    front.write_url(row, 0, target, string=one.where)
                else:
                    front.write_string(row, 0, cell_text(one.where))
            front.write_string(row, 1, cell_text(words), wrapped)
        formats: dict[tuple[str, str], Any] = {}
        for at, sheet in enumerate(workbook.sheets):
            _write(book, book.add_worksheet(names[at]), sheet, marks.get(at, {}), formats)
    return data.getvalue()


def _write(
    book: Any,  # noqa: ANN401 - XlsxWriter has no types
    page: Any,  # noqa: ANN401
    sheet: Sheet,
    marks: dict[tuple[int, int], list[tuple[str, str]]],
    formats: dict[tuple[str, str], Any],
) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, seen in enumerate(cells):
            told = marks.get((row, column), ())
            if seen == "" and not told:
                continue
            colour = "" if not told else _RED if any(one == _RED for _, one in told) else _YELLOW
            kind = _format_of(seen)
            if (kind, colour) not in formats:
                formats[kind, colour] = book.add_format(
                    {**({"num_format": kind} if kind else {}), **({"bg_color": colour} if colour else {})}
                )
            _write_cell(page, row, column, seen, formats[kind, colour])
    for (row, column), told in marks.items():
        width = len(sheet.rows[row]) if row < len(sheet.rows) else 0
        if column >= width:
            page.write_blank(row, column, None, book.add_format({"bg_color": told[0][1]}))
        page.write_comment(row, column, "\n".join(words for words, _ in told), {"x_scale": 2, "author": "coopledger"})


def _write_cell(page: Any, row: int, column: int, seen: Cell, form: Any) -> None:  # noqa: ANN401
    if isinstance(seen, bool):
        page.write_boolean(row, column, seen, form)
    elif isinstance(seen, int | float):
        page.write_number(row, column, seen, form)
    elif isinstance(seen, date | time | timedelta):
        page.write_datetime(row, column, seen, form)
    elif seen == "":
        page.write_blank(row, column, None, form)
    else:
        page.write_string(row, column, cell_text(seen), form)


def _format_of(seen: Cell) -> str:
    """The format of a cell: a text stays a text when somebody types in it."""
    if isinstance(seen, str):
        return "@"
    if isinstance(seen, datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(seen, date):
        return "yyyy-mm-dd"
    return "[hh]:mm:ss" if isinstance(seen, time | timedelta) else ""
