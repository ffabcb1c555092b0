"""Write the hashes in ``tests/store/golden.json`` anew, from its steps: only a new version of the format needs that."""

import json
from typing import Any

from coopledger.store.memory import MemoryJournal
from tests.store.promises.golden import FILE, GOLDEN, walked


def line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def step_of(step: dict[str, Any]) -> str:
    """A step on one line, its entries each on another."""
    if "entries" not in step:
        return line(step)
    before = line({name: value for name, value in step.items() if name != "entries"})
    entries = ",\n        ".join(map(line, step["entries"]))
    return f'{before[:-1]}, "entries": [\n        {entries}\n      ]}}'


def main() -> None:
    books = []
    for golden in GOLDEN:
        written, head = walked(golden, lambda name, clock, salt: MemoryJournal(name, clock=clock, salt=salt))
        parts = {
            "book": line(golden["book"]),
            "salts": line(golden["salts"]),
            "steps": "[\n      " + ",\n      ".join(map(step_of, golden["steps"])) + "\n    ]",
            "records": "[\n      " + ",\n      ".join(map(line, written)) + "\n    ]",
            "head": line(head),
        }
        books.append("  {\n" + ",\n".join(f"    {line(name)}: {text}" for name, text in parts.items()) + "\n  }")
    FILE.write_text("[\n" + ",\n".join(books) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
