"""wrk, the load generator that counts, with scripts of our own."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import time
from pathlib import Path

from bench.load import CONNECTIONS, Measured, Requests
from bench.machine import on_core

HERE = Path(__file__).parent

#: Seconds after which an answer is given up.
TIMEOUT = 10


class WrkFailed(RuntimeError):
    """wrk ended without figures; the text is what it said."""


def found() -> str | None:
    """Where wrk is, if it is installed."""
    return shutil.which("wrk")


class Wrk:
    """wrk with one thread on ``core``; scripts are put together in ``folder``."""

    counts = True

    def __init__(self, program: str, core: int, folder: Path) -> None:
        self.program = program
        self.core = core
        self.scripts = {kind: self._script(kind, folder) for kind in ("fixed", "saves")}

    @staticmethod
    def _script(kind: str, folder: Path) -> Path:
        script = folder / f"{kind}.lua"
        script.write_text((HERE / "common.lua").read_text() + (HERE / f"{kind}.lua").read_text())
        return script

    def run(self, port: int, requests: Requests, seconds: float) -> Measured:
        """See ``bench.load.Generator``. Raises WrkFailed."""
        script = self.scripts["saves" if requests.saves else "fixed"]
        arguments = [
            self.program, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", f"--timeout={TIMEOUT}s", "-s", str(script),
            f"http://127.0.0.1:{port}", "--",
            str(requests.file), requests.accepted, str(requests.first), "once" if requests.once else "again",
        ]  # fmt: skip
        began, used = time.perf_counter(), _used()
        with on_core(self.core):
            done = subprocess.run(arguments, capture_output=True, text=True, errors="replace", timeout=seconds + 120)
        busy = (_used() - used) / (time.perf_counter() - began)
        line = next((line for line in done.stdout.splitlines() if line.startswith("BENCH ")), None)
        if done.returncode or line is None:
            raise WrkFailed(done.stdout[-500:] + done.stderr[-500:])
        return Measured(**json.loads(line.removeprefix("BENCH ")), busy=busy)


def _used() -> float:
    """Seconds of processor time that ended children have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
