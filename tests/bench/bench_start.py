"""What starting costs: importing the library, and the command as a whole process, against a bare interpreter."""

import compileall
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import coopledger

ROOT = Path(__file__).parents[2]
PLAN = str(ROOT / "examples" / "laohushan.toml")
RUNS = 25
COMMAND = "from coopledger.cli.main import main; main()"


def seconds_to_run(*arguments: str) -> float:
    """Wall time of a fresh interpreter, its output thrown away."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own code
    return time.perf_counter() - start


def run() -> list[tuple[str, float, float]]:
    """Name, target and measured ratio of wall time: the median over pairs of runs, each beside a bare one."""
    compileall.compile_dir(os.path.dirname(coopledger.__file__), quiet=1)  # as an installed package is
    contestants = {
        "import coopledger": (5.0, ("-c", "import coopledger")),
        "coopledger project, table": (9.0, ("-c", COMMAND, "project", PLAN)),
        "coopledger project, --format json": (7.0, ("-c", COMMAND, "project", PLAN, "--format", "json")),
    }
    ratios: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(RUNS):
        for name, (_, arguments) in contestants.items():
            bare = seconds_to_run("-c", "pass")
            ratios[name].append(seconds_to_run(*arguments) / bare)
    return [(f"{name} / python -c pass", contestants[name][0], statistics.median(ratios[name])) for name in contestants]
