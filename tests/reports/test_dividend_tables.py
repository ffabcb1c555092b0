"""The papers of a dividend run: what stands on them, in whose words, and that their figures agree with the books."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.book import note_personal
from coopledger.core.chart import MONEY
from coopledger.core.charter import COLLECTIVE, FOUR
from coopledger.core.citation import Resolution
from coopledger.core.collection import collect
from coopledger.core.deliberation import answer, deliberate, discuss, object_to, supervise
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import dues
from coopledger.core.entitlement import by_time_held
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Entry, Posting
from coopledger.core.lapse import lapse
from coopledger.core.member import Joiner, admit, die
from coopledger.core.movement import freeze, issue, pledge, transfer
from coopledger.core.payout import bounce, pay
from coopledger.core.receipt import receipts
from coopledger.core.redenomination import redenominate
from coopledger.core.retained import pay_retained
from coopledger.core.reversal import take_back
from coopledger.core.run import run, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.table import Table
from coopledger.core.undoing import undo
from coopledger.errors import RegisterError
from coopledger.reports.account import account_report
from coopledger.reports.arrears import arrears_report
from coopledger.reports.dividend import run_report, runs_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.explanation import explanation_report
from coopledger.reports.payment_list import payment_list_report
from coopledger.reports.receipts import receipts_report
from coopledger.reports.vouchers import vouchers_report
from coopledger.reports.withholdings import withholdings_report
from coopledger.text import said
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    MET,
    PAID,
    POSTED,
    PROPOSAL,
    PROPOSED,
    VOTE,
    YEAR_END,
    approved,
    cooperative,
    declared,
)
from tests.core.village import Village

DAY = timedelta(1)
FIFTH = Fraction(1, 5)
TAXED = PROPOSAL._replace(tax=FIFTH)
ID = "999999198001310014"  # no region has the code 999999


def rows(table: Table) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in table.rows]


def chinese(cells: Sequence[object]) -> list[str]:
    return [said(cell, "zh") for cell in cells]


def fen(cells: Sequence[object]) -> int:
    return sum(round(Fraction(str(cell).replace(",", "")) * 100) for cell in cells)


def named(made: Village) -> Village:
    rows_of = {"0017": {"name": "成员甲", "id": ID}, "0018": {"name": "成员乙"}}
    made.do(note_personal(rows_of, effective_on=FOUNDED))
    return made


# ---------------------------------------------------------------- the payment list


def test_the_payment_list_has_what_everybody_signs_for() -> None:
    made = named(declared(cooperative(), TAXED))
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    table = payment_list_report(made.view, "2026", PAID)
    assert rows(table)[:2] == [
        ["17", "成员甲", "999999**********14", "500", "500.00", "100.00", "400.00", "80.00", "320.00", "", ""],
        ["18", "成员乙", "", "300", "300.00", "60.00", "240.00", "0.00", "240.00", "", ""],
    ]
    expected = ["total", "", "", "1,000", "1,000.00", "200.00", "800.00", "80.00", "720.00", "", ""]
    assert [str(cell) for cell in table.totals] == expected
    assert chinese([column.heading for column in table.columns]) == [
        *("编号", "姓名", "身份证号", "分配依据", "应发", "税款", "实发", "已发放", "待发放", "备注", "签字"),
    ]
    assert chinese(table.notes)[2:4] == ["实发合计（大写）：捌佰元整", "待发放合计（大写）：柒佰贰拾元整"]
    assert str(table.notes[2]) == "net, in words: eight hundred yuan only"


def test_the_payment_list_is_of_a_day_and_may_be_without_names() -> None:
    made = named(declared(cooperative()))
    made.do(pay("2026", effective_on=PAID))
    table = payment_list_report(made.view, "2026", DECLARED, names=False)
    assert rows(table)[0] == ["17", "500", "500.00", "0.00", "500.00", "0.00", "500.00", "", ""]
    assert "成员甲" not in str(table) + str(rows(table))
    with pytest.raises(RegisterError, match="run 2026 is not declared on 2027-01-20: nothing is owed"):
        payment_list_report(made.view, "2026", MET)
    assert rows(payment_list_report(made.view, "2026"))[0][-3:] == ["0.00", "", ""]


def test_who_waits_and_what_lapsed_is_marked_on_the_payment_list() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=1)))
    made.do(die("0018", effective_on=DECLARED))
    made.do(freeze("land", holder="19", shares=1, reason="court order", effective_on=DECLARED))
    notes = {row[0]: row[-2] for row in rows(payment_list_report(made.view, "2026", DECLARED))}
    assert notes == {"17": "", "18": "waits for heirs", "19": "holds frozen shares", "20": ""}
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    late = date(2028, 1, 21)
    made.do(lapse("2026", effective_on=late))
    table = payment_list_report(made.view, "2026", late)
    assert rows(table)[3] == ["20", "-", "", "199", "199.00", "0.00", "199.00", "0.00", "0.00", "0.00", "", ""]
    assert [row[-2] for row in rows(table)] == ["", "waits for heirs", "holds frozen shares", ""]
    assert fen(table.totals[4:5]) == fen([table.totals[at] for at in (5, 6, 7)])
    assert fen(table.totals[7:8]) == fen([table.totals[at] for at in (8, 9)])


def test_what_lapsed_is_not_settled_but_has_a_column_of_its_own() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=1)), TAXED)
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    late = date(2028, 1, 21)
    assert [str(one.heading) for one in run_report(made.view, "2026", PAID).columns][3:-1] == [
        "amount",
        "settled, after tax",
        "withheld",
        "not paid yet",
    ]
    made.do(lapse("2026", effective_on=late))
    table = run_report(made.view, "2026", late)
    assert [str(one.heading) for one in table.columns][3:-1] == [
        "amount",
        "settled, after tax",
        "withheld",
        "lapsed",
        "not paid yet",
    ]
    assert rows(table)[0][3:-1] == ["500.00", "80.00", "20.00", "400.00", "0.00"]
    assert [str(cell) for cell in table.totals][3:-1] == ["1,000.00", "80.00", "20.00", "900.00", "0.00"]
    assert [row[4] for row in rows(run_report(made.view, "2026", PAID))] == ["80.00", "0.00", "0.00", "0.00"]


def test_what_counted_is_told_as_it_was_known_where_the_register_was_changed_since() -> None:
    made = declared(cooperative())
    made.do(issue("land", to="19", shares=9, effective_on=YEAR_END, booked_on=MET, reason="ruling", resolution=VOTE))
    table = payment_list_report(made.view, "2026", PAID)
    seq = runs(made.view)["2026"].declared_in
    said = f"as known after record {seq}: by what was recorded since, somebody would get something else"
    as_declared = [["500", "500.00"], ["300", "300.00"], ["1", "1.00"], ["199", "199.00"]]
    assert [row[3:5] for row in rows(table)] == as_declared
    assert said in map(str, table.notes)
    _, amounts = dividend_notice_report(made.view, "2026", PAID)
    assert [row[2:] for row in rows(amounts)] == as_declared
    assert said in map(str, amounts.notes)
    shown = run_report(made.view, "2026", PAID)
    assert [row[2:4] for row in rows(shown)] == as_declared
    assert said in map(str, shown.notes)
    first, second = explanation_report(made.view, "2026", "19", PAID)
    assert said in map(str, first.notes)
    assert ["due to the holder", "", "1.00"] in rows(second)


def test_a_run_that_was_withdrawn_is_shown_as_it_was_proposed() -> None:
    made = approved(cooperative())
    made.do(*[undo("2026", effective_on=DECLARED, reason="a slip")] * 3)
    seq = runs(made.view)["2026"].proposed_in
    made.do(issue("land", to="19", shares=9, effective_on=YEAR_END, booked_on=MET, reason="ruling", resolution=VOTE))
    shown = run_report(made.view, "2026", names=False)
    assert [row[1:3] for row in rows(shown)] == [["500", "500.00"], ["300", "300.00"], ["1", "1.00"], ["199", "199.00"]]
    assert any(str(note).startswith(f"as known after record {seq}: by what") for note in shown.notes)
    assert not any("propose it again" in str(note) for note in shown.notes)
    assert "1.00" in rows(explanation_report(made.view, "2026", "19")[1])[-2]


def test_a_proposed_run_is_shown_as_it_lies_open_and_says_that_it_cannot_be_declared() -> None:
    made = approved(cooperative())
    made.do(issue("land", to="19", shares=9, effective_on=YEAR_END, booked_on=MET, reason="ruling", resolution=VOTE))
    shown = run_report(made.view, "2026", names=False)
    assert rows(shown)[2][1:3] == ["1", "1.00"]
    assert any(str(note) == "it can be declared no more: undo it, and propose it again" for note in shown.notes)


# ---------------------------------------------------------------- the notice


def test_the_notice_says_what_was_resolved_and_is_a_witness() -> None:
    made = named(declared(cooperative(), TAXED))
    facts, amounts = dividend_notice_report(made.view, "2026", PAID)
    assert [chinese(row) for row in facts.rows] == [
        ["分红事由", "盈余，2026，第 1 期"],
        ["股份类别", "土地股（land）"],
        ["登记日", "2026-12-31"],
        ["分配依据", "2026-12-31 的持股数"],
        ["分配办法", "总额以 0.01 元为单位按最大余数分配，余数相等的归编号在前者"],
        ["代扣税款", "每笔领款的 20%"],
        ["分得款项的股东数", "4"],
        ["金额", "1,000.00 元"],
        ["金额大写", "壹仟元整"],
        ["提出日", "2027-01-05"],
        ["公示", "自 2027-01-06 至 2027-01-20，共 15 天：village board"],
        ["决议", "2027-1，成员大会，2027-01-20：应到 5，实到 5，赞成 4，反对 1"],
        ["宣告日", "2027-01-21"],
        ["状态", "已宣告"],
    ]
    assert rows(amounts)[0] == ["17", "成员甲", "500", "500.00"]
    assert ID not in str(rows(amounts))
    for table in (facts, amounts):
        assert str(made.view.head) in str(table.notes[-1])


def test_the_notice_of_a_proposal_says_what_would_be() -> None:
    made = cooperative()
    rule = by_time_held(FOUNDED, YEAR_END, first=True, last=True)
    asked = PROPOSAL._replace(rule=rule, total_fen=1_000_50, to_fen=100)
    made.do(propose("2026", asked, effective_on=PROPOSED))
    facts, amounts = dividend_notice_report(made.view, "2026", PROPOSED, names=False)
    told = {str(row[0]): str(row[1]) for row in facts.rows}
    assert told["not split"] == "0.50 yuan"
    assert told["amount"] == "1,000.00 yuan"
    assert told["state"] == "proposed"
    assert "record date" not in told
    assert fen([row[-1] for row in amounts.rows]) == 1_000_00
    made.do(disclose("2026", since=PROPOSED, until=MET, where="村公示栏"))
    assert "lies open" in {str(row[0]) for row in dividend_notice_report(made.view, "2026", PROPOSED)[0].rows}
    with pytest.raises(RegisterError, match="run 2026: it was not proposed"):
        dividend_notice_report(made.view, "2026", PROPOSED - DAY)


def test_the_notice_of_the_four_deliberations_shows_every_step_that_was_taken_and_no_other() -> None:
    made = cooperative(charter=COLLECTIVE._replace(steps=FOUR))
    branch = Resolution("2027-5", "branch", PROPOSED, entitled=5, present=5, votes_for=4, votes_against=1)
    made.do(
        propose("2026", PROPOSAL, effective_on=PROPOSED, resolution=branch),
        discuss("2026", Resolution("2027-6", "committees", PROPOSED, entitled=9, present=9, votes_for=9)),
        deliberate("2026", Resolution("2027-7", "party", POSTED, entitled=40, present=32, votes_for=30)),
        disclose("2026", since=POSTED, until=MET, where="村公示栏"),
        object_to("2026", by="18", what="第18户股数", effective_on=POSTED + DAY),
        object_to("2026", by="20", what="第20户股数", effective_on=POSTED + DAY),
    )
    steps = [
        ["提出日", "2027-01-05"],
        ["已提出", "2027-5，党支部，2027-01-05：应到 5，实到 5，赞成 4，反对 1"],
        ["已商议", "2027-6，村两委，2027-01-05：应到 9，实到 9，赞成 9，反对 0"],
        ["已审议", "2027-7，党员大会，2027-01-06：应到 40，实到 32，赞成 30，反对 0"],
        ["公示", "自 2027-01-06 至 2027-01-20，共 15 天：村公示栏"],
        ["异议", "第 1 项异议（18，2027-01-07）：第18户股数；尚未答复"],
        ["异议", "第 2 项异议（20，2027-01-07）：第20户股数；尚未答复"],
    ]
    shown = [chinese(row) for row in dividend_notice_report(made.view, "2026", POSTED + DAY)[0].rows]
    assert shown[8:] == [*steps, ["状态", "已公示"]]
    made.do(
        answer("2026", 1, what="复核无误", effective_on=POSTED + 2 * DAY),
        answer("2026", 2, what="复核无误，199股", effective_on=POSTED + 3 * DAY),
        approve("2026", VOTE),
        disclose("2026", since=MET, until=MET + 9 * DAY, where="村公示栏"),
        disclose("2026", since=DECLARED, until=MET + 9 * DAY, where="村务公开网"),
        declare("2026", effective_on=DECLARED),
        pay("2026", effective_on=PAID),
        disclose("2026", since=PAID, until=PAID + 9 * DAY, where="村公示栏"),
        supervise("2026", what="账实相符", effective_on=PAID + 3 * DAY),
    )
    shown = [chinese(row) for row in dividend_notice_report(made.view, "2026", PAID + 3 * DAY)[0].rows]
    assert shown[13:] == [
        ["异议", "第 1 项异议（18，2027-01-07）：第18户股数；2027-01-08 答复：复核无误"],
        ["异议", "第 2 项异议（20，2027-01-07）：第20户股数；2027-01-09 答复：复核无误，199股"],
        ["决议", "2027-1，成员大会，2027-01-20：应到 5，实到 5，赞成 4，反对 1"],
        ["决议公开", "自 2027-01-20 至 2027-01-29，共 10 天：村公示栏"],
        ["决议公开", "自 2027-01-21 至 2027-01-29，共 9 天：村务公开网"],
        ["宣告日", "2027-01-21"],
        ["实施结果公开", "自 2027-01-25 至 2027-02-03，共 10 天：村公示栏"],
        ["村务监督委员会意见", "2027-01-28：账实相符"],
        ["状态", "已监督"],
    ]


# ---------------------------------------------------------------- explained


def test_the_last_fen_is_explained() -> None:
    made = named(declared(cooperative(), TAXED._replace(total_fen=1_000_03)))
    made.do(pay("2026", effective_on=PAID, holders={"18": 100_00}))
    counts, money = explanation_report(made.view, "2026", "18", PAID)
    assert rows(counts) == [
        ["2026-12-31", "300 shares", "300"],
        ["counts for the holder", "", "300"],
        ["counts for all holders together", "", "1,000"],
    ]
    assert rows(money) == [
        ["what is split", "100,003 units of 0.01 yuan", "1,000.03"],
        ["rounded down", "100,003 × 300 ÷ 1,000 = 30,000, remainder 900/1,000", "300.00"],
        [
            "the last unit",
            (
                "left over by rounding everybody down: 2; with a larger remainder, or an equal one and a lower number: "
                "0; so one more"
            ),
            "0.01",
        ],
        ["due to the holder", "", "300.01"],
        ["2027-01-25: payout, record 19", "paid out", "-80.00"],
        ["2027-01-25: payout, record 19", "tax withheld", "-20.00"],
        ["tax withheld", "20% of 100.00 yuan received, rounded half up", "20.00"],
        ["not paid yet", "300.01 less 100.00", "200.01"],
        ["tax", "withheld if all that is not paid yet is paid at once", "40.00"],
        ["still to be paid", "after tax", "160.01"],
    ]
    assert chinese([counts.title]) == ["示例村股份经济合作社：分红 2026，18 成员乙：分配依据"]
    _, other = explanation_report(made.view, "2026", "17", PAID, names=False)
    assert str(other.rows[2][1]).endswith("a lower number: 2; so none")
    assert "成员" not in str(other.title)


def test_who_waits_is_told_why_and_what_he_will_get() -> None:
    made = declared(cooperative(), TAXED._replace(hold_below_fen=2_00))
    made.do(die("0018", effective_on=DECLARED))
    made.do(pledge("land", holder="20", shares=1, creditor="信用社", effective_on=DECLARED))
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))

    def end(number: str) -> list[list[str]]:
        money = rows(explanation_report(made.view, "2026", number, PAID)[1])
        return money[[row[0] for row in money].index("not paid yet") :]

    tax, net = ["tax", "withheld if all that is not paid yet is paid at once"], ["still to be paid", "after tax"]
    why = "why it is not paid yet"
    assert end("17") == [["not paid yet", "500.00 less 100.00", "400.00"], [*tax, "80.00"], [*net, "320.00"]]
    assert end("18")[1:] == [[*tax, "60.00"], [*net, "240.00"], [why, "waits for heirs", ""]]
    assert end("19")[1:] == [
        [*tax, "0.20"],
        [*net, "0.80"],
        [why, "held over: 1.00 yuan, and 2.00 are the least that is paid", ""],
    ]
    assert end("20")[3:] == [[why, "holds pledged shares", ""]]
    listed = {row[0]: row[-3:-1] for row in rows(payment_list_report(made.view, "2026", PAID))}
    for number in ("17", "18", "19", "20"):
        told = [*end(number), ["", "", ""]]
        assert listed[number] == [told[2][2], told[3][1]]
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    assert len(end("17")) == 1


def test_an_amount_on_each_share_is_explained() -> None:
    made = declared(cooperative(), PROPOSAL._replace(total_fen=None, each_fen=Fraction(5, 2)))
    _, money = explanation_report(made.view, "2026", "19", PAID)
    assert rows(money)[:3] == [
        ["amount on each share", "0.025 yuan a share × 1, exactly", "0.025"],
        ["rounded", "half up, to 0.01 yuan", "0.03"],
        ["due to the holder", "", "0.03"],
    ]


def test_time_held_is_explained_span_by_span() -> None:
    made = cooperative()
    sold_on = date(2026, 12, 1)
    made.do(transfer("land", holder="17", to="18", shares=200, effective_on=sold_on, reason="sale"))
    for by, counted in (("days", "500 shares × 334 days"), ("last of month", "500 shares × 11 months")):
        rule = by_time_held(FOUNDED, YEAR_END, first=True, last=True, by=by)  # type: ignore[arg-type]
        made.do(propose(by[:4], PROPOSAL._replace(stream=by, rule=rule), effective_on=PROPOSED))
        counts, money = explanation_report(made.view, by[:4], "17")
        assert rows(counts)[0][:2] == ["2026-01-01 to 2026-11-30", counted]
        assert rows(money)[-1] == ["state", "proposed", ""]


# ---------------------------------------------------------------- receipts


def test_a_receipt_is_in_figures_and_in_words() -> None:
    made = named(declared(cooperative(), TAXED))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    made.do(die("0018", effective_on=PAID + DAY))
    made.do(pay("2026", effective_on=PAID + DAY, holders=["18"], to="0017"))
    first, second = receipts_report(made.view, "2026", PAID + DAY)
    assert chinese([first.title]) == ["示例村股份经济合作社：分红 2026 领款单，2027-01-25，第 19 条记录，银行存款"]
    assert [chinese(row) for row in first.rows] == [
        ["17", "成员甲", "999999**********14", "500.00", "100.00", "400.00", "肆佰元整", "", ""],
        ["18", "成员乙", "", "300.00", "60.00", "240.00", "贰佰肆拾元整", "退回 300.00", ""],
    ]
    assert chinese(first.totals) == ["合计", "", "", "800.00", "160.00", "640.00", "陆佰肆拾元整", "", ""]
    assert chinese(second.rows[0])[-2] == "付给 0017"
    [own] = receipts_report(made.view, "2026", PAID, "17", names=False)
    assert rows(own) == [["17", "500.00", "100.00", "400.00", "four hundred yuan only", "", ""]]
    with pytest.raises(RegisterError, match="run 2026: nothing was paid by 2027-01-21"):
        receipts_report(made.view, "2026", DECLARED)
    with pytest.raises(RegisterError, match="run 2026: nothing was paid to 20 by 2027-01-25"):
        receipts_report(made.view, "2026", PAID, "20")


def test_goods_have_a_receipt_with_units_price_and_value_in_words() -> None:
    made = named(declared(cooperative(), TAXED))
    made.do(Entry("harvest", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:113", "c2021:121", 1_000_00)]))
    rice: dict[str, Any] = {
        "goods": "大米",
        "unit": "斤",
        "price_fen": 2_50,
        "against": "c2021:121",
        "effective_on": PAID,
    }
    [record] = made.do(pay_in_kind("2026", holders={"17": 40, "18": 20}, **rice))
    [table] = receipts_report(made.view, "2026", PAID)
    assert chinese([table.title]) == [
        f"示例村股份经济合作社：分红 2026 领款单，2027-01-25，第 {record.seq} 条记录，实物分红"
    ]
    assert chinese([column.heading for column in table.columns])[3:8] == ["大米（斤）", "单价", "金额", "代扣", "价值"]
    assert [chinese(row) for row in table.rows] == [
        ["17", "成员甲", "999999**********14", "40", "2.50", "125.00", "25.00", "100.00", "壹佰元整", "", ""],
        ["18", "成员乙", "", "20", "2.50", "62.50", "12.50", "50.00", "伍拾元整", "", ""],
    ]
    assert chinese(table.totals)[3:9] == ["60", "", "187.50", "37.50", "150.00", "壹佰伍拾元整"]
    [own] = receipts(made.view, run(made.view, "2026"))[:1]
    assert (own.kind, own.units, own.price_fen, own.paid_fen) == ("in-kind", 40, 2_50, 40 * 2_50)


def test_a_receipt_for_goods_that_came_back_is_marked() -> None:
    made = declared(cooperative())
    made.do(Entry("harvest", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:113", "c2021:121", 1_000_00)]))
    rice: dict[str, Any] = {
        "goods": "rice",
        "unit": "jin",
        "price_fen": 2_50,
        "against": "c2021:121",
        "effective_on": PAID,
    }
    [record] = made.do(pay_in_kind("2026", holders={"17": 40}, **rice))
    made.do(take_back(record.seq, booked_on=PAID))
    made.do(pay("2026", effective_on=PAID + DAY, holders=["17"]))
    goods, money = receipts_report(made.view, "2026", names=False)
    assert rows(goods)[0][-2] == "came back: 100.00"
    assert rows(money)[0][1:4] == ["500.00", "0.00", "500.00"]


def test_what_was_reinvested_has_a_receipt_with_shares_and_par_value() -> None:
    made = named(cooperative())
    capital = preset("land", code="capital", name="股金", par_fen=100_00, capital="c2021:301", digits=2)
    made.do(open_class(capital, effective_on=FOUNDED))
    declared(made, TAXED)
    [record] = made.do(reinvest("2026", "capital", holders={"18": 2, "17": 3}, effective_on=PAID))
    [table] = receipts_report(made.view, "2026", PAID)
    assert chinese([table.title]) == [
        f"示例村股份经济合作社：分红 2026 领款单，2027-01-25，第 {record.seq} 条记录，转为股金"
    ]
    headings = chinese([column.heading for column in table.columns])
    assert headings[3:8] == ["股金（capital），股数", "面值", "金额", "代扣", "价值"]
    assert [chinese(row) for row in table.rows] == [
        ["17", "成员甲", "999999**********14", "3", "100.00", "375.00", "75.00", "300.00", "叁佰元整", "", ""],
        ["18", "成员乙", "", "2", "100.00", "250.00", "50.00", "200.00", "贰佰元整", "", ""],
    ]
    made.do(take_back(record.seq, booked_on=PAID))
    assert [chinese(row)[-2] for row in receipts_report(made.view, "2026", PAID)[0].rows] == [
        "退回 375.00",
        "退回 250.00",
    ]
    made.do(reinvest("2026", "capital", holders={"17": 1}, effective_on=PAID))
    made.do(redenominate("capital", factor=2, digits=3, effective_on=PAID, resolution=VOTE))
    own = receipts_report(made.view, "2026", PAID, names=False)[1]
    assert rows(own)[0][:5] == ["17", "1", "100.00", "125.00", "25.00"]


def test_receipts_are_in_the_order_of_numbers() -> None:
    made = cooperative()
    made.do(admit(*(Joiner(f"{one:04}", household=str(one), head=True) for one in (3, 100)), effective_on=FOUNDED))
    made.do(*(issue("land", to=to, shares=500, effective_on=FOUNDED) for to in ("100", "3")))
    declared(made)
    made.do(pay("2026", effective_on=PAID))
    [table] = receipts_report(made.view, "2026", names=False)
    assert [row[0] for row in table.rows] == ["3", "17", "18", "19", "20", "100"]


@settings(max_examples=25, deadline=None)
@given(
    price=st.integers(1, 40_00),
    rate=st.sampled_from([Fraction(0), FIFTH, Fraction(1, 7)]),
    some=st.dictionaries(st.sampled_from(["17", "18", "20"]), st.integers(1, 4), min_size=1),
)
def test_a_receipt_for_goods_says_units_times_price_and_the_tax_that_was_withheld(
    price: int, rate: Fraction, some: dict[str, int]
) -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=rate))
    made.do(Entry("harvest", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:113", "c2021:121", 1_000_00)]))
    rice: dict[str, Any] = {
        "goods": "rice",
        "unit": "jin",
        "price_fen": price,
        "against": "c2021:121",
        "effective_on": PAID,
    }
    made.do(pay_in_kind("2026", holders=some, **rice))
    found = {one.holder: one for one in receipts(made.view, run(made.view, "2026"))}
    due = dues(made.view, run(made.view, "2026"))
    assert {number: one.units for number, one in found.items()} == some
    for number, one in found.items():
        assert one.paid_fen == one.units * one.price_fen == due[number].in_kind_fen
        assert one.withheld_fen == due[number].withheld_fen


# ---------------------------------------------------------------- retained, and owed


def test_what_was_retained_and_is_paid_out_stands_in_every_paper_of_the_holder() -> None:
    made = declared(cooperative(), PROPOSAL._replace(retained=Fraction(1, 2)))
    [record] = made.do(pay_retained("2026", holders={"17": 100_00}, effective_on=PAID, reason="leaving"))
    [table] = receipts_report(made.view, "2026", PAID, names=False)
    assert chinese([table.title])[0].endswith(f"第 {record.seq} 条记录，银行存款：发放留存分红")
    assert rows(table) == [["17", "100.00", "0.00", "100.00", "one hundred yuan only", "", ""]]
    money = explanation_report(made.view, "2026", "17", PAID)[1]
    assert rows(money)[-2:] == [
        [f"2027-01-25: retained dividend paid out, record {record.seq}", "retained", "-100.00"],
        ["retained still", "", "150.00"],
    ]
    statement = dividend_statement_report(made.view, "17", PAID)
    assert chinese([statement.columns[-1].heading, statement.totals[-1]]) == ["留存后已发放", "100.00"]
    before = dividend_statement_report(made.view, "17", PAID - DAY)
    assert "留存后已发放" not in chinese([column.heading for column in before.columns])
    [_, account] = account_report(made.view, "17", until=PAID)
    assert rows(account)[-1] == ["dividends retained in the holder's name", "150.00"]
    assert rows(account_report(made.view, "17")[1])[-1][1] == "150.00"


def test_what_a_holder_owes_since_an_undoing_and_what_came_in_stand_in_every_paper_of_his() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(undo("2026", effective_on=PAID + DAY, reason="a slip"))
    made.do(collect({"17": 120_00}, effective_on=PAID + 2 * DAY))
    seq = made.view.head.seq
    money = explanation_report(made.view, "2026", "17", PAID + 2 * DAY)[1]
    assert rows(money)[-4:] == [
        ["state", "approved", ""],
        [
            f"2027-01-26: undeclared, record {seq - 2}",
            "what the holder had is owed in the current account",
            "500.00",
        ],
        [f"2027-01-27: collected from members, record {seq}", "bank", "-120.00"],
        ["owed by the holder in the current account", "of all runs together", "380.00"],
    ]
    assert rows(explanation_report(made.view, "2026", "18", PAID + 2 * DAY)[1])[-1][0] == "state"
    notes = chinese(dividend_statement_report(made.view, "17", PAID + 2 * DAY).notes)
    assert notes[2] == f"2027-01-26：分红 2026 已撤销，第 {seq - 2} 条记录：本人已得 500.00 元，应退还"
    assert notes[3:5] == [f"2027-01-27：收回欠款 120.00 元，第 {seq} 条记录", "往来账户欠款：380.00 元"]
    assert rows(account_report(made.view, "17", until=PAID + DAY)[1])[-1][1] == "500.00"
    assert rows(account_report(made.view, "17")[1])[-1] == ["owed by the holder in the current account", "380.00"]
    made.do(collect(["17"], effective_on=PAID + 3 * DAY))
    assert not [row for row in rows(account_report(made.view, "17")[1]) if "owed by" in row[0]]


# ---------------------------------------------------------------- arrears


def test_arrears_say_since_when_and_why() -> None:
    made = named(declared(cooperative()))
    declared(made, PROPOSAL._replace(stream="rent", total_fen=10_00), "rent")
    made.do(pay("rent", effective_on=PAID))
    made.do(die("0018", effective_on=DECLARED))
    made.do(pledge("land", holder="19", shares=1, creditor="信用社", effective_on=DECLARED))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["20"]))
    made.do(bounce("2026", record.seq, ["20"], effective_on=PAID + DAY))
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    runs, holders = arrears_report(made.view, PAID + DAY)
    assert rows(runs) == [
        ["2026", "surplus, 2026, instalment 1", "2027-01-21", "1,000.00", "4", "900.00", "301.00"],
    ]
    assert rows(holders) == [
        ["17", "成员甲", "2026", "500.00", "400.00", "2027-01-21", "not paid out or not claimed"],
        ["18", "成员乙", "2026", "300.00", "300.00", "2027-01-21", "waits for heirs"],
        ["19", "-", "2026", "1.00", "1.00", "2027-01-21", "holds pledged shares"],
        ["20", "-", "2026", "199.00", "199.00", "2027-01-26", "came back from the bank"],
    ]
    assert [str(cell) for cell in runs.totals] == ["total", "", "", "", "", "900.00", "301.00"]
    assert [str(cell) for cell in holders.totals] == ["total", "", "", "", "900.00", "", ""]
    assert [row[0] for row in rows(arrears_report(made.view, DECLARED)[0])] == ["2026", "rent"]
    assert rows(arrears_report(made.view, MET)[1]) == []


# ---------------------------------------------------------------- tax


def test_the_tax_of_a_period_by_run_and_by_holder() -> None:
    made = named(declared(cooperative(), TAXED))
    declared(made, TAXED._replace(stream="rent", total_fen=10_00), "rent")
    [record] = made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    made.do(pay("rent", effective_on=PAID + DAY, holders=["17"]))
    runs, holders = withholdings_report(made.view, PAID, PAID + DAY)
    assert rows(runs) == [
        ["2026", "17", "成员甲", "999999**********14", "100.00", "0.00", "100.00"],
        ["2026", "18", "成员乙", "", "60.00", "60.00", "0.00"],
        ["rent", "17", "成员甲", "999999**********14", "1.00", "0.00", "1.00"],
    ]
    assert rows(holders) == [
        ["17", "成员甲", "999999**********14", "101.00", "0.00", "101.00"],
        ["18", "成员乙", "", "60.00", "60.00", "0.00"],
    ]
    assert [str(cell) for cell in holders.totals][-3:] == ["161.00", "60.00", "101.00"]
    assert rows(withholdings_report(made.view, PAID + DAY, PAID + DAY, names=False)[0]) == [
        ["2026", "18", "0.00", "60.00", "-60.00"],
        ["rent", "17", "1.00", "0.00", "1.00"],
    ]


# ---------------------------------------------------------------- over the years


def test_arrears_give_the_reason_of_the_bank_and_vouchers_say_it_in_chinese() -> None:
    made = named(declared(cooperative()))
    [paid] = made.do(pay("2026", effective_on=PAID))
    made.do(bounce("2026", paid.seq, ["20"], effective_on=PAID + DAY, reason="account closed"))
    made.do(bounce("2026", paid.seq, ["19"], effective_on=PAID + DAY))
    _, by_holder = arrears_report(made.view, names=False)
    assert [row[-1] for row in rows(by_holder)] == ["came back from the bank", "not paid by the bank: account closed"]
    assert [row[-1] for row in rows(run_report(made.view, "2026", names=False))][2:] == [
        "came back from the bank",
        "not paid by the bank: account closed",
    ]
    [table] = vouchers_report(made.view, PAID + DAY, PAID + DAY)
    assert {said(row[2], "zh") for row in table.rows} == {"退回：账户已销户", "退回：银行退回"}


def test_arrears_list_who_owes_since_an_undoing_and_what_is_retained_in_whose_name() -> None:
    made = named(declared(cooperative()))
    assert len(arrears_report(made.view)) == 2
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00, "18": 300_00}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"), collect({"17": 50_00}, effective_on=PAID + DAY))
    declared(made, PROPOSAL._replace(stream="kept", total_fen=100_00, retained=Fraction(1, 2)), "kept")
    some = {"17": 5_00}
    made.do(pay_retained("kept", holders=some, effective_on=PAID + DAY, reason="left", released="a part"))
    [_, _, owed, retained] = arrears_report(made.view, names=False)
    assert (rows(owed), owed.totals[1:]) == ([["17", "150.00"], ["18", "300.00"]], ["450.00"])
    assert rows(retained)[:2] == [["17", "kept", "20.00"], ["18", "kept", "15.00"]]
    assert rows(arrears_report(made.view, PAID, names=False)[2]) == [["17", "200.00"], ["18", "300.00"]]
    assert rows(arrears_report(made.view)[2])[0][1] == "成员甲"


def test_a_statement_tells_what_was_paid_of_a_run_that_was_undone() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00}))
    [undone, _] = made.do(undo("2026", effective_on=PAID, reason="a slip"))
    told = [str(note) for note in dividend_statement_report(made.view, "17").notes]
    had = f"2027-01-25: run 2026 was undone, record {undone.seq}: 200.00 yuan that the holder had of it are owed back"
    assert had in told
    assert "owed by the holder in the current account: 200.00 yuan" in told
    assert not any("owed back" in str(note) for note in dividend_statement_report(made.view, "18").notes)
    assert had not in map(str, dividend_statement_report(made.view, "17", DECLARED).notes)


def test_a_statement_over_the_years_adds_up() -> None:
    made = named(declared(cooperative(charter=COLLECTIVE._replace(lapse_years=1)), TAXED))
    declared(made, PROPOSAL._replace(stream="rent", total_fen=10_00), "rent")
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    made.do(Entry("advance", PAID, PAID, {}, [Posting("CNY", "c2021:102", "c2021:114/17", 1_00)]))
    made.do(pay("rent", effective_on=PAID, holders={"17": 1_00}, through="member current"))
    table = dividend_statement_report(made.view, "17", PAID)
    amounts = ["500.00", "80.00", "0.00", "20.00", "0.00", "0.00", "400.00"]
    assert rows(table) == [
        ["2026", "surplus, 2026, instalment 1", "2027-01-21", *amounts],
        ["rent", "rent, 2026, instalment 1", "2027-01-21", *["5.00", "0.00", "1.00", *["0.00"] * 3, "4.00"]],
    ]
    made.do(lapse("rent", effective_on=date(2028, 1, 21)))
    whole = dividend_statement_report(made.view, "17")
    assert rows(whole)[1][-3:] == ["4.00", "0.00", "0.00"]
    for row in [*whole.rows, whole.totals]:
        assert fen(row[3:4]) == fen(row[4:])
    made.do(undo("2026", effective_on=date(2028, 2, 1), reason="a slip"))
    assert [row[0] for row in rows(dividend_statement_report(made.view, "17"))] == ["rent"]
    assert rows(dividend_statement_report(made.view, "0017")) == []
    with pytest.raises(RegisterError, match="99 is not in the register"):
        dividend_statement_report(made.view, "99")


def test_the_account_of_a_holder_ends_with_his_dividends() -> None:
    """Its last day, if none is said, is not before the last movement of what a run owes him."""
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID + 40 * DAY, holders={"17": 100_00}))
    made.do(issue("land", to="18", shares=1, effective_on=PAID))
    _, account = account_report(made.view, "17")
    assert rows(account)[-3:] == [
        ["remaining surplus in 2027", "500.00"],
        ["patronage refund not yet paid", "0.00"],
        ["remaining surplus not yet paid", "400.00"],
    ]


def test_a_run_that_is_declared_again_begins_anew_on_every_paper() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"), declare("2026", effective_on=PAID))
    assert rows(payment_list_report(made.view, "2026", PAID, names=False))[0][5:7] == ["0.00", "500.00"]
    assert len(receipts_report(made.view, "2026", PAID)) == 1
    assert rows(dividend_statement_report(made.view, "17"))[0][3:5] == ["500.00", "0.00"]


def test_a_run_that_was_undone_half_paid_says_when_why_and_what_is_owed_back() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00, "18": 300_00}))
    assert not [note for note in map(str, run_report(made.view, "2026").notes) if "undone" in note]
    assert not [note for note in map(str, runs_report(made.view).notes) if "undone" in note]
    made.do(undo("2026", effective_on=PAID + DAY, reason="a slip"))
    made.do(collect({"17": 50_00}, effective_on=PAID + 2 * DAY))

    def told(table: Table) -> list[str]:
        return [str(note) for note in table.notes if "undone" in str(note)]

    said_ = "undone on 2027-01-26, when it was declared: a slip"
    back = (
        "what holders had of it is owed back since 2027-01-26: 500.00 yuan, holders: 2; of all that they owe since "
        "runs were undone, {} yuan are still open"
    )
    assert told(run_report(made.view, "2026", PAID)) == told(runs_report(made.view, PAID)) == []
    assert told(run_report(made.view, "2026", PAID + DAY)) == [said_, back.format("500.00")]
    assert told(run_report(made.view, "2026")) == [said_, back.format("450.00")]
    assert told(runs_report(made.view)) == [f"run 2026: {one}" for one in (said_, back.format("450.00"))]
    owed = arrears_report(made.view, names=False)[2]
    assert owed.totals[1:] == ["450.00"]
    made.do(collect(["17", "18"], effective_on=PAID + 3 * DAY))
    assert told(run_report(made.view, "2026")) == [said_]
    assert told(runs_report(made.view)) == [f"run 2026: {said_}"]
    made.do(undo("2026", effective_on=PAID + 3 * DAY, reason="correction"))
    steps = [said_, "undone on 2027-01-28, when it was approved: correction"]
    assert told(run_report(made.view, "2026")) == steps
    assert told(runs_report(made.view)) == [f"run 2026: {one}" for one in steps]
    assert "2027-01-28 撤销（当时已通过）：更正" in chinese(run_report(made.view, "2026").notes)


def test_what_of_an_advance_that_was_undone_is_owed_back_is_what_its_holders_had() -> None:
    made = declared(cooperative(), PROPOSAL._replace(advance=True))
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    [note] = [str(note) for note in run_report(made.view, "2026").notes if "owed back" in str(note)]
    assert "owed back since 2027-01-25: 200.00 yuan, holders: 1; of all" in note
    made.do(declare("2026", effective_on=PAID))
    shown = [str(note) for note in runs_report(made.view).notes if "owed back" in str(note)]
    assert shown == [f"run 2026: {note}"]
    made.do(collect(["17"], effective_on=PAID))
    assert not [note for note in runs_report(made.view).notes if "undone" in str(note)]
