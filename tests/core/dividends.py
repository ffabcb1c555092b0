"""A cooperative with land shares and a surplus to distribute: what the tests of dividend runs start from."""

from datetime import date

from coopledger.core.chart import C2021, MONEY, Chart, adopt
from coopledger.core.charter import COLLECTIVE, Charter, found
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.entitlement import by_record_date
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.proposal import Proposal
from coopledger.core.run import Run, run, settled, unpaid
from coopledger.core.share_class import open_class, preset
from coopledger.core.year_end import enter_surplus
from tests.core.village import Village

FOUNDED, YEAR_END = date(2026, 1, 1), date(2026, 12, 31)
PROPOSED, POSTED, MET, DECLARED, PAID = (date(2027, 1, day) for day in (5, 6, 20, 21, 25))
VOTE = Resolution("2027-1", "members", MET, entitled=5, present=5, votes_for=4, votes_against=1)
HOLDERS = {"17": 500, "18": 300, "19": 1, "20": 199}
PROPOSAL = Proposal("surplus", "2026", "land", by_record_date(YEAR_END), total_fen=1_000_00)


def cooperative(chart: Chart = C2021, charter: Charter = COLLECTIVE, bank_fen: int = 5_000_00) -> Village:
    """Four households with 1,000 land shares, a surplus of 3,000 yuan for 2026, and money in the bank."""
    made = Village()
    people = [Joiner(f"00{home}", household=home, head=True) for home in HOLDERS]
    made.do(
        found("示例村股份经济合作社", charter, effective_on=FOUNDED),
        adopt(chart, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        *(issue("land", to=home, shares=shares, effective_on=FOUNDED) for home, shares in HOLDERS.items()),
        enter_surplus(2026, 3_000_00, source="annual statement 2026"),
    )
    if bank_fen:
        received = Posting(MONEY, chart.account("receivable"), chart.account("bank"), bank_fen)
        made.do(Entry("receipt", YEAR_END, YEAR_END, {}, [received]))
    return made


def approved(made: Village, proposal: Proposal = PROPOSAL, name: str = "2026") -> Village:
    """A run that lay open for fourteen days and was approved."""
    made.do(
        propose(name, proposal, effective_on=PROPOSED),
        disclose(name, since=POSTED, until=MET, where="village board"),
        approve(name, VOTE),
    )
    return made


def declared(made: Village, proposal: Proposal = PROPOSAL, name: str = "2026") -> Village:
    """A run that is owed."""
    approved(made, proposal, name).do(declare(name, effective_on=DECLARED))
    return made


def the(made: Village, name: str = "2026") -> Run:
    return run(made.view, name)


def due(made: Village, name: str = "2026") -> dict[str, int]:
    return unpaid(made.view, name)


def paid(made: Village, name: str = "2026") -> dict[str, dict[str, int]]:
    """What was settled, by holder and account without the chart's code."""
    return {
        number: {account.partition(":")[2]: fen for account, fen in own.items()}
        for number, own in settled(made.view, the(made, name)).items()
    }


def money(made: Village) -> dict[str, int]:
    """The balances of the money accounts, debit positive, without the chart's code."""
    return {account.partition(":")[2]: fen for (_, account), fen in made.view.balances(MONEY).items()}
