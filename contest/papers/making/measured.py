"""How hard a question is expected to be: the share of right answers, measured where there are enough, else by its level.

What was measured lies in a higher room (sittings): it registers a reader here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from flask import Flask, current_app

#: For a question version: how many answered it in rounds that are over, and how many of them were right.
Measured = Mapping[int, tuple[int, int]]

#: Fewer answers than this say less than the author's level: the standard error of a share of 0.5 is then above 0.09.
ENOUGH = 30

#: The share of right answers expected of a level. Conventions of ours, a step of 0.15 apart, until figures replace them.
OF_LEVEL = {
    "nhận biết": Decimal("0.85"),
    "thông hiểu": Decimal("0.7"),
    "vận dụng": Decimal("0.55"),
    "vận dụng cao": Decimal("0.4"),
}
#: Of a question whose author gave no level that is known.
OF_NO_LEVEL = Decimal("0.65")

_THOUSANDTH = Decimal("0.001")
_READER = "measured_difficulty"


def set_reader(app: Flask, reader: Callable[[], Measured]) -> None:
    """``reader`` tells what was measured, for every question version that anybody answered."""
    app.extensions[_READER] = reader


def measured() -> Measured:
    """What was measured; nothing where no room has registered a reader."""
    reader: Callable[[], Measured] | None = current_app.extensions.get(_READER)
    return {} if reader is None else reader()


def expected(version_id: int, level: str, known: Measured) -> Decimal:
    """The expected share of right answers, 0 to 1 in thousandths: right / answered of at least ``ENOUGH``, else by level."""
    answered, right = known.get(version_id, (0, 0))
    if answered >= ENOUGH:
        return (Decimal(right) / answered).quantize(_THOUSANDTH)
    return OF_LEVEL.get(level, OF_NO_LEVEL)
