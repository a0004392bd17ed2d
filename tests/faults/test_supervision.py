"""A child that dies comes back, alone; SIGTERM lets what is under way end."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from tests.faults.load import Load
from tests.faults.programs import Program, Site, until
from tests.faults.truth import compare, open_sittings

pytestmark = pytest.mark.faults


LISTENS, CONNECTED = "0A", "01"


def children(program: Program, command: str) -> list[psutil.Process]:
    """The supervisor's own children that run ``command``."""
    found = []
    for process in psutil.Process(program.process.pid).children():
        with suppress(psutil.Error):
            if command in process.cmdline():
                found.append(process)
    return found


def sockets(port: int, state: str) -> list[list[str]]:
    """The kernel's lines on the sockets of ``port`` that are in ``state``."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [line for line in lines if line[1].endswith(f":{port:04X}") and line[3] == state]


def listeners(port: int) -> set[str]:
    """The sockets that listen on ``port``, by their numbers: each web server makes one."""
    return {line[9] for line in sockets(port, LISTENS)}


def unread(port: int) -> int:
    """Bytes that have reached ``port`` and that its process has not read."""
    return sum(int(line[4].split(":")[1], 16) for line in sockets(port, CONNECTED))


def wait_for_children(program: Program) -> None:
    """Both children run, and the web server answers."""
    program.wait_until_it_answers()
    until(lambda: children(program, "worker"), "the worker runs")


def test_dead_children_come_back_alone_and_none_outlives_the_supervisor(sqlite_site: Site) -> None:
    seats = open_sittings(sqlite_site, 8)
    program = sqlite_site.start("serve")
    wait_for_children(program)
    port = sqlite_site.settings.port
    with Load(seats, port, threads=4).running() as load:
        for who, below in (("the process that serves", True), ("the process above it", False)):
            done, before = load.acknowledged, listeners(port)
            until(lambda: load.acknowledged > done + 20, "answers are acknowledged")  # noqa: B023
            web = children(program, "web")[0]
            (web.children()[0] if below else web).kill()
            until(lambda: listeners(port) and not listeners(port) & before, f"after {who} another listens, and it alone")  # noqa: B023
            done = load.acknowledged
            until(lambda: load.acknowledged > done + 20, "answers are acknowledged by the new one")  # noqa: B023
            assert len(listeners(port)) == 1
        worker = children(program, "worker")[0]
        worker.kill()
        until(lambda: any(p != worker for p in children(program, "worker")), "another worker runs")
        family = program.family()
        program.process.send_signal(signal.SIGKILL)
        program.process.wait()
        until(lambda: not any(p.is_running() for p in family), "nothing of it runs any more")
    assert not listeners(port)
    print(f"two web servers, a worker and the supervisor killed: {compare(sqlite_site, load.phones)}")


def test_sigterm_lets_requests_under_way_end(sqlite_site: Site) -> None:
    seats = open_sittings(sqlite_site, 6)
    web = sqlite_site.start_web()
    phones = Load(seats, sqlite_site.settings.port).phones
    with closing(sqlite3.connect(sqlite_site.settings.instance / "hoithi.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # now nothing can be committed
        for phone in phones:
            phone.write(2)
            phone.send("/s/luu", {"rows": list(phone.sent.values())})
        until(lambda: unread(sqlite_site.settings.port) == 0, "the requests are taken in")
        web.process.send_signal(signal.SIGTERM)
        until(lambda: not listeners(sqlite_site.settings.port), "nobody new is let in")
        other.execute("ROLLBACK")
    for phone in phones:
        assert phone.receive().status == 200
        phone.take(phone.waiting)
    assert web.process.wait(30) == 0
    assert compare(sqlite_site, phones).acknowledged == 2 * len(phones)


@pytest.mark.long
def test_sigterm_under_load_ends_in_good_order(site: Site) -> None:
    seats = open_sittings(site, 16)
    program = site.start("serve")
    wait_for_children(program)
    with Load(seats, site.settings.port).running() as load:
        until(lambda: load.acknowledged > 100, "answers are acknowledged")
        assert program.terminate(30) == 0
        assert not listeners(site.settings.port)
    assert load.statuses().keys() == {200}
    print(f"SIGTERM under load: {compare(site, load.phones)}; connections that were closed: "
          f"{sum(len(phone.failures) for phone in load.phones)}")
