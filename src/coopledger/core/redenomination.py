"""Redenomination: what happens to all shares of a class at once, a split, a finer fraction, another par value.

Every holding is multiplied exactly, or the change is refused. What is effective earlier can no longer be recorded
afterwards, for it would be counted in the shares of before.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from coopledger.core.accounts import OPENING, Denomination, opening
from coopledger.core.allocation import natural_key
from coopledger.core.charter import HOLDER, UNISSUED
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View
from coopledger.core.lot import account, take
from coopledger.core.quantity import Number
from coopledger.core.register import UNPAID, Register, eligible, holdings, register
from coopledger.core.rules import check_movable
from coopledger.core.share_class import CLASS, ShareClass, check_class, plain_fields, value_fen
from coopledger.errors import RegisterError
from coopledger.text import Message

REDENOMINATE, REVALUE, REBALANCE = "redenominate", "revalue", "rebalance"
"""The kinds of records that the verbs write; the first two with a record of the class."""


def redenominate(
    cls: str,
    *,
    factor: Number = 1,
    digits: int | None = None,
    effective_on: date,
    booked_on: date | None = None,
    resolution: Resolution,
    documents: Iterable[Document] = (),
) -> Decision:
    """Give ``factor`` new shares for one old share, and a finer fraction of ``digits`` decimals, or both.

    The par value is divided by the factor, an absolute cap multiplied, so that nobody's part and no capital changes.
    Raises RegisterError where a holding, the par value or the cap would be no whole number, and where the class moved
    later already.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> ten_for_one = redenominate("cash", factor=10, effective_on=date(2026, 4, 1), resolution=vote)
    """
    facts = {CLASS: cls, "factor": str(factor), "digits": digits, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        _check_last(view, cls, effective_on)
        finer = one.digits if digits is None else digits
        if factor <= 0 or finer < one.digits:
            raise RegisterError(
                Message(
                    "{cls}: a factor of {factor}, {digits} digits: a factor above 0 and at least {least} digits are "
                    "expected",
                    cls=cls,
                    factor=factor,
                    digits=finer,
                    least=one.digits,
                )
            )
        by = Fraction(factor) * 10 ** (finer - one.digits)
        postings = []
        for (place, lot), quantity in _every_lot(view, cls, effective_on).items():
            more = _exact(one, quantity * by, place) - quantity
            if more:
                source, target = (UNISSUED, place) if more > 0 else (place, UNISSUED)
                postings.append(Posting(cls, source, target, abs(more), lot=lot))
        changes: dict[str, Any] = {"digits": finer, "counted_since": effective_on}
        if one.par_fen is not None:
            changes["par_fen"] = _exact(one, one.par_fen / Fraction(factor), "par_fen")
        if isinstance(one.cap, int):
            changes["cap"] = _exact(one, one.cap * by, "cap")
        entry = Entry(REDENOMINATE, effective_on, booked_on or effective_on, facts, postings)
        return [*_class_changed(one, changes, entry), entry]

    return decide


def revalue(
    cls: str,
    *,
    par_fen: int,
    against: str | None = None,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    resolution: Resolution,
    documents: Iterable[Document] = (),
) -> Decision:
    """Give a class another par value: the number of shares stays, their capital changes.

    Capital rises against the account ``against`` (the capital reserve, an asset that was appraised), or falls, so that
    paid-in shares × par is still what the capital account shows. Refused where the class moved later already.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> up = revalue("cash", par_fen=120, against="c37:321", effective_on=date(2027, 1, 1), reason="appraisal",
    ...     resolution=vote)
    """
    facts = {CLASS: cls, "par_fen": par_fen, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        _check_last(view, cls, effective_on)
        new = one._replace(par_fen=par_fen)
        postings = []
        if one.capital is not None:
            if against is None:
                raise RegisterError(
                    Message("{cls} is a class of capital: name the account, against, of the difference", cls=cls)
                )
            paid = sum(
                quantity
                for (place, _), quantity in _every_lot(view, cls, effective_on).items()
                if not place.endswith(f"/{UNPAID}")
            )
            rise = value_fen(new, paid) - value_fen(one, paid)
            source, target = (one.capital, against) if rise > 0 else (against, one.capital)
            postings = [Posting(now.book.currency, source, target, abs(rise))] if rise else []
        entry = Entry(REVALUE, effective_on, booked_on or effective_on, facts, postings)
        return [*_class_changed(one, {"par_fen": par_fen, "counted_since": effective_on}, entry), entry]

    return decide


def rebalance(
    cls: str,
    *,
    each: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    resolution: Resolution,
    documents: Iterable[Document] = (),
) -> Decision:
    """Give everybody eligible on the day ``each`` smallest units a head, take back what others have: 动态管理.

    Of a class held by households each has so many for its people. Only of a class that is managed dynamically; under
    static management (生不增死不减) a holding stays whatever the head-count.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> run = rebalance("member", each=1, effective_on=date(2027, 1, 1), reason="births, deaths", resolution=vote)
    """
    facts = {CLASS: cls, "each": each, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        if one.management != "dynamic" or one.pooled or one.capital is not None:
            raise RegisterError(
                Message(
                    "{cls} is not re-balanced: it is pooled, of capital, or under static management (生不增死不减)",
                    cls=cls,
                )
            )
        entry = Entry(
            REBALANCE, effective_on, booked_on or effective_on, facts, _balanced(view, now, one, each, effective_on)
        )
        return [entry]

    return decide


def _balanced(view: View, now: Register, one: ShareClass, each: int, on: date) -> list[Posting]:
    """What brings every holding to its heads' shares, by number."""
    due = {number: each * heads for number, heads in eligible(now, one).items()}
    held = {number: int(seen.shares) for number, seen in holdings(view, one.code, on, now).items()}
    postings: list[Posting] = []
    for number in sorted({*due, *held}, key=natural_key):
        more = due.get(number, 0) - held.get(number, 0)
        if more > 0:
            postings.append(Posting(one.code, UNISSUED, account(number), more))
        elif more < 0:
            taken = take(view, one, number, -more, on, locked=False)
            postings += [Posting(one.code, account(number), UNISSUED, quantity, lot=lot) for quantity, lot in taken]
    return postings


def _check_last(view: View, cls: str, on: date) -> None:
    later = next(view.movements(HOLDER, cls, since=on + timedelta(days=1)), None)
    if later is not None:
        raise RegisterError(
            Message(
                "{cls} has moved on {later} already: it is recounted, or gets another par value, no earlier than that",
                cls=cls,
                later=later.effective_on,
            )
        )


def _every_lot(view: View, cls: str, on: date) -> dict[tuple[str, str | None], int]:
    """What every account of every holder has of each lot."""
    found: dict[tuple[str, str | None], int] = {}
    for one in view.movements(HOLDER, cls, until=on):
        _, source, target, quantity, *_, lot = one.posting
        for place, sign in ((source, -1), (target, 1)):
            if place.startswith(f"{HOLDER}/"):
                found[place, lot] = found.get((place, lot), 0) + sign * quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def _exact(one: ShareClass, value: Fraction, what: str) -> int:
    if value.denominator != 1 or value < 1:
        raise RegisterError(
            Message(
                "{cls}: {what} would be {value}: a whole number of 1 or more is expected; nothing is rounded",
                cls=one.code,
                what=what,
                value=value,
            )
        )
    return value.numerator


def _class_changed(one: ShareClass, changes: dict[str, Any], entry: Entry) -> list[Entry]:
    """The entries that say what the class is from a day on."""
    new = one._replace(**changes)
    check_class(new)
    fields = plain_fields(new)
    days = (entry.effective_on, entry.booked_on)
    facts = {CLASS: one.code, "set": {name: fields[name] for name in changes}, "reason": entry.kind}
    opened = [Entry(OPENING, *days, opening([Denomination(new.code, new.name, new.digits)]))]
    return [*(opened if new.digits != one.digits else []), Entry(CLASS, *days, facts)]
