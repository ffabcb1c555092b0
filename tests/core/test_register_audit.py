"""The audit of the register: what no verb writes is found."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE, UNISSUED
from coopledger.core.household import merge_households, move
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import allot, issue, pledge, redeem, transfer
from coopledger.core.redenomination import change_class, change_par_value, redenominate
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import preset
from coopledger.core.trial_balance import trial_balance
from coopledger.core.withdrawal import withdraw
from coopledger.errors import RegisterError
from tests.core.village import BANK, CAPITAL, FOUNDED, JULY, JUNE, MAY, SURPLUS, VOTE, Village, given, village


def written(made: Village, *postings: Posting, kind: str = "import", on: date = MAY, **facts: Any) -> None:
    """What no verb would write."""
    made.do(Entry(kind, on, on, facts, postings))


def changed(made: Village, cls: str, **rights: Any) -> None:
    """Rights of a class that its verb refuses."""
    made.do(Entry("class", MAY, MAY, {"class": cls, "set": rights}))


def problems(made: Village) -> list[str]:
    return [str(one) for one in audit_register(made.view)]


def test_a_sound_book_has_no_problems() -> None:
    made = given(given(village(), "cash", m0042=500), "member", h17=3)
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    made.do(Entry("note", MAY, MAY, personal={"m/0041": {"relation": "户主"}, "m/0042": {"relation": "配偶"}}))
    assert problems(made) == []


def test_shares_of_nobody_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0777", 5))
    assert problems(made) == ["holder 0777: labour from 2026-05-01 on: held by nobody in the register"]


def test_shares_of_somebody_who_has_left_are_found_from_the_day_he_left() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    written(made, Posting("labour", UNISSUED, "holder/0042", 5))
    assert problems(made) == ["holder 0042: labour from 2026-06-01 on: held by somebody who has left"]


def test_shares_of_a_household_that_is_merged_are_found() -> None:
    made = village()
    made.do(merge_households("19", into="18", effective_on=JUNE))
    written(made, Posting("member", UNISSUED, "holder/19", 5))
    assert problems(made) == ["holder 19: member from 2026-06-01 on: held by somebody who has left"]


@pytest.mark.parametrize(
    ("cls", "number", "words"),
    [
        ("labour", "17", "held by a kind of holder that may not"),
        ("land", "0042", "held by a kind of holder that may not"),
        ("collective", "0901", "held by a kind of holder that may not"),
        ("subsidy", "0042", "of a pooled class the pool holds all"),
        ("labour", "pool", "of a pooled class the pool holds all"),
    ],
)
def test_shares_of_who_may_not_hold_them_are_found(cls: str, number: str, words: str) -> None:
    made = village()
    written(made, Posting(cls, UNISSUED, f"holder/{number}", 5))
    assert problems(made) == [f"holder {number}: {cls} from 2026-05-01 on: {words}"]


def test_shares_from_before_their_class_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0042", 5), on=date(2025, 12, 1))
    assert problems(made) == ["holder 0042: labour from 2025-12-01 on: the class is not there yet"]


def test_what_the_dead_got_and_gave_is_found() -> None:
    made = given(village(), "labour", m0042=50, m0043=50)
    made.do(pledge("labour", holder="0042", shares=5, creditor="信用社", effective_on=MAY))
    for number in ("0042", "0043"):
        made.do(die(number, effective_on=MAY))
    assert problems(made) == []
    written(made, Posting("labour", UNISSUED, "holder/0043", 5), kind="issue", on=JUNE)
    written(made, Posting("labour", "holder/0042", "holder/0051", 5), kind="transfer", on=JUNE, reason="sale")
    written(made, Posting("labour", "holder/0042", "holder/0051", 5), kind="transfer", on=JUNE, reason="gift")
    made.do(transfer("labour", holder="0042", to="0051", shares=5, effective_on=JUNE, reason="inheritance"))
    assert problems(made) == [
        "holder 0043: labour: got on 2026-06-01, after the death",
        "holder 0042: labour: sold, given or pledged on 2026-06-01, after the death",
    ]


def test_who_is_no_estate_any_more_may_give_and_get_on_that_very_day() -> None:
    made = given(village(), "land", h19=5)
    made.do(die("0061", effective_on=MAY))
    made.do(admit(Joiner("0099", household="19", head=True), effective_on=JUNE))
    made.do(transfer("land", holder="19", to="18", shares=2, effective_on=JUNE, reason="sale"))
    assert problems(made) == []
    made = given(village(), "labour", m0042=50)
    made.do(die("0043", effective_on=MAY))
    made.do(change_members(["0043"], standing="member", effective_on=JUNE, reason="correction"))
    made.do(transfer("labour", holder="0042", to="0043", shares=5, effective_on=JUNE, reason="gift"))
    assert problems(made) == []


def test_what_is_inherited_from_the_living_is_found_until_it_is_taken_back() -> None:
    made = given(village(), "labour", m0042=50)
    inherited = Posting("labour", "holder/0042", "holder/0051", 5)
    written(made, inherited, kind="transfer", reason="inheritance")
    assert problems(made) == ["holder 0042: labour: inherited by 0051 on 2026-05-01, from the living"]
    made.do(take_back(made.view.head.seq, booked_on=JUNE))
    assert problems(made) == []


def test_a_division_between_households_that_nobody_moved_between_is_found() -> None:
    made = given(village(), "land", h17=50)
    written(made, Posting("land", "holder/17", "holder/18", 5), kind="transfer", reason="household division")
    assert problems(made) == [
        "holder 17: land: passed to 18 on 2026-05-01 by household division, and nobody moved between them"
    ]
    made.do(move(["0042"], to="18", effective_on=JUNE, reason="household division"))
    assert problems(made) == []


def unmerged(made: Village, on: date, holder: str = "18", to: str = "17", cls: str = "land") -> str:
    """What is told of the last record, by which something passed for a merger."""
    way_out = f"take record {made.view.head.seq} back"
    if cls == "land":
        way_out = f"record the merger (merge_households, 'book household merge'), or {way_out}"
    passed = f"passed to {to} on {on} by merger, and is not merged into it from then on"
    return f"holder {holder}: {cls}: {passed}: {way_out}"


def test_a_merger_that_does_not_follow_is_found_though_somebody_moved() -> None:
    made = given(village(), "land", h18=50)
    made.do(move(["0052"], to="17", effective_on=MAY, reason="marriage"))
    made.do(transfer("land", holder="18", to="17", effective_on=JUNE, reason="merger"))
    told = [unmerged(made, JUNE)]
    assert problems(made) == told
    made.do(move(["0041"], to="18", effective_on=JUNE, reason="marriage", new_heads={"17": "0042"}))
    made.do(move(["0051"], to="17", effective_on=JUNE, reason="marriage", new_heads={"18": "0041"}))
    assert problems(made) == told
    made.do(merge_households("18", into="17", effective_on=JULY))
    assert problems(made) == []


def test_a_merger_that_came_before_what_passed_for_it_is_found() -> None:
    made = village()
    made.do(merge_households("18", into="17", effective_on=MAY))
    made.do(admit(Joiner("0070", household="18", head=True), effective_on=JUNE))
    made.do(issue("land", to="18", shares=50, effective_on=JUNE))
    made.do(transfer("land", holder="18", to="17", effective_on=JULY, reason="merger"))
    assert problems(made) == [unmerged(made, JULY)]


def test_what_passed_between_persons_for_a_merger_is_found() -> None:
    made = given(village(), "labour", m0042=50)
    written(made, Posting("labour", "holder/0042", "holder/0043", 5), kind="transfer", reason="merger")
    assert problems(made) == [unmerged(made, MAY, "0042", "0043", "labour")]
    made.do(take_back(made.view.head.seq, booked_on=JUNE))
    assert problems(made) == []


def of_persons(**rights: Any) -> Village:
    made = village([preset("land", level="person", **rights)], charter=COLLECTIVE)
    made.do(allot("land", {"0051": 6, "0061": 6}, effective_on=FOUNDED))
    return made


def the_other_way(made: Village, seq: int) -> str:
    """What is told to be done about a record from before its class was recounted or held by others."""
    with pytest.raises(RegisterError):
        made.do(take_back(seq, booked_on=JULY))
    return (
        "let the shares pass the other way, as land is counted and held now, by movements with the reason correction "
        f"(record {seq} is from before that)"
    )


def split(factor: int = 10, digits: int | None = None) -> Decision:
    return redenominate("land", factor=factor, digits=digits, effective_on=JUNE, resolution=VOTE)


def corrected(number: str = "0051") -> Decision:
    return change_members([number], standing="member", effective_on=MAY, reason="correction")


def test_what_was_redeemed_by_mistake_and_recounted_since_comes_back_by_a_correction() -> None:
    made = of_persons()
    [record, _] = made.do(withdraw("0051", effective_on=MAY, reason="moved out", new_head="0052"))
    made.do(split(5, digits=1), corrected())
    mistake = "holder 0051: land: redeemed on 2026-05-01, when the membership ended, which was a mistake"
    told = [f"{mistake}: {the_other_way(made, record.seq)}"]
    assert problems(made) == told
    made.do(issue("land", to="0051", shares=299, effective_on=JUNE, reason="correction"))
    assert problems(made) == told
    made.do(issue("land", to="0051", shares=1, effective_on=JUNE, reason="quantification"))
    assert problems(made) == told
    [last] = made.do(issue("land", to="0051", shares=1, effective_on=JUNE, reason="correction"))
    assert problems(made) == []
    made.do(take_back(last.seq, booked_on=JULY))
    assert problems(made) == told


def test_what_passed_by_a_mistaken_merger_and_was_recounted_since_comes_back_by_a_correction() -> None:
    made = given(village(), "land", h18=50)
    [record] = made.do(transfer("land", holder="18", to="17", effective_on=MAY, reason="merger"))
    made.do(split())
    [told] = problems(made)
    assert told.endswith(f"'book household merge'), or {the_other_way(made, record.seq)}")
    made.do(issue("land", to="18", shares=500, effective_on=JUNE, reason="correction"))
    assert problems(made) == [told]  # for 17 has what passed still
    made.do(transfer("land", holder="17", to="18", shares=500, effective_on=JUNE, reason="correction"))
    assert problems(made) == []


def test_what_was_inherited_by_mistake_and_recounted_since_comes_back_by_a_correction() -> None:
    made = of_persons()
    made.do(die("0051", effective_on=MAY, new_head="0052"))
    made.do(transfer("land", holder="0051", to="0052", effective_on=MAY, reason="inheritance"), split(), corrected())
    assert problems(made) == ["holder 0051: land: inherited by 0052 on 2026-05-01, from the living"]
    made.do(transfer("land", holder="0052", to="0051", shares=60, effective_on=JUNE, reason="correction"))
    assert problems(made) == []


def test_what_was_spread_of_a_household_and_recounted_since_comes_back_by_corrections() -> None:
    made = village([preset("land", on_leaving="spread")], charter=COLLECTIVE)
    made.do(allot("land", {"17": 6, "18": 6, "19": 5}, effective_on=FOUNDED))
    [record, _] = made.do(withdraw("0061", effective_on=MAY, reason="moved out"))
    made.do(split(), corrected("0061"), move(["0061"], to="19", effective_on=MAY, reason="correction"))
    [told] = problems(made)
    assert told.endswith(f"0061 stay in it: record their leaving, or {the_other_way(made, record.seq)}")
    for number, quantity in (("17", 20), ("18", 20), ("0900", 10)):
        assert problems(made) == [told]
        made.do(transfer("land", holder=number, to="19", shares=quantity, effective_on=JUNE, reason="correction"))
    assert problems(made) == []


def test_what_was_redeemed_by_mistake_of_a_class_that_households_hold_by_now_comes_back_to_the_household() -> None:
    made = village([preset("land", level="person")], charter=COLLECTIVE)
    made.do(allot("land", {"0061": 5}, effective_on=FOUNDED))
    [record, _] = made.do(withdraw("0061", effective_on=MAY, reason="moved out"))
    made.do(change_class("land", level="household", effective_on=JUNE, reason="charter"))
    made.do(issue("land", to="17", shares=5, effective_on=JUNE))
    made.do(corrected("0061"), move(["0061"], to="19", effective_on=MAY, reason="correction"))
    [told] = problems(made)
    assert told.endswith(f"which was a mistake: {the_other_way(made, record.seq)}")
    made.do(issue("land", to="18", shares=5, effective_on=JUNE, reason="correction"))
    assert problems(made) == [told]
    made.do(issue("land", to="19", shares=5, effective_on=JUNE, reason="correction"))
    assert problems(made) == []


def test_a_holding_above_the_cap_is_found() -> None:
    made = village([preset("labour", cap=Fraction(1, 5))])
    made.do(allot("labour", dict.fromkeys(["0041", "0042", "0043", "0051", "0052"], 100), effective_on=FOUNDED))
    written(made, Posting("labour", "holder/0041", "holder/0042", 1))
    assert problems(made) == ["holder 0042: labour: 1.01 on 2026-05-01, more than the cap of 1/5, which is 1.00"]


def test_a_lot_below_zero_is_found() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=5, effective_on=FOUNDED, lot="2024"))
    written(made, Posting("labour", "holder/0042", "holder/0041", 5, lot="2025"))
    assert problems(made) == [
        "holder/0042: labour: lot 2025 stands at -0.05 on 2026-05-01: never below zero is expected",
    ]


def test_capital_that_is_not_shares_at_par_is_found_on_the_first_day_on_which_it_differs() -> None:
    made = given(village(), "cash", m0042=500)
    written(made, Posting("CNY", CAPITAL, BANK, 1))
    written(made, Posting("CNY", BANK, CAPITAL, 1), on=JUNE)
    assert problems(made) == [
        "c37:301: shows 500.01 yuan on 2026-05-01, paid-in shares at par are 500.00 yuan: the same is expected"
    ]


def test_capital_is_right_every_day_when_the_account_moves_to_another_chart() -> None:
    made = given(village(), "cash", m0042=500)
    changed(made, "cash", capital="c37:311")
    assert problems(made)[0].startswith("c37:301: shows 500.00 yuan on 2026-05-01, paid-in shares at par are 0.00 yuan")


def test_an_account_that_a_class_left_before_it_had_shares_there_has_other_money() -> None:
    made = village([preset("cash", capital="c37:301/a")])
    made.do(change_class("cash", capital="c37:301/b", effective_on=MAY, reason="charter"))
    made.do(issue("cash", to="0042", shares=500, effective_on=MAY, against=BANK))
    written(made, Posting("CNY", "c37:301/a", BANK, 7))
    assert problems(made) == []


def test_an_account_that_a_class_left_after_it_had_shares_there_still_counts() -> None:
    made = given(village([preset("cash", capital="c37:301/a")]), "cash", m0042=500)
    made.do(redeem("cash", holder="0042", effective_on=MAY, reason="correction", against=BANK))
    made.do(change_class("cash", capital="c37:301/b", effective_on=JUNE, reason="charter"))
    written(made, Posting("CNY", "c37:301/a", BANK, 7), on=JUNE)
    assert problems(made)[0].startswith("c37:301/a: shows 0.07 yuan on 2026-06-01, paid-in shares at par are 0.00 yuan")


def in_debit(fen: str, seq: int, on: date = MAY) -> str:
    """What is told of capital that went back, by a record, before it was booked."""
    return (
        f"c37:301: by the accounting dates {fen} yuan of capital stand in debit on {on}, by record {seq}: capital goes "
        f"back no earlier than it came; take that record back on that day (take_back, 'book reverse {seq} --on {on}'), "
        "and record it with a later accounting date"
    )


def test_capital_that_went_back_before_it_was_booked_is_found_until_it_is_booked_later() -> None:
    made = village()
    made.do(issue("cash", to="0042", shares=1000, effective_on=FOUNDED, booked_on=JUNE, against=BANK))
    back: dict[str, Any] = {"holder": "0042", "shares": 400, "effective_on": MAY, "reason": "buy-back", "against": BANK}
    [record] = made.do(redeem("cash", **back))
    assert [(one.account, one.closing_fen) for one in trial_balance(made.view, until=MAY)][1] == (CAPITAL, 400_00)
    assert problems(made) == [in_debit("400.00", record.seq)]
    made.do(take_back(record.seq, booked_on=MAY), redeem("cash", booked_on=JUNE, **back))
    assert problems(made) == []
    assert {one.closing_fen for one in trial_balance(made.view, until=MAY)} == {0}


def test_a_lower_par_value_that_is_booked_before_the_shares_is_found() -> None:
    made = village()
    made.do(issue("cash", to="0042", shares=1000, effective_on=FOUNDED, booked_on=JUNE, against=BANK))
    lower: dict[str, Any] = {"par_fen": 90, "effective_on": MAY, "reason": "loss", "resolution": VOTE}
    [_, record] = made.do(change_par_value("cash", against=SURPLUS, **lower))
    assert problems(made) == [in_debit("100.00", record.seq)]


def test_households_without_a_head_or_with_two_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"household": "17"}}, households={})
    made.do(
        Entry("note", MAY, MAY, personal={f"m/{number}": {"relation": "户主"} for number in ("0041", "0042")}),
    )
    assert problems(made) == [
        "household 18: from 2026-05-01 on 0052 live in it, and its head is 0051: one of them is expected",
        "household 17: 0041, 0042 are all its head by their personal data: one is expected",
    ]


def test_an_id_number_in_two_rows_is_found() -> None:
    made = village()
    rows = {f"m/{number}": {"id": "999999198001310014"} for number in ("0041", "0042")}
    made.do(Entry("note", MAY, MAY, personal=rows))
    assert problems(made) == ["member 0042: has the ID number of 0041: one is expected"]


def test_too_many_extra_votes_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"extra_votes": 9}}, households={})
    assert problems(made)[0].startswith(
        "votes: extra votes on 2026-05-01: 9; the charter allows at most 1 to 7 members"
    )


def test_extra_votes_are_looked_at_on_every_day() -> None:
    made = village()
    made.do(change_members(["0051"], effective_on=FOUNDED, reason="contribution", extra_votes=1))
    for number in ("0042", "0043", "0052"):
        made.do(die(number, effective_on=MAY))
    made.do(change_members(["0051"], effective_on=JUNE, reason="contribution", extra_votes=0))
    [told] = problems(made)
    assert told.startswith("votes: extra votes on 2026-05-01: 1; the charter allows at most 0 to 4 members (农民专业合")
    assert told.endswith("lower those of 0051 from that day on (change_members, 'book change-member --extra-votes')")


def test_a_household_that_somebody_moved_out_of_before_he_died_holds_nothing() -> None:
    made = given(village(charter=COLLECTIVE), "member", h18=5)
    for day, change in (
        (MAY, {"0052": {"household": "17"}}),
        (JUNE, {"0052": {"standing": "estate", "household": ""}}),
        (JUNE, {"0051": {"standing": "left", "household": ""}}),
    ):
        written(made, kind="member", on=day, members=change, households={})
    assert problems(made) == ["holder 18: member from 2026-06-01 on: held by somebody who has left"]


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ({"level": "household"}, "holder 0042: cash from 2026-05-01 on: held by a kind of holder that may not"),
        ({"holders": ["fund"]}, "holder 0042: cash from 2026-05-01 on: held by a kind of holder that may not"),
        ({"cap": 3}, "holder 0042: cash: 500 on 2026-05-01, more than the cap of 3, which is 3"),
    ],
)
def test_a_class_that_was_changed_under_its_holders_is_found(rights: dict[str, Any], words: str) -> None:
    made = given(village(), "cash", m0042=500)
    changed(made, "cash", **rights)
    assert problems(made) == [words]
