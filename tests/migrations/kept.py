"""Rows as a revision keeps them, written down raw, so that they can be written and compared without today's code."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from coopledger.store.upgrade import revisions

FOLDER = Path(__file__).parent / "rows"

Rows = dict[str, list[dict[str, Any]]]
"""The rows of each table, by the names of their columns. Postings and personal rows stand before their record."""

KEYS = {
    "coopledger_book": "id",
    "coopledger_record": "book, seq",
    "coopledger_posting": "book, seq, line",
    "coopledger_personal": "book, subject, seq",
}


def rows_of(revision: str) -> Rows:
    """The rows of a revision; one that changed nothing for rows has those of the revision before it."""
    known = revisions()
    for one in reversed(known[: known.index(revision) + 1]):
        if (file := FOLDER / f"{one}.json").exists():
            found: Rows = json.loads(file.read_text(encoding="utf-8"), object_hook=_from_hex)
            return found
    raise LookupError(revision)


def write(connection: Connection, schema: str | None, rows: Rows) -> None:
    """Write the rows, each record behind what belongs to it."""
    for row in rows["coopledger_book"]:
        _insert(connection, schema, "coopledger_book", row)
    for record in rows["coopledger_record"]:
        for table in ("coopledger_posting", "coopledger_personal"):
            for row in rows[table]:
                if (row["book"], row["seq"]) == (record["book"], record["seq"]):
                    _insert(connection, schema, table, row)
        _insert(connection, schema, "coopledger_record", record)


def read(connection: Connection, schema: str | None, columns: Rows | None = None) -> Rows:
    """All rows, with the columns that other rows have, or all columns."""
    found: Rows = {}
    for table, key in KEYS.items():
        chosen = ", ".join(columns[table][0]) if columns else "*"
        statement = f"SELECT {chosen} FROM {_at(schema)}{table} ORDER BY {key}"  # noqa: S608 - names of our own
        result = connection.exec_driver_sql(statement)
        found[table] = [dict(row) for row in result.mappings()]
    return found


def text(rows: Rows) -> str:
    """The rows as their file has them."""
    return json.dumps(rows, ensure_ascii=False, indent=1, default=lambda value: {"hex": value.hex()}) + "\n"


def _insert(connection: Connection, schema: str | None, table: str, row: dict[str, Any]) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(row))
    statement = f"INSERT INTO {_at(schema)}{table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - names of our own
    connection.exec_driver_sql(statement, tuple(row.values()))


def _at(schema: str | None) -> str:
    return f'"{schema}".' if schema else ""


def _from_hex(value: dict[str, Any]) -> object:
    return bytes.fromhex(value["hex"]) if value.keys() == {"hex"} else value
