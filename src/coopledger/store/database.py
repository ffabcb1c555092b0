"""Opening a database: by its file, its URL, or an engine that the caller has already."""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeGuard

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, inspect, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError

from coopledger.core.journal import code, shown
from coopledger.errors import StoreError
from coopledger.store.connection import connected
from coopledger.store.dialect import raising_as_sqlalchemy
from coopledger.store.dialects import DIALECTS
from coopledger.store.sql import SqlJournal
from coopledger.text import Message, printable

_WAIT_SECONDS = 30
_LOOKING = 150  # milliseconds
_LEVEL = "_on_connect_isolation_level"  # what create_engine was told
_DRIVERS = ("pysqlite", "psycopg")


def engine_of(database: str | os.PathLike[str] | URL | Engine) -> Engine:
    """An engine for a file's name, a URL, or the engine itself.

    Our own engines on SQLite write with ``BEGIN IMMEDIATE``, a write-ahead log and full synchronisation. A caller's
    engine is taken as it is; but on PostgreSQL a book's own transactions are READ COMMITTED whatever it was made with.
    """
    if isinstance(database, Engine):
        return _supported(database)
    if not isinstance(database, str | os.PathLike | URL):
        raise StoreError(
            Message("{seen}: the name of a file, a URL or an engine of SQLAlchemy's is expected", seen=shown(database))
        )
    url = database if isinstance(database, URL) else _url(os.fspath(database))
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        try:
            return create_engine(url, isolation_level="READ COMMITTED", hide_parameters=True)
        except ModuleNotFoundError as error:
            raise StoreError(Message("PostgreSQL needs its driver: install coopledger[postgres]")) from error
    if url.get_backend_name() != "sqlite":
        raise _unsupported(url.get_backend_name())
    in_memory = url.database in {None, "", ":memory:"}
    engine = create_engine(
        url,
        poolclass=StaticPool if in_memory else None,  # one book for all threads
        connect_args={"timeout": _WAIT_SECONDS, "factory": _Connection}
        | ({"check_same_thread": False} if in_memory else {}),
        execution_options={"coopledger_begins": True},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def create_book(
    database: str | os.PathLike[str] | URL | Engine,
    book: str,
    *,
    schema: str | None = None,
    clock: Callable[[], int] = lambda: time.time_ns() // 1000,
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(16),
) -> SqlJournal:
    """Make a new, empty book; the tables first, if there are none.

    Raises StoreError if the book is there already, or a file that was named holds something else. An engine or a URL
    may lead to the database of another application: the book then stands beside its tables.

    >>> create_book(":memory:", "hill").verify()
    []
    """
    from coopledger.store.upgrade import current, upgrade

    name = code(book)
    engine = engine_of(database)
    with _readable(engine, database), connected(engine) as connection:
        if _is_file(database) and current(connection) is None and (others := inspect(connection).get_table_names()):
            raise StoreError(
                Message(
                    "{file} holds something else ({tables}): a new file or one with books is expected",
                    file=printable(os.fspath(database)),
                    tables=[printable(one) for one in others],
                )
            )
    _keep_a_log(engine)
    with _writing(engine) as connection:
        DIALECTS[engine.dialect.name](schema).lock_tables(connection, joined=False)
        upgrade(connection, schema=schema)
        books = _books(connection, schema)
        if name in books:
            raise StoreError(Message("the book {book} is here already", book=name))
        number = max(books.values(), default=0) + 1
        dialect = DIALECTS[engine.dialect.name](schema)
        dialect.run(connection, "INSERT INTO {s}coopledger_book (id, code) VALUES (?, ?)", (number, name))
        place = dialect.place(connection)
    owns = not isinstance(database, Engine)
    return SqlJournal(engine, name, number, schema=schema, clock=clock, salt=salt, owns_engine=owns, place=place)


def open_book(
    database: str | os.PathLike[str] | URL | Engine,
    book: str | None = None,
    *,
    schema: str | None = None,
    clock: Callable[[], int] = lambda: time.time_ns() // 1000,
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(16),
) -> SqlJournal:
    """A book that is there; its name may be left out if it is the only one.

    Raises StoreError if there is none, or the tables are not those of this version.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     database = os.path.join(folder, "hill.db")
    ...     _ = create_book(database, "hill")
    ...     with open_book(database).read() as view:
    ...         print(view.head.seq)
    0
    """
    file = _file_of(database)
    if file is not None and not os.path.exists(file):  # or SQLite would make it
        raise StoreError(Message("{file}: there is no such file", file=printable(file)))
    engine = engine_of(database)
    with _readable(engine, database), connected(engine) as connection:
        books = _books(connection, schema)
        if book is None and len(books) == 1:
            [book] = books
        named = book is not None and code(book) in books
        dialect = DIALECTS[engine.dialect.name](schema)
        place = dialect.place(connection) if named else None
        first = dialect.first(connection, books[code(book)]) if book is not None and named else None
    _keep_a_log(engine)
    if book is None and books:
        raise StoreError(
            Message("the database holds several books, {books}: name the one that is meant", books=sorted(books)),
            about=["named"],
        )
    if book is None or not named:
        raise StoreError(
            Message(
                "the book {book} is not here: the database holds {books}",
                book="…" if book is None else book,
                books=sorted(books) or Message("no book"),
            )
        )
    number, owns = books[code(book)], not isinstance(database, Engine)
    return SqlJournal(
        engine, book, number, schema=schema, clock=clock, salt=salt, owns_engine=owns, place=place, first=first
    )


def _books(connection: Connection, schema: str | None) -> dict[str, int]:
    from coopledger.store.upgrade import check_newest

    check_newest(connection, schema=schema)
    dialect = DIALECTS[connection.dialect.name](schema)
    return {row[0]: row[1] for row in dialect.rows(connection, "SELECT code, id FROM {s}coopledger_book")}


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with connected(engine) as connection:
        writing = connection.execution_options(coopledger_write=True)
        with writing.begin():
            yield writing


@contextmanager
def _readable(engine: Engine, database: object) -> Iterator[None]:
    """Say which database it is that cannot be read, and let go of it unless the engine is the caller's."""
    try:
        yield
    except DatabaseError as error:
        _let_go(engine, database)
        raise StoreError(
            Message(
                "{database}: it cannot be read: {error}",
                database=printable(engine.url.database or engine.url.render_as_string()),
                error=printable(str(error.orig)),
            )
        ) from error
    except UnicodeDecodeError as error:  # of what the driver says of a damaged file
        _let_go(engine, database)
        raise StoreError(
            Message(
                "{database}: it cannot be read: {error}", database=printable(str(engine.url.database)), error=str(error)
            )
        ) from None
    except StoreError:
        _let_go(engine, database)
        raise


def _let_go(engine: Engine, database: object) -> None:
    if not isinstance(database, Engine):
        engine.dispose()


def _keep_a_log(engine: Engine) -> None:
    """Let a SQLite file that our own engine opens have a write-ahead log: readers and writers do not wait then.

    The file remembers it, so it is asked for only once it is known that the file is there for books. While others use
    a file without a log it cannot be had: nobody waits for it, and the books are kept without.
    """
    if event.contains(engine, "connect", _prepare):
        connection = engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")
        connection.close()


def _is_file(database: object) -> TypeGuard[str | os.PathLike[str]]:
    return isinstance(database, str | os.PathLike) and "://" not in os.fspath(database)


def _file_of(database: object) -> str | None:
    """The file that a name or a URL leads to; None for a server, a memory, an engine, and what is no name."""
    if _is_file(database):
        return os.fspath(database)
    if not isinstance(database, str | URL):
        return None
    url = database if isinstance(database, URL) else _url(database)
    plain = url.get_backend_name() == "sqlite" and not (url.database or "file:").startswith((":memory:", "file:"))
    return url.database if plain else None


def _url(text: str) -> URL:
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        return make_url(text)
    except (ArgumentError, ValueError) as error:  # the second for a port that is no number
        raise StoreError(
            Message(
                "not a database's URL ({error}): postgresql://name@host:5432/database is expected", error=str(error)
            )
        ) from None


def _supported(engine: Engine) -> Engine:
    if engine.dialect.name not in DIALECTS:
        raise _unsupported(engine.dialect.name)
    if engine.dialect.driver not in _DRIVERS or engine.dialect.is_async:
        raise StoreError(
            Message(
                "the engine's driver is {seen}: one of {accepted} is expected",
                seen=printable(engine.dialect.driver) + " (async)" * engine.dialect.is_async,
                accepted=_DRIVERS,
            )
        )
    level = getattr(engine.dialect, _LEVEL, None)
    if engine.dialect.name == "postgresql" and level not in {None, "READ COMMITTED"}:
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine


def _unsupported(name: str) -> StoreError:
    return StoreError(
        Message(
            "{name}: a SQLite or PostgreSQL database is expected, such as sqlite:///hill.db or "
            "postgresql://name@host:5432/database",
            name=name,
        )
    )


class _Connection(sqlite3.Connection):
    """One that closes itself when nobody has it any more, with its book: Python 3.13 complains of one that is left."""

    def __del__(self) -> None:
        with suppress(sqlite3.Error):  # another thread may not close it
            self.close()


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing on its own: _begin does
    cursor = connection.cursor()
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON", "trusted_schema = OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("coopledger_write", False)
    # What is kept to take back each row that a trigger could refuse goes to memory: in a file it takes twice as long.
    # What a reader sorts goes to a file, and his memory does not grow with the book.
    connection.exec_driver_sql(f"PRAGMA temp_store = {'MEMORY' if writes else 'DEFAULT'}")
    if not writes:
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite by itself looks ever more seldom, and of many writers some would never find the file free. Begun anew every
    # few hundredths of a second, each looks as often as the others, and gets its turn.
    driver: Any = connection.connection.driver_connection
    last = time.monotonic() + _WAIT_SECONDS
    with raising_as_sqlalchemy(connection, "BEGIN IMMEDIATE"):
        driver.execute(f"PRAGMA busy_timeout = {_LOOKING}")
        try:
            while time.monotonic() < last:
                try:
                    driver.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                        raise
                else:
                    return
            driver.execute("BEGIN IMMEDIATE")
        finally:
            driver.execute(f"PRAGMA busy_timeout = {_WAIT_SECONDS * 1000}")
