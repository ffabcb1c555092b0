"""Runs of what a contract brings in: the total of a run is what a stream brought in for a period, and its projection.

Such a run is for the stream of the contract (``hill/land``): no two are for the same period and instalment of it.
"""

from collections.abc import Iterable
from datetime import date

from coopledger.core.balances import printed
from coopledger.core.chart import charts
from coopledger.core.contract import Contract, contract, expected
from coopledger.core.conversion import standing_carried
from coopledger.core.journal import View
from coopledger.core.proposal import Proposal, check_proposal, plain_proposal
from coopledger.core.receivable import brought_in, check_stream, is_of_period, is_year
from coopledger.core.run import Parts, Run, parts, runs
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


def of_contract(view: View, name: str, proposal: Proposal, on: date) -> Proposal:
    """A proposal whose total is what its stream, one of a contract, brought in for its period by a day.

    What other runs for the same stream and period distribute is taken off: of a year that is paid in two instalments
    the second run has what came in since the first. Runs that it nets, and advances that are netted, are within what
    the run that nets them distributes. The proposal is then for the stream of the contract, ``hill/land``.

    Raises RegisterError: the contract has no such stream, the period is no year, nothing is left that came in, another
    run is for the same instalments by another name, the contract year or the calendar year; what the stream brings in
    goes to another account than is distributed from, and that has not so much.
    """
    check_proposal(proposal)
    plain_proposal(proposal._replace(total_fen=1))
    came = brought_in(view, name, proposal.stream, proposal.period, on)
    found = proposal._replace(stream=f"{contract(view, name).code}/{proposal.stream}")
    others = [one for one in runs(view).values() if not one.withdrawn and one.proposal.stream == found.stream]
    _check_periods(contract(view, name), proposal, others)
    live = {one.code: one for one in others}
    within = {*proposal.nets} | {
        name for one in others for name in one.proposal.nets if name in live and live[name].proposal.advance
    }
    spent = sum(
        one.proposal.total_fen or 0 if one.proposal.remainder else one.amount_fen + one.freed_fen
        for one in others
        if one.proposal.period == found.period and one.code not in within
    )
    if came <= spent:
        raise RegisterError(
            Message(
                "contract {code}: {stream} brought in {came} yuan for {period} by {day}, and runs for it distribute "
                "{spent}: nothing is left",
                code=printable(name),
                stream=printable(proposal.stream),
                period=printable(proposal.period),
                came=printed(came, 2),
                day=on,
                spent=printed(spent, 2),
            )
        )
    if not found.advance:
        _check_distributed(view, contract(view, name), proposal.stream, came - spent, on)
    return found._replace(total_fen=came - spent)


def projected_run(view: View, name: str, proposal: Proposal) -> Parts:
    """What each holder would get of an instalment that a contract expects, by the register as it stands.

    The proposal says of which stream, year and instalment, whose holders earn, and how. It is what a run gives when the
    instalment came in whole, if the register and the contract are not changed until then. What earlier instalments of
    the year leave undistributed, as rounding does, is given with it: they are taken to be proposed alike.

    Raises RegisterError: the contract has no such instalment, or its amount is not known.
    """
    check_proposal(proposal)
    plain_proposal(proposal._replace(total_fen=1))
    one = contract(view, name)
    check_stream(one, proposal.stream)
    found: dict[int, list[int | None]] = {}
    for each in expected(one):
        if each.stream == proposal.stream and is_of_period(each.due, each.year, proposal.period):
            found.setdefault(each.instalment, []).append(each.amount_fen)
    known = {number: [fen for fen in fens if fen is not None] for number, fens in found.items()}
    own = found.get(proposal.instalment, ())
    if not own or any(len(known[number]) < len(found[number]) for number in found if number <= proposal.instalment):
        raise RegisterError(
            Message(
                "contract {code}: instalment {instalment} of {stream} for {period}: {what}",
                code=one.code,
                instalment=proposal.instalment,
                stream=printable(proposal.stream),
                period=printable(proposal.period),
                what=Message("it rests on a figure that is not known") if own else Message("there is none"),
            )
        )
    asked = proposal._replace(stream=f"{one.code}/{proposal.stream}")
    left = 0
    for number in sorted(each for each in found if each < proposal.instalment):
        left += sum(known[number])
        before = asked._replace(instalment=number, total_fen=left, nets=())
        left -= left if asked.remainder else parts(view, before).amount_fen
    return parts(view, asked._replace(total_fen=left + sum(known[proposal.instalment])))


def _check_distributed(view: View, one: Contract, stream: str, fen: int, on: date) -> None:
    """Raise RegisterError if a stream brings in income to be closed first, and the surplus has not so much yet."""
    roles = {version.income[stream] for version in one.versions if stream in version.income}
    known = charts(view)
    chart = known.in_force(on)
    surplus = chart.account("distribution")
    stands = standing_carried(view, surplus, on, -1)
    if "distribution" not in roles and stands < fen:
        raise RegisterError(
            Message(
                "contract {code}: what {stream} brings in goes to {roles}, and {account}, from which it is "
                "distributed, stands at {stands} yuan from {day} on: enter the surplus of the year first, or "
                "amend the contract so that it goes there (income, --income distribution)",
                code=one.code,
                stream=printable(stream),
                roles=[known.name(chart.account(role), on) for role in sorted(roles)],
                account=surplus,
                stands=printed(stands, 2),
                day=on,
            )
        )


def _check_periods(one: Contract, proposal: Proposal, others: Iterable[Run]) -> None:
    """Raise RegisterError if a run for the stream is of another period that has an instalment of this one too."""
    dues = [(each.due, each.year) for each in expected(one) if each.stream == proposal.stream]
    for other in (other for other in others if is_year(other.proposal.period)):
        period, own = other.proposal.period, proposal.period
        if period != own and any(is_of_period(*due, period) and is_of_period(*due, own) for due in dues):
            raise RegisterError(
                Message(
                    "contract {code}: run {run} is for {other} of {stream}, which has instalments of {period} too: "
                    "say the same period, {other}",
                    code=one.code,
                    run=other.code,
                    other=printable(period),
                    stream=printable(proposal.stream),
                    period=printable(own),
                )
            )
