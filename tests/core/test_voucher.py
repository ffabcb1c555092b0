"""Vouchers: 借 and 贷 of what moved money, numbered by month, red where it was taken back."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given

from coopledger.core.amortisation import amortise
from coopledger.core.chart import C2004, C2021, C2023, MONEY, TRADE, adopt, charts
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.ending import end_contribution
from coopledger.core.journal import TRANSIT, Entry, Posting, Record, reverse
from coopledger.core.reversal import take_back
from coopledger.core.voucher import Persons, Voucher, check_vouchers, lines, review_voucher, same_person, vouchers
from coopledger.errors import EntryError, RegisterError, UnknownRecordError
from coopledger.store.memory import MemoryJournal
from tests.core import rights
from tests.core.cooperatives import put as record
from tests.core.money_books import random_books
from tests.core.strategies import steady

DAY = date(2026, 1, 10)
KEYS = count()


def book() -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    journal.append(adopt(C2021), key="adopt", actor="accountant")
    return journal


def put(journal: MemoryJournal, *postings: Posting, on: date = DAY, facts: Mapping[str, Any] | None = None) -> Record:
    entry = Entry("note", on, on, facts, postings)
    return journal.append([entry], key=f"note {next(KEYS)}", actor="accountant")[0]


def cash(source: str, target: str, fen: int) -> Posting:
    return Posting(MONEY, f"c2021:{source}", f"c2021:{target}", fen)


def written(journal: MemoryJournal, since: date | None = None, until: date | None = None) -> list[Voucher]:
    with journal.read() as view:
        return vouchers(view, since, until)


def rows(voucher: Voucher) -> list[tuple[str, str, int, int]]:
    return [(one.account.partition(":")[2], one.name.zh, one.debit_fen, one.credit_fen) for one in voucher.lines]


# ---------------------------------------------------------------- lines


def test_land_for_share_capital_is_debited_to_intangible_assets_and_credited_to_share_capital() -> None:
    """财会〔2021〕37号, 使用说明 161, 301."""
    journal = book()
    put(journal, cash("301", "161", 50_000_00))
    assert rows(written(journal)[0]) == [("161", "无形资产", 50_000_00, 0), ("301", "股金", 0, 50_000_00)]


def test_lines_of_one_account_and_its_parts_are_one_line_for_each_side() -> None:
    journal = book()
    put(journal, cash("222/0042", "332", 100), cash("222/0007", "332", 50), cash("102", "222/0042", 30))
    assert rows(written(journal)[0]) == [
        ("222", "应付剩余盈余", 30, 0),
        ("332", "盈余分配", 150, 0),
        ("102", "银行存款", 0, 30),
        ("222", "应付剩余盈余", 0, 150),
    ]


def test_a_voucher_of_many_sides_does_not_show_transit() -> None:
    journal = book()
    put(
        journal,
        Posting(MONEY, TRANSIT, "c2021:101", 60),
        Posting(MONEY, TRANSIT, "c2021:102", 40),
        Posting(MONEY, "c2021:301", TRANSIT, 70),
        Posting(MONEY, "c2021:321", TRANSIT, 30),
    )
    assert [(account, debit, credit) for account, _, debit, credit in rows(written(journal)[0])] == [
        ("101", 60, 0),
        ("102", 40, 0),
        ("301", 0, 70),
        ("321", 0, 30),
    ]


def test_a_reversal_is_printed_red_on_the_original_sides() -> None:
    journal = book()
    paid = put(journal, cash("102", "222/0042", 100), cash("222/0042", "332", 100))
    put(journal, *reverse(paid, {0: 40}))
    assert rows(written(journal)[1]) == [("222", "应付剩余盈余", -40, 0), ("102", "银行存款", 0, -40)]


def test_red_and_black_of_one_account_stay_apart_in_a_correcting_voucher() -> None:
    journal = book()
    wrong = put(journal, cash("102", "523", 100))
    put(journal, *reverse(wrong), cash("102", "521", 90))
    assert [(account, debit, credit) for account, _, debit, credit in rows(written(journal)[1])] == [
        ("521", 90, 0),
        ("523", -100, 0),
        ("102", 0, 90),
        ("102", 0, -100),
    ]


def test_a_reversal_through_transit_balances_too() -> None:
    journal = book()
    was = put(
        journal,
        Posting(MONEY, TRANSIT, "c2021:101", 60),
        Posting(MONEY, TRANSIT, "c2021:102", 40),
        Posting(MONEY, "c2021:301", TRANSIT, 100),
    )
    put(journal, *reverse(was))
    assert [(account, debit, credit) for account, _, debit, credit in rows(written(journal)[1])] == [
        ("101", -60, 0),
        ("102", -40, 0),
        ("301", 0, -100),
    ]


def test_a_record_that_moves_only_shares_or_memo_units_has_no_voucher() -> None:
    journal = book()
    put(journal, Posting(TRADE, "memo", "member/0042", 5))
    assert written(journal) == []


def test_names_are_those_of_the_chart_in_force_on_the_day() -> None:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    journal.append(adopt(C2004), key="adopt", actor="accountant")
    put(journal, Posting(MONEY, "c2004:211", "c2004:401", 5), on=date(2023, 12, 1))
    journal.append(convert_chart(C2023, C2004_TO_C2023), key="convert", actor="accountant")
    put(journal, Posting(MONEY, "c2023:211", "c2023:151", 7), on=date(2024, 2, 1))
    names = [[line.name.zh for line in one.lines] for one in written(journal)]
    assert names[0] == ["生产（劳务）成本", "应付工资"]
    assert names[2] == ["固定资产", "应付款"]
    assert {line.name.say("en") for line in written(journal)[2].lines} == {"fixed assets", "payables"}


@steady(150)
@given(random_books())
def test_every_voucher_of_any_book_balances(make: Callable[[], MemoryJournal]) -> None:
    with make().read() as view:
        found = vouchers(view)
    assert check_vouchers(found) == []
    assert all(sum(line.debit_fen - line.credit_fen for line in one.lines) == 0 for one in found)
    assert all(line.account != TRANSIT for one in found for line in one.lines)


# ---------------------------------------------------------------- numbers


def test_vouchers_are_numbered_by_the_month_of_their_accounting_date() -> None:
    journal = book()
    for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 1, 5), date(2027, 1, 1)):
        put(journal, cash("102", "101", 1), on=day)
    found = [(one.year, one.month, one.number, one.seq) for one in written(journal)]
    assert found == [(2026, 1, 1, 2), (2026, 1, 2, 4), (2026, 2, 1, 3), (2027, 1, 1, 5)]


def test_the_month_is_that_of_the_accounting_date_and_not_of_the_day_it_counts_for() -> None:
    journal = book()
    late = Entry("note", date(2025, 6, 1), date(2026, 2, 1), {}, [cash("102", "101", 1)])
    journal.append([late], key="late", actor="accountant")
    [voucher] = written(journal)
    assert (voucher.year, voucher.month, voucher.number) == (2026, 2, 1)


def test_a_record_without_money_takes_no_number() -> None:
    journal = book()
    put(journal, cash("102", "101", 1))
    put(journal, Posting(TRADE, "memo", "member/0042", 5))
    put(journal, cash("102", "101", 1))
    assert [one.number for one in written(journal)] == [1, 2]


def test_a_part_of_a_month_keeps_the_numbers_of_the_whole_month() -> None:
    journal = book()
    for day in (5, 15, 25):
        put(journal, cash("102", "101", 1), on=date(2026, 1, day))
    found = written(journal, date(2026, 1, 10), date(2026, 1, 20))
    assert [(one.number, one.booked_on.day) for one in found] == [(2, 15)]


@steady(100)
@given(random_books())
def test_numbers_have_no_gaps_and_what_comes_later_changes_none(make: Callable[[], MemoryJournal]) -> None:
    journal = make()
    with journal.read() as view:
        all_of_them = vouchers(view)
        last = view.head.seq
    months: dict[tuple[int, int], list[int]] = {}
    for one in all_of_them:
        months.setdefault((one.year, one.month), []).append(one.number)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in months.values())
    with journal.read(known=last // 2) as view:
        assert set(vouchers(view)) <= set(all_of_them)


# ---------------------------------------------------------------- attachments and persons


def test_attachments_are_the_sheets_that_the_record_cites() -> None:
    """附单据 N 张: of each document the pages that are cited, one where none are."""
    journal = book()
    documents = [{"name": "contract.pdf", "pages": "1-4", "sha256": "0" * 64}, {"name": "a.pdf", "sha256": "1" * 64}]
    put(journal, cash("301", "161", 1), facts={"documents": documents, "reason": "land\n"})
    put(journal, cash("301", "161", 1))
    assert [(one.attachments, one.summary) for one in written(journal)] == [(5, "land\\n"), (0, "")]


@pytest.mark.parametrize(
    ("pages", "sheets"),
    [("7", 1), ("1-3, 7", 4), ("9–10", 2), ("", 1), ("cover", 1), ("3-1", 1), ("1-3,7-6", 1), ("1-" + "9" * 5000, 1)],
)
def test_pages_that_cannot_be_read_are_one_sheet(pages: str, sheets: int) -> None:
    journal = book()
    put(journal, cash("301", "161", 1), facts={"documents": [{"name": "a.pdf", "pages": pages}]})
    assert [one.attachments for one in written(journal)] == [sheets]


def test_what_another_service_calls_documents_is_counted_as_it_stands() -> None:
    journal = book()
    for documents in (3, "two", {"a": 1}, ["a.pdf", 7]):
        put(journal, cash("301", "161", 1), facts={"documents": documents})
    assert [one.attachments for one in written(journal)] == [0, 0, 0, 2]


def test_who_appended_prepared_unless_the_record_says_otherwise() -> None:
    journal = book()
    put(journal, cash("102", "101", 1))
    put(journal, cash("102", "101", 1), facts={"preparer": "clerk", "cashier": "cashier", "reviewer": "head"})
    found = [(one.preparer, one.reviewer, one.cashier) for one in written(journal)]
    assert found == [("accountant", "", ""), ("clerk", "head", "cashier")]


def test_a_review_is_a_record_of_its_own() -> None:
    journal = book()
    seqs = [put(journal, cash("102", "101", 1)).seq for _ in range(2)]
    review = review_voucher(seqs, reviewer="head", cashier="cashier", effective_on=DAY)
    assert journal.append(review, key="review", actor="head")[0].kind == "review"
    assert {(one.preparer, one.reviewer, one.cashier) for one in written(journal)} == {
        ("accountant", "head", "cashier")
    }
    with pytest.raises(RegisterError, match="reviewed already by head"):
        journal.append(review_voucher(seqs, reviewer="other", effective_on=DAY), key="again", actor="head")


@pytest.mark.parametrize(("reviewer", "cashier"), [("accountant", ""), ("head", "head"), ("head", "accountant")])
def test_preparer_reviewer_and_cashier_are_three_persons(reviewer: str, cashier: str) -> None:
    """会计基础工作规范: whoever keeps the cash neither prepares nor reviews."""
    journal = book()
    seq = put(journal, cash("102", "101", 1)).seq
    with pytest.raises(RegisterError, match="signs twice: preparer, reviewer and cashier are different persons"):
        journal.append(
            review_voucher([seq], reviewer=reviewer, cashier=cashier, effective_on=DAY), key="r", actor="head"
        )


def test_a_record_that_says_itself_that_one_person_signed_twice_is_found() -> None:
    journal = book()
    put(journal, cash("102", "101", 1), facts={"cashier": "accountant"})
    assert [one.where for one in check_vouchers(written(journal))] == ["2026-01 记-1"]


def test_a_voucher_that_does_not_balance_is_found() -> None:
    journal = book()
    put(journal, cash("102", "101", 5))
    [voucher] = written(journal)
    spoilt = voucher._replace(lines=voucher.lines[:1])
    assert "0.05 yuan in debit, 0.00 in credit" in str(check_vouchers([spoilt])[0])


def test_nobody_yet_is_no_person_who_signs_twice() -> None:
    assert not same_person(Persons("accountant"))


def test_what_has_no_voucher_cannot_be_reviewed() -> None:
    with pytest.raises(RegisterError, match="record 1 moves no money"):
        book().append(review_voucher([1], reviewer="head", effective_on=DAY), key="r", actor="head")


def test_what_is_not_there_cannot_be_reviewed() -> None:
    with pytest.raises(UnknownRecordError, match="record 9: the book has the records 1 to 1;"):
        book().append(review_voucher([9], reviewer="head", effective_on=DAY), key="r", actor="head")


@pytest.mark.parametrize("seqs", [[], [2]])
def test_a_review_without_reviewer_or_records_is_refused(seqs: list[int]) -> None:
    journal = book()
    put(journal, cash("102", "101", 1))
    with pytest.raises(EntryError, match="names its reviewer and at least one record"):
        journal.append(review_voucher(seqs, reviewer=" ", effective_on=DAY), key="r", actor="head")


@pytest.mark.parametrize("said", [{"seqs": ["2"]}, {"reviewer": 5}, {"cashier": 5}, {"seqs": [True]}])
def test_a_review_names_records_by_number_and_persons_by_name(said: dict[str, Any]) -> None:
    given = {"seqs": [2], "reviewer": "head", "effective_on": DAY, **said}
    with pytest.raises(EntryError, match=r"a review of .* by .*: numbers of records and a name are expected"):
        review_voucher(**given)


def test_amortisation_that_an_early_end_takes_back_stands_red_and_black_again_when_that_is_taken_back() -> None:
    journal = rights.book()
    record(journal, amortise(through=date(2025, 12, 31)))
    ended = record(
        journal, end_contribution("G1", effective_on=date(2025, 10, 31), reason="exclusion", rule="right only")
    )
    [back] = [one for one in ended if one.kind == "amortisation" and one.postings[0].source == "c2021:401"]
    with journal.read() as view:
        assert [(one.account, one.debit_fen, one.credit_fen) for one in lines(back, charts(view))] == [
            ("c2021:401", -6_000_00, 0),
            ("c2021:162", 0, -6_000_00),
        ]
    record(journal, take_back(ended[-1].seq, booked_on=date(2026, 1, 5)))
    [again] = record(journal, take_back(back.seq, booked_on=date(2026, 1, 5)))
    with journal.read() as view:
        assert [(one.account, one.debit_fen, one.credit_fen) for one in lines(again, charts(view))] == [
            ("c2021:401", 6_000_00, 0),
            ("c2021:162", 0, 6_000_00),
        ]
