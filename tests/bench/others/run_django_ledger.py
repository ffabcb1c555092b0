"""django-ledger: journal entries with their transactions committed to a ledger in a SQLite file.

``ledger.commit_txs`` is its own way in, where its blueprints and cursors end as well: it checks, writes the lines by
``bulk_create`` and posts the entry. Django's ``transaction.atomic`` around many of them makes them one transaction of
the database. The file has a write-ahead log and full synchronisation by ``init_command``, as Django documents it.
"""

import os
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import django
import measured
from django.conf import settings

MEMBERS = 100
DAY = datetime(2026, 1, 31, tzinfo=UTC)
PAGE = 1000
"""How many entries are read at a time."""


def configure(place: str) -> None:
    """Django's settings: what django-ledger needs, and nothing else."""
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
        DJANGO_LEDGER_USE_DEPRECATED_BEHAVIOR=False,
        USE_TZ=True,
    )
    django.setup()


class Book:
    """The ledger and its accounts."""

    def __init__(self, place: str) -> None:
        configure(place)
        from django_ledger.models import AccountModel, LedgerModel

        self.ledger: Any = LedgerModel.objects.select_related("entity").get(name="dividends")
        accounts = {one.code: one for one in AccountModel.objects.all()}
        self.reserve = accounts["3000"]
        self.payable = [accounts[f"2{n:05d}"] for n in range(MEMBERS)]

    def line(self, account: Any, side: str, amount: Decimal) -> dict[str, Any]:
        """A line as ``commit_txs`` takes it."""
        return {"account": account, "tx_type": side, "amount": amount, "description": "dividend 2025"}

    def pair(self, n: int) -> list[dict[str, Any]]:
        """The lines of an entry of two."""
        amount = Decimal(123_456 + n).scaleb(-2)
        return [self.line(self.payable[n % MEMBERS], "credit", amount), self.line(self.reserve, "debit", amount)]

    def commit(self, lines: list[dict[str, Any]]) -> None:
        """Write a journal entry and post it."""
        self.ledger.commit_txs(je_timestamp=DAY, je_txs=lines, je_posted=True)


def make(place: str, _count: int) -> measured.Work:
    """A new database with an entity, its accounts and a ledger."""
    configure(place)

    def work() -> None:
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from django_ledger.models import EntityModel

        call_command("migrate", verbosity=0)
        user = get_user_model().objects.create_user("bench")
        entity = EntityModel.create_entity("village", use_accrual_method=True, admin=user, fy_start_month=1)
        entity.create_chart_of_accounts(assign_as_default=True, commit=True)
        entity.create_account("3000", "eq_adjustment", "appropriation", "debit", active=True)
        for n in range(MEMBERS):
            entity.create_account(f"2{n:05d}", "lia_cl_acc_payable", f"payable {n:05d}", "credit", active=True)
        entity.create_ledger("dividends", posted=True)

    return work


def one(place: str, count: int) -> measured.Work:
    """One journal entry with a line for each member's part and one for their sum."""
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
    """Every journal entry with its lines, a page at a time."""
    configure(place)

    def work() -> None:
        from django_ledger.models import JournalEntryModel

        entries = JournalEntryModel.objects.order_by("je_number").prefetch_related("transactionmodel_set")
        lines = sum(len(one.transactionmodel_set.all()) for one in entries.iterator(chunk_size=PAGE))
        assert lines == 2 * count

    return work


if __name__ == "__main__":
    measured.main({"make": make, "one": one, "many": many, "append": append, "read": read})
