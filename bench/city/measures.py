"""What the generator notes while it runs: how late it was itself, what was answered, how long it took."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence

#: Troubles told in words; more are only counted.
TOLD = 20


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that is not below ``share`` of them; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1_000_000) * len(ordered) // 1_000_000) - 1))]


class Times:
    """When things of one kind were due (seconds from the bell) and how long they took (seconds)."""

    __slots__ = ("due", "took")

    def __init__(self) -> None:
        self.due: array[float] = array("d")
        self.took: array[float] = array("d")

    def add(self, due: float, took: float) -> None:
        """Note one."""
        self.due.append(due)
        self.took.append(took)

    def within(self, begin: float, end: float) -> list[float]:
        """How long those took that were due from ``begin`` until before ``end``."""
        return [took for due, took in zip(self.due, self.took, strict=True) if begin <= due < end]


class Measures:
    """Everything noted in a run. ``stood_still``: when and for how long the generator did not run at all (seconds)."""

    def __init__(self) -> None:
        self.late: array[float] = array("d")
        self.times: dict[str, Times] = {}
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.troubles: Counter[str] = Counter()
        self.told: list[str] = []
        self.stood_still: list[tuple[float, float]] = []
        self.connections = 0
        self.reopened = 0

    def answered(self, kind: str, status: int, due: float, took: float) -> None:
        """An answer came."""
        self.statuses[kind, status] += 1
        times = self.times.get(kind)
        if times is None:
            times = self.times[kind] = Times()
        times.add(due, took)

    def trouble(self, what: str, detail: str = "") -> None:
        """Something went otherwise than it should."""
        self.troubles[what] += 1
        if len(self.told) < TOLD:
            self.told.append(f"{what}: {detail}" if detail else what)

    def count_statuses(self, low: int, high: int) -> int:
        """How many answers had a status from ``low`` to ``high``."""
        return sum(count for (_kind, status), count in self.statuses.items() if low <= status <= high)
