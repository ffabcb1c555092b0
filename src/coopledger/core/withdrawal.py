"""Withdrawal: what becomes of somebody's shares when he leaves, and subsidy shares spread over those who stay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from coopledger.core.ahead import in_turn
from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Facts, Posting, View
from coopledger.core.lot import account, take, whole
from coopledger.core.member import LEAVING_REASONS, check_member, check_reason, leave
from coopledger.core.movement import SPREAD, redeem
from coopledger.core.register import Register, eligible, register
from coopledger.core.rules import check_movable
from coopledger.core.share_class import ShareClass
from coopledger.errors import RegisterError
from coopledger.text import Message

WITHDRAWAL = "withdrawal"
"""The kind of the record that pays a leaver his part of the quantified reserve."""


class Going(NamedTuple):
    """Who leaves, when and why, and which account pays him."""

    number: str
    effective_on: date
    booked_on: date | None
    reason: str
    against: str | None
    documents: Sequence[Document]
    resolution: Resolution | None


def withdraw(
    number: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "withdrawal",
    against: str | None = None,
    reserve: Mapping[str, int] | None = None,
    new_head: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Let a member leave, with everything that goes with it, in one append.

    Shares of classes that are refunded go back, those of capital at par (Dr capital, Cr ``against``); ``reserve`` says
    what quantified reserve is paid on top, in fen by the account it stands in (农民专业合作社法 28). Shares of classes
    that are spread pass to those who stay (Chongqing 14, Shandong 22). A class that is kept must have passed on
    before. ``new_head`` is the next head of the household. Membership ends with the day before ``effective_on``.

    Raises RegisterError: no notice, or not in time (农民专业合作社法 25); shares that are pledged, frozen, locked in or
    of a class that is kept.

    >>> gone = withdraw("0042", effective_on=date(2027, 1, 1), against="c37:102", reserve={"c37:322": 1200_00})
    """
    check_reason(reason, LEAVING_REASONS)
    papers = [*documents]
    amounts = dict(reserve or {})
    facts = {"member": number, "reason": reason, "reserve_fen": sum(amounts.values()), **cited(papers, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        member = check_member(now.members, number, effective_on)
        gone = Going(number, effective_on, booked_on, reason, against, papers, resolution)
        decisions = [_parting(gone, one) for one in _held(view, now, number, effective_on)]
        if amounts:
            decisions.append(_reserve_paid(gone, amounts, now.book.currency, facts))
        decisions.append(
            leave(
                number,
                effective_on=effective_on,
                booked_on=booked_on,
                reason=reason,
                new_heads={member.household: new_head} if new_head is not None else {},
                documents=papers,
                resolution=resolution,
            )
        )
        return list(in_turn(*decisions)(view))

    return decide


def spread(
    cls: str,
    *,
    holder: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Spread a leaver's shares of a class over those who stay, equally, a household by its heads.

    By the largest remainder; of equal parts the lower number comes first. Nothing is refunded (Chongqing 14, Shandong
    22: subsidies are quantified again to those who stay). A pooled class needs no spreading.

    >>> on = spread("subsidy", holder="0042", effective_on=date(2027, 1, 1))
    """
    facts = {"class": cls, "reason": "leaving", **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        one = check_movable(view, now, cls, effective_on)
        if one.on_leaving != "spread":
            raise RegisterError(Message("{cls} is not spread when somebody leaves: its class says so", cls=cls))
        heads = {number: count for number, count in eligible(now, one).items() if number != holder}
        if not heads:
            raise RegisterError(Message("{cls}: nobody stays to whom it could be spread", cls=cls))
        numbers = sorted(heads, key=natural_key)
        postings: list[Posting] = []
        for part, quantity in whole(view, one, holder, effective_on).items():
            given = largest_remainder(quantity, [heads[number] for number in numbers])
            left = take(view, one, holder, quantity, effective_on, part=part, locked=False)
            targets = [(account(number, part), due) for number, due in zip(numbers, given, strict=True) if due]
            postings += _dealt(cls, account(holder, part), left, targets)
        return [Entry(SPREAD, effective_on, booked_on or effective_on, facts, postings)]

    return decide


def _dealt(
    cls: str, source: str, taken: Iterable[tuple[int, str | None]], targets: Iterable[tuple[str, int]]
) -> list[Posting]:
    """Postings that deal out lots over targets, in order; both have the same sum."""
    lots = [*taken]
    postings: list[Posting] = []
    for target, due in targets:
        wanted = due
        while wanted:
            quantity, lot = lots[0]
            dealt = min(quantity, wanted)
            postings.append(Posting(cls, source, target, dealt, lot=lot))
            wanted -= dealt
            lots[0] = (quantity - dealt, lot)
            if quantity == dealt:
                lots.pop(0)
    return postings


def _held(view: View, now: Register, number: str, on: date) -> list[ShareClass]:
    """The classes of which somebody has shares."""
    found = {cls for cls, _ in view.balances(under=account(number), on=on)}
    return [one for cls, one in now.classes.items() if cls in found]


def _parting(going: Going, one: ShareClass) -> Decision:
    """What becomes of a leaver's shares of a class."""
    if one.on_leaving == "keep":
        raise RegisterError(
            Message(
                "{number} holds {cls}, which is neither refunded nor spread: it passes on before he leaves",
                number=going.number,
                cls=one.code,
            )
        )
    if one.on_leaving == "spread":
        return spread(
            one.code,
            holder=going.number,
            effective_on=going.effective_on,
            booked_on=going.booked_on,
            documents=going.documents,
            resolution=going.resolution,
        )
    return redeem(
        one.code,
        holder=going.number,
        effective_on=going.effective_on,
        booked_on=going.booked_on,
        reason="exclusion" if going.reason == "exclusion" else "withdrawal",
        against=None if one.capital is None else going.against,
        documents=going.documents,
        resolution=going.resolution,
    )


def _reserve_paid(going: Going, amounts: Mapping[str, int], currency: str, facts: Facts) -> Decision:
    if going.against is None:
        raise RegisterError(
            Message("{fen} fen of reserve: name the account, against, that pays it", fen=sum(amounts.values()))
        )
    paid = [Posting(currency, going.against, reserve, fen) for reserve, fen in amounts.items()]
    entry = Entry(WITHDRAWAL, going.effective_on, going.booked_on or going.effective_on, facts, paid)
    return lambda _: [entry]
