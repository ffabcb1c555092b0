"""The tutorial of the service: all its lines run in one shell, and answer what the page says."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tutorial" / "service.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
MARK = "---- block"

if shutil.which("curl") is None and not os.environ.get("CI"):  # in CI it is there, or .ci/run is wrong
    pytest.skip("curl is not here", allow_module_level=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a copy of the service; whatever is left running in it is ended."""
    made = Path(tempfile.mkdtemp(prefix="coopledger-"))
    shutil.copytree(ROOT / "examples" / "service", made / "service", ignore=shutil.ignore_patterns("__pycache__"))
    yield made
    with suppress(OSError, ValueError):  # the page has stopped the server itself, unless something failed
        os.kill(int((made / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGTERM)
    shutil.rmtree(made, ignore_errors=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def test_the_lines_of_the_tutorial_answer_what_it_says(folder: Path) -> None:
    lines = "".join(f"{body}\necho {MARK}\n" if kind == "sh" else "" for kind, body in BLOCKS)
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    said = {**os.environ, "PATH": path, "LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": str(folder), "NO_PROXY": "127.0.0.1"}
    script = f"set -em\n{lines.replace('8000', str(free_port()))}"
    shell = subprocess.Popen(  # noqa: S603 - our own page
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=said,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        out, err = shell.communicate(timeout=180)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGTERM)
    assert shell.returncode == 0, out + err
    printed, answer, compared = iter(out.split(f"{MARK}\n")), "", 0
    for kind, body in BLOCKS:
        if kind == "sh":
            answer = next(printed)
        else:
            assert re.fullmatch(re.escape(body).replace("…", ".*?"), answer), f"{body}\n{answer}"
            compared += 1
    assert compared == 7


def test_the_readme_of_the_service_has_every_operation_and_kind_of_problem() -> None:
    from examples.service.app import create
    from examples.service.problem import ADVICE

    readme = (ROOT / "examples" / "service" / "README.md").read_text(encoding="utf-8")
    for path in create("postgresql://nowhere/").openapi()["paths"]:
        assert f"{path}`" in readme or f"`{path.rpartition('/')[2]}`" in readme, path
    for kind in ADVICE:
        assert f"`{kind}`" in readme
