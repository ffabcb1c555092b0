"""The payouts of a projection as tables, before anybody renders them."""

from fractions import Fraction
from pathlib import Path

import pytest

from coopledger.core.claims import check_claims
from coopledger.core.plan import Plan
from coopledger.core.projection import Projection, project
from coopledger.core.table import Table
from coopledger.files.plan_file import load_plan
from coopledger.reports.payouts import claims_table, head, holder_tables, payouts, split_tables
from coopledger.text import Language, said
from tests.plans import ADVANCES, FULL, IN_KIND, JULY, LAOHUSHAN, NESTED, PER_SHARE, changed, written


@pytest.fixture
def projected(tmp_path: Path) -> "Projector":
    return Projector(tmp_path)


class Projector:
    """Projects plans written in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plan(self, text: str) -> Plan:
        return load_plan(written(self.folder / "plan.toml", text))

    def __call__(self, text: str) -> Projection:
        return project(self.plan(text))


def words(table: Table, language: Language = "en") -> list[list[str]]:
    return [[said(cell, language) for cell in row] for row in table.rows]


def headings(table: Table) -> list[str]:
    return [said(column.heading, "en") for column in table.columns]


def fen(cell: str) -> Fraction:
    return Fraction(cell.replace(",", ""))


def test_a_row_covers_the_years_in_which_nothing_changes(projected: Projector) -> None:
    text = changed(JULY, ("start = 2014-09-15\nend = 2019-06-30\nstub", "start = 2014-07-01\nyears = 5\n# stub"))
    flat = changed(text, (', step = { every = 1, by = "7%", of = "previous" }', ""))
    rows = words(payouts(projected(flat)))
    assert rows == [["1–5", "2014-07-01 – 2019-06-30", "10,000.01", "365.00", "10,365.01"]]


def test_a_stub_in_front_is_year_0(projected: Projector) -> None:
    table = payouts(projected(JULY))
    assert [row[0] for row in words(table)] == ["0", "1", "2", "3", "4"]
    assert words(table)[0][1] == "2014-09-15 – 2015-06-30"


@pytest.mark.parametrize("calendar", [False, True])
@pytest.mark.parametrize("text", [FULL, NESTED, PER_SHARE, ADVANCES, JULY], ids=range(5))
def test_the_rows_add_up_to_the_totals(text: str, calendar: bool, projected: Projector) -> None:
    table = payouts(projected(text), calendar=calendar)
    for n, column in enumerate(table.columns):
        if column.number:
            total = Fraction(0)
            for row in words(table):
                first, _, last = row[0].partition("–")
                total += fen(row[n]) * (int(last or first) - int(first) + 1)
            assert total == fen(said(table.totals[n], "en"))


def test_one_stream_needs_no_column_of_sums(projected: Projector) -> None:
    assert headings(payouts(projected(PER_SHARE))) == ["year", "from – to", "分红"]
    assert headings(payouts(projected(NESTED)))[-1] == "total"


def test_a_book_that_receives_and_pays_has_a_sum_of_each(projected: Projector) -> None:
    text = changed(NESTED, ('title = "t"', 'title = "t"\nbook = "村"'), ('name = "合作社"', 'name = "a"\npayee = "村"'),
                   ('name = "收益"', 'name = "b"\npayer = "村"'))  # fmt: skip
    table = payouts(projected(text))
    assert headings(table)[-2:] == ["received", "paid"]
    assert words(table)[0][-2:] == ["1,000.01", "777.77"]


def test_goods_without_a_price_are_shown_as_goods_and_the_totals_say_so(projected: Projector) -> None:
    table = payouts(projected(IN_KIND))
    assert [row[2] for row in words(table)][:3] == ["900.00", "960.00", "600 jin"]
    assert [row[2] for row in words(table, "zh")][2] == "600 斤"
    assert said(table.notes[-1], "en") == "totals are of what is known"


def test_assumptions_are_lettered_beside_the_years_they_touch(projected: Projector) -> None:
    table = payouts(projected(IN_KIND))
    assert headings(table)[-1] == "notes"
    assert [row[-1] for row in words(table)] == ["", "", "", "a", "a", "a", "a"]
    assert said(table.notes[0], "en").startswith("a: 油价: 2016's 2.5 yuan/jin")


def test_the_head_says_term_book_and_streams(projected: Projector) -> None:
    lines = [line.say() for line in head(projected.plan(FULL))]
    assert lines[:3] == [
        "2014-01-01 – 2023-12-31, contract years: 10, amounts in yuan",
        "in the book of 莲池村",
        "土地: 企业 → 莲池村; barren land; due on the last day of the period",
    ]
    assert lines[3] == "稻谷: barren land; due 2/3 on 10-15, 1/3 on 12-31"
    assert lines[4] == "分红: contribution; due on 03-31 after the period"


def test_splits_have_a_column_for_every_part_and_inner_part(projected: Projector) -> None:
    first, second = split_tables(projected(NESTED))
    assert headings(first)[2:] == ["村方", "村方/集体", "村方/农户", "企业"]
    assert headings(second)[2:] == ["分红", "分红/贫困户", "分红/其他户", "提留", "提留/公积金", "提留/公益金"]
    for row in [*words(second), [said(cell, "en") for cell in second.totals]]:
        amounts = [fen(cell) for cell in row[2:]]
        assert amounts[0] == amounts[1] + amounts[2]
        assert amounts[3] == amounts[4] + amounts[5]


def test_holders_stand_in_the_order_of_their_numbers_and_get_everything(projected: Projector) -> None:
    (table,) = holder_tables(projected(ADVANCES))
    assert [row[0] for row in words(table) if row[0]] == ["2", "9", "10"]
    once = [fen(row[-1]) for row in words(table) if row[-1] and row[3] != "total"]
    assert sum(once) == fen(said(table.totals[-1], "en"))


def test_what_per_share_leaves_is_noted_even_where_it_is_negative(projected: Projector) -> None:
    (table,) = holder_tables(projected(PER_SHARE))
    assert said(table.notes[-1], "en") == "remainder to 结转: -0.14"


def test_claims_stand_beside_the_computed_figures_with_the_difference() -> None:
    projection = project(load_plan(LAOHUSHAN))
    rows = words(claims_table(check_claims(projection)))
    assert [row[-1] for row in rows] == ["holds", "holds", "holds", "does NOT hold"]
    assert rows[-1][1:4] == ["7,150,000.00 yuan", "8,200,000.00 yuan", "+1,050,000.00 yuan"]
    assert rows[0][3] == "0.00 yuan"


def test_a_figure_with_more_than_two_decimals_is_shown_as_about(projected: Projector) -> None:
    claim = (
        '\n[[claims]]\nabout = "c"\nclaimed = "333 元/户"\nper = "21 户"\nstream = "合作社"\nrounded_to = "1元/户"\n'
    )
    row = words(claims_table(check_claims(projected(NESTED + claim))))[0]
    assert row[1:] == ["333.00 yuan/household", "≈ 333.34 yuan/household", "≈ +0.34 yuan/household",
                       "holds, rounded to 1 yuan/household"]  # fmt: skip
