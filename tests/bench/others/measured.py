"""How a little program is measured: one work in a process of its own, on a book that an earlier process made.

It runs in the environments of other tools, so it takes nothing but the standard library.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def peak_kib() -> int:
    """The most memory that this process has held so far, in KiB.

    Linux hands ``ru_maxrss`` on from the process that started this one; a process's own peak stands in /proc.
    """
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak // 1024 if sys.platform == "darwin" else peak


def main(works: Mapping[str, Callable[[str, int], Work]]) -> None:
    """``PROGRAM WORK PLACE COUNT`` prepares a work, does it and prints what the doing took."""
    name, place, count = sys.argv[1:]
    work = works[name](place, int(count))
    began, began_cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_kib": peak_kib()}))
