"""Ordinary business (一般经济业务): entries for which there is no verb of their own, in debits and credits.

Opening balances when a book is begun, money taken from the bank to the till, goods bought, taxes paid. The register,
runs, contracts, funds and the surplus keep their accounts themselves, so that what they say of them stays true; an
ordinary entry does not touch those.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from coopledger.core.balances import printed
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.conversion import standing_carried
from coopledger.core.journal import (
    LARGEST_QUANTITY,
    Decision,
    Entry,
    Posting,
    View,
    check_date,
    code,
    mapped,
    root,
    shown,
)
from coopledger.core.rules import check_money_there, check_not_controlled, check_stands
from coopledger.core.share_class import check_opened_account
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

ORDINARY = "ordinary"
"""The kind of records of ordinary business; the fact ``reason`` says what it is (摘要)."""


def enter(
    debit: Mapping[str, int],
    credit: Mapping[str, int],
    *,
    reason: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Enter ordinary business: fen by account on the ``debit`` side and on the ``credit`` side, both the same in all.

    Accounts are named by their codes (``c2023:102``), with a part if there is one (``c2023:102/savings``). ``reason``
    is the summary of the voucher (摘要). It is taken back by :func:`~coopledger.core.reversal.take_back`.

    Raises RegisterError: the sides differ; an account that is not in the chart in force; one that the register, runs,
    contracts, funds or the surplus keep; bank or cash that has not so much on the day or a later one, equity that is
    debited with more than it has.

    >>> to_the_till = enter({"c2023:101": 500_00}, {"c2023:102": 500_00}, reason="提取备用金",
    ...     effective_on=date(2026, 3, 1))
    """
    sides = {name: _side(name, seen) for name, seen in (("debit", debit), ("credit", credit))}
    check_date(effective_on)
    if not isinstance(reason, str) or not reason.strip():
        raise RegisterError(Message("{name}: {seen}: a text is expected", name="reason", seen=shown(reason)))
    sums = [sum(side.values()) for side in sides.values()]
    if sums[0] != sums[1]:
        raise RegisterError(
            Message(
                "debits come to {debit} yuan, credits to {credit}: both sides the same are expected",
                debit=printed(sums[0], 2),
                credit=printed(sums[1], 2),
            )
        )
    if both := sorted(sides["debit"].keys() & sides["credit"].keys()):
        raise RegisterError(Message("{account}: debited and credited at once", account=printable(both[0])))
    facts = {"reason": reason.strip(), **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        booked, known = booked_on or effective_on, charts(view)
        for account in (*sides["debit"], *sides["credit"]):
            check_opened_account(known, account, booked)
            check_not_controlled(view, account)
        for account, fen in sides["debit"].items():
            _check_covered(view, known, account, fen, effective_on)
        postings = paired(sides["debit"], sides["credit"])
        check_money_there(view, postings, effective_on)
        return [Entry(ORDINARY, effective_on, booked, facts, postings)]

    return decide


def paired(debit: Mapping[str, int], credit: Mapping[str, int]) -> list[Posting]:
    """The postings that debit and credit accounts with so much: the first credit goes to the first debits.

    >>> [(one.source, one.target, one.quantity) for one in paired({"a": 3, "b": 4}, {"c": 5, "d": 2})]
    [('c', 'a', 3), ('c', 'b', 2), ('d', 'b', 2)]
    """
    postings = []
    given, source, has = iter(credit.items()), "", 0
    for target, wanted in debit.items():
        left = wanted
        while left:
            if not has:
                source, has = next(given)
            fen = min(left, has)
            postings.append(Posting(MONEY, source, target, fen))
            left, has = left - fen, has - fen
    return postings


def _side(name: str, seen: Mapping[str, int]) -> dict[str, int]:
    """One side, with its accounts' codes. Raises RegisterError."""
    found: dict[str, int] = {}
    for account, fen in mapped(seen).items():
        if type(fen) is not int or not 0 < fen <= LARGEST_QUANTITY:
            raise RegisterError(
                Message(
                    "{name}: {account}: {seen}: a whole number (int) of fen above 0 is expected",
                    name=name,
                    account=printable(str(account)),
                    seen=shown(fen),
                )
            )
        found[code(account)] = fen
    if not found:
        raise RegisterError(Message("{name}: nothing: an account and its fen are expected", name=name))
    return found


def _check_covered(view: View, known: Charts, account: str, fen: int, on: date) -> None:
    """Raise RegisterError if equity would be in debit by what is not a year's loss."""
    years = {chart.account("surplus") for _, chart in known.adopted if "surplus" in chart.roles}  # a loss debits it
    if known.kind(root(account)) != "equity" or account in years:
        return
    check_stands(known, account, standing_carried(view, account, on, -1), on, fen)
