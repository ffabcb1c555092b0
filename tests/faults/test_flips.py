"""A bit of the file that is turned over is found, or nothing that can be read has changed."""

import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.faults.books import Figures, Keep, times
from tests.faults.flips import SIZE, dense, flipped


def test_no_bit_of_a_book_turns_over_unnoticed(tmp_path: Path, keep: Keep) -> None:
    image, anchor = dense(tmp_path / "book.db")
    assert len(image) == SIZE
    chance = random.Random(64)  # noqa: S311 - the same bits in each run
    bits = list(range(SIZE * 8))
    if times(0, 1) == 0:
        bits = sorted({*chance.sample(bits, 1200), *of_schema(image)})
    parts = [bits[at::8] for at in range(8)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        found = sum(processes.map(flipped, [(image, anchor, tmp_path, part) for part in parts]), Counter())
    assert sum(found.values()) == len(bits)
    assert {place: n for place, n in found.items() if place[1] == "undetected"} == {}
    changed_nothing = sum(n for (_, outcome), n in found.items() if outcome == "nothing changed")
    assert changed_nothing < len(bits) // 4
    outcomes = ", ".join(f"{place}: {outcome} {n}" for (place, outcome), n in sorted(found.items()))
    keep(Figures("bit turned over", "sqlite", len(bits), outcomes))


def of_schema(image: bytes) -> list[int]:
    """Bits that tell how the columns of the schema's rows are to be read: a text's as bytes, a page for a trigger."""
    kinds = (b"tablecoopledger_", b"indexcoopledger_", b"triggercoopledger_")
    starts = [at for at in range(len(image)) if image.startswith(kinds, at)]
    return [(at - before) * 8 for at in starts for before in (1, 2, 3)]
