"""The page of the commands that keep a book, made from the commands themselves.

``write_page`` writes Markdown: every command with its help, its example and its options.
"""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import click

from coopledger.cli.book.command import BookCommand, which_book
from coopledger.cli.book.group import book, contract, dividend, paper
from coopledger.cli.book.papers import verify_paper
from coopledger.cli.book.questions import answer_options
from coopledger.cli.book.recording import record_options

INTRODUCTION = """\
# Commands of a book

`coopledger book COMMAND BOOK …` keeps a book, `coopledger contract COMMAND BOOK CONTRACT …` what contracts bring in,
`coopledger dividend COMMAND BOOK RUN …` pays what it distributes, `coopledger paper COMMAND BOOK …` prints, and
`coopledger verify-paper` checks what was printed. `BOOK` is a file, or the URL of a database (`sqlite:///…`,
`postgresql://…`). It may be left out where the environment variable `COOPLEDGER_BOOK` names it. `COOPLEDGER_ACTOR` says
who records, where `--actor` does not.

Exit statuses: 0, it worked; 1, it was refused and nothing was written; 2, the command was called wrongly: all that is
wrong with it is said at once; 3, `verify` or `verify-paper` found something.

How values are written:

| value | for example |
| --- | --- |
| a day | `2026-03-01`, `2026年3月1日` |
| money | `1200`, `12.50`, `1万元`; in yuan if nothing is said |
| shares | `500`, `2.5`, `1万` |
| a document | `合同.pdf`, `合同.pdf:1-3` with its pages; the file is read, and its SHA-256 is cited |
| a resolution | `2026-3,members,2026-03-01,300/240/220/3`: number, meeting, day, entitled/present/for/against |
| an account | its purpose (`bank`, `cash`), name (`银行存款`) or code (`102`) in the chart in force, `c2023:102` |
| a word of two parts | `household-division`, or `'household division'` |
| a word in Chinese | as the tables print it: `--reason 出售`, `--law 集体`; a meeting `成员大会` |

After each command that records something one line says what was recorded, the number of the record and the beginning of
the head's fingerprint. The same command typed again writes nothing and says so: its key is made of what was typed. What
is meant a second time is recorded with `--again`.
"""

ANSWERS = """
`--format csv` has a line of headings and the rows, without totals and notes; a text that a spreadsheet would take for a
formula has an apostrophe in front. `--format json` has titles, columns, rows, totals and notes; numbers are decimal
texts, so that no program reads them into binary floating point.
"""


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, groups among them, in the order in which the help lists them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - it was listed
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def write_page(path: Path) -> None:
    """Write the page."""
    shared = {
        "Which book": which_book(),
        "What records something": record_options(),
        "What asks something": answer_options(),
    }
    parts = [INTRODUCTION]
    for heading, options in shared.items():
        parts.append(f"\n## {heading}\n\n{_table(options)}")
    parts.append(ANSWERS)
    known = {option.name for options in shared.values() for option in options}
    parts.append(f"\n## coopledger book\n\n{book.help}\n")
    parts += [_section(name, command, known) for name, command in commands(book, "coopledger book")]
    parts.append(f"\n## coopledger dividend\n\n{dividend.help}\n")
    parts += [_section(name, command, known) for name, command in commands(dividend, "coopledger dividend")]
    parts.append(f"\n## coopledger contract\n\n{contract.help}\n")
    parts += [_section(name, command, known) for name, command in commands(contract, "coopledger contract")]
    parts.append(f"\n## coopledger paper\n\n{paper.help}\n")
    parts += [_section(name, command, known) for name, command in commands(paper, "coopledger paper")]
    parts.append(_section("coopledger verify-paper", verify_paper, known))
    path.write_text("".join(parts), encoding="utf-8")


def _section(path: str, command: click.Command, known: Collection[str | None]) -> str:
    text = f"\n## {path}\n\n{command.help}\n"
    if not isinstance(command, BookCommand):
        return text
    arguments = [str(one.human_readable_name) for one in command.params if isinstance(one, click.Argument)]
    text += f"\n```text\n{path} [OPTIONS] {' '.join(arguments)}\n{command.example}\n```\n"
    options = [one for one in command.params if isinstance(one, click.Option)]
    own = [one for one in options if one.required or one.name not in known or one.help not in _HELPS]
    if own:
        text += f"\n{_table(own)}"
    rest = [f"`{name}`" for one in options if one not in own for name in one.opts]
    return text + f"\nAs with others: {', '.join(rest)}.\n"


def _table(options: Iterable[click.Option]) -> str:
    lines = ["| option | meaning |", "| --- | --- |"]
    for one in options:
        names = ", ".join(f"`{name}`" for name in [*one.opts, *one.secondary_opts])
        words = [str(one.help).replace("|", "\\|")]
        if isinstance(one.type, click.Choice):
            words.append(f"One of {', '.join(f'`{word}`' for word in one.type.choices)}.")
        if one.required:
            words.append("It must be given.")
        if one.show_default and one.default is not None:
            words.append(f"`{one.default}` if left out.")
        metavar = f" {one.metavar}" if one.metavar else ""
        lines.append(f"| {names}{metavar} | {' '.join(words)} |")
    return "\n".join(lines) + "\n"


_HELPS = {option.help for options in (which_book(), record_options(), answer_options()) for option in options}
