"""A sitting's whole story on a page of its own."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.models import Entry
from contest.rounds.reach import require_reach
from contest.rounds.states import State
from contest.sittings import overview
from contest.sittings.deadlines import has_settled
from contest.sittings.models import Sitting
from contest.sittings.overview import state_at
from contest.sittings.staff_views import STATES, blueprint
from contest.sittings.timeline import events_of
from core.access import Action, Forbidden, permits
from core.database import db
from core.database.server_time import now


@blueprint.get("/luot-thi/<public_id>")
@permits(Action.SITTING_VIEW)
def sitting(public_id: str) -> ResponseReturnValue:
    """A sitting's history; answers only once the round has settled."""
    found = db.session.scalar(select(Sitting).where(Sitting.public_id == public_id)) or abort(404)
    entry: Entry = found.entry
    reach = require_reach(entry.contest, Action.SITTING_VIEW)
    if not reach.covers(entry.person.unit.path):
        raise Forbidden(Action.SITTING_VIEW)
    settled = has_settled(found.round)
    events, tally = events_of(found, settled)
    state = db.session.scalar(select(state_at(now())).where(Sitting.id == found.id)) or overview.ABSENT
    return render_template(
        "monitor/sitting.html",
        sitting=found,
        person=entry.person,
        round=found.round,
        contest=entry.contest,
        events=events,
        tally=tally,
        settled=settled,
        state=STATES[state] if found.state != "annulled" else State("danger", _("Đã hủy")),
    )
