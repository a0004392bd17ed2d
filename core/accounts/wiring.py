"""Binds the room to the app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select

from core.access import Action, set_actor_loader
from core.accounts import commands, contestants, passwords, staff
from core.accounts.models import Account, Person
from core.accounts.views import accounts, audit, entrance, people, signing_in
from core.audit.commands import records
from core.database import db
from core.organisation.figures import Figure, add_figure
from core.organisation.models import Unit
from core.organisation.page_links import add_page_link
from core.organisation.tree import under
from core.web.extensions import login_manager
from core.web.navigation import add_item


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
    for module in (signing_in, entrance, people, accounts, audit):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(signing_in.home_blueprint)
    app.cli.add_command(commands.accounts)
    app.cli.add_command(commands.people)
    app.cli.add_command(records)
    app.extensions.setdefault("before_serving", []).append(_say_how_to_begin)
    add_item(app, _l("Thí sinh"), "people.index", Action.PEOPLE_VIEW, order=30)
    add_item(app, _l("Tài khoản"), "staff_accounts.index", Action.ACCOUNTS_MANAGE, order=80)
    add_page_link(app, "people.index", _l("Tải Excel"), "people.export", Action.PEOPLE_VIEW, order=90)
    add_figure(app, Figure(_l("Thí sinh"), _people_by_unit))


def _say_how_to_begin() -> None:
    """An installation without accounts: nobody could sign in, so the one who starts it is told what to do."""
    if db.session.scalar(select(func.count()).select_from(Account)):
        return
    click.echo("Chưa có tài khoản nào. Tài khoản đầu tiên của ban tổ chức lập bằng lệnh:")
    click.echo(
        '  python run.py accounts create --username TÊN --name "HỌ TÊN" --role organiser --unit "ĐƠN VỊ" --create-unit'
    )


def _people_by_unit(path: str) -> Iterable[tuple[str, int]]:
    statement = (
        select(Unit.path, func.count())
        .join(Person, Person.unit_id == Unit.id)
        .where(under(path), Person.active, Person.visible)
        .group_by(Unit.path)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _context() -> dict[str, Any]:
    return {"sign_out_url": url_for("accounts.sign_out"), "staff_links": _staff_links}


def _staff_links() -> list[tuple[str, str]]:
    """What every signed-in member of staff finds at the foot of a page, whatever their role."""
    if not current_user.is_authenticated:
        return []
    return [
        *([(_("Nhật ký"), url_for("audit.index"))] if audit.may_read() else []),
        (_("Việc đang làm"), url_for("jobs.index")),
        (_("Đổi mật khẩu"), url_for("accounts.password")),
    ]
