"""``coopledger book``: the group, and where its commands are defined."""

from coopledger.cli.lazy import LazyGroup

_HERE = "coopledger.cli.book"
_SECTIONS = {
    "The book": {
        "create": "founding:create",
        "upgrade": "founding:upgrade_command",
        "grant": "founding:grant_command",
        "charter": "founding:charter",
        "chart": "founding:chart_command",
        "convert-chart": "founding:convert_chart_command",
        "class": "founding:class_command",
        "change-class": "founding:change_class_command",
    },
    "People": {
        "member": "people:member",
        "personal": "people:personal_command",
        "change-member": "people:change_member",
        "notice": "people:notice",
        "withdraw-notice": "people:withdraw_notice_command",
        "leave": "people:leave_command",
        "death": "people:death",
        "household": "group:household",
        "erase": "keeping:erase",
    },
    "Shares": {
        "issue": "shares:issue_command",
        "allot": "shares:allot_command",
        "pay-in": "shares:pay_in_command",
        "transfer": "shares:transfer_command",
        "redeem": "shares:redeem_command",
        "convert": "shares:convert_command",
        "pledge": "shares:pledge_command",
        "release": "shares:release_command",
        "freeze": "shares:freeze_command",
        "unfreeze": "shares:unfreeze_command",
        "withdraw": "shares:withdraw_command",
        "spread": "shares:spread_command",
        "split": "shares:split_command",
        "change-par-value": "shares:change_par_value_command",
        "rebalance": "shares:rebalance_command",
    },
    "Contributions and funds": {
        "contribute-right": "contributions:contribute_right",
        "contribute-money": "contributions:contribute_money",
        "amortise": "contributions:amortise_command",
        "restate-amortisation": "contributions:restate_amortisation_command",
        "revalue-contribution": "contributions:revalue_contribution_command",
        "end-contribution": "contributions:end_contribution_command",
        "invest": "contributions:invest_command",
        "trade": "contributions:trade",
        "fund": "group:fund",
    },
    "Questions": {
        "register": "questions:register_command",
        "members": "people:members",
        "account": "questions:account",
        "history": "questions:history",
        "classes": "questions:classes",
        "composition": "questions:composition",
        "movements": "questions:movements",
        "contributions": "questions:contributions",
        "trial-balance": "questions:trial_balance",
        "vouchers": "questions:vouchers",
        "journal": "questions:journal",
        "record": "questions:record_command",
        "documents": "questions:documents",
    },
    "Keeping it sound": {
        "verify": "keeping:verify",
        "anchor": "keeping:anchor",
        "lock": "keeping:lock",
        "reopen": "keeping:reopen",
        "review": "keeping:review",
        "reverse": "shares:reverse_command",
        "clock": "keeping:clock_command",
    },
}

_MEANT = {
    "close": ["lock"],
    "unlock": ["reopen"],
    "undo": ["reverse"],
    "correct": ["reverse"],
    "delete": ["reverse"],
    "冲回": ["reverse"],
    "更正": ["reverse"],
    "inherit": ["transfer --reason inheritance"],
    "heir": ["transfer --reason inheritance"],
    "sell": ["transfer --reason sale"],
    "buy": ["transfer --reason sale", "issue"],
    "subscribe": ["issue --reason subscription"],
    "marry": ["household move --reason marriage", "member --reason marriage"],
    "结婚": ["household move --reason marriage", "member --reason marriage"],
    "分户": ["household form"],
    "resign": ["notice"],
    "list": ["members", "register"],
    "名册": ["register", "members"],
    "show": ["record", "register"],
    "print": ["register"],
    "report": ["register"],
    "export": ["register --format csv"],
    "ledger": ["journal", "account"],
    "balance": ["trial-balance", "account"],
    "凭证": ["vouchers"],
    "help": ["--help"],
}
"""What people call otherwise, and the commands that do it; none for what no command does yet."""

book = LazyGroup(
    "book",
    places={name: f"{_HERE}.{place}" for places in _SECTIONS.values() for name, place in places.items()},
    sections={heading: [*places] for heading, places in _SECTIONS.items()},
    meant=_MEANT,
    help="Keep a book: the register of members and shares, and the journal behind it.\n\nBOOK is a file, or the URL of "
    "a database. It may be left out where the environment variable COOPLEDGER_BOOK names it. "
    "COOPLEDGER_ACTOR says who records, where --actor does not.",
)

household = LazyGroup(
    "household",
    places={
        "form": f"{_HERE}.people:form",
        "move": f"{_HERE}.people:move_command",
        "merge": f"{_HERE}.people:merge",
        "head": f"{_HERE}.people:head_command",
    },
    help="Form households, move people between them, merge them.",
)

dividend = LazyGroup(
    "dividend",
    places={
        "surplus": f"{_HERE}.dividends:surplus",
        "distribute": f"{_HERE}.distributions:distribute_command",
        "distribution": f"{_HERE}.distributions:distribution",
        "propose-steps": f"{_HERE}.distributions:propose_steps_command",
        "propose": f"{_HERE}.dividends:propose_command",
        "discuss": f"{_HERE}.dividends:discuss_command",
        "deliberate": f"{_HERE}.dividends:deliberate_command",
        "disclose": f"{_HERE}.dividends:disclose_command",
        "object": f"{_HERE}.dividends:object_command",
        "answer": f"{_HERE}.dividends:answer_command",
        "approve": f"{_HERE}.dividends:approve_command",
        "declare": f"{_HERE}.dividends:declare_command",
        "pay": f"{_HERE}.dividends:pay_command",
        "bank-file": f"{_HERE}.dividends:bank_file",
        "bank-return": f"{_HERE}.dividends:bank_return_command",
        "pay-in-kind": f"{_HERE}.dividends:pay_in_kind_command",
        "reinvest": f"{_HERE}.dividends:reinvest_command",
        "bounce": f"{_HERE}.dividends:bounce_command",
        "lapse": f"{_HERE}.dividends:lapse_command",
        "supervise": f"{_HERE}.dividends:supervise_command",
        "reverse": f"{_HERE}.dividends:reverse_command",
        "status": f"{_HERE}.dividends:status",
        "show": f"{_HERE}.dividends:show",
        "notice": f"{_HERE}.dividend_tables:notice",
        "payment-list": f"{_HERE}.dividend_tables:payment_list",
        "receipts": f"{_HERE}.dividend_tables:receipts",
        "explain": f"{_HERE}.dividend_tables:explain",
        "arrears": f"{_HERE}.dividend_tables:arrears",
        "tax": f"{_HERE}.dividend_tables:tax",
        "statement": f"{_HERE}.dividend_tables:statement",
    },
    help="Turn a surplus into money in people's hands: propose, disclose, approve, declare, pay.\n\nBOOK is a file, or "
    "the URL of a database, as of 'coopledger book'; RUN is the code under which a dividend is proposed.",
)

contract = LazyGroup(
    "contract",
    places={
        "conclude": f"{_HERE}.contracts:conclude_command",
        "amend": f"{_HERE}.contracts:amend_command",
        "figure": f"{_HERE}.contracts:figure_command",
        "due": f"{_HERE}.contracts:due_command",
        "receive": f"{_HERE}.contracts:receive_command",
        "end": f"{_HERE}.contracts:end_command",
        "status": f"{_HERE}.contracts:status",
        "project": f"{_HERE}.contracts:project",
        "explain": f"{_HERE}.contracts:explain",
    },
    help="Keep a contract: what falls due by its plan, what came in, what is overdue, the rest of its term.\n\nBOOK "
    "is a file, or the URL of a database, as of 'coopledger book'; CONTRACT is the code under which it is concluded.",
)

fund = LazyGroup(
    "fund",
    places={
        "receive": f"{_HERE}.contributions:receive",
        "spend": f"{_HERE}.contributions:spend",
        "donation": f"{_HERE}.contributions:donation",
        "quantify": f"{_HERE}.contributions:quantify_command",
        "requantify": f"{_HERE}.contributions:requantify_command",
    },
    help="Receive fiscal funds and donations, spend them, quantify them to members.",
)
