"""The journal as a table, its records one line each; and one record as tables, with everything that it says."""

from collections.abc import Collection, Iterator, Mapping

from coopledger.core.balances import printed
from coopledger.core.chart import Words, charts
from coopledger.core.citation import MEETING_WORDS
from coopledger.core.contract import CONTRACT
from coopledger.core.journal import Facts, Record, View, check_seq, listed
from coopledger.core.plan_text import plan_parts
from coopledger.core.share_class import CLASS, classes
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import RECORD_KINDS, kind_words, kinds_of, words
from coopledger.errors import RegisterError
from coopledger.reports.cells import class_name, count, digits_of, happened, moment, place_called, reason, unit_called
from coopledger.reports.witness import known
from coopledger.text import Message, printable


def records_report(view: View, kinds: Collection[str] = (), since: int = 0) -> Table:
    """The records after a number, of some kinds or of all: kinds by their codes, or by the words of the table.

    Times are those of this place, with their distance from UTC. Raises RegisterError for a kind that is neither one of
    coopledger's own nor in the book.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill", clock=lambda: 0)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in records_report(view).rows[0][2:7]]
    ['2023-01-01', '2023-01-01', 'accounts opened', 'chart', 'accountant']
    """
    check_seq(since)
    chosen = [meant for kind in listed(kinds, str) for meant in _kinds(view, kind)]
    rows: list[list[Text]] = [
        [
            str(one.seq),
            moment(one.recorded_at),
            str(one.effective_on),
            str(one.booked_on),
            happened(kind_words(one.kind), one.kind, one.facts),
            one.key,
            one.actor,
            str(len(one.postings)),
            one.hash.hex()[:12],
        ]
        for one in view.records(*chosen, since=since)
    ]
    columns = [
        count(Message("record")),
        Column(Message("written at")),
        Column(Message("effective")),
        Column(Message("booked")),
        Column(Message("kind")),
        Column(Message("key")),
        Column(Message("actor")),
        count(Message("postings")),
        Column(Message("hash")),
    ]
    notes = [Message("of each hash the first 12 digits are shown"), *known(view)]
    return Table(Message("the journal"), columns, rows, (), notes)


def record_report(view: View, seq: int) -> list[Table]:
    """One record, whole: its days, actor, key, fingerprint and facts; and its postings, if it has some.

    Facts stand under the names that the journal has for them, in Chinese in words: documents with their SHA-256 and a
    resolution with its votes among them; of personal rows the numbers that they are about. Raises UnknownRecordError.

    >>> from coopledger.book import MemoryJournal, Posting, adopt, C2021, Entry
    >>> from datetime import date
    >>> journal, day = MemoryJournal("hill", clock=lambda: 0), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {"reason": "shares"}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [whole, postings] = record_report(view, 2)
    >>> [str(cell) for cell in whole.rows[-1]], [str(cell) for cell in postings.rows[0][:5]]
    (['reason', 'shares'], ['1', 'c2021:301', 'c2021:101', '500.00', 'CNY'])
    """
    one = view.record(seq)
    rows: list[list[Text]] = [
        [Message("written at"), moment(one.recorded_at)],
        [Message("effective"), str(one.effective_on)],
        [Message("booked"), str(one.booked_on)],
        [Message("kind"), happened(kind_words(one.kind), one.kind, one.facts)],
        [Message("actor"), printable(one.actor)],
        [Message("key"), printable(one.key)],
        [Message("hash"), str(one.head)],
    ]
    rows += [[Message("personal data"), subject] for subject, _ in one.personal]
    rows += _facts(view, {**one.facts, "plan": plan_parts(str(one.facts["plan"]))} if _has_plan(one) else one.facts)
    columns = [Column(Message("what stands in it")), Column(Message("content"))]
    whole = Table(Message("record {number}", number=seq), columns, rows, (), known(view))
    return [whole, _postings(view, one)] if one.postings else [whole]


def _has_plan(one: Record) -> bool:
    return one.kind == CONTRACT and "plan" in one.facts


_IN_CHINESE = {
    "accounts": "科目",
    "act": "事项",
    "actor": "操作人",
    "amount": "金额",
    "amount_fen": "金额（分）",
    "amounts": "各人金额",
    "area_mu": "面积（亩）",
    "by": "依据",
    "chart": "会计制度",
    "charter": "章程",
    "charter_majority": "修改章程的比例",
    "class": "股份类别",
    "code": "代码",
    "contract": "合同",
    "contribution": "出资",
    "creditor": "质权人",
    "day": "日期",
    "digits": "小数位数",
    "disclosure_days": "公示天数",
    "documents": "文件",
    "each_fen": "每股金额（分）",
    "ends_at_year_end": "年终退社",
    "ends_on": "终止日",
    "entitled": "应到",
    "extra_votes": "附加表决权",
    "failed": "未付",
    "from": "自",
    "groups": "群体",
    "head": "户主",
    "holder": "持有人",
    "holders": "持有人",
    "household": "户",
    "households": "户",
    "instalment": "分期",
    "into": "存入",
    "issued_to": "向谁配置",
    "kind": "种类",
    "lapse_years": "失效年限",
    "law": "适用法律",
    "level": "持有层级",
    "lock_in_days": "锁定天数",
    "losses_fen": "以前年度亏损（分）",
    "majority": "通过的比例",
    "meeting": "会议",
    "members": "成员",
    "members_only": "只由成员大会决定",
    "mode": "舍入方式",
    "money": "货币",
    "name": "名称",
    "notice_months": "退社提前通知月数",
    "notice_months_institution": "单位退社提前通知月数",
    "notice_on": "提出退社日",
    "number": "编号",
    "on": "日期",
    "on_leaving": "退出时",
    "order": "付款清单",
    "pages": "页码",
    "paid": "已付",
    "par_fen": "面值（分）",
    "parcels": "地块",
    "passes_to": "可转给谁",
    "period": "期间",
    "plan": "方案",
    "present": "实到",
    "price_fen": "每股价格（分）",
    "proposal": "方案",
    "purpose": "用途",
    "quorum": "到会的比例",
    "rate": "比率",
    "reason": "事由",
    "records": "记录",
    "remains_fen": "未分配（分）",
    "resolution": "决议",
    "reverses": "冲回的记录",
    "reviewer": "复核人",
    "right": "权利",
    "right_ends_on": "权利到期日",
    "rule": "规则",
    "run": "分红批次",
    "set": "设定",
    "share_class": "股份类别",
    "shares": "股数",
    "since": "起",
    "source": "依据",
    "standing": "身份",
    "starts_on": "起始日",
    "step": "步骤",
    "steps": "步骤",
    "stream": "收益项",
    "supplements": "补充的分红",
    "surplus_fen": "盈余（分）",
    "tax": "税率",
    "through": "支付方式",
    "to_fen": "取整单位（分）",
    "total_fen": "总额（分）",
    "uncovered_fen": "未弥补亏损（分）",
    "until": "止",
    "valuation": "作价",
    "valued_by": "作价方式",
    "vote": "有表决权",
    "votes": "表决权",
    "votes_against": "反对",
    "votes_for": "赞成",
    "waterfall": "收益分配步骤",
    "where": "地点",
    "year": "年度",
}
"""The names of facts that a reader of Chinese looks for; in English a name is a word itself."""


def _facts(view: View, facts: Facts) -> Iterator[list[Text]]:
    """A row for each fact; what is within others has their names before its own."""
    for name, seen in _flat("", facts):
        yield [_named(name), reason(facts) if name == "reason" else _told(view, name.rpartition(": ")[2], seen)]


def _named(name: str) -> Message:
    """The name of a fact: as the journal has it; in Chinese in words, where there are some."""
    parts = [one.partition(" ") for one in name.split(": ")]
    chinese = [f"{_IN_CHINESE.get(word, word)}{space}{more}" for word, space, more in parts]
    return Message("{shown}", shown=Words(printable(name), printable("：".join(chinese))))


def _told(view: View, name: str, seen: str) -> Text:
    """What a fact says: a code in the reader's words, a class by its name."""
    if name in {CLASS, "share_class"}:
        return class_name(view, printable(seen))
    if name == "meeting":
        return MEETING_WORDS.get(seen, printable(seen))
    return kind_words(seen) if name == "act" else words(seen)


def _flat(name: str, seen: object) -> Iterator[tuple[str, str]]:
    if isinstance(seen, Mapping):
        for one, value in seen.items():
            yield from _flat(f"{name}: {one}" if name else str(one), value)
    elif isinstance(seen, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in seen):
        for n, value in enumerate(seen, 1):
            yield from _flat(f"{name} {n}", value)
    elif isinstance(seen, list | tuple):
        yield name, ", ".join(str(one) for one in seen)
    else:
        yield name, "" if seen is None else str(seen).lower() if isinstance(seen, bool) else str(seen)


def _postings(view: View, record: Record) -> Table:
    known_classes, known_charts = classes(view), charts(view)
    units = known_charts.ground.denominations
    rows: list[list[Text]] = []
    for n, one in enumerate(record.postings, 1):
        digits = units[one.denomination].digits
        if one.denomination in known_classes:
            digits = digits_of(known_classes[one.denomination], record.effective_on, record.seq)
        back = "" if one.reverses_seq is None else f"{one.reverses_seq}/{(one.reverses_line or 0) + 1}"
        quantity = printed(one.quantity, digits)
        places = [place_called(known_charts, place, record.booked_on) for place in (one.source, one.target)]
        unit = unit_called(known_charts, one.denomination)
        rows.append([str(n), *places, quantity, unit, printable(one.lot or ""), back])
    columns = [
        count(Message("line")),
        Column(Message("from")),
        Column(Message("to")),
        count(Message("quantity")),
        Column(Message("unit")),
        Column(Message("lot")),
        Column(Message("takes back record/line")),
    ]
    return Table(Message("its postings"), columns, rows)


def _kinds(view: View, seen: str) -> list[str]:
    """The kinds that are meant, if there can be records of them."""
    meant = kinds_of(seen)
    if {*meant} & {*RECORD_KINDS} or next(view.records(*meant), None) is not None:
        return meant
    raise RegisterError(
        Message(
            "{seen}: there is no such kind of records; the book has {known}",
            seen=printable(repr(seen))[:80],
            known=[*dict.fromkeys(kind_words(one.kind) for one in view.records())] or "-",
        )
    )
