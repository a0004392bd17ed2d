"""The one place that knows the integer programming library: HiGHS, through highspy.

HiGHS is MIT-licensed (J. A. J. Hall, Q. Huangfu: Parallelizing the dual revised simplex method, Math. Prog. Comp. 10,
2018; highs.dev). One thread and a given seed: the same program is solved in the same way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import highspy
import numpy

from contest.papers.assembly.program import Program

TRUST = 1e-4
"""How far a cost may be from what its values cost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the solver found: ``values`` None where it found nothing; ``optimal``: proven that nothing costs less;
    ``impossible``: proven that there is no solution; ``finished``: it ended by itself, not by time."""

    values: tuple[float, ...] | None
    optimal: bool
    impossible: bool
    finished: bool


def solve(program: Program, seconds: float, seed: int, nodes: int) -> Outcome:
    """Minimises ``program`` within ``seconds`` and ``nodes`` of the search tree.

    No solution is given to begin with: HiGHS 1.16.0 was seen to report, from such a start, a cost that was not that of
    the values it gave. For the same reason a cost counts as proven only where values and report agree.
    """
    if seconds <= 0:
        return Outcome(None, False, False, False)
    make: Any = highspy.Highs
    with _no_greeting():
        highs = make()
    for name, value in {
        "output_flag": False,
        "log_to_console": False,
        "presolve": "off",
        "threads": 1,
        "random_seed": seed,
        "time_limit": float(seconds),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 1e-6,
        "mip_max_nodes": nodes,
        "mip_feasibility_tolerance": 1e-9,
        "primal_feasibility_tolerance": 1e-9,
    }.items():
        highs.setOptionValue(name, value)
    highs.passModel(_lp(program))
    highs.run()
    status, info, statuses = highs.getModelStatus(), highs.getInfo(), highspy.HighsModelStatus
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = tuple(highs.getSolution().col_value) if found else None
    cost = sum(column.cost * value for column, value in zip(program.columns, values or (), strict=False))
    return Outcome(
        values=values,
        optimal=status == statuses.kOptimal and found and abs(cost - info.objective_function_value) < TRUST,
        impossible=status == statuses.kInfeasible,
        finished=status != statuses.kTimeLimit,
    )


@contextmanager
def _no_greeting() -> Iterator[None]:
    """HiGHS greets on standard output when it is first made, before it can be told not to; a command's output is a
    document and nothing else."""
    try:
        kept = os.dup(1)
    except OSError:  # there is no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _lp(program: Program) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_ = len(program.columns)
    lp.num_row_ = len(program.rows)
    lp.col_cost_ = numpy.array([one.cost for one in program.columns], dtype=float)
    lp.col_lower_ = numpy.array([one.low for one in program.columns], dtype=float)
    lp.col_upper_ = numpy.array([one.high for one in program.columns], dtype=float)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if one.whole else kinds.kContinuous for one in program.columns]
    lp.row_lower_ = numpy.array([one.low for one in program.rows], dtype=float)
    lp.row_upper_ = numpy.array([one.high for one in program.rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts = [0]
    for row in program.rows:
        starts.append(starts[-1] + len(row.terms))
    lp.a_matrix_.start_ = numpy.array(starts, dtype=numpy.int32)
    lp.a_matrix_.index_ = numpy.array([at for row in program.rows for at in row.terms], dtype=numpy.int32)
    lp.a_matrix_.value_ = numpy.array([value for row in program.rows for value in row.terms.values()], dtype=float)
    return lp
