"""Basis files: what a year's surplus is split by and the book does not have, by holder, in a CSV file."""

import csv
import os
from io import StringIO

from coopledger.core.journal import LARGEST_QUANTITY
from coopledger.errors import WaterfallError
from coopledger.files.source import read_text
from coopledger.text import Message, printable


def load_basis(path: str | os.PathLike[str]) -> dict[str, int]:
    r"""The numbers of the register, each with a whole number, in a CSV file of two columns under a heading.

    Raises PlanError for what is no text, WaterfallError for a row that says something else.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/kilograms.csv", "w", encoding="utf-8") as file:
    ...         _ = file.write("number,kilograms\n0042,1200\n0043,800\n")
    ...     load_basis(f"{folder}/kilograms.csv")
    {'0042': 1200, '0043': 800}
    """
    name = printable(os.path.basename(path))
    found: dict[str, int] = {}
    try:
        rows = [*csv.reader(StringIO(read_text(path, []), newline=""), strict=True)]
    except csv.Error as error:
        raise WaterfallError(Message("{file}: {wrong}", file=name, wrong=printable(str(error)))) from None
    for line, row in enumerate(rows[1:], 2):
        number, amount = [*(cell.strip() for cell in row), "", ""][:2]
        if not any(cell.strip() for cell in row):
            continue
        if not _is_count(amount) or not number or number in found or len(row) != 2:
            raise WaterfallError(
                Message(
                    "{file}, row {line}: {seen}: a number of the register, once, and a whole number from 0 on are "
                    "expected",
                    file=name,
                    line=line,
                    seen=printable(",".join(row))[:80],
                )
            )
        found[number] = int(amount)
    return found


def _is_count(seen: str) -> bool:
    return seen.isascii() and seen.isdigit() and len(seen) <= 15 and int(seen) < LARGEST_QUANTITY
