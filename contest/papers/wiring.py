"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from contest.papers import settings_views  # noqa: F401 (its views hang on the blueprint)
from contest.papers.commands import group
from contest.papers.making import change_views, print_views, set_views, views  # noqa: F401 (their views hang on the blueprint)
from contest.papers.making.asking import AssembleForms
from contest.papers.making.blueprint import blueprint as making
from contest.papers.printing.views import init_printing
from contest.papers.views import blueprint
from core.access import Action
from core.jobs import register
from core.web.navigation import add_item


def init_app(app: Flask) -> None:
    """Pages and commands of rounds, of how their papers are made, and of printing them."""
    app.register_blueprint(blueprint)
    app.register_blueprint(making)
    register(AssembleForms())
    add_item(app, _l("Đề thi"), "making.index", Action.PAPERS_MAKE, 15)
    app.cli.add_command(group)
    init_printing(app)
