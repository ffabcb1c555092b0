"""The journal as a table, its records one line each; and one record as tables, with everything that it says."""

from collections.abc import Collection, Iterator, Mapping

from coopledger.core.balances import printed
from coopledger.core.chart import charts
from coopledger.core.contract import CONTRACT
from coopledger.core.journal import Facts, Record, View, check_seq, listed
from coopledger.core.plan_text import plan_parts
from coopledger.core.share_class import classes
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import RECORD_KINDS, kind_words, kinds_of
from coopledger.errors import RegisterError
from coopledger.reports.cells import count, digits_of, happened, moment, reason
from coopledger.reports.witness import known
from coopledger.text import Message, printable


def records_report(view: View, kinds: Collection[str] = (), since: int = 0) -> Table:
    """The records after a number, of some kinds or of all: kinds by their codes, or by the words of the table.

    Times are those of this place, with their distance from UTC. Raises RegisterError for a kind that is neither one of
    coopledger's own nor in the book.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill", clock=lambda: 0)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in records_report(view).rows[0][2:7]]
    ['2023-01-01', '2023-01-01', 'accounts opened', 'chart', 'accountant']
    """
    check_seq(since)
    chosen = [meant for kind in listed(kinds, str) for meant in _kinds(view, kind)]
    rows: list[list[Text]] = [
        [
            str(one.seq),
            moment(one.recorded_at),
            str(one.effective_on),
            str(one.booked_on),
            happened(kind_words(one.kind), one.kind, one.facts),
            one.key,
            one.actor,
            str(len(one.postings)),
            one.hash.hex()[:12],
        ]
        for one in view.records(*chosen, since=since)
    ]
    columns = [
        count(Message("record")),
        Column(Message("written at")),
        Column(Message("effective")),
        Column(Message("booked")),
        Column(Message("kind")),
        Column(Message("key")),
        Column(Message("actor")),
        count(Message("postings")),
        Column(Message("hash")),
    ]
    notes = [Message("of each hash the first 12 digits are shown"), *known(view)]
    return Table(Message("the journal"), columns, rows, (), notes)


def record_report(view: View, seq: int) -> list[Table]:
    """One record, whole: its days, actor, key, fingerprint and facts; and its postings, if it has some.

    Facts stand under the names that the journal has for them, documents with their SHA-256 and a resolution with its
    votes among them; of personal rows the numbers that they are about. Raises UnknownRecordError.

    >>> from coopledger.book import MemoryJournal, Posting, adopt, C2021, Entry
    >>> from datetime import date
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {"reason": "shares"}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [whole, postings] = record_report(view, 2)
    >>> [str(cell) for cell in whole.rows[-1]], [str(cell) for cell in postings.rows[0][:5]]
    (['reason', 'shares'], ['1', 'c2021:301', 'c2021:101', '500.00', 'CNY'])
    """
    one = view.record(seq)
    rows: list[list[Text]] = [
        [Message("written at"), moment(one.recorded_at)],
        [Message("effective"), str(one.effective_on)],
        [Message("booked"), str(one.booked_on)],
        [Message("kind"), happened(kind_words(one.kind), one.kind, one.facts)],
        [Message("actor"), printable(one.actor)],
        [Message("key"), printable(one.key)],
        [Message("hash"), str(one.head)],
    ]
    rows += [[Message("personal data"), subject] for subject, _ in one.personal]
    rows += _facts({**one.facts, "plan": plan_parts(str(one.facts["plan"]))} if _has_plan(one) else one.facts)
    columns = [Column(Message("what stands in it")), Column(Message("content"))]
    whole = Table(Message("record {number}", number=seq), columns, rows, (), known(view))
    return [whole, _postings(view, one)] if one.postings else [whole]


def _has_plan(one: Record) -> bool:
    return one.kind == CONTRACT and "plan" in one.facts


def _facts(facts: Facts) -> Iterator[list[Text]]:
    """A row for each fact; what is within others has their names before its own."""
    for name, seen in _flat("", facts):
        if name == "reason":
            yield [name, reason(facts)]
        else:
            yield [printable(name), kind_words(seen) if name == "act" else printable(seen)]


def _flat(name: str, seen: object) -> Iterator[tuple[str, str]]:
    if isinstance(seen, Mapping):
        for one, value in seen.items():
            yield from _flat(f"{name}: {one}" if name else str(one), value)
    elif isinstance(seen, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in seen):
        for n, value in enumerate(seen, 1):
            yield from _flat(f"{name} {n}", value)
    elif isinstance(seen, list | tuple):
        yield name, ", ".join(str(one) for one in seen)
    else:
        yield name, "" if seen is None else str(seen).lower() if isinstance(seen, bool) else str(seen)


def _postings(view: View, record: Record) -> Table:
    known_classes, units = classes(view), charts(view).ground.denominations
    rows: list[list[Text]] = []
    for n, one in enumerate(record.postings, 1):
        digits = units[one.denomination].digits
        if one.denomination in known_classes:
            digits = digits_of(known_classes[one.denomination], record.effective_on, record.seq)
        back = "" if one.reverses_seq is None else f"{one.reverses_seq}/{(one.reverses_line or 0) + 1}"
        quantity = printed(one.quantity, digits)
        rows.append([str(n), one.source, one.target, quantity, one.denomination, printable(one.lot or ""), back])
    columns = [
        count(Message("line")),
        Column(Message("from")),
        Column(Message("to")),
        count(Message("quantity")),
        Column(Message("unit")),
        Column(Message("lot")),
        Column(Message("takes back record/line")),
    ]
    return Table(Message("its postings"), columns, rows)


def _kinds(view: View, seen: str) -> list[str]:
    """The kinds that are meant, if there can be records of them."""
    meant = kinds_of(seen)
    if {*meant} & {*RECORD_KINDS} or next(view.records(*meant), None) is not None:
        return meant
    raise RegisterError(
        Message(
            "{seen}: there is no such kind of records; the book has {known}",
            seen=printable(repr(seen))[:80],
            known=[*dict.fromkeys(kind_words(one.kind) for one in view.records())] or "-",
        )
    )
