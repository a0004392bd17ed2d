"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from contest.sittings.handing_in import add_annulment_check
from contest.sittings.late import add_take_back_check
from contest.standings.commands import group
from contest.standings.exporting import ExportStanding, PublicFile, discard_old_exports
from contest.standings.jobs import PrepareStanding, clear_discarded
from contest.standings.service import confirmed_since, objection_to_annulment
from contest.standings.views import places, rounds, versions  # noqa: F401 (their views hang on the blueprints)
from contest.standings.views.blueprint import blueprint
from core import jobs
from core.access import Action
from core.web.navigation import add_item


def init_app(app: Flask) -> None:
    """Pages for staff and contestants, jobs, commands."""
    app.register_blueprint(blueprint)
    app.register_blueprint(places.blueprint)
    jobs.register(PrepareStanding())
    jobs.register(ExportStanding())
    jobs.register(PublicFile())
    jobs.every(600, "standings.clear", clear_discarded)
    jobs.every(1800, "standings.discard_exports", discard_old_exports)
    app.cli.add_command(group)
    add_annulment_check(app, objection_to_annulment)
    add_take_back_check(app, confirmed_since)
    add_item(app, _l("Kết quả"), "standings.index", Action.STANDING_VIEW, 60)
