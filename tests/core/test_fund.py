"""Funds: owed until they are spent, quantified once, and never share capital."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.chart import C2023, DONATION, MEMBER, MONEY, RESERVE, SUBSIDY
from coopledger.core.citation import Document
from coopledger.core.fund import (
    check_controls,
    controls,
    quantify,
    receive_donation,
    receive_fund,
    requantify,
    spend_fund,
)
from coopledger.core.journal import Decision, Entry, Posting, reverse
from coopledger.core.member import Joiner, admit, leave
from coopledger.core.ordinary import enter
from coopledger.core.register import holdings
from coopledger.core.share_class import open_class, preset
from coopledger.core.voucher import check_vouchers, vouchers
from coopledger.core.wording import words
from coopledger.errors import OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal
from coopledger.text import Message
from tests.core.cooperatives import FOUNDED, cooperative, money, put, units
from tests.core.strategies import steady

DAY = date(2024, 3, 1)
ALL = {"0042": 1, "0043": 1, "0044": 1}


def received(amount: int = 300_000_00) -> Decision:
    return receive_fund(
        "F24", amount, effective_on=DAY, source="示例财〔2024〕1号", purpose="greenhouse", rule="equally to all members"
    )


def spent(amount: int = 300_000_00, on: str | None = "fixed asset") -> Decision:
    return spend_fund("F24", amount, effective_on=DAY, on=on, reason="greenhouse")


def book(*decisions: Decision) -> MemoryJournal:
    journal = cooperative()
    for one in decisions:
        put(journal, one)
    return journal


def equally(unit: str = SUBSIDY, **changes: Any) -> Decision:
    given_: dict[str, Any] = {"fund": "F24", "effective_on": DAY, "rule": "equally", "parts": ALL}
    return quantify(unit, **{**given_, **changes})


def agree(journal: MemoryJournal) -> bool:
    with journal.read() as view:
        return check_controls(view) == [] and check_vouchers(vouchers(view)) == []


# ---------------------------------------------------------------- received and spent


def test_a_subsidy_is_owed_until_it_is_spent_on_an_asset_and_then_a_special_fund() -> None:
    """财会〔2021〕37号, 使用说明 235, 311: Dr 102 Cr 235; Dr 151 Cr 102 and Dr 235 Cr 311; no share capital."""
    journal = book(received())
    assert money(journal) == {"102": 300_000_00, "235/F24": -300_000_00}
    put(journal, spent(200_000_00))
    assert money(journal) == {
        "102": 100_000_00,
        "151": 200_000_00,
        "235/F24": -100_000_00,
        "311/subsidy/F24": -200_000_00,
    }
    assert units(journal, SUBSIDY) == {"memo": -200_000_00, "unquantified/F24": 200_000_00}
    assert agree(journal)


def test_what_is_spent_on_training_becomes_no_fund() -> None:
    """财会〔2021〕37号, 使用说明 235 三."""
    journal = book(received(), spent(1_000_00, on=None))
    assert money(journal) == {"102": 299_000_00, "235/F24": -299_000_00}
    assert units(journal, SUBSIDY) == {}
    assert agree(journal)


def test_no_more_is_spent_than_is_left_of_the_fund() -> None:
    with pytest.raises(RegisterError, match=r"fund F24: 300,000.00 yuan are left from 2024-03-01 on, 300,000.01 are"):
        book(received(), spent(300_000_01))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"paid_from": "special payable"},
            "paid_from: special payable is c2021:235, special payables: bank or cash is",
        ),
        (
            {"paid_from": "payable", "on": None},
            "paid_from: payable is c2021:211, payables: bank or cash is expected",
        ),
        ({"paid_from": "capital surplus"}, "paid_from: capital surplus is c2021:321"),
        ({"on": "capital surplus"}, "on: capital surplus is c2021:321, .*: an asset, such as fixed asset, is expected"),
        ({"paid_from": "right"}, "paid_from: right is c2021:161, .*: bank or cash is expected"),
    ],
)
def test_a_fund_is_spent_from_assets_and_on_assets(changes: dict[str, Any], message: str) -> None:
    told: dict[str, Any] = {"effective_on": DAY, "on": "fixed asset", "reason": "greenhouse", **changes}
    with pytest.raises(RegisterError, match=message):
        put(book(received()), spend_fund("F24", 1, **told))


@pytest.mark.parametrize("rule", [None, "", " ", 5])
def test_what_is_quantified_says_to_whom_and_in_what_parts(rule: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match=r"rule: .*: to whom and in what parts it is quantified is expected"):
        equally(rule=rule)


def test_a_fund_that_is_spent_later_is_not_spent_before() -> None:
    later = spend_fund("F24", 300_000_00, effective_on=date(2024, 6, 1), on="fixed asset", reason="greenhouse")
    with pytest.raises(RegisterError, match=r"fund F24: 0.00 yuan are left from 2024-03-01 on"):
        book(received(), later, spent())


def test_a_donation_is_a_special_fund_at_once() -> None:
    """财会〔2021〕37号, 使用说明 311 四."""
    journal = book(receive_donation("D1", 500_00, effective_on=DAY, reason="an invented donor"))
    assert money(journal) == {"102": 500_00, "311/donation/D1": -500_00}
    put(journal, equally(DONATION, fund="D1"))
    assert units(journal, DONATION)["member/0042"] == 166_67
    assert agree(journal)


def test_a_village_keeps_its_funds_in_its_own_chart() -> None:
    """财会〔2023〕14号: 241, 311."""
    journal = cooperative(C2023)
    put(journal, received())
    put(journal, spent())
    assert money(journal) == {"151": 300_000_00, "311/subsidy/F24": -300_000_00}
    assert agree(journal)


@pytest.mark.parametrize("missing", ["source", "purpose", "rule"])
def test_a_fund_says_where_it_is_from_what_it_is_for_and_how_it_is_quantified(missing: str) -> None:
    said: dict[str, Any] = {"source": "a", "purpose": "b", "rule": "c", missing: " "}
    with pytest.raises(RegisterError, match=f"fund F24: {missing} is missing"):
        receive_fund("F24", 1, effective_on=DAY, **said)


@pytest.mark.parametrize(("fund", "amount"), [("F/1", 1), ("F1", 0), ("F1", "1")])
def test_a_fund_has_a_plain_code_and_an_amount(fund: str, amount: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match="a code without '/' and a whole number"):
        receive_donation(fund, amount, effective_on=DAY, reason="x")


# ---------------------------------------------------------------- quantified


def test_a_subsidy_is_quantified_equally_as_a_memo() -> None:
    """农民专业合作社法 44: equally to all members; it moves no money."""
    journal = book(received(), spent(100_000_00), equally())
    assert units(journal, SUBSIDY) == {
        "member/0042": 33_333_34,
        "member/0043": 33_333_33,
        "member/0044": 33_333_33,
        "memo": -100_000_00,
    }
    with journal.read() as view:
        assert [one.kind for one in vouchers(view)] == ["fiscal-fund", "fiscal-fund"]
        [control] = controls(view)
    assert (control.account_fen, control.quantified_fen, control.waiting_fen) == (100_000_00, 100_000_00, 0)
    assert agree(journal)


def test_a_code_is_one_in_each_of_its_unicode_forms() -> None:
    journal = book()
    name, other = unicodedata.normalize("NFD", "é"), unicodedata.normalize("NFD", "ü")
    put(journal, receive_fund(name, 90_00, effective_on=DAY, source="1", purpose="greenhouse", rule="equally"))
    put(journal, spend_fund("é", 60_00, effective_on=DAY, on="fixed asset", reason="greenhouse"))
    put(journal, spend_fund(name, 30_00, effective_on=DAY, on="fixed asset", reason="greenhouse"))
    put(journal, receive_donation(other, 30_00, effective_on=DAY, reason="school"))
    put(journal, equally(fund=name, parts={"0042": 1}))
    put(journal, equally(DONATION, fund=other))
    assert agree(journal)
    with pytest.raises(RegisterError, match="é is listed twice"):
        equally(parts={"é": 1, name: 2})
    put(journal, admit(Joiner(other), effective_on=DAY))
    with pytest.raises(RegisterError, match="ü leaves: name those who stay"):
        put(journal, requantify(other, {"ü": 1}, effective_on=DAY))


def test_a_fund_and_a_donation_are_named_as_accountants_do() -> None:
    journal = book(received(), receive_donation("S", 1, effective_on=DAY, reason="school"))
    with journal.read() as view:
        assert [words(one.kind) for one in vouchers(view)] == [Message("fiscal-fund"), Message("donation")]
    assert [Message(one).say("zh") for one in ("fiscal-fund", "fiscal fund", "donation")] == [
        "财政专项资金",
        "财政专项资金",
        "捐赠",
    ]


def test_a_fund_whose_account_differs_from_what_may_be_quantified_is_found() -> None:
    """Two funds that are wrong in opposite ways agree in the total."""
    journal = book(received(), spent(100_00))
    legs = [
        Posting(MONEY, "c2021:311/subsidy/F25", "c2021:102", 7_00),
        Posting(MONEY, "c2021:102", "c2021:311/subsidy/F24", 7_00),
    ]
    put(journal, lambda _: [Entry("note", DAY, DAY, {}, legs)])
    with journal.read() as view:
        assert [str(one) for one in check_controls(view)] == [
            "memo:subsidy: fund F24 has 93.00 yuan in its account, 100.00 yuan were noted to be quantified",
            "memo:subsidy: fund F25 has 7.00 yuan in its account, 0.00 yuan were noted to be quantified",
        ]


def test_nothing_is_quantified_before_it_is_spent_nor_twice() -> None:
    with pytest.raises(RegisterError, match=r"0.00 yuan to quantify, of 0.00 that wait"):
        book(received(), equally())
    with pytest.raises(RegisterError, match=r"1.00 yuan to quantify, of 0.00 that wait"):
        book(received(), spent(), equally(), equally(amount_fen=100))


def test_a_part_of_a_fund_may_wait() -> None:
    journal = book(received(), spent(), equally(amount_fen=100_00))
    assert units(journal, SUBSIDY)["unquantified/F24"] == 299_900_00
    assert agree(journal)


def test_taking_back_what_was_spent_after_it_was_quantified_is_refused_by_the_journal() -> None:
    journal = book(received())
    [record] = put(journal, spent())
    put(journal, equally())
    with pytest.raises(OverdrawnError, match="unquantified/F24"):
        put(journal, lambda _: [Entry("reversal", DAY, DAY, {}, reverse(record))])


@steady(60)
@given(st.integers(1, 10**9), st.lists(st.integers(0, 50), min_size=3, max_size=3).filter(any), st.booleans())
def test_whatever_is_quantified_the_control_totals_agree(amount: int, weights: list[int], all_: bool) -> None:
    parts = dict(zip(ALL, weights, strict=True))
    some = None if all_ else max(1, amount // 3)
    journal = book(received(amount), spent(amount), equally(parts=parts, amount_fen=some))
    assert agree(journal)
    held = units(journal, SUBSIDY)
    assert sum(fen for account, fen in held.items() if account.startswith(MEMBER)) == (some or amount)
    leaver = next(account for account, fen in held.items() if account.startswith(MEMBER) and fen)[-4:]
    put(journal, requantify(leaver, dict.fromkeys({*ALL, "0045"} - {leaver}, 1), effective_on=DAY))
    assert agree(journal)


def test_a_subsidy_may_be_quantified_as_shares_that_are_no_capital() -> None:
    journal = book(
        open_class(preset("subsidy", code="fund-shares", pooled=False), effective_on=FOUNDED),
        received(),
        spent(100_000_00),
        equally(share_class="fund-shares", price_fen=100_00),
    )
    with journal.read() as view:
        assert {number: one.shares for number, one in holdings(view, "fund-shares").items()} == {
            "0042": 334,
            "0043": 333,
            "0044": 333,
        }
    assert units(journal, SUBSIDY)["member/0042"] == 33_400_00
    assert "301" not in money(journal)
    assert agree(journal)


def test_shares_of_a_fund_are_whole_or_it_is_said_so() -> None:
    with pytest.raises(RegisterError, match=r"give 33 shares of fund-shares and leave 1,000.00 yuan"):
        book(
            open_class(preset("subsidy", code="fund-shares", pooled=False), effective_on=FOUNDED),
            received(),
            spent(100_000_00),
            equally(share_class="fund-shares", price_fen=3_000_00),
        )


def test_a_pooled_class_takes_the_whole_fund() -> None:
    """Whoever is eligible on a day has an equal part, without a posting for anybody who comes or leaves."""
    journal = book(received(), spent(), equally(share_class="subsidy", price_fen=100_00, parts={}))
    assert units(journal, SUBSIDY) == {"member/pool/subsidy": 300_000_00, "memo": -300_000_00}
    assert units(journal, "subsidy") == {"holder/pool": 3000, "unissued": -3000}
    assert agree(journal)


def test_the_reserve_is_quantified_up_to_what_its_account_has() -> None:
    """农民专业合作社法 4: the reserve is quantified to each member by charter."""
    journal = book()
    appropriation = Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:322", "c2021:332", 90_00)])
    put(journal, lambda _: [appropriation])
    put(journal, equally(RESERVE, fund="", parts={"0042": 2, "0043": 1}))
    assert units(journal, RESERVE) == {"member/0042": 60_00, "member/0043": 30_00, "memo": -90_00}
    assert agree(journal)
    with pytest.raises(RegisterError, match="that wait"):
        put(journal, equally(RESERVE, fund="", amount_fen=1))


def appropriated(fen: int, on: date = DAY) -> Decision:
    return lambda _: [Entry("note", on, on, {}, [Posting(MONEY, "c2021:322", "c2021:332", fen)])]


def test_a_reserve_of_which_a_part_is_quantified_or_that_grows_is_sound() -> None:
    journal = book(appropriated(90_00), equally(RESERVE, fund="", amount_fen=40_00))
    with journal.read() as view:
        [control] = controls(view)
    assert (control.quantified_fen, control.waiting_fen, control.difference_fen) == (40_00, 50_00, 0)
    put(journal, equally(RESERVE, fund=""))
    put(journal, appropriated(10_00, date(2025, 1, 1)))
    assert agree(journal)


def test_more_quantified_than_the_reserve_has_is_found() -> None:
    loss = Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:332", "c2021:322", 1_00)])
    journal = book(appropriated(90_00), equally(RESERVE, fund=""), lambda _: [loss])
    with journal.read() as view:
        [problem] = check_controls(view)
    assert "-1.00 yuan too many" in str(problem)


def test_a_reserve_that_is_quantified_later_is_not_quantified_before() -> None:
    later = date(2024, 6, 1)
    with pytest.raises(RegisterError, match=r"of 0\.00 that wait"):
        book(appropriated(90_00), equally(RESERVE, fund="", effective_on=later), equally(RESERVE, fund=""))


def test_a_fund_that_is_quantified_later_is_not_quantified_before() -> None:
    later = date(2024, 6, 1)
    with pytest.raises(RegisterError, match=r"of 0\.00 that wait"):
        book(received(), spent(), equally(effective_on=later), equally())


def test_who_has_left_gets_nothing_quantified() -> None:
    left = leave("0044", effective_on=date(2025, 1, 1), reason="exclusion", new_heads={"18": "0045"})
    journal = book(received(), spent(99_00), equally(parts={"0042": 1}), left)
    for day in (DAY, date(2025, 7, 1)):
        with pytest.raises(RegisterError, match=f"quantified to 0044: not in the register from {day} on"):
            put(journal, requantify("0042", {"0044": 1}, effective_on=day))
    with pytest.raises(RegisterError, match="0044: not in the register"):
        put(journal, equally(DONATION, effective_on=date(2025, 7, 1)))


def test_what_was_told_to_quantify_stays_told() -> None:
    parts = {"0042": 1}
    decision = equally(parts=parts)
    parts["0043"] = 1
    journal = book(received(), spent(99_00), decision)
    assert units(journal, SUBSIDY) == {"member/0042": 99_00, "memo": -99_00}
    parts = {"0043": 1}
    decision = requantify("0042", parts, effective_on=DAY)
    parts.clear()
    put(journal, decision)
    assert units(journal, SUBSIDY) == {"member/0043": 99_00, "memo": -99_00}


def test_the_papers_of_a_fund_are_read_once() -> None:
    papers = iter([Document("grant.pdf", "ab" * 32)])
    donation = receive_donation("D1", 1, effective_on=DAY, reason="d", documents=papers)
    journal = book()
    first = journal.append(donation, key="gift", actor="accountant")
    assert journal.append(donation, key="gift", actor="accountant") == first
    assert first[0].facts["documents"][0]["name"] == "grant.pdf"


def test_a_leavers_part_of_a_donation_is_spread_too() -> None:
    journal = book(receive_donation("D1", 90_00, effective_on=DAY, reason="d"), equally(DONATION, fund="D1"))
    put(journal, requantify("0042", {"0045": 1}, effective_on=DAY))
    assert units(journal, DONATION) == {
        **dict.fromkeys(("member/0043", "member/0044", "member/0045"), 30_00),
        "memo": -90_00,
    }


def test_a_leavers_part_goes_to_those_who_stay_and_are_in_the_register() -> None:
    journal = book(received(), spent(99_00), equally())
    with pytest.raises(RegisterError, match="0042 leaves: name those who stay"):
        put(journal, requantify("0042", ALL, effective_on=DAY))
    with pytest.raises(RegisterError, match="9999: not in the register"):
        put(journal, requantify("0042", {"9999": 1}, effective_on=DAY))


def test_what_was_quantified_to_a_leaver_is_spread_over_those_who_stay() -> None:
    """Chongqing 14, Shandong 22: subsidies are never refunded."""
    journal = book(received(), spent(99_00), equally())
    put(journal, requantify("0042", {"0043": 1, "0044": 1}, effective_on=DAY))
    assert units(journal, SUBSIDY) == {"member/0043": 49_50, "member/0044": 49_50, "memo": -99_00}
    with pytest.raises(RegisterError, match="nothing was quantified to 0042"):
        put(journal, requantify("0042", {"0043": 1}, effective_on=DAY))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parts": {"9999": 1}}, "9999: not in the register"),
        ({"fund": ""}, "0.00 that wait"),
        ({"fund": "F99"}, "0.00 that wait"),
        ({"amount_fen": -1}, "an amount above 0"),
    ],
)
def test_what_cannot_be_quantified_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        book(received(), spent(), equally(**changes))


def test_only_memo_units_are_quantified() -> None:
    with pytest.raises(RegisterError, match="one of memo:subsidy, memo:donation, memo:reserve"):
        equally("CNY")


def test_a_fund_whose_money_went_elsewhere_is_not_spent_from_the_bank() -> None:
    journal = book(received())
    lent: dict[str, Any] = {"debit": {"c2021:121": 1_00}, "credit": {"c2021:102": 1_00}, "reason": "loan"}
    put(journal, enter(effective_on=DAY, **lent))
    for on in ("fixed asset", None):
        with pytest.raises(RegisterError, match=r"c2021:102 stands at 299,999\.00 yuan from 2024-03-01 on: "):
            put(journal, spent(on=on))
    put(journal, spent(299_999_00))


# ---------------------------------------------------------------- audited


def test_a_fund_without_any_memo_is_found() -> None:
    journal = book()
    stray = Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:311/subsidy/F24", "c2021:151", 1_00)])
    put(journal, lambda _: [stray])
    with journal.read() as view:
        assert [one.where for one in check_controls(view)] == [SUBSIDY]


def test_a_fund_booked_past_the_memo_is_found() -> None:
    journal = book(received(), spent(100_00))
    stray = Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:311/subsidy/F24", "c2021:151", 1_00)])
    put(journal, lambda _: [stray])
    with journal.read() as view:
        [problem] = check_controls(view)
    assert str(problem) == (
        "memo:subsidy: c2021:311/subsidy has 101.00 yuan, members 0.00 and 100.00 wait to be quantified: 1.00 yuan "
        "too many"
    )
