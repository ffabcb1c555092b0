"""Importing a village: the register is what the workbook says, or nothing is written and every problem has its cell."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.book import (
    C2021,
    COLLECTIVE,
    SPECIALISED,
    Joiner,
    MemoryJournal,
    Record,
    Resolution,
    WorkbookError,
    admit,
    adopt,
    book,
    contributions_of,
    enter,
    found,
    holdings,
    import_key,
    import_village,
    in_turn,
    open_class,
    past_dividends,
    preset,
    problems,
    read_village,
    register,
    roll,
    trial_balance,
)
from coopledger.files.village import Village
from coopledger.files.workbook import address
from tests.files.villages import DAY, NAME, Seed, resident, village, villages
from tests.files.workbooks import WRITERS, write_xlsx

Sheets = dict[str, list[list[Any]]]


def read(sheets: Sheets) -> Village:
    with TemporaryDirectory() as folder:
        return read_village(write_xlsx(Path(folder) / "v.xlsx", sheets))


def put(journal: MemoryJournal, found_: Village, **more: Any) -> list[Record]:
    on = more.get("effective_on")
    return journal.append(import_village(found_, **more), key=import_key(found_, on), actor="accountant")


def refused(journal: MemoryJournal, sheets: Sheets, **more: Any) -> list[str]:
    """What is wrong, and nothing was written."""
    with journal.read() as view:
        before = view.head
    with pytest.raises(WorkbookError) as error:
        put(journal, read(sheets), **more)
    with journal.read() as view:
        assert view.head == before
    return [str(one).removeprefix("v.xlsx: ") for one in error.value.problems]


def founded(*more: Any) -> MemoryJournal:
    journal = MemoryJournal("hill")
    journal.append(in_turn(found(NAME, COLLECTIVE, effective_on=DAY), *more), key="founding", actor="accountant")
    return journal


@given(seed=villages(), kind=st.sampled_from(sorted(WRITERS)))
@settings(max_examples=60)
def test_the_register_is_what_the_workbook_says(seed: Seed, kind: str) -> None:
    journal = MemoryJournal("hill")
    with TemporaryDirectory() as folder:
        made = read_village(WRITERS[kind](Path(folder), seed.sheets))
    assert [*map(str, made.problems)] == []
    records = put(journal, made)
    with journal.read() as view:
        assert {number: [*one.members] for number, one in roll(view).households.items()} == seed.homes
        assert {number: one.head for number, one in roll(view).households.items()} == {
            home: people[0] for home, people in seed.homes.items()
        }
        for cls, given_ in seed.shares.items():
            assert {number: one.shares for number, one in holdings(view, cls, DAY).items()} == given_
        assert problems(view) == []
    assert put(journal, made) == records


@given(seed=villages(), data=st.data())
@settings(max_examples=40)
def test_nothing_is_written_if_a_number_is_lost_anywhere(seed: Seed, data: st.DataObject) -> None:
    rows = seed.sheets["成员名册"]
    head = next(n for n, one in enumerate(rows) if "编号" in one)
    row = data.draw(st.integers(head + 1, len(rows) - 1))
    column = rows[head].index("编号")
    rows[row][column] = data.draw(st.sampled_from([None, " ", "００４２", "1/2", 1.5, True]))
    journal = MemoryJournal("hill")
    assert any(one.startswith(f"成员名册!{address(row, column)}: ") for one in refused(journal, seed.sheets))


def test_a_whole_village_is_booked_and_the_balances_are_the_sheets() -> None:
    journal = MemoryJournal("hill")
    made = read(village())
    put(journal, made)
    with journal.read() as view:
        assert (book(view).name, book(view).charter.law) == (NAME, "农村集体经济组织法")
        assert problems(view) == []
        assert [(one.number, one.head) for one in roll(view).households.values()] == [
            ("H01", "0001"),
            ("H02", "0004"),
            ("H03", "0007"),
            ("H04", "0010"),
        ]
        assert view.personal(["m/0001", "h/H01"])["h/H01"] == {"address": "一组"}
        assert {
            cls: sum(int(one.shares) for one in holdings(view, cls).values()) for cls in ("人口股", "资金股", "土地股")
        } == {
            "人口股": 12,
            "资金股": 1500,
            "土地股": 80,
        }
        assert {*contributions_of(view)} == {"T1", "T2"}
        stands: dict[str, int] = {}
        for (unit, account), fen in view.balances("CNY").items():
            assert unit == "CNY"
            root = account.partition("/")[0]
            stands[root] = stands.get(root, 0) + fen
        expected = {
            "c2023:101": 500_05,
            "c2023:102": 10_000_50,
            "c2023:151": 50_000_00,
            "c2023:161": 8_000_00,
            "c2023:301": -9_500_00,
            "c2023:311": -57_000_55,
            "c2023:322": -2_000_00,
        }
        assert {account: fen for account, fen in stands.items() if fen} == expected
        assert [(one.year, one.fen) for one in past_dividends(view)["H01"]] == [(2024, 58_50), (2025, 60_00)]
        assert trial_balance(view, DAY)
    assert journal.verify() == []


def test_the_same_workbook_once_more_is_recorded_once_whatever_file_it_comes_in(tmp_path: Path) -> None:
    journal = MemoryJournal("hill")
    first = put(journal, read_village(WRITERS["xlsx"](tmp_path, village())))
    for kind in ("ods", "xls", "gbk"):
        assert put(journal, read_village(WRITERS[kind](tmp_path, village()))) == first


def test_a_key_has_no_personal_data_in_it_and_moves_with_everything_else() -> None:
    keys = {import_key(read(village())), import_key(read(village()), date(2026, 2, 1))}
    sheets = village()
    sheets["成员"][1][6] = "13900000000"
    keys.add(import_key(read(sheets)))
    assert len(keys) == 2
    sheets["股权"][1][2] = 2
    sheets["股权"][2][2] = 4
    keys.add(import_key(read(sheets)))
    sheets["历年分红"][1][3] = 59
    keys.add(import_key(read(sheets)))
    assert len(keys) == 4


def test_a_corrected_workbook_of_a_book_that_has_its_people_is_refused_row_by_row() -> None:
    journal = MemoryJournal("hill")
    put(journal, read(village()))
    sheets = {name: rows for name, rows in village().items() if name in ("成员", "户")}
    sheets["成员"][2][6] = "13900000000"
    sheets["成员"][5][1] = "H01"
    sheets["户"][1][2], sheets["户"][2][2] = 4, 2
    sheets["成员"].append(["0013", "H04", "成员13", "其他", resident(1)])
    sheets["户"][4][2] = 4
    sheets["成员"][1][4] = None
    found_ = refused(journal, sheets, effective_on=date(2026, 2, 1))
    how = "what changed is recorded by itself ('book personal', 'book change-member', 'book household')"
    assert found_ == [
        "成员!A2: 0001 stands in the register as in this row: delete it here",
        f"成员!A3: 0002 is in the register already, and differs there: phone; {how}",
        "成员!A4: 2 rows stand in the register as they are, rows 4 to 5: delete them here",
        f"成员!A6: 0005 is in the register already, and differs there: household; {how}",
        "成员!A7: 7 rows stand in the register as they are, rows 7 to 13: delete them here",
        "成员!E14: 0001 in the register has this ID number",
    ]


def test_every_row_with_a_holder_of_the_wrong_kind_is_told_and_what_is_expected() -> None:
    sheets = village()
    sheets["资金股权"][0] = ["户号", "姓名", "股份类别", "股数"]
    for row, home in ((1, "H01"), (2, "H02")):
        sheets["资金股权"][row][:2] = [home, None]
    sheets["股权"][0][0], sheets["股权"][2][0], sheets["股权"][2][1] = "户号或编号", "0005", None
    assert refused(MemoryJournal("hill"), sheets) == [
        "股权!A3: 人口股 is held by households: the household of 0005 is expected",
        "资金股权!A2: 资金股 is held by persons: H01 is a household; the number of a person in it is expected",
        "资金股权!A3: 资金股 is held by persons: H02 is a household; the number of a person in it is expected",
    ]


def test_households_with_shares_of_a_pooled_class_are_told_that_nobody_holds_it_alone() -> None:
    sheets = village()
    sheets["股份类别"][1][1] = "补助量化股"
    assert refused(MemoryJournal("hill"), sheets) == ["股权: 人口股 is a pooled class: nobody holds it alone"]


@pytest.mark.parametrize(
    ("account", "debit", "instead"),
    [
        ("113/surplus", None, "211 (应付款) or parts of it (211/0041)"),
        ("113/0041", None, "211 (应付款) or parts of it (211/0041)"),
        ("113/0041", 1000, "112 (应收款) or parts of it (112/0041)"),
    ],
)
def test_what_was_owed_before_stands_beside_what_runs_keep(account: str, debit: int | None, instead: str) -> None:
    sheets = village()
    *rows, total = sheets["期初余额"]
    rows[-2][3] += 1000 if debit else -1000
    total[2:] = [68500.55 + (debit or 0)] * 2
    sheets["期初余额"] = [*rows, [account, "", debit, None if debit else 1000], total]
    kept = f"{account} is kept by the runs of this book: what was owed before it is expected in {instead}"
    assert refused(MemoryJournal("hill"), sheets) == [f"期初余额!A10: {kept}, and is settled by 'book enter'"]


def test_what_was_owed_to_members_before_is_booked_in_a_part_of_the_payables_and_paid_by_enter() -> None:
    sheets = village()
    balances = sheets["期初余额"]
    balances[-3][3] -= 1000
    balances.insert(-1, ["211/0001", "", None, 1000])
    journal = MemoryJournal("hill")
    put(journal, read(sheets))
    paid = enter({"c2023:211/0001": 1000_00}, {"c2023:102": 1000_00}, reason="支付以前年度分红", effective_on=DAY)
    with journal.read() as view:
        assert view.balances("CNY")["CNY", "c2023:211/0001"] == -1000_00
    journal.append(paid, key="paid", actor="accountant")
    with journal.read() as view:
        assert ("CNY", "c2023:211/0001") not in view.balances("CNY")
        assert problems(view) == []


def test_new_people_shares_and_balances_go_into_a_book_that_is_kept_already() -> None:
    journal = founded(
        adopt(C2021, effective_on=DAY),
        open_class(preset("member", code="people", name="人口股"), effective_on=DAY),
        admit(Joiner("9000", household="H90", head=True), effective_on=DAY),
    )
    sheets: Sheets = {
        "成员": [["编号", "户号", "姓名", "关系"], ["9001", "H91", "新人", "户主"]],
        "股权": [["户号", "人口股"], ["H91", 5], ["H90", 4]],
        "期初余额": [["科目名称", "余额", "方向"], ["银行存款", 100, "借"], ["盈余公积", 100, "贷"]],
    }
    put(journal, read(sheets), effective_on=DAY)
    with journal.read() as view:
        assert {number: one.shares for number, one in holdings(view, "people").items()} == {"H90": 4, "H91": 5}
        assert view.balances("CNY") == {("CNY", "c2021:102"): 100_00, ("CNY", "c2021:322"): -100_00}


@pytest.mark.parametrize(
    ("sheet", "row", "column", "seed", "said"),
    [
        ("股权", 1, 0, "H09", "股权!A2: H09 is not in the sheet 成员"),
        ("股权", 2, 0, "H01", "股权!C3: H01 has 人口股 in v.xlsx: 股权!C2 already"),
        ("股权", 1, 1, "别人", "股权!B2: H01 has another name in the sheet 成员"),
        ("股权", 1, 2, 2.5, "股权!C2: 2.5: a share of 人口股 has 0 decimals"),
        ("资金股权", 1, 2, "黄金股", "资金股权!C2: 黄金股 is no share class: 人口股, 土地股, 资金股 are; "),
        ("出资", 1, 1, "H77", "出资!B2: H77 is not in the sheet 成员"),
        ("出资", 2, 0, "T1", "出资!A3: contribution T1: the number is taken (v.xlsx: 出资!A2)"),
        ("期初余额", 2, 0, "109", "期初余额!A3: 109: no such account in"),
        ("期初余额", 3, 1, "固定资产", "期初余额!B4: 102 is 银行存款 in"),
        ("历年分红", 1, 1, "H99", "历年分红!B2: H99 is not in the sheet 成员"),
        ("历年分红", 2, 0, 2024, "历年分红!D3: H01 has a dividend of 2024 in v.xlsx: 历年分红!D2 already"),
        ("历年分红", 1, 0, 2030, "历年分红!A2: 2030 lies after 2026-01-01"),
        ("合作社", 1, 1, "公司法", "合作社!B2: '公司法': one of 农村集体经济组织法"),
        ("股份类别", 1, 1, "干股", "股份类别!B2: '干股': one of 集体股"),
        # what only the verbs of the register know
        ("出资", 1, 4, 5050.5, "出资!E2: 5,050.50 yuan at 100.00 yuan a share"),
        ("出资", 2, 10, date(2020, 1, 1), "出资!A3: a term from 2026-01-01 to 2020-01-01"),
        ("出资", 2, 7, "1-07", "出资!A3: "),
        ("成员", 2, 0, "9/1", "成员!A3: "),
    ],
)
def test_what_the_book_does_not_agree_to_is_said_at_its_cell(
    sheet: str, row: int, column: int, seed: object, said: str
) -> None:
    sheets = village()
    sheets[sheet][row][column] = seed
    found_ = refused(MemoryJournal("hill"), sheets)
    assert any(one.startswith(said) for one in found_), found_


def test_all_problems_are_said_at_once_those_of_the_cells_and_those_of_the_book() -> None:
    sheets = village()
    sheets["成员"][2][4] = "1.1E+17"
    sheets["股权"][1][0] = "H09"
    sheets["出资"][2][1] = "H77"
    sheets["期初余额"][2][2] = 0.001
    sheets["历年分红"][1][1] = "H99"
    found_ = refused(MemoryJournal("hill"), sheets)
    assert {one.partition(":")[0] for one in found_} == {
        *("成员!E3", "期初余额!C3", "股权!A2", "出资!B3", "历年分红!B2"),
        "期初余额!C10",  # the total is no longer that of the rows
    }


def test_several_contributions_that_the_rules_refuse_are_each_said() -> None:
    sheets = village()
    sheets["出资"][1][4] = 5050.5
    sheets["出资"][2][4] = 3030.3
    sheets["股份类别"][3][3] = None
    found_ = refused(MemoryJournal("hill"), sheets)
    assert [one.partition(":")[0] for one in found_] == ["出资!E2", "出资!E3"]


def test_capital_that_is_not_that_of_the_shares_is_found() -> None:
    sheets = village()
    sheets["期初余额"][6][3] = 9400
    sheets["期初余额"][7][3] = 57100.55
    [said] = refused(MemoryJournal("hill"), sheets)
    assert said.startswith(
        "期初余额!D7: c2023:301: 9,400.00 yuan are said, and the shares of 土地股 come to 9,500.00 at par"
    )


def test_other_capital_stands_beside_that_of_the_shares_in_a_part_of_its_own() -> None:
    sheets = village()
    sheets["股份类别"][0].append("资本科目")
    for row in sheets["股份类别"][2:]:
        row.append("301/shares")
    sheets["期初余额"][6] = ["301/shares", "资本", None, 9500]
    sheets["期初余额"].insert(7, ["301/1", "资本", None, 100])
    sheets["期初余额"][8][3] = 56900.55
    journal = MemoryJournal("hill")
    put(journal, read(sheets))
    with journal.read() as view:
        stands = view.balances("CNY", "c2023:301")
        assert stands == {("CNY", "c2023:301/1"): -100_00, ("CNY", "c2023:301/shares"): -9_500_00}
        assert problems(view) == []


def test_an_account_that_shares_brought_to_something_must_be_listed() -> None:
    sheets = village()
    del sheets["期初余额"][5]
    sheets["期初余额"].pop()
    sheets["期初余额"][6][3] = 49000.55
    assert refused(MemoryJournal("hill"), sheets) == [
        "期初余额!A3: c2023:161 comes to 8,000.00 yuan by shares and contributions, and is not listed: it is expected"
    ]


def test_a_valuation_by_the_members_needs_the_resolution_and_takes_it() -> None:
    sheets = village()
    sheets["出资"][0].append("作价方式")
    sheets["出资"][1].append("成员评估")
    [said] = refused(MemoryJournal("hill"), sheets)
    assert said.startswith("出资!A2: contribution T1: a valuation by the members is adopted by a meeting")
    vote = Resolution("2026-1", "members", DAY, entitled=12, present=12, votes_for=12)
    put(MemoryJournal("hill"), read(sheets), resolution=vote)


def test_a_new_book_needs_its_name_law_and_day() -> None:
    sheets = {name: rows for name, rows in village().items() if name != "合作社"}
    assert "no day: 建账日期 in the sheet 合作社" in refused(MemoryJournal("hill"), sheets)[-1]
    said = refused(MemoryJournal("hill"), sheets, effective_on=DAY)[-1]
    assert said.endswith("the book is new: its name and law are expected in the sheet 合作社 (名称, 适用法律)")


def test_another_cooperatives_workbook_is_refused() -> None:
    journal = MemoryJournal("hill")
    journal.append(found("别的村合作社", SPECIALISED, effective_on=DAY), key="founding", actor="accountant")
    said = refused(journal, {"合作社": village()["合作社"], "成员": village()["成员"]})
    assert said == [
        f"合作社!B1: {NAME}: the book has 别的村合作社",
        "合作社!B2: 农村集体经济组织法: the book has 农民专业合作社法",
        "合作社!B3: c2023: the book has -",
    ]


def test_shares_of_a_class_of_households_by_the_person_go_to_the_household() -> None:
    sheets = village()
    people = sheets["成员"][1:]
    sheets["股权"] = [["户号", "编号", "姓名", "人口股"], *([one[1], one[0], one[2], 1] for one in people)]
    journal = MemoryJournal("hill")
    put(journal, read(sheets))
    with journal.read() as view:
        assert {number: one.shares for number, one in holdings(view, "人口股").items()} == dict.fromkeys(
            ("H01", "H02", "H03", "H04"), 3
        )


def test_what_is_no_village_is_refused_in_words() -> None:
    with pytest.raises(WorkbookError, match="what read_village makes"):
        import_village("village.xlsx")  # type: ignore[arg-type]


def test_the_day_of_the_call_goes_before_that_of_the_sheet() -> None:
    journal = MemoryJournal("hill")
    sheets = {name: village()[name] for name in ("合作社", "成员")}
    put(journal, read(sheets), effective_on=date(2025, 7, 1))
    with journal.read() as view:
        assert register(view).members["0001"].since == date(2025, 7, 1)
