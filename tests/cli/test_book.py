"""``coopledger book``: what is typed, what is recorded, what is refused and how it is said."""

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from coopledger.cli.main import main
from coopledger.core.journal import Head, Record, View
from coopledger.store import database
from coopledger.store.database import engine_of, open_book
from tests.cli.conftest import Tell
from tests.cli.hill import done, refused, said

ISSUE = "issue hill.db land 500 --to 17 --on 2026-02-01"
SALE = "transfer hill.db land 100 --from 17 --to 18 --reason sale --on 2026-02-01"
VOTE = "2026-3,members,2026-03-01,300/240/220/3"
RIGHT = (
    "contribute-right hill.db G3 --holder 18 --class land --shares 1 --from 2026-03-01 --until 2030-12-31 "
    "--right-until 2050-12-31"
)

pytestmark = pytest.mark.usefixtures("tell")


@contextmanager
def reading(book: str = "hill.db") -> Iterator[View]:
    """The book as it stands."""
    engine = engine_of(book)
    with open_book(engine).read() as seen:
        yield seen
    engine.dispose()


def head(book: str = "hill.db") -> Head:
    with reading(book) as seen:
        return seen.head


def last(book: str = "hill.db") -> Record:
    """The last record."""
    with reading(book) as seen:
        return seen.record(seen.head.seq)


def usage(command: str, **environment: str) -> str:
    """What a command that is called wrongly says; nothing is written."""
    before = head() if Path("hill.db").exists() else None
    result = said(command, **environment)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert before is None or head() == before
    return re.split("Error: |错误：", result.stderr, maxsplit=1)[1]


# --- which book --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_the_environment_names_the_book_where_the_command_does_not() -> None:
    assert done("issue land 500 --to 17 --on 2026-02-01", COOPLEDGER_BOOK="hill.db").startswith("record ")
    assert done("verify", COOPLEDGER_BOOK="hill.db").startswith("nothing is wrong")
    assert done("verify old.db", COOPLEDGER_BOOK="hill.db") == done("verify old.db")


@pytest.mark.usefixtures("here")
def test_without_a_book_the_command_says_that_one_must_be_given() -> None:
    assert usage("verify") == "BOOK: it must be given\n"


def test_several_books_in_one_database_are_told_apart_by_name(here: Path) -> None:
    assert done("create hill.db --named shore --name 示例渔村合作社 --law specialised --on 2026-01-01")
    assert refused("anchor hill.db") == (
        "the database holds several books, hill, shore: name the one that is meant (--named)\n"
    )
    assert done("anchor hill.db --named shore").startswith("2:")
    assert int(done("anchor hill.db --named hill").partition(":")[0]) > 2
    assert (here / "hill.db").exists()


@pytest.mark.usefixtures("here")
def test_a_folder_is_no_book_and_a_file_is_no_folder_of_papers() -> None:
    assert refused("register .") == ". is a folder: a book's file is expected\n"
    assert refused("verify hill.db --documents hill.db").splitlines()[0] == "hill.db is a file: a folder is expected"


def test_a_url_is_accepted_where_a_file_is(here: Path) -> None:
    assert done(f"anchor sqlite:///{here}/hill.db") == done("anchor hill.db")
    text = refused("anchor postgresql://clerk:secret@localhost:1/books")
    assert text.startswith("books: it cannot be read: connection failed")
    assert "secret" not in text
    assert text.count("\n") == 1


# --- founding ----------------------------------------------------------------------------------------------------


def test_a_book_that_cannot_be_founded_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "a name of the cooperative is expected" in refused("create hill.db --name '  ' --law collective")
    assert "is not an actor" in refused(["create", "hill.db", "--name", "甲", "--law", "collective", "--actor", "\n"])
    assert refused("create .db --name 甲 --law collective").startswith(".db: a code for the book is expected")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_a_book_is_founded_once() -> None:
    create = "create hill.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2026-01-01"
    before = head()
    assert done(create) == "record 1–3 says the same already: nothing was written\n"
    assert refused(f"{create[:-2]}02") == "this book is founded already: it is 示例村股份经济合作社's\n"
    assert head() == before


def test_a_book_whose_founding_was_cut_off_is_founded_by_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = engine_of("hill.db")
    database.create_book(engine, "hill")
    engine.dispose()
    assert done("create hill.db --name 示例村股份经济合作社 --law collective --on 2026-01-01").startswith("record 1–2")


def test_nothing_is_made_of_a_file_that_is_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hill.db").write_text("a letter that somebody saved under this name, long enough for a header" * 20)
    before = (tmp_path / "hill.db").read_bytes()
    for command in ("create hill.db --name 甲 --law collective", "anchor hill.db", "upgrade hill.db", ISSUE):
        assert refused(command).endswith("the file is no database\n")
    assert (tmp_path / "hill.db").read_bytes() == before


def test_upgrading_says_where_the_tables_are(here: Path) -> None:
    assert re.fullmatch(r"the tables are at revision \w+\n", done("upgrade hill.db"))
    assert refused("upgrade nothing.db") == "nothing.db: there is no such file\n"
    with closing(sqlite3.connect(here / "empty.db")) as other:
        other.execute("CREATE TABLE other (x)")
    assert refused("upgrade empty.db") == "there are no books here: make one with 'coopledger book create'\n"
    assert refused("anchor empty.db") == "there are no books here: make one with 'coopledger book create'\n"
    assert "empty.db holds something else (other)" in refused("create empty.db --name 甲 --law collective")


@pytest.mark.usefixtures("here")
def test_grants_are_printed_and_sqlite_has_no_roles_to_grant_them_to() -> None:
    printed = done("grant postgresql://owner@localhost/books village_app --schema books")
    assert 'GRANT USAGE ON SCHEMA "books" TO "village_app";\n' in printed
    assert all(line.endswith(";") for line in printed.splitlines())
    for how in ("", "--run"):
        assert "PostgreSQL has roles" in refused(f"grant hill.db village_app {how}")
        assert "PostgreSQL has roles" in refused(f"grant sqlite:///hill.db village_app {how}")


# --- days and keys -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_without_a_day_a_record_counts_from_today() -> None:
    done("issue hill.db land 5 --to 17")
    assert (str(last().effective_on), str(last().booked_on)) == ("2026-02-01", "2026-02-01")


@pytest.mark.usefixtures("here")
def test_a_day_in_a_locked_period_is_booked_today_and_a_day_that_is_named_stays() -> None:
    done("issue hill.db land 5 --to 17 --on 2026-01-10")
    assert (str(last().effective_on), str(last().booked_on)) == ("2026-01-10", "2026-02-01")
    assert "the books are closed up to 2026-01-15" in refused(
        "issue hill.db land 6 --to 17 --on 2026-01-10 --booked 2026-01-10"
    )
    done("issue hill.db land 6 --to 17 --on 2026-01-10 --booked 2026-01-20")
    assert str(last().booked_on) == "2026-01-20"


@pytest.mark.usefixtures("here")
def test_the_same_command_again_writes_nothing_and_says_so() -> None:
    done(ISSUE)
    before = head()
    again = f"record {before.seq} says the same already: nothing was written (to record it once more: --again)\n"
    assert done(ISSUE) == again
    assert done(ISSUE.replace("500", "500.0").replace("2026-02-01", "2026年2月1日")) == again
    assert done(f"{ISSUE} --dry-run") == again
    assert head() == before
    assert done(f"{ISSUE} --again").startswith(f"record {before.seq + 1}: issue 500 land")
    assert done(f"{ISSUE} --again").startswith(f"record {before.seq + 2}: issue 500 land")


@pytest.mark.usefixtures("here")
def test_what_was_taken_back_is_recorded_when_it_is_said_once_more() -> None:
    done(ISSUE)
    first = last().seq
    done(f"reverse hill.db {first} --on 2026-02-01")
    assert done(f"{ISSUE} --dry-run").startswith("what would be recorded")
    assert done(ISSUE).startswith(f"record {first + 2}: issue 500 land")
    assert f"record {first + 2} says the same already" in done(ISSUE)
    assert f"record {first + 1} says the same already" in done(f"reverse hill.db {first} --on 2026-02-01")
    done(f"reverse hill.db {first + 2} --on 2026-02-01")
    assert done(f"{ISSUE} --actor 会计乙").startswith(f"record {first + 4}: issue 500 land")
    assert "says the same already, by 会计乙" in refused(f"{ISSUE} --actor 会计丙")
    assert done("verify hill.db").startswith("nothing is wrong")


@pytest.mark.usefixtures("here")
def test_what_its_counterpart_undid_is_recorded_when_it_is_said_once_more() -> None:
    freeze = "freeze hill.db land 50 --holder 17 --reason court-order --on 2026-02-01"
    unfreeze = "unfreeze hill.db land 50 --holder 17 --reason settlement --on 2026-02-01"
    notice, stays = (f"{one} coop.db 0042 --on 2023-02-02" for one in ("notice", "withdraw-notice"))
    for one, other in ((freeze, unfreeze), (notice, stays)):
        for command in (one, other, one, other, one):
            assert done(command).startswith("record "), command
            assert "says the same already" in done(command)
    done("freeze hill.db land 90 --holder 17 --reason dispute --on 2026-02-01")
    done("unfreeze hill.db land 40 --holder 17 --reason settlement --on 2026-02-01")
    assert "says the same already" in done("freeze hill.db land 90 --holder 17 --reason dispute --on 2026-02-01")


@pytest.mark.usefixtures("here")
def test_a_reversal_that_is_refused_says_first_what_is_done_instead() -> None:
    done(ISSUE)
    first = last().seq
    done("transfer hill.db land 950 --from 17 --to 18 --reason gift --on 2026-02-01")
    assert refused(f"reverse hill.db {first} --on 2026-02-01") == (
        f"record {first}: what it gave was moved on, or tied, by record {first + 1}: take that back first\n"
    )
    done("member hill.db 0071 --on 2026-02-01")
    admitted = last().seq
    assert refused(f"reverse hill.db {admitted} --on 2026-02-01").startswith(
        f"record {admitted} (members changed) is not taken back by a reversal: who was admitted by mistake leaves"
    )


@pytest.mark.usefixtures("here")
def test_a_household_that_its_people_move_out_of_passes_its_shares_first_and_nobody_leaves() -> None:
    done("issue hill.db land 10 --to 19 --on 2026-02-01")
    text = refused("household merge hill.db 19 --into 18 --on 2026-02-01")
    assert text.startswith("household 19 holds land on 2026-02-01 or later, and nobody would live in it: transfer it")
    assert "leaves" not in text
    done("transfer hill.db land all --from 19 --to 18 --reason merger --on 2026-02-01")
    done("household merge hill.db 19 --into 18 --on 2026-02-01")


@pytest.mark.usefixtures("here")
def test_who_left_comes_back_by_a_change_and_not_by_an_admission() -> None:
    done("member hill.db 0071 --on 2026-02-01")
    assert "is the number of a member already" in refused("member hill.db 0071 --reason birth --on 2026-02-01")
    done("leave hill.db 0071 --reason moved-out --on 2026-02-02")
    text = refused("member hill.db 0071 --reason birth --on 2026-02-03")
    assert "'book change-member 0071 --standing member'" in text
    done("change-member hill.db 0071 --standing member --reason 迁回 --on 2026-02-03")


@pytest.mark.usefixtures("here")
def test_an_account_names_the_creditors_of_what_is_pledged_and_the_household_that_holds() -> None:
    done("pledge hill.db land 20 --holder 18 --creditor 示例银行 --on 2026-02-01")
    first = last().seq
    text = done("account hill.db 18 --until 2026-02-01")
    assert "land: 100 shares are pledged; 80 were to 示例信用社, record " in text
    assert f"20 were to 示例银行, record {first}" in text
    done("release hill.db land 100 --holder 18 --on 2026-02-02")
    assert "pledged;" not in done("account hill.db 18 --until 2026-02-02")
    done(f"reverse hill.db {first + 1} --on 2026-02-02")
    assert "land: 100 shares are pledged; 80 were" in done("account hill.db 18 --until 2026-02-02")
    home = "shares are held by household 17: ask for its account"
    assert home in done("account hill.db 0041 --until 2026-02-01")
    assert home not in done("account hill.db 17 --until 2026-02-01") + done("account hill.db 0042 --until 2026-02-01")
    assert "a number of shares above 0 is expected" in usage("release hill.db land all --holder 18 --on 2026-02-02")


@pytest.mark.usefixtures("here")
def test_the_same_command_is_a_repetition_also_when_its_period_was_locked_in_the_meantime(tell: Tell) -> None:
    done(ISSUE)
    late = "issue hill.db land 5 --to 17 --on 2026-01-10"
    done(late)
    done("lock hill.db 2026-02-10 --on 2026-02-10")
    tell("2026-02-20 09:00")
    before = head()
    assert "says the same already" in done(ISSUE)
    assert "says the same already" in done(late)
    assert head() == before


@pytest.mark.usefixtures("here")
def test_a_key_of_ones_own_tells_commands_apart_that_say_the_same() -> None:
    done(f"{ISSUE} --key 收据1")
    assert last().key == "收据1"
    assert done(f"{ISSUE} --key 收据2").startswith("record ")
    assert "stands in record" in refused(f"{SALE} --key 收据1")


@pytest.mark.usefixtures("here")
def test_somebody_else_is_told_that_it_was_recorded() -> None:
    done(f"{ISSUE} --actor 会计甲")
    before = head()
    assert "says the same already, by 会计甲: nothing was written" in refused(f"{ISSUE} --actor 会计乙")
    assert head() == before


def test_a_key_says_nothing_about_personal_data(here: Path) -> None:
    """The key stays in the chain for ever; a name that is erased could be guessed from a fingerprint of it."""
    keys = set()
    for name in ("成员甲", "成员乙"):
        for file in here.glob("one.db*"):
            file.unlink()
        done("create one.db --name 示例村合作社 --law collective --on 2026-01-01")
        done(f"member one.db 0042 --name {name} --on 2026-01-01")
        keys.add(last("one.db").key)
    assert len(keys) == 1
    assert "the key" in refused("member one.db 0042 --name 成员丙 --on 2026-01-01")


@pytest.mark.usefixtures("here")
def test_personal_data_that_stands_already_is_not_written_again() -> None:
    assert done("personal hill.db 0042 --phone 13800000000 --on 2026-02-01").startswith("record ")
    assert done("personal hill.db 0042 --phone 13800000000 --on 2026-02-01") == "there is nothing to record\n"
    assert done("personal hill.db 0042 --phone 13800000001 --on 2026-02-01").startswith("record ")
    assert done("personal hill.db 0042 --phone 13800000000 --on 2026-02-01").startswith("record ")


@pytest.mark.usefixtures("here")
def test_a_lock_is_recorded_again_after_the_books_were_reopened() -> None:
    done("lock hill.db 2026-01-31")
    assert done("lock hill.db 2026-01-31") == "there is nothing to record\n"
    done("reopen hill.db 2025-12-31 --reason 调整")
    assert done("lock hill.db 2026-01-31").startswith("record ")
    assert "a day after 2026-01-31 is expected" in refused("lock hill.db 2026-01-30")


@pytest.mark.usefixtures("here")
def test_a_day_that_is_still_to_come_is_locked_on_purpose_only() -> None:
    before = head()
    for day in ("2026-02-02", "2062-01-31", "2999-12-31"):
        assert refused(f"lock hill.db {day}") == (
            f"{day} is still to come, today is 2026-02-01: to close the books up to it all the same, say --on {day}\n"
        )
    assert head() == before
    assert done("lock hill.db 2026-02-01").startswith("record ")
    assert done("lock hill.db 2026-02-28 --on 2026-03-01").startswith("record ")


@pytest.mark.usefixtures("here")
def test_reopening_names_the_last_day_that_stays_closed() -> None:
    done("lock hill.db 2026-01-31")
    assert refused("reopen hill.db 2026-01-31 --reason 调整") == (
        "the books are closed up to 2026-01-31 and would stay so: the last day that stays closed is expected\n"
    )
    assert done("reopen hill.db 2025-12-31 --reason 调整").startswith("record ")
    assert done("reopen hill.db 2025-12-31 --reason 调整") == "there is nothing to record\n"


# --- dry runs ----------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_postings_and_vouchers_and_writes_nothing(here: Path) -> None:
    before = head()
    files = {file.name: file.read_bytes() for file in here.glob("hill.db")}
    text = done("issue hill.db cash 1万 --to 0041 --against bank --on 2026-02-01 --dry-run")
    assert text.splitlines()[-1] == "a dry run: nothing was written"
    assert re.search(r"issue +2026-02-01 +2026-02-01 +unissued +holder/0041 +10,000 +cash", text)
    assert re.search(r"102 +bank deposits +10,000\.00\n", text)
    chinese = done("issue hill.db cash 1万 --to 0041 --against bank --on 2026-02-01 --dry-run --lang zh")
    assert re.search(r"301 +资本 +10,000\.00\n", chinese)
    assert head() == before
    assert {file.name: file.read_bytes() for file in here.glob("hill.db")} == files


@pytest.mark.usefixtures("here")
def test_a_dry_run_refuses_what_would_be_refused_in_earnest() -> None:
    for command in (
        "transfer hill.db land 5000 --from 17 --to 18 --reason sale --on 2026-02-01",
        "issue hill.db land 5 --to 17 --on 2026-01-01 --booked 2026-01-01",
        "reverse hill.db 1",
        "issue hill.db forest 1 --to 99",
    ):
        assert refused(f"{command} --dry-run") == refused(command)


# --- values ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("shares", ["5000", "5,000", "0.5万", "５０００", "5000股", "5 thousand"])
def test_shares_are_read_as_people_write_them(shares: str) -> None:
    result = said(["issue", "hill.db", "land", shares, "--to", "17", "--on", "2026-02-01"])
    assert result.exit_code == 0, result.output
    assert last().postings[0].quantity == 5000


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--on 2026-02-30", "--on: '2026-02-30' is no day: write 2026-03-01 or 2026年3月1日"),
        ("--on 20260201", "--on: '20260201' is no day: write 2026-03-01 or 2026年3月1日"),
        ("--on 3000-01-02", "--on: '3000-01-02': a day from 1900-01-01 to 2999-12-31 is expected"),
        ("--on 1899-12-31", "--on: '1899-12-31': a day from 1900-01-01 to 2999-12-31 is expected"),
        ("--booked 1.2.2026", "--booked: '1.2.2026' is no day: write 2026-03-01 or 2026年3月1日"),
        (
            "--amount 12.345",
            "--amount: '12.345': an amount of yuan above 0, to the fen, is expected: 1200, 12.50, 1万元",
        ),
        ("--amount 5亩", "--amount: '5亩': an amount of yuan above 0, to the fen, is expected: 1200, 12.50, 1万元"),
        (
            "--reason gift",
            "--reason: 'gift': one of contribution, quantification, subscription, bonus, donation, ruling, ",
        ),
        ("--document none.pdf", "--document: document none.pdf: it cannot be read: No such file or directory"),
        ("--resolution 2026-3", "--resolution: '2026-3': NUMBER,MEETING,DAY,ENTITLED/PRESENT/FOR/AGAINST is expected"),
        ("--resolution 1,members,2026-3,3/2/1", "--resolution: '2026-3' is no day"),
        (
            f"--resolution 1,members,2026-01-01,{'9' * 5000}/2/1",
            "--resolution: '1,members,2026-01-01,999",
        ),
        ("--booked", "Option '--booked' requires an argument."),
        ("--colour red", "No such option"),
    ],
)
def test_a_bad_value_says_what_was_seen_and_what_is_accepted(option: str, message: str) -> None:
    assert usage(f"issue hill.db land 5 --to 17 {option}").startswith(message)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("shares", ["0", "-5", "5%", "5亩", "nan", "1e3", "1e999", "5_000", "九", "", "9" * 90])
def test_what_is_no_number_of_shares_is_refused(shares: str) -> None:
    before = head()
    result = said(["issue", "hill.db", "land", "--to", "17", "--", shares])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "SHARES: " in result.stderr
    assert head() == before


@pytest.mark.usefixtures("here")
def test_all_wrong_values_are_said_at_once_in_the_readers_language() -> None:
    text = usage("transfer hill.db land 一些 --on 2026-02-30 --reason 送", LC_ALL="zh_CN.UTF-8")
    assert sorted(text.splitlines()) == [
        "--holder: 必须写明",
        "--on: '2026-02-30' 不是日期：请写成 2026-03-01 或 2026年3月1日",
        (
            "--reason: '送'：应为 出售（sale）、赠与（gift）、继承（inheritance）、分户（household-division）、"
            "并户（merger）、法院裁定（court-order）、更正（correction） 之一"
        ),
        "--to: 必须写明",
        "股数: '一些' 不是数量：应写成例如 16万元、160 元/亩、20%、10,000",
    ]


@pytest.mark.usefixtures("here")
def test_a_share_is_counted_in_the_smallest_part_of_its_class() -> None:
    done("class hill.db years --preset labour --on 2026-02-01")
    done("issue hill.db years 2.5 --to 0042 --reason quantification --on 2026-02-01")
    assert last().postings[0].quantity == 250
    assert "2.505 shares of years: at most 2 decimals" in refused("issue hill.db years 2.505 --to 0042 --on 2026-02-01")


@pytest.mark.usefixtures("here")
def test_a_cap_is_a_part_or_a_number_of_shares() -> None:
    done("class hill.db years --preset labour --cap 3% --on 2026-02-01")
    assert last().facts["set"]["cap"] == "3/100"
    done("change-class hill.db years --cap 2.5 --reason charter --on 2026-02-02")
    assert last().facts["set"] == {"cap": 250}
    assert refused("change-class hill.db years --reason charter") == "nothing is changed: name at least one right\n"


# --- papers ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_a_document_is_cited_by_name_pages_and_fingerprint() -> None:
    done(f"{SALE} --document 合同.pdf:1-3 --document ./合同.pdf")
    digest = hashlib.sha256(b"a contract").hexdigest()
    assert last().facts["documents"] == [
        {"name": "合同.pdf", "sha256": digest, "pages": "1-3"},
        {"name": "合同.pdf", "sha256": digest},
    ]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("pages", ["x", "0", "1-" + "9" * 5000])
def test_pages_that_no_voucher_could_count_are_refused(pages: str) -> None:
    assert "page numbers from 1 on are expected, such as 7 or 1-3,7" in refused(f"{SALE} --document 合同.pdf:{pages}")
    done(f"{SALE} --document 合同.pdf:１－３，7")
    assert last().facts["documents"][0]["pages"] == "1-3,7"


def test_a_document_whose_name_has_a_colon_is_that_file(here: Path) -> None:
    (here / "a:1").write_bytes(b"one")
    (here / "a").write_bytes(b"other")
    done(f"{SALE} --document a:1")
    assert last().facts["documents"] == [{"name": "a:1", "sha256": hashlib.sha256(b"one").hexdigest()}]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("seen", [VOTE, VOTE.replace(",", "，"), VOTE.replace("2026-03-01", "2026年3月1日")])
def test_a_resolution_is_cited_with_its_votes(seen: str) -> None:
    assert "is not taken yet on 2026-02-01" in refused(f"{SALE} --resolution {seen}")
    assert "(--booked)" in refused(f"{SALE} --resolution {seen}")
    done(f"{SALE} --resolution {seen} --booked 2026-03-01")
    assert last().facts["resolution"] == {
        "number": "2026-3",
        "meeting": "members",
        "day": "2026-03-01",
        "entitled": 300,
        "present": 240,
        "votes_for": 220,
        "votes_against": 3,
    }


@pytest.mark.usefixtures("here")
def test_votes_that_do_not_add_up_are_refused() -> None:
    assert "no more votes than are present" in refused(f"{SALE} --resolution 1,members,2026-03-01,300/240/240/3")


def test_verify_finds_what_is_missing_changed_renamed_or_uncited_among_the_documents(here: Path) -> None:
    papers = here / "papers"
    (papers / "2026").mkdir(parents=True)
    for name in ("one.pdf", "two.pdf", "three.pdf", "four.pdf"):
        (papers / name).write_text(name)
        done(f"issue hill.db land 5 --to 17 --on 2026-02-01 --document papers/{name}")
    seq = head().seq
    assert said("verify hill.db --documents papers").exit_code == 0
    (papers / "one.pdf").rename(papers / "2026" / "one.pdf")  # in a subfolder it is still found
    (papers / "two.pdf").unlink()
    (papers / "three.pdf").write_text("forged")
    (papers / "four.pdf").rename(papers / "4.pdf")
    (papers / "five.pdf").write_text("five")
    (papers / ".hidden").write_text("nothing")
    result = said("verify hill.db --documents papers")
    assert (result.exit_code, result.stdout) == (3, "")
    due, seen = (hashlib.sha256(text).hexdigest()[:16] for text in (b"three.pdf", b"forged"))
    assert result.stderr.splitlines() == [
        f"record {seq - 2}: two.pdf: it is not in the folder",
        f"record {seq - 1}: three.pdf: it was changed: SHA-256 {seen}… is there, {due}… was cited",
        f"record {seq}: four.pdf: it is there under another name, 4.pdf",
        "five.pdf: no record cites it",
        "problems found: 4",
    ]
    assert refused("verify hill.db --documents nowhere").splitlines()[0] == "nowhere: there is no such folder"


def test_a_books_own_files_among_the_documents_are_none(here: Path) -> None:
    (here / "link.db").symlink_to("hill.db")
    result = said("verify link.db --documents .")
    found = [line.partition(":")[0] for line in result.stderr.splitlines()]
    assert "hill.db" not in found
    assert {"old.db", "coop.db", "合同.pdf"} <= {*found}  # another book's are


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("question", ["register hill.db", "journal hill.db", "anchor hill.db"])
def test_who_asks_what_was_known_before_the_first_record_is_told_when_that_was_written(question: str) -> None:
    said_first = "nothing was known at 2020-03-01 12:00:00+00:00: the first record was written at 2026-01-31"
    assert refused(f"{question} --known 2020-03-01T12:00").startswith(said_first)
    assert refused("register hill.db --on 2025-12-31").startswith(
        "the book is not founded on 2025-12-31, but on 2026-01-01: ask as of that day or later"
    )


@pytest.mark.usefixtures("here")
def test_a_change_of_the_charter_that_says_nothing_is_refused() -> None:
    vote = "--resolution 2026-2,members,2026-02-01,300/240/220/3 --on 2026-02-01"
    assert refused(f"charter hill.db {vote}") == ("nothing is changed: the charter says so on 2026-02-01 already\n")
    assert "charter" in done(f"charter hill.db --notice-months 3 {vote}")


# --- people ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_who_the_members_and_the_households_are() -> None:
    text = done("members hill.db --on 2026-02-01")
    assert "示例村股份经济合作社: roster of members" in text
    assert "0041    成员甲  person" in text
    assert "17         0041  成员甲       3  0041, 0042, 0043" in text
    [people, homes] = json.loads(done("members hill.db --on 2026-02-01 --known 8 --format json"))["tables"]
    assert ([row[0] for row in people["rows"]], homes["rows"][0][3]) == (["0041"], "1")


@pytest.mark.usefixtures("here")
def test_a_head_changes_for_a_reason() -> None:
    assert "change head, 17" in done("household head hill.db 17 --head 0042 --reason incapacity --on 2026-02-01")
    with reading() as seen:
        assert [*seen.records("member")][-1].facts["reason"] == "incapacity"
    assert "already: there is nothing to record" in refused("household head hill.db 17 --head 0042 --on 2026-02-02")
    assert "already: there is nothing to record" in refused(
        "household move hill.db 0042 --to 17 --reason marriage --on 2026-02-02"
    )


@pytest.mark.usefixtures("here")
def test_where_nothing_personal_is_there_is_nothing_to_erase() -> None:
    assert (
        refused("erase hill.db 0051 --reason 本人要求 --yes")
        == "0051 has no personal data: there is nothing to erase\n"
    )
    done("erase hill.db 0042 --reason 本人要求 --yes --on 2026-02-01")
    assert "says the same already" in done("erase hill.db 0042 --reason 本人要求 --yes --on 2026-02-02")
    assert "0042, erased: history" in done("history hill.db 0042")


@pytest.mark.usefixtures("here")
def test_an_id_number_is_no_members_number() -> None:
    text = refused("member hill.db 999999198001310014 --household 17 --on 2026-02-01")
    assert text.startswith("999999**********14 is an ID number: a member's number stands in the records for good")


@pytest.mark.usefixtures("here")
def test_an_id_number_is_checked_and_printed_masked() -> None:
    number = "999999198001310014"
    text = done(f"member hill.db 0044 --name 成员丁 --id {number} --household 17 --on 2026-02-01")
    assert "999999**********14" in text
    assert number not in text
    with reading() as seen:
        assert seen.personal(["m/0044"])["m/0044"] == {"name": "成员丁", "id": number, "birth": "1980-01-31"}
    wrong = refused("member hill.db 0045 --id 999999198001310015 --household 17 --on 2026-02-01")
    assert wrong == "999999**********15: its check digit or its date is wrong: a digit is mistyped\n"
    assert "one of them is wrong" in refused(
        "member hill.db 0045 --id 999999198001310014 --birth 1980-02-01 --household 17 --on 2026-02-01"
    )


@pytest.mark.usefixtures("here")
def test_erasing_asks_first_and_leaves_a_sound_book() -> None:
    before = head()
    result = said("erase hill.db 0042 --reason 本人要求 --on 2026-02-01", answer="n\n")
    assert result.exit_code == 1
    assert "personal data of 0042: name" in result.output
    assert "Erase it for good? [y/N]" in result.output
    assert said("erase hill.db 0042 --reason 本人要求 --on 2026-02-01").exit_code == 1  # nobody answers
    assert "nothing was written" in done("erase hill.db 0042 --reason 本人要求 --on 2026-02-01 --dry-run")
    assert head() == before
    result = said("erase hill.db 0042 --reason 本人要求 --on 2026-02-01", answer="y\n")
    assert result.exit_code == 0
    assert last().kind == "erasure"
    with reading() as seen:
        assert seen.personal(["m/0042"]) == {}
    assert done("verify hill.db").startswith("nothing is wrong")
    assert "says the same already" in done("erase hill.db 0042 --reason 本人要求 --on 2026-02-01 --yes")
    assert refused("erase hill.db 99 --reason 本人要求 --yes").startswith("99 is not in the register on 2026-02-01")


# --- verification ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_an_anchor_that_was_printed_is_what_verify_takes() -> None:
    anchor = done("anchor hill.db").strip()
    done(ISSUE)
    assert done("anchor hill.db").strip() != anchor
    assert done(f"anchor hill.db --known {anchor.partition(':')[0]}").strip() == anchor
    assert done(f"verify hill.db --anchor {anchor}").startswith("nothing is wrong")
    other = anchor[:-1] + ("0" if anchor[-1] != "0" else "1")
    result = said(f"verify hill.db --anchor {other}")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines()[-1] == "problems found: 1"
    assert "--anchor: '12:ab'" in usage("verify hill.db --anchor 12:ab")
    assert "the book has the records 1 to" in refused("anchor hill.db --known 9999")


def test_verify_names_every_record_that_was_changed(here: Path) -> None:
    with closing(sqlite3.connect(here / "hill.db")) as connection:
        for [trigger] in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE coopledger_posting SET quantity = 501 WHERE seq = 10 AND line = 0")
        connection.commit()
    result = said("verify hill.db")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "record 10: its content is not what was hashed" in result.stderr
    chinese = said("verify hill.db --lang zh").stderr
    assert "第 10 条记录: " in chinese
    assert "触发器 coopledger_posting_sealed: " in chinese
    assert not re.search("record|trigger", re.sub("coopledger_[a-z_]+", "", chinese))


def test_a_damaged_file_is_told_of_in_lines_not_in_a_traceback(here: Path) -> None:
    data = bytearray((here / "hill.db").read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    (here / "hill.db").write_bytes(data)
    for command in ("verify hill.db", "anchor hill.db", ISSUE):
        result = said(command)
        assert result.exit_code in ({1, 3} if command.startswith("verify") else {1})
        assert result.stdout == ""
        assert "Traceback" not in result.stderr


# --- the database, the clock -------------------------------------------------------------------------------------


def test_a_database_that_somebody_else_is_writing_to_is_said_in_one_line(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0)
    before = head()
    with closing(sqlite3.connect(here / "hill.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert refused(ISSUE) == "hill.db: somebody else is writing to it, try again\n"
        assert refused(f"{ISSUE} --lang zh") == "hill.db：他人正在写入，请稍后再试\n"
    assert head() == before


def test_a_file_without_a_write_ahead_log_is_written_to(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others have it open, the log cannot be had; then a commit waits for every reader, our own included."""
    monkeypatch.setattr(database, "_WAIT_SECONDS", 1)
    monkeypatch.setattr(database, "_keep_a_log", lambda _: None)
    done("create plain.db --name 示例村合作社 --law collective --on 2026-01-01")
    done("class plain.db land --preset land --on 2026-01-01")
    done("member plain.db 0041 --name 成员甲 --household 17 --head --on 2026-01-01")
    late = "issue plain.db land 5 --to 17 --on 2026-01-10"
    assert done(f"{late} --dry-run").endswith("a dry run: nothing was written\n")
    assert done(late).startswith("record ")
    assert "says the same already" in done(late)
    assert "says the same already" in done(f"{late} --dry-run")
    done("lock plain.db 2026-01-31")
    done("reverse plain.db 6")
    done("erase plain.db 0041 --reason 本人要求 --yes")
    assert done("verify plain.db").startswith("nothing is wrong")
    with closing(sqlite3.connect(here / "plain.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_database_that_may_only_be_read_is_said_in_one_line(here: Path) -> None:
    url = f"sqlite:///file:{here}/hill.db?mode=ro&uri=true"
    assert refused(f"issue '{url}' land 500 --to 17 --on 2026-02-01") == (
        f"{url}: it cannot be written to: the file or its folder is read-only\n"
    )
    assert done(f"anchor '{url}'") == done("anchor hill.db")


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    text = refused(f"create {tmp_path}/no/hill.db --name 甲 --law collective")
    assert text == f"{tmp_path}/no/hill.db: it cannot be read: the file cannot be opened, or its folder is not there\n"


@pytest.mark.usefixtures("here")
def test_a_clock_far_ahead_is_refused_until_it_is_confirmed(tell: Tell) -> None:
    tell("2026-06-01 09:00")
    text = refused("issue hill.db land 5 --to 17")
    assert "days ahead of the last record: confirm it if it is right" in text
    assert "--confirm-clock" in text
    assert done("issue hill.db land 5 --to 17 --confirm-clock").startswith("record ")


@pytest.mark.usefixtures("here")
def test_after_a_clock_in_the_far_future_a_clock_record_goes_on(tell: Tell) -> None:
    tell("2035-01-01 09:00")
    done("issue hill.db land 5 --to 17 --confirm-clock --on 2026-02-01")
    tell("2026-02-02 09:00")
    assert "set it right" in refused("issue hill.db land 6 --to 17")
    done("clock hill.db --reason 电脑时间曾误调")
    assert done("issue hill.db land 6 --to 17").startswith("record ")
    assert done("verify hill.db").startswith("nothing is wrong")


@pytest.mark.usefixtures("here")
def test_control_characters_do_nothing_to_the_terminal() -> None:
    result = said(["issue", "hill.db", "land\x1b[2J", "5", "--to", "17", "--on", "2026-02-01"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "\x1b" not in result.stderr
    result = said(["personal", "hill.db", "0042", "--name", "甲\x1b[2J", "--on", "2026-02-01"])
    assert "\x1b" not in result.output


# --- reaching the verbs ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_an_account_is_named_by_its_purpose_or_by_its_code() -> None:
    done("issue hill.db cash 5 --to 0042 --against c2023:101 --reason subscription --on 2026-02-01")
    assert last().postings[1].target == "c2023:101"
    done("issue hill.db cash 6 --to 0042 --against cash --amount 7 --premium capital-surplus --on 2026-02-01")
    assert [(one.source, one.target, one.quantity) for one in last().postings[1:]] == [
        ("c2023:301", "c2023:101", 600),
        ("c2023:311/premium", "c2023:101", 100),
    ]
    unknown = refused("issue hill.db cash 8 --to 0042 --against till --on 2026-02-01")
    assert unknown.startswith(
        "till: the chart c2023 has no account of this name, code or purpose: a name or a code of it (102), or one of "
    )
    assert "amortisation-expense, bank, capital-surplus, cash," in unknown
    in_chinese = refused("issue hill.db cash 8 --to 0042 --against 小金库 --on 2026-02-01 --lang zh")
    assert "银行存款（bank）、capital-surplus、库存现金（cash）、" in in_chinese


@pytest.mark.usefixtures("here")
def test_an_account_is_named_as_the_chart_in_force_calls_it_in_either_language() -> None:
    for named, account in (
        ("银行存款", "c2023:102"),
        ("库存现金", "c2023:101"),
        ("现金", "c2023:101"),
        ("'bank deposits'", "c2023:102"),
        ("cash-in-hand", "c2023:101"),
        ("short-term-investments", "c2023:111"),
        ("银行存款/信用社", "c2023:102/信用社"),
    ):
        done(f"issue hill.db cash 8 --to 0042 --against {named} --reason subscription --on 2026-02-01 --again")
        assert last().postings[1].target == account
    done("issue old.db cash 8 --to 0042 --against 现金 --on 2018-01-01")
    assert last("old.db").postings[1].target == "c2004:101"
    assert "no account of this name" in refused("issue hill.db cash 8 --to 0042 --against 现金流 --on 2026-02-01")
    done("class hill.db tea --preset cash --capital 资本 --on 2026-02-01")
    done("redeem hill.db shop 1 --from 0051 --against 银行存款 --reason buy-back --on 2026-02-01")
    done("invest hill.db base 3 --given 固定资产=3 --reason 共建 --on 2026-02-01")
    done("fund spend hill.db dam 6 --asset 固定资产 --reason 水渠 --paid-from 银行存款 --on 2026-02-01")
    assert last().postings[0].target == "c2023:151"
    done("fund donation hill.db school 6 --into 现金 --reason 捐建 --on 2026-02-01")
    assert last().postings[0].target == "c2023:101"
    done("fund receive hill.db roads 6 --into 现金 --source 甲 --purpose 乙 --rule 丙 --on 2026-02-01")
    assert last().postings[0].target == "c2023:101"
    assert refused("fund spend hill.db dam 6 --asset 在建工程 --reason 水渠 --on 2026-02-01").startswith(
        "在建工程 has no purpose in the chart c2023: one of amortisation, "
    )


@pytest.mark.usefixtures("here")
def test_the_same_command_is_one_under_every_name_of_an_account() -> None:
    for command, names in (
        ("issue hill.db cash 1 --to 0042 --on 2026-02-01 --against {}", ("bank", "102", "c2023:102", "银行存款")),
        ("invest hill.db base 3 --reason 共建 --on 2026-02-01 --given {}=3", ("151", "fixed-asset", "固定资产")),
        ("class hill.db tea --preset cash --on 2026-02-01 --capital {}", ("share-capital", "301", "资本")),
    ):
        done(command.format(names[0]))
        before = head()
        for named in names[1:]:
            assert "says the same already" in done(command.format(named))
        assert head() == before
    done("issue hill.db cash 1 --to 0042 --on 2026-02-01 --against cash")
    done("lock hill.db 2026-02-10 --on 2026-02-10")
    assert "says the same already" in done("issue hill.db cash 1 --to 0042 --on 2026-02-01 --against 101")


@pytest.mark.usefixtures("here")
def test_an_account_is_named_by_its_purpose_or_its_code_with_the_chart_or_without() -> None:
    for named in ("bank", "102", "c2023:102"):
        done(f"issue hill.db cash 8 --to 0042 --against {named} --on 2026-02-01 --again")
        assert {posting.target for posting in last().postings if posting.denomination == "CNY"} == {"c2023:102"}
    done("issue hill.db cash 8 --to 0042 --against 101/till --amount 9 --premium 321 --on 2026-02-01")
    money = {(one.source, one.target) for one in last().postings if one.denomination == "CNY"}
    assert money == {("c2023:301", "c2023:101/till"), ("c2023:321", "c2023:101/till")}
    for number, named in enumerate(("share-capital", "301", "c2023:301")):
        done(f"class hill.db new{number} --preset cash --capital - --earns subscribed --on 2026-02-01")
        done(f"change-class hill.db new{number} --capital {named} --reason charter --on 2026-02-02")
        assert last().facts["set"]["capital"] == "c2023:301"


@pytest.mark.usefixtures("here")
def test_words_of_two_parts_are_accepted_with_a_hyphen_and_with_a_space() -> None:
    done("freeze hill.db land 5 --holder 17 --reason court-order --on 2026-02-01")
    assert last().facts["reason"] == "court order"
    done("freeze hill.db land 6 --holder 17 --reason 'court order' --on 2026-02-01")
    assert last().facts["reason"] == "court order"


@pytest.mark.usefixtures("here")
def test_a_valued_contribution_gets_its_shares_and_its_voucher() -> None:
    done(
        "contribute-right hill.db G3 --holder 0042 --class shop --right forest --area 3.37亩 --parcel 1 --parcel 2 "
        "--contract 林权证3 --from 2026-03-01 --until 2036-02-29 --right-until 2057-12-31 --value 5000元 "
        "--valued-by members --price 10 --resolution " + VOTE + " --on 2026-03-01"
    )
    money = [one for one in last().postings if one.denomination == "CNY"]
    assert [(one.source, one.target, one.quantity) for one in money] == [("c2023:301", "c2023:161/G3", 500000)]
    assert last().postings[0].quantity == 500
    assert last().facts["contribution"]["right"]["area_mu"] == "337/100"
    assert "--valued-by" in refused(
        "contribute-right hill.db G4 --holder 0042 --class shop --right forest --from 2026-03-01 --until 2036-02-29 "
        "--right-until 2057-12-31 --value 5000元 --price 10 --on 2026-03-01"
    )


# --- questions ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_the_journal_as_json_has_no_binary_floating_point() -> None:
    def refuse(seen: str) -> float:
        raise AssertionError(seen)

    document = json.loads(done("journal hill.db --format json"), parse_float=refuse)
    assert document["schema"] == "coopledger.tables/1"
    assert len(document["tables"][0]["rows"]) == head().seq


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "question",
    [
        "register hill.db",
        "account hill.db 0042",
        "classes hill.db",
        "composition hill.db",
        "movements hill.db",
        "contributions hill.db",
        "trial-balance hill.db",
        "vouchers hill.db",
        "journal hill.db",
    ],
)
def test_every_question_is_answered_in_three_formats_and_two_languages(question: str, here: Path) -> None:
    seen = {
        (form, language): done(f"{question} --format {form} --lang {language}")
        for form in ("table", "csv", "json")
        for language in ("en", "zh")
    }
    assert len({*seen.values()}) == 6
    document = json.loads(seen["json", "zh"], parse_float=pytest.fail)
    for table in document["tables"]:
        assert {len(row) for row in table["rows"]} <= {len(table["columns"])}
        for row in table["rows"]:
            numbers = [cell for cell, column in zip(row, table["columns"], strict=True) if column["number"] and cell]
            assert not any("," in cell for cell in numbers)
    assert done(f"{question} --output answer.txt --lang zh") == ""
    assert (here / "answer.txt").read_text(encoding="utf-8") == seen["table", "zh"]


@pytest.mark.parametrize(
    ("book", "output"),
    [
        ("hill.db", "./hill.db"),
        ("hill.db", "hill.db-wal"),
        ("hill.db", "hill.db-shm"),
        ("hill.db", "hill.db-journal"),
        ("hill.db", "other-name.db"),
        ("other-name.db", "hill.db"),
        ("linked.db", "hill.db"),
        ("linked.db", "hill.db-wal"),
        ("sqlite:///hill.db", "hill.db"),
        ("sqlite:///hill.db", "linked.db"),
        ("sqlite:///file:hill.db?uri=true", "hill.db"),
        ("'sqlite:///file:{here}/hill.db?mode=ro&uri=true'", "hill.db"),
    ],
)
def test_an_answer_never_overwrites_the_book(here: Path, book: str, output: str) -> None:
    (here / "other-name.db").hardlink_to(here / "hill.db")
    (here / "linked.db").symlink_to(here / "hill.db")
    before, files = (here / "hill.db").read_bytes(), {one.name for one in here.iterdir()}
    for command, environment in (
        (f"register {book} --output {output}", ""),
        (f"register --output {output}", book.format(here=here).strip("'")),
    ):
        said_so = usage(command.format(here=here), COOPLEDGER_BOOK=environment)
        assert said_so == f"--output {output} would overwrite the book\n"
    assert (here / "hill.db").read_bytes() == before
    assert {one.name for one in here.iterdir()} - files <= {"hill.db-wal", "hill.db-shm"}
    assert done("verify hill.db").startswith("nothing is wrong")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("known", ["9" * 23, "9" * 5000, "0001-01-01", "0001-01-01T00:00", "9999-12-31T23:59:59-23:00"])
def test_a_record_or_a_time_that_no_book_can_have_is_refused(known: str) -> None:
    result = said(f"register hill.db --known {known}")
    assert (result.exit_code, result.stdout) in {(1, ""), (2, "")}, result.output
    assert "expected" in result.stderr or "the book has the records 1 to" in result.stderr


@pytest.mark.usefixtures("here")
def test_the_journal_is_told_after_a_record() -> None:
    def rows(after: int) -> int:
        document = json.loads(done(f"journal hill.db --format json --after-record {after}"))
        return len(document["tables"][0]["rows"])

    assert [rows(0), rows(head().seq - 1), rows(head().seq), rows(10**30)] == [head().seq, 1, 0, 0]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "question", ["account hill.db 0042", "movements hill.db", "trial-balance hill.db", "vouchers hill.db"]
)
def test_a_span_that_ends_before_it_begins_is_refused(question: str) -> None:
    assert usage(f"{question} --since 2026-03-01 --until 2026-01-31") == (
        "--since 2026-03-01 is after --until 2026-01-31\n"
    )
    assert usage(f"{question} --since 2026-03-01 --lang zh") == "--since 2026-03-01 晚于 --until 2026-02-01\n"


@pytest.mark.usefixtures("here")
def test_several_vouchers_are_reviewed_at_once_and_the_book_may_be_left_out() -> None:
    done("review hill.db 11 31 --reviewer head --on 2026-02-01")
    assert (last().kind, last().facts["records"]) == ("review", [11, 31])
    done("review 32 --reviewer head --on 2026-02-01", COOPLEDGER_BOOK="hill.db")
    assert last().facts["records"] == [32]
    for number, words in ((34, "34 35"), (36, "hill.db 36")):
        done(f"review {words} --reviewer head --on 2026-02-01", COOPLEDGER_BOOK="hill.db")
        assert last().facts["records"][0] == number
    assert "RECORD..." in usage("review hill.db --reviewer head --on 2026-02-01")


@pytest.mark.usefixtures("here")
def test_who_records_is_named_by_the_environment_or_by_the_option() -> None:
    for named, environment, actor in (
        ("", {"COOPLEDGER_ACTOR": "office"}, "office"),
        ("--actor clerk", {"COOPLEDGER_ACTOR": "office"}, "clerk"),
        ("", {"COOPLEDGER_ACTOR": ""}, "accountant"),
    ):
        done(f"issue hill.db land 5 --to 17 --again --on 2026-02-01 {named}", **environment)
        assert last().actor == actor
    done("erase hill.db 0041 --reason request --yes --on 2026-02-01", COOPLEDGER_ACTOR="office")
    assert last().actor == "office"


@pytest.mark.usefixtures("here")
def test_a_history_begins_at_the_beginning_and_its_help_says_so() -> None:
    assert "on any day" in done("history hill.db 0042")
    assert "from the beginning if left out" in " ".join(done("history --help").split())
    assert "the year's first if left out" in " ".join(done("movements --help").split())
    assert usage("history hill.db 0042 --since 2026-03-01 --until 2026-01-31").startswith("--since 2026-03-01 is after")


@pytest.mark.usefixtures("here")
def test_a_period_without_vouchers_says_so() -> None:
    text = done("vouchers hill.db --since 2025-01-01 --until 2025-01-31")
    assert text.splitlines()[0] == "vouchers"
    assert text.splitlines()[-4:-2] == ["none", "booked from 2025-01-01 to 2025-01-31"]
    assert text.splitlines()[-1] == f"fingerprint {head()}"
    assert json.loads(done("vouchers hill.db --since 2025-01-01 --until 2025-01-31 --format json"))["tables"]


@pytest.mark.usefixtures("here")
def test_the_register_of_a_day_is_told_as_it_was_known_at_a_time(tell: Tell) -> None:
    def shares(*more: str) -> list[list[str]]:
        table = json.loads(done(f"register hill.db --class land --on 2026-01-31 --format json {' '.join(more)}"))
        return [[row[0], row[3]] for row in table["tables"][0]["rows"]]

    seq = head().seq
    tell("2026-02-02 12:00")
    done("issue hill.db land 40 --to 18 --reason ruling --on 2026-01-20")
    assert shares() == [["17", "500"], ["18", "340"]]
    for known in (str(seq), "2026-02-01", "2026-02-02T11:00", "2026年2月1日"):
        assert shares("--known", known) == [["17", "500"], ["18", "300"]]
    assert shares("--known", "2026-02-02") == [["17", "500"], ["18", "340"]]
    assert "--known: 'yesterday'" in usage("register hill.db --known yesterday")


@pytest.mark.usefixtures("here")
def test_a_register_without_names_has_none() -> None:
    done("member hill.db 0044 --name 成员己 --household 20 --head --on 2026-02-01")
    done("issue hill.db land 5 --to 20 --on 2026-02-01")
    assert "成员己" in done("register hill.db")
    assert "成员己" not in done("register hill.db --no-names")


# --- a full disk -------------------------------------------------------------------------------------------------


def test_on_a_full_disk_nothing_is_written_and_the_book_stays_sound(here: Path) -> None:
    """The system lets the process write no file beyond a size, as a full disk would."""
    before = head()
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from coopledger.cli.main import main\n"
        "main(sys.argv[1:])\n"
    )
    name = "成员" * 10_000
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", script, "book", "member", "hill.db", "0099", "--name", name, "--on", "2026-02-01"],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=here,
        encoding="utf-8",
    )
    assert (ran.returncode, ran.stdout) == (1, ""), ran.stderr
    assert ran.stderr.startswith("hill.db: ")
    assert ran.stderr.count("\n") == 1
    assert head() == before
    assert done("verify hill.db").startswith("nothing is wrong")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "command",
    [
        "allot hill.db land --to 17=3 --to 17=5 --on 2026-05-01",
        "allot hill.db land --to 17=3 --to １７=5 --on 2026-05-01",
        "fund requantify hill.db 7 --to 17=1 --to 18=1 --to 17=2 --on 2026-05-01",
        "invest hill.db base 1万元 --given cash=1 --given cash=2 --reason x --on 2026-05-01",
    ],
)
def test_a_name_that_is_given_two_values_is_refused(command: str) -> None:
    assert "stands 2 times: once is expected" in said(command).stderr
    assert "写了 2 次" in said(f"{command} --lang zh").stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "command",
    [
        "member hill.db {} --on 2026-02-01",
        "member hill.db 0099 --name {} --on 2026-02-01",
        "create new.db --name {} --law collective",
        "pledge hill.db land 5 --from 17 --creditor {} --on 2026-02-01",
    ],
)
def test_bytes_of_a_command_line_that_are_no_text_are_refused_in_words(command: str) -> None:
    assert "udcff" in refused([one.format("\udcff") for one in command.split()])


@pytest.mark.usefixtures("here")
def test_the_next_head_is_named_by_the_number_alone_or_with_the_household() -> None:
    away = "leave hill.db 0041 --reason moved-out --keeps-shares --on 2026-02-01"
    for named in ("0042", "17=0042"):
        done(f"{away} --new-head {named}")
        assert last().facts["households"] == {"17": {"head": "0042"}}
        back = "--reason correction --on 2026-02-01 --again"
        done(f"change-member hill.db 0041 --standing member {back}")
        done(f"household move hill.db 0041 --to 17 --new-head 0041 {back}")
        assert last().facts["households"] == {"17": {"head": "0041"}}
    assert usage(f"{away} --new-head 17=") == (
        "--new-head: '17=': the number of the next head (0043) is expected, or household=number (17=0043)\n"
    )
    assert refused(f"{away} --new-head 0044") == (
        "0044 lives in no household on 2026-02-01: name with the next head whose he is, household=number (17=0044)\n"
    )
    assert refused(f"{away} --new-head 0042 --new-head 17=0043") == "17 is listed twice\n"
    for command in ("death hill.db 0041", "withdraw hill.db 0041"):
        assert usage(f"{command} --new-head 17=0042 --on 2026-02-01 --lang zh") == (
            "--new-head: '17=0042'：只应写新户主的编号：0043\n"
        )
    done("household form hill.db 30 --head 0041 --with 0061 --new-head 0042 --on 2026-02-01")
    assert last().facts["households"] == {"30": {"head": "0041"}, "17": {"head": "0042"}}
    done("household move hill.db 0041 --to 17 --reason divorce --new-head 0061 --on 2026-02-02")
    assert last().facts["households"] == {"30": {"head": "0061"}}


@pytest.mark.usefixtures("here")
def test_a_password_is_not_printed() -> None:
    told = refused("create postgresql://user:sekret@localhost:1/x --name 示例 --law collective --on 2026-01-01")
    assert told.startswith("postgresql://…@localhost:1/x: a code for the book is expected")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("member hill.db E4 --kind enterprise --household 17", "none, for it is of persons, is expected (--household)"),
        ("member hill.db 0015 --head", "the household of which the joiner is the head is expected (--household)"),
        ("death hill.db 0041 --on 2026-02-01", "a new head is needed, one of 0042, 0043 (--new-head)"),
        (
            "leave hill.db 0041 --reason moved-out --on 2026-02-01",
            "a new head is needed, one of 0042, 0043 (--new-head)",
        ),
        ("transfer hill.db lnad 5 --from 17 --to 18 --reason sale", "; there are cash, forest, heads, land, member"),
        ("transfer hill.db lnad all --from 17 --to 18 --reason sale", "; there are cash, forest, heads, land, member"),
        (
            "transfer hill.db land 5 --from 17 --to 18 --reason sale --on 2025-12-31",
            "from 2026-01-01 on, and not yet on",
        ),
        ("transfer hill.db land 5 --from 17 --to 17 --reason sale", "another holder is expected (--to)"),
        ("issue hill.db cash 5 --to 0042", "against which its 5.00 yuan of c2023:301 are booked (--against)"),
        ("issue hill.db cash 5 --to 0042 --against bank --amount 6", "that takes the difference (--premium)"),
        (
            f"{RIGHT} --right infrastructure",
            "who built it, with which money it was built (--built-by, --built-with)",
        ),
        (
            f"{RIGHT} --right land",
            "its area in mu, its parcels, its contract or certificate (--area, --parcel, --contract)",
        ),
    ],
)
def test_what_is_refused_names_the_option_that_would_help(command: str, words: str) -> None:
    assert words in refused(command)


@pytest.mark.usefixtures("here")
def test_who_is_a_member_already_is_not_admitted_under_another_name() -> None:
    words = "0042 is in the register already: the key member "
    for other in ("--name 成员己", ""):
        said = refused(f"member hill.db 0042 {other} --household 17 --on 2026-01-01")
        assert said.startswith(words)
        assert "stands in record 9 with other personal data; what is known of 0042 is changed by 'personal'" in said
        assert "成员" not in said


@pytest.mark.usefixtures("here")
def test_a_number_below_nothing_is_no_option() -> None:
    for environment in ({}, {"COOPLEDGER_BOOK": "hill.db"}):
        result = said("transfer hill.db land -5 --from 17 --to 18 --reason sale", **environment)
        assert result.exit_code == 2
        assert "-5: more than 0 is expected" in result.stderr
    assert "No such option '--nowhere'" in said("transfer hill.db land 5 --nowhere").stderr
    assert "Did you mean one of: '--closed'," in said("change-class hill.db land --close").stderr
    assert "No such option '-x'" in said("transfer hill.db land -x").stderr
    assert "-5：应大于 0" in said("transfer hill.db land -5 --from 17 --to 18 --lang zh").stderr


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("regster", "register"),
        ("trial", "trial-balance"),
        ("classs", "class"),
        ("contribute", "contribute-right, contribute-money"),
        ("close", "lock"),
        ("undo", "reverse"),
        ("correct", "reverse"),
        ("inherit", "transfer --reason inheritance"),
        ("resign", "notice"),
        ("list", "members, register"),
        ("unlock", "reopen"),
        ("delete", "reverse"),
        ("sell", "transfer --reason sale"),
        ("subscribe", "issue --reason subscription"),
        ("marry", "household move --reason marriage"),
        ("heir", "transfer --reason inheritance"),
        ("show", "record"),
        ("balance", "trial-balance"),
        ("help", "--help"),
        ("冲回", "reverse"),
        ("分户", "household form"),
        ("凭证", "vouchers"),
        ("名册", "register"),
    ],
)
def test_of_a_command_that_is_not_there_the_nearest_are_named(typed: str, near: str) -> None:
    result = said(f"{typed} hill.db")
    assert result.exit_code == 2
    assert f"No such command '{typed}'. (Did you mean" in result.stderr
    assert near in result.stderr
    assert near in said(f"{typed} hill.db --lang zh").stderr
    assert near.partition(" ")[0].partition(",")[0] in done("--help")
    assert "Did you mean" not in said("goats hill.db").stderr
    assert "Did you mean" not in said("dividend hill.db").stderr


@pytest.mark.usefixtures("here")
def test_of_a_record_that_counts_from_a_day_to_come_this_is_said() -> None:
    result = said("transfer hill.db land 5 --from 17 --to 18 --reason sale --on 2062-02-01")
    assert result.exit_code == 0
    assert result.stdout.startswith("record ")
    assert result.stderr == "note: it counts from 2062-02-01, which is still to come: today is 2026-02-01\n"
    dry = said("transfer hill.db land 5 --from 17 --to 18 --reason sale --on 2062-02-02 --dry-run --lang zh")
    assert dry.stderr == "注意：生效日 2062-02-02 尚未到来，今天是 2026-02-01\n"
    for on in ("2026-01-31", "2026-02-01"):
        assert not said(f"transfer hill.db land 5 --from 17 --to 18 --reason gift --on {on}").stderr


# --- one half of a pair ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_two_changes_that_each_say_no_are_two_commands() -> None:
    change = "change-class hill.db land --reason charter --on 2026-03-01"
    assert done(f"{change} --no-vote").startswith("record ")
    assert done(f"{change} --no-dividend").startswith("record ")
    charter = f"charter coop.db --resolution {VOTE} --on 2026-03-01"
    assert done(f"{charter} --members-only").startswith("record ")
    assert done(f"{charter} --ends-any-day").startswith("record ")
    assert done(f"{charter} --representatives").startswith("record ")
    assert "says the same already" in done(f"{charter} --representatives")


@pytest.mark.usefixtures("here")
def test_groups_and_none_of_them_are_refused_together() -> None:
    assert "one of them is expected" in refused(
        "change-member hill.db 0042 --group cadres --no-groups --reason election --on 2026-03-01"
    )


@pytest.mark.usefixtures("here")
def test_shares_that_are_paid_for_are_allotted_as_subscribed() -> None:
    done("allot hill.db cash --to 0042=5 --against bank --on 2026-03-01")
    assert last().facts["reason"] == "subscription"
    done("allot hill.db support --to 0042=5 --on 2026-03-01")
    assert last().facts["reason"] == "quantification"


# --- what was taken back, and when it was known -------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_a_redemption_that_was_taken_back_leaves_no_balance_that_never_was() -> None:
    done("redeem hill.db land all --from 17 --reason buy-back --on 2026-06-01")
    done("reverse hill.db 40 --on 2026-06-02")
    done("transfer hill.db land all --from 17 --to 18 --reason sale --on 2026-05-01")
    lines = [line for line in done("account hill.db 17 --until 2026-06-30").splitlines() if line.startswith("2026-0")]
    assert [line.split()[:8] for line in lines] == [
        ["2026-01-01", "issue", "land", "500", "500", "10", "contribution"],
        ["2026-05-01", "transfer", "to", "18", "land", "500", "0", "42"],
        ["2026-06-01", "redeem", "land", "500", "40", "buy-back"],
        ["2026-06-01", "reversal", "of", "record", "40", "land", "500", "0"],
    ]


@pytest.mark.usefixtures("here")
def test_the_time_that_is_printed_leads_back_to_what_was_printed() -> None:
    with pytest.MonkeyPatch.context() as patch:  # over the clock of these tests, and given back before it is
        patch.setattr("coopledger.cli.book.opened._now_ns", lambda: 1_770_000_005_600_000_000)
        done(ISSUE)
    printed = re.search("known up to record 40, written at (.*)", done("register hill.db"))
    assert printed is not None
    assert "known up to record 40," in done(f"register hill.db --known '{printed[1]}'")
    assert "known up to record 39," in done("register hill.db --known '2026-02-02T02:40:05.5'")


# --- other words for the same -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_an_option_that_another_command_has_is_named_as_it_is_called_here() -> None:
    assert usage("account hill.db 17 --on 2026-01-01") == "no such option --on: --until is meant here\n"
    assert usage("trial-balance hill.db --on 2026-01-01") == "no such option --on: --until is meant here\n"
    assert usage("journal hill.db --since 2026-01-01") == "no such option --since: --after-record is meant here\n"
    assert "is meant" not in usage("history hill.db 17 --colour red")


@pytest.mark.usefixtures("here")
def test_the_chinese_that_is_printed_for_a_choice_is_accepted_in_any_language() -> None:
    done(f"{SALE.replace('sale', '出售')} --resolution 2026-1,成员大会,2026-01-05,300/240/220/3")
    assert last().facts["reason"] == "sale"
    assert last().facts["resolution"]["meeting"] == "members"
    done("class hill.db tea --preset 土地股 --level 户 --on 2026-02-01")
    done("create new.db --name 示例村 --law 集体 --on 2026-01-01")
    done("create coop2.db --name 示例社 --law 专业合作社 --on 2026-01-01")
    refusal = usage(f"{SALE.replace('sale', '送')} --lang zh")
    assert "出售（sale）、赠与（gift）" in refusal


def test_the_trial_balance_of_a_book_in_which_nothing_is_booked_says_so() -> None:
    done("create empty.db --name 示例村 --law collective --on 2026-01-01")
    assert done("trial-balance empty.db --until 2026-01-31").splitlines()[-4:-2] == [
        "none",
        "booked from 2026-01-01 to 2026-01-31",
    ]


def test_every_question_to_a_book_without_classes_has_an_answer() -> None:
    done("create new.db --name 示例村 --law collective --on 2019-01-01")
    done("class new.db land --preset land --on 2020-01-01")
    span = "--since 2019-01-01 --until 2019-12-31"
    for question in (
        *(
            f"{one} new.db --on 2019-12-31"
            for one in ("register", "members", "classes", "composition", "contributions")
        ),
        *(f"{one} new.db {span}" for one in ("movements", "trial-balance", "vouchers")),
        "journal new.db",
        "documents new.db",
    ):
        text = done(f"{question} --known 2")
        assert "known up to record 2, written at" in text
        assert f"fingerprint 2:{done('anchor new.db --known 2')[2:]}" in text
        assert json.loads(done(f"{question} --known 2 --format json"))["tables"]
    lines = done("register new.db --on 2019-12-31 --lang zh").splitlines()
    assert (lines[0], lines[4:6]) == ("示例村股东名册", ["没有股份类别", "截至 2019-12-31"])
    assert "name" not in done("register new.db --on 2019-12-31 --no-names")


@pytest.mark.usefixtures("here")
def test_an_erasure_with_nothing_left_does_not_advise_another() -> None:
    done("erase hill.db 0042 --reason 本人要求 --yes --on 2026-02-01")
    again = done("erase hill.db 0042 --reason 本人要求 --yes --on 2026-02-01 --again")
    assert again == "record 40 says the same already: nothing was written\n"


# --- a book that somebody changed in the database ----------------------------------------------------------------


def change(seq: int, column: str, text: str) -> None:
    """Change a record of hill.db, or its personal row, as somebody could who drops the triggers."""
    with closing(sqlite3.connect("hill.db")) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        table = "personal" if column == "content" else "record"
        connection.execute(f"UPDATE coopledger_{table} SET {column} = ? WHERE seq = ?", (text, seq))  # noqa: S608
        connection.commit()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("kind", "column", "text", "commands"),
    [
        ("class", "facts", "{", ("register", "history", "journal", "issue")),
        ("class", "facts", "{}", ("register", "history", "issue")),
        ("class", "facts", "[]", ("register", "history", "journal", "issue")),
        ("member", "facts", "{}", ("register", "history", "members", "issue")),
        ("member", "personal", "{", ("register", "history", "journal", "issue")),
        ("member", "personal", "7", ("register", "history", "journal", "issue")),
        ("book", "facts", "{}", ("register", "history", "issue")),
        ("erasure", "facts", "{}", ("register",)),
    ],
)
def test_a_record_that_somebody_changed_is_named_in_one_line(
    kind: str, column: str, text: str, commands: tuple[str, ...]
) -> None:
    done("erase hill.db 0041 --reason 本人要求 --yes")
    with reading() as view:
        seq = next(view.records(kind)).seq
    change(seq, column, text)
    words = {"history": "hill.db 0042", "issue": "hill.db land 5 --to 17 --on 2026-02-01"}
    for command in commands:
        said_so = refused(f"{command} {words.get(command, 'hill.db')}")
        assert said_so == f"record {seq} cannot be read: 'verify' says what is wrong with the book\n"
    in_chinese = refused("register hill.db --lang zh")
    assert in_chinese == f"第 {seq} 条记录无法读取：账簿有何问题，请用 verify 校验\n"
    found = said("verify hill.db")
    assert found.exit_code == 3
    assert f"\nrecord {seq}: " in found.stderr
    unread = [line for line in found.stderr.splitlines() if "it cannot be read" in line]
    assert all(line.startswith(f"record {seq}: ") for line in unread), unread


@pytest.mark.usefixtures("here")
def test_a_personal_row_that_somebody_changed_is_named_in_one_line() -> None:
    with reading() as view:
        seq = next(one.seq for one in view.records("member") if one.personal)
    change(seq, "content", "{")
    assert refused("register hill.db") == (
        "the personal row of m/0041 cannot be read: 'verify' says what is wrong with the book\n"
    )


@pytest.mark.usefixtures("here")
def test_what_goes_wrong_in_a_sound_book_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("class")

    monkeypatch.setattr("coopledger.reports.register.register_report", broken)
    result = CliRunner().invoke(main, ["book", "register", "hill.db"])
    assert isinstance(result.exception, KeyError)
