"""What the options of ``coopledger book`` accept: days, amounts, shares, documents, resolutions.

Each is a type of click's. A value that is none is refused with what was seen and what would be accepted, in the
reader's language.
"""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, NamedTuple

import click

from coopledger.cli.language import spoken
from coopledger.core.citation import MEETING_WORDS, Document, Resolution
from coopledger.core.journal import FIRST_DAY, LAST_DAY, Head
from coopledger.core.quantity import CURRENCIES, PLAIN, Number, quantity, rate, unit
from coopledger.core.wording import reason_of
from coopledger.errors import CoopledgerError
from coopledger.text import Language, Message, printable, translated

ALL = "all"
"""The word for everything that somebody holds."""

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{4})年(\d{1,2})月(\d{1,2})日?")
_VOTES = re.compile(r"(\d{1,15})/(\d{1,15})/(\d{1,15})(?:/(\d{1,15}))?")
_NOTHING = re.compile(r"0+(\.0+)?\s*元?")
_FRACTION = re.compile(r"[.,]\d")
_LONGEST_NUMBER = 30
_YUAN, _SHARE, _MU = CURRENCIES["CNY"].unit, unit("share"), unit("mu")


class Refused(click.BadParameter):
    """A value that is not accepted; ``said`` says why in the reader's language."""

    def __init__(self, said: Message) -> None:
        super().__init__(str(said))
        self.said = said


class Read(click.ParamType[Any]):
    """A type that a function reads from text; what the function refuses is refused in its words."""

    def __init__(self, name: str, reads: Callable[[str], object]) -> None:
        self.name = name
        self._reads = reads

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:  # noqa: ARG002 - click's signature
        """What stands for the value in the help: the name of the type, or an example as it is written."""
        return self.name if "=" in self.name and "[" not in self.name else None

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> Any:  # noqa: ANN401
        """The value that the text means."""
        if not isinstance(value, str):
            return value
        try:
            return self._reads(value)
        except CoopledgerError as error:
            raise Refused(self._without_name(value) or error.message) from None

    def _without_name(self, seen: str) -> Message | None:
        """That one value is expected, if what was typed is one with a name before it, such as ``surplus=20%``."""
        _, sign, bare = _plain(seen).rpartition("=")
        if not sign or self.name not in _OF_ONE:
            return None
        try:
            self._reads(bare)
        except CoopledgerError:
            return None
        return Message(
            "{seen}: one value is expected, without a name before it: {bare}", seen=_shown(seen), bare=printable(bare)
        )


_OF_ONE = ("yuan", "part", "shares")
"""The names of types that are one quantity."""


class Choice(NamedTuple):
    """A word that is accepted, and what it is in the catalogue of messages, by which its Chinese is known."""

    word: str
    template: str

    def say(self, language: Language) -> str:
        """The word; for a reader of Chinese also in Chinese."""
        chinese = translated(self.template, language)
        return self.word if chinese in {self.word, self.template} else f"{chinese}（{self.word}）"


class OneOf(click.Choice[str]):
    """One of some words; a word of two parts may be written with a hyphen: ``household-division``.

    Its Chinese, as the tables print it, is accepted in any language. ``says`` has another name for a word than itself.
    """

    def __init__(self, words: Iterable[str], says: Mapping[str, str] | None = None) -> None:
        self._words = {one.replace(" ", "-"): one for one in words}
        self._choices = [Choice(word, (says or {}).get(one, one)) for word, one in self._words.items()]
        super().__init__([*self._words])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """What stands for the value in the help: the words, for a reader of Chinese also in Chinese."""
        if spoken() == "en":
            return super().get_metavar(param, ctx)
        return f"[{'|'.join(one.say(spoken()) for one in self._choices)}]"

    def convert(self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None) -> str:  # noqa: ANN401
        """The word as the library says it."""
        word = str(value).strip().replace(" ", "-")
        if word not in self._words:
            word = meant(str(value), self._choices)
        return self._words[word]


class Pair(NamedTuple):
    """What ``NAME=VALUE`` says."""

    name: str
    value: Any


def check_once(values: Iterable[object]) -> None:
    """Refuse a name that is given two values."""
    names = Counter(one.name for one in values if isinstance(one, Pair))
    for name, count in names.items():
        if count > 1:
            raise Refused(Message("{name} stands {count} times: once is expected", name=printable(name), count=count))


def meant(seen: str, choices: Sequence[Choice]) -> str:
    """The word that is meant by itself or by its Chinese. Raises Refused for what means none of them, or several.

    >>> meant("出售", [Choice("sale", "sale"), Choice("gift", "gift")])
    'sale'
    """
    text = _plain(seen)
    found = [one.word for one in choices if text in {one.word, translated(one.template, "zh")}]
    if len(found) != 1:
        raise Refused(Message("{seen}: one of {accepted} is accepted", seen=_shown(seen), accepted=[*choices]))
    return found[0]


CASH = Message("cash in hand")
"""What the purpose ``cash`` of an account is called, whatever its name in a chart is."""

_MORE = (
    Message("specialised"),
    Message("share"),
    Message("anyone"),
    Message("nobody"),
    Message("subscribed"),
    Message("paid-in"),
    Message("refund"),
    Message("keep"),
    Message("static"),
    Message("dynamic"),
    Message("month"),
    Message("months"),
    Message("days"),
    Message("third party"),
    Message("agreed price"),
    Message("bank"),
    Message("subsidy"),
    Message("right only"),
    Message("right and money"),
)
"""Words that are accepted and that no table prints."""

_MEETINGS = [Choice(word, name.template) for word, name in MEETING_WORDS.items()]


# ---------------------------------------------------------------- readers


def read_day(seen: str) -> date:
    """A day, as ISO or in Chinese.

    >>> read_day("2026-03-01") == read_day("２０２６年3月1日")
    True
    """
    match = _DAY.fullmatch(_plain(seen))
    try:
        day = date(*[int(one) for one in match.groups() if one is not None]) if match else _no_day(seen)
    except ValueError:
        return _no_day(seen)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CoopledgerError(
            Message(
                "{seen}: a day from {first} to {last} is expected", seen=_shown(seen), first=FIRST_DAY, last=LAST_DAY
            )
        )
    return day


def read_known(seen: str) -> int | datetime:
    """A record's number, a time, or a day, which means its end; without a zone, the time of this place.

    A second means its end too, as the tables print it: a part of it is not printed.

    >>> read_known("12"), read_known("2026-03-01T12:00:05").microsecond
    (12, 999999)
    """
    text = _plain(seen)
    if text.isdecimal() and len(text) <= _LONGEST_NUMBER:
        return int(text)
    if _DAY.fullmatch(text):
        return datetime.combine(read_day(text), time.max).astimezone()
    try:
        time_of_day = datetime.fromisoformat(text)
        if not _FRACTION.search(text):
            time_of_day = time_of_day.replace(microsecond=999_999)
        return time_of_day.astimezone()
    except (ValueError, OverflowError):  # OverflowError: a time before the calendar begins, here or in its zone
        raise CoopledgerError(
            Message(
                "{seen}: a record's number (12), a day (2026-03-01) or a time (2026-03-01T12:00) is expected",
                seen=_shown(seen),
            )
        ) from None


def read_fen(seen: str) -> int:
    """An amount of money above 0, in fen; a plain number is yuan.

    >>> read_fen("1万元"), read_fen("12.5")
    (1000000, 1250)
    """
    amount = quantity(seen)
    fen = Fraction(amount.value) * 100
    if amount.unit not in (PLAIN, _YUAN) or fen.denominator != 1 or fen < 1:
        raise CoopledgerError(
            Message("{seen}: an amount of yuan above 0, to the fen, is expected: 1200, 12.50, 1万元", seen=_shown(seen))
        )
    return fen.numerator


def read_fen_or_none(seen: str) -> int:
    """An amount of money, or 0 for none.

    >>> read_fen_or_none("0元"), read_fen_or_none("0.00"), read_fen_or_none("12.5")
    (0, 0, 1250)
    """
    return 0 if _NOTHING.fullmatch(_plain(seen)) else read_fen(seen)


def read_surplus(seen: str) -> int:
    """What a year brought, above 0, in fen; of a loss its amount, which an option of its own says to be one.

    >>> read_surplus("8万")
    8000000
    """
    if _NOTHING.fullmatch(_plain(seen)) or _plain(seen).startswith("-"):
        raise CoopledgerError(no_surplus(seen))
    return read_fen(seen)


def no_surplus(seen: str) -> Message:
    """Why 0 or less is not what a year brought, and how a loss is said."""
    return Message("{seen}: more than 0 is expected: of a loss its amount, with --loss", seen=printable(seen)[:80])


def read_fen_either_way(seen: str) -> int:
    """An amount of money in fen; with a minus before it, below 0: what an account has in credit.

    >>> read_fen_either_way("-1万元"), read_fen_either_way("12.5")
    (-1000000, 1250)
    """
    text = _plain(seen)
    return -read_fen(text[1:]) if text.startswith("-") else read_fen(text)


def read_shares(seen: str) -> Number:
    """A number of shares above 0.

    >>> read_shares("1万股"), read_shares("2.5")
    (10000, Fraction(5, 2))
    """
    amount = None if _is_all(seen) else quantity(seen)
    if amount is None or amount.unit not in (PLAIN, _SHARE) or amount.value <= 0 or "%" in _plain(seen):
        raise CoopledgerError(
            Message("{seen}: a number of shares above 0 is expected: 500, 2.5, 1万", seen=_shown(seen))
        )
    return amount.value


def read_shares_or_all(seen: str) -> Number | None:
    """A number of shares, or None for all of them."""
    return None if _is_all(seen) else read_shares(seen)


def _is_all(seen: str) -> bool:
    return _plain(seen).lower() in (ALL, "全部")


def read_reason(seen: str) -> str:
    """Why, in one's own words; a word that stands for a reason that the verbs know is read as that one.

    >>> read_reason("更正"), read_reason("村民要求")
    ('correction', '村民要求')
    """
    return reason_of(seen)


def read_area(seen: str) -> Number:
    """An area in mu.

    >>> read_area("3.37亩")
    Fraction(337, 100)
    """
    amount = quantity(seen)
    if amount.unit not in (PLAIN, _MU) or amount.value <= 0:
        raise CoopledgerError(Message("{seen}: an area in mu above 0 is expected: 3.37, 3.37亩", seen=_shown(seen)))
    return amount.value


def read_factor(seen: str) -> Number:
    """A factor above 0: ``10``, ``2/3``, ``1.5``."""
    amount = quantity(seen)
    if amount.unit != PLAIN or amount.value <= 0 or "%" in _plain(seen):
        raise CoopledgerError(Message("{seen}: a number above 0 is expected: 10, 1.5, 2/3", seen=_shown(seen)))
    return amount.value


def read_part(seen: str) -> Fraction:
    """A part of something: ``3%``, ``1/5``."""
    amount = rate(seen)
    if amount.unit != PLAIN or not 0 <= amount.value <= 1:
        raise CoopledgerError(Message("{seen}: a part is expected: 3%, 1/5", seen=_shown(seen)))
    return Fraction(amount.value)


def read_cap(seen: str) -> Pair:
    """The most that one holder may have: a ``part`` of the class (``3%``) or a number of ``shares``."""
    return Pair("part", read_part(seen)) if "%" in _plain(seen) else Pair("shares", read_shares(seen))


def read_resolution(seen: str) -> Resolution:
    """What a meeting decided: its number, the meeting, the day, entitled/present/for/against.

    >>> read_resolution("2026-3,成员大会,2026-03-01,300/240/220/3")[1:6]
    ('members', datetime.date(2026, 3, 1), 300, 240, 220)
    """
    parts = [one.strip() for one in unicodedata.normalize("NFKC", seen).split(",")]
    votes = _VOTES.fullmatch(parts[-1].replace(" ", ""))
    if len(parts) != 4 or votes is None or not parts[0] or not parts[1]:
        raise CoopledgerError(
            Message(
                "{seen}: NUMBER,MEETING,DAY,ENTITLED/PRESENT/FOR/AGAINST is expected, such as "
                "2026-3,members,2026-03-01,300/240/220/3",
                seen=_shown(seen),
            )
        )
    meeting = meant(parts[1], _MEETINGS)
    return Resolution(parts[0], meeting, read_day(parts[2]), *[int(one or 0) for one in votes.groups()])


def read_document(seen: str) -> Document:
    """A document by its file, with its pages behind a colon if they are given: ``contract.pdf:1-3``."""
    from coopledger.files.documents import cite

    path, colon, pages = seen.rpartition(":")
    if colon and not os.path.exists(seen) and os.path.exists(path):
        return cite(path, _plain(pages))
    return cite(seen)


def read_new_heads(seen: str) -> str | Pair:
    """The next head of a household, by the number alone, or after the household and an equals sign.

    >>> read_new_heads("0043"), read_new_heads("17=0043")
    ('0043', Pair(name='17', value='0043'))
    """
    household, sign, head = (one.strip() for one in _plain(seen).partition("="))
    if not household or (sign and not head) or "=" in head:
        raise CoopledgerError(
            Message(
                "{seen}: the number of the next head (0043) is expected, or household=number (17=0043)",
                seen=_shown(seen),
            )
        )
    return Pair(household, head) if sign else household


def read_new_head(seen: str) -> str:
    """The next head of the one household that is concerned, by his number."""
    if not seen.strip() or "=" in seen:
        raise CoopledgerError(Message("{seen}: the number of the next head alone is expected: 0043", seen=_shown(seen)))
    return seen


def read_account(seen: str) -> str:
    """An account by one of its names; only its book knows which it is.

    >>> read_account("银行存款"), read_account("c2023：102")
    ('银行存款', 'c2023:102')
    """
    return _plain(seen)


def pair(reads: Callable[[str], object], example: str) -> Read:
    """A type of ``NAME=VALUE``."""

    def read(seen: str) -> Pair:
        name, sign, value = _plain(seen).partition("=")
        if not sign or not name.strip() or not value.strip():
            raise CoopledgerError(
                Message(
                    "{seen}: a name, an equals sign and a value are expected: {example}",
                    seen=_shown(seen),
                    example=example,
                )
            )
        return Pair(name.strip(), reads(value.strip()))

    return Read(example, read)


DAY = Read("day", read_day)
KNOWN = Read("record, day or time", read_known)
FEN = Read("yuan", read_fen)
SHARES = Read("shares", read_shares)
SHARES_OR_ALL = Read("shares", read_shares_or_all)
REASON = Read("text", read_reason)
AREA = Read("mu", read_area)
FACTOR = Read("factor", read_factor)
PART = Read("part", read_part)
CAP = Read("part or shares", read_cap)
NEW_HEAD = Read("number", read_new_head)
NEW_HEADS = Read("[household=]number", read_new_heads)
ACCOUNT = Read("account", read_account)
GIVEN = pair(read_fen_either_way, "fixed-asset=30万元")
PAID = pair(read_fen_or_none, "reserve=1200")
BANK_OR_CASH = OneOf(["bank", "cash"], {"cash": CASH.template})
ENTERED = pair(read_fen, "bank=1200")
ACCOUNTS = (ACCOUNT, GIVEN, PAID, ENTERED)
"""The types of what names accounts."""
ANCHOR = Read("number:hash", Head.parse)
RESOLUTION = Read("number,meeting,day,votes", read_resolution)
DOCUMENT = Read("file[:pages]", read_document)


def _no_day(seen: str) -> date:
    raise CoopledgerError(Message("{seen} is no day: write 2026-03-01 or 2026年3月1日", seen=_shown(seen)))


def _plain(seen: str) -> str:
    return unicodedata.normalize("NFKC", seen).strip()


def _shown(seen: str) -> str:
    return printable(repr(seen))[:80]
