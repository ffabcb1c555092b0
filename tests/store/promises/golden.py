"""Golden vectors: the same entries, clock and salts give the same hashes in every store, for ever.

``tests/store/golden.json`` has the books step by step and the records that they must become. A change of any hash in
it is a change of the format: it needs another version word under every hash (``coopledger.core.journal.VERSION``).
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from coopledger.core.journal import Entry, Posting
from tests.store.books import Clock, Make, Promises, assert_whole, head, records

FILE = Path(__file__).parent.parent / "golden.json"
GOLDEN: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))


def entry_of(said: Mapping[str, Any]) -> Entry:
    return Entry(
        said["kind"],
        date.fromisoformat(said["effective_on"]),
        date.fromisoformat(said["booked_on"]),
        said.get("facts"),
        [Posting(*one) for one in said.get("postings", [])],
        said.get("personal"),
    )


def walked(golden: Mapping[str, Any], make: Make) -> tuple[list[dict[str, Any]], str]:
    """The records that the steps become, and the fingerprint of the last."""
    clock, salts = Clock(), iter(map(bytes.fromhex, golden["salts"]))
    book = make(golden["book"], clock, salts.__next__)
    for step in golden["steps"]:
        clock.now_us = step["now_us"]
        said = {"key": step["key"], "actor": step["actor"]}
        if "erase" in step:
            book.erase(step["erase"], on=date.fromisoformat(step["on"]), **said)
        else:
            book.append(map(entry_of, step["entries"]), confirm_clock=step.get("confirmed", False), **said)
    assert list(salts) == []
    assert_whole(book, golden["book"])
    written = [
        {
            "seq": one.seq,
            "key": one.key,
            "recorded_us": one.recorded_us,
            "locked_through": one.locked_through,
            "personal": [list(pair) for pair in one.personal],
            "content_hash": one.content_hash.hex(),
            "prev_hash": one.prev_hash.hex(),
            "hash": one.hash.hex(),
        }
        for one in records(book)
    ]
    return written, str(head(book))


class Golden(Promises):
    def test_the_golden_books_have_their_golden_hashes(self) -> None:
        for golden in GOLDEN:
            assert walked(golden, self.make) == (golden["records"], golden["head"])
