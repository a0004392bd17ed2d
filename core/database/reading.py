"""Reading what many ask for in the same moment: one statement for all who wait, over a connection that stays open.

The counterpart of the group-commit writer. The first who asks reads; who asks meanwhile waits, and the first of them reads
next, for all of them. The more ask, the fewer statements there are for each; and a statement costs Python's lock, which every
step of a query gives away, and a walk to the database and back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.database.engine import single_reads

#: Keys that are read together, and seconds that somebody waits for those before.
MOST, PATIENCE = 200, 20.0

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Asked(Generic[Key, Value]):
    """Somebody who waits: ``settled`` is held until ``value`` or ``error`` is there, or until it is their turn to read."""

    __slots__ = ("error", "key", "reads", "settled", "value")

    def __init__(self, key: Key) -> None:
        self.key = key
        self.value: Value | None = None
        self.error: Exception | None = None
        self.reads = False
        self.settled = threading.Lock()
        self.settled.acquire()


class GroupReader(Generic[Key, Value]):
    """``read`` gives what there is for some keys; each of its statements stands alone. Any thread may ask."""

    def __init__(self, engine: Engine, read: Callable[[Connection, Sequence[Key]], Mapping[Key, Value]]) -> None:
        self._engine = single_reads(engine)
        self._read = read
        self._lock = threading.Lock()
        self._waiting: list[_Asked[Key, Value]] = []
        self._busy = False
        self._connection: Connection | None = None

    def get(self, key: Key) -> Value | None:
        """What there is for ``key``, by a statement that began after this call; None where there is nothing.

        Raises what ``read`` raises, and PoolTimeout where those before take longer than PATIENCE.
        """
        asked: _Asked[Key, Value] = _Asked(key)
        with self._lock:
            self._waiting.append(asked)
            asked.reads, self._busy = not self._busy, True
        if not asked.reads and not asked.settled.acquire(timeout=PATIENCE):
            self._give_up(asked)
        if asked.reads:
            self._read_for_all(asked)
        if asked.error is not None:
            raise asked.error
        return asked.value

    def close(self) -> None:
        """Close the connection; the next who asks opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _give_up(self, asked: _Asked[Key, Value]) -> None:
        """Raise PoolTimeout, unless it has become the turn of ``asked`` in this moment."""
        with self._lock:
            if asked.reads:
                return
            if asked in self._waiting:
                self._waiting.remove(asked)
        raise PoolTimeout("those who asked before are still being answered")

    def _read_for_all(self, reader: _Asked[Key, Value]) -> None:
        with self._lock:
            together, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        error: Exception | None = RuntimeError("the reading was broken off")
        found: Mapping[Key, Value] = {}
        try:
            found, error = self._over_kept_connection(list({asked.key: None for asked in together})), None
        except Exception as raised:
            error = raised
        finally:
            self._pass_on()
            for asked in together:
                asked.value, asked.error = found.get(asked.key), error
                if asked is not reader:
                    asked.settled.release()

    def _pass_on(self) -> None:
        """The first who waits reads next."""
        with self._lock:
            if self._waiting:
                self._waiting[0].reads = True
                self._waiting[0].settled.release()
            else:
                self._busy = False

    def _over_kept_connection(self, keys: list[Key]) -> Mapping[Key, Value]:
        connection, self._connection = self._connection, None
        kept = connection is not None
        if connection is None:
            connection = self._engine.connect()
        try:
            found = self._read(connection, keys)
        except BaseException as error:
            connection.close()
            if kept and isinstance(error, DBAPIError) and error.connection_invalidated:
                return self._over_kept_connection(keys)  # it had died while nobody used it
            raise
        self._connection = connection
        return found
