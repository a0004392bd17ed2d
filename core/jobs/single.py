"""One worker at a time: a lock that dies with the process that holds it.

On SQLite it is a lock on a file in the instance folder; on PostgreSQL, where several nodes may each start a worker, a
session lock of the server. A second worker waits until the first is gone.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

#: Any number that nobody else locks in this database.
_ADVISORY_KEY = 7_420_126_471_001


class SingleLock(Protocol):
    """A lock that one process of all holds."""

    def take(self) -> bool:
        """Try to take it; False while another process has it."""

    def held(self) -> bool:
        """True while it is still ours (a server may have dropped the connection)."""

    def release(self) -> None:
        """Let it go."""


class FileLock:
    """The lock of a file."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def held(self) -> bool:
        return True

    def release(self) -> None:
        os.close(self._descriptor)


class AdvisoryLock:
    """A session lock of PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._connection: Connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def take(self) -> bool:
        statement = text("SELECT pg_try_advisory_lock(:key)")
        return bool(self._connection.execute(statement, {"key": _ADVISORY_KEY}).scalar())

    def held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def release(self) -> None:
        with suppress(DBAPIError):  # a connection that has died takes the lock with it
            # Said, and not left to the server, which notices only after a while that a connection has gone.
            self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})
        # Closing would only give the connection, lock and all, back to the pool.
        self._connection.invalidate()
        self._connection.close()


def single_lock(engine: Engine, instance: Path) -> SingleLock:
    """The worker's lock that suits ``engine``."""
    if engine.dialect.name == "sqlite":
        return FileLock(instance / "worker.lock")
    return AdvisoryLock(engine)
