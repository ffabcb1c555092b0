"""What became of a member or a household, as a table: membership, standing, household, head, record by record."""

from datetime import date

from coopledger.core.journal import View, check_days
from coopledger.core.people import number_of
from coopledger.core.register import register
from coopledger.core.statement import Event, history
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.reports.cells import count, documents, reason
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import between, known
from coopledger.text import Message


def history_report(view: View, number: str, since: date | None = None, until: date | None = None) -> Table:
    """What became of a member, or of a household, within a span of days, both included: one row a record.

    Each row has what holds from its day on. Raises RegisterError for a number that was never in the register.

    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> family = admit(Joiner("0042", household="17", head=True), Joiner("0043", household="17"), effective_on=day)
    >>> for n, one in enumerate([found("示例村合作社", effective_on=day), family]):
    ...     _ = journal.append(one, key=f"step {n}", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in history_report(view, "17").rows[0]]
    ['2026-01-01', 'admit', '0042', '0042, 0043', 'founding', '3', '']
    """
    number = number_of(number)
    check_days(since, until)
    events = [
        one
        for one in history(view, number)
        if (since is None or one.effective_on >= since) and (until is None or one.effective_on <= until)
    ]
    now = register(view)
    own = _OF_HOUSEHOLD if number in now.people.households else _OF_MEMBER
    rows = [_row(view, one, own) for one in events]
    columns = [
        Column(Message("day")),
        Column(Message("what happened")),
        *(Column(heading) for heading in own.values()),
        Column(Message("reason")),
        count(Message("record")),
        Column(Message("documents")),
    ]
    title = Message("{number}, {name}", number=number, name=name_of(now, number, personal_rows(view)))
    return Table(
        Message("{holder}: history of membership", holder=title),
        columns,
        rows,
        (),
        [between(since, until), *known(view)],
    )


_OF_MEMBER = {
    "standing": Message("standing"),
    "household": Message("household"),
    "head": Message("head"),
    "groups": Message("groups"),
    "extra_votes": Message("extra votes"),
}
_OF_HOUSEHOLD = {"head": Message("head"), "members": Message("members")}


def _row(view: View, one: Event, own: dict[str, Message]) -> list[Text]:
    facts = view.record(one.seq).facts
    cells = [_cell(getattr(one, name)) for name in own]
    return [str(one.effective_on), words(one.act), *cells, reason(facts), str(one.seq), documents(facts)]


def _cell(seen: str | int | tuple[str, ...]) -> Text:
    if isinstance(seen, tuple):
        return Message("{cited}", cited=list(seen)) if seen else ""
    return words(str(seen)) if seen else ""
