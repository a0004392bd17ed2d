"""Machines whose clocks a test sets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.database import anchoring, server_time

START = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


class Machine:
    """One machine: its boot, its boot clock (which nobody can step) and its wall clock (which anybody can)."""

    def __init__(self, boot: str, nanoseconds: int = 1_000_000_000_000, wall: datetime = START) -> None:
        self.boot = boot
        self.nanoseconds = nanoseconds
        self.wall = wall


class Site:
    """Machines that share a database, and the clock of the database's own machine; ``on`` says where we look from."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = Machine("boot-1")
        self.machines = [self.here]
        self.database = START
        monkeypatch.setattr(server_time, "boot_id", lambda: self.here.boot)
        monkeypatch.setattr(server_time, "boot_nanoseconds", lambda: self.here.nanoseconds)
        monkeypatch.setattr(server_time, "wall_time", lambda: self.here.wall)
        monkeypatch.setattr(anchoring, "database_clock", lambda _connection: self.database)

    def on(self, machine: Machine) -> Machine:
        if machine not in self.machines:
            self.machines.append(machine)
        self.here = machine
        return machine

    def run(self, seconds: float) -> None:
        """Time goes by, for every clock alike."""
        self.database += timedelta(seconds=seconds)
        for machine in self.machines:
            machine.nanoseconds += int(seconds * 1e9)
            machine.wall += timedelta(seconds=seconds)

    def reboot(self, boot: str, off: float = 30.0) -> Machine:
        """This machine is off for a while and comes up again, its wall clock where a battery kept it."""
        self.run(off)
        self.machines.remove(self.here)
        return self.on(Machine(boot, nanoseconds=5, wall=self.here.wall))
