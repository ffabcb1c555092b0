"""Timelines: one field as it stands on a day, and all of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.timeline import Change, latest, state, timeline
from coopledger.errors import EntryError

_days = st.dates(date(2026, 1, 1), date(2026, 1, 5))
_changes = st.lists(st.tuples(_days, st.dictionaries(st.sampled_from("ab"), st.integers(0, 3) | st.none())))


@given(_changes, st.none() | _days)
def test_one_field_stands_as_it_does_among_all(changes: list[tuple[date, dict[str, int | None]]], on: date) -> None:
    line = timeline(Change(day, seq, fields) for seq, (day, fields) in enumerate(changes, 1))
    for name in "abc":
        assert latest(line, name, on) == state(line, on).get(name)


def test_a_day_is_a_date() -> None:
    with pytest.raises(EntryError, match="a date is expected"):
        latest([], "par", "2026-01-01")  # type: ignore[arg-type]
