"""Who earns how much of a class: the register, asked day by day, is the oracle."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.charter import COLLECTIVE, UNISSUED
from coopledger.core.entitlement import (
    BY,
    By,
    Entitled,
    Entitlement,
    Mark,
    by_record_date,
    by_time_held,
    entitled,
    marks,
)
from coopledger.core.journal import Entry, Facts, Movement, Posting
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import freeze, issue, pay_in, pledge, redeem, release, transfer, unfreeze
from coopledger.core.redenomination import change_class, redenominate
from coopledger.core.register import Register, earning, holdings, outstanding, register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.errors import CalendarError, CoopledgerError, EntryError, RegisterError
from coopledger.store.memory import MemoryView
from tests.core.village import BANK, CAPITAL, FOUNDED, JULY, JUNE, MAY, NEXT_YEAR, PEOPLE, VOTE, Village, given, village

DAY = timedelta(1)
YEAR_END = date(2026, 12, 31)
YEAR = by_time_held(FOUNDED, YEAR_END, first=True, last=True)
"""365 days: 120 before May, 31 in it, 30 in June, 184 from July on."""
MONTHS: dict[str, Entitlement] = {
    by: by_time_held(FOUNDED, YEAR_END, first=True, last=True, by=by) for by in ("first of month", "last of month")
}


def weights(made: Village, cls: str, rule: Entitlement = YEAR) -> dict[str, int]:
    found = entitled(made.view, cls, rule)
    assert found.denominator == 1
    return dict(found.weights)


def sold(made: Village, holder: str, to: str, shares: int, on: date, *, cls: str = "cash") -> Village:
    made.do(transfer(cls, holder=holder, to=to, shares=shares, effective_on=on, reason="sale"))
    return made


# ---------------------------------------------------------------- the rule


def test_by_record_date_everybody_earns_what_he_holds_on_that_day() -> None:
    made = sold(given(village(), "cash", m0041=500, m0042=20), "0041", "0042", 100, MAY)
    assert weights(made, "cash", by_record_date(MAY - DAY)) == {"0041": 500, "0042": 20}
    assert weights(made, "cash", by_record_date(MAY)) == {"0041": 400, "0042": 120}


def test_a_seller_stops_earning_on_the_day_of_the_sale_and_the_buyer_begins() -> None:
    """Elsewhere sellers keep earning after a sale (OpenCoop)."""
    made = sold(given(village(), "cash", m0041=500), "0041", "0042", 500, MAY)
    assert weights(made, "cash") == {"0041": 500 * 120, "0042": 500 * 245}


@pytest.mark.parametrize(
    ("first", "last", "times"), [(True, True, 365), (True, False, 364), (False, True, 364), (False, False, 363)]
)
def test_each_end_of_a_period_counts_or_does_not_as_the_rule_says(first: bool, last: bool, times: int) -> None:
    made = given(village(), "cash", m0041=2, m0042=1)
    sold(sold(made, "0041", "0051", 1, YEAR_END), "0042", "0052", 1, FOUNDED + DAY)
    rule = by_time_held(FOUNDED, YEAR_END, first=first, last=last)
    assert weights(made, "cash", rule) == {
        number: weight
        for number, weight in {
            "0041": 2 * times - last,
            "0042": int(first),
            "0051": int(last),
            "0052": times - first,
        }.items()
        if weight
    }


def test_months_count_what_is_held_on_the_first_day_of_each_or_on_the_last() -> None:
    made = sold(given(village(), "cash", m0041=1), "0041", "0042", 1, date(2026, 5, 2))
    assert weights(made, "cash", MONTHS["first of month"]) == {"0041": 5, "0042": 7}
    assert weights(made, "cash", MONTHS["last of month"]) == {"0041": 4, "0042": 8}
    made = sold(given(village(), "cash", m0041=1), "0041", "0042", 1, date(2026, 5, 1))
    assert weights(made, "cash", MONTHS["first of month"]) == {"0041": 4, "0042": 8}
    made = sold(given(village(), "cash", m0041=1), "0041", "0042", 1, date(2026, 5, 31))
    assert weights(made, "cash", MONTHS["last of month"]) == {"0041": 4, "0042": 8}


def test_who_holds_between_the_deciding_days_earns_nothing_and_is_shown_with_no_month() -> None:
    made = sold(given(village(), "cash", m0041=1), "0041", "0042", 1, date(2026, 5, 2))
    sold(made, "0042", "0043", 1, date(2026, 5, 30))
    found = entitled(made.view, "cash", MONTHS["first of month"])
    assert found.weights == {"0041": 5, "0043": 7}
    assert [one[:4] for one in found.spans("0042")] == [(date(2026, 5, 2), date(2026, 5, 29), 1, 0)]


def test_a_period_of_months_whose_ends_do_not_count_lies_between_them() -> None:
    rule = by_time_held(date(2025, 12, 31), NEXT_YEAR, first=False, last=False, by="last of month")
    assert (rule.first_day, rule.last_day) == (FOUNDED, YEAR_END)
    assert weights(given(village(), "cash", m0041=3), "cash", rule) == {"0041": 36}


@pytest.mark.parametrize(
    ("make", "told", "chinese"),
    [
        (lambda: by_time_held(MAY, MAY, first=True, last=False), "no day of it counts", "没有计入的日子"),
        (lambda: by_time_held(JUNE, MAY, first=True, last=True), "no day of it counts", "没有计入的日子"),
        (
            lambda: by_time_held(MAY, JUNE, first=True, last=True, by="first of month"),
            "2026-05-01 to 2026-06-01",
            "整月",
        ),
        (lambda: by_time_held(MAY, JUNE, first=False, last=False, by="last of month"), "2026-05-02 to", "整月"),
        (lambda: by_time_held(MAY, JUNE, first=True, last=True, by="weeks"), "one of shares, days", "之一"),  # type: ignore[arg-type]
        (lambda: by_time_held(MAY, JUNE, first=1, last=True), "first = 1: True or False", "是否计入"),  # type: ignore[arg-type]
        (lambda: by_time_held(MAY, JUNE, first=True, last=None), "last = None: True or False", "是否计入"),  # type: ignore[arg-type]
        (lambda: by_record_date(date(1899, 12, 31)), "since: 1899-12-31: a date from 1900-01-01", "应为"),
        (lambda: by_time_held(MAY, date(3000, 1, 1), first=True, last=False), "until: 3000-01-01", "应为"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(make: Callable[[], Entitlement], told: str, chinese: str) -> None:
    with pytest.raises(CalendarError, match=told) as refused:
        make()
    assert chinese in refused.value.say("zh")


def test_a_day_that_is_no_date_is_refused() -> None:
    with pytest.raises(EntryError, match="a date is expected"):
        by_record_date("2026-05-01")  # type: ignore[arg-type]


def test_a_rule_is_said_in_words_with_both_its_ends() -> None:
    rule = by_time_held(FOUNDED, YEAR_END, first=True, last=False)
    assert str(rule.words) == "share-days, from 2026-01-01 (included) to 2026-12-31 (not included)"
    assert rule.words.say("zh") == "自 2026-01-01（含）至 2026-12-31（不含）的股日数"
    assert by_record_date(MAY).words.say("zh") == "2026-05-01 的持股数"
    assert str(MONTHS["last of month"].words).startswith("share-months, each of what is held on the month's last day")
    assert MONTHS["first of month"].words.say("zh").endswith("的股月数，每月以月初首日持股计")
    assert by_time_held(MAY, JUNE, first=False, last=True).words.say("zh").startswith("自 2026-05-01（不含）")


# ---------------------------------------------------------------- what changes nothing, and what does


def test_redemptions_and_issues_after_the_period_change_nothing_in_it() -> None:
    """Elsewhere redemptions after the period inflate the share-days."""
    made = given(village(), "labour", m0041=500, m0042=300)
    before = entitled(made.view, "labour", YEAR)
    made.do(
        redeem("labour", holder="0041", shares=400, effective_on=NEXT_YEAR, reason="buy-back"),
        issue("labour", to="0043", shares=900, effective_on=NEXT_YEAR),
        redenominate("labour", factor=2, effective_on=date(2027, 2, 1), resolution=VOTE),
        change_class("labour", dividend=False, effective_on=date(2027, 2, 1), reason="charter"),
    )
    assert entitled(made.view, "labour", YEAR) == before
    assert before.weights == {"0041": 500 * 365, "0042": 300 * 365}
    assert hash(before) == hash(entitled(made.view, "labour", YEAR))


def test_a_redemption_within_the_period_ends_what_its_shares_earn() -> None:
    made = given(village(), "labour", m0041=500)
    made.do(redeem("labour", holder="0041", shares=400, effective_on=JULY, reason="buy-back"))
    assert weights(made, "labour") == {"0041": 500 * 181 + 100 * 184}


def test_a_correction_that_is_recorded_later_counts_from_its_effective_day() -> None:
    made = given(village(), "cash", m0041=500)
    [sale] = made.do(transfer("cash", holder="0041", to="0042", shares=500, effective_on=MAY, reason="sale"))
    made.do(take_back(sale.seq, booked_on=date(2027, 3, 1)))
    made.do(issue("labour", to="0042", shares=7, effective_on=JULY, booked_on=date(2027, 3, 1), reason="ruling"))
    assert weights(made, "cash") == {"0041": 500 * 365}
    assert weights(made, "labour") == {"0042": 7 * 184}
    with made.journal.read(known=sale.seq) as then:
        assert entitled(then, "cash", YEAR).weights == {"0041": 500 * 120, "0042": 500 * 245}


def test_a_split_within_the_period_is_recounted_so_that_nobody_gains_by_it() -> None:
    made = sold(given(village(), "cash", m0041=600, m0042=300), "0041", "0051", 600, MAY)
    before = entitled(made.view, "cash", YEAR)
    made.do(redenominate("cash", factor=10, effective_on=JULY, resolution=VOTE))
    after = entitled(made.view, "cash", YEAR)
    assert after.weights == {number: 10 * weight for number, weight in before.weights.items()}
    assert after.denominator == 1
    assert after.spans("0041") == [(FOUNDED, MAY - DAY, 600, 120, 10)]
    assert after.spans("0042") == [(FOUNDED, JULY - DAY, 300, 181, 10), (JULY, YEAR_END, 3000, 184, 1)]


def test_a_recount_of_somebody_elses_that_says_nothing_of_digits_leaves_them() -> None:
    made = given(village([preset("cash", par_fen=20_00, capital=CAPITAL)]), "cash", m0041=600)
    before = weights(made, "cash")
    made.do(Entry("redenominate", JULY, JULY, {"class": "cash", "factor": "1"}))
    assert weights(made, "cash") == before


def test_a_finer_fraction_within_the_period_counts_in_its_smallest_parts() -> None:
    made = given(village([preset("cash", par_fen=20_00, capital=CAPITAL)]), "cash", m0041=600)
    made.do(redenominate("cash", digits=2, effective_on=MAY, resolution=VOTE))
    made.do(redenominate("cash", digits=3, factor=2, effective_on=JULY, resolution=VOTE))
    assert weights(made, "cash") == {"0041": 600 * 100 * 10 * 2 * 365}
    assert weights(made, "cash", by_record_date(MAY)) == {"0041": 60_000}
    assert [one.factor for one in entitled(made.view, "cash", YEAR).spans("0041")] == [2000, 20, 1]


def test_shares_that_were_sold_before_they_were_put_together_keep_their_fraction() -> None:
    """Two become one in July; the odd share of before, held until May, is half of one for 120 days."""
    made = given(village(), "labour", m0041=1, m0042=4)
    sold(made, "0041", "0051", 1, MAY, cls="labour")
    sold(made, "0051", "0052", 1, JUNE, cls="labour")
    sold(made, "0052", "0042", 1, date(2026, 6, 2), cls="labour")
    made.do(issue("labour", to="0042", shares=1, effective_on=JUNE, reason="ruling"))
    made.do(redenominate("labour", factor=Fraction(1, 2), effective_on=JULY, resolution=VOTE))
    found = entitled(made.view, "labour", YEAR)
    assert found.denominator == 2
    assert {number: Fraction(weight, 2) for number, weight in found.weights.items()} == {
        "0041": 60,
        "0042": Fraction(4 * 151 + 5 + 6 * 29, 2) + 3 * 184,
        "0051": Fraction(31, 2),
        "0052": Fraction(1, 2),
    }


def test_the_denominator_is_one_where_a_recount_leaves_nothing_odd() -> None:
    made = sold(given(village(), "labour", m0041=8, m0042=4), "0041", "0042", 2, MAY, cls="labour")
    made.do(redenominate("labour", factor=Fraction(1, 2), effective_on=JULY, resolution=VOTE))
    assert weights(made, "labour") == {"0041": 4 * 120 + 3 * 245, "0042": 2 * 120 + 3 * 245}


def test_what_was_pledged_before_a_recount_keeps_its_fraction() -> None:
    made = given(village(), "labour", m0041=4)
    made.do(
        pledge("labour", holder="0041", shares=1, creditor="bank", effective_on=MAY),
        release("labour", holder="0041", shares=1, effective_on=JUNE),
        redenominate("labour", factor=Fraction(1, 2), effective_on=JULY, resolution=VOTE),
    )
    found = entitled(made.view, "labour", YEAR)
    assert (found.weights, found.denominator) == ({"0041": 2 * 2 * 365}, 2)
    assert marks(made.view, found) == {"0041": Mark(pledged=31)}


# ---------------------------------------------------------------- rights of the class


def test_what_is_only_subscribed_earns_from_the_day_it_is_paid_in_if_the_class_says_so() -> None:
    made = given(village(), "cash", m0041=100)
    made.do(
        issue("cash", to="0041", shares=50, effective_on=FOUNDED, paid=False),
        issue("cash", to="0042", shares=30, effective_on=FOUNDED, paid=False),
        pay_in("cash", holder="0041", shares=20, against=BANK, effective_on=JULY),
    )
    assert weights(made, "cash") == {"0041": 100 * 365 + 20 * 184}
    assert [one[2:4] for one in entitled(made.view, "cash", YEAR).spans("0041")] == [(100, 181), (120, 184)]
    made.do(change_class("cash", effective_on=JULY, reason="charter", earns="subscribed"))
    assert weights(made, "cash") == {"0041": 100 * 181 + 150 * 184, "0042": 30 * 184}
    assert entitled(made.view, "cash", YEAR).spans("0042") == [(JULY, YEAR_END, 30, 184, 1)]


def test_a_class_without_a_right_to_a_dividend_is_refused() -> None:
    made = village([preset("labour", dividend=False)])
    made.do(issue("labour", to="0041", shares=5, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="labour has no right to a dividend on 2026-05-01: nobody") as refused:
        entitled(made.view, "labour", by_record_date(MAY))
    assert refused.value.say("zh") == "labour 在 2026-05-01 没有分红权：无人可得"
    with pytest.raises(RegisterError, match="on any day from 2026-01-01 to 2026-12-31: nobody") as refused:
        entitled(made.view, "labour", YEAR)
    assert "始终没有分红权" in refused.value.say("zh")


def test_days_on_which_a_class_has_no_right_to_a_dividend_count_for_nobody() -> None:
    made = given(village(), "labour", m0041=5)
    made.do(change_class("labour", dividend=False, effective_on=MAY, reason="charter"))
    made.do(change_class("labour", dividend=True, effective_on=JULY, reason="charter"))
    assert weights(made, "labour") == {"0041": 5 * (120 + 184)}
    assert [one[:2] for one in entitled(made.view, "labour", YEAR).spans("0041")] == [
        (FOUNDED, MAY - DAY),
        (JULY, YEAR_END),
    ]


def test_a_class_that_is_opened_within_the_period_earns_from_then_on() -> None:
    made = village()
    made.do(
        open_class(preset("labour", code="late"), effective_on=JULY),
        issue("late", to="0041", shares=5, effective_on=JULY),
    )
    assert weights(made, "late") == {"0041": 5 * 184}
    with pytest.raises(
        RegisterError, match="late: there is such a share class from 2026-07-01 on, and not yet on 2026-05-01"
    ):
        entitled(made.view, "late", by_record_date(MAY))


# ---------------------------------------------------------------- whose part is held back, or somebody else's


def test_pledged_shares_earn_and_the_creditor_is_named() -> None:
    """民法典 430: the pledgee collects the fruits, unless it was agreed otherwise."""
    made = given(village(), "land", h17=500, h18=300)
    made.do(
        pledge("land", holder="17", shares=200, creditor="first", effective_on=MAY),
        release("land", holder="17", shares=200, effective_on=JUNE),
        pledge("land", holder="17", shares=100, creditor="second", effective_on=JULY),
    )
    found = entitled(made.view, "land", YEAR)
    assert found.weights == {"17": 500 * 365, "18": 300 * 365}
    assert marks(made.view, found) == {"17": Mark(pledged=200 * 31 + 100 * 184, creditors=("second",))}
    assert len(found.spans("17")) == 1
    assert marks(made.view, entitled(made.view, "land", by_record_date(MAY))) == {"17": Mark(200, 0, ("first",))}
    assert marks(made.view, entitled(made.view, "land", by_record_date(JUNE))) == {}


def test_a_pledge_that_was_taken_back_marks_nobody_and_one_more_names_both() -> None:
    made = given(village(), "land", h17=500)
    [mistake] = made.do(pledge("land", holder="17", shares=200, creditor="mistake", effective_on=MAY))
    made.do(pledge("land", holder="17", shares=100, creditor="one", effective_on=MAY))
    made.do(pledge("land", holder="17", shares=100, creditor="other", effective_on=JUNE))
    made.do(pledge("land", holder="17", shares=10, creditor="one", effective_on=JUNE))
    made.do(take_back(mistake.seq, booked_on=JULY))
    made.do(release("land", holder="17", shares=100, effective_on=JUNE))
    made.do(redenominate("land", factor=3, effective_on=JULY, resolution=VOTE))
    found = entitled(made.view, "land", YEAR)
    assert marks(made.view, found) == {"17": Mark(3 * 100 * 31 + 3 * 110 * 214, 0, ("one", "other"))}


def test_a_class_is_told_the_creditors_of_its_own_pledges_alone() -> None:
    made = given(given(village(), "cash", m0041=50), "labour", m0041=50)
    made.do(pledge("cash", holder="0041", shares=5, creditor="cash bank", effective_on=FOUNDED))
    made.do(pledge("labour", holder="0041", shares=5, creditor="labour bank", effective_on=FOUNDED))
    assert marks(made.view, entitled(made.view, "cash", YEAR))["0041"].creditors == ("cash bank",)


def test_frozen_shares_earn_and_that_part_is_marked_to_be_held_back() -> None:
    made = given(village(), "land", h17=500)
    made.do(freeze("land", holder="17", shares=20, effective_on=JULY, reason="dispute"))
    found = entitled(made.view, "land", YEAR)
    assert found.weights == {"17": 500 * 365}
    assert marks(made.view, found) == {"17": Mark(frozen=20 * 184)}
    made.do(unfreeze("land", holder="17", shares=20, effective_on=JULY, reason="settlement"))
    assert marks(made.view, entitled(made.view, "land", YEAR)) == {}


def test_what_is_both_pledged_and_frozen_is_marked_in_two_parts() -> None:
    made = given(village(), "cash", m0041=500)
    made.do(freeze("cash", holder="0041", shares=20, effective_on=MAY, reason="dispute"))
    made.do(pledge("cash", holder="0041", shares=30, creditor="bank", effective_on=JUNE))
    made.do(redenominate("cash", factor=Fraction(1, 2), effective_on=JULY, resolution=VOTE))
    found = entitled(made.view, "cash", by_record_date(JULY))
    assert (found.weights, marks(made.view, found)) == ({"0041": 250}, {"0041": Mark(15, 10, ("bank",))})


def test_an_estate_earns_and_is_marked_for_its_heirs() -> None:
    """民法典 1121."""
    made = given(village(), "cash", m0051=500, m0042=10)
    made.do(die("0051", effective_on=JUNE, new_head="0052"))
    found = entitled(made.view, "cash", YEAR)
    assert found.weights == {"0042": 3650, "0051": 500 * 365}
    assert marks(made.view, found) == {"0051": Mark(estate=True)}
    assert marks(made.view, entitled(made.view, "cash", by_record_date(JUNE - DAY))) == {}
    made.do(
        transfer("cash", holder="0051", to="0052", effective_on=JULY, reason="inheritance"),
    )
    inherited = entitled(made.view, "cash", YEAR)
    assert inherited.weights == {"0042": 3650, "0051": 500 * 181, "0052": 500 * 184}
    assert marks(made.view, inherited) == {"0051": Mark(estate=True)}


def test_a_household_that_died_out_is_an_estate() -> None:
    made = given(village(), "land", h19=5)
    made.do(die("0061", effective_on=JUNE))
    assert marks(made.view, entitled(made.view, "land", YEAR)) == {"19": Mark(estate=True)}


def test_minors_earn_like_everybody_else() -> None:
    """农村集体经济组织法 26: they hold, and only do not vote. 0043 is eleven years old."""
    made = given(village(), "cash", m0041=5, m0043=5)
    found = entitled(made.view, "cash", YEAR)
    assert found.weights == {"0041": 5 * 365, "0043": 5 * 365}
    assert marks(made.view, found) == {}


def test_who_left_within_the_period_earns_for_the_days_before() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0052=5, m0041=1)
    made.do(
        redeem("labour", holder="0052", shares=5, effective_on=JUNE, reason="buy-back"),
        leave("0052", effective_on=JUNE, reason="moved out"),
    )
    assert weights(made, "labour") == {"0041": 365, "0052": 5 * 151}


# ---------------------------------------------------------------- pooled classes


def test_a_pooled_class_goes_to_those_who_are_eligible_on_each_day() -> None:
    """农民专业合作社法 44: quantified equally; joiners and leavers change everybody's part from their day on."""
    made = village(charter=COLLECTIVE)
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED, reason="quantification"))
    made.do(admit(Joiner("0044", household="17"), effective_on=MAY, reason="birth"))
    made.do(leave("0052", effective_on=JULY, reason="moved out"))
    found = entitled(made.view, "subsidy", YEAR)
    whole = {number: Fraction(weight, found.denominator) for number, weight in found.weights.items()}
    stays = 100 * 120 + Fraction(600, 7) * 61 + 100 * 184
    assert whole == {
        **dict.fromkeys(["0041", "0042", "0043", "0051", "0061"], stays),
        "0044": stays - 100 * 120,
        "0052": stays - 100 * 184,
    }
    assert list(whole) == sorted(whole, key=natural_key)
    assert found.total == 600 * 365 * found.denominator
    assert found.spans("0044") == [
        (MAY, JULY - DAY, Fraction(600, 7), 61, 1),
        (JULY, YEAR_END, 100, 184, 1),
    ]


def test_a_pool_that_grows_within_the_period_earns_for_its_days() -> None:
    made = village()
    made.do(issue("subsidy", shares=600, effective_on=MAY), issue("subsidy", shares=60, effective_on=JULY))
    assert set(weights(made, "subsidy").values()) == {100 * 61 + 110 * 184}
    assert weights(made, "subsidy", by_record_date(MAY)) == dict.fromkeys(
        ["0041", "0042", "0043", "0051", "0052", "0061"], 100
    )


def test_a_pooled_class_of_households_goes_by_their_heads_and_its_group() -> None:
    made = village([preset("subsidy", level="household", group="poor")])
    pool = Posting("subsidy", UNISSUED, "holder/pool", 600)
    made.do(Entry("issue", FOUNDED, FOUNDED, {"class": "subsidy", "reason": "quantification"}, [pool]))
    assert weights(made, "subsidy") == {}, "nobody is of the group: the pool waits"
    made.do(change_members(["0041", "0042", "0061"], effective_on=MAY, reason="list", groups=["poor"]))
    made.do(change_members(["0042"], effective_on=JULY, reason="list", groups=[]))
    assert weights(made, "subsidy") == {"17": 400 * 61 + 300 * 184, "19": 200 * 61 + 300 * 184}
    made.do(change_class("subsidy", group="", effective_on=JULY, reason="charter"))
    assert weights(made, "subsidy") == {"17": 400 * 61 + 300 * 184, "18": 200 * 184, "19": 200 * 61 + 100 * 184}


def test_a_pool_that_is_split_is_recounted() -> None:
    made = village()
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    made.do(redenominate("subsidy", factor=2, effective_on=JULY, resolution=VOTE))
    assert set(weights(made, "subsidy").values()) == {200 * 365}


# ---------------------------------------------------------------- one pass


def test_a_class_is_read_once_however_many_hold_it() -> None:
    made = given(village(), "cash", m0041=333, m0042=1, m0051=17)
    for at, number in enumerate(["0042", "0043", "0051", "0052"]):
        sold(made, "0041", number, 5, MAY + at * DAY)
    reads: list[str] = []

    class Counting(MemoryView):
        def balances(self, *args: Any, **kept: Any) -> dict[tuple[str, str], int]:
            reads.append("balances")
            return super().balances(*args, **kept)

        def movements(self, *args: Any, **kept: Any) -> Iterator[Movement]:
            reads.append("movements")
            return super().movements(*args, **kept)

        def personal(self, *_: object, **__: object) -> dict[str, Facts]:
            raise AssertionError

    view = Counting(list(made.view.records()), {}, made.view.head)
    entitled(view, "cash", YEAR)
    assert reads == ["balances", "movements"]
    entitled(view, "cash", by_record_date(MAY))
    assert reads == ["balances", "movements", "balances"]


def test_a_dividend_is_split_by_share_days() -> None:
    made = sold(given(village(), "cash", m0041=500), "0041", "0042", 500, MAY)
    found = entitled(made.view, "cash", YEAR)
    assert largest_remainder(36_500, [*found.weights.values()]) == [12_000, 24_500]


# ---------------------------------------------------------------- the register, asked day by day

START, END = date(2026, 2, 1), date(2026, 3, 31)
HOLDERS = ("0041", "0042", "0043", "0051", "0052")
OFFSETS = st.integers(0, 95)

steps = st.tuples(
    st.sampled_from([
        "issue", "subscribe", "pay", "sell", "redeem", "pledge", "release", "freeze", "pool", "join", "split", "earns",
        "dividend", "back", "leave", "die", "group",
    ]),
    OFFSETS,
    st.sampled_from(HOLDERS),
    st.sampled_from(HOLDERS),
    st.integers(1, 60),
)  # fmt: skip


class Story:
    """A village in which things happen; what is not possible does not."""

    def __init__(self, basis: str, rows: list[tuple[str, int, str, str, int]]) -> None:
        classes = [preset("labour", digits=0, earns=basis), preset("subsidy")]
        self.made = given(village(classes, PEOPLE, COLLECTIVE), "labour", m0041=100, m0042=40)
        self.made.do(issue("subsidy", shares=60, effective_on=FOUNDED))
        self.recounts: list[tuple[str, date, Fraction, int]] = []
        self.seqs: list[int] = []
        self.registers: dict[date, Register] = {}
        self.joined = 0
        for verb, offset, holder, other, size in rows:
            with suppress(CoopledgerError):  # then nothing happened
                self.happen(verb, FOUNDED + offset * DAY, holder, other, size)

    def happen(self, verb: str, on: date, holder: str, other: str, size: int) -> None:
        made = self.made
        when: dict[str, Any] = {"effective_on": on}
        mine: dict[str, Any] = {"holder": holder, "shares": size, **when}
        moves: dict[str, Any] = {
            "issue": lambda: issue("labour", to=holder, shares=size, **when),
            "subscribe": lambda: issue("labour", to=holder, shares=size, paid=False, **when),
            "pay": lambda: pay_in("labour", **mine),
            "sell": lambda: transfer("labour", to=other, reason="sale", **mine),
            "redeem": lambda: redeem("labour", reason="buy-back", **mine),
            "pledge": lambda: pledge("labour", creditor=other, **mine),
            "release": lambda: release("labour", **mine),
            "freeze": lambda: freeze("labour", reason="dispute", **mine),
            "pool": lambda: issue("subsidy", shares=size, **when),
            "earns": lambda: change_class(
                "labour", earns="subscribed" if size % 2 else "paid-in", reason="charter", **when
            ),
            "dividend": lambda: change_class(
                "labour" if size % 2 else "subsidy", dividend=size % 3 > 0, reason="charter", **when
            ),
            "leave": lambda: leave(holder, reason="moved out", **when),
            "die": lambda: die(holder, **when),
            "group": lambda: change_class("subsidy", group="poor" if size % 2 else "", reason="charter", **when),
        }
        if verb in moves:
            self.seqs += [record.seq for record in made.do(moves[verb]())]
        elif verb == "join":
            self.joined += 1
            made.do(admit(Joiner(f"01{self.joined:02}"), reason="birth", **when))
        elif verb == "back" and self.seqs:
            made.do(take_back(self.seqs[size % len(self.seqs)], booked_on=JULY))
        elif verb == "split":
            cls = ("labour", "subsidy")[size % 2]
            factor = (Fraction(1, 2), Fraction(2), Fraction(3, 2))[size % 3]
            digits = 2 if size % 5 == 0 else None
            finer = 100 if digits and not any(seen == cls and ten > 10 for seen, _, _, ten in self.recounts) else 1
            made.do(redenominate(cls, factor=factor, digits=digits, resolution=VOTE, **when))
            self.recounts.append((cls, on, factor * finer, finer))

    def earned(self, cls: str, rule: Entitlement, part: str = "") -> dict[str, Fraction]:
        """The register of every day that counts, one after the other; of all that earns, or of a part."""
        found: dict[str, Fraction] = {}
        on = rule.since if rule.first else rule.since + DAY
        while on < rule.until or (on == rule.until and rule.last):
            decides = {"first of month": on.day == 1, "last of month": (on + DAY).day == 1}.get(rule.by, True)
            for number, shares in self.on(cls, on, rule, part).items() if decides else ():
                found[number] = found.get(number, Fraction(0)) + shares
            on += DAY
        return found

    def on(self, cls: str, on: date, rule: Entitlement, part: str) -> dict[str, Fraction]:
        """What earns on a day, in the shares of the last that counts."""
        last = rule.until if rule.last else rule.until - DAY
        factor = Fraction(1)
        for seen, day, by, _ in self.recounts:
            factor *= by if seen == cls and on < day <= last else 1
        view = self.made.view
        now = self.registers[on] = self.registers.get(on) or register(view, on)
        earns = earning(view, cls, on, now)
        if part:
            tied = {number: getattr(one, part) for number, one in holdings(view, cls, on, now).items()}
            return {number: tied[number] * factor for number in earns if tied[number]}
        return {number: shares * factor for number, shares in earns.items()}


@st.composite
def rules(draw: st.DrawFn) -> Entitlement:
    by: By = draw(st.sampled_from(BY))
    if by == "shares":
        return by_record_date(FOUNDED + draw(OFFSETS) * DAY)
    first, last = draw(st.booleans()), draw(st.booleans())
    if by == "days":
        since, until = START + draw(st.integers(-20, 40)) * DAY, END - draw(st.integers(0, 15)) * DAY
        return by_time_held(since, until, first=first, last=last)
    since, until = (START if first else START - DAY), (END if last else END + DAY)
    return by_time_held(since, until, first=first, last=last, by=by)


def check_explained(found: Entitled, rule: Entitlement) -> None:
    """The spans follow each other within the period and come to the weights."""
    for number in {*found.weights, *HOLDERS}:
        spans = found.spans(number)
        assert sum(one.weight for one in spans) * found.denominator == found.weights.get(number, 0)
        assert all(rule.first_day <= one.first <= one.last <= rule.last_day for one in spans)
        assert all(one.last < other.first for one, other in pairwise(spans))


@drawn(st.sampled_from(["subscribed", "paid-in"]), st.lists(steps, max_size=14), rules())
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_weights_are_those_of_the_register_asked_day_by_day(
    basis: str, rows: list[tuple[str, int, str, str, int]], rule: Entitlement
) -> None:
    story = Story(basis, rows)
    for cls in ("labour", "subsidy"):
        expected = story.earned(cls, rule)
        try:
            found = entitled(story.made.view, cls, rule)
        except RegisterError:
            assert not expected
            continue
        assert {number: Fraction(weight, found.denominator) for number, weight in found.weights.items()} == expected
        assert [*found.weights] == sorted(expected, key=natural_key)
        check_explained(found, rule)
        for part in ("pledged", "frozen"):
            tied = {
                number: Fraction(getattr(mark, part), found.denominator)
                for number, mark in marks(story.made.view, found).items()
            }
            assert {number: weight for number, weight in tied.items() if weight} == story.earned(cls, rule, part)


@drawn(
    st.lists(steps.filter(lambda row: row[0] not in ("split", "dividend", "earns", "subscribe")), max_size=14), rules()
)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_all_share_days_are_the_outstanding_shares_of_all_days(
    rows: list[tuple[str, int, str, str, int]], rule: Entitlement
) -> None:
    story = Story("subscribed", rows)
    view = story.made.view
    count = (rule.last_day - rule.first_day).days + 1
    decided = [rule.first_day + at * DAY for at in range(count)]
    decided = [day for day in decided if rule.count(day, day)]
    assert entitled(view, "labour", rule).total == sum(outstanding(view, "labour", day) for day in decided)
