"""Revisions that nobody has released, in a copy of the folder of migrations."""

import shutil
from pathlib import Path

import pytest

from coopledger.store import upgrade

ROOT = Path(__file__).parents[2]

_REVISION = """
import sqlalchemy as sa
from alembic import context, op

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade():
    schema = context.config.attributes.get("schema")
{body}
"""

A_TABLE = '    op.create_table("coopledger_later", sa.Column("id", sa.Integer, primary_key=True), schema=schema)'
A_FAILURE = f'{A_TABLE}\n    raise RuntimeError("the power went")'
A_BATCH = """\
    with op.batch_alter_table("{table}", recreate="always") as batch:
        batch.add_column(sa.Column("later", sa.Integer))"""
AN_OLD_BATCH = f"""\
    op.execute("PRAGMA legacy_alter_table = ON")
{A_BATCH}
    op.execute("PRAGMA legacy_alter_table = OFF")"""


def invent(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str, revision: str = "9998") -> str:
    """A revision after the newest, for the rest of the test."""
    before = upgrade.revisions()[-1]
    copy = folder / "migrations"
    if not copy.exists():
        shutil.copytree(ROOT / "migrations", copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = _REVISION.format(revision=revision, before=before, body=body)
    (copy / "versions" / f"{revision}.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(upgrade, "_folder", lambda: copy)
    monkeypatch.setattr(upgrade, "newest", lambda: revision)
    return revision
