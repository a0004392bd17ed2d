"""Staff: signing in and out, one's own password, and the page that leads on."""

from __future__ import annotations

import math

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Action, permits, public
from core.access.routes import access_of
from core.accounts import service, staff
from core.accounts.forms import PasswordForm, SignInForm
from core.database import unit_of_work
from core.web.navigation import visible_items

blueprint = Blueprint("accounts", __name__)
home_blueprint = Blueprint("staff", __name__)


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """User name and password; what was asked for before (``tiep``) follows."""
    target = staff.local_target(request.args.get("tiep"))
    if request.method == "GET" and staff.current_account() is not None:
        return redirect(target or url_for("staff.home"))
    form = SignInForm()
    username, secret = form.username.data or "", form.password.data or ""
    status = 200
    if form.validate_on_submit():
        wait = staff.wait_before_trying(username)
        if wait:
            minutes = math.ceil(wait / 60)
            form.form_errors.append(_("Đã nhập sai nhiều lần. Xin đợi %(minutes)s phút rồi đăng nhập lại.", minutes=minutes))
            status = 429
        elif (account := staff.authenticate(username, secret)) is None:
            form.form_errors.append(
                _("Tên đăng nhập hoặc mật khẩu không đúng. Xin xem lại, hoặc nhờ ban tổ chức đặt lại mật khẩu.")
            )
            status = 401
        elif not staff.active_grants(account):
            form.form_errors.append(_("Tài khoản này chưa được giao việc. Xin đề nghị ban tổ chức giao quyền."))
            status = 403
        else:
            with unit_of_work():
                staff.begin_session(account, secret)
            return redirect(target or url_for("staff.home"), 303)
    return render_template("accounts/sign_in.html", form=form), status


@blueprint.post("/dang-xuat")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    staff.end_session()
    flash(_("Đồng chí đã thoát."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.route("/quan-tri/mat-khau", methods=["GET", "POST"])
@permits(Action.STAFF_HOME)
def password() -> ResponseReturnValue:
    """One's own password; a new one signs the account out everywhere else."""
    account = staff.current_account()
    assert account is not None
    form = PasswordForm()
    if form.validate_on_submit():
        with unit_of_work():
            service.change_password(account, form.new.data or "")
        staff.enter(account)
        flash(_("Đã đổi mật khẩu. Các máy khác đang dùng tài khoản này phải đăng nhập lại."), "success")
        return redirect(url_for("staff.home"), 303)
    return render_template("accounts/password.html", form=form, forced=account.must_change_password)


@home_blueprint.get("/quan-tri")
@permits(Action.STAFF_HOME)
def home() -> ResponseReturnValue:
    """The first page that the person's roles open; a calm one when there is none yet."""
    items = visible_items()
    if items:
        return redirect(items[0].url)
    return render_template("accounts/home.html")


def require_own_password() -> ResponseReturnValue | None:
    """Whoever still has the password that was given to them chooses their own before anything else."""
    view = current_app.view_functions.get(request.endpoint or "")
    if access_of(view) in (None, "public", "contestant") or request.endpoint == "accounts.password":
        return None
    account = staff.current_account()
    if account is not None and account.must_change_password:
        return redirect(url_for("accounts.password"), 303)
    return None
