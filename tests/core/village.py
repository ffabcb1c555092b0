"""A small invented village, for the tests of the register: three households, a collective, an enterprise."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from coopledger.core.accounts import OPENING, Account, Denomination, opening
from coopledger.core.charter import SPECIALISED, Charter, found
from coopledger.core.citation import Document, Resolution
from coopledger.core.journal import Decision, Entry, Record
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.share_class import ShareClass, open_class, preset
from coopledger.store.memory import MemoryJournal, MemoryView

FOUNDED = date(2026, 1, 1)
MAY, JUNE, JULY, NEXT_YEAR = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1), date(2027, 1, 1)
BANK, LAND_RIGHT, CAPITAL, RESERVE, SURPLUS = "c37:102", "c37:161", "c37:301", "c37:321", "c37:322"
VOTE = Resolution("2026-1", "members", date(2026, 1, 1), entitled=300, present=240, votes_for=220, votes_against=3)
PAPER = Document("minutes.pdf", "ab" * 32, "1-2")

PEOPLE = (
    Joiner("0041", household="17", head=True, personal={"name": "成员甲", "birth": "1960-01-01"}),
    Joiner("0042", household="17", personal={"name": "成员乙", "birth": "1985-05-05"}),
    Joiner("0043", household="17", personal={"name": "成员丙", "birth": "2015-06-07"}),
    Joiner("0051", household="18", head=True, personal={"name": "成员丁", "birth": "1970-02-03"}),
    Joiner("0052", household="18", personal={"name": "成员戊", "birth": "1971-02-03"}),
    Joiner("0061", household="19", head=True),
    Joiner("0900", "collective"),
    Joiner("0901", "enterprise", standing="holder"),
)

CLASSES = (
    preset("collective"),
    preset("member"),
    preset("labour"),
    preset("land"),
    preset("cash", capital=CAPITAL),
    preset("preferred"),
    preset("subsidy"),
)


class Village:
    """A book in memory that counts its own keys, with a clock and a salt that stand still."""

    def __init__(self) -> None:
        self.journal = MemoryJournal("hill", clock=lambda: 0, salt=lambda: b"salt" * 4)
        self._keys = count(1)

    def do(self, *decisions: Decision | Entry) -> list[Record]:
        """Append decisions one after the other; the records of the last."""
        records: list[Record] = []
        for one in decisions:
            entries = [one] if isinstance(one, Entry) else one
            records = self.journal.append(entries, key=f"key {next(self._keys)}", actor="accountant")
        return records

    @property
    def view(self) -> MemoryView:
        with self.journal.read() as view:
            return view


def empty(charter: Charter = SPECIALISED) -> Village:
    """A village that has its accounts, and nothing else."""
    chart = [Account(code, code) for code in (BANK, LAND_RIGHT, CAPITAL, RESERVE, SURPLUS)]
    village = Village()
    village.do(found("示例村合作社", charter, effective_on=FOUNDED))
    village.do(Entry(OPENING, FOUNDED, FOUNDED, opening([Denomination("CNY", "元", 2)], chart)))
    return village


def village(
    classes: Iterable[ShareClass] = CLASSES, people: Iterable[Joiner] = PEOPLE, charter: Charter = SPECIALISED
) -> Village:
    """A village with its classes and people."""
    made = empty(charter)
    for one in classes:
        made.do(open_class(one, effective_on=FOUNDED))
    made.do(admit(*people, effective_on=FOUNDED))
    return made


def given(made: Village, cls: str, **shares: int) -> Village:
    """Issue shares on the founding day: ``given(village(), "land", h17=500, m0042=20)``."""
    for name, quantity in shares.items():
        against: Any = BANK if cls == "cash" else None
        made.do(issue(cls, to=name[1:], shares=quantity, effective_on=FOUNDED, against=against))
    return made


def shares(made: Village, cls: str, on: date | None = None) -> dict[str, Any]:
    """What everybody holds."""
    from coopledger.core.register import holdings

    return {number: one.shares for number, one in holdings(made.view, cls, on).items()}
