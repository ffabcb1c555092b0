"""``coopledger book``: the group, and where its commands are defined."""

from coopledger.cli.lazy import LazyGroup

_HERE = "coopledger.cli.book"
_SECTIONS = {
    "The book": {
        "create": "founding:create",
        "import": "importing:import_command",
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
    "Other money": {"enter": "contributions:enter_command"},
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
        "export": "exports:export",
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
    "csv": ["register --format csv", "export --as datapackage"],
    "beancount": ["export --as beancount"],
    "hledger": ["export --as hledger"],
    "导出": ["export"],
    "ledger": ["journal", "account"],
    "balance": ["trial-balance", "account"],
    "凭证": ["enter", "vouchers"],
    "记账": ["enter"],
    "opening": ["enter", "import"],
    "导入": ["import"],
    "期初": ["import", "enter"],
    "load": ["import"],
    "excel": ["import"],
    "post": ["enter"],
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

_OF_DIVIDENDS = {
    "A year's surplus": {
        "surplus": "dividends:surplus",
        "distribute": "distributions:distribute_command",
        "distribution": "distributions:distribution",
        "propose-steps": "distributions:propose_steps_command",
    },
    "A run, step by step": {
        "propose": "dividends:propose_command",
        "discuss": "dividends:discuss_command",
        "deliberate": "dividends:deliberate_command",
        "disclose": "dividends:disclose_command",
        "object": "dividends:object_command",
        "answer": "dividends:answer_command",
        "approve": "dividends:approve_command",
        "declare": "dividends:declare_command",
        "supervise": "dividends:supervise_command",
        "reverse": "dividends:reverse_command",
    },
    "Paying": {
        "pay": "dividends:pay_command",
        "bank-file": "dividends:bank_file",
        "bank-return": "dividends:bank_return_command",
        "pay-in-kind": "dividends:pay_in_kind_command",
        "reinvest": "dividends:reinvest_command",
        "pay-retained": "dividends:pay_retained_command",
        "bounce": "dividends:bounce_command",
        "collect": "dividends:collect_command",
        "repay": "dividends:repay_command",
        "lapse": "dividends:lapse_command",
    },
    "Questions": {
        "status": "dividends:status",
        "show": "dividends:show",
        "notice": "dividend_tables:notice",
        "payment-list": "dividend_tables:payment_list",
        "receipts": "dividend_tables:receipts",
        "explain": "dividend_tables:explain",
        "arrears": "dividend_tables:arrears",
        "tax": "dividend_tables:tax",
        "statement": "dividend_tables:statement",
    },
}

dividend = LazyGroup(
    "dividend",
    places={name: f"{_HERE}.{place}" for places in _OF_DIVIDENDS.values() for name, place in places.items()},
    sections={heading: [*places] for heading, places in _OF_DIVIDENDS.items()},
    meant={
        "undo": ["reverse"],
        "correct": ["reverse"],
        "publish": ["disclose"],
        "post": ["disclose"],
        "vote": ["approve"],
        "settle": ["bank-return", "pay --through member-current"],
        "list": ["status"],
        "runs": ["status"],
        "公示": ["disclose", "notice"],
        "发放": ["pay", "payment-list"],
    },
    help="Turn a surplus into money in people's hands: propose, disclose, approve, declare, pay.\n\nBOOK is a file, or "
    "the URL of a database, as of 'coopledger book'; RUN is the code under which a dividend is proposed.",
)

_OF_CONTRACTS = {
    "What is agreed": {
        "conclude": "contracts:conclude_command",
        "amend": "contracts:amend_command",
        "figure": "contracts:figure_command",
        "end": "contracts:end_command",
    },
    "What falls due and comes in": {
        "due": "contracts:due_command",
        "receive": "contracts:receive_command",
    },
    "Questions": {
        "status": "contracts:status",
        "project": "contracts:project",
        "explain": "contracts:explain",
    },
}

contract = LazyGroup(
    "contract",
    places={name: f"{_HERE}.{place}" for places in _OF_CONTRACTS.values() for name, place in places.items()},
    sections={heading: [*places] for heading, places in _OF_CONTRACTS.items()},
    help="Keep a contract: what falls due by its plan, what came in, what is overdue, the rest of its term.\n\nBOOK "
    "is a file, or the URL of a database, as of 'coopledger book'; CONTRACT is the code under which it is concluded. "
    "What a stream brought in is distributed with 'coopledger dividend propose --contract'.",
)

paper = LazyGroup(
    "paper",
    places={
        "notice": f"{_HERE}.papers:notice",
        "certificate": f"{_HERE}.papers:certificate",
        "statement": f"{_HERE}.papers:statement",
        "payment-list": f"{_HERE}.papers:payment_list",
        "projection": "coopledger.cli.paper_projection:projection",
        "overview": f"{_HERE}.papers:overview",
    },
    meant={
        "公示": ["notice"],
        "股权证": ["certificate"],
        "对账单": ["statement"],
        "发放表": ["payment-list"],
        "plan": ["projection"],
        "project": ["projection"],
        "verify": ["verify-paper"],
    },
    help="Print: HTML files for a phone and for A4, which need nothing else.\n\nBOOK is a file, or the URL of a "
    "database, as of 'coopledger book'. Each paper has the book's fingerprint as text and as a QR code: 'coopledger "
    "verify-paper' holds it against the book.",
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
