"""The pages of the commands that keep a book, made from the commands themselves, in English and in Chinese.

``write_page`` writes Markdown: every command with its help, its example and its options.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from coopledger.cli.book.command import BookCommand, which_book
from coopledger.cli.book.group import book, contract, dividend, paper
from coopledger.cli.book.papers import verify_paper
from coopledger.cli.book.questions import answer_options
from coopledger.cli.book.recording import record_options
from coopledger.cli.language import click_speaking
from coopledger.text import Language

ENGLISH = """\
# Commands of a book

中文：[账簿的命令](commands-zh.md)。

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

CHINESE = """\
# 账簿的命令

English: [Commands of a book](commands.md).

`coopledger book 命令 账簿 …` 记账簿，`coopledger contract 命令 账簿 合同 …` 记合同带来的款项，
`coopledger dividend 命令 账簿 分红 …` 发放分配的款项。“账簿”是一个文件，或数据库的 URL（`sqlite:///…`、`postgresql://…`）；
环境变量 `COOPLEDGER_BOOK` 写明时可以省略。没有 `--actor` 时，由 `COOPLEDGER_ACTOR` 写明操作人。

退出码：0，成功；1，被拒绝，什么也没有写；2，命令写得不对，所有问题一次列出；3，`verify` 发现了问题。

值的写法：

| 值 | 例如 |
| --- | --- |
| 日期 | `2026-03-01`、`2026年3月1日` |
| 金额 | `1200`、`12.50`、`1万元`；不写单位为元 |
| 股数 | `500`、`2.5`、`1万` |
| 文件 | `合同.pdf`，带页码为 `合同.pdf:1-3`；读取该文件，引用其 SHA-256 |
| 决议 | `2026-3,成员大会,2026-03-01,300/240/220/3`：编号、会议、日期、应到/实到/赞成/反对 |
| 科目 | 现行科目表中的用途（`bank`、`cash`）、名称（`银行存款`）或编号（`102`），或 `c2023:102` |
| 两个词的选项值 | `household-division`，或 `'household division'` |
| 中文的选项值 | 与打印出来的相同：`--reason 出售`、`--law 集体`；会议写 `成员大会` |

每个记账的命令之后有一行，写明记录了什么、记录号和指纹的开头。同一命令再写一次，不会重复入账，并有提示：键由所写的内容生成。
确实要再记一次，加 `--again`。
"""

ANSWERS = {
    "en": """
`--format csv` has a line of headings and the rows, without totals and notes; a text that a spreadsheet would take for a
formula has an apostrophe in front. `--format json` has titles, columns, rows, totals and notes; numbers are decimal
texts, so that no program reads them into binary floating point.
""",
    "zh": """
`--format csv` 有一行表头和各行数据，没有合计和说明；会被电子表格当作公式的文本，前面加撇号。`--format json` 有标题、
各列、各行、合计和说明；数字写成十进制文本，没有程序会把它读成二进制浮点数。
""",
}

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "book": "Which book",
        "record": "What records something",
        "answer": "What asks something",
        "heads": "| option | meaning |",
        "choices": "One of {}.",
        "needed": "It must be given.",
        "default": "`{}` if left out.",
        "rest": "As with others: {}.",
        "between": ", ",
        "space": " ",
    },
    "zh": {
        "book": "哪个账簿",
        "record": "记账的命令",
        "answer": "查询的命令",
        "heads": "| 选项 | 含义 |",
        "choices": "可写 {}。",
        "needed": "必填。",
        "default": "不写为 `{}`。",
        "rest": "同其他命令：{}。",
        "between": "、",
        "space": "",
    },
}


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, groups among them, in the order in which the help lists them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - it was listed
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def write_page(path: Path, language: Language = "en") -> None:
    """Write the page."""
    with click_speaking(language):
        path.write_text("".join(_page(WORDS[language], language)), encoding="utf-8")


def _page(words: Mapping[str, str], language: Language) -> Iterator[str]:
    shared = {"book": which_book(), "record": record_options(), "answer": answer_options()}
    yield ENGLISH if language == "en" else CHINESE
    for heading, options in shared.items():
        yield f"\n## {words[heading]}\n\n{_table(options, words)}"
    yield ANSWERS[language]
    known = {option.name: option.help for options in shared.values() for option in options}
    helps = {option.help for options in shared.values() for option in options}

    def is_shared(one: click.Option) -> bool:
        return one.name in known and one.help in helps

    for group in (book, dividend, contract, paper):
        yield f"\n## coopledger {group.name}\n\n{group.help}\n{_rest(group.params, words)}"
        for name, command in commands(group, f"coopledger {group.name}"):
            yield from _section(name, command, lambda one: one.name in known and one.help in helps, words)
    yield from _section(
        "coopledger verify-paper", verify_paper, lambda one: one.name in known and one.help in helps, words
    )


def _section(
    path: str, command: click.Command, is_shared: Callable[[click.Option], bool], words: Mapping[str, str]
) -> Iterator[str]:
    yield f"\n## {path}\n\n{command.help}\n"
    if not isinstance(command, BookCommand):
        yield _rest(command.params, words)
        return
    pieces = command.collect_usage_pieces(click.Context(command))
    yield f"\n```text\n{path} {' '.join(pieces)}\n{command.example}\n```\n"
    options = [one for one in command.params if isinstance(one, click.Option)]
    own = [one for one in options if one.required or not is_shared(one)]
    if own:
        yield f"\n{_table(own, words)}"
    yield _rest([one for one in options if one not in own], words)


def _rest(options: Iterable[click.Parameter], words: Mapping[str, str]) -> str:
    names = words["between"].join(f"`{name}`" for one in options for name in one.opts)
    return f"\n{words['rest'].format(names)}\n"


def _table(options: Iterable[click.Option], words: Mapping[str, str]) -> str:
    lines = [words["heads"], "| --- | --- |"]
    for one in options:
        names = ", ".join(f"`{name}`" for name in [*one.opts, *one.secondary_opts])
        said = [str(one.help).replace("|", "\\|")]
        metavar = one.make_metavar(click.Context(click.Command(None)))
        if isinstance(one.type, click.Choice):
            typed = (f"`{word}`" for word in metavar.strip("[]").split("|"))
            choices = (word.replace("（", "`（`").replace("）`", "`）") for word in typed)
            said.append(words["choices"].format(words["between"].join(choices)))
        if one.required:
            said.append(words["needed"])
        if one.show_default and one.default is not None:
            said.append(words["default"].format(one.default))
        lines.append(f"| {names}{f' {metavar}' if one.metavar else ''} | {words['space'].join(said)} |")
    return "\n".join(lines) + "\n"
