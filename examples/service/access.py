"""Who may do what: a token belongs to one book and one role, and the database has only its hash."""

import hmac
import re
import secrets
import sys
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table, select

from .database import Database

RIGHTS = {
    "reader": {"read"},
    "auditor": {"read", "verify"},
    "accountant": {"read", "verify", "account"},
    "cashier": {"read", "pay"},  # who keeps the accounts does not hand out the money (会计法)
}
TABLES = MetaData()
TOKENS = Table(
    "service_token",
    TABLES,
    Column("id", String(12), primary_key=True),
    Column("sha256", LargeBinary(32), nullable=False),
    *(Column(name, String(200), nullable=False) for name in ("book", "role", "actor")),
)
_TOKEN = re.compile(r"([0-9a-f]{12})\.([\w-]{43})", re.ASCII)


class Caller(NamedTuple):
    """Whose token it was; ``actor`` stays in the chain for good, so it is an office or a code, and no person's name."""

    book: str
    role: str
    actor: str


def new_token(connection: Connection, book: str, role: str, actor: str) -> str:
    """A token: whose row it is, and a secret. Of 256 random bits a plain hash is enough."""
    if role not in RIGHTS:
        raise ValueError(f"{role}: one of {', '.join(RIGHTS)} is expected")
    number, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    connection.execute(TOKENS.insert().values(id=number, sha256=_hash(secret), book=book, role=role, actor=actor))
    return f"{number}.{secret}"


def who(connection: Connection, token: str) -> Caller | None:
    """Whose token it is. How long an answer takes says nothing of how much of the secret was right."""
    match = _TOKEN.fullmatch(token)
    row = connection.execute(select(TOKENS).where(TOKENS.c.id == match[1])).one_or_none() if match else None
    known = hmac.compare_digest(_hash(match[2] if match else ""), row.sha256 if row else bytes(32))
    return Caller(row.book, row.role, row.actor) if row and known else None


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


if __name__ == "__main__":  # python -m service.access BOOK ROLE ACTOR
    database = Database()
    database.migrate(TABLES)
    with database.engine.begin() as begun:
        print(new_token(begun, *sys.argv[1:]))
