"""Templates: what they ask for is what the import reads."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from coopledger.book import MemoryJournal, WorkbookError, import_village, problems, read_village, roll
from coopledger.core.chart import CHARTS
from coopledger.files.listing import SHEETS, heading, meaning
from coopledger.files.template import COLUMNS, template
from tests.files.sheets import pages


@pytest.mark.parametrize("law", ["collective", "specialised"])
def test_the_filled_in_example_imports_without_a_problem(tmp_path: Path, law: str) -> None:
    path = tmp_path / "village.xlsx"
    path.write_bytes(template(law, filled=True))
    made = read_village(path)
    assert [*made.problems] == [*made.notices] == []
    journal = MemoryJournal("hill")
    journal.append(import_village(made), key="import", actor="accountant")
    with journal.read() as view:
        assert problems(view) == []
        assert len(roll(view).members) == 7
    assert {one.kind for one in made.listings} == {*SHEETS} - {"cooperative"}


@pytest.mark.parametrize("chart", sorted(CHARTS))
def test_an_empty_template_of_every_chart_lacks_nothing_but_what_is_to_be_filled_in(tmp_path: Path, chart: str) -> None:
    path = tmp_path / "village.xlsx"
    path.write_bytes(template(chart=chart))
    made = read_village(path)
    assert [str(one) for one in made.problems] == [
        "village.xlsx: 合作社: no name of the cooperative: 名称 and the name beside it are expected"
    ]
    assert [*made.notices] == []


@pytest.mark.parametrize(("kind", "columns"), COLUMNS.items())
def test_every_heading_of_the_template_means_a_column(kind: str, columns: list[tuple[str, ...]]) -> None:
    fields = [meaning(kind, heading(one[0]).plain) for one in columns]  # type: ignore[arg-type]
    assert None not in fields
    assert len({*fields}) == len(fields)


def test_the_template_has_lists_checks_and_an_example_sheet() -> None:
    data = template()
    made = CalamineWorkbook.from_object(BytesIO(data))
    assert made.sheet_names == ["说明", *SHEETS.values(), "示例", "选项"]
    assert made.sheets_metadata[-1].visible == SheetVisibleEnum.Hidden
    with ZipFile(BytesIO(data)) as file:
        written = [file.read(one).decode() for one in file.namelist() if one.startswith("xl/worksheets/sheet")]
    people = next(one for one in written if "COUNTIFS" in one)
    assert people.count('type="list"') == 3
    assert people.count('type="custom"') >= 2
    assert "conditionalFormatting" in people


def test_a_sheet_to_fill_in_is_printed_as_wide_as_a_page_with_its_headings_on_each() -> None:
    found = {one.name: one for one in pages(template())}
    for name in ("户", "成员", "股权", "出资", "期初余额"):
        assert found[name].paper["orientation"] == "landscape"
        assert found[name].paper["paperSize"] == "9"
        assert found[name].paper["fitToHeight"] == "0"
        assert found[name].titles.replace("'", "") == f"{name}!$2:$2"
    assert found["示例"].paper["orientation"] == "landscape"


def test_another_law_or_chart_is_refused() -> None:
    with pytest.raises(WorkbookError, match="law mine"):
        template("mine")
    with pytest.raises(WorkbookError, match="chart c1999"):
        template(chart="c1999")
