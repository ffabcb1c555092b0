"""Printing, complaining and writing files: one way for every command."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress

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
    if not os.path.exists(target) or os.path.isfile(target):
        write_all({output: data})
        return
    try:
        with open(target, "wb") as file:
            file.write(data)
    except OSError as error:
        raise click.FileError(output, error.strerror or str(error)) from error


def write_all(files: Mapping[str, bytes]) -> None:
    """All files or none of them: each is written beside its place, and then they take their places.

    If one cannot, those that were there before come back.
    """
    places = {output: os.path.realpath(output) for output in files}
    output = ""
    try:
        for output, data in files.items():
            with open(f"{places[output]}.{os.getpid()}.tmp", "xb") as file:
                file.write(data)
            if os.path.exists(places[output]):
                os.chmod(file.name, os.stat(places[output]).st_mode)
        with ExitStack() as back:
            for output, target in places.items():  # noqa: B007 - the error names it
                if len(places) > 1:
                    _put_aside(target, back)
                os.replace(f"{target}.{os.getpid()}.tmp", target)
            back.pop_all()
            for target in places.values():
                _remove(f"{target}.{os.getpid()}.old")
    except OSError as error:
        raise click.FileError(output, error.strerror or str(error)) from error
    finally:
        for target in places.values():
            _remove(f"{target}.{os.getpid()}.tmp")


def _put_aside(target: str, back: ExitStack) -> None:
    """What stands in a place stands beside it; going ``back``, it takes its place again, or nothing does."""
    if os.path.isfile(target):
        os.rename(target, old := f"{target}.{os.getpid()}.old")
        back.callback(os.replace, old, target)
    else:
        back.callback(_remove, target)


def _remove(file: str) -> None:
    with suppress(OSError):
        os.remove(file)


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
