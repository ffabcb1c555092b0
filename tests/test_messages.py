"""Catalogues: all that is said stands in them, in Chinese, with the same values; nothing else does."""

import ast
import re
import string
from collections.abc import Callable, Collection, Iterable, Mapping
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import click
import pytest
from babel.messages.catalog import Catalog

from coopledger.catalogue import Catalogue
from coopledger.cli import help as helped
from coopledger.cli.language import click_speaking
from coopledger.text import translated
from tests.messages import OF_CLICK, OURS, SOURCE, catalogue, commands, said, said_by_click, updated, write

CATALOGUES = pytest.mark.parametrize(
    ("path", "found"), [(OURS, said), (OF_CLICK, said_by_click)], ids=["ours", "click"]
)
Found = Callable[[], Mapping[Any, Collection[str]]]
PATHS = pytest.mark.parametrize("path", [OURS, OF_CLICK], ids=["ours", "click"])
NOT_WORDS = re.compile(
    r"'[^']*'|--[a-z-]+|\b[a-z]+(=|-)[a-z\d-]+\b|COOPLEDGER_[A-Z]+|\{[^}]*\}|\.[a-z]+\b|%\([a-z]+\)s|[a-z]+\.toml"
    r"|coopledger [a-z]+ .*"
)
"""What stands in English in a Chinese text too: what is typed, options, names of the environment, values, endings."""


def texts(one: str | Iterable[str] | None) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one or ())


def waiting(stands: Catalog) -> list[Any]:
    return [one.id for one in stands if one.id and (one.fuzzy or not one.string or not all(texts(one.string)))]


@CATALOGUES
def test_all_that_is_said_is_translated_and_no_translation_is_left_over(path: Path, found: Found) -> None:
    stands = catalogue(path)
    assert waiting(stands) == []
    assert {one.id for one in stands if one.id} == set(found())


@CATALOGUES
def test_a_catalogue_names_the_files_that_say_a_text(path: Path, found: Found) -> None:
    wanted = found()
    for one in catalogue(path):
        if one.id:
            assert sorted(file for file, _ in one.locations) == sorted(wanted[one.id])
    assert set(wanted["Commands" if path is OF_CLICK else "yuan"])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name} | {*re.findall(r"%\(\w+\)s", text)}


@PATHS
def test_a_translation_has_the_values_of_its_text(path: Path) -> None:
    for one in catalogue(path):
        if one.id:
            wanted = set.union(*map(fields, texts(one.id)))
            for chinese in texts(one.string):
                assert fields(chinese) <= wanted, one.id
                assert isinstance(one.id, tuple) or "plural" in one.id or path is OF_CLICK or fields(chinese) == wanted


@PATHS
def test_what_is_compiled_is_what_stands_in_the_catalogue(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    assert len(compiled._catalog) == len(catalogue(path)) + 1  # type: ignore[attr-defined]  # noqa: SLF001
    for one in catalogue(path):
        if isinstance(one.id, tuple):
            assert {compiled.ngettext(one.id[0], one.id[1], n) for n in (1, 2)} == {*texts(one.string)}
        elif one.id:
            assert compiled.gettext(str(one.id)) == one.string


@CATALOGUES
def test_a_catalogue_that_is_in_step_is_written_as_it_stands(path: Path, found: Found, tmp_path: Path) -> None:
    again = tmp_path / path.name
    write(again, updated(path, found()))
    assert again.read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), "make messages"


def test_our_reader_finds_every_text_that_babel_compiled_and_no_other() -> None:
    ours = Catalogue(OURS.with_suffix(".mo").read_bytes())
    for one in catalogue(OURS):
        assert ours.find(str(one.id)) == one.string or not one.id
    for other in ("", "\0", "no such text", "record", "yuan ", "\udcff", "龥", "~~~"):
        assert ours.find(other) is None or other in {"", "record"}


def test_a_text_whose_english_changed_waits_with_the_old_translation_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "coopledger.po"
    stands = Catalog(locale="zh_CN")
    stands.add("{seen}: a share of this class has {digits} decimals", "{seen}：此类别的股份有 {digits} 位小数")
    stands.add("loan", "借款")
    write(path, stands)
    changed = {"{seen}: one share of this class has {digits} decimals": ["a.py"], "lean": ["a.py"]}
    after = updated(path, changed)
    assert waiting(after) == [*changed]
    first, second = (one for one in after if one.id)
    assert (first.fuzzy, first.string) == (True, "{seen}：此类别的股份有 {digits} 位小数")
    assert (second.fuzzy, second.string) == (False, "")


@pytest.mark.parametrize("command", [*commands()], ids=lambda command: command.name)
def test_a_help_is_chinese_throughout(command: click.Command) -> None:
    """Every command, group, option and argument: no English sentence is left in what the help prints."""
    context = command.context_class(command, info_name=command.name, terminal_width=78)
    with click_speaking("zh"):
        printed = command.get_help(context).partition("\n示例：\n")[0]
    assert isinstance(command, helped.Command)
    for one in command.params:
        assert isinstance(one, helped.Option | helped.Argument)
        if isinstance(one, click.Option):
            assert one.help
    left = NOT_WORDS.sub(" ", printed)
    assert not re.search(r"[A-Za-z]{2,}[,.]? +(?:[a-z]{2,}[,.]? +)+[a-z]{2,}", left), left
    assert not re.search(r"\b(?:the|of|is|and|a|if)\b", left), left
    with click_speaking("en"):
        assert "Options:" in command.get_help(context)
        english = {text for text in helped.texts(command) if re.search("[a-z]{3}", text)}
    assert not [text for text in english if translated(text, "zh") == text]


def test_lines_of_a_chinese_help_are_no_longer_than_the_terminal_is_wide() -> None:
    from coopledger.files.text_table import width

    with click_speaking("zh"):
        for command in commands():
            context = command.context_class(command, info_name=command.name, terminal_width=78)
            printed = command.get_help(context).partition("\n示例：\n")[0]
            for line in printed.splitlines():
                assert width(line) <= 78 or re.match(r" +-.*[\]=\w]$", line), line
                assert line[:1] != "，"


def test_headings_and_titles_of_tables_are_messages() -> None:
    """Words of a heading that are no message would stand in English in a Chinese table."""
    for path in {*SOURCE.rglob("*.py")} - {*(SOURCE / "store").iterdir()}:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in {"Column", "Table", "money", "count"} and isinstance(first, ast.Constant):
                    assert not re.search("[a-z]{2}", str(first.value)), f"{path}:{node.lineno}"
