"""``coopledger paper`` and ``verify-paper``: files that are written, and what is said of a fingerprint from paper."""

import re
import sqlite3
from pathlib import Path

import pytest

from coopledger.store.database import open_book
from tests.cli.hill import done, refused, said
from tests.pages.papers import Page, hundredths

PAPERS = {
    "notice": "notice village.db 2025 --on 2026-01-31",
    "payment-list": "payment-list village.db 2025 --on 2026-01-31",
    "certificate": "certificate village.db 17 18 --on 2026-01-31",
    "every certificate": "certificate village.db --on 2026-01-31",
    "statement": "statement village.db 17 --on 2026-01-31",
    "overview": "overview village.db hill.db coop.db --on 2026-01-31",
    "projection": "projection 山地.toml",
}
FINGERPRINT = re.compile(r"\d+:[0-9a-f]{64}")


@pytest.mark.usefixtures("tell")
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_paper_is_printed_or_written_to_a_file(here: Path, paper: str, language: str) -> None:
    typed = f"coopledger paper {PAPERS[paper]} --lang {language}"
    text = done(typed)
    assert text.startswith(f'<!doctype html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">')
    assert done(f"{typed} --output paper.html") == ""
    assert (here / "paper.html").read_text(encoding="utf-8") == text
    found = FINGERPRINT.findall(Page(text).text)
    heads = {done(f"coopledger book anchor {one}").strip() for one in PAPERS[paper].split() if one.endswith(".db")}
    assert {*found} == heads


@pytest.mark.usefixtures("here", "tell")
def test_what_is_printed_agrees_with_the_tables_of_the_same_question() -> None:
    """A table by ``coopledger dividend`` and the page have the same cells."""
    import csv
    import io

    csv_of = "coopledger dividend payment-list village.db 2025 --on 2026-01-31 --format csv"
    [_, *rows] = csv.reader(io.StringIO(done(csv_of)))
    [table] = Page(done("coopledger paper payment-list village.db 2025 --on 2026-01-31")).tables
    assert [[cell.replace(",", "") for cell in row] for row in table.rows] == rows
    assert hundredths(table.totals[table.columns.index("still to be paid yuan")]) == 3_000_03


@pytest.mark.usefixtures("here", "tell")
def test_a_paper_is_printed_again_as_it_was_known() -> None:
    first = done("coopledger paper notice village.db 2025 --on 2026-01-31")
    seq = done("coopledger book anchor village.db").partition(":")[0]
    done("coopledger dividend pay village.db 2025 --on 2026-01-31")
    assert done("coopledger paper notice village.db 2025 --on 2026-01-31") != first
    assert done(f"coopledger paper notice village.db 2025 --on 2026-01-31 --known {seq}") == first


@pytest.mark.usefixtures("tell")
def test_nothing_is_written_over_a_book_or_a_plan(here: Path) -> None:
    for paper, target in (("notice", "village.db"), ("overview", "hill.db"), ("overview", "coop.db-wal")):
        result = said(f"coopledger paper {PAPERS[paper]} --output {target}")
        assert (result.exit_code, "would overwrite the book" in result.stderr) == (2, True)
    result = said("coopledger paper projection 山地.toml --output 山地.toml")
    assert (result.exit_code, "would overwrite what the plan is read from" in result.stderr) == (2, True)
    assert done("verify village.db").startswith("nothing is wrong")
    assert (here / "山地.toml").read_text(encoding="utf-8").startswith("\ntitle")


@pytest.mark.usefixtures("here", "tell")
def test_what_cannot_be_printed_is_refused() -> None:
    assert "run 2024" in refused("coopledger paper notice village.db 2024")
    assert "99 is not in the register" in refused("coopledger paper certificate village.db 99")
    assert "run dam is not declared" in refused("coopledger paper payment-list village.db dam")
    assert "nowhere.db: there is no such file" in refused("coopledger paper overview village.db nowhere.db")
    Path("bad.toml").write_text("title = 5\n", encoding="utf-8")
    assert "bad.toml" in refused("coopledger paper projection bad.toml")
    assert "coopledger paper certificate" in said("coopledger paper certificate --help").stdout
    assert "(Did you mean notice?)" in said("coopledger paper 公示").stderr


# ---------------------------------------------------------------- verify-paper


@pytest.mark.usefixtures("here", "tell")
def test_a_fingerprint_from_paper_stands_in_the_book_that_grew_since() -> None:
    printed = FINGERPRINT.findall(done("coopledger paper notice village.db 2025 --on 2026-01-31"))[0]
    seq = printed.partition(":")[0]
    stands = f"the book has record {seq} as it was printed\n"
    assert done(f"coopledger verify-paper village.db {printed}") == stands + "nothing was added since\n"
    done("coopledger dividend pay village.db 2025 --to 18=1 --on 2026-01-31")
    done("coopledger dividend pay village.db 2025 --to 18=2 --on 2026-01-31")
    [_, since] = done(f"coopledger verify-paper village.db {printed}").splitlines()
    assert re.fullmatch(r"records added since: 2, the first of them at 2026-02-01 09:00:\d\d\+00:00", since)
    assert done(f"coopledger verify-paper village.db {printed} --lang zh").startswith(
        f"账簿第 {seq} 条记录与纸上一致\n此后新增 2 条记录，第一条写于 2026-02-01"
    )


@pytest.mark.usefixtures("here", "tell")
def test_it_is_read_as_a_person_or_a_scanner_gives_it() -> None:
    printed = done("coopledger book anchor village.db").strip()
    groups = " ".join(printed[n : n + 5] for n in range(0, len(printed), 5))
    wide = printed.translate(str.maketrans("0123456789abcdef:", "０１２３４５６７８９ａｂｃｄｅｆ："))
    for typed in (groups, f"'{groups}'", f"'{wide}'", printed.upper(), printed.replace("0", "O")):
        assert "as it was printed" in done(f"coopledger verify-paper village.db {typed}")
    result = said(f"coopledger verify-paper village.db {printed[:-1]}")
    assert (result.exit_code, "64 hexadecimal digits are expected" in result.stderr) == (2, True)
    assert said("coopledger verify-paper village.db").exit_code == 2


@pytest.mark.usefixtures("here", "tell")
def test_a_slip_another_book_and_records_that_are_gone_are_told_apart() -> None:
    printed = done("coopledger book anchor village.db").strip()
    slip = printed[:-1] + ("1" if printed[-1] != "1" else "2")
    result = said(f"coopledger verify-paper village.db {slip}")
    assert (result.exit_code, result.stdout) == (3, "")
    assert (
        result.stderr == f"record 26 has {printed}; digits of the fingerprint that differ: 1; look at the paper again\n"
    )
    result = said(f"coopledger verify-paper hill.db {printed}")
    assert result.exit_code == 3
    assert (
        "not what was printed: the paper is of another book, or this one was changed up to that record" in result.stderr
    )
    result = said(f"coopledger verify-paper old.db {printed}")
    assert result.exit_code == 3
    assert result.stderr.startswith("the book has no record 26, it ends at record ")
    assert "本账簿的记录被截去" in said(f"coopledger verify-paper old.db {printed} --lang zh").stderr


def tampered(file: str, *statements: str) -> None:
    """Change a book past the library, its triggers taken off."""
    connection = sqlite3.connect(file)
    for name, text in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
        statements = (*statements, text)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.usefixtures("here", "tell")
def test_a_book_that_was_changed_or_cut_is_found_out() -> None:
    """The hash of the printed record may stand as it was: then what it says is not what was hashed."""
    printed = done("coopledger book anchor village.db").strip()
    tampered("village.db", "UPDATE coopledger_posting SET quantity = quantity + 1 WHERE seq = 10")
    result = said(f"coopledger verify-paper village.db {printed}")
    assert result.exit_code == 3
    assert "record 10: its content is not what was hashed" in result.stderr
    assert result.stdout == ""
    told = "record 26 has the fingerprint that was printed, but the book was changed: problems found: 1\n"
    assert result.stderr.endswith(told)
    cut = done("coopledger book anchor goods.db").strip()
    last = int(cut.partition(":")[0])
    newest = "WHERE seq = (SELECT max(seq) FROM coopledger_record)"
    tampered("goods.db", f"DELETE FROM coopledger_posting {newest}", f"DELETE FROM coopledger_record {newest}")  # noqa: S608
    with open_book("goods.db").read() as view:
        assert view.head.seq == last - 1
    result = said(f"coopledger verify-paper goods.db {cut}")
    assert result.exit_code == 3
    assert f"the book has no record {last}, it ends at record {last - 1}" in result.stderr
