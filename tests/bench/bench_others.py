"""What other ledgers take for the same work, and whether the memory of each stays flat with the number of records.

beancount, piecash and django-ledger run in environments of their own under ``.venv-bench``, made on first use. What
each of them does is said in ``others/run_NAME.py``. All times are ratios to raw sqlite3 on bare tables, as
``bench_journal`` has them. What is easier for the others: a hundred members have accounts instead of ten thousand,
and an entry has two lines (one debit, one credit) where coopledger's has two postings (two debits, two credits).
"""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg
from bench_journal import ROWS, Place, dividend, issues, rows_of, sqlite, timed
from sqlalchemy import make_url

from coopledger.core.journal import Entry, Record
from tests.servers import postgresql

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "others"
ENVIRONMENTS = ROOT / ".venv-bench"
ROUNDS = 5
LINEAR = 1.15
"""A work is called linear in its size if twice the size takes at most so much more than twice the processor time."""

FLAT = 1.1
APPENDED = (1_000, 10_000, 40_000)
READ = (10_000, 100_000)
SMALL, LARGE = 1_000, 4_000


class Row(NamedTuple):
    """A line of the table: a ratio and its target (0: none was set), or the reason why there is none."""

    name: str
    ratio: float | str
    target: float = 0


class Took(NamedTuple):
    """What a work took."""

    seconds: float
    cpu: float
    peak_kib: int


class Work(NamedTuple):
    """A work of another ledger: its name there, what it is, and its size.

    If the size is less than ROWS, it is done at half the size as well, and scaled up if it is linear.
    """

    name: str
    what: str
    size: int = ROWS

    @property
    def sizes(self) -> list[int]:
        """The sizes to measure."""
        return [self.size] if self.size == ROWS else [self.size // 2, self.size]


class Missing(Exception):
    """Why something cannot be measured on this machine."""


class Ledger:
    """A ledger that runs in processes, each on a copy of a folder with a new book."""

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self._program = str(PROGRAMS / f"run_{name.replace('-', '_')}.py")
        self._python = str(environment(name))
        self._new = os.path.join(folder, name)
        os.mkdir(self._new)
        self.run("make", self._new, 0)

    def run(self, work: str, place: str, count: int) -> Took:
        """Do a work on a book."""
        return run(self._python, self._program, work, place, count)

    @contextlib.contextmanager
    def book(self) -> Iterator[str]:
        """A new book, thrown away afterwards."""
        copy = f"{self._new}-copy"
        shutil.copytree(self._new, copy)
        try:
            yield copy
        finally:
            shutil.rmtree(copy)


def run(python: str, program: str, work: str, place: str, count: int) -> Took:
    """Do a work in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own programs
        [python, "-W", "ignore", program, work, place, str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Missing(f"{work} failed: {said(done.stderr)}")
    return Took(**json.loads(done.stdout))


def said(complaint: str) -> str:
    """The line that says what went wrong: pip's first error, or a traceback's end."""
    lines = complaint.strip().splitlines() or ["nothing was said"]
    return next((line for line in lines if line.startswith("ERROR")), lines[-1])


def environment(name: str) -> Path:
    """The Python that has a ledger installed in exactly the versions of its constraints."""
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    constraints = PROGRAMS / f"constraints-{name}.txt"
    installed = folder / "installed"
    if not installed.exists() or installed.read_text() != constraints.read_text():
        print(f"Installing {name} into {folder.relative_to(ROOT)} ...", flush=True)
        venv.create(folder, clear=True, with_pip=True, symlinks=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(  # noqa: S603 - pip
            [*pip, "-c", str(constraints), name], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Missing(f"pip cannot install it: {said(done.stderr)}")
        shutil.copyfile(constraints, installed)
    return python


ONE, MANY = "one entry of 10,000 postings", "10,000 entries of two postings"
WORKS = {
    "beancount": (
        Work("one", f"{ONE}, written to the file, the file loaded and checked"),
        Work("one unchecked", f"{ONE}, written to the file only"),
        Work("many", f"{MANY}, written to the file, the file loaded and checked"),
        Work("many unchecked", f"{MANY}, written to the file only"),
    ),
    "piecash": (Work("one", ONE), Work("many", f"{MANY}, one transaction")),
    "django-ledger": (Work("one", ONE), Work("many", f"{MANY}, one transaction", 1_000)),
}
BASELINE = {"one": dividend, "many": issues}


def ledgers(folder: str) -> tuple[list[Ledger], list[Row]]:
    """The ledgers that can be measured here, and lines for the others."""
    here, missing = [], []
    for name in WORKS:
        try:
            here.append(Ledger(name, folder))
        except (Missing, OSError, subprocess.SubprocessError) as reason:
            missing.append(Row(name, f"not measured: {reason}"))
    return here, missing


def baseline(place: Place, entries: list[Entry]) -> tuple[float, float]:
    """Seconds that coopledger takes for some entries, and raw sqlite3 on bare tables for the same rows."""
    book = place.ours()
    records: list[Record] = []
    ours = timed(lambda: records.extend(book.append(entries, key="work", actor="bench")))
    write = place.raw("bare")
    batch = rows_of([one._replace(seq=one.seq - 1) for one in records])
    bare = timed(lambda: write([batch]))
    place.clean()
    return ours, bare


def writing(here: list[Ledger], folder: str) -> Iterator[Row]:
    """Time for writing in one go: each round does every work of every ledger once."""
    raw = sqlite(os.path.join(folder, "raw"))
    os.mkdir(os.path.join(folder, "raw"))
    built = {name: entries() for name, entries in BASELINE.items()}
    bare: dict[str, list[float]] = {name: [] for name in BASELINE}
    ours: dict[str, list[float]] = {name: [] for name in BASELINE}
    theirs: dict[tuple[str, str, int], list[Took]] = {}
    failed: dict[tuple[str, str], Missing] = {}
    for _ in range(ROUNDS):
        for name, entries in built.items():
            seconds, least = baseline(raw, entries)
            ours[name].append(seconds)
            bare[name].append(least)
        for ledger in here:
            for work in WORKS[ledger.name]:
                for size in work.sizes:
                    try:
                        with ledger.book() as place:
                            took = ledger.run(work.name, place, size)
                    except Missing as reason:
                        failed[ledger.name, work.name] = reason
                        break
                    theirs.setdefault((ledger.name, work.name, size), []).append(took)
    least_of = {name: statistics.median(times) for name, times in bare.items()}
    for name, what in (("one", ONE), ("many", f"{MANY}, one transaction")):
        yield Row(f"coopledger, {what}", statistics.median(ours[name]) / least_of[name])
    for ledger in here:
        for work in WORKS[ledger.name]:
            name, least = f"{ledger.name}, {work.what}", least_of[work.name.partition(" ")[0]]
            if why := failed.get((ledger.name, work.name)):
                yield Row(name, f"not measured: {why}")
                continue
            whole = theirs[ledger.name, work.name, work.size]
            seconds = statistics.median(one.seconds for one in whole)
            if work.size < ROWS:
                half = theirs[ledger.name, work.name, work.size // 2]
                growth = statistics.median(one.cpu for one in whole) / statistics.median(one.cpu for one in half)
                name += f" (scaled from {work.size:,}, which took {growth:.2f} x the processor time of half as many)"
                if growth > 2 * LINEAR:
                    yield Row(name, "not linear, so not scaled")
                    continue
            yield Row(name, seconds * ROWS / work.size / least)


def compared(name: str, took: dict[int, Took], target: float = 0) -> Iterator[Row]:
    """The peak at each size against that at the smallest."""
    least = min(took)
    for count, one in took.items():
        if count != least:
            small, large = took[least].peak_kib / 1024, one.peak_kib / 1024
            yield Row(
                f"{name}, {count:,} against {least:,}: peak memory {large:.0f} MB against {small:.0f} MB",
                one.peak_kib / took[least].peak_kib,
                target,
            )


def ours_in_memory(name: str, fresh: Callable[[], contextlib.AbstractContextManager[str]]) -> Iterator[Row]:
    """Peak memory of coopledger on one database."""

    def own(work: str, place: str, count: int) -> Took:
        return run(sys.executable, str(PROGRAMS / "run_coopledger.py"), work, place, count)

    appended: dict[int, Took] = {}
    for count in APPENDED:
        with fresh() as place:
            own("make", place, 0)
            appended[count] = own("append", place, count)
    yield from compared(f"coopledger on {name}, records appended one after the other", appended, FLAT)
    read: dict[int, Took] = {}
    verified: dict[int, Took] = {}
    for count in READ:
        with fresh() as place:
            own("make", place, 0)
            own("many", place, count)
            read[count] = own("read", place, count)
            verified[count] = own("verify", place, count)
    yield from compared(f"coopledger on {name}, all records read", read, FLAT)
    yield from compared(f"coopledger on {name}, the book verified", verified, FLAT)


def theirs_in_memory(ledger: Ledger) -> Iterator[Row]:
    """Peak memory of another ledger."""
    appended: dict[int, Took] = {}
    read: dict[int, Took] = {}
    for count in (SMALL, LARGE):
        with ledger.book() as place:
            appended[count] = ledger.run("append", place, count)
        with ledger.book() as place:
            ledger.run("many", place, count)
            read[count] = ledger.run("read", place, count)
    checked = ", unchecked" if ledger.name == "beancount" else ""
    yield from compared(f"{ledger.name}, entries written one after the other{checked}", appended)
    yield from compared(f"{ledger.name}, all entries read", read)


@contextlib.contextmanager
def file() -> Iterator[str]:
    """A file for a book."""
    with tempfile.TemporaryDirectory() as folder:
        yield os.path.join(folder, "book.db")


@contextlib.contextmanager
def database(server: str) -> Iterator[str]:
    """A database for a book, on a server of PostgreSQL."""
    name = f"bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE {name}")


def run_all() -> Iterator[Row]:
    """Every line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        here, missing = ledgers(folder)
        yield from missing
        yield from writing(here, folder)
        yield from ours_in_memory("SQLite", file)
        with postgresql() as server:
            yield from ours_in_memory("PostgreSQL", lambda: database(server))
        for ledger in here:
            try:
                yield from theirs_in_memory(ledger)
            except Missing as reason:
                yield Row(f"{ledger.name}, memory", f"not measured: {reason}")


def main() -> None:
    """Print a line for each measurement: ratio, target, what is compared."""
    print(f"Other ledgers, against raw sqlite3 on bare tables; memory. Load {os.getloadavg()[0]:.1f}")
    print("  ratio  target")
    for name, ratio, target in run_all():
        due = f"{target:6.2f}" if target else " " * 6
        line = f"{ratio:7.2f}  {due}  {name}" if isinstance(ratio, float) else f"{'-':>7}  {due}  {name}: {ratio}"
        print(line, flush=True)
    print(f"Load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
