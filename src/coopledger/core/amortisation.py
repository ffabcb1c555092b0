"""Amortisation: a right's value is used up over its term, and at the end the right goes back.

What was booked is read from the accounts: each contribution has its parts there, in whichever chart was in force. So a
reversal is booked anew, and booking twice books nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import LOCK, NOTHING, UNLOCK, grown
from coopledger.core.ahead import Ahead
from coopledger.core.chart import LAND, MEMO, MONEY, charts
from coopledger.core.charter import MU
from coopledger.core.citation import Document, Resolution
from coopledger.core.contribution import (
    ENDED,
    Contribution,
    Right,
    Standing,
    contributions_of,
    hundredths,
    through_transit,
)
from coopledger.core.instalment import Instalment, spread, spread_until
from coopledger.core.journal import TRANSIT, Decision, Entry, Posting, View
from coopledger.core.journal import day as day_of
from coopledger.core.movement import redeem
from coopledger.core.share_class import class_on
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

AMORTISATION = "amortisation"
"""The kind of records that book what was used up."""

Rule = Literal["right only", "right and money"]
RULES: tuple[Rule, ...] = get_args(Rule)


class BookValue(NamedTuple):
    """A contribution on a day, in fen: what it was valued at, what of it is booked as used up, and the rest."""

    standing: Standing
    value_fen: int
    amortised_fen: int

    @property
    def book_fen(self) -> int:
        """What it stands at in the books."""
        return self.value_fen - self.amortised_fen


# ---------------------------------------------------------------- questions


def amortisation(one: Contribution) -> list[Instalment]:
    """What falls on each month or year of a contribution's term; nothing for money, and for what was not valued.

    Straight line over the term of the right, from the day of use (财会〔2021〕37号 31).

    >>> from coopledger.core.contribution import Valuation
    >>> land = Right("land right", date(2026, 7, 1), date(2028, 6, 30), date(2047, 12, 31), every="year")
    >>> brought = Contribution("G1", "17", "land", land, Valuation(8_000_00, "agreed price", date(2026, 7, 1)))
    >>> [(one.ends_on.year, one.amount_fen) for one in amortisation(brought)]
    [(2026, 200000), (2027, 400000), (2028, 200000)]
    """
    if not isinstance(one.brought, Right):
        return []
    right = one.brought
    return spread(one.amount_fen, right.starts_on, right.ends_on, right.every, right.part)


def book_values(view: View, on: date | None = None) -> list[BookValue]:
    """The valued rights that a book has on a day, with their book values, by number; those that ended are left out."""
    book_fen = _book_fen(view, on)
    found = []
    for number, one in sorted(contributions_of(view).items()):
        ended = one.ended_on is not None and (on is None or one.ended_on <= on)
        value = one.contribution.amount_fen
        valued = isinstance(one.contribution.brought, Right) and value
        if valued and not ended and (on is None or one.since <= on):
            found.append(BookValue(one, value, value - book_fen.get(number, 0)))
    return found


# ---------------------------------------------------------------- verbs


def amortise(*, through: date, booked_on: date | None = None) -> Decision:
    """Book what is due by a day and not booked yet: one record for each month or year, Dr expense Cr amortisation.

    Each counts for the last day of its period. It is booked on that day too, or on the first open day (or
    ``booked_on``) where that period is locked. A chart without accumulated amortisation lowers the right itself.

    >>> decision = amortise(through=date(2026, 12, 31))
    """

    def decide(view: View) -> Iterator[Entry]:
        book = charts(view)
        open_from = _open_from(view)
        due: dict[date, dict[str, int]] = {}
        for one in book_values(view):
            reached = 0
            booked = one.amortised_fen
            for period in amortisation(one.standing.contribution):
                reached += period.amount_fen
                if period.ends_on <= through and reached > booked:
                    number = one.standing.contribution.number
                    due.setdefault(period.ends_on, {})[number] = reached - booked
                    booked = reached
        for ends_on, amounts in sorted(due.items()):
            booked_day = ends_on if ends_on >= open_from else max(open_from, booked_on or open_from)
            chart = book.in_force(booked_day)
            expense = chart.account("amortisation expense")
            postings = [
                Posting(MONEY, chart.account("amortisation", number), expense, fen)
                for number, fen in sorted(amounts.items())
            ]
            said = {"until": ends_on.isoformat(), "reason": "amortisation"}
            yield Entry(AMORTISATION, ends_on, booked_day, said, postings)

    return decide


def restate_amortisation(*, effective_on: date, booked_on: date | None = None) -> Decision:
    """Show accumulated amortisation apart, after going over to a chart that has an account for it.

    What the old chart wrote off the right itself is put back: Dr right Cr amortisation (财会〔2021〕38号 4(2)).
    """
    booked = booked_on or effective_on

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked)
        postings = []
        for one in book_values(view):
            number = one.standing.contribution.number
            right, apart = chart.account("right", number), chart.account("amortisation", number)
            written_off = one.amortised_fen + _balance(view, apart)
            if written_off > 0 and right != apart:
                postings.append(Posting(MONEY, apart, right, written_off))
        if postings:
            yield Entry(AMORTISATION, effective_on, booked, {"reason": "restated"}, postings)

    return decide


def end_contribution(
    number: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: Literal["expiry", "withdrawal", "exclusion", "correction"] = "expiry",
    rule: Rule,
    holder: str | None = None,
    shares: int | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """End a contribution of a right: it goes back, the shares it gave are redeemed, its accounts are cleared.

    What is used up by the day is booked first. Then share capital is debited at par and the right goes out at its
    book value. What was used up in the meantime is, by the ``rule`` that the charter states,

    - ``right only``: kept; its value stays in the capital surplus, for the right earned dividends while it was used;
    - ``right and money``: owed to the holder, who so gets back what was contributed, the rest of the right and the
      money for what is gone (农民专业合作社法 28: contributions are refunded on leaving).

    A premium of the issue is taken back in both. ``holder`` is who has the shares now, if it is not the contributor;
    ``shares`` how many they are now, if the class was redenominated or its par value changed since.

    Raises RegisterError: no such right, one that ended, or that runs on (``expiry`` before its last day).

    >>> back = end_contribution("G1", effective_on=date(2028, 6, 30), rule="right only")
    """

    def decide(view: View) -> list[Entry]:
        found = _to_end(view, number, effective_on, reason, rule)
        if shares is None:
            _check_counted_alike(view, found, effective_on)
        booked = booked_on or effective_on
        one, right = found.contribution, found.contribution.brought
        chart = charts(view).in_force(booked)
        now = holder or one.holder
        [entry] = redeem(
            one.share_class,
            holder=now,
            shares=found.shares if shares is None else shares,
            effective_on=effective_on,
            booked_on=booked,
            reason=reason,
            against=chart.account("right", number) if one.amount_fen else None,
            documents=documents,
            resolution=resolution,
        )(view)
        entries: list[Entry] = []
        capital = [leg._replace(source=TRANSIT) for leg in entry.postings if leg.denomination == MONEY]
        postings = [*(leg for leg in entry.postings if leg.denomination != MONEY), *capital]
        if one.amount_fen:
            used_up = _used_up(found, effective_on)
            apart, expense = chart.account("amortisation", number), chart.account("amortisation expense")
            if late := used_up - (one.amount_fen - _book_fen(view, None).get(number, 0)):
                pair = (apart, expense) if late > 0 else (expense, apart)
                said = {"until": effective_on.isoformat(), "reason": "amortisation"}
                last = Entry(AMORTISATION, effective_on, booked, said, [Posting(MONEY, *pair, abs(late))])
                entries.append(last)
            cleared = Ahead(view, entries)
            moved = {account: -_balance(cleared, account) for account in (apart, chart.account("right", number))}
            if rule == "right and money":
                moved[chart.account("member current", now)] = -used_up
            capital_fen = sum(leg.quantity for leg in capital)
            moved[chart.account("capital surplus")] = -sum(moved.values()) - capital_fen
            postings += through_transit(moved)
        if isinstance(right, Right) and right.area_mu is not None:
            postings.append(Posting(MU.code, f"{LAND}/{number}", MEMO, hundredths(right.area_mu)))
        facts: dict[str, Any] = {**entry.facts, ENDED: number, "rule": rule}
        return [*entries, Entry(entry.kind, effective_on, booked, facts, postings)]

    return decide


# ---------------------------------------------------------------- what stands in the accounts


def _book_fen(view: View, on: date | None) -> dict[str, int]:
    """What each contribution's parts of the accounts come to, rights less amortisation, in all charts."""
    accounts = {chart.account(role) for _, chart in charts(view).adopted for role in ("right", "amortisation")}
    found: dict[str, int] = {}
    for account in accounts:
        for (_, place), fen in view.balances(MONEY, account, on).items():
            number = place[len(account) + 1 :]
            found[number] = found.get(number, 0) + fen
    return found


def _balance(view: View, account: str) -> int:
    return view.balances(MONEY, account).get((MONEY, account), 0)


def _used_up(found: Standing, on: date) -> int:
    one, right = found.contribution, found.contribution.brought
    if not isinstance(right, Right) or on >= right.ends_on:
        return one.amount_fen
    return spread_until(one.amount_fen, right.starts_on, right.ends_on, on, right.part)


def _open_from(view: View) -> date:
    """The first day on which something may be booked."""
    ground = NOTHING
    for record in view.records(LOCK, UNLOCK):
        ground = grown(ground, record)
    return day_of(ground.locked_through) + timedelta(1) if ground.locked_through else date.min


def _check_counted_alike(view: View, found: Standing, on: date) -> None:
    then, now = (class_on(view, found.contribution.share_class, day) for day in (found.since, on))
    if (then.digits, then.par_fen) != (now.digits, now.par_fen):
        raise RegisterError(
            Message(
                "contribution {number} gave {shares} of {cls} as they were counted on {since}: the class changed "
                "since, so say how many shares they are now",
                number=found.contribution.number,
                shares=found.shares,
                cls=now.code,
                since=found.since,
            )
        )


def _to_end(view: View, number: str, on: date, reason: str, rule: str) -> Standing:
    """The contribution, if it can end on a day for a reason."""
    found = contributions_of(view).get(number)
    if found is None or not isinstance(found.contribution.brought, Right):
        raise RegisterError(
            Message("contribution {number}: there is no right under this number", number=printable(number))
        )
    if found.ended_on is not None:
        raise RegisterError(Message("contribution {number} ended on {day} already", number=number, day=found.ended_on))
    if rule not in RULES:
        raise RegisterError(
            Message("{seen}: one of {accepted} is accepted", seen=printable(repr(rule)), accepted=RULES)
        )
    last = found.contribution.brought.ends_on
    if reason == "expiry" and on < last:
        raise RegisterError(
            Message(
                "contribution {number} runs until {last}: it does not expire on {day}", number=number, last=last, day=on
            )
        )
    return found
