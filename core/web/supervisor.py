"""The supervisor: keeps the web server and the job worker alive, and drains both when it is told to end.

It imports nothing of the platform: it runs for weeks beside them, and needs none of it.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from config import ROOT

log = logging.getLogger("hoithi.serving")

#: Seconds between the death of a child and its next start; doubled, up to MAX_PAUSE, while it keeps dying young.
FIRST_PAUSE = 0.5
MAX_PAUSE = 30.0
YOUNG = 10.0


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
