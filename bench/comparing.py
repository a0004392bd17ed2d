"""Pairs: a path and hello in turns, in the same minutes, and what may be said of them."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bench.client import PythonClient
from bench.load import CONNECTIONS, Generator, Measured, Requests
from bench.machine import core_times
from bench.measured import Path
from bench.processes import WEB_LOG

#: A row is void where hello itself moves by more than this share of its median.
STEADY = 0.15

#: A generator that used more of its core than this may have been the bottleneck.
BUSIEST = 0.95

#: Seconds before the pairs, not counted: caches fill, statements are compiled.
WARM_UP = 3

#: What was still under way has come to its end when nothing was added for so many seconds; at the latest after so many.
QUIET_FOR, QUIET_WITHIN = 2.0, 30.0


@dataclass
class Row:
    """One path on one engine. ``void`` says why its ratio does not count; ``wrong`` why its answers were wrong."""

    engine: str
    path: str
    title: str
    goal: float
    pairs: list[tuple[Measured, Measured]] = field(default_factory=list)
    void: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    counts: bool = True

    def median(self, of: Callable[[Measured, Measured], float]) -> float:
        """The median of something over the pairs (path, hello)."""
        return statistics.median(of(path, hello) for path, hello in self.pairs) if self.pairs else 0.0

    @property
    def ratio(self) -> float:
        """The path's requests a second over hello's."""
        return self.median(lambda path, hello: path.rate / hello.rate if hello.good else 0.0)

    @property
    def hello(self) -> float:
        """Hello's requests a second."""
        return self.median(lambda _path, hello: hello.rate)

    @property
    def moved(self) -> float:
        """By what share of its median hello moved."""
        rates = [hello.rate for _path, hello in self.pairs]
        return (max(rates) - min(rates)) / self.hello if rates and self.hello else 0.0

    @property
    def verdict(self) -> str:
        """In a word or two."""
        if self.wrong:
            return "WRONG ANSWERS"
        if self.void:
            return "void"
        if not self.counts:
            return "smoke run, does not count"
        return "reached" if self.ratio >= self.goal else "MISSED"

    def to_plain(self) -> dict[str, Any]:
        """For the JSON file."""
        return {
            "engine": self.engine, "path": self.path, "title": self.title, "goal": self.goal, "verdict": self.verdict,
            "rate": self.median(lambda path, _hello: path.rate), "p50": self.median(lambda path, _hello: path.p50),
            "p99": self.median(lambda path, _hello: path.p99), "ratio": self.ratio, "hello": self.hello,
            "hello_moved": self.moved, "server_busy": self.median(lambda path, _hello: path.server_busy),
            "void": self.void, "wrong": self.wrong,
            "pairs": [{"path": _plain(path), "hello": _plain(hello)} for path, hello in self.pairs],
        }  # fmt: skip


def _plain(measured: Measured) -> dict[str, Any]:
    return {**asdict(measured), "rate": measured.rate}


@dataclass
class Comparison:
    """How pairs are made: the generator, hello's port and its request, how many pairs of how many seconds."""

    generator: Generator
    server_core: int
    hello_port: int
    hello_requests: Requests
    pairs: int
    seconds: float

    def compare(self, path: Path) -> Row:
        """Warm up, alternate, and check what was acknowledged against the database."""
        row = Row(path.stage.name, path.name, path.title, path.goals[path.stage.name], counts=self.generator.counts)
        before = path.written()
        try:
            # The first request of all is slow: a board is read, statements are compiled.
            runs = [PythonClient(connections=1).run(path.stage.port, path.requests(0.0), 0)]
            warm_up = min(1 if path.once else WARM_UP, self.seconds)
            runs.append(self._run_path(path, 1 / (self.pairs + 2), warm_up))
            seconds = self._seconds(path, runs[-1])
            for number in range(self.pairs):
                hello = self._run(self.hello_port, self.hello_requests, self.seconds)
                runs.append(self._run_path(path, 1 / (self.pairs - number + 1), seconds))
                row.pairs.append((runs[-1], hello))
            self._judge(row, runs)
            self._check_sum(row, path, before, runs)
            self._check_exactly(row, path)
        except Exception as error:
            row.wrong.append(f"{type(error).__name__}: {error}")
        if row.wrong:
            log = path.stage.folder / "instance" / WEB_LOG
            print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
        return row

    def _run_path(self, path: Path, share: float, seconds: float) -> Measured:
        return self._run(path.stage.port, path.requests(share), seconds)

    def _run(self, port: int, requests: Requests, seconds: float) -> Measured:
        worked, ran = core_times(self.server_core)
        measured = self.generator.run(port, requests, seconds)
        now_worked, now_ran = core_times(self.server_core)
        return replace(measured, server_busy=(now_worked - worked) / max(1.0, now_ran - ran))

    def _seconds(self, path: Path, warm_up: Measured) -> float:
        """How long a run may be: where each request can be sent once only, they must last."""
        if not path.once or not warm_up.good:
            return self.seconds
        lasts = path.left() / (self.pairs + 1) / (1.3 * warm_up.rate)
        return min(self.seconds, max(1, int(lasts)))

    def _judge(self, row: Row, runs: Sequence[Measured]) -> None:
        for run in runs:
            if run.fault:
                row.wrong.append(run.fault)
            elif not run.good:
                row.void.append("no answer in a whole run")
        for measured, hello in row.pairs:
            if hello.fault or not hello.good:
                row.void.append(f"hello: {hello.fault or 'no answer in a whole run'}")
            if self.generator.counts and max(measured.busy, hello.busy) > BUSIEST:
                row.void.append("the load generator was the bottleneck")
        if row.moved > STEADY:
            row.void.append(f"hello moved by {row.moved:.0%}")

    def _check_sum(self, row: Row, path: Path, before: int, runs: Sequence[Measured]) -> None:
        """Every acknowledged request has its row. What a run's end cut off on the wire may have been written too."""
        if before < 0:
            return
        acknowledged = sum(run.good for run in runs)
        written = _settled(path) - before
        most = acknowledged + CONNECTIONS * len(runs)
        if not acknowledged <= written <= most:
            row.wrong.append(f"{acknowledged} were acknowledged, {written} are in the database")

    def _check_exactly(self, row: Row, path: Path) -> None:
        """A short run of a client that waits for every last answer and remembers each: the database holds just those."""
        client, before, requests = PythonClient(), path.written(), path.requests(1.0)
        run = client.run(path.stage.port, requests, min(1, self.seconds))
        if run.fault or not run.good:
            row.wrong.append(f"exact check: {run.fault or 'no answer'}")
        written = path.written() - before
        if before >= 0 and written != run.good:
            row.wrong.append(f"exact check: {run.good} were acknowledged, {written} are in the database")
        differences = path.differences(client.acknowledged, requests)
        if differences:
            row.wrong.append(f"exact check: {differences} differences from what was answered")


def _settled(path: Path) -> int:
    """``path.written()`` once nothing is under way any more: it has stood still for QUIET_FOR."""
    until, since, last = time.monotonic() + QUIET_WITHIN, time.monotonic(), path.written()
    while time.monotonic() < min(since + QUIET_FOR, until):
        time.sleep(0.2)
        found = path.written()
        if found != last:
            last, since = found, time.monotonic()
    return last
