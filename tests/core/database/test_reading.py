"""Reading together: everybody gets their own, as it stood after they had asked, and no fault outlives its statement."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.database import db, reading, table_of, unit_of_work
from core.database.reading import GroupReader
from core.organisation.models import Unit
from core.organisation.service import create_unit

NAMES = select(table_of(Unit).c.name).where(table_of(Unit).c.name.in_(bindparam("names", expanding=True)))
CITY = "Thành ủy Hà Nội"


def read_names(connection: Connection, names: Sequence[str]) -> Mapping[str, str]:
    return {name: name for name in connection.scalars(NAMES, {"names": list(names)})}


class Slow:
    """A reading that lasts until it is let go; counts how many keys each reading had."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.began, self.go = threading.Semaphore(0), threading.Semaphore(0)
        self.error: Exception | None = None

    def __call__(self, _connection: Connection, keys: Sequence[int]) -> Mapping[int, int]:
        self.sizes.append(len(keys))
        self.began.release()
        assert self.go.acquire(timeout=20)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return {key: key * key for key in keys if key >= 0}


@pytest.fixture
def names(app: Flask) -> Iterator[GroupReader[str, str]]:
    made = GroupReader(db.engine, read_names)
    yield made
    made.close()


@pytest.fixture
def slow(app: Flask) -> Slow:
    return Slow()


@pytest.fixture
def squares(slow: Slow) -> Iterator[GroupReader[int, int]]:
    made = GroupReader(db.engine, slow)
    yield made
    made.close()


def all_wait(reader: GroupReader[int, int], many: int) -> None:
    """Return once ``many`` wait behind the one who reads."""
    pause = threading.Event()
    while len(reader._waiting) < many:
        pause.wait(0.002)


def test_what_was_committed_before_is_seen_at_once_and_nobody_is_kept_from_writing(
    names: GroupReader[str, str],
) -> None:
    assert names.get(CITY) is None
    with unit_of_work() as session:
        create_unit(None, "city", CITY)
        session.flush()
        assert names.get(CITY) is None
    assert names.get(CITY) == CITY
    with unit_of_work() as session:
        session.execute(text("DELETE FROM audit_entry WHERE 1 = 0"))


def test_those_who_ask_while_somebody_reads_are_answered_by_one_reading(
    squares: GroupReader[int, int], slow: Slow
) -> None:
    with ThreadPoolExecutor(40) as pool:
        first = pool.submit(squares.get, 0)
        assert slow.began.acquire(timeout=20)
        others = [pool.submit(squares.get, n % 20) for n in range(39)]
        all_wait(squares, 39)
        slow.go.release(2)
        assert first.result() == 0
        assert [one.result() for one in others] == [(n % 20) ** 2 for n in range(39)]
    assert slow.sizes == [1, 20]


def test_what_is_not_there_is_none(squares: GroupReader[int, int], slow: Slow) -> None:
    slow.go.release(2)
    assert squares.get(-1) is None and squares.get(3) == 9


def test_an_error_is_told_to_all_who_were_read_for_and_to_nobody_else(squares: GroupReader[int, int], slow: Slow) -> None:
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(squares.get, 1)
        assert slow.began.acquire(timeout=20)
        slow.error = LookupError("lost")
        second = pool.submit(squares.get, 2)
        all_wait(squares, 1)
        slow.go.release(2)
        with pytest.raises(LookupError):
            first.result()
        assert second.result() == 4


def test_more_than_one_reading_holds_wait_for_the_next(
    squares: GroupReader[int, int], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 4)
    with ThreadPoolExecutor(11) as pool:
        first = pool.submit(squares.get, 0)
        assert slow.began.acquire(timeout=20)
        others = [pool.submit(squares.get, n) for n in range(10)]
        all_wait(squares, 10)
        slow.go.release(4)
        assert first.result() == 0 and sorted(one.result() or 0 for one in others) == [n * n for n in range(10)]
    assert slow.sizes == [1, 4, 4, 2]


def test_who_has_waited_too_long_is_told_and_the_others_go_on(
    squares: GroupReader[int, int], slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(squares.get, 1)
        assert slow.began.acquire(timeout=20)
        monkeypatch.setattr(reading, "PATIENCE", 0.01)
        with pytest.raises(PoolTimeout):
            squares.get(2)
        monkeypatch.setattr(reading, "PATIENCE", 20.0)
        third = pool.submit(squares.get, 3)
        all_wait(squares, 1)
        slow.go.release(2)
        assert first.result() == 1 and third.result() == 9
    assert slow.sizes == [1, 1]


def test_many_threads_each_get_their_own(app: Flask) -> None:
    reader = GroupReader(db.engine, lambda _connection, keys: {key: -key for key in keys})
    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(reader.get, range(2000))) == [-n for n in range(2000)]
    reader.close()


def test_a_connection_that_died_meanwhile_is_replaced(names: GroupReader[str, str]) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("a file does not go away")
    names.get(CITY)
    assert names._connection is not None
    pid = names._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    assert names.get(CITY) is None


def test_a_statement_that_fails_is_told_and_breaks_no_later_one(app: Flask) -> None:
    def read(connection: Connection, keys: Sequence[str]) -> Mapping[str, str]:
        column = text("no_such_column") if keys == ["bad"] else text("1")
        return dict.fromkeys(keys, str(connection.scalar(select(column))))

    reader = GroupReader(db.engine, read)
    with pytest.raises(DBAPIError):
        reader.get("bad")
    assert reader.get("good") == "1"
    reader.close()
