"""Movements: each verb moves what it says, and is refused with the rule that forbids it."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.charter import COLLECTIVE
from coopledger.core.citation import Document, Resolution
from coopledger.core.household import merge_households
from coopledger.core.journal import Decision
from coopledger.core.member import Joiner, admit, die, give_notice, leave, roll
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
from coopledger.core.redenomination import rebalance, redenominate, revalue
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import change_class, class_on, open_class, preset
from coopledger.core.withdrawal import spread, withdraw
from coopledger.errors import KeyConflictError, OverdrawnError, RegisterError
from tests.core.village import (
    BANK,
    CAPITAL,
    FOUNDED,
    LAND_RIGHT,
    PAPER,
    PEOPLE,
    RESERVE,
    SURPLUS,
    VOTE,
    Village,
    given,
    shares,
    village,
)

MAY, JUNE, JULY, NEXT_YEAR = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1), date(2027, 1, 1)


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


@pytest.mark.parametrize("document", [Document("", "ab" * 32), Document("minutes.pdf", "AB" * 32)])
def test_a_document_has_a_name_and_a_fingerprint(document: Document) -> None:
    with pytest.raises(RegisterError, match="a SHA-256 of 64 hexadecimal digits"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, documents=[document])


@pytest.mark.parametrize(
    "vote",
    [
        Resolution("1", "members", FOUNDED, entitled=10, present=11, votes_for=5),
        Resolution("1", "members", FOUNDED, entitled=10, present=8, votes_for=7, votes_against=2),
        Resolution("1", "members", FOUNDED, entitled=10, present=8, votes_for=7, votes_against=-2),
    ],
)
def test_votes_that_do_not_add_up_are_refused(vote: Resolution) -> None:
    with pytest.raises(RegisterError, match="no more votes than are present"):
        issue("land", to="17", shares=1, effective_on=FOUNDED, resolution=vote)


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


def test_a_household_division_passes_shares_between_households() -> None:
    made = given(village(), "land", h17=500)
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=MAY, reason="household division"))
    assert shares(made, "land") == {"17": 300, "18": 200}


# ---------------------------------------------------------------- lots


def test_a_lot_is_locked_in_from_its_issue() -> None:
    made = with_class("cash", capital=CAPITAL, lock_in_days=150)
    for day in (FOUNDED, MAY):
        made.do(issue("cash", to="0042", shares=100, effective_on=day, against=BANK))
    sale = transfer("cash", holder="0042", to="0051", shares=150, effective_on=JUNE, reason="sale")
    with pytest.raises(RegisterError, match="cash of 0042 is locked in until 2026-09-28: on 2026-06-01"):
        made.do(sale)
    made.do(transfer("cash", holder="0042", to="0051", shares=100, effective_on=JUNE, reason="sale"))
    lots = {one.posting.lot for one in made.view.movements("holder/0051", "cash")}
    assert lots == {"2026-01-01"}


@pytest.mark.parametrize("reason", ["inheritance", "household division", "court order"])
def test_a_lock_in_does_not_stop_what_is_no_sale(reason: str) -> None:
    made = with_class("cash", capital=CAPITAL, lock_in_days=150)
    made.do(issue("cash", to="0042", shares=100, effective_on=FOUNDED, against=BANK))
    made.do(transfer("cash", holder="0042", to="0041", effective_on=MAY, reason=reason))
    assert shares(made, "cash") == {"0041": 100}


def test_a_class_is_locked_until_a_day() -> None:
    made = with_class("labour", locked_until=JUNE)
    made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="labour of 0042 is locked in until 2026-06-01"):
        made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    made.do(transfer("labour", holder="0042", to="0051", effective_on=JUNE, reason="sale"))


def test_the_earliest_lot_goes_first_and_a_named_one_alone() -> None:
    made = village()
    for lot, quantity in (("2025", 30), ("2024", 20)):
        made.do(issue("labour", to="0042", shares=quantity, effective_on=FOUNDED, lot=lot))
    [record] = made.do(transfer("labour", holder="0042", to="0051", shares=25, effective_on=MAY, reason="sale"))
    assert [(one.lot, one.quantity) for one in record.postings] == [("2024", 20), ("2025", 5)]
    with pytest.raises(
        RegisterError, match="0042 has 0 of labour to move from 2026-05-01 on in lot 2024: 1 are wanted"
    ):
        made.do(transfer("labour", holder="0042", to="0051", shares=1, lot="2024", effective_on=MAY, reason="sale"))


def test_a_backdated_sale_finds_no_lot_that_is_sold_later() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2024"))
    made.do(issue("labour", to="0042", shares=30, effective_on=JUNE, lot="2025"))
    made.do(transfer("labour", holder="0042", to="0051", shares=30, effective_on=JUNE, lot="2024", reason="sale"))
    with pytest.raises(RegisterError, match="0042 has 0 of labour to move from 2026-05-01 on"):
        made.do(transfer("labour", holder="0042", to="0051", shares=10, effective_on=MAY, reason="sale"))
    assert audit_register(made.view) == []


@pytest.mark.parametrize("quantity", [0, -5])
def test_nothing_or_less_does_not_move(quantity: int) -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2025"))
    with pytest.raises(RegisterError, match=f"{quantity} shares of labour: 1 or more are expected"):
        made.do(transfer("labour", holder="0042", to="0051", shares=quantity, effective_on=MAY, reason="sale"))


def test_the_lot_of_a_class_with_a_lock_in_is_a_day() -> None:
    made = with_class("labour", lock_in_days=30)
    with pytest.raises(RegisterError, match="lot 'spring': labour has a lock-in"):
        made.do(issue("labour", to="0042", shares=1, effective_on=FOUNDED, lot="spring"))


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


def test_a_ratio_that_gives_no_whole_unit_is_said_so() -> None:
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="100 of cash at 1/3000 are 10/3 of labour: a whole number"):
        made.do(convert("cash", into="labour", holder="0042", shares=100, ratio=Fraction(1, 3000), effective_on=MAY))
    with pytest.raises(RegisterError, match="30000 fen of capital become 0: name the account"):
        made.do(convert("cash", into="labour", holder="0042", shares=300, ratio=1, effective_on=MAY))


# ---------------------------------------------------------------- redenomination


def test_ten_for_one_multiplies_every_holding_and_divides_the_par_value() -> None:
    made = given(village(), "cash", m0042=300, m0051=20)
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=FOUNDED))
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    held = holdings(made.view, "cash", MAY)
    assert {number: (one.shares, one.pledged) for number, one in held.items()} == {
        "0042": (3000, 1000),
        "0051": (200, 0),
    }
    assert class_on(made.view, "cash", MAY).par_fen == 10
    assert shares(made, "cash", date(2026, 4, 30)) == {"0042": 300, "0051": 20}
    assert audit_register(made.view) == []


def test_a_finer_fraction_keeps_everybodys_shares() -> None:
    made = given(village(), "land", h17=500)
    made.do(redenominate("land", digits=2, effective_on=MAY, resolution=VOTE))
    assert (class_on(made.view, "land").digits, shares(made, "land")) == (2, {"17": 50_000})
    assert class_on(made.view, "land", date(2026, 4, 30)).digits == 0
    with pytest.raises(RegisterError, match="a factor of 1, 1 digits: a factor above 0 and at least 2 digits"):
        made.do(redenominate("land", digits=1, effective_on=MAY, resolution=VOTE))


def test_a_redenomination_keeps_lots_and_an_absolute_cap() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2024"))
    made.do(redenominate("labour", factor=2, effective_on=MAY, resolution=VOTE))
    assert class_on(made.view, "labour").cap == 2000
    [record] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="gift"))
    assert [(one.lot, one.quantity) for one in record.postings] == [("2024", 60)]


@pytest.mark.parametrize(
    ("factor", "what"), [(Fraction(1, 10), "holder/0051 would be 5/2"), (3, "par_fen would be 100/3")]
)
def test_a_redenomination_that_would_round_is_refused(factor: Fraction, what: str) -> None:
    made = given(village(), "cash", m0042=300, m0051=25)
    with pytest.raises(RegisterError, match=f"cash: {what}: a whole number of 1 or more is expected"):
        made.do(redenominate("cash", factor=factor, effective_on=MAY, resolution=VOTE))


def test_nothing_is_effective_before_a_redenomination_any_more() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match="cash was recounted, or got another par value, on 2026-05-01"):
        made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=date(2026, 4, 30), reason="sale"))


def test_a_redenomination_comes_after_what_has_moved_already() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match="cash has moved on 2026-06-01 already"):
        made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))


@pytest.mark.parametrize(("par_fen", "reserve"), [(120, 6_000), (80, -6_000)])
def test_a_revaluation_keeps_shares_and_moves_capital(par_fen: int, reserve: int) -> None:
    """Issued shares × par equals the capital account, before and after."""
    made = given(village(), "cash", m0042=300)
    made.do(issue("cash", to="0051", shares=100, effective_on=FOUNDED, paid=False))
    made.do(revalue("cash", par_fen=par_fen, against=RESERVE, effective_on=MAY, reason="appraisal", resolution=VOTE))
    assert money(made) == {BANK: 30_000, CAPITAL: -300 * par_fen, RESERVE: reserve}
    assert audit_register(made.view) == []
    made.do(pay_in("cash", holder="0051", shares=100, effective_on=JUNE, against=BANK))
    assert audit_register(made.view) == []


def test_a_revaluation_of_capital_names_where_the_difference_stands() -> None:
    with pytest.raises(RegisterError, match="name the account, against, of the difference"):
        village().do(revalue("cash", par_fen=120, effective_on=MAY, reason="appraisal", resolution=VOTE))


# ---------------------------------------------------------------- static and dynamic management


def test_under_static_management_nothing_is_rebalanced() -> None:
    """生不增死不减."""
    made = given(village(), "member", h17=3)
    with pytest.raises(RegisterError, match="member is not re-balanced"):
        made.do(rebalance("member", each=1, effective_on=MAY, reason="births", resolution=VOTE))


def test_a_rebalancing_gives_every_household_the_shares_of_its_heads() -> None:
    made = with_class("member", management="dynamic")
    made.do(allot("member", {"17": 3, "18": 2, "19": 1}, effective_on=FOUNDED))
    made.do(
        admit(Joiner("0053", household="18"), effective_on=MAY, reason="birth"),
        die("0041", effective_on=MAY, new_head="0042"),
        rebalance("member", each=2, effective_on=JUNE, reason="births, deaths", resolution=VOTE),
    )
    assert shares(made, "member", MAY) == {"17": 3, "18": 2, "19": 1}
    assert shares(made, "member", JUNE) == {"17": 4, "18": 6, "19": 2}


def test_a_rebalancing_takes_from_who_has_too_much() -> None:
    made = with_class("member", management="dynamic", level="person")
    made.do(allot("member", {"0041": 5, "0042": 1}, effective_on=FOUNDED))
    made.do(rebalance("member", each=1, effective_on=JUNE, reason="resolution", resolution=VOTE))
    assert shares(made, "member") == dict.fromkeys(["0041", "0042", "0043", "0051", "0052", "0061"], 1)


# ---------------------------------------------------------------- withdrawal


def test_a_leaver_is_refunded_and_his_subsidies_stay() -> None:
    """农民专业合作社法 25, 28: notice, the year's end, contribution and quantified reserve back."""
    quantified = preset("subsidy", pooled=False)
    made = village([preset("cash", capital=CAPITAL), quantified])
    people = [one.number for one in PEOPLE if one.kind == "person"]
    made.do(allot("subsidy", dict.fromkeys(people, 100), effective_on=FOUNDED))
    given(made, "cash", m0042=300, m0051=50)
    made.do(give_notice("0042", effective_on=date(2026, 9, 1)))
    made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK, reserve={SURPLUS: 1_234}, documents=[PAPER]))
    assert roll(made.view, NEXT_YEAR).members["0042"].standing == "left"
    assert shares(made, "cash") == {"0051": 50}
    assert shares(made, "subsidy") == dict.fromkeys(["0041", "0043", "0051", "0052", "0061"], 120)
    assert money(made) == {BANK: 5_000 - 1_234, CAPITAL: -5_000, SURPLUS: 1_234}
    assert audit_register(made.view) == []
    assert holdings(made.view, "cash", date(2026, 12, 31))["0042"].shares == 300


def test_no_notice_no_withdrawal() -> None:
    """农民专业合作社法 25."""
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01, last notice -"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_what_is_neither_refunded_nor_spread_passes_on_before() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0042=300)
    with pytest.raises(RegisterError, match="0042 holds labour, which is neither refunded nor spread"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_a_pledge_keeps_its_holder_from_leaving() -> None:
    made = given(village(charter=COLLECTIVE), "cash", m0042=300)
    made.do(pledge("cash", holder="0042", shares=1, creditor="信用社", effective_on=MAY))
    with pytest.raises(RegisterError, match="1 are pledged and stay"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_a_reserve_is_paid_from_an_account() -> None:
    with pytest.raises(RegisterError, match="1234 fen of reserve: name the account"):
        village(charter=COLLECTIVE).do(withdraw("0042", effective_on=NEXT_YEAR, reserve={SURPLUS: 1_234}))


def test_spreading_goes_by_heads_and_by_number_to_the_last_unit() -> None:
    """Chongqing 14, Shandong 22: spread again over those who stay; nothing is lost by rounding."""
    made = with_class("subsidy", pooled=False, level="household")
    made.do(issue("subsidy", to="19", shares=101, effective_on=FOUNDED, lot="2024"))
    made.do(issue("subsidy", to="19", shares=3, effective_on=FOUNDED, lot="2025"))
    made.do(spread("subsidy", holder="19", effective_on=MAY))
    assert shares(made, "subsidy") == {"17": 62, "18": 42}  # three heads and two: 62.4 and 41.6
    assert audit_register(made.view) == []


def test_with_nobody_left_nothing_is_spread() -> None:
    made = village([preset("subsidy", pooled=False)], [Joiner("0001")])
    made.do(issue("subsidy", to="0001", shares=1, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="nobody stays"):
        made.do(spread("subsidy", holder="0001", effective_on=MAY))
    with pytest.raises(RegisterError, match="cash is not spread when somebody leaves"):
        given(village(), "cash", m0042=300).do(spread("cash", holder="0042", effective_on=MAY))


# ---------------------------------------------------------------- taking back, several at once, repetition


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


def test_several_decisions_are_one_append_each_seeing_those_before_it() -> None:
    made = village()
    both = in_turn(
        open_class(preset("labour", code="years", name="年份股"), effective_on=MAY),
        admit(Joiner("0070"), effective_on=MAY),
        issue("years", to="0070", shares=250, effective_on=MAY),
        transfer("years", holder="0070", to="0042", effective_on=MAY, reason="gift"),
    )
    assert [one.kind for one in made.do(both)] == ["opening", "class", "member", "issue", "transfer"]
    assert shares(made, "years") == {"0042": 250}


def test_the_same_key_again_is_harmless_and_with_another_content_refused() -> None:
    made = given(village(), "cash", m0042=500)
    sale = transfer("cash", holder="0042", to="0051", effective_on=MAY, reason="sale", documents=iter([PAPER]))
    first = made.journal.append(sale, key="sale/1", actor="accountant")
    assert made.journal.append(sale, key="sale/1", actor="accountant") == first
    other = transfer("cash", holder="0042", to="0052", effective_on=MAY, reason="sale")
    with pytest.raises(KeyConflictError):
        made.journal.append(other, key="sale/1", actor="accountant")
