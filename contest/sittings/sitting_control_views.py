"""What organisers do to one sitting: more time, handing it in, annulling it, taking that back. Each asks for a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.clock import may_be_folded, standing
from contest.sittings.control_forms import ReasonForm, SittingTimeForm
from contest.sittings.extra_time import Grant, give_one, was_given
from contest.sittings.handing_in import SittingRefused, annul, hand_in, reinstate, why_not_annulled
from contest.sittings.models import Sitting
from contest.sittings.staff_views import blueprint
from core.access import Action, authorise, current_actor, permits
from core.database import db, unit_of_work
from core.database.server_time import now


def sitting_actions(sitting: Sitting) -> set[str]:
    """The pages of this module that make sense for ``sitting`` now and are open to who asks, by their endpoints' names."""
    if not current_actor().may(Action.SITTING_CONTROL, sitting.entry.contest.unit.path):
        return set()
    undecided = why_not_annulled(sitting.round) is None
    if sitting.state == "annulled":
        return {"reinstate_sitting"} if undecided else set()
    actions = {"annul_sitting"} if undecided else set()
    if sitting.state == "open":
        actions.add("hand_in_sitting")
        shown = standing(now(), sitting.window.paused_at)
        if not may_be_folded(shown, sitting.deadline, sitting.grace_seconds):
            actions.add("sitting_time")
    return actions


@blueprint.context_processor
def _for_templates() -> dict[str, Any]:
    """A sitting's page shows its actions itself (``monitor/_sitting_actions.html``)."""
    return {"sitting_actions": sitting_actions}


def _controlled(public_id: str) -> Sitting:
    """The sitting with this public id, of a contest that who asks may run."""
    found = db.session.scalar(select(Sitting).where(Sitting.public_id == public_id)) or abort(404)
    authorise(Action.SITTING_CONTROL, found.entry.contest.unit.path)
    return found


def _back(sitting: Sitting) -> ResponseReturnValue:
    return redirect(url_for("monitor.sitting", public_id=sitting.public_id), 303)


def _page(template: str, sitting: Sitting, **more: Any) -> str:
    return render_template(
        template,
        sitting=sitting,
        person=sitting.entry.person,
        round=sitting.round,
        contest=sitting.entry.contest,
        back=url_for("monitor.sitting", public_id=sitting.public_id),
        **more,
    )


@blueprint.route("/luot-thi/<public_id>/them-gio", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def sitting_time(public_id: str) -> ResponseReturnValue:
    """Give one person more time."""
    sitting = _controlled(public_id)
    form = SittingTimeForm()
    if form.validate_on_submit():
        grant = Grant(form.key.data or "", (form.minutes.data or 0) * 60, (form.reason.data or "").strip(), now())
        known = was_given(grant)
        with unit_of_work():
            given = give_one(sitting, grant)
        if given:
            flash(_("Đã cho thêm %(minutes)s phút.", minutes=grant.minutes), "success")
        elif known:
            flash(_("Lần thêm giờ này đã ghi rồi. Muốn cho thêm nữa, xin mở lại trang."), "warn")
        else:
            flash(_("Bài đã hết giờ, đã nộp, hoặc đã được thêm đủ 3 giờ, nên không thêm được nữa."), "warn")
        return _back(sitting)
    if "sitting_time" not in sitting_actions(sitting):
        flash(_("Bài đã nộp hoặc đã hết giờ nên không thêm giờ được."), "warn")
        return _back(sitting)
    return _page("monitor/sitting_time.html", sitting, form=form)


def _ask(public_id: str, endpoint: str, act: Callable[[Sitting, str], object], words: dict[str, str]) -> ResponseReturnValue:
    """A page that asks for a reason, does ``act`` and goes back. ``words``: title, text, button, done, gone."""
    sitting = _controlled(public_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                act(sitting, (form.reason.data or "").strip())
        except SittingRefused as refusal:
            flash(str(refusal), "warn")
            return _back(sitting)
        flash(words["done"], "success")
        return _back(sitting)
    if endpoint not in sitting_actions(sitting):
        flash(why_not_annulled(sitting.round) or words["gone"], "warn")
        return _back(sitting)
    return _page("monitor/sitting_ask.html", sitting, form=form, words=words, danger=endpoint == "annul_sitting")


@blueprint.route("/luot-thi/<public_id>/nop-thay", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def hand_in_sitting(public_id: str) -> ResponseReturnValue:
    """Hand a sitting in for its person."""
    return _ask(
        public_id,
        "hand_in_sitting",
        hand_in,
        {
            "title": _("Nộp bài thay"),
            "text": _("Bài được nộp ngay với những câu đã lưu, và không mở lại được. Thí sinh thấy biên nhận như khi tự nộp."),
            "button": _("Nộp bài thay"),
            "done": _("Đã nộp bài thay."),
            "gone": _("Bài này không còn mở nên không nộp thay được."),
        },
    )


@blueprint.route("/luot-thi/<public_id>/huy", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def annul_sitting(public_id: str) -> ResponseReturnValue:
    """Annul a sitting."""
    return _ask(
        public_id,
        "annul_sitting",
        annul,
        {
            "title": _("Hủy lượt thi"),
            "text": _("Lượt thi này không tính nữa; bài và nhật ký vẫn giữ. Nếu ca thi còn mở, thí sinh được vào thi lại từ "
                      "đầu. Chừng nào thí sinh chưa thi lại và kết quả chưa xác nhận thì còn khôi phục được."),
            "button": _("Hủy lượt thi"),
            "done": _("Đã hủy lượt thi."),
            "gone": _("Lượt thi này đã hủy rồi."),
        },
    )  # fmt: skip


@blueprint.route("/luot-thi/<public_id>/khoi-phuc", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def reinstate_sitting(public_id: str) -> ResponseReturnValue:
    """Take an annulment back."""
    return _ask(
        public_id,
        "reinstate_sitting",
        reinstate,
        {
            "title": _("Khôi phục lượt thi"),
            "text": _("Lượt thi được tính lại như trước khi hủy. Bài chưa nộp mà còn giờ thì thí sinh làm tiếp được."),
            "button": _("Khôi phục lượt thi"),
            "done": _("Đã khôi phục lượt thi."),
            "gone": _("Lượt thi này không bị hủy."),
        },
    )
