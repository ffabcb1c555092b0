"""The roster: who is in the register on a day, and the households."""

from datetime import date

import pytest

from coopledger.core.household import change_head
from coopledger.core.member import Joiner, admit, change_members, die, leave, note_personal
from coopledger.core.movement import transfer
from coopledger.errors import RegisterError
from coopledger.reports.roster import roster_report
from tests.books import AFTER, FOUNDED, LEFT, MARCH, cells, cooperative, notes, put, shown

ROSTER = """\
示例村种植专业合作社: roster of members

number  name      kind of holder  standing  household  head  relation  since       until
──────  ────────  ──────────────  ────────  ─────────  ────  ────────  ──────────  ──────────
0041    成员甲    person          member    17         0041            2026-01-01
0042    成员乙    person          member    17         0041            2026-01-01
0043    成员丙    person          member    17         0041            2026-01-01
0051    成员丁    person          member    18         0051            2026-01-01
0052    -         person          left                                 2026-01-01  2026-12-31
0901    示例公司  enterprise      holder                               2026-01-01
members: 4
as of 2027-01-31
known up to record 21, written at WHEN
fingerprint HEAD

示例村种植专业合作社: roster of households

household  head  name    people  members
─────────  ────  ──────  ──────  ────────────────
17         0041  成员甲       3  0041, 0042, 0043
18         0051  成员丁       1  0051
households: 2
as of 2027-01-31
known up to record 21, written at WHEN
fingerprint HEAD
"""


def test_members_and_households_as_of_a_day() -> None:
    with cooperative().read() as view:
        text = shown(view, *roster_report(view, AFTER))
    lines = [f"{line.partition(' at ')[0]} at WHEN" if line.startswith("known") else line for line in text.split("\n")]
    assert "\n".join(lines) == ROSTER


def test_the_day_before_nobody_had_left_and_before_the_founding_there_is_no_roster() -> None:
    with cooperative().read() as view:
        members, households = roster_report(view, date(2026, 12, 31))
        assert cells(members, "standing") == ["member"] * 5 + ["holder"]
        assert set(cells(members, "until")) == {""}
        assert cells(households, "people") == ["3", "2"]
        with pytest.raises(RegisterError, match="not founded on 2025-12-31"):
            roster_report(view, date(2025, 12, 31))


def test_the_dead_have_a_last_day_and_a_relation_is_that_of_the_personal_row() -> None:
    journal = cooperative(until="people")
    put(journal, die("0041", new_head="0042", effective_on=MARCH))
    put(journal, note_personal({"0042": {"relation": "户主"}}, effective_on=MARCH))
    with journal.read() as view:
        members, households = roster_report(view, LEFT)
    assert cells(members, "standing")[:2] == ["estate", "member"]
    assert cells(members, "until")[:2] == ["2026-03-30", ""]
    assert cells(members, "relation")[:2] == ["", "户主"]
    assert (cells(households, "head")[0], cells(households, "name")[0]) == ("0042", "成员乙")
    assert notes(members)[0] == "members: 4"


def test_a_name_that_was_erased_is_said_to_be() -> None:
    journal = cooperative(until="people")
    put(journal, note_personal({"18": {"address": "示例路 1 号"}}, effective_on=MARCH))
    journal.erase(["m/0041", "h/18"], key="erasure", actor="accountant", on=MARCH)
    with journal.read() as view:
        members, households = roster_report(view)
        assert cells(members, "name")[:2] == ["erased", "成员乙"]
        assert cells(households, "name") == ["erased", "成员丁"]
        assert "已删除" in shown(view, members, language="zh")
    put(journal, note_personal({"0041": {"name": "成员甲"}}, effective_on=MARCH))
    with journal.read() as view:
        assert cells(roster_report(view)[0], "name")[0] == "成员甲"


def test_numbers_are_in_their_natural_order_and_a_new_head_shows_from_its_day_on() -> None:
    journal = cooperative(until="people")
    put(journal, admit(Joiner("10", household="8", head=True), Joiner("9", household="8"), effective_on=FOUNDED))
    put(journal, change_head("8", head="9", effective_on=MARCH))
    with journal.read() as view:
        members, households = roster_report(view, FOUNDED)
        assert cells(members, "number")[:2] == ["9", "10"]
        assert cells(households, "household") == ["8", "17", "18"]
        assert (cells(households, "head")[0], cells(households, "members")[0]) == ("10", "9, 10")
        assert cells(roster_report(view, MARCH)[0], "head")[:2] == ["9", "9"]


def test_a_household_that_died_out_is_listed_as_an_estate_while_it_holds_something() -> None:
    journal = cooperative(until="contributions")
    put(journal, die("0052", effective_on=MARCH))
    put(journal, die("0051", effective_on=LEFT))
    with journal.read() as view:
        _, households = roster_report(view, LEFT)
        assert (cells(households, "household"), cells(households, "head")) == (["17", "18"], ["0041", "estate"])
        assert (cells(households, "people"), cells(households, "members")[1]) == (["3", "0"], "")
        assert notes(households)[0] == "households: 1"
        assert cells(roster_report(view, MARCH)[1], "head") == ["0041", "0051"]
    put(journal, transfer("land", holder="18", to="17", effective_on=AFTER, reason="inheritance"))
    with journal.read() as view:
        assert cells(roster_report(view, LEFT)[1], "household") == ["17", "18"]
        assert cells(roster_report(view, AFTER)[1], "household") == ["17"]


def test_who_comes_back_is_in_the_register_since_then_and_a_mistaken_admission_is_not_listed() -> None:
    journal = cooperative(until="people")
    put(journal, admit(Joiner("0061"), Joiner("0062"), effective_on=FOUNDED))
    put(journal, leave("0061", "0062", effective_on=LEFT, reason="correction"))
    put(journal, change_members(["0061"], standing="member", effective_on=AFTER, reason="return"))
    put(journal, change_members(["0062"], standing="member", effective_on=LEFT, reason="correction"))
    put(journal, admit(Joiner("0063"), effective_on=LEFT))
    put(journal, leave("0063", effective_on=LEFT, reason="correction"))
    with journal.read() as view:
        early, late = (roster_report(view, day)[0] for day in (LEFT, AFTER))
    rows = {str(row[0]): [str(cell) for cell in row[-2:]] for row in late.rows}
    assert rows["0061"] == [str(AFTER), ""]
    assert rows["0062"] == [str(FOUNDED), ""]
    assert "0063" not in rows
    assert [str(cell) for cell in early.rows[cells(early, "number").index("0061")][-2:]] == [str(FOUNDED), "2026-12-31"]
