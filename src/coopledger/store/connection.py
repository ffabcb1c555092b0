"""A connection that nobody else is at work on, also where an engine has but one for all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, SingletonThreadPool, StaticPool

from coopledger.errors import StoreError
from coopledger.store.dialects import DIALECTS
from coopledger.text import Message

_WAIT_SECONDS = 30
_KEPT = "coopledger_kept"


class InUseError(StoreError):
    """The one connection of an engine is in use."""


class Turn:
    """Whose turn it is to use the one connection of an engine. Whoever has it may give it back in another thread."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._whose = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the connection to oneself. Raises InUseError if one has it already, or waits too long."""
        if self._whose == threading.get_ident():
            raise InUseError(
                Message(
                    "the engine has one connection, and in this thread the book is being read or written: finish that "
                    "first, or use an engine with a pool"
                )
            )
        if not self._free.acquire(timeout=_WAIT_SECONDS):
            raise InUseError(
                Message(
                    "the engine has one connection, and another thread was at work on it for {seconds} seconds: an "
                    "engine with a pool is expected",
                    seconds=_WAIT_SECONDS,
                )
            )
        self._whose = threading.get_ident()
        try:
            yield
        finally:
            self._whose = 0
            self._free.release()


_turns: "WeakKeyDictionary[Pool, Turn]" = WeakKeyDictionary()
_making = threading.Lock()


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """A connection on which transactions begin; the only one of an engine in turn, and while none is open on it.

    Raises InUseError otherwise: whoever gives such a connection back rolls back what anybody else began on it, so it
    must be asked before it is taken.
    """
    if not isinstance(engine.pool, StaticPool):
        with engine.connect() as connection:
            if isinstance(engine.pool, SingletonThreadPool):  # it may be the very one that is in use in this thread
                _check_idle(engine, connection.connection.driver_connection)
            with _as_needed(connection):
                yield connection
        return
    with _turn(engine.pool).taken():
        if record := vars(engine.pool).get("connection"):  # asked of the pool, it would connect
            _check_idle(engine, record.driver_connection)
        with engine.connect() as connection, _as_needed(connection):
            yield connection


def has_one_connection(engine: Engine) -> bool:
    """Whether all that is asked of an engine, or all in one thread, goes over the same connection."""
    return isinstance(engine.pool, StaticPool | SingletonThreadPool)


@contextmanager
def _as_needed(connection: Connection) -> Iterator[None]:
    """Have a host's connection for a while as a book needs it.

    On SQLite rows are tuples and texts are read as they are written: a host may leave out what is no text of his, and a
    verification would read no other book than he does. On PostgreSQL transactions begin: the host's driver may commit
    each statement by itself.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        kept = connection.info.setdefault(_KEPT, [])  # several may have it in a thread, and give it back in any order
        kept.append((driver.row_factory, driver.text_factory))
        driver.row_factory, driver.text_factory = None, str
        try:
            yield
        finally:
            driver.row_factory, driver.text_factory = kept.pop()
        return
    if not driver.autocommit:
        yield
        return
    driver.autocommit = False
    try:
        yield
    finally:
        if not driver.closed:
            driver.rollback()
            driver.autocommit = True


def _check_idle(engine: Engine, driver: object) -> None:
    if driver is None or not DIALECTS[engine.dialect.name](None).is_busy(driver):
        return
    if engine.dialect.name == "sqlite" and getattr(driver, "autocommit", None) is False:
        raise StoreError(
            Message(
                "the engine has one connection, and its driver has a transaction open on it all the time "
                "(autocommit=False): leave that option out"
            )
        )
    raise InUseError(Message("the engine has one connection, and a transaction is open on it: hand it in by 'within'"))


def _turn(pool: Pool) -> Turn:
    with _making:
        return _turns.setdefault(pool, Turn())
