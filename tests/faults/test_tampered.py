"""Whatever an owner of a file puts in place of a value of a row, or of a row, ``verify`` notices it."""

import itertools
import random
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from coopledger.errors import CoopledgerError
from coopledger.store.database import open_book
from coopledger.store.tables import tables
from tests.faults.books import TABLES, Figures, Keep, filled, in_a_file, times
from tests.store.books import head

BOOKS = ("hill", "dale")
Row = tuple[Any, ...]


class Rows(NamedTuple):
    """The rows of a table, and the names of its columns and of those of its key."""

    table: str
    columns: list[str]
    key: list[str]
    rows: list[Row]

    def keys(self, row: Row) -> dict[str, Any]:
        return {name: row[self.columns.index(name)] for name in self.key}

    def put(self, row: Row, values: dict[str, Any]) -> tuple[str, Row]:
        """The statement that puts values into a row."""
        where = self.keys(row)
        sets, asked = (", ".join(f"{name} = ?" for name in values), " AND ".join(f"{name} = ?" for name in where))
        return f"UPDATE {self.table} SET {sets} WHERE {asked}", (*values.values(), *where.values())

    def inserted(self, row: Row) -> tuple[str, Row]:
        return f"INSERT INTO {self.table} VALUES ({', '.join('?' * len(row))})", row

    def deleted(self, row: Row) -> tuple[str, Row]:
        where = self.keys(row)
        return f"DELETE FROM {self.table} WHERE {' AND '.join(f'{name} = ?' for name in where)}", (*where.values(),)


def rows_of(file: Path) -> list[Rows]:
    known = [one for one in tables().sorted_tables if one.name.removeprefix("coopledger_") in TABLES]
    with closing(sqlite3.connect(file)) as connection:
        return [
            Rows(
                one.name,
                [*one.columns.keys()],
                [*one.primary_key.columns.keys()],
                connection.execute(f"SELECT {', '.join(one.columns.keys())} FROM {one.name}").fetchall(),
            )
            for one in known
        ]


def near(seen: Any) -> list[Any]:  # noqa: ANN401 - whatever a column holds
    """What somebody could write in place of a value: something near it, of another type, or nothing."""
    if isinstance(seen, int):
        return [None, 0, "", seen + 1, seen - 1, -seen, seen + 0.5]
    if isinstance(seen, str):
        return [None, 0, "", f"{seen} ", seen[:-1], seen.upper(), f"{seen}\0", seen.encode()]
    return [None, 0, ""] if seen is None else [None, 0, "", seen[:-1], seen + b"\0", seen.hex()]


Tampering = list[tuple[str, Row]]


def changed(own: Rows) -> Iterator[Tampering]:
    """Each value becomes another one, of its column or near it."""
    for row in own.rows:
        for at, name in enumerate(own.columns):
            for value in dict.fromkeys([*near(row[at]), *(other[at] for other in own.rows)]):
                if (value, type(value)) != (row[at], type(row[at])):
                    yield [own.put(row, {name: value})]


def exchanged(own: Rows) -> Iterator[Tampering]:
    """Two rows change places, in one column or in all that are not their key."""
    rest = [name for name in own.columns if name not in own.key]
    for one, other in itertools.combinations(own.rows, 2):
        for names in [[name] for name in rest] + [rest]:
            here, there = ({name: row[own.columns.index(name)] for name in names} for row in (one, other))
            if here != there:
                yield [own.put(one, there), own.put(other, here)]


def doubled(own: Rows) -> Iterator[Tampering]:
    """A row is there once more, at or beside the place of any other."""
    for row, place in itertools.product(own.rows, own.rows):
        for name, step in itertools.product(own.key, (1, -1, 5, -9)):
            keys = own.keys(place)
            if isinstance(keys[name], int):
                keys[name] += step
                values = zip(own.columns, row, strict=True)
                yield [own.inserted(tuple(keys.get(column, value) for column, value in values))]


def tamperings(known: Sequence[Rows]) -> list[Tampering]:
    gone = [[own.deleted(row)] for own in known for row in own.rows]
    return gone + [one for kind in (changed, exchanged, doubled) for own in known for one in kind(own)]


def tampered(file: Path, statements: Tampering) -> bool:
    """Run them while no trigger and no foreign key is there. False if a check or a key of the tables refuses them."""
    with closing(sqlite3.connect(file)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        try:
            for statement, values in statements:
                connection.execute(statement, values)
        except sqlite3.Error:
            return False
        for _, definition in triggers:
            connection.execute(definition)
        connection.commit()
        return True


def test_no_row_is_changed_unnoticed(tmp_path: Path, keep: Keep) -> None:
    file = tmp_path / "book.db"
    place = in_a_file(file)
    anchors = {name: head(filled(place, name)) for name in BOOKS}
    place.engine.dispose()
    known = rows_of(file)
    all_of_them = tamperings(known)
    chance = random.Random(2026)  # noqa: S311 - the same ones in each run
    noticed = 0
    for n, statements in enumerate(chance.sample(all_of_them, times(400, len(all_of_them)))):
        copy = tmp_path / str(n) / "book.db"  # never the same place, for what stands beside a file is taken for its own
        copy.parent.mkdir()
        shutil.copy(file, copy)
        if not tampered(copy, statements) or told_alike(rows_of(copy), known):
            continue
        problems: list[object] = []
        for name, anchor in anchors.items():
            try:
                problems += open_book(str(copy), name).verify([anchor])
            except CoopledgerError as error:  # there is no such book any more
                problems.append(error)
        assert problems, statements
        noticed += 1
        shutil.rmtree(copy.parent)
    assert noticed > times(100, len(all_of_them) // 4)
    keep(Figures("row tampered with", "sqlite", noticed, "all noticed"))


def told_alike(now: list[Rows], before: list[Rows]) -> bool:
    """Whether all is as it was, to the type."""
    return repr(now) == repr(before)
