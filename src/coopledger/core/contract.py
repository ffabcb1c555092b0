"""Contracts: a plan that was concluded, kept in the book with what became of it, and what falls due by it.

A contract is concluded, amended from a day on, told figures that became known, and ended: records of the kind
``contract`` without postings. An amendment is a whole plan; what fell due before its day comes from the plan before,
whatever the new one says of those days. What falls due are the instalments of the streams that the plan's own book
receives (all of them, if the plan does not say whose book it is); what the book itself pays is not booked from here.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.chart import MONEY, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import FIRST_DAY, LAST_DAY, Decision, Entry, Facts, View, check_date, code, mapped, shown
from coopledger.core.passing import REVERSAL, REVERSES
from coopledger.core.plan import Plan, Stream, unknown
from coopledger.core.plan_text import plan_of, plan_text, series_of
from coopledger.core.projection import Payment, project, void_as_lease
from coopledger.core.quantity import Number, quantity, unit_message
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

CONTRACT = "contract"
"""The kind of records that conclude a contract or change it: ``contract`` has its code, ``act`` what was done."""

DUE = "contract-due"
"""The kind of records by which an instalment fell due."""

Act = Literal["conclude", "amend", "figures", "end"]
ACTS: tuple[Act, ...] = get_args(Act)

Key = tuple[str, date]
"""What tells an instalment from all others of a contract: its stream and the day on which it is due."""

_BY_BASIS = {"contribution": "investment income"}
_OTHERWISE = "operating income"


class Version(NamedTuple):
    """A plan of a contract and the day from which what falls due comes from it; the record that says so.

    ``income`` has by stream the role of the account that is credited when an instalment falls due.
    """

    since: date
    plan: Plan
    income: Mapping[str, str]
    seq: int


class Contract(NamedTuple):
    """A contract as its records left it: with whom, its plans by the days from which they count, and its end.

    ``figures`` are those that became known since it was concluded, by series and year; the plans have them already.
    """

    code: str
    counterparty: str
    versions: tuple[Version, ...]
    figures: Mapping[str, Mapping[int, Number]]
    ended_on: date | None = None

    @property
    def plan(self) -> Plan:
        """The plan by which it ends."""
        return self.versions[-1].plan


class Expected(NamedTuple):
    """An instalment that falls due by a contract: of which stream, contract year and instalment of the year, and when.

    ``amount_fen`` is None where a figure is not known and nothing is assumed of it; ``assumptions`` say on what it
    rests; ``void`` is whether it lies past the twentieth year of a lease (民法典 705). ``role`` is that of the account
    that is credited, ``seq`` the record of the plan it comes from.
    """

    stream: str
    year: int
    instalment: int
    start: date
    end: date
    due: date
    amount_fen: int | None
    quantity: Number | None
    assumptions: tuple[Message, ...]
    void: bool
    role: str
    seq: int

    @property
    def key(self) -> Key:
        """What tells it from all others."""
        return self.stream, self.due


# ---------------------------------------------------------------- questions


def contracts(view: View) -> dict[str, Contract]:
    """The contracts of a book by their codes, in the order in which they were concluded.

    >>> from coopledger.book import C2023, MemoryJournal, adopt, found, in_turn
    >>> from coopledger.core.calendar import term
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> plan = Plan("dam", term("2026-01-01", years=3, basis="contribution"), [dam])
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2023, effective_on=day)]
    >>> steps += [conclude("dam", plan, counterparty="company", effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="dam", actor="accountant")
    >>> with journal.read() as view:
    ...     [(str(one.due), one.amount_fen, one.role) for one in expected(contracts(view)["dam"])][:1]
    [('2026-12-31', 1000000, 'investment income')]
    """
    told: dict[str, list[tuple[int, date, Facts]]] = {}
    for record in view.records(CONTRACT):
        told.setdefault(record.facts["contract"], []).append((record.seq, record.effective_on, record.facts))
    return {name: _folded(name, acts) for name, acts in told.items()}


def contract(view: View, name: str) -> Contract:
    """One contract by its code. Raises RegisterError if it was never concluded."""
    wanted = code(name)
    known = contracts(view)
    if wanted not in known:
        raise RegisterError(
            Message("contract {code}: it was not concluded; the book has {known}", code=wanted, known=[*known] or "-")
        )
    return known[wanted]


def expected(one: Contract) -> list[Expected]:
    """All that falls due by a contract, from its first day to its last, by day and in the order of its streams.

    Of each plan that which is due from its day on, to the day before the next plan's. Nothing is due after the end.
    """
    found: list[Expected] = []
    for n, version in enumerate(one.versions):
        until = one.versions[n + 1].since if n + 1 < len(one.versions) else date.max
        found += [each for each in _of_plan(version) if version.since <= each.due < until]
    last = one.ended_on or date.max
    return [each for each in found if each.due <= last]


def falls_due(view: View, one: Contract) -> dict[Key, tuple[int, int]]:
    """The instalments of a contract that are booked: by key the number of the record, and the fen.

    What was taken back is not in it.
    """
    taken_back = {record.facts[REVERSES] for record in view.records(REVERSAL)}
    return {
        (record.facts["stream"], date.fromisoformat(record.facts["due"])): (record.seq, record.facts["amount_fen"])
        for record in view.records(DUE)
        if record.facts["contract"] == one.code and record.seq not in taken_back
    }


def part_of(name: str, stream: str, due: date | None = None) -> str:
    """The part of an account in which it stands what is owed of a stream, by its due date.

    >>> part_of("hill", "土地 流转", date(2014, 12, 31))
    'hill/土地-流转/2014-12-31'
    """
    part = re.sub(r"[^\w.:-]+", "-", unicodedata.normalize("NFC", stream)).strip("-") or "-"
    return f"{name}/{part}" + (f"/{due.isoformat()}" if due else "")


# ---------------------------------------------------------------- verbs


def conclude(
    name: str,
    plan: Plan,
    *,
    counterparty: str,
    effective_on: date,
    booked_on: date | None = None,
    income: str | Mapping[str, str] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Record that a contract was concluded: under a code of its own, with whom, and what it pays by which plan.

    ``counterparty`` is the number of an enterprise in the register, or a code; no name of a person. ``income`` says
    which account is credited when an instalment falls due, by its role: one for all streams, or by stream. If it does
    not say, what comes of a contribution is investment income, everything else operating income; ``distribution`` takes
    what is to be distributed to holders as it comes.

    Raises RegisterError: the code is another contract's; the plan lists holders, is not in yuan, or nothing of it is
    received; a stream has two instalments on one day; the chart has no such account.

    >>> from coopledger.core.calendar import term
    >>> plan = Plan("dam", term("2026-01-01", years=3, basis="contribution"), [Stream("dam", amount="10,000 yuan")])
    >>> agreed = conclude("dam", plan, counterparty="0901", effective_on=date(2026, 1, 1))
    """
    name = _code(name)
    facts = {"counterparty": code(counterparty), **_plan_facts(name, plan, income), **cited(documents, resolution)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        for record in view.records(CONTRACT):
            if record.facts["contract"] == name:
                raise RegisterError(
                    Message(
                        "contract {code} was concluded in record {seq}: another code is expected, or an amendment",
                        code=name,
                        seq=record.seq,
                    )
                )
        _check_roles(view, facts["income"], booked_on or effective_on)
        return [_act(name, "conclude", facts, effective_on, booked_on)]

    return decide


def amend_contract(
    name: str,
    plan: Plan,
    *,
    effective_on: date,
    reason: str,
    booked_on: date | None = None,
    income: str | Mapping[str, str] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Amend a contract from a day on: what is due on that day or later comes from another plan; the past stays.

    The plan is a whole one, and is reckoned from its own first day: only what of it is due from ``effective_on`` on
    counts. It takes the place of amendments from later days, and of an end. ``income`` is that of the plan before for
    the streams that it had, if it does not say.

    Raises RegisterError: something that is due from that day on is booked already.
    """
    name = _code(name)
    why = _reason(reason)
    facts = {"reason": why, **_plan_facts(name, plan, income), **cited(documents, resolution)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = contract(view, name)
        _check_not_booked(view, one, effective_on)
        before = one.versions[-1].income
        kept = facts["income"] if income is not None else {**facts["income"], **_common(before, facts["income"])}
        _check_roles(view, kept, booked_on or effective_on)
        return [_act(name, "amend", {**facts, "income": kept}, effective_on, booked_on)]

    return decide


def know_figures(
    name: str,
    figures: Mapping[str, Mapping[int, object]],
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record figures that a contract depends on and that became known: ``{"rice": {2026: "1.42 yuan/jin"}}``.

    An instalment that rests on a figure which is only assumed is not booked before the figure is known. A figure may be
    told again, while nothing that rests on it is booked.

    Raises RegisterError: no plan of the contract has the series; its plan knows the figure already; it is in another
    unit; something is booked that would come to something else.
    """
    name = _code(name)
    told = {
        series: {_year(year): quantity(seen) for year, seen in mapped(by_year).items()}
        for series, by_year in mapped(figures).items()
    }
    papers = cited(documents)
    check_date(effective_on)
    if not any(told.values()):
        raise RegisterError(Message("figures: none: a series, a year and a figure are expected"))

    def decide(view: View) -> list[Entry]:
        one = contract(view, name)
        written = [series_of(plan_of(str(view.record(version.seq).facts["plan"]))) for version in one.versions]
        plain: dict[str, dict[str, str]] = {}
        for series, by_year in told.items():
            having = [found[series] for found in written if series in found]
            if not having:
                names = sorted({each for found in written for each in found})
                raise RegisterError(Message("contract {code}: {what}", code=name, what=unknown(series, names)))
            for year, figure in by_year.items():
                if figure.unit != having[0].unit:
                    raise RegisterError(unit_message(figure, having[0].unit))
                if all(year in found.known for found in having):
                    raise RegisterError(
                        Message(
                            "{series}: the plan has the figure of {year} already: an amendment changes it",
                            series=series,
                            year=year,
                        )
                    )
                plain.setdefault(series, {})[str(year)] = str(Fraction(figure.value))
        facts = {"figures": plain, **papers}
        told_so_far = [
            (record.seq, record.effective_on, record.facts)
            for record in view.records(CONTRACT)
            if record.facts["contract"] == name
        ]
        after = _folded(name, [*told_so_far, (view.head.seq + 1, effective_on, {"act": "figures", **facts})])
        booked = falls_due(view, one)
        for each in expected(after):
            seq, fen = booked.get(each.key, (0, 0))
            if seq and each.amount_fen != fen:
                raise RegisterError(
                    Message(
                        "contract {code}: {stream}, due on {due}, was booked in record {seq} and would come to "
                        "something else: take that back first",
                        code=name,
                        stream=each.stream,
                        due=each.due,
                        seq=seq,
                    )
                )
        return [_act(name, "figures", facts, effective_on, booked_on)]

    return decide


def end_contract(
    name: str,
    *,
    effective_on: date,
    reason: str,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """End a contract early, with its last day: nothing is due after it. What was due and is not paid stays owed.

    What is due of a year that is cut off is agreed in an amendment before. Raises RegisterError: something that is due
    later is booked already.
    """
    name = _code(name)
    facts = {"reason": _reason(reason), **cited(documents, resolution)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = contract(view, name)
        _check_not_booked(view, one, effective_on, included=False)
        return [_act(name, "end", facts, effective_on, booked_on)]

    return decide


# ---------------------------------------------------------------- folding


def read_act(facts: Mapping[str, Any]) -> None:
    """Read the facts of a record of the kind ``contract``; raises what is wrong with them."""
    act = facts["act"]
    if act not in ACTS:
        raise RegisterError(Message("act = {seen}: one of {known} is expected", seen=shown(act), known=[*ACTS]))
    code(facts["contract"])
    if act in ("conclude", "amend"):
        plan = plan_of(facts["plan"])
        if {one.name for one in received(plan)} != {*facts["income"]}:
            raise RegisterError(Message("income: the role of an account for each stream is expected"))
        project(plan)
    if act == "conclude":
        code(facts["counterparty"])
    if act == "figures":
        _figures(facts)


def read_due(facts: Mapping[str, Any]) -> None:
    """Read the facts of a record by which an instalment fell due; raises what is wrong with them."""
    code(facts["contract"])
    date.fromisoformat(facts["due"])
    if not isinstance(facts["stream"], str) or type(facts["amount_fen"]) is not int:
        raise RegisterError(Message("stream and amount_fen: a text and a whole number are expected"))


def _figures(facts: Mapping[str, Any]) -> dict[str, dict[int, Number]]:
    return {
        series: {int(year): Fraction(figure) for year, figure in by_year.items()}
        for series, by_year in facts["figures"].items()
    }


def _folded(name: str, acts: Iterable[tuple[int, date, Facts]]) -> Contract:
    """A contract from what its records say, in their order."""
    known: dict[str, dict[int, Number]] = {}
    texts: list[tuple[date, Facts, int]] = []
    counterparty, ended_on = "", None
    for seq, on, said in acts:
        facts: Any = said
        if facts["act"] == "conclude":
            counterparty = facts["counterparty"]
            texts = [(FIRST_DAY, facts, seq)]
        elif facts["act"] == "amend":
            texts = [*(one for one in texts if one[0] < on), (on, facts, seq)]
            ended_on = None
        elif facts["act"] == "figures":
            for series, by_year in _figures(facts).items():
                known.setdefault(series, {}).update(by_year)
        else:
            ended_on = on
    versions = [Version(since, plan_of(facts["plan"], known), facts["income"], seq) for since, facts, seq in texts]
    return Contract(name, counterparty, tuple(versions), known, ended_on)


def received(plan: Plan) -> list[Stream]:
    """The streams that the plan's own book receives; all, if it does not say whose book it is.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.plan import Plan, Stream
    >>> streams = [Stream("land", amount="10,000 yuan"), Stream("work", amount="5,000 yuan")]
    >>> [one.name for one in received(Plan("hill", term("2026-01-01", years=3, basis="lease"), streams))]
    ['land', 'work']
    """
    return [one for one in plan.streams if not plan.book or one.payee == plan.book]


def _of_plan(version: Version) -> list[Expected]:
    """All that falls due by one plan, by day and in the order of its streams."""
    plan = version.plan
    names = [one.name for one in received(plan)]
    found = []
    for projected in project(plan).streams:
        stream = projected.stream
        if stream.name not in names:
            continue
        each = len(stream.instalments)
        for n, payment in enumerate(projected.payments):
            found.append(_expected(stream, plan, payment, n % each + 1, version))
    rank = {name: n for n, name in enumerate(names)}
    return sorted(found, key=lambda one: (one.due, rank[one.stream], one.year, one.instalment))


def _expected(stream: Stream, plan: Plan, payment: Payment, instalment: int, version: Version) -> Expected:
    return Expected(
        stream.name,
        payment.year,
        instalment,
        payment.start,
        payment.end,
        payment.due,
        payment.amount,
        payment.quantity,
        payment.assumptions,
        void_as_lease(stream, plan.term, payment),
        version.income[stream.name],
        version.seq,
    )


# ---------------------------------------------------------------- checks


def _code(name: str) -> str:
    """The code of a contract: of one part, for it stands before others in the codes of accounts."""
    found = code(name)
    if "/" in found:
        raise RegisterError(Message("{code}: a code without '/' is expected", code=printable(found)))
    return found


def _reason(seen: str) -> str:
    if not isinstance(seen, str) or not seen.strip():
        raise RegisterError(Message("reason: {seen}: a text is expected", seen=printable(str(seen)) or "-"))
    return seen


def _year(seen: object) -> int:
    if type(seen) is not int or not 1 <= seen <= 9999:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(seen)))
    return seen


def _plan_facts(name: str, plan: Plan, income: str | Mapping[str, str] | None) -> dict[str, Any]:
    """A plan as facts, with the role of the account for each stream. Raises RegisterError if it cannot be kept."""
    text = plan_text(plan)
    if plan.currency.code != MONEY:
        raise RegisterError(
            Message("the plan is in {seen}: a book is kept in {money}", seen=plan.currency.code, money=MONEY)
        )
    streams = received(plan)
    if not streams:
        raise RegisterError(
            Message(
                "no stream of the plan is paid to {book}, whose book it is: nothing of it would fall due",
                book=plan.book,
            )
        )
    chosen = {one.name: _BY_BASIS.get(one.basis or plan.term.basis or "", _OTHERWISE) for one in streams}
    if isinstance(income, str):
        chosen = dict.fromkeys(chosen, income)
    elif income is not None:
        for stream, role in mapped(income).items():
            if not isinstance(stream, str) or stream not in chosen:
                raise RegisterError(Message("income: {what}", what=unknown(str(stream), [*chosen])))
            if not isinstance(role, str):
                raise RegisterError(Message("income: {seen}: the role of an account is expected", seen=shown(role)))
            chosen[stream] = role
    _check_instalments(name, Version(FIRST_DAY, plan, chosen, 0))
    return {"plan": text, "income": chosen}


def _check_instalments(name: str, version: Version) -> None:
    """Raise RegisterError if two instalments could not be told apart, or a day or a stream cannot stand in a book."""
    parts: dict[str, str] = {}
    for stream in version.income:
        other = parts.setdefault(code(part_of(name, stream, LAST_DAY)), stream)
        if other != stream:
            raise RegisterError(
                Message("streams {one} and {other} would have one account: name them apart", one=other, other=stream)
            )
    seen: set[Key] = set()
    for each in _of_plan(version):
        if each.key in seen:
            raise RegisterError(
                Message(
                    "stream {stream} has two instalments that are due on {due}: one on a day is expected",
                    stream=each.stream,
                    due=each.due,
                )
            )
        if not FIRST_DAY <= each.due <= LAST_DAY:
            raise RegisterError(
                Message(
                    "stream {stream} is due on {due}: a day from {first} to {last} is expected",
                    stream=each.stream,
                    due=each.due,
                    first=FIRST_DAY,
                    last=LAST_DAY,
                )
            )
        seen.add(each.key)


def _check_roles(view: View, income: Mapping[str, str], on: date) -> None:
    """Raise RegisterError for a role that is no account for income, or that the chart has not."""
    known = charts(view)
    chart = known.in_force(on)
    for role in ("receivable", "payable"):
        chart.account(role)
    for stream, role in income.items():
        if known.kind(chart.account(role)) not in {"income", "equity", "liability"}:
            raise RegisterError(
                Message("stream {stream}: {role} is no account that income is credited to", stream=stream, role=role)
            )


def _check_not_booked(view: View, one: Contract, on: date, *, included: bool = True) -> None:
    """Raise RegisterError if something that is due from a day on (or after it) is booked already."""
    for (stream, due), (seq, _) in sorted(falls_due(view, one).items(), key=lambda each: each[0][1]):
        if due > on or (included and due == on):
            raise RegisterError(
                Message(
                    "contract {code}: {stream}, due on {due}, is booked already in record {seq}: take that back first, "
                    "or say a later day",
                    code=one.code,
                    stream=stream,
                    due=due,
                    seq=seq,
                )
            )


def _common(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    return {stream: role for stream, role in before.items() if stream in now}


def _act(name: str, act: Act, facts: Mapping[str, Any], on: date, booked_on: date | None) -> Entry:
    return Entry(CONTRACT, on, booked_on or on, {"contract": name, "act": act, **facts})
