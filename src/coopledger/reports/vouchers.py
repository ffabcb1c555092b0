"""Vouchers as tables (记账凭证): a table for each month, a line for each account in 借 and 贷."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from coopledger.core.amortisation import AMORTISATION
from coopledger.core.journal import View
from coopledger.core.passing import REDEEM, REVERSAL
from coopledger.core.table import Column, Table, Text
from coopledger.core.trial_balance import chart_of
from coopledger.core.voucher import Voucher, vouchers
from coopledger.core.wording import kind_words
from coopledger.reports.cells import IN_YUAN, count, happened, money, reason, yuan
from coopledger.reports.witness import between, known
from coopledger.text import Message


def vouchers_report(view: View, since: date | None, until: date | None) -> list[Table]:
    """The vouchers booked from one day to another, both included: a table for each month that has some.

    They are numbered as they were recorded. An account has its chart before its code only in a month of two charts.

    An amount that takes back an earlier one stands on the original side, red: with a minus; so does amortisation
    that an early end takes back.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [march] = vouchers_report(view, day, day)
    >>> [[str(cell) for cell in row[:7]] for row in march.rows]
    [['记-1', '2026-03-05', 'note', '101', 'cash in hand', '500.00', ''],
     ['记-1', '2026-03-05', 'note', '301', 'share capital', '', '500.00']]
    """
    notes: list[Text] = [
        Message("booked {days}", days=between(since, until)),
        IN_YUAN,
        Message("vouchers are numbered in the order in which they were recorded"),
        Message("an amount with a minus is red: it takes back an earlier one"),
        *known(view),
    ]
    every = vouchers(view, since, until)
    summaries = _summaries(view, every)
    return [
        _month(year, month, [*group], summaries, notes)
        for (year, month), group in groupby(every, key=lambda one: one[:2])
    ]


def _summaries(view: View, found: Sequence[Voucher]) -> dict[int, Text]:
    """What each voucher is about, by its record: what happened and why; once, where both are said by the same word."""
    wanted = {one.seq for one in found}
    more = view.records(REVERSAL, REDEEM, since=min(wanted) - 1) if wanted else ()
    facts = {one.seq: one.facts for one in more if one.seq in wanted}
    summaries: dict[int, Text] = {}
    for one in found:
        said = facts.get(one.seq, {"reason": one.summary})
        what = happened(kind_words(one.kind), one.kind, said)
        if one.kind == AMORTISATION and any(line.debit_fen < 0 for line in one.lines):
            what = Message("amortisation taken back")
        same = one.summary in {"", one.kind}
        summaries[one.seq] = what if same else Message("{what}: {reason}", what=what, reason=reason(said))
    return summaries


def _month(
    year: int, month: int, found: Sequence[Voucher], summaries: Mapping[int, Text], notes: Sequence[Text]
) -> Table:
    apart = len({chart_of(line.account) for one in found for line in one.lines}) > 1
    rows: list[list[Text]] = []
    for one in found:
        once: list[Text] = [str(one.attachments), one.preparer, one.reviewer, one.cashier]
        for line in one.lines:
            rows.append(
                [
                    f"记-{one.number}",
                    str(one.booked_on),
                    summaries[one.seq],
                    line.account if apart else line.account.rpartition(":")[2],
                    Message("{shown}", shown=line.name),
                    yuan(line.debit_fen) if line.debit_fen else "",
                    yuan(line.credit_fen) if line.credit_fen else "",
                    str(one.seq),
                    *once,
                ]
            )
            once = ["", "", "", ""]
    columns = [
        Column(Message("voucher")),
        Column(Message("day")),
        Column(Message("summary")),
        Column(Message("account")),
        Column(Message("account name")),
        money(Message("debit")),
        money(Message("credit")),
        count(Message("record")),
        count(Message("sheets attached")),
        Column(Message("preparer")),
        Column(Message("reviewer")),
        Column(Message("cashier")),
    ]
    every = [line for one in found for line in one.lines]
    debit_fen, credit_fen = sum(line.debit_fen for line in every), sum(line.credit_fen for line in every)
    totals: list[Text] = [Message("total"), *[""] * 4, yuan(debit_fen), yuan(credit_fen), *[""] * 5]
    return Table(Message("vouchers of {year}-{month:0>2}", year=year, month=month), columns, rows, totals, notes)
