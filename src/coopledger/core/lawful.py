"""What the laws ask of a waterfall: rules with their articles, waterfalls that follow them, and which rule one breaks.

A law here is a set of policies, as a charter's are: the national laws leave the rates of reserve and welfare fund to
the charter, provinces set some. Each rule is named by its article.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.journal import shown
from coopledger.core.quantity import Number, percent
from coopledger.core.rounding import Mode
from coopledger.core.waterfall import Portion, Purpose, Step, Waterfall, all_steps, share
from coopledger.errors import Problem, WaterfallError
from coopledger.text import Message

_FUNDS: tuple[Purpose, ...] = ("reserve", "welfare")
_CAPITAL: tuple[Purpose, ...] = ("preferred", "dividend")
_PAID_OUT: tuple[Purpose, ...] = ("reward", "patronage", *_CAPITAL)


class Law(NamedTuple):
    """What a law asks of a waterfall. The rates are of the surplus after losses, patronage of the distributable one.

    - ``funds``: a reserve or a welfare fund is taken at all;
    - ``reserve``, ``welfare``, ``together``: at least this much goes to the reserve, the welfare fund, both;
    - ``patronage``: at least this part of the distributable surplus (after losses and reserve) is refunded by trade,
      and capital is paid only from what remains; 0 for a law that knows no trade;
    - ``sources``: the article, where it is known, of each of these, and of ``losses`` (covered before everything else)
      and ``order`` (nobody is paid before the funds have their part).
    """

    name: str
    sources: Mapping[str, str]
    funds: bool = False
    reserve: Fraction = Fraction(0)
    welfare: Fraction = Fraction(0)
    together: Fraction = Fraction(0)
    patronage: Fraction = Fraction(0)

    def source(self, rule: str) -> str:
        """The article of a rule; the law's name where it has none.

        >>> ZHEJIANG.source("together"), ZHEJIANG.source("reserve")
        ('浙江：公积金、公益金合计不低于 30%', '浙江')
        """
        return self.sources.get(rule, self.name)


_COLLECTIVE = "农村集体经济组织法 42；财农〔2021〕121号 28"

COLLECTIVE_LAW = Law(
    "农村集体经济组织法", {"losses": _COLLECTIVE, "order": _COLLECTIVE, "funds": "农村集体经济组织法 42"}, funds=True
)
"""农村集体经济组织法 42: reserve and welfare fund are taken as the charter says, what is left goes to members by their
quantified shares; 财农〔2021〕121号 28: losses of earlier years first, then the funds, then the members."""

ZHEJIANG = COLLECTIVE_LAW._replace(
    name="浙江",
    sources={**COLLECTIVE_LAW.sources, "together": "浙江：公积金、公益金合计不低于 30%"},
    together=Fraction(3, 10),
)
"""Zhejiang: the same, reserve and welfare fund together at least 30 %."""

SHANGHAI = COLLECTIVE_LAW._replace(
    name="上海",
    sources={
        **COLLECTIVE_LAW.sources,
        "reserve": "上海：公积金不低于 15%",
        "welfare": "上海：公益金不低于 15%",
    },
    reserve=Fraction(15, 100),
    welfare=Fraction(15, 100),
)
"""Shanghai: the same, reserve and welfare fund at least 15 % each."""

SPECIALISED_LAW = Law(
    "农民专业合作社法",
    {
        "losses": "农民专业合作社法 44",
        "order": "农民专业合作社法 42, 44",
        "patronage": "农民专业合作社法 44(1)",
        "capital": "农民专业合作社法 44(2)",
    },
    patronage=Fraction(3, 5),
)
"""农民专业合作社法 42: a reserve may be taken; 44: what is left of the year's surplus after losses and reserve is
distributable; at least 60 % of it is refunded by volume or value of trade, and only what remains goes to the members by
their accounts (contribution, quantified reserve, equally quantified subsidies and donations)."""

LAWS: Mapping[str, Law] = {one.name: one for one in (COLLECTIVE_LAW, SPECIALISED_LAW, ZHEJIANG, SHANGHAI)}
"""The laws and provincial variants by name."""


def collective_waterfall(reserve: str | Number, welfare: str | Number, *, by: str = "shares") -> Waterfall:
    """The order of 农村集体经济组织法 42 and 财农〔2021〕121号 28: losses, reserve, welfare fund, the rest by shares.

    The rates, of the surplus after losses, are the charter's to say; ``by`` is the name of the basis.

    >>> check_lawful(collective_waterfall("15%", "15%"), SHANGHAI)
    []
    """
    return Waterfall(
        (
            Step("losses", "losses", name="弥补以前年度亏损", source="财农〔2021〕121号 28"),
            Step("reserve", "reserve", share(reserve, "after losses"), name="公积金", source="农村集体经济组织法 42"),
            Step("welfare", "welfare", share(welfare, "after losses"), name="公益金", source="农村集体经济组织法 42"),
            Step("members", "dividend", share("100%", "left"), by=by, name="成员分红", source="农村集体经济组织法 42"),
        )
    )


def specialised_waterfall(
    reserve: str | Number, patronage: str | Number = "60%", *, trade: str = "trade", account: str = "account"
) -> Waterfall:
    """The order of 农民专业合作社法 42 and 44: losses, reserve, refund by trade, the rest by the members' accounts.

    ``trade`` and ``account`` are the names of the bases: volume or value of trade; contribution, quantified reserve,
    subsidies and donations in fen (:attr:`~coopledger.core.member_account.MemberAccount.basis_fen`). The refund is
    rounded up, so that it is not a fen below 60 %.

    >>> check_lawful(specialised_waterfall("10%"), SPECIALISED_LAW)
    []
    """
    refund = share(patronage, "distributable")
    return Waterfall(
        (
            Step("losses", "losses", name="弥补以前年度亏损", source="农民专业合作社法 44"),
            Step("reserve", "reserve", share(reserve, "after losses"), name="盈余公积", source="农民专业合作社法 42"),
            Step(
                "patronage", "patronage", refund, by=trade, mode="up", name="盈余返还", source="农民专业合作社法 44(1)"
            ),
            Step(
                "surplus",
                "dividend",
                share("100%", "left"),
                by=account,
                name="剩余盈余",
                source="农民专业合作社法 44(2)",
            ),
        )
    )


def land_waterfall(reserve: str | Number, *, account: str = "account") -> Waterfall:
    """The same for a land cooperative whose members do not trade with it: it states that the 60 % does not apply.

    >>> check_lawful(land_waterfall("10%"), SPECIALISED_LAW)
    []
    """
    traded = specialised_waterfall(reserve, account=account)
    return Waterfall([one for one in traded.steps if one.purpose != "patronage"], members_trade=False)


def check_lawful(waterfall: Waterfall, law: Law = COLLECTIVE_LAW) -> list[Problem]:
    """Every rule of a law that a waterfall breaks, each with its article; empty for a lawful one.

    Rates are compared in a year without losses to cover and without money brought forward. A fixed floor of the reserve
    is no breach, as it only makes the reserve larger; a fixed sum of any other step ahead of the refund may leave less
    than 60 %, and is one. The ceiling of a fund's balance (``full_at``) is taken as allowed.

    Rounding to the fen is no breach, for nothing smaller can be paid: what is more than 60 % falls below that only in
    a year of a few yuan, by less than a fen. Just 60 % would about every other year, so there ``up`` is expected, as
    the presets have it. Rounding to more than a fen (``to_fen``) may leave nothing of a small year's refund or fund: it
    is a breach unless it rounds up, as a floor does; of a step ahead of the refund also where it rounds up.

    >>> [problem] = check_lawful(specialised_waterfall("10%", "50%"), SPECIALISED_LAW)
    >>> problem.where, problem.message.values["sure"], problem.message.values["source"]
    ('step patronage', '50%', '农民专业合作社法 44(1)')
    """
    for seen, kind in ((waterfall, Waterfall), (law, Law)):
        if not isinstance(seen, kind):
            raise WaterfallError(Message("{seen}: a Waterfall and a Law are expected", seen=shown(seen)))
    steps = [one for one in all_steps(waterfall.steps) if not one.steps]
    found = [*_losses(steps, law), *_order(steps, law)]
    certain, rounded = _Certain(waterfall), _Certain(waterfall, rounded=True)
    found += _rates(steps, certain, rounded, law)
    if law.patronage:
        found += _patronage(steps, certain, rounded, law, waterfall)
    return found


def _losses(steps: list[Step], law: Law) -> Iterator[Problem]:
    source = law.source("losses")
    if all(one.purpose != "losses" for one in steps):
        yield Problem("waterfall", Message("no step covers losses of earlier years ({source})", source=source))
        return
    last = max(at for at, one in enumerate(steps) if one.purpose == "losses")
    for one in steps[:last]:
        if one.purpose != "losses":
            yield Problem(
                f"step {one.code}",
                Message("it comes before losses of earlier years are covered ({source})", source=source),
            )


def _order(steps: list[Step], law: Law) -> Iterator[Problem]:
    """Funds at all, and before anybody is paid; for a law of trade the refund before capital."""
    funds = [at for at, one in enumerate(steps) if one.purpose in _FUNDS]
    if law.funds and not funds:
        yield Problem(
            "waterfall", Message("neither reserve nor welfare fund is taken ({source})", source=law.source("funds"))
        )
    for one in steps[: max(funds, default=0)]:
        if one.purpose in _PAID_OUT:
            yield Problem(
                f"step {one.code}",
                Message(
                    "it is paid before reserve and welfare fund have their part ({source})", source=law.source("order")
                ),
            )


def _rates(steps: list[Step], certain: "_Certain", rounded: "_Certain", law: Law) -> Iterator[Problem]:
    for rule, purposes, least in (
        ("reserve", _FUNDS[:1], law.reserve),
        ("welfare", _FUNDS[1:], law.welfare),
        ("together", _FUNDS, law.together),
    ):
        sure, still = (one.of(steps, purposes) for one in (certain, rounded))
        said = {"funds": [_FUND_WORDS[one] for one in purposes], "least": percent(least), "source": law.source(rule)}
        if sure < least:
            yield Problem(
                "waterfall",
                Message(
                    "{funds}: {sure} of the surplus after losses is certain, at least {least} is expected ({source})",
                    sure=percent(sure),
                    **said,
                ),
            )
        elif still < least:
            yield Problem(
                "waterfall",
                Message(
                    "{funds}: rounded to more than a fen, it may be below {least} of the surplus after losses: to the "
                    "fen, or 'up', is expected ({source})",
                    **said,
                ),
            )


def _patronage(
    steps: list[Step], certain: "_Certain", rounded: "_Certain", law: Law, waterfall: Waterfall
) -> Iterator[Problem]:
    source = law.source("patronage")
    refunds = [at for at, one in enumerate(steps) if one.purpose == "patronage"]
    if not waterfall.members_trade:
        for at in refunds:
            yield Problem(
                f"step {steps[at].code}",
                Message("a refund by trade, and the charter says that members do not trade ({source})", source=source),
            )
        return
    if not refunds:
        yield Problem(
            "waterfall",
            Message(
                "no refund by trade: at least {least} of the distributable surplus is expected, or, where members do "
                "not trade with it, the statement that this does not apply, members_trade = False ({source})",
                least=percent(law.patronage),
                source=source,
            ),
        )
        return
    for one in steps[: refunds[-1]]:
        if one.purpose in _CAPITAL:
            yield Problem(
                f"step {one.code}",
                Message(
                    "capital is paid before the refund by trade: only what remains after it is capital's ({source})",
                    source=law.source("capital"),
                ),
            )
    (sure, reserve), (still, kept) = (
        (one.of(steps, ["patronage"]), one.of(steps, ["reserve"])) for one in (certain, rounded)
    )
    due = law.patronage * (1 - reserve)
    where = f"step {steps[refunds[0]].code}"
    if sure < due:
        yield Problem(
            where,
            Message(
                "refund: {sure} of the distributable surplus is certain, at least {least} is expected ({source})",
                sure=percent(sure / (1 - reserve)),
                least=percent(law.patronage),
                source=source,
            ),
        )
    elif still < law.patronage * (1 - kept):
        yield Problem(
            where,
            Message(
                "refund: it, or a step before it, is rounded to more than a fen, so that it may be below {least} of "
                "the distributable surplus: to the fen, or the refund 'up', is expected ({source})",
                least=percent(law.patronage),
                source=source,
            ),
        )
    elif sure == due and due and any((steps[at].mode or waterfall.mode) != "up" for at in refunds):
        yield Problem(
            where,
            Message(
                "just {least} of the distributable surplus: it may be rounded below that, 'up' is expected ({source})",
                least=percent(law.patronage),
                source=source,
            ),
        )


_FUND_WORDS: Mapping[str, Message] = {"reserve": Message("reserve"), "welfare": Message("welfare fund")}


class _Certain:
    """What each step gets for certain, and at most, as parts of the surplus after losses, whatever the year's figures.

    The reserve's own fixed floor only makes more of it, and less distributable in the same measure: it is left out.
    ``rounded`` says that rounding to more than a fen counts: in a small year nothing may be left by it, or all taken.
    """

    def __init__(self, waterfall: Waterfall, *, rounded: bool = False) -> None:
        self.least: dict[str, Fraction] = {}
        self._reserve = Fraction(0)
        self._waterfall, self._rounded = waterfall, rounded
        self._flow(waterfall.steps, (Fraction(1), Fraction(1)))

    def of(self, steps: Iterable[Step], purposes: Collection[Purpose]) -> Fraction:
        """What the steps that are for one of the purposes get for certain together."""
        return sum((self.least[one.code] for one in steps if one.purpose in purposes), Fraction(0))

    def _flow(self, steps: Iterable[Step], pool: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
        """What steps that share a pool, from so much to so much, take of it together."""
        left = pool
        weights = sum((one.weight or Fraction(0) for one in steps), Fraction(0))
        for one in steps:
            if one.weight is not None:
                least, most = one.weight / weights * pool[0], one.weight / weights * pool[1]
            else:
                least, most = self._range(one, left, pool)
            if one.steps:
                least, most = self._flow(one.steps, (least, most))
            if one.purpose == "reserve":
                most = least
                self._reserve += least
            self.least[one.code] = least
            left = max(left[0] - most, Fraction(0)), left[1] - least
        return pool[1] - left[1], min(pool[1], pool[0] - left[0] + pool[1] - pool[0])

    def _range(
        self, step: Step, left: tuple[Fraction, Fraction], pool: tuple[Fraction, Fraction]
    ) -> tuple[Fraction, Fraction]:
        if step.purpose == "losses":
            return Fraction(0), Fraction(0)

        coarse = self._rounded and (step.to_fen or self._waterfall.to_fen) > 1

        def of(part: Portion, mode: Mode) -> tuple[Fraction, Fraction]:
            whole = (Fraction(1), Fraction(1))
            rest = (1 - self._reserve, 1 - self._reserve)
            sums = {"surplus": whole, "after losses": whole, "distributable": rest, "left": left, "pool": pool}
            least, most = sums.get(part.of, (Fraction(0), left[1]))
            if part.of in sums:
                least, most = part.rate * least, part.rate * most
            if coarse and part.rate:
                least, most = least if mode == "up" else Fraction(0), most if mode == "down" else left[1]
            return least, most

        mode = step.mode or self._waterfall.mode
        least, most = of(step.amount, mode) if step.amount is not None else (Fraction(0), left[1])
        if step.at_least is not None:
            least, most = (max(one, floor) for one, floor in zip((least, most), of(step.at_least, "up"), strict=True))
        if step.at_most is not None:
            least, most = (
                min(one, ceiling) for one, ceiling in zip((least, most), of(step.at_most, "down"), strict=True)
            )
        return min(least, left[0]), min(most, left[1])
