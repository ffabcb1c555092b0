"""The book in memory keeps every promise: it is what the other stores are measured by."""

from collections.abc import Callable

import pytest

from coopledger.core.journal import Entry, View
from coopledger.errors import StoreError
from coopledger.store.memory import MemoryJournal
from tests.store.books import DAY, Book, about, founding, issue
from tests.store.contract import Contract
from tests.store.in_step import walk


class TestMemory(Contract):
    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return MemoryJournal(book, clock=clock, salt=salt)


def test_a_book_in_memory_walks_in_step_with_the_model() -> None:
    walk(lambda book, clock, salt: MemoryJournal(book, clock=clock, salt=salt))


def test_whatever_is_decided_appends_nothing_in_memory_either() -> None:
    """It would stand behind what the decision has seen, and under its very key."""
    book = MemoryJournal("hill")
    book.append([founding(), about("7", {"name": "成员甲"})], key="founding", actor="clerk")
    for inner in (
        lambda: book.append([issue(1)], key="outer", actor="clerk"),
        lambda: book.erase(["7"], key="erasure", actor="clerk", on=DAY),
    ):

        def decide(_: View, inner: Callable[[], object] = inner) -> list[Entry]:
            inner()
            return [issue(2)]

        with pytest.raises(StoreError, match="an append is being decided in this thread"):
            book.append(decide, key="outer", actor="clerk")
    assert [one.seq for one in book.append([issue(5)], key="outer", actor="clerk")] == [3]
    assert book.verify() == []
