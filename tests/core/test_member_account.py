"""The member account: what stands on a day, and what the year brought."""

from datetime import date

import pytest

from coopledger.core.chart import C2023, MONEY, RESERVE, SUBSIDY, adopt
from coopledger.core.contribution import Contribution, Money, contribute
from coopledger.core.fund import quantify, receive_donation, receive_fund, spend_fund
from coopledger.core.journal import Entry, Posting, Record, reverse
from coopledger.core.member import Joiner, admit, leave
from coopledger.core.member_account import MemberAccount, member_account
from coopledger.core.movement import issue
from coopledger.core.trade import record_trade
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.cooperatives import cooperative, put

SPRING, WINTER = date(2024, 3, 1), date(2024, 12, 31)
EMPTY = MemberAccount("0042", WINTER, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def account(journal: MemoryJournal, holder: str = "0042", on: date = WINTER) -> MemberAccount:
    with journal.read() as view:
        return member_account(view, holder, on)


def move(journal: MemoryJournal, source: str, target: str, fen: int, on: date = WINTER) -> Record:
    return put(journal, lambda _: [Entry("note", on, on, {}, [Posting(MONEY, source, target, fen)])])[0]


def test_an_account_begins_empty() -> None:
    assert account(cooperative()) == EMPTY


def test_the_contribution_is_what_is_paid_in_at_par() -> None:
    """农民专业合作社法 43(1); 实缴, not 认缴."""
    journal = cooperative()
    brought = Contribution("M1", "0042", "cash", Money(625_00), price_fen=1_25)
    put(journal, contribute(brought, effective_on=SPRING))
    put(journal, issue("cash", to="0042", shares=100, paid=False, reason="subscription", effective_on=SPRING))
    put(journal, issue("fine", to="0042", shares=250, against="c2021:102", effective_on=SPRING))
    assert account(journal) == EMPTY._replace(contribution_fen=750_00)
    assert account(journal, on=date(2024, 2, 29)).contribution_fen == 0


def test_quantified_parts_stand_beside_it() -> None:
    """农民专业合作社法 43(2), 44; 财会〔2021〕37号 57."""
    journal = cooperative()
    equal = {"0042": 1, "0044": 1}
    put(journal, receive_fund("F", 80_00, effective_on=SPRING, source="a", purpose="b", rule="c"))
    put(journal, spend_fund("F", 80_00, effective_on=SPRING, on="fixed asset", reason="b"))
    put(journal, quantify(SUBSIDY, equal, fund="F", effective_on=SPRING, rule="equally"))
    put(journal, receive_donation("D", 20_00, effective_on=SPRING, reason="d"))
    put(journal, quantify("memo:donation", equal, fund="D", effective_on=WINTER, rule="equally"))
    move(journal, "c2021:322", "c2021:332", 7_00)
    put(journal, quantify(RESERVE, {"0042": 1}, effective_on=WINTER, rule="by trade"))
    found = account(journal)
    assert found == EMPTY._replace(reserve_fen=7_00, subsidy_fen=40_00, donation_fen=10_00)
    assert found.basis_fen == 57_00
    assert account(journal, on=SPRING).donation_fen == 0


def test_a_part_of_a_pool_is_whoever_is_eligible_on_the_day() -> None:
    journal = cooperative()
    put(journal, receive_fund("F", 100_00, effective_on=SPRING, source="a", purpose="b", rule="c"))
    put(journal, spend_fund("F", 100_00, effective_on=SPRING, on="fixed asset", reason="b"))
    put(
        journal,
        quantify(SUBSIDY, {}, fund="F", effective_on=SPRING, rule="equally", share_class="subsidy", price_fen=1_00),
    )
    put(journal, admit(Joiner("0099"), effective_on=date(2024, 6, 1), reason="joining"))
    before = [account(journal, number, date(2024, 5, 31)).subsidy_fen for number in ("0042", "0043", "0044", "0045")]
    assert before == [25_00] * 4
    after = [account(journal, number).subsidy_fen for number in ("0042", "0043", "0044", "0045", "0099")]
    assert after == [20_00] * 5
    assert account(journal, "V").subsidy_fen == 0


def test_trade_and_refunds_are_those_of_the_year() -> None:
    """农民专业合作社法 43(3), 44; 财会〔2021〕37号, 成员账户编制说明."""
    journal = cooperative()
    last_year = date(2024, 12, 31)
    on = date(2025, 12, 31)
    put(journal, record_trade("0042", 500_00, effective_on=last_year, reason="pepper"))
    put(journal, record_trade("0042", 900_00, effective_on=on, reason="pepper"))
    move(journal, "c2021:221/0042", "c2021:332", 30_00, last_year)
    move(journal, "c2021:221/0042", "c2021:332", 40_00, on)
    move(journal, "c2021:222/0042", "c2021:332", 12_00, on)
    move(journal, "c2021:222/0043", "c2021:332", 99_00, on)
    move(journal, "c2021:102", "c2021:221/0042", 25_00, on)
    found = account(journal, on=on)
    assert found == EMPTY._replace(
        on=on, trade_fen=900_00, refund_fen=40_00, surplus_fen=12_00, refund_due_fen=45_00, surplus_due_fen=12_00
    )


def test_what_was_distributed_by_mistake_and_reversed_was_not_distributed() -> None:
    journal = cooperative()
    record = move(journal, "c2021:222/0042", "c2021:332", 12_00)
    [trade] = put(journal, record_trade("0042", 5_00, effective_on=WINTER, reason="pepper"))
    back = [*reverse(record), *reverse(trade)]
    put(journal, lambda _: [Entry("reversal", WINTER, WINTER, {}, back)])
    assert account(journal) == EMPTY


def test_a_village_pays_through_the_internal_current_account() -> None:
    """财会〔2023〕14号: it has no dividends payable; members' dividends go through 113."""
    journal = cooperative()
    put(journal, adopt(C2023))
    move(journal, "c2023:113/surplus/0042", "c2023:322", 58_00)
    move(journal, "c2023:102", "c2023:113/surplus/0042", 50_00)
    found = account(journal)
    assert (found.surplus_fen, found.surplus_due_fen) == (58_00, 8_00)


def test_another_debt_to_a_member_is_no_surplus() -> None:
    """What a village owes for a right that went back, and what it advanced, stand in 113 too."""
    journal = cooperative()
    put(journal, adopt(C2023))
    move(journal, "c2023:113/0042", "c2023:301", 2_400_00)
    move(journal, "c2023:102", "c2023:113/0043", 100_00)
    assert account(journal) == EMPTY._replace(owes_fen=-2_400_00)
    assert account(journal, "0043") == EMPTY._replace(holder="0043", owes_fen=100_00)


def test_a_distribution_through_transit_counts() -> None:
    journal = cooperative()
    legs = [("transit", "c2021:332", 300), ("c2021:222/0042", "transit", 100), ("c2021:222/0043", "transit", 200)]
    given = Entry("note", WINTER, WINTER, {}, [Posting(MONEY, *leg) for leg in legs])
    [record] = put(journal, lambda _: [given])
    paid = [("c2021:222/0042", "transit", 30), ("transit", "c2021:102", 30)]
    put(journal, lambda _: [Entry("note", WINTER, WINTER, {}, [Posting(MONEY, b, a, fen) for a, b, fen in paid])])
    assert account(journal) == EMPTY._replace(surplus_fen=100, surplus_due_fen=70)
    put(journal, lambda _: [Entry("reversal", WINTER, WINTER, {}, reverse(record, {0: 100, 2: 100}))])
    assert account(journal, "0043").surplus_fen == 100


def test_who_has_left_does_not_trade() -> None:
    journal = cooperative()
    gone = date(2025, 1, 1)
    put(journal, leave("0043", effective_on=gone, reason="exclusion"))
    put(journal, record_trade("0043", 1, effective_on=WINTER, reason="pepper"))
    with pytest.raises(RegisterError, match="0043 has no member account: not in the register on 2025-01-01"):
        put(journal, record_trade("0043", 1, effective_on=gone, reason="pepper"))


def test_an_account_is_of_somebody_in_the_register() -> None:
    with pytest.raises(RegisterError, match="9999 has no member account: not in the register"):
        account(cooperative(), "9999")
    with pytest.raises(RegisterError, match="9999 has no member account: not in the register"):
        put(cooperative(), record_trade("9999", 1, effective_on=WINTER, reason="pepper"))
