"""Withdrawal: what becomes of what somebody has when he leaves, and subsidy shares spread over those who stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.ahead import in_turn
from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.balances import printed
from coopledger.core.chart import DONATION, MEMBER, MEMO, MONEY, RESERVE, SUBSIDY, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import contributions_of
from coopledger.core.conversion import not_yet, standing_carried
from coopledger.core.journal import Decision, Entry, Posting, View, code, is_under, listed, mapped
from coopledger.core.lot import account, lots, take, whole
from coopledger.core.member import LEAVING_REASONS, leave
from coopledger.core.movement import REDEEM_REASONS, redeem
from coopledger.core.passing import SPREAD, WITHDRAWAL
from coopledger.core.people import Member, check_member, number_of
from coopledger.core.register import Register, eligible, register
from coopledger.core.rules import check_gains, check_money_there, check_movable, check_not_spoken_for
from coopledger.core.share_class import ShareClass, check_opened_account
from coopledger.core.wording import check_reason
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class Going(NamedTuple):
    """Who leaves, a member or the household of which nobody is left, when and why, and which account pays."""

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
    what he is paid of the reserve that was quantified to him (:func:`refund_reserve`). Shares of classes that are
    spread pass to those who stay (Chongqing 14, Shandong 22). What must be done before: a right that he brought in is
    ended (:func:`~coopledger.core.ending.end_contribution`), subsidies and donations are spread over those who
    stay (:func:`~coopledger.core.fund.requantify`), a class that is kept has passed on. ``new_head`` is the next head
    of the household; with the last of a household goes what the household has, in the same way, but for its part of
    the reserve (:func:`refund_reserve`). Membership ends with the day before ``effective_on``.

    His part of that year's surplus, losses and debts (农民专业合作社法 28) is settled with the year's distribution,
    when it is known; nothing of it is booked here.

    Raises RegisterError: no notice, or not in time (农民专业合作社法 25); shares that are pledged, frozen, locked in or
    of a class that is kept; what was not done before; quantified reserve of which nothing is said; an account,
    ``against``, that is share capital, the reserve itself, or moved by verbs of its own.

    >>> gone = withdraw("0042", effective_on=date(2027, 1, 1), against="c37:102", reserve={"c37:322": 1200_00})
    """
    check_reason(reason, LEAVING_REASONS)
    number = number_of(number)
    new_head = None if new_head is None else number_of(new_head)
    papers = listed(documents, Document)
    amounts = dict(mapped(reserve or {}))

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        member = check_member(now.members, number, effective_on)
        if new_head is not None and not member.household:
            raise RegisterError(
                Message("{number} lives in no household: {head} cannot be its new head", number=number, head=new_head)
            )
        decisions: list[Decision] = []
        for holder in (number, *_left_empty(now, member)):
            held = _held(view, now, holder, effective_on)
            _check_settled(view, holder, {one.code for one in held}, effective_on)
            gone = Going(holder, effective_on, booked_on, reason, against, papers, resolution)
            decisions += [_parting(gone, one) for one in held]
        quantified = _quantified(view, RESERVE, number)
        if quantified and not amounts:
            raise RegisterError(
                Message(
                    "{quantified} yuan of the reserve were quantified to {number}: say what is paid of it, by account "
                    "(reserve, 'book withdraw --reserve'), 0 if nothing is",
                    quantified=printed(quantified, 2),
                    number=number,
                )
            )
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
        if quantified or any(type(fen) is not int or fen for fen in amounts.values()):
            decisions.append(
                refund_reserve(
                    number,
                    amounts,
                    against=against,
                    effective_on=effective_on,
                    booked_on=booked_on,
                    reason=reason,
                    documents=papers,
                    resolution=resolution,
                )
            )
        return list(in_turn(*decisions)(view))

    return decide


def refund_reserve(
    number: str,
    reserve: Mapping[str, int],
    *,
    against: str | None = None,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "withdrawal",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pay a leaver what was quantified to him of the reserve (农民专业合作社法 28): Dr reserve Cr ``against``.

    ``reserve`` has what he is paid, in fen by the account of the reserve it stands in. All that was quantified to him
    leaves his member account; what of it he is not paid (nothing, if the charter says so) stays in the reserve and may
    be quantified to others. :func:`withdraw` does this too; by itself it is for who left already, or has died, and for
    a household without members. If the leaving was a mistake, this is taken back before it is corrected.

    Raises RegisterError: somebody who is a member on the day, or a household with members; nothing was quantified to
    him, more than that, an account that is not the reserve's; ``against`` that is the reserve itself, or another
    account whose balance is to agree with something, such as share capital.

    >>> paid = refund_reserve("0042", {"c2021:322": 500_00}, against="c2021:102", effective_on=date(2027, 1, 1))
    """
    number = number_of(number)
    amounts = {code(place): fen for place, fen in mapped(reserve).items()}
    papers = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        if register(view, effective_on).is_member(number):
            raise RegisterError(
                Message(
                    "{number} is a member on {day}, or its people are: the reserve is refunded when the membership "
                    "ends (农民专业合作社法 28): let him withdraw with it (withdraw, 'book withdraw --reserve'), or "
                    "record the leaving first (leave)",
                    number=number,
                    day=effective_on,
                )
            )
        quantified = _quantified(view, RESERVE, number)
        accounts = [chart.account("reserve") for _, chart in charts(view).adopted if "reserve" in chart.roles]
        for place, fen in amounts.items():
            if type(fen) is not int or fen < 0 or not any(is_under(place, one) for one in accounts):
                raise RegisterError(
                    Message(
                        "{account}, {fen} fen: an account of the reserve, one of {accounts}, and a whole number not "
                        "below 0 are expected",
                        account=printable(place),
                        fen=repr(fen),
                        accounts=accounts or "-",
                    )
                )
            check_opened_account(charts(view), place, booked_on or effective_on)
            stands = standing_carried(view, place, effective_on, -1)
            if stands < fen:
                raise RegisterError(
                    Message(
                        "{account} stands at {stands} yuan from {day} on: {amount} cannot leave it{hint}",
                        account=place,
                        stands=printed(stands, 2),
                        day=effective_on,
                        amount=printed(fen, 2),
                        hint=not_yet(charts(view), place, effective_on),
                    )
                )
        paid = sum(amounts.values())
        if not quantified or paid > quantified:
            raise RegisterError(
                Message(
                    "{quantified} yuan of the reserve were quantified to {number}: {paid} cannot be paid of it",
                    quantified=printed(quantified, 2),
                    number=printable(number),
                    paid=printed(paid, 2),
                )
            )
        if paid and against is None:
            raise RegisterError(
                Message("{amount} yuan of reserve: name the account, against, that pays it", amount=printed(paid, 2))
            )
        if paid:
            check_opened_account(charts(view), str(against), booked_on or effective_on)
            check_not_spoken_for(view, str(against))
        postings = [Posting(MONEY, str(against), place, fen) for place, fen in amounts.items() if fen]
        check_money_there(view, postings, effective_on)
        postings.append(Posting(RESERVE, f"{MEMBER}/{number}", MEMO, quantified))
        facts = {"member": number, "reason": reason, "reserve_fen": paid, **papers}
        return [Entry(WITHDRAWAL, effective_on, booked_on or effective_on, facts, postings)]

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
    22: subsidies are quantified again to those who stay). A pooled class needs no spreading. This is for what an
    estate has, or somebody who left and kept his shares; who is a member leaves by :func:`withdraw`, which does this
    too, and for a household with the last of its members.

    Raises RegisterError: somebody who is a member on the day, a household of whose people one is, a class that is not
    spread or is pooled, nobody who stays.

    >>> on = spread("subsidy", holder="0042", effective_on=date(2027, 1, 1))
    """
    facts = {"class": code(cls), "reason": "leaving", **cited(documents, resolution)}
    holder = number_of(holder)

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        if holder in now.members and now.is_member(holder):
            raise RegisterError(
                Message(
                    "{number} is a member on {day}: what a member has is spread when he withdraws (withdraw)",
                    number=holder,
                    day=effective_on,
                )
            )
        entry = _spreading(view, holder, effective_on, booked_on, facts)
        if now.is_member(holder):
            raise RegisterError(
                Message(
                    "{household}: {members} live in it on {day}: what a household has is spread when the last of its "
                    "members withdraws (withdraw, 'book withdraw'); the others leave before",
                    household=holder,
                    members=now.households[holder].members,
                    day=effective_on,
                )
            )
        return [entry]

    return decide


def _left_empty(now: Register, member: Member) -> list[str]:
    """The household in which nobody lives any more when a member leaves, if there is one."""
    home = now.households.get(member.household)
    return [home.number] if home is not None and home.members == (member.number,) else []


def _spreading(view: View, holder: str, effective_on: date, booked_on: date | None, facts: Mapping[str, Any]) -> Entry:
    """The shares of a class, spread over those who stay."""
    now = register(view, effective_on)
    one = check_movable(view, now, facts["class"], effective_on)
    if one.on_leaving != "spread":
        raise RegisterError(Message("{cls} is not spread when somebody leaves: its class says so", cls=one.code))
    if one.pooled:
        raise RegisterError(
            Message(
                "{cls} is a pooled class, of those who stay already when somebody leaves: nothing of it is spread",
                cls=one.code,
            )
        )
    heads = {number: count for number, count in eligible(now, one).items() if number != holder}
    if not heads:
        raise RegisterError(
            Message(
                "{cls}: nobody stays to whom it could be spread; at a dissolution it is redeemed first (redeem, 'book "
                "redeem --reason dissolution')",
                cls=one.code,
            )
        )
    numbers = sorted(heads, key=natural_key)
    postings: list[Posting] = []
    for part, quantity in whole(view, one, holder, effective_on).items():
        given = largest_remainder(quantity, [heads[number] for number in numbers])
        left = take(view, one, holder, quantity, effective_on, part=part, locked=False)
        targets = [(account(number, part), due) for number, due in zip(numbers, given, strict=True) if due]
        postings += _dealt(one.code, account(holder, part), left, targets)
    entry = Entry(SPREAD, effective_on, booked_on or effective_on, facts, postings)
    check_gains(view, now, entry)
    return entry


def _dealt(
    cls: str, source: str, taken: Iterable[tuple[int, str | None]], targets: Iterable[tuple[str, int]]
) -> list[Posting]:
    """Postings that deal out lots over targets, in order; both have the same sum."""
    rest = [*taken]
    postings: list[Posting] = []
    for target, due in targets:
        wanted = due
        while wanted:
            quantity, lot = rest[0]
            dealt = min(quantity, wanted)
            postings.append(Posting(cls, source, target, dealt, lot=lot))
            wanted -= dealt
            rest[0] = (quantity - dealt, lot)
            if quantity == dealt:
                rest.pop(0)
    return postings


def _check_settled(view: View, number: str, held: Collection[str], on: date) -> None:
    """Raise RegisterError if something must be done before somebody can leave who holds some classes."""
    has = {(cls, lot) for cls in held for lot, shares in lots(view, cls, account(number), on).items() if shares and lot}
    for one in contributions_of(view).values() if has else ():
        brought = one.contribution
        if (one.ended_on is None or one.ended_on > on) and (brought.share_class, one.lot) in has:
            raise RegisterError(
                Message(
                    "{number} has shares of {cls} for the contribution {contribution}, which still runs: end it first "
                    "(end_contribution, 'book end-contribution'), or let them pass to who stays (transfer, "
                    "'book transfer --lot {lot}')",
                    number=number,
                    cls=brought.share_class,
                    contribution=brought.number,
                    lot=one.lot or "",
                )
            )
    for unit, name in ((SUBSIDY, Message("fiscal subsidies")), (DONATION, Message("donations"))):
        if quantified := _quantified(view, unit, number):
            raise RegisterError(
                Message(
                    "{quantified} yuan of {unit} were quantified to {number}, and are never refunded: spread them over "
                    "those who stay first (requantify, 'book fund requantify')",
                    quantified=printed(quantified, 2),
                    unit=name,
                    number=number,
                )
            )


def _quantified(view: View, unit: str, number: str) -> int:
    """What was quantified to somebody, from whatever day on, in fen."""
    place = (unit, f"{MEMBER}/{number}")
    return view.balances(*place).get(place, 0)


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
        facts = {"class": one.code, "reason": "leaving", **cited(going.documents, going.resolution)}
        return lambda view: [_spreading(view, going.number, going.effective_on, going.booked_on, facts)]
    return redeem(
        one.code,
        holder=going.number,
        effective_on=going.effective_on,
        booked_on=going.booked_on,
        reason=going.reason if going.reason in REDEEM_REASONS else "withdrawal",
        against=None if one.capital is None else going.against,
        documents=going.documents,
        resolution=going.resolution,
    )
