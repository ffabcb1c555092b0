"""``coopledger dividend``: a run from the surplus to the receipt, one command for each step."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import click

from coopledger.cli.book.command import Where, argument, keeping, option
from coopledger.cli.book.opened import opened, today
from coopledger.cli.book.questions import asking, check_no_book
from coopledger.cli.book.recording import Act, account_of, recording, role_of
from coopledger.cli.book.values import (
    ACCOUNT,
    CASH,
    DAY,
    FEN,
    PART,
    REASON,
    OneOf,
    Pair,
    Read,
    Refused,
    check_once,
    read_fen,
    read_shares,
    read_surplus,
)
from coopledger.cli.printing import write
from coopledger.core.balances import printed
from coopledger.core.chart import charts
from coopledger.core.charter import book as book_of
from coopledger.core.citation import Resolution
from coopledger.core.collection import collect, repay
from coopledger.core.contract_run import of_contract
from coopledger.core.deliberation import answer, deliberate, discuss, supervise
from coopledger.core.dividend import approve, declare, disclose, free_for, propose, supplementing
from coopledger.core.entitlement import BY, By, Entitlement, by_record_date, by_time_held
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Entry, Facts, Record, View
from coopledger.core.lapse import lapse
from coopledger.core.payment_order import payment_order
from coopledger.core.payout import bounce, left_out, pay, received
from coopledger.core.proposal import Proposal, run_code
from coopledger.core.quantity import Number, percent
from coopledger.core.retained import pay_retained
from coopledger.core.rounding import MODES, Mode
from coopledger.core.run import PAYOUT, STATES, State
from coopledger.core.run import run as run_of
from coopledger.core.run_step import next_step
from coopledger.core.settlement import called
from coopledger.core.table import Table
from coopledger.core.terms import POLICIES, Policy
from coopledger.core.undoing import undo
from coopledger.core.year_end import COUNTED, Counted, enter_surplus
from coopledger.errors import RegisterError
from coopledger.files.bank import ENCODINGS, Encoding, Returned, bank_return, order_bytes, read_return
from coopledger.text import Message, printable

_SET_OFF = Message("set off")
_APART, _WITHIN = Message("counted apart"), Message("counted within")
_TIMES = tuple(one for one in BY if one != "shares")


def _read_payee(seen: str) -> Pair:
    """A number, and the yuan it is paid if not all: ``0042``, ``0042=100``."""
    number, sign, amount = seen.partition("=")
    return Pair(number.strip(), read_fen(amount) if sign else None)


def _read_amount(seen: str) -> Pair:
    """A number and yuan: ``0042=100``."""
    number, sign, amount = seen.partition("=")
    if not sign:
        raise Refused(Message("{seen}: a number and its amount, 0042=12.50, are expected", seen=printable(seen)[:80]))
    return Pair(number.strip(), read_fen(amount))


def _read_each(seen: str) -> Fraction:
    """Yuan on each share, in fen."""
    return Fraction(read_shares(seen.removesuffix("元"))) * 100


def _read_taker(seen: str) -> Pair:
    """A number, and how many units or whole shares he takes if not as many as it buys: ``0042``, ``0042=3``."""
    number, sign, count = seen.partition("=")
    try:
        return Pair(number.strip(), int(count) if sign else None)
    except ValueError:
        raise Refused(
            Message("{seen}: a number, or a number=count with a whole count, is expected", seen=printable(seen)[:80])
        ) from None


_TAKER = Read("number[=count]", _read_taker)
_PAYEE = Read("number[=yuan]", _read_payee)
_AMOUNT = Read("number=yuan", _read_amount)
_SURPLUS = Read("yuan", read_surplus)
_EACH = Read("yuan", _read_each)
_THROUGH = OneOf(["bank", "cash", "member current"], {"cash": CASH.template, "member current": _SET_OFF.template})
_RUN = argument("run", metavar="RUN")
_AS_OF = option("--on", type=DAY, metavar="DAY", help="As of this day; after all that is recorded if left out.")
_RELEASED = option(
    "--released",
    metavar="TEXT",
    help="Why who holds pledged or frozen shares, or owes since a run was undone, is paid all the same; no names of "
    "persons.",
)
_PAYS = option(
    "--through",
    type=_THROUGH,
    default="bank",
    show_default=True,
    help="The account that pays; member-current sets it off against what the member owes.",
)
_HEIR = option("--heir", metavar="NUMBER", help="Of one who has died: to which heir in the register it is paid.")
_TAKERS = option(
    "--to",
    "holders",
    type=_TAKER,
    multiple=True,
    metavar="NUMBER[=COUNT]",
    help="Who takes it, and how many if not as many as it buys; everybody if left out. Several are accepted.",
)


@recording(
    "surplus",
    "coopledger dividend surplus village.db 2024 12万 --source 2024年收益分配表 --on 2025-01-20",
)
@argument("year", type=int)
@argument("amount", type=_SURPLUS, metavar="YUAN")
@option("--loss", is_flag=True, help="It is a loss.")
@option("--source", required=True, metavar="TEXT", help="The statement that the figure is from.")
@option(
    "--contracts",
    type=OneOf(COUNTED, {"apart": _APART.template, "within": _WITHIN.template}),
    help="Whether it is apart from what contracts brought in for their holders, or has it within: that is taken off.",
)
def surplus(
    view: View, act: Act, year: int, amount: int, loss: bool, source: str, contracts: Counted | None
) -> Iterable[Entry]:
    """Enter what the YEAR brought, to be distributed (本年盈余)."""
    fen = -amount if loss else amount
    return enter_surplus(year, fen, source=source, contracts=contracts, **act.days, **act.papers)(view)


def _note_too_much(view: View, given: Facts, _: Sequence[Record]) -> Iterator[Message]:
    """Whether a run asks for more than can be distributed: it may be proposed, and not declared before there is."""
    one = run_of(view, given["run"])
    asked = one.proposal
    if (
        asked.advance
        or one.state != "proposed"
        or not any(since <= one.proposed_on for since, _ in charts(view).adopted)
    ):
        return
    needed = asked.total_fen or 0 if asked.remainder else one.amount_fen
    free = free_for(view, asked, one.proposed_on)
    if free < needed:
        yield Message(
            "note: run {run} asks for {amount} yuan, and {free} can be distributed from {day} on: it is not declared "
            "before there is enough",
            run=one.code,
            amount=printed(needed, 2),
            free=printed(max(free, 0), 2),
            day=one.proposed_on,
        )


def _note_too_short(view: View, given: Facts, _: Sequence[Record]) -> Iterator[Message]:
    """Whether a run that is to be voted on lies open for fewer days than the charter asks for."""
    one = run_of(view, given["run"])
    since: date = given["since"]
    needed = book_of(view, since).charter.disclosure_days
    if one.state == "disclosed" and max(seen.days for seen in one.disclosures) < needed:
        yield Message(
            "note: run {run}: the charter asks for {needed} days before the vote, and this notice has {days}: it is "
            "not approved unless it is disclosed until {until} or later, and not before {day}",
            run=one.code,
            needed=needed,
            days=one.disclosures[-1].days,
            until=since + timedelta(days=needed - 1),
            day=since + timedelta(days=needed),
        )


def _note_proposed(view: View, given: Facts, records: Sequence[Record]) -> Iterator[Message]:
    """What a run comes to, where what is left of its total goes, what it took over, and which step is next."""
    one = run_of(view, given["run"])
    asked = one.proposal
    left: Message | str = ""
    rest = 0 if asked.nets else (asked.total_fen or one.amount_fen) - one.amount_fen
    if asked.remainder and asked.nets:
        left = Message("; the remainder goes to {account} when it is declared", account=called(view, asked.remainder))
    elif asked.remainder:
        left = Message(
            "; the remainder, {fen} yuan, goes to {account} when it is declared",
            fen=printed(rest, 2),
            account=called(view, asked.remainder),
        )
    elif rest:
        left = Message("; {fen} yuan of the total are left, and stay where the surplus is", fen=printed(rest, 2))
    yield Message(
        "note: run {run}: {amount} yuan in all, holders who get something: {count}{left}; {next}",
        run=one.code,
        amount=printed(one.amount_fen, 2),
        count=one.holders,
        left=left,
        next=next_step(view, one),
    )
    taken = [
        said
        for name, said in {
            "tax": Message("tax withheld: {rate} of each receipt", rate=percent(asked.tax)),
            "retained": Message("of each holder's, {part} is retained in his name", part=percent(asked.retained)),
            "to_fen": Message("what is paid is a multiple of {unit} yuan", unit=printed(asked.to_fen, 2)),
            "mode": Message("rounded {mode}", mode=Message(asked.mode)),
        }.items()
        if given[name] is None and getattr(asked, name) != Proposal._field_defaults[name]
    ]
    if asked.supplements and taken:
        yield Message("note: run {run}: as run {other}: {taken}", run=one.code, other=asked.supplements, taken=taken)
    yield from _note_too_much(view, given, records)


@recording(
    "propose",
    "coopledger dividend propose village.db 2026 --class land --record-date 2025-12-31 --total 6万 --on 2026-01-11",
    notes=_note_proposed,
)
@_RUN
@option("--class", "cls", required=True, metavar="CLASS", help="Whose holders earn.")
@option("--record-date", type=DAY, metavar="DAY", help="They earn by what they hold on this day.")
@option("--since", type=DAY, metavar="DAY", help="They earn by how long they held it: from this day, included.")
@option("--until", type=DAY, metavar="DAY", help="They earn by how long they held it: to this day, included.")
@option("--by", type=OneOf(_TIMES), default="days", show_default=True, help="How time held is counted.")
@option("--total", type=FEN, metavar="YUAN", help="The total, which is split exactly; with --each, what there is.")
@option("--each", type=_EACH, metavar="YUAN", help="An amount on each share; the total follows.")
@option(
    "--for",
    "amounts",
    type=_AMOUNT,
    multiple=True,
    metavar="NUMBER=YUAN",
    help="What one holder gets, instead of --total and --each: back pay. Several are accepted.",
)
@option(
    "--reason", type=REASON, metavar="TEXT", help="Why those of --for get it, and nobody else; no names of persons."
)
@option(
    "--mode",
    type=OneOf(MODES),
    help="How --each is rounded; half up if left out, or as by the run which it --supplements.",
)
@option(
    "--to",
    "to_fen",
    type=FEN,
    metavar="YUAN",
    help="What is paid is a multiple; of 0.01 if left out, or as by the run which it --supplements.",
)
@option("--stream", default="surplus", show_default=True, metavar="TEXT", help="What it is paid for.")
@option("--period", metavar="TEXT", help="The period it is paid for; the run's code if left out.")
@option("--instalment", type=int, default=1, show_default=True, help="Which instalment of it.")
@option(
    "--tax",
    type=PART,
    metavar="PART",
    help="The part of each receipt that is withheld, such as 20%; that of the run which it --supplements if left out.",
)
@option(
    "--retained",
    type=PART,
    metavar="PART",
    help="The part of each holder's that is retained in his name; that of the run which it --supplements if left out.",
)
@option("--hold-below", type=FEN, metavar="YUAN", help="Who is owed less of the stream waits for a later run.")
@option("--advance", is_flag=True, help="It is paid before there is a surplus, and owed until a run nets it.")
@option("--nets", multiple=True, metavar="RUN", help="A run whose amounts this one counts. Several are accepted.")
@option("--cap", type=FEN, metavar="YUAN", help="Nobody gets more; the others get what is above.")
@option("--remainder", type=ACCOUNT, metavar="ACCOUNT", help="Where what is left of the total goes, such as reserve.")
@option(
    "--policy",
    type=OneOf(POLICIES),
    default="each year",
    show_default=True,
    help="Whether it makes up for the rounding of the runs of the stream before.",
)
@option("--contract", metavar="CONTRACT", help="The total is what its --stream brought in for --period.")
@option("--supplements", default="", metavar="RUN", help="The run for the same to which this one adds.")
def propose_command(
    view: View,
    act: Act,
    run: str,
    cls: str,
    record_date: date | None,
    since: date | None,
    until: date | None,
    by: By,
    total: int | None,
    each: Fraction | None,
    amounts: tuple[Pair, ...],
    reason: str | None,
    mode: Mode | None,
    to_fen: int | None,
    stream: str,
    period: str | None,
    instalment: int,
    tax: Number | None,
    retained: Number | None,
    hold_below: int | None,
    advance: bool,
    nets: tuple[str, ...],
    cap: int | None,
    remainder: str | None,
    policy: Policy,
    contract: str | None,
    supplements: str,
) -> Iterable[Entry]:
    """Propose a dividend under a code, RUN: by a record date or by time held, a total or an amount on each share.

    Back pay of an amount on each share is the same proposal once more, with --supplements and --nets of the run that
    was paid: who has it gets nothing. Of a total it is an amount, --for each holder.
    """
    proposal = Proposal(
        stream,
        run_code(run) if period is None else period,
        cls,
        rule_of(record_date, since, until, by),
        total,
        each,
        instalment=instalment,
        hold_below_fen=hold_below or 0,
        advance=advance,
        nets=nets,
        cap_fen=cap,
        remainder="" if remainder is None else role_of(view, act, remainder),
        policy=policy,
        amounts={one.name: one.value for one in amounts},
        reason=reason or "",
    )
    if supplements:
        proposal = supplementing(view, supplements, proposal)
    parts_of_it = {"tax": tax, "retained": retained}
    said: dict[str, Any] = {name: Fraction(seen) for name, seen in parts_of_it.items() if seen is not None}
    said |= {name: seen for name, seen in {"mode": mode, "to_fen": to_fen}.items() if seen is not None}
    proposal = proposal._replace(**said)
    if contract is not None:
        if total is not None:
            raise Refused(Message("--contract: the total is what came in by it; leave --total out"))
        proposal = of_contract(view, contract, proposal, act.on)
    return propose(run, proposal, **act.days, **act.papers)(view)


@recording(
    "discuss",
    "coopledger dividend discuss four.db 2025 --resolution 2026-2,村两委,2026-01-06,5/5/5/0 --on 2026-01-06",
    resolution="needed",
)
@_RUN
def discuss_command(view: View, act: Act, run: str) -> Iterable[Entry]:
    """Record that the two committees discussed a RUN and carried it (商议), of the four deliberations."""
    assert isinstance(act.resolution, Resolution)  # noqa: S101 - the option is needed
    return discuss(run, act.resolution, **act.days, documents=act.documents)(view)


@recording(
    "deliberate",
    "coopledger dividend deliberate four.db rent --resolution 2026-3,党员大会,2026-01-08,20/16/15/1 --on 2026-01-08",
    resolution="needed",
)
@_RUN
def deliberate_command(view: View, act: Act, run: str) -> Iterable[Entry]:
    """Record that the party members deliberated on a RUN and carried it (审议), of the four deliberations."""
    assert isinstance(act.resolution, Resolution)  # noqa: S101 - the option is needed
    return deliberate(run, act.resolution, **act.days, documents=act.documents)(view)


@recording(
    "disclose",
    "coopledger dividend disclose village.db hill --since 2026-01-12 --until 2026-01-31 --where 村公示栏 "
    "--on 2026-01-12",
    resolution=False,
    notes=_note_too_short,
)
@_RUN
@option("--since", type=DAY, required=True, metavar="DAY", help="The first day on which it lies open.")
@option("--until", type=DAY, required=True, metavar="DAY", help="The last day on which it lies open.")
@option("--where", required=True, metavar="TEXT", help="Where it lies open.")
def disclose_command(view: View, act: Act, run: str, since: date, until: date, where: str) -> Iterable[Entry]:
    """Say where a RUN lay open, or will, and from when to when (公示).

    Before the vote that is the proposal; of an approved RUN the decision (决议公开), and of a declared one its result
    (结果公开).
    """
    return disclose(run, since=since, until=until, where=where, booked_on=act.booked, documents=act.documents)(view)


@recording(
    "object",
    "coopledger dividend object village.db pond --by 18 --what 第18户股数 --on 2026-01-20",
    resolution=False,
)
@_RUN
@option("--by", required=True, metavar="NUMBER", help="Whose objection, by a number of the register or a code.")
@option("--what", required=True, metavar="TEXT", help="What is objected to; no names of persons.")
def object_command(view: View, act: Act, run: str, by: str, what: str) -> Iterable[Entry]:
    """Record an objection to a RUN that lies open (异议); it is not approved before that is answered."""
    from coopledger.files.identity import object_to

    return object_to(run, by=by, what=what, **act.days, documents=act.documents)(view)


@recording(
    "answer",
    "coopledger dividend answer four.db hill 1 --what 复核无误 --on 2026-01-21",
    resolution=False,
)
@_RUN
@argument("objection", type=int)
@option("--what", required=True, metavar="TEXT", help="What it was answered; no names of persons.")
def answer_command(view: View, act: Act, run: str, objection: int, what: str) -> Iterable[Entry]:
    """Record what an OBJECTION to a RUN, by its number from 1 on, was answered (答复)."""
    return answer(run, objection, what=what, **act.days, documents=act.documents)(view)


def _note_entitled(view: View, given: Facts, _: Sequence[Record]) -> Iterator[Message]:
    """Whether a meeting counted other votes than the register has, and it was not said why."""
    from coopledger.reports.dividend import entitled_otherwise

    one = run_of(view, given["run"])
    if given["reason"] is None:
        for said in entitled_otherwise(view, one):
            yield Message("note: run {run}: {what}", run=one.code, what=said)


@recording(
    "approve",
    "coopledger dividend approve village.db pond --resolution 2026-1,members,2026-01-31,2/2/2/0 --on 2026-01-31",
    resolution="needed",
    notes=_note_entitled,
)
@_RUN
@option(
    "--reason",
    type=REASON,
    metavar="TEXT",
    help="Why other votes are entitled than the register has, such as adults without full capacity; no names of "
    "persons.",
)
def approve_command(view: View, act: Act, run: str, reason: str | None) -> Iterable[Entry]:
    """Let a meeting approve a RUN, after it lay open for as long as the charter says."""
    assert isinstance(act.resolution, Resolution)  # noqa: S101 - the option is needed
    return approve(run, act.resolution, **act.days, documents=act.documents, reason=reason)(view)


@recording("declare", "coopledger dividend declare village.db dam --on 2026-01-31", resolution=False)
@_RUN
def declare_command(view: View, act: Act, run: str) -> Iterable[Entry]:
    """Declare a RUN: from now on it is owed (宣告)."""
    return declare(run, **act.days, documents=act.documents)(view)


def _note_paid(view: View, given: Facts, records: Sequence[Record]) -> Iterator[Message]:
    """How many a payout to everybody paid, and how much in all; whom it left out, and for what they wait."""
    if given["holders"]:
        return
    payouts = [one for one in records if one.kind == PAYOUT]  # without what conversions carry over
    name = str(payouts[0].facts["run"])
    sums: dict[str, int] = {}
    for record in payouts:
        for number, fen in received(view, record).items():
            sums[number] = sums.get(number, 0) + fen
    paid = Message("note: run {run}: paid {amount} yuan in all, after tax; holders paid: {count}")
    gone = Message("note: run {run}: set off {amount} yuan in all, after tax; holders: {count}")
    said = gone if payouts[0].facts["through"] == "member current" else paid
    yield Message(said.template, run=name, amount=printed(sum(sums.values()), 2), count=len(sums))
    waits = left_out(view, name, payouts[0].effective_on)
    if waits.holders:
        yield Message(
            "note: run {run}: holders who wait: {count}, with {amount} yuan before tax: {waiting}",
            run=name,
            count=waits.holders,
            amount=printed(waits.fen, 2),
            waiting=waits.reasons,
        )


@recording("pay", "coopledger dividend pay village.db 2025 --on 2026-02-03", resolution=False, notes=_note_paid)
@_RUN
@option(
    "--to",
    "holders",
    type=_PAYEE,
    multiple=True,
    metavar="NUMBER[=YUAN]",
    help="Whom, and how much if not all that is owed, before tax, of a set-off too; everybody if left out. Several are "
    "accepted.",
)
@_PAYS
@_HEIR
@_RELEASED
def pay_command(
    view: View, act: Act, run: str, holders: tuple[Pair, ...], through: str, heir: str | None, released: str | None
) -> Iterable[Entry]:
    """Pay what is owed of a RUN: all, or to some, some of it."""
    return pay(
        run,
        **act.days,
        through=through,
        holders=_holders(holders),
        to=heir,
        released=released,
        documents=act.documents,
    )(view)


@recording(
    "pay-retained",
    "coopledger dividend pay-retained goods.db kept --to 17=40 --reason 留存期满 --on 2026-02-03",
)
@_RUN
@option(
    "--to",
    "holders",
    type=_PAYEE,
    multiple=True,
    metavar="NUMBER[=YUAN]",
    help="Whom, and how much if not all that is retained; everybody if left out. Several are accepted.",
)
@_PAYS
@_HEIR
@_RELEASED
@option("--reason", type=REASON, metavar="TEXT", help="Why it is paid out, where no resolution says so.")
def pay_retained_command(
    view: View,
    act: Act,
    run: str,
    holders: tuple[Pair, ...],
    through: str,
    heir: str | None,
    released: str | None,
    reason: str | None,
) -> Iterable[Entry]:
    """Pay out what a RUN retained in the holders' names: all, or to some, some of it; by a resolution or for a reason.

    The tax was withheld when it was retained. Who has left is paid as well.
    """
    return pay_retained(
        run,
        **act.days,
        through=through,
        holders=_holders(holders),
        to=heir,
        released=released,
        reason=reason,
        **act.papers,
    )(view)


@recording(
    "collect",
    "coopledger dividend collect goods.db --from 18=100 --through cash --on 2026-02-03",
    resolution=False,
)
@option(
    "--from",
    "holders",
    type=_PAYEE,
    multiple=True,
    required=True,
    metavar="NUMBER[=YUAN]",
    help="From whom, and how much if not all that is owed. Several are accepted.",
)
@option(
    "--through",
    type=OneOf(["bank", "cash"], {"cash": CASH.template}),
    default="bank",
    show_default=True,
    help="The account that gets it.",
)
@option("--reason", type=REASON, metavar="TEXT", help="Why, such as 'returned by the bank'; no names of persons.")
def collect_command(
    view: View, act: Act, holders: tuple[Pair, ...], through: str, reason: str | None
) -> Iterable[Entry]:
    """Collect what members owe in their current accounts: of a run that was undone, what they had been paid (收回).

    A transfer that the bank returns after the undoing is collected through the bank.
    """
    named = _holders(holders)
    return collect(named or (), **act.days, through=through, reason=reason, documents=act.documents)(view)


@recording(
    "repay",
    "coopledger dividend repay goods.db --to 0041=20 --through cash --on 2026-02-03",
    resolution=False,
)
@option(
    "--to",
    "holders",
    type=_PAYEE,
    multiple=True,
    required=True,
    metavar="NUMBER[=YUAN]",
    help="Whom, and how much if not all that is owed. Several are accepted.",
)
@option(
    "--through",
    type=OneOf(["bank", "cash"], {"cash": CASH.template}),
    default="bank",
    show_default=True,
    help="The account that pays.",
)
@option("--reason", type=REASON, metavar="TEXT", help="Why; no names of persons.")
def repay_command(view: View, act: Act, holders: tuple[Pair, ...], through: str, reason: str | None) -> Iterable[Entry]:
    """Repay members what is owed to them in their current accounts: an advance, collected and then undone (退还).

    That is one which they brought back, or which was set off, before it was paid.
    """
    named = _holders(holders)
    return repay(named or (), **act.days, through=through, reason=reason, documents=act.documents)(view)


@recording(
    "pay-in-kind",
    "coopledger dividend pay-in-kind goods.db goods --goods 大米 --unit 斤 --price 2.5 --against c2023:121 "
    "--on 2026-02-03",
)
@_RUN
@option("--goods", required=True, metavar="TEXT", help="What is given.")
@option("--unit", required=True, metavar="TEXT", help="In which unit it is counted.")
@option("--price", type=FEN, required=True, metavar="YUAN", help="The price of one unit.")
@option("--against", type=ACCOUNT, required=True, metavar="ACCOUNT", help="The account in which the goods stand.")
@_TAKERS
@_RELEASED
def pay_in_kind_command(
    view: View,
    act: Act,
    run: str,
    goods: str,
    unit: str,
    price: int,
    against: str,
    holders: tuple[Pair, ...],
    released: str | None,
) -> Iterable[Entry]:
    """Pay what is owed of a RUN in goods, in whole units at a price (实物分红); what makes no unit stays owed."""
    return pay_in_kind(
        run,
        goods=goods,
        unit=unit,
        price_fen=price,
        against=str(account_of(view, act, against)),
        holders=_holders(holders),
        released=released,
        **act.days,
        **act.papers,
    )(view)


@recording("reinvest", "coopledger dividend reinvest goods.db own cash --on 2026-02-03")
@_RUN
@argument("cls", metavar="CLASS")
@_TAKERS
@_RELEASED
def reinvest_command(
    view: View, act: Act, run: str, cls: str, holders: tuple[Pair, ...], released: str | None
) -> Iterable[Entry]:
    """Reinvest what is owed of a RUN in whole shares of CLASS, at par (转股); what makes no share stays owed."""
    return reinvest(run, cls, holders=_holders(holders), released=released, **act.days, **act.papers)(view)


@recording(
    "bounce",
    "coopledger dividend bounce village.db 2025 26 --of 17 --on 2026-02-05",
    resolution=False,
)
@_RUN
@argument("seq", type=int, metavar="RECORD")
@option("--of", "numbers", multiple=True, required=True, metavar="NUMBER", help="Whose payment. Several are accepted.")
@option("--reason", type=REASON, default="returned by the bank", show_default=True, metavar="TEXT", help="Why.")
def bounce_command(view: View, act: Act, run: str, seq: int, numbers: tuple[str, ...], reason: str) -> Iterable[Entry]:
    """Record that payments of RECORD, a payout of a RUN, came back from the bank: they are owed again.

    It is the way to undo a payment that was recorded by mistake as well, in cash or by the bank: say so with --reason.
    """
    return bounce(run, seq, numbers, **act.days, reason=reason, documents=act.documents)(view)


@keeping("bank-file", "coopledger dividend bank-file village.db 2025 --out 2025.csv --on 2026-02-02")
@_RUN
@option("--out", required=True, type=click.Path(dir_okay=False), metavar="FILE", help="The file to be written, a CSV.")
@option("--on", type=DAY, metavar="DAY", help="The day on which it is owed; today if left out.")
@option("--of", "numbers", multiple=True, metavar="NUMBER", help="Whom; everybody if left out. Several are accepted.")
@option("--encoding", type=click.Choice([*ENCODINGS]), default="utf-8", show_default=True, help="What the bank reads.")
def bank_file(where: Where, run: str, out: str, on: date | None, numbers: tuple[str, ...], encoding: Encoding) -> None:
    """Write a payment order for the bank, FILE: what is still owed of a RUN to those who have a bank account.

    Nothing is recorded: paid is what the bank gives back as paid (bank-return), and an order that is still out is not
    remembered. What is withheld is not in the amounts. A file that is there already is not overwritten.
    """
    with opened(where) as book:
        check_no_book(out, book.engine, "--out")
        with book.journal.read() as view:
            order = payment_order(view, run, on or today(), numbers or None)
    left_out = [
        *(
            Message(
                "not in it: {number}, {amount} yuan: has no bank account in the book",
                number=one,
                amount=printed(fen, 2),
            )
            for one, fen in order.without_account.items()
        ),
        *(Message("not in it: {number}: {why}", number=one, why=why) for one, why in order.held_back.items()),
    ]
    if not order.payments:
        code = order.reference.run
        if not left_out:
            raise RegisterError(Message("run {run}: nothing of it is owed any more", run=code))
        raise RegisterError(
            Message("run {run}: nobody is to be paid by the bank: {left_out}", run=code, left_out=left_out)
        )
    data = order_bytes(order, where.language, encoding)
    if os.path.isfile(out):
        with open(out, "rb") as there:
            if there.read() != data:
                said = Message("{file} is there already: name another, or move it away first", file=printable(out))
                raise Refused(said)
    write(out, data)
    said = Message(
        "{file}: {total} yuan, payments: {count}; order {order}",
        file=printable(out),
        count=len(order.payments),
        total=printed(order.fen, 2),
        order=str(order.reference),
    )
    for one in (said, *left_out):
        click.echo(one.say(where.language))


@recording(
    "bank-return",
    "coopledger dividend bank-return village.db 2025 return.csv --on 2026-02-02",
    documents=False,
    resolution=False,
    on="The day on which the bank paid; today if left out.",
)
@_RUN
@argument("file", type=Read("file", read_return), metavar="FILE")
def bank_return_command(view: View, act: Act, run: str, file: Returned) -> Iterable[Entry]:
    """Record what the bank did with an order of a RUN, from the FILE that it gave back: a CSV in UTF-8 or GBK.

    Who was paid is paid, who was not is owed still, with the reason; a payment that was recorded as made before (pay)
    bounces. All that is wrong with FILE is said at once, and then nothing is recorded.
    """
    return bank_return(run, file, **act.days)(view)


@recording("lapse", "coopledger dividend lapse village.db 2025 --on 2029-01-31")
@_RUN
def lapse_command(view: View, act: Act, run: str) -> Iterable[Entry]:
    """Let what nobody came for of a RUN lapse, after the time that the charter gives."""
    return lapse(run, **act.days, **act.papers)(view)


@recording(
    "supervise",
    "coopledger dividend supervise four.db paid --what 账实相符 --on 2026-03-01",
    resolution=False,
)
@_RUN
@option("--what", required=True, metavar="TEXT", help="What it found; no names of persons.")
def supervise_command(view: View, act: Act, run: str, what: str) -> Iterable[Entry]:
    """Record what the supervisory committee found of a RUN whose result is public (监督)."""
    return supervise(run, what=what, **act.days, documents=act.documents)(view)


@recording("reverse", "coopledger dividend reverse village.db 2025 --reason 金额有误 --on 2026-02-05", stateful="step")
@_RUN
@option("--reason", type=REASON, required=True, metavar="TEXT", help="Why.")
@option(
    "--step",
    type=OneOf(STATES[:-1]),
    help="Which step is meant: nothing is undone if the run is in another state by now. If left out, the last one; "
    "each time that it is typed, one more.",
)
def reverse_command(view: View, act: Act, run: str, reason: str, step: State | None) -> Iterable[Entry]:
    """Undo the last step of a RUN in the open; of what was declared, what is paid becomes its receiver's debt.

    Notices, objections, answers and findings are steps as well.
    """
    return undo(run, **act.days, reason=reason, step=step, **act.papers)(view)


@asking("status", "coopledger dividend status village.db --on 2026-01-31")
@_AS_OF
def status(view: View, on: date | None) -> Table:
    """How far the runs are, what of each is not paid yet, and which step is next."""
    from coopledger.reports.dividend import runs_report

    return runs_report(view, on)


@asking("show", "coopledger dividend show village.db 2025 --on 2026-01-31")
@_RUN
@_AS_OF
@option("--no-names", is_flag=True, help="Leave the names out.")
def show(view: View, run: str, on: date | None, no_names: bool) -> Table:
    """What each holder gets of a RUN and by what, what was paid and withheld, what is not paid yet."""
    from coopledger.reports.dividend import run_report

    return run_report(view, run, on, names=not no_names)


def _holders(named: tuple[Pair, ...]) -> dict[str, int | None] | None:
    """Who is named, each with what he gets, or None for all; None for everybody. Raises Refused for one named twice."""
    check_once(named)
    return {one.name: one.value for one in named} or None


def rule_of(record_date: date | None, since: date | None, until: date | None, by: By) -> Entitlement:
    """Who earns: by a record date, or by time held. Raises Refused for neither, and for both."""
    if record_date is not None and since is None and until is None:
        return by_record_date(record_date)
    if record_date is None and since is not None and until is not None:
        return by_time_held(since, until, first=True, last=True, by=by)
    raise Refused(Message("--record-date is expected, or --since and --until"))
