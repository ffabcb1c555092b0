"""Retained dividends (留存分红): what runs keep in the holders' names is paid out, by run, as somebody resolved.

The tax was withheld when it was retained, for that was a receipt as well: none is withheld when it is paid out.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from coopledger.core.ahead import in_turn
from coopledger.core.balances import amount, printed
from coopledger.core.booked_order import check_booked_order
from coopledger.core.chart import MONEY, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, code
from coopledger.core.payout import (
    check_heir,
    check_named,
    check_owing,
    check_released,
    declared_by,
    named_heir,
    named_holders,
    nothing_to_pay,
    payer,
    waiting,
)
from coopledger.core.people import who_died
from coopledger.core.run import RETAINED_PAYOUT
from coopledger.core.settlement import CURRENT, check_there, first_of, left_behind, still_kept
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


def pay_retained(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    holders: Iterable[str] | Mapping[str, int | None] | None = None,
    to: str | None = None,
    released: str | None = None,
    reason: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pay out what a run retained: to everybody, to some ``holders``, or to some of them an amount each in fen.

    An amount None is all. Dr retained Cr ``through``, the role of the account that pays, as by
    :func:`~coopledger.core.payout.pay`; who has left is paid as well. It says by which ``resolution`` or for what
    ``reason``, such as a holder's leaving. No tax is withheld: it was when it was retained, and what is retained is
    what was left.

    To everybody does not mean to estates, and to holders of pledged or frozen shares: they are paid by name, an estate
    ``to`` an heir in the register, others with the reason for which it is ``released``. What the bank returns comes
    back by :func:`~coopledger.core.payout.bounce`, and stands in the holder's name again.

    Raises RegisterError: the run is not declared by then, more is to be paid than it retained in somebody's name and is
    still there on the day and each later one, nothing is, neither a resolution nor a reason is said, the account that
    pays has not so much.

    >>> revolved = pay_retained("2021", effective_on=date(2027, 2, 10), reason="five years have passed")
    """
    check_date(effective_on)
    check_released(released)
    named = named_holders(name, holders)
    to = named_heir(name, named, to)
    if resolution is None and (not isinstance(reason, str) or not reason.strip()):
        raise RegisterError(
            Message(
                "run {run}: a resolution or a reason (a text) to pay out what is retained is expected",
                run=code(name),
            )
        )
    facts = {
        "through": through,
        **({"to": to} if to else {}),
        **({"reason": reason} if reason else {}),
        **({"released": released} if released else {}),
        **cited(documents, resolution),
    }

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        one = declared_by(view, name, effective_on, booked)
        if to is not None:
            check_heir(view, one, next(iter(named or ())), to, effective_on)
        there = still_kept(view, one, effective_on)
        places, wrong = (there, []) if named is None else _chosen(there, named)
        waits = waiting(view, who_died(view), one.proposal.share_class, {*places}, effective_on)
        if named is not None:
            check_named(one, named, waits, to=to, released=released, wrong=wrong)
        else:
            places = {number: own for number, own in places.items() if number not in waits}
        if not places:
            raise RegisterError(
                nothing_to_pay(one, waits)
                if waits
                else Message("run {run}: nothing is retained of it on {day}", run=one.code, day=effective_on)
            )
        if through != CURRENT:
            check_owing(view, one, places, effective_on, released)
        pays = payer(known, through, booked)
        postings = [
            Posting(MONEY, pays(number), account, fen) for number, own in places.items() for account, fen in own.items()
        ]
        check_booked_order(view, postings, booked)
        check_there(view, one, postings, known.in_force(booked).account(through), effective_on)
        return [Entry(RETAINED_PAYOUT, effective_on, booked, {"run": one.code, **facts}, postings)]

    return in_turn(left_behind, decide)


def _chosen(
    there: Mapping[str, Mapping[str, int]], named: Mapping[str, int | None]
) -> tuple[dict[str, dict[str, int]], list[Message]]:
    """What some are to be paid, by number and account, and what is wrong: less is retained than is to be paid."""
    found: dict[str, dict[str, int]] = {}
    wrong = []
    for number, wanted in named.items():
        own = there.get(number, {})
        due = sum(own.values())
        fen = due if wanted is None else wanted
        if type(fen) is int and 0 < fen <= due:
            found[number] = first_of(own, fen)
        else:
            wrong.append(
                Message(
                    "{due} yuan are retained in the name of {number}: {fen} yuan cannot be paid",
                    due=printed(due, 2),
                    number=printable(number),
                    fen=amount(fen),
                )
            )
    return found, wrong
