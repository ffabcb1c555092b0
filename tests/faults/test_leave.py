"""A process that leaves in the middle of an append leaves the book as it was, or with the whole append."""

import subprocess
import sys

from tests.faults.books import ROOT, Figures, Keep, Place


def test_a_process_that_leaves_before_any_statement_leaves_nothing_in_part(place: Place, keep: Keep) -> None:
    database = (
        place.engine.url.database if place.schema is None else place.engine.url.render_as_string(hide_password=False)
    )
    assert database is not None
    command = [sys.executable, "-m", "tests.faults.leaver", database, place.schema or "-"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr
    left = [int(line) for line in done.stdout.split()]
    assert len(left) == 4
    assert min(left) >= 6
    keep(Figures("process gone at a statement", place.dialect, sum(left)))
