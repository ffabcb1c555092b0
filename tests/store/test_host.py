"""A book within a service: beside its tables, in its transactions on purpose and never by accident."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from psycopg import ClientCursor, IsolationLevel
from psycopg.types.numeric import FloatLoader
from sqlalchemy import Engine, NullPool, SingletonThreadPool, StaticPool, create_engine, event, text
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.journal import Entry, Head, Movement, Posting, View
from coopledger.errors import OverdrawnError, RegisterError, StaleJournal, StoreError, UnopenedError
from coopledger.store import connection as connection_of_the_store
from coopledger.store.database import create_book, open_book
from coopledger.store.sql import SqlJournal
from coopledger.text import Message
from tests.migrations.places import Place, Places
from tests.store.books import (
    DAY,
    about,
    assert_whole,
    balance,
    founding,
    head,
    issue,
    move,
    note,
    records,
    take,
)
from tests.store.hosts import HOSTS, add, host_engine, make_table, villagers


@pytest.fixture
def places(postgresql_uri: str, tmp_path: Path) -> Iterator[Places]:
    with Places(postgresql_uri, tmp_path) as made:
        yield made


class Host(NamedTuple):
    """A service: its engine, with a table of its own, and a book of one record."""

    place: Place
    engine: Engine
    book: SqlJournal

    def open(self, name: str = "hill") -> SqlJournal:
        return open_book(self.engine, name, schema=self.place.schema)


def _host(places: Places, kind: str, how: str) -> Host:
    place = places.make("postgresql, search path" if kind == "postgresql" else kind)
    engine = host_engine(place, how)
    make_table(engine)
    book = create_book(engine, "hill", schema=place.schema)
    book.append([founding()], key="founding", actor="clerk")
    return Host(place, engine, book)


@pytest.fixture(params=HOSTS, ids=[", ".join(one) for one in HOSTS])
def host(request: pytest.FixtureRequest, places: Places) -> Iterator[Host]:
    host = _host(places, *request.param)
    yield host
    host.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def plain(request: pytest.FixtureRequest, places: Places) -> Iterator[Host]:
    host = _host(places, request.param, "plain")
    yield host
    host.engine.dispose()


def _lines(host: Host) -> int:
    with host.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM coopledger_posting")).scalar_one())


# ---------------------------------------------------------------- any engine


def test_a_book_is_kept_by_any_engine_of_a_host(host: Host) -> None:
    book = host.book
    book.append([issue(10)], key="issue", actor="clerk")
    again = book.append([issue(10)], key="issue", actor="clerk")
    assert [one.seq for one in again] == [2]
    with pytest.raises(OverdrawnError):
        book.append([issue(1, "holder/2"), take(11)], key="too much", actor="clerk")
    assert (head(book).seq, _lines(host)) == (2, 1)
    book.append(lambda view: [take(view.balances("land", "holder/1")["land", "holder/1"])], key="all", actor="clerk")
    book.append([about("0042", {"name": "成员甲"})], key="member", actor="clerk")
    book.erase(["0042"], key="erasure", actor="clerk", on=DAY)
    assert_whole(book, "hill")
    assert host.open().verify([head(book)]) == []


def test_the_tables_stand_beside_the_hosts_own(plain: Host) -> None:
    with plain.engine.begin() as connection:
        add(connection, 1)
    assert villagers(plain.engine) == [1]
    assert plain.book.verify() == []


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "REPEATABLE READ", "SERIALIZABLE"])
def test_a_books_own_transactions_are_what_they_must_be_whatever_the_engines_are(level: str, places: Places) -> None:
    for kind in ["postgresql"] if level == "REPEATABLE READ" else ["sqlite", "postgresql"]:
        place = places.make(kind)
        engine = create_engine(place.url, isolation_level=level)
        book = create_book(engine, "hill", schema=place.schema)
        book.append([founding()], key="founding", actor="clerk")
        for n, one in enumerate([book, open_book(engine, schema=place.schema)]):
            with pytest.raises(OverdrawnError):
                one.append([issue(1), take(11)], key="too much", actor="clerk")
            with one.read() as view:
                assert view.balances("land") == ({("land", "holder/1"): n, ("land", "unissued"): -n} if n else {})
            one.append([issue(1)], key=f"issue {n}", actor="clerk")
            assert one.verify() == []
        engine.dispose()


def test_a_level_that_only_the_server_or_an_option_knows_of_is_refused(places: Places) -> None:
    place = places.make("postgresql")
    book = create_book(place.engine, "hill", schema=place.schema)
    options = {"options": "-cdefault_transaction_isolation=serializable"}
    plain = create_engine(place.url, poolclass=NullPool)
    for engine in [
        create_engine(place.url, poolclass=NullPool, connect_args=options),
        plain.execution_options(isolation_level="SERIALIZABLE"),
    ]:
        with pytest.raises(StoreError, match="the transaction is serializable"):
            open_book(engine, schema=place.schema).append([founding()], key="founding", actor="clerk")
    assert head(book).seq == 0


def test_engines_of_other_databases_and_drivers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine("sqlite://")
    monkeypatch.setattr(engine.dialect, "driver", "aiosqlite")
    with pytest.raises(StoreError, match=r"the engine's driver is aiosqlite: one of pysqlite, psycopg is expected"):
        create_book(engine, "hill")
    monkeypatch.setattr(engine.dialect, "driver", "psycopg")
    monkeypatch.setattr(engine.dialect, "is_async", True)
    with pytest.raises(StoreError, match=r"the engine's driver is psycopg \(async\): one of"):
        create_book(engine, "hill")
    monkeypatch.setattr(engine.dialect, "name", "mysql")
    with pytest.raises(StoreError, match="mysql: a SQLite or PostgreSQL database is expected"):
        create_book(engine, "hill")


def test_an_engine_that_takes_nothing_back_is_refused(places: Places) -> None:
    """Of SQLAlchemy's AUTOCOMMIT with this option, a refused append would stay open on the pool's connection."""
    place = places.make("sqlite")
    engine = create_engine(place.url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    create_book(create_engine(place.url, poolclass=NullPool), "hill")
    with pytest.raises(StoreError, match="skip_autocommit_rollback"):
        open_book(engine).append([founding()], key="founding", actor="clerk")
    engine.dispose()
    plain = create_engine(place.url, skip_autocommit_rollback=True)  # it begins transactions: all is well
    book = open_book(plain)
    book.append([founding()], key="founding", actor="clerk")
    with pytest.raises(OverdrawnError):
        book.append([take(11)], key="too much", actor="clerk")
    assert book.verify() == []
    plain.dispose()


# ---------------------------------------------------------------- in the host's transaction, on purpose


def test_a_joined_append_is_committed_with_the_hosts_work(host: Host) -> None:
    with host.engine.begin() as connection:
        add(connection, 1)
        host.book.within(connection).append([issue(10)], key="issue", actor="clerk")
        add(connection, 2)
    assert villagers(host.engine) == [1, 2]
    assert balance(host.book) == 10
    assert host.book.verify() == []


def test_a_joined_append_is_undone_with_the_hosts_work(host: Host) -> None:
    with host.engine.connect() as connection:
        add(connection, 1)
        host.book.within(connection).append([issue(10)], key="issue", actor="clerk")
        connection.rollback()
    assert (villagers(host.engine), head(host.book).seq, _lines(host)) == ([], 1, 0)
    assert host.book.append([issue(7)], key="issue", actor="clerk")[0].seq == 2
    assert host.book.verify() == []


def test_a_joined_append_may_be_the_first_thing_in_a_transaction(host: Host) -> None:
    with host.engine.connect() as connection:
        host.book.within(connection).append([issue(10)], key="issue", actor="clerk")
        connection.rollback()
    assert head(host.book).seq == 1
    with host.engine.connect() as connection:
        host.book.within(connection).append([issue(10)], key="issue", actor="clerk")
        connection.commit()
    assert head(host.book).seq == 2


def test_a_refused_joined_append_leaves_the_hosts_work_as_it_was(host: Host) -> None:
    with host.engine.begin() as connection:
        joined = host.book.within(connection)
        add(connection, 1)
        with pytest.raises(OverdrawnError):
            joined.append([issue(10), take(11)], key="too much", actor="clerk")
        with pytest.raises(UnopenedError):
            joined.append([move(1, "unissued", "nobody")], key="nobody", actor="clerk")
        add(connection, 2)
        joined.append([issue(3)], key="issue", actor="clerk")
        with pytest.raises(StaleJournal):
            joined.append([issue(3)], key="stale", actor="clerk", after=Head(1, bytes(32)))
        with joined.read() as view:
            assert view.head.seq == 2
    assert villagers(host.engine) == [1, 2]
    assert balance(host.book) == 3
    assert _lines(host) == 1
    assert host.book.verify() == []


def test_a_refused_joined_append_lets_others_write_while_the_host_goes_on(places: Places) -> None:
    """On SQLite the host's own transaction is what others wait for."""
    host = _host(places, "postgresql", "plain")
    with host.engine.begin() as connection, host.engine.connect() as impatient:
        with pytest.raises(OverdrawnError):
            host.book.within(connection).append([take(1)], key="too much", actor="clerk")
        impatient.execute(text("SET lock_timeout = '5s'"))
        host.book.within(impatient).append([issue(3)], key="issue", actor="clerk")
        impatient.commit()
    assert balance(host.book) == 3
    host.engine.dispose()


def test_a_session_itself_is_refused_in_words(plain: Host) -> None:
    with (
        Session(plain.engine) as session,
        pytest.raises(StoreError, match=r"a Connection is expected: session.connection"),
    ):
        plain.book.within(session)  # type: ignore[arg-type]


def test_a_savepoint_of_the_host_takes_the_append_back_with_it(host: Host) -> None:
    with host.engine.begin() as connection:
        joined = host.book.within(connection)
        joined.append([issue(1)], key="first", actor="clerk")
        savepoint = connection.begin_nested()
        add(connection, 1)
        joined.append([issue(1)], key="second", actor="clerk")
        savepoint.rollback()
        add(connection, 2)
        joined.append([issue(1)], key="third", actor="clerk")
    assert villagers(host.engine) == [2]
    assert [one.key for one in records(host.book)] == ["founding", "first", "third"]
    assert_whole(host.book)


def test_a_session_of_the_orm_is_joined_by_its_connection(host: Host) -> None:
    with Session(host.engine) as session:
        session.execute(text("INSERT INTO villager (id) VALUES (1)"))
        host.book.within(session.connection()).append([issue(10)], key="issue", actor="clerk")
        session.rollback()
        assert head(host.book).seq == 1
        session.rollback()
        session.execute(text("INSERT INTO villager (id) VALUES (2)"))
        host.book.within(session.connection()).append([issue(10)], key="issue", actor="clerk")
        session.commit()
    assert villagers(host.engine) == [2]
    assert head(host.book).seq == 2


def test_an_erasure_is_joined_as_well(host: Host) -> None:
    host.book.append([about("0042", {"name": "成员甲"})], key="member", actor="clerk")
    with host.engine.connect() as connection:
        host.book.within(connection).erase(["0042"], key="erasure", actor="clerk", on=DAY)
        connection.rollback()
    with host.book.read() as view:
        assert view.personal() == {"0042": {"name": "成员甲"}}
    with host.engine.begin() as connection:
        host.book.within(connection).erase(["0042"], key="erasure", actor="clerk", on=DAY)
    with host.book.read() as view:
        assert view.personal() == {}
    assert host.book.verify() == []


def test_two_books_are_joined_in_one_transaction(plain: Host) -> None:
    other = create_book(plain.engine, "dale", schema=plain.place.schema)
    for ending in ["rollback", "commit"]:
        with plain.engine.connect() as connection:
            plain.book.within(connection).append([issue(10)], key="issue", actor="clerk")
            other.within(connection).append([founding()], key="founding", actor="clerk")
            getattr(connection, ending)()
    assert [one.key for one in records(plain.book)] == ["founding", "issue"]
    assert [one.key for one in records(other)] == ["founding"]
    assert plain.book.verify() == other.verify() == []


def test_a_connection_that_commits_each_statement_is_not_joined(plain: Host) -> None:
    engine = host_engine(plain.place, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, pytest.raises(StoreError, match="commits each statement"):
        plain.book.within(connection).append([issue(10)], key="issue", actor="clerk")
    assert (head(plain.book).seq, _lines(plain)) == (1, 0)
    engine.dispose()


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_transaction_that_would_read_an_old_head_is_not_joined(level: str, places: Places) -> None:
    host = _host(places, "postgresql", "plain")
    with host.engine.connect().execution_options(isolation_level=level) as connection:
        add(connection, 1)
        host.open().append([issue(1)], key="meanwhile", actor="clerk")
        with pytest.raises(StoreError, match=f"the transaction is {level.lower()}"):
            host.book.within(connection).append([issue(10)], key="issue", actor="clerk")
        add(connection, 2)
        connection.commit()
    assert villagers(host.engine) == [1, 2]
    assert head(host.book).seq == 2
    host.engine.dispose()


def test_a_connection_to_another_database_is_not_joined(plain: Host, places: Places) -> None:
    """Not even one that has a book with the same number."""
    kinds = ["sqlite", "postgresql"] if plain.place.dialect == "sqlite" else ["postgresql", "sqlite"]
    empty, full, alien = places.make(kinds[0]), places.make(kinds[0]), places.make(kinds[1])
    elsewhere = create_book(full.engine, "dale", schema=full.schema)
    for place, schema in [(empty, empty.schema), (full, full.schema), (alien, None)]:
        book = SqlJournal(plain.engine, "hill", 1, schema=schema)
        with place.engine.begin() as connection, pytest.raises(StoreError, match="leads to another database"):
            book.within(connection)
    assert head(elsewhere).seq == 0
    with host_engine(plain.place, "no pool").begin() as connection:
        plain.book.within(connection).append([issue(10)], key="issue", actor="clerk")
    assert head(plain.book).seq == 2


# ---------------------------------------------------------------- never by accident


def test_an_append_beside_an_open_transaction_is_none_of_its_business(places: Places) -> None:
    host = _host(places, "postgresql", "plain")
    with host.engine.connect() as connection:
        add(connection, 1)
        host.book.append([issue(10)], key="issue", actor="clerk")
        connection.rollback()
    assert (villagers(host.engine), head(host.book).seq) == ([], 2)
    host.engine.dispose()


def test_a_book_of_the_same_name_elsewhere_is_another_book(places: Places) -> None:
    for kind in ("sqlite", "postgresql"):
        one, other = (host_engine(places.make(f"{kind}, search path" if kind == "postgresql" else kind)) for _ in "ab")
        book = create_book(one, "hill")
        book.append([founding()], key="founding", actor="clerk")
        create_book(other, "hill").append([founding()], key="founding", actor="clerk")
        with other.connect() as connection, pytest.raises(StoreError, match="leads to another database"):
            book.within(connection)
        with one.connect() as connection:
            book.within(connection)
            third = create_engine(one.url)
            again = open_book(third, "hill").within(connection)
            assert again.append([issue(1)], key="issue", actor="clerk")[0].seq == 2
            connection.commit()
        assert balance(book) == 1
        for engine in (one, other, third):
            engine.dispose()


def test_a_book_that_was_opened_empty_is_not_taken_for_a_like_named_one(places: Places) -> None:
    for kind in ("sqlite", "postgresql, search path"):
        one, other = places.make(kind), places.make(kind)
        hers, his = host_engine(one), host_engine(other)
        full = create_book(his, "hill")
        full.append([founding()], key="founding", actor="clerk")
        empty, founded, joined = create_book(hers, "hill"), open_book(hers, "hill"), open_book(hers, "hill")
        for step in ("while it is empty", "when another has founded it", "when it was founded within a transaction"):
            with his.begin() as connection:
                for book in (empty, founded, joined):
                    with pytest.raises(StoreError, match="leads to another database"):
                        book.within(connection)
            if step == "while it is empty":
                with hers.begin() as connection:
                    joined.within(connection).append([founding()], key="founding", actor="clerk")
        again = create_engine(one.url)
        with again.begin() as connection:
            for n, book in enumerate((empty, founded, joined)):
                book.within(connection).append([issue(1)], key=f"issue {n}", actor="clerk")
        assert (head(full).seq, head(empty).seq) == (1, 4)
        for engine in (hers, his, again):
            engine.dispose()


def _assert_elsewhere(book: SqlJournal, engine: Engine) -> None:
    with engine.connect() as connection:
        for one in (book, book.within(connection)):
            with pytest.raises(StoreError, match="leads to another database"):
                one.append([issue(1)], key="issue", actor="clerk")
            with pytest.raises(StoreError, match="leads to another database"):
                head(one)
    assert book.verify() != []


@pytest.mark.parametrize("name", ["dale", "hill"])
def test_a_book_is_not_taken_for_another_where_a_hosts_search_path_leads_now(places: Places, name: str) -> None:
    here, there = (places.make("postgresql") for _ in "ab")
    engine = create_engine(here.url)
    path = [there.schema]
    event.listen(engine, "begin", lambda one: one.exec_driver_sql(f'SET LOCAL search_path TO "{path[-1]}"').close())
    for place in (here, there):
        with place.engine.begin() as connection:
            connection.exec_driver_sql(f'CREATE SCHEMA "{place.schema}"')
    other = create_book(engine, name)
    other.append([founding()], key="founding", actor="clerk")
    path.append(here.schema)
    book = create_book(engine, "hill")
    book.append([founding()], key="founding", actor="clerk")
    opened = open_book(engine)
    path.pop()
    _assert_elsewhere(book, engine)
    _assert_elsewhere(opened, engine)
    assert head(other).seq == 1
    path.append(here.schema)
    assert opened.append([issue(1)], key="issue", actor="clerk")[0].seq == head(book).seq == 2
    engine.dispose()


@pytest.mark.parametrize("name", ["dale", "hill"])
def test_a_book_is_not_taken_for_another_whose_file_is_where_its_own_was(tmp_path: Path, name: str) -> None:
    engines = [create_engine(f"sqlite:///{tmp_path}/{file}.db", poolclass=NullPool) for file in ("here", "there")]
    book, other = (create_book(*one) for one in zip(engines, ("hill", name), strict=True))
    for one in (book, other):
        one.append([founding()], key="founding", actor="clerk")
    opened = open_book(engines[0])
    (tmp_path / "here.db").rename(tmp_path / "kept.db")
    (tmp_path / "there.db").rename(tmp_path / "here.db")
    _assert_elsewhere(book, engines[0])
    _assert_elsewhere(opened, engines[0])
    assert head(open_book(engines[0])).seq == 1
    (tmp_path / "kept.db").rename(tmp_path / "here.db")
    assert opened.append([issue(1)], key="issue", actor="clerk")[0].seq == head(book).seq == 2


@pytest.mark.parametrize("how", ["rows", "texts"])
def test_a_host_may_have_rows_and_texts_of_another_kind(places: Places, how: str) -> None:
    place = places.make("sqlite")
    engine = create_engine(place.url, poolclass=StaticPool, connect_args={"check_same_thread": False})

    def named(cursor: Any, row: Any) -> dict[str, Any]:  # noqa: ANN401 - the driver's
        return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}

    book = create_book(engine, "hill")
    driver: Any = engine.raw_connection().driver_connection
    setattr(driver, *(("row_factory", named) if how == "rows" else ("text_factory", bytes)))
    book.append([founding(), *(issue(1) for _ in range(1200))], key="founding", actor="clerk")
    with book.read() as view:
        assert len([*view.movements("holder/1")]) == 1200
    assert (open_book(engine).verify(), balance(book)) == ([], 1200)
    [seen] = driver.execute("SELECT code FROM coopledger_book").fetchall()
    assert seen == ({"code": "hill"} if how == "rows" else (b"hill",))
    engine.dispose()


def test_a_host_has_its_rows_and_texts_again_in_whatever_order_reading_ends(places: Places) -> None:
    engine = create_engine(places.make("sqlite").url, poolclass=SingletonThreadPool)
    event.listen(engine, "connect", lambda one, _record: setattr(one, "row_factory", sqlite3.Row))
    event.listen(engine, "connect", lambda one, _record: setattr(one, "text_factory", bytes))
    book = create_book(engine, "hill")
    book.append([founding(), issue(1)], key="founding", actor="clerk")
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(book.read())
        view = second.enter_context(book.read())
        first.close()
        assert view.balances(under="holder/1") == {("land", "holder/1"): 1}
    driver: Any = engine.raw_connection().driver_connection
    assert (driver.row_factory, driver.text_factory) == (sqlite3.Row, bytes)
    engine.dispose()


def test_sums_are_whole_numbers_whatever_a_host_makes_of_them(places: Places) -> None:
    place = places.make("postgresql, search path")
    engine = create_engine(place.url)
    event.listen(engine, "connect", lambda one, _record: one.adapters.register_loader("numeric", FloatLoader))
    book = create_book(engine, "hill")
    most = 10**15 - 1
    book.append([founding(), *(issue(most) for _ in range(37))], key="founding", actor="clerk")
    assert balance(book) == 37 * most
    engine.dispose()


def test_books_of_two_schemas_do_not_wait_for_one_another(places: Places) -> None:
    one, other = _host(places, "postgresql", "plain"), _host(places, "postgresql", "plain")
    with one.engine.begin() as connection:
        one.book.within(connection).append([issue(1)], key="issue", actor="clerk")
        other.book.append([issue(1)], key="issue", actor="clerk")
    assert (head(one.book).seq, head(other.book).seq) == (2, 2)
    for host in (one, other):
        host.engine.dispose()


def test_within_asks_nothing_that_would_wait_for_what_the_caller_has_locked(places: Places) -> None:
    """Neither that the first record is committed yet, nor a connection of the book's own engine."""
    for kind in ("sqlite", "postgresql, search path"):
        place = places.make(kind)
        hers = create_engine(place.url, pool_size=1, max_overflow=0, pool_timeout=0)
        his = host_engine(place)
        book = create_book(hers, "hill")
        with his.begin() as connection, hers.connect():
            book.within(connection).append([founding()], key="founding", actor="clerk")
            book.within(connection).append([issue(1)], key="issue", actor="clerk")
        assert balance(book) == 1
        hers.dispose()
        his.dispose()


@pytest.mark.parametrize("how", ["autocommit", "serializable"])
def test_a_hosts_connections_come_back_as_it_has_them(places: Places, how: str) -> None:
    place = places.make("postgresql, search path")
    engine = create_engine(place.url, pool_size=2, max_overflow=0)

    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
        connection.autocommit = how == "autocommit"
        if how == "serializable":
            connection.isolation_level = IsolationLevel.SERIALIZABLE

    make_table(engine)
    create_book(engine, "hill").append([founding()], key="founding", actor="clerk")
    engine.dispose()
    event.listen(engine, "connect", prepare)
    book = open_book(engine)
    assert book.verify() == []
    with book.read() as view:
        assert view.head.seq == 1
    connections = [engine.connect() for _ in range(2)]
    for n, connection in enumerate(connections):
        driver = connection.connection.driver_connection
        assert driver is not None
        seen = driver.autocommit if how == "autocommit" else driver.isolation_level == IsolationLevel.SERIALIZABLE
        assert seen
        if how == "autocommit":
            add(connection, n)
    for connection in connections:
        connection.close()
    assert villagers(engine) == ([0, 1] if how == "autocommit" else [])
    engine.dispose()


def test_what_was_being_read_in_a_transaction_that_has_ended_spoils_no_later_one(places: Places) -> None:
    host = _host(places, "postgresql", "plain")
    many = Entry("many", DAY, DAY, {}, [*issue(1).postings] * 12_000)
    host.book.append([many], key="many", actor="clerk")
    with host.engine.connect() as connection, host.book.within(connection).read() as view:
        movements = view.movements("holder/1")
        next(movements)
        connection.commit()
        add(connection, 1)
        with pytest.raises(StoreError, match="the transaction in which this was being read has ended"):
            _ = [*movements]
        connection.commit()
    assert villagers(host.engine) == [1]
    host.engine.dispose()


def test_the_only_connection_may_have_been_closed(places: Places) -> None:
    for kind in ("sqlite", "postgresql"):
        place = places.make("postgresql, search path" if kind == "postgresql" else kind)
        engine = _single(kind, place)
        book = create_book(engine, "hill")
        book.append([founding()], key="founding", actor="clerk")
        engine.raw_connection().driver_connection.close()  # type: ignore[union-attr]
        with pytest.raises(DatabaseError):
            head(book)
        assert head(book).seq == 1
        engine.dispose()


def test_a_second_book_object_in_a_decision_is_refused_as_well(plain: Host) -> None:
    def decide(view: View) -> list[Entry]:
        plain.open().append([issue(1)], key="inner", actor="clerk")
        return [issue(view.head.seq)]

    with pytest.raises(StoreError, match="an append is being decided in this thread"):
        plain.book.append(decide, key="outer", actor="clerk")
    assert head(plain.book).seq == 1


def test_an_append_within_an_appends_decision_is_refused_at_once(plain: Host) -> None:
    def decide(view: View) -> list[Entry]:
        plain.book.append([issue(1)], key="inner", actor="clerk")
        return [issue(view.head.seq)]

    with pytest.raises(StoreError, match="an append is being decided in this thread"):
        plain.book.append(decide, key="outer", actor="clerk")
    plain.book.append([issue(5)], key="outer", actor="clerk")
    assert (balance(plain.book), plain.book.verify()) == (5, [])


@pytest.mark.parametrize("outer", ["own", "joined"])
@pytest.mark.parametrize("inner", ["own", "joined", "by another engine", "erasing"])
def test_whatever_is_decided_appends_nothing(plain: Host, outer: str, inner: str) -> None:
    other = host_engine(plain.place, "no pool")
    again = open_book(other, "hill", schema=plain.place.schema)
    with plain.engine.connect() as connection:
        joined = plain.book.within(connection)

        def decide(view: View) -> list[Entry]:
            if inner == "erasing":
                plain.book.erase(["7"], key="inner", actor="clerk", on=DAY)
            else:
                book = {"own": plain.book, "joined": joined, "by another engine": again}[inner]
                book.append([issue(1)], key="inner", actor="clerk")
            return [issue(view.head.seq)]

        with pytest.raises(StoreError, match="an append is being decided in this thread"):
            (plain.book if outer == "own" else joined).append(decide, key="outer", actor="clerk")
        connection.rollback()
    plain.book.append([issue(5)], key="outer", actor="clerk")
    assert (balance(plain.book), plain.book.verify()) == (5, [])
    other.dispose()


def test_on_sqlite_an_append_waits_for_an_open_transaction_and_never_joins_it(places: Places) -> None:
    place = places.make("sqlite")
    engine = host_engine(place, connect_args={"timeout": 0})
    make_table(engine)
    book = create_book(engine, "hill")
    with engine.connect() as connection:
        add(connection, 1)
        with pytest.raises(DatabaseError, match="locked"):
            book.append([founding()], key="founding", actor="clerk")
        connection.rollback()
    assert (villagers(engine), head(book).seq) == ([], 0)
    engine.dispose()


def _single(kind: str, place: Place) -> Engine:
    """An engine with one connection for all, or for all in a thread."""
    options: dict[str, Any] = {"poolclass": SingletonThreadPool if kind == "sqlite, a thread" else StaticPool}
    if place.dialect == "sqlite":
        options["connect_args"] = {"check_same_thread": False}
    return create_engine(place.url, **options)


@pytest.fixture(params=["sqlite", "sqlite, a thread", "postgresql"])
def single(request: pytest.FixtureRequest, places: Places) -> Iterator[Host]:
    place = places.make("postgresql, search path" if request.param == "postgresql" else "sqlite")
    engine = _single(request.param, place)
    make_table(engine)
    book = create_book(engine, "hill", schema=place.schema)
    book.append([founding()], key="founding", actor="clerk")
    yield Host(place, engine, book)
    engine.dispose()


def test_a_pool_of_one_connection_for_all_is_used_for_one_thing_at_a_time(single: Host) -> None:
    engine, book = single.engine, single.book
    with engine.begin() as connection:
        add(connection, 1)
        book.within(connection).append([issue(10)], key="issue", actor="clerk")
    assert book.verify() == []
    assert [one.seq for one in records(single.open())] == [1, 2]
    assert villagers(engine) == [1]


@pytest.mark.parametrize("what", ["append", "read", "verify", "open", "create", "erase"])
def test_what_is_refused_on_the_only_connection_leaves_the_transaction_that_is_open_on_it(
    single: Host, what: str
) -> None:
    """Had it been taken and given back, what the host wrote so far would be gone, and what followed would stand."""
    asked: dict[str, Callable[[], object]] = {
        "append": lambda: single.book.append([issue(10)], key="again", actor="clerk"),
        "read": lambda: head(single.book),
        "verify": single.book.verify,
        "open": single.open,
        "create": lambda: create_book(single.engine, "other", schema=single.place.schema),
        "erase": lambda: single.book.erase(["7"], key="erasure", actor="clerk", on=DAY),
    }
    with single.engine.begin() as connection:
        add(connection, 1)
        with pytest.raises(StoreError, match="hand it in by 'within'"):
            asked[what]()
        add(connection, 2)
    assert villagers(single.engine) == [1, 2]
    assert head(single.book).seq == 1


def test_threads_take_turns_on_the_only_connection(places: Places) -> None:
    for kind in ("sqlite", "postgresql"):
        place = places.make("postgresql, search path" if kind == "postgresql" else kind)
        engine = _single(kind, place)
        book = create_book(engine, "hill", schema=place.schema)
        book.append([founding()], key="founding", actor="clerk")

        def work(n: int, book: SqlJournal = book) -> int:
            book.append([issue(1)], key=f"issue {n}", actor="clerk")
            with book.read() as view:
                seen = view.balances("land")["land", "holder/1"]
                assert seen == len([*view.movements("holder/1")]) == view.head.seq - 1
            return seen

        with ThreadPoolExecutor(8) as threads:
            seen = [*threads.map(work, range(60))]
        assert (max(seen), balance(book), book.verify()) == (60, 60, [])
        engine.dispose()


def test_a_book_in_memory_is_one_for_all_threads() -> None:
    book = create_book(":memory:", "hill")
    book.append([founding()], key="founding", actor="clerk")
    with ThreadPoolExecutor(4) as threads:
        written = [*threads.map(lambda n: book.append([issue(1)], key=f"issue {n}", actor="clerk"), range(20))]
    assert sorted(one.seq for [one] in written) == [*range(2, 22)]
    assert (balance(book), book.verify()) == (20, [])


def test_who_waits_too_long_for_the_only_connection_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    book = create_book(":memory:", "hill")
    monkeypatch.setattr(connection_of_the_store, "_WAIT_SECONDS", 0)
    with book.read(), ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(head, book)
        with pytest.raises(StoreError, match="another thread was at work on it for 0 seconds"):
            waiting.result()


def test_a_book_in_memory_says_so_when_it_is_asked_two_things_at_once() -> None:
    book = create_book(":memory:", "hill")
    with book.read(), pytest.raises(StoreError, match="in this thread the book is being read or written"):
        book.append([founding()], key="founding", actor="clerk")
    book.append([founding()], key="founding", actor="clerk")
    assert book.verify() == []


def test_a_view_may_be_left_in_another_thread_than_the_one_that_opened_it() -> None:
    """As frameworks do that run what a request depends on in a pool of threads."""
    book = create_book(":memory:", "hill")
    book.append([founding()], key="founding", actor="clerk")
    reading = book.read()
    assert reading.__enter__().head.seq == 1
    with ThreadPoolExecutor(1) as thread:
        thread.submit(reading.__exit__, None, None, None).result()
        assert [one.seq for one in thread.submit(book.append, [issue(1)], key="issue", actor="clerk").result()] == [2]
    assert book.verify() == []


def test_what_cannot_be_opened_is_an_error_of_sqlalchemys_or_ours(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/no/such/folder.db", poolclass=StaticPool)
    with pytest.raises(StoreError, match="unable to open database file"):
        open_book(engine)
    with pytest.raises(StoreError, match="the name of a file, a URL or an engine of SQLAlchemy's is expected"):
        open_book(5)  # type: ignore[arg-type]


# ---------------------------------------------------------------- what is read a page at a time


def test_what_is_half_read_is_let_go_of_in_the_midst_of_another_statement(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the garbage collector does it, whenever it likes: the driver has locked its connection then."""
    host = _host(places, "postgresql", "plain")
    monkeypatch.setattr("coopledger.store.postgresql._FETCH", 5)
    monkeypatch.setattr("coopledger.store.view._PAGE", 3)
    host.book.append([issue(1, f"holder/{n}") for n in range(20)], key="issues", actor="clerk")
    with host.book.read() as view:
        half_read = [view.movements("holder") for _ in range(2)]
        assert [next(one).seq for one in half_read] == [2, 2]
        right = psycopg.Connection.wait

        def wait(self: psycopg.Connection[Any], *arguments: Any, **named: Any) -> object:
            half_read.clear()
            return right(self, *arguments, **named)

        with monkeypatch.context() as patched:
            patched.setattr(psycopg.Connection, "wait", wait)
            assert view.record(1).seq == 1
        assert not half_read
        assert len([*view.movements("holder")]) == 20
    host.engine.dispose()


def test_what_is_half_read_and_dropped_does_not_keep_a_table_in_use(places: Places) -> None:
    host = _host(places, "sqlite", "plain")
    host.book.append([issue(1, f"holder/{n}") for n in range(2000)], key="issues", actor="clerk")
    with host.engine.begin() as connection, host.book.within(connection).read() as view:
        assert next(view.movements("holder")).seq == 2
        connection.exec_driver_sql("DROP TABLE villager")
    host.engine.dispose()


def test_movements_are_not_read_on_after_their_view(plain: Host) -> None:
    """By then its connection may be somebody else's, and a cursor that is closed on it would end his transaction."""
    plain.book.append([issue(1) for _ in range(2500)], key="issues", actor="clerk")
    with plain.book.read() as view:
        movements = view.movements("holder/1")
        assert next(movements).seq == 2
    with plain.engine.begin() as connection:
        add(connection, 1)
        with pytest.raises(StoreError, match="the view is closed"):
            _ = [*movements]
        add(connection, 2)
    assert villagers(plain.engine) == [1, 2]


def _many(host: Host) -> None:
    host.book.append([issue(1) for _ in range(2500)], key="issues", actor="clerk")


def _half_read(journal: SqlJournal) -> Iterator[Movement]:
    with journal.read() as view:
        movements = view.movements("holder/1")
        assert next(movements).seq == 2
    return movements


def test_what_is_half_read_when_an_append_is_refused_takes_nothing_of_the_hosts(plain: Host) -> None:
    """The error holds the generator; ended later, it must not close a cursor that went with the savepoint."""
    _many(plain)
    kept: list[Exception] = []

    def decide(view: View) -> list[Entry]:
        movements = view.movements("holder/1")
        next(movements)
        kept.append(OSError(movements))
        raise RegisterError(Message("no"))

    with plain.engine.begin() as connection:
        add(connection, 1)
        with pytest.raises(RegisterError):
            plain.book.within(connection).append(decide, key="refused", actor="clerk")
        add(connection, 2)
        kept.clear()
        add(connection, 3)
    assert villagers(plain.engine) == [1, 2, 3]


def test_what_is_half_read_in_a_transaction_that_was_committed_spoils_no_later_one(plain: Host) -> None:
    _many(plain)
    with plain.engine.connect() as connection:
        with plain.book.within(connection).read() as view:
            movements = view.movements("holder/1")
            next(movements)
            connection.commit()
            add(connection, 1)
            del movements
            add(connection, 2)
        connection.commit()
    assert villagers(plain.engine) == [1, 2]


def test_what_is_half_read_and_kept_does_not_keep_its_connection_at_what_was(plain: Host) -> None:
    _many(plain)
    movements = _half_read(plain.book)
    plain.open().append([issue(1)], key="one more", actor="clerk")
    for _ in range(3):
        assert (head(plain.book).seq, balance(plain.book)) == (2502, 2501)
    plain.book.append([issue(1)], key="two more", actor="clerk")
    with pytest.raises(StoreError, match="the view is closed"):
        _ = [*movements]


def test_many_readings_at_once_are_each_read_to_their_end(plain: Host) -> None:
    _many(plain)
    plain.book.append([issue(1, "holder/2") for _ in range(10_000)], key="others", actor="clerk")
    with plain.book.read() as view:
        both = [*zip(view.movements("holder/1"), view.movements("holder/2"), strict=False)]
        assert [(one.seq, other.seq) for one, other in both] == [(n, n + 2500) for n in range(2, 2502)]
        assert len([*view.movements("holder")]) == 12_500


def test_a_host_may_have_cursors_of_another_kind(places: Places) -> None:
    place = places.make("postgresql, search path")
    engine = create_engine(place.url, connect_args={"cursor_factory": ClientCursor})
    book = create_book(engine, "hill", schema=place.schema)
    book.append([founding(), *(issue(1) for _ in range(1200))], key="founding", actor="clerk")
    with book.read() as view:
        assert len([*view.movements("holder/1")]) == balance(book) == 1200
    assert book.verify() == []
    engine.dispose()


def test_what_the_database_refuses_to_read_is_an_error_of_sqlalchemys(plain: Host) -> None:
    with plain.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE coopledger_posting")
        with plain.book.within(connection).read() as view, pytest.raises(DBAPIError, match="coopledger_posting"):
            _ = [*view.movements("holder/1")]
        connection.rollback()


def test_a_book_may_have_more_denominations_than_a_statement_may_have_values(plain: Host) -> None:
    many = [Denomination(f"tree-{n}", "trees") for n in range(40_000)]
    facts = opening(many, [Account("forest", "the forest"), Account("grove", "groves")])
    plant = Posting("tree-39999", "forest", "grove/1", 7)
    plain.book.append([Entry("opening", DAY, DAY, facts), Entry("plant", DAY, DAY, {}, [plant])], key="1", actor="me")
    with plain.book.read() as view:
        assert view.balances(under="grove") == {("tree-39999", "grove/1"): 7}
        assert [one.posting for one in view.movements("forest")] == [plant]


# ---------------------------------------------------------------- what the book remembers


def test_accounts_opened_in_a_transaction_that_was_rolled_back_are_not_open(plain: Host) -> None:
    facts = opening([Denomination("tree", "trees")], [Account("forest", "the forest"), Account("grove", "groves")])
    opens = Entry("opening", DAY, DAY, facts)
    plant = move(7, "forest", "grove", denomination="tree")
    with plain.engine.connect() as connection:
        joined = plain.book.within(connection)
        joined.append([opens], key="trees", actor="clerk")
        joined.append([plant], key="plant", actor="clerk")
        joined.within(connection).append([plant], key="once more", actor="clerk")
        connection.rollback()
    with pytest.raises(UnopenedError):
        plain.book.append([plant], key="plant", actor="clerk")
    with plain.engine.begin() as connection:
        plain.book.within(connection).append([opens], key="trees", actor="clerk")
    plain.book.append([plant], key="plant", actor="clerk")
    assert plain.book.verify() == []


def test_another_record_in_the_place_of_one_rolled_back_is_not_taken_for_it(plain: Host) -> None:
    """The joined book has learned from record 2 what the committed record 2 does not say."""
    facts = opening([Denomination("tree", "trees")], [Account("forest", "the forest")])
    with plain.engine.connect() as connection:
        joined = plain.book.within(connection)
        joined.append([Entry("opening", DAY, DAY, facts)], key="trees", actor="clerk")
        connection.rollback()
        plain.open().append([note()], key="other", actor="clerk")
        with pytest.raises(UnopenedError):
            joined.append([move(7, "forest", "forest/1", denomination="tree")], key="plant", actor="clerk")


def test_a_copy_of_the_database_that_is_put_back_is_not_taken_for_the_one_that_was_there(places: Places) -> None:
    """The book object has learned from record 2 what record 2 of the copy does not say."""
    host = _host(places, "sqlite", "no pool")
    file = Path(host.engine.url.database or "")
    copy = file.read_bytes()
    facts = opening([Denomination("tree", "trees")], [Account("forest", "the forest")])
    host.book.append([Entry("opening", DAY, DAY, facts)], key="trees", actor="clerk")
    file.write_bytes(copy)
    host.open().append([note()], key="other", actor="clerk")
    with pytest.raises(UnopenedError):
        host.book.append([move(7, "forest", "forest/1", denomination="tree")], key="plant", actor="clerk")


# ---------------------------------------------------------------- many at once

THREADS, EACH = 6, 20


def test_many_threads_write_to_one_book_by_a_hosts_engine(host: Host) -> None:
    def work(thread: int) -> None:
        for n in range(EACH):
            if n % 2:
                with host.engine.begin() as connection:
                    host.book.within(connection).append([issue(1)], key=f"{thread}-{n}", actor="clerk")
            else:
                host.book.append([issue(1)], key=f"{thread}-{n}", actor="clerk")

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert balance(host.book) == THREADS * EACH
    assert head(host.book).seq == 1 + THREADS * EACH
    assert host.book.verify() == []


def _work(url: str, schema: str | None, how: str, process: int) -> None:
    engine = create_engine(url) if how == "plain" else url
    book = open_book(engine, "hill", schema=schema)
    for n in range(EACH):
        book.append([issue(1)], key=f"{process}-{n}", actor="clerk")


def test_processes_with_engines_of_different_kinds_write_to_one_book(plain: Host) -> None:
    context = get_context("spawn")
    url = plain.place.url.render_as_string(hide_password=False)
    processes = [
        context.Process(target=_work, args=(url, plain.place.schema, how, n))
        for n, how in enumerate(["plain", "plain", "our own"])
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert balance(plain.book) == 3 * EACH
    assert plain.book.verify() == []


# ---------------------------------------------------------------- an engine without our settings

_LATE = "INTO coopledger_posting VALUES (1, 2, {line}, 'land', 'unissued', 'holder/9', 1, 20260101, NULL, NULL, NULL)"
_RECORD = (
    "INTO coopledger_record SELECT book, {seq}, prev_hash, hash, 'note', effective_on, booked_on, recorded_us + 1, "
    "'{key}', content_hash, actor, facts, '[]', 0, 0 FROM coopledger_record WHERE seq = 1"
)
ATTACKS = {
    "a book is renamed": "UPDATE coopledger_book SET code = 'mine'",
    "a book is replaced": "INSERT OR REPLACE INTO coopledger_book VALUES (1, 'mine')",
    "a book is removed": "DELETE FROM coopledger_book",
    "a record is changed": "UPDATE coopledger_record SET facts = '{}'",
    "a record is changed and the fault ignored": "UPDATE OR IGNORE coopledger_record SET facts = '{}'",
    "a record is removed": "DELETE FROM coopledger_record WHERE seq = 2",
    "a record is replaced": "INSERT OR REPLACE " + _RECORD.format(seq=2, key="x"),
    "a record is replaced by its key": "INSERT OR REPLACE " + _RECORD.format(seq=3, key="founding"),
    "a record is added that follows another": "INSERT " + _RECORD.format(seq=3, key="x"),
    "a posting is changed": "UPDATE coopledger_posting SET quantity = 11",
    "a posting is removed": "DELETE FROM coopledger_posting",
    "a posting comes late": "INSERT " + _LATE.format(line=1),
    "a posting is replaced": "INSERT OR REPLACE " + _LATE.format(line=0),
    "a posting is upserted": (f"INSERT {_LATE.format(line=0)} ON CONFLICT DO UPDATE SET quantity = quantity + 1"),
    "a personal row is changed": "UPDATE coopledger_personal SET content = '{}'",
    "a personal row is replaced": (
        "INSERT OR REPLACE INTO coopledger_personal VALUES (1, '0042', 2, zeroblob(16), '{}')"
    ),
    "a personal row is removed": "DELETE FROM coopledger_personal",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_engine_without_our_settings_cannot_break_the_chain(attack: str, places: Places) -> None:
    """SQLite's own: no foreign keys, no recursive triggers."""
    host = _host(places, "sqlite", "plain")
    entry = issue(10)
    host.book.append([Entry("issue", DAY, DAY, {}, entry.postings, {"0042": {"name": "成员甲"}})], key="i", actor="me")
    with host.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 0
        assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar_one() == 0
        with pytest.raises(IntegrityError, match="coopledger_"):
            connection.exec_driver_sql(ATTACKS[attack])
        connection.commit()
    assert host.book.verify([head(host.book)]) == []
    assert balance(host.book) == 10
    host.engine.dispose()


def test_postings_without_a_record_pass_where_nobody_looks_at_foreign_keys_and_verify_finds_them(
    places: Places,
) -> None:
    host = _host(places, "sqlite", "plain")
    with host.engine.begin() as connection:
        connection.exec_driver_sql("INSERT " + _LATE.format(line=0))
    assert "behind the last record" in " ".join(map(str, host.book.verify()))
    host.engine.dispose()
