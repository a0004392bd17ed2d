"""The demo, loaded once on SQLite at 08:00 on 24/11/2026; each test gets a copy of its own.

Its loading was interrupted on the way and begun again: what the tests find is a demo that survived that.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from contest.demo.loading import load
from core.database import db
from core.database.server_time import ManualClock, clock_set_to
from run import create_app
from tests.conftest import MORNING
from tests.core.accounts.conftest import Browser


def app_over(instance: Path, host: str = "127.0.0.1") -> Iterator[Flask]:
    """The app over a folder, with its context pushed."""
    app = create_app(Settings(instance=instance, testing=True, rate_limits=False, host=host))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        yield app
        app.extensions["writer"].close()
        db.session.remove()
        db.engine.dispose()


class Interrupted(Exception):
    """Somebody pressed Ctrl+C."""


def interrupt_before_sittings(stage: str) -> None:
    """Interrupts a load when everything but the rounds is there."""
    if stage == "vòng thi đã kết thúc":
        raise Interrupted


@pytest.fixture(scope="session")
def interrupted_folder(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo whose loading was interrupted. Not to be written to."""
    folder = tmp_path_factory.mktemp("interrupted")
    folder.chmod(0o700)
    shutil.copy(sqlite_template, folder / "hoithi.sqlite")
    with clock_set_to(ManualClock(MORNING)):
        for _app in app_over(folder):
            with pytest.raises(Interrupted):
                load(interrupt_before_sittings)
    return folder


@pytest.fixture(scope="session")
def demo_folder(interrupted_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a loaded demo: database, keys, passwords. Not to be written to."""
    folder = Path(shutil.copytree(interrupted_folder, tmp_path_factory.mktemp("demo") / "instance"))
    with clock_set_to(ManualClock(MORNING)):
        for _app in app_over(folder):
            assert load()
    return folder


@pytest.fixture
def demo_copy(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the loaded demo's folder."""
    return Path(shutil.copytree(demo_folder, tmp_path / "instance"))


@pytest.fixture
def demo_app(demo_copy: Path, clock: ManualClock) -> Iterator[Flask]:
    """The app over a loaded demo, at the moment when it was loaded."""
    yield from app_over(demo_copy)
