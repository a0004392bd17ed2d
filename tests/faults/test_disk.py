"""The disk fails, is slow, or is full: what was acknowledged is on it, and what is not on it was never acknowledged.

The first two need strace, which tampers with the system calls of the real web server; they are skipped where it is missing
or may not trace.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.faults.load import Load
from tests.faults.programs import Site, until
from tests.faults.truth import compare, finalise_all, open_sittings

pytestmark = pytest.mark.faults

SYNCS = "fdatasync,fsync"


@pytest.fixture(scope="session")
def strace() -> str:
    """The tracer, where it works."""
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


@pytest.mark.parametrize("after", [30, pytest.param(300, marks=pytest.mark.long)])
def test_a_sync_that_fails_is_never_acknowledged(sqlite_site: Site, strace: str, after: int) -> None:
    needs_a_disk(sqlite_site.folder)
    seats = open_sittings(sqlite_site, 24)
    log = sqlite_site.folder / "syncs"
    web = sqlite_site.start_web(prefix=tampering(strace, log, f"error=EIO:when={after}+"))
    wall = time.time() - time.monotonic()
    with Load(seats, sqlite_site.settings.port).running() as load:
        until(lambda: "(INJECTED)" in log.read_text(), "a sync fails")
        failed = float(re.findall(r"^\d+ +(\d+\.\d+) .*\(INJECTED\)", log.read_text(), re.MULTILINE)[0]) - wall
        refused = load.statuses().get(503, 0)
        until(lambda: load.statuses().get(503, 0) > refused + 100, "saves are refused")
    answers = [answer for phone in load.phones for answer in phone.answers]
    later = [answer for answer in answers if answer.sent > failed]
    assert {answer.status for answer in later} == {503}
    assert all(answer.retry_after for answer in later)
    assert any(answer.status == 200 for answer in answers)
    web.kill()
    tally = compare(sqlite_site, load.phones)
    injected = log.read_text().count("(INJECTED)")
    print(f"{injected} syncs failed, {len(later)} requests afterwards, none acknowledged; {tally}")

    web = sqlite_site.start_web()
    for phone in load.phones:
        phone.send_all_again()
    web.kill()
    print(f"after the restart, all sent again: {compare(sqlite_site, load.phones)}")
    finalise_all(sqlite_site, load.phones)


@pytest.mark.parametrize("seconds", [2, pytest.param(20, marks=pytest.mark.long)])
def test_a_slow_sync_carries_many_saves(sqlite_site: Site, strace: str, seconds: int) -> None:
    needs_a_disk(sqlite_site.folder)
    seats = open_sittings(sqlite_site, 64)
    log = sqlite_site.folder / "syncs"
    web = sqlite_site.start_web(prefix=tampering(strace, log, "delay_exit=50000"))
    began = len(log.read_text().splitlines())
    with Load(seats, sqlite_site.settings.port, threads=64).running() as load:
        until(lambda: load.acknowledged > 64, "saves are acknowledged")
        threading.Event().wait(seconds)
    syncs = len(log.read_text().splitlines()) - began
    saves = load.statuses()[200]
    print(f"50 ms a sync: {saves} requests and {load.acknowledged} rows acknowledged with {syncs} syncs")
    assert saves > 5 * syncs
    web.kill()
    compare(sqlite_site, load.phones)
