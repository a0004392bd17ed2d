"""The disk fails, is slow, or is full: what was acknowledged is on it, and what is not on it was never acknowledged.

The first two need strace, which tampers with the system calls of the real web server; they are skipped where it is missing
or may not trace.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from config import Settings
from tests.faults.disk_tampering import needs_a_disk, tampering
from tests.faults.load import Load
from tests.faults.programs import Program, Site, free_port, until
from tests.faults.truth import compare, finalise_all, open_sittings

pytestmark = pytest.mark.faults


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


@contextmanager
def file_size_limit(program: Program, size: int) -> Iterator[None]:
    """Inside the block no process of ``program`` can make a file longer than ``size`` bytes, as on a full disk."""
    family = [process.pid for process in program.family()]
    _soft, hard = resource.prlimit(family[0], resource.RLIMIT_FSIZE)
    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        for pid in family:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


def is_refused_while_full(load: Load) -> None:
    """Saves are refused (the first ones may still find a corner); nobody gets any other answer."""
    until(lambda: load.statuses().get(503, 0) > 100, "saves are refused")
    assert load.statuses().keys() <= {200, 503}
    assert [phone.failures for phone in load.phones if phone.failures] == []


def test_saves_are_refused_while_there_is_no_room_and_go_on_once_there_is(sqlite_site: Site) -> None:
    seats = open_sittings(sqlite_site, 16)
    web = sqlite_site.start_web()
    journal = sqlite_site.settings.instance / "hoithi.sqlite-wal"
    with Load(seats, sqlite_site.settings.port).running() as load:
        until(lambda: load.acknowledged > 50, "answers are acknowledged")
        with file_size_limit(web, journal.stat().st_size // 2):
            is_refused_while_full(load)
        done = load.acknowledged
        until(lambda: load.acknowledged > done + 50, "answers are acknowledged again")
    for phone in load.phones:
        phone.send_all_again()
    web.kill()
    print(f"no room for a while: {load.statuses()}, {compare(sqlite_site, load.phones)}")
    finalise_all(sqlite_site, load.phones)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB, as ext4 in a file where this machine lets us mount one."""
    image, folder = tmp_path / "disk", tmp_path / "small"
    folder.mkdir()
    image.write_bytes(b"\0" * 8 * 1024 * 1024)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], capture_output=True, text=True)
    mounted = made.returncode == 0 and subprocess.run(["mount", "-o", "loop", str(image), str(folder)], capture_output=True)
    if not mounted or mounted.returncode:
        pytest.skip("a small file system cannot be mounted here (it needs root, mkfs.ext4 and a loop device)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.long
def test_a_full_file_system_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    site = Site(Settings(instance=small_disk / "instance", port=free_port()), tmp_path)
    site.migrate()
    try:
        seats = open_sittings(site, 16)
        web = site.start_web()
        ballast = small_disk / "ballast"
        with Load(seats, site.settings.port).running() as load:
            until(lambda: load.acknowledged > 50, "answers are acknowledged")
            fill(ballast)
            is_refused_while_full(load)
            print(f"file system full: {load.statuses()}, {shutil.disk_usage(small_disk).free} bytes free")
            ballast.unlink()
            done = load.acknowledged
            until(lambda: load.acknowledged > done + 50, "answers are acknowledged again")
        for phone in load.phones:
            phone.send_all_again()
        web.kill()
        print(f"room again: {load.statuses()}, {compare(site, load.phones)}")
        finalise_all(site, load.phones)
    finally:
        site.stop_all()


def fill(path: Path) -> None:
    """Write ``path`` until nothing more goes onto its disk."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
