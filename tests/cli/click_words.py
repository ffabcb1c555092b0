"""Makes the file that Python's gettext reads of what click says in Chinese: ``python -m tests.cli.click_words``."""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

import coopledger.cli

SOURCE = Path(coopledger.cli.__file__).parent / "locale/zh/LC_MESSAGES/coopledger.po"
COMPILED = SOURCE.with_suffix(".mo")


def entries(text: str) -> Iterator[dict[str, str]]:
    """The entries of a PO file: its keywords (``msgid``, ``msgstr[0]``), each with its text."""
    for block in text.split("\n\n"):
        found: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if not line.startswith("#"):
                start, quote, rest = line.partition('"')
                keyword = start.strip() or keyword
                found[keyword] = found.get(keyword, "") + ast.literal_eval(quote + rest)
        yield found


def compiled(text: str) -> bytes:
    """The MO file of a PO file: a head, two tables of lengths and places, the texts with a null byte behind each."""
    pairs = sorted(
        (
            "\0".join(one[name] for name in ("msgid", "msgid_plural") if name in one).encode(),
            (one.get("msgstr") or one.get("msgstr[0]", "")).encode(),
        )
        for one in entries(text)
    )
    tables, texts = [], b""
    start = 28 + 16 * len(pairs)
    for side in zip(*pairs, strict=True):
        for one in side:
            tables += [len(one), start + len(texts)]
            texts += one + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return struct.pack(f"<{7 + len(tables)}I", *head, *tables) + texts


if __name__ == "__main__":
    COMPILED.write_bytes(compiled(SOURCE.read_text(encoding="utf-8")))
