"""A writer in a process of its own: appends without end, and says each head once it is acknowledged.

``python -m tests.faults.writer DATABASE SCHEMA NAME COUNT``; a schema of ``-`` is none, a count of 0 has no end.
"""

import itertools
import os
import sys

from coopledger.core.journal import Entry, Posting
from coopledger.store.database import open_book
from tests.store.books import DAY


def main() -> None:
    """Append until killed, or until the count is reached."""
    database, schema, name, count = sys.argv[1:]
    book = open_book(database, "hill", schema=None if schema == "-" else schema)
    numbers = itertools.count(1) if count == "0" else range(1, int(count) + 1)
    for n in numbers:
        lines = [Posting("land", "unissued", f"holder/{n % 50 + at + 1}", n) for at in range(10)]
        people = {f"{n % 7}": {"writer": name, "n": n}}
        record = book.append([Entry("issue", DAY, DAY, {"n": n}, lines, people)], key=f"{name} {n}", actor=name)[-1]
        os.write(1, f"{record.head}\n".encode())


if __name__ == "__main__":
    main()
