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

_WIDGET = {"application/vnd.jupyter.widget-view+json"}
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


def write_pages(folder: Path) -> None:
    """The notebooks with their outputs, as pages: without widgets, which ask for scripts from elsewhere."""
    folder.mkdir(exist_ok=True)
    for notebook in NOTEBOOKS:
        done = run(notebook)
        done.metadata.pop("widgets", None)
        for cell in done.cells:
            if cell.cell_type == "code":
                cell.outputs = [one for one in cell.outputs if not _WIDGET & {*one.get("data", {})}]
        nbformat.write(done, folder / notebook.name)  # type: ignore[no-untyped-call]
