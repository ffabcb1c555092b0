"""Plans that several tests read, each with one thing to see, and a writer of plan files."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LAOHUSHAN = ROOT / "examples" / "laohushan.toml"

FULL = """\
title = "老虎山"
book = "莲池村"
parties = ["莲池村", "企业"]
notes = ["示例"]

[term]
start = 2014-01-01
years = 10
basis = "荒山"

[series."谷价"]
values = { 2013 = "1.2 元/斤", 2014 = "1.3 元/斤" }
assume = "hold"

[series."利润"]
values = { 2014 = "10万元" }
[series."利润".assume]
2015 = "12万元"
2016 = "0元"
2017 = "1元"
2018 = "2元"
2019 = "3元"
2020 = "4元"
2021 = "5元"
2022 = "6元"
2023 = "7元"

[holders."股东"]
list = [
  { number = "1", name = "张三", shares = "4 股" },
  { number = "2", name = "李四", shares = "2.5 股" },
]

[[streams]]
name = "土地"
payer = "企业"
payee = "莲池村"
quantity = "1,000 亩"
rate = { level = "160 元/亩", step = { every = 5, by = "20%", of = "上期" } }
split = [
  { name = "成员", share = "70%", holders = "股东" },
  { name = "集体", share = "30%", parts = [{ name = "公积金", share = "20%" }, { name = "公益金", share = "10%" }] },
]

[[streams]]
name = "稻谷"
amount = { in_kind = "500 斤", prices = "谷价", lag = 1 }
due = [
  { share = "2/3", on = "10-15" },
  { share = "rest", on = "12-31" },
]

[[streams]]
name = "分红"
basis = "入股"
amount = { tiers = [{ up_to = "5万元", rate = "10%" }, { rate = "20%" }], of = "利润", over = "1元", floor = "2元" }
cap = { level = "1万元", rise = "100元" }
rounding = { at = "payment", mode = "half even", to = "1元" }
due = "next 03-31"
adjust = "following"
holders = "股东"

[[streams]]
name = "其他"
amount = { sum = [{ lump_sums = { 1 = "5元", last = "6元" } }, { level = "1元", skip = [2, "4-5"], until = 3 }] }

[[claims]]
about = "2014 年土地"
claimed = "16 万元"
stream = "土地"
year = 2014
"""
"""Nearly every key once, and nothing wrong."""

_HEAD = """\
title = "t"
[term]
start = 2014-01-01
years = 7
basis = "入股"
"""

NESTED = (
    _HEAD
    + """
[holders."成员"]
list = [{ number = "1", shares = 3 }, { number = "2", shares = "2/3" }, { number = "3", shares = 7 }]
[[streams]]
name = "合作社"
amount = "1,000.01 元"
split = [
  { name = "村方", share = "51%", parts = [{ name = "集体", share = "41%" }, { name = "农户", share = "10%" }] },
  { name = "企业", share = "49%" },
]
[[streams]]
name = "收益"
amount = { level = "777.77 元", step = { every = 1, by = "1/3", of = "base" } }
split = [
  { name = "分红", share = "70%", parts = [
    { name = "贫困户", share = "40%" }, { name = "其他户", share = "30%", holders = "成员" } ] },
  { name = "提留", share = "30%", parts = [{ name = "公积金", share = "20%" }, { name = "公益金", share = "10%" }] },
]
"""
)

PER_SHARE = (
    _HEAD
    + """
[holders."股东"]
policy = "per share"
per_share = "58 元/股"
remainder = "结转"
list = [{ number = "1", shares = "4 股" }, { number = "2", shares = "817 股" }]
[[streams]]
name = "分红"
amount = "47,617.98 元"
holders = "股东"
"""
)

ADVANCES = (
    _HEAD
    + """
[holders."股东"]
list = [{ number = "10", shares = 1 }, { number = "9", shares = 1 }, { number = "2", shares = 1 }]
[[streams]]
name = "租金"
amount = { level = "1,000 元", rise = "0.01 元" }
due = [{ share = "2/3", on = "10-15" }, { share = "rest", on = "next 03-31" }]
holders = "股东"
"""
)

IN_KIND = (
    _HEAD
    + """
[series."谷价"]
values = { 2014 = "1.5 元/斤", 2015 = "1.6 元/斤" }
[series."油价"]
values = { 2014 = "2 元/斤", 2015 = "3 元/斤", 2016 = "2.5 元/斤" }
assume = "+2%"
[[streams]]
name = "稻谷"
quantity = "1.5 亩"
rate = { in_kind = "400 斤/亩", prices = "谷价" }
[[streams]]
name = "菜油"
amount = { in_kind = "10 斤", prices = "油价" }
[[streams]]
name = "现金"
amount = "1 元"
"""
)

JULY = """\
title = "半年开头"
[term]
start = 2014-09-15
end = 2019-06-30
stub = "前短"
basis = "租赁"
[[streams]]
name = "租金"
amount = { level = "10,000.01 元", step = { every = 1, by = "7%", of = "previous" } }
[[streams]]
name = "预付"
amount = "365 元"
due = [{ share = "50%", on = "first day" }, { share = "rest", on = "last day" }]
"""

GOOD = {
    "full": FULL,
    "nested splits": NESTED,
    "per share": PER_SHARE,
    "advances": ADVANCES,
    "in kind": IN_KIND,
    "july": JULY,
}


def changed(text: str, *changes: tuple[str, str], count: int = -1) -> str:
    """The text with the changes made; every one must be possible."""
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, count)
    return text


def written(path: Path, text: str) -> Path:
    """The path, with the text in it."""
    path.write_bytes(text.encode())
    return path


def as_toml(document: Mapping[str, Any]) -> str:
    """A document as TOML, one line a key."""
    return "".join(f"{_value(key)} = {_value(value)}\n" for key, value in document.items())


def _value(value: Any) -> str:  # noqa: ANN401, PLR0911 - whatever TOML has, kind by kind
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = "".join(one if one not in '"\\' and one.isprintable() else f"\\U{ord(one):08X}" for one in value)
        return f'"{plain}"'
    if isinstance(value, int):
        return str(value) if abs(value) < 10**100 else f"0x{value:x}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_value(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}".lower().replace("infinity", "inf")
    assert isinstance(value, date), value
    return value.isoformat()
