"""Where the server's time begins: one anchor a boot, shared by the machines of a site, and never before what was known."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.database import db, unit_of_work
from core.database.anchoring import ClockNeverSet, anchored_clock, forget_anchors
from core.database.server_time import ClockAnchor
from core.jobs.clock_watch import watch
from tests.core.database.clocks import START, Machine, Site

HOUR = timedelta(hours=1)


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(monkeypatch)


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("step", [-HOUR, HOUR, timedelta(days=-400)])
def test_a_step_moves_nobody_while_running_and_across_a_restart(site: Site, step: timedelta) -> None:
    running = anchored_clock(db.engine)
    start = running.now()
    site.run(40)
    site.here.wall += step
    site.run(50)
    # The process ends and starts again.
    assert anchored_clock(db.engine).now() == running.now() == start + timedelta(seconds=90)


def test_after_a_reboot_it_is_anchored_anew(site: Site) -> None:
    first = anchored_clock(db.engine).now()
    site.reboot("boot-2", off=600)
    assert anchored_clock(db.engine).now() == first + timedelta(seconds=600)
    anchors = db.session.scalars(select(ClockAnchor.boot_id)).all()
    assert sorted(anchors) == ["boot-1", "boot-2"]


def test_where_boots_cannot_be_told_apart_no_anchor_outlives_one(site: Site) -> None:
    site.here.boot = ""
    first = anchored_clock(db.engine).now()
    site.here.nanoseconds = 5  # the boot clock begins anew
    assert anchored_clock(db.engine).now() == first
    assert watch() == 0


def test_a_boot_with_a_dead_battery_goes_on_from_the_newest_known_time(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    anchored_clock(db.engine)
    site.run(300)
    watch()
    site.reboot("boot-2")
    site.here.wall = site.database = datetime(1970, 1, 1, tzinfo=UTC)
    with caplog.at_level(logging.WARNING):
        clock = anchored_clock(db.engine)
    assert clock.now() == START + timedelta(seconds=300)
    assert "1970" in caplog.text
    site.run(60)
    site.here.wall = site.database = START + timedelta(seconds=400)  # NTP has come
    assert clock.now() == anchored_clock(db.engine).now() == START + timedelta(seconds=360)


def test_a_clock_that_was_never_set_is_refused_where_nothing_is_known(site: Site) -> None:
    site.here.wall = site.database = datetime(1970, 1, 1, tzinfo=UTC)
    with pytest.raises(ClockNeverSet):
        anchored_clock(db.engine)
    assert db.session.scalars(select(ClockAnchor)).all() == []


def test_an_anchor_taken_from_a_wrong_clock_is_put_right_by_forgetting_it(site: Site) -> None:
    site.here.wall = site.database = START + 7 * HOUR  # a clock that was set to local time
    anchored_clock(db.engine)
    site.here.wall = site.database = START
    assert anchored_clock(db.engine).now() == START + 7 * HOUR
    with unit_of_work() as session:
        forget_anchors(session.connection())
    assert anchored_clock(db.engine).now() == START


def test_a_second_machine_has_the_time_of_the_first(site: Site) -> None:
    if not on_postgresql():
        pytest.skip("one machine")
    first = anchored_clock(db.engine)
    here = site.here
    site.run(100)
    watch()
    site.on(Machine("boot-b", nanoseconds=77, wall=START - 3 * HOUR))
    second = anchored_clock(db.engine)
    moment = second.now()
    site.on(here)
    assert first.now() == moment == START + timedelta(seconds=100)


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_machine_that_joins_after_the_databases_clock_was_stepped_has_the_time_of_the_live_ones(
    site: Site, step: timedelta
) -> None:
    if not on_postgresql():
        pytest.skip("one machine")
    first = anchored_clock(db.engine)
    here = site.here
    site.run(100)
    site.database += step
    watch()  # the live machine looks
    site.run(15)
    site.on(Machine("boot-b", nanoseconds=77))
    joined = anchored_clock(db.engine).now()
    site.on(here)
    assert first.now() == joined == START + timedelta(seconds=115)
    # Once nobody lives the database's clock counts again: unless it says less than was known.
    site.reboot("boot-c", off=7200)
    expected = max(site.database, START + timedelta(seconds=115))
    assert anchored_clock(db.engine).now() == expected
