"""Redenomination, revaluation and re-balancing: every holding exactly, or not at all."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from coopledger.core.chart import C2023, adopt
from coopledger.core.charter import COLLECTIVE
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit, die, leave
from coopledger.core.movement import allot, issue, pay_in, pledge, redeem, transfer
from coopledger.core.redenomination import change_class, change_par_value, rebalance, redenominate
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.errors import EntryError, RegisterError
from tests.core.village import BANK, CAPITAL, FOUNDED, JUNE, MAY, PEOPLE, RESERVE, VOTE, Village, given, shares, village


def money(made: Village, on: date | None = None) -> dict[str, int]:
    return {account: fen for (_, account), fen in made.view.balances("CNY", on=on).items()}


def with_class(cls: str, **changes: Any) -> Village:
    return village([preset(cls, **changes)])


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


def test_one_for_ten_leaves_one_of_ten() -> None:
    made = given(village(), "labour", m0042=10)
    records = made.do(redenominate("labour", factor=Fraction(1, 10), effective_on=MAY, resolution=VOTE))
    assert [one.kind for one in records] == ["class", "redenominate"]
    assert shares(made, "labour") == {"0042": 1}


def test_a_finer_fraction_keeps_everybodys_shares() -> None:
    made = given(village(), "land", h17=500)
    made.do(redenominate("land", digits=2, effective_on=MAY, resolution=VOTE))
    assert (class_on(made.view, "land").digits, shares(made, "land")) == (2, {"17": 50_000})
    assert class_on(made.view, "land", date(2026, 4, 30)).digits == 0
    with pytest.raises(RegisterError, match="land: 1 digits: a whole number from 2 to 9 is expected"):
        made.do(redenominate("land", digits=1, effective_on=MAY, resolution=VOTE))


def test_a_redenomination_keeps_lots_and_an_absolute_cap() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2024"))
    made.do(redenominate("labour", factor=2, effective_on=MAY, resolution=VOTE))
    assert class_on(made.view, "labour").cap == 2000
    [record] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="gift"))
    assert [(one.lot, one.quantity) for one in record.postings] == [("2024", 60)]


@pytest.mark.parametrize(
    ("factor", "what"), [(Fraction(1, 10), "0051 would have 2.5 shares"), (3, "the par value would be 1/3 yuan")]
)
def test_a_redenomination_that_would_round_is_refused(factor: Fraction, what: str) -> None:
    made = given(village(), "cash", m0042=300, m0051=25)
    with pytest.raises(RegisterError, match=f"cash: {what}: .* nothing is rounded"):
        made.do(redenominate("cash", factor=factor, effective_on=MAY, resolution=VOTE))


def test_a_part_of_a_holding_that_would_round_is_named() -> None:
    made = given(village(), "cash", m0042=25)
    made.do(pledge("cash", holder="0042", shares=5, creditor="信用社", effective_on=FOUNDED))
    with pytest.raises(
        RegisterError, match=r"cash: 0042 would have 2\.5 shares that are pledged: their smallest part is 1"
    ):
        made.do(redenominate("cash", factor=Fraction(1, 2), effective_on=MAY, resolution=VOTE))


@pytest.mark.parametrize("factor", [0, -1, 1.5, "2", True, 10**400, Fraction(1, 10**400)])
def test_a_factor_that_is_none_is_refused(factor: int) -> None:
    with pytest.raises(RegisterError, match=r"cash: a factor of .*: a whole number or a Fraction above 0"):
        redenominate("cash", factor=factor, effective_on=MAY, resolution=VOTE)


@pytest.mark.parametrize("digits", [10, -1, 10**8, 10**400, "2", True])
def test_digits_that_are_none_are_refused(digits: int) -> None:
    with pytest.raises(RegisterError, match=r"cash: .* digits: a whole number from 0 to 9 is expected"):
        village().do(redenominate("cash", digits=digits, effective_on=MAY, resolution=VOTE))


def test_a_recount_or_a_par_value_that_changes_nothing_is_refused() -> None:
    made = village()
    with pytest.raises(RegisterError, match="cash: neither a factor nor more digits than its 0"):
        made.do(redenominate("cash", digits=0, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match=r"cash has the par value 1.00 yuan already"):
        made.do(
            change_par_value("cash", par_fen=100, against=RESERVE, effective_on=MAY, reason="none", resolution=VOTE)
        )


def test_the_last_day_of_all_is_no_day_of_a_recount() -> None:
    with pytest.raises(EntryError, match="a date from 1900-01-01 to 2999-12-31"):
        village().do(redenominate("cash", factor=2, effective_on=date.max, resolution=VOTE))


def test_a_cap_of_a_later_day_is_not_counted_in_the_shares_of_before() -> None:
    made = with_class("labour", cap=100)
    made.do(change_class("labour", cap=80, effective_on=JUNE, reason="charter"))
    with pytest.raises(RegisterError, match="labour gets another cap on 2026-06-01, in shares of before"):
        made.do(redenominate("labour", factor=10, effective_on=MAY, resolution=VOTE))
    made.do(redenominate("labour", factor=10, effective_on=JUNE, resolution=VOTE))
    assert class_on(made.view, "labour").cap == 800
    with pytest.raises(RegisterError, match="a cap from 2026-05-01 on would be in shares of before; set it from"):
        made.do(change_class("labour", cap=70, effective_on=MAY, reason="charter"))


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
    made.do(
        change_par_value(
            "cash", par_fen=par_fen, against=RESERVE, effective_on=MAY, reason="appraisal", resolution=VOTE
        )
    )
    assert money(made) == {BANK: 30_000, CAPITAL: -300 * par_fen, RESERVE: reserve}
    assert audit_register(made.view) == []
    made.do(pay_in("cash", holder="0051", shares=100, effective_on=JUNE, against=BANK))
    assert audit_register(made.view) == []


def test_a_class_without_capital_names_no_account_for_another_par_value() -> None:
    made = given(village([preset("land", par_fen=100)]), "land", h17=5)
    change = partial(change_par_value, "land", par_fen=120, effective_on=MAY, reason="appraisal", resolution=VOTE)
    with pytest.raises(RegisterError, match="land is no class of capital: no money moves, and no account, against"):
        made.do(change(against=RESERVE))
    made.do(change())
    assert (class_on(made.view, "land").par_fen, money(made)) == (120, {})


@pytest.mark.parametrize(
    "change",
    [
        partial(change_par_value, par_fen=105, against=RESERVE, reason="appraisal"),
        partial(redenominate, digits=2),
        partial(redenominate, factor=2),
    ],
)
def test_the_smallest_fraction_stays_worth_whole_fen(change: Callable[..., Decision]) -> None:
    made = village([preset("cash", capital=CAPITAL, digits=1, par_fen=110)])
    made.do(issue("cash", to="0042", shares=20, effective_on=FOUNDED, against=BANK))
    with pytest.raises(RegisterError, match=r"of a share, its smallest part, would be worth .* a whole number of fen"):
        made.do(change("cash", effective_on=MAY, resolution=VOTE))


def test_a_reserve_does_not_become_more_capital_than_there_is() -> None:
    made = village([])
    made.do(adopt(C2023))
    made.do(open_class(preset("cash", capital="c2023:301"), effective_on=FOUNDED))
    made.do(issue("cash", to="0042", shares=300, against="c2023:102", effective_on=FOUNDED))
    up = partial(change_par_value, "cash", par_fen=120, effective_on=MAY, reason="appraisal", resolution=VOTE)
    made.do(Entry("note", FOUNDED, FOUNDED, {}, [Posting("CNY", "c2023:311/reserve", "c2023:102", 60_00)]))
    made.do(Entry("note", JUNE, JUNE, {}, [Posting("CNY", "c2023:102", "c2023:311/reserve", 1)]))
    with pytest.raises(RegisterError, match=r"c2023:311/reserve stands at 59.99 yuan from 2026-05-01 on: 60.00 yuan"):
        made.do(up(against="c2023:311/reserve"))
    made.do(up(against="c2023:161"))
    assert audit_register(made.view) == []


@pytest.mark.parametrize(
    ("capital", "rule"),
    [
        ("nope:1", "'nope:1': no such account in the books"),
        ("holder", "'holder': no such account in the books"),
        ("c2023:102", "c2023:102 is no account of capital: one of equity is expected"),
        ("c2023:241/F", "c2023:241/F is no account of capital: one of equity is expected"),
        ("c2023:311", "c2023:311 is no account of capital: other verbs fill c2023:311/premium, reserve and welfare"),
        ("c2023:311/reserve/x", "other verbs fill c2023:311, reserve and welfare fund: one of equity that has nothing"),
        ("c2023:321", "other verbs fill c2023:321, income of the year"),
    ],
)
def test_capital_stands_in_an_account_of_equity_that_has_nothing_else(capital: str, rule: str) -> None:
    made = village([preset("preferred")])
    made.do(adopt(C2023))
    with pytest.raises(RegisterError, match=rule):
        made.do(open_class(preset("cash", capital=capital), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=rule):
        made.do(change_class("preferred", capital=capital, effective_on=FOUNDED, reason="charter"))
    made.do(change_class("preferred", capital="c2023:301", effective_on=FOUNDED, reason="charter"))


def test_a_revaluation_of_capital_names_where_the_difference_stands() -> None:
    with pytest.raises(RegisterError, match="name the account, against, of the difference"):
        village().do(change_par_value("cash", par_fen=120, effective_on=MAY, reason="appraisal", resolution=VOTE))


# ---------------------------------------------------------------- other rights


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"level": "household"}, "0042 holds cash on 2026-05-01, and may not by the change"),
        ({"holders": ("fund",)}, "0042 holds cash on 2026-05-01, and may not by the change: fund, held by each person"),
        ({"cap": 299}, "0042 would hold 300 of cash on 2026-05-01: the cap for one holder is 299"),
        ({"cap": Fraction(1, 2)}, "0042 would hold 300 of cash on 2026-05-01: the cap for one holder is 1/2, which is"),
        ({"capital": None}, "cash: capital stands in c37:301 while there are shares on 2026-05-01 or later"),
        ({"capital": RESERVE}, "cash: capital stands in c37:301 while there are shares"),
    ],
)
def test_a_class_is_not_changed_under_those_who_hold_it(changes: dict[str, Any], rule: str) -> None:
    made = given(village(), "cash", m0042=300, m0051=200)
    with pytest.raises(RegisterError, match=rule):
        made.do(change_class("cash", effective_on=MAY, reason="charter", **changes))
    made.do(issue("cash", to="0052", shares=1, against=BANK, effective_on=JUNE))
    with pytest.raises(RegisterError, match=r"0042 holds cash on 2026-05-01"):
        made.do(change_class("cash", effective_on=MAY, reason="charter", level="household"))
    assert audit_register(made.view) == []


def test_a_class_that_nobody_holds_is_changed_freely() -> None:
    made = village()
    made.do(change_class("cash", effective_on=MAY, reason="charter", level="household", capital=None, cap=3))
    assert class_on(made.view, "cash", MAY).capital is None


def test_what_a_class_broke_before_a_change_does_not_keep_it_from_being_changed() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(Entry("import", FOUNDED, FOUNDED, {}, [Posting("labour", "unissued", "holder/17", 5)]))
    made.do(change_class("labour", effective_on=MAY, reason="charter", vote=True))
    assert class_on(made.view, "labour", MAY).vote


@pytest.mark.parametrize(
    "decision",
    [
        partial(redenominate, "cash", factor=2),
        partial(change_par_value, "cash", par_fen=120, against=RESERVE, reason="appraisal"),
        partial(rebalance, "member", each=1, reason="births"),
        partial(change_class, "cash", vote=True, reason="charter"),
    ],
)
def test_what_a_meeting_decides_was_adopted_by_it(decision: Callable[..., Decision]) -> None:
    made = village([preset("cash", capital=CAPITAL), preset("member", management="dynamic")])
    with pytest.raises(RegisterError, match="votes for it: 0"):
        made.do(decision(effective_on=MAY, resolution=VOTE._replace(votes_for=0, votes_against=10)))
    made.do(decision(effective_on=MAY, resolution=VOTE))


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


def test_a_recount_gives_nobody_a_larger_part() -> None:
    """Who came above a cap that is a part of the class because others redeemed keeps what he has, in new shares."""
    made = with_class("labour", cap=Fraction(1, 2), on_leaving="refund")
    made.do(allot("labour", {"0041": 50, "0042": 50}, effective_on=FOUNDED))
    made.do(redeem("labour", holder="0042", shares=40, effective_on=MAY, reason="buy-back"))
    assert audit_register(made.view) == []
    made.do(redenominate("labour", factor=10, effective_on=JUNE, resolution=VOTE))
    assert shares(made, "labour") == {"0041": 500, "0042": 100}
    assert audit_register(made.view) == []
    with pytest.raises(RegisterError, match=r"0041 would hold 5\.01 of labour on 2026-06-01: the cap"):
        made.do(issue("labour", to="0041", shares=1, effective_on=JUNE))


def test_what_a_rebalancing_gives_is_locked_in_from_its_day() -> None:
    made = with_class("member", management="dynamic", level="person", lock_in_days=30, passes_to="members")
    made.do(allot("member", {"0042": 1, "0051": 5}, effective_on=FOUNDED))
    made.do(rebalance("member", each=3, effective_on=MAY, reason="births", resolution=VOTE))
    sale = partial(transfer, "member", to="0041", effective_on=date(2026, 5, 2), reason="sale")
    with pytest.raises(RegisterError, match="member of 0042 is locked in until 2026-05-31"):
        made.do(sale(holder="0042", shares=2))
    made.do(sale(holder="0042", shares=1))
    made.do(sale(holder="0051", shares=3))
    assert audit_register(made.view) == []


def test_a_rebalancing_is_taken_back() -> None:
    made = with_class("member", management="dynamic")
    made.do(allot("member", {"17": 5, "18": 1}, effective_on=FOUNDED))
    [run] = made.do(rebalance("member", each=1, effective_on=MAY, reason="births", resolution=VOTE))
    made.do(take_back(run.seq, booked_on=JUNE))
    assert shares(made, "member", MAY) == {"17": 5, "18": 1}


def test_a_class_of_households_is_not_rebalanced_while_somebody_lives_in_none() -> None:
    made = village([preset("member", management="dynamic")], [*PEOPLE, Joiner("0071"), Joiner("0072")])
    with pytest.raises(RegisterError, match="member is held by households, and 0071, 0072 live in none on 2026-05-01"):
        made.do(rebalance("member", each=1, effective_on=MAY, reason="births", resolution=VOTE))
    assert shares(made, "member") == {}


def test_a_rebalancing_minds_the_cap_and_who_leaves_later() -> None:
    made = village([preset("member", management="dynamic", level="person", cap=3)], charter=COLLECTIVE)
    with pytest.raises(RegisterError, match="0041 would hold 5 of member on 2026-05-01: the cap"):
        made.do(rebalance("member", each=5, effective_on=MAY, reason="births", resolution=VOTE))
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    with pytest.raises(RegisterError, match="0042 left on 2026-06-01"):
        made.do(rebalance("member", each=1, effective_on=MAY, reason="births", resolution=VOTE))


def test_a_rebalancing_takes_from_who_has_too_much() -> None:
    made = with_class("member", management="dynamic", level="person")
    made.do(allot("member", {"0041": 5, "0042": 1}, effective_on=FOUNDED))
    made.do(rebalance("member", each=1, effective_on=JUNE, reason="resolution", resolution=VOTE))
    assert shares(made, "member") == dict.fromkeys(["0041", "0042", "0043", "0051", "0052", "0061"], 1)
