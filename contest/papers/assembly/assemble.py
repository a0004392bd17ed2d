"""Makes parallel forms: selects, deals, evens out, and proves by integer programming where nothing simpler does.

1. A flow says whether forms exist, and where not, which cells are short (`selecting.py`).
2. The items of least exposure are dealt out to the forms (`dealing.py`) and evened out by moves that keep the exposure
   (`search.py`); where that leaves a spread, it may rise a little, then more.
3. A spread of nought with the exposure that no forms can better is proven by itself. Otherwise HiGHS looks for a smaller
   spread, then for a smaller exposure at that spread, beginning with the forms found, and proves what it can in the time.

"Proven" is never said of anything else. Steps 1 and 2 depend on the task and the seed alone; HiGHS is believed only
where it ended by itself, so that its speed does not show. Only where the time ends first may two runs differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from contest.papers.allotment import Shortage
from contest.papers.assembly.bounds import least_spread
from contest.papers.assembly.checking import violations
from contest.papers.assembly.dealing import deal
from contest.papers.assembly.draft import Draft
from contest.papers.assembly.model import Forms, Task, Worth, worth
from contest.papers.assembly.program import FormsProgram
from contest.papers.assembly.search import Search
from contest.papers.assembly.selecting import PAIR_PRICES, least_exposure, pairs_sharing, select, shortages

if TYPE_CHECKING:
    from contest.papers.assembly.solver import Outcome

SOLVER_SHARE = 0.8
"""Of the time left the solver is given so much: it looks at the clock only now and then."""

NODES = 200_000
"""The search tree of the integer program may have so many nodes."""

LARGEST = 20_000
"""Programs of more columns are not tried: their first relaxation alone takes longer than anybody waits."""

BEGINNINGS = 4
SEPARATING_PASSES = 40
SLACKS = ((0, 300), (1, 60), (2, 60), (8, 60), (32, 60), (None, 90))
"""How far the exposure may rise above what it was, in turn, while the forms are evened out (None: any), and in how many
passes."""

OPTIMAL, BEST_FOUND, IMPOSSIBLE, NOT_FOUND = "optimal", "best_found", "impossible", "not_found"


@dataclass(frozen=True, slots=True)
class Assembly:
    """What came of a task. ``status`` optimal: proven that no forms have a smaller spread, or the same and a smaller
    exposure; best_found: the best in the time; impossible: proven, ``short`` says why; not_found: neither forms nor a
    proof in the time (only where items may be shared). ``in_time`` False: the time ended before the work."""

    status: str
    forms: Forms
    short: tuple[Shortage, ...]
    in_time: bool = True


class BrokenForms(AssertionError):
    """Forms that the independent check refuses: a fault of this program, never of the data."""


def assemble(task: Task, seconds: float = 20.0, seed: str = "1", clock: Callable[[], float] = time.monotonic) -> Assembly:
    """Parallel forms for ``task`` in about ``seconds``, the same for the same ``seed``. Raises BrokenForms."""
    assembly = _Work(task, seconds, seed, clock).done()
    if assembly.forms:
        ids = [[task.items[at].id for cell in form for at in cell] for form in assembly.forms]
        wrong = violations(task.items, task.cells, task.max_shared, ids)
        if wrong or len(ids) != task.forms:
            raise BrokenForms("; ".join(wrong))
    return assembly


class _Work:
    def __init__(self, task: Task, seconds: float, seed: str, clock: Callable[[], float]) -> None:
        self._task = task
        self._random = Random(seed.encode("utf-8", "surrogateescape"))
        self._clock = clock
        self._end = clock() + seconds
        self._in_time = True

    def done(self) -> Assembly:
        task = self._task
        short = shortages(task)
        if short:
            return Assembly(IMPOSSIBLE, (), short)
        least = Worth(least_spread(task), least_exposure(task))
        forms = self._found(least)
        if forms is None:
            forms, impossible = self._by_program()
            if impossible:
                return Assembly(IMPOSSIBLE, (), self._lacking(), self._in_time)
            if forms is None:
                return Assembly(NOT_FOUND, (), (), self._in_time)
            forms = self._even_out(forms, least)
        forms, proven = self._prove(forms, least)
        return Assembly(OPTIMAL if proven else BEST_FOUND, forms, (), self._in_time)

    def _found(self, least: Worth) -> Forms | None:
        """The best forms of a few beginnings; one is enough where nothing may be shared. None: none were found."""
        best: Forms | None = None
        for _ in range(BEGINNINGS if self._task.max_shared else 1):
            first = self._first()
            forms = None if first is None else self._even_out(first, least)
            if forms is not None and (best is None or self._rank(forms) < self._rank(best)):
                best = forms
            if self._out_of_time() or (best is not None and worth(self._task, best).exposure <= least.exposure):
                break
        return best

    def _out_of_time(self) -> bool:
        if self._clock() >= self._end:
            self._in_time = False
        return not self._in_time

    def _first(self) -> Forms | None:
        """Some forms, of small exposure. None: none were found."""
        uses = select(self._task, self._random)
        sure = None if uses is None else deal(self._task, uses, self._random)
        if not self._task.max_shared:
            return sure
        sure = sure or self._sharing(PAIR_PRICES[-1])
        return next(filter(None, map(self._sharing, PAIR_PRICES[:-1])), sure)

    def _sharing(self, price: int) -> Forms | None:
        """Forms that share items at this price, if they can be had without any two sharing too many."""
        uses = select(self._task, self._random, price)
        if uses is None or pairs_sharing(uses) > self._task.pairs_allowed:
            return None
        search = self._search(deal(self._task, uses, self._random))
        return search.draft.forms() if search.separate(SEPARATING_PASSES) else None

    def _search(self, forms: Forms) -> Search:
        return Search(Draft(self._task, forms), self._random, self._out_of_time)

    def _even_out(self, forms: Forms, least: Worth) -> Forms:
        task = self._task
        search = self._search(forms)
        given = search.draft.exposure
        for slack, passes in SLACKS:
            found = search.even_out(passes, None if slack is None else given + slack)
            if worth(task, found).spread <= max(least.spread, task.equal):
                break
        if search.draft.exposure > least.exposure:
            search.spare()
        return search.draft.forms()

    def _prove(self, forms: Forms, least: Worth) -> tuple[Forms, bool]:
        """Better forms if the program finds some, and whether it is proven that there are none better still."""
        task, best = self._task, worth(self._task, forms)
        if best.spread > max(least.spread, task.equal):
            program = FormsProgram(task)
            program.ask_for_spread(best.spread)
            forms, proven = self._solved(program, forms)
            best = worth(task, forms)
            if not proven:
                return forms, False
        if best.exposure <= least.exposure:
            return forms, True
        program = FormsProgram(task)
        program.ask_for_exposure(best.exposure, max(best.spread, task.equal))
        return self._solved(program, forms)

    def _solved(self, program: FormsProgram, forms: Forms) -> tuple[Forms, bool]:
        """The better of ``forms`` and what the program finds, and whether nothing is better still. The program is asked
        for something better than ``forms``: that there is no such thing is the proof most often met."""
        outcome = self._solve(program)
        if outcome is None or not outcome.finished:
            return forms, False
        if outcome.values is not None:
            found = program.forms(outcome.values)
            better = self._rank(found) < self._rank(forms)
            return (found, outcome.optimal) if better else (forms, False)
        return forms, outcome.impossible

    def _rank(self, forms: Forms) -> tuple[int, int, int]:
        """Worth, where spreads too small to be told apart are equal."""
        value = worth(self._task, forms)
        return max(value.spread, self._task.equal), value.exposure, value.spread

    def _by_program(self) -> tuple[Forms | None, bool]:
        """Any forms at all, by the program; else whether it is proven that there are none."""
        program = FormsProgram(self._task)
        outcome = self._solve(program)
        if outcome is None or outcome.values is None:
            return None, outcome is not None and outcome.impossible
        return program.forms(outcome.values), False

    def _lacking(self) -> tuple[Shortage, ...]:
        """Where the flow sees no shortage and yet there are no forms: what is short when as much is filled as can be."""
        program = FormsProgram(self._task, may_lack=True)
        outcome = self._solve(program)
        return program.lacking(outcome.values) if outcome is not None and outcome.values is not None else ()

    def _solve(self, program: FormsProgram) -> Outcome | None:
        """What the solver makes of it in the time that is left; None: it was not asked."""
        from contest.papers.assembly.solver import solve

        if len(program.program.columns) > LARGEST:
            return None
        seconds = SOLVER_SHARE * (self._end - self._clock())
        outcome = solve(program.program, seconds, self._random.randrange(2**31), NODES)
        if not outcome.finished:
            self._in_time = False
        return outcome
