"""Files for the bank: a payment order as CSV, and what the bank gives back, read by the meaning of its columns.

No two banks have the same form. The order has what all of them ask for, and of what comes back only the columns that
are understood are read, in any order. Nothing is guessed: a number that a spreadsheet has spoilt is refused.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from io import StringIO
from itertools import islice
from typing import Any, Literal

from coopledger.core import payment_order
from coopledger.core.citation import Document
from coopledger.core.journal import Decision, Entry, View, shown
from coopledger.core.payment_order import Outcome, PaymentOrder, Reference
from coopledger.core.people import number_of
from coopledger.core.personal import account_number
from coopledger.core.table import Column, Table
from coopledger.core.value import Value
from coopledger.errors import CoopledgerError, Problem, RegisterError, ReturnError
from coopledger.files.table_data import tables_csv
from coopledger.text import Language, Message, printable

Encoding = Literal["gbk", "utf-8"]
ENCODINGS: Mapping[Encoding, str] = {"gbk": "gbk", "utf-8": "utf-8-sig"}
"""How an order can be written; UTF-8 with the mark by which a spreadsheet knows it."""

HEADINGS = {
    "number": ("编号", "持有人编号", "成员编号", "股东编号", "户号", "number", "holder"),
    "payee": ("户名", "账户名称", "收款户名", "收款人", "收款人名称", "收款人户名", "姓名", "account name", "payee"),
    "account": ("账号", "银行账号", "收款账号", "收款人账号", "卡号", "银行卡号", "account number", "account", "card"),
    "branch": ("开户行", "开户银行", "收款行", "收款银行", "收款人开户行", "bank", "branch"),
    "amount": ("金额", "交易金额", "付款金额", "发放金额", "代发金额", "amount"),
    "remark": ("备注", "摘要", "附言", "用途", "remark", "memo"),
    "result": ("结果", "处理结果", "交易结果", "代发结果", "状态", "处理状态", "交易状态", "result", "status"),
    "reason": ("原因", "失败原因", "错误原因", "退回原因", "退汇原因", "原因说明", "错误信息", "返回信息", "reason"),
}
"""What a column may be called; with its unit in brackets too, and 帐 for 账."""

_NEEDED = ("number", "account", "amount", "remark", "result")

PAID = (
    *("成功", "交易成功", "处理成功", "代发成功", "付款成功", "入账成功", "已入账", "已付款"),
    *("success", "succeeded", "paid"),
)
FAILED = (
    *("失败", "交易失败", "处理失败", "代发失败", "付款失败", "入账失败", "退汇", "退票", "退回", "已退回", "拒绝"),
    *("failure", "failed", "fail", "returned", "rejected"),
)
"""How banks say that a payment was made, and that it was not."""

_NEAR = "[^,;。()]{0,24}"
_REASONS = (
    (
        "account name differs",
        re.compile(
            f"(户名|姓名|收款人名称){_NEAR}(不符|不一致|不匹配|不相符)|(不符|不一致|不匹配){_NEAR}户名"
            r"|\bname\b.*(differ|mismatch|not match)"
        ),
    ),
    (
        "no such account",
        re.compile("(账号|账户|卡号|该户)不存在|无此(账号|账户|户|卡)|no such account|account.*not exist"),
    ),
    (
        "account closed",
        re.compile(
            "(?<![未预])(已销|销户|关户)|(账户|账号|卡|该户)[^,;。()协签网]{0,24}(?<!未)注销|^(?!.*\\bnot\\b).*account.*closed"
        ),
    ),
    (
        "account blocked",
        re.compile(
            "(?<!未)(冻结|止付|挂失)|(账户|账号|卡)已?锁定|^(?!.*\\bnot\\b).*(account|card).*(frozen|blocked|lost)"
        ),
    ),
    ("account dormant", re.compile("睡眠|不动户|久悬|休眠|dormant")),
    (
        "limit exceeded",
        re.compile(
            f"(?<!未)超[^时]{_NEAR}限额|限额{_NEAR}(?<!未)超|(?<!未)超限(?!时)|^(?!.*time).*limit.*exceed|exceed.*limit"
        ),
    ),
    (
        "account number wrong",
        re.compile("(账号|卡号)(有误|错误|不正确|格式错误)|(wrong|invalid|incorrect) account number"),
    ),
)
"""How the reasons are known that are recorded: by words that say just this, of the holder's account."""

_ABNORMAL = re.compile("(账户|账号|卡|户)(状态)?(异常|不正常)|account status.*(abnormal|not normal)|abnormal account")
_UNCLEAR = re.compile(r"或|付款(账|人|方|户)|付方|\bor\b|payer")
"""What leaves it open which of two it was, or is of the account that pays."""

_TOTALS = ("合计", "总计", "小计", "共计", "total", "sum")
_BRACKETS = re.compile(r"\(.*?\)")
_AMOUNT = re.compile(r"¥?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.([0-9]{1,2}))?元?")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_LARGEST_FILE = 64 * 2**20
_BEFORE_HEADINGS = 20
"""Within how many lines the headings stand: banks write titles above."""


class Returned(Value):
    """What a bank gave back: the file as a document, its lines, and what could not be read."""

    __slots__ = ("document", "outcomes", "problems")

    document: Document
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]

    def __init__(self, document: Document, outcomes: Sequence[Outcome], problems: Sequence[Problem]) -> None:
        self._put(document, tuple(outcomes), tuple(problems))

    def __str__(self) -> str:
        """The fingerprint of the file: by it a repetition is known."""
        return self.document.sha256


def order_csv(order: PaymentOrder, language: Language = "en") -> str:
    """A payment order as CSV: a line of headings, then a line for each payment, amounts in yuan with two digits.

    Each remark begins with the order's reference, by which the return is known. A text that a spreadsheet would take
    for a formula has an apostrophe in front.

    >>> from coopledger.core.payment_order import BankAccount, Payment
    >>> account = BankAccount("成员甲", "6200000000000000018", "示例信用社")
    >>> payments = (Payment("0042", 123_450, account),)
    >>> print(order_csv(PaymentOrder(Reference("2026", 31, "0a1b2c3d"), "示例村合作社", payments, {}, {}), "zh"))
    序号,编号,户名,账号,开户行,金额（元）,备注
    1,0042,成员甲,6200000000000000018,示例信用社,1234.50,2026 31:0a1b2c3d 示例村合作社
    <BLANKLINE>
    """
    headings = (
        Message("serial number"),
        Message("number"),
        Message("payee"),
        Message("account number"),
        Message("branch"),
        Message("amount (yuan)"),
        Message("remark"),
    )
    rows = [
        [
            str(n),
            one.number,
            one.account.payee,
            one.account.number,
            one.account.branch,
            f"{one.fen // 100}.{one.fen % 100:02}",
            f"{order.reference} {order.book}",
        ]
        for n, one in enumerate(order.payments, 1)
    ]
    return tables_csv([Table("", [Column(one) for one in headings], rows)], language)


def order_bytes(order: PaymentOrder, language: Language = "en", encoding: Encoding = "utf-8") -> bytes:
    """A payment order as a file. Raises RegisterError if a name has characters that the encoding has not.

    >>> empty = PaymentOrder(Reference("2026", 31, "0a1b2c3d"), "示例村合作社", (), {}, {})
    >>> order_bytes(empty, "zh", "gbk").decode("gbk")[:2]
    '序号'
    """
    name = ENCODINGS[encoding]
    if wrong := [one.number for one in order.payments if not _fits(f"{one.account.payee}{one.account.branch}", name)]:
        raise RegisterError(
            Message(
                "the name of {numbers} has characters that {encoding} has not: write the file as utf-8",
                numbers=wrong,
                encoding=encoding,
            )
        )
    return order_csv(order, language).encode(name, errors="replace")


def read_return(path: str | os.PathLike[str]) -> Returned:
    """What a bank gave back, a CSV file in UTF-8 or GBK: its lines, and what is wrong with others.

    Raises ReturnError if nothing of it can be read.
    """
    name = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, TypeError, ValueError) as error:  # ValueError: a name with a null byte
        said = Message("cannot be read: {reason}", reason=getattr(error, "strerror", None) or error)
        raise ReturnError([Problem(printable(str(name)), said)]) from None
    if len(data) > _LARGEST_FILE:
        raise ReturnError([Problem(name, Message("the file is larger than 64 MiB"))])
    text = _decoded(data, name)
    document = Document(unicodedata.normalize("NFC", name), sha256(data).hexdigest())
    return Returned(document, *outcomes(text, name))


def outcomes(text: str, where: str = "") -> tuple[list[Outcome], list[Problem]]:
    r"""The lines of a bank's return, and the problems of those that cannot be read; places are ``where:line``.

    What stands above the headings is read over, and so are lines of totals and columns that are not understood.

    >>> lines = ["编号,账号,金额（元）,备注,结果", '0042,6200000000000000018,"1,234.50",2026 31:0a1b2c3d 示例村,成功']
    >>> [found], problems = outcomes("\n".join(lines))
    >>> found.number, found.fen, found.paid, problems
    ('0042', 123450, True, [])
    """
    problems: list[Problem] = []
    rows: list[tuple[str, list[str]]] = []
    lines = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        rows.extend((f"{where}:{lines.line_num}", [*map(str.strip, row)]) for row in lines if any(map(str.strip, row)))
    except csv.Error as error:
        problems.append(Problem(f"{where}:{lines.line_num}", Message("not a CSV line: {reason}", reason=error)))
    at, columns = _headings(rows, where, problems)
    found: list[Outcome] = []
    for line, row in rows[at:] if columns else ():
        if len(row) < len(columns):
            said = Message("{seen} cells where {due} are expected", seen=len(row), due=len(columns))
            problems.append(Problem(line, said))
            continue
        cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
        if not _is_total(row, cells):
            outcome = _outcome(line, cells, problems)
            found += [outcome] if outcome else []
    if columns and not found and not problems:
        problems.append(Problem(where, Message("a bank's return without a line: one for each payment is expected")))
    return found, problems


def bank_return(name: str, returned: Returned, *, effective_on: date, booked_on: date | None = None) -> Decision:
    """Record what a bank gave back, as :func:`coopledger.core.payment_order.settle` does, if all of it could be read.

    Raises ReturnError with all that is wrong, with what could not be read and with what the book does not agree to.

    >>> file = Document("return.csv", "0" * 64)
    >>> line = Outcome("return.csv:2", Reference("2026", 31, "0a1b2c3d"), "0042", "6200000000000000018", 600_00)
    >>> read = bank_return("2026", Returned(file, [line], []), effective_on=date(2027, 2, 10))
    """
    if not isinstance(returned, Returned):
        raise RegisterError(
            Message(
                "{seen}: what a bank gave back is expected, as read_return makes it of a file", seen=shown(returned)
            )
        )

    when: dict[str, Any] = {"effective_on": effective_on, "booked_on": booked_on}
    settled = payment_order.settle(name, returned.outcomes, returned.document, **when) if returned.outcomes else None

    def decide(view: View) -> list[Entry]:
        problems, entries = [*returned.problems], list[Entry]()
        try:
            entries += settled(view) if settled else ()
        except ReturnError as error:
            problems += error.problems
        if problems:
            raise ReturnError(sorted(problems, key=lambda one: _line(one.where)))
        return entries

    return decide


# ---------------------------------------------------------------- reading


def _decoded(data: bytes, name: str) -> str:
    """The text of a file. Headings are known words, so that no other encoding is taken for one of these."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ReturnError([Problem(name, Message("a spreadsheet's own file: save it as CSV"))])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReturnError([Problem(f"{name}:1", Message("the file is in UTF-16: save it as UTF-8"))])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReturnError([Problem(name, Message("the file is neither UTF-8 nor GBK: save it as UTF-8"))])


def _headings(
    rows: Sequence[tuple[str, list[str]]], where: str, problems: list[Problem]
) -> tuple[int, list[str | None]]:
    """After which row the payments stand, and what the columns are; none if there is a problem with them."""
    best: tuple[str, list[str | None]] | None = None
    at = 0
    for n, (line, row) in enumerate(islice(rows, _BEFORE_HEADINGS), 1):
        columns = [_meaning(cell) for cell in row]
        if best is None or len({*columns} - {None}) > len({*best[1]} - {None}):
            best, at = (line, columns), n
    if best is None or not {*best[1]} - {None}:
        problems.append(
            Problem(where, Message("there is no line of headings: {accepted} are expected", accepted=_said()))
        )
        return 0, []
    line, columns = best
    missing = [one for one in _NEEDED if one not in columns]
    double = [one for one in HEADINGS if columns.count(one) > 1]
    if missing:
        said = Message(
            "no column {missing}: it is expected among the headings", missing=[_named(one) for one in missing]
        )
        problems.append(Problem(line, said))
    if double:
        said = Message("several columns mean {double}: one is expected", double=[_named(one) for one in double])
        problems.append(Problem(line, said))
    return (0, []) if missing or double else (at, columns)


def _outcome(line: str, cells: Mapping[str, str], problems: list[Problem]) -> Outcome | None:
    """A line of a return, or None and its problems."""
    found: list[object] = []
    reads = {"remark": Reference.parse, "number": number_of, "account": _account, "amount": _fen, "result": _paid}
    before = len(problems)
    for name, read in reads.items():
        try:
            found.append(read(cells[name]))
        except CoopledgerError as error:
            problems.append(Problem(line, error.message))
    if len(problems) > before:
        return None
    reference, number, account, fen, paid = found
    reason = "" if paid else _reason(cells.get("reason", ""))
    return Outcome(line, reference, number, account, fen, reason)  # type: ignore[arg-type]


def _meaning(cell: str) -> str | None:
    """Which column a heading means."""
    plain = _BRACKETS.sub("", _plain(cell)).lower().replace("帐", "账").strip(" :*")
    return next((column for column, names in HEADINGS.items() if plain in names), None)


def _account(seen: str) -> str:
    """The number of an account as it stands in a file. Raises RegisterError for what a spreadsheet has made of it."""
    plain = _plain(seen)
    if _ROUNDED.fullmatch(plain):
        raise RegisterError(
            Message(
                "the account number is a rounded one ({seen}): a spreadsheet has lost its last digits; take the file "
                "as the bank gave it",
                seen=plain[:1] + "…" + plain[-4:],
            )
        )
    if not plain.isdecimal():
        raise RegisterError(
            Message("the account number has other characters than digits, such as quotation marks: digits are expected")
        )
    return account_number(plain)


def _fen(seen: str) -> int:
    """An amount in yuan, with or without thousands separators, in fen."""
    match = _AMOUNT.fullmatch(_plain(seen).replace(" ", ""))
    fen = int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0")) if match else 0
    if not fen:
        raise RegisterError(Message("amount {seen}: yuan above 0 are expected, such as 1,234.50", seen=shown(seen)))
    return fen


def _paid(seen: str) -> bool:
    """Whether a payment was made. Raises RegisterError for any other word, such as one for a payment under way."""
    plain = _plain(seen).lower()
    if plain not in PAID + FAILED:
        raise RegisterError(
            Message(
                "result {seen}: 成功 (success) or 失败 (failed) is expected, or another word for it; of what is still "
                "under way nothing is known",
                seen=shown(seen),
            )
        )
    return plain in PAID


def _reason(seen: str) -> str:
    """Which of the reasons that are recorded a bank's own words mean: no other one than it said, and not one of two."""
    plain = _plain(seen).lower().replace("帐", "账")
    if _UNCLEAR.search(plain):
        return payment_order.REASONS[-1]
    found = [reason for reason, pattern in _REASONS if pattern.search(plain)]
    if len(found) == 1:
        return found[0]
    return "account status abnormal" if _ABNORMAL.search(plain) else payment_order.REASONS[-1]


def _is_total(row: Sequence[str], cells: Mapping[str, str]) -> bool:
    """Whether a row is one of totals: it names nobody, and says so or has nothing but numbers."""
    words = {_plain(cell).lower().strip(":") for cell in row}
    return bool(words & {*_TOTALS}) and (not cells["account"] or not cells["result"])


def _plain(seen: str) -> str:
    return unicodedata.normalize("NFKC", seen).strip()


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _line(where: str) -> int:
    """The line of a place; of the file as a whole, 0."""
    line = where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def _named(column: str) -> str:
    """A column by its commonest heading in both languages."""
    names = HEADINGS[column]
    return f"{names[0]} ({next(one for one in names if one.isascii())})"


def _said() -> list[str]:
    return [_named(one) for one in _NEEDED]
