"""Past dividends: what holders got of years before the book was kept, as facts without postings.

The money was paid then, by books that were kept elsewhere: nothing of it is payable here, and no account has it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

from coopledger.core.balances import printed
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.contribution import not_reversed
from coopledger.core.journal import LARGEST_QUANTITY, Decision, Entry, View, check_date, shown
from coopledger.core.people import by_number
from coopledger.core.register import register
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

PAST_DIVIDENDS = "past-dividends"
"""The kind of records that say what holders got of a year before the book was kept."""

_AT_ONCE = 200
"""How many holders one record names at most, for a record is read whole."""


class PastDividend(NamedTuple):
    """What a holder got of a year, in fen, and the record that says so."""

    year: int
    fen: int
    seq: int


def note_past_dividends(
    year: int,
    amounts: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Say what holders got of a year before the book was kept: ``{number: fen}``. Nothing is booked.

    The statement of a holder's dividends shows it as a note. A record of them that was a mistake is taken back.

    Raises RegisterError for a year after the day, an amount that is no whole number of fen above 0, somebody who is
    not in the register on the day, and somebody for whom the year is noted already.

    >>> past = note_past_dividends(2024, {"0042": 58_00}, effective_on=date(2026, 1, 1))
    """
    if type(year) is not int or not 1900 <= year <= 2999:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(year)))
    check_date(effective_on)
    given = by_number(amounts)
    for number, fen in given.items():
        if type(fen) is not int or not 0 < fen <= LARGEST_QUANTITY:
            raise RegisterError(
                Message(
                    "{name}: {account}: {seen}: a whole number (int) of fen above 0 is expected",
                    name="amounts",
                    account=printable(number),
                    seen=shown(fen),
                )
            )
    if not given:
        raise RegisterError(Message("{name}: nobody: a holder's number and his fen are expected", name="amounts"))
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        if year > effective_on.year:
            raise RegisterError(
                Message("{year} lies after {day}: what is paid from then on is a run's", year=year, day=effective_on)
            )
        _check_not_noted(view, year, given, effective_on)
        rest = iter(given.items())
        facts = []
        while part := dict(islice(rest, _AT_ONCE)):
            facts.append({"year": year, "amounts": part, **cites})
        return [Entry(PAST_DIVIDENDS, effective_on, booked_on or effective_on, one) for one in facts]

    return decide


def past_dividends(view: View, on: date | None = None) -> dict[str, list[PastDividend]]:
    """What holders got before the book was kept, by number, the earliest year first; without what was taken back.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> founding = in_turn(found("示例村合作社", effective_on=day), admit(Joiner("0042"), effective_on=day))
    >>> _ = journal.append(founding, key="founding", actor="accountant")
    >>> past = note_past_dividends(2024, {"0042": 58_00}, effective_on=day)
    >>> _ = journal.append(past, key="past", actor="accountant")
    >>> with journal.read() as view:
    ...     past_dividends(view)
    {'0042': [PastDividend(year=2024, fen=5800, seq=4)]}
    """
    if on is not None:
        check_date(on)
    found: dict[str, list[PastDividend]] = {}
    for record in not_reversed(view, [*view.records(PAST_DIVIDENDS)]):
        if on is None or record.effective_on <= on:
            for number, fen in record.facts["amounts"].items():
                found.setdefault(number, []).append(PastDividend(record.facts["year"], fen, record.seq))
    return {number: sorted(rows) for number, rows in sorted(found.items())}


def _check_not_noted(view: View, year: int, given: Mapping[str, int], on: date) -> None:
    """Raise RegisterError for somebody who is not in the register, or for whom the year is noted."""
    now, noted = register(view, on), past_dividends(view)
    for number in given:
        if number not in now.members and number not in now.households:
            raise RegisterError(Message("{number} is not in the register on {day}", number=printable(number), day=on))
        for one in noted.get(number, ()):
            if one.year == year:
                raise RegisterError(
                    Message(
                        "{number}: the dividend of {year}, {fen} yuan, is noted in record {seq} already",
                        number=number,
                        year=year,
                        fen=printed(one.fen, 2),
                        seq=one.seq,
                    )
                )
