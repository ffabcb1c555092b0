"""The tables of a database that keeps books, as SQLAlchemy describes them.

``migrations/`` makes them; a test compares the two. What refuses change, the triggers, stands in the migrations alone.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

# SQLite's STRICT tables know INTEGER only. On PostgreSQL texts compare by code point, as they do on SQLite.
Whole = BigInteger().with_variant(Integer(), "sqlite")
Words = Text(collation="C").with_variant(Text(), "sqlite")


def tables(schema: str | None = None) -> MetaData:
    """The tables, in a schema of their own if one is named."""
    metadata = MetaData(schema=schema)
    at = f"{schema}." if schema else ""
    kept: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
    Table(
        "coopledger_book",
        metadata,
        Column("id", Whole, primary_key=True, autoincrement=False),
        Column("code", Words, nullable=False, unique=True),
        **kept,
    )
    Table(
        "coopledger_record",
        metadata,
        Column("book", Whole, ForeignKey(f"{at}coopledger_book.id", name="coopledger_record_book"), primary_key=True),
        Column("seq", Whole, primary_key=True),
        Column("prev_hash", LargeBinary, nullable=False),
        Column("hash", LargeBinary, nullable=False),
        Column("kind", Words, nullable=False),
        Column("effective_on", Integer, nullable=False),
        Column("booked_on", Integer, nullable=False),
        Column("recorded_us", Whole, nullable=False),
        Column("key", Words, nullable=False),
        Column("content_hash", LargeBinary, nullable=False),
        Column("actor", Words, nullable=False),
        Column("facts", Words, nullable=False),
        Column("personal", Words, nullable=False),
        Column("locked_through", Integer, nullable=False),
        Column("n_postings", Integer, nullable=False),
        CheckConstraint("seq > 0", name="coopledger_record_seq"),
        CheckConstraint(
            "length(prev_hash) = 32 AND length(hash) = 32 AND length(content_hash) = 32",
            name="coopledger_record_hashes",
        ),
        CheckConstraint(
            "effective_on BETWEEN 19000101 AND 29991231 AND booked_on BETWEEN 19000101 AND 29991231",
            name="coopledger_record_days",
        ),
        CheckConstraint("n_postings >= 0 AND locked_through >= 0", name="coopledger_record_counts"),
        Index("coopledger_record_key", "book", "key", unique=True),
        Index("coopledger_record_kind", "book", "kind", "seq"),
        **kept,
    )
    Table(
        "coopledger_posting",
        metadata,
        Column("book", Whole, primary_key=True),
        Column("seq", Whole, primary_key=True),
        Column("line", Integer, primary_key=True),
        Column("denomination", Words, nullable=False),
        Column("source", Words, nullable=False),
        Column("target", Words, nullable=False),
        Column("quantity", Whole, nullable=False),
        Column("effective_on", Integer, nullable=False),
        Column("reverses_seq", Whole),
        Column("reverses_line", Integer),
        Column("lot", Words),
        ForeignKeyConstraint(
            ["book", "seq"],
            [f"{at}coopledger_record.book", f"{at}coopledger_record.seq"],
            name="coopledger_posting_record",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("quantity > 0", name="coopledger_posting_quantity"),
        CheckConstraint("source <> target", name="coopledger_posting_accounts"),
        CheckConstraint("line >= 0", name="coopledger_posting_line"),
        CheckConstraint(
            "(reverses_seq IS NULL) = (reverses_line IS NULL) AND (reverses_seq IS NULL OR reverses_seq <= seq)",
            name="coopledger_posting_reversal",
        ),
        Index("coopledger_posting_source", "book", "denomination", "source", "effective_on", "seq", "quantity"),
        Index("coopledger_posting_target", "book", "denomination", "target", "effective_on", "seq", "quantity"),
        Index(
            "coopledger_posting_reverses",
            "book",
            "reverses_seq",
            "reverses_line",
            "quantity",
            sqlite_where=text("reverses_seq IS NOT NULL"),
            postgresql_where=text("reverses_seq IS NOT NULL"),
        ),
        **kept,
    )
    Table(
        "coopledger_personal",
        metadata,
        Column("book", Whole, primary_key=True),
        Column("subject", Words, primary_key=True),
        Column("seq", Whole, primary_key=True),
        Column("salt", LargeBinary, nullable=False),
        Column("content", Words, nullable=False),
        ForeignKeyConstraint(
            ["book", "seq"],
            [f"{at}coopledger_record.book", f"{at}coopledger_record.seq"],
            name="coopledger_personal_record",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("length(salt) >= 16", name="coopledger_personal_salt"),
        Index("coopledger_personal_seq", "book", "seq"),
        **kept,
    )
    return metadata
