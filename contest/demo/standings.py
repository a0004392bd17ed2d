"""The finished round's leaderboard: prepared by one person, confirmed by a second, published."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from contest.demo.accounts import acting_as
from contest.demo.hours import at
from contest.rounds.models import Round
from contest.standings import publishing, service
from contest.standings.models import Standing
from core.database import unit_of_work
from core.database.server_time import ManualClock
from core.jobs import run_now


class NotPrepared(RuntimeError):
    """The job that makes the leaderboard did not come to its end; the text is its message."""


def publish_finished_round(round_: Round, clock: ManualClock) -> Standing:
    """Publish the leaderboard of ``round_`` unless it has one already (a withdrawn one stays withdrawn).

    ``clock`` is moved on: confirmed and published on the morning after the round.
    """
    standing = service.newest(round_) or _prepare(round_)
    if standing.state == "draft":
        clock.moment = max(clock.moment, at(_day_after(round_), time(8, 15)))
        with unit_of_work(), acting_as("checker") as checker:
            publishing.confirm(standing, checker)
    if standing.state == "confirmed":
        clock.moment = max(clock.moment, at(_day_after(round_), time(9, 0)))
        with unit_of_work(), acting_as("organiser") as organiser:
            publishing.publish(standing, organiser)
    return standing


def _prepare(round_: Round) -> Standing:
    """Make the first version here and now, by the same job that the worker would do."""
    job = service.running_job(round_)
    if job is None:
        with unit_of_work(), acting_as("organiser"):
            job = service.prepare(round_)
    job = run_now(job.id)
    standing = service.newest(round_)
    if standing is None:
        raise NotPrepared(job.message)
    return standing


def _day_after(round_: Round) -> datetime:
    return max(w.closes_at for w in round_.windows) + timedelta(days=1)
