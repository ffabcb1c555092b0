"""A cooperative of invented people, with a chart of accounts and classes of capital: what contributions go into."""

from datetime import date
from itertools import count

from coopledger.core.chart import C2021, MONEY, Chart, adopt
from coopledger.core.charter import found
from coopledger.core.citation import Resolution
from coopledger.core.journal import Decision, Entry, Posting, Record
from coopledger.core.member import Joiner, admit
from coopledger.core.share_class import open_class, preset
from coopledger.store.memory import MemoryJournal

FOUNDED = date(2024, 1, 1)
ADOPTED = Resolution("2024-1", "members", FOUNDED, entitled=4, present=4, votes_for=3, votes_against=1)
KEYS = count()


def cooperative(chart: Chart = C2021, on: date = FOUNDED) -> MemoryJournal:
    """Two households, 17 and 18, of two people each, and the village; land shares, cash shares, subsidy shares."""
    journal = MemoryJournal("示例村", clock=lambda: 0)
    capital = chart.account("share capital")
    people = [
        Joiner("0042", household="17", head=True),
        Joiner("0043", household="17"),
        Joiner("0044", household="18", head=True),
        Joiner("0045", household="18"),
        Joiner("V", kind="collective"),
    ]
    for decision in (
        found("示例村种植专业合作社", effective_on=on),
        adopt(chart, effective_on=on),
        open_class(preset("land", par_fen=100_00, capital=capital), effective_on=on),
        open_class(preset("cash", capital=capital), effective_on=on),
        open_class(preset("subsidy"), effective_on=on),
        open_class(preset("labour", code="fine", par_fen=100_00, capital=capital), effective_on=on),
        admit(*people, effective_on=on),
    ):
        put(journal, decision)
    return journal


def put(journal: MemoryJournal, decision: Decision) -> list[Record]:
    return journal.append(decision, key=f"step {next(KEYS)}", actor="accountant")


def earned(journal: MemoryJournal, fen: int, on: date = FOUNDED, place: str = "c2021:102") -> None:
    """Let a book have money in the bank, by what it sold."""
    sold = Posting(MONEY, f"{place.partition(':')[0]}:501", place, fen)
    put(journal, lambda _: [Entry("note", on, on, {}, [sold])])


def money(journal: MemoryJournal, on: date | None = None) -> dict[str, int]:
    """The balances of the money accounts, debit positive, without the chart's code."""
    with journal.read() as view:
        return {account.partition(":")[2]: fen for (_, account), fen in view.balances(MONEY, on=on).items()}


def units(journal: MemoryJournal, unit: str) -> dict[str, int]:
    with journal.read() as view:
        return {account: quantity for (_, account), quantity in view.balances(unit).items()}
