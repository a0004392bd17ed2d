"""The command: prepares, runs, compares, reports. Exit code 0: passed, 1: not, 2: void (the generator was late itself)."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import tempfile
from pathlib import Path

from bench.city.report import FAILED, PASSED
from bench.city.run import Order, run

#: People at SCALE=1: more than Hanoi's Party cells.
PEOPLE = 17_000

CODES = {PASSED: 0, FAILED: 1}


def main(arguments: list[str]) -> int:
    """Read the order from ``arguments`` and the environment (SCALE, ENGINE, TIME), and carry it out."""
    parser = argparse.ArgumentParser(prog="python -m bench.city", description=__doc__)
    variables = os.environ
    parser.add_argument("--scale", type=float, default=float(variables.get("SCALE") or 1), help="1 is 17,000 people (SCALE)")
    parser.add_argument("--time", type=float, default=float(variables.get("TIME") or 1),
                        help="1 is a window of ten minutes, another factor shortens every time of the day (TIME)")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default=variables.get("ENGINE") or "sqlite")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="on a disk: the database's folder")
    parser.add_argument("--json", type=Path, default=None, help="where the figures are written")
    parser.add_argument("--server-prefix", default="", help='put before the server\'s command, as "strace -f -e …"')
    parser.add_argument("--keep", action="store_true", help="leave the folder with database and log")
    parser.add_argument("--files", action="store_true", help="browsers load scripts and styles too")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))  # ends the server and removes the folder too
    order = Order(
        people=max(1, round(PEOPLE * given.scale)),
        time=given.time,
        engine=given.engine,
        folder=given.folder,
        json=given.json or Path("bench/results") / f"city-{given.engine}-{given.scale:g}.json",
        prefix=tuple(shlex.split(given.server_prefix)),
        keep=given.keep,
        files=given.files,
    )
    return CODES.get(run(order), 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
