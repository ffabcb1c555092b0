"""Shares: issued, passed on, taken back, tied, recounted."""

from collections.abc import Iterable
from fractions import Fraction

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.recording import Act, account_of, by_account, recording
from coopledger.cli.book.values import (
    ACCOUNT,
    FACTOR,
    FEN,
    NEW_HEAD,
    PAID,
    REASON,
    SHARES,
    SHARES_OR_ALL,
    OneOf,
    Pair,
    pair,
    read_shares,
)
from coopledger.core.contribution import contributions_of
from coopledger.core.journal import Entry, View
from coopledger.core.lot import every_lot
from coopledger.core.member import LEAVING_REASONS
from coopledger.core.movement import (
    CONVERT_REASONS,
    ISSUE_REASONS,
    PAY_IN_REASONS,
    REDEEM_REASONS,
    TIE_REASONS,
    TRANSFER_REASONS,
    UNTIE_REASONS,
    allot,
    convert,
    freeze,
    issue,
    pay_in,
    pledge,
    redeem,
    release,
    transfer,
    unfreeze,
)
from coopledger.core.quantity import Number
from coopledger.core.redenomination import change_par_value, rebalance, redenominate
from coopledger.core.reversal import take_back
from coopledger.core.rules import POOLED
from coopledger.core.share_class import class_on, units
from coopledger.core.withdrawal import spread, withdraw

_HOLDER = option(
    "--holder", "--from", "holder", required=True, metavar="NUMBER", help="Who has the shares: a member or a household."
)
_AGAINST = option(
    "--against",
    type=ACCOUNT,
    help="Of a class of capital: the account on the other side, by its purpose (bank, cash), its name in the chart "
    "(银行存款) or its code (102, c2023:102).",
)
_AMOUNT = option("--amount", type=FEN, metavar="YUAN", help="What is paid, if it is not the par value.")
_PREMIUM = option(
    "--premium", type=ACCOUNT, help="The account of the difference to the par value, such as capital-surplus."
)
_LOT = option("--lot", help="The lot, by which vintages are told apart; with a lock-in, the day of issue.")
_FROM_LOT = option(
    "--lot",
    help="Of which lot: the day of issue of a class with a lock-in; of a right, contribution/NUMBER or its NUMBER.",
)
_UNPAID = option("--unpaid", is_flag=True, help="Shares that are subscribed and not paid in yet.")


@recording("issue", "coopledger book issue hill.db land 500 --to 17 --reason contribution --on 2026-02-01")
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@option(
    "--to", metavar="NUMBER", default=POOLED, help="Who gets them: a member or a household. Of a pooled class, nobody."
)
@option("--reason", type=OneOf(ISSUE_REASONS), default="contribution", show_default=True, help="Why.")
@_AGAINST
@_AMOUNT
@_PREMIUM
@_UNPAID
@_LOT
def issue_command(
    view: View,
    act: Act,
    cls: str,
    shares: Number,
    to: str,
    reason: str,
    against: str | None,
    amount: int | None,
    premium: str | None,
    unpaid: bool,
    lot: str | None,
) -> Iterable[Entry]:
    """Issue SHARES of CLASS to a holder."""
    return issue(
        cls,
        to=to,
        shares=counted(view, act, cls, shares),
        reason=reason,
        against=account_of(view, act, against),
        amount_fen=amount,
        premium=account_of(view, act, premium),
        paid=not unpaid,
        lot=lot,
        **act.days,
        **act.papers,
    )(view)


@recording("allot", "coopledger book allot hill.db member --to 17=4 --to 18=3 --reason quantification --on 2026-02-01")
@argument("cls", metavar="CLASS")
@option(
    "--to",
    "given",
    type=pair(read_shares, "17=4"),
    multiple=True,
    required=True,
    help="Who gets how many. Several are accepted.",
)
@option(
    "--reason",
    type=OneOf(ISSUE_REASONS),
    help="Why; quantification if left out, or subscription where --against says what pays.",
)
@_AGAINST
@_AMOUNT
@_PREMIUM
@_UNPAID
@_LOT
def allot_command(
    view: View,
    act: Act,
    cls: str,
    given: tuple[Pair, ...],
    reason: str | None,
    against: str | None,
    amount: int | None,
    premium: str | None,
    unpaid: bool,
    lot: str | None,
) -> Iterable[Entry]:
    """Issue shares of CLASS to many holders in one record."""
    return allot(
        cls,
        {one.name: counted(view, act, cls, one.value) for one in given},
        reason=reason or ("quantification" if against is None else "subscription"),
        against=account_of(view, act, against),
        amount_fen=amount,
        premium=account_of(view, act, premium),
        paid=not unpaid,
        lot=lot,
        **act.days,
        **act.papers,
    )(view)


@recording(
    "pay-in",
    "coopledger book pay-in hill.db cash 200 --holder 0042 --against bank --on 2026-02-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@_HOLDER
@option("--reason", type=OneOf(PAY_IN_REASONS), default="subscription", show_default=True, help="Why.")
@_AGAINST
@_AMOUNT
@_PREMIUM
def pay_in_command(
    view: View,
    act: Act,
    cls: str,
    shares: Number,
    holder: str,
    reason: str,
    against: str | None,
    amount: int | None,
    premium: str | None,
) -> Iterable[Entry]:
    """Pay in SHARES of CLASS that were subscribed (实缴)."""
    return pay_in(
        cls,
        holder=holder,
        shares=counted(view, act, cls, shares),
        reason=reason,
        against=account_of(view, act, against),
        amount_fen=amount,
        premium=account_of(view, act, premium),
        **act.days,
        **act.papers,
    )(view)


@recording(
    "transfer",
    "coopledger book transfer hill.db land 200 --from 17 --to 18 --reason sale --document 合同.pdf:1-3 --on 2026-03-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES_OR_ALL)
@_HOLDER
@option("--to", required=True, metavar="NUMBER", help="Who gets them.")
@option("--reason", type=OneOf(TRANSFER_REASONS), required=True, help="Why they pass.")
@option("--price", type=FEN, metavar="YUAN", help="The price, if it was told; the books do not change by it.")
@_UNPAID
@_FROM_LOT
def transfer_command(
    view: View,
    act: Act,
    cls: str,
    shares: Number | None,
    holder: str,
    to: str,
    reason: str,
    price: int | None,
    unpaid: bool,
    lot: str | None,
) -> Iterable[Entry]:
    """Pass SHARES of CLASS on to another holder; 'all' passes the whole holding."""
    return transfer(
        cls,
        holder=holder,
        to=to,
        shares=None if shares is None else counted(view, act, cls, shares),
        reason=reason,
        price_fen=price,
        unpaid=unpaid,
        lot=lot_of(view, act, cls, lot),
        **act.days,
        **act.papers,
    )(view)


@recording(
    "redeem",
    "coopledger book redeem hill.db cash 100 --from 0042 --against bank --reason buy-back --on 2026-03-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES_OR_ALL)
@_HOLDER
@option("--reason", type=OneOf(REDEEM_REASONS), required=True, help="Why they are taken back.")
@_AGAINST
@_AMOUNT
@_PREMIUM
@_UNPAID
@_FROM_LOT
def redeem_command(
    view: View,
    act: Act,
    cls: str,
    shares: Number | None,
    holder: str,
    reason: str,
    against: str | None,
    amount: int | None,
    premium: str | None,
    unpaid: bool,
    lot: str | None,
) -> Iterable[Entry]:
    """Take SHARES of CLASS back; 'all' takes the whole holding."""
    return redeem(
        cls,
        holder=holder,
        shares=None if shares is None else counted(view, act, cls, shares),
        reason=reason,
        against=account_of(view, act, against),
        amount_fen=amount,
        premium=account_of(view, act, premium),
        unpaid=unpaid,
        lot=lot_of(view, act, cls, lot),
        **act.days,
        **act.papers,
    )(view)


@recording(
    "convert",
    "coopledger book convert hill.db land 300 --into forest --holder 17 --ratio 2/3 "
    "--resolution 2026-3,members,2026-03-01,300/240/220/3 --on 2026-03-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@option("--into", required=True, metavar="CLASS", help="The class that they become.")
@_HOLDER
@option("--ratio", type=FACTOR, required=True, help="How many new shares one old share gives: 2, 2/3.")
@option("--reason", type=OneOf(CONVERT_REASONS), default="resolution", show_default=True, help="Why.")
@_PREMIUM
def convert_command(
    view: View,
    act: Act,
    cls: str,
    shares: Number,
    into: str,
    holder: str,
    ratio: Number,
    reason: str,
    premium: str | None,
) -> Iterable[Entry]:
    """Convert SHARES of CLASS into another class."""
    return convert(
        cls,
        into=into,
        holder=holder,
        shares=counted(view, act, cls, shares),
        ratio=ratio,
        reason=reason,
        premium=account_of(view, act, premium),
        **act.days,
        **act.papers,
    )(view)


# ---------------------------------------------------------------- tied


@recording(
    "pledge",
    "coopledger book pledge hill.db land 100 --holder 17 --creditor 示例信用社 --on 2026-03-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@_HOLDER
@option("--creditor", required=True, help="To which institution they are pledged.")
@option("--reason", type=OneOf(TIE_REASONS), default="loan", show_default=True, help="Why.")
def pledge_command(
    view: View, act: Act, cls: str, shares: Number, holder: str, creditor: str, reason: str
) -> Iterable[Entry]:
    """Pledge SHARES of CLASS (质押): they earn, and do not move."""
    return pledge(
        cls,
        holder=holder,
        shares=counted(view, act, cls, shares),
        creditor=creditor,
        reason=reason,
        **act.days,
        **act.papers,
    )(view)


@recording("release", "coopledger book release hill.db land 50 --holder 18 --on 2026-03-01")
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@_HOLDER
@option("--reason", type=OneOf(UNTIE_REASONS), default="repayment", show_default=True, help="Why.")
def release_command(view: View, act: Act, cls: str, shares: Number, holder: str, reason: str) -> Iterable[Entry]:
    """Release SHARES of CLASS that were pledged."""
    counting = counted(view, act, cls, shares)
    return release(cls, holder=holder, shares=counting, reason=reason, **act.days, **act.papers)(view)


@recording(
    "freeze",
    "coopledger book freeze hill.db land 50 --holder 17 --reason court-order --on 2026-03-01",
)
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@_HOLDER
@option("--reason", type=OneOf(TIE_REASONS), required=True, help="Why.")
def freeze_command(view: View, act: Act, cls: str, shares: Number, holder: str, reason: str) -> Iterable[Entry]:
    """Freeze SHARES of CLASS (冻结) for a court order or a dispute: they do not move."""
    counting = counted(view, act, cls, shares)
    return freeze(cls, holder=holder, shares=counting, reason=reason, **act.days, **act.papers)(view)


@recording("unfreeze", "coopledger book unfreeze hill.db land 20 --holder 18 --reason settlement --on 2026-03-01")
@argument("cls", metavar="CLASS")
@argument("shares", type=SHARES)
@_HOLDER
@option("--reason", type=OneOf(UNTIE_REASONS), required=True, help="Why.")
def unfreeze_command(view: View, act: Act, cls: str, shares: Number, holder: str, reason: str) -> Iterable[Entry]:
    """Let frozen SHARES of CLASS move again."""
    counting = counted(view, act, cls, shares)
    return unfreeze(cls, holder=holder, shares=counting, reason=reason, **act.days, **act.papers)(view)


# ---------------------------------------------------------------- leaving


@recording("withdraw", "coopledger book withdraw hill.db 0042 --reason moved-out --against bank --on 2026-07-01")
@argument("number")
@option("--reason", type=OneOf(LEAVING_REASONS), default="withdrawal", show_default=True, help="Why the member leaves.")
@option("--against", type=ACCOUNT, help="The account that pays: bank, cash, or its name or code.")
@option(
    "--reserve",
    type=PAID,
    multiple=True,
    help="The account of quantified reserve that is paid on top, and how much (reserve=1200); reserve=0 for nothing.",
)
@option("--new-head", type=NEW_HEAD, help="The next head of the household.")
def withdraw_command(
    view: View,
    act: Act,
    number: str,
    reason: str,
    against: str | None,
    reserve: tuple[Pair, ...],
    new_head: str | None,
) -> Iterable[Entry]:
    """Let the member NUMBER leave, with everything that goes with it.

    What the classes refund is paid back, what they spread passes to those who stay, and the membership ends. With the
    last of a household goes what the household has.
    """
    return withdraw(
        number,
        reason=reason,
        against=account_of(view, act, against),
        reserve=by_account(view, act, reserve),
        new_head=new_head,
        **act.days,
        **act.papers,
    )(view)


@recording("spread", "coopledger book spread old.db support --from 0043 --on 2018-07-01")
@argument("cls", metavar="CLASS")
@_HOLDER
def spread_command(view: View, act: Act, cls: str, holder: str) -> Iterable[Entry]:
    """Spread the shares of CLASS of an estate, or of who left and kept them, over those who stay, equally.

    What a member has is spread by 'withdraw', and with the last of a household what the household has.
    """
    return spread(cls, holder=holder, **act.days, **act.papers)(view)


# ---------------------------------------------------------------- a whole class


@recording(
    "split",
    "coopledger book split hill.db shop --factor 10 --resolution 2026-3,members,2026-03-01,300/240/220/3 "
    "--on 2026-04-01",
    resolution="needed",
)
@argument("cls", metavar="CLASS")
@option("--factor", type=FACTOR, default="1", help="How many new shares one old share gives.")
@option("--digits", type=int, help="Decimals of a share, from then on.")
def split_command(view: View, act: Act, cls: str, factor: Number, digits: int | None) -> Iterable[Entry]:
    """Split the shares of CLASS, or count them in a finer fraction.

    The par value is divided, so that nobody's part and no capital changes.
    """
    return redenominate(cls, factor=factor, digits=digits, **act.days, **act.papers)(view)


@recording(
    "change-par-value",
    "coopledger book change-par-value hill.db shop --par 12 --against fixed-asset --reason appraisal "
    "--resolution 2026-3,members,2026-03-01,300/240/220/3 --on 2026-04-01",
    resolution="needed",
)
@argument("cls", metavar="CLASS")
@option("--par", type=FEN, required=True, metavar="YUAN", help="The new par value of a share.")
@_AGAINST
@option("--reason", type=REASON, required=True, help="Why.")
def change_par_value_command(
    view: View, act: Act, cls: str, par: int, against: str | None, reason: str
) -> Iterable[Entry]:
    """Give the shares of CLASS another par value; their number stays, their capital changes."""
    other = account_of(view, act, against)
    return change_par_value(cls, par_fen=par, against=other, reason=reason, **act.days, **act.papers)(view)


@recording(
    "rebalance",
    "coopledger book rebalance hill.db heads --each 1 --reason births,deaths "
    "--resolution 2026-3,members,2026-03-01,300/240/220/3 --on 2026-04-01",
    resolution="needed",
)
@argument("cls", metavar="CLASS")
@option("--each", type=SHARES, required=True, metavar="SHARES", help="How many shares each head has from then on.")
@option("--reason", type=REASON, required=True, help="Why.")
def rebalance_command(view: View, act: Act, cls: str, each: Number, reason: str) -> Iterable[Entry]:
    """Give everybody eligible the same number of shares of CLASS (动态管理)."""
    return rebalance(cls, each=counted(view, act, cls, each), reason=reason, **act.days, **act.papers)(view)


@recording(
    "reverse", "coopledger book reverse hill.db 12 --on 2026-04-01", on="The accounting date; today if left out."
)
@argument("seq", type=int, metavar="RECORD")
@option("--reason", type=REASON, default="correction", show_default=True, help="Why; no names of persons.")
def reverse_command(view: View, act: Act, seq: int, reason: str) -> Iterable[Entry]:
    """Take back what a RECORD says of shares or money, effective on its own day; in Python this is take_back.

    The accounting date is --booked, or --on.
    """
    return take_back(seq, booked_on=act.booked, reason=reason, **act.papers)(view)


# ---------------------------------------------------------------- what the options mean in this book


def lot_of(view: View, act: Act, cls: str, named: str | None) -> str | None:
    """A lot by its name; of the shares of a right also by the number of its contribution."""
    right = contributions_of(view).get(named) if named is not None else None
    if right is None or right.lot is None or right.contribution.share_class != cls:
        return named
    return named if named in {lot for _, lot in every_lot(view, cls, act.on)} else right.lot


def counted(view: View, act: Act, cls: str, shares: Number) -> int:
    """A number of shares in the smallest unit of its class on that day."""
    return units(class_on(view, cls, act.on), Fraction(shares))
