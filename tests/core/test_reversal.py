"""Reversals: the latest first, and nothing comes back to who has left."""

from datetime import date, timedelta

import pytest

from coopledger.core.amortisation import amortise
from coopledger.core.chart import MONEY, SUBSIDY, TRADE
from coopledger.core.contribution import Contribution, Right, Valuation, contribute, invest
from coopledger.core.fund import requantify
from coopledger.core.journal import Entry, Posting, Record, View, reverse
from coopledger.core.member import leave
from coopledger.core.member_account import record_trade
from coopledger.core.reversal import TAKEN_BACK, check_may_take_back, take_back
from coopledger.errors import OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.cooperatives import FOUNDED, cooperative, money, put, units
from tests.core.test_fund import DAY, book, equally, received, spent


def back(journal: MemoryJournal, record: Record) -> None:
    """Take a record back as a whole, if nothing builds on it."""

    def decide(view: View) -> list[Entry]:
        check_may_take_back(view, record)
        return [Entry("reversal", record.effective_on, record.effective_on, {}, reverse(record))]

    put(journal, decide)


def test_the_steps_of_a_fund_are_taken_back_the_latest_first() -> None:
    journal = book()
    steps = [put(journal, one)[0] for one in (received(), spent(99_00), equally())]
    assert {one.kind for one in steps} <= TAKEN_BACK
    for one in steps[:2]:
        with pytest.raises(OverdrawnError):
            back(journal, one)
    for one in reversed(steps):
        back(journal, one)
    assert (money(journal), units(journal, SUBSIDY)) == ({}, {})


def test_a_record_is_taken_back_on_the_day_it_was_booked_at_the_earliest() -> None:
    journal = book()
    [record] = put(journal, received())
    with pytest.raises(RegisterError, match=f"record {record.seq} was booked on {record.booked_on}"):
        put(journal, take_back(record.seq, booked_on=record.booked_on - timedelta(1)))
    put(journal, take_back(record.seq, booked_on=record.booked_on))
    assert money(journal) == {}


def test_what_was_spread_does_not_come_back_to_who_left() -> None:
    journal = book(received(), spent(99_00), equally())
    [spread_] = put(journal, requantify("0043", {"0042": 1, "0044": 1}, effective_on=DAY))
    put(journal, leave("0043", effective_on=date(2025, 1, 1), reason="exclusion"))
    with pytest.raises(RegisterError, match="0043 has left, and gets nothing back"):
        back(journal, spread_)


def test_an_investment_is_taken_back_while_it_is_worth_what_was_given() -> None:
    journal = book(lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:301", "c2021:151", 100)])])
    before = money(journal)
    [given_] = put(journal, invest("base", 120, {"c2021:151": 100}, effective_on=DAY, reason="a dam"))
    [sold] = put(journal, lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:131/base", "c2021:102", 1)])])
    with pytest.raises(RegisterError, match=r"c2021:131/base stands at 1\.19 yuan"):
        back(journal, given_)
    put(journal, lambda _: [Entry("reversal", DAY, DAY, {}, reverse(sold))])
    back(journal, given_)
    assert money(journal) == before


def test_a_trade_and_an_amortised_right_are_taken_back() -> None:
    journal = cooperative()
    right = Right("land right", DAY, date(2034, 2, 28), date(2034, 2, 28), area_mu=3, parcels=("1",), contract="1")
    land = Contribution("G1", "17", "land", right, Valuation(12_000_00, "agreed price", FOUNDED), price_fen=100_00)
    [brought] = put(journal, contribute(land, effective_on=DAY))
    [month] = put(journal, amortise(through=date(2024, 3, 31)))
    [trade] = put(journal, record_trade("0042", 5_00, effective_on=DAY, reason="pepper"))
    with pytest.raises(RegisterError, match="contribution G1 was amortised, valued anew or ended after it"):
        back(journal, brought)
    for one in (trade, month, brought):
        back(journal, one)
    assert (money(journal), units(journal, TRADE)) == ({}, {})
