"""The register as tables: who holds what of each class on a day (股东名册)."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from coopledger.core.accounts import ERASURE
from coopledger.core.allocation import natural_key
from coopledger.core.charter import HOLDER
from coopledger.core.journal import Facts, View
from coopledger.core.passing import has_died
from coopledger.core.personal import masked
from coopledger.core.quantity import Number
from coopledger.core.register import Register, holdings, register
from coopledger.core.share_class import ShareClass
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.reports.cells import PERCENT_ROUNDED, count, named, percentage, shares
from coopledger.reports.witness import as_of
from coopledger.text import Message


def register_report(view: View, on: date | None = None, cls: str | None = None, *, names: bool = True) -> list[Table]:
    """Who holds what on a day (after everything, if none is given): a table for each class, or for one.

    A name comes from the personal row and is ``-`` where that was erased or never written; of a household it is its
    head's. ``names=False`` leaves names out. An estate is marked where the household stands, that of a household that
    died out too. Shares are whole ones, with the class's decimals.

    A class that nobody holds has a table only if it is asked for, or if nobody holds anything. Where there are no
    classes yet, one table without rows says so.

    Raises RegisterError for a class that is not there on that day.

    >>> from coopledger.core.ahead import in_turn
    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.core.movement import issue
    >>> from coopledger.core.share_class import open_class, preset
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [
    ...     found("示例村合作社", effective_on=day),
    ...     open_class(preset("land"), effective_on=day),
    ...     admit(Joiner("0042", household="17", head=True, personal={"name": "成员甲"}), effective_on=day),
    ...     issue("land", to="17", shares=500, effective_on=day),
    ... ]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [table] = register_report(view, day)
    >>> print(*table.rows[0][:4])
    17 成员甲 17 500
    """
    now = register(view, on)
    chosen = [*now.classes.values()] if cls is None else [now.share_class(cls)]
    rows = personal_rows(view) if names else None
    notes = as_of(view, on)
    tables = [_table(view, now, one, rows, notes) for one in chosen]
    if not tables:
        title = Message("{book}: register", book=now.book.name)
        return [Table(title, _columns(names=names), [], notes=[Message("there are no share classes"), *notes])]
    held = [table for one, table in zip(chosen, tables, strict=True) if table.rows or one.pooled]
    return held or tables


def personal_rows(view: View) -> dict[str, Facts]:
    """The personal rows by subject; of what was erased, a row whose name says so.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     personal_rows(view)
    {}
    """
    erased = {
        subject: {"name": Message("erased")} for one in view.records(ERASURE) for subject in one.facts["subjects"]
    }
    return {**erased, **view.personal()}


def name_of(now: Register, number: str, rows: Mapping[str, Facts]) -> Text:
    """The name of a member, or of a household's head, by :func:`personal_rows`; ``-`` where they have none."""
    member = now.households[number].head if number in now.households else number
    name: Text = rows.get(f"m/{member}", {}).get("name", "-")
    return name


def id_of(now: Register, number: str, rows: Mapping[str, Facts]) -> str:
    """The ID number of a member, or of a household's head, masked as it may be printed; empty where there is none."""
    member = now.households[number].head if number in now.households else number
    return masked(str(rows.get(f"m/{member}", {}).get("id") or ""))


def _table(
    view: View, now: Register, one: ShareClass, rows: Mapping[str, Facts] | None, notes: Sequence[Text]
) -> Table:
    held = holdings(view, one.code, now.on, now)
    lines: list[list[Text]] = []
    for number in sorted(held, key=natural_key):
        holding = held[number]
        lines.append(
            [
                number,
                *([] if rows is None else [name_of(now, number, rows)]),
                _home(now, number),
                *_counts(one, holding.shares, holding.pledged, holding.frozen, holding.unpaid),
                percentage(holding.of_class),
            ]
        )
    every = held.values()
    totals: list[Text] = [
        Message("total"),
        *([] if rows is None else [""]),
        "",
        *_counts(
            one,
            sum(holding.shares for holding in every),
            sum(holding.pledged for holding in every),
            sum(holding.frozen for holding in every),
            sum(holding.unpaid for holding in every),
        ),
        percentage(sum((holding.of_class for holding in every), start=Fraction(0))),
    ]
    columns = _columns(names=rows is not None)
    title = Message("{book}: register of {cls}", book=now.book.name, cls=named(one))
    return Table(title, columns, lines, totals, [*notes, PERCENT_ROUNDED, *_pooled(view, now, one)])


def _columns(*, names: bool) -> list[Column]:
    return [
        Column(Message("number")),
        *([Column(Message("name"))] if names else []),
        Column(Message("household")),
        count(Message("shares")),
        count(Message("of which pledged")),
        count(Message("of which frozen")),
        count(Message("of which unpaid")),
        Column(Message("percent"), "%", number=True),
    ]


def _home(now: Register, number: str) -> Text:
    """The household of a holder; of an estate, of a person or of a household that died out, that it is one."""
    if has_died(now.people, number, now.on):
        return words("estate")
    if number in now.households:
        return number
    member = now.members.get(number)
    return "" if member is None else member.household


def _counts(one: ShareClass, *counts: Number) -> list[str]:
    return [shares(units, one.digits) for units in counts]


def _pooled(view: View, now: Register, one: ShareClass) -> list[Text]:
    if not one.pooled:
        return []
    pool = sum(view.balances(one.code, HOLDER, now.on).values())
    return [
        Message(
            "{shares} shares are in the pool: everybody eligible on the day has an equal part of them",
            shares=shares(pool, one.digits),
        )
    ]
