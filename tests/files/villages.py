"""An invented village as sheets of a workbook, and villages at random."""

from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

from hypothesis import strategies as st
from stdnum.cn import ric

DAY = date(2026, 1, 1)
NAME = "示例村股份经济合作社"

COOPERATIVE: list[list[Any]] = [
    ["名称", NAME],
    ["适用法律", "农村集体经济组织法"],
    ["会计制度", "c2023"],
    ["建账日期", DAY],
]


def resident(n: int) -> str:
    """A resident ID of an invented region."""
    first = f"999999{1950 + n % 50}{1 + n % 12:02}{1 + n % 28:02}{n % 1000:03}"
    return first + ric.calc_check_digit(first + "0")


MEMBERS: list[list[Any]] = [
    ["编号", "户号", "姓名", "与户主关系", "身份证号", "出生日期", "电话", "银行卡号"],
    *(
        [
            f"{n:04}",
            f"H{(n + 2) // 3:02}",
            f"成员{n}",
            "户主" if n % 3 == 1 else "子女",
            resident(n) if n % 2 else None,
            None if n % 2 else date(1980, 1, n),
            13800000000,
            "6200000000000000018",
        ]
        for n in range(1, 13)
    ),
]


def village() -> dict[str, list[list[Any]]]:
    """A village without a problem: twelve people in four households, all kinds of sheets."""
    return deepcopy(
        {
            "合作社": COOPERATIVE,
            "户": [
                ["户号", "户主", "人数", "地址"],
                *([f"H{n:02}", f"成员{3 * n - 2}", 3, "一组"] for n in range(1, 5)),
            ],
            "成员": MEMBERS,
            "股份类别": [
                ["名称", "类型", "每股面值（元）", "总股数"],
                ["人口股", "成员股", None, 12],
                ["资金股", "资金股", 1, 1500],
                ["土地股", "土地股", 100, 80],
            ],
            "股权": [
                ["户号", "户主", "人口股"],
                *([f"H{n:02}", f"成员{3 * n - 2}", 3] for n in range(1, 5)),
                ["合计", None, 12],
            ],
            "资金股权": [
                ["编号", "姓名", "股份类别", "股数"],
                ["0001", "成员1", "资金股", 1000],
                ["0005", "成员5", "资金股", 500],
            ],
            "出资": [
                [
                    *("出资编号", "户号", "股份类别", "出资方式", "金额（元）", "每股价格（元）", "面积（亩）", "地块"),
                    *("合同编号", "起始日期", "终止日期"),
                ],
                ["T1", "H01", "土地股", "承包地", 5000, 100, 2.5, "1-07、1-08", "0001", DAY, date(2040, 12, 31)],
                ["T2", "H02", "土地股", "承包地", 3000, 100, 1.5, "1-09", "0002", DAY, date(2040, 12, 31)],
            ],
            "期初余额": [
                ["期初余额表"],
                ["科目编号", "科目名称", "借方（元）", "贷方（元）"],
                ["101", "库存现金", 500.05, None],
                ["102", "银行存款", 10000.5, None],
                ["151", "固定资产", 50000, None],
                ["161", "无形资产", 8000, None],
                ["301", "资本", None, 9500],
                ["311", "公积公益金", None, 57000.55],
                ["322", "收益分配", None, 2000],
                ["合计", None, 68500.55, 68500.55],
            ],
            "历年分红": [
                ["年度", "户号", "户主", "金额（元）"],
                [2024, "H01", "成员1", 58.5],
                [2025, "H01", "成员1", 60],
            ],
        }
    )


class Seed(NamedTuple):
    """A random village: its sheets, and what the register is to say: shares by class and household."""

    sheets: dict[str, list[list[Any]]]
    homes: dict[str, list[str]]
    shares: dict[str, dict[str, int]]


@st.composite
def villages(draw: st.DrawFn) -> Seed:
    """A village without a problem, its columns in any order, in long or in wide form."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=12))
    headings = draw(st.permutations(["编号", "户号", "姓名", "与户主关系", "出生日期", "序号"]))
    homes: dict[str, list[str]] = {}
    people: list[list[Any]] = [[*headings]]
    number = 0
    for home, size in enumerate(sizes, 1):
        for n in range(size):
            number += 1
            cells = {
                "编号": f"{number:04}",
                "户号": f"H{home:03}",
                "姓名": f"成员{number}",
                "与户主关系": "户主" if n == 0 else "其他",
                "出生日期": date(1950 + number % 60, 1 + number % 12, 1 + number % 28),
                "序号": number,
            }
            people.append([cells[one] for one in headings])
            homes.setdefault(f"H{home:03}", []).append(f"{number:04}")
    classes = draw(st.lists(st.sampled_from(["人口股", "农户股", "基本股"]), min_size=1, max_size=3, unique=True))
    held = {cls: {home: draw(st.integers(1, 10**6)) for home in homes if draw(st.booleans())} for cls in classes}
    rows: list[list[Any]]
    if draw(st.booleans()):
        rows = [["户号", *classes], *([home, *(held[cls].get(home) for cls in classes)] for home in homes)]
        rows.append(["合 计", *(sum(held[cls].values()) for cls in classes)])
    else:
        rows = [["股份类别", "户号", "股数"]]
        rows += [[cls, home, shares] for cls, given in held.items() for home, shares in given.items()]
    titles = draw(st.integers(0, 3))
    sheets: dict[str, list[list[Any]]] = {
        "合作社": deepcopy(COOPERATIVE),
        "成员名册": [*([f"{NAME}成员名册"] for _ in range(titles)), *people],
        "股份类别": [["名称", "类型", "总股数"], *([cls, "成员股", sum(held[cls].values())] for cls in classes)],
        "股权": rows,
    }
    return Seed(sheets, homes, {cls: given for cls, given in held.items() if given})
