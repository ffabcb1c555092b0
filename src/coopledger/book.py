"""Keeping a book: everything a service or a notebook needs to open one, write into it and ask it.

A verb (``issue``, ``transfer``, ``contribute``…) returns a decision; appended to a book, it becomes records.

>>> from datetime import date
>>> from coopledger.book import *
>>> founded = date(2026, 1, 1)
>>> hill = create_book(":memory:", "hill")
>>> _ = hill.append(found("示例村股份经济合作社", COLLECTIVE, effective_on=founded), key="founding", actor="会计")
>>> _ = hill.append(open_class(preset("member", code="people"), effective_on=founded), key="class", actor="会计")
>>> family = admit(Joiner("0042", household="17", head=True), Joiner("0043", household="17"), effective_on=founded)
>>> _ = hill.append(family, key="members", actor="会计")
>>> _ = hill.append(issue("people", to="17", shares=5, effective_on=founded), key="shares", actor="会计")
>>> with hill.read() as view:
...     {number: one.shares for number, one in holdings(view, "people").items()}
{'17': 5}
>>> hill.verify()
[]
"""

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.amortisation import amortisation, amortise, book_values, end_contribution, restate_amortisation
from coopledger.core.chart import (
    C2004,
    C2007,
    C2021,
    C2023,
    Chart,
    ChartAccount,
    adopt,
    charts,
    with_accounts,
    with_roles,
)
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter, change_charter, found
from coopledger.core.citation import Document, Resolution
from coopledger.core.composition import by_household, composition, votes
from coopledger.core.contribution import (
    Contribution,
    Money,
    Right,
    Valuation,
    contribute,
    contributions_of,
    invest,
    shares_for,
)
from coopledger.core.conversion import convert_chart
from coopledger.core.fund import (
    check_controls,
    controls,
    quantify,
    receive_donation,
    receive_fund,
    requantify,
    spend_fund,
)
from coopledger.core.household import change_head, form_household, merge_households, move
from coopledger.core.journal import Decision, Entry, Head, Journal, Posting, Record, View, reverse
from coopledger.core.member import (
    Joiner,
    Member,
    admit,
    change_members,
    die,
    give_notice,
    leave,
    note_personal,
)
from coopledger.core.member_account import member_account, record_trade
from coopledger.core.movement import (
    allot,
    convert,
    freeze,
    issue,
    pay_in,
    pledge,
    redeem,
    release,
    take_back,
    transfer,
    unfreeze,
)
from coopledger.core.redenomination import rebalance, redenominate, revalue
from coopledger.core.register import Holding, Register, eligible, holdings, outstanding, register
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import ShareClass, change_class, class_on, open_class, preset, units
from coopledger.core.statement import statement, turnovers
from coopledger.core.trial_balance import trial_balance
from coopledger.core.voucher import check_vouchers, review_voucher, vouchers
from coopledger.core.withdrawal import spread, withdraw
from coopledger.store.database import create_book, open_book
from coopledger.store.memory import MemoryJournal
from coopledger.store.upgrade import upgrade

__all__ = [
    "C2004",
    "C2007",
    "C2021",
    "C2023",
    "COLLECTIVE",
    "SPECIALISED",
    "Account",
    "Chart",
    "ChartAccount",
    "Charter",
    "Contribution",
    "Decision",
    "Denomination",
    "Document",
    "Entry",
    "Head",
    "Holding",
    "Joiner",
    "Journal",
    "Member",
    "MemoryJournal",
    "Money",
    "Posting",
    "Record",
    "Register",
    "Resolution",
    "Right",
    "ShareClass",
    "Valuation",
    "View",
    "admit",
    "adopt",
    "allot",
    "amortisation",
    "amortise",
    "audit_register",
    "book_values",
    "by_household",
    "change_charter",
    "change_class",
    "change_head",
    "change_members",
    "charts",
    "check_controls",
    "check_vouchers",
    "class_on",
    "composition",
    "contribute",
    "contributions_of",
    "controls",
    "convert",
    "convert_chart",
    "create_book",
    "die",
    "eligible",
    "end_contribution",
    "form_household",
    "found",
    "freeze",
    "give_notice",
    "holdings",
    "invest",
    "issue",
    "leave",
    "member_account",
    "merge_households",
    "move",
    "note_personal",
    "open_book",
    "open_class",
    "opening",
    "outstanding",
    "pay_in",
    "pledge",
    "preset",
    "quantify",
    "rebalance",
    "receive_donation",
    "receive_fund",
    "record_trade",
    "redeem",
    "redenominate",
    "register",
    "release",
    "requantify",
    "restate_amortisation",
    "revalue",
    "reverse",
    "review_voucher",
    "shares_for",
    "spend_fund",
    "spread",
    "statement",
    "take_back",
    "transfer",
    "trial_balance",
    "turnovers",
    "unfreeze",
    "units",
    "upgrade",
    "votes",
    "vouchers",
    "with_accounts",
    "with_roles",
    "withdraw",
]
