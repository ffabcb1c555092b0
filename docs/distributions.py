"""The published cases that are a surplus and its distribution: one TOML file each, in `examples/distributions`.

A file has the steps of a waterfall as a charter has them (`coopledger book charter --waterfall`), the figures of one
year, and what is asked of the outcome::

    title = "…"
    source = "…"                      # title, publisher and date of the source
    currency = "USD"                  # CNY, if it does not say
    notes = ["…"]
    surplus = "75,584.10 元"          # and carried, what earlier years left

    [bases.shares]                    # what is split by, by holder: whole numbers, or money
    "1..821" = 1                      # 821 holders with one each

    [[contribution]]                  # or shares of a class, for what was brought in: the basis "class land"
    holder = "17"
    class = "land"
    mu = 2                            # with per_mu, or an amount; the shares are whole, to the class's digits
    per_mu = "8,000 元"
    price = "1 元"

    [[step]]
    code = "members"
    purpose = "dividend"
    each = "58 元"
    by = "shares"

    [[figure]]
    about = "…"
    step = "members"                  # or several, or a basis; of one holder or several
    what = "due"                      # of steps: amount, due or shortfall
    per = "65 户"                     # divided by it; "whole" is all of those steps, or of the basis
    computed = "47,618"               # in units of `one`, worked out by hand
    one = "1 元"
    check = "821 x 58"                # the check of published.json that it repeats
    claimed = "48,000 元"             # what was published, and how closely that is meant, as in a plan
    within = "1%"
    whole = true                      # or, instead of a claim: it has to be a whole number
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from coopledger.core.claims import Verdict, verdict_on
from coopledger.core.contribution import shares_for
from coopledger.core.distribution import Distribution, distribute
from coopledger.core.plan import Claim
from coopledger.core.quantity import CURRENCIES, PLAIN, Currency, Quantity, money, quantity, rate
from coopledger.core.share_class import preset
from coopledger.core.surplus import Surplus
from coopledger.core.waterfall import Step, Waterfall
from coopledger.files.waterfall_file import waterfall_of

_KEYS = {"title", "source", "notes", "currency", "surplus", "carried", "bases", "contribution", "step", "figure"}
_OF = {"step", "basis", "holder", "what", "per"}
_ASKED = {*_OF, "about", "computed", "one", "check", "claimed", "rounded_to", "truncated_to", "within", "whole"}


class Figure(NamedTuple):
    """A figure that was asked for: what the file says of it, what it comes to, and the verdict on what is claimed."""

    said: Mapping[str, Any]
    computed: Quantity
    verdict: Verdict | None

    @property
    def about(self) -> str:
        """What it is."""
        return str(self.said["about"])


class Case(NamedTuple):
    """A case, distributed: the waterfall as a charter has it, what it is split by, and the decimals of its classes."""

    path: Path
    title: str
    source: str
    notes: Sequence[str]
    currency: Currency
    waterfall: Waterfall
    bases: Mapping[str, Mapping[str, int]]
    digits: Mapping[str, int]
    done: Distribution
    figures: Sequence[Figure]


def read_case(path: Path) -> Case:
    """The case in a file, distributed, with its figures."""
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text, parse_float=Decimal)
    currency = CURRENCIES[document.get("currency", "CNY")]
    bases, digits = dict(_bases(document, currency)), {}
    for brought in document.get("contribution", ()):
        name = f"class {brought['class']}"
        digits[name] = brought.get("digits", 0)
        by_holder = bases.setdefault(name, {})
        by_holder[brought["holder"]] = by_holder.get(brought["holder"], 0) + _shares(brought, currency)
    carried = _cents(document["carried"], currency) if "carried" in document else 0
    year = Surplus(_cents(document["surplus"], currency), carried_fen=carried, bases=bases)
    in_yuan = tomllib.loads(text.replace(f' {currency.code}"', ' yuan"'), parse_float=str)  # whatever it is of
    waterfall = waterfall_of({"step": in_yuan["step"]})
    done = distribute(Waterfall(_counted(waterfall.steps, digits)), year)
    asked = {key for said in document["figure"] for key in said}
    if unknown := (document.keys() - _KEYS) | (asked - _ASKED):
        raise ValueError(f"{path.name}: no such keys: {sorted(unknown)}")
    return Case(
        path,
        document["title"],
        document["source"],
        document.get("notes", ()),
        currency,
        waterfall,
        bases,
        digits,
        done,
        [_figure(said, done, bases, currency) for said in document["figure"]],
    )


def _counted(steps: Iterable[Step], digits: Mapping[str, int]) -> Iterator[Step]:
    """The steps with what is said of whole shares said of the smallest fraction of one, as a book does it."""
    for one in steps:
        unit = 10 ** digits.get(one.by, 0)
        each = None if one.each is None else one.each / unit
        yield one._replace(each=each, above=one.above * unit, steps=tuple(_counted(one.steps, digits)))


def _bases(document: Mapping[str, Any], currency: Currency) -> Iterator[tuple[str, dict[str, int]]]:
    for name, by_holder in document.get("bases", {}).items():
        found: dict[str, int] = {}
        for number, seen in by_holder.items():
            first, _, last = number.partition("..")
            numbers = map(str, range(int(first), int(last) + 1)) if last else [number]
            found |= dict.fromkeys(numbers, seen if isinstance(seen, int) else _cents(seen, currency))
        yield name, found


def _shares(brought: Mapping[str, Any], currency: Currency) -> int:
    """What a contribution gives, in the smallest units of its class."""
    cents = (
        _cents(brought["amount"], currency)
        if "amount" in brought
        else brought["mu"] * _cents(brought["per_mu"], currency)
    )
    cls = preset("land", code=brought["class"], digits=brought.get("digits", 0))
    return shares_for(cents, _cents(brought["price"], currency), cls)


def _figure(
    said: Mapping[str, Any], done: Distribution, bases: Mapping[str, Mapping[str, int]], currency: Currency
) -> Figure:
    holders = _list(said.get("holder", ()))
    if "basis" in said:
        unit = quantity(said["one"]).unit  # a count is of what the file says
        weights = bases[said["basis"]]
        whole = Fraction(sum(weights.values()))
        found = Fraction(sum(weights[one] for one in holders)) if holders else whole
    else:
        unit = currency.unit
        outcomes = [done.outcome(code) for code in _list(said["step"])]
        whole = Fraction(sum(getattr(one, f"{said.get('what', 'amount')}_fen") for one in outcomes), 100)
        parts = [one.parts.get(holder, 0) for one in outcomes for holder in holders]
        found = Fraction(sum(parts), 100) if holders else whole
    computed = Quantity(found, unit)
    if (per := said.get("per", "1")) in {"whole", "surplus"}:
        of = whole if per == "whole" else Fraction(done.surplus.surplus_fen, 100)
        computed = Quantity(found / of, PLAIN)
    else:
        divisor = quantity(per)
        computed = Quantity(found / Fraction(divisor.value), unit / divisor.unit)
    verdict = verdict_on(_claim(said, computed), computed) if {"claimed", "whole"} & said.keys() else None
    return Figure(said, computed, verdict)


def _claim(said: Mapping[str, Any], computed: Quantity) -> Claim:
    if "whole" in said:
        return Claim(said["about"], Quantity(round(computed.value), computed.unit))
    return Claim(
        said["about"],
        quantity(said["claimed"]),
        rounded_to=quantity(said["rounded_to"]) if "rounded_to" in said else None,
        truncated_to=quantity(said["truncated_to"]) if "truncated_to" in said else None,
        within=rate(said["within"]).value if "within" in said else None,
    )


def _cents(seen: object, currency: Currency) -> int:
    """A sum of money in its smallest unit."""
    return _whole(Fraction(money(str(seen), currency).value) * currency.scale)


def _whole(exact: Fraction) -> int:
    if exact.denominator != 1:
        raise ValueError(f"{exact}: a whole number is expected")
    return exact.numerator


def _list(seen: str | Sequence[str]) -> Sequence[str]:
    return [seen] if isinstance(seen, str) else seen
