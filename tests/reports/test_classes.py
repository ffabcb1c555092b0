"""The share classes as a table: their rules on a day."""

import pytest

from coopledger.core.redenomination import change_class
from coopledger.core.share_class import open_class, preset
from coopledger.errors import RegisterError
from coopledger.reports.classes import classes_report
from tests.books import AFTER, FOUNDED, MARCH, VOTE, YEAR_END, cells, cooperative, put, shown

TABLE_ZH = """\
示例村种植专业合作社：股份类别

股份类别  类别名称    持有者    持有者种类              小数位数    面值  股金科目   起          关闭
────────  ──────────  ────────  ──────────────────────  ────────  ──────  ─────────  ──────────  ──────────
labour    农龄股      个人      个人                           2                     2026-01-01
land      土地股      户        个人、集体、企业、基金         0  100.00  c2021:301  2026-01-01
subsidy   补助量化股  共同持有  个人                           0                     2026-03-31  2026-12-31
金额单位：元
截至 2026-12-31
账簿截至第 24 条记录，写入于 2026-01-01 17:00:00+00:00
指纹 HEAD
"""


def test_each_class_of_the_day_has_its_rules_and_since_when_it_is_there() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=MARCH))
    put(journal, change_class("subsidy", closed=True, reason="charter", effective_on=YEAR_END, resolution=VOTE))
    with journal.read() as view:
        assert shown(view, classes_report(view, YEAR_END), language="zh") == TABLE_ZH
        assert cells(classes_report(view, FOUNDED), "class") == ["labour", "land"]
        assert cells(classes_report(view, MARCH), "closed") == ["", "", ""]
        assert cells(classes_report(view), "closed") == ["", "", "2026-12-31"]


def test_a_class_that_is_opened_again_is_not_closed() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=FOUNDED))
    for closed, on in ((True, MARCH), (False, AFTER)):
        put(journal, change_class("subsidy", closed=closed, reason="charter", effective_on=on))
    with journal.read() as view:
        assert cells(classes_report(view, YEAR_END), "closed") == ["", "", "2026-03-31"]
        assert cells(classes_report(view), "closed") == ["", "", ""]


def test_before_the_founding_there_is_nothing_to_ask() -> None:
    with cooperative().read(0) as view, pytest.raises(RegisterError, match="the book has no records"):
        classes_report(view)
