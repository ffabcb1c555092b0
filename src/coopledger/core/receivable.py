"""Receivables: what falls due by a contract, what came in of it, in part, late or in advance, and what is open.

What is owed stands in the account of receivables, apart by contract, stream and due date
(``c2023:112/hill/land/2014-12-31``): what is open of an instalment is a balance. What comes in before anything is owed
stands in the payables (``c2023:211/hill``) and is applied when an instalment falls due.

The same function gives the entries of what falls due by a day, which :func:`fall_due` appends, and of all that is still
to come, which :func:`project_rest` shows: a projection is a journal that has not happened yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.balances import lowest, printed
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, cited
from coopledger.core.contract import DUE, Contract, Expected, contract, expected, falls_due, part_of
from coopledger.core.conversion import standing_carried, stood_in
from coopledger.core.explain import ExplanationLine, explain
from coopledger.core.journal import FIRST_DAY, Decision, Entry, Posting, Record, View, check_date, is_under, shown
from coopledger.core.plan import unknown
from coopledger.core.quantity import decimal
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

RECEIPT, APPLIED = "contract-receipt", "contract-advance"
"""The kinds of records by which something came in; by which what came in before was applied to an instalment."""

RECEIVABLE, ADVANCE = "receivable", "payable"
"""The roles of the accounts in which it stands what is owed, and what came in before it was."""

Moves = Mapping[str, list[tuple[date, int]]]
"""By account what went into it, or out of it (below 0), by day."""


class Due(NamedTuple):
    """An instalment as it stands on a day: what was due, what came in, what is open, and overdue for how many days.

    ``seq`` is the record by which it fell due, 0 if it is not booked yet; ``settled_on`` the day on which nothing was
    open any more, by that day. ``amount_fen`` is None while a figure is not known.
    """

    stream: str
    due: date
    year: int
    instalment: int
    amount_fen: int | None
    received_fen: int
    overdue_days: int
    seq: int
    settled_on: date | None
    void: bool

    @property
    def open_fen(self) -> int:
        """What is still owed of it."""
        return (self.amount_fen or 0) - self.received_fen


class ContractStatus(NamedTuple):
    """A contract on a day: its instalments that were due by then, and what came in before anything was owed."""

    contract: Contract
    on: date
    dues: tuple[Due, ...]
    advance_fen: int

    @property
    def open_fen(self) -> int:
        """What is owed in all."""
        return sum(one.open_fen for one in self.dues)

    @property
    def overdue_fen(self) -> int:
        """What of it was due on an earlier day."""
        return sum(one.open_fen for one in self.dues if one.overdue_days)


# ---------------------------------------------------------------- falling due


def fall_due(name: str, *, until: date, booked_on: date | None = None, stream: str | None = None) -> Decision:
    """Book all that fell due by a contract up to a day and is not booked yet: one record an instalment.

    Each is effective on its due date, and booked on that day, or on ``booked_on`` if that is later: Dr receivable Cr
    the account that the contract names for the stream. What came in before is applied at once. Done twice it does
    nothing the second time. With ``stream`` only that one falls due.

    Raises RegisterError: a figure that an instalment rests on is not known, or only assumed.

    >>> owed = fall_due("dam", until=date(2026, 12, 31))
    """
    check_date(until)
    if booked_on is not None:
        check_date(booked_on)

    def decide(view: View) -> list[Entry]:
        one = contract(view, name)
        wanted = [each for each in _to_come(view, one, stream) if each.due <= until]
        for each in wanted:
            if each.amount_fen is None or each.assumptions:
                raise RegisterError(
                    Message(
                        "contract {code}: {stream}, due on {due}, rests on a figure that is not known yet ({why}): "
                        "record it first (know_figures, 'contract figure')",
                        code=one.code,
                        stream=each.stream,
                        due=each.due,
                        why=[*each.assumptions] or [Message("nothing is assumed")],
                    )
                )
        return [*_falling(view, one, wanted, booked_on)]

    return decide


def project_rest(view: View, name: str) -> list[Entry]:
    """What is still to fall due by a contract, as the entries that :func:`fall_due` will append, given the same inputs.

    They rest on what is assumed now, on the advance that stands now, and on the chart that is in force by now on each
    day; where a figure is not known and nothing is assumed, there is no entry.
    """
    one = contract(view, name)
    return [*_falling(view, one, [each for each in _to_come(view, one) if each.amount_fen is not None], None)]


def _to_come(view: View, one: Contract, stream: str | None = None) -> Iterator[Expected]:
    """What falls due by a contract and is not booked yet, by day."""
    if stream is not None:
        check_stream(one, stream)
    booked = falls_due(view, one)
    for each in expected(one):
        if each.key not in booked and each.amount_fen != 0 and stream in {None, each.stream}:
            yield each


def _falling(view: View, one: Contract, dues: Iterable[Expected], booked_on: date | None) -> Iterator[Entry]:
    """The entries by which instalments fall due, each with what stands in advance applied to it."""
    known = charts(view)
    left = _Left(view, known, ADVANCE, one.code, sign=-1)
    for each in dues:
        fen = each.amount_fen or 0
        booked = max(each.due, booked_on or each.due)
        chart = known.in_force(booked)
        owed = chart.account(RECEIVABLE, part_of(one.code, each.stream, each.due))
        postings = [Posting(MONEY, chart.account(each.role), owed, fen)]
        for account, part in left.take(fen, each.due):
            postings.append(Posting(MONEY, owed, account, part))
            fen -= part
        yield Entry(DUE, each.due, booked, _facts(one, each), postings)
        for day in left.days_after(each.due) if fen else ():
            later = [Posting(MONEY, owed, account, part) for account, part in left.take(fen, day)]
            fen -= sum(leg.quantity for leg in later)
            yield from _applied(one, later, day, booked_on)


def _applied(one: Contract, postings: list[Posting], on: date, booked_on: date | None) -> Iterator[Entry]:
    """The entry by which what came in before is applied to instalments, if anything is."""
    if postings:
        yield Entry(APPLIED, on, max(on, booked_on or on), {"contract": one.code, "reason": one.code}, postings)


def _facts(one: Contract, each: Expected) -> dict[str, object]:
    """What an instalment is, exactly: of which stream, year and period, by which plan."""
    return {
        "contract": one.code,
        "stream": each.stream,
        "year": each.year,
        "instalment": each.instalment,
        "since": each.start.isoformat(),
        "until": each.end.isoformat(),
        "due": each.due.isoformat(),
        "amount_fen": each.amount_fen,
        **({} if each.quantity is None else {"quantity": decimal(each.quantity)}),
        "plan": each.seq,
        "reason": f"{one.code}/{each.stream}",  # what its voucher says
    }


def explain_due(view: View, name: str, stream: str, due: date) -> list[ExplanationLine]:
    """How an instalment comes to its amount: its stream's expression, worked through for its year.

    It is reckoned from the plan and the figures that stand in the book, as they are known to the view.
    """
    one = contract(view, name)
    check_stream(one, stream)
    check_date(due)
    for each in expected(one):
        if each.key == (stream, due):
            plan = next(version.plan for version in one.versions if version.seq == each.seq)
            source = next(found for found in plan.streams if found.name == stream)
            return explain(source, plan.term, plan.currency, each.year)
    raise _no_instalment(one, stream, due)


# ---------------------------------------------------------------- receiving


def receive(
    name: str,
    amount_fen: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    through: str = "bank",
    stream: str | None = None,
    due: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Receive money by a contract: Dr ``through``, the role of the account that gets it, Cr receivable.

    It settles the oldest instalments first, of equal days in the order in which they fell due; with ``stream`` or
    ``due`` only those. What is more than is owed by that day is an advance (Cr payable): it is applied to what falls
    due later, at once where that is booked already.

    Raises RegisterError: more is received for named instalments than is open of them, on that day or a later one.

    >>> paid = receive("dam", 10_000_00, effective_on=date(2027, 1, 15))
    """
    if type(amount_fen) is not int or amount_fen < 1:
        raise RegisterError(
            Message("amount_fen: {seen}: a whole number (int) of fen, 1 or more, is expected", seen=shown(amount_fen))
        )
    for day in (effective_on, due, booked_on):
        if day is not None:
            check_date(day)
    papers = cited(documents)

    def decide(view: View) -> Iterator[Entry]:
        one = contract(view, name)
        known = charts(view)
        chart = known.in_force(booked_on or effective_on)
        into, advance = chart.account(through), chart.account(ADVANCE, one.code)
        if not known.has_money(into):
            raise RegisterError(
                Message("{role} is no account that gets money: bank or cash is expected", role=printable(through))
            )
        left = _Left(view, known, RECEIVABLE, one.code)
        if stream is not None:
            check_stream(one, stream)
        places = _named(view, known, one, stream, due)
        postings = [
            Posting(MONEY, place, into, part)
            for place, part in left.take(amount_fen, effective_on, [account for _, account in places])
        ]
        rest = amount_fen - sum(leg.quantity for leg in postings)
        if rest and (stream is not None or due is not None):
            raise RegisterError(
                Message(
                    "contract {code}: {open} yuan are open of what is named: {amount} cannot be received for it; book "
                    "what fell due first (fall_due, 'contract due'), or name no instalment",
                    code=one.code,
                    open=printed(amount_fen - rest, 2),
                    amount=printed(amount_fen, 2),
                )
            )
        if rest:
            postings.append(Posting(MONEY, advance, into, rest))
        facts = {"contract": one.code, "through": through, "reason": one.code, **papers}
        yield Entry(RECEIPT, effective_on, booked_on or effective_on, facts, postings)
        for day, account in places:
            taken = left.take(rest, day, [account]) if day > effective_on else ()
            later = [Posting(MONEY, place, advance, part) for place, part in taken]
            rest -= sum(leg.quantity for leg in later)
            yield from _applied(one, later, day, booked_on)

    return decide


def _named(view: View, known: Charts, one: Contract, stream: str | None, due: date | None) -> list[tuple[date, str]]:
    """The accounts of the instalments that are meant, the oldest first, each with its day."""
    booked = sorted(falls_due(view, one).items(), key=lambda each: (each[0][1], each[1]))
    wanted = [key for key, _ in booked if stream in {None, key[0]} and due in {None, key[1]}]
    if not wanted and (stream is not None or due is not None):
        raise _no_instalment(one, stream or "", due)
    return [
        (day, account)
        for name, day in wanted
        for account in dict.fromkeys(
            chart.account(RECEIVABLE, part_of(one.code, name, day))
            for _, chart in known.adopted
            if RECEIVABLE in chart.roles
        )
    ]


def _no_instalment(one: Contract, stream: str, due: date | None) -> RegisterError:
    return RegisterError(
        Message(
            "contract {code}: nothing of {stream} is due on {due}",
            code=one.code,
            stream=printable(stream) or "-",
            due=due or "-",
        )
    )


# ---------------------------------------------------------------- questions


def contract_status(view: View, name: str, on: date) -> ContractStatus:
    """How a contract stands on a day: what was due by then, what came in of it, what is open, and for how long.

    What was due and is not booked yet is in it as well, with nothing received.
    """
    check_date(on)
    one = contract(view, name)
    known = charts(view)
    owed = _by_instalment(_moves(view, known, RECEIVABLE, one.code))
    booked = falls_due(view, one)
    dues = []
    for each in expected(one):
        if each.due > on or each.amount_fen == 0:
            continue
        seq, fen = booked.get(each.key, (0, each.amount_fen))
        moved = sorted(part for part in owed.get(part_of(one.code, *each.key), []) if part[0] <= on)
        stands = sum(part for _, part in moved) if seq else fen or 0
        dues.append(
            Due(
                each.stream,
                each.due,
                each.year,
                each.instalment,
                fen,
                (fen or 0) - stands,
                (on - each.due).days if stands else 0,
                seq,
                _settled_on(moved) if seq and not stands else None,
                each.void,
            )
        )
    advance = _moves(view, known, ADVANCE, one.code)
    in_advance = -sum(fen for moved in advance.values() for day, fen in moved if day <= on)
    return ContractStatus(one, on, tuple(dues), in_advance)


def brought_in(view: View, name: str, stream: str, period: str, on: date | None = None) -> int:
    """What a stream brought in for a period, in fen, as of a day: of the instalments of a year what was received.

    The period is a contract year (``12``), or a calendar year (``2025``) in which they are due. Raises RegisterError
    for a stream that the contract has not, and for a period that is no year.
    """
    one = contract(view, name)
    check_stream(one, stream)
    return sum(
        each.received_fen
        for each in contract_status(view, name, on or date.max).dues
        if each.stream == stream and is_of_period(each.due, each.year, period)
    )


def check_stream(one: Contract, stream: str) -> None:
    """Raise RegisterError for a stream of which nothing falls due by a contract."""
    names = dict.fromkeys(each for version in one.versions for each in version.income)
    if not isinstance(stream, str) or stream not in names:
        raise RegisterError(Message("contract {code}: {what}", code=one.code, what=unknown(str(stream), [*names])))


def is_of_period(due: date, year: int, period: str) -> bool:
    """Whether an instalment is of a calendar year, in which it is due, or of a contract year. Raises RegisterError.

    >>> is_of_period(date(2025, 12, 31), 12, "2025"), is_of_period(date(2025, 12, 31), 12, "11")
    (True, False)
    """
    if not is_year(period):
        raise RegisterError(
            Message(
                "period: {seen}: a calendar year (2025) or a contract year (12) is expected",
                seen=printable(str(period)),
            )
        )
    return int(period) == (due.year if int(period) >= FIRST_DAY.year else year)


def is_year(period: str) -> bool:
    """Whether a period can be a calendar year or a contract year.

    >>> is_year("2025"), is_year("spring")
    (True, False)
    """
    text = str(period)
    return text.isascii() and text.isdecimal() and len(text) <= len("2025")


def _settled_on(moved: Iterable[tuple[date, int]]) -> date | None:
    """The first day from which on nothing was open."""
    stood = 0
    found: date | None = None
    for day, fen in moved:
        stood += fen
        found = (found or day) if stood <= 0 else None
    return found


# ---------------------------------------------------------------- what can be taken back


def check_not_received(view: View, record: Record) -> None:
    """Raise RegisterError if a record about a contract cannot be taken back: something was received of it, or applied.

    Of what fell due so much must be open, and of an advance so much must stand, as the record brought there.
    """
    known = charts(view)
    above = [(chart.account(role), sign) for _, chart in known.adopted for role, sign in _SIDES if role in chart.roles]
    for one in record.postings:
        for place, sign in above:
            account = one.target if sign == 1 else one.source
            if not is_under(account, place) or account == place:
                continue
            stands = standing_carried(view, account, record.effective_on, sign)
            gone = sum(
                each.quantity * ((each.target == account) - (each.source == account)) * sign for each in record.postings
            )
            if stands < gone:
                raise RegisterError(
                    Message(
                        "record {seq}: {account} stands at {stands} yuan from {day} on: {amount} cannot leave it; take "
                        "back what was received or applied first",
                        seq=record.seq,
                        account=account,
                        stands=printed(stands, 2),
                        day=record.effective_on,
                        amount=printed(gone, 2),
                    )
                )


_SIDES = ((RECEIVABLE, 1), (ADVANCE, -1))


# ---------------------------------------------------------------- balances


def _moves(view: View, known: Charts, role: str, name: str) -> dict[str, list[tuple[date, int]]]:
    """What went into the accounts of a contract below a role, and out of them, in all charts that had it."""
    found: dict[str, list[tuple[date, int]]] = {}
    for above in _above(known, role, name):
        for move in view.movements(above, MONEY):
            leg = move.posting
            for account, fen in ((leg.source, -leg.quantity), (leg.target, leg.quantity)):
                if is_under(account, above):
                    found.setdefault(account, []).append((move.effective_on, fen))
    return found


def _above(known: Charts, role: str, name: str) -> list[str]:
    """The accounts of a contract below a role, in all charts that had it."""
    return sorted({chart.account(role, name) for _, chart in known.adopted if role in chart.roles})


def _by_instalment(moves: Moves) -> dict[str, list[tuple[date, int]]]:
    """The same by contract, stream and due date, whichever the chart."""
    found: dict[str, list[tuple[date, int]]] = {}
    for account, moved in moves.items():
        found.setdefault("/".join(account.split("/")[-3:]), []).extend(moved)
    return found


class _Left:
    """What can still be taken out of a contract's accounts, from a day on.

    Never more than stands there on it, and on each later day there or where a conversion took it.
    """

    def __init__(self, view: View, known: Charts, role: str, name: str, sign: int = 1) -> None:
        moves = _moves(view, known, role, name)
        self._moved = {account: [(day, sign * fen) for day, fen in moved] for account, moved in moves.items()}
        self._last: dict[str, str] = {}  # the account in which it stands in the end what stands in one
        self._together: dict[str, list[tuple[date, int]]] = {}  # what moved in all that end there
        for above in _above(known, role, name):
            end = stood_in(view, known, above)[-1]
            for account in [one for one in self._moved if is_under(one, above)]:
                self._last[account] = end + account[len(above) :]
                self._together.setdefault(self._last[account], []).extend(self._moved[account])

    def take(self, fen: int, on: date, places: Iterable[str] | None = None) -> Iterator[tuple[str, int]]:
        """Take so much, or what there is, out of some accounts, or all, one after the other; each with its part."""
        for place in [*self._moved] if places is None else places:
            if place not in self._moved:
                continue
            moved, together = self._moved[place], self._together[self._last[place]]
            part = min(fen, lowest(together, on), sum(more for day, more in moved if day <= on))
            if part > 0:
                moved.append((on, -part))
                together.append((on, -part))
                fen -= part
                yield place, part

    def days_after(self, on: date) -> list[date]:
        """The later days on which something comes into the accounts."""
        return sorted({day for moved in self._moved.values() for day, fen in moved if day > on and fen > 0})
