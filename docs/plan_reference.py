"""The page of the keys of a plan file, made from the table of keys that the reader checks against.

``write_page`` writes Markdown. The page is made anew at each build and is not kept.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from coopledger.core.quantity import CURRENCIES
from coopledger.files.keys import CHOICES, COMPANIONS, SOURCES, TABLES, Key

INTRODUCTION = """\
# The plan file

A plan is a text file in [TOML](https://toml.io/en/v1.0.0), saved as UTF-8. Its keys are English words; names and texts
may be in any language, and every named value may be written in Chinese. A key that is not on this page is refused.

How amounts, years and due dates are written is on the page [Amounts, years and lists](values.md). An editor that knows
the [schema](editor.md) completes the keys and marks mistakes while you type.

In the tables, **bold** keys must be there. *Amount* is a text such as `"160 yuan/mu"` or a number; *schedule* is an
amount, or a [schedule table](#schedule-tables).
"""

WHERE: dict[str, tuple[str, str]] = {
    "plan": ("The top of the file", "What the deal is, and the tables below."),
    "term": (
        "Term",
        "`[term]`: how long the contract runs. Either `years` or `end`. A `basis` is needed here or in every stream.",
    ),
    "series": ("Series", "`[series.NAME]`: figures by year from outside. A Chinese name stands in quotation marks."),
    "holders": ("Holders", "`[holders.NAME]`: a list of holders, named by streams and parts. Either `file` or `list`."),
    "holder": ("Holder", "One row of `list`."),
    "stream": ("Streams", "`[[streams]]`: either `amount`, or `rate` and `quantity`."),
    "rounding": ("Rounding", "One table, or a list of one for the unit price and one for the payments."),
    "instalment": ("Instalment", "One row of `due`, where a year is paid in several instalments."),
    "part": ("Part", "One row of `split`, or of another part's `parts`."),
    "claim": ("Claims", "`[[claims]]`: at most one of `rounded_to`, `truncated_to`, `within` and `bound`."),
    "schedule": ("Schedule tables", ""),
    "step": ("Step", "The value of `step`: either `by` or `to`. A percentage needs `of`."),
    "steps": ("Steps", "One row of `steps`: either `by` or `to`. A percentage needs `of`."),
    "tier": ("Tier", "One row of `tiers`."),
    "then": ("Then", "The value of `then`."),
}
"""Each table's heading, and what is said of it besides its keys."""

GROWTHS = ("step", "steps", "rise")
ORDER = (*GROWTHS, "until", "floor", "cap", "delay", "skip", "then")
"""The order in which the reader applies the keys of a schedule table (files/schedule_table.py)."""

KINDS = {
    "text": "text",
    "texts": "list of texts",
    "integer": "whole number",
    "date": "day",
    "dates": "list of days",
    "amount": "amount",
    "amounts": "list of amounts",
    "schedule": "schedule",
    "schedules": "list of schedules",
    "years": "list of years",
    "by year": "table from years to amounts",
}


def write_page(path: Path) -> None:
    """Write the page to ``path``; a page that would not change is left alone."""
    page = "\n".join(_page())
    if not path.exists() or path.read_text(encoding="utf-8") != page:
        path.write_text(page, encoding="utf-8")


def _page() -> Iterator[str]:
    yield INTRODUCTION
    for name, (heading, about) in WHERE.items():
        yield f"## {heading}\n"
        if name == "schedule":
            yield from _schedule()
        else:
            yield f"{about}\n"
            yield from _table(("key", "takes", "meaning"), [_row(key, one) for key, one in TABLES[name].items()])
    yield "## Named values\n"
    yield "Each value may be written in English or in Chinese. Where Chinese has two spellings, both mean the same.\n"
    for name, values in CHOICES.items():
        keys = ", ".join(f"`{key}`" for key in _keys_of_choice(name))
        yield f"### {name}\n"
        yield f"For {keys}.\n"
        rows = [(f"`{value}`", ", ".join(f"`{one}`" for one in spellings)) for value, spellings in values.items()]
        yield from _table(("English", "Chinese"), rows)
    yield "## Currencies\n"
    yield f"{', '.join(f'`{code}`' for code in CURRENCIES)}. The smallest unit of each is the one of ISO 4217.\n"


def _schedule() -> Iterator[str]:
    keys = TABLES["schedule"]
    yield "A schedule says how much is owed in each contract year. An amount alone is the same amount each year.\n"
    yield f"A schedule table has **exactly one** of these {len(SOURCES)} keys, its source:\n"
    yield from _table(("source", "takes", "meaning"), [_row(name, keys[name]) for name in SOURCES])
    yield "These keys go with a source:\n"
    goes_with = [
        (*_row(name, keys[name]), " or ".join(f"`{source}`" for source in sources))
        for name, sources in COMPANIONS.items()
    ]
    yield from _table(("key", "takes", "meaning", "goes with"), goes_with)
    yield f"Of {_listed(GROWTHS)} a `level` has at most one.\n"
    yield "These keys change what the source gives. They are applied in this order, wherever they stand in the file:\n"
    steps = [name for name in ORDER if name not in GROWTHS]
    rows = [("the source, with its growth", "", ""), *(_row(name, keys[name]) for name in steps)]
    yield from _table(("", "key", "takes", "meaning"), [(str(n), *row) for n, row in enumerate(rows, 1)])
    yield "For another order, put one table into another: `sum` takes a list of one as well.\n"
    yield (
        "With a `delay`, the years of the source and of `until` are counted from the end of the delay; those of `skip` "
        "and `then` are always contract years. The schedule of a `then` counts from its own year 1.\n"
    )


def _row(name: str, key: Key) -> tuple[str, str, str]:
    shown = f"**`{name}`**" if key.required else f"`{name}`"
    return shown, " or ".join(_kind(kind) for kind in key.kinds), _plain(key.about)


def _kind(kind: str) -> str:
    if kind in KINDS:
        return KINDS[kind]
    word, name = kind.split()
    if word == "choice":
        return f"[{name}](#{name})"
    heading = WHERE[name][0]
    link = f"[{heading.lower()}](#{heading.lower().replace(' ', '-')})"
    return {"table": f"table: {link}", "tables": f"list of tables: {link}", "named": f"tables by name: {link}"}[word]


def _keys_of_choice(name: str) -> list[str]:
    return list(
        dict.fromkeys(key for keys in TABLES.values() for key, one in keys.items() if f"choice {name}" in one.kinds)
    )


def _listed(names: Sequence[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def _plain(text: str) -> str:
    """Text that Markdown takes as it is."""
    return re.sub(r"([\\|*_`<>\[\]#])", r"\\\1", text)
