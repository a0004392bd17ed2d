"""The page of a set: the fairness sheet, confirming, discarding, taking back, undoing; and the page of one form."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contest.papers.making import changes, service
from contest.papers.making.blueprint import blueprint
from contest.papers.making.models import FormSet, PaperForm
from contest.papers.making.page_parts import (
    cell_name,
    changes_said,
    crumbs_of,
    curves,
    fairness_of,
    number_text,
    readable,
    short_cells,
    state_of,
)
from contest.papers.making.service import cells_asked, form_or_404, set_or_404
from contest.papers.printing.drawn import may_print
from contest.papers.printing.forms import SetPrintForm
from contest.rounds.forms import EmptyForm
from core.access import Action, authorise, current_actor, permits
from core.database import db, unit_of_work
from questions.bank.models import Question


@blueprint.get("/bo-de/<public_id>")
@permits(Action.PAPERS_MAKE)
def form_set(public_id: str) -> ResponseReturnValue:
    """The forms side by side, to be judged and printed; or what is short."""
    found = found_set(public_id)
    sheet = fairness_of(found)
    title = _("Bộ đề số %(number)s", number=found.number)
    return render_template(
        "making/set.html",
        set=found,
        title=title,
        round=found.round,
        contest=found.round.contest,
        crumbs=crumbs_of(found.round, (title, None)),
        state=state_of(found),
        cells=[cell_name(cell) for cell in cells_asked(found)],
        blueprint=cells_asked(found),
        sheet=sheet,
        curves=curves(sheet),
        total=sum(cell.count for cell in cells_asked(found)),
        short=short_cells(found),
        changed=changes_said(found),
        printing=SetPrintForm(formdata=None) if _may_print(found) else None,
        digest=service.digest(found) if found.state == "confirmed" else "",
        say=number_text,
    )


@blueprint.post("/bo-de/<public_id>/chot")
@permits(Action.PAPERS_MAKE)
def confirm(public_id: str) -> ResponseReturnValue:
    """The forms are final from here on."""
    return _do(public_id, service.confirm, _("Đã chốt bộ đề. Các mã đề không thay đổi được nữa."))


@blueprint.post("/bo-de/<public_id>/bo")
@permits(Action.PAPERS_MAKE)
def discard(public_id: str) -> ResponseReturnValue:
    """Put the set away."""
    return _do(public_id, service.discard, _("Đã bỏ bộ đề. Muốn dùng lại, bấm “Lấy lại”."))


@blueprint.post("/bo-de/<public_id>/lay-lai")
@permits(Action.PAPERS_MAKE)
def restore(public_id: str) -> ResponseReturnValue:
    """Take a discarded set back."""
    return _do(public_id, service.restore, _("Đã lấy lại bộ đề."))


@blueprint.post("/bo-de/<public_id>/hoan-tac")
@permits(Action.PAPERS_MAKE)
def undo(public_id: str) -> ResponseReturnValue:
    """Take the last change by hand back."""
    return _do(public_id, changes.undo, _("Đã hoàn tác thay đổi gần nhất."))


@blueprint.get("/ma-de/<public_id>")
@permits(Action.PAPERS_MAKE)
def form(public_id: str) -> ResponseReturnValue:
    """One form: its questions in order; their words for those who may read the bank."""
    found = found_form(public_id)
    title = _("Mã đề %(code)s", code=found.code)
    set_url = url_for("making.form_set", public_id=found.set.public_id)
    cells = cells_asked(found.set)
    rows = []
    for place in found.places:
        question = db.session.get_one(Question, place.question_id)
        rows.append((place, question, place.version.stem if readable(question) else "", cell_name(cells[place.cell])))
    return render_template(
        "making/form.html",
        form=found,
        set=found.set,
        title=title,
        crumbs=crumbs_of(found.set.round, (_("Bộ đề số %(number)s", number=found.set.number), set_url), (title, None)),
        state=state_of(found.set),
        rows=rows,
        say=number_text,
        hidden=any(not stem for _place, _question, stem, _cell in rows),
    )


def found_set(public_id: str) -> FormSet:
    """The set, for those who may make its round's papers."""
    found = set_or_404(public_id)
    authorise(Action.PAPERS_MAKE, found.round.contest.unit.path)
    return found


def found_form(public_id: str) -> PaperForm:
    """The form, for those who may make its round's papers."""
    found = form_or_404(public_id)
    authorise(Action.PAPERS_MAKE, found.set.round.contest.unit.path)
    return found


def _do(public_id: str, deed: Callable[[FormSet], None], said: str) -> ResponseReturnValue:
    found = found_set(public_id)
    if EmptyForm().validate_on_submit():
        try:
            with unit_of_work():
                deed(found)
        except service.SetFrozen:
            flash(_("Bộ đề lúc này không cho làm việc đó: đã chốt, đã bỏ, đang ghép hoặc đang dùng cho vòng thi."), "warn")
        except changes.Refused as error:
            flash(str(error), "warn")
        else:
            flash(said, "success")
    return redirect(url_for("making.form_set", public_id=public_id), 303)


def _may_print(found: FormSet) -> bool:
    return bool(found.forms) and may_print(current_actor(), found.round, found.public_id)
