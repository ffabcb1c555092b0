"""The guard of the value date asks for two sums of each place instead of four; personal rows are found by their record.

The guard is a function of the database on PostgreSQL only; on SQLite it is a statement of the library. By the index an
append sees at once whether somebody has laid a personal row behind the last record, for the next one to pick up.
"""

from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index, and put the function in the place of the one before it."""
    schema = context.config.attributes.get("schema")
    op.create_index("coopledger_personal_seq", "coopledger_personal", ["book", "seq"], schema=schema)
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        return
    prefix = f'"{schema or connection.exec_driver_sql("SELECT current_schema()").scalar_one()}".'
    connection.exec_driver_sql(GUARD.replace("{s}", prefix))


def downgrade() -> None:
    """Refuse: a journal is never taken down."""
    msg = "a journal is never taken down: keep a copy of the database from before the upgrade instead"
    raise NotImplementedError(msg)


def _legs(side: str, columns: str) -> str:
    """What went through one side of a place, in the order of the index that is meant.

    Within an append the tables' statistics are of before it, and the planner would scan the table, or the other index,
    for each place: it may not scan, and only the right index has the order that is asked for.
    """
    return f"""
        (SELECT {columns} FROM {{s}}coopledger_posting AS p
        WHERE p.book = of_book AND p.denomination = place.denomination COLLATE "C"
            AND p.{side} = place.account COLLATE "C" ORDER BY effective_on, seq)"""


def _less(came: str, went: str) -> str:
    """All that came in up to the earliest day in question, less all that ever went out."""
    return f"""
        (SELECT coalesce(sum(quantity), 0) FROM{_legs(came, "quantity, effective_on")} AS came
        WHERE effective_on <= place.since)
        - (SELECT coalesce(sum(quantity), 0) FROM{_legs(went, "quantity")} AS went)"""


# Which places could be below zero on a day: more is taken from them, some of it perhaps later, than stood there on the
# earliest day in question. Of those alone, since it takes twelve times as long, the first day from then on on which
# the running balance, counted as the guard counts, is below zero.
GUARD = f"""
CREATE OR REPLACE FUNCTION {{s}}coopledger_below_zero(
    of_book bigint, denominations text[], accounts text[], since integer[], signs integer[]
) RETURNS TABLE (denomination text, account text, on_day integer) LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET search_path = pg_catalog, pg_temp AS $$
WITH suspect AS MATERIALIZED (
    SELECT place.* FROM unnest(denominations, accounts, since, signs) AS place(denomination, account, since, sign)
    WHERE CASE place.sign WHEN 1 THEN{_less("target", "source")}
    ELSE{_less("source", "target")}
    END < 0
)
SELECT place.denomination, place.account, below.on_day
FROM suspect AS place
CROSS JOIN LATERAL (
    SELECT min(days.on_day) AS on_day FROM (
        SELECT effective_on AS on_day, sum(sum(moved)) OVER (ORDER BY effective_on) AS running FROM (
{_legs("target", "effective_on, quantity AS moved")}
            UNION ALL
{_legs("source", "effective_on, -quantity")}
        ) AS legs GROUP BY effective_on
    ) AS days WHERE days.on_day >= place.since AND running * place.sign < 0
) AS below
WHERE below.on_day IS NOT NULL
$$"""
