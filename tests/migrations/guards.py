"""What guards a book, by name: the triggers and CHECKs that each revision promises."""

import re

from coopledger.store.shape import Shape
from coopledger.store.upgrade import revisions

_CHECKS = {
    "coopledger_record_seq",
    "coopledger_record_hashes",
    "coopledger_record_days",
    "coopledger_record_counts",
    "coopledger_posting_quantity",
    "coopledger_posting_accounts",
    "coopledger_posting_line",
    "coopledger_posting_reversal",
    "coopledger_personal_salt",
}
_REFUSALS = {
    f"coopledger_{table}_no_{verb}"
    for table in ("book", "record", "posting", "personal")
    for verb in ("update", "delete")
}
_NEW = {"coopledger_posting_sealed", "coopledger_personal_new", "coopledger_record_chained"}

GUARDS = {
    "0001": {
        "sqlite": _CHECKS | _REFUSALS | _NEW | {"coopledger_book_new"},
        "postgresql": _CHECKS
        | _REFUSALS
        | _NEW
        | {f"coopledger_{table}_no_truncate" for table in ("book", "record", "posting", "personal")},
    }
}
"""A revision that is not here promises what the one before it does."""


def promised(revision: str, dialect: str) -> set[str]:
    known = revisions()
    last = next(one for one in reversed(known[: known.index(revision) + 1]) if one in GUARDS)
    return GUARDS[last][dialect]


def guards_of(shape: Shape) -> set[str]:
    """The names of the triggers that always fire and of the CHECKs."""
    found = set()
    for name, definition in shape.items():
        kind, _, own = name.partition(" ")
        if kind == "table":  # SQLite has a table's CHECKs in its text
            found |= set(re.findall(r"CONSTRAINT (\w+) CHECK", definition))
        elif kind == "constraint" and definition.startswith("CHECK"):
            found.add(own)
        elif kind == "trigger" and (" enabled " not in definition or definition.endswith(" enabled A")):
            found.add(own.rpartition(".")[2])
    return found
