"""The public verbs: what is of the wrong type is refused in words, whichever verb it is said to."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from inspect import isfunction, signature
from pathlib import Path
from typing import Any

import pytest

from coopledger import book
from coopledger.book import Joiner
from coopledger.core.journal import Decision, View
from coopledger.core.payment_order import Outcome, Reference
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from coopledger.files.bank import Returned
from coopledger.files.village_file import read_village
from coopledger.store.memory import MemoryJournal
from tests.core import dividends, leases, rights
from tests.core.cooperatives import put
from tests.core.village import BANK, MAY, PAPER, RESERVE, VOTE, Village, given, village

WRONG: tuple[Any, ...] = (
    *("5", "", "0041", "x" * 500, "a\ud800", b"x", 5, -5, 0, 10**30, 5.0, float("nan"), True, None, Decimal(5)),
    *(Fraction(1, 2), [], ["0042"], [5], [None], {}, {"0042": 5}, {"0042": None}, {5: 5}, {"a": "b"}, {"0042": [5]}),
    *({"0042": {5: 5}}, {"0042": {"id": 5}}, datetime(2026, 5, 1), MAY, "2026-05-01", object(), ..., (5,)),  # noqa: DTZ001
    *(VOTE, PAPER, [VOTE], [PAPER], book.preset("land"), book.C2023, book.COLLECTIVE, Joiner("0099"), [Joiner("0099")]),
)

SALE: dict[str, Any] = {"holder": "17", "to": "18", "effective_on": MAY, "reason": "sale"}

JOINERS: tuple[Any, ...] = (
    Joiner(99),  # type: ignore[arg-type]
    Joiner(None),  # type: ignore[arg-type]
    Joiner("0099", kind=[]),  # type: ignore[arg-type]
    Joiner("0099", household=5),  # type: ignore[arg-type]
    Joiner("0099", household="17", head="yes"),  # type: ignore[arg-type]
    Joiner("0099", standing={}),  # type: ignore[arg-type]
    Joiner("0099", groups="poor"),  # type: ignore[arg-type]
    Joiner("0099", groups=None),  # type: ignore[arg-type]
    Joiner("0099", groups=(5,)),  # type: ignore[arg-type]
    Joiner("0099", personal=5),  # type: ignore[arg-type]
    Joiner("0099", personal={5: "x"}),  # type: ignore[dict-item]
    Joiner("0099", personal={"id": 5}),  # type: ignore[dict-item]
    "0042",
    99,
    VOTE,
)

DAYS: dict[str, Any] = {"effective_on": MAY, "booked_on": MAY}
PAPERS: dict[str, Any] = {**DAYS, "documents": [PAPER]}
CITED: dict[str, Any] = {**PAPERS, "resolution": VOTE}
MONEY: dict[str, Any] = {"against": BANK, "amount_fen": 500, "premium": RESERVE}

VALUED = book.Valuation(5, "members", MAY)
PROPOSAL = book.Proposal("surplus", "2025", "land", book.by_record_date(MAY), total_fen=500)
FOLDER = Path(__file__).parent / "files" / "village"
LINE = Outcome("r.csv:2", Reference("2025", 1, "0a1b2c3d"), "17", "6200000000000000018", 5)

VERBS: dict[str, dict[str, Any]] = {
    "adopt": {"chart": book.C2023, "effective_on": MAY},
    "allot": {"cls": "land", "shares": {"17": 5}, **CITED},
    "change_charter": {"charter": book.COLLECTIVE, "name": "x", **CITED},
    "change_class": {"cls": "land", "reason": "charter", "par_fen": 5, "cap": 5, "holders": ("person",), **CITED},
    "change_head": {"household": "17", "head": "0042", "reason": "agreement", "personal": {}, **PAPERS},
    "change_members": {"numbers": ["0042"], "reason": "x", "groups": [], "extra_votes": 0, **CITED},
    "cite": {"path": "x", "pages": "1"},
    "convert": {"cls": "land", "into": "cash", "holder": "17", "shares": 5, "ratio": 1, "reason": "charter", **CITED},
    "convert_chart": {"to": book.C2023, "mapping": book.C2004_TO_C2023, "splits": {}, **CITED},
    "die": {"number": "0042", "new_head": "0041", **PAPERS},
    "end_contribution": {"number": "G1", "rule": "right only", **PAPERS},
    "form_household": {"number": "20", "head": "0042", "members": ["0043"], "new_heads": {}, "personal": {}, **CITED},
    "found": {"name": "x", "charter": book.COLLECTIVE, "effective_on": MAY},
    "freeze": {"cls": "land", "holder": "17", "shares": 5, "reason": "dispute", **CITED},
    "give_notice": {"number": "0042", **PAPERS},
    "invest": {"into": "base", "amount_fen": 5, "given": {BANK: 5}, "reason": "x", **CITED},
    "issue": {"cls": "cash", "to": "0042", "shares": 5, "lot": "x", "paid": True, **MONEY, **CITED},
    "merge_households": {"number": "19", "into": "18", "personal": {}, **CITED},
    "move": {"numbers": ["0042"], "to": "18", "reason": "marriage", "new_heads": {}, "personal": {}, **CITED},
    "note_personal": {"rows": {"0042": {"phone": "1"}}, **DAYS},
    "open_class": {"share_class": book.preset("labour", code="labour2"), **CITED},
    "pay_in": {"cls": "cash", "holder": "0042", "shares": 5, **MONEY, **CITED},
    "pledge": {"cls": "land", "holder": "17", "shares": 5, "creditor": "x", **CITED},
    "redeem": {"cls": "cash", "holder": "0042", "shares": 5, "reason": "buy-back", "lot": "x", **MONEY, **CITED},
    "redenominate": {"cls": "land", "factor": 2, "effective_on": MAY, "resolution": VOTE},
    "refund_reserve": {"number": "0042", "reserve": {RESERVE: 5}, "against": BANK, **CITED},
    "release": {"cls": "land", "holder": "17", "shares": 5, **CITED},
    "review_voucher": {"seqs": [2], "reviewer": "x", "cashier": "y", **DAYS},
    "spread": {"cls": "subsidy", "holder": "17", **CITED},
    "take_back": {"seq": 20, "booked_on": MAY, "documents": [PAPER], "resolution": VOTE},
    "transfer": {"cls": "land", "holder": "17", "to": "18", "shares": 5, "lot": "x", "price_fen": 3, **CITED},
    "unfreeze": {"cls": "land", "holder": "17", "shares": 5, "reason": "settlement", **CITED},
    "amortise": {"through": MAY, "booked_on": MAY},
    "change_par_value": {"cls": "cash", "par_fen": 200, "against": BANK, "reason": "appraisal", **CITED},
    "confirm_clock": {"reason": "x", **DAYS},
    "lock": {"through": MAY, **DAYS},
    "quantify": {"unit": book.RESERVE, "parts": {"0042": 5}, "fund": "f", "amount_fen": 5, "rule": "x", **CITED},
    "rebalance": {"cls": "land", "each": 1, "reason": "charter", **CITED},
    "receive_donation": {"fund": "f", "amount_fen": 5, "into": "bank", "reason": "x", **CITED},
    "receive_fund": {"fund": "f", "amount_fen": 5, "source": "x", "purpose": "x", "rule": "x", "into": "bank", **CITED},
    "record_trade": {"holder": "0042", "amount_fen": 5, "reason": "x", **PAPERS},
    "requantify": {"leaver": "0042", "parts": {"0041": 5}, **CITED},
    "restate_amortisation": DAYS,
    "revalue_contribution": {"number": "G1", "valuation": VALUED, "reason": "x", **CITED},
    "shares_for": {"amount_fen": 5, "price_fen": 5, "share_class": book.preset("land")},
    "spend_fund": {"fund": "f", "amount_fen": 5, "on": BANK, "reason": "x", "paid_from": "bank", **CITED},
    "unlock": {"through": MAY, "reason": "x", **CITED},
    "with_roles": {"chart": book.C2023, "roles": {"bank": "102"}},
    "withdraw": {"number": "0042", "reason": "exclusion", "reserve": {RESERVE: 5}, **CITED},
    "withdraw_notice": {"number": "0042", **PAPERS},
    "enter": {"debit": {BANK: 5}, "credit": {RESERVE: 5}, "reason": "x", **CITED},
    "enter_surplus": {"year": 2025, "surplus_fen": 5, "source": "x", **CITED},
    "distribute": {"year": 2025, "rule": None, "bases": {"kg": {"17": 5}}, "figures": {"x": 5}, **CITED},
    "propose_steps": {"year": 2025, "tax": Fraction(1, 5), **CITED},
    "check_waterfall": {"charter": book.COLLECTIVE},
    "load_waterfall": {"path": "x"},
    "collective_waterfall": {"reserve": "10%", "welfare": "5%", "by": "heads"},
    "land_waterfall": {"reserve": "10%", "account": "account"},
    "specialised_waterfall": {"reserve": "10%", "patronage": "60%", "trade": "trade", "account": "account"},
    "propose": {"name": "2025", "proposal": PROPOSAL, **CITED},
    "discuss": {"name": "2025", "resolution": VOTE._replace(meeting="committees"), **PAPERS},
    "deliberate": {"name": "2025", "resolution": VOTE._replace(meeting="party"), **PAPERS},
    "object_to": {"name": "2025", "by": "0042", "what": "x", **PAPERS},
    "answer": {"name": "2025", "objection": 1, "what": "x", **PAPERS},
    "supervise": {"name": "2025", "what": "x", **PAPERS},
    "disclose": {"name": "2025", "since": MAY, "until": MAY, "where": "x", "booked_on": MAY, "documents": [PAPER]},
    "approve": {"name": "2025", "resolution": VOTE, "reason": "x", **PAPERS},
    "declare": {"name": "2025", **PAPERS},
    "pay": {"name": "2025", "through": "bank", "holders": {"17": 5}, "to": "0042", "released": "x", **PAPERS},
    "pay_in_kind": {"name": "2025", "goods": "x", "unit": "x", "price_fen": 5, "against": BANK, "holders": {"17": 5}}
    | {"released": "x", **CITED},
    "reinvest": {"name": "2025", "cls": "cash", "holders": ["17"], "released": "x", **CITED},
    "pay_retained": {
        "name": "2025",
        "through": "bank",
        "holders": {"17": 5},
        "to": "0042",
        "released": "x",
        "reason": "x",
    }
    | CITED,
    "collect": {"holders": {"17": 5}, "through": "bank", "reason": "x", **PAPERS},
    "repay": {"holders": {"17": 5}, "through": "bank", "reason": "x", **PAPERS},
    "bounce": {"name": "2025", "seq": 5, "holders": ["17"], "reason": "x", **PAPERS},
    "bank_return": {"name": "2025", "returned": Returned(PAPER, [LINE], []), **DAYS},
    "lapse": {"name": "2025", "into": "other income", **CITED},
    "undo": {"name": "2025", "step": "declared", "reason": "x", **CITED},
    "conclude": {"name": "x", "plan": leases.PLAN, "counterparty": "0901", "income": {"land": "bank"}, **CITED},
    "amend_contract": {"name": "x", "plan": leases.PLAN, "reason": "x", "income": "bank", **CITED},
    "know_figures": {"name": "x", "figures": {"rice": {2025: "1 yuan/jin"}}, **PAPERS},
    "end_contract": {"name": "x", "reason": "x", **CITED},
    "note_past_dividends": {"year": 2024, "amounts": {"0042": 5}, **CITED},
    "read_village": {"path": "x"},
    "import_village": {"village": read_village(FOLDER), **CITED},
    "fall_due": {"name": "x", "until": MAY, "booked_on": MAY, "stream": "x"},
    "receive": {"name": "x", "amount_fen": 5, "through": "bank", "stream": "land", "due": MAY, **PAPERS},
}
VERBS["transfer"]["reason"] = "court order"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_in_words_what_is_of_the_wrong_type(verb: str) -> None:
    """Nothing but a CoopledgerError comes out."""
    said = VERBS[verb]
    for name in said:
        made = given(given(village(), "land", h17=500), "cash", m0042=20)
        for wrong in WRONG:
            with suppress(CoopledgerError):
                decision = getattr(book, verb)(**{**said, name: wrong})
                if callable(decision):
                    made.do(decision)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_says_in_words_that_nothing_it_needs_is_of_the_right_type(verb: str) -> None:
    """Of what can be left out nothing is said: what is refused for that names what is wrong all the same."""
    needed = [
        name
        for name, one in signature(getattr(book, verb)).parameters.items()
        if one.default is one.empty and one.kind not in {one.VAR_POSITIONAL, one.VAR_KEYWORD}
    ]
    view = given(village(), "land", h17=500).view
    for name in needed:
        for wrong in WRONG:
            with suppress(CoopledgerError):
                decision = getattr(book, verb)(**{one: VERBS[verb][one] for one in needed} | {name: wrong})
                if callable(decision):
                    [*decision(view)]


@pytest.mark.parametrize("joiner", JOINERS, ids=repr)
def test_a_joiner_of_the_wrong_type_is_refused(joiner: Joiner) -> None:
    with pytest.raises(CoopledgerError):
        book.admit(joiner, effective_on=MAY)


def test_what_is_of_the_wrong_type_is_shown_with_what_is_expected() -> None:
    made = given(village(), "land", h17=500)
    day = date(2026, 5, 1)
    said: dict[str, Any] = {"holder": "17", "to": "18", "effective_on": day, "reason": "court order"}
    for decide, words in (
        (lambda: book.admit("0042", effective_on=day), "'0042': a list of Joiner is expected"),  # type: ignore[arg-type]
        (lambda: book.admit(Joiner(99), effective_on=day), "99 is not a code: letters, digits"),  # type: ignore[arg-type]
        (lambda: book.move("0042", to="18", effective_on=day, reason="marriage"), "'0042': a list of str is expected"),
        (lambda: book.die("0042", effective_on=day, documents=5), "documents: 5: a list of Document is expected"),  # type: ignore[arg-type]
        (lambda: book.note_personal("0042", effective_on=day), "'0042': a mapping is expected"),  # type: ignore[arg-type]
        (lambda: book.take_back("12", booked_on=day), "'12': the number"),  # type: ignore[arg-type]
        (lambda: made.do(book.transfer("land", shares=5, lot=5, **said)), "5 is not a code: letters, digits"),  # type: ignore[arg-type]
        (lambda: book.transfer("land", price_fen=1.5, **said), "price_fen: 1.5: a whole number"),  # type: ignore[arg-type]
    ):
        with pytest.raises(CoopledgerError, match=words):
            decide()


TODAY = date(2025, 7, 1)
LAND: dict[str, Any] = {
    "cls": "land",
    "shares": 5,
    "against": "c2021:102",
    "premium": "c2021:321",
    "effective_on": TODAY,
}
VALUE = book.Valuation(500_00, "agreed price", TODAY)
FUND: dict[str, Any] = {"fund": "F", "amount_fen": 5, "effective_on": TODAY}
GOES: dict[str, dict[str, Any]] = {
    "amortise": {"through": TODAY},
    "convert": {"cls": "land", "into": "hill", "holder": "17", "shares": 5, "ratio": 1, "premium": None}
    | {"effective_on": TODAY, "reason": "charter"},
    "end_contribution": {"number": "G1", "effective_on": TODAY, "rule": "right only", "reason": "exclusion"},
    "invest": {"into": "base", "amount_fen": 5, "given": {"c2021:102": 5}, "effective_on": TODAY, "reason": "a shop"},
    "issue": {**LAND, "to": "18", "amount_fen": 600_00},
    "pay_in": {**LAND, "holder": "18", "amount_fen": 600_00},
    "receive_donation": {**FUND, "into": "bank", "reason": "a gift"},
    "receive_fund": {**FUND, "source": "a grant", "purpose": "roads", "rule": "equal parts", "into": "bank"},
    "redeem": {**LAND, "holder": "17", "amount_fen": 50_00, "reason": "buy-back"},
    "revalue_contribution": {"number": "G1", "valuation": VALUE, "effective_on": TODAY, "reason": "appraisal"},
    "spend_fund": {**FUND, "on": "fixed asset", "reason": "a road"},
}
"""What is accepted of a cooperative that has rights, money and funds; and each argument."""

STEPS = book.Waterfall(
    [
        book.Step("losses", "losses"),
        book.Step("reserve", "reserve", book.share("10%", "sums")),
        book.Step("milk", "patronage", book.share("10%", "left"), by="kg"),
        book.Step("members", "dividend", book.share("10%", "left"), by="class land"),
    ]
)

RUNS: dict[str, dict[str, Any]] = {
    "propose": {
        "name": "other",
        "proposal": dividends.PROPOSAL._replace(stream="x"),
        "effective_on": dividends.PROPOSED,
    },
    "disclose": {"name": "new", "since": dividends.POSTED, "until": dividends.MET, "where": "x"},
    "object_to": {"name": "open", "by": "0042", "what": "x", "effective_on": dividends.MET},
    "answer": {"name": "doubted", "objection": 1, "what": "x", "effective_on": dividends.MET},
    "approve": {"name": "open", "resolution": dividends.VOTE, "effective_on": dividends.MET, "reason": "x"},
    "declare": {"name": "voted", "effective_on": dividends.DECLARED},
    "pay": {"name": "owed", "effective_on": dividends.PAID, "through": "bank", "holders": {"17": 5}, "to": None}
    | {"released": None},
    "pay_in_kind": {
        "name": "owed",
        "goods": "x",
        "unit": "x",
        "price_fen": 5,
        "against": "c2021:121",
        "holders": {"17": 5},
    }
    | {"effective_on": dividends.PAID, "released": None},
    "reinvest": {"name": "owed", "cls": "money", "holders": ["17"], "effective_on": dividends.PAID, "released": None},
    "pay_retained": {
        "name": "kept",
        "effective_on": dividends.PAID,
        "through": "bank",
        "holders": {"17": 5},
        "to": None,
    }
    | {"released": None, "reason": "x", "resolution": None},
    "collect": {"holders": {"18": 5}, "effective_on": dividends.PAID, "through": "bank", "reason": "x"},
    "repay": {"holders": {"19": 5}, "effective_on": dividends.PAID, "through": "bank", "reason": "x"},
    "bounce": {"name": "owed", "seq": 0, "holders": ["17"], "effective_on": dividends.PAID, "reason": "x"},
    "bank_return": {"name": "owed", "returned": None, "effective_on": dividends.PAID},
    "lapse": {"name": "owed", "effective_on": date(2031, 1, 1), "into": "other income"},
    "undo": {"name": "owed", "step": "declared", "effective_on": dividends.PAID, "reason": "x"},
    "enter_surplus": {"year": 2027, "surplus_fen": 5, "source": "x", "effective_on": dividends.PAID},
    "distribute": {"year": 2026, "effective_on": dividends.PAID, "rule": None, "bases": {"kg": {"17": 5}}}
    | {"figures": {"sums": 5}, "documents": [PAPER]},
    "propose_steps": {"year": 2025, "effective_on": dividends.PAID, "tax": Fraction(0)}
    | {"terms": {"members": book.Terms(to_fen=100)}},
}
"""What is accepted of a cooperative with runs that are so far: new, open, voted, owed and half paid; each argument."""


def _with_runs() -> tuple[Village, int]:
    made = dividends.cooperative(charter=book.COLLECTIVE._replace(lapse_years=3, waterfall=STEPS))
    made.do(book.enter_surplus(2025, 50_00, source="x", effective_on=dividends.FOUNDED))
    stated: dict[str, Any] = {"bases": {"kg": {"17": 5}}, "figures": {"sums": 5}, "documents": [PAPER]}
    known = book.by_record_date(dividends.FOUNDED)
    made.do(book.distribute(2025, effective_on=dividends.YEAR_END, rule=known, **stated))
    small = dividends.PROPOSAL._replace(total_fen=10_00)
    money = book.preset("land", code="money", par_fen=1, capital="c2021:301")
    made.do(book.open_class(money, effective_on=dividends.FOUNDED))
    rice = book.Posting("CNY", book.C2021.account("receivable"), "c2021:121", 100_00)
    lent = book.Posting("CNY", "c2021:114/19", "c2021:102", 100_00)
    made.do(book.Entry("receipt", dividends.YEAR_END, dividends.YEAR_END, {}, [rice]))
    dividends.declared(made, small._replace(stream="owed"), "owed")
    [paid] = made.do(book.pay("owed", effective_on=dividends.PAID, holders={"17": 5}))
    dividends.declared(made, small._replace(stream="kept", retained=Fraction(1, 2)), "kept")
    dividends.declared(made, small._replace(stream="slip"), "slip")
    made.do(book.pay("slip", effective_on=dividends.PAID, holders=["18"]))
    made.do(book.undo("slip", effective_on=dividends.PAID, reason="x"))
    made.do(book.Entry("lent", dividends.PAID, dividends.PAID, {}, [lent]))
    dividends.approved(made, small._replace(stream="voted"), "voted")
    made.do(book.propose("open", small._replace(stream="open"), effective_on=dividends.PROPOSED))
    made.do(book.disclose("open", since=dividends.POSTED, until=dividends.MET, where="x"))
    made.do(book.propose("new", small._replace(stream="new"), effective_on=dividends.PROPOSED))
    made.do(book.propose("doubted", small._replace(stream="doubted"), effective_on=dividends.PROPOSED))
    made.do(book.disclose("doubted", since=dividends.POSTED, until=dividends.MET, where="x"))
    made.do(book.object_to("doubted", by="0017", what="x", effective_on=dividends.POSTED))
    return made, paid.seq


@pytest.mark.parametrize("verb", RUNS)
def test_a_step_of_a_run_is_refused_in_words_with_one_argument_of_the_wrong_type(verb: str) -> None:
    made, seq = _with_runs()
    said = {**RUNS[verb], **({"seq": seq} if verb == "bounce" else {})}
    if verb == "bank_return":
        order = book.payment_order(made.view, "owed", dividends.PAID).reference
        failed = Outcome("r.csv:2", order, "17", "6200000000000000018", 4_95, "other reason")
        said["returned"] = Returned(PAPER, [failed], [])
    assert [*getattr(book, verb)(**said)(made.view)]
    for name in said:
        for wrong in WRONG:
            with suppress(CoopledgerError):
                [*getattr(book, verb)(**{**said, name: wrong})(made.view)]
    for wrong in WRONG:
        if wrong and type(wrong) is not date:
            with pytest.raises(book.EntryError, match="a date"):
                [*getattr(book, verb)(**{**said, "booked_on": wrong})(made.view)]


@pytest.mark.parametrize("field", book.Proposal._fields)
def test_a_proposal_of_the_wrong_type_is_refused_in_words(field: str) -> None:
    made, _ = _with_runs()
    for wrong in WRONG:
        proposal = dividends.PROPOSAL._replace(**{"stream": "x", field: wrong})
        with suppress(CoopledgerError):
            made.do(book.propose(f"{made.view.head.seq}", proposal, effective_on=dividends.PROPOSED))
    assert [one for one in book.runs(made.view) if one in {"owed", "voted", "open", "new"}] == [
        "owed",
        "voted",
        "open",
        "new",
    ]
    assert book.problems(made.view) == []


CONTRACTS: dict[str, dict[str, Any]] = {
    "conclude": {"name": "x", "plan": leases.PLAN, "counterparty": "0901", "effective_on": leases.SIGNED}
    | {"income": {"land": "distribution"}},
    "amend_contract": {
        "name": "hill",
        "plan": leases.PLAN,
        "reason": "x",
        "effective_on": MAY,
        "income": "distribution",
    },
    "know_figures": {"name": "rice", "figures": {"rice": {2025: "1 yuan/jin"}}, "effective_on": MAY},
    "end_contract": {"name": "hill", "reason": "x", "effective_on": MAY},
    "fall_due": {"name": "hill", "until": MAY, "booked_on": MAY, "stream": "land"},
    "receive": {"name": "hill", "amount_fen": 5, "effective_on": MAY, "through": "bank", "stream": "land"}
    | {"due": date(2024, 12, 31)},
}
"""What is accepted of a village with contracts; and each argument."""


def _with_contracts() -> Village:
    made = leases.leased()
    made.do(book.conclude("rice", leases.IN_KIND, counterparty="0901", effective_on=leases.SIGNED))
    made.do(book.fall_due("hill", until=date(2024, 12, 31)))
    return made


@pytest.mark.parametrize("verb", CONTRACTS)
def test_a_verb_of_contracts_is_refused_in_words_with_one_argument_of_the_wrong_type(verb: str) -> None:
    said = CONTRACTS[verb]
    assert [*getattr(book, verb)(**said)(_with_contracts().view)]
    for name in said:
        for wrong in WRONG:
            with suppress(CoopledgerError):
                _with_contracts().do(getattr(book, verb)(**{**said, name: wrong}))


BETWEEN: dict[str, Any] = {"since": dividends.FOUNDED, "until": dividends.PAID}
AS_OF: dict[str, Any] = {"on": dividends.PAID}
INSTALMENT = book.Proposal("land", "2024", "land", book.by_record_date(leases.SIGNED))

QUESTIONS: dict[str, dict[str, Any]] = {
    "account_report": {"number": "17", **BETWEEN},
    "anchored": {"anchor": book.Head(1, b"x")},
    "arrears_report": AS_OF,
    "beancount_journal": {},
    "book": AS_OF,
    "book_values": AS_OF,
    "by_household": AS_OF,
    "certificate_page": {"numbers": ["17"], **AS_OF, "language": "zh"},
    "certificate_report": {"number": "17", **AS_OF},
    "class_on": {"cls": "land", **AS_OF},
    "classes_report": AS_OF,
    "composition": AS_OF,
    "composition_report": AS_OF,
    "contributions_report": AS_OF,
    "controls": AS_OF,
    "distribution_report": {"year": 2025},
    "dividend_notice_report": {"name": "open", **AS_OF},
    "dividend_statement_report": {"holder": "17", **AS_OF},
    "documents_report": {},
    "earmarked": {"before": 5},
    "earning": {"cls": "land", **AS_OF},
    "explanation_report": {"name": "owed", "holder": "17", **AS_OF},
    "failures": {"name": "owed", **AS_OF, "since": 5},
    "held_back": {"name": "owed", **AS_OF},
    "history": {"number": "17"},
    "history_report": {"number": "17", **BETWEEN},
    "hledger_journal": {},
    "holdings": {"cls": "land", **AS_OF},
    "member_account": {"holder": "17", **AS_OF},
    "movements_report": {"cls": "land", **BETWEEN},
    "notice_page": {"name": "open", **AS_OF, "language": "zh"},
    "of_step": {"year": 2025, "step": "members", "tax": Fraction(1, 5), "terms": book.Terms()},
    "outstanding": {"cls": "land", **AS_OF},
    "payment_list_page": {"name": "owed", **AS_OF, "language": "zh"},
    "payment_list_report": {"name": "owed", **AS_OF},
    "payment_order": {"name": "owed", **AS_OF, "holders": ["17"]},
    "problems_report": {},
    "receipts_report": {"name": "owed", "holder": "17", **AS_OF},
    "record_report": {"seq": 5},
    "records_report": {"kinds": ["declaration"], "since": 5},
    "register": AS_OF,
    "register_report": {"cls": "land", **AS_OF},
    "past_dividends": AS_OF,
    "roll": AS_OF,
    "roster_report": AS_OF,
    "run_report": {"name": "owed", **AS_OF},
    "runs": AS_OF,
    "runs_report": AS_OF,
    "statement": {"number": "17", **BETWEEN},
    "statement_page": {"holder": "17", **AS_OF, "language": "zh"},
    "supplementing": {"name": "owed", "proposal": PROPOSAL},
    "trial_balance": {"chart": "c2021", **BETWEEN},
    "trial_balance_report": BETWEEN,
    "turnovers": {"cls": "land", **BETWEEN},
    "undone_debts": AS_OF,
    "unpaid": {"name": "owed", **AS_OF},
    "voters": AS_OF,
    "votes": AS_OF,
    "vouchers": BETWEEN,
    "vouchers_report": BETWEEN,
    "withholdings": BETWEEN,
    "withholdings_report": BETWEEN,
}
"""What is asked of a cooperative with runs, and with what that has an answer."""

CONTRACT_QUESTIONS: dict[str, dict[str, Any]] = {
    "brought_in": {"name": "hill", "stream": "land", "period": "2024", "on": MAY},
    "contract": {"name": "hill"},
    "contract_report": {"name": "hill", "on": MAY},
    "contract_rest_report": {"name": "hill"},
    "contract_status": {"name": "hill", "on": MAY},
    "contracts_report": {"on": MAY},
    "explain_due": {"name": "hill", "stream": "land", "due": date(2024, 12, 31)},
    "instalment_report": {"name": "hill", "stream": "land", "due": date(2024, 12, 31)},
    "of_contract": {"name": "hill", "proposal": INSTALMENT, "on": MAY},
    "project_rest": {"name": "hill"},
    "projected_run": {"name": "hill", "proposal": INSTALMENT},
}
"""The same of a village with contracts."""

OF_A_RUN: dict[str, dict[str, Any]] = {
    "dues": {**AS_OF, "holder": "17"},
    "held_over": {**AS_OF, "numbers": ["17"]},
    "next_step": AS_OF,
    "receipts": AS_OF,
    "reckoning": {"holder": "17"},
    "settled": {},
    "step_reckoning": {"holder": "17"},
}
"""What is asked with a run that another question gave, and with what else."""

_LEARNED = {"check_documents", "overview_report"}
"""What is asked with a folder, or of several views."""


def test_every_question_of_a_view_is_among_those_that_are_tried() -> None:
    asked = {one for one in book.__all__ if one.endswith("_report") or "view" in _parameters(getattr(book, one))}
    alone = {one for one in asked if _parameters(getattr(book, one)) == ["view"]}
    assert asked - alone - _LEARNED <= {*QUESTIONS, *CONTRACT_QUESTIONS, *OF_A_RUN}


@pytest.mark.parametrize("question", OF_A_RUN)
def test_a_question_of_a_run_is_refused_in_words_with_one_argument_of_the_wrong_type(question: str) -> None:
    made, ask = _with_runs()[0], getattr(book, question)
    made.do(book.propose_steps(2025, effective_on=dividends.PAID))
    view = made.view
    said = OF_A_RUN[question] | {"one": book.runs(view)["2025-members" if question == "step_reckoning" else "owed"]}
    assert ask(view, **said) is not None
    for name in said:
        for wrong in WRONG:
            with suppress(CoopledgerError):
                ask(view, **{**said, name: wrong})
    for wrong in (None, "owed", PROPOSAL):
        with pytest.raises(CoopledgerError, match="a Run is expected"):
            ask(view, **{**said, "one": wrong})
    if "on" in said:
        with pytest.raises(CoopledgerError):
            ask(view, **{**said, "on": datetime(2026, 5, 1)})  # noqa: DTZ001


@pytest.mark.parametrize("question", ["dues", "held_over", "next_step", "receipts", "reckoning", "settled"])
def test_a_question_of_a_run_wants_the_run_and_not_its_code(question: str) -> None:
    others: dict[str, list[Any]] = {"reckoning": ["17"], "held_over": [dividends.PAID, ["17"]]}
    more = others.get(question, [])
    view = _with_runs()[0].view
    for wrong in WRONG:
        with pytest.raises(RegisterError, match="a Run is expected, as runs has them"):
            getattr(book, question)(view, wrong, *more)
    with pytest.raises(RegisterError, match="a Run is expected"):
        book.step_reckoning(view, "owed", "17")  # type: ignore[arg-type]


def test_of_a_run_that_is_not_there_nobody_is_told_that_nothing_is_owed() -> None:
    view = _with_runs()[0].view
    assert book.unpaid(view, "owed", dividends.FOUNDED) == {}
    for wrong in ("2024", "owned"):
        with pytest.raises(RegisterError, match=f"run {wrong}: it was not proposed; the book has"):
            book.unpaid(view, wrong)
    with pytest.raises(EntryError):
        book.unpaid(view, book.runs(view)["owed"])  # type: ignore[arg-type]


def _parameters(seen: object) -> list[str]:
    return [*signature(seen).parameters] if isfunction(seen) else []


@pytest.mark.parametrize("question", [*QUESTIONS, *CONTRACT_QUESTIONS])
def test_a_question_is_refused_in_words_with_one_argument_of_the_wrong_type(question: str) -> None:
    """Whether by a report or another question; a day is a date, and no text or time."""
    said = {**QUESTIONS, **CONTRACT_QUESTIONS}[question]
    view = _with_runs()[0].view if question in QUESTIONS else _brought_in()
    assert getattr(book, question)(view, **said) is not None
    for name in said:
        for wrong in WRONG:
            with suppress(CoopledgerError):
                getattr(book, question)(view, **{**said, name: wrong})
        if isinstance(said[name], date):
            for wrong in (datetime(2026, 5, 1), "2026-05-01"):  # noqa: DTZ001
                with pytest.raises(CoopledgerError):
                    getattr(book, question)(view, **{**said, name: wrong})


def _brought_in() -> View:
    made = leases.leased(income={"land": "distribution"})
    made.do(book.open_class(book.preset("land"), effective_on=leases.SIGNED))
    made.do(book.admit(Joiner("0041", household="17", head=True), effective_on=leases.SIGNED))
    made.do(book.issue("land", to="17", shares=5, effective_on=leases.SIGNED))
    made.do(book.fall_due("hill", until=date(2024, 12, 31)))
    made.do(book.receive("hill", 500, effective_on=MAY, stream="land", due=date(2024, 12, 31)))
    return made.view


def _with_rights_and_funds() -> MemoryJournal:
    journal = rights.book()
    hill = book.open_class(book.preset("land", code="hill", par_fen=100_00, capital="c2021:301"), effective_on=TODAY)
    subscribed = book.issue("land", to="18", shares=9, paid=False, effective_on=TODAY, reason="subscription")
    granted = book.receive_fund(
        "F", 90_00, source="a grant", purpose="roads", rule="equal parts", into="bank", effective_on=TODAY
    )
    for decision in (hill, subscribed, granted):
        put(journal, decision)
    return journal


@pytest.mark.parametrize("verb", GOES)
def test_what_is_accepted_is_refused_in_words_with_one_argument_of_the_wrong_type(verb: str) -> None:
    journal = _with_rights_and_funds()
    with journal.read() as view:
        assert [*getattr(book, verb)(**GOES[verb])(view)]
        for name in GOES[verb]:
            for wrong in WRONG:
                with suppress(CoopledgerError):
                    [*getattr(book, verb)(**{**GOES[verb], name: wrong})(view)]


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (lambda: book.transfer("land", shares=1, **SALE | {"reason": "sell"}), book.RegisterError),
        (lambda: book.transfer("lnad", shares=1, **SALE), book.RegisterError),
        (lambda: book.transfer("land", shares=1, **SALE | {"to": "99"}), book.RegisterError),
        (lambda: book.transfer("land", shares=1.5, **SALE), book.RegisterError),  # type: ignore[arg-type]
        (lambda: book.transfer("land", shares=1, **SALE | {"effective_on": "2026-05-01"}), book.EntryError),
        (lambda: book.transfer("land", shares=1, price_fen=0.5, **SALE), book.EntryError),  # type: ignore[arg-type]
        (lambda: book.transfer("land", shares=1, **SALE | {"to": "1 8"}), book.EntryError),
        (lambda: book.take_back(99, booked_on=MAY), book.UnknownRecordError),
        (lambda: book.review_voucher([99], reviewer="reviewer", effective_on=MAY), book.UnknownRecordError),
    ],
)
def test_what_is_to_be_caught_is_what_the_guide_to_embedding_says(
    refused: Callable[[], Decision], error: type[CoopledgerError]
) -> None:
    with pytest.raises(CoopledgerError) as raised:
        village().do(refused())
    assert type(raised.value) is error
