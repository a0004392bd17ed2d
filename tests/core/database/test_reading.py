"""Reading over connections that stay open: what was committed is seen at once, and a connection that died is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError

from core.database import db, table_of, unit_of_work
from core.database.reading import KEPT, Reader
from core.organisation.models import Unit
from core.organisation.service import create_unit

NAMES = select(table_of(Unit).c.name).where(table_of(Unit).c.id >= bindparam("first"))


@pytest.fixture
def reader(app: Flask) -> Iterator[Reader]:
    made = Reader(db.engine)
    yield made
    made.close()


def names(reader: Reader) -> list[str]:
    return [row.name for row in reader.all(NAMES, {"first": 0})]


def test_every_statement_sees_what_was_committed_before_it(app: Flask, reader: Reader) -> None:
    assert names(reader) == []
    with unit_of_work():
        create_unit(None, "city", "Thành ủy Hà Nội")
        assert names(reader) == []
    assert names(reader) == ["Thành ủy Hà Nội"]


def test_a_reader_keeps_nobody_from_writing(app: Flask, reader: Reader) -> None:
    names(reader)
    with unit_of_work() as session:
        create_unit(None, "city", "Thành ủy Hà Nội")
        session.flush()
        names(reader)
    with unit_of_work() as session:
        session.execute(text("DELETE FROM audit_entry WHERE 1 = 0"))
    assert len(names(reader)) == 1


def test_few_connections_stay_open_however_many_threads_read(app: Flask, reader: Reader) -> None:
    with ThreadPoolExecutor(24) as pool:
        assert {len(found) for found in pool.map(lambda _n: names(reader), range(200))} == {0}
    assert 1 <= len(reader._idle) <= KEPT


def test_a_connection_that_died_meanwhile_is_replaced(app: Flask, reader: Reader) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("a file does not go away")
    names(reader)
    pid = reader._idle[0].exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    assert names(reader) == []


def test_a_statement_that_fails_is_told_and_breaks_no_later_one(app: Flask, reader: Reader) -> None:
    with pytest.raises(DBAPIError):
        reader.all(select(text("no_such_column")), {})
    assert names(reader) == []
