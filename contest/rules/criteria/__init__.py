"""The criteria by which results are ranked (tiêu chí xếp hạng), one file each, found by the registry
`CRITERIA`."""

from contest.rules.criteria.base import CRITERIA, Criterion, Measured, Number
from contest.rules.kinds import import_all

import_all(__name__, __path__)

__all__ = ["CRITERIA", "Criterion", "Measured", "Number"]
