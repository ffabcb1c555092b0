"""Printing, complaining and writing files: one way for every command."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress

import click

from coopledger.errors import Problem
from coopledger.text import Language, Message

_PYTHON = re.compile(r"(?<=[(（])[a-z_]+(?:(?:, |，|、)[a-z_]+)*(?:, |，)(?=--|'(?:book|dividend|contract) )")


def as_typed(text: str) -> str:
    """A text for who types commands: what does something is named as he types it, and not as Python calls it.

    >>> as_typed("run 2025: declare it first (declare, 'dividend declare'), or a total is said (total_fen, --total)")
    "run 2025: declare it first ('dividend declare'), or a total is said (--total)"
    """
    return _PYTHON.sub("", text)


def complain(problems: Iterable[Problem], language: Language) -> None:
    """Say problems on standard error, one line each."""
    for problem in problems:
        click.echo(as_typed(problem.say(language)), err=True)


def doing(what: Message | None, language: Language) -> None:
    """Say on standard error what is being done, in the place of what was said before; None leaves nothing of it.

    It is said at a terminal only: what is written to a file or read by a program has none of it.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what.say(language) if what else ''}", err=True, nl=False)


def show(text: str) -> None:
    """Print a text on standard output."""
    try:
        click.echo(text, nl=False)
    except BrokenPipeError:
        raise  # click ends quietly: the reader has left
    except OSError as error:
        # or the interpreter would try again at its end
        sys.stdout = None
        raise click.ClickException(error.strerror or str(error)) from error


def write(output: str, text: str | bytes) -> None:
    """The whole file or none of it: a temporary file beside it takes its place. A pipe or a device is written to."""
    data = text.encode() if isinstance(text, str) else text
    target = os.path.realpath(output)
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as file:
                file.write(data)
            return
        with open(beside, "xb") as file:
            file.write(data)
        if os.path.exists(target):
            os.chmod(beside, os.stat(target).st_mode)
        os.replace(beside, target)
    except OSError as error:
        with suppress(OSError):
            os.remove(beside)
        raise click.FileError(output, error.strerror or str(error)) from error


def write_folder(output: str, files: Mapping[str, bytes]) -> None:
    """The whole folder or none of it: it is made beside its place, under another name, and takes it then."""
    target = os.path.realpath(output)
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        os.mkdir(beside)
        for name, data in files.items():
            with open(os.path.join(beside, name), "xb") as file:
                file.write(data)
        os.rename(beside, target)
    except OSError as error:
        import shutil

        shutil.rmtree(beside, ignore_errors=True)
        raise click.FileError(output, error.strerror or str(error)) from error


def give(text: str, output: str | None) -> None:
    """Print a text, or write it to a file."""
    if output is None:
        show(text)
    else:
        write(output, text)
