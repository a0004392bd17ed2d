"""The blueprint of every page about questions, and how a page gets at its question."""

from __future__ import annotations

from flask import Blueprint, abort
from sqlalchemy import select

from core.access import Action, authorise
from core.accounts.models import Account
from core.accounts.staff import current_account
from core.database import db
from questions.bank.models import Question, QuestionVersion
from questions.bank.service import STAGED, find_question

blueprint = Blueprint("questions", __name__, url_prefix="/quan-tri/cau-hoi")


def question_or_404(public_id: str, action: Action) -> Question:
    """The question with this id. Answers 404 for none; raises Forbidden where ``action`` is not allowed on it."""
    question = find_question(public_id)
    if question is None or question.current_version is None or question.state == STAGED:
        abort(404)
    authorise(action, question.unit.path)
    return question


def version_or_404(question: Question, number: str | None) -> QuestionVersion:
    """The version of ``question`` with this number; answers 404 for none."""
    if number is None or not number.isascii() or not number.isdigit() or len(number) > 6:
        abort(404)
    version = db.session.scalar(
        select(QuestionVersion).where(QuestionVersion.question_id == question.id, QuestionVersion.number == int(number))
    )
    if version is None:
        abort(404)
    return version


def account_here() -> Account:
    """The account of who asks; pages of the bank are for staff, so there is one."""
    account = current_account()
    if account is None:
        abort(401)
    return account
