"""``coopledger dividend distribute``: a year's surplus by the charter's waterfall, typed and printed."""

import json
from pathlib import Path

import pytest

from tests.cli.hill import done, refused, said

pytestmark = pytest.mark.usefixtures("here", "tell")
VOTE = "2026-1,members,2026-01-31,2/2/2/0"


def tables(year: int, *options: str) -> list[dict[str, list[list[str]]]]:
    printed = done(f"coopledger dividend distribution shares.db {year} --format json {' '.join(options)}")
    found: list[dict[str, list[list[str]]]] = json.loads(printed)["tables"]
    return found


def test_a_surplus_is_distributed_and_paid() -> None:
    """10 % and 5 % of 200,000 go to the funds, 170,000 to 700 shares; of 2024 85,000 are the holders' as well."""
    said_ = done("coopledger dividend distribute shares.db 2025 --on 2026-01-12")
    assert "surplus of the year distributed" in said_
    done("coopledger dividend disclose shares.db 2025-members --since 2026-01-12 --until 2026-01-31 --where 村公示栏")
    done(f"coopledger dividend approve shares.db 2025-members --resolution {VOTE} --on 2026-01-31")
    done("coopledger dividend declare shares.db 2025-members --on 2026-01-31")
    shown = done("coopledger dividend show shares.db 2025-members --no-names").splitlines()
    assert [line.split()[2] for line in shown if line.startswith(("17 ", "18 "))] == ["121,428.57", "48,571.43"]
    form, steps = tables(2025)
    assert form["rows"] == [
        ["income of this year", "200000.00"],
        ["plus: undistributed income at the year's beginning", "0.00"],
        ["income to be distributed", "200000.00"],
        ["less: to the reserve and welfare fund", "30000.00"],
        ["less: distributed to members and investors", "170000.00"],
        ["undistributed income at the year's end", "0.00"],
    ]
    assert [row[:7] for row in steps["rows"]][-1] == [
        *("members 成员分红", "by shares or otherwise", "农村集体经济组织法 42", "170000.00", "170000.00", "2"),
        "2025-members (declared)",
    ]
    balance = done("trial-balance shares.db --since 2024-01-01 --until 2026-12-31")
    assert "322" in balance
    assert done("verify shares.db").startswith("nothing is wrong")


def test_the_run_of_a_step_has_terms_of_its_own() -> None:
    """170,000 to 500 and 200 shares in whole yuan: 121,429 and 48,571; of a cap of 100,000 some goes to the other."""
    terms = "--to members=1 --policy members=cumulative --retained members=40% --hold-below members=20"
    done(f"coopledger dividend distribute shares.db 2025 {terms} --remainder members=reserve --on 2026-01-12")
    shown = done("coopledger dividend show shares.db 2025-members --no-names")
    assert [line.split()[2] for line in shown.splitlines() if line.startswith(("17 ", "18 "))] == [
        "121,429.00",
        "48,571.00",
    ]
    for note in (
        "units of 1.00 yuan",
        "what rounding gave or took",
        "40% is retained",
        "from 20.00 yuan on",
        "0.00 yuan",
    ):
        assert note in shown
    chinese = done("coopledger dividend notice shares.db 2025-members --no-names --lang zh")
    assert "分配条件" in chinese
    assert "余数 0.00 元转入 公积金" in chinese
    done("coopledger dividend reverse shares.db 2025-members --reason 更正 --on 2026-01-13")
    done("coopledger dividend propose-steps shares.db 2025 --on 2026-01-13")
    again = done("coopledger dividend show shares.db 2025-members-2 --no-names")
    assert "units of 1.00 yuan" in again
    done("coopledger dividend reverse shares.db 2025-members-2 --reason 更正 --on 2026-01-13")
    done("coopledger dividend propose-steps shares.db 2025 --cap members=10万 --on 2026-01-13")
    again = done("coopledger dividend show shares.db 2025-members-3 --no-names")
    assert [line.split()[2] for line in again.splitlines() if line.startswith(("17 ", "18 "))] == [
        "100,000.00",
        "70,000.00",
    ]
    explained = done("coopledger dividend explain shares.db 2025-members-3 18 --on 2026-01-13")
    assert "holders who get as much as anybody gets at most: 1" in explained


def test_a_run_that_went_back_one_step_is_in_the_way_of_another() -> None:
    done("coopledger dividend distribute shares.db 2025 --on 2026-01-12")
    proposing = "coopledger dividend propose-steps shares.db 2025 --on 2026-01-13"
    assert "note" not in said(proposing).output
    done("coopledger dividend disclose shares.db 2025-members --since 2026-01-13 --until 2026-01-23 --where 村务公开栏")
    reverse = "coopledger dividend reverse shares.db 2025-members --reason 更正 --on 2026-01-13"
    done(reverse)
    told = said(proposing).output
    assert "there is nothing to record" in told
    assert "run 2025-members of the step members is proposed: for another one it is taken back step by step" in told
    done(f"{reverse} --again")
    told = said(proposing).output
    assert "2025-members-2" in told
    assert "taken back step by step" not in told


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("--cap 800", "surplus=800"),
        ("--cap nobody=800", "2025: terms of nobody, for which no run is proposed: members are"),
        ("--policy members=never", "never"),
        ("--cap members=5 --cap members=6", "members stands 2 times"),
        ("--nets members=2024,2023", "run 2024: it was not proposed"),
        ("--remainder members=bank", "remainder: bank takes none"),
    ],
)
def test_a_term_of_a_step_that_cannot_be_meant_is_refused(option: str, why: str) -> None:
    result = said(f"coopledger dividend distribute shares.db 2025 {option} --on 2026-01-12")
    assert result.exit_code in {1, 2}
    assert why in result.output


def test_distributing_prints_the_form_and_the_steps_in_earnest_and_in_a_dry_run() -> None:
    asked = "coopledger dividend distribute shares.db 2025 --on 2026-01-12"
    steps = done("coopledger dividend distribution shares.db 2024").splitlines()
    headings = [line.split() for line in steps if line.startswith(("item", "step"))]
    for said_ in (done(f"{asked} --dry-run"), done(asked), done(asked)):
        assert [line.split() for line in said_.splitlines() if line.startswith(("item", "step  "))] == headings
        assert "less: to the reserve and welfare fund" in said_
        assert "2025-members (proposed)" in said_
    assert "步骤" in done(f"{asked} --lang zh")


def test_a_charter_can_state_its_waterfall_at_the_founding(here: Path) -> None:
    (here / "law.toml").write_text('preset = "collective"\nreserve = "10%"\nwelfare = "5%"\nby = "class land"\n')
    founding = "coopledger book create fresh.db --name 示例村 --law collective --chart c2023 --waterfall law.toml"
    first = said(f"{founding} --on 2026-01-01")
    assert (first.exit_code, first.stderr.count("note:"), "no class land yet" in first.stderr) == (0, 1, True)
    done("class fresh.db land --preset land --on 2026-01-01")
    done("coopledger dividend surplus fresh.db 2026 100 --source 2026 --on 2026-12-31")
    assert "reserve" in done("coopledger dividend distribute fresh.db 2026 --on 2027-01-05 --dry-run")
    assert "there is none" not in done("verify fresh.db")
    (here / "odd.toml").write_text('[[step]]\ncode = "all"\npurpose = "carried"\namount = "100% of left"\n')
    odd = said(founding.replace("fresh", "odd").replace("law.toml", "odd.toml") + " --on 2026-01-01")
    assert (odd.exit_code, "no step covers losses of earlier years" in odd.output) == (0, True)


def test_the_form_is_printed_in_chinese() -> None:
    form, steps = tables(2024, "--lang zh")
    assert [row[0] for row in form["rows"]] == [
        "本年收益",
        "加：年初未分配收益",
        "可分配收益",
        "减：提取公积公益金",
        "减：向成员和投资者分配",
        "年末未分配收益",
    ]
    assert "弥补亏损后的盈余" in steps["rows"][1][7]


def test_the_same_command_twice_distributes_once_and_another_is_refused() -> None:
    done("coopledger dividend distribute shares.db 2025 --on 2026-01-12")
    again = done("coopledger dividend distribute shares.db 2025 --on 2026-01-12")
    assert "nothing was written" in again
    assert "was distributed in record" in refused("coopledger dividend distribute shares.db 2025 --on 2026-01-13")


def test_a_charter_of_steps_and_a_stated_basis(here: Path) -> None:
    (here / "steps.toml").write_text(
        """
to = "1元"

[[step]]
code = "losses"
purpose = "losses"

[[step]]
code = "reserve"
purpose = "reserve"
amount = "20% of after losses"
at_least = "5万元"
name = "公积金"
source = "章程 41"

[[step]]
code = "all"
purpose = "pool"
amount = "100% of left"

[[step.step]]
code = "milk"
purpose = "patronage"
weight = 6
by = "kilograms"

[[step.step]]
code = "heads"
purpose = "dividend"
weight = "4"
by = "heads"
""",
        encoding="utf-8",
    )
    (here / "kg.csv").write_text("number,kilograms\n0041,1\n18,2\n", encoding="utf-8")
    done("charter shares.db --waterfall steps.toml --resolution 2025-1,members,2025-01-01,2/2/2/0 --on 2025-01-07")
    done("coopledger dividend distribute shares.db 2025 --basis kilograms=kg.csv --on 2026-01-12")
    _, steps = tables(2025)
    assert [(row[0], row[4]) for row in steps["rows"]] == [
        ("losses", "0.00"),
        ("reserve 公积金", "50000.00"),
        ("all", "150000.00"),
        ("· milk", "90000.00"),
        ("· heads", "60000.00"),
    ]
    assert "kg.csv" in done("documents shares.db")
    shown = done("coopledger dividend show shares.db 2025-milk --no-names")
    assert "30,000.00" in shown


def test_a_charter_that_names_a_class_that_is_not_there_is_told_so(here: Path) -> None:
    (here / "law.toml").write_text('preset = "collective"\nreserve = "10%"\nwelfare = "5%"\nby = "class lend"\n')
    stated = "charter shares.db --waterfall law.toml --resolution 2025-1,members,2025-01-01,2/2/2/0 --on 2025-01-07"
    result = said(stated)
    assert result.exit_code == 0
    assert "there is no class lend yet, the book has land: open it before a surplus is distributed" in result.stderr
    (here / "law.toml").write_text('preset = "collective"\nreserve = "10%"\nwelfare = "5%"\nby = "class land"\n')
    assert said(stated).stderr == ""
    (here / "law.toml").write_text('preset = "collective"\nreserve = "10%"\nwelfare = "5%"\nby = "land"\n')
    told = "'land' is a basis of one's own, told each year (--basis); that of the class is 'class land'"
    assert told.replace("'land'", "land", 1) in said(stated).stderr


def test_who_founds_a_book_is_told_which_classes_its_waterfall_counts_on(here: Path) -> None:
    (here / "law.toml").write_text('preset = "collective"\nreserve = "10%"\nwelfare = "5%"\nby = "par lend"\n')
    founding = "coopledger book create new.db --name 新村 --law collective --waterfall law.toml --on 2025-01-01"
    note = "note: step members: there is no class lend yet, the book has -: open it before a surplus is distributed"
    founded = said(founding)
    assert (founded.exit_code, note in founded.stderr) == (0, True)
    done("class new.db lend --preset land --on 2025-01-01")
    again = said(founding)
    assert (again.exit_code, "says the same already" in again.stdout, "no class" in again.stderr) == (0, True, False)


def test_a_charter_that_breaks_a_rule_of_its_law_is_told_which(here: Path) -> None:
    (here / "all.toml").write_text(
        '[[step]]\ncode = "m"\npurpose = "dividend"\namount = "100% of left"\nby = "heads"', encoding="utf-8"
    )
    result = said(
        "charter shares.db --waterfall all.toml --resolution 2025-1,members,2025-01-01,2/2/2/0 --on 2025-01-07"
    )
    assert result.exit_code == 0
    assert "note: waterfall: no step covers losses of earlier years (农村集体经济组织法 42" in result.stderr
    verified = said("verify shares.db")
    assert verified.exit_code == 3
    assert "neither reserve nor welfare fund is taken" in verified.output


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('preset = "tribe"', "preset = 'tribe': one of collective, specialised, land is expected"),
        ('preset = "collective"\nreserve = "10%"', 'welfare, by is missing, as in welfare = "15%", by = "class land"'),
        ('preset = "land"\nreserve = "10%"\nby = "x"', "by: no such key"),
        ('[[step]]\ncode = "m"\npurpose = "dividend"\namount = "50"\nby = "x"', "step m: 50 has no unit"),
        ('[[step]]\ncode = "m"\npurpose = "dividend"\namount = "120% of left"\nby = "x"', "at most 100%"),
        ('[[step]]\ncode = "m"\npurpose = "gift"\namount = "1% of left"', "purpose = 'gift'"),
        ('[[step]]\ncode = "m"', "a step: purpose is missing"),
        ('[[step]]\ncode = "m"\nwhat = 1', "what: no such key"),
        ('step = "m"', "step: tables are expected"),
        ("[[step", "waterfall"),
        ('preset = "collective"\n公积金 = "30%"', "keys are the English words"),
        ("", "step: tables are expected"),
    ],
)
def test_a_file_that_is_no_waterfall_is_refused(here: Path, text: str, why: str) -> None:
    (here / "waterfall.toml").write_text(text, encoding="utf-8")
    result = said(
        "charter shares.db --waterfall waterfall.toml --resolution 2025-1,members,2025-01-01,2/2/2/0 --on 2025-01-07"
    )
    assert result.exit_code != 0
    assert why in result.stderr


@pytest.mark.parametrize(
    "text", ["number,kg\n0041\n", "number,kg\n0041,x\n", "number,kg\n0041,1\n0041,2\n", "n,k\n0,1,2"]
)
def test_a_file_that_is_no_basis_is_refused(here: Path, text: str) -> None:
    (here / "kg.csv").write_text(text, encoding="utf-8")
    result = said("coopledger dividend distribute shares.db 2025 --basis kilograms=kg.csv --on 2026-01-12")
    assert result.exit_code != 0
    assert "a number of the register, once, and a whole number from 0 on are expected" in result.stderr
