"""Ways past the library: the database refuses each, or verify names it."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from coopledger.store.database import create_book, open_book
from tests.faults.books import Place, filled, in_a_file, said
from tests.store.books import Clock, Salts, founding, head

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


def line(seq: str) -> str:
    """A statement that adds a line to a record, made from a line of record 2."""
    return (
        f"INSERT INTO {{s}}coopledger_posting (book, seq, {POSTING}) SELECT 1, {seq}, 77, denomination, source, "
        "target, quantity, effective_on, NULL, NULL, NULL FROM {s}coopledger_posting WHERE seq = 2"
    )


ANYWHERE = {
    f"{verb} of {table}": statement.replace("TABLE", f"{{s}}coopledger_{table}")
    for table in ("book", "record", "posting", "personal")
    for verb, statement in {
        "an update": f"UPDATE TABLE SET {'code = code' if table == 'book' else 'book = book'}",
        "a deletion": "DELETE FROM TABLE",
    }.items()
} | {
    "a record with the number of another": record("2"),
    "a record beyond the next": record("99"),
    "a record after another hash": record("9", prev="content_hash"),
    "a record with a key that stands already": record("9", key="'key 3'"),
    "a record with more postings than it has": record("9", count="1"),
    "a record booked before the calendar": record("9", booked="18991231"),
    "a line added to an older record": line("2"),
    "a line added to the newest record": line("8"),
    "a line of a record to come, without the record": line("9"),
    "a line of nothing": line("9").replace("quantity,", "0,", 1).replace("quantity", "0"),
    "a personal row added to a record": (
        "INSERT INTO {s}coopledger_personal (book, subject, seq, salt, content) "
        "SELECT 1, '77', seq, salt, content FROM {s}coopledger_personal WHERE subject = '1'"
    ),
}
ON_SQLITE = {
    "INSERT OR REPLACE of a record": record("2").replace("INSERT", "INSERT OR REPLACE"),
    "INSERT OR REPLACE through the key": record("9", key="'key 3'").replace("INSERT", "INSERT OR REPLACE"),
    "INSERT OR REPLACE of a line": (
        f"INSERT OR REPLACE INTO coopledger_posting (book, seq, {POSTING}) SELECT 1, seq, line, denomination, source, "
        "target, quantity + 1, effective_on, NULL, NULL, NULL FROM coopledger_posting WHERE seq = 2"
    ),
    "INSERT OR REPLACE of a book": "INSERT OR REPLACE INTO coopledger_book (id, code) VALUES (1, 'dale')",
    "INSERT OR REPLACE of a book by its code": "INSERT OR REPLACE INTO coopledger_book (id, code) VALUES (2, 'hill')",
    "INSERT OR REPLACE of a personal row": (
        "INSERT OR REPLACE INTO coopledger_personal SELECT book, subject, seq, salt, 'x' FROM coopledger_personal"
    ),
    "UPDATE OR REPLACE": "UPDATE OR REPLACE coopledger_record SET seq = 1",
    "an upsert": (f"{record('2')} ON CONFLICT DO UPDATE SET facts = '{{}}'"),
}
ON_POSTGRESQL = {
    f"TRUNCATE of {table}": f"TRUNCATE {{s}}coopledger_{table} CASCADE"
    for table in ("book", "record", "posting", "personal")
} | {
    "an update as a replica": (
        "SET LOCAL session_replication_role = replica; UPDATE {s}coopledger_posting SET quantity = 1"
    ),
    "a line as a replica": f"SET LOCAL session_replication_role = replica; {line('8')}",
    "an upsert": f"{record('2')} ON CONFLICT (book, seq) DO UPDATE SET facts = '{{}}'",
}


@pytest.mark.parametrize("name", sorted(ANYWHERE))
def test_every_database_refuses(place: Place, name: str) -> None:
    book = filled(place)
    before = place.rows("SELECT count(*), max(seq) FROM {s}coopledger_record"), head(book)
    with pytest.raises(SQLAlchemyError):
        place.run(ANYWHERE[name])
    assert (place.rows("SELECT count(*), max(seq) FROM {s}coopledger_record"), head(book)) == before
    assert said(book.verify([before[1]])) == []


@pytest.mark.parametrize("name", sorted(ON_SQLITE))
def test_a_plain_connection_to_sqlite_without_any_setting_is_refused(name: str, tmp_path: Path) -> None:
    """The settings of our own connections (recursive triggers, foreign keys) are not what keeps the book."""
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    plain = sqlite3.connect(tmp_path / "book.db", isolation_level=None)
    with pytest.raises(sqlite3.Error):
        plain.execute(ON_SQLITE[name].replace("{s}", ""))
    plain.close()
    assert said(book.verify([head(book)])) == []
    place.engine.dispose()


@pytest.mark.parametrize("name", sorted(ON_POSTGRESQL))
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_the_owner_on_postgresql_is_refused(place: Place, name: str) -> None:
    book = filled(place)
    with pytest.raises(SQLAlchemyError):
        place.run(*ON_POSTGRESQL[name].split("; "))
    assert said(book.verify([head(book)])) == []


OPENED = {
    "a quantity changed": "UPDATE {s}coopledger_posting SET quantity = quantity + 1 WHERE seq = 3",
    "an account changed": "UPDATE {s}coopledger_posting SET target = 'holder/9' WHERE seq = 3",
    "a day changed in the index": "UPDATE {s}coopledger_posting SET effective_on = 20250101 WHERE seq = 3",
    "a lot taken away": "UPDATE {s}coopledger_posting SET lot = NULL WHERE seq = 5 AND line = 1",
    "a reversal that reverses another line": "UPDATE {s}coopledger_posting SET reverses_line = 1 WHERE seq = 6",
    "a line deleted": "DELETE FROM {s}coopledger_posting WHERE seq = 5 AND line = 1",
    "facts changed": 'UPDATE {s}coopledger_record SET facts = \'{"said":"another one"}\' WHERE seq = 8',
    "an actor changed": "UPDATE {s}coopledger_record SET actor = 'somebody' WHERE seq = 8",
    "a time changed": "UPDATE {s}coopledger_record SET recorded_us = recorded_us + 1 WHERE seq = 8",
    "a key changed": "UPDATE {s}coopledger_record SET key = 'another' WHERE seq = 8",
    "a lock changed": "UPDATE {s}coopledger_record SET locked_through = 20200101 WHERE seq = 8",
    "a book renamed": "UPDATE {s}coopledger_book SET code = 'dale'",
    "a bank card changed": "UPDATE {s}coopledger_personal SET content = '{\"card\":\"6222 0003\"}' WHERE subject = '1'",
    "a personal row lost": "DELETE FROM {s}coopledger_personal WHERE subject = '1'",
    "a salt lost": "UPDATE {s}coopledger_personal SET salt = hash FROM {s}coopledger_record AS r WHERE r.seq = 1",
    "two bank cards swapped": (
        "UPDATE {s}coopledger_personal SET subject = CASE subject WHEN '1' THEN 'x' WHEN '2' THEN '1' END "
        "WHERE subject IN ('1', '2')"
    ),
    "the last record cut off": "DELETE FROM {s}coopledger_record WHERE seq = 8",
}


@pytest.mark.parametrize("name", sorted(OPENED))
def test_what_the_owner_changes_with_the_triggers_out_of_the_way_is_found(place: Place, name: str) -> None:
    book = filled(place)
    anchor = head(book)
    if place.dialect == "sqlite":
        triggers = place.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        place.run(*(f"DROP TRIGGER {one}" for one, _ in triggers))
        place.run(OPENED[name])
        place.engine.dispose()  # SQLite takes a trigger for there that another connection has dropped
        place.run(*(str(sql) for _, sql in triggers))  # nothing shows in the schema any more
    else:
        tables = ("book", "record", "posting", "personal")
        place.run(
            *(f"ALTER TABLE {{s}}coopledger_{one} DISABLE TRIGGER USER" for one in tables),
            OPENED[name],
        )
        place.run(
            *(
                f"ALTER TABLE {{s}}coopledger_{one[0]} ENABLE ALWAYS TRIGGER {one[1]}"
                for one in place.rows(
                    "SELECT substr(c.relname, 12), t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                    f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{place.schema}' "
                    "AND NOT t.tgisinternal"
                )
            )
        )
    assert book.verify([anchor]) != []


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


def test_a_book_written_anew_is_caught_by_an_anchor_and_by_nothing_else(tmp_path: Path) -> None:
    first = filled(in_a_file(tmp_path / "first.db"))
    forged = create_book(tmp_path / "forged.db", "hill", clock=Clock(), salt=Salts())
    forged.append([founding()], key="key 1", actor="clerk")
    assert open_book(tmp_path / "forged.db").verify() == []
    assert len(forged.verify([head(first)])) == 1
