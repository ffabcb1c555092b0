"""How a little program is measured: its preparation apart from its work, on a peak of memory of its own.

It runs in environments of other tools, so it takes nothing but the standard library.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def peak_kib() -> int:
    """The most memory that this process has held so far, in KiB.

    Linux hands ``ru_maxrss`` on from the process that started this one; its own peak stands in /proc.
    """
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return kib // 1024 if sys.platform == "darwin" else kib


def main(works: Mapping[str, Callable[[str, int], Work]]) -> None:
    """``PROGRAM WORK PLACE COUNT`` prepares a work, does it and prints what it took."""
    name, place, count = sys.argv[1:]
    work = works[name](place, int(count))
    before = peak_kib()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "before_kib": before, "peak_kib": peak_kib()}))
