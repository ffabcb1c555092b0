"""Charts of accounts: which number means what, in which book, from which day on.

An account is ``chart:code``, never a bare code: 211 is wages payable in the chart of 2004 and accounts payable in that
of 2023. A book adopts a chart by a record, with names and kinds, so that a voucher of any day can be printed with the
names then in force; when the state puts another chart in its place, a conversion moves every balance.

The presets are starting points. Their accounts are data: add one with ``with_accounts``, send a purpose (the bank, the
share capital) to another account with ``with_roles``, and adopt the result.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import NOTHING, OPENING, Account, Denomination, Ground, Guard, grown, opening
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import TRANSIT, Decision, Entry, View, check_date, code, listed, mapped, root, shown
from coopledger.errors import RegisterError
from coopledger.text import Language, Message

MONEY = "CNY"
"""The denomination that vouchers are about; its smallest unit is the fen."""

CONVERSION = "conversion"
"""The kind of the records that move every balance from one chart to the next."""

Kind = Literal["asset", "contra asset", "liability", "equity", "cost", "income", "expense"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_DEBIT_KINDS: tuple[Kind, ...] = ("asset", "cost", "expense")


class Words(NamedTuple):
    """A name in both languages.

    >>> Words("bank", "银行存款").say("zh")
    '银行存款'
    """

    en: str
    zh: str

    def say(self, language: Language = "en") -> str:
        """The name as it is printed."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


class ChartAccount(NamedTuple):
    """An account of a chart, under its bare code."""

    code: str
    name: Words
    kind: Kind
    guard: Guard = "none"

    @property
    def side(self) -> Literal["debit", "credit"]:
        """The side on which its balance normally stands."""
        return "debit" if self.kind in _DEBIT_KINDS else "credit"


class Chart(NamedTuple):
    """A chart of accounts: its code, title, source, the day it came into force, its accounts and their roles.

    A *role* is a purpose that decisions name (``bank``, ``share capital``), so that none of them knows a number. The
    account of a role may have parts: ``311/subsidy``.

    >>> C2021.account("share capital"), C2021.accounts["301"].name.zh, C2021.accounts["301"].side
    ('c2021:301', '股金', 'credit')
    """

    code: str
    name: Words
    source: str
    since: date
    accounts: Mapping[str, ChartAccount]
    roles: Mapping[str, str]

    def account(self, role: str, part: str | None = None) -> str:
        """The account of a role in a book, or a part of it. Raises RegisterError for a role the chart has not.

        >>> C2021.account("surplus payable", "0042")
        'c2021:222/0042'
        """
        if not isinstance(role, str) or role not in self.roles:
            raise RegisterError(
                Message(
                    "chart {chart}: no account for {role}: it has accounts for {known}; give it one first",
                    chart=self.code,
                    role=role if isinstance(role, str) else shown(role),
                    known=sorted(self.roles),
                )
            )
        return f"{self.code}:{self.roles[role]}" + (f"/{part}" if part else "")


def check_chart(seen: Chart) -> Chart:
    """The chart, if it is one. Raises RegisterError."""
    if not isinstance(seen, Chart):
        raise RegisterError(Message("{seen}: a Chart is expected, such as C2021 or C2023", seen=shown(seen)))
    return seen


def with_accounts(chart: Chart, *accounts: ChartAccount) -> Chart:
    """The chart with accounts added, or others in the place of those with their codes.

    >>> wallet = ChartAccount("109", Words("other money", "其他货币资金"), "asset")
    >>> with_accounts(C2021, wallet).accounts["109"].name.zh
    '其他货币资金'
    """
    check_chart(chart)
    for one in listed(accounts, ChartAccount):
        if code(one.code) != root(one.code) or ":" in one.code or one.kind not in KINDS:
            raise RegisterError(
                Message(
                    "account {code}, {kind}: a code without ':' and '/' and a kind, one of {kinds}, are expected",
                    code=one.code,
                    kind=one.kind,
                    kinds=KINDS,
                )
            )
    return chart._replace(accounts=dict(sorted({**chart.accounts, **{one.code: one for one in accounts}}.items())))


def with_roles(chart: Chart, roles: Mapping[str, str]) -> Chart:
    """The chart with roles sent to other accounts, or to parts of them.

    Raises RegisterError for an account that the chart has not.

    >>> with_roles(C2021, {"amortisation expense": "523"}).account("amortisation expense")
    'c2021:523'
    """
    check_chart(chart)
    for role, account in mapped(roles).items():
        if root(code(account)) not in chart.accounts:
            raise RegisterError(
                Message("{role}: chart {chart} has no account {account}", role=role, chart=chart.code, account=account)
            )
    return chart._replace(roles={**chart.roles, **roles})


# ---------------------------------------------------------------- memo units
# What has no place in the money accounts stands beside them in units of its own, in fen: quantified parts of reserve,
# subsidies and donations, trade with the cooperative. Their control totals are audited.

RESERVE, SUBSIDY, DONATION, TRADE = "memo:reserve", "memo:subsidy", "memo:donation", "memo:trade"

MEMO = "memo"
"""Where memo units come from; it stands at less than nothing by all that was ever recorded."""

UNQUANTIFIED = "unquantified"
"""What may still be quantified, by fund: never below zero, so nothing is quantified twice."""

MEMBER = "member"
"""What members' accounts (成员账户) hold in memo units: ``member/0042``."""

LAND = "land"
"""The mu that members have brought in: ``land/0042``."""

_DENOMINATIONS = (
    Denomination(MONEY, "元", 2),
    Denomination(RESERVE, "量化公积金（元）", 2),
    Denomination(SUBSIDY, "量化财政补助（元）", 2),
    Denomination(DONATION, "量化捐赠（元）", 2),
    Denomination(TRADE, "交易额（元）", 2),
)
_ACCOUNTS = (
    Account(TRANSIT, "过渡"),
    Account(MEMO, "备查"),
    Account(UNQUANTIFIED, "待量化", "debit"),
    Account(MEMBER, "成员账户", "debit"),
    Account(LAND, "入股土地", "debit"),
)


# ---------------------------------------------------------------- charts of a book


class Charts(NamedTuple):
    """The charts that a book has adopted, each from a day on, and what its other accounts are called."""

    adopted: tuple[tuple[date, Chart], ...]
    ground: Ground

    def in_force(self, on: date) -> Chart:
        """The chart for entries booked on a day. Raises RegisterError before the first.

        >>> Charts(((date(2005, 1, 1), C2004), (date(2024, 1, 1), C2023)), NOTHING).in_force(date(2023, 12, 31)).code
        'c2004'
        """
        check_date(on)
        found = [chart for since, chart in self.adopted if since <= on]
        if not found:
            raise RegisterError(
                Message("{day}: no chart of accounts is in force in this book: adopt one from that day on", day=on)
            )
        return found[-1]

    def kind(self, account: str) -> Kind | None:
        """What kind of account it is, by the last version of its chart; None if it is of no chart.

        >>> Charts(((date(2005, 1, 1), C2004),), NOTHING).kind("c2004:301/x")
        'equity'
        """
        for _, chart in reversed(self.adopted):
            found = chart.accounts.get(root(account).removeprefix(f"{chart.code}:"))
            if found is not None and root(account) == f"{chart.code}:{found.code}":
                return found.kind
        return None

    def has_money(self, account: str) -> bool:
        """Whether cash is in an account, or money in a bank, by the roles of any chart; in parts of theirs too.

        >>> charts = Charts(((date(2005, 1, 1), C2004),), NOTHING)
        >>> charts.has_money("c2004:102"), charts.has_money("c2004:102/savings"), charts.has_money("c2004:112")
        (True, True, False)
        """
        return root(account) in {
            root(chart.account(role)) for _, chart in self.adopted for role in ("cash", "bank") if role in chart.roles
        }

    def name(self, account: str, on: date) -> Words:
        """What an account was called on a day: in the chart, or where it was opened.

        >>> charts = Charts(((date(2005, 1, 1), C2004), (date(2024, 1, 1), C2023)), NOTHING)
        >>> charts.name("c2004:211", date(2024, 5, 1)).zh, charts.name("c2023:211", date(2024, 5, 1)).zh
        ('应付工资', '应付款')
        """
        opened = root(account)
        chart_code, _, bare = opened.partition(":")
        versions = [
            (since, chart.accounts[bare].name)
            for since, chart in self.adopted
            if chart.code == chart_code and bare in chart.accounts
        ]
        if versions:
            return next((name for since, name in reversed(versions) if since <= on), versions[0][1])
        name = self.ground.accounts[opened].name if opened in self.ground.accounts else opened
        return Words(name, name)

    def called(self, account: str, on: date) -> Words:
        """The name of an account with its parts behind it, in words where the chart of a law knows the part.

        >>> charts = Charts(((date(2024, 1, 1), C2023),), NOTHING)
        >>> charts.called("c2023:311/reserve", date(2024, 5, 1)), charts.called("c2023:113/0042", date(2024, 5, 1)).zh
        (Words(en='reserve and welfare fund/reserve', zh='公积公益金/公积金'), '内部往来/0042')
        """
        name = self.name(account, on)
        first, *parts = account.split("/")
        if parts:
            chart_code, _, bare = first.partition(":")
            ours = f"{bare}/{parts[0]}" in {
                of for _, chart in self.adopted if chart.code == chart_code for of in chart.roles.values()
            }
            said = _PARTS.get(parts[0]) if ours else None
            rest = Words(*["/".join([one, *parts[1:]]) for one in said or Words(parts[0], parts[0])])
            return Words(f"{name.en}/{rest.en}", f"{name.zh}/{rest.zh}")
        return name


_PARTS = {
    "reserve": Words("reserve", "公积金"),
    "welfare": Words("welfare fund", "公益金"),
    "subsidy": Words("subsidies", "财政补助"),
    "donation": Words("donations", "捐赠"),
    "premium": Words("capital surplus", "资本溢价"),
    "surplus": Words("surplus payable", "应付盈余"),
    "retained": Words("retained", "留存"),
}
"""The parts of accounts that charts have for a purpose."""


def charts(view: View) -> Charts:
    """The charts of a book, in the order of their days.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     charts(view).in_force(date(2026, 1, 1)).account("bank")
    'c2021:102'
    """
    adopted = []
    ground = NOTHING
    for record in view.records(OPENING):
        ground = grown(ground, record)
        if "chart" in record.facts:
            adopted.append((date.fromisoformat(record.facts["chart"]["from"]), read_chart(record.facts["chart"])))
    return Charts(tuple(sorted(adopted, key=lambda one: one[0])), ground)


def adopt(
    chart: Chart,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """The decision that a book keeps its accounts by a chart from a day on (the day it came into force, if not said).

    One record of the kind ``opening`` opens all accounts of the chart, the money, the memo units and where they
    stand, and says the names, kinds and roles. The same chart may be adopted again from a later day with other
    names; guards stay, and so does the account of a role while something stands in it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> [record] = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> str(record.effective_on), record.facts["accounts"]["c2021:222"]
    ('2023-01-01', ['应付剩余盈余', 'credit'])
    """
    check_chart(chart)
    start = chart.since if effective_on is None else effective_on
    check_date(start)
    cites = cited(documents, resolution)

    def decide(view: View) -> Iterator[Entry]:
        known = charts(view)
        _check_roles_stay(view, known, chart)
        yield adoption(chart, start, booked_on or start, known.ground, cites)

    return decide


def _check_roles_stay(view: View, known: Charts, chart: Chart) -> None:
    """Raise RegisterError if a role of a chart would get another account while something stands in the one it has."""
    for _, before in known.adopted:
        for role in sorted(before.roles if before.code == chart.code else ()):
            account = before.account(role)
            if chart.roles.get(role) != before.roles[role] and any(view.balances(MONEY, account).values()):
                raise RegisterError(
                    Message(
                        "{role}: something stands in {account}, and the verbs would look for it elsewhere: the account "
                        "of a role stays while it is in use",
                        role=role,
                        account=account,
                    )
                )


def not_opened(ground: Ground, *codes: str) -> list[Account]:
    """The accounts of memo units (of some codes, or all of them) that a book does not have yet."""
    return [one for one in _ACCOUNTS if one.code not in ground.accounts and (not codes or one.code in codes)]


def adoption(chart: Chart, on: date, booked_on: date, ground: Ground, cites: Mapping[str, Any]) -> Entry:
    """The entry by which a book adopts a chart: it opens what the ground does not have yet."""
    facts = opening(
        [one for one in _DENOMINATIONS if one.code not in ground.denominations],
        [
            *not_opened(ground),
            *(Account(f"{chart.code}:{one.code}", one.name.zh, one.guard) for one in chart.accounts.values()),
        ],
    )
    facts["chart"] = {
        "code": chart.code,
        "name": list(chart.name),
        "source": chart.source,
        "since": chart.since.isoformat(),
        "from": on.isoformat(),
        "accounts": {one.code: [*one.name, one.kind, one.guard] for one in chart.accounts.values()},
        "roles": dict(chart.roles),
    }
    return Entry(OPENING, on, booked_on, {**facts, **cites})


def read_chart(facts: Mapping[str, Any]) -> Chart:
    """The chart that a record's facts describe."""
    return Chart(
        facts["code"],
        Words(*facts["name"]),
        facts["source"],
        date.fromisoformat(facts["since"]),
        {
            bare: ChartAccount(bare, Words(english, chinese), kind, guard)
            for bare, (english, chinese, kind, guard) in facts["accounts"].items()
        },
        facts["roles"],
    )


# ---------------------------------------------------------------- presets
# One line an account: code, kind, English, Chinese, guard. What is owed to members and for a purpose is guarded: nobody
# is paid more than he is owed, no fund is spent twice, on any day. 成员往来 and 内部往来 may stand on either side.


def _accounts(lines: str) -> dict[str, ChartAccount]:
    found = {}
    for line in lines.strip().splitlines():
        bare, kind, english, chinese, *guard = (cell.strip() for cell in line.split("|"))
        found[bare] = ChartAccount(bare, Words(english, chinese), _kind(kind), "credit" if guard else "none")
    return found


def _kind(seen: str) -> Kind:
    return next(one for one in KINDS if one == seen)


def _without(accounts: Mapping[str, ChartAccount], codes: Iterable[str]) -> dict[str, ChartAccount]:
    left_out = {*codes}
    return {bare: one for bare, one in accounts.items() if bare not in left_out}


_COOPERATIVE = _accounts("""
101 | asset        | cash in hand                                   | 库存现金
102 | asset        | bank deposits                                  | 银行存款
113 | asset        | receivables                                    | 应收款
114 | asset        | members' current accounts                      | 成员往来
121 | asset        | products and materials                         | 产品物资
124 | asset        | materials in commissioned processing           | 委托加工物资
125 | asset        | goods sold through others                      | 委托代销商品
127 | asset        | goods bought for others                        | 受托代购商品
128 | asset        | goods sold for others                          | 受托代销商品
131 | asset        | investments in others                          | 对外投资
141 | asset        | consumable biological assets                   | 消耗性生物资产
142 | asset        | bearer biological assets                       | 生产性生物资产
143 | contra asset | depreciation of bearer biological assets       | 生产性生物资产累计折旧
144 | asset        | biological assets for the public good          | 公益性生物资产
151 | asset        | fixed assets                                   | 固定资产
152 | contra asset | accumulated depreciation                       | 累计折旧
153 | asset        | construction in progress                       | 在建工程
154 | asset        | fixed assets being cleared                     | 固定资产清理
161 | asset        | intangible assets                              | 无形资产
162 | contra asset | accumulated amortisation                       | 累计摊销
171 | asset        | long-term prepaid expenses                     | 长期待摊费用
181 | asset        | gains and losses to be settled                 | 待处理财产损溢
201 | liability    | short-term loans                               | 短期借款
211 | liability    | payables                                       | 应付款
212 | liability    | wages payable                                  | 应付工资
213 | liability    | casual labour payable                          | 应付劳务费
214 | liability    | taxes payable                                  | 应交税费
215 | liability    | interest payable                               | 应付利息
221 | liability    | patronage refunds payable                      | 应付盈余返还 | guarded
222 | liability    | remaining surplus payable                      | 应付剩余盈余 | guarded
231 | liability    | long-term loans                                | 长期借款
235 | liability    | special payables                               | 专项应付款   | guarded
301 | equity       | share capital                                  | 股金
311 | equity       | special funds                                  | 专项基金
321 | equity       | capital surplus                                | 资本公积
322 | equity       | surplus reserve                                | 盈余公积
331 | equity       | surplus of the year                            | 本年盈余
332 | equity       | distribution of surplus                        | 盈余分配
401 | cost         | production costs                               | 生产成本
501 | income       | operating income                               | 经营收入
502 | income       | other income                                   | 其他收入
511 | income       | investment income                              | 投资收益
521 | expense      | operating expenses                             | 经营支出
522 | expense      | taxes and surcharges                           | 税金及附加
523 | expense      | administrative expenses                        | 管理费用
524 | expense      | financial expenses                             | 财务费用
529 | expense      | other expenses                                 | 其他支出
531 | expense      | income tax                                     | 所得税费用
""")

_COOPERATIVE_ROLES = {
    "cash": "101",
    "bank": "102",
    "receivable": "113",
    "member current": "114",
    "investment": "131",
    "fixed asset": "151",
    "right": "161",
    "amortisation": "162",
    "amortisation expense": "401",  # land and forest rights in production; 523 for others (使用说明 162)
    "payable": "211",
    "wages payable": "212",
    "taxes payable": "214",
    "refund payable": "221",
    "surplus payable": "222",
    "special payable": "235",
    "share capital": "301",
    "subsidy fund": "311/subsidy",
    "donation fund": "311/donation",
    "capital surplus": "321",
    "investment difference": "321",
    "reserve": "322",
    "surplus": "331",
    "distribution": "332",
    "operating income": "501",
    "other income": "502",
    "investment income": "511",
    "other expense": "529",
}

C2021 = Chart(
    "c2021",
    Words("accounts of farmers' cooperatives (2021)", "农民专业合作社会计制度"),
    "财会〔2021〕37号",
    date(2023, 1, 1),
    _COOPERATIVE,
    _COOPERATIVE_ROLES,
)
"""Farmers' specialised cooperatives, from 2023-01-01."""

C2007 = Chart(
    "c2007",
    Words("accounts of farmers' cooperatives (2007)", "农民专业合作社财务会计制度（试行）"),
    "财会〔2007〕15号",
    date(2008, 1, 1),
    _without(_COOPERATIVE, ("143", "144", "162", "171", "181", "213", "214", "215", "523", "524", "531"))
    | _accounts("""
141 | asset   | livestock and poultry   | 牲畜（禽）资产
142 | asset   | trees                   | 林木资产
522 | expense | administrative expenses | 管理费用
"""),
    {role: bare for role, bare in _COOPERATIVE_ROLES.items() if role != "taxes payable"}
    | {"amortisation": "161", "amortisation expense": "522"},  # written off the asset itself
)
"""The same before 2023. It has no account of accumulated amortisation: the asset itself goes down."""

_VILLAGE = _accounts("""
101 | asset        | cash in hand                                   | 库存现金
102 | asset        | bank deposits                                  | 银行存款
111 | asset        | short-term investments                         | 短期投资
112 | asset        | receivables                                    | 应收款
113 | asset        | internal current accounts                      | 内部往来
121 | asset        | stores                                         | 库存物资
131 | asset        | consumable biological assets                   | 消耗性生物资产
132 | asset        | bearer biological assets                       | 生产性生物资产
133 | contra asset | depreciation of bearer biological assets       | 生产性生物资产累计折旧
134 | asset        | biological assets for the public good          | 公益性生物资产
141 | asset        | long-term investments                          | 长期投资
151 | asset        | fixed assets                                   | 固定资产
152 | contra asset | accumulated depreciation                       | 累计折旧
153 | asset        | construction in progress                       | 在建工程
154 | asset        | fixed assets being cleared                     | 固定资产清理
161 | asset        | intangible assets                              | 无形资产
162 | contra asset | accumulated amortisation                       | 累计摊销
171 | asset        | long-term prepaid expenses                     | 长期待摊费用
181 | asset        | gains and losses to be settled                 | 待处理财产损溢
201 | liability    | short-term loans                               | 短期借款
211 | liability    | payables                                       | 应付款
212 | liability    | wages payable                                  | 应付工资
213 | liability    | casual labour payable                          | 应付劳务费
214 | liability    | taxes payable                                  | 应交税费
221 | liability    | long-term loans and payables                   | 长期借款及应付款
231 | liability    | funds raised case by case                      | 一事一议资金
241 | liability    | special payables                               | 专项应付款   | guarded
301 | equity       | capital                                        | 资本
311 | equity       | reserve and welfare fund                       | 公积公益金
321 | equity       | income of the year                             | 本年收益
322 | equity       | distribution of income                         | 收益分配
401 | cost         | production (labour) costs                      | 生产（劳务）成本
501 | income       | operating income                               | 经营收入
502 | income       | investment income                              | 投资收益
503 | income       | subsidies                                      | 补助收入
504 | income       | other income                                   | 其他收入
511 | expense      | operating expenses                             | 经营支出
512 | expense      | taxes and surcharges                           | 税金及附加
513 | expense      | administrative expenses                        | 管理费用
514 | expense      | expenses for the public good                   | 公益支出
515 | expense      | other expenses                                 | 其他支出
521 | expense      | income tax                                     | 所得税费用
""")

_VILLAGE_ROLES = {
    "cash": "101",
    "bank": "102",
    "receivable": "112",
    "member current": "113",
    "surplus payable": "113/surplus",  # the chart has no dividends payable: a part of 内部往来, apart from other debts
    "investment": "141",
    "fixed asset": "151",
    "right": "161",
    "amortisation": "162",
    "amortisation expense": "401",
    "payable": "211",
    "wages payable": "212",
    "taxes payable": "214",
    "special payable": "241",
    "share capital": "301",
    "subsidy fund": "311/subsidy",
    "donation fund": "311/donation",
    "capital surplus": "311/premium",
    "investment difference": "311",
    "reserve": "311/reserve",
    "welfare fund": "311/welfare",
    "surplus": "321",
    "distribution": "322",
    "operating income": "501",
    "investment income": "502",
    "other income": "504",
    "other expense": "515",
}

C2023 = Chart(
    "c2023",
    Words("accounts of rural collectives (2023)", "农村集体经济组织会计制度"),
    "财会〔2023〕14号",
    date(2024, 1, 1),
    _VILLAGE,
    _VILLAGE_ROLES,
)
"""Villages' collective economic organisations, from 2024-01-01. Not read again: check its entries, and edit them."""

C2004 = Chart(
    "c2004",
    Words("accounts of village collectives (2004)", "村集体经济组织会计制度"),
    "财会〔2004〕12号",
    date(2005, 1, 1),
    _without(_VILLAGE, ("133", "134", "162", "171", "181", "213", "214", "503", "504", "512", "513", "514", "515"))
    | _accounts("""
101 | asset        | cash                                           | 现金
131 | asset        | livestock and poultry                          | 牲畜（禽）资产
132 | asset        | trees                                          | 林木资产
153 | asset        | fixed assets being cleared                     | 固定资产清理
154 | asset        | construction in progress                       | 在建工程
202 | liability    | payables                                       | 应付款
211 | liability    | wages payable                                  | 应付工资
212 | liability    | welfare payable                                | 应付福利费
502 | expense      | operating expenses                             | 经营支出
511 | income       | contracting and handed-over income             | 发包及上交收入
521 | income       | refunded agricultural surtax                   | 农业税附加返还收入
522 | income       | subsidies                                      | 补助收入
531 | income       | other income                                   | 其他收入
541 | expense      | administrative expenses                        | 管理费用
551 | expense      | other expenses                                 | 其他支出
561 | income       | investment income                              | 投资收益
"""),
    {role: bare for role, bare in _VILLAGE_ROLES.items() if role != "taxes payable"}
    | {
        "amortisation": "161",
        "amortisation expense": "541",
        "payable": "202",
        "wages payable": "211",
        "investment income": "561",
        "other income": "531",
        "other expense": "551",
    },
)
"""The same before 2024: 211 is wages payable here, 502 operating expenses, 153 and 154 stand the other way round."""

CHARTS = {chart.code: chart for chart in (C2004, C2007, C2021, C2023)}
"""The presets by their codes."""
