"""What is refused, as application/problem+json (RFC 9457), in the reader's language."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError  # noqa: A004 - of the pool
from starlette.exceptions import HTTPException

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


def _refused(request: Request, error: Exception) -> Response:
    status, kind = next(KINDS[cls] for cls in KINDS if isinstance(error, cls))
    detail = type(error).__name__
    if isinstance(error, CoopledgerError):
        detail = error.say(language(request))
    elif isinstance(error, RequestValidationError):
        detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return answer(request, status, kind, detail, {"Retry-After": "3"} if kind == "away" else None)


def _http(request: Request, error: Any) -> Response:  # noqa: ANN401 - an HTTPException
    return answer(request, error.status_code, "refused", str(error.detail), error.headers)


def say_problems(app: FastAPI) -> None:
    """Let an application answer with problems, whatever it is that refuses."""
    app.add_exception_handler(HTTPException, _http)
    for cls in KINDS:
        app.add_exception_handler(cls, _refused)
