"""Measure what a user waits for. Run it with `make bench`; it prints figures and judges nothing."""

import statistics
import subprocess
import sys
import time

REPETITIONS = 7


def milliseconds_to_run(code: str) -> float:
    """Median wall time, in milliseconds, of a fresh interpreter that runs `code`."""
    times_s = []
    for _ in range(REPETITIONS):
        start_s = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - the code is ours
        times_s.append(time.perf_counter() - start_s)
    return statistics.median(times_s) * 1000


def main() -> None:
    """Print one line for each measurement."""
    bare_ms = milliseconds_to_run("pass")
    print(f"start Python                {bare_ms:8.1f} ms")
    for module in ("coopledger", "coopledger.cli.main"):
        print(f"import {module:<20} {milliseconds_to_run(f'import {module}') - bare_ms:8.1f} ms")


if __name__ == "__main__":
    main()
