"""What declaring and paying a dividend costs, against a raw driver writing the same rows into bare tables.

Ours reads who holds what, splits, hashes, asks the guards, fires the triggers and commits; paying also reads who has
died, and whose shares are pledged. The register is as in life: of a hundred households in one somebody has died, one
has pledged shares, one has a minor. The million is measured by hand: ``bench_dividends.py 1000000``.

What no program with the same promises could leave out is measured beside it (*least*): the raw driver writing the same
rows into the real tables, with their indexes and without the triggers; one reading of who holds what, and of what is
owed; the hash of the rows. Neither splitting, nor checking, nor the guards are in it. And what the journal alone takes:
the same entries, decided before, appended by themselves, with the hash, the guards and the triggers. Declaring and
paying cost as much at least.
"""

import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

sys.path.insert(0, os.path.dirname(__file__))

from bench_journal import ratio, rows_of, sqlite, timed

from coopledger.core.chart import C2021, MONEY, adopt
from coopledger.core.charter import COLLECTIVE, HOLDER, found
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.entitlement import by_record_date
from coopledger.core.journal import Decision, Entry, Posting, Record, content_hash, day_number
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot
from coopledger.core.payout import pay
from coopledger.core.proposal import Proposal
from coopledger.core.share_class import open_class, preset
from coopledger.core.year_end import enter_surplus
from coopledger.store.database import create_book
from coopledger.store.sql import SqlJournal

HOLDERS = 100_000
ROUNDS = 3
TARGET = 5.0
FOUNDED, CHANGED, YEAR_END = date(2025, 1, 1), date(2025, 7, 1), date(2025, 12, 31)
PROPOSED, POSTED, MET, DECLARED, PAID = (date(2026, 1, day) for day in (5, 6, 20, 21, 25))
RICH_FEN = 10**15
FEN_EACH = 600_00


class Cost(NamedTuple):
    """Seconds of some rounds of declaring and of paying: ours, the raw driver's, the least, the journal alone."""

    declaring: list[float]
    paying: list[float]
    raw_declaring: list[float]
    raw_paying: list[float]
    least_declaring: list[float]
    least_paying: list[float]
    ready_declaring: list[float]
    ready_paying: list[float]


def build(file: str, count: int) -> SqlJournal:
    """A book of so many households with land shares, with money to distribute and in the bank."""
    book = create_book(file, "bench")
    homes = [f"{n:07d}" for n in range(count)]
    people = [Joiner(f"m{home}", household=home, head=True) for home in homes]
    minors = [
        Joiner(f"c{home}", household=home, personal={"birth": f"20{n % 7 + 15}-03-04"})
        for n, home in enumerate(homes[3::100])
    ]
    steps: list[Decision | list[Entry]] = [
        found("示例村股份经济合作社", COLLECTIVE, effective_on=FOUNDED),
        adopt(C2021, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        admit(*people, *minors, effective_on=FOUNDED),
        allot("land", {home: 300 + at % 211 for at, home in enumerate(homes)}, effective_on=FOUNDED),
        [*deaths(homes[1::100]), *pledges(homes[2::100])],
        enter_surplus(2025, RICH_FEN, source="annual statement 2025"),
        [
            Entry(
                "receipt",
                YEAR_END,
                YEAR_END,
                {},
                [Posting(MONEY, C2021.account("receivable"), C2021.account("bank"), RICH_FEN)],
            )
        ],
    ]
    for n, one in enumerate(steps):
        book.append(one, key=f"founding {n}", actor="bench")
    return book


def deaths(homes: Sequence[str]) -> Iterator[Entry]:
    """The records of them, as the verb writes them that is asked for one at a time and reads the register each time."""
    for home in homes:
        gone = {"standing": "estate", "household": "", "reason": "death"}
        facts = {"act": "die", "members": {f"m{home}": gone}, "households": {}, "reason": "death"}
        yield Entry("member", CHANGED, CHANGED, facts)


def pledges(homes: Sequence[str]) -> Iterator[Entry]:
    """As the verb writes them."""
    facts = {"class": "land", "creditor": "示例信用社", "reason": "loan"}
    for home in homes:
        tied = Posting("land", f"holder/{home}", f"holder/{home}/pledged", 100)
        yield Entry("pledge", CHANGED, CHANGED, facts, [tied])


def approved(book: SqlJournal, count: int, n: int) -> str:
    """A run of some hundred yuan for each holder that is not declared yet."""
    name, rule = f"r{n}", by_record_date(YEAR_END)
    vote = Resolution(f"2026-{n}", "members", MET, entitled=count, present=count, votes_for=count)
    one = Proposal("surplus", "2025", "land", rule, FEN_EACH * count + n, instalment=n)
    steps = [
        propose(name, one, effective_on=PROPOSED),
        disclose(name, since=POSTED, until=MET, where="village board"),
        approve(name, vote, reason="as counted by the meeting"),
    ]
    for at, decision in enumerate(steps):
        book.append(decision, key=f"{name} {at}", actor="bench")
    return name


def measured(folder: str, count: int, rounds: int, *, traced: bool = True) -> tuple[Cost, tuple[float, float]]:
    """What so many holders cost; and the most that is in memory at once while declaring and while paying, in MiB.

    To trace the memory takes several times as long as the work itself.
    """
    book = build(os.path.join(folder, f"dividends-{count}.db"), count)
    place = sqlite(folder)
    cost = Cost([], [], [], [], [], [], [], [])

    def appended(kept: list[Record], decision: Decision | Sequence[Entry], key: str) -> float:
        return timed(lambda: kept.extend(book.append(decision, key=key, actor="bench")))

    def ready(decision: Decision, key: str) -> float:
        """Seconds to append what was decided before."""
        with book.read() as view:
            entries = [*decision(view)]
        return appended([], entries, key)

    def raw(records: Sequence[Record], kind: str = "bare") -> float:
        batch, write = rows_of([one._replace(seq=one.seq - 1) for one in records]), place.raw(kind)
        return timed(lambda: write([batch]))

    def least(records: Sequence[Record], *asked: tuple[str, str, date]) -> float:
        """Seconds to write records into the real tables, to hash them, and to read the balances that are asked."""
        with book.read() as view:
            reading = timed(lambda: [view.balances(*one) for one in asked])
        return raw(records, "same") + reading + timed(lambda: [*map(hashed, records)])

    for n in range(1, rounds + 1):
        name = approved(book, count, n)
        owed: list[Record] = []
        paid: list[Record] = []
        cost.declaring.append(appended(owed, declare(name, effective_on=DECLARED), f"{name} declared"))
        cost.raw_declaring.append(raw(owed))
        cost.least_declaring.append(least(owed, ("land", HOLDER, YEAR_END)))
        payable = (MONEY, C2021.account("surplus payable", name), PAID)
        reading = least([], payable)
        cost.paying.append(appended(paid, pay(name, effective_on=PAID), f"{name} paid"))
        cost.raw_paying.append(raw(paid))
        cost.least_paying.append(least(paid, ("land", HOLDER, PAID)) + reading)
        assert (len(owed[0].postings), len(paid[0].postings)) == (count, count - 2 * (count // 100))
        other = approved(book, count, rounds + 1 + n)
        cost.ready_declaring.append(ready(declare(other, effective_on=DECLARED), f"{other} declared"))
        cost.ready_paying.append(ready(pay(other, effective_on=PAID), f"{other} paid"))
    if not traced:
        return cost, (0, 0)
    name = approved(book, count, rounds + 1)
    peaks = [
        most(book, f"{name} {what}", decision)
        for what, decision in (
            ("declared", declare(name, effective_on=DECLARED)),
            ("paid", pay(name, effective_on=PAID)),
        )
    ]
    return cost, (peaks[0], peaks[1])


def hashed(one: Record) -> bytes:
    """The hash of what a record says."""
    days = (day_number(one.effective_on), day_number(one.booked_on))
    return content_hash(one.kind, *days, one.actor, "{}", [one.postings])


def most(book: SqlJournal, key: str, decision: Decision) -> float:
    """The most that an append had in memory at once, in MiB, without SQLite's own pages."""
    tracemalloc.start()
    book.append(decision, key=key, actor="bench")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def run() -> Iterator[tuple[str, float, float]]:
    """Name, target and measured figure on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        few, (declaring, paying) = measured(folder, HOLDERS // 10, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        many, _ = measured(folder, HOLDERS, ROUNDS, traced=False)
    what = f"SQLite, {HOLDERS:,} holders"
    yield f"{what}: read, split and declare, against bare tables", TARGET, ratio(many.declaring, many.raw_declaring)
    yield f"{what}: pay, against bare tables", TARGET, ratio(many.paying, many.raw_paying)
    yield f"{what}: the least of declaring, against bare tables", 0, ratio(many.least_declaring, many.raw_declaring)
    yield f"{what}: the least of paying, against bare tables", 0, ratio(many.least_paying, many.raw_paying)
    yield (
        f"{what}: the journal alone, declaring, against bare tables",
        0,
        ratio(many.ready_declaring, many.raw_declaring),
    )
    yield f"{what}: the journal alone, paying, against bare tables", 0, ratio(many.ready_paying, many.raw_paying)
    yield f"{what}: declare, against ten times {HOLDERS // 10:,}", 1.2, ratio(many.declaring, few.declaring) / 10
    yield f"{what}: pay, against ten times {HOLDERS // 10:,}", 1.2, ratio(many.paying, few.paying) / 10
    yield f"SQLite, {HOLDERS // 10:,} holders: memory while declaring, MiB", 0, declaring
    yield f"SQLite, {HOLDERS // 10:,} holders: memory while paying, MiB", 0, paying


def by_hand(counts: Sequence[int]) -> None:
    """Print seconds, ratios and memory for each number of holders, each the median of three rounds."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            cost, peaks = measured(folder, count, 3)
            took = time.perf_counter() - began
        for what, ours, theirs, least, alone, peak in zip(
            ("declare", "pay"),
            (cost.declaring, cost.paying),
            (cost.raw_declaring, cost.raw_paying),
            (cost.least_declaring, cost.least_paying),
            (cost.ready_declaring, cost.ready_paying),
            peaks,
            strict=True,
        ):
            seconds, floor, journal = sorted(ours)[1], ratio(least, theirs), ratio(alone, theirs)
            print(
                f"{count:>9,} {what:<8} {seconds:8.3f} s {seconds / count * 1e6:7.2f} µs each "
                f"{ratio(ours, theirs):6.2f} × bare tables (least {floor:.2f}, the journal alone {journal:.2f}) "
                f"{peak:8.1f} MiB  ({took:.0f} s in all)",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:]:
        by_hand([int(one) for one in sys.argv[1:]])
    else:
        for name_, target_, figure in run():
            print(f"{name_:<80} {figure:6.2f} (at most {target_})", flush=True)
