"""One bit of a book's file turned over, and what is said of it."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from coopledger.core.journal import Entry, Head, Posting
from coopledger.errors import CoopledgerError
from coopledger.store.database import create_book, open_book
from coopledger.store.sql import SqlJournal
from tests.faults.books import entries
from tests.store.books import DAY, Clock, Salts, about, head

SIZE = 65_536
HEADER = 100
"""Bytes of the file that describe it; the rest is pages of tables and indexes."""

Outcome = Literal["reported", "refused to open", "refused to write", "nothing changed", "undetected"]


def dense(path: Path) -> tuple[bytes, Head]:
    """The file of a book that is 64 KiB long, and its anchor. Its pages are small: few bytes are unused."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("VACUUM")
    connection.close()
    book = create_book(path, "hill", clock=Clock(), salt=Salts())
    for n, one in enumerate(entries(), 1):
        book.append([one], key=f"key {n}", actor="clerk")
    book.erase(["3"], key="erasure", actor="clerk", on=DAY)
    members = {f"{n}": {"name": f"成员{n}", "memo": "备注 " * 30} for n in range(4, 10)}
    book.append([Entry("person", DAY, DAY, {}, [], members)], key="members", actor="clerk")
    lines = [Posting("land", "unissued", f"holder/{n}", n) for n in range(4, 68)]
    book.append([Entry("issue", DAY, DAY, {"reason": "2 亩地"}, lines)], key="issue", actor="clerk")
    n = 0
    while len(image := _image(path)) < SIZE:
        n += 1
        left = (SIZE - len(image)) // 512
        memo = f"{n} " + "一条备注 " * min(700, 30 * left)
        book.append([Entry("note", DAY, DAY, {"memo": memo})], key=f"note {n}", actor="clerk")
    book._engine.dispose()
    return image, head(book)


def _image(path: Path) -> bytes:
    """The whole book as one file, without a log beside it."""
    copy = path.with_suffix(".copy")
    connection = sqlite3.connect(path)
    connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    image = copy.read_bytes()
    copy.unlink()
    return image


class Flipping:
    """Turns bits over in copies of a book's file and looks at each copy as its owner would."""

    def __init__(self, image: bytes, anchor: Head, folder: Path) -> None:
        self._image = bytearray(image)
        self._anchor = anchor
        self._path = folder / f"flipped {os.getpid()}.db"
        self._engine = create_engine("sqlite://", creator=self._opened, poolclass=StaticPool)
        self._right = readable(self._opened())

    def outcomes(self, bits: Iterable[int]) -> Counter[tuple[str, Outcome]]:
        """How often what was said, by part of the file; a bit is its byte's number times eight and its place."""
        found: Counter[tuple[str, Outcome]] = Counter()
        for bit in bits:
            byte = bit // 8
            self._image[byte] ^= 1 << bit % 8
            if byte < HEADER:  # as a file, because a database in memory takes its header otherwise
                found["header", self._file()] += 1
            else:
                found["pages", self._memory()] += 1
            self._image[byte] ^= 1 << bit % 8
        return found

    def _memory(self) -> Outcome:
        self._engine.dispose()
        try:
            if SqlJournal(self._engine, "hill", 1).verify([self._anchor]):
                return "reported"
        except Exception:  # noqa: BLE001 - it does not matter how it breaks: it does not pass for whole
            return "reported"
        try:
            open_book(self._engine, "hill")
        except CoopledgerError:
            return "refused to open"
        connection = self._opened()
        seen = readable(connection)
        connection.close()
        return "nothing changed" if seen == self._right else "undetected"

    def _file(self) -> Outcome:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.write_bytes(self._image)
        try:
            book = open_book(self._path, "hill", clock=Clock(), salt=Salts())
        except CoopledgerError:
            return "refused to open"
        try:
            if book.verify([self._anchor]):
                return "reported"
            if self._written() != self._right:
                return "undetected"
            try:
                [more] = book.append([about("5", {"name": "成员戊"})], key="more", actor="clerk")
            except OperationalError:  # one byte says that the file is for reading only
                return "refused to write" if self._written() == self._right else "undetected"
            whole = more.prev_hash == self._anchor.hash and book.verify([self._anchor]) == []
        finally:
            book._engine.dispose()
        return "nothing changed" if whole else "undetected"

    def _written(self) -> Any:  # noqa: ANN401 - rows
        connection = sqlite3.connect(self._path)
        seen = readable(connection)
        connection.close()
        return seen

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.deserialize(bytes(self._image))
        return connection


def readable(connection: sqlite3.Connection) -> Any:  # noqa: ANN401 - rows, or what went wrong
    """Everything that can be read of a file: its schema, its tables, each index, and SQLite's own check.

    How the table of the revision is written down in the schema is left out: Alembic makes it. What it says is not.
    """
    try:
        schema = connection.execute(
            "SELECT * FROM sqlite_master WHERE tbl_name <> 'coopledger_version' ORDER BY rowid"
        ).fetchall()
        found = [schema, connection.execute("PRAGMA integrity_check").fetchall()]
        found.append(connection.execute("SELECT * FROM coopledger_version").fetchall())
        for kind, name, table, *_ in schema:
            if kind == "table":
                found.append(connection.execute(f"SELECT * FROM {name}").fetchall())
            elif kind == "index" and not name.startswith("sqlite_"):
                columns = [row[2] for row in connection.execute(f"PRAGMA index_info({name})")]
                where = "WHERE reverses_seq IS NOT NULL" if name.endswith("reverses") else ""
                found.append(
                    connection.execute(
                        f"SELECT {', '.join(columns)} FROM {table} INDEXED BY {name} {where} "
                        f"ORDER BY {', '.join(columns)}"
                    ).fetchall()
                )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return str(error)
    return found


def flipped(part: tuple[bytes, Head, Path, list[int]]) -> Counter[tuple[str, Outcome]]:
    """Some bits, in a process of its own."""
    image, anchor, folder, bits = part
    return Flipping(image, anchor, folder).outcomes(bits)
