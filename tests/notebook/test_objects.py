"""What Jupyter shows: each object as HTML in the reader's language, escaped; plain text stays as it is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import coopledger.notebook
from coopledger.book import (
    C2021,
    SPECIALISED,
    Joiner,
    MemoryJournal,
    Proposal,
    Resolution,
    admit,
    adopt,
    approve,
    by_record_date,
    declare,
    dues,
    enter_surplus,
    found,
    holdings,
    in_turn,
    issue,
    member_account,
    open_class,
    preset,
    propose,
    register,
    register_report,
    runs,
    statement,
)
from coopledger.core.table import Column, Table
from coopledger.errors import CoopledgerError, EntryError, Problem
from coopledger.notebook import language, show_well, shown_html
from coopledger.plan import Plan, Stream, check_claims, explain, load_plan, payouts, project, split, step, term
from coopledger.text import Message

ROOT = Path(__file__).parents[2]
Shell = Any
DAY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coopledger.notebook, "_chosen", ["en"])


def new_shell() -> Shell:
    """A shell as a notebook has it; it is untyped."""
    made: Any = InteractiveShell
    return made()


@pytest.fixture(scope="module")
def shell() -> Iterator[Shell]:
    one = new_shell()
    show_well(one)
    yield one
    one.history_manager.end_session()


@pytest.fixture(scope="module")
def hill() -> MemoryJournal:
    journal = MemoryJournal("hill")
    at_once = SPECIALISED._replace(disclosure_days=0)
    steps = [
        found("示例村<合作社>", at_once, effective_on=DAY),
        adopt(C2021),
        open_class(preset("land"), effective_on=DAY),
    ]
    steps += [admit(*(Joiner(f"004{n}", household=f"1{n + 6}", head=True) for n in (1, 2)), effective_on=DAY)]
    steps += [
        issue("land", to="17", shares=400, effective_on=DAY),
        issue("land", to="18", shares=100, effective_on=DAY),
    ]
    steps += [enter_surplus(2026, 600_00, source="statement", effective_on=DAY)]
    steps += [propose("a", Proposal("surplus", "2026", "land", by_record_date(DAY), 600_00), effective_on=DAY)]
    steps += [approve("a", Resolution("1", "members", DAY, 2, 2, 2)), declare("a", effective_on=DAY)]
    journal.append(in_turn(*steps), key="all", actor="accountant")
    return journal


def html(shown: object) -> str:
    found = shown_html(shown)
    assert found is not None
    return found


def words(page: str) -> str:
    """What a reader of it reads, and what a picture says of itself."""
    return re.sub(r"\s+", " ", re.sub(r'<img alt="([^"]*)"[^>]*>', r" \1 ", page).replace("<", " <").replace(">", "> "))


def test_a_projection_has_its_picture_its_years_and_its_claims() -> None:
    language("zh")
    page = html(project(load_plan(ROOT / "examples" / "laohushan.toml")))
    assert page.count("<img alt=") == 2
    assert "土地：13,199,267.84 元" in page
    assert "使用权与资金入股四十年总收益：来源数字 7,150,000.00 元，计算结果 8,200,000.00 元" in page
    assert "<td" in page
    assert "27,998,901.76" in page
    assert "来源未给出服务费的面积" in page
    assert "不符" in page


def test_a_plan_says_who_pays_whom_by_which_rule() -> None:
    language("zh")
    page = html(load_plan(ROOT / "examples" / "laohushan.toml"))
    assert "企业 → 莲池村" in page
    assert "160 元/亩，每满 5 年按上期金额 +20%" in words(page)
    assert "1,000 亩" in page
    assert "来源数字 7,150,000 元" in page
    assert page.count("<img") == 1


def test_a_plan_that_cannot_be_carried_through_is_still_shown() -> None:
    falling = Stream("land", amount=step("100 yuan", every=1, by="-60 yuan"))
    page = html(Plan("hill", term("2014-01-01", years=5, basis="lease"), [falling]))
    assert "100 yuan" in page
    assert "<img" not in page


def test_how_a_stream_is_split_is_shown_with_its_projection() -> None:
    parts = split([("village", "30%"), ("company", "70%")])
    land = Stream("land", amount="100 yuan", split=parts)
    page = html(project(Plan("hill", term("2014-01-01", years=5, basis="lease"), [land])))
    assert "land, by part" in page
    assert "350.00" in page


def test_a_book_shows_its_register_runs_dues_holdings_statement_and_account(hill: MemoryJournal) -> None:
    with hill.read() as view:
        own = runs(view)
        shown = {
            "register": register(view, DAY),
            "run": own["a"],
            "runs": own,
            "dues": dues(view, own["a"]),
            "holdings": holdings(view, "land"),
            "statement": statement(view, "17"),
            "account": member_account(view, "17", DAY),
            "report": register_report(view, DAY),
        }
    pages = {name: html(one) for name, one in shown.items()}
    assert "示例村&lt;合作社&gt;: register" in pages["register"]
    assert re.findall(r"004\d", pages["register"])[::2] == ["0041", "0042"]
    for page in (pages["run"], pages["runs"]):
        assert "surplus, 2026, instalment 1" in page
        assert "600.00" in page
    assert "resolution 1: 2 for, 0 against, 2 present of 2" in pages["run"]
    assert ">480.00<" in pages["dues"]
    assert ">600.00<" in pages["dues"]
    assert 'alt="who holds what: 17: 400 (80.00%), 18: 100 (20.00%)"' in pages["holdings"]
    assert ">+400<" in pages["statement"]
    assert ">480.00<" in pages["account"]
    assert ">80.0000<" in pages["report"]
    language("zh")
    for one in shown.values():
        assert not re.search(r">[a-z]{4,}", re.sub(r"surplus|land", "", html(one))), html(one)


def test_an_explanation_and_messages_in_a_list_are_lines() -> None:
    language("zh")
    hill = load_plan(ROOT / "examples" / "laohushan.toml")
    shown = html(explain(hill.streams[0], hill.term, hill.currency, year=23))
    assert "土地，合同第 23 年（2036-01-01 – 2036-12-31）\n  以下各项之积  →  331,776 元" in shown
    assert html([Message("none"), Message("total")]) == '<pre style="white-space:pre-wrap">无\n合计</pre>'


def test_problems_and_claims_in_a_list_are_tables() -> None:
    language("zh")
    assert "第 8 条记录" in html([Problem("record 8", Message("none"))])
    assert "不符" in html(check_claims(project(load_plan(ROOT / "examples" / "laohushan.toml"))))


def test_what_somebody_wrote_is_text_and_control_characters_are_written_out() -> None:
    nasty = "<script>alert('1')</script>\x1b[2J"
    land = Stream(nasty, amount="1 yuan", payer=nasty)
    plan = Plan(nasty, term("2014-01-01", years=1, basis="lease"), [land], source=nasty, notes=[nasty])
    pages = [html(plan), html(project(plan)), html(Table(nasty, [Column(nasty, nasty)], [[nasty]], [nasty], [nasty]))]
    for page in pages:
        assert "<script" not in page
        assert "\x1b" not in page
        assert "&lt;script&gt;" in page


def test_a_long_table_is_cut_and_says_so() -> None:
    rows = [[str(n)] for n in range(600)]
    page = html(Table("long", [Column("n", number=True)], rows))
    assert page.count("<tr>") == 501
    assert "100 more rows: to_pandas has them all" in page


def test_jupyter_shows_what_is_ours_and_leaves_what_is_not(shell: Shell) -> None:
    plan = load_plan(ROOT / "examples" / "laohushan.toml")
    for one in (plan, project(plan), payouts(project(plan)), [payouts(project(plan))]):
        data, _ = shell.display_formatter.format(one)
        assert data["text/html"] == shown_html(one)
        assert data["text/plain"]
    for other in ([1, 2], {"a": 1}, [], {}, [payouts(project(plan)), 1], "text", {"a": payouts}):
        assert set(shell.display_formatter.format(other)[0]) == {"text/plain"}


def test_lists_that_somebody_else_shows_are_shown_so_still() -> None:
    shell = new_shell()
    shell.display_formatter.formatters["text/html"].for_type(list, lambda seen: f"<i>{len(seen)}</i>")
    show_well(shell)
    show_well(shell)
    assert shell.display_formatter.format([1, 2])[0]["text/html"] == "<i>2</i>"
    assert "<table>" in shell.display_formatter.format([Table("t", [Column("n")], [["1"]])])[0]["text/html"]
    shell.history_manager.end_session()


def test_an_error_is_said_in_chinese_with_its_line_and_in_english_as_ever(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "from coopledger.plan import quantity\nquantity('很多')"
    language("zh")
    shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert "'很多' 不是" in shown
    assert "quantity('很多')" in shown
    assert "Traceback" not in shown
    language("en")
    shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert "Traceback" in shown
    assert "QuantityError" in shown


def test_nothing_is_registered_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(CoopledgerError, "_render_traceback_", raising=False)
    show_well(None)
    assert not hasattr(CoopledgerError, "_render_traceback_")


def test_the_language_is_the_environments_until_another_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coopledger.notebook, "_chosen", [])
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert language() == "zh"
    assert language("en") == "en"
    assert language() == "en"
    for wrong in ("de", 5, ["zh"]):
        with pytest.raises(EntryError, match="one of en, zh is accepted"):
            language(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["import coopledger", "from coopledger.book import *"])
def test_importing_within_ipython_is_enough_and_loads_nothing_heavy(line: str) -> None:
    script = f"""
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
{line}
from coopledger.core.table import Column, Table
heavy = [one for one in ("altair", "pandas", "ipywidgets", "vl_convert") if one in sys.modules]
print(heavy, "<table>" in shell.display_formatter.format(Table("t", [Column("n")], [["1"]]))[0]["text/html"])
"""
    env = {**os.environ, "IPYTHONDIR": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)  # noqa: S603 - our own
    assert done.stdout.splitlines()[-1] == "[] True"


def test_importing_outside_of_ipython_does_not_load_the_room() -> None:
    script = "import sys, coopledger; print('coopledger.notebook' in sys.modules, 'IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert done.stdout == "False False\n"
