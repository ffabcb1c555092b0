"""Share classes: opened once, changed from a day on, counted exactly."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import OPENING, Denomination, opening
from coopledger.core.journal import Entry, Posting
from coopledger.core.movement import issue
from coopledger.core.redenomination import change_class
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import (
    KINDS,
    PRESETS,
    ShareClass,
    check_class,
    class_on,
    free_from,
    open_class,
    plain_fields,
    preset,
    share_class,
    units,
    value_fen,
)
from coopledger.errors import QuantityError, RegisterError
from tests.core.cooperatives import cooperative, put
from tests.core.strategies import steady
from tests.core.village import BANK, CAPITAL, FOUNDED, MAY, PAPER, VOTE, empty, village

classes = st.builds(
    ShareClass,
    code=st.sampled_from(["land", "cash.a", "土地股"]),
    name=st.just("示例股"),
    digits=st.integers(0, 9),
    par_fen=st.none() | st.integers(1, 10**6),
    capital=st.none(),
    holders=st.lists(st.sampled_from(KINDS), min_size=1, unique=True).map(tuple),
    cap=st.none() | st.integers(1, 10**6) | st.fractions(Fraction(1, 100), 1),
    rate=st.none() | st.fractions(0, 1),
    locked_until=st.none() | st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    lock_in_days=st.integers(0, 4000),
    preference=st.integers(0, 9),
    group=st.sampled_from(["", "poor-2016"]),
)


def test_the_capital_of_a_class_stands_in_no_part_of_anothers() -> None:
    made = village([preset("cash", capital=CAPITAL)])
    with pytest.raises(RegisterError, match="the capital of cash stands in c37:301, and one is a part of the other"):
        made.do(open_class(preset("preferred", capital=f"{CAPITAL}/pref"), effective_on=FOUNDED))
    made.do(open_class(preset("preferred", capital=CAPITAL), effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="c37:301/cash: the capital of cash stands in c37:301"):
        made.do(change_class("cash", capital=f"{CAPITAL}/cash", effective_on=date(2026, 5, 1), reason="charter"))


def test_what_is_paid_in_stands_in_an_account_where_the_books_have_a_chart() -> None:
    journal = cooperative()
    with pytest.raises(RegisterError, match="the chart's is c2021:301 ") as refused:
        put(journal, open_class(preset("preferred"), effective_on=FOUNDED))
    assert refused.value.about == ("capital", "earns")
    for later in ({"capital": None}, {"capital": None, "earns": "paid-in"}):
        with pytest.raises(RegisterError, match="cash earns by what is paid in, and names no account of capital"):
            put(journal, change_class("cash", **later, effective_on=FOUNDED, reason="charter"))
    put(journal, open_class(preset("preferred", earns="subscribed"), effective_on=FOUNDED))
    put(journal, open_class(preset("member", par_fen=100), effective_on=FOUNDED))
    empty().do(open_class(preset("cash"), effective_on=FOUNDED))


@pytest.mark.parametrize("account", [CAPITAL, f"{CAPITAL}/old"])
def test_where_other_money_stands_or_stood_no_class_has_its_capital(account: str) -> None:
    made = village([preset("preferred")])
    made.do(Entry("note", FOUNDED, FOUNDED, {}, [Posting("CNY", account, BANK, 500_00)]))
    refused = rf"c37:301 stands at 500\.00 yuan on {FOUNDED}, which are no shares: .* c37:301/shares"
    with pytest.raises(RegisterError, match=refused):
        made.do(open_class(preset("cash", capital=CAPITAL), effective_on=MAY))
    with pytest.raises(RegisterError, match=refused):
        made.do(change_class("preferred", capital=CAPITAL, effective_on=MAY, reason="charter"))
    made.do(open_class(preset("cash", capital=f"{CAPITAL}/shares"), effective_on=MAY))
    made.do(issue("cash", to="0042", shares=5, effective_on=MAY, against=BANK))
    assert audit_register(made.view) == []


@steady(100)
@given(classes)
def test_a_class_is_read_back_from_its_facts_as_it_was(one: ShareClass) -> None:
    check_class(one)
    assert share_class(plain_fields(one)) == one


@pytest.mark.parametrize("kind", PRESETS)
def test_every_preset_names_its_source_and_can_be_opened(kind: str) -> None:
    one = preset(kind)
    assert one.source
    made = empty()
    made.do(open_class(one, effective_on=FOUNDED, documents=[PAPER], resolution=VOTE))
    assert class_on(made.view, kind, FOUNDED) == one


def test_collective_property_passes_to_nobody() -> None:
    """农村集体经济组织法 16, 36: collective property is not divided among members."""
    one = preset("collective")
    assert (one.holders, one.passes_to, one.inherited_by) == (("collective",), "nobody", "nobody")


def test_subsidies_are_pooled_and_never_refunded() -> None:
    """农民专业合作社法 44: equally quantified; Chongqing 14, Shandong 22: spread over those who stay."""
    one = preset("subsidy")
    assert (one.pooled, one.on_leaving) == (True, "spread")


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(RegisterError, match=r"'?gold'? is no preset class: collective, member"):
        preset("gold")


def test_a_class_is_opened_once() -> None:
    made = village()
    with pytest.raises(RegisterError, match="land: there is such a class already"):
        made.do(open_class(preset("land"), effective_on=FOUNDED))


@pytest.mark.parametrize("taken", ["CNY", "mu", "memo:reserve", "memo:subsidy", "jin"])
def test_a_class_is_not_counted_under_the_code_of_something_else(taken: str) -> None:
    made = village([])
    made.do(Entry(OPENING, FOUNDED, FOUNDED, opening([Denomination("jin", "斤")])))
    with pytest.raises(RegisterError, match=f"{taken}: something else is counted under this code"):
        made.do(open_class(preset("labour", code=taken), effective_on=FOUNDED))


def test_a_code_has_one_spelling() -> None:
    made = village([preset("labour", code="cafe\u0301")])
    with pytest.raises(RegisterError, match="café: there is such a class already"):
        made.do(open_class(preset("labour", code="café"), effective_on=FOUNDED))


@pytest.mark.parametrize("days", [-1, 100_001, 9_999_999])
def test_a_lock_in_has_an_end_in_the_calendar(days: int) -> None:
    with pytest.raises(RegisterError, match=r"lock_in_days = .*: a whole number of days from 0 to 100,000 is expected"):
        open_class(preset("cash", lock_in_days=days), effective_on=FOUNDED)


def test_the_class_opens_its_denomination_with_its_digits() -> None:
    made = empty()
    opened, defined = made.do(open_class(preset("labour"), effective_on=FOUNDED))
    assert (opened.kind, opened.facts["denominations"]) == ("opening", {"labour": ["农龄股", 2]})
    assert (defined.kind, defined.facts["class"]) == ("class", "labour")


def test_a_class_is_not_there_before_its_day() -> None:
    with pytest.raises(
        RegisterError, match="land: there is such a share class from 2026-01-01 on, and not yet on 2025"
    ):
        class_on(village().view, "land", date(2025, 12, 31))
    with pytest.raises(RegisterError, match="lnad: no such share class on 2026-01-01; there are cash, collective, lab"):
        class_on(village().view, "lnad", FOUNDED)
    for known in (0, 1):
        with village().journal.read(known) as view, pytest.raises(RegisterError, match="none is known by then"):
            class_on(view, "land")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "a/b"},
        {"name": " "},
        {"digits": 10},
        {"par_fen": 0},
        {"capital": CAPITAL},  # capital without a par value
        {"par_fen": 100, "capital": CAPITAL, "pooled": True},
        {"holders": ()},
        {"holders": ("household",)},
        {"cap": 0},
        {"cap": Fraction(6, 5)},
        {"lock_in_days": -1},
        {"lock_in_days": "365"},
        {"digits": "2"},
        {"par_fen": 1.5},
        {"rate": Fraction(-1, 2)},
        {"rate": "5%"},
        {"preference": -3},
        {"preference": "first"},
        {"locked_until": "2026-01-01"},
        {"dividend": "no"},
        {"vote": 1},
        {"closed": None},
        {"group": 3},
        {"group": "poor of 2016"},
        {"holders": "person"},
        {"cap": 0.5},
        {"cap": True},
        {"source": None},
        {"name": None},
        {"level": "village"},
        {"passes_to": "friends"},
        {"on_leaving": "burn"},
    ],
)
def test_rights_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RegisterError, match=r"cannot be meant: .* is expected"):
        open_class(preset("land", **wrong), effective_on=FOUNDED)


def test_what_hinders_capital_is_said_by_itself() -> None:
    for wrong, expected in (
        ({}, "a class with a par value \\(change_par_value, 'book change-par-value' give one\\) is expected"),
        ({"par_fen": 100, "pooled": True}, "cannot be meant: a class that is not pooled is expected"),
        ({"par_fen": 100, "capital": "c37:e\u0301"}, "cannot be meant: the code of an account is expected"),
    ):
        with pytest.raises(RegisterError, match=expected):
            open_class(preset("land", **{"capital": CAPITAL, **wrong}), effective_on=FOUNDED)


def test_a_preset_has_no_rights_nobody_knows() -> None:
    with pytest.raises(RegisterError, match="colour of a class cannot be changed so: code, name"):
        preset("cash", colour=1)


def test_a_right_changes_from_a_day_on_and_the_past_keeps_its_own() -> None:
    made = village()
    later = date(2027, 1, 1)
    made.do(change_class("land", effective_on=later, reason="charter", resolution=VOTE, cap=Fraction(1, 5)))
    assert class_on(made.view, "land", date(2026, 12, 31)).cap is None
    assert class_on(made.view, "land", later).cap == Fraction(1, 5)


def test_a_change_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(RegisterError, match="class land: cap = 0 cannot be meant"):
        village().do(change_class("land", effective_on=FOUNDED, reason="charter", cap=0))


def test_a_change_recorded_late_leaves_what_it_does_not_touch_as_it_stands() -> None:
    made = village()
    made.do(change_class("land", effective_on=date(2027, 1, 1), reason="charter", vote=True))
    made.do(change_class("land", effective_on=date(2026, 6, 1), reason="charter", dividend=False))
    now = class_on(made.view, "land")
    assert (now.vote, now.dividend) == (True, False)


@pytest.mark.parametrize("name", ["digits", "par_fen", "pooled", "code", "colour"])
def test_what_would_move_shares_or_money_has_a_verb_of_its_own(name: str) -> None:
    changes: dict[str, Any] = {name: 2}
    with pytest.raises(RegisterError, match=f"{name} of a class cannot be changed so"):
        change_class("land", effective_on=FOUNDED, reason="charter", **changes)


def test_shares_are_counted_in_the_smallest_unit_and_nothing_is_rounded() -> None:
    assert units(preset("labour"), "12.25") == 1225
    with pytest.raises(RegisterError, match=r"12.255 shares of labour: at most 2 decimals are expected"):
        units(preset("labour"), "12.255")
    with pytest.raises(QuantityError):
        units(preset("labour"), 0.5)  # type: ignore[arg-type]


def test_the_par_value_of_a_part_of_a_share_is_whole_fen_or_refused() -> None:
    one = preset("cash", digits=2, par_fen=150)
    assert value_fen(one, 150) == 225
    with pytest.raises(RegisterError, match="no whole number of fen"):
        value_fen(one, 1)


def test_the_smallest_fraction_of_a_share_is_worth_whole_fen() -> None:
    odd = preset("cash", capital=CAPITAL, digits=1, par_fen=105)
    with pytest.raises(RegisterError, match=r"cash: 0.1 of a share, its smallest part, would be worth 0.105 yuan"):
        empty().do(open_class(odd, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=r"would be worth 0.105 yuan at a par value of 1.05: a whole number of fen"):
        empty().do(open_class(odd._replace(capital=None), effective_on=FOUNDED))
    empty().do(open_class(odd._replace(par_fen=110), effective_on=FOUNDED))


def test_a_lock_in_runs_from_the_day_of_the_lot_and_from_the_class() -> None:
    one = preset("cash", lock_in_days=30)
    assert free_from(one, "2026-01-01") == date(2026, 1, 31)
    assert free_from(one, None) is None
    locked = one._replace(locked_until=date(2026, 6, 1))
    assert free_from(locked, "2026-01-01") == date(2026, 6, 1)


def test_what_stands_in_an_account_against_another_class_s_capital_is_other_money() -> None:
    made = village([preset("cash", capital=f"{CAPITAL}/a")])
    made.do(issue("cash", to="0042", shares=100, effective_on=FOUNDED, against=f"{CAPITAL}/c"))
    with pytest.raises(RegisterError, match=r"c37:301/c stands at .* which are no shares"):
        made.do(open_class(preset("cash", code="tea", capital=f"{CAPITAL}/c"), effective_on=MAY))
