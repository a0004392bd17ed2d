"""A site on each engine whose processes a test may break; nothing of it runs any more when the test has ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from tests.faults.disk_tampering import find_strace
from tests.faults.postgres_server import PostgresServer
from tests.faults.programs import Site, free_port


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that tests may kill, as durable as in production."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def site(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site on each engine in turn; on PostgreSQL with the server that may be killed."""
    if engine_name == "sqlite":
        yield from _site(tmp_path, "")
    else:
        server: PostgresServer = request.getfixturevalue("own_postgres")
        yield from _site(tmp_path, server.create())


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Iterator[Site]:
    """A site on SQLite."""
    yield from _site(tmp_path, "")


@pytest.fixture
def postgres_site(own_postgres: PostgresServer, tmp_path: Path) -> Iterator[Site]:
    """A site on PostgreSQL."""
    yield from _site(tmp_path, own_postgres.create())


def _site(folder: Path, url: str) -> Iterator[Site]:
    instance = folder / "instance"
    instance.mkdir(mode=0o700)
    made = Site(Settings(instance=instance, database_url=url, port=free_port()), folder)
    made.migrate()
    yield made
    made.stop_all()



@pytest.fixture(scope="session")
def strace() -> str:
    """The tracer, where it works."""
    return find_strace()
