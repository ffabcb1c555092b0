"""A list of holders in a CSV file: number, name and shares, one holder a line."""

import csv
import os
from io import StringIO

from coopledger.core.plan import Holder, share_count, unknown
from coopledger.errors import CoopledgerError, PlanError, Problem
from coopledger.files.source import read_text
from coopledger.text import Message

COLUMNS = {
    "number": ("number", "编号", "户号", "成员编号", "股东编号"),
    "name": ("name", "姓名", "户主", "名称", "股东"),
    "shares": ("shares", "股份", "股数", "份额", "持股数"),
}

_TOTALS = ("合计", "总计", "小计", "共计", "total", "Total", "TOTAL", "sum")


def read_holders(path: str | os.PathLike[str], notices: list[Problem]) -> list[Holder]:
    """The holders of a CSV file, in the order of its lines; PlanError with every problem, line by line.

    The first line names the columns: ``number,name,shares`` or ``编号,姓名,股份``, in any order.
    """
    text = read_text(path, notices)
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    where = os.path.basename(path)
    problems: list[Problem] = []
    holders: list[Holder] = []
    lines_of: dict[str, int] = {}
    columns: list[str | None] | None = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row, f"{where}:{rows.line_num}", problems)
                if problems:
                    break
                continue
            line = f"{where}:{rows.line_num}"
            number = _number(row, columns)
            if number and number in lines_of:
                problems.append(
                    Problem(
                        f"{line} number",
                        Message(
                            "holder {number} is listed twice: first in line {line}",
                            number=number,
                            line=lines_of[number],
                        ),
                    )
                )
            lines_of.setdefault(number, rows.line_num)
            holder = _holder(row, columns, line, problems)
            if holder is not None:
                holders.append(holder)
    except csv.Error as error:
        problems.append(Problem(f"{where}:{rows.line_num}", Message("not a CSV line: {reason}", reason=error)))
    if columns is None:
        problems.append(
            Problem(where, Message("the file is empty: a line number,name,shares and holders are expected"))
        )
    if problems:
        raise PlanError(problems)
    return holders


def _columns(header: list[str], where: str, problems: list[Problem]) -> list[str | None]:
    names: dict[str, str] = {name: column for column, names in COLUMNS.items() for name in names}
    columns = [names.get(cell.strip()) for cell in header]
    problems += [
        Problem(where, _unknown_column(cell.strip(), list(names)))
        for cell, column in zip(header, columns, strict=True)
        if column is None and cell.strip()
    ]
    for column in COLUMNS:
        if columns.count(column) != 1 and (column != "name" or columns.count(column) > 1):
            problems.append(
                Problem(
                    where,
                    Message("{seen} columns {column}: one is expected", seen=columns.count(column), column=column),
                )
            )
    return columns


def _unknown_column(seen: str, names: list[str]) -> Message:
    message = unknown(seen, names)
    if "likely" in message.values:
        return Message("column {column}", column=message)
    accepted = ["number (编号)", "name (姓名)", "shares (股份)"]
    return Message(
        "column {seen} is not read: {accepted} are accepted, with commas between", seen=repr(seen), accepted=accepted
    )


def _number(row: list[str], columns: list[str | None]) -> str:
    return row[columns.index("number")].strip() if len(row) == len(columns) else ""


def _holder(row: list[str], columns: list[str | None], line: str, problems: list[Problem]) -> Holder | None:
    if len(row) != len(columns):
        message = Message("{seen} cells where {due} are expected", seen=len(row), due=len(columns))
        if len(row) > len(columns):
            message = Message(
                "{message}: a number with thousands separators stands in quotation marks", message=message
            )
        problems.append(Problem(line, message))
        return None
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=True) if column}
    number, shares = cells.get("number", ""), cells.get("shares", "")
    before = len(problems)
    if number in _TOTALS:
        problems.append(
            Problem(
                f"{line} number", Message("{seen} is no holder: a line of totals is to be deleted", seen=repr(number))
            )
        )
    if not number:
        problems.append(Problem(f"{line} number", Message("empty: a holder's number is expected")))
    try:
        held = share_count(shares)
    except CoopledgerError as error:
        problems.append(Problem(f"{line} shares", error.message))
        return None
    if held < 0:
        problems.append(Problem(f"{line} shares", Message("{seen} shares: 0 or more are accepted", seen=shares)))
    return None if len(problems) > before else Holder(number, cells.get("name") or number, held)
