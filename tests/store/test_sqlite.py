"""A book in a SQLite file keeps every promise of a book in memory."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from coopledger.store.database import create_book
from tests.store.books import Book
from tests.store.contract import Contract


class TestSqlite(Contract):
    engine: Engine

    @pytest.fixture(autouse=True)
    def _database(self, sqlite_engine: Engine) -> None:
        self.engine = sqlite_engine

    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return create_book(self.engine, book, clock=clock, salt=salt)
