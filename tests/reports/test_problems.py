"""Problems as a table."""

from coopledger.core.journal import Entry, Posting
from coopledger.core.register_audit import audit_register
from coopledger.files.text_table import text_table
from coopledger.reports.problems import problems_report
from tests.books import AFTER, cooperative, put

TABLE_ZH = """\
共 2 个问题

位置          问题
────────────  ───────────────────────────────────────────────────────────────────
holder stray  land 自 2027-01-31 起：持有者不在名册中
c2021:301     2027-01-31 余额 1500000 分，实缴股份面值合计 1530000 分：两者应相等
"""


def test_what_violates_an_invariant_is_a_row() -> None:
    journal = cooperative()
    stray = Entry("note", AFTER, AFTER, {}, [Posting("land", "unissued", "holder/stray", 3)])
    put(journal, lambda _: [stray])
    with journal.read() as view:
        table = problems_report(audit_register(view))
    assert text_table(table, "zh") == TABLE_ZH


def test_a_sound_book_has_none() -> None:
    with cooperative().read() as view:
        table = problems_report(audit_register(view))
    assert (str(table.title), table.rows) == ("problems found: 0", [])
