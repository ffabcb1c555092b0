"""Ways past the library: the database refuses each, or verify names it."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from coopledger.errors import StoreError
from coopledger.store.database import create_book, open_book
from tests.faults.books import Place, filled, in_a_file, said
from tests.store.books import Clock, Salts, founding, head, note

RECORD = (
    "seq, prev_hash, hash, kind, effective_on, booked_on, recorded_us, key, content_hash, actor, facts, personal, "
    "locked_through, n_postings"
)
POSTING = "line, denomination, source, target, quantity, effective_on, reverses_seq, reverses_line, lot"


def record(seq: str, *, prev: str = "hash", key: str = "'new'", count: str = "0", booked: str = "booked_on") -> str:
    """A statement that puts a record after the last one, made from it."""
    return (
        f"INSERT INTO {{s}}coopledger_record (book, {RECORD}) SELECT 1, {seq}, {prev}, hash, 'note', effective_on, "
        f"{booked}, recorded_us, {key}, content_hash, actor, facts, '[]', locked_through, {count} "
        "FROM {s}coopledger_record WHERE seq = (SELECT max(seq) FROM {s}coopledger_record)"
    )


def line(seq: str, quantity: str = "quantity") -> str:
    """A statement that adds a line to a record, made from a line of record 2."""
    return (
        f"INSERT INTO {{s}}coopledger_posting (book, seq, {POSTING}) SELECT 1, {seq}, 77, denomination, source, "
        f"target, {quantity}, effective_on, NULL, NULL, NULL FROM {{s}}coopledger_posting WHERE seq = 2"
    )


COMPLETE = "the record of this posting is complete"
NUMBER = "the number does not follow the last one|coopledger_record_pkey"
KEY = "the key stands already|coopledger_record_key"

# Each with what the database says: a statement that it does not understand is no attempt.
ANYWHERE = {
    f"{verb} of {table}": (statement.replace("TABLE", f"{{s}}coopledger_{table}"), refusal)
    for table in ("book", "record", "posting", "personal")
    for verb, statement, refusal in (
        (
            "an update",
            f"UPDATE TABLE SET {'code = code' if table == 'book' else 'book = book'}",
            f"coopledger_{table} is append-only: UPDATE is refused",
        ),
        (
            "a deletion",
            "DELETE FROM TABLE",
            "coopledger_personal: rows go only after a record of their erasure"
            if table == "personal"
            else f"coopledger_{table} is append-only: DELETE is refused",
        ),
    )
} | {
    "a record with the number of another": (record("2"), NUMBER),
    "a record beyond the next": (record("99"), "the number does not follow|not the number or not the hash"),
    "a record after another hash": (record("9", prev="content_hash"), "not the hash of the record before it"),
    "a record with a key that stands already": (record("9", key="'key 3'"), KEY),
    "a record with more postings than it has": (record("9", count="1"), "not the number of its postings"),
    "a record booked before the calendar": (record("9", booked="18991231"), "coopledger_record_days"),
    "a line added to an older record": (line("2"), COMPLETE),
    "a line added to the newest record": (line("8"), COMPLETE),
    "a line of a record to come, without the record": (
        line("9"),
        "FOREIGN KEY constraint failed|coopledger_posting_record",
    ),
    "a line of a record to come, and one of the newest": (
        line("wanted").replace("WHERE", "CROSS JOIN (SELECT 9 AS wanted UNION ALL SELECT 8) AS numbers WHERE"),
        COMPLETE,
    ),
    "a line of nothing": (line("9", quantity="0"), "coopledger_posting_quantity"),
    "a personal row added to a record": (
        "INSERT INTO {s}coopledger_personal (book, subject, seq, salt, content) "
        "SELECT 1, '77', seq, salt, content FROM {s}coopledger_personal WHERE subject = '1'",
        "the record of this row is complete",
    ),
}
ON_SQLITE = {
    "INSERT OR REPLACE of a record": (record("2").replace("INSERT", "INSERT OR REPLACE"), NUMBER),
    "INSERT OR REPLACE through the key": (
        record("9", key="'key 3'").replace("INSERT", "INSERT OR REPLACE"),
        "the key stands already",
    ),
    "INSERT OR REPLACE of a line": (
        f"INSERT OR REPLACE INTO coopledger_posting (book, seq, {POSTING}) SELECT 1, seq, line, denomination, source, "
        "target, quantity + 1, effective_on, NULL, NULL, NULL FROM coopledger_posting WHERE seq = 2",
        COMPLETE,
    ),
    "INSERT OR REPLACE of a book": (
        "INSERT OR REPLACE INTO coopledger_book (id, code) VALUES (1, 'dale')",
        "this book is here already",
    ),
    "INSERT OR REPLACE of a book by its code": (
        "INSERT OR REPLACE INTO coopledger_book (id, code) VALUES (2, 'hill')",
        "this book is here already",
    ),
    "INSERT OR REPLACE of a personal row": (
        "INSERT OR REPLACE INTO coopledger_personal SELECT book, subject, seq, salt, 'x' FROM coopledger_personal",
        "the record of this row is complete",
    ),
    "UPDATE OR REPLACE": (
        "UPDATE OR REPLACE coopledger_record SET seq = 1",
        "coopledger_record is append-only: UPDATE is refused",
    ),
    "an upsert": (f"{record('2')} ON CONFLICT DO UPDATE SET facts = '{{}}'", NUMBER),
}
ON_POSTGRESQL = {
    f"TRUNCATE of {table}": (f"TRUNCATE {{s}}coopledger_{table} CASCADE", "is append-only: TRUNCATE is refused")
    for table in ("book", "record", "posting", "personal")
} | {
    "an update as a replica": (
        "SET LOCAL session_replication_role = replica; UPDATE {s}coopledger_posting SET quantity = 1",
        "coopledger_posting is append-only: UPDATE is refused",
    ),
    "a line as a replica": (f"SET LOCAL session_replication_role = replica; {line('8')}", COMPLETE),
    "an upsert": (
        f"{record('2')} ON CONFLICT (book, seq) DO UPDATE SET facts = '{{}}'",
        "coopledger_record is append-only: UPDATE is refused",
    ),
}


@pytest.mark.parametrize("name", sorted(ANYWHERE))
def test_every_database_refuses(place: Place, name: str) -> None:
    book = filled(place)
    before = place.rows("SELECT count(*), max(seq) FROM {s}coopledger_record"), head(book)
    statement, refusal = ANYWHERE[name]
    with pytest.raises(DBAPIError) as refused:
        place.run(statement)
    assert re.search(refusal, str(refused.value.orig))
    assert (place.rows("SELECT count(*), max(seq) FROM {s}coopledger_record"), head(book)) == before
    assert said(book.verify([before[1]])) == []


@pytest.mark.parametrize("name", sorted(ON_SQLITE))
def test_a_plain_connection_to_sqlite_without_any_setting_is_refused(name: str, tmp_path: Path) -> None:
    """The settings of our own connections (recursive triggers, foreign keys) are not what keeps the book."""
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    plain = sqlite3.connect(tmp_path / "book.db", isolation_level=None)
    statement, refusal = ON_SQLITE[name]
    with pytest.raises(sqlite3.Error, match=refusal):
        plain.execute(statement.replace("{s}", ""))
    plain.close()
    assert said(book.verify([head(book)])) == []
    place.engine.dispose()


@pytest.mark.parametrize("name", sorted(ON_POSTGRESQL))
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_the_owner_on_postgresql_is_refused(place: Place, name: str) -> None:
    book = filled(place)
    statements, refusal = ON_POSTGRESQL[name]
    with pytest.raises(DBAPIError) as refused:
        place.run(*statements.split("; "))
    assert re.search(refusal, str(refused.value.orig))
    assert said(book.verify([head(book)])) == []


CONTENT, HASH = "its content is not what was hashed", "its hash is not that of its content"
ROW = "the personal row of {} is not what was hashed"
GONE = "the personal row of {} is gone without a record of its erasure"
OPENED: dict[str, tuple[str, list[str]]] = {
    "a quantity changed": (
        "UPDATE {s}coopledger_posting SET quantity = quantity + 1 WHERE seq = 3",
        [f"record 3: {CONTENT}"],
    ),
    "an account changed": (
        "UPDATE {s}coopledger_posting SET target = 'holder/9' WHERE seq = 3",
        [f"record 3: {CONTENT}"],
    ),
    "a day changed in the index": (
        "UPDATE {s}coopledger_posting SET effective_on = 20250101 WHERE seq = 3",
        ["record 3: a posting is stored under another day than its record's"],
    ),
    "a lot taken away": (
        "UPDATE {s}coopledger_posting SET lot = NULL WHERE seq = 5 AND line = 1",
        [f"record 5: {CONTENT}"],
    ),
    "a reversal that reverses another line": (
        "UPDATE {s}coopledger_posting SET reverses_line = 1 WHERE seq = 6",
        [f"record 6: {CONTENT}", "record 6: line 0 reverses line 1 of record 5: that line does not move"],
    ),
    "a line deleted": (
        "DELETE FROM {s}coopledger_posting WHERE seq = 5 AND line = 1",
        [
            f"record 5: {CONTENT}",
            "record 5: 1 postings stand where 2 are declared",
            "postings: 4 stand in the book, 5 belong to its records",
        ],
    ),
    "facts changed": (
        'UPDATE {s}coopledger_record SET facts = \'{"said":"another one"}\' WHERE seq = 8',
        [f"record 8: {CONTENT}"],
    ),
    "an actor changed": ("UPDATE {s}coopledger_record SET actor = 'somebody' WHERE seq = 8", [f"record 8: {CONTENT}"]),
    "a time changed": (
        "UPDATE {s}coopledger_record SET recorded_us = recorded_us + 1 WHERE seq = 8",
        [f"record 8: {HASH}"],
    ),
    "the hash before it changed": (
        "UPDATE {s}coopledger_record SET prev_hash = content_hash WHERE seq = 8",
        ["record 8: it does not follow the record before it"],
    ),
    "a key changed": ("UPDATE {s}coopledger_record SET key = 'another' WHERE seq = 8", [f"record 8: {HASH}"]),
    "a lock changed": (
        "UPDATE {s}coopledger_record SET locked_through = 20200101 WHERE seq = 8",
        [f"record 8: {HASH}", "record 8: the day up to which it says the books are closed is not what the records say"],
    ),
    "a book renamed": ("UPDATE {s}coopledger_book SET code = 'dale'", ["hill: the database calls it dale"]),
    "a bank card changed": (
        "UPDATE {s}coopledger_personal SET content = '{\"card\":\"6222 0003\"}' WHERE subject = '1'",
        [f"record 4: {ROW.format(1)}"],
    ),
    "a personal row lost": (
        "DELETE FROM {s}coopledger_personal WHERE subject = '1'",
        [f"record 4: {GONE.format(1)}"],
    ),
    "a salt lost": (
        "UPDATE {s}coopledger_personal SET salt = hash FROM {s}coopledger_record AS r WHERE r.seq = 1",
        [f"record 4: {ROW.format(1)}", f"record 4: {ROW.format(2)}", f"record 7: {ROW.format(3)}"],
    ),
    "two bank cards swapped": (
        "UPDATE {s}coopledger_personal SET subject = CASE subject WHEN '1' THEN 'x' WHEN '2' THEN '1' END "
        "WHERE subject IN ('1', '2')",
        [f"record 4: {ROW.format(1)}", f"record 4: {ROW.format('x')}", f"record 4: {GONE.format(2)}"],
    ),
    "the last record cut off": ("DELETE FROM {s}coopledger_record WHERE seq = 8", ["record 8: the anchor 8:"]),
    "nothing at all": ("UPDATE {s}coopledger_record SET seq = seq", []),
}


@pytest.mark.parametrize("name", sorted(OPENED))
def test_what_the_owner_changes_with_the_triggers_out_of_the_way_is_found(place: Place, name: str) -> None:
    book = filled(place)
    anchor = head(book)
    statement, problems = OPENED[name]
    with place.off_guard():
        place.run(statement)
    for one, due in zip(said(book.verify([anchor])), problems, strict=True):
        assert one.startswith(due)


SHAPES = {
    "sqlite": {
        "a trigger dropped": ["DROP TRIGGER coopledger_posting_sealed"],
        "a trigger that does nothing": [
            "DROP TRIGGER coopledger_posting_sealed",
            "CREATE TRIGGER coopledger_posting_sealed BEFORE INSERT ON coopledger_posting BEGIN SELECT 1; END",
        ],
        "a trigger added": [
            "CREATE TRIGGER extra AFTER INSERT ON coopledger_posting BEGIN SELECT 1; END",
        ],
        "an index dropped": ["DROP INDEX coopledger_posting_source"],
    },
    "postgresql": {
        "a trigger dropped": ["DROP TRIGGER coopledger_posting_sealed ON {s}coopledger_posting"],
        "a trigger disabled": ["ALTER TABLE {s}coopledger_posting DISABLE TRIGGER coopledger_posting_sealed"],
        "a trigger for origins only": ["ALTER TABLE {s}coopledger_posting ENABLE TRIGGER coopledger_posting_sealed"],
        "a function that does nothing": [
            "CREATE OR REPLACE FUNCTION {s}coopledger_posting_sealed() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NULL; END $$"
        ],
        "a check dropped": ["ALTER TABLE {s}coopledger_posting DROP CONSTRAINT coopledger_posting_quantity"],
        "a rule added": ["CREATE RULE extra AS ON INSERT TO {s}coopledger_personal DO ALSO NOTHING"],
        "an index dropped": ["DROP INDEX {s}coopledger_posting_source"],
    },
}


@pytest.mark.parametrize(("dialect", "name"), [(one, name) for one, all_of in SHAPES.items() for name in all_of])
def test_whatever_guards_the_book_and_is_missing_or_changed_is_named(
    dialect: str, name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if dialect == "sqlite":
        place = in_a_file(tmp_path / "book.db")
    else:
        place = Place(request.getfixturevalue("fault_engine"), "coopledger_fault_shapes")
        place.run("DROP SCHEMA IF EXISTS coopledger_fault_shapes CASCADE")
    book = filled(place)
    place.run(*SHAPES[dialect][name])
    assert any("coopledger_" in one or "extra" in one for one in said(book.verify()))
    if dialect == "sqlite":
        place.engine.dispose()


def test_a_posting_without_a_record_is_found_where_foreign_keys_are_off(tmp_path: Path) -> None:
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    plain = sqlite3.connect(tmp_path / "book.db", isolation_level=None)
    plain.execute(line("9").replace("{s}", ""))
    plain.close()
    assert any("behind the last record" in one for one in said(book.verify()))
    place.engine.dispose()


@pytest.mark.parametrize("behind", [1, 7])
def test_a_personal_row_behind_the_last_record_is_named_and_no_record_takes_it_for_its_own(
    tmp_path: Path, behind: int
) -> None:
    """A connection without foreign keys can lay it there, and no trigger knows whose it will be."""
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    anchor = head(book)
    plain = sqlite3.connect(tmp_path / "book.db", isolation_level=None)
    row = (anchor.seq + behind, b"0" * 16, '{"name":"成员癸"}')
    plain.execute("INSERT INTO coopledger_personal VALUES (1, 'm/0041', ?, ?, ?)", row)
    plain.close()
    assert said(book.verify([anchor])) == ["personal rows: 1 stand behind the last record"]
    with pytest.raises(StoreError, match="a personal row stands behind the last record"):
        book.append([note()], key="next", actor="clerk")
    assert head(book) == anchor
    place.engine.dispose()


ORPHANS = {
    "record": record("1").replace("SELECT 1,", "SELECT 9,"),
    "posting": line("1").replace("SELECT 1,", "SELECT 9,"),
    "personal": (
        "INSERT INTO {s}coopledger_personal (book, subject, seq, salt, content) "
        "SELECT 9, subject, seq, salt, content FROM {s}coopledger_personal WHERE subject = '1'"
    ),
}


@pytest.mark.parametrize("table", ORPHANS)
def test_a_row_of_a_book_that_is_not_there_is_found_where_foreign_keys_are_off(table: str, tmp_path: Path) -> None:
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    plain = sqlite3.connect(tmp_path / "book.db", isolation_level=None)
    plain.execute(ORPHANS[table].replace("{s}", ""))
    plain.close()
    assert said(book.verify()) == [f"coopledger_{table}: rows that belong to no book: 1"]
    place.engine.dispose()


def test_a_book_written_anew_is_caught_by_an_anchor_and_by_nothing_else(tmp_path: Path) -> None:
    first = filled(in_a_file(tmp_path / "first.db"))
    forged = create_book(tmp_path / "forged.db", "hill", clock=Clock(), salt=Salts())
    forged.append([founding()], key="key 1", actor="clerk")
    assert open_book(tmp_path / "forged.db").verify() == []
    assert len(forged.verify([head(first)])) == 1
