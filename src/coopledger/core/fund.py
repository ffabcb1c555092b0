"""Funds: what the state or a donor gave, what became of it, and who it was quantified to.

A subsidy is owed for its purpose until it is spent; spent on an asset it is a special fund, never share capital. Who
has a part in it is a memo in the members' accounts. Memo units run beside the money: what was spent becomes
*quantifiable*, quantifying passes it on to members, and neither can exceed the other. So the control totals can be
audited on any day.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.balances import changes, lowest, printed
from coopledger.core.chart import (
    DONATION,
    MEMBER,
    MEMO,
    MONEY,
    RESERVE,
    SUBSIDY,
    UNQUANTIFIED,
    Chart,
    charts,
)
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import shares_for
from coopledger.core.conversion import not_yet, standing_carried
from coopledger.core.journal import Decision, Entry, Posting, View, check_fen, is_under, root, shown
from coopledger.core.movement import allot
from coopledger.core.passing import has_died
from coopledger.core.people import by_number, number_of
from coopledger.core.register import Register, register
from coopledger.core.rules import POOLED, check_money_there, check_not_controlled, check_stays
from coopledger.core.share_class import class_on
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message, printable

FUND = "fiscal-fund"
"""The kind of records about money that the state gave, received or spent; the fact ``fund`` has its code."""

DONATED = "donation"
"""The kind of records about what a donor gave; the fact ``fund`` has its code."""

QUANTIFICATION = "quantification"
"""The kind of records that quantify a fund or the reserve to members."""

CONTROLS = ((SUBSIDY, "subsidy fund"), (DONATION, "donation fund"), (RESERVE, "reserve"))
"""The memo units that are controlled, each by the account of a role."""


class Control(NamedTuple):
    """A control total on a day, in fen: what the account has, what members have of it, what waits to be quantified."""

    unit: str
    account: str
    account_fen: int
    quantified_fen: int
    waiting_fen: int

    @property
    def difference_fen(self) -> int:
        """What does not agree: 0."""
        return self.account_fen - self.quantified_fen - self.waiting_fen


# ---------------------------------------------------------------- verbs


def receive_fund(
    fund: str,
    amount_fen: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    source: str,
    purpose: str,
    rule: str,
    into: str = "bank",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Receive a fiscal fund: Dr bank Cr special payables, under the fund's code (财会〔2021〕37号, 使用说明 235).

    ``source`` is the document that granted it, ``purpose`` what it is for, ``rule`` to whom and in what parts it will
    be quantified. Raises RegisterError if one of them is missing.

    >>> grant = receive_fund("F26", 300_000_00, effective_on=date(2026, 1, 1), source="grant 1", purpose="greenhouse",
    ...     rule="equally to all members")
    """
    fund = _checked(fund, amount_fen, {"source": source, "purpose": purpose, "rule": rule})
    facts = {"source": source, "purpose": purpose, "rule": rule, "reason": purpose, **cited(documents, resolution)}

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked_on or effective_on)
        postings = [
            Posting(MONEY, chart.account("special payable", fund), _uncontrolled(view, chart, into), amount_fen)
        ]
        yield _entry(FUND, fund, "received", facts, postings, effective_on, booked_on)

    return decide


def spend_fund(
    fund: str,
    amount_fen: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    on: str | None,
    reason: str,
    paid_from: str = "bank",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Spend a fiscal fund, on an asset (``on`` its role, ``fixed asset``) or, with None, on training and the like.

    On an asset: Dr asset Cr bank, and Dr special payables Cr special fund: it is no share capital, and may now be
    quantified. On services: Dr special payables Cr bank (财会〔2021〕37号, 使用说明 235, 311).

    Raises RegisterError if less than that is left of the fund, on the day or any later one, and if what it is spent on,
    or what pays (``paid_from``, its role), is no asset.

    >>> built = spend_fund("F26", 300_000_00, effective_on=date(2026, 5, 1), on="fixed asset", reason="greenhouse")
    """
    fund = _checked(fund, amount_fen, {"reason": reason})
    facts = {"reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked_on or effective_on)
        owed = chart.account("special payable", fund)
        left = standing_carried(view, owed, effective_on, -1)
        if left < amount_fen:
            raise RegisterError(
                Message(
                    "fund {fund}: {left} yuan are left from {day} on, {amount} are to be spent{hint}",
                    fund=fund,
                    left=printed(left, 2),
                    day=effective_on,
                    amount=printed(amount_fen, 2),
                    hint=not_yet(charts(view), owed, effective_on),
                )
            )
        paid = _asset(view, chart, paid_from, "paid_from")
        if on is None:
            postings = [Posting(MONEY, paid, owed, amount_fen)]
        else:
            postings = [
                Posting(MONEY, paid, _asset(view, chart, on, "on"), amount_fen),
                Posting(MONEY, chart.account("subsidy fund", fund), owed, amount_fen),
                Posting(SUBSIDY, MEMO, f"{UNQUANTIFIED}/{fund}", amount_fen),
            ]
        check_money_there(view, postings, effective_on)
        yield _entry(FUND, fund, "spent", facts, postings, effective_on, booked_on)

    return decide


def receive_donation(
    fund: str,
    amount_fen: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    into: str = "bank",
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Receive a donation, in money or as an asset (``into`` its role): Dr bank Cr special fund (使用说明 311).

    >>> gift = receive_donation("seeds", 500_00, effective_on=date(2026, 3, 1), reason="a donor's seeds")
    """
    fund = _checked(fund, amount_fen, {"reason": reason})
    facts = {"reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked_on or effective_on)
        postings = [
            Posting(MONEY, chart.account("donation fund", fund), _uncontrolled(view, chart, into), amount_fen),
            Posting(DONATION, MEMO, f"{UNQUANTIFIED}/{fund}", amount_fen),
        ]
        yield _entry(DONATED, fund, "donated", facts, postings, effective_on, booked_on)

    return decide


def quantify(
    unit: str,
    parts: Mapping[str, int],
    *,
    fund: str = "",
    amount_fen: int | None = None,
    effective_on: date,
    booked_on: date | None = None,
    rule: str,
    share_class: str | None = None,
    price_fen: int | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Quantify a fund, a donation or the reserve to members, as a memo in their accounts, in fen.

    ``parts`` has a weight for each holder; all 1 quantifies equally, as the law wants for subsidies and donations
    (农民专业合作社法 44). The fen go by largest remainder. Without ``amount_fen`` all that waits is quantified, on the
    day and any later one; of the reserve, what its account has beyond what members have already. ``rule`` says to whom
    and in what parts.

    With a ``share_class``, which is no capital, shares are issued as well: the amount at ``price_fen`` a share, which
    must give whole shares; these go by largest remainder, and the memo follows the shares. A pooled class takes all of
    them into its pool, ``parts`` is empty, and whoever is eligible on a day has an equal part.

    >>> equally = quantify(SUBSIDY, {"0042": 1, "0043": 1}, fund="F26", effective_on=date(2026, 6, 1), rule="equally")

    Raises RegisterError: nothing to quantify, more than waits, nobody to quantify to, somebody who is not in the
    register or has left, a price that gives no whole number of shares, no rule.
    """
    if unit not in (one for one, _ in CONTROLS):
        raise RegisterError(
            Message(
                "{seen}: one of {accepted} is accepted",
                seen=printable(repr(unit)),
                accepted=[one for one, _ in CONTROLS],
            )
        )
    check_fen("amount_fen", amount_fen)
    if not isinstance(rule, str) or not rule.strip():
        raise RegisterError(
            Message("rule: {seen}: to whom and in what parts it is quantified is expected", seen=shown(rule)),
            about=["rule"],
        )
    weighted = by_number(parts)
    numbers = sorted(weighted, key=natural_key)
    fund = number_of(fund) if fund else fund
    cites = cited(documents, resolution)

    def decide(view: View) -> Iterator[Entry]:
        _check_known(view, numbers, effective_on)
        waiting = _waiting(view, unit, fund, effective_on)
        amount = waiting if amount_fen is None else amount_fen
        if not 0 < amount <= waiting:
            raise RegisterError(
                Message(
                    "{amount} yuan to quantify, of {waiting} that wait: an amount above 0, and no more, is expected",
                    amount=printed(amount, 2),
                    waiting=printed(waiting, 2),
                )
            )
        facts: dict[str, Any] = {"unit": unit, "fund": fund, "rule": rule, "reason": rule}
        weights = [weighted[one] for one in numbers]
        targets = [f"{MEMBER}/{one}" for one in numbers]
        shares: tuple[Posting, ...] = ()
        if share_class is not None:
            cls = class_on(view, share_class, effective_on)
            units = shares_for(amount, price_fen or 0, cls)
            if cls.pooled:
                weights, targets = [1], [f"{MEMBER}/{POOLED}/{cls.code}"]
                given = {POOLED: units}
            else:
                weights = largest_remainder(units, weights)  # from here on the memo follows the shares
                given = {number: part for number, part in zip(numbers, weights, strict=True) if part}
            [issued] = allot(cls.code, given, effective_on=effective_on, reason="quantification")(view)
            shares = issued.postings
            facts |= {"class": cls.code, "price_fen": price_fen}
        source = f"{UNQUANTIFIED}/{fund}" if fund else MEMO
        memo = [
            Posting(unit, source, target, part)
            for target, part in zip(targets, largest_remainder(amount, weights), strict=True)
            if part
        ]
        yield Entry(QUANTIFICATION, effective_on, booked_on or effective_on, {**facts, **cites}, [*shares, *memo])

    return decide


def requantify(
    leaver: str,
    parts: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Spread what was quantified to a leaver of subsidies and donations over those who stay, by weights.

    It is never refunded (Chongqing 14, Shandong 22). The reserve that was quantified to him is (农民专业合作社法 28):
    :func:`~coopledger.core.withdrawal.refund_reserve`. Raises RegisterError if he has nothing of them, or somebody is
    named who does not stay.

    >>> spread = requantify("0042", {"0041": 1, "0051": 1}, effective_on=date(2027, 1, 1))
    """
    weighted = by_number(parts)
    numbers = sorted(weighted, key=natural_key)
    leaver = number_of(leaver)
    cites = cited(documents, resolution)

    def decide(view: View) -> Iterator[Entry]:
        _check_known(view, numbers, effective_on)
        if leaver in weighted:
            raise RegisterError(Message("{number} leaves: name those who stay", number=leaver))
        postings = []
        account = f"{MEMBER}/{leaver}"
        for unit in (SUBSIDY, DONATION):
            held = lowest(changes(view, unit, account), effective_on)
            if held > 0:
                fen = largest_remainder(held, [weighted[one] for one in numbers])
                postings += [
                    Posting(unit, account, f"{MEMBER}/{number}", part)
                    for number, part in zip(numbers, fen, strict=True)
                    if part
                ]
        if not postings:
            raise RegisterError(
                Message("nothing was quantified to {number} by {day}", number=printable(leaver), day=effective_on)
            )
        facts = {"from": leaver, "reason": "leaving", **cites}
        yield Entry(QUANTIFICATION, effective_on, booked_on or effective_on, facts, postings)

    return decide


# ---------------------------------------------------------------- questions


def controls(view: View, on: date | None = None) -> list[Control]:
    """The control totals on a day, for each unit that is in use: quantified and waiting equal their account.

    Of the reserve everything waits that is not quantified. The accounts of all charts count, for a conversion only
    moves their balance.

    >>> from coopledger.book import C2021, MemoryJournal, adopt, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021, effective_on=day)]
    >>> steps += [receive_donation("seeds", 500_00, effective_on=day, reason="a donor's seeds")]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.account, one.account_fen, one.waiting_fen) for one in controls(view)]
    [('c2021:311/donation', 50000, 50000)]
    """
    found = []
    for unit, role in CONTROLS:
        accounts = _accounts(view, role)
        fen = -sum(sum(view.balances(MONEY, account, on).values()) for account in accounts)
        quantified = sum(view.balances(unit, MEMBER, on).values())
        waiting = sum(view.balances(unit, UNQUANTIFIED, on).values())
        if unit == RESERVE:
            waiting = max(fen - quantified, 0)
        if quantified or (unit != RESERVE and (waiting or fen)):
            found.append(Control(unit, ", ".join(accounts), fen, quantified, waiting))
    return found


def check_controls(view: View, on: date | None = None) -> list[Problem]:
    """A problem for each control total that does not agree (农民专业合作社法 43, 44: what the member accounts say).

    Where a total agrees, one for each fund of which more, or less, may be quantified or was than its account has: two
    that are wrong in opposite ways.
    """
    totals = [
        Problem(
            one.unit,
            Message(
                "{account} has {fen} yuan, members {quantified} and {waiting} wait to be quantified: {difference} yuan "
                "too many",
                account=one.account,
                fen=printed(one.account_fen, 2),
                quantified=printed(one.quantified_fen, 2),
                waiting=printed(one.waiting_fen, 2),
                difference=printed(one.difference_fen, 2),
            ),
        )
        for one in controls(view, on)
        if one.difference_fen
    ]
    funds = [
        Problem(
            unit,
            Message(
                "fund {fund} has {fen} yuan in its account, {seen} yuan were noted to be quantified",
                fund=fund,
                fen=printed(fen, 2),
                seen=printed(noted, 2),
            ),
        )
        for unit, role in ((SUBSIDY, "subsidy fund"), (DONATION, "donation fund"))
        for fund, (fen, noted) in sorted(_by_fund(view, unit, role, on).items())
        if fund and fen != noted and unit not in {one.where for one in totals}
    ]
    return [*totals, *funds]


def check_leavers(view: View) -> list[Problem]:
    """A problem for each unit of subsidies or donations that is still quantified to somebody who has left.

    It is never refunded, and belongs to those who stay (Chongqing 14, Shandong 22); a meeting may spread it after the
    leaving, so that is not refused. The reserve that was quantified to him is his, and is paid when the year is closed.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_leavers(view)
    []
    """
    held = [
        (place.partition("/")[2], unit, fen)
        for unit in (SUBSIDY, DONATION)
        for (_, place), fen in view.balances(unit, MEMBER).items()
        if fen > 0
    ]
    now = register(view) if held else None
    return [
        Problem(
            f"member {number}",
            Message(
                "has left, and {fen} yuan of {unit} that were quantified to {number} are not spread over those who "
                "stay: do that (requantify, 'book fund requantify')",
                fen=printed(fen, 2),
                unit=_NEVER_REFUNDED[unit],
                number=number,
            ),
        )
        for number, unit, fen in held
        if now is not None and _has_left(now, number)
    ]


_NEVER_REFUNDED = {SUBSIDY: Message("fiscal subsidies"), DONATION: Message("donations")}


def _has_left(now: Register, number: str) -> bool:
    """Whether a member has left, or the last people of a household have, and none of them by death."""
    if number in now.households:
        return not now.households[number].members and not has_died(now.people, number, None)
    return number in now.members and now.members[number].standing == "left"


def _by_fund(view: View, unit: str, role: str, on: date | None) -> dict[str, tuple[int, int]]:
    """What each fund has in its part of the account, and what was ever noted to be quantified of it, in fen."""
    found: dict[str, tuple[int, int]] = {}
    for account in _accounts(view, role):
        for (_, place), fen in view.balances(MONEY, account, on).items():
            stands, noted = found.get(fund := place[len(account) + 1 :], (0, 0))
            found[fund] = (stands - fen, noted)
    for one in view.movements(UNQUANTIFIED, unit, until=on):
        posting = one.posting
        for place, other, sign in ((posting.target, posting.source, 1), (posting.source, posting.target, -1)):
            if is_under(place, UNQUANTIFIED) and not is_under(other, MEMBER):
                stands, noted = found.get(fund := place[len(UNQUANTIFIED) + 1 :], (0, 0))
                found[fund] = (stands, noted + sign * posting.quantity)
    return found


def _check_known(view: View, numbers: Iterable[str], on: date) -> None:
    now = register(view, on)
    if strangers := [one for one in numbers if not stays(now, one, on)]:
        raise RegisterError(
            Message(
                "nothing is quantified to {number}: not in the register from {day} on",
                number=printable(strangers[0]),
                day=on,
            )
        )


def stays(now: Register, number: str, on: date, *, estate: bool = False) -> bool:
    """Whether somebody is there to have a part of something, on a day and for good; an estate, if it may be one."""
    try:
        check_stays(now, number, on, estate=estate)
    except RegisterError:
        return False
    return True


def _accounts(view: View, role: str) -> list[str]:
    """The accounts of a role in all charts of a book."""
    return sorted({chart.account(role) for _, chart in charts(view).adopted if role in chart.roles})


def _waiting(view: View, unit: str, fund: str, on: date) -> int:
    """What may still be quantified from a day on."""
    if fund:
        return lowest(changes(view, unit, f"{UNQUANTIFIED}/{fund}"), on)
    if unit != RESERVE:
        return 0
    moved = [*changes(view, unit, MEMBER, parts=True)]
    for account in _accounts(view, "reserve"):
        moved += changes(view, MONEY, account, parts=True)
    return lowest(((day, -fen) for day, fen in moved), on)


def _uncontrolled(view: View, chart: Chart, role: str) -> str:
    """The account of a role for the other side of what a fund gets or gives. Refuses a controlled one."""
    account = chart.account(role)
    check_not_controlled(view, account)
    return account


def _asset(view: View, chart: Chart, role: str, name: str) -> str:
    """The account of a role that a fund is spent on or paid from. Refuses what is no asset."""
    account = chart.account(role)
    found = chart.accounts[root(account).removeprefix(f"{chart.code}:")]
    if found.kind != "asset" or (name == "paid_from" and role not in {"bank", "cash"}):
        raise RegisterError(
            Message(
                "{name}: {role} is {account}, {words}: {accepted} is expected",
                name=name,
                role=role,
                account=account,
                words=found.name,
                accepted=Message("bank or cash") if name == "paid_from" else Message("an asset, such as fixed asset,"),
            ),
            about=["paid_from"] if name == "paid_from" else [],
        )
    return _uncontrolled(view, chart, role)


def _checked(fund: str, amount_fen: int, said: Mapping[str, str]) -> str:
    """A fund's code in its normal form, if it and what was said of the fund can be meant."""
    fund = number_of(fund)
    if "/" in fund or type(amount_fen) is not int or amount_fen < 1:
        raise RegisterError(
            Message(
                "fund {fund}, {amount} fen: a code without '/' and a whole number above 0 are expected",
                fund=printable(fund),
                amount=repr(amount_fen),
            )
        )
    if missing := [name for name, words in said.items() if not isinstance(words, str) or not words.strip()]:
        raise RegisterError(Message("fund {fund}: {name} is missing", fund=fund, name=missing[0]))
    return fund


def _entry(  # noqa: PLR0917 - what three verbs were told
    kind: str,
    fund: str,
    step: str,
    facts: Mapping[str, Any],
    postings: list[Posting],
    effective_on: date,
    booked_on: date | None,
) -> Entry:
    said = {"fund": fund, "step": step, **facts}
    return Entry(kind, effective_on, booked_on or effective_on, said, postings)
