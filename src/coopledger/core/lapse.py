"""Lapses: what is owed of a dividend run lapses because nobody came for it; what a fact recorded later makes wrong."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from coopledger.core.ahead import in_turn
from coopledger.core.allocation import in_order
from coopledger.core.balances import printed
from coopledger.core.booked_order import check_booked_order
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.charter import HOLDER, book, holder_of
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.debt import advanced, brought, owed_since
from coopledger.core.journal import Decision, Entry, Movement, Posting, Record, View, check_date, check_days, is_under
from coopledger.core.payout import all_paid, declared_by, held_over, owing, waiting, waiting_words
from coopledger.core.people import People, days_of_home, who_died
from coopledger.core.register import FROZEN, PLEDGED
from coopledger.core.run import LAPSE, Run, holder_paid, owed_from, runs
from coopledger.core.run import places as places_of
from coopledger.core.settlement import CURRENT, by_holder, check_takes, first_of, lapses, left_behind
from coopledger.core.timeline import days
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message


def lapse(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    into: str = "other income",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Let lapse what nobody came for in the time that the charter gives: Dr surplus payable Cr ``into``, a role.

    What lapses of an advance for which its holder owes is nobody's income: it sets that off (Dr surplus payable Cr
    member current). What a run that nets it has set off by then, or he has brought, is his, and lapses as any other.

    What could not be claimed for all of that time does not lapse: what is held over, what waits for heirs, what of
    pledged or frozen shares is held back, what is owed to who owes since a run was undone (:func:`held_back`), now,
    when that time began or at the end of a day in between; nor what was declared, came back, was taken back or brought
    for an advance since, by the later of the days for which that counts and on which it was booked. So heirs have all
    of it from the day on which they inherit. By name it is paid at any time.

    Raises RegisterError: the charter lets nothing lapse, the time is not over, nothing is owed any more, or all of it
    waits, and whose for what; the account takes nothing of the kind.

    >>> late = lapse("2026", effective_on=date(2030, 2, 2))
    """
    papers = cited(documents, resolution)
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = declared_by(view, name, effective_on, booked_on or effective_on)
        charter = book(view, effective_on).charter
        if not charter.lapse_years:
            raise RegisterError(
                Message(
                    "run {run}: by the charter nothing lapses: a meeting gives it a time first (lapse_years, 'book "
                    "charter --lapse-years')",
                    run=one.code,
                )
            )
        until = _years_after(one.declared_on or effective_on, charter.lapse_years)
        if effective_on < until:
            raise RegisterError(
                Message(
                    "run {run}: what is not claimed lapses on {day}, {years} years after it was declared",
                    run=one.code,
                    day=until,
                    years=charter.lapse_years,
                )
            )
        places = owed_from(view, one, effective_on)
        numbers = {*map(holder_paid, places)}
        waits = waiting(view, who_died(view), one.proposal.share_class, numbers, effective_on)
        small = held_over(view, one, effective_on, numbers)
        owes = owing(view, effective_on, numbers)
        began = _years_before(effective_on, charter.lapse_years)
        waited = _waited(view, one, began, effective_on, numbers) - {*waits, *small, *owes}
        stay = {*waits, *waited, *small, *owes}
        places = {account: fen for account, fen in places.items() if holder_paid(account) not in stay}
        if not places and (waits or waited or small or owes):
            reasons = waiting_words(one, waits, small)
            reasons += [Message("{number} {why}", number=number, why=why) for number, why in owes.items()]
            if waited:
                reasons.append(
                    Message(
                        "{numbers} could not claim it all the time since {day}", numbers=in_order(waited), day=began
                    )
                )
            raise RegisterError(Message("run {run}: nothing of it lapses: {waiting}", run=one.code, waiting=reasons))
        if not places:
            raise RegisterError(all_paid(one))
        check_takes(view, "into", into, booked_on or effective_on)
        postings = _lapsed(view, one, places, into, booked_on or effective_on)
        check_booked_order(view, postings, booked_on or effective_on)
        return [Entry(LAPSE, effective_on, booked_on or effective_on, {"run": one.code, **papers}, postings)]

    return in_turn(left_behind, decide)


def check_lapses(view: View, on: date | None = None) -> list[Problem]:
    """What lapsed up to a day, and by the register of today waited then for heirs, a creditor or a court.

    A death is recorded when the village hears of it, and counts from its own day: the lapse is taken back, and let
    happen once more, which leaves out who waits, and who waited on a day of the charter's time (:func:`lapse`).

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_lapses(view)
    []
    """
    check_days(on)
    return [*_wrong(view, on)] if next(view.records(LAPSE), None) is not None else []


def _wrong(view: View, on: date | None) -> Iterator[Problem]:
    people = who_died(view)
    for one in runs(view).values():
        gone = [move for move in lapses(view, one) if on is None or move.on <= on] if one.declared_on else []
        for day in sorted({move.on for move in gone}):
            of_day = {move.holder: move for move in gone if move.on == day}
            found = {
                number: Message("{why} on that day", why=why)
                for number, why in waiting(view, people, one.proposal.share_class, of_day, day).items()
            }
            if years := book(view, day).charter.lapse_years:
                began = _years_before(day, years)
                before = _hindered(view, one, began, day - timedelta(1), of_day.keys() - found.keys())
                why = Message("could not claim it all the time since {day}", day=began)
                found |= dict.fromkeys(in_order(before), why)
            for number, why in found.items():
                yield Problem(
                    f"holder {number}",
                    Message(
                        "run {run}: {fen} yuan owed to {number} lapsed on {day} by record {seq}, and by what was "
                        "recorded since {number} {why}: take the record back (take_back, 'book reverse {seq}'), and "
                        "let lapse once more what does (lapse, 'dividend lapse')",
                        run=one.code,
                        number=number,
                        fen=printed(of_day[number].fen, 2),
                        day=day,
                        seq=of_day[number].seq,
                        why=why,
                    ),
                )


def _lapsed(view: View, one: Run, places: Mapping[str, int], into: str, booked_on: date) -> list[Posting]:
    """The postings by which something lapses: what its holder still owes for an advance is set off against that."""
    chart = charts(view).in_force(booked_on)
    debts = advanced(view, one.code) if one.proposal.advance else {}
    postings = []
    for number, own in by_holder(places).items():
        off = first_of(own, debts.get(number, 0))
        postings += [Posting(MONEY, chart.account(CURRENT, number), account, fen) for account, fen in off.items()]
        rest = {account: fen - off.get(account, 0) for account, fen in own.items()}
        postings += [Posting(MONEY, chart.account(into), account, fen) for account, fen in rest.items() if fen]
    return postings


def _waited(view: View, one: Run, began: date, on: date, numbers: Collection[str]) -> set[str]:
    """Who of some could not claim what is owed to him at the end of a day since a time began, or it was not yet his.

    What became his, or free, did so on the later of the days for which it counts and on which it was booked: before
    that he was told something else.
    """
    asked = {*numbers}
    waited = _hindered(view, one, began, on, asked)
    waited |= {number for move, number in _tied(view, one, on) if _known(move) > began} & asked
    taken = {record.seq for record in view.records(LAPSE)}  # what is taken back of a lapse was owed all the time
    for above in places_of(view, one.code):
        for move in view.movements(above, MONEY):
            leg = move.posting
            became = move.kind != CONVERSION and leg.reverses_seq not in taken and is_under(leg.source, above)
            if became and _known(move) > began:
                waited.update(asked.intersection([holder_paid(leg.source)]))
    for number, seqs in brought(view, one.code).items() if one.proposal.advance else ():
        if number in asked and any(_known(view.record(seq)) > began for seq in seqs):
            waited.add(number)
    return waited


def _hindered(view: View, one: Run, began: date, on: date, numbers: Collection[str]) -> set[str]:
    """Who of some could not claim what is owed to him at the end of a day from one to another, by the register."""
    people, cls, asked = who_died(view), one.proposal.share_class, {*numbers}
    waited = owed_since(view, began, on) & asked
    waited |= {number for move, number in _tied(view, one, on) if move.effective_on > began} & asked
    waited |= {*waiting(view, people, cls, asked - waited, began)}
    for day in {began, *_days_of_change(view, one, people, began, on, asked)}:  # on later days by no class: heirs alone
        left = asked - waited
        waited |= {*waiting(view, people, "", left, day), *held_over(view, one, day, left)}
    return waited


def _tied(view: View, one: Run, on: date) -> Iterator[tuple[Movement, str]]:
    """What tied shares of a run's class up to a day, or freed them, and whose they are."""
    cls = one.proposal.share_class
    for move in view.movements(HOLDER, cls, until=on) if cls else ():
        for account in (move.posting.source, move.posting.target):
            if account.endswith((f"/{PLEDGED}", f"/{FROZEN}")):
                yield move, account.split("/")[1]


def _known(one: Movement | Record) -> date:
    """The day from which a holder can know of something, and count on it."""
    return max(one.effective_on, one.booked_on)


def _days_of_change(  # noqa: PLR0917 - of whom, and when
    view: View, one: Run, people: People, began: date, on: date, numbers: Collection[str]
) -> Iterator[date]:
    """The days from one to another on which some may begin to wait for heirs, or to be held over."""
    for number in numbers:
        changed = {*days(people.members.get(number, ()), began), *days_of_home(people, number, began)}
        yield from (day for day in changed if day <= on)
    asked = one.proposal
    if not asked.hold_below_fen:
        return
    for other in runs(view).values():
        for above in places_of(view, other.code) if other.proposal.stream == asked.stream else ():
            for move in view.movements(above, MONEY, began, on):
                if not {holder_paid(move.posting.source), holder_paid(move.posting.target)}.isdisjoint(numbers):
                    yield move.effective_on
    for move in view.movements(HOLDER, asked.share_class, began, on) if asked.share_class else ():
        if not {holder_of(move.posting.source), holder_of(move.posting.target)}.isdisjoint(numbers):
            yield move.effective_on


def _years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the first of March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _years_before(day: date, years: int) -> date:
    """The last day after which so many years are over on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)
