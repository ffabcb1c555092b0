"""What the declaration settles itself, and what is settled in kind: by hand, refused, taken back, and in sums."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.balances import standing
from coopledger.core.chart import C2004, C2007, C2021, C2023, MONEY, RESERVE, Chart, with_roles
from coopledger.core.charter import COLLECTIVE
from coopledger.core.collection import collect
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.debt import undone_debts
from coopledger.core.dividend import declare
from coopledger.core.dues import Due, dues, settlements
from coopledger.core.fund import quantify
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Entry, Posting
from coopledger.core.lapse import lapse
from coopledger.core.movement import convert, pledge, redeem, transfer
from coopledger.core.ordinary import enter
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.reckoning import reckoning
from coopledger.core.redenomination import redenominate
from coopledger.core.register import holdings
from coopledger.core.reversal import take_back
from coopledger.core.settlement import gross, standing_parts
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, RegisterError
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    HOLDERS,
    MET,
    PAID,
    PROPOSAL,
    VOTE,
    YEAR_END,
    cooperative,
    declared,
    due,
    money,
    paid,
    the,
)
from tests.core.village import Village

DAY = timedelta(1)
FIFTH = Fraction(1, 5)
RICE: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 2_50, "against": "c2021:121", "effective_on": PAID}


def of(made: Village) -> dict[str, Due]:
    return dues(made.view, the(made))


def held(made: Village, cls: str = "capital") -> dict[str, int]:
    return {number: int(own.shares) for number, own in holdings(made.view, cls, PAID).items()}


def with_capital(chart: Chart = C2021, par_fen: int = 100_00, cap: int | None = None) -> Village:
    """The cooperative, with a class of capital that households hold, and 1,000 yuan of rice in store."""
    made = cooperative(chart)
    capital = preset("land", code="capital", par_fen=par_fen, capital=chart.account("share capital"), cap=cap)
    made.do(open_class(capital, effective_on=FOUNDED))
    rice = Posting(MONEY, chart.account("receivable"), f"{chart.code}:121", 1_000_00)
    made.do(Entry("harvest", DECLARED, DECLARED, {}, [rice]))
    return made


# ---------------------------------------------------------------- retained


def test_a_part_stays_in_the_holders_names_from_the_declaration_on() -> None:
    """City Market paid 60 % in cash and retained 40 %."""
    made = declared(cooperative(), PROPOSAL._replace(total_fen=1_000_03, retained=Fraction(2, 5)))
    assert due(made) == {"17": 300_01, "18": 180_01, "19": 60, "20": 119_41}
    assert {n: own["211/retained/" + n] for n, own in paid(made).items()} == {
        "17": 200_00,
        "18": 120_00,
        "19": 40,
        "20": 79_60,
    }
    assert of(made)["17"] == Due(500_01, 0, 0, 0, 0, 0, DECLARED, retained_fen=200_00)
    made.do(pay("2026", effective_on=PAID))
    assert money(made)["102"] == 5_000_00 - 600_03
    assert not due(made)
    assert problems(made.view) == []


def test_suzy_has_half_of_her_refund_in_her_name() -> None:
    """Whole Foods Co-op: of 35.04, half is paid."""
    made = declared(cooperative(), PROPOSAL._replace(total_fen=70_08, retained=Fraction(1, 2)))
    assert (due(made)["17"], of(made)["17"].retained_fen) == (17_52, 17_52)


def test_all_receipts_bear_the_tax_what_is_retained_among_them() -> None:
    made = declared(cooperative(), PROPOSAL._replace(total_fen=77_77, retained=Fraction(1, 3), tax=Fraction(1, 7)))
    made.do(pay("2026", effective_on=PAID))
    for own in of(made).values():
        assert own.withheld_fen == (Fraction(own.declared_fen, 7) + Fraction(1, 2)).__floor__()
        assert own.unpaid_fen == 0


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_what_was_retained_goes_back_when_the_run_is_undone(chart: Chart) -> None:
    made = declared(cooperative(chart), PROPOSAL._replace(retained=Fraction(1, 2), tax=FIFTH))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert money(made) == money(cooperative(chart))
    made.do(declare("2026", effective_on=PAID))
    assert of(made)["17"] == Due(500_00, 0, 0, 50_00, 0, 0, PAID, retained_fen=200_00)


def test_a_chart_says_in_which_account_it_is_retained() -> None:
    made = declared(
        cooperative(with_roles(C2021, {"retained": "321/retained"})), PROPOSAL._replace(retained=Fraction(1))
    )
    assert money(made)["321/retained/18"] == -300_00
    assert not due(made)
    with pytest.raises(RegisterError, match="all of it is paid"):
        made.do(pay("2026", effective_on=PAID))


# ---------------------------------------------------------------- in goods


def test_goods_are_given_in_whole_units_and_the_rest_is_owed_in_money() -> None:
    made = declared(with_capital(), PROPOSAL._replace(total_fen=101_00))
    [record] = made.do(pay_in_kind("2026", **RICE))
    assert (record.kind, record.facts["quantities"]) == ("in-kind", {"17": 20, "18": 12, "20": 8})
    assert due(made) == {"17": 50, "18": 30, "19": 10, "20": 10}
    assert money(made)["121"] == 1_000_00 - 40 * 2_50
    assert of(made)["17"] == Due(50_50, 0, 0, 0, 0, 0, DECLARED, in_kind_fen=50_00)


def test_a_member_gets_sixteen_hundred_yuan_and_ten_bags_of_fertiliser() -> None:
    """Dongyuantou, 2016: of a member's 2,400 yuan, 10 bags at 80 yuan, the rest in money."""
    made = with_capital()
    made.do(enter_surplus(2025, 2_000_00, source="annual statement 2025", booked_on=FOUNDED))
    declared(made, PROPOSAL._replace(total_fen=2 * 2_400_00))
    assert due(made)["17"] == 2_400_00
    made.do(
        pay_in_kind("2026", **RICE | {"goods": "fertiliser", "unit": "bag", "price_fen": 80_00}, holders={"17": 10})
    )
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    assert of(made)["17"] == Due(2_400_00, 1_600_00, 0, 0, 0, 0, DECLARED, in_kind_fen=800_00)


def test_the_tax_on_goods_is_withheld_of_what_is_owed_beside_them() -> None:
    made = declared(with_capital(), PROPOSAL._replace(total_fen=100_00, tax=FIFTH))
    made.do(pay_in_kind("2026", **RICE, holders={"17": 8}))
    assert of(made)["17"] == Due(50_00, 0, 0, 5_00, 0, 0, DECLARED, in_kind_fen=20_00)
    made.do(pay_in_kind("2026", **RICE))
    assert of(made)["17"] == Due(50_00, 0, 0, 10_00, 0, 0, DECLARED, in_kind_fen=40_00)
    assert of(made)["18"] == Due(30_00, 0, 0, 5_62, 0, 0, DECLARED, in_kind_fen=22_50)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"holders": {"17": 21}}, r"50\.50 yuan are owed to 17 after tax: 21 units at 2\.50 cannot be had"),
        ({"holders": {"17": 0}}, "0 units"),
        ({"holders": ["19"]}, r"0\.10 yuan are owed to 19 after tax: 1 units at 2\.50"),
        ({"price_fen": 60_00}, r"nobody is owed 60\.00 yuan, a whole unit"),
        ({"price_fen": 0}, "price_fen: 0: a whole number"),
        ({"goods": " "}, "goods: ' ': a text is expected"),
        ({"against": "c2021:301"}, "c2021:301: the account in which the goods stand is expected"),
        ({"against": "c2021:102"}, "c2021:102: the account in which the goods stand is expected"),
        ({"against": "c2021:114/17"}, "c2021:114/17: the account in which the goods stand is expected"),
        ({"against": "c2023:121"}, "no such account in the books"),
        (
            {"against": "c2021:141"},
            r"c2021:141 stands at 0\.00 yuan from 2027-01-25 on: 100\.00 cannot be paid from it",
        ),
        ({"effective_on": MET}, "run 2026 is not declared on 2027-01-20"),
    ],
)
def test_goods_that_cannot_be_given_are_refused(kept: dict[str, Any], said: str) -> None:
    made = declared(with_capital(), PROPOSAL._replace(total_fen=101_00))
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(pay_in_kind("2026", **RICE | kept))
    assert made.view.head == before


def test_goods_that_come_back_are_owed_again() -> None:
    made = declared(with_capital(), PROPOSAL._replace(total_fen=101_00, tax=FIFTH))
    before, owed = money(made), due(made)
    [record] = made.do(pay_in_kind("2026", **RICE))
    made.do(take_back(record.seq, booked_on=PAID + DAY))
    assert (money(made), due(made)) == (before, owed)
    assert of(made)["17"] == Due(50_50, 0, 0, 0, 0, 0, DECLARED)
    assert [(move.way, move.fen) for move in settlements(made.view, the(made), None, "17")][1:] == [
        ("in kind", 40_00),
        ("withheld", 10_00),
        ("in kind", -40_00),
        ("withheld", -10_00),
    ]
    made.do(pay("2026", effective_on=PAID, booked_on=PAID + DAY))
    assert of(made)["17"].paid_fen == 40_40


def test_goods_of_a_run_that_is_undone_are_the_holders_debt_and_are_not_taken_back() -> None:
    made = declared(with_capital(), PROPOSAL._replace(total_fen=101_00))
    [record] = made.do(pay_in_kind("2026", **RICE, holders={"17": 4}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert money(made)["114/17"] == 10_00
    for _ in range(2):
        with pytest.raises(RegisterError, match=f"run 2026 was undone since record {record.seq}"):
            made.do(take_back(record.seq, booked_on=PAID))
        made.do(declare("2026", effective_on=PAID)) if the(made).state == "approved" else None


def test_goods_that_were_bought_and_given_since_are_not_taken_back() -> None:
    made = declared(cooperative())
    bought = enter({"c2021:121": 500_00}, {"c2021:102": 500_00}, reason="rice", effective_on=PAID)
    [purchase] = made.do(bought)
    [given] = made.do(pay_in_kind("2026", **RICE, holders={"17": 120}))
    said = (
        rf"record {purchase.seq}: c2021:121 stands at 200\.00 yuan from 2027-01-25 on, 500\.00 came in by it, and "
        rf"records \[?{given.seq}\]? gave of that in kind since"
    )
    with pytest.raises(RegisterError, match=said):
        made.do(take_back(purchase.seq, booked_on=PAID))
    made.do(take_back(given.seq, booked_on=PAID))
    made.do(take_back(purchase.seq, booked_on=PAID))
    assert "121" not in money(made)
    [purchase] = made.do(bought)
    made.do(pay_in_kind("2026", **RICE, holders={"17": 120}), undo("2026", effective_on=PAID, reason="a slip"))
    with pytest.raises(RegisterError, match="or enter first what is right"):
        made.do(take_back(purchase.seq, booked_on=PAID))
    made.do(enter({"c2021:121": 300_00}, {"c2021:102": 300_00}, reason="rice", effective_on=PAID))
    made.do(take_back(purchase.seq, booked_on=PAID))
    assert "121" not in money(made)
    assert problems(made.view) == []


def test_goods_that_were_bought_before_a_change_of_charts_and_given_after_it_are_not_taken_back() -> None:
    made = declared(cooperative(C2007))
    [purchase] = made.do(enter({"c2007:121": 500_00}, {"c2007:102": 500_00}, reason="rice", effective_on=DECLARED))
    made.do(convert_chart(C2021, C2007_TO_C2021, effective_on=DECLARED + DAY))
    [given] = made.do(pay_in_kind("2026", **RICE, holders={"17": 120}))
    with pytest.raises(RegisterError, match=r"c2007:121 stands at 200\.00 yuan .* gave of that in kind since"):
        made.do(take_back(purchase.seq, booked_on=PAID))
    made.do(take_back(given.seq, booked_on=PAID))
    made.do(take_back(purchase.seq, booked_on=PAID))
    assert "121" not in money(made)


# ---------------------------------------------------------------- in shares


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_whole_shares_are_issued_at_par_and_the_rest_is_owed(chart: Chart) -> None:
    made = declared(with_capital(chart), PROPOSAL._replace(total_fen=1_010_00))
    [record] = made.do(reinvest("2026", "capital", effective_on=PAID))
    assert (record.kind, record.facts["reason"], record.facts["run"]) == ("issue", "reinvestment", "2026")
    assert held(made) == {"17": 5, "18": 3, "20": 2}
    assert due(made) == {"17": 5_00, "18": 3_00, "19": 1_01, "20": 99}
    assert money(made)[chart.roles["share capital"]] == -1_000_00
    assert of(made)["17"] == Due(505_00, 0, 0, 0, 0, 0, DECLARED, reinvested_fen=500_00)
    assert problems(made.view) == []


def test_some_reinvest_some_after_tax() -> None:
    made = declared(with_capital(), PROPOSAL._replace(tax=FIFTH))
    made.do(reinvest("2026", "capital", holders={"17": 1}, effective_on=PAID))
    assert of(made)["17"] == Due(500_00, 0, 0, 25_00, 0, 0, DECLARED, reinvested_fen=100_00)
    with pytest.raises(RegisterError, match=r"300\.00 yuan are owed to 17 after tax: 4 units at 100\.00 cannot be had"):
        made.do(reinvest("2026", "capital", holders={"17": 4}, effective_on=PAID))
    made.do(reinvest("2026", "capital", holders=["17"], effective_on=PAID))
    assert of(made)["17"] == Due(500_00, 0, 0, 100_00, 0, 0, DECLARED, reinvested_fen=400_00)
    assert "17" not in due(made)


def test_the_rules_of_the_class_hold_and_nothing_but_capital_is_reinvested_in() -> None:
    made = declared(with_capital())
    made.do(open_class(preset("cash", capital="c2021:301"), effective_on=FOUNDED))
    for cls, said in (
        ("cash", "cash is held by persons: 17 is a household"),
        ("land", "land is no class of capital: nothing can be reinvested in it"),
        ("x", "x"),
    ):
        with pytest.raises(RegisterError, match=said):
            made.do(reinvest("2026", cls, effective_on=PAID))
    made.do(pledge("land", holder="17", shares=1, creditor="信用社", effective_on=DECLARED))
    with pytest.raises(RegisterError, match="17 holds pledged shares"):
        made.do(reinvest("2026", "capital", holders=["17"], effective_on=PAID))
    made.do(reinvest("2026", "capital", effective_on=PAID))
    assert held(made) == {"18": 3, "20": 1}


def test_nobody_reinvests_beyond_the_cap_of_the_class() -> None:
    made = declared(with_capital(cap=4))
    with pytest.raises(RegisterError, match="17"):
        made.do(reinvest("2026", "capital", effective_on=PAID))
    made.do(reinvest("2026", "capital", holders={"17": 4}, effective_on=PAID))
    assert held(made) == {"17": 4}


def test_what_was_reinvested_is_taken_back_before_the_run_is_undone() -> None:
    made = declared(with_capital(), PROPOSAL._replace(tax=FIFTH))
    [record] = made.do(reinvest("2026", "capital", effective_on=PAID))
    with pytest.raises(RegisterError, match=rf"run 2026: records \[?{record.seq}\]? issued shares for it"):
        made.do(undo("2026", effective_on=PAID, reason="a slip"))
    made.do(take_back(record.seq, booked_on=PAID))
    assert of(made)["17"] == Due(500_00, 0, 0, 0, 0, 0, DECLARED)
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert money(made) == money(with_capital())
    assert held(made) == {}
    assert problems(made.view) == []


def with_other_capital() -> Village:
    """The cooperative, with a second class of capital into which the first can be converted."""
    made = with_capital()
    other = preset("land", code="other", par_fen=100_00, capital="c2021:301")
    made.do(open_class(other, effective_on=FOUNDED))
    return made


@pytest.mark.parametrize("converted", [False, True])
def test_what_went_into_shares_that_were_recounted_since_is_the_holders_debt_when_the_run_is_undone(
    converted: bool,
) -> None:
    """17 has 5 shares that are 50 by now; the run is declared again and set off, or the shares go back for money."""
    made = declared(with_other_capital())
    [record] = made.do(reinvest("2026", "capital", holders=["17"], effective_on=PAID))
    split = "other" if converted else "capital"
    if converted:
        made.do(
            convert(
                "capital", into="other", holder="17", shares=5, ratio=Fraction(1), effective_on=PAID, resolution=VOTE
            )
        )
    made.do(redenominate(split, factor=10, effective_on=PAID, resolution=VOTE))
    with pytest.raises(RegisterError):
        made.do(take_back(record.seq, booked_on=PAID))
    [later] = made.do(reinvest("2026", "capital", holders={"18": 3}, effective_on=PAID))
    if converted:  # those of 18 are where they were
        with pytest.raises(RegisterError, match=rf"run 2026: records \[?{later.seq}\]? issued shares for it"):
            made.do(undo("2026", effective_on=PAID, reason="a slip"))
    made.do(take_back(later.seq, booked_on=PAID))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    before = money(with_capital())
    assert money(made) == before | {"114/17": 500_00, "301": -500_00}
    assert (held(made, split), undone_debts(made.view)) == ({"17": 50}, {"17": 500_00})
    for _ in range(2):  # the shares have been given: that is not undone once more
        with pytest.raises(RegisterError, match=f"run 2026 was undone since record {record.seq}"):
            made.do(take_back(record.seq, booked_on=PAID))
        made.do(declare("2026", effective_on=PAID)) if the(made).state == "approved" else None
    made.do(pay("2026", effective_on=PAID, holders=["17"], through="member current"))
    assert of(made)["17"] == Due(500_00, 0, 500_00, 0, 0, 0, PAID)
    made.do(undo("2026", effective_on=PAID, reason="it was no dividend"))
    said: dict[str, Any] = {"effective_on": PAID, "reason": "correction", "against": "c2021:102"}
    made.do(redeem(split, holder="17", shares=50, **said), collect(["17"], effective_on=PAID))
    assert (money(made), held(made, split)) == (before, {})
    assert problems(made.view) == []


def test_shares_after_tax_that_were_recounted_are_a_debt_without_the_tax() -> None:
    made = declared(with_capital(), PROPOSAL._replace(tax=FIFTH))
    made.do(reinvest("2026", "capital", holders={"17": 1}, effective_on=PAID))
    made.do(redenominate("capital", factor=10, effective_on=PAID, resolution=VOTE))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert money(made) == money(with_capital()) | {"114/17": 100_00, "301": -100_00}


def test_shares_that_were_sold_since_are_not_taken_back() -> None:
    made = declared(with_capital())
    [record] = made.do(reinvest("2026", "capital", effective_on=PAID))
    made.do(transfer("capital", holder="17", to="18", shares=5, effective_on=PAID + DAY, reason="sale"))
    with pytest.raises(CoopledgerError):
        made.do(take_back(record.seq, booked_on=PAID + DAY))


# ---------------------------------------------------------------- all of it


@given(owed=st.integers(0, 500), rate=st.fractions(0, 1, max_denominator=30), part=st.integers(0, 500))
def test_the_gross_is_the_least_that_leaves_the_net_and_never_more_than_is_owed(
    owed: int, rate: Fraction, part: int
) -> None:
    def tax(_: str, fen: int) -> int:
        return min((rate * fen + Fraction(1, 2)).__floor__(), fen)

    net = min(part, owed - tax("", owed))
    found = gross(tax, "", owed, net)
    assert 0 <= found <= owed
    assert found - tax("", found) == net
    assert found == owed or net < owed - tax("", owed)
    assert found in {owed, 0} or found - 1 - tax("", found - 1) < net


ACTS = st.lists(
    st.tuples(st.sampled_from(["bank", "goods", "shares", "set off"]), st.sampled_from([*HOLDERS]), st.integers(1, 90)),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(
    total=st.integers(1_00, 2_999_99),
    rate=st.sampled_from([Fraction(0), FIFTH, Fraction(1, 7)]),
    kept=st.sampled_from([Fraction(0), Fraction(2, 5), Fraction(1, 3)]),
    acts=ACTS,
)
def test_everything_declared_is_in_one_of_the_sums_and_only_reinvesting_touches_the_register(
    total: int, rate: Fraction, kept: Fraction, acts: list[tuple[str, str, int]]
) -> None:
    made = with_capital(par_fen=10_00)
    made.do(Entry("advance", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:102", "c2021:114/17", 30_00)]))
    declared(made, PROPOSAL._replace(total_fen=total, tax=rate, retained=kept))
    reinvested = 0
    for way, number, count in acts:
        before = money(made), held(made), held(made, "land")
        try:
            if way == "bank":
                made.do(pay("2026", effective_on=PAID, holders={number: count * 1_00}))
            elif way == "set off":
                made.do(pay("2026", effective_on=PAID, holders={number: count}, through="member current"))
            elif way == "goods":
                made.do(pay_in_kind("2026", **RICE, holders={number: count}))
            else:
                made.do(reinvest("2026", "capital", holders={number: count}, effective_on=PAID))
                reinvested += count
        except RegisterError:
            assert before == (money(made), held(made), held(made, "land"))
    found = of(made)
    for number, own in found.items():
        assert own.declared_fen == sum(own.by_way.values()) + due(made).get(number, 0)
        assert own.declared_fen == reckoning(made.view, the(made), number).fen
        receipts = own.declared_fen - own.unpaid_fen
        assert own.withheld_fen == min((rate * receipts + Fraction(1, 2)).__floor__(), receipts)
    assert sum(own.declared_fen for own in found.values()) == total
    stands = money(made)
    assert -stands.get("301", 0) == reinvested * 10_00 == sum(own.reinvested_fen for own in found.values())
    assert sum(held(made).values()) == reinvested
    assert sum(held(made, "land").values()) == 1000
    assert 1_000_00 - stands.get("121", 0) == sum(own.in_kind_fen for own in found.values())
    assert min(stands.get(cash, 0) for cash in ("101", "102", "121")) >= 0
    assert problems(made.view) == []
    made.do(pay("2026", effective_on=PAID)) if due(made) else None
    if not reinvested:
        made.do(undo("2026", effective_on=PAID, reason="a slip"))
        assert not due(made)
        assert money(made)["332"] == -3_000_00


@pytest.mark.parametrize(
    ("roles", "moved"),
    [({"common fund": "311/common"}, {"311": "311"}), ({"common fund": "311/common"}, {"311": "321"})],
)
def test_a_remainder_comes_back_from_where_the_conversion_put_it(roles: dict[str, str], moved: dict[str, str]) -> None:
    """By a chart that has no account for the role to which it went."""
    made = cooperative(with_roles(C2004, roles))
    declared(made, PROPOSAL._replace(total_fen=1_000_50, to_fen=100, remainder="common fund"))
    assert money(made)["311/common"] == -50
    kept = {bare: bare for bare in ("102", "112", "113", "321", "322")}
    made.do(convert_chart(C2023, kept | moved, effective_on=PAID))
    made.do(undo("2026", effective_on=PAID, reason="correction"))
    assert problems(made.view) == []
    assert money(made) == {"102": 5_000_00, "112": -5_000_00, "321": 3_000_00, "322": -3_000_00}


@pytest.mark.parametrize("role", ["reserve", "welfare fund"])
def test_what_a_fund_got_and_spent_since_is_not_taken_from_it_by_undoing(role: str) -> None:
    """50 fen are left of the run, and 40 of them covered something."""
    made = declared(cooperative(C2023), PROPOSAL._replace(total_fen=1_000_50, to_fen=100, remainder=role))
    fund = C2023.account(role)
    [spent] = made.do(Entry("spent", PAID, PAID, {}, [Posting(MONEY, "c2023:102", fund, 40)]))
    back = undo("2026", effective_on=PAID, reason="a slip")
    says = rf"run 2026: undone, {fund} would stand at -0\.40 yuan on 2027-01-25, for record {spent.seq} counted on"
    with pytest.raises(RegisterError, match=says):
        made.do(back)
    made.do(Entry("gift", PAID + DAY, PAID + DAY, {}, [Posting(MONEY, fund, "c2023:102", 40)]))
    with pytest.raises(RegisterError, match=says):
        made.do(back)
    made.do(undo("2026", effective_on=PAID + DAY, reason="a slip"))
    assert problems(made.view) == []


def test_what_was_quantified_of_the_reserve_since_keeps_a_run_from_being_undone() -> None:
    made = declared(cooperative(C2023), PROPOSAL._replace(total_fen=1_000_50, to_fen=100, remainder="reserve"))
    parts = {f"00{number}": 1 for number in HOLDERS}
    [given] = made.do(quantify(RESERVE, parts, effective_on=PAID, rule="equally", resolution=VOTE))
    with pytest.raises(RegisterError, match=f"what of .* is not quantified would stand at -0.50 .* record {given.seq}"):
        made.do(undo("2026", effective_on=PAID, reason="a slip"))
    made.do(take_back(given.seq, booked_on=PAID), undo("2026", effective_on=PAID, reason="a slip"))


def test_what_lapsed_into_a_fund_that_was_spent_is_not_taken_from_it_by_undoing() -> None:
    made = declared(cooperative(C2023, charter=COLLECTIVE._replace(lapse_years=1)))
    on = date(2028, 1, 21)
    made.do(lapse("2026", effective_on=on, into="welfare fund"))
    fund = C2023.account("welfare fund")
    [spent] = made.do(Entry("spent", on, on, {}, [Posting(MONEY, "c2023:102", fund, 999_00)]))
    with pytest.raises(RegisterError, match=rf"{fund} would stand at -999\.00 yuan .* record {spent.seq} counted on"):
        made.do(undo("2026", effective_on=on, reason="a slip"))


def test_what_was_retained_and_went_elsewhere_since_keeps_a_run_from_being_undone() -> None:
    made = declared(cooperative(), PROPOSAL._replace(retained=Fraction(1, 2)))
    [own] = made.do(Entry("own", PAID, PAID, {}, [Posting(MONEY, "c2021:301", "c2021:211/retained/17", 240_00)]))
    says = rf"run 2026: 240\.00 yuan of what it retained in the name of 17 are not there .* since record {own.seq}"
    with pytest.raises(RegisterError, match=says):
        made.do(undo("2026", effective_on=PAID, reason="a slip"))


MOVES = st.lists(
    st.tuples(st.sampled_from([*HOLDERS, ""]), st.sampled_from([*HOLDERS, ""]), st.integers(0, 4), st.integers(1, 9)),
    max_size=8,
)


@given(moves=MOVES, later=st.integers(0, 4), sign=st.sampled_from([1, -1]))
@settings(max_examples=50, deadline=None)
def test_what_stands_in_many_parts_is_read_at_once_whatever_moves_later(
    moves: list[tuple[str, str, int, int]], later: int, sign: int
) -> None:
    """As one by one, and for a thousand as seldom as for one."""
    made = cooperative()
    parts = {number: f"c2021:114/{number}" if number else "c2021:102" for number in (*HOLDERS, "")}
    for source, target, day, fen in moves:
        if source != target:
            there = PAID + day * DAY
            made.do(Entry("own", there, there, {}, [Posting(MONEY, parts[source], parts[target], fen)]))
    on = PAID + later * DAY
    found = standing_parts(made.view, "c2021:114", HOLDERS, on, sign)
    assert found == {number: standing(made.view, MONEY, [parts[number]], on, sign) for number in HOLDERS}
    asked: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            asked.append(name)
            return getattr(made.view, name)

    view: Any = Counting()
    many = standing_parts(view, "c2021:114", [*HOLDERS, *(f"{n}" for n in range(100, 1100))], on, sign)
    assert {number: many[number] for number in HOLDERS} == found
    assert sorted(asked) == ["balances", "movements", "records", "records"]  # of charts and conversions


def test_a_run_that_is_undone_in_the_next_chart_leaves_nothing_in_the_one_before() -> None:
    """What was withheld, retained, set off, given in goods and lapsed goes back from where it stands by then."""
    charter = COLLECTIVE._replace(lapse_years=1)
    old = with_roles(C2007, {"taxes payable": "211/tax"})
    made = cooperative(old, charter)
    rice = Posting(MONEY, C2007.account("receivable"), "c2007:121", 1_000_00)
    lent = Posting(MONEY, old.account("bank"), old.account("member current", "18"), 192_00)
    made.do(Entry("receipt", YEAR_END, YEAR_END, {}, [rice, lent]))
    declared(made, PROPOSAL._replace(tax=FIFTH, retained=FIFTH))
    made.do(pay_in_kind("2026", **RICE | {"against": "c2007:121"}, holders=["17"]))
    made.do(pay("2026", holders=["18"], effective_on=PAID, through="member current"))
    on = date(2028, 3, 1)
    made.do(lapse("2026", effective_on=on))
    convert = convert_chart(C2021, {**C2007_TO_C2021, "502": "322"}, effective_on=on + DAY)
    made.do(convert)
    made.do(undo("2026", effective_on=on + 2 * DAY, reason="correction"))
    assert problems(made.view) == []
    assert {account for (_, account), fen in made.view.balances(MONEY).items() if account.startswith("c2007:")} == set()
    left = money(made)
    assert [account for account in left if "2026" in account or "retained" in account] == []
    assert left[C2021.roles["distribution"]] == -3_000_00
    debts = {account: fen for account, fen in left.items() if account.startswith(C2021.roles["member current"])}
    assert debts == {"114/17": 320_00, "114/18": 192_00}
