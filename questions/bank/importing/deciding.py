"""Decisions over single questions of an import: right as it is, left out, its key, put right by hand."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from core.access import Action, permits
from core.database import db, unit_of_work
from questions.bank.content import BankError
from questions.bank.forms import show_error
from questions.bank.importing import pages, service
from questions.bank.importing.forms import item_content, item_form, item_values
from questions.bank.importing.models import QuestionImport, QuestionImportItem, QuestionImportProblem
from questions.bank.importing.views import batch_or_404, doubts_of, item_or_404
from questions.bank.levels import LEVELS
from questions.bank.service import check_content
from questions.bank.topics import topic_tree
from questions.bank.views.blueprint import blueprint
from questions.types.base import QuestionType
from questions.types.choice.data import LETTERS
from questions.types.registry import all_types

_DECISIONS = {"dung": service.accept, "bo-qua": service.skip, "lay-lai": service.take_back}


@blueprint.post("/nhap/<public_id>/cau/<item_id>/quyet-dinh")
@permits(Action.QUESTION_WRITE)
def import_decide(public_id: str, item_id: str) -> ResponseReturnValue:
    """ "Đúng như vậy", "Bỏ qua", "Lấy lại"."""
    batch = batch_or_404(public_id)
    item = item_or_404(batch, item_id)
    decide = _DECISIONS.get(request.form.get("viec", ""))
    if decide is None:
        abort(400)
    try:
        with unit_of_work():
            decide(item)
    except BankError as error:
        flash(str(error), "danger")
    return _back(batch, item)


@blueprint.post("/nhap/<public_id>/cau/<item_id>/dap-an")
@permits(Action.QUESTION_WRITE)
def import_key(public_id: str, item_id: str) -> ResponseReturnValue:
    """Say which option is right."""
    batch = batch_or_404(public_id)
    item = item_or_404(batch, item_id)
    chosen = [int(v) for v in request.form.getlist("dap_an") if v.isascii() and v.isdigit() and len(v) < 4]
    try:
        with unit_of_work():
            service.choose_key(item, chosen)
    except BankError as error:
        flash(str(error), "danger")
    return _back(batch, item)


def _back(batch: QuestionImport, item: QuestionImportItem) -> ResponseReturnValue:
    """To the page one came from, at the question."""
    view = request.form.get("xem", "")
    page = request.form.get("trang", 1, type=int)
    size = request.form.get("so_dong", None, type=int)
    target = url_for(
        "questions.import_show",
        public_id=batch.public_id,
        xem=view if view in pages.VIEWS else None,
        trang=page if page and page > 1 else None,
        so_dong=size,
        _anchor=f"cau-{item.position}",
    )
    return redirect(target)


@blueprint.post("/nhap/<public_id>/doan/<problem_id>/da-xem")
@permits(Action.QUESTION_WRITE)
def import_seen(public_id: str, problem_id: str) -> ResponseReturnValue:
    """A piece of text that was not understood may be left out."""
    batch = batch_or_404(public_id)
    problem = db.session.scalar(
        select(QuestionImportProblem).where(
            QuestionImportProblem.batch_id == batch.id, QuestionImportProblem.public_id == problem_id
        )
    )
    if problem is None:
        abort(404)
    with unit_of_work():
        problem.seen = request.form.get("viec") != "lay-lai"
    view = request.form.get("xem", "")
    return redirect(
        url_for(
            "questions.import_show",
            public_id=public_id,
            xem=view if view in pages.VIEWS else None,
            trang=request.form.get("trang", 1, type=int),
            _anchor=f"doan-{problem.public_id}",
        )
    )


@blueprint.route("/nhap/<public_id>/cau/<item_id>/sua", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def import_edit(public_id: str, item_id: str) -> ResponseReturnValue:
    """Put a question right by hand, its lines of the file beside it."""
    batch = batch_or_404(public_id)
    item = item_or_404(batch, item_id)
    kinds = all_types()
    asked = (request.form.get("doi_loai") or request.form.get("type")) if request.method == "POST" else item.type
    kind = kinds.get(asked or item.type) or next(iter(kinds.values()))
    if request.method == "GET":
        form = item_form(kind)(formdata=None, data=item_values(item, kind))
    else:
        form = item_form(kind)(formdata=MultiDict(request.form))
    form.type.data = kind.key
    if "them_phuong_an" in request.form:
        kind.add_row(form)
    quiet = request.method == "GET" or {"them_phuong_an", "doi_loai", "xem_doan"} & set(request.form)
    if not quiet and form.validate():
        try:
            with unit_of_work():
                content = item_content(form, kind)
                check_content(content)
                service.edit(item, content, (form.topic.data or "").strip()[:120])
            return _back_to(batch, item)
        except BankError as error:
            show_error(form, kind, error)
    return _edit_page(batch, item, kind, form), 200 if quiet else 422


def _back_to(batch: QuestionImport, item: QuestionImportItem) -> ResponseReturnValue:
    target = url_for(
        "questions.import_show",
        public_id=batch.public_id,
        trang=pages.position_page(batch, item.position, 25),
        _anchor=f"cau-{item.position}",
    )
    return redirect(target)


def _edit_page(batch: QuestionImport, item: QuestionImportItem, kind: QuestionType, form: Any) -> str:
    lines = service.lines_between(batch, max(1, item.first_line - 1), item.last_line + 1)
    return render_template(
        "questions/importing/edit.html",
        batch=batch,
        item=item,
        kind=kind,
        kinds=all_types(),
        form=form,
        lines=lines,
        doubts=doubts_of(item),
        letters=LETTERS,
        levels=LEVELS,
        topics=[node.topic.name for node in topic_tree()],
        page_number=pages.position_page(batch, item.position, 25),
    )
