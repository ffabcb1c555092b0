"""Movements of shares: what may happen to a holding, as decisions that are appended to the journal.

Each verb gives a decision; appended, it becomes a record with its day, reason, documents and resolution. A movement
that a rule of the class or the law forbids is refused, and the message names the rule. That nobody gives more than he
has, on any day, is the journal's own guard.

Shares are counted in the class's smallest units throughout, money in fen.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core.balances import printed
from coopledger.core.chart import MONEY
from coopledger.core.charter import UNISSUED, check_adopted
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View, check_fen, code, shown
from coopledger.core.lot import account, check_shares, lot_of_right, moved, parts, take, whole
from coopledger.core.passing import CONVERT, FREEZE, ISSUE, PAY_IN, PLEDGE, REDEEM, RELEASE, TRANSFER, UNFREEZE
from coopledger.core.people import by_number, number_of
from coopledger.core.quantity import Number, decimal
from coopledger.core.register import FROZEN, PLEDGED, UNPAID, Part, Register, eligible, register
from coopledger.core.rules import (
    POOLED,
    capital_on,
    check_accounts,
    check_covered,
    check_gains,
    check_holder,
    check_may_get,
    check_may_hold,
    check_may_pass,
    check_may_withdraw,
    check_money_there,
    check_movable,
    check_not_dead,
    paid_in,
    paid_out,
)
from coopledger.core.share_class import ShareClass, day_of, value_fen
from coopledger.core.wording import check_reason, words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

ISSUE_REASONS = ("contribution", "quantification", "subscription", "bonus", "donation", "ruling", "correction")
TRANSFER_REASONS = ("sale", "gift", "inheritance", "household division", "merger", "court order", "correction")
REDEEM_REASONS = ("withdrawal", "buy-back", "expiry", "exclusion", "dissolution", "correction")
CONVERT_REASONS = ("resolution", "charter", "correction")
TIE_REASONS = ("loan", "court order", "dispute", "correction")
UNTIE_REASONS = ("repayment", "court order", "settlement", "correction")
PAY_IN_REASONS = ("subscription", "correction")

_OTHER_DAYS = ("ruling", "correction")
_PASSES_LOCKS = frozenset({"inheritance", "household division", "merger", "court order", "expiry", "correction"})


def issue(
    cls: str,
    *,
    to: str = POOLED,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "contribution",
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    paid: bool = True,
    lot: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Issue shares to a holder; of a pooled class to the pool, with ``to`` left out, if somebody has a part in it.

    A class of capital wants the account that is debited, ``against``: the bank, an asset. Share capital is credited at
    par; what ``amount_fen`` is more, or less, goes to the account ``premium``, and a reserve has what it is less. With
    ``paid=False`` the shares are subscribed only (认缴), and :func:`pay_in` follows. A lot tells vintages apart; that
    of a class with a lock-in is the day of issue, and another day only where a ruling or a correction says so.

    Raises RegisterError for what a rule of the class or of the register forbids, and if for less than par the reserve
    would fall to a debit balance.

    >>> land = issue("land", to="0042", shares=500, effective_on=date(2026, 1, 1))
    """
    return allot(
        cls,
        {number_of(to): shares},
        effective_on=effective_on,
        booked_on=booked_on,
        reason=reason,
        against=against,
        amount_fen=amount_fen,
        premium=premium,
        paid=paid,
        lot=lot,
        documents=documents,
        resolution=resolution,
    )


def allot(
    cls: str,
    shares: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "quantification",
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    paid: bool = True,
    lot: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Issue shares to many holders in one record: ``{number: shares}``. A cap is looked at after all of them.

    >>> people = allot("member", {"17": 4, "18": 3}, effective_on=date(2026, 1, 1))
    """
    check_reason(reason, ISSUE_REASONS)
    cls, given = code(cls), by_number(shares)
    papers = cited(documents, resolution)
    booked = booked_on or effective_on
    if not given:
        raise RegisterError(Message("{act}: nobody is named: there is nothing to record", act=words(ISSUE)))

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = now.share_class(cls)
        check_accounts(view, one, booked, against, premium)
        entry = issuance(
            view,
            now,
            cls,
            given,
            effective_on=effective_on,
            booked_on=booked,
            reason=reason,
            against=against,
            amount_fen=amount_fen,
            premium=premium,
            paid=paid,
            lot=lot,
            papers=papers,
        )
        check_issued(view, now, [entry], premium)
        return [entry]

    return decide


def issuance(
    view: View,
    now: Register,
    cls: str,
    shares: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date,
    reason: str,
    papers: Mapping[str, Any],
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    paid: bool = True,
    lot: str | None = None,
    right: str | None = None,
) -> Entry:
    """What :func:`allot` decides, for a register of that day that is folded already; :func:`check_issued` follows.

    Shares for the contribution of a ``right`` of that number have a lot of their own.
    """
    on = effective_on
    one = check_movable(view, now, cls, on)
    for number, quantity in shares.items():
        check_shares(one, quantity)
        check_may_hold(now, one, number)
        check_may_get(now, one, number, on)
    if not paid and (against, amount_fen, premium) != (None, None, None):
        raise RegisterError(
            Message(
                "subscribed shares are not paid in yet: account and amount are said when they are (pay_in, "
                "'book pay-in')"
            )
        )
    own_lot = _own_lot(one, lot, on, reason) if right is None else lot_of_right(one, right, on)
    part: Part = "" if paid else UNPAID
    postings = [
        Posting(cls, UNISSUED, account(number, part), quantity, lot=own_lot) for number, quantity in shares.items()
    ]
    if paid:
        par_fen = value_fen(one, sum(shares.values()))
        cls_then = capital_on(view, one, booked_on)
        postings += paid_in(cls_then, par_fen, against=against, amount_fen=amount_fen, premium=premium)
    return Entry(ISSUE, on, booked_on, {"class": cls, "reason": reason, **papers}, postings)


def check_issued(view: View, now: Register, entries: Sequence[Entry], premium: str | None) -> None:
    """Raise RegisterError if issues of one day give somebody more than he may have, or a reserve less than it takes.

    They are looked at together, so that no two of them count on the same reserve, or the same room below a cap.
    """
    if entries:
        first = entries[0]
        legs = [leg for one in entries for leg in one.postings]
        together = Entry(first.kind, first.effective_on, first.booked_on, {}, legs)
        check_gains(view, now, together)
        _check_premium(view, together.postings, premium, together.effective_on)


def pay_in(
    cls: str,
    *,
    holder: str,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "subscription",
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pay in shares that were subscribed (实缴): from then on they earn where the class earns on what is paid in.

    >>> paid = pay_in("cash", holder="0042", shares=200, against="c37:102", effective_on=date(2026, 6, 1))
    """
    check_reason(reason, PAY_IN_REASONS)
    cls, holder = code(cls), number_of(holder)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        check_holder(now, one, holder)
        check_accounts(view, one, booked, against, premium)
        taken = take(view, one, holder, shares, effective_on, part=UNPAID, locked=False)
        postings = moved(cls, taken, account(holder, UNPAID), account(holder))
        par_fen = value_fen(one, shares)
        cls_then = capital_on(view, one, booked)
        postings += paid_in(cls_then, par_fen, against=against, amount_fen=amount_fen, premium=premium)
        _check_premium(view, postings, premium, effective_on)
        return [Entry(PAY_IN, effective_on, booked, facts, postings)]

    return decide


def transfer(
    cls: str,
    *,
    holder: str,
    to: str,
    shares: int | None = None,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    lot: str | None = None,
    unpaid: bool = False,
    price_fen: int | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pass shares to another holder: a sale, a gift, an inheritance, a household division, a court order.

    Without ``shares`` the whole holding passes, what is subscribed only among it, or all of it that is of the ``lot``;
    ``unpaid`` passes shares that are not paid in yet. Lots keep their day, and without ``lot`` the earliest that may
    move goes first, and what a right gave last. What is pledged or frozen stays. The price, if it is told, is a fact:
    the cooperative's books do not change.

    An inheritance passes from the estate of who died, or from a household that died out; an estate sells and gives
    nothing. A household division follows the split of the household in the register. Before a merger of two households
    the whole holding passes, and the audit tells of it until the merger is recorded, for its day or a later one.

    >>> sale = transfer("land", holder="0042", to="0043", shares=200, effective_on=date(2026, 3, 1), reason="sale")
    """
    check_reason(reason, TRANSFER_REASONS)
    cls, holder, to = code(cls), number_of(holder), number_of(to)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}
    check_fen("price_fen", price_fen)
    if price_fen is not None:
        facts["price_fen"] = price_fen

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        check_holder(now, one, holder)
        check_may_hold(now, one, to)
        check_may_pass(now, one, holder, to, reason)
        if holder == to:
            raise RegisterError(
                Message("{holder} has the shares already: another holder is expected", holder=holder), about=["to"]
            )
        if reason == "merger" and shares is not None:
            _check_all(view, one, holder, shares, effective_on)
        named = None if reason == "merger" else shares  # all of a merger, whatever part it stands in
        wanted = _wanted(view, one, holder, named, effective_on, unpaid=unpaid, lot=lot)
        if reason == "merger":
            _check_all(view, one, holder, sum(wanted.values()), effective_on)
        postings = []
        for part, quantity in wanted.items():
            taken = take(
                view,
                one,
                holder,
                quantity,
                effective_on,
                part=part,
                lot=lot,
                locked=reason not in _PASSES_LOCKS,
            )
            postings += moved(cls, taken, account(holder, part), account(to, part))
        entry = Entry(TRANSFER, effective_on, booked_on or effective_on, facts, postings)
        check_gains(view, now, entry)
        return [entry]

    return decide


def redeem(
    cls: str,
    *,
    holder: str,
    shares: int | None = None,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    lot: str | None = None,
    unpaid: bool = False,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Take shares back: a withdrawal, a buy-back by the cooperative, the expiry of a land right.

    A class of capital wants the account that is credited, ``against``; capital is debited at par, and the difference
    to ``amount_fen`` stands in ``premium``. What was subscribed only goes back without money. Shares that are spread
    on leaving are never refunded (农民专业合作社法 44; Chongqing 14, Shandong 22): :func:`spread` them. Who is a member
    and withdraws must have given the notice that leaving takes; what is bought back of a member who stays needs none.

    >>> back = redeem("cash", holder="0042", against="c37:102", effective_on=date(2027, 1, 1), reason="buy-back")
    """
    cls, holder = code(cls), number_of(holder)
    check_reason(reason, REDEEM_REASONS)
    papers = cited(documents, resolution)
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        if unpaid and (against, amount_fen, premium) != (None, None, None):
            raise _no_money(cls)
        now = register(view, effective_on)
        one = now.share_class(cls)
        ends = reason == "dissolution" and not eligible(now, one).keys() - {holder}
        if one.on_leaving == "spread" and reason != "correction" and not ends:
            raise RegisterError(
                Message(
                    "{cls} is never refunded: it is spread over those who stay ({source})",
                    cls=cls,
                    source=one.source or "-",
                )
            )
        check_accounts(view, one, booked, against, premium)
        return [
            redemption(
                view,
                cls,
                {holder: shares},
                effective_on=effective_on,
                booked_on=booked,
                reason=reason,
                against=against,
                amount_fen=amount_fen,
                premium=premium,
                lot=lot,
                unpaid=unpaid,
                papers=papers,
            )
        ]

    return decide


def redemption(
    view: View,
    cls: str,
    wanted: Mapping[str, int | None],
    *,
    effective_on: date,
    booked_on: date,
    reason: str,
    papers: Mapping[str, Any],
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    lot: str | None = None,
    unpaid: bool = False,
) -> Entry:
    """What :func:`redeem` decides, for several holders, a class of any kind and whatever accounts the money stands in.

    ``wanted`` says how many shares each gives back, None for all.
    """
    check_reason(reason, REDEEM_REASONS)
    now = register(view, effective_on)
    one = check_movable(view, now, cls, effective_on)
    postings = []
    paid = 0
    for holder, shares in wanted.items():
        check_holder(now, one, holder)
        if reason == "withdrawal":
            check_may_withdraw(view, now, holder, effective_on)
        for part, quantity in _wanted(view, one, holder, shares, effective_on, unpaid=unpaid, lot=lot).items():
            taken = take(
                view,
                one,
                holder,
                quantity,
                effective_on,
                part=part,
                lot=lot,
                locked=reason not in _PASSES_LOCKS,
            )
            postings += moved(cls, taken, account(holder, part), UNISSUED)
            paid += quantity if part == "" else 0
    if paid:
        par_fen = value_fen(one, paid)
        cls_then = capital_on(view, one, booked_on)
        postings += paid_out(cls_then, par_fen, against=against, amount_fen=amount_fen, premium=premium)
    elif (amount_fen, premium) != (None, None):
        raise _no_money(cls)
    check_money_there(view, postings, effective_on)
    _check_premium(view, postings, premium, effective_on)
    entry = Entry(REDEEM, effective_on, booked_on, {"class": cls, "reason": reason, **papers}, postings)
    check_gains(view, now, entry)
    return entry


def convert(
    cls: str,
    *,
    into: str,
    holder: str,
    shares: int,
    ratio: Number,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "resolution",
    premium: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Convert shares of a class into another: ``ratio`` new whole shares for one old whole share.

    Where that gives no whole number of the new class's smallest unit it is refused, not rounded. A difference of par
    values stands in ``premium``; a reserve covers what the capital rises. With the reason ``resolution`` the
    resolution is cited. Shares that are never refunded become no others: only shares that are spread on leaving too.
    So with shares that pass to nobody, by sale or by inheritance: what they become passes to nobody so either. A
    correction is free of both.

    >>> two_for_three = convert("land", into="cash", holder="0042", shares=300, ratio=Fraction(2, 3),
    ...     reason="charter", effective_on=date(2026, 1, 1))
    """
    check_reason(reason, CONVERT_REASONS)
    cls, into, holder = code(cls), code(into), number_of(holder)
    _check_ratio(cls, into, ratio)
    facts = {"class": cls, "into": into, "ratio": str(ratio), "reason": reason, **cited(documents, resolution)}
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        old = check_movable(view, now, cls, effective_on)
        new = check_movable(view, now, into, effective_on)
        if reason == "resolution":
            _check_resolved(now, resolution)
        if old.on_leaving == "spread" != new.on_leaving and reason != "correction":
            raise RegisterError(
                Message(
                    "{cls} is never refunded ({source}): it converts into a class that is spread on leaving, and "
                    "{into} is not",
                    cls=cls,
                    source=old.source or "-",
                    into=into,
                )
            )
        if reason != "correction":
            _check_no_freer(old, new)
        check_holder(now, old, holder)
        check_may_hold(now, new, holder)
        check_may_get(now, new, holder, effective_on)
        for one in (old, new):
            check_accounts(view, one, booked, None, premium)
        check_shares(old, shares)
        exact = Fraction(shares, old.unit) * ratio * new.unit
        if exact.denominator != 1 or exact < 1:
            raise RegisterError(
                Message(
                    "{shares} of {cls} at {ratio} are {exact} of {into}: its smallest part is {least}, and nothing is "
                    "rounded",
                    shares=printed(shares, old.digits),
                    cls=cls,
                    ratio=ratio,
                    exact=decimal(exact / new.unit),
                    into=into,
                    least=printed(1, new.digits),
                )
            )
        taken = take(view, old, holder, shares, effective_on, locked=reason not in _PASSES_LOCKS)
        own_lot = _own_lot(new, None, effective_on, reason)
        money = _converted(
            capital_on(view, old, booked), capital_on(view, new, booked), shares, exact.numerator, premium
        )
        for leg in money:
            if leg.target == premium:
                check_covered(view, leg.target, leg.quantity, effective_on)
        postings = [
            *moved(cls, taken, account(holder), UNISSUED),
            Posting(into, UNISSUED, account(holder), exact.numerator, lot=own_lot),
            *money,
        ]
        entry = Entry(CONVERT, effective_on, booked, facts, postings)
        check_gains(view, now, entry)
        return [entry]

    return decide


def pledge(
    cls: str,
    *,
    holder: str,
    shares: int,
    creditor: str,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "loan",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pledge shares (质押): they stay the holder's and earn, and do not move before they are released.

    Only what may pass to somebody can be pledged (民法典 440). ``creditor`` names an institution.

    >>> pledged = pledge("land", holder="17", shares=20, creditor="示例信用社", effective_on=date(2026, 3, 1))
    """
    check_reason(reason, TIE_REASONS)
    cls, holder = code(cls), number_of(holder)
    facts = {"class": cls, "creditor": creditor, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = now.share_class(cls)
        check_not_dead(now, holder)
        if one.passes_to == "nobody":
            raise RegisterError(Message("{cls} passes to nobody, so it cannot be pledged (民法典 440)", cls=cls))
        return _tied(view, PLEDGE, cls, holder, shares, "", PLEDGED, effective_on, booked_on, facts)

    return decide


def release(
    cls: str,
    *,
    holder: str,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "repayment",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Release pledged shares.

    >>> released = release("land", holder="17", shares=20, effective_on=date(2026, 6, 1))
    """
    check_reason(reason, UNTIE_REASONS)
    cls, holder = code(cls), number_of(holder)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        return _tied(view, RELEASE, cls, holder, shares, PLEDGED, "", effective_on, booked_on, facts)

    return decide


def freeze(
    cls: str,
    *,
    holder: str,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Freeze shares (冻结) for a court order or a dispute: they stay the holder's and do not move.

    >>> frozen = freeze("land", holder="17", shares=20, effective_on=date(2026, 3, 1), reason="dispute")
    """
    check_reason(reason, TIE_REASONS)
    cls, holder = code(cls), number_of(holder)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        return _tied(view, FREEZE, cls, holder, shares, "", FROZEN, effective_on, booked_on, facts)

    return decide


def unfreeze(
    cls: str,
    *,
    holder: str,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Let frozen shares move again.

    >>> moves_again = unfreeze("land", holder="17", shares=20, effective_on=date(2026, 6, 1), reason="settlement")
    """
    check_reason(reason, UNTIE_REASONS)
    cls, holder = code(cls), number_of(holder)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        return _tied(view, UNFREEZE, cls, holder, shares, FROZEN, "", effective_on, booked_on, facts)

    return decide


def _check_premium(view: View, postings: Iterable[Posting], premium: str | None, on: date) -> None:
    """Raise RegisterError if what shares cost below their par value, or are paid above it, is not in the reserve."""
    legs = [one for one in postings if one.denomination == MONEY]
    taken = sum(one.quantity * ((one.target == premium) - (one.source == premium)) for one in legs)
    if premium is not None and taken > 0:
        check_covered(view, premium, taken, on)


def _wanted(
    view: View, one: ShareClass, holder: str, shares: int | None, on: date, *, unpaid: bool, lot: str | None
) -> dict[Part, int]:
    """What is to move of each part: so many, or all of it: of what is unpaid, of a lot, if these are meant."""
    if shares is not None:
        part: Part = UNPAID if unpaid else ""
        return {part: shares}
    return whole(view, one, holder, on, unpaid=unpaid, lot=lot)


def _check_all(view: View, one: ShareClass, holder: str, shares: int, on: date) -> None:
    """Raise RegisterError if that is not all a household has: after a merger it is empty."""
    check_shares(one, shares)
    held = sum(parts(view, one.code, holder, on).values())
    if shares != held:
        raise RegisterError(
            Message(
                "merger: {holder} has {held} of {cls} on {day} and would pass on {shares}: all of it is expected",
                holder=holder,
                held=printed(held, one.digits),
                cls=one.code,
                day=on,
                shares=printed(shares, one.digits),
            )
        )


def _own_lot(one: ShareClass, lot: str | None, on: date, reason: str) -> str | None:
    """The lot of new shares: with a lock-in, the day from which it runs."""
    lot = None if lot is None else code(lot)
    if lot is not None and "/" in lot:
        raise RegisterError(
            Message("lot {lot}: with '/' is named what a contribution gave: another name is expected", lot=shown(lot))
        )
    if not one.lock_in_days or lot is None:
        return on.isoformat() if one.lock_in_days else lot
    issued = day_of(lot)
    if issued is None or (issued != on and reason not in _OTHER_DAYS):
        raise RegisterError(
            Message(
                "lot {lot}: {cls} has a lock-in, so its lot is the day of issue, {day}; another day is for the reasons "
                "{reasons}",
                lot=shown(lot),
                cls=one.code,
                day=on,
                reasons=[words(one) for one in _OTHER_DAYS],
            )
        )
    return issued.isoformat()


def _no_money(cls: str) -> RegisterError:
    return RegisterError(
        Message(
            "{cls}: what was subscribed only goes back without money: no account and no amount is expected", cls=cls
        )
    )


def _check_ratio(cls: str, into: str, ratio: Number) -> None:
    if cls == into:
        raise RegisterError(Message("{cls} into {cls}: another class is expected; a split recounts a class", cls=cls))
    if isinstance(ratio, bool) or not isinstance(ratio, int | Fraction) or ratio <= 0:
        raise RegisterError(
            Message("ratio {seen}: a whole number or a Fraction above 0 is expected", seen=printable(repr(ratio))[:80])
        )


def _check_resolved(now: Register, resolution: Resolution | None) -> None:
    if resolution is None:
        raise RegisterError(Message("a conversion by resolution: cite the resolution, or name another reason"))
    check_adopted(resolution, now.book.charter, "shares")


def _check_no_freer(old: ShareClass, new: ShareClass) -> None:
    """Raise RegisterError if shares that pass to nobody would become some that do, by sale or by inheritance."""
    for reason, before, after in (
        ("sale", old.passes_to, new.passes_to),
        ("inheritance", old.inherited_by, new.inherited_by),
    ):
        if before == "nobody" != after:
            raise RegisterError(
                Message(
                    "{cls} passes to nobody by {reason} ({source}): it converts into a class that does not either, and "
                    "{into} does",
                    cls=old.code,
                    reason=words(reason),
                    source=old.source or "-",
                    into=new.code,
                )
            )


def _tied(  # noqa: PLR0917 - what four verbs were told
    view: View,
    kind: str,
    cls: str,
    holder: str,
    shares: int,
    source: Part,
    target: Part,
    effective_on: date,
    booked_on: date | None,
    facts: Mapping[str, object],
) -> list[Entry]:
    """Move shares between the parts of one holding."""
    now = register(view, effective_on)
    one = check_movable(view, now, cls, effective_on)
    check_holder(now, one, holder)
    taken = take(view, one, holder, shares, effective_on, part=source, locked=False)
    postings = moved(cls, taken, account(holder, source), account(holder, target))
    return [Entry(kind, effective_on, booked_on or effective_on, facts, postings)]


def _converted(old: ShareClass, new: ShareClass, shares: int, new_shares: int, premium: str | None) -> list[Posting]:
    """The money of a conversion: old capital out, new capital in, at par; the difference in the capital reserve."""
    before = value_fen(old, shares) if old.capital is not None else 0
    after = value_fen(new, new_shares) if new.capital is not None else 0
    if before != after and premium is None:
        raise RegisterError(
            Message(
                "{before} yuan of capital become {after}: name the account, premium, that takes the difference",
                before=printed(before, 2),
                after=printed(after, 2),
            )
        )
    legs = [
        (new.capital, old.capital, min(before, after)),
        (new.capital, premium, after - before),
        (premium, old.capital, before - after),
    ]
    return [
        Posting(MONEY, source, target, fen)
        for source, target, fen in legs
        if fen > 0 and source is not None and target is not None and source != target
    ]
