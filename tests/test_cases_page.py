"""The page of the published cases, which the documentation writes anew at each build."""

import json
import re
from pathlib import Path

import pytest

from docs.cases import EXAMPLES, write_page

PUBLISHED = json.loads((Path(__file__).parent / "cases" / "published.json").read_text(encoding="utf-8"))
CELLS = re.compile(r"(?<!\\)\|")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("docs") / "cases.md"
    write_page(path)
    return path.read_text(encoding="utf-8")


def test_the_page_has_a_section_for_every_case_and_names_every_file_that_recomputes_it(page: str) -> None:
    cases = [path for path in (EXAMPLES / "cases").glob("*.toml") if path.name != "later.toml"]
    plans = [EXAMPLES / "laohushan.toml", *cases]
    books = [*(EXAMPLES / "books").glob("*.py")]
    for path in (*plans, *books, *(EXAMPLES / "distributions").glob("*.toml")):
        assert f"`{path.relative_to(EXAMPLES.parent).as_posix()}`" in page
    alone = [path for path in books if path.stem not in {plan.stem for plan in plans}]
    assert len(re.findall("^## ", page, re.MULTILINE)) == len(plans) + len(alone) + 2


def test_the_page_names_every_contradiction_once(page: str) -> None:
    table = page.partition("## Where sources contradict themselves")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", table, re.MULTILINE)
    contradicting = {one["id"] for one in PUBLISHED if one["verdict"] == "contradicts itself"}
    assert contradicting <= {*rows}
    assert "laohushan" in rows
    assert len(re.findall("^\\| `", table, re.MULTILINE)) == len({*re.findall("^\\| .*$", table, re.MULTILINE)}) - 2


def test_every_table_of_the_page_has_as_many_cells_in_each_row(page: str) -> None:
    tables = [table.strip().splitlines() for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)]
    assert tables
    for table in tables:
        assert len({len(CELLS.findall(row)) for row in table}) == 1


def test_the_page_says_that_the_seed_contract_contradicts_itself(page: str) -> None:
    assert "| 8,200,000 yuan | 7,150,000 yuan | 1,050,000 yuan | **does not hold** |" in page


def test_a_page_that_would_not_change_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases.md"
    write_page(path)
    written = path.stat().st_mtime_ns
    write_page(path)
    assert path.stat().st_mtime_ns == written
