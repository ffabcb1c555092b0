"""A cooperative with money to distribute, for faults of dividend runs: as many holders as are asked for."""

from datetime import date

from coopledger.core.chart import C2021, MONEY, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.entitlement import by_record_date
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot
from coopledger.core.proposal import Proposal
from coopledger.core.run import run, runs, settled, unpaid
from coopledger.core.share_class import open_class, preset
from coopledger.core.year_end import enter_surplus
from coopledger.store.sql import SqlJournal

FOUNDED, YEAR_END = date(2025, 1, 1), date(2025, 12, 31)
PROPOSED, POSTED, MET, DECLARED, PAID = (date(2026, 1, day) for day in (5, 6, 20, 21, 25))
VOTE = Resolution("2026-1", "members", MET, entitled=5, present=5, votes_for=5)
MANY_FEN = 10**13


def households(count: int) -> list[str]:
    """Their numbers."""
    return [f"{n:05d}" for n in range(count)]


def cooperative(book: SqlJournal, count: int) -> SqlJournal:
    """Households of one with 100 to 136 shares and a bank account each, a surplus, and money in the bank."""
    homes = households(count)
    people = [
        Joiner(f"m{home}", household=home, head=True, personal={"name": f"成员{home}", "card": f"1200000{home}"})
        for home in homes
    ]
    received = Posting(MONEY, C2021.account("receivable"), C2021.account("bank"), MANY_FEN)
    steps: tuple[Decision | list[Entry], ...] = (
        found("示例村股份经济合作社", COLLECTIVE, effective_on=FOUNDED),
        adopt(C2021, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        allot("land", {home: 100 + at % 37 for at, home in enumerate(homes)}, effective_on=FOUNDED),
        enter_surplus(2025, MANY_FEN, source="annual statement 2025"),
        [Entry("receipt", YEAR_END, YEAR_END, {}, [received])],
    )
    for n, one in enumerate(steps):
        book.append(one, key=f"founding {n}", actor="accountant")
    return book


def proposal(n: int) -> Proposal:
    """The instalment of that number, of some yuan on average."""
    return Proposal("surplus", "2025", "land", by_record_date(YEAR_END), 1_234_567_89 + n, instalment=n)


def approved(book: SqlJournal, n: int) -> str:
    """A run that is proposed if it was not, and approved: the code of the instalment of that number."""
    name = f"r{n}"
    with book.read() as view:
        known = runs(view)
    if name not in known:
        book.append(propose(name, proposal(n), effective_on=PROPOSED), key=name, actor="accountant")
    for step, one in (
        ("shown", disclose(name, since=POSTED, until=MET, where="village board")),
        ("approved", approve(name, VOTE)),
    ):
        book.append(one, key=f"{name} {step}", actor="accountant")
    return name


def declared(book: SqlJournal, n: int) -> str:
    """A run that is owed."""
    name = approved(book, n)
    book.append(declare(name, effective_on=DECLARED), key=f"{name} declared", actor="accountant")
    return name


def owing(book: SqlJournal, name: str) -> dict[str, int]:
    """What is owed of a run, by holder."""
    with book.read() as view:
        return unpaid(view, name)


def receipts(book: SqlJournal, name: str) -> dict[str, int]:
    """What each was paid of a run."""
    with book.read() as view:
        return {number: sum(own.values()) for number, own in settled(view, run(view, name)).items()}
