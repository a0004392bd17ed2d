"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask

from contest.papers import settings_views  # noqa: F401 (its views hang on the blueprint)
from contest.papers.commands import group
from contest.papers.printing.views import init_printing
from contest.papers.views import blueprint


def init_app(app: Flask) -> None:
    """Pages and commands of rounds, and printing their papers."""
    app.register_blueprint(blueprint)
    app.cli.add_command(group)
    init_printing(app)
