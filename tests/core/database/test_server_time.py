"""The server's time goes on by the boot clock: a step of the wall clock moves nobody's deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core.database import db, server_time
from core.database.server_time import anchored_clock


class Machine:
    """A machine whose clocks a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.boot = "boot-1"
        self.nanoseconds = 1_000_000_000_000
        monkeypatch.setattr(server_time, "boot_id", lambda: self.boot)
        monkeypatch.setattr(server_time, "boot_nanoseconds", lambda: self.nanoseconds)


def test_a_restarted_process_goes_on_with_the_same_anchor(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    before = anchored_clock(db.engine)
    start = before.now()
    machine.nanoseconds += 90 * 1_000_000_000
    # The process ends and starts again; the wall clock may say anything meanwhile.
    after = anchored_clock(db.engine)
    assert after.now() == before.now() == start + timedelta(seconds=90)


def test_after_a_reboot_it_is_anchored_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    first = anchored_clock(db.engine)
    machine.boot, machine.nanoseconds = "boot-2", 5
    second = anchored_clock(db.engine)
    assert abs(second.now() - first._wall) < timedelta(minutes=5)


def test_where_boots_cannot_be_told_apart_no_anchor_outlives_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.boot = ""
    first = anchored_clock(db.engine)
    machine.nanoseconds = 5  # the boot clock begins anew
    assert abs(anchored_clock(db.engine).now() - first._wall) < timedelta(minutes=5)
