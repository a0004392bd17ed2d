"""The platform as in production: ``run.py serve`` (web and worker) on one core, its memory and processor time looked at."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import free_port, on_core
from bench.processes import plain_environment, wait_for
from config import ROOT, Settings

#: Seconds between two looks at the memory.
LOOK = 0.5

#: Seconds within which the server must answer, under a tracer too.
STARTS_WITHIN = 180.0

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """The running platform. ``peak`` is the largest memory seen, in bytes: all of its processes together (RSS)."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    peak: int = 0
    peaks: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def look(self) -> None:
        """Note memory and processor time now."""
        total = 0
        for pid in descendants(self.process.pid):
            role = _role(pid)
            if role is None:
                continue
            try:
                rss = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
                used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += rss
            name = f"{role} {pid}"
            self.peaks[name] = max(self.peaks.get(name, 0), rss)
            self.seconds[name] = (int(used[11]) + int(used[12])) / _TICKS
        self.peak = max(self.peak, total)


def descendants(pid: int) -> list[int]:
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _role(pid: int) -> str | None:
    """What a process of the platform does; None for others (a tracer)."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    if not words[0].rpartition(b"/")[2].startswith(b"python"):
        return None
    return next((role for role in ("web", "worker", "serve") if role.encode() in words[1:4]), "web's own")


@contextmanager
def serving(settings: Settings, core: int, prefix: Sequence[str] = ()) -> Iterator[Server]:
    """``run.py serve`` over the database of ``settings`` on ``core`` while the block runs; ``prefix`` goes before its command.

    Its limit of open files is the machine's own, whatever the generator has made of its. Raises DidNotStart.
    """
    port, log = free_port(), settings.instance / "server.log"
    environment = plain_environment(
        HOITHI_INSTANCE=str(settings.instance), HOITHI_DATABASE_URL=settings.database_url, HOITHI_PORT=str(port)
    )
    with log.open("ab") as output, on_core(core):
        process = subprocess.Popen(
            [*prefix, sys.executable, str(ROOT / "run.py"), "serve"],
            cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    server, over = Server(port, process, log), threading.Event()
    looking = threading.Thread(target=_look, args=(server, over), daemon=True)
    try:
        wait_for(port, process, log, STARTS_WITHIN)
        looking.start()
        yield server
    finally:
        over.set()
        _end(process)


def _look(server: Server, over: threading.Event) -> None:
    while not over.wait(LOOK):
        server.look()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let it drain; a tracer in front of it ends with it."""
    for pid in descendants(process.pid):
        if _role(pid) == "serve":
            os.kill(pid, signal.SIGTERM)
            break
    until = time.monotonic() + 60.0
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def raise_open_files() -> int:
    """Let this process open as many files as the machine allows; how many that is."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
