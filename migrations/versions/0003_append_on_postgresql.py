"""An append on PostgreSQL counts its own postings without reading all others.

The trigger of a record counts its postings: all from its number on. The planner does not know how few they are, and
where the table was large it read the whole table, or an index, once in each append. The primary key is left to it.
"""

from alembic import context, op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the function's plans to indexes."""
    schema = context.config.attributes.get("schema")
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        return
    prefix = f'"{schema or connection.exec_driver_sql("SELECT current_schema()").scalar_one()}".'
    connection.exec_driver_sql(
        f"ALTER FUNCTION {prefix}coopledger_record_chained() SET enable_seqscan = off SET enable_bitmapscan = off "
        "SET enable_indexonlyscan = off"
    )


def downgrade() -> None:
    """Refuse: a journal is never taken down."""
    msg = "a journal is never taken down: keep a copy of the database from before the upgrade instead"
    raise NotImplementedError(msg)
