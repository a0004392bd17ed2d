"""The policy about time, as pure functions of moments. Nothing here asks what time it is.

A contestant may start while the window of the own unit is open. A sitting ends at its *deadline*: the earlier of
start + duration and the window's end, both moved by extra time and by pauses (those move the window itself), unless the
rules let a sitting finish after the window. A save counts if the server has it by the deadline plus the *grace*; the fold
waits for those. What comes later is kept apart until *settled*, the deadline plus the late bound (or the grace, where that
is longer: nothing settles while a save may still count).

While a window is paused its clock *stands* at the moment when the pause began (``standing``): nobody's time runs out, and
nothing is taken in. When the pause ends, the window's end moves by its whole seconds (``pause_seconds``), and they are added
to every sitting that was under way, which moves its deadline by as much: whoever had two minutes left, to sit or to come,
has two minutes left. A sitting that had ended before stays ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Grace inside a step that is not the last one, in seconds.
STEP_GRACE_SECONDS = 2

#: Time used begins with the first question's display, but at most this long after Start, in seconds.
LONGEST_FIRST_DISPLAY = 30

#: When a pause began and when it ended.
Pause = tuple[datetime, datetime]


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
    """When the sitting ends. Pauses have moved the window's end for everybody, extra time moves it for this sitting."""
    own = progress.started + timedelta(seconds=timing.seconds + progress.extra + progress.paused)
    return own if timing.finish_after_window else min(own, timing.closes + timedelta(seconds=progress.extra))


def standing(now: datetime, paused_at: datetime | None) -> datetime:
    """What the clock of a window shows at ``now``: it stands at ``paused_at`` since the window was paused (None: it runs)."""
    return now if paused_at is None else min(now, paused_at)


def pause_seconds(began: datetime, ended: datetime) -> int:
    """What a pause gives back, in whole seconds: rounded up, so that it costs nobody a moment."""
    return max(0, -((began - ended) // timedelta(seconds=1)))


def accepts(received: datetime, due: datetime, grace: int) -> bool:
    """True when what the server received at ``received`` still counts: not after ``due`` plus ``grace`` seconds."""
    return received <= due + timedelta(seconds=grace)


def may_be_folded(now: datetime, due: datetime, grace: int) -> bool:
    """True when nothing that counts can arrive any more."""
    return now > due + timedelta(seconds=grace)


def settled_at(due: datetime, late_bound: int, grace: int = 0) -> datetime:
    """When nothing is taken in any more, neither what counts (until the grace is over) nor late answers."""
    return due + timedelta(seconds=max(late_bound, grace))


def last_settled(timings: list[Timing], longest_extra: int = 0) -> datetime | None:
    """When the last sitting of a round can have settled, at the latest (None for no windows).

    ``longest_extra`` is the most extra time, in seconds, that any one sitting was given; pauses are in the windows' ends.
    """
    moments = [
        settled_at(
            t.closes + timedelta(seconds=longest_extra + (t.seconds if t.finish_after_window else 0)),
            t.late_bound,
            t.grace,
        )
        for t in timings
    ]
    return max(moments, default=None)


def phase(
    timing: Timing,
    now: datetime,
    progress: Progress | None = None,
    submitted: bool = False,
    paused_at: datetime | None = None,
) -> Phase:
    """Where the contestant stands at ``now``; ``progress`` is None before Start, ``paused_at`` where no pause lasts."""
    if progress is None:
        shown = standing(now, paused_at)
        if shown < timing.opens:
            return Phase.BEFORE
        return Phase.MAY_START if shown < timing.closes else Phase.MISSED
    return sitting_phase(now, deadline(timing, progress), timing.grace, timing.late_bound, submitted, paused_at)


def sitting_phase(
    now: datetime,
    due: datetime,
    grace: int,
    late_bound: int,
    submitted: bool = False,
    paused_at: datetime | None = None,
) -> Phase:
    """Where a sitting stands at ``now`` by its own deadline, which it keeps whatever becomes of its person's unit.

    A pause (since ``paused_at``) holds a sitting that was under way; what had ended before it goes on to settle.
    """
    shown = standing(now, paused_at)
    if submitted or may_be_folded(shown, due, grace):
        return Phase.SETTLED if now > settled_at(due, late_bound, grace) else Phase.ENDED
    return Phase.RUNNING if shown <= due else Phase.GRACE


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
    pauses: Sequence[Pause] = (),
) -> int:
    """Time used, in whole seconds rounded down, never negative.

    From the first question's acknowledged display (at most 30 s after Start; from Start itself where none was
    acknowledged, as without JavaScript) to ``ended``: the receipt of submit, or of the last change where nobody pressed it
    (None when nothing was ever changed: 0). ``pauses`` (begin and end of each, apart from one another) are taken out, as far
    as they lie between; none counts towards the 30 s.
    """
    if ended is None:
        return 0

    def run(moment: datetime) -> timedelta:
        """The time that had run for this sitting by ``moment``."""
        held = (min(end, moment) - max(begin, started) for begin, end in pauses)
        return moment - started - sum((length for length in held if length > timedelta(0)), timedelta(0))

    begun = min(run(first_display or started), timedelta(seconds=LONGEST_FIRST_DISPLAY))
    return max(0, (run(ended) - begun) // timedelta(seconds=1))
