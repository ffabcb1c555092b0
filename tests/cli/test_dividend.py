"""``coopledger dividend``: a run from the surplus to the receipt as it is typed; what is refused, and how."""

import json
import os
import pty
import re
import shlex
import subprocess
import sys
from typing import Any

import pytest

from tests.cli.hill import done, refused, said, troubles

pytestmark = pytest.mark.usefixtures("here", "tell")


def amounts(run: str) -> dict[str, list[str]]:
    """Of each holder what he gets, what was settled, withheld, and what is not paid yet."""
    [table] = json.loads(done(f"coopledger dividend show village.db {run} --no-names --format json"))["tables"]
    return {row[0]: row[2:6] for row in table["rows"]}


def test_a_dividend_from_the_surplus_to_the_receipt() -> None:
    asked = "--class land --record-date 2025-12-31 --total 100.01"
    done(f"coopledger dividend propose village.db 2026 {asked} --on 2026-01-11")
    done("coopledger dividend disclose village.db 2026 --since 2026-01-11 --until 2026-01-25 --where 村公示栏")
    vote = "2026-2,成员代表大会,2026-01-26,2/2/2/0"
    done(f"coopledger dividend approve village.db 2026 --resolution {vote} --on 2026-01-26")
    assert amounts("2026") == {"17": ["71.44", "0.00", "0.00", "0.00"], "18": ["28.57", "0.00", "0.00", "0.00"]}
    done("coopledger dividend declare village.db 2026 --on 2026-01-27")
    assert amounts("2026")["17"] == ["71.44", "0.00", "0.00", "71.44"]
    done("coopledger dividend pay village.db 2026 --on 2026-01-28")
    assert amounts("2026") == {"17": ["71.44", "71.44", "0.00", "0.00"], "18": ["28.57", "28.57", "0.00", "0.00"]}
    assert done("verify village.db").startswith("nothing is wrong")


def test_what_is_withheld_is_shown_beside_what_is_paid() -> None:
    done("coopledger dividend approve village.db pond --resolution 2026-1,members,2026-01-31,2/2/2/0 --on 2026-01-31")
    done("coopledger dividend declare village.db pond --on 2026-01-31")
    done("coopledger dividend pay village.db pond --to 17=0.07 --on 2026-01-31")
    assert amounts("pond") == {
        "17": ["5000.00", "0.06", "0.01", "4999.93"],
        "18": ["2000.00", "0.00", "0.00", "2000.00"],
    }


def test_the_same_command_typed_twice_pays_once() -> None:
    first = done("coopledger dividend pay village.db 2025 --to 18=100 --on 2026-01-31")
    again = done("coopledger dividend pay village.db 2025 --to 18=100 --on 2026-01-31")
    assert first.startswith("record 27: payout 100.00 CNY c2023:102 → c2023:113/surplus/2025/18; 2026-01-31; head 27:")
    assert again == "record 27 says the same already: nothing was written (to record it once more: --again)\n"
    assert amounts("2025")["18"][1] == "100.00"


def test_the_same_command_typed_by_another_is_refused_by_his_name() -> None:
    typed = "coopledger dividend pay village.db 2025 --to 18=100 --on 2026-01-31"
    done(f"{typed} --actor 会计")
    told = "record 27 says the same already, by 会计: nothing was written (to record it once more: --again)\n"
    assert refused(f"{typed} --actor 出纳") == told
    assert refused(f"{typed} --actor 出纳 --lang zh") == (
        "第 27 条记录内容相同，由 会计 所记：未写入（如需再记一次：--again）\n"
    )
    done(f"{typed} --actor 会计 --key mine")
    assert "actor was 会计, now 出纳" in refused(f"{typed} --actor 出纳 --key mine")
    assert amounts("2025")["18"][1] == "200.00"


def test_what_comes_back_of_another_payment_makes_no_payment_of_a_repetition() -> None:
    """Once a breaker found that a bounce of the second payout let the first command pay once more."""
    first = "coopledger dividend pay village.db 2025 --to 17=100 --on 2026-01-31"
    done(first)
    done("coopledger dividend pay village.db 2025 --to 17=200 --on 2026-02-01")
    done("coopledger dividend bounce village.db 2025 28 --of 17 --on 2026-02-02")
    assert done(first).startswith("record 27 says the same already")
    assert amounts("2025")["17"][1] == "4100.00"
    done("coopledger dividend bounce village.db 2025 27 --of 17 --on 2026-02-03")
    assert done(first).startswith("record 31: payout 100.00")
    assert done(first).startswith("record 31 says the same already")
    assert amounts("2025")["17"][1] == "4100.00"


def test_what_was_declared_into_a_chart_that_was_converted_is_paid_to_everybody_and_says_so() -> None:
    """Once it was recorded, and then said to be a damaged book: the first record of such a payout is a conversion."""
    create = (
        "coopledger book create earlier.db --name 示例村股份经济合作社 --law collective --chart c2004 --on 2022-01-01"
    )
    assert said(create).exit_code == 0
    vote = "--resolution 1,成员大会,{0},1/1/1/0 --on {0}"
    done(f"coopledger book charter earlier.db --disclosure-days 0 {vote.format('2022-01-02')}")
    done("coopledger book class earlier.db land --preset land --on 2022-01-01")
    done("coopledger book member earlier.db 0041 --household 17 --head --on 2022-01-01")
    done("coopledger book issue earlier.db land 500 --to 17 --on 2022-01-05")
    done("coopledger book enter earlier.db --debit 102=1000 --credit 112=1000 --reason 期初余额 --on 2022-01-31")
    asked = "--class land --record-date 2022-12-31 --total 700 --advance --stream rent --on 2023-01-05"
    done(f"coopledger dividend propose earlier.db first {asked}")
    done(f"coopledger dividend approve earlier.db first {vote.format('2023-12-20')}")
    done("coopledger book convert-chart earlier.db c2023 --on 2024-01-01")
    done("coopledger dividend declare earlier.db first --on 2023-12-25")
    paid = said("coopledger dividend pay earlier.db first --on 2024-01-05")
    assert (paid.exit_code, paid.stderr) == (
        0,
        "note: run first: paid 700.00 yuan in all, after tax; holders paid: 1\n",
    )


def test_a_step_that_is_undone_and_taken_again() -> None:
    done("coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-01-31")
    assert "approved" in done("coopledger dividend status village.db").splitlines()[4]
    [current] = [
        line for line in done("trial-balance village.db --until 2026-01-31").splitlines() if line.startswith("113")
    ]
    assert current.split()[-1] == "4,000.00"
    done("coopledger dividend declare village.db 2025 --on 2026-01-31 --again")
    told = refused("coopledger dividend pay village.db 2025 --on 2026-01-31 --again")
    assert "(17: 4,000.00 yuan): set it off first (through member current, --through" in told
    assert "（17：4,000.00 元）：请先抵扣" in refused(
        "coopledger dividend pay village.db 2025 --to 17 --on 2026-01-31 --lang zh"
    )
    assert "自分红撤销起欠 4,000.00 元" in done("coopledger dividend show village.db 2025 --lang zh")
    done("coopledger dividend pay village.db 2025 --through member-current --to 17=4000 --on 2026-01-31")
    assert amounts("2025")["17"] == ["5000.02", "4000.00", "0.00", "1000.02"]


def test_the_step_that_is_meant_is_undone_once_however_often_it_is_typed() -> None:
    typed = "coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-01-31"
    once = done(f"{typed} --step declared")
    assert "step of a dividend run (2025, undo, it was declared)" in once
    assert done(f"{typed} --step 已宣告").startswith("record 27–28 says the same already: nothing was written")
    told = refused(f"{typed} --step declared --again")
    assert told.startswith("run 2025 is approved: declared is to be undone (--step), which was undone before")
    done("coopledger dividend declare village.db 2025 --on 2026-01-31 --again")
    assert "undo, it was declared" in done(f"{typed} --step declared")
    assert "says the same already" in done(f"{typed} --step declared")
    done(typed)
    assert "（2025、撤销、此前：已公示）" in done(f"{typed} --lang zh")


def test_why_somebody_is_paid_all_the_same_is_not_left_empty() -> None:
    told = refused("coopledger dividend pay village.db 2025 --to 17 --released '' --on 2026-01-31")
    assert told.startswith("released: '': why it is paid all the same is expected")


@pytest.mark.parametrize(
    ("word", "takes"), [("公积金", "公积金"), ("公益金", "公益金"), ("其他收入", "其他收入"), ("reserve", "公积金")]
)
def test_the_account_of_a_remainder_is_named_as_tables_name_it(word: str, takes: str) -> None:
    typed = "coopledger dividend propose village.db more --class land --record-date 2025-12-31 --total 100 --to 1"
    assert "公积金（reserve）" in refused(f"{typed} --remainder 公积 --on 2026-01-31 --lang zh")
    done(f"{typed} --remainder {word} --on 2026-01-31")
    assert f"转入{takes}" in done("coopledger dividend show village.db more --lang zh").replace(" ", "")


def test_a_notice_of_fewer_days_than_the_charter_asks_for_is_told_so() -> None:
    """The collective's charter asks for ten."""
    propose = "coopledger dividend propose village.db short --class land --record-date 2025-12-31 --total 100"
    done(f"{propose} --stream rent --on 2026-01-11")
    disclose = "coopledger dividend disclose village.db short --since 2026-01-12 --where 村公示栏"
    note = (
        "note: run short: the charter asks for 10 days before the vote, and this notice has 9: it is not approved "
        "unless it is disclosed until 2026-01-21 or later, and not before 2026-01-22\n"
    )
    for how in ("--dry-run", ""):
        result = said(f"{disclose} --until 2026-01-20 --on 2026-01-12 {how}")
        assert (result.exit_code, result.stderr) == (0, note)
    vote = "coopledger dividend approve village.db short --resolution 2026-9,members,{day},2/2/2/0 --on {day}"
    assert "it lay open for 9 days" in refused(vote.format(day="2026-01-22"))
    enough = said(f"{disclose} --until 2026-01-21 --on 2026-01-12 --lang zh")
    assert (enough.exit_code, enough.stderr) == (0, "")
    assert "9 days" in refused(vote.format(day="2026-01-21"))
    done(vote.format(day="2026-01-22"))
    decision = said(f"{disclose.replace('01-12', '01-22')} --until 2026-01-23 --on 2026-01-22")
    assert (decision.exit_code, decision.stderr) == (0, "")


def test_who_proposes_more_than_can_be_distributed_is_told_so() -> None:
    propose = "coopledger dividend propose {} --class land --record-date 2025-12-31 --stream rent --on 2026-01-11"
    typed = propose.format("village.db more") + " --total 100万"
    result = said(typed)
    assert (result.exit_code, "note: run more asks for 1,000,000.00 yuan, and " in result.stderr) == (0, True)
    free = result.stderr.partition("yuan, and ")[2].partition(" can be distributed from 2026-01-11 on")[0]
    fits = said(f"{propose.format('village.db fits')} --period 2 --total {free.replace(',', '')}")
    assert troubles(fits) == ""
    over = said(f"{propose.format('village.db over')} --period 3 --total {free.replace(',', '')} --remainder reserve")
    assert troubles(over) == ""
    assert troubles(said(f"{propose.format('village.db ahead')} --period 4 --total 100万 --advance")) == ""
    # what has yet to go through the charter's waterfall is not free
    done("coopledger dividend surplus shares.db 2026 5万 --source x --on 2026-01-05")
    result = said(propose.format("shares.db first") + " --total 1 --lang zh")
    assert "注意：分红 first 需 1.00 元" in result.stderr


def test_who_pays_everybody_is_told_how_many_were_paid_and_who_waits() -> None:
    done("death village.db 0051 --on 2026-01-31")
    paid = "note: run 2025: paid 1,000.02 yuan in all, after tax; holders paid: 1\n"
    waits = "note: run 2025: holders who wait: 1, with 2,000.01 yuan before tax: 18 waits for heirs\n"
    typed = "coopledger dividend pay village.db 2025 --on 2026-01-31"
    for how in ("--dry-run", "", ""):
        result = said(f"{typed} {how}")
        assert (result.exit_code, result.stderr) == (0, paid + waits)
    again = said("coopledger dividend pay village.db 2025 --to 18=5 --heir 0041 --on 2026-01-31")
    assert (again.exit_code, again.stderr) == (0, "")


def test_who_pays_everybody_less_tax_is_told_what_they_got_and_what_is_held_over_or_set_off() -> None:
    asked = "--class land --record-date 2025-12-31 --stream rent --total 70 --hold-below 30 --tax 20%"
    done(f"coopledger dividend propose village.db few {asked} --on 2026-01-11")
    done("coopledger dividend disclose village.db few --since 2026-01-12 --until 2026-01-30 --where x --on 2026-01-12")
    done("coopledger dividend approve village.db few --resolution 2026-3,members,2026-01-31,2/2/2/0 --on 2026-01-31")
    done("coopledger dividend declare village.db few --on 2026-01-31")
    told = said("coopledger dividend pay village.db few --on 2026-01-31 --lang zh").stderr
    assert told == (
        "注意：分红 few：共向 1 位股东支付 40.00 元（税后）\n"
        "注意：分红 few：1 位股东暂未发放，税前共 20.00 元：应付 18 的留待累计到 30.00 元\n"
    )
    done("coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-01-31")
    done("coopledger dividend declare village.db 2025 --on 2026-01-31 --again")
    result = said("coopledger dividend pay village.db 2025 --through member-current --on 2026-01-31")
    assert result.stderr == "note: run 2025: set off 4,000.00 yuan in all, after tax; holders: 1\n"


def test_a_meeting_that_counts_more_votes_than_the_register_has_is_told_so_at_once() -> None:
    """Of two members nobody knows the age."""
    approve = "coopledger dividend approve village.db pond --on 2026-01-31 --resolution 2026-1,{},2026-01-31,{}"
    what = "entitled are 3 by the resolution, 0 to 2 by the register on 2026-01-31: look at which is right\n"
    for how in (" --dry-run", ""):
        result = said(approve.format("members", "3/3/3/0") + how)
        assert (result.exit_code, result.stderr) == (0, f"note: run pond: {what}")
    assert what in done("coopledger dividend show village.db pond")
    for meeting, votes in (
        ("members", "2/2/2/0"),
        ("members", "3/3/3/0 --reason x"),
        ("members", "3/3/3/0 --lang zh --again"),
    ):
        done("coopledger dividend reverse village.db pond --reason 有误 --on 2026-01-31")
        result = said(approve.format(meeting, votes))
        assert (result.exit_code, "决议称应到 3 票" in result.stderr) == (0, "zh" in votes), result.output


def test_who_is_named_without_an_amount_is_paid_all_that_he_is_owed() -> None:
    done("coopledger dividend pay village.db 2025 --to 17=1000 --to 18 --on 2026-01-31")
    assert amounts("2025") == {
        "17": ["5000.02", "5000.00", "0.00", "0.02"],
        "18": ["2000.01", "2000.01", "0.00", "0.00"],
    }
    done("coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-01-31")
    said_ = done("coopledger dividend collect village.db --from 17=100 --from 18 --on 2026-02-01")
    assert "100.00 CNY c2023:113/17" in said_
    assert "2,000.01 CNY c2023:113/18" in said_


def test_what_was_paid_of_an_undone_run_is_collected_from_one_or_several() -> None:
    done("coopledger dividend pay village.db 2025 --to 18=100 --on 2026-01-31")
    done("coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-01-31")
    first = done("coopledger dividend collect village.db --from 17=1000 --through cash --reason 交回 --on 2026-02-01")
    assert first.startswith("record 30: collected from members 1,000.00 CNY c2023:113/17 → c2023:101; 2026-02-01;")
    assert refused("coopledger dividend collect village.db --from 17=3000.01 --on 2026-02-02") == (
        "17 owes 3,000.00 yuan from 2026-02-02 on: 3,000.01 yuan cannot be collected\n"
    )
    told = refused("coopledger dividend collect village.db --from 41 --on 2026-02-02 --lang zh")
    assert told == "自 2026-02-02 起 41 在往来账户中没有欠款\n"
    done("coopledger dividend collect village.db --from 17 --from 18 --reason 银行退回 --on 2026-02-02")
    assert "owed by the holder" not in done("coopledger dividend statement village.db 17 --on 2026-02-02")
    assert "往来账户欠款" in done("coopledger dividend explain village.db 2025 17 --on 2026-02-01 --lang zh")
    assert "dividend collect" in refused("coopledger dividend bounce village.db 2025 26 --of 17 --on 2026-02-05")


def test_what_was_retained_is_paid_out_and_has_a_receipt() -> None:
    told = refused("coopledger dividend pay-retained goods.db kept --to 17 --on 2026-02-01")
    assert told == "run kept: a resolution or a reason (a text) to pay out what is retained is expected\n"
    done("coopledger dividend pay-retained goods.db kept --to 17=100 --reason 退社 --on 2026-02-01")
    assert "壹佰元整" in done("coopledger dividend receipts goods.db kept --on 2026-02-01 --lang zh")
    assert "300.00" in done("coopledger book account goods.db 17 --lang zh")
    vote = "2026-9,成员大会,2026-02-02,1/1/1/0"
    done(f"coopledger dividend pay-retained goods.db kept --resolution {vote} --on 2026-02-02")
    assert refused("coopledger dividend pay-retained goods.db kept --reason x --on 2026-02-03") == (
        "run kept: nothing is retained of it on 2026-02-03\n"
    )
    done("verify goods.db")


def test_goods_have_a_receipt_in_words() -> None:
    done(
        "coopledger dividend pay-in-kind goods.db goods --goods 大米 --unit 斤 --price 2.5 --against c2023:121 "
        "--to 17=80 --on 2026-02-03"
    )
    told = done("coopledger dividend receipts goods.db goods --on 2026-02-03 --lang zh")
    assert all(said in told for said in ("大米（斤）", "单价", "贰佰元整", "实物分红"))


def test_back_pay_is_an_amount_for_one_holder() -> None:
    asked = "--class land --record-date 2025-12-31 --period 2025 --supplements 2025 --on 2026-02-01"
    told = refused(f"coopledger dividend propose village.db late {asked} --for 18=12.50")
    assert "(--for) and the reason for them (--reason) are expected together" in told
    done(f"coopledger dividend propose village.db late {asked} --for 18=12.50 --reason 补确认一户")
    shown = done("coopledger dividend show village.db late --no-names --lang zh")
    assert "仅发给 18：补确认一户" in shown
    assert amounts("late") == {"18": ["12.50", "0.00", "0.00", "0.00"]}


def test_a_supplement_has_the_tax_of_the_run_to_which_it_adds() -> None:
    asked = (
        "--class land --record-date 2025-12-31 --period pond --supplements pond --for 18=10 --reason 补 --on 2026-02-01"
    )
    done(f"coopledger dividend propose village.db late {asked}")
    assert "代扣税款：每笔领款的 20%" in done("coopledger dividend show village.db late --lang zh")
    done(f"coopledger dividend propose village.db untaxed {asked} --tax 0%")
    assert "tax withheld:" not in done("coopledger dividend show village.db untaxed")


@pytest.mark.parametrize(
    ("command", "steps"),
    [
        ("pay village.db 2025", ["the book is being read …", "worked out: 2; being written …"]),
        (
            "propose village.db x --class land --record-date 2025-12-31 --total 5 --lang zh",
            ["正在读取账簿……", "已算出 2 笔，正在写入……"],
        ),
        ("pay village.db dam", ["the book is being read …"]),
        ("pay village.db 2025 --dry-run", []),
        ("show village.db 2025", ["the book is being read …", "worked out: 2; being laid out …"]),
    ],
)
def test_at_a_terminal_it_says_what_it_is_doing_and_leaves_nothing_of_it(command: str, steps: list[str]) -> None:
    """Another process, whose standard error is a terminal."""
    manner = [] if command.startswith("show") else shlex.split("--on 2026-01-31 --actor accountant --confirm-clock")
    typed = [sys.executable, "-m", "coopledger", "dividend", *shlex.split(command), *manner]
    terminal, its = pty.openpty()
    subprocess.run(typed, stdout=subprocess.DEVNULL, stderr=its, check=False)  # noqa: S603 - our own
    os.write(its, b"|")
    os.close(its)
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    assert re.findall(r"\r\x1b\[K([^\r\x1b|]+)", shown)[: len(steps)] == steps
    assert shown.count("\r\x1b[K") == (len(steps) + 1 if steps else 0)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("declare village.db pond", "run pond is disclosed: it is approved next"),
        ("pay village.db dam", "run dam is not declared on"),
        ("pay village.db 2025 --to 17=1000.03", "run 2025: 1,000.02 yuan are owed to 17: 1,000.03 yuan cannot be paid"),
        ("pay village.db 2099", "run 2099: it was not proposed; the book has 2025, dam, pond, hill"),
        ("lapse village.db 2025", "run 2025: what is not claimed lapses on 2029-01-31, 3 years after"),
        ("bounce village.db 2025 26 --of 18", "run 2025: nothing of record 26 was paid to 18"),
        ("propose village.db x --class land --record-date 2025-12-31", "a total (--total), an amount"),
        ("object village.db pond --by 999999198001310014 --what x", "999999**********14 is an ID number"),
        ("surplus village.db 2025 1 --source x", "the surplus of 2025 was entered in record 14 already"),
    ],
)
def test_what_is_refused_says_why(command: str, told: str) -> None:
    assert refused(f"coopledger dividend {command} --on 2026-01-31").startswith(told)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("propose village.db x --class land --total 5", "--record-date is expected, or --since and --until"),
        ("propose village.db x --class land --total 5 --since 2025-01-01", "--record-date is expected"),
        ("collect village.db", "--from: it must be given"),
        (
            "propose village.db x --class land --record-date 2025-12-31 --for 17 --reason x",
            "--for: 17: a number and its amount, 0042=12.50, are expected",
        ),
        ("pay village.db 2025 --to 17=abc", "--to: "),
        *(
            (
                f"surplus village.db 2024 {seen} --source x",
                f"{seen}: more than 0 is expected: of a loss its amount, with --loss",
            )
            for seen in ("-5", "-5万", "0", "0.00")
        ),
        ("approve village.db pond", "--resolution: it must be given"),
    ],
)
def test_what_is_called_wrongly_says_how(command: str, told: str) -> None:
    result = said(f"coopledger dividend {command} --on 2026-01-31")
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_what_pays_is_named_in_chinese_too() -> None:
    assert refused("coopledger dividend pay village.db 2025 --through 现金 --to 18=1 --on 2026-01-31").startswith(
        "run 2025: c2023:101 stands at 0.00 yuan"
    )
    assert "c2023:113/18 stands at" in refused(
        "coopledger dividend pay village.db 2025 --through 往来抵扣 --to 18=1 --on 2026-01-31"
    )


def test_it_speaks_chinese() -> None:
    assert refused("coopledger dividend declare village.db pond --on 2026-01-31 --lang zh") == (
        "分红 pond 已公示：下一步为表决通过\n"
    )
    shown = done("coopledger dividend show village.db 2025 --lang zh")
    assert "示例村股份经济合作社：分红 2025（已宣告）" in shown
    assert "总额以 0.01 元为单位按最大余数分配，余数相等的归编号在前者" in shown


# ---------------------------------------------------------------- the tables


def tables(command: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done(f"coopledger dividend {command} --format json"))["tables"]
    return found


def test_the_tables_of_a_run_are_of_a_day_or_of_today() -> None:
    done("coopledger dividend pay village.db 2025 --to 18=500.05 --on 2026-02-01")
    for day, paid in (("--on 2026-01-31", "0.00"), ("", "500.05")):
        [listed] = tables(f"payment-list village.db 2025 --no-names {day}")
        assert listed["rows"][1] == ["18", "200", "2000.01", "0.00", "2000.01", paid, listed["rows"][1][6], None, None]
    [*_, receipt] = tables("receipts village.db 2025")
    assert receipt["rows"][0][6] == "five hundred yuan and five fen only"
    [_, owed] = tables("arrears village.db --no-names")
    assert [row[:4] for row in owed["rows"]] == [
        ["17", "2025", "5000.02", "1000.02"],
        ["18", "2025", "2000.01", "1499.96"],
    ]
    [stated] = tables("statement village.db 18")
    assert stated["totals"][3:] == ["2000.01", "500.05", "0.00", "0.00", "0.00", "0.00", "1499.96"]


def test_the_tables_of_a_run_speak_chinese() -> None:
    assert "再得一个" in done("coopledger dividend explain village.db 2025 18 --lang zh")
    assert "分红 2025 领款单" in done("coopledger dividend receipts village.db 2025 --lang zh")
    assert "肆仟元整" in done("coopledger dividend receipts village.db 2025 --lang zh")
    assert "登记日" in done("coopledger dividend notice village.db pond --lang zh")
    assert "签字" in done("coopledger dividend payment-list village.db 2025 --lang zh")
    assert "未发放或未领取" in done("coopledger dividend arrears village.db --lang zh")
    assert "代扣税款" in done("coopledger dividend tax village.db --lang zh")
    assert "历年分红" in done("coopledger dividend statement village.db 17 --lang zh")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("payment-list village.db pond", "run pond is not declared on 2026-01-31: nothing is owed"),
        ("notice village.db 2099", "run 2099: it was not proposed"),
        ("explain village.db 2025 0041", "run 2025: 0041 has no part in it"),
        ("receipts village.db dam", "run dam: nothing was paid by 2026-01-31"),
        ("receipts village.db 2025 --of 18", "run 2025: nothing was paid to 18 by 2026-01-31"),
        ("statement village.db 99", "99 is not in the register"),
    ],
)
def test_a_table_of_nothing_says_so(command: str, told: str) -> None:
    assert refused(f"coopledger dividend {command} --on 2026-01-31").startswith(told)


def test_the_tax_of_a_period_ends_after_it_begins() -> None:
    result = said("coopledger dividend tax village.db --since 2026-02-01 --until 2026-01-31")
    assert result.exit_code == 2
    assert "--since 2026-02-01 is after --until 2026-01-31" in result.stderr


def test_a_charter_asks_for_the_four_deliberations() -> None:
    asked = "--stream b --class land --record-date 2025-12-31 --total 1 --on 2026-01-31"
    assert refused(f"coopledger dividend propose four.db b {asked}").startswith(
        "run b: the charter asks for the four deliberations"
    )
    on = "--on 2026-01-31"
    assert refused(f"coopledger dividend declare four.db 2025 {on}") == (
        "run 2025 is proposed: the two committees discuss it next\n"
    )
    vote = "--resolution 2026-4,成员大会,2026-01-31,1/1/1/0"
    assert refused(f"coopledger dividend approve four.db hill {vote} {on}").startswith(
        "run hill: objections 1 were not answered before the meeting of 2026-01-31"
    )
    done("coopledger dividend answer four.db hill 1 --what 复核无误 --on 2026-01-21")
    assert refused(
        f"coopledger dividend approve four.db hill --resolution 2026-4,成员大会,2026-01-31,3/3/3/0 {on}"
    ).startswith("resolution 2026-4: 3 votes are entitled, and the register has 1 on 2026-01-31")
    done(f"coopledger dividend approve four.db hill {vote} {on}")
    shown = done("coopledger dividend show four.db hill --lang zh")
    assert "第 1 项异议（17，2026-01-20）：第17户股数；2026-01-21 答复：复核无误" in shown
    assert "已审议：2026-01-08 决议 2026-3，应到 20 票，到会 16 票，赞成 15 票，反对 1 票" in shown
    assert "下一步为公开决议" in shown


def test_the_steps_of_the_four_deliberations_are_undone_one_by_one() -> None:
    states = []
    for _ in range(8):
        done("coopledger dividend reverse four.db paid --reason 金额有误 --on 2026-02-14")
        [line] = [one for one in done("coopledger dividend status four.db").splitlines() if one.startswith("paid")]
        states.append(line.split()[5])
    assert states == [
        "declared", "published", "approved", "disclosed", "deliberated", "discussed", "proposed", "withdrawn",
    ]  # fmt: skip
    assert done("verify four.db").startswith("nothing is wrong")


def test_what_the_charter_did_not_ask_for_is_no_step() -> None:
    asked = "--resolution 2026-2,村两委,2026-01-06,5/5/5/0 --on 2026-01-31"
    assert refused(f"coopledger dividend discuss village.db hill {asked}").startswith(
        "run hill: discuss is one of the four deliberations, for which the charter did not ask"
    )


def test_what_is_paid_late_is_told_without_what_is_carried_over() -> None:
    """For a day before the book went over to another chart: the line has its days, the note what holders got."""
    on = "--on 2023-12-01"
    for typed in (
        "book create late.db --name 示例村 --law collective --chart c2004 --on 2022-01-01",
        "book class late.db land --preset land --on 2022-01-01",
        "book member late.db 0041 --household 17 --head --on 2022-01-01",
        "book issue late.db land 5 --to 17 --on 2022-01-01",
        "book enter late.db --debit bank=100 --credit 301=100 --reason 投入 --on 2022-01-01",
        "dividend surplus late.db 2022 100 --source x --on 2023-01-05",
        "dividend propose late.db 2022 --class land --record-date 2022-12-31 --total 60 --on 2023-01-11",
        "dividend disclose late.db 2022 --since 2023-01-11 --until 2023-01-25 --where 村公示栏 --on 2023-01-11",
        "dividend approve late.db 2022 --resolution 2023-1,成员代表大会,2023-01-26,1/1/1/0 --on 2023-01-26",
        "dividend declare late.db 2022 --on 2023-01-27",
        "book convert-chart late.db c2023 --on 2024-01-01",
    ):
        done(f"coopledger {typed}")
    result = said(f"coopledger dividend pay late.db 2022 {on}")
    assert (result.exit_code, result.stderr) == (
        0,
        "note: run 2022: paid 60.00 yuan in all, after tax; holders paid: 1\n",
    )
    assert "payout, conversion 60.00 CNY c2004:102 → c2004:113/surplus/2022/17, " in result.stdout
    assert "; 2023-12-01; head " in result.stdout
    assert done("verify late.db").startswith("nothing is wrong")


PROPOSE = (
    "coopledger dividend propose village.db {} --class land --record-date 2025-12-31 --stream rent --on 2026-01-11"
)


def test_who_proposes_is_told_what_it_comes_to_what_is_left_and_what_is_next() -> None:
    told = said(PROPOSE.format("２０２６ --total 100.01 --to 1"))
    expected = (
        "note: run 2026: 100.00 yuan in all, holders who get something: 2; 0.01 yuan of the total are left, and stay "
        "where the surplus is; it is disclosed next, and approved\n"
    )
    assert (told.exit_code, told.stderr) == (0, expected)
    expected = "注意：分红 fund：共 100.00 元，2 位股东分得；余数 0.01 元在宣告时转入公积金；下一步为公示并表决通过\n"
    for how in ("--dry-run", ""):
        told = said(PROPOSE.format("fund --period 2 --total 100.01 --to 1 --remainder 公积金") + f" --lang zh {how}")
        assert (told.exit_code, told.stderr) == (0, expected)
    assert "run again: 2026 is for rent, 2026, instalment 1 already" in refused(
        PROPOSE.format("again --period 2026 --total 5")
    )
    done("coopledger dividend disclose village.db ２０２６ --since 2026-01-12 --until 2026-01-31 --where x")
    assert "(disclosed)" in done("coopledger dividend show village.db 2026")


def test_what_supplements_a_run_takes_its_terms_over_and_says_so() -> None:
    done(PROPOSE.format("first --period 1 --each 1.5 --to 1 --mode down --tax 20% --retained 10%"))
    told = said(PROPOSE.format("more --period 1 --each 2 --supplements first"))
    assert told.stderr.splitlines()[1] == (
        "note: run more: as run first: tax withheld: 20% of each receipt, of each holder's, 10% is retained in his "
        "name, what is paid is a multiple of 1.00 yuan, rounded down"
    )
    own = "--tax 0 --retained 0 --to 0.01 --mode 'half up'"
    told = said(PROPOSE.format(f"other --period 1 --each 2 --supplements first {own}"))
    assert (told.exit_code, len(told.stderr.splitlines())) == (0, 1)
    shown = done("coopledger dividend show village.db other")
    assert "retained" not in shown
    assert "rounded half up to 0.01 yuan" in shown


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("--tax floor=20%", "--tax: 'floor=20%': one value is expected, without a name before it: 20%"),
        ("--retained rent=1/2", "--retained: 'rent=1/2': one value is expected, without a name before it: 1/2"),
        ("--cap rent＝5元", "--cap: 'rent＝5元': one value is expected, without a name before it: 5元"),
        ("--to rent=1", "--to: 'rent=1': one value is expected, without a name before it: 1"),
        ("--tax floor=lots", "--tax: 'floor=lots' is not a quantity"),
        ("--policy rent=cumulative", "one of each-year, cumulative is accepted"),
        ("--nets a,b", "'a,b' is not a code"),
        ("--for 17", "a number and its amount, 0042=12.50, are expected"),
    ],
)
def test_an_option_of_a_run_that_is_said_of_a_part_of_it_is_refused(option: str, why: str) -> None:
    result = said(PROPOSE.format("q --total 5") + f" {option}")
    assert result.exit_code in {1, 2}
    assert why in result.output


def test_the_tax_of_a_distribution_is_of_all_its_steps() -> None:
    result = said("coopledger dividend distribute shares.db 2025 --on 2026-01-12 --tax members=20%")
    assert (result.exit_code, "without a name before it: 20%" in result.output) == (2, True)
