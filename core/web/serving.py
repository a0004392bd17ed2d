"""Serving: the supervisor, and the web server that it keeps alive.

``serve`` starts two children of this very program, the web server (granian) and the job worker, and starts either again
when it dies; SIGTERM and SIGINT drain both. On SQLite there is one web process: it holds the one writer. A web server or a
worker whose parent was killed ends by itself: its successor must not serve beside it.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask

from config import ROOT, Settings

log = logging.getLogger("hoithi.serving")

#: Seconds between the death of a child and its next start; doubled, up to MAX_PAUSE, while it keeps dying young.
FIRST_PAUSE = 0.5
MAX_PAUSE = 30.0
YOUNG = 10.0

#: Seconds between two looks whether the parent still lives, and for draining once it does not.
LOOK_FOR_PARENT = 0.2
DRAIN_AS_ORPHAN = 5.0

#: Open connections, not requests: a kept-alive browser holds one, and a city holds 17,000.
OPEN_CONNECTIONS = 19_000
BACKLOG = 4_096


@dataclass
class Child:
    """A process that is to run as long as the supervisor does."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it (again)."""
        parent = ["--parent", str(os.getpid())]
        self.process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), *self.arguments, *parent])
        self.started = time.monotonic()

    def tend(self) -> None:
        """Start it when it is due, and note when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause = min(self.pause * 2, MAX_PAUSE) if now - self.started < YOUNG else FIRST_PAUSE
        log.warning("%s ended with code %s; starting it again in %.1f s", self.name, code, self.pause)
        self.process, self.due = None, now + self.pause

    def stop(self, seconds: float) -> None:
        """Ask it to drain; after ``seconds`` it is killed."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(children: list[Child]) -> None:
    """Keep ``children`` running until SIGTERM or SIGINT."""
    ending = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ending.wait(0.2):
        for child in children:
            child.tend()
    for child in children:
        child.stop(seconds=25.0)


def end_with_parent(parent: int) -> None:
    """Have this process drain and end soon after ``parent``, which started it, is gone (0: nobody to end with)."""

    def watch() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(LOOK_FOR_PARENT)
        log.warning("the parent is gone; process %s ends", os.getpid())
        os.kill(os.getpid(), signal.SIGTERM)
        pause.wait(DRAIN_AS_ORPHAN)
        os._exit(1)

    if parent:
        threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _load(parent: int, target: str) -> Any:
    """What granian's own process serves; it ends with granian's main process, ``parent``."""
    end_with_parent(parent)
    allow_connections()
    module, factory = target.split(":")
    served = getattr(import_module(module), factory)()
    # What has been loaded stays for good: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    return served


def allow_connections() -> None:
    """Let this process hold as many connections as the machine allows: a shell's own limit is often 1,024 open files."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def serve_web(settings: Settings) -> None:
    """Run granian over ``run:create_server`` in this process until it is told to end."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "run:create_server",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads,
        backlog=BACKLOG,
        backpressure=OPEN_CONNECTIONS,
        respawn_failed_workers=False,
        log_level=LogLevels.error,
        workers_kill_timeout=20,
        working_dir=Path(ROOT),
    ).serve(target_loader=partial(_load, os.getpid()))


def register_serving(app: Flask) -> None:
    """Add the commands ``serve`` and ``web`` to ``app``."""

    @app.cli.command("serve", help="Chạy máy chủ web và bộ xử lý việc nền (mặc định).")
    def serve() -> None:
        settings: Settings = app.config["SETTINGS"]
        for announce in app.extensions.get("before_serving", []):
            announce()
        click.echo(f"Máy chủ chạy tại {settings.base_url}  (Ctrl+C để dừng)")
        supervise([Child("web", ["web"]), Child("worker", ["worker"])])

    @app.cli.command("web", help="Chỉ chạy máy chủ web (lệnh serve gọi lệnh này).")
    @click.option("--parent", default=0, hidden=True)
    def web(parent: int) -> None:
        end_with_parent(parent)
        serve_web(app.config["SETTINGS"])
