"""Contributions: what a member brought in, what it was valued at, and the shares it gave.

A right (to land, to a forest, to use a reservoir) is valued by somebody, adopted by a meeting, and lasts for a term;
money is what it is. A contribution becomes one record: the shares of :func:`~coopledger.core.movement.issue`, the
money of its voucher, and mu of land as a memo unit. Under its number it has parts of its own in the accounts
(``c2021:161/G17``), so that its book value is a balance.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.ahead import Ahead
from coopledger.core.balances import printed
from coopledger.core.calendar import BASES, LEASE_LIMIT, Basis, term
from coopledger.core.chart import LAND, MEMO, MONEY, charts
from coopledger.core.charter import MU
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.instalment import EVERY, PARTS, Every, Part
from coopledger.core.journal import TRANSIT, Decision, Entry, Posting, View, code
from coopledger.core.movement import issuance
from coopledger.core.quantity import Number, decimal
from coopledger.core.register import register
from coopledger.core.share_class import ShareClass, value_fen
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

CONTRIBUTION = "contribution"
"""The fact, in the record that issued the shares, that says what was brought in."""

ENDED = "ended"
"""The fact, in the record that redeemed the shares, that says which contribution ended."""

INVESTMENT = "investment"
"""The kind of records by which the book's own assets go into another's base."""

RightKind = Literal["land right", "forest right", "infrastructure use right"]
MoneyKind = Literal["cash", "fiscal fund", "crowd funding"]
ValuedBy = Literal["members", "third party", "agreed price", "documents"]
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "right": get_args(RightKind),
    "basis": BASES,
    "every": EVERY,
    "part": PARTS,
    "money": get_args(MoneyKind),
    "into": ("bank", "cash"),
    "valued_by": get_args(ValuedBy),
}


class Right(NamedTuple):
    """A right that is brought in for a term, ``starts_on`` to ``ends_on``, both included.

    - ``right_ends_on``: the last day of the right itself (of the contract, of the forest certificate);
    - ``basis``: how the contributor has it; a lease is bound to twenty years, contracted land is not;
    - ``area_mu``: exact, in hundredths of a mu; ``parcels`` by their numbers; ``contract``: the certificate's number;
    - ``built_by``, ``built_with``: for infrastructure, who built it and with which money;
    - ``every``, ``part``: amortised monthly or yearly, first and last period by whole months or by days.
    """

    kind: RightKind
    starts_on: date
    ends_on: date
    right_ends_on: date
    basis: Basis = "contracted land"
    area_mu: Number | None = None
    parcels: tuple[str, ...] = ()
    contract: str = ""
    built_by: str = ""
    built_with: str = ""
    every: Every = "month"
    part: Part = "months"


class Money(NamedTuple):
    """Money that is brought in, in fen, into the bank or in cash.

    A fiscal fund that a village turns from spending into shares names its ``source`` (the document that granted it)
    and its ``rule``: to whom and in what parts it is quantified. Crowd funding names its campaign as its source.
    """

    amount_fen: int
    kind: MoneyKind = "cash"
    into: Literal["bank", "cash"] = "bank"
    source: str = ""
    rule: str = ""


class Valuation(NamedTuple):
    """What a right was valued at, in fen: by whom, on which day, and the price of a mu if that was the measure."""

    amount_fen: int
    valued_by: ValuedBy
    on: date
    appraiser: str = ""
    per_mu_fen: int | None = None


class Contribution(NamedTuple):
    """What somebody brings in for shares of a class.

    A right with a valuation, and money, give shares at ``price_fen`` a share. A right without a valuation (mu for
    shares, nothing valued) gives the ``shares`` that are named, in the smallest unit, and no voucher.
    """

    number: str
    holder: str
    share_class: str
    brought: Right | Money
    valuation: Valuation | None = None
    price_fen: int | None = None
    shares: int | None = None

    @property
    def amount_fen(self) -> int:
        """What it is valued at; 0 if it is not."""
        if isinstance(self.brought, Money):
            return self.brought.amount_fen
        return self.valuation.amount_fen if self.valuation else 0


class Standing(NamedTuple):
    """A contribution in a book: the record it stands in, its day, the shares it gave, and when it ended, if it did."""

    contribution: Contribution
    seq: int
    since: date
    shares: int
    ended_on: date | None = None


# ---------------------------------------------------------------- verbs


def contribute(
    *contributions: Contribution,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Bring in contributions for shares: one record each, all or none, with the papers that they share.

    Land, forest and use rights: Dr intangible assets Cr share capital at par; money: Dr bank or cash Cr share capital;
    what the value is more or less than par goes to the capital surplus (财会〔2021〕37号 40, 使用说明 161, 301, 321).

    Raises RegisterError, besides what :func:`~coopledger.core.movement.issue` refuses: a price that gives no whole
    number of shares; a term beyond the right's (承包法 38); a lease beyond twenty years (民法典 705); a valuation by
    members or a third party that no meeting adopted (财会〔2021〕37号 30); a price of a mu that does not give the
    amount; money for less than par; a number that is taken.

    >>> land = Right("land right", date(2026, 1, 1), date(2035, 12, 31), date(2047, 12, 31), area_mu=2,
    ...     parcels=("1-07",), contract="0001")
    >>> brought = Contribution("G1", "17", "land", land, Valuation(8_000_00, "agreed price", date(2026, 1, 1)),
    ...     price_fen=100_00)
    >>> decision = contribute(brought, effective_on=date(2026, 1, 1))
    """
    papers = cited(documents, resolution)
    booked = booked_on or effective_on

    def decide(view: View) -> list[Entry]:
        taken = set(contributions_of(view))
        chart = charts(view).in_force(booked)
        now = register(view, effective_on)
        entries: list[Entry] = []
        for one in contributions:
            check_contribution(one, resolution)
            if one.number in taken:
                raise RegisterError(Message("contribution {number}: the number is taken", number=one.number))
            taken.add(one.number)
            cls = now.share_class(one.share_class)
            shares = _shares(one, cls)
            role, part = (one.brought.into, None) if isinstance(one.brought, Money) else ("right", one.number)
            ahead = Ahead(view, entries) if cls.cap else view  # a cap counts what one holder brings in all together
            entry = issuance(
                ahead,
                now,
                cls.code,
                {one.holder: shares},
                effective_on=effective_on,
                booked_on=booked,
                reason="contribution",
                against=chart.account(role, part) if one.amount_fen else None,
                amount_fen=one.amount_fen or None,
                premium=chart.account("capital surplus"),
                papers=papers,
            )
            facts = {**entry.facts, CONTRIBUTION: _facts(one, shares)}
            entries.append(Entry(entry.kind, effective_on, booked, facts, [*entry.postings, *_land(one)]))
        return entries

    return decide


def invest(
    into: str,
    amount_fen: int,
    given: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Give assets of the book's own into another's base, at an agreed value: Dr investment Cr the assets.

    ``given`` has what leaves each account, in fen, debit positive: ``{"c2023:151": 500_000_00, "c2023:152":
    -100_000_00}``; nothing for what never stood in the books, such as a barren hill. The difference to the agreed
    value goes to the account for it (农村集体经济组织: 公积公益金; 农民专业合作社: 资本公积, 使用说明 131).

    Raises RegisterError if an account has less than leaves it.

    >>> dam = invest("base", 450_000_00, {"c2023:151": 500_000_00}, effective_on=date(2026, 1, 1), reason="a dam")
    """
    facts: dict[str, Any] = {"into": into, "amount_fen": amount_fen, "reason": reason}
    facts |= cited(documents, resolution)
    booked = booked_on or effective_on

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked)
        if type(amount_fen) is not int or amount_fen < 1:
            raise RegisterError(Message("{seen} fen: a whole number above 0 is expected", seen=repr(amount_fen)))
        for account, fen in given.items():
            stands = view.balances(MONEY, account, effective_on).get((MONEY, account), 0)
            if (fen > 0 and stands < fen) or (fen < 0 and stands > fen):
                raise RegisterError(
                    Message(
                        "{account} stands at {stands} fen on {day}: {fen} cannot leave it",
                        account=account,
                        stands=stands,
                        day=effective_on,
                        fen=fen,
                    )
                )
        moved = {account: -fen for account, fen in given.items()}
        investment, difference = chart.account("investment", into), chart.account("investment difference")
        moved[investment] = moved.get(investment, 0) + amount_fen
        moved[difference] = moved.get(difference, 0) + sum(given.values()) - amount_fen
        yield Entry(INVESTMENT, effective_on, booked, facts, through_transit(moved))

    return decide


# ---------------------------------------------------------------- questions


def contributions_of(view: View) -> dict[str, Standing]:
    """The contributions of a book by number, without those that were reversed."""
    found: dict[str, Standing] = {}
    steps: dict[int, str] = {}  # the records that say so, by number, each with its contribution
    left: dict[int, int] = {}  # what is not reversed of their first postings
    for record in view.records():
        if ENDED in record.facts:
            steps[record.seq] = record.facts[ENDED]
            found[record.facts[ENDED]] = found[record.facts[ENDED]]._replace(ended_on=record.effective_on)
        elif CONTRIBUTION in record.facts:
            one, shares = read(record.facts[CONTRIBUTION], record.facts["class"])
            steps[record.seq] = one.number
            found[one.number] = Standing(one, record.seq, record.effective_on, shares)
        if record.seq in steps:
            left[record.seq] = record.postings[0].quantity
        for posting in record.postings:
            seq = posting.reverses_seq
            if seq in steps and posting.reverses_line == 0:
                left[seq] -= posting.quantity
                if not left[seq] and steps[seq] in found:
                    if found[steps[seq]].seq == seq:
                        del found[steps[seq]]
                    else:
                        found[steps[seq]] = found[steps[seq]]._replace(ended_on=None)
    return found


def shares_for(amount_fen: int, price_fen: int, share_class: ShareClass) -> int:
    """How many of a class's smallest units an amount gives at a price for one share, both in fen.

    Raises RegisterError if that is no whole number: it says what is left over, and the nearest amounts that leave
    nothing. Nothing is rounded away.

    >>> from coopledger.core.share_class import preset
    >>> shares_for(500_00, 100, preset("cash"))
    500
    >>> shares_for(500_30, 100, preset("cash"))
    Traceback (most recent call last):
    ...
    coopledger.errors.RegisterError: 500.30 yuan at 1.00 yuan a share give 500 shares of cash and leave 0.30 yuan:
    500.00 yuan would give 500 shares, 501.00 yuan 501; nothing is rounded away
    """
    if type(price_fen) is not int or price_fen < 1 or type(amount_fen) is not int or amount_fen < 1:
        raise RegisterError(
            Message(
                "{amount} fen at {price} fen a share: whole numbers above 0 are expected",
                amount=repr(amount_fen),
                price=repr(price_fen),
            )
        )
    units, rest = divmod(amount_fen * share_class.unit, price_fen)
    if not rest:
        return units
    # Steps that cost whole fen: units of a fraction of a share may not.
    common = gcd(price_fen, share_class.unit)
    step_fen, step_units = price_fen // common, share_class.unit // common
    steps = amount_fen // step_fen
    digits = share_class.digits
    raise RegisterError(
        Message(
            "{amount} yuan at {price} yuan a share give {shares} shares of {cls} and leave {rest} yuan: {lower} yuan "
            "would give {fewer} shares, {higher} yuan {more}; nothing is rounded away",
            amount=printed(amount_fen, 2),
            price=printed(price_fen, 2),
            shares=printed(steps * step_units, digits),
            cls=share_class.code,
            rest=printed(amount_fen - steps * step_fen, 2),
            lower=printed(steps * step_fen, 2),
            fewer=printed(steps * step_units, digits),
            higher=printed((steps + 1) * step_fen, 2),
            more=printed((steps + 1) * step_units, digits),
        )
    )


def check_contribution(one: Contribution, resolution: Resolution | None = None) -> None:
    """Raise RegisterError if a contribution cannot be meant, or a rule of law forbids it, whatever the book says."""
    if "/" in code(one.number):
        raise RegisterError(Message("contribution {number}: a number without '/' is expected", number=one.number))
    brought = one.brought
    chosen: dict[str, str] = (
        {"money": brought.kind, "into": brought.into}
        if isinstance(brought, Money)
        else {"right": brought.kind, "basis": brought.basis, "every": brought.every, "part": brought.part}
    )
    if one.valuation is not None:
        chosen["valued_by"] = one.valuation.valued_by
    for name, seen in chosen.items():
        if seen not in _CHOICES[name]:
            raise RegisterError(
                Message(
                    "contribution {number}: {name} = {seen}: one of {accepted} is accepted",
                    number=one.number,
                    name=name,
                    seen=printable(str(seen)),
                    accepted=_CHOICES[name],
                )
            )
    if isinstance(brought, Money):
        _check_money(one, brought)
    else:
        _check_right(one, brought)
        _check_valuation(one, brought, resolution)


# ---------------------------------------------------------------- checks


def _check_money(one: Contribution, money: Money) -> None:
    if money.kind == "fiscal fund" and not (money.source.strip() and money.rule.strip()):
        raise RegisterError(
            Message(
                "contribution {number}: a fiscal fund names the document that granted it (source) and to whom and in "
                "what parts it is quantified (rule)",
                number=one.number,
            )
        )
    if one.valuation is not None or one.price_fen is None or one.shares is not None:
        raise RegisterError(
            Message("contribution {number}: money has a price of a share, and is not valued", number=one.number)
        )


def _check_right(one: Contribution, right: Right) -> None:
    if right.ends_on < right.starts_on:
        raise RegisterError(
            Message(
                "a term from {start} to {end}: its end lies before its start", start=right.starts_on, end=right.ends_on
            )
        )
    if right.ends_on > right.right_ends_on:
        raise RegisterError(
            Message(
                "contribution {number} until {end}: the right itself ends on {last}, and cannot be brought in for "
                "longer (承包法 38)",
                number=one.number,
                end=right.ends_on,
                last=right.right_ends_on,
            )
        )
    if right.basis == "lease":
        last = term(right.starts_on, years=LEASE_LIMIT).end
        if right.ends_on > last:
            raise RegisterError(
                Message(
                    "contribution {number} until {end}: a lease is void for what exceeds twenty years, after {last} "
                    "(民法典 705); contracted land is no lease: then say so",
                    number=one.number,
                    end=right.ends_on,
                    last=last,
                )
            )
    if right.kind == "infrastructure use right":
        if not (right.built_by.strip() and right.built_with.strip()):
            raise RegisterError(
                Message(
                    "contribution {number}: infrastructure says who built it (built_by) and with which money "
                    "(built_with)",
                    number=one.number,
                )
            )
    elif right.area_mu is None or not right.parcels or not right.contract.strip():
        raise RegisterError(
            Message(
                "contribution {number}: a {kind} says its area in mu, its parcels and its contract or certificate",
                number=one.number,
                kind=right.kind,
            )
        )
    if right.area_mu is not None:
        hundredths(right.area_mu)


def _check_valuation(one: Contribution, right: Right, resolution: Resolution | None) -> None:
    found = one.valuation
    if (found is None) != (one.price_fen is None) or (found is None) == (one.shares is None):
        raise RegisterError(
            Message(
                "contribution {number}: a valuation and a price of a share are expected, or a number of shares without "
                "both",
                number=one.number,
            )
        )
    if found is None:
        return
    if found.valued_by == "third party" and not found.appraiser.strip():
        raise RegisterError(Message("contribution {number}: name the appraiser", number=one.number))
    if found.valued_by in ("members", "third party") and (
        resolution is None or 2 * resolution.votes_for <= resolution.entitled
    ):
        raise RegisterError(
            Message(
                "contribution {number}: a valuation by {valued_by} is adopted by a meeting, by more than half of the "
                "votes (财会〔2021〕37号 30; 农民专业合作社法 30): cite its resolution",
                number=one.number,
                valued_by=found.valued_by,
            )
        )
    if found.per_mu_fen is not None and Fraction(found.per_mu_fen) * (right.area_mu or 0) != found.amount_fen:
        raise RegisterError(
            Message(
                "contribution {number}: {area} mu at {price} yuan are {due} yuan, not {seen}",
                number=one.number,
                area=decimal(right.area_mu or 0),
                price=printed(found.per_mu_fen, 2),
                due=decimal(Fraction(found.per_mu_fen * (right.area_mu or 0), 100), 2),
                seen=printed(found.amount_fen, 2),
            )
        )


def _shares(one: Contribution, cls: ShareClass) -> int:
    if one.price_fen is None:
        return one.shares or 0
    shares = shares_for(one.amount_fen, one.price_fen, cls)
    if isinstance(one.brought, Money) and cls.capital is not None and value_fen(cls, shares) > one.amount_fen:
        raise RegisterError(
            Message(
                "contribution {number}: {amount} yuan for shares of {par} yuan at par: money is never taken for less "
                "(财会〔2021〕37号, 使用说明 301)",
                number=one.number,
                amount=printed(one.amount_fen, 2),
                par=printed(value_fen(cls, shares), 2),
            )
        )
    return shares


def hundredths(area_mu: Number) -> int:
    """An area in hundredths of a mu, the unit it stands in. Raises RegisterError if that is no whole number.

    >>> hundredths(Fraction(337, 100))
    337
    """
    exact = Fraction(area_mu) * int(10**MU.digits)
    if exact.denominator != 1 or exact < 1:
        raise RegisterError(
            Message("{seen} mu: an area above 0, in hundredths of a mu, is expected", seen=str(area_mu))
        )
    return exact.numerator


# ---------------------------------------------------------------- postings and facts


def through_transit(moved: Mapping[str, int]) -> list[Posting]:
    """The postings of a voucher with many sides: what is added to each account, in fen, debit positive; 0 in sum."""
    return [
        Posting(MONEY, account, TRANSIT, -fen) if fen < 0 else Posting(MONEY, TRANSIT, account, fen)
        for account, fen in sorted(moved.items(), key=lambda one: one[1])
        if fen
    ]


def _land(one: Contribution) -> list[Posting]:
    if isinstance(one.brought, Money) or one.brought.area_mu is None:
        return []
    return [Posting(MU.code, MEMO, f"{LAND}/{one.number}", hundredths(one.brought.area_mu))]


def _facts(one: Contribution, shares: int) -> dict[str, Any]:
    said: dict[str, Any] = {"number": one.number, "holder": one.holder, "shares": shares}
    if one.price_fen is not None:
        said["price_fen"] = one.price_fen
    if one.valuation is not None:
        said["valuation"] = {**one.valuation._asdict(), "on": one.valuation.on.isoformat()}
    if isinstance(one.brought, Money):
        said["money"] = one.brought._asdict()
    else:
        right = one.brought._asdict()
        for name in ("starts_on", "ends_on", "right_ends_on"):
            right[name] = right[name].isoformat()
        right["parcels"] = list(one.brought.parcels)
        right["area_mu"] = None if one.brought.area_mu is None else str(Fraction(one.brought.area_mu))
        said["right"] = right
    return said


def read(facts: Mapping[str, Any], cls: str) -> tuple[Contribution, int]:
    """The contribution that a record's facts describe, and the shares it gave."""
    brought: Right | Money
    if "money" in facts:
        brought = Money(**facts["money"])
    else:
        right = dict(facts["right"])
        for name in ("starts_on", "ends_on", "right_ends_on"):
            right[name] = date.fromisoformat(right[name])
        right["parcels"] = tuple(right["parcels"])
        right["area_mu"] = None if right["area_mu"] is None else Fraction(right["area_mu"])
        brought = Right(**right)
    valuation = None
    if "valuation" in facts:
        valuation = Valuation(**{**facts["valuation"], "on": date.fromisoformat(facts["valuation"]["on"])})
    price = facts.get("price_fen")
    shares = facts["shares"]
    named = shares if price is None else None
    return Contribution(facts["number"], facts["holder"], cls, brought, valuation, price, named), shares
