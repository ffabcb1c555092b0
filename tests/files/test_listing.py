"""Listings: sheets and columns are found by what they mean, and totals are not taken for rows."""

import pytest

from coopledger.errors import Problem
from coopledger.files.listing import COLUMNS, KINDS, SHEETS, Kind, Listing, heading, kind_of, meaning, read_listing
from coopledger.files.workbook import Sheet


def listing(rows: list[list[object]], kind: Kind = "members") -> tuple[Listing | None, list[str], list[str]]:
    problems: list[Problem] = []
    notices: list[Problem] = []
    found = read_listing(Sheet("v.xlsx", "表", rows), kind, problems, notices)  # type: ignore[arg-type]
    return found, [str(one) for one in problems], [str(one) for one in notices]


@pytest.mark.parametrize(("kind", "name"), SHEETS.items())
def test_each_sheet_that_we_write_is_known_by_its_name(kind: str, name: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2025年成员名册", "members"),
        ("1组社员", "members"),
        ("花名册", "members"),
        ("农户信息", "households"),
        ("成员股权", "shares"),
        ("股权量化表", "shares"),
        ("土地入股", "contributions"),
        ("科目期初余额", "opening balances"),
        ("2019—2024分红", "past dividends"),
        ("Members", "members"),
        ("Share classes", "classes"),
        ("Sheet1", None),
    ],
)
def test_what_a_sheet_lists_is_known_by_what_its_name_means(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_means_two_columns(kind: Kind) -> None:
    names = [name for names in COLUMNS[kind].values() for name in names]
    assert len(names) == len({*names})
    assert all(meaning(kind, heading(name).plain) for name in names)


@pytest.mark.parametrize(
    "seen",
    ["姓名", " 姓 名 ", "姓\n名", "姓名*", "姓名：", "姓名（必填）", "【必填】姓名", "Name", "NAME", "姓\u3000名"],
)
def test_a_heading_is_known_with_blanks_line_breaks_marks_and_brackets(seen: str) -> None:
    assert meaning("members", heading(seen).plain) == "name"


def test_a_unit_in_brackets_is_the_unit_of_the_column() -> None:
    found, problems, _ = listing([["科目编号", "借方（万元）", "贷方(元)"], ["102", 1, 2]], "opening balances")
    assert found is not None
    assert (found.unit("debit"), found.unit("credit"), problems) == (10_000, 1, [])


def test_titles_above_and_totals_and_notes_below_are_no_rows() -> None:
    found, problems, notices = listing(
        [
            ["示例村成员名册"],
            ["单位：示例村", "", "2026年"],
            [],
            ["编号", "姓名", "户号"],
            ["0001", "甲", "1"],
            ["小计", "", ""],
            ["0002", "乙", "1"],
            ["合 计", "2", ""],
            ["制表人：某某", "", "审核：某某"],
        ]
    )
    assert found is not None
    assert (found.heading_row, [*found.rows], problems) == (3, [4, 6], [])
    assert [(one.row, [*one.of]) for one in found.totals] == [(5, [4]), (7, [4, 6])]
    assert notices == ["v.xlsx: 表!9:9: a note below the rows: it is not read"]


def test_a_column_that_means_nothing_is_named_with_the_one_that_is_near() -> None:
    _, problems, notices = listing([["编号", "姓名", "身份证号吗", "血型"], ["1", "甲", "", ""]])
    assert problems == []
    assert notices == [
        "v.xlsx: 表!C1: column 身份证号吗 is not read: is 身份证号 meant?",
        "v.xlsx: 表!D1: column 血型 is not read",
    ]


def test_a_missing_and_a_doubled_column_are_said_at_the_headings() -> None:
    _, problems, _ = listing([["编号", "户号", "手机", "电话"], ["1", "1", "", ""]])
    assert problems == [
        "v.xlsx: 表!1:1: no column 姓名 (name) among the headings: it is expected",
        "v.xlsx: 表!D1: several columns mean 电话 (phone), C1, D1: one is expected",
    ]


def test_a_sheet_without_headings_is_a_problem_and_an_empty_one_is_none() -> None:
    assert listing([["x"], ["y"]])[1] == [
        "v.xlsx: 表: no row of headings is found: 编号 (number), 姓名 (name) are expected"
    ]
    assert listing([])[1] == listing([["", " "]])[1] == []
