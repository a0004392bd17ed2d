"""Finding questions: words without accents, filters, and counts by topic and level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from core.access import Action, Actor, scopes_for
from core.accounts.models import Account
from core.database import db, fold
from core.organisation.models import Unit
from questions.bank.models import Question, QuestionVersion, Topic
from questions.bank.service import STAGED


@dataclass(frozen=True)
class Filters:
    """What to look for; an empty field matches all. ``topics`` are ids (a topic with those under it)."""

    words: str = ""
    state: str = ""
    topics: tuple[int, ...] = ()
    level: str = ""
    type: str = ""
    author_id: int | None = None
    source_id: int | None = None
    unit_id: int | None = None
    import_batch_id: int | None = None


def within_scope(actor: Actor, action: Action = Action.QUESTION_VIEW) -> ColumnElement[bool]:
    """The condition on ``Unit`` that leaves only banks in which ``actor`` may do ``action``."""
    scopes = scopes_for(actor.grants, action)
    return or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in scopes))


def find_questions(actor: Actor, filters: Filters) -> Select[Any]:
    """Questions that ``actor`` may see and that fit ``filters``, joined with their current version and their unit."""
    statement = (
        select(Question)
        .join(QuestionVersion, Question.current_version_id == QuestionVersion.id)
        .join(Unit, Question.unit_id == Unit.id)
        .outerjoin(Topic, QuestionVersion.topic_id == Topic.id)
        .where(within_scope(actor), Question.state != STAGED)
    )
    for word in fold(filters.words).split():
        statement = statement.where(QuestionVersion.folded.contains(word, autoescape=True))
    if filters.state == "in_use":
        statement = statement.where(Question.approved_version_id.is_not(None), Question.state != "retired")
    elif filters.state:
        statement = statement.where(Question.state == filters.state)
    if filters.topics:
        statement = statement.where(QuestionVersion.topic_id.in_(filters.topics))
    if filters.level:
        statement = statement.where(QuestionVersion.level == filters.level)
    if filters.type:
        statement = statement.where(QuestionVersion.type == filters.type)
    for column, value in (
        (QuestionVersion.source_id, filters.source_id),
        (Question.author_id, filters.author_id),
        (Question.unit_id, filters.unit_id),
        (Question.import_batch_id, filters.import_batch_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return statement


def counts_by_state(actor: Actor, filters: Filters) -> dict[str, int]:
    """How many questions of each state fit ``filters`` (their state left aside)."""
    found = find_questions(actor, _without_state(filters)).with_only_columns(Question.state, func.count())
    return {row[0]: row[1] for row in db.session.execute(found.group_by(Question.state)).all()}


def counts_by_topic_and_level(actor: Actor, filters: Filters) -> dict[tuple[str, str], int]:
    """How many questions fit ``filters`` by (topic's name, level); "" where a question has none."""
    found = find_questions(actor, filters).with_only_columns(Topic.name, QuestionVersion.level, func.count())
    rows = db.session.execute(found.group_by(Topic.name, QuestionVersion.level)).all()
    return {(topic or "", level): count for topic, level, count in rows}


def authors(actor: Actor) -> Sequence[Account]:
    """Who has written questions that ``actor`` may see."""
    ids = select(Question.author_id).join(Unit, Question.unit_id == Unit.id).where(within_scope(actor)).distinct()
    return db.session.scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.display_name)).all()


def units_for(actor: Actor, action: Action) -> Sequence[Unit]:
    """The units at which ``actor`` holds ``action`` themselves: in whose banks they first write."""
    ids = [int(path.strip("/").split("/")[-1]) for path in scopes_for(actor.grants, action)]
    return db.session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.depth, Unit.sort_key)).all()


def _without_state(filters: Filters) -> Filters:
    return Filters(**{**filters.__dict__, "state": ""})
