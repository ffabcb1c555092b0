"""The core and what it stands on use the standard library, and nothing else from outside."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import coopledger

PACKAGE = Path(coopledger.__file__).parent
PURE = sorted(
    [*(PACKAGE / "core").rglob("*.py"), *(PACKAGE / f"{name}.py" for name in ("errors", "text", "catalogue"))]
)
ALLOWED = {*sys.stdlib_module_names, "coopledger"}


def imported_packages(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_pure_module_imports_only_the_standard_library(path: Path) -> None:
    foreign = set(imported_packages(path.read_text(encoding="utf-8"))) - ALLOWED
    assert not foreign


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_a_pure_module_has_no_float(path: Path) -> None:
    """Money and shares are whole numbers or fractions: no float literal, and the name only where one is refused."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    literals = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    assert not literals
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"]
    assert len(names) == (1 if path.name == "quantity.py" else 0)
