"""An upgrade is made once, whole or not at all, by whoever asks first, also within a host's own migrations."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine

from coopledger.errors import StoreError
from coopledger.store import upgrade as module
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.shape import expected, shape
from coopledger.store.upgrade import current, newest, revisions, upgrade
from tests.migrations import kept
from tests.migrations.invented import A_FAILURE, A_TABLE, ROOT, invent
from tests.migrations.places import Place, Places, names


def _plain(url: URL, **options: Any) -> Engine:
    """An engine as a host makes it."""
    return create_engine(url, poolclass=NullPool, **options)


# ---------------------------------------------------------------- once


def test_a_second_upgrade_changes_nothing(place: Place) -> None:
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
        kept.write(connection, place.schema, kept.rows_of(newest()))
        before = shape(connection, place.schema), kept.read(connection, place.schema)
    for revision in ["head", newest(), revisions()[0]]:
        with place.engine.begin() as connection:
            upgrade(connection, schema=place.schema, revision=revision)
            assert current(connection, schema=place.schema) == newest()
            assert (shape(connection, place.schema), kept.read(connection, place.schema)) == before


def test_an_upgrade_is_undone_with_the_callers_transaction(place: Place) -> None:
    with place.engine.connect() as connection:
        upgrade(connection, schema=place.schema)
        connection.rollback()
        assert current(connection, schema=place.schema) is None
        assert names(connection, place.schema) == set()


def test_no_revision_is_taken_down(place: Place) -> None:
    """A journal that is taken down would be a journal that forgets."""
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
        before = shape(connection, place.schema)
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        config.set_main_option("path_separator", "os")
        config.attributes.update(connection=connection, schema=place.schema)
        for revision in ["base", "-1", *revisions()[:-1]]:
            with pytest.raises(NotImplementedError, match="never taken down"):
                command.downgrade(config, revision)
        assert current(connection, schema=place.schema) == newest()
        assert shape(connection, place.schema) == before


def test_a_revision_that_is_not_there_is_named(place: Place) -> None:
    for seen in ["0000", "base", "-1", "x'; DROP TABLE coopledger_book; --"]:
        with place.engine.begin() as connection, pytest.raises(StoreError, match="there is no revision"):
            upgrade(connection, schema=place.schema, revision=seen)


# ---------------------------------------------------------------- versions that do not know each other


def test_tables_of_a_newer_version_are_refused(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The database goes to a revision of tomorrow; then today's library comes back to it."""
    create_book(place.engine, "hill", schema=place.schema)
    with monkeypatch.context() as tomorrow:
        later = invent(tomorrow, tmp_path, A_TABLE)
        with place.engine.begin() as connection:
            upgrade(connection, schema=place.schema)
    with place.engine.connect() as connection:
        before = shape(connection, place.schema)
    for attempt in (
        lambda: open_book(place.engine, "hill", schema=place.schema),
        lambda: create_book(place.engine, "dale", schema=place.schema),
        lambda: _upgrade(place.engine, place.schema),
    ):
        with pytest.raises(StoreError, match=f"at revision {later}, which this version does not know"):
            attempt()
    with place.engine.connect() as connection:
        assert shape(connection, place.schema) == before
        assert current(connection, schema=place.schema) == later


def test_tables_of_an_older_version_are_refused_until_they_are_upgraded(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    create_book(place.engine, "hill", schema=place.schema)
    invent(monkeypatch, tmp_path, A_TABLE)
    with pytest.raises(StoreError, match="run 'coopledger book upgrade'"):
        open_book(place.engine, "hill", schema=place.schema)
    _upgrade(place.engine, place.schema)
    assert open_book(place.engine, "hill", schema=place.schema).book == "hill"


def _upgrade(engine: Engine, schema: str | None) -> None:
    with engine.begin() as connection:
        upgrade(connection, schema=schema)


# ---------------------------------------------------------------- whole or not at all


def _state(connection: Connection, place: Place) -> tuple[object, ...]:
    schema = place.schema
    return current(connection, schema=schema), shape(connection, schema), names(connection, schema)


@pytest.mark.parametrize("plain", [False, True], ids=["our engine", "a host's engine"])
def test_an_upgrade_that_fails_leaves_all_as_it_was(
    plain: bool, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also if the caller commits in spite of it: on SQLite the driver alone would have kept the half."""
    engine = _plain(place.url) if plain else place.engine
    _upgrade(engine, place.schema)
    with engine.connect() as connection:
        before = _state(connection, place)
    invent(monkeypatch, tmp_path, A_TABLE)
    invent(monkeypatch, tmp_path, A_FAILURE.replace("coopledger_later", "coopledger_latest"), "9999")
    with engine.connect() as connection:
        with pytest.raises(RuntimeError, match="the power went"):
            upgrade(connection, schema=place.schema)
        assert _state(connection, place) == before
        connection.commit()
    with engine.connect() as connection:
        assert _state(connection, place) == before


@pytest.mark.parametrize("plain", [False, True], ids=["our engine", "a host's engine"])
def test_a_first_upgrade_that_fails_leaves_nothing(
    plain: bool, place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engine = _plain(place.url) if plain else place.engine
    invent(monkeypatch, tmp_path, A_FAILURE)
    with pytest.raises(RuntimeError, match="the power went"):
        _upgrade(engine, place.schema)
    with engine.connect() as connection:
        assert names(connection, place.schema) == set()


def test_a_connection_that_commits_each_statement_is_refused(place: Place) -> None:
    engine = _plain(place.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, pytest.raises(StoreError, match="commits each statement"):
        upgrade(connection, schema=place.schema)
    with engine.connect() as connection:
        assert names(connection, place.schema) == set()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_that_does_not_see_what_others_commit_is_refused(level: str, places: Places) -> None:
    place = places.make("postgresql")
    engine = _plain(place.url, isolation_level=level)
    with engine.connect() as connection, pytest.raises(StoreError, match=f"the transaction is {level.lower()}"):
        upgrade(connection, schema=place.schema)


# ---------------------------------------------------------------- together


def _write_lock_is_held(place: Place) -> bool:
    connection = sqlite3.connect(str(place.url.database), timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        connection.close()
    return False


def test_an_upgrade_on_sqlite_holds_the_lock_before_it_reads(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever read first and wrote then would find that others had written meanwhile."""
    place = places.make("sqlite")
    seen = []
    with monkeypatch.context() as spied:
        spied.setattr(module, "current", lambda *_, **__: seen.append(_write_lock_is_held(place)))
        with place.engine.begin() as connection:
            upgrade(connection)
    later = invent(monkeypatch, tmp_path, A_TABLE)
    with monkeypatch.context() as spied:
        spied.setattr(module, "current", lambda *_, **__: seen.append(_write_lock_is_held(place)))
        with place.engine.begin() as connection:
            upgrade(connection)
    assert seen == [True, True]
    with place.engine.begin() as connection:
        assert current(connection) == later


ROUNDS = 6


def _upgrade_again_and_again(urls: list[str], schemas: list[str | None], plain: bool, barrier: Barrier) -> None:
    for url, schema in zip(urls, schemas, strict=True):
        engine = create_engine(url, poolclass=NullPool) if plain else engine_of(url)
        barrier.wait(60)
        with engine.begin() as connection:
            upgrade(connection, schema=schema)
            assert current(connection, schema=schema) == newest()
        engine.dispose()


def _create_again_and_again(urls: list[str], schemas: list[str | None], own: str, barrier: Barrier) -> None:
    for url, schema in zip(urls, schemas, strict=True):
        barrier.wait(60)
        create_book(url, own, schema=schema)
        try:
            create_book(url, "shared", schema=schema)
        except StoreError as error:
            assert "here already" in str(error)  # noqa: PT017 - whose it became is chance


def _together(work: Callable[..., None], places: list[Place], *different: object) -> None:
    """Do the work in three processes that wait for each other before each round."""
    context = get_context("spawn")
    barrier = context.Barrier(3)
    urls = [one.url.render_as_string(hide_password=False) for one in places]
    processes = [
        context.Process(target=work, args=(urls, [one.schema for one in places], one, barrier)) for one in different
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_processes_that_upgrade_at_once_all_end_well(kind: str, places: Places) -> None:
    """Two with our engine, one with a host's."""
    made = [places.make(kind) for _ in range(ROUNDS)]
    _together(_upgrade_again_and_again, made, False, False, True)
    for place in made:
        with place.engine.connect() as connection:
            assert current(connection, schema=place.schema) == newest()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_processes_that_make_books_at_once_make_each_once(kind: str, places: Places) -> None:
    made = [places.make(kind) for _ in range(ROUNDS)]
    _together(_create_again_and_again, made, "a", "b", "c")
    for place in made:
        for book in ["a", "b", "c", "shared"]:
            assert open_book(place.engine, book, schema=place.schema).verify() == []


def test_many_threads_upgrade_databases_of_their_own_at_once(places: Places) -> None:
    """Alembic keeps what is running in modules, and two threads would find each other's."""
    made = [places.make(kind) for kind in ["sqlite"] * 6 + ["postgresql"] * 2]
    barrier = threading.Barrier(len(made))

    def one(place: Place) -> str | None:
        barrier.wait(60)
        with place.engine.begin() as connection:
            upgrade(connection, schema=place.schema)
            return current(connection, schema=place.schema)

    with ThreadPoolExecutor(len(made)) as threads:
        assert list(threads.map(one, made)) == [newest()] * len(made)


# ---------------------------------------------------------------- beside a host's own migrations

HOST_ENV = """
from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
"""
HOST_REVISION = """
import sqlalchemy as sa
from alembic import context, op

from coopledger.store.upgrade import upgrade as upgrade_books

revision = "host1"
down_revision = None


def upgrade():
    op.create_table("villager", sa.Column("id", sa.Integer, primary_key=True))
    upgrade_books(op.get_bind(), schema=context.config.attributes["schema"])
    op.create_table("parcel", sa.Column("id", sa.Integer, primary_key=True))
    assert context.config.attributes["schema"] is None or op.get_bind().dialect.name == "postgresql"
"""


@pytest.fixture
def host(tmp_path: Path) -> Config:
    """A host's migrations, of which the first makes the books' tables as well."""
    folder = tmp_path / "host"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(HOST_ENV, encoding="utf-8")
    (folder / "versions" / "host1.py").write_text(HOST_REVISION, encoding="utf-8")
    shutil.copy(ROOT / "migrations" / "script.py.mako", folder)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


@pytest.mark.parametrize("plain", [False, True], ids=["our engine", "a host's engine"])
def test_a_hosts_own_migration_makes_the_books_tables_and_goes_on(plain: bool, places: Places, host: Config) -> None:
    for kind in ["sqlite", "postgresql, search path"]:
        place = places.make(kind)
        engine = _plain(place.url) if plain else place.engine
        with engine.begin() as connection:
            host.attributes.update(connection=connection, schema=place.schema)
            command.upgrade(host, "head")
        with engine.connect() as connection:
            assert current(connection) == newest()
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "host1"
            assert names(connection) >= {"villager", "parcel", "coopledger_book", "coopledger_version"}
        assert create_book(engine, "hill").verify() == []


def test_a_hosts_migration_that_only_prints_its_sql_is_told_that_a_connection_is_needed(host: Config) -> None:
    env = Path(str(host.get_main_option("script_location"))) / "env.py"
    text = env.read_text(encoding="utf-8")
    offline = 'url="sqlite://", literal_binds=True'
    env.write_text(text.replace('connection=context.config.attributes["connection"]', offline), encoding="utf-8")
    host.attributes.update(schema=None)
    with pytest.raises(StoreError, match="MockConnection: an open connection is needed"):
        command.upgrade(host, "head", sql=True)


# ---------------------------------------------------------------- names of schemas


@pytest.mark.parametrize(
    "schema",
    [
        "",
        'a"b',
        'books"; DROP TABLE villager; --',
        "a.b",
        "a b",
        "per%cent",
        "what?",
        "{s}",
        "1st",
        "a\x00b",
        "a\nb",
        "pg_books",
        "x" * 64,
        "账" * 22,
    ],
)
def test_a_name_that_no_schema_of_ours_can_have_is_refused(schema: str, places: Places) -> None:
    engine = places.make("postgresql").engine
    for attempt in (
        lambda: _upgrade(engine, schema),
        lambda: create_book(engine, "hill", schema=schema),
        lambda: open_book(engine, "hill", schema=schema),
    ):
        with pytest.raises(StoreError, match="is not a name of a schema"):
            attempt()


@pytest.mark.parametrize("schema", ["Books", "账套", "select", "_"])
def test_any_name_of_letters_will_do_for_a_schema(schema: str, places: Places) -> None:
    engine = places.make("postgresql").engine
    with engine.connect() as connection:
        upgrade(connection, schema=schema)
        assert current(connection, schema=schema) == newest()
        assert shape(connection, schema) == expected(newest(), "postgresql")
        connection.rollback()


def test_sqlite_has_no_schemas(places: Places) -> None:
    engine = places.make("sqlite").engine
    for attempt in (lambda: _upgrade(engine, "main"), lambda: create_book(engine, "hill", schema="main")):
        with pytest.raises(StoreError, match="SQLite has no schemas"):
            attempt()
