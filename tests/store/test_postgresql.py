"""A book in PostgreSQL keeps every promise of a book in memory."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from coopledger.store.database import create_book
from tests.store.books import Book
from tests.store.contract import Contract


class TestPostgresql(Contract):
    engine: Engine
    schema: str

    @pytest.fixture(autouse=True)
    def _database(self, postgresql_engine: Engine, postgresql_schema: str) -> None:
        self.engine, self.schema = postgresql_engine, postgresql_schema

    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return create_book(self.engine, book, schema=self.schema, clock=clock, salt=salt)
