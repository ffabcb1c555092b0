"""What is sent and what is answered. Amounts are whole fen; shares are whole smallest units of their class."""

from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)


def _day(seen: object) -> date:
    with suppress(ValueError):
        if isinstance(seen, str) and len(seen) == 10 and "W" not in seen:  # pydantic takes numbers, Python 2026-W01-1
            day = date.fromisoformat(seen)
            if FIRST <= day <= LAST:
                return day
    raise PydanticCustomError("day", "a day from 1900-01-01 to 2999-12-31 is expected, written like that")


CODE = r"^[0-9A-Za-z][0-9A-Za-z_.:-]{0,59}$"
ANCHOR = r"^[1-9][0-9]{0,9}:[0-9a-f]{64}$"
Day = Annotated[date, BeforeValidator(_day), Field(ge=FIRST, le=LAST)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Fen = Annotated[int, Field(strict=True, ge=1, lt=10**15)]
Votes = Annotated[int, Field(strict=True, ge=0, lt=10**9)]


class Step(BaseModel):
    """``after`` is the anchor of the book that was looked at: if it has moved on since, nothing is recorded (409)."""

    model_config = ConfigDict(extra="forbid")
    after: Annotated[str, Field(pattern=ANCHOR)] | None = None


class Propose(Step):
    """Let a total go to who holds a class on a day."""

    stream: Text
    period: Text
    share_class: Annotated[str, Field(pattern=CODE)]
    record_date: Day
    total_fen: Fen
    on: Day


class Disclose(Step):
    """Say where it lies open, and from when to when."""

    since: Day
    until: Day
    where: Text


class Approve(Step):
    """Say what the meeting of the members decided: the number and the day of the resolution, and its votes."""

    number: Text
    day: Day
    entitled: Votes
    present: Votes
    votes_for: Votes
    votes_against: Votes = 0


class Declare(Step):
    """Let it be owed from a day on."""

    on: Day


class Pay(Step):
    """Pay everybody, or some, each all that is owed (null) or an amount."""

    on: Day
    through: Literal["bank", "cash"] = "bank"
    holders_fen: dict[str, Fen | None] | None = None


class Answer(BaseModel):
    """``anchor`` is the fingerprint of the book as it was read, or after what was recorded."""

    anchor: str


class Holding(BaseModel):
    """What somebody holds: ``shares / per``, where ``per`` is 1 but in a pool that is shared by heads."""

    share_class: str
    holder: str
    shares: int
    per: int


class Register(Answer):
    """Who holds what. There are no names in it."""

    holdings: list[Holding]


class Instalment(BaseModel):
    """What falls due by a contract; an amount that nobody can know yet is null."""

    contract: str
    stream: str
    year: int
    due: date
    amount_fen: int | None


class Projection(Answer):
    """All that falls due by all contracts."""

    instalments: list[Instalment]


class Run(Answer):
    """A dividend: how far it is, what comes next, in all, and what of it is still owed to whom."""

    state: str
    next: str
    amount_fen: int
    unpaid_fen: dict[str, int]


class Recorded(Answer):
    """The numbers of the records that stand under the key."""

    records: list[int]


class Verified(Answer):
    """What is wrong with the book."""

    problems: list[str]
