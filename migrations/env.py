"""How the revisions are run: on the connection that is handed in, in its schema, with a version table of their own.

``coopledger book upgrade`` and ``coopledger.store.upgrade.upgrade`` hand it in; nothing is read from an ini file.
"""

from alembic import context

VERSION_TABLE = "coopledger_version"

attributes = context.config.attributes
schema = attributes.get("schema")
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    version_table=VERSION_TABLE,
    version_table_schema=schema,
    include_schemas=schema is not None,
    include_name=lambda name, kind, _parents: name == schema if kind == "schema" else True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
