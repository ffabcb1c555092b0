"""The book in memory keeps every promise: it is what the other stores are measured by."""

from collections.abc import Callable

from coopledger.store.memory import MemoryJournal
from tests.store.books import Book
from tests.store.contract import Contract
from tests.store.in_step import walk


class TestMemory(Contract):
    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return MemoryJournal(book, clock=clock, salt=salt)


def test_a_book_in_memory_walks_in_step_with_the_model() -> None:
    walk(lambda book, clock, salt: MemoryJournal(book, clock=clock, salt=salt))
