"""Binds the room to the app."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

from core.access import set_actor_loader
from core.accounts import contestants, passwords, staff
from core.accounts.views import entrance, signing_in
from core.web.extensions import login_manager


def init_app(app: Flask) -> None:
    """Sign-in of staff and contestants, accounts, people, and their commands."""
    if app.testing:
        passwords.cheap_for_tests()
    app.extensions["staff_failures"] = staff.StaffFailures()
    app.extensions["slip_failures"] = contestants.SlipFailures()
    login_manager.user_loader(staff.load_user)
    # A phone's address changes between networks: the session is bound to the account's epoch instead.
    login_manager.session_protection = None
    set_actor_loader(staff.load_actor)
    app.before_request(signing_in.require_own_password)
    app.context_processor(_context)
    for blueprint in (signing_in.blueprint, signing_in.home_blueprint, entrance.blueprint):
        app.register_blueprint(blueprint)


def _context() -> dict[str, Any]:
    return {"sign_out_url": url_for("accounts.sign_out")}
