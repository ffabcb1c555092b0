"""Groups of commands that are imported when they are called: nobody waits for a command that he did not ask for."""

from collections.abc import Mapping, Sequence
from gettext import gettext, ngettext
from importlib import import_module

import click

from coopledger.cli.help import Command, Option
from coopledger.cli.language import LANGUAGES, spoken
from coopledger.text import translated

_NEAR = 0.7
"""How much of a command's name must be there, of difflib's ratio, for it to be meant."""


class LazyGroup(Command, click.Group):
    """A group that knows where its commands are defined: ``{"issue": "coopledger.cli.book.shares:issue_command"}``.

    ``sections`` says under which headings its help lists them, ``meant`` which commands do what people call otherwise.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        places: Mapping[str, str],
        sections: Mapping[str, Sequence[str]] | None = None,
        meant: Mapping[str, Sequence[str]] | None = None,
        help: str | None = None,  # noqa: A002 - click's name for it
        help_option_names: Sequence[str] = ("-h", "--help"),
    ) -> None:
        language = Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            help="Language; the environment's (LANG) if left out.",
        )
        super().__init__(
            name, params=[language], help=help, context_settings={"help_option_names": [*help_option_names]}
        )
        self._places = places
        self._meant = meant or {}
        self.sections = sections or {"Commands": [*places]}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands, as the sections list them."""
        return [name for names in self.sections.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; of one that is not there the nearest are named."""
        name = args[0]
        if name not in self._places and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches  # only when it is asked for: start-up time

            near = [one for one in self._places if one.startswith(name)]
            near += [one for one in get_close_matches(name, self._places, cutoff=_NEAR) if one not in near]
            near = [*self._meant.get(name, near)]
            said = [gettext("No such command {name!r}.").format(name=name)]
            if near:
                forms = ("(Did you mean {possibility}?)", "(Did you mean one of: {possibilities}?)")
                said.append(ngettext(*forms, len(near)).format(possibility=near[0], possibilities=", ".join(near)))
            raise click.UsageError(" ".join(said), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, by sections."""
        for heading, names in self.sections.items():
            with formatter.section(translated(heading, spoken())):
                commands = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, one.get_short_help_str(200)) for name, one in commands if one is not None])
