"""What a help says, in the reader's language: texts are written in English where they belong, and said by a catalogue.

Commands, groups and options of the program are of these classes, so that none of them translates anything itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from gettext import gettext
from inspect import cleandoc
from typing import Any

import click

from coopledger.cli.language import click_speaking, spoken
from coopledger.files.text_table import width
from coopledger.text import translated

EXAMPLE = "Example"
"""The heading of a command's example."""

_WORDS = re.compile(r"[A-Z]{2}")
_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_PIECE = re.compile(rf"[（“〔\[]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[，。、；：）”〕…]*\s*")
_FIRST_SENTENCE = re.compile(r".*?。")
_LEFT = 30
"""How many columns the names of options and commands get at most, as click has it."""


def paragraphs(text: str) -> list[str]:
    r"""A help's paragraphs, each in one line: what is translated.

    >>> paragraphs('Keep a book.\n\n    BOOK is a file,\n    or a URL.')
    ['Keep a book.', 'BOOK is a file, or a URL.']
    """
    return [" ".join(one.split()) for one in re.split(r"\n\s*\n", cleandoc(text))]


def texts(command: click.Command) -> Iterator[str]:
    """Every text that the help of a command says, in English: paragraphs, headings, what stands for values."""
    helps: list[str | None] = [command.help]
    with click_speaking("en"):
        context = click.Context(command)
        for one in command.params:
            helps.append(getattr(one, "help", None))
            if isinstance(one, click.Argument):
                yield one.human_readable_name
            elif not getattr(one, "is_flag", False) and _WORDS.search(shown := one.make_metavar(context)):
                yield shown
        yield str(command.options_metavar)
        if isinstance(command, click.Group):
            yield command.subcommand_metavar
        yield from getattr(command, "sections", ())
        yield EXAMPLE
        for text in helps:
            yield from paragraphs(text) if text else ()


class _Helped:
    """What has a help."""

    _text: str | None = None

    @property
    def help(self) -> str | None:
        """The help in the reader's language."""
        if self._text is None or spoken() == "en":
            return self._text
        return "\n\n".join(translated(one, spoken()) for one in paragraphs(self._text))

    @help.setter  # noqa: A003 - click's name for it
    def help(self, text: str | None) -> None:
        self._text = text


class Option(_Helped, click.Option):
    """An option."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for the value."""
        return translated(super().make_metavar(ctx), spoken())

    def get_help_extra(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's
        """What stands behind the help: the value if nothing is said, in words where it is one."""
        extra = super().get_help_extra(ctx)
        if "default" in extra:
            extra["default"] = translated(extra["default"], spoken())
        return extra


class Argument(click.Argument):
    """A positional argument."""

    @property
    def human_readable_name(self) -> str:
        """Its name, as the help and the refusals say it."""
        return translated(super().human_readable_name, spoken())

    def make_metavar(self, ctx: click.Context) -> str:
        """Its name, and whether it may be left out or given several times."""
        return super().make_metavar(ctx).replace(super().human_readable_name, self.human_readable_name)


class _Context(click.Context):
    """What a command is called with."""

    def make_formatter(self) -> click.HelpFormatter:
        """What writes its help."""
        if spoken() == "en":
            return super().make_formatter()
        return _Formatter(width=self.terminal_width, max_width=self.max_content_width)


class Command(_Helped, click.Command):
    """A command."""

    context_class = _Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help, as the list of commands has it."""
        found = _FIRST_SENTENCE.match(self.help or "") if spoken() == "zh" else None
        return found[0] if found else super().get_short_help_str(limit)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``, which click makes once and keeps."""
        if option := super().get_help_option(ctx):
            option.help = gettext("Show this message and exit.")
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What stands behind the name of the command where its usage is told."""
        return [translated(one, spoken()) for one in super().collect_usage_pieces(ctx)]


class _Formatter(click.HelpFormatter):
    """Lines of a help in Chinese: they are broken between characters, each of which is two columns wide."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        self.write(f"{'':{self.current_indent}}{heading}：\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        start = f"{prefix or gettext('Usage:')}{prog} "
        first, *rest = wrapped(start + args, self.width - 4)
        self.write("".join(f"{line}\n" for line in (first, *(f"    {line}" for line in rest))))

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        for n, one in enumerate(text.split("\n\n")):
            self.write("\n" if n else "")
            for line in wrapped(one, self.width - self.current_indent):
                self.write(f"{'':{self.current_indent}}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _LEFT, col_spacing: int = 2) -> None:
        """Write names and what they mean, side by side."""
        rows = [*rows]
        left = min(max((width(name) for name, _ in rows), default=0), col_max) + col_spacing
        for name, text in rows:
            start = f"{'':{self.current_indent}}{name}"
            lines: Sequence[str] = wrapped(text, self.width - self.current_indent - left)
            if lines and width(name) + col_spacing <= left:
                start += " " * (left - width(name)) + lines[0]
                lines = lines[1:]
            self.write(f"{start}\n")
            for line in lines:
                self.write(f"{'':{self.current_indent + left}}{line}\n")


def wrapped(text: str, columns: int) -> list[str]:
    """A text in lines of so many columns; no line begins with a sign that closes, or ends with one that opens.

    >>> wrapped("分红：提出、公示、表决、宣告、发放。", 12)
    ['分红：提出、', '公示、表决、', '宣告、发放。']
    """
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and width(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines if line]


def option(*names: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option of the command below."""
    return click.option(*names, cls=Option, **settings)


def argument(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A positional argument of the command below."""
    return click.argument(name, cls=Argument, **settings)
