"""``coopledger book`` with a PostgreSQL database, whose URL stands where a file would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from tests.cli.conftest import Tell
from tests.cli.hill import done, refused, said
from tests.files.villages import village
from tests.files.workbooks import write_xlsx
from tests.servers import postgresql

SCHEMA, ROLE = "command_line", "coopledger_clerk"


@pytest.fixture(scope="module")
def server() -> Iterator[URL]:
    """A server with a role for the application; what is made on it is removed again."""
    with postgresql() as address:
        url = make_url(address).set(drivername="postgresql+psycopg")
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        yield url
        with engine.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE'))
            connection.execute(text(f"DROP OWNED BY {ROLE}"))
            connection.execute(text(f"DROP ROLE {ROLE}"))
        engine.dispose()


def test_a_book_on_a_server(server: URL, tell: Tell) -> None:
    tell("2026-02-01 09:00")
    owner = server.render_as_string(hide_password=False)
    clerk = server.set(username=ROLE).render_as_string(hide_password=False)
    where = f"--schema {SCHEMA}"
    assert "a code for the book is expected" in refused(f"create '{owner}' --name 甲 --law collective {where}")
    create = f"create '{owner}' --named hill --name 示例村合作社 --law collective --chart c2023 --on 2026-01-01 {where}"
    assert done(create).startswith("record 1–3: accounts opened, charter")
    assert done(f"upgrade '{owner}' {where}").startswith("the tables are at revision")
    for command in ("register", "upgrade", f"grant {ROLE}", f"grant {ROLE} --run"):
        verb, _, rest = command.partition(" ")
        said_so = refused(f"{verb} '{owner}' {rest}")
        assert said_so.startswith("there are no books here, but in the schema ")
        assert said_so.endswith(f"{SCHEMA}: name it (--schema)\n")
    assert f"in the schema {SCHEMA}: name it" in refused(f"register '{owner}' --schema nowhere")
    done(f"class '{owner}' land --preset land --on 2026-01-01 {where}")
    done(f"member '{owner}' 0041 --name 成员甲 --household 17 --head --on 2026-01-01 {where}")
    assert refused(f"anchor '{clerk}' {where}").count("\n") == 1
    assert done(f"grant '{owner}' {ROLE} --run {where}") == f"{ROLE} may read and append\n"

    issue = f"issue '{clerk}' land 500 --to 17 --on 2026-01-05 {where}"
    assert "a dry run" in done(f"{issue} --dry-run")
    assert done(issue).startswith("record 7: issue 500 land")
    assert "says the same already" in done(issue)
    result = said(f"erase '{clerk}' 0041 --reason 本人要求 --yes {where}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the database's role may not do this" in result.stderr
    assert done(f"erase '{owner}' 0041 --reason 本人要求 --yes {where}").startswith("record 8")
    assert done(f"verify '{owner}' {where}").startswith("nothing is wrong; records: 8")


def test_a_village_is_imported_into_a_database_and_nothing_is_made_while_it_has_problems(
    server: URL, tell: Tell, tmp_path: Path
) -> None:
    tell("2026-02-01 09:00")
    where = f"'{server.render_as_string(hide_password=False)}' {{}} --named village --schema {SCHEMA}"
    sheets = village()
    sheets["股权"][1][2] = "三"
    wrong = write_xlsx(tmp_path / "wrong.xlsx", sheets)
    right = write_xlsx(tmp_path / "village.xlsx", village())
    assert said(f"import {where.format(wrong)}").exit_code == 1
    assert said(f"verify {where.format('')}").stderr.startswith("the book village is not here")
    assert said(f"import {where.format(wrong)}").stderr.endswith("problems: 1; nothing was written\n")
    assert done(f"import {where.format(right)}").startswith("record 1–")
    assert done(f"import {where.format(right)}").startswith("record 1–19 says the same already")
    assert done(f"verify {where.format('')}").startswith("nothing is wrong")
