"""Proposals: of what stream and period, who earns how, and a total or an amount on each share, as facts and checked."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from coopledger.core.entitlement import Entitlement, plain_rule, read_rule
from coopledger.core.journal import LARGEST_QUANTITY, check_fen, code, shown
from coopledger.core.people import number_of
from coopledger.core.rounding import MODES, Mode
from coopledger.core.terms import POLICIES, Policy
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

BY_SURPLUS = "surplus"
"""The stream of what a year's distribution pays."""

_YEAR = re.compile(r"[12][0-9]{3}")


class Proposal(NamedTuple):
    """What is proposed: of what stream and period, who earns how, and a total in fen or an amount on each share.

    - ``stream``, ``period``, ``instalment``: what it is paid for: a stream of a plan, ``surplus``; ``2025``; the first;
    - ``share_class`` and ``rule``: whose holders earn, by a record date or by time held;
    - ``total_fen``: the total, which is split exactly; or, where ``each_fen`` is given, what there is at most;
    - ``each_fen``: an amount on each share, by its fraction; every holder's is rounded by ``mode``, and the total
      follows;
    - ``to_fen``: payouts are multiples of it: 100 for whole yuan. What does not go up stays where the surplus is;
    - ``tax``: the part of each receipt that is withheld (个人所得税法 3, 6: 20 %), 0 if nothing is;
    - ``amounts``: instead of a total or an amount on each share, what each of some holders gets, in fen by number, with
      the ``reason`` (no names of persons): back pay of who was recognised after a total was split. By the class and the
      rule they must earn;
    - ``supplements``: the run, of the same stream, period and instalment, to which this one adds;
      :func:`~coopledger.core.dividend.supplementing` takes its tax, retained part and rounding over;
    - ``step``: the code of a step of the distribution of the year ``period``, which says who gets what instead of a
      class and a rule: :func:`~coopledger.core.run.of_step` makes such a proposal, with the step's
      :class:`~coopledger.core.terms.Terms`;
    - ``retained``: the part of each holder's that the cooperative keeps in his name (留存), rounded down to the fen,
      from the declaration on; the rest is paid;
    - ``hold_below_fen``: the least that is paid out: who is owed less, of all declared runs of the stream together,
      waits for a later run, or is paid when he has no shares of the class any more, or by name;
    - ``advance``: it is paid before there is a surplus (预分红), and is the holders' debt until a run nets it;
    - ``nets``: the codes of declared runs that this one counts: what an advance gave is set off against what this one
      declares, and who got more owes the rest; what any other gave, such as a floor (保底), is taken off each holder's
      part, down to nothing;
    - ``cap_fen``: nobody gets more (封顶); of a total, what is above goes to the others in proportion, until all have
      so much;
    - ``policy``: ``cumulative`` makes up for what rounding gave or took in the declared runs of the same stream, class
      and policy before, or of the same step and basis; ``each year`` does not;
    - ``remainder``: the role of the account, such as ``reserve``, to which that of a total goes which rounding, an
      amount on each share or the cap leaves, when the run is declared. Without it, it stays where the surplus is.
    """

    stream: str
    period: str
    share_class: str
    rule: Entitlement
    total_fen: int | None = None
    each_fen: Fraction | None = None
    mode: Mode = "half up"
    to_fen: int = 1
    instalment: int = 1
    tax: Fraction = Fraction(0)
    supplements: str = ""
    step: str = ""
    retained: Fraction = Fraction(0)
    hold_below_fen: int = 0
    advance: bool = False
    nets: tuple[str, ...] = ()
    cap_fen: int | None = None
    remainder: str = ""
    policy: Policy = "each year"
    amounts: Mapping[str, int] = {}
    reason: str = ""

    @property
    def purpose(self) -> tuple[str, str, int, str]:
        """What a run is for: no two are for the same, unless one supplements the other, however it was typed."""
        return _plain(self.stream), _plain(self.period), self.instalment, self.step


def _plain(seen: str) -> str:
    """A text with digits and letters of full width as plain ones, and no blanks around it."""
    return unicodedata.normalize("NFKC", seen).strip()


def run_code(name: str) -> str:
    """The code of a run as it is kept, however it was typed: digits and letters of full width become plain ones.

    Blanks around it do not count. Raises EntryError for what is no code.

    >>> run_code("２０２６ ")
    '2026'
    """
    return code(_plain(name) if isinstance(name, str) else name)


def check_proposal(seen: object) -> None:
    """Raise RegisterError for what is no Proposal."""
    if not isinstance(seen, Proposal):
        raise RegisterError(Message("{seen}: a Proposal is expected", seen=shown(seen)))


def plain_proposal(one: Proposal) -> dict[str, Any]:
    """The proposal as facts. Raises RegisterError for what cannot be proposed."""
    check_proposal(one)
    rule = plain_rule(one.rule)
    for name in ("stream", "period"):
        seen = getattr(one, name)
        if not isinstance(seen, str) or not seen.strip():
            raise RegisterError(Message("{name}: {seen}: a text is expected", name=name, seen=shown(seen)))
    check_fen("total_fen", one.total_fen)
    for name, (accepted, fits) in _FIELDS.items():
        seen = getattr(one, name)
        if not fits(seen):
            raise RegisterError(
                Message("{name} = {seen}: {accepted} is expected", name=name, seen=shown(seen), accepted=accepted)
            )
    _check_together(one)
    fields = {
        **one._asdict(),
        "share_class": code(one.share_class) if one.share_class or not one.step else "",
        "rule": rule,
        "each_fen": None if one.each_fen is None else str(Fraction(one.each_fen)),
        "tax": str(Fraction(one.tax)),
        "supplements": run_code(one.supplements) if one.supplements else "",
        "step": code(one.step) if one.step else "",
        "retained": str(Fraction(one.retained)),
        "nets": [run_code(name) for name in one.nets],
        "amounts": {number_of(number): fen for number, fen in one.amounts.items()},
    }
    return _said(fields)


def _check_together(one: Proposal) -> None:
    """Raise RegisterError for what a proposal says together and does not go together."""
    if one.amounts or one.reason:
        _check_amounts(one)
    elif one.each_fen is None and one.total_fen is None:
        raise RegisterError(
            Message(
                "a total (total_fen, --total), an amount on each share (each_fen, --each) or amounts for some holders "
                "(amounts, --for) are expected"
            )
        )
    if one.each_fen is not None and one.rule.by != "shares":
        raise RegisterError(
            Message(
                "an amount on each share (each_fen, --each) is one on the shares held on a day: that day is expected "
                "(by_record_date, --record-date), or a total (total_fen, --total)"
            )
        )
    if one.advance and (one.tax or one.retained or one.nets or one.remainder):
        raise RegisterError(
            Message("an advance is settled by the run that nets it, which says the tax and what is retained")
        )
    if one.policy == "cumulative" and (one.each_fen is not None or one.cap_fen is not None or one.advance):
        raise RegisterError(
            Message("policy: a total is split cumulatively, no amount on each share, no advance, and without a cap")
        )
    if one.remainder and one.total_fen is None:
        raise RegisterError(Message("remainder: a total is expected, of which it is left"))
    if one.step and not _YEAR.fullmatch(one.period):
        raise RegisterError(Message("period: {seen}: a year such as 2026 is expected", seen=printable(one.period)))


def _check_amounts(one: Proposal) -> None:
    """Raise RegisterError for amounts for some holders without a reason, and with what says otherwise who gets what."""
    if not one.amounts or not one.reason.strip():
        raise RegisterError(
            Message(
                "amounts for some holders (amounts, --for) and the reason for them (reason, --reason) are expected "
                "together"
            )
        )
    plain = Proposal(one.stream, one.period, one.share_class, one.rule)
    others = [name for name in _NOT_BESIDE_AMOUNTS if getattr(one, name) != getattr(plain, name)]
    if others:
        raise RegisterError(
            Message("amounts for some holders say all of who gets what: leave out {others}", others=others)
        )


_NOT_BESIDE_AMOUNTS = ("total_fen", "each_fen", "to_fen", "step", "advance", "nets", "cap_fen", "policy", "remainder")


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """The facts without what is not asked for: proposals of before there was such a thing say nothing of it either."""
    return {name: seen for name, seen in fields.items() if name not in _LATER or seen != _LATER[name]}


def read_proposal(facts: Mapping[str, Any]) -> Proposal:
    """The proposal that a record's facts describe. Raises RegisterError for what cannot be proposed."""
    found = Proposal(
        **{
            **facts,
            "rule": read_rule(facts["rule"]),
            "each_fen": None if facts["each_fen"] is None else Fraction(facts["each_fen"]),
            "tax": Fraction(facts["tax"]),
            "retained": Fraction(facts.get("retained", 0)),
            "nets": tuple(facts.get("nets", ())),
            "amounts": dict(facts.get("amounts", {})),
        }
    )
    plain_proposal(found)
    return found


def _is_count(seen: object) -> bool:
    return type(seen) is int and 1 <= seen < LARGEST_QUANTITY


def _is_exact(seen: object, most: int) -> bool:
    return type(seen) in {int, Fraction} and 0 <= seen <= most  # type: ignore[operator]


_FIELDS: Mapping[str, tuple[Message, Callable[[Any], bool]]] = {
    "total_fen": (
        Message("a whole number (int) of fen, 1 or more, or None"),
        lambda seen: seen is None or _is_count(seen),
    ),
    "each_fen": (
        Message("a Fraction above 0, of fen on each share, or None"),
        lambda seen: seen is None or (_is_exact(seen, LARGEST_QUANTITY) and seen > 0),
    ),
    "mode": (Message("one of {known}", known=[*MODES]), lambda seen: isinstance(seen, str) and seen in MODES),
    "to_fen": (Message("a whole number (int) of fen, 1 or more"), _is_count),
    "instalment": (Message("a whole number (int), 1 or more"), _is_count),
    "tax": (Message("a Fraction from 0 to 1"), lambda seen: _is_exact(seen, 1)),
    "retained": (Message("a Fraction from 0 to 1"), lambda seen: _is_exact(seen, 1)),
    "cap_fen": (
        Message("a whole number (int) of fen, 1 or more, or None"),
        lambda seen: seen is None or _is_count(seen),
    ),
    "policy": (
        Message("one of {known}", known=[*POLICIES]),
        lambda seen: isinstance(seen, str) and seen in POLICIES,
    ),
    "remainder": (Message("the role of an account, or nothing"), lambda seen: isinstance(seen, str)),
    "advance": (Message("True or False"), lambda seen: type(seen) is bool),
    "nets": (
        Message("a tuple of codes of runs, none of them twice"),
        lambda seen: (
            isinstance(seen, tuple)
            and all(isinstance(one, str) for one in seen)
            and len({*map(_plain, seen)}) == len(seen)
        ),
    ),
    "amounts": (
        Message("amounts by number, each a whole number (int) of fen, 1 or more"),
        lambda seen: (
            isinstance(seen, Mapping)
            and all(isinstance(number, str) and _is_count(fen) for number, fen in seen.items())
        ),
    ),
    "reason": (Message("a text, or nothing"), lambda seen: isinstance(seen, str)),
    "hold_below_fen": (Message("a whole number (int) of fen, 0 or more"), lambda seen: seen == 0 or _is_count(seen)),
    "supplements": (Message("the code of a run, or nothing"), lambda seen: isinstance(seen, str)),
    "step": (Message("the code of a step of a distribution, or nothing"), lambda seen: isinstance(seen, str)),
}
"""What each number of a proposal can be, in words and as a question."""

_LATER: Mapping[str, object] = {
    "step": "",
    "retained": "0",
    "hold_below_fen": 0,
    "advance": False,
    "nets": [],
    "cap_fen": None,
    "remainder": "",
    "policy": "each year",
    "amounts": {},
    "reason": "",
}
"""What the facts of a proposal leave out where it says nothing of it."""
