"""What is refused, as application/problem+json (RFC 9457), in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError  # noqa: A004 - of the pool
from starlette.exceptions import HTTPException as AnyHTTPException

from coopledger.book import CoopledgerError, EntryError, KeyConflictError, StaleJournal, StoreError

Language = Literal["en", "zh"]

ADVICE: dict[str, dict[Language, str]] = {
    "refused": {"en": "Mend what is named; /docs describes what is accepted.", "zh": "请按提示更正，说明见 /docs。"},
    "rule": {"en": "A rule forbids it as the book stands; nothing was recorded.", "zh": "规则不允许，未作任何记录。"},
    "stale": {
        "en": "Read again, decide again, send the anchor that you get now.",
        "zh": "请重新读取、决定，附上新锚点再发。",
    },
    "key": {"en": "Other content needs another Idempotency-Key.", "zh": "不同内容请另用 Idempotency-Key。"},
    "away": {"en": "Send the same with the same key in a few seconds.", "zh": "请稍后用同一幂等键重发同一请求。"},
}
ELSEWHERE: dict[int, dict[Language, str]] = {  # what the framework refuses before anything of ours is asked
    404: {"en": "there is nothing at this path", "zh": "此路径不存在"},
    405: {"en": "this path does not take this method", "zh": "此路径不接受该方法"},
}
UNREAD: dict[Language, str] = {"en": "the request cannot be read", "zh": "无法读取请求"}
NO_ANSWER: dict[Language, str] = {"en": "the database does not answer", "zh": "数据库没有响应"}
FIELDS = {  # what pydantic says of a field, by the type of its error
    "day": "应为 1900-01-01 至 2999-12-31 的日期，写法如此",
    "dict_type": "应为对象",
    "extra_forbidden": "没有此字段",
    "greater_than_equal": "不得小于 {ge}",
    "int_type": "应为整数",
    "json_invalid": "不是合法的 JSON",
    "less_than": "应小于 {lt}",
    "literal_error": "应为 {expected}",
    "missing": "必填",
    "model_attributes_type": "应为对象",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "string_too_long": "不得超过 {max_length} 个字符",
    "string_too_short": "不得少于 {min_length} 个字符",
    "string_type": "应为文本",
}
KINDS: dict[type[Exception], tuple[int, str]] = {  # an error is of the first that it is an instance of
    StaleJournal: (409, "stale"),
    KeyConflictError: (409, "key"),
    EntryError: (422, "refused"),
    StoreError: (503, "away"),
    CoopledgerError: (409, "rule"),
    RequestValidationError: (422, "refused"),
    OperationalError: (503, "away"),
    InterfaceError: (503, "away"),
    TimeoutError: (503, "away"),
}


class Problem(BaseModel):
    """What was refused: ``kind`` is for programs, ``detail`` and ``advice`` are for people."""

    status: int
    kind: str
    detail: str
    advice: str


_CONTENT = {"application/problem+json": {"schema": Problem.model_json_schema()}}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": "A problem", "content": _CONTENT} for status in (400, 401, 403, 404, 409, 422, 503)
}


def language(request: Request) -> Language:
    """The language that Accept-Language would rather have: ``zh-CN,en;q=0.5`` is Chinese."""
    wanted = {"zh": 0.0, "en": 0.0}
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag, _, weight = "".join(part.split()).partition(";q=")
        if tag[:2] in wanted and re.fullmatch(r"[01](\.[0-9]*)?", weight or "1"):
            wanted[tag[:2]] = max(wanted[tag[:2]], float(weight or 1))
    return "zh" if wanted["zh"] > wanted["en"] else "en"


def answer(request: Request, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is refused."""
    said = language(request)
    body = Problem(status=status, kind=kind, detail=detail, advice=ADVICE[kind][said]).model_dump()
    headers = {**(headers or {}), "Content-Language": said, "Vary": "Accept-Language"}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def refusal(
    status: int, words: Mapping[Language, str], *, headers: dict[str, str] | None = None, **said: str
) -> HTTPException:
    """A refusal of our own, in all languages; :func:`say_problems` picks the reader's."""
    return HTTPException(status, {one: text.format(**said) for one, text in words.items()}, headers)


def _refused(request: Request, error: Exception) -> Response:
    status, kind = next(KINDS[cls] for cls in KINDS if isinstance(error, cls))
    said = language(request)
    detail = NO_ANSWER[said]
    if isinstance(error, CoopledgerError):
        detail = error.say(said)
    elif isinstance(error, RequestValidationError):
        faults = [f"{'.'.join(map(str, one['loc']))}: {_fault(one, said)}" for one in error.errors()]
        detail = ("；" if said == "zh" else "; ").join(faults)
    return answer(request, status, kind, detail, {"Retry-After": "3"} if kind == "away" else None)


def _fault(one: Mapping[str, Any], said: Language) -> str:
    """What is wrong with a field. What has no Chinese here is sent to where it is described."""
    if said == "en":
        return str(one["msg"])
    return FIELDS.get(one["type"], "不合要求").format(**one.get("ctx", {}))


def _http(request: Request, error: Any) -> Response:  # noqa: ANN401 - an HTTPException
    known = error.detail if isinstance(error.detail, dict) else ELSEWHERE.get(error.status_code, UNREAD)
    return answer(request, error.status_code, "refused", known[language(request)], error.headers)


def say_problems(app: FastAPI) -> None:
    """Let an application answer with problems, whatever it is that refuses."""
    app.add_exception_handler(AnyHTTPException, _http)
    for cls in KINDS:
        app.add_exception_handler(cls, _refused)
