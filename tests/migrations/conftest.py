"""Empty databases for the tests of the revisions, one of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.migrations.places import KINDS, Place, Places
from tests.servers import postgresql


@pytest.fixture(scope="session")
def postgresql_uri() -> Iterator[str]:
    with postgresql() as uri:
        yield uri


@pytest.fixture
def places(postgresql_uri: str, tmp_path: Path) -> Iterator[Places]:
    with Places(postgresql_uri, tmp_path) as made:
        yield made


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, places: Places) -> Place:
    return places.make(request.param)
