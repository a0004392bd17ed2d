"""Reading one statement at a time, by the thousand a second: a few connections stay open and are passed from hand to hand.

Taking a connection from the pool, beginning, rolling back and giving it back cost more than a short statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select
from sqlalchemy.exc import DBAPIError

from core.database.engine import single_reads

#: Connections kept open between two statements; more are opened while more are asked for, and closed afterwards.
KEPT = 8


class Reader:
    """Runs statements that read and stand alone; any thread may. Each sees what was committed before it began."""

    def __init__(self, engine: Engine) -> None:
        self._engine = single_reads(engine)
        self._idle: list[Connection] = []

    def all(self, statement: Select[Any], parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Every row of ``statement``. Raises what the database raises; where only the connection had died, while nobody used
        it, a new one is tried."""
        try:
            connection, kept = self._idle.pop(), True
        except IndexError:
            connection, kept = self._engine.connect(), False
        try:
            rows = connection.execute(statement, parameters).all()
        except BaseException as error:
            connection.close()
            if kept and isinstance(error, DBAPIError) and error.connection_invalidated:
                self.close()
                return self.all(statement, parameters)
            raise
        if len(self._idle) < KEPT:
            self._idle.append(connection)
        else:
            connection.close()
        return rows

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:  # another thread was quicker
                return
