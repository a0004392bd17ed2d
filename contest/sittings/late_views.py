"""Pages about answers that came late: those of a round, one sitting's, and deciding about one or all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from contest.rounds.form_fields import Given
from contest.rounds.links import round_tabs, url_if
from contest.rounds.models import Round
from contest.rounds.reach import require_reach, round_or_404
from contest.rounds.service import round_rules
from contest.sittings.late import Change, LateRefused, changes_of, why_kept, why_undecided
from contest.sittings.late_decisions import (
    MAX_REASON,
    decide_all,
    decide_one,
    first_counted,
    running_decision,
    waiting_sittings,
)
from contest.sittings.late_listing import COUNTED, NEVER, WAITING, answers_apart, ended_at, sittings_apart
from contest.sittings.models import Result, Sitting
from contest.sittings.spelling import spelled
from contest.sittings.staff_views import blueprint
from core.access import Action, Forbidden, authorise, current_actor, permits
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs import follow
from core.organisation.models import Unit
from core.web.filters import show_number
from core.web.tables import Listing

#: What is to be done, as forms name it.
COUNT, TAKE_BACK = "tinh", "rut"


class DecideForm(FlaskForm):
    """Why late answers are let count, or not any more."""

    what = HiddenField(default=COUNT)
    reason = StringField(
        _l("Lý do"), [Given(_l("Xin ghi lý do.")), Length(max=MAX_REASON, message=_l("Dài quá 150 chữ."))]
    )

    @property
    def text(self) -> str:
        """The reason in single spaces."""
        return " ".join((self.reason.data or "").split())


def _changes(round_: Round, sittings: list[int]) -> dict[int, Change]:
    """What late answers would change; told once the round has settled, as marks are."""
    return {} if why_undecided(round_) else changes_of(db.session.connection(), sittings)


@blueprint.get("/vong-thi/<public_id>/bai-den-muon")
@permits(Action.SITTING_VIEW)
def late(public_id: str) -> ResponseReturnValue:
    """Every sitting of a round with answers that came late, what they would change, and deciding about all."""
    round_ = round_or_404(public_id)
    reach = require_reach(round_.contest, Action.SITTING_VIEW)
    if round_.state == "draft":
        abort(404)
    listing = Listing.from_request(
        {"ten": (Person.sort_key, Person.id), "don-vi": (Unit.sort_key, Person.sort_key, Person.id)}, "don-vi", 25
    )
    chosen = request.args.get("tinh_trang", "")
    page = listing.page(sittings_apart(round_, reach.paths, chosen, listing.query), scalars=False)
    changes = _changes(round_, [row.Sitting.id for row in page.items])
    may_decide = current_actor().may(Action.LATE_DECIDE, round_.contest.unit.path)
    return render_template(
        "monitor/late.html",
        round=round_,
        contest=round_.contest,
        tabs=round_tabs(round_),
        bound=round_rules(round_).late_bound_minutes,
        listing=listing,
        page=page,
        changes=changes,
        undecided=why_undecided(round_),
        chosen=chosen,
        choices=[
            (WAITING, _("Chờ quyết định")), (COUNTED, _("Đã cho tính")), (NEVER, _("Không tính được")),
        ],
        spelled=spelled,
        ended_at=ended_at,
        may_decide=may_decide,
        waiting=len(waiting_sittings(round_, counting=True)) if may_decide else 0,
        counted=len(waiting_sittings(round_, counting=False)) if may_decide else 0,
        job=running_decision(round_),
        standing_url=url_if("standings.round_standing", public_id=public_id),
    )  # fmt: skip


@blueprint.route("/vong-thi/<public_id>/bai-den-muon/tinh-het", methods=["GET", "POST"])
@permits(Action.LATE_DECIDE)
def late_count_all(public_id: str) -> ResponseReturnValue:
    """Let all late answers of a round count, for a reason; asks first."""
    return _all(public_id, counting=True)


@blueprint.route("/vong-thi/<public_id>/bai-den-muon/rut-het", methods=["GET", "POST"])
@permits(Action.LATE_DECIDE)
def late_take_back_all(public_id: str) -> ResponseReturnValue:
    """Take back that late answers of a round count."""
    return _all(public_id, counting=False)


def _all(public_id: str, *, counting: bool) -> ResponseReturnValue:
    round_ = round_or_404(public_id)
    authorise(Action.LATE_DECIDE, round_.contest.unit.path)
    if round_.state == "draft":
        abort(404)
    back = url_for("monitor.late", public_id=public_id)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                job = decide_all(round_, counting=counting, reason=form.text).public_id
        except LateRefused as refusal:
            flash(str(refusal), "warn")
            return redirect(back, 303)
        return follow(job)
    sittings = waiting_sittings(round_, counting=counting)
    why_not = _obstacle(round_, None if counting else first_counted(round_))
    if why_not or not sittings:
        flash(why_not or _("Không có bài nào có câu đến muộn cần quyết định."), "warn")
        return redirect(back, 303)
    return render_template(
        "monitor/late_all.html",
        round=round_,
        contest=round_.contest,
        counting=counting,
        count=len(sittings),
        form=form,
        back=back,
    )


def _obstacle(round_: Round, since: datetime | None) -> str | None:
    """Why nothing can be decided now, or None; ``since`` is when what is to be taken back was first let count."""
    return why_undecided(round_) or (why_kept(round_, since) if since is not None else None)


def _sitting(public_id: str) -> Sitting:
    """The sitting, if who asks may see it."""
    found = db.session.scalar(select(Sitting).where(Sitting.public_id == public_id)) or abort(404)
    reach = require_reach(found.round.contest, Action.SITTING_VIEW)
    if not reach.covers(found.entry.person.unit.path):
        raise Forbidden(Action.SITTING_VIEW)
    return found


@blueprint.get("/luot-thi/<public_id>/bai-den-muon")
@permits(Action.SITTING_VIEW)
def late_sitting(public_id: str) -> ResponseReturnValue:
    """One sitting's late answers, its results, and deciding."""
    return _one(_sitting(public_id), DecideForm(formdata=None))


@blueprint.post("/luot-thi/<public_id>/bai-den-muon")
@permits(Action.LATE_DECIDE)
def late_decide(public_id: str) -> ResponseReturnValue:
    """Let one sitting's late answers count, or take that back."""
    found = _sitting(public_id)
    authorise(Action.LATE_DECIDE, found.round.contest.unit.path)
    form = DecideForm()
    if not form.validate_on_submit():
        return _one(found, form), 422
    counting = form.what.data != TAKE_BACK
    try:
        with unit_of_work():
            done = decide_one(found, counting=counting, reason=form.text)
    except LateRefused as refusal:
        flash(str(refusal), "warn")
    else:
        points = show_number(done.points) if done.points is not None else _("chờ chấm")
        told = _("Đã cho tính. Kết quả bản %(number)s: %(points)s điểm.", number=done.number, points=points)
        if not counting:
            told = _("Đã thôi tính. Kết quả bản %(number)s: %(points)s điểm.", number=done.number, points=points)
        flash(told, "success")
    return redirect(url_for("monitor.late_sitting", public_id=public_id), 303)


def _one(found: Sitting, form: DecideForm) -> str:
    rows = answers_apart(found)
    counted = any(row.counted_at for row in rows)
    countable = any(row.reason == "late" for row in rows)
    change = _changes(found.round, [found.id]).get(found.id)
    form.what.data = TAKE_BACK if counted else COUNT
    context: dict[str, Any] = {
        "why_not": _obstacle(found.round, min((row.counted_at for row in rows if row.counted_at), default=None)),
        "results": db.session.scalars(select(Result).where(Result.sitting_id == found.id).order_by(Result.number)).all(),
        "may_decide": current_actor().may(Action.LATE_DECIDE, found.round.contest.unit.path),
    }
    return render_template(
        "monitor/late_sitting.html",
        sitting=found,
        person=found.entry.person,
        round=found.round,
        contest=found.round.contest,
        rows=rows,
        counted=counted,
        countable=countable,
        change=change,
        ended=ended_at(found),
        spelled=spelled,
        form=form,
        settled=why_undecided(found.round) is None,
        **context,
    )
