"""What a version of a question says, its digest and its searchable text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.audit.canonical import sha256_hex
from core.database import fold
from questions.types.marks import Problem
from questions.types.registry import all_types, type_of


class BankError(ValueError):
    """Something in the bank cannot be done; ``field`` is what the message is about (empty: the whole)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ContentError(BankError):
    """The content has problems of its type; ``problems`` are they."""

    def __init__(self, problems: list[Problem], type_key: str) -> None:
        super().__init__(" ".join(type_of(type_key).explain(p) for p in problems), problems[0].field)
        self.problems = problems


@dataclass(frozen=True)
class Content:
    """A question as a setter states it. ``source_text`` is the source in a list's words, before it is matched."""

    type: str
    stem: str
    data: Mapping[str, Any] = field(default_factory=dict)
    topic_id: int | None = None
    level: str = ""
    source_id: int | None = None
    article: str = ""
    clause: str = ""
    source_text: str = ""
    explanation: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all that a contestant may be shown and what decides the mark: not topic and level."""
        return sha256_hex(
            {
                "type": self.type,
                "stem": self.stem,
                "data": dict(self.data),
                "source": [self.source_id or 0, self.article, self.clause, self.source_text],
                "explanation": self.explanation,
            }
        )

    @property
    def folded(self) -> str:
        """The text in which people search: stem and options, folded."""
        return folded_text(self.type, self.stem, self.data)


def folded_text(type_key: str, stem: str, data: Mapping[str, Any]) -> str:
    """Stem and options without case and accents. Equal for two questions that say the same."""
    kind = all_types().get(type_key)
    return fold("\n".join([stem, *(kind.texts(data) if kind else [])]))


def problems_of(type_key: str, stem: str, data: Mapping[str, Any]) -> list[Problem]:
    """What keeps a question from being kept."""
    kind = all_types().get(type_key)
    if kind is None:
        return [Problem("unknown_type", "type")]
    problems = kind.check(data)
    return problems if stem.strip() else [Problem("no_stem", "stem"), *problems]
