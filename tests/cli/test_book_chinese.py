"""``coopledger book`` for who reads Chinese: also what click says of words that it cannot read."""

import gettext
import os
import re
from pathlib import Path

import pytest

from coopledger.cli.book.values import REASON, OneOf
from tests.cli.hill import done, said
from tests.cli.test_book import last
from tests.cli.test_book_examples import COMMANDS
from tests.cli.test_book_session import real

pytestmark = pytest.mark.usefixtures("tell")

WORDS = re.compile(r"[A-Za-z]{3,}")


def english(text: str) -> set[str]:
    """The English words of a text that are neither options, nor names, nor what the reader typed."""
    return {*WORDS.findall(re.sub(r"'[^']*'|--[a-z-]+|SHARES|hill.db", "", text))}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("command", "last"),
    [
        ("issue hill.db land 5 --colour red --to 1", "错误：没有选项 '--colour'。"),
        ("issue hill.db land 5 --unpaid=1", "错误：选项 '--unpaid' 后面不写值。"),
        ("issue hill.db land 5 6 7 --to 1", "错误：多出的参数（6 7）"),
        ("issue hill.db land", "错误：股数: 必须写明"),
        ("journal hill.db --after-record x", "错误：'--after-record' 不接受：'x' 不是整数。"),
        ("journal hill.db --after-record -1", "错误：'--after-record' 不接受：-1 不在范围 x>=0 内。"),
        (
            "journal hill.db --format x",
            "'x' 不在 'table', 'csv', 'json', 'xlsx', 'parquet' 之中。",
        ),
        ("register hill.db --output hill.db", "错误：--output hill.db 会覆盖账簿"),
        ("shares hill.db", "错误：没有命令 'shares'。"),
    ],
)
def test_a_command_that_is_called_wrongly_is_told_so_in_chinese(command: str, last: str) -> None:
    for more, environment in (("--lang zh", {}), ("", {"LANG": "zh_CN.UTF-8"})):
        result = said(f"{command} {more}", **environment)
        assert result.exit_code in {1, 2}
        assert last in result.stderr
        assert not english(result.stderr.partition("错误：")[2])
        assert "Usage" not in result.stderr
        assert "Try '" not in result.stderr
    result = said(f"{command} --lang en", LANG="zh_CN.UTF-8")
    assert not re.search("[\u4e00-\u9fff]", result.stderr)


def test_a_help_has_chinese_headings(tmp_path: Path) -> None:
    text = real(tmp_path, "verify --help", LANG="zh_CN.UTF-8").stdout
    assert text.startswith("用法：python -m coopledger book verify [选项] 账簿\n")
    for heading in ("\n选项：\n", "\n示例：\n", "显示本说明并退出。"):
        assert heading in text
    assert "\n股份：\n" in real(tmp_path, "coopledger book --help", LANG="zh_CN.UTF-8").stdout
    wrong = real(tmp_path, "coopledger project hill.toml --lang zh", LANG="C.UTF-8").stderr
    assert wrong.endswith("\n\n错误：'方案' 不接受：文件 'hill.toml' 不存在。\n")
    assert "\nOptions:\n" in real(tmp_path, "verify --help", LANG="en_GB.UTF-8").stdout


def test_whoever_asks_whether_to_erase_and_is_left_alone_is_told_in_chinese(here: Path) -> None:
    result = said("erase hill.db 0042 --reason 本人要求 --lang zh", answer="n\n")
    assert result.exit_code == 1
    assert result.stderr.strip() == "已中止！"
    assert (here / "hill.db").exists()


@pytest.mark.usefixtures("here")
def test_another_programs_translations_are_left_alone() -> None:
    before = gettext.textdomain(), os.environ.get("LANGUAGE")
    assert done("verify hill.db --lang zh").startswith("没有问题")
    assert (gettext.textdomain(), os.environ.get("LANGUAGE")) == before


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("class hill.db z --preset cash", "开设科目、股份类别（z）"),
        ("member hill.db 0099 --name 成员甲 --birth 1980-01-31", "成员变动（登记入册、0099） 0099: 姓名、出生"),
        ("notice hill.db 0051", "成员变动（提出退社、0051）"),
        ("personal hill.db 0051 --phone 13800000000", "成员变动（登记个人信息） 0051: 电话"),
        ("issue hill.db land 5 --to 18", "配置 5 land 未发行股份 → 18"),
        ("pledge hill.db land 5 --holder 17 --creditor 示例信用社", "质押登记 5 land 17 → 17（质押）"),
    ],
)
def test_what_was_recorded_is_said_in_chinese(command: str, line: str) -> None:
    printed = done(f"{command} --on 2026-02-20 --lang zh", LANG="zh_CN.UTF-8")
    assert f"：{line}；2026-02-20；指纹 " in printed


@pytest.mark.usefixtures("here")
def test_what_would_be_erased_is_named_in_chinese() -> None:
    printed = done("erase hill.db 0041 --reason 本人要求 --dry-run --lang zh")
    assert printed.splitlines()[0] == "0041 的个人信息：出生、姓名"


@pytest.mark.usefixtures("here")
def test_money_and_accounts_have_their_chinese_names() -> None:
    command = "issue hill.db cash 5 --to 0042 --against bank --on 2026-02-20 --lang zh"
    printed = done(f"{command} --dry-run")
    assert "科目名称" in printed
    assert not {"unissued", "CNY", "holder"} & english(printed)
    assert "5.00 元 301 资本 → 102 银行存款" in done(command)


@pytest.mark.usefixtures("here")
def test_the_journal_has_kinds_in_chinese_and_is_asked_by_them() -> None:
    printed = done("journal hill.db --kind 股份类别 --kind issue --lang zh")
    kinds = {line.split()[5] for line in printed.splitlines() if re.match(r" *\d+ ", line)}
    assert kinds == {"股份类别", "配置"}


@pytest.mark.usefixtures("here")
def test_a_code_that_looks_like_a_word_stays_the_code() -> None:
    assert "股份类别（sale）" in done("class hill.db sale --preset cash --on 2026-02-01 --lang zh")


@pytest.mark.usefixtures("here")
def test_a_leaving_and_a_death_are_corrected_by_the_chinese_word() -> None:
    for what in ("leave hill.db 0043 --reason moved-out --on 2026-02-01", "death hill.db 0043 --on 2026-02-02"):
        done(what)
        day = what[-10:]
        done(f"change-member hill.db 0043 --standing 成员 --reason 更正 --on {day} --lang zh")
        assert last().facts["reason"] == last().facts["members"]["0043"]["reason"] == "correction"
        done(f"household move hill.db 0043 --to 17 --reason 更正 --on {day} --lang zh")
        assert re.search(r"^0043 .*member", done(f"members hill.db --on {day}"), re.MULTILINE)
    assert "says the same already" in done(
        "change-member hill.db 0043 --standing member --reason correction --on 2026-02-02"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("member hill.db 0099 --reason 婚嫁", "marriage"),
        ("change-class hill.db land --passes-to 户 --reason 章程", "charter"),
        ("trade hill.db 0042 1200元 --reason 出售", "sale"),
        ("trade hill.db 0042 1200元 --reason court-order", "court order"),
        ("trade hill.db 0042 1200元 --reason 出售稻谷", "出售稻谷"),
        ("reopen hill.db 2025-12-31 --reason ' 更正 '", "correction"),
        ("fund spend hill.db dam 6万元 --reason 补认定", "ruling"),
        ("erase hill.db 0042 --reason 死亡 --yes", "death"),
    ],
)
def test_a_reason_that_is_a_known_word_is_recorded_by_its_code(command: str, reason: str) -> None:
    done(f"{command} --on 2026-02-01 --lang zh")
    assert last().facts["reason"] == reason


def test_every_reason_is_one_of_the_words_or_read_by_them() -> None:
    for command in COMMANDS.values():
        for one in command.params:
            assert one.name != "reason" or isinstance(one.type, OneOf) or one.type is REASON
