"""The finished round's leaderboard: prepared by one person, confirmed by a second, published."""

from __future__ import annotations

from contest.rounds.models import Round
from core.database.server_time import ManualClock


def publish_finished_round(round_: Round, clock: ManualClock) -> None:
    """Publish the leaderboard of ``round_`` unless one was ever prepared; ``clock`` is moved on between the steps."""
