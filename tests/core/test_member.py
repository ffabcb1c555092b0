"""Members: who is in the register on a day, and what a change may not leave behind."""

from datetime import date

import pytest

from coopledger.core.charter import COLLECTIVE, SPECIALISED
from coopledger.core.household import move
from coopledger.core.member import (
    Household,
    Joiner,
    admit,
    change_members,
    die,
    give_notice,
    is_minor,
    last_day,
    leave,
    note_personal,
    roll,
)
from coopledger.core.movement import issue, transfer
from coopledger.core.share_class import preset
from coopledger.errors import EntryError, RegisterError
from tests.core.village import FOUNDED, JUNE, MAY, PAPER, PEOPLE, VOTE, Village, empty, given, shares, village


def household(made: Village, number: str, on: date) -> tuple[str, tuple[str, ...]]:
    now = roll(made.view, on).households[number]
    return now.head, now.members


# ---------------------------------------------------------------- admission


def test_the_register_has_persons_minors_collectives_and_enterprises() -> None:
    now = roll(village().view, FOUNDED)
    assert {one.kind for one in now.members.values()} == {"person", "collective", "enterprise"}
    assert now.households["17"] == Household("17", "0041", ("0041", "0042", "0043"))
    assert now.members["0901"].standing == "holder"


def test_nobody_is_in_the_register_before_his_day() -> None:
    assert roll(village().view, date(2025, 12, 31)).members == {}


def test_names_and_birth_dates_are_in_personal_rows_and_not_in_facts() -> None:
    made = village()
    [record] = made.view.records("member")
    assert "成员甲" not in str(record.facts)
    assert "1960" not in str(record.facts)
    assert made.view.personal(["m/0041"])["m/0041"] == {"name": "成员甲", "birth": "1960-01-01"}


def test_a_number_belongs_to_one_member_or_one_household() -> None:
    made = village()
    for taken in ("0042", "17"):
        with pytest.raises(RegisterError, match=rf"{taken} is the number of a (member|household) already"):
            made.do(admit(Joiner(taken), effective_on=MAY))


def test_a_member_does_not_have_his_households_number() -> None:
    with pytest.raises(RegisterError, match="20 is the number of a household already"):
        admit(Joiner("20", household="20", head=True), effective_on=MAY)


def test_a_number_listed_twice_is_refused() -> None:
    with pytest.raises(RegisterError, match="member 0070 is listed twice"):
        admit(Joiner("0070"), Joiner("0070"), effective_on=MAY)


def test_duplicate_id_numbers_are_refused_and_the_message_does_not_show_them() -> None:
    number = "999999198001310014"
    made = village()
    made.do(admit(Joiner("0070", personal={"id": number}), effective_on=MAY))
    again = Joiner("0071", personal={"id": "９９９９９９ 19800131 0014"})
    with pytest.raises(RegisterError, match="0070 and 0071 have the same ID number") as error:
        made.do(admit(again, effective_on=MAY))
    assert number not in str(error.value)
    with pytest.raises(RegisterError, match="0070 and 0041"):
        made.do(note_personal({"0041": {"id": number}}, effective_on=MAY))


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
    with pytest.raises(RegisterError, match="household = '17' cannot be meant"):
        admit(Joiner("0070", "enterprise", household="17"), effective_on=MAY)


@pytest.mark.parametrize("number", ["a/b", "pool"])
def test_a_number_that_would_mix_up_accounts_is_refused(number: str) -> None:
    with pytest.raises(RegisterError, match=r"number = .* cannot be meant"):
        admit(Joiner(number), effective_on=MAY)


def test_a_bride_marries_into_a_household_and_a_child_is_born() -> None:
    made = village()
    made.do(admit(Joiner("0044", household="17"), effective_on=MAY, reason="marriage"))
    made.do(admit(Joiner("0045", household="17"), effective_on=JUNE, reason="birth"))
    assert household(made, "17", MAY) == ("0041", ("0041", "0042", "0043", "0044"))
    assert household(made, "17", JUNE)[1][-1] == "0045"


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
    with pytest.raises(RegisterError, match="0041 is no member on 2026-06-01 and can get no shares"):
        made.do(issue("labour", to="0041", shares=1, effective_on=JUNE))
    made.do(transfer("labour", holder="0041", to="0042", effective_on=JUNE, reason="inheritance"))
    assert shares(made, "labour", JUNE) == {"0042": 2550}


def test_the_last_of_a_household_leaves_its_shares_as_an_estate() -> None:
    made = given(village(), "member", h19=1)
    made.do(die("0061", effective_on=MAY))
    assert shares(made, "member", MAY) == {"19": 1}


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


def test_who_has_left_is_in_the_register_of_the_days_before() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=MAY, reason="joined another collective", resolution=VOTE))
    assert roll(made.view, date(2026, 4, 30)).members["0042"].standing == "member"
    assert roll(made.view, MAY).members["0042"].standing == "left"
    with pytest.raises(RegisterError, match="0042 is no member on 2026-06-01"):
        made.do(leave("0042", effective_on=JUNE, reason="moved out"))


def test_notice_of_three_months_ends_with_the_accounting_year() -> None:
    """农民专业合作社法 25: three months before the end of the accounting year, with which membership ends."""
    assert last_day(date(2026, 9, 30), 3) == date(2026, 12, 31)
    assert last_day(date(2026, 10, 1), 3) == date(2027, 12, 31)
    made = village(charter=SPECIALISED)
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01, last notice -: notice is given 3 months"):
        made.do(leave("0042", effective_on=date(2027, 1, 1), reason="withdrawal"))
    made.do(give_notice("0042", effective_on=date(2026, 9, 30), documents=[PAPER]))
    with pytest.raises(RegisterError, match="it may end on 2026-12-31"):
        made.do(leave("0042", effective_on=date(2026, 12, 31), reason="withdrawal"))
    made.do(leave("0042", effective_on=date(2027, 1, 1), reason="withdrawal"))


def test_institutions_give_notice_of_six_months() -> None:
    """农民专业合作社法 25: enterprises, institutions and organisations six months."""
    made = village(charter=SPECIALISED)
    made.do(give_notice("0900", effective_on=date(2026, 7, 1)))
    with pytest.raises(RegisterError, match=r"notice is given 6 months .* it may end on 2027-12-31"):
        made.do(leave("0900", effective_on=date(2027, 1, 1), reason="withdrawal"))


@pytest.mark.parametrize(
    ("notice", "months", "ends"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_a_charter_without_year_ends_counts_months(notice: date, months: int, ends: date) -> None:
    """民法典 202: where the month has no such day, the period ends on its last day."""
    assert last_day(notice, months, at_year_end=False) == ends


# ---------------------------------------------------------------- personal data, minors, votes


@pytest.mark.parametrize(
    ("birth", "on", "minor"),
    [
        ("2008-06-01", date(2026, 5, 31), True),
        ("2008-06-01", date(2026, 6, 1), False),
        ("2008-02-29", date(2026, 2, 28), True),
        ("2008-02-29", date(2026, 3, 1), False),
    ],
)
def test_a_minor_comes_of_age_with_the_eighteenth_birthday(birth: str, on: date, minor: bool) -> None:
    """民法典 17."""
    assert is_minor({"birth": birth}, on) is minor


def test_without_a_birth_date_nobody_knows_who_is_a_minor() -> None:
    assert is_minor({}, MAY) is None


def test_a_personal_row_keeps_what_a_change_does_not_name() -> None:
    made = village()
    made.do(note_personal({"0041": {"phone": "10000000000"}}, effective_on=MAY))
    assert made.view.personal(["m/0041"])["m/0041"]["name"] == "成员甲"


def test_a_household_has_a_personal_row_of_its_own() -> None:
    made = village()
    made.do(note_personal({"17": {"address": "示例村 1 号"}}, effective_on=MAY))
    assert made.view.personal(["h/17"]) == {"h/17": {"address": "示例村 1 号"}}
    with pytest.raises(RegisterError, match="0777 is not in the register"):
        made.do(note_personal({"0777": {"phone": "1"}}, effective_on=MAY))


@pytest.mark.parametrize("row", [{"shoe size": "42"}, {"birth": "31.1.1980"}])
def test_personal_data_nobody_asked_for_or_that_is_none_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(RegisterError, match=r"personal data|a birth date that is none"):
        note_personal({"0041": row}, effective_on=MAY)(village().view)


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
    "joiner",
    [
        Joiner("0070", "ghost"),  # type: ignore[arg-type]
        Joiner("0070", standing="estate"),
        Joiner("0070", household="a/b"),
        Joiner("0070", head=True),
    ],
)
def test_a_joiner_that_cannot_be_meant_is_refused(joiner: Joiner) -> None:
    with pytest.raises(RegisterError, match=r"joiner 0070: .* cannot be meant"):
        admit(joiner, effective_on=MAY)


def test_a_group_has_a_code() -> None:
    with pytest.raises(EntryError, match="is not a code"):
        admit(Joiner("0070", groups=("poor of 2016",)), effective_on=MAY)


def test_extra_votes_are_at_most_a_fifth_of_the_members_own() -> None:
    """农民专业合作社法 22."""
    made = village()  # seven members
    made.do(change_members(["0051"], effective_on=MAY, reason="contribution", extra_votes=1, resolution=VOTE))
    with pytest.raises(RegisterError, match="2 extra votes: at most 1 are allowed to 7 members"):
        made.do(change_members(["0052"], effective_on=MAY, reason="contribution", extra_votes=1))


def test_an_outside_holder_becomes_a_member() -> None:
    made = village()
    made.do(change_members(["0901"], effective_on=MAY, reason="resolution", standing="member", groups=["founders"]))
    now = roll(made.view, MAY).members["0901"]
    assert (now.standing, now.groups, now.since) == ("member", ("founders",), FOUNDED)
