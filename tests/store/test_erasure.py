"""What was erased is nowhere in a SQLite file, and no error shows a personal row."""

import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from coopledger.errors import StoreError
from coopledger.store import sqlite
from coopledger.store.database import create_book, engine_of, open_book
from tests.store.books import DAY, about, founding

CARD = "6222 0001 9999"
LONG = "备注 " * 3000


def bytes_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


@pytest.mark.parametrize("rest", ["", LONG])
def test_an_erased_row_is_neither_in_the_file_nor_in_its_log(tmp_path: Path, rest: str) -> None:
    """Even on a SQLite that overwrites nothing by itself, and while another program has the file open."""
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA journal_mode = WAL"))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete = OFF"))
    book = create_book(engine, "hill")
    book.append([founding(), about("7", {"card": CARD, "rest": rest}), about("8", {"card": "8"})], key="1", actor="me")
    other = sqlite3.connect(tmp_path / "book.db")
    other.execute("SELECT count(*) FROM coopledger_personal").fetchall()
    assert CARD.encode() in bytes_of(tmp_path)
    book.erase(["7"], key="erasure", actor="me", on=DAY)
    assert CARD.encode() not in bytes_of(tmp_path)
    assert "备注".encode() not in bytes_of(tmp_path)
    other.close()
    engine.dispose()


@pytest.mark.parametrize("mode", ["DELETE", "PERSIST", "TRUNCATE", "WAL"])
def test_an_erased_row_is_nowhere_whatever_begins_a_hosts_transactions(tmp_path: Path, mode: str) -> None:
    """A checkpoint is refused within a transaction; a rollback journal that is let stand holds the page as it was."""
    engine = create_engine(f"sqlite:///{tmp_path}/book.db")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA journal_mode = {mode}"))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    book = create_book(engine, "hill")
    book.append([founding(), about("7", {"card": CARD, "rest": LONG})], key="1", actor="me")
    book.erase(["7"], key="erasure", actor="me", on=DAY)
    assert CARD.encode() not in bytes_of(tmp_path)
    assert "备注".encode() not in bytes_of(tmp_path)
    assert book.verify() == []
    engine.dispose()


def test_only_rows_of_the_one_who_is_erased_go(tmp_path: Path) -> None:
    book = create_book(tmp_path / "book.db", "hill")
    book.append([founding(), about("7", {"card": CARD}), about("8", {"card": "8"})], key="1", actor="me")
    book.erase(["7"], key="erasure", actor="me", on=DAY)
    plain = sqlite3.connect(tmp_path / "book.db")
    with pytest.raises(sqlite3.IntegrityError, match="coopledger_personal: rows go only after"):
        plain.execute("DELETE FROM coopledger_personal WHERE subject = '8'")
    plain.close()


@pytest.mark.parametrize("whose", ["ours", "a host's"])
def test_what_was_to_be_written_is_not_in_the_error(tmp_path: Path, whose: str) -> None:
    file = tmp_path / "book.db"
    engine = engine_of(file) if whose == "ours" else create_engine(f"sqlite:///{file}")
    book = create_book(engine, "hill")
    book.append([founding()], key="1", actor="me")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE INSERT ON coopledger_personal BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    with pytest.raises(SQLAlchemyError) as seen:
        book.append([about("7", {"card": CARD})], key="2", actor="me")
    engine.dispose()
    assert "no room" in str(seen.value)
    assert CARD not in str(seen.value)


def test_a_damaged_personal_row_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "book.db"
    engine = engine_of(file)
    create_book(engine, "hill").append([founding(), about("7", {"card": CARD, "name": "成员甲"})], key="1", actor="me")
    engine.dispose()
    image = file.read_bytes()
    assert image.count("成员甲".encode()) == 1
    file.write_bytes(image.replace("成员甲".encode(), b"\xff" * 9))
    damaged = open_book(engine)
    with damaged.read() as view, pytest.raises(StoreError, match="cannot be read") as seen:
        view.personal()
    assert CARD not in str(seen.value)
    said = [str(one) for one in damaged.verify()]
    assert any("cannot be read" in one for one in said)
    assert not any(CARD in one for one in said)
    engine.dispose()


def test_an_erasure_does_not_wait_long_for_who_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could write meanwhile."""
    monkeypatch.setattr(sqlite, "_PATIENCE", 50)
    engine = engine_of(tmp_path / "book.db")
    create_book(tmp_path / "book.db", "hill").close()
    book = open_book(engine)
    book.append([founding(), about("7", {"card": CARD})], key="1", actor="me")
    with book.read() as view:
        began = time.monotonic()
        book.erase(["7"], key="erasure", actor="me", on=DAY)
        assert time.monotonic() - began < 10
        assert view.head.seq == 2
    waits = [engine.connect() for _ in range(2)]
    assert [one.exec_driver_sql("PRAGMA busy_timeout").scalar_one() for one in waits] == [30_000, 30_000]
    for one in waits:
        one.close()
    engine.dispose()
