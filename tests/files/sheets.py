"""A workbook read again as a spreadsheet would: its XML, formulas and layout included, and its sums reckoned anew."""

import re
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SUM = re.compile(r"(?:ROUND\()?SUM\(([A-Z]+)(\d+):([A-Z]+)(\d+)\)(?:,(\d+)\))?")
_HEX = re.compile("_x([0-9A-F]{4})_")


class Written(NamedTuple):
    """A cell as it stands in the file: what it holds, the formula, the format of numbers, and whether it is quoted."""

    kind: str
    value: str
    formula: str
    shown: str
    quoted: bool


class Page(NamedTuple):
    """A sheet: its name, cells by their addresses, and how it is laid out."""

    name: str
    cells: dict[str, Written]
    frozen: str
    paper: dict[str, str]
    area: str
    titles: str

    def recomputed(self, address: str) -> Decimal:
        """What the formula of a cell comes to, by its own sum over the cells of the range, in binary floats."""
        match = _SUM.fullmatch(self.cells[address].formula)
        assert match is not None, self.cells[address].formula
        assert match[1] == match[3]
        column = [self.cells.get(f"{match[1]}{row}") for row in range(int(match[2]), int(match[4]) + 1)]
        total = sum(float(one.value) for one in column if one is not None and one.kind == "n" and one.value)
        return Decimal(total).quantize(Decimal(1).scaleb(-int(match[5] or 0)), ROUND_HALF_UP)

    @property
    def formulas(self) -> dict[str, Written]:
        return {address: one for address, one in self.cells.items() if one.formula}


def pages(data: bytes) -> list[Page]:
    """The sheets of an .xlsx file."""
    with ZipFile(BytesIO(data)) as archive:
        strings = _strings(archive)
        styles = _styles(archive)
        book = _xml(archive.read("xl/workbook.xml"))
        names = [str(one.get("name")) for one in book.iter(f"{_MAIN}sheet")]
        defined = {
            (one.get("name"), one.get("localSheetId")): one.text or "" for one in book.iter(f"{_MAIN}definedName")
        }
        found = []
        for n, name in enumerate(names):
            root = _xml(archive.read(f"xl/worksheets/sheet{n + 1}.xml"))
            pane, setup = root.find(f".//{_MAIN}pane"), root.find(f"{_MAIN}pageSetup")
            found.append(
                Page(
                    name,
                    {str(one.get("r")): _cell(one, strings, styles) for one in root.iter(f"{_MAIN}c")},
                    "" if pane is None else f"{pane.get('topLeftCell')} {pane.get('state')}",
                    {} if setup is None else dict(setup.attrib),
                    defined.get(("_xlnm.Print_Area", str(n)), ""),
                    defined.get(("_xlnm.Print_Titles", str(n)), ""),
                )
            )
    return found


def _xml(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - we wrote it


def _cell(cell: ET.Element, strings: list[str], styles: list[tuple[str, bool]]) -> Written:
    kind = cell.get("t", "n")
    value, formula = (cell.findtext(f"{_MAIN}{one}") or "" for one in "vf")
    return Written(kind, strings[int(value)] if kind == "s" else value, formula, *styles[int(cell.get("s", "0"))])


def _strings(archive: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    root = _xml(archive.read("xl/sharedStrings.xml"))
    texts = ["".join(one.text or "" for one in item.iter(f"{_MAIN}t")) for item in root]
    return [_HEX.sub(lambda one: chr(int(one[1], 16)), text) for text in texts]


def _styles(archive: ZipFile) -> list[tuple[str, bool]]:
    root = _xml(archive.read("xl/styles.xml"))
    shown = {"0": "", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00"}
    shown |= {str(one.get("numFmtId")): str(one.get("formatCode")) for one in root.iter(f"{_MAIN}numFmt")}
    forms = root.find(f"{_MAIN}cellXfs")
    assert forms is not None
    return [(shown[str(one.get("numFmtId"))], one.get("quotePrefix") == "1") for one in forms]
