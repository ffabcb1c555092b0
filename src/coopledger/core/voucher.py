"""Vouchers (记账凭证): what the money postings of a book say in 借 and 贷.

A voucher is a view of a record, never stored. It is numbered within the month of its accounting date, in the order of
the records: a later record gets a later number, so a number once printed stays. Reversals are printed red, as negative
amounts on the original sides; ``transit`` is never printed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, Charts, Words, charts
from coopledger.core.journal import TRANSIT, Decision, Entry, Facts, Record, View, check_date, root, shown
from coopledger.errors import EntryError, Problem, RegisterError
from coopledger.text import Message, printable

REVIEW = "review"
"""The kind of record by which somebody reviews vouchers: their numbers as records, and who reviewed."""


_PAGES = re.compile(r"(?P<first>\d{1,6})(?:[-–](?P<last>\d{1,6}))?")


class Line(NamedTuple):
    """A line of a voucher: an account with its name on that day, and its fen on one side; red is negative."""

    account: str
    name: Words
    debit_fen: int
    credit_fen: int


class Voucher(NamedTuple):
    """The voucher of one record: 记-number of a month, its lines, and who prepared, reviewed and paid or received.

    ``attachments`` counts sheets (附单据 N 张): the pages that are cited of each document, one where none are.
    """

    year: int
    month: int
    number: int
    seq: int
    booked_on: date
    kind: str
    summary: str
    lines: tuple[Line, ...]
    attachments: int
    preparer: str
    reviewer: str
    cashier: str

    @property
    def total_fen(self) -> int:
        """What all debits come to, and all credits."""
        return sum(one.debit_fen for one in self.lines)


class Persons(NamedTuple):
    """Who prepared a record's voucher, who reviewed it, and the cashier; empty where nobody did yet.

    They are named as actors are: by a code or an office, not by a person's name.
    """

    preparer: str
    reviewer: str = ""
    cashier: str = ""


def lines(record: Record, book: Charts) -> tuple[Line, ...]:
    """The lines of a record's voucher: debits first, one line an account (its parts together), side and colour.

    Debits and credits come to the same. Empty for a record that moves no money.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.journal import Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> [record] = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.account, one.debit_fen, one.credit_fen) for one in lines(record, charts(view))]
    [('c2021:101', 50000, 0), ('c2021:301', 0, 50000)]
    """
    sums: dict[tuple[bool, bool, str], int] = {}
    expenses, apart = (
        {chart.account(role) for _, chart in book.adopted if role in chart.roles}
        for role in ("amortisation expense", "amortisation")
    )
    for one in record.postings:
        if one.denomination != MONEY:
            continue
        back = one.reverses_seq is not None
        source, target = (one.target, one.source) if back else (one.source, one.target)
        red = back != (root(source) in expenses and root(target) in apart)  # amortisation that an early end takes back
        # What goes back from the original target to the original source stands where that stood, red.
        debited, credited = (one.source, one.target) if red else (one.target, one.source)
        for account, is_credit in ((debited, False), (credited, True)):
            if root(account) != TRANSIT:
                place = (is_credit, red, root(account))
                sums[place] = sums.get(place, 0) + (-one.quantity if red else one.quantity)
    return tuple(
        Line(account, book.name(account, record.booked_on), 0 if is_credit else fen, fen if is_credit else 0)
        for (is_credit, _, account), fen in sorted(sums.items())
    )


def vouchers(view: View, since: date | None = None, until: date | None = None) -> list[Voucher]:
    """The vouchers booked from one day to another, both included, by month and number.

    Raises EntryError for a day that is no date.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.journal import Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 3, 5)
    >>> land = Entry("issue", day, day, {"reason": "land"}, [Posting("CNY", "c2021:301", "c2021:161/G1", 50_000_00)])
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> _ = journal.append([land], key="land", actor="accountant")
    >>> with journal.read() as view:
    ...     [voucher] = vouchers(view)
    >>> voucher.month, voucher.number, [(one.name.zh, one.debit_fen, one.credit_fen) for one in voucher.lines]
    (3, 1, [('无形资产', 5000000, 0), ('股金', 0, 5000000)])
    """
    check_span(since, until)
    book = charts(view)
    reviews = _reviews(view)
    numbers: dict[tuple[int, int], int] = {}
    found = []
    for record in view.records():
        written = lines(record, book)
        if not written:
            continue
        month = (record.booked_on.year, record.booked_on.month)
        number = numbers[month] = numbers.get(month, 0) + 1
        if (since is not None and record.booked_on < since) or (until is not None and record.booked_on > until):
            continue
        who = persons(record, reviews.get(record.seq, ()))
        found.append(
            Voucher(
                *month,
                number,
                record.seq,
                record.booked_on,
                record.kind,
                printable(str(record.facts.get("reason", ""))),
                written,
                _attachments(record.facts),
                *who,
            )
        )
    return sorted(found, key=lambda one: (one.year, one.month, one.number))


def review_voucher(
    seqs: Iterable[int], *, reviewer: str, cashier: str = "", effective_on: date, booked_on: date | None = None
) -> Decision:
    """The decision to review the vouchers of some records: one record that names them and who reviewed.

    Preparer, reviewer and cashier are three persons (会计基础工作规范). Raises RegisterError if two of them are one, if
    a record has no voucher, or if it is reviewed already; UnknownRecordError for a number that no record has.

    >>> review = review_voucher([2, 3], reviewer="head", cashier="cashier", effective_on=date(2026, 3, 31))
    """
    chosen = [*seqs] if isinstance(seqs, Iterable) else [seqs]
    if not all(type(one) is int for one in chosen) or not isinstance(reviewer, str) or not isinstance(cashier, str):
        raise EntryError(
            Message(
                "a review of {seqs} by {reviewer}: numbers of records and a name are expected",
                seqs=shown(chosen),
                reviewer=shown(reviewer),
            )
        )
    chosen = sorted({*chosen})

    def decide(view: View) -> Iterator[Entry]:
        book = charts(view)
        reviews = _reviews(view)
        for seq in chosen:
            record = view.record(seq)
            if not lines(record, book):
                raise RegisterError(Message("record {seq} moves no money: it has no voucher", seq=seq))
            was = persons(record, reviews.get(seq, ()))
            if was.reviewer:
                raise RegisterError(
                    Message(
                        "the voucher of record {seq} was reviewed already by {who}",
                        seq=seq,
                        who=printable(was.reviewer),
                    )
                )
            now = Persons(was.preparer, reviewer, cashier or was.cashier)
            if twice := same_person(now):
                raise RegisterError(_not_apart(seq, twice))
        if not reviewer.strip() or not chosen:
            raise EntryError(Message("a review names its reviewer and at least one record"))
        said: dict[str, Any] = {"records": chosen, "reviewer": reviewer}
        if cashier:
            said["cashier"] = cashier
        yield Entry(REVIEW, effective_on, booked_on or effective_on, said)

    return decide


def check_span(since: date | None, until: date | None) -> None:
    """Raise EntryError if the first or last day of a period is given and is no date.

    >>> check_span(None, date(2026, 12, 31))
    """
    for one in (since, until):
        if one is not None:
            check_date(one)


def persons(record: Record, reviews: Sequence[Record] = ()) -> Persons:
    """Who signs a record's voucher: by its own facts, then by the reviews of it; who appended it prepared it.

    The facts are ``preparer``, ``reviewer`` and ``cashier``.

    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 3, 5)
    >>> paid = Entry("note", day, day, {"cashier": "cashier"})
    >>> [record] = MemoryJournal("hill").append([paid], key="note", actor="accountant")
    >>> persons(record)
    Persons(preparer='accountant', reviewer='', cashier='cashier')
    """
    found = {"preparer": record.actor, "reviewer": "", "cashier": ""}
    for facts in (record.facts, *(one.facts for one in reviews)):
        found.update({name: str(facts[name]) for name in found if facts.get(name)})
    return Persons(**found)


def same_person(who: Persons) -> str:
    """Who has two of the three offices; empty if nobody has.

    >>> same_person(Persons("accountant", "head", "accountant"))
    'accountant'
    """
    named = [one.strip() for one in who if one.strip()]
    return next((one for at, one in enumerate(named) if one in named[:at]), "")


def check_vouchers(found: Iterable[Voucher]) -> list[Problem]:
    """What is wrong with vouchers: two offices in one hand, or not balanced.

    >>> both = Voucher(2026, 3, 1, 7, date(2026, 3, 5), "issue", "", (), 0, "accountant", "accountant", "")
    >>> [one.where for one in check_vouchers([both])]
    ['2026-03 记-1']
    """
    problems = []
    for one in found:
        where = f"{one.year}-{one.month:02} 记-{one.number}"
        if twice := same_person(Persons(one.preparer, one.reviewer, one.cashier)):
            problems.append(Problem(where, _not_apart(one.seq, twice)))
        credit = sum(line.credit_fen for line in one.lines)
        if one.total_fen != credit:
            problems.append(
                Problem(
                    where,
                    Message(
                        "{debit} yuan in debit, {credit} in credit",
                        debit=printed(one.total_fen, 2),
                        credit=printed(credit, 2),
                    ),
                )
            )
    return problems


def _not_apart(seq: int, who: str) -> Message:
    return Message(
        "record {seq}: {who} signs twice: preparer, reviewer and cashier are different persons (会计基础工作规范)",
        seq=seq,
        who=printable(who),
    )


def _reviews(view: View) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for record in view.records(REVIEW):
        for seq in record.facts["records"]:
            found.setdefault(seq, []).append(record)
    return found


def _attachments(facts: Facts) -> int:
    documents = facts.get("documents")
    return sum(_sheets(one) for one in documents) if isinstance(documents, list) else 0


def _sheets(document: object) -> int:
    """The pages that are cited: 4 for ``1-3, 7``; 1 where that cannot be read."""
    pages = str(document.get("pages", "")) if isinstance(document, Mapping) else ""
    spans = [_PAGES.fullmatch(one.strip()) for one in pages.split(",")]
    counts = [int(span["last"] or span["first"]) - int(span["first"]) + 1 if span else 0 for span in spans]
    return sum(counts) if min(counts) > 0 else 1
