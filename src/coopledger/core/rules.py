"""Rules: who may hold a class, to whom it may pass, how much one holder may have, what money goes with it.

Each check raises RegisterError and names the rule that forbids the movement.
"""

from collections.abc import Iterable
from datetime import date

from coopledger.core.ahead import Ahead
from coopledger.core.charter import HOLDER, POOL
from coopledger.core.journal import Entry, Posting, View
from coopledger.core.member import People, days_of_home, died_out, living_in
from coopledger.core.register import Register, outstanding
from coopledger.core.share_class import CLASS, Reach, ShareClass, class_on
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

POOLED = POOL.partition("/")[2]
"""The number under which a pooled class is held."""

_REACHES = {"members": Message("members"), "household": Message("the same household")}


def check_movable(view: View, now: Register, cls: str, on: date) -> ShareClass:
    """The class, if shares of it may move on a day: it is there, not closed, and not recounted since."""
    one = now.share_class(cls)
    if one.closed:
        raise RegisterError(Message("{cls} is closed on {day}: no share of it moves any more", cls=cls, day=on))
    since = class_on(view, cls).counted_since
    if since is not None and on < since:
        raise RegisterError(
            Message(
                "{cls} was recounted, or got another par value, on {since}: a movement effective {day} would be in "
                "shares of before; make it effective on {since} or later",
                cls=cls,
                since=since,
                day=on,
            )
        )
    return one


def check_not_recounted(view: View, cls: str, seq: int) -> None:
    """Whether the shares of a class still count as they did when a record was written, on the same day even."""
    for one in view.records(CLASS, since=seq):
        if one.facts[CLASS] == cls and one.facts["set"].get("counted_since") is not None:
            raise RegisterError(
                Message(
                    "record {seq} counts {cls} as it was before record {later}, which recounted it or changed its par "
                    "value: append another movement instead",
                    seq=seq,
                    cls=cls,
                    later=one.seq,
                )
            )


def check_may_hold(now: Register, one: ShareClass, number: str, on: date) -> None:
    """Whether a number may hold the class from a day on: its kind, the class's level, its place in the register."""
    if one.pooled or number == POOLED:
        if one.pooled and number == POOLED:
            return
        raise RegisterError(
            Message("{cls} is a pooled class: nobody holds it alone", cls=one.code)
            if one.pooled
            else Message("{cls} is no pooled class: name a holder", cls=one.code)
        )
    if number not in now.households and number not in now.members:
        raise RegisterError(
            Message("{number} is not in the register on {day}", number=printable(number) or "-", day=on)
        )
    kind = now.members[number].kind if number in now.members else "person"
    if kind == "person" and (number in now.households) != (one.level == "household"):
        raise RegisterError(
            Message("{cls} is held by households: name the household of {number}", cls=one.code, number=number)
            if one.level == "household"
            else Message("{cls} is held by persons: {number} is a household", cls=one.code, number=number)
        )
    if kind not in one.holders:
        raise RegisterError(
            Message(
                "{cls} is for {accepted}: {number} is of the kind {kind}",
                cls=one.code,
                accepted=[words(kind) for kind in one.holders],
                number=number,
                kind=words(kind),
            )
        )
    check_stays(now, number, on)


def check_stays(now: Register, number: str, on: date) -> None:
    """Whether a number is there to hold something, on a day and for good."""
    if number in now.households:
        there = bool(now.households[number].members)
    else:
        there = number in now.members and now.members[number].standing in ("member", "holder")
    if not there:
        raise RegisterError(
            Message("{number} is no member on {day} and can get no shares", number=printable(number), day=on)
        )
    left = _leaves_on(now.people, number, on)
    if left is not None:
        raise RegisterError(
            Message(
                "{number} left on {left}: shares got on {day} would have no holder then",
                number=number,
                left=left,
                day=on,
            )
        )


def _leaves_on(people: People, number: str, on: date) -> date | None:
    """The first day after one on which a member has left, or a household is empty and not died out."""
    for change in people.members.get(number, ()):
        if change.effective_on > on and change.fields.get("standing") == "left":
            return change.effective_on
    if number in people.households:
        for day in sorted(days_of_home(people, number, on)):
            if day > on and not living_in(people, number, day) and not died_out(people, number, day):
                return day
    return None


def check_may_get(now: Register, one: ShareClass, number: str, on: date) -> None:
    """Whether shares of the class may be issued to a number."""
    if one.issued_to == "members" and number != POOLED and not now.is_member(number):
        raise RegisterError(
            Message("{number} is no member on {day}: {cls} is issued to members", number=number, day=on, cls=one.code)
        )


def check_may_pass(now: Register, one: ShareClass, holder: str, to: str, reason: str) -> None:
    """Whether shares of the class may pass from one holder to another for a reason."""
    at_home = _share_a_home(now, holder, to)
    if reason in ("court order", "correction"):
        return
    if reason in ("household division", "merger"):
        if not at_home and not {holder, to} <= {*now.households}:
            raise RegisterError(
                Message(
                    "{reason}: shares pass between households or within one, not from {holder} to {to}",
                    reason=words(reason),
                    holder=holder,
                    to=to,
                )
            )
        return
    reach: Reach = one.inherited_by if reason == "inheritance" else one.passes_to
    if reach == "nobody":
        raise RegisterError(
            Message(
                "{cls} passes to nobody by {reason} ({source})",
                cls=one.code,
                reason=words(reason),
                source=one.source or "-",
            )
        )
    if not (reach == "anyone" or (at_home if reach == "household" else now.is_member(to))):
        raise RegisterError(
            Message(
                "{cls} passes by {reason} to {reach} only: not from {holder} to {to} ({source})",
                cls=one.code,
                reason=words(reason),
                reach=_REACHES[reach],
                holder=holder,
                to=to,
                source=one.source or "-",
            )
        )


def _share_a_home(now: Register, one: str, other: str) -> bool:
    homes = [now.members[number].household if number in now.members else number for number in (one, other)]
    return bool(homes[0]) and homes[0] == homes[1]


def check_cap(view: View, one: ShareClass, entry: Entry, numbers: Iterable[str]) -> None:
    """Whether, after an entry, on its day and after everything, nobody of those named has more than the class's cap."""
    if one.cap is None or one.pooled:
        return
    ahead = Ahead(view, [entry])
    chosen = {*numbers}
    for on in (entry.effective_on, None):
        most = one.cap if isinstance(one.cap, int) else int(one.cap * outstanding(ahead, one.code, on))
        held: dict[str, int] = {}
        for (_, place), quantity in ahead.balances(one.code, HOLDER, on).items():
            number = place.split("/")[1]
            held[number] = held.get(number, 0) + quantity
        for number in sorted(chosen & held.keys()):
            if held[number] > most:
                raise RegisterError(
                    Message(
                        "{number} would hold {held} of {cls}: the cap for one holder is {cap}, which is {most} now",
                        number=number,
                        held=held[number],
                        cls=one.code,
                        cap=one.cap,
                        most=most,
                    )
                )


# ---------------------------------------------------------------- money


def paid_in(
    now: Register,
    one: ShareClass,
    par_fen: int,
    *,
    against: str | None,
    amount_fen: int | None = None,
    premium: str | None = None,
) -> list[Posting]:
    """The money of shares that are paid in: capital at par, the difference to the amount in the capital reserve.

    农民专业合作社会计制度 (财会〔2021〕37号): Dr bank or asset, Cr 301 at par, the difference to 321.
    """
    if one.capital is None:
        if against is not None or amount_fen is not None:
            raise RegisterError(
                Message("{cls} is no class of capital: its class names no capital account", cls=one.code)
            )
        return []
    if against is None:
        raise RegisterError(
            Message(
                "{cls} is a class of capital: name the account against which its {par} fen of {capital} are booked",
                cls=one.code,
                par=par_fen,
                capital=one.capital,
            )
        )
    over = 0 if amount_fen is None else amount_fen - par_fen
    if (over and premium is None) or par_fen + over < 0:
        raise RegisterError(
            Message(
                "{amount} fen for shares of {par} fen at par: name the account, premium, that takes the difference",
                amount=amount_fen,
                par=par_fen,
            )
        )
    legs = [(one.capital, against, min(par_fen, par_fen + over))]
    if premium is not None:
        legs += [(premium, against, over), (one.capital, premium, -over)]
    return [Posting(now.book.currency, source, target, fen) for source, target, fen in legs if fen > 0]


def paid_out(
    now: Register,
    one: ShareClass,
    par_fen: int,
    *,
    against: str | None,
    amount_fen: int | None = None,
    premium: str | None = None,
) -> list[Posting]:
    """The money of shares that are redeemed: the same the other way round."""
    legs = paid_in(now, one, par_fen, against=against, amount_fen=amount_fen, premium=premium)
    return [leg._replace(source=leg.target, target=leg.source) for leg in legs]
