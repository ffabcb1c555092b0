"""One holder's account as tables: how his shares came about, and the member account (成员账户)."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.chart import MEMBER, charts
from coopledger.core.charter import SPECIALISED
from coopledger.core.journal import Facts, View, check_days, is_under, shown
from coopledger.core.lot import account
from coopledger.core.member_account import MemberAccount, member_account
from coopledger.core.passing import CONTRIBUTION, PLEDGE, REVERSAL
from coopledger.core.people import roll
from coopledger.core.quantity import decimal
from coopledger.core.register import PLEDGED, Register, holdings, register
from coopledger.core.run import ROLE, runs
from coopledger.core.settlement import CURRENT, retained_places
from coopledger.core.share_class import classes
from coopledger.core.statement import StatementLine, statement
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline, state
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.reports.cells import (
    IN_YUAN,
    class_name,
    count,
    digits_of,
    documents,
    happened,
    money,
    reason,
    shares,
    yuan,
)
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of, between, known
from coopledger.text import Message, printable


def account_report(
    view: View, number: str, since: date | None = None, until: date | None = None, *, names: bool = True
) -> list[Table]:
    """One holder's history of shares within a span of days, both included, and his member account at its end.

    Without ``since`` the history begins with the book, without ``until`` it ends with the last movement. One row is
    what one record did to his shares of one class; the balance of a class stands once a day, as the day ends. Notes say
    what is in which lot at its end. ``names=False`` leaves the name out.

    Raises RegisterError for a number that is not in the register on the last day.

    >>> from coopledger.core.ahead import in_turn
    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.core.movement import issue
    >>> from coopledger.core.share_class import open_class, preset
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [
    ...     found("示例村合作社", effective_on=day),
    ...     open_class(preset("land"), effective_on=day),
    ...     admit(Joiner("0042", household="17", head=True, personal={"name": "成员甲"}), effective_on=day),
    ...     issue("land", to="17", shares=500, effective_on=day),
    ... ]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [history, _account] = account_report(view, "17")
    >>> [str(cell) for cell in history.rows[0][:4]]
    ['2026-01-01', 'issue', 'land', '500']
    """
    if not isinstance(number, str):
        raise RegisterError(Message("{name}: {seen}: a text is expected", name="number", seen=shown(number)))
    number = unicodedata.normalize("NFC", number)
    check_days(since, until)
    on = until or _last_day(view, number)
    now = register(view, on)
    stands = member_account(view, number, on)
    title = Message("{number}", number=number)
    if names:
        title = Message("{number}, {name}", number=number, name=name_of(now, number, personal_rows(view)))
    return [share_history(view, number, title, since, until), _member_account(view, now, stands, title)]


class _Change(NamedTuple):
    """What one record did to a holding, in whole shares."""

    last: StatementLine
    digits: int
    moved: Fraction
    balance: Fraction
    freed: Fraction
    other: str


def share_history(
    view: View, number: str, holder: Message, since: date | None = None, until: date | None = None
) -> Table:
    """One holder's history of shares within a span of days; ``holder`` is what the title calls him.

    Raises RegisterError for a number that was never in the register.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> family = admit(Joiner("0041", household="17", head=True), effective_on=day)
    >>> founding = in_turn(found("示例村合作社", effective_on=day), family)
    >>> _ = journal.append(founding, key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     print(share_history(view, "17", Message("household {number}", number="17")).title)
    household 17: history of shares
    """
    changes = _changes(statement(view, number, until=until), classes(view), until)
    early = {one.last.cls: one for one in changes if since is not None and one.last.effective_on < since}
    rows: list[list[Text]] = [
        [
            str(since),
            Message("brought forward"),
            class_name(view, cls),
            "",
            "",
            decimal(one.balance, one.digits),
            "",
            "",
            "",
        ]
        for cls, one in sorted(early.items())
        if one.balance
    ]
    names = {cls: class_name(view, cls) for cls in {one.last.cls for one in changes}}
    ends = {(one.last.cls, one.last.effective_on): one.last.seq for one in changes}
    for one in changes:
        line = one.last
        if since is not None and line.effective_on < since:
            continue
        facts = view.record(line.seq).facts
        rows.append(
            [
                str(line.effective_on),
                _happened(one, facts),
                names[line.cls],
                decimal(one.moved, one.digits) if one.moved > 0 else "",
                decimal(-one.moved, one.digits) if one.moved < 0 else "",
                decimal(one.balance, one.digits) if line.seq == ends[line.cls, line.effective_on] else "",
                str(line.seq),
                reason(facts),
                documents(facts),
            ]
        )
    columns = [
        Column(Message("day")),
        Column(Message("what happened")),
        Column(Message("class")),
        count(Message("in")),
        count(Message("out")),
        count(Message("balance")),
        count(Message("record")),
        Column(Message("reason")),
        Column(Message("documents")),
    ]
    days = between(since, until)
    notes = [days, *_lots(view, number, until), *_pledges(view, number, until), *_at_home(view, number, until)]
    notes += known(view)
    return Table(Message("{holder}: history of shares", holder=holder), columns, rows, (), notes)


def _lots(view: View, number: str, until: date | None) -> list[Text]:
    """What of a holding is in which lot at the end of the span, where lots were told apart."""
    known_classes = classes(view)
    found: dict[str, dict[str, int]] = {}
    for one in view.movements(account(number), until=until):
        cls, source, target, quantity, *_, lot = one.posting
        if cls in known_classes:
            own = found.setdefault(cls, {})
            into, out = (is_under(place, account(number)) for place in (target, source))
            own[lot or ""] = own.get(lot or "", 0) + (into - out) * quantity
    return [
        Message(
            "{cls}, by lot: {lots}",
            cls=class_name(view, cls),
            lots=[_lot(lot, held, line, until) for lot, held in sorted(own.items()) if held],
        )
        for cls, own in sorted(found.items())
        for line in [known_classes[cls]]
        if any(lot and held for lot, held in own.items())
    ]


def _pledges(view: View, number: str, until: date | None) -> list[Text]:
    """To whom shares are pledged at the end of the span: all pledges since none stood, for a release names nobody."""
    known_classes = classes(view)
    place = account(number, PLEDGED)
    moves = [one for one in view.movements(place, until=until) if one.posting.denomination in known_classes]
    taken_back = {one.posting.reverses_seq for one in moves}
    stands: dict[str, int] = {}
    pledges: dict[str, dict[int, int]] = {}
    days: dict[int, date] = {}
    for one in moves:
        cls, quantity = one.posting.denomination, one.posting.quantity
        if one.kind == REVERSAL or one.seq in taken_back:
            continue
        stands[cls] = stands.get(cls, 0) + (quantity if one.posting.target == place else -quantity)
        own = pledges.setdefault(cls, {})
        if one.kind == PLEDGE:
            own[one.seq] = own.get(one.seq, 0) + quantity
            days[one.seq] = one.effective_on
        if not stands[cls]:
            own.clear()
    return [
        Message(
            "{cls}: {shares} shares are pledged; {pledges}",
            cls=class_name(view, cls),
            shares=shares(held, int(state(known_classes[cls], until)["digits"])),
            pledges=[
                Message(
                    "{shares} were to {creditor}, record {seq}",
                    shares=shares(quantity, digits_of(known_classes[cls], days[seq], seq)),
                    creditor=printable(str(view.record(seq).facts["creditor"])),
                    seq=seq,
                )
                for seq, quantity in pledges[cls].items()
            ],
        )
        for cls, held in sorted(stands.items())
        if held
    ]


def _at_home(view: View, number: str, until: date | None) -> list[Text]:
    """Where the shares of somebody are who has none himself: with the household in which he lives."""
    if [*view.movements(account(number), until=until)]:
        return []
    one = roll(view, until).members.get(number)
    if one is None or not one.household or not view.balances(under=account(one.household), on=until):
        return []
    return [Message("shares are held by household {household}: ask for its account", household=one.household)]


def _lot(lot: str, held: int, line: Timeline, until: date | None) -> Message:
    quantity = shares(held, int(state(line, until)["digits"]))
    if not lot:
        return Message("{shares} in none", shares=quantity)
    day, _, number = lot.partition("/")
    right = Message("contribution {number}", number=number)
    called: Text = (
        lot if not number else right if day == CONTRIBUTION else Message("{right} of {day}", right=right, day=day)
    )
    return Message("{shares} in {lot}", shares=quantity, lot=called)


def _changes(
    lines: Sequence[StatementLine], known_classes: Mapping[str, Timeline], until: date | None
) -> list[_Change]:
    """The lines of one record and class together: its lots, and what was free or not, are one change.

    The lines count in the smallest units of the last day; shares are said in the decimals that the class had then.
    """
    groups: dict[tuple[int, str], list[StatementLine]] = {}
    for line in lines:
        groups.setdefault((line.seq, line.cls), []).append(line)
    found = []
    before: dict[str, Fraction] = {}
    for (seq, cls), group in groups.items():
        last = group[-1]
        digits = digits_of(known_classes[cls], last.effective_on, seq)
        unit = 10 ** state(known_classes[cls], until)["digits"]
        balance, free = Fraction(last.balance, unit), Fraction(last.free, unit)
        was_free = before.get(cls, Fraction(0))
        moved = Fraction(sum(line.quantity for line in group), unit)
        others = {line.other for line in group}
        found.append(_Change(last, digits, moved, balance, free - was_free, others.pop() if len(others) == 1 else ""))
        before[cls] = free
    return found


def _happened(one: _Change, facts: Facts) -> Message:
    what = happened(words(one.last.kind), one.last.kind, facts)
    if one.other:
        if one.moved > 0:
            return Message("{what} from {other}", what=what, other=one.other)
        return Message("{what} to {other}", what=what, other=one.other)
    if not one.moved and one.freed:
        return Message("{what}: {shares}", what=what, shares=decimal(abs(one.freed), one.digits))
    return Message("{what}", what=what)


def _member_account(view: View, now: Register, stands: MemberAccount, title: Message) -> Table:
    year = stands.on.year
    rows: list[list[Text]] = [
        [Message("paid-in contribution"), yuan(stands.contribution_fen)],
        [Message("quantified reserve"), yuan(stands.reserve_fen)],
        [Message("quantified subsidies"), yuan(stands.subsidy_fen)],
        [Message("quantified donations"), yuan(stands.donation_fen)],
        [Message("basis of the distribution of surplus"), yuan(stands.basis_fen)],
        [Message("trade with the cooperative in {year}", year=year), yuan(stands.trade_fen)],
        [Message("patronage refund in {year}", year=year), yuan(stands.refund_fen)],
        [Message("remaining surplus in {year}", year=year), yuan(stands.surplus_fen)],
        [Message("patronage refund not yet paid"), yuan(stands.refund_due_fen)],
        [Message("remaining surplus not yet paid"), yuan(stands.surplus_due_fen)],
    ]
    if stands.retained_fen:
        rows.append([Message("dividends retained in the holder's name"), yuan(stands.retained_fen)])
    if stands.owes_fen > 0:
        rows.append([Message("owed by the holder in the current account"), yuan(stands.owes_fen)])
    elif stands.owes_fen:
        rows.append([Message("owed to the holder in the current account"), yuan(-stands.owes_fen)])
    parts: list[Text] = [
        Message("part in the pool of {cls}: {shares} shares", cls=cls, shares=shares(held.shares, one.digits))
        for cls, one in now.classes.items()
        if one.pooled and (held := holdings(view, cls, now.on, now).get(stands.holder)) is not None
    ]
    heading = Message("{holder}: member account", holder=title)
    if now.book.charter.law == SPECIALISED.law:  # the law of other cooperatives knows no such account
        heading = Message("{holder}: member account (农民专业合作社法 43)", holder=title)
    return Table(
        heading,
        [Column(Message("what stands in it")), money(Message("amount"))],
        rows,
        (),
        [IN_YUAN, *parts, *as_of(view, stands.on)],
    )


def _last_day(view: View, number: str) -> date:
    """The last day on which anything counts in an account, or in the last record: after everything."""
    places = {account(number), f"{MEMBER}/{number}"}
    for _, chart in charts(view).adopted:
        places |= {chart.account(role, number) for role in ("refund payable", ROLE) if role in chart.roles}
        places |= {chart.account(ROLE, f"{run}/{number}") for run in runs(view) if ROLE in chart.roles}
        places |= {f"{chart.account(CURRENT)}/{number}"} if CURRENT in chart.roles else set()
    places |= {f"{place}/{number}" for place in retained_places(view)}
    days = [one.effective_on for place in places for one in view.movements(place)]
    return max([view.record(view.head.seq).effective_on, *days]) if view.head.seq else date.max
