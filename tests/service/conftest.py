"""The service on a database of its own for each module of tests."""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from fastapi import FastAPI
from sqlalchemy import make_url
from starlette.testclient import TestClient

from coopledger.store.database import engine_of
from examples.service.app import create
from tests.servers import postgresql
from tests.service.village import Office, make_books

_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_uri() -> Iterator[str]:
    with postgresql() as uri:
        yield uri


@pytest.fixture(scope="module")
def database_url(postgresql_uri: str) -> Iterator[str]:
    """A URL that leads to a schema of its own."""
    name = f"service_{os.getpid()}_{next(_numbers)}"
    engine = engine_of(postgresql_uri)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    own = make_url(postgresql_uri).update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()


@pytest.fixture(scope="module")
def app(database_url: str) -> FastAPI:
    return create(database_url)


@pytest.fixture(scope="module")
def office(app: FastAPI) -> Iterator[Office]:
    with TestClient(app, raise_server_exceptions=False) as client:  # at its start the service makes the tables
        yield Office(client, make_books(app.state.database.engine))
