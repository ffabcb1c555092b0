"""What runs retained is paid out: once, no more than is there, without tax, to those who may be paid, and back."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.chart import C2004, C2021, C2023, MONEY, Chart, adopt, with_roles
from coopledger.core.collection import collect, owes
from coopledger.core.conversion import convert_chart
from coopledger.core.dividend import declare
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import die, leave
from coopledger.core.movement import freeze, pledge, redeem
from coopledger.core.payout import bounce, pay
from coopledger.core.problems import problems
from coopledger.core.retained import pay_retained
from coopledger.core.settlement import kept, retained_place
from coopledger.core.undoing import undo
from coopledger.core.withholding import withholdings
from coopledger.errors import CoopledgerError, RegisterError
from tests.core.dividends import DECLARED, HOLDERS, MET, PAID, PROPOSAL, VOTE, cooperative, declared, due, money, the
from tests.core.village import Village

DAY = timedelta(1)
HALF = PROPOSAL._replace(retained=Fraction(1, 2))
WHY: dict[str, Any] = {"effective_on": PAID, "reason": "five years have passed"}


def still(made: Village, name: str = "2026") -> dict[str, int]:
    """What is retained of a run, by holder."""
    found: dict[str, int] = {}
    for move in kept(made.view, the(made, name)):
        found[move.holder] = found.get(move.holder, 0) + move.fen
    return {number: fen for number, fen in found.items() if fen}


def in_their_names(made: Village, chart: Chart = C2021) -> dict[str, int]:
    """What stands retained, by holder, in the account."""
    above = retained_place(chart)
    return {account.rpartition("/")[2]: -fen for (_, account), fen in made.view.balances(MONEY, above).items()}


@pytest.mark.parametrize("chart", [C2021, C2023, with_roles(C2021, {"retained": "321/retained"})])
def test_what_was_retained_is_paid_out_to_all(chart: Chart) -> None:
    made = declared(cooperative(chart), HALF)
    assert still(made) == in_their_names(made, chart) == {"17": 250_00, "18": 150_00, "19": 50, "20": 99_50}
    [record] = made.do(pay_retained("2026", **WHY))
    assert (record.kind, record.facts["reason"], len(record.postings)) == ("retained-payout", WHY["reason"], 4)
    assert still(made) == in_their_names(made, chart) == {}
    assert money(made)[chart.roles["bank"]] == 4_500_00
    assert due(made)["17"] == 250_00
    with pytest.raises(RegisterError, match="run 2026: nothing is retained of it on 2027-01-25"):
        made.do(pay_retained("2026", **WHY))
    assert problems(made.view) == []


def test_no_tax_is_withheld_again_for_it_was_when_it_was_retained() -> None:
    made = declared(cooperative(), HALF._replace(tax=Fraction(1, 5)))
    made.do(pay("2026", effective_on=PAID))
    assert money(made)["214/2026"] == -200_00
    assert still(made)["17"] == 200_00  # of 250, 50 are the tax
    [record] = made.do(pay_retained("2026", **WHY))
    assert {leg.source for leg in record.postings} == {"c2021:102"}
    assert money(made)["214/2026"] == -200_00
    assert money(made)["102"] == 5_000_00 - 800_00
    assert sum(one.fen for one in withholdings(made.view, DECLARED, PAID)) == 200_00


def test_some_are_paid_some_of_it_in_cash_or_against_what_they_owe() -> None:
    made = declared(cooperative(), HALF)
    made.do(Entry("withdrawn", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:101", 100_00)]))
    made.do(Entry("lent", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:114/18", 30_00)]))
    made.do(pay_retained("2026", holders={"17": 40_00}, through="cash", **WHY))
    made.do(pay_retained("2026", holders={"18": 30_00}, through="member current", **WHY))
    made.do(pay_retained("2026", holders=["20"], effective_on=PAID, resolution=VOTE))
    assert still(made) == {"17": 210_00, "18": 120_00, "19": 50}
    assert owes(made.view, "18") == 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"holders": {"17": 250_01}}, r"250\.00 yuan are retained in the name of 17: 250\.01 yuan cannot be paid"),
        ({"holders": {"17": 0}}, r": 0\.00 yuan cannot be paid"),
        ({"holders": {"17": True}}, "True yuan cannot be paid"),
        ({"holders": ["99"]}, r"0\.00 yuan are retained in the name of 99"),
        ({"holders": []}, "nobody is named"),
        ({"reason": None}, r"a resolution or a reason \(a text\) to pay out what is retained is expected"),
        ({"reason": " "}, "a resolution or a reason"),
        ({"effective_on": MET}, "run 2026 is not declared on 2027-01-20"),
        ({"through": "cash"}, r"c2021:101 stands at 0\.00 yuan from 2027-01-25 on"),
        ({"through": "reserve"}, "reserve is no account that pays"),
        ({"through": "receivable"}, "receivable is no account that pays: bank, cash or member current is expected"),
        ({"through": "member current", "holders": ["17"]}, r"c2021:114/17 stands at 0\.00 yuan"),
        ({"to": "0017"}, "to one heir is paid what is owed to one holder"),
        ({"to": "0099", "holders": ["17"]}, "0099 is not in the register"),
    ],
)
def test_what_cannot_be_paid_out_is_refused_and_nothing_is_written(asked: dict[str, Any], said: str) -> None:
    made = declared(cooperative(), HALF)
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(pay_retained("2026", **{**WHY, **asked}))
    assert made.view.head == before


def test_all_that_is_wrong_with_those_who_are_paid_out_by_name_is_said_at_once() -> None:
    made = declared(cooperative(), HALF)
    made.do(pledge("land", holder="20", shares=1, creditor="bank", effective_on=PAID))
    with pytest.raises(RegisterError) as raised:
        made.do(pay_retained("2026", holders={"17": 250_01, "18": 150_01, "20": None}, **WHY))
    assert str(raised.value) == (
        "run 2026: 250.00 yuan are retained in the name of 17: 250.01 yuan cannot be paid; 150.00 yuan are retained in "
        "the name of 18: 150.01 yuan cannot be paid; 20 holds pledged shares: say to which heir it is paid (to, "
        "--heir), or why it is released (released, --released); nothing was recorded for anybody"
    )


def test_what_was_paid_out_on_a_later_day_is_not_there_on_an_earlier_one() -> None:
    made = declared(cooperative(), HALF)
    made.do(pay_retained("2026", holders={"17": 200_00}, effective_on=PAID + 5 * DAY, reason="x"))
    with pytest.raises(RegisterError, match=r"50\.00 yuan are retained in the name of 17: 50\.01 yuan"):
        made.do(pay_retained("2026", holders={"17": 50_01}, **WHY))
    made.do(pay_retained("2026", holders=["17"], **WHY))
    assert "17" not in still(made)


def test_each_run_pays_what_it_retained_itself() -> None:
    made = declared(cooperative(), HALF)
    declared(made, HALF._replace(stream="rent", total_fen=100_00), "rent")
    with pytest.raises(RegisterError, match=r"25\.00 yuan are retained in the name of 17"):
        made.do(pay_retained("rent", holders={"17": 25_01}, **WHY))
    made.do(pay_retained("rent", **WHY))
    assert still(made, "rent") == {}
    assert in_their_names(made) == still(made)
    with pytest.raises(RegisterError, match="run plain: nothing is retained of it"):
        declared(made, PROPOSAL._replace(stream="plain", total_fen=1_00), "plain").do(pay_retained("plain", **WHY))


def test_what_left_the_account_otherwise_is_not_paid_out() -> None:
    made = declared(cooperative(), HALF)
    made.do(Entry("own", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:211/retained/17", 240_00)]))
    with pytest.raises(RegisterError, match=r"10\.00 yuan are retained in the name of 17"):
        made.do(pay_retained("2026", holders={"17": 10_01}, **WHY))


def test_an_estate_waits_and_pledged_and_frozen_shares_do_and_are_paid_by_name() -> None:
    made = declared(cooperative(), HALF)
    made.do(die("0018", effective_on=DECLARED))
    made.do(pledge("land", holder="17", shares=1, creditor="信用社", effective_on=DECLARED))
    made.do(freeze("land", holder="20", shares=1, reason="court order", effective_on=DECLARED))
    made.do(pay_retained("2026", **WHY))
    assert still(made) == {"17": 250_00, "18": 150_00, "20": 99_50}
    with pytest.raises(
        RegisterError, match=r"nothing is to be paid: 18 waits for heirs, 17 holds pledged shares, 20 holds frozen"
    ):
        made.do(pay_retained("2026", **WHY))
    for number, why in (("18", "waits for heirs"), ("17", "holds pledged shares"), ("20", "holds frozen shares")):
        with pytest.raises(RegisterError, match=f"{number} {why}: say to which heir"):
            made.do(pay_retained("2026", holders=[number], **WHY))
    [heir] = made.do(pay_retained("2026", holders=["18"], to="0017", **WHY))
    [freed] = made.do(pay_retained("2026", holders=["17"], released="the creditor agrees", **WHY))
    assert (heir.facts["to"], freed.facts["released"]) == ("0017", "the creditor agrees")
    assert still(made) == {"20": 99_50}


def test_who_has_left_is_paid_what_is_in_his_name() -> None:
    made = declared(cooperative(), HALF)
    made.do(redeem("land", holder="20", shares=199, effective_on=DECLARED + DAY, reason="buy-back"))
    made.do(leave("0020", effective_on=DECLARED + 2 * DAY, reason="moved out"))
    made.do(pay_retained("2026", holders=["20"], effective_on=PAID, reason="leaving"))
    assert "20" not in still(made)


ELSEWHERE = with_roles(C2021, {"retained": "321/retained"})
"""A chart that keeps what is retained apart, adopted or converted to when something stood among the payables."""


def test_what_is_retained_in_two_places_is_paid_out_from_where_each_run_put_it() -> None:
    made = declared(cooperative(), HALF)
    made.do(adopt(ELSEWHERE, effective_on=PAID))
    declared(made, HALF._replace(stream="rent", total_fen=100_00), "rent")
    made.do(undo("rent", effective_on=PAID, reason="a slip"), declare("rent", effective_on=PAID))
    assert in_their_names(made)["17"] == 250_00
    assert in_their_names(made, ELSEWHERE)["17"] == 25_00
    for name, fen, place in (("2026", 250_00, "c2021:211"), ("rent", 25_00, "c2021:321")):
        with pytest.raises(RegisterError, match=f"in the name of 17: {(fen + 1) // 100}.01 yuan"):
            made.do(pay_retained(name, holders={"17": fen + 1}, **WHY))
        [record] = made.do(pay_retained(name, **WHY))
        assert {leg.target.partition("/")[0] for leg in record.postings} == {place}
        assert still(made, name) == {}
    assert in_their_names(made) == in_their_names(made, ELSEWHERE) == {}


@pytest.mark.parametrize(
    ("old", "moved", "to"),
    [(C2004, {"202": "211"}, "211"), (with_roles(C2004, {"retained": "311/retained"}), {"311": "212"}, "212")],
)
def test_what_was_retained_is_found_where_the_conversion_put_it(old: Chart, moved: dict[str, str], to: str) -> None:
    """Among the payables of the new chart, which keeps what it retains itself apart, or in an account of no role."""
    new = with_roles(C2023, {"retained": "321/retained"})
    made = declared(cooperative(old), HALF)
    moved = {bare: bare for bare in ("102", "112", "113", "321", "322")} | moved
    made.do(convert_chart(new, moved, effective_on=PAID))
    assert in_their_names(made, new) == {}
    [record] = made.do(pay_retained("2026", holders={"17": 100_00, "18": 150_00}, **WHY))
    assert [leg.target for leg in record.postings] == [f"c2023:{to}/retained/17", f"c2023:{to}/retained/18"]
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID))
    assert still(made) == {"17": 150_00, "18": 150_00, "19": 50, "20": 99_50}
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert owes(made.view, "17") == 100_00
    assert {account for account in money(made) if "retained" in account} == set()
    assert problems(made.view) == []


def test_what_came_back_of_the_old_chart_is_paid_out_too() -> None:
    made = declared(cooperative(C2004), HALF)
    [record] = made.do(pay_retained("2026", holders={"17": 100_00}, **WHY))
    moved = {bare: bare for bare in ("102", "112", "113", "321", "322")} | {"202": "211"}
    on = PAID + DAY
    made.do(convert_chart(C2023, moved, effective_on=on))
    made.do(bounce("2026", record.seq, ["17"], effective_on=on))
    [again] = made.do(pay_retained("2026", holders=["17"], effective_on=on, reason="he asks for it"))
    assert {leg.target: leg.quantity for leg in again.postings} == {"c2023:211/retained/17": 250_00}
    assert "17" not in still(made)


def test_what_the_bank_returns_is_in_his_name_again() -> None:
    made = declared(cooperative(), HALF)
    [record] = made.do(pay_retained("2026", **WHY))
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    assert still(made) == in_their_names(made) == {"18": 150_00}
    assert due(made)["18"] == 150_00
    with pytest.raises(RegisterError, match=f"nothing of record {record.seq} was paid to"):
        made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    with pytest.raises(RegisterError, match=r"0\.00 yuan are retained in the name of 18"):
        made.do(pay_retained("2026", holders=["18"], **WHY))
    made.do(pay_retained("2026", effective_on=PAID + DAY, reason="again"))
    assert still(made) == {}


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_what_was_paid_out_of_a_run_that_is_undone_is_a_debt_and_is_collected(chart: Chart) -> None:
    made = declared(cooperative(chart), HALF._replace(tax=Fraction(1, 5)))
    [record] = made.do(pay_retained("2026", holders={"17": 150_00, "18": 120_00}, **WHY))
    with pytest.raises(RegisterError, match="2027-01-24 is before 2027-01-25"):
        made.do(undo("2026", effective_on=PAID - DAY, reason="a slip"))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert [owes(made.view, number) for number in HOLDERS] == [150_00, 120_00, 0, 0]
    assert in_their_names(made, chart) == {}
    with pytest.raises(RegisterError, match="dividend collect"):
        made.do(bounce("2026", record.seq, ["17"], effective_on=PAID))
    made.do(collect(["17", "18"], effective_on=PAID))
    assert money(made) == money(cooperative(chart))
    made.do(declare("2026", effective_on=PAID))
    assert still(made)["17"] == 200_00
    made.do(pay_retained("2026", **WHY))
    assert in_their_names(made, chart) == {}
    assert problems(made.view) == []


def test_what_the_old_chart_retained_is_paid_out_and_undone_in_the_new_one() -> None:
    made = declared(cooperative(C2004), HALF)
    moved = {bare: bare for bare in ("102", "322", "321", "112", "113")} | {"202": "211"}
    made.do(pay_retained("2026", holders={"17": 50_00}, **WHY))
    made.do(convert_chart(C2023, moved, effective_on=PAID + DAY))
    made.do(pay_retained("2026", holders={"18": 50_00}, effective_on=PAID + DAY, reason="x"))
    assert in_their_names(made, C2023) == still(made) == {"17": 200_00, "18": 100_00, "19": 50, "20": 99_50}
    made.do(undo("2026", effective_on=PAID + DAY, reason="a slip"))
    assert in_their_names(made, C2023) == in_their_names(made, C2004) == {}
    assert [owes(made.view, number) for number in HOLDERS] == [50_00, 50_00, 0, 0]
    assert problems(made.view) == []


ACTS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([*HOLDERS]), st.integers(1, 300_00) | st.none())
    | st.tuples(st.just("back"), st.sampled_from([*HOLDERS]), st.none()),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(total=st.integers(1_00, 500_00), rate=st.sampled_from([Fraction(0), Fraction(1, 7)]), acts=ACTS)
def test_no_more_is_paid_out_than_was_retained_and_an_undoing_leaves_what_each_had_as_his_debt(
    total: int, rate: Fraction, acts: list[tuple[str, str, int | None]]
) -> None:
    made = cooperative()
    for name, part in (("a", Fraction(1, 3)), ("b", Fraction(1))):
        declared(made, PROPOSAL._replace(stream=name, total_fen=total, retained=part, tax=rate), name)
    left = {name: still(made, name) for name in ("a", "b")}
    had = _acted(made, acts, left)
    for name, own in left.items():
        assert still(made, name) == {number: fen for number, fen in own.items() if fen}
    assert money(made)["102"] == 5_000_00 - sum(had.values())
    for name in left:
        made.do(undo(name, effective_on=PAID, reason="a slip"))
    assert {number: owes(made.view, number) for number in HOLDERS} == had
    assert in_their_names(made) == {}
    for number, fen in had.items():
        if fen:
            made.do(collect([number], effective_on=PAID))
    assert money(made) == money(cooperative())
    assert problems(made.view) == []


def _acted(made: Village, acts: list[tuple[str, str, int | None]], left: dict[str, dict[str, int]]) -> dict[str, int]:
    """What each has after acts that are refused where too little is left; what is left of each run goes down."""
    had = dict.fromkeys(HOLDERS, 0)
    last: dict[str, tuple[int, str, int]] = {}
    for what, number, fen in acts:
        if what == "back":
            if number in last:
                seq, name, came = last.pop(number)
                made.do(bounce(name, seq, [number], effective_on=PAID))
                left[name][number] += came
                had[number] -= came
            continue
        there = left[what].get(number, 0)
        try:
            [record] = made.do(pay_retained(what, holders=[number] if fen is None else {number: fen}, **WHY))
        except RegisterError:
            assert there == 0 or (fen or 0) > there
        else:
            left[what][number] -= fen or there
            had[number] += fen or there
            last[number] = (record.seq, what, fen or there)
    return had
