"""A village's workbook: read whatever its form, and every classic found in its cell."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.files.village import Village
from coopledger.files.village_file import read_village
from coopledger.files.workbook import address
from tests.files.villages import resident, village
from tests.files.workbooks import WRITERS, write_ods, write_xlsx

Sheets = dict[str, list[list[Any]]]


def read(sheets: Sheets, merged: dict[str, list[str]] | None = None) -> Village:
    with TemporaryDirectory() as folder:
        return read_village(write_xlsx(Path(folder) / "v.xlsx", sheets, merged))


def said(found: Village) -> list[str]:
    return [str(one).removeprefix("v.xlsx: ") for one in found.problems]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_village_without_a_problem_is_read_the_same_from_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    found = read_village(WRITERS[kind](tmp_path, village()))
    assert [*map(str, found.problems)] == [*map(str, found.notices)] == []
    assert (found.cooperative and found.cooperative.on) == date(2026, 1, 1)
    assert [one.number for one in found.members] == [f"{n:04}" for n in range(1, 13)]
    assert [one.number for one in found.members if one.head] == ["0001", "0004", "0007", "0010"]
    assert found.members[0].personal["id"] == resident(1)
    assert found.members[0].personal["phone"] == "13800000000"
    assert [(one.cls, one.household or one.number, int(one.shares)) for one in found.shares][-2:] == [
        ("资金股", "0001", 1000),
        ("资金股", "0005", 500),
    ]
    assert sum(one.fen for one in found.balances) == 0
    assert [(one.year, one.holder, one.fen) for one in found.dividends] == [(2024, "H01", 58_50), (2025, "H01", 60_00)]


# What a spreadsheet or a tired clerk makes of a village, where it is seeded, and what is said.
def _put(value: Any) -> Callable[[Sheets, str, int, int], None]:  # noqa: ANN401
    def seed(sheets: Sheets, sheet: str, row: int, column: int) -> None:
        cells = sheets[sheet][row]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value

    return seed


CLASSICS: dict[str, tuple[str, str, Any, str]] = {
    "an ID cut at 15 digits": ("成员", "身份证号", "999999198001310", "has 15 digits"),
    "an ID with zeros for its last digits": ("成员", "身份证号", "999999198001310000", "rounded number"),
    "an ID turned into 1.1E+17": ("成员", "身份证号", "9.99999E+17", "rounded number"),
    "an ID that is a number": ("成员", "身份证号", 999999198001310014.0, "a number of 18 digits"),
    "an ID with a mistyped digit": ("成员", "身份证号", "999999198001310015", "check digit"),
    "a bank card that is a number": ("成员", "银行卡号", 6.2e18, "a number of 19 digits"),
    "a full-width number": ("成员", "编号", "００４２", "full-width characters: write 0042"),
    "a number of blanks": ("成员", "编号", " ", "empty"),
    "no number": ("成员", "编号", None, "empty"),
    "no name": ("成员", "姓名", "　", "empty: a name"),
    "a day that can be read in two ways": ("成员", "出生日期", "3/1/80", "a day is expected"),
    "a day that is none": ("成员", "出生日期", "1980-02-30", "a day is expected"),
    "a number where a day is expected": ("成员", "出生日期", 29221.0, "a day is expected"),
    "shares of blanks": ("股权", "人口股", "  ", "nothing but blanks"),
    "shares in words": ("股权", "人口股", "三股", "a number is expected"),
    "shares below nothing": ("股权", "人口股", -3, "0 or more are accepted"),
    "an amount below the fen": ("期初余额", "借方（元）", 0.125, "no whole number of fen"),
    "an amount in words": ("出资", "金额（元）", "五千", "a number is expected"),
    "a total of a household that differs": ("户", "人数", 4, "4 is said, and the rows come to 3"),
    "a head who is not in the household": ("户", "户主", "成员12", "is not among the people"),
    "a true number": ("成员", "编号", True, "the spreadsheet has made this"),
}


@pytest.mark.parametrize("name", CLASSICS)
@given(at=st.integers(0, 30))
@settings(max_examples=4)
def test_each_classic_is_found_in_whatever_row_it_stands(name: str, at: int) -> None:
    sheet, heading, seed, words = CLASSICS[name]
    sheets = village()
    head = next(n for n, row in enumerate(sheets[sheet]) if heading in row)
    column = sheets[sheet][head].index(heading)
    last = len(sheets[sheet]) - (sheet in ("股权", "期初余额"))
    rows = range(head + 1, last)
    if name == "a head who is not in the household":
        rows = range(head + 1, last - 1)
    row = rows[at % len(rows)]
    _put(seed)(sheets, sheet, row, column)
    found = [one for one in said(read(sheets)) if one.startswith(f"{sheet}!{address(row, column)}: ")]
    assert found
    assert words in found[0]


def test_two_heads_and_none_are_found() -> None:
    sheets = village()
    del sheets["户"]
    sheets["成员"][3][3] = "户主"
    sheets["成员"][4][3] = "子女"
    assert said(read(sheets))[:2] == [
        "成员!D4: household H01 has two heads, 0001 and 0003: one is expected",
        "成员!B5: household H02 has no head: say which of its people it is",
    ]


def test_people_who_stand_twice_are_found_by_number_by_id_and_by_name() -> None:
    sheets = village()
    del sheets["户"]
    people = sheets["成员"]
    people.append(["0001", "H04", "别人", "其他"])
    people.append(["0099", "H04", "另一人", "其他", people[3][4]])
    people.append(["0098", "H04", people[2][2], "其他", None, people[2][5]])
    people.append(["0097", "H04", "成员11", "其他"])
    apart = "delete one of them, or tell them apart by ID numbers or birth dates"
    assert said(read(sheets)) == [
        "成员!A14: member 0001 stands in v.xlsx: 成员!A2 already",
        "成员!E15: the same ID number as in v.xlsx: 成员!E4: a person has one number in the register",
        f"成员!C16: the same person as in v.xlsx: 成员!C3, by name: {apart}",
        f"成员!C17: the same person as in v.xlsx: 成员!C12, by name: {apart}",
    ]


def test_people_of_one_name_with_different_birth_dates_or_ids_are_two() -> None:
    sheets = village()
    sheets["成员"][2][2] = sheets["成员"][3][2]
    assert said(read(sheets)) == []


@given(first=st.integers(1, 11), left=st.integers(0, 5))
@settings(max_examples=10)
def test_merged_cells_among_the_rows_are_found_and_those_of_titles_are_not(first: int, left: int) -> None:
    sheets = village()
    sheets["成员"].insert(0, ["成员名册"])
    spread = f"{address(first + 1, left)}:{address(first + 2, left)}"
    found = said(read(sheets, {"成员": ["A1:D1", spread]}))
    assert any(one.startswith(f"成员!{address(first + 1, left)}: merged cells, {spread}") for one in found)
    assert said(read(sheets, {"成员": ["A1:D1"]})) == []


def test_merged_cells_of_an_ods_file_are_found_as_well(tmp_path: Path) -> None:
    sheets = village()
    sheets["成员"].insert(0, ["成员名册"])
    title = {(0, 0): 'table:number-columns-spanned="4"'}
    spread = {(2, 1): 'table:number-rows-spanned="3" table:number-columns-spanned="1"'}
    found = said(read_village(write_ods(tmp_path / "v.ods", sheets, {"成员": {**title, **spread}})))
    assert [one for one in found if "merged" in one] == [
        "v.ods: 成员!B3: merged cells, B3:B5: a value in each row is expected: unmerge them, and fill in each"
    ]
    assert said(read_village(write_ods(tmp_path / "w.ods", sheets, {"成员": title}))) == []


def test_totals_that_differ_from_their_rows_are_found_at_the_total() -> None:
    sheets = village()
    sheets["股权"][-1][2] = 13
    sheets["期初余额"][-1][2] = 68500.54
    sheets["股份类别"][1][3] = 11
    sheets["户"].append(["合计", None, 13])
    assert said(read(sheets)) == [
        "户!C6: 13 is said, and the rows come to 12",
        "股份类别!D2: 人口股 has 11 shares, and the rows of 股权, 出资 come to 12",
        "股权!C6: 13 is said, and the rows come to 12",
        "期初余额!C10: 68500.54 is said, and the rows come to 68500.55",
    ]


def test_problems_are_in_the_order_of_the_sheets_and_their_rows() -> None:
    sheets = village()
    sheets["资金股权"][1][3] = -1
    sheets["成员"][9][3] = "户主"
    sheets["成员"][4][4] = 1.1e17
    sheets["户"][1][2] = 4
    assert [one.split(":")[0] for one in said(read(sheets))] == ["户!C2", "成员!E5", "成员!D10", "资金股权!D2"]
    assert said(read(sheets))[-1] == "资金股权!D2: -1 shares: 0 or more are accepted"


def test_a_total_that_a_spreadsheet_reckoned_in_floats_is_the_total(tmp_path: Path) -> None:
    sheets = village()
    come_to = 0.1 + 0.2
    assert repr(come_to) == "0.30000000000000004"
    sheets["股份类别"][1][3] = come_to
    sheets["股权"] = [["户号", "人口股"], ["H01", 0.1], ["H02", 0.2], ["合计", come_to]]
    found = [str(one) for one in read_village(WRITERS["ods"](tmp_path, sheets)).problems]
    assert found == []


def test_names_that_are_spread_by_blanks_are_the_same_names() -> None:
    sheets = village()
    for one in sheets["成员"][1:4]:
        one[2] = {"成员1": "成　员1", "成员2": "成员2", "成员3": "成员3"}[one[2]]
    found = read(sheets)
    assert said(found) == []
    assert found.members[0].personal["name"] == "成员1"


def test_sides_that_differ_are_found() -> None:
    sheets = village()
    sheets["期初余额"][3][2] = 10000.6
    sheets["期初余额"].pop()
    [found] = said(read(sheets))
    assert found == "期初余额!D9: debits come to 68,500.65 yuan, credits to 68,500.55: both sides the same are expected"


def test_what_can_be_read_in_one_way_only_is_read_and_noted_in_its_cell() -> None:
    sheets = village()
    sheets["成员"][2][5] = "1980年1月2日"
    sheets["成员"][1][4] = "９" + resident(1)[1:]
    sheets["股权"][1][2] = "３"
    found = read(sheets)
    assert said(found) == []
    assert [str(one).removeprefix("v.xlsx: ") for one in found.notices] == [
        "成员!E2: full-width characters, read as half-width ones",
        "成员!F3: a day that is written as text, read as 1980-01-02",
        "股权!C2: full-width characters, read as half-width ones",
    ]
    assert found.members[1].personal["birth"] == "1980-01-02"


def test_a_sheet_that_means_nothing_is_ignored_and_named_and_the_readers_own_are_not() -> None:
    sheets = {**village(), "照片": [["x"]], "说明": [["如何填写"]], "示例": [["编号", "姓名"]], "空": []}
    found = read(sheets)
    assert said(found) == []
    assert [one.where for one in found.notices] == ["v.xlsx: 照片"]


def test_a_single_list_is_known_by_its_headings() -> None:
    found = read({"Sheet1": village()["成员"]})
    assert (len(found.members), said(found)) == (12, [])
    assert str(found.notices[0]) == "v.xlsx: Sheet1: read as 成员, by its headings"


def test_a_number_without_the_zeros_in_front_is_told_from_the_one_with_them() -> None:
    sheets = village()
    sheets["户"][1][0] = "01"
    sheets["成员"][1][1] = sheets["成员"][2][1] = sheets["成员"][3][1] = 1
    assert any(
        "1 is not in the sheet 户: is 01 meant? A spreadsheet drops zeros in front" in one for one in said(read(sheets))
    )


def test_an_id_number_is_no_members_number() -> None:
    sheets = village()
    sheets["成员"][12][0] = resident(12)
    assert any("成员!A13" in one and "is an ID number" in one for one in said(read(sheets)))


def test_no_problem_cites_an_id_number_or_a_card_whole_where_columns_have_moved() -> None:
    own, card = resident(12), "6200000000000000018"
    moved = 0
    for name, row in (("户", 2), ("成员", 1), ("股份类别", 1), ("股权", 1), ("出资", 1), ("历年分红", 1)):
        for column in range(len(village()[name][0])):
            for number in (own, card):
                sheets = village()
                line = sheets[name][row]
                line += [None] * (column + 1 - len(line))
                line[column] = number
                found = read(sheets)
                assert not any(number in one.say("zh") for one in [*found.problems, *found.notices]), (name, column)
                moved += any("**" in str(one) or "…0018" in str(one) for one in found.problems)
    assert moved > 20


def test_amounts_are_read_in_the_unit_of_the_heading() -> None:
    sheets = village()
    rows = sheets["期初余额"]
    rows[1][2:] = ["借方（万元）", "贷方（万元）"]
    for row in rows[2:]:
        row[2:] = [None if one is None else float(f"{one / 10000:.8g}") for one in row[2:]]
    assert [one.fen for one in read(sheets).balances] == [one.fen for one in read(village()).balances]
