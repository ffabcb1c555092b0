"""A posting on SQLite is refused by itself, so that nothing need be kept to take its statement back.

Where a trigger may undo a statement, SQLite keeps a copy of each page that the statement changes: a fifth of what the
postings of an append took. A trigger that fails stops the statement where it is instead. What it had done before stays
in the transaction, and each such row has passed the same trigger.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the trigger in the place of the one before it."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        return
    connection.exec_driver_sql("DROP TRIGGER coopledger_posting_sealed")
    connection.exec_driver_sql(SEALED)


def downgrade() -> None:
    """Refuse: a journal is never taken down."""
    msg = "a journal is never taken down: keep a copy of the database from before the upgrade instead"
    raise NotImplementedError(msg)


SEALED = """
CREATE TRIGGER coopledger_posting_sealed BEFORE INSERT ON coopledger_posting
WHEN EXISTS (SELECT 1 FROM coopledger_record WHERE book = NEW.book AND seq = NEW.seq)
BEGIN
    SELECT RAISE(FAIL, 'coopledger_posting: the record of this posting is complete');
END"""
