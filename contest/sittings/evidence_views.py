"""A sitting's whole story: on a page, on paper, as a file."""

from __future__ import annotations

from datetime import datetime

from flask import abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.models import Entry
from contest.rounds.reach import require_reach
from contest.rounds.states import State
from contest.sittings import overview
from contest.sittings.deadlines import has_settled
from contest.sittings.late_listing import ended_at
from contest.sittings.models import Result, Sitting
from contest.sittings.overview import state_at
from contest.sittings.spelling import spelled
from contest.sittings.staff_views import STATES, blueprint
from contest.sittings.timeline import Group, folded, story_of
from contest.sittings.timeline_file import story_workbook
from contest.sittings.timeline_plot import plot_of
from contest.sittings.timeline_words import line_of
from core.access import Action, Forbidden, permits
from core.database import db
from core.database.server_time import now
from core.web.tables import Listing, Page

#: Lines on a page: what a phone shows at once without delay.
LINES = 100


def _sitting(public_id: str) -> Sitting:
    """The sitting, if who asks may see it."""
    found = db.session.scalar(select(Sitting).where(Sitting.public_id == public_id)) or abort(404)
    entry: Entry = found.entry
    reach = require_reach(entry.contest, Action.SITTING_VIEW)
    if not reach.covers(entry.person.unit.path):
        raise Forbidden(Action.SITTING_VIEW)
    return found


@blueprint.get("/luot-thi/<public_id>")
@permits(Action.SITTING_VIEW)
def sitting(public_id: str) -> ResponseReturnValue:
    """A sitting's history, a page at a time or whole for printing ("in"); answers only once the round has settled."""
    found = _sitting(public_id)
    settled, moment = has_settled(found.round), now()
    story = story_of(found)
    chosen = request.args.get("xem", "")
    moments = folded(story.of(chosen if chosen in set(Group) else ""))
    listing = Listing.from_request({"gio": None}, "gio", LINES)
    number = min(listing.number, max(1, -(-len(moments) // listing.size)))
    whole = "in" in request.args
    shown = moments if whole else moments[(number - 1) * listing.size : number * listing.size]
    state = db.session.scalar(select(state_at(moment)).where(Sitting.id == found.id)) or overview.ABSENT
    return render_template(
        "monitor/sitting.html",
        sitting=found,
        person=found.entry.person,
        round=found.round,
        contest=found.entry.contest,
        lines=[line_of(each, settled) for each in shown],
        total=len(moments),
        listing=listing,
        page=Page(shown, len(moments), number, listing.size),
        whole=whole,
        chips=_chips(public_id, chosen),
        tally=story.tally,
        plot=plot_of(story.moments, found.started_at, _shown_until(found, moment)),
        spelled=spelled,
        settled=settled,
        results=db.session.scalars(select(Result).where(Result.sitting_id == found.id).order_by(Result.number)).all(),
        state=STATES[state] if found.state != "annulled" else State("danger", _("Đã hủy")),
    )


@blueprint.get("/luot-thi/<public_id>/dien-bien.xlsx")
@permits(Action.SITTING_VIEW)
def sitting_file(public_id: str) -> ResponseReturnValue:
    """The whole history as Excel."""
    found = _sitting(public_id)
    response = make_response(story_workbook(found, story_of(found), has_settled(found.round)))
    response.headers["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response.headers["Content-Disposition"] = f'attachment; filename="dien-bien-{public_id}.xlsx"'
    return response


def _chips(public_id: str, chosen: str) -> list[dict[str, object]]:
    """What the page can be narrowed to."""
    labels = {
        Group.COURSE: _("Tất cả"),
        Group.ANSWERS: _("Câu trả lời"),
        Group.AWAY: _("Rời trang"),
        Group.NETWORK: _("Mạng"),
        Group.DEVICES: _("Máy"),
    }
    return [
        {
            "label": label,
            "url": url_for("monitor.sitting", public_id=public_id, xem=group.value or None),
            "active": group.value == (chosen if chosen in set(Group) else ""),
        }
        for group, label in labels.items()
    ]


def _shown_until(found: Sitting, moment: datetime) -> datetime:
    """Where the drawing ends: with the sitting, or now while it lasts."""
    return min(ended_at(found), moment) if found.state == "open" else ended_at(found)
