"""Trade: what members trade with the cooperative, a memo by which patronage refunds are split."""

from collections.abc import Iterable
from datetime import date

from coopledger.core.chart import MEMBER, MEMO, TRADE
from coopledger.core.citation import Document, cited
from coopledger.core.journal import Decision, Entry, Posting, View
from coopledger.core.people import number_of
from coopledger.core.register import Register, register
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

TRADED = "trade"
"""The kind of records that say what a member traded with the cooperative."""


def record_trade(
    holder: str,
    amount_fen: int,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
) -> Decision:
    """Say what a member traded with the cooperative, in fen: a memo, by which refunds are split (43, 44).

    Raises RegisterError for somebody who is not in the register on the day, or has left by then.

    >>> trade = record_trade("0042", 1_200_00, effective_on=date(2026, 9, 30), reason="pepper")
    """
    facts = {"reason": reason, **cited(documents)}
    holder = number_of(holder)

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        if not _is_there(now, holder):
            raise RegisterError(
                Message(
                    "{number} has no member account: not in the register on {day}",
                    number=printable(holder),
                    day=effective_on,
                )
            )
        postings = [Posting(TRADE, MEMO, f"{MEMBER}/{holder}", amount_fen)]
        return [Entry(TRADED, effective_on, booked_on or effective_on, facts, postings)]

    return decide


def _is_there(now: Register, number: str) -> bool:
    if number in now.households:
        return bool(now.households[number].members)
    return number in now.members and now.members[number].standing in ("member", "holder")
