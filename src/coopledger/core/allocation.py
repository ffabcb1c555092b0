"""Allocation: a sum of whole fen split over holders, exactly and without a float.

Three policies for sums that repeat:

- *each year* (``split_each``): every sum on its own, by the largest remainder (Hamilton) method;
- *cumulative* (``split_cumulative``, ``split_running``): what rounding gave or took is carried on to the next sum;
- *per share* (``per_share``): a resolved rate on each holding; the remainder goes to a stated account.

Ties go by the holder's number, never by the order of rows. What is refused raises ``AllocationError``. All is exact
in ``int``: 10^13 fen times 10^6 shares wraps to a negative number in 64 bits, so the numbers of numpy are refused.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heapreplace
from itertools import islice
from math import lcm
from operator import add, sub
from typing import NamedTuple

from coopledger.core.quantity import Number
from coopledger.core.rounding import Mode, divide
from coopledger.errors import AllocationError
from coopledger.text import Message

# Runs of at most 600 digits: int() refuses longer ones from 640 on, and a sort key may not fail.
_DIGITS = re.compile(r"(\d{1,600})")


class Carry(NamedTuple):
    """What rounding still owes each holder (positive) or gave him too early (negative), between two sums.

    ``numerators[i] / denominator`` is the carry of ``holders[i]`` in fen; they sum to 0. Who is not named has none.

    >>> split_cumulative(100, {"1": 1, "2": 1, "3": 1}, None)[1]
    Carry(holders=('1', '2', '3'), numerators=(-2, 1, 1), denominator=3)
    """

    holders: tuple[str, ...]
    numerators: tuple[int, ...]
    denominator: int


def natural_key(number: str) -> tuple[tuple[str | int, ...], str]:
    """The sort key of a holder's number: text, digits as a number, text …, and last all of it: no two are equal.

    >>> sorted(["A10", "10", "2", "A2", "02"], key=natural_key)
    ['02', '2', '10', 'A2', 'A10']
    """
    return tuple(int(run) if at % 2 else run for at, run in enumerate(_DIGITS.split(number))), number


def in_order(numbers: Iterable[str]) -> list[str]:
    """Numbers of holders in the order of :func:`natural_key`; at once where all of them are digits alone.

    >>> in_order(["10", "2", "02"]), in_order(["A10", "10", "A2"])
    (['02', '2', '10'], ['10', 'A2', 'A10'])
    """
    found = sorted(numbers)
    together = "".join(found)
    plain = together.isascii() and together.isdigit() and "" not in found
    return sorted(found, key=int if plain else natural_key)


def as_weights(shares: Iterable[Number]) -> list[int]:
    """Shares, which may have fractions, as whole weights over their least common denominator.

    One weight a share, in the same order; nothing is rounded. Refuses what is negative or no ``int`` or ``Fraction``.

    >>> as_weights([12, Fraction(5, 2), Fraction(31, 4)])
    [48, 10, 31]
    """
    exact = [_exact(share) for share in shares]
    common = lcm(*(share.denominator for share in exact))
    return [share.numerator * (common // share.denominator) for share in exact]


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total of fen in proportion to weights, by the largest remainder (Hamilton) method.

    Each exact share is rounded down, and the fen that are then missing go, one each, to the largest remainders. Of
    equal ones the earlier position comes first: pass the weights in the order of ``natural_key``. One part a weight,
    0 for a weight of 0; they sum to the total. Refuses negative numbers, what is no ``int``, no positive weight.

    >>> largest_remainder(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = _whole(weights)
    _check_total(total)
    return _rounded([total * weight for weight in weights], whole)


def capped_remainder(total: int, weights: Sequence[int], cap: int) -> list[int]:
    """Split a total of fen by ``largest_remainder``, and give nobody more than a cap.

    What is above goes to the others in proportion to their weights, until all of them are at the cap: what is left then
    is in no part. Refuses the same, and a cap that is negative or no ``int``.

    >>> capped_remainder(100, [5, 3, 1, 1], 40), capped_remainder(100, [1, 1], 40)
    ([40, 36, 12, 12], [40, 40])
    """
    whole, left = _whole(weights), total
    for one in (total, cap):
        _check_total(one)
    parts = [0] * len(weights)
    below = [at for at, weight in enumerate(weights) if weight]
    while reach := [at for at in below if left * weights[at] >= cap * whole]:
        for at in reach:
            parts[at] = cap
        left -= cap * len(reach)
        whole -= sum(weights[at] for at in reach)
        below = [at for at in below if not parts[at]] if cap else []
    if below:
        for at, part in zip(below, _rounded([left * weights[at] for at in below], whole), strict=True):
            parts[at] = part
    return parts


def split_each(totals: Iterable[int], weights: Sequence[int]) -> list[list[int]]:
    """The policy *each year*: every total of fen split on its own, by ``largest_remainder``.

    One list of parts a total, one part a weight; refuses the same. Over the years, holders drift from their dues:

    >>> years = split_each([100] * 40, [1, 1, 1])
    >>> [sum(parts) for parts in zip(*years)]
    [1360, 1320, 1320]
    """
    return [largest_remainder(total, weights) for total in totals]


def split_running(totals: Iterable[int], weights: Sequence[int]) -> list[list[int]]:
    """The policy *cumulative* for a series of totals, in fen, over a register that does not change.

    One list of parts a total, one part a weight, the weights in the order of ``natural_key``: the same parts, to
    the last fen, as ``split_cumulative`` step by step. Refuses what ``largest_remainder`` does.

    >>> years = split_running([100] * 40, [1, 1, 1])
    >>> years[:3], [sum(parts) for parts in zip(*years)]
    ([[34, 33, 33], [33, 34, 33], [33, 33, 34]], [1334, 1333, 1333])
    """
    whole = _whole(weights)
    least = min(weight for weight in weights if weight)
    running = 0
    given = [0] * len(weights)
    years = []
    for total in totals:
        _check_total(total)
        running += total
        # With a constant W a carry plus this sum's share is the running due less what was given. The two differ by
        # whole fen, so they have the same remainders, and rounding the running dues finds the same parts.
        reached = _rounded([running * weight for weight in weights], whole)
        parts = list(map(sub, reached, given))
        # No carry falls to −1 fen while W is constant, so a share of 1 fen or more leaves nobody below 0.
        if total * least < whole and min(parts) < 0:
            dues = [running * weight - had * whole for weight, had in zip(weights, given, strict=True)]
            parts = _none_negative(parts, dues, whole)
            reached = list(map(add, given, parts))
        given = reached
        years.append(parts)
    return years


def split_cumulative(total: int, weights: Mapping[str, int], carry: Carry | None) -> tuple[dict[str, int], Carry]:
    """One step of the policy *cumulative*: a total of fen over the holders of today, and what is carried on.

    This is error diffusion over time, in a form that is this library's own, in which no part is ever negative.

    ``weights`` are by holder number, in any order; ``carry`` is what the step before returned, ``None`` at first.
    With W the sum of the weights and L the carries of all who have no weight any more, a holder's due is
    x = carry + (total + L) · weight / W. Each x is rounded down and the missing fen go to the largest remainders, of
    equal ones to the lower number. A part below 0 becomes 0, and its fen are taken back from the parts with the
    smallest remainders, of equal ones from the higher number. The new carry is x less the part.

    The parts name everybody in ``weights``, in the order of ``natural_key``, and sum to the total; a weight of 0 gets
    0. The new carry is over W and names those who have weight; who comes, or comes back, starts at 0. When W changed,
    or somebody left, old carries plus shares of L are first rounded to multiples of 1/W fen by largest remainder:
    each moves by less than 1/W fen. Refuses what ``largest_remainder`` does, and a carry that does not sum to 0.

    >>> parts, carry = split_cumulative(100, {"3": 1, "2": 1, "1": 1}, None)
    >>> parts
    {'1': 34, '2': 33, '3': 33}
    >>> split_cumulative(100, {"1": 2, "3": 1, "2": 0}, carry)  # holder 2 sold his share to holder 1
    ({'1': 66, '2': 0, '3': 34}, Carry(holders=('1', '3'), numerators=(1, -1), denominator=3))
    """
    numbers = sorted(weights, key=natural_key)
    whole = _whole([*weights.values()])
    _check_total(total)
    holders = tuple(number for number in numbers if weights[number])
    active = [weights[number] for number in holders]
    carried = carried_over(carry, holders, active, whole)
    dues = [had + total * weight for had, weight in zip(carried, active, strict=True)]
    parts = _rounded(dues, whole)
    if min(parts) < 0:
        parts = _none_negative(parts, dues, whole)
    left = tuple(due - part * whole for due, part in zip(dues, parts, strict=True))
    return dict.fromkeys(numbers, 0) | dict(zip(holders, parts, strict=True)), Carry(holders, left, whole)


def carried_over(carry: Carry | None, holders: Sequence[str], weights: Sequence[int], whole: int) -> list[int]:
    """The carries of today's holders as numerators over W, the sum ``whole`` of the weights.

    What holders without weight left behind is spread by weight, and all is rounded to 1/W by largest remainder.

    >>> carried_over(Carry(("1", "2", "3"), (-2, 1, 1), 3), ["1", "3"], [2, 1], 3)
    [-1, 1]
    """
    if carry is None:
        return [0] * len(holders)
    before = dict(zip(carry.holders, carry.numerators, strict=False))
    seen, of = sum(carry.numerators), carry.denominator
    if not len(before) == len(carry.holders) == len(carry.numerators) or of < 1 or seen != 0:
        raise AllocationError(
            Message("carries of {seen}/{of} in sum: 0, and one a holder, is expected", seen=seen, of=of)
        )
    own = [before.get(holder, 0) for holder in holders]
    left_behind = -sum(own)  # all carries sum to 0
    if not left_behind and carry.denominator == whole:
        return own
    # Both steps, the share of L and the change from 1/denominator to 1/W, in one: they are rounded once.
    dues = [carried * whole + left_behind * weight for carried, weight in zip(own, weights, strict=True)]
    return _rounded(dues, carry.denominator)


def per_share(rate: Number, shares: Iterable[Number], total: int, mode: Mode = "half up") -> tuple[list[int], int]:
    """Pay a resolved rate, in fen a share, on each holding, and return what is then left of the total.

    Each amount is rate × shares, rounded to whole fen by the mode (half up unless the resolution says otherwise).
    Returns one amount a holding, in the same order, and the remainder: the total less all amounts, in fen. It is
    negative where they come to more; the caller books it to the account that the members' resolution, the source of
    this rule, states. Refuses what is negative or not exact.

    Beicai village resolved 58 yuan a share on 821 shares, out of 47,617.98 yuan:

    >>> per_share(5800, [400, 421], 4_761_798)
    ([2320000, 2441800], -2)
    """
    _check_total(total)
    exact = [_exact(rate) * _exact(share) for share in shares]
    amounts = [divide(amount.numerator, amount.denominator, mode) for amount in exact]
    return amounts, total - sum(amounts)


def _rounded(dues: Sequence[int], whole: int) -> list[int]:
    """Dues over ``whole``, which sum to whole fen, rounded by largest remainder; earlier positions win ties."""
    if dues.count(dues[0]) == len(dues):  # one share each, the commonest register: nothing to rank
        part, rest = divmod(dues[0], whole)
        missing = rest * len(dues) // whole
        return [part + 1] * missing + [part] * (len(dues) - missing)
    rests = [due % whole for due in dues]
    ranked = sorted(rests)
    missing = sum(ranked) // whole
    last = ranked[-missing] if missing else whole
    lift = whole - last  # adds a fen to just the remainders of ``last`` or more; sorting positions takes far longer
    if too_many := len(ranked) - missing - bisect_left(ranked, last):
        tied_from_the_end = (at for at in reversed(range(len(rests))) if rests[at] == last)
        cut = next(islice(tied_from_the_end, too_many - 1, None))
        return [(due + lift) // whole for due in dues[:cut]] + [(due + lift - 1) // whole for due in dues[cut:]]
    return [(due + lift) // whole for due in dues]


def _none_negative(parts: Sequence[int], dues: Sequence[int], whole: int) -> list[int]:
    """The parts, 0 where they were negative, those fen taken back from the smallest remainders of the others."""
    owed = -sum(part for part in parts if part < 0)
    result = [max(part, 0) for part in parts]
    # Positions count backwards: of equal remainders the last in order gives back first, as it was served last.
    ranked = sorted((due - part * whole, -at) for at, (due, part) in enumerate(zip(dues, result, strict=True)) if part)
    for _ in range(owed):
        remainder, backwards = ranked[0]
        result[-backwards] -= 1
        if result[-backwards]:
            heapreplace(ranked, (remainder + whole, backwards))
        else:
            heappop(ranked)
    return result


def _whole(weights: Sequence[int]) -> int:
    """W, the sum of the weights, if a sum can be split over them."""
    whole = sum(weights)
    # The sum has the widest type among them: one look finds a float, or a number of numpy, anywhere.
    if not isinstance(whole, int) or min(weights, default=0) < 0:
        seen = next(repr(weight) for weight in weights if not isinstance(weight, int) or weight < 0)
        raise AllocationError(Message("a weight of {seen}: a whole number (int), 0 or more, is expected", seen=seen))
    if not whole:
        raise AllocationError(Message("no weights: at least one holder with a positive weight is needed"))
    return whole


def _check_total(total: int) -> None:
    if not isinstance(total, int) or total < 0:
        raise AllocationError(
            Message("a sum of {seen} fen: a whole number (int), 0 or more, is expected", seen=repr(total))
        )


def _exact(seen: Number) -> Number:
    if not isinstance(seen, int | Fraction) or seen < 0:
        raise AllocationError(Message("{seen}: an int or a Fraction, 0 or more, is expected", seen=repr(seen)))
    return seen
