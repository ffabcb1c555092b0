"""``coopledger project``: the command as people run it."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from coopledger.cli.main import main
from coopledger.files.text_table import width
from tests.plans import ADVANCES, FULL, GOOD, IN_KIND, JULY, LAOHUSHAN, NESTED, PER_SHARE, changed, written

PLANS = {"laohushan": LAOHUSHAN.read_text(encoding="utf-8"), **GOOD}
WITHOUT_CLAIMS = FULL[: FULL.index("[[claims]]")]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}


def ran(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The real command, in a process of its own."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "coopledger", "project", *map(str, words)],
        capture_output=True,
        check=False,
        timeout=60,
        env=ENVIRONMENT | environment,
    )


def shown(*words: str | Path, **environment: str) -> Result:
    """The command, within this process; it must come back by itself."""
    cleared = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"))
    result = CliRunner().invoke(main, ["project", *map(str, words)], env={**cleared, **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def printed(*words: str | Path) -> str:
    result = shown(*words)
    assert result.exit_code == 0, result.output
    return result.stdout


def data(*words: str | Path) -> dict[str, Any]:
    return dict(json.loads(printed(*words, "--format", "json")))


@pytest.fixture(params=PLANS)
def plan(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Each of the plans in a file."""
    return written(tmp_path / "plan.toml", PLANS[request.param])


def file_of(tmp_path: Path, text: str) -> Path:
    return written(tmp_path / "plan.toml", text)


# --- exit status, streams, files ---


def test_a_good_plan_exits_with_0_and_says_nothing_on_standard_error() -> None:
    done = ran(LAOHUSHAN)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "13,199,267.84" in done.stdout.decode()


def test_a_bad_plan_exits_with_1_and_says_nothing_on_standard_output(tmp_path: Path) -> None:
    done = ran(file_of(tmp_path, changed(WITHOUT_CLAIMS, ("every = 5", "evry = 5"))))
    assert (done.returncode, done.stdout) == (1, b"")
    first, second = done.stderr.decode().splitlines()
    assert first == "plan.toml: streams[1].rate.step.evry: 'evry' is unknown: did you mean 'every'?"
    assert second == "plan.toml: streams[1].rate.step: 'every' is missing"


@pytest.mark.parametrize(
    "words",
    [
        [],
        [LAOHUSHAN, LAOHUSHAN],
        [LAOHUSHAN, "--format", "xml"],
        [LAOHUSHAN, "--by", "month"],
        [LAOHUSHAN, "--lang", "fr"],
        [LAOHUSHAN, "--holders", "--by", "calendar-year"],
        [LAOHUSHAN, "--explain", "--format", "csv"],
        [LAOHUSHAN, "--verbose"],
        [LAOHUSHAN, "--output"],
        ["there-is-no-such-plan.toml"],
        [LAOHUSHAN.parent],
        [LAOHUSHAN, "--output", LAOHUSHAN.parent],
    ],
    ids=lambda words: " ".join(str(word).rsplit("/", 1)[-1] for word in words) or "no plan",
)
def test_wrong_usage_exits_with_2_and_says_nothing_on_standard_output(words: list[str | Path]) -> None:
    result = shown(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error:" in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_usage_of_the_real_command_exits_with_2() -> None:
    assert ran(LAOHUSHAN, "--holders", "--by", "calendar-year").returncode == 2


def test_strict_exits_with_3_if_a_claim_does_not_hold_and_prints_all_the_same() -> None:
    done = ran(LAOHUSHAN, "--strict")
    assert (done.returncode, done.stderr) == (3, b"")
    assert done.stdout.decode() == printed(LAOHUSHAN)


def test_strict_exits_with_0_if_every_claim_holds(tmp_path: Path) -> None:
    assert shown(file_of(tmp_path, FULL), "--strict").exit_code == 0
    right = changed(PLANS["laohushan"], ('claimed = "715 万元"', 'claimed = "820 万元"'))
    assert shown(file_of(tmp_path, right), "--strict").exit_code == 0


def test_strict_exits_with_0_without_claims(tmp_path: Path) -> None:
    assert shown(file_of(tmp_path, NESTED), "--strict").exit_code == 0


def test_strict_of_a_bad_plan_is_1() -> None:
    assert shown(LAOHUSHAN, "--strict", "--format", "json").exit_code == 3
    assert shown(os.devnull, "--strict").exit_code == 1


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_output_writes_what_would_be_printed_and_prints_nothing(form: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("what was there before, longer or not")
    result = shown(LAOHUSHAN, "--format", form, "--output", target)
    assert (result.exit_code, result.output) == (0, "")
    mark = "\ufeff" if form == "csv" else ""  # or Excel takes a file for GBK
    assert target.read_bytes().decode() == mark + printed(LAOHUSHAN, "--format", form)
    assert os.listdir(tmp_path) == ["out"]


def test_output_of_a_bad_plan_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    target = written(tmp_path / "out", "as it was")
    result = shown(file_of(tmp_path, "title = 1"), "--output", target)
    assert (result.exit_code, result.stdout) == (1, "")
    assert target.read_text() == "as it was"


def test_output_with_a_claim_that_does_not_hold_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert shown(LAOHUSHAN, "--strict", "--output", target).exit_code == 3
    assert target.read_text(encoding="utf-8") == printed(LAOHUSHAN)


def test_output_into_a_folder_that_is_not_there_says_so_without_a_traceback(tmp_path: Path) -> None:
    done = ran(LAOHUSHAN, "--output", tmp_path / "no" / "out")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"No such file or directory" in done.stderr
    assert b"Traceback" not in done.stderr


def test_output_into_what_is_no_folder_says_so(tmp_path: Path) -> None:
    blocked = written(tmp_path / "file", "as it was")
    done = ran(LAOHUSHAN, "--output", blocked / "out")
    assert done.returncode in (1, 2)
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    assert blocked.read_text() == "as it was"


def test_output_to_a_pipe_or_device_writes_to_it_and_never_replaces_it(tmp_path: Path) -> None:
    """A named pipe stands for /dev/stdout and /dev/null: as root, replacing one of those harms the whole machine."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ran(LAOHUSHAN, "--format", "csv", "--output", pipe)
        assert pipe.is_fifo()
    finally:
        os.close(reader)


def test_output_through_a_link_writes_the_file_it_points_to(tmp_path: Path) -> None:
    target = written(tmp_path / "real", "as it was")
    link = tmp_path / "link"
    link.symlink_to(target)
    assert shown(LAOHUSHAN, "--format", "csv", "--output", link).exit_code == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8-sig") == printed(LAOHUSHAN, "--format", "csv")


def test_output_keeps_the_permissions_of_the_file_it_replaces(tmp_path: Path) -> None:
    target = written(tmp_path / "private", "as it was")
    target.chmod(0o600)
    assert shown(LAOHUSHAN, "--output", target).exit_code == 0
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_reader_that_leaves_early_is_no_error_to_speak_of(tmp_path: Path) -> None:
    rows = ", ".join(f'{{ number = "{n}", shares = 1 }}' for n in range(400))
    path = file_of(
        tmp_path,
        changed(FULL, ("list = [", f"list = [{rows}, "), ('number = "1", n', '"number" = "a", n'),
                ('number = "2", n', '"number" = "b", n')),
    )  # fmt: skip
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "coopledger", "project", str(path), "--holders", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"{\n"
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_full_disk_is_said_without_a_traceback() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "coopledger", "project", str(LAOHUSHAN)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
        )
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr


def test_a_plan_is_read_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(LAOHUSHAN)
    assert printed(link) == printed(LAOHUSHAN)


def test_holders_beside_a_plan_are_found_from_any_folder(tmp_path: Path) -> None:
    written(tmp_path / "h.csv", "编号,姓名,股份\n1,张三,4\n2,李四,2.5\n")
    listed = FULL[FULL.index("list = [") : FULL.index("[[streams]]")]
    beside = data(file_of(tmp_path, changed(FULL, (listed, 'file = "h.csv"\n'))), "--holders")
    assert beside == data(written(tmp_path / "listed.toml", FULL), "--holders")


# --- language ---


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "zh_CN.GBK", "LANG": "C"}, True),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, False),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({}, False),
    ],
)
def test_the_language_is_the_one_of_the_environment(environment: dict[str, str], chinese: bool) -> None:
    result = shown(LAOHUSHAN, **environment)
    assert ("合计" in result.stdout, "不符" in result.stdout) == (chinese, chinese)
    assert ("does NOT hold" in result.stdout) is not chinese


def test_the_option_wins_over_the_environment() -> None:
    assert "does NOT hold" in shown(LAOHUSHAN, "--lang", "en", LANG="zh_CN.UTF-8").stdout
    assert "不符" in shown(LAOHUSHAN, "--lang", "zh", LC_ALL="C").stdout


def test_problems_are_said_in_the_language_of_the_environment(tmp_path: Path) -> None:
    done = ran(file_of(tmp_path, changed(NESTED, ("years = 7", "years = 0"))), LANG="zh_CN.UTF-8")
    assert done.stderr.decode() == "plan.toml: term: 0 年：期限应为 1 至 200 年\n"


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_output_is_utf_8_under_any_locale(environment: dict[str, str], form: str) -> None:
    done = ran(LAOHUSHAN, "--format", form, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == printed(LAOHUSHAN, "--format", form)


def test_problems_are_utf_8_under_any_locale(tmp_path: Path) -> None:
    bad = file_of(tmp_path, changed(WITHOUT_CLAIMS, ('payer = "企业"', 'payer = "公司"')))
    done = ran(bad, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.stderr.decode("utf-8") == (
        "plan.toml: streams[1].payer: '公司' is unknown: one of '莲池村', '企业' is accepted\n"
    )


# --- what it must compute ---


def test_the_first_year_of_laohushan_is_250_000_yuan_and_the_claim_holds() -> None:
    projection = data(LAOHUSHAN)
    firsts = [stream["payments"][0]["amount"] for stream in projection["streams"]]
    assert firsts == ["160000.00", "10000.00", "80000.00"]
    assert projection["totals"][0] == {"year": 1, "amount": "250000.00"}
    first, *_, last = projection["claims"]
    assert (first["claimed"], first["difference"], first["holds"]) == ("250000.00", "0.00", True)
    assert (last["claimed"], last["computed"], last["difference"], last["holds"]) == (
        "7150000.00", "8200000.00", "1050000.00", False,
    )  # fmt: skip


ROUNDING, STEP = 'rounding = { at = "running total" }', 'step = { every = 5, by = "20%", of = "previous" }'


@pytest.mark.parametrize(
    ("line", "instead", "land", "service"),
    [
        (ROUNDING, 'rounding = { at = "total" }', "13199267.84", "6599633.92"),
        (ROUNDING, 'rounding = { at = "running total" }', "13199267.84", "6599633.92"),
        (ROUNDING, "", "13199267.84", "6599633.92"),
        (ROUNDING, 'rounding = { at = "payment" }', "13199267.85", "6599633.90"),
        (ROUNDING, 'rounding = { at = "unit price" }', "13199300.00", "6599600.00"),
        (ROUNDING, 'rounding = { at = "unit price carried" }', "13199450.00", "6599000.00"),
        (STEP, 'step = { every = 5, by = "20%", of = "base" }', "10880000.00", "5440000.00"),
        (ROUNDING, 'rounding = { at = "累计" }', "13199267.84", "6599633.92"),
        (ROUNDING, 'rounding = { at = "单价滚动", mode = "四舍五入" }', "13199450.00", "6599000.00"),
        (STEP, 'step = { every = 5, by = "20%", of = "首期" }', "10880000.00", "5440000.00"),
    ],
)
def test_changing_one_line_gives_the_row_of_the_rounding_table(
    line: str, instead: str, land: str, service: str, tmp_path: Path
) -> None:
    text = PLANS["laohushan"]
    totals = [stream["total"] for stream in data(file_of(tmp_path, changed(text, (line, instead))))["streams"]]
    assert totals == [land, "8200000.00", service]
    only_land = changed(text, (line, instead), count=1)
    totals = [stream["total"] for stream in data(file_of(tmp_path, only_land))["streams"]]
    assert totals == [land, "8200000.00", "6599633.92"]


# --- JSON ---

MONEY = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$"}
FIGURE = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}
DAY = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TEXT, WORDS = {"type": "string"}, {"type": "string", "minLength": 1}
OR_NULL = {"anyOf": [MONEY, {"type": "null"}]}


def an_object(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | optional}


def a_list(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


PROJECTION = jsonschema.Draft202012Validator({
    **an_object({
        "schema": {"const": "coopledger.projection/1"},
        "title": WORDS,
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "streams": a_list(
            an_object({
                "name": TEXT, "payer": TEXT, "payee": TEXT, "unit": WORDS, "total": MONEY,
                "payments": a_list(
                    an_object(
                        {"year": {"type": "integer"}, "from": DAY, "to": DAY, "due": DAY, "amount": OR_NULL},
                        quantity=FIGURE, assumption=WORDS, parts={"$ref": "#/$defs/parts"},
                        holders=a_list(an_object({"holder": WORDS, "amount": OR_NULL})),
                        remainder=an_object({"to": WORDS, "amount": OR_NULL}),
                    ),
                    1,
                ),
            }),
            1,
        ),
        "totals": a_list(an_object({"year": {"type": "integer"}, "amount": MONEY}), 1),
        "total": MONEY,
        "claims": a_list(an_object({
            "about": WORDS, "claimed": FIGURE, "computed": FIGURE, "difference": FIGURE,
            "holds": {"type": "boolean"},
        })),
    }),
    "$defs": {
        "parts": a_list(an_object({"name": WORDS, "amount": OR_NULL}, parts={"$ref": "#/$defs/parts"}), 1),
    },
})  # fmt: skip


def total(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows if row["amount"] is not None), start=Decimal(0))


def divided(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Everything that has parts, at any depth."""
    for row in rows:
        if "parts" in row:
            yield row
            yield from divided(row["parts"])


def assert_it_adds_up(projection: dict[str, Any]) -> None:
    PROJECTION.validate(projection)
    for stream in projection["streams"]:
        assert total(stream["payments"]) == Decimal(stream["total"])
        for row in divided(stream["payments"]):
            if row["amount"] is None:
                assert {part["amount"] for part in row["parts"]} == {None}
            else:
                assert total(row["parts"]) == Decimal(row["amount"])
    by_year: dict[int, Decimal] = {}
    for stream in projection["streams"]:
        for payment in stream["payments"]:
            by_year[payment["year"]] = by_year.get(payment["year"], Decimal(0)) + Decimal(payment["amount"] or 0)
    assert [(row["year"], Decimal(row["amount"])) for row in projection["totals"]] == sorted(by_year.items())
    assert total(projection["totals"]) == Decimal(projection["total"])


@pytest.mark.parametrize("options", [[], ["--holders"], ["--by", "calendar-year"], ["--explain", "--lang", "zh"]])
def test_json_keeps_to_its_schema_and_everything_adds_up(plan: Path, options: list[str]) -> None:
    assert_it_adds_up(data(plan, *options))


def test_json_is_utf_8_and_the_same_every_time(plan: Path) -> None:
    once = printed(plan, "--format", "json", "--holders")
    assert once == printed(plan, "--format", "json", "--holders")
    assert "\\u" not in once


def test_amounts_figures_and_dates_of_the_json_do_not_depend_on_the_language(plan: Path) -> None:
    def without_words(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, dict):
            return {key: without_words(one) for key, one in value.items() if key != "assumption"}
        return [without_words(one) for one in value] if isinstance(value, list) else value

    assert without_words(data(plan, "--lang", "zh")) == without_words(data(plan, "--lang", "en"))


def test_payments_of_a_stream_are_in_order_without_gaps(plan: Path) -> None:
    for stream in data(plan)["streams"]:
        days = list(dict.fromkeys((payment["from"], payment["to"]) for payment in stream["payments"]))
        assert all(start <= end for start, end in days)
        assert all(before[1] < after[0] for before, after in pairwise(days))


def test_holders_of_a_stream_get_all_of_every_payment(tmp_path: Path) -> None:
    for text in (PER_SHARE, ADVANCES):
        for stream in data(file_of(tmp_path, text), "--holders")["streams"]:
            for payment in stream["payments"]:
                rest = Decimal(payment.get("remainder", {"amount": 0})["amount"])
                assert total(payment["holders"]) + rest == Decimal(payment["amount"])


def test_holders_of_a_part_get_all_of_that_part(tmp_path: Path) -> None:
    stream = data(file_of(tmp_path, NESTED), "--holders")["streams"][1]
    for payment in stream["payments"]:
        others = payment["parts"][0]["parts"][1]
        assert others["name"] == "其他户"
        assert total(payment["holders"]) == Decimal(others["amount"])
        assert [row["holder"] for row in payment["holders"]] == ["1", "2", "3"]


def test_holders_are_not_in_the_json_unless_they_are_asked_for(plan: Path) -> None:
    assert "holder" not in printed(plan, "--format", "json")


def test_a_split_of_51_into_41_and_10_keeps_its_proportions(tmp_path: Path) -> None:
    first, second = data(file_of(tmp_path, NESTED))["streams"]
    paid = first["payments"]
    village = sum(Decimal(payment["parts"][0]["amount"]) for payment in paid)
    collective = sum(Decimal(payment["parts"][0]["parts"][0]["amount"]) for payment in paid)
    assert abs(village - Decimal("7000.07") * 51 / 100) < Decimal("0.01")
    assert abs(collective - Decimal("7000.07") * 41 / 100) < Decimal("0.02")
    whole = Decimal(second["total"])
    shares = {"贫困户": 40, "其他户": 30, "公积金": 20, "公益金": 10}
    got = dict.fromkeys(shares, Decimal(0))
    for payment in second["payments"]:
        for part in payment["parts"]:
            for inner in part["parts"]:
                got[inner["name"]] += Decimal(inner["amount"])
    assert sum(got.values()) == whole
    for name, share in shares.items():
        assert abs(got[name] - whole * share / 100) < Decimal("0.02")


def test_per_share_pays_the_resolved_amount_and_the_remainder_may_be_negative(tmp_path: Path) -> None:
    """Beicai: 58 yuan on 821 shares, out of 47,617.98 yuan."""
    for payment in data(file_of(tmp_path, PER_SHARE), "--holders")["streams"][0]["payments"]:
        assert payment["holders"] == [{"holder": "1", "amount": "232.00"}, {"holder": "2", "amount": "47386.00"}]
        assert payment["remainder"] == {"to": "结转", "amount": "-0.02"}


def test_an_advance_of_two_thirds_and_the_rest_are_two_payments_of_a_year(tmp_path: Path) -> None:
    payments = data(file_of(tmp_path, ADVANCES))["streams"][0]["payments"]
    assert [(row["year"], row["due"], row["amount"]) for row in payments[:4]] == [
        (1, "2014-10-15", "666.66"),
        (1, "2015-03-31", "333.34"),
        (2, "2015-10-15", "666.67"),
        (2, "2016-03-31", "333.34"),
    ]


def test_holders_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    payments = data(file_of(tmp_path, ADVANCES), "--holders")["streams"][0]["payments"]
    assert [row["holder"] for row in payments[0]["holders"]] == ["2", "9", "10"]


def test_goods_without_a_price_have_a_quantity_and_no_amount(tmp_path: Path) -> None:
    rice, oil, cash = data(file_of(tmp_path, IN_KIND))["streams"]
    assert [row["amount"] for row in rice["payments"]] == ["900.00", "960.00", None, None, None, None, None]
    assert {row["quantity"] for row in rice["payments"]} == {"600"}
    assert rice["total"] == "1860.00"
    assert {row["quantity"] for row in oil["payments"]} == {"10"}
    assert not any("quantity" in row for row in cash["payments"])


def test_an_assumption_stands_on_the_rows_that_it_touches_and_on_no_other(tmp_path: Path) -> None:
    plan = file_of(tmp_path, IN_KIND)
    rice, oil, cash = data(plan)["streams"]
    assert not any("assumption" in row for row in rice["payments"] + cash["payments"] + oil["payments"][:3])
    assert [row["amount"] for row in oil["payments"][3:5]] == ["25.50", "26.01"]
    for row in oil["payments"][3:]:
        assert row["assumption"] == "油价: 2016's 2.5 yuan/jin assumed to change by 2% of the previous year's"
    assert data(plan, "--lang", "zh")["streams"][1]["payments"][3]["assumption"].startswith("油价：假设")


def test_explain_adds_words_for_each_stream_to_the_json(plan: Path) -> None:
    for stream in data(plan, "--explain")["streams"]:
        assert stream["explanation"][0].startswith(stream["name"])
        assert len(stream["explanation"]) > 2


# --- by calendar year ---


def test_the_calendar_view_has_the_same_totals(plan: Path) -> None:
    contract, calendar = data(plan), data(plan, "--by", "calendar-year")
    assert calendar["total"] == contract["total"]
    assert [one["total"] for one in calendar["streams"]] == [one["total"] for one in contract["streams"]]


def test_the_calendar_view_of_a_july_contract_with_a_stub_divides_by_days(tmp_path: Path) -> None:
    plan = file_of(tmp_path, JULY)
    contract, calendar = data(plan), data(plan, "--by", "calendar-year")
    assert [row["year"] for row in contract["totals"]] == [0, 1, 2, 3, 4]
    assert [row["year"] for row in calendar["totals"]] == [2014, 2015, 2016, 2017, 2018, 2019]
    rent = calendar["streams"][0]["payments"]
    assert all(row["from"][:4] == row["to"][:4] == str(row["year"]) for row in rent)
    assert rent[0]["to"] == "2014-12-31"
    assert rent[1]["from"] == "2015-01-01"
    stub = contract["streams"][1]["payments"][:2]
    assert total(stub) == Decimal("289.00")  # 289 of 365 days from 15 September to 30 June


# --- CSV ---


@pytest.mark.parametrize("options", [[], ["--holders"], ["--by", "calendar-year"]])
def test_csv_parses_back_to_the_sums_of_the_json(plan: Path, options: list[str]) -> None:
    projection = data(plan, *options)
    rows = list(csv.DictReader(StringIO(printed(plan, "--format", "csv", *options)), strict=True))
    for stream in projection["streams"]:
        mine = [row for row in rows if row["stream"] == stream["name"]]
        assert sum(Decimal(row["amount"]) for row in mine if row["amount"]) == Decimal(stream["total"])
        assert list(dict.fromkeys((int(row["year"]), row["from"], row["to"], row["due"]) for row in mine)) == [
            (one["year"], one["from"], one["to"], one["due"]) for one in stream["payments"]
        ]
    if "--holders" not in options:
        payments = [payment for stream in projection["streams"] for payment in stream["payments"]]
        assert [row["amount"] for row in rows] == [payment["amount"] or "" for payment in payments]
        assert [row["quantity"] for row in rows] == [payment.get("quantity", "") for payment in payments]
        assert [row["assumption"] for row in rows] == [payment.get("assumption", "") for payment in payments]


def test_csv_survives_names_with_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    plan = file_of(tmp_path, changed(FULL, ('"莲池村"', '"莲,\\"池\\"村"')))
    payees = {row["payee"] for row in csv.DictReader(StringIO(printed(plan, "--format", "csv"), newline=""))}
    assert payees == {'莲,"池"村', ""}


# --- the table ---


def blocks(text: str) -> list[tuple[list[tuple[int, int]], list[str]]]:
    """The tables of a text: the columns that the rule draws, and all lines of the table."""
    found = []
    for block in text.split("\n\n"):
        lines = block.rstrip("\n").split("\n")
        if len(lines) > 1 and lines[1].startswith("─"):
            columns, at = [], 0
            for dashes in lines[1].split("  "):
                columns.append((at, at + len(dashes)))
                at += len(dashes) + 2
            found.append((columns, lines))
    return found


def screen(line: str, size: int) -> str:
    """The line as a terminal shows it: one character a column, the second half of a wide one as •."""
    shown_as = "".join(one + "•" * (width(one) - 1) for one in line if width(one))
    assert len(shown_as) <= size
    return shown_as.ljust(size)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("options", [[], ["--holders"], ["--by", "calendar-year"]])
def test_the_columns_of_every_table_are_aligned(plan: Path, options: list[str], language: str) -> None:
    tables = blocks(printed(plan, "--lang", language, *options))
    assert tables
    for columns, lines in tables:
        rows = lines[: max(n for n, line in enumerate(lines) if line.startswith("─")) + 2]
        for line in rows:
            seen = screen(line, columns[-1][1])
            for (_, end), (start, _) in pairwise(columns):
                assert seen[end:start] == "  "


def test_amounts_end_at_the_right_edge_of_their_column() -> None:
    columns, lines = blocks(printed(LAOHUSHAN))[0]
    for line in lines[2:-2]:
        seen = screen(line, columns[-1][1])
        for start, end in columns[2:]:
            assert seen[start:end].strip().replace(",", "").replace(".", "").isdigit()
            assert seen[end - 3] == "."


def test_years_in_which_nothing_changes_stand_on_one_line(tmp_path: Path) -> None:
    text = PLANS["laohushan"]
    ramp = text[text.index('[[streams]]\nname = "坝塘') : text.index('[[streams]]\nname = "服务费')]
    flat = changed(text[: text.index("[[claims]]")], (ramp, ""))
    _, lines = blocks(printed(file_of(tmp_path, flat)))[0]
    assert lines[-1] == "a line of several years shows the amount of each payment"
    starts = [line.split()[0] for line in lines[2:-3]]
    assert starts[:7] == ["1–5", "6–10", "11–15", "16–20", "21–25", "26–30", "31–35"]
    assert lines[2].split() == ["1–5", "2014-01-01", "–", "2018-12-31", "160,000.00", "80,000.00", "240,000.00"]
    # in the last five years the running total makes a fen of difference
    assert starts[7:] == ["36", "37", "38", "39", "40"]


def test_the_table_ends_with_the_totals_of_each_stream() -> None:
    _, lines = blocks(printed(LAOHUSHAN))[0]
    assert lines[-1].split() == ["total", "13,199,267.84", "8,200,000.00", "6,599,633.92", "27,998,901.76"]


def test_claims_stand_beside_the_computed_figures() -> None:
    _, lines = blocks(printed(LAOHUSHAN))[1]
    assert lines[0].split() == ["claim", "claimed", "computed", "difference", "verdict"]
    assert lines[-1].split() == [
        "使用权与资金入股四十年总收益", "7,150,000.00", "yuan", "8,200,000.00", "yuan", "+1,050,000.00", "yuan",
        "does", "NOT", "hold",
    ]  # fmt: skip


def test_the_chinese_table_is_chinese_throughout(plan: Path) -> None:
    text = printed(plan, "--lang", "zh", "--holders", "--explain")
    title, rest = text.split("\n", 1)
    assert title
    words = {
        word for word in ("".join(c if c.isascii() and c.isalpha() else " " for c in rest)).split() if len(word) > 1
    }
    assert words == set()


def test_the_chinese_table_has_the_figures_of_the_english_one(plan: Path) -> None:
    def figures(language: str) -> list[str]:
        words = printed(plan, "--lang", language).split()
        return [word for word in words if "." in word and word.strip("+-").replace(",", "").replace(".", "").isdigit()]

    assert figures("zh") == figures("en")


def test_remarks_are_lettered_and_said_below_the_table(tmp_path: Path) -> None:
    text = printed(file_of(tmp_path, IN_KIND))
    assert "a: 油价: 2016's 2.5 yuan/jin assumed to change by 2% of the previous year's\n" in text
    assert "600 jin" in text


def test_a_lease_beyond_twenty_years_is_remarked(tmp_path: Path) -> None:
    """民法典 705: a lease of more than twenty years is void for what exceeds them."""
    long = file_of(tmp_path, changed(FULL, ('basis = "荒山"', 'basis = "租赁"'), ("years = 10", "years = 10")))
    assert "705" not in printed(long)
    text = changed(GOOD["nested splits"], ("years = 7", "years = 21"), ('basis = "入股"', 'basis = "租赁"'))
    payments = data(file_of(tmp_path, text))["streams"][0]["payments"]
    assert ["warning" in row for row in payments] == [False] * 20 + [True]
    assert "民法典 705" in printed(file_of(tmp_path, text))


def test_every_option_of_the_help_is_explained() -> None:
    text = printed("--help")
    for option in ("--format", "--by", "--holders", "--explain", "--strict", "--output", "--lang"):
        assert option in text


@pytest.mark.parametrize("what", ["plan.toml", "h.csv"])
def test_output_never_overwrites_what_the_plan_is_read_from(what: str, tmp_path: Path) -> None:
    listed = FULL[FULL.index("list = [") : FULL.index("[[streams]]")]
    path = file_of(tmp_path, changed(FULL, (listed, 'file = "h.csv"\n'), (FULL[FULL.index("[[claims]]") :], "")))
    path = path.rename(tmp_path / "plan.toml")
    written(tmp_path / "h.csv", "number,shares\n1,2\n")
    before = (tmp_path / what).read_bytes()
    result = shown(path, "--output", tmp_path / what)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "would overwrite" in result.stderr
    assert (tmp_path / what).read_bytes() == before
