"""Reserved kinds: the records that the product's own questions are folded from, and what their facts must say.

Nothing is ever taken out of a book, so a record that cannot be read would be in the way of every later question. The
facts of these kinds are therefore read before they are appended, as they will be read later. Other kinds belong to
those who append them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, get_args

from coopledger.core.accounts import OPENING
from coopledger.core.appropriation import DISTRIBUTION, read_appropriation
from coopledger.core.chart import read_chart
from coopledger.core.charter import BOOK, Steps, read_charter
from coopledger.core.citation import Resolution, cited
from coopledger.core.contract import CONTRACT, DUE, read_act, read_due
from coopledger.core.contribution import REVALUATION, Valuation, read
from coopledger.core.journal import Entry, Facts, Record, View, code, shown
from coopledger.core.passing import CONTRIBUTION, ISSUE
from coopledger.core.past_dividend import PAST_DIVIDENDS
from coopledger.core.payment_order import RETURN, Reference
from coopledger.core.people import MEMBER, STANDINGS
from coopledger.core.proposal import read_proposal
from coopledger.core.redenomination import REDENOMINATE
from coopledger.core.run import CARRIED, DECLARATION, RUN, STATES, STEPS, read_carry
from coopledger.core.share_class import CLASS, KINDS, ShareClass, check_class, plain_fields, share_class
from coopledger.core.surplus import check_surplus
from coopledger.core.voucher import REVIEW
from coopledger.core.waterfall import Waterfall, all_steps
from coopledger.core.year_end import SURPLUS
from coopledger.errors import CoopledgerError, EntryError, Problem
from coopledger.text import Message, printable

WHOLE = {
    MEMBER: ("kind", "standing", "household", "groups", "reason"),
    CLASS: ShareClass._fields,
    BOOK: ("name", "charter"),
}
"""What the first change of a member, of a class, of a book says: all of it."""


class Reserved(NamedTuple):
    """What the facts of a kind must say, in words, and the function that reads them."""

    accepted: Message
    read: Callable[[Facts], None]


def check_reserved(entry: Entry | Record) -> None:
    """Raise EntryError if an entry has a kind of the product's own, and facts that could not be read again.

    >>> day = date(2026, 1, 1)
    >>> check_reserved(Entry("review", day, day, {"records": [2]}))
    >>> check_reserved(Entry("review", day, day, {"reviewer": "head"}))
    Traceback (most recent call last):
    coopledger.errors.EntryError: facts of the kind review: records is missing; records, a list of numbers of records,
    is expected: the kind is coopledger's own, records of yours take another
    """
    reserved = RESERVED.get(entry.kind)
    if reserved is None:
        return
    try:
        reserved.read(entry.facts)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise EntryError(
            Message(
                "facts of the kind {kind}: {seen}; {accepted}, is expected: the kind is coopledger's own, records of "
                "yours take another",
                kind=entry.kind,
                seen=_seen(error, entry.facts),
                accepted=reserved.accepted,
            )
        ) from None


def check_readable(view: View) -> list[Problem]:
    """The records of a book that its questions cannot be folded from, by number; empty is good.

    A record whose facts cannot be read, or the change of something that is not there on that day.
    """
    problems: list[Problem] = []
    first: dict[tuple[str, str], tuple[date, int, Facts]] = {}
    for record in view.records(*RESERVED):
        try:
            check_reserved(record)
        except EntryError as error:
            problems.append(Problem(f"record {record.seq}", error.message))
            continue
        for name, fields in _changes(record):
            change = (record.effective_on, record.seq, fields)
            place = (record.kind, name)
            first[place] = min(change, first.get(place, change), key=lambda one: one[:2])
    for (kind, name), (on, seq, fields) in sorted(first.items(), key=lambda one: one[1][1]):
        if missing := [one for one in WHOLE[kind] if one not in fields]:
            said = Message(
                "changes {what} {name} from {day} on, where it is not there yet: {missing} are missing",
                what=kind,
                name=name,
                day=on,
                missing=missing,
            )
            problems.append(Problem(f"record {seq}", said))
    return problems


def _changes(record: Record) -> Iterator[tuple[str, Facts]]:
    facts: Any = record.facts
    if record.kind == MEMBER:
        yield from facts["members"].items()
    elif record.kind == CLASS:
        yield facts[CLASS], facts["set"]
    elif record.kind == BOOK:
        yield "", facts["set"]


def _seen(error: Exception, facts: Facts) -> Message | str:
    """What is wrong, as well as the function that read the facts could say it."""
    if isinstance(error, CoopledgerError):
        return error.message
    if type(error) is KeyError:
        return Message("{name} is missing", name=str(error.args[0]))
    return f"{shown(facts)} ({printable(str(error))[:120]})"


# ---------------------------------------------------------------- readers


def _opening(facts: Any) -> None:  # noqa: ANN401 - of what shape it is, is the question
    if "chart" in facts:
        read_chart(facts["chart"])
        date.fromisoformat(facts["chart"]["from"])


def _book(facts: Any) -> None:  # noqa: ANN401
    fields = facts["set"]
    read_charter(fields["charter"])
    _expect(isinstance(fields.get("name", ""), str), "name")


def _class(facts: Any) -> None:  # noqa: ANN401
    code(facts[CLASS])
    _expect(facts["set"].get("code", facts[CLASS]) == facts[CLASS], "code")
    some = ShareClass(facts[CLASS], "-", par_fen=1)
    check_class(share_class({**plain_fields(some), **facts["set"]}))


def _member(facts: Any) -> None:  # noqa: ANN401
    for number, fields in facts["members"].items():
        code(number)
        _expect(fields.get("kind", KINDS[0]) in KINDS, "kind")
        _expect(fields.get("standing", STANDINGS[0]) in STANDINGS, "standing")
        _expect(isinstance(fields.get("household", ""), str), "household")
        _expect(isinstance(fields.get("reason", ""), str), "reason")
        _expect(_are_texts(fields.get("groups", [])), "groups")
        _expect(type(fields.get("extra_votes", 0)) is int, "extra_votes")
        if fields.get("notice_on") is not None:
            date.fromisoformat(fields["notice_on"])
        if "kind" in fields:
            for name in WHOLE[MEMBER]:
                fields[name]
    for number, fields in facts["households"].items():
        code(number)
        code(fields["head"])


def _issue(facts: Any) -> None:  # noqa: ANN401
    said = facts.get(CONTRIBUTION)
    if isinstance(said, Mapping) and said.get("number"):
        one, shares = read(said, facts["class"])
        for number in (one.number, one.holder):
            code(number)
        value = one.valuation.amount_fen if one.valuation is not None else 1
        _expect(all(type(seen) is int for seen in (shares, value, one.price_fen or 1)), CONTRIBUTION)


def _revaluation(facts: Any) -> None:  # noqa: ANN401
    if not facts.get(CONTRIBUTION):
        return
    code(facts[CONTRIBUTION])
    said = facts["valuation"]
    value = Valuation(**{**said, "on": date.fromisoformat(said["on"])})
    _expect(type(value.amount_fen) is int, "valuation")
    _expect(type(facts["difference_fen"]) is int, "difference_fen")


def _recount(facts: Any) -> None:  # noqa: ANN401
    code(facts[CLASS])
    _expect(isinstance(facts["factor"], str) and Fraction(facts["factor"]) > 0, "factor")
    digits = facts.get("digits")
    _expect(digits is None or (type(digits) is int and digits >= 0), "digits")


def _review(facts: Any) -> None:  # noqa: ANN401
    seqs = facts["records"]
    _expect(isinstance(seqs, list) and all(type(one) is int for one in seqs), "records")


def _run(facts: Any) -> None:  # noqa: ANN401
    code(facts["run"])
    _expect(facts["step"] in STEPS, "step")
    if facts["step"] == "propose":
        read_proposal(facts["proposal"])
        _expect(type(facts["amount_fen"]) is int and type(facts["holders"]) is int, "amount_fen")
        _expect(isinstance(facts["digest"], str), "digest")
        _expect(type(facts.get("freed_fen", 0)) is int, "freed_fen")
        _expect(facts.get("steps", "plain") in get_args(Steps), "steps")
    elif facts["step"] == "disclose":
        for name in ("since", "until"):
            date.fromisoformat(facts[name])
        _expect(isinstance(facts["where"], str), "where")
    elif facts["step"] in {"object", "answer", "supervise"}:
        _expect(isinstance(facts["what"], str), "what")
        _expect(facts["step"] != "object" or bool(code(facts["by"])), "by")
        _expect(facts["step"] != "answer" or type(facts["objection"]) is int, "objection")
    elif facts["step"] == "undo":
        _expect(facts["was"] in STATES[:-1], "was")
    if facts["step"] in {"discuss", "deliberate", "approve"} or "resolution" in facts:
        said = facts["resolution"]
        cited(resolution=Resolution(**{**said, "day": date.fromisoformat(said["day"])}))
    _expect(isinstance(facts.get("reason", ""), str), "reason")


def _declaration(facts: Any) -> None:  # noqa: ANN401
    if CARRIED in facts:
        carry = read_carry(facts[CARRIED])
        _expect(carry.denominator > 0 and not sum(carry.numerators), "of")
        _expect(all(type(seq) is int and seq > 0 for seq in facts[CARRIED]["built_on"]), "built_on")


def _return(facts: Any) -> None:  # noqa: ANN401
    code(facts["run"])
    _expect(str(Reference.parse(facts["order"])) == facts["order"], "order")
    _expect(_are_texts(facts["paid"]), "paid")
    _expect(isinstance(facts["failed"], Mapping) and _are_texts([*facts["failed"].values()]), "failed")
    amounts = facts.get("failed_fen", {})
    _expect(isinstance(amounts, Mapping) and all(type(fen) is int for fen in amounts.values()), "failed_fen")


def _surplus(facts: Any) -> None:  # noqa: ANN401
    _expect(type(facts["year"]) is int, "year")


def _past(facts: Any) -> None:  # noqa: ANN401
    _surplus(facts)
    amounts = facts["amounts"]
    _expect(isinstance(amounts, Mapping) and all(type(fen) is int and fen > 0 for fen in amounts.values()), "amounts")


def _distribution(facts: Any) -> None:  # noqa: ANN401
    one = read_appropriation(facts)
    _expect(type(one.year) is int, "year")
    check_surplus(one.surplus._replace(bases=_no_bases(one.waterfall)), one.waterfall)
    for numbers in (*one.surplus.bases.values(), *one.unpaid.values()):
        _expect(all(type(seen) is int and seen >= 0 for seen in numbers.values()), "bases")
    sums = [seen for line in one.lines for seen in line[1:]]
    _expect(all(type(seen) is int for seen in (*sums, one.remains_fen, one.uncovered_fen)), "lines")


def _no_bases(waterfall: Waterfall) -> dict[str, dict[str, int]]:
    return {step.by: {} for step in all_steps(waterfall.steps) if step.by}


def _are_texts(seen: object) -> bool:
    return isinstance(seen, list) and all(isinstance(one, str) for one in seen)


def _expect(fits: bool, name: str) -> None:  # noqa: FBT001 - an assertion about a name
    if not fits:
        raise EntryError(Message("{name} cannot be meant", name=name))


RESERVED: Mapping[str, Reserved] = {
    OPENING: Reserved(Message("a chart, where there is one, as 'adopt' says it"), _opening),
    BOOK: Reserved(Message("set, with a charter, as 'found' and 'change_charter' say it"), _book),
    CLASS: Reserved(Message("class, a code, and set, its rights, as 'open_class' and 'change_class' say them"), _class),
    MEMBER: Reserved(Message("members and households, each by number, as 'admit' says them"), _member),
    ISSUE: Reserved(Message("a contribution, where there is one, as 'contribute' says it"), _issue),
    REVALUATION: Reserved(Message("a contribution's number, valuation and difference_fen"), _revaluation),
    REDENOMINATE: Reserved(
        Message("class, a code, factor, such as '3/2', and digits, where they change, a whole number"), _recount
    ),
    REVIEW: Reserved(Message("records, a list of numbers of records"), _review),
    RUN: Reserved(Message("run, a code, step, and what the step says, as 'propose' and the others say it"), _run),
    DECLARATION: Reserved(
        Message("run, and what is carried on, where something is, as 'declare' says it"), _declaration
    ),
    RETURN: Reserved(Message("run, order, paid and failed, as 'bank_return' says them"), _return),
    SURPLUS: Reserved(Message("year, a number, as 'enter_surplus' says it"), _surplus),
    DISTRIBUTION: Reserved(Message("year, waterfall, figures and lines, as 'distribute' says them"), _distribution),
    CONTRACT: Reserved(
        Message("contract, a code, act, and what the act says, as 'conclude' and others say it"), read_act
    ),
    PAST_DIVIDENDS: Reserved(
        Message("year, a number, and amounts by holder, as 'note_past_dividends' says them"), _past
    ),
    DUE: Reserved(Message("contract, stream, due and amount_fen, as 'fall_due' says them"), read_due),
}
"""The kinds that folds read facts of, and what these must say."""
