"""Binds the room to the app."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from core.access import Action
from core.organisation.commands import units
from core.organisation.page_links import add_page_link
from core.organisation.views import blueprint
from core.web.navigation import add_item


def init_app(app: Flask) -> None:
    """Pages and commands of units."""
    app.register_blueprint(blueprint)
    app.cli.add_command(units)
    add_item(app, _l("Đơn vị"), "units.index", Action.UNITS_VIEW, order=20)
    add_page_link(app, "units.index", _l("Tải Excel"), "units.export", Action.UNITS_VIEW, order=90)
