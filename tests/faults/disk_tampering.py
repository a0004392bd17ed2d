"""Syncs of a real process that are made to fail or to take long, by strace."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SYNCS = "fdatasync,fsync"


def find_strace() -> str:
    """The tracer; skips the test where there is none or it may not trace."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed (Debian: apt install strace)")
    if subprocess.run([found, "-e", "trace=none", "true"], capture_output=True, timeout=30).returncode:
        pytest.skip("strace may not trace here")
    return found


def tampering(strace: str, log: Path, how: str) -> list[str]:
    """What goes before a command so that its syncs are tampered with, each noted in ``log`` with the wall clock's time."""
    return [strace, "-f", "-qq", "--seccomp-bpf", "-ttt", "-o", str(log), "-e", f"trace={SYNCS}", "-e", f"inject={SYNCS}:{how}"]


def needs_a_disk(folder: Path) -> None:
    """Skip where ``folder`` lies in memory: nothing is synced there."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(folder)], capture_output=True, text=True).stdout.strip()
    if kind in ("tmpfs", "ramfs"):
        pytest.skip(f"{folder} is in memory, not on a disk")
