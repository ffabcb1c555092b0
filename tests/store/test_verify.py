"""What a verification must not take for a fault, and what it reads a book by."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from coopledger.core.audit import ChainAudit
from coopledger.core.journal import Entry, Head, Posting
from coopledger.errors import StoreError
from coopledger.store import verify as verification
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.grant import grant
from coopledger.store.postgresql import Postgresql
from coopledger.store.sql import SqlJournal
from coopledger.store.sqlite import Sqlite
from coopledger.store.verify import Reading
from tests.store.books import DAY, about, founding, head, issue, take


@pytest.mark.parametrize("schema", ["p", "s", "place", "kept", "last", "seq", "Books", "村账"])
def test_a_schema_may_be_called_like_something_in_the_functions(postgresql_engine: Engine, schema: str) -> None:
    book = create_book(postgresql_engine, "hill", schema=schema)
    book.append([founding(), issue(5)], key="founding", actor="me")
    found = book.verify()
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA "{schema}" CASCADE')
    assert found == []


def test_tables_that_stand_second_on_the_search_path_are_looked_at_where_they_are(postgresql_uri: str) -> None:
    plain = create_engine(postgresql_uri.replace("postgresql://", "postgresql+psycopg://"))
    create_book(plain, "hill", schema="second_one").append([founding()], key="founding", actor="me")
    engine = create_engine(plain.url, connect_args={"options": "-csearch_path=first_one,second_one"})
    with plain.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA first_one")
        [owner] = connection.exec_driver_sql("SELECT current_user").fetchall()[0]
    found = open_book(engine).verify()
    with engine.connect() as connection, pytest.raises(StoreError, match="may act for the owner"):
        grant(connection, owner)
    with plain.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA first_one")
        connection.exec_driver_sql("DROP SCHEMA second_one CASCADE")
    plain.dispose()
    engine.dispose()
    assert found == []


def test_an_engine_with_one_connection_is_asked_one_thing_at_a_time(tmp_path: Path) -> None:
    engine = create_engine(
        f"sqlite:///{tmp_path}/book.db", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    book = create_book(engine, "hill")
    book.append([founding(), *(issue(1) for _ in range(2000))], key="founding", actor="me")
    assert [book.verify() for _ in range(3)] == [[], [], []]
    engine.dispose()


def test_a_pool_that_is_too_small_is_not_a_fault_of_the_book(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/book.db", pool_size=1, max_overflow=0, pool_timeout=0)
    book = create_book(engine, "hill")
    book.append([founding()], key="founding", actor="me")
    with engine.connect(), pytest.raises(PoolTimeout):
        book.verify()
    engine.dispose()


def test_a_database_that_somebody_has_locked_is_not_a_fault_of_the_book(
    tmp_path: Path, postgresql_engine: Engine, postgresql_schema: str
) -> None:
    file = create_engine(f"sqlite:///{tmp_path}/book.db", connect_args={"timeout": 0})
    book = create_book(file, "hill")
    book.append([founding()], key="founding", actor="me")
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level="EXCLUSIVE")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OperationalError, match="database is locked"):
            book.verify()
    assert book.verify() == []
    file.dispose()

    create_book(postgresql_engine, "locked", schema=postgresql_schema)
    hasty = create_engine(postgresql_engine.url, connect_args={"options": "-clock_timeout=1ms"})
    book = open_book(hasty, "locked", schema=postgresql_schema)
    with postgresql_engine.begin() as other_one:
        other_one.exec_driver_sql(f'LOCK TABLE "{postgresql_schema}".coopledger_record')
        with pytest.raises(OperationalError, match="lock timeout"):
            book.verify()
    assert book.verify() == []
    hasty.dispose()


def test_the_only_connection_of_a_pool_is_enough(
    tmp_path: Path, postgresql_engine: Engine, postgresql_schema: str
) -> None:
    narrow: dict[str, Any] = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0}
    for url, schema in ((f"sqlite:///{tmp_path}/book.db", None), (postgresql_engine.url, postgresql_schema)):
        engine = create_engine(url, **narrow)
        book = create_book(engine, "narrow", schema=schema)
        book.append([founding(), *(issue(1) for _ in range(2000))], key="founding", actor="me")
        assert [book.verify() for _ in range(3)] == [[], [], []]
        engine.dispose()


def test_what_is_not_for_the_reader_is_not_a_fault_of_the_book(
    tmp_path: Path, postgresql_engine: Engine, postgresql_schema: str
) -> None:
    file = create_engine(f"sqlite:///{tmp_path}/book.db", poolclass=NullPool)
    book = create_book(file, "hill")
    book.append([founding()], key="founding", actor="me")

    def denied(*seen: object) -> int:
        return sqlite3.SQLITE_DENY if "coopledger_personal" in seen else sqlite3.SQLITE_OK

    event.listen(file, "connect", lambda connection, _record: connection.set_authorizer(denied))
    with pytest.raises(DatabaseError, match="prohibited"):
        book.verify()

    create_book(postgresql_engine, "not-for-all", schema=postgresql_schema)
    role = f"reader_{postgresql_schema}"
    with postgresql_engine.begin() as owner:
        owner.exec_driver_sql(f'CREATE ROLE "{role}" LOGIN')
        owner.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{postgresql_schema}" TO "{role}"')
        for table in ("book", "record", "posting", "version"):
            owner.exec_driver_sql(f'GRANT SELECT ON "{postgresql_schema}".coopledger_{table} TO "{role}"')
    reader = create_engine(postgresql_engine.url.set(username=role))
    with pytest.raises(DBAPIError, match="permission denied"):
        open_book(reader, "not-for-all", schema=postgresql_schema).verify()
    reader.dispose()
    with postgresql_engine.begin() as owner:
        owner.exec_driver_sql(f'DROP OWNED BY "{role}"')
        owner.exec_driver_sql(f'DROP ROLE "{role}"')


@pytest.mark.parametrize("code", ["READONLY", "FULL", "PERM", "AUTH", "NOMEM", "BUSY", "CANTOPEN"])
def test_a_file_that_cannot_be_had_is_told_from_one_that_is_damaged(code: str) -> None:
    said = sqlite3.OperationalError("as SQLite says it")
    for number, unavailable in ((getattr(sqlite3, f"SQLITE_{code}"), True), (sqlite3.SQLITE_CORRUPT, False)):
        said.sqlite_errorcode = number | 1 << 8
        error = DBAPIError.instance("SELECT 1", None, said, sqlite3.Error)
        assert isinstance(error, DBAPIError)
        assert Sqlite(None).is_unavailable(error) is unavailable


@pytest.mark.parametrize(
    ("state", "unavailable"),
    [
        ("22P05", True),  # the connection's encoding has no such letter
        ("26000", True),  # somebody between us and the server has forgotten what was prepared
        ("25P03", True),  # the transaction idled for too long
        ("25P04", True),  # it lasted too long
        ("42501", True),  # not allowed
        ("53100", True),  # the disk is full
        ("57014", True),  # the statement took too long
        ("42P01", False),  # a table is gone
        ("XX001", False),  # a page is damaged
    ],
)
def test_a_server_that_does_not_answer_is_told_from_one_with_a_fault(state: str, *, unavailable: bool) -> None:
    error = DBAPIError.instance("SELECT 1", None, psycopg.errors.lookup(state)("as it says it"), psycopg.Error)
    assert isinstance(error, DBAPIError)
    assert Postgresql(None).is_unavailable(error) is unavailable


def test_what_a_host_raises_itself_is_not_a_fault_of_the_book(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    book = create_book(engine, "hill")
    seen: list[Exception] = [PermissionError("no tenant is set"), ValueError("no tenant is set"), MemoryError()]

    def refuse(_: Connection) -> None:
        raise seen[-1]

    event.listen(engine, "begin", refuse)
    while seen:
        with pytest.raises(type(seen[-1])):
            book.verify()
        seen.pop()
    engine.dispose()


def test_what_a_host_asks_for_when_it_begins_is_not_a_fault_of_the_book(
    tmp_path: Path, postgresql_engine: Engine, postgresql_schema: str
) -> None:
    create_book(postgresql_engine, "asked-before", schema=postgresql_schema)
    for url, name, asked in (
        (f"sqlite:///{tmp_path}/book.db", None, "SELECT * FROM tenant"),
        (postgresql_engine.url, postgresql_schema, "SET LOCAL ROLE nobody_of_this_name"),
    ):
        engine = create_engine(url)
        if name is None:
            create_book(engine, "asked-before")
        book = open_book(engine, "asked-before", schema=name)
        event.listen(engine, "begin", lambda connection, asked=asked: connection.exec_driver_sql(asked).close())
        with pytest.raises(DBAPIError, match=r"no such table|does not exist"):
            book.verify()
        engine.dispose()


def test_what_is_damaged_before_anything_is_asked_is_a_fault_of_the_book(tmp_path: Path) -> None:
    for at, found in ((0, "not a database"), (47, "unsupported file format")):
        book = create_book(tmp_path / f"{at}.db", "hill")
        book.close()
        raw = bytearray((tmp_path / f"{at}.db").read_bytes())
        raw[at] = 9
        (tmp_path / f"{at}.db").write_bytes(raw)
        assert any(found in str(problem) for problem in book.verify())
        book.close()


def test_a_host_finds_its_own_context_wherever_the_book_is_read(
    postgresql_engine: Engine, postgresql_schema: str
) -> None:
    create_book(postgresql_engine, "in-context", schema=postgresql_schema)
    tenant: ContextVar[str] = ContextVar("tenant")
    engine = create_engine(postgresql_engine.url)
    event.listen(engine, "before_cursor_execute", lambda *_: [tenant.get()].clear())
    token = tenant.set("hill")
    assert open_book(engine, "in-context", schema=postgresql_schema).verify() == []
    tenant.reset(token)
    engine.dispose()


def test_what_an_encoding_of_a_hosts_has_no_letter_for_is_not_a_fault_of_the_book(postgresql_engine: Engine) -> None:
    book = create_book(postgresql_engine, "letters", schema="letters")
    book.append([founding(), about("7", {"name": "成员甲"})], key="founding", actor="me")
    engine = create_engine(postgresql_engine.url, connect_args={"client_encoding": "LATIN1"})
    opened = open_book(engine, "letters", schema="letters")
    with pytest.raises(DBAPIError, match="has no equivalent"):
        opened.verify()
    engine.dispose()
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA letters CASCADE")


def test_names_that_a_host_has_in_quotes_are_not_a_fault_of_the_book(
    postgresql_engine: Engine, postgresql_schema: str
) -> None:
    create_book(postgresql_engine, "quoted", schema=postgresql_schema)
    engine = create_engine(postgresql_engine.url, connect_args={"options": "-cquote_all_identifiers=on"})
    assert open_book(engine, "quoted", schema=postgresql_schema).verify() == []
    engine.dispose()


def test_one_connection_that_is_left_of_a_pool_is_enough(postgresql_engine: Engine, postgresql_schema: str) -> None:
    create_book(postgresql_engine, "one-left", schema=postgresql_schema)
    for size, over in ((2, 0), (1, 1)):
        engine = create_engine(postgresql_engine.url, pool_size=size, max_overflow=over, pool_timeout=0)
        book = open_book(engine, "one-left", schema=postgresql_schema)
        with engine.connect():
            assert [book.verify() for _ in range(3)] == [[], [], []]
        engine.dispose()


def test_a_text_that_a_host_would_read_without_what_is_none_is_a_fault_of_the_book(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding(), about("7", {"name": "abc"})], key="founding", actor="me")
    book.close()
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as owner:
        [[name, trigger]] = owner.execute(
            "SELECT name, sql FROM sqlite_master WHERE name = 'coopledger_personal_no_update'"
        ).fetchall()
        owner.execute(f"DROP TRIGGER {name}")
        owner.execute("UPDATE coopledger_personal SET content = CAST(x'7b22ff6e616d65223a22616263227d' AS TEXT)")
        owner.execute(trigger)
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    event.listen(
        engine, "connect", lambda one, _record: setattr(one, "text_factory", lambda text: text.decode(errors="ignore"))
    )
    assert any("a text in the database cannot be read" in str(one) for one in open_book(engine).verify())
    engine.dispose()


def test_a_book_that_is_open_is_not_emptied_without_a_word(tmp_path: Path) -> None:
    create_book(tmp_path / "book.db", "hill").append([founding()], key="founding", actor="me")
    book = open_book(tmp_path / "book.db")
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as owner:
        triggers = owner.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            owner.execute(f"DROP TRIGGER {name}")
        owner.execute("DELETE FROM coopledger_record")
        for _, made in triggers:
            owner.execute(made)
    [problem] = book.verify()
    assert str(problem) == "record 1: it is not the one by which the book was known when it was opened"
    book.close()
    book = open_book(tmp_path / "book.db")
    assert book.verify() == []
    book.close()


def test_memory_that_is_short_is_not_a_fault_of_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = create_book(tmp_path / "book.db", "hill")

    def complaints(*_: object) -> list[str]:
        raise MemoryError

    monkeypatch.setattr(Sqlite, "complaints", complaints)
    with pytest.raises(MemoryError):
        book.verify()
    book.close()


def test_a_schema_that_is_no_text_is_a_fault_of_the_book(tmp_path: Path) -> None:
    """It is found before anything is asked: already when a connection is prepared."""
    create_book(tmp_path / "book.db", "hill").close()
    book = open_book(tmp_path / "book.db")
    raw = bytearray((tmp_path / "book.db").read_bytes())
    at = raw.index(b"CREATE TRIGGER")
    raw[at - 30] = raw[at - 3] = 0xFF
    raw[at], raw[at + 2] = 0x00, 0x28
    book.close()
    (tmp_path / "book.db").write_bytes(raw)
    assert any("it cannot be read" in str(problem) for problem in book.verify())
    book.close()


def test_a_text_that_is_none_is_a_fault_of_the_book(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding(), about("7", {"name": "成员甲"})], key="founding", actor="me")
    book.close()
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as owner:
        for (name,) in owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            owner.execute(f"DROP TRIGGER {name}")
        owner.execute("UPDATE coopledger_personal SET content = CAST(x'ff' AS TEXT)")
    book = open_book(tmp_path / "book.db")
    found = [str(problem) for problem in book.verify()]
    assert any("a text in the database cannot be read" in problem for problem in found)
    book.close()


def test_a_server_that_is_not_there_is_not_a_fault_of_the_book(postgresql_engine: Engine) -> None:
    nobody = create_engine(postgresql_engine.url.set(host="127.0.0.1", port=1, query={}))
    with pytest.raises(OperationalError, match="connection"):
        SqlJournal(nobody, "hill", 1).verify()
    nobody.dispose()


def test_a_file_that_is_away_for_a_moment_is_not_a_fault_of_the_book(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    engine = create_engine(f"sqlite:///{tmp_path}/one/book.db", poolclass=NullPool)
    book = create_book(engine, "hill")
    book.append([founding()], key="founding", actor="me")
    (tmp_path / "one").rename(tmp_path / "other")
    with pytest.raises(OperationalError, match="unable to open"):
        book.verify()
    (tmp_path / "other").rename(tmp_path / "one")
    assert book.verify() == []


@pytest.mark.parametrize("how", ["autocommit", "begin", "checkout", "search path at begin", "search path at checkout"])
def test_a_host_may_have_its_server_asked_before_us(
    postgresql_engine: Engine, postgresql_schema: str, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """What others append while an index is counted is no fault of it, whatever a host does on its connections."""
    how = how.replace(" ", "-")
    create_book(postgresql_engine, how, schema=postgresql_schema)
    engine = create_engine(postgresql_engine.url)
    if how == "autocommit":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    elif how == "search-path-at-begin":
        path = f'SET LOCAL search_path TO "{postgresql_schema}"'
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(path).close())
    elif how == "search-path-at-checkout":
        path = f'SET LOCAL search_path TO "{postgresql_schema}"'
        event.listen(engine, "checkout", lambda connection, _record, _proxy: connection.execute(path))
    elif how == "begin":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SELECT 1").close())
    else:
        event.listen(engine, "checkout", lambda connection, _record, _proxy: connection.execute("SELECT 1"))
    book = open_book(engine, how, schema=None if how.startswith("search") else postgresql_schema)
    book.append([founding()], key="founding", actor="me")
    right = Postgresql.rows
    appended: list[object] = []

    def rows(self: Postgresql, connection: Connection, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
        found = right(self, connection, statement, values)
        if "count(*), sum" in statement:
            other = open_book(postgresql_engine, how, schema=postgresql_schema)
            appended.append(other.append([issue(1)], key=f"issue {len(appended)}", actor="me"))
        return found

    monkeypatch.setattr(Postgresql, "rows", rows)
    assert book.verify() == []
    assert len(appended) == 14
    engine.dispose()


def test_what_a_host_orders_its_own_tables_by_is_not_ours_to_know(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding()], key="founding", actor="me")
    with closing(sqlite3.connect(tmp_path / "book.db")) as plain:
        plain.create_collation("zh", lambda one, other: (one > other) - (one < other))
        plain.execute("CREATE TABLE villager (name text COLLATE zh)")
        plain.execute("CREATE INDEX by_name ON villager (name)")
        plain.commit()
    assert book.verify() == []


def test_an_anchor_before_the_beginning_is_in_no_book(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding()], key="founding", actor="me")
    for seq in (-1, 0):
        [problem] = book.verify([Head(seq, b"x" * 32)])
        assert "is not in the book" in str(problem)


def test_whom_somebody_erases_meanwhile_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding(), about("7", {"name": "成员甲"})], key="founding", actor="me")
    right = getattr(verification, "_personal")  # noqa: B009 - it is replaced below

    def personal(reading: Reading, audit: ChainAudit) -> object:
        book.erase(["7"], key="erasure", actor="me", on=DAY)
        return right(reading, audit)

    monkeypatch.setattr(verification, "_personal", personal)
    assert book.verify() == []
    assert head(book).seq == 3


def test_who_is_erased_while_an_index_is_counted_is_no_fault_of_it(
    postgresql_engine: Engine, postgresql_schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = create_book(postgresql_engine, "erased", schema=postgresql_schema)
    people = [str(n) for n in range(20)]
    book.append([founding(), *(about(one, {"name": "成员甲"}) for one in people)], key="founding", actor="me")
    counts: list[str] = []
    right = Postgresql.rows

    def rows(self: Postgresql, connection: Connection, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
        found = right(self, connection, statement, values)
        if "count(*), sum" in statement and "coopledger_personal" in statement:
            counts.append(statement)
            if len(counts) == 1:
                book.erase([people.pop()], key=f"erasure {len(people)}", actor="me", on=DAY)
        return found

    monkeypatch.setattr(Postgresql, "rows", rows)
    assert book.verify() == []
    assert (len(counts), len(people)) == (6, 19)  # two indexes, of one the counting is done again


def test_a_book_within_a_callers_transaction_is_not_verified(tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "book.db")
    book = create_book(engine, "hill")
    with engine.connect() as connection, pytest.raises(StoreError, match="outside of it"):
        book.within(connection).verify()
    engine.dispose()


def test_a_place_in_doubt_that_was_never_below_zero_is_in_order(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    again = Posting("land", "holder/1", "holder/2", 5)
    book.append([founding(), issue(12), take(1, on=DAY + timedelta(9))], key="founding", actor="me")
    late = [Entry("transfer", on, on, {}, [again]) for on in (DAY + timedelta(5), DAY + timedelta(3))]
    book.append(late, key="late", actor="me")
    assert book.verify() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("personal", "x"), ("personal", "[1]"), ("effective_on", 20261399), ("kind", "erasure")],
)
def test_a_record_that_cannot_be_read_is_named_and_hides_nothing_after_it(
    tmp_path: Path, column: str, value: object
) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    people = [about(number, {"name": "成员甲"}) for number in "123"]
    book.append([founding(), *people, issue(5)], key="founding", actor="me")
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as connection:
        [trigger] = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'coopledger_record_no_update'"
        ).fetchone()
        connection.execute("DROP TRIGGER coopledger_record_no_update")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE coopledger_record SET {column} = ? WHERE seq = 2", (value,))  # noqa: S608 - a column of ours
        connection.execute("UPDATE coopledger_record SET actor = 'somebody else' WHERE seq = 5")
        connection.execute(trigger)
    found = [str(one) for one in book.verify([head_of(book, 5)])]
    assert found[0].startswith("record 2: it cannot be read: ")
    assert {one.partition(":")[0] for one in found} == {"record 2", "record 5"}
    assert "record 5: its content is not what was hashed" in found


def head_of(book: SqlJournal, seq: int) -> Head:
    with book.read(seq) as view:
        return view.head
