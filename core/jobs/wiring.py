"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask

from core.jobs.commands import group, worker
from core.jobs.views import blueprint


def init_app(app: Flask) -> None:
    """Pages of jobs, and the commands ``worker`` and ``jobs``."""
    app.register_blueprint(blueprint)
    app.cli.add_command(worker)
    app.cli.add_command(group)
