"""The shape of the tables: every table, index, constraint, trigger and function by name, with its definition.

A trigger that somebody dropped, disabled or replaced is found by comparing the shape with the one that the revision
made, which ``shape.json`` holds.
"""

import json
import re
from importlib.resources import files

from sqlalchemy import Connection

from coopledger.errors import Problem
from coopledger.text import Message

Shape = dict[str, str]


def shape(connection: Connection, schema: str | None = None) -> Shape:
    """What a database has, by kind and name."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(_SQLITE).fetchall()
        return {
            f"{kind} {name}": ("" if name == table else f"on {table}: ") + _plain(sql or "") + " on a page" * misplaced
            for kind, name, table, sql, misplaced in rows
        }
    connection.exec_driver_sql("SET LOCAL quote_all_identifiers = off")  # a host may have them in quotes
    own = schema or schema_of(connection)
    name = rf'(?<![\w"])(?:"{re.escape(own)}"|{re.escape(own)})\.(?=coopledger_)'
    found = {}
    for statement in _POSTGRESQL:
        for kind, what, definition in connection.exec_driver_sql(statement, (own,)).fetchall():
            found[f"{kind} {what}"] = _plain(re.sub(name, "", definition))
    return found


def schema_of(connection: Connection) -> str:
    """The schema of PostgreSQL's in which the tables are found by the search path; without tables, its first one."""
    found = (
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.oid = to_regclass('coopledger_book')"
    )
    return str(connection.exec_driver_sql(f"SELECT coalesce(({found}), current_schema())").scalar_one())


def _plain(definition: str) -> str:
    """A definition on one line. Of white space it has spaces, tabs and line ends: nobody writes any other."""
    return re.sub("[ \t\n]+", " ", definition).strip(" \t\n")


def expected(revision: str, dialect: str) -> Shape:
    """What a revision made."""
    known: dict[str, dict[str, Shape]] = json.loads(
        files("coopledger.store").joinpath("shape.json").read_text(encoding="utf-8")
    )
    return known[revision][dialect]


def check_shape(seen: Shape, due: Shape) -> list[Problem]:
    """What is missing, changed or too much."""
    problems = []
    for name in sorted(seen.keys() | due.keys()):
        if name not in seen:
            problems.append(Problem(name, Message("it is missing from the database: it guards the book")))
        elif name not in due:
            problems.append(Problem(name, Message("it does not belong to the book's tables")))
        elif seen[name] != due[name]:
            problems.append(
                Problem(
                    name,
                    Message("it was changed: {seen} stands where {due} is expected", seen=seen[name], due=due[name]),
                )
            )
    return problems


# LIKE does not tell capitals from small letters; the comparison with what is expected does. The version table is
# Alembic's, or a host's: what it says is asked at each opening, how it is written down is not ours to say.
_SQLITE = """
SELECT type, name, tbl_name, sql, type = 'trigger' AND rootpage <> 0 FROM sqlite_master
WHERE tbl_name <> 'coopledger_version' AND (
    tbl_name LIKE 'coopledger\\_%' ESCAPE '\\' OR name LIKE 'coopledger\\_%' ESCAPE '\\'
    OR name LIKE 'sqlite\\_autoindex\\_coopledger\\_%' ESCAPE '\\'
)
"""

_OWN = "n.nspname = %s AND c.relname LIKE 'coopledger\\_%%' AND c.relname <> 'coopledger_version'"
_POSTGRESQL = (
    f"""
SELECT 'table', c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || coalesce(' ' || l.collname, ''), ', ' ORDER BY a.attnum)
    || CASE WHEN c.relpersistence = 'p' THEN '' ELSE ', not kept through a crash' END
    || CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN ', with row security' ELSE '' END
    || CASE WHEN EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid) THEN ', with an heir' ELSE '' END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE {_OWN} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.oid""",
    f"""
SELECT 'constraint', k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_OWN} AND k.contype <> 'n'""",
    f"""
SELECT 'index', i.relname, pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OWN}""",
    f"""
SELECT 'trigger', c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || ' runs ' || p.pronamespace::regnamespace
    || '.' || p.proname || ' enabled ' || t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid WHERE {_OWN} AND NOT t.tgisinternal""",
    """
SELECT 'function', p.proname, concat_ws(' ', array_to_string(p.proconfig, ', '), p.prosrc)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %s AND p.proname LIKE 'coopledger\\_%%'""",
    f"""
SELECT 'rule', r.rulename, pg_get_ruledef(r.oid) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OWN}""",
)
