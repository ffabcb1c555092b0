"""Payment orders: what a dividend run still owes is paid by the bank, by a list that it is given and gives back.

An order is not recorded: it says from which state of the book it was written (:class:`Reference`), and each payment
carries that. What the bank did with it is one append: who was paid is paid, who was not is owed still or again, with
the reason why.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.ahead import in_turn
from coopledger.core.allocation import natural_key
from coopledger.core.balances import printed
from coopledger.core.charter import book
from coopledger.core.citation import Document, cited
from coopledger.core.journal import Decision, Entry, Facts, View, check_date, check_days, check_seq, listed, shown
from coopledger.core.payout import Payable, bounce, held_back, held_over, owing, pay, payables, received
from coopledger.core.people import number_of, roll
from coopledger.core.personal import account_number, masked_account
from coopledger.core.proposal import run_code
from coopledger.core.run import BOUNCE, PAYOUT, Run, holder_paid, run, settled
from coopledger.core.settlement import Lapsed, lapses
from coopledger.core.wording import words
from coopledger.errors import JournalError, Problem, RegisterError, ReturnError
from coopledger.text import Message, printable

RETURN = "bank-return"
"""The kind of records that say what a bank did with an order: who was ``paid``, and by number why others ``failed``.

``failed_fen`` is what each of those was to be paid.
"""

REASONS = (
    "account name differs",
    "no such account",
    "account closed",
    "account blocked",
    "account dormant",
    "limit exceeded",
    "account number wrong",
    "account status abnormal",
    "other reason",
)
"""Why a payment failed, as it is recorded: what the bank wrote may name somebody, and stands in the cited file."""

_REFERENCE = re.compile(r"(\S+)\s+([0-9]{1,18}):([0-9a-f]{8})(?:\s|$)")


class BankAccount(NamedTuple):
    """To which account somebody is paid: whose it is (户名), its number (账号), the bank that keeps it (开户行)."""

    payee: str
    number: str
    branch: str = ""


class Reference(NamedTuple):
    """What identifies an order: the run, and the last record of the book it was written from, with its hash's start.

    >>> Reference.parse("2026 31:0a1b2c3d 示例村合作社")
    Reference(run='2026', seq=31, hash='0a1b2c3d')
    """

    run: str
    seq: int
    hash: str

    def __str__(self) -> str:
        """As it stands in the remark of each payment, and in the records."""
        return f"{self.run} {self.seq}:{self.hash}"

    @classmethod
    def parse(cls, seen: str) -> "Reference":
        """The reference with which a remark begins. Raises RegisterError."""
        text = unicodedata.normalize("NFKC", seen).strip() if isinstance(seen, str) else ""
        match = _REFERENCE.match(text)
        if match is None:
            raise RegisterError(
                Message(
                    "remark {seen}: it begins with the run and the record from which the order was written, such as "
                    "2026 31:0a1b2c3d",
                    seen=shown(seen),
                )
            )
        return cls(match[1], int(match[2]), match[3])


class Payment(NamedTuple):
    """A line of an order: the holder's number, what the bank pays in fen (tax is withheld already), and to where."""

    number: str
    fen: int
    account: BankAccount


class PaymentOrder(NamedTuple):
    """What the bank is to pay of a run, and who is not on the list: who has no account in the book, and who waits."""

    reference: Reference
    book: str
    payments: tuple[Payment, ...]
    without_account: Mapping[str, int]
    held_back: Mapping[str, Message]

    @property
    def fen(self) -> int:
        """All payments together."""
        return sum(one.fen for one in self.payments)


class Outcome(NamedTuple):
    """What a bank says of one payment: the place in its file, and whether it was paid, or why not (:data:`REASONS`)."""

    where: str
    reference: Reference
    number: str
    account: str
    fen: int
    reason: str = ""

    @property
    def paid(self) -> bool:
        """Whether it was paid."""
        return not self.reason


def payment_order(view: View, name: str, on: date, holders: Iterable[str] | None = None) -> PaymentOrder:
    """What the bank is to pay of a run on a day: to everybody, or to some ``holders``, all that is owed to each.

    A household is paid to its own account, or to that of its head. Estates and holders of pledged or frozen shares are
    left out, even if they are named: they are paid by name (:func:`coopledger.core.payout.pay`).

    Raises RegisterError: the run is not declared by then, somebody who is named is owed nothing.

    >>> from coopledger.core.dividend import approve, declare, disclose, propose
    >>> from coopledger.book import *
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0, salt=lambda: b"s" * 16), date(2026, 1, 1)
    >>> card = {"name": "成员甲", "card": "6200000000000000018", "branch": "示例信用社"}
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021, effective_on=day)]
    >>> steps += [open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True, personal=card), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> steps += [enter_surplus(2025, 600_00, source="statement", effective_on=day)]
    >>> rent = Proposal("surplus", "2025", "land", by_record_date(day), total_fen=600_00)
    >>> vote = Resolution("2026-1", "members", date(2026, 1, 20), entitled=1, present=1, votes_for=1)
    >>> steps += [propose("2025", rent, effective_on=day), disclose("2025", since=day, until=vote.day, where="board")]
    >>> steps += [approve("2025", vote), declare("2025", effective_on=vote.day)]
    >>> _ = journal.append(in_turn(*steps), key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     [one] = payment_order(view, "2025", vote.day).payments
    >>> one.number, one.fen, one.account.branch
    ('17', 60000, '示例信用社')
    """
    check_date(on)
    due = payables(view, name, on)
    chosen = due.keys() if holders is None else [number_of(one) for one in listed(holders, str)]
    if nothing := [number for number in chosen if number not in due]:
        raise RegisterError(
            Message("run {run}: nothing is owed to {numbers}", run=printable(name), numbers=[*map(printable, nothing)])
        )
    waiting = {number: why for number, why in held_back(view, name, on).items() if number in chosen}
    if holders is not None:
        for number in held_over(view, run(view, name), on, chosen):  # who is named is paid the little that it is
            del waiting[number]
        waiting |= owing(view, on, chosen)
    paid = sorted({*chosen} - waiting.keys(), key=natural_key)
    accounts = bank_accounts(view, paid, on)
    return PaymentOrder(
        Reference(run_code(name), view.head.seq, view.head.hash.hex()[:8]),
        book(view, on).name,
        tuple(Payment(one, due[one].net, accounts[one]) for one in paid if one in accounts and due[one].net),
        {one: due[one].net for one in paid if one not in accounts},
        waiting,
    )


def bank_accounts(view: View, numbers: Collection[str], on: date) -> dict[str, BankAccount]:
    """The accounts of members and households by number; a household without one is paid to that of its head on a day.

    Who has none in the book, or one whose number can be none, is not in it.

    >>> from coopledger.book import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     bank_accounts(view, ["0042"], date(2026, 1, 1))
    {}
    """
    homes = roll(view, on).households
    heads = {number: homes[number].head if number in homes else number for number in numbers}
    rows = view.personal([*(f"h/{one}" for one in heads), *(f"m/{one}" for one in heads.values())])
    found = {}
    for number, head in heads.items():
        own, heads_row = rows.get(f"h/{number}", {}) if number in homes else {}, rows.get(f"m/{head}", {})
        account = _account(own, heads_row) if own.get("card") else _account(heads_row, heads_row)
        if account is not None:
            found[number] = account
    return found


def settle(
    name: str,
    outcomes: Iterable[Outcome],
    file: Document,
    *,
    effective_on: date,
    booked_on: date | None = None,
) -> Decision:
    """Record what the bank did with an order, in one append, by the ``file`` that it gave back.

    Who was paid is paid now, out of the bank. Who was not is owed still; where an earlier payout took the whole order
    for paid, that payment bounces. A record of the kind ``bank-return`` keeps the reasons. What a return of the same
    order said before is not recorded again. A payment that no order names is that of the first whose return confirms
    it, and one to an heir is that of none.

    Raises ReturnError with all that is wrong, line by line: a holder who is not in the run or stands there twice,
    another amount than he is to be paid, another account than the book has, a payment of another run or book.

    >>> file = Document("return.csv", "0" * 64)
    >>> line = Outcome("return.csv:2", Reference("2026", 31, "0a1b2c3d"), "0042", "6200000000000000018", 600_00)
    >>> read = settle("2026", [line], file, effective_on=date(2027, 2, 10))
    """
    check_date(effective_on)
    outcomes = [_checked(one) for one in listed(outcomes, Outcome)]
    papers = cited([file])
    if not outcomes:
        raise RegisterError(Message("a bank's return without a line: one for each payment is expected"))
    order = outcomes[0].reference

    def decide(view: View) -> list[Entry]:
        known = _known(view, run(view, name), order, outcomes, effective_on)
        if file.sha256 in known.files:
            return []
        if found := [*_problems(known, order, outcomes)]:
            raise ReturnError(found)
        new = [one for one in outcomes if not known.has(one)]
        if not new:
            return []
        paying = {one.number: known.due[one.number].fen for one in new if one.paid and not known.seq_of(one)}
        failed = [one for one in new if not one.paid]
        bounced: dict[tuple[int, str], list[str]] = {}
        for one in failed:
            if seq := known.seq_of(one):
                bounced.setdefault((seq, one.reason), []).append(one.number)
        when: dict[str, Any] = {"effective_on": effective_on, "booked_on": booked_on, "documents": [file]}
        waits = held_back(view, name, effective_on).keys() & paying.keys()
        steps = [pay(name, holders=paying, released="paid by the bank" if waits else None, **when)] if paying else []
        steps += [bounce(name, seq, bounced[seq, reason], reason=reason, **when) for seq, reason in sorted(bounced)]
        facts = {
            "paid": [one.number for one in new if one.paid],
            "failed": {one.number: one.reason for one in failed},
            "failed_fen": {one.number: one.fen for one in failed},
            "run": known.run.code,
            **papers,
        }
        said = Entry(RETURN, effective_on, booked_on or effective_on, facts)
        return [_by_order(one, order) for one in (*in_turn(*steps)(view), said)]

    return decide


def failures(view: View, name: str, on: date | None = None, *, since: int = 0) -> dict[str, str]:
    """Why the bank did not pay holders of a run, the last time that it did not, by number.

    That is one of :data:`REASONS`, or what was said when a payment bounced.

    As of a day, or after everything; ``since`` leaves out what was before a record, such as the run's declaration.

    >>> from coopledger.book import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     failures(view, "2026")
    {}
    """
    check_days(on)
    check_seq(since)
    wanted, found = run_code(name), dict[str, str]()
    for record in view.records(RETURN, BOUNCE, since=since):
        if record.facts["run"] == wanted and (on is None or record.effective_on <= on):
            back = {holder_paid(leg.source): str(record.facts["reason"]) for leg in record.postings}
            found |= record.facts["failed"] if record.kind == RETURN else back
    return found


# ---------------------------------------------------------------- what a return is compared with


class _Known(NamedTuple):
    """What the book knows of the payments of a return.

    ``paid`` are the bank's payouts since the order was written, by number, with their amounts, and ``back`` those that
    came back; ``elsewhere`` are payouts by another order or other means, the last of each holder, and ``lapsed`` what
    lapsed last of each. ``said`` is what returns of this order have said already, that each was paid or was not, in
    which record, the last word last; ``failed_fen`` is of which amount they said that it was not, ``files`` are their
    fingerprints.
    """

    run: Run
    fault: Message | None
    holders: Collection[str]
    due: Mapping[str, Payable]
    paid: Mapping[str, Mapping[int, int]]
    back: Mapping[str, int]
    elsewhere: Mapping[str, int]
    lapsed: Mapping[str, Lapsed]
    said: Mapping[str, Mapping[bool, int]]
    failed_fen: Mapping[str, int]
    files: Collection[str]
    accounts: Mapping[str, BankAccount]

    def has(self, one: Outcome) -> bool:
        """Whether returns of this order said so last, and what they said was paid did not come back since."""
        words = self.said.get(one.number, {})
        if [*words][-1:] != [one.paid]:
            return False
        return not one.paid or any(seq < words[True] for seq in self.paid.get(one.number, {}))

    def contradicted(self, one: Outcome) -> int:
        """The record of a return that said otherwise since one said so, or 0: nobody knows which was written later."""
        words = self.said.get(one.number, {})
        return words[not one.paid] if one.paid in words and [*words][-1] is not one.paid else 0

    def seq_of(self, one: Outcome) -> int:
        """The number of the payout that took a payment for made, or 0."""
        return max((seq for seq, fen in self.paid.get(one.number, {}).items() if fen == one.fen), default=0)


def _known(view: View, one: Run, order: Reference, outcomes: Iterable[Outcome], on: date) -> _Known:
    due = payables(view, one.code, on)
    said: dict[str, dict[bool, int]] = {}
    failed_fen: dict[str, int] = {}
    files: set[str] = set()
    for record in view.records(RETURN, since=order.seq):
        told: Any = record.facts
        if told["order"] == str(order):
            files |= {each["sha256"] for each in told.get("documents", ())}
            failed_fen |= told.get("failed_fen", {})
            for number in (*told["paid"], *told["failed"]):
                said.setdefault(number, {})[number in told["paid"]] = record.seq
    confirmed = _confirmed(view, one, order)
    paid: dict[str, dict[int, int]] = {}
    back: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    for record in view.records(PAYOUT, since=order.seq):
        if record.facts.get("run") != one.code:
            continue
        by, got = record.facts.get("order"), received(view, record)
        is_open = by is None and record.facts.get("through") == "bank" and "to" not in record.facts
        for number in {holder_paid(leg.target) for leg in record.postings}:
            is_theirs = any(record.seq in since for since in confirmed.get(number, ()))
            is_ours = by == str(order) or (is_open and not is_theirs)
            if number not in got:
                back |= {number: record.seq} if is_ours else {}
            elif is_ours:
                paid.setdefault(number, {})[record.seq] = got[number]
            else:
                elsewhere[number] = record.seq
    holders = {*due, *paid, *back, *settled(view, one)}
    accounts = bank_accounts(view, {each.number for each in outcomes}, on)
    fault = _fault(view, one, order)
    lapsed = {move.holder: move for move in lapses(view, one)} if one.declared_on else {}
    return _Known(one, fault, holders, due, paid, back, elsewhere, lapsed, said, failed_fen, files, accounts)


def _confirmed(view: View, one: Run, order: Reference) -> dict[str, list[range]]:
    """Whose payments returns of other orders confirmed, by number: those of records since the order, until its return.

    Of which order a payment is that names none, nothing else says.
    """
    found: dict[str, list[range]] = {}
    for record in view.records(RETURN, since=order.seq):
        told: Any = record.facts
        if told["run"] == one.code and told["order"] != str(order):
            for number in told["paid"]:
                found.setdefault(number, []).append(range(Reference.parse(told["order"]).seq, record.seq))
    return found


def _fault(view: View, one: Run, order: Reference) -> Message | None:
    """What is wrong with the reference of an order, if anything is."""
    if order.run != one.code:
        return Message("a payment of run {seen}: one of run {run} is expected", seen=order.run, run=one.code)
    try:
        is_ours = view.record(order.seq).hash.hex().startswith(order.hash)
    except JournalError:
        is_ours = False
    return None if is_ours else Message("the order {order} was not written from this book", order=str(order))


def _problems(known: _Known, order: Reference, outcomes: Iterable[Outcome]) -> Iterator[Problem]:
    """All that is wrong with the lines of a return, in their order; if it is of another book or run, that alone."""
    first: dict[str, str] = {}
    for one in outcomes:
        found = known.fault or _other_order(one, order) or _unknown(known, one) or _twice(one, first)
        found = found or _contradiction(known, one)
        if found is None and known.has(one):
            found = _other_amount(known, one)
        elif found is None:
            found = _undone(known, one) if known.seq_of(one) else _gone(known, one) or _unpayable(known, one)
        if found is not None:
            yield Problem(one.where, found)
        if known.fault is not None:
            return
        first.setdefault(one.number, one.where)


def _other_order(one: Outcome, order: Reference) -> Message | None:
    if one.reference == order:
        return None
    return Message("a payment of the order {seen}, in a return of {order}", seen=str(one.reference), order=str(order))


def _twice(one: Outcome, first: Mapping[str, str]) -> Message | None:
    if one.number not in first:
        return None
    return Message("{number} stands there twice: first in {where}", number=one.number, where=first[one.number])


def _contradiction(known: _Known, one: Outcome) -> Message | None:
    if not (seq := known.contradicted(one)):
        return None
    return Message(
        "{number}: the bank said so before, and otherwise in record {seq}: pay that holder by name (pay), or let the "
        "payment bounce, and leave the line out",
        number=one.number,
        seq=seq,
    )


def _other_amount(known: _Known, one: Outcome) -> Message | None:
    """What is wrong with the amount of a line that said the same before, if it is another one than then."""
    if not one.paid:
        fen = known.failed_fen.get(one.number, one.fen)
        if fen == one.fen:
            return None
        return Message(
            "{number}: {seen} yuan, and record {seq} has {fen} yuan as not paid by this order",
            number=one.number,
            seen=printed(one.fen, 2),
            seq=known.said[one.number][False],
            fen=printed(fen, 2),
        )
    paid = known.paid.get(one.number, {})
    if one.fen in paid.values():
        return None
    seq, fen = max(paid.items())
    return Message(
        "{number}: {seen} yuan, and record {seq} has {fen} yuan as paid by this order",
        number=one.number,
        seen=printed(one.fen, 2),
        seq=seq,
        fen=printed(fen, 2),
    )


def _undone(known: _Known, one: Outcome) -> Message | None:
    """Why a payment cannot bounce, if it cannot: the run was undone since, or the order's came back before."""
    if one.paid:
        return None
    seq, before = known.seq_of(one), known.back.get(one.number, 0)
    if 0 < before < seq:
        return Message(
            "{number} was paid in record {before}, which came back, and once more in record {seq}: if the bank did not "
            "make that either, let it bounce (bounce, 'dividend bounce'), and leave the line out",
            number=one.number,
            before=before,
            seq=seq,
        )
    if seq > known.run.declared_in:
        return None
    return Message(
        "{number} was paid in record {seq}, before the run was undone, and owes it since then: collect what came back "
        "(collect, 'dividend collect'), and leave the line out",
        number=one.number,
        seq=seq,
    )


def _unknown(known: _Known, one: Outcome) -> Message | None:
    if one.number in known.holders:
        return None
    if meant := [number for number in known.holders if number.lstrip("0") == one.number]:
        return Message(
            "{number} is no holder in run {run}: {meant} is meant, of which a spreadsheet lost the zeros",
            number=one.number,
            run=known.run.code,
            meant=meant,
        )
    return Message("{number} is no holder in run {run}", number=one.number, run=known.run.code)


def _gone(known: _Known, one: Outcome) -> Message | None:
    """That what a line is about has lapsed, if it has, and what is to be done."""
    due = known.due[one.number].net if one.number in known.due else 0
    gone = known.lapsed.get(one.number)
    if gone is None or not due < one.fen <= due + gone.fen:
        return None
    said = {"number": one.number, "seen": printed(one.fen, 2), "seq": gone.seq}
    if not one.paid:
        return Message(
            "{number}: {seen} yuan, and what was owed lapsed by record {seq}: it was not paid: leave the line out",
            **said,
        )
    return Message(
        "{number}: {seen} yuan, and what was owed lapsed by record {seq}: if the bank did pay it, take that record "
        "back (take_back, 'book reverse {seq}'), and read the file again",
        **said,
    )


def _unpayable(known: _Known, one: Outcome) -> Message | None:
    """Why a payment that no payout has taken for made cannot be what the order asked for, if it cannot."""
    due = known.due[one.number].net if one.number in known.due else 0
    if not due and one.number in known.elsewhere:
        said = {"number": one.number, "seen": printed(one.fen, 2), "seq": known.elsewhere[one.number]}
        if not one.paid:
            return Message(
                "{number}: {seen} yuan, and nothing is owed any more: record {seq} paid it, not by this order: leave "
                "the line out",
                **said,
            )
        return Message(
            "{number}: {seen} yuan, and nothing is owed any more: record {seq} paid it, not by this order: if the bank "
            "made this one as well, it is paid twice: have it brought back, and leave the line out",
            **said,
        )
    if due != one.fen:
        return Message(
            "{number}: {seen} yuan, and {due} yuan are to be paid to that holder",
            number=one.number,
            seen=printed(one.fen, 2),
            due=printed(due, 2),
        )
    if not one.paid:
        return None
    if known.back.get(one.number, 0) > known.said.get(one.number, {}).get(False, 0):
        return Message(
            "{number} was paid in record {seq}, and it came back: if that was paid again, pay that holder by name, and "
            "read the file again",
            number=one.number,
            seq=known.back[one.number],
        )
    return _other_account(known, one)


def _other_account(known: _Known, one: Outcome) -> Message | None:
    """What is wrong with the account to which the bank says that it paid, if anything is."""
    own = known.accounts[one.number].number if one.number in known.accounts else ""
    if not own:
        return Message(
            "{number} has no bank account in the book, and was paid to {seen}",
            number=one.number,
            seen=masked_account(one.account),
        )
    if own == one.account:
        return None
    if len(own) == len(one.account) > 15 and one.account == own[:15] + "0" * (len(own) - 15):
        return Message(
            "{number}: the account number is a rounded one: a spreadsheet has lost the digits after the fifteenth",
            number=one.number,
        )
    return Message(
        "{number} was paid to the account {seen}, and the book has {own}: if that was right, pay that holder by name, "
        "and read the file again",
        number=one.number,
        seen=masked_account(one.account),
        own=masked_account(own),
    )


def _by_order(entry: Entry, order: Reference) -> Entry:
    """The entry, with the order that it follows."""
    facts = {**entry.facts, "order": str(order)}
    return Entry(entry.kind, entry.effective_on, entry.booked_on, facts, entry.postings, entry.personal)


def _account(row: Facts, named: Facts) -> BankAccount | None:
    """The account that a personal row says, if it says whose it is; whose name is ``named`` where it does not."""
    name = row.get("payee") or named.get("payee") or row.get("name") or named.get("name")
    try:
        return BankAccount(str(name), account_number(str(row["card"])), str(row.get("branch", ""))) if name else None
    except (KeyError, RegisterError):
        return None


def _checked(one: Outcome) -> Outcome:
    """A line of a return, if it can be one. Raises RegisterError."""
    fits = (
        isinstance(one.where, str),
        isinstance(one.reference, Reference) and _is_sound(one.reference),
        isinstance(one.account, str),
        type(one.fen) is int,
        one.reason == "" or one.reason in REASONS,
    )
    if not all(fits):
        raise RegisterError(
            Message(
                "{seen}: an Outcome with a place, a Reference, an account's number, fen (int) and one of {known} or no "
                "reason is expected",
                seen=shown(one),
                known=[*map(words, REASONS)],
            )
        )
    return one._replace(number=number_of(one.number))


def _is_sound(seen: Reference) -> bool:
    """Whether a reference is one that could have been read."""
    try:
        return Reference.parse(str(seen)) == seen
    except RegisterError:
        return False
