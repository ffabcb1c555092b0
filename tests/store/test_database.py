"""Opening a database: what is named, what is found there, and what is left alone."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, NullPool, StaticPool, create_engine, make_url, text

from coopledger.core.journal import View
from coopledger.errors import StoreError
from coopledger.store.database import create_book, engine_of, open_book
from tests.migrations.places import Places
from tests.store.books import Clock, Salts, about, founding, head, issue, records


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "books.db"


@pytest.fixture
def places(postgresql_uri: str, tmp_path: Path) -> Iterator[Places]:
    with Places(postgresql_uri, tmp_path) as made:
        yield made


def _pragma(engine: Engine, name: str) -> object:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


# ---------------------------------------------------------------- what is named


def test_a_database_is_named_by_its_file_its_url_or_an_engine(file: Path) -> None:
    create_book(str(file), "hill").append([founding()], key="founding", actor="clerk")
    url = f"sqlite:///{file}"
    plain = create_engine(url, poolclass=NullPool)
    named: list[Path | str | URL | Engine] = [file, str(file), url, make_url(url), engine_of(file), plain]
    for database in named:
        assert head(open_book(database)).seq == 1


def test_a_url_that_leads_to_no_file_makes_none(file: Path) -> None:
    for database in (file, str(file), f"sqlite:///{file}", make_url(f"sqlite:///{file}")):
        with pytest.raises(StoreError, match="there is no such file"):
            open_book(database)
        assert not file.exists()


def test_without_the_driver_of_postgresql_it_is_said_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for make in (open_book, create_book):
        with pytest.raises(StoreError, match=r"install coopledger\[postgres\]"):
            make("postgresql://127.0.0.1:1/none", "hill")


def test_a_url_without_a_driver_gets_psycopg(postgresql_uri: str) -> None:
    for name in ["postgresql", "postgresql+psycopg", "postgresql+psycopg2"]:
        engine = engine_of(make_url(postgresql_uri).set(drivername=name))
        assert engine.dialect.driver == "psycopg"
        engine.dispose()


def test_the_name_of_a_file_may_have_any_character(tmp_path: Path) -> None:
    for name in ["村 账.db", "100%.db", "a?b#c.db", "it's.db"]:
        create_book(tmp_path / name, "hill")
        assert open_book(str(tmp_path / name)).book == "hill"
    assert sorted(one for one in os.listdir(tmp_path) if one.endswith(".db")) == sorted(
        ["村 账.db", "100%.db", "a?b#c.db", "it's.db"]
    )


def test_another_database_is_refused() -> None:
    with pytest.raises(StoreError, match="mysql: a SQLite or PostgreSQL database is expected"):
        engine_of("mysql://somewhere/books")


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = URL.create("postgresql", "me", "open sesame", database="books", query={"host": str(tmp_path)})
    with pytest.raises(StoreError) as refused:
        open_book(url)
    assert "books: it cannot be read" in str(refused.value)
    assert "sesame" not in str(refused.value)


# ---------------------------------------------------------------- what is found there


def test_a_file_that_is_not_there_is_not_made_by_looking(file: Path) -> None:
    with pytest.raises(StoreError, match=r"books\.db: there is no such file"):
        open_book(file)
    assert not file.exists()


def test_a_file_that_is_no_database_is_named_and_left_alone(file: Path) -> None:
    content = b"name,shares\n" * 500
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be read: file is not a database"):
            open_book(file)
        with pytest.raises(StoreError, match="cannot be read: file is not a database"):
            create_book(file, "hill")
    assert file.read_bytes() == content
    assert os.listdir(file.parent) == [file.name]


def test_a_file_of_another_application_is_left_alone_unless_it_is_handed_in_on_purpose(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE villager (id integer)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StoreError, match=r"holds something else \(villager\)"):
        create_book(file, "hill")
    assert file.read_bytes() == before
    assert create_book(f"sqlite:///{file}", "hill").verify() == []


def test_an_empty_database_says_that_it_has_no_books(file: Path) -> None:
    sqlite3.connect(file).close()
    file.touch()
    with pytest.raises(StoreError, match="no book"):
        open_book(file)


def test_the_only_book_needs_no_name_and_one_of_two_does(file: Path) -> None:
    create_book(file, "hill")
    assert open_book(file).book == "hill"
    create_book(file, "dale")
    with pytest.raises(StoreError, match="the database holds several books, dale, hill: name the one"):
        open_book(file)
    with pytest.raises(StoreError, match="the book lake is not here: the database holds dale, hill"):
        open_book(file, "lake")
    with pytest.raises(StoreError, match="the book hill is here already"):
        create_book(file, "hill")


def test_books_of_one_database_have_nothing_to_do_with_each_other(places: Places) -> None:
    for kind in ["sqlite", "postgresql"]:
        place = places.make(kind)
        hill, dale = (
            create_book(place.engine, name, schema=place.schema, clock=Clock(), salt=Salts())
            for name in ("hill", "dale")
        )
        hill.append([founding(), issue(10)], key="founding", actor="clerk")
        dale.append([founding()], key="founding", actor="clerk")
        dale.append([about("0042", {"name": "成员甲"})], key="member", actor="clerk")
        assert [one.key for one in records(hill)] == ["founding", "founding#2"]
        assert [one.key for one in records(dale)] == ["founding", "member"]
        assert records(hill)[0].hash != records(dale)[0].hash
        assert hill.verify([head(hill)]) == dale.verify([head(dale)]) == []
        assert hill.verify([head(dale)]) != []


def test_books_in_two_schemas_of_one_database_have_nothing_to_do_with_each_other(places: Places) -> None:
    here, there = places.make("postgresql"), places.make("postgresql")
    one = create_book(here.engine, "hill", schema=here.schema)
    one.append([founding()], key="founding", actor="clerk")
    other = create_book(here.engine, "hill", schema=there.schema)
    assert (head(one).seq, head(other).seq) == (1, 0)
    assert one.verify() == other.verify() == []


# ---------------------------------------------------------------- settings


def test_our_own_engine_on_a_file_keeps_a_log_and_waits_for_the_disk(file: Path) -> None:
    create_book(file, "hill")
    engine = engine_of(file)
    assert [
        _pragma(engine, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "trusted_schema")
    ] == ["wal", 2, 1, 1, 0]
    engine.dispose()


def test_a_file_that_others_are_using_is_kept_without_a_log(file: Path) -> None:
    """The log can be had only by who is alone with the file."""
    create_book(create_engine(f"sqlite:///{file}", poolclass=NullPool), "hill")
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM coopledger_book").fetchall()
    book = open_book(file)
    assert reader.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
    reader.execute("COMMIT")
    book.append([founding()], key="founding", actor="clerk")
    assert book.verify() == []
    reader.close()
    open_book(file)
    assert _pragma(engine_of(file), "journal_mode") == "wal"


def test_a_callers_engine_is_taken_as_it_is_and_never_closed(file: Path) -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE villager (id integer)"))
    with pytest.raises(StoreError):
        open_book(engine, "hill")
    create_book(engine, "hill")
    with pytest.raises(StoreError):
        create_book(engine, "hill")
    with engine.connect() as connection:  # had the pool been let go of, the memory would be empty
        assert connection.execute(text("SELECT count(*) FROM villager")).scalar_one() == 0
    engine.dispose()
    plain = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    create_book(plain, "hill")
    assert (_pragma(plain, "journal_mode"), _pragma(plain, "foreign_keys")) == ("delete", 0)


def test_a_book_that_is_closed_leaves_its_file_to_others(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding()], key="founding", actor="me")
    assert (tmp_path / "book.db-wal").exists()
    book.close()
    assert [one.name for one in tmp_path.iterdir()] == ["book.db"]
    assert book.verify() == []  # it opens again by itself


def test_closing_a_book_leaves_a_callers_engine_open(tmp_path: Path) -> None:
    engine = engine_of(tmp_path / "book.db")
    book = create_book(engine, "hill")
    with engine.connect() as connection:
        pool = engine.pool
        book.close()
        assert engine.pool is pool
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    engine.dispose()


@pytest.mark.parametrize("url", ["postgresql://a:b@localhost:x1/books", "://", "post gres://x"])
def test_a_url_that_is_none_is_refused_in_words_and_without_its_password(url: str) -> None:
    with pytest.raises(
        StoreError, match=r"not a database's URL .*postgresql://name@host:5432/database is expected"
    ) as told:
        open_book(url)
    assert "a:b" not in str(told.value)


# ---------------------------------------------------------------- a view that is closed


def test_a_view_answers_within_its_with_and_says_so_afterwards(
    file: Path, postgresql_uri: str, postgresql_schema: str
) -> None:
    asked: list[Callable[[View], object]] = [
        lambda view: [*view.records()],
        lambda view: view.record(1),
        lambda view: view.balances(),
        lambda view: [*view.movements("holder")],
        lambda view: view.personal(),
    ]
    for book in (create_book(file, "hill"), create_book(postgresql_uri, "closed", schema=postgresql_schema)):
        book.append([founding(), issue(5)], key="founding", actor="clerk")
        with book.read() as view:
            answers = [ask(view) for ask in asked]
        for ask in asked:
            with pytest.raises(StoreError, match="the view is closed: it answers within its 'with"):
                ask(view)
        with book.read() as view:
            assert [ask(view) for ask in asked] == answers
        book.close()
