"""Binds the room to the app."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import lazy_gettext as _l

from core.access import Action
from core.accounts.importing.batches import erase_old
from core.accounts.importing.commands import import_command, template_command
from core.accounts.importing.jobs import register_kinds
from core.accounts.importing.views import blueprint
from core.jobs import every
from core.organisation.page_links import add_page_link


def init_app(app: Flask) -> None:
    """Pages of imports, their kinds of jobs, and the commands ``units import``, ``people import``, ``people template``."""
    register_kinds()
    every(3600, "people.erase_old", erase_old)
    app.register_blueprint(blueprint)
    _add_commands(app)
    add_page_link(app, "people.index", _l("Nhập từ Excel"), "people_import.index", Action.PEOPLE_IMPORT, order=10)
    add_page_link(app, "units.index", _l("Nhập từ Excel"), "people_import.index", Action.UNITS_EDIT, order=10)


def _add_commands(app: Flask) -> None:
    """To the groups that the rooms of units and people have registered before, or to groups made here."""
    for name, commands in (("units", [import_command]), ("people", [import_command, template_command])):
        group = app.cli.commands.get(name)
        if not isinstance(group, click.Group):
            group = AppGroup(name)
            app.cli.add_command(group)
        for command in commands:
            group.add_command(command)
