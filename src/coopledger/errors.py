"""One tree of exceptions, and ``Problem``: a message with the place it is about."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from coopledger.text import Language, Message, printable, said


class Problem(NamedTuple):
    """Something wrong in an input: where (file and key, or file and cell) and what.

    The message says what was seen and what would be accepted.

    >>> str(Problem("plan.toml: term.years", Message("{seen} years: a term has 1 to 200 years", seen=-1)))
    'plan.toml: term.years: -1 years: a term has 1 to 200 years'
    """

    where: str
    message: Message

    def say(self, language: Language = "en") -> str:
        """The problem on one line: the place, a colon, the message."""
        words = self.message.say(language)
        return printable(f"{said(place(self.where), language)}: {words}" if self.where else words)

    def __str__(self) -> str:
        return self.say()


_PLACES = (
    Message("record {number}"),
    Message("household {number}"),
    Message("member {number}"),
    Message("holder {number}"),
    Message("contribution {number}"),
    Message("step {name}"),
    Message("waterfall"),
    Message("votes"),
    Message("postings"),
    Message("personal rows"),
    Message("database"),
    Message("table {name}"),
    Message("constraint {name}"),
    Message("index {name}"),
    Message("trigger {name}"),
    Message("function {name}"),
    Message("rule {name}"),
)
"""The places that have words of their own, as problems name them: ``record 8``."""


def place(where: str) -> list[Message] | str:
    """A problem's place, to be said in the reader's language; a file, a key or an account is said as it is.

    >>> [[one.say("zh") for one in place(where)] for where in ("household 17", "record 8, record 9")]
    [['第 17 户'], ['第 8 条记录', '第 9 条记录']]
    >>> place("plan.toml: term.years")
    'plan.toml: term.years'
    """
    found = []
    for part in where.split(", "):
        for one in _PLACES:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>\\S+)", re.escape(one.template))
            if match := re.fullmatch(pattern, part):
                found.append(Message(one.template, **match.groupdict()))
                break
        else:
            return where
    return found


class CoopledgerError(Exception):
    """Anything the library refuses. ``message`` can be said in the reader's language.

    ``about`` has the parameters of a verb that are missing or wrong: the command line names its options for them.
    """

    def __init__(self, message: Message, *, about: Iterable[str] = ()) -> None:
        self.message = message
        self.about = tuple(about)
        super().__init__(message)

    def say(self, language: Language = "en") -> str:
        """The error in words."""
        return self.message.say(language)

    def __str__(self) -> str:
        return self.say()


class QuantityError(CoopledgerError, ValueError):
    """A text or value that is not an amount, or an amount out of range."""


class UnitError(CoopledgerError, ValueError):
    """Quantities of different units were added or compared, or a unit is not the one that is expected."""


class ScheduleError(CoopledgerError, ValueError):
    """A schedule that cannot be meant: a step off the grid, a short list, a negative amount."""


class MissingValueError(ScheduleError):
    """A series has no value for a year in which a schedule needs one."""


class CalendarError(CoopledgerError, ValueError):
    """A term, stub or due date that cannot be meant."""


class AllocationError(CoopledgerError, ValueError):
    """A sum that cannot be split as asked."""


class EntryError(CoopledgerError, ValueError):
    """An entry that cannot stand in any book: a quantity that is no positive whole number, a code that is none."""


class JournalError(CoopledgerError):
    """An append that this book refuses; the book is as it was."""


class UnopenedError(JournalError):
    """A posting names an account or a denomination that the book has not opened."""


class OverdrawnError(JournalError):
    """A guarded account would be below zero on some day."""


class LockedPeriodError(JournalError):
    """The accounting date lies in a period that is locked."""


class ReversalError(JournalError):
    """A reversal of something that is not there, or of more than there was."""


class KeyConflictError(JournalError):
    """The key stands in the book already, with other content."""


class StaleJournal(JournalError):
    """The book has moved on since the caller looked at it."""


class UnknownRecordError(JournalError, LookupError):
    """The book has no record of that number."""


class ClockError(JournalError):
    """The clock is so far from the last record's that it is probably wrong."""


class StoreError(CoopledgerError):
    """A database that holds no book, or not in the shape that this version keeps it in."""


class RegisterError(CoopledgerError, ValueError):
    """A movement or a change of the register that a rule forbids; the message names the rule."""


class WaterfallError(CoopledgerError, ValueError):
    """Steps of a surplus distribution that cannot be meant, or a year's figures that they cannot be run on."""


class PlanError(CoopledgerError, ValueError):
    """One or more problems in a plan; ``problems`` has them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(Message("{problems}", problems=_Lines(self.problems)))


class ReturnError(CoopledgerError, ValueError):
    """One or more problems in the file that a bank gave back; ``problems`` has them all, each with its line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(Message("{problems}", problems=_Lines(self.problems)))


class WorkbookError(CoopledgerError, ValueError):
    """One or more problems in a village's workbook; ``problems`` has them all, each with its sheet and cell."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(Message("{problems}", problems=_Lines(self.problems)))


class _Lines(tuple[Problem, ...]):
    __slots__ = ()

    def say(self, language: Language) -> str:
        return "\n".join(problem.say(language) for problem in self)
