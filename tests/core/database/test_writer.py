"""The group-commit writer: one transaction for many, answers only after the commit, a bounded queue."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from core.database import prepare_engine
from core.database.writer import GroupCommitWriter, WriterBusy


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[GroupCommitWriter]:
    engine = create_engine(f"sqlite:///{tmp_path / 'w.sqlite'}", connect_args={"timeout": 5})
    prepare_engine(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("CREATE TABLE note (body TEXT UNIQUE)"))
    made = GroupCommitWriter(engine, capacity=64)
    yield made
    made.close()
    engine.dispose()


def note(connection: Connection, items: Sequence[str]) -> list[int]:
    """Writes each item; its outcome is how many were in the batch."""
    for item in items:
        connection.execute(text("INSERT INTO note VALUES (:b)"), {"b": item})
    return [len(items)] * len(items)


def notes(writer: GroupCommitWriter) -> set[str]:
    with writer._engine.connect() as connection:
        return set(connection.execute(text("SELECT body FROM note")).scalars())


def test_what_was_answered_is_committed(writer: GroupCommitWriter) -> None:
    writer.call(note, "one")
    assert notes(writer) == {"one"}


def test_what_waits_while_a_commit_runs_goes_together(writer: GroupCommitWriter) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection, items: Sequence[str]) -> list[int]:
        inside.set()
        assert go_on.wait(10)
        return note(connection, items)

    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(writer.call, slow, "first")
        assert inside.wait(10)
        rest = [pool.submit(writer.call, note, f"n{n}") for n in range(20)]
        while writer._queue.qsize() < 20:
            threading.Event().wait(0.001)
        go_on.set()
        assert first.result() == 1
        assert [f.result() for f in rest] == [20] * 20


def test_after_several_came_together_those_who_come_soon_after_go_together_too(
    writer: GroupCommitWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.database.writer.GATHER", 2.0)
    inside, go_on = threading.Event(), threading.Event()
    sizes: list[int] = []

    def slow(connection: Connection, items: Sequence[str]) -> list[int]:
        sizes.append(len(items))
        inside.set()
        assert go_on.wait(10)
        return note(connection, items)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(writer.call, slow, "one")
        assert inside.wait(10)
        two = pool.submit(writer.call, slow, "two")
        writer.post(slow, "three")
        while writer._queue.qsize() < 2:
            threading.Event().wait(0.001)
        go_on.set()
        assert one.result() == 1 and two.result() == 2
    for number in range(4):
        writer.post(slow, f"soon {number}")
    assert writer.call(slow, "last") == 5
    assert sizes == [1, 2, 5]


def test_who_comes_alone_waits_for_nothing(writer: GroupCommitWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.database.writer.GATHER", 3600.0)
    assert [writer.call(note, f"n{number}", timeout=10) for number in range(5)] == [1] * 5


def test_a_poisonous_item_takes_no_other_with_it(writer: GroupCommitWriter) -> None:
    writer.call(note, "taken")
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection, items: Sequence[str]) -> list[int]:
        inside.set()
        assert go_on.wait(10)
        return [0] * len(items)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(writer.call, slow, "x")
        assert inside.wait(10)
        good, bad = pool.submit(writer.call, note, "good"), pool.submit(writer.call, note, "taken")
        while writer._queue.qsize() < 2:
            threading.Event().wait(0.001)
        go_on.set()
        first.result()
        assert good.result() == 1
        with pytest.raises(Exception, match="UNIQUE"):
            bad.result()
    assert notes(writer) == {"taken", "good"}


def test_an_outcome_that_is_an_exception_is_raised_at_its_caller_only(writer: GroupCommitWriter) -> None:
    def refuse(connection: Connection, items: Sequence[str]) -> list[int | Exception]:
        return [ValueError(item) if item == "no" else 1 for item in items]

    assert writer.call(refuse, "yes") == 1
    with pytest.raises(ValueError, match="no"):
        writer.call(refuse, "no")


def test_a_full_queue_says_so_at_once(writer: GroupCommitWriter) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection, items: Sequence[str]) -> list[int]:
        inside.set()
        assert go_on.wait(10)
        return [0] * len(items)

    with ThreadPoolExecutor(65) as pool:
        first = pool.submit(writer.call, slow, "x")
        assert inside.wait(10)
        waiting = [pool.submit(writer.call, note, f"n{n}") for n in range(64)]
        while writer._queue.qsize() < 64:
            threading.Event().wait(0.001)
        with pytest.raises(WriterBusy) as caught:
            writer.call(note, "too much")
        assert caught.value.retry_after > 0
        go_on.set()
        first.result()
        assert len([f.result() for f in waiting]) == 64
    assert "too much" not in notes(writer)


def test_a_database_that_cannot_write_is_told_to_all_at_once(writer: GroupCommitWriter) -> None:
    tried: list[int] = []
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: Connection, items: Sequence[str]) -> list[int]:
        inside.set()
        assert go_on.wait(10)
        return [0] * len(items)

    def locked(connection: Connection, items: Sequence[str]) -> list[int]:
        tried.append(len(items))
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(writer.call, slow, "x")
        assert inside.wait(10)
        waiting = [pool.submit(writer.call, locked, str(n)) for n in range(8)]
        while writer._queue.qsize() < 8:
            threading.Event().wait(0.001)
        go_on.set()
        first.result()
        for one in waiting:
            with pytest.raises(WriterBusy):
                one.result()
    assert tried == [8, 1], "the batch, then one alone; the others need not wait for the lock in turn"


def test_a_writer_whose_thread_has_died_gets_another(writer: GroupCommitWriter) -> None:
    writer.call(note, "before")
    thread = writer._thread
    assert thread is not None
    writer._queue.put(None)
    thread.join(5)
    assert writer.call(note, "after", timeout=5) == 1
