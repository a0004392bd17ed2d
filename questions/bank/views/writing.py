"""Writing a question, seeing it as contestants do, and comparing its versions."""

from __future__ import annotations

import random
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.access import Action, authorise, current_actor, permits
from core.database import unit_of_work
from core.organisation.models import Unit
from questions.bank import search
from questions.bank.content import BankError, ContentError
from questions.bank.differences import compare_rows
from questions.bank.forms import QuestionFields, content_from, offer_choices, question_form, show_error, values_of
from questions.bank.models import Question, QuestionVersion
from questions.bank.service import RETIRED, create_question, new_version, versions_of
from questions.bank.similar import similar_questions
from questions.bank.sources import place_of
from questions.bank.views.blueprint import account_here, blueprint, question_or_404, version_or_404
from questions.review import service as review
from questions.types.base import QuestionType
from questions.types.choice.data import LETTERS
from questions.types.registry import all_types


def _kind(key: str) -> QuestionType:
    kind = all_types().get(key)
    if kind is None:
        abort(404)
    return kind


@blueprint.route("/moi", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def new() -> ResponseReturnValue:
    """A new question."""
    units = list(search.units_for(current_actor(), Action.QUESTION_WRITE))
    return _write(None, _kind(_asked_type("single")), units)


@blueprint.route("/<public_id>/sua", methods=["GET", "POST"])
@permits(Action.QUESTION_WRITE)
def edit(public_id: str) -> ResponseReturnValue:
    """The next version of a question."""
    question = question_or_404(public_id, Action.QUESTION_WRITE)
    if question.state == RETIRED:
        flash(_("Câu hỏi đã thôi dùng. Xin khôi phục trước khi sửa."), "warn")
        return redirect(url_for("questions.show", public_id=public_id))
    current = _current(question)
    return _write(question, _kind(_asked_type(current.type)), [question.unit])


def _asked_type(default: str) -> str:
    if request.method == "POST":
        return request.form.get("doi_loai") or request.form.get("type") or default
    return request.args.get("loai") or default


def _current(question: Question) -> QuestionVersion:
    version = question.current_version
    if version is None:
        abort(404)
    return version


def _write(question: Question | None, kind: QuestionType, units: list[Unit]) -> ResponseReturnValue:
    form_class = question_form(kind)
    if request.method == "GET":
        start = values_of(_current(question), kind) if question else {"level": "", "topic": "", "source": ""}
        form = form_class(formdata=None, data=start)
    else:
        form = form_class(formdata=MultiDict(request.form))
    form.type.data = kind.key
    offer_choices(form, units)
    if request.method == "GET":
        return _page(form, kind, question, 200)
    if "them_phuong_an" in request.form:
        kind.add_row(form)
        return _page(form, kind, question, 200)
    if {"doi_loai", "xem_doan"} & set(request.form):
        return _page(form, kind, question, 200)
    sound = form.validate()
    try:
        content = content_from(form, kind)
        problems = kind.check(content.data)
        if problems:
            raise ContentError(problems, kind.key)
        if sound:
            return _saved(form, kind, content, question, units)
    except BankError as error:
        show_error(form, kind, error)
    return _page(form, kind, question, 422)


def _saved(
    form: QuestionFields, kind: QuestionType, content: Any, question: Question | None, units: list[Unit]
) -> ResponseReturnValue:
    account = account_here()
    if question is None:
        unit = next((u for u in units if u.public_id == form.unit.data), units[0] if units else None)
        if unit is None:
            abort(403)
        authorise(Action.QUESTION_WRITE, unit.path)
    with unit_of_work():
        if question is None:
            assert unit is not None
            question = create_question(unit, content, account)
            words = _("Đã lưu câu hỏi mới.")
        else:
            based_on = form.based_on.data or ""
            number = _current(question).number
            new_version(question, content, account, based_on=int(based_on) if based_on.isdigit() else None)
            changed = _current(question).number != number
            words = _("Đã lưu bản %(number)s.", number=_current(question).number) if changed else _("Không có gì thay đổi.")
        if "gui" in request.form and question.state == "draft":
            review.submit(question, account)
            words = _("Đã lưu và gửi thẩm định.")
    flash(words, "ok")
    similar = similar_questions(question, current_actor())
    if similar:
        words = _("Ngân hàng có câu giống câu vừa lưu %(percent)s %%: %(why)s.", percent=similar[0].percent, why=similar[0].why)
        flash(words, "warn")
    if "them_nua" in request.form:
        return redirect(url_for("questions.new", loai=kind.key))
    return redirect(url_for("questions.show", public_id=question.public_id, giong=1 if similar else None))


def _page(form: QuestionFields, kind: QuestionType, question: Question | None, status: int) -> ResponseReturnValue:
    page = render_template(
        "questions/write.html",
        form=form,
        kind=kind,
        kinds=all_types(),
        question=question,
        letters=LETTERS,
    )
    return page, status


@blueprint.get("/<public_id>/xem-thu")
@permits(Action.QUESTION_VIEW)
def preview(public_id: str) -> ResponseReturnValue:
    """The question as contestants see it; each turn shuffles anew."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    version = _current(question)
    kind = _kind(version.type)
    turn = min(max(request.args.get("lan", 1, type=int) or 1, 1), 10_000)
    order = list(range(len(kind.options(version.data))))
    random.Random(f"{version.public_id}:{turn}").shuffle(order)
    arranged = kind.arrange(version.data, order, version.stem)
    return render_template(
        "questions/preview.html",
        question=question,
        version=version,
        kind=kind,
        shown=kind.shown(version.data, arranged, version.stem),
        item=kind.sheet(version.data, arranged, version.stem),
        turn=turn,
    )


@blueprint.get("/<public_id>/so-sanh")
@permits(Action.QUESTION_VIEW)
def compare(public_id: str) -> ResponseReturnValue:
    """Two versions side by side; by default the newest and the one that was in force (or came) before it."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    versions = versions_of(question)
    newest = versions[-1].number
    approved = question.approved_version
    earlier = approved.number if approved and approved.number < newest else max(1, newest - 1)
    before = version_or_404(question, request.args.get("tu", str(earlier)))
    after = version_or_404(question, request.args.get("den", str(newest)))
    return render_template(
        "questions/compare.html",
        question=question,
        versions=versions,
        before=before,
        after=after,
        rows=compare_rows(_parts(before), _parts(after)),
    )


def _parts(version: QuestionVersion) -> dict[str, str]:
    """A version in labelled parts, for comparing."""
    kind = _kind(version.type)
    correct = version.data.get("correct", [])
    parts = {_("Loại"): str(kind.label), _("Nội dung"): version.stem}
    for row in kind.answer_rows(version.data, None):
        parts[row.label] = row.right
    for option in kind.shown(version.data):
        mark = _("(đáp án)") if option.index in correct else ""
        parts[_("Phương án %(letter)s", letter=option.letter)] = f"{option.text} {mark}".strip()
    parts[_("Chủ đề")] = version.topic.name if version.topic else ""
    parts[_("Mức độ")] = version.level
    parts[_("Căn cứ")] = place_of(version.clause, version.article, version.source, version.source_text)
    parts[_("Giải thích")] = version.explanation
    return parts
