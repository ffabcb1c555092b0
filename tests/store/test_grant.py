"""The application's role on PostgreSQL reads and adds, and can neither change nor remove anything."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from coopledger.errors import OverdrawnError, StoreError
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.grant import grant, grants
from coopledger.store.sql import SqlJournal
from coopledger.store.tables import tables
from tests.migrations.places import Place, Places
from tests.store.books import DAY, about, balance, founding, head, issue, personal, records, take

APP = f"app_{os.getpid()}"
PASSWORD = "for a test"  # noqa: S105 - it is
TABLES = [table.name for table in tables().sorted_tables]


class Rights(NamedTuple):
    """A book of the owner's, and an engine of the application's role."""

    place: Place
    owned: SqlJournal
    app: Engine

    @property
    def book(self) -> SqlJournal:
        return open_book(self.app, "hill", schema=self.place.schema)


@pytest.fixture(scope="session")
def role(postgresql_engine: Engine) -> Iterator[str]:
    """A role that can log in and has nothing else."""
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {APP} LOGIN PASSWORD '{PASSWORD}'")
    yield APP
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {APP}")
        connection.exec_driver_sql(f"DROP ROLE {APP}")


@pytest.fixture
def places(postgresql_uri: str, tmp_path: Path) -> Iterator[Places]:
    with Places(postgresql_uri, tmp_path) as made:
        yield made


@pytest.fixture(params=["postgresql", "postgresql, search path"])
def rights(request: pytest.FixtureRequest, places: Places, role: str) -> Rights:
    place = places.make(request.param)
    book = create_book(place.engine, "hill", schema=place.schema)
    book.append([founding(), issue(10)], key="founding", actor="owner")
    book.append([about("0042", {"name": "成员甲"})], key="member", actor="owner")
    with place.engine.begin() as connection:
        grant(connection, role, place.schema)
        if place.schema is None:  # of a schema that everybody looks at first, everybody may know
            name = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            connection.exec_driver_sql(f'GRANT USAGE ON SCHEMA "{name}" TO PUBLIC')
    app = create_engine(place.url.set(username=role, password=PASSWORD), poolclass=NullPool)
    return Rights(place, book, app)


# ---------------------------------------------------------------- what it can do


def test_the_role_reads_appends_verifies_and_joins(rights: Rights) -> None:
    book = rights.book
    assert balance(book) == 10
    assert personal(book) == {"0042": {"name": "成员甲"}}
    book.append([issue(5)], key="issue", actor="app")
    with pytest.raises(OverdrawnError):
        book.append([take(16)], key="too much", actor="app")
    with rights.app.begin() as connection:
        book.within(connection).append([take(3), about("0043", {"name": "成员乙"})], key="take", actor="app")
    assert book.verify([head(rights.owned)]) == []
    assert rights.owned.verify([head(book)]) == []
    assert balance(rights.owned) == 12


def test_the_role_makes_a_book_in_tables_that_are_there(rights: Rights) -> None:
    create_book(rights.app, "dale", schema=rights.place.schema).append([founding()], key="f", actor="app")
    assert head(open_book(rights.place.engine, "dale", schema=rights.place.schema)).seq == 1


def test_the_role_has_these_rights_and_no_others(rights: Rights) -> None:
    """As PostgreSQL itself counts them, whatever a statement may be called."""
    with rights.place.engine.connect() as connection:
        schema = rights.place.schema or connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        found = connection.execute(
            text(
                "SELECT c.relname, right_ FROM pg_class AS c, "
                "unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) AS right_ "
                "WHERE c.relnamespace = CAST(:own AS regnamespace) AND c.relkind = 'r' "
                "AND has_table_privilege(:role, c.oid, right_)"
            ),
            {"own": f'"{schema}"', "role": APP},
        )
        assert {tuple(row) for row in found} == {
            *((table, right) for table in TABLES for right in ("SELECT", "INSERT")),
            ("coopledger_version", "SELECT"),
        }
        called = connection.execute(
            text(
                "SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = CAST(:own AS regnamespace) "
                "AND has_function_privilege(:role, p.oid, 'EXECUTE')"
            ),
            {"own": f'"{schema}"', "role": APP},
        )
        assert list(called.scalars()) == ["coopledger_below_zero"]
        assert not connection.execute(
            text("SELECT has_schema_privilege(:role, :own, 'CREATE')"), {"own": schema, "role": APP}
        ).scalar_one()


# ---------------------------------------------------------------- what it cannot do

LATE = "INSERT INTO {s}coopledger_posting VALUES (1, 2, 1, 'land', 'unissued', 'holder/9', 1, 20260101)"
FORGED = (
    "INSERT INTO {s}coopledger_record SELECT 1, 9, prev_hash, hash, 'note', effective_on, booked_on, "
    "recorded_us, 'x', content_hash, actor, facts, '[]', 0, 0 FROM {s}coopledger_record WHERE seq = 1"
)
INSUFFICIENT_PRIVILEGE, RAISED_BY_A_TRIGGER = "42501", "P0001"
ATTACKS = [
    *(
        statement.replace("{table}", table)
        for table in [*TABLES, "coopledger_version"]
        for statement in (
            "DELETE FROM {s}{table}",
            "TRUNCATE {s}{table} CASCADE",
            "ALTER TABLE {s}{table} DISABLE TRIGGER ALL",
            "ALTER TABLE {s}{table} ADD COLUMN mine text",
            "ALTER TABLE {s}{table} OWNER TO CURRENT_USER",
            "DROP TABLE {s}{table} CASCADE",
            "LOCK TABLE {s}{table} IN EXCLUSIVE MODE",
            "CREATE INDEX mine ON {s}{table} ((1))",
            "CREATE RULE mine AS ON INSERT TO {s}{table} DO INSTEAD NOTHING",
            "CREATE TRIGGER mine BEFORE INSERT ON {s}{table} FOR EACH ROW EXECUTE FUNCTION {s}coopledger_refuse()",
            "SELECT * FROM {s}{table} FOR UPDATE",
        )
    ),
    "UPDATE {s}coopledger_book SET code = 'mine'",
    "UPDATE {s}coopledger_record SET facts = '{}'",
    "UPDATE {s}coopledger_posting SET quantity = 1000",
    "UPDATE {s}coopledger_personal SET content = '{}'",
    "UPDATE {s}coopledger_version SET version_num = '0000'",
    "INSERT INTO {s}coopledger_version VALUES ('0000')",
    "INSERT INTO {s}coopledger_book VALUES (1, 'mine') ON CONFLICT (id) DO UPDATE SET code = 'mine'",
    "CREATE TABLE {s}mine (id integer)",
    "CREATE FUNCTION {s}mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION {s}coopledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER FUNCTION {s}coopledger_refuse() SET search_path = mine",
    "DROP FUNCTION {s}coopledger_refuse() CASCADE",
    "DROP TRIGGER coopledger_posting_no_update ON {s}coopledger_posting",
    "SET session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "SET SESSION AUTHORIZATION postgres",
    LATE,
    "INSERT INTO {s}coopledger_personal VALUES (1, '0042', 2, repeat('x', 16)::bytea, '{}')",
]


def _passed(rights: Rights, attacks: list[str]) -> list[str]:
    """The attacks that did something, or failed for another reason than that they are forbidden."""
    found = []
    for attack in attacks:
        with rights.app.connect() as connection:
            try:
                connection.exec_driver_sql(attack.replace("{s}", ""))
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in {INSUFFICIENT_PRIVILEGE, RAISED_BY_A_TRIGGER}:
                    found.append(f"{attack}: {error.orig}")
            else:
                connection.commit()
                found.append(attack)
    return found


@pytest.mark.parametrize("rights", ["postgresql, search path"], indirect=True)
def test_the_role_can_change_and_remove_nothing(rights: Rights) -> None:
    before = records(rights.owned), personal(rights.owned)
    assert _passed(rights, ATTACKS) == []
    assert (records(rights.owned), personal(rights.owned)) == before
    assert rights.owned.verify([head(rights.owned)]) == []


@pytest.mark.parametrize("rights", ["postgresql"], indirect=True)
def test_nor_where_a_schema_is_named(rights: Rights) -> None:
    name = f'"{rights.place.schema}"'
    attacks = [one.replace("{s}", f"{name}.") for one in ATTACKS]
    assert _passed(rights, [*attacks, f"DROP SCHEMA {name} CASCADE", f"ALTER SCHEMA {name} RENAME TO mine"]) == []
    assert rights.owned.verify([head(rights.owned)]) == []


def test_the_role_can_pass_nothing_on(rights: Rights) -> None:
    """PostgreSQL answers such a GRANT with a warning."""
    at = "" if rights.place.schema is None else f'"{rights.place.schema}".'
    with rights.place.engine.connect() as owner:
        granted = "SELECT relname, relacl::text FROM pg_class WHERE relname LIKE 'coopledger%%' ORDER BY 1, 2"
        before = owner.exec_driver_sql(granted).fetchall()
        with rights.app.begin() as connection:
            for table in TABLES:
                connection.exec_driver_sql(f"GRANT ALL ON {at}{table} TO PUBLIC")
        assert owner.exec_driver_sql(granted).fetchall() == before


def test_the_role_erases_nothing_and_says_so(rights: Rights) -> None:
    """The owner of the tables erases."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        rights.book.erase(["0042"], key="erasure", actor="app", on=DAY)
    assert head(rights.owned).seq == 3
    rights.owned.erase(["0042"], key="erasure", actor="owner", on=DAY)
    assert personal(rights.book) == {}
    assert rights.book.verify() == []


@pytest.mark.parametrize("table", TABLES)
def test_a_temporary_table_of_the_same_name_leads_no_trigger_astray(table: str, rights: Rights) -> None:
    """PostgreSQL looks for a bare name among the temporary tables first, and everybody may make those."""
    with rights.place.engine.connect() as connection:
        schema = rights.place.schema or connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    at = f'"{schema}".'
    for attack in [LATE, FORGED]:
        with rights.app.connect() as connection:
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} (LIKE {at}{table})")
            connection.exec_driver_sql(f'SET search_path = pg_temp, "{schema}", pg_catalog')
            with pytest.raises(DBAPIError, match=r"coopledger_(posting|record): "):
                connection.exec_driver_sql(attack.replace("{s}", at))
    assert rights.owned.verify([head(rights.owned)]) == []


def test_what_the_role_had_before_is_taken_away(rights: Rights) -> None:
    at = "" if rights.place.schema is None else f'"{rights.place.schema}".'
    with rights.place.engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT ALL ON {at}coopledger_posting TO {APP}")
        connection.exec_driver_sql(f"GRANT UPDATE (facts) ON {at}coopledger_record TO PUBLIC")
        grant(connection, APP, rights.place.schema)
    test_the_role_has_these_rights_and_no_others(rights)


# ---------------------------------------------------------------- the statements

HOSTILE = ['a"b', "per%cent", "x; DROP TABLE coopledger_book", "名'", "Upper Case", "%s", "{s}", "?", "--", "PUBLIC "]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_a_role_may_be_any_text_and_is_no_more_than_a_name(
    name: str, places: Places, postgresql_engine: Engine
) -> None:
    place = places.make("postgresql")
    create_book(place.engine, "hill", schema=place.schema)
    quoted = f"{APP} {name}".replace('"', '""').replace("%", "%%")
    with postgresql_engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{quoted}"')
        grant(connection, f"{APP} {name}", place.schema)
        for right, has in [("INSERT", True), ("UPDATE", False)]:
            found = connection.execute(
                text("SELECT has_table_privilege(:role, :name, :right)"),
                {"role": f"{APP} {name}", "name": f'"{place.schema}".coopledger_posting', "right": right},
            )
            assert found.scalar_one() is has
        connection.rollback()


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 64, "账" * 22, "\ud800", 5, None, b"app"])
def test_a_name_that_no_role_can_have_is_refused(name: Any) -> None:  # noqa: ANN401 - whatever is given
    with pytest.raises(StoreError, match="is not a name of a role"):
        grants(name)


@pytest.mark.parametrize("schema", ["", 'a"b', "a.b", "x" * 64, "pg_catalog"])
def test_a_name_that_no_schema_can_have_is_refused(schema: str) -> None:
    with pytest.raises(StoreError, match="is not a name of a schema"):
        grants("app", schema)


def test_the_statements_name_every_table() -> None:
    """So that a table of a later revision cannot be forgotten."""
    said = "\n".join(grants("app"))
    assert all(said.count(f'"{table}"') == 2 for table in TABLES)


def test_a_role_that_is_not_there_is_named(places: Places) -> None:
    place = places.make("postgresql")
    create_book(place.engine, "hill", schema=place.schema)
    with place.engine.connect() as connection:
        for role in ["public", "PUBLIC", "nobody at all"]:
            with pytest.raises(StoreError, match=f"there is no role {role}: create it first"):
                grant(connection, role, place.schema)


def test_the_owner_and_who_may_act_for_the_owner_are_refused(places: Places, role: str) -> None:
    """Such a role could take the triggers away: the statements would promise what does not hold."""
    place = places.make("postgresql")
    create_book(place.engine, "hill", schema=place.schema)
    owner, friend = f"{role}_owner", f"{role}_friend"
    with place.engine.connect() as connection:
        superuser = connection.exec_driver_sql("SELECT current_user").scalar_one()
        for statement in (
            f"CREATE ROLE {owner}",
            f"CREATE ROLE {friend} IN ROLE {owner}",
            f'ALTER TABLE "{place.schema}".coopledger_posting OWNER TO {owner}',
        ):
            connection.exec_driver_sql(statement)
        for one in [superuser, owner, friend]:
            with pytest.raises(StoreError, match=f"the role {one} may act for the owner"):
                grant(connection, one, place.schema)
        grant(connection, role, place.schema)
        connection.rollback()


def test_sqlite_has_no_roles() -> None:
    with engine_of(":memory:").connect() as connection, pytest.raises(StoreError, match="PostgreSQL has roles"):
        grant(connection, "app")


def test_tables_that_are_not_there_are_said_so(places: Places, role: str) -> None:
    place = places.make("postgresql")
    with place.engine.connect() as connection, pytest.raises(StoreError, match="no book"):
        grant(connection, role, place.schema)


def test_a_server_that_says_nothing_of_itself_has_books_all_the_same(rights: Rights, postgresql_engine: Engine) -> None:
    """Only of an empty book it matters that its place is not known: another engine's connection is not joined to it."""
    with postgresql_engine.begin() as owner:
        owner.execute(text("REVOKE EXECUTE ON FUNCTION pg_postmaster_start_time() FROM PUBLIC"))
    try:
        rights.book.append([issue(1)], key="issue", actor="clerk")
        with create_engine(rights.app.url, poolclass=NullPool).begin() as connection:
            rights.book.within(connection).append([issue(1)], key="joined", actor="clerk")
    finally:
        with postgresql_engine.begin() as owner:
            owner.execute(text("GRANT EXECUTE ON FUNCTION pg_postmaster_start_time() TO PUBLIC"))
    assert balance(rights.owned) == 12
