"""What no forms can better. Pure."""

from __future__ import annotations

from math import gcd

from contest.papers.assembly.model import Task


def least_spread(task: Task) -> int:
    """A spread, in units, below which no forms exist; often 0.

    Only one case is seen here, as an integer program sees it last: where the forms use up every item that matches (and
    nothing is shared), the total is given; with g the greatest common divisor of the items' differences, every form's
    sum is form_size × d + a multiple of g, d being any item's difficulty. Equal sums are total / N; where that is no
    whole number of this kind, the spread is g at least.
    """
    used = [task.units[at] for at, cells in enumerate(task.fits) if cells]
    if task.max_shared or task.forms < 2 or len(used) != task.forms * task.form_size:
        return 0
    step = gcd(*(one - used[0] for one in used))
    share, rest = divmod(sum(used), task.forms)
    if step == 0 or (rest == 0 and (share - task.form_size * used[0]) % step == 0):
        return 0
    return step
