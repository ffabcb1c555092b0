"""Books in PostgreSQL, by psycopg 3."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.errors import StoreError
from coopledger.store.dialect import Dialect, Places, asked, commits_each_statement, raising_as_sqlalchemy
from coopledger.text import Message, printable

_FETCH = 10_000
_IDLE, _IN_TRANSACTION = 0, 2  # as libpq says what a connection is at
_OTHER = {"on": "off", "off": "on"}
LONGEST_NAME = 63
_UNAVAILABLE = ("08", "40", "53", "55", "57")  # connection, rollback, resources, not in a state for it, intervention
_LOCKS = 0x636F6F70  # "coop": the class of our advisory locks


class Postgresql(Dialect):
    """How PostgreSQL is asked."""

    sums = ("sum(quantity)",)  # a numeric, of any size
    _cursors = itertools.count(1)

    def check_schema(self, schema: str) -> None:
        """Letters, digits and ``_`` only: the name stands in statements, where no other character is harmless.

        PostgreSQL would cut a longer name without a word.
        """
        if not schema.isidentifier() or len(schema.encode()) > LONGEST_NAME or schema.startswith("pg_"):
            raise StoreError(
                Message(
                    "{seen} is not a name of a schema: letters, digits and '_' are expected, {longest} bytes at most, "
                    "and not 'pg_' at the beginning",
                    seen=printable(schema),
                    longest=LONGEST_NAME,
                )
            )

    def totals(self, connection: Connection, statement: str, values: Sequence[Any]) -> Iterator[tuple[Place, int]]:
        """The places with their sums.

        It is planned each time for the values: the plan for any values would be taken for a short one, and be left to
        one processor.
        """
        driver: Any = connection.connection.driver_connection
        translated = self.sql(statement)
        with raising_as_sqlalchemy(connection, translated), driver.cursor() as cursor:
            rows = cursor.execute(translated, tuple(values), prepare=False).fetchall()
        return (((denomination, account), int(total)) for denomination, account, total in rows)

    def is_busy(self, driver: Any) -> bool:  # noqa: ANN401 - the driver's connection
        """Whether a transaction is open."""
        return bool(driver.info.transaction_status != _IDLE)

    def lock_tables(self, connection: Connection, *, joined: bool) -> None:
        """Let nobody else upgrade the tables until the transaction ends."""
        self.lock(connection, 0, joined=joined)  # no book has the number 0

    def lock(self, connection: Connection, book: int, *, joined: bool) -> None:  # noqa: ARG002 - a caller's or ours
        """Let nobody else write to the book until the transaction ends.

        The lock must be older than what is read under it: a transaction with one snapshot for all its statements
        would read the head as it was before the lock was granted, so the transaction must be READ COMMITTED.
        """
        self._check_begins(connection)
        locked = "SELECT current_setting('transaction_isolation'), pg_advisory_xact_lock(?, ?)"
        [(level, _)] = self.rows(connection, locked, (_LOCKS, book))
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
        driver: Any = connection.connection.driver_connection
        if driver.autocommit:
            raise commits_each_statement()

    def write(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of a table, by COPY."""
        driver: Any = connection.connection.driver_connection
        copied = self.sql(f"COPY {{s}}{table} ({', '.join(columns)}) FROM STDIN")
        with raising_as_sqlalchemy(connection, copied), driver.cursor() as cursor, cursor.copy(copied) as copy:
            copy.write("".join(["\t".join(map(_copied, row)) + "\n" for row in rows]))

    def below_zero(self, connection: Connection, book: int, places: Places, ground: Ground) -> list[tuple[Place, int]]:
        """The places that are below zero on a day, with the first such day."""
        columns = zip(*asked(places, ground), strict=True)
        found = self.rows(connection, _GUARD, (book, *("\n".join(map(str, column)) for column in columns)))
        return [((denomination, account), on) for denomination, account, on in found]

    @contextmanager
    def reading(
        self, connection: Connection, statement: str, values: Sequence[Any] = ()
    ) -> Iterator[Callable[[int], Sequence[Any]]]:
        """Fetch by a cursor on the server, thousands at a time whatever is asked for.

        Several may be open on one connection, each with a name of its own. Outside a transaction it is held. It goes
        with its transaction: a connection that was given back may be another's by now, and nothing is closed on it.
        """
        driver: Any = connection.connection.driver_connection
        name, held = f"coopledger_{next(self._cursors)}", driver.autocommit
        declared = f"DECLARE {name} CURSOR {'WITH HOLD ' if held else ''}FOR {self.sql(statement)}"
        with raising_as_sqlalchemy(connection, declared), driver.cursor(binary=True) as cursor:
            cursor.execute(declared, tuple(values), prepare=False)
            rows = _fetched(cursor, f"FETCH {_FETCH} FROM {name}")
            try:
                yield lambda count: list(itertools.islice(rows, count))
            finally:
                if not connection.closed and driver.info.transaction_status == (_IDLE if held else _IN_TRANSACTION):
                    cursor.execute(f"CLOSE {name}", prepare=False)

    def is_unavailable(self, error: DBAPIError) -> bool:
        """Whether the server is gone, full or stopping, the statement took too long, or waited too long for a lock."""
        return error.connection_invalidated or str(getattr(error.orig, "sqlstate", ""))[:2] in _UNAVAILABLE

    def complaints(self, connection: Connection) -> list[str]:
        """Whether each index says what its table says: both are counted and summed, as they stand at one moment.

        What is found through a primary key needs no such question: the records are read by it.
        """
        self.run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # others may append between two counts
        found = []
        for name, (table, numbers, texts, where) in _INDEXES.items():
            columns = ", ".join((*numbers, *texts))
            sums = [f"sum({one})" for one in numbers] + [f"sum(hashtext({one})::bigint)" for one in texts]
            rows = f"SELECT {columns} FROM {{s}}coopledger_{table} {where}"
            counted: list[Any] = []
            for scan, order in (("off", f" ORDER BY {_ORDERS[name]}"), ("on", "")):
                for plan, setting in (("seqscan", scan), ("bitmapscan", "off"), ("indexscan", _OTHER[scan])):
                    self.run(connection, f"SET LOCAL enable_{plan} = {setting}")
                counted += self.rows(connection, f"SELECT count(*), {', '.join(sums)} FROM ({rows}{order}) AS rows")
            if counted[0] != counted[1]:
                found.append(f"the index coopledger_{name} does not say what its table says")
        return found

    def _translated(self, statement: str) -> str:
        return statement.replace("?", "%s")


def _fetched(cursor: Any, fetch: str) -> Iterator[Any]:  # noqa: ANN401 - the driver's cursor
    while page := cursor.execute(fetch, prepare=False).fetchall():
        yield from page


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
        "WHERE reverses_seq IS NOT NULL",
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
