"""Text that means something to COPY, to a shell of a database or to a spreadsheet goes in and comes out as it was."""

import unicodedata

import pytest

from coopledger.core.journal import Entry
from tests.faults.books import Place, said
from tests.store.books import DAY, founding, head, personal, records

MEANT = [
    "\\N",
    "\\.",
    "\n\\.\n",
    "\t\\.\r\n\\N\t",
    "\\",
    "\\\\",
    "\\\\x00ff",
    "\\x41\\101\\b\\n",
    "a\\\tb",
    "ends with \\",
    "\"quoted\" and 'quoted' and $$ and $1 and %s and ? and :name",
    "=1+1",
    "@SUM(A1)",
    "-2+3+cmd|' /C calc'!A0",
    "'; DROP TABLE coopledger_record; --",
    unicodedata.normalize("NFD", "é 가"),
    "\u202e\u2028\u2029\x85",
    "\x00",
]
NAMES = ["\\N", "\\.", "\\\\", "a\\tb", "ends with \\", "x'; --", "=1+1", "%s ? :a $1"]
"""What may stand as a key or an actor: it can be printed."""


@pytest.mark.parametrize("how", ["one by one", "at once"])
def test_text_that_means_something_to_the_database_is_only_text(place: Place, how: str) -> None:
    book = place.book()
    book.append([founding()], key="founding", actor="me")
    notes = [Entry("note", DAY, DAY, {"text": one, one or "empty": [one]}, [], {"1": {"text": one}}) for one in MEANT]
    if how == "at once":
        book.append(notes, key="texts", actor="me")
    else:
        for n, one in enumerate(notes):
            book.append([one], key=f"text {n}", actor="me")
    assert [one.facts["text"] for one in records(book)[1:]] == MEANT
    assert personal(book) == {"1": {"text": MEANT[-1]}}
    assert said(book.verify([head(book)])) == []


def test_keys_and_actors_are_only_text(place: Place) -> None:
    book = place.book()
    book.append([founding()], key="founding", actor="me")
    for one in NAMES:
        first = book.append([Entry("note", DAY, DAY)], key=one, actor=one)
        assert book.append([Entry("note", DAY, DAY)], key=one, actor=one) == first
    assert [(one.key, one.actor) for one in records(book)[1:]] == [(one, one) for one in NAMES]
    assert said(book.verify([head(book)])) == []


def test_a_megabyte_of_what_must_be_escaped_comes_back(place: Place) -> None:
    book = place.book()
    memo = "\\.\n\\N\t" * 200_000
    book.append([founding(), Entry("note", DAY, DAY, {"memo": memo}, [], {"1": {"memo": memo}})], key="m", actor="me")
    assert records(book)[1].facts == {"memo": memo}
    assert personal(book) == {"1": {"memo": memo}}
    assert said(book.verify([head(book)])) == []
