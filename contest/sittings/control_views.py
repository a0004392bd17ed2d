"""What organisers do to a round while it runs: messages, extra time for windows, pauses, later ends. Each has a page of its
own, so that nothing happens by a slip of the finger."""

from __future__ import annotations

import time
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.rounds.models import Round, Window
from contest.rounds.reach import round_or_404, window_or_404
from contest.rounds.service import round_rules
from contest.sittings.control_forms import MessageForm, MoveEndForm, PauseForm, WindowForm, WindowTimeForm
from contest.sittings.extending import WindowOver, extend_window
from contest.sittings.extra_time import BATCH, GAP, Grant, begin_for_window, end_for_window, give, waiting_for, was_given
from contest.sittings.messages import newest_number, notices_of, send_message
from contest.sittings.models import Sitting
from contest.sittings.pausing import may_be_paused, pause_windows, resume_windows
from contest.sittings.staff_views import blueprint
from core.access import Action, authorise, permits
from core.database import db, unit_of_work
from core.database.server_time import now
from core.web.filters import show_duration, show_number


def _running_round(public_id: str) -> Round:
    """A round that is open, of a contest that who asks may run; 404 for one that is being prepared."""
    round_ = round_or_404(public_id)
    authorise(Action.SITTING_CONTROL, round_.contest.unit.path)
    if round_.state == "draft":
        abort(404)
    return round_


def _back(round_: Round) -> ResponseReturnValue:
    return redirect(url_for("monitor.show", public_id=round_.public_id), 303)


def _page(template: str, round_: Round, form: WindowForm, **more: Any) -> str:
    return render_template(
        template,
        round=round_,
        contest=round_.contest,
        form=form,
        back=url_for("monitor.show", public_id=round_.public_id),
        **more,
    )


def _offer(form: WindowForm, windows: list[Window], all_label: str) -> None:
    """The form's choices; the page of a window's own line in the table comes with that window chosen."""
    form.offer(windows, all_label)
    wanted = request.args.get("ca")
    if request.method == "GET" and wanted in dict(form.window.choices):  # type: ignore[arg-type]
        form.window.data = wanted


@blueprint.route("/vong-thi/<public_id>/nhan-tat-ca", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def message(public_id: str) -> ResponseReturnValue:
    """Tell everybody who sits something; what was told before stands below."""
    round_ = _running_round(public_id)
    windows = list(round_.windows)
    form = MessageForm()
    _offer(form, windows, _("Mọi ca thi của vòng"))
    if request.method == "GET":
        form.after.data = newest_number(round_)
    if round_.state == "open" and form.validate_on_submit():
        (window,) = form.chosen(windows) if len(form.chosen(windows)) == 1 and len(windows) > 1 else (None,)
        with unit_of_work():
            sent = send_message(round_, window, form.title.data or "", form.text.data or "", form.after.data or 0)
        told = _("Đã gửi. Máy của thí sinh hiện tin trong ít giây.") if sent else _("Tin này vừa gửi rồi, không gửi lại.")
        flash(told, "success" if sent else "warn")
        return _back(round_)
    sitting = db.session.scalar(
        select(func.count()).select_from(Sitting).where(Sitting.round_id == round_.id, Sitting.state == "open")
    )
    names = {window.public_id: window.unit.name for window in windows}
    return _page("monitor/message.html", round_, form, notices=notices_of(round_), names=names, sitting=sitting)


@blueprint.route("/vong-thi/<public_id>/tam-dung", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def pause(public_id: str) -> ResponseReturnValue:
    """Pause one window, or all that go on, for a reason that contestants read."""
    round_ = _running_round(public_id)
    moment = now()
    windows = [window for window in round_.windows if may_be_paused(window, moment)]
    if not windows:
        flash(_("Không có ca thi nào đang diễn ra để tạm dừng."), "warn")
        return _back(round_)
    form = PauseForm()
    _offer(form, windows, _("Mọi ca đang thi"))
    if form.validate_on_submit():
        with unit_of_work():
            paused = pause_windows(form.chosen(windows), (form.reason.data or "").strip())
        flash(_("Đã tạm dừng %(count)s ca thi. Đồng hồ của thí sinh đứng lại.", count=len(paused)), "success")
        return _back(round_)
    return _page("monitor/pause.html", round_, form)


@blueprint.route("/vong-thi/<public_id>/cho-tiep-tuc", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def resume(public_id: str) -> ResponseReturnValue:
    """Let one paused window go on, or all of them."""
    round_ = _running_round(public_id)
    windows = [window for window in round_.windows if window.paused_at is not None]
    if not windows:
        flash(_("Không có ca thi nào đang tạm dừng."), "warn")
        return _back(round_)
    form = WindowForm()
    _offer(form, windows, _("Mọi ca đang tạm dừng"))
    if form.validate_on_submit():
        with unit_of_work():
            given = resume_windows(form.chosen(windows))
        longest = show_duration(max(given.values(), default=0))
        flash(_("Các ca thi đã tiếp tục. Giờ của thí sinh được cộng bù %(time)s.", time=longest), "success")
        return _back(round_)
    return _page("monitor/resume.html", round_, form, windows=windows)


@blueprint.route("/vong-thi/<public_id>/them-gio", methods=["GET", "POST"])
@permits(Action.SITTING_CONTROL)
def more_time(public_id: str) -> ResponseReturnValue:
    """Give everybody who sits in a window, or in all of them, more time."""
    round_ = _running_round(public_id)
    windows = [window for window in round_.windows if window.opens_at <= now()]
    if round_.state != "open" or not windows:
        flash(_("Không có ca thi nào đang diễn ra để cho thêm giờ."), "warn")
        return _back(round_)
    form = WindowTimeForm()
    _offer(form, windows, _("Mọi ca đang thi"))
    if form.validate_on_submit():
        grant = Grant(form.key.data or "", (form.minutes.data or 0) * 60, (form.reason.data or "").strip(), now())
        known = was_given(grant)
        given = sum(_give_to_window(window, grant) for window in form.chosen(windows))
        flash(*_told(given, known, grant))
        return _back(round_)
    return _page("monitor/more_time.html", round_, form)


def _give_to_window(window: Window, grant: Grant) -> int:
    """Batch by batch: a whole city in one transaction would keep savers waiting."""
    waiting = waiting_for(window, grant)
    given = 0
    for first in range(0, len(waiting), BATCH):
        with unit_of_work():
            if not first:
                begin_for_window(window, grant, waiting)
            given += give(window, grant, waiting[first : first + BATCH])
        time.sleep(GAP)
    if waiting:
        with unit_of_work():
            end_for_window(window, grant)
    return given


def _told(given: int, known: bool, grant: Grant) -> tuple[str, str]:
    if given:
        words = _("Đã cho %(count)s bài thêm %(minutes)s phút.", count=show_number(given), minutes=grant.minutes)
        return words, "success"
    if known:
        return _("Lần thêm giờ này đã ghi rồi. Muốn cho thêm nữa, xin mở lại trang."), "warn"
    return _("Không có ai đang làm bài, nên không cho thêm giờ được."), "warn"


@blueprint.route("/ca-thi/<public_id>/lui-gio", methods=["GET", "POST"])
@permits(Action.ROUND_OPEN)
def move_end(public_id: str) -> ResponseReturnValue:
    """Let a window close later, for a reason that is kept; sittings under way get the time too."""
    window = window_or_404(public_id)
    round_ = window.round
    authorise(Action.ROUND_OPEN, round_.contest.unit.path)
    back = url_for("rounds.show", public_id=round_.public_id)
    form = MoveEndForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                moved = extend_window(window, form.minutes.data or 0, (form.reason.data or "").strip())
        except WindowOver:
            flash(_("Ca thi đã đóng hoặc vòng thi chưa mở nên không lùi giờ được."), "warn")
            return redirect(back, 303)
        flash(
            _("Đã lùi giờ kết thúc thêm %(minutes)s phút; %(count)s bài đang làm được tính theo giờ mới.",
              minutes=form.minutes.data, count=moved),
            "success",
        )  # fmt: skip
        return redirect(back, 303)
    if round_.state != "open" or (window.closes_at <= now() and window.paused_at is None):
        flash(_("Ca thi đã đóng hoặc vòng thi chưa mở nên không lùi giờ được."), "warn")
        return redirect(back, 303)
    return render_template(
        "monitor/move_end.html",
        window=window,
        round=round_,
        contest=round_.contest,
        rules=round_rules(round_),
        form=form,
        back=back,
    )
