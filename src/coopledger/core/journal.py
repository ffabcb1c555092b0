"""The journal: what is appended, what stands in it, and the bytes that its chain of hashes runs over.

A *posting* is a positive number of one denomination, moved from a source account to a target account: the source is
credited, the target debited, so an unbalanced entry cannot be written down. An *entry* is what somebody wants to
append: a kind, two dates, facts, postings. A *record* is an entry that stands in a book: it has a number without gaps,
the time when it was written, and a hash over itself and the record before it.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, Protocol, TypeVar

from coopledger.core.value import Value
from coopledger.errors import EntryError, Problem
from coopledger.text import Message, printable

Facts = Mapping[str, Any]
"""What a record says: text, whole numbers, true, false, nothing (None), and lists and mappings of these."""

VERSION = "coopledger 1"
"""The first words under every hash. Another way to lay out the bytes needs another version."""

TRANSIT = "transit"
"""The account of vouchers with many debits and many credits; it is zero in every record and never printed."""

LARGEST_QUANTITY = 10**15
"""Of the smallest unit: 10 trillion yuan in fen. Sums of thousands of these still fit a BIGINT."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)

_K = TypeVar("_K")
_T = TypeVar("_T")

_LONGEST_CODE = 100
_CODE = re.compile(r"[^\W_][\w.:-]*(/[\w.:-]+)*")
_CODES = re.compile(rf"^(?:{_CODE.pattern})$", re.MULTILINE)
_DEEPEST = 20
_LARGEST = 2**63 - 1  # what a BIGINT holds


class Posting(NamedTuple):
    """A quantity of one denomination, moved from a source account (credited) to a target account (debited).

    ``quantity`` counts the denomination's smallest unit: fen, or the smallest fraction of a share. A posting that takes
    back an earlier one, whole or in part, names it by its record's number and its line (from 0). A lot tells apart
    what one account holds, by vintage for example.
    """

    denomination: str
    source: str
    target: str
    quantity: int
    reverses_seq: int | None = None
    reverses_line: int | None = None
    lot: str | None = None


class Entry(Value):
    """What somebody wants to append: checked when it is made, so every entry is sound in itself.

    ``effective_on`` is the day it counts for, ``booked_on`` the accounting date. ``facts`` say what happened and
    hold no personal data; those go into ``personal``, rows by the number of the person or household they are about,
    which are stored apart and can be erased.

    Raises EntryError: no positive whole number, no code, source and target the same account, a float among the facts…

    >>> issue = [Posting("land", "unissued", "holder/0042", 500), Posting("CNY", "c37:301", "c37:161", 50_000_00)]
    >>> entry = Entry("issue", date(2026, 1, 1), date(2026, 1, 5), {"reason": "2 mu of land"}, issue)
    >>> entry.postings[0].quantity
    500
    """

    __slots__ = ("kind", "effective_on", "booked_on", "facts", "postings", "personal", "facts_text")

    kind: str
    effective_on: date
    booked_on: date
    facts: Facts
    postings: tuple[Posting, ...]
    personal: Mapping[str, Facts]
    facts_text: str
    """The facts in their canonical text, which is hashed and stored."""

    def __init__(  # noqa: PLR0917 - in the order in which one says them
        self,
        kind: str,
        effective_on: date,
        booked_on: date,
        facts: Facts | None = None,
        postings: Iterable[Posting] = (),
        personal: Mapping[str, Facts] | None = None,
    ) -> None:
        rows = _postings(postings)
        said = _plain({} if facts is None else facts)
        _check_day("effective_on", effective_on)
        _check_day("booked_on", booked_on)
        self._put(
            code(kind),
            effective_on,
            booked_on,
            said,
            _checked(rows) if rows else rows,
            _by_subject(personal or {}),
            canonical(said),
        )

    def part(self, facts: Facts, personal: Mapping[str, Facts]) -> "Entry":
        """A part of an entry that has no postings: its facts and rows are this one's own, and not looked at again."""
        one = object.__new__(Entry)
        one._put(self.kind, self.effective_on, self.booked_on, facts, (), personal, canonical(facts))
        return one

    def __hash__(self) -> int:
        return hash((self.kind, self.effective_on, self.booked_on, self.postings))


_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")
_LOOK_ALIKE = str.maketrans("oil", "011")


def _typed(seen: str) -> str:
    """A fingerprint as it was typed, or scanned, without what does not count."""
    printed = "".join(one for one in unicodedata.normalize("NFKC", seen) if one.isprintable())
    return "".join(printed.lower().split()).translate(_LOOK_ALIKE)


class Head(NamedTuple):
    """The last record of a book: its number and its hash. An empty book's head has number 0."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        """The fingerprint that is printed on notices: the number, a colon, the hash."""
        return f"{self.seq}:{self.hash.hex()}"

    @classmethod
    def parse(cls, seen: str) -> "Head":
        """A head as it was printed: the number of a record, a colon, its hash. Raises EntryError.

        Spaces and line ends do not count, full-width characters are read as half-width ones; an o stands for 0, and an
        l or i for 1, for the digits are hexadecimal: that is how a fingerprint comes back that was typed from paper.

        >>> Head.parse("12:" + "ab" * 32).seq, Head.parse("１２： " + "a0b1 " * 8 + "AOBL " * 8).hash.hex()[-4:]
        (12, 'a0b1')
        """
        match = _HEAD.fullmatch(_typed(seen)) if isinstance(seen, str) else None
        if match is None:
            raise EntryError(
                Message(
                    "{seen}: a record's number, a colon and 64 hexadecimal digits are expected, as 'book anchor' "
                    "prints them",
                    seen=shown(seen),
                )
            )
        return cls(int(match[1]), bytes.fromhex(match[2]))


def checked_head(seen: object) -> Head:
    """A head. Raises EntryError for what is none, such as one that is still a text.

    >>> checked_head("9:abab")
    Traceback (most recent call last):
    coopledger.errors.EntryError: '9:abab': a head is expected: view.head, or what was printed, read by Head.parse
    """
    if isinstance(seen, Head) and type(seen.seq) is int and isinstance(seen.hash, bytes):
        return seen
    raise EntryError(
        Message("{seen}: a head is expected: view.head, or what was printed, read by Head.parse", seen=shown(seen))
    )


class Record(NamedTuple):
    """An entry that stands in a book.

    ``personal`` has the number each row is about and the commitment to it, SHA-256(salt ‖ row). ``locked_through`` is
    the day up to which the books are closed after this record, as a day number; 0 if nothing is locked.
    """

    seq: int
    prev_hash: bytes
    hash: bytes
    kind: str
    effective_on: date
    booked_on: date
    recorded_us: int
    key: str
    content_hash: bytes
    actor: str
    facts: Facts
    personal: tuple[tuple[str, str], ...]
    locked_through: int
    postings: tuple[Posting, ...]

    @property
    def head(self) -> Head:
        """The head of the book when this record was the last."""
        return Head(self.seq, self.hash)

    @property
    def recorded_at(self) -> datetime:
        """When it was written, in UTC."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.recorded_us)


class Movement(NamedTuple):
    """A posting with what its record says of when and why."""

    seq: int
    line: int
    kind: str
    effective_on: date
    booked_on: date
    posting: Posting


class View(Protocol):
    """A book as it was known when one record was its last; what is appended later does not show."""

    @property
    def head(self) -> Head:
        """The last record that shows."""

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        """The records of some kinds (of all, if none is named) after number ``since``, in order."""

    def record(self, seq: int) -> Record:
        """One record by its number. Raises UnknownRecordError."""

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[tuple[str, str], int]:
        """What went in less what went out, up to and including a day, by (denomination, account); no zeros.

        ``under`` keeps an account and the accounts below it: ``holder`` means ``holder`` and ``holder/…``.
        """

    def movements(
        self, under: str, denomination: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[Movement]:
        """The postings into or out of an account or those below it, effective within a span of days.

        By day, then number, then line.
        """

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        """The latest personal row of each number that has one; what was erased is not there."""


Decision = Callable[[View], Iterable[Entry]]
"""What is to be appended, decided from what stands in the book. Pure: the same view gives the same entries."""


class Journal(Protocol):
    """A book: read it, append to it."""

    def read(self, known: int | datetime | None = None) -> AbstractContextManager[View]:
        """The book as it is, as it was after a record, or as it was known at a time."""

    def append(
        self,
        entries: Iterable[Entry] | Decision,
        *,
        key: str,
        actor: str,
        after: Head | None = None,
        confirm_clock: bool = False,
    ) -> list[Record]:
        """Append entries, all or none, under a key that makes a repetition harmless.

        A decision sees the book under its lock; what it leaves in a chart of accounts that was converted is carried
        over (:func:`~coopledger.core.conversion.carried`). The same key with the same entries returns the first
        records and writes nothing. With ``after``, nothing is written if the book has moved on since.

        Raises EntryError, UnopenedError, LockedPeriodError, OverdrawnError, ReversalError, ClockError,
        KeyConflictError, StaleJournal, and what the decision raises: RegisterError, where a rule of the register
        forbids it.
        """

    def erase(self, subjects: Collection[str], *, key: str, actor: str, on: date, facts: Facts | None = None) -> Record:
        """Erase all personal rows of some numbers (``m/0042``, ``h/17``), rows and salts, and record that it was done.

        A repetition erases nothing that was written after the first time. ``facts`` may say why, without names. Raises
        EntryError if there is no row under one of them, and none was erased: members' rows are not under ``0042``.
        """

    def verify(self, anchors: Collection[Head] = ()) -> list[Problem]:
        """Everything that is wrong with the book; empty if nothing is. Anchors are heads that were printed once."""


# ---------------------------------------------------------------- days and codes


def day_number(day: date) -> int:
    """A day as a number that sorts and that people can read. Raises EntryError for what is no date.

    >>> day_number(date(2026, 1, 31))
    20260131
    """
    if type(day) is not date:
        check_date(day)
    return day.year * 10000 + day.month * 100 + day.day


def check_date(seen: object) -> None:
    """Raise EntryError for a day that is no date, such as a text.

    >>> check_date("2026-03-01")
    Traceback (most recent call last):
    coopledger.errors.EntryError: '2026-03-01': a date is expected, such as date(2026, 3, 1)
    """
    if type(seen) is not date:
        raise EntryError(Message("{seen}: a date is expected, such as date(2026, 3, 1)", seen=shown(seen)))


def check_days(*seen: object) -> None:
    """Raise EntryError for a day that is no date, where None is any.

    >>> check_days(None, date(2026, 3, 1))
    """
    for one in seen:
        if one is not None:
            check_date(one)


def day(number: int) -> date:
    """The day that a number means.

    >>> day(20260131)
    datetime.date(2026, 1, 31)
    """
    return date(number // 10000, number // 100 % 100, number % 100)


def code(seen: str) -> str:
    """A code in its normal form (NFC): letters, digits, and ``_ . : -``, parts divided by strokes.

    It begins with a letter or a digit. Raises EntryError.

    >>> code("c37:222/0042")
    'c37:222/0042'
    """
    if type(seen) is str and seen.isascii() and seen.isalnum() and len(seen) <= _LONGEST_CODE:
        return seen  # as most are
    normal = unicodedata.normalize("NFC", seen) if isinstance(seen, str) else ""
    if len(normal) > _LONGEST_CODE or not _CODE.fullmatch(normal):
        raise EntryError(
            Message(
                "{seen} is not a code: letters, digits, '_', '.', ':', '-', parts divided by '/', "
                "at most {longest} characters, are expected",
                seen=shown(seen),
                longest=_LONGEST_CODE,
            )
        )
    return normal


def listed(seen: Iterable[_T], kind: type[_T]) -> tuple[_T, ...]:
    """What was given, if it is a list of things of a kind. One by itself, such as a text, would be taken for a list.

    >>> listed(["0041", "0042"], str)
    ('0041', '0042')
    >>> listed("0041", str)
    Traceback (most recent call last):
    coopledger.errors.EntryError: '0041': a list of str is expected
    """
    is_list = isinstance(seen, Iterable) and not isinstance(seen, (str, bytes, Mapping, kind))
    rows = tuple(seen) if is_list else ()
    wrong = [one for one in rows if not isinstance(one, kind)] if is_list else [seen]
    if wrong and _is_list_of(wrong[0], kind):  # admit([joiner])
        raise EntryError(
            Message(
                "{seen}: a list stands where one {kind} is expected: give each by itself, as in admit(*joiners)",
                seen=shown(wrong[0]),
                kind=kind.__name__,
            )
        )
    if wrong:
        raise EntryError(Message("{seen}: a list of {kind} is expected", seen=shown(wrong[0]), kind=kind.__name__))
    return rows


def _is_list_of(seen: object, kind: type) -> bool:
    return isinstance(seen, list | tuple) and type(seen) in (list, tuple) and any(isinstance(one, kind) for one in seen)


def mapped(seen: Mapping[_K, _T]) -> Mapping[_K, _T]:
    """What was given, if it is a mapping. Raises EntryError.

    >>> mapped(["0041"])
    Traceback (most recent call last):
    coopledger.errors.EntryError: ['0041']: a mapping is expected, such as {'0042': …}
    """
    if not isinstance(seen, Mapping):
        raise EntryError(Message("{seen}: a mapping is expected, such as {{'0042': …}}", seen=shown(seen)))
    return seen


def check_seq(seen: object) -> None:
    """Raise EntryError for what is no number of a record, such as a text."""
    if type(seen) is not int:
        raise EntryError(Message("{seen}: the number (int) of a record is expected", seen=shown(seen)))


def check_fen(name: str, seen: object) -> None:
    """Raise EntryError for an amount that is no whole number of fen, such as 12.5; None is none.

    >>> check_fen("price_fen", 12.5)
    Traceback (most recent call last):
    coopledger.errors.EntryError: price_fen: 12.5: a whole number (int) of fen is expected
    """
    if seen is not None and type(seen) is not int:
        raise EntryError(
            Message("{name}: {seen}: a whole number (int) of fen is expected", name=name, seen=shown(seen))
        )


def shown(seen: object) -> str:
    """How a message shows what it was given, whatever that is: the beginning, on one line.

    >>> print(shown("half a share"), shown(10**5000))
    'half a share' int
    """
    try:
        return printable(repr(seen))[:80]
    except (ValueError, RecursionError):  # a number of too many digits, a list in lists without end
        return type(seen).__name__


def root(account: str) -> str:
    """The account that was opened, of which this one is a part.

    >>> root("holder/0042/pledged")
    'holder'
    """
    return account.partition("/")[0]


def is_under(account: str, above: str) -> bool:
    """Whether an account is another one or a part of it.

    >>> is_under("holder/0042", "holder"), is_under("holders", "holder")
    (True, False)
    """
    return account == above or account.startswith(above + "/")


def reverse(record: Record, quantities: Mapping[int, int] | None = None) -> tuple[Posting, ...]:
    """The postings that take back a record's postings, or of some lines a part: ``{line: quantity}``.

    A bounced payment of 10,000 of which 3 lines come back: ``reverse(record, {4: 100_00, 17: 100_00, 30: 100_00})``.

    >>> paid = [Posting("CNY", "c2021:222/0041", "c2021:102", 500), Posting("CNY", "c2021:222/0042", "c2021:102", 700)]
    >>> day = date(2026, 1, 1)
    >>> record = Record(7, b"", b"", "payment", day, day, 0, "key", b"", "accountant", {}, (), 0, tuple(paid))
    >>> [(one.source, one.target, one.quantity, one.reverses_line) for one in reverse(record, {1: 700})]
    [('c2021:102', 'c2021:222/0042', 700, 1)]
    """
    chosen = quantities if quantities is not None else {n: one.quantity for n, one in enumerate(record.postings)}
    taken = []
    for line, quantity in chosen.items():
        if not 0 <= line < len(record.postings):
            raise EntryError(
                Message(
                    "line {line} of record {seq}: it has the lines 0 to {last}",
                    line=line,
                    seq=record.seq,
                    last=len(record.postings) - 1,
                )
            )
        was = record.postings[line]
        taken.append(Posting(was.denomination, was.target, was.source, quantity, record.seq, line, was.lot))
    return tuple(taken)


# ---------------------------------------------------------------- bytes and hashes

canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
"""A value as JSON in its one form: keys sorted, no spaces. NULL, 0 and the empty text are three different things."""


def genesis(book: str) -> bytes:
    """What stands before a book's first record.

    >>> genesis("hill").hex()[:16]
    '3c09b13dd271b4cf'
    """
    return sha256(f"{VERSION} book {book}".encode()).digest()


def content_hash(  # noqa: PLR0917 - in the order of the bytes
    kind: str, effective_on: int, booked_on: int, actor: str, facts: str, pages: Iterable[Sequence[Sequence[Any]]]
) -> bytes:
    """The hash of what was asked to be appended. Days are day numbers, facts their canonical text.

    The postings come in pages of any size. A text is written as its length in characters, a colon, and itself, so that
    no text can pass for two. A posting that reverses nothing has no ``r``, one without a lot no ``l``: nothing, 0 and
    the empty text are three things.

    >>> content_hash("note", 20260131, 20260131, "me", "{}", []).hex()[:16]
    'ebea33473285fa08'
    """
    head = f"{VERSION} content\n{len(kind)}:{kind}{effective_on},{booked_on},{len(actor)}:{actor}{len(facts)}:{facts}"
    content = sha256(head.encode())
    for page in pages:
        content.update(
            "".join(
                [
                    f";{len(denomination)}:{denomination}{len(source)}:{source}{len(target)}:{target}{quantity}"
                    if seq is line is lot is None
                    else f";{len(denomination)}:{denomination}{len(source)}:{source}{len(target)}:{target}{quantity}"
                    f"{'' if seq is line is None else f'r{seq},{line}'}{'' if lot is None else f'l{len(lot)}:{lot}'}"
                    for denomination, source, target, quantity, seq, line, lot in page
                ]
            ).encode()
        )
    return content.digest()


def record_hash(  # noqa: PLR0917 - in the order of the bytes
    prev_hash: bytes, seq: int, recorded_us: int, key: str, content: bytes, personal: str, locked_through: int
) -> bytes:
    """The hash of a record: over the one before it, when and under which key it was written, and its content.

    ``personal`` is the canonical text of the commitments.

    >>> record_hash(genesis("hill"), 1, 0, "founding", b"", "[]", 0).hex()[:16]
    '9fbe6eb296b11f14'
    """
    return sha256(
        f"{VERSION} record\n{prev_hash.hex()}{seq},{recorded_us},{len(key)}:{key}{content.hex()}"
        f"{len(personal)}:{personal}{locked_through}".encode()
    ).digest()


def commitment(salt: bytes, row: str) -> str:
    """What the chain holds of a personal row (its canonical text): binding, and silent once the salt is gone.

    >>> commitment(b"salt" * 4, '{"name":"成员甲"}')[:16]
    '98c095e1b0ff245e'
    """
    return sha256(salt + row.encode()).hexdigest()


# ---------------------------------------------------------------- checks


def _postings(seen: Iterable[Posting]) -> tuple[Posting, ...]:
    """The postings, if they are a list of such. One by itself would be taken for a list of its fields."""
    rows = tuple(seen) if isinstance(seen, Iterable) and not isinstance(seen, Posting) else (seen,)
    if not {*map(type, rows)} <= {Posting} or isinstance(seen, Posting):
        wrong = next((one for one in rows if type(one) is not Posting), seen)
        raise EntryError(Message("postings: {seen}: a list of Posting is expected", seen=shown(wrong)))
    return rows


def _checked(postings: tuple[Posting, ...]) -> tuple[Posting, ...]:
    """The postings, their codes normal. All at once where all are sound, for a dividend has thousands of them."""
    denominations, sources, targets, quantities, seqs, lines, lots = zip(*postings, strict=True)
    texts = [*denominations, *sources, *targets, *(one for one in lots if one is not None)]
    for one in texts if {*map(type, texts)} != {str} else ():
        code(one)  # before they are put into a set, for a list cannot be
    codes = {*texts}
    if not _are_codes(codes) and any(code(one) != one for one in codes):
        return _checked(tuple(_normal(one) for one in postings))
    kinds = {*map(type, quantities)}
    if kinds != {int} or min(quantities) < 1 or max(quantities) > LARGEST_QUANTITY:
        line, quantity = next(
            (n, one) for n, one in enumerate(quantities) if type(one) is not int or not 1 <= one <= LARGEST_QUANTITY
        )
        raise EntryError(
            Message(
                "posting {line}: a quantity of {seen}: a whole number (int) from 1 to 10¹⁵ of the smallest unit "
                "is expected",
                line=line,
                seen=shown(quantity),
            )
        )
    if any(map(str.__eq__, sources, targets)):
        line = next(n for n, one in enumerate(postings) if one.source == one.target)
        raise EntryError(
            Message(
                "posting {line}: {account} is source and target: two accounts are expected",
                line=line,
                account=sources[line],
            )
        )
    for line, (seq, other) in enumerate(zip(seqs, lines, strict=True)):
        if (seq is None) != (other is None) or (seq is not None and not (_counts(seq, 1) and _counts(other, 0))):
            raise EntryError(
                Message(
                    "posting {line}: reverses record {seq}, line {other}: both are expected, or neither",
                    line=line,
                    seq=seq,
                    other=other,
                )
            )
    if f"\n{TRANSIT}" in "\n".join(["", *codes]):
        _check_transit(postings)
    return postings


def _are_codes(codes: Collection[str]) -> bool:
    """Whether all of many codes are plainly such, in their normal form: asked at once."""
    together = "\n".join(codes)
    return (
        together.isascii()
        and together.count("\n") == len(codes) - 1
        and max(map(len, codes)) <= _LONGEST_CODE
        and len(_CODES.findall(together)) == len(codes)
    )


def _counts(seen: object, least: int) -> bool:
    return type(seen) is int and least <= seen <= _LARGEST


def _normal(one: Posting) -> Posting:
    return Posting(
        code(one.denomination),
        code(one.source),
        code(one.target),
        one.quantity,
        one.reverses_seq,
        one.reverses_line,
        one.lot if one.lot is None else code(one.lot),
    )


def _check_transit(postings: Sequence[Posting]) -> None:
    left: dict[tuple[str, str], int] = {}
    for one in postings:
        for account, sign in ((one.target, 1), (one.source, -1)):
            if is_under(account, TRANSIT):
                place = (account, one.denomination)
                left[place] = left.get(place, 0) + sign * one.quantity
    for (account, denomination), rest in left.items():
        if rest:
            raise EntryError(
                Message(
                    "{rest} {denomination} left in {account}: what goes in must come out in the same record",
                    rest=rest,
                    denomination=denomination,
                    account=account,
                )
            )


def _check_day(name: str, seen: object) -> None:
    if type(seen) is not date or not FIRST_DAY <= seen <= LAST_DAY:
        raise EntryError(
            Message(
                "{name}: {seen}: a date from {first} to {last} is expected",
                name=name,
                seen=shown(seen),
                first=FIRST_DAY,
                last=LAST_DAY,
            )
        )


def _by_subject(personal: Mapping[str, object]) -> dict[str, Facts]:
    """The personal rows by the codes they are about. Two spellings of one code would be one row too few."""
    if not isinstance(personal, Mapping):
        raise EntryError(
            Message("personal: {seen}: rows by number are expected: {{'m/0042': {{…}}}}", seen=shown(personal))
        )
    sound = personal and {*map(type, personal)} == {str} and _are_codes(personal)
    found: dict[str, Facts] = {subject if sound else code(subject): _plain(row) for subject, row in personal.items()}
    if len(found) < len(personal):
        raise EntryError(
            Message("personal rows about {subjects}: each number is expected once", subjects=sorted(found))
        )
    return found


def _plain(facts: object, at: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - what JSON can say
    """A copy of the facts in which nothing can be changed from outside; keys normal, values as they were given."""
    if depth and isinstance(facts, str):
        return _sound(facts, at)
    if depth and (facts is None or isinstance(facts, bool) or (type(facts) is int and abs(facts) <= _LARGEST)):
        return facts
    if (type(facts) is dict or isinstance(facts, Mapping)) and depth < _DEEPEST:
        found = {
            (name if type(name) is str and name.isascii() else unicodedata.normalize("NFC", _sound(name, at))): (
                one
                if type(one) is str and one.isprintable()  # half a surrogate pair is not
                else _plain(one, f"{at}.{name}" if at else name, depth + 1)
            )
            for name, one in facts.items()
        }
        if len(found) == len(facts):
            return found
    if depth and isinstance(facts, (list, tuple)) and depth < _DEEPEST:
        return [_plain(one, f"{at}[{n}]", depth + 1) for n, one in enumerate(facts)]
    raise EntryError(
        Message(
            "facts: {at}: {seen}: text, a whole number below 2⁶³, true, false, None, or lists and mappings of these, "
            "at most {deepest} deep, are expected",
            at=printable(at)[:80],
            seen=f"{type(facts).__name__} {shown(facts)}",
            deepest=_DEEPEST,
        )
    )


def _sound(text: object, at: str) -> str:
    """The text, if it is one that can be written down: half a surrogate pair is no character."""
    if type(text) is str and (text.isprintable() or text.isascii()):
        return text
    if isinstance(text, str):
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return str.__str__(text)  # the text itself, where str() of an enumeration's member is its name
    raise EntryError(
        Message(
            "facts: {at}: {seen}: text of whole characters is expected", at=printable(at)[:80], seen=ascii(text)[:80]
        )
    )
