"""``coopledger book export``: written whole or not at all, never over what is there, and other programs accept it."""

import json
import os
from pathlib import Path

import frictionless
import pytest
from beancount import loader

from coopledger.files import data_package as package
from coopledger.store.database import open_book
from tests.cli.hill import done, refused, said
from tests.files.test_plain_journal import hledger, with_hledger

BOOKS = ["hill", "old", "coop", "village", "shares", "four", "lease", "goods"]
WHO = ("name", "id", "phone", "card", "address")


@pytest.mark.usefixtures("here", "tell")
@pytest.mark.parametrize("book", BOOKS)
def test_every_book_is_exported_and_accepted(book: str) -> None:
    head = done(f"coopledger book anchor {book}.db").strip()
    seq = head.partition(":")[0]
    for form in ("beancount", "hledger", "datapackage"):
        line = done(f"coopledger book export {book}.db {book}.{form} --as {form}")
        assert line == f"{book}.{form}: the book up to record {seq}; head {head}\n"
    _, errors, _ = loader.load_file(f"{book}.beancount")
    assert errors == []
    report = frictionless.validate(f"{book}.datapackage/datapackage.json")
    assert report.flatten(["type", "message"]) == []
    assert head in Path(f"{book}.beancount").read_text(encoding="utf-8").splitlines()[0]
    assert head in Path(f"{book}.hledger").read_text(encoding="utf-8").splitlines()[0]
    described = json.loads(Path(f"{book}.datapackage/datapackage.json").read_text(encoding="utf-8"))
    assert described["coopledger"]["head"] == head
    files = [*Path(f"{book}.datapackage").iterdir(), Path(f"{book}.beancount"), Path(f"{book}.hledger")]
    with open_book(f"{book}.db").read() as view:
        personal = [row[what] for row in view.personal().values() for what in WHO if what in row]
    assert personal or book != "hill"
    for one in files:
        text = one.read_text(encoding="utf-8")
        assert [seen for seen in personal if seen in text] == []


@with_hledger
@pytest.mark.usefixtures("here", "tell")
@pytest.mark.parametrize("book", BOOKS)
def test_every_book_is_accepted_by_hledger(book: str, tmp_path: Path) -> None:
    done(f"coopledger book export {book}.db {book}.hledger --as hledger")
    checked = hledger(Path(f"{book}.hledger").read_text(encoding="utf-8"), tmp_path, "check", "--strict")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.usefixtures("tell")
def test_what_is_there_already_is_not_overwritten(here: Path) -> None:
    (here / "there.txt").write_text("mine", encoding="utf-8")
    (here / "folder").mkdir()
    before = {*os.listdir(here)}
    for form in ("beancount", "hledger", "datapackage"):
        for target in ("there.txt", "folder", "hill.db"):
            result = said(f"coopledger book export hill.db {target} --as {form}")
            assert result.exit_code == 2
            assert f"{target} is there already: name another, or move it away first\n" in result.stderr
    result = said("coopledger book export hill.db hill.db-wal --as hledger")
    assert (result.exit_code, "would overwrite the book" in result.stderr) == (2, True)
    assert (here / "there.txt").read_text(encoding="utf-8") == "mine"
    assert ({*os.listdir(here)}, os.listdir(here / "folder")) == (before, [])


@pytest.mark.usefixtures("tell")
def test_what_cannot_be_written_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {*os.listdir(here)}
    for form in ("beancount", "datapackage"):
        assert "nowhere/x" in refused(f"coopledger book export hill.db nowhere/x --as {form}")
    monkeypatch.setattr(package, "DESCRIPTOR", "no/such/file.json")
    refused("coopledger book export hill.db package --as datapackage")
    assert {*os.listdir(here)} == before


@pytest.mark.usefixtures("here", "tell")
def test_a_book_is_exported_as_it_was_known() -> None:
    done("coopledger book export hill.db then.beancount --as beancount --known 3")
    text = Path("then.beancount").read_text(encoding="utf-8")
    assert done("coopledger book anchor hill.db --known 3").strip() in text.splitlines()[0]
    assert " balance " not in text
    done("coopledger book export hill.db now.beancount --as beancount")
    assert " balance " in Path("now.beancount").read_text(encoding="utf-8")


@pytest.mark.usefixtures("here", "tell")
def test_for_which_program_must_be_said() -> None:
    assert "--as: it must be given" in said("coopledger book export hill.db x").stderr
    assert (
        "'excel' is not one of 'beancount', 'hledger', 'datapackage'"
        in said("coopledger book export hill.db x --as excel").stderr
    )


@pytest.mark.usefixtures("here", "tell")
def test_the_book_of_the_environment_is_exported() -> None:
    done("coopledger book export hill.hledger --as hledger", COOPLEDGER_BOOK="hill.db")
    assert Path("hill.hledger").is_file()


@pytest.mark.usefixtures("here", "tell")
def test_it_is_said_in_chinese() -> None:
    assert done("coopledger book export hill.db x --as hledger --lang zh").startswith("x：账簿截至第 ")
    assert (
        "x 已存在：请另取名称，或先将其移走" in said("coopledger book export hill.db x --as hledger --lang zh").stderr
    )
