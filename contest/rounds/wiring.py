"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from contest.rounds.checks import objection_to_role
from contest.rounds.commands import group
from contest.rounds.jobs import EnterPeople, enter_imported
from contest.rounds.next_round import next_round
from contest.rounds.slip_views import init_slips
from contest.rounds.views import contests, entries, public, windows  # noqa: F401 (their views hang on the blueprints)
from contest.rounds.views.blueprint import blueprint
from contest.rounds.views.help import init_help
from core import jobs
from core.access import Action
from core.accounts.contestants import add_entry_notice
from core.accounts.grants import add_grant_check
from core.accounts.importing.bringing import add_import_listener
from core.web.navigation import add_item


def init_app(app: Flask) -> None:
    """Pages of contests, the first page, the job that enters people, the check of roles, commands."""
    app.register_blueprint(blueprint)
    app.register_blueprint(public.blueprint)
    jobs.register(EnterPeople())
    init_slips(app)
    init_help(app)
    add_grant_check(app, objection_to_role)
    add_entry_notice(app, next_round)
    app.cli.add_command(group)
    add_item(app, _l("Hội thi"), "contests.index", Action.CONTEST_VIEW, 10, also=("rounds", "monitor"))
    add_import_listener(enter_imported)
