"""What a book asks of a database; SQLite and PostgreSQL differ in a few of the answers."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, StatementError

from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.core.chain import Written
from coopledger.core.journal import Record, day_number
from coopledger.errors import StoreError
from coopledger.text import Message, printable

_DAMAGED = "Could not decode to UTF-8"

Places = Mapping[Place, date]
"""Guarded places, each with the earliest day on which something was taken from it."""

RECORD_COLUMNS = (
    "book", "seq", "prev_hash", "hash", "kind", "effective_on", "booked_on", "recorded_us", "key", "content_hash",
    "actor", "facts", "personal", "locked_through", "n_postings",
)  # fmt: skip
POSTING_COLUMNS = (
    "book", "seq", "line", "denomination", "source", "target", "quantity", "effective_on", "reverses_seq",
    "reverses_line", "lot",
)  # fmt: skip


class Rows(Protocol):
    """Rows that are fetched by and by. They are closed before the transaction ends in which they were selected."""

    def fetch(self, count: int) -> Sequence[Any]:
        """The next rows, fewer at the end."""

    def let_go(self) -> bool:
        """Whether they need not be closed any more: nobody reads on, and any thread may be at any statement."""

    def close(self) -> None:
        """Fetch no more; a second time does nothing."""


class Dialect(ABC):
    """Statements have ``?`` for values and ``{s}`` before the names of tables."""

    sums: ClassVar[Sequence[str]]
    """A sum of quantities, of any size, in parts that :meth:`totals` puts together."""

    def __init__(self, schema: str | None) -> None:
        if schema is not None:
            self.check_schema(schema)
        self._prefix = f'"{schema}".' if schema else ""
        self._known: dict[str, str] = {}

    def sql(self, statement: str) -> str:
        """The statement as this database takes it."""
        known = self._known.get(statement)
        if known is None:
            known = self._known[statement] = self._translated(statement.replace("{s}", self._prefix))
        return known

    def rows(self, connection: Connection, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
        """What a statement selects."""
        with hidden():
            return connection.exec_driver_sql(self.sql(statement), tuple(values)).fetchall()

    def of_kinds(
        self,
        kinds: Sequence[str],
        book: int,
        since: int,
        last: int,
        count: int,  # noqa: ARG002 - the statement has it
    ) -> tuple[str, list[Any]]:
        """The condition, with its values, for the next ``count`` records of some kinds or all, up to the last."""
        chosen = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        return f"book = ? AND seq > ? AND seq <= ?{chosen}", [book, since, last, *kinds]

    def run(self, connection: Connection, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that selects nothing."""
        with hidden():
            connection.exec_driver_sql(self.sql(statement), tuple(values))

    def write_postings(self, connection: Connection, book: int, records: Sequence[Record]) -> None:
        """Write the postings of records that are not there yet."""
        rows = (
            (book, one.seq, line, denomination, source, target, quantity, on, seq, other, lot)
            for one in records
            for on in (day_number(one.effective_on),)
            for line, (denomination, source, target, quantity, seq, other, lot) in enumerate(one.postings)
        )
        if any(one.postings for one in records):
            self.write(connection, "coopledger_posting", POSTING_COLUMNS, rows)

    def write_records(self, connection: Connection, book: int, written: Sequence[Written]) -> None:
        """Write records whose postings are there: they are sealed with it."""
        rows = (
            (
                book,
                one.seq,
                one.prev_hash,
                one.hash,
                one.kind,
                day_number(one.effective_on),
                day_number(one.booked_on),
                one.recorded_us,
                one.key,
                one.content_hash,
                one.actor,
                facts,
                personal,
                one.locked_through,
                len(one.postings),
            )
            for one, facts, personal, _ in written
        )
        self.write(connection, "coopledger_record", RECORD_COLUMNS, rows)

    def first(self, connection: Connection, book: int) -> bytes | None:
        """The hash of a book's first record. None if it has none, or that cannot be read: 'verify' will say so.

        Raises SQLAlchemy's error of a database that cannot answer now.
        """
        statement = "SELECT hash FROM {s}coopledger_record WHERE book = ? AND seq = 1"
        try:
            rows = self.rows(connection, statement, (book,))
        except DBAPIError as error:
            if self.is_unavailable(error):
                raise
            return None
        except StoreError:
            return None
        return next((bytes(one) for (one,) in rows if isinstance(one, bytes | memoryview)), None)

    @abstractmethod
    def place(self, connection: Connection) -> object:
        """What tells the tables of this database from those of any other as long as it runs; None if nothing does."""

    @abstractmethod
    def check_schema(self, schema: str) -> None:
        """Raise StoreError for a name that no schema of ours can have, and for what is no name."""

    @abstractmethod
    def totals(self, connection: Connection, statement: str, values: Sequence[Any]) -> Iterator[tuple[Place, int]]:
        """The places with their sums, of a statement that selects denomination, account and the parts of the sum."""

    @abstractmethod
    def is_busy(self, driver: Any) -> bool:  # noqa: ANN401 - the driver's connection
        """Whether a transaction is open on a connection of the driver's."""

    @abstractmethod
    def lock_tables(self, connection: Connection, *, joined: bool) -> None:
        """Let nobody else upgrade the tables until the transaction ends; ``joined`` if it is a caller's."""

    @abstractmethod
    def lock(self, connection: Connection, book: int, *, joined: bool) -> None:
        """Let nobody else write to the book until the transaction ends; ``joined`` if it is a caller's."""

    @contextmanager
    def joining(self, connection: Connection, book: int) -> Iterator[None]:
        """A savepoint in a caller's transaction, under the book's lock."""
        self.lock(connection, book, joined=True)
        with connection.begin_nested():
            yield

    @abstractmethod
    def write(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of a table."""

    def forget(self, connection: Connection) -> None:  # noqa: B027 - PostgreSQL's VACUUM does it
        """See to it that what is deleted in this transaction leaves no trace in the database's files."""

    def forgotten(self, connection: Connection) -> None:  # noqa: B027
        """The same, once that transaction is committed."""

    @abstractmethod
    def below_zero(self, connection: Connection, book: int, places: Places, ground: Ground) -> list[tuple[Place, int]]:
        """The places that are below zero on a day, counted as their guards do, with the first such day's number."""

    @abstractmethod
    def reading(self, connection: Connection, statement: str, values: Sequence[Any] = ()) -> "Rows":
        """The rows that a statement selects, to be fetched as many at a time as one likes."""

    @abstractmethod
    def is_unavailable(self, error: DBAPIError) -> bool:
        """Whether the database could not answer now, which says nothing of what it holds."""

    @abstractmethod
    def is_corruption(self, error: DBAPIError) -> bool:
        """Whether the database says that it is damaged, whatever it was asked."""

    @abstractmethod
    def complaints(self, connection: Connection, book: int, last: int) -> list[str]:
        """What the database finds wrong with its own pages, and with its indexes up to a book's last record."""

    @abstractmethod
    def _translated(self, statement: str) -> str:
        """The statement with the driver's own marks for values."""


@contextmanager
def hidden() -> Iterator[None]:
    """Leave what was written or read out of an error's text: a host logs it, and it may be somebody's personal row."""
    try:
        yield
    except UnicodeDecodeError:  # of the text of an error itself
        raise StoreError(Message("a text in the database cannot be read ({error})", error=_DAMAGED)) from None
    except StatementError as error:
        error.hide_parameters = True
        if _DAMAGED in str(error.orig):
            raise StoreError(
                Message("a text in the database cannot be read ({error})", error=without_content(str(error.orig)))
            ) from None
        raise


@contextmanager
def raising_as_sqlalchemy(connection: Connection, statement: str) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy does of the statements that it runs itself, without the values."""
    failed: Any = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except failed as error:
        with hidden():
            raise DBAPIError.instance(
                statement, None, error, failed, hide_parameters=True, dialect=connection.dialect
            ) from error


def without_content(said: str) -> str:
    """What a database says of an error, without the text that it could not decode."""
    return printable(said.partition(" with text ")[0])


def commits_each_statement() -> StoreError:
    """What is said of a connection on which nothing can be taken back."""
    return StoreError(
        Message("the connection commits each statement (AUTOCOMMIT): one that begins transactions is expected")
    )


def asked(places: Places, ground: Ground) -> list[tuple[str, str, int, int]]:
    """What the guard asks: denomination, account, day number, and 1 or -1 as its guard counts."""
    return [
        (denomination, account, day_number(on), 1 if ground.guard(account) == "debit" else -1)
        for (denomination, account), on in sorted(places.items())
    ]
