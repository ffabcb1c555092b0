"""The chain: entries become records, each with the hash of the one before it."""

import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from coopledger.core.accounts import CLOCK, ERASURE, GROUND, NOTHING, Ground, check_opened, check_period, grown
from coopledger.core.citation import check_taken
from coopledger.core.conversion import carried
from coopledger.core.journal import (
    Decision,
    Entry,
    Facts,
    Head,
    Posting,
    Record,
    View,
    canonical,
    checked_head,
    code,
    commitment,
    content_hash,
    day_number,
    genesis,
    listed,
    record_hash,
    shown,
)
from coopledger.core.reserved import RESERVED, check_reserved
from coopledger.errors import (
    ClockError,
    CoopledgerError,
    EntryError,
    KeyConflictError,
    StaleJournal,
    StoreError,
    UnknownRecordError,
)
from coopledger.text import Message, printable

FAR_US = 31 * 24 * 3600 * 1_000_000
"""A clock this far from the last record, in microseconds, is probably wrong."""

_LONGEST_KEY = 200


class Tip(NamedTuple):
    """What the next record follows: the last record's number, hash and time; the ground after it."""

    seq: int
    hash: bytes
    recorded_us: int
    ground: Ground

    @property
    def head(self) -> Head:
        """The head that callers compare with."""
        return Head(self.seq, self.hash)


class PersonalRow(NamedTuple):
    """A personal row as it is stored: the number it is about, its salt and its canonical text."""

    subject: str
    salt: bytes
    row: str


class Written(NamedTuple):
    """A record, the texts that were hashed, and the personal rows that go with it."""

    record: Record
    facts: str
    personal: str
    rows: Sequence[PersonalRow] = ()


def decided(entries: Iterable[Entry] | Decision, view: View) -> list[Entry]:
    """The entries that are to be appended, or that a decision gives. Raises EntryError for what is no list of them.

    What a decision leaves in a chart of accounts that was converted is carried over
    (:func:`~coopledger.core.conversion.carried`); entries that are given stand as they were written.
    """
    found = entries(view) if callable(entries) else entries
    if isinstance(found, list | tuple) and any(callable(one) for one in found):
        raise EntryError(Message("several decisions in one append: in_turn(first, second, …) is expected, not a list"))
    made = [*listed(found, Entry)]
    return carried(view, made) if callable(entries) else made


def appended_in_a_decision() -> StoreError:
    """What is said of an append within a decision: it would stand behind what the decision has seen, or wait for it."""
    return StoreError(
        Message(
            "an append is being decided in this thread: what belongs to it is returned with its entries, and "
            "anything else is appended after it"
        )
    )


def decided_again(entries: Iterable[Entry] | Decision, before: View, first: Record) -> list[Entry]:
    """The entries of a repetition, decided from the book as it stood before the first record of its key.

    Raises KeyConflictError if they are refused there: then it is not they that stand under the key.
    """
    try:
        return decided(entries, before)
    except CoopledgerError as error:
        raise KeyConflictError(
            Message(
                "the key {key} stands in record {seq} with other content: what is asked now was not possible before "
                "that record ({why})",
                key=first.key,
                seq=first.seq,
                why=error.message,
            )
        ) from error


def chained(
    entries: Iterable[Entry],
    tip: Tip,
    *,
    now_us: int,
    key: str,
    actor: str,
    salt: Callable[[], bytes],
    confirm_clock: bool = False,
    erasing: bool = False,
) -> list[Written]:
    """The records that the entries become, after the tip.

    The first has the key, the others ``key#2``, ``key#3``… Raises what :class:`~coopledger.core.journal.Journal`
    says, but for what needs the postings already there: guards and reversals.
    """
    written: list[Written] = []
    seq, prev_hash, last_us, ground = tip
    for n, entry in enumerate(entries, 1):
        if entry.kind == ERASURE and not erasing:
            raise EntryError(Message("an erasure is not appended by hand: erase the rows, and it is recorded"))
        recorded_us = _time(entry, seq, last_us, now_us, confirmed=confirm_clock)
        check_period(ground, entry)
        check_opened(ground, entry)
        check_taken(entry)
        if entry.kind in RESERVED:
            check_reserved(entry)
        if entry.kind in GROUND:
            ground = grown(ground, entry)
        seq, last_us = seq + 1, recorded_us
        rows: Sequence[PersonalRow] = ()
        commitments: tuple[tuple[str, str], ...] = ()
        if entry.personal:
            rows = [PersonalRow(subject, salt(), canonical(row)) for subject, row in sorted(entry.personal.items())]
            commitments = tuple((one.subject, commitment(one.salt, one.row)) for one in rows)
        personal = canonical(commitments) if commitments else "[]"
        facts = entry.facts_text
        own_key = key if n == 1 else f"{key}#{n}"
        effective, booked = day_number(entry.effective_on), day_number(entry.booked_on)
        content = content_hash(entry.kind, effective, booked, actor, facts, (entry.postings,))
        own = record_hash(prev_hash, seq, recorded_us, own_key, content, personal, ground.locked_through)
        record = Record(
            seq,
            prev_hash,
            own,
            entry.kind,
            entry.effective_on,
            entry.booked_on,
            recorded_us,
            own_key,
            content,
            actor,
            entry.facts,
            commitments,
            ground.locked_through,
            entry.postings,
        )
        written.append(Written(record, facts, personal, rows))
        prev_hash = own
    return written


def check_key(key: str) -> str:
    """The key in its normal form (NFC), if it can be one; ``#`` is kept for the records after the first of an append.

    >>> check_key("2026 年分红")
    '2026 年分红'
    """
    normal = unicodedata.normalize("NFC", key) if isinstance(key, str) else ""
    if 0 < len(normal) <= _LONGEST_KEY and normal.isprintable() and "#" not in normal and normal.strip():
        return normal
    raise EntryError(
        Message(
            "{seen} is not a key: 1 to {longest} printable characters without '#' are expected",
            seen=shown(key),
            longest=_LONGEST_KEY,
        )
    )


def check_actor(actor: str) -> str:
    """The name of who appends, if it can be one."""
    if isinstance(actor, str) and 0 < len(actor) <= _LONGEST_KEY and actor.isprintable() and actor.strip():
        return actor
    raise EntryError(
        Message(
            "{seen} is not an actor: 1 to {longest} printable characters are expected",
            seen=shown(actor),
            longest=_LONGEST_KEY,
        )
    )


def check_after(after: Head | None, tip: Head) -> None:
    """Raise StaleJournal if the caller looked at another head, EntryError for what is none."""
    if after is not None and checked_head(after) != tip:
        raise StaleJournal(
            Message(
                "decided after record {seen}, but the book has reached record {now}: look at it again",
                seen=str(after),
                now=str(tip),
            )
        )


def check_repeated(
    entries: Sequence[Entry], records: Sequence[Record], actor: str, rows: Callable[[Record], Sequence[PersonalRow]]
) -> None:
    """Raise KeyConflictError, naming the field, if the entries are not what was appended under their key.

    ``rows`` gives the personal rows of a record that are not erased; they are compared with their own salts.
    """
    first = records[0]
    if len(entries) != len(records):
        raise _conflict(first, "entries", len(records), len(entries))
    for entry, record in zip(entries, records, strict=True):
        for name, was, now in (
            ("kind", record.kind, entry.kind),
            ("effective_on", record.effective_on, entry.effective_on),
            ("booked_on", record.booked_on, entry.booked_on),
            ("actor", record.actor, actor),
            ("facts", canonical(record.facts), entry.facts_text),
            ("postings", len(record.postings), len(entry.postings)),
        ):
            if was != now:
                raise _conflict(record, name, was, now)
        for line, (was_moved, now_moved) in enumerate(zip(record.postings, entry.postings, strict=True)):
            if was_moved != now_moved:
                raise _conflict(record, "postings", *_differing(line, was_moved, now_moved))
        kept = {one.subject: one.row for one in rows(record)}
        subjects = [[subject for subject, _ in record.personal], sorted(entry.personal)]
        for subject in sorted({*subjects[0]} ^ {*subjects[1]}):
            raise _of_somebody(subject, _conflict(record, "personal", *subjects))
        for subject, row in entry.personal.items():
            if kept.get(subject, canonical(row)) != canonical(row):
                raise _of_somebody(subject, _conflict(record, f"personal {subject}", "…", "…"))


def _differing(line: int, was: Posting, now: Posting) -> tuple[str, str]:
    """What of a posting is another: its line, and of both the fields that differ."""
    names = [name for name, one, other in zip(Posting._fields, was, now, strict=True) if one != other]
    [one, other] = [", ".join(f"{name} {getattr(each, name)}" for name in names) for each in (was, now)]
    return f"line {line}: {one}", other


def _of_somebody(subject: str, conflict: KeyConflictError) -> KeyConflictError:
    """The conflict as it is told of who is in the register, and is admitted once more with another name."""
    kind, _, number = subject.partition("/")
    if kind not in ("m", "h"):
        return conflict
    return KeyConflictError(
        Message(
            "{number} is in the register already: the key {key} stands in record {seq} with other personal data; what "
            "is known of {number} is changed by 'personal' (note_personal)",
            number=number,
            **conflict.message.values,
        )
    )


def _conflict(record: Record, name: str, was: object, now: object) -> KeyConflictError:
    return KeyConflictError(
        Message(
            "the key {key} stands in record {seq} with other content: {name} was {was}, now {now}",
            key=record.key,
            seq=record.seq,
            name=name,
            was=printable(str(was))[:200],
            now=printable(str(now))[:200],
        )
    )


def _time(entry: Entry, seq: int, last_us: int, now_us: int, *, confirmed: bool) -> int:
    """When the record counts as written: now, or just after the last one if the clock stands a little behind it."""
    if entry.kind == CLOCK and now_us < last_us:
        return now_us
    if seq and now_us < last_us - FAR_US:
        raise ClockError(
            Message(
                "the clock is {days} days behind the last record: set it right; if it is right and the record's was "
                "wrong, append a clock record first",
                days=(last_us - now_us) // (FAR_US // 31),
            )
        )
    if seq and now_us > last_us + FAR_US and not confirmed:
        raise ClockError(
            Message(
                "the clock is {days} days ahead of the last record: confirm it if it is right",
                days=(now_us - last_us) // (FAR_US // 31),
            )
        )
    return max(last_us + 1, now_us)


# ---------------------------------------------------------------- the way back


def start(book: str) -> Tip:
    """What the first record of a book follows."""
    return Tip(0, genesis(book), 0, NOTHING)


def facts_of(text: str) -> Facts:
    """The facts that a canonical text says."""
    found: dict[str, Any] = json.loads(text)
    return found


def commitments_of(text: str) -> tuple[tuple[str, str], ...]:
    """The numbers and commitments that a canonical text says."""
    return () if text == "[]" else tuple([(subject, digest) for subject, digest in json.loads(text)])


def known_seq(records: Iterable[tuple[int, int, str]], known_us: int) -> int:
    """The last record known at a time, of (number, recorded_us, kind) in order.

    A clock record says that times before it were too late: none of them counts as later than its own.
    """
    known = 0
    for seq, recorded_us, kind in records:
        if (kind == CLOCK and recorded_us <= known_us) or (recorded_us <= known_us and known == seq - 1):
            known = seq
    return known


def check_known(known: object) -> None:
    """Raise EntryError for what names neither a record nor a time."""
    if known is not None and not isinstance(known, datetime) and type(known) is not int:
        raise EntryError(Message("{seen}: a record's number or a datetime is expected", seen=shown(known)))


def microseconds(at: datetime) -> int:
    """A time as microseconds since 1970. A time without a zone is UTC."""
    aware = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def chosen_subjects(subjects: Collection[str]) -> list[str]:
    """The numbers whose rows are to be erased, in their normal form, each once. Raises EntryError."""
    if isinstance(subjects, str) or not isinstance(subjects, Collection):
        raise EntryError(Message("{seen}: a list of numbers is expected", seen=printable(repr(subjects))[:80]))
    return sorted({code(one) for one in subjects})


def check_known_subjects(subjects: Collection[str], view: View) -> None:
    """Raise EntryError for numbers under which a book has no personal row, and had none that was erased."""
    unknown = {*subjects} - view.personal(subjects).keys()
    for one in view.records(ERASURE) if unknown else ():
        unknown.difference_update(one.facts["subjects"])
    if unknown:
        raise EntryError(
            Message(
                "{subjects}: the book has no personal data under that, and none was erased: rows are named such as "
                "m/0042 for a member, h/17 for a household",
                subjects=sorted(unknown),
            )
        )


def unknown_record(seen: int, last: int) -> UnknownRecordError:
    """What is said of a number that no record has."""
    return UnknownRecordError(
        Message(
            "record {seen}: the book has the records 1 to {last}; 0 is the book before the first", seen=seen, last=last
        )
    )
