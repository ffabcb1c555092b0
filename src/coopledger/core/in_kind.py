"""Dividends in kind: what is owed of a run is settled in whole units of something, goods at a price or shares at par.

What does not make a whole unit stays owed, and is paid in money, or with a later run.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from coopledger.core.ahead import in_turn
from coopledger.core.balances import printed
from coopledger.core.booked_order import check_booked_order
from coopledger.core.chart import MONEY, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import LARGEST_QUANTITY, Decision, Entry, View, check_date, code, is_under, shown
from coopledger.core.movement import check_issued, issuance
from coopledger.core.payout import check_owing, check_released, named_holders, to_settle
from coopledger.core.register import register
from coopledger.core.rules import check_not_controlled
from coopledger.core.run import IN_KIND, Run, holder_paid
from coopledger.core.settlement import (
    CURRENT,
    Withheld,
    by_holder,
    check_there,
    first_of,
    gross,
    left_behind,
    settling,
    withheld,
)
from coopledger.core.share_class import check_opened_account
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


def pay_in_kind(
    name: str,
    *,
    goods: str,
    unit: str,
    price_fen: int,
    against: str,
    holders: Iterable[str] | Mapping[str, int | None] | None = None,
    effective_on: date,
    booked_on: date | None = None,
    released: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Pay what is owed of a run in ``goods`` (实物分红) at ``price_fen`` for each whole ``unit`` of them.

    To everybody, or to some, as many units as what is owed to each buys after tax; or to some the units that are said,
    ``{number: units}``, where None is as many as it buys. Dr surplus payable Cr ``against``, the account in which the
    goods stand, such as ``c2021:121`` (产品物资). The tax is withheld of what is owed beside the goods: of the value of
    goods tax is due as well (个人所得税法实施条例 8). Who waits is not given anything, as by
    :func:`~coopledger.core.payout.pay`.

    It is taken back by :func:`~coopledger.core.reversal.take_back`: the goods came back, and it is owed again.

    Raises RegisterError: the run is not declared by then, somebody is owed less than his units cost, the account has
    not so much.

    >>> rice = pay_in_kind("2026", goods="rice", unit="jin", price_fen=2_50, against="c2021:121", holders={"0042": 40},
    ...     effective_on=date(2027, 2, 10))
    """
    named = named_holders(name, holders)
    for field, seen in (("goods", goods), ("unit", unit)):
        if not isinstance(seen, str) or not seen.strip():
            raise RegisterError(Message("{name}: {seen}: a text is expected", name=field, seen=shown(seen)))
    if type(price_fen) is not int or not 1 <= price_fen < LARGEST_QUANTITY:
        raise RegisterError(
            Message("price_fen: {seen}: a whole number (int) of fen, 1 or more, is expected", seen=shown(price_fen))
        )
    against = code(against)
    check_date(effective_on)
    check_released(released)
    facts = {
        "goods": goods,
        "unit": unit,
        "price_fen": price_fen,
        **({"reason": released} if released else {}),
        **cited(documents, resolution),
    }

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        one, places = to_settle(view, name, _all_of(named), effective_on, booked, released=released)
        check_owing(view, one, map(holder_paid, places), effective_on, released)
        check_opened_account(known, against, booked)
        money = [chart.account(role) for _, chart in known.adopted for role in _MONEY if role in chart.roles]
        if known.kind(against) != "asset" or any(is_under(against, above) for above in money):
            raise RegisterError(
                Message("{account}: the account in which the goods stand is expected", account=printable(against))
            )
        check_not_controlled(view, against)
        tax = withheld(view, known, one)
        due = by_holder(places)
        units = _bought(one, tax, due, named, price_fen)
        leaves = _leaves(tax, due, units, price_fen)
        postings = settling(tax, known.in_force(booked), one, leaves, lambda _: against)
        check_booked_order(view, postings, booked)
        check_there(view, one, postings, against, effective_on)
        return [Entry(IN_KIND, effective_on, booked, {"run": one.code, **facts, "quantities": units}, postings)]

    return in_turn(left_behind, decide)


_MONEY = ("bank", "cash", CURRENT)
"""The roles of accounts in which no goods stand."""


def reinvest(
    name: str,
    cls: str,
    *,
    holders: Iterable[str] | Mapping[str, int | None] | None = None,
    effective_on: date,
    booked_on: date | None = None,
    released: str | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Reinvest what is owed of a run in whole shares of a class of capital, at par (分红转股金).

    Everybody, or some, as many shares as what is owed to each buys after tax; or some the whole shares that are said,
    ``{number: shares}``, where None is as many as it buys. One record issues the shares and settles the dividend: Dr
    surplus payable Cr share capital. The rules of the class and of the register hold as for any issue. Who waits is
    left out, as by :func:`~coopledger.core.payout.pay`. It is taken back by
    :func:`~coopledger.core.reversal.take_back`.

    Raises RegisterError: the run is not declared by then, the class is none of capital, somebody is owed less than
    his shares cost, may not hold the class or not so much of it.

    >>> shares = reinvest("2026", "cash", holders=["0042"], effective_on=date(2027, 2, 10))
    """
    named, cls = named_holders(name, holders), code(cls)
    check_date(effective_on)
    check_released(released)
    papers: dict[str, Any] = {**({"released": released} if released else {}), **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        one, places = to_settle(view, name, _all_of(named), effective_on, booked, released=released)
        check_owing(view, one, map(holder_paid, places), effective_on, released)
        now = register(view, effective_on)
        into = now.share_class(cls)
        if into.capital is None or not into.par_fen:
            raise RegisterError(Message("{cls} is no class of capital: nothing can be reinvested in it", cls=into.code))
        tax = withheld(view, known, one)
        due = by_holder(places)
        shares = _bought(one, tax, due, named, into.par_fen)
        issued = issuance(
            view,
            now,
            cls,
            {number: count * into.unit for number, count in shares.items()},
            effective_on=effective_on,
            booked_on=booked,
            reason="reinvestment",
            against=next(iter(places)),
            papers={"run": one.code, **papers},
        )
        capital = next(leg.source for leg in issued.postings if leg.denomination == MONEY)
        leaves = _leaves(tax, due, shares, into.par_fen)
        postings = [
            *(leg for leg in issued.postings if leg.denomination == cls),
            *settling(tax, known.in_force(booked), one, leaves, lambda _: capital),
        ]
        check_booked_order(view, postings, booked)
        entry = Entry(issued.kind, effective_on, booked, issued.facts, postings)
        check_issued(view, now, [entry], None)
        return [entry]

    return in_turn(left_behind, decide)


def _leaves(
    tax: Withheld, due: Mapping[str, Mapping[str, int]], units: Mapping[str, int], price_fen: int
) -> dict[str, int]:
    """What leaves the run for the units that each gets, by the account it is owed in."""
    found: dict[str, int] = {}
    for number, count in units.items():
        own = due[number]
        found |= first_of(own, gross(tax, number, sum(own.values()), count * price_fen))
    return found


def _all_of(named: Mapping[str, int | None] | None) -> dict[str, int | None] | None:
    """Who is named, for all that is owed to him: units are no fen."""
    return None if named is None else dict.fromkeys(named)


def _bought(
    one: Run,
    tax: Withheld,
    due: Mapping[str, Mapping[str, int]],
    named: Mapping[str, int | None] | None,
    price_fen: int,
) -> dict[str, int]:
    """How many whole units each gets, by number. Raises RegisterError for more than what is owed to him buys."""
    found: dict[str, int] = {}
    for number, own in due.items():
        fen = sum(own.values())
        net = fen - tax(number, fen)
        most = net // price_fen
        wanted = None if named is None else named[number]
        units = most if wanted is None else wanted
        if named is not None and (type(units) is not int or not 0 < units <= most):
            raise RegisterError(
                Message(
                    "run {run}: {net} yuan are owed to {number} after tax: {units} units at {price} cannot be had",
                    run=one.code,
                    net=printed(net, 2),
                    number=number,
                    units=shown(wanted if wanted is not None else 1),
                    price=printed(price_fen, 2),
                )
            )
        if units:
            found[number] = units
    if not found:
        raise RegisterError(
            Message("run {run}: nobody is owed {price} yuan, a whole unit", run=one.code, price=printed(price_fen, 2))
        )
    return found
