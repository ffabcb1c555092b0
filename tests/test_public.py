"""The public names: those that versions are promised for, and no others in what people copy."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("path", [*PAGES, *EXAMPLES], ids=lambda path: str(path.relative_to(ROOT)))
def test_what_people_copy_uses_public_names_alone(path: Path) -> None:
    for match in IMPORT.finditer(path.read_text(encoding="utf-8")):
        module, names = match[1], (match[2] or "").replace(" ", "").split(",")
        assert module in MODULES, match[0]
        for name in names:
            assert name in {"", "*", *public(module)} or f"{module}.{name}" in MODULES or " as " in match[0], match[0]
