"""A small invented cooperative's book, in memory: what the reports are tested on."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count

from coopledger.core.amortisation import amortise
from coopledger.core.chart import C2021, adopt
from coopledger.core.charter import found
from coopledger.core.citation import Document, Resolution
from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute
from coopledger.core.journal import Decision, Record, View
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot, issue, pledge, transfer
from coopledger.core.notice import give_notice
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.table import Table
from coopledger.core.trade import record_trade
from coopledger.core.voucher import review_voucher
from coopledger.core.withdrawal import withdraw
from coopledger.files.text_table import text_table
from coopledger.store.memory import MemoryJournal
from coopledger.text import Language, said

FOUNDED = date(2026, 1, 1)
MARCH = date(2026, 3, 31)
YEAR_END = date(2026, 12, 31)
LEFT = date(2027, 1, 1)
AFTER = date(2027, 1, 31)

VOTE = Resolution("2026-1", "members", FOUNDED, entitled=5, present=5, votes_for=4, votes_against=1)
MINUTES = Document("minutes.pdf", "ab" * 32, "1-2")

PEOPLE = (
    Joiner("0041", household="17", head=True, personal={"name": "成员甲", "id": "999999196001010018"}),
    Joiner("0042", household="17", personal={"name": "成员乙"}),
    Joiner("0043", household="17", personal={"name": "成员丙", "birth": "2015-06-07"}),
    Joiner("0051", household="18", head=True, personal={"name": "成员丁"}),
    Joiner("0052", household="18"),
    Joiner("0901", "enterprise", standing="holder", personal={"name": "示例公司"}),
)

LAND = Right(
    "land right",
    FOUNDED,
    date(2035, 12, 31),
    date(2050, 12, 31),
    area_mu=10,
    parcels=("P1", "P2"),
    contract="承包合同17",
    every="year",
)
BROUGHT = (
    Contribution("G17", "17", "land", LAND, Valuation(12_000_00, "members", FOUNDED), price_fen=100_00),
    Contribution("G18", "18", "land", Money(3_000_00), price_fen=100_00),
)

STEPS: Mapping[str, Callable[[], Decision]] = {
    "founding": lambda: found("示例村种植专业合作社", effective_on=FOUNDED),
    "chart": lambda: adopt(C2021, effective_on=FOUNDED),
    "land": lambda: open_class(preset("land", par_fen=100_00, capital="c2021:301"), effective_on=FOUNDED),
    "labour": lambda: open_class(preset("labour", on_leaving="refund"), effective_on=FOUNDED),
    "people": lambda: admit(*PEOPLE, effective_on=FOUNDED),
    "contributions": lambda: contribute(*BROUGHT, effective_on=FOUNDED, documents=[MINUTES], resolution=VOTE),
    "years of labour": lambda: allot(
        "labour", {"0041": 1250, "0042": 725, "0051": 2000, "0052": 300}, effective_on=FOUNDED, documents=[MINUTES]
    ),
    "trade": lambda: record_trade("0041", 1_200_00, effective_on=date(2026, 2, 1), reason="pepper"),
    "gift": lambda: transfer(
        "labour", holder="0041", to="0043", shares=200, effective_on=date(2026, 3, 1), reason="gift"
    ),
    "pledge": lambda: pledge("labour", holder="0051", shares=500, creditor="示例信用社", effective_on=date(2026, 3, 2)),
    "mistake": lambda: issue(
        "land", to="18", shares=5, against="c2021:102", effective_on=date(2026, 3, 3), reason="subscription"
    ),
    "review": lambda: review_voucher([9], reviewer="supervisor", cashier="cashier", effective_on=MARCH),
    "reversal": lambda: take_back(15, booked_on=date(2026, 4, 1)),
    "notice": lambda: give_notice("0052", effective_on=date(2026, 6, 30)),
    "amortisation": lambda: amortise(through=YEAR_END),
    "withdrawal": lambda: withdraw("0052", effective_on=LEFT),
}
"""What was done, step by step; each under its name as the key, an hour after the one before."""


def cooperative(*, until: str | None = None) -> MemoryJournal:
    """The book as it was after a step; after all, if none is named."""
    hours = count()
    journal = MemoryJournal("example", clock=lambda: 1_767_225_600_000_000 + next(hours) * 3_600_000_000, salt=_salt)
    for key, decision in STEPS.items():
        journal.append(decision(), key=key, actor="accountant")
        if key == until:
            break
    return journal


def put(journal: MemoryJournal, decision: Decision) -> list[Record]:
    """Append one more decision."""
    with journal.read() as view:
        key = f"after {view.head.seq}"
    return journal.append(decision, key=key, actor="accountant")


def _salt() -> bytes:
    return b"salt" * 4


def shown(view: View, *tables: Table, language: Language = "en") -> str:
    """Tables as they are printed, with HEAD where the fingerprint stands."""
    return "\n".join(text_table(one, language) for one in tables).replace(str(view.head), "HEAD")


def cells(table: Table, heading: str) -> list[str]:
    """A column of a table, in English."""
    at = [said(column.heading, "en") for column in table.columns].index(heading)
    return [said(row[at], "en") for row in table.rows]


def total(table: Table, heading: str) -> str:
    """What stands under a column."""
    at = [said(column.heading, "en") for column in table.columns].index(heading)
    return said(table.totals[at], "en")


def notes(table: Table) -> list[str]:
    return [said(one, "en") for one in table.notes]
