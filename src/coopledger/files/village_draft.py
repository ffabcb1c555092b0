"""The draft of an import: what is decided so far of what a workbook says, and what the book does not agree to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from coopledger.core.ahead import Ahead
from coopledger.core.chart import Chart, charts
from coopledger.core.journal import Decision, Entry, View
from coopledger.errors import CoopledgerError, Problem
from coopledger.files.village import At, Village
from coopledger.text import Message

Cells = Callable[[], Mapping[str, tuple[At, str]]]
"""Where numbers stand, each its row and column. Thousands of rows have them, and they are asked if one is refused."""


class Draft:
    """Entries upon a view, and the problems of a workbook; each noun of the workbook adds to both.

    ``papers`` are the documents and the resolution that all of it rests on.
    """

    def __init__(
        self, view: View, village: Village, on: date | None, booked_on: date | None, papers: Mapping[str, Any]
    ) -> None:
        self.view = view
        self.village = village
        self.problems: list[Problem] = [*village.problems]
        self.papers = papers
        self.on, self.booked = on, booked_on
        self.made: list[Entry] = []
        self._ahead: tuple[int, View] = (0, view)

    @property
    def ahead(self) -> View:
        """The book as it would be with what is decided so far."""
        if self._ahead[0] != len(self.made):
            self._ahead = (len(self.made), Ahead(self.view, self.made))
        return self._ahead[1]

    @property
    def days(self) -> dict[str, Any]:
        """The day on which all of it counts, and its accounting date, as the verbs take them."""
        return {"effective_on": self.on, "booked_on": self.booked}

    def chart(self) -> Chart | None:
        """The chart of accounts in force on the accounting date, if there is one."""
        adopted = [chart for since, chart in charts(self.ahead).adopted if self.booked is None or since <= self.booked]
        return adopted[-1] if adopted else None

    def done(self, decision: Decision, where: str, at: Cells = dict) -> bool:
        """Whether the verb took it; else its refusal is a problem, at the cell that it names."""
        try:
            self.made += decision(self.ahead)
        except CoopledgerError as error:
            self.refused(error, where, at)
            return False
        return True

    def refused(self, error: CoopledgerError, where: str, at: Cells) -> None:
        """Keep a refusal as a problem, at the cell of the first of ``at`` that it names, or else ``where``."""
        cells = at()
        named = next((one for one in _texts(error.message.values.values()) if one in cells), None)
        if named is not None:
            row, field = cells[named]
            where = row.place(field)
        self.problems.append(Problem(where, error.message))

    def tried(self, at: At, field: str, check: Callable[..., object], *args: object) -> None:
        """Keep what a check refuses as a problem of a cell."""
        try:
            check(*args)
        except CoopledgerError as error:
            self.say(at, field, error.message)

    def say(self, at: At, field: str | None, message: Message) -> None:
        """Keep a problem of a row, or of a cell of it."""
        self.problems.append(Problem(at.place(field), message))

    def sheet(self, kind: str) -> str:
        """The first sheet of a kind."""
        found = [one.sheet.place() for one in self.village.listings if one.kind == kind]
        return found[0] if found else self.village.workbook.file


def _texts(values: Iterable[object]) -> Iterator[str]:
    for one in values:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Message):
            yield from _texts(one.values.values())
        elif isinstance(one, list | tuple):
            yield from _texts(one)
