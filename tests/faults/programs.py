"""A site for the fault tests: an instance folder, a database on either engine, and the program's own processes over it.

What a test prepares and looks up it does in this process, through the services; what is broken on purpose are real processes,
each the leader of a group of its own, so that nothing outlives a test.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from flask import Flask

from config import ROOT, Settings
from core.database import db
from core.database.anchoring import anchored_clock
from core.database.server_time import clock_set_to
from core.web.command_line import migrate
from run import create_app

#: Seconds after which something that has not happened will not happen any more.
PATIENCE = 240.0


def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Look every 10 ms until ``condition`` holds; fails after ``patience`` seconds."""
    pause = threading.Event()
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"within {patience:.0f} s it did not happen: {what}"
        pause.wait(0.01)


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """A command of ``run.py`` in a process group of its own; ``prefix`` goes before it (a tracer),
    ``log`` gets what it says."""

    def __init__(self, command: Sequence[str], settings: Settings, log: Path, prefix: Sequence[str] = (),
                 environment: Mapping[str, str] | None = None) -> None:
        own = {
            "HOITHI_INSTANCE": str(settings.instance),
            "HOITHI_DATABASE_URL": settings.database_url,
            "HOITHI_PORT": str(settings.port),
        }
        self.log = log
        self.port = settings.port
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, str(ROOT / "run.py"), *command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, **own, **(environment or {})}, start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """Returns once the web server answers."""
        until(lambda: self.process.poll() is not None or answers(self.port), "the web server answers")
        assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.tail()}"

    def kill(self) -> None:
        """SIGKILL to the whole group, and to whatever of it has made a group of its own."""
        family: list[psutil.Process] = []
        with suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.process.pid).children(recursive=True)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(PATIENCE)
        psutil.wait_procs(family, PATIENCE)

    def terminate(self, patience: float = PATIENCE) -> int:
        """SIGTERM to the leader alone, as a service manager does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)

    def family(self) -> list[psutil.Process]:
        """All processes below the leader."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def tail(self) -> str:
        """The last of what it said."""
        return self.log.read_text(errors="replace")[-4000:]


def answers(port: int) -> bool:
    """Whether a web server answers there (that it refuses is an answer)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", "/s/nhip", b"{}")
        return connection.getresponse().status == 401
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Site:
    """The settings of one site, its running programs, and a way to look into its database."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.folder = folder
        self.programs: list[Program] = []
        self._app = create_app(settings)

    def start(self, *command: str, prefix: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Program:
        """Start a command of ``run.py``; returns at once."""
        program = Program(command, self.settings, self.folder / "output.log", prefix, environment)
        self.programs.append(program)
        return program

    def start_web(self, *, prefix: Sequence[str] = (), environment: Mapping[str, str] | None = None) -> Program:
        """Start the web server and wait until it answers."""
        program = self.start("web", prefix=prefix, environment=environment)
        program.wait_until_it_answers()
        return program

    def stop_all(self) -> None:
        """Nothing of this site runs any more afterwards."""
        for program in self.programs:
            program.kill()

    def migrate(self) -> None:
        """Make the schema."""
        migrate(self._app)

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """The application over the site's database in this process, on the machine's anchored clock."""
        with self._app.app_context(), clock_set_to(anchored_clock(db.engine)):
            try:
                yield self._app
            finally:
                self._app.extensions["writer"].close()
                db.session.remove()
                db.engine.dispose()
