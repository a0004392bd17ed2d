"""Which question of the bank an incoming one repeats or resembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import or_, select

from core.database import db, fold
from core.organisation.models import Unit
from questions.bank.models import Question, QuestionVersion
from questions.bank.service import STAGED
from questions.bank.supply import units_above
from questions.types.registry import all_types

#: From this likeness of stems on (per cent) two questions are shown side by side.
ALIKE = 90
#: Stems such as "Chọn phương án đúng" say little: the options (or the right one) must be alike too.
OPTIONS_ALIKE = 60
ANSWER_ALIKE = 80


@dataclass(frozen=True)
class Known:
    """A question as it is compared: folded stem, options and right options."""

    question_id: int
    stem: str
    options: tuple[str, ...]
    correct: frozenset[str]

    @classmethod
    def of(cls, question_id: int, type_key: str, stem: str, data: Mapping[str, Any]) -> Known:
        """``data`` of type ``type_key`` made ready for comparing."""
        kind = all_types().get(type_key)
        options = tuple(fold(o) for o in (kind.options(data) if kind else []))
        right = frozenset(options[i] for i in data.get("correct", []) if isinstance(i, int) and i < len(options))
        return cls(question_id, fold(stem), options, right)

    @property
    def text(self) -> tuple[str, frozenset[str]]:
        """Stem and options, whatever their order."""
        return self.stem, frozenset(self.options)


@dataclass(frozen=True)
class Likeness:
    """What was found: ``same`` text, with the ``same_key``; or ``percent`` alike."""

    question_id: int
    percent: int
    same: bool = False
    same_key: bool = False


class Bank:
    """The questions against which a list is compared."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = list(known)
        self._stems = [k.stem for k in self._known]
        self._by_text: dict[tuple[str, frozenset[str]], list[Known]] = {}
        for each in self._known:
            self._by_text.setdefault(each.text, []).append(each)

    def nearest(self, new: Known) -> Likeness | None:
        """The question most like ``new``, when one is like it at all."""
        twins = self._by_text.get(new.text, [])
        for twin in twins:
            if not new.correct or twin.correct == new.correct:
                return Likeness(twin.question_id, 100, same=True, same_key=True)
        if twins:
            return Likeness(twins[0].question_id, 100, same=True)
        found = process.extract(new.stem, self._stems, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=8)
        for _stem, score, index in found:
            if _options_alike(new, self._known[index]):
                return Likeness(self._known[index].question_id, int(score))
        return None


def _options_alike(one: Known, other: Known) -> bool:
    if fuzz.token_sort_ratio(" ".join(one.options), " ".join(other.options)) >= OPTIONS_ALIKE:
        return True
    if not one.correct or not other.correct:
        return False
    return fuzz.token_sort_ratio(" ".join(sorted(one.correct)), " ".join(sorted(other.correct))) >= ANSWER_ALIKE


def bank_around(unit_path: str) -> Bank:
    """The questions in use in the banks of the unit at ``unit_path``, of those under it and of those above."""
    rows = db.session.execute(
        select(Question.id, QuestionVersion.type, QuestionVersion.stem, QuestionVersion.data)
        .join(QuestionVersion, Question.current_version_id == QuestionVersion.id)
        .join(Unit, Question.unit_id == Unit.id)
        .where(
            or_(Unit.path.startswith(unit_path, autoescape=True), Unit.id.in_(units_above(unit_path))),
            Question.state.not_in(["retired", STAGED]),
        )
        .order_by(Question.id)
    )
    return Bank([Known.of(*row) for row in rows])
