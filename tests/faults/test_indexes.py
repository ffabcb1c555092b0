"""An index that says something else than its table: SQLite finds it itself, on PostgreSQL ``verify`` counts both."""

from datetime import timedelta

import pytest

from coopledger.store.postgresql import Postgresql
from tests.faults.books import Place, filled, said
from tests.store.books import DAY, about, move, note

INDEXES = ("posting_source", "posting_target", "posting_reverses", "record_key", "record_kind", "personal_seq")
SET = """
UPDATE pg_index SET indisready = {} FROM pg_class AS c, pg_namespace AS n
WHERE c.oid = indexrelid AND n.oid = c.relnamespace AND n.nspname = '{}' AND c.relname = 'coopledger_{}'
"""


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_an_index_that_lacks_a_row_of_its_table_is_named(place: Place, name: str) -> None:
    """An index that is not ready gets no new rows; once it is said to be ready again, nothing but its rows shows it."""
    book = filled(place)
    # A record without postings where the index would find it for the foreign key.
    back = move(1, "c37:332", "c37:222/2", DAY + timedelta(1), denomination="CNY", lot="2025", reverses=(5, 1))
    entry = {"record_kind": note(), "personal_seq": about("9", {"name": "成员壬"})}.get(name, back)
    complaint = f"database: the index coopledger_{name} does not say what its table says"
    place.run(SET.format("false", place.schema, name))
    book.append([entry], key="unseen", actor="clerk")
    assert len(place.rows("SELECT 1 FROM {s}coopledger_record WHERE seq + 0 = 9")) == 1
    place.run(SET.format("true", place.schema, name))
    found = said(book.verify())
    assert [one for one in found if one.startswith("database")] == [complaint]
    place.run(f"REINDEX INDEX {{s}}coopledger_{name}")
    assert said(book.verify()) == []


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_an_index_is_named_while_somebody_goes_on_writing_to_the_book(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted once more under the book's lock, which may be long in coming, and is not waited for."""
    monkeypatch.setattr("coopledger.store.postgresql._PATIENCE", 1)
    book = filled(place)
    place.run(SET.format("false", place.schema, "record_kind"))
    book.append([note()], key="unseen", actor="clerk")
    place.run(SET.format("true", place.schema, "record_kind"))
    with place.engine.begin() as connection:
        book.within(connection).append([note()], key="not committed", actor="clerk")
        assert "the index coopledger_record_kind" in " ".join(said(book.verify()))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_every_index_that_is_no_primary_keys_is_counted(place: Place) -> None:
    filled(place)
    ours = place.rows(
        "SELECT i.relname FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid "
        "JOIN pg_class AS c ON c.oid = x.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        f"WHERE n.nspname = '{place.schema}' AND NOT indisprimary AND c.relname <> 'coopledger_book'"
    )
    assert {name for (name,) in ours} == {f"coopledger_{one}" for one in INDEXES}
    with place.engine.connect() as connection:
        assert Postgresql(place.schema).complaints(connection, 1, 2**31) == []
