"""Listings: what a sheet lists, found by the meaning of its name and headings, its rows, and the totals below them.

The heading row is looked for among the first rows, for there are titles above it. A heading may have its unit in
brackets (金额（万元）), line breaks and marks; columns that mean nothing are named, and read over.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal, NamedTuple, get_args

from coopledger.errors import Problem
from coopledger.files.cell import is_empty, text
from coopledger.files.workbook import Cell, Sheet, address
from coopledger.text import Message

Kind = Literal[
    "cooperative", "households", "members", "classes", "shares", "contributions", "opening balances", "past dividends"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

SHEETS: Mapping[Kind, str] = {
    "cooperative": "合作社",
    "households": "户",
    "members": "成员",
    "classes": "股份类别",
    "shares": "股权",
    "contributions": "出资",
    "opening balances": "期初余额",
    "past dividends": "历年分红",
}
"""What the sheets are called in a workbook that we write."""

_BY_NAME: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("cooperative", re.compile("(合作社|经济组织|基本信息|基本情况|封面|cooperative|book)$")),
    ("past dividends", re.compile("分红|dividend")),
    ("opening balances", re.compile("期初|余额|opening|balance")),
    ("contributions", re.compile("出资|入股|contribution")),
    ("classes", re.compile("股份?(类别|种类|类型)|股类|股种|class")),
    ("shares", re.compile("股权|股份|持股|量化|share|holding")),
    ("members", re.compile("成员|社员|人员|花名册|名册|股东|member|people|roster")),
    ("households", re.compile("户|household")),
)

COLUMNS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    "cooperative": {
        "name": ("名称", "合作社名称", "组织名称", "单位名称", "name"),
        "law": ("适用法律", "法律", "组织类型", "类型", "law"),
        "chart": ("会计制度", "科目表", "会计科目表", "chart", "chartofaccounts"),
        "day": ("建账日期", "建账日", "启用日期", "日期", "day", "on", "date"),
    },
    "households": {
        "number": ("户号", "户编号", "家庭编号", "编号", "number", "household", "householdnumber"),
        "head": ("户主", "户主姓名", "户主编号", "户代表", "head", "headofhousehold"),
        "count": ("人数", "人口", "户内人数", "家庭人口", "成员人数", "people", "count"),
        "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "phone"),
        "address": ("地址", "住址", "家庭住址", "address"),
    },
    "members": {
        "number": ("编号", "成员编号", "社员编号", "成员号", "股东编号", "人员编号", "number", "membernumber", "no."),
        "name": ("姓名", "成员姓名", "社员姓名", "姓名或名称", "名称", "name"),
        "household": ("户号", "户编号", "所属户", "家庭编号", "household", "householdnumber"),
        "head": ("是否户主", "户主", "head", "ishead"),
        "relation": ("与户主关系", "与户主的关系", "家庭关系", "关系", "relation", "relationtohead"),
        "id": (
            *("身份证号", "身份证号码", "公民身份号码", "居民身份证号码", "身份证", "证件号码", "证件号"),
            *("统一社会信用代码", "身份证号或统一社会信用代码", "id", "idnumber", "idcard"),
        ),
        "birth": ("出生日期", "出生年月日", "生日", "birth", "birthdate", "dateofbirth"),
        "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "phone", "mobile"),
        "card": ("银行卡号", "卡号", "银行账号", "账号", "银行卡", "收款账号", "card", "bankcard", "accountnumber"),
        "payee": ("户名", "账户名称", "账户名", "收款户名", "payee", "accountname"),
        "branch": ("开户行", "开户银行", "收款行", "branch", "bank"),
        "address": ("地址", "住址", "家庭住址", "address"),
        "kind": ("类型", "成员类型", "主体类型", "kind", "type"),
        "standing": ("身份", "成员身份", "standing"),
        "groups": ("群体", "人群", "群体标记", "groups", "group"),
    },
    "classes": {
        "name": ("名称", "股份名称", "类别名称", "股份类别", "类别", "name", "class"),
        "code": ("代码", "类别代码", "股份代码", "code"),
        "preset": ("类型", "种类", "性质", "kind", "type", "preset"),
        "par": ("每股面值", "面值", "票面金额", "par", "parvalue"),
        "total": ("总股数", "股份总数", "股数合计", "总数", "total", "totalshares"),
        "digits": ("小数位", "小数位数", "digits"),
        "capital": ("资本科目", "股金科目", "capital"),
    },
    "shares": {
        "household": ("户号", "户编号", "家庭编号", "household"),
        "number": (
            *("编号", "持有人编号", "成员编号", "股东编号", "持有人", "户号或成员编号", "户号或编号"),
            *("number", "holder", "holdernumber"),
        ),
        "name": ("姓名", "户主", "户主姓名", "持有人姓名", "股东", "股东姓名", "名称", "姓名或名称", "name"),
        "class": ("股份类别", "类别", "股份类型", "股种", "股份名称", "class", "shareclass"),
        "shares": ("股数", "股份", "持股数", "份额", "股份数", "持股", "shares", "quantity"),
        "total": ("合计", "小计", "股数合计", "合计股数", "total"),
    },
    "contributions": {
        "number": ("出资编号", "编号", "number"),
        "holder": ("户号", "出资人编号", "持有人编号", "成员编号", "户号或成员编号", "出资人", "holder"),
        "name": ("姓名", "出资人姓名", "户主", "户主姓名", "名称", "姓名或名称", "name"),
        "class": ("股份类别", "类别", "股份类型", "股种", "class", "shareclass"),
        "kind": ("出资方式", "出资形式", "出资类型", "方式", "kind"),
        "amount": (
            *("金额", "出资额", "出资金额", "作价金额", "作价", "评估金额", "评估价值", "折价", "amount", "value"),
        ),
        "price": ("每股价格", "每股金额", "每股价", "股价", "price", "pricepershare"),
        "shares": ("股数", "折股", "折合股数", "折股数", "shares"),
        "area": ("面积", "亩数", "亩", "流转面积", "area", "mu"),
        "parcels": ("地块", "地块编号", "地块编码", "地块代码", "parcels"),
        "contract": ("合同编号", "合同号", "权证号", "经营权证号", "承包合同编号", "证书编号", "contract"),
        "starts_on": ("起始日期", "开始日期", "起始日", "期限起", "自", "from", "startson"),
        "ends_on": ("终止日期", "结束日期", "到期日期", "到期日", "期限止", "至", "until", "endson"),
        "right_ends_on": ("权利到期日", "权利终止日期", "承包到期日", "承包期止", "rightendson"),
        "basis": ("权利来源", "取得方式", "权利依据", "basis"),
        "valued_by": ("作价方式", "评估方式", "valuedby"),
        "valued_on": ("作价日期", "评估日期", "valuedon"),
        "appraiser": ("评估机构", "appraiser"),
        "into": ("存入", "收款方式", "into"),
        "source": ("资金来源", "来源", "来源文件", "source"),
        "rule": ("量化办法", "量化规则", "rule"),
        "built_by": ("建设单位", "修建单位", "builtby"),
        "built_with": ("建设资金", "建设资金来源", "builtwith"),
    },
    "opening balances": {
        "account": ("科目编号", "科目代码", "科目编码", "编号", "代码", "account", "code", "accountcode"),
        "name": ("科目名称", "科目", "会计科目", "名称", "name", "accountname"),
        "debit": ("借方", "借方余额", "期初借方", "期初借方余额", "借方金额", "debit"),
        "credit": ("贷方", "贷方余额", "期初贷方", "期初贷方余额", "贷方金额", "credit"),
        "balance": ("余额", "期初余额", "金额", "balance"),
        "side": ("方向", "借贷", "借贷方向", "余额方向", "side"),
    },
    "past dividends": {
        "year": ("年度", "年份", "分红年度", "year"),
        "holder": (
            "编号",
            "户号",
            "持有人编号",
            "成员编号",
            "股东编号",
            "户号或成员编号",
            "户号或编号",
            "持有人",
            "holder",
        ),
        "name": ("姓名", "户主", "户主姓名", "股东", "名称", "姓名或名称", "name"),
        "amount": ("金额", "分红金额", "分红", "分红款", "实发金额", "实发", "amount"),
        "total": ("合计", "小计", "total"),
    },
}
"""What a column may be called, without blanks, marks and brackets, 账 for 帐."""

NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "cooperative": ("name",),
    "households": ("number",),
    "members": ("number", "name"),
    "classes": ("name", "preset"),
    "shares": (),
    "contributions": ("number", "holder", "class", "kind"),
    "opening balances": (),
    "past dividends": ("holder",),
}

SUMMED: Mapping[Kind, tuple[str, ...]] = {
    "households": ("count",),
    "shares": ("shares", "total"),
    "contributions": ("amount", "shares", "area"),
    "opening balances": ("debit", "credit", "balance"),
    "past dividends": ("amount", "total"),
}
"""The columns under which totals may stand; share classes and years of their own are others."""

_READ_OVER = frozenset(
    (
        "序号",
        "性别",
        "民族",
        "年龄",
        "备注",
        "说明",
        "签字",
        "签名",
        "签章",
        "村民小组",
        "组别",
        "小组",
        "no",
        "remark",
        "gender",
    )
)
_TOTALS = frozenset(("合计", "总计", "共计", "总合计", "合计数", "total", "grandtotal", "sum"))
_SUBTOTALS = frozenset(("小计", "subtotal"))
_FOOTERS = re.compile(
    r"(注|备注|说明|填表|制表|审核|单位|负责人|日期|盖章|会计|监委会|公示|note)[^:]{0,8}[:(]|以下空白"
)
_UNITS: Mapping[str, int | Decimal] = {
    "元": 1,
    "人民币元": 1,
    "单位元": 1,
    "千元": 1000,
    "万元": 10_000,
    "亿元": 10**8,
    "分": Decimal("0.01"),
}
_BRACKETS = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
_MARKS = re.compile(r"[\s*:、,。_]")
_BEFORE_HEADINGS = 20
_LONGEST_TOTAL = 16
_FIRST = 3
"""Among how many texts of a row the word for a total is."""
_FEW = 3
"""So many cells at most are filled in a row that may be a note."""


class Heading(NamedTuple):
    """A heading: what it says without blanks, marks and brackets, and the unit in its brackets, in yuan."""

    plain: str
    unit: int | Decimal = 1
    has_unit: bool = False


class Total(NamedTuple):
    """A row of totals, and the rows that it is the total of."""

    row: int
    of: Sequence[int]


class Listing(NamedTuple):
    """What a sheet lists: its columns by what they mean, the rows, and the totals.

    ``others`` are the columns of the sheet's own, such as share classes, by their headings.
    """

    kind: Kind
    sheet: Sheet
    heading_row: int
    columns: Mapping[str, int]
    others: Mapping[str, int]
    units: Mapping[int, int | Decimal]
    rows: Sequence[int]
    totals: Sequence[Total]
    places: Mapping[str, int]
    """All columns by what they mean, those of the sheet's own among them."""

    def place(self, row: int, field: str | None = None) -> str:
        """Where a row is, or its cell in a column that is there."""
        column = self.places.get(field or "")
        return self.sheet.place(row, column if column is not None else min(self.columns.values(), default=0))

    def cell(self, row: int, field: str) -> Cell:
        """What stands in a column of a row; nothing if there is no such column."""
        column = self.places.get(field)
        if column is None:
            return ""
        cells = self.sheet.rows[row]
        return cells[column] if column < len(cells) else ""

    def unit(self, field: str) -> int | Decimal:
        """The unit of a column of money, in yuan."""
        return self.units.get(self.places.get(field, -1), 1)


def heading(seen: Cell) -> Heading:
    r"""What a heading says.

    >>> heading(" 金额\n（万元）*")
    Heading(plain='金额', unit=10000, has_unit=True)
    """
    said = text(seen)
    units = [_MARKS.sub("", one) for one in _BRACKETS.findall(said)]
    unit = next((_UNITS[one] for one in units if one in _UNITS), None)
    plain = _MARKS.sub("", _BRACKETS.sub("", said)).lower().replace("帐", "账")
    return Heading(plain or _MARKS.sub("", said).lower(), 1 if unit is None else unit, unit is not None)


def kind_of(name: str) -> Kind | None:
    """What a sheet lists by its name.

    >>> kind_of("2025年成员名册"), kind_of("股份类别"), kind_of("Sheet1")
    ('members', 'classes', None)
    """
    plain = heading(name).plain
    return next((kind for kind, pattern in _BY_NAME if pattern.search(plain)), None)


def kind_by_headings(sheet: Sheet) -> Kind | None:
    """What a sheet lists by its headings, if its name does not say it: all that is needed, and most of the rest."""
    best: tuple[int, Kind] | None = None
    for kind in KINDS[1:]:
        _, columns = _heading_row(sheet, kind)
        if len(columns) >= 2 and not [one for one in NEEDED[kind] if one not in columns]:
            if kind == "shares" and not {"shares", "class"} <= columns.keys():
                continue
            if kind == "opening balances" and not {"debit", "credit"} <= columns.keys():
                continue
            if kind == "past dividends" and not {"year", "amount"} <= columns.keys():
                continue
            if best is None or len(columns) > best[0]:
                best = (len(columns), kind)
    return best and best[1]


def read_listing(sheet: Sheet, kind: Kind, problems: list[Problem], notices: list[Problem]) -> Listing | None:
    """What a sheet lists, or None and the problems of its headings."""
    at, columns = _heading_row(sheet, kind)
    if at is None:
        if any(not is_empty(one) for row in sheet.rows for one in row):
            said = Message("no row of headings is found: {expected} are expected", expected=_expected(kind))
            problems.append(Problem(sheet.place(), said))
        return None
    missing = [_named(kind, one) for one in NEEDED[kind] if one not in columns]
    if missing:
        said = Message("no column {missing} among the headings: it is expected", missing=missing)
        problems.append(Problem(sheet.place(at), said))
    others: dict[str, int] = {}
    units: dict[int, int | Decimal] = {}
    doubled: dict[str, list[int]] = {}
    for column, seen in enumerate(sheet.rows[at]):
        said_here = heading(seen)
        if said_here.has_unit:
            units[column] = said_here.unit
        field = meaning(kind, said_here.plain)
        if field is not None:
            doubled.setdefault(field, []).append(column)
        elif said_here.plain:
            _other(sheet, kind, at, column, said_here.plain, others, problems, notices)
    for field, found in doubled.items():
        if len(found) > 1:
            cells = [address(at, one) for one in found]
            said = Message(
                "several columns mean {field}, {cells}: one is expected", field=_named(kind, field), cells=cells
            )
            problems.append(Problem(sheet.place(at, found[1]), said))
    places = {**others, **columns}
    rows, totals = _rows(sheet, at, places, notices)
    _check_merged(sheet, rows, problems)
    return Listing(kind, sheet, at, columns, others, units, rows, totals, places)


def meaning(kind: Kind, plain: str) -> str | None:
    """Which column a heading of a listing means."""
    return _MEANINGS[kind].get(plain)


_MEANINGS: Mapping[Kind, Mapping[str, str]] = {
    kind: {name: field for field, names in columns.items() for name in names} for kind, columns in COLUMNS.items()
}


def _other(  # noqa: PLR0917 - a heading, and where what is said of it goes
    sheet: Sheet,
    kind: Kind,
    at: int,
    column: int,
    plain: str,
    others: dict[str, int],
    problems: list[Problem],
    notices: list[Problem],
) -> None:
    """A heading that means none of the columns: of share classes and years it is one of its own; else it is named."""
    if plain in _READ_OVER:
        return
    if kind in ("shares", "past dividends") and (kind == "shares" or re.fullmatch(r"\d{4}(年|年度)?(分红)?", plain)):
        if plain in others:
            said = Message("{seen} stands twice among the headings: once is expected", seen=plain)
            problems.append(Problem(sheet.place(at, column), said))
        others[plain] = column
        return
    if near := get_close_matches(plain, _MEANINGS[kind], 1, 0.7):
        said = Message("column {seen} is not read: is {near} meant?", seen=plain, near=near[0])
    else:
        said = Message("column {seen} is not read", seen=plain)
    notices.append(Problem(sheet.place(at, column), said))


def _heading_row(sheet: Sheet, kind: Kind) -> tuple[int | None, dict[str, int]]:
    """The row that has most headings of a listing, the first of them, and its columns."""
    best: tuple[int | None, dict[str, int]] = (None, {})
    seen = 0
    for n, row in enumerate(sheet.rows):
        filled = [one for one in row if one != ""]
        if not filled:
            continue
        seen += 1
        if seen > _BEFORE_HEADINGS:
            break
        columns: dict[str, int] = {}
        for column, one in enumerate(row):
            field = meaning(kind, heading(one).plain) if type(one) is str and one else None
            if field is not None:
                columns.setdefault(field, column)
        if len(columns) > len(best[1]):
            best = (n, columns)
    return best


def _rows(sheet: Sheet, at: int, columns: Mapping[str, int], notices: list[Problem]) -> tuple[list[int], list[Total]]:
    """The rows of a listing, and its rows of totals; footers such as 制表人: are read over."""
    places = sorted(columns.values())
    rows: list[int] = []
    totals: list[Total] = []
    since = 0
    for n in range(at + 1, len(sheet.rows)):
        cells = sheet.rows[n]
        filled = [cells[one] for one in places if one < len(cells) and cells[one] != ""]
        if not filled:
            _note_unread(sheet, n, notices)
            continue
        word = _total_word(cells)
        if word:
            totals.append(Total(n, rows[since:] if word in _SUBTOTALS else [*rows]))
            since = len(rows)
        elif len(filled) > _FEW:
            rows.append(n)
        elif _is_note(cells, len(filled), after_total=bool(totals) and totals[-1].row == n - 1):
            notices.append(Problem(sheet.place(n), Message("a note below the rows: it is not read")))
        elif not all(is_empty(one) for one in filled) or any(type(one) is str and one.isspace() for one in filled):
            rows.append(n)
    return rows, totals


def _note_unread(sheet: Sheet, row: int, notices: list[Problem]) -> None:
    """Say of a row that has nothing under the headings that it is not read, if it has anything else than a note."""
    cells = sheet.rows[row]
    is_note = any(type(one) is str and _FOOTERS.search(text(one)) for one in cells)
    if not is_note and any(not is_empty(one) for one in cells):
        notices.append(Problem(sheet.place(row), Message("the row has nothing under the headings: it is not read")))


def _total_word(cells: Sequence[Cell]) -> str:
    """The word by which a row says, in one of its first texts, that it is one of totals."""
    seen = 0
    for one in cells:
        if type(one) is str and one != "":
            if len(one) <= _LONGEST_TOTAL and ("计" in one or (one.isascii() and not one[-1].isdigit())):
                word = _MARKS.sub("", text(one)).lower()
                if word in _TOTALS or word in _SUBTOTALS:
                    return word
            seen += 1
            if seen == _FIRST:
                break
    return ""


def _is_note(cells: Sequence[Cell], filled: int, *, after_total: bool) -> bool:
    """Whether a row says something about the rows, such as who made them, or stands alone right behind a total."""
    if len([one for one in cells if not is_empty(one)]) > _FEW - 1:
        return False
    return (after_total and filled == 1) or any(type(one) is str and _FOOTERS.search(text(one)) for one in cells)


def _check_merged(sheet: Sheet, rows: Sequence[int], problems: list[Problem]) -> None:
    """Keep a problem for merged cells among the rows: only the first of them has a value."""
    if not sheet.merged:
        return
    listed = {*rows}
    for (first, left), (last, right) in sheet.merged:
        if any(row in listed for row in range(first, last + 1)):
            said = Message(
                "merged cells, {cells}: a value in each row is expected: unmerge them, and fill in each",
                cells=f"{address(first, left)}:{address(last, right)}",
            )
            problems.append(Problem(sheet.place(first, left), said))


def _named(kind: Kind, field: str) -> str:
    """A column by its commonest heading in both languages."""
    names = COLUMNS[kind][field]
    return f"{names[0]} ({next((one for one in names if one.isascii()), field)})"


def _expected(kind: Kind) -> list[str]:
    return [_named(kind, one) for one in NEEDED[kind] or [*COLUMNS[kind]][:4]]
