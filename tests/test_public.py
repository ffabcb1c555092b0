"""The public names: those that versions are promised for, and no others in what people copy."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import isfunction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints

import pytest

import coopledger
from coopledger import errors

ROOT = Path(__file__).parents[1]
MODULES = (
    *("coopledger", "coopledger.book", "coopledger.errors", "coopledger.plan"),
    *("coopledger.charts", "coopledger.notebook"),
)
IMPORT = re.compile(r"^(?:>>> |\.\.\. | +)?(?:from|import) (coopledger[\w.]*)(?: import ([\w, *]+))?", re.MULTILINE)
PAGES = [ROOT / "README.md", *(ROOT / "docs" / "tutorial").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md")]
EXAMPLES = sorted((ROOT / "examples").rglob("*.py"))


def public(module: str) -> list[str]:
    if module == "coopledger.errors":
        return sorted(name for name, seen in vars(errors).items() if getattr(seen, "__module__", "") == module)
    return list(import_module(module).__all__)


def test_the_public_names_are_those_that_are_promised() -> None:
    """Who adds one adds it to the list as well. Who takes one away has read docs/reference/versioning.md."""
    promised = (ROOT / "tests" / "public_names.txt").read_text(encoding="utf-8").split()
    found = [f"{module}.{name}" for module in MODULES for name in public(module) if not name.startswith("_")]
    assert {*promised} - {*found} == set(), "these are gone: deprecate them first (docs/reference/versioning.md)"
    assert {*found} - {*promised} == set(), "these are new: write them into tests/public_names.txt"


@pytest.mark.parametrize("module", MODULES)
def test_a_public_name_is_there_and_said_once(module: str) -> None:
    names = public(module)
    assert len(names) == len({*names})
    for name in names:
        assert getattr(import_module(module), name) is not None


def test_the_first_names_are_a_dozen_and_those_of_the_modules_of_plans_and_books() -> None:
    assert len(coopledger.__all__) == 12
    for name in coopledger.__all__:
        homes = [import_module(module) for module in MODULES[1:] if name in public(module)]
        assert homes
        assert all(getattr(one, name) is getattr(coopledger, name) for one in homes)


def test_a_name_that_is_elsewhere_is_refused_in_words() -> None:
    seen: Any = coopledger
    with pytest.raises(AttributeError, match=r"'ramp': plans are in coopledger\.plan, books in coopledger\.book"):
        assert seen.ramp


def test_importing_the_package_takes_no_database_with_it() -> None:
    code = "import sys, coopledger; print([one for one in ('sqlalchemy', 'alembic', 'click') if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.split() == [b"[]"]  # noqa: S603


@pytest.mark.parametrize("module", ["coopledger.book", "coopledger.plan"])
def test_what_a_function_takes_or_gives_has_a_public_name(module: str) -> None:
    """So that a program that mypy checks can say in its own signatures what it hands on."""
    home = import_module(module)
    named = {id(getattr(import_module(one), name)) for one in MODULES for name in public(one)}
    functions = {name: getattr(home, name) for name in public(module) if isfunction(getattr(home, name))}
    libraries = {"pa": SimpleNamespace(Table=object), "pd": SimpleNamespace(DataFrame=object)}  # imported when needed
    nameless = {
        f"{name}: {kind.__module__}.{kind.__name__}"
        for name, function in functions.items()
        for hint in get_type_hints(function, localns=libraries).values()
        for kind in kinds(hint)
        if kind.__module__.startswith("coopledger") and id(kind) not in named
    }
    assert len(functions) > 20
    assert nameless == set()


def kinds(hint: Any) -> Iterator[type]:  # noqa: ANN401 - a type, a union, a callable's list of types
    """The classes that a type is made of."""
    parts = hint if isinstance(hint, list) else get_args(hint)
    if not parts and isinstance(hint, type):
        yield hint
    for part in parts:
        yield from kinds(part)


@pytest.mark.parametrize("path", [*PAGES, *EXAMPLES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_people_copy_uses_public_names_alone(path: Path) -> None:
    for match in IMPORT.finditer(path.read_text(encoding="utf-8")):
        module, names = match[1], (match[2] or "").replace(" ", "").split(",")
        assert module in MODULES, match[0]
        for name in names:
            assert name in {"", "*", *public(module)} or f"{module}.{name}" in MODULES or " as " in match[0], match[0]
