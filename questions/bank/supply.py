"""What the bank gives to papers: approved versions, and their content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.database import db
from questions.bank.content import Content
from questions.bank.models import Question, QuestionVersion, Topic
from questions.bank.service import RETIRED, content_of_version


@dataclass(frozen=True)
class ApprovedVersion:
    """A version that papers may hold."""

    version_id: int
    question_id: int
    topic: str
    level: str
    type: str
    digest: str


def units_above(path: str) -> list[int]:
    """The ids of the unit at ``path`` and of all above it: whose banks its contests draw from."""
    return [int(part) for part in path.strip("/").split("/") if part]


def approved_versions(unit_ids: Sequence[int]) -> list[ApprovedVersion]:
    """The approved versions in the banks of ``unit_ids`` (see ``units_above``), in the order they were written."""
    rows = db.session.execute(
        select(
            QuestionVersion.id,
            Question.id,
            Topic.name,
            QuestionVersion.level,
            QuestionVersion.type,
            QuestionVersion.digest,
        )
        .join(Question, Question.approved_version_id == QuestionVersion.id)
        .outerjoin(Topic, Topic.id == QuestionVersion.topic_id)
        .where(Question.unit_id.in_(list(unit_ids)), Question.state != RETIRED)
        .order_by(Question.id)
    )
    return [ApprovedVersion(v, q, topic or "", level, kind, digest) for v, q, topic, level, kind, digest in rows]


def content_of(version_ids: Sequence[int]) -> dict[int, Content]:
    """The content of versions by their id; unknown ids are left out."""
    found: dict[int, Content] = {}
    ids = list(dict.fromkeys(version_ids))
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        for version in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(chunk))):
            found[version.id] = content_of_version(version)
    return found
