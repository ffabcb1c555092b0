"""``coopledger dividend bank-file`` and ``bank-return``: an order for the bank, and what the bank did with it."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Tell
from tests.cli.hill import done, refused, said, troubles

pytestmark = pytest.mark.usefixtures("here", "tell")

CARD = "6200000000000000026"
ASK = "coopledger dividend bank-file village.db 2025 --on 2026-01-31"
READ = "coopledger dividend bank-return village.db 2025"


@pytest.fixture
def both(here: Path, tell: Tell) -> Path:
    """Household 18 has an account as well, of its own."""
    tell("2026-02-01 08:00")
    done(f"personal village.db 18 --card {CARD} --payee 成员戊 --branch 示例信用社 --on 2026-01-31")
    return here


def rows(name: str, encoding: str = "utf-8-sig") -> list[str]:
    return Path(name).read_text(encoding=encoding).splitlines()


def given_back(*results: str, name: str = "r.csv", encoding: str = "utf-8") -> None:
    """The order ``o.csv`` with what the bank did behind each line."""
    head, *lines = rows("o.csv")
    text = [f"{head},处理结果,失败原因", *(f"{line},{one}" for line, one in zip(lines, results, strict=True))]
    Path(name).write_text("\r\n".join(text) + "\r\n", encoding=encoding)


def settled() -> dict[str, tuple[str | None, ...]]:
    """What was settled, what is owed, and the note, by number."""
    [table] = json.loads(done("coopledger dividend show village.db 2025 --no-names --format json"))["tables"]
    return {row[0]: (row[3], row[5], row[6]) for row in table["rows"]}


def test_an_order_says_how_many_payments_and_who_is_not_in_it_and_records_nothing() -> None:
    before = done("anchor village.db")
    printed = done(f"{ASK} --out o.csv")
    assert re.fullmatch(
        r"o\.csv: 1,000\.02 yuan, payments: 1; order 2025 26:[0-9a-f]{8}\n"
        r"not in it: 18, 2,000\.01 yuan: has no bank account in the book\n",
        printed,
    )
    assert done("anchor village.db") == before
    reference = printed.split("order ")[1].split("\n")[0]
    assert rows("o.csv") == [
        "serial number,number,payee,account number,branch,amount (yuan),remark",
        f"1,17,成员甲,6200000000000000018,示例信用社,1000.02,{reference} 示例村股份经济合作社",
    ]


@pytest.mark.usefixtures("both")
def test_an_order_for_some_in_the_encoding_and_language_of_the_bank() -> None:
    assert "o.csv：1 笔付款，共 2,000.01 元；付款清单 2025 " in done(
        f"{ASK} --out o.csv --of 18 --encoding gbk --lang zh"
    )
    head, line = rows("o.csv", "gbk")
    assert head == "序号,编号,户名,账号,开户行,金额（元）,备注"
    assert line.startswith(f"1,18,成员戊,{CARD},示例信用社,2000.01,2025 ")


@pytest.mark.usefixtures("both")
def test_what_the_bank_paid_is_paid_and_what_it_did_not_is_owed_with_the_reason() -> None:
    done(f"{ASK} --out o.csv")
    given_back("成功,", "失败,户名不符 张三", encoding="gbk")
    assert re.fullmatch(
        r"record 28–29: payout, bank-return \(2025, not paid: 18 account name differs\) 1,000\.02 CNY c2023:102 → "
        r"c2023:113/surplus/2025/17; 2026-02-01; head 29:[0-9a-f]{8}\n",
        done(f"{READ} r.csv --on 2026-02-01"),
    )
    assert settled() == {
        "17": ("5000.02", "0.00", None),
        "18": ("0.00", "2000.01", "not paid by the bank: account name differs"),
    }
    told = done("journal village.db --format json") + done("record village.db 28") + done("record village.db 29")
    assert "张三" not in told
    assert CARD not in told
    for day in ("2026-02-01", "2026-02-02"):
        again = said(f"{READ} r.csv --on {day}")
        assert (again.exit_code, troubles(again)) == (0, "")
        assert "nothing was written" in again.stdout or again.stdout == "there is nothing to record\n"
    Path("o.csv").unlink()
    done(f"{ASK} --out o.csv --lang zh")
    given_back("成功,", name="second.csv")
    done(f"{READ} second.csv --on 2026-02-01")
    assert settled()["18"] == ("2000.01", "0.00", None)
    assert done("verify village.db").startswith("nothing is wrong; records: 31")


@pytest.mark.usefixtures("both")
def test_where_all_was_recorded_as_paid_what_failed_bounces() -> None:
    done(f"{ASK} --out o.csv")
    done("coopledger dividend pay village.db 2025 --on 2026-01-31")
    given_back("成功,", "退汇,该账户已销户")
    assert "bounce, bank-return (2025, not paid: 18 account closed) 2,000.01 CNY" in done(f"{READ} r.csv")
    assert settled()["18"] == ("0.00", "2000.01", "not paid by the bank: account closed")


@pytest.mark.usefixtures("both")
def test_all_that_is_wrong_with_a_return_is_said_with_its_lines_and_nothing_is_written() -> None:
    done(f"{ASK} --out o.csv")
    given_back("成功,", "处理中,")
    text = Path("r.csv").read_text(encoding="utf-8").replace("1000.02", '"1,000.20"')
    Path("r.csv").write_text(text.replace(CARD, "6.20E+18"), encoding="utf-8")
    before = done("anchor village.db")
    assert refused(f"{READ} r.csv --lang zh").splitlines() == [
        "r.csv:2: 17：1,000.20 元，而应付该股东 1,000.02 元",
        "r.csv:3: 账号是舍入后的数（6…E+18）：电子表格丢失了末几位；请使用银行原来的文件",
        "r.csv:3: 结果 '处理中'：应为成功或失败，或同义的词；仍在处理中的尚无结果",
    ]
    assert done("anchor village.db") == before


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"{ASK} --out o.csv --of 18", "run 2025: nobody is to be paid by the bank: not in it: 18, 2,000.01 yuan"),
        (f"{ASK} --out o.csv --of 99", "run 2025: nothing is owed to 99"),
        (f"{ASK.replace('2025', 'dam')} --out o.csv", "run dam is not declared on 2026-01-31"),
        (f"{READ} 合同.pdf", "合同.pdf: there is no line of headings"),
        (f"{READ.replace('2025', 'dam')} return.csv", "run dam is not declared on"),
    ],
)
def test_what_is_refused_says_why(command: str, told: str) -> None:
    assert refused(command).startswith(told)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (f"{ASK} --out village.db", "--out village.db would overwrite the book"),
        (f"{ASK} --out o.csv --encoding big5", "'big5' is not one of 'gbk', 'utf-8'"),
        (ASK, "--out: it must be given"),
        (f"{READ} nothing.csv", "nothing.csv: cannot be read"),
    ],
)
def test_what_is_called_wrongly_says_how(command: str, told: str) -> None:
    result = said(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_return_of_another_book_is_not_this_ones() -> None:
    text = Path("return.csv").read_text(encoding="utf-8")
    Path("r.csv").write_text(re.sub("26:[0-9a-f]{8}", "26:0a1b2c3d", text), encoding="utf-8")
    assert refused(f"{READ} r.csv") == "r.csv:2: the order 2025 26:0a1b2c3d was not written from this book\n"
