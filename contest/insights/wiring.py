"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from contest.insights.jobs import MakeStatistics, ask_where_due
from contest.insights.views import blueprint
from core import jobs
from core.access import Action
from core.web.navigation import add_item
from questions.statistics.stored import sweep


def init_app(app: Flask) -> None:
    """Pages, the job, and what the worker looks at now and then."""
    app.register_blueprint(blueprint)
    jobs.register(MakeStatistics())
    jobs.every(120, "insights.ask", ask_where_due)
    jobs.every(1800, "insights.sweep", sweep)
    add_item(app, _l("Thống kê câu hỏi"), "insights.index", Action.STATISTICS_VIEW, 65)
