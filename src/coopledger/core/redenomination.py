"""What happens to all shares of a class at once: other rights, a split, a finer fraction, another par value.

In a redenomination every holding is multiplied exactly, or the change is refused. What is effective earlier can no
longer be recorded afterwards, for it would be counted in the shares of before.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core.accounts import OPENING, Denomination, opening
from coopledger.core.allocation import natural_key
from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, charts
from coopledger.core.charter import HOLDER, UNISSUED, check_adopted, holder_of
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import (
    LARGEST_QUANTITY,
    Decision,
    Entry,
    Posting,
    View,
    check_date,
    code,
    shown,
)
from coopledger.core.lot import account, check_shares, every_lot, take
from coopledger.core.quantity import Number, decimal
from coopledger.core.register import UNPAID, Register, eligible, holdings, register
from coopledger.core.rules import (
    capital_on,
    check_accounts,
    check_class_fits,
    check_covered,
    check_gains,
    check_money_there,
    check_movable,
)
from coopledger.core.share_class import (
    CLASS,
    ShareClass,
    changed_class,
    check_capital,
    check_changeable,
    check_class,
    check_paid_somewhere,
    check_par,
    class_on,
    classes,
    value_fen,
)
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message

REDENOMINATE, CHANGE_PAR_VALUE, REBALANCE = "redenominate", "change-par-value", "rebalance"
"""The kinds of records that the verbs write; the first two with a record of the class."""

_FINEST = 9
"""Decimals of a share at most."""


def change_class(
    cls: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
    **changes: Any,
) -> Decision:
    """Change rights of a class from a day on: ``change_class("land", cap=Fraction(1, 5), …)``, ``closed=True``.

    Raises RegisterError for what has a verb of its own (digits, par value) or is no right of a class, and if on that
    day or later somebody would hold what he then may not, or capital would not stand where the class says, or would
    stand in no account of equity, or with other money.

    >>> closed = change_class("land", closed=True, effective_on=date(2027, 1, 1), reason="merger")
    """
    check_changeable(changes)
    cls = code(cls)
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = now.share_class(cls)
        if resolution is not None:
            check_adopted(resolution, now.book.charter, "shares")
        _check_cap_counts(view, cls, changes, effective_on)
        entry = changed_class(one, changes, effective_on=effective_on, booked_on=booked_on, reason=reason, more=cites)
        if changes.get("capital") is not None:
            check_capital(view, changes["capital"])
        if changes.keys() & {"capital", "earns"}:
            check_paid_somewhere(charts(view), one._replace(**changes), entry.booked_on)
        check_class_fits(view, now, one, one._replace(**changes), entry)
        return [entry]

    return decide


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

    Raises RegisterError where a lot of a holding, the par value or the cap would be no whole number, or the smallest
    fraction no whole number of fen, and where the class moved later already, or has a cap of a later day, for that is
    counted in the old shares.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> ten_for_one = redenominate("cash", factor=10, effective_on=date(2026, 4, 1), resolution=vote)
    """
    cls = code(cls)
    _check_factor(cls, factor)
    facts = {CLASS: cls, "factor": str(factor), "digits": digits, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        check_adopted(resolution, now.book.charter, "shares")
        one = check_movable(view, now, cls, effective_on)
        _check_last(view, cls, effective_on)
        _check_no_later_cap(view, cls, effective_on)
        finer = one.digits if digits is None else digits
        if type(finer) is not int or not one.digits <= finer <= _FINEST:
            raise RegisterError(
                Message(
                    "{cls}: {digits} digits: a whole number from {least} to {most} is expected",
                    cls=cls,
                    digits=shown(finer),
                    least=one.digits,
                    most=_FINEST,
                )
            )
        if factor == 1 and finer == one.digits:
            raise RegisterError(
                Message("{cls}: neither a factor nor more digits than its {digits}", cls=cls, digits=one.digits)
            )
        by = Fraction(factor) * 10 ** (finer - one.digits)
        postings = [*_recounted(view, one, by, finer, effective_on)]
        changes: dict[str, Any] = {"digits": finer, "counted_since": effective_on}
        if one.par_fen is not None:
            par_fen = one.par_fen / Fraction(factor)
            refused = Message(
                "{cls}: the par value would be {value} yuan: a whole number of fen is expected, nothing is rounded",
                cls=cls,
                value=_shares(par_fen, 2),
            )
            changes["par_fen"] = _exact(par_fen, refused)
            check_par(one._replace(digits=finer, par_fen=changes["par_fen"]))
        if isinstance(one.cap, int):
            refused = Message(
                "{cls}: the cap would be {value} shares: their smallest part is {least}, and nothing is rounded",
                cls=cls,
                value=_shares(one.cap * by, finer),
                least=printed(1, finer),
            )
            changes["cap"] = _exact(one.cap * by, refused)
        entry = Entry(REDENOMINATE, effective_on, booked_on or effective_on, facts, postings)
        return [*_class_changed(one, changes, entry), entry]

    return decide


def change_par_value(
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

    Capital rises against the account ``against`` (the capital reserve, an asset of the book's own that was appraised;
    a right that was brought in is valued anew instead), or falls, so that paid-in shares × par is still what the
    capital account shows. A class without an account of capital names none. Refused where the class moved later
    already, where nothing would change, where the smallest fraction of a share would be no whole number of fen, and
    where a reserve would fall to a debit balance.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> up = change_par_value("cash", par_fen=120, against="c37:321", effective_on=date(2027, 1, 1), reason="appraisal",
    ...     resolution=vote)
    """
    cls = code(cls)
    facts = {CLASS: cls, "par_fen": par_fen, "reason": reason, **cited(documents, resolution)}
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        check_adopted(resolution, now.book.charter, "shares")
        one = check_movable(view, now, cls, effective_on)
        _check_last(view, cls, effective_on)
        new = one._replace(par_fen=par_fen)
        check_class(new)
        check_par(new)
        if par_fen == one.par_fen:
            raise RegisterError(
                Message("{cls} has the par value {par} yuan already: nothing changes", cls=cls, par=printed(par_fen, 2))
            )
        postings = []
        if one.capital is None and against is not None:
            raise RegisterError(
                Message("{cls} is no class of capital: no money moves, and no account, against, is expected", cls=cls),
                about=["against"],
            )
        if one.capital is not None:
            if against is None:
                raise RegisterError(
                    Message("{cls} is a class of capital: name the account, against, of the difference", cls=cls)
                )
            check_accounts(view, one, booked, against)
            paid = sum(
                quantity
                for (_, place), quantity in view.balances(cls, HOLDER, effective_on).items()
                if not place.endswith(f"/{UNPAID}")
            )
            rise = value_fen(new, paid) - value_fen(one, paid)
            capital = capital_on(view, one, booked).capital or one.capital
            source, target = (capital, against) if rise > 0 else (against, capital)
            postings = [Posting(MONEY, source, target, abs(rise))] if rise else []
            check_date(booked)
            check_money_there(view, postings, effective_on)
            if rise > 0:
                check_covered(view, against, rise, effective_on)
        entry = Entry(CHANGE_PAR_VALUE, effective_on, booked, facts, postings)
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
    static management (生不增死不减) a holding stays whatever the head-count. A class of households is not re-balanced
    while somebody who is entitled lives in none.

    >>> vote = Resolution("2026-3", "members", date(2026, 3, 1), 300, 240, 220)
    >>> run = rebalance("member", each=1, effective_on=date(2027, 1, 1), reason="births, deaths", resolution=vote)
    """
    cls = code(cls)
    facts = {CLASS: cls, "each": each, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        check_adopted(resolution, now.book.charter, "shares")
        one = check_movable(view, now, cls, effective_on)
        if one.management != "dynamic" or one.pooled or one.capital is not None:
            raise RegisterError(
                Message(
                    "{cls} is not re-balanced: it is pooled, of capital, or under static management (生不增死不减)",
                    cls=cls,
                )
            )
        check_shares(one, each)
        _check_homes(now, one)
        postings = _balanced(view, now, one, each, effective_on)
        entry = Entry(REBALANCE, effective_on, booked_on or effective_on, facts, postings)
        check_gains(view, now, entry)
        return [entry]

    return decide


def _balanced(view: View, now: Register, one: ShareClass, each: int, on: date) -> list[Posting]:
    """What brings every holding to its heads' shares, by number; what is got is locked in from then on, if at all."""
    due = {number: each * heads for number, heads in eligible(now, one).items()}
    held = {number: int(seen.shares) for number, seen in holdings(view, one.code, on, now).items()}
    new_lot = on.isoformat() if one.lock_in_days else None
    postings: list[Posting] = []
    for number in sorted({*due, *held}, key=natural_key):
        more = due.get(number, 0) - held.get(number, 0)
        if more > 0:
            postings.append(Posting(one.code, UNISSUED, account(number), more, lot=new_lot))
        elif more < 0:
            taken = take(view, one, number, -more, on, locked=False)
            postings += [Posting(one.code, account(number), UNISSUED, quantity, lot=lot) for quantity, lot in taken]
    return postings


def _check_homes(now: Register, one: ShareClass) -> None:
    """Raise RegisterError if somebody who is entitled to a class of households lives in none."""
    homeless = [
        member.number
        for member in now.members.values()
        if one.level == "household" and member.standing == "member" and member.kind == "person"
        if member.kind in one.holders and not member.household and (not one.group or one.group in member.groups)
    ]
    if homeless:
        raise RegisterError(
            Message(
                "{cls} is held by households, and {numbers} live in none on {day}: they would get nothing",
                cls=one.code,
                numbers=homeless,
                day=now.on or "-",
            )
        )


def _check_factor(cls: str, factor: Number) -> None:
    exact = isinstance(factor, int | Fraction) and not isinstance(factor, bool)
    if not exact or factor <= 0 or max(Fraction(factor).as_integer_ratio()) > LARGEST_QUANTITY:
        raise RegisterError(
            Message(
                "{cls}: a factor of {factor}: a whole number or a Fraction above 0 is expected, its parts at most 10¹⁵",
                cls=cls,
                factor=shown(factor),
            )
        )


def _check_last(view: View, cls: str, on: date) -> None:
    check_date(on)
    moves = view.movements(HOLDER, cls, since=on)
    later = next((one.effective_on for one in moves if one.effective_on > on), None)
    if later is not None:
        raise RegisterError(
            Message(
                "{cls} has moved on {later} already: it is recounted, or gets another par value, no earlier than that",
                cls=cls,
                later=later,
            )
        )


def _check_no_later_cap(view: View, cls: str, on: date) -> None:
    for change in classes(view)[cls]:
        if change.effective_on > on and isinstance(change.fields.get("cap"), int):
            raise RegisterError(
                Message(
                    "{cls} gets another cap on {later}, in shares of before: it is recounted no earlier than that",
                    cls=cls,
                    later=change.effective_on,
                )
            )


def _check_cap_counts(view: View, cls: str, changes: Mapping[str, Any], on: date) -> None:
    since = class_on(view, cls).counted_since
    if isinstance(changes.get("cap"), int) and since is not None and on < since:
        raise RegisterError(
            Message(
                "{cls} was recounted, or got another par value, on {since}: a cap from {day} on would be in shares of "
                "before; set it from {since} on",
                cls=cls,
                since=since,
                day=on,
            )
        )


def _recounted(view: View, one: ShareClass, by: Fraction, digits: int, on: date) -> Iterator[Posting]:
    """What brings each lot of each account to ``by`` times its shares, exactly."""
    for (place, lot), quantity in every_lot(view, one.code, on).items():
        part = place.removeprefix(account(holder_of(place))).removeprefix("/")
        said: dict[str, Any] = {
            "cls": one.code,
            "holder": holder_of(place),
            "value": _shares(quantity * by, digits),
            "least": printed(1, digits),
        }
        if lot is not None:
            refused = Message(
                "{cls}: {holder} would have {value} shares of lot {lot}: their smallest part is {least}, and nothing "
                "is rounded; more decimals at the same time keep it whole (digits, 'book split --digits')",
                lot=lot,
                **said,
            )
        elif part:
            refused = Message(
                "{cls}: {holder} would have {value} shares that are {part}: their smallest part is {least}, and "
                "nothing is rounded",
                part=words(part),
                **said,
            )
        else:
            refused = Message(
                "{cls}: {holder} would have {value} shares: their smallest part is {least}, and nothing is rounded",
                **said,
            )
        if more := _exact(quantity * by, refused) - quantity:
            source, target = (UNISSUED, place) if more > 0 else (place, UNISSUED)
            yield Posting(one.code, source, target, abs(more), lot=lot)


def _exact(value: Fraction, refused: Message) -> int:
    if value.denominator != 1 or value < 1:
        raise RegisterError(refused)
    return value.numerator


def _shares(value: Fraction, digits: int) -> str:
    """Smallest units, or a fraction of them, as a number of shares."""
    return decimal(value / 10**digits, digits)


def _class_changed(one: ShareClass, changes: dict[str, Any], entry: Entry) -> list[Entry]:
    """The entries that say what the class is from a day on."""
    on, booked_on = entry.effective_on, entry.booked_on
    change = changed_class(one, changes, effective_on=on, booked_on=booked_on, reason=entry.kind)
    if changes.get("digits", one.digits) == one.digits:
        return [change]
    named = opening([Denomination(one.code, one.name, changes["digits"])])
    return [Entry(OPENING, on, booked_on, named), change]
