"""Sphinx settings. The build reads nothing from the network and treats every warning as an error (`make docs`)."""

import os
import sys
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docs import accounts_reference, cases, command_reference, data_package_reference, plan_reference, run_notebooks

project = "coopledger"
author = "The coopledger authors"
copyright = "2026, The coopledger authors"
version = release = version_of("coopledger")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_extra_path = ["reference/plan.schema.json"]  # at a stable address, for editors

# Every notebook and every code cell runs at each build, and an exception in one fails the build. The cells of a page
# share a folder of their own. The command that they call is the one of this environment, and it speaks English.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
os.environ["LC_ALL"] = "C.UTF-8"
os.environ["PYTHONSTARTUP"] = str(Path(__file__).parent / "cells.py")
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_excludepatterns = ["notebooks/*"]  # they have run already, beside the examples that they read
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False

# Names of other projects cannot be looked up without the network; names of our own must resolve.
nitpick_ignore_regex = [("py:.*", r"(?!coopledger\b).*"), ("py:class", r"coopledger\..*\._\w+")]

html_theme = "furo"
html_title = "coopledger"


def skip_bare_fields(_app: object, _what: str, _name: str, member: object, *_rest: object) -> bool | None:
    """Leave out the fields of named tuples: the signature lists them, and their docstrings are generated."""
    return True if str(getattr(member, "__doc__", "")).startswith("Alias for field number") else None


def setup(app: Sphinx) -> None:
    """Register what is above with Sphinx, and write the pages that are made from the source and the examples."""
    reference = Path(__file__).parent / "reference"
    accounts_reference.write_page(reference / "accounts.md")
    cases.write_page(reference / "cases.md")
    plan_reference.write_page(reference / "plan-file.md")
    command_reference.write_page(reference / "commands.md")
    command_reference.write_page(reference / "commands-zh.md", "zh")
    data_package_reference.write_page(reference / "data-package.md")
    run_notebooks.write_pages(Path(__file__).parent / "notebooks")
    app.connect("autodoc-skip-member", skip_bare_fields)
