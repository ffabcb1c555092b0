"""What each revision makes on both databases, as ``src/coopledger/store/shape.json`` holds it."""

import json
from pathlib import Path

from coopledger.store.database import engine_of
from coopledger.store.shape import Shape, shape
from coopledger.store.upgrade import revisions, upgrade
from tests.servers import postgresql

FILE = Path(__file__).parents[2] / "src" / "coopledger" / "store" / "shape.json"


def shapes(uri: str) -> dict[str, dict[str, Shape]]:
    """The shape after each revision on SQLite and on a PostgreSQL server."""
    return {one: {"sqlite": _made(":memory:", one), "postgresql": _made(uri, one)} for one in revisions()}


def _made(database: str, revision: str) -> Shape:
    engine = engine_of(database)
    with engine.connect() as connection:
        schema = "coopledger_shape" if connection.dialect.name == "postgresql" else None
        upgrade(connection, schema=schema, revision=revision)
        found = shape(connection, schema)
        connection.rollback()
    engine.dispose()
    return found


def written(uri: str) -> str:
    """The file's text."""
    return json.dumps(shapes(uri), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the file: ``python -m tests.store.write_shape``."""
    with postgresql() as uri:
        FILE.write_text(written(uri), encoding="utf-8")


if __name__ == "__main__":
    main()
