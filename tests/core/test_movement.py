"""Movements: each verb moves what it says, and is refused with the rule that forbids it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from coopledger.core.chart import C2004, C2021, C2023, MONEY, adopt
from coopledger.core.chart import RESERVE as QUANTIFIED_RESERVE
from coopledger.core.charter import COLLECTIVE
from coopledger.core.contribution import Contribution, Right, Valuation, contribute, invest
from coopledger.core.ending import end_contribution
from coopledger.core.fund import quantify
from coopledger.core.household import form_household, merge_households
from coopledger.core.journal import Decision, Entry, Posting, reverse
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import (
    allot,
    convert,
    freeze,
    issue,
    pay_in,
    pledge,
    redeem,
    release,
    transfer,
    unfreeze,
)
from coopledger.core.notice import give_notice
from coopledger.core.problems import problems
from coopledger.core.redenomination import change_class, redenominate
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.errors import EntryError, KeyConflictError, RegisterError, UnknownRecordError
from coopledger.store.memory import MemoryJournal
from tests.core import rights
from tests.core.cooperatives import cooperative, put
from tests.core.cooperatives import money as money_of
from tests.core.village import (
    BANK,
    CAPITAL,
    FOUNDED,
    JULY,
    JUNE,
    LAND_RIGHT,
    MAY,
    NEXT_YEAR,
    PAPER,
    PEOPLE,
    RESERVE,
    VOTE,
    Village,
    given,
    shares,
    village,
)


def money(made: Village, on: date | None = None) -> dict[str, int]:
    return {account: fen for (_, account), fen in made.view.balances("CNY", on=on).items()}


def with_class(cls: str, **changes: Any) -> Village:
    return village([preset(cls, **changes)])


# ---------------------------------------------------------------- issue


def test_an_issue_says_why_and_on_what_it_rests() -> None:
    made = village()
    [record] = made.do(
        issue(
            "land",
            to="17",
            shares=500,
            effective_on=FOUNDED,
            booked_on=MAY,
            documents=[PAPER],
            resolution=VOTE,
        )
    )
    assert record.facts == {
        "class": "land",
        "reason": "contribution",
        "documents": [{"name": "minutes.pdf", "sha256": "ab" * 32, "pages": "1-2"}],
        "resolution": {
            "number": "2026-1",
            "meeting": "members",
            "day": "2026-01-01",
            "entitled": 300,
            "present": 240,
            "votes_for": 220,
            "votes_against": 3,
        },
    }
    assert (record.effective_on, record.booked_on) == (FOUNDED, MAY)
    assert shares(made, "land") == {"17": 500}


def test_capital_is_credited_at_par_and_the_rest_to_the_reserve() -> None:
    """农民专业合作社会计制度 (财会〔2021〕37号): Dr 102, Cr 301 at par, the difference to 321."""
    made = village()
    made.do(
        issue("cash", to="0042", shares=500, effective_on=FOUNDED, against=BANK, amount_fen=60_000, premium=RESERVE)
    )
    assert money(made) == {BANK: 60_000, CAPITAL: -50_000, RESERVE: -10_000}
    made.do(
        issue(
            "cash", to="0051", shares=100, effective_on=FOUNDED, against=LAND_RIGHT, amount_fen=9_000, premium=RESERVE
        )
    )
    assert money(made) == {BANK: 60_000, LAND_RIGHT: 9_000, CAPITAL: -60_000, RESERVE: -9_000}
    made.do(issue("cash", to="0051", shares=1, effective_on=FOUNDED, against=BANK, amount_fen=100, premium=RESERVE))
    assert money(made)[RESERVE] == -9_000
    assert audit_register(made.view) == []


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        ({}, "cash is a class of capital: name the account against which its 500.00 yuan of c37:301 are booked"),
        ({"against": BANK, "amount_fen": 60_000}, "600.00 yuan for shares of 500.00 yuan at par: name the account"),
        ({"against": BANK, "amount_fen": -1, "premium": RESERVE}, "-0.01 yuan for shares: 0 or more is expected"),
    ],
)
def test_capital_without_its_money_is_refused(kept: dict[str, Any], rule: str) -> None:
    with pytest.raises(RegisterError, match=rule):
        village().do(issue("cash", to="0042", shares=500, effective_on=FOUNDED, **kept))


def test_a_class_that_is_no_capital_takes_no_money() -> None:
    with pytest.raises(
        RegisterError, match=r"land is no class of capital: .* goes into one that has a par value and an"
    ):
        village().do(issue("land", to="17", shares=500, effective_on=FOUNDED, against=LAND_RIGHT))


@pytest.mark.parametrize(
    ("cls", "to", "rule"),
    [
        ("land", "0042", "land is held by households: name the household of 0042"),
        ("cash", "17", "cash is held by persons: 17 is a household"),
        ("labour", "0900", "labour is for person: 0900 is of the kind collective"),
        ("collective", "0901", "collective is for collective: 0901 is of the kind enterprise"),
        ("cash", "0901", "0901 is no member on 2026-01-01: cash is issued to members"),
        ("cash", "0777", "0777 is not in the register on 2026-01-01"),
        ("subsidy", "0042", "subsidy is a pooled class: nobody holds it alone"),
        ("cash", "pool", "cash is no pooled class: name a holder"),
        ("gold", "0042", "gold: no such share class on 2026-01-01; there are cash"),
    ],
)
def test_who_may_not_hold_a_class_gets_none_of_it(cls: str, to: str, rule: str) -> None:
    with pytest.raises(RegisterError, match=rule):
        village().do(issue(cls, to=to, shares=1, effective_on=FOUNDED))


def test_membership_is_looked_at_on_the_effective_day() -> None:
    made = village()
    made.do(admit(Joiner("0070"), effective_on=MAY, reason="return"))
    with pytest.raises(RegisterError, match="0070 is not in the register on 2026-04-30"):
        made.do(issue("labour", to="0070", shares=1, effective_on=date(2026, 4, 30), booked_on=JUNE))
    made.do(issue("labour", to="0070", shares=1, effective_on=MAY, booked_on=MAY))


def test_shares_got_before_a_leaving_that_is_recorded_already_would_have_no_holder() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    with pytest.raises(RegisterError, match="0042 left on 2026-06-01: shares got on 2026-05-01 would have no holder"):
        made.do(issue("labour", to="0042", shares=1, effective_on=MAY))


def test_who_left_and_came_back_gets_shares_again() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=MAY, reason="moved out"))
    made.do(change_members(["0042"], effective_on=JUNE, reason="moved back", standing="member"))
    with pytest.raises(RegisterError, match="0042 is no member on 2026-05-31: labour is issued to members"):
        made.do(issue("labour", to="0042", shares=1, effective_on=date(2026, 5, 31)))
    made.do(issue("labour", to="0042", shares=1, effective_on=JUNE))
    assert audit_register(made.view) == []


def test_shares_got_by_a_household_that_is_merged_later_would_have_no_holder() -> None:
    made = village()
    made.do(merge_households("19", into="18", effective_on=JUNE))
    with pytest.raises(RegisterError, match="19 left on 2026-06-01: shares got on 2026-05-01 would have no holder"):
        made.do(issue("member", to="19", shares=1, effective_on=MAY))


def test_a_cap_in_shares_holds_for_every_holder() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=1000, effective_on=FOUNDED))
    with pytest.raises(
        RegisterError, match=r"0042 would hold 10.01 of labour on 2026-05-01: the cap for one holder is 10.00"
    ):
        made.do(issue("labour", to="0042", shares=1, effective_on=MAY))


def test_a_cap_as_a_part_of_the_class_is_looked_at_after_all_of_an_allotment() -> None:
    """At most a fifth each, as charters have it; Zhejiang has at most 3 %."""
    made = with_class("labour", cap=Fraction(1, 5))
    with pytest.raises(
        RegisterError,
        match=r"0042 would hold 1.00 of labour on 2026-01-01: the cap for one holder is 1/5, which is 0.20",
    ):
        made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    five = ("0041", "0042", "0043", "0051", "0052")
    made.do(allot("labour", dict.fromkeys(five, 100), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=r"0042 would hold 1.01 of labour"):
        made.do(transfer("labour", holder="0041", to="0042", shares=1, effective_on=MAY, reason="sale"))


def test_a_backdated_issue_minds_the_cap_of_later_days() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=600, effective_on=JUNE))
    with pytest.raises(RegisterError, match=r"0042 would hold 11.00 of labour"):
        made.do(issue("labour", to="0042", shares=500, effective_on=MAY))


def test_a_backdated_issue_minds_the_cap_of_days_between_on_which_more_was_held() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=600, effective_on=MAY))
    made.do(transfer("labour", holder="0042", to="0051", shares=600, effective_on=JULY, reason="sale"))
    with pytest.raises(RegisterError, match=r"0042 would hold 11.00 of labour on 2026-05-01: the cap"):
        made.do(issue("labour", to="0042", shares=500, effective_on=FOUNDED))
    made.do(issue("labour", to="0042", shares=400, effective_on=FOUNDED))
    assert audit_register(made.view) == []


def test_a_backdated_issue_minds_a_cap_that_was_set_later() -> None:
    made = with_class("labour")
    made.do(change_class("labour", cap=1000, effective_on=JUNE, reason="charter"))
    with pytest.raises(RegisterError, match=r"0042 would hold 10.01 of labour on 2026-06-01: the cap"):
        made.do(issue("labour", to="0042", shares=1001, effective_on=MAY))
    made.do(issue("labour", to="0042", shares=1000, effective_on=MAY))
    made.do(redeem("labour", holder="0042", shares=600, effective_on=MAY, reason="buy-back"))
    assert audit_register(made.view) == []


def test_what_is_taken_back_gives_nobody_more_than_the_cap() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=1000, effective_on=FOUNDED))
    [sale] = made.do(transfer("labour", holder="0042", to="0051", shares=600, effective_on=MAY, reason="sale"))
    made.do(issue("labour", to="0042", shares=600, effective_on=JUNE))
    with pytest.raises(RegisterError, match=r"0042 would hold 16.00 of labour on 2026-06-01: the cap"):
        made.do(take_back(sale.seq, booked_on=JULY))


def test_a_cap_as_a_part_is_kept_when_others_give_theirs_back_on_the_day() -> None:
    made = with_class("labour", cap=Fraction(1, 2))
    made.do(allot("labour", {"0041": 100, "0042": 100}, effective_on=FOUNDED))
    back = redeem("labour", holder="0041", effective_on=FOUNDED, reason="correction")
    with pytest.raises(RegisterError, match=r"0042 would hold 1.00 of labour on 2026-01-01: the cap"):
        made.do(back)


def test_a_backdated_issue_minds_who_may_hold_the_class_later() -> None:
    made = with_class("land")
    made.do(change_class("land", level="person", effective_on=JUNE, reason="charter"))
    with pytest.raises(RegisterError, match="17 would hold land on 2026-06-01, and the class then forbids it"):
        made.do(issue("land", to="17", shares=1, effective_on=MAY))


def test_nothing_moves_in_a_closed_class() -> None:
    made = given(village(), "land", h17=500)
    made.do(change_class("land", effective_on=MAY, reason="resolution", closed=True))
    with pytest.raises(RegisterError, match="land is closed on 2026-06-01"):
        made.do(transfer("land", holder="17", to="18", effective_on=JUNE, reason="sale"))
    made.do(transfer("land", holder="17", to="18", effective_on=date(2026, 4, 30), booked_on=JUNE, reason="sale"))


def test_a_closed_class_is_opened_for_a_right_that_expires() -> None:
    journal = cooperative()
    start, end = date(2024, 3, 1), date(2025, 2, 28)
    right = Right("land right", start, end, end, area_mu=3, parcels=("1",), contract="1")
    land = Contribution("G1", "17", "land", right, Valuation(12_000_00, "agreed price", start), price_fen=100_00)
    shut = partial(change_class, "land", closed=True, reason="resolution")
    over = end_contribution("G1", effective_on=end, rule="right only")
    put(journal, contribute(land, effective_on=start))
    put(journal, shut(effective_on=date(2024, 12, 1)))
    with pytest.raises(RegisterError, match=r"land is closed on 2025-02-28: .* 'book change-class land --open'"):
        put(journal, over)
    put(journal, change_class("land", closed=False, effective_on=end, reason="expiry"))
    put(journal, over)
    with pytest.raises(RegisterError, match=r"land cannot be closed from 2025-02-28 on: .* close it from a later day"):
        put(journal, shut(effective_on=end))
    put(journal, shut(effective_on=date(2025, 3, 1)))
    with journal.read() as view:
        assert holdings(view, "land") == {}
        assert problems(view) == []
    for day in (date(2025, 2, 27), date(2025, 3, 1)):
        with pytest.raises(RegisterError, match=f"land is closed on {day}"):
            put(journal, issue("land", to="17", shares=1, against="c2021:102", effective_on=day))


def test_a_reason_nobody_knows_is_refused() -> None:
    with pytest.raises(RegisterError, match="'friendship' is no reason here: contribution, quantification"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, reason="friendship")
    with pytest.raises(RegisterError, match="'friendship' is no reason here: sale, gift"):
        transfer("land", holder="17", to="18", effective_on=FOUNDED, reason="friendship")
    with pytest.raises(RegisterError, match="'friendship' is no reason here: withdrawal, buy-back"):
        redeem("land", holder="17", effective_on=FOUNDED, reason="friendship")
    with pytest.raises(RegisterError, match="'friendship' is no reason here: resolution, charter"):
        convert("land", into="cash", holder="17", shares=1, ratio=1, effective_on=FOUNDED, reason="friendship")
    with pytest.raises(RegisterError, match="'friendship' is no reason here: loan, court order"):
        freeze("land", holder="17", shares=1, effective_on=FOUNDED, reason="friendship")


# ---------------------------------------------------------------- transfer


@pytest.mark.parametrize("reason", ["sale", "gift", "court order"])
def test_a_part_or_the_whole_passes(reason: str) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason=reason))
    assert shares(made, "cash", MAY) == {"0042": 300, "0051": 200}
    made.do(transfer("cash", holder="0042", to="0051", effective_on=JUNE, reason=reason, price_fen=30_000))
    assert shares(made, "cash", JUNE) == {"0051": 500}
    assert shares(made, "cash", date(2026, 4, 30)) == {"0042": 500}


def test_more_than_there_is_does_not_pass() -> None:
    made = given(village(), "cash", m0042=500)
    with pytest.raises(RegisterError, match="0042 has 500 of cash to move from 2026-05-01 on: 501 are wanted"):
        made.do(transfer("cash", holder="0042", to="0051", shares=501, effective_on=MAY, reason="sale"))
    with pytest.raises(RegisterError, match="0051 holds no cash on 2026-05-01"):
        made.do(transfer("cash", holder="0051", to="0042", effective_on=MAY, reason="sale"))


def test_a_backdated_sale_that_would_overdraw_a_later_day_is_refused() -> None:
    """The value-date rule: never below zero on any day, not just today."""
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=400, effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match="0042 has 100 of cash to move from 2026-05-01 on: 200 are wanted"):
        made.do(transfer("cash", holder="0042", to="0052", shares=200, effective_on=MAY, booked_on=JULY, reason="gift"))


@pytest.mark.parametrize(
    ("changes", "to", "reason", "reach"),
    [
        ({}, "0901", "sale", "members"),
        ({"passes_to": "household"}, "0051", "gift", "the same household"),
        ({"inherited_by": "members"}, "0901", "inheritance", "members"),
    ],
)
def test_shares_pass_to_whom_the_class_lets_them(changes: dict[str, Any], to: str, reason: str, reach: str) -> None:
    """Zhejiang: internal transfer only."""
    made = given(with_class("cash", capital=CAPITAL, **changes), "cash", m0042=500)
    if reason == "inheritance":
        made.do(die("0042", effective_on=MAY))
    with pytest.raises(RegisterError, match=f"cash passes by {reason} to {reach} only: not from 0042 to {to}"):
        made.do(transfer("cash", holder="0042", to=to, shares=1, effective_on=MAY, reason=reason))


def test_who_has_died_gets_nothing_and_that_is_said() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(die("0051", new_head="0052", effective_on=MAY))
    with pytest.raises(RegisterError, match="0051 has died: what passes by sale is had by the living"):
        made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=MAY, reason="sale"))


def test_what_passes_to_nobody_is_not_sold() -> None:
    made = given(village(), "collective", m0900=500)
    sale = transfer("collective", holder="0900", to="0900", shares=1, effective_on=MAY, reason="sale")
    with pytest.raises(RegisterError, match="collective passes to nobody by sale") as error:
        made.do(sale)
    assert error.value.say("zh").startswith("collective 不得以出售方式转让（农村集体经济组织法 16, 36")


def test_within_the_household_and_by_inheritance_more_is_allowed_than_by_sale() -> None:
    made = given(with_class("cash", capital=CAPITAL, passes_to="household"), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0043", shares=1, effective_on=MAY, reason="gift"))
    made.do(transfer("cash", holder="0042", to="0041", shares=1, effective_on=MAY, reason="household division"))
    with pytest.raises(RegisterError, match="household division: shares pass between households or within one"):
        made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=MAY, reason="household division"))
    made.do(die("0042", effective_on=JUNE))
    made.do(transfer("cash", holder="0042", to="0901", shares=1, effective_on=JUNE, reason="inheritance"))


@pytest.mark.parametrize("cls", ["cash", "land"])
def test_nobody_inherits_from_the_living(cls: str) -> None:
    """民法典 1121: inheritance begins with the death."""
    made = given(given(village(), "cash", m0042=500), "land", h17=500)
    holder, heir = {"cash": ("0042", "0901"), "land": ("17", "18")}[cls]
    with pytest.raises(RegisterError, match=f"inheritance: {holder} was alive on 2026-05-01"):
        made.do(transfer(cls, holder=holder, to=heir, effective_on=MAY, reason="inheritance"))


def test_a_household_that_died_out_is_inherited_from() -> None:
    made = given(village(), "land", h19=500)
    made.do(
        die("0061", effective_on=MAY), transfer("land", holder="19", to="18", effective_on=MAY, reason="inheritance")
    )
    assert shares(made, "land") == {"18": 500}
    assert audit_register(made.view) == []


def test_the_heir_within_a_household_lived_with_who_died() -> None:
    made = given(with_class("cash", capital=CAPITAL, inherited_by="household"), "cash", m0042=500)
    made.do(die("0042", effective_on=MAY))
    with pytest.raises(RegisterError, match="cash passes by inheritance to the same household only"):
        made.do(transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="inheritance"))
    made.do(transfer("cash", holder="0042", to="0043", effective_on=MAY, reason="inheritance"))
    assert shares(made, "cash") == {"0043": 500}


@pytest.mark.parametrize("reason", ["sale", "gift", "merger"])
def test_the_dead_sell_and_give_nothing(reason: str) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(die("0042", effective_on=MAY))
    with pytest.raises(RegisterError, match="0042 has died: what an estate has passes by inheritance"):
        made.do(transfer("cash", holder="0042", to="0051", effective_on=JUNE, reason=reason))
    with pytest.raises(RegisterError, match="0042 has died: what an estate has is not pledged"):
        made.do(pledge("cash", holder="0042", shares=1, creditor="信用社", effective_on=JUNE))
    made.do(transfer("cash", holder="0042", to="0051", effective_on=date(2026, 4, 30), reason="sale"))


@pytest.mark.parametrize(
    ("cls", "holder", "to", "rule"),
    [
        ("land", "17", "0051", "land is held by households: name the household of 0051"),
        ("cash", "0042", "18", "cash is held by persons: 18 is a household"),
        ("cash", "0042", "0777", "0777 is not in the register"),
        ("cash", "0042", "pool", "cash is no pooled class"),
        ("labour", "0042", "0900", "labour is for person: 0900 is of the kind collective"),
    ],
)
def test_shares_do_not_pass_to_who_may_not_hold_them(cls: str, holder: str, to: str, rule: str) -> None:
    made = given(given(given(village(), "land", h17=5), "cash", m0042=5), "labour", m0042=5)
    with pytest.raises(RegisterError, match=rule):
        made.do(transfer(cls, holder=holder, to=to, shares=1, effective_on=MAY, reason="sale"))


def test_all_that_is_free_passes_beside_a_pledge() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(pledge("cash", holder="0042", shares=400, creditor="信用社", effective_on=MAY))
    made.do(transfer("cash", holder="0042", to="0051", shares=100, effective_on=MAY, reason="sale"))
    assert shares(made, "cash") == {"0042": 400, "0051": 100}


def test_a_household_division_passes_shares_between_households() -> None:
    made = given(village(), "land", h17=500)
    made.do(form_household("20", head="0042", effective_on=MAY))
    made.do(transfer("land", holder="17", to="20", shares=200, effective_on=MAY, reason="household division"))
    assert shares(made, "land") == {"17": 300, "20": 200}
    for to, on in (("18", MAY), ("20", date(2026, 4, 30))):
        division = transfer("land", holder="17", to=to, shares=1, effective_on=on, reason="household division")
        with pytest.raises(RegisterError, match=f"nobody moved between 17 and {to} by|{to} is not in the register"):
            made.do(division)


def test_before_a_merger_the_whole_holding_passes() -> None:
    made = given(village(), "land", h17=500, h19=20)
    with pytest.raises(RegisterError, match="merger: 19 has 20 of land on 2026-05-01 and would pass on 19: all of it"):
        made.do(transfer("land", holder="19", to="18", shares=19, effective_on=MAY, reason="merger"))
    [passed] = made.do(transfer("land", holder="19", to="18", effective_on=MAY, reason="merger"))
    way_out = f"record the merger (merge_households, 'book household merge'), or take record {passed.seq} back"
    assert [str(one) for one in audit_register(made.view)] == [
        f"holder 19: land: passed to 18 on 2026-05-01 by merger, and is not merged into it from then on: {way_out}"
    ]
    made.do(merge_households("19", into="18", effective_on=MAY))
    assert audit_register(made.view) == []


def test_a_person_is_not_merged_and_passes_no_shares_so() -> None:
    made = given(with_class("cash", capital=CAPITAL, passes_to="nobody"), "cash", m0042=500)
    with pytest.raises(
        RegisterError, match="merger: shares pass from a household to the one it is merged into, not from 0042 to 0043"
    ):
        made.do(transfer("cash", holder="0042", to="0043", effective_on=MAY, reason="merger"))


@pytest.mark.parametrize("holder", ["0042/unpaid", "0042/", "/0042", "", "0777", "unissued", "pool"])
def test_a_holder_is_a_number_in_the_register_and_no_part_of_an_account(holder: str) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(issue("cash", to="0042", shares=5, paid=False, effective_on=FOUNDED))
    kept: dict[str, Any] = {"holder": holder, "shares": 1, "effective_on": MAY}
    for verb in (
        partial(transfer, to="0051", reason="sale"),
        partial(redeem, against=BANK, reason="buy-back"),
        partial(convert, into="labour", ratio=1, reason="charter"),
        partial(pay_in, against=BANK),
        partial(pledge, creditor="信用社"),
        partial(freeze, reason="dispute"),
        release,
        partial(unfreeze, reason="settlement"),
    ):
        with pytest.raises((RegisterError, EntryError), match=r"is not in the register|is not a code"):
            made.do(verb("cash", **kept))
    assert holdings(made.view, "cash")["0042"].free == 500


def test_codes_and_numbers_of_other_spelling_are_the_same_ones() -> None:
    made = village([preset("labour", code="café")], [*PEOPLE, Joiner("é1")])
    made.do(issue("cafe\u0301", to="e\u03011", shares=5, effective_on=FOUNDED))
    made.do(transfer("cafe\u0301", holder="e\u03011", to="0042", effective_on=MAY, reason="sale"))
    assert shares(made, "café") == {"0042": 5}


@pytest.mark.parametrize("shares", [0, -5, "5", 2.5, True])
def test_shares_are_counted_in_whole_units(shares: int) -> None:
    made = given(village(), "labour", m0042=500)
    for verb in (
        issue("labour", to="0042", shares=shares, effective_on=MAY),
        transfer("labour", holder="0042", to="0051", shares=shares, effective_on=MAY, reason="sale"),
        redeem("labour", holder="0042", shares=shares, effective_on=MAY, reason="buy-back"),
        convert("labour", into="cash", holder="0042", shares=shares, ratio=1, effective_on=MAY, reason="charter"),
    ):
        with pytest.raises(RegisterError, match=r"shares of labour: a whole number \(int\) of its smallest unit"):
            made.do(verb)


# ---------------------------------------------------------------- pledge and freeze


@pytest.mark.parametrize(
    ("tie", "untie", "words"),
    [
        (lambda **kept: pledge("cash", creditor="信用社", **kept), release, "pledged"),
        (lambda **kept: freeze("cash", reason="court order", **kept), partial(unfreeze, reason="settlement"), "frozen"),
    ],
)
def test_what_is_pledged_or_frozen_stays_with_its_holder(
    tie: Callable[..., Decision], untie: Callable[..., Decision], words: str
) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(tie(holder="0042", shares=400, effective_on=MAY))
    held = holdings(made.view, "cash", MAY)["0042"]
    assert (held.shares, held.free, held.pledged + held.frozen) == (500, 100, 400)
    made.do(transfer("cash", holder="0042", to="0051", shares=50, effective_on=MAY, reason="sale"))
    for wanted in (51, None):
        sale = transfer("cash", holder="0042", to="0051", shares=wanted, effective_on=MAY, reason="sale")
        with pytest.raises(RegisterError, match=f"0042 has 50 free shares of cash; 400 are {words} and stay"):
            made.do(sale)
    with pytest.raises(RegisterError, match="stay until they are released"):
        made.do(redeem("cash", holder="0042", effective_on=MAY, reason="buy-back", against=BANK))
    both = given(village(), "cash", m0042=500)
    both.do(
        pledge("cash", holder="0042", shares=300, creditor="示例信用社", effective_on=MAY),
        freeze("cash", holder="0042", shares=50, reason="dispute", effective_on=MAY),
    )
    with pytest.raises(RegisterError, match="150 free shares of cash; 300 are pledged, 50 are frozen and stay until"):
        both.do(transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    made.do(untie("cash", holder="0042", shares=400, effective_on=JUNE))
    made.do(transfer("cash", holder="0042", to="0051", effective_on=JUNE, reason="sale"))
    assert shares(made, "cash") == {"0051": 500}


def test_a_backdated_pledge_of_what_is_sold_later_is_refused() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=400, effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match="0042 has 100 of cash to move from 2026-05-01 on: 200 are wanted"):
        made.do(pledge("cash", holder="0042", shares=200, creditor="信用社", effective_on=MAY, booked_on=JULY))


def test_more_than_is_pledged_is_not_released() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY))
    with pytest.raises(RegisterError, match="0042 has 100 pledged of cash from 2026-06-01 on: 101 are wanted"):
        made.do(release("cash", holder="0042", shares=101, effective_on=JUNE))


def test_what_passes_to_nobody_is_not_pledged() -> None:
    """民法典 440: shares that may be transferred can be pledged."""
    made = given(village(), "collective", m0900=500)
    with pytest.raises(RegisterError, match="collective passes to nobody, so it cannot be pledged"):
        made.do(pledge("collective", holder="0900", shares=1, creditor="信用社", effective_on=MAY))


# ---------------------------------------------------------------- subscribed and paid in


def test_what_is_subscribed_is_paid_in_later() -> None:
    """认缴 and 实缴: capital is credited when it is paid."""
    made = village()
    made.do(issue("cash", to="0042", shares=500, effective_on=FOUNDED, paid=False, reason="subscription"))
    assert money(made) == {}
    held = holdings(made.view, "cash")["0042"]
    assert (held.shares, held.paid, held.free) == (500, 0, 0)
    made.do(pay_in("cash", holder="0042", shares=200, effective_on=MAY, against=BANK))
    held = holdings(made.view, "cash")["0042"]
    assert (held.shares, held.paid, held.unpaid) == (500, 200, 300)
    assert money(made) == {BANK: 20_000, CAPITAL: -20_000}
    with pytest.raises(RegisterError, match="0042 has 300 unpaid of cash from 2026-05-01 on: 301 are wanted"):
        made.do(pay_in("cash", holder="0042", shares=301, effective_on=MAY, against=BANK))
    assert audit_register(made.view) == []


def test_what_is_not_paid_in_passes_as_such() -> None:
    made = village()
    made.do(
        issue("cash", to="0042", shares=500, effective_on=FOUNDED, paid=False, reason="subscription"),
        pay_in("cash", holder="0042", shares=200, effective_on=FOUNDED, against=BANK),
        transfer("cash", holder="0042", to="0051", shares=100, unpaid=True, effective_on=MAY, reason="sale"),
        transfer("cash", holder="0042", to="0052", effective_on=MAY, reason="sale"),
    )
    held = holdings(made.view, "cash")
    assert {number: (one.paid, one.unpaid) for number, one in held.items()} == {"0051": (0, 100), "0052": (200, 200)}


def with_lots() -> Village:
    """A member with 100 paid and 40 unpaid shares of one lot, and 10 of another."""
    made = village()
    made.do(
        issue("cash", to="0042", shares=100, effective_on=FOUNDED, against=BANK, lot="east"),
        issue("cash", to="0042", shares=40, effective_on=FOUNDED, paid=False, lot="east"),
        issue("cash", to="0042", shares=10, effective_on=FOUNDED, against=BANK, lot="west"),
    )
    return made


def test_money_that_is_named_where_none_moves_is_refused() -> None:
    made = with_lots()
    none = "no class of capital: what is paid in"
    unpaid = "cash: what was subscribed only goes back without money"
    back = partial(redeem, "cash", holder="0042", effective_on=MAY, reason="buy-back")
    for decision, rule in (
        (issue("labour", to="0042", shares=5, effective_on=MAY, premium=RESERVE), none),
        (back(unpaid=True, against=BANK), unpaid),
        (back(unpaid=True, amount_fen=4000), unpaid),
        (back(unpaid=True, shares=5, premium=RESERVE), unpaid),
    ):
        with pytest.raises(RegisterError, match=rule):
            made.do(decision)
    made.do(transfer("cash", holder="0042", to="0051", shares=110, effective_on=MAY, reason="sale"))
    with pytest.raises(RegisterError, match=unpaid):
        made.do(back(against=BANK, amount_fen=4000))
    made.do(back(against=BANK))  # the account of what is paid, of which there is none


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({}, (0, 0)),
        ({"unpaid": True}, (110, 0)),
        ({"lot": "east"}, (10, 0)),
        ({"lot": "west"}, (100, 40)),
        ({"lot": "east", "unpaid": True}, (110, 0)),
    ],
)
def test_without_a_number_all_goes_that_is_meant(named: dict[str, Any], left: tuple[int, int]) -> None:
    money_back: dict[str, Any] = {} if named.get("unpaid") else {"against": BANK}
    for verb in (
        partial(transfer, to="0051", reason="sale"),
        partial(redeem, reason="buy-back", **money_back),
    ):
        made = with_lots()
        made.do(verb("cash", holder="0042", effective_on=MAY, **named))
        held = holdings(made.view, "cash").get("0042")
        assert ((held.paid, held.unpaid) if held else (0, 0)) == left


def test_all_of_what_is_not_there_is_refused_in_words() -> None:
    made = given(village(), "cash", m0042=10)
    for named, rule in (
        ({"unpaid": True}, "0042 holds no cash on 2026-05-01 that is not paid in yet"),
        ({"lot": "east"}, "0042 holds no cash of lot east on 2026-05-01"),
    ):
        with pytest.raises(RegisterError, match=rule):
            made.do(transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", **named))


def test_all_of_a_lot_goes_though_another_is_pledged_and_not_if_it_is_itself() -> None:
    made = with_lots()
    made.do(
        transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", lot="east", shares=100),
        pledge("cash", holder="0042", shares=10, creditor="示例信用社", effective_on=MAY),
    )
    with pytest.raises(RegisterError, match="10 are pledged and stay until they are released"):
        made.do(transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", lot="west"))
    made.do(transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", lot="east"))
    assert shares(made, "cash") == {"0042": 10, "0051": 140}


def test_a_merger_passes_what_is_not_paid_in_among_the_right_number_and_no_lot_alone() -> None:
    made = village()
    made.do(
        issue("land", to="19", shares=100, effective_on=FOUNDED, lot="east"),
        issue("land", to="19", shares=50, effective_on=FOUNDED, paid=False),
    )
    merger = partial(transfer, "land", holder="19", to="18", effective_on=MAY, reason="merger")
    for alone, named in (({"lot": "east"}, 100), ({"unpaid": True}, 50)):
        with pytest.raises(RegisterError, match=f"merger: 19 has 150 of land on .* would pass on {named}: all of it"):
            made.do(merger(**alone))
    made.do(merger(shares=150))
    held = holdings(made.view, "land")
    assert {number: (one.paid, one.unpaid) for number, one in held.items()} == {"18": (100, 50)}


# ---------------------------------------------------------------- redemption, conversion


def test_a_redemption_pays_par_back_and_books_the_difference() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        redeem(
            "cash",
            holder="0042",
            shares=100,
            effective_on=MAY,
            reason="buy-back",
            against=BANK,
            amount_fen=12_000,
            premium=RESERVE,
        )
    )
    assert money(made) == {BANK: 38_000, CAPITAL: -40_000, RESERVE: 2_000}
    assert shares(made, "cash") == {"0042": 400}
    assert audit_register(made.view) == []


def test_what_was_never_paid_goes_back_without_money() -> None:
    made = village()
    made.do(
        issue("cash", to="0042", shares=500, effective_on=FOUNDED, paid=False, reason="subscription"),
        redeem("cash", holder="0042", effective_on=MAY, reason="buy-back"),
    )
    assert (shares(made, "cash"), money(made)) == ({}, {})


def test_a_member_who_withdraws_his_shares_gave_notice_of_leaving() -> None:
    """农民专业合作社法 25; what the cooperative buys back of somebody who stays needs none."""
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="0042 leaves on 2026-05-01 without notice"):
        made.do(redeem("cash", holder="0042", effective_on=MAY, reason="withdrawal", against=BANK))
    made.do(
        redeem("cash", holder="0042", shares=100, effective_on=MAY, reason="buy-back", against=BANK),
        give_notice("0042", effective_on=JUNE),
        redeem("cash", holder="0042", shares=100, effective_on=NEXT_YEAR, reason="withdrawal", against=BANK),
        leave("0042", effective_on=NEXT_YEAR, reason="withdrawal", keeps_shares=True),
        redeem("cash", holder="0042", effective_on=date(2027, 5, 1), reason="withdrawal", against=BANK),
    )
    assert shares(made, "cash") == {}


def test_a_household_withdraws_its_shares_when_one_of_its_people_may_leave() -> None:
    made = given(village(), "land", h17=300)
    with pytest.raises(RegisterError, match="0041 leaves on 2027-01-01 without notice"):
        made.do(redeem("land", holder="17", effective_on=NEXT_YEAR, reason="withdrawal"))
    made.do(give_notice("0042", effective_on=JUNE))
    made.do(redeem("land", holder="17", effective_on=NEXT_YEAR, reason="withdrawal"))
    assert shares(made, "land") == {}


def test_what_is_locked_in_is_not_redeemed() -> None:
    made = with_class("land", locked_until=JUNE)
    made.do(issue("land", to="17", shares=1, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="locked in until 2026-06-01"):
        made.do(redeem("land", holder="17", effective_on=MAY, reason="buy-back"))


def test_subsidies_are_never_refunded() -> None:
    """Chongqing 14, Shandong 22."""
    made = with_class("subsidy", pooled=False, passes_to="members")
    made.do(issue("subsidy", to="0042", shares=9, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="subsidy is never refunded: it is spread over those who stay"):
        made.do(redeem("subsidy", holder="0042", effective_on=MAY, reason="withdrawal"))


def test_a_conversion_keeps_the_ratio_exactly() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(
        convert(
            "cash",
            into="labour",
            holder="0042",
            shares=300,
            ratio=Fraction(2, 3),
            premium=RESERVE,
            effective_on=MAY,
            resolution=VOTE,
        )
    )
    assert (shares(made, "cash"), shares(made, "labour")) == ({}, {"0042": 20_000})
    assert money(made) == {BANK: 30_000, RESERVE: -30_000}
    assert audit_register(made.view) == []


def test_a_conversion_between_classes_of_capital_moves_the_capital() -> None:
    other = preset("cash", code="preferred.b", name="优先股乙", capital="c37:301", par_fen=150)
    made = given(village([preset("cash", capital=CAPITAL), other]), "cash", m0042=300)
    made.do(
        convert(
            "cash",
            into="preferred.b",
            holder="0042",
            shares=300,
            ratio=1,
            premium=RESERVE,
            reason="charter",
            effective_on=MAY,
        )
    )
    assert money(made) == {BANK: 30_000, CAPITAL: -45_000, RESERVE: 15_000}
    assert audit_register(made.view) == []


def test_a_conversion_at_equal_par_needs_no_difference() -> None:
    other = preset("cash", code="cash.b", name="资金股乙", capital=CAPITAL)
    made = given(village([preset("cash", capital=CAPITAL), other]), "cash", m0042=300)
    for premium in (None, RESERVE):
        made.do(
            convert(
                "cash",
                into="cash.b",
                holder="0042",
                shares=100,
                ratio=1,
                premium=premium,
                reason="charter",
                effective_on=MAY,
            )
        )
    assert money(made) == {BANK: 30_000, CAPITAL: -30_000}
    assert shares(made, "cash.b") == {"0042": 200}


def test_a_conversion_by_resolution_cites_one_that_was_adopted() -> None:
    made = given(village(), "cash", m0042=300)
    swap = partial(
        convert, "cash", into="labour", holder="0042", shares=300, ratio=1, premium=RESERVE, effective_on=MAY
    )
    with pytest.raises(RegisterError, match="cite the resolution"):
        made.do(swap())
    with pytest.raises(RegisterError, match="votes for it: 0"):
        made.do(swap(resolution=VOTE._replace(votes_for=0, votes_against=10)))


def test_a_class_is_not_converted_into_itself_nor_by_half_a_float() -> None:
    with pytest.raises(RegisterError, match="cash into cash: another class is expected"):
        convert("cash", into="cash", holder="0042", shares=1, ratio=7, effective_on=MAY)
    for ratio in (0.5, "2", True, -1, 0):
        with pytest.raises(RegisterError, match=r"ratio .*: a whole number or a Fraction above 0 is expected"):
            convert("cash", into="land", holder="0042", shares=1, ratio=ratio, effective_on=MAY)  # type: ignore[arg-type]


def test_a_conversion_takes_what_is_there() -> None:
    made = given(village([preset("labour"), preset("labour", code="years")]), "labour", m0042=100)
    swap = partial(convert, "labour", into="years", ratio=1, effective_on=MAY, reason="charter")
    for holder, seen in (("0042", "1.00"), ("0051", "0.00")):
        with pytest.raises(RegisterError, match=f"{holder} has {seen} of labour to move from 2026-05-01 on: 1.01 are"):
            made.do(swap(holder=holder, shares=101))
    made.do(swap(holder="0042", shares=100))
    assert (shares(made, "labour"), shares(made, "years")) == ({}, {"0042": 100})


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("unissued", "'unissued': no such account in the books"),
        ("holder/0041", "'holder/0041': no such account in the books"),
        ("c37:999", "'c37:999': no such account in the books"),
        (CAPITAL, "c37:301 is the capital of cash"),
        (f"{CAPITAL}/x", "c37:301/x is the capital of cash"),
    ],
)
def test_money_of_shares_stands_in_accounts_of_the_books(place: str, rule: str) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(issue("cash", to="0042", shares=5, paid=False, effective_on=FOUNDED))
    kept: dict[str, Any] = {"shares": 5, "effective_on": MAY}
    for told in ({"against": place}, {"against": BANK, "amount_fen": 600, "premium": place}):
        for verb in (
            partial(issue, to="0042"),
            partial(pay_in, holder="0042"),
            partial(redeem, holder="0042", reason="buy-back"),
        ):
            with pytest.raises(RegisterError, match=rule):
                made.do(verb("cash", **kept, **told))
    with pytest.raises(RegisterError, match=rule):
        made.do(convert("cash", into="labour", holder="0042", ratio=1, reason="charter", premium=place, **kept))


def test_a_class_is_not_closed_before_what_moves_later() -> None:
    made = given(village(), "land", h17=500)
    [sold] = made.do(transfer("land", holder="17", to="18", shares=5, effective_on=JUNE, reason="sale"))
    shut = partial(change_class, "land", closed=True, reason="resolution")
    for day in (MAY, JUNE):
        with pytest.raises(RegisterError, match=f"land cannot be closed from {day} on: by record {sold.seq} it moves"):
            made.do(shut(effective_on=day))
    made.do(shut(effective_on=JULY))


def test_shares_are_issued_for_a_day_before_a_leaving_that_was_taken_back() -> None:
    made = village(charter=COLLECTIVE)
    late = partial(issue, "labour", to="0042", shares=5, effective_on=date(2026, 3, 1))
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    with pytest.raises(RegisterError, match=f"0042 left on {JUNE}: shares got on 2026-03-01 would have no holder then"):
        made.do(late())
    made.do(change_members(["0042"], standing="member", effective_on=JUNE, reason="correction"), late())
    assert shares(made, "labour") == {"0042": 5}
    assert problems(made.view) == []


def test_a_class_is_closed_before_what_was_taken_back() -> None:
    made = given(village(), "land", h17=500)
    [sold] = made.do(transfer("land", holder="17", to="18", shares=5, effective_on=JUNE, reason="sale"))
    made.do(take_back(sold.seq, booked_on=JULY))
    made.do(change_class("land", closed=True, effective_on=MAY, reason="resolution"))
    assert class_on(made.view, "land", MAY).closed
    assert problems(made.view) == []


def test_a_class_is_closed_up_to_the_day_on_which_it_is_opened_for_what_moves() -> None:
    made = given(village(), "land", h17=500)
    turn = partial(change_class, "land", reason="resolution")
    made.do(turn(closed=True, effective_on=MAY), turn(closed=False, effective_on=JUNE))
    [sold] = made.do(transfer("land", holder="17", to="18", shares=5, effective_on=JUNE, reason="sale"))
    made.do(turn(closed=True, effective_on=date(2026, 4, 1)))
    assert [class_on(made.view, "land", day).closed for day in (date(2026, 4, 1), MAY, JUNE)] == [True, True, False]
    with pytest.raises(RegisterError, match=f"land cannot be closed from {JUNE} on: by record {sold.seq} it moves"):
        made.do(turn(closed=True, effective_on=JUNE))


def test_money_of_shares_does_not_stand_where_something_else_is_controlled() -> None:
    """Capital of another class, subsidies and donations, a reserve that is quantified: the controls would not agree."""
    made = village([])
    made.do(adopt(C2021, effective_on=FOUNDED))
    for cls in ("cash", "other"):
        made.do(open_class(preset("cash", code=cls, capital=f"c2021:301/{cls}"), effective_on=FOUNDED))
    made.do(issue("cash", to="0042", shares=500, against="c2021:102", effective_on=FOUNDED))
    spare = Posting(MONEY, "c2021:322", "c2021:102", 1000_00)
    made.do(lambda _: [Entry("note", FOUNDED, FOUNDED, {}, [spare])])
    buy_back = partial(redeem, "cash", holder="0042", shares=1, effective_on=MAY, reason="buy-back")
    for place, rule in (
        ("c2021:301/other", "is the capital of other"),
        ("c2021:301", "is the capital of cash"),
        ("c2021:311/donation/seeds", "has what members' accounts control, special funds"),
        ("c2021:311", "has what members' accounts control"),
        ("c2021:214", r"is moved by runs that withhold tax, and by entering what is remitted \('book enter'\): name"),
        ("c2021:214/2026", "is moved by runs that withhold tax"),
    ):
        with pytest.raises(RegisterError, match=f"{place} {rule}"):
            made.do(buy_back(against=place))
        with pytest.raises(RegisterError, match=f"{place} {rule}"):
            made.do(issue("cash", to="0042", shares=1, against=place, effective_on=MAY))
        with pytest.raises(RegisterError, match=f"{place} {rule}"):
            made.do(invest("base", 5, {"c2021:102": 6, place: -1}, effective_on=MAY, reason="a shop"))
    over = partial(buy_back, against="c2021:102", amount_fen=200, premium="c2021:322")
    made.do(over())
    made.do(quantify(QUANTIFIED_RESERVE, {"0042": 1}, effective_on=MAY, rule="to one"))
    with pytest.raises(RegisterError, match="c2021:322 has what members' accounts control, surplus reserve"):
        made.do(over())
    assert problems(made.view) == []


def test_money_stands_in_the_chart_that_is_in_force() -> None:
    made = village([], charter=COLLECTIVE)
    for chart in (C2004, C2023):
        made.do(adopt(chart))
    made.do(open_class(preset("cash", capital="c2023:301"), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="c2004:102: on 2026-01-01 the chart c2023 is in force"):
        made.do(issue("cash", to="0042", shares=5, against="c2004:102", effective_on=FOUNDED))
    made.do(issue("cash", to="0042", shares=5, against="c2023:102", effective_on=FOUNDED))


def test_a_conversion_gives_nobody_shares_that_could_not_be_issued_to_him() -> None:
    made = village([preset("preferred"), preset("cash")])
    made.do(issue("preferred", to="0901", shares=100, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0901 is no member on 2026-05-01: cash is issued to members"):
        made.do(
            convert("preferred", into="cash", holder="0901", shares=100, ratio=1, reason="charter", effective_on=MAY)
        )


def test_subsidies_do_not_become_shares_that_are_refunded() -> None:
    """农民专业合作社法 44; Chongqing 14, Shandong 22."""
    kept = preset("cash", code="kept", on_leaving="spread", passes_to="nobody", inherited_by="nobody")
    made = village([preset("subsidy", pooled=False), preset("cash"), kept])
    made.do(issue("subsidy", to="0042", shares=100, effective_on=FOUNDED))
    swap = partial(convert, "subsidy", holder="0042", shares=50, ratio=1, effective_on=MAY)
    with pytest.raises(RegisterError, match=r"subsidy is never refunded .* and cash is not"):
        made.do(swap(into="cash", reason="charter"))
    made.do(swap(into="kept", reason="charter"))
    assert shares(made, "kept") == {"0042": 50}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({"passes_to": "nobody"}, {"passes_to": "household"}, "sale"),
        ({"inherited_by": "nobody"}, {"inherited_by": "household"}, "inheritance"),
        ({"passes_to": "nobody", "inherited_by": "anyone"}, {"passes_to": "members", "inherited_by": "nobody"}, "sale"),
        ({"passes_to": "household"}, {"passes_to": "nobody"}, None),
        ({"passes_to": "nobody", "inherited_by": "members"}, {"passes_to": "nobody", "inherited_by": "nobody"}, None),
    ],
)
def test_shares_that_pass_to_nobody_become_none_that_do(
    before: dict[str, Any], after: dict[str, Any], reason: str | None
) -> None:
    """农村集体经济组织法 16, 36: what is not divided is not divided by way of another class."""
    made = village([preset("labour", **before), preset("labour", code="other", **after)])
    made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    swap = partial(convert, "labour", into="other", holder="0042", shares=50, ratio=1, effective_on=MAY)
    if reason is not None:
        with pytest.raises(RegisterError, match=f"labour passes to nobody by {reason} .*, and other does"):
            made.do(swap(reason="charter"))
    else:
        made.do(swap(reason="charter"))
    made.do(swap(reason="correction"))
    assert shares(made, "other") == {"0042": 50 if reason is not None else 100}


def test_a_conversion_minds_the_cap_of_the_new_class() -> None:
    made = village([preset("labour"), preset("land", level="person", cap=10)])
    made.do(issue("labour", to="0042", shares=1100, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0042 would hold 11 of land on 2026-05-01: the cap for one holder is 10"):
        made.do(convert("labour", into="land", holder="0042", shares=1100, ratio=1, reason="charter", effective_on=MAY))


def test_a_ratio_that_gives_no_whole_unit_is_said_so() -> None:
    made = given(village(), "cash", m0042=300)
    third = partial(convert, "cash", into="labour", holder="0042", reason="charter", effective_on=MAY)
    with pytest.raises(RegisterError, match=r"100 of cash at 1/3000 are 1/30 of labour: its smallest part is 0.01"):
        made.do(third(shares=100, ratio=Fraction(1, 3000)))
    with pytest.raises(RegisterError, match=r"300.00 yuan of capital become 0.00: name the account"):
        made.do(third(shares=300, ratio=1))


# ---------------------------------------------------------------- taking back, repetition


def test_a_movement_is_taken_back_on_its_own_day_and_stays_known() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(take_back(sale.seq, booked_on=JULY))
    assert shares(made, "cash", MAY) == {"0042": 500}
    with made.journal.read(known=sale.seq) as before:
        assert holdings(before, "cash", MAY)["0051"].shares == 200


def test_of_a_record_that_was_partly_taken_back_the_rest_is() -> None:
    made = village()
    [record] = made.do(allot("labour", {"0041": 100, "0042": 50, "0051": 5}, effective_on=FOUNDED))
    for lines in ({0: 30, 1: 50}, {0: 10}):
        made.do(Entry("note", FOUNDED, JUNE, {}, reverse(record, lines)))
    [rest] = made.do(take_back(record.seq, booked_on=JULY))
    assert [(one.reverses_line, one.quantity) for one in rest.postings] == [(0, 60), (2, 5)]
    assert shares(made, "labour") == {}
    with pytest.raises(RegisterError, match=f"record {record.seq} is taken back already"):
        made.do(take_back(record.seq, booked_on=JULY))


def test_what_has_been_sold_on_is_not_taken_back() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    [later] = made.do(transfer("cash", holder="0051", to="0052", effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match=f"what it gave was moved on, or tied, by record {later.seq}: take that"):
        made.do(take_back(sale.seq, booked_on=JULY))
    made.do(take_back(later.seq, booked_on=JULY))
    made.do(take_back(sale.seq, booked_on=JULY))


def test_what_was_counted_before_a_redenomination_is_not_taken_back_not_even_of_the_same_day() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match=f"record {sale.seq} counts cash as it was before record") as error:
        made.do(take_back(sale.seq, booked_on=JULY))
    assert str(error.value).endswith("by another movement with the reason correction, effective 2026-05-01 or later")


def test_what_was_counted_before_a_later_redenomination_is_moved_back_otherwise() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(redenominate("cash", factor=10, effective_on=JUNE, resolution=VOTE))
    with pytest.raises(RegisterError, match="with the reason correction, effective 2026-06-01 or later"):
        made.do(take_back(sale.seq, booked_on=JULY))
    back: Any = {"shares": 2000, "effective_on": JUNE, "reason": "correction"}
    made.do(transfer("cash", holder="0051", to="0042", **back))


def test_nobody_passes_shares_to_himself() -> None:
    made = given(village(), "cash", m0042=500)
    with pytest.raises(RegisterError, match="0042 has the shares already: another holder is expected"):
        made.do(transfer("cash", holder="0042", to="0042", effective_on=MAY, reason="court order"))


def test_a_class_is_not_taken_back_but_closed() -> None:
    made = village()
    [*_, opened] = made.do(open_class(preset("land", code="tea"), effective_on=MAY))
    with pytest.raises(
        RegisterError, match=r"\(share class\) is not taken back by a reversal: .* is closed .* --closed"
    ) as error:
        made.do(take_back(opened.seq, booked_on=JULY))
    assert "（股份类别）不能冲回：" in error.value.say("zh")


def test_a_lot_that_was_sold_on_is_not_taken_back_though_there_are_others() -> None:
    made = with_class("labour")
    for holder, lot in (("0042", "2024"), ("0051", "2025")):
        made.do(issue("labour", to=holder, shares=500, effective_on=FOUNDED, lot=lot))
    [sale] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    [later] = made.do(
        transfer("labour", holder="0051", to="0052", shares=500, lot="2024", effective_on=JUNE, reason="sale")
    )
    with pytest.raises(RegisterError, match=f"what it gave was moved on, or tied, by record {later.seq}: take that"):
        made.do(take_back(sale.seq, booked_on=JULY))
    assert audit_register(made.view) == []


@pytest.mark.parametrize(
    "tie",
    [
        partial(pledge, creditor="信用社"),
        release,
        partial(freeze, reason="court order"),
        partial(unfreeze, reason="settlement"),
        partial(pay_in, against=BANK),
    ],
)
def test_what_ties_and_frees_shares_says_why_and_on_what_it_rests(tie: Callable[..., Decision]) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        issue("cash", to="0042", shares=5, paid=False, effective_on=FOUNDED),
        pledge("cash", holder="0042", shares=5, creditor="信用社", effective_on=FOUNDED),
        freeze("cash", holder="0042", shares=5, effective_on=FOUNDED, reason="dispute"),
    )
    papers: dict[str, Any] = {"documents": [PAPER], "resolution": VOTE}
    [one] = made.do(tie("cash", holder="0042", shares=5, effective_on=MAY, **papers))
    assert {"reason", "documents", "resolution"} <= one.facts.keys()
    with pytest.raises(RegisterError, match="'friendship' is no reason here"):
        tie("cash", holder="0042", shares=5, effective_on=MAY, reason="friendship", **papers)


def test_a_change_of_members_or_classes_is_not_taken_back_so() -> None:
    made = village()
    with pytest.raises(RegisterError, match=r"record 2 \(charter\) is not taken back by a reversal: the charter"):
        made.do(take_back(2, booked_on=JULY))
    with pytest.raises(UnknownRecordError, match="record 999: the book has the records 1 to"):
        made.do(take_back(999, booked_on=JULY))


def test_shares_do_not_come_back_to_somebody_who_has_left() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0042=500)
    [gift] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="gift"))
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    with pytest.raises(RegisterError, match="0042 left on 2026-06-01"):
        made.do(take_back(gift.seq, booked_on=JULY))


def test_the_same_key_again_is_harmless_and_with_another_content_refused() -> None:
    made = given(village(), "cash", m0042=500)
    sale = transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", documents=iter([PAPER]))
    first = made.journal.append(sale, key="sale/1", actor="accountant")
    assert made.journal.append(sale, key="sale/1", actor="accountant") == first
    other = transfer("cash", holder="0042", to="0052", effective_on=MAY, reason="sale")
    with pytest.raises(KeyConflictError):
        made.journal.append(other, key="sale/1", actor="accountant")


# ---------------------------------------------------------------- for less than par


def reserve_of(fen: int) -> MemoryJournal:
    """A cooperative with so much of capital surplus, which holds a hundred cash shares and one land share of 0042."""
    journal = cooperative()
    put(journal, lambda _: [Entry("note", MAY, MAY, {}, [Posting("CNY", "c2021:321", "c2021:102", fen)])])
    put(journal, issue("cash", to="0042", shares=100, against="c2021:102", effective_on=MAY))
    subscribed = issue("cash", to="0042", shares=1000, paid=False, effective_on=MAY)
    put(journal, subscribed)
    return journal


CHEAP: dict[str, Any] = {"against": "c2021:102", "amount_fen": 1, "premium": "c2021:321", "effective_on": MAY}


@pytest.mark.parametrize(
    "decision",
    [
        issue("cash", to="0042", shares=1000, **CHEAP),
        pay_in("cash", holder="0042", shares=1000, **CHEAP),
    ],
)
def test_shares_for_less_than_par_take_no_more_from_a_reserve_than_it_has(decision: Decision) -> None:
    with pytest.raises(RegisterError, match=r"c2021:321 stands at 999\.98 yuan from .* on: 999\.99 yuan of it cannot"):
        put(reserve_of(999_98), decision)
    journal = reserve_of(999_99)
    put(journal, decision)
    assert "321" not in money_of(journal)


def test_shares_that_become_more_capital_take_no_more_from_a_reserve_than_it_has() -> None:
    told: dict[str, Any] = {"reason": "charter", "premium": "c2021:321", "effective_on": MAY}
    decision = convert("cash", into="fine", holder="0042", shares=100, ratio=2, **told)
    with pytest.raises(RegisterError, match=r"c2021:321 stands at 19,899\.99 yuan from"):
        put(reserve_of(19_899_99), decision)
    journal = reserve_of(19_900_00)
    put(journal, decision)
    assert money_of(journal)["301"] == -20_000_00


def test_all_of_a_lot_is_all_that_there_is_on_the_day_or_it_is_refused() -> None:
    """Of six hundred forty pass later: all of them cannot pass before."""
    journal = rights.book()
    sale: dict[str, Any] = {"holder": "17", "to": "18", "reason": "sale"}
    put(journal, transfer("land", shares=40, effective_on=date(2025, 3, 1), **sale))
    with pytest.raises(RegisterError, match=r"17 has 560 of land to move from 2025-01-01 on in lot .*: 600 are wanted"):
        put(journal, transfer("land", lot="contribution/G1", effective_on=date(2025, 1, 1), **sale))
