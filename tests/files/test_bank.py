"""Files for the bank: an order as it is written, and what comes back however a bank or a spreadsheet writes it."""

import codecs
import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.payment_order import (
    REASONS,
    BankAccount,
    Outcome,
    Payment,
    PaymentOrder,
    Reference,
    payment_order,
)
from coopledger.core.problems import problems
from coopledger.errors import CoopledgerError, RegisterError, ReturnError
from coopledger.files.bank import Returned, bank_return, order_bytes, order_csv, outcomes, read_return
from tests.core.dividends import PAID, due
from tests.core.strategies import steady
from tests.core.test_payment_order import CARDS, LATER, PARTS, carded, file

REFERENCE = Reference("2026", 31, "0a1b2c3d")
REMARK = "2026 31:0a1b2c3d 示例村合作社"
HEAD = "序号,编号,户名,账号,开户行,金额（元）,备注,结果,原因"
GOOD = f"1,0017,成员甲,{CARDS['17']},示例信用社,1234.50,{REMARK},成功,"


def order(payee: str = "成员甲", branch: str = "示例信用社", book: str = "示例村合作社") -> PaymentOrder:
    accounts = (BankAccount(payee, CARDS["17"], branch), BankAccount("成员乙", CARDS["18"]))
    payments = (Payment("0017", 123_450, accounts[0]), Payment("0018", 5, accounts[1]))
    return PaymentOrder(REFERENCE, book, payments, {"0019": 1}, {})


def found(*lines: str) -> list[Outcome]:
    """The lines, of which all can be read."""
    outcome, wrong = outcomes("\n".join(lines), "r.csv")
    assert [str(one) for one in wrong] == []
    return outcome


def wrong(*lines: str) -> list[str]:
    return [str(one) for one in outcomes("\n".join(lines), "r.csv")[1]]


# ---------------------------------------------------------------- the order


def test_an_order_is_a_list_of_payments_under_chinese_or_english_headings() -> None:
    assert order_csv(order(), "zh").splitlines() == [
        "序号,编号,户名,账号,开户行,金额（元）,备注",
        f"1,0017,成员甲,{CARDS['17']},示例信用社,1234.50,{REMARK}",
        f"2,0018,成员乙,{CARDS['18']},,0.05,{REMARK}",
    ]
    assert order_csv(order()).startswith("serial number,number,payee,account number,branch,amount (yuan),remark\n")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_no_name_is_a_formula(sign: str) -> None:
    evil = f'{sign}HYPERLINK("http://x")'
    for one in (order(payee=evil), order(branch=evil)):
        cells = [cell for row in csv.reader(StringIO(order_csv(one), newline="")) for cell in row]
        assert f"'{evil}" in cells
        assert not [cell for cell in cells if cell.startswith(sign)]


def test_a_file_is_in_the_encoding_that_the_bank_reads() -> None:
    assert order_bytes(order()).startswith(codecs.BOM_UTF8)
    assert order_bytes(order(), "zh", "gbk").decode("gbk") == order_csv(order(), "zh")
    with pytest.raises(RegisterError, match="the name of 0017 has characters that gbk has not"):
        order_bytes(order(payee="成员𠮷"), "zh", "gbk")
    assert "成员𠮷" in order_bytes(order(payee="成员𠮷")).decode()


# ---------------------------------------------------------------- what comes back


def test_a_line_is_read_with_its_place() -> None:
    assert found(HEAD, GOOD) == [Outcome("r.csv:2", REFERENCE, "0017", CARDS["17"], 123_450)]


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD.replace("账号", "帐号"), GOOD],
        [HEAD.replace("编号", " 持有人编号 ").replace("账号", "收款人账号").replace("结果", "处理状态(代码)"), GOOD],
        ["示例银行代发结果,,,,,,,,", "日期：2027-01-25,,,,,,,,", HEAD, GOOD],
        [HEAD, "", GOOD, ",,,,,,,,", "合计,,,,,1234.50,,,", "成功合计,,,,,,,,"][:5],
        [HEAD + ",手续费,交易流水号", GOOD + ",0.00,000123"],
        [HEAD, GOOD.replace("1234.50", '"1,234.50"')],
        [HEAD, GOOD.replace("1234.50", "￥1234.5元")],
        [HEAD, GOOD.replace("1234.50", "１２３４．５０")],
        [HEAD, GOOD.replace(CARDS["17"], f"{CARDS['17']}\t")],
        [HEAD, GOOD.replace("成功", "交易成功")],
        ["Result,Remark,Amount,Account number,Holder", f"success,{REMARK},1234.50,{CARDS['17']},0017"],
    ],
)
def test_a_return_is_read_as_banks_write_it(lines: list[str]) -> None:
    [one] = found(*lines)
    assert one._replace(where="") == Outcome("", REFERENCE, "0017", CARDS["17"], 123_450)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("户名不符", "account name differs"),
        ("账号与户名不一致：张三", "account name differs"),
        ("该帐户已销户", "account closed"),
        ("卡已挂失", "account blocked"),
        ("久悬户", "account dormant"),
        ("超过单笔限额", "limit exceeded"),
        ("账号不存在", "no such account"),
        ("查无此户", "no such account"),
        ("收款人姓名与账号不匹配", "account name differs"),
        ("Account name does not match", "account name differs"),
        ("账户状态：注销", "account closed"),
        ("账户已冻结", "account blocked"),
        ("单日累计限额超限", "limit exceeded"),
        ("卡号有误", "account number wrong"),
        ("invalid account number", "account number wrong"),
        ("账户状态异常", "account status abnormal"),
        ("账户状态异常：已冻结", "account blocked"),
        ("账户状态异常（冻结、销户）", "account status abnormal"),
        ("E4711", "other reason"),
        ("", "other reason"),
        # what is not said is not recorded
        ("账号或户名有误", "other reason"),
        ("户名不符或账号不存在", "other reason"),
        ("账号不存在/已销户", "other reason"),
        ("户名含非法字符", "other reason"),
        ("账户未激活", "other reason"),
        ("账户未冻结", "other reason"),
        ("付款账户余额不足", "other reason"),
        ("付款账户已冻结", "other reason"),
        ("非本行账户", "other reason"),
        ("未超限额", "other reason"),
        ("账户未销户", "other reason"),
        ("代发协议已注销", "other reason"),
        ("密码锁定", "other reason"),
        ("交易超限时", "other reason"),
        ("connection lost", "other reason"),
        ("card expired", "other reason"),
        ("time limit exceeded", "other reason"),
        ("account not closed properly", "other reason"),
    ],
)
def test_a_reason_is_known_by_its_words_and_none_of_them_is_kept(said: str, reason: str) -> None:
    [one] = found(HEAD, GOOD.replace("成功,", f"失败,{said}"))
    assert (one.paid, one.reason) == (False, reason)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((CARDS["17"], "6.20E+18"), "the account number is a rounded one (6…E+18)"),
        ((CARDS["17"], "6.2e18"), "the account number is a rounded one"),
        ((CARDS["17"], f"'{CARDS['17']}"), "the account number has other characters than digits"),
        ((CARDS["17"], f'"=""{CARDS["17"]}"""'), "the account number has other characters than digits"),
        ((CARDS["17"], "6200********0018"), "the account number has other characters than digits"),
        ((CARDS["17"], "6200000000000000000"[:18]), "bank card …0000"),
        ((CARDS["17"], CARDS["17"][:-1] + "9"), "bank card …0019: its check digit is wrong"),
        ((CARDS["17"], "1234567"), "has 7 characters: 8 to 32 digits are expected"),
        ((CARDS["17"], ""), "the account number has other characters than digits"),
        (("1234.50", "1234.505"), "amount '1234.505': yuan above 0 are expected, such as 1,234.50"),
        (("1234.50", "-1234.50"), "amount '-1234.50'"),
        (("1234.50", "0.00"), "amount '0.00'"),
        (("1234.50", '"12,34.50"'), "amount '12,34.50'"),
        (("1234.50", "1.23E+3"), "amount '1.23E+3'"),
        (("1234.50", "1234.50,1"), ""),
        (("成功", "处理中"), "result '处理中': 成功 (success) or 失败 (failed) is expected"),
        (("成功", ""), "result ''"),
        ((REMARK, "分红"), "remark '分红': it begins with the run and the record"),
        (("0017", ""), "'' is not a code"),
        (("0017", "00１7"), "write 0017"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_place(change: tuple[str, str], told: str) -> None:
    first = wrong(HEAD, GOOD, GOOD.replace(*change))
    assert first[0].startswith("r.csv:3: ")
    assert told in first[0]


def test_all_problems_of_a_file_are_said_at_once() -> None:
    bad = GOOD.replace("1234.50", "x").replace("成功", "?").replace(REMARK, "-")
    assert [one.partition(": ")[0] for one in wrong(HEAD, bad, GOOD, "1,2", GOOD.replace("成功", "?"))] == [
        *["r.csv:2"] * 3,
        "r.csv:4",
        "r.csv:5",
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([""], "r.csv: there is no line of headings: 编号 (number), 账号 (account number), 金额 (amount)"),
        (["a,b", "c,d"], "r.csv: there is no line of headings"),
        ([HEAD], "r.csv: a bank's return without a line"),
        ([HEAD.replace("结果", "x"), GOOD], "r.csv:1: no column 结果 (result): it is expected among the headings"),
        ([HEAD.replace("原因", "状态"), GOOD], "r.csv:1: several columns mean 结果 (result): one is expected"),
        ([HEAD, '"' + GOOD], "r.csv:2: not a CSV line"),
    ],
)
def test_a_file_that_is_no_return_is_refused(lines: list[str], told: str) -> None:
    assert wrong(*lines)[0].startswith(told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "r.csv: there is no line of headings"),
        (b"PK\x03\x04....", "r.csv: a spreadsheet's own file: save it as CSV"),
        (b"\xd0\xcf\x11\xe0....", "r.csv: a spreadsheet's own file"),
        (HEAD.encode("utf-16"), "r.csv:1: the file is in UTF-16"),
        (b"\xff\xff\xff", "r.csv: the file is neither UTF-8 nor GBK"),
        (HEAD.encode("big5", errors="replace"), "r.csv: "),
        (b"\x00" * 10, "r.csv"),
    ],
)
def test_bytes_that_are_no_return_are_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(ReturnError) as error:
        [*bank_return("2026", read_return(tmp_path / "r.csv"), effective_on=PAID)(carded().view)]
    assert str(error.value).startswith(told)


@pytest.mark.parametrize("path", ["no such file", "", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_refused(path: str) -> None:
    with pytest.raises(ReturnError, match="cannot be read"):
        read_return(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_return_is_read_in_the_encodings_of_banks(tmp_path: Path, encoding: str, ends: str) -> None:
    (tmp_path / "r.csv").write_bytes(ends.join([HEAD, GOOD, ""]).encode(encoding))
    returned = read_return(tmp_path / "r.csv")
    assert (len(returned.outcomes), returned.problems, len(str(returned))) == (1, (), 64)


@steady(300)
@given(
    st.lists(st.lists(st.sampled_from([*HEAD.split(","), *GOOD.split(","), "", "\0", '"', "=1", "合计"]), max_size=10))
)
def test_whatever_stands_in_a_file_is_read_or_refused(rows: list[list[str]]) -> None:
    read, problems = outcomes("\n".join(",".join(row) for row in rows))
    assert read or problems


# ---------------------------------------------------------------- the file and the book


def test_what_cannot_be_read_and_what_the_book_does_not_agree_to_are_said_together() -> None:
    made = carded()
    head, *lines = order_csv(payment_order(made.view, "2026", PAID)).splitlines()
    text = [f"{head},result"] + [f"{line},success" for line in lines]
    text[1] = text[1].replace("500.00", "500.01")
    text[2] = text[2].replace("success", "later")
    text[4] = text[4].replace("199.00", "198.00")
    returned = Returned(file(), *outcomes("\n".join(text), "r.csv"))
    before = made.view.head
    with pytest.raises(ReturnError) as error:
        made.do(bank_return("2026", returned, effective_on=LATER))
    assert [one.where for one in error.value.problems] == ["r.csv:2", "r.csv:3", "r.csv:5"]
    assert made.view.head == before


@pytest.mark.parametrize("seen", ["r.csv", None, [], b"x"])
def test_a_return_is_what_was_read_of_a_file(seen: Any) -> None:  # noqa: ANN401
    with pytest.raises(CoopledgerError, match="what a bank gave back is expected"):
        bank_return("2026", seen, effective_on=PAID)


WORDS = {"account name differs": "户名不符", "account closed": "已销户", "no such account": "账号不存在"}


@steady(60)
@given(
    results=st.tuples(*[st.sampled_from(["", *WORDS])] * len(PARTS)),
    shuffled=st.permutations(range(9)),
    turned=st.permutations(range(len(PARTS))),
    written_as=st.tuples(st.sampled_from(["utf-8", "utf-8-sig", "gbk"]), st.booleans()),
)
def test_an_order_that_a_bank_gives_back_pays_whom_it_paid(
    tmp_path_factory: pytest.TempPathFactory,
    results: tuple[str, ...],
    shuffled: list[int],
    turned: list[int],
    written_as: tuple[str, bool],
) -> None:
    """However the bank orders columns and rows, whatever it adds, in whichever encoding: the book stands as it said."""
    encoding, thousands = written_as
    made = carded(total_fen=3_000_00)
    written = order_bytes(payment_order(made.view, "2026", PAID), "zh").decode("utf-8-sig")
    head, *rows = [*csv.reader(StringIO(written))]
    for row, why in zip(rows, results, strict=True):
        row[5] = f"{int(row[5][:-3]):,}{row[5][-3:]}" if thousands else row[5]
        row += ["失败" if why else "成功", WORDS.get(why, "")]
    table = [[row[n] for n in shuffled] for row in ([*head, "处理结果", "失败原因"], *(rows[n] for n in turned))]
    text = StringIO()
    csv.writer(text).writerows(table)
    path = tmp_path_factory.mktemp("bank") / "回盘.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    for _ in range(2):
        made.do(bank_return("2026", read_return(path), effective_on=LATER))
    failed = {number: why for number, why in zip(PARTS, results, strict=True) if why}
    assert due(made) == {number: PARTS[number] * 3 for number in failed}
    [told] = made.view.records("bank-return")
    assert told.facts["failed"] == failed
    assert {*failed.values()} <= {*REASONS}
    assert not any(card in str(one.facts) for one in made.view.records() for card in CARDS.values())
    assert problems(made.view) == []
