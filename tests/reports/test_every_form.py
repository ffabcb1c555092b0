"""Every report of the example books in every form and both languages: what each form says is what the table says."""

import csv
import runpy
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from pyarrow.parquet import read_table

from coopledger import load_plan, project
from coopledger.cli.answer import laid_out
from coopledger.core.appropriation import appropriations
from coopledger.core.claims import check_claims
from coopledger.core.contract import contracts
from coopledger.core.dues import dues
from coopledger.core.journal import View
from coopledger.core.receivable import contract_status
from coopledger.core.register import register
from coopledger.core.run import runs
from coopledger.core.table import Table, number
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.files.table_data import FORMULA, heading
from coopledger.reports.account import account_report
from coopledger.reports.arrears import arrears_report
from coopledger.reports.classes import classes_report
from coopledger.reports.composition import composition_report
from coopledger.reports.contract import contract_report, contract_rest_report, contracts_report, instalment_report
from coopledger.reports.contributions import contributions_report
from coopledger.reports.distribution import distribution_report
from coopledger.reports.dividend import run_report, runs_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.documents import documents_report
from coopledger.reports.explanation import explanation_report
from coopledger.reports.history import history_report
from coopledger.reports.movements import movements_report
from coopledger.reports.payment_list import payment_list_report
from coopledger.reports.payouts import claims_table, holder_tables, payouts, split_tables
from coopledger.reports.problems import problems_report
from coopledger.reports.receipts import receipts_report
from coopledger.reports.record import record_report, records_report
from coopledger.reports.register import register_report
from coopledger.reports.roster import roster_report
from coopledger.reports.trial_balance import trial_balance_report
from coopledger.reports.vouchers import vouchers_report
from coopledger.reports.withholdings import withholdings_report
from coopledger.store.memory import MemoryJournal
from coopledger.text import Language, said
from tests.files.sheets import pages

EXAMPLES = Path(__file__).parents[2] / "examples"
BOOKS = [("ande", "village"), ("pingqiao", "cooperative"), ("laohushan", "village")]
FIRST, LAST = date(2013, 1, 1), date(2026, 6, 30)


def of_book(view: View) -> Iterator[Table]:
    now = register(view, LAST)
    numbers = [*now.members][:1] + [*now.households][:1]
    yield from register_report(view, LAST)
    yield from roster_report(view, LAST)
    yield from composition_report(view, LAST)
    yield from movements_report(view, FIRST, LAST)
    yield from trial_balance_report(view, FIRST, LAST)
    yield from vouchers_report(view, FIRST, LAST)
    yield from record_report(view, view.head.seq)
    yield from arrears_report(view, LAST)
    yield from withholdings_report(view, FIRST, LAST)
    yield classes_report(view, LAST)
    yield contributions_report(view, LAST)
    yield records_report(view)
    yield documents_report(view)
    yield contracts_report(view, LAST)
    yield runs_report(view, LAST)
    yield problems_report(view)
    for one in numbers:
        yield from account_report(view, one, FIRST, LAST)
        yield history_report(view, one)
        yield dividend_statement_report(view, one, LAST)
    for one in [name for name, run in runs(view).items() if run.state == "declared"][:2]:
        yield run_report(view, one, LAST)
        yield payment_list_report(view, one, LAST)
        yield from dividend_notice_report(view, one, LAST)
        yield from receipts_report(view, one, LAST)[:2]
        for holder in numbers:
            if holder in {*dues(view, runs(view)[one], LAST)}:
                yield from explanation_report(view, one, holder, LAST)
    for year in [*appropriations(view)][:2]:
        yield from distribution_report(view, year)
    for one in contracts(view):
        yield from contract_report(view, one, LAST)
        yield contract_rest_report(view, one)
        first = contract_status(view, one, LAST).dues[0]
        yield instalment_report(view, one, first.stream, first.due)


@cache
def kept(name: str, book: str) -> MemoryJournal:
    found = runpy.run_path(str(EXAMPLES / "books" / f"{name}.py"))[book]()
    assert isinstance(found, MemoryJournal)
    return found


@cache
def tables(name: str, book: str) -> list[Table]:
    with kept(name, book).read() as view:
        return [*of_book(view)]


@cache
def projected(plan: str) -> list[Table]:
    projection = project(load_plan(EXAMPLES / plan))
    return [
        table
        for merged in (True, False)
        for table in (
            payouts(projection, merged=merged),
            payouts(projection, calendar=True, merged=merged),
            *split_tables(projection, merged=merged),
            *holder_tables(projection, merged=merged),
            claims_table(check_claims(projection)),
        )
    ]


PLANS = ["laohushan.toml", "rice-and-dividend.toml"]
ALL = pytest.mark.parametrize("which", [*(f"{name}.{book}" for name, book in BOOKS), *PLANS])
BOTH = pytest.mark.parametrize("language", ["en", "zh"])


def found(which: str) -> list[Table]:
    return projected(which) if which.endswith(".toml") else tables(*which.split("."))


def cells(table: Table, language: Language) -> list[list[str]]:
    return [[said(cell, language) for cell in row] for row in table.rows]


@ALL
@BOTH
def test_a_sheet_says_what_the_table_says_and_its_sums_come_to_the_totals(which: str, language: Language) -> None:
    those = found(which)
    data = laid_out(those, "xlsx", language)
    assert isinstance(data, bytes)
    for table, page in zip(those, pages(data), strict=True):
        assert page.cells["A1"].value == said(table.title, language)
        assert [page.cells[f"{letter(n)}2"].value for n in range(len(table.columns))] == [
            heading(one, language) for one in table.columns
        ]
        last = 3 + len(table.rows)
        rows = [*cells(table, language), *([[said(one, language) for one in table.totals]] if table.totals else [])]
        for at, row in enumerate(rows, 3):
            for n, (column, words) in enumerate(zip(table.columns, row, strict=True)):
                cell, value = page.cells[f"{letter(n)}{at}"], number(words)
                if column.number and value is not None:
                    assert (cell.kind, Decimal(cell.value)) == ("n", value)
                elif cell.kind == "n" and cell.value:
                    assert date(1899, 12, 30).toordinal() + int(cell.value) == date.fromisoformat(words).toordinal()
                else:
                    assert cell.value == words
        for address in page.formulas:
            assert page.recomputed(address) == number(said(table.totals[column_of(address)], language))
            assert address.endswith(str(last))


@ALL
def test_money_that_is_added_up_is_a_formula_wherever_the_lines_add_up(which: str) -> None:
    """Only totals that are no sums of their lines are values: of lines that are several payments, or are rounded."""
    those = found(which)
    data = laid_out(those, "xlsx", "en")
    assert isinstance(data, bytes)
    values = 0
    for table, page in zip(those, pages(data), strict=True):
        for n, total in enumerate(table.totals):
            words = said(total, "en")
            added = [number(row[n]) for row in cells(table, "en")]
            if table.columns[n].number and number(words) == sum(one for one in added if one is not None) and any(added):
                assert f"{letter(n)}{3 + len(table.rows)}" in page.formulas
                values += 1
    assert values


@ALL
@BOTH
def test_a_csv_says_what_the_table_says(which: str, language: Language) -> None:
    for table in found(which):
        text = laid_out([table], "csv", language)
        assert isinstance(text, str)
        lines = [*csv.reader(StringIO(text, newline=""), strict=True)]
        assert len(lines) == 1 + len(table.rows)
        for line, row in zip(lines[1:], cells(table, language), strict=True):
            for column, seen, words in zip(table.columns, line, row, strict=True):
                if column.number and number(words) is not None:
                    assert Decimal(seen) == number(words)
                else:
                    assert seen.removeprefix("'" if words.startswith(FORMULA) else "") == words
                    assert len(seen) == 1 or not seen.startswith(FORMULA)


@ALL
@BOTH
def test_a_parquet_file_says_what_the_table_says(which: str, language: Language) -> None:
    those = found(which)
    files = laid_out(those, "parquet", language)
    assert isinstance(files, list)
    for table, data in zip(those, files, strict=True):
        assert isinstance(data, bytes)
        read = read_table(BytesIO(data))
        assert read.schema.metadata[b"title"].decode() == said(table.title, language)
        columns = dict(zip(read.column_names, read.to_pydict().values(), strict=True))
        rest = [name for name in read.column_names if not name.endswith((": as said", "：原文"))]
        assert len(rest) == len(table.columns)
        for n, name in enumerate(rest):
            words = [row[n] for row in cells(table, language)]
            if table.columns[n].number:
                assert columns[name] == [number(one) for one in words]
            else:
                assert [one or "" for one in columns[name]] == words


def test_the_trial_balance_recomputes_to_what_the_journal_comes_to() -> None:
    with kept("laohushan", "village").read() as view:
        *_, table = trial_balance_report(view, date(2024, 1, 1), LAST)
        expected = totals(trial_balance(view, date(2024, 1, 1), LAST, "c2023"))
    data = laid_out([table], "xlsx", "zh")
    assert isinstance(data, bytes)
    [page] = pages(data)
    assert [page.recomputed(one) * 100 for one in page.formulas] == [fen for fen in expected if fen]
    assert expected.debit_fen > 0


def test_forty_years_of_a_contract_add_up_line_by_line() -> None:
    projection = project(load_plan(EXAMPLES / "laohushan.toml"))
    data = laid_out([payouts(projection, merged=False)], "xlsx", "en")
    assert isinstance(data, bytes)
    [page] = pages(data)
    assert page.recomputed(max(page.formulas)) * 100 == projection.total
    assert len(page.formulas) == len(projection.streams) + 1


def letter(column: int) -> str:
    assert column < 26
    return chr(ord("A") + column)


def column_of(address: str) -> int:
    return ord(address[0]) - ord("A")
