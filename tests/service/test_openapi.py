"""What the service says of itself is so: schemathesis tries every operation, with what fits its description and not."""

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from examples.service.access import RIGHTS
from examples.service.app import create
from tests.service.village import Office

OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in create("postgresql://nowhere/").openapi()["paths"].items()
    for method in methods
)
TRIED = [
    (mode, *one)
    for mode in GenerationMode
    for one in OPERATIONS
    if mode is GenerationMode.POSITIVE or one[1] != "/health"
]
"""Each with what fits its description and what does not; /health asks nothing, so nothing can be asked wrongly."""
RUNS = ("proposed", "approved", "declared", "another")


@pytest.fixture(scope="module")
def described(app: FastAPI, office: Office) -> BaseSchema:
    """The service's own description, of a book with runs that have come as far as their names say."""
    office.reach("declared", "declare", period="2024")
    office.reach("approved", "approve", period="2025")
    office.reach("proposed", "propose", period="2026")
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize(("mode", "method", "path"), TRIED)
def test_an_operation_keeps_to_its_description(
    mode: GenerationMode, method: str, path: str, described: BaseSchema, office: Office
) -> None:
    """No 5xx; only answers that are described, of their kind and shape; nothing without a token, nothing malformed.

    What JSON Schema cannot say is refused as well: 5.0 for a whole number, a day of another millennium.
    """
    role = "cashier" if path.endswith("/pay") else "accountant"
    headers = {"Authorization": f"Bearer {office.tokens[f'{role} of hill']}"}

    @given(case=described[path][method].as_strategy(generation_mode=mode), run=st.sampled_from(RUNS))
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def every(case: schemathesis.Case[Any], run: str) -> None:
        if mode is GenerationMode.POSITIVE:  # of the books and runs that can be named nearly none is there
            case.path_parameters.update({"book": "hill", **({"run": run} if "{run}" in path else {})})
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    every()


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if one[1] != "/health"])
def test_an_operation_lets_in_only_whose_token_is_of_the_book_and_the_role(
    method: str, path: str, office: Office
) -> None:
    def ask(token: str) -> Any:  # noqa: ANN401 - a response
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "let in"}
        return office.client.request(method, path.format(book="hill", run="proposed"), json={}, headers=headers)

    step = path.rpartition("/")[2]
    may = {"GET": {*RIGHTS}, "POST": {"cashier"} if step == "pay" else {"accountant"}}[method]
    may = {"auditor", "accountant"} if step == "verify" else may
    for role in RIGHTS:
        assert (ask(office.tokens[f"{role} of hill"]).status_code == 403) is (role not in may), role
        assert ask(office.tokens[f"{role} of dale"]).status_code == 403, role
    own = office.tokens["accountant of hill"]
    for wrong in (
        "",
        "x",
        own[:-1],
        own[:-1] + ("a" if own[-1] != "a" else "b"),
        office.tokens["reader of hill"][:13] + own[13:],
    ):
        assert ask(wrong).status_code == 401


def test_another_method_or_path_is_refused_as_a_problem(office: Office) -> None:
    for answer in (office.client.delete("/books/hill/register"), office.client.get("/elsewhere")):
        assert answer.status_code in {404, 405}
        assert answer.headers["content-type"] == "application/problem+json"
