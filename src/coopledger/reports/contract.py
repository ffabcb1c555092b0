"""Contracts as tables: how each stands, what was due and came in of one, and the rest of its term."""

from datetime import date

from coopledger.core.contract import Contract, contract, contracts, expected, falls_due
from coopledger.core.explain import ExplanationLine
from coopledger.core.journal import View
from coopledger.core.receivable import Due, contract_status, explain_due
from coopledger.core.register import register
from coopledger.core.table import Column, Table, Text
from coopledger.reports.cells import IN_YUAN, count, money, yuan
from coopledger.reports.witness import as_of
from coopledger.text import Message

_VOID = Message("void: past the twentieth year of a lease (民法典 705)")
_NOT_BOOKED = Message("not booked yet")
_NOT_KNOWN = Message("not known")


def contracts_report(view: View, on: date) -> Table:
    """The contracts of a book on a day: with whom, how long, what was due by then, came in, is open and overdue.

    >>> from coopledger.core.charter import found
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append(found("示例村合作社", effective_on=day), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     contracts_report(view, day).rows
    []
    """
    rows: list[list[Text]] = []
    for one in contracts(view).values():
        found = contract_status(view, one.code, on)
        due = sum(each.amount_fen or 0 for each in found.dues)
        rows.append(
            [
                one.code,
                one.counterparty,
                str(one.plan.term.start),
                str(one.ended_on or one.plan.term.end),
                yuan(due),
                yuan(due - found.open_fen),
                yuan(found.open_fen),
                yuan(found.overdue_fen),
                yuan(found.advance_fen),
            ]
        )
    columns = [
        Column(Message("contract")),
        Column(Message("counterparty")),
        Column(Message("from")),
        Column(Message("until")),
        money(Message("amount due")),
        money(Message("came in")),
        money(Message("open")),
        money(Message("overdue")),
        money(Message("in advance")),
    ]
    title = Message("{book}: contracts", book=register(view).book.name)
    return Table(title, columns, rows, notes=[IN_YUAN, *([] if rows else [Message("none")]), *as_of(view, on)])


def contract_report(view: View, name: str, on: date) -> list[Table]:
    """A contract on a day: what was due by then, each instalment, and by calendar year. Raises RegisterError."""
    found = contract_status(view, name, on)
    one = found.contract
    title = Message("{book}: contract {code}, {title}", book=_book(view), code=one.code, title=one.plan.title)
    notes = [IN_YUAN, Message("in advance: {fen}", fen=yuan(found.advance_fen)), *_versions(one), *as_of(view, on)]
    columns = [
        Column(Message("stream")),
        Column(Message("due on")),
        count(Message("contract year")),
        count(Message("instalment")),
        money(Message("amount due")),
        money(Message("came in")),
        money(Message("open")),
        count(Message("days overdue")),
        Column(Message("settled on")),
        Column(Message("note")),
    ]
    rows = [_row(each) for each in found.dues]
    totals = [Message("total"), "", "", "", *_sums(found.dues), "", "", ""]
    return [Table(title, columns, rows, totals, notes), _by_year(found.dues)]


def contract_rest_report(view: View, name: str) -> Table:
    """The rest of a contract's term by calendar year, each stream in a column: what is still to fall due.

    What is due and not booked yet is in it. Raises RegisterError.
    """
    one = contract(view, name)
    booked = falls_due(view, one)
    left = [each for each in expected(one) if each.key not in booked]
    streams = list(dict.fromkeys(each.stream for each in left))
    rows: list[list[Text]] = []
    notes: list[Text] = [IN_YUAN]
    assumed: list[Message] = []
    for year in sorted({each.due.year for each in left}):
        dues = [each for each in left if each.due.year == year]
        cells: list[Text] = []
        for stream in streams:
            fen = [each.amount_fen for each in dues if each.stream == stream]
            cells.append(_NOT_KNOWN if None in fen else yuan(sum(each or 0 for each in fen)))
        remarks = [_VOID] if any(each.void for each in dues) else []
        if any(each.assumptions for each in dues):
            remarks.append(Message("rests on an assumption"))
        assumed += [why for each in dues for why in each.assumptions]
        rows.append([str(year), *cells, yuan(sum(each.amount_fen or 0 for each in dues)), _remark(remarks)])
    by_stream = [yuan(sum(each.amount_fen or 0 for each in left if each.stream == stream)) for stream in streams]
    columns = [
        count(Message("due in")),
        *(money(stream) for stream in streams),
        money(Message("total")),
        Column(Message("note")),
    ]
    title = Message(
        "{book}: the rest of contract {code}, {title}", book=_book(view), code=one.code, title=one.plan.title
    )
    notes += [Message("assumption: {assumption}", assumption=why) for why in dict.fromkeys(assumed)]
    totals: list[Text] = [Message("total"), *by_stream, yuan(sum(each.amount_fen or 0 for each in left)), ""]
    return Table(title, columns, rows, totals, [*notes, *_versions(one), *as_of(view, None)])


def instalment_report(view: View, name: str, stream: str, due: date) -> Table:
    """How an instalment comes to its amount: the expression of its stream, worked through. Raises RegisterError."""
    rows = [_explained(line) for line in explain_due(view, name, stream, due)]
    title = Message(
        "{book}: contract {code}, {stream}, due on {due}", book=_book(view), code=name, stream=stream, due=due
    )
    columns = [Column(Message("what")), count(Message("comes to"))]
    return Table(title, columns, rows, notes=as_of(view, None))


def _explained(line: ExplanationLine) -> list[Text]:
    return [Message("{indent}{words}", indent="· " * line.depth, words=line.words), line.value or ""]


def _row(one: Due) -> list[Text]:
    remarks: list[Message] = [] if one.seq else [_NOT_BOOKED]
    if one.void:
        remarks.append(_VOID)
    return [
        one.stream,
        str(one.due),
        str(one.year),
        str(one.instalment),
        _NOT_KNOWN if one.amount_fen is None else yuan(one.amount_fen),
        yuan(one.received_fen),
        yuan(one.open_fen),
        str(one.overdue_days or ""),
        str(one.settled_on or ""),
        _remark(remarks),
    ]


def _remark(remarks: list[Message]) -> Text:
    return Message("{remarks}", remarks=remarks) if remarks else ""


def _by_year(dues: tuple[Due, ...]) -> Table:
    years = sorted({one.due.year for one in dues})
    rows: list[list[Text]] = [[str(year), *_sums([one for one in dues if one.due.year == year])] for year in years]
    columns = [
        count(Message("due in")),
        money(Message("amount due")),
        money(Message("came in")),
        money(Message("open")),
    ]
    return Table(Message("by calendar year"), columns, rows, [Message("total"), *_sums(dues)], [IN_YUAN])


def _sums(dues: "tuple[Due, ...] | list[Due]") -> list[Text]:
    due, open_fen = sum(one.amount_fen or 0 for one in dues), sum(one.open_fen for one in dues)
    return [yuan(due), yuan(due - open_fen), yuan(open_fen)]


def _versions(one: Contract) -> list[Text]:
    """With whom a contract is, from when its plan was amended, and when it ended."""
    notes: list[Text] = [Message("with {counterparty}", counterparty=one.counterparty)]
    notes += [Message("amended from {day} on, record {seq}", day=each.since, seq=each.seq) for each in one.versions[1:]]
    return [*notes, *([Message("ended on {day}", day=one.ended_on)] if one.ended_on else [])]


def _book(view: View) -> str:
    return register(view).book.name
