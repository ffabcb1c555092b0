"""Withdrawal: notice, refund, and subsidies that stay."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from coopledger.core.chart import C2021, DONATION, MONEY, RESERVE, adopt
from coopledger.core.charter import COLLECTIVE
from coopledger.core.contribution import Contribution, Right, Valuation, contribute
from coopledger.core.ending import end_contribution
from coopledger.core.fund import check_controls, controls, quantify, receive_donation, requantify
from coopledger.core.household import move
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.member_account import member_account
from coopledger.core.movement import allot, issue, pledge, redeem, transfer
from coopledger.core.notice import give_notice
from coopledger.core.ordinary import enter
from coopledger.core.people import roll
from coopledger.core.problems import problems
from coopledger.core.redenomination import change_par_value
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.withdrawal import refund_reserve, spread, withdraw
from coopledger.errors import RegisterError
from tests.core.village import (
    BANK,
    CAPITAL,
    FOUNDED,
    JULY,
    JUNE,
    MAY,
    NEXT_YEAR,
    PAPER,
    PEOPLE,
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


def test_a_leaver_is_refunded_and_his_subsidies_stay() -> None:
    """农民专业合作社法 25, 28: notice, the year's end, contribution and quantified reserve back."""
    quantified = preset("subsidy", pooled=False)
    made = village([preset("cash", capital=CAPITAL), quantified])
    people = [one.number for one in PEOPLE if one.kind == "person"]
    made.do(allot("subsidy", dict.fromkeys(people, 100), effective_on=FOUNDED))
    given(made, "cash", m0042=300, m0051=50)
    made.do(give_notice("0042", effective_on=date(2026, 9, 1)))
    made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK, documents=[PAPER]))
    assert roll(made.view, NEXT_YEAR).members["0042"].standing == "left"
    assert shares(made, "cash") == {"0051": 50}
    assert shares(made, "subsidy") == dict.fromkeys(["0041", "0043", "0051", "0052", "0061"], 120)
    assert money(made) == {BANK: 5_000, CAPITAL: -5_000}
    assert audit_register(made.view) == []
    assert holdings(made.view, "cash", date(2026, 12, 31))["0042"].shares == 300


def test_who_is_excluded_needs_no_notice_and_the_records_say_why() -> None:
    """农民专业合作社法 26."""
    made = given(village(), "cash", m0042=300)
    records = made.do(withdraw("0042", effective_on=NEXT_YEAR, reason="exclusion", against=BANK, resolution=VOTE))
    assert [(one.kind, one.facts["reason"]) for one in records] == [("redeem", "exclusion"), ("member", "exclusion")]


def test_a_withdrawal_says_so_in_every_record() -> None:
    made = given(village(charter=COLLECTIVE), "cash", m0042=300)
    records = made.do(withdraw("0042", effective_on=MAY, against=BANK))
    assert [(one.kind, one.facts["reason"]) for one in records] == [("redeem", "withdrawal"), ("member", "withdrawal")]


def test_no_notice_no_withdrawal() -> None:
    """农民专业合作社法 25."""
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01 without notice"):
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


def cooperative() -> Village:
    """A book with 1,000.00 yuan of reserve in the bank, quantified to 0042 and 0051, a donation quantified to 0042."""
    made = village([], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    land = preset("land", par_fen=100_00, capital="c2021:301", level="person")
    made.do(open_class(land, effective_on=FOUNDED))
    kept = [Posting(MONEY, "c2021:322", "c2021:332", 1_000_00), Posting(MONEY, "c2021:332", "c2021:102", 1_000_00)]
    made.do(Entry("note", FOUNDED, FOUNDED, {}, kept))
    made.do(quantify(RESERVE, {"0042": 1, "0051": 1}, effective_on=FOUNDED, rule="equally"))
    made.do(receive_donation("D", 10_00, effective_on=FOUNDED, reason="a gift"))
    made.do(quantify(DONATION, {"0042": 1}, fund="D", effective_on=FOUNDED, rule="equally"))
    return made


def leaving(**changes: Any) -> Decision:
    told: dict[str, Any] = {"effective_on": NEXT_YEAR, "against": "c2021:102", "reserve": {"c2021:322": 500_00}}
    return withdraw("0042", **{**told, **changes})


def test_what_was_quantified_leaves_with_the_leaver_or_stays_with_the_others() -> None:
    """农民专业合作社法 28: the reserve is paid; subsidies and donations never are."""
    made = cooperative()
    with pytest.raises(RegisterError, match=r"10.00 yuan of donations were quantified to 0042, and are never"):
        made.do(leaving())
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    made.do(leaving())
    account = member_account(made.view, "0042", NEXT_YEAR)
    assert (account.reserve_fen, account.donation_fen) == (0, 0)
    assert (money(made)["c2021:322"], money(made)["c2021:102"]) == (-500_00, 1_010_00 - 500_00)
    assert check_controls(made.view) == []


def test_a_leaving_by_which_a_donation_stays_quantified_to_who_left_is_told_until_it_is_spread() -> None:
    """重庆 14, 山东 22: it is never refunded, and the others have it; to spread it after the leaving is no fault."""
    made = village([], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    made.do(receive_donation("seeds", 20_00, effective_on=FOUNDED, reason="x"))
    parts = {"0042": 1, "0051": 1}
    made.do(quantify(DONATION, parts, fund="seeds", effective_on=FOUNDED, rule="equally", resolution=VOTE))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="withdrawal"))
    told = (
        "member 0042: has left, and 10.00 yuan of donations that were quantified to 0042 are not spread over those who "
        "stay: do that (requantify, 'book fund requantify')"
    )
    assert [str(one) for one in problems(made.view)] == [told]
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    assert problems(made.view) == []


def test_who_died_or_stays_as_a_holder_is_no_leaver_whose_donation_is_to_be_spread() -> None:
    made = village([], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    made.do(receive_donation("seeds", 20_00, effective_on=FOUNDED, reason="x"))
    parts = {"0042": 1, "0051": 1}
    made.do(quantify(DONATION, parts, fund="seeds", effective_on=FOUNDED, rule="equally", resolution=VOTE))
    made.do(die("0042", effective_on=MAY))
    made.do(leave("0051", effective_on=NEXT_YEAR, reason="withdrawal", keeps_shares=True, new_heads={"18": "0052"}))
    assert problems(made.view) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reserve": {"c2021:322": 500_01}}, r"500.00 yuan .* quantified to 0042: 500.01 cannot be paid"),
        ({"reserve": {"c2021:301": 1}}, "c2021:301, 1 fen: an account of the reserve, one of c2021:322"),
        ({"reserve": {"c2021:322": -1}}, "a whole number not below 0"),
        ({"reserve": None}, r"500.00 yuan .* quantified to 0042: say what is paid of it"),
        ({"against": None}, "500.00 yuan of reserve: name the account"),
        ({"against": "c2021:301"}, "c2021:301 is the capital of land: name the account on the other side"),
        ({"against": "c2021:322"}, "c2021:322 has what members' accounts control, surplus reserve"),
        ({"against": "c2021:322/other"}, "c2021:322/other has what members' accounts control, surplus reserve"),
        ({"against": "c2021:311"}, "c2021:311 has what members' accounts control, special funds"),
    ],
)
def test_of_the_reserve_no_more_is_paid_than_was_quantified(changes: dict[str, Any], message: str) -> None:
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    with pytest.raises(RegisterError, match=message):
        made.do(leaving(**changes))


def test_the_bank_pays_no_more_of_the_reserve_or_for_shares_than_it_has() -> None:
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    made.do(enter(debit={"c2021:121": 600_00}, credit={"c2021:102": 600_00}, effective_on=NEXT_YEAR, reason="loan"))
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 410\.00 yuan from 2027-01-01 on: 500\.00 cannot be"):
        made.do(leaving())
    made.do(open_class(preset("cash", code="money", capital="c2021:301"), effective_on=FOUNDED))
    made.do(issue("money", to="0051", shares=7_00, effective_on=FOUNDED, against="c2021:121"))
    bought: dict[str, Any] = {"holder": "0051", "effective_on": NEXT_YEAR, "reason": "buy-back"}
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 410\.00 yuan from 2027-01-01 on: 411\.00 cannot be"):
        made.do(redeem("money", shares=4_11, against="c2021:102", **bought))
    lower = change_par_value(
        "money", par_fen=40, against="c2021:102", effective_on=NEXT_YEAR, reason="loss", resolution=VOTE
    )
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 410\.00 yuan from 2027-01-01 on: 420\.00 cannot be"):
        made.do(lower)
    later = redeem("money", shares=4_11, against="c2021:102", booked_on=date(2027, 6, 1), **bought)
    made.do(Entry("note", date(2027, 5, 1), date(2027, 5, 1), {}, [Posting(MONEY, "c2021:501", "c2021:102", 1_00)]))
    with pytest.raises(RegisterError, match=r"c2021:102 stands at 410\.00 yuan from 2027-01-01 on: 411\.00 cannot be"):
        made.do(later)
    made.do(redeem("money", shares=4_10, against="c2021:102", **bought))
    assert money(made)["c2021:102"] == 1_00


def test_who_left_already_or_is_paid_nothing_gives_up_the_memo_of_the_reserve() -> None:
    made = cooperative()
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="moved out"))
    made.do(refund_reserve("0042", {}, effective_on=NEXT_YEAR))
    assert member_account(made.view, "0042", NEXT_YEAR).reserve_fen == 0
    assert money(made)["c2021:322"] == -1_000_00
    [control] = [one for one in controls(made.view) if one.unit == RESERVE]
    assert (control.quantified_fen, control.waiting_fen) == (500_00, 500_00)
    with pytest.raises(RegisterError, match=r"0.00 yuan of the reserve were quantified to 0042"):
        made.do(refund_reserve("0042", {}, effective_on=NEXT_YEAR))


def test_who_stays_is_paid_nothing_of_the_reserve() -> None:
    """农民专业合作社法 28: contribution and quantified reserve go back when the membership ends."""
    made = cooperative()
    refund = refund_reserve("0042", {"c2021:322": 500_00}, against="c2021:102", effective_on=NEXT_YEAR)
    for one in (refund, refund_reserve("0042", {}, effective_on=NEXT_YEAR)):
        with pytest.raises(RegisterError, match="0042 is a member on 2027-01-01, or its people are: the reserve is"):
            made.do(one)
    made.do(leave("0042", effective_on=date(2027, 1, 2), reason="moved out"))
    with pytest.raises(RegisterError, match="0042 is a member on 2027-01-01"):
        made.do(refund)
    made.do(refund_reserve("0042", {"c2021:322": 500_00}, against="c2021:102", effective_on=date(2027, 1, 2)))
    assert money(made)["c2021:322"] == -500_00


def test_a_leaving_by_mistake_is_corrected_after_what_was_paid_of_the_reserve() -> None:
    """The refund is taken back, though he has left; then he is a member again, and then his shares come back."""
    made = cooperative()
    made.do(open_class(preset("cash", capital="c2021:301"), effective_on=FOUNDED))
    made.do(issue("cash", to="0042", shares=100, against="c2021:102", effective_on=FOUNDED))
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    before = made.view.balances()
    redeemed, _, paid = made.do(leaving())
    again = partial(change_members, ["0042"], standing="member")
    refused = f"0042: by record {paid.seq} the reserve that was quantified to 0042 left the account on 2027-01-01"
    for mistake in (
        again(effective_on=NEXT_YEAR, reason="correction"),
        again(effective_on=NEXT_YEAR, reason="resolution"),
        again(effective_on=date(2027, 6, 1), reason="correction"),
    ):
        with pytest.raises(RegisterError, match=refused):
            made.do(mistake)
    made.do(take_back(paid.seq, booked_on=NEXT_YEAR))
    assert member_account(made.view, "0042", NEXT_YEAR).reserve_fen == 500_00
    made.do(again(effective_on=NEXT_YEAR, reason="correction"))
    told = f"holder 0042: cash: redeemed on {NEXT_YEAR}, when the membership ended, which was a mistake: take record"
    assert [str(one) for one in audit_register(made.view)] == [f"{told} {redeemed.seq} back"]
    made.do(take_back(redeemed.seq, booked_on=NEXT_YEAR))
    assert made.view.balances() == before
    assert problems(made.view) == []


@pytest.mark.parametrize(("wrong", "right"), [(JULY, MAY), (MAY, JULY)])
@pytest.mark.parametrize(("number", "home"), [("0042", "17"), ("0061", "19")])
def test_a_withdrawal_on_the_wrong_day_moves_to_the_right_one(wrong: date, right: date, number: str, home: str) -> None:
    """As the refusals say; the last of a household goes with what that has, so with its shares."""
    made = given(village(charter=COLLECTIVE), "cash", **{f"m{number}": 300})
    made.do(issue("land", to="19", shares=7, effective_on=FOUNDED))
    before = made.view.balances()
    records = made.do(withdraw(number, effective_on=wrong, against=BANK))
    paid = [one.seq for one in records if one.kind == "redeem"]
    back = [take_back(seq, booked_on=JULY) for seq in paid]
    way = rf"'book change-member {number} --standing member --reason correction --on {wrong}'"
    with pytest.raises(RegisterError, match=rf"{number} has left on {wrong}, and nothing comes back .* {way}"):
        made.do(back[0])
    with pytest.raises(RegisterError, match=rf"'book change-member NUMBER .* --on {wrong}'.*'book household move NUMB"):
        made.do(take_back(records[-1].seq, booked_on=JULY))
    made.do(change_members([number], standing="member", effective_on=wrong, reason="correction"))
    if len(back) > 1:
        with pytest.raises(
            RegisterError, match=rf"nobody lives in household 19 on {wrong}, .* household move NUMBER --"
        ):
            made.do(back[1])
    made.do(move([number], to=home, effective_on=wrong, reason="correction"), *back)
    assert made.view.balances() == before
    assert problems(made.view) == []
    made.do(withdraw(number, effective_on=right, against=BANK))
    standings = {day: roll(made.view, day).members[number].standing for day in (FOUNDED, MAY, JUNE, JULY, NEXT_YEAR)}
    assert standings == {day: "left" if day >= right else "member" for day in standings}
    assert not any(number in one.members for one in roll(made.view).households.values())
    assert problems(made.view) == []


def test_who_lives_in_no_household_leaves_none_a_new_head() -> None:
    made = village([], [Joiner("0041"), Joiner("0042")], charter=COLLECTIVE)
    with pytest.raises(RegisterError, match="0041 lives in no household: 0042 cannot be its new head"):
        made.do(withdraw("0041", new_head="0042", effective_on=MAY))


def test_the_head_who_left_on_the_wrong_day_leaves_earlier_with_a_new_head() -> None:
    made = village(charter=COLLECTIVE)
    told: dict[str, Any] = {"reason": "moved out", "new_heads": {"17": "0042"}}
    made.do(leave("0041", effective_on=JULY, **told))
    made.do(change_members(["0041"], standing="member", effective_on=JULY, reason="correction"))
    made.do(move(["0041"], to="17", new_heads={"17": "0041"}, effective_on=JULY, reason="correction"))
    made.do(leave("0041", effective_on=MAY, **told))
    for day in (MAY, JUNE, JULY):
        assert roll(made.view, day).households["17"] == ("17", "0042", ("0042", "0043"))
    assert problems(made.view) == []


def test_who_died_before_a_leaving_that_was_a_mistake_stays_dead() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JULY, reason="moved out"))
    made.do(change_members(["0042"], standing="member", effective_on=JULY, reason="correction"))
    made.do(die("0042", effective_on=MAY))
    assert {roll(made.view, day).members["0042"].standing for day in (MAY, JULY)} == {"estate"}
    assert problems(made.view) == []


def test_who_joined_anew_after_a_leaving_stays_a_member_whatever_left_earlier() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    made.do(change_members(["0042"], standing="member", effective_on=JULY, reason="resolution"))
    [left] = made.do(leave("0042", effective_on=MAY, reason="moved out"))
    assert left.effective_on == MAY
    standing = [roll(made.view, day).members["0042"].standing for day in (MAY, JUNE, JULY)]
    assert standing == ["left", "left", "member"]


def test_who_was_paid_of_the_reserve_and_joins_anew_keeps_it() -> None:
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR), leaving())
    told: dict[str, Any] = {"standing": "member", "reason": "resolution", "effective_on": date(2028, 1, 1)}
    made.do(change_members(["0042"], **told))
    made.do(leave("0042", effective_on=date(2029, 1, 1), reason="moved out"))
    made.do(change_members(["0042"], **{**told, "reason": "correction", "effective_on": date(2029, 1, 1)}))
    assert problems(made.view) == []


def test_a_death_by_mistake_is_corrected_after_what_was_paid_of_the_reserve() -> None:
    made = cooperative()
    made.do(die("0042", effective_on=MAY))
    [paid] = made.do(refund_reserve("0042", {"c2021:322": 500_00}, against="c2021:102", effective_on=JUNE))
    alive = change_members(["0042"], standing="member", effective_on=MAY, reason="correction")
    with pytest.raises(RegisterError, match=f"0042: by record {paid.seq} the reserve"):
        made.do(alive)
    made.do(take_back(paid.seq, booked_on=JUNE), alive)
    assert problems(made.view) == []


def test_a_household_that_was_refunded_its_reserve_has_nobody_on_that_day() -> None:
    made = village([], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    made.do(Entry("note", FOUNDED, FOUNDED, {}, [Posting(MONEY, "c2021:322", "c2021:332", 1_000_00)]))
    made.do(quantify(RESERVE, {"19": 1}, effective_on=FOUNDED, rule="by households"))
    made.do(leave("0061", effective_on=MAY, reason="moved out"))
    [paid] = made.do(refund_reserve("19", {}, effective_on=JUNE))
    born = partial(admit, Joiner("0062", household="19", head=True), reason="birth")
    for on in (MAY, JUNE):
        with pytest.raises(RegisterError, match=f"19: by record {paid.seq} the reserve"):
            made.do(born(effective_on=on))
    made.do(born(effective_on=NEXT_YEAR))
    made.do(change_members(["0061"], standing="member", effective_on=MAY, reason="correction"))
    with pytest.raises(RegisterError, match=f"19: by record {paid.seq} the reserve"):
        made.do(move(["0061"], to="19", new_heads={"19": "0061"}, effective_on=MAY, reason="correction"))
    made.do(take_back(paid.seq, booked_on=JUNE))
    made.do(move(["0061"], to="19", new_heads={"19": "0061"}, effective_on=MAY, reason="correction"))
    assert member_account(made.view, "19", JUNE).reserve_fen == 1_000_00


def test_a_book_in_which_a_member_was_paid_of_the_reserve_is_told_of() -> None:
    """Written by other means, or before such a correction was refused."""
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    *_, paid = made.do(leaving())
    fields = {"standing": "member", "reason": "correction", "notice_on": None}
    facts = {"act": "change", "members": {"0042": fields}, "households": {}, "reason": "correction"}
    made.do(Entry("member", NEXT_YEAR, NEXT_YEAR, facts))
    told = (
        "holder 0042: memo:reserve: left the account on 2027-01-01, though the membership had not ended: "
        f"take record {paid.seq} back"
    )
    assert [str(one) for one in problems(made.view)] == [told]
    made.do(give_notice("0042", effective_on=date(2027, 6, 1)))
    made.do(take_back(paid.seq, booked_on=NEXT_YEAR))
    assert problems(made.view) == []


def test_a_household_is_refunded_its_reserve_when_nobody_of_it_is_a_member() -> None:
    made = village([], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    made.do(Entry("note", FOUNDED, FOUNDED, {}, [Posting(MONEY, "c2021:322", "c2021:332", 1_000_00)]))
    made.do(quantify(RESERVE, {"18": 1}, effective_on=FOUNDED, rule="by households"))
    made.do(leave("0052", effective_on=MAY, reason="moved out"))
    refund = refund_reserve("18", {}, effective_on=NEXT_YEAR)
    with pytest.raises(RegisterError, match="18 is a member on 2027-01-01, or its people are"):
        made.do(refund)
    made.do(die("0051", effective_on=MAY))
    made.do(refund)
    assert controls(made.view) == []


def test_who_leaves_and_is_paid_nothing_of_the_reserve_says_so() -> None:
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    made.do(leaving(reserve={"c2021:322": 0}, against=None))
    assert member_account(made.view, "0042", NEXT_YEAR).reserve_fen == 0
    assert money(made)["c2021:322"] == -1_000_00


def test_who_had_no_reserve_quantified_leaves_without_any_whatever_is_said_of_nothing() -> None:
    made = cooperative()
    records = made.do(withdraw("0043", effective_on=NEXT_YEAR, reserve={"c2021:322": 0}))
    assert [one.kind for one in records] == ["member"]
    with pytest.raises(RegisterError, match=r"quantified to 0052: 0\.01 cannot be paid of it"):
        made.do(withdraw("0052", effective_on=NEXT_YEAR, reserve={"c2021:322": 1}, against="c2021:102"))


def test_a_right_that_a_leaver_brought_in_is_ended_first() -> None:
    made = cooperative()
    made.do(requantify("0042", {"0051": 1}, effective_on=NEXT_YEAR))
    right = Right("land right", FOUNDED, date(2035, 12, 31), date(2040, 1, 1), area_mu=3, parcels=("1",), contract="1")
    land = Contribution("G1", "0042", "land", right, Valuation(12_000_00, "agreed price", FOUNDED), price_fen=100_00)
    made.do(contribute(land, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=r"0042 has shares of land for the contribution G1, which still runs: end"):
        made.do(leaving())
    made.do(end_contribution("G1", effective_on=NEXT_YEAR, reason="withdrawal", rule="right only"))
    made.do(leaving())
    assert audit_register(made.view) == []
    assert made.view.balances("mu") == {}


def test_spreading_goes_by_heads_and_by_number_to_the_last_unit() -> None:
    """Chongqing 14, Shandong 22: spread again over those who stay; nothing is lost by rounding."""
    made = with_class("subsidy", pooled=False, level="household")
    made.do(issue("subsidy", to="19", shares=101, effective_on=FOUNDED, lot="2024"))
    made.do(issue("subsidy", to="19", shares=3, effective_on=FOUNDED, lot="2025"))
    made.do(die("0061", effective_on=MAY))
    made.do(spread("subsidy", holder="19", effective_on=MAY))
    assert shares(made, "subsidy") == {"17": 62, "18": 42}  # three heads and two: 62.4 and 41.6
    assert audit_register(made.view) == []


def household_of_two() -> Village:
    """Subsidy and land shares of household 18, of which nothing is refunded or spread while its people stay."""
    classes = [preset("subsidy", pooled=False, level="household"), preset("land")]
    return given(given(village(classes, charter=COLLECTIVE), "subsidy", h18=10), "land", h18=7)


def test_what_a_household_has_is_spread_when_the_last_of_its_members_withdraws() -> None:
    made = household_of_two()
    early = spread("subsidy", holder="18", effective_on=MAY)
    with pytest.raises(RegisterError, match="18: 0051, 0052 live in it on 2026-05-01: what a household has is spread"):
        made.do(early)
    made.do(withdraw("0051", new_head="0052", effective_on=MAY))
    with pytest.raises(
        RegisterError, match=r"18: 0052 live in it on .* withdraws \(withdraw, 'book withdraw'\); the oth"
    ):
        made.do(early)
    with pytest.raises(RegisterError, match=r"18 holds land, subsidy .* or let him withdraw with it, the last of a h"):
        made.do(leave("0052", effective_on=MAY, reason="withdrawal"))
    assert shares(made, "subsidy") == {"18": 10}
    made.do(withdraw("0052", effective_on=MAY))
    assert shares(made, "subsidy") == {"17": 8, "19": 2}
    assert shares(made, "land") == {}
    assert roll(made.view).households["18"].members == ()
    assert problems(made.view) == []


def test_a_household_of_one_who_is_excluded_needs_no_notice() -> None:
    made = with_class("subsidy", pooled=False, level="household")
    made.do(issue("subsidy", to="19", shares=10, effective_on=FOUNDED))
    made.do(withdraw("0061", effective_on=NEXT_YEAR, reason="exclusion"))
    assert shares(made, "subsidy") == {"17": 6, "18": 4}
    assert problems(made.view) == []


def test_the_last_of_a_household_withdraws_after_what_it_has_is_settled() -> None:
    made = village([preset("member")], charter=COLLECTIVE)
    made.do(adopt(C2021, effective_on=FOUNDED))
    made.do(receive_donation("D", 10_00, effective_on=FOUNDED, reason="a gift"))
    made.do(quantify(DONATION, {"19": 1}, fund="D", effective_on=FOUNDED, rule="equally"))
    made.do(issue("member", to="19", shares=10, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match=r"10.00 yuan of donations were quantified to 19, and are never refunded"):
        made.do(withdraw("0061", effective_on=MAY))
    made.do(requantify("19", {"18": 1}, effective_on=MAY))
    with pytest.raises(RegisterError, match="19 holds member, which is neither refunded nor spread: it passes on bef"):
        made.do(withdraw("0061", effective_on=MAY))
    made.do(transfer("member", holder="19", to="18", effective_on=MAY, reason="gift"))
    made.do(withdraw("0061", effective_on=MAY))
    assert problems(made.view) == []


def test_what_was_spread_of_a_household_comes_back_after_its_people() -> None:
    made = household_of_two()
    made.do(withdraw("0051", new_head="0052", effective_on=MAY))
    records = made.do(withdraw("0052", effective_on=MAY))
    made.do(change_members(["0052"], standing="member", effective_on=MAY, reason="correction"))
    made.do(move(["0052"], to="18", effective_on=MAY, reason="correction"))
    by_kind = {one.kind: one.seq for one in records}
    spread_ = "subsidy: spread over others on 2026-05-01, and 0052 stay in it: record their leaving, or take record"
    redeemed = "land: redeemed on 2026-05-01, when the membership ended, which was a mistake: take record"
    told = [f"holder 18: {redeemed} {by_kind['redeem']} back", f"holder 18: {spread_} {by_kind['spread']} back"]
    assert sorted(map(str, problems(made.view))) == told
    for one in records:
        if one.kind != "member":
            made.do(take_back(one.seq, booked_on=JUNE))
    assert (shares(made, "subsidy"), shares(made, "land")) == ({"18": 10}, {"18": 7})
    assert problems(made.view) == []


def test_what_was_spread_of_a_person_whose_leaving_or_death_was_a_mistake_is_told_of_until_it_comes_back() -> None:
    for died in (False, True):
        made = with_class("member", level="person", on_leaving="spread")
        made.do(allot("member", {"0051": 6, "0052": 6, "0061": 6}, effective_on=FOUNDED))
        if died:
            made.do(die("0051", effective_on=MAY, new_head="0052"))
            [record] = made.do(spread("member", holder="0051", effective_on=MAY))
        else:
            [record, _] = made.do(withdraw("0051", effective_on=NEXT_YEAR, reason="exclusion", new_head="0052"))
        assert problems(made.view) == []
        made.do(change_members(["0051"], standing="member", effective_on=record.effective_on, reason="correction"))
        assert [str(one) for one in problems(made.view)] == [
            (
                f"holder 0051: member: spread over others on {record.effective_on}, when the membership had ended, "
                f"which was a mistake: take record {record.seq} back"
            )
        ]
        made.do(take_back(record.seq, booked_on=NEXT_YEAR))
        assert problems(made.view) == []
        assert shares(made, "member") == {"0051": 6, "0052": 6, "0061": 6}


@pytest.mark.parametrize(
    "gone",
    [
        leave("0051", effective_on=MAY, reason="moved out", keeps_shares=True, new_heads={"18": "0052"}),
        die("0051", effective_on=MAY, new_head="0052"),
    ],
)
def test_what_was_redeemed_after_a_leaving_or_death_by_mistake_is_told_of_until_it_comes_back(gone: Decision) -> None:
    made = village([preset("land", level="person")], charter=COLLECTIVE)
    made.do(allot("land", {"0051": 6, "0061": 6}, effective_on=FOUNDED), gone)
    [record] = made.do(redeem("land", holder="0051", effective_on=JUNE, reason="withdrawal"))
    assert problems(made.view) == []
    made.do(change_members(["0051"], standing="member", effective_on=MAY, reason="correction"))
    assert [str(one) for one in problems(made.view)] == [
        (
            "holder 0051: land: redeemed on 2026-06-01, when the membership ended, which was a mistake: take record "
            f"{record.seq} back"
        )
    ]
    made.do(take_back(record.seq, booked_on=NEXT_YEAR))
    made.do(redeem("land", holder="0051", shares=2, effective_on=JULY, reason="withdrawal"))
    assert problems(made.view) == []


@pytest.mark.parametrize("on_leaving", ["refund", "spread"])
def test_of_shares_of_somebody_who_joined_again_on_the_day_of_his_leaving_no_mistake_is_told(on_leaving: str) -> None:
    """By a resolution he is a member again: whether the leaving was a mistake, nobody said."""
    made = with_class("member", level="person", on_leaving=on_leaving)
    made.do(allot("member", {"0051": 6, "0052": 6}, effective_on=FOUNDED))
    [record, _] = made.do(withdraw("0051", effective_on=NEXT_YEAR, reason="exclusion", new_head="0052"))
    made.do(change_members(["0051"], standing="member", effective_on=NEXT_YEAR, reason="resolution"))
    gone = {
        "refund": f"redeemed on {NEXT_YEAR}, when the membership ended",
        "spread": f"spread over others on {NEXT_YEAR}, when the membership had ended",
    }
    assert [str(one) for one in problems(made.view)] == [
        (
            f"holder 0051: member: {gone[on_leaving]}, and at the end of that day it is there again: take record "
            f"{record.seq} back"
        )
    ]


def test_a_household_that_died_out_by_mistake_gets_back_what_was_redeemed() -> None:
    made = given(with_class("land"), "land", h19=7)
    made.do(die("0061", effective_on=MAY))
    [record] = made.do(redeem("land", holder="19", effective_on=JUNE, reason="withdrawal"))
    made.do(change_members(["0061"], standing="member", effective_on=MAY, reason="correction"))
    made.do(move(["0061"], to="19", effective_on=JULY, reason="correction"))
    told = [
        (
            "holder 19: land: redeemed on 2026-06-01, when the membership ended, which was a mistake: take record "
            f"{record.seq} back"
        )
    ]
    made.do(move(["0061"], to="19", effective_on=MAY, reason="correction"))
    assert [str(one) for one in problems(made.view)] == told
    made.do(take_back(record.seq, booked_on=NEXT_YEAR))
    assert problems(made.view) == []


@pytest.mark.parametrize("level", ["person", "household"])
def test_a_leaving_that_is_corrected_from_a_later_day_is_corrected_from_its_own_day_first(level: str) -> None:
    made = village([preset("land", level=level)], charter=COLLECTIVE)
    holder = "0061" if level == "person" else "19"
    made.do(allot("land", {holder: 6}, effective_on=FOUNDED))
    [record, _] = made.do(withdraw("0061", effective_on=MAY, reason="moved out"))
    made.do(change_members(["0061"], standing="member", effective_on=JUNE, reason="correction"))
    made.do(move(["0061"], to="19", effective_on=JUNE, reason="correction"))
    first = (
        "correct the leaving from 2026-05-01 on as well (change_members, 'book change-member')"
        if level == "person"
        else "correct the leaving, and the move into the household, from 2026-05-01 on as well (change_members, 'book "
        "change-member', 'book household move')"
    )
    assert [str(one) for one in problems(made.view)] == [
        (
            f"holder {holder}: land: redeemed on 2026-05-01, when the membership ended, which was a mistake: {first}, "
            f"then take record {record.seq} back"
        )
    ]
    made.do(change_members(["0061"], standing="member", effective_on=MAY, reason="correction"))
    made.do(move(["0061"], to="19", effective_on=MAY, reason="correction"))
    made.do(take_back(record.seq, booked_on=NEXT_YEAR))
    assert problems(made.view) == []


def test_who_never_was_a_member_and_is_made_one_by_a_correction_does_not_get_back_what_was_spread() -> None:
    people = [*PEOPLE, Joiner("0071", standing="holder")]
    made = village([preset("member", level="person", on_leaving="spread", issued_to="anyone")], people)
    made.do(
        issue("member", to="0071", shares=6, effective_on=FOUNDED), spread("member", holder="0071", effective_on=MAY)
    )
    made.do(change_members(["0071"], standing="member", effective_on=JUNE, reason="correction"))
    assert problems(made.view) == []


def test_what_was_spread_before_its_people_left_is_told_of_until_the_last_leaves() -> None:
    """As books have it from before it went with the last of a household; they leave one by one."""
    made = with_class("subsidy", pooled=False, level="household")
    made.do(issue("subsidy", to="18", shares=10, effective_on=FOUNDED))
    early = [Posting("subsidy", "holder/18", "holder/17", 10)]
    [record] = made.do(Entry("spread", NEXT_YEAR, NEXT_YEAR, {"class": "subsidy", "reason": "leaving"}, early))
    told = (
        "holder 18: subsidy: spread over others on 2027-01-01, and {} stay in it: record their leaving, or take record"
    )
    assert [str(one) for one in audit_register(made.view)] == [f"{told.format('0051, 0052')} {record.seq} back"]
    made.do(leave("0051", new_heads={"18": "0052"}, effective_on=NEXT_YEAR, reason="exclusion"))
    assert [str(one) for one in audit_register(made.view)] == [f"{told.format('0052')} {record.seq} back"]
    made.do(leave("0052", effective_on=NEXT_YEAR, reason="exclusion"))
    assert audit_register(made.view) == []


def test_what_a_household_of_holders_has_may_be_spread() -> None:
    people = [*PEOPLE, Joiner("0071", household="20", head=True, standing="holder")]
    made = village([preset("subsidy", pooled=False, level="household", issued_to="anyone")], people)
    made.do(issue("subsidy", to="20", shares=6, effective_on=FOUNDED), spread("subsidy", holder="20", effective_on=MAY))
    assert shares(made, "subsidy") == {"17": 3, "18": 2, "19": 1}
    made.do(change_members(["0071"], standing="member", effective_on=JUNE, reason="resolution"))
    assert problems(made.view) == []


def test_with_nobody_left_nothing_is_spread() -> None:
    made = village([preset("subsidy", pooled=False)], [Joiner("0001")])
    made.do(issue("subsidy", to="0001", shares=1, effective_on=FOUNDED))
    made.do(die("0001", effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="nobody stays"):
        made.do(spread("subsidy", holder="0001", effective_on=MAY))
    with pytest.raises(RegisterError, match="land is not spread when somebody leaves"):
        given(village(), "land", h17=300).do(spread("land", holder="17", effective_on=MAY))


def test_a_pool_is_not_spread() -> None:
    made = village([preset("subsidy")])
    made.do(issue("subsidy", shares=100, effective_on=FOUNDED), die("0042", effective_on=MAY))
    for holder in ("pool", "0042"):
        with pytest.raises(RegisterError, match="subsidy is a pooled class, of those who stay already"):
            made.do(spread("subsidy", holder=holder, effective_on=MAY))


def test_at_a_dissolution_what_would_be_spread_is_redeemed_of_the_last_who_leaves() -> None:
    people = [Joiner("0001", household="1", head=True), Joiner("0002", household="1")]
    made = village([preset("member", level="person", on_leaving="spread")], people)
    made.do(allot("member", {"0001": 5, "0002": 5}, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="member is never refunded"):
        made.do(redeem("member", holder="0002", effective_on=MAY, reason="dissolution"))
    made.do(withdraw("0001", effective_on=MAY, reason="dissolution", new_head="0002"))
    with pytest.raises(RegisterError, match=r"nobody stays .*; at a dissolution it is redeemed first"):
        made.do(withdraw("0002", effective_on=MAY, reason="dissolution"))
    with pytest.raises(RegisterError, match="member is never refunded"):
        made.do(redeem("member", holder="0002", effective_on=MAY, reason="exclusion"))
    made.do(redeem("member", holder="0002", effective_on=MAY, reason="dissolution"))
    made.do(withdraw("0002", effective_on=MAY, reason="dissolution"))
    assert shares(made, "member") == {}
    assert problems(made.view) == []


def test_spreading_minds_the_cap_and_who_leaves_later() -> None:
    made = village([preset("subsidy", pooled=False, cap=120)], charter=COLLECTIVE)
    people = [one.number for one in PEOPLE if one.kind == "person"]
    made.do(allot("subsidy", dict.fromkeys(people, 101), effective_on=FOUNDED))
    made.do(leave("0042", effective_on=MAY, reason="moved out", keeps_shares=True))
    with pytest.raises(RegisterError, match="0041 would hold 122 of subsidy on 2026-05-01: the cap"):
        made.do(spread("subsidy", holder="0042", effective_on=MAY))
    made = village([preset("subsidy", pooled=False)], charter=COLLECTIVE)
    made.do(issue("subsidy", to="0041", shares=10, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0041 is a member on 2026-05-01: what a member has is spread when"):
        made.do(spread("subsidy", holder="0041", effective_on=MAY))
    made.do(leave("0041", effective_on=MAY, reason="moved out", keeps_shares=True, new_heads={"17": "0043"}))
    made.do(leave("0042", effective_on=NEXT_YEAR, reason="moved out"))
    with pytest.raises(RegisterError, match="0042 left on 2027-01-01"):
        made.do(spread("subsidy", holder="0041", effective_on=MAY))


@pytest.mark.parametrize("reason", ["dissolution", "correction"])
def test_a_dissolution_and_a_correction_refund_without_notice(reason: str) -> None:
    made = given(village(), "cash", m0042=300)
    made.do(withdraw("0042", effective_on=MAY, reason=reason, against=BANK))
    assert roll(made.view, MAY).members["0042"].standing == "left"
