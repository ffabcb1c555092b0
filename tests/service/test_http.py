"""Two processes of the service on loopback, one database, and clients that all come at once."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from coopledger.store.database import engine_of, open_book
from tests.service.village import Office, make_books

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "uvicorn", "--factory", "examples.service.app:create", "--port", "0"]
SAYS = re.compile(r"running on (http://127\.0\.0\.1:[0-9]+)")


def _address(process: subprocess.Popen[str]) -> str:
    """Where a server listens, as it says itself."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if match := SAYS.search(line):
            return match[1]
    raise AssertionError(said)


@pytest.fixture(scope="module")
def offices(database_url: str) -> Iterator[list[Office]]:
    """An office at each of two processes that were started together on an empty database."""
    said = {**os.environ, "DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    started = [
        subprocess.Popen(COMMAND, cwd=ROOT, env=said, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)  # noqa: S603
        for _ in range(2)
    ]
    try:
        addresses = [_address(one) for one in started]
        engine = engine_of(database_url)
        tokens = make_books(engine)
        engine.dispose()
        clients = [httpx2.Client(base_url=one, timeout=60, trust_env=False) for one in addresses]
        yield [Office(one, tokens) for one in clients]
        for client in clients:
            client.close()
    finally:
        for one in started:
            one.terminate()
            one.communicate()


def test_of_two_accountants_who_declare_at_once_one_wins_and_the_other_is_told(offices: list[Office]) -> None:
    offices[0].reach("2026", "approve")
    seen = offices[1].get("/runs/2026").json()["anchor"]

    def declare(number: int) -> Any:  # noqa: ANN401 - a response
        return offices[number].send("2026", "declare", f"by accountant {number}".replace(" ", "-"), after=seen)

    with ThreadPoolExecutor(2) as threads:
        won, told = sorted(threads.map(declare, range(2)), key=lambda one: int(one.status_code))
    assert (won.status_code, told.status_code, told.json()["kind"]) == (200, 409, "stale")
    run = offices[1].get("/runs/2026").json()
    assert (run["anchor"], sum(run["unpaid_fen"].values())) == (won.json()["anchor"], 100_000)
    again = offices[0].send("2026", "declare", "after-reading", after=run["anchor"])
    assert (again.status_code, again.json()["kind"]) == (409, "rule")


def test_one_key_from_eight_threads_pays_once(offices: list[Office], database_url: str) -> None:
    offices[0].reach("2025", "declare", period="2025")

    def pay(number: int) -> Any:  # noqa: ANN401 - a response
        return offices[number % 2].send("2025", "pay", "one-key")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(pay, range(8)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.text for one in answers}) == 1
    book = open_book(database_url, "hill")
    with book.read() as view:
        [paid] = [one for one in view.records("payout") if one.facts["run"] == "2025"]
        assert sum(one.quantity for one in paid.postings) == 100_000
    assert book.verify() == []
    book.close()


def test_many_at_once_on_both_processes_leave_one_chain(offices: list[Office]) -> None:
    def propose(number: int) -> int:
        answer = offices[number % 2].send(f"many-{number}", "propose", f"many-{number}", period=str(1950 + number))
        return int(answer.json()["records"][0])

    first = int(offices[0].get("/register").json()["anchor"].partition(":")[0]) + 1
    with ThreadPoolExecutor(16) as threads:
        records = sorted(threads.map(propose, range(32)))
    assert records == list(range(first, first + 32))
    assert offices[1].get("/verify").json()["problems"] == []
