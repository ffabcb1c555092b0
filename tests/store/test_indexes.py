"""What a verb asks of a long book SQLite finds by an index, whatever else stands in it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopledger.core.journal import View
from coopledger.store.database import create_book

ITS_KINDS = "coopledger_record_kind (book=? AND kind=? AND seq>? AND seq<?)"


@pytest.mark.parametrize(
    ("asked", "ways"),
    [
        (lambda view: [*view.records("chart")], [ITS_KINDS]),
        (lambda view: [*view.records("dividend-run", "declaration", "lapse", since=1)], [ITS_KINDS] * 3),
        (
            lambda view: [*view.movements("c2021:102", "CNY", date(2026, 1, 31))],
            [
                f"coopledger_posting_{side} (book=? AND denomination=? AND {side}{found})"
                for side in ("source", "target")
                for found in ("=? AND effective_on>?", f">? AND {side}<?")
            ],
        ),
        (
            lambda view: view.balances("CNY", "c2021:102"),
            [
                f"coopledger_posting_{side} (book=? AND denomination=? AND {side}>? AND {side}<?)"
                for side in ("source", "target")
            ],
        ),
    ],
)
def test_a_question_is_answered_by_an_index(tmp_path: Path, asked: Callable[[View], Any], ways: list[str]) -> None:
    file = tmp_path / "books.db"
    said: list[str] = []
    with create_book(file, "hill").read() as view, closing(sqlite3.connect(file)) as other:
        reading: Any = view._open.connection.driver_connection  # type: ignore[attr-defined]  # noqa: SLF001
        reading.set_trace_callback(said.append)
        asked(view)
        reading.set_trace_callback(None)
        statements = [one for one in said if one.startswith("SELECT")]
        plan = [str(row[3]) for one in statements for row in other.execute(f"EXPLAIN QUERY PLAN {one}")]
    for way in ways:
        assert any(way in step for step in plan), plan
    assert not [step for step in plan if "coopledger_posting USING PRIMARY KEY" in step or "SCAN coopledger" in step]
