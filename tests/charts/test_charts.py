"""Charts: every printed figure is the library's own; the words are the reader's; nothing is asked of a network."""

import os
import re
import shutil
import subprocess
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from coopledger.charts import (
    Picture,
    claim_chart,
    claims_of_totals,
    holder_chart,
    holdings_chart,
    payouts_chart,
    png,
    streams_chart,
    svg,
)
from coopledger.core.dues import Due
from coopledger.core.register import Holding
from coopledger.errors import ScheduleError
from coopledger.plan import (
    Claim,
    Holder,
    Holders,
    Part,
    Plan,
    Projection,
    Stream,
    check_claims,
    load_plan,
    project,
    quantity,
    term,
)
from coopledger.text import printable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hill() -> Projection:
    return project(load_plan(ROOT / "examples" / "laohushan.toml"))


def texts(picture: str) -> list[str]:
    """What a reader of the picture reads."""
    return ["".join(one.itertext()) for one in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own


def plotted(chart: Picture) -> list[dict[str, Any]]:
    """What the marks of a picture are drawn from."""
    spec = chart.to_dict()
    rows: list[dict[str, Any]] = spec["datasets"][(spec.get("data") or spec["layer"][0]["data"])["name"]]
    return rows


def test_forty_years_by_stream_in_chinese_have_the_exact_totals_and_ends(hill: Projection) -> None:
    shown = texts(svg(streams_chart(hill, "zh")))
    assert {"土地：13,199,267.84 元", "坝塘与资金入股：8,200,000.00 元", "服务费：6,599,633.92 元"} <= {*shown}
    assert {"第 1 年：250,000.00 元", "第 40 年：1,259,963.39 元", "万元"} <= {*shown}
    assert "合同年度（2014-01-01 – 2053-12-31）" in shown
    assert [one for one in shown if re.search("[A-Za-z]{2}", one)] == []


def test_forty_years_by_stream_in_english_have_no_chinese_of_ours(hill: Projection) -> None:
    shown = texts(svg(streams_chart(hill)))
    assert {"土地: 13,199,267.84 yuan", "year 1: 250,000.00 yuan", "yuan", "1,200,000"} <= {*shown}


def test_what_is_plotted_adds_up_to_what_is_printed(hill: Projection) -> None:
    rows = plotted(streams_chart(hill, calendar=True))
    assert [row["year"] for row in rows[:40]] == [*range(2014, 2054)]
    fen = [int(row["shown"].removesuffix(" yuan").replace(",", "").replace(".", "")) for row in rows]
    assert sum(fen) == hill.total
    assert [round(row["plotted"] * 100) for row in rows] == fen


def test_what_the_book_pays_hangs_below_the_line() -> None:
    streams = [
        Stream("rent", amount="10,000 yuan", payer="firm", payee="village"),
        Stream("fee", amount="3,000 yuan", payer="village", payee="firm"),
    ]
    plan = Plan(
        "hill", term("2014-01-01", years=2, basis="contribution"), streams, book="village", parties=("village", "firm")
    )
    rows = plotted(streams_chart(project(plan)))
    assert [row["plotted"] for row in rows] == [10000.0, 10000.0, -3000.0, -3000.0]
    assert {"year 1: 10,000.00 yuan", "year 2: 3,000.00 yuan"} <= {*texts(svg(streams_chart(project(plan))))}


def test_a_claim_that_does_not_hold_is_a_line_across_what_comes_together(hill: Projection) -> None:
    verdicts = check_claims(hill)
    [dam] = claims_of_totals(hill, verdicts)
    shown = texts(svg(claim_chart(hill, dam, "zh")))
    assert {"来源数字 7,150,000.00 元", "计算结果 8,200,000.00 元", "使用权与资金入股四十年总收益"} <= {*shown}
    with pytest.raises(ScheduleError, match="over the whole term is expected"):
        claim_chart(hill, verdicts[0])


def test_a_claim_about_all_streams_adds_them() -> None:
    streams = [Stream("a", amount="1,000 yuan"), Stream("b", amount="500 yuan")]
    plan = Plan(
        "hill",
        term("2014-01-01", years=2, basis="contribution"),
        streams,
        claims=[Claim("all", quantity("3,000 yuan"))],
    )
    projection = project(plan)
    shown = texts(svg(claim_chart(projection, check_claims(projection)[0])))
    assert {"claimed 3,000.00 yuan", "computed 3,000.00 yuan"} <= {*shown}


def test_a_holder_of_a_plan_sees_his_years() -> None:
    holders = Holders("all", (Holder("1", "甲一", 2), Holder("2", "甲二", 1)))
    plan = Plan(
        "hill", term("2014-01-01", years=3, basis="contribution"), [Stream("dam", amount="100 yuan", holders=holders)]
    )
    shown = texts(svg(holder_chart(project(plan), "1", "zh")))
    assert {"1 甲一", "dam：200.00 元", "66.67 元"} <= {*shown}
    with pytest.raises(ScheduleError, match="'3' is unknown"):
        holder_chart(project(plan), "3")


def test_a_holder_of_two_parts_of_a_stream_sees_both_together() -> None:
    one = Holders("one", (Holder("1", "甲一", 1),))
    both = (Part("land", Fraction(3, 10), holders=one), Part("fund", Fraction(7, 10), holders=one))
    dam = Stream("dam", amount="100 yuan", split=both)
    plan = Plan("hill", term("2014-01-01", years=2, basis="contribution"), [dam])
    shown = texts(svg(holder_chart(project(plan), "1")))
    assert {"dam: 200.00 yuan", "100.00 yuan"} <= {*shown}


def test_a_holder_of_a_book_sees_what_became_of_every_run() -> None:
    due = Due(58_00, 40_00, 0, 10_00, 0, 0, date(2026, 1, 31))
    shown = texts(svg(payouts_chart("0042", {"2025": due}, "zh", past={"2024": 55_00})))
    assert {"建账以前：55.00 元", "发放：40.00 元", "代扣税款：10.00 元", "未付：8.00 元"} <= {*shown}
    assert {"58.00 元", "55.00 元"} <= {*shown}


def test_who_holds_what_says_every_share_and_its_part() -> None:
    held = {"2": Holding("2", 150, 0, 0, 0, 450), "10": Holding("10", Fraction(300), 0, 0, 0, 450)}
    shown = texts(svg(holdings_chart(held, "zh", digits=2, names={"2": "甲二"})))
    assert {"2 甲二", "1.50 (33.33%)", "10", "3.00 (66.67%)", "持有情况"} <= {*shown}
    assert shown.index("2 甲二") < shown.index("10")


def test_of_thousands_of_holders_those_with_the_most_have_a_bar_and_the_others_one_together() -> None:
    held = {str(n): Holding(str(n), n, 0, 0, 0, 3000 * 3001 // 2) for n in range(1, 3001)}
    rows = plotted(holdings_chart(held))
    assert len(rows) == 40
    assert [rows[0]["holder"], rows[-1]["holder"]] == ["2962", "others: 2961"]
    assert sum(row["plotted"] for row in rows) == 3000 * 3001 // 2


def test_nobody_holding_anything_is_a_picture_too() -> None:
    assert svg(holdings_chart({})).startswith("<svg")
    assert svg(payouts_chart("0042", {})).startswith("<svg")


def test_a_picture_asks_for_nothing_and_shows_itself_as_svg(hill: Projection) -> None:
    picture = streams_chart(hill, "zh")
    drawn = svg(picture)
    assert {*re.findall(r"https?://[^\"]*", drawn)} == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<image" not in drawn
    assert "<script" not in drawn
    assert picture._repr_mimebundle_() == {
        "image/svg+xml": drawn,
        "text/plain": picture.to_dict()["description"],
    }
    assert png(picture, scale=1).startswith(b"\x89PNG")


def test_what_somebody_wrote_is_text_in_a_picture() -> None:
    plan = Plan(
        "<script>alert(1)</script>", term("2014-01-01", years=1, basis="contribution"), [Stream("<b>", amount="1 yuan")]
    )
    drawn = svg(streams_chart(project(plan)))
    assert "<script" not in drawn
    assert {"<script>alert(1)</script>", "<b>: 1.00 yuan"} <= {*texts(drawn)}


@pytest.mark.parametrize("seen", ["a\x1b[2J", "a\x00b", "\ud800", "\ufffe", "\n"])
def test_a_character_that_is_no_text_is_written_out(seen: str) -> None:
    """What draws the picture would abort the whole process on some of them."""
    plan = Plan(seen, term("2014-01-01", years=1, basis="contribution"), [Stream(seen, amount="1 yuan")])
    assert f"{printable(seen)}: 1.00 yuan" in texts(svg(streams_chart(project(plan))))
    assert png(streams_chart(project(plan)), 1).startswith(b"\x89PNG")


def test_the_same_projection_makes_the_same_picture(hill: Projection) -> None:
    assert svg(streams_chart(hill, "zh")) == svg(streams_chart(hill, "zh"))


FONTS = shutil.which("fc-list")


@pytest.mark.skipif(
    "CI" not in os.environ and not (FONTS and subprocess.check_output([FONTS, ":lang=zh"])),  # noqa: S603 - our own
    reason="no font for Chinese here",
)
def test_chinese_is_drawn_and_not_boxes() -> None:
    """Of a font without the characters each would be the same box, or nothing."""
    one, two = ({"17": Holding("17", 1, 0, 0, 0, 1)} for _ in range(2))
    assert png(holdings_chart(one, "zh", title="甲"), 1) != png(holdings_chart(two, "zh", title="乙"), 1)
