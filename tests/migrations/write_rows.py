"""Write a small book's rows down as the newest revision keeps them: once, when a revision changes what is kept."""

from datetime import timedelta

from coopledger.core.journal import Entry, Posting
from coopledger.store.database import create_book, engine_of
from coopledger.store.upgrade import newest
from tests.migrations.kept import FOLDER, read, text
from tests.store.books import (
    DAY,
    SECOND_US,
    Clock,
    Salts,
    about,
    clock_set,
    founding,
    issue,
    locking,
    move,
    taking_back,
    unlocking,
)


def main() -> None:
    engine = engine_of(":memory:")
    clock = Clock()
    book = create_book(engine, "示例村", clock=clock, salt=Salts())
    other = create_book(engine, "another", clock=clock, salt=Salts())
    later = DAY + timedelta(40)
    several = [Posting("CNY", "c37:222/0042", "c37:332", 10**15), Posting("mu", "unissued", "村账:现金", 1)]
    for n, entries in enumerate(
        [
            [founding()],
            [issue(500), issue(300, "holder/2/质押")],
            [taking_back(120, 2), move(5, "unissued", "holder/3", lot="2026-资金/1")],
            [Entry("dividend", DAY, later, {"备注": "A\\t\t\"'\U00020000é e\u0301", "none": None, "zero": 0}, several)],
            [about("0042", {"name": "成员甲", "note": "line\nline\\N"}), about("0043", {"name": "", "id": None})],
            [locking(DAY + timedelta(30), later)],
            [unlocking(DAY + timedelta(10), later)],
            [clock_set(later)],
        ]
    ):
        clock.forward(SECOND_US)
        book.append(entries, key=f"键 {n}", actor="记账员")
    other.append([founding()], key="founding", actor="founder")
    with engine.connect() as connection:
        rows = read(connection, None)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{newest()}.json").write_text(text(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
