"""The parts that a round is made of (phần thi), one file a kind, found by the registry `PARTS`."""

from contest.rules.kinds import import_all
from contest.rules.parts.base import PARTS, Part

import_all(__name__, __path__)

__all__ = ["PARTS", "Part"]
