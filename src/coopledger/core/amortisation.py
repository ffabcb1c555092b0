"""Amortisation: a right's value is used up over its term, and may be valued anew for the rest of it.

What was booked is read from the accounts: each contribution has its parts there, in whichever chart was in force. So a
reversal is booked anew, and booking twice books nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from coopledger.core.accounts import open_from
from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import (
    REVALUATION,
    Contribution,
    Right,
    Standing,
    Valuation,
    check_valuation,
    contribution_in,
    contributions_of,
    not_reversed,
    plain_valuation,
)
from coopledger.core.instalment import Charge, spread, spread_until
from coopledger.core.journal import Decision, Entry, Posting, Record, View, check_date, is_under
from coopledger.core.passing import CONTRIBUTION, REDEEM
from coopledger.core.people import number_of
from coopledger.core.register import register
from coopledger.core.rules import right_accounts
from coopledger.core.wording import kind_words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

AMORTISATION = "amortisation"
"""The kind of records that book what was used up."""

_NAMED = 5
"""How many records a refusal names."""

PLACES = ("right", "amortisation")
"""The roles of the accounts in which a contribution has parts; of an old chart both are one account."""


class BookValue(NamedTuple):
    """A contribution on a day, in fen: its value, what of that is booked as used up, and the rest.

    The value is what it was valued at, with what revaluations added or took away.
    """

    standing: Standing
    value_fen: int
    amortised_fen: int

    @property
    def book_fen(self) -> int:
        """What it stands at in the books."""
        return self.value_fen - self.amortised_fen


# ---------------------------------------------------------------- questions


def amortisation(one: Contribution | Standing) -> list[Charge]:
    """What falls on each month or year of a contribution's term; nothing for money, and for what was not valued.

    Straight line over the term of the right, from the day of use (财会〔2021〕37号 31). What stands in a book is used
    up from the day on which it was brought in, if the term began before; from a revaluation on, the new value is spread
    over the rest of the term.

    >>> from coopledger.core.contribution import Valuation
    >>> land = Right("land right", date(2026, 7, 1), date(2028, 6, 30), date(2047, 12, 31), every="year")
    >>> brought = Contribution("G1", "17", "land", land, Valuation(8_000_00, "agreed price", date(2026, 7, 1)))
    >>> [(one.ends_on.year, one.amount_fen) for one in amortisation(brought)]
    [(2026, 200000), (2027, 400000), (2028, 200000)]
    """
    standing = _standing(one)
    right = standing.contribution.brought
    if not isinstance(right, Right):
        return []
    found: list[Charge] = []
    for value, start, until in _stretches(standing, right):
        whole = spread(value, start, right.ends_on, right.every, right.part)
        if until == right.ends_on:
            found += whole
            continue
        kept = [period for period in whole if period.ends_on <= until]
        rest = spread_until(value, start, right.ends_on, until, right.part) - sum(period.amount_fen for period in kept)
        begun = kept[-1].ends_on + timedelta(1) if kept else start
        found += [*kept, *([Charge(begun, until, rest)] if rest else [])]
    return found


def used_up(one: Contribution | Standing, on: date) -> int:
    """What of a right's value is used up after a day, in fen, whether it is booked or not."""
    standing = _standing(one)
    right = standing.contribution.brought
    if not isinstance(right, Right):
        return 0
    return sum(
        value
        if min(on, until) == right.ends_on
        else spread_until(value, start, right.ends_on, min(on, until), right.part)
        for value, start, until in _stretches(standing, right)
        if start <= on
    )


def _standing(one: Contribution | Standing) -> Standing:
    """A contribution as it would stand, if it were brought in on the first day of its term."""
    if isinstance(one, Standing):
        return one
    return Standing(one, 0, one.brought.starts_on if isinstance(one.brought, Right) else date.min, 0)


def _stretches(one: Standing, right: Right) -> Iterator[tuple[int, date, date]]:
    """The values of a right in turn, each with the first and the last day on which it is what is used up."""
    first = max(right.starts_on, one.since)
    values = [
        (one.contribution.amount_fen, first),
        *((later.valuation.amount_fen, max(first, later.on)) for later in one.revaluations),
    ]
    untils = [*(start - timedelta(1) for _, start in values[1:]), right.ends_on]
    for (value, start), until in zip(values, untils, strict=True):
        if start <= until:
            yield value, start, until


def book_values(view: View, on: date | None = None) -> list[BookValue]:
    """The valued rights that a book has on a day, with their book values, by number; those that ended are left out.

    >>> from coopledger.book import C2021, Contribution, Joiner, MemoryJournal, Right, Valuation
    >>> from coopledger.book import adopt, admit, contribute, found, in_turn, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021, effective_on=day)]
    >>> steps += [open_class(preset("land", par_fen=100_00, capital="c2021:301"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> until = date(2035, 12, 31)
    >>> land = Right("land right", day, until, right_ends_on=until, area_mu=2, parcels=("P1",), contract="17")
    >>> value = Valuation(12_000_00, "agreed price", day)
    >>> steps += [contribute(Contribution("G17", "17", "land", land, value, price_fen=100_00), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.standing.contribution.number, one.book_fen) for one in book_values(view, day)]
    [('G17', 1200000)]
    """
    book_fen = stand_at(view, on)
    found = []
    for number, one in sorted(contributions_of(view).items()):
        ended = one.ended_on is not None and (on is None or one.ended_on <= on)
        value = one.value_fen(on)
        valued = isinstance(one.contribution.brought, Right) and one.contribution.amount_fen
        if valued and not ended and (on is None or one.since <= on):
            found.append(BookValue(one, value, value - book_fen.get(number, 0)))
    return found


# ---------------------------------------------------------------- verbs


def amortise(*, through: date, booked_on: date | None = None) -> Decision:
    """Book what is due by a day and not booked yet: one record for each month or year, Dr expense Cr amortisation.

    Each counts for the last day of its period. It is booked on that day too; where that period is locked, or the right
    (or the value that is used up) was booked later, on the first open day on which it stands in the books, or on
    ``booked_on`` if that is later. A period that was taken back is booked again for its own last day, if no
    more than what is due is booked by any later one. A chart without accumulated amortisation lowers the right itself.

    >>> decision = amortise(through=date(2026, 12, 31))
    """
    check_date(through)

    def decide(view: View) -> Iterator[Entry]:
        book = charts(view)
        opens_on = open_from(view)
        due: dict[tuple[date, date], dict[str, int]] = {}
        moved = _moved(view)
        for one in book_values(view):
            number = one.standing.contribution.number
            amortised = _amortised(one.standing, moved.get(number, {}))
            for ends_on, fen in _lacking(_reached(one.standing), amortised):
                if ends_on <= through and fen > 0:
                    first = max(opens_on, one.standing.booked_from(ends_on))
                    booked_day = ends_on if ends_on >= first else max(first, booked_on or first)
                    due.setdefault((ends_on, booked_day), {})[number] = fen
        for (ends_on, booked_day), amounts in sorted(due.items()):
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

    >>> restated = restate_amortisation(effective_on=date(2023, 1, 1))
    """
    booked = booked_on or effective_on

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked)
        postings = []
        for one in book_values(view):
            number = one.standing.contribution.number
            right, apart = chart.account("right", number), chart.account("amortisation", number)
            written_off = one.amortised_fen + balance(view, apart)
            if written_off > 0 and right != apart:
                postings.append(Posting(MONEY, apart, right, written_off))
        if postings:
            yield Entry(AMORTISATION, effective_on, booked, {"reason": "restated"}, postings)

    return decide


def revalue_contribution(
    number: str,
    valuation: Valuation,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Give a right that was brought in another value from a day on, for the rest of its term; its shares stay.

    What was used up by the day before is booked first. Then the right's account is brought to the new value, the
    difference to its book value stands in the capital surplus, and the new value is spread over the rest of the term.

    Raises RegisterError: no such right, one without a value, one that ended or is over by the day; a day before it was
    brought in or valued last, or up to which more is booked as used up; an accounting date before that of what it was
    valued at last; a valuation that cannot be meant, or that no meeting adopted where one has to.

    >>> anew = revalue_contribution("G1", Valuation(9_000_00, "agreed price", date(2027, 1, 1)),
    ...     effective_on=date(2027, 1, 1), reason="appraisal")
    """
    check_date(effective_on)
    cites = cited(documents, resolution)
    number = number_of(number)

    def decide(view: View) -> list[Entry]:
        booked = booked_on or effective_on
        found, right = running(view, number)
        check_valuation(number, right, valuation, resolution, register(view, effective_on).book.charter)
        earliest = max([found.since, *(one.on for one in found.revaluations)])
        if not found.contribution.amount_fen or not earliest <= effective_on <= right.ends_on:
            raise RegisterError(
                Message(
                    "contribution {number} has {value} yuan of value and may be valued anew from {first} to {last}, "
                    "not on {day}",
                    number=number,
                    value=printed(found.contribution.amount_fen, 2),
                    first=earliest,
                    last=right.ends_on,
                    day=effective_on,
                )
            )
        before = effective_on - timedelta(1)
        value = found.value_fen()
        due = used_up(found, before)
        amortised = value - stand_at(view).get(number, 0)
        if amortised > due:
            raise RegisterError(
                Message(
                    "contribution {number}: {booked} yuan are booked as used up, by {day} it is {due}: reverse what "
                    "was booked beyond it first",
                    number=number,
                    booked=printed(amortised, 2),
                    day=before,
                    due=printed(due, 2),
                )
            )
        check_booked_after(found, booked)
        check_converted(view, number, booked)
        chart = charts(view).in_force(booked)
        entries = catch_up(view, found, before, booked)
        difference = valuation.amount_fen - (value - due)
        surplus, account = chart.account("capital surplus"), chart.account("right", number)
        pair = (surplus, account) if difference > 0 else (account, surplus)
        postings = [Posting(MONEY, *pair, abs(difference))] if difference else []
        facts = {
            CONTRIBUTION: number,
            "valuation": plain_valuation(valuation),
            "difference_fen": difference,
            "reason": reason,
            **cites,
        }
        return [*entries, Entry(REVALUATION, effective_on, booked, facts, postings)]

    return decide


def check_not_built_on(view: View, record: Record) -> None:
    """Raise RegisterError if later records build on what one says of a contribution, so that it cannot be taken back.

    A contribution goes after what was booked as used up of it, its revaluations and its end; a revaluation after what
    was used up of the new value; an amortisation after a revaluation or an end that counted on it, and after what was
    booked back of it, or booked anew. Each day counts: what is booked back on a later one is still there before.
    """
    moved = _moved(view)
    for number, one in sorted(contributions_of(view).items()):
        brought, again = record.seq == one.seq, next((n for n in one.revaluations if n.seq == record.seq), None)
        if not (brought or again or (record.kind == AMORTISATION and _moves(record, number))):
            continue
        amortised = _amortised(one, moved.get(number, {}))
        booked = max(fen for day, fen in _running(amortised) if again is None or day >= again.on)
        due = used_up(one, again.on - timedelta(1)) if again else 0
        if (
            one.ended_on is not None
            or any(later.seq > record.seq for later in one.revaluations)
            or (isinstance(one.contribution.brought, Right) and (brought or again) and booked > due)
        ):
            later = _built_on(view, record, number, since=again.on if again else None)
            raise RegisterError(
                Message(
                    "record {seq}: contribution {number} was amortised, valued anew or ended after it: take that back "
                    "first, the latest first: {records}",
                    seq=record.seq,
                    number=number,
                    records=_named(later) or "-",
                )
            )
        if record.kind == AMORTISATION:
            _check_stays_in_bounds(view, record, one, amortised)


def _check_stays_in_bounds(view: View, record: Record, one: Standing, amortised: Mapping[date, int]) -> None:
    """Raise RegisterError if without an amortisation a right would stand above its value or below 0 on some day.

    What a revaluation or an end booked back stays so when these are taken back: it is not taken back once more.
    """
    number = one.contribution.number
    own = -sum(  # what of it was not taken back yet
        moved.posting.quantity * (is_under(moved.posting.target, account) - is_under(moved.posting.source, account))
        for account in right_accounts(view, number)
        for moved in view.movements(account, MONEY)
        if record.seq in (moved.seq, moved.posting.reverses_seq)
    )
    without = {**amortised, record.effective_on: amortised.get(record.effective_on, 0) - own}
    for day, fen in _running(without):
        value = one.value_fen(day)
        if day >= record.effective_on and (fen < 0 < own or (own < 0 and fen > value)):
            others = [
                other
                for other in view.records(AMORTISATION)
                if other.seq != record.seq and other.effective_on <= day and _used_up_by(view, other, number) * own < 0
            ]
            raise RegisterError(
                Message(
                    "record {seq}: without it contribution {number} would stand at {fen} yuan on {day}; from 0 to its "
                    "value of {value} are expected: take back first, the latest first: {records}",
                    seq=record.seq,
                    number=number,
                    fen=printed(value - fen, 2),
                    day=day,
                    value=printed(value, 2),
                    records=_named(not_reversed(view, others)[::-1]) or "-",
                )
            )


def _running(by_day: Mapping[date, int]) -> Iterator[tuple[date, int]]:
    """What comes together by the end of each day, in order."""
    ordered = sorted(by_day)
    return zip(ordered, accumulate(by_day[day] for day in ordered), strict=True)


def _used_up_by(view: View, record: Record, number: str) -> int:
    """What a record books as used up of a contribution, in fen; less than nothing where it books back."""
    accounts = right_accounts(view, number)
    return sum(leg.quantity * ((leg.source in accounts) - (leg.target in accounts)) for leg in record.postings)


def _named(records: Sequence[Record]) -> list[Message]:
    """Records as a refusal names them: the first few, and how many more there are."""
    named = [Message("record {seq} ({kind})", seq=one.seq, kind=kind_words(one.kind)) for one in records[:_NAMED]]
    return [*named, *([Message("{count} more", count=len(records) - _NAMED)] if records[_NAMED:] else [])]


def _built_on(view: View, record: Record, number: str, since: date | None) -> list[Record]:
    """The records, the latest first, that build on what a record says of a contribution and are not taken back.

    What was booked as used up builds on no other such record, and on a revaluation only from its day ``since`` on.
    """
    later = [
        one
        for one in view.records(AMORTISATION, REVALUATION, REDEEM, since=record.seq)
        if (contribution_in(one) == number if one.kind != AMORTISATION else _moves(one, number))
        and (one.kind != AMORTISATION or (record.kind != AMORTISATION and (since is None or one.effective_on >= since)))
    ]
    return not_reversed(view, later)[::-1]


def _moves(record: Record, number: str) -> bool:
    """Whether a record moves a contribution's parts of the accounts."""
    return any(place.endswith(f"/{number}") for one in record.postings for place in (one.source, one.target))


# ---------------------------------------------------------------- what stands in the accounts


def check_booked_after(one: Standing, booked_on: date) -> None:
    """Raise RegisterError if a right would be valued anew, or go out of the books, before its value came into them."""
    first = one.booked_from(date.max)
    if booked_on < first:
        raise RegisterError(
            Message(
                "contribution {number}, as it is valued, was booked on {first}: what becomes of it is booked on that "
                "day or later, not on {booked}",
                number=one.contribution.number,
                first=first,
                booked=booked_on,
            ),
            about=["booked_on"],
        )


def check_converted(view: View, number: str, booked_on: date) -> None:
    """Raise RegisterError if a contribution's parts hold something in a chart that the book has left."""
    book = charts(view)
    chart = book.in_force(booked_on)
    for account in [one for one in right_accounts(view, number) if not one.startswith(f"{chart.code}:")]:
        since = next((day for day, one in book.adopted if day > booked_on and account.startswith(f"{one.code}:")), None)
        if fen := balance(view, account):
            raise RegisterError(
                Message(
                    "contribution {number}: {fen} yuan stand in {account}, and on {day} the chart {chart} is in force: "
                    "book it on {since}, from which day on that is its chart, or later",
                    number=number,
                    fen=printed(fen, 2),
                    account=account,
                    day=booked_on,
                    chart=chart.code,
                    since=since,
                )
                if since is not None
                else Message(
                    "contribution {number}: {fen} yuan stand in {account}, and on {day} the chart {chart} is in force: "
                    "convert the chart once more first (convert_chart, 'book convert-chart --again'), or book it on a "
                    "day of that account's chart",
                    number=number,
                    fen=printed(fen, 2),
                    account=account,
                    day=booked_on,
                    chart=chart.code,
                )
            )


def stand_at(view: View, on: date | None = None) -> dict[str, int]:
    """What each contribution's parts of the accounts come to, rights less amortisation, in all charts."""
    found: dict[str, int] = {}
    for account in right_accounts(view):
        for (_, place), fen in view.balances(MONEY, account, on).items():
            number = place[len(account) + 1 :]
            found[number] = found.get(number, 0) + fen
    return found


def _moved(view: View, number: str | None = None) -> dict[str, dict[date, int]]:
    """What went into each contribution's parts of the accounts, or those of one, by day, in fen, in all charts."""
    found: dict[str, dict[date, int]] = {}
    for account in right_accounts(view):
        for one in view.movements(account if number is None else f"{account}/{number}", MONEY):
            for place, sign in ((one.posting.target, 1), (one.posting.source, -1)):
                of = place[len(account) + 1 :] if is_under(place, account) else ""
                if of and number in {None, of}:
                    by_day = found.setdefault(of, {})
                    by_day[one.effective_on] = by_day.get(one.effective_on, 0) + sign * one.posting.quantity
    return found


def _amortised(one: Standing, moved: Mapping[date, int]) -> dict[date, int]:
    """What is booked as used up of a right, in fen by the day on which it counts, by what went into its accounts."""
    found = {day: -fen for day, fen in moved.items()}
    found[one.since] = found.get(one.since, 0) + one.contribution.amount_fen
    for again in one.revaluations:
        found[again.on] = found.get(again.on, 0) + again.difference_fen
    return found


def _reached(one: Standing) -> list[tuple[date, int]]:
    """What is due of a right in all by the last day of each period."""
    periods = amortisation(one)
    totals = accumulate(period.amount_fen for period in periods)
    return [(period.ends_on, total) for period, total in zip(periods, totals, strict=True)]


def _lacking(due: Sequence[tuple[date, int]], amortised: Mapping[date, int]) -> Iterator[tuple[date, int]]:
    """What each day lacks of what is due by it; the last one has what is booked too much as less than nothing.

    On no day more comes to be booked, with what is booked for it and before, than is due by then: where later days
    have what an earlier one lacks, that one gets nothing. What is booked for after the last day counts by it.
    """
    booked = sorted(amortised.items())
    gaps: list[int] = []
    stands = at = 0
    for n, (day, total) in enumerate(due, 1):
        while at < len(booked) and (booked[at][0] <= day or n == len(due)):
            stands += booked[at][1]
            at += 1
        gaps.append(total - stands)
    least = [*accumulate(reversed(gaps), min)][::-1]  # of a day and all later ones
    given = 0
    for n, ((day, _), gap) in enumerate(zip(due, least, strict=True), 1):
        if gap > given or n == len(due):
            yield day, gap - given
            given = gap


def catch_up(view: View, one: Standing, until: date, booked: date) -> list[Entry]:
    """The entries after which exactly what is due by a day is booked as used up of a right.

    Each period that lacks something by its own last day, so that it is right on each day even if ``until`` is still
    ahead; what was booked for later days is booked back on those. Like :func:`amortise`, each is booked on its own
    day, but on ``booked`` where that is locked, or before the right was booked, or another chart was in force; so is
    what counts for the last day.
    """
    number, book, opens_on = one.contribution.number, charts(view), open_from(view)
    amortised = _amortised(one, _moved(view, number).get(number, {}))
    moved = {day: -fen for day, fen in amortised.items() if day > until}
    due = [(day, reached) for day, reached in _reached(one) if day < until]
    known = {day: fen for day, fen in amortised.items() if day <= until}
    moved |= _lacking([*due, (until, used_up(one, until))], known)
    chart = book.in_force(booked)
    apart, expense = chart.account("amortisation", number), chart.account("amortisation expense")
    entries = []
    for day, fen in sorted(moved.items()):
        if fen:
            charts_then = [then.code for since, then in book.adopted if since <= day]
            first = max(opens_on, one.booked_from(day))
            own_day = day != until and day >= first and charts_then[-1:] == [chart.code]
            pair = (apart, expense) if fen > 0 else (expense, apart)
            said = {"until": day.isoformat(), "reason": "amortisation"}
            legs = [Posting(MONEY, *pair, abs(fen))]
            entries.append(Entry(AMORTISATION, day, day if own_day else booked, said, legs))
    return entries


def balance(view: View, account: str) -> int:
    """What stands in an account, in fen, without its parts."""
    return view.balances(MONEY, account).get((MONEY, account), 0)


def running(view: View, number: str) -> tuple[Standing, Right]:
    """The contribution of a right under a number, if it has not ended."""
    found = contributions_of(view).get(number)
    if found is None or not isinstance(found.contribution.brought, Right):
        raise RegisterError(
            Message("contribution {number}: there is no right under this number", number=printable(number))
        )
    if found.ended_on is not None:
        raise RegisterError(Message("contribution {number} ended on {day} already", number=number, day=found.ended_on))
    return found, found.contribution.brought
