"""Pages that change a form by hand: another order, another question, an exchange with another form."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from contest.papers.making import changes
from contest.papers.making.blueprint import blueprint
from contest.papers.making.models import FormPlace
from contest.papers.making.page_parts import cell_name, crumbs_of, number_text, readable
from contest.papers.making.service import SetFrozen
from contest.papers.making.set_views import found_form
from contest.rounds.forms import EmptyForm
from core.access import Action, permits
from core.database import db, unit_of_work
from questions.bank.models import Question, QuestionVersion


@blueprint.post("/ma-de/<public_id>/thu-tu")
@permits(Action.PAPERS_MAKE)
def reorder(public_id: str) -> ResponseReturnValue:
    """One question up (``len``: its number) or down (``xuong``)."""
    found = found_form(public_id)
    by, field = (-1, "len") if "len" in request.form else (1, "xuong")
    place = _place(found.public_id, request.form.get(field, ""))
    if EmptyForm().validate_on_submit():
        _try(lambda: changes.move(place, by), _("Đã đổi thứ tự."))
    return redirect(url_for("making.form", public_id=public_id) + f"#cau-{max(1, place.number + by)}", 303)


@blueprint.get("/ma-de/<public_id>/cau/<int:number>")
@permits(Action.PAPERS_MAKE)
def offers(public_id: str, number: int) -> ResponseReturnValue:
    """What may stand in this place instead."""
    place = _place(found_form(public_id).public_id, str(number))
    if place.form.set.state != "made":
        flash(_("Bộ đề đã chốt hoặc đã bỏ nên không đổi câu được nữa."), "info")
        return redirect(url_for("making.form", public_id=public_id))
    found = changes.offers(place)
    ids = [place.question_id, *(offer.item.candidate.question_id for offer in found)]
    questions = {one.id: one for one in db.session.scalars(select(Question).where(Question.id.in_(ids)))}
    ids = [offer.item.candidate.version_id for offer in found]
    versions = {one.id: one for one in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))}
    rows = []
    for offer in found:
        question, version = questions[offer.item.candidate.question_id], versions[offer.item.candidate.version_id]
        rows.append((offer, question, version.stem if readable(question) else ""))
    form_set, title = place.form.set, _("Đổi câu %(number)s", number=number)
    return render_template(
        "making/offers.html",
        place=place,
        form=place.form,
        title=title,
        crumbs=crumbs_of(
            form_set.round,
            (_("Bộ đề số %(number)s", number=form_set.number), url_for("making.form_set", public_id=form_set.public_id)),
            (_("Mã đề %(code)s", code=place.form.code), url_for("making.form", public_id=public_id)),
            (title, None),
        ),
        stem=place.version.stem if readable(questions[place.question_id]) else "",
        question=questions[place.question_id],
        cell=cell_name(changes.cell_of(place)),
        rows=rows,
        versions={number: version.public_id for number, version in versions.items()},
        say=number_text,
    )


@blueprint.post("/ma-de/<public_id>/cau/<int:number>")
@permits(Action.PAPERS_MAKE)
def put(public_id: str, number: int) -> ResponseReturnValue:
    """Put a question of the bank (``cau``: its version) here, or exchange with a place (``ma``, ``cho``) of another form."""
    form = found_form(public_id)
    place = _place(form.public_id, str(number))
    if EmptyForm().validate_on_submit():
        if "ma" in request.form:
            other = _place(found_form(request.form["ma"]).public_id, request.form.get("cho", ""))
            _try(lambda: changes.exchange(place, other), _("Đã đổi chéo hai câu."))
        else:
            public = request.form.get("cau", "")
            version = db.session.scalar(select(QuestionVersion.id).where(QuestionVersion.public_id == public)) or abort(404)
            _try(lambda: changes.replace(place, version), _("Đã thay câu."))
    return redirect(url_for("making.form", public_id=public_id) + f"#cau-{number}", 303)


def _place(public_id: str, number: str) -> FormPlace:
    form = found_form(public_id)
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        abort(404)
    return changes.place_in(form, int(number)) or abort(404)


def _try(deed: Callable[[], None], said: str) -> None:
    try:
        with unit_of_work():
            deed()
    except SetFrozen:
        flash(_("Bộ đề đã chốt hoặc đã bỏ nên không đổi được nữa."), "warn")
    except changes.Refused as error:
        flash(str(error), "warn")
    else:
        flash(said, "success")
