"""A village's workbook: its households, members, shares, contributions and balances, and all that is wrong with it.

What is read here is checked by itself, each problem with its sheet and cell; whether a book takes it is for
:mod:`coopledger.files.village_import` to say.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from coopledger.core.chart import CHARTS, Chart
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter
from coopledger.core.people import HEADS, number_of
from coopledger.core.personal import account_number
from coopledger.core.share_class import PRESETS
from coopledger.errors import CoopledgerError, Problem, RegisterError
from coopledger.files.cell import (
    EMPTY,
    day,
    fen,
    has_wide_digits,
    is_blank_text,
    is_empty,
    key,
    long_number,
    name,
    number,
    text,
    total,
)
from coopledger.files.identity import birth_date, check_number, validate, without_numbers
from coopledger.files.listing import SHEETS, Kind, Listing, heading, kind_by_headings, kind_of, meaning, read_listing
from coopledger.files.village import (
    At,
    BalanceRow,
    ClassRow,
    ContributionRow,
    Cooperative,
    DividendRow,
    HouseholdRow,
    MemberRow,
    ShareRow,
    Village,
    differs,
    plain,
)
from coopledger.files.village_check import check_village, with_heads
from coopledger.files.workbook import Cell, Sheet, Workbook, in_order, read_workbook
from coopledger.text import Message, printable

T = TypeVar("T")

_EXAMPLES = re.compile("^(示例|说明|填写说明|填表说明|目录|选项|问题|example|instructions|problems)", re.IGNORECASE)
"""Sheets that are for the reader."""

_BETWEEN = re.compile("[、,;/ ]")
_YES = frozenset(("是", "√", "✓", "y", "yes", "true", "1", "户主", "head"))
_NO = frozenset(("否", "×", "n", "no", "false", "0"))
LAWS: Mapping[str, Charter] = {
    "农村集体经济组织法": COLLECTIVE,
    **dict.fromkeys(("农村集体经济组织", "集体经济组织", "collective"), COLLECTIVE),
    "农民专业合作社法": SPECIALISED,
    **dict.fromkeys(("农民专业合作社", "专业合作社", "specialised"), SPECIALISED),
}
"""The laws whose rules of membership a cooperative follows, as the sheet 合作社 names them."""

_SAID: Mapping[str, Mapping[str, str]] = {
    name: {word: meaning for meaning, words in meanings.items() for word in words.split("|")}
    for name, meanings in {
        "kind": {
            "person": "|个人|自然人|成员|person",
            "collective": "集体|collective",
            "enterprise": "企业|公司|enterprise",
            "fund": "基金|fund",
        },
        "standing": {"member": "|成员|社员|member", "holder": "非成员|非成员股东|股东|holder"},
        "right": {
            "land right": "承包地|土地|土地经营权|承包地经营权|land right",
            "forest right": "林地|林权|林地经营权|forest right",
            "infrastructure use right": "基础设施使用权|基础设施|infrastructure use right",
        },
        "money": {
            "cash": "现金|货币|资金|货币资金|cash",
            "fiscal fund": "财政资金|fiscal fund",
            "crowd funding": "众筹|crowd funding",
        },
        "basis": {
            "contracted land": "|承包地|contracted land",
            "barren land": "四荒地|荒山|barren land",
            "lease": "租赁|lease",
            "contribution": "出资|contribution",
            "service": "服务|service",
        },
        "valued_by": {
            "agreed price": "|协商作价|协商|agreed price",
            "members": "成员评估|全体成员评估|members",
            "third party": "第三方评估|评估机构|third party",
            "documents": "凭证|documents",
        },
        "into": {"bank": "|银行|银行存款|bank", "cash": "现金|库存现金|cash"},
        "side": {"debit": "借|借方|debit", "credit": "贷|贷方|credit"},
    }.items()
}
"""The words of the cells that name one of several."""

_FIELDS = ("phone", "payee", "branch", "address", "relation")


def read_village(path: str | os.PathLike[str]) -> Village:
    """What a workbook (.xlsx, .xls, .ods), a CSV file or a folder of CSV files says, with all that is wrong with it.

    Sheets and columns are known by what their names mean. Raises WorkbookError if nothing of the file can be read;
    what is wrong in it is among its ``problems``, and stops the import, or its ``notices``, which do not.
    """
    return _Reading(read_workbook(path)).village()


class _Reading:
    """Makes rows out of the cells of a workbook, and collects what is wrong with each."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []
        self.incomplete: set[str] = set()
        """The households, and the kinds of listings, of which a row could not be read."""

    # ------------------------------------------------------------ the whole

    def village(self) -> Village:
        sheets = self._sheets()
        listings: dict[Kind, list[Listing]] = {}
        for kind, sheet in sheets:
            if kind != "cooperative" and (found := read_listing(sheet, kind, self.problems, self.notices)):
                listings.setdefault(kind, []).append(found)
        ours = [sheet for kind, sheet in sheets if kind == "cooperative"]
        households = [*self._each(listings.get("households", ()), self._household)]
        members = [*self._each(listings.get("members", ()), self._member)]
        made = Village(
            self.workbook,
            self._cooperative(ours[0]) if ours else None,
            households,
            with_heads(members, households, self.problems),
            [*self._each(listings.get("classes", ()), self._class)],
            [one for found in listings.get("shares", ()) for one in self._shares(found)],
            [*self._each(listings.get("contributions", ()), self._contribution)],
            [*self._each(listings.get("opening balances", ()), self._balance)],
            [one for found in listings.get("past dividends", ()) for one in self._dividends(found)],
            [one for found in listings.values() for one in found],
            self.problems,
            self.notices,
        )
        check_village(made, self.problems, self.incomplete)
        for list_ in (self.problems, self.notices):
            list_[:] = in_order(self.workbook, map(without_numbers, list_))
        return made

    def _sheets(self) -> list[tuple[Kind, Sheet]]:
        """The sheets that are read: by their names, and for what no name says by their headings."""
        found: list[tuple[Kind, Sheet]] = []
        unknown: list[Sheet] = []
        for sheet in self.workbook.sheets:
            if _EXAMPLES.match(text(sheet.name)):
                continue
            kind = kind_of(sheet.name)
            if kind is None:
                unknown.append(sheet)
            else:
                found.append((kind, sheet))
        known = {kind for kind, _ in found}
        for sheet in unknown:
            kind = kind_by_headings(sheet)
            if kind is not None and kind not in known:
                self.note(sheet.place(), Message("read as {kind}, by its headings", kind=SHEETS[kind]))
                found.append((kind, sheet))
            elif any(not is_empty(one) for row in sheet.rows for one in row):
                said = Message("the sheet is not read: its name means none of {known}", known=[*SHEETS.values()])
                self.note(sheet.place(), said)
        if not found:
            said = Message("no sheet is known: {known} are expected", known=[*SHEETS.values()])
            self.problem(self.workbook.file, said)
        return found

    def _each(self, listings: Iterable[Listing], read: Callable[[At], T | None]) -> Iterator[T]:
        for listing in listings:
            if any(one not in listing.columns for one in _KEYS[listing.kind]):
                continue  # said at the headings
            for row in listing.rows:
                found = read(At(listing, row))
                if found is not None:
                    yield found

    # ------------------------------------------------------------ rows

    def _cooperative(self, sheet: Sheet) -> Cooperative:
        said: dict[str, tuple[Cell, str]] = {}
        for row, cells in enumerate(sheet.rows):
            for column, seen in enumerate(cells):
                field = meaning("cooperative", heading(seen).plain) if type(seen) is str else None
                after = next((n for n in range(column + 1, len(cells)) if not is_empty(cells[n])), None)
                if field is not None and after is not None:
                    said.setdefault(field, (cells[after], sheet.place(row, after)))
                    break
        places = {field: place for field, (_, place) in said.items()}
        name = text(said["name"][0]) if "name" in said else ""
        if not name:
            self.problem(sheet.place(), Message("no name of the cooperative: 名称 and the name beside it are expected"))
        charter: Charter | None = None
        if "law" in said:
            seen = text(said["law"][0])
            charter = LAWS.get(seen) or LAWS.get(seen.lower())
            if charter is None:
                self.problem(places["law"], _one_of(seen, [*LAWS]))
        chart: Chart | None = None
        if "chart" in said:
            seen = text(said["chart"][0])
            chart = next((one for one in CHARTS.values() if _is_chart(one, seen)), None)
            if chart is None:
                self.problem(places["chart"], _one_of(seen, [f"{one.code} ({one.name.zh})" for one in CHARTS.values()]))
        on = self.tried(places.get("day", ""), day, said["day"][0]) if "day" in said else None
        return Cooperative(name, charter, chart, on, places)

    def _household(self, at: At) -> HouseholdRow | None:
        number = self._number(at, "number")
        head = self._name(at, "head")
        count = self._value(at, "count", _whole)
        personal = self._personal(at, ("phone", "address"))
        return None if number is None else HouseholdRow(at, number, head, count, personal)

    def _member(self, at: At) -> MemberRow | None:
        number = self._number(at, "number")
        household = self._number(at, "household", needed=False)
        kind = self._choice(at, "kind", "kind")
        standing = self._choice(at, "standing", "standing")
        personal = {}
        if name := self._name(at):
            personal["name"] = name
        else:
            self._empty(at, "name", Message("a name"))
        personal |= self._personal(at, _FIELDS)
        self._identity(at, personal, of_person=kind in ("person", None))
        groups = tuple(one for one in _BETWEEN.split(self._text(at, "groups")) if one)
        said = self._name(at, "head")
        head = said.lower() in _YES or (said != "" and said.lower() not in _NO and said in (name, number))
        head = head or personal.get("relation") in HEADS
        if household and kind not in ("person", None):
            self.problem(at.place("household"), Message("a household is of persons: none is expected here"))
        elif head and not household:
            self.problem(
                at.place("head" if "head" in at.listing.columns else "relation"),
                Message("the head of a household, and no household number in the row"),
            )
        if number is None:
            self.incomplete.add(household or "")
            return None
        return MemberRow(at, number, kind or "person", household or "", head, standing or "member", groups, personal)

    def _identity(self, at: At, personal: dict[str, str], *, of_person: bool) -> None:
        """The ID number, the birth date and the bank card of a row, each checked."""
        found: str | None = None
        seen = at.listing.cell(at.row, "id")
        if seen != "" and not is_empty(seen):
            self._note_wide(at, "id", seen)
            found = self._tried(at, "id", _resident if of_person else _organisation, seen)
            if found is not None:
                personal["id"] = found
        seen = at.listing.cell(at.row, "birth")
        if seen != "" and not is_empty(seen):
            born = self._day(at, "birth", seen)
            if born is not None:
                personal["birth"] = born.isoformat()
        if found is not None and of_person:
            said = birth_date(found)
            if personal.setdefault("birth", said) != said:
                self.problem(at.place("birth"), Message("the ID number says another birth date: one of them is wrong"))
        seen = at.listing.cell(at.row, "card")
        if seen != "" and not is_empty(seen):
            card = self._tried(at, "card", _card, seen)
            if card is not None:
                personal["card"] = card

    def _class(self, at: At) -> ClassRow | None:
        name = self._name(at)
        kind = self._text(at, "preset")
        if not name:
            self._empty(at, "name", Message("a name"))
        presets = {word: one for one in PRESETS.values() for word in (one.code, one.name, _TYPES.get(one.code, ""))}
        base = presets.get(kind)
        if base is None:
            self.problem(at.place("preset"), _one_of(kind, [one.name for one in PRESETS.values()]))
        code = self._number(at, "code", needed=False) or name
        par = self._value(at, "par", fen, at.listing.unit("par"))
        digits = self._value(at, "digits", _whole)
        said = self._value(at, "total", total)
        if base is None or not name:
            return None
        one = base._replace(code=code, name=name)
        one = one if par is None else one._replace(par_fen=par)
        one = one if digits is None else one._replace(digits=digits)
        return ClassRow(at, one, said, self._number(at, "capital", needed=False) or "")

    def _shares(self, listing: Listing) -> Iterator[ShareRow]:
        """The shares of a listing: a class a column, or a column that names the class of each row."""
        long = {"class", "shares"} <= listing.columns.keys()
        if not {"number", "household"} & listing.columns.keys() or not (long or listing.others):
            said = Message(
                "who holds what is not found: a column 户号 or 编号, and one for each share class, or 股份类别 and "
                "股数, are expected"
            )
            self.problem(listing.sheet.place(listing.heading_row), said)
            return
        if long:
            for other, column in listing.others.items():
                place = listing.sheet.place(listing.heading_row, column)
                self.note(place, Message("column {seen} is not read", seen=other))
        for row in listing.rows:
            at = At(listing, row)
            household = self._number(at, "household", needed=False) or ""
            holder = self._number(at, "number", needed=False) or ""
            if not household and not holder:
                self._empty(at, "number" if "number" in listing.columns else "household", Message("a holder's number"))
                continue
            name = self._name(at)
            found = [
                ShareRow(at, field, household, holder, name, cls, shares)
                for field in (("shares",) if long else listing.others)
                for cls, shares in self._held(at, field, long=long)
            ]
            if not long and not is_empty(listing.cell(row, "total")):
                whole = self._value(at, "total", total)
                come_to = sum((one.shares for one in found), Decimal(0))
                if whole is not None and whole != come_to:
                    self.problem(at.place("total"), differs(whole, come_to))
            yield from found

    def _held(self, at: At, field: str, *, long: bool) -> Iterator[tuple[str, Decimal]]:
        """The class and the shares of a cell, if there are any."""
        before = len(self.problems)
        cls = heading(at.listing.cell(at.row, "class")).plain if long else field
        shares = self._value(at, field, number)
        if long and not cls:
            self._empty(at, "class", Message("a share class"))
        if long and shares is None and at.listing.cell(at.row, field) in EMPTY:
            self._empty(at, field, Message("a number of shares"))
        elif shares is not None and shares < 0:
            self.problem(at.place(field), Message("{seen} shares: 0 or more are accepted", seen=plain(shares)))
        elif shares and cls:
            yield cls, shares
        if len(self.problems) > before:
            self.incomplete.add(at.listing.kind)

    def _contribution(self, at: At) -> ContributionRow | None:
        before = len(self.problems)
        number_ = self._number(at, "number")
        holder = self._number(at, "holder")
        cls = heading(at.listing.cell(at.row, "class")).plain
        if not cls:
            self._empty(at, "class", Message("a share class"))
        word = self._text(at, "kind")
        cells: dict[str, Any] = {
            "right": _SAID["right"].get(word),
            "money": _SAID["money"].get(word),
            "amount": self._value(at, "amount", fen, at.listing.unit("amount")),
            "price": self._value(at, "price", fen, at.listing.unit("price")),
            "shares": self._value(at, "shares", number),
            "area": self._value(at, "area", number),
            "parcels": tuple(one for one in re.split("[、,; ]", self._text(at, "parcels")) if one),
            "contract": self._text(at, "contract"),
            **{one: self._value_day(at, one) for one in ("starts_on", "ends_on", "right_ends_on", "valued_on")},
            "basis": self._choice(at, "basis", "basis"),
            "valued_by": self._choice(at, "valued_by", "valued_by"),
            "into": self._choice(at, "into", "into"),
            **{one: self._text(at, one) for one in ("appraiser", "source", "rule", "built_by", "built_with")},
        }
        if cells["right"] is None and cells["money"] is None:
            self.problem(at.place("kind"), _one_of(word, [*_SAID["right"], *_SAID["money"]][:8]))
        elif cells["right"] is not None:
            for one in ("starts_on", "ends_on"):
                if is_empty(at.listing.cell(at.row, one)):
                    self._empty(at, one, Message("a day"))
        elif cells["amount"] is None and is_empty(at.listing.cell(at.row, "amount")):
            self._empty(at, "amount", Message("an amount"))
        if number_ is None or holder is None or len(self.problems) > before:
            self.incomplete.add(at.listing.kind)
            return None
        return ContributionRow(at, number_, holder, cls, cells)

    def _balance(self, at: At) -> BalanceRow | None:
        before = len(self.problems)
        account, name = self._number(at, "account", needed=False) or "", self._name(at)
        unit = at.listing.unit
        amounts = {field: self._value(at, field, fen, unit(field)) or 0 for field in ("debit", "credit", "balance")}
        if not account and not name:
            self._empty(at, "account" if "account" in at.listing.columns else "name", Message("an account"))
        if amounts["debit"] and amounts["credit"]:
            self.problem(at.place("credit"), Message("an account with a debit and a credit balance: one is expected"))
        if amounts["balance"]:
            side = self._choice(at, "side", "side")
            amounts["debit" if side == "debit" else "credit"] += amounts["balance"]
        if len(self.problems) > before:
            return None
        return BalanceRow(at, account, name, amounts["debit"] - amounts["credit"])

    def _dividends(self, listing: Listing) -> Iterator[DividendRow]:
        """Dividends of past years: a year a column, or a column that names the year of each row."""
        long = {"year", "amount"} <= listing.columns.keys()
        if "holder" not in listing.columns or not (long or listing.others):
            if "holder" in listing.columns:
                said = Message("no years: the columns 年度 and 金额, or a column for each year (2023年), are expected")
                self.problem(listing.sheet.place(listing.heading_row), said)
            return
        for row in listing.rows:
            at = At(listing, row)
            holder = self._number(at, "holder")
            for field in ("amount",) if long else listing.others:
                year = self._value(at, "year", _year) if long else int(field[:4])
                paid = self._value(at, field, fen, listing.unit(field))
                if long and year is None and is_empty(listing.cell(row, "year")):
                    self._empty(at, "year", Message("a year"))
                if paid is not None and paid < 0:
                    self.problem(
                        at.place(field), Message("{seen} yuan: 0 or more are accepted", seen=Decimal(paid) / 100)
                    )
                elif holder is not None and year is not None and paid:
                    yield DividendRow(at, field, year, holder, self._name(at), paid)

    # ------------------------------------------------------------ cells

    def _number(self, at: At, field: str, *, needed: bool = True) -> str | None:
        """The number by which somebody is called, or None and its problem."""
        seen = at.listing.cell(at.row, field)
        if type(seen) is str and seen.isascii() and seen.isalnum():
            found: str = seen
        elif is_empty(seen):
            if needed:
                self._empty(at, field, Message("a number"))
            return None
        else:
            said = self._tried(at, field, _called, seen)
            if said is None and not has_wide_digits(seen):
                return None
            found = text(seen) if said is None else said  # what is written is known all the same
        if len(found) >= 15:
            return self._tried(at, field, _no_id, found)
        return found

    def _name(self, at: At, field: str = "name") -> str:
        seen = self._text(at, field)
        return name(seen) if " " in seen else seen

    def _text(self, at: At, field: str) -> str:
        seen = at.listing.cell(at.row, field)
        if seen == "":
            return ""
        found = text(seen)
        return "" if found in ("-", "--", "/", "无") else found

    def _personal(self, at: At, fields: Iterable[str]) -> dict[str, str]:
        columns = at.listing.columns
        found = {}
        for field in fields:
            if field in columns and (seen := at.listing.cell(at.row, field)) != "":
                said = self._tried(at, field, long_number, seen) if type(seen) is float else text(seen)
                if said and said not in ("-", "--", "/", "无"):
                    found[field] = said
        return found

    def _value(self, at: At, field: str, read: Callable[..., T], *more: Any) -> T | None:
        """What a reader makes of a cell; None of an empty one, or with its problem."""
        seen = at.listing.cell(at.row, field)
        if seen == "":
            return None
        if is_blank_text(seen):
            said = Message("nothing but blanks where a number is expected: clear the cell, or fill it in")
            self.problem(at.place(field), said)
            return None
        if is_empty(seen):
            return None
        self._note_wide(at, field, seen)
        return self._tried(at, field, read, seen, *more)

    def _value_day(self, at: At, field: str) -> date | None:
        seen = at.listing.cell(at.row, field)
        return None if is_empty(seen) else self._day(at, field, seen)

    def _day(self, at: At, field: str, seen: Cell) -> date | None:
        found = self._tried(at, field, day, seen)
        if found is not None and type(seen) is str and not at.listing.sheet.is_text:
            self.note(at.place(field), Message("a day that is written as text, read as {day}", day=found))
        elif found is not None:
            self._note_wide(at, field, seen)
        return found

    def _choice(self, at: At, field: str, words: str) -> str | None:
        said = self._text(at, field)
        found = _SAID[words].get(said) or _SAID[words].get(said.lower())
        if found is None:
            self.problem(at.place(field), _one_of(said, [one for one in _SAID[words] if one]))
        return found

    def _note_wide(self, at: At, field: str, seen: Cell) -> None:
        if has_wide_digits(seen):
            self.note(at.place(field), Message("full-width characters, read as half-width ones"))

    def _empty(self, at: At, field: str, expected: Message) -> None:
        self.problem(at.place(field), Message("empty: {expected} is expected", expected=expected))

    def _tried(self, at: At, field: str, read: Callable[..., T], *args: Any) -> T | None:
        """What is read of a cell, or None and its problem."""
        try:
            return read(*args)
        except CoopledgerError as error:
            self.problem(at.place(field), error.message)
        return None

    def tried(self, where: str, read: Callable[..., T], *args: Any) -> T | None:
        """What is read, or None and the problem at its place."""
        try:
            return read(*args)
        except CoopledgerError as error:
            self.problem(where, error.message)
        return None

    def problem(self, where: str, message: Message) -> None:
        self.problems.append(Problem(printable(where), message))

    def note(self, where: str, message: Message) -> None:
        self.notices.append(Problem(printable(where), message))


_KEYS: Mapping[Kind, tuple[str, ...]] = {
    "cooperative": (),
    "households": ("number",),
    "members": ("number",),
    "classes": ("name", "preset"),
    "shares": (),
    "contributions": ("number", "holder", "class", "kind"),
    "opening balances": (),
    "past dividends": ("holder",),
}

_TYPES = {
    "collective": "集体",
    "member": "人口股",
    "labour": "农龄",
    "land": "土地",
    "cash": "资金",
    "preferred": "优先",
}


def _called(seen: Cell) -> str:
    return number_of(key(seen))


def _resident(seen: Cell) -> str:
    return validate("resident", long_number(seen))


def _organisation(seen: Cell) -> str:
    return validate("organisation", long_number(seen))


def _card(seen: Cell) -> str:
    return account_number(long_number(seen))


def _no_id(seen: str) -> str:
    """A number of the register. Raises RegisterError for a resident ID."""
    check_number(seen)
    return seen


def _whole(seen: Cell) -> int:
    """A whole number from 0 on, such as a count."""
    found = number(seen)
    if found != found.to_integral_value() or not 0 <= found <= 10**9:
        raise RegisterError(Message("{seen}: a whole number from 0 on is expected", seen=printable(text(seen))[:80]))
    return int(found)


def _year(seen: Cell) -> int:
    match = re.fullmatch(r"((?:19|20)\d{2})(年|年度)?", text(seen))
    if match is None:
        raise RegisterError(Message("{seen}: a year such as 2023 is expected", seen=printable(text(seen))[:80]))
    return int(match[1])


def _one_of(seen: str, accepted: Sequence[str]) -> Message:
    return Message("{seen}: one of {accepted} is accepted", seen=repr(printable(seen))[:80], accepted=[*accepted])


def _is_chart(one: Chart, seen: str) -> bool:
    """Whether a chart is meant, by its code, with its name behind or without, or by its name."""
    return seen.partition("(")[0].strip().lower() == one.code or seen in (text(one.name.zh), one.name.en)
