"""Books in memory, in SQLite and in PostgreSQL, led through the same steps, never differ: not in a hash."""

from sqlalchemy import Engine

from coopledger.store.database import create_book
from coopledger.store.memory import MemoryJournal
from tests.store.in_step import walk


def test_all_stores_go_in_step(sqlite_engine: Engine, postgresql_engine: Engine, postgresql_schema: str) -> None:
    walk(
        lambda book, clock, salt: MemoryJournal(book, clock=clock, salt=salt),
        lambda book, clock, salt: create_book(sqlite_engine, book, clock=clock, salt=salt),
        lambda book, clock, salt: create_book(
            postgresql_engine, book, schema=postgresql_schema, clock=clock, salt=salt
        ),
    )
