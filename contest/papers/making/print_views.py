"""Printing the forms of a set: for those who may make the papers and read every question in them."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.papers.making.blueprint import blueprint
from contest.papers.making.set_views import found_set
from contest.papers.printing.drawn import may_print
from contest.papers.printing.forms import SetPrintForm
from contest.papers.printing.jobs import ask_for_paper
from core.access import Action, Forbidden, current_actor, permits
from core.database import unit_of_work
from core.jobs import follow


@blueprint.post("/bo-de/<public_id>/in")
@permits(Action.PAPERS_MAKE)
def print_set(public_id: str) -> ResponseReturnValue:
    """Ask for the files; the job's page leads to them."""
    found = found_set(public_id)
    if not may_print(current_actor(), found.round, found.public_id):
        raise Forbidden(Action.QUESTION_VIEW)
    form = SetPrintForm()
    if not found.forms or not form.validate_on_submit():
        flash(_("Xin chọn số cột và loại tệp rồi bấm lại."), "warn")
        return redirect(url_for("making.form_set", public_id=public_id), 303)
    with unit_of_work():
        job = ask_for_paper(found.round, form.order_of(found.public_id))
    return follow(job.public_id)
