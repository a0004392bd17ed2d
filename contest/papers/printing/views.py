"""Pages of printing papers: the rounds whose papers one may print, asking for the files, fetching them."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.papers.pool import parts_of, supply
from contest.papers.printing.drawn import may_print
from contest.papers.printing.forms import PrintForm
from contest.papers.printing.jobs import KIND, PrintPaper, ask_for_paper, discard_old_papers
from contest.rounds.links import url_if
from contest.rounds.models import Contest, Round
from contest.rounds.reach import contests_in_sight, round_or_404
from contest.rounds.service import round_rules, same_hours
from contest.rounds.slip_choosing import hours
from contest.rounds.states import state_of_round
from core.access import Action, Forbidden, authorise, current_actor, permits
from core.audit import record
from core.database import db, unit_of_work
from core.database.server_time import now
from core.documents import uploads
from core.jobs import every, follow, register
from core.jobs import service as jobs
from core.web.navigation import add_item

blueprint = Blueprint("printing", __name__, url_prefix="/quan-tri")

_TYPES = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def init_printing(app: Flask) -> None:
    """Pages, the menu item of those who see the bank, the kind of job, clearing away old files."""
    app.register_blueprint(blueprint)
    register(PrintPaper())
    every(1800, "papers.discard", discard_old_papers)
    add_item(app, _l("In đề"), "printing.index", Action.QUESTION_VIEW, 25)


def _round_to_print(public_id: str) -> Round:
    """The round, for whoever may see every question that its papers can hold. Raises Forbidden."""
    round_ = round_or_404(public_id)
    authorise(Action.QUESTION_VIEW, round_.contest.unit.path)
    if not may_print(current_actor(), round_):
        raise Forbidden(Action.QUESTION_VIEW)
    return round_


@blueprint.get("/in-de")
@permits(Action.QUESTION_VIEW)
def index() -> ResponseReturnValue:
    """The rounds whose papers one may print, newest contest first."""
    actor, moment = current_actor(), now()
    found = db.session.scalars(contests_in_sight(actor, Action.QUESTION_VIEW).order_by(Contest.id.desc()))
    rounds = [
        (round_, round_rules(round_), state_of_round(round_, moment))
        for contest in found
        for round_ in contest.rounds
        if may_print(actor, round_)
    ]
    return render_template("papers/printing/index.html", rounds=rounds)


@blueprint.route("/vong-thi/<public_id>/in-de", methods=["GET", "POST"])
@permits(Action.QUESTION_VIEW)
def ask(public_id: str) -> ResponseReturnValue:
    """Choose what to print; the job's page shows how far it is and leads to the file."""
    round_ = _round_to_print(public_id)
    form = PrintForm()
    form.part.choices = _parts(round_)
    short = [cell for cell in supply(round_) if cell.short] if round_.state == "draft" else []
    if not form.validate_on_submit():
        return _page(round_, form, len(short)), 422 if form.errors else 200
    if short or not round_rules(round_).questions:
        return _page(round_, form, len(short)), 409
    with unit_of_work():
        job = ask_for_paper(round_, form.order())
    return follow(job.public_id)


@blueprint.get("/vong-thi/<public_id>/in-de/<job_id>")
@permits(Action.QUESTION_VIEW)
def fetch(public_id: str, job_id: str) -> ResponseReturnValue:
    """The file that a job has made: for those who may print it, and kept by no cache."""
    round_ = _round_to_print(public_id)
    job = jobs.find(job_id)
    if job is None or job.kind != KIND or job.arguments["round"] != round_.id or job.state != "done":
        abort(404)
    if not may_print(current_actor(), round_, str(job.arguments.get("form_set", ""))):
        raise Forbidden(Action.QUESTION_VIEW)
    result = job.result or {}
    name = str(result.get("name", ""))
    try:
        path = uploads.path_of(str(result.get("file", "")))
    except uploads.UploadMissing:
        flash(_("Tệp đề thi chỉ giữ một ngày, nay đã xóa. Cùng số bốc thăm thì in lại ra đúng các mã đề cũ."), "info")
        return redirect(url_for("printing.ask", public_id=round_.public_id))
    with unit_of_work():
        record("paper.fetched", f"round:{round_.public_id}", {"job": job_id})
    kind = _TYPES[name.rpartition(".")[2]]
    response = send_file(path, kind, as_attachment=True, download_name=name, conditional=False, etag=False)
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Last-Modified", None)
    return response


def _parts(round_: Round) -> list[tuple[str, str]]:
    """The parts of the pool by the windows that draw from them; one where there are no windows yet."""
    groups = same_hours(round_.windows)
    labels = [f"{hours(windows[0])}: {', '.join(window.unit.name for window in windows)}" for windows in groups]
    return [(str(part), label) for part, label in enumerate(labels)] or [("0", _("Mọi ca thi"))]


def _page(round_: Round, form: PrintForm, short: int) -> str:
    return render_template(
        "papers/printing/ask.html",
        round=round_,
        contest=round_.contest,
        form=form,
        rules=round_rules(round_),
        parts=parts_of(round_),
        short=short,
        round_url=url_if("rounds.show", public_id=round_.public_id)
        if current_actor().may(Action.CONTEST_VIEW, round_.contest.unit.path)
        else None,
    )
