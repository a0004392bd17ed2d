"""Contestants: the code of the slip, "is this you?", and making room for the next person."""

from __future__ import annotations

import math

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import public
from core.accounts import contestants, slips

blueprint = Blueprint("contestants", __name__, url_prefix="/thi")


@blueprint.get("")
@public
def enter() -> ResponseReturnValue:
    """Where the code is typed, or comes from the QR in the address's fragment. Looking signs nobody in."""
    return _page("")


@blueprint.post("")
@public
def check() -> ResponseReturnValue:
    """Whose slip is it? A right code is never limited; a wrong one is told what to do."""
    code = slips.clean(request.form.get("ma", ""))
    person = contestants.person_with_code(code)
    if person is not None:
        contestants.ask_to_confirm(person)
        return redirect(url_for("contestants.confirm"), 303)
    if not code:
        return _page("", _("Xin nhập 16 số trên phiếu dự thi.")), 422
    wait = contestants.note_failure()
    typed = request.form.get("ma", "")[:40]
    hotline = current_app.config["SETTINGS"].hotline
    if wait:
        return _page(
            typed,
            _(
                "Đã nhập sai nhiều lần. Xin đợi %(minutes)s phút, hoặc gọi ban tổ chức: %(phone)s.",
                minutes=math.ceil(wait / 60),
                phone=hotline,
            ),
        ), 429
    if len(code) != slips.LENGTH or not code.isdigit():
        message = _("Mã gồm đúng 16 chữ số, chia thành bốn nhóm. Xin xem lại phiếu rồi nhập đủ.")
    elif not slips.is_well_formed(code):
        message = _("Có số gõ nhầm. Xin so từng nhóm bốn số với phiếu rồi sửa lại.")
    else:
        message = _(
            "Mã không đúng, hoặc phiếu đã được thay bằng phiếu mới. Xin xem lại, hoặc gọi ban tổ chức: %(phone)s.",
            phone=hotline,
        )
    return _page(typed, message), 422


def _page(typed: str, error: str = "") -> str:
    return render_template(
        "accounts/enter.html",
        typed=typed,
        error=error,
        present=contestants.current_person(),
        lobby=contestants.LOBBY,
        notices=contestants.entry_notices(),
    )


@blueprint.route("/xac-nhan", methods=["GET", "POST"])
@public
def confirm() -> ResponseReturnValue:
    """ "Is this you?" Saying so begins the contestant's session and notes the device."""
    person = contestants.pending_person()
    if person is None:
        return redirect(url_for("contestants.enter"), 303)
    if request.method != "POST":
        return render_template("accounts/confirm.html", person=person)
    if "khong_phai" in request.form:
        contestants.drop_pending()
        return redirect(url_for("contestants.enter"), 303)
    device = contestants.enter(person)
    response = make_response(redirect(contestants.LOBBY, 303))
    contestants.keep_device(response, device)
    return response


@blueprint.post("/roi-may")
@public
def next_person() -> ResponseReturnValue:
    """ "Người tiếp theo" on a shared phone: nothing of who was in stays in the browser."""
    contestants.leave()
    response = make_response(redirect(url_for("contestants.enter"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
