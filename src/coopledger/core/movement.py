"""Movements of shares: what may happen to a holding, as decisions that are appended to the journal.

Each verb gives a decision; appended, it becomes a record with its day, reason, documents and resolution. A movement
that a rule of the class or the law forbids is refused, and the message names the rule. That nobody gives more than he
has, on any day, is the journal's own guard.

Shares are counted in the class's smallest units throughout, money in fen.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core.charter import UNISSUED
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View, reverse
from coopledger.core.lot import account, moved, take, whole
from coopledger.core.member import check_reason
from coopledger.core.quantity import Number
from coopledger.core.register import FROZEN, PLEDGED, UNPAID, Part, Register, register
from coopledger.core.rules import (
    POOLED,
    check_cap,
    check_may_get,
    check_may_hold,
    check_may_pass,
    check_movable,
    check_not_recounted,
    check_stays,
    paid_in,
    paid_out,
)
from coopledger.core.share_class import ShareClass, value_fen
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

ISSUE_REASONS = ("contribution", "quantification", "subscription", "bonus", "donation", "ruling", "correction")
TRANSFER_REASONS = ("sale", "gift", "inheritance", "household division", "merger", "court order", "correction")
REDEEM_REASONS = ("withdrawal", "buy-back", "expiry", "exclusion", "correction")
CONVERT_REASONS = ("resolution", "charter", "correction")
TIE_REASONS = ("loan", "court order", "dispute", "correction")

_PASSES_LOCKS = frozenset({"inheritance", "household division", "merger", "court order", "expiry", "correction"})

ISSUE, TRANSFER, REDEEM, CONVERT, PAY_IN = "issue", "transfer", "redeem", "convert", "pay-in"
PLEDGE, RELEASE, FREEZE, UNFREEZE = "pledge", "release", "freeze", "unfreeze"
SPREAD, REVERSAL = "spread", "reversal"
"""The kinds of records that the verbs write."""


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
    """Issue shares to a holder; of a pooled class to the pool, with ``to`` left out.

    A class of capital wants the account that is debited, ``against``: the bank, a land-use right. Share capital is
    credited at par; what ``amount_fen`` is more, or less, goes to the account ``premium``. With ``paid=False`` the
    shares are subscribed only (认缴), and :func:`pay_in` follows. A lot tells vintages apart.

    >>> land = issue("land", to="0042", shares=500, effective_on=date(2026, 1, 1))
    """
    return allot(
        cls,
        {to: shares},
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
    given = dict(shares)
    papers = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        return [
            issuance(
                view,
                register(view, effective_on),
                cls,
                given,
                effective_on=effective_on,
                booked_on=booked_on or effective_on,
                reason=reason,
                against=against,
                amount_fen=amount_fen,
                premium=premium,
                paid=paid,
                lot=lot,
                papers=papers,
            )
        ]

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
) -> Entry:
    """What :func:`allot` decides, for a register of that day that is folded already."""
    on = effective_on
    one = check_movable(view, now, cls, on)
    for number in shares:
        check_may_hold(now, one, number, on)
        check_may_get(now, one, number, on)
    own_lot = _own_lot(one, lot, on)
    part: Part = "" if paid else UNPAID
    postings = [
        Posting(cls, UNISSUED, account(number, part), quantity, lot=own_lot) for number, quantity in shares.items()
    ]
    if paid:
        par_fen = value_fen(one, sum(shares.values()))
        postings += paid_in(now, one, par_fen, against=against, amount_fen=amount_fen, premium=premium)
    entry = Entry(ISSUE, on, booked_on, {"class": cls, "reason": reason, **papers}, postings)
    check_cap(view, one, entry, shares)
    return entry


def pay_in(
    cls: str,
    *,
    holder: str,
    shares: int,
    effective_on: date,
    booked_on: date | None = None,
    against: str | None = None,
    amount_fen: int | None = None,
    premium: str | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Pay in shares that were subscribed (实缴): from then on they earn where the class earns on what is paid in.

    >>> paid = pay_in("cash", holder="0042", shares=200, against="c37:102", effective_on=date(2026, 6, 1))
    """
    facts = {"class": cls, **cited(documents)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        taken = take(view, one, holder, shares, effective_on, part=UNPAID, locked=False)
        postings = moved(cls, taken, account(holder, UNPAID), account(holder))
        par_fen = value_fen(one, shares)
        postings += paid_in(now, one, par_fen, against=against, amount_fen=amount_fen, premium=premium)
        return [Entry(PAY_IN, effective_on, booked_on or effective_on, facts, postings)]

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

    Without ``shares`` the whole holding passes, what is subscribed only among it; ``unpaid`` passes shares that are
    not paid in yet. Lots keep their day, and without ``lot`` the earliest that may move goes first. What is pledged or
    frozen stays. The price, if it is told, is a fact: the cooperative's books do not change.

    >>> sale = transfer("land", holder="0042", to="0043", shares=200, effective_on=date(2026, 3, 1), reason="sale")
    """
    check_reason(reason, TRANSFER_REASONS)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}
    if price_fen is not None:
        facts["price_fen"] = price_fen

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        check_may_hold(now, one, to, effective_on)
        check_may_pass(now, one, holder, to, reason)
        postings = []
        for part, quantity in _wanted(view, one, holder, shares, effective_on, unpaid=unpaid).items():
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
        check_cap(view, one, entry, [to])
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
    on leaving are never refunded (农民专业合作社法 44; Chongqing 14, Shandong 22): :func:`spread` them.

    >>> back = redeem("cash", holder="0042", against="c37:102", effective_on=date(2027, 1, 1), reason="buy-back")
    """
    check_reason(reason, REDEEM_REASONS)
    facts = {"class": cls, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        if one.on_leaving == "spread" and reason != "correction":
            raise RegisterError(
                Message(
                    "{cls} is never refunded: it is spread over those who stay ({source})",
                    cls=cls,
                    source=one.source or "-",
                )
            )
        postings = []
        paid = 0
        for part, quantity in _wanted(view, one, holder, shares, effective_on, unpaid=unpaid).items():
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
            postings += paid_out(now, one, par_fen, against=against, amount_fen=amount_fen, premium=premium)
        return [Entry(REDEEM, effective_on, booked_on or effective_on, facts, postings)]

    return decide


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
    values stands in ``premium``.

    >>> two_for_three = convert("land", into="cash", holder="0042", shares=300, ratio=Fraction(2, 3),
    ...     effective_on=date(2026, 1, 1))
    """
    check_reason(reason, CONVERT_REASONS)
    facts = {"class": cls, "into": into, "ratio": str(ratio), "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        old = check_movable(view, now, cls, effective_on)
        new = check_movable(view, now, into, effective_on)
        check_may_hold(now, new, holder, effective_on)
        exact = Fraction(shares, old.unit) * ratio * new.unit
        if exact.denominator != 1 or exact < 1:
            raise RegisterError(
                Message(
                    "{shares} of {cls} at {ratio} are {exact} of {into}: a whole number of its smallest unit is "
                    "expected",
                    shares=shares,
                    cls=cls,
                    ratio=ratio,
                    exact=exact,
                    into=into,
                )
            )
        taken = take(view, old, holder, shares, effective_on, locked=reason not in _PASSES_LOCKS)
        own_lot = _own_lot(new, None, effective_on)
        postings = [
            *moved(cls, taken, account(holder), UNISSUED),
            Posting(into, UNISSUED, account(holder), exact.numerator, lot=own_lot),
            *_converted(now, old, new, shares, exact.numerator, premium),
        ]
        entry = Entry(CONVERT, effective_on, booked_on or effective_on, facts, postings)
        check_cap(view, new, entry, [holder])
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
    documents: Iterable[Document] = (),
) -> Decision:
    """Pledge shares (质押): they stay the holder's and earn, and do not move before they are released.

    Only what may pass to somebody can be pledged (民法典 440). ``creditor`` names an institution.
    """
    facts = {"class": cls, "creditor": creditor, "reason": "loan", **cited(documents)}

    def decide(view: View) -> list[Entry]:
        one = register(view, effective_on).share_class(cls)
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
    documents: Iterable[Document] = (),
) -> Decision:
    """Release pledged shares."""
    facts = {"class": cls, **cited(documents)}

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
) -> Decision:
    """Freeze shares (冻结) for a court order or a dispute: they stay the holder's and do not move."""
    check_reason(reason, TIE_REASONS)
    facts = {"class": cls, "reason": reason, **cited(documents)}

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
    documents: Iterable[Document] = (),
) -> Decision:
    """Let frozen shares move again."""
    facts = {"class": cls, **cited(documents)}

    def decide(view: View) -> list[Entry]:
        return _tied(view, UNFREEZE, cls, holder, shares, FROZEN, "", effective_on, booked_on, facts)

    return decide


def take_back(
    seq: int,
    *,
    booked_on: date,
    reason: str = "correction",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Take back a movement that was recorded by mistake: its postings the other way round, effective on its own day.

    The register as of any day is then as if it had not been; as known before, it is reprinted as it was. Raises
    RegisterError for what changes a class or members: those take another change.
    """
    facts = {"reverses": seq, "reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        try:
            record = view.record(seq)
        except LookupError:
            raise RegisterError(Message("record {seq} is not in this book", seq=seq)) from None
        if record.kind not in _TAKEN_BACK:
            raise RegisterError(
                Message(
                    "record {seq} is of the kind {kind}: {accepted} are taken back so; append another change instead",
                    seq=seq,
                    kind=record.kind,
                    accepted=sorted(_TAKEN_BACK),
                )
            )
        now = register(view, record.effective_on)
        for cls in sorted({one.denomination for one in record.postings} & now.classes.keys()):
            check_movable(view, now, cls, record.effective_on)
            check_not_recounted(view, cls, seq)
        postings = reverse(record)
        for one in postings:
            root, _, number = one.target.partition("/")
            if root == "holder" and number != POOLED:
                check_stays(now, number.partition("/")[0], record.effective_on)
        return [Entry(REVERSAL, record.effective_on, booked_on, facts, postings)]

    return decide


_TAKEN_BACK = frozenset({ISSUE, TRANSFER, REDEEM, CONVERT, PAY_IN, PLEDGE, RELEASE, FREEZE, UNFREEZE, SPREAD})


def _wanted(view: View, one: ShareClass, holder: str, shares: int | None, on: date, *, unpaid: bool) -> dict[Part, int]:
    """What is to move of each part: all of it, or so many."""
    if shares is None:
        return whole(view, one, holder, on)
    part: Part = UNPAID if unpaid else ""
    return {part: shares}


def _own_lot(one: ShareClass, lot: str | None, on: date) -> str | None:
    """The lot of new shares: with a lock-in, the day from which it runs."""
    if not one.lock_in_days or lot is None:
        return on.isoformat() if one.lock_in_days else lot
    try:
        return date.fromisoformat(lot).isoformat()
    except ValueError:
        raise RegisterError(
            Message(
                "lot {lot}: {cls} has a lock-in, so its lot is the day of issue, like 2026-01-31",
                lot=printable(repr(lot))[:80],
                cls=one.code,
            )
        ) from None


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
    taken = take(view, one, holder, shares, effective_on, part=source, locked=False)
    postings = moved(cls, taken, account(holder, source), account(holder, target))
    return [Entry(kind, effective_on, booked_on or effective_on, facts, postings)]


def _converted(  # noqa: PLR0917 - two classes, two quantities
    now: Register, old: ShareClass, new: ShareClass, shares: int, new_shares: int, premium: str | None
) -> list[Posting]:
    """The money of a conversion: old capital out, new capital in, at par; the difference in the capital reserve."""
    before = value_fen(old, shares) if old.capital is not None else 0
    after = value_fen(new, new_shares) if new.capital is not None else 0
    if before != after and premium is None:
        raise RegisterError(
            Message(
                "{before} fen of capital become {after}: name the account, premium, that takes the difference",
                before=before,
                after=after,
            )
        )
    legs = [
        (new.capital, old.capital, min(before, after)),
        (new.capital, premium, after - before),
        (premium, old.capital, before - after),
    ]
    return [
        Posting(now.book.currency, source, target, fen)
        for source, target, fen in legs
        if fen > 0 and source is not None and target is not None and source != target
    ]
