"""A book for every test of the command line, made once and copied for each; a clock that says what it is told."""

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from coopledger.cli.book import opened
from tests.cli import hill

FIRST = "2026-01-31 12:00"

Tell = Callable[[str], None]


@contextmanager
def told() -> Iterator[Tell]:
    """A clock that goes on by a second whenever it is read, and salt that is always the same."""
    with pytest.MonkeyPatch.context() as patch:
        at = [0]

        def tell(when: str) -> None:
            at[0] = int(datetime.fromisoformat(f"{when}+00:00").timestamp()) * 1_000_000_000

        def read() -> int:
            at[0] += 1_000_000_000
            return at[0]

        tell(FIRST)
        patch.setattr(opened, "_now_ns", read)
        patch.setattr(secrets, "token_bytes", lambda count: b"s" * count)
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield tell
    time.tzset()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the books were made, on 31 January 2026."""
    folder = tmp_path_factory.mktemp("hill")
    with told():
        hill.make(folder)
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own with hill.db, old.db, coop.db and a paper; one works in it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tell]:
    """The clock, which stands at 1 February 2026; a test may tell it another time.

    Whoever uses it works in a folder of his own: a book that a test makes is not left where the tests are run.
    """
    monkeypatch.chdir(tmp_path)
    with told() as tell:
        tell("2026-02-01 09:00")
        yield tell
