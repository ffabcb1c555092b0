"""The service: what it answers, what it refuses and in which words, and what it does when the database goes away."""

import hmac
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from coopledger.core.projection import project
from coopledger.store.sql import SqlJournal
from examples.service import access
from examples.service.app import create
from tests.core.leases import PLAN
from tests.service.village import HOLDERS, STEPS, Office


@pytest.fixture(scope="module")
def paid(office: Office) -> list[Any]:
    """The answers to all steps of a run."""
    answers = [office.send("2026", step, f"first-{step}") for step in STEPS]
    assert [one.status_code for one in answers] == [200] * 5
    return [one.json() for one in answers]


@pytest.fixture
def office_(office: Office, paid: list[Any]) -> Office:
    """An office that has paid a dividend."""
    assert paid
    return office


# ---------------------------------------------------------------- what it answers


def test_a_dividend_goes_from_its_proposal_to_the_payment(office: Office, paid: list[Any]) -> None:
    run = office.get("/runs/2026").json()
    assert (run["state"], run["amount_fen"], run["unpaid_fen"]) == ("declared", 100_000, {})
    assert run["anchor"] == paid[-1]["anchor"]
    assert [one["records"] for one in paid] == [[14], [15], [16], [17, 18], [19]]


def test_what_is_owed_is_whole_fen_by_holder(office: Office) -> None:
    office.reach("2025", "declare", period="2025")
    assert office.get("/runs/2025").json()["unpaid_fen"] == {"17": 50_000, "18": 30_000, "19": 100, "20": 19_900}


def test_the_register_has_whole_numbers_and_no_names(office: Office) -> None:
    answer = office.get("/register?on=2026-12-31").json()
    assert {one["holder"]: one["shares"] for one in answer["holdings"]} == HOLDERS
    assert {(one["share_class"], one["per"]) for one in answer["holdings"]} == {("land", 1)}


def test_the_projection_has_all_that_the_plan_projects(office: Office) -> None:
    found = office.get("/projection").json()["instalments"]
    assert sum(one["amount_fen"] for one in found) == project(PLAN).total
    assert {one["contract"] for one in found} == {"lease"}


def test_verify_finds_nothing_and_an_anchor_of_another_book(office: Office, paid: list[Any]) -> None:
    assert office.get(f"/verify?anchor={paid[0]['anchor']}").json()["problems"] == []
    forged = f"{paid[0]['anchor'].partition(':')[0]}:{'ab' * 32}"
    problems = office.get("/verify?anchor=" + forged, **{"Accept-Language": "zh-CN"}).json()["problems"]
    assert len(problems) == 1
    assert problems[0].startswith("第 14 条记录")


# ---------------------------------------------------------------- keys


def test_the_same_key_gets_the_same_answer_however_far_the_book_has_moved_on(office: Office, paid: list[Any]) -> None:
    assert [office.send("2026", step, f"first-{step}").json() for step in STEPS] == paid


def test_a_key_with_other_content_or_of_somebody_else_is_a_conflict(office: Office, paid: list[Any]) -> None:
    for said in ({"total_fen": 100_001}, {"stream": "another"}, {"on": "2027-01-06"}):
        answer = office.send("2026", "propose", "first-propose", **said)
        assert (answer.status_code, answer.json()["kind"]) == (409, "key")
    answer = office.send("2026", "propose", "first-pay", headers={"Accept-Language": "zh"})
    assert answer.json()["advice"] == "不同内容请另用 Idempotency-Key。"
    assert office.get("/runs/2026").json()["anchor"].partition(":")[0] >= paid[-1]["anchor"].partition(":")[0]


def test_a_step_without_a_key_is_refused(office: Office) -> None:
    answer = office.send("2026", "declare", "")
    assert (answer.status_code, answer.json()["detail"].partition(":")[0]) == (422, "header.Idempotency-Key")


# ---------------------------------------------------------------- what it refuses


def test_who_decided_by_an_older_book_is_told_to_look_again(office: Office, paid: list[Any]) -> None:
    answer = office.send("2026", "pay", "late", after=paid[0]["anchor"])
    assert (answer.status_code, answer.json()["kind"]) == (409, "stale")
    assert answer.json()["advice"] == "Read again, decide again, send the anchor that you get now."


@pytest.mark.parametrize("day", ["20261231", "2026-W53-4", "2026-W5-1", "2026-12-1", "2026-02-30"])
def test_a_day_is_written_in_one_way_only(day: str, office_: Office) -> None:
    answer = office_.get(f"/register?on={day}")
    assert (answer.status_code, "query.on" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr, zh;q=0.5", "zh"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("en;q=0.9, zh; q=0.5", "en"),
        ("en;q=0.5,zh ;q=0.9", "zh"),
        ("zh;q=nan, en;q=0.1", "en"),
        ("", "en"),
    ],
)
def test_a_refusal_is_in_the_language_of_the_reader(header: str, said: str, office_: Office) -> None:
    answer = office_.send("2026", "declare", "again", headers={"Accept-Language": header})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    assert (answer.headers["content-language"], answer.headers["vary"]) == (said, "Accept-Language")
    assert answer.json()["kind"] == "rule"
    assert answer.json()["detail"].isascii() is answer.json()["advice"].isascii() is (said == "en")


Refuse = Callable[[Office, dict[str, str]], Any]
PATH = "/books/hill/register"


@pytest.mark.parametrize(
    ("status", "refuse", "en", "zh"),
    [
        (401, lambda one, said: one.client.get(PATH, headers=said), "no token", "没有令牌"),
        (
            403,
            lambda one, said: one.get("/verify", "cashier", **said),
            "cashier, which may pay, read",
            "此操作需要 verify",
        ),
        (403, lambda one, said: one.get("/../dale/register", **said), "for the book hill", "只用于账簿 hill"),
        (404, lambda one, said: one.get("/runs/another", **said), "run another: it was not", "分红 another：未曾"),
        (404, lambda one, said: one.get("/another", **said), "nothing at this path", "此路径不存在"),
        (405, lambda one, said: one.client.delete(PATH, headers=said), "not take this method", "不接受该方法"),
        (422, lambda one, said: one.get("/register?on=5", **said), "query.on: a day from", "query.on: 应为 1900"),
        (
            422,
            lambda one, said: one.get("/register?on=1899-12-31", **said),
            "a day from 1900-01-01 to",
            "query.on: 应为 1900-01-01 至",
        ),
        (422, lambda one, said: one.get("/verify?anchor=5", **said), "query.anchor: String", "query.anchor: 格式应为"),
        (422, lambda one, said: one.send("a", "pay", "", headers=said), "header.Idempotency-Key", "Idempotency-Key: "),
        (422, lambda one, said: one.send("a", "pay", "k", headers=said, x=5), "body.x: Extra", "body.x: 没有此字段"),
        (
            422,
            lambda one, said: one.send("a", "pay", "k", headers=said, on=None),
            "body.on: a day",
            "body.on: 应为 1900",
        ),
        (422, lambda one, said: one.send("a", "pay", "k", headers=said, through=5), "'bank' or 'cash'", "应为 'bank'"),
        (422, lambda one, said: one.send("a", "pay", "k", headers=said, holders_fen=5), "dictionary", "应为对象"),
        (422, lambda one, said: one.send("a", "propose", "k", headers=said, total_fen=0), "total_fen", "不得小于 1"),
        (422, lambda one, said: one.send("a", "propose", "k", headers=said, total_fen=1.5), "integer", "应为整数"),
        (422, lambda one, said: one.send("a", "propose", "k", headers=said, stream=""), "at least 1", "不得少于 1"),
        (
            422,
            lambda one, said: one.send("a", "propose", "k", headers=said, stream="x" * 201),
            "at most",
            "不得超过 200",
        ),
        (422, lambda one, said: one.send("a", "propose", "k", headers=said, stream=5), "valid string", "应为文本"),
        (
            422,
            lambda one, said: one.send("a", "approve", "k", headers=said, entitled=10**9),
            "less than",
            "应小于 1000000000",
        ),
    ],
)
def test_what_is_refused_before_the_book_is_asked_is_in_the_language_of_the_reader(
    status: int, refuse: Refuse, en: str, zh: str, office_: Office
) -> None:
    for said, words in (("en", en), ("zh", zh)):
        answer = refuse(office_, {"Accept-Language": said})
        assert (answer.status_code, answer.json()["kind"]) == (status, "refused")
        assert answer.headers["content-language"] == said
        assert words in answer.json()["detail"]
        if said == "en":
            assert answer.json()["detail"].isascii()


def test_a_body_that_is_no_json_is_refused_in_the_language_of_the_reader(office_: Office) -> None:
    token = {"Authorization": f"Bearer {office_.tokens['cashier of hill']}", "Idempotency-Key": "k"}
    for said, words in (("en", "JSON decode error"), ("zh", "不是合法的 JSON")):
        headers = {**token, "Accept-Language": said, "Content-Type": "application/json"}
        answer = office_.client.post("/books/hill/runs/a/pay", content='{"on":', headers=headers)
        assert (answer.status_code, words in answer.json()["detail"]) == (422, True)


def test_amounts_are_whole_fen(office_: Office) -> None:
    for wrong in (1.5, 1.0, "1", True, 0, -1, 10**15, None):
        answer = office_.send("x", "propose", "whole", total_fen=wrong)
        assert (answer.status_code, answer.json()["detail"].partition(":")[0]) == (422, "body.total_fen"), wrong


def test_a_misspelt_field_is_refused_and_pays_nobody(office: Office) -> None:
    answer = office.send("2025", "pay", "misspelt", holder_fen={"17": 1})
    assert (answer.status_code, answer.json()["detail"].partition(":")[0]) == (422, "body.holder_fen")


def test_a_run_that_is_not_there_is_not_found(office: Office) -> None:
    assert office.get("/runs/another").status_code == 404
    assert office.send("another", "declare", "another").json()["kind"] == "rule"


# ---------------------------------------------------------------- tokens


def test_the_database_has_no_token_that_could_be_used(app: FastAPI, office: Office) -> None:
    with app.state.database.engine.connect() as connection:
        rows = connection.execute(select(access.TOKENS)).all()
    assert len(rows) == len(office.tokens)
    for token in office.tokens.values():
        assert token.partition(".")[2] not in str(rows)


def test_secrets_are_compared_in_constant_time_and_nowhere_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: compared.append((one, other)))
    assert office.get("/register").status_code == 401
    assert [(len(one), one == other) for one, other in compared] == [(32, True)]


def test_a_token_of_an_unknown_role_is_not_made(app: FastAPI) -> None:
    with pytest.raises(ValueError, match="one of reader, auditor"), app.state.database.engine.begin() as connection:
        access.new_token(connection, "hill", "owner", "office")


# ---------------------------------------------------------------- when the database goes away


def end(engine: Engine, connection: Connection) -> None:
    """Let the server end a connection, as when it is restarted."""
    driver: Any = connection.connection.driver_connection
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": driver.info.backend_pid})


def test_a_connection_that_is_lost_within_an_append_is_replaced_and_nothing_is_recorded_twice(
    app: FastAPI, office: Office
) -> None:
    before = office.get("/register").json()["anchor"]
    engine, ended = app.state.database.engine, list[str]()

    def listen(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if "coopledger_record" in statement and "FROM (SELECT 1) AS one" in statement and not ended:  # under the lock
            ended.append(statement)
            end(engine, connection)

    event.listen(engine, "before_cursor_execute", listen)
    answer = office.send("lost", "propose", "lost", period="2020")
    event.remove(engine, "before_cursor_execute", listen)
    assert (answer.status_code, len(ended)) == (200, 1)
    assert answer.json()["records"] == [int(before.partition(":")[0]) + 1]


def test_a_connection_that_the_server_closed_meanwhile_is_replaced_before_it_is_used(
    app: FastAPI, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.state.database.engine
    engine.dispose()
    with engine.connect() as connection:
        end(engine, connection)
    monkeypatch.setattr("examples.service.database.time.sleep", pytest.fail)
    assert office.get("/register").status_code == 200


def test_an_answer_that_is_lost_after_the_commit_is_found_by_its_key(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, lost = SqlJournal.append, list[Any]()

    def appended(self: SqlJournal, *args: Any, **said: Any) -> Any:  # noqa: ANN401
        records = append(self, *args, **said)
        if not lost:
            lost.append(records)
            raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))
        return records

    monkeypatch.setattr(SqlJournal, "append", appended)
    answer = office.send("kept", "propose", "kept", period="2019")
    assert answer.json()["records"] == [one.seq for one in lost[0]]


def test_without_a_database_there_is_a_problem_that_says_when_to_come_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.service.database.time.sleep", lambda _: None)
    gone = create("postgresql://127.0.0.1:1/nowhere")
    client = TestClient(gone, raise_server_exceptions=False)  # its start, which would wait, is left out
    tokens = {"Authorization": f"Bearer {office.tokens['reader of hill']}", "Accept-Language": "zh"}
    for path in ("/health", "/books/hill/register"):
        answer = client.get(path, headers=tokens)
        assert (answer.status_code, answer.headers["retry-after"], answer.json()["kind"]) == (503, "3", "away")
        assert answer.json()["advice"] == "请稍后用同一幂等键重发同一请求。"


def test_it_is_healthy(office: Office) -> None:
    assert office.client.get("/health").json() == {"database": "answers"}
