"""The wheel in an empty environment: alone, and then with one extra after the other, it does what each is for."""

import os
import shutil
import subprocess
import sys
import venv
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.servers import postgresql

ROOT = Path(__file__).parents[1]
OUR_OWN = {"check", "dev", "docs", "test"}

ALONE = """
import coopledger, sys
from coopledger.plan import ramp
assert coopledger.__file__.startswith(sys.prefix), coopledger.__file__
book = coopledger.create_book("hill.db", "hill")
assert coopledger.open_book("hill.db").verify() == []
plan = coopledger.Plan("hill", coopledger.term("2014-01-01", years=3, basis="contribution"), [
    coopledger.Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))])
print(coopledger.project(plan).total)
"""

CONSUMER = '''
"""What an engineer writes, as mypy --strict reads it."""

from datetime import date
from fractions import Fraction

from coopledger import CoopledgerError, Plan, Stream, open_book, payouts, project, step, term, text_table
from coopledger.book import (
    Head,
    Journal,
    Message,
    Proposal,
    Receipt,
    SqlJournal,
    Table,
    TrialBalanceRow,
    View,
    by_record_date,
    die,
    holdings,
    in_turn,
    next_step,
    pay,
    propose,
    receipts,
    runs,
    tables_csv,
    trial_balance,
)
from coopledger.plan import Division, Projection, divide_stream, share_of
from sqlalchemy import Connection


def first_year(rate: str) -> int:
    """In fen."""
    land = Stream("land", rate=step(rate, every=5, by="20%", of="previous"), quantity="1,000 mu")
    projection: Projection = project(Plan("hill", term("2014-01-01", years=40, basis="barren land"), [land]))
    text: str = text_table(payouts(projection))
    assert text
    return projection.stream("land").payments[0].amount or 0


def dividend(book: Journal, fen: int, on: date) -> Head:
    """The head after a dividend was proposed and paid."""
    asked = Proposal("surplus", str(on.year), "land", by_record_date(on), total_fen=fen, tax=Fraction(1, 5))
    steps = in_turn(propose("2025", asked, effective_on=on), pay("2025", effective_on=on))
    with book.read() as view:
        print({number: one.shares for number, one in holdings(view, "land", on).items()})
    return book.append(steps, key="2025", actor="office")[-1].head


def within(book: SqlJournal, host: Connection, on: date) -> int:
    """In the host's own transaction."""
    return book.within(host).append(die("0042", effective_on=on), key="death 1", actor="office")[0].seq


def told(view: View, code: str, on: date) -> tuple[Message, list[Receipt], list[TrialBalanceRow]]:
    """What others hand on."""
    run = runs(view, on)[code]
    return next_step(view, run), receipts(view, run), trial_balance(view, on)


def division(projection: Projection) -> Division:
    """Who gets what."""
    return divide_stream(projection.stream("land"), projection.plan.currency)


def data(tables: list[Table]) -> str:
    """For other programs."""
    return tables_csv(tables, "zh")


try:
    dividend(open_book("hill.db"), 600_00, date(2025, 12, 31))
except CoopledgerError as error:
    print(error.say("zh"))
'''

WRONG = """
from coopledger import open_book, project

project("hill.toml")
open_book(5)
"""

SERVICE = """
import asyncio, threading, time, urllib.request, uvicorn
from service.app import create
server = uvicorn.Server(uvicorn.Config(create(), port=0, log_level="warning"))
thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
thread.start()
while not server.started and thread.is_alive():
    time.sleep(0.05)
port = server.servers[0].sockets[0].getsockname()[1]
print(urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/health").read())
server.should_exit = True
thread.join()
"""


class Environment:
    """A virtual environment that has nothing but what pip brings for the wheel."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder, self._wheel = folder, wheel
        venv.create(folder / "venv", with_pip=True, symlinks=True)
        shutil.copytree(ROOT / "examples" / "service", folder / "service", ignore=shutil.ignore_patterns("__pycache__"))

    def install(self, extra: str = "") -> None:
        wanted = f"coopledger{extra and f'[{extra}]'} @ {self._wheel.as_uri()}"
        done = self.run("-m", "pip", "install", "--quiet", "-c", str(ROOT / "constraints.txt"), wanted)
        if done.returncode and not os.environ.get("CI"):
            pytest.skip(f"pip cannot install here: {done.stderr.strip().splitlines()[-1]}")
        assert done.returncode == 0, done.stderr

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Python's own, without the paths of whoever tests."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(  # noqa: S603 - what it runs stands here
            [str(self.folder / "venv" / "bin" / "python"), *arguments],
            cwd=self.folder,
            env={**own, "LC_ALL": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
            check=False,
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def extras(wheel: Path) -> dict[str, list[str]]:
    """What each extra brings, by the wheel's own word."""
    with ZipFile(wheel) as archive:
        [name] = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        said = message_from_string(archive.read(name).decode())
    needs = [one.partition("; extra == ") for one in said.get_all("Requires-Dist", [])]
    return {
        extra: [need for need, _, of in needs if of.strip("'\"") == extra]
        for extra in said.get_all("Provides-Extra", [])
    }


def test_the_wheel_names_the_extras_of_the_documents_and_all_they_need_is_pinned(extras: dict[str, list[str]]) -> None:
    assert {*extras} - OUR_OWN == {*THINGS}
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    for extra, needs in extras.items():
        for need in needs:
            name = need.partition(">=")[0].partition("[")[0].lower()
            assert name == "coopledger" or f"\n{name}==" in pinned, f"{extra}: {need}"


# ---------------------------------------------------------------- what each is for


def alone(made: Environment, _url: str) -> None:
    done = made.run("-c", ALONE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "6000000\n", "")
    asked = {"excel": ("template", "village.xlsx"), "postgres": ("book", "verify", "postgresql://127.0.0.1:1/none")}
    for extra, arguments in asked.items():
        done = made.run("-m", "coopledger", *arguments)
        assert done.returncode == 1
        assert f"coopledger[{extra}]" in done.stderr
    done = made.run("-c", "import coopledger; coopledger.open_book('postgresql://127.0.0.1:1/none')")
    assert done.stderr.endswith("StoreError: PostgreSQL needs its driver: install coopledger[postgres]\n")


def typed(made: Environment, _url: str) -> None:
    """From the wheel alone: it has py.typed, and what it gives is not Any."""
    (made.folder / "consumer.py").write_text(CONSUMER, encoding="utf-8")
    (made.folder / "wrong.py").write_text(WRONG, encoding="utf-8")
    python = str(made.folder / "venv" / "bin" / "python")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python, "consumer.py", "wrong.py"]
    done = subprocess.run(command, cwd=made.folder, check=False, capture_output=True, text=True)  # noqa: S603
    complaints = [line for line in done.stdout.splitlines() if "error:" in line]
    assert [line.partition(":")[0] for line in complaints] == ["wrong.py", "wrong.py"], done.stdout + done.stderr
    assert all("[arg-type]" in line for line in complaints)


def excel(made: Environment, _url: str) -> None:
    done = made.run("-m", "coopledger", "template", "village.xlsx", "--filled", "--force")
    assert done.returncode == 0, done.stderr
    done = made.run("-m", "coopledger", "book", "import", "village.db", "village.xlsx", "--actor", "office")
    assert done.returncode == 0, done.stderr


def postgres(made: Environment, url: str) -> None:
    made_book = f"from coopledger import create_book; print(create_book({url!r}, 'hill', schema='installed').verify())"
    assert made.run("-c", made_book).stdout == "[]\n"


def paper(made: Environment, _url: str) -> None:
    plan = str(ROOT / "examples" / "laohushan.toml")
    done = made.run("-m", "coopledger", "paper", "projection", plan, "--output", "plan.html")
    assert done.returncode == 0, done.stderr
    assert "<svg" in (made.folder / "plan.html").read_text(encoding="utf-8")


def notebook(made: Environment, _url: str) -> None:
    plan = str(ROOT / "examples" / "laohushan.toml")
    done = made.run("-c", f"from coopledger.plan import *; print(len(to_pandas(project(load_plan({plan!r})))))")
    assert done.stdout == "120\n", done.stderr


def service(made: Environment, url: str) -> None:
    done = made.run("-c", SERVICE, DATABASE_URL=url)
    assert "answers" in done.stdout, done.stderr


THINGS = {"excel": excel, "paper": paper, "notebook": notebook, "postgres": postgres, "service": service}
"""What each extra is for, done once; in the order in which they are installed, one on top of the other."""


def test_in_an_empty_environment_the_wheel_does_what_it_and_each_extra_are_for(wheel: Path, tmp_path: Path) -> None:
    """One test: what takes long is the environment, and two processes of tests would make it twice."""
    made = Environment(tmp_path, wheel)
    made.install()
    with postgresql() as url:
        alone(made, url)
        typed(made, url)
        for extra, thing in THINGS.items():
            made.install(extra)
            thing(made, url)
