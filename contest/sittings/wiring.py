"""Binds the room to the full app: contestants' pages and what happens by the clock."""

from __future__ import annotations

from flask import Flask

from contest.papers.making.measured import set_reader
from contest.sittings import (  # noqa: F401 (their views hang on the blueprint)
    control_views,
    evidence_views,
    late_views,
    sitting_control_views,
)
from contest.sittings.control import sweep
from contest.sittings.deadlines import close_settled_rounds, finalise_due
from contest.sittings.late_decisions import LateDecision
from contest.sittings.measured import measured_answers
from contest.sittings.offline import init_offline
from contest.sittings.staff_views import init_monitor
from contest.sittings.views import blueprint
from core import jobs
from core.database import db
from core.jobs.periodic import every


def init_app(app: Flask) -> None:
    """Register the pages and the periodic work."""
    app.register_blueprint(blueprint)
    init_offline(app)
    init_monitor(app)
    jobs.register(LateDecision())
    set_reader(app, measured_answers)
    every(2, "sittings.finalise", lambda: finalise_due(db.engine))
    every(3600, "sittings.control", lambda: sweep(db.engine))
    every(1, "rounds.close", close_settled_rounds)  # the organiser waits for it, to publish
