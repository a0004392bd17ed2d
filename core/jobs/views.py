"""Pages of jobs: the newest ones, one with its progress (kept fresh by a fragment with an ETag), cancelling."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.access import Action, current_actor, permits
from core.database import unit_of_work
from core.jobs import service
from core.jobs.following import FOLLOWING
from core.jobs.models import Job

blueprint = Blueprint("jobs", __name__, url_prefix="/viec")


@dataclass(frozen=True)
class _State:
    """How a state looks: a tone of the design and what it is called."""

    tone: str
    label: LazyString


_STATES = {
    "waiting": _State("neutral", _l("Đang chờ")),
    "running": _State("info", _l("Đang làm")),
    "stopping": _State("warn", _l("Đang dừng")),
    "done": _State("ok", _l("Đã xong")),
    "failed": _State("danger", _l("Không làm được")),
    "cancelled": _State("warn", _l("Đã dừng")),
}


def _state(job: Job) -> _State:
    if job.cancel_requested and job.state not in service.OVER:
        return _STATES["stopping"]
    return _STATES[job.state]


def _found(public_id: str) -> Job:
    job = service.find(public_id)
    if job is None:
        abort(404)
    service.require_view(current_actor(), job)
    return job


def _shown(job: Job) -> dict[str, Any]:
    """What both the page and its fragment show."""
    total = job.steps_total
    return {
        "job": job,
        "state": _state(job),
        "over": job.state in service.OVER,
        "percent": None if not total else min(100, 100 * job.steps_done // total),
        "result": job.result or {},
    }


@blueprint.get("/")
@permits(Action.STAFF_HOME)
def index() -> ResponseReturnValue:
    """The newest jobs that the person may see."""
    jobs = service.recent(current_actor())
    return render_template("jobs/index.html", jobs=jobs, state_of=_state)


@blueprint.get("/<public_id>")
@permits(Action.STAFF_HOME)
def progress(public_id: str) -> ResponseReturnValue:
    """One job: how far it is, and where it leads when done.

    Whoever has just asked for it is led on at once where it was done before this page could be opened.
    """
    job = _found(public_id)
    result = job.result or {}
    if FOLLOWING in request.args and job.state == "done" and result.get("go_on") and result.get("url"):
        return redirect(str(result["url"]), 303)
    return render_template("jobs/progress.html", may_cancel=service.may_cancel(current_actor(), job), **_shown(job))


@blueprint.get("/<public_id>/tien-do")
@permits(Action.STAFF_HOME)
def fragment(public_id: str) -> ResponseReturnValue:
    """The part of the page that changes; 304 while nothing has."""
    job = _found(public_id)
    changing = (job.state, job.steps_done, job.steps_total, job.message, job.cancel_requested)
    etag = sha256(repr((changing, request.cookies.get("ngon_ngu"))).encode()).hexdigest()[:32]
    response = make_response()
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    if etag in request.if_none_match:
        response.status_code = 304
    else:
        response.set_data(render_template("jobs/_progress.html", **_shown(job)))
    return response


@blueprint.post("/<public_id>/dung")
@permits(Action.STAFF_HOME)
def cancel(public_id: str) -> ResponseReturnValue:
    """Ask that the job stop before its next step."""
    with unit_of_work():
        job = _found(public_id)
        service.require_cancel(current_actor(), job)
        asked = service.request_cancel(job)
    if asked:
        flash(_("Đã yêu cầu dừng. Công việc dừng ngay sau bước đang làm."), "info")
    else:
        flash(_("Công việc này đã kết thúc nên không cần dừng."), "info")
    return redirect(url_for("jobs.progress", public_id=public_id))
