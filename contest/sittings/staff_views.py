"""Pages of a round while it runs and after: figures by unit, each person, moving a window's end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import or_
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from contest.rounds.form_fields import Given, WholeField
from contest.rounds.links import round_tabs
from contest.rounds.models import Round
from contest.rounds.reach import Reach, require_reach, round_or_404, window_or_404
from contest.rounds.service import round_rules
from contest.rounds.states import State, state_of_round
from contest.sittings import overview
from contest.sittings.duties import duties_of
from contest.sittings.extending import WindowOver, extend_window
from contest.sittings.models import Sitting
from contest.sittings.overview import UnitCounts, counts_below, default_focus, people_of, state_at, total_of
from core.access import Action, Forbidden, authorise, current_actor, permits
from core.accounts.models import Person
from core.database import db, fold, unit_of_work
from core.database.server_time import now
from core.documents.excel_writing import Column, SheetSpec, write_workbook
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import ancestors, children, under, unit_by_public_id
from core.web.tables import Listing

blueprint = Blueprint("monitor", __name__, url_prefix="/quan-tri")

#: Seconds for which figures are kept: many screens ask every two seconds.
KEPT = 1.5

STATES = {
    overview.WORKING: State("info", _l("Đang làm bài")),
    overview.SUBMITTED: State("ok", _l("Đã nộp")),
    overview.LOST: State("warn", _l("Mất liên lạc")),
    overview.ABSENT: State("neutral", _l("Chưa vào")),
}


def init_monitor(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)


def _opened(public_id: str) -> tuple[Round, Reach]:
    """An opened round and what who asks may see of it; 404 while it is in preparation."""
    round_ = round_or_404(public_id)
    reach = require_reach(round_.contest, Action.SITTING_VIEW)
    if round_.state == "draft":
        abort(404)
    return round_, reach


def _focus(round_: Round, reach: Reach) -> Unit:
    """The unit looked at: the one asked for, if it is in sight, else the default."""
    wanted = request.args.get("don_vi", "")
    if not wanted:
        return default_focus(round_, reach.paths)
    unit = unit_by_public_id(wanted) or abort(404)
    if not reach.covers(unit.path):
        raise Forbidden(Action.SITTING_VIEW)
    return unit


def figures(round_: Round, focus: Unit, reach: Reach) -> list[UnitCounts]:
    """The counts by unit, at most KEPT seconds old."""
    kept: dict[tuple[int, int, tuple[str, ...]], tuple[float, list[UnitCounts]]]
    kept = current_app.extensions.setdefault("round_figures", {})
    key = (round_.id, focus.id, reach.paths)
    known = kept.get(key)
    if known is not None and time.monotonic() - known[0] < KEPT and not current_app.testing:
        return known[1]
    rows = counts_below(round_, focus, now(), reach.paths)
    if len(kept) > 500:
        kept.clear()
    kept[key] = (time.monotonic(), rows)
    return rows


def _shown(round_: Round, reach: Reach) -> dict[str, Any]:
    """What both the page and its fragment show."""
    focus = _focus(round_, reach)
    rows = figures(round_, focus, reach)
    total = total_of(rows)
    levels = Counter(row.level for row in rows if row.level)
    return {
        "round": round_,
        "contest": round_.contest,
        "focus": focus,
        "rows": rows,
        "total": total,
        "state": state_of_round(round_, now()),
        "duties": duties_of(round_, total, reach.whole),
        "level": level_of(levels.most_common(1)[0][0]).label if levels else "",
    }


@blueprint.get("/vong-thi/<public_id>/tinh-hinh")
@permits(Action.SITTING_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """How the round goes: four figures, the units, what to do next; kept fresh by a fragment."""
    round_, reach = _opened(public_id)
    shown = _shown(round_, reach)
    focus: Unit = shown["focus"]
    above = [u for u in ancestors(focus) if reach.covers(u.path) and u.path.startswith(round_.contest.unit.path)]
    moment = now()
    may_move = round_.state == "open" and current_actor().may(Action.ROUND_OPEN, round_.contest.unit.path)
    movable = [w for w in round_.windows if may_move and w.opens_at <= moment < w.closes_at]
    return render_template("monitor/show.html", tabs=round_tabs(round_), above=above, movable=movable[:3], **shown)


@blueprint.get("/vong-thi/<public_id>/tinh-hinh/so-lieu")
@permits(Action.SITTING_VIEW)
def fragment(public_id: str) -> ResponseReturnValue:
    """The part of the page that changes; 304 while nothing has."""
    round_, reach = _opened(public_id)
    shown = _shown(round_, reach)
    changing = (shown["rows"], shown["state"], shown["duties"], request.cookies.get("ngon_ngu"))
    etag = sha256(repr(changing).encode()).hexdigest()[:32]
    response = make_response()
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    if etag in request.if_none_match:
        response.status_code = 304
    else:
        response.set_data(render_template("monitor/_figures.html", **shown))
    return response


def _people(round_: Round, reach: Reach, unit: Unit | None, moment: datetime, state: str, query: str) -> Any:
    """Entry, person, unit, sitting and state of everybody asked for."""
    named = state_at(moment)
    statement = people_of(round_, reach.paths).add_columns(named.label("state"))
    if unit is not None:
        statement = statement.where(under(unit.path))
    if state in STATES:
        statement = statement.where(named == state)
    for word in fold(query).split():
        statement = statement.where(
            or_(Person.folded.contains(word, autoescape=True), Unit.folded.contains(word, autoescape=True))
        )
    return statement


@blueprint.get("/vong-thi/<public_id>/luot-thi")
@permits(Action.SITTING_VIEW)
def people(public_id: str) -> ResponseReturnValue:
    """Everybody who may sit the round, with where they stand."""
    round_, reach = _opened(public_id)
    moment = now()
    listing = Listing.from_request(
        {
            "ten": (Person.sort_key, Person.id),
            "don-vi": (Unit.sort_key, Person.sort_key, Person.id),
            "bat-dau": (Sitting.started_at, Person.id),
            "nop": (Sitting.submitted_at, Person.id),
        },
        "ten",
    )
    unit = _focus(round_, reach) if request.args.get("don_vi") else None
    chosen = request.args.get("tinh_trang", "")
    page = listing.page(_people(round_, reach, unit, moment, chosen, listing.query), scalars=False)
    focus = unit or default_focus(round_, reach.paths)
    units = [(u.public_id, u.name) for u in children(focus)]
    if unit is not None:
        units = [(unit.public_id, unit.name), *units]
    return render_template(
        "monitor/people.html",
        round=round_,
        contest=round_.contest,
        tabs=round_tabs(round_),
        listing=listing,
        page=page,
        unit=unit,
        units=units,
        states=STATES,
        choices=[(key, state.label) for key, state in STATES.items()],
        chosen=chosen,
        excel_url=url_for("monitor.absent", public_id=public_id, don_vi=unit.public_id if unit else None),
    )


@blueprint.get("/vong-thi/<public_id>/chua-vao.xlsx")
@permits(Action.SITTING_VIEW)
def absent(public_id: str) -> ResponseReturnValue:
    """Those who have not come, as Excel, in the order of units: each secretary wants the own cell's list."""
    round_, reach = _opened(public_id)
    unit = _focus(round_, reach) if request.args.get("don_vi") else None
    content = absent_workbook(round_, reach, unit)
    response = make_response(content)
    response.headers["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response.headers["Content-Disposition"] = 'attachment; filename="chua-vao-thi.xlsx"'
    return response


def absent_workbook(round_: Round, reach: Reach, unit: Unit | None) -> bytes:
    """The Excel file of those who have not come: for ``unit``, or everybody in sight."""
    moment = now()
    statement = _people(round_, reach, unit, moment, overview.ABSENT, "").order_by(Unit.full_name, Person.sort_key)

    def rows() -> Iterator[list[str]]:
        for number, (_entry, person, own, _sitting, _state) in enumerate(db.session.execute(statement), 1):
            above = own.parent.name if own.parent is not None else ""
            yield [str(number), person.full_name, person.position, own.name, above, person.phone]

    where = unit.name if unit is not None else round_.contest.unit.name
    columns = [
        Column(_("STT"), 6),
        Column(_("Họ và tên"), 28),
        Column(_("Chức vụ"), 24),
        Column(_("Đơn vị"), 32),
        Column(_("Thuộc"), 28),
        Column(_("Điện thoại"), 14),
    ]
    title = [_("Danh sách chưa vào thi: %(round)s, %(unit)s", round=round_.name, unit=where)]
    return write_workbook([SheetSpec(_("Chưa vào thi"), columns, rows(), title=title)])


class MoveEndForm(FlaskForm):
    """How much later a window closes, and why."""

    minutes = WholeField(_l("Lùi thêm (phút)"), [Given(_l("Xin ghi số phút."))])
    reason = StringField(_l("Lý do"), [Given(_l("Xin ghi lý do.")), Length(max=200, message=_l("Dài quá 200 chữ."))])

    def validate_minutes(self, field: Any) -> None:
        """Up to a day."""
        if field.data is not None and not 1 <= field.data <= 1440:
            raise ValidationError(_("Số phút từ 1 đến 1.440 (một ngày)."))


@blueprint.route("/ca-thi/<public_id>/lui-gio", methods=["GET", "POST"])
@permits(Action.ROUND_OPEN)
def move_end(public_id: str) -> ResponseReturnValue:
    """Let a window close later, for a reason that is kept; sittings under way get the time too."""
    window = window_or_404(public_id)
    round_ = window.round
    authorise(Action.ROUND_OPEN, round_.contest.unit.path)
    back = url_for("rounds.show", public_id=round_.public_id)
    form = MoveEndForm()
    if round_.state != "open" or window.closes_at <= now():
        flash(_("Ca thi đã đóng hoặc vòng thi chưa mở nên không lùi giờ được."), "warn")
        return redirect(back, 303)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                moved = extend_window(window, form.minutes.data or 0, (form.reason.data or "").strip())
        except WindowOver:
            flash(_("Ca thi vừa đóng nên không lùi giờ được nữa."), "warn")
            return redirect(back, 303)
        flash(
            _("Đã lùi giờ kết thúc thêm %(minutes)s phút; %(count)s bài đang làm được tính theo giờ mới.",
              minutes=form.minutes.data, count=moved),
            "success",
        )  # fmt: skip
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
