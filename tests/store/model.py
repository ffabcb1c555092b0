"""What a book is, in the plainest words: lists and dictionaries, nothing of how the library does it.

The model takes entries as they are made by the library and answers as a journal must. It never folds a state from
records, as the stores do: it keeps what is open, what is closed and what is left to reverse beside them, and gives
back the old state when it refuses. Nothing here looks at how the stores compute.
"""

from collections.abc import Callable, Collection
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from coopledger.core.journal import Entry, Facts, Head, Posting, Record
from tests.store.books import DAY_US, hashes_by_hand, json_of, name_hash

MONTH_US = 31 * DAY_US

Place = tuple[str, str]


class Refused(Exception):
    """What a journal must refuse, by the name of its error."""


class Asked(NamedTuple):
    """An append that went through: what was asked, and the numbers of its records."""

    entries: list[Entry]
    actor: str
    first: int
    last: int


class State(NamedTuple):
    """What an append may change, copied before it and kept if it goes through."""

    records: list[Record]
    guards: dict[str, str]
    digits: dict[str, int]
    locked: int
    left: dict[tuple[int, int], int]
    """What is left to reverse of each line."""

    def copy(self) -> "State":
        return State(list(self.records), dict(self.guards), dict(self.digits), self.locked, dict(self.left))


class ModelView:
    """The first records of the model."""

    def __init__(self, model: "Model", seq: int) -> None:
        self.seq = seq
        self._model = model
        self._records = model.state.records[:seq]

    @property
    def head(self) -> Head:
        return self._records[-1].head if self._records else Head(0, name_hash(self._model.book))

    def records(self) -> list[Record]:
        return self._records

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[Place, int]:
        found: dict[Place, int] = {}
        for record in self._records:
            for one in record.postings:
                if (on is None or record.effective_on <= on) and denomination in {None, one.denomination}:
                    found[one.denomination, one.target] = found.get((one.denomination, one.target), 0) + one.quantity
                    found[one.denomination, one.source] = found.get((one.denomination, one.source), 0) - one.quantity
        return {place: n for place, n in found.items() if n and (under is None or lies_under(place[1], under))}

    def movements(self, under: str) -> list[tuple[Any, ...]]:
        found = [
            (record.effective_on, record.seq, line, record.kind, record.booked_on, one)
            for record in self._records
            for line, one in enumerate(record.postings)
            if lies_under(one.source, under) or lies_under(one.target, under)
        ]
        return [(seq, line, kind, on, booked, one) for on, seq, line, kind, booked, one in sorted(found)]

    def personal(self) -> dict[str, Facts]:
        rows = self._model.rows
        return {subject: rows[seq, subject] for seq, subject in sorted(rows) if seq <= self.seq}


class Model:
    """A book and its rules."""

    def __init__(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> None:
        self.book = book
        self.state = State([], {}, {}, 0, {})
        self.rows: dict[tuple[int, str], Facts] = {}
        self.asked: dict[str, Asked] = {}
        self._clock = clock
        self._salt = salt

    def view(self, seq: int | None = None) -> ModelView:
        return ModelView(self, len(self.state.records) if seq is None else seq)

    def known_at(self, us: int) -> int:
        """The last record that was written up to a time; what a later clock record overtook comes with it."""
        return max((one.seq for one in self.state.records if one.recorded_us <= us), default=0)

    def append(
        self,
        entries: Any,  # noqa: ANN401 - entries, or what decides them
        *,
        key: str,
        actor: str,
        after: Head | None = None,
        confirm_clock: bool = False,
    ) -> list[Record]:
        if key in self.asked:
            return self._repeated(self.asked[key], entries, actor)
        if after is not None and after != self.view().head:
            raise Refused("StaleJournal")
        decided = list(entries(self.view()) if callable(entries) else entries)
        if not decided:
            return []
        state, rows = self.state.copy(), dict(self.rows)
        first = len(state.records) + 1
        for n, entry in enumerate(decided, 1):
            state = self._written(state, rows, entry, f"{key}#{n}" if n > 1 else key, actor, confirmed=confirm_clock)
        for record in state.records[first - 1 :]:
            take_back(state, record)
        for record in state.records[first - 1 :]:
            check_guards(state, record)
        self.state, self.rows = state, rows
        self.asked[key] = Asked(decided, actor, first, len(state.records))
        return state.records[first - 1 :]

    def erase(self, subjects: Collection[str], *, key: str, actor: str, on: date) -> Record:
        erased = {one for record in self.state.records if record.kind == "erasure" for one in record.facts["subjects"]}
        if {*subjects} - erased - {subject for _, subject in self.rows}:
            raise Refused("EntryError")
        [record] = self.append([Entry("erasure", on, on, {"subjects": sorted(subjects)})], key=key, actor=actor)
        for seq, subject in list(self.rows):
            if subject in subjects and seq < record.seq:
                del self.rows[seq, subject]
        return record

    def _repeated(self, was: Asked, entries: Any, actor: str) -> list[Record]:  # noqa: ANN401
        now = list(entries(self.view(was.first - 1)) if callable(entries) else entries)
        if len(now) != len(was.entries) or actor != was.actor:
            raise Refused("KeyConflictError")
        for seq, (one, other) in enumerate(zip(was.entries, now, strict=True), was.first):
            if said(one) != said(other) or one.personal.keys() != other.personal.keys():
                raise Refused("KeyConflictError")
            if any(self.rows.get((seq, who), row) != row for who, row in other.personal.items()):
                raise Refused("KeyConflictError")
        return self.state.records[was.first - 1 : was.last]

    def _written(
        self,
        state: State,
        rows: dict[tuple[int, str], Facts],
        entry: Entry,
        key: str,
        actor: str,
        *,
        confirmed: bool,
    ) -> State:
        now_us = self._clock()
        last_us = state.records[-1].recorded_us if state.records else None
        if last_us is None:
            recorded_us = max(1, now_us)
        elif entry.kind == "clock" and now_us < last_us:
            recorded_us = now_us
        elif last_us - now_us > MONTH_US or (now_us - last_us > MONTH_US and not confirmed):
            raise Refused("ClockError")
        else:
            recorded_us = max(last_us + 1, now_us)
        if number(entry.booked_on) <= (opened_or_locked(state, entry) if entry.kind == "unlock" else state.locked):
            raise Refused("LockedPeriodError")
        for one in entry.postings:
            if one.denomination not in state.digits or not {top(one.source), top(one.target)} <= state.guards.keys():
                raise Refused("UnopenedError")
        state = state._replace(locked=opened_or_locked(state, entry))
        seq = len(state.records) + 1
        commitments = []
        for subject in sorted(entry.personal):
            rows[seq, subject] = entry.personal[subject]
            commitments.append((subject, sha256(self._salt() + json_of(entry.personal[subject]).encode()).hexdigest()))
        record = Record(
            seq=seq,
            prev_hash=state.records[-1].hash if state.records else name_hash(self.book),
            hash=b"",
            kind=entry.kind,
            effective_on=entry.effective_on,
            booked_on=entry.booked_on,
            recorded_us=recorded_us,
            key=key,
            content_hash=b"",
            actor=actor,
            facts=entry.facts,
            personal=tuple(commitments),
            locked_through=state.locked,
            postings=entry.postings,
        )
        content_hash, own_hash = hashes_by_hand(record)
        state.records.append(record._replace(content_hash=content_hash, hash=own_hash))
        return state


def opened_or_locked(state: State, entry: Entry) -> int:
    """Open in the state what an entry opens; up to which day the books are closed after it."""
    if entry.kind == "opening":
        for name, (_, digits) in entry.facts.get("denominations", {}).items():
            if not 0 <= digits <= 9 or digits < state.digits.get(name, 0):
                raise Refused("EntryError")
            state.digits[name] = digits
        for name, (_, guard) in entry.facts.get("accounts", {}).items():
            if guard not in {"none", "debit", "credit"} or state.guards.get(name, guard) != guard:
                raise Refused("EntryError")
            state.guards[name] = guard
    if entry.kind not in {"lock", "unlock"}:
        return state.locked
    seen = entry.facts["through"]
    through = number(date.fromisoformat(seen)) if seen else 0
    if through <= state.locked if entry.kind == "lock" else through >= state.locked:
        raise Refused("EntryError")
    return through


def take_back(state: State, record: Record) -> None:
    """Use up what a record's reversals take back; then its own lines can be taken back."""
    for one in record.postings:
        if one.reverses_seq is not None and one.reverses_line is not None:
            place = one.reverses_seq, one.reverses_line
            if place not in state.left or one.quantity > state.left[place]:
                raise Refused("ReversalError")
            if not is_way_back(one, state.records[place[0] - 1].postings[place[1]]):
                raise Refused("ReversalError")
            state.left[place] -= one.quantity
    for line, one in enumerate(record.postings):
        if one.reverses_seq is None:
            state.left[record.seq, line] = one.quantity


def check_guards(state: State, record: Record) -> None:
    for one in record.postings:
        for account, guard, way in ((one.source, "debit", 1), (one.target, "credit", -1)):
            if state.guards[top(account)] == guard:
                lines = [
                    (other.effective_on, way * (p.quantity if p.target == account else -p.quantity))
                    for other in state.records
                    for p in other.postings
                    if p.denomination == one.denomination and account in {p.source, p.target}
                ]
                for day, _ in lines:
                    if sum(quantity for on, quantity in lines if on <= day) < 0:
                        raise Refused("OverdrawnError")


def is_way_back(one: Posting, was: Posting) -> bool:
    return (one.denomination, one.source, one.target, one.lot) == (was.denomination, was.target, was.source, was.lot)


def said(entry: Entry) -> tuple[object, ...]:
    return entry.kind, entry.effective_on, entry.booked_on, json_of(entry.facts), entry.postings


def number(day: date) -> int:
    return int(f"{day:%Y%m%d}")


def top(account: str) -> str:
    return account.split("/", maxsplit=1)[0]


def lies_under(account: str, under: str) -> bool:
    return account.split("/")[: under.count("/") + 1] == under.split("/")
