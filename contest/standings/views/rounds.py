"""The list of rounds with their standings, a round's versions with what is next, and having a version made."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.rounds.links import round_tabs
from contest.rounds.models import Contest, Round
from contest.rounds.reach import contests_in_sight, require_reach, round_or_404
from contest.sittings.late_listing import count_waiting
from contest.standings.forms import FirstVersionForm, NextVersionForm
from contest.standings.models import Standing
from contest.standings.publishing import is_second_person
from contest.standings.service import (
    VISIBLE,
    StandingRefused,
    is_stale,
    obstacles,
    prepare,
    running_job,
    versions,
)
from contest.standings.states import state_of
from contest.standings.views.blueprint import blueprint, own_account
from core.access import Action, authorise, current_actor, permits
from core.database import db, fold, unit_of_work
from core.jobs import follow
from core.web.filters import show_moment, show_number
from core.web.tables import Listing


@blueprint.get("/ket-qua")
@permits(Action.STANDING_VIEW)
def index() -> ResponseReturnValue:
    """The opened rounds that the person may see results of, newest first."""
    listing = Listing.from_request({"moi": Round.id, "hoi-thi": (Contest.name, Round.position)}, "-moi", 25)
    statement = (
        select(Round)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Round.contest_id.in_(_contests_in_sight()), Round.state != "draft")
        .options(joinedload(Round.contest).joinedload(Contest.unit))
    )
    if listing.query:
        statement = statement.where(Round.id.in_(_matching(listing.folded)))
    page = listing.page(statement)
    newest = _newest_of([round_.id for round_ in page.items])
    rows = [(round_, newest.get(round_.id), state_of(newest.get(round_.id))) for round_ in page.items]
    return render_template("standings/index.html", listing=listing, page=page, rows=rows)


def _contests_in_sight() -> list[int]:
    statement = contests_in_sight(current_actor(), Action.STANDING_VIEW)
    return list(db.session.scalars(statement.with_only_columns(Contest.id)))


def _matching(folded: str) -> list[int]:
    """Names of contests and rounds are few and not kept folded, so they are compared here."""
    found = db.session.execute(
        select(Round.id, Round.name, Contest.name)
        .join(Contest, Contest.id == Round.contest_id)
        .where(Round.contest_id.in_(_contests_in_sight()))
    )
    words = folded.split()
    return [number for number, name, contest in found if all(word in fold(f"{contest} {name}") for word in words)]


def _newest_of(round_ids: list[int]) -> dict[int, Standing]:
    found = db.session.scalars(
        select(Standing).where(Standing.round_id.in_(round_ids), Standing.state.in_(VISIBLE)).order_by(Standing.number)
    )
    return {standing.round_id: standing for standing in found}


@blueprint.get("/hoi-thi/<contest>/ket-qua/<public_id>")
@permits(Action.STANDING_VIEW)
def of_contest(contest: str, public_id: str) -> ResponseReturnValue:
    """The same page by the contest's address."""
    round_ = round_or_404(public_id)
    if round_.contest.public_id != contest:
        abort(404)
    require_reach(round_.contest, Action.STANDING_VIEW)
    return redirect(url_for("standings.round_standing", public_id=public_id), 301)


@blueprint.get("/vong-thi/<public_id>/ket-qua")
@permits(Action.STANDING_VIEW)
def round_standing(public_id: str) -> ResponseReturnValue:
    """A round's versions, how far they are, what is next."""
    round_ = round_or_404(public_id)
    return _page(round_, _form_for(round_))


@blueprint.post("/vong-thi/<public_id>/ket-qua")
@permits(Action.STANDING_PREPARE)
def prepare_version(public_id: str) -> ResponseReturnValue:
    """Have a version made; the job's page shows how far it is."""
    round_ = round_or_404(public_id)
    authorise(Action.STANDING_PREPARE, round_.contest.unit.path)
    form = _form_for(round_)
    if not form.validate_on_submit():
        return _page(round_, form), 422
    try:
        with unit_of_work():
            job = prepare(round_, (form.reason.data or "") if isinstance(form, NextVersionForm) else "")
            public = job.public_id
    except StandingRefused as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for("standings.round_standing", public_id=public_id), 303)
    return follow(public)


def _form_for(round_: Round) -> FirstVersionForm | NextVersionForm:
    return NextVersionForm() if versions(round_) else FirstVersionForm()


def _page(round_: Round, form: FirstVersionForm | NextVersionForm) -> str:
    contest = round_.contest
    reach = require_reach(contest, Action.STANDING_VIEW)
    found = versions(round_)
    latest = found[0] if found else None
    why_not = obstacles(round_)
    stale = latest is not None and latest.state in ("draft", "confirmed", "published") and is_stale(latest)
    return render_template(
        "standings/round.html",
        round=round_,
        contest=contest,
        reach=reach,
        tabs=round_tabs(round_),
        latest=latest,
        state=state_of(latest),
        versions=[(standing, state_of(standing)) for standing in found],
        checks=_late_check(round_) + _checks(latest, why_not, stale),
        obstacles=why_not,
        stale=stale,
        job=running_job(round_),
        form=form,
        may_prepare=reach.whole and current_actor().may(Action.STANDING_PREPARE, contest.unit.path),
        may_check=reach.whole and current_actor().may(Action.STANDING_CONFIRM, contest.unit.path)
        and latest is not None and is_second_person(latest, own_account()),
        may_publish=reach.whole and current_actor().may(Action.STANDING_PUBLISH, contest.unit.path),
        public_url=f"/ket-qua/{round_.public_id}" if any(s.state == "published" for s in found) else None,
        asked=request.method == "POST",
    )  # fmt: skip


def _late_check(round_: Round) -> list[dict[str, object]]:
    """What is still to be decided about late answers: a standing may be made without, but better after."""
    waiting = count_waiting(round_)
    if not waiting:
        return []
    text = _("%(count)s bài có câu đến muộn chưa quyết định", count=show_number(waiting))
    how = _("Nên quyết định trước khi lập bảng: cho tính rồi thì phải lập bản mới.")
    may = current_actor().may(Action.SITTING_VIEW, round_.contest.unit.path)
    url = url_for("monitor.late", public_id=round_.public_id) if may else None
    return [{"done": False, "text": text, "reason": how, "url": url, "link_text": _("Xem và quyết định")}]


def _checks(latest: Standing | None, why_not: list[str], stale: bool) -> list[dict[str, object]]:
    """The four steps with who did them and when."""
    made = latest is not None and latest.state != "withdrawn" and not stale
    confirmed = made and latest is not None and latest.confirmed_at is not None
    is_public = made and latest is not None and latest.state == "published"
    return [
        {"done": not why_not, "text": _("Vòng thi kết thúc, mọi bài đã chấm xong"), "reason": " ".join(why_not)},
        {
            "done": made,
            "text": _("Đã lập bảng kết quả") if made else _("Lập bảng kết quả"),
            "reason": _("Bản %(number)s, lập lúc %(moment)s", number=latest.number, moment=show_moment(latest.prepared_at))
            if latest is not None
            else "",
        },
        {
            "done": confirmed,
            "text": _("Người thứ hai đã kiểm tra và xác nhận") if confirmed else _("Người thứ hai kiểm tra và xác nhận"),
            "reason": _("%(name)s, %(moment)s", name=latest.confirmed_by.display_name,
                        moment=show_moment(latest.confirmed_at))
            if confirmed and latest is not None and latest.confirmed_by is not None
            else _("Không phải người đã lập bảng."),
        },
        {
            "done": is_public,
            "text": _("Đã công bố") if is_public else _("Công bố"),
            "reason": show_moment(latest.published_at) if is_public and latest is not None else "",
        },
    ]  # fmt: skip
