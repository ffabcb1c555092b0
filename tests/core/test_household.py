"""Households: one head on any day, and nobody in two."""

from datetime import date

import pytest

from coopledger.core.household import change_head, form_household, merge_households, move
from coopledger.core.journal import Entry
from coopledger.core.member import Joiner, admit, change_members, leave, note_personal
from coopledger.core.movement import transfer
from coopledger.core.people import roll
from coopledger.core.register_audit import audit_register
from coopledger.errors import RegisterError
from tests.core.village import FOUNDED, JULY, JUNE, MAY, NEXT_YEAR, PAPER, Village, given, shares, village


def household(made: Village, number: str, on: date) -> tuple[str, tuple[str, ...]]:
    now = roll(made.view, on).households[number]
    return now.head, now.members


def test_a_household_splits() -> None:
    made = village()
    made.do(form_household("20", head="0042", members=["0043"], effective_on=MAY, documents=[PAPER]))
    assert household(made, "17", MAY) == ("0041", ("0041",))
    assert household(made, "20", MAY) == ("0042", ("0042", "0043"))
    assert household(made, "17", date(2026, 4, 30)) == ("0041", ("0041", "0042", "0043"))


def test_a_head_who_moves_out_needs_a_successor() -> None:
    made = village()
    with pytest.raises(
        RegisterError, match="household 17 would be without a head on 2026-05-01, for 0041 is not in it"
    ):
        made.do(form_household("20", head="0041", effective_on=MAY))
    made.do(form_household("20", head="0041", new_heads={"17": "0042"}, effective_on=MAY))
    assert household(made, "17", MAY) == ("0042", ("0042", "0043"))


def test_a_household_cannot_have_two_numbers_or_a_stranger_as_head() -> None:
    made = village()
    with pytest.raises(RegisterError, match="18 is the number of a household already"):
        made.do(form_household("18", head="0042", effective_on=MAY))
    with pytest.raises(RegisterError, match="household 17 would be without a head"):
        made.do(change_head("17", head="0051", effective_on=MAY))


def test_somebody_moves_to_another_household_and_is_in_one_only() -> None:
    made = village()
    made.do(move(["0042"], to="18", effective_on=MAY, reason="marriage"))
    now = roll(made.view, MAY)
    assert [one.number for one in now.households.values() if "0042" in one.members] == ["18"]


def test_households_merge_once_they_hold_nothing() -> None:
    made = given(village(), "member", h19=1, h18=2)
    with pytest.raises(RegisterError, match="19 holds member on 2026-05-01 or later"):
        made.do(merge_households("19", into="18", effective_on=MAY))
    made.do(
        transfer("member", holder="19", to="18", effective_on=MAY, reason="merger"),
        merge_households("19", into="18", effective_on=MAY),
    )
    assert household(made, "18", MAY) == ("0051", ("0051", "0052", "0061"))
    assert roll(made.view, MAY).households["19"].members == ()
    assert shares(made, "member", MAY) == {"18": 3}


def test_a_household_merges_into_the_one_that_got_its_shares() -> None:
    made = given(village(), "member", h19=1)
    made.do(transfer("member", holder="19", to="18", effective_on=MAY, reason="merger"))
    with pytest.raises(RegisterError, match="19: member of record 20 would be passed to 18 on 2026-05-01 by merger"):
        made.do(merge_households("19", into="17", effective_on=MAY))
    made.do(merge_households("19", into="18", effective_on=MAY))
    assert audit_register(made.view) == []


def test_a_move_that_would_undo_a_division_is_refused() -> None:
    made = given(village(), "member", h17=5)
    made.do(
        move(["0042"], to="18", effective_on=JUNE, reason="divorce"),
        transfer("member", holder="17", to="18", shares=2, effective_on=JUNE, reason="household division"),
    )
    with pytest.raises(RegisterError, match="member of record 21 would be passed to 18 on 2026-06-01 by household"):
        made.do(move(["0042"], to="19", effective_on=MAY, reason="marriage"))


def test_a_household_does_not_get_a_second_head_by_the_personal_rows() -> None:
    made = village()
    made.do(note_personal({number: {"relation": "户主"} for number in ("0041", "0051")}, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="0041, 0051 would all be the head of household 17 by their personal data"):
        made.do(merge_households("18", into="17", effective_on=MAY))
    with pytest.raises(RegisterError, match="0041, 0042 would all be the head of household 17"):
        made.do(note_personal({"0042": {"relation": "户主"}}, effective_on=MAY))
    with pytest.raises(RegisterError, match="0041, 0070 would all be the head of household 17"):
        made.do(admit(Joiner("0070", household="17", personal={"relation": "户主"}), effective_on=MAY))
    told = {"relation": "户主"}
    new = (Joiner("0081", household="20", head=True, personal=told), Joiner("0082", household="20", personal=told))
    with pytest.raises(RegisterError, match="0081, 0082 would all be the head of household 20"):
        made.do(admit(*new, effective_on=MAY))
    heads = {"17": "0042", "18": "0052"}
    with pytest.raises(RegisterError, match="0041, 0051 would all be the head of household 20"):
        made.do(form_household("20", head="0041", members=["0051"], new_heads=heads, effective_on=MAY))
    made.do(merge_households("18", into="17", effective_on=MAY, personal={"0051": {"relation": "兄弟"}}))
    assert audit_register(made.view) == []


def test_two_heads_that_were_there_before_are_in_nobodys_way() -> None:
    made = village()
    made.do(Entry("note", MAY, MAY, personal={f"m/{number}": {"relation": "户主"} for number in ("0041", "0042")}))
    made.do(note_personal({"0042": {"phone": "13800000000"}}, effective_on=MAY))
    made.do(move(["0043"], to="18", effective_on=MAY, reason="adoption"))
    assert household(made, "18", MAY)[0] == "0051"
    assert made.view.personal(["m/0042"])["m/0042"]["phone"] == "13800000000"


def test_the_head_changes_with_the_relations() -> None:
    made = village()
    rows = {"0042": {"relation": "户主"}, "0041": {"relation": "父亲"}}
    made.do(change_head("17", head="0042", effective_on=MAY, personal=rows))
    assert household(made, "17", MAY)[0] == "0042"
    assert made.view.personal(["m/0042"])["m/0042"] == {"name": "成员乙", "birth": "1985-05-05", "relation": "户主"}


def test_a_household_nobody_lives_in_is_none() -> None:
    made = village()
    with pytest.raises(RegisterError, match="77: no such household on 2026-05-01"):
        made.do(change_head("77", head="0042", effective_on=MAY))
    with pytest.raises(RegisterError, match="77: no such household on 2026-05-01"):
        made.do(move(["0042"], to="77", effective_on=MAY, reason="marriage"))
    with pytest.raises(RegisterError, match="77: no such household on 2026-05-01"):
        made.do(merge_households("17", into="77", effective_on=MAY))


def test_a_reason_nobody_knows_is_refused() -> None:
    with pytest.raises(RegisterError, match="'boredom' is no reason here: marriage, divorce"):
        village().do(move(["0042"], to="18", effective_on=MAY, reason="boredom"))


def test_a_backdated_move_that_would_leave_a_later_household_without_its_head_is_refused() -> None:
    made = village()
    made.do(change_head("17", head="0042", effective_on=JULY))
    with pytest.raises(
        RegisterError, match="household 17 would be without a head on 2026-07-01, for 0042 is not in it"
    ):
        made.do(move(["0042"], to="18", effective_on=MAY, reason="marriage"))


def test_a_move_to_where_one_lives_is_nothing() -> None:
    with pytest.raises(
        RegisterError, match="0042 lives in household 17 on 2026-05-01 already: there is nothing to record"
    ):
        village().do(move(["0042"], to="17", effective_on=MAY, reason="marriage"))
    with pytest.raises(RegisterError, match="0041 is the head of household 17 on 2026-05-01 already: there is nothing"):
        village().do(change_head("17", head="0041", effective_on=MAY))
    with pytest.raises(RegisterError, match="household 17 cannot be merged into itself"):
        merge_households("17", into="17", effective_on=MAY)


@pytest.mark.parametrize("reason", ["agreement", "incapacity", "correction"])
def test_a_household_has_another_head_for_a_reason(reason: str) -> None:
    made = village()
    [record] = made.do(change_head("17", head="0042", effective_on=MAY, reason=reason))
    assert record.facts["reason"] == reason
    with pytest.raises(RegisterError, match="'marriage' is no reason here: agreement, incapacity"):
        change_head("17", head="0042", effective_on=MAY, reason="marriage")


def test_a_household_is_one_household_however_its_letters_are_composed() -> None:
    made = village()
    made.do(
        form_household("e\u0301", head="0042", effective_on=MAY),
        move(["0043"], to="e\u0301", effective_on=MAY, reason="adoption"),
        change_head("e\u0301", head="0043", effective_on=MAY),
    )
    assert household(made, "\u00e9", MAY) == ("0043", ("0042", "0043"))
    with pytest.raises(RegisterError, match="\u00e9 is the number of a household already"):
        made.do(form_household("\u00e9", head="0052", effective_on=MAY))
    made.do(merge_households("e\u0301", into="18", effective_on=JULY))
    assert household(made, "18", JULY)[1] == ("0042", "0043", "0051", "0052")


@pytest.mark.parametrize("number", ["17/2", "pool"])
def test_a_household_has_no_number_that_would_mix_up_accounts(number: str) -> None:
    with pytest.raises(RegisterError, match=f"{number}: a number without '/', and not that of the pool, is expected"):
        village().do(form_household(number, head="0042", effective_on=MAY))


def test_an_id_number_that_another_member_has_is_not_written_with_a_move() -> None:
    made = village()
    made.do(note_personal({"0041": {"id": "999999198001310014"}}, effective_on=MAY))
    with pytest.raises(RegisterError, match="0041 and 0042 have the same ID number"):
        made.do(
            move(
                ["0042"], to="18", effective_on=MAY, reason="marriage", personal={"0042": {"id": "999999198001310014"}}
            )
        )


def test_the_last_of_a_household_who_left_by_mistake_returns_into_it() -> None:
    made = village()
    made.do(leave("0061", effective_on=NEXT_YEAR, reason="exclusion"))
    made.do(change_members(["0061"], standing="member", effective_on=NEXT_YEAR, reason="correction"))
    with pytest.raises(RegisterError, match="19: no such household on 2027-01-01"):
        made.do(move(["0061"], to="19", effective_on=NEXT_YEAR, reason="marriage"))
    with pytest.raises(RegisterError, match="household 19 would be without a head on 2027-01-01, for 0061 is not in"):
        made.do(move(["0042"], to="19", effective_on=NEXT_YEAR, reason="correction"))
    made.do(move(["0061"], to="19", effective_on=NEXT_YEAR, reason="correction"))
    assert household(made, "19", NEXT_YEAR) == ("0061", ("0061",))
    with pytest.raises(RegisterError, match="20: no such household on 2027-01-01"):
        made.do(move(["0061"], to="20", effective_on=NEXT_YEAR, reason="correction"))
