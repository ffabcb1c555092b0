"""What is installed has the revisions in it: a book is made and verified without a copy of the source."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.migrations.invented import ROOT

MAKES_A_BOOK = """
import sys, coopledger
from coopledger.store.database import create_book, open_book
from coopledger.store.upgrade import newest

assert coopledger.__file__.startswith(sys.argv[1]), coopledger.__file__
create_book(sys.argv[2], "hill")
assert open_book(sys.argv[2]).verify() == []
print(newest())
"""


def _run(*arguments: str, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - what it runs stands here
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    [file] = folder.glob("*.whl")
    return file


def _sources() -> set[str]:
    """The migrations and the file of shapes, as the source has them."""
    found = {path.relative_to(ROOT) for path in (ROOT / "migrations").rglob("*.*") if "__pycache__" not in path.parts}
    return {path.as_posix() for path in found}


def test_the_wheel_has_every_revision_and_the_shapes(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        for source in _sources():
            assert archive.read(f"coopledger/{source}") == (ROOT / source).read_bytes()
        shapes = (ROOT / "src" / "coopledger" / "store" / "shape.json").read_bytes()
        assert archive.read("coopledger/store/shape.json") == shapes
    assert any(name.startswith("coopledger/migrations/versions/0001") for name in names)
    assert [name for name in names if not name.startswith(("coopledger/", "coopledger-"))] == []


def test_the_source_archive_has_what_the_wheel_is_built_from(tmp_path: Path) -> None:
    _run("-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path))
    [file] = tmp_path.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= _sources() | {"src/coopledger/store/shape.json", "pyproject.toml"}


def test_an_installed_copy_makes_and_verifies_a_book(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    _run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    said = _run("-c", MAKES_A_BOOK, str(target), str(tmp_path / "hill.db"), PYTHONPATH=str(target))
    assert said.strip() == max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("*.py"))
