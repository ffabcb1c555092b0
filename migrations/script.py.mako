"""${message}"""

import sqlalchemy as sa
from alembic import context, op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say what changes for what is kept."""


def downgrade() -> None:
    """Refuse: a journal is never taken down."""
    msg = "a journal is never taken down: keep a copy of the database from before the upgrade instead"
    raise NotImplementedError(msg)
