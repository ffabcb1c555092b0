"""Problems as a table: what violates a rule of a book."""

from coopledger.core.journal import Entry, Posting
from coopledger.reports.problems import problems_report
from tests.books import AFTER, cooperative, put, shown

TABLE_ZH = """\
共 2 个问题

位置          问题
────────────  ───────────────────────────────────────────────────────────────────────
holder stray  land 自 2027-01-31 起：持有者不在名册中
c2021:301     2027-01-31 余额 15,000.00 元，实缴股份面值合计 15,300.00 元：两者应相等
账簿截至第 22 条记录，写入于 2026-01-01 16:00:00+00:00
指纹 HEAD
"""


def test_what_violates_an_invariant_is_a_row() -> None:
    journal = cooperative()
    stray = Entry("note", AFTER, AFTER, {}, [Posting("land", "unissued", "holder/stray", 3)])
    put(journal, lambda _: [stray])
    with journal.read() as view:
        table = problems_report(view)
        assert shown(view, table, language="zh") == TABLE_ZH


def test_a_sound_book_has_none() -> None:
    with cooperative().read() as view:
        table = problems_report(view)
    assert (str(table.title), table.rows) == ("problems found: 0", [])
