"""Who takes part in a contest: the list, entering whole lists of units, and who sits out of competition."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contest.rounds.entries import (
    SEES_BANK_OR_MARKS,
    EntryConflict,
    count_without_entry,
    entries_within,
    set_ranked,
)
from contest.rounds.forms import EmptyForm, ReasonForm
from contest.rounds.jobs import enter_everybody
from contest.rounds.links import url_if
from contest.rounds.models import Entry
from contest.rounds.reach import contest_or_404, reach_in, require_reach
from contest.rounds.views.blueprint import blueprint
from core.access import Action, authorise, current_actor, permits
from core.accounts.models import Person
from core.database import db, unit_of_work
from core.jobs import follow
from core.organisation.models import Unit
from core.organisation.tree import children, unit_by_public_id
from core.web.tables import Listing


@blueprint.get("/hoi-thi/<public_id>/thi-sinh")
@permits(Action.CONTEST_VIEW)
def entries(public_id: str) -> ResponseReturnValue:
    """Who takes part, ranked or not and why; somebody of a unit below sees the own unit's people only."""
    contest = contest_or_404(public_id)
    reach = require_reach(contest)
    listing = Listing.from_request({"ten": (Person.sort_key, Person.id), "don-vi": (Unit.sort_key, Person.sort_key)}, "ten")
    unit = unit_by_public_id(request.args.get("don_vi", ""))
    paths = (unit.path,) if unit is not None and reach.covers(unit.path) else reach.paths
    statement = entries_within(contest, paths, listing.query)
    ranked = request.args.get("xep_hang", "")
    if ranked in ("co", "khong"):
        statement = statement.where(Entry.ranked.is_(ranked == "co"))
    page = listing.page(statement)
    top = contest.unit if reach.whole else None
    return render_template(
        "rounds/entries.html",
        contest=contest,
        listing=listing,
        page=page,
        reach=reach,
        unit=unit if unit is not None and reach.covers(unit.path) else None,
        units=[(u.public_id, u.name) for u in (children(top) if top else _own_units(reach.paths))],
        ranked=ranked,
        waiting=count_without_entry(contest) if reach.whole else 0,
        may_edit=current_actor().may(Action.CONTEST_EDIT, contest.unit.path),
        import_url=url_if("people_import.index") if reach_in(current_actor(), contest, Action.PEOPLE_IMPORT) else None,
        form=EmptyForm(),
    )


def _own_units(paths: tuple[str, ...]) -> list[Unit]:
    return list(db.session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.sort_key)))


@blueprint.post("/hoi-thi/<public_id>/dua-vao")
@permits(Action.CONTEST_EDIT)
def enter(public_id: str) -> ResponseReturnValue:
    """Enter everybody on the lists of the contest's units who is not entered yet; the job worker does it."""
    contest = contest_or_404(public_id)
    authorise(Action.CONTEST_EDIT, contest.unit.path)
    if EmptyForm().validate_on_submit():
        with unit_of_work():
            job = enter_everybody(contest)
            public = job.public_id
        return follow(public)
    return redirect(url_for("contests.entries", public_id=public_id), 303)


@blueprint.route("/dang-ky/<public_id>/xep-hang", methods=["GET", "POST"])
@permits(Action.CONTEST_EDIT)
def ranking_of(public_id: str) -> ResponseReturnValue:
    """Let one entry sit out of competition, for a reason, or count again."""
    entry = db.session.scalar(select(Entry).where(Entry.public_id == public_id)) or abort(404)
    contest = entry.contest
    authorise(Action.CONTEST_EDIT, contest.unit.path)
    form = ReasonForm() if entry.ranked else EmptyForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                reason = (form.reason.data or "").strip() if isinstance(form, ReasonForm) else ""
                set_ranked(entry, not entry.ranked, reason)
        except EntryConflict:
            flash(SEES_BANK_OR_MARKS, "warn")
        else:
            name = entry.person.full_name
            flash(
                _("Đồng chí %(name)s được xếp hạng.", name=name)
                if entry.ranked
                else _("Đồng chí %(name)s thi nhưng không xếp hạng.", name=name),
                "success",
            )
        return redirect(url_for("contests.entries", public_id=contest.public_id), 303)
    return render_template("rounds/entry.html", entry=entry, contest=contest, form=form)
