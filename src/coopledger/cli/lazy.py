"""Groups of commands that are imported when they are called: nobody waits for a command that he did not ask for."""

from collections.abc import Mapping, Sequence
from gettext import gettext
from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group that knows where its commands are defined: ``{"issue": "coopledger.cli.book.shares:issue_command"}``.

    ``sections`` says under which headings its help lists them.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        places: Mapping[str, str],
        sections: Mapping[str, Sequence[str]] | None = None,
        help: str | None = None,  # noqa: A002 - click's name for it
        help_option_names: Sequence[str] = ("-h", "--help"),
    ) -> None:
        super().__init__(name, help=help, context_settings={"help_option_names": [*help_option_names]})
        self._places = places
        self._sections = sections or {"Commands": [*places]}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands, as the sections list them."""
        return [name for names in self._sections.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in self._places:
            return None
        module, _, attribute = self._places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, by sections."""
        for heading, names in self._sections.items():
            with formatter.section(gettext(heading)):
                commands = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, one.get_short_help_str(200)) for name, one in commands if one is not None])
