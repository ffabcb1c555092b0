"""Sheets of a workbook that is written: what they may be called, and what their cells may say."""

import re
from collections.abc import Iterable, Sequence

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_TEXT = 16_000
"""A cell takes 32,767 units of UTF-16."""
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_RICH = ("<r>", "</r>")
_COLON = re.compile(r"：|: ")


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names that sheets may have, after those wanted: no two the same, at most 31 UTF-16 units, no brackets or strokes.

    >>> sheet_names(["分红 2025/6", "分红 2025/6", ""])
    ['分红 2025_6', '分红 2025_6 2', '_']
    """
    seen = {"history", *(one.lower() for one in taken)}  # Excel keeps History for itself
    names = []
    for one in wanted:
        plain = _cut(cell_text(_FORBIDDEN.sub("_", one)).strip("'"), _LONGEST_NAME).rstrip("'") or "_"
        name, n = plain, 1
        while name.lower() in seen:
            n += 1
            name = f"{_cut(plain, _LONGEST_NAME - 1 - len(str(n)))} {n}"
        seen.add(name.lower())
        names.append(name)
    return names


def told_apart(titles: Sequence[str]) -> list[str]:
    """Titles without what stands before a colon in all of them, so that the names of their sheets tell them apart.

    One title alone is shortened only if the name of a sheet could not hold it.

    >>> told_apart(["示例村股东名册：人口股", "示例村股东名册：土地股"])
    ['人口股', '土地股']
    >>> told_apart(["示例村：公示", "示例村：公示：按股东"]), told_apart(["示例村：公示"])
    (['公示', '公示：按股东'], ['示例村：公示'])
    """
    found = list(titles)
    while found and (len({*found}) > 1 or len(found[0]) > _LONGEST_NAME):
        parts = [_COLON.split(one, maxsplit=1) for one in found]
        if any(len(one) < 2 or not one[1] for one in parts) or len({one[0] for one in parts}) > 1:
            break
        found = [one[1] for one in parts]
    return found


def _cut(text: str, units: int) -> str:
    """The beginning of a text, at most so many units of UTF-16: Excel counts a rare character or an emoji twice."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def cell_text(text: str) -> str:
    r"""A text as a cell of XlsxWriter takes it: what no file can hold is written out, and what is too long is cut (…).

    XlsxWriter takes a text in ``<r>…</r>`` for XML of its own: a blank goes behind it.

    >>> cell_text("成员甲"), cell_text("\ud800"), cell_text("<r>&</r>")
    ('成员甲', '\\ud800', '<r>&</r> ')
    """
    if len(text) > _LONGEST_TEXT:
        text = f"{text[:_LONGEST_TEXT]}…"
    if text.startswith(_RICH[0]) and text.endswith(_RICH[1]):
        text = f"{text} "
    return text if text.isprintable() else _UNWRITABLE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
