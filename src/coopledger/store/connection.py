"""A connection that nobody else is at work on, also where an engine has but one for all."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Pool, SingletonThreadPool, StaticPool

from coopledger.errors import StoreError
from coopledger.store.dialects import DIALECTS
from coopledger.text import Message

_WAIT_SECONDS = 30
_turns: "WeakKeyDictionary[Pool, threading.RLock]" = WeakKeyDictionary()
_making = threading.Lock()


class InUseError(StoreError):
    """The one connection of an engine is in use."""


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """A connection of an engine; of one that has a single connection, in turn, and while no transaction is open on it.

    Raises InUseError otherwise: whoever gives such a connection back rolls back what anybody else began on it, so it
    must be asked before it is taken.
    """
    if not has_one_connection(engine):
        with engine.connect() as connection:
            yield connection
        return
    turn = _turn(engine.pool)
    if not turn.acquire(timeout=_WAIT_SECONDS):
        raise InUseError(
            Message(
                "the engine has one connection, and another thread was at work on it for {seconds} seconds: an engine "
                "with a pool is expected",
                seconds=_WAIT_SECONDS,
            )
        )
    try:
        if isinstance(engine.pool, StaticPool):
            _check_idle(engine, engine.pool.connection.driver_connection)
        with engine.connect() as connection:  # of a pool for each thread it is the very one that is in use already
            _check_idle(engine, connection.connection.driver_connection)
            yield connection
    finally:
        turn.release()


def has_one_connection(engine: Engine) -> bool:
    """Whether all that is asked of an engine, or all in one thread, goes over the same connection."""
    return isinstance(engine.pool, StaticPool | SingletonThreadPool)


def _check_idle(engine: Engine, driver: object) -> None:
    if driver is not None and DIALECTS[engine.dialect.name](None).is_busy(driver):
        raise InUseError(
            Message("the engine has one connection, and a transaction is open on it: hand it in by 'within'")
        )


def _turn(pool: Pool) -> threading.RLock:
    with _making:
        return _turns.setdefault(pool, threading.RLock())
