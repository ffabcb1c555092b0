"""Tables and projections as Arrow and pandas have them: columns with types, numbers exact, nothing in binary floats.

They need the extra ``notebook`` (pyarrow, pandas).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from types import ModuleType
from typing import TYPE_CHECKING, Any

from coopledger.core.projection import Projection
from coopledger.core.table import Table, check_tables, number
from coopledger.errors import CoopledgerError
from coopledger.files.projection_data import line_names, payment_lines
from coopledger.files.table_data import heading
from coopledger.text import Language, Message, said

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_DIGITS = 38
"""How many a decimal128 holds."""
_MISSING = Decimal("NaN")


def to_arrow(shown: Table | Projection, language: Language = "en") -> "pa.Table":
    """A table, or the payments of a projection, as an Arrow table; its metadata have the title and the notes.

    Of a table: a column of numbers is a decimal128 of 38 digits, with as many decimals as its cells; the unit stands
    in its name. A cell that is empty is null. Where a cell of such a column says no number (``not known``), it is null
    too, and what it says stands in a column of text behind, whose name ends with ``: as said``. The other columns are
    text, as printed. Totals are left out: they would be added up again.

    Of a projection: one row a payment (:func:`payment_lines`), amounts in the currency, days as dates.

    >>> from coopledger.core.table import Column
    >>> found = to_arrow(Table("land", [Column("shares", number=True)], [["1,250.50"], ["100/3"]]))
    >>> found.to_pydict()
    {'shares': [Decimal('1250.50'), None], 'shares: as said': [None, '100/3']}

    Raises CoopledgerError for anything else.
    """
    check_tables([], language)
    if isinstance(shown, Projection):
        return projection_arrow(shown, language=language)
    table, pa = _table(shown), _pyarrow()
    said_rows = [[said(cell, language) for cell in row] for row in table.rows]
    columns: list[tuple[str, Any]] = []
    for column, cells in zip(table.columns, _turned(said_rows, len(table.columns)), strict=True):
        name = heading(column, language)
        if not column.number:
            columns.append((name, pa.array([cell or None for cell in cells], pa.string())))
            continue
        numbers = [_held(number(cell)) for cell in cells]
        columns.append((name, pa.array(numbers, pa.decimal128(_DIGITS, _places(numbers)))))
        others = [cell or None if one is None else None for cell, one in zip(cells, numbers, strict=True)]
        if any(others):
            as_said = Message("{heading}: as said", heading=name).say(language)
            columns.append((as_said, pa.array(others, pa.string())))
    title, notes = said(table.title, language), "\n".join(said(note, language) for note in table.notes)
    names = _distinct([name for name, _ in columns])
    return pa.table([cells for _, cells in columns], names, metadata={"title": title, "notes": notes})


def projection_arrow(
    projection: Projection, *, calendar: bool = False, holders: bool = False, language: Language = "en"
) -> "pa.Table":
    """The payments of a projection as an Arrow table: :func:`payment_lines` with types, by the same names.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.schedule import level
    >>> from coopledger.core.plan import Plan, Stream
    >>> from coopledger.core.projection import project
    >>> plan = Plan("示例村", term("2014-01-01", years=2, basis="lease"), [Stream("land", amount=level("160.5 yuan"))])
    >>> projection_arrow(project(plan))["amount"].to_pylist()
    [Decimal('160.50'), Decimal('160.50')]
    """
    pa = _pyarrow()
    names = line_names(holders=holders)
    lines = payment_lines(projection, calendar=calendar, holders=holders, language=language)
    types = {
        "year": pa.int64(),
        "amount": pa.decimal128(_DIGITS, projection.plan.currency.digits),
        "quantity": pa.decimal128(_DIGITS, 6),
        **dict.fromkeys(("from", "to", "due"), pa.date32()),
    }
    columns = [
        pa.array([None if cell == "" else cell for cell in cells], types.get(name, pa.string()))
        for name, cells in zip(names, _turned(list(lines), len(names)), strict=True)
    ]
    notes = "\n".join(projection.plan.notes)
    return pa.table(columns, names, metadata={"title": projection.plan.title, "notes": notes})


def to_pandas(shown: Table | Projection, language: Language = "en") -> "pd.DataFrame":
    """A table, or the payments of a projection, as a data frame: :func:`to_arrow`, with numbers as ``Decimal``.

    They are objects, so that sums, differences, groups and running sums are exact; a missing one is ``Decimal("NaN")``,
    which sums leave out. ``mean`` and ``describe`` of pandas reckon in binary floats. ``frame.attrs`` has the title and
    the notes.

    >>> from coopledger.core.table import Column
    >>> debit = Table("bank", [Column("debit", "yuan", number=True)], [["0.10"], ["0.20"], [""]])
    >>> to_pandas(debit)["debit (yuan)"].sum()
    Decimal('0.30')
    """
    table = to_arrow(shown, language)
    try:
        frame = table.to_pandas()
    except ImportError as error:  # pyarrow imports pandas itself
        raise _absent("pandas") from error
    for field in table.schema:
        if str(field.type).startswith("decimal"):
            frame[field.name] = [_MISSING if one is None else one for one in frame[field.name]]
    frame.attrs = {name.decode(): text.decode() for name, text in table.schema.metadata.items()}
    return frame


def parquet(table: "pa.Table") -> bytes:
    """An Arrow table as the bytes of a Parquet file.

    >>> parquet(to_arrow(Table("land", [], [])))[:4]
    b'PAR1'
    """
    from pyarrow.parquet import write_table

    file = BytesIO()
    write_table(table, file)
    return file.getvalue()


def _table(seen: object) -> Table:
    if isinstance(seen, Table):
        return seen
    shown = type(seen).__name__
    raise CoopledgerError(Message("{seen} is no table: a Table or a Projection is expected", seen=shown))


def _pyarrow() -> ModuleType:
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise _absent("pyarrow") from error


def _absent(library: str) -> CoopledgerError:
    said = Message("{library} is not installed: pip install 'coopledger[notebook]' brings it", library=library)
    return CoopledgerError(said)


def _turned(rows: Sequence[Sequence[Any]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _held(seen: Decimal | None) -> Decimal | None:
    """A number, if the column can hold it beside any other: at most 28 digits before the point, and ten behind."""
    if seen is None or seen.adjusted() >= 28 or _places([seen]) > 10:
        return None
    return seen


def _places(numbers: Iterable[Decimal | None]) -> int:
    return max((-int(one.as_tuple().exponent) for one in numbers if one is not None), default=0)


def _distinct(names: Iterable[str]) -> list[str]:
    """The names; of those that are alike the second with a 2 behind."""
    found: dict[str, None] = {}
    for name in names:
        other, n = name, 2
        while other in found:
            other, n = f"{name} {n}", n + 1
        found[other] = None
    return list(found)
