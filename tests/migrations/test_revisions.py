"""Every revision, on both databases: what it makes, what it promises, what it leaves as it was."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from coopledger.store.database import open_book
from coopledger.store.shape import Shape, check_shape, expected, shape
from coopledger.store.tables import tables
from coopledger.store.upgrade import VERSION_TABLE, current, newest, revisions, upgrade
from tests.migrations import kept
from tests.migrations.guards import guards_of, promised
from tests.migrations.invented import A_BATCH, A_TABLE, AN_OLD_BATCH, invent
from tests.migrations.places import Place, Places
from tests.store.write_shape import FILE, written


@pytest.mark.parametrize("revision", revisions())
def test_a_step_at_a_time_each_revision_makes_what_it_promises(place: Place, revision: str) -> None:
    with place.engine.begin() as connection:
        assert current(connection, schema=place.schema) is None
    for one in revisions()[: revisions().index(revision) + 1]:
        with place.engine.begin() as connection:
            upgrade(connection, schema=place.schema, revision=one)
        with place.engine.connect() as connection:
            assert current(connection, schema=place.schema) == one
            found = shape(connection, place.schema)
        assert check_shape(found, expected(one, place.dialect)) == []
        assert guards_of(found) == promised(one, place.dialect)


def test_the_file_of_shapes_says_what_the_databases_say(postgresql_uri: str) -> None:
    """After a change of a revision that nobody has yet: write ``written(uri)`` into the file."""
    assert FILE.read_text(encoding="utf-8") == written(postgresql_uri)


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_every_revision_are_the_same_bit_by_bit_after_the_upgrade(place: Place, revision: str) -> None:
    rows = kept.rows_of(revision)
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema, revision=revision)
        kept.write(connection, place.schema, rows)
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
    with place.engine.connect() as connection:
        assert_same(kept.read(connection, place.schema, rows), rows)
    for row in rows["coopledger_book"]:
        assert open_book(place.engine, row["code"], schema=place.schema).verify() == []


def assert_same(found: kept.Rows, rows: kept.Rows) -> None:
    assert found == rows
    for table, some in rows.items():  # 1 and True are equal as well
        assert [[type(one) for one in row.values()] for row in found[table]] == [
            [type(one) for one in row.values()] for row in some
        ]


def test_the_rows_that_are_compared_hold_something_in_every_column() -> None:
    rows = kept.rows_of(newest())
    assert rows.keys() == kept.KEYS.keys() == {table.name for table in tables().tables.values()}
    for table in tables().tables.values():
        for column in table.columns:
            values = [row[column.name] for row in rows[table.name]]
            assert any(value is not None for value in values)
            assert len(values) > 1
            assert None in values or not column.nullable


def test_the_tables_as_described_are_the_tables_as_made(place: Place, places: Places) -> None:
    """Alembic compares columns and indexes; what it does not look at, CHECKs and STRICT, a second database shows."""
    described = places.make("sqlite" if place.dialect == "sqlite" else "postgresql, search path")
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
        assert compare_metadata(_compared(connection, place.schema), tables(place.schema)) == []
        made = shape(connection, place.schema)
    with described.engine.begin() as connection:
        tables().create_all(connection)
        found = shape(connection)
    assert {name: text for name, text in found.items() if not _is_code(name)} == {
        name: text for name, text in made.items() if not _is_code(name)
    }


def _is_code(name: str) -> bool:
    return name.startswith(("trigger ", "function "))


def _compared(connection: Connection, schema: str | None) -> MigrationContext:
    def own(name: str | None, kind: str, _parents: object) -> bool:
        return name == schema if kind == "schema" else not (kind == "table" and name == VERSION_TABLE)

    opts = {"include_schemas": schema is not None, "include_name": own, "compare_server_default": True}
    return MigrationContext.configure(connection, opts=opts)


def test_a_difference_between_description_and_tables_is_seen(place: Place) -> None:
    metadata = tables(place.schema)
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
        for table in metadata.tables.values():
            if table.name == "coopledger_posting":
                table.append_column(Column("later", Integer))
        [difference] = compare_metadata(_compared(connection, place.schema), metadata)
    assert difference[0] == "add_column"


# ---------------------------------------------------------------- revisions to come


def _full(place: Place) -> tuple[Shape, kept.Rows]:
    """The shape and the rows of a place at the newest revision."""
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
        kept.write(connection, place.schema, kept.rows_of(newest()))
    with place.engine.connect() as connection:
        return shape(connection, place.schema), kept.read(connection, place.schema)


def test_a_later_revision_that_adds_a_table_leaves_rows_and_guards_as_they_were(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before, rows = _full(place)
    later = invent(monkeypatch, tmp_path, A_TABLE)
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
    with place.engine.connect() as connection:
        assert current(connection, schema=place.schema) == later
        after = shape(connection, place.schema)
        assert_same(kept.read(connection, place.schema), rows)
    assert {problem.where.partition(".")[0] for problem in check_shape(after, before)} >= {"table coopledger_later"}
    assert all("coopledger_later" in problem.where for problem in check_shape(after, before))
    assert guards_of(after) == promised(later, place.dialect)
    assert open_book(place.engine, "示例村", schema=place.schema).append([], key="none", actor="clerk") == []


@pytest.mark.parametrize(
    ("table", "body"),
    [
        ("coopledger_book", A_BATCH),
        ("coopledger_personal", A_BATCH),
        ("coopledger_posting", AN_OLD_BATCH),
        ("coopledger_record", AN_OLD_BATCH),
    ],
)
def test_a_later_revision_that_alters_in_a_batch_is_found_out(
    table: str, body: str, places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On SQLite a batch writes the table anew, and drops every trigger of it in silence.

    The engine is a host's: with foreign keys, as our own has them, two of the tables could not be written anew.
    """
    made = places.make("sqlite")
    place = made._replace(engine=create_engine(made.url, poolclass=NullPool))
    before, rows = _full(place)
    lost = {name.removeprefix("trigger ") for name, text in before.items() if f" ON {table} " in f"{text} "}
    lost -= {name for name in lost if name.startswith(("index", "table"))}
    assert len(lost) > 1
    later = invent(monkeypatch, tmp_path, body.format(table=table))
    with place.engine.begin() as connection:
        upgrade(connection)
    with place.engine.connect() as connection:
        after = shape(connection)
        assert_same(kept.read(connection, None, rows), rows)
    assert promised(later, "sqlite") - guards_of(after) >= lost
    missing = {one.where for one in check_shape(after, before) if "missing" in str(one)}
    assert missing >= {f"trigger {name}" for name in lost}


@pytest.mark.parametrize("table", ["coopledger_posting", "coopledger_record"])
def test_sqlite_itself_refuses_a_batch_on_a_table_that_other_triggers_ask(
    table: str, places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = places.make("sqlite")
    before, rows = _full(place)
    invent(monkeypatch, tmp_path, A_BATCH.format(table=table))
    with place.engine.begin() as connection, pytest.raises(OperationalError, match="error in trigger"):
        upgrade(connection)
    with place.engine.connect() as connection:
        assert shape(connection) == before
        assert_same(kept.read(connection, None), rows)
