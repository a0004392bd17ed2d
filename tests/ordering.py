"""The order in which files of tests are handed out to the workers of a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pytest

#: Folders whose tests wait: for browsers, for processes that start and die. Several such files at a time slow one another down
#: until pages miss their patience; alone at the end they leave the processors idle.
WAITING = ("tests/bench/", "tests/browser/", "tests/faults/")


def mixed(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """``items`` with the files that wait spread evenly among the others; the order inside a file stays."""
    files = [list(group) for _file, group in groupby(items, key=lambda item: item.nodeid.partition("::")[0])]
    waiting = [file for file in files if file[0].nodeid.startswith(WAITING)]
    others = [file for file in files if not file[0].nodeid.startswith(WAITING)]
    # Each file at the middle of its part of the run, from 0 to 1, by its place among its own kind.
    placed = [((n + 0.5) / len(kind), kind is others, n, file) for kind in (waiting, others) for n, file in enumerate(kind)]
    return [item for _place, _kind, _n, file in sorted(placed, key=lambda one: one[:3]) for item in file]
