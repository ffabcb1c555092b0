"""What the owner of a database can do to a book with every means there is, and what verify says of it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.exc import SQLAlchemyError

from coopledger.core.journal import Entry
from coopledger.store.sql import SqlJournal
from tests.faults.books import Place, entries, filled, in_a_file, said
from tests.store.books import head, note


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Place]:
    place = in_a_file(tmp_path / "book.db")
    yield place
    place.engine.dispose()


# ---------------------------------------------------------------- rows, while the triggers are out of the way


def unguarded(place: Place, *statements: str) -> None:
    """Run statements without triggers and foreign keys, which afterwards are there as if nothing had been."""
    if place.dialect == "sqlite":
        path = place.engine.url.database
        assert path is not None
        place.engine.dispose()
        with sqlite3.connect(path) as connection:  # a plain connection asks no foreign keys
            triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for one in (*(f"DROP TRIGGER {name}" for name, _ in triggers), *statements, *(sql for _, sql in triggers)):
                connection.execute(one.replace("{s}", ""))
        connection.close()
        return
    tables = [f"{{s}}coopledger_{one}" for one in ("book", "record", "posting", "personal")]
    kept = place.rows(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n "
        f"ON n.oid = c.relnamespace WHERE n.nspname = '{place.schema}' AND NOT t.tgisinternal"
    )
    place.run(
        *(f"ALTER TABLE {one} DISABLE TRIGGER ALL" for one in tables),
        *statements,
        *(f"ALTER TABLE {one} ENABLE TRIGGER ALL" for one in tables),
        *(f"ALTER TABLE {{s}}{table} ENABLE ALWAYS TRIGGER {name}" for table, name in kept),
    )


def swapped(table: str, column: str, one: str, other: str, key: str) -> list[str]:
    """Statements that let two rows change places by a third."""
    change = f"UPDATE {{s}}coopledger_{table} SET {column} ="
    return [f"{change} {new} WHERE {key} = {old}" for old, new in ((one, "'999'"), (other, one), ("'999'", other))]


def cut_off(count: int) -> list[str]:
    """Statements that cut off the last records with all that belongs to them."""
    beyond = f"seq > {len(entries()) - count}"
    return [f"DELETE FROM {{s}}coopledger_{one} WHERE {beyond}" for one in ("personal", "posting", "record")]


CHANGES = {
    "two records change places": swapped("record", "seq", "2", "3", "seq"),
    "two records change places with their lines": [
        *swapped("record", "seq", "2", "3", "seq"),
        *swapped("posting", "seq", "2", "3", "seq"),
    ],
    "two lines of a record change places": [
        one.replace("WHERE", "WHERE seq = 5 AND") for one in swapped("posting", "line", "0", "1", "line")
    ],
    "a record is put between two others": [
        f"UPDATE {{s}}coopledger_{table} SET seq = seq + 1 WHERE seq = {seq}"
        for seq in (8, 7, 6, 5, 4)
        for table in ("personal", "posting", "record")
    ]
    + [
        "INSERT INTO {s}coopledger_record SELECT book, 4, hash, content_hash, 'note', effective_on, booked_on, "
        "recorded_us, 'between', content_hash, actor, facts, '[]', locked_through, 0 "
        "FROM {s}coopledger_record WHERE seq = 3"
    ],
    "a line is put into a record and counted": [
        "INSERT INTO {s}coopledger_posting SELECT book, seq, 1, denomination, source, target, quantity, effective_on, "
        "reverses_seq, reverses_line, lot FROM {s}coopledger_posting WHERE seq = 2",
        "UPDATE {s}coopledger_record SET n_postings = 2 WHERE seq = 2",
    ],
    "a line moves to another record": [
        "UPDATE {s}coopledger_posting SET seq = 4, line = 0 WHERE seq = 5 AND line = 1",
        "UPDATE {s}coopledger_record SET n_postings = 1 WHERE seq IN (4, 5)",
    ],
    "a line moves to the next record, which has none": ["UPDATE {s}coopledger_posting SET seq = 4 WHERE seq = 3"],
    "a reversal moves to the next record, which has none": ["UPDATE {s}coopledger_posting SET seq = 7 WHERE seq = 6"],
    "two bank cards change places": [
        "CREATE TABLE {s}other AS SELECT * FROM {s}coopledger_personal",
        "UPDATE {s}coopledger_personal SET content = (SELECT content FROM {s}other WHERE subject = '2') "
        "WHERE subject = '1'",
        "UPDATE {s}coopledger_personal SET content = (SELECT content FROM {s}other WHERE subject = '1') "
        "WHERE subject = '2'",
        "DROP TABLE {s}other",
    ],
    "two members change places, salts and all": swapped("personal", "subject", "'1'", "'2'", "subject"),
    "a personal row moves to another record": [
        "UPDATE {s}coopledger_personal SET seq = 5 WHERE seq = 4 AND subject = '1'"
    ],
    "a personal row is put where none was": [
        "INSERT INTO {s}coopledger_personal SELECT book, '9', seq, salt, content FROM {s}coopledger_personal "
        "WHERE subject = '1'"
    ],
    "all salts are one": [
        "CREATE TABLE {s}other AS SELECT * FROM {s}coopledger_personal",
        "UPDATE {s}coopledger_personal SET salt = (SELECT salt FROM {s}other WHERE subject = '1')",
        "DROP TABLE {s}other",
    ],
    "all personal rows are gone": ["DELETE FROM {s}coopledger_personal"],
    "a posting of a book that is not there": [
        "INSERT INTO {s}coopledger_posting SELECT 77, seq, line, denomination, source, target, quantity, effective_on, "
        "NULL, NULL, NULL FROM {s}coopledger_posting WHERE seq = 2"
    ],
    "a line before the first record": [
        "INSERT INTO {s}coopledger_posting SELECT book, 0, line, denomination, source, target, quantity, effective_on, "
        "NULL, NULL, NULL FROM {s}coopledger_posting WHERE seq = 2"
    ],
    "a line of a record to come": [
        "INSERT INTO {s}coopledger_posting SELECT book, 9, line, denomination, source, target, quantity, effective_on, "
        "NULL, NULL, NULL FROM {s}coopledger_posting WHERE seq = 2"
    ],
    "a record from the middle is gone": [
        f"DELETE FROM {{s}}coopledger_{one} WHERE seq = 3" for one in ("posting", "record")
    ],
    "the first record is gone": ["DELETE FROM {s}coopledger_record WHERE seq = 1"],
    "everything is gone": [f"DELETE FROM {{s}}coopledger_{one}" for one in ("personal", "posting", "record")],
    "the book is gone": [f"DELETE FROM {{s}}coopledger_{one}" for one in ("personal", "posting", "record", "book")],
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_an_owner_changes_in_the_rows_is_found(place: Place, name: str) -> None:
    book = filled(place)
    anchor = head(book)
    unguarded(place, *CHANGES[name])
    assert book.verify([anchor]) != []


def test_nothing_is_found_where_only_the_triggers_went_and_came_back(place: Place) -> None:
    book = filled(place)
    unguarded(place)
    assert said(book.verify([head(book)])) == []


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_tail_that_is_cut_off_is_found_by_an_anchor_and_by_nothing_else(place: Place, count: int) -> None:
    """The chain of what is left is whole: that is why heads are printed on notices."""
    book = filled(place)
    anchor = head(book)
    unguarded(place, *cut_off(count))
    assert said(book.verify()) == []
    assert [one.where for one in book.verify([anchor])] == [f"record {anchor.seq}"]


def test_a_book_that_is_written_anew_is_found_by_an_anchor_and_by_nothing_else(place: Place) -> None:
    """The same records but one, written by the same library: only paper knows better."""
    book = filled(place)
    anchors = [book.append([note(n=n)], key=f"note {n}", actor="clerk")[0].head for n in range(3)]
    tables = ("personal", "posting", "record", "book")
    unguarded(place, *(f"DELETE FROM {{s}}coopledger_{one}" for one in tables))
    place.engine.dispose()
    forged: SqlJournal = place.book()
    for n, one in enumerate(entries(), 1):
        other = Entry("note", one.effective_on, one.booked_on, {"said": "nothing"}) if n == 8 else one
        forged.append([other], key=f"key {n}", actor="clerk")
    for n in range(3):
        forged.append([note(n=n)], key=f"note {n}", actor="clerk")
    assert said(forged.verify()) == []
    for anchor in anchors:
        assert len(forged.verify([anchor])) == 1


# ---------------------------------------------------------------- the schema of a file, by hand


def rewritten(place: Place, *statements: str) -> None:
    """Write into SQLite's own schema table, where every text is believed."""
    path = place.engine.url.database
    assert path is not None
    place.engine.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    for one in statements:
        assert connection.execute(one).rowcount > 0, one
    connection.close()


SCHEMAS = {
    "a trigger that never fires": (
        "UPDATE sqlite_master SET sql = replace(sql, 'BEGIN', 'WHEN 0 BEGIN') "
        "WHERE name = 'coopledger_posting_no_update'"
    ),
    "a trigger that says nothing": (
        "UPDATE sqlite_master SET sql = replace(sql, 'RAISE(ABORT', 'coalesce(1') WHERE name LIKE '%no_delete'"
    ),
    "a trigger of another table": (
        "UPDATE sqlite_master SET tbl_name = 'coopledger_book', "
        "sql = replace(sql, 'ON coopledger_posting', 'ON coopledger_book') WHERE name = 'coopledger_posting_no_update'"
    ),
    "triggers taken out of the schema": "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "a CHECK less": (
        "UPDATE sqlite_master SET sql = replace(sql, 'quantity > 0', '1') WHERE name = 'coopledger_posting'"
    ),
    "a foreign key less": (
        "UPDATE sqlite_master SET sql = replace(sql, 'DEFERRABLE INITIALLY DEFERRED', '') WHERE name LIKE '%posting'"
    ),
    "a table that is not STRICT": (
        "UPDATE sqlite_master SET sql = replace(sql, 'STRICT', '') WHERE name = 'coopledger_record'"
    ),
    "an index that is not unique": (
        "UPDATE sqlite_master SET sql = replace(sql, 'UNIQUE INDEX', 'INDEX') WHERE name = 'coopledger_record_key'"
    ),
    "an index that is another's": (
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master "
        "WHERE name = 'coopledger_posting_source') WHERE name = 'coopledger_posting_target'"
    ),
    "an index taken out of the schema": "DELETE FROM sqlite_master WHERE name = 'coopledger_record_kind'",
    "a table that is a view": (
        "UPDATE sqlite_master SET type = 'view', rootpage = 0, sql = 'CREATE VIEW coopledger_personal AS SELECT 1' "
        "WHERE name = 'coopledger_personal'"
    ),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_an_owner_writes_into_the_schema_of_a_file_is_found(file: Place, name: str) -> None:
    book = filled(file)
    anchor = head(book)
    rewritten(file, SCHEMAS[name])
    assert book.verify([anchor]) != []


def batch(place: Place, table: str) -> None:
    """Alembic's way to alter a table of SQLite: it copies the table and drops the old one, with its triggers."""
    place.engine.dispose()
    with place.engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(f"coopledger_{table}", recreate="always"):
            pass


def test_a_table_that_alembic_altered_as_a_batch_has_lost_its_triggers_and_verify_says_so(file: Place) -> None:
    book = filled(file)
    batch(file, "personal")
    missing = {one.where for one in book.verify() if "missing" in str(one)}
    assert missing == {f"trigger coopledger_personal_{one}" for one in ("no_update", "no_delete", "new")}


@pytest.mark.parametrize("table", ["book", "record", "posting"])
def test_a_table_that_triggers_of_others_ask_cannot_be_altered_as_a_batch(file: Place, table: str) -> None:
    book = filled(file)
    with pytest.raises(SQLAlchemyError):
        batch(file, table)
    assert said(book.verify([head(book)])) == []


@pytest.mark.parametrize("index", ["source", "target", "reverses"])
def test_an_index_of_a_file_that_says_something_else_than_its_table_is_found(file: Place, index: str) -> None:
    """One letter or digit of an entry, in the file itself: the chain is blind there."""
    book = filled(file)
    anchor = head(book)
    name = f"coopledger_posting_{index}"
    [(root,)] = file.rows(f"SELECT rootpage FROM sqlite_master WHERE name = '{name}'")
    [(size,)] = file.rows("PRAGMA page_size")
    assert isinstance(root, int)
    assert isinstance(size, int)
    path = Path(str(file.engine.url.database))
    file.engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    image = bytearray(path.read_bytes())
    page = image[(root - 1) * size : root * size]
    # What stands last on a page was written first. A letter of an account, or a part of the last number.
    at = {"source": page.rfind(b"unissued"), "target": page.rfind(b"holder/1"), "reverses": size - 2}[index]
    assert at > 0
    image[(root - 1) * size + at] ^= 2
    path.write_bytes(image)
    assert any("index" in one for one in said(book.verify([anchor])))


# ---------------------------------------------------------------- the schema of a server

ON_A_SERVER = {
    "a trigger that never fires": [
        "DROP TRIGGER coopledger_posting_no_update ON {s}coopledger_posting",
        "CREATE TRIGGER coopledger_posting_no_update BEFORE UPDATE ON {s}coopledger_posting FOR EACH STATEMENT "
        "WHEN (false) EXECUTE FUNCTION {s}coopledger_refuse()",
        "ALTER TABLE {s}coopledger_posting ENABLE ALWAYS TRIGGER coopledger_posting_no_update",
    ],
    "a trigger for one column only": [
        "DROP TRIGGER coopledger_posting_no_update ON {s}coopledger_posting",
        "CREATE TRIGGER coopledger_posting_no_update BEFORE UPDATE OF lot ON {s}coopledger_posting FOR EACH STATEMENT "
        "EXECUTE FUNCTION {s}coopledger_refuse()",
        "ALTER TABLE {s}coopledger_posting ENABLE ALWAYS TRIGGER coopledger_posting_no_update",
    ],
    "a trigger that asks a function of another schema": [
        "CREATE SCHEMA IF NOT EXISTS elsewhere",
        "CREATE OR REPLACE FUNCTION elsewhere.coopledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NULL; END $$",
        "DROP TRIGGER coopledger_posting_no_update ON {s}coopledger_posting",
        "CREATE TRIGGER coopledger_posting_no_update BEFORE UPDATE ON {s}coopledger_posting FOR EACH STATEMENT "
        "EXECUTE FUNCTION elsewhere.coopledger_refuse()",
        "ALTER TABLE {s}coopledger_posting ENABLE ALWAYS TRIGGER coopledger_posting_no_update",
    ],
    "a function with a setting of its own": [
        "ALTER FUNCTION {s}coopledger_posting_sealed() SET session_replication_role = replica"
    ],
    "a foreign key less": ["ALTER TABLE {s}coopledger_posting DROP CONSTRAINT coopledger_posting_record"],
    "a check that nothing was asked": [
        "ALTER TABLE {s}coopledger_posting DROP CONSTRAINT coopledger_posting_quantity",
        "ALTER TABLE {s}coopledger_posting ADD CONSTRAINT coopledger_posting_quantity CHECK (quantity > 0) NOT VALID",
    ],
    "a column of another type": ["ALTER TABLE {s}coopledger_personal ALTER COLUMN content TYPE varchar(500)"],
    "a column more": ["ALTER TABLE {s}coopledger_personal ADD COLUMN more text"],
    "all triggers and foreign keys disabled": ["ALTER TABLE {s}coopledger_posting DISABLE TRIGGER ALL"],
    "a table that a crash empties": ["ALTER TABLE {s}coopledger_personal SET UNLOGGED"],
    "rows that are hidden from a role": [
        "ALTER TABLE {s}coopledger_record ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE {s}coopledger_record FORCE ROW LEVEL SECURITY",
    ],
    "a table that has an heir": ["CREATE TABLE {s}heir () INHERITS ({s}coopledger_posting)"],
}


@pytest.mark.parametrize("name", ON_A_SERVER)
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_what_an_owner_changes_in_the_schema_of_a_server_is_named(place: Place, name: str) -> None:
    book = filled(place)
    place.run(*ON_A_SERVER[name])
    assert any("coopledger_" in one for one in said(book.verify()))
