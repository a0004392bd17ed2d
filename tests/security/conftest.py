"""One house for all security tests, on SQLite: where the engine makes no difference."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from core.database.server_time import ManualClock, use_clock
from run import create_app
from tests.conftest import MORNING
from tests.security.house import House, build


@pytest.fixture(scope="session")
def shared_house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Built once; every test finds it as it was built."""
    instance = tmp_path_factory.mktemp("house") / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(sqlite_template, instance / "hoithi.sqlite")
    clock = ManualClock(MORNING)
    previous = use_clock(clock)
    app = create_app(Settings(instance=instance, testing=True, rate_limits=False))
    try:
        made = build(app, clock, instance / "hoithi.sqlite")
    finally:
        use_clock(previous)
    yield made
    made.close()


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The house at 08:10 on the day, with forms that need no token."""
    at = shared_house.clock.moment
    previous = use_clock(shared_house.clock)
    shared_house.app.config["WTF_CSRF_ENABLED"] = False
    yield shared_house
    shared_house.clock.moment = at
    use_clock(previous)
