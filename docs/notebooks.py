"""Runs the notebooks of the examples, each from a clean kernel: for the pages that show them, and for the tests."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NOTEBOOKS = sorted((EXAMPLES / "notebooks").glob("*.ipynb"))

_KINDS = ("User", "Deprecation", "Future", "Runtime", "Syntax")
_WARNINGS_ARE_ERRORS = {"PYTHONWARNINGS": ",".join(f"error::{kind}Warning" for kind in _KINDS)}


def run(notebook: Path) -> NotebookNode:
    """A notebook with the outputs of its cells; CellExecutionError if one of them fails.

    It runs in a copy of the examples, so that it leaves nothing behind. In its own code a warning is an error.
    """
    read = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    with TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLES, Path(folder) / "examples")
        where = Path(folder) / "examples" / "notebooks"
        before = dict(os.environ)
        os.environ.update(_WARNINGS_ARE_ERRORS)
        try:
            return NotebookClient(
                read,
                timeout=300,
                kernel_name="python3",
                resources={"metadata": {"path": str(where)}},
            ).execute()
        finally:
            os.environ.clear()
            os.environ.update(before)
