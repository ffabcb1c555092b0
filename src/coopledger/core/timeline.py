"""Timelines: how something changed, field by field, by the day from which each change holds.

A change that is recorded late takes its place by its day: what it does not touch stays as later changes left it.
Of two changes on one day the later recorded one wins.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from coopledger.core.journal import Facts, check_date


class Change(NamedTuple):
    """The fields that changed, the day from which that holds, and the number of the record that says so."""

    effective_on: date
    seq: int
    fields: Facts


Timeline = Sequence[Change]
"""Changes by day, then number."""


def timeline(changes: Iterable[Change]) -> Timeline:
    """The changes in their order."""
    found = [*changes]
    return sorted(found, key=itemgetter(0, 1)) if len(found) > 1 else found


def state(changes: Timeline, on: date | None = None) -> dict[str, Any]:
    """The fields as they stand on a day (after everything, if none is given); empty before the first change.

    Raises EntryError for a day that is no date.

    >>> line = [Change(date(2026, 1, 1), 3, {"par": 100, "name": "cash"}), Change(date(2027, 1, 1), 9, {"par": 120})]
    >>> state(line, date(2026, 6, 1)), state(line, date(2025, 1, 1))
    ({'par': 100, 'name': 'cash'}, {})
    """
    if on is not None:
        check_date(on)
    found: dict[str, Any] = {}
    for one in changes:
        if on is not None and one.effective_on > on:
            break
        found.update(one.fields)
    return found


def latest(changes: Timeline, name: str, on: date | None = None) -> Any:  # noqa: ANN401 - whatever a field says
    """One field as it stands on a day (after everything, if none is given); None if nothing has said it.

    >>> line = [Change(date(2026, 1, 1), 3, {"par": 100, "name": "cash"}), Change(date(2027, 1, 1), 9, {"par": 120})]
    >>> latest(line, "par", date(2026, 6, 1)), latest(line, "name"), latest(line, "name", date(2025, 1, 1))
    (100, 'cash', None)
    """
    if on is not None and type(on) is not date:
        check_date(on)
    for one in reversed(changes):
        if name in one.fields and (on is None or one.effective_on <= on):
            return one.fields[name]
    return None


def days(changes: Timeline, since: date | None = None) -> list[date]:
    """The days on which something changed, from a day on, each once, in order."""
    found = {one.effective_on for one in changes if since is None or one.effective_on >= since}
    return sorted(found) if len(found) > 1 else [*found]
