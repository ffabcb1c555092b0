"""A village on PostgreSQL that the service is tried on, and what its office sends."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from coopledger.book import (
    C2023,
    COLLECTIVE,
    MONEY,
    Entry,
    Joiner,
    Posting,
    admit,
    adopt,
    conclude,
    create_book,
    enter_surplus,
    found,
    in_turn,
    issue,
    open_class,
    preset,
)
from examples.service.access import RIGHTS, new_token
from tests.core.leases import PLAN

FOUNDED, YEAR_END = date(2024, 1, 1), date(2026, 12, 31)
HOLDERS = {"17": 500, "18": 300, "19": 1, "20": 199}
PROPOSE = {
    "stream": "surplus",
    "period": "2026",
    "share_class": "land",
    "record_date": "2026-12-31",
    "total_fen": 100_000,
    "on": "2027-01-05",
}
DISCLOSE = {"since": "2027-01-06", "until": "2027-01-20", "where": "村公示栏"}
APPROVE = {"number": "2027-1", "day": "2027-01-20", "entitled": 4, "present": 4, "votes_for": 4}
DECLARE = {"on": "2027-01-21"}
PAY = {"on": "2027-01-25"}
STEPS: dict[str, dict[str, Any]] = {
    "propose": PROPOSE,
    "disclose": DISCLOSE,
    "approve": APPROVE,
    "declare": DECLARE,
    "pay": PAY,
}


def make_books(engine: Engine) -> dict[str, str]:
    """Two books, hill and dale; hill has a surplus, money in the bank and a contract. Tokens by ``role of book``."""
    create_book(engine, "dale")
    people = [Joiner(f"00{home}", household=home, head=True) for home in HOLDERS]
    received = Posting(MONEY, C2023.account("receivable"), C2023.account("bank"), 5_000_00)
    founding = in_turn(
        found("示例村股份经济合作社", COLLECTIVE, effective_on=FOUNDED),
        adopt(C2023, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        *(issue("land", to=home, shares=shares, effective_on=FOUNDED) for home, shares in HOLDERS.items()),
        conclude("lease", PLAN, counterparty="0901", effective_on=FOUNDED),
        enter_surplus(2026, 3_000_00, source="annual statement 2026"),
        lambda _: [Entry("receipt", YEAR_END, YEAR_END, {}, [received])],
    )
    create_book(engine, "hill").append(founding, key="founding", actor="office")
    with engine.begin() as connection:
        return {f"{role} of {book}": _token(connection, book, role) for book in ("hill", "dale") for role in RIGHTS}


def _token(connection: Connection, book: str, role: str) -> str:
    return new_token(connection, book, role, f"{role} 1")


class Office(NamedTuple):
    """A client with the tokens of all roles: steps of runs are sent in the role that may take them."""

    client: Any
    tokens: dict[str, str]

    def get(self, path: str, role: str = "auditor", **headers: str) -> Any:  # noqa: ANN401 - a response
        return self.client.get(f"/books/hill{path}", headers=self._as(role) | headers)

    def send(self, run: str, step: str, key: str, *, role: str = "", headers: Any = None, **said: Any) -> Any:  # noqa: ANN401
        """A step of a run as STEPS say it, but for what is said otherwise."""
        own = self._as(role or ("cashier" if step == "pay" else "accountant")) | {"Idempotency-Key": key}
        body = {**STEPS[step], **said}
        return self.client.post(f"/books/hill/runs/{run}/{step}", json=body, headers=own | (headers or {}))

    def reach(self, run: str, last: str, **said: Any) -> None:
        """Take all steps of a run up to one."""
        for step in STEPS:
            answer = self.send(run, step, f"{run}-{step}", **(said if step == "propose" else {}))
            assert answer.status_code == 200, answer.text
            if step == last:
                return

    def _as(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[f'{role} of hill']}"}
