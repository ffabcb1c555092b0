"""Collections: what members owe in their current accounts (成员往来) comes in, in cash or by the bank; or goes back.

They owe what they were paid of a run that was undone, and what an advance gave them that no run netted. Of an advance
that was collected before it was paid, and undone, it is they to whom it is owed there, and who are repaid.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.balances import amount, printed
from coopledger.core.booked_order import check_booked_order
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, cited
from coopledger.core.conversion import not_yet, standing_carried
from coopledger.core.debt import advances
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, listed, shown
from coopledger.core.passing import REVERSAL
from coopledger.core.people import number_of
from coopledger.core.run import DECLARATION, UNDECLARED, Run, still_owed
from coopledger.core.settlement import CURRENT, all_at_once, first_of, standing_parts
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

COLLECTION, REPAYMENT = "collection", "repaid"
"""The kinds of records by which money came in from members who owe it, and went to those to whom it is owed there."""


def collect(
    holders: Iterable[str] | Mapping[str, int | None],
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    reason: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Collect from ``holders`` all that they owe in the member current account, or from each an amount in fen.

    An amount None is all. Dr ``through``, the role of the account that gets it, Cr member current. A transfer that
    comes back after its run was undone is collected as well, with that reason. It is taken back by
    :func:`~coopledger.core.reversal.take_back`; what is set off against a dividend instead is paid through
    ``member current`` (:func:`~coopledger.core.payout.pay`).

    Raises RegisterError: nobody is named, somebody owes nothing, or less on the day or a later one, the account gets no
    money.

    >>> back = collect({"0042": 5_00}, effective_on=date(2027, 3, 5), through="cash")
    """
    named = _named(holders)
    if not named:
        raise RegisterError(Message("nobody is named: the numbers of those from whom money came in are expected"))
    facts = _said(effective_on, through, reason, documents)

    def refuse(number: str, due: int, fen: object) -> Message:
        said = {"number": number, "due": printed(due, 2), "day": effective_on, "fen": amount(fen)}
        if not due:
            return Message("{number} owes nothing in the member current account from {day} on", **said)
        return Message("{number} owes {due} yuan from {day} on: {fen} yuan cannot be collected", **said)

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        into = known.in_force(booked).account(through)
        if not known.has_money(into):
            raise RegisterError(
                Message("{role} is no account that gets money: bank or cash is expected", role=printable(through))
            )
        asked = _asked(named, _stands(view, named, effective_on), refuse)
        postings = [Posting(MONEY, account, into, fen) for account, fen in asked.items()]
        check_booked_order(view, postings, booked)
        return [Entry(COLLECTION, effective_on, booked, facts, postings)]

    return decide


def repay(
    holders: Iterable[str] | Mapping[str, int | None],
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    reason: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Repay ``holders`` all that is owed to them in the member current account, or each an amount in fen.

    An amount None is all. Dr member current Cr ``through``, the role of the account that pays. So much is owed to who
    brought an advance back, or had it set off, before he was paid it, if its run is undone then. It is taken back by
    :func:`~coopledger.core.reversal.take_back`.

    Raises RegisterError: nobody is named, nothing is owed to somebody, or less on the day or a later one, the account
    pays no money, or has not so much.

    >>> back = repay({"0042": 5_00}, effective_on=date(2027, 3, 5), through="cash")
    """
    named = _named(holders)
    if not named:
        raise RegisterError(Message("nobody is named: the numbers of those who are repaid are expected"))
    facts = _said(effective_on, through, reason, documents)

    def refuse(number: str, due: int, fen: object) -> Message:
        said = {"number": number, "due": printed(due, 2), "day": effective_on, "fen": amount(fen)}
        if not due:
            return Message("nothing is owed to {number} in the member current account from {day} on", **said)
        return Message(
            "{due} yuan are owed to {number} in the member current account from {day} on: {fen} yuan cannot be repaid",
            **said,
        )

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        pays = known.in_force(booked).account(through)
        if not known.has_money(pays):
            raise RegisterError(
                Message("{role} is no account that repays: bank or cash is expected", role=printable(through))
            )
        asked = _asked(named, _stands(view, named, effective_on, -1), refuse)
        postings = [Posting(MONEY, pays, account, fen) for account, fen in asked.items()]
        check_booked_order(view, postings, booked)
        needed, stands = sum(leg.quantity for leg in postings), standing_carried(view, pays, effective_on)
        if stands < needed:
            raise RegisterError(
                Message(
                    "{account} stands at {stands} yuan from {day} on: {amount} cannot be repaid from it{hint}",
                    account=pays,
                    stands=printed(stands, 2),
                    day=effective_on,
                    amount=printed(needed, 2),
                    hint=not_yet(known, pays, effective_on),
                )
            )
        return [Entry(REPAYMENT, effective_on, booked, facts, postings)]

    return decide


class Collected(NamedTuple):
    """What came in from a holder on a day, in fen, through which role, by which record; below 0 what he was repaid."""

    seq: int
    on: date
    through: str
    fen: int


def collected(view: View, holder: str, on: date | None = None) -> list[Collected]:
    """What came in from a holder up to a day, of what he owed, and what he was repaid, in the order of records.

    What was taken back is not in it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     collected(view, "17")
    []
    """
    accounts = {f"{above}/{holder}" for above in _places(charts(view))}
    found: dict[int, Collected] = {}
    for record in view.records(COLLECTION, REPAYMENT, REVERSAL):
        if on is not None and record.effective_on > on:
            continue
        for leg in record.postings:
            seq = record.seq if leg.reverses_seq is None else leg.reverses_seq
            fen = leg.quantity * ((leg.source in accounts) - (leg.target in accounts))
            if record.kind == REVERSAL and seq not in found:
                continue
            own = found.get(seq) or Collected(seq, record.effective_on, str(record.facts.get("through", "")), 0)
            found[seq] = own._replace(fen=own.fen + fen)
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
    undone = undoings(view, one, on)
    return [Collected(each.seq, each.on, "", each.fen[holder]) for each in undone if holder in each.fen]


class Undoing(NamedTuple):
    """The record by which a run was owed no more, its day and its reason, and what each holder owes since, in fen."""

    seq: int
    on: date
    reason: str
    fen: Mapping[str, int]


def undoings(view: View, one: Run, on: date | None = None) -> list[Undoing]:
    """Each time that a run which was declared was undone, up to a day, with what each holder had of it until then.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     undoings(view, never)
    []
    """
    places = {*_places(charts(view))}
    found = []
    advanced: dict[str, int] = {}
    for record in view.records(DECLARATION, UNDECLARED, since=one.proposed_in):
        if record.facts.get("run") != one.code or (on is not None and record.effective_on > on):
            continue
        moved = dict.fromkeys(advanced, 0)
        for leg in record.postings:
            for account, fen in ((leg.target, leg.quantity), (leg.source, -leg.quantity)):
                above, _, number = account.rpartition("/")
                if above in places:
                    moved[number] = moved.get(number, 0) + fen
        if record.kind == DECLARATION:
            advanced = moved  # what of an advance is not taken off again is his debt since it was declared
            continue
        owed = {number: advanced.get(number, 0) + fen for number, fen in moved.items()}
        had = {number: fen for number, fen in owed.items() if fen}
        found.append(Undoing(record.seq, record.effective_on, str(record.facts.get("reason", "")), had))
    return found


def owes(view: View, holder: str, on: date | None = None) -> int:
    """What a holder owes in the member current account as of a day, in fen; below 0 what is owed to him there.

    What of an advance he was not paid yet is not in it: it stands there as well as in what is owed to him of the run.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     owes(view, "17")
    0
    """
    accounts = [f"{above}/{holder}" for above in _places(charts(view))]
    stands = sum(view.balances(MONEY, account, on).get((MONEY, account), 0) for account in accounts)
    left = advances(view, holder, on).left if stands > 0 else {}
    return stands - sum(min(fen, still_owed(view, name, on).get(holder, 0)) for name, fen in left.items())


def _places(known: Charts) -> list[str]:
    """The member current accounts of all charts of a book."""
    return sorted({chart.account(CURRENT) for _, chart in known.adopted if CURRENT in chart.roles})


def _named(holders: Iterable[str] | Mapping[str, int | None]) -> dict[str, int | None]:
    """Who is named, each with the amount if one is said."""
    named: Mapping[str, int | None]
    named = holders if isinstance(holders, Mapping) else dict.fromkeys(listed(holders, str))
    return {number_of(number): fen for number, fen in named.items()}


def _said(on: date, through: str, reason: str | None, documents: Iterable[Document]) -> dict[str, Any]:
    """What a record says of money that came in, or went back. Raises RegisterError."""
    check_date(on)
    if reason is not None and (not isinstance(reason, str) or not reason.strip()):
        raise RegisterError(Message("{name}: {seen}: a text is expected", name="reason", seen=shown(reason)))
    return {"through": through, **({"reason": reason} if reason else {}), **cited(documents)}


def _stands(view: View, numbers: Iterable[str], on: date, sign: int = 1) -> dict[str, dict[str, int]]:
    """What some owe on a day and each later one, by number and account; with the sign -1, what is owed to them."""
    found: dict[str, dict[str, int]] = {number: {} for number in numbers}
    for above in _places(charts(view)):
        for number, fen in standing_parts(view, above, found, on, sign).items():
            if fen > 0:
                found[number][f"{above}/{number}"] = fen
    return found


def _asked(
    named: Mapping[str, int | None],
    stands: Mapping[str, Mapping[str, int]],
    refuse: Callable[[str, int, object], Message],
) -> dict[str, int]:
    """How many fen leave which account. Raises RegisterError for all at once of whom too much is asked.

    What ``refuse`` says of one has his number, what stands there in fen, and what is asked of it.
    """
    found: dict[str, int] = {}
    wrong = []
    for number, places in stands.items():
        due, wanted = sum(places.values()), named[number]
        fen = due if wanted is None else wanted
        if type(fen) is int and 0 < fen <= due:
            found |= first_of(places, fen)
        else:
            wrong.append(refuse(printable(number), due, fen))
    if wrong:
        raise RegisterError(all_at_once(wrong, named))
    return found
