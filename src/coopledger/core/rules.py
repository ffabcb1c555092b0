"""Rules: who may hold a class, to whom it may pass, how much one holder may have, what money goes with it.

Each check raises RegisterError and names the rule that forbids the movement.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from coopledger.core.ahead import Ahead
from coopledger.core.balances import changes, left_standing, lowest, printed
from coopledger.core.chart import MEMBER, MONEY, RESERVE, Charts, charts
from coopledger.core.charter import HOLDER, POOL
from coopledger.core.conversion import not_yet, standing_carried, stood_in
from coopledger.core.journal import Entry, Movement, Posting, Record, View, check_date, check_fen, code, is_under, root
from coopledger.core.notice import check_leaving
from coopledger.core.passing import CONTRIBUTION, ESTATE_REASONS, ISSUE, REVERSAL, has_died, moved_between, was_dead
from coopledger.core.people import People, days_of_home, died_out, living_in
from coopledger.core.register import Register, eligible, gained, per_holder
from coopledger.core.share_class import (
    CLASS,
    Reach,
    ShareClass,
    capitals,
    check_opened_account,
    class_on,
    classes,
    share_class,
)
from coopledger.core.timeline import Timeline, days, state
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
        raise RegisterError(
            Message(
                "{cls} is closed on {day}: no share of it moves; open it from that day on (change_class, "
                "'book change-class {cls} --open'), move what has to move, and close it from a later day on",
                cls=cls,
                day=on,
            )
        )
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
    if (one := recounted(view, cls, seq)) is not None:
        raise RegisterError(
            Message(
                "record {seq} counts {cls} as it was before record {later}, which recounted it or changed its par "
                "value, and is not taken back: move the shares the other way, as they are counted now, by another "
                "movement with the reason correction, effective {since} or later",
                seq=seq,
                cls=cls,
                later=one.seq,
                since=one.effective_on,
            )
        )


def recounted(view: View, cls: str, seq: int) -> Record | None:
    """The first record after a record that recounted a class or changed its par value; None if none did."""
    later = (one for one in view.records(CLASS, since=seq) if one.facts[CLASS] == cls)
    return next((one for one in later if one.facts["set"].get("counted_since") is not None), None)


def check_holder(now: Register, one: ShareClass, number: str) -> None:
    """Whether a number may hold something at all: it is in the register, or the pool of a pooled class."""
    if number not in now.members and number not in now.households and not (one.pooled and number == POOLED):
        raise RegisterError(
            Message("{number} is not in the register on {day}", number=printable(number), day=now.on or "-")
        )


def check_may_hold(now: Register, one: ShareClass, number: str) -> None:
    """Whether a number may hold the class from that day on: its kind, the class's level, its place in the register."""
    if one.pooled or number == POOLED:
        if one.pooled and number == POOLED:
            return
        raise RegisterError(
            Message("{cls} is a pooled class: nobody holds it alone", cls=one.code)
            if one.pooled
            else Message("{cls} is no pooled class: name a holder", cls=one.code)
        )
    check_holder(now, one, number)
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


def check_stays(now: Register, number: str, on: date, *, estate: bool = False) -> None:
    """Whether a number is there to hold something, on a day and for good; with ``estate``, who has died is too."""
    check_date(on)
    if number in now.households:
        there = bool(now.households[number].members)
    else:
        there = number in now.members and now.members[number].standing in ("member", "holder")
    if not there and not (estate and has_died(now.people, number, on)):
        gone = _gone_since(now.people, number, on) if estate else None
        raise RegisterError(
            Message("{number} is no member on {day} and can get no shares", number=printable(number), day=on)
            if gone is None
            else Message(
                "nobody lives in household {number} on {day}, and nothing comes back to it: if the leaving or the move "
                "on {left} was a mistake, or on the wrong day, take it back first (change_members, 'book change-member "
                "NUMBER --standing member --reason correction --on {left}', then 'book household move NUMBER --to "
                "{number} --reason correction --on {left}')",
                number=number,
                day=on,
                left=gone,
            )
            if number in now.households
            else Message(
                "{number} has left on {day}, and nothing comes back to who has left: if the leaving on {left} was a "
                "mistake, or on the wrong day, take it back first (change_members, 'book change-member {number} "
                "--standing member --reason correction --on {left}')",
                number=number,
                day=on,
                left=gone,
            )
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
    return next((day for day in _days_of(people, number, on) if day > on and _is_gone(people, number, day)), None)


def _gone_since(people: People, number: str, on: date) -> date | None:
    """The day from which a member has left, or a household is empty, by a day; None of whom that is not so."""
    since = None
    for day in _days_of(people, number):
        if day <= on:
            since = (since or day) if _is_gone(people, number, day) else None
    return since


def _days_of(people: People, number: str, since: date | None = None) -> list[date]:
    """The days from one on, on which a member changes, or a household or somebody who was ever in it."""
    if number in people.households:
        return sorted(days_of_home(people, number, since))
    return days(people.members.get(number, ()), since)


def _is_gone(people: People, number: str, on: date) -> bool:
    """Whether a member has left by a day, or a household, that was there, is empty and not died out."""
    if number in people.households:
        there = bool(state(people.households[number], on))
        return there and not living_in(people, number, on) and not died_out(people, number, on)
    return bool(state(people.members.get(number, ()), on).get("standing") == "left")


def check_may_get(now: Register, one: ShareClass, number: str, on: date) -> None:
    """Whether shares of the class may be issued to a number; to a pool, if somebody has a part in it."""
    if number == POOLED and not eligible(now, one):
        raise RegisterError(
            Message(
                "{cls}: nobody has a part in the pool on {day}: it belongs to {who}: admit them first",
                cls=one.code,
                day=on,
                who=_eligible_words(one),
            )
        )
    if one.issued_to == "members" and number != POOLED and not now.is_member(number):
        raise RegisterError(
            Message("{number} is no member on {day}: {cls} is issued to members", number=number, day=on, cls=one.code)
        )


def _eligible_words(one: ShareClass) -> list[Message]:
    """Who would have a part in a class by belonging."""
    found = [Message("members of the kind {kinds}", kinds=[words(kind) for kind in one.holders])]
    if one.group:
        found.append(Message("in the group {group}", group=one.group))
    if one.level == "household":
        found.append(Message("persons among them in a household"))
    return found


def check_may_pass(now: Register, one: ShareClass, holder: str, to: str, reason: str) -> None:
    """Whether shares of the class may pass from one holder to another for a reason."""
    at_home = _share_a_home(now, holder, to)
    if reason in ("court order", "correction"):
        return
    dead = has_died(now.people, holder, now.on)
    if reason not in ESTATE_REASONS and was_dead(now.people, holder, now.on):
        raise RegisterError(
            Message(
                "{number} has died: what an estate has passes by {reasons} only",
                number=holder,
                reasons=[words(one) for one in ESTATE_REASONS],
            )
        )
    if reason == "merger" and not {holder, to} <= {*now.households}:
        raise RegisterError(
            Message(
                "merger: shares pass from a household to the one it is merged into, not from {holder} to {to}",
                holder=holder,
                to=to,
            )
        )
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
        if not at_home and reason == "household division" and not moved_between(now.people, holder, to, now.on):
            raise RegisterError(
                Message(
                    "household division: nobody moved between {holder} and {to} by {day}; record the split of the "
                    "household first",
                    holder=holder,
                    to=to,
                    day=now.on or "-",
                )
            )
        return
    if reason == "inheritance" and not dead:
        raise RegisterError(
            Message(
                "inheritance: {number} was alive on {day}, or its people were; what passes so is an estate's, or that "
                "of a household that died out",
                number=holder,
                day=now.on or "-",
            )
        )
    _check_reaches(now, one, holder, to, reason)


def _check_reaches(now: Register, one: ShareClass, holder: str, to: str, reason: str) -> None:
    """Raise RegisterError if the class does not pass so far."""
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
    if reach != "anyone" and has_died(now.people, to, now.on):
        raise RegisterError(
            Message("{number} has died: what passes by {reason} is had by the living", number=to, reason=words(reason))
        )
    if not (reach == "anyone" or (_share_a_home(now, holder, to) if reach == "household" else now.is_member(to))):
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


def check_not_dead(now: Register, number: str) -> None:
    """Raise RegisterError if a holder has died before a day: an estate waits for its heirs."""
    if was_dead(now.people, number, now.on):
        raise RegisterError(
            Message("{number} has died: what an estate has is not pledged, it passes to the heirs first", number=number)
        )


def _share_a_home(now: Register, one: str, other: str) -> bool:
    homes = [_home(now, number) for number in (one, other)]
    return bool(homes[0]) and homes[0] == homes[1]


def _home(now: Register, number: str) -> str:
    """The household somebody lives in; of who has died, the last one."""
    member = now.members.get(number)
    if member is None:
        return number
    if member.standing != "estate":
        return member.household
    line = [one for one in now.people.members[number] if now.on is None or one.effective_on <= now.on]
    return next((str(home) for one in reversed(line) if (home := one.fields.get("household"))), "")


def check_may_withdraw(view: View, now: Register, holder: str, on: date) -> None:
    """Whether shares may go back because their holder withdraws: a membership could end on that day, with its notice.

    Of a household one of its members must be able to leave then; the head is named if none is.
    """
    home = now.households.get(holder)
    numbers = [holder] if home is None else sorted(home.members, key=lambda number: number != home.head)
    refused: list[RegisterError] = []
    for number in numbers:
        one = now.members.get(number)
        if one is None or one.standing != "member":
            continue
        try:
            check_leaving(view, one, on, "withdrawal")
        except RegisterError as error:
            refused.append(error)
        else:
            return
    if refused:
        raise refused[0]


def check_gains(view: View, now: Register, entry: Entry) -> None:
    """Whether those who get shares by an entry may have them, on its day and all later ones.

    They stay in the register, the class stays one that they may hold, and nobody has more than its cap: on the
    entry's day, and on each later one on which he gets more or the cap changes. Of a cap that is a part of the class
    this is looked at for everybody who gets more later, for the whole changes too. What is taken back returns to an
    estate as well.
    """
    lines = classes(view)
    for cls in sorted({one.denomination for one in entry.postings} & now.classes.keys()):
        moved = gained(one for one in entry.postings if one.denomination == cls)
        getting = {number for number, quantity in moved.items() if quantity > 0 and number != POOLED}
        for number in sorted(getting):
            check_stays(now, number, entry.effective_on, estate=entry.kind == REVERSAL)
        _check_later(view, now, cls, lines[cls], moved, entry.effective_on)


def _check_later(  # noqa: PLR0917 - a class and what an entry moves of it
    view: View, now: Register, cls: str, line: Timeline, moved: Mapping[str, int], on: date
) -> None:
    """Whether, with what an entry moves, nobody breaks a rule of the class on its day or later."""
    versions = [share_class(state(line, day)) for day in (on, *days(line, on + timedelta(days=1)))]
    first = versions[0]
    if first.pooled or all((one.cap, one.level, one.holders) == (None, first.level, first.holders) for one in versions):
        return
    before = per_holder(view.balances(cls, HOLDER, on - timedelta(days=1)))
    without = moved_by_day(view.movements(HOLDER, cls, since=on))
    ahead = {**without, on: dict(without.get(on, {}))}
    for number, quantity in moved.items():
        ahead[on][number] = ahead[on].get(number, 0) + quantity
    getting = {number for number, quantity in moved.items() if quantity > 0}
    known = {one[:2] for one in over_cap(line, before, without, on)}
    for over in over_cap(line, before, ahead, on):
        if over.number in getting or over[:2] not in known:
            raise _above_cap(cls, over)
    for day, number in misfits(now.people, line, before, ahead, on):
        if number in getting:
            raise RegisterError(
                Message(
                    "{number} would hold {cls} on {day}, and the class then forbids it",
                    number=number,
                    cls=cls,
                    day=day,
                )
            )


class OverCap(NamedTuple):
    """A holder who has more than the cap on a day, the cap, and how many shares that is then."""

    on: date
    number: str
    held: int
    cap: int | Fraction
    most: int
    digits: int

    @property
    def said_cap(self) -> str:
        """The cap as people read it: a number of shares, or a part."""
        return printed(self.cap, self.digits) if isinstance(self.cap, int) else str(self.cap)


def over_cap(
    line: Timeline, before: Mapping[str, int], by_day: Mapping[date, Mapping[str, int]], since: date
) -> Iterator[OverCap]:
    """Who has more than a class's cap, on the days on which he gets more, or on which the cap is set.

    A recount gives everybody more and nobody a larger part; only who gets a larger part on its day is looked at.
    ``before`` is what everybody held before the first day, ``by_day`` what each got from then on. Of a cap that is a
    part of the class its shares are rounded down: with one more he would be above it.
    """
    held = dict(before)
    total = sum(held.values())
    set_on = {one.effective_on for one in line if "cap" in one.fields and one.fields.get("counted_since") is None}
    recounted_on = {one.effective_on for one in line if one.fields.get("counted_since") is not None}
    for on in sorted({*by_day, *(day for day in set_on if day >= since)}):
        moved = by_day.get(on, {})
        had, had_total = {number: held.get(number, 0) for number in moved}, total
        for number, quantity in moved.items():
            held[number] = held.get(number, 0) + quantity
            total += quantity
        fields = state(line, on)
        one = share_class(fields) if fields else None
        if one is None or one.cap is None or one.pooled:
            continue
        most = one.cap if isinstance(one.cap, int) else int(one.cap * total)
        looked_at = held if on in set_on else {number for number, quantity in moved.items() if quantity > 0}
        if on in recounted_on - set_on:
            looked_at = {number for number in looked_at if held[number] * had_total > had[number] * total}
        for number in sorted(looked_at):
            if held[number] > most:
                yield OverCap(on, number, held[number], one.cap, most, one.digits)


def misfits(
    people: People, line: Timeline, before: Mapping[str, int], by_day: Mapping[date, Mapping[str, int]], since: date
) -> Iterator[tuple[date, str]]:
    """Who holds shares of a class that is not for him, by his kind or its level: on which day first, and who.

    ``before`` and ``by_day`` as for :func:`over_cap`.
    """
    held = dict(before)
    told = set()
    changed = {since, *days(line, since)}
    for on in sorted({*by_day, *changed}):
        moved = by_day.get(on, {})
        for number, quantity in moved.items():
            held[number] = held.get(number, 0) + quantity
        fields = state(line, on)
        if fields:
            one = share_class(fields)
            for number in sorted(held if on in changed else moved):
                if held[number] and number not in told and not fits(people, one, number):
                    told.add(number)
                    yield on, number


def fits(people: People, one: ShareClass, number: str) -> bool:
    """Whether a class is for a holder: for his kind, and for persons or their households, as its level says."""
    if one.pooled or number == POOLED:
        return one.pooled and number == POOLED
    kind = state(people.members.get(number, ())).get("kind", "person")
    right_level = kind != "person" or (number in people.households) == (one.level == "household")
    return kind in one.holders and right_level


def moved_by_day(moves: Iterable[Movement]) -> dict[date, dict[str, int]]:
    """What each holder got, less what he gave, on each day, by number; the movements come by day."""
    by_day = groupby(moves, key=lambda one: one.effective_on)
    return {on: gained(one.posting for one in of_day) for on, of_day in by_day}


def _above_cap(cls: str, over: OverCap) -> RegisterError:
    return RegisterError(
        Message(
            "{number} would hold {held} of {cls} on {day}: the cap for one holder is {cap}, which is {most} then",
            number=over.number,
            held=printed(over.held, over.digits),
            cls=cls,
            day=over.on,
            cap=over.said_cap,
            most=printed(over.most, over.digits),
        )
    )


def check_class_fits(view: View, now: Register, one: ShareClass, new: ShareClass, entry: Entry) -> None:
    """Whether those who hold shares of a class may do so when it is changed by an entry, on its day and later.

    Nobody holds what is not for him or has more than the cap, and capital stays where it is while shares stand
    against it. Nothing moves on the days on which the class is closed by it, but for what was taken back.
    """
    cls, on = one.code, entry.effective_on
    old_line, line = classes(view)[cls], classes(Ahead(view, [entry]))[cls]
    if new.closed and not one.closed:
        _check_closed_fits(view, cls, old_line, line, on)
    before = per_holder(view.balances(cls, HOLDER, on - timedelta(days=1)))
    by_day = moved_by_day(view.movements(HOLDER, cls, since=on))
    known = {found[:2] for found in over_cap(old_line, before, by_day, on)}
    for over in over_cap(line, before, by_day, on):
        if over[:2] not in known:
            raise _above_cap(cls, over)
    wrong_before = {number for _, number in misfits(now.people, old_line, before, by_day, on)}
    for day, number in misfits(now.people, line, before, by_day, on):
        if number not in wrong_before:
            raise RegisterError(
                Message(
                    "{number} holds {cls} on {day}, and may not by the change: {holders}, held by each {level}; "
                    "transfer or redeem it first",
                    number=number,
                    cls=cls,
                    day=day,
                    holders=[words(kind) for kind in new.holders],
                    level=words(new.level),
                )
            )
    if new.capital != one.capital and (by_day or any(before.values())):
        raise RegisterError(
            Message(
                "{cls}: capital stands in {seen} while there are shares on {day} or later: it moves with a "
                "conversion of the chart, or when the shares are redeemed",
                cls=cls,
                seen=one.capital or "-",
                day=on,
            )
        )


def _check_closed_fits(view: View, cls: str, before: Timeline, line: Timeline, on: date) -> None:
    """Raise RegisterError if shares of a class move on a day on which it is closed by a change, and was not before."""
    for moved in left_standing(view.movements(HOLDER, cls, since=on)):
        later = moved.effective_on
        if state(line, later)["closed"] and not state(before, later)["closed"]:
            raise RegisterError(
                Message(
                    "{cls} cannot be closed from {day} on: by record {seq} it moves on {later}; close it from a later "
                    "day, or take that back first",
                    cls=cls,
                    day=on,
                    seq=moved.seq,
                    later=later,
                )
            )


# ---------------------------------------------------------------- money


def check_accounts(
    view: View, one: ShareClass, booked_on: date, against: str | None, premium: str | None = None
) -> None:
    """Whether money of a class may stand against some accounts: of the chart in force, and controlled by nothing else.

    A premium stands in equity. A class without an account of capital has no money, and what is named for it is refused
    elsewhere.
    """
    known = charts(view)
    for account in (against, premium):
        if account is not None:
            code(account)
    if premium is not None and known.kind(premium) not in {None, "equity"}:
        raise RegisterError(
            Message(
                "premium {account}: a reserve is expected, such as capital-surplus",
                account=printable(premium),
            ),
            about=["premium"],
        )
    for account in (against, premium):
        if account is not None:
            check_opened_account(known, account, booked_on)
            if one.capital is not None:
                check_not_spoken_for(view, account)


def capital_on(view: View, one: ShareClass, booked_on: date) -> ShareClass:
    """The class with its capital in the chart in force on an accounting date, in which money of it is booked.

    What counts for a day before the book went over to another chart, and is booked after it, is capital in the new one.
    Raises RegisterError if the class's capital never stood in that chart.
    """
    known = charts(view)
    adopted = {chart.code for _, chart in known.adopted}
    if one.capital is None or _chart_of(one.capital) not in adopted:
        return one
    in_force = known.in_force(booked_on).code
    if _chart_of(one.capital) == in_force:
        return one
    line = [change.fields["capital"] for change in classes(view)[one.code] if change.fields.get("capital")]
    at = line.index(one.capital)
    for account in (*line[at:], *reversed(line[:at])):
        if _chart_of(account) == in_force:
            return one._replace(capital=account)
    since = next((day for day, chart in known.adopted if chart.code == _chart_of(str(one.capital))), booked_on)
    raise RegisterError(
        Message(
            "{cls} has its capital in {seen}, and on {day} the chart {chart} is in force: book it on {since} or later",
            cls=one.code,
            seen=one.capital,
            day=booked_on,
            chart=in_force,
            since=since,
        )
        if since > booked_on
        else Message(
            "{cls} has its capital in {seen}, and on {day} the chart {chart} is in force: convert the chart first "
            "(convert_chart, 'book convert-chart'); while there are no shares, the class may name another account",
            cls=one.code,
            seen=one.capital,
            day=booked_on,
            chart=in_force,
        )
    )


def _chart_of(account: str) -> str:
    return account.partition(":")[0]


def check_not_controlled(view: View, account: str) -> None:
    """Raise RegisterError for an account whose balance is to agree with something, and would not any more.

    Share capital agrees with the shares that are paid in at par; subsidies and donations with what members have of
    them and what waits (农民专业合作社法 43, 44); the reserve covers what of it was quantified. What stands under the
    number of a contribution is the value of that right; rights that the book bought stand beside it. What runs owe and
    retain, what is to be distributed, what members owe by runs, what contracts and funds wait for agree with those.
    """
    _check_no_contribution(view, account)
    _check_not_kept(view, account)
    for cls, capital in capitals(view):
        if _meet(account, capital):
            raise RegisterError(
                Message(
                    "{account} is the capital of {cls}: name the account on the other side, such as the bank",
                    account=printable(account),
                    cls=cls,
                )
            )
    roles = ["subsidy fund", "donation fund"]
    if any(view.balances(RESERVE, MEMBER).values()):
        roles.append("reserve")
    for _, chart in charts(view).adopted:
        for role in roles:
            if role in chart.roles and _meet(account, chart.account(role)):
                raise RegisterError(
                    Message(
                        "{account} has what members' accounts control, {role}: it is moved by the verbs for funds and "
                        "the reserve; name another account here",
                        account=printable(account),
                        role=chart.accounts[chart.roles[role].partition("/")[0]].name,
                    )
                )


def check_not_spoken_for(view: View, account: str) -> None:
    """Raise RegisterError for an account that is controlled, and for one in which it stands what runs withhold.

    That is entered as ordinary business when it is remitted, and nothing else takes of it.
    """
    check_not_controlled(view, account)
    taxes = [chart.account("taxes payable") for _, chart in charts(view).adopted if "taxes payable" in chart.roles]
    if any(is_under(account, above) for above in taxes):
        raise RegisterError(
            Message(
                "{account} is moved by {verb}: name another account",
                account=printable(account),
                verb=Message("runs that withhold tax, and by entering what is remitted ('book enter')"),
            )
        )


def check_money_there(view: View, postings: Iterable[Posting], on: date) -> None:
    """Raise RegisterError if cash, or money in a bank, would be below zero by postings, on a day or a later one.

    In an account of a chart that was adopted later nothing stood on that day: it is booked before, in the old one.
    """
    known, needed = charts(view), dict[str, int]()
    for leg in postings:
        if leg.denomination == MONEY and known.has_money(leg.source):
            needed[leg.source] = needed.get(leg.source, 0) + leg.quantity
    for account, fen in needed.items():
        check_stands(known, account, standing_carried(view, account, on), on, fen)


def check_stands(known: Charts, account: str, stands: int, on: date, fen: int) -> None:
    """Raise RegisterError if more is to be taken from an account than stands in it from a day on, in fen.

    >>> from coopledger.core.accounts import NOTHING
    >>> check_stands(Charts((), NOTHING), "c2023:102", 5_00, date(2026, 3, 1), 5_00)
    """
    if stands < fen:
        raise RegisterError(
            Message(
                "{account} stands at {stands} yuan from {day} on: {amount} cannot be taken from it{hint}",
                account=printable(account),
                stands=printed(stands, 2),
                day=on,
                amount=printed(fen, 2),
                hint=not_yet(known, account, on),
            )
        )


_BY_A_RUN = Message("the steps of a run (declare, pay, 'dividend …')")
_BY_RETAINING = Message("what a run retained (pay_retained, 'dividend pay-retained')")
_KEPT = (
    ("surplus payable", "", _BY_A_RUN),
    ("refund payable", "", _BY_A_RUN),
    ("retained", "", _BY_RETAINING),
    ("payable", "retained", _BY_RETAINING),
    ("distribution", "", Message("a year's surplus (enter_surplus, 'dividend surplus')")),
    ("special payable", "", Message("the verbs for funds (receive_fund, spend_fund, 'book fund')")),
)
"""What other verbs keep, by the role of its account and a part of that, and by what it is moved."""


def _check_not_kept(view: View, account: str) -> None:
    """Raise RegisterError for an account, or a part of one, that runs, contracts or funds keep."""
    agreed = sorted({str(record.facts["contract"]) for record in view.records("contract")})
    kept: list[tuple[str, Message]] = []
    for _, chart in charts(view).adopted:
        parts = [*_KEPT]
        for role in ("receivable", "payable"):
            parts += [(role, one, Message("its contract ('contract receive')")) for one in agreed]
        kept += [(chart.account(role, part), verb) for role, part, verb in parts if role in chart.roles]
        if "member current" in chart.roles and account != chart.account("member current"):  # its parts are members'
            kept.append((chart.account("member current"), Message("what members owe by runs ('dividend collect')")))
    for above, verb in kept:
        if is_under(account, above):
            raise RegisterError(
                Message("{account} is moved by {verb}: name another account", account=printable(account), verb=verb)
            )


def right_accounts(view: View, part: str | None = None) -> list[str]:
    """The accounts in which rights that were brought in stand, and what is used up of them; or a part of each."""
    charts_of = [chart for _, chart in charts(view).adopted]
    roles = ("right", "amortisation")
    return sorted({chart.account(role, part) for chart in charts_of for role in roles if role in chart.roles})


def _check_no_contribution(view: View, account: str) -> None:
    """Raise RegisterError for a part of an account of rights that has the number of a contribution."""
    places = [account[len(one) + 1 :] for one in right_accounts(view) if account != one and is_under(account, one)]
    parts = {place.partition("/")[0] for place in places}
    for one in view.records(ISSUE) if parts else ():
        said = one.facts.get(CONTRIBUTION)
        if isinstance(said, Mapping) and said.get("number") in parts:
            raise RegisterError(
                Message(
                    "{account} has the number of contribution {number}, which uses it: only the verbs of the "
                    "contribution move it (revalue_contribution, amortise, end_contribution); name another account",
                    account=printable(account),
                    number=str(said["number"]),
                )
            )


def _meet(account: str, other: str) -> bool:
    """Whether one of two accounts is the other or a part of it."""
    return is_under(account, other) or is_under(other, account)


def check_covered(view: View, against: str, rise: int, on: date) -> None:
    """Raise RegisterError if a reserve that becomes capital has not so much, on a day or later."""
    chart, _, bare = root(against).partition(":")
    accounts = [one.accounts[bare] for _, one in charts(view).adopted if one.code == chart and bare in one.accounts]
    if not any(one.side == "credit" for one in accounts):
        return
    stood = stood_in(view, charts(view), against)
    stands = lowest(((day, -fen) for one in stood for day, fen in changes(view, MONEY, one, parts=True)), on)
    if stands < rise:
        raise RegisterError(
            Message(
                "{account} stands at {stands} yuan from {day} on: {rise} yuan of it cannot become capital{hint}",
                account=against,
                stands=printed(stands, 2),
                day=on,
                rise=printed(rise, 2),
                hint=not_yet(charts(view), against, on),
            )
        )


def paid_in(
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
    check_fen("amount_fen", amount_fen)
    if one.capital is None:
        if (against, amount_fen, premium) != (None, None, None):
            raise RegisterError(
                Message(
                    "{cls} is no class of capital: what is paid in or valued goes into one that has a par value and an "
                    "account of capital; open it (open_class, 'book class CODE --preset … --par … --capital …')",
                    cls=one.code,
                )
            )
        return []
    if against is None:
        raise RegisterError(
            Message(
                "{cls} is a class of capital: name the account against which its {par} yuan of {capital} are booked",
                cls=one.code,
                par=printed(par_fen, 2),
                capital=one.capital,
            ),
            about=["against"],
        )
    if amount_fen is not None and amount_fen < 0:
        raise RegisterError(
            Message("{amount} yuan for shares: 0 or more is expected", amount=printed(amount_fen, 2)),
            about=["amount_fen"],
        )
    over = 0 if amount_fen is None else amount_fen - par_fen
    if over and premium is None:
        raise RegisterError(
            Message(
                "{amount} yuan for shares of {par} yuan at par: name the account, premium, that takes the difference",
                amount=printed(par_fen + over, 2),
                par=printed(par_fen, 2),
            ),
            about=["premium"],
        )
    legs = [(one.capital, against, min(par_fen, par_fen + over))]
    if premium is not None:
        legs += [(premium, against, over), (one.capital, premium, -over)]
    return [Posting(MONEY, source, target, fen) for source, target, fen in legs if fen > 0]


def paid_out(
    one: ShareClass,
    par_fen: int,
    *,
    against: str | None,
    amount_fen: int | None = None,
    premium: str | None = None,
) -> list[Posting]:
    """The money of shares that are redeemed: the same the other way round."""
    legs = paid_in(one, par_fen, against=against, amount_fen=amount_fen, premium=premium)
    return [leg._replace(source=leg.target, target=leg.source) for leg in legs]
