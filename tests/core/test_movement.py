"""Movements: each verb moves what it says, and is refused with the rule that forbids it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.household import merge_households
from coopledger.core.journal import Decision
from coopledger.core.member import Joiner, admit, change_members, leave
from coopledger.core.movement import (
    allot,
    convert,
    freeze,
    issue,
    pay_in,
    pledge,
    redeem,
    release,
    take_back,
    transfer,
    unfreeze,
)
from coopledger.core.redenomination import redenominate
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import change_class, preset
from coopledger.errors import KeyConflictError, OverdrawnError, RegisterError
from tests.core.village import (
    BANK,
    CAPITAL,
    FOUNDED,
    JULY,
    JUNE,
    LAND_RIGHT,
    MAY,
    PAPER,
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
        ({}, "cash is a class of capital: name the account against which its 50000 fen of c37:301 are booked"),
        ({"against": BANK, "amount_fen": 60_000}, "60000 fen for shares of 50000 fen at par: name the account"),
        ({"against": BANK, "amount_fen": -1, "premium": RESERVE}, "-1 fen for shares of 50000 fen at par"),
    ],
)
def test_capital_without_its_money_is_refused(kept: dict[str, Any], rule: str) -> None:
    with pytest.raises(RegisterError, match=rule):
        village().do(issue("cash", to="0042", shares=500, effective_on=FOUNDED, **kept))


def test_a_class_that_is_no_capital_takes_no_money() -> None:
    with pytest.raises(RegisterError, match="land is no class of capital"):
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
    with pytest.raises(RegisterError, match="0042 is no member on 2026-05-31 and can get no shares"):
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
    with pytest.raises(RegisterError, match="0042 would hold 1001 of labour: the cap for one holder is 1000"):
        made.do(issue("labour", to="0042", shares=1, effective_on=MAY))


def test_a_cap_as_a_part_of_the_class_is_looked_at_after_all_of_an_allotment() -> None:
    """At most a fifth each, as charters have it; Zhejiang has at most 3 %."""
    made = with_class("labour", cap=Fraction(1, 5))
    with pytest.raises(
        RegisterError, match="0042 would hold 100 of labour: the cap for one holder is 1/5, which is 20"
    ):
        made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    five = ("0041", "0042", "0043", "0051", "0052")
    made.do(allot("labour", dict.fromkeys(five, 100), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0042 would hold 101 of labour"):
        made.do(transfer("labour", holder="0041", to="0042", shares=1, effective_on=MAY, reason="sale"))


def test_a_backdated_issue_minds_the_cap_of_later_days() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=600, effective_on=JUNE))
    with pytest.raises(RegisterError, match="0042 would hold 1100 of labour"):
        made.do(issue("labour", to="0042", shares=500, effective_on=MAY))


def test_nothing_moves_in_a_closed_class() -> None:
    made = given(village(), "land", h17=500)
    made.do(change_class("land", effective_on=MAY, reason="resolution", closed=True))
    with pytest.raises(RegisterError, match="land is closed on 2026-06-01"):
        made.do(transfer("land", holder="17", to="18", effective_on=JUNE, reason="sale"))
    made.do(transfer("land", holder="17", to="18", effective_on=date(2026, 4, 30), booked_on=JUNE, reason="sale"))


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


@pytest.mark.parametrize("reason", ["sale", "gift", "inheritance", "court order"])
def test_a_part_or_the_whole_passes(reason: str) -> None:
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason=reason))
    assert shares(made, "cash", MAY) == {"0042": 300, "0051": 200}
    made.do(transfer("cash", holder="0042", to="0051", effective_on=JUNE, reason=reason, price_fen=30_000))
    assert shares(made, "cash", JUNE) == {"0051": 500}
    assert shares(made, "cash", date(2026, 4, 30)) == {"0042": 500}


def test_more_than_there_is_does_not_pass() -> None:
    made = given(village(), "cash", m0042=500)
    with pytest.raises(OverdrawnError, match="holder/0042 would stand at -1 cash on 2026-05-01"):
        made.do(transfer("cash", holder="0042", to="0051", shares=501, effective_on=MAY, reason="sale"))
    with pytest.raises(RegisterError, match="0051 holds no cash on 2026-05-01"):
        made.do(transfer("cash", holder="0051", to="0042", effective_on=MAY, reason="sale"))


def test_a_backdated_sale_that_would_overdraw_a_later_day_is_refused_by_the_journal() -> None:
    """The value-date rule: never below zero on any day, not just today."""
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=400, effective_on=JUNE, reason="sale"))
    with pytest.raises(OverdrawnError, match="holder/0042 would stand at -100 cash on 2026-06-01"):
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
    with pytest.raises(RegisterError, match=f"cash passes by {reason} to {reach} only: not from 0042 to {to}"):
        made.do(transfer("cash", holder="0042", to=to, shares=1, effective_on=MAY, reason=reason))


def test_what_passes_to_nobody_is_not_sold() -> None:
    made = given(village(), "collective", m0900=500)
    sale = transfer("collective", holder="0900", to="0900", shares=1, effective_on=MAY, reason="sale")
    with pytest.raises(RegisterError, match="collective passes to nobody by sale") as error:
        made.do(sale)
    assert error.value.say("zh").startswith("collective 不得以出售方式转让（农村集体经济组织法 16, 36")


def test_within_the_household_and_by_inheritance_more_is_allowed_than_by_sale() -> None:
    made = given(with_class("cash", capital=CAPITAL, passes_to="household"), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0043", shares=1, effective_on=MAY, reason="gift"))
    made.do(transfer("cash", holder="0042", to="0901", shares=1, effective_on=MAY, reason="inheritance"))
    made.do(transfer("cash", holder="0042", to="0041", shares=1, effective_on=MAY, reason="household division"))
    with pytest.raises(RegisterError, match="household division: shares pass between households or within one"):
        made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=MAY, reason="household division"))


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
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=MAY, reason="household division"))
    assert shares(made, "land") == {"17": 300, "18": 200}


# ---------------------------------------------------------------- pledge and freeze


@pytest.mark.parametrize(
    ("tie", "untie", "words"),
    [
        (lambda **kept: pledge("cash", creditor="信用社", **kept), release, "pledged"),
        (lambda **kept: freeze("cash", reason="court order", **kept), unfreeze, "frozen"),
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
    made.do(untie("cash", holder="0042", shares=400, effective_on=JUNE))
    made.do(transfer("cash", holder="0042", to="0051", effective_on=JUNE, reason="sale"))
    assert shares(made, "cash") == {"0051": 500}


def test_a_backdated_pledge_of_what_is_sold_later_is_refused_by_the_journal() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(transfer("cash", holder="0042", to="0051", shares=400, effective_on=JUNE, reason="sale"))
    with pytest.raises(OverdrawnError):
        made.do(pledge("cash", holder="0042", shares=200, creditor="信用社", effective_on=MAY, booked_on=JULY))


def test_more_than_is_pledged_is_not_released() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY))
    with pytest.raises(OverdrawnError, match="holder/0042/pledged would stand at -1"):
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
    with pytest.raises(OverdrawnError):
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
        redeem("cash", holder="0042", effective_on=MAY, reason="withdrawal"),
    )
    assert (shares(made, "cash"), money(made)) == ({}, {})


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
            "cash", into="labour", holder="0042", shares=300, ratio=Fraction(2, 3), premium=RESERVE, effective_on=MAY
        )
    )
    assert (shares(made, "cash"), shares(made, "labour")) == ({}, {"0042": 20_000})
    assert money(made) == {BANK: 30_000, RESERVE: -30_000}
    assert audit_register(made.view) == []


def test_a_conversion_between_classes_of_capital_moves_the_capital() -> None:
    other = preset("cash", code="preferred.b", name="优先股乙", capital="c37:301", par_fen=150)
    made = given(village([preset("cash", capital=CAPITAL), other]), "cash", m0042=300)
    made.do(convert("cash", into="preferred.b", holder="0042", shares=300, ratio=1, premium=RESERVE, effective_on=MAY))
    assert money(made) == {BANK: 30_000, CAPITAL: -45_000, RESERVE: 15_000}
    assert audit_register(made.view) == []


def test_a_conversion_at_equal_par_needs_no_difference() -> None:
    other = preset("cash", code="cash.b", name="资金股乙", capital=CAPITAL)
    made = given(village([preset("cash", capital=CAPITAL), other]), "cash", m0042=300)
    for premium in (None, RESERVE):
        made.do(convert("cash", into="cash.b", holder="0042", shares=100, ratio=1, premium=premium, effective_on=MAY))
    assert money(made) == {BANK: 30_000, CAPITAL: -30_000}
    assert shares(made, "cash.b") == {"0042": 200}


def test_a_conversion_minds_the_cap_of_the_new_class() -> None:
    made = village([preset("labour"), preset("land", level="person", cap=10)])
    made.do(issue("labour", to="0042", shares=1100, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0042 would hold 11 of land: the cap for one holder is 10"):
        made.do(convert("labour", into="land", holder="0042", shares=1100, ratio=1, effective_on=MAY))


def test_a_ratio_that_gives_no_whole_unit_is_said_so() -> None:
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="100 of cash at 1/3000 are 10/3 of labour: a whole number"):
        made.do(convert("cash", into="labour", holder="0042", shares=100, ratio=Fraction(1, 3000), effective_on=MAY))
    with pytest.raises(RegisterError, match="30000 fen of capital become 0: name the account"):
        made.do(convert("cash", into="labour", holder="0042", shares=300, ratio=1, effective_on=MAY))


# ---------------------------------------------------------------- taking back, repetition


def test_a_movement_is_taken_back_on_its_own_day_and_stays_known() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(take_back(sale.seq, booked_on=JULY))
    assert shares(made, "cash", MAY) == {"0042": 500}
    with made.journal.read(known=sale.seq) as before:
        assert holdings(before, "cash", MAY)["0051"].shares == 200


def test_what_has_been_sold_on_is_not_taken_back() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(transfer("cash", holder="0051", to="0052", effective_on=JUNE, reason="sale"))
    with pytest.raises(OverdrawnError):
        made.do(take_back(sale.seq, booked_on=JULY))


def test_what_was_counted_before_a_redenomination_is_not_taken_back_not_even_of_the_same_day() -> None:
    made = given(village(), "cash", m0042=500)
    [sale] = made.do(transfer("cash", holder="0042", to="0051", shares=200, effective_on=MAY, reason="sale"))
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match=f"record {sale.seq} counts cash as it was before record"):
        made.do(take_back(sale.seq, booked_on=JULY))


def test_a_change_of_members_or_classes_is_not_taken_back_so() -> None:
    made = village()
    with pytest.raises(RegisterError, match="record 2 is of the kind book: convert, freeze"):
        made.do(take_back(2, booked_on=JULY))
    with pytest.raises(RegisterError, match="record 999 is not in this book"):
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
