"""The policy about time, as pure functions of moments. Nothing here asks what time it is.

A contestant may start while the window of the own unit is open. A sitting ends at its *deadline*: the earlier of
start + duration and the window's end, both moved by extra time and by pauses, unless the rules let a sitting finish
after the window. A save counts if the server has it by the deadline plus the *grace*; the fold waits for those. What comes
later is kept apart until *settled*, the deadline plus the late bound (or the grace, where that is longer: nothing settles
while a save may still count).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Grace inside a step that is not the last one, in seconds.
STEP_GRACE_SECONDS = 2

#: Time used begins with the first question's display, but at most this long after Start, in seconds.
LONGEST_FIRST_DISPLAY = 30


class Phase(StrEnum):
    """Where a contestant stands at a moment."""

    BEFORE = "before"
    MAY_START = "may_start"
    RUNNING = "running"
    GRACE = "grace"
    ENDED = "ended"
    SETTLED = "settled"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Timing:
    """The rules' times for one window; durations in seconds."""

    opens: datetime
    closes: datetime
    seconds: int
    finish_after_window: bool = False
    grace: int = 5
    late_bound: int = 600


@dataclass(frozen=True, slots=True)
class Progress:
    """A sitting as the clock sees it: its start, and what was added for it (seconds)."""

    started: datetime
    extra: int = 0
    paused: int = 0


def deadline(timing: Timing, progress: Progress) -> datetime:
    """When the sitting ends."""
    moved = timedelta(seconds=progress.extra + progress.paused)
    own = progress.started + timedelta(seconds=timing.seconds) + moved
    return own if timing.finish_after_window else min(own, timing.closes + moved)


def accepts(received: datetime, due: datetime, grace: int) -> bool:
    """True when what the server received at ``received`` still counts: not after ``due`` plus ``grace`` seconds."""
    return received <= due + timedelta(seconds=grace)


def may_be_folded(now: datetime, due: datetime, grace: int) -> bool:
    """True when nothing that counts can arrive any more."""
    return now > due + timedelta(seconds=grace)


def settled_at(due: datetime, late_bound: int, grace: int = 0) -> datetime:
    """When nothing is taken in any more, neither what counts (until the grace is over) nor late answers."""
    return due + timedelta(seconds=max(late_bound, grace))


def last_settled(timings: list[Timing], longest_moved: int = 0) -> datetime | None:
    """When the last sitting of a round can have settled, at the latest (None for no windows).

    ``longest_moved`` is the most time, in seconds, added to any one sitting by extra time and pauses.
    """
    moments = [
        settled_at(
            t.closes + timedelta(seconds=longest_moved + (t.seconds if t.finish_after_window else 0)),
            t.late_bound,
            t.grace,
        )
        for t in timings
    ]
    return max(moments, default=None)


def phase(timing: Timing, now: datetime, progress: Progress | None = None, submitted: bool = False) -> Phase:
    """Where the contestant stands at ``now``; ``progress`` is None before Start."""
    if progress is None:
        if now < timing.opens:
            return Phase.BEFORE
        return Phase.MAY_START if now < timing.closes else Phase.MISSED
    return sitting_phase(now, deadline(timing, progress), timing.grace, timing.late_bound, submitted)


def sitting_phase(now: datetime, due: datetime, grace: int, late_bound: int, submitted: bool = False) -> Phase:
    """Where a sitting stands at ``now`` by its own deadline, which it keeps whatever becomes of its person's unit."""
    if now > settled_at(due, late_bound, grace):
        return Phase.SETTLED
    if submitted or may_be_folded(now, due, grace):
        return Phase.ENDED
    return Phase.RUNNING if now <= due else Phase.GRACE


def step_accepts(received: datetime, opened: datetime, seconds: int | None, moved: int = 0) -> bool:
    """True when an answer for a step opened at ``opened`` with ``seconds`` of its own (None: no clock of its own) counts;
    ``moved`` is the time added to the sitting since, in seconds."""
    if seconds is None:
        return True
    return received <= opened + timedelta(seconds=seconds + moved + STEP_GRACE_SECONDS)


def seconds_used(
    started: datetime,
    first_display: datetime | None,
    ended: datetime | None,
    paused: int = 0,
) -> int:
    """Time used, in whole seconds rounded down, never negative.

    From the first question's acknowledged display (at most 30 s after Start; from Start itself where none was
    acknowledged, as without JavaScript) to ``ended``: the receipt of submit, or of the last change where nobody pressed it
    (None when nothing was ever changed: 0). Pauses are taken out.
    """
    if ended is None:
        return 0
    begun = min(first_display or started, started + timedelta(seconds=LONGEST_FIRST_DISPLAY))
    return max(0, int((ended - begun) / timedelta(seconds=1)) - paused)
