"""What passes by itself (a busy or lost database) is waited for; what does not closes the job at once."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from core.jobs.durable import transient


def wrapped(kind: type[OperationalError], original: Exception, lost: bool = False) -> Exception:
    return kind("SELECT 1", {}, original, connection_invalidated=lost)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(OperationalError, sqlite3.OperationalError("database is locked")),
        wrapped(OperationalError, psycopg.OperationalError("connection refused")),
        wrapped(OperationalError, psycopg.errors.DeadlockDetected("deadlock")),
        wrapped(OperationalError, psycopg.errors.SerializationFailure("again")),
        wrapped(OperationalError, psycopg.errors.AdminShutdown("going down")),
        wrapped(ProgrammingError, psycopg.ProgrammingError("gone"), lost=True),
    ],
)
def test_busy_or_lost_databases_pass(error: Exception) -> None:
    assert transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        wrapped(OperationalError, sqlite3.OperationalError("no such table: x")),
        wrapped(IntegrityError, sqlite3.IntegrityError("UNIQUE constraint failed: person.slip_hash")),
        wrapped(OperationalError, psycopg.errors.QueryCanceled("time-out")),
        wrapped(IntegrityError, psycopg.errors.UniqueViolation("twice")),
    ],
)
def test_mistakes_do_not(error: Exception) -> None:
    assert not transient(error)
