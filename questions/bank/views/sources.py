"""Documents on which answers rest: the list, a new one, correcting one and saying what replaced it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Action, current_actor, permits
from core.database import db, unit_of_work
from questions.bank import sources
from questions.bank.content import BankError
from questions.bank.forms import SourceForm
from questions.bank.models import Source
from questions.bank.views.blueprint import blueprint


@blueprint.get("/van-ban")
@permits(Action.QUESTION_VIEW)
def source_list() -> ResponseReturnValue:
    """Every document, newest first."""
    words = request.args.get("q", "").strip()[:200]
    found = sources.all_sources(words)
    return render_template(
        "questions/sources.html",
        words=words,
        may_write=current_actor().may(Action.QUESTION_WRITE),
        sources=found,
        in_force=sources.in_force,
        label_of=sources.label_of,
        used={s.id: sources.questions_on(s) for s in found},
    )


@blueprint.route("/van-ban/moi", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def source_new() -> ResponseReturnValue:
    """A new document."""
    return _write(SourceForm(), None)


@blueprint.route("/van-ban/<public_id>", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def source(public_id: str) -> ResponseReturnValue:
    """Correct a document, or say what replaced it."""
    found = sources.find_source(public_id)
    if found is None:
        abort(404)
    next_one = db.session.get(Source, found.replaced_by_id) if found.replaced_by_id else None
    start: dict[str, Any] = {
        name: getattr(found, name) for name in ("title", "number", "issued_on", "issuer", "in_force_from", "in_force_until")
    }
    return _write(SourceForm(data=start | {"replaced_by": next_one.public_id if next_one else ""}), found)


def _write(form: SourceForm, found: Source | None) -> ResponseReturnValue:
    others = [s for s in sources.all_sources() if found is None or s.id != found.id]
    form.replaced_by.choices = [("", _("Chưa bị thay thế")), *((s.public_id, sources.label_of(s)) for s in others)]
    if form.validate_on_submit():
        try:
            next_one = sources.find_source(form.replaced_by.data) if form.replaced_by.data else None
            with unit_of_work():
                if found is None:
                    found = sources.create_source(form.facts())
                if next_one is not None or found.replaced_by_id is not None or request.endpoint != "questions.source_new":
                    sources.change_source(found, form.facts(), next_one)
            flash(_("Đã lưu văn bản “%(label)s”.", label=sources.label_of(found)), "ok")
            return redirect(url_for("questions.source_list"))
        except BankError as error:
            field = form._fields.get(error.field, form.title)
            field.errors = [*field.errors, str(error)]
    for field in (form.issued_on, form.in_force_from, form.in_force_until):
        if field.errors:
            field.errors = [_("Ngày chưa đúng. Xin ghi như 30/07/2021 hoặc chọn trong lịch.")]
    page = render_template("questions/source.html", form=form, source=found)
    return page, 422 if form.errors else 200
