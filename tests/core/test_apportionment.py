"""Apportionment: whose part of a household's holding is whose."""

import pytest

from coopledger.core.apportionment import apportion, apportioned
from coopledger.core.movement import issue
from coopledger.errors import RegisterError
from tests.core.village import FOUNDED, JUNE, MAY, given, village


def test_a_household_says_whose_part_is_whose_and_what_came_since_is_a_rest() -> None:
    made = given(village(), "member", h17=4)
    assert apportioned(made.view, "member", "17") == ({}, 4)
    made.do(apportion("member", "17", {"0041": 1, "0042": 1, "0043": 2}, effective_on=MAY))
    made.do(issue("member", to="17", shares=1, effective_on=JUNE, reason="ruling"))
    assert apportioned(made.view, "member", "17", MAY) == ({"0041": 1, "0042": 1, "0043": 2}, 0)
    assert apportioned(made.view, "member", "17", JUNE) == ({"0041": 1, "0042": 1, "0043": 2}, 1)
    assert apportioned(made.view, "member", "17", FOUNDED) == ({}, 4)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"0041": 3}, "parts of 3 of member in sum: household 17 holds 4 on 2026-05-01"),
        ({"0041": 5, "0042": -1}, "parts of 4 of member in sum"),
        ({"0051": 4}, "0051 do not live in household 17 on 2026-05-01: 0041, 0042, 0043 do"),
    ],
)
def test_parts_that_are_not_the_whole_or_a_strangers_are_refused(parts: dict[str, int], words: str) -> None:
    made = given(village(), "member", h17=4)
    with pytest.raises(RegisterError, match=words):
        made.do(apportion("member", "17", parts, effective_on=MAY))
