"""``coopledger book``, ``dividend`` and ``contract``: every command has an example in its help, and it runs."""

from collections.abc import Iterator

import click
import pytest

from coopledger.cli.book.command import BookCommand
from coopledger.cli.book.group import book, contract, dividend
from tests.cli.hill import done, said, troubles


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = {
    **dict(commands(book, "coopledger book")),
    **dict(commands(dividend, "coopledger dividend")),
    **dict(commands(contract, "coopledger contract")),
}


@pytest.mark.parametrize("path", COMMANDS)
def test_the_help_of_a_command_shows_its_example(path: str) -> None:
    command = COMMANDS[path]
    assert isinstance(command, BookCommand)
    assert command.example.startswith(f"{path} ")
    assert f"Example:\n  {command.example}\n" in done(f"{path} --help")


@pytest.mark.usefixtures("here", "tell")
@pytest.mark.parametrize("path", COMMANDS)
def test_an_example_does_what_it_says(path: str) -> None:
    command = COMMANDS[path]
    assert isinstance(command, BookCommand)
    result = said(command.example)
    assert (result.exit_code, troubles(result)) == (0, ""), result.output
    assert result.stdout.strip()
    assert result.stdout.strip() != "there is nothing to record"
    books = {"hill.db", "old.db", "coop.db", "new.db", "village.db", "shares.db", "four.db", "lease.db", "goods.db"}
    for name in books & {*command.example.split()}:
        assert said(f"verify {name}").exit_code == 0
