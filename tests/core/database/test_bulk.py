"""Many plain rows in one statement: the same table afterwards on both engines, and nothing of what stood there changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table, select

from core.database import ExactDecimal, UtcDateTime, db, to_microseconds, unit_of_work
from core.database.bulk import insert_plain
from core.database.server_time import now

COLUMNS = ("name", "number", "at", "good", "points")
TABLE = Table(
    "bulk_row",
    MetaData(),
    Column("name", String(40), primary_key=True),
    Column("number", BigInteger),
    Column("at", UtcDateTime),
    Column("good", Boolean),
    Column("points", ExactDecimal),
)
MOMENT = 1_764_000_000_123_456


def put(*rows: tuple[str, int | None, int | None, bool | None, str | None], new_only: bool = False) -> int:
    with unit_of_work() as session:
        TABLE.create(session.connection(), checkfirst=True)
        return insert_plain(session.connection(), TABLE, COLUMNS, rows, new_only=new_only)


def test_rows_come_out_as_they_went_in(app: Flask) -> None:
    names = ['"\\', "Đảng bộ, 'xã' {1}", "%s %(x)s ? :a", "", "[null]"]
    moment = to_microseconds(now())
    assert put(*[(name, -(2**62) + n, moment + n, n % 2 == 0, "1.50") for n, name in enumerate(names)]) == len(names)
    found = {row.name: row for row in db.session.execute(select(TABLE))}
    for n, name in enumerate(names):
        row = found[name]
        assert (row.number, row.at, row.good) == (-(2**62) + n, now() + timedelta(microseconds=n), n % 2 == 0)
        assert str(row.points) == "1.50"


def test_nothing_known_stays_nothing_known(app: Flask) -> None:
    assert put(("a", None, None, None, None)) == 1
    assert tuple(db.session.execute(select(TABLE)).one()) == ("a", None, None, None, None)


def test_only_new_rows_are_written_and_counted(app: Flask) -> None:
    assert put(("a", 1, MOMENT, True, "1")) == 1
    again = [("a", 2, MOMENT, True, "1"), ("b", 1, MOMENT, True, "1"), ("b", 3, MOMENT, True, "1")]
    assert put(*again, new_only=True) == 1
    rows = db.session.execute(select(TABLE.c.name, TABLE.c.number).order_by(TABLE.c.name)).all()
    assert [tuple(row) for row in rows] == [("a", 1), ("b", 1)]


def test_nothing_is_nothing(app: Flask) -> None:
    assert put() == 0


def test_columns_out_of_order_are_refused_rather_than_mixed_up(sqlite_app: Flask) -> None:
    with unit_of_work() as session, pytest.raises(ValueError, match="order"):
        insert_plain(session.connection(), TABLE, COLUMNS[::-1], [(None, None, 1, 1, "a")])
