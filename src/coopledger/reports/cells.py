"""Cells: how money, shares, parts of a whole, reasons and documents stand in the tables about a book."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import reduce

from coopledger.core.capital import InWords
from coopledger.core.chart import MEMO, MONEY, Charts, Words
from coopledger.core.charter import HOLDER, MU
from coopledger.core.contribution import ENDED
from coopledger.core.journal import Facts, View
from coopledger.core.passing import REVERSAL, REVERSES
from coopledger.core.quantity import Number, decimal
from coopledger.core.rounding import divide
from coopledger.core.share_class import ShareClass, classes
from coopledger.core.table import Column, Text
from coopledger.core.timeline import Timeline, state
from coopledger.core.wording import words
from coopledger.text import Message, printable, said

YUAN = Message("yuan")
"""The unit of a column of money."""

IN_YUAN = Message("amounts are in yuan")
"""The note that says so where units of columns are not printed."""

PERCENT_ROUNDED = Message("each percentage is rounded half up to four decimals by itself; together they may miss 100")


def money(heading: Text) -> Column:
    """A column of money.

    >>> money("debit").number
    True
    """
    return Column(heading, YUAN, number=True)


def count(heading: Text) -> Column:
    """A column of numbers without a unit.

    >>> count("record").number
    True
    """
    return Column(heading, number=True)


def yuan(fen: Number) -> str:
    """An amount in fen as it is printed; a part of a fen is shown, not rounded.

    >>> yuan(123456), yuan(-5)
    ('1,234.56', '-0.05')
    """
    return decimal(Fraction(fen) / 100, 2)


def clauses(said: Sequence[Message]) -> Text:
    """Clauses, one after the other, with a semicolon between.

    >>> print(clauses([Message("none"), Message("total")]))
    none; total
    """
    if not said:
        return ""
    return reduce(lambda first, after: Message("{first}; {changes}", first=first, changes=after), said)


def in_words(fen: int) -> Message:
    """An amount in words (大写).

    >>> in_words(1_409_50).say("zh")
    '壹仟肆佰零玖元伍角整'
    """
    return Message("{shown}", shown=InWords(fen))


def class_name(view: View, code: str) -> Text:
    """A class of shares as its reader knows it: in English by its code, in Chinese by its name, with the code.

    >>> from coopledger.core.share_class import open_class, preset
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> land = open_class(preset("land"), effective_on=date(2026, 1, 1))
    >>> _ = journal.append(land, key="land", actor="accountant")
    >>> with journal.read() as view:
    ...     str(class_name(view, "land")), class_name(view, "land").say("zh"), class_name(view, "hill")
    ('land', '土地股（land）', 'hill')
    """
    changes = classes(view).get(code)
    name = printable(str(state(changes).get("name", ""))) if changes else ""
    return Message("{shown}", shown=Words(code, f"{name}（{code}）")) if name not in {"", code} else code


def named(one: ShareClass) -> Text:
    """A class of shares by its name, with its code, where that is not its name.

    >>> from coopledger.core.share_class import preset
    >>> print(named(preset("land")))
    土地股 (land)
    >>> print(named(preset("land")._replace(code="土地股")))
    土地股
    """
    name = printable(one.name)
    return name if name == one.code else Message("{name} ({cls})", name=name, cls=one.code)


def place_called(known: Charts, account: str, on: date) -> Message:
    """An account of a posting: in English its code; in Chinese a holder by his number, another by its name.

    >>> from coopledger.core.accounts import NOTHING
    >>> from coopledger.core.chart import C2023
    >>> known = Charts(((date(2024, 1, 1), C2023),), NOTHING)
    >>> bank = place_called(known, "c2023:102", date(2026, 1, 1))
    >>> str(bank), bank.say("zh"), place_called(known, "holder/17/pledged", date(2026, 1, 1)).say("zh")
    ('c2023:102', '102 银行存款', '17（质押）')
    """
    first, _, rest = account.partition("/")
    if first == HOLDER:
        number, _, part = rest.partition("/")
        name = f"{number}（{said(words(part), 'zh')}）" if part else number
    else:
        code = first.rpartition(":")[2] if ":" in first else ""
        name = " ".join(one for one in (code, known.called(account, on).zh) if one)
    return Message("{shown}", shown=Words(account, name))


def unit_called(known: Charts, denomination: str) -> Message:
    """The unit of a posting: its code; in Chinese money and memo units by their names, a class by its code.

    >>> from coopledger.core.accounts import NOTHING
    >>> str(unit_called(Charts((), NOTHING), "land")), unit_called(Charts((), NOTHING), "land").say("zh")
    ('land', 'land')
    """
    counts = denomination in {MONEY, MU.code} or denomination.startswith(MEMO)
    name = known.ground.denominations[denomination].name if counts else denomination
    return Message("{shown}", shown=Words(denomination, name))


def shares(units: Number, digits: int) -> str:
    """A number of smallest units as whole shares with the class's decimals; a part of a unit as a fraction.

    >>> shares(1250, 2), shares(Fraction(100, 3), 0)
    ('12.50', '100/3')
    """
    return decimal(Fraction(units) / 10**digits, digits)


def percentage(part: Fraction) -> str:
    """A part of a whole in percent, rounded half up to four decimals.

    >>> percentage(Fraction(2, 3)), percentage(Fraction(1))
    ('66.6667', '100.0000')
    """
    return decimal(Fraction(divide(part.numerator * 10**6, part.denominator), 10**4), 4)


def moment(at: datetime) -> str:
    """A time as it is printed: that of this place, with its distance from UTC, to the second.

    >>> len(moment(datetime.fromisoformat("2026-03-01T12:00:00+00:00")))
    25
    """
    return at.astimezone().isoformat(" ", "seconds")


def digits_of(changes: Timeline, on: date, seq: int) -> int:
    """How many decimals a class had in a record: what the record counts is in the unit of its time.

    >>> from coopledger.core.timeline import Change
    >>> finer = (Change(date(2026, 1, 1), 3, {"digits": 0}), Change(date(2026, 6, 1), 9, {"digits": 2}))
    >>> digits_of(finer, date(2026, 3, 1), 5), digits_of(finer, date(2026, 7, 1), 10)
    (0, 2)
    """
    known = [
        one.fields["digits"] for one in changes if (one.effective_on, one.seq) <= (on, seq) and "digits" in one.fields
    ]
    return int(known[-1] if known else changes[0].fields["digits"])


def happened(what: Text, kind: str, facts: Facts) -> Text:
    """What a record did, in the words for its kind; of a reversal also which record it takes back.

    >>> print(happened(words("reversal"), "reversal", {"reverses": 12}))
    reversal of record 12
    """
    if kind == REVERSAL and REVERSES in facts:
        return Message("{what} of record {seq}", what=what, seq=facts[REVERSES])
    return what


def reason(facts: Facts) -> Text:
    """Why a record was written: in words where it is one of the known reasons, else as somebody wrote it.

    Of a right that goes back before its term nobody leaves the cooperative.

    >>> print(reason({"reason": "sale"}), reason({"reason": "2 mu of land"}))
    sale 2 mu of land
    >>> print(reason({"reason": "withdrawal"}), reason({"reason": "withdrawal", "ended": "G1"}), sep=", ")
    withdrawal, withdrawal of the contribution
    """
    said = str(facts.get("reason", ""))
    if said == "withdrawal" and facts.get(ENDED):
        return Message("withdrawal of the contribution")
    known = words(said)
    return known if isinstance(known, Message) else said


def documents(facts: Facts) -> Text:
    """What a record cites: the names and pages of documents, the resolution.

    >>> str(documents({"documents": [{"name": "minutes.pdf", "pages": "1-2"}], "resolution": {"number": "2026-1"}}))
    'minutes.pdf 1-2, resolution 2026-1'
    """
    papers = facts.get("documents")
    found: list[Text] = [
        " ".join(str(one[name]) for name in ("name", "pages") if name in one)
        for one in (papers if isinstance(papers, list) else [])
        if isinstance(one, Mapping)
    ]
    resolution = facts.get("resolution")
    if isinstance(resolution, Mapping):
        found.append(Message("resolution {number}", number=resolution.get("number", "-")))
    return Message("{cited}", cited=found) if found else ""
