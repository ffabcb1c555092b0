"""Payouts: what is owed of a dividend run is paid, or comes back from the bank."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from coopledger.core.ahead import in_turn
from coopledger.core.allocation import in_order
from coopledger.core.balances import amount, printed
from coopledger.core.booked_order import check_booked_order
from coopledger.core.chart import Charts, charts
from coopledger.core.charter import HOLDER
from coopledger.core.citation import Document, cited
from coopledger.core.debt import advanced, undone_debts
from coopledger.core.journal import (
    Decision,
    Entry,
    Posting,
    Record,
    View,
    check_date,
    check_days,
    check_seq,
    code,
    listed,
    reverse,
    shown,
)
from coopledger.core.passing import has_died
from coopledger.core.people import People, number_of, who, who_died
from coopledger.core.register import FROZEN, PLEDGED
from coopledger.core.run import (
    BOUNCE,
    PAYOUT,
    RETAINED_PAYOUT,
    Run,
    check_after,
    check_booked,
    check_run,
    holder_paid,
    owed,
    owed_from,
    run,
    runs,
    still_owed,
)
from coopledger.core.settlement import (
    CURRENT,
    TAX,
    all_at_once,
    by_holder,
    check_there,
    first_of,
    left_behind,
    set_off,
    settling,
    standing_parts,
    withheld,
)
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


def pay(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    holders: Iterable[str] | Mapping[str, int | None] | None = None,
    to: str | None = None,
    released: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Pay what is owed of a run: to everybody, to some ``holders``, or to some of them an amount each in fen.

    An amount None is all. Dr surplus payable Cr ``through``, the role of the account that pays: ``bank``, ``cash``, or
    ``member current`` to set it off against what each owes, and no more than he owes where no amount is said; an
    advance against what he owes besides it. Where tax is withheld, all receipts of a holder together bear the run's
    rate, rounded half up, and each the difference (Cr taxes payable).

    To everybody does not mean to estates, which wait for the heirs, and to holders of pledged or frozen shares: those
    are paid by name, an estate ``to`` an heir in the register, others with the reason for which it is ``released``
    (the creditor agrees, 民法典 430; the court has lifted it). Nor to those who are owed less than the run's minimum
    (:func:`held_over`); by name they are. Who is owed enough with this run is paid what earlier runs of the stream held
    over as well, in the same append.

    Raises RegisterError: the run is not declared, or booked, by then, more is to be paid than is owed, nothing is, the
    account that pays has not so much on the day or a later one; somebody still owes what he had been paid of a run that
    was undone: that is set off first (through ``member current``), or it is said why he is paid all the same
    (``released``).

    >>> transfer = pay("2026", effective_on=date(2027, 2, 10))
    >>> by_hand = pay("2026", effective_on=date(2027, 2, 11), through="cash", holders=["0042"])
    """
    check_date(effective_on)
    check_released(released)
    named = named_holders(name, holders)
    to = named_heir(name, named, to)
    facts = {
        "through": through,
        **({"to": to} if to else {}),
        **({"reason": released} if released else {}),
        **cited(documents),
    }

    def decide(view: View) -> Iterator[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        one, places = to_settle(view, name, named, effective_on, booked, to=to, released=released)
        if to is not None:
            check_heir(view, one, next(iter(named or ())), to, effective_on)
        source = known.in_force(booked).account(through)
        due = [(one, places), *(_held_over_before(view, one, effective_on, booked) if named is None else ())]
        if through == CURRENT:
            due = _up_to_debts(view, known, due, named, source, effective_on)
        else:
            check_owing(view, one, (holder_paid(place) for _, there in due for place in there), effective_on, released)
        entries = [
            Entry(
                PAYOUT,
                effective_on,
                booked,
                {**facts, "run": each.code},
                _paid(view, known, each, there, through, booked),
            )
            for each, there in due
        ]
        postings = [leg for entry in entries for leg in entry.postings]
        check_booked_order(view, postings, booked)
        check_there(view, one, postings, source, effective_on)
        yield from entries

    return in_turn(left_behind, decide)


def bounce(
    name: str,
    seq: int,
    holders: Iterable[str],
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "returned by the bank",
    documents: Iterable[Document] = (),
) -> Decision:
    """Take back what a payout, the record of number ``seq``, paid to some: the bank returned it. It is owed again.

    A payout of what was retained comes back as well, and stands in the holder's name again.

    Raises RegisterError: the record is no payout of this run, or of before it was undone, so that what was paid is its
    receiver's debt by now, and is collected (:func:`~coopledger.core.collection.collect`); somebody was paid nothing in
    it, or it came back already.

    >>> back = bounce("2026", 31, ["0042"], effective_on=date(2027, 2, 12))
    """
    check_seq(seq)
    check_date(effective_on)
    numbers = [number_of(one) for one in listed(holders, str)]
    facts = {"reason": reason, **cited(documents)}

    def decide(view: View) -> list[Entry]:
        one = run(view, name)
        record = view.record(seq)
        if record.kind not in {PAYOUT, RETAINED_PAYOUT} or record.facts.get("run") != one.code:
            raise RegisterError(
                Message("record {seq} is no payout of run {run}: its number is expected", seq=seq, run=one.code)
            )
        if one.declared_on is None or seq < one.declared_in:
            raise RegisterError(
                Message(
                    "run {run}: record {seq} is a payout of before it was undone, and its receiver's debt since then: "
                    "what came back is collected from him (collect, 'dividend collect')",
                    run=one.code,
                    seq=seq,
                )
            )
        check_after(one, record.effective_on, effective_on)
        check_booked(one, record.booked_on, booked_on or effective_on)
        left = _left(view, record)
        paid = {holder_paid(record.postings[at].target) for at in left}
        wrong = [number for number in numbers if number not in paid]
        if wrong or not numbers:
            raise RegisterError(
                Message(
                    "run {run}: nothing of record {seq} was paid to {numbers}, or it came back already",
                    run=one.code,
                    seq=seq,
                    numbers=[printable(number) for number in wrong] or "-",
                )
            )
        named = {*numbers}
        back = {at: fen for at, fen in left.items() if holder_paid(record.postings[at].target) in named}
        postings = reverse(record, back)
        return [Entry(BOUNCE, effective_on, booked_on or effective_on, {"run": one.code, **facts}, postings)]

    return decide


def held_back(view: View, name: str, on: date) -> dict[str, Message]:
    """Who is owed something of a run and is not simply paid on a day, and why.

    An estate waits for the heirs (民法典 1121); the dividend of pledged shares is the creditor's, unless it was agreed
    otherwise (民法典 430); of frozen shares nothing leaves. What is less than the run's minimum is held over. Who owes
    since a run was undone has that set off first.
    """
    one = run(view, name)
    numbers = {*map(holder_paid, owed(view, one.code))}
    found = held_over(view, one, on, numbers) | owing(view, on, numbers) | _held_back(view, one, on, numbers)
    return {number: found[number] for number in in_order(found)}


class LeftOut(NamedTuple):
    """Whom a payout to everybody leaves out: how many, what they are owed in fen before tax, who waits for what."""

    holders: int
    fen: int
    reasons: list[Message]


def left_out(view: View, name: str, on: date) -> LeftOut:
    """Who is owed something of a run on a day and waits where everybody is paid; those who wait for the same together.

    Raises RegisterError if there is no such run.
    """
    one = run(view, name)
    due = still_owed(view, one.code)
    waits, small = _held_back(view, one, on, due), held_over(view, one, on, due)
    numbers = {*waits, *small}
    return LeftOut(
        len(numbers), sum(due[number] for number in numbers), waiting_words(one, waits, small.keys() - waits)
    )


def held_over(view: View, one: Run, on: date | None, numbers: Collection[str]) -> dict[str, Message]:
    """Who of some is owed too little to be paid on a day, or after everything, and why.

    That is less, of all runs of the stream that are declared by then, than the minimum that the run states, for as long
    as somebody holds shares of its class: who has none any more is paid what is left.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     held_over(view, never, day, ["17"])
    {}

    Raises RegisterError for what is no run.
    """
    check_run(one)
    check_days(on)
    asked = one.proposal
    if not asked.hold_below_fen:
        return {}
    sums = dict.fromkeys(in_order(listed([*numbers] if isinstance(numbers, Mapping) else numbers, str)), 0)
    for other in runs(view, on).values():
        if other.declared_on is not None and other.proposal.stream == asked.stream:
            for number, fen in still_owed(view, other.code, on).items():
                if number in sums:
                    sums[number] += fen
    if asked.share_class:
        still = {
            account.split("/")[1] for (_, account), own in view.balances(asked.share_class, HOLDER, on).items() if own
        }
        sums = {number: fen for number, fen in sums.items() if number in still}
    return {
        number: Message(
            "held over: {fen} yuan, and {least} are the least that is paid",
            fen=printed(fen, 2),
            least=printed(asked.hold_below_fen, 2),
        )
        for number, fen in sums.items()
        if fen < asked.hold_below_fen
    }


def _held_over_before(view: View, one: Run, on: date, booked_on: date) -> Iterator[tuple[Run, dict[str, int]]]:
    """What other runs of the stream held over of those who are owed enough by now, and wait for nothing else."""
    for other in runs(view, on).values():
        asked = other.proposal
        if other.code == one.code or other.declared_on is None or asked.stream != one.proposal.stream:
            continue
        if not asked.hold_below_fen or booked_on < view.record(other.declared_in).booked_on:
            continue
        due = by_holder(owed_from(view, other, on))
        small = {number: own for number, own in due.items() if sum(own.values()) < asked.hold_below_fen}
        waits = {*held_over(view, other, on, small), *_held_back(view, other, on, small)} if small else ()
        if there := {at: fen for number, own in small.items() if number not in waits for at, fen in own.items()}:
            yield other, there


class Payable(NamedTuple):
    """What a holder is owed of a run, in fen, and what would be withheld of it if all of it was paid."""

    fen: int
    tax: int

    @property
    def net(self) -> int:
        """What he would receive."""
        return self.fen - self.tax


def payables(view: View, name: str, on: date) -> dict[str, Payable]:
    """What each holder would receive of a run if all was paid that is owed on a day, by number.

    Raises RegisterError if the run is not declared by then.
    """
    one = declared_by(view, name, on)
    places = owed_from(view, one, on)
    held = withheld(view, charts(view), one)
    due = {number: sum(own.values()) for number, own in by_holder(places).items()}
    return {number: Payable(fen, held(number, fen)) for number, fen in due.items()}


def received(view: View, record: Record) -> dict[str, int]:
    """What each holder received in a payout and did not come back, in fen by number: without what was withheld."""
    taxes = {chart.account(TAX, str(record.facts["run"])) for _, chart in charts(view).adopted if TAX in chart.roles}
    found: dict[str, int] = {}
    for at, fen in _left(view, record).items():
        if record.postings[at].source not in taxes:
            number = holder_paid(record.postings[at].target)
            found[number] = found.get(number, 0) + fen
    return found


def _held_back(view: View, one: Run, on: date, numbers: Collection[str]) -> dict[str, Message]:
    """Who of some is not simply paid on a day, and why."""
    return waiting(view, who_died(view), one.proposal.share_class, numbers, on)


def waiting(
    view: View, people: People, cls: str, numbers: Collection[str], on: date | None = None
) -> dict[str, Message]:
    """Who of some waits for what is owed by a class on a day, or after everything, and why.

    What a step of a distribution gives by no class waits for heirs alone. Of ``people`` those matter who died, and who
    lived with them: :func:`~coopledger.core.people.who_died`.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     waiting(view, who(view), "land", ["17"])
    {}
    """
    found: dict[str, Message] = {}
    for _, account in view.balances(cls, HOLDER, on) if cls else ():
        if account.endswith(_TIED):
            _, number, part = account.split("/")
            if number in numbers:
                found[number] = Message("holds pledged shares") if part == PLEDGED else Message("holds frozen shares")
    near = (people.members.keys() | people.households.keys()).intersection(numbers)
    found |= {number: Message("waits for heirs") for number in sorted(near) if has_died(people, number, on)}
    return found


_TIED = (f"/{PLEDGED}", f"/{FROZEN}")
_TOGETHER = (
    (Message("waits for heirs"), Message("{numbers} wait for heirs")),
    (Message("holds pledged shares"), Message("{numbers} hold pledged shares")),
    (Message("holds frozen shares"), Message("{numbers} hold frozen shares")),
)
"""Why one waits, and several together."""


def owing(view: View, on: date | None, numbers: Collection[str]) -> dict[str, Message]:
    """Who of some owes since a run was undone, on a day and in the end, and what is to be done.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     owing(view, None, ["17"])
    {}
    """
    return {
        number: Message("owes {fen} yuan since a run was undone: it is set off first", fen=printed(fen, 2))
        for number, fen in _owed_back(view, on, numbers).items()
    }


def _owed_back(view: View, on: date | None, numbers: Iterable[str]) -> dict[str, int]:
    debts = undone_debts(view)
    if not debts:
        return {}
    if on is not None:
        debts = {number: min(fen, debts.get(number, 0)) for number, fen in undone_debts(view, on).items()}
    asked = {*numbers}
    return {number: fen for number, fen in debts.items() if fen and number in asked}


def check_owing(view: View, one: Run, numbers: Iterable[str], on: date, released: str | None) -> None:
    """Raise RegisterError if some would be paid who owe since a run was undone, and it is not said why (released)."""
    debts = {} if released else _owed_back(view, on, numbers)
    if debts:
        shown = [Message("{number}: {fen} yuan", number=number, fen=printed(fen, 2)) for number, fen in debts.items()]
        raise RegisterError(
            Message(
                "run {run}: some still owe what they had been paid of a run that was undone ({owing}): set it off "
                "first (through member current, --through member-current), collect it (collect), or say why they are "
                "paid all the same (released, --released)",
                run=one.code,
                owing=shown,
            )
        )


def check_released(released: object) -> None:
    """Raise RegisterError unless it is said why somebody who waits is paid all the same, or nothing is.

    >>> check_released("the creditor agrees"), check_released(None)
    (None, None)
    """
    if released is not None and (not isinstance(released, str) or not released.strip()):
        raise RegisterError(
            Message(
                "released: {seen}: why it is paid all the same is expected, or nothing is said", seen=shown(released)
            )
        )


def named_holders(name: str, holders: Iterable[str] | Mapping[str, int | None] | None) -> dict[str, int | None] | None:
    """Who is to be paid, with the amount if one is said; None for everybody. Raises RegisterError for nobody.

    >>> named_holders("2026", ["0042"]), named_holders("2026", {"0042": 5})
    ({'0042': None}, {'0042': 5})
    """
    if holders is None:
        return None
    amounts = holders if isinstance(holders, Mapping) else dict.fromkeys(listed(holders, str))
    if not amounts:
        raise RegisterError(Message("run {run}: nobody is named: leave it out to pay everybody", run=code(name)))
    return {number_of(number): fen for number, fen in amounts.items()}


def named_heir(name: str, named: Mapping[str, int | None] | None, to: str | None) -> str | None:
    """The number of the heir, if one is named. Raises RegisterError if he is not to be paid what one holder is owed.

    >>> named_heir("2026", {"17": None}, "0042")
    '0042'
    """
    if to is None:
        return None
    heir = number_of(to)
    if named is None or len(named) != 1:
        raise RegisterError(
            Message("run {run}: to one heir is paid what is owed to one holder: name that holder", run=code(name))
        )
    return heir


def to_settle(
    view: View,
    name: str,
    named: Mapping[str, int | None] | None,
    on: date,
    booked_on: date,
    *,
    to: str | None = None,
    released: str | None = None,
) -> tuple[Run, dict[str, int]]:
    """The run, and what of it is to be settled with everybody or with some, in fen by the account it is owed in.

    Raises RegisterError: the run is not declared by then, nothing is owed; of those who are named, all that is wrong at
    once: who is owed nothing, or less, and who waits.
    """
    one = declared_by(view, name, on, booked_on)
    places = owed_from(view, one, on)
    if named is not None:
        places, wrong = _chosen(places, named, on)
        waits = _held_back(view, one, on, {*map(holder_paid, places)})
        check_named(one, named, waits, to=to, released=released, wrong=wrong)
        return one, places
    numbers = {*map(holder_paid, places)}
    waits, small = _held_back(view, one, on, numbers), held_over(view, one, on, numbers)
    places = _without(places, {*waits, *small})
    if not places and (waits or small):
        raise RegisterError(nothing_to_pay(one, waits, small))
    if not places:
        raise RegisterError(all_paid(one))
    return one, places


def _without(places: Mapping[str, int], waits: Collection[str]) -> dict[str, int]:
    """What is owed in some accounts, without those who wait."""
    return {account: fen for account, fen in places.items() if holder_paid(account) not in waits}


def nothing_to_pay(one: Run, waits: Mapping[str, Message], small: Collection[str] = ()) -> Message:
    """Why nothing of a run is to be paid: who waits for what, and to whom too little is owed.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> day = date(2026, 1, 1)
    >>> rent = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> print(nothing_to_pay(rent, {"17": Message("waits for heirs"), "20": Message("waits for heirs")}))
    run a: nothing is to be paid: 17, 20 wait for heirs
    """
    return Message(
        "run {run}: nothing is to be paid: {waiting}", run=one.code, waiting=waiting_words(one, waits, small)
    )


def waiting_words(one: Run, waits: Mapping[str, Message], small: Collection[str] = ()) -> list[Message]:
    """Who of a run waits, and for what: those who wait for the same together."""
    found = [
        Message(together.template, numbers=numbers)
        if len(numbers) > 1
        else Message("{number} {why}", number=numbers[0], why=why)
        for why, together in _TOGETHER
        if (numbers := in_order(number for number, own in waits.items() if own == why))
    ]
    if small:
        found.append(
            Message(
                "what is owed to {numbers} is held over until it comes to {least} yuan",
                numbers=in_order(small),
                least=printed(one.proposal.hold_below_fen, 2),
            )
        )
    return found


def all_paid(one: Run) -> Message:
    """That nothing is owed of a run any more."""
    return Message("run {run}: all of it is paid", run=one.code)


def declared_by(view: View, name: str, on: date, booked_on: date | None = None) -> Run:
    """A run that is declared by a day; for money, booked by an accounting date as well. Raises RegisterError."""
    one = run(view, name)
    if one.declared_on is None or on < one.declared_on:
        raise RegisterError(
            Message(
                "run {run} is not declared on {day}: nothing is owed, and nothing can be paid", run=one.code, day=on
            )
        )
    if booked_on is not None:
        check_booked(one, view.record(one.declared_in).booked_on, booked_on)
    return one


def _chosen(
    places: Mapping[str, int], named: Mapping[str, int | None], on: date
) -> tuple[dict[str, int], list[Message]]:
    """What some are to be paid, by the account it is owed in, and what is wrong: nothing is owed, or less than that."""
    by_number = by_holder(places)
    found: dict[str, int] = {}
    wrong: list[Message] = []
    if nothing := [number for number, wanted in named.items() if wanted is None and number not in by_number]:
        numbers = [printable(number) for number in nothing]
        wrong.append(Message("nothing of it is owed to {numbers} on {day}", numbers=numbers, day=on))
    for number, wanted in named.items():
        own = by_number.get(number, {})
        due = sum(own.values())
        fen = due if wanted is None else wanted
        if type(fen) is int and 0 < fen <= due:
            found |= first_of(own, fen)
        elif wanted is not None:
            wrong.append(
                Message(
                    "{due} yuan are owed to {number}: {fen} yuan cannot be paid",
                    due=printed(due, 2),
                    number=printable(number),
                    fen=amount(fen),
                )
            )
    return found, wrong


def check_heir(view: View, one: Run, holder: str, to: str, on: date) -> None:
    """Raise RegisterError unless a holder has died by a day, and who is paid instead is a member who lives."""
    people = who(view)
    if to not in people.members:
        raise RegisterError(Message("{number} is not in the register", number=printable(to)))
    if not has_died(people, holder, on):
        raise RegisterError(
            Message(
                "run {run}: {number} has not died by {day}: only what is owed to an estate is paid to an heir "
                "(to, --heir)",
                run=one.code,
                number=holder,
                day=on,
            )
        )
    if has_died(people, to, on):
        raise RegisterError(
            Message("run {run}: {number} has died: an heir who lives is expected (to, --heir)", run=one.code, number=to)
        )


def check_named(
    one: Run,
    named: Collection[str],
    waiting: Mapping[str, Message],
    *,
    to: str | None,
    released: str | None,
    wrong: Iterable[Message] = (),
) -> None:
    """Raise RegisterError for all that is ``wrong`` with those who are paid by name, and for all of them who wait.

    Who waits is paid ``to`` an heir, or where it is said why he is ``released``.
    """
    problems = [*wrong]
    if waiting and to is None and not released:
        problems.append(
            Message(
                "{waiting}: say to which heir it is paid (to, --heir), or why it is released (released, --released)",
                waiting=waiting_words(one, waiting),
            )
        )
    if problems:
        raise RegisterError(Message("run {run}: {problems}", run=one.code, problems=all_at_once(problems, named)))


def _paid(  # noqa: PLR0917 - a payout and where it goes
    view: View, known: Charts, one: Run, places: Mapping[str, int], through: str, booked_on: date
) -> list[Posting]:
    """The postings of a payout: what each is paid, and what is withheld of it."""
    pays = payer(known, through, booked_on)
    return settling(withheld(view, known, one), known.in_force(booked_on), one, places, pays)


def _up_to_debts(  # noqa: PLR0917 - a payout that is set off
    view: View,
    known: Charts,
    due: Sequence[tuple[Run, dict[str, int]]],
    named: Mapping[str, int | None] | None,
    source: str,
    on: date,
) -> list[tuple[Run, dict[str, int]]]:
    """What is set off of what runs owe: of each holder no more than he owes, where no amount is said.

    What he owes for the advance that is to be paid is not set off against itself.

    Raises RegisterError if none of them owes anything.
    """
    said = {} if named is None else {number: fen for number, fen in named.items() if fen is not None}
    numbers = {holder_paid(account) for _, places in due for account in places}
    debts = standing_parts(view, source, numbers - said.keys(), on)
    found = []
    for one, places in due:
        tax = withheld(view, known, one)
        exact = {account: fen for account, fen in places.items() if holder_paid(account) in said}
        own = advanced(view, one.code) if one.proposal.advance else {}  # it is owed for what is to be paid here
        others = {number: max(fen - own.get(number, 0), 0) for number, fen in debts.items()}
        gone = set_off(tax, {account: fen for account, fen in places.items() if account not in exact}, others)
        for number, parts in by_holder(gone).items():
            fen = sum(parts.values())
            debts[number] -= fen - tax(number, fen)
        if exact or gone:
            found.append((one, {**exact, **gone}))
    if not found:
        raise RegisterError(
            Message(
                "run {run}: nobody to whom it is owed owes anything in {account}: nothing is set off",
                run=due[0][0].code,
                account=source,
            )
        )
    return found


def payer(known: Charts, through: str, booked_on: date) -> Callable[[str], str]:
    """The account that pays a holder through a role: the holder's own part of the member current account.

    Raises RegisterError for an account that cannot pay.

    >>> from coopledger.core.accounts import NOTHING
    >>> from coopledger.core.chart import C2021
    >>> day = date(2026, 1, 1)
    >>> [payer(Charts(((day, C2021),), NOTHING), role, day)("0042") for role in ("bank", "member current")]
    ['c2021:102', 'c2021:114/0042']
    """
    source = known.in_force(booked_on).account(through)
    if through != CURRENT and not known.has_money(source):
        raise RegisterError(
            Message("{role} is no account that pays: bank, cash or member current is expected", role=printable(through))
        )
    return lambda number: f"{source}/{number}" if through == CURRENT else source


def _left(view: View, record: Record) -> dict[int, int]:
    """What of each line of a payout did not come back yet."""
    left = {line: leg.quantity for line, leg in enumerate(record.postings)}
    for later in view.records(BOUNCE, since=record.seq):
        for leg in later.postings:
            if leg.reverses_seq == record.seq and leg.reverses_line is not None:
                left[leg.reverses_line] -= leg.quantity
    return {line: fen for line, fen in left.items() if fen}
