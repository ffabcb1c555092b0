"""What Jupyter shows: plans, projections, registers, runs, statements and tables in the reader's language.

``import coopledger`` within Jupyter is enough; ``%load_ext coopledger.notebook`` does it where coopledger was imported
before. Charts and the form need the extra ``notebook``; tables are shown without it.

>>> before = language()
>>> language("zh")
'zh'
>>> language(before) == before
True
"""

import os
import re
from collections.abc import Callable
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Protocol

from coopledger.errors import CoopledgerError, EntryError
from coopledger.text import Language, Message, printable, reader_language

if TYPE_CHECKING:
    from coopledger.notebook.form import PlanForm

__all__ = ["language", "load_ipython_extension", "plan_form", "show_well", "shown_html"]

_LANGUAGES = ("en", "zh")
_CELL = re.compile(r"ipykernel_|<ipython-input")
"""What the file of a cell is called."""
_chosen: list[Language] = []


class _Shell(Protocol):
    """What of IPython's shell is used."""

    display_formatter: Any
    InteractiveTB: Any


def language(chosen: Language | None = None) -> Language:
    """The language of what is shown: that of the environment (``LANG``), until another is chosen here.

    Raises EntryError for one that is none of ours.

    >>> language("fr")
    Traceback (most recent call last):
    coopledger.errors.EntryError: 'fr': one of en, zh is accepted
    """
    if chosen is not None:
        if not isinstance(chosen, str) or chosen not in _LANGUAGES:
            raise EntryError(Message("{seen}: one of {accepted} is accepted", seen=repr(chosen), accepted=_LANGUAGES))
        _chosen[:] = [chosen]
    return _chosen[0] if _chosen else reader_language(os.environ)


def shown_html(shown: object) -> str | None:
    """An object as HTML, as Jupyter shows it; None for what is shown as plain text.

    >>> from coopledger.core.table import Column, Table
    >>> "&lt;b&gt;</td>" in shown_html(Table("land", [Column("holder")], [["<b>"]]))
    True
    >>> shown_html([]), shown_html({"a": 1})
    (None, None)
    """
    from coopledger.notebook.objects import object_html

    return object_html(shown, language())


def show_well(shell: _Shell | None) -> None:
    """Let a running IPython show our objects. Nothing of ours is changed, and nothing is loaded before it is shown.

    A list or a mapping is shown well where all of it is of one kind of ours; every other one as before.
    """
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    for module, name in _SHOWN:
        html.for_type_by_name(f"coopledger.{module}", name, shown_html)
    CoopledgerError._render_traceback_ = lambda error: error_lines(error, shell)  # type: ignore[attr-defined]
    for kind in (list, dict):
        before = html.for_type(kind)
        if not isinstance(before, _Shown):
            html.for_type(kind, _Shown(before))


def error_lines(error: CoopledgerError, shell: _Shell) -> list[str]:
    """What is shown of an error that nobody caught: as ever in English; in Chinese what is wrong, and where.

    >>> before = language()
    >>> _ = language("zh")
    >>> error_lines(EntryError(Message("none")), None)
    ['无']
    >>> _ = language(before)
    """
    if language() == "en":
        return [*shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)]
    said = [printable(line) for line in error.message.say("zh").splitlines()]
    cells = [one for one in extract_tb(error.__traceback__) if one.line and _CELL.search(one.filename)]
    return [*said, *(f"    {one.line}" for one in cells[:1])]


def load_ipython_extension(shell: _Shell) -> None:
    """What ``%load_ext coopledger.notebook`` calls."""
    show_well(shell)


def plan_form() -> "PlanForm":
    """A form to project a plan without writing code: fields, the table, the chart, and buttons that save both.

    Raises CoopledgerError if ipywidgets is not installed.
    """
    from coopledger.notebook.form import PlanForm

    return PlanForm(language())


_SHOWN = (
    ("core.plan", "Plan"),
    ("core.projection", "Projection"),
    ("core.table", "Table"),
    ("core.register", "Register"),
    ("core.run", "Run"),
    ("core.member_account", "MemberAccount"),
)
"""Module and name of what is shown by itself."""


class _Shown:
    """Shows a list or a mapping of our own; whatever showed them before goes on for all others."""

    def __init__(self, before: Callable[[object], str | None] | None) -> None:
        self.before = before

    def __call__(self, shown: object) -> str | None:
        own = shown_html(shown)
        return self.before(shown) if own is None and self.before else own
