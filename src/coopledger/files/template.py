"""Templates: the workbook in which a village is filled in, with headings that the import understands.

Numbers that a spreadsheet would spoil stand in cells of text. Lists to choose from and checks are the spreadsheet's
own; the import checks all of it once more. The example is of an invented village.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from coopledger.core.chart import CHARTS
from coopledger.core.share_class import PRESETS
from coopledger.errors import Problem, WorkbookError
from coopledger.files.listing import SHEETS, Kind
from coopledger.text import Message

Law = str
_LAWS: Mapping[str, tuple[str, str]] = {
    "collective": ("农村集体经济组织法", "c2023"),
    "specialised": ("农民专业合作社法", "c2021"),
}
_ROWS = 2000
"""How many rows are prepared below the headings."""

_LISTS = "选项"
_EXAMPLE = "示例"


class Column(NamedTuple):
    """A column to fill in: its heading, what is said when its cell is chosen, its form, and its check."""

    heading: str
    hint: str = ""
    form: str = ""
    """text, money, number or day; a text is not touched by the spreadsheet."""
    check: str = ""
    """The formula of a check, of which ``{0}`` is the cell and ``{column}`` the column; or ``list:NAME``."""
    width: int = 12
    needed: bool = False


_ONCE = "COUNTIF({column},{0})=1"
_NOT_NEGATIVE = "AND(ISNUMBER({0}),{0}>=0)"
_WHOLE = "AND(ISNUMBER({0}),{0}>=0,INT({0})={0})"
_ID = 'AND(ISTEXT({0}),LEN({0})=18,COUNTIF({column},{0}&"*")=1)'

COLUMNS: Mapping[Kind, Sequence[Column]] = {
    "households": (
        Column("户号", "每户一个编号，不与成员编号相同", "text", _ONCE, needed=True),
        Column("户主", "户主的姓名或成员编号；可不填，在“成员”表的关系中写“户主”", "text"),
        Column("人数", "填写后与“成员”表核对", "number", _WHOLE, 8),
        Column("电话", "", "text", "", 14),
        Column("地址", "", "text", "", 24),
    ),
    "members": (
        Column("编号", "每人一个编号，如 0001；不要用身份证号", "text", _ONCE, needed=True),
        Column("户号", "所属的户；企业、集体不填", "text"),
        Column("姓名", "", "text", "", 12, needed=True),
        Column("与户主关系", "每户只有一人是“户主”", "text", "list:relation"),
        Column("身份证号", "18 位，按文本填写；企业填统一社会信用代码", "text", _ID, 22),
        Column("出生日期", "可不填，以身份证号为准", "day", "day", 12),
        Column("电话", "", "text", "", 14),
        Column("银行卡号", "按文本填写", "text", "ISTEXT({0})", 22),
        Column("开户行", "", "text", "", 18),
        Column("户名", "与姓名不同时填写", "text"),
        Column("类型", "个人、集体、企业、基金；不填为个人", "text", "list:kind"),
        Column("身份", "成员，或只持股的“非成员”；不填为成员", "text", "list:standing"),
        Column("群体", "如 低保户；多个用顿号分开", "text"),
        Column("地址", "", "text", "", 24),
    ),
    "classes": (
        Column("名称", "如 人口股；“股权”表以此为列名", "text", _ONCE, needed=True),
        Column("类型", "它按哪一种股份的规则", "text", "list:preset", needed=True),
        Column("每股面值（元）", "资金股、优先股必填；人口股等一般不填", "money", _NOT_NEGATIVE, 16),
        Column("总股数", "填写后与“股权”“出资”两表核对", "number", _NOT_NEGATIVE),
        Column("小数位", "一股可以有几位小数，如农龄股 2", "number", _WHOLE, 8),
        Column("资本科目", "资本科目中另有其他资本时，股份所在的明细科目，如 301/shares", "text"),
    ),
    "shares": (
        Column("户号", "按户持有的（人口股、土地股）填户号", "text"),
        Column("编号", "按人持有的（农龄股、资金股）填成员编号；企业、集体填其编号", "text"),
        Column("姓名", "可不填；填写后与“成员”表核对", "text"),
        Column("股份类别", "“股份类别”表中的名称", "text", "list:class", 14, needed=True),
        Column("股数", "", "number", _NOT_NEGATIVE, needed=True),
    ),
    "contributions": (
        Column("出资编号", "每笔一个编号", "text", _ONCE, needed=True),
        Column("户号或成员编号", "谁出资", "text", "", 16, needed=True),
        Column("姓名", "", "text"),
        Column("股份类别", "", "text", "list:class", 14, needed=True),
        Column("出资方式", "", "text", "list:contribution", 16, needed=True),
        Column("金额（元）", "作价或出资的金额", "money", _NOT_NEGATIVE),
        Column("每股价格（元）", "不填为面值", "money", _NOT_NEGATIVE, 14),
        Column("股数", "不作价、按亩折股时填写", "number", _NOT_NEGATIVE),
        Column("面积（亩）", "土地、林地必填", "number", _NOT_NEGATIVE),
        Column("地块", "多个用顿号分开", "text", "", 18),
        Column("合同编号", "承包合同或权证", "text", "", 16),
        Column("起始日期", "", "day", "day"),
        Column("终止日期", "不晚于权利到期日", "day", "day"),
        Column("权利到期日", "不填为终止日期", "day", "day"),
        Column("权利来源", "不填为承包地", "text", "list:basis"),
        Column("作价方式", "不填为协商作价；成员评估、第三方评估要有会议决议", "text", "list:valued", 14),
        Column("作价日期", "", "day", "day"),
        Column("评估机构", "", "text"),
        Column("资金来源", "财政资金、众筹必填", "text"),
        Column("量化办法", "财政资金必填", "text"),
    ),
    "opening balances": (
        Column("科目编号", "如 102；明细科目用斜线，如 102/农信社", "text", _ONCE, needed=True),
        Column("科目名称", "", "text", "", 24),
        Column("借方（元）", "", "money", "ISNUMBER({0})", 16),
        Column("贷方（元）", "", "money", "ISNUMBER({0})", 16),
    ),
    "past dividends": (
        Column("年度", "", "number", "AND({0}>=1980,{0}<=2100)", 8, needed=True),
        Column("户号或编号", "谁得到的", "text", "", 14, needed=True),
        Column("姓名", "", "text"),
        Column("金额（元）", "", "money", _NOT_NEGATIVE, 14, needed=True),
    ),
}
"""The sheets to fill in, and their columns."""

_CHOICES: Mapping[str, Sequence[str]] = {
    "relation": ("户主", "配偶", "子女", "父母", "孙子女", "祖父母", "兄弟姐妹", "其他"),
    "kind": ("个人", "集体", "企业", "基金"),
    "standing": ("成员", "非成员"),
    "preset": tuple(one.name for one in PRESETS.values()),
    "contribution": ("承包地", "林地", "基础设施使用权", "现金", "财政资金", "众筹"),
    "basis": ("承包地", "四荒地", "租赁", "出资"),
    "valued": ("协商作价", "成员评估", "第三方评估", "凭证"),
    "law": tuple(one for one, _ in _LAWS.values()),
}

_A4 = 9

_NOTES = (
    "填写说明",
    "1. 每张表的第一行是提示，第二行是表头，从第三行起填写；表头可以换位置、增减，不能改名。“合作社”表把值写在右边。",
    "2. 身份证号、银行卡号、编号都按文本填写；数字格的长号码会被电子表格截断。",
    "3. 不要合并单元格；一户几口人，每行都写户号。",
    "4. 每户只有一位户主；同一个人只出现一次。",
    "5. 可以加合计行（写“合计”），导入时核对，不作数据。",
    "6. 没有的表不用填，也可以删去；多出的表不读。",
    "7. “期初余额”写建账日的余额，包括股金和入股的土地等；借贷合计必须相等。",
    "8. 填好后：coopledger book import 账簿.db 本文件.xlsx --dry-run 先看结果，去掉 --dry-run 入账。",
    "9. 有问题时一次全部列出，并可另存一份标出单元格的副本（--marked）；有一个问题就什么也不写。",
)

EXAMPLE: Mapping[Kind, Sequence[Sequence[Any]]] = {
    "households": (("H01", "示例甲", 3, "", "一组"), ("H02", "0004", 2, "", "二组"), ("H03", "示例己", 1, "", "二组")),
    "members": (
        (
            "0001",
            "H01",
            "示例甲",
            "户主",
            "999999198001310014",
            None,
            "13800000000",
            "6200000000000000018",
            "示例信用社",
        ),
        ("0002", "H01", "示例乙", "配偶", None, date(1982, 5, 6)),
        ("0003", "H01", "示例丙", "子女", None, date(2012, 7, 8)),
        ("0004", "H02", "示例丁", "户主", None, date(1955, 2, 3)),
        ("0005", "H02", "示例戊", "配偶", None, date(1957, 9, 1)),
        ("0006", "H03", "示例己", "户主", None, date(1990, 12, 12)),
        ("9001", None, "示例村集体", None, None, None, None, None, None, None, "集体"),
    ),
    "classes": (
        ("集体股", "集体股", None, 4),
        ("人口股", "成员股", None, 6),
        ("资金股", "资金股", 1, 3000),
        ("土地股", "土地股", 100, 45),
    ),
    "shares": (
        (None, "9001", "示例村集体", "集体股", 4),
        ("H01", None, "示例甲", "人口股", 3),
        ("H02", None, "示例丁", "人口股", 2),
        ("H03", None, "示例己", "人口股", 1),
        (None, "0001", "示例甲", "资金股", 2000),
        (None, "0006", "示例己", "资金股", 1000),
    ),
    "contributions": (
        (
            *("T01", "H02", "示例丁", "土地股", "承包地", 4500, 100, None, 3.2, "1-07、1-08", "示例合同1"),
            *(date(2026, 1, 1), date(2040, 12, 31), date(2057, 12, 31), "承包地", "协商作价"),
        ),
    ),
    "past dividends": (
        (2024, "H01", "示例甲", 360),
        (2024, "H02", "示例丁", 240),
        (2025, "H01", "示例甲", 390.5),
        (2025, "H02", "示例丁", 260.4),
    ),
}
"""An invented village, by the columns."""

_BALANCES: Mapping[str, Sequence[Sequence[Any]]] = {
    "c2023": (
        ("101", "库存现金", 1250.4, None),
        ("102", "银行存款", 286000, None),
        ("151", "固定资产", 520000, None),
        ("161", "无形资产", 4500, None),
        ("211", "应付款", None, 12000),
        ("301", "资本", None, 7500),
        ("311", "公积公益金", None, 780000),
        ("322", "收益分配", None, 12250.4),
    ),
    "c2021": (
        ("101", "库存现金", 1250.4, None),
        ("102", "银行存款", 286000, None),
        ("151", "固定资产", 520000, None),
        ("161", "无形资产", 4500, None),
        ("211", "应付款", None, 12000),
        ("301", "股金", None, 7500),
        ("322", "盈余公积", None, 780000),
        ("332", "盈余分配", None, 12250.4),
    ),
}


def template(law: str = "collective", chart: str | None = None, *, filled: bool = False) -> bytes:
    """The workbook to fill in, as the bytes of an .xlsx file; or filled in with the invented village.

    ``law`` is ``collective`` or ``specialised``; the chart is the one that goes with it if none is named. Raises
    WorkbookError for another law or chart, and if XlsxWriter is not installed.

    >>> template()[:2]
    b'PK'
    """
    if law not in _LAWS or (chart is not None and chart not in CHARTS):
        said = Message(
            "law {law}, chart {chart}: one of {laws} and one of {charts} are expected",
            law=law,
            chart=chart,
            laws=[*_LAWS],
            charts=[*CHARTS],
        )
        raise WorkbookError([Problem("", said)])
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError:
        raise WorkbookError(
            [Problem("", Message("a workbook is written with XlsxWriter: install coopledger[excel]"))]
        ) from None
    named, lawful = _LAWS[law]
    chosen = chart or lawful
    data = BytesIO()
    with Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _Writing(book, named, chosen).write(filled=filled)
    return data.getvalue()


class _Writing:
    """Writes the sheets of a template."""

    def __init__(self, book: Any, law: str, chart: str) -> None:  # noqa: ANN401 - XlsxWriter has no types
        self.book, self.law, self.chart = book, law, chart
        add = book.add_format
        self.forms = {
            "text": add({"num_format": "@"}),
            "money": add({"num_format": "#,##0.00"}),
            "number": add({}),
            "day": add({"num_format": "yyyy-mm-dd"}),
            "": add({}),
        }
        self.title = add({"bold": True, "font_size": 14})
        self.heading = add({"bold": True, "bg_color": "#D9E1F2", "border": 1, "text_wrap": True, "valign": "vcenter"})
        self.needed = add({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True, "valign": "vcenter"})
        self.hint = add({"italic": True, "font_color": "#7F7F7F"})
        self.wrong = add({"bg_color": "#FFC7CE"})
        accounts = [one.code for one in CHARTS[chart].accounts.values()]
        self.choices: dict[str, Sequence[str]] = {
            **_CHOICES,
            "chart": [f"{one.code}（{one.name.zh}）" for one in CHARTS.values()],
            "account": accounts,
        }

    def write(self, *, filled: bool) -> None:
        notes = self.book.add_worksheet("说明")
        notes.set_column(0, 0, 100)
        for row, one in enumerate(_NOTES):
            notes.write_string(row, 0, one, self.title if row == 0 else None)
        self._cooperative(filled=filled)
        for kind in COLUMNS:
            rows = self._example(kind) if filled else self._accounts() if kind == "opening balances" else ()
            self._sheet(kind, rows)
        if not filled:
            self._example_sheet()
        self._lists()

    def _cooperative(self, *, filled: bool) -> None:
        page = self.book.add_worksheet(SHEETS["cooperative"])
        page.set_column(0, 0, 14)
        page.set_column(1, 1, 44)
        rows: list[tuple[str, Any, str]] = [
            ("名称", "示例村股份经济合作社" if filled else None, "text"),
            ("适用法律", self.law, "text"),
            ("会计制度", f"{self.chart}（{CHARTS[self.chart].name.zh}）", "text"),
            ("建账日期", date(2026, 1, 1) if filled else None, "day"),
        ]
        for row, (label, seen, form) in enumerate(rows):
            page.write_string(row, 0, label, self.needed)
            self._cell(page, row, 1, seen, form)
        for row, name in ((1, "law"), (2, "chart")):
            page.data_validation(row, 1, row, 1, {"validate": "list", "source": self._source(name)})
        page.data_validation(3, 1, 3, 1, self._day())

    def _sheet(self, kind: Kind, rows: Sequence[Sequence[Any]]) -> None:
        page = self.book.add_worksheet(SHEETS[kind])
        columns = COLUMNS[kind]
        page.write_string(0, 0, "橙色的列必填；选中单元格可看说明。", self.hint)
        page.freeze_panes(2, 2 if kind == "members" else 1)
        page.set_row(1, 30)
        last = 1 + _ROWS
        for n, column in enumerate(columns):
            page.set_column(n, n, column.width, self.forms[column.form])
            page.write_string(1, n, column.heading, self.needed if column.needed else self.heading)
            self._checked(page, n, column, last)
        for row, cells in enumerate(rows, 2):
            for n, seen in enumerate(cells):
                self._cell(page, row, n, seen, columns[n].form)
        self._conditions(page, kind, last)
        self._paper(page)
        page.repeat_rows(1, 1)

    @staticmethod
    def _paper(page: Any) -> None:  # noqa: ANN401
        """A4 across, as wide as the page: people print the sheets, pencil them in and have them signed."""
        page.set_paper(_A4)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&C&A  &P / &N")

    def _checked(self, page: Any, n: int, column: Column, last: int) -> None:  # noqa: ANN401
        """The check of a column, with what is said when one of its cells is chosen."""
        first, check = f"{_letter(n)}3", column.check
        more: dict[str, Any] = {"input_title": column.heading[:32], "input_message": column.hint} if column.hint else {}
        if check.startswith("list:"):
            # other words of one's own are let through where the list is only the usual ones
            rule = {"validate": "list", "source": self._source(check[5:]), "error_type": "warning"}
        elif check == "day":
            rule = self._day()
        elif check:
            whole = f"${_letter(n)}$3:${_letter(n)}${last + 1}"
            formula = "=" + check.format(first, column=whole)
            rule = {
                "validate": "custom",
                "value": formula,
                "error_title": column.heading[:32],
                "error_message": (column.hint or "请检查这个单元格")[:255],
                "error_type": "warning",
            }
        elif more:
            rule = {"validate": "any"}
        else:
            return
        page.data_validation(2, n, last, n, {**rule, **more})

    def _conditions(self, page: Any, kind: Kind, last: int) -> None:  # noqa: ANN401
        """Cells that turn red: twice the same, two heads of a household, another length of an ID, sides that differ."""

        def red(columns: str, formula: str) -> None:
            page.conditional_format(f"{columns}", {"type": "formula", "criteria": formula, "format": self.wrong})

        end = last + 1
        if kind == "members":
            red(f"A3:A{end}", f'=AND($A3<>"",COUNTIF($A$3:$A${end},$A3)>1)')
            red(f"D3:D{end}", f'=AND($D3="户主",COUNTIFS($B$3:$B${end},$B3,$D$3:$D${end},"户主")>1)')
            red(f"E3:E{end}", '=AND($E3<>"",OR(LEN($E3)<>18,ISNUMBER($E3)))')
        elif kind == "households":
            red(f"A3:A{end}", f'=AND($A3<>"",COUNTIF($A$3:$A${end},$A3)>1)')
        elif kind == "opening balances":
            red("C2:D2", f"=ROUND(SUM($C$3:$C${end})-SUM($D$3:$D${end}),2)<>0")

    def _example(self, kind: Kind) -> Sequence[Sequence[Any]]:
        if kind == "opening balances":
            return _BALANCES.get(self.chart, ())
        return EXAMPLE[kind]

    def _accounts(self) -> list[Sequence[Any]]:
        """The accounts of the chart that have balances, to fill in what is there."""
        lasting = ("asset", "contra asset", "liability", "equity")
        return [(one.code, one.name.zh) for one in CHARTS[self.chart].accounts.values() if one.kind in lasting]

    def _example_sheet(self) -> None:
        """All sheets filled in with the invented village, one below the other, to look at."""
        page = self.book.add_worksheet(_EXAMPLE)
        page.write_string(0, 0, "示例（虚构的村）：各表填好后的样子。本表不会被读取。", self.title)
        page.set_column(0, 19, 14)
        row = 2
        for kind, columns in COLUMNS.items():
            page.write_string(row, 0, SHEETS[kind], self.title)
            for n, column in enumerate(columns):
                page.write_string(row + 1, n, column.heading, self.needed if column.needed else self.heading)
            row += 2
            for cells in self._example(kind):
                for n, seen in enumerate(cells):
                    self._cell(page, row, n, seen, columns[n].form)
                row += 1
            row += 1
        self._paper(page)

    def _lists(self) -> None:
        """The lists to choose from, on a sheet that is hidden."""
        page = self.book.add_worksheet(_LISTS)
        for n, (name, words) in enumerate(self.choices.items()):
            page.write_string(0, n, name)
            for row, word in enumerate(words, 1):
                page.write_string(row, n, word)
        page.hide()

    def _source(self, name: str) -> str:
        if name == "class":
            return f"='{SHEETS['classes']}'!$A$3:$A$22"
        at = [*self.choices].index(name)
        return f"='{_LISTS}'!${_letter(at)}$2:${_letter(at)}${1 + len(self.choices[name])}"

    @staticmethod
    def _day() -> dict[str, Any]:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1900, 1, 1),
            "maximum": date(2999, 12, 31),
            "error_title": "日期",
            "error_message": "请填日期，如 2026-01-01",
        }

    def _cell(self, page: Any, row: int, column: int, seen: Any, form: str) -> None:  # noqa: ANN401
        if seen is None:
            page.write_blank(row, column, None, self.forms[form])
        elif isinstance(seen, date):
            page.write_datetime(row, column, seen, self.forms["day"])
        elif isinstance(seen, int | float):
            page.write_number(row, column, seen, self.forms[form])
        else:
            page.write_string(row, column, seen, self.forms["text"])


def _letter(column: int) -> str:
    return chr(65 + column)
