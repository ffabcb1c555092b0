"""Amortisation: a right's value is used up over its term, may be valued anew, and at the end the right goes back.

What was booked is read from the accounts: each contribution has its parts there, in whichever chart was in force. So a
reversal is booked anew, and booking twice books nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import open_from
from coopledger.core.ahead import Ahead
from coopledger.core.allocation import natural_key
from coopledger.core.balances import changes, printed
from coopledger.core.chart import LAND, MEMO, MONEY, charts
from coopledger.core.charter import HOLDER, MU, holder_of
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import (
    ENDED,
    REVALUATION,
    Contribution,
    Right,
    Standing,
    Valuation,
    check_valuation,
    contribution_in,
    contributions_of,
    held_twice,
    hundredths,
    plain_valuation,
    through_transit,
)
from coopledger.core.instalment import Instalment, spread, spread_until
from coopledger.core.journal import TRANSIT, Decision, Entry, Facts, Posting, Record, View, listed
from coopledger.core.lot import parts
from coopledger.core.movement import redemption
from coopledger.core.passing import CONTRIBUTION, CONVERT, ISSUE, REDEEM, SPREAD
from coopledger.core.people import number_of
from coopledger.core.quantity import decimal
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.register import UNPAID, register
from coopledger.core.rules import right_accounts
from coopledger.core.share_class import CLASS, class_on, classes
from coopledger.core.timeline import state
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message, printable

AMORTISATION = "amortisation"
"""The kind of records that book what was used up."""

_PLACES = ("right", "amortisation")
"""The roles of the accounts in which a contribution has parts; of an old chart both are one account."""

Rule = Literal["right only", "right and money"]
RULES: tuple[Rule, ...] = get_args(Rule)


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


def amortisation(one: Contribution | Standing) -> list[Instalment]:
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
    found: list[Instalment] = []
    for value, start, until in _stretches(standing, right):
        whole = spread(value, start, right.ends_on, right.every, right.part)
        if until == right.ends_on:
            found += whole
            continue
        kept = [period for period in whole if period.ends_on <= until]
        rest = spread_until(value, start, right.ends_on, until, right.part) - sum(period.amount_fen for period in kept)
        begun = kept[-1].ends_on + timedelta(1) if kept else start
        found += [*kept, *([Instalment(begun, until, rest)] if rest else [])]
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
    book_fen = _book_fen(view, on)
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

    Each counts for the last day of its period. It is booked on that day too, or on the first open day (or
    ``booked_on``) where that period is locked. A chart without accumulated amortisation lowers the right itself.

    >>> decision = amortise(through=date(2026, 12, 31))
    """

    def decide(view: View) -> Iterator[Entry]:
        book = charts(view)
        opens_on = open_from(view)
        due: dict[date, dict[str, int]] = {}
        for one in book_values(view):
            reached = 0
            booked = one.amortised_fen
            for period in amortisation(one.standing):
                reached += period.amount_fen
                if period.ends_on <= through and reached > booked:
                    number = one.standing.contribution.number
                    due.setdefault(period.ends_on, {})[number] = reached - booked
                    booked = reached
        for ends_on, amounts in sorted(due.items()):
            booked_day = ends_on if ends_on >= opens_on else max(opens_on, booked_on or opens_on)
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
            written_off = one.amortised_fen + _balance(view, apart)
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
    brought in or valued last, or up to which more is booked as used up; a valuation that cannot be meant, or that no
    meeting adopted where one has to.

    >>> anew = revalue_contribution("G1", Valuation(9_000_00, "agreed price", date(2027, 1, 1)),
    ...     effective_on=date(2027, 1, 1), reason="appraisal")
    """
    cites = cited(documents, resolution)
    number = number_of(number)

    def decide(view: View) -> list[Entry]:
        booked = booked_on or effective_on
        found, right = _running(view, number)
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
        amortised = value - _book_fen(view, None).get(number, 0)
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
        _check_converted(view, number, booked)
        chart = charts(view).in_force(booked)
        entries = _catch_up(view, found, before, booked)
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
      money for what is gone (农民专业合作社法 28: contributions are refunded on leaving); after a revaluation what the
      right is worth less than was contributed, and nothing if it is worth more.

    A premium of the issue is taken back in both. ``holder`` is who has the shares now, if it is not the contributor;
    ``shares`` how many they are now, if the class was redenominated or its par value changed since, or some were
    redeemed before. All that the contribution gave go back, as they count now. Only as many may be missing as were
    redeemed, converted or spread by that day, of the contributor and of those to whom shares of his passed, and as the
    holder has no more himself, beside what his other contributions gave: down to 0, and then the right alone goes back.
    The money of the second rule is owed for the part of the shares that goes back, in whole fen, rounded down.

    Raises RegisterError: no such right, one that ended, or that runs on (``expiry`` before its last day); fewer shares
    than it gave, if they are not said; more than they are now, or fewer than must be left of them; ``right and money``
    without a share, for those were paid out already.

    >>> back = end_contribution("G1", effective_on=date(2028, 6, 30), rule="right only")
    """
    papers = listed(documents, Document)
    number = number_of(number)
    heir = None if holder is None else number_of(holder)

    def decide(view: View) -> list[Entry]:
        found = _to_end(view, number, effective_on, reason, rule)
        if shares is None:
            _check_counted_alike(view, found, effective_on)
        booked = booked_on or effective_on
        one, right = found.contribution, found.contribution.brought
        now = heir or one.holder
        account = charts(view).in_force(booked).account if one.amount_fen else None  # without a value, no voucher
        if shares is None:
            _check_all_there(view, found, now, effective_on)
        _check_its_own(view, found, now, found.shares if shares is None else shares, effective_on)
        if type(shares) is int and shares == 0:
            entry = _without_shares(one, rule, effective_on, booked, {"reason": reason, **cited(papers, resolution)})
        else:
            entry = redemption(
                view,
                one.share_class,
                now,
                found.shares if shares is None else shares,
                effective_on=effective_on,
                booked_on=booked,
                reason=reason,
                against=account("right", number) if account else None,
                papers=cited(papers, resolution),
            )
        entries: list[Entry] = []
        capital = [leg._replace(source=TRANSIT) for leg in entry.postings if leg.denomination == MONEY]
        postings = [*(leg for leg in entry.postings if leg.denomination != MONEY), *capital]
        if account:
            _check_converted(view, number, booked)
            entries += _catch_up(view, found, effective_on, booked)
            rest = found.value_fen() - used_up(found, effective_on)
            cleared = Ahead(view, entries)
            moved = {place: -_balance(cleared, place) for place in (account(role, number) for role in _PLACES)}
            if rule == "right and money":
                owed = max(one.amount_fen - rest, 0)
                moved[account("member current", now)] = -floor(owed * _part_left(view, found, entry, effective_on))
            capital_fen = sum(leg.quantity for leg in capital)
            moved[account("capital surplus")] = -sum(moved.values()) - capital_fen
            postings += through_transit(moved)
        if isinstance(right, Right) and right.area_mu is not None:
            postings.append(Posting(MU.code, f"{LAND}/{number}", MEMO, hundredths(right.area_mu)))
        facts: dict[str, Any] = {**entry.facts, ENDED: number, "rule": rule}
        return [*entries, Entry(entry.kind, effective_on, booked, facts, postings)]

    return decide


def check_contributions(view: View) -> list[Problem]:
    """A problem for each contribution whose accounts hold what it does not account for.

    A right in the book stands at nothing below 0 and nothing above its value; one that was taken back or ended, at
    nothing; the mu of land that members have brought in are those of the rights in the book; a parcel is in one
    contribution on a day.
    """
    standing = contributions_of(view)
    book_fen = _book_fen(view, None)
    mu = {place.partition("/")[2]: quantity for (_, place), quantity in view.balances(MU.code, LAND).items()}
    numbers = {contribution_in(one) for one in view.records(ISSUE)} - {""}
    problems = []
    for number in sorted(numbers | mu.keys(), key=natural_key):
        one = standing.get(number)
        right = one.contribution.brought if one is not None and one.ended_on is None else None
        value = one.value_fen() if one is not None and isinstance(right, Right) else 0
        if not 0 <= (fen := book_fen.get(number, 0)) <= value:
            problems.append(
                Problem(
                    f"contribution {number}",
                    Message(
                        "{fen} yuan stand in the accounts of the right; from 0 to its value of {value} are expected",
                        fen=printed(fen, 2),
                        value=printed(value, 2),
                    ),
                )
            )
        area = hundredths(right.area_mu) if isinstance(right, Right) and right.area_mu is not None else 0
        if mu.get(number, 0) != area:
            problems.append(
                Problem(
                    f"contribution {number}",
                    Message(
                        "{seen} mu of land are noted, {area} were brought in and are still in the book",
                        seen=printed(mu.get(number, 0), MU.digits),
                        area=printed(area, MU.digits),
                    ),
                )
            )
    for mine, other in held_twice(standing.values()):
        said = Message(
            "parcel {parcel} is in contribution {other} of {holder} too, from {first} to {last}: end one of them, or "
            "take it back",
            parcel=printable(mine.parcel),
            other=other.number,
            holder=other.holder,
            first=max(mine.first, other.first),
            last=min(mine.last, other.last),
        )
        problems.append(Problem(f"contribution {mine.number}", said))
    return problems


def check_not_built_on(view: View, record: Record) -> None:
    """Raise RegisterError if later records build on what one says of a contribution, so that it cannot be taken back.

    A contribution goes after what was booked as used up of it, its revaluations and its end; a revaluation after what
    was used up of the new value; an amortisation after a revaluation or an end that counted on it.
    """
    _check_not_counted_on(view, record)
    book_fen = _book_fen(view, None)
    for number, one in sorted(contributions_of(view).items()):
        brought, again = record.seq == one.seq, next((n for n in one.revaluations if n.seq == record.seq), None)
        if not (brought or again or (record.kind == AMORTISATION and _moves(record, number))):
            continue
        booked = one.value_fen() - book_fen.get(number, 0)
        due = used_up(one, again.on - timedelta(1)) if again else 0
        if (
            one.ended_on is not None
            or any(later.seq > record.seq for later in one.revaluations)
            or (isinstance(one.contribution.brought, Right) and (brought or again) and booked > due)
        ):
            raise RegisterError(
                Message(
                    "record {seq}: contribution {number} was amortised, valued anew or ended after it: take that back "
                    "first, the latest first",
                    seq=record.seq,
                    number=number,
                )
            )


def _moves(record: Record, number: str) -> bool:
    """Whether a record moves a contribution's parts of the accounts."""
    return any(place.endswith(f"/{number}") for one in record.postings for place in (one.source, one.target))


# ---------------------------------------------------------------- what stands in the accounts


def _check_converted(view: View, number: str, booked_on: date) -> None:
    """Raise RegisterError if a contribution's parts hold something in a chart that the book has left."""
    book = charts(view)
    chart = book.in_force(booked_on)
    for account in [one for one in right_accounts(view, number) if not one.startswith(f"{chart.code}:")]:
        if fen := _balance(view, account):
            raise RegisterError(
                Message(
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


def _book_fen(view: View, on: date | None) -> dict[str, int]:
    """What each contribution's parts of the accounts come to, rights less amortisation, in all charts."""
    found: dict[str, int] = {}
    for account in right_accounts(view):
        for (_, place), fen in view.balances(MONEY, account, on).items():
            number = place[len(account) + 1 :]
            found[number] = found.get(number, 0) + fen
    return found


def _amortised(view: View, one: Standing) -> dict[date, int]:
    """What is booked as used up of a right, in fen by the day on which it counts, in all charts."""
    number = one.contribution.number
    found = {one.since: one.contribution.amount_fen}
    for again in one.revaluations:
        found[again.on] = found.get(again.on, 0) + again.difference_fen
    roles = [(chart, role) for _, chart in charts(view).adopted for role in _PLACES if role in chart.roles]
    for account in {chart.account(role, number) for chart, role in roles}:
        for day, fen in changes(view, MONEY, account):
            found[day] = found.get(day, 0) - fen
    return found


def _catch_up(view: View, one: Standing, until: date, booked: date) -> list[Entry]:
    """The entries after which exactly what is due by a day is booked as used up of a right.

    Each period that lacks something by its own last day, so that it is right on each day even if ``until`` is still
    ahead; what was booked for later days is booked back on those. Like :func:`amortise`, each is booked on its own
    day, but on ``booked`` where that is locked, or another chart was in force; so is what counts for the last day.
    """
    number, book, opens_on = one.contribution.number, charts(view), open_from(view)
    amortised = _amortised(view, one)
    moved = {day: -fen for day, fen in amortised.items() if day > until}
    stands = sum(fen for day, fen in amortised.items() if day <= until)
    reached = 0
    for period in amortisation(one):
        reached += period.amount_fen
        if period.ends_on < until and reached > stands:
            moved[period.ends_on] = reached - stands
            stands = reached
    moved[until] = used_up(one, until) - stands
    chart = book.in_force(booked)
    apart, expense = chart.account("amortisation", number), chart.account("amortisation expense")
    entries = []
    for day, fen in sorted(moved.items()):
        if fen:
            charts_then = [then.code for since, then in book.adopted if since <= day]
            own_day = day != until and day >= opens_on and charts_then[-1:] == [chart.code]
            pair = (apart, expense) if fen > 0 else (expense, apart)
            said = {"until": day.isoformat(), "reason": "amortisation"}
            legs = [Posting(MONEY, *pair, abs(fen))]
            entries.append(Entry(AMORTISATION, day, day if own_day else booked, said, legs))
    return entries


def _balance(view: View, account: str) -> int:
    return view.balances(MONEY, account).get((MONEY, account), 0)


def _check_counted_alike(view: View, found: Standing, on: date) -> None:
    then, now = (class_on(view, found.contribution.share_class, day) for day in (found.since, on))
    if (then.digits, then.par_fen) != (now.digits, now.par_fen):
        raise RegisterError(
            Message(
                "contribution {number} gave {shares} of {cls} as they were counted on {since}: the class changed "
                "since, so say how many shares they are now",
                number=found.contribution.number,
                shares=printed(found.shares, then.digits),
                cls=now.code,
                since=found.since,
            )
        )


def _check_all_there(view: View, found: Standing, holder: str, on: date) -> None:
    """Raise RegisterError if a holder has fewer shares than a contribution gave: how many go back is to be said."""
    cls = class_on(view, found.contribution.share_class, on)
    held = sum(parts(view, cls.code, holder, on).values())
    if held < found.shares:
        raise RegisterError(
            Message(
                "contribution {number} gave {shares} of {cls}, and {holder} has {held} of it on {day}: say who has "
                "them now, or how many go back, 0 if none are left",
                number=found.contribution.number,
                shares=printed(found.shares, cls.digits),
                cls=cls.code,
                holder=holder,
                held=printed(held, cls.digits),
                day=on,
            ),
            about=["holder", "shares"],
        )


def _part_left(view: View, found: Standing, entry: Entry, on: date) -> Fraction:
    """What part of the shares that a contribution gave goes back with it."""
    cls = class_on(view, found.contribution.share_class, on)
    back = sum(one.quantity for one in entry.postings if one.denomination == cls.code)
    return min(Fraction(back, cls.unit) / _traced(view, found, on).given, Fraction(1))


def _check_its_own(view: View, found: Standing, holder: str, shares: int, on: date) -> None:
    """Raise RegisterError if more shares would go back than a contribution gave, or fewer than must be left of them.

    Must be left: what was not redeemed, converted or spread by that day; and what the holder has, but for what other
    contributions gave him.
    """
    cls = class_on(view, found.contribution.share_class, on)
    traced = _traced(view, found, on)
    if holder not in traced.holders:
        raise RegisterError(
            Message(
                "contribution {number}: no share that it gave passed to {holder}: {holders} had some of them",
                number=found.contribution.number,
                holder=holder,
                holders=sorted(traced.holders, key=natural_key),
            ),
            about=["holder"],
        )
    own = Fraction(_paid_in(view, cls.code, holder, on), cls.unit) - _of_others(view, found, holder, on)
    least = max(traced.given - traced.gone, min(traced.given, own), Fraction(0))
    if type(shares) is int and not floor(least * cls.unit) <= shares <= ceil(traced.given * cls.unit):
        raise RegisterError(
            Message(
                "contribution {number}: {seen} shares of {cls} cannot go back with it: it gave {most}, as they count "
                "on {day}, and {gone} were redeemed, converted or spread since: from {least} to {most} are accepted; "
                "if they passed on, name who has them now, holder",
                number=found.contribution.number,
                seen=printed(shares, cls.digits),
                cls=cls.code,
                most=decimal(traced.given),
                day=on,
                gone=decimal(traced.gone),
                least=decimal(least),
            ),
            about=["shares"],
        )


class _Traced(NamedTuple):
    """The shares that a contribution gave, how many may be gone since, as they count now, and who had some of them."""

    given: Fraction
    gone: Fraction
    holders: frozenset[str]


def _traced(view: View, found: Standing, on: date) -> _Traced:
    """What became of a contribution's shares by a day.

    Gone is what was redeemed, converted or spread of paid-in shares of the contributor, and of those to whom his shares
    passed: which of somebody's shares these were, nobody can tell. What another contribution's end took was that one's.
    """
    cls, brought = found.contribution.share_class, (found.since, found.seq)
    reached = {found.contribution.holder}
    ends = {one.seq for one in view.records(REDEEM) if contribution_in(one)}
    gone: dict[int, Fraction] = {}
    for one in view.movements(HOLDER, cls, since=found.since, until=on):
        at, moved = (one.effective_on, one.seq), one.posting
        source, target = holder_of(moved.source), holder_of(moved.target)
        if moved.reverses_seq is not None and moved.reverses_seq in gone:
            gone[moved.reverses_seq] -= _as_now(view, cls, at, moved.quantity)
        elif moved.reverses_seq is None and at > brought and source in reached and one.kind != REDENOMINATE:
            if target and one.kind != SPREAD:
                reached.add(target)
            elif one.seq not in ends and not moved.source.endswith(f"/{UNPAID}"):
                gone[one.seq] = gone.get(one.seq, Fraction(0)) + _as_now(view, cls, at, moved.quantity)
    return _Traced(_as_now(view, cls, brought, found.shares), sum(gone.values(), Fraction(0)), frozenset(reached))


def _of_others(view: View, found: Standing, holder: str, on: date) -> Fraction:
    """The shares that other contributions gave to a holder and that go back with them, as they count now."""
    return sum(
        (
            _as_now(view, one.contribution.share_class, (one.since, one.seq), one.shares)
            for number, one in contributions_of(view).items()
            if number != found.contribution.number
            and (one.contribution.holder, one.contribution.share_class) == (holder, found.contribution.share_class)
            and isinstance(one.contribution.brought, Right)
            and one.since <= on
            and (one.ended_on is None or one.ended_on > on)
        ),
        Fraction(0),
    )


def _paid_in(view: View, cls: str, holder: str, on: date) -> int:
    """The paid-in shares of a holder, pledged and frozen ones among them, in smallest units."""
    return sum(quantity for part, quantity in parts(view, cls, holder, on).items() if part != UNPAID)


def _check_not_counted_on(view: View, record: Record) -> None:
    """Raise RegisterError if a contribution ended with fewer shares than it gave because a record took some away."""
    if record.kind not in {REDEEM, CONVERT, SPREAD} or contribution_in(record):
        return
    givers = {holder_of(one.source) for one in record.postings} - {""}
    ends = {contribution_in(one): one for one in view.records(REDEEM, since=record.seq)}
    for number, one in sorted(contributions_of(view).items()):
        end = ends.get(number)
        if one.ended_on is None or end is None:
            continue
        cls, traced = one.contribution.share_class, _traced(view, one, one.ended_on)
        back = sum(
            _as_now(view, cls, (end.effective_on, end.seq), leg.quantity)
            for leg in end.postings
            if leg.denomination == cls
        )
        if back < traced.given and givers & traced.holders and any(leg.denomination == cls for leg in record.postings):
            raise RegisterError(
                Message(
                    "record {seq}: contribution {number} ended without the shares that it took away: take that end, "
                    "record {end}, back first",
                    seq=record.seq,
                    number=number,
                    end=end.seq,
                )
            )


def _as_now(view: View, cls: str, at: tuple[date, int], quantity: int) -> Fraction:
    """Smallest units that moved on a day, by a record, as shares of a class as they count now."""
    then = state([one for one in classes(view)[cls] if (one.effective_on, one.seq) <= at])
    recounts = [one for one in view.records(REDENOMINATE) if one.facts[CLASS] == cls]
    factors = [Fraction(one.facts["factor"]) for one in recounts if (one.effective_on, one.seq) > at]
    return Fraction(quantity, 10 ** int(then["digits"])) * prod(factors, start=Fraction(1))


def _without_shares(one: Contribution, rule: str, on: date, booked: date, more: Facts) -> Entry:
    """The record by which a right goes back and no share of it: they were redeemed before."""
    if rule == "right and money":
        raise RegisterError(
            Message(
                "contribution {number}: no share of it is left, and its money was paid with them: the rule is {rule}",
                number=one.number,
                rule="right only",
            ),
            about=["rule"],
        )
    return Entry(REDEEM, on, booked, {"class": one.share_class, **more})


def _running(view: View, number: str) -> tuple[Standing, Right]:
    """The contribution of a right under a number, if it has not ended."""
    found = contributions_of(view).get(number)
    if found is None or not isinstance(found.contribution.brought, Right):
        raise RegisterError(
            Message("contribution {number}: there is no right under this number", number=printable(number))
        )
    if found.ended_on is not None:
        raise RegisterError(Message("contribution {number} ended on {day} already", number=number, day=found.ended_on))
    return found, found.contribution.brought


def _to_end(view: View, number: str, on: date, reason: str, rule: str) -> Standing:
    """The contribution, if it can end on a day for a reason."""
    found, right = _running(view, number)
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
    if found.revaluations and on < found.revaluations[-1].on:
        raise RegisterError(
            Message(
                "contribution {number} was valued anew on {day}: it ends no earlier than that",
                number=number,
                day=found.revaluations[-1].on,
            )
        )
    return found
