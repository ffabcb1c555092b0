"""Stores with one fault each, and the promises that must catch it.

Each is the book in memory with one thing done wrong that somebody has done wrong somewhere. A fault is a class of its
own, or a replacement for one of the functions that the book in memory is made of. ``test_broken.py`` has the list.
"""

# ruff: noqa: ANN401 - most of what is passed on is passed on as it is

import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, ClassVar, NamedTuple

from coopledger.core import accounts, balances, chain, journal
from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.core.chain import PersonalRow, Tip
from coopledger.core.journal import Entry, Facts, Head, Movement, Posting, Record
from coopledger.errors import EntryError, KeyConflictError, LockedPeriodError, OverdrawnError, StaleJournal
from coopledger.store.memory import MemoryJournal, MemoryView
from coopledger.text import Message


class Fault(NamedTuple):
    """What is done wrong: another class, or other functions in the place of some; and the tests that fail of it."""

    caught_by: tuple[str, ...]
    journal: type[MemoryJournal] = MemoryJournal
    instead: tuple[tuple[object, str, object], ...] = ()


def replaced(where: object, name: str, wrong: Callable[..., Any], *caught_by: str) -> Fault:
    """A fault in one function. ``wrong`` gets the right function first, then what that is called with."""
    right = getattr(where, name)

    def instead(*what: Any, **said: Any) -> Any:
        return wrong(right, *what, **said)

    return Fault(caught_by, instead=((where, name, instead),))


def nothing_checked(*_: object, **__: object) -> None:
    """In the place of a check."""


# ---------------------------------------------------------------- one after the other


class Unlocked(MemoryJournal):
    """Without a lock. Two writers meet after each has read the book and before either writes; one alone goes on."""

    def __init__(self, *names: Any, **sources: Any) -> None:
        super().__init__(*names, **sources)
        self._lock = nullcontext()  # type: ignore[assignment]
        self._met = threading.Barrier(2)

    def _tip(self) -> Tip:
        tip = super()._tip()
        try:
            self._met.wait(0.5)
        except threading.BrokenBarrierError:
            self._met.reset()
        return tip


class OneByOne(MemoryJournal):
    def append(self, entries: Any, *, key: str, **said: Any) -> list[Record]:
        with self.read() as view:
            decided = list(entries(view) if callable(entries) else entries)
        return [
            one
            for n, entry in enumerate(decided)
            for one in super(OneByOne, self).append([entry], key=key if not n else f"{key}-{n + 1}", **said)
        ]


class BurnsNumbers(MemoryJournal):
    _burned = 0

    def append(self, *entries: Any, **said: Any) -> list[Record]:
        try:
            return super().append(*entries, **said)
        except OverdrawnError:
            self._burned += 1
            raise

    def _tip(self) -> Tip:
        tip = super()._tip()
        return tip._replace(seq=tip.seq + self._burned)


class OneRoom(MemoryJournal):
    """All books in the same rows."""

    _all: ClassVar[list[Record]] = []

    def __init__(self, *names: Any, **sources: Any) -> None:
        super().__init__(*names, **sources)
        self._records = self._all

    def _under(self, key: str) -> list[Record]:
        return [] if key == "founding" else super()._under(key)


class LooksAtTheHeadFirst(MemoryJournal):
    def append(self, *entries: Any, after: Head | None = None, **said: Any) -> list[Record]:
        if after is not None and after != self._tip().head:
            raise StaleJournal(Message("stale"))
        return super().append(*entries, after=after, **said)


def same_number(_: object, after: Head | None, tip: Head) -> None:
    if after is not None and after.seq != tip.seq:
        raise StaleJournal(Message("stale"))


# ---------------------------------------------------------------- keys


class ForgetsKeys(MemoryJournal):
    def _under(self, key: str) -> list[Record]:  # noqa: ARG002 - that is the fault
        return []


class FoldsKeys(MemoryJournal):
    """As a column with the wrong collation does."""

    def _under(self, key: str) -> list[Record]:
        return super()._under(next((one.key for one in self._records if one.key.casefold() == key.casefold()), key))


class TrimsKeys(MemoryJournal):
    """As a column of fixed width does."""

    def _under(self, key: str) -> list[Record]:
        return super()._under(next((one.key for one in self._records if one.key.strip() == key.strip()), key))


class GivesTheFirstRecord(MemoryJournal):
    def _under(self, key: str) -> list[Record]:
        return super()._under(key)[:1]


class GivesWhatBeginsAlike(MemoryJournal):
    def _under(self, key: str) -> list[Record]:
        found = super()._under(key)
        return found and [one for one in self._records if one.key.startswith(key)]


class DecidesOnWhatStandsNow(MemoryJournal):
    def append(self, entries: Any, *, key: str, **said: Any) -> list[Record]:
        if callable(entries) and self._under(key):
            entries = list(entries(self._view(len(self._records))))
        return super().append(entries, key=key, **said)


class DecidesOnce(MemoryJournal):
    def append(self, entries: Any, *, key: str, **said: Any) -> list[Record]:
        if callable(entries) and (found := self._under(key)):
            return found
        return super().append(entries, key=key, **said)


def all_but(field: str) -> Callable[..., None]:
    """A comparison that overlooks one field."""

    def compared(right: Callable[..., None], *what: Any) -> None:
        try:
            right(*what)
        except KeyConflictError as error:
            if error.message.values["name"] != field:
                raise

    return compared


def key_as_it_is(right: Callable[[str], str], key: str) -> str:
    right(key)
    return key


def key_with_any_sign(right: Callable[[str], str], key: str) -> str:
    return key if isinstance(key, str) and "#" in key else right(key)


# ---------------------------------------------------------------- guards


def lines_of(records: Iterable[Record], place: Place) -> list[tuple[date, int, Posting]]:
    """What goes into a place and (negative) out of it, in the order of writing."""
    return [
        (record.effective_on, one.quantity if one.target == place[1] else -one.quantity, one)
        for record in records
        for one in record.postings
        if one.denomination == place[0] and place[1] in {one.source, one.target}
    ]


def signed(ground: Ground, place: Place) -> int:
    return 1 if ground.guard(place[1]) == "debit" else -1


Found = tuple[Place, date, int] | None


def only_at_the_end(_: object, records: Collection[Record], places: Mapping[Place, date], ground: Ground) -> Found:
    for place, on in places.items():
        stands = signed(ground, place) * sum(quantity for _, quantity, _ in lines_of(records, place))
        if stands < 0:
            return place, on, stands
    return None


def only_on_the_day(_: object, records: Collection[Record], places: Mapping[Place, date], ground: Ground) -> Found:
    for place, on in places.items():
        stands = signed(ground, place) * sum(quantity for day, quantity, _ in lines_of(records, place) if day <= on)
        if stands < 0:
            return place, on, stands
    return None


def line_by_line(_: object, records: Collection[Record], places: Mapping[Place, date], ground: Ground) -> Found:
    for place in places:
        stands = 0
        for day, quantity, _posting in sorted(lines_of(records, place), key=lambda one: one[0]):
            stands += signed(ground, place) * quantity
            if stands < 0:
                return place, day, stands
    return None


def lot_by_lot(right: Callable[..., Found], records: Collection[Record], places: Any, ground: Ground) -> Found:
    for lot in {one.lot for record in records for one in record.postings}:
        kept = [one._replace(postings=tuple(p for p in one.postings if p.lot == lot)) for one in records]
        if found := right(kept, places, ground):
            return found
    return None


def by_the_day_of_booking(right: Callable[..., Found], records: Iterable[Record], *rest: Any) -> Found:
    return right([one._replace(effective_on=one.booked_on) for one in records], *rest)


def entry_by_entry(right: Callable[..., Found], records: Sequence[Record], *rest: Any) -> Found:
    return next((found for n in range(len(records)) if (found := right(records[: n + 1], *rest))), None)


def all_denominations_alike(
    right: Callable[..., Found], records: Iterable[Record], places: Any, ground: Ground
) -> Found:
    alike = [one._replace(postings=tuple(p._replace(denomination="land") for p in one.postings)) for one in records]
    return right(alike, {("land", account): on for (_, account), on in places.items()}, ground)


def parts_together(right: Callable[..., Found], records: Iterable[Record], places: Any, ground: Ground) -> Found:
    def whole(account: str) -> str:
        return "/".join(account.split("/")[:2])

    together = [
        one._replace(postings=tuple(p._replace(source=whole(p.source), target=whole(p.target)) for p in one.postings))
        for one in records
    ]
    return right(together, {(one, whole(account)): on for (one, account), on in places.items()}, ground)


def only_debit(right: Callable[..., dict[Place, date]], entries: Iterable[Entry], ground: Ground) -> dict[Place, date]:
    return {place: on for place, on in right(entries, ground).items() if ground.guard(place[1]) == "debit"}


def only_the_first(right: Callable[..., dict[Place, date]], *what: Any) -> dict[Place, date]:
    return dict(list(right(*what).items())[:1])


def no_reversals(
    right: Callable[..., dict[Place, date]], entries: Iterable[Entry], ground: Ground
) -> dict[Place, date]:
    return right([one for one in entries if all(p.reverses_seq is None for p in one.postings)], ground)


def guarding_alike(right: Callable[..., Any], what: Any, *rest: Any) -> Any:
    """Whatever begins like a guarded account is guarded."""
    *places, ground = rest
    wide = {one: account._replace(guard="debit") for one, account in ground.accounts.items() if one[:6] == "holder"}
    return right(what, *places, ground._replace(accounts={**ground.accounts, **wide}))


# ---------------------------------------------------------------- reversals


def sum_unchecked(right: Callable[..., None], line: int, one: Posting, original: Posting | None, _: int) -> None:
    right(line, one, original, 0)


def way_unchecked(right: Callable[..., None], line: int, one: Posting, original: Posting | None, already: int) -> None:
    way = None if original is None else one._replace(source=one.target, target=one.source, reverses_seq=None)
    right(line, one, way and way._replace(quantity=original.quantity if original else 0), already)


def lot_unchecked(right: Callable[..., None], line: int, one: Posting, original: Posting | None, already: int) -> None:
    right(line, one, original and original._replace(lot=one.lot), already)


def back_and_forth(right: Callable[..., None], line: int, one: Posting, original: Posting | None, already: int) -> None:
    right(line, one, original and original._replace(reverses_seq=None), already)


class CountsWhatWasThereBefore(MemoryJournal):
    """What an append takes back is counted only from the next append on."""

    def _check_reversals(self, new: list[Record]) -> None:
        for record in new:
            for line, one in enumerate(record.postings):
                places = [(p.reverses_seq, p.reverses_line, p.quantity) for r in self._records for p in r.postings]
                if one.reverses_seq is not None and one.reverses_line is not None:
                    records = {r.seq: r.postings for r in [*self._records, *new] if r.seq < record.seq}
                    lines = dict(enumerate(records.get(one.reverses_seq, ())))
                    already = sum(q for seq, n, q in places if (seq, n) == (one.reverses_seq, one.reverses_line))
                    balances.check_reversal(line, one, lines.get(one.reverses_line), already)


class CountsByRecord(MemoryJournal):
    """The lines of one record are not told apart when it is counted how much was taken back."""

    def _check_reversals(self, new: list[Record]) -> None:
        super()._check_reversals(new)
        taken: dict[int, int] = {}
        for record in [*self._records, *new]:
            for line, one in enumerate(record.postings):
                if one.reverses_seq is not None:
                    original = [*self._records, *new][one.reverses_seq - 1].postings[one.reverses_line or 0]
                    balances.check_reversal(line, one, original, taken.get(one.reverses_seq, 0))
                    taken[one.reverses_seq] = taken.get(one.reverses_seq, 0) + one.quantity


# ---------------------------------------------------------------- hashes


def nothing_is_zero(right: Callable[..., bytes], *said: Any) -> bytes:
    *header, pages = said
    return right(*header, [[(*one[:4], one[4] or 0, one[5] or 0, one[6]) for one in page] for page in pages])


def no_lot_is_an_empty_one(right: Callable[..., bytes], *said: Any) -> bytes:
    *header, pages = said
    return right(*header, [[(*one[:6], one[6] or "") for one in page] for page in pages])


def without(position: int, blank: object) -> Callable[..., bytes]:
    """A hash that one part of what is said does not go into."""

    def hashed(right: Callable[..., bytes], *said: Any) -> bytes:
        return right(*said[:position], blank, *said[position + 1 :])

    return hashed


def links_of_zeros(right: Callable[..., Any], *what: Any, **said: Any) -> Any:
    return [one._replace(record=one.record._replace(prev_hash=bytes(32))) for one in right(*what, **said)]


# ---------------------------------------------------------------- times, periods, openings


def as_the_clock_says(_: object, _entry: Entry, _seq: int, _last_us: int, now_us: int, *, confirmed: bool) -> int:  # noqa: ARG001
    return now_us


def never_earlier(right: Callable[..., int], entry: Entry, seq: int, last_us: int, now_us: int, **said: Any) -> int:
    return max(right(entry, seq, last_us, now_us, **said) - 1, now_us) if seq else now_us


def always_confirmed(right: Callable[..., int], *what: Any, confirmed: bool) -> int:  # noqa: ARG001
    return right(*what, confirmed=True)


def never_confirmed(right: Callable[..., int], *what: Any, confirmed: bool) -> int:  # noqa: ARG001
    return right(*what, confirmed=False)


def no_way_back(right: Callable[..., int], entry: Entry, *what: Any, **said: Any) -> int:
    return right(Entry("note", entry.effective_on, entry.booked_on), *what, **said)


def until_the_first_later_one(_: object, records: Iterable[tuple[int, int, str]], known_us: int) -> int:
    known = 0
    for seq, recorded_us, _kind in records:
        if recorded_us > known_us:
            break
        known = seq
    return known


def before_that_time(right: Callable[..., int], records: Iterable[tuple[int, int, str]], known_us: int) -> int:
    return right(records, known_us - 1)


def in_local_time(right: Callable[[datetime], int], at: datetime) -> int:
    return right(at) - (8 * 3600 * 1_000_000 if at.tzinfo is None else 0)


def without_its_zone(right: Callable[[datetime], int], at: datetime) -> int:
    return right(at.replace(tzinfo=UTC))


class TakesAnyNumber(MemoryJournal):
    def _seq(self, known: int | datetime | None) -> int:
        return known if type(known) is int else super()._seq(known)


def by_what_it_counts_for(right: Callable[..., None], ground: Ground, entry: Entry) -> None:
    right(ground, Entry(entry.kind, entry.effective_on, entry.effective_on))


def but_for_its_last_day(right: Callable[..., None], ground: Ground, entry: Entry) -> None:
    if journal.day_number(entry.booked_on) != ground.locked_through:
        right(ground, entry)


def postings_alone(right: Callable[..., None], ground: Ground, entry: Entry) -> None:
    if entry.postings or entry.kind == "note":
        right(ground, entry)


def never_again(right: Callable[..., None], ground: Ground, entry: Entry) -> None:
    right(ground, entry)
    if ground.locked_through and entry.kind == "note" and entry.booked_on < date(2026, 2, 1):
        raise LockedPeriodError(Message("locked"))


def anything_grows(right: Callable[..., Ground], ground: Ground, entry: Entry | Record) -> Ground:
    try:
        return right(ground, entry)
    except EntryError:
        return ground


def guards_change(right: Callable[..., Ground], ground: Ground, entry: Entry | Record) -> Ground:
    if entry.kind != accounts.OPENING or not isinstance(entry.facts.get("accounts", {}), Mapping):
        return right(ground, entry)
    kept = {name: one for name, one in ground.accounts.items() if name not in entry.facts.get("accounts", {})}
    return right(ground._replace(accounts=kept), entry)


def digits_shrink(right: Callable[..., Ground], ground: Ground, entry: Entry | Record) -> Ground:
    return right(ground._replace(denominations={}) if entry.kind == accounts.OPENING else ground, entry)


class RemembersWhatItRefused(MemoryJournal):
    """The ground is kept beside the book and grows before the append has gone through."""

    def __init__(self, *names: Any, **sources: Any) -> None:
        super().__init__(*names, **sources)
        self._kept = accounts.NOTHING

    def _tip(self) -> Tip:
        tip = super()._tip()
        both = {**tip.ground.accounts, **self._kept.accounts}
        return tip._replace(ground=tip.ground._replace(accounts=both))

    def _ground(self, records: Iterable[Record]) -> Ground:
        found = super()._ground(records)
        self._kept = found._replace(accounts={**self._kept.accounts, **found.accounts})
        return found


# ---------------------------------------------------------------- reading


class LiveViews(MemoryJournal):
    def _view(self, seq: int) -> MemoryView:
        view = super()._view(seq)
        if seq == len(self._records):
            view._records = self._records  # noqa: SLF001 - that is the fault
        return view


def fold_of(
    records: Iterable[Record],
    denomination: str | None,
    chosen: Callable[[str], bool],
    counts: Callable[[Record], bool],
) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for record in filter(counts, records):
        for one in record.postings:
            for account, quantity in ((one.source, -one.quantity), (one.target, one.quantity)):
                if denomination in {None, one.denomination} and chosen(account):
                    found[one.denomination, account] = found.get((one.denomination, account), 0) + quantity
    return found


def until_the_day_before(
    _: object, records: Iterable[Record], denomination: str | None, under: str | None, on: date | None
) -> dict[Place, int]:
    folded = fold_of(
        records,
        denomination,
        lambda account: under is None or journal.is_under(account, under),
        lambda record: on is None or record.effective_on < on,
    )
    return {place: quantity for place, quantity in folded.items() if quantity}


def by_booking(right: Callable[..., Any], records: Iterable[Record], *rest: Any) -> Any:
    return right([one._replace(effective_on=one.booked_on) for one in records], *rest)


def with_zeros(
    _: object, records: Iterable[Record], denomination: str | None, under: str | None, on: date | None
) -> dict[Place, int]:
    return fold_of(
        records,
        denomination,
        lambda account: under is None or journal.is_under(account, under),
        lambda record: on is None or record.effective_on <= on,
    )


def begins_with(
    _: object, records: Iterable[Record], denomination: str | None, under: str | None, on: date | None
) -> dict[Place, int]:
    folded = fold_of(
        records,
        denomination,
        lambda account: account.startswith(under or ""),
        lambda record: on is None or record.effective_on <= on,
    )
    return {place: quantity for place, quantity in folded.items() if quantity}


def exactly(
    _: object, records: Iterable[Record], denomination: str | None, under: str | None, on: date | None
) -> dict[Place, int]:
    folded = fold_of(
        records,
        denomination,
        lambda account: under in {None, account},
        lambda record: on is None or record.effective_on <= on,
    )
    return {place: quantity for place, quantity in folded.items() if quantity}


def through_floats(right: Callable[..., dict[Place, int]], *what: Any) -> dict[Place, int]:
    return {place: int(float(quantity)) for place, quantity in right(*what).items()}


def as_written(right: Callable[..., list[Movement]], *what: Any) -> list[Movement]:
    return sorted(right(*what), key=lambda one: (one.seq, one.line))


def before_the_last_day(right: Callable[..., list[Movement]], *what: Any) -> list[Movement]:
    *_, until = what
    return [one for one in right(*what) if until is None or one.effective_on < until]


def from_it_on(right: Callable[..., Any], view: MemoryView, *kinds: str, since: int = 0) -> Any:
    return right(view, *kinds, since=max(since - 1, 0))


def last_of_all(right: Callable[..., Record], view: MemoryView, seq: int) -> Record:
    return right(view, seq or view.head.seq)


def given_away(_: object, record: Record) -> Record:
    return record


# ---------------------------------------------------------------- text


def each_text(change: Callable[[str], str]) -> Callable[..., Any]:
    """Facts whose texts are changed on their way."""

    def changed(value: Any) -> Any:
        match value:
            case str():
                return change(value)
            case dict():
                return {key: changed(one) for key, one in value.items()}
            case list():
                return [changed(one) for one in value]
        return value

    return lambda right, text: changed(right(text))


def numbers_as_floats(_: object, text: str) -> Any:
    return json.loads(text, parse_int=lambda one: int(float(one)))


# ---------------------------------------------------------------- persons


class OneSalt(MemoryJournal):
    def __init__(self, book: str, **sources: Any) -> None:
        super().__init__(book, **{**sources, "salt": lambda: bytes(16)})


def unsalted(_: object, _salt: bytes, row: str) -> str:
    return sha256(row.encode()).hexdigest()


def first_version(right: Callable[..., Any], view: MemoryView, subjects: Collection[str] | None = None) -> Any:
    rows = view._rows  # noqa: SLF001
    backwards = dict(reversed(rows.items()))
    turned = MemoryView(list(reversed(view._records)), backwards, view.head)  # noqa: SLF001
    return right(turned, subjects)


def of_all_times(_: object, view: MemoryView, subjects: Collection[str] | None = None) -> Any:
    found: dict[str, Facts] = {}
    for seq in sorted(view._rows):  # noqa: SLF001
        found |= {
            one.subject: chain.facts_of(one.row)
            for one in view._rows[seq]  # noqa: SLF001
            if subjects is None or one.subject in subjects
        }
    return found


def of_who_begins_alike(right: Callable[..., Any], view: MemoryView, subjects: Collection[str] | None = None) -> Any:
    every = right(view, None)
    if subjects is None:
        return every
    return {one: row for one, row in every.items() if any(one.startswith(begin) for begin in subjects)}


class ErasesTheLatest(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        kept = {seq: list(rows) for seq, rows in self._rows.items()}
        record = super().erase(subjects, **said)
        for subject in subjects:
            for seq in sorted(kept)[:-1]:
                older = [one for one in kept[seq] if one.subject == subject]
                if any(one.subject == subject for later in kept if later > seq for one in kept[later]):
                    self._rows[seq] = [*self._rows[seq], *older]
        return record


class ErasesWhoBeginsAlike(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        record = super().erase(subjects, **said)
        for seq, rows in self._rows.items():
            self._rows[seq] = [one for one in rows if not any(one.subject.startswith(s) for s in subjects)]
        return record


class ErasesTheCommitments(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        record = super().erase(subjects, **said)
        self._records = [
            one._replace(personal=tuple(pair for pair in one.personal if pair[0] not in subjects))
            for one in self._records
        ]
        return record


class ErasesNothing(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        kept = dict(self._rows)
        record = super().erase(subjects, **said)
        self._rows.update(kept)
        return record


class ErasesAgain(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        record = super().erase(subjects, **said)
        for seq, rows in self._rows.items():
            self._rows[seq] = [one for one in rows if one.subject not in subjects]
        return record


class ErasesFirst(MemoryJournal):
    def erase(self, subjects: Collection[str], **said: Any) -> Record:
        for seq, rows in self._rows.items():
            self._rows[seq] = [one for one in rows if one.subject not in subjects]
        return super().erase(subjects, **said)


def rows_must_be_there(
    right: Callable[..., None],
    entries: Any,
    records: Sequence[Record],
    actor: str,
    rows: Callable[..., list[PersonalRow]],
) -> None:
    right(entries, records, actor, rows)
    for record in records:
        if len(rows(record)) != len(record.personal):
            raise KeyConflictError(Message("rows are missing"))
