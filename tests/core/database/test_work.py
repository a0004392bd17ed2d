"""A unit of work commits once, at its end, or not at all."""

from __future__ import annotations

import pytest
from flask import Flask

from core.audit import AuditEntry, first_break, record
from core.database import NestedWork, db, unit_of_work


def test_change_and_audit_entry_stand_together(app: Flask) -> None:
    with unit_of_work():
        record("test.done", "thing:1", {"count": 1})
    assert db.session.query(AuditEntry).count() == 1


def test_an_exception_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        record("test.done", "thing:1")
        raise RuntimeError
    assert db.session.query(AuditEntry).count() == 0


def test_a_service_cannot_commit(app: Flask) -> None:
    with unit_of_work(), pytest.raises(NestedWork), unit_of_work():
        pass


def test_the_chain_shows_where_it_was_changed(app: Flask) -> None:
    with unit_of_work():
        for number in range(5):
            record("test.done", f"thing:{number}")
    assert first_break() is None
    with unit_of_work() as session:
        entry = session.get(AuditEntry, 3)
        assert entry is not None
        entry.details = {"changed": True}
    assert first_break() == 3


def test_the_chain_shows_that_its_end_is_missing(app: Flask) -> None:
    with unit_of_work():
        record("test.done", "thing:1")
        record("test.done", "thing:2")
    with unit_of_work() as session:
        session.delete(session.get(AuditEntry, 2))
    assert first_break() == 0
