"""The papers of a run that pays a step of a distribution: every basis, in every table, to the fen."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from coopledger.core.chart import MONEY
from coopledger.core.citation import Document, Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import dues
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import die, note_personal
from coopledger.core.member_account import member_account
from coopledger.core.movement import pledge
from coopledger.core.payment_order import Outcome, failures, payment_order, settle
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.run import of_step, run, runs
from coopledger.core.table import Table
from coopledger.core.undoing import undo
from coopledger.core.waterfall import Step, share
from coopledger.core.withholding import withholdings
from coopledger.reports.arrears import arrears_report
from coopledger.reports.dividend import run_report, runs_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.explanation import explanation_report
from coopledger.reports.payment_list import payment_list_report
from coopledger.reports.receipts import receipts_report
from coopledger.reports.withholdings import withholdings_report
from coopledger.text import said
from tests.core.test_step_reckoning import cooperative
from tests.core.village import Village

DAY = timedelta(1)
POSTED, MET, DECLARED, PAID = date(2027, 1, 6), date(2027, 1, 26), date(2027, 1, 27), date(2027, 2, 1)
VOTE = Resolution("2027-1", "members", MET, entitled=5, present=5, votes_for=5)
TENTH = share("10%", "surplus")
BASES = ("trade", "heads", "households", "class land", "class labour", "par cash", "area", "account", "kilograms")
CODES = {by: by.replace(" ", "-") for by in BASES}
STEPS = [Step(CODES[by], "patronage" if by in {"trade", "kilograms"} else "dividend", TENTH, by=by) for by in BASES]


def rows(table: Table) -> list[list[str]]:
    return [[*map(str, row)] for row in table.rows]


def declared(made: Village) -> Village:
    for name in runs(made.view):
        made.do(disclose(name, since=POSTED, until=MET, where="village board"), approve(name, VOTE))
        made.do(declare(name, effective_on=DECLARED))
    made.do(Entry("receipt", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:113", "c2021:102", 10_000_00)]))
    return made


@pytest.fixture(scope="module")
def made() -> Village:
    return declared(cooperative(*STEPS))


@pytest.mark.parametrize("by", BASES)
def test_every_table_of_every_basis_comes_to_the_same(made: Village, by: str) -> None:
    """100 yuan to each step; what holders get of it is in every table of the run, and in no other unit than yuan."""
    name = f"2026-{CODES[by]}"
    due = {number: own.declared_fen for number, own in dues(made.view, run(made.view, name)).items()}
    assert sum(due.values()) == 100_00
    printed = {number: f"{fen // 100:,}.{fen % 100:02d}" for number, fen in due.items()}
    heading, by_holder = dividend_notice_report(made.view, name, DECLARED, names=False)
    assert {row[0]: row[-1] for row in rows(by_holder)} == printed
    content = dict(rows(heading))
    assert content["paid for"] == f"surplus of 2026, step {CODES[by]}"
    assert ("class" in content) == ("record date" in content) == by.startswith(("class", "par"))
    assert "()" not in str(rows(heading))
    listed = payment_list_report(made.view, name, DECLARED, names=False)
    assert {row[0]: row[2] for row in rows(listed)} == printed
    shown = run_report(made.view, name, DECLARED, names=False)
    assert {row[0]: row[2] for row in rows(shown) if row[2] != "0.00"} == printed
    by_run, of_all = arrears_report(made.view, DECLARED, names=False)
    assert [row[5] for row in rows(by_run) if row[0] == name] == ["100.00"]
    assert {row[0]: row[3] for row in rows(of_all) if row[1] == name} == printed
    for number, amount in printed.items():
        statement = dividend_statement_report(made.view, number, DECLARED, names=False)
        assert [row[3] for row in rows(statement) if row[0] == name] == [amount]
        counts, money = explanation_report(made.view, name, number, DECLARED, names=False)
        assert [row[2] for row in rows(money) if row[0] == "due to the holder"] == [amount]
        whole = rows(counts)[-1]
        chinese = [said(one, "zh") for one in counts.notes]
        assert by == "kilograms" or not any(one.isascii() and one.isalpha() for one in chinese[1])
        assert whole[0] == "counts for all holders together"


def test_a_refund_by_trade_stands_apart_in_the_member_account_and_is_taxed_paid_and_returned() -> None:
    made = declared(cooperative(*STEPS[:2]))  # trade, heads
    account = member_account(made.view, "0011", PAID)
    refund = dues(made.view, run(made.view, "2026-trade"))["0011"].declared_fen
    assert (account.refund_fen, account.refund_due_fen, account.surplus_fen) == (refund, refund, 20_00)
    assert refund == 28_57
    made.do(pay("2026-trade", effective_on=PAID, holders=["0011"]))
    account = member_account(made.view, "0011", PAID)
    assert (account.refund_fen, account.refund_due_fen, account.surplus_due_fen) == (refund, 0, 20_00)
    [receipt] = receipts_report(made.view, "2026-trade", PAID, names=False)
    assert rows(receipt)[0][:4] == ["0011", "28.57", "0.00", "28.57"]
    assert str(receipt.notes[1]) == "paid for: surplus of 2026, step trade"
    made.do(undo("2026-trade", effective_on=PAID, reason="a slip"))
    account = member_account(made.view, "0011", PAID)
    assert (account.refund_fen, account.refund_due_fen, account.surplus_fen) == (0, 0, 20_00)
    assert member_account(made.view, "0011", PAID - DAY).refund_fen == refund
    assert {one.where for one in problems(made.view)} == {"waterfall"}  # which covers no losses


def test_a_taxed_refund_is_withheld_returned_by_the_bank_and_told() -> None:
    """28.57 and 71.43 with 20 % withheld: 5.71 and 14.29; the bank cannot pay the second, then can."""
    made = cooperative(STEPS[0])
    made.do(undo("2026-trade", effective_on=date(2027, 1, 5), reason="with tax"))
    made.do(propose("t", of_step(made.view, 2026, "trade", Fraction(1, 5)), effective_on=date(2027, 1, 5)))
    made.do(disclose("t", since=POSTED, until=MET, where="board"), approve("t", VOTE))
    made.do(declare("t", effective_on=DECLARED))
    made.do(Entry("receipt", DECLARED, DECLARED, {}, [Posting(MONEY, "c2021:113", "c2021:102", 10_000_00)]))
    for number, card in (("0011", "6200000000000000018"), ("0022", "6200000000000000026")):
        made.do(note_personal({number: {"name": "成员甲", "card": card}}, effective_on=DECLARED))
    order = payment_order(made.view, "t", PAID)
    assert {one.number: one.fen for one in order.payments} == {"0011": 22_86, "0022": 57_14}
    made.do(pay("t", effective_on=PAID))  # the whole order is taken for paid
    back = [
        Outcome(f"r.csv:{n}", order.reference, one.number, one.account.number, one.fen, reason)
        for n, (one, reason) in enumerate(zip(order.payments, ("", "account closed"), strict=True), 2)
    ]
    made.do(settle("t", back, Document("r.csv", "ab" * 32), effective_on=PAID + DAY))
    assert failures(made.view, "t") == {"0022": "account closed"}
    due = dues(made.view, run(made.view, "t"))
    assert [(own.paid_fen, own.withheld_fen, own.unpaid_fen) for own in due.values()] == [
        (22_86, 5_71, 0),
        (0, 0, 71_43),
    ]
    assert [(one.holder, one.fen) for one in withholdings(made.view)] == [
        ("0011", 5_71),
        ("0022", 14_29),
        ("0022", -14_29),
    ]
    assert rows(withholdings_report(made.view, names=False)[1]) == [
        ["0011", "5.71", "0.00", "5.71"],
        ["0022", "14.29", "14.29", "0.00"],
    ]
    assert rows(run_report(made.view, "t", names=False))[1][-1] == "not paid by the bank: account closed"
    assert rows(run_report(made.view, "t", PAID, names=False))[1][-1] == ""
    made.do(undo("t", effective_on=PAID + 2 * DAY, reason="a slip"), declare("t", effective_on=PAID + 2 * DAY))
    assert [row[-1] for row in rows(run_report(made.view, "t", names=False))] == [
        "owes 22.86 yuan since a run was undone: it is set off first",
        "",
    ]
    assert [(own.unpaid_fen, own.withheld_fen) for own in dues(made.view, run(made.view, "t")).values()] == [
        (28_57, 0),
        (71_43, 0),
    ]
    assert {one.where for one in problems(made.view)} == {"waterfall"}  # which covers no losses


def test_what_heads_get_waits_for_heirs_and_not_for_a_pledge() -> None:
    made = declared(cooperative(STEPS[1], STEPS[3]))  # heads, class land
    made.do(die("0012", effective_on=DECLARED))
    made.do(pledge("land", holder="11", shares=5, creditor="bank", effective_on=DECLARED, resolution=VOTE))
    made.do(pay("2026-heads", effective_on=PAID), pay("2026-class-land", effective_on=PAID))
    assert [row[-1] for row in rows(run_report(made.view, "2026-heads", names=False)) if row[-1]] == ["waits for heirs"]
    assert [row[-1] for row in rows(run_report(made.view, "2026-class-land", names=False)) if row[-1]] == [
        "holds pledged shares"
    ]


def test_status_and_show_are_as_of_a_day(made: Village) -> None:
    before = {row[0]: row[5] for row in rows(runs_report(made.view, DECLARED - DAY))}
    assert {*before.values()} == {"approved"}
    assert {row[5] for row in rows(runs_report(made.view, DECLARED))} == {"declared"}
    assert {row[5] for row in rows(runs_report(made.view))} == {"declared"}
    assert runs_report(made.view, date(2027, 1, 4)).rows == []
    shown = run_report(made.view, "2026-heads", MET, names=False)
    assert rows(shown)[0][1:] == ["1", "20.00", "0.00", "0.00", "0.00", ""]
    assert "it is declared next" in [*map(str, shown.notes)]


def test_in_chinese_a_step_is_called_what_the_charter_calls_it() -> None:
    step = STEPS[1]._replace(name="按人分配")
    made = declared(cooperative(step))
    name = f"2026-{step.code}"
    heading, _ = dividend_notice_report(made.view, name, DECLARED)
    content = {said(row[0], "zh"): said(row[1], "zh") for row in heading.rows}
    assert (content["分红事由"], content["分配办法"]) == (
        "2026 年盈余，步骤“按人分配”",
        "按章程收益分配步骤“按人分配”",
    )
    assert [said(row[4], "zh") for row in runs_report(made.view, DECLARED).rows] == ["按人分配"]
    holder = next(iter(dues(made.view, run(made.view, name))))
    [row] = dividend_statement_report(made.view, holder, DECLARED).rows
    assert (said(row[1], "zh"), said(row[1], "en")) == (content["分红事由"], f"surplus of 2026, step {step.code}")
