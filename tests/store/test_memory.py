"""The book in memory keeps every promise: it is what the other stores are measured by."""

from collections.abc import Callable

from coopledger.store.memory import MemoryJournal
from tests.store.books import Book
from tests.store.contract import Contract


class TestMemory(Contract):
    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return MemoryJournal(book, clock=clock, salt=salt)
