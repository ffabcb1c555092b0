"""Entitlement: who earns how much of a class's dividend, by a record date or by how long each share was held.

What somebody holds *on a day* is what the register shows of it, after everything that is effective on that day: a
seller has stopped earning on the day of the sale, and the buyer has begun. A sum over days, or months, of what is held
is a weight; the splitters of :mod:`coopledger.core.allocation` take it as it is.

A class is read once: its balances on the first day that counts, its movements from then to the last. What is effective
later, an issue, a redemption, a split, changes nothing; what was recorded later and is effective earlier counts as the
view knows it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, pairwise
from math import gcd, lcm
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.allocation import in_order
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import FIRST_DAY, LAST_DAY, Posting, View, check_date, code, shown
from coopledger.core.passing import PLEDGE, RELEASE, REVERSAL, has_died
from coopledger.core.people import People, member_of, who, who_died
from coopledger.core.quantity import Number
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.register import FROZEN, PLEDGED, UNPAID, counts_for
from coopledger.core.share_class import CLASS, ShareClass, class_on, classes, share_class
from coopledger.core.timeline import Timeline, days, state
from coopledger.core.value import Value
from coopledger.errors import CalendarError, RegisterError
from coopledger.text import Message, printable

By = Literal["shares", "days", "first of month", "last of month"]
"""What a weight counts: the shares of one day; those of every day; those of the first, or the last, day of every
month."""

BY: tuple[By, ...] = get_args(By)

Line = Sequence[tuple[date, int]]
"""A number and the day from which it holds, and so on; the first day that counts comes first, if it is not 0 then."""

_DAY = timedelta(1)
_BY_WORDS: Mapping[By, Message] = {
    "days": Message("share-days"),
    "first of month": Message("share-months, each of what is held on the month's first day"),
    "last of month": Message("share-months, each of what is held on the month's last day"),
}
_BEFORE = len(f"{HOLDER}/")


class Entitlement(Value):
    """The rule by which a class's holders earn. Build it with :func:`by_record_date` or :func:`by_time_held`.

    ``first`` and ``last`` say whether the days ``since`` and ``until`` count themselves. Of whole months those between
    them count one each, whatever their days.

    Raises CalendarError: no day counts, or for months something else than whole ones.
    """

    __slots__ = ("by", "since", "until", "first", "last")

    by: By
    since: date
    until: date
    first: bool
    last: bool

    def __init__(self, by: By, since: date, until: date, *, first: bool, last: bool) -> None:
        if by not in BY:
            raise CalendarError(Message("{seen}: one of {accepted} is accepted", seen=repr(by), accepted=list(BY)))
        for name, seen in (("since", since), ("until", until)):
            check_date(seen)
            if not FIRST_DAY <= seen <= LAST_DAY:
                raise CalendarError(
                    Message(
                        "{name}: {seen}: a date from {first} to {last} is expected",
                        name=name,
                        seen=seen,
                        first=FIRST_DAY,
                        last=LAST_DAY,
                    )
                )
        for name, flag in (("first", first), ("last", last)):
            if not isinstance(flag, bool):
                raise CalendarError(
                    Message("{name} = {seen}: True or False is expected: does that day count?", name=name, seen=flag)
                )
        self._put(by, since, until, first, last)
        if self.last_day < self.first_day:
            raise CalendarError(
                Message("from {since} to {until}, and no day of it counts: one is needed", since=since, until=until)
            )
        if by not in ("shares", "days") and (self.first_day.day, (self.last_day + _DAY).day) != (1, 1):
            raise CalendarError(
                Message(
                    "months are counted whole: the days that count are {first} to {last}, a month's first to a month's "
                    "last day is expected",
                    first=self.first_day,
                    last=self.last_day,
                )
            )

    @property
    def first_day(self) -> date:
        """The first day that counts."""
        return self.since if self.first else self.since + _DAY

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.until if self.last else self.until - _DAY

    @property
    def words(self) -> Message:
        """The rule as a clause."""
        if self.by == "shares":
            return Message("the shares held on {day}", day=self.until)
        within, without = Message("included"), Message("not included")
        return Message(
            "{counted}, from {since} ({first}) to {until} ({last})",
            counted=_BY_WORDS[self.by],
            since=self.since,
            first=within if self.first else without,
            until=self.until,
            last=within if self.last else without,
        )

    def count(self, first: date, last: date) -> int:
        """How often what is held from a day to another, both included, counts: for so many days, or months.

        >>> rule = by_time_held(date(2026, 1, 1), date(2026, 12, 31), first=True, last=True, by="last of month")
        >>> rule.count(date(2026, 1, 2), date(2026, 3, 30)), rule.count(date(2026, 3, 31), date(2026, 3, 31))
        (2, 1)
        """
        if self.by == "first of month":
            return _months(last) - _months(first - _DAY)
        if self.by == "last of month":
            return _months(last + _DAY) - _months(first)
        return (last - first).days + 1


def by_record_date(on: date) -> Entitlement:
    """By the shares that everybody holds on one day.

    >>> print(by_record_date(date(2026, 12, 31)).words)
    the shares held on 2026-12-31
    """
    return Entitlement("shares", on, on, first=True, last=True)


def by_time_held(since: date, until: date, *, first: bool, last: bool, by: By = "days") -> Entitlement:
    """By the shares times the days, or months, for which each was held in a period.

    ``first`` and ``last`` say of each end whether it counts: there is no usual answer (算头不算尾, 头尾都算), so the
    resolution's is asked for. Of months, ``by`` says which day of each decides for the whole month.

    >>> year = by_time_held(date(2026, 1, 1), date(2026, 12, 31), first=True, last=True)
    >>> year.count(date(2026, 1, 1), date(2026, 12, 31))
    365
    >>> print(by_time_held(date(2026, 1, 1), date(2027, 1, 1), first=True, last=False, by="first of month").words)
    share-months, each of what is held on the month's first day, from 2026-01-01 (included) to 2027-01-01 (not included)
    """
    return Entitlement(by, since, until, first=first, last=last)


def plain_rule(rule: Entitlement) -> dict[str, Any]:
    """The rule as facts.

    >>> plain_rule(by_record_date(date(2026, 12, 31)))["by"]
    'shares'
    """
    if not isinstance(rule, Entitlement):
        raise RegisterError(
            Message("rule: {seen}: who earns is expected, such as by_record_date(date(2026, 12, 31))", seen=shown(rule))
        )
    return {
        "by": rule.by,
        "since": rule.since.isoformat(),
        "until": rule.until.isoformat(),
        "first": rule.first,
        "last": rule.last,
    }


def read_rule(facts: Mapping[str, Any]) -> Entitlement:
    """The rule that a record's facts describe."""
    days = {name: date.fromisoformat(facts[name]) for name in ("since", "until")}
    return Entitlement(facts["by"], **days, first=facts["first"], last=facts["last"])


class Stretch(NamedTuple):
    """Days, both ends included, on which shares of a class earn alike.

    ``part`` is what one smallest unit counts for, 0 where the class had no right to a dividend; of a pooled class,
    what one head has of the pool. ``factor`` recounts it in the shares of the last day that counts. ``unpaid`` is
    whether shares that are not paid in earn too.
    """

    first: date
    last: date
    part: Number
    factor: Number
    unpaid: bool


class Span(NamedTuple):
    """Days, both included, on which somebody held so many earning shares, in the smallest unit of that time.

    ``times`` is for how many days or months that counts; 0 where no deciding day of a month lies within. ``factor``
    recounts the shares in those of the last day that counts: 2 before a split of one into two.
    """

    first: date
    last: date
    shares: Number
    times: int
    factor: Number

    @property
    def weight(self) -> Number:
        """What it adds to the holder's weight."""
        return self.shares * self.times * self.factor


class Mark(NamedTuple):
    """Why what somebody earns is not simply paid to him.

    ``pledged`` and ``frozen`` are the parts of the weight that were earned by shares while they were so. ``creditors``
    are those whose pledges stand on the last day that counts: a pledgee collects the fruits, unless it was agreed
    otherwise (民法典 430). ``estate``: on that day what is held waits for the heirs (民法典 1121).
    """

    pledged: int = 0
    frozen: int = 0
    creditors: tuple[str, ...] = ()
    estate: bool = False


class Entitled(Value):
    """Who earns how much of a class, by number, in the order of numbers.

    ``weights`` are whole: shares, share-days or share-months, over ``denominator``, in the smallest unit that the
    class has on the last day that counts. The denominator is 1 but for pooled classes and recounts that leave
    fractions. Who holds pledged or frozen shares, or has died, is in them like all others: :func:`marks`.
    """

    __slots__ = ("rule", "share_class", "weights", "denominator", "tied", "lines", "stretches")

    rule: Entitlement
    share_class: ShareClass
    """The class as of the last day that counts."""
    weights: Mapping[str, int]
    denominator: int
    tied: Mapping[str, Mapping[str, int]]
    """What of a weight was earned by shares while they were pledged or frozen."""
    lines: Mapping[str, Line]
    """What stood in each holder's account and its parts (``0042/pledged``); of a pooled class, everybody's heads."""
    stretches: Sequence[Stretch]

    def __init__(  # noqa: PLR0917 - in the order in which one says them
        self,
        rule: Entitlement,
        share_class: ShareClass,
        weights: Mapping[str, int],
        denominator: int,
        tied: Mapping[str, Mapping[str, int]],
        lines: Mapping[str, Line],
        stretches: Sequence[Stretch],
    ) -> None:
        self._put(rule, share_class, weights, denominator, tied, lines, stretches)

    def __hash__(self) -> int:
        return hash((self.rule, self.share_class, self.denominator, tuple(self.weights.items())))

    @property
    def total(self) -> int:
        """The sum of the weights."""
        return sum(self.weights.values())

    def spans(self, number: str) -> list[Span]:
        """What explains a holder's weight: it is the sum of the spans' weights, times the denominator.

        Empty for who earns nothing.
        """
        own = [(part, self.lines.get(f"{number}/{part}" if part else number, ())) for part in _PARTS]
        starts = {one.first for one in self.stretches}.union(day for _, line in own for day, _ in line)
        found: list[Span] = []
        for first, after in pairwise([*sorted(starts), self.rule.last_day + _DAY]):
            stretch = self.stretches[bisect_right(self.stretches, first, key=_first) - 1]
            held = sum(_at(line, first) for part, line in own if part != UNPAID or stretch.unpaid)
            shares, last = held * stretch.part, after - _DAY
            if found and (found[-1].shares, found[-1].factor, found[-1].last) == (shares, stretch.factor, first - _DAY):
                first = found.pop().first  # noqa: PLW2901 - the same shares for longer
            if shares:
                found.append(Span(first, last, shares, self.rule.count(first, last), stretch.factor))
        return found


_PARTS = ("", PLEDGED, FROZEN, UNPAID)


def entitled(view: View, cls: str, rule: Entitlement) -> Entitled:
    """Who earns how much of a class by a rule, as the view knows it.

    Frozen and pledged shares, estates, minors and who has left since earn like everybody else. Shares that are not
    paid in earn on the days on which the class earns on what is subscribed. Of a pooled class each day's eligible have
    that day's pool in equal parts. Days on which the class had no right to a dividend count for nobody.

    Raises RegisterError: no such class by the last day that counts, or no right to a dividend on any day.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset, transfer
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("labour"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("labour", to="0041", shares=500, effective_on=day)]
    >>> sold = {"holder": "0041", "to": "0042", "shares": 200, "reason": "sale"}
    >>> steps += [transfer("labour", effective_on=date(2026, 12, 1), **sold)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> year = by_time_held(day, date(2026, 12, 31), first=True, last=True)
    >>> with journal.read() as view:
    ...     earned = entitled(view, "labour", year)
    >>> earned.weights
    {'0041': 176300, '0042': 6200}
    >>> [(one.shares, one.times) for one in earned.spans("0041")]
    [(500, 334), (300, 31)]
    """
    one = class_on(view, code(cls), rule.last_day)
    line = classes(view)[one.code]
    versions = _versions(line, rule)
    if not any(version.dividend for _, version in versions if version):
        raise RegisterError(
            Message(
                "{cls} has no right to a dividend on {day}: nobody earns by it",
                cls=printable(one.code),
                day=rule.last_day,
            )
            if rule.first_day == rule.last_day
            else Message(
                "{cls} has no right to a dividend on any day from {first} to {last}: nobody earns by it",
                cls=printable(one.code),
                first=rule.first_day,
                last=rule.last_day,
            )
        )
    lines = _held(view, one.code, rule)
    pool = heads = None
    if one.pooled:
        pool = _summed(lines)
        lines = _heads(who(view), versions, rule)
        heads = _summed(lines)
    stretches = _stretches(versions, _recounts(view, one.code, line), rule, pool, heads)
    return _weighed(one, rule, lines, stretches)


def _weighed(one: ShareClass, rule: Entitlement, lines: dict[str, Line], stretches: Sequence[Stretch]) -> Entitled:
    common = lcm(*(Fraction(stretch.part * stretch.factor).denominator for stretch in stretches))
    paid = _Reach(rule, stretches, common)
    unpaid = _Reach(rule, [stretch if stretch.unpaid else stretch._replace(part=0) for stretch in stretches], common)
    end = rule.last_day + _DAY
    weights: dict[str, int] = {}
    tied: dict[str, dict[str, int]] = {}
    for place, line in lines.items():
        number, _, part = place.partition("/")
        reached = unpaid if part == UNPAID else paid
        weight, (on, held) = 0, line[0]
        for after, then in line[1:]:
            weight += held * (reached[after] - reached[on])
            on, held = after, then
        weight += held * (reached[end] - reached[on])
        if weight:
            weights[number] = weights.get(number, 0) + weight
            if part in (PLEDGED, FROZEN):
                tied.setdefault(number, {})[part] = weight
    least = gcd(common, *weights.values(), *(weight for own in tied.values() for weight in own.values()))
    by_number = {number: weights[number] // least for number in in_order(weights)}
    parts = {number: {part: weight // least for part, weight in own.items()} for number, own in tied.items()}
    return Entitled(rule, one, by_number, common // least, parts, lines, stretches)


def marks(view: View, by: Entitled) -> dict[str, Mark]:
    """Why what somebody earns is not simply paid to him, by number; of all others there is no mark.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, die, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("labour"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> steps += [issue("labour", to="0041", shares=500, effective_on=day), die("0041", effective_on=date(2026, 5, 1))]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     marks(view, entitled(view, "labour", by_record_date(date(2026, 12, 31))))
    {'0041': Mark(pledged=0, frozen=0, creditors=(), estate=True)}
    """
    last, dead = by.rule.last_day, who_died(view)
    creditors = _creditors(view, by.share_class.code, last) if any(PLEDGED in own for own in by.tied.values()) else {}
    found = {}
    for number in by.weights:
        own = by.tied.get(number, {})
        mark = Mark(own.get(PLEDGED, 0), own.get(FROZEN, 0), creditors.get(number, ()), has_died(dead, number, last))
        if mark != _UNMARKED:
            found[number] = mark
    return found


_UNMARKED = Mark()


def _versions(line: Timeline, rule: Entitlement) -> list[tuple[date, ShareClass | None]]:
    """The class as it was on the first day that counts, and on each on which it changed; None before it was opened."""
    changed = [day for day in days(line, rule.first_day + _DAY) if day <= rule.last_day]
    states = ((day, state(line, day)) for day in (rule.first_day, *changed))
    return [(day, share_class(fields) if fields else None) for day, fields in states]


def _held(view: View, cls: str, rule: Entitlement) -> dict[str, Line]:
    """What stands in each holder's account and its parts, from the first day that counts to the last."""
    first, last = rule.first_day, rule.last_day
    if first == last:
        return {account[_BEFORE:]: ((first, held),) for (_, account), held in view.balances(cls, HOLDER, first).items()}
    lines: dict[str, list[tuple[date, int]]] = {
        account[_BEFORE:]: [(first, held)] for (_, account), held in view.balances(cls, HOLDER, first).items()
    }
    for one in view.movements(HOLDER, cls, first + _DAY, last) if first < last else ():
        for account, more in ((one.posting.source, -one.posting.quantity), (one.posting.target, one.posting.quantity)):
            if holder_of(account):
                _add(lines.setdefault(account[_BEFORE:], []), one.effective_on, more)
    return {**lines}


def _heads(people: People, versions: Sequence[tuple[date, ShareClass | None]], rule: Entitlement) -> dict[str, Line]:
    """For how many heads each number counts in a pooled class."""
    moved: dict[str, dict[date, int]] = {}
    by_day = dict(versions)
    for number, history in people.members.items():
        own = {day for day in days(history, rule.first_day) if day <= rule.last_day}
        one, before = None, ""
        for day in sorted(own | by_day.keys()):
            one = by_day.get(day, one)
            member = member_of(number, history, day)
            now = counts_for(member, one) if member and one else ""
            if now != before:
                for home, more in ((before, -1), (now, 1)):
                    if home:
                        changes = moved.setdefault(home, {})
                        changes[day] = changes.get(day, 0) + more
                before = now
    return {number: _running(changes) for number, changes in moved.items()}


def _summed(lines: Mapping[str, Line]) -> Line:
    """What all lines come to."""
    changes: dict[date, int] = {}
    for line in lines.values():
        before = 0
        for day, held in line:
            changes[day] = changes.get(day, 0) + held - before
            before = held
    return _running(changes)


def _running(changes: Mapping[date, int]) -> Line:
    """A line from its changes by day."""
    by_day = sorted(changes)
    return [*zip(by_day, accumulate(changes[day] for day in by_day), strict=True)]


def _add(line: list[tuple[date, int]], on: date, more: int) -> None:
    """Change a line, from its last day on or a later one."""
    day, held = line[-1] if line else (on, 0)
    if line and day == on:
        line[-1] = (on, held + more)
    else:
        line.append((on, held + more))


def _at(line: Line, on: date) -> int:
    """What a line says of a day."""
    at = bisect_right(line, on, key=_day)
    return line[at - 1][1] if at else 0


def _recounts(view: View, cls: str, line: Timeline) -> list[tuple[date, Fraction]]:
    """The days on which a class was recounted, and by what its smallest units were multiplied then."""
    digits: int = line[0].fields["digits"]
    found = []
    for record in view.records(REDENOMINATE):
        if record.facts[CLASS] == cls:
            said = record.facts.get("digits")
            finer = digits if said is None else said
            found.append((record.effective_on, Fraction(record.facts["factor"]) * 10 ** (finer - digits)))
            digits = finer
    return found


def _stretches(
    versions: Sequence[tuple[date, ShareClass | None]],
    recounts: Sequence[tuple[date, Fraction]],
    rule: Entitlement,
    pool: Line | None,
    heads: Line | None,
) -> list[Stretch]:
    """The days that count, parted where the rights change, a recount happens, or the pool or its heads change."""
    recounts = [(day, by) for day, by in recounts if rule.first_day < day <= rule.last_day]
    starts = {day for day, _ in (*versions, *(pool or ()), *(heads or ()))}  # a recount is a version of the class too
    found = []
    for first, after in pairwise([*sorted(starts), rule.last_day + _DAY]):
        one = versions[bisect_right(versions, first, key=_day) - 1][1]
        part: Number = 1 if one and one.dividend else 0
        if pool is not None and heads is not None:
            all_heads = _at(heads, first)
            part = Fraction(part * _at(pool, first), all_heads) if all_heads else 0
        factor = Fraction(1)
        for day, by in recounts:
            factor *= by if first < day else 1
        found.append(
            Stretch(first, after - _DAY, _plain(part), _plain(factor), bool(one and one.earns == "subscribed"))
        )
    return found


class _Reach(dict[date, int]):
    """What one smallest unit that is held from the first day that counts has earned before a day, times ``common``."""

    def __init__(self, rule: Entitlement, stretches: Sequence[Stretch], common: int) -> None:
        self._rule, self._stretches = rule, stretches
        self._rates = [int(stretch.part * stretch.factor * common) for stretch in stretches]
        whole = [rate * rule.count(one.first, one.last) for rate, one in zip(self._rates, stretches, strict=True)]
        self._before = [*accumulate(whole, initial=0)]
        super().__init__({one.first: earned for one, earned in zip(stretches, self._before, strict=False)})

    def __missing__(self, day: date) -> int:
        at = bisect_right(self._stretches, day, key=_first) - 1
        self[day] = self._before[at] + self._rates[at] * self._rule.count(self._stretches[at].first, day - _DAY)
        return self[day]


def _creditors(view: View, cls: str, on: date) -> dict[str, tuple[str, ...]]:
    """Whose pledges stand on a day, by holder: all since he last had nothing pledged, but for what was taken back.

    A release does not say which pledge it is of.
    """
    records = [*view.records(PLEDGE, RELEASE, REVERSAL, REDENOMINATE)]
    taken_back = {one.reverses_seq for record in records for one in record.postings if record.kind == REVERSAL}
    stands: dict[str, int] = {}
    named: dict[str, list[str]] = {}
    for record in sorted(records, key=lambda one: (one.effective_on, one.seq)):
        if record.kind == REVERSAL or record.seq in taken_back or record.effective_on > on:
            continue
        for number, more in _pledged(record.postings, cls):
            stands[number] = stands.get(number, 0) + more
            names = named.setdefault(number, [])
            creditor = record.facts.get("creditor")
            if record.kind == PLEDGE and creditor and creditor not in names:
                names.append(creditor)
            if not stands[number]:
                names.clear()
    return {number: tuple(names) for number, names in named.items() if names}


def _pledged(postings: Sequence[Posting], cls: str) -> Iterator[tuple[str, int]]:
    """How much more of a class is pledged by some postings, by holder."""
    for denomination, source, target, quantity, *_ in postings:
        for account, more in ((source, -quantity), (target, quantity)):
            if denomination == cls and account.endswith(f"/{PLEDGED}") and (number := holder_of(account)):
                yield number, more


def _months(day: date) -> int:
    return 12 * day.year + day.month


def _day(row: tuple[date, object]) -> date:
    return row[0]


def _first(stretch: Stretch) -> date:
    return stretch.first


def _plain(number: Number) -> Number:
    return int(number) if Fraction(number).denominator == 1 else number
