"""Keeping a book: everything a service or a notebook needs to open one, write into it and ask it.

A verb (``issue``, ``transfer``, ``contribute``…) returns a decision; appended to a book, it becomes records. A decision
of several that build on each other is ``in_turn(one, two)``.

>>> from datetime import date
>>> from coopledger.book import *
>>> founded = date(2026, 1, 1)
>>> hill = create_book(":memory:", "hill")
>>> founding = in_turn(
...     found("示例村股份经济合作社", COLLECTIVE, effective_on=founded),
...     adopt(C2023, effective_on=founded),
...     open_class(preset("member", code="people"), effective_on=founded),
...     admit(Joiner("0042", household="17", head=True), Joiner("0043", household="17"), effective_on=founded),
... )
>>> _ = hill.append(founding, key="founding", actor="会计")
>>> _ = hill.append(issue("people", to="17", shares=5, effective_on=founded), key="shares", actor="会计")

What stands in the book is asked of a view of it: as of a day, and as it was known after a record or at a time
(``hill.read(12)``). A ``…_report`` is the same as a table.

>>> with hill.read() as view:
...     {number: one.shares for number, one in holdings(view, "people").items()}
...     [table] = register_report(view)
...     problems(view)
{'17': 5}
[]
>>> str(table.title), *table.rows[0][:4]
('示例村股份经济合作社: register of 成员股 (people)', '17', '-', '17', '5')

What a rule forbids is refused with a CoopledgerError, and nothing is written. ``verify`` looks for what was changed.

>>> early = transfer("people", holder="17", to="18", shares=9, effective_on=founded, reason="sale")
>>> hill.append(early, key="sale", actor="会计")
Traceback (most recent call last):
coopledger.errors.RegisterError: 18 is not in the register on 2026-01-01
>>> hill.verify()
[]
"""

from coopledger.core.accounts import Account, Denomination, confirm_clock, lock, opening, unlock
from coopledger.core.ahead import in_turn
from coopledger.core.amendment import change_charter
from coopledger.core.amortisation import (
    BookValue,
    amortisation,
    amortise,
    book_values,
    restate_amortisation,
    revalue_contribution,
)
from coopledger.core.anchor import Anchored, anchored
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import Appropriation, appropriations
from coopledger.core.chart import (
    C2004,
    C2007,
    C2021,
    C2023,
    DONATION,
    MONEY,
    RESERVE,
    SUBSIDY,
    Chart,
    ChartAccount,
    Charts,
    adopt,
    charts,
    with_accounts,
    with_roles,
)
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Book, Charter, book, check_adopted, check_waterfall, found
from coopledger.core.citation import MEETINGS, Document, Resolution
from coopledger.core.collection import collect, repay
from coopledger.core.composition import ClassTotal, Voters, Votes, by_household, composition, voters, votes
from coopledger.core.contract import (
    Contract,
    Expected,
    amend_contract,
    conclude,
    contract,
    contracts,
    end_contract,
    expected,
    know_figures,
)
from coopledger.core.contract_run import of_contract, projected_run
from coopledger.core.contribution import (
    Contribution,
    Money,
    Right,
    Standing,
    Valuation,
    contribute,
    contributions_of,
    invest,
    shares_for,
)
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021, convert_chart
from coopledger.core.debt import undone_debts
from coopledger.core.deliberation import answer, deliberate, discuss, supervise
from coopledger.core.dividend import approve, declare, disclose, propose, supplementing
from coopledger.core.dues import Due, dues
from coopledger.core.earmark import earmarked
from coopledger.core.ending import end_contribution
from coopledger.core.entitlement import Entitlement, by_record_date, by_time_held
from coopledger.core.explain import ExplanationLine
from coopledger.core.fund import Control, controls, quantify, receive_donation, receive_fund, requantify, spend_fund
from coopledger.core.household import change_head, form_household, merge_households, move
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.instalment import Charge
from coopledger.core.journal import Decision, Entry, Facts, Head, Journal, Movement, Posting, Record, View, reverse
from coopledger.core.lapse import lapse
from coopledger.core.lawful import collective_waterfall, land_waterfall, specialised_waterfall
from coopledger.core.member import Joiner, change_members, die, leave
from coopledger.core.member_account import MemberAccount, member_account
from coopledger.core.movement import (
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
from coopledger.core.notice import give_notice, withdraw_notice
from coopledger.core.ordinary import enter
from coopledger.core.past_dividend import PastDividend, note_past_dividends, past_dividends
from coopledger.core.payment_order import PaymentOrder, failures, payment_order
from coopledger.core.payout import bounce, held_back, held_over, pay
from coopledger.core.people import Member, Roll, roll
from coopledger.core.personal import is_minor
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.receipt import Receipt, receipts
from coopledger.core.receivable import (
    ContractStatus,
    brought_in,
    contract_status,
    explain_due,
    fall_due,
    project_rest,
    receive,
)
from coopledger.core.reckoning import Reckoning, reckoning
from coopledger.core.redenomination import change_class, change_par_value, rebalance, redenominate
from coopledger.core.register import Holding, Register, earning, eligible, holdings, outstanding, register
from coopledger.core.retained import pay_retained
from coopledger.core.reversal import take_back
from coopledger.core.run import Objection, Parts, Run, of_step, runs, settled, unpaid
from coopledger.core.run_step import next_step
from coopledger.core.share_class import ShareClass, class_on, open_class, preset, units
from coopledger.core.statement import Event, StatementLine, Turnover, history, statement, turnovers
from coopledger.core.step_reckoning import StepReckoning, step_reckoning
from coopledger.core.table import Table
from coopledger.core.terms import Terms
from coopledger.core.trade import record_trade
from coopledger.core.trial_balance import Totals, TrialBalanceRow, totals, trial_balance
from coopledger.core.undoing import undo
from coopledger.core.voucher import Voucher, review_voucher, vouchers
from coopledger.core.waterfall import Portion, Step, Waterfall, fixed, share
from coopledger.core.withdrawal import refund_reserve, spread, withdraw
from coopledger.core.withholding import Withholding, withholdings
from coopledger.core.year_end import enter_surplus
from coopledger.errors import (
    ClockError,
    CoopledgerError,
    EntryError,
    JournalError,
    KeyConflictError,
    LockedPeriodError,
    OverdrawnError,
    Problem,
    RegisterError,
    ReturnError,
    ReversalError,
    StaleJournal,
    StoreError,
    UnknownRecordError,
    UnopenedError,
    WorkbookError,
)
from coopledger.files.arrow import to_arrow, to_pandas
from coopledger.files.bank import Returned, bank_return, order_bytes, order_csv, read_return
from coopledger.files.data_package import data_package
from coopledger.files.documents import check_documents, cite
from coopledger.files.identity import admit, note_personal, object_to
from coopledger.files.plain_journal import beancount_journal, hledger_journal
from coopledger.files.table_data import tables_csv, tables_json
from coopledger.files.table_xlsx import tables_xlsx
from coopledger.files.text_table import text_table
from coopledger.files.village import Village
from coopledger.files.village_file import read_village
from coopledger.files.village_import import import_key, import_village
from coopledger.files.waterfall_file import load_waterfall
from coopledger.pages.certificate import certificate_page
from coopledger.pages.notice import notice_page
from coopledger.pages.overview import overview_page
from coopledger.pages.payment_list import payment_list_page
from coopledger.pages.statement import statement_page
from coopledger.reports.account import account_report
from coopledger.reports.arrears import arrears_report
from coopledger.reports.cells import yuan
from coopledger.reports.certificate import certificate_report
from coopledger.reports.classes import classes_report
from coopledger.reports.composition import composition_report
from coopledger.reports.contract import contract_report, contract_rest_report, contracts_report, instalment_report
from coopledger.reports.contributions import contributions_report
from coopledger.reports.distribution import distribution_report
from coopledger.reports.dividend import run_report, runs_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.documents import documents_report
from coopledger.reports.explanation import explanation_report
from coopledger.reports.history import history_report
from coopledger.reports.movements import movements_report
from coopledger.reports.overview import overview_report
from coopledger.reports.payment_list import payment_list_report
from coopledger.reports.problems import problems_report
from coopledger.reports.receipts import receipts_report
from coopledger.reports.record import record_report, records_report
from coopledger.reports.register import register_report
from coopledger.reports.roster import roster_report
from coopledger.reports.trial_balance import trial_balance_report
from coopledger.reports.vouchers import vouchers_report
from coopledger.reports.withholdings import withholdings_report
from coopledger.store.database import create_book, open_book
from coopledger.store.grant import grant, grants
from coopledger.store.memory import MemoryJournal
from coopledger.store.sql import SqlJournal
from coopledger.store.upgrade import upgrade
from coopledger.text import Language, Message

__all__ = [
    "C2004",
    "C2004_TO_C2023",
    "C2007",
    "C2007_TO_C2021",
    "C2021",
    "C2023",
    "COLLECTIVE",
    "DONATION",
    "MEETINGS",
    "MONEY",
    "RESERVE",
    "SPECIALISED",
    "SUBSIDY",
    "Account",
    "Anchored",
    "Appropriation",
    "Book",
    "BookValue",
    "Charge",
    "Chart",
    "ChartAccount",
    "Charter",
    "Charts",
    "ClassTotal",
    "ClockError",
    "Contract",
    "ContractStatus",
    "Contribution",
    "Control",
    "CoopledgerError",
    "Decision",
    "Denomination",
    "Document",
    "Due",
    "Entitlement",
    "Entry",
    "EntryError",
    "Event",
    "Expected",
    "ExplanationLine",
    "Facts",
    "Head",
    "Holding",
    "Joiner",
    "Journal",
    "JournalError",
    "KeyConflictError",
    "Language",
    "LockedPeriodError",
    "Member",
    "MemberAccount",
    "MemoryJournal",
    "Message",
    "Money",
    "Movement",
    "Objection",
    "OverdrawnError",
    "Parts",
    "PastDividend",
    "PaymentOrder",
    "Portion",
    "Posting",
    "Problem",
    "Proposal",
    "Receipt",
    "Reckoning",
    "Record",
    "Register",
    "RegisterError",
    "Resolution",
    "ReturnError",
    "Returned",
    "ReversalError",
    "Right",
    "Roll",
    "Run",
    "ShareClass",
    "SqlJournal",
    "StaleJournal",
    "Standing",
    "StatementLine",
    "Step",
    "StepReckoning",
    "StoreError",
    "Table",
    "Terms",
    "Totals",
    "TrialBalanceRow",
    "Turnover",
    "UnknownRecordError",
    "UnopenedError",
    "Valuation",
    "View",
    "Village",
    "Voters",
    "Votes",
    "Voucher",
    "Waterfall",
    "Withholding",
    "WorkbookError",
    "account_report",
    "admit",
    "adopt",
    "allot",
    "amend_contract",
    "amortisation",
    "amortise",
    "anchored",
    "answer",
    "appropriations",
    "approve",
    "arrears_report",
    "bank_return",
    "beancount_journal",
    "book",
    "book_values",
    "bounce",
    "brought_in",
    "by_household",
    "by_record_date",
    "by_time_held",
    "certificate_page",
    "certificate_report",
    "change_charter",
    "change_class",
    "change_head",
    "change_members",
    "change_par_value",
    "charts",
    "check_adopted",
    "check_documents",
    "check_waterfall",
    "cite",
    "class_on",
    "classes_report",
    "collect",
    "collective_waterfall",
    "composition",
    "composition_report",
    "conclude",
    "confirm_clock",
    "contract",
    "contract_report",
    "contract_rest_report",
    "contract_status",
    "contracts",
    "contracts_report",
    "contribute",
    "contributions_of",
    "contributions_report",
    "controls",
    "convert",
    "convert_chart",
    "create_book",
    "data_package",
    "declare",
    "deliberate",
    "die",
    "disclose",
    "discuss",
    "distribute",
    "distribution_report",
    "dividend_notice_report",
    "dividend_statement_report",
    "documents_report",
    "dues",
    "earmarked",
    "earning",
    "eligible",
    "end_contract",
    "end_contribution",
    "enter",
    "enter_surplus",
    "expected",
    "explain_due",
    "explanation_report",
    "failures",
    "fall_due",
    "fixed",
    "form_household",
    "found",
    "freeze",
    "give_notice",
    "grant",
    "grants",
    "held_back",
    "held_over",
    "history",
    "history_report",
    "hledger_journal",
    "holdings",
    "import_key",
    "import_village",
    "in_turn",
    "instalment_report",
    "invest",
    "is_minor",
    "issue",
    "know_figures",
    "land_waterfall",
    "lapse",
    "leave",
    "load_waterfall",
    "lock",
    "member_account",
    "merge_households",
    "move",
    "movements_report",
    "next_step",
    "note_past_dividends",
    "note_personal",
    "notice_page",
    "object_to",
    "of_contract",
    "of_step",
    "open_book",
    "open_class",
    "opening",
    "order_bytes",
    "order_csv",
    "outstanding",
    "overview_page",
    "overview_report",
    "past_dividends",
    "pay",
    "pay_in",
    "pay_in_kind",
    "pay_retained",
    "payment_list_page",
    "payment_list_report",
    "payment_order",
    "pledge",
    "preset",
    "problems",
    "problems_report",
    "project_rest",
    "projected_run",
    "propose",
    "propose_steps",
    "quantify",
    "read_return",
    "read_village",
    "rebalance",
    "receipts",
    "receipts_report",
    "receive",
    "receive_donation",
    "receive_fund",
    "reckoning",
    "record_report",
    "record_trade",
    "records_report",
    "redeem",
    "redenominate",
    "refund_reserve",
    "register",
    "register_report",
    "reinvest",
    "release",
    "repay",
    "requantify",
    "restate_amortisation",
    "revalue_contribution",
    "reverse",
    "review_voucher",
    "roll",
    "roster_report",
    "run_report",
    "runs",
    "runs_report",
    "settled",
    "share",
    "shares_for",
    "specialised_waterfall",
    "spend_fund",
    "spread",
    "statement",
    "statement_page",
    "step_reckoning",
    "supervise",
    "supplementing",
    "tables_csv",
    "tables_json",
    "tables_xlsx",
    "take_back",
    "text_table",
    "to_arrow",
    "to_pandas",
    "totals",
    "transfer",
    "trial_balance",
    "trial_balance_report",
    "turnovers",
    "undo",
    "undone_debts",
    "unfreeze",
    "units",
    "unlock",
    "unpaid",
    "upgrade",
    "voters",
    "votes",
    "vouchers",
    "vouchers_report",
    "with_accounts",
    "with_roles",
    "withdraw",
    "withdraw_notice",
    "withholdings",
    "withholdings_report",
    "yuan",
]
