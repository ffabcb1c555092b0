"""The service: a book's register and projection, a dividend from proposal to payment, and whether all is true."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import text

from coopledger import book as ledger

from . import shapes
from .access import RIGHTS, TABLES, Caller, who
from .database import Database, retried
from .problem import REFUSALS, Language, language, refusal, say_problems

_T = TypeVar("_T")
Code = Annotated[str, Path(pattern=shapes.CODE)]
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r'^[!"$-~]{1,200}$')]
Anchor = Annotated[str, Query(pattern=shapes.ANCHOR)]
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
NO_TOKEN: dict[Language, str] = {
    "en": "no token that is known: the header 'Authorization: Bearer TOKEN' is expected",
    "zh": "没有令牌，或不认识此令牌：应有请求头 'Authorization: Bearer 令牌'",
}
ANOTHER_BOOK: dict[Language, str] = {"en": "the token is for the book {book}", "zh": "此令牌只用于账簿 {book}"}
NOT_ALLOWED: dict[Language, str] = {
    "en": "the token is of the role {role}, which may {may}; this needs {right}",
    "zh": "此令牌的角色是 {role}，权限为 {may}；此操作需要 {right}",
}
NO_RUN: dict[Language, str] = {"en": "run {run}: it was not proposed", "zh": "分红 {run}：未曾提出"}


class Access(NamedTuple):
    """A caller, and the book that his token is for."""

    caller: Caller
    journal: ledger.Journal

    def ask(self, question: Callable[[ledger.View], _T]) -> _T:
        """What a question of the book as it is now gives."""

        def asked() -> _T:
            with self.journal.read() as view:
                return question(view)

        return retried(asked)

    def record(self, decision: ledger.Decision, key: str, step: shapes.Step) -> shapes.Recorded:
        """Append what a decision gives. The journal keeps the key: whoever sends it again gets the same records."""
        after = ledger.Head.parse(step.after) if step.after else None
        records = retried(lambda: self.journal.append(decision, key=key, actor=self.caller.actor, after=after))
        return shapes.Recorded(anchor=str(records[-1].head), records=[one.seq for one in records])


def may(right: str) -> Any:  # noqa: ANN401 - a mark for FastAPI
    """Let in whose token is for the book that is asked for and of a role that has the right."""

    def check(book: Code, request: Request, token: Token) -> Access:
        database: Database = request.app.state.database

        def look_up() -> Caller | None:
            with database.engine.connect() as connection:
                return who(connection, token.credentials if token else "")

        caller = retried(look_up)
        if caller is None:
            raise refusal(401, NO_TOKEN, headers={"WWW-Authenticate": "Bearer"})
        if caller.book != book:
            raise refusal(403, ANOTHER_BOOK, book=caller.book)
        if right not in RIGHTS[caller.role]:
            raise refusal(403, NOT_ALLOWED, role=caller.role, may=", ".join(sorted(RIGHTS[caller.role])), right=right)
        return Access(caller, retried(lambda: database.open(book)))

    return Depends(check)


Reads = Annotated[Access, may("read")]
Verifies = Annotated[Access, may("verify")]
Accounts = Annotated[Access, may("account")]
Pays = Annotated[Access, may("pay")]
of_book = APIRouter(prefix="/books/{book}", responses=REFUSALS)


@of_book.get("/register")
def read_register(access: Reads, on: shapes.Day | None = None) -> shapes.Register:
    """Who holds how many shares of each class, on a day or by now."""

    def ask(view: ledger.View) -> shapes.Register:
        now = ledger.register(view, on)
        found = [
            shapes.Holding(share_class=cls, holder=number, shares=one.shares.numerator, per=one.shares.denominator)
            for cls in now.classes
            for number, one in ledger.holdings(view, cls, on, now).items()
        ]
        return shapes.Register(anchor=str(view.head), holdings=found)

    return access.ask(ask)


@of_book.get("/projection")
def read_projection(access: Reads) -> shapes.Projection:
    """What falls due by the contracts of the book, from their first day to their last."""

    def ask(view: ledger.View) -> shapes.Projection:
        found = [
            shapes.Instalment(contract=code, stream=due.stream, year=due.year, due=due.due, amount_fen=due.amount_fen)
            for code, contract in ledger.contracts(view).items()
            for due in ledger.expected(contract)
        ]
        return shapes.Projection(anchor=str(view.head), instalments=found)

    return access.ask(ask)


@of_book.get("/verify")
def verify(access: Verifies, request: Request, anchor: Anchor | None = None) -> shapes.Verified:
    """Everything that somebody changed behind the back of the journal; an anchor that was printed finds more."""
    now = access.ask(lambda view: str(view.head))
    problems = retried(lambda: access.journal.verify([ledger.Head.parse(anchor)] if anchor else []))
    return shapes.Verified(anchor=now, problems=[one.say(language(request)) for one in problems])


@of_book.get("/runs/{run}")
def read_run(run: Code, access: Reads, request: Request) -> shapes.Run:
    """How far a dividend is."""

    def ask(view: ledger.View) -> shapes.Run:
        one = ledger.runs(view).get(run)
        if one is None:
            raise refusal(404, NO_RUN, run=run)
        step = ledger.next_step(view, one).say(language(request))
        owed = dict(ledger.unpaid(view, run))
        return shapes.Run(anchor=str(view.head), state=one.state, next=step, amount_fen=one.amount_fen, unpaid_fen=owed)

    return access.ask(ask)


@of_book.post("/runs/{run}/propose")
def propose(run: Code, said: shapes.Propose, access: Accounts, key: Key) -> shapes.Recorded:
    """Propose a dividend under a code of its own."""
    rule = ledger.by_record_date(said.record_date)
    asked = ledger.Proposal(said.stream, said.period, said.share_class, rule, total_fen=said.total_fen)
    return access.record(ledger.propose(run, asked, effective_on=said.on), key, said)


@of_book.post("/runs/{run}/disclose")
def disclose(run: Code, said: shapes.Disclose, access: Accounts, key: Key) -> shapes.Recorded:
    """Say where it lies open."""
    return access.record(ledger.disclose(run, since=said.since, until=said.until, where=said.where), key, said)


@of_book.post("/runs/{run}/approve")
def approve(run: Code, said: shapes.Approve, access: Accounts, key: Key) -> shapes.Recorded:
    """Record the resolution of the members."""
    votes = said.model_dump(include={"entitled", "present", "votes_for", "votes_against"})
    resolution = ledger.Resolution(said.number, "members", said.day, **votes)
    return access.record(ledger.approve(run, resolution), key, said)


@of_book.post("/runs/{run}/declare")
def declare(run: Code, said: shapes.Declare, access: Accounts, key: Key) -> shapes.Recorded:
    """Let it be owed."""
    return access.record(ledger.declare(run, effective_on=said.on), key, said)


@of_book.post("/runs/{run}/pay")
def pay(run: Code, said: shapes.Pay, access: Pays, key: Key) -> shapes.Recorded:
    """Pay what is owed."""
    decision = ledger.pay(run, effective_on=said.on, through=said.through, holders=said.holders_fen)
    return access.record(decision, key, said)


def create(url: str | None = None) -> FastAPI:
    """The service on a database, which DATABASE_URL names if nothing else does."""
    database = Database(url)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        retried(lambda: database.migrate(TABLES))
        yield
        database.engine.dispose()

    app = FastAPI(title="Books of cooperatives", version="1", lifespan=lifespan)
    app.state.database = database
    app.include_router(of_book)
    say_problems(app)

    @app.get("/health", responses={503: REFUSALS[503]})
    def health() -> dict[str, str]:
        """Whether the database answers."""
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return {"database": "answers"}

    return app
