"""A small invented village's book, made by the commands themselves; what the tests of the command line work on."""

import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner, Result

from coopledger.cli.main import main
from coopledger.files.template import template

SESSION = """
create hill.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2026-01-01
class hill.db land --preset land --on 2026-01-01
class hill.db cash --preset cash --capital c2023:301 --on 2026-01-01
member hill.db 0041 --name 成员甲 --birth 1960-01-01 --household 17 --head --on 2026-01-01
member hill.db 0042 --name 成员乙 --household 17 --on 2026-01-01
issue hill.db land 500 --to 17 --on 2026-01-01
issue hill.db cash 300 --to 0042 --against bank --reason subscription --on 2026-01-01
issue hill.db cash 200 --to 0042 --unpaid --reason subscription --on 2026-01-01
member hill.db 0043 --name 成员丙 --household 17 --on 2026-01-01
member hill.db 0051 --household 18 --head --on 2026-01-01
member hill.db 0052 --household 18 --on 2026-01-01
member hill.db 0061 --household 19 --head --on 2026-01-01
class hill.db forest --preset land --on 2026-01-01
class hill.db member --preset member --on 2026-01-01
class hill.db heads --preset member --management dynamic --on 2026-01-01
class hill.db support --preset subsidy --not-pooled --on 2026-01-01
class hill.db shop --preset cash --capital c2023:301 --par 10 --on 2026-01-01
issue hill.db land 200 --to 18 --on 2026-01-01
pledge hill.db land 80 --holder 18 --creditor 示例信用社 --on 2026-01-02
freeze hill.db land 30 --holder 18 --reason dispute --on 2026-01-02
allot hill.db support --to 0042=10 --to 0051=10 --on 2026-01-02
issue hill.db shop 100 --to 0051 --against bank --on 2026-01-02
contribute-right hill.db G8 --holder 0052 --class shop --right forest --area 10亩 --parcel 8 --contract 林权证8 \
--from 2026-01-01 --until 2035-12-31 --right-until 2050-12-31 --value 1200 --valued-by agreed-price --price 10 \
--on 2026-01-02
contribute-right hill.db G9 --holder 18 --class land --right land --area 1亩 --parcel 9 --contract 承包合同9 \
--from 2026-01-01 --until 2030-12-31 --right-until 2050-12-31 --shares 100 --on 2026-01-02
fund receive hill.db dam 50万元 --source 财农2025-9 --purpose 水库 --rule 平均量化 --on 2026-01-03
fund spend hill.db dam 40万元 --asset fixed-asset --reason 大坝 --on 2026-01-03
fund receive hill.db old 1万元 --source 财农2025-8 --purpose 机井 --rule 平均量化 --on 2026-01-03
fund spend hill.db old 1万元 --asset fixed-asset --reason 机井 --on 2026-01-03
fund quantify hill.db subsidy --fund old --to 0051=1 --to 0052=1 --rule 平均量化 --on 2026-01-04
lock hill.db 2026-01-15 --on 2026-01-16
create old.db --name 示例村经济合作社 --law collective --chart c2004 --on 2017-01-01
class old.db cash --preset cash --capital c2004:301 --on 2017-01-01
member old.db 0042 --on 2017-01-01
issue old.db cash 300 --to 0042 --against bank --on 2017-01-01
class old.db support --preset subsidy --not-pooled --on 2017-01-01
member old.db 0043 --on 2017-01-01
allot old.db support --to 0043=10 --on 2017-01-01
leave old.db 0043 --reason moved-out --keeps-shares --on 2018-01-01
create coop.db --name 示例村种植专业合作社 --law specialised --chart c2007 --on 2022-01-01
class coop.db land --preset land --par 10 --capital c2007:301 --on 2022-01-01
member coop.db 0042 --household 17 --head --on 2022-01-01
contribute-right coop.db G1 --holder 17 --class land --right land --area 10亩 --parcel 8 --contract 承包合同8 \
--from 2022-01-01 --until 2031-12-31 --right-until 2050-12-31 --value 1200 --valued-by agreed-price --price 10 \
--on 2022-01-01
amortise coop.db --through 2022-12-31 --on 2022-12-31
convert-chart coop.db c2021 --map 522=331 --on 2023-01-01
notice coop.db 0042 --on 2023-02-01
create village.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2025-01-01
class village.db land --preset land --on 2025-01-01
class village.db cash --preset cash --capital c2023:301 --on 2025-01-01
member village.db 0041 --name 成员甲 --card 6200000000000000018 --branch 示例信用社 --household 17 --head \
--on 2025-01-01
member village.db 0051 --household 18 --head --on 2025-01-01
issue village.db land 500 --to 17 --on 2025-01-01
issue village.db land 200 --to 18 --on 2025-01-01
issue village.db cash 10万 --to 0041 --against bank --reason subscription --on 2025-01-01
charter village.db --lapse-years 3 --resolution 2025-1,members,2025-01-01,2/2/2/0 --on 2025-01-01
coopledger dividend surplus village.db 2025 30万 --source 2025年收益分配表 --on 2026-01-10
coopledger dividend propose village.db 2025 --class land --record-date 2025-12-31 --total 7000.03 --on 2026-01-11
coopledger dividend propose village.db dam --class land --record-date 2025-12-31 --each 10元 --on 2026-01-11
coopledger dividend propose village.db pond --class land --record-date 2025-12-31 --each 10 --tax 20% --on 2026-01-11
coopledger dividend propose village.db hill --class land --since 2025-01-01 --until 2025-12-31 --total 1 --on 2026-01-11
coopledger dividend disclose village.db 2025 --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend disclose village.db dam --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend disclose village.db pond --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend approve village.db 2025 --resolution 2026-1,members,2026-01-31,2/2/2/0 --on 2026-01-31
coopledger dividend approve village.db dam --resolution 2026-1,members,2026-01-31,2/2/2/0 --on 2026-01-31
coopledger dividend declare village.db 2025 --on 2026-01-31
coopledger dividend pay village.db 2025 --to 17=4000 --on 2026-01-31
create goods.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2025-01-01
class goods.db land --preset land --on 2025-01-01
class goods.db cash --preset cash --capital c2023:301 --on 2025-01-01
member goods.db 0041 --name 成员甲 --household 17 --head --on 2025-01-01
member goods.db 0051 --household 18 --head --on 2025-01-01
class goods.db forest --preset land --on 2025-01-01
issue goods.db land 500 --to 17 --on 2025-01-01
issue goods.db forest 100 --to 18 --on 2025-01-01
issue goods.db cash 10万 --to 0041 --against bank --reason subscription --on 2025-01-01
issue goods.db cash 1万 --to 0041 --against 121 --reason subscription --on 2025-01-01
coopledger dividend surplus goods.db 2025 30万 --source 2025年收益分配表 --on 2026-01-10
coopledger dividend propose goods.db own --class cash --record-date 2025-12-31 --total 1000 --on 2026-01-11
coopledger dividend propose goods.db goods --class land --record-date 2025-12-31 --total 1000 --stream 实物 \
--on 2026-01-11
coopledger dividend disclose goods.db own --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend disclose goods.db goods --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend approve goods.db own --resolution 2026-1,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend approve goods.db goods --resolution 2026-1,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend declare goods.db own --on 2026-01-31
coopledger dividend declare goods.db goods --on 2026-01-31
coopledger dividend propose goods.db kept --class land --record-date 2025-12-31 --total 1000 --stream 留存 \
--retained 40% --on 2026-01-11
coopledger dividend propose goods.db slip --class forest --record-date 2025-12-31 --total 1000 --stream 误发 \
--on 2026-01-11
coopledger dividend disclose goods.db kept --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend disclose goods.db slip --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend approve goods.db kept --resolution 2026-1,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend approve goods.db slip --resolution 2026-1,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend declare goods.db kept --on 2026-01-31
coopledger dividend declare goods.db slip --on 2026-01-31
coopledger dividend pay goods.db slip --to 18=300 --on 2026-02-01
coopledger dividend reverse goods.db slip --reason 金额有误 --on 2026-02-02
coopledger dividend propose goods.db early --class cash --record-date 2025-12-31 --total 50 --stream 预分 --advance \
--on 2026-01-11
coopledger dividend disclose goods.db early --since 2026-01-11 --until 2026-01-31 --where 村公示栏 --on 2026-01-11
coopledger dividend approve goods.db early --resolution 2026-1,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend declare goods.db early --on 2026-01-31
coopledger dividend collect goods.db --from 0041=50 --through cash --on 2026-02-01
coopledger dividend reverse goods.db early --reason 有误 --on 2026-02-02
create shares.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2024-01-01
class shares.db land --preset land --on 2024-01-01
member shares.db 0041 --name 成员甲 --household 17 --head --on 2024-01-01
member shares.db 0051 --household 18 --head --on 2024-01-01
issue shares.db land 500 --to 17 --on 2024-01-01
issue shares.db land 200 --to 18 --on 2024-01-01
charter shares.db --waterfall waterfall.toml --resolution 2024-1,members,2024-01-01,2/2/2/0 --on 2024-01-01
coopledger dividend surplus shares.db 2024 10万 --source 2024年收益分配表 --on 2024-12-31
coopledger dividend distribute shares.db 2024 --on 2025-01-05
coopledger dividend reverse shares.db 2024-members --reason 表决前更正 --on 2025-01-06
coopledger dividend surplus shares.db 2025 20万 --source 2025年收益分配表 --on 2025-12-31
create four.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2025-01-01
class four.db land --preset land --on 2025-01-01
class four.db cash --preset cash --capital c2023:301 --on 2025-01-01
member four.db 0041 --name 成员甲 --birth 1960-01-01 --household 17 --head --on 2025-01-01
issue four.db land 500 --to 17 --on 2025-01-01
issue four.db cash 1万 --to 0041 --against bank --reason subscription --on 2025-01-01
charter four.db --steps four-deliberations --resolution 2025-1,members,2025-01-01,1/1/1/0 --on 2025-01-01
coopledger dividend surplus four.db 2025 1万 --source 2025年收益分配表 --on 2026-01-04
coopledger dividend propose four.db 2025 --class land --record-date 2025-12-31 --total 100 \
--resolution 2026-1,branch,2026-01-05,3/3/3/0 --on 2026-01-05
coopledger dividend propose four.db rent --stream rent --class land --record-date 2025-12-31 --total 100 \
--resolution 2026-1,branch,2026-01-05,3/3/3/0 --on 2026-01-05
coopledger dividend propose four.db hill --stream hill --class land --record-date 2025-12-31 --total 100 \
--resolution 2026-1,branch,2026-01-05,3/3/3/0 --on 2026-01-05
coopledger dividend propose four.db paid --stream paid --class land --record-date 2025-12-31 --total 100 \
--resolution 2026-1,branch,2026-01-05,3/3/3/0 --on 2026-01-05
coopledger dividend discuss four.db rent --resolution 2026-2,committees,2026-01-06,5/5/5/0 --on 2026-01-06
coopledger dividend discuss four.db hill --resolution 2026-2,committees,2026-01-06,5/5/5/0 --on 2026-01-06
coopledger dividend discuss four.db paid --resolution 2026-2,committees,2026-01-06,5/5/5/0 --on 2026-01-06
coopledger dividend deliberate four.db hill --resolution 2026-3,party,2026-01-08,20/16/15/1 --on 2026-01-08
coopledger dividend deliberate four.db paid --resolution 2026-3,party,2026-01-08,20/16/15/1 --on 2026-01-08
coopledger dividend disclose four.db hill --since 2026-01-09 --until 2026-01-31 --where 村公示栏 --on 2026-01-09
coopledger dividend disclose four.db paid --since 2026-01-09 --until 2026-01-31 --where 村公示栏 --on 2026-01-09
coopledger dividend object four.db hill --by 17 --what 第17户股数 --on 2026-01-20
coopledger dividend approve four.db paid --resolution 2026-4,members,2026-01-31,1/1/1/0 --on 2026-01-31
coopledger dividend disclose four.db paid --since 2026-02-01 --until 2026-02-10 --where 村公示栏 --on 2026-02-01
coopledger dividend declare four.db paid --on 2026-02-02
coopledger dividend pay four.db paid --on 2026-02-03
coopledger dividend disclose four.db paid --since 2026-02-04 --until 2026-02-14 --where 村公示栏 --on 2026-02-04
create lease.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2025-01-01
class lease.db land --preset land --on 2025-01-01
member lease.db 0041 --name 成员甲 --household 17 --head --on 2025-01-01
issue lease.db land 500 --to 17 --on 2025-01-01
coopledger contract conclude lease.db dam 坝塘.toml --with company --income distribution --on 2025-01-01
coopledger contract conclude lease.db rice 稻谷.toml --with company --on 2025-01-01
coopledger contract receive lease.db dam 3000 --on 2025-11-30
"""

WATERFALL = """
preset = "collective"
reserve = "10%"
welfare = "5%"
by = "class land"
"""


PLANS = {
    "坝塘.toml": """
title = "坝塘"
[term]
start = 2025-01-01
years = 10
basis = "入股"
[[streams]]
name = "坝塘"
amount = { level = "10,000 元", rise = "10,000 元" }
""",
    "山地.toml": """
title = "山地"
[term]
start = 2025-01-01
years = 40
basis = "荒山"
[[streams]]
name = "山地"
quantity = "100 亩"
rate = "160 元/亩"
""",
    "稻谷.toml": """
title = "稻谷"
[term]
start = 2025-01-01
years = 10
basis = "承包地"
[series."稻谷"]
values = { 2025 = "1.38 元/斤" }
assume = "hold"
[[streams]]
name = "地租"
amount = { in_kind = "5,000 斤", prices = "稻谷" }
""",
}


def words(command: str) -> list[str]:
    """The words of a command line, without the program's name."""
    found = shlex.split(command)
    return found[1:] if found[0] == "coopledger" else ["book", *found]


def said(command: str | Iterable[str], *, answer: str = "", **environment: str) -> Result:
    """The command, within this process; it must come back by itself."""
    cleared = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "COOPLEDGER_BOOK", "COOPLEDGER_ACTOR"))
    arguments = words(command) if isinstance(command, str) else ["book", *command]
    result = CliRunner().invoke(main, arguments, input=answer, env={**cleared, "LOGNAME": "accountant", **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def troubles(result: Result) -> str:
    """What a command says on standard error, without the notes that are usual.

    A day is still to come, for the clock stands early; so many were paid; so much is proposed, by which terms.
    """
    of_runs = r"run \S+: (paid|set off|as run|[\d,.]+ yuan in)"
    usual = rf"^(note: (it counts from|{of_runs}) |注意：(生效日|分红 \S+：(共|同))).*\n"
    return re.sub(usual, "", result.stderr, flags=re.MULTILINE)


def done(command: str, **environment: str) -> str:
    """What a command prints that does what it should."""
    result = said(command, **environment)
    assert (result.exit_code, troubles(result)) == (0, ""), command + "\n" + result.output
    return result.stdout


def refused(command: str | Iterable[str], **environment: str) -> str:
    """What a command that is refused says; it prints nothing else."""
    result = said(command, **environment)
    assert (result.exit_code, result.stdout) == (1, ""), f"{command}\n{result.output}"
    assert "Traceback" not in result.stderr
    return result.stderr


def make(folder: Path) -> None:
    """Write the books of the session, a paper, a charter's waterfall, and what a bank gave back, into a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        (folder / "合同.pdf").write_bytes(b"a contract")
        (folder / "waterfall.toml").write_text(WATERFALL, encoding="utf-8")
        for name, text in PLANS.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "village.xlsx").write_bytes(template(filled=True))
        for command in SESSION.strip().splitlines():
            done(command)
        done("coopledger dividend bank-file village.db 2025 --out 2025.csv --on 2026-01-31")
        head, payment = (folder / "2025.csv").read_text(encoding="utf-8-sig").splitlines()
        (folder / "return.csv").write_text(f"{head},result\n{payment},success\n", encoding="utf-8")
    finally:
        os.chdir(before)
