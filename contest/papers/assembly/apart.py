"""Assembles in a process of its own, so that the worker's threads stay free and its standard output its own.

The solver's library greets on standard output before it can be told not to, and the only remedy (`solver.py`) redirects file
descriptor 1 for the whole process: in a worker that logs, lines of others would be lost. A process of its own also gives
its memory back, and can be ended when it overruns its time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from contest.papers.allotment import Shortage
from contest.papers.assembly.assemble import Assembly, assemble
from contest.papers.assembly.model import Cell, Item, Task

_ROOT = Path(__file__).resolve().parents[3]

GRACE = 60.0
"""So many seconds beyond the time given may pass until the process is ended: it starts, reads, and looks at the clock
only now and then."""


class AssemblyFailed(RuntimeError):
    """The process ended without a result; the message is what it said last."""


def assemble_apart(task: Task, seconds: float, seed: str) -> Assembly:
    """What ``assemble`` makes of it, in a process of its own. Raises AssemblyFailed."""
    given = json.dumps({"task": _plain(task), "seconds": seconds, "seed": seed})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "contest.papers.assembly.apart"],
            input=given, capture_output=True, text=True, encoding="utf-8", cwd=_ROOT, timeout=seconds + GRACE, check=False,
        )
    except subprocess.TimeoutExpired:
        raise AssemblyFailed(f"no result in {seconds + GRACE:.0f} s") from None
    if done.returncode:
        raise AssemblyFailed(done.stderr.strip()[-2000:] or f"exit code {done.returncode}")
    return _assembly(json.loads(done.stdout))


def _plain(task: Task) -> dict[str, Any]:
    items = [{**asdict(item), "points": str(item.points), "difficulty": str(item.difficulty)} for item in task.items]
    cells = [{**asdict(cell), "points": None if cell.points is None else str(cell.points)} for cell in task.cells]
    return {"items": items, "cells": cells, "forms": task.forms, "max_shared": task.max_shared}


def _task(plain: dict[str, Any]) -> Task:
    items = [
        Item(**{**item, "points": Decimal(item["points"]), "difficulty": Decimal(item["difficulty"])})
        for item in plain["items"]
    ]
    cells = [
        Cell(**{**cell, "points": None if cell["points"] is None else Decimal(cell["points"])}) for cell in plain["cells"]
    ]
    return Task(items, cells, plain["forms"], plain["max_shared"])


def _assembly(plain: dict[str, Any]) -> Assembly:
    forms = tuple(tuple(tuple(cell) for cell in form) for form in plain["forms"])
    return Assembly(plain["status"], forms, tuple(Shortage(**one) for one in plain["short"]), plain["in_time"])


def main() -> None:
    """Reads a task from standard input, writes the assembly to standard output."""
    given = json.load(sys.stdin)
    assembly = assemble(_task(given["task"]), given["seconds"], given["seed"])
    json.dump(asdict(assembly), sys.stdout)


if __name__ == "__main__":
    main()
