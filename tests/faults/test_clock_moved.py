"""Somebody moves the machine's clock by an hour, either way, while sittings run and while the server is restarted: nobody's
remaining time changes.

The wall clock of the real processes is moved by libfaketime, which leaves the clocks since boot alone, as the kernel does.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import db
from core.database.server_time import ClockStep
from tests.faults.load import Load, Phone
from tests.faults.programs import Program, Site, until
from tests.faults.truth import compare, finalise_all, open_sittings

pytestmark = pytest.mark.faults

HOUR = 3600


class Clock:
    """The wall clock of the processes that run in its ``environment``."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._file = folder / "wall-clock"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set(0)

    def set(self, seconds: int) -> None:
        """It is ``seconds`` ahead of the truth from now on."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self._file)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """A clock that can be moved."""
    libraries = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), *Path("/usr/lib/faketime").glob("libfaketimeMT.so.1")]
    if not libraries:
        pytest.skip("libfaketime is not installed (Debian: apt install faketime)")
    return Clock(libraries[0], tmp_path)


class Remaining:
    """The time that a phone has left, looked at again and again."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.first = self._end()
        self.largest = 0.0

    def _end(self) -> tuple[float, float]:
        """Between which moments of this machine's steady clock the sitting ends: the server looked at its clock after it was
        asked and before it was heard."""
        answer = self.phone.post("/s/nhip", {})
        assert answer.status == 200
        left = (answer.body["deadline"] - answer.body["now"]) / 1000
        return answer.sent + left, answer.answered + left

    def has_not_moved(self) -> None:
        """It is what it was, but for the way of the answers."""
        earliest, latest = self._end()
        moved = max(0.0, earliest - self.first[1], self.first[0] - latest)
        self.largest = max(self.largest, moved)
        assert moved < 1


def told_time(phone: Phone) -> float:
    """What the server says that time it is, in seconds since 1970."""
    return float(phone.post("/s/nhip", {}).body["now"]) / 1000


def recorded(site: Site) -> list[float]:
    """The steps on record, in seconds."""
    with site.opened():
        return [step / 1e6 for step in db.session.scalars(select(ClockStep.by_microseconds).order_by(ClockStep.id))]


@pytest.mark.parametrize("seconds", [HOUR, pytest.param(-HOUR, marks=pytest.mark.long)])
def test_an_hour_either_way_changes_nobodys_time(sqlite_site: Site, clock: Clock, seconds: int) -> None:
    seats = open_sittings(sqlite_site, 3)
    web = sqlite_site.start_web(environment=clock.environment)
    phones = Load(seats, sqlite_site.settings.port).phones
    remaining = [Remaining(phone) for phone in phones]
    clock.set(seconds)
    for phone, left in zip(phones, remaining, strict=True):
        phone.write(2)
        assert phone.save()
        left.has_not_moved()
    web.kill()
    web = sqlite_site.start_web(environment=clock.environment)
    for phone, left in zip(phones, remaining, strict=True):
        phone.close()
        left.has_not_moved()
        assert abs(told_time(phone) - time.time()) < 60
        phone.send_all_again()
        assert phone.submit()
    web.kill()
    compare(sqlite_site, phones)
    print(f"{seconds:+d} s: remaining time moved by at most {max(left.largest for left in remaining) * 1000:.1f} ms")


@pytest.mark.long
def test_steps_are_recorded_and_move_nobody_across_restarts(site: Site, clock: Clock) -> None:
    seats = open_sittings(site, 3)
    phones = Load(seats, site.settings.port).phones

    def start() -> Program:
        program = site.start("serve", environment=clock.environment)
        program.wait_until_it_answers()
        return program

    def everything_is_as_before(steps: list[int]) -> None:
        until(lambda: len(recorded(site)) >= len(steps), f"steps are recorded: {steps}")
        assert [round(step) for step in recorded(site)] == steps
        for phone, left in zip(phones, remaining, strict=True):
            phone.close()
            left.has_not_moved()
            phone.write(1)
            assert phone.save()

    program = start()
    remaining = [Remaining(phone) for phone in phones]
    everything_is_as_before([])
    clock.set(HOUR)
    everything_is_as_before([HOUR])
    program.kill()
    program = start()
    everything_is_as_before([HOUR])
    clock.set(-HOUR)
    everything_is_as_before([HOUR, -2 * HOUR])
    program.kill()
    clock.set(0)  # while nothing runs
    program = start()
    everything_is_as_before([HOUR, -2 * HOUR, HOUR])
    program.kill()
    compare(site, phones)
    finalise_all(site, phones)
    print(f"steps on record: {recorded(site)}; remaining time moved by at most "
          f"{max(left.largest for left in remaining) * 1000:.1f} ms")
