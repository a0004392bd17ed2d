"""``make bench``: what a request of each path costs, as a share of what a Flask hello gets on the same core in the same run.

    python -m bench.paths [--engine sqlite] [--paths save,paper] [--pairs 7] [--seconds 4] [--rows 1020000]
    python -m bench.paths --markdown bench/results/paths.json

See ``bench/README.md`` for the method. The exit code is 0 when every row counts and reaches its goal.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import processes, wrk
from bench.client import PythonClient
from bench.comparing import Comparison, Row
from bench.load import Generator, Requests, raw, write_records
from bench.machine import cores, describe, require_disk
from bench.measured import PATHS
from bench.report import markdown, remarks, table
from bench.stage import stage
from config import ROOT

#: For telling how long everything has taken so far.
BEGAN = time.monotonic()

ENGINES = ("sqlite", "postgresql")
RESULTS = ROOT / "bench" / "results" / "paths.json"

#: Blocking threads with which hello is tried; the best one is what the paths are compared with.
HELLO_THREADS = (1, 2, 4, 8, 16, 32, 64)


def main(arguments: list[str]) -> int:
    """Measure and tell; the exit code."""
    given = _parse(arguments)
    if given.markdown:
        print(markdown(json.loads(Path(given.markdown).read_text())))
        return 0
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="hoithi-bench-", dir=given.folder) as folder:
        results = measure(given, Path(folder))
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    print("\n" + "\n".join([table(results["rows"]), *remarks(results["rows"])]))
    print(f"\nin {results['took'] / 60:.1f} minutes; written to {given.output}")
    if not results["counts"]:
        print("Without wrk and two cores the ratios do not count: this was a smoke run.")
        return int(any(row["wrong"] for row in results["rows"]))
    return int(any(row["verdict"] != "reached" for row in results["rows"]))


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.paths", description=__doc__)
    names = [path.name for path in PATHS]
    parser.add_argument("--engine", default=",".join(ENGINES), help="sqlite, postgresql or both with a comma")
    parser.add_argument("--paths", default=",".join(names), help="of " + ",".join(names))
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4, help="of each run")
    parser.add_argument("--rows", type=int, default=1_020_000, help="in the journal")
    parser.add_argument("--threads", type=int, help="of the platform's server (default: its own default)")
    parser.add_argument("--hello-threads", type=int, help="of hello (default: the best of some)")
    parser.add_argument("--folder", type=Path, help="for the databases, on a disk (default: the system's for temporary files)")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the JSON goes")
    parser.add_argument("--python-client", action="store_true", help="the client of a smoke run even where wrk is installed")
    parser.add_argument("--markdown", metavar="JSON", help="print the README's table from a file of results, measure nothing")
    given = parser.parse_args(arguments)
    given.engines, given.wanted = given.engine.split(","), given.paths.split(",")
    if not set(given.engines) <= set(ENGINES) or not set(given.wanted) <= set(names):
        parser.error("unknown engine or path")
    return given


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything that was asked for, as plain data."""
    require_disk(folder)
    server_core, load_core = cores()
    program = None if given.python_client else wrk.found()
    generator: Generator = wrk.Wrk(program, load_core, folder) if program else PythonClient()
    hello_requests = Requests(write_records(folder / "hello", [raw("GET", "/")]), accepted="Hello, World!")
    threads, tried = _best_hello(given, generator, hello_requests, server_core, folder)
    rows: list[Row] = []
    engines: dict[str, dict[str, str]] = {}
    for name in given.engines:
        with (
            processes.hello(threads, server_core, folder) as hello_port,
            stage(name, folder / name, server_core, given.rows, given.wanted, given.threads, _tell) as ready,
        ):
            engines[name] = ready.facts
            comparison = Comparison(generator, server_core, hello_port, hello_requests, given.pairs, given.seconds)
            for path in PATHS:
                if path.name in given.wanted:
                    rows.append(comparison.compare(path(ready)))
                    _tell(table([rows[-1].to_plain()]).splitlines()[-1])
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "commit": _commit(), "machine": describe(folder),
        "engines": engines, "journal_rows": given.rows, "pairs": given.pairs, "seconds": given.seconds,
        "generator": "wrk" if program else "a Python client", "counts": bool(program) and server_core != load_core,
        "hello_threads": threads, "hello_tried": tried, "server_threads": given.threads,
        "took": time.monotonic() - BEGAN, "rows": [row.to_plain() for row in rows],
    }  # fmt: skip


def _best_hello(
    given: argparse.Namespace, generator: Generator, requests: Requests, core: int, folder: Path
) -> tuple[int, dict[str, float]]:
    """The number of threads with which hello answers most requests, and what each number gave."""
    if given.hello_threads:
        return given.hello_threads, {}
    tried: dict[int, float] = {}
    for threads in HELLO_THREADS:
        with processes.hello(threads, core, folder) as port:
            tried[threads] = generator.run(port, requests, min(2, given.seconds)).rate
    best = max(tried, key=lambda threads: tried[threads])
    _tell(f"hello: {tried[best]:,.0f}/s with {best} threads, its best of {list(HELLO_THREADS)}")
    return best, {str(threads): round(rate) for threads, rate in tried.items()}


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def _tell(line: str) -> None:
    print(f"{time.monotonic() - BEGAN:5.0f} s  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
