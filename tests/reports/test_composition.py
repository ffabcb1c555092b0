"""Composition as tables: by class and kind of holder, by household and class."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.charter import HOLDER
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import die
from coopledger.core.movement import issue
from coopledger.core.share_class import open_class, preset
from coopledger.reports.composition import composition_report
from tests.books import AFTER, FOUNDED, LEFT, MARCH, YEAR_END, cells, cooperative, put, shown, total

TABLES = """\
示例村种植专业合作社: composition by class

class   name of the class  holders  shares  held by: household  held by: person  of which pledged  of which frozen  \
of which unpaid  paid in, at par
──────  ─────────────────  ───────  ──────  ──────────────────  ───────────────  ────────────────  ───────────────  \
───────────────  ───────────────
labour  农龄股                   5   42.75                0.00            42.75              5.00             0.00  \
           0.00
land    土地股                   2     150                 150                0                 0                0  \
              0        15,000.00
──────  ─────────────────  ───────  ──────  ──────────────────  ───────────────  ────────────────  ───────────────  \
───────────────  ───────────────
total                                                                                                               \
                       15,000.00
amounts are in yuan
as of 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD

示例村种植专业合作社: composition by household

household  head  people  shares of labour  shares of land
─────────  ────  ──────  ────────────────  ──────────────
17         0041       3             19.75             120
18         0051       2             23.00              30
─────────  ────  ──────  ────────────────  ──────────────
total                               42.75             150
as of 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""

BY_HOUSEHOLD_ZH = """\
示例村种植专业合作社：按户构成

户    户主  人数  labour 股数  land 股数
────  ────  ────  ───────────  ─────────
17    0041     3        19.75        120
18    0051     1        20.00         30
────  ────  ────  ───────────  ─────────
合计                    39.75        150
计入全部记录
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
"""


def test_the_composition_of_a_day() -> None:
    with cooperative().read() as view:
        assert shown(view, *composition_report(view, YEAR_END)) == TABLES


def test_the_composition_after_everything_in_chinese() -> None:
    with cooperative().read() as view:
        by_class, by_household = composition_report(view)
        assert shown(view, by_household, language="zh") == BY_HOUSEHOLD_ZH
        assert "其中户" in shown(view, by_class, language="zh")


@pytest.mark.parametrize("on", [FOUNDED, date(2026, 3, 2), LEFT, None])
@pytest.mark.parametrize("known", [11, 16, 21])
def test_both_tables_and_the_balances_agree(on: date | None, known: int) -> None:
    with cooperative().read(known) as view:
        by_class, by_household = composition_report(view, on)
        shares = dict(zip(cells(by_class, "class"), cells(by_class, "shares"), strict=True))
        for cls, unit in {"labour": 100, "land": 1}.items():
            assert shares[cls] == total(by_household, f"shares of {cls}")
            assert Fraction(shares[cls]) * unit == sum(view.balances(cls, HOLDER, on).values())
            assert sum(map(Fraction, cells(by_household, f"shares of {cls}"))) == Fraction(shares[cls])


def test_a_household_that_died_out_has_no_head_and_is_told_to_be_an_estate() -> None:
    journal = cooperative(until="contributions")
    put(journal, die("0052", effective_on=MARCH))
    put(journal, die("0051", effective_on=LEFT))
    with journal.read() as view:
        [_, before] = composition_report(view, MARCH)
        [_, after] = composition_report(view, LEFT)
    assert (cells(before, "head"), cells(before, "people")) == (["0041", "0051"], ["3", "1"])
    assert (cells(after, "head"), cells(after, "people")) == (["0041", "estate"], ["3", "0"])


def test_who_lives_in_no_household_stands_last() -> None:
    journal = cooperative()
    put(journal, open_class(preset("preferred", issued_to="anyone", earns="subscribed"), effective_on=FOUNDED))
    put(journal, issue("preferred", to="0901", shares=50, effective_on=FOUNDED, reason="subscription"))
    with journal.read() as view:
        by_class, by_household = composition_report(view, AFTER)
    assert cells(by_household, "household") == ["17", "18", "in no household"]
    assert cells(by_household, "shares of preferred") == ["0", "0", "50"]
    assert cells(by_class, "held by: enterprise") == ["0.00", "0", "50"]


def test_into_a_class_without_a_capital_account_nothing_is_paid_though_it_has_a_par_value() -> None:
    journal = cooperative()
    put(journal, open_class(preset("preferred", issued_to="anyone", earns="subscribed"), effective_on=FOUNDED))
    put(journal, issue("preferred", to="0901", shares=50, effective_on=FOUNDED, reason="bonus"))
    with journal.read() as view:
        [by_class, _] = composition_report(view, AFTER)
    assert cells(by_class, "paid in, at par") == ["", "15,000.00", ""]
    assert total(by_class, "paid in, at par") == "15,000.00"


def test_shares_of_nobody_in_the_register_are_shown_all_the_same() -> None:
    journal = cooperative()
    stray = Entry("note", AFTER, AFTER, {}, [Posting("land", "unissued", "holder/stray", 3)])
    put(journal, lambda _: [stray])
    with journal.read() as view:
        by_class, by_household = composition_report(view, AFTER)
    assert cells(by_class, "held by: -") == ["0.00", "3"]
    assert cells(by_household, "household")[-1] == "in no household"
