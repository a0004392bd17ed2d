"""The policy about time against a naive oracle that counts seconds, over every order of events.

``ByClock`` does with each event what the platform does and asks ``clock`` alone; ``Counting`` knows no dates at all: it
counts seconds down, one after another. Both are compared at every second, and around every second by a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.rounds.clock import (
    STEP_GRACE_SECONDS,
    Phase,
    Progress,
    Timing,
    accepts,
    deadline,
    may_be_folded,
    pause_seconds,
    phase,
    seconds_used,
    settled_at,
    sitting_phase,
    standing,
    step_accepts,
)

OPENS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND, MS = timedelta(seconds=1), timedelta(milliseconds=1)


def at(second: float) -> datetime:
    return OPENS + timedelta(seconds=second)


@dataclass
class ByClock:
    """One entry in one window, as the platform handles it: every decision is asked of the clock."""

    timing: Timing
    progress: Progress | None = None
    due: datetime | None = None
    paused_at: datetime | None = None
    submitted: datetime | None = None
    changed: datetime | None = None
    displayed: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    def phase(self, now: datetime) -> Phase:
        if self.due is None:
            return phase(self.timing, now, paused_at=self.paused_at)
        submitted = self.submitted is not None
        return sitting_phase(now, self.due, self.timing.grace, self.timing.late_bound, submitted, self.paused_at)

    def _under_way(self, now: datetime) -> bool:
        if self.due is None or self.submitted is not None:
            return False
        return not may_be_folded(standing(now, self.paused_at), self.due, self.timing.grace)

    def _move(self, now: datetime, **added: int) -> None:
        if self.progress is None or not self._under_way(now):
            return
        changed = {name: getattr(self.progress, name) + seconds for name, seconds in added.items()}
        self.progress = replace(self.progress, **changed)
        self.due = deadline(self.timing, self.progress)

    def start(self, now: datetime) -> None:
        if self.progress is None and self.paused_at is None and self.phase(now) is Phase.MAY_START:
            self.progress = Progress(now)
            self.due = deadline(self.timing, self.progress)

    def counts(self, now: datetime) -> bool:
        if self.due is None or self.submitted is not None or self.paused_at is not None:
            return False
        return accepts(now, self.due, self.timing.grace)

    def save(self, now: datetime) -> bool:
        if not self.counts(now):
            return False
        self.displayed = self.displayed or now
        self.changed = now
        return True

    def submit(self, now: datetime) -> bool:
        if self.paused_at is not None or not self._under_way(now):
            return False
        self.submitted = now
        return True

    def pause(self, now: datetime) -> None:
        self.paused_at = self.paused_at or now

    def resume(self, now: datetime) -> None:
        if self.paused_at is not None:
            seconds = pause_seconds(self.paused_at, now)
            self.timing = replace(self.timing, closes=self.timing.closes + seconds * SECOND)
            self._move(now, paused=seconds)
            self.pauses.append((self.paused_at, now))
            self.paused_at = None

    def extra(self, now: datetime) -> None:
        self._move(now, extra=7)

    def window(self, now: datetime) -> None:
        if standing(now, self.paused_at) < self.timing.closes:
            self.timing = replace(self.timing, closes=self.timing.closes + 11 * SECOND)
            self._move(now)

    def used(self) -> int:
        assert self.progress is not None
        return seconds_used(self.progress.started, self.displayed, self.submitted or self.changed, self.pauses)


@dataclass
class Counting:
    """The same in a village hall with a bell and tally marks: seconds are counted down, no moment is ever computed.

    ``window_left``: of the window; ``own_left``, ``mine_left``: of the own time and of the window for the one who sits; all
    stand in a pause. ``ran``: seconds sat, pauses out.
    """

    window_left: int
    length: int
    finish: bool
    grace: int
    late: int
    own_left: int | None = None
    mine_left: int = 0
    ran: int = 0
    displayed: int | None = None
    changed: int | None = None
    paused: bool = False
    submitted: bool = False
    over: bool = False

    def tick(self) -> None:
        if not self.paused:
            self.window_left -= 1
        if self.own_left is not None and not (self.paused and self.under_way()):
            self.own_left -= 1
            self.mine_left -= 1
            self.ran += 1
            self.over = self.over or self.left() < -self.grace

    def left(self) -> int:
        assert self.own_left is not None
        return self.own_left if self.finish else min(self.own_left, self.mine_left)

    def under_way(self) -> bool:
        return self.own_left is not None and not self.submitted and not self.over

    def counts(self, a_moment_later: bool = False) -> bool:
        """Does a save count now, or one millisecond after now?"""
        return self.under_way() and not self.paused and self.left() >= -self.grace + a_moment_later

    def phase(self) -> Phase:
        if self.own_left is None:
            return Phase.MAY_START if self.window_left > 0 else Phase.MISSED
        if self.left() < -max(self.late, self.grace):
            return Phase.SETTLED
        if self.submitted or self.over:
            return Phase.ENDED
        return Phase.RUNNING if self.left() >= 0 else Phase.GRACE

    def start(self) -> None:
        if self.own_left is None and not self.paused and self.window_left > 0:
            self.own_left, self.mine_left = self.length, self.window_left

    def save(self) -> bool:
        if not self.counts():
            return False
        self.displayed = self.ran if self.displayed is None else self.displayed
        self.changed = self.ran
        return True

    def submit(self) -> bool:
        if not self.counts():
            return False
        self.submitted = True
        self.changed = self.ran
        return True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def extra(self) -> None:
        if self.under_way() and self.own_left is not None:
            self.own_left += 7
            self.mine_left += 7

    def window(self) -> None:
        if self.window_left > 0:
            self.window_left += 11
            if self.under_way():
                self.mine_left += 11

    def used(self) -> int:
        return 0 if self.changed is None else self.changed - min(self.displayed or 0, 30)


EVENTS = ("start", "save", "submit", "pause", "resume", "extra", "window")
#: Some of the events of a morning, in any order and repeated, each so many seconds after the one before; starts and saves
#: more often than the rest, so that most mornings have a sitting in them.
mornings = st.lists(
    st.tuples(st.integers(0, 25), st.sampled_from((*EVENTS, "start", "save", "save", "resume"))), max_size=30
)


@settings(max_examples=400)
@given(
    mornings, st.integers(1, 60), st.integers(1, 50), st.booleans(), st.sampled_from((0, 2, 5)), st.sampled_from((0, 3, 15))
)
def test_every_order_of_events_is_what_counting_seconds_says(
    morning: list[tuple[int, str]], closes: int, length: int, finish: bool, grace: int, late: int
) -> None:
    clock = ByClock(Timing(OPENS, at(closes), length, finish, grace, late))
    counting = Counting(closes, length, finish, grace, late)
    second = 0
    for gap, event in (*morning, (90, "resume"), (90, "save")):
        for _ in range(gap):
            assert clock.counts(at(second) + MS) == counting.counts(a_moment_later=True)
            second += 1
            counting.tick()
            assert clock.phase(at(second)) is counting.phase(), (second, clock)
            assert clock.counts(at(second) - MS) == clock.counts(at(second)) == counting.counts(), (second, clock)
        assert getattr(clock, event)(at(second)) == getattr(counting, event)()
        assert clock.phase(at(second)) is counting.phase(), (second, event, clock)
    if clock.progress is not None:
        assert clock.used() == counting.used()


deadlines = st.builds(
    Timing, opens=st.just(OPENS), closes=st.integers(1, 7200).map(at), seconds=st.integers(1, 7200),
    finish_after_window=st.booleans(), grace=st.integers(0, 60), late_bound=st.integers(0, 1200),
)  # fmt: skip


@given(deadlines, st.integers(0, 7199), st.integers(0, 600), st.integers(0, 600))
def test_the_race_at_the_deadline_is_decided_to_the_millisecond(
    timing: Timing, started: int, extra: int, paused: int
) -> None:
    due = deadline(timing, Progress(at(started), extra, paused))
    end = due + timing.grace * SECOND
    for moment, counts in ((due - MS, True), (due, True), (end, True), (end + MS, False)):
        assert accepts(moment, due, timing.grace) is counts
        assert may_be_folded(moment, due, timing.grace) is not counts  # the fold never takes what may still arrive
        ended = sitting_phase(moment, due, timing.grace, timing.late_bound) in (Phase.ENDED, Phase.SETTLED)
        assert ended is not counts
    last = settled_at(due, timing.late_bound, timing.grace)
    assert sitting_phase(last, due, timing.grace, timing.late_bound) is not Phase.SETTLED
    assert sitting_phase(last + MS, due, timing.grace, timing.late_bound) is Phase.SETTLED


@given(st.integers(0, 600), st.integers(1, 600), st.lists(st.integers(0, 120), max_size=4))
def test_a_step_ends_two_seconds_after_its_own_time_whatever_was_added(opened: int, length: int, added: list[int]) -> None:
    left = length
    for seconds in added:
        left += seconds
    end = at(opened) + left * SECOND + STEP_GRACE_SECONDS * SECOND
    for moment, counts in ((end - MS, True), (end, True), (end + MS, False)):
        assert step_accepts(moment, at(opened), length, moved=sum(added)) is counts


@pytest.mark.parametrize(("milliseconds", "given_back"), [(0, 0), (1, 1), (1000, 1), (1001, 2), (-5000, 0)])
def test_a_pause_gives_back_its_seconds_rounded_up(milliseconds: int, given_back: int) -> None:
    assert pause_seconds(OPENS, OPENS + milliseconds * MS) == given_back


def test_the_clock_of_a_paused_window_stands() -> None:
    assert standing(at(50), None) == at(50)
    assert standing(at(50), at(20)) == at(20)
    assert standing(at(10), at(20)) == at(10)
