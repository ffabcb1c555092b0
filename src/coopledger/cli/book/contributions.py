"""What members bring in: rights and money for shares, their amortisation and their end; funds; trade; other money."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.recording import Act, by_account, recording, role_of
from coopledger.cli.book.shares import counted
from coopledger.cli.book.values import (
    ACCOUNT,
    AREA,
    BANK_OR_CASH,
    DAY,
    ENTERED,
    FEN,
    GIVEN,
    REASON,
    SHARES,
    OneOf,
    Pair,
    pair,
    read_factor,
)
from coopledger.core.amortisation import amortise, restate_amortisation, revalue_contribution
from coopledger.core.calendar import BASES
from coopledger.core.chart import DONATION, RESERVE, SUBSIDY
from coopledger.core.contribution import (
    Contribution,
    Money,
    Right,
    Valuation,
    contribute,
    invest,
)
from coopledger.core.ending import RULES, end_contribution
from coopledger.core.fund import quantify, receive_donation, receive_fund, requantify, spend_fund
from coopledger.core.instalment import EVERY, PARTS
from coopledger.core.journal import Entry, View
from coopledger.core.ordinary import enter
from coopledger.core.quantity import Number
from coopledger.core.trade import record_trade
from coopledger.errors import RegisterError
from coopledger.text import Message

_RIGHTS = {"land": "land right", "forest": "forest right", "infrastructure": "infrastructure use right"}
_VALUERS = ("members", "third party", "agreed price", "documents")
_UNITS = {"reserve": RESERVE, "subsidy": SUBSIDY, "donation": DONATION}

_HOLDER = option("--holder", required=True, metavar="NUMBER", help="Who brings it in, and gets the shares.")
_CLASS = option("--class", "cls", required=True, metavar="CLASS", help="The class of the shares.")
_PRICE = option("--price", type=FEN, metavar="YUAN", help="The price of one share.")
_VALUED_ON = option("--valued-on", type=DAY, metavar="DAY", help="The day of the valuation; the day --on if left out.")
_APPRAISER = option("--appraiser", default="", help="Which institution the third party was; of a person the number.")
_PER_MU = option("--per-mu", "per_mu_fen", type=FEN, metavar="YUAN", help="The price of a mu, if that was the measure.")


@recording(
    "contribute-right",
    "coopledger book contribute-right hill.db G1 --holder 17 --class land --right land --area 3.37亩 --parcel 1-23 "
    "--contract 承包合同1 --from 2026-03-01 --until 2036-02-29 --right-until 2057-12-31 --shares 337 --on 2026-03-01",
)
@argument("number")
@_HOLDER
@_CLASS
@option("--right", "kind", type=OneOf(_RIGHTS, _RIGHTS), required=True, help="What kind of right it is.")
@option("--from", "starts_on", type=DAY, required=True, metavar="DAY", help="The first day on which it is used.")
@option("--until", "ends_on", type=DAY, required=True, metavar="DAY", help="The last day on which it is used.")
@option(
    "--right-until",
    "right_ends_on",
    type=DAY,
    required=True,
    metavar="DAY",
    help="The last day of the right itself, by its contract or certificate.",
)
@option("--basis", type=OneOf(BASES), default="contracted-land", show_default=True, help="How the contributor has it.")
@option("--area", "area_mu", type=AREA, metavar="MU", help="The area in mu.")
@option("--parcel", "parcels", multiple=True, help="A parcel's number. Several are accepted.")
@option("--contract", default="", help="The number of the contract or certificate.")
@option("--built-by", default="", help="Of infrastructure: which institution built it; of a person the number.")
@option("--built-with", default="", help="Of infrastructure: with which money.")
@option("--every", type=OneOf(EVERY), default="month", show_default=True, help="How often it is amortised.")
@option("--part", type=OneOf(PARTS), default="months", show_default=True, help="How parts of a period count.")
@option("--value", "value_fen", type=FEN, metavar="YUAN", help="What it was valued at.")
@option("--valued-by", type=OneOf(_VALUERS), help="Who valued it.")
@_VALUED_ON
@_APPRAISER
@_PER_MU
@_PRICE
@option("--shares", type=SHARES, help="Without a valuation: how many shares it gives.")
def contribute_right(
    view: View,
    act: Act,
    number: str,
    holder: str,
    cls: str,
    kind: str,
    value_fen: int | None,
    valued_by: Any,  # noqa: ANN401 - one of the words
    valued_on: date | None,
    appraiser: str,
    per_mu_fen: int | None,
    price: int | None,
    shares: Number | None,
    **right: Any,
) -> Iterable[Entry]:
    """Bring in a right for shares, under the NUMBER of the contribution.

    Land, a forest, the use of a reservoir. Valued, it gives shares at a price: --value, --valued-by and --price. Not
    valued, it gives the --shares that are named, and no voucher.
    """
    valuation = None
    if value_fen is not None:
        if valued_by is None:
            raise RegisterError(Message("a valuation says who valued it: --valued-by"))
        valuation = Valuation(value_fen, valued_by, valued_on or act.on, appraiser, per_mu_fen)
    elif valued_by or valued_on or appraiser or per_mu_fen is not None:
        raise RegisterError(
            Message("--valued-by, --valued-on, --appraiser and --per-mu say more of a valuation: --value is expected")
        )
    brought: Any = Right(kind=_RIGHTS[kind], **right)  # type: ignore[arg-type] # one of three words
    units = None if shares is None else counted(view, act, cls, shares)
    one = Contribution(number, holder, cls, brought, valuation, price, units)
    return contribute(one, **act.days, **act.papers)(view)


@recording(
    "contribute-money",
    "coopledger book contribute-money hill.db Z1 5000元 --holder 0042 --class cash --price 1 --on 2026-03-01",
)
@argument("number")
@argument("amount", type=FEN)
@_HOLDER
@_CLASS
@option(
    "--kind",
    type=OneOf(["cash", "fiscal fund", "crowd funding"]),
    default="cash",
    show_default=True,
    help="What kind of money it is.",
)
@option("--into", type=BANK_OR_CASH, default="bank", show_default=True, help="Where it was paid in.")
@option("--source", default="", help="Of a fiscal fund the document that granted it, of crowd funding the campaign.")
@option("--rule", default="", help="Of a fiscal fund: to whom and in what parts it is quantified.")
@_PRICE
def contribute_money(
    view: View,
    act: Act,
    number: str,
    amount: int,
    holder: str,
    cls: str,
    kind: Any,  # noqa: ANN401 - one of the words
    into: Any,  # noqa: ANN401
    source: str,
    rule: str,
    price: int | None,
) -> Iterable[Entry]:
    """Bring in an AMOUNT of money for shares, under the NUMBER of the contribution."""
    one = Contribution(number, holder, cls, Money(amount, kind, into, source, rule), price_fen=price)
    return contribute(one, **act.days, **act.papers)(view)


@recording(
    "amortise",
    "coopledger book amortise hill.db --through 2026-06-30 --on 2026-06-30",
    documents=False,
    resolution=False,
    stateful=True,
    on="The accounting date of what is not booked on its own day, if --booked says no other; today if left out.",
)
@option("--through", type=DAY, required=True, metavar="DAY", help="What falls on periods that end by this day.")
def amortise_command(view: View, act: Act, through: date) -> Iterable[Entry]:
    """Book what is used up of the rights by a day and is not booked yet; booking twice books nothing.

    Each month or year is a record of its last day, booked on it too, or on --booked where that day is locked or comes
    before the day on which the right, or its value of then, was booked.
    """
    return amortise(through=through, booked_on=act.booked)(view)


@recording(
    "restate-amortisation",
    "coopledger book restate-amortisation coop.db --on 2023-01-01",
    documents=False,
    resolution=False,
    stateful=True,
)
def restate_amortisation_command(view: View, act: Act) -> Iterable[Entry]:
    """Show accumulated amortisation apart, after a conversion to a chart that has an account for it."""
    return restate_amortisation(**act.days)(view)


@recording(
    "revalue-contribution",
    "coopledger book revalue-contribution hill.db G8 1500元 --valued-by agreed-price --reason 重估 --on 2027-01-01",
)
@argument("number")
@argument("value", type=FEN)
@option("--valued-by", type=OneOf(_VALUERS), required=True, help="Who valued it.")
@_VALUED_ON
@_APPRAISER
@_PER_MU
@option("--reason", type=REASON, required=True, help="Why.")
def revalue_contribution_command(
    view: View,
    act: Act,
    number: str,
    value: int,
    valued_by: Any,  # noqa: ANN401 - one of the words
    valued_on: date | None,
    appraiser: str,
    per_mu_fen: int | None,
    reason: str,
) -> Iterable[Entry]:
    """Give the right brought in under NUMBER another VALUE, for the rest of its term.

    Its shares stay. What is used up by then is booked first; the difference goes to the capital surplus.
    """
    valuation = Valuation(value, valued_by, valued_on or act.on, appraiser, per_mu_fen)
    return revalue_contribution(number, valuation, reason=reason, **act.days, **act.papers)(view)


@recording(
    "end-contribution",
    "coopledger book end-contribution hill.db G9 --reason withdrawal --rule right-only --on 2026-12-31",
)
@argument("number")
@option(
    "--reason",
    type=OneOf(["expiry", "withdrawal", "exclusion", "correction"]),
    default="expiry",
    show_default=True,
    help="Why it ends.",
)
@option("--rule", type=OneOf(RULES), required=True, help="What the holder gets back, by the charter.")
def end_contribution_command(
    view: View,
    act: Act,
    number: str,
    reason: Any,  # noqa: ANN401 - one of the words
    rule: Any,  # noqa: ANN401
) -> Iterable[Entry]:
    """End the contribution NUMBER: the right goes back, its shares are redeemed, whoever has them now."""
    return end_contribution(number, reason=reason, rule=rule, **act.days, **act.papers)(view)


@recording(
    "invest",
    "coopledger book invest hill.db base 50万元 --given fixed-asset=30万元 --reason 共建基地 --on 2026-03-01",
)
@argument("into")
@argument("amount", type=FEN)
@option(
    "--given",
    type=GIVEN,
    multiple=True,
    help="What leaves an account, in yuan; of a credit balance (depreciation) with a minus.",
)
@option("--reason", type=REASON, required=True, help="Why.")
def invest_command(
    view: View, act: Act, into: str, amount: int, given: tuple[Pair, ...], reason: str
) -> Iterable[Entry]:
    """Give assets of the book's own INTO another's base, at an agreed AMOUNT."""
    leaves = by_account(view, act, given)
    return invest(into, amount, leaves, reason=reason, **act.days, **act.papers)(view)


@recording("trade", "coopledger book trade hill.db 0042 1200元 --reason 稻谷 --on 2026-09-30", resolution=False)
@argument("holder", metavar="NUMBER")
@argument("amount", type=FEN)
@option("--reason", type=REASON, required=True, help="What was traded.")
def trade(view: View, act: Act, holder: str, amount: int, reason: str) -> Iterable[Entry]:
    """Note what a member traded with the cooperative: by it patronage refunds are split."""
    return record_trade(holder, amount, reason=reason, documents=act.documents, **act.days)(view)


# ---------------------------------------------------------------- funds


@recording(
    "receive",
    "coopledger book fund receive hill.db roads 20万元 --source 财农2026-1 --purpose 机耕道 --rule 按户平均 "
    "--on 2026-03-01",
)
@argument("fund")
@argument("amount", type=FEN)
@option("--source", required=True, help="The document that granted it.")
@option("--purpose", required=True, help="What it is for.")
@option("--rule", required=True, help="To whom and in what parts it will be quantified.")
@option("--into", type=BANK_OR_CASH, default="bank", show_default=True, help="Where it was paid in.")
def receive(
    view: View, act: Act, fund: str, amount: int, source: str, purpose: str, rule: str, into: str
) -> Iterable[Entry]:
    """Receive an AMOUNT of a fiscal FUND: it is owed for its purpose until it is spent."""
    return receive_fund(fund, amount, source=source, purpose=purpose, rule=rule, into=into, **act.days, **act.papers)(
        view
    )


@recording("spend", "coopledger book fund spend hill.db dam 6万元 --asset fixed-asset --reason 水渠 --on 2026-04-01")
@argument("fund")
@argument("amount", type=FEN)
@option("--asset", type=ACCOUNT, help="The account of the asset; without one it was spent on services.")
@option("--reason", type=REASON, required=True, help="On what.")
@option("--paid-from", type=BANK_OR_CASH, default="bank", show_default=True, help="Where it was paid from.")
def spend(
    view: View, act: Act, fund: str, amount: int, asset: str | None, reason: str, paid_from: str
) -> Iterable[Entry]:
    """Spend an AMOUNT of a fiscal FUND; spent on an asset it may be quantified."""
    on = None if asset is None else role_of(view, act, asset)
    return spend_fund(fund, amount, on=on, reason=reason, paid_from=paid_from, **act.days, **act.papers)(view)


@recording("donation", "coopledger book fund donation hill.db school 1万元 --reason 捐建 --on 2026-04-01")
@argument("fund")
@argument("amount", type=FEN)
@option("--into", type=ACCOUNT, default="bank", show_default=True, help="The account that it went into.")
@option("--reason", type=REASON, required=True, help="What for.")
def donation(view: View, act: Act, fund: str, amount: int, into: str, reason: str) -> Iterable[Entry]:
    """Receive a donation, in money or as an asset, under the code FUND."""
    return receive_donation(fund, amount, into=role_of(view, act, into), reason=reason, **act.days, **act.papers)(view)


@recording(
    "quantify",
    "coopledger book fund quantify hill.db subsidy --fund dam --to 0042=1 --to 0043=1 --rule 平均量化 --on 2026-05-01",
)
@argument("unit", type=OneOf(_UNITS))
@option("--fund", default="", help="Which fund; of the reserve none.")
@option(
    "--to",
    "parts",
    type=pair(read_factor, "0042=1"),
    multiple=True,
    help="Who, with a weight. Of a pooled class nobody.",
)
@option("--amount", type=FEN, metavar="YUAN", help="How much; all that waits if left out.")
@option("--rule", required=True, help="To whom and in what parts.")
@option("--class", "cls", metavar="CLASS", help="The class of which shares are issued with it.")
@_PRICE
def quantify_command(
    view: View,
    act: Act,
    unit: str,
    fund: str,
    parts: tuple[Pair, ...],
    amount: int | None,
    rule: str,
    cls: str | None,
    price: int | None,
) -> Iterable[Entry]:
    """Quantify a subsidy, a donation or the reserve to members, as a memo in their accounts."""
    return quantify(
        _UNITS[unit],
        _weights(parts),
        fund=fund,
        amount_fen=amount,
        rule=rule,
        share_class=cls,
        price_fen=price,
        **act.days,
        **act.papers,
    )(view)


@recording("requantify", "coopledger book fund requantify hill.db 0051 --to 0042=1 --to 0043=1 --on 2026-07-01")
@argument("leaver", metavar="NUMBER")
@option(
    "--to", "parts", type=pair(read_factor, "0042=1"), multiple=True, required=True, help="Who stays, with a weight."
)
def requantify_command(view: View, act: Act, leaver: str, parts: tuple[Pair, ...]) -> Iterable[Entry]:
    """Spread what was quantified to a leaver of subsidies and donations over those who stay."""
    return requantify(leaver, _weights(parts), **act.days, **act.papers)(view)


def _weights(parts: tuple[Pair, ...]) -> dict[str, int]:
    """Weights as whole numbers in the same proportion."""
    below = 1
    for one in parts:
        below *= Fraction(one.value).denominator
    return {one.name: int(one.value * below) for one in parts}


@recording(
    "enter",
    "coopledger book enter hill.db --debit bank=2万 --credit operating-income=2万 --reason 销售稻谷 --on 2026-03-01",
)
@option(
    "--debit",
    type=ENTERED,
    multiple=True,
    required=True,
    metavar="ACCOUNT=YUAN",
    help="An account that is debited (借), by its name, code or purpose. Several are accepted.",
)
@option(
    "--credit",
    type=ENTERED,
    multiple=True,
    required=True,
    metavar="ACCOUNT=YUAN",
    help="An account that is credited (贷). Several are accepted.",
)
@option("--reason", type=REASON, required=True, help="What it is, for the voucher (摘要); no names of persons.")
def enter_command(
    view: View, act: Act, debit: tuple[Pair, ...], credit: tuple[Pair, ...], reason: str
) -> Iterable[Entry]:
    """Enter ordinary business (记账) by debits and credits: opening balances, bank and cash, goods, taxes, income.

    What the register, dividends, contracts and funds keep has commands of its own.
    """
    debits, credits_ = (by_account(view, act, side) for side in (debit, credit))
    return enter(debits, credits_, reason=reason, **act.days, **act.papers)(view)
