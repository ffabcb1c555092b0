"""Plan files: a TOML document becomes a Plan, or the list of everything that is wrong with it."""

import os
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.calendar import PERIOD_END, Term, day, due_on, term
from coopledger.core.claims import check_claim
from coopledger.core.plan import (
    Claim,
    Holder,
    Holders,
    Instalment,
    Part,
    Plan,
    Stream,
    claim_problems,
    name_problems,
    party_problems,
    proportions,
    share_count,
    stream_problems,
    unknown,
)
from coopledger.core.projection import Projected, project_stream
from coopledger.core.quantity import CURRENCIES, PLAIN, decimal, money, quantity
from coopledger.core.rounding import Rounding
from coopledger.core.series import Series, series
from coopledger.errors import PlanError, Problem
from coopledger.files.reader import Table
from coopledger.files.schedule_table import ScheduleReader
from coopledger.files.source import not_toml, read_text
from coopledger.text import Message

_DEEPEST = 60
_LONGEST_INTEGER = 64


class Reading(NamedTuple):
    """What reading a file gave: a plan, or problems; notices about what was read over; and the files that were read."""

    plan: Plan | None
    problems: Sequence[Problem]
    notices: Sequence[Problem]
    files: Sequence[str] = ()


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """The plan in a TOML file; PlanError with all its problems, each with its file and key."""
    reading = read_plan(path)
    if reading.plan is None:
        raise PlanError(reading.problems)
    return reading.plan


def read_plan(path: str | os.PathLike[str]) -> Reading:
    """The plan in a TOML file, or all its problems."""
    notices: list[Problem] = []
    try:
        text = read_text(path, notices)
    except PlanError as error:
        return Reading(None, error.problems, notices)
    return read_plan_text(text, path, notices)


def read_plan_text(text: str, path: str | os.PathLike[str], notices: Sequence[Problem] = ()) -> Reading:
    """The plan that a TOML text says, or all its problems; ``path`` is the file that it stands in, or will.

    >>> [str(one) for one in read_plan_text("title = 5", "hill.toml").problems][:2]
    ['hill.toml: title: 5 where a text is expected', "hill.toml: 'term' is missing"]
    """
    name = os.path.basename(path)
    seen = [*notices]
    try:
        document = _document(text, name)
    except PlanError as error:
        return Reading(None, error.problems, seen)
    reader = _PlanReader(path, seen)
    plan = reader.plan(document)
    problems = [Problem(f"{name}: {one.where}" if one.where else name, one.message) for one in reader.problems]
    problems += reader.elsewhere
    seen += [Problem(f"{name}: {notice.where}", notice.message) for notice in reader.notices]
    return Reading(None if problems else plan, problems, seen, reader.files)


def _document(text: str, where: str) -> Table:
    try:
        document = tomllib.loads(text, parse_float=_decimal)
    except (ValueError, RecursionError, InvalidOperation) as error:
        message = not_toml(error, text)
        raise PlanError([Problem(where, message)]) from error
    if not document:
        raise PlanError([Problem(where, Message("the file is empty: a plan has a title, a term and streams"))])
    problems = list(_out_of_bounds(document, where))
    if problems:
        raise PlanError(problems)
    return document


def _out_of_bounds(document: Table, file: str) -> Iterator[Problem]:
    """Tables too deep to follow and whole numbers too long to print, before anything is done with them."""
    pending: list[tuple[str, object, int]] = [("", document, 0)]
    while pending:
        where, content, depth = pending.pop()
        if depth > _DEEPEST:
            yield Problem(
                f"{file}: {where[:_DEEPEST]}…", Message("tables within tables: at most {most}", most=_DEEPEST)
            )
        elif isinstance(content, dict):
            pending += [(f"{where}.{key}".strip("."), one, depth + 1) for key, one in content.items()]
        elif isinstance(content, list):
            pending += [(f"{where}[{n}]", one, depth + 1) for n, one in enumerate(content, 1)]
        elif isinstance(content, int) and content.bit_length() > _LONGEST_INTEGER:
            yield Problem(f"{file}: {where}", Message("a whole number out of range: below 10¹⁵ is accepted"))


def _decimal(seen: str) -> Decimal:
    return Decimal(seen.replace("_", ""))


class _PlanReader(ScheduleReader):
    """Builds a plan from a document and collects every problem on the way, each with its key."""

    def __init__(self, path: str | os.PathLike[str], notices: list[Problem]) -> None:
        super().__init__()
        self.path = path
        self.read_over = notices
        self.elsewhere: list[Problem] = []
        self.files = [os.fspath(path)]
        self.holders: dict[str, Holders | None] = {}
        self.holidays: list[date] = []
        self.currency = CURRENCIES["CNY"]
        self.parties: list[str] = []
        self.names: list[str] = []
        self.projected: list[Projected] = []

    def plan(self, document: Table) -> Plan | None:
        keys = self.table(document, "plan", "")
        code = keys.get("currency", "CNY")
        if code in CURRENCIES:
            self.currency = CURRENCIES[code]
        else:
            self.problem("currency", unknown(code, list(CURRENCIES)))
        for number, seen in enumerate(keys.get("holidays", []), 1):
            if (holiday := self.tried(f"holidays[{number}]", day, seen)) is not None:
                self.holidays.append(holiday)
        span = self.term(keys["term"]) if "term" in keys else None
        for name, content in keys.get("series", {}).items():
            self.series[name] = self.one_series(name, content)
        for name, content in keys.get("holders", {}).items():
            self.holders[name] = self.one_list(name, content)
        self.parties = keys.get("parties", [])
        self.problems += party_problems("", {"book": keys.get("book", "")}, self.parties)
        contents = keys.get("streams", [])
        if "streams" in keys and not contents:
            self.problem("streams", Message("an empty list: at least one stream is expected"))
        self.names = [name if isinstance(name := one.get("name"), str) else "" for one in contents]
        streams = [self.stream(content, n, span) for n, content in enumerate(contents, 1)]
        claims = [self.claim(content, f"claims[{n}]") for n, content in enumerate(keys.get("claims", []), 1)]
        if span is None or self.problems or self.elsewhere:
            return None
        texts = {name: keys[name] for name in ("source", "book", "parties", "notes") if name in keys}
        return self.tried("", Plan, keys["title"], span, streams, currency=self.currency, claims=claims, **texts)

    def term(self, content: Table) -> Term | None:
        before = len(self.problems)
        keys = self.table(content, "term", "term")
        if len(self.problems) > before:
            return None
        if "years" not in content and "end" not in content:
            self.problem("term", Message("a term needs its years or its last day: 'years' or 'end' is expected"))
            return None
        choices = {name: keys[name] for name in ("basis", "stub", "leap_day") if name in keys}
        return self.tried("term", term, keys["start"], years=keys.get("years"), until=keys.get("end"), **choices)

    def one_series(self, name: str, content: object) -> Series | None:
        where = f"series.{name}"
        keys = self.table(content, "series", where)
        if "values" not in keys:
            return None
        known = self.by_year(keys["values"], f"{where}.values")
        assume = keys.get("assume")
        if isinstance(assume, dict):
            assume = self.by_year(assume, f"{where}.assume")
        if known is None or (isinstance(keys.get("assume"), dict) and assume is None):
            return None
        return self.tried(where, series, name, known, assume=assume)

    def one_list(self, name: str, content: object) -> Holders | None:
        where = f"holders.{name}"
        before = len(self.problems)
        keys = self.table(content, "holders", where)
        if len(self.problems) == before and ("file" in keys) == ("list" in keys):
            self.problem(where, Message("either a 'file' or a 'list' of holders is expected"))
        if ("file" in keys) == ("list" in keys):
            return None
        if "file" in keys:
            from coopledger.files.holders import read_holders  # only where there is such a file: start-up time

            path = os.path.join(os.path.dirname(self.path), keys["file"])
            self.files.append(path)
            try:
                found: list[Holder] | None = read_holders(path, self.read_over)
            except PlanError as error:
                self.elsewhere += error.problems
                found = None
        else:
            found = self.listed_holders(keys["list"], f"{where}.list")
        rate = self.tried(f"{where}.per_share", quantity, keys["per_share"]) if "per_share" in keys else None
        if rate is not None and rate.unit != (due := self.currency.unit / quantity("1 share").unit):
            self.problem(
                f"{where}.per_share",
                Message("{seen} is in {was} where {unit} is expected", seen=rate, was=rate.unit, unit=due),
            )
            return None
        if found is None or ("per_share" in keys and rate is None):
            return None
        policy = keys.get("policy", "cumulative")
        return self.tried(where, Holders, name, tuple(found), policy, rate, keys.get("remainder", ""))

    def listed_holders(self, contents: Sequence[object], where: str) -> list[Holder] | None:
        found: list[Holder] = []
        numbers: set[str] = set()
        for number, content in enumerate(contents, 1):
            one = self.holder(content, f"{where}[{number}]")
            if one is None:
                continue
            if one.number in numbers:
                self.problem(f"{where}[{number}].number", Message("holder {number} is listed twice", number=one.number))
            numbers.add(one.number)
            found.append(one)
        return found if len(found) == len(contents) == len(numbers) else None

    def holder(self, content: object, where: str) -> Holder | None:
        keys = self.table(content, "holder", where)
        if "number" not in keys or "shares" not in keys:
            return None
        shares = self.tried(f"{where}.shares", share_count, keys["shares"])
        if not keys["number"].strip():
            self.problem(f"{where}.number", Message("empty: a holder's number is expected"))
        if shares is not None and shares < 0:
            self.problem(f"{where}.shares", Message("{seen} shares: 0 or more are accepted", seen=decimal(shares)))
            return None
        number: str = keys["number"]
        return None if shares is None else Holder(number, keys.get("name", number), shares)

    def stream(self, content: object, number: int, span: Term | None) -> Stream | None:
        where = f"streams[{number}]"
        before = len(self.problems)
        keys = self.table(content, "stream", where)
        if "name" in keys:
            self.problems += name_problems(where, keys["name"], self.names[: number - 1])
        years = span.years if span is not None else None
        made: Table = {name: keys[name] for name in ("payer", "payee", "basis", "split_policy") if name in keys}
        for name in ("quantity", "rate", "amount", "floor", "cap"):
            if name in keys:
                made[name] = self.schedule(keys[name], f"{where}.{name}", years)
        if "rounding" in keys:
            stated = keys["rounding"] if isinstance(keys["rounding"], list) else [keys["rounding"]]
            made["rounding"] = [self.rounding(one, f"{where}.rounding") for one in stated]
        made["due"] = self.due(keys, where)
        if "split" in keys:
            made["split"] = self.parts(keys["split"], f"{where}.split")
        if "holders" in keys:
            made["holders"] = self.known(self.holders, keys["holders"], f"{where}.holders")
        self.problems += party_problems(
            f"{where}.", {role: keys.get(role, "") for role in ("payer", "payee")}, self.parties
        )
        if len(self.problems) > before or "name" not in keys or any(value is None for value in made.values()):
            return None
        stream = self.tried(where, Stream, keys["name"], **made)
        if stream is None or (problems := stream_problems(where, stream, self.currency)):
            self.problems += [] if stream is None else problems
            return None
        if span is not None and (projected := self.tried(where, project_stream, stream, span, self.currency)):
            self.projected.append(projected)
        return stream

    def rounding(self, content: object, where: str) -> Rounding | None:
        keys = self.table(content, "rounding", where)
        if "at" not in keys:
            return None
        to = None
        if "to" in keys:
            seen = keys["to"]
            one = f"1 {seen}" if isinstance(seen, str) and not any(sign.isdigit() for sign in seen) else seen
            to = self.tried(f"{where}.to", money, one, self.currency)
            if to is None:
                return None
        return self.tried(where, Rounding, keys["at"], keys.get("mode", "half up"), None if to is None else to.value)

    def due(self, keys: Table, where: str) -> object:
        options: Table = {"adjustment": keys.get("adjust"), "holidays": self.holidays if "adjust" in keys else ()}
        seen = keys.get("due", "last day")
        if isinstance(seen, str):
            return self.tried(f"{where}.due", due_on, seen, **options)
        instalments = []
        for number, content in enumerate(seen, 1):
            place = f"{where}.due[{number}]"
            one = self.table(content, "instalment", place)
            rule = self.tried(f"{place}.on", due_on, one["on"], **options) if "on" in one else None
            if one.get("share") in ("rest", "其余"):
                instalments.append(Instalment(None, rule or PERIOD_END))
            elif "share" in one and (share := self.plain(one["share"], f"{place}.share")) is not None:
                instalments.append(Instalment(share.value, rule or PERIOD_END))
        return instalments

    def parts(self, contents: Sequence[object], where: str, whole: Fraction = Fraction(1)) -> list[Part] | None:
        rows = [self.table(content, "part", f"{where}[{n}]") for n, content in enumerate(contents, 1)]
        if any("name" not in row or "share" not in row for row in rows):
            return None
        shares = [self.tried(f"{where}[{n}].share", quantity, row["share"]) for n, row in enumerate(rows, 1)]
        stated = [share for share in shares if share is not None]
        if len(stated) < len(shares):
            return None
        found = self.tried(where, proportions, [row["name"] for row in rows], stated, whole)
        if found is None:
            return None
        parts = []
        for number, (row, share, said) in enumerate(zip(rows, found, stated, strict=True), 1):
            place = f"{where}[{number}]"
            absolute = Fraction(said.value) if said.unit == PLAIN else share
            inner = self.parts(row["parts"], f"{place}.parts", absolute) if "parts" in row else []
            held = self.known(self.holders, row["holders"], f"{place}.holders") if "holders" in row else None
            parts.append(Part(row["name"], share, tuple(inner or ()), held))
        return parts

    def claim(self, content: object, where: str) -> Claim | None:
        before = len(self.problems)
        keys = self.table(content, "claim", where)
        made: Table = {name: keys[name] for name in ("year", "part", "holder", "bound", "source") if name in keys}
        for name in ("claimed", "per", "rounded_to", "truncated_to"):
            if name in keys:
                made[name] = self.tried(f"{where}.{name}", quantity, keys[name])
        if "within" in keys:
            within = self.plain(keys["within"], f"{where}.within")
            made["within"] = within and within.value
        if "stream" in keys:
            made["streams"] = (keys["stream"],) if isinstance(keys["stream"], str) else tuple(keys["stream"])
        if len(self.problems) > before or "about" not in keys or "claimed" not in keys:
            return None
        claim = Claim(keys["about"], **made)
        known = [one.stream for one in self.projected]
        for name in claim.streams:
            if name not in self.names:
                self.problem(f"{where}.stream", unknown(name, self.names))
        if not set(claim.streams or self.names) <= {stream.name for stream in known}:
            return claim  # about a stream with problems of its own, or an unknown one: no more can be said
        problems = claim_problems(where, claim, known)
        self.problems += problems
        if not problems:
            self.tried(where, check_claim, claim, self.projected, self.currency)
        return claim
