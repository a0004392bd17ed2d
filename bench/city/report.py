"""What a run must fulfil, the table that says whether it does, the file with everything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.city.measures import Measures, percentile

#: The generator's own lateness (seconds, at p99) beyond which a run says nothing.
LATE = 0.050
#: Seconds that a save may take at p99, from when it was due.
SAVE = 0.500
#: Bytes of memory of all the platform's processes together.
MEMORY = 1024**3
#: Seconds from *settled* to the public leaderboard.
PUBLISHED = 10.0

PASSED, FAILED, VOID = "passed", "FAILED", "void"


@dataclass(frozen=True)
class Condition:
    """One thing that must hold, with its figure; ``depends``: on how fast the machine is, and how quiet."""

    text: str
    figure: str
    holds: bool
    depends: bool = False


def verdict(conditions: Sequence[Condition], late: float) -> str:
    """``void`` when the generator was late itself; else whether everything holds."""
    if late > LATE:
        return VOID
    return PASSED if all(condition.holds for condition in conditions) else FAILED


def none_of(text: str, count: int) -> Condition:
    """A condition that something has not happened."""
    return Condition(text, f"{count:,}", count == 0)


def below(text: str, seconds: float, limit: float) -> Condition:
    """A condition on a time."""
    return Condition(text, f"{1000 * seconds:,.0f} ms", seconds < limit, depends=True)


def table(conditions: Sequence[Condition], late: float) -> str:
    """The conditions as people read them."""
    rows = [(c.text, c.figure, "ok" if c.holds else "FAILED") for c in conditions]
    rows.insert(0, ("generator's own lateness, p99 < 50 ms", f"{1000 * late:,.1f} ms", "ok" if late <= LATE else "VOID"))
    widths = [max(len(row[n]) for row in rows) for n in range(2)]
    return "\n".join(f"{text:<{widths[0]}}  {figure:>{widths[1]}}  {said}" for text, figure, said in rows)


def times_table(measures: Measures, starting: float) -> tuple[str, list[dict[str, Any]]]:
    """How long each kind of request took: in all, and those that were due in the minute of the start."""
    kinds: list[dict[str, Any]] = []
    for kind, times in sorted(measures.times.items()):
        first = times.within(0.0, starting)
        kinds.append(
            {
                "kind": kind,
                "count": len(times.took),
                "p50_ms": 1000 * percentile(times.took, 0.5),
                "p99_ms": 1000 * percentile(times.took, 0.99),
                "max_ms": 1000 * max(times.took, default=0.0),
                "start_minute_count": len(first),
                "start_minute_p99_ms": 1000 * percentile(first, 0.99),
            }
        )
    head = f"{'request':<26}{'count':>10}{'p50':>8}{'p99':>8}{'max':>8}   {'at the start':>12}{'p99':>8}  (ms)"
    lines = [
        f"{k['kind']:<26}{k['count']:>10,}{k['p50_ms']:>8.0f}{k['p99_ms']:>8.0f}{k['max_ms']:>8.0f}   "
        f"{k['start_minute_count']:>12,}{k['start_minute_p99_ms']:>8.0f}"
        for k in kinds
    ]
    return "\n".join([head, *lines]), kinds


def rates(measures: Measures, window: float) -> dict[str, float]:
    """Requests a second over the window, and in its busiest ten seconds."""
    slots: dict[int, int] = {}
    total = 0
    for times in measures.times.values():
        for due in times.due:
            if 0.0 <= due <= window:
                total += 1
                slots[int(due // 10)] = slots.get(int(due // 10), 0) + 1
    return {"mean": total / window, "busiest_10_s": max(slots.values(), default=0) / 10}


def write(path: Path, conditions: Sequence[Condition], said: str, facts: Mapping[str, Any]) -> None:
    """Everything as JSON."""
    value = {"verdict": said, "conditions": [asdict(condition) for condition in conditions], **facts}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
