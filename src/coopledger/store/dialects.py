"""The databases that books can be kept in, by SQLAlchemy's names for them."""

from coopledger.store.dialect import Dialect
from coopledger.store.postgresql import Postgresql
from coopledger.store.sqlite import Sqlite

DIALECTS: dict[str, type[Dialect]] = {"sqlite": Sqlite, "postgresql": Postgresql}
