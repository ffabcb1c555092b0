"""One holder's account as tables: his history, and the member account."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.journal import Entry, Posting
from coopledger.core.lot import account
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot, issue, pay_in, release, transfer
from coopledger.core.redenomination import change_class, redenominate
from coopledger.core.share_class import open_class, preset
from coopledger.errors import RegisterError
from coopledger.reports.account import account_report
from coopledger.store.memory import MemoryJournal
from tests.books import AFTER, FOUNDED, LEFT, MARCH, VOTE, YEAR_END, cells, cooperative, notes, put, shown
from tests.core.village import village

GIVER = """\
0041, 成员甲: history of shares

day         what happened     class      in   out  balance  record  reason          documents
──────────  ────────────────  ──────  ─────  ────  ───────  ──────  ──────────────  ───────────────
2026-01-01  issue             labour  12.50          12.50      11  quantification  minutes.pdf 1-2
2026-03-01  transfer to 0043  labour         2.00    10.50      13  gift
from 2026-01-01 to 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD

0041, 成员甲: member account (农民专业合作社法 43)

what stands in it                       amount
────────────────────────────────────  ────────
paid-in contribution                      0.00
quantified reserve                        0.00
quantified subsidies                      0.00
quantified donations                      0.00
basis of the distribution of surplus      0.00
trade with the cooperative in 2026    1,200.00
patronage refund in 2026                  0.00
remaining surplus in 2026                 0.00
patronage refund not yet paid             0.00
remaining surplus not yet paid            0.00
amounts are in yuan
as of 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""

HOUSEHOLD_ZH = """\
18 成员丁：股份明细

日期        事项              股份类别        增加  减少  结存  记录  事由  文件
──────────  ────────────────  ──────────────  ────  ────  ────  ────  ────  ────────────────────────────
2026-01-01  配置              土地股（land）    30          30    10  入股  minutes.pdf 1-2、决议 2026-1
2026-03-03  配置              土地股（land）     5                15  认缴
2026-03-03  冲回第 15 条记录  土地股（land）           5    30    17  更正
2026-01-01 至 2026-12-31
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD

18 成员丁：成员账户（农民专业合作社法第 43 条）

项目                     金额
───────────────────  ────────
出资额               3,000.00
量化公积金               0.00
量化财政补助             0.00
量化捐赠                 0.00
剩余盈余分配基数     3,000.00
2026 年与本社交易额      0.00
2026 年盈余返还          0.00
2026 年剩余盈余          0.00
未付盈余返还             0.00
未付剩余盈余             0.00
金额单位：元
截至 2026-12-31
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
"""


def history(journal: MemoryJournal, number: str, since: date | None = None, until: date | None = None) -> list[str]:
    """What happened, in, out and balance, a line each."""
    with journal.read() as view:
        [table, _] = account_report(view, number, since, until)
    columns = [cells(table, name) for name in ("what happened", "in", "out", "balance")]
    return [" | ".join(row) for row in zip(*columns, strict=True)]


def test_an_account_is_a_history_and_the_member_account() -> None:
    with cooperative().read() as view:
        assert shown(view, *account_report(view, "0041", FOUNDED, YEAR_END)) == GIVER


def test_a_household_has_an_account_of_its_own_and_it_is_said_in_chinese() -> None:
    with cooperative().read() as view:
        assert shown(view, *account_report(view, "18", FOUNDED, YEAR_END), language="zh") == HOUSEHOLD_ZH


def test_what_was_there_before_is_brought_forward() -> None:
    assert history(cooperative(), "0052", date(2026, 2, 1), AFTER) == [
        "brought forward |  |  | 3.00",
        "redeem |  | 3.00 | 0.00",
    ]
    assert history(cooperative(), "0052", AFTER, AFTER) == []


def test_who_got_shares_sees_from_whom() -> None:
    assert history(cooperative(), "0043") == ["transfer from 0041 | 2.00 |  | 2.00"]


def test_a_pledge_and_its_release_change_no_balance_and_say_how_many_shares() -> None:
    journal = cooperative()
    put(journal, release("labour", holder="0051", shares=150, effective_on=AFTER))
    assert history(journal, "0051")[1:] == ["pledge: 5.00 |  |  | 20.00", "release: 1.50 |  |  | 20.00"]


def test_shares_that_are_paid_in_later_are_the_holders_from_the_first_day() -> None:
    journal = cooperative()
    put(journal, issue("land", to="18", shares=7, effective_on=MARCH, reason="subscription", paid=False))
    put(journal, pay_in("land", holder="18", shares=4, against="c2021:102", effective_on=YEAR_END))
    assert history(journal, "18")[-2:] == ["issue | 7 |  | 37", "pay-in: 4 |  |  | 37"]


def test_lots_that_move_in_one_record_are_one_row() -> None:
    journal = cooperative()
    put(journal, change_class("labour", effective_on=FOUNDED, reason="charter", lock_in_days=10))
    for day in (date(2026, 5, 1), date(2026, 6, 1)):
        put(journal, issue("labour", to="0042", shares=100, effective_on=day, reason="quantification"))
    gift = transfer("labour", holder="0042", to="0041", shares=850, effective_on=YEAR_END, reason="gift")
    assert len(put(journal, gift)[0].postings) > 1
    assert history(journal, "0042")[-1] == "transfer to 0041 |  | 8.50 | 0.75"


def test_a_row_whose_shares_went_to_several_names_none_of_them() -> None:
    journal = cooperative()
    moves = [Posting("labour", account("0051"), account(number), 100) for number in ("0041", "0042")]
    put(journal, lambda _: [Entry("transfer", AFTER, AFTER, {}, moves)])
    assert history(journal, "0051")[-1] == "transfer |  | 2.00 | 18.00"


def test_a_recount_is_told_in_the_shares_before_and_after_it() -> None:
    journal = cooperative()
    put(journal, redenominate("labour", factor=10, effective_on=date(2027, 2, 1), resolution=VOTE))
    put(journal, redenominate("labour", digits=3, effective_on=date(2027, 3, 1), resolution=VOTE))
    later = date(2027, 3, 2)
    put(journal, transfer("labour", holder="0043", to="0041", shares=1234, effective_on=later, reason="gift"))
    assert history(journal, "0043") == [
        "transfer from 0041 | 2.00 |  | 2.00",
        "redenominate | 18.00 |  | 20.00",
        "redenominate |  |  | 20.000",
        "transfer to 0041 |  | 1.234 | 18.766",
    ]


def test_a_recount_that_needs_no_posting_is_in_the_next_balance() -> None:
    """Ten old shares for one new, with a decimal more: the number of smallest units is the same."""
    journal = cooperative()
    day = date(2027, 2, 1)
    put(journal, redenominate("labour", factor=Fraction(1, 10), digits=3, effective_on=day, resolution=VOTE))
    put(journal, transfer("labour", holder="0043", to="0041", shares=50, effective_on=day, reason="gift"))
    assert history(journal, "0043")[-1] == "transfer to 0041 |  | 0.050 | 0.150"


def test_a_part_of_a_pool_is_told_below_the_member_account() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=FOUNDED))
    put(journal, issue("subsidy", shares=101, effective_on=FOUNDED, reason="quantification"))
    with journal.read() as view:
        [_, member] = account_report(view, "0041", None, YEAR_END)
        [_, household] = account_report(view, "17", None, YEAR_END)
    assert "part in the pool of subsidy: 20.2 shares" in notes(member)
    assert not any("pool" in note for note in notes(household))


def test_without_a_last_day_everything_is_in_it() -> None:
    journal = cooperative(until="gift")
    put(journal, allot("labour", {"0043": 5}, effective_on=AFTER))
    put(journal, allot("labour", {"0041": 5}, effective_on=FOUNDED))  # the last record, but not the last day
    with journal.read() as view:
        [moves, member] = account_report(view, "0043")
    assert cells(moves, "balance") == ["2.00", "2.05"]
    assert f"as of {AFTER}" in notes(member)


def test_an_account_as_known_before_is_printed_as_it_was() -> None:
    with cooperative().read(16) as view, cooperative(until="review").read() as then:
        assert shown(view, *account_report(view, "18")) == shown(then, *account_report(then, "18"))
        assert cells(account_report(view, "18", None, YEAR_END)[0], "balance") == ["30", "35"]


def test_the_law_of_a_collective_knows_no_member_account() -> None:
    made = village(charter=COLLECTIVE)
    with made.journal.read() as view:
        [_, member] = account_report(view, "0041")
    assert str(member.title) == "0041, 成员甲: member account"


def test_a_number_is_found_however_its_characters_are_composed() -> None:
    journal = cooperative()
    put(journal, admit(Joiner("é"), effective_on=AFTER))
    with journal.read() as view:
        assert account_report(view, "e\u0301") == account_report(view, "é")


@pytest.mark.parametrize(("number", "on"), [("0099", YEAR_END), ("0099", None), ("pool", LEFT), ("../x", LEFT)])
def test_a_number_that_is_not_in_the_register_is_refused(number: str, on: date | None) -> None:
    with cooperative().read() as view, pytest.raises(RegisterError, match="has no member account"):
        account_report(view, number, None, on)


def test_the_last_balances_are_what_the_book_has() -> None:
    journal = cooperative()
    with journal.read() as view:
        for number in ("0041", "0042", "0043", "0051", "17", "18"):
            [table, _] = account_report(view, number)
            held = sum(view.balances(under=account(number)).values())
            digits = 0 if number in {"17", "18"} else 2
            assert Fraction(cells(table, "balance")[-1]) * 10**digits == held
