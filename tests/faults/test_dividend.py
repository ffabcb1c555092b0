"""Dividend runs under faults: commands that are killed and typed again, and two accountants at once."""

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from coopledger.core.citation import Document
from coopledger.core.dividend import declare, propose
from coopledger.core.journal import Decision, Head, Record
from coopledger.core.payment_order import Outcome, payment_order, settle
from coopledger.core.payout import pay
from coopledger.core.run import DECLARATION, PAYOUT, RUN, parts
from coopledger.errors import CoopledgerError
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.sql import SqlJournal
from tests.faults.books import ROOT, Figures, Keep, Place, said, times
from tests.faults.dividends import (
    DECLARED,
    PAID,
    PROPOSED,
    approved,
    cooperative,
    declared,
    households,
    owing,
    proposal,
    receipts,
)
from tests.store.books import head

HOLDERS = 10_000
APPLICATION = "coopledger killed"
CONFLICT = r"record \d+(–\d+)? says the same already, by accountant \d: nothing was written .*"


def command(place: Place, *words: str) -> list[str]:
    """``coopledger dividend VERB BOOK …`` as an accountant types it."""
    verb, *rest = words
    url = place.engine.url
    database = str(url.database) if place.dialect == "sqlite" else url.render_as_string(hide_password=False)
    schema = ["--schema", place.schema] if place.schema else []
    return [sys.executable, "-m", "coopledger", "dividend", verb, database, *rest, *schema, "--lang", "en"]


def started(words: Sequence[str], actor: str = "accountant") -> subprocess.Popen[str]:
    environment = {**os.environ, "PGAPPNAME": APPLICATION, "COOPLEDGER_ACTOR": actor}
    return subprocess.Popen(  # noqa: S603 - our own
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit status, and what it said."""
    out, error = process.communicate()
    return process.returncode, out + error


# ---------------------------------------------------------------- killed


def is_writing(place: Place) -> Callable[[], bool]:
    """Asks whether the command has begun to write."""
    if place.dialect == "sqlite":
        log = Path(f"{place.engine.url.database}-wal")
        before = log.stat().st_size if log.exists() else 0
        return lambda: log.exists() and log.stat().st_size > before
    active = f"FROM pg_stat_activity WHERE application_name = '{APPLICATION}' AND starts_with(query, 'COPY')"
    return lambda: bool(place.rows(f"SELECT 1 {active}"))


def killed(place: Place, words: Sequence[str], moment: float | None, delay: float) -> bool:
    """Kill the command −9 at a moment, or so long after it began to write; whether it was still there to be killed."""
    writes = is_writing(place)
    process = started(words)
    if moment is None:
        while process.poll() is None and not writes():
            time.sleep(0.0005)
        time.sleep(delay)
    else:
        time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    ended(process)
    while place.dialect == "postgresql" and place.rows(
        f"SELECT 1 FROM pg_stat_activity WHERE application_name = '{APPLICATION}'"
    ):  # the server notices, and gives up or has done
        time.sleep(0.005)
    return process.returncode == -signal.SIGKILL


def written(book: SqlJournal, name: str) -> list[tuple[str, int]]:
    """The records of a run that move money or declare it: kind, or step, and how many postings."""
    with book.read() as view:
        return [
            (str(one.facts.get("step", one.kind)), len(one.postings))
            for one in view.records(RUN, DECLARATION, PAYOUT)
            if one.facts["run"] == name
        ]


def test_a_run_of_10_000_that_is_killed_and_typed_again_pays_everybody_exactly_once(place: Place, keep: Keep) -> None:
    """Declared in one record, paid in batches: what each command writes is there after the kill as a whole or not."""
    book = cooperative(create_book(place.engine, "hill", schema=place.schema), HOLDERS)
    homes = households(HOLDERS)
    batch = [word for home in homes[:: HOLDERS // 500] for word in ("--to", home)]
    chance = random.Random(10)  # noqa: S311 - the same moments in each run
    kills, survived = 0, 0
    for n in range(1, times(2, 7)):
        name = approved(book, n)
        with book.read() as view:
            expected = parts(view, proposal(n)).parts
        work = {
            "declare": (
                command(place, "declare", name, "--on", f"{DECLARED}"),
                [("declaration", 10_000), ("declare", 0)],
            ),
            "batch": (command(place, "pay", name, *batch, "--on", f"{PAID}"), [("payout", 500)]),
            "rest": (command(place, "pay", name, "--on", f"{PAID}"), [("payout", 9_500)]),
        }
        there = written(book, name)
        for words, whole in work.values():
            took = 1.0
            for attempt in range(times(2, 8)):
                moment = None if attempt % 2 == 0 else chance.uniform(0, took)
                began = time.monotonic()
                kills += killed(place, words, moment, chance.uniform(0, 0.05))
                took = max(took, time.monotonic() - began)
                assert written(book, name) in (there, there + whole)
            survived += written(book, name) != there
            status, told = ended(started(words))
            assert status == 0, told
            there += whole
            assert written(book, name) == there
        assert (receipts(book, name), owing(book, name)) == (expected, {})
        for words, _ in work.values():  # and all of it once more
            status, told = ended(started(words))
            assert (status, "says the same already: nothing was written" in told) == (0, True), told
        assert written(book, name) == there
        assert receipts(book, name) == expected
    assert said(book.verify()) == []
    keep(Figures("dividend command killed (-9)", place.dialect, kills, f"{survived} times it was written already"))


# ---------------------------------------------------------------- two at once


@pytest.fixture
def books(place: Place) -> Iterator[list[SqlJournal]]:
    """A book of five households, opened twice, each with connections of its own."""
    cooperative(create_book(place.engine, "hill", schema=place.schema), 5)
    engines = [engine_of(place.engine.url), engine_of(place.engine.url)]
    yield [open_book(engine, schema=place.schema) for engine in engines]
    for engine in engines:
        engine.dispose()


def at_once(books: Sequence[SqlJournal], what: str, *decisions: Decision, after: Head | None = None) -> list[str]:
    """What two are told who append at the same time: the refusal first, then the kinds of the records."""
    told: list[str] = []
    together = threading.Barrier(len(books))

    def append(n: int) -> None:
        together.wait()
        try:
            records = books[n].append(decisions[n], key=f"{what} {n}", actor=f"accountant {n}", after=after)
        except CoopledgerError as error:
            told.append(f"{type(error).__name__}: {error}")
        else:
            told.append(" ".join(one.kind for one in records))

    threads = [threading.Thread(target=append, args=(n,)) for n in range(len(books))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(told, key=lambda one: (":" not in one, not one))


def test_of_two_accountants_at_once_one_wins_and_one_is_told(place: Place, books: list[SqlJournal], keep: Keep) -> None:
    book = books[0]
    rounds = times(12, 200)
    for n in range(1, rounds + 1):
        name = f"r{n}"
        two = [propose(name, proposal(n), effective_on=PROPOSED) for _ in books]
        refused, won = at_once(books, f"{name} proposed", *two)
        assert won == "dividend-run"
        assert refused == f"RegisterError: run {name} was proposed in record {head(book).seq}: another code is expected"
        approved(book, n)

        refused, won = at_once(books, f"{name} declared", *[declare(name, effective_on=DECLARED) for _ in books])
        assert (refused, won) == (f"RegisterError: run {name} is declared: it is paid next", "declaration dividend-run")

        with book.read() as view:
            order = payment_order(view, name, PAID, households(3))
            expected = parts(view, proposal(n)).parts
        lines = [
            Outcome(f"{line}", order.reference, one.number, one.account.number, one.fen)
            for line, one in enumerate(order.payments, 2)
        ]
        files = [Document(f"{at}.csv", f"{at}" * 64) for at in range(2)]
        two = [settle(name, lines, file, effective_on=PAID) for file in files]
        assert at_once(books, f"{name} returned", *two) == ["payout bank-return", ""]

        refused, won = at_once(books, f"{name} paid", *[pay(name, effective_on=PAID) for _ in books])
        assert (refused, won) == (f"RegisterError: run {name}: all of it is paid", "payout")
        assert (receipts(book, name), owing(book, name)) == (expected, {})
        assert [len(one.postings) for one in payouts(book, name)] == [3, 2]
    assert said(book.verify()) == []
    keep(Figures("two accountants at once", place.dialect, 4 * rounds, "propose, declare, read a return, pay"))


def test_of_two_who_looked_at_the_same_screen_the_second_is_told_to_look_again(
    place: Place, books: list[SqlJournal], keep: Keep
) -> None:
    book = books[0]
    name = declared(book, 1)
    rounds = times(12, 200)
    for n in range(rounds):
        seen = head(book)
        two = [pay(name, holders={number: 1}, effective_on=PAID) for number in households(2)]
        stale, won = at_once(books, f"{n}", *two, after=seen)
        assert won == "payout"
        assert stale == (
            f"StaleJournal: decided after record {seen}, but the book has reached record {head(book)}: look at it again"
        )
    assert len(payouts(book, name)) == rounds
    keep(Figures("two after the same head", place.dialect, rounds))


@pytest.mark.usefixtures("books")
def test_of_two_accountants_who_type_the_same_command_one_is_recorded(place: Place, keep: Keep) -> None:
    """Each in a process of his own."""
    book = open_book(place.engine, schema=place.schema)
    rounds = times(1, 20)
    for n in range(1, rounds + 1):
        name = approved(book, n)
        for words in (["declare", name, "--on", f"{DECLARED}"], ["pay", name, "--on", f"{PAID}"]):
            typed = command(place, *words)
            two = [started(typed, "accountant 1"), started(typed, "accountant 2")]
            (won, recorded), (refused, why) = sorted(ended(one) for one in two)
            assert (won, refused) == (0, 1)
            assert recorded.startswith("record ")
            assert re.fullmatch(CONFLICT, why.strip()), why
        assert len(payouts(book, name)) == 1
        assert owing(book, name) == {}
    keep(Figures("two processes at once", place.dialect, 2 * rounds, "declare, pay"))


def payouts(book: SqlJournal, name: str) -> list[Record]:
    with book.read() as view:
        return [one for one in view.records(PAYOUT) if one.facts["run"] == name]
