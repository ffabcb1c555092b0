"""Contributions: what a member brought in, what it was valued at, and the shares it gave.

A right (to land, to a forest, to use a reservoir) is valued by somebody, adopted by a meeting, and lasts for a term;
money is what it is. A contribution becomes one record: the shares of :func:`~coopledger.core.movement.issue`, the
money of its voucher, and mu of land as a memo unit. Under its number it has parts of its own in the accounts
(``c2021:161/G17``), so that its book value is a balance.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from math import gcd
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import OPENING, opening
from coopledger.core.balances import changes, printed
from coopledger.core.calendar import BASES, LEASE_LIMIT, Basis, term
from coopledger.core.chart import LAND, MEMO, MONEY, charts, not_opened
from coopledger.core.charter import MU, SPECIALISED, UNISSUED, Charter, check_adopted
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.conversion import not_yet, standing_carried
from coopledger.core.instalment import EVERY, PARTS, Every, Part
from coopledger.core.journal import (
    FIRST_DAY,
    LAST_DAY,
    TRANSIT,
    Decision,
    Entry,
    Posting,
    Record,
    View,
    check_date,
    check_fen,
    code,
    listed,
    mapped,
    shown,
)
from coopledger.core.movement import check_issued, issuance
from coopledger.core.parcel import Parcel, check_free, taken
from coopledger.core.passing import CONTRIBUTION, ISSUE, REDEEM, REVERSAL, REVERSES
from coopledger.core.people import number_of
from coopledger.core.quantity import Number, decimal
from coopledger.core.register import register
from coopledger.core.rules import check_not_spoken_for, right_accounts
from coopledger.core.share_class import ShareClass, check_class, value_fen
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

ENDED = "ended"
"""The fact, in the record that redeemed the shares, that says which contribution ended."""

REVALUATION = "revaluation"
"""The kind of records by which a right that was brought in gets another value."""

INVESTMENT = "investment"
"""The kind of records by which the book's own assets go into another's base."""

RightKind = Literal["land right", "forest right", "infrastructure use right"]
MoneyKind = Literal["cash", "fiscal fund", "crowd funding"]
ValuedBy = Literal["members", "third party", "agreed price", "documents"]
_LONGEST = 80
"""Characters of a number at most: it is a part of account names and of the lot's."""

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
    - ``built_by``, ``built_with``: for infrastructure, who built it and with which money. Both stand in the chain for
      good: an institution's name, never a private person's; a person by his number;
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
    """What a right was valued at, in fen: by whom, on which day, and the price of a mu if that was the measure.

    ``appraiser`` stands in the chain for good: an institution's name, never a private person's; a person by his number.
    """

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


class Revaluation(NamedTuple):
    """Another value of a right from a day on, by which its book value rose, or fell, in fen; and its record."""

    seq: int
    on: date
    valuation: Valuation
    difference_fen: int
    booked_on: date


class Standing(NamedTuple):
    """A contribution in a book: the record it stands in, its day, the shares it gave, and when it ended, if it did.

    ``lot`` is a right's own one, of its shares; money has none. Its ``revaluations`` are by day.
    """

    contribution: Contribution
    seq: int
    since: date
    shares: int
    lot: str | None = None
    ended_on: date | None = None
    revaluations: tuple[Revaluation, ...] = ()
    booked_on: date = date.min

    def value_fen(self, on: date | None = None) -> int:
        """What it was valued at, with what revaluations up to a day added or took away."""
        later = (one.difference_fen for one in self.revaluations if on is None or one.on <= on)
        return self.contribution.amount_fen + sum(later)

    def booked_from(self, on: date) -> date:
        """The accounting date from which its value of a day is in the books: nothing of it is used up there before."""
        return max([self.booked_on, *(one.booked_on for one in self.revaluations if one.on <= on)])

    def parcels(self) -> Iterator[Parcel]:
        """The parcels of a right, if it has them for a day; from the day on which it ended they are free again."""
        number, holder, brought = self.contribution.number, self.contribution.holder, self.contribution.brought
        if isinstance(brought, Right):
            first = max(brought.starts_on, self.since)
            last = brought.ends_on if self.ended_on is None else min(brought.ends_on, self.ended_on - timedelta(1))
            if first <= last:
                yield from (Parcel(brought.kind, name, number, holder, first, last) for name in brought.parcels)


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
    what the value is more or less than par goes to the capital surplus (财会〔2021〕37号 40, 使用说明 161, 301, 321),
    which has what it is less. A cap, and what the surplus has, are looked at after all of them.

    Raises RegisterError, besides what :func:`~coopledger.core.movement.issue` refuses: a price that gives no whole
    number of shares; a term that is over, or beyond the right's (承包法 38); a lease beyond twenty years (民法典 705);
    a parcel that a contribution has for some of those days; a valuation by members or a third party that no meeting
    adopted (财会〔2021〕37号 30); a price of a mu that does not give the amount; money for less than par; a fund or a
    campaign without its source; a number that is taken, or under which something else stood in the accounts of rights.

    >>> land = Right("land right", date(2026, 1, 1), date(2035, 12, 31), date(2047, 12, 31), area_mu=2,
    ...     parcels=("1-07",), contract="0001")
    >>> brought = Contribution("G1", "17", "land", land, Valuation(8_000_00, "agreed price", date(2026, 1, 1)),
    ...     price_fen=100_00)
    >>> decision = contribute(brought, effective_on=date(2026, 1, 1))
    """
    papers = cited(documents, resolution)
    booked = booked_on or effective_on
    brought_in = [_coded(one) for one in listed(contributions, Contribution)]

    def decide(view: View) -> list[Entry]:
        standing = contributions_of(view)
        numbers = {*standing}
        parcels = taken(parcel for one in standing.values() for parcel in one.parcels())
        book = charts(view)
        now = register(view, effective_on)
        chart = book.in_force(booked) if any(one.amount_fen for one in brought_in) else None
        premium = chart.account("capital surplus") if chart else None
        issues: list[Entry] = []
        for one in brought_in:
            check_contribution(one, resolution, now.book.charter)
            if one.number in numbers:
                raise RegisterError(Message("contribution {number}: the number is taken", number=one.number))
            numbers.add(one.number)
            _check_parts_empty(view, one.number)
            if isinstance(one.brought, Right) and one.brought.ends_on < effective_on:
                raise RegisterError(
                    Message(
                        "contribution {number} until {end}: its term is over on {day}",
                        number=one.number,
                        end=one.brought.ends_on,
                        day=effective_on,
                    )
                )
            cls = now.share_class(one.share_class)
            shares = _shares(one, cls)
            check_free(parcels, Standing(one, 0, effective_on, shares).parcels())
            against = None
            if chart and one.amount_fen:  # what has no value has no voucher, and needs no chart
                role, part = (one.brought.into, None) if isinstance(one.brought, Money) else ("right", one.number)
                against = chart.account(role, part)
            entry = issuance(
                view,
                now,
                cls.code,
                {one.holder: shares},
                effective_on=effective_on,
                booked_on=booked,
                reason="contribution",
                against=against,
                amount_fen=one.amount_fen or None,
                premium=premium if one.amount_fen else None,
                papers=papers,
                right=one.number if isinstance(one.brought, Right) else None,
            )
            facts = {**entry.facts, CONTRIBUTION: _facts(one, shares)}
            issues.append(Entry(entry.kind, effective_on, booked, facts, [*entry.postings, *_land(one)]))
        check_issued(view, now, issues, premium)
        missing = not_opened(book.ground, MEMO, LAND)
        if missing and any(_land(one) for one in brought_in):  # a book without a chart holds land as well
            return [Entry(OPENING, effective_on, booked, opening((), missing)), *issues]
        return issues

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

    Raises RegisterError if an account has less than leaves it, on the day or any later one, and for one that verbs of
    its own move: a right that a member brought in ends first.

    >>> dam = invest("base", 450_000_00, {"c2023:151": 500_000_00}, effective_on=date(2026, 1, 1), reason="a dam")
    """
    base = number_of(into)
    facts: dict[str, Any] = {"into": base, "amount_fen": amount_fen, "reason": reason}
    facts |= cited(documents, resolution)
    check_date(effective_on)
    booked = booked_on or effective_on
    leaves = {code(account): fen for account, fen in mapped(given).items()}
    for account, fen in leaves.items():
        if type(fen) is not int:
            raise RegisterError(
                Message("{name}: {seen}: a whole number (int) of fen is expected", name=account, seen=shown(fen))
            )

    def decide(view: View) -> Iterator[Entry]:
        chart = charts(view).in_force(booked)
        if type(amount_fen) is not int or amount_fen < 1:
            raise RegisterError(Message("{seen} fen: a whole number above 0 is expected", seen=repr(amount_fen)))
        for account, fen in leaves.items():
            check_not_spoken_for(view, account)
            side = -1 if fen < 0 else 1
            stands = side * standing_carried(view, account, effective_on, side)
            if side * stands < side * fen:
                raise RegisterError(
                    Message(
                        "{account} stands at {stands} yuan from {day} on: {amount} cannot leave it{hint}",
                        account=account,
                        stands=printed(stands, 2),
                        day=effective_on,
                        amount=printed(fen, 2),
                        hint=not_yet(charts(view), account, effective_on),
                    )
                )
        moved = {account: -fen for account, fen in leaves.items()}
        investment, difference = chart.account("investment", base), chart.account("investment difference")
        moved[investment] = moved.get(investment, 0) + amount_fen
        moved[difference] = moved.get(difference, 0) + sum(leaves.values()) - amount_fen
        yield Entry(INVESTMENT, effective_on, booked, facts, through_transit(moved))

    return decide


# ---------------------------------------------------------------- questions


def contributions_of(view: View) -> dict[str, Standing]:
    """The contributions of a book by number, without those that were reversed.

    >>> from coopledger.book import C2021, Joiner, MemoryJournal, adopt, admit, found, in_turn, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021, effective_on=day)]
    >>> steps += [open_class(preset("land", par_fen=100_00, capital="c2021:301"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> until = date(2035, 12, 31)
    >>> land = Right("land right", day, until, right_ends_on=until, area_mu=2, parcels=("P1",), contract="17")
    >>> value = Valuation(12_000_00, "agreed price", day)
    >>> steps += [contribute(Contribution("G17", "17", "land", land, value, price_fen=100_00), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [(number, one.shares) for number, one in contributions_of(view).items()]
    [('G17', 120)]
    """
    found: dict[str, Standing] = {}
    said = [one for one in view.records(ISSUE, REDEEM, REVALUATION) if contribution_in(one)]
    for record in not_reversed(view, said):
        number, facts = contribution_in(record), record.facts
        if record.kind == ISSUE:
            one, shares = read(facts[CONTRIBUTION], facts["class"])
            legs = record.postings if isinstance(one.brought, Right) else ()  # money has no lot of its own
            lot = next((leg.lot for leg in legs if leg.denomination == one.share_class), None)
            found[number] = Standing(one, record.seq, record.effective_on, shares, lot, booked_on=record.booked_on)
        elif number not in found:
            continue
        elif record.kind == REDEEM:
            found[number] = found[number]._replace(ended_on=record.effective_on)
        else:
            again = Revaluation(
                record.seq,
                record.effective_on,
                _valuation(facts["valuation"]),
                facts["difference_fen"],
                record.booked_on,
            )
            found[number] = found[number]._replace(revaluations=(*found[number].revaluations, again))
    return found


def contribution_in(record: Record) -> str:
    """The number of the contribution that a record is about; empty if it is about none."""
    if record.kind == ISSUE:
        said = record.facts.get(CONTRIBUTION)
        return str(said.get("number", "")) if isinstance(said, Mapping) else ""
    return str(record.facts.get(ENDED if record.kind == REDEEM else CONTRIBUTION) or "")


def not_reversed(view: View, records: list[Record]) -> list[Record]:
    """Records without those whose first posting was taken back as a whole, by a record of whatever kind.

    What moved nothing has no posting: the reversal names it.
    """
    silent = {one.seq for one in records if not one.postings}
    named = [one.facts.get(REVERSES) for one in view.records(REVERSAL)] if silent else []
    silent = {seq for seq in silent if seq in named}
    left = {one.seq: one.postings[0].quantity for one in records if one.postings}
    places = {(_place(one), one.postings[0].denomination) for one in records if one.postings}
    for place, denomination in sorted(places):
        for _, _, _, _, _, posting in view.movements(place, denomination):
            if posting.reverses_line == 0 and posting.reverses_seq in left:
                left[posting.reverses_seq] -= posting.quantity
    return [one for one in records if left.get(one.seq, 1) and one.seq not in silent]


def _place(record: Record) -> str:
    """An account of a record's first posting that has few others: where no share moves the right's own part."""
    first = record.postings[0]
    ends = (first.source, first.target)
    return UNISSUED if UNISSUED in ends else max(ends, key=lambda one: one.count("/"))


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
    check_class(share_class)
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


def check_contribution(one: Contribution, resolution: Resolution | None = None, law: Charter = SPECIALISED) -> None:
    """Raise RegisterError if a contribution cannot be meant, or a rule of law forbids it, whatever the book says.

    ``law`` is the charter by which a meeting adopts a valuation.
    """
    if "/" in code(one.number):
        raise RegisterError(Message("contribution {number}: a number without '/' is expected", number=one.number))
    if len(one.number) > _LONGEST:
        raise RegisterError(
            Message(
                "contribution {number}: a number of at most {longest} characters is expected",
                number=one.number,
                longest=_LONGEST,
            )
        )
    brought = one.brought
    chosen: dict[str, str] = (
        {"money": brought.kind, "into": brought.into}
        if isinstance(brought, Money)
        else {"right": brought.kind, "basis": brought.basis, "every": brought.every, "part": brought.part}
    )
    for name, seen in chosen.items():
        if seen not in _CHOICES[name]:
            raise _no_choice(one.number, name, seen)
    if isinstance(brought, Money):
        _check_money(one, brought)
    else:
        _check_right(one, brought)
        if (one.valuation is None) != (one.price_fen is None) or (one.valuation is None) == (one.shares is None):
            raise RegisterError(
                Message(
                    "contribution {number}: a valuation and a price of a share are expected, or a number of shares "
                    "without both",
                    number=one.number,
                )
            )
        if one.valuation is not None:
            check_valuation(one.number, brought, one.valuation, resolution, law)


# ---------------------------------------------------------------- checks


def _check_money(one: Contribution, money: Money) -> None:
    if money.kind == "fiscal fund":
        _check_said(
            one,
            ("source", Message("the document that granted it"), money.source),
            ("rule", Message("to whom and in what parts it is quantified"), money.rule),
        )
    if money.kind == "crowd funding":
        _check_said(one, ("source", Message("its campaign"), money.source))
    if one.valuation is not None or one.price_fen is None or one.shares is not None:
        raise RegisterError(
            Message("contribution {number}: money has a price of a share, and is not valued", number=one.number)
        )


def _check_right(one: Contribution, right: Right) -> None:
    for name, day in (("starts_on", right.starts_on), ("ends_on", right.ends_on)):
        if type(day) is not date or not FIRST_DAY <= day <= LAST_DAY:
            raise RegisterError(
                Message(
                    "contribution {number}: {name}: {seen}: a date from {first} to {last} is expected",
                    number=one.number,
                    name=name,
                    seen=shown(day),
                    first=FIRST_DAY,
                    last=LAST_DAY,
                )
            )
    if right.ends_on < right.starts_on:
        raise RegisterError(
            Message(
                "a term from {start} to {end}: its end lies before its start", start=right.starts_on, end=right.ends_on
            )
        )
    check_date(right.right_ends_on)
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
        _check_said(
            one,
            ("built_by", Message("who built it"), right.built_by),
            ("built_with", Message("with which money it was built"), right.built_with),
        )
    else:
        _check_said(
            one,
            ("area_mu", Message("its area in mu"), "" if right.area_mu is None else "said"),
            ("parcels", Message("its parcels"), "".join(listed(right.parcels, str))),
            ("contract", Message("its contract or certificate"), right.contract),
        )
    if right.area_mu is not None:
        hundredths(right.area_mu)


def _check_said(one: Contribution, *details: tuple[str, Message, str]) -> None:
    """Raise RegisterError if a detail that this kind of contribution needs was not said; all of them are named."""
    for name, _, said in details:
        _check_text(name, said)
    if missing := [(name, what) for name, what, said in details if not said.strip()]:
        raise RegisterError(
            Message(
                "contribution {number}, {kind}: this is missing: {missing}",
                number=one.number,
                kind=words(one.brought.kind),
                missing=[what for _, what in missing],
            ),
            about=[name for name, _ in missing],
        )


def _check_text(name: str, seen: object) -> None:
    if not isinstance(seen, str):
        raise RegisterError(Message("{name}: {seen}: a text is expected", name=name, seen=shown(seen)))


def check_valuation(
    number: str, right: Right, found: Valuation, resolution: Resolution | None, law: Charter = SPECIALISED
) -> None:
    """Raise RegisterError if a valuation of a right cannot be meant, or no meeting adopted it that had to."""
    if not isinstance(found, Valuation):
        raise RegisterError(Message("{seen}: a Valuation is expected", seen=shown(found)))
    if type(found.amount_fen) is not int or found.amount_fen < 1:
        raise RegisterError(Message("{seen} fen: a whole number above 0 is expected", seen=repr(found.amount_fen)))
    check_date(found.on)
    if found.valued_by not in _CHOICES["valued_by"]:
        raise _no_choice(number, "valued_by", found.valued_by)
    _check_text("appraiser", found.appraiser)
    check_fen("per_mu_fen", found.per_mu_fen)
    if found.valued_by == "third party" and not found.appraiser.strip():
        raise RegisterError(Message("contribution {number}: name the appraiser", number=number), about=["appraiser"])
    if found.valued_by in ("members", "third party"):
        if resolution is None:
            raise RegisterError(
                Message(
                    "contribution {number}: a valuation by {valued_by} is adopted by a meeting (财会〔2021〕37号 30; "
                    "农民专业合作社法 30): cite its resolution",
                    number=number,
                    valued_by=Message("the members") if found.valued_by == "members" else Message("a third party"),
                )
            )
        check_adopted(resolution, law)
    if found.per_mu_fen is not None and Fraction(found.per_mu_fen) * (right.area_mu or 0) != found.amount_fen:
        raise RegisterError(
            Message(
                "contribution {number}: {area} mu at {price} yuan are {due} yuan, not {seen}",
                number=number,
                area=decimal(right.area_mu or 0),
                price=printed(found.per_mu_fen, 2),
                due=decimal(Fraction(found.per_mu_fen * (right.area_mu or 0), 100), 2),
                seen=printed(found.amount_fen, 2),
            )
        )


def _coded(one: Contribution) -> Contribution:
    """A contribution with its codes in their normal form. Raises RegisterError for what is none."""
    if not isinstance(one.brought, Right | Money):
        raise RegisterError(Message("{seen}: a Right or a Money is expected", seen=shown(one.brought)))
    if one.valuation is not None and not isinstance(one.valuation, Valuation):
        raise RegisterError(Message("{seen}: a Valuation is expected", seen=shown(one.valuation)))
    return one._replace(number=number_of(one.number), holder=number_of(one.holder), share_class=code(one.share_class))


def _no_choice(number: str, name: str, seen: object) -> RegisterError:
    return RegisterError(
        Message(
            "contribution {number}: {name} = {seen}: one of {accepted} is accepted",
            number=number,
            name=name,
            seen=printable(str(seen)),
            accepted=_CHOICES[name],
        )
    )


def _check_parts_empty(view: View, number: str) -> None:
    """Raise RegisterError if something stands, or stood, where a contribution of a number would have its value."""
    for account in right_accounts(view, number):
        by_day: dict[date, int] = {}
        for day, fen in changes(view, MONEY, account, parts=True):
            by_day[day] = by_day.get(day, 0) + fen
        for day, stands in zip(sorted(by_day), accumulate(by_day[day] for day in sorted(by_day)), strict=True):
            if stands:
                raise RegisterError(
                    Message(
                        "contribution {number}: {account} stood at {fen} yuan on {day}, which is something else's: "
                        "take another number",
                        number=number,
                        account=account,
                        fen=printed(stands, 2),
                        day=day,
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
    if isinstance(area_mu, bool) or not isinstance(area_mu, int | Fraction):
        raise RegisterError(
            Message(
                "area_mu: {seen}: a whole number or a Fraction, such as Fraction(5, 2), is expected",
                seen=shown(area_mu),
            )
        )
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


def plain_valuation(one: Valuation) -> dict[str, Any]:
    """A valuation as a record's facts say it."""
    return {**one._asdict(), "on": one.on.isoformat()}


def _valuation(facts: Mapping[str, Any]) -> Valuation:
    return Valuation(**{**facts, "on": date.fromisoformat(facts["on"])})


def _facts(one: Contribution, shares: int) -> dict[str, Any]:
    said: dict[str, Any] = {"number": one.number, "holder": one.holder, "shares": shares}
    if one.price_fen is not None:
        said["price_fen"] = one.price_fen
    if one.valuation is not None:
        said["valuation"] = plain_valuation(one.valuation)
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
        valuation = _valuation(facts["valuation"])
    price = facts.get("price_fen")
    shares = facts["shares"]
    named = shares if price is None else None
    return Contribution(facts["number"], facts["holder"], cls, brought, valuation, price, named), shares
