"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask

from core.jobs import clock_watch
from core.jobs.clock_commands import clock
from core.jobs.commands import group, worker
from core.jobs.periodic import every
from core.jobs.views import blueprint


def init_app(app: Flask) -> None:
    """Pages of jobs, the watch over the clock, and the commands ``worker``, ``jobs`` and ``clock``."""
    app.register_blueprint(blueprint)
    app.cli.add_command(worker)
    app.cli.add_command(group)
    app.cli.add_command(clock)
    every(clock_watch.EVERY, "clock.watch", clock_watch.watch, on_every_machine=True)
