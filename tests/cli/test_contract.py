"""``coopledger contract``: from the conclusion to the last instalment; what is refused, and how it is said."""

from pathlib import Path

import pytest

from tests.cli.hill import PLANS, done, refused, said

pytestmark = pytest.mark.usefixtures("here", "tell")


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_a_contract_from_its_conclusion_to_a_dividend_of_what_it_brought_in() -> None:
    assert "c2023:322 → c2023:112/dam/坝塘/2025-12-31" in done("coopledger contract due lease.db dam --on 2025-12-31")
    table = done("coopledger contract status lease.db dam --on 2026-01-10")
    assert ["坝塘", "2025-12-31", "1", "1", "10,000.00", "3,000.00", "7,000.00", "10"] in rows(table)
    done("coopledger contract receive lease.db dam 7000 --through cash --due 2025-12-31 --on 2026-01-20")
    assert "10,000.00  10,000.00  0.00" in done("coopledger contract status lease.db dam --on 2026-01-31")
    proposed = "coopledger dividend propose lease.db water --class land --record-date 2025-12-31 --stream 坝塘"
    done(f"{proposed} --period 2025 --contract dam --on 2026-01-31")
    assert "dam/坝塘" in done("coopledger dividend status lease.db")
    assert "10,000.00" in done("coopledger dividend show lease.db water")
    assert "nothing is left" in refused(
        f"{proposed.replace('water', 'more')} --period 2025 --contract dam --instalment 2 --on 2026-01-31"
    )


def test_a_general_account_is_of_all_streams_but_those_that_are_named(here: Path) -> None:
    more = (
        PLANS["坝塘.toml"]
        + """
[[streams]]
name = "服务费"
amount = "3,000 元"
"""
    )
    (here / "两项.toml").write_text(more, encoding="utf-8")
    both = ("--income distribution --income 服务费=other-income", "--income 服务费=other-income --income distribution")
    for n, income in enumerate(both):
        done(f"coopledger contract conclude lease.db x{n} 两项.toml --with x {income} --on 2025-01-01")
        due = done(f"coopledger contract due lease.db x{n} --on 2025-12-31")
        assert f"c2023:322 → c2023:112/x{n}/坝塘/2025-12-31" in due
        assert f"c2023:504 → c2023:112/x{n}/服务费/2025-12-31" in due


def test_due_twice_writes_nothing_the_second_time() -> None:
    done("coopledger contract due lease.db dam --on 2025-12-31")
    assert done("coopledger contract due lease.db dam --on 2025-12-31") == "there is nothing to record\n"


def test_rent_in_kind_waits_for_its_price() -> None:
    done("coopledger contract due lease.db rice --on 2025-12-31")
    told = refused("coopledger contract due lease.db rice --on 2026-12-31")
    assert "rests on a figure that is not known yet (稻谷: 2025's 1.38 yuan/jin assumed to hold)" in told
    done("coopledger contract figure lease.db rice 稻谷 2026 1.42元/斤 --on 2026-01-31")
    assert "7,100.00" in done("coopledger contract project lease.db rice")


def test_an_amendment_and_the_end_show_in_what_is_still_to_come(here: Path) -> None:
    more = PLANS["坝塘.toml"].replace('level = "10,000 元"', 'level = "20,000 元"')
    (here / "坝塘.toml").write_text(more, encoding="utf-8")
    amend = "coopledger contract amend lease.db dam 坝塘.toml --reason 扩建 --on 2026-06-30"
    done(amend)
    assert rows(done("coopledger contract project lease.db dam"))[4:6] == [
        ["2025", "10,000.00", "10,000.00"],
        ["2026", "30,000.00", "30,000.00"],
    ]
    (here / "坝塘.toml").write_text(more.replace("30,000", "40,000") + "\n", encoding="utf-8")
    assert "says the same already" not in done(amend)  # another file under the same name is another plan
    done("coopledger contract end lease.db dam --reason 企业退出 --on 2026-01-31")
    assert len([row for row in rows(done("coopledger contract project lease.db dam")) if row[:1] == ["2026"]]) == 0


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("conclude lease.db dam 坝塘.toml --with x", "contract dam was concluded in record"),
        ("conclude lease.db x 坝塘.toml --with x --income bank", "bank is no account that income is credited to"),
        ("conclude lease.db x 坝塘.toml --with x --income 水=other-income", "income: '水' is unknown"),
        ("status lease.db pond", "contract pond: it was not concluded; the book has dam, rice"),
        ("receive lease.db dam 1 --stream 坝塘", "nothing of 坝塘 is due on -"),
        ("explain lease.db dam 坝塘 2025-12-30", "nothing of 坝塘 is due on 2025-12-30"),
    ],
)
def test_what_is_refused_is_said(command: str, seen: str) -> None:
    on = "" if command.startswith(("status", "explain")) else " --on 2026-01-31"
    assert seen in refused(f"coopledger contract {command}{on}")


def test_a_plan_with_problems_or_with_holders_is_not_concluded(here: Path) -> None:
    (here / "wrong.toml").write_text('title = "x"\n', encoding="utf-8")
    people = (
        PLANS["坝塘.toml"] + 'holders = "户"\n[holders."户"]\nlist = [{ number = "1", name = "成员甲", shares = 4 }]\n'
    )
    (here / "people.toml").write_text(people, encoding="utf-8")
    for file, seen in (("wrong.toml", "'term' is missing"), ("people.toml", "lists its holders")):
        result = said(f"coopledger contract conclude lease.db x {file} --with x --on 2026-01-31")
        assert result.exit_code == 2
        assert seen in result.stderr


def test_the_plan_file_is_cited_and_everything_is_said_in_chinese() -> None:
    assert "坝塘.toml" in done("coopledger book documents lease.db")
    assert "合同款到期" in done("coopledger contract due lease.db dam --on 2025-12-31 --lang zh")
    table = done("coopledger contract status lease.db --on 2026-01-10 --lang zh")
    assert "逾期" in table
    assert "预收" in table
