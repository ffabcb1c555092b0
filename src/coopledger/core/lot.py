"""Lots: which shares are alike, what one account holds of each, and which of it may move.

A posting that moves shares keeps their lot. So a lock-in goes with them, and the shares that a right gave can be told
from others wherever they are.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate

from coopledger.core.balances import printed
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import Posting, View, check_date, code, shown
from coopledger.core.passing import CONTRIBUTION
from coopledger.core.register import FROZEN, PLEDGED, UNPAID, Part
from coopledger.core.share_class import ShareClass, class_on, free_from
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

Lots = dict[str | None, int]
"""A quantity in smallest units by lot; None is what has no lot."""


def account(number: str, part: Part = "") -> str:
    """Where a holder's shares, or a part of them, stand. Raises RegisterError for what is no number of a holder.

    >>> account("0042", "pledged")
    'holder/0042/pledged'
    """
    if not isinstance(number, str) or not number or "/" in number:
        raise RegisterError(
            Message("{seen}: the number of a member or a household, without '/', is expected", seen=shown(number))
        )
    return f"{HOLDER}/{number}/{part}" if part else f"{HOLDER}/{number}"


def parts(view: View, cls: str, holder: str, on: date | None) -> dict[Part, int]:
    """What a holder has of a class on a day, by part: free, pledged, frozen, unpaid."""
    held = view.balances(cls, account(holder), on)
    known: tuple[Part, ...] = ("", PLEDGED, FROZEN, UNPAID)
    return {part: held[place] for part in known if (place := (cls, account(holder, part))) in held}


def lot_of_right(one: ShareClass, number: str, on: date) -> str:
    """The lot of the shares that the contribution of a right gave; in a class with a lock-in it begins with the day.

    >>> from coopledger.core.share_class import preset
    >>> lot_of_right(preset("land"), "G1", date(2026, 1, 1))
    'contribution/G1'
    >>> lot_of_right(preset("land", lock_in_days=365), "G1", date(2026, 1, 1))
    '2026-01-01/G1'
    """
    return f"{on.isoformat() if one.lock_in_days else CONTRIBUTION}/{number}"


def every_lot(view: View, cls: str, on: date | None = None) -> dict[tuple[str, str | None], int]:
    """What every account of every holder has of each lot, by account and lot."""
    found: dict[tuple[str, str | None], int] = {}
    for one in view.movements(HOLDER, cls, until=on):
        _, source, target, quantity, *_, lot = one.posting
        for place, sign in ((source, -1), (target, 1)):
            if place.startswith(f"{HOLDER}/"):
                found[place, lot] = found.get((place, lot), 0) + sign * quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def lots(view: View, cls: str, place: str, on: date) -> Lots:
    """What an account has of each lot, at its lowest from a day on: what can be taken on that day."""
    check_date(on)
    moved: dict[str | None, dict[date, int]] = {}
    for one in view.movements(place, cls):
        sign = (one.posting.target == place) - (one.posting.source == place)
        by_day = moved.setdefault(one.posting.lot, {on: 0})
        day = max(on, one.effective_on)
        by_day[day] = by_day.get(day, 0) + sign * one.posting.quantity
    return {lot: min(accumulate(by_day[day] for day in sorted(by_day))) for lot, by_day in moved.items()}


def take(
    view: View,
    one: ShareClass,
    holder: str,
    shares: int,
    on: date,
    *,
    part: Part = "",
    lot: str | None = None,
    locked: bool = True,
) -> list[tuple[int, str | None]]:
    """The quantities and lots that give a number of shares out of a part of a holding, the earliest lot first.

    What no right gave goes before what one did, which goes back when the right ends.

    ``locked`` minds the class's lock-in. Raises RegisterError: there is not so much on that day and every later one, or
    it is pledged, frozen or locked in.
    """
    check_shares(one, shares)
    check_date(on)
    lot = None if lot is None else code(lot)
    held = parts(view, one.code, holder, on)
    if part == "" and held.get("", 0) < shares:
        check_not_tied(one, holder, held)
    if locked and one.locked_until is not None and on < one.locked_until:
        raise _locked(one, holder, one.locked_until, on)
    found = lots(view, one.code, account(holder, part), on)
    taken: list[tuple[int, str | None]] = []
    locks = []
    wanted = shares
    for name in sorted(found, key=lambda seen: ("/" in (seen or ""), seen or "")):
        if found[name] < 1 or not wanted or (lot is not None and name != lot):
            continue
        until = free_from(one, name) if locked else None
        if until is not None and on < until:
            locks.append(until)
            continue
        taken.append((min(found[name], wanted), name))
        wanted -= taken[-1][0]
    if wanted and locks:
        raise _locked(one, holder, min(locks), on)
    if wanted:
        seen = printed(shares - wanted, one.digits)
        said = {"holder": holder, "seen": seen, "cls": one.code, "day": on, "shares": printed(shares, one.digits)}
        if lot is not None:
            raise _too_few(one, holder, lot, on, (shares - wanted, shares))
        raise RegisterError(
            Message("{holder} has {seen} {part} of {cls} from {day} on: {shares} are wanted", part=words(part), **said)
            if part
            else Message("{holder} has {seen} of {cls} to move from {day} on: {shares} are wanted", **said)
        )
    return taken


def check_shares(one: ShareClass, shares: object) -> None:
    """Raise RegisterError for what is no number of a class's smallest units."""
    if type(shares) is not int or shares < 1:
        raise RegisterError(
            Message(
                "{shares} shares of {cls}: a whole number (int) of its smallest unit, 1 or more, is expected",
                shares=shown(shares),
                cls=one.code,
            )
        )


def check_lots(view: View, postings: Iterable[Posting], on: date) -> None:
    """Raise RegisterError if postings take more of a lot than an account has of it, on a day or later.

    Where no lot was ever told apart this is left to the journal's guard.
    """
    wanted: dict[tuple[str, str], Lots] = {}
    for one in postings:
        own = wanted.setdefault((one.denomination, one.source), {})
        own[one.lot] = own.get(one.lot, 0) + one.quantity
    for (cls, place), by_lot in wanted.items():
        found = lots(view, cls, place, on)
        for lot, quantity in by_lot.items():
            if found.keys() - {None} and found.get(lot, 0) < quantity:
                raise _too_few(class_on(view, cls, on), holder_of(place), lot, on, (found.get(lot, 0), quantity))


def whole(
    view: View, one: ShareClass, holder: str, on: date, *, unpaid: bool = False, lot: str | None = None
) -> dict[Part, int]:
    """All that a holder has, free and unpaid; only what is ``unpaid``, or of a lot, if these are meant.

    Raises RegisterError if there is none, or some of it is pledged or frozen.
    """
    held = parts(view, one.code, holder, on)
    if lot is None:
        found = held
    else:
        lot = code(lot)
        of_lot = {part: _of_lot(view, one.code, account(holder, part), lot, on) for part in held}
        found = {part: quantity for part, quantity in of_lot.items() if quantity > 0}
    if unpaid:
        found = {part: quantity for part, quantity in found.items() if part == UNPAID}
    if found.keys() & {PLEDGED, FROZEN}:
        check_not_tied(one, holder, held)
    if not found:
        said = {"holder": printable(holder), "cls": one.code, "day": on}
        if lot is not None:
            raise RegisterError(Message("{holder} holds no {cls} of lot {lot} on {day}", lot=printable(lot), **said))
        raise RegisterError(
            Message("{holder} holds no {cls} on {day} that is not paid in yet", **said)
            if unpaid
            else Message("{holder} holds no {cls} on {day}", **said)
        )
    return found


def _of_lot(view: View, cls: str, place: str, lot: str, on: date) -> int:
    """What an account itself, without its parts, has of a lot at the end of a day."""
    moves = [one.posting for one in view.movements(place, cls, until=on) if one.posting.lot == lot]
    return sum(one.quantity * ((one.target == place) - (one.source == place)) for one in moves)


def check_not_tied(one: ShareClass, holder: str, held: Mapping[Part, int]) -> None:
    """Raise RegisterError if something of a holding is pledged or frozen (民法典 443)."""
    tied = [
        Message("{tied} are {part}", tied=printed(held[part], one.digits), part=words(part))
        for part in (PLEDGED, FROZEN)
        if held.get(part)
    ]
    if tied:
        raise RegisterError(
            Message(
                "{holder} has {free} free shares of {cls}; {tied} and stay until they are released",
                holder=holder,
                free=printed(held.get("", 0), one.digits),
                cls=one.code,
                tied=tied,
            )
        )


def moved(cls: str, taken: list[tuple[int, str | None]], source: str, target: str) -> list[Posting]:
    """The postings that move what was taken from one account to another, each lot by itself."""
    return [Posting(cls, source, target, quantity, lot=lot) for quantity, lot in taken]


def _too_few(
    one: ShareClass, holder: str, lot: str | None, on: date, seen_and_wanted: tuple[int, int]
) -> RegisterError:
    seen, wanted = (printed(quantity, one.digits) for quantity in seen_and_wanted)
    said = {"holder": holder, "seen": seen, "cls": one.code, "day": on, "shares": wanted}
    if lot is None:
        return RegisterError(
            Message("{holder} has {seen} of {cls} to move from {day} on, in no lot: {shares} are wanted", **said)
        )
    return RegisterError(
        Message(
            "{holder} has {seen} of {cls} to move from {day} on in lot {lot}: {shares} are wanted",
            lot=printable(lot),
            **said,
        )
    )


def _locked(one: ShareClass, holder: str, until: date, on: date) -> RegisterError:
    return RegisterError(
        Message(
            "{cls} of {holder} is locked in until {until}: on {day} it may be inherited or divided within the "
            "household, not sold, given, redeemed or converted",
            cls=one.code,
            holder=holder,
            until=until,
            day=on,
        )
    )
