"""Collections: what members owe in their current accounts (成员往来) comes in, in cash or by the bank.

They owe what they were paid of a run that was undone, and what an advance gave them that no run netted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.balances import amount, printed
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, cited
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, listed, shown
from coopledger.core.passing import REVERSAL
from coopledger.core.people import number_of
from coopledger.core.run import UNDECLARED, Run
from coopledger.core.settlement import CURRENT, standing_parts
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

COLLECTION = "collection"
"""The kind of records by which money came in from members who owe it."""


def collect(
    holders: Iterable[str] | Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    reason: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Collect from ``holders`` all that they owe in the member current account, or from each an amount in fen.

    Dr ``through``, the role of the account that gets it, Cr member current. A transfer that comes back after its run
    was undone is collected as well, with that reason. It is taken back by
    :func:`~coopledger.core.reversal.take_back`; what is set off against a dividend instead is paid through
    ``member current`` (:func:`~coopledger.core.payout.pay`).

    Raises RegisterError: nobody is named, somebody owes nothing, or less on the day or a later one, the account gets no
    money.

    >>> back = collect({"0042": 5_00}, effective_on=date(2027, 3, 5), through="cash")
    """
    check_date(effective_on)
    named: Mapping[str, int | None]
    named = holders if isinstance(holders, Mapping) else dict.fromkeys(listed(holders, str))
    named = {number_of(number): fen for number, fen in named.items()}
    if not named:
        raise RegisterError(Message("nobody is named: the numbers of those from whom money came in are expected"))
    if reason is not None and (not isinstance(reason, str) or not reason.strip()):
        raise RegisterError(Message("{name}: {seen}: a text is expected", name="reason", seen=shown(reason)))
    facts = {"through": through, **({"reason": reason} if reason else {}), **cited(documents)}

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        into = known.in_force(booked).account(through)
        if through == CURRENT or known.kind(into) != "asset":
            raise RegisterError(
                Message("{role} is no account that gets money: bank or cash is expected", role=printable(through))
            )
        places = {above: standing_parts(view, above, named, effective_on) for above in _places(known)}
        postings = []
        for number, wanted in named.items():
            parts = {f"{above}/{number}": there[number] for above, there in places.items() if there[number] > 0}
            left = _asked(number, wanted, sum(parts.values()), effective_on)
            for account, there in parts.items():
                if fen := min(left, there):
                    postings.append(Posting(MONEY, account, into, fen))
                    left -= fen
        return [Entry(COLLECTION, effective_on, booked, facts, postings)]

    return decide


class Collected(NamedTuple):
    """What came in from a holder on a day, in fen, through which role, by which record."""

    seq: int
    on: date
    through: str
    fen: int


def collected(view: View, holder: str, on: date | None = None) -> list[Collected]:
    """What came in from a holder up to a day, of what he owed, and was not taken back, in the order of records.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     collected(view, "17")
    []
    """
    accounts = {f"{above}/{holder}" for above in _places(charts(view))}
    found: dict[int, Collected] = {}
    for record in view.records(COLLECTION, REVERSAL):
        if on is not None and record.effective_on > on:
            continue
        for leg in record.postings:
            if record.kind == COLLECTION and leg.source in accounts:
                before = found[record.seq].fen if record.seq in found else 0
                through = str(record.facts.get("through", ""))
                found[record.seq] = Collected(record.seq, record.effective_on, through, before + leg.quantity)
            elif leg.reverses_seq in found and leg.target in accounts:
                own = found[leg.reverses_seq]
                found[leg.reverses_seq] = own._replace(fen=own.fen - leg.quantity)
    return [one for one in found.values() if one.fen]


def debts_of(view: View, one: Run, holder: str, on: date | None = None) -> list[Collected]:
    """What a holder owes since a run was undone, each time that it was, up to a day: what he had been paid of it.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     debts_of(view, never, "17")
    []
    """
    accounts = {f"{above}/{holder}" for above in _places(charts(view))}
    found = []
    for record in view.records(UNDECLARED, since=one.proposed_in):
        if record.facts.get("run") == one.code and (on is None or record.effective_on <= on):
            fen = sum(leg.quantity for leg in record.postings if leg.target in accounts)
            if fen:
                found.append(Collected(record.seq, record.effective_on, "", fen))
    return found


def owes(view: View, holder: str, on: date | None = None) -> int:
    """What a holder owes in the member current account as of a day, in fen; below 0 what is owed to him there.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     owes(view, "17")
    0
    """
    accounts = [f"{above}/{holder}" for above in _places(charts(view))]
    return sum(view.balances(MONEY, account, on).get((MONEY, account), 0) for account in accounts)


def _places(known: Charts) -> list[str]:
    """The member current accounts of all charts of a book."""
    return sorted({chart.account(CURRENT) for _, chart in known.adopted if CURRENT in chart.roles})


def _asked(number: str, wanted: int | None, due: int, on: date) -> int:
    """How much comes in from somebody, in fen. Raises RegisterError for more than he owes."""
    if due <= 0:
        raise RegisterError(
            Message(
                "{number} owes nothing in the member current account from {day} on", number=printable(number), day=on
            )
        )
    fen = due if wanted is None else wanted
    if type(fen) is not int or not 0 < fen <= due:
        raise RegisterError(
            Message(
                "{number} owes {due} yuan from {day} on: {fen} yuan cannot be collected",
                number=printable(number),
                due=printed(due, 2),
                day=on,
                fen=amount(fen),
            )
        )
    return fen
