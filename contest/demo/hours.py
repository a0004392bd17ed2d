"""Hanoi's hours of the sample rounds. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

#: When the districts sit the finished round: the first of the plan in the morning, the second afterwards.
FINISHED_HOURS = ((time(8, 0), time(9, 0)), (time(14, 0), time(15, 0)))

#: The open round closes at 23:00, but never sooner than this after it opened.
SHORTEST_OPEN = timedelta(hours=6)
EVENING = time(23, 0)


def at(day: datetime, hour: time) -> datetime:
    """``hour`` in Hanoi on the day of ``day``."""
    return datetime.combine(day.astimezone(HANOI).date(), hour, HANOI)


def open_hours(moment: datetime) -> tuple[datetime, datetime]:
    """From the last five minutes' mark before ``moment`` until 23:00, or later where that were too soon."""
    local = moment.astimezone(HANOI).replace(second=0, microsecond=0)
    opens = local - timedelta(minutes=local.minute % 5)
    hour = (local + SHORTEST_OPEN + timedelta(minutes=59)).replace(minute=0)
    return opens, max(at(local, EVENING), hour)
