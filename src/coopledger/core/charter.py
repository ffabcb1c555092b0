"""The charter: whose book it is, and the policies that its rules of membership follow.

A policy is a presetting of a law and belongs to the book: it can be changed from a day on, with a resolution.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from coopledger.core.accounts import OPENING, Account, Denomination, opening
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import TRANSIT, Decision, Entry, View
from coopledger.core.quantity import CURRENCIES
from coopledger.core.timeline import Change, state, timeline
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

BOOK = "book"
"""The kind of records that found a book or change its policies."""

HOLDER, UNISSUED, POOL = "holder", "unissued", "holder/pool"
"""Where shares stand: with holders (``holder/0042``), not issued yet, in the pool of those eligible on the day."""

MU = Denomination("mu", "亩", 2)
"""Land, in hundredths of a mu: a memo unit, so that land without a value is held as well."""


class Charter(NamedTuple):
    """The policies of a book.

    - ``notice_months``, ``notice_months_institution``: how long before the day on which membership ends notice is
      given;
    - ``ends_at_year_end``: membership ends with the accounting year, and not on any day;
    - ``votes``: one vote each member, or one each whole share of a voting class;
    - ``extra_votes``: at most this part of the members' own votes may be given to some on top.
    """

    law: str
    notice_months: int = 0
    notice_months_institution: int = 0
    ends_at_year_end: bool = False
    votes: Literal["member", "share"] = "member"
    extra_votes: Fraction = Fraction(0)


SPECIALISED = Charter("农民专业合作社法", 3, 6, ends_at_year_end=True, extra_votes=Fraction(1, 5))
"""农民专业合作社法 22 (extra votes at most 20 %) and 25 (notice of three months, institutions six, before the end of
the accounting year, with which membership ends)."""

COLLECTIVE = Charter("农村集体经济组织法")
"""农村集体经济组织法 26, 27: one member, one vote. It sets no notice for leaving."""


class Book(NamedTuple):
    """A cooperative's book: its name, its currency, the charts of accounts in use, its charter."""

    name: str
    currency: str
    charts: tuple[str, ...]
    charter: Charter


def found(
    name: str,
    charter: Charter = SPECIALISED,
    *,
    effective_on: date,
    booked_on: date | None = None,
    charts: Iterable[str] = (),
    accounts: Iterable[Account] = (),
    denominations: Iterable[Denomination] = (),
    currency: str = "CNY",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Found a book: open the register's accounts, the currency and mu of land, and say whose book it is.

    ``accounts`` are those of the chart, whose code ``charts`` names. Raises RegisterError if the book is founded
    already, or the name is empty.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> founding = found("示例村股份经济合作社", COLLECTIVE, effective_on=date(2026, 1, 1))
    >>> [one.kind for one in journal.append(founding, key="founding", actor="accountant")]
    ['opening', 'book']
    >>> with journal.read() as view:
    ...     book(view).charter.law
    '农村集体经济组织法'
    """
    fields = {
        "name": name,
        "currency": currency,
        "charts": [*charts],
        "charter": {**charter._asdict(), "extra_votes": str(charter.extra_votes)},
    }
    own = [
        Account(HOLDER, "股东持有", "debit"),
        Account(UNISSUED, "未发行股份"),
        Account(TRANSIT, "过渡"),
    ]
    opened = opening(
        [Denomination(currency, currency, CURRENCIES[currency].digits), MU, *denominations], [*own, *accounts]
    )
    booked_on = booked_on or effective_on
    facts = {"set": fields, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        if not name.strip():
            raise RegisterError(Message("{seen}: a name of the cooperative is expected", seen=printable(repr(name))))
        if next(view.records(BOOK), None) is not None:
            raise RegisterError(Message("this book is founded already: it is {name}'s", name=book(view).name))
        return [Entry(OPENING, effective_on, booked_on, opened), Entry(BOOK, effective_on, booked_on, facts)]

    return decide


def change_charter(
    charter: Charter,
    *,
    name: str | None = None,
    effective_on: date,
    booked_on: date | None = None,
    resolution: Resolution,
    documents: Iterable[Document] = (),
) -> Decision:
    """Change the policies of a book, or the cooperative's name, from a day on, by a resolution.

    Both are the members' to decide (农村集体经济组织法 26; 农民专业合作社法 29).
    """
    fields: dict[str, Any] = {"charter": {**charter._asdict(), "extra_votes": str(charter.extra_votes)}}
    if name is not None:
        fields["name"] = name
    facts = {"set": fields, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        book(view, effective_on)
        return [Entry(BOOK, effective_on, booked_on or effective_on, facts)]

    return decide


def book(view: View, on: date | None = None) -> Book:
    """Whose book it is, and its charter as of a day. Raises RegisterError if it was not founded by then."""
    changes = timeline(Change(one.effective_on, one.seq, one.facts["set"]) for one in view.records(BOOK))
    fields: dict[str, Any] = state(changes, on)
    if not fields:
        raise RegisterError(Message("the book is not founded on {day}: found it first", day=on or "-"))
    charter = fields["charter"]
    return Book(
        fields["name"],
        fields["currency"],
        tuple(fields["charts"]),
        Charter(**{**charter, "extra_votes": Fraction(charter["extra_votes"])}),
    )
