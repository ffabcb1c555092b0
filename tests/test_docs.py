"""The documentation: nothing is left out of it, nothing in it leads nowhere, and its plans are plans."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.dialects import sqlite

from coopledger import book
from coopledger.cli.main import main
from coopledger.files.keys import CHOICES, COMPANIONS, SOURCES, TABLES
from coopledger.files.plan_file import read_plan
from coopledger.store.shape import expected
from coopledger.store.tables import tables
from coopledger.store.upgrade import newest
from docs import accounts_reference, cases, command_reference, data_package_reference, plan_reference, run_notebooks

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GENERATED = {
    DOCS / "reference" / f"{page}.md" for page in ("accounts", "cases", "commands", "data-package", "plan-file")
}
PAGES = sorted({*DOCS.rglob("*.md"), *GENERATED} - set((DOCS / "_build").rglob("*.md")))
WRITTEN = [
    ROOT / "README.md",
    ROOT / "README-zh.md",
    ROOT / "CONTRIBUTING.md",
    *(page for page in PAGES if page not in GENERATED),
]

NOTEBOOKS = {notebook.stem for notebook in run_notebooks.NOTEBOOKS}

FENCED = re.compile(r"^(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?![a-z]+:)(?P<path>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)|\{download\}`(?P<file>[^`]*)`")
SAVED = re.compile(r"(?::tags:.*\n)?%%writefile (?P<more>-a )?(?P<name>\S+)\n(?P<text>.*)", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a page: what is behind the fence, and the text."""
    for match in FENCED.finditer(page.read_text(encoding="utf-8")):
        yield match["info"].strip(), match["body"]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#{1,3} (.*)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_rooms_of_the_architecture_are_those_that_there_are() -> None:
    """Each once: what lies in the package, and what the import arrows are held by."""
    page = (DOCS / "explanation" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("| room |")[2].partition("\n\n")[0]
    told = [room for row in table.splitlines()[2:] for room in re.findall(r"`(\w+)`", row.split("|")[1])]
    package = Path(book.__file__).parent
    there = {
        one.stem for one in package.iterdir() if one.suffix == ".py" or (one.is_dir() and one.stem != "__pycache__")
    }
    assert sorted(told) == sorted(there - {"__init__"})
    arrows = re.findall(r"\w+", page.partition("```text\n")[2].partition("```")[0])
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
    held = [one for layer in rooms["layers"] for one in re.findall(r"(?<!\()\b\w+", layer) if one in there]
    assert sorted(arrows) == sorted({*held, "store"})


# --- commands --------------------------------------------------------------------------------------------------


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            inner = command.get_command(context, word)
            assert inner is not None
            yield from commands(inner, f"{path} {word}")


COMMANDS = list(commands(main, "coopledger"))
OF_A_BOOK = ("coopledger book ", "coopledger contract ", "coopledger dividend ", "coopledger paper ")


def reference(path: str) -> str:
    """The page of the reference that a command is on: those that keep a book have one of their own."""
    page = "commands" if path.startswith(OF_A_BOOK) else "cli"
    return (DOCS / "reference" / f"{page}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_and_every_option_is_in_the_reference(path: str, command: click.Command) -> None:
    text = reference(path)
    section = text if path == "coopledger" else text.partition(f"\n## {path}\n")[2].partition("\n## ")[0]
    assert section, f"a heading '## {path}' is expected"
    options = [
        option for one in command.params if isinstance(one, click.Option) for option in [*one.opts, *one.secondary_opts]
    ]
    assert [option for option in options if f"`{option}`" not in section] == []


def test_the_reference_shows_the_help_of_every_command() -> None:
    shown = "".join(body for _, body in blocks(DOCS / "reference" / "cli.md"))
    by_hand = [path for path, _ in COMMANDS if not path.startswith(OF_A_BOOK)]
    assert [path for path in by_hand if f"{path} --help" not in shown] == []


# --- the keys of a plan file -----------------------------------------------------------------------------------


def test_the_page_of_the_plan_file_has_every_key_and_every_named_value(tmp_path: Path) -> None:
    path = tmp_path / "plan-file.md"
    plan_reference.write_page(path)
    page = path.read_text(encoding="utf-8")
    assert set(plan_reference.WHERE) == set(TABLES)
    for key in {key for keys in TABLES.values() for key in keys}:
        assert f"`{key}`" in page
    for value, spellings in [pair for values in CHOICES.values() for pair in values.items()]:
        assert f"| `{value}` | {', '.join(f'`{one}`' for one in spellings)} |" in page
    missing = set(re.findall(r"\]\(#([^)]*)\)", page)) - anchors(path)
    assert missing == set()


def test_every_key_of_a_schedule_table_has_its_place_in_the_order() -> None:
    assert {*SOURCES, *COMPANIONS, *plan_reference.ORDER} == set(TABLES["schedule"])


# --- pages and links -------------------------------------------------------------------------------------------


def test_every_page_is_in_a_table_of_contents() -> None:
    listed = {DOCS / "index.md"}
    for page in WRITTEN:
        for info, body in blocks(page):
            if info == "{toctree}":
                entries = [line.strip() for line in body.splitlines() if line.strip() and not line.startswith(":")]
                listed |= {(page.parent / f"{entry}.md").resolve() for entry in entries if entry not in NOTEBOOKS}
    assert {name(page) for page in PAGES} == {name(page) for page in listed}


def test_every_notebook_is_on_the_page_of_notebooks() -> None:
    page = DOCS / "notebooks" / "index.md"
    [(_, body)] = [block for block in blocks(page) if block[0] == "{toctree}"]
    assert {line for line in body.splitlines() if line and not line.startswith(":")} == NOTEBOOKS
    links = {match["path"] for match in LINK.finditer(page.read_text(encoding="utf-8"))}
    assert links >= {f"{notebook}.ipynb" for notebook in NOTEBOOKS}


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    broken = []
    for match in LINK.finditer(FENCED.sub("", page.read_text(encoding="utf-8"))):
        target = (page.parent / (match["path"] or match["file"])).resolve() if match["path"] or match["file"] else page
        if target in GENERATED or (target.parent == DOCS / "notebooks" and target.stem in NOTEBOOKS):
            continue
        if not target.exists() or (match["anchor"] and match["anchor"] not in anchors(target)):
            broken.append(match[0])
    assert broken == []


def test_every_module_of_the_core_and_of_a_public_name_is_on_a_page_of_the_api() -> None:
    """What a service imports, the core that it builds on, and the stores."""
    listed = {
        module
        for page in ("api.md", "api-books.md")
        for module in re.findall(r"automodule:: coopledger\.(\S+)", (DOCS / "reference" / page).read_text("utf-8"))
    }
    core = {f"core.{path.stem}" for path in (ROOT / "src" / "coopledger" / "core").glob("[a-z]*.py")}
    homes = [str(getattr(getattr(book, one), "__module__", "")) for one in book.__all__]
    public = {one.removeprefix("coopledger.") for one in homes if one.startswith("coopledger.")}
    assert (core | public) - listed == set()
    places = {one: ROOT / "src" / "coopledger" / one.replace(".", "/") for one in listed}
    assert [one for one, path in places.items() if not (path.is_dir() or path.with_suffix(".py").exists())] == []


# --- the law ---------------------------------------------------------------------------------------------------


def test_every_article_that_the_code_names_is_on_the_page_of_the_law() -> None:
    """Where a docstring or a message cites a law, an accounting rule or a province by article, the page has a row."""
    page = (DOCS / "explanation" / "law.md").read_text(encoding="utf-8")
    has = {statute: set(articles(page, statute)) for statute in STATUTES}
    missing = []
    for path in sorted((ROOT / "src" / "coopledger").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        cited = {(statute, one) for statute in STATUTES for one in articles(text, statute)}
        missing += [f"{name(path)}: {law} {one}" for law, one in sorted(cited) if one not in has[law]]
        missing += [f"{name(path)}: {one}" for one in REGULATION.findall(text) if one not in page]
    assert missing == []


STATUTES = ("农村集体经济组织法", "农民专业合作社法", "承包法", "民法典", "村民委员会组织法", "个人所得税法")
REGULATION = re.compile(r"(?:财会|财农|银发)〔\d{4}〕\d+号")


def articles(text: str, statute: str) -> list[int]:
    """The articles of a statute that are named behind it, ranges counted out; on its page, in the rows below it too."""
    said = re.findall(rf"{statute}((?:[ ,、–-]*\d{{1,4}}(?![\d-]))+)", text)
    for heading in re.findall(rf"^## {statute}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        said += re.findall(r"^\| ([\d, –†()]+?)(?:,? and | \||;)", heading.replace("†", ""), re.MULTILINE)
    found: list[int] = []
    for one in said:
        for first, last in re.findall(r"(?<!\()\b(\d+)(?:–(\d+))?", one):
            found += range(int(first), int(last or first) + 1)
    return found


# --- the tables of a database ----------------------------------------------------------------------------------


def test_the_page_of_the_database_has_every_column_as_the_tables_have_it() -> None:
    page = (DOCS / "reference" / "database.md").read_text(encoding="utf-8")
    kinds = {"BIGINT": "whole", "INTEGER": "whole", "TEXT": "text", "BLOB": "bytes"}
    for table in tables().sorted_tables:
        section = page.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        said = re.findall(r"^\| (\*\*)?`(\w+)`(?:\*\*)? \| (\w+) \|", section, re.MULTILINE)
        due = [
            ("" if one.nullable else "**", one.name, kinds[str(one.type.compile(sqlite.dialect()))])
            for one in table.columns
        ]
        assert said == due, table.name
        assert f"Key: {', '.join(f'`{one.name}`' for one in table.primary_key)}" in " ".join(section.split())


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_page_of_the_database_names_everything_that_stands_in_it(dialect: str) -> None:
    page = (DOCS / "reference" / "database.md").read_text(encoding="utf-8")
    keys = re.compile("_(pkey|code_key)$|^sqlite_autoindex_")  # said as keys of the tables
    named = {one.split(" ", 1)[1].rpartition(".")[2] for one in expected(newest(), dialect)}
    named |= {str(one.name) for table in tables().sorted_tables for one in table.constraints if one.name}
    assert {
        one for one in named if f"`{one}`" not in page and f"## {one}\n" not in page and not keys.search(one)
    } == set()
    ours = {*re.findall(r"`(coopledger_\w+)`", page)} - {"coopledger_version"}
    both = {
        one.split(" ", 1)[1].rpartition(".")[2] for of in ("sqlite", "postgresql") for one in expected(newest(), of)
    }
    assert ours - both - named == set()


# --- plans -----------------------------------------------------------------------------------------------------


def saved(page: Path) -> dict[str, str]:
    """The files that a page writes, and its TOML blocks that are whole plans."""
    files: dict[str, str] = {}
    for number, (info, body) in enumerate(blocks(page), 1):
        if info == "{code-cell}" and (match := SAVED.fullmatch(body)):
            files[match["name"]] = (files.get(match["name"], "") if match["more"] else "") + match["text"]
        elif info == "toml" and "\ntitle = " in f"\n{body}" and "\n[[streams]]" in body:
            files[f"block-{number}.toml"] = body
    return files


PLANS = [
    pytest.param(page, file, id=f"{name(page)}: {file}")
    for page in WRITTEN
    for file in saved(page)
    if file.endswith(".toml")
]


@pytest.mark.parametrize(("page", "file"), PLANS)
def test_every_whole_plan_in_the_documents_loads_without_problems(page: Path, file: str, tmp_path: Path) -> None:
    for written, text in saved(page).items():
        (tmp_path / written).write_text(text, encoding="utf-8")
    reading = read_plan(tmp_path / file)
    assert [str(problem) for problem in reading.problems] == []
    assert reading.plan is not None


def test_the_readme_and_the_tutorials_have_plans() -> None:
    assert {page.values[0] for page in PLANS} >= {ROOT / "README.md", *(DOCS / "tutorial").glob("first-plan*.md")}


def test_the_commands_of_the_readme_do_what_it_says(tmp_path: Path) -> None:
    """The plan is saved as hill.toml, each shown command is run; the spoilt plan gives the shown problems."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    plan = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)[0]
    problems = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)[0]
    hill = tmp_path / "hill.toml"
    hill.write_text(plan, encoding="utf-8")
    commands = re.findall(r"^coopledger (project hill.toml[^#\n]*)", readme, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        arguments = command.replace("hill.toml", str(hill)).split()
        result = CliRunner().invoke(main, [*arguments, "--lang", "en"] if "--lang" not in command else arguments)
        assert result.exit_code == (3 if "--strict" in command else 0)
        assert "8200000.00" in result.stdout or "8,200,000.00" in result.stdout
    spoilt = plan.replace("every", "evry").replace('payee = "莲池村"\namount', 'payee = "莲池树"\namount')
    hill.write_text(spoilt, encoding="utf-8")
    result = CliRunner().invoke(main, ["project", str(hill), "--lang", "en"])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", problems)


def test_the_book_of_the_readme_is_kept_by_its_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blocks are run as they are printed, in an empty folder; nothing is wrong, and the notice comes out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}")
    lines = [body for info, body in blocks(ROOT / "README.md") if info == "sh" and " hill.db" in body]
    done = subprocess.run(["/bin/sh", "-e", "-c", "".join(lines)], capture_output=True, check=False)  # noqa: S603 - our own page
    told = done.stderr.decode().splitlines()
    assert (done.returncode, [line for line in told if not line.startswith("note: ")]) == (0, [])
    printed = done.stdout.decode()
    assert "\nnothing is wrong; records: " in printed
    assert "ten thousand yuan and one fen only" in printed


WITH_CELLS = [page for page in WRITTEN if any(body.startswith("%%sh") for _, body in blocks(page))]


@pytest.mark.parametrize("page", WITH_CELLS, ids=name)
def test_the_lines_for_a_terminal_run_as_they_are_printed(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One cell after the other, as the build runs them; a line that may fail says so itself (``|| echo``).

    A cell of nothing but plain commands runs within this process, which is faster.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for info, body in blocks(page):
        if info == "{code-cell}" and (match := SAVED.fullmatch(body)):
            with (tmp_path / match["name"]).open("a" if match["more"] else "w", encoding="utf-8") as file:
                file.write(match["text"])
        elif info == "{code-cell}" and "%%sh\n" in body:
            lines = body.partition("%%sh\n")[2]
            if all(re.fullmatch(r"coopledger [^|<>$&;]*", line) for line in lines.splitlines()):
                for line in lines.splitlines():
                    result = CliRunner().invoke(main, shlex.split(line)[1:])
                    assert result.exit_code == 0, f"{line}\n{result.output}"
            else:
                done = subprocess.run(["/bin/sh", "-e", "-c", lines], capture_output=True, check=False)  # noqa: S603
                assert done.returncode == 0, f"{lines}\n{done.stdout.decode()}{done.stderr.decode()}"


@pytest.mark.parametrize(
    ("page", "write"),
    [
        ("accounts.md", accounts_reference.write_page),
        ("cases.md", cases.write_page),
        ("commands.md", command_reference.write_page),
        ("commands-zh.md", partial(command_reference.write_page, language="zh")),
        ("data-package.md", data_package_reference.write_page),
        ("plan-file.md", plan_reference.write_page),
    ],
    ids=["accounts", "cases", "commands", "commands-zh", "data-package", "plan-file"],
)
def test_a_generated_page_is_the_one_the_files_make(page: str, write: Callable[[Path], None], tmp_path: Path) -> None:
    """It is kept in the repository, so that it can be read without a build; `make docs` writes it anew."""
    write(tmp_path / page)
    assert (DOCS / "reference" / page).read_text(encoding="utf-8") == (tmp_path / page).read_text(encoding="utf-8")
