"""A step of the machine's clock is recorded: once, by whoever notices, also where it happened while nothing ran."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import db
from core.database.anchoring import anchored_clock
from core.database.server_time import ClockAnchor, ClockStep, use_clock
from core.jobs.clock_watch import SMALLEST_STEP, watch
from core.jobs.single import single_lock
from core.web.command_line import run_command
from tests.core.database.clocks import START, Site

HOUR = 3_600_000_000


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site(monkeypatch)
    use_clock(anchored_clock(db.engine))  # the fixture ``clock`` puts the old one back
    return site


def steps() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(ClockStep.by_microseconds).order_by(ClockStep.id)))


def entries() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "clock.stepped").order_by(AuditEntry.id)))


@pytest.mark.parametrize("by", [HOUR, -HOUR, SMALLEST_STEP])
def test_a_step_is_recorded_once(site: Site, by: int) -> None:
    assert watch() == 0
    site.run(10)
    site.here.wall += timedelta(microseconds=by)
    assert watch() == by
    assert watch() == 0
    site.run(30)
    assert watch() == 0
    assert steps() == [by]
    (entry,) = entries()
    assert entry.details == {"seconds": f"{by / 1e6:+.3f}"}
    assert entry.at == START + timedelta(seconds=10)


def test_a_step_and_the_step_back_are_two(site: Site) -> None:
    site.here.wall += timedelta(hours=1)
    watch()
    site.here.wall -= timedelta(hours=1)
    watch()
    assert steps() == [HOUR, -HOUR]


def test_small_corrections_are_not_recorded_until_they_add_up(site: Site) -> None:
    for _ in range(3):
        site.run(5)
        site.here.wall += timedelta(milliseconds=300)
        assert watch() == 0
    site.here.wall += timedelta(milliseconds=300)
    assert watch() == 1_200_000
    assert steps() == [1_200_000]


def test_a_step_while_nothing_ran_is_noticed_by_the_next_process(site: Site) -> None:
    watch()
    site.run(10)
    site.here.wall -= timedelta(hours=1)
    site.run(10)
    anchored_clock(db.engine)
    assert watch() == -HOUR


def test_processes_that_notice_together_record_one_step(app: Flask, site: Site) -> None:
    site.here.wall += timedelta(hours=1)

    def look(_number: int) -> int:
        with app.app_context():
            try:
                return watch()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        noticed = list(pool.map(look, range(8)))
    assert sorted(noticed) == [0] * 7 + [HOUR]
    assert steps() == [HOUR]
    assert len(entries()) == 1


def test_a_boot_makes_itself_heard_but_does_not_write_every_time(site: Site) -> None:
    def seen() -> object:
        db.session.rollback()
        return db.session.scalars(select(ClockAnchor.seen_at)).one()

    site.run(5)
    watch()
    assert seen() == START
    site.run(20)
    watch()
    assert seen() == START + timedelta(seconds=25)


def test_after_a_reboot_steps_are_counted_from_the_new_anchor(site: Site) -> None:
    site.here.wall += timedelta(hours=1)
    watch()
    site.reboot("boot-2")
    if db.engine.dialect.name == "postgresql":
        site.here.wall = site.database
    anchored_clock(db.engine)
    assert watch() == 0
    assert steps() == [HOUR]


def test_nothing_happens_in_a_database_that_nobody_is_anchored_in(app: Flask) -> None:
    assert watch() == 0
    assert db.session.scalars(select(ClockAnchor)).all() == []


def test_commands_run_by_the_anchored_clock_and_show_the_steps(
    app: Flask, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.run(10)
    site.here.wall += timedelta(hours=1)
    watch()
    assert run_command(lambda: app, ["clock", "show"], {}) == 0
    said = capsys.readouterr().out
    assert "Giờ thi:     24/11/2026 07:30:10" in said
    assert "lệch +3600.000 giây" in said
    assert "bị chỉnh +3600.000 giây; giờ thi không đổi" in said


def test_a_wrong_anchor_is_reset_only_while_no_worker_runs(
    app: Flask, site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.here.wall += timedelta(hours=1)
    site.database += timedelta(hours=1)
    lock = single_lock(db.engine, app.config["SETTINGS"].instance)
    assert lock.take()
    assert run_command(lambda: app, ["clock", "reset", "--yes"], {}) == 1
    assert "dừng máy chủ" in capsys.readouterr().err
    lock.release()
    assert anchored_clock(db.engine).now() == START
    assert run_command(lambda: app, ["clock", "reset", "--yes"], {}) == 0
    assert "(+3600.000 giây)" in capsys.readouterr().out
    assert anchored_clock(db.engine).now() == START + timedelta(hours=1)


def test_nothing_starts_by_a_clock_that_was_never_set(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(monkeypatch)
    site.here.wall = site.database = START.replace(year=1970)
    assert run_command(lambda: app, ["worker"], {}) == 1
    assert "24/11/1970" in capsys.readouterr().err
