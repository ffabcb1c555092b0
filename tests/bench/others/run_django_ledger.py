"""django-ledger: journal entries with their transactions committed to a ledger in a SQLite file.

``ledger.commit_txs`` is its own way in: blueprints and cursors end there. It checks, writes the transactions by
``bulk_create`` and posts the entry; Django's ``transaction.atomic`` around many makes them one transaction of the
database. The file has a write-ahead log and full synchronisation, by ``init_command`` as Django documents it.
"""

import os
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import django
import measured
from django.conf import settings

MEMBERS = 100
DAY = datetime(2026, 1, 31, tzinfo=timezone.utc)
ROWS = 2000
"""How many rows are read at a time."""


def configure(place: str) -> None:
    """Django's settings: what django-ledger names as needed, and nothing else."""
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.path.join(place, "book.db"),
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
                },
            }
        },
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_ledger"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


class Book:
    """A new database with an entity, its accounts and a ledger."""

    def __init__(self, place: str) -> None:
        configure(place)
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from django_ledger.models import EntityModel

        call_command("migrate", verbosity=0)
        user = get_user_model().objects.create_user("bench")
        entity = EntityModel.create_entity("village", use_accrual_method=True, admin=user, fy_start_month=1)
        entity.create_chart_of_accounts(assign_as_default=True, commit=True)
        self.reserve = entity.create_account("3000", "eq_adjustment", "appropriation", "debit", active=True)
        self.payable = [
            entity.create_account(f"2{n:05d}", "lia_cl_acc_payable", f"payable {n:05d}", "credit", active=True)
            for n in range(MEMBERS)
        ]
        self.ledger: Any = entity.create_ledger("dividends", posted=True)

    def line(self, account: Any, side: str, amount: Decimal) -> dict[str, Any]:
        """A transaction, as ``commit_txs`` takes it."""
        return {"account": account, "tx_type": side, "amount": amount, "description": "dividend 2025"}

    def pair(self, n: int) -> list[dict[str, Any]]:
        """The lines of an entry of two."""
        amount = Decimal(123_456 + n).scaleb(-2)
        return [self.line(self.payable[n % MEMBERS], "credit", amount), self.line(self.reserve, "debit", amount)]

    def commit(self, lines: list[dict[str, Any]]) -> None:
        """Write a journal entry and post it."""
        self.ledger.commit_txs(je_timestamp=DAY, je_txs=lines, je_posted=True)


def one(place: str, count: int) -> measured.Work:
    """One journal entry with a line for each payment and one for their sum."""
    book = Book(place)
    amounts = [Decimal(123_456 + n).scaleb(-2) for n in range(count)]
    lines = [book.line(book.payable[n % MEMBERS], "credit", amount) for n, amount in enumerate(amounts)]
    lines.append(book.line(book.reserve, "debit", sum(amounts, Decimal())))
    return lambda: book.commit(lines)


def many(place: str, count: int) -> measured.Work:
    """Journal entries of two lines in one transaction of the database."""
    book = Book(place)
    entries = [book.pair(n) for n in range(count)]

    def work() -> None:
        from django.db import transaction

        with transaction.atomic():
            for lines in entries:
                book.commit(lines)

    return work


def append(place: str, count: int) -> measured.Work:
    """Journal entries of two lines, each committed by itself."""
    book = Book(place)

    def work() -> None:
        for n in range(count):
            book.commit(book.pair(n))

    return work


def read(place: str, count: int) -> measured.Work:
    """Every journal entry of a database with its lines. It was filled by a run of ``many`` in the same place."""
    configure(place)

    def work() -> None:
        from django_ledger.models import JournalEntryModel

        entries = JournalEntryModel.objects.order_by("je_number").prefetch_related("transactionmodel_set")
        lines = sum(len(one.transactionmodel_set.all()) for one in entries.iterator(chunk_size=ROWS))
        assert lines == 2 * count

    return work


if __name__ == "__main__":
    measured.main({"one": one, "many": many, "append": append, "read": read})
