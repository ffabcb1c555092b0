"""Members: who is in the register on a day, and what a change may not leave behind."""

from datetime import date, timedelta
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.household import move
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import allot, freeze, issue, pledge, transfer, unfreeze
from coopledger.core.notice import give_notice
from coopledger.core.people import Household, roll
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import preset
from coopledger.errors import EntryError, RegisterError
from tests.core.village import (
    FOUNDED,
    JULY,
    JUNE,
    MAY,
    NEXT_YEAR,
    PEOPLE,
    VOTE,
    Village,
    empty,
    given,
    shares,
    village,
)


def household(made: Village, number: str, on: date) -> tuple[str, tuple[str, ...]]:
    now = roll(made.view, on).households[number]
    return now.head, now.members


# ---------------------------------------------------------------- admission


def test_the_register_has_persons_minors_collectives_and_enterprises() -> None:
    now = roll(village().view, FOUNDED)
    assert {one.kind for one in now.members.values()} == {"person", "collective", "enterprise"}
    assert now.households["17"] == Household("17", "0041", ("0041", "0042", "0043"))
    assert now.members["0901"].standing == "holder"


def test_many_are_admitted_together_and_stand_in_records_of_a_few_each() -> None:
    """Forty-five of fifteen households: what a database reads beside a record stays small."""
    made = empty()
    people = [Joiner(f"P{n}", household=f"H{n % 15}", head=n >= 30, personal={"name": f"成员{n}"}) for n in range(45)]
    joined = made.do(admit(*people, effective_on=FOUNDED))
    assert [len(one.facts["members"]) for one in joined] == [20, 20, 5]
    assert [len(one.personal) for one in joined] == [20, 20, 5]
    now = roll(made.view, FOUNDED)
    assert now.members.keys() == {one.number for one in people}
    assert now.households["H14"] == Household("H14", "P44", ("P14", "P29", "P44"))
    assert len(made.view.personal()) == 45
    assert audit_register(made.view) == []


def test_nobody_is_in_the_register_before_his_day() -> None:
    assert roll(village().view, date(2025, 12, 31)).members == {}


def test_a_number_belongs_to_one_member_or_one_household() -> None:
    made = village()
    for taken in ("0042", "17"):
        with pytest.raises(RegisterError, match=rf"{taken} is the number of a (member|household) already"):
            made.do(admit(Joiner(taken), effective_on=MAY))


def test_a_member_does_not_have_his_households_number() -> None:
    with pytest.raises(RegisterError, match="20 is a member's and a household's number: each needs its own"):
        admit(Joiner("20", household="20", head=True), effective_on=MAY)


def test_a_number_listed_twice_is_refused() -> None:
    with pytest.raises(RegisterError, match="member 0070 is listed twice"):
        admit(Joiner("0070"), Joiner("0070"), effective_on=MAY)


def test_a_household_needs_its_head() -> None:
    with pytest.raises(RegisterError, match="household 20 is not there on 2026-05-01: form it, with its head"):
        village().do(admit(Joiner("0070", household="20"), effective_on=MAY))


def test_two_heads_are_refused() -> None:
    with pytest.raises(RegisterError, match="household 20 has two heads, 0070 and 0071"):
        admit(Joiner("0070", household="20", head=True), Joiner("0071", household="20", head=True), effective_on=MAY)


def test_a_second_head_is_not_admitted_into_a_household() -> None:
    with pytest.raises(RegisterError, match="household 17 has two heads, 0041 and 0070"):
        village().do(admit(Joiner("0070", household="17", head=True), effective_on=MAY))


def test_an_enterprise_lives_in_no_household() -> None:
    with pytest.raises(RegisterError, match="household = '17': none, for it is of persons, is expected"):
        admit(Joiner("0070", "enterprise", household="17"), effective_on=MAY)


@pytest.mark.parametrize("number", ["a/b", "pool"])
def test_a_number_that_would_mix_up_accounts_is_refused(number: str) -> None:
    made = village()
    for one in (Joiner(number), Joiner("0070", household=number, head=True)):
        with pytest.raises(
            RegisterError, match=f"{number}: a number without '/', and not that of the pool, is expected"
        ):
            made.do(admit(one, effective_on=MAY))


def test_a_bride_marries_into_a_household_and_a_child_is_born() -> None:
    made = village()
    made.do(admit(Joiner("0044", household="17"), effective_on=MAY, reason="marriage"))
    made.do(admit(Joiner("0045", household="17"), effective_on=JUNE, reason="birth"))
    assert household(made, "17", MAY) == ("0041", ("0041", "0042", "0043", "0044"))
    assert household(made, "17", JUNE)[1][-1] == "0045"


def test_who_is_admitted_again_is_told_the_record_of_the_admission() -> None:
    made = village()
    [record] = made.view.records("member")
    with pytest.raises(RegisterError, match=rf"0042 is the number of a member already \(record {record.seq}\)"):
        made.do(admit(Joiner("0042"), effective_on=MAY))


# ---------------------------------------------------------------- death and leaving


def test_a_death_leaves_an_estate_and_the_household_its_shares() -> None:
    """生不增死不减: static management."""
    made = given(given(village(), "member", h17=3), "labour", m0041=2550)
    made.do(die("0041", effective_on=MAY, new_head="0042"))
    now = roll(made.view, MAY)
    assert (now.members["0041"].standing, now.members["0041"].reason) == ("estate", "death")
    assert household(made, "17", MAY) == ("0042", ("0042", "0043"))
    assert shares(made, "member", MAY) == {"17": 3}
    assert shares(made, "labour", MAY) == {"0041": 2550}


def test_an_estate_passes_by_inheritance_and_gets_nothing_new() -> None:
    made = given(village(), "labour", m0041=2550)
    made.do(die("0041", effective_on=MAY, new_head="0042"))
    with pytest.raises(RegisterError, match="0041 is no member on 2026-06-01: labour is issued to members"):
        made.do(issue("labour", to="0041", shares=1, effective_on=JUNE))
    made.do(transfer("labour", holder="0041", to="0042", effective_on=JUNE, reason="inheritance"))
    assert shares(made, "labour", JUNE) == {"0042": 2550}


@pytest.mark.parametrize(
    ("movement", "words"),
    [
        (issue("labour", to="0041", shares=1, effective_on=JULY), "got"),
        (transfer("labour", holder="0051", to="0041", effective_on=JULY, reason="sale"), "got"),
        (transfer("labour", holder="0041", to="0051", effective_on=JULY, reason="gift"), "sold, given or pledged"),
        (pledge("labour", holder="0041", shares=1, creditor="信用社", effective_on=JULY), "sold, given or pledged"),
    ],
)
def test_a_death_before_what_the_dead_did_is_refused(movement: Decision, words: str) -> None:
    made = given(village([preset("labour", passes_to="members")]), "labour", m0041=50, m0051=50)
    made.do(movement)
    with pytest.raises(RegisterError, match=f"labour of record 9 would be {words} on 2026-07-01, after the death"):
        made.do(die("0041", new_head="0042", effective_on=JUNE))
    made.do(take_back(9, booked_on=JULY), die("0041", new_head="0042", effective_on=JUNE))
    assert audit_register(made.view) == []


def test_a_death_on_the_day_of_a_sale_or_after_it_is_recorded() -> None:
    made = given(village([preset("labour", passes_to="members")]), "labour", m0041=50)
    made.do(transfer("labour", holder="0041", to="0051", shares=5, effective_on=JUNE, reason="sale"))
    made.do(die("0041", new_head="0042", effective_on=JUNE))
    assert audit_register(made.view) == []


@pytest.mark.parametrize(
    "movement",
    [
        transfer("labour", holder="0041", to="0051", shares=5, effective_on=JUNE, reason="sale"),
        transfer("labour", holder="0041", to="0051", shares=5, effective_on=JUNE, reason="gift"),
        pledge("labour", holder="0041", shares=5, creditor="信用社", effective_on=JUNE),
    ],
)
@pytest.mark.parametrize("death_first", [False, True])
def test_what_somebody_did_on_the_day_of_his_death_is_recorded_before_the_death_or_after_it(
    movement: Decision, death_first: bool
) -> None:
    """He did it alive: what counts for the day came before the death."""
    made = given(village([preset("labour", passes_to="members")]), "labour", m0041=50)
    death = die("0041", new_head="0042", effective_on=JUNE)
    made.do(*([death, movement] if death_first else [movement, death]))
    assert audit_register(made.view) == []


def test_a_household_that_died_out_sold_something_on_that_day() -> None:
    made = given(village(), "land", h19=50)
    made.do(die("0061", effective_on=JUNE))
    made.do(transfer("land", holder="19", to="18", shares=5, effective_on=JUNE, reason="sale"))
    assert audit_register(made.view) == []
    with pytest.raises(RegisterError, match="19 has died: what an estate has passes by inheritance"):
        made.do(transfer("land", holder="19", to="18", shares=5, effective_on=JUNE + timedelta(1), reason="sale"))


def test_a_death_before_what_an_estate_may_do_is_recorded() -> None:
    made = given(village(), "labour", m0041=50, m0042=50)
    made.do(transfer("labour", holder="0041", to="0051", shares=5, effective_on=JULY, reason="court order"))
    made.do(freeze("labour", holder="0041", shares=5, effective_on=JULY, reason="dispute"))
    made.do(die("0041", new_head="0042", effective_on=MAY))
    made.do(unfreeze("labour", holder="0041", shares=5, effective_on=JULY, reason="settlement"))
    made.do(transfer("labour", holder="0041", to="0042", effective_on=JULY, reason="inheritance"))
    assert audit_register(made.view) == []


def test_the_last_of_a_household_does_not_die_before_it_got_shares() -> None:
    made = village()
    made.do(issue("member", to="19", shares=2, effective_on=JULY))
    with pytest.raises(RegisterError, match="19: member of record 19 would be got on 2026-07-01, after the death"):
        made.do(die("0061", effective_on=JUNE))


def test_nobody_joins_a_household_before_it_was_inherited() -> None:
    made = given(village(), "member", h19=2)
    made.do(die("0061", effective_on=MAY))
    made.do(transfer("member", holder="19", to="18", effective_on=JULY, reason="inheritance"))
    with pytest.raises(RegisterError, match="19: member of record 21 would be inherited by 18 on 2026-07-01, from the"):
        made.do(admit(Joiner("0070", household="19", head=True), effective_on=JUNE))


def test_who_did_not_die_after_all_lives_again_before_the_inheritance_is_taken_back() -> None:
    made = given(village(), "labour", m0042=50)
    made.do(die("0042", effective_on=MAY))
    made.do(transfer("labour", holder="0042", to="0041", effective_on=JUNE, reason="inheritance"))
    inherited = made.view.head.seq
    made.do(change_members(["0042"], effective_on=MAY, reason="correction", standing="member"))
    assert len(audit_register(made.view)) == 1
    made.do(take_back(inherited, booked_on=JUNE))
    assert audit_register(made.view) == []


def test_a_book_that_breaks_the_rule_already_takes_other_changes() -> None:
    made = given(village(), "labour", m0042=50)
    made.do(die("0042", effective_on=MAY))
    sold = Posting("labour", "holder/0042", "holder/0041", 5)
    made.do(Entry("transfer", JUNE, JUNE, {"class": "labour", "reason": "sale"}, [sold]))
    made.do(die("0041", effective_on=JULY, new_head="0043"))
    assert roll(made.view, JULY).members["0041"].standing == "estate"


def test_the_last_of_a_household_leaves_its_shares_as_an_estate() -> None:
    made = given(village(), "member", h19=1)
    made.do(die("0061", effective_on=MAY))
    assert shares(made, "member", MAY) == {"19": 1}


def test_a_household_is_no_estate_because_somebody_died_who_had_moved_out() -> None:
    made = given(village(charter=COLLECTIVE), "member", h18=5)
    made.do(
        move(["0052"], to="17", effective_on=MAY, reason="marriage"),
        die("0052", effective_on=JUNE),
    )
    with pytest.raises(RegisterError, match="18 holds member on 2026-07-01 or later"):
        made.do(leave("0051", effective_on=JULY, reason="moved out"))


def test_a_household_is_no_estate_when_the_last_one_moved_out_after_a_death() -> None:
    made = given(village(charter=COLLECTIVE), "member", h18=5)
    made.do(die("0052", effective_on=MAY))
    with pytest.raises(RegisterError, match="18 holds member on 2026-07-01 or later"):
        made.do(leave("0051", effective_on=JULY, reason="moved out"))
    made.do(die("0051", effective_on=JULY))
    assert shares(made, "member") == {"18": 5}


def test_nobody_moves_into_a_household_after_his_death() -> None:
    made = village()
    made.do(move(["0052"], to="17", effective_on=JUNE, reason="marriage"))
    with pytest.raises(
        RegisterError, match="0052 would live in household 17 on 2026-06-01, and the register has estate"
    ):
        made.do(die("0052", effective_on=MAY))


def test_the_dead_do_not_become_members_but_a_mistake_is_corrected() -> None:
    made = village()
    made.do(die("0052", effective_on=MAY))
    with pytest.raises(RegisterError, match="0052 has died and would be member from 2026-06-01 on"):
        made.do(change_members(["0052"], effective_on=JUNE, reason="x", standing="member"))
    made.do(
        change_members(["0052"], effective_on=MAY, reason="correction", standing="member"),
        move(["0052"], to="18", effective_on=MAY, reason="correction"),
    )
    assert household(made, "18", MAY) == ("0051", ("0051", "0052"))
    made.do(change_members(["0901"], effective_on=JUNE, reason="resolution", standing="member"))
    with pytest.raises(RegisterError, match="0901 has died and would be member from 2026-06-01 on"):
        made.do(die("0901", effective_on=MAY))


def test_a_membership_does_not_end_by_a_change_of_standing() -> None:
    made = village()
    with pytest.raises(RegisterError, match="0042 is a member: a membership ends by leaving"):
        made.do(change_members(["0042"], effective_on=MAY, reason="x", standing="holder"))


def test_a_change_of_nothing_and_a_leaving_of_nobody_are_refused() -> None:
    with pytest.raises(RegisterError, match="no change is named, of standing, groups or extra votes"):
        change_members(["0042"], effective_on=MAY, reason="resolution")
    with pytest.raises(RegisterError, match="leave: nobody is named: there is nothing to record"):
        village().do(leave(new_heads={"17": "0042"}, effective_on=MAY, reason="moved out"))


def test_what_was_taken_back_is_not_in_the_way_of_a_leaving() -> None:
    """Neither for a member nor for the household of which he is the last."""
    made = village()
    for cls, to in (("labour", "0061"), ("land", "19")):
        [mistake] = made.do(issue(cls, to=to, shares=50, effective_on=date(2026, 8, 1)))
        with pytest.raises(RegisterError, match=rf"{to} holds {cls} on 2026-07-01 or later"):
            made.do(leave("0061", effective_on=JULY, reason="dissolution"))
        made.do(take_back(mistake.seq, booked_on=date(2026, 8, 2)))
    made.do(leave("0061", effective_on=JULY, reason="dissolution"))
    assert roll(made.view, JULY).members["0061"].standing == "left"
    assert audit_register(made.view) == []


def test_a_part_that_was_taken_back_leaves_the_rest_in_the_way() -> None:
    made = village()
    [mistake] = made.do(issue("labour", to="0061", shares=50, effective_on=date(2026, 8, 1)))
    unissued, held = mistake.postings[0].source, mistake.postings[0].target
    part = [Posting("labour", held, unissued, 20, mistake.seq, 0)]
    made.do(Entry("reversal", date(2026, 8, 1), date(2026, 8, 2), {"reverses": mistake.seq}, part))
    with pytest.raises(RegisterError, match="0061 holds labour on 2026-07-01 or later"):
        made.do(leave("0061", effective_on=JULY, reason="dissolution"))


def test_what_passes_within_a_day_through_who_left_is_in_the_way() -> None:
    made = village()
    made.do(issue("labour", to="0061", shares=50, effective_on=date(2026, 8, 1)))
    made.do(transfer("labour", holder="0061", to="0051", effective_on=date(2026, 8, 1), reason="correction"))
    with pytest.raises(RegisterError, match="0061 holds labour on 2026-07-01 or later"):
        made.do(leave("0061", effective_on=JULY, reason="dissolution"))


def test_shares_of_who_came_back_are_not_in_the_way_of_an_earlier_leaving() -> None:
    made = village()
    made.do(leave("0061", effective_on=JULY, reason="dissolution"))
    made.do(change_members(["0061"], standing="member", effective_on=NEXT_YEAR, reason="resolution"))
    made.do(issue("labour", to="0061", shares=50, effective_on=NEXT_YEAR))
    made.do(leave("0061", effective_on=JUNE, reason="dissolution"))
    assert roll(made.view, JUNE).members["0061"].standing == "left"
    assert roll(made.view, NEXT_YEAR).members["0061"].standing == "member"
    assert audit_register(made.view) == []


@pytest.mark.parametrize("standing", ["left", "estate", "guest", ["member"]])
@pytest.mark.parametrize("reason", ["x", "correction"])
def test_nobody_leaves_or_dies_by_a_change_of_standing(standing: Any, reason: str) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match="one of member, holder is accepted; who leaves is recorded by leave"):
        village().do(change_members(["0042"], effective_on=MAY, reason=reason, standing=standing))


def test_who_still_holds_shares_cannot_leave() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0042=100)
    with pytest.raises(RegisterError, match="0042 holds labour on 2026-05-01 or later: who leaves holds nothing"):
        made.do(leave("0042", effective_on=MAY, reason="moved out"))
    made.do(leave("0042", effective_on=MAY, reason="moved out", keeps_shares=True))
    assert roll(made.view, MAY).members["0042"].standing == "holder"


def test_a_backdated_leaving_that_would_orphan_later_holdings_is_refused() -> None:
    made = village(charter=COLLECTIVE)
    made.do(issue("labour", to="0042", shares=100, effective_on=JUNE))
    with pytest.raises(RegisterError, match="0042 holds labour on 2026-05-01 or later"):
        made.do(leave("0042", effective_on=MAY, reason="moved out"))


def test_who_gets_shares_later_cannot_leave_before_even_if_some_came_and_went_on_the_day() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0051=5)
    made.do(
        transfer("labour", holder="0051", to="0042", effective_on=MAY, reason="gift"),
        transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="gift"),
        transfer("labour", holder="0051", to="0042", effective_on=JUNE, reason="gift"),
    )
    with pytest.raises(RegisterError, match="0042 holds labour on 2026-05-01 or later"):
        made.do(leave("0042", effective_on=MAY, reason="moved out"))


def test_who_gives_shares_away_may_leave_that_day_whatever_the_receivers_number() -> None:
    made = village([preset("labour")], [Joiner("1"), Joiner("11")], charter=COLLECTIVE)
    made.do(
        issue("labour", to="1", shares=5, effective_on=FOUNDED),
        transfer("labour", holder="1", to="11", effective_on=JUNE, reason="gift"),
        leave("1", effective_on=JUNE, reason="moved out"),
    )
    assert shares(made, "labour") == {"11": 5}


def test_the_last_of_a_household_that_holds_shares_cannot_leave() -> None:
    made = given(village(charter=COLLECTIVE), "member", h19=1)
    with pytest.raises(RegisterError, match="19 holds member"):
        made.do(leave("0061", effective_on=MAY, reason="moved out"))


@pytest.mark.parametrize("died", [False, True])
def test_a_leaving_before_another_that_was_corrected_counts_for_good(*, died: bool) -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JULY, reason="moved out"))
    made.do(change_members(["0042"], standing="member", effective_on=JULY, reason="correction"))
    made.do(die("0042", effective_on=MAY) if died else leave("0042", effective_on=MAY, reason="exclusion"))
    standing = "estate" if died else "left"
    assert [roll(made.view, on).members["0042"].standing for on in (MAY, JUNE, JULY)] == [standing] * 3


def test_many_leave_for_good_before_leavings_that_were_corrected() -> None:
    made = empty(charter=COLLECTIVE)
    people = [f"P{n}" for n in range(24)]
    homes = {f"H{n}": [f"P{n}", f"P{n + 12}"] for n in range(12)}  # whose two stand in different records
    joiners = [Joiner(number, household=f"H{n % 12}", head=n < 12) for n, number in enumerate(people)]
    made.do(admit(*joiners, effective_on=FOUNDED))
    made.do(leave(*people, effective_on=JULY, reason="dissolution"))
    made.do(change_members(people, standing="member", effective_on=JULY, reason="correction"))
    for home, living in homes.items():
        made.do(move(living, to=home, effective_on=JULY, reason="correction"))
    made.do(leave(*people, effective_on=MAY, reason="dissolution"))
    assert {one.standing for one in roll(made.view, JULY).members.values()} == {"left"}


def test_a_leaving_before_somebody_joined_again_is_recorded() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    made.do(change_members(["0042"], standing="member", effective_on=JULY, reason="resolution"))
    made.do(change_members(["0042"], standing="member", effective_on=JUNE, reason="correction"))
    made.do(leave("0042", effective_on=JUNE, reason="exclusion"))
    assert [roll(made.view, on).members["0042"].standing for on in (JUNE, JULY)] == ["left", "member"]


def test_who_has_left_is_in_the_register_of_the_days_before() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=MAY, reason="joined another collective", resolution=VOTE))
    assert roll(made.view, date(2026, 4, 30)).members["0042"].standing == "member"
    assert roll(made.view, MAY).members["0042"].standing == "left"
    with pytest.raises(RegisterError, match="0042 is no member on 2026-06-01"):
        made.do(leave("0042", effective_on=JUNE, reason="moved out"))


# ---------------------------------------------------------------- changes, refusals


def test_the_head_of_no_household_dies_without_a_successor() -> None:
    with pytest.raises(RegisterError, match="0900 lives in no household: 0041 cannot be its new head"):
        village().do(die("0900", effective_on=MAY, new_head="0041"))


def test_the_register_outlives_an_erasure() -> None:
    made = village()
    made.journal.erase(["m/0041"], key="erasure", actor="accountant", on=MAY)
    assert household(made, "17", MAY)[0] == "0041"
    assert "m/0041" not in made.view.personal()


def test_a_repeated_admission_is_harmless() -> None:
    made = empty()
    decision = admit(*PEOPLE, effective_on=FOUNDED)
    first = made.journal.append(decision, key="people", actor="accountant")
    assert made.journal.append(admit(*PEOPLE, effective_on=FOUNDED), key="people", actor="accountant") == first


def test_what_is_said_of_a_stranger_is_refused() -> None:
    made = village()
    for decision in (
        give_notice("0777", effective_on=MAY),
        change_members(["0777"], effective_on=MAY, reason="resolution", standing="member"),
        die("0777", effective_on=MAY),
        move(["0777"], to="18", effective_on=MAY, reason="marriage"),
    ):
        with pytest.raises(RegisterError, match="0777 is not in the register on 2026-05-01"):
            made.do(decision)


def test_a_household_does_not_get_a_members_number() -> None:
    with pytest.raises(RegisterError, match="0042 is the number of a member already"):
        village().do(admit(Joiner("0070", household="0042", head=True), effective_on=MAY))


@pytest.mark.parametrize(
    ("joiner", "said"),
    [
        (Joiner("0070", "ghost"), "kind = 'ghost': one of person, "),  # type: ignore[arg-type]
        (Joiner("0070", standing="estate"), "standing = 'estate': one of member, holder is expected"),
        (Joiner("0070", household="17", head=1), "head = 1: True or False"),  # type: ignore[arg-type]
        (Joiner("0070", head=True), "household = '': the household of which the joiner is the head is expected"),
    ],
)
def test_of_a_joiner_that_cannot_be_meant_what_would_be_accepted_is_said(joiner: Joiner, said: str) -> None:
    with pytest.raises(RegisterError, match=f"joiner 0070: {said}"):
        admit(joiner, effective_on=MAY)


def test_a_group_has_a_code() -> None:
    with pytest.raises(EntryError, match="is not a code"):
        admit(Joiner("0070", groups=("poor of 2016",)), effective_on=MAY)


def test_an_outside_holder_becomes_a_member() -> None:
    made = village()
    made.do(change_members(["0901"], effective_on=MAY, reason="resolution", standing="member", groups=["founders"]))
    now = roll(made.view, MAY).members["0901"]
    assert (now.standing, now.groups, now.since) == ("member", ("founders",), FOUNDED)


def test_a_verb_that_names_nobody_records_nothing() -> None:
    made = village()
    for verb in (
        admit(effective_on=FOUNDED),
        leave(effective_on=FOUNDED, reason="moved out"),
        change_members([], groups=["poor"], effective_on=FOUNDED, reason="resolution"),
        move([], to="18", effective_on=FOUNDED, reason="marriage"),
    ):
        with pytest.raises(RegisterError, match="nobody is named: there is nothing to record"):
            made.do(verb)
    with pytest.raises(RegisterError, match="issue: nobody is named: there is nothing to record"):
        allot("land", {}, effective_on=FOUNDED)
