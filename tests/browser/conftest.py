"""Pages in a real Chromium against a real server: the whole application in threads, SQLite in a file, a clock that tests
may move on while it runs."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from config import Settings
from core.database import db
from core.database.server_time import Clock, use_clock
from run import create_app, create_server

# A loaded machine of two cores answers late now and then; what never comes still fails.
expect.set_options(timeout=15_000)

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


class RunningClock(Clock):
    """Real time plus what a test has skipped."""

    def __init__(self) -> None:
        self.skipped = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def skip(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self.skipped += timedelta(seconds=seconds)


@dataclass
class Live:
    """A running server."""

    url: str
    app: Flask
    clock: RunningClock


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    """The application behind a real socket on loopback."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(sqlite_template, instance / "hoithi.sqlite")
    clock = RunningClock()
    previous = use_clock(clock)
    app = create_app(Settings(instance=instance, testing=True, rate_limits=False))
    server = make_server("127.0.0.1", 0, create_server(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with app.app_context():
        yield Live(f"http://127.0.0.1:{server.server_port}", app, clock)
        server.shutdown()
        thread.join()
        app.extensions["writer"].close()
        db.session.remove()
        db.engine.dispose()
    use_clock(previous)


def new_page(browser: Browser, size: dict[str, int], scripts: bool = True, workers: bool = True) -> Page:
    """A page of a browser of its own (own cookies), in Vietnamese, of the given size. ``workers``: whether service workers may
    be; what they have kept no test can hold back."""
    context: BrowserContext = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        java_script_enabled=scripts,
        service_workers="allow" if workers else "block",
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.fixture(params=["phone", "desktop"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """A phone's window, then a desk's."""
    return PHONE if request.param == "phone" else DESKTOP
