"""The member account (成员账户): what one holder has in the cooperative, and what a year brought.

农民专业合作社法 43 wants contribution, quantified reserve and trade volume; the accounting rules (财会〔2021〕37号 57)
add quantified subsidies and donations, patronage refunds and the distributed remaining surplus.
"""

import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.chart import DONATION, MEMBER, MEMO, MONEY, RESERVE, SUBSIDY, TRADE, charts
from coopledger.core.charter import HOLDER
from coopledger.core.collection import owes
from coopledger.core.dues import dues
from coopledger.core.journal import TRANSIT, Movement, View, check_date, shown
from coopledger.core.register import UNPAID, Register, eligible, register
from coopledger.core.rules import POOLED
from coopledger.core.run import REFUND, ROLE, role_of, runs
from coopledger.core.settlement import retained_places
from coopledger.core.share_class import ShareClass, value_fen
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class MemberAccount(NamedTuple):
    """One holder's account as of a day, all in fen.

    What stands: ``contribution_fen`` (paid-in shares of capital at par), ``reserve_fen``, ``subsidy_fen`` and
    ``donation_fen`` as quantified. What the calendar year brought up to the day: ``trade_fen``, ``refund_fen``
    (盈余返还) and ``surplus_fen`` (剩余盈余). What of the last two, of any year, is not paid yet:
    ``refund_due_fen``, ``surplus_due_fen``: the balances of the accounts with those roles, those of every dividend run
    among them, and of no other debt. Dividends count when they are declared; a declaration of an earlier year that is
    undone takes off the year in which it is. ``retained_fen`` is what stands retained in the holder's name, and
    ``owes_fen`` what he owes in the member current account (:func:`~coopledger.core.collection.owes`), below 0 what is
    owed to him there.
    """

    holder: str
    on: date
    contribution_fen: int
    reserve_fen: int
    subsidy_fen: int
    donation_fen: int
    trade_fen: int
    refund_fen: int
    surplus_fen: int
    refund_due_fen: int
    surplus_due_fen: int
    retained_fen: int = 0
    owes_fen: int = 0

    @property
    def basis_fen(self) -> int:
        """What the remaining surplus is distributed by: contribution, reserve, subsidies, donations (44)."""
        return self.contribution_fen + self.reserve_fen + self.subsidy_fen + self.donation_fen


def member_account(view: View, holder: str, on: date) -> MemberAccount:
    """The account of one holder as of a day. Raises RegisterError for somebody who was never in the register.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> from coopledger.core.trade import record_trade
    >>> trade = record_trade("0042", 500_00, effective_on=day, reason="pepper")
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021), admit(Joiner("0042"), effective_on=day), trade]
    >>> for n, step in enumerate(steps):
    ...     _ = journal.append(step, key=f"step {n}", actor="accountant")
    >>> with journal.read() as view:
    ...     member_account(view, "0042", day).trade_fen
    50000
    """
    if not isinstance(holder, str):
        raise RegisterError(Message("{name}: {seen}: a text is expected", name="holder", seen=shown(holder)))
    holder = unicodedata.normalize("NFC", holder)
    check_date(on)
    now = register(view, on)
    if holder not in now.members and holder not in now.households:
        raise RegisterError(
            Message("{number} has no member account: not in the register on {day}", number=printable(holder), day=on)
        )
    memo = view.balances(under=MEMBER, on=on)
    own = {unit: memo.get((unit, f"{MEMBER}/{holder}"), 0) for unit in (RESERVE, SUBSIDY, DONATION)}
    contribution = 0
    for cls, one in now.classes.items():
        if one.pooled:
            for unit in own:
                own[unit] += _part(now, one, holder, memo.get((unit, f"{MEMBER}/{POOLED}/{cls}"), 0))
        if one.capital is not None:
            above = f"{HOLDER}/{holder}"
            held = view.balances(cls, above, on)
            unpaid = held.get((cls, f"{above}/{UNPAID}"), 0)
            contribution += value_fen(one, sum(held.values()) - unpaid)
    traded = sum(
        -one.posting.quantity if one.posting.target == MEMO else one.posting.quantity
        for one in view.movements(f"{MEMBER}/{holder}", TRADE, date(on.year, 1, 1), on)
    )
    (refund, refund_due), (surplus, surplus_due) = (_paid_through(view, role, holder, on) for role in (REFUND, ROLE))
    return MemberAccount(
        holder,
        on,
        contribution,
        own[RESERVE],
        own[SUBSIDY],
        own[DONATION],
        traded,
        refund,
        surplus,
        refund_due,
        surplus_due,
        sum(_stands(view, f"{place}/{holder}", on) for place in retained_places(view)),
        owes(view, holder, on),
    )


def _stands(view: View, account: str, on: date) -> int:
    """What stands on the credit side of an account, itself."""
    return -view.balances(MONEY, account, on).get((MONEY, account), 0)


def _part(now: Register, one: ShareClass, holder: str, pool_fen: int) -> int:
    """What of a pool falls on a holder, among all that are eligible on the day, by heads and largest remainder."""
    heads = eligible(now, one)
    numbers = sorted(heads, key=natural_key)
    if not pool_fen or holder not in heads:
        return 0
    return largest_remainder(pool_fen, [heads[one] for one in numbers])[numbers.index(holder)]


def _paid_through(view: View, role: str, holder: str, on: date) -> tuple[int, int]:
    """What the year brought a holder through the account of a role, by runs and otherwise, and what is due of it."""
    given, due = _payable(view, role, holder, on)
    declared, unpaid = _of_runs(view, role, holder, on)
    before, _ = _of_runs(view, role, holder, date(on.year, 1, 1) - timedelta(1))
    return given + declared - before, due + unpaid


def _of_runs(view: View, role: str, holder: str, on: date) -> tuple[int, int]:
    """What was declared to a holder, in the account of a role, by the runs that stand on a day, and what is unpaid."""
    own = [
        (one, due)
        for one in runs(view, on).values()
        if one.declared_on is not None and role_of(view, one) == role
        for due in dues(view, one, on, holder).values()
    ]
    return sum(due.declared_fen for one, due in own if not one.proposal.advance), sum(due.unpaid_fen for _, due in own)


def _payable(view: View, role: str, holder: str, on: date) -> tuple[int, int]:
    """What the year distributed to a holder through the account of a role, and what is due of it; in all charts."""
    given = due = 0
    distributions = {
        chart.account("distribution") for _, chart in charts(view).adopted if "distribution" in chart.roles
    }
    accounts = {chart.account(role, holder) for _, chart in charts(view).adopted if role in chart.roles}
    for account in accounts:
        due -= view.balances(MONEY, account, on).get((MONEY, account), 0)
        for one in view.movements(account, MONEY, date(on.year, 1, 1), on):
            if one.posting.source == account and _is_distribution(view, one, one.posting.target, distributions):
                given += one.posting.quantity
            elif one.posting.target == account and _is_distribution(view, one, one.posting.source, distributions):
                given -= one.posting.quantity
    return given, due


def _is_distribution(view: View, one: Movement, other: str, distributions: set[str]) -> bool:
    """Whether the other side of a posting is the distribution, itself or through transit in the same record."""
    if other != TRANSIT:
        return other in distributions
    places = {(leg.source, leg.target) for leg in view.record(one.seq).postings}
    return any((TRANSIT, account) in places or (account, TRANSIT) in places for account in distributions)
