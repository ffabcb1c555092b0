"""The end of a contribution: the right goes back, and the shares that it gave are redeemed, whoever holds them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from math import floor
from operator import attrgetter
from typing import Literal, get_args

from coopledger.core.ahead import Ahead
from coopledger.core.allocation import natural_key
from coopledger.core.amortisation import (
    PLACES,
    balance,
    catch_up,
    check_booked_after,
    check_converted,
    running,
    used_up,
)
from coopledger.core.chart import LAND, MEMO, MONEY, charts
from coopledger.core.charter import HOLDER, MU, UNISSUED, holder_of
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import (
    ENDED,
    Right,
    Standing,
    contribution_in,
    contributions_of,
    hundredths,
    through_transit,
)
from coopledger.core.journal import TRANSIT, Decision, Entry, Posting, Record, View, check_date, listed
from coopledger.core.lot import account, check_not_tied, every_lot, parts
from coopledger.core.movement import redemption
from coopledger.core.parcel import check_free, taken
from coopledger.core.passing import REDEEM
from coopledger.core.people import number_of
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.share_class import class_on
from coopledger.core.wording import check_reason
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

Reason = Literal["expiry", "withdrawal", "exclusion", "correction"]
Rule = Literal["right only", "right and money"]
END_REASONS: tuple[Reason, ...] = get_args(Reason)
RULES: tuple[Rule, ...] = get_args(Rule)


def end_contribution(
    number: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: Reason = "expiry",
    rule: Rule,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """End a contribution of a right: it goes back, the shares it gave are redeemed, its accounts are cleared.

    Its shares are known by their lot, whoever holds them: sold, inherited, divided in a household, spread, recounted by
    a split. What of them was redeemed, converted or taken back by a re-balancing is gone; if none is left, the right
    alone goes back.

    What is used up by the day is booked first; nothing, if a ``correction`` ends it on the day on which it was brought
    in, and what was booked of it is booked back. Then share capital is debited at par and the right goes out at its
    book value. What was used up in the meantime is, by the ``rule`` that the charter states,

    - ``right only``: kept; its value stays in the capital surplus, for the right earned dividends while it was used;
    - ``right and money``: owed to the holders, who so get back what was contributed, the rest of the right and the
      money for what is gone (农民专业合作社法 28: contributions are refunded on leaving); after a revaluation what the
      right is worth less than was contributed, and nothing if it is worth more. To each for his part of the shares that
      the contribution gave, in whole fen, rounded down.

    A premium of the issue is taken back in both. With the reason ``withdrawal`` each holder who is a member must have
    given notice.

    Raises RegisterError: no such right, one that ended, or that runs on (``expiry`` before its last day), or was not
    brought in, or valued as it is, by the day, or booked so by the accounting date; shares that are pledged or frozen;
    ``right and money`` without a share, for those were paid out already.

    >>> back = end_contribution("G1", effective_on=date(2028, 6, 30), rule="right only")
    """
    check_reason(reason, END_REASONS)
    check_date(effective_on)
    papers = listed(documents, Document)
    number = number_of(number)

    def decide(view: View) -> list[Entry]:
        found = _to_end(view, number, effective_on, reason, rule)
        booked = booked_on or effective_on
        never_was = reason == "correction" and effective_on == found.since
        last = effective_on - timedelta(1) if never_was else effective_on  # the last day of which something is used up
        one, right = found.contribution, found.contribution.brought
        book = charts(view).in_force(booked).account if one.amount_fen else None  # without a value, no voucher
        left = _left(view, found, effective_on)
        if not left and rule == "right and money":
            raise RegisterError(
                Message(
                    "contribution {number}: no share of it is left, and its money was paid with them: the rule is "
                    "{rule}",
                    number=number,
                    rule="right only",
                ),
                about=["rule"],
            )
        redeemed: Sequence[Posting] = ()
        if left:
            redeemed = redemption(
                view,
                one.share_class,
                left,
                effective_on=effective_on,
                booked_on=booked,
                reason=reason,
                against=book("right", number) if book else None,
                lot=found.lot,
                papers={},
            ).postings
        entries: list[Entry] = []
        capital = [leg._replace(source=TRANSIT) for leg in redeemed if leg.denomination == MONEY]
        postings = [*(leg for leg in redeemed if leg.denomination != MONEY), *capital]
        if book:
            check_booked_after(found, booked)
            check_converted(view, number, booked)
            entries += catch_up(view, found, last, booked)
            cleared = Ahead(view, entries)
            moved = {place: -balance(cleared, place) for place in (book(role, number) for role in PLACES)}
            if rule == "right and money":
                owed = max(one.amount_fen - found.value_fen() + used_up(found, last), 0)
                for holder, fen in _owed(view, found, owed, left, effective_on):
                    moved[book("member current", holder)] = -fen
            moved[book("capital surplus")] = -sum(moved.values()) - sum(leg.quantity for leg in capital)
            postings += through_transit(moved)
        if isinstance(right, Right) and right.area_mu is not None:
            postings.append(Posting(MU.code, f"{LAND}/{number}", MEMO, hundredths(right.area_mu)))
        facts = {"class": one.share_class, "reason": reason, **cited(papers, resolution), ENDED: number, "rule": rule}
        return [*entries, Entry(REDEEM, effective_on, booked, facts, postings)]

    return decide


def check_may_come_back(view: View, record: Record) -> None:
    """Raise RegisterError if taking a record back would bring back what an end of a contribution needs gone.

    The record ended a contribution of which another one has a parcel by now; or by it shares of a contribution that
    ended later were redeemed, converted or taken back: they would be there again, and their right is not.
    """
    standing = contributions_of(view)
    ended = standing.get(contribution_in(record)) if record.kind == REDEEM else None
    if ended is not None:
        known = taken(parcel for one in standing.values() for parcel in one.parcels())
        check_free(known, ended._replace(ended_on=None).parcels())
        return
    gone = {(one.denomination, one.lot) for one in record.postings if one.target == UNISSUED}
    ends = {contribution_in(one): one.seq for one in view.records(REDEEM, since=record.seq)} if gone else {}
    for number, one in sorted(standing.items()):
        if one.ended_on is not None and number in ends and (one.contribution.share_class, one.lot) in gone:
            raise RegisterError(
                Message(
                    "record {seq}: contribution {number} ended without the shares that it took away: take that end, "
                    "record {end}, back first",
                    seq=record.seq,
                    number=number,
                    end=ends[number],
                )
            )


def _left(view: View, found: Standing, on: date) -> dict[str, int]:
    """The shares of a contribution that are left on a day, by holder. Raises RegisterError if some are tied."""
    cls = found.contribution.share_class
    left: dict[str, int] = {}
    for (place, lot), quantity in every_lot(view, cls, on).items():
        if lot is not None and lot == found.lot:
            holder = holder_of(place)
            if place != account(holder):
                check_not_tied(class_on(view, cls, on), holder, parts(view, cls, holder, on))
            left[holder] = quantity
    return {holder: left[holder] for holder in sorted(left, key=natural_key)}


def _owed(view: View, found: Standing, owed: int, left: Mapping[str, int], on: date) -> Iterator[tuple[str, int]]:
    """What each holder gets of a sum, in whole fen, rounded down: his part of the shares that the contribution gave."""
    given = _given(view, found, on)
    for holder, quantity in left.items():
        yield holder, floor(owed * quantity / given)


def _given(view: View, found: Standing, on: date) -> Fraction:
    """The shares that a contribution gave, in smallest units as they count on a day: recounted as what is left was."""
    cls, given, stands = found.contribution.share_class, Fraction(found.shares), 0
    for _, of_record in groupby(view.movements(HOLDER, cls, until=on), key=attrgetter("seq")):
        legs = [one for one in of_record if one.posting.lot == found.lot]
        change = sum(
            one.posting.quantity * (bool(holder_of(one.posting.target)) - bool(holder_of(one.posting.source)))
            for one in legs
        )
        if stands and legs and legs[0].kind == REDENOMINATE:
            given *= Fraction(stands + change, stands)
        stands += change
    return given


def _to_end(view: View, number: str, on: date, reason: str, rule: str) -> Standing:
    """The contribution, if it can end on a day for a reason."""
    found, right = running(view, number)
    if rule not in RULES:
        raise RegisterError(
            Message("{seen}: one of {accepted} is accepted", seen=printable(repr(rule)), accepted=RULES)
        )
    if reason == "expiry" and on < right.ends_on:
        raise RegisterError(
            Message(
                "contribution {number} runs until {last}: it does not expire on {day}",
                number=number,
                last=right.ends_on,
                day=on,
            )
        )
    if on < found.since:
        raise RegisterError(
            Message(
                "contribution {number} was brought in on {day}: it ends no earlier than that",
                number=number,
                day=found.since,
            )
        )
    if found.revaluations and on < found.revaluations[-1].on:
        raise RegisterError(
            Message(
                "contribution {number} was valued anew on {day}: it ends no earlier than that",
                number=number,
                day=found.revaluations[-1].on,
            )
        )
    return found
