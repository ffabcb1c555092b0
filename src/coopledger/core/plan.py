"""A plan: who pays whom what, by which schedules, over which term, and what a source claims of it.

>>> from coopledger.core.calendar import term
>>> from coopledger.core.growth import ramp, step
>>> plan = Plan(
...     "Old Tiger Hill",
...     term=term("2014-01-01", years=40, basis="barren land"),
...     streams=[
...         Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu"),
...         Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan")),
...     ],
... )
>>> [stream.name for stream in plan.streams]
['land', 'dam']
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from coopledger.core.allocation import natural_key
from coopledger.core.calendar import PERIOD_END, Basis, Due, Term, due_on
from coopledger.core.quantity import (
    CURRENCIES,
    PLAIN,
    Currency,
    Number,
    Quantity,
    Unit,
    decimal,
    percent,
    quantity,
    shown,
    unit,
    unit_message,
)
from coopledger.core.rounding import RUNNING_TOTAL, Rounding
from coopledger.core.schedule import Amount, Highest, Lowest, Product, Schedule, schedule
from coopledger.core.value import Value
from coopledger.errors import PlanError, Problem, ScheduleError, UnitError
from coopledger.text import Message

Policy = Literal["cumulative", "each year", "per share"]
POLICIES: tuple[Policy, ...] = get_args(Policy)

Bound = Literal["at least", "at most"]
BOUNDS: tuple[Bound, ...] = get_args(Bound)

SHARE = unit("share")


class Holder(NamedTuple):
    """Somebody who holds shares: a stable number, a name, and how many (fractions are allowed)."""

    number: str
    name: str
    shares: Number


def share_count(seen: object) -> Number:
    """A number of shares, with or without its unit.

    >>> share_count("2.5 股") == share_count("2.5") == Fraction(5, 2)
    True
    """
    count = quantity(seen)
    if isinstance(seen, str) and ("%" in seen or "％" in seen):
        raise UnitError(Message("{seen} is a percentage: a number of shares is expected", seen=seen))
    if count.unit not in (PLAIN, SHARE):
        raise UnitError(unit_message(count, SHARE))
    return count.value


class Holders(Value):
    """A list of holders among whom sums are split, in the order of their numbers.

    ``policy`` is ``cumulative`` (what rounding gave or took is carried to the next time), ``each year``, or
    ``per share``: a ``rate`` in money per share is paid, and the rest, which may be negative, goes to the account
    ``remainder``.
    """

    __slots__ = ("name", "holders", "policy", "rate", "remainder")

    name: str
    holders: tuple[Holder, ...]
    policy: Policy
    rate: Quantity | None
    remainder: str

    def __init__(
        self,
        name: str,
        holders: tuple[Holder, ...],
        policy: Policy = "cumulative",
        rate: Quantity | None = None,
        remainder: str = "",
    ) -> None:
        self._put(name, holders, policy, rate, remainder)
        problems = []
        seen: set[str] = set()
        for holder in self.holders:
            if holder.number in seen:
                problems.append(
                    Problem(holder.number, Message("holder {number} is listed twice", number=holder.number))
                )
            seen.add(holder.number)
            if isinstance(holder.shares, bool) or not isinstance(holder.shares, int | Fraction):
                message = Message("{seen} shares: an int or a Fraction is expected", seen=repr(holder.shares))
                problems.append(Problem(holder.number, message))
            elif holder.shares < 0:
                problems.append(
                    Problem(
                        holder.number,
                        Message("{seen} shares: 0 or more are accepted", seen=decimal(holder.shares)),
                    )
                )
        if not problems and not any(holder.shares > 0 for holder in self.holders):
            problems.append(Problem("", Message("no holder has shares: at least one is expected")))
        if self.policy not in POLICIES:
            problems.append(
                Problem(
                    "policy",
                    Message("{seen}: one of {accepted} is accepted", seen=repr(self.policy), accepted=list(POLICIES)),
                )
            )
        if (self.policy == "per share") != (self.rate is not None and bool(self.remainder)):
            problems.append(
                Problem("", Message("'per share' goes with the amount a share and the account of the remainder"))
            )
        if self.rate is not None and self.rate.value < 0:
            problems.append(Problem("per_share", Message("{seen}: 0 or more is expected", seen=self.rate)))
        if problems:
            raise PlanError(problems)
        object.__setattr__(self, "holders", tuple(sorted(self.holders, key=lambda holder: natural_key(holder.number))))


class Part(NamedTuple):
    """One part of a split: a name and a share; it may be split again, or go to holders."""

    name: str
    share: Number
    parts: "tuple[Part, ...]" = ()
    holders: Holders | None = None


def split(parts: Sequence[tuple[str, object] | Part], whole: Number = 1) -> tuple[Part, ...]:
    """Parts that add up, as shares of the whole that is split.

    Shares are percentages or fractions that add up to 100 % (or to ``whole``, where 51 % = 41 % + 10 %), or
    quantities of one unit that stand for their proportions (468 and 32).

    >>> [(part.name, str(part.share)) for part in split([("village", "30%"), ("company", "70%")])]
    [('village', '3/10'), ('company', '7/10')]
    >>> [str(part.share) for part in split([("a", "41%"), ("b", "10%")], whole=Fraction(51, 100))]
    ['41/51', '10/51']
    """
    shares: list[Quantity] = []
    named: list[Part] = []
    for part in parts:
        if isinstance(part, Part):
            named.append(part)
            shares.append(Quantity(part.share, PLAIN))
        else:
            shares.append(quantity(part[1]))
            named.append(Part(part[0], 0))
    return tuple(
        Part(part.name, share, part.parts, part.holders)
        for part, share in zip(named, proportions([part.name for part in named], shares, whole), strict=True)
    )


def proportions(names: Sequence[str], shares: Sequence[Quantity], whole: Number = 1) -> list[Fraction]:
    """Shares as fractions of the whole that is split; see ``split``."""
    if not shares:
        raise ScheduleError(Message("an empty list: at least one part is expected"))
    for name in names:
        if list(names).count(name) > 1:
            raise ScheduleError(Message("part {name} is given twice: once is accepted", name=name))
    for name, share in zip(names, shares, strict=True):
        if share.unit != shares[0].unit:
            raise UnitError(unit_message(share, shares[0].unit))
        if share.value < 0:
            raise ScheduleError(Message("{name} has {share}: a share is 0 or more", name=name, share=_share(share)))
        if share.unit == PLAIN and share.value > 1:
            raise ScheduleError(
                Message(
                    "{name} has {share}: at most 100% is accepted; proportions are written with their unit, 468 shares",
                    name=name,
                    share=_share(share),
                )
            )
    total = Fraction(sum(share.value for share in shares))
    if total == 0 or (shares[0].unit == PLAIN and total not in (1, whole)):
        raise ScheduleError(
            Message(
                "the parts {parts} add up to {total}: {due} is expected",
                parts=[_share(share) for share in shares],
                total=percent(total),
                due="100%" if whole == 1 else Message("100% or {whole}", whole=percent(whole)),
            )
        )
    return [share.value / total for share in shares]


def _share(share: Quantity) -> Quantity | str:
    return share if share.unit != PLAIN else percent(share.value)


class Instalment(NamedTuple):
    """A share of each year's amount and when it is due; no share: the rest."""

    share: Number | None
    due: Due


_WHOLE_AT_THE_END = (Instalment(1, PERIOD_END),)


class Stream(Value):
    """Something that is paid by a schedule: ``rate`` × ``quantity``, or an ``amount``.

    ``floor`` and ``cap`` hold for each year's amount. ``rounding`` is one Rounding of the unit price, one of the
    payments, or both. ``due`` is a rule (``12-31``) or instalments that add up to the year. ``split`` divides every
    payment into parts; ``holders`` divides it among holders.
    """

    __slots__ = (
        "name",
        "amount",
        "rate",
        "quantity",
        "payer",
        "payee",
        "price_rounding",
        "rounding",
        "instalments",
        "split",
        "split_policy",
        "holders",
        "basis",
    )

    name: str
    amount: Schedule
    rate: Schedule | None
    quantity: Schedule | None
    payer: str
    payee: str
    price_rounding: Rounding | None
    rounding: Rounding
    instalments: tuple[Instalment, ...]
    split: tuple[Part, ...]
    split_policy: Policy
    holders: Holders | None
    basis: Basis | None

    def __init__(
        self,
        name: str,
        *,
        amount: Amount | Schedule | None = None,
        rate: Amount | Schedule | None = None,
        quantity: Amount | Schedule | None = None,
        floor: Amount | Schedule | None = None,
        cap: Amount | Schedule | None = None,
        payer: str = "",
        payee: str = "",
        rounding: Rounding | Sequence[Rounding] = (),
        due: str | Due | Sequence[Instalment] = PERIOD_END,
        split: Sequence[Part] = (),
        split_policy: Policy = "cumulative",
        holders: Holders | None = None,
        basis: Basis | None = None,
    ) -> None:
        roundings = (rounding,) if isinstance(rounding, Rounding) else rounding
        price = [one for one in roundings if one.of_price]
        paid = [one for one in roundings if not one.of_price]
        if len(price) > 1 or len(paid) > 1:
            raise ScheduleError(
                Message(
                    "{seen} roundings: one of the unit price and one of the payments are accepted", seen=len(roundings)
                )
            )
        if (amount is None) == (rate is None or quantity is None) or (
            amount is not None and (rate is not None or quantity is not None)
        ):
            raise ScheduleError(Message("a stream needs either an amount, or a rate and a quantity"))
        if split or holders is not None:
            _check_receivers(split, holders, due)
        if split_policy == "per share":
            raise ScheduleError(Message("'per share' is a policy of holders, not of parts"))
        if price and rate is None:
            raise ScheduleError(Message("rounding the unit price needs a rate and a quantity"))
        rates = None if rate is None else schedule(rate)
        counted = None if quantity is None else schedule(quantity)
        if amount is not None:
            owed = schedule(amount)
        else:
            assert rates is not None  # noqa: S101 - for the type checker: refused above
            assert counted is not None  # noqa: S101
            owed = Product((rates.rounded(price[0]) if price else rates, counted))
        if floor is not None:
            owed = Highest((owed, schedule(floor)))
        if cap is not None:
            owed = Lowest((owed, schedule(cap)))
        self._put(
            name, owed, rates, counted, payer, payee, price[0] if price else None, paid[0] if paid else RUNNING_TOTAL,
            instalments(due), tuple(split), split_policy, holders, basis,
        )  # fmt: skip


def _check_receivers(split: Sequence[Part], holders: Holders | None, due: str | Due | Sequence[Instalment]) -> None:
    _check_parts(split)
    lists = [*([holders] if holders else []), *(one for part in split for one in _part_holders(part))]
    if (holders is not None and split) or any(part.holders and part.parts for part in _all_parts(split)):
        raise ScheduleError(Message("both parts and holders: what is split into parts goes to holders part by part"))
    if any(one.policy == "per share" for one in lists) and not isinstance(due, str | Due) and len(due) > 1:
        raise ScheduleError(Message("'per share' is an amount a year: it cannot be paid in instalments"))


def _check_parts(parts: Sequence[Part]) -> None:
    """Parts add up to what they divide: ``split`` and the reader make them so."""
    total = sum((Fraction(part.share) for part in parts), start=Fraction(0))
    if parts and total != 1:
        raise ScheduleError(
            Message(
                "the parts {parts} add up to {total}: {due} is expected",
                parts=[f"{part.name} {percent(part.share)}" for part in parts],
                total=percent(total),
                due="100%",
            )
        )
    for part in parts:
        _check_parts(part.parts)


def _all_parts(parts: Sequence[Part]) -> list[Part]:
    return [one for part in parts for one in (part, *_all_parts(part.parts))]


def _part_holders(part: Part) -> list[Holders]:
    return [one.holders for one in _all_parts([part]) if one.holders is not None]


def instalments(due: str | Due | Sequence[Instalment]) -> tuple[Instalment, ...]:
    """Instalments that add up to the year; a single due date is one instalment of the whole.

    >>> [str(one.share) for one in instalments([Instalment(Fraction(2, 3), due_on("10-15")),
    ...                                         Instalment(None, due_on("12-31"))])]
    ['2/3', '1/3']
    """
    if due is PERIOD_END:
        return _WHOLE_AT_THE_END
    if isinstance(due, str):
        due = due_on(due)
    if isinstance(due, Due):
        return (Instalment(1, due),)
    for one in due:
        if one.share is not None and (isinstance(one.share, bool) or not isinstance(one.share, int | Fraction)):
            raise ScheduleError(Message("an instalment of {seen}: an int or a Fraction is expected", seen=one.share))
    stated = [one.share for one in due if one.share is not None]
    total = sum(stated)
    rests = len(due) - len(stated)
    if any(share <= 0 for share in stated) or rests > 1 or (total >= 1 if rests else total != 1):
        raise ScheduleError(
            Message(
                "the instalments {parts} add up to {total}: 100% is expected, or less and one 'rest'",
                parts=["…" if one.share is None else percent(one.share) for one in due],
                total=percent(total),
            )
        )
    return tuple(Instalment(1 - total if one.share is None else one.share, one.due) for one in due)


class Claim(NamedTuple):
    """A figure that a source published, and what it is about.

    It is compared with the sum of the payments of ``streams`` (none named: all) of a ``year`` (a contract year, or a
    calendar year, in which they are due; none: the whole term), of one ``part`` or one ``holder`` of them, divided
    by ``per`` where it is an average. A claim in plain numbers is about the share in the whole.

    It holds if the figures are equal; or, for figures that a source rounded, if the computed figure rounds or
    truncates to the claimed one, lies ``within`` a fraction of it, or keeps to the ``bound``.
    """

    about: str
    claimed: Quantity
    streams: tuple[str, ...] = ()
    year: int | None = None
    part: str | None = None
    holder: str | None = None
    per: Quantity | None = None
    rounded_to: Quantity | None = None
    truncated_to: Quantity | None = None
    within: Number | None = None
    bound: Bound | None = None
    source: str = ""


class Plan(Value):
    """A deal: its term, its streams, whose ``book`` it is seen from, and what is claimed of it.

    Raises PlanError with all problems that lie between its parts: unknown parties, streams in another currency,
    claims about nothing. Problems within one part are raised when that part is made.
    """

    __slots__ = ("title", "term", "streams", "currency", "book", "parties", "claims", "source", "notes")

    title: str
    term: Term
    streams: Sequence[Stream]
    currency: Currency
    book: str
    parties: Sequence[str]
    claims: Sequence[Claim]
    source: str
    notes: Sequence[str]

    def __init__(
        self,
        title: str,
        term: Term,
        streams: Sequence[Stream],
        *,
        currency: Currency = CURRENCIES["CNY"],
        book: str = "",
        parties: Sequence[str] = (),
        claims: Sequence[Claim] = (),
        source: str = "",
        notes: Sequence[str] = (),
    ) -> None:
        self._put(title, term, streams, currency, book, parties, claims, source, notes)
        for name in ("streams", "parties", "claims", "notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        names = [stream.name for stream in self.streams]
        problems = [*party_problems("", {"book": self.book}, self.parties)]
        if not self.streams:
            problems.append(Problem("streams", Message("an empty list: at least one stream is expected")))
        for number, stream in enumerate(self.streams, 1):
            where = f"streams[{number}]"
            problems += name_problems(where, stream.name, names[: number - 1])
            problems += party_problems(f"{where}.", {"payer": stream.payer, "payee": stream.payee}, self.parties)
            problems += stream_problems(where, stream, self.currency)
            if stream.basis is None and self.term.basis is None:
                problems.append(Problem(where, Message("a legal basis is expected, for the term or for the stream")))
        for number, claim in enumerate(self.claims, 1):
            problems += claim_problems(f"claims[{number}]", claim, self.streams)
        if problems:
            raise PlanError(problems)


def name_problems(where: str, name: str, before: Sequence[str]) -> list[Problem]:
    """What is wrong with the name of a stream that comes after others."""
    if name not in before:
        return []
    return [Problem(f"{where}.name", Message("stream {name} is given twice", name=name))]


def party_problems(where: str, named: Mapping[str, str], parties: Sequence[str]) -> list[Problem]:
    """Which of the named parties are not among those of the plan, if it names them."""
    return [
        Problem(f"{where}{role}", unknown(party, parties))
        for role, party in named.items()
        if parties and party and party not in parties
    ]


def stream_problems(where: str, stream: Stream, currency: Currency) -> list[Problem]:
    """What keeps a stream from being paid in a currency: its unit, the step it is rounded to."""
    problems: list[Problem] = []
    owed = stream.amount.unit
    if owed != currency.unit:
        unit_owed = _unit_words(owed)
        message = Message("amounts are in {unit} where {currency} is expected", unit=unit_owed, currency=currency.unit)
        if stream.rate is not None and stream.quantity is not None:
            message = Message(
                "a rate in {rate} times a quantity in {quantity} gives {unit} where {currency} is expected",
                rate=_unit_words(stream.rate.unit),
                quantity=_unit_words(stream.quantity.unit),
                unit=unit_owed,
                currency=currency.unit,
            )
        if {"jin", "kg"} <= {*owed.above, *owed.below}:
            message = Message("{message}: 1 kg is 2 jin", message=message)
        problems.append(Problem(where, message))
    step = stream.rounding.step(currency.unit) * currency.scale
    if step != int(step):
        problems.append(
            Problem(
                f"{where}.rounding.to",
                Message(
                    "payments cannot be rounded to {seen}: whole steps of {smallest} are accepted",
                    seen=Quantity(stream.rounding.step(currency.unit), currency.unit),
                    smallest=Quantity(Fraction(1, currency.scale), currency.unit),
                ),
            )
        )
    return problems


def _unit_words(unit: Unit) -> Unit | Message:
    return unit if unit != PLAIN else Message("plain numbers")


def claim_problems(where: str, claim: Claim, streams: Sequence[Stream]) -> list[Problem]:
    """Which streams, part or holder of a claim are unknown, and what is wrong with how it is read."""
    names = [stream.name for stream in streams]
    problems = [Problem(f"{where}.stream", unknown(name, names)) for name in claim.streams if name not in names]
    about = [stream for stream in streams if not claim.streams or stream.name in claim.streams]
    both = {stream.payee for stream in about} & {stream.payer for stream in about} - {""}
    if not claim.streams and both:
        message = Message("streams run in both directions: 'stream' is expected, one or more of {names}", names=names)
        problems.append(Problem(where, message))
    parts = [name for stream in about for name in part_names(stream.split)]
    if claim.part is not None and claim.part not in parts:
        problems.append(Problem(f"{where}.part", unknown(claim.part, parts)))
    for stream in about:
        if part_names(stream.split).count(claim.part or "") > 1:
            message = Message(
                "{stream} has several parts {part}: write the path, outer/inner",
                stream=stream.name,
                part=repr(claim.part),
            )
            problems.append(Problem(f"{where}.part", message))
    numbers = [one.number for stream in about for some in stream_holders(stream) for one in some.holders]
    if claim.holder is not None and claim.holder not in numbers:
        problems.append(Problem(f"{where}.holder", unknown(claim.holder, numbers)))
    lists = {some.name for stream in about for some in stream_holders(stream) if _has(some, claim.holder)}
    if claim.part is None and len(lists) > 1:
        message = Message(
            "{lists} all have a holder {number}: which? 'stream' or 'part' is expected",
            lists=sorted(lists),
            number=claim.holder,
        )
        problems.append(Problem(f"{where}.holder", message))
    return problems + _reading_problems(where, claim)


def _reading_problems(where: str, claim: Claim) -> list[Problem]:
    """What is wrong with the claimed figure and how it is read."""
    problems = []
    if claim.claimed.unit == PLAIN and claim.per is None and claim.claimed.value > 1:
        problems.append(
            Problem(
                f"{where}.claimed",
                Message(
                    "{seen} has no unit: an amount, or the share of a part in the whole, is expected",
                    seen=shown(claim.claimed),
                ),
            )
        )
    readings = ("rounded_to", "truncated_to", "within", "bound")
    if sum(getattr(claim, name) is not None for name in readings) > 1:
        seen = [name for name in readings if getattr(claim, name) is not None]
        problems.append(Problem(where, Message("{seen}: one way to read the figure is accepted", seen=seen)))
    for name in ("rounded_to", "truncated_to"):
        step = getattr(claim, name)
        if step is not None and (step.unit != claim.claimed.unit or step.value <= 0):
            problems.append(
                Problem(f"{where}.{name}", Message("a step above 0 in {unit} is expected", unit=claim.claimed.unit))
            )
    for name, value in (("per", None if claim.per is None else claim.per.value), ("within", claim.within)):
        if value is not None and value <= 0:
            problems.append(Problem(f"{where}.{name}", Message("{seen}: more than 0 is expected", seen=decimal(value))))
    return problems


def _has(holders: Holders, number: str | None) -> bool:
    return any(holder.number == number for holder in holders.holders)


def part_names(parts: Sequence[Part]) -> list[str]:
    """The names of parts and of their parts; nested ones also as a path (``village/reserve``)."""
    paths = part_paths(parts)
    return [*paths, *(path.rsplit("/", 1)[1] for path in paths if "/" in path)]


def part_paths(parts: Sequence[Part]) -> list[str]:
    """Every part by its path: ``village``, ``village/reserve``."""
    return [path for part in parts for path in (part.name, *(f"{part.name}/{one}" for one in part_paths(part.parts)))]


def stream_holders(stream: Stream) -> list[Holders]:
    """The lists of holders that a stream pays, itself or through its parts."""
    own = [stream.holders] if stream.holders else []
    return own + [one for part in stream.split for one in _part_holders(part)]


def unknown(seen: str, known: Sequence[str]) -> Message:
    """What is said of a name that is not known: the likely one, and those that are."""
    from difflib import get_close_matches  # only when something is misspelt: start-up time

    known = list(dict.fromkeys(known))
    close = get_close_matches(seen, known, n=1)
    if close:
        return Message("{seen} is unknown: did you mean {likely}?", seen=repr(seen), likely=repr(close[0]))
    if not known:
        return Message("{seen} is unknown: there are none", seen=repr(seen))
    shown = [repr(name) for name in known[:12]] + (["…"] if len(known) > 12 else [])
    return Message("{seen} is unknown: one of {known} is accepted", seen=repr(seen), known=shown)
