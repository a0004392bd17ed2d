"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask

from contest.standings.jobs import PrepareStanding, clear_discarded
from core import jobs


def init_app(app: Flask) -> None:
    """The job that makes standings, and clearing away what unfinished ones left."""
    jobs.register(PrepareStanding())
    jobs.every(600, "standings.clear", clear_discarded)
