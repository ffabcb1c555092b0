"""Measure what a user waits for, as ratios to a named baseline in one run. `make bench` prints and judges nothing.

A target of 0 means that none was set.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bench_book
import bench_contracts
import bench_dividends
import bench_journal
import bench_pages
import bench_split
import bench_start
import bench_workbook


def main() -> None:
    """Print a line for each measurement: ratio, target, what is compared."""
    print(f"Python {sys.version.split()[0]}")
    print("ratio  target")
    for bench in (
        bench_start,
        bench_contracts,
        bench_split,
        bench_journal,
        bench_book,
        bench_dividends,
        bench_workbook,
        bench_pages,
    ):
        for name, target, ratio in bench.run():
            print(f"{ratio:5.2f}  {target:6.2f}  {name}", flush=True)


if __name__ == "__main__":
    main()
