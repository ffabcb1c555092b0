"""Reckonings: the arithmetic by which one holder of a run gets what he gets, down to the fen.

It is worked out here on its own, remainder by remainder, and not by the splitter that declared the run: that both
come to the same is what explaining it is for.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import Carry, carried_over, in_order
from coopledger.core.entitlement import Span
from coopledger.core.journal import View
from coopledger.core.people import number_of
from coopledger.core.rounding import divide
from coopledger.core.run import Parts, Run, check_run, parts
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class Share(NamedTuple):
    """A part of a sum of fen by largest remainder: ``weight`` of ``whole``, rounded down to ``down_fen``.

    Rounding everybody down to units of ``to_fen`` leaves ``missing`` units, which go, one each, to the largest
    remainders: ``ahead`` of this one come so many, with a larger one, or an equal one and a lower number. If those are
    fewer, it gets one more.

    ``at_cap`` others, or this one among them if it is ``capped``, get as much as anybody gets at most: ``there`` is
    what is left to split among the rest, in units, and ``whole`` what counts for them. By the policy cumulative
    ``carried`` parts of a unit, of which the whole has ``whole``, are owed from before, and ``taken`` units go back
    from this one, or below 0 are given to it, because no part is below nothing.
    """

    sum_fen: int
    weight: int
    whole: int
    down_fen: int = 0
    remainder: int = 0
    missing: int = 0
    ahead: int = 0
    to_fen: int = 1
    there: int = 0
    at_cap: int = 0
    capped: bool = False
    carried: int = 0
    taken: int = 0

    @property
    def one_more(self) -> bool:
        """Whether it gets one of the units that rounding down left."""
        return self.ahead < self.missing

    @property
    def fen(self) -> int:
        """What it comes to."""
        return self.down_fen + (self.one_more - self.taken) * self.to_fen


class Reckoning(NamedTuple):
    """Why a holder gets what he gets of a run.

    He has ``weight`` of ``whole``: shares, share-days or share-months, in the smallest unit of the class over
    ``denominator``; ``spans`` say how it came about. ``exact`` is his part in units of ``to_fen``, ``units`` is that
    rounded: down where a total is split, by the run's mode where an amount on each share was resolved.

    Of a total, rounding down leaves ``missing`` units, which go, one each, to the largest remainders: ``ahead`` of his
    come so many others, with a larger one, or an equal one and a lower number. If those are fewer, he gets one more.

    What runs before gave him, ``netted``, is taken off, down to nothing.

    ``at_cap`` others, or he among them if he is ``capped``, get as much as the run gives at most: ``there`` is what is
    left to split among the rest, in units, and ``whole`` what counts for them.

    By the policy cumulative ``exact`` has what rounding owes him from before, ``carried`` parts of a unit of which the
    whole has ``whole``; a part below nothing is nothing, and ``taken`` units go back for it from the others.
    """

    holder: str
    spans: Sequence[Span]
    weight: int
    whole: int
    denominator: int
    digits: int
    to_fen: int
    exact: Fraction
    units: int
    missing: int = 0
    ahead: int = 0
    netted: int = 0
    there: int = 0
    at_cap: int = 0
    capped: bool = False
    carried: int = 0
    taken: int = 0

    @property
    def one_more(self) -> bool:
        """Whether he gets one of the units that rounding down left."""
        return self.ahead < self.missing

    @property
    def fen(self) -> int:
        """What he gets, before tax."""
        return max((self.units + self.one_more - self.taken) * self.to_fen - self.netted, 0)

    @property
    def remainder(self) -> int:
        """What rounding down took from him, in parts of a unit, of which the whole has ``whole``."""
        return int((self.exact - self.units) * self.whole)


def reckoning(view: View, one: Run, holder: str) -> Reckoning:
    """Why somebody gets what he gets of a run; of one that pays a step, :func:`step_reckoning` tells.

    Raises RegisterError: the run pays a step; he has no part in it; the register was changed since the run was
    proposed, so that somebody would get something else today than was declared. The book as it was known then still
    tells.

    >>> from datetime import date
    >>> from coopledger.book import *
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(*[Joiner(f"00{n}", household=f"{n}", head=True) for n in (1, 2, 3)], effective_on=day)]
    >>> steps += [issue("land", to=f"{n}", shares=1, effective_on=day) for n in (1, 2, 3)]
    >>> steps += [propose("a", Proposal("rent", "2026", "land", by_record_date(day), 1_00), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     first, last = (reckoning(view, runs(view)["a"], number) for number in ("1", "3"))
    >>> (first.units, first.missing, first.ahead, first.fen), (last.units, last.missing, last.ahead, last.fen)
    ((33, 1, 0, 34), (33, 1, 2, 33))
    """
    check_run(one)
    number, asked = number_of(holder), one.proposal
    if asked.step:
        raise RegisterError(Message("run {run} pays a step of a distribution (step_reckoning)", run=one.code))
    found = parts(view, asked, one)
    by = found.by
    check_part(one, found, number, by.weights)
    weight = by.weights[number]
    digits, to = by.share_class.digits, asked.to_fen
    if asked.amounts:
        fen = found.parts.get(number, 0)
        return Reckoning(*(number, by.spans(number), weight, by.total, by.denominator, digits, 1, Fraction(fen), fen))
    if asked.each_fen is not None:
        exact = asked.each_fen * weight / (to * by.denominator * 10**digits)
        units = divide(exact.numerator, exact.denominator, asked.mode)
        capped = asked.cap_fen is not None and units > asked.cap_fen // to
        return Reckoning(
            *(number, by.spans(number), weight, by.total, by.denominator, digits, to, exact),
            (asked.cap_fen or 0) // to if capped else units,
            netted=found.netted.get(number, 0),
            capped=capped,
        )
    own = share_of(asked.total_fen or 0, by.weights, number, to_fen=to, cap_fen=asked.cap_fen, before=found.before)
    exact = Fraction(own.there * weight + own.carried, own.whole)
    return Reckoning(
        number,
        by.spans(number),
        weight,
        own.whole,
        by.denominator,
        digits,
        to,
        Fraction(own.down_fen, to) if own.capped else exact,
        own.down_fen // to,
        own.missing,
        own.ahead,
        found.netted.get(number, 0),
        own.there,
        own.at_cap,
        own.capped,
        own.carried,
        own.taken,
    )


def share_of(
    fen: int,
    weights: Mapping[str, int],
    number: str,
    *,
    to_fen: int = 1,
    cap_fen: int | None = None,
    before: Carry | None = None,
) -> Share:
    """The part of one of some weights, which are not all 0, in a sum of fen.

    In units of ``to_fen``, at most ``cap_fen``, or with what rounding owes from ``before``, in fen.

    >>> share_of(1_00, {"1": 1, "2": 1, "10": 1}, "1").fen, share_of(5_50, {"1": 2, "2": 1}, "2", to_fen=100).fen
    (34, 200)
    """
    ordered = {other: weights[other] for other in in_order(weights)}
    own, there, cap = ordered.get(number, 0), fen // to_fen, None if cap_fen is None else cap_fen // to_fen
    at_cap = _at_cap(there, ordered, cap)
    there -= len(at_cap) * (cap or 0)
    if number in at_cap:
        down, capped = (cap or 0) * to_fen, True
        return Share(
            fen, own, sum(ordered.values()), down, to_fen=to_fen, there=there, at_cap=len(at_cap), capped=capped
        )
    below = {other: weight for other, weight in ordered.items() if other not in at_cap}
    whole = sum(below.values())
    if not whole:  # all others are at the cap, and he has no weight
        whole, there = sum(ordered.values()), 0
    carried = dict.fromkeys(below, 0)
    if before is not None:
        some = {other: weight for other, weight in below.items() if weight}
        owed = before._replace(denominator=before.denominator * to_fen)
        carried |= zip(some, carried_over(owed, [*some], [*some.values()], whole), strict=True)
    dues = {other: there * weight + carried[other] for other, weight in below.items()}
    rests = {other: due % whole for other, due in dues.items()}
    rest, earlier, ahead = rests[number], True, 0
    for other, of_other in rests.items():  # in the order of numbers
        earlier = earlier and other != number
        ahead += of_other > rest or (earlier and of_other == rest)
    return Share(
        fen,
        own,
        whole,
        dues[number] // whole * to_fen,
        rest,
        sum(rests.values()) // whole,
        ahead,
        to_fen,
        there,
        len(at_cap),
        carried=carried[number],
        taken=_taken(dues, rests, whole).get(number, 0),
    )


def check_part(one: Run, found: Parts, number: str, among: Collection[str]) -> None:
    """Raise RegisterError for somebody who is not among those of a run, and for a run that would be another today."""
    if number not in among:
        raise RegisterError(Message("run {run}: {number} has no part in it", run=one.code, number=printable(number)))
    if found.digest != one.digest:
        raise RegisterError(
            Message(
                "run {run}: since record {seq} the register was changed, and by it somebody would get something else: "
                "ask as the book was known then (read({seq}), --known {seq})",
                run=one.code,
                seq=one.declared_in or one.proposed_in,
            )
        )


def _taken(dues: Mapping[str, int], rests: Mapping[str, int], whole: int) -> dict[str, int]:
    """The units that are taken from each, or below 0 given, because no part is below nothing.

    One by one, from the smallest remainder, of equal ones from the higher number.
    """
    if min(dues.values()) >= 0:
        return {}
    missing, places = sum(rests.values()) // whole, {number: at for at, number in enumerate(dues)}
    ranked = sorted(dues, key=lambda number: (-rests[number], places[number]))
    got = {number: dues[number] // whole + (number in ranked[:missing]) for number in dues}
    found = {number: min(units, 0) for number, units in got.items()}
    for _ in range(-sum(found.values())):
        poorest = min(
            (number for number in dues if got[number] - found[number] > 0),
            key=lambda number: (dues[number] - (got[number] - found[number]) * whole, -places[number]),
        )
        found[poorest] += 1
    return found


def _at_cap(there: int, weights: Mapping[str, int], cap: int | None) -> set[str]:
    """Who gets as much as a run gives at most: from the largest part on, as long as the rest would give more."""
    found: set[str] = set()
    left, whole = there, sum(weights.values())
    for number, own in sorted(weights.items(), key=lambda one: -one[1]) if cap is not None else ():
        if not own or left * own < (cap or 0) * whole:
            break
        found.add(number)
        left, whole = left - (cap or 0), whole - own
    return found
