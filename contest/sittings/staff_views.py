"""Pages of a round while it runs and after: figures by unit, each person, moving a window's end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, abort, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_

from contest.rounds.links import round_tabs
from contest.rounds.models import Round
from contest.rounds.reach import Reach, require_reach, round_or_404
from contest.rounds.states import State, state_of_round
from contest.sittings import overview
from contest.sittings.duties import duties_of
from contest.sittings.messages import notices_of
from contest.sittings.models import Sitting
from contest.sittings.overview import UnitCounts, counts_below, default_focus, people_of, state_at, total_of
from contest.sittings.window_states import WINDOW_STATES, WindowLine, paused_of, window_lines
from core.access import Action, Forbidden, current_actor, permits
from core.accounts.models import Person
from core.database import db, fold
from core.database.server_time import now
from core.documents.excel_writing import Column, SheetSpec, write_workbook
from core.organisation.levels import level_of
from core.organisation.models import Unit
from core.organisation.tree import ancestors, children, under, unit_by_public_id
from core.web.tables import Listing

blueprint = Blueprint("monitor", __name__, url_prefix="/quan-tri")

#: Seconds for which figures are kept: many screens ask every two seconds.
KEPT = 1.5

#: So many of the last notices stand under the figures, and of many windows so many unless all are asked for.
NOTICES_SHOWN, WINDOWS_SHOWN = 5, 6

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


@dataclass(frozen=True)
class Figures:
    """What many screens ask for every two seconds: the counts by unit, and how each window stands."""

    rows: list[UnitCounts]
    windows: list[WindowLine]


def figures(round_: Round, focus: Unit, reach: Reach) -> Figures:
    """The figures, at most KEPT seconds old."""
    kept: dict[tuple[int, int, tuple[str, ...]], tuple[float, Figures]]
    kept = current_app.extensions.setdefault("round_figures", {})
    key = (round_.id, focus.id, reach.paths)
    known = kept.get(key)
    if known is not None and time.monotonic() - known[0] < KEPT and not current_app.testing:
        return known[1]
    moment = now()
    windows = [line for line in window_lines(round_, moment) if reach.touches(line.path)]
    found = Figures(counts_below(round_, focus, moment, reach.paths), windows)
    if len(kept) > 500:
        kept.clear()
    kept[key] = (time.monotonic(), found)
    return found


def _shown(round_: Round, reach: Reach) -> dict[str, Any]:
    """What both the page and its fragment show."""
    focus = _focus(round_, reach)
    shown = figures(round_, focus, reach)
    total = total_of(shown.rows)
    levels = Counter(row.level for row in shown.rows if row.level)
    top = round_.contest.unit.path
    return {
        "round": round_,
        "contest": round_.contest,
        "focus": focus,
        "rows": shown.rows,
        "windows": shown.windows,
        "windows_shown": shown.windows if "moi_ca" in request.args else shown.windows[:WINDOWS_SHOWN],
        "window_counts": Counter(line.state for line in shown.windows),
        "paused": paused_of(shown.windows),
        "window_states": WINDOW_STATES,
        "notices": notices_of(round_, NOTICES_SHOWN),
        "names": {line.public_id: line.unit for line in shown.windows},
        "total": total,
        "state": state_of_round(round_, now()),
        "duties": duties_of(round_, total, reach.whole),
        "level": level_of(levels.most_common(1)[0][0]).label if levels else "",
        "may_control": round_.state == "open" and current_actor().may(Action.SITTING_CONTROL, top),
        "may_move": round_.state == "open" and current_actor().may(Action.ROUND_OPEN, top),
    }


@blueprint.get("/vong-thi/<public_id>/tinh-hinh")
@permits(Action.SITTING_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """How the round goes: four figures, the units, what to do next; kept fresh by a fragment."""
    round_, reach = _opened(public_id)
    shown = _shown(round_, reach)
    focus: Unit = shown["focus"]
    above = [u for u in ancestors(focus) if reach.covers(u.path) and u.path.startswith(round_.contest.unit.path)]
    return render_template("monitor/show.html", tabs=round_tabs(round_), above=above, **shown)


@blueprint.get("/vong-thi/<public_id>/tinh-hinh/so-lieu")
@permits(Action.SITTING_VIEW)
def fragment(public_id: str) -> ResponseReturnValue:
    """The part of the page that changes; 304 while nothing has."""
    round_, reach = _opened(public_id)
    shown = _shown(round_, reach)
    names = ("rows", "windows", "state", "duties", "may_control", "may_move")
    told = [notice.number for notice in shown["notices"]]
    changing = ([shown[name] for name in names], told, request.cookies.get("ngon_ngu"))
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
