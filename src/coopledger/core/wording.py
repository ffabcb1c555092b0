"""Wording: the words, in the reader's language, for what facts say in codes: kinds, standings, reasons, movements."""

from collections.abc import Sequence

from coopledger.errors import RegisterError
from coopledger.text import Message, printable, said

_WHY = (
    Message("founding"),
    Message("contribution"),
    Message("quantification"),
    Message("subscription"),
    Message("bonus"),
    Message("reinvestment"),
    Message("donation"),
    Message("ruling"),
    Message("sale"),
    Message("gift"),
    Message("inheritance"),
    Message("household division"),
    Message("merger"),
    Message("court order"),
    Message("correction"),
    Message("buy-back"),
    Message("expiry"),
    Message("exclusion"),
    Message("resolution"),
    Message("charter"),
    Message("loan"),
    Message("dispute"),
    Message("repayment"),
    Message("settlement"),
    Message("marriage"),
    Message("divorce"),
    Message("adoption"),
    Message("birth"),
    Message("death"),
    Message("moved out"),
    Message("joined another collective"),
    Message("dissolution"),
    Message("leaving"),
    Message("agreement"),
)
"""Why something happened: the reasons that verbs know."""

_WORDS = {
    one.template: one
    for one in (
        # who holds
        Message("person"),
        Message("household"),
        Message("collective"),
        Message("enterprise"),
        Message("fund"),
        # as what
        Message("member"),
        Message("holder"),
        Message("estate"),
        Message("left"),
        # which part
        Message("pledged"),
        Message("frozen"),
        Message("unpaid"),
        # what happened
        Message("issue"),
        Message("pay-in"),
        Message("transfer"),
        Message("redeem"),
        Message("convert"),
        Message("pledge"),
        Message("release"),
        Message("freeze"),
        Message("unfreeze"),
        Message("reversal"),
        Message("spread"),
        Message("withdrawal"),
        Message("redenominate"),
        Message("change-par-value"),
        Message("rebalance"),
        # what happened to people
        Message("admit"),
        Message("leave"),
        Message("die"),
        Message("give notice"),
        Message("withdraw notice"),
        Message("change"),
        Message("move"),
        Message("change head"),
        # what was brought in
        Message("land right"),
        Message("forest right"),
        Message("infrastructure use right"),
        Message("cash"),
        Message("fiscal fund"),
        Message("crowd funding"),
        Message("fiscal-fund"),
        # what happened to money
        Message("amortisation"),
        Message("revaluation"),
        Message("restated"),
        Message("investment"),
        Message("conversion"),
        Message("trade"),
        Message("declaration"),
        Message("payout"),
        Message("bounce"),
        Message("lapse"),
        Message("undeclared"),
        Message("retention"),
        Message("bank-return"),
        Message("propose"),
        Message("disclose"),
        Message("discuss"),
        Message("deliberate"),
        Message("object"),
        Message("answer"),
        Message("approve"),
        Message("declare"),
        Message("supervise"),
        Message("undo"),
        # what was done to a contract
        Message("conclude"),
        Message("amend"),
        Message("figures"),
        Message("end"),
        # how far a run is
        Message("proposed"),
        Message("discussed"),
        Message("deliberated"),
        Message("disclosed"),
        Message("approved"),
        Message("published"),
        Message("declared"),
        Message("reported"),
        Message("supervised"),
        Message("withdrawn"),
        # what it has to go through
        Message("plain"),
        Message("four deliberations"),
        # why
        *_WHY,
        # what a bank says
        Message("paid by the bank"),
        Message("returned by the bank"),
        Message("account name differs"),
        Message("no such account"),
        Message("account closed"),
        Message("account blocked"),
        Message("account dormant"),
        Message("account number wrong"),
        Message("account status abnormal"),
        Message("limit exceeded"),
        Message("other reason"),
        # for what a dividend is declared
        Message("surplus"),
        # what a personal row says
        Message("name"),
        Message("id"),
        Message("relation"),
        Message("phone"),
        Message("card"),
        Message("payee"),
        Message("branch"),
        Message("address"),
        Message("incapacity"),
    )
}

_KINDS = {
    "opening": Message("accounts opened"),
    "lock": Message("books closed"),
    "unlock": Message("books reopened"),
    "clock": Message("clock set right"),
    "erasure": Message("personal data erased"),
    "book": Message("charter"),
    "class": Message("share class"),
    "member": Message("members changed"),
    "review": Message("vouchers reviewed"),
    "dividend-run": Message("step of a dividend run"),
    "in-kind": Message("paid in goods"),
    "retained-payout": Message("retained dividend paid out"),
    "collection": Message("collected from members"),
    "repaid": Message("repaid to members"),
    "ordinary": Message("ordinary business"),
    "past-dividends": Message("dividends before the book"),
    "surplus": Message("surplus of the year entered"),
    "distribution": Message("surplus of the year distributed"),
    "contract": Message("contract"),
    "contract-due": Message("instalment due"),
    "contract-receipt": Message("received by a contract"),
    "contract-advance": Message("advance applied"),
    "fund": Message("fund moved"),
    "note personal data": Message("personal data noted"),
}
"""The kinds of records whose code says something else elsewhere, or too little."""


RECORD_KINDS = (
    *("opening", "lock", "unlock", "clock", "erasure", "book", "class", "member", "review"),
    *("issue", "pay-in", "transfer", "redeem", "convert", "pledge", "release", "freeze", "unfreeze"),
    *("spread", "reversal", "withdrawal", "redenominate", "change-par-value", "rebalance"),
    *("amortisation", "revaluation", "investment", "conversion", "fiscal-fund", "donation", "quantification", "trade"),
    *(
        "surplus",
        "distribution",
        "dividend-run",
        "declaration",
        "payout",
        "bounce",
        "lapse",
        "undeclared",
        "retention",
        "in-kind",
        "retained-payout",
        "collection",
        "repaid",
        "bank-return",
    ),
    *("contract", "contract-due", "contract-receipt", "contract-advance"),
    "ordinary",
    "past-dividends",
)
"""The kinds of records that the verbs write; others are somebody's own."""


def kind_words(kind: str) -> Message | str:
    """The words for a kind of records; a kind that has none, such as one of somebody's own, is said as it is.

    >>> str(kind_words("opening")), kind_words("transfer").say("zh"), kind_words("goats")
    ('accounts opened', '转让', 'goats')
    """
    return _KINDS.get(kind) or words(kind)


def kinds_of(term: str) -> list[str]:
    """The kinds that a reader means by a code, or by the words for it in either language.

    >>> kinds_of("transfer"), kinds_of("转让"), kinds_of("accounts opened"), kinds_of("goats")
    (['transfer'], ['transfer'], ['opening'], ['goats'])
    """
    meant = [one for one in RECORD_KINDS if term in {said(kind_words(one), "en"), said(kind_words(one), "zh")}]
    return [term] if term in RECORD_KINDS else meant or [term]


def reason_of(text: str) -> str:
    """The reason that a text means by its code, or by the words for it in either language; other texts stay.

    >>> reason_of("更正"), reason_of("court-order"), reason_of("稻谷")
    ('correction', 'court order', '稻谷')
    """
    seen = text.strip()
    for one in (*_WHY, _WORDS["withdrawal"]):
        if seen in {one.template, one.template.replace(" ", "-"), one.say("zh")}:
            return one.template
    return text


def words(term: str) -> Message | str:
    """The words for a code; a code that has none is said as it is.

    >>> str(words("sale")), words("sale").say("zh"), words("births, deaths")
    ('sale', '出售', 'births, deaths')
    """
    return _WORDS.get(term) or printable(term)


def check_reason(seen: str, accepted: Sequence[str]) -> str:
    """The reason, if it is one of those that a verb knows."""
    if seen not in accepted:
        raise RegisterError(
            Message("{seen} is no reason here: {accepted} are", seen=printable(repr(seen))[:80], accepted=accepted)
        )
    return seen
