"""Near-duplicates of a question among those in use: shown with a score and the reason, never in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.access import Actor
from core.database import db
from questions.bank import search
from questions.bank.models import Question, QuestionVersion
from questions.bank.service import RETIRED
from questions.similarity.comparing import Compared, Vocabulary
from questions.similarity.nearest import Question as Plain
from questions.similarity.nearest import nearest
from questions.similarity.reasons import why
from questions.types.registry import all_types

#: Questions whose folded texts are less alike (per cent of letters, words sorted) are not compared word by word. Two with
#: a score of 0.8 have at least six words of ten in common, hence more of their letters.
_SCREEN = 55
_SCREENED = 50


@dataclass(frozen=True)
class SimilarQuestion:
    """A question of the bank like another one: how much in per cent, rounded down, and what differs."""

    question: Question
    percent: int
    why: str


def similar_questions(question: Question, actor: Actor) -> list[SimilarQuestion]:
    """The few questions that ``actor`` may see, not retired, most like ``question`` as it is now; best first."""
    version = question.current_version
    if version is None:
        return []
    rows = db.session.execute(
        search.find_questions(actor, search.Filters())
        .where(Question.id != question.id, Question.state != RETIRED)
        .with_only_columns(Question.id, QuestionVersion.folded)
    )
    texts = {row[0]: row[1] for row in rows}
    screened = process.extract(version.folded, texts, scorer=fuzz.token_sort_ratio, score_cutoff=_SCREEN, limit=_SCREENED)
    ids = [key for _text, _percent, key in screened]
    loaded = db.session.scalars(
        select(Question).where(Question.id.in_(ids)).options(selectinload(Question.current_version))
    ).all()
    known = {str(each.id): each for each in loaded}
    others = [_plain(key, each.current_version) for key, each in known.items() if each.current_version]
    found = nearest(_plain("", version), others)
    return [SimilarQuestion(known[pair.b], round(10_000 * pair.score) // 100, pair.why) for pair in found]


def why_similar(stem: str, type_key: str, data: Mapping[str, Any], other: Question) -> str:
    """What a question of ``stem`` and ``data`` has in common with ``other``, and what differs."""
    version, vocabulary = other.current_version, Vocabulary()
    if version is None:
        return ""
    one = Compared.of(stem, _options(type_key, data), vocabulary)
    return why(one, Compared.of(version.stem, _options(version.type, version.data), vocabulary))


def _plain(identifier: str, version: QuestionVersion) -> Plain:
    return identifier, version.stem, _options(version.type, version.data)


def _options(type_key: str, data: Mapping[str, Any]) -> list[str]:
    kind = all_types().get(type_key)
    return kind.options(data) if kind else []
