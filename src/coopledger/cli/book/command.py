"""Commands of ``coopledger book``: where the book is, what goes wrong and how it is said, an example in each help."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from inspect import cleandoc
from typing import Any, NamedTuple

import click

from coopledger.cli import help as helped
from coopledger.cli.book.values import Refused, check_once, no_surplus
from coopledger.cli.language import LANGUAGES, spoken
from coopledger.cli.printing import as_typed
from coopledger.errors import ClockError, CoopledgerError, Problem, place
from coopledger.text import Language, Message, printable, translated

BOOK = "COOPLEDGER_BOOK"
"""The environment variable that names the book, a file or a URL, where the command does not."""

REFUSED = 1
"""The exit status if the book refuses, or cannot be opened; nothing was written then."""

PROBLEMS = 3
"""The exit status of ``verify`` if it finds something, as of ``project --strict`` if a claim does not hold."""


_MEANT = {"--on": "--until", "--since": "--after-record"}
"""What people call an option otherwise, and the one that a command has where it has none of that name."""


class Where(NamedTuple):
    """Which book is meant, and the language in which it is spoken of."""

    database: str
    named: str | None
    schema: str | None
    language: Language


class _Gathering(click.Parameter):
    """A parameter whose problem is kept, so that all that is wrong is said at once."""

    def handle_parse_result(
        self, ctx: click.Context, opts: Mapping[str, Any], args: list[str]
    ) -> tuple[Any, list[str]]:
        """The value, or None and the problem."""
        try:
            return super().handle_parse_result(ctx, opts, args)
        except click.UsageError as error:
            ctx.meta.setdefault(__name__, []).append((self, error))
            if self.name is not None:
                ctx.params[self.name] = None
            return None, args


class Option(_Gathering, helped.Option):
    """An option."""

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:  # noqa: ANN401 - click's
        """The value as the command gets it; of several ``NAME=VALUE`` each name stands once."""
        cast = super().type_cast_value(ctx, value)
        if self.multiple:
            check_once(cast)
        return cast


class Argument(_Gathering, helped.Argument):
    """A positional argument."""


class BookCommand(helped.Command):
    """A command about a book. Its first argument may be left out if the environment names the book."""

    def __init__(
        self, name: str, callback: Callable[..., None], params: Sequence[click.Parameter], example: str
    ) -> None:
        super().__init__(name, callback=callback, params=[*params], help=cleandoc(callback.__doc__ or ""))
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; all that is wrong with them is said at once."""
        typed, named, language = [*args], os.environ.get(BOOK), spoken()
        try:
            if named and self._lacks_one(ctx, args):
                args = [named, *args]
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if not error.option_name[1:].isdecimal():
                own = {one for parameter in self.params for one in parameter.opts}
                if (instead := _MEANT.get(error.option_name)) not in own:
                    raise
                said = Message(
                    "no such option {seen}: {instead} is meant here", seen=error.option_name, instead=instead
                )
                raise click.UsageError(said.say(language), ctx) from None
            seen = next(one for one in typed if one.startswith(error.option_name))
            said = Message("{seen}: more than 0 is expected", seen=printable(seen))
            if "--loss" in {one for parameter in self.params for one in parameter.opts}:
                said = no_surplus(seen)
            raise click.UsageError(said.say(language), ctx) from None
        if problems := ctx.meta.get(__name__):
            raise click.UsageError("\n".join(_problems(problems, language)), ctx)
        return rest

    def invoke(self, ctx: click.Context) -> None:
        """Run it. What the library or the database refuses is said in one line, and the exit status is 1."""
        language = ctx.params.get("lang") or spoken()
        try:
            super().invoke(ctx)
        except Refused as error:
            raise click.UsageError(printable_lines(as_typed(error.said.say(language))), ctx) from None
        except ClockError as error:
            _refuse(Message("{refusal} (--confirm-clock, or 'coopledger book clock')", refusal=error), language)
        except CoopledgerError as error:
            _refuse(_with_options(_in_words(error.message), error, ctx.command), language)
        except click.ClickException:
            raise
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            _refuse(_of_a_damaged_book(error, where_of({**ctx.params})), language)
        except Exception as error:  # noqa: BLE001 - what is not the database's is raised again
            _refuse(_of_the_database(error, ctx.params.get("database") or ""), language)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the example."""
        with formatter.section(translated(helped.EXAMPLE, spoken())):
            formatter.write(f"  {self.example}\n")

    def _lacks_one(self, ctx: click.Context, args: list[str]) -> bool:
        arguments = [one for one in self.params if isinstance(one, click.Argument)]
        given, _, _ = self.make_parser(ctx).parse_args(args=[*args])
        if arguments[-1].nargs == -1:  # several numbers: the first of them stands where the book would
            first = given.get(str(arguments[0].name))
            return not isinstance(first, str) or first.isdecimal()
        return not isinstance(given.get(str(arguments[-1].name)), str)


def option(*names: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option of a command's own."""
    return click.option(*names, cls=Option, **settings)


def argument(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A positional argument of a command's own."""
    return click.argument(name, cls=Argument, **settings)


def own_parameters(function: Callable[..., Any]) -> list[click.Parameter]:
    """The parameters that stand above a function, in their order."""
    found: list[click.Parameter] = getattr(function, "__click_params__", [])
    return found[::-1]


def the_book() -> list[click.Parameter]:
    """The argument that every command begins with."""
    return [Argument(["database"], metavar="BOOK")]


def which_book() -> list[Option]:
    """The options that every command has."""
    return [
        Option(["--named"], metavar="NAME", help="Which book, if the database holds several."),
        Option(["--schema"], metavar="NAME", help="The schema of the tables, on PostgreSQL."),
        Option(["--lang"], type=click.Choice(LANGUAGES), help="Language; the environment's (LANG) if left out."),
    ]


def where_of(given: dict[str, Any]) -> Where:
    """Which book a command is about, taken out of what was given."""
    return Where(
        given.pop("database"),
        given.pop("named"),
        given.pop("schema"),
        given.pop("lang") or spoken(),
    )


def keeping(name: str, example: str) -> Callable[[Callable[..., None]], BookCommand]:
    """A command about a book: the function gets where it is, and the options of its own."""

    def decorate(function: Callable[..., None]) -> BookCommand:
        def callback(**given: Any) -> None:
            where = where_of(given)
            function(where, **given)

        callback.__doc__ = function.__doc__
        return BookCommand(name, callback, [*the_book(), *own_parameters(function), *which_book()], example)

    return decorate


def _problems(problems: Sequence[tuple[click.Parameter, click.UsageError]], language: Language) -> Iterator[str]:
    for parameter, error in problems:
        label = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
        if isinstance(error, Refused):
            yield as_typed(Problem(label, error.said).say(language))
        elif isinstance(error, click.MissingParameter):
            yield Problem(label, Message("it must be given")).say(language)
        else:
            yield error.format_message()


def _refuse(message: Message, language: Language) -> None:
    click.echo(printable_lines(as_typed(message.say(language))), err=True)
    sys.exit(REFUSED)


def printable_lines(text: str) -> str:
    """The text with everything but its line ends printable."""
    return "\n".join(printable(line) for line in text.split("\n"))


# What databases say when they cannot, in words; of anything else their own first line is said.
_REASONS = {
    "database is locked": Message("somebody else is writing to it, try again"),
    "readonly database": Message("it cannot be written to: the file or its folder is read-only"),
    "file is not a database": Message("the file is no database"),
    "malformed": Message("the file is damaged: restore a copy, and verify it"),
    "disk is full": Message("the disk is full"),
    "unable to open database file": Message("the file cannot be opened, or its folder is not there"),
    "disk I/O error": Message("the disk cannot be read or written"),
    "permission denied for": Message("the database's role may not do this"),
}


_FIELDS = {"effective_on": Message("effective"), "booked_on": Message("booked"), "kind": Message("kind")}
"""Parts of a record, as its tables call them."""


def _of_the_database(error: Exception, database: str) -> Message:
    """What a database's error says, in one line; anything that is no database's error is raised again."""
    from sqlalchemy.exc import SQLAlchemyError

    if not isinstance(error, SQLAlchemyError):
        raise error
    reason = _reason(str(getattr(error, "orig", None) or error))
    return Message("{database}: {reason}", database=without_password(database), reason=reason)


def _of_a_damaged_book(error: Exception, where: Where) -> Message:
    """What is said where a record has not what it is read for; raises the error again if the book has no such record.

    The verbs write none: somebody changed the database, or filled it by other means.
    """
    from coopledger.cli.book.opened import opened
    from coopledger.core.reserved import check_readable

    with suppress(CoopledgerError), opened(where) as book:
        with book.journal.read() as view:
            found = check_readable(view)
        for one in [*found, *book.journal.verify()]:
            if one.where.startswith("record "):
                from coopledger.store.view import unreadable

                return unreadable(place(one.where)).message
    raise error


def _with_options(message: Message, error: CoopledgerError, command: click.Command) -> Message:
    """The message, with the options by which a command is given what the error is about."""
    names = {one.name: one.opts[0] for one in command.params if isinstance(one, click.Option)}
    options = [names[one] for one in error.about if one in names]
    return Message("{refusal} ({options})", refusal=message, options=options) if options else message


def _in_words(message: Message) -> Message:
    """The message; where it hands on what a database said, or names a part of a record, that in words."""
    name = message.values.get("name")
    if isinstance(name, str) and name in _FIELDS:
        return Message(message.template, **{**message.values, "name": _FIELDS[name]})
    if "error" not in message.values:
        return message
    return Message(message.template, **{**message.values, "error": _reason(str(message.values["error"]))})


def _reason(said: str) -> Message | str:
    first = said.strip().replace("\\n", "\n").split("\n")[0]
    return next((words for text, words in _REASONS.items() if text in said), first)


def without_password(database: str) -> str:
    """A database's URL, without who may enter and by which password; a file's name as it is."""
    before, at, after = database.rpartition("@")
    return f"{before.partition('://')[0]}://…@{after}" if at and "://" in before else database
