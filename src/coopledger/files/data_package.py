"""Data Package: every table of a book as CSV, with a ``datapackage.json`` that says what stands in it.

By the Data Package standard (Data Package, Tabular Data Resource, Table Schema): programs such as ``frictionless
validate`` check types, keys, references from table to table, and each file's size and SHA-256.
"""

import csv
import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from hashlib import sha256
from io import StringIO
from typing import Any

from coopledger.core.charter import BOOK
from coopledger.core.journal import View, canonical
from coopledger.core.timeline import Change, state, timeline
from coopledger.files.book_tables import BOOK_TABLES, BookTable, Cell, Field, Known, Row

SCHEMA = "coopledger.datapackage/1"
"""Tables and fields may be added under this name; one that changes or goes makes a new one."""

DESCRIPTOR = "datapackage.json"
"""The file that describes the others."""


def data_package(view: View) -> dict[str, bytes]:
    r"""The files of a Data Package, by their names: a CSV for each table of a book, and ``datapackage.json``.

    CSV in UTF-8 by RFC 4180, a line of names first; an empty cell is nothing. Texts are as they stand in the book: a
    spreadsheet may take one that begins with ``=`` for a formula.

    >>> from coopledger.core.chart import C2023, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2023), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {"reason": "股金"}, [Posting("CNY", "c2023:301", "c2023:102", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     files = data_package(view)
    >>> files["postings.csv"].decode().split("\r\n")[1]
    '2,0,CNY,c2023:301,c2023:102,50000,,,'
    """
    known = Known(view)
    files = {f"{table.name}.csv": _csv(table, table.rows(known)) for table in BOOK_TABLES}
    changes = timeline(Change(one.effective_on, one.seq, one.facts["set"]) for one in view.records(BOOK))
    descriptor = {
        "profile": "tabular-data-package",
        "name": "coopledger-book",
        "title": state(changes).get("name", "coopledger"),
        "description": f"Every table of a book, up to record {view.head.seq}.",
        "coopledger": {"schema": SCHEMA, "head": str(view.head)},
        "resources": [_resource(table, files[f"{table.name}.csv"]) for table in BOOK_TABLES],
    }
    files[DESCRIPTOR] = (json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n").encode()
    return files


def table_schema(table: BookTable) -> dict[str, Any]:
    """The Table Schema of a table: fields, primary key, foreign keys.

    >>> table_schema(BOOK_TABLES[1])["primaryKey"]
    ['seq', 'line']
    """
    return {
        "fields": [_field(field) for field in table.fields],
        "primaryKey": [*table.key],
        "foreignKeys": [
            {
                "fields": [*one.fields],
                "reference": {"resource": "" if one.table == table.name else one.table, "fields": [*one.its]},
            }
            for one in table.refers
        ],
        "missingValues": [""],
    }


def _resource(table: BookTable, data: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.name.replace("_", " "),
        "description": table.what,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "schema": table_schema(table),
    }


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    if field.words:
        constraints["enum"] = [*field.words]
    return {
        "name": field.name,
        "type": field.type,
        "description": field.what,
        **({"unit": field.unit} if field.unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _csv(table: BookTable, rows: Iterable[Row]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.name for field in table.fields])
    writer.writerows([[_cell(cell) for cell in row] for row in rows])
    return text.getvalue().encode()


def _cell(cell: Cell) -> str | int:
    """A cell as it is written; JSON for lists and mappings, a fraction in lowest terms."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case int() | str():
            return cell
        case date():
            return cell.isoformat()
        case Fraction():
            return str(cell)
        case _:
            return canonical(cell)
