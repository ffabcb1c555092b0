"""What importing a village of 10,000 people from a workbook costs, and writing its roster into one.

The import against reading its cells and the bare append, which is the same rows of all three tables, written by the raw
driver in one transaction that is as durable. The export against XlsxWriter alone: the same cells, without formats. Both
also in processor time, which other programs on the machine disturb less.
"""

import gc
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, os.path.dirname(__file__))

from bench_journal import ratio
from python_calamine import CalamineWorkbook
from stdnum.cn import ric
from xlsxwriter import Workbook

from coopledger.book import create_book, import_key, import_village, read_village, roster_report
from coopledger.core.journal import Entry, Journal
from coopledger.core.personal import account_number
from coopledger.files.cell import text
from coopledger.files.identity import validate
from coopledger.files.table_xlsx import tables_xlsx
from coopledger.text import said

PEOPLE = 10_000
ROUNDS = 5
TABLES = ("coopledger_posting", "coopledger_record", "coopledger_personal")


def sheets() -> dict[str, list[list[Any]]]:
    """A village of 10,000 people, three a household, with IDs, telephones and cards, and two classes of shares."""

    def resident(n: int) -> str:
        first = f"999999{1950 + n % 50}{1 + n % 12:02}{1 + n % 28:02}{n // 50 % 1000:03}"
        return first + ric.calc_check_digit(first + "0")

    people = [
        [
            *(f"{n:05}", f"H{n // 3:05}", f"成员{n}", "户主" if n % 3 == 0 else "子女"),
            *(resident(n), "13800000000", "6200000000000000018", "示例信用社"),
        ]
        for n in range(PEOPLE)
    ]
    homes = sorted({one[1] for one in people})
    return {
        "合作社": [
            ["名称", "示例村股份经济合作社"],
            ["适用法律", "农村集体经济组织法"],
            ["建账日期", date(2026, 1, 1)],
        ],
        "户": [["户号", "地址"], *([one, "一组"] for one in homes)],
        "成员": [["编号", "户号", "姓名", "与户主关系", "身份证号", "电话", "银行卡号", "开户行"], *people],
        "股份类别": [["名称", "类型"], ["人口股", "成员股"], ["基本股", "成员股"]],
        "股权": [["户号", "人口股", "基本股"], *([one, 3, 10] for one in homes)],
    }


def write(path: Path) -> None:
    """The workbook."""
    with Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets().items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, seen in enumerate(cells):
                    page.write(row, column, seen, day if isinstance(seen, date) else None)


def read_cells(path: Path) -> None:
    """Every cell of every sheet, and nothing else."""
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def exported(book: Journal) -> Iterator[tuple[str, float, float]]:
    """Name, target and measured figure of writing the roster."""
    with book.read() as view:
        tables = roster_report(view)
    cells = [[[said(cell, "zh") for cell in row] for row in table.rows] for table in tables]

    def alone() -> None:
        with Workbook(BytesIO(), {"in_memory": True}) as writer:
            for rows in cells:
                page = writer.add_worksheet()
                for at, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        page.write_string(at, column, cell)

    def whole() -> None:
        with book.read() as view:
            tables_xlsx(roster_report(view), "zh")

    written, ours, raw = [], [], []
    for _ in range(ROUNDS):
        gc.disable()
        written.append(took(lambda: tables_xlsx(tables, "zh")))
        ours.append(took(whole))
        raw.append(took(alone))
        gc.enable()
    what = "the roster of 10,000 people into a workbook"
    yield from told(f"{what}, against XlsxWriter alone", 2.0, written, raw)
    yield from told(f"{what}, with its reading from the book, against XlsxWriter alone", 0, ours, raw)


class Took(NamedTuple):
    """Seconds by the clock, and of the processor."""

    clock: float
    processor: float

    def more(self, other: "Took") -> "Took":
        return Took(self.clock + other.clock, self.processor + other.processor)

    def less(self, other: "Took") -> "Took":
        return Took(self.clock - other.clock, self.processor - other.processor)


def took(work: Callable[[], object]) -> Took:
    """How long some work takes, without what the collector has to do for the work before it."""
    gc.collect()
    began = Took(time.perf_counter(), time.process_time())
    work()
    return Took(time.perf_counter(), time.process_time()).less(began)


def told(what: str, target: float, ours: list[Took], theirs: list[Took]) -> Iterator[tuple[str, float, float]]:
    yield what, target, ratio([one.clock for one in ours], [one.clock for one in theirs])
    yield f"{what}, processor", target, ratio([one.processor for one in ours], [one.processor for one in theirs])


def run() -> Iterator[tuple[str, float, float]]:  # noqa: PLR0915 - told in one piece
    """Name, target and measured figure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "village.xlsx"
        write(path)
        files = (os.path.join(folder, f"{n}.db") for n in count())

        def whole() -> None:
            village = read_village(path)
            assert not village.problems
            with_book = create_book(next(files), "hill")
            with_book.append(import_village(village), key=import_key(village), actor="bench")
            with_book.close()

        def empty() -> None:
            create_book(next(files), "hill").close()

        first = next(files)
        village = read_village(path)
        made = create_book(first, "hill")
        with made.read() as view:
            entries = [*import_village(village)(view)]
        del village  # the collector would look at it while others are timed
        made.append(entries, key="import", actor="bench")
        yield from exported(made)
        made.close()
        source = sqlite3.connect(first)
        rows = {one: source.execute(f"SELECT * FROM {one}").fetchall() for one in TABLES}

        def bare() -> Took:
            """The same rows once more, into another file."""
            file = next(files)
            create_book(file, "hill").close()
            connection = sqlite3.connect(file, isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")

            def copy() -> None:
                connection.execute("BEGIN IMMEDIATE")
                for table in TABLES:
                    marks = ", ".join("?" * len(rows[table][0]))
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
                connection.execute("COMMIT")

            seconds = took(copy)
            connection.close()
            return seconds

        def appended() -> Took:
            """The same entries, decided already, by the journal's own append."""
            book = create_book(next(files), "hill")
            seconds = took(lambda: book.append(entries, key="import", actor="bench"))
            book.close()
            return seconds

        def least() -> None:
            """Every number of a person and every text looked at once, and the entries made: no rule is asked."""
            for row in people:
                said = [text(cell) for cell in row]
                validate("resident", said[4])
                account_number(said[6])
            for one in entries:
                Entry(one.kind, one.effective_on, one.booked_on, one.facts, one.postings, one.personal)

        people = sheets()["成员"][1:]
        ours, quiet, raw, own, bound = [], [], [], [], []
        for _ in range(ROUNDS):
            made_new = took(empty)
            ours.append(took(whole).less(made_new))
            gc.disable()
            quiet.append(took(whole).less(made_new))
            gc.enable()
            reading = took(lambda: read_cells(path))
            raw.append(reading.more(bare()))
            own.append(reading.more(appended()))
            gc.disable()
            bound.append(own[-1].more(took(least)))
            gc.enable()
        what = "a village of 10,000 people from a workbook"
        yield from told(
            f"{what}, no collector, as the command does, against its cells and the bare rows", 2.0, quiet, raw
        )
        yield from told(f"{what}, by the library, against its cells and the bare rows", 2.0, ours, raw)
        yield from told(f"{what}, no collector, against its cells and the append of what was decided", 0, quiet, own)
        yield from told(f"{what}: its cells and that append, against its cells and the bare rows", 0, own, raw)
        yield from told(f"{what}: these, and looking at each thing once, against the same", 0, bound, raw)


if __name__ == "__main__":
    for name_, target, figure in run():
        print(f"{name_:<106} {figure:6.2f} (at most {target})", flush=True)
