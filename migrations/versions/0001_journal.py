"""The journal: books, records, postings, and personal rows beside them; nothing in it can be changed.

Postings are written first, their record last. So a posting whose record stands already is refused, and a record is
refused unless it follows the last one and has all its postings.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

whole = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
words = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
kept = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    """Make the tables and what guards them."""
    schema = context.config.attributes.get("schema")
    at = f"{schema}." if schema else ""
    _tables(schema, at)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        prefix, statements = "", SQLITE
    else:  # in full also where nobody named a schema: a temporary table of the same name would be read instead
        prefix = f'"{schema or connection.exec_driver_sql("SELECT current_schema()").scalar_one()}".'
        statements = POSTGRESQL
    for statement in statements:
        connection.exec_driver_sql(statement.replace("{s}", prefix).replace("{safe}", SAFE))


def downgrade() -> None:
    """Refuse: a journal is never taken down."""
    msg = "a journal is never taken down: keep a copy of the database from before the upgrade instead"
    raise NotImplementedError(msg)


def _tables(schema: str | None, at: str) -> None:
    op.create_table(
        "coopledger_book",
        sa.Column("id", whole, primary_key=True, autoincrement=False),
        sa.Column("code", words, nullable=False, unique=True),
        schema=schema,
        **kept,
    )
    op.create_table(
        "coopledger_record",
        sa.Column(
            "book", whole, sa.ForeignKey(f"{at}coopledger_book.id", name="coopledger_record_book"), primary_key=True
        ),
        sa.Column("seq", whole, primary_key=True),
        sa.Column("prev_hash", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("kind", words, nullable=False),
        sa.Column("effective_on", sa.Integer, nullable=False),
        sa.Column("booked_on", sa.Integer, nullable=False),
        sa.Column("recorded_us", whole, nullable=False),
        sa.Column("key", words, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        sa.Column("actor", words, nullable=False),
        sa.Column("facts", words, nullable=False),
        sa.Column("personal", words, nullable=False),
        sa.Column("locked_through", sa.Integer, nullable=False),
        sa.Column("n_postings", sa.Integer, nullable=False),
        sa.CheckConstraint("seq > 0", name="coopledger_record_seq"),
        sa.CheckConstraint(
            "length(prev_hash) = 32 AND length(hash) = 32 AND length(content_hash) = 32",
            name="coopledger_record_hashes",
        ),
        sa.CheckConstraint(
            "effective_on BETWEEN 19000101 AND 29991231 AND booked_on BETWEEN 19000101 AND 29991231",
            name="coopledger_record_days",
        ),
        sa.CheckConstraint("n_postings >= 0 AND locked_through >= 0", name="coopledger_record_counts"),
        schema=schema,
        **kept,
    )
    op.create_index("coopledger_record_key", "coopledger_record", ["book", "key"], unique=True, schema=schema)
    op.create_index("coopledger_record_kind", "coopledger_record", ["book", "kind", "seq"], schema=schema)
    record = [f"{at}coopledger_record.book", f"{at}coopledger_record.seq"]
    op.create_table(
        "coopledger_posting",
        sa.Column("book", whole, primary_key=True),
        sa.Column("seq", whole, primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("denomination", words, nullable=False),
        sa.Column("source", words, nullable=False),
        sa.Column("target", words, nullable=False),
        sa.Column("quantity", whole, nullable=False),
        sa.Column("effective_on", sa.Integer, nullable=False),
        sa.Column("reverses_seq", whole),
        sa.Column("reverses_line", sa.Integer),
        sa.Column("lot", words),
        sa.ForeignKeyConstraint(
            ["book", "seq"], record, name="coopledger_posting_record", deferrable=True, initially="DEFERRED"
        ),
        sa.CheckConstraint("quantity > 0", name="coopledger_posting_quantity"),
        sa.CheckConstraint("source <> target", name="coopledger_posting_accounts"),
        sa.CheckConstraint("line >= 0", name="coopledger_posting_line"),
        sa.CheckConstraint(
            "(reverses_seq IS NULL) = (reverses_line IS NULL) AND (reverses_seq IS NULL OR reverses_seq <= seq)",
            name="coopledger_posting_reversal",
        ),
        schema=schema,
        **kept,
    )
    for name in ("source", "target"):
        op.create_index(
            f"coopledger_posting_{name}",
            "coopledger_posting",
            ["book", "denomination", name, "effective_on", "seq", "quantity"],
            schema=schema,
        )
    taken_back = sa.text("reverses_seq IS NOT NULL")
    op.create_index(
        "coopledger_posting_reverses",
        "coopledger_posting",
        ["book", "reverses_seq", "reverses_line", "quantity"],
        schema=schema,
        sqlite_where=taken_back,
        postgresql_where=taken_back,
    )
    op.create_table(
        "coopledger_personal",
        sa.Column("book", whole, primary_key=True),
        sa.Column("subject", words, primary_key=True),
        sa.Column("seq", whole, primary_key=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("content", words, nullable=False),
        sa.ForeignKeyConstraint(
            ["book", "seq"], record, name="coopledger_personal_record", deferrable=True, initially="DEFERRED"
        ),
        sa.CheckConstraint("length(salt) >= 16", name="coopledger_personal_salt"),
        schema=schema,
        **kept,
    )


def _refused_on_sqlite(table: str, verb: str) -> str:
    return f"""
CREATE TRIGGER coopledger_{table}_no_{verb.lower()} BEFORE {verb} ON coopledger_{table}
BEGIN
    SELECT RAISE(ABORT, 'coopledger_{table} is append-only: {verb} is refused');
END"""


# INSERT OR REPLACE removes rows without asking a DELETE trigger. So each insert is refused first if any of the
# table's unique keys stands already; of a record, number and hash before it say so.
SQLITE = [
    *(_refused_on_sqlite(table, verb) for table in ("book", "record", "posting") for verb in ("UPDATE", "DELETE")),
    _refused_on_sqlite("personal", "UPDATE"),
    """
CREATE TRIGGER coopledger_personal_no_delete BEFORE DELETE ON coopledger_personal
WHEN OLD.subject NOT IN (
    SELECT said.value FROM coopledger_record AS last, json_each(last.facts, '$.subjects') AS said
    WHERE last.book = OLD.book AND last.kind = 'erasure'
        AND last.seq = (SELECT max(seq) FROM coopledger_record WHERE book = OLD.book)
)
BEGIN
    SELECT RAISE(ABORT, 'coopledger_personal: rows go only after a record of their erasure');
END""",
    """
CREATE TRIGGER coopledger_book_new BEFORE INSERT ON coopledger_book
WHEN EXISTS (SELECT 1 FROM coopledger_book WHERE id = NEW.id OR code = NEW.code)
BEGIN
    SELECT RAISE(ABORT, 'coopledger_book: this book is here already');
END""",
    """
CREATE TRIGGER coopledger_personal_new BEFORE INSERT ON coopledger_personal
WHEN EXISTS (SELECT 1 FROM coopledger_record WHERE book = NEW.book AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM coopledger_personal WHERE book = NEW.book AND subject = NEW.subject AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'coopledger_personal: the record of this row is complete');
END""",
    """
CREATE TRIGGER coopledger_posting_sealed BEFORE INSERT ON coopledger_posting
WHEN EXISTS (SELECT 1 FROM coopledger_record WHERE book = NEW.book AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'coopledger_posting: the record of this posting is complete');
END""",
    """
CREATE TRIGGER coopledger_record_chained BEFORE INSERT ON coopledger_record
BEGIN
    SELECT CASE
        WHEN NEW.seq IS NOT 1 + coalesce((SELECT max(seq) FROM coopledger_record WHERE book = NEW.book), 0)
            THEN RAISE(ABORT, 'coopledger_record: the number does not follow the last one')
        WHEN NEW.seq > 1 AND (NEW.prev_hash, 1) IS NOT (
            SELECT hash, CASE NEW.kind
                WHEN 'lock' THEN NEW.locked_through > locked_through
                WHEN 'unlock' THEN NEW.locked_through < locked_through
                ELSE NEW.locked_through = locked_through
            END AND NEW.booked_on > CASE NEW.kind WHEN 'unlock' THEN NEW.locked_through ELSE locked_through END
            FROM coopledger_record WHERE book = NEW.book AND seq = NEW.seq - 1
        )
            THEN RAISE(ABORT, 'coopledger_record: not the hash of the record before it, or booked in a locked period')
        WHEN EXISTS (SELECT 1 FROM coopledger_record WHERE book = NEW.book AND key = NEW.key)
            THEN RAISE(ABORT, 'coopledger_record: the key stands already')
        WHEN NEW.n_postings IS NOT (
            SELECT count(*) FROM coopledger_posting
            WHERE book = NEW.book AND seq = NEW.seq AND effective_on = NEW.effective_on
        )
            THEN RAISE(ABORT, 'coopledger_record: not the number of its postings')
    END;
END""",
]


def _refused_on_postgresql(table: str, verb: str) -> list[str]:
    name = f"coopledger_{table}_no_{verb.lower()}"
    return [
        f"""
CREATE TRIGGER {name} BEFORE {verb} ON {{s}}coopledger_{table}
FOR EACH STATEMENT EXECUTE FUNCTION {{s}}coopledger_refuse()""",
        f"ALTER TABLE {{s}}coopledger_{table} ENABLE ALWAYS TRIGGER {name}",
    ]


def _after_insert(table: str, name: str) -> list[str]:
    return [
        f"""
CREATE TRIGGER {name} AFTER INSERT ON {{s}}coopledger_{table}
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {{s}}{name}()""",
        f"ALTER TABLE {{s}}coopledger_{table} ENABLE ALWAYS TRIGGER {name}",
    ]


SAFE = "SET search_path = pg_catalog, pg_temp"

# What a guard asks: which places could be below zero on a day, because more is taken from them later than stands there
# on the earliest day in question, even if nothing came in later; and of those alone, since it takes twelve times as
# long, the first day from then on on which the running balance, counted as the guard counts, is below zero.
# Within an append the tables' statistics are of before it, and the planner would scan the table, or the other index,
# for each place: it may not scan, and only the right index has the order that is asked for.
GUARD = """
CREATE FUNCTION {s}coopledger_below_zero(
    of_book bigint, denominations text[], accounts text[], since integer[], signs integer[]
) RETURNS TABLE (denomination text, account text, on_day integer) LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off {safe} AS $$
WITH place AS (
    SELECT * FROM unnest(denominations, accounts, since, signs) AS place(denomination, account, since, sign)
), suspect AS MATERIALIZED (
    SELECT place.* FROM place
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(quantity) FILTER (WHERE effective_on <= place.since), 0) AS early,
            coalesce(sum(quantity) FILTER (WHERE effective_on > place.since), 0) AS late
        FROM (SELECT effective_on, quantity FROM {s}coopledger_posting AS p
            WHERE p.book = of_book AND p.denomination = place.denomination COLLATE "C"
                AND p.target = place.account COLLATE "C" ORDER BY effective_on, seq) AS legs
    ) AS went_in
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(quantity) FILTER (WHERE effective_on <= place.since), 0) AS early,
            coalesce(sum(quantity) FILTER (WHERE effective_on > place.since), 0) AS late
        FROM (SELECT effective_on, quantity FROM {s}coopledger_posting AS p
            WHERE p.book = of_book AND p.denomination = place.denomination COLLATE "C"
                AND p.source = place.account COLLATE "C" ORDER BY effective_on, seq) AS legs
    ) AS went_out
    WHERE place.sign * (went_in.early - went_out.early)
        < CASE place.sign WHEN 1 THEN went_out.late ELSE went_in.late END
)
SELECT place.denomination, place.account, below.on_day
FROM suspect AS place
CROSS JOIN LATERAL (
    SELECT min(days.on_day) AS on_day FROM (
        SELECT effective_on AS on_day, sum(sum(moved)) OVER (ORDER BY effective_on) AS running FROM (
            (SELECT effective_on, quantity AS moved FROM {s}coopledger_posting AS p
            WHERE p.book = of_book AND p.denomination = place.denomination COLLATE "C"
                AND p.target = place.account COLLATE "C" ORDER BY effective_on, seq)
            UNION ALL
            (SELECT effective_on, -quantity FROM {s}coopledger_posting AS p
            WHERE p.book = of_book AND p.denomination = place.denomination COLLATE "C"
                AND p.source = place.account COLLATE "C" ORDER BY effective_on, seq)
        ) AS legs GROUP BY effective_on
    ) AS days WHERE days.on_day >= place.since AND running * place.sign < 0
) AS below
WHERE below.on_day IS NOT NULL
$$"""

# The functions name their tables in full and look for all else in the catalogue alone, so that no search path and no
# temporary table can lead them astray. Sets are compared by UNION ALL
# and GROUP BY: a join with a transition table becomes a nested loop.
POSTGRESQL = [
    GUARD,
    """
CREATE FUNCTION {s}coopledger_refuse() RETURNS trigger LANGUAGE plpgsql {safe} AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only: ' || TG_OP || ' is refused';
END $$""",
    """
CREATE FUNCTION {s}coopledger_personal_no_delete() RETURNS trigger LANGUAGE plpgsql {safe} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM {s}coopledger_record AS last
        CROSS JOIN LATERAL json_array_elements_text(last.facts::json -> 'subjects') AS said
        WHERE last.book = OLD.book AND last.kind = 'erasure' AND said = OLD.subject
            AND last.seq = (SELECT max(seq) FROM {s}coopledger_record WHERE book = OLD.book)
    ) THEN
        RAISE EXCEPTION 'coopledger_personal: rows go only after a record of their erasure';
    END IF;
    RETURN OLD;
END $$""",
    """
CREATE FUNCTION {s}coopledger_posting_sealed() RETURNS trigger LANGUAGE plpgsql {safe} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT book, min(seq) AS first FROM added GROUP BY book) AS fresh
        WHERE fresh.first <= (SELECT max(seq) FROM {s}coopledger_record AS kept WHERE kept.book = fresh.book)
    ) THEN
        RAISE EXCEPTION 'coopledger_posting: the record of this posting is complete';
    END IF;
    RETURN NULL;
END $$""",
    """
CREATE FUNCTION {s}coopledger_personal_new() RETURNS trigger LANGUAGE plpgsql {safe} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT book, min(seq) AS first FROM added GROUP BY book) AS fresh
        WHERE fresh.first <= (SELECT max(seq) FROM {s}coopledger_record AS kept WHERE kept.book = fresh.book)
    ) THEN
        RAISE EXCEPTION 'coopledger_personal: the record of this row is complete';
    END IF;
    RETURN NULL;
END $$""",
    """
CREATE FUNCTION {s}coopledger_record_chained() RETURNS trigger LANGUAGE plpgsql {safe} AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (
            SELECT seq, prev_hash, kind,
                lag(seq) OVER w AS seq_before, lag(hash) OVER w AS hash_before
            FROM (
                SELECT book, seq, hash, prev_hash, kind FROM added
                UNION ALL
                SELECT last.book, last.seq, last.hash, NULL, NULL
                FROM (SELECT book, min(seq) AS first FROM added GROUP BY book) AS fresh
                CROSS JOIN LATERAL (
                    SELECT book, seq, hash FROM {s}coopledger_record AS kept
                    WHERE kept.book = fresh.book AND kept.seq < fresh.first ORDER BY seq DESC LIMIT 1
                ) AS last
            ) AS links
            WINDOW w AS (PARTITION BY book ORDER BY seq)
        ) AS chain
        WHERE kind IS NOT NULL AND (
            seq IS DISTINCT FROM coalesce(seq_before, 0) + 1
            OR (seq_before IS NOT NULL AND prev_hash IS DISTINCT FROM hash_before)
        )
    ) THEN
        RAISE EXCEPTION 'coopledger_record: not the number or not the hash of the record before it';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (
            SELECT seq, kind, booked_on, locked_through,
                coalesce(lag(locked_through) OVER (PARTITION BY book ORDER BY seq), (
                    SELECT kept.locked_through FROM {s}coopledger_record AS kept
                    WHERE kept.book = added.book AND kept.seq = added.seq - 1
                ), 0) AS locked_before
            FROM added
        ) AS chain
        WHERE booked_on <= CASE kind WHEN 'unlock' THEN locked_through ELSE locked_before END OR NOT CASE kind
            WHEN 'lock' THEN locked_through > locked_before
            WHEN 'unlock' THEN locked_through < locked_before
            ELSE locked_through = locked_before
        END
    ) THEN
        RAISE EXCEPTION 'coopledger_record: booked in a locked period';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (
            SELECT book, seq, effective_on, n_postings AS n FROM added
            UNION ALL
            SELECT p.book, p.seq, p.effective_on, -1
            FROM (SELECT book, min(seq) AS first FROM added GROUP BY book) AS fresh
            JOIN {s}coopledger_posting AS p ON p.book = fresh.book AND p.seq >= fresh.first
        ) AS counted
        GROUP BY book, seq, effective_on HAVING sum(n) <> 0
    ) THEN
        RAISE EXCEPTION 'coopledger_record: not the number of its postings';
    END IF;
    RETURN NULL;
END $$""",
    *(
        statement
        for table in ("book", "record", "posting", "personal")
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
        if (table, verb) != ("personal", "DELETE")
        for statement in _refused_on_postgresql(table, verb)
    ),
    """
CREATE TRIGGER coopledger_personal_no_delete BEFORE DELETE ON {s}coopledger_personal
FOR EACH ROW EXECUTE FUNCTION {s}coopledger_personal_no_delete()""",
    "ALTER TABLE {s}coopledger_personal ENABLE ALWAYS TRIGGER coopledger_personal_no_delete",
    *_after_insert("posting", "coopledger_posting_sealed"),
    *_after_insert("personal", "coopledger_personal_new"),
    *_after_insert("record", "coopledger_record_chained"),
]
