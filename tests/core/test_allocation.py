"""Splits are exact, fair and indifferent to the order of rows. Policies and bounds: docs, "Splitting a sum"."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.allocation import (
    Carry,
    as_weights,
    largest_remainder,
    natural_key,
    per_share,
    split_cumulative,
    split_each,
    split_running,
)
from coopledger.errors import AllocationError

HOLDERS = ("1", "2", "9", "10", "11", "A2", "A10")  # in the order of their numbers

sums = st.one_of(st.integers(0, 12), st.integers(0, 10**4), st.integers(10**6, 10**13))
weight_lists = st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)
small_weights = st.integers(0, 3)
registers = st.dictionaries(st.sampled_from(HOLDERS), st.one_of(small_weights, st.integers(0, 10**6))).filter(
    lambda register: any(register.values())
)
years = st.lists(st.tuples(sums, registers), min_size=1, max_size=12)


# ---------------------------------------------------------------- the rule once more, in fractions and word for word


def rounded_by_largest_remainder(dues: Mapping[str, Fraction]) -> dict[str, int]:
    parts = {holder: floor(due) for holder, due in dues.items()}
    missing = int(sum(dues.values())) - sum(parts.values())
    for holder in sorted(dues, key=lambda h: (parts[h] - dues[h], HOLDERS.index(h)))[:missing]:
        parts[holder] += 1
    return parts


def model(
    total: int, weights: Mapping[str, int], carries: Mapping[str, Fraction]
) -> tuple[dict[str, int], dict[str, Fraction]]:
    """One step over carries that are exact and stay so."""
    active = [holder for holder in weights if weights[holder]]
    whole = sum(weights.values())
    left_behind = sum(carry for holder, carry in carries.items() if holder not in active)
    dues = {h: carries.get(h, Fraction(0)) + (total + left_behind) * Fraction(weights[h], whole) for h in active}
    parts = rounded_by_largest_remainder(dues)
    while min(parts.values()) < 0:
        below = min(parts, key=parts.__getitem__)
        parts[below] += 1
        giver = min((h for h in active if parts[h] > 0), key=lambda h: (dues[h] - parts[h], -HOLDERS.index(h)))
        parts[giver] -= 1
    return {h: parts.get(h, 0) for h in weights}, {h: dues[h] - parts[h] for h in active}


def carried_to(carry: Carry | None, weights: Mapping[str, int]) -> dict[str, Fraction]:
    """Carries and shares of L, rounded to multiples of 1/W as documented."""
    if carry is None:
        return {}
    whole = sum(weights.values())
    grid = {holder: value * whole for holder, value in with_shares_of_l(carry, weights).items()}
    return {holder: Fraction(value, whole) for holder, value in rounded_by_largest_remainder(grid).items()}


def with_shares_of_l(carry: Carry, weights: Mapping[str, int]) -> dict[str, Fraction]:
    old = fractions_of(carry)
    left_behind = sum(value for holder, value in old.items() if not weights.get(holder))
    return {
        holder: old.get(holder, Fraction(0)) + left_behind * Fraction(weight, sum(weights.values()))
        for holder, weight in weights.items()
        if weight
    }


def fractions_of(carry: Carry) -> dict[str, Fraction]:
    return {
        holder: Fraction(numerator, carry.denominator)
        for holder, numerator in zip(carry.holders, carry.numerators, strict=True)
    }


def step_by_step(totals: Iterable[int], weights: Sequence[int]) -> list[list[int]]:
    register = {f"{at:04}": weight for at, weight in enumerate(weights)}
    carry = None
    found = []
    for total in totals:
        parts, carry = split_cumulative(total, register, carry)
        found.append(list(parts.values()))
    return found


def summed(parts_by_year: Iterable[Sequence[int]]) -> list[int]:
    return [sum(parts) for parts in zip(*parts_by_year, strict=True)]


# ---------------------------------------------------------------- numbers of holders


def test_member_numbers_sort_as_people_count() -> None:
    numbers = ["A10", "10", "2", "A2", "户2-10", "户2-9", "1", "1a", ""]
    assert sorted(numbers, key=natural_key) == ["", "1", "1a", "2", "10", "A2", "A10", "户2-9", "户2-10"]


def test_digits_typed_in_full_width_count_as_digits() -> None:
    assert sorted(["１０", "9", "２"], key=natural_key) == ["２", "9", "１０"]


def test_numbers_of_a_thousand_digits_can_be_sorted() -> None:
    assert sorted(["1" * 1000, "2"], key=natural_key) == ["2", "1" * 1000]


@given(st.lists(st.text(alphabet="0129Aa-户２²", max_size=6), unique=True), st.randoms(use_true_random=False))
def test_the_order_of_numbers_is_total(numbers: list[str], chance: random.Random) -> None:
    shuffled = chance.sample(numbers, len(numbers))
    assert sorted(shuffled, key=natural_key) == sorted(numbers, key=natural_key)
    assert len({natural_key(number) for number in numbers}) == len(numbers)


# ---------------------------------------------------------------- one sum


@given(sums, weight_lists)
def test_parts_sum_to_the_total_and_lie_next_to_the_exact_shares(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total * weight, sum(weights))
        assert floor(exact) <= part <= -floor(-exact)


@given(sums, weight_lists)
def test_one_sum_is_split_as_the_words_say(total: int, weights: list[int]) -> None:
    holders = (*HOLDERS, "A11")
    dues = {h: Fraction(total * w, sum(weights)) for h, w in zip(holders, weights, strict=False)}
    parts = [floor(due) for due in dues.values()]
    ranked = sorted(range(len(weights)), key=lambda at: (parts[at] - list(dues.values())[at], at))
    for at in ranked[: total - sum(parts)]:
        parts[at] += 1
    assert largest_remainder(total, weights) == parts


def test_of_equal_remainders_the_earlier_position_gets_the_fen() -> None:
    assert largest_remainder(5, [1, 1, 1]) == [2, 2, 1]
    assert largest_remainder(3, [1, 2, 1, 2]) == [1, 1, 0, 1]


def test_ten_trillion_fen_over_a_million_shares_are_split_exactly() -> None:
    weights = [10**6, 10**6 - 1, 333_333]
    parts = largest_remainder(10**13 + 1, weights)
    assert sum(parts) == 10**13 + 1
    exact = [Fraction((10**13 + 1) * weight, sum(weights)) for weight in weights]
    assert all(abs(due - part) < 1 for due, part in zip(exact, parts, strict=True))
    series = split_running([10**13] * 40, weights)
    assert summed(series) == largest_remainder(40 * 10**13, weights)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: largest_remainder(1, []), "no weights: at least one holder with a positive weight is needed"),
    (lambda: largest_remainder(1, [0, 0]), "no weights: at least one holder with a positive weight is needed"),
    (lambda: largest_remainder(1, [2, -1]), "a weight of -1: a whole number (int), 0 or more, is expected"),
    (lambda: largest_remainder(1, [2, 0.5]), "a weight of 0.5: a whole number (int), 0 or more, is expected"),  # type: ignore[list-item]
    (lambda: largest_remainder(-1, [1]), "a sum of -1 fen: a whole number (int), 0 or more, is expected"),
    (lambda: largest_remainder(1.0, [1]), "a sum of 1.0 fen: a whole number (int), 0 or more, is expected"),  # type: ignore[arg-type]
    (lambda: split_each([1], [0]), "no weights: at least one holder with a positive weight is needed"),
    (lambda: split_running([], [0]), "no weights: at least one holder with a positive weight is needed"),
    (lambda: split_running([3, -1], [1]), "a sum of -1 fen: a whole number (int), 0 or more, is expected"),
    (lambda: split_cumulative(0, {}, None), "no weights: at least one holder with a positive weight is needed"),
    (lambda: split_cumulative(-5, {"1": 1}, None), "a sum of -5 fen: a whole number (int), 0 or more, is expected"),
    (lambda: split_cumulative(5, {"1": -1}, None), "a weight of -1: a whole number (int), 0 or more, is expected"),
    (
        lambda: split_cumulative(5, {"1": 1}, Carry(("1",), (1,), 3)),
        "carries of 1/3 in sum: 0, and one a holder, is expected",
    ),
    (
        lambda: split_cumulative(5, {"1": 1}, Carry(("1",), (), 3)),
        "carries of 0/3 in sum: 0, and one a holder, is expected",
    ),
    (lambda: split_cumulative(5, {"1": 1}, Carry(("1", "1"), (1, -1), 3)), "carries of 0/3 in sum"),
    (lambda: split_cumulative(5, {"1": 1}, Carry((), (), 0)), "carries of 0/0 in sum"),
    (lambda: per_share(-1, [1], 1), "-1: an int or a Fraction, 0 or more, is expected"),
    (lambda: per_share(1, [0.5], 1), "0.5: an int or a Fraction, 0 or more, is expected"),  # type: ignore[list-item]
    (lambda: per_share(1, [1], -1), "a sum of -1 fen: a whole number (int), 0 or more, is expected"),
    (lambda: as_weights([Fraction(-1, 2)]), "Fraction(-1, 2): an int or a Fraction, 0 or more, is expected"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_cannot_be_split_is_refused_with_what_was_seen(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(AllocationError) as refused:
        call()
    assert str(refused.value).startswith(message)


def test_sixty_four_bit_numbers_that_would_wrap_are_refused() -> None:
    class Int64:
        """Like a number of numpy: it adds up, and it is no ``int``."""

        def __radd__(self, other: object) -> "Int64":
            return self

        def __repr__(self) -> str:
            return "int64(1)"

    wrapping: Any = Int64()
    with pytest.raises(AllocationError, match="int64"):
        largest_remainder(10**13, [wrapping])


# ---------------------------------------------------------------- cumulative, the register unchanged


@given(st.lists(sums, max_size=12), weight_lists)
def test_the_fast_path_finds_the_same_parts_as_step_by_step(totals: list[int], weights: list[int]) -> None:
    assert split_running(totals, weights) == step_by_step(totals, weights)


@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), min_size=1, max_size=7).filter(any))
def test_the_fast_path_finds_the_same_parts_in_years_of_a_few_fen(totals: list[int], weights: list[int]) -> None:
    assert split_running(totals, weights) == step_by_step(totals, weights)


@pytest.mark.parametrize(
    ("totals", "weights"), [([3, 1, 3, 5, 4, 5, 6], [1, 3, 4, 4, 4]), ([5, 2, 0, 5, 5, 5], [1, 4, 4, 4])]
)
def test_the_fast_path_sees_a_part_below_zero_where_the_share_is_nearly_half_a_fen(
    totals: list[int], weights: list[int]
) -> None:
    split = split_running(totals, weights)
    assert split == step_by_step(totals, weights)
    assert min(map(min, split)) == 0


@given(st.lists(sums, max_size=12), registers)
def test_with_constant_weights_every_step_is_the_exact_rule(totals: list[int], register: dict[str, int]) -> None:
    carry, carries = None, dict[str, Fraction]()
    for total in totals:
        parts, carry = split_cumulative(total, register, carry)
        expected, carries = model(total, register, carries)
        assert parts == expected
        assert fractions_of(carry) == carries


@given(st.lists(sums, min_size=1, max_size=12), weight_lists)
def test_without_changes_nobody_is_ever_a_fen_off_his_due(totals: list[int], weights: list[int]) -> None:
    running, given_so_far = 0, [0] * len(weights)
    for total, parts in zip(totals, split_running(totals, weights), strict=True):
        assert sum(parts) == total
        assert min(parts) >= 0
        running += total
        given_so_far = [had + part for had, part in zip(given_so_far, parts, strict=True)]
        for had, weight in zip(given_so_far, weights, strict=True):
            assert abs(Fraction(running * weight, sum(weights)) - had) < 1


@given(st.lists(sums, min_size=1, max_size=12), st.integers(1, 50), st.integers(1, 8))
def test_equal_holders_are_never_two_fen_apart(totals: list[int], weight: int, holders: int) -> None:
    split = split_running(totals, [weight] * holders)
    for until in range(1, len(totals) + 1):
        received = summed(split[:until])
        assert max(received) - min(received) <= 1


def test_each_year_drifts_by_fourteen_fen_and_more_where_cumulative_stays_below_one() -> None:
    # Ten holders of one share each, forty sums as they come: ties always go to the lowest numbers.
    chance = random.Random(1960)  # noqa: S311 - the same case every time
    totals = [chance.randint(10**6, 10**8) for _ in range(40)]
    due = Fraction(sum(totals), 10)
    each_year = summed(split_each(totals, [1] * 10))
    assert max(abs(part - due) for part in each_year) > 14
    assert max(each_year) - min(each_year) > 30
    assert max(abs(part - due) for part in summed(split_running(totals, [1] * 10))) < 1

    # The same sum every year repeats the same rounding every year.
    assert summed(split_each([100] * 40, [3, 3, 1])) == [1720, 1720, 560]
    assert summed(split_running([100] * 40, [3, 3, 1])) == [1714, 1714, 572]


# ---------------------------------------------------------------- cumulative, the register changing


@given(years)
def test_parts_sum_and_none_is_negative_whatever_the_register_does(history: list[tuple[int, dict[str, int]]]) -> None:
    carry = None
    for total, register in history:
        parts, carry = split_cumulative(total, register, carry)
        assert sum(parts.values()) == total
        assert min(parts.values()) >= 0
        assert list(parts) == sorted(register, key=HOLDERS.index)
        assert sum(carry.numerators) == 0
        assert carry.denominator == sum(register.values())
        assert all(parts[holder] == 0 for holder, weight in register.items() if weight == 0)
        assert carry.holders == tuple(holder for holder in parts if register[holder])


@given(years)
def test_every_step_is_the_rule_over_carries_re_expressed_by_less_than_one_part_in_w(
    history: list[tuple[int, dict[str, int]]],
) -> None:
    carry = None
    for total, register in history:
        settled = carried_to(carry, register)
        if carry is not None:
            exact = with_shares_of_l(carry, register)
            assert all(abs(settled[holder] - exact[holder]) < Fraction(1, sum(register.values())) for holder in exact)
        expected = model(total, register, settled)
        parts, carry = split_cumulative(total, register, carry)
        assert (parts, fractions_of(carry)) == expected


@given(years)
def test_every_carry_is_below_one_fen_where_every_part_is_a_fen_or_more(
    history: list[tuple[int, dict[str, int]]],
) -> None:
    carry = None
    for total, register in history:
        parts, carry = split_cumulative(total, register, carry)
        if all(parts[holder] for holder in carry.holders):
            assert all(abs(numerator) < carry.denominator for numerator in carry.numerators)


@given(years, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(history: list[tuple[int, dict[str, int]]], chance: random.Random) -> None:
    carry = shuffled_carry = None
    for total, register in history:
        parts, carry = split_cumulative(total, register, carry)
        rows = list(register.items())
        shuffled, shuffled_carry = split_cumulative(total, dict(chance.sample(rows, len(rows))), shuffled_carry)
        assert list(shuffled.items()) == list(parts.items())
        assert shuffled_carry == carry


def test_ties_go_to_the_lower_number_and_not_to_the_lower_text() -> None:
    assert split_cumulative(1, {"10": 1, "9": 1}, None)[0] == {"9": 1, "10": 0}
    assert split_cumulative(1, {"A10": 1, "A2": 1, "A9": 1}, None)[0] == {"A2": 1, "A9": 0, "A10": 0}


def test_of_equal_remainders_the_higher_number_gives_the_fen_back() -> None:
    # x = 1, 1, −5/4 and 1/4 fen; the missing fen goes to holder 3, who is then at −1, and 1 and 2 are equally near.
    carry = Carry(("1", "2", "3", "10"), (3, 3, -6, 0), 4)
    parts, left = split_cumulative(1, {"1": 1, "2": 1, "3": 1, "10": 1}, carry)
    assert parts == {"1": 1, "2": 0, "3": 0, "10": 0}
    assert left == Carry(("1", "2", "3", "10"), (0, 4, -5, 1), 4)


def test_one_who_gave_a_fen_back_is_a_fen_further_from_the_next() -> None:
    # x = 2, 1.3 and −2.3 fen, so 1 and 2 each give one fen and none gives two.
    parts, left = split_cumulative(1, {"1": 1, "2": 1, "3": 8}, Carry(("1", "2", "3"), (19, 12, -31), 10))
    assert parts == {"1": 1, "2": 0, "3": 0}
    assert left == Carry(("1", "2", "3"), (10, 13, -23), 10)


def test_one_who_alone_has_fen_gives_back_as_many_as_are_needed() -> None:
    before = Carry(("1", "2", "3"), (9, -4, -5), 3)
    assert split_cumulative(0, {"1": 1, "2": 1, "3": 1}, before) == ({"1": 0, "2": 0, "3": 0}, before)


def test_a_seller_stops_earning_at_once_and_his_carry_is_spread_over_those_who_stay() -> None:
    _, carry = split_cumulative(100, {"1": 1, "2": 1, "3": 1}, None)
    assert fractions_of(carry) == {"1": Fraction(-2, 3), "2": Fraction(1, 3), "3": Fraction(1, 3)}
    parts, carry = split_cumulative(99, {"1": 0, "2": 1, "3": 2}, carry)
    assert parts == {"1": 0, "2": 33, "3": 66}
    # 1/3 − 2/3 · 1/3 = 1/9 and 1/3 − 2/3 · 2/3 = −1/9 are less than half of a third: both are rounded to 0.
    assert fractions_of(carry) == {"2": 0, "3": 0}


def test_what_the_leaver_was_owed_goes_to_those_who_stay_by_weight() -> None:
    carry = Carry(("1", "2", "3"), (-90, -9, 99), 100)
    parts, carry = split_cumulative(0, {"1": 90, "2": 10}, carry)
    assert parts == {"1": 0, "2": 0}
    # −0.90 + 0.99 · 0.9 = −0.009 and −0.09 + 0.99 · 0.1 = 0.009, both to the nearest hundredth.
    assert carry == Carry(("1", "2"), (-1, 1), 100)


def test_one_who_left_and_is_not_listed_any_more_is_as_one_with_no_weight() -> None:
    _, carry = split_cumulative(100, {"1": 1, "2": 1, "3": 1}, None)
    listed, after_listed = split_cumulative(50, {"1": 0, "2": 1, "3": 2}, carry)
    gone, after_gone = split_cumulative(50, {"2": 1, "3": 2}, carry)
    assert listed == {"1": 0} | gone
    assert after_listed == after_gone


def test_one_who_comes_back_starts_without_a_carry() -> None:
    _, carry = split_cumulative(100, {"1": 1, "2": 1, "3": 1}, None)
    _, carry = split_cumulative(100, {"1": 0, "2": 1, "3": 1}, carry)
    assert "1" not in carry.holders


# ---------------------------------------------------------------- every small case


def every_state(registers: Sequence[Mapping[str, int]], totals: Sequence[int]) -> Fraction:
    """The worst carry in all that can ever happen with these registers and sums, in any order, however long."""
    seen: set[Carry] = set()
    waiting: list[Carry | None] = [None]
    worst = Fraction(0)
    while waiting:
        carry = waiting.pop()
        for register, total in product(registers, totals):
            parts, left = split_cumulative(total, register, carry)
            assert sum(parts.values()) == total
            assert min(parts.values()) >= 0
            if left not in seen:
                seen.add(left)
                waiting.append(left)
                worst = max(worst, Fraction(max(map(abs, left.numerators)), left.denominator))
                assert worst < 2  # or the search would never end
    return worst


@pytest.mark.parametrize(("holders", "most"), [(2, 4), (3, 4), (4, 2)])
def test_in_every_small_case_without_changes_carries_stay_below_a_fen(holders: int, most: int) -> None:
    for weights in product(range(1, most + 1), repeat=holders):
        assert every_state([dict(zip(HOLDERS, weights, strict=False))], range(13)) < 1


@pytest.mark.parametrize(("holders", "most", "fen"), [(2, 3, 12), (3, 1, 12), (4, 1, 2)])
def test_in_every_small_case_with_any_changes_carries_stay_within_a_fen(holders: int, most: int, fen: int) -> None:
    weights = [weights for weights in product(range(most + 1), repeat=holders) if any(weights)]
    assert every_state([dict(zip(HOLDERS, some, strict=False)) for some in weights], range(fen + 1)) <= 1


def test_in_years_of_a_few_fen_with_a_sale_every_year_carries_stay_within_eleven_tenths() -> None:
    chance = random.Random(283)  # noqa: S311 - the same cases every time
    worst = Fraction(0)
    for _ in range(150):
        register = {holder: chance.randint(1, 10) for holder in HOLDERS}
        carry = None
        for _ in range(40):
            seller, buyer = chance.sample(HOLDERS, 2)
            sold = chance.randint(0, register[seller])
            register[seller] -= sold
            register[buyer] += sold
            parts, carry = split_cumulative(chance.randint(0, 12), register, carry)
            assert min(parts.values()) >= 0
            worst = max(worst, Fraction(max(map(abs, carry.numerators)), carry.denominator))
    assert worst <= Fraction(11, 10)


# ---------------------------------------------------------------- two naive forms, and why they are not the rule


def test_the_running_total_by_todays_weights_would_charge_a_seller() -> None:
    before, after = [500, 500], [0, 1000]
    received = largest_remainder(20 * 10_000, before)
    naive = [due - had for due, had in zip(largest_remainder(21 * 10_000, after), received, strict=True)]
    assert naive == [-100_000, 110_000]

    _, carry = split_cumulative(200_000, {"1": 500, "2": 500}, None)
    assert split_cumulative(10_000, {"1": 0, "2": 1000}, carry)[0] == {"1": 0, "2": 10_000}


def test_ranking_the_running_totals_again_would_ask_a_fen_of_one_who_left() -> None:
    first, second = {"1": 1, "2": 1}, {"1": 0, "2": 1, "9": 4}

    def running(*steps: tuple[int, Mapping[str, int]]) -> dict[str, int]:
        dues = dict.fromkeys(HOLDERS[:3], Fraction(0))
        for total, register in steps:
            for holder, weight in register.items():
                dues[holder] += Fraction(total * weight, sum(register.values()))
        return rounded_by_largest_remainder(dues)

    received = running((1, first))
    assert received == {"1": 1, "2": 0, "9": 0}
    # 1 is due 1/2 for ever; 2 now 1/2 + 1/5 and 9 now 4/5, and both come before him.
    assert running((1, first), (1, second))["1"] - received["1"] == -1

    _, carry = split_cumulative(1, first, None)
    assert split_cumulative(1, second, carry)[0]["1"] == 0


# ---------------------------------------------------------------- per share, and shares with fractions


def test_a_resolved_rate_may_come_to_more_than_the_pool_as_in_beicai() -> None:
    # Beicai: a pool of 47,617.98 yuan, 821 shares, 58 yuan a share.
    amounts, remainder = per_share(5800, [1] * 821, 4_761_798)
    assert sum(amounts) == 4_761_800
    assert remainder == -2


def test_a_rate_below_the_pool_leaves_a_positive_remainder() -> None:
    assert per_share(33, [1, 1, 1], 100) == ([33, 33, 33], 1)


def test_amounts_per_share_are_rounded_half_up_unless_another_mode_is_resolved() -> None:
    shares = [Fraction(1, 2), Fraction(3, 2), Fraction(1, 4), Fraction(0)]
    assert per_share(1, shares, 3) == ([1, 2, 0, 0], 0)
    assert per_share(1, shares, 3, "half even") == ([0, 2, 0, 0], 1)
    assert per_share(1, shares, 3, "down") == ([0, 1, 0, 0], 2)
    assert per_share(1, shares, 3, "up") == ([1, 2, 1, 0], -1)


@given(st.fractions(0, 10**6, max_denominator=1000), st.lists(st.fractions(0, 10**6, max_denominator=100)), sums)
def test_amounts_and_remainder_sum_to_the_total(rate: Fraction, shares: list[Fraction], total: int) -> None:
    amounts, remainder = per_share(rate, shares, total)
    assert sum(amounts) + remainder == total
    assert all(abs(rate * share - amount) <= Fraction(1, 2) for share, amount in zip(shares, amounts, strict=True))


@given(st.lists(st.fractions(0, 10**6, max_denominator=100), max_size=6))
def test_weights_keep_the_exact_proportions_of_shares(shares: list[Fraction]) -> None:
    weights = as_weights(shares)
    assert all(type(weight) is int for weight in weights)
    assert [weight * sum(shares) for weight in weights] == [share * sum(weights) for share in shares]


def test_labour_years_with_decimals_become_whole_weights() -> None:
    assert as_weights([Fraction("12.5"), 3, Fraction("0.25")]) == [50, 12, 1]
    assert as_weights([4, 6]) == [4, 6]
    assert as_weights([]) == []
