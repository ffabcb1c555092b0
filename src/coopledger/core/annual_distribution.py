"""The annual distribution: a year's surplus runs through the charter's waterfall, and becomes funds and runs.

What goes to funds is booked at once, in one record with all figures. What goes to holders stays in the distribution
account until the runs that pay it are declared: these are proposed step by step, and go the way of every run.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction

from coopledger.core.ahead import in_turn
from coopledger.core.appropriation import (
    DISTRIBUTION,
    Appropriation,
    appropriation,
    appropriations,
    plain_appropriation,
    with_lines,
    worked_out,
)
from coopledger.core.balances import printed
from coopledger.core.basis import is_known
from coopledger.core.chart import MONEY, Chart, charts
from coopledger.core.charter import book
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.conversion import standing_carried
from coopledger.core.distribution import Distribution, all_outcomes
from coopledger.core.dividend import propose
from coopledger.core.earmark import earmarked
from coopledger.core.entitlement import Entitlement, by_record_date, plain_rule
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, listed, mapped, shown
from coopledger.core.people import roll
from coopledger.core.run import of_step, runs
from coopledger.core.surplus import Surplus
from coopledger.core.terms import AS_IT_IS, Terms
from coopledger.core.waterfall import FEN, SUMS, Purpose, Step, Waterfall, all_steps
from coopledger.core.year_end import check_counted, surpluses
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

_ROLES: Mapping[Purpose, str] = {"reserve": "reserve", "welfare": "welfare fund", "reward": "wages payable"}
"""The roles of the accounts that funds and rewards go to; all other purposes go to a part of what is payable."""

_STAYS: tuple[Purpose, ...] = ("losses", "carried")
"""What stays in the distribution account: what covers losses there, and what is carried forward."""


def distribute(
    year: int,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    rule: Entitlement | None = None,
    bases: Mapping[str, Mapping[str, int]] | None = None,
    figures: Mapping[str, int] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Distribute a year's surplus by the charter's waterfall: one record, Dr distribution Cr reserve and other funds.

    What is uncovered of earlier losses, or was carried forward, is what the distribution account has besides the year's
    surplus and what earlier distributions gave to holders and no run has declared yet. Who holds what is read by
    ``rule``, the record date of the year's last day if none is said; ``bases`` and ``figures`` are what steps ask for
    and the book does not have, by name and number, with their ``documents``. It is effective on the year's last day if
    no other is said. Steps that go to holders are paid by runs (:func:`propose_steps`).

    Raises RegisterError: the charter states no waterfall; the year's surplus was not entered, or contracts brought in
    other sums since (:func:`~coopledger.core.year_end.enter_surplus`); it, or a later year's, is distributed already;
    the account has less than is distributed; a basis or figure that the book has itself is stated, or one that a step
    asks for is not; WaterfallError for figures that cannot be meant.

    >>> weighed = Document("weighing list.pdf", "0" * 64)
    >>> done = distribute(2026, bases={"kilograms": {"0042": 1200}}, documents=[weighed])
    """
    _check_year(year)
    on = date(year, 12, 31) if effective_on is None else effective_on
    check_date(on)
    asked = by_record_date(date(year, 12, 31)) if rule is None else rule
    plain_rule(asked)
    own = {name: {**mapped(by)} for name, by in mapped(bases or {}).items()}
    said = {**mapped(figures or {})}
    papers = cited(documents, resolution)
    if (own or said) and "documents" not in papers:
        raise RegisterError(
            Message(
                "{names}: of which document? what the book does not have is stated with it",
                names=[printable(str(name)) for name in (*own, *said)],
            )
        )

    def decide(view: View) -> list[Entry]:
        chart = charts(view).in_force(booked_on or on)
        waterfall = book(view, on).charter.waterfall
        if waterfall is None:
            raise RegisterError(
                Message("the charter states no waterfall on {day}: how is a surplus distributed?", day=on)
            )
        _check_turn(view, year, on, asked)
        check_counted(view, year)
        _check_stated(view, own, waterfall, asked)
        planned = _planned(view, year, on, chart, waterfall, asked, own, said)
        done, _ = worked_out(view, planned)
        postings = [
            Posting(MONEY, _account(chart, one.step), chart.account("distribution"), one.amount_fen)
            for one in all_outcomes(done.outcomes)
            if one.amount_fen and _is_booked(one.step)
        ]
        _check_enough(view, chart, on, planned, done, postings)
        facts = {**plain_appropriation(with_lines(planned, done)), **papers}
        return [Entry(DISTRIBUTION, on, booked_on or on, facts, postings)]

    return decide


def propose_steps(
    year: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    tax: Fraction | None = None,
    terms: Mapping[str, Terms] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Propose a run for each step of a year's distribution of which holders get something, and that has none.

    A run is called by the year and the step, such as ``2026-patronage``. ``tax`` is withheld of what is paid on
    capital, and not of refunds by trade; ``terms`` has, by a step's code, how its run pays what it got. Nothing is left
    to propose when it is repeated; a step whose run was withdrawn gets another, with the tax and the terms of that one
    where nothing else is said of them. Where the charter asks for the four deliberations, ``resolution`` is that of the
    party branch.

    Raises RegisterError: the year is not distributed; terms of a step for which no run is proposed, or which it cannot
    have.

    >>> whole_yuan = Terms(to_fen=100, remainder="reserve")
    >>> proposed = propose_steps(2026, effective_on=date(2027, 1, 15), terms={"surplus": whole_yuan})
    """
    _check_year(year)
    papers = listed(documents, Document)
    said = {} if terms is None else {**mapped(terms)}

    def decide(view: View) -> list[Entry]:
        known = runs(view)
        live = {(one.proposal.period, one.proposal.step) for one in known.values() if not one.withdrawn}
        distributed = appropriation(view, year)
        wanted = [step for step in distributed.to_holders if (str(year), step.code) not in live]
        before = {
            one.proposal.step: one.proposal
            for one in known.values()
            if one.proposal.period == str(year) and one.proposed_in > distributed.seq
        }
        _check_terms(year, said, wanted)
        proposals = []
        for step in wanted:
            first = f"{year}-{step.code}".replace("/", "-")
            name = next(one for one in (first, *(f"{first}-{n}" for n in range(2, 10**6))) if one not in known)
            own_tax, own_terms = tax or Fraction(0), AS_IT_IS
            if (withdrawn := before.get(step.code)) is not None:
                own_tax = withdrawn.tax if tax is None else tax
                own_terms = Terms(**{field: getattr(withdrawn, field) for field in Terms._fields})
            if step.purpose == "patronage":
                own_tax = Fraction(0)
            one = of_step(view, year, step.code, own_tax, said.get(step.code, own_terms))
            proposals.append(
                propose(
                    name,
                    one,
                    effective_on=effective_on,
                    booked_on=booked_on,
                    documents=papers,
                    resolution=resolution,
                )
            )
        return [*in_turn(*proposals)(view)]

    return decide


# ---------------------------------------------------------------- the figures


def _planned(  # noqa: PLR0917 - what the record will say
    view: View,
    year: int,
    on: date,
    chart: Chart,
    waterfall: Waterfall,
    rule: Entitlement,
    bases: Mapping[str, Mapping[str, int]],
    figures: Mapping[str, int],
) -> Appropriation:
    """The figures of a year, before they are run through the waterfall."""
    brought = surpluses(view)
    if year not in brought:
        raise RegisterError(Message("no surplus of {year} is entered: enter it first", year=year))
    before = _in_account(view, brought, year) - brought[year]
    earlier = [one for before_it, one in appropriations(view).items() if before_it < year]
    unpaid = earlier[-1].unpaid if earlier else {}
    accumulating = {one.code for one in all_steps(waterfall.steps) if one.accumulates}
    surplus = Surplus(
        brought[year],
        max(-before, 0),
        max(before, 0),
        {
            one.code: max(_credit(view, _account(chart, one), on), 0)
            for one in all_steps(waterfall.steps)
            if one.full_at is not None
        },
        _figures(view, chart, waterfall, on, figures),
        bases,
        {code: owed for code, owed in unpaid.items() if code in accumulating},
    )
    return Appropriation(year, waterfall, rule, surplus, unpaid=unpaid)


def _in_account(view: View, brought: Mapping[int, int], year: int) -> int:
    """What the distribution account has, in all charts, without later years' surpluses and what is earmarked."""
    later = sum(fen for of, fen in brought.items() if of > year)
    adopted = [chart for _, chart in charts(view).adopted if "distribution" in chart.roles]
    accounts = {chart.account("distribution") for chart in adopted}
    return sum(_credit(view, account, None) for account in accounts) - later - earmarked(view, year)


def _figures(view: View, chart: Chart, waterfall: Waterfall, on: date, figures: Mapping[str, int]) -> Mapping[str, int]:
    """The other sums that parts are of: those stated, and the balances of accounts of the chart by their roles."""
    asked = {
        part.of
        for one in all_steps(waterfall.steps)
        for part in (one.amount, one.at_least, one.at_most, one.full_at)
        if part is not None and part.of not in {FEN, *SUMS}
    }
    for name in figures:
        if name not in asked or name in chart.roles:
            raise _not_asked(name, asked)
    own = {name: max(_credit(view, chart.account(name), on), 0) for name in asked if name in chart.roles}
    return {**figures, **own}


def _credit(view: View, account: str, on: date | None) -> int:
    """What stands on the credit side of an account and those below it."""
    return -sum(view.balances(MONEY, account, on).values())


def _is_booked(step: Step) -> bool:
    """Whether what a step takes leaves the distribution account with the distribution itself."""
    return not (step.by or step.steps or step.purpose in _STAYS)


def _account(chart: Chart, step: Step) -> str:
    """The account that the fund of a step is."""
    role = _ROLES.get(step.purpose)
    return chart.account("payable", step.code) if role is None else chart.account(role)


# ---------------------------------------------------------------- checks


def _check_year(year: object) -> None:
    if type(year) is not int or not 1900 <= year <= 2999:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(year)))


def _check_terms(year: int, said: Iterable[object], wanted: Iterable[Step]) -> None:
    """Raise RegisterError for terms of a step for which no run is proposed."""
    known = [step.code for step in wanted]
    if strange := [printable(str(one)) for one in said if one not in known]:
        raise RegisterError(
            Message(
                "{year}: terms of {steps}, for which no run is proposed: {known} are, by their codes",
                year=year,
                steps=strange,
                known=known or "-",
            )
        )


def _check_turn(view: View, year: int, on: date, rule: Entitlement) -> None:
    """Raise RegisterError if it is not this year's turn, or who holds what is not known by then."""
    known = appropriations(view)
    if year in known:
        raise RegisterError(
            Message("the surplus of {year} was distributed in record {seq} already", year=year, seq=known[year].seq)
        )
    last = max(known, default=0)
    if last > year or (last and on < known[last].on):
        raise RegisterError(
            Message(
                "the surplus of {last} is distributed, in record {seq} of {day}: {year} is distributed before it, or "
                "on a day that is not before that",
                last=last,
                seq=known[last].seq,
                day=known[last].on,
                year=year,
            )
        )
    if rule.last_day > on:
        raise RegisterError(
            Message(
                "{year}: who holds what on {last} is not known on {day}: distribute it on that day or later",
                year=year,
                last=rule.last_day,
                day=on,
            )
        )


def _check_stated(view: View, bases: Mapping[str, Mapping[str, int]], waterfall: Waterfall, rule: Entitlement) -> None:
    """Raise RegisterError for a basis that the book has itself, that no step asks for, or of strangers."""
    asked = {step.by for step in all_steps(waterfall.steps) if step.by}
    now = roll(view, rule.last_day)
    for name, by in bases.items():
        if name not in asked or is_known(name):
            raise _not_asked(name, asked)
        for number in by:
            if number not in now.members and number not in now.households:
                raise RegisterError(
                    Message(
                        "{number} is not in the register on {day}", number=printable(str(number)), day=rule.last_day
                    )
                )


def _not_asked(name: object, asked: Collection[str]) -> RegisterError:
    """Why a basis or a figure is not to be stated."""
    if name in asked:
        return RegisterError(Message("{name}: the book has it itself: leave it out", name=printable(str(name))))
    return RegisterError(
        Message(
            "{name}: no step of the charter asks for it: {known} are asked for",
            name=printable(str(name)),
            known=sorted(asked) or "-",
        )
    )


def _check_enough(  # noqa: PLR0917 - what was worked out
    view: View, chart: Chart, on: date, planned: Appropriation, done: Distribution, postings: Iterable[Posting]
) -> None:
    """Raise RegisterError if more is distributed than the account has, once or on a later day."""
    surplus = planned.surplus
    there = surplus.surplus_fen + surplus.carried_fen - surplus.losses_fen
    needed = sum(one.amount_fen for one in done.outcomes if one.step.purpose != "losses")
    leaves = sum(one.quantity for one in postings)
    stands = standing_carried(view, account := chart.account("distribution"), on, -1)
    if needed > max(there, 0) or leaves > max(stands, 0):
        raise RegisterError(
            Message(
                "{year}: {account} has {there} yuan to distribute, {stands} from {day} on, and {needed} are distributed"
                ": losses of {losses} are not covered first, or something left it since",
                year=planned.year,
                account=account,
                there=printed(there, 2),
                stands=printed(stands, 2),
                day=on,
                needed=printed(needed, 2),
                losses=printed(surplus.losses_fen, 2),
            )
        )
