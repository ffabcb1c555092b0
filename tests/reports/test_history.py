"""What became of a member or a household, as it is printed."""

import pytest

from coopledger.core.household import move
from coopledger.core.member import change_members
from coopledger.errors import RegisterError
from coopledger.reports.history import history_report
from tests.books import FOUNDED, MARCH, VOTE, YEAR_END, cells, cooperative, put, shown

MEMBER = """\
0052, -: history of membership

day         what happened  standing  household  head  groups  extra votes  reason      record  documents
──────────  ─────────────  ────────  ─────────  ────  ──────  ───────────  ──────────  ──────  ─────────
2026-01-01  admit          member    18         0051                       founding         8
2026-06-30  give notice    member    18         0051                                       18
2027-01-01  leave          left                                            withdrawal      21
on any day
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""


def test_a_member_from_admission_to_leaving() -> None:
    with cooperative().read() as view:
        assert shown(view, history_report(view, "0052")) == MEMBER


def test_a_household_with_its_people_within_a_span_of_days_in_chinese() -> None:
    journal = cooperative(until="people")
    put(journal, move(["0042"], to="18", effective_on=MARCH, reason="marriage"))
    with journal.read() as view:
        table = history_report(view, "18", MARCH, YEAR_END)
        assert cells(table, "members") == ["0042, 0051, 0052"]
        assert "移居" in shown(view, table, language="zh")
        assert "全部日期" in shown(view, history_report(view, "18"), language="zh")
        assert "\n2026-03-31 起\n" in shown(view, history_report(view, "18", since=MARCH), language="zh")
        assert "\n截至 2026-12-31\n" in shown(view, history_report(view, "18", until=YEAR_END), language="zh")
        assert cells(history_report(view, "18", FOUNDED, FOUNDED), "what happened") == ["admit"]


def test_groups_and_extra_votes_have_their_columns() -> None:
    journal = cooperative(until="people")
    put(journal, change_members(["0041"], effective_on=MARCH, reason="election", groups=["cadres"], extra_votes=1))
    with journal.read() as view:
        table = history_report(view, "0041")
    assert (cells(table, "groups"), cells(table, "extra votes")) == (["", "cadres"], ["", "1"])


def test_a_number_that_never_was_in_the_register_has_no_history() -> None:
    with cooperative().read() as view, pytest.raises(RegisterError, match="0777 was never in the register"):
        history_report(view, "0777")


def test_resolutions_are_cited() -> None:
    journal = cooperative(until="people")
    put(journal, change_members(["0041"], effective_on=MARCH, reason="election", groups=["cadres"], resolution=VOTE))
    with journal.read() as view:
        assert cells(history_report(view, "0041"), "documents") == ["", "resolution 2026-1"]
