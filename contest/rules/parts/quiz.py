"""A part of questions with options, drawn from the bank by a blueprint (ma trận đề)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from contest.rules.parts.base import PARTS, Part
from contest.rules.plain import (
    Choice,
    Exact,
    Fault,
    Flag,
    Many,
    MaybeText,
    Record,
    Whole,
    formed,
    vietnamese_number,
)

PARTIAL = {
    "all_or_nothing": "chọn đúng và đủ tất cả các phương án thì được điểm, sai hoặc thiếu thì không có điểm",
}
MOST_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class BlueprintCell:
    """So many questions of one topic, level and type; a field left out (None) matches anything."""

    topic: str | None = field(default=None, metadata=formed(MaybeText(200)))
    level: str | None = field(default=None, metadata=formed(MaybeText(100)))
    count: int = field(default=1, metadata=formed(Whole(1, MOST_QUESTIONS)))
    type: str | None = field(default=None, metadata=formed(MaybeText(50)))


@PARTS.register
@dataclass(frozen=True, slots=True)
class QuizPart(Part):
    """A quiz: which questions, how many, and what each is worth."""

    kind: ClassVar[str] = "quiz"
    label: ClassVar[str] = "Trắc nghiệm"

    blueprint: tuple[BlueprintCell, ...] = field(default=(), metadata=formed(Many(Record(BlueprintCell))))
    points_per_question: Decimal = field(
        default=Decimal(1), metadata=formed(Exact(Decimal("0.01"), Decimal(1000), places=2)))
    shuffle_questions: bool = field(default=True, metadata=formed(Flag()))
    shuffle_options: bool = field(default=True, metadata=formed(Flag()))
    partial: str = field(default="all_or_nothing", metadata=formed(Choice(PARTIAL)))

    @property
    def questions(self) -> int:
        return sum(cell.count for cell in self.blueprint)

    @property
    def full_points(self) -> Decimal:
        return self.points_per_question * self.questions

    def faults(self, path: str) -> Iterator[Fault]:
        if not self.blueprint:
            yield Fault(f"{path}.blueprint", "chưa có dòng nào trong ma trận đề nên đề không có câu hỏi")
        elif self.questions > MOST_QUESTIONS:
            yield Fault(f"{path}.blueprint",
                        f"đề có {self.questions} câu, một phần thi chỉ được tối đa {MOST_QUESTIONS} câu")
        first: dict[tuple[str | None, ...], int] = {}
        for at, cell in enumerate(self.blueprint):
            same = first.setdefault((cell.topic, cell.level, cell.type), at)
            if same != at:
                yield Fault(f"{path}.blueprint[{at}]",
                            f"trùng với dòng {same + 1} của ma trận đề; hãy gộp hai dòng làm một")

    def sentences(self) -> list[str]:
        points = vietnamese_number(self.points_per_question)
        said = [
            f"Đề có {self.questions} câu hỏi trắc nghiệm, mỗi câu {points} điểm; "
            f"điểm tối đa là {vietnamese_number(self.full_points)}.",
            "Trả lời sai hoặc bỏ trống không bị trừ điểm.",
            f"Với câu có nhiều phương án đúng: {PARTIAL[self.partial]}.",
        ]
        if self.shuffle_questions and self.shuffle_options:
            said.append("Thứ tự câu hỏi và phương án của mỗi người được xáo riêng.")
        elif self.shuffle_questions:
            said.append("Thứ tự câu hỏi của mỗi người được xáo riêng.")
        elif self.shuffle_options:
            said.append("Thứ tự phương án của mỗi người được xáo riêng.")
        return said
