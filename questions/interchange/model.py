"""What a reader understood of a question list, and which lines of the file each thing came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

OPTION_TYPES = frozenset({"single", "multiple", "true_false"})
TRUE_FALSE_OPTIONS = ["Đúng", "Sai"]


class LineKind(StrEnum):
    """What became of a line of the source. Each line has exactly one kind."""

    QUESTION = "question"
    SECTION = "section"
    PROBLEM = "problem"
    BLANK = "blank"


@dataclass(frozen=True)
class RubricItem:
    """One line of a rubric; `points` is an exact decimal as text ("4", "0.5")."""

    text: str
    points: str


@dataclass
class ReadQuestion:
    """One question as understood. `correct` counts options from 0; `doubts` say what a person must look at.

    What only the formats of other programs carry: `name`, `points` (exact decimal as text), `tags`, `feedback` (one
    text an option), `weights` (share of the points in per cent, as text, an option), `data` (keys of the types
    without options: `pairs`, `order`, `accepted`, `value`, `tolerance`), `carried` (texts that a question here has
    no place for, by their name in the format). The JSON shows them where the file has them.
    """

    number: str = ""
    stem: str = ""
    options: list[str] = field(default_factory=list)
    correct: list[int] = field(default_factory=list)
    type: str = "single"
    source: str = ""
    explanation: str = ""
    section: str = ""
    topic: str = ""
    level: str = ""
    rubric: list[RubricItem] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    leftover: int = 0
    cited: bool = False
    extra: int = 0
    name: str = ""
    points: str = ""
    tags: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)

    def doubt(self, message: str) -> None:
        """Adds a doubt once."""
        if message not in self.doubts:
            self.doubts.append(message)

    def as_json(self) -> dict[str, object]:
        """The question as the command prints it: every key always present."""
        return {
            "number": self.number,
            "stem": self.stem,
            "options": self.options,
            "correct": self.correct,
            "type": self.type,
            "source": self.source,
            "explanation": self.explanation,
            "section": self.section,
            "topic": self.topic,
            "level": self.level,
            "rubric": [{"text": item.text, "points": item.points} for item in self.rubric],
            "doubts": self.doubts,
            **self._further(),
        }

    def _further(self) -> dict[str, object]:
        """What only some formats carry, without what is empty."""
        found: dict[str, object] = {
            "name": self.name,
            "points": self.points,
            "tags": self.tags,
            "feedback": self.feedback if any(self.feedback) else [],
            "weights": self.weights,
            "carried": self.carried,
        }
        return {**self.data, **{key: value for key, value in found.items() if value}}


@dataclass(frozen=True)
class ReadProblem:
    """Text that found no place, or a place where reading failed."""

    where: str
    text: str
    message: str
    line: int = 0


@dataclass
class SourceLine:
    """One line of the file as it was, for the left side of the preview. `question` is an index or -1."""

    number: int
    where: str
    text: str
    kind: LineKind = LineKind.BLANK
    question: int = -1


@dataclass
class ReadResult:
    """Everything that a list gave: questions, sections, problems, and the lines with what became of them."""

    questions: list[ReadQuestion] = field(default_factory=list)
    problems: list[ReadProblem] = field(default_factory=list)
    lines: list[SourceLine] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    format: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def certain(self) -> list[ReadQuestion]:
        """Questions without a doubt."""
        return [question for question in self.questions if not question.doubts]

    def as_json(self) -> dict[str, object]:
        """The document that `questions read --json` prints."""
        return {
            "questions": [question.as_json() for question in self.questions],
            "problems": [
                {"where": problem.where, "text": problem.text, "message": problem.message} for problem in self.problems
            ],
            "sections": self.sections,
            **({"notes": self.notes} if self.notes else {}),
        }
