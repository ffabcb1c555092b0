"""The roster of members (成员名册): who is in the register on a day, and the households with their heads."""

from collections.abc import Container, Mapping
from datetime import date, timedelta

from coopledger.core.allocation import natural_key
from coopledger.core.charter import HOLDER, holder_of
from coopledger.core.journal import Facts, View
from coopledger.core.passing import has_died
from coopledger.core.people import Member
from coopledger.core.register import Register, register
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline, days, state
from coopledger.core.wording import words
from coopledger.reports.cells import count
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message


def roster_report(view: View, on: date | None = None) -> list[Table]:
    """Who is in the register on a day, who has left or died by then among them, and the households of that day.

    ``since`` is the day on which somebody came, or came back after he had left; ``until`` the last day of somebody who
    has left, or died. Who was admitted by mistake, and left with the day of that admission, is not listed. A household
    that died out is told of as an estate while it holds something, and is not counted. Raises RegisterError.

    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> head = Joiner("0042", household="17", head=True, personal={"name": "成员甲", "relation": "户主"})
    >>> family = admit(head, Joiner("0043", household="17"), effective_on=day)
    >>> for n, one in enumerate([found("示例村合作社", effective_on=day), family]):
    ...     _ = journal.append(one, key=f"step {n}", actor="accountant")
    >>> with journal.read() as view:
    ...     [members, households] = roster_report(view, day)
    >>> [str(cell) for cell in members.rows[0]]
    ['0042', '成员甲', 'person', 'member', '17', '0042', '户主', '2026-01-01', '']
    >>> [str(cell) for cell in households.rows[0]]
    ['17', '0042', '成员甲', '2', '0042, 0043']
    """
    now = register(view, on)
    rows = personal_rows(view)
    notes = as_of(view, on)
    holders = {holder_of(place) for _, place in view.balances(under=HOLDER, on=on)}
    return [_members(now, rows, notes), _households(now, holders, rows, notes)]


def _members(now: Register, rows: Mapping[str, Facts], notes: list[Text]) -> Table:
    lines: list[list[Text]] = []
    for number in sorted(now.members, key=natural_key):
        one, line = now.members[number], now.people.members[number]
        since, until = _since(one, line, now.on), _until(one, line, now.on)
        if one.standing == "left" and until < since:
            continue
        home = now.households.get(one.household)
        lines.append(
            [
                number,
                name_of(now, number, rows),
                words(one.kind),
                words(one.standing),
                one.household,
                "" if home is None else home.head,
                str(rows.get(f"m/{number}", {}).get("relation", "")),
                since,
                until,
            ]
        )
    columns = [
        Column(Message("number")),
        Column(Message("name")),
        Column(Message("kind of holder")),
        Column(Message("standing")),
        Column(Message("household")),
        Column(Message("head")),
        Column(Message("relation")),
        Column(Message("since")),
        Column(Message("until")),
    ]
    members = sum(one.standing == "member" for one in now.members.values())
    title = Message("{book}: roster of members", book=now.book.name)
    return Table(title, columns, lines, (), [Message("members: {count}", count=members), *notes])


def _since(one: Member, line: Timeline, on: date | None) -> str:
    """The day from which somebody is, or last was, in the register without a gap of one day or more."""
    since, gone = one.since, False
    for day in days(line):
        if on is not None and day > on:
            break
        left = state(line, day)["standing"] == "left"
        since, gone = (day if gone and not left else since), left
    return str(since)


def _until(one: Member, line: Timeline, on: date | None) -> str:
    """The last day before the standing with which somebody is in the register no more."""
    if one.standing not in ("left", "estate"):
        return ""
    last = None
    for change in line:
        if on is not None and change.effective_on > on:
            break
        standing = change.fields.get("standing")
        if standing is not None:
            last = (change.effective_on if last is None else last) if standing == one.standing else None
    return "" if last is None else str(last - timedelta(days=1))


def _households(now: Register, holders: Container[str], rows: Mapping[str, Facts], notes: list[Text]) -> Table:
    lines: list[list[Text]] = []
    living = 0
    for number in sorted(now.households, key=natural_key):
        home = now.households[number]
        if home.members:
            people = sorted(home.members, key=natural_key)
            lines.append(
                [
                    number,
                    home.head,
                    name_of(now, number, rows),
                    str(len(people)),
                    Message("{cited}", cited=people),
                ]
            )
            living += 1
        elif number in holders and has_died(now.people, number, now.on):
            lines.append([number, words("estate"), name_of(now, number, rows), "0", ""])
    columns = [
        Column(Message("household")),
        Column(Message("head")),
        Column(Message("name")),
        count(Message("people")),
        Column(Message("members")),
    ]
    title = Message("{book}: roster of households", book=now.book.name)
    return Table(title, columns, lines, (), [Message("households: {count}", count=living), *notes])
