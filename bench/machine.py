"""The machine under the bench: which core does what, is the folder on a disk, what to write beside figures."""

from __future__ import annotations

import os
import platform
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

#: File systems that forget everything when the power goes: an fsync there costs nothing and proves nothing.
IN_MEMORY = frozenset({"tmpfs", "ramfs"})


class NoDisk(RuntimeError):
    """The folder for the databases is not on a disk."""


def cores() -> tuple[int, int]:
    """The core of the server and that of the load generator; the same one twice where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes started inside the block run on ``core`` alone, and so do their children."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def file_system(folder: Path) -> str:
    """The type of the file system under ``folder`` ("ext4")."""
    folder = folder.resolve()
    found, longest = "", -1
    for line in Path("/proc/mounts").read_text().splitlines():
        _device, point, kind, *_rest = line.split()
        point = point.replace("\\040", " ")
        if folder.is_relative_to(point) and len(point) >= longest:
            found, longest = kind, len(point)
    return found


def require_disk(folder: Path) -> str:
    """The file system under ``folder``. Raises NoDisk for one in memory."""
    kind = file_system(folder)
    if kind in IN_MEMORY:
        raise NoDisk(f"{folder} is a {kind}: say --folder for one on a disk")
    return kind


def core_times(core: int) -> tuple[float, float]:
    """For how long ``core`` has worked since boot, and for how long it has run at all, in ticks."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            user, nice, system, idle, waiting, *others = map(float, ticks)
            return user + nice + system + sum(others[:3]), user + nice + system + idle + waiting + sum(others[:3])
    return 0.0, 0.0


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor() -> str:
    """The processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def describe(folder: Path) -> dict[str, str]:
    """What a reader must know to compare figures."""
    return {
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "system": f"{platform.system()} {platform.release()}",
        "disk": file_system(folder),
        "python": platform.python_version(),
        "granian": version("granian"),
        "flask": version("flask"),
        "sqlite": sqlite3.sqlite_version,
    }
