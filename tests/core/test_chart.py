"""Charts of accounts: one number, several meanings, and the day on which one chart takes over from another."""

from datetime import date
from itertools import count

import pytest

from coopledger.core.accounts import Account, opening
from coopledger.core.chart import (
    C2004,
    C2021,
    C2023,
    CHARTS,
    MONEY,
    Chart,
    ChartAccount,
    Words,
    adopt,
    charts,
    with_accounts,
    with_roles,
)
from coopledger.core.journal import Entry, Posting, Record, root
from coopledger.errors import EntryError, OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal

NEW_YEAR = date(2024, 1, 1)
KEYS = count()


def book(*adopted: Chart, on: date = date(2020, 1, 1)) -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    for chart in adopted:
        journal.append(adopt(chart, effective_on=on), key=f"adopt {chart.code}", actor="accountant")
    return journal


def move(journal: MemoryJournal, source: str, target: str, fen: int, on: date = date(2023, 6, 1)) -> Record:
    entry = Entry("note", on, on, {}, [Posting(MONEY, source, target, fen)])
    return journal.append([entry], key=f"move {next(KEYS)}", actor="accountant")[0]


def balances(journal: MemoryJournal) -> dict[str, int]:
    with journal.read() as view:
        return {account: fen for (_, account), fen in view.balances(MONEY).items()}


# ---------------------------------------------------------------- presets


PUBLISHED = {
    # 财会〔2021〕37号, 附录 一（一）
    "c2021": """
        101 库存现金 102 银行存款 114 成员往来 151 固定资产 161 无形资产 162 累计摊销 221 应付盈余返还
        222 应付剩余盈余 235 专项应付款 301 股金 311 专项基金 321 资本公积 322 盈余公积
        331 本年盈余 332 盈余分配 401 生产成本 501 经营收入 502 其他收入 511 投资收益 521 经营支出 523 管理费用
        """,
    # 财会〔2023〕14号
    "c2023": """
        101 库存现金 102 银行存款 112 应收款 113 内部往来 141 长期投资 151 固定资产 161 无形资产 211 应付款 214 应交税费
        241 专项应付款 301 资本 311 公积公益金 321 本年收益 322 收益分配 501 经营收入 502 投资收益
        """,
    # 财会〔2004〕12号
    "c2004": "101 现金 202 应付款 211 应付工资 212 应付福利费 153 固定资产清理 154 在建工程 502 经营支出 561 投资收益",
    # 财会〔2007〕15号
    "c2007": "141 牲畜（禽）资产 142 林木资产 212 应付工资 235 专项应付款 521 经营支出 522 管理费用 529 其他支出",
}


@pytest.mark.parametrize("chart", PUBLISHED)
def test_a_preset_has_the_numbers_and_names_of_its_source(chart: str) -> None:
    words = PUBLISHED[chart].split()
    expected = dict(zip(words[::2], words[1::2], strict=True))
    assert {bare: CHARTS[chart].accounts[bare].name.zh for bare in expected} == expected


@pytest.mark.parametrize("chart", CHARTS)
def test_every_role_of_a_preset_leads_to_an_account_of_it(chart: str) -> None:
    roles, accounts = CHARTS[chart].roles, CHARTS[chart].accounts
    assert [role for role, account in roles.items() if root(account) not in accounts] == []


def test_one_number_means_two_things_in_two_charts() -> None:
    """财会〔2004〕12号 and 财会〔2023〕14号: 211 was wages, 502 was an expense."""
    assert (C2004.accounts["211"].name.zh, C2023.accounts["211"].name.zh) == ("应付工资", "应付款")
    assert (C2004.accounts["502"].side, C2023.accounts["502"].side) == ("debit", "credit")


def test_the_sides_follow_from_the_kinds() -> None:
    assert [C2021.accounts[bare].side for bare in ("101", "162", "222", "301", "401", "501", "521")] == [
        "debit",
        "credit",
        "credit",
        "credit",
        "debit",
        "credit",
        "debit",
    ]


def test_the_second_chart_is_edited_by_adding_accounts_and_by_sending_a_role_elsewhere() -> None:
    own = with_accounts(C2023, ChartAccount("215", Words("dividends payable", "应付股利"), "liability", "credit"))
    edited = with_roles(own, {"surplus payable": "215"})
    assert edited.account("surplus payable", "0042") == "c2023:215/0042"
    assert C2023.account("surplus payable", "0042") == "c2023:113/surplus/0042"


def test_a_role_cannot_be_sent_to_an_account_that_the_chart_has_not() -> None:
    with pytest.raises(RegisterError, match="no account 999"):
        with_roles(C2023, {"bank": "999"})


def test_an_account_under_a_whole_code_is_refused() -> None:
    with pytest.raises(RegisterError, match="without ':' and '/'"):
        with_accounts(C2023, ChartAccount("c2023:101", Words("cash", "现金"), "asset"))


def test_a_role_that_nobody_defined_names_those_that_are() -> None:
    with pytest.raises(RegisterError, match="taxes payable") as error:
        C2004.account("taxes payable")
    assert "share capital" in str(error.value)


# ---------------------------------------------------------------- adopted


def test_a_book_keeps_the_chart_it_adopted_even_where_it_was_edited() -> None:
    own = with_accounts(C2021, ChartAccount("109", Words("other money", "其他货币资金"), "asset"))
    with book(own).read() as view:
        assert charts(view).in_force(date(2025, 1, 1)) == own
        assert charts(view).ground.accounts["c2021:222"] == Account("c2021:222", "应付剩余盈余", "credit")


def test_a_chart_is_in_force_from_its_day_and_no_earlier() -> None:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    journal.append(adopt(C2021), key="adopt", actor="accountant")
    with journal.read() as view:
        assert charts(view).in_force(date(2023, 1, 1)).code == "c2021"
        with pytest.raises(RegisterError, match="2022-12-31: no chart of accounts is in force"):
            charts(view).in_force(date(2022, 12, 31))


def test_the_latest_chart_is_in_force() -> None:
    journal = book(C2004)
    journal.append(adopt(C2023), key="c2023", actor="accountant")
    with journal.read() as view:
        found = [charts(view).in_force(day).code for day in (date(2023, 12, 31), NEW_YEAR, date(2030, 1, 1))]
    assert found == ["c2004", "c2023", "c2023"]


def test_an_account_renamed_from_a_day_on_keeps_its_old_name_before() -> None:
    journal = book(C2021)
    renamed = with_accounts(C2021, C2021.accounts["102"]._replace(name=Words("rural bank", "农商行存款")))
    journal.append(adopt(renamed, effective_on=date(2025, 1, 1)), key="renamed", actor="accountant")
    with journal.read() as view:
        names = [charts(view).name("c2021:102", day).zh for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert names == ["银行存款", "农商行存款"]


def test_an_account_of_no_chart_is_called_as_it_was_opened() -> None:
    journal = book(C2021)
    opened = opening(accounts=[Account("holder", "股东持有", "debit")])
    journal.append([Entry("opening", NEW_YEAR, NEW_YEAR, opened)], key="holder", actor="accountant")
    with journal.read() as view:
        assert charts(view).name("holder/0042", NEW_YEAR) == Words("股东持有", "股东持有")
        assert charts(view).name("nobody", NEW_YEAR).en == "nobody"


def test_what_is_owed_to_a_member_never_becomes_less_than_nothing() -> None:
    journal = book(C2021)
    move(journal, "c2021:222/0042", "c2021:332", 100)
    move(journal, "c2021:102", "c2021:222/0042", 100)
    with pytest.raises(OverdrawnError, match="c2021:222/0042"):
        move(journal, "c2021:102", "c2021:222/0042", 1)


@pytest.mark.parametrize(("chart", "account"), [(C2021, "c2021:235/F"), (C2023, "c2023:241/F")])
def test_what_is_owed_for_a_purpose_is_never_spent_twice(chart: Chart, account: str) -> None:
    journal = book(chart)
    bank = chart.account("bank")
    move(journal, account, bank, 100, date(2024, 1, 1))
    move(journal, bank, account, 100, date(2024, 6, 1))
    with pytest.raises(OverdrawnError, match=account):
        move(journal, bank, account, 1, date(2024, 5, 1))


def test_a_guard_is_not_changed_by_adopting_the_chart_again() -> None:
    unguarded = with_accounts(C2021, C2021.accounts["222"]._replace(guard="none"))
    with pytest.raises(EntryError, match="guard credit"):
        book(C2021).append(adopt(unguarded, effective_on=NEW_YEAR), key="unguarded", actor="accountant")
