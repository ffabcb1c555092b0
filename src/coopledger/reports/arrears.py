"""Arrears: what of all dividend runs is not paid yet, since when, and why it waits."""

from collections.abc import Iterator
from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.debt import undone_debts
from coopledger.core.dues import Due, dues
from coopledger.core.journal import Facts, View
from coopledger.core.payment_order import failures
from coopledger.core.payout import held_over, owing, waiting
from coopledger.core.register import Register, register
from coopledger.core.run import Run, runs, still_owed
from coopledger.core.settlement import kept
from coopledger.core.table import Column, Table, Text
from coopledger.reports.cells import IN_YUAN, count, money, yuan
from coopledger.reports.dividend import not_paid, paid_for
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message


def arrears_report(view: View, on: date | None = None, *, names: bool = True) -> list[Table]:
    """What is unpaid on a day, before tax: a table by run, and one by holder, with the reason for which it waits.

    An estate waits for the heirs, what is pledged or frozen for its release, what the bank did not pay is told with
    its reason, what is less than the least that is paid for a later run; the rest nobody was paid, or came for, yet.
    A table more says who owes since a run was undone, and one what is retained in whose name, where there is any.

    >>> from coopledger.core.charter import found
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append(found("示例村合作社", effective_on=day), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [len(table.rows) for table in arrears_report(view)]
    [0, 0]
    """
    now = register(view, on)
    rows_of = personal_rows(view) if names else None
    by_run: list[list[Text]] = []
    unpaid_of: list[tuple[str, Run, Due, Text]] = []
    held = 0
    for one in runs(view, on).values():
        if not still_owed(view, one.code, on):  # a balance: most runs are paid, and not read
            continue
        every = dues(view, one, on)
        due = {number: own for number, own in every.items() if own.unpaid_fen}
        if not due:
            continue
        waits = held_over(view, one, on, due) | owing(view, on, due)
        waits |= waiting(view, now.people, one.proposal.share_class, due, on)
        held += sum(due[number].unpaid_fen for number in waits)
        failed = failures(view, one.code, on, since=one.declared_in)
        by_run.append(
            [
                one.code,
                paid_for(one.proposal, view),
                str(one.declared_on),
                yuan(sum(own.declared_fen for own in every.values())),
                str(len(due)),
                yuan(sum(own.unpaid_fen for own in due.values())),
                yuan(sum(due[number].unpaid_fen for number in waits)),
            ]
        )
        unpaid_of += [(number, one, own, waits.get(number) or _why(failed.get(number))) for number, own in due.items()]
    unpaid_of.sort(key=lambda row: natural_key(row[0]))
    by_holder: list[list[Text]] = [
        [
            number,
            *([] if rows_of is None else [name_of(now, number, rows_of)]),
            one.code,
            yuan(own.declared_fen),
            yuan(own.unpaid_fen),
            str(own.since),
            why,
        ]
        for number, one, own, why in unpaid_of
    ]
    whole = sum(own.unpaid_fen for _, _, own, _ in unpaid_of)
    notes = [IN_YUAN, *([] if unpaid_of else [Message("none")]), *as_of(view, on)]
    first = Table(
        Message("{book}: dividends not paid yet, by run", book=now.book.name),
        [
            Column(Message("run")),
            Column(Message("paid for")),
            Column(Message("declared on")),
            money(Message("amount")),
            count(Message("holders")),
            money(Message("not paid yet")),
            money(Message("of it held back")),
        ],
        by_run,
        [Message("total"), "", "", "", "", yuan(whole), yuan(held)],
        notes,
    )
    second = Table(
        Message("{book}: dividends not paid yet, by holder", book=now.book.name),
        [
            Column(Message("number")),
            *([Column(Message("name"))] if names else []),
            Column(Message("run")),
            money(Message("amount")),
            money(Message("not paid yet")),
            Column(Message("since")),
            Column(Message("reason")),
        ],
        by_holder,
        [Message("total"), *([""] if names else []), "", "", yuan(whole), "", ""],
        notes,
    )
    return [first, second, *_owed_back(view, now, on, rows_of), *_retained(view, now, on, rows_of)]


def _owed_back(view: View, now: Register, on: date | None, rows_of: dict[str, Facts] | None) -> Iterator[Table]:
    """What members still owe since runs were undone, if anybody does."""
    if debts := undone_debts(view, on):
        yield Table(
            Message("{book}: owed by holders since runs were undone", book=now.book.name),
            [
                Column(Message("number")),
                *([Column(Message("name"))] if rows_of is not None else []),
                money(Message("owed by the holder")),
            ],
            [
                [number, *([] if rows_of is None else [name_of(now, number, rows_of)]), yuan(fen)]
                for number, fen in debts.items()
            ],
            [Message("total"), *([""] if rows_of is not None else []), yuan(sum(debts.values()))],
            [IN_YUAN, Message("it is set off against what a run owes them, or collected"), *as_of(view, on)],
        )


def _retained(view: View, now: Register, on: date | None, rows_of: dict[str, Facts] | None) -> Iterator[Table]:
    """What is retained in holders' names, run by run, if anything is."""
    found: list[tuple[str, str, int]] = []
    for one in runs(view, on).values():
        still: dict[str, int] = {}
        for move in kept(view, one, on):
            still[move.holder] = still.get(move.holder, 0) + move.fen
        found += [(number, one.code, fen) for number, fen in still.items() if fen]
    found.sort(key=lambda row: natural_key(row[0]))
    if found:
        yield Table(
            Message("{book}: retained in the holders' names", book=now.book.name),
            [
                Column(Message("number")),
                *([Column(Message("name"))] if rows_of is not None else []),
                Column(Message("run")),
                money(Message("retained still")),
            ],
            [
                [number, *([] if rows_of is None else [name_of(now, number, rows_of)]), run, yuan(fen)]
                for number, run, fen in found
            ],
            [Message("total"), *([""] if rows_of is not None else []), "", yuan(sum(fen for _, _, fen in found))],
            [IN_YUAN, *as_of(view, on)],
        )


def _why(reason: str | None) -> Text:
    """Why something is unpaid that waits for nobody: what the bank said, if it did."""
    return not_paid(reason) or Message("not paid out or not claimed")
