"""What is done again and again: an error in one turn harms neither the next turn nor other tasks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from flask import Flask, current_app

from core.jobs import every, periodic


@pytest.fixture(autouse=True)
def no_other_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(periodic, "_TASKS", {})
    yield


def test_a_task_runs_with_an_app_context_until_told_to_stop(sqlite_app: Flask) -> None:
    turns = threading.Semaphore(0)
    names: list[str] = []

    def turn() -> None:
        names.append(current_app.name)
        turns.release()

    every(0.001, "test.turn", turn)
    stop = threading.Event()
    threads = periodic.start(sqlite_app, stop)
    assert all(turns.acquire(timeout=10) for _ in range(3))
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert set(names) == {sqlite_app.name}


def test_an_error_is_logged_and_the_next_turn_comes(sqlite_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    turns = threading.Semaphore(0)

    def broken() -> None:
        turns.release()
        raise ValueError("broken turn")

    every(0.001, "test.broken", broken)
    stop = threading.Event()
    with caplog.at_level(logging.ERROR):
        threads = periodic.start(sqlite_app, stop)
        assert all(turns.acquire(timeout=10) for _ in range(2))
        stop.set()
        for thread in threads:
            thread.join(10)
    assert "test.broken" in caplog.text and "broken turn" in caplog.text


def test_the_same_name_replaces_a_task() -> None:
    every(1, "test.same", print)
    every(2, "test.same", print)
    assert [(task.name, task.seconds) for task in periodic.tasks()] == [("test.same", 2)]


def test_what_concerns_each_machine_is_started_apart(sqlite_app: Flask) -> None:
    turns: list[str] = []
    done = threading.Semaphore(0)

    def turn(name: str) -> None:
        turns.append(name)
        done.release()

    every(0.001, "test.one", lambda: turn("one worker"))
    every(0.001, "test.each", lambda: turn("each machine"), on_every_machine=True)
    stop = threading.Event()
    threads = periodic.start(sqlite_app, stop, on_every_machine=True)
    assert all(done.acquire(timeout=10) for _ in range(3))
    stop.set()
    for thread in threads:
        thread.join(10)
    assert set(turns) == {"each machine"}
