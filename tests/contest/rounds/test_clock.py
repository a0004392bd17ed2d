"""The policy about time, by examples at its edges and by properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contest.rounds.clock import (
    Phase,
    Progress,
    Timing,
    accepts,
    deadline,
    last_settled,
    may_be_folded,
    phase,
    seconds_used,
    step_accepts,
)

EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NINE = EIGHT + timedelta(hours=1)
WINDOW = Timing(opens=EIGHT, closes=NINE, seconds=25 * 60)
MS = timedelta(milliseconds=1)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def test_a_sitting_lasts_its_minutes() -> None:
    assert deadline(WINDOW, Progress(at(10))) == at(35)


def test_the_window_cuts_a_late_start_short() -> None:
    assert deadline(WINDOW, Progress(at(50))) == NINE


def test_unless_the_rules_let_it_finish() -> None:
    generous = Timing(EIGHT, NINE, 25 * 60, finish_after_window=True)
    assert deadline(generous, Progress(at(50))) == at(75)


def test_extra_time_and_pauses_move_both_ends() -> None:
    after_a_pause = replace(WINDOW, closes=NINE + timedelta(seconds=60))
    assert deadline(after_a_pause, Progress(at(10), extra=300, paused=60)) == at(41)
    assert deadline(after_a_pause, Progress(at(50), extra=300, paused=60)) == NINE + timedelta(minutes=6)
    assert deadline(after_a_pause, Progress(at(50))) == NINE + timedelta(minutes=1), "who starts afterwards has it too"


def test_saves_around_the_deadline() -> None:
    due = at(35)
    assert accepts(due - MS, due, 5)
    assert accepts(due, due, 5)
    assert accepts(due + timedelta(seconds=5), due, 5)
    assert not accepts(due + timedelta(seconds=5) + MS, due, 5)


def test_nothing_is_folded_while_something_that_counts_may_still_arrive() -> None:
    due = at(35)
    assert not may_be_folded(due + timedelta(seconds=5), due, 5)
    assert may_be_folded(due + timedelta(seconds=5) + MS, due, 5)


def test_phases_of_a_morning() -> None:
    assert phase(WINDOW, EIGHT - MS) is Phase.BEFORE
    assert phase(WINDOW, EIGHT) is Phase.MAY_START
    assert phase(WINDOW, NINE - MS) is Phase.MAY_START
    assert phase(WINDOW, NINE) is Phase.MISSED
    sitting = Progress(at(10))
    assert phase(WINDOW, at(35), sitting) is Phase.RUNNING
    assert phase(WINDOW, at(35) + MS, sitting) is Phase.GRACE
    assert phase(WINDOW, at(35) + timedelta(seconds=6), sitting) is Phase.ENDED
    assert phase(WINDOW, at(20), sitting, submitted=True) is Phase.ENDED
    assert phase(WINDOW, at(45) + MS, sitting) is Phase.SETTLED


def test_a_step_with_its_own_clock_has_two_seconds_of_grace() -> None:
    assert step_accepts(at(0) + timedelta(seconds=22), at(0), 20)
    assert not step_accepts(at(0) + timedelta(seconds=22) + MS, at(0), 20)
    assert step_accepts(at(55), at(0), None)


def test_time_used_begins_with_the_first_display_but_at_most_half_a_minute_after_start() -> None:
    end = EIGHT + timedelta(minutes=10, milliseconds=999)
    assert seconds_used(EIGHT, EIGHT + timedelta(seconds=4), end) == 596
    assert seconds_used(EIGHT, EIGHT + timedelta(minutes=5), end) == 570
    assert seconds_used(EIGHT, None, end) == 600


def test_time_used_is_never_negative_and_nothing_without_a_change() -> None:
    assert seconds_used(EIGHT, at(5), at(0.25)) == 0
    assert seconds_used(EIGHT, EIGHT, None) == 0


def test_time_used_leaves_out_the_pauses_that_lie_in_it() -> None:
    assert seconds_used(EIGHT, EIGHT, at(20), [(at(3), at(8)), (at(10), at(11))]) == 14 * 60
    before_start, after_the_last_change = (at(-9), at(-1)), (at(12), at(15))
    assert seconds_used(EIGHT, EIGHT, at(10), [before_start, after_the_last_change]) == 10 * 60


def test_a_pause_before_the_first_display_neither_counts_nor_eats_the_half_minute() -> None:
    between = [(at(0.1), at(5.1))]
    assert seconds_used(EIGHT, at(5.2), at(10), between) == 10 * 60 - 5 * 60 - 12
    assert seconds_used(EIGHT, at(9), at(10), between) == 10 * 60 - 5 * 60 - 30


def test_a_round_settles_with_the_last_window() -> None:
    afternoon = Timing(EIGHT + timedelta(hours=6), NINE + timedelta(hours=6), 1500)
    assert last_settled([WINDOW, afternoon]) == NINE + timedelta(hours=6, minutes=10)
    assert last_settled([]) is None


moments = st.integers(-7200, 7200).map(lambda s: EIGHT + timedelta(seconds=s))


@given(
    start=st.integers(0, 3599),
    length=st.integers(60, 7200),
    first=st.integers(0, 3600),
    second=st.integers(0, 3600),
    finish=st.booleans(),
)
def test_more_time_never_brings_the_deadline_forward(
    start: int, length: int, first: int, second: int, finish: bool
) -> None:
    timing = Timing(EIGHT, NINE, length, finish)
    started = EIGHT + timedelta(seconds=start)
    plain = deadline(timing, Progress(started, first, 0))
    after_a_pause = replace(timing, closes=NINE + timedelta(seconds=second))
    assert deadline(after_a_pause, Progress(started, first, second)) == plain + timedelta(seconds=second)
    assert deadline(timing, Progress(started, 0, 0)) <= plain
    assert plain > started


@given(moments, moments)
def test_phases_never_go_backwards(one: datetime, other: datetime) -> None:
    order = [Phase.BEFORE, Phase.MAY_START, Phase.MISSED]
    earlier, later = sorted((one, other))
    assert order.index(phase(WINDOW, earlier)) <= order.index(phase(WINDOW, later))
    running = [Phase.RUNNING, Phase.GRACE, Phase.ENDED, Phase.SETTLED]
    sitting = Progress(EIGHT)
    assert running.index(phase(WINDOW, earlier, sitting)) <= running.index(phase(WINDOW, later, sitting))


def test_nothing_settles_while_a_save_may_still_count() -> None:
    strict = Timing(EIGHT, NINE, 25 * 60, grace=60, late_bound=0)
    assert last_settled([strict]) == NINE + timedelta(seconds=60)
    assert phase(strict, NINE + timedelta(seconds=30), Progress(at(50))) is Phase.GRACE
    assert phase(strict, NINE + timedelta(seconds=60) + MS, Progress(at(50))) is Phase.SETTLED
