"""Answers: tables in the form that is asked for, printed or written to a file; one way for every command."""

import os
from collections.abc import Sequence
from typing import Any

import click

from coopledger.cli.printing import give, write, write_all
from coopledger.core.table import Table
from coopledger.text import Language, Message

_IN_FILES = ("xlsx", "parquet")
_FORMS = ("table", "csv", "json", *_IN_FILES)
_PARQUET = ".parquet"

FORMAT: dict[str, Any] = {
    "type": click.Choice(_FORMS),
    "help": "How it is laid out. If left out, as the ending of --output says (register.xlsx), or else as a table.",
}
"""The settings of ``--format``."""

OUTPUT: dict[str, Any] = {
    "type": click.Path(dir_okay=False),
    "metavar": "FILE",
    "help": "Write to a file instead. Parquet of several tables is a file each, FILE-1.parquet and so on.",
}
"""The settings of ``--output``."""


def form_of(form: str | None, output: str | None) -> str:
    """The form that was asked for: that of ``--format``, or of the file's ending, or a table.

    >>> form_of(None, "register.XLSX"), form_of("csv", "register.txt"), form_of(None, None)
    ('xlsx', 'csv', 'table')
    """
    ending = os.path.splitext(output or "")[1][1:].lower()
    return form or (ending if ending in _FORMS else "table")


def file_missing(form: str, output: str | None) -> Message | None:
    """What is said where a form needs a file and none is named."""
    if output is None and form in _IN_FILES:
        return Message("--format {form} is a file, and is not printed: --output FILE is expected", form=form)
    return None


def laid_out(tables: Sequence[Table], form: str, language: Language) -> str | bytes | list[bytes]:
    """Tables in a form: a text, a file's bytes, or of Parquet one file a table."""
    if form == "xlsx":
        from coopledger.files.table_xlsx import tables_xlsx

        return tables_xlsx(tables, language)
    if form == "parquet":
        from coopledger.files.arrow import parquet, to_arrow

        return [parquet(to_arrow(one, language)) for one in tables]
    if form == "table":
        from coopledger.files.text_table import text_table

        return "\n".join(text_table(one, language) for one in tables)
    from coopledger.files.table_data import tables_csv, tables_json

    return (tables_csv if form == "csv" else tables_json)(tables, language)


def hand_over(data: str | bytes | list[bytes], form: str, output: str | None) -> None:
    """Print what was laid out, or write it: CSV with the mark in front by which Excel knows UTF-8."""
    if isinstance(data, list):
        names = _files(str(output), len(data))
        if len(names) == 1:
            write(names[0], data[0])
        else:
            write_all(dict(zip(names, data, strict=True)))
    elif isinstance(data, bytes):
        write(str(output), data)
    else:
        give(f"\ufeff{data}" if form == "csv" and output is not None else data, output)


def _files(output: str, count: int) -> list[str]:
    if count == 1:
        return [output]
    before = output.removesuffix(_PARQUET)
    return [f"{before}-{n}{_PARQUET}" for n in range(1, count + 1)]
