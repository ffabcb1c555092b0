"""``coopledger book``: a village's first weeks, as the accountant types them and as they are answered."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coopledger.store.database import engine_of, open_book
from tests.cli.conftest import Tell
from tests.cli.hill import said, words

SESSION = """\
$ create hill.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2026-01-01
record 1–3: accounts opened, charter; 2026-01-01; head 3:########
$ class hill.db land --preset land --on 2026-01-01
record 4–5: accounts opened, share class (land); 2026-01-01; head 5:########
$ class hill.db cash --preset cash --capital c2023:301 --on 2026-01-01
record 6–7: accounts opened, share class (cash); 2026-01-01; head 7:########
$ member hill.db 0041 --name 成员甲 --id 999999198001310014 --household 17 --head --on 2026-01-01
record 8: members changed (admit, 0041, 17) 0041: name, id 999999**********14, birth; 2026-01-01; head 8:########
$ member hill.db 0051 --name 成员乙 --household 18 --head --on 2026-01-01
record 9: members changed (admit, 0051, 18) 0051: name; 2026-01-01; head 9:########
$ issue hill.db land 500 --to 17 --on 2026-01-05 --document papers/合同.pdf:1-3
record 10: issue 500 land unissued → holder/17; 2026-01-05; head 10:########
$ issue hill.db land 500 --to 17 --on 2026-01-05 --document papers/合同.pdf:1-3
record 10 says the same already: nothing was written (to record it once more: --again)
$ issue hill.db cash 1万 --to 0041 --against bank --reason subscription --on 2026年1月6日
record 11: issue 10,000 cash unissued → holder/0041, 10,000.00 CNY c2023:301 → c2023:102; 2026-01-06; head 11:########
$ lock hill.db 2026-01-31
record 12: books closed (2026-01-31); 2026-02-01; head 12:########
$ lock hill.db 2026-01-31
there is nothing to record
$ transfer hill.db land 200 --from 17 --to 18 --reason sale --on 2026-01-20
record 13: transfer 200 land holder/17 → holder/18; 2026-01-20, booked 2026-02-01; head 13:########
$ transfer hill.db land 900 --from 17 --to 18 --reason sale
17 has 300 of land to move from 2026-02-01 on: 900 are wanted
exit status 1
$ transfer hill.db land all --from 18 --to 17 --reason sale --lang zh
第 14 条记录：转让 200 land 18 → 17；2026-02-01；指纹 14:########
$ reverse hill.db 14
record 15: reversal 200 land holder/17 → holder/18; 2026-02-01; head 15:########
$ transfer hill.db land 200 --to 18 --reason sold --on 2026-13-01
Usage: coopledger book transfer [OPTIONS] BOOK CLASS SHARES
Try 'coopledger book transfer --help' for help.

Error: --reason: 'sold': one of sale, gift, inheritance, household-division, merger, court-order, correction is accepted
--on: '2026-13-01' is no day: write 2026-03-01 or 2026年3月1日
--holder: it must be given
exit status 2
$ anchor hill.db
15:########
$ verify hill.db --documents papers
nothing is wrong; records: 15, head 15:########
"""


def test_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Tell) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "合同.pdf").write_bytes(b"a contract")
    tell("2026-02-01 09:00")
    seen = ""
    for line in SESSION.splitlines():
        if line.startswith("$ "):
            result = said(line[2:])
            seen += f"{line}\n{result.output}" + (f"exit status {result.exit_code}\n" if result.exit_code else "")
    assert re.sub(r"(?<=\d:)[0-9a-f]{8,64}\b", "########", seen) == SESSION
    engine = engine_of("hill.db")
    with open_book(engine).read() as view:
        for seq, head in re.findall(r"\b(\d+):([0-9a-f]{8,64})\b", seen):
            assert view.record(int(seq)).hash.hex().startswith(head)
    engine.dispose()


def real(folder: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "COOPLEDGER"))}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "coopledger", *words(command)],
        capture_output=True,
        check=False,
        timeout=60,
        encoding="utf-8",
        cwd=folder,
        env=kept | environment,
    )


def test_the_real_command_keeps_a_book(tmp_path: Path) -> None:
    made = real(tmp_path, "create hill.db --name 示例村股份经济合作社 --law collective --on 2026-01-01")
    assert (made.returncode, made.stderr) == (0, "")
    assert re.fullmatch(r"record 1–2: accounts opened, charter; 2026-01-01; head 2:[0-9a-f]{8}\n", made.stdout)
    refusal = real(tmp_path, "class hill.db land --preset land --digits 3 --cap 0.0001 --on 2026-01-01")
    assert (refusal.returncode, refusal.stdout) == (1, "")
    assert refusal.stderr == "0.0001 shares of land: at most 3 decimals are expected\n"
    found = real(tmp_path, "verify hill.db", LANG="zh_CN.UTF-8")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("没有问题：2 条记录，指纹 2:")


def test_the_real_command_without_a_book_says_so(tmp_path: Path) -> None:
    done = real(tmp_path, "verify hill.db")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "hill.db: there is no such file\n")
    assert list(tmp_path.iterdir()) == []


def test_only_what_opens_a_book_loads_the_database(tmp_path: Path) -> None:
    """SQLAlchemy takes a quarter of a second: a projection, a help or a mistyped option does not wait for it."""
    for command in (
        "coopledger project --help",
        "coopledger book --help",
        "issue --help",
        "issue hill.db land 500 --on 2026-13-01",
    ):
        script = (
            "import sys; from coopledger.cli.main import main\n"
            f"try: main({words(command)!r})\n"
            "except SystemExit: pass\n"
            "assert not {'sqlalchemy', 'alembic'} & {*sys.modules}\n"
        )
        ran = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-c", script], capture_output=True, check=False, timeout=60, cwd=tmp_path
        )
        assert ran.returncode == 0, ran.stderr.decode()
