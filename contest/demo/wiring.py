"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask

from contest.demo import commands


def init_app(app: Flask) -> None:
    """The demo's commands, and its part before serving."""
    app.cli.add_command(commands.demo)

    def announce() -> None:
        with app.app_context():
            commands.before_serving()

    app.extensions.setdefault("before_serving", []).insert(0, announce)  # before anybody counts accounts
