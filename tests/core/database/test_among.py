"""Finding rows by many numbers at once: the same text for any count, by the table's own index."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from core.database import db, table_of, unit_of_work
from core.database.among import among, listed
from core.organisation.models import Unit
from core.organisation.service import create_unit

FOUND = select(table_of(Unit).c.id).where(among(table_of(Unit).c.id, "ids")).order_by(table_of(Unit).c.id)


@pytest.fixture
def units(app: Flask) -> list[int]:
    with unit_of_work():
        city = create_unit(None, "city", "Thành ủy Hà Nội")
        return [city.id, *(create_unit(city, "district", f"Quận {n}").id for n in range(5))]


@pytest.mark.parametrize("wanted", [[], [0], [0, 0, 3], [5, 4, 3, 2, 1, 0]])
def test_rows_are_found_whatever_the_order_and_however_often(units: list[int], wanted: list[int]) -> None:
    ids = [units[n] for n in wanted]
    assert db.session.execute(FOUND, {"ids": listed(ids)}).scalars().all() == sorted(set(ids))


def test_texts_are_found_as_well_whatever_is_in_them(units: list[int]) -> None:
    named = select(table_of(Unit).c.name).where(among(table_of(Unit).c.name, "names")).order_by(table_of(Unit).c.name)
    given = listed(["Quận 3", "Quận 1", "'; --", 'a"b\\c', ""])
    assert db.session.execute(named, {"names": given}).scalars().all() == ["Quận 1", "Quận 3"]


def test_numbers_that_are_no_row_find_nothing(units: list[int]) -> None:
    assert db.session.execute(FOUND, {"ids": listed([-1, 2**40])}).all() == []


def test_the_index_is_used(units: list[int]) -> None:
    connection = db.session.connection()
    text = str(FOUND.compile(dialect=connection.dialect))
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (listed(units),)).all()
        assert any("SEARCH unit USING INTEGER PRIMARY KEY" in row[-1] for row in plan)
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a table of six rows is read whole otherwise
        plan = connection.exec_driver_sql(f"EXPLAIN {text}", {"ids": listed(units)}).all()
        assert any("Index Cond: (id = ANY" in row[0] for row in plan)
