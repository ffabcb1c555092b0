"""The notebooks of the examples: each runs from a clean kernel, without a warning, and shows the figures it must."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from docs.run_notebooks import NOTEBOOKS, run

FIGURES = {
    "village-year-zh": [
        "已被电子表格舍入",
        "第 H11 户有两个户主 0101 和 0102",
        "示例村股份经济合作社股东名册：人口股",
        "持有情况：H01：3 (50.00%)、H02：2 (33.33%)、H03：1 (16.67%)",
        "500.00",
        "333.33",
        "166.67",
        "1,000.00",
        "分红 2026 公示",
        "指纹",
        "建账以前：750.50 元、发放：500.00 元",
        "([], [])",
        "['公示.xlsx', '示例村.xlsx']",
    ],
    "forty-year-contract-zh": [
        "160 元/亩，每满 5 年按上期金额 +20%",
        "27,998,901.76",
        "7,150,000.00 元 8,200,000.00 元 +1,050,000.00 元 不符",
        "开头 14 年不付，年数照计",
        "第 26 年后停止增长",
        "13,199,267.84",
        "10,880,000.00",
        "相差 2,319,267.84 元",
        "331.776 元/亩",
        "a：租赁期限超过二十年的部分无效",
        "1 甲一：土地：4,399,755.95 元",
        "[439975595, 439975595, 439975594]",
    ],
    "published-claim-zh": [
        "125,000.00 元 127,000.00 元 +2,000.00 元 不符",
        "15.00% 10.00% -5.00% 不符",
        "差额 2000 元，每户 1,000 元，是 2 户",
        "≈ 5,778.49 元/人",
    ],
    "tour": [
        "(True, 160000, Fraction(1, 3))",
        "21,399,267.84",
        "7,150,000.00 yuan 8,200,000.00 yuan +1,050,000.00 yuan does NOT hold",
        "331.776 yuan/mu",
        "dam 8200000.00 land 13199267.84",
        "who holds what: 17: 300 (50.00%), 18: 200 (33.33%), 19: 100 (16.67%)",
        "total 1,000.00 833.33 166.67",
        "one thousand yuan only",
        "19 has 100 of land to move from 2026-12-31 on: 101 are wanted",
        "([], [])",
    ],
}
"""What has to be read in each, in this order."""


def read(outputs: list[nbformat.NotebookNode]) -> Iterator[str]:
    """What a reader reads of a cell's outputs: the words of pictures too."""
    for one in outputs:
        if one.output_type == "stream":
            yield one.text
            continue
        data = one.data
        if "text/html" in data:
            words = re.sub(r'<img alt="([^"]*)"[^>]*>', r" \1 ", data["text/html"])
            yield html.unescape(re.sub(r"<[^>]*>", " ", words))
        else:
            yield data["text/plain"]


def test_every_notebook_has_its_figures() -> None:
    assert {notebook.stem for notebook in NOTEBOOKS} == set(FIGURES)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_a_clean_kernel_and_shows_its_figures(notebook: Path) -> None:
    before = {path.name for path in notebook.parent.iterdir()}
    done = run(notebook)
    said = [text for cell in done.cells if cell.cell_type == "code" for text in read(cell.outputs)]
    errors = [one for cell in done.cells for one in cell.get("outputs", []) if one.get("name") == "stderr"]
    assert errors == []
    rest = re.sub(r"\s+", " ", " ".join(said))
    for figure in FIGURES[notebook.stem]:
        assert figure in rest, f"{figure}: it is expected after what stands before it"
        rest = rest.partition(figure)[2]
    assert {path.name for path in notebook.parent.iterdir()} == before


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs_and_without_traces_of_where_it_ran(notebook: Path) -> None:
    kept = json.loads(notebook.read_text(encoding="utf-8"))
    nbformat.validate(kept)
    for cell in kept["cells"]:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
        assert cell["metadata"] == {}
    assert set(kept["metadata"]) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short(notebook: Path) -> None:
    """Who reads them may know no Python; the tour is for those who do."""
    longest = 25 if notebook.stem == "tour" else 12
    for cell in nbformat.read(notebook, as_version=4).cells:  # type: ignore[no-untyped-call]
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= longest, cell.source
