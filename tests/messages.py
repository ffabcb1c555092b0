"""The catalogues of what is said in Chinese, made of the source: ``make messages``.

Babel extracts what is said, brings the catalogues (``.po``) up to date and compiles them (``.mo``). A text that is new
waits there for its translation; one whose English changed a little has the old one beside it, as fuzzy.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import IO, Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import coopledger
from coopledger.cli.help import paragraphs, texts
from coopledger.cli.main import main
from coopledger.core.calendar import BASES
from coopledger.core.plan import BOUNDS
from coopledger.core.rounding import MODES

SOURCE = Path(coopledger.__file__).parent
FOLDER = SOURCE / "locale/zh_CN/LC_MESSAGES"
OURS, OF_CLICK = FOLDER / "coopledger.po", FOLDER / "click.po"

_SAID_AS_THEY_ARE = {"core/calendar.py": BASES, "core/plan.py": BOUNDS, "core/rounding.py": MODES}
"""Named values that become messages, and where they stand."""

_LONG = 25
"""From how many characters on a text that is like another one is taken for it, with a word changed."""

_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""A catalogue changes where something is said otherwise, and not because time went by."""


def templates(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """An extractor as Babel calls it: the literal first arguments of ``Message(…)``, both sides where one is chosen."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message" and node.args:
            first = node.args[0]
            for one in [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.lineno, None, one.value, []


def constants(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """Such an extractor too: the paragraphs of every text of a module, to know where those of a help stand."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for one in paragraphs(node.value):
                if one:
                    yield node.lineno, None, one, []


def commands(command: click.Command = main) -> Iterator[click.Command]:
    """A command, and every one below it."""
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below)


@cache
def said() -> Mapping[str, Collection[str]]:
    """Every text of the library and its command line that is said to people, and the files that say it."""
    found: dict[str, dict[str, None]] = {}
    for file, _, template, *_ in extract_from_dir(SOURCE, [("**.py", "tests.messages:templates")]):
        found.setdefault(str(template), {})[f"src/coopledger/{file}"] = None
    for file, words in _SAID_AS_THEY_ARE.items():
        for word in words:
            found.setdefault(word, {})[f"src/coopledger/{file}"] = None
    places: dict[str, dict[str, None]] = {}
    for file, _, text, *_ in extract_from_dir(SOURCE / "cli", [("**.py", "tests.messages:constants")]):
        places.setdefault(str(text), {})[f"src/coopledger/cli/{file}"] = None
    for text in chain.from_iterable(texts(one) for one in commands()):
        found.setdefault(text, {}).update(places.get(text, {}))
    return found


@cache
def said_by_click() -> Mapping[str | tuple[str, ...], Collection[str]]:
    """Every text that click itself says, by its own source; of a text with a plural both."""
    keywords: Any = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found: dict[str | tuple[str, ...], dict[str, None]] = {}
    for file, _, text, *_ in extract_from_dir(Path(click.__file__).parent, [("**.py", "python")], keywords=keywords):
        found.setdefault(text, {})[f"click/{file}"] = None
    return found


def catalogue(path: Path) -> Catalog:
    """What stands in a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN")


def updated(path: Path, found: Mapping[Any, Iterable[str]]) -> Catalog:
    """The catalogue with all that is said and nothing else."""
    template = Catalog(project="coopledger", version="", creation_date=_AT, fuzzy=False)
    for text, files in found.items():
        template.add(text, locations=[(file, 1) for file in sorted(files)])
    stands = catalogue(path)
    stands.update(template)
    for one in stands:
        if one.fuzzy and one.id and len(one.id) < _LONG:  # two words are like each other and mean something else
            one.string = ""
            one.flags.discard("fuzzy")
    stands.project, stands.version, stands.header_comment = "coopledger", "", f"# {path.stem}, zh-CN: `make messages`"
    stands.revision_date, stands.last_translator, stands.language_team = _AT, "The coopledger authors", "zh-CN"
    stands.fuzzy = False
    return stands


def write(path: Path, stands: Catalog) -> None:
    """Write the catalogue, and compile it."""
    with path.open("wb") as file:
        write_po(file, stands, width=0, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, stands)


if __name__ == "__main__":
    for path, found in ((OURS, said()), (OF_CLICK, said_by_click())):
        stands = updated(path, found)
        write(path, stands)
        waiting = [one for one in stands if one.id and (one.fuzzy or not one.string or not all(one.string))]
        click.echo(f"{path.name}: {len(stands)} texts, {len(waiting)} to be translated")
