"""Pages of slips: asking for those of a unit, fetching the file, and printing one person's."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, current_app, flash, make_response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from contest.rounds.choosing import label_of_unit, units_to_choose
from contest.rounds.links import url_if
from contest.rounds.models import Contest, Entry, Round
from contest.rounds.reach import Reach, contest_or_404, require_reach
from contest.rounds.slip_choosing import count_people, note_hashes, slips_of
from contest.rounds.slip_forms import OneSlipForm, SlipsForm
from contest.rounds.slip_jobs import KIND, PrintSlips, ask_for_slips, discard_old_slips
from contest.rounds.slip_sheets import slips_pdf
from core.access import Action, authorise, permits
from core.accounts.models import Person
from core.accounts.people import person_by_public_id
from core.accounts.people import subject as person_subject
from core.audit import record
from core.database import db, unit_of_work
from core.documents import uploads
from core.jobs import every, follow, register
from core.jobs import service as jobs
from core.organisation.models import Unit
from core.organisation.page_links import add_page_link
from core.organisation.tree import unit_by_public_id

blueprint = Blueprint("slips", __name__, url_prefix="/quan-tri")

_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


def init_slips(app: Flask) -> None:
    """Pages, the kind of job, clearing away old files, and the button on a person's page."""
    app.register_blueprint(blueprint)
    register(PrintSlips())
    every(1800, "slips.discard", discard_old_slips)
    add_page_link(app, "people.person", _l("In phiếu dự thi"), "slips.one", Action.SLIPS_PRINT, order=20)


@blueprint.get("/hoi-thi/<public_id>/phieu")
@permits(Action.SLIPS_PRINT)
def ask(public_id: str) -> ResponseReturnValue:
    """Choose the round and the unit."""
    contest = contest_or_404(public_id)
    reach = require_reach(contest, Action.SLIPS_PRINT)
    return _page(contest, reach, _filled(SlipsForm(), contest, reach))


@blueprint.post("/hoi-thi/<public_id>/phieu")
@permits(Action.SLIPS_PRINT)
def print_many(public_id: str) -> ResponseReturnValue:
    """Ask for the job; its page shows how far it is."""
    contest = contest_or_404(public_id)
    reach = require_reach(contest, Action.SLIPS_PRINT)
    form = _filled(SlipsForm(), contest, reach)
    if not form.validate_on_submit():
        return _page(contest, reach, form), 422
    round_ = _round_in(contest.rounds, form.round.data)
    unit = unit_by_public_id(form.unit.data)
    if round_ is None:
        form.round.errors = [_("Xin chọn vòng thi.")]
    if unit is None or not unit.path.startswith(contest.unit.path):
        form.unit.errors = [_("Xin chọn đơn vị.")]
    if round_ is None or unit is None or form.errors:
        return _page(contest, reach, form), 422
    authorise(Action.SLIPS_PRINT, unit.path)
    if not count_people(contest.id, unit.path):
        form.unit.errors = [_("Đơn vị này chưa có ai trong danh sách dự thi.")]
        return _page(contest, reach, form), 422
    with unit_of_work():
        job = ask_for_slips(contest, round_, unit.path, unit.name)
    return follow(job.public_id)


@blueprint.get("/hoi-thi/<public_id>/phieu/<job_id>.<any(pdf, zip):ending>")
@permits(Action.SLIPS_PRINT)
def fetch(public_id: str, job_id: str, ending: str) -> ResponseReturnValue:
    """The file that a job has made: for those who may print there, and kept by no cache."""
    contest = contest_or_404(public_id)
    job = jobs.find(job_id)
    if job is None or job.kind != KIND or job.arguments["contest"] != contest.id or job.state != "done":
        abort(404)
    authorise(Action.SLIPS_PRINT, job.unit_path)
    result = job.result or {}
    if ending != result.get("ending"):
        abort(404)
    try:
        path = uploads.path_of(str(result.get("file", "")))
    except uploads.UploadMissing:
        flash(_("Tệp phiếu chỉ giữ một ngày để giữ kín mã dự thi, nay đã xóa. Xin in lại, mã vẫn như cũ."), "info")
        return redirect(url_for("slips.ask", public_id=contest.public_id))
    response = send_file(
        path, _TYPES[ending], as_attachment=True, download_name=f"phieu-du-thi.{ending}", conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Last-Modified", None)
    return response


@blueprint.get("/thi-sinh/<person>/phieu")
@permits(Action.SLIPS_PRINT)
def one(person: str) -> ResponseReturnValue:
    """The rounds for which a person's slip can be printed."""
    found = _person_or_404(person)
    rounds = _rounds_of(found)
    return _page_of_one(found, rounds, _with_rounds(OneSlipForm(), rounds))


@blueprint.post("/thi-sinh/<person>/phieu")
@permits(Action.SLIPS_PRINT)
def print_one(person: str) -> ResponseReturnValue:
    """One slip, at once."""
    found = _person_or_404(person)
    rounds = _rounds_of(found)
    form = _with_rounds(OneSlipForm(), rounds)
    if not form.validate_on_submit():
        return _page_of_one(found, rounds, form), 422
    round_ = _round_in(rounds, form.round.data)
    if round_ is None:
        form.round.errors = [_("Xin chọn vòng thi.")]
        return _page_of_one(found, rounds, form), 422
    settings = current_app.config["SETTINGS"]
    slips, missing = slips_of(round_, [found.id])
    with unit_of_work():
        note_hashes(missing)
        record("slips.printed", person_subject(found), {"round": round_.public_id, "count": len(slips)})
    response = make_response(
        slips_pdf(slips, base_url=settings.base_url, hotline=round_.contest.hotline or settings.hotline)
    )
    response.headers["Content-Type"] = _TYPES["pdf"]
    response.headers["Content-Disposition"] = "attachment; filename=phieu-du-thi.pdf"
    response.headers["Cache-Control"] = "no-store"
    return response


def _person_or_404(public_id: str) -> Person:
    person = person_by_public_id(public_id)
    if person is None or not person.active:
        abort(404)
    authorise(Action.SLIPS_PRINT, person.unit.path)
    return person


def _rounds_of(person: Person) -> list[Round]:
    """The rounds, not closed yet, of the contests that the person is entered in."""
    statement = (
        select(Round)
        .join(Entry, Entry.contest_id == Round.contest_id)
        .where(Entry.person_id == person.id, Round.state != "closed")
        .order_by(Round.contest_id.desc(), Round.position)
    )
    return list(db.session.scalars(statement))


def _round_in(rounds: list[Round], public_id: str | None) -> Round | None:
    return next((round_ for round_ in rounds if round_.public_id == public_id), None)


def _filled(form: SlipsForm, contest: Contest, reach: Reach) -> SlipsForm:
    """``form`` with what can be chosen: the coming round first, committees in reach."""
    rounds = sorted(contest.rounds, key=lambda round_: (round_.state == "closed", round_.position))
    form.round.choices = [(round_.public_id, round_.name) for round_ in rounds]
    units: list[Unit] = units_to_choose(reach.paths)
    form.unit.choices = [(unit.public_id, label_of_unit(unit)) for unit in units]
    return form


def _with_rounds(form: OneSlipForm, rounds: list[Round]) -> OneSlipForm:
    form.round.choices = [(round_.public_id, f"{round_.contest.name}: {round_.name}") for round_ in rounds]
    return form


def _page(contest: Contest, reach: Reach, form: SlipsForm) -> str:
    count = sum(count_people(contest.id, path) for path in reach.paths)
    url = url_if("contests.show", public_id=contest.public_id)
    return render_template("rounds/slips.html", contest=contest, contest_url=url, form=form, count=count)


def _page_of_one(person: Person, rounds: list[Round], form: OneSlipForm) -> str:
    return render_template("rounds/one_slip.html", person=person, rounds=rounds, form=form)
