"""Pages of staff accounts: who holds which role, first passwords, closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Action, Forbidden, Role, authorise, current_actor, label_of_role, permits, scopes_for
from core.accounts import grants, service, staff
from core.accounts.account_forms import AccountNameForm, NewAccountForm, RoleForm, TieForm
from core.accounts.grants import GrantError
from core.accounts.models import Account, RoleGrant
from core.accounts.service import AccountError
from core.database import unit_of_work
from core.organisation.forms import put_error
from core.web.tables import Listing

blueprint = Blueprint("staff_accounts", __name__, url_prefix="/quan-tri/tai-khoan")


def _scopes() -> tuple[str, ...]:
    return scopes_for(current_actor().grants, Action.ACCOUNTS_MANAGE)


@dataclass(frozen=True)
class HeldRole:
    """A role as a list shows it."""

    label: str
    unit: str
    public_id: str


def _held(account: Account) -> list[HeldRole]:
    """The roles of ``account`` that who asks may know of: those in their own subtrees."""
    actor = current_actor()
    return [
        HeldRole(str(label_of_role(Role(g.role))), g.unit.full_name, g.public_id)
        for g in staff.active_grants(account)
        if actor.may(Action.ACCOUNTS_MANAGE, g.unit.path)
    ]


def _found(public_id: str, *, whole: bool = False) -> Account:
    """The account; 404 when there is none, Forbidden unless some role lies within reach (``whole``: every role)."""
    account = service.account_by_public_id(public_id)
    if account is None:
        abort(404)
    actor = current_actor()
    reachable = any(actor.may(Action.ACCOUNTS_MANAGE, g.unit.path) for g in account.grants)
    if not reachable or (whole and not grants.may_manage(actor, account)):
        raise Forbidden(Action.ACCOUNTS_MANAGE)
    return account


def _is_own(account: Account) -> bool:
    return account.id == current_actor().account_id


@blueprint.get("")
@permits(Action.ACCOUNTS_MANAGE)
def index() -> ResponseReturnValue:
    """The accounts with a role in the person's subtrees."""
    listing = Listing.from_request({"ten": (Account.display_name, Account.id), "dang_nhap": (Account.username,)}, default="ten")
    page = listing.page(grants.accounts_within(_scopes(), listing.query))
    return render_template("accounts/accounts.html", listing=listing, page=page, held=_held)


@blueprint.route("/them", methods=["GET", "POST"])
@permits(Action.ACCOUNTS_MANAGE)
def create() -> ResponseReturnValue:
    """A new account with its first role; its first password is shown once."""
    form = NewAccountForm()
    if form.validate_on_submit() and form.unit.chosen is not None:
        authorise(Action.ACCOUNTS_MANAGE, form.unit.chosen.path)
        try:
            with unit_of_work():
                account, password = service.create_account(form.username.data or "", form.display_name.data or "")
                grants.grant_role(account, Role(form.role.data), form.unit.chosen)
        except AccountError as error:
            put_error(form, error)
        except GrantError as error:
            form.role.errors = [str(error)]
        else:
            return render_template("accounts/first_password.html", account=account, password=password, new=True)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/account_new.html", form=form), status


@blueprint.get("/<public_id>")
@permits(Action.ACCOUNTS_MANAGE)
def account(public_id: str) -> ResponseReturnValue:
    """One account."""
    return _page(_found(public_id))


def _page(shown: Account, **forms: Any) -> ResponseReturnValue:
    tie = forms.get("tie") or TieForm(formdata=None)
    if "tie" not in forms:
        tie.person.set_to(shown.person)
    return render_template(
        "accounts/account.html",
        account=shown,
        held=_held(shown),
        whole=grants.may_manage(current_actor(), shown),
        own=_is_own(shown),
        name_form=forms.get("name") or AccountNameForm(formdata=None, obj=shown),
        role_form=forms.get("role") or RoleForm(formdata=None),
        tie_form=tie,
    ), 422 if forms else 200


def _back(shown: Account) -> ResponseReturnValue:
    return redirect(url_for("staff_accounts.account", public_id=shown.public_id), 303)


@blueprint.post("/<public_id>/ten")
@permits(Action.ACCOUNTS_MANAGE)
def rename(public_id: str) -> ResponseReturnValue:
    """Another name on the pages."""
    shown = _found(public_id, whole=True)
    form = AccountNameForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.rename_account(shown, form.display_name.data or "")
        except AccountError as error:
            put_error(form, error)
        else:
            flash(_("Đã lưu họ và tên."), "success")
            return _back(shown)
    return _page(shown, name=form)


@blueprint.post("/<public_id>/vai-tro")
@permits(Action.ACCOUNTS_MANAGE)
def give(public_id: str) -> ResponseReturnValue:
    """One more role, within the person's own subtrees. Nobody gives themselves one: an organiser would see the bank."""
    shown = _found(public_id)
    form = RoleForm()
    if form.validate_on_submit() and form.unit.chosen is not None:
        authorise(Action.ACCOUNTS_MANAGE, form.unit.chosen.path)
        try:
            if _is_own(shown):
                raise GrantError(_("Không tự giao vai trò cho mình; xin nhờ một đồng chí khác trong ban tổ chức."))
            with unit_of_work():
                grants.grant_role(shown, Role(form.role.data), form.unit.chosen)
        except GrantError as error:
            form.role.errors = [str(error)]
        else:
            flash(_("Đã giao vai trò."), "success")
            return _back(shown)
    return _page(shown, role=form)


@blueprint.post("/<public_id>/vai-tro/<grant_id>/thu-hoi")
@permits(Action.ACCOUNTS_MANAGE)
def revoke(public_id: str, grant_id: str) -> ResponseReturnValue:
    """Take a role away. One's own is another organiser's to take, so that nobody locks themselves out."""
    shown = _found(public_id)
    grant: RoleGrant | None = grants.grant_by_public_id(grant_id)
    if grant is None or grant.account_id != shown.id:
        abort(404)
    authorise(Action.ACCOUNTS_MANAGE, grant.unit.path)
    if _is_own(shown):
        flash(_("Đồng chí không tự thu hồi vai trò của mình được. Xin nhờ người khác trong ban tổ chức."), "error")
        return _back(shown)
    with unit_of_work():
        grants.revoke_role(grant)
    flash(_("Đã thu hồi vai trò."), "success")
    return _back(shown)


@blueprint.post("/<public_id>/mat-khau")
@permits(Action.ACCOUNTS_MANAGE)
def reset_password(public_id: str) -> ResponseReturnValue:
    """A new first password, shown once; every session of the account ends."""
    shown = _found(public_id, whole=True)
    if _is_own(shown):
        return redirect(url_for("accounts.password"), 303)
    with unit_of_work():
        password = service.reset_password(shown)
    return render_template("accounts/first_password.html", account=shown, password=password, new=False)


@blueprint.post("/<public_id>/khoa")
@permits(Action.ACCOUNTS_MANAGE)
def deactivate(public_id: str) -> ResponseReturnValue:
    """Nobody signs in with the account any more."""
    shown = _found(public_id, whole=True)
    if _is_own(shown):
        flash(_("Đồng chí không tự khóa tài khoản của mình được."), "error")
        return _back(shown)
    with unit_of_work():
        service.deactivate(shown)
    flash(_("Đã khóa tài khoản. Người đang dùng bị thoát ngay."), "success")
    return _back(shown)


@blueprint.post("/<public_id>/mo")
@permits(Action.ACCOUNTS_MANAGE)
def activate(public_id: str) -> ResponseReturnValue:
    """The account may be used again."""
    shown = _found(public_id, whole=True)
    with unit_of_work():
        service.activate(shown)
    flash(_("Đã mở lại tài khoản."), "success")
    return _back(shown)


@blueprint.post("/<public_id>/nguoi-du-thi")
@permits(Action.ACCOUNTS_MANAGE)
def tie(public_id: str) -> ResponseReturnValue:
    """The holder is also on a unit's list (an empty field: is not)."""
    shown = _found(public_id, whole=True)
    form = TieForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                service.tie_to_person(shown, form.person.chosen)
        except GrantError as error:
            form.person.errors = [str(error)]
        else:
            flash(_("Đã lưu."), "success")
            return _back(shown)
    return _page(shown, tie=form)
