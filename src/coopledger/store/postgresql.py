"""Books in PostgreSQL, by psycopg 3."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.errors import StoreError
from coopledger.store.dialect import Dialect, Places, asked, commits_each_statement, raising_as_sqlalchemy
from coopledger.text import Message, printable

_FETCH = 10_000
_PATIENCE = 2_000  # milliseconds
_IDLE, _IN_TRANSACTION, _CLOSED = 0, 2, 4  # as libpq says what a connection is at
_OTHER = {"on": "off", "off": "on"}
LONGEST_NAME = 63
_UNAVAILABLE = ("08", "22P05", "25P", "26", "40", "42501", "53", "55", "57")
"""Connection, encoding, transaction timed out, statement not prepared, rollback, not allowed, resources, not in a state
for it, intervention."""
_LOCKS = 0x636F6F70  # "coop": the class of the advisory lock of an upgrade
_BOOKS = "(CAST('{s}coopledger_book' AS regclass)::oid::bigint - 2147483648)::integer"  # of its books: these tables


class Postgresql(Dialect):
    """How PostgreSQL is asked."""

    sums = ("sum(quantity)",)  # a numeric, of any size

    def place(self, connection: Connection) -> object:
        """The server, as long as it runs, the database and the table of the books."""
        statement = (
            "SELECT extract(epoch FROM pg_postmaster_start_time())::text, (SELECT oid FROM pg_database "
            "WHERE datname = current_database())::bigint, CAST('{s}coopledger_book' AS regclass)::oid::bigint"
        )
        with suppress(DBAPIError), connection.begin_nested():  # a server may keep these things to itself
            [row] = self.rows(connection, statement)
            return tuple(row)
        return None

    def check_schema(self, schema: str) -> None:
        """Letters, digits and ``_`` only: the name stands in statements, where no other character is harmless.

        PostgreSQL would cut a longer name without a word.
        """
        if (
            not isinstance(schema, str)
            or not schema.isidentifier()
            or len(schema.encode()) > LONGEST_NAME
            or schema.startswith("pg_")
        ):
            raise StoreError(
                Message(
                    "{seen} is not a name of a schema: letters, digits and '_' are expected, {longest} bytes at most, "
                    "and not 'pg_' at the beginning",
                    seen=printable(str(schema)),
                    longest=LONGEST_NAME,
                )
            )

    def totals(self, connection: Connection, statement: str, values: Sequence[Any]) -> Iterator[tuple[Place, int]]:
        """The places with their sums.

        It is planned each time for the values: the plan for any values would be taken for a short one, and be left to
        one processor.
        """
        from psycopg.types.numeric import NumericLoader

        translated = self.sql(statement)
        with raising_as_sqlalchemy(connection, translated), _cursor(connection) as cursor:
            cursor.adapters.register_loader("numeric", NumericLoader)  # a host may have them as floats
            rows = cursor.execute(translated, tuple(values), prepare=False).fetchall()
        return (((denomination, account), int(total)) for denomination, account, total in rows)

    def is_busy(self, driver: Any) -> bool:  # noqa: ANN401 - the driver's connection
        """Whether a transaction is open."""
        return driver.info.transaction_status not in {_IDLE, _CLOSED}

    def lock_tables(self, connection: Connection, *, joined: bool) -> None:  # noqa: ARG002 - a caller's or ours
        """Let nobody else upgrade the tables until the transaction ends."""
        self._lock(connection, "?, 0", _LOCKS)

    def lock(self, connection: Connection, book: int, *, joined: bool) -> None:  # noqa: ARG002 - a caller's or ours
        """Let nobody else write to the book until the transaction ends.

        The lock must be older than what is read under it: a transaction with one snapshot for all its statements
        would read the head as it was before the lock was granted, so the transaction must be READ COMMITTED.
        """
        self._lock(connection, f"{_BOOKS}, ?", book)

    def _lock(self, connection: Connection, lock: str, value: int) -> None:
        self._check_begins(connection)
        locked = f"SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock({lock})"
        [(level, _)] = self.rows(connection, locked, (value,))
        if level != "read committed":
            raise StoreError(
                Message("the transaction is {level}: a book is appended to in a READ COMMITTED one", level=level)
            )

    @contextmanager
    def joining(self, connection: Connection, book: int) -> Iterator[None]:
        """The lock is of the savepoint: a refusal lets go of it, however long the caller's transaction lasts."""
        self._check_begins(connection)
        with connection.begin_nested():
            self.lock(connection, book, joined=True)
            yield

    def _check_begins(self, connection: Connection) -> None:
        if _driver(connection).autocommit:
            raise commits_each_statement()

    def write(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of a table, by COPY."""
        copied = self.sql(f"COPY {{s}}{table} ({', '.join(columns)}) FROM STDIN")
        with raising_as_sqlalchemy(connection, copied), _cursor(connection) as cursor, cursor.copy(copied) as copy:
            copy.write("".join(["\t".join(map(_copied, row)) + "\n" for row in rows]))

    def below_zero(self, connection: Connection, book: int, places: Places, ground: Ground) -> list[tuple[Place, int]]:
        """The places that are below zero on a day, with the first such day."""
        columns = zip(*asked(places, ground), strict=True)
        found = self.rows(connection, _GUARD, (book, *("\n".join(map(str, column)) for column in columns)))
        return [((denomination, account), on) for denomination, account, on in found]

    def reading(self, connection: Connection, statement: str, values: Sequence[Any] = ()) -> "PostgresqlRows":
        """Fetch by a cursor on the server, thousands at a time whatever is asked for."""
        return PostgresqlRows(connection, self.sql(statement), values)

    def is_unavailable(self, error: DBAPIError) -> bool:
        """Whether the server is gone, full or stopping, a lock or the answer took too long, or it is not for us."""
        state: str | None = getattr(error.orig, "sqlstate", None)  # there is none where no connection could be made
        if state is None:
            return error.connection_invalidated or isinstance(error, OperationalError)
        return state.startswith(_UNAVAILABLE)

    def is_corruption(self, error: DBAPIError) -> bool:
        """Whether the server says that something within it is wrong: a page, an index."""
        state: str | None = getattr(error.orig, "sqlstate", None)
        return state is not None and state.startswith("XX")

    def complaints(self, connection: Connection, book: int, last: int) -> list[str]:
        """Whether each index says of a book what its table says: up to its last record both are counted and summed.

        What is found through a primary key needs no such question: the records are read by it.
        """
        found = []
        for name, (table, numbers, texts, where) in _INDEXES.items():
            columns = ", ".join((*numbers, *texts))
            sums = [f"sum({one})::text" for one in numbers] + [f"sum(hashtext({one})::bigint)::text" for one in texts]
            # No index is to be chosen for the book: the whole of the one in question is read.
            rows = f"SELECT {columns} FROM {{s}}coopledger_{table} WHERE book + 0 = {book} AND seq + 0 <= {last}{where}"
            for again in (False, True):
                if again:  # somebody's rows may have been erased between the two counts
                    self._hold(connection, book)
                counted: list[Any] = []
                for scan, order in (("off", f" ORDER BY {_ORDERS[name]}"), ("on", "")):
                    for plan, setting in (("seqscan", scan), ("bitmapscan", "off"), ("indexscan", _OTHER[scan])):
                        self.run(connection, f"SET LOCAL enable_{plan} = {setting}")
                    counted += self.rows(connection, f"SELECT count(*), {', '.join(sums)} FROM ({rows}{order}) AS rows")
                if counted[0] == counted[1]:
                    break
            else:
                found.append(f"the index coopledger_{name} does not say what its table says")
        return found

    def _hold(self, connection: Connection, book: int) -> None:
        """Have nobody write to the book until the transaction ends, if whoever does so now lets go of it soon."""
        with suppress(DBAPIError), connection.begin_nested():
            self.run(connection, f"SET LOCAL lock_timeout = {_PATIENCE}")
            self.run(connection, f"SELECT pg_advisory_xact_lock({_BOOKS}, {book})")

    def _translated(self, statement: str) -> str:
        return statement.replace("?", "%s")


class PostgresqlRows:
    """Rows of a cursor on the server. Several may be open on one connection, each with a name of its own.

    It goes with its transaction. Outside of one it is held, and closed by itself.
    """

    _numbers = itertools.count(1)

    def __init__(self, connection: Connection, statement: str, values: Sequence[Any]) -> None:
        self._connection = connection
        self._name, self._held = f"coopledger_{next(self._numbers)}", _driver(connection).autocommit
        self._cursor = _cursor(connection, binary=True)
        self._left: Sequence[Any] = ()
        self._begun = self._ended = False
        hold = "WITH HOLD " if self._held else ""
        self._run(f"DECLARE {self._name} CURSOR {hold}FOR {statement}", tuple(values))

    def fetch(self, count: int) -> Sequence[Any]:
        """The next rows, fewer at the end."""
        while len(self._left) < count and not self._ended:
            if self._begun and not self._stands():
                raise StoreError(
                    Message("the transaction in which this was being read has ended: read it again, in one transaction")
                )
            self._begun = True
            page = self._run(f"FETCH {_FETCH} FROM {self._name}").fetchall()
            self._left = [*self._left, *page]
            if len(page) < _FETCH:
                self._end()
        found, self._left = self._left[:count], self._left[count:]
        return found

    def let_go(self) -> bool:
        """Not closed: that is a statement, and the driver's connection may be in the midst of another."""
        self._left = ()
        return self._ended

    def close(self) -> None:
        """Fetch no more; a second time does nothing."""
        with suppress(SQLAlchemyError):  # of a connection that is broken nothing is left to be closed
            if not self._ended and not self._connection.closed and self._stands():
                self._end()
        self._ended, self._left = True, ()

    def _end(self) -> None:
        self._run(f"CLOSE {self._name}")
        self._ended = True

    def _stands(self) -> bool:
        """Whether the cursor is still there: to close one whose transaction has ended would spoil another."""
        if _driver(self._connection).info.transaction_status != (_IDLE if self._held else _IN_TRANSACTION):
            return False
        return bool(self._run("SELECT 1 FROM pg_cursors WHERE name = %s", (self._name,)).fetchall())

    def _run(self, statement: str, values: Sequence[Any] | None = None) -> Any:  # noqa: ANN401 - the driver's cursor
        with raising_as_sqlalchemy(self._connection, statement):
            return self._cursor.execute(statement, values, prepare=False)


def _driver(connection: Connection) -> Any:  # noqa: ANN401 - the driver's connection
    return connection.connection.driver_connection


def _cursor(connection: Connection, *, binary: bool = False) -> Any:  # noqa: ANN401 - the driver's cursor
    """A cursor as we need it, whatever kind of cursors and rows a host's connections have."""
    from psycopg import Cursor
    from psycopg.pq import Format
    from psycopg.rows import tuple_row

    cursor = Cursor(_driver(connection), row_factory=tuple_row)
    cursor.format = Format.BINARY if binary else Format.TEXT
    return cursor


def _copied(value: object) -> str:
    """A value as COPY's text format has it."""
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = str(value)
    return text.replace("\\", "\\\\") if "\\" in text else text


# Numbers, texts and a condition of each index by which the books are not read when they are verified, and its order, in
# which only it is read.
_INDEXES = {
    "posting_source": ("posting", ("seq", "quantity", "effective_on"), ("denomination", "source"), ""),
    "posting_target": ("posting", ("seq", "quantity", "effective_on"), ("denomination", "target"), ""),
    "posting_reverses": (
        "posting",
        ("reverses_seq", "reverses_line", "quantity"),
        (),
        " AND reverses_seq IS NOT NULL",
    ),
    "record_key": ("record", ("book",), ("key",), ""),
    "record_kind": ("record", ("seq",), ("kind",), ""),
    "personal_seq": ("personal", ("book", "seq"), (), ""),
    "personal_pkey": ("personal", ("book", "seq"), ("subject",), ""),  # the rows are read by their records
}
_ORDERS = {
    "posting_source": "book, denomination, source, effective_on, seq",
    "posting_target": "book, denomination, target, effective_on, seq",
    "posting_reverses": "book, reverses_seq, reverses_line, quantity",
    "record_key": "book, key",
    "record_kind": "book, kind, seq",
    "personal_seq": "book, seq",
    "personal_pkey": "book, subject, seq",
}

# A text with a line for each place: psycopg takes a tenth as long with it as with an array, and no code has a new line.
_GUARD = """
SELECT denomination, account, on_day FROM {s}coopledger_below_zero(
    ?, string_to_array(?, E'\\n'), string_to_array(?, E'\\n'), string_to_array(?, E'\\n')::int[],
    string_to_array(?, E'\\n')::int[]
)
ORDER BY denomination COLLATE "C", account COLLATE "C"
"""
