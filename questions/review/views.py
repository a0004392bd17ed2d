"""Review: one question with its thread and what can be done, the queue, and steps over many questions at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.access import Action, authorise, current_actor, permits
from core.accounts.models import Account
from core.database import db, unit_of_work
from core.web.tables import Listing
from questions.bank import search
from questions.bank.content import BankError
from questions.bank.models import Question, QuestionVersion
from questions.bank.remarks import remarks_on
from questions.bank.search import Filters
from questions.bank.service import versions_of
from questions.bank.similar import similar_questions
from questions.bank.sources import label_of, place_of
from questions.bank.states import older_version_in_use, state_of
from questions.bank.views.blueprint import account_here, blueprint, question_or_404
from questions.bank.views.listing import SORTS, with_versions
from questions.review import service as review
from questions.statistics.stored import history_of
from questions.statistics.wording import show_figure
from questions.types.registry import type_of

#: What the thread calls each step.
STEPS: dict[str, Any] = {
    "submitted": _l("Gửi thẩm định"),
    "withdrawn": _l("Rút về soạn tiếp"),
    "comment": _l("Nhận xét"),
    "returned": _l("Trả lại để sửa"),
    "approved": _l("Duyệt"),
    "retired": _l("Cho thôi dùng"),
    "restored": _l("Khôi phục"),
}

#: As many questions as one step over many takes at once.
MOST_AT_ONCE = 200

#: As many rounds as a question's page tells of; its page of statistics has all.
MOST_SHOWN = 3


@blueprint.get("/<public_id>")
@permits(Action.QUESTION_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One question: content, thread, versions, and what may be done with it."""
    return _page(question_or_404(public_id, Action.QUESTION_VIEW))


def _page(question: Question, error: BankError | None = None, typed: str = "", at: str = "") -> ResponseReturnValue:
    version = question.current_version
    if version is None:
        abort(404)
    kind = type_of(version.type)
    actor, path = current_actor(), question.unit.path
    account = account_here()
    page = render_template(
        "questions/show.html",
        question=question,
        version=version,
        kind=kind,
        shown=kind.shown(version.data),
        place=place_of(version.clause, version.article, version.source, version.source_text),
        source_label=label_of(version.source) if version.source else "",
        remarks=remarks_on(version),
        versions=list(reversed(versions_of(question))),
        notes=review.notes_of(question),
        numbers={v.id: v.number for v in versions_of(question)},
        steps=STEPS,
        state=state_of(question),
        older_in_use=older_version_in_use(question),
        may_write=actor.may(Action.QUESTION_WRITE, path),
        may_review=actor.may(Action.QUESTION_REVIEW, path),
        own=review.is_author_of_pending(question, account),
        error=error,
        typed=typed,
        at=at,
        history=history_of(question.id)[:MOST_SHOWN],
        figure=show_figure,
        similar=similar_questions(question, actor) if "giong" in request.args else None,
    )
    return page, 422 if error else 200


def _step(question: Question, at: str, words: Any, act: Callable[[Account, str], Any]) -> ResponseReturnValue:
    """Do one step in a unit of work; where it cannot be done, the page again with the reason and what was typed."""
    body = request.form.get("noi_dung", "")
    try:
        with unit_of_work():
            act(account_here(), body)
    except BankError as error:
        return _page(question, error, body, at)
    flash(words, "ok")
    return redirect(url_for("questions.show", public_id=question.public_id))


def _seen_version(question: Question) -> int | None:
    """The id of the version that the page showed when the button was pressed."""
    seen = request.form.get("phien_ban", "")
    return db.session.scalar(
        select(QuestionVersion.id).where(QuestionVersion.public_id == seen, QuestionVersion.question_id == question.id)
    )


@blueprint.post("/<public_id>/gui")
@permits(Action.QUESTION_WRITE)
def submit(public_id: str) -> ResponseReturnValue:
    """Hand in for review."""
    question = question_or_404(public_id, Action.QUESTION_WRITE)
    return _step(question, "gui", _("Đã gửi thẩm định."), lambda who, text: review.submit(question, who, text))


@blueprint.post("/<public_id>/rut")
@permits(Action.QUESTION_WRITE)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take back from review."""
    question = question_or_404(public_id, Action.QUESTION_WRITE)
    return _step(question, "rut", _("Đã rút về soạn tiếp."), lambda who, _text: review.withdraw(question, who))


@blueprint.post("/<public_id>/nhan-xet")
@permits(Action.QUESTION_VIEW)
def comment(public_id: str) -> ResponseReturnValue:
    """A remark of a setter or a reviewer."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    return _step(question, "nhan-xet", _("Đã ghi nhận xét."), lambda who, text: review.comment(question, who, text))


@blueprint.post("/<public_id>/duyet")
@permits(Action.QUESTION_REVIEW)
def approve(public_id: str) -> ResponseReturnValue:
    """Approve the version that was looked at."""
    question = question_or_404(public_id, Action.QUESTION_REVIEW)
    seen = _seen_version(question) or -1
    return _step(
        question,
        "duyet",
        _("Đã duyệt. Câu hỏi vào được đề thi."),
        lambda who, text: review.approve(question, who, version_id=seen, remark=text),
    )


@blueprint.post("/<public_id>/tra-lai")
@permits(Action.QUESTION_REVIEW)
def send_back(public_id: str) -> ResponseReturnValue:
    """Return to the setter, saying what to change."""
    question = question_or_404(public_id, Action.QUESTION_REVIEW)
    seen = _seen_version(question) or -1
    return _step(
        question,
        "tra-lai",
        _("Đã trả lại để sửa."),
        lambda who, text: review.send_back(question, who, text, version_id=seen),
    )


def _retiring_action(question: Question) -> Action:
    """What was approved once is the reviewers' to retire; a draft is the setters' too."""
    return Action.QUESTION_REVIEW if question.approved_version_id is not None else Action.QUESTION_WRITE


@blueprint.post("/<public_id>/thoi-dung")
@permits(Action.QUESTION_VIEW)
def retire(public_id: str) -> ResponseReturnValue:
    """Take out of use."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    _authorise_retiring(question)
    return _step(question, "thoi-dung", _("Đã cho thôi dùng."), lambda who, text: review.retire(question, who, text))


@blueprint.post("/<public_id>/khoi-phuc")
@permits(Action.QUESTION_VIEW)
def restore(public_id: str) -> ResponseReturnValue:
    """Bring a retired question back."""
    question = question_or_404(public_id, Action.QUESTION_VIEW)
    _authorise_retiring(question)
    return _step(question, "khoi-phuc", _("Đã khôi phục."), lambda who, _text: review.restore(question, who))


def _authorise_retiring(question: Question) -> None:
    if not current_actor().may(Action.QUESTION_REVIEW, question.unit.path):
        authorise(_retiring_action(question), question.unit.path)


@blueprint.get("/tham-dinh")
@permits(Action.QUESTION_VIEW)
def queue() -> ResponseReturnValue:
    """Questions that wait for a reviewer, the oldest first."""
    listing = Listing.from_request(SORTS, default="moi", size=25)
    statement = search.find_questions(current_actor(), Filters(words=listing.query, state="in_review"))
    page = listing.page(with_versions(statement))
    account = account_here()
    own = {q.id for q in page.items if review.is_author_of_pending(q, account)}
    return render_template(
        "questions/queue.html",
        listing=listing,
        page=page,
        own=own,
        type_of=type_of,
        may_review=current_actor().may(Action.QUESTION_REVIEW),
    )


@blueprint.post("/duyet-nhieu")
@permits(Action.QUESTION_REVIEW)
def approve_many() -> ResponseReturnValue:
    """Approve those ticked; the first press shows them all and asks."""
    pairs: list[tuple[Question, int]] = []
    for value in request.form.getlist("cau")[:MOST_AT_ONCE]:
        public_id, _colon, version_id = value.partition(":")
        question = question_or_404(public_id, Action.QUESTION_REVIEW)
        version = db.session.scalar(
            select(QuestionVersion.id).where(
                QuestionVersion.public_id == version_id, QuestionVersion.question_id == question.id
            )
        )
        pairs.append((question, version or -1))
    if not pairs:
        flash(_("Xin đánh dấu ít nhất một câu hỏi."), "warn")
        return redirect(url_for("questions.queue"))
    if "xac_nhan" not in request.form:
        account = account_here()
        own = {q.id for q, _version in pairs if review.is_author_of_pending(q, account)}
        return _confirm("duyet", [q for q, _v in pairs if q.id not in own], [q for q, _v in pairs if q.id in own])
    with unit_of_work():
        result = review.approve_many(pairs, account_here())
    _tell(result, _("Đã duyệt %(count)s câu.", count=len(result.done)))
    return redirect(url_for("questions.queue"))


@blueprint.post("/gui-nhieu")
@permits(Action.QUESTION_WRITE)
def submit_many() -> ResponseReturnValue:
    """Hand in those ticked for review; the first press shows them all and asks."""
    ids = [value.partition(":")[0] for value in request.form.getlist("cau")[:MOST_AT_ONCE]]
    questions = [question_or_404(public_id, Action.QUESTION_WRITE) for public_id in ids]
    if not questions:
        flash(_("Xin đánh dấu ít nhất một câu hỏi."), "warn")
        return redirect(url_for("questions.index"))
    if "xac_nhan" not in request.form:
        drafts = [q for q in questions if q.state == "draft"]
        return _confirm("gui", drafts, [q for q in questions if q.state != "draft"])
    with unit_of_work():
        result = review.submit_many(questions, account_here())
    _tell(result, _("Đã gửi thẩm định %(count)s câu.", count=len(result.done)))
    return redirect(url_for("questions.index"))


def _confirm(step: str, ready: list[Question], left: list[Question]) -> ResponseReturnValue:
    return render_template(
        "questions/many.html",
        step=step,
        ready=ready,
        left=left,
        type_of=type_of,
    )


def _tell(result: review.BulkResult, words: str) -> None:
    if result.done:
        flash(words, "ok")
    for question, reason in result.left[:10]:
        version = question.current_version
        flash(_("Chưa làm được với “%(stem)s”: %(why)s", stem=version.stem[:80] if version else "", why=reason), "warn")
    if len(result.left) > 10:
        flash(_("Và %(count)s câu khác cũng chưa làm được.", count=len(result.left) - 10), "warn")
