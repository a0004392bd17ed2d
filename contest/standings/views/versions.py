"""One version of a standing: its whole table, units' totals, what changed; confirming, publishing, withdrawing, Excel."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from contest.rounds.reach import Reach
from contest.standings.board_files import DIRECT
from contest.standings.differences import differences
from contest.standings.exporting import KIND, ask_for_export, standing_workbook
from contest.standings.forms import ConfirmForm, PressForm, WithdrawForm
from contest.standings.listing import Publication, Scope, children_of, criteria_words, line_of, scopes, select_rows
from contest.standings.models import Standing, StandingRow
from contest.standings.publishing import confirm, is_second_person, publish, withdraw
from contest.standings.service import StandingRefused, earlier_public, is_stale, newest
from contest.standings.states import state_of
from contest.standings.views.blueprint import blueprint, in_reach, may, own_account, reach_of, standing_or_404
from core.access import Action, authorise, permits
from core.database import db, unit_of_work
from core.documents import uploads
from core.jobs import follow
from core.jobs import service as jobs
from core.web.tables import Listing, Page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SORTS = {
    "hang": StandingRow.position,
    "ten": (StandingRow.sort_key, StandingRow.position),
    "cau-dung": (StandingRow.correct, StandingRow.position),
    "thoi-gian": (StandingRow.seconds, StandingRow.position),
}


@blueprint.get("/ket-qua/<public_id>")
@permits(Action.STANDING_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """The whole table: search without accents, sorting, pages, by unit."""
    standing = standing_or_404(public_id)
    reach_of(standing)
    return _people_page(standing, ConfirmForm(), WithdrawForm())


@blueprint.get("/ket-qua/<public_id>/tap-the")
@permits(Action.STANDING_VIEW)
def totals(public_id: str) -> ResponseReturnValue:
    """Totals of units: of those directly below the chosen one."""
    standing = standing_or_404(public_id)
    reach = reach_of(standing)
    every = scopes(db.session.connection(), standing.id)
    seen = in_reach(every, reach)
    chosen = _chosen(seen)
    here = chosen or (seen[0] if seen else None)
    rows = [] if here is None else children_of(here, every) or [here]
    if chosen is None and not reach.whole:
        rows = _tops(seen, reach)
    with_children = {each.parent_id for each in every}
    return render_template(
        "standings/totals.html",
        rows=[(each, each.unit_id in with_children and each is not here) for each in rows],
        scope=chosen,
        above=next((each for each in seen if chosen and each.unit_id == chosen.parent_id), None),
        **_frame(standing, reach),
    )


@blueprint.get("/ket-qua/<public_id>/thay-doi")
@permits(Action.STANDING_VIEW)
def changes(public_id: str) -> ResponseReturnValue:
    """Who stands elsewhere than in the last version that was public."""
    standing = standing_or_404(public_id)
    reach = reach_of(standing)
    before = earlier_public(standing)
    if before is None:
        abort(404)
    listing = Listing.from_request({"hang": StandingRow.position}, "hang", 50)
    found = differences(standing, before, None if reach.whole else reach.paths)
    words = listing.folded.split()
    if words:
        from core.database import fold

        found = [one for one in found if all(word in fold(f"{one.name} {one.unit}") for word in words)]
    number = min(listing.number, max(1, -(-len(found) // listing.size)))
    page = Page(found[(number - 1) * listing.size : number * listing.size], len(found), number, listing.size)
    return render_template(
        "standings/changes.html",
        listing=listing,
        page=page,
        own=sum(1 for one in found if one.own_result),
        **_frame(standing, reach),
    )


@blueprint.post("/ket-qua/<public_id>/xac-nhan")
@permits(Action.STANDING_CONFIRM)
def confirm_version(public_id: str) -> ResponseReturnValue:
    """The second person confirms."""
    standing = standing_or_404(public_id)
    authorise(Action.STANDING_CONFIRM, standing.round.contest.unit.path)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _people_page(standing, form, WithdrawForm(formdata=None)), 422
    try:
        with unit_of_work():
            confirm(standing, own_account())
    except StandingRefused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(_("Đã xác nhận bản %(number)s. Ban tổ chức có thể công bố.", number=standing.number), "success")
    return redirect(url_for("standings.show", public_id=public_id), 303)


@blueprint.post("/ket-qua/<public_id>/cong-bo")
@permits(Action.STANDING_PUBLISH)
def publish_version(public_id: str) -> ResponseReturnValue:
    """Make it public."""
    standing = standing_or_404(public_id)
    authorise(Action.STANDING_PUBLISH, standing.round.contest.unit.path)
    if PressForm().validate_on_submit():
        try:
            with unit_of_work():
                publish(standing, own_account())
        except StandingRefused as refusal:
            flash(str(refusal), "warn")
        else:
            flash(_("Đã công bố bản %(number)s. Mọi người xem được ngay.", number=standing.number), "success")
    return redirect(url_for("standings.show", public_id=public_id), 303)


@blueprint.post("/ket-qua/<public_id>/thu-hoi")
@permits(Action.STANDING_PUBLISH)
def withdraw_version(public_id: str) -> ResponseReturnValue:
    """Take it back, for a reason."""
    standing = standing_or_404(public_id)
    authorise(Action.STANDING_PUBLISH, standing.round.contest.unit.path)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _people_page(standing, ConfirmForm(formdata=None), form), 422
    try:
        with unit_of_work():
            withdraw(standing, own_account(), form.reason.data or "")
    except StandingRefused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(_("Đã thu hồi bản %(number)s. Trang công khai không còn hiện bảng này.", number=standing.number), "success")
    return redirect(url_for("standings.show", public_id=public_id), 303)


@blueprint.post("/ket-qua/<public_id>/excel")
@permits(Action.STANDING_VIEW)
def export(public_id: str) -> ResponseReturnValue:
    """The Excel file of a unit's people: at once, or by the job worker where it is long."""
    standing = standing_or_404(public_id)
    reach = reach_of(standing)
    if not PressForm().validate_on_submit():
        return redirect(url_for("standings.show", public_id=public_id), 303)
    seen = in_reach(scopes(db.session.connection(), standing.id), reach)
    scope = _chosen(seen) or (seen[0] if seen else None)
    if scope is None:
        flash(_("Chưa có ai trong bảng này, nên chưa có gì để xuất."), "info")
        return redirect(url_for("standings.show", public_id=public_id), 303)
    if scope.sat > DIRECT:
        with unit_of_work():
            job_id = ask_for_export(standing, scope).public_id
        return follow(job_id)
    response = make_response(standing_workbook(standing, scope))
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Disposition"] = f"attachment; filename=ket-qua-ban-{standing.number}.xlsx"
    return response


@blueprint.get("/ket-qua/<public_id>/tep/<job_id>.xlsx")
@permits(Action.STANDING_VIEW)
def fetch(public_id: str, job_id: str) -> ResponseReturnValue:
    """The file that a job has made."""
    standing = standing_or_404(public_id)
    job = jobs.find(job_id)
    if job is None or job.kind != KIND or job.arguments["standing"] != standing.id or job.state != "done":
        abort(404)
    authorise(Action.STANDING_VIEW, job.unit_path)
    try:
        path = uploads.path_of(str((job.result or {}).get("file", "")))
    except uploads.UploadMissing:
        flash(_("Tệp chỉ giữ một ngày, nay đã xóa. Xin xuất lại."), "info")
        return redirect(url_for("standings.show", public_id=public_id), 303)
    response: Response = send_file(
        path, XLSX, as_attachment=True, download_name=f"ket-qua-ban-{standing.number}.xlsx", conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    response.last_modified = None
    return response


def _people_page(standing: Standing, confirm_form: ConfirmForm, withdraw_form: WithdrawForm) -> str:
    reach = reach_of(standing)
    seen = in_reach(scopes(db.session.connection(), standing.id), reach)
    chosen = _chosen(seen)
    listing = Listing.from_request(_SORTS, "hang", 50)
    paths = (chosen.path,) if chosen else (None if reach.whole else reach.paths)
    found = listing.page(select_rows(standing.id, paths, query=listing.query), scalars=False)
    page = Page([line_of(row, chosen) for row in found.items], found.total, found.number, found.size)
    return render_template(
        "standings/version.html",
        listing=listing,
        page=page,
        scope=chosen,
        units=[(each.public_id, _label(each, seen)) for each in seen if each.depth > seen[0].depth or not reach.whole],
        confirm_form=confirm_form,
        withdraw_form=withdraw_form,
        **_frame(standing, reach),
    )


def _chosen(seen: list[Scope]) -> Scope | None:
    """The unit that the address (or form) names, when it is in sight."""
    wanted = request.values.get("don_vi", "")
    return next((each for each in seen if each.public_id == wanted), None)


def _tops(seen: list[Scope], reach: Reach) -> list[Scope]:
    return [each for each in seen if each.path in reach.paths]


def _label(scope: Scope, seen: list[Scope]) -> str:
    """The unit's name after those above it below the first in sight, so that two of one name differ."""
    top = seen[0].full_name.rpartition(" / ")[0] if seen[0].path != "/" else ""
    shown = scope.full_name.removeprefix(f"{top} / ") if top else scope.full_name
    first = seen[0].name
    return shown.removeprefix(f"{first} / ") if shown != first else shown


def _frame(standing: Standing, reach: Reach) -> dict[str, Any]:
    """What every page of a version shows."""
    account = own_account()
    latest = newest(standing.round)
    is_latest = latest is not None and latest.id == standing.id
    before = earlier_public(standing)
    publication = Publication.of(standing.publication)
    named = db.session.scalar(
        select(func.count()).select_from(select_rows(standing.id, public=publication).subquery())
    )
    stale = standing.state in ("draft", "confirmed", "published") and is_stale(standing)
    return {
        "standing": standing,
        "round": standing.round,
        "contest": standing.round.contest,
        "reach": reach,
        "state": state_of(standing),
        "criteria": criteria_words(standing.criteria),
        "summary": standing.summary if reach.whole else _summary_of(standing, reach),
        "publication": publication,
        "named": named,
        "is_latest": is_latest,
        "latest": latest,
        "stale": stale,
        "second": is_second_person(standing, account),
        "may_confirm": is_latest and standing.state == "draft" and not stale and may(Action.STANDING_CONFIRM, standing),
        "may_publish": is_latest and standing.state == "confirmed" and not stale
        and may(Action.STANDING_PUBLISH, standing),
        "may_withdraw": standing.state == "published" and may(Action.STANDING_PUBLISH, standing),
        "press": PressForm(formdata=None),
        "public_url": f"/ket-qua/{standing.round.public_id}" if standing.state == "published" else None,
        "before": before,
        "tabs": [
            {"label": label, "url": url_for(endpoint, public_id=standing.public_id), "active": request.endpoint == endpoint}
            for label, endpoint, there in (
                (_("Cá nhân"), "standings.show", True),
                (_("Tập thể"), "standings.totals", True),
                (_("Thay đổi so với bản %(number)s", number=before.number if before else 0), "standings.changes",
                 before is not None),
            )
            if there
        ],
    }  # fmt: skip


def _summary_of(standing: Standing, reach: Reach) -> dict[str, int]:
    """The counts of the own units only."""
    seen = _tops(in_reach(scopes(db.session.connection(), standing.id), reach), reach)
    entries, sat = sum(each.entries for each in seen), sum(each.sat for each in seen)
    return {"entries": entries, "sat": sat, "absent": entries - sat}
