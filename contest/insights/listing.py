"""The questions of an analysis as a list: sorted, filtered, searched; wording and keys only where the person may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from core.access import Action, Actor, scopes_for
from core.database import db, fold
from core.organisation.models import Unit
from core.organisation.tree import within
from questions.bank.models import Question, QuestionVersion, Topic
from questions.statistics.models import Analysis, ItemStatistic
from questions.statistics.wording import FLAG_WORDS

_LEAST = -9.0

#: Names in the address to columns. What is not defined sorts below everything, on both engines.
SORTS: dict[str, Any] = {
    "can-xem": (ItemStatistic.urgency, ItemStatistic.position),
    "cau": ItemStatistic.position,
    "chu-de": (func.coalesce(Topic.sort_key, ""), ItemStatistic.position),
    "nguoi": (ItemStatistic.n, ItemStatistic.position),
    "do-kho": (func.coalesce(ItemStatistic.difficulty, _LEAST), ItemStatistic.position),
    "phan-biet": (func.coalesce(ItemStatistic.discrimination, _LEAST), ItemStatistic.position),
    "tren-duoi": (func.coalesce(ItemStatistic.upper_lower, _LEAST), ItemStatistic.position),
    "thoi-gian": (func.coalesce(ItemStatistic.seconds, _LEAST), ItemStatistic.position),
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; values that mean nothing are left aside."""

    words: str = ""
    flag: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Line:
    """A question of an analysis; ``stem`` is None where the person may not see it (nor its key)."""

    row: ItemStatistic
    topic: str
    level: str
    stem: str | None
    question: str


def statement(analysis: Analysis, wanted: Wanted, actor: Actor) -> Select[Any]:
    """The rows of ``analysis``, unordered. Words are looked for in topics, and in the wording of what ``actor`` may see."""
    found: Any = (  # of three entities: what lists take is a Select[Any]
        select(ItemStatistic, Question, Topic)
        .join(QuestionVersion, QuestionVersion.id == ItemStatistic.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .join(Unit, Unit.id == Question.unit_id)
        .outerjoin(Topic, Topic.id == QuestionVersion.topic_id)
        .where(ItemStatistic.analysis_id == analysis.id)
        .options(joinedload(ItemStatistic.version), joinedload(Question.unit))
    )
    if wanted.flag in FLAG_WORDS:
        found = found.where(ItemStatistic.flags.contains(f" {wanted.flag} ", autoescape=True))
    if wanted.topic:
        found = found.where(Topic.public_id == wanted.topic)
    scopes = scopes_for(actor.grants, Action.QUESTION_VIEW)
    seen = within(scopes) if scopes else false()
    for word in fold(wanted.words).split():
        in_stem = and_(seen, QuestionVersion.folded.contains(word, autoescape=True))
        found = found.where(or_(in_stem, Topic.folded.contains(word, autoescape=True)))
    narrowed: Select[Any] = found
    return narrowed


def line_of(found: Any, actor: Actor) -> Line:
    """A row of ``statement`` as ``actor`` may see it."""
    row, question, topic = found
    shown = actor.may(Action.QUESTION_VIEW, question.unit.path)
    return Line(row, topic.name if topic else "", row.version.level, row.version.stem if shown else None, question.public_id)


def topics_of(analysis: Analysis) -> list[tuple[str, str]]:
    """(public id, name) of the topics that occur, in Vietnamese order."""
    rows = db.session.execute(
        select(Topic.public_id, Topic.name, Topic.sort_key)
        .join(QuestionVersion, QuestionVersion.topic_id == Topic.id)
        .join(ItemStatistic, ItemStatistic.version_id == QuestionVersion.id)
        .where(ItemStatistic.analysis_id == analysis.id)
        .distinct()
        .order_by(Topic.sort_key)
    )
    return [(public, name) for public, name, _key in rows]


def points_of(analysis: Analysis) -> list[tuple[int, float, float, str]]:
    """(number, difficulty, discrimination, flags) of each question that has both, by number: what the scatter shows."""
    rows = db.session.execute(
        select(ItemStatistic.position, ItemStatistic.difficulty, ItemStatistic.discrimination, ItemStatistic.flags)
        .where(ItemStatistic.analysis_id == analysis.id)
        .where(ItemStatistic.difficulty.is_not(None), ItemStatistic.discrimination.is_not(None))
        .order_by(ItemStatistic.position)
    )
    return [(position, p, r, flags) for position, p, r, flags in rows if p is not None and r is not None]
