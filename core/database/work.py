"""``unit_of_work()``: the one place where a view, command or job commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy.orm import Session

from core.database.engine import db


class NestedWork(RuntimeError):
    """A unit of work was opened inside another: a service tried to commit."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Everything inside stands or falls together: committed at the end, rolled back when an exception leaves it.

    Opening one inside another raises NestedWork. What was only read before is let go first, so that the transaction
    begins as a writing one (SQLite: BEGIN IMMEDIATE).
    """
    if g.get("unit_of_work_open", False):
        raise NestedWork("unit_of_work() inside unit_of_work(): services must not commit")
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise NestedWork("changes were made outside a unit of work")
    session.rollback()
    g.unit_of_work_open = True
    callbacks: list[Callable[[], None]] = []
    g.after_commit = callbacks
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        g.unit_of_work_open = False
    for callback in callbacks:
        callback()


def after_commit(callback: Callable[[], None]) -> None:
    """Run ``callback`` once the open unit of work has committed (not when it fails)."""
    g.after_commit.append(callback)
