"""The form of a round's settings, and its two ways to the rules document: values out of it, faults back to its fields."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from contest.papers.allotment import Cell
from contest.rounds.form_fields import Given, KeepingSelect, PointsField, WholeField
from contest.rules.criteria import CRITERIA, Criterion
from contest.rules.document import SHOWN_WHEN, TIES, AttemptRules, ContestRules, Publication, RoundRules, ShowRules
from contest.rules.parts.quiz import BlueprintCell, QuizPart
from contest.rules.plain import Fault
from questions.bank.levels import LEVELS
from questions.bank.topics import topic_tree
from questions.types.registry import all_types

#: Rows of a blueprint.
MOST_CELLS = 100


def _topics() -> list[tuple[str, Any]]:
    if "topic_choices" not in g:
        g.topic_choices = [(node.topic.name, node.label) for node in topic_tree()]
    return [("", _("Mọi chủ đề")), *g.topic_choices]


def _levels() -> list[tuple[str, Any]]:
    return [("", _("Mọi mức độ")), *((level, level[:1].upper() + level[1:]) for level in LEVELS)]


def _types() -> list[tuple[str, Any]]:
    return [("", _("Mọi loại câu")), *((key, str(kind.label)) for key, kind in all_types().items())]


def _shown() -> list[tuple[str, str]]:
    return [(key, text[:1].upper() + text[1:]) for key, text in SHOWN_WHEN.items()]


def _criteria() -> list[tuple[str, str]]:
    return [("", _("Không dùng")), *((kind.kind, f"{kind.label} ({kind.direction_label})") for kind in CRITERIA)]


class CellForm(Form):
    """A row of the blueprint."""

    topic = KeepingSelect(_l("Chủ đề"), choices=_topics, default="")
    level = KeepingSelect(_l("Mức độ"), choices=_levels, default="")
    type = KeepingSelect(_l("Loại câu"), choices=_types, default="")
    count = WholeField(_l("Số câu"), [Given(_l("Xin ghi số câu."))])

    def cell(self) -> BlueprintCell:
        """The row as the rules keep it; a count that cannot be read is 0."""
        return BlueprintCell(
            topic=self.topic.data or None,
            level=self.level.data or None,
            type=self.type.data or None,
            count=self.count.data or 0,
        )


class RoundForm(FlaskForm):
    """Everything that a round's rules say, and what ranking and publication say for the whole contest."""

    name = StringField(
        _l("Tên vòng thi"), [Given(_l("Xin ghi tên vòng thi.")), Length(max=120, message=_l("Dài quá 120 chữ."))]
    )
    minutes = WholeField(_l("Thời gian làm bài (phút)"), [Given(_l("Xin ghi số phút."))])
    points = PointsField(_l("Điểm mỗi câu"), [Given(_l("Xin ghi số điểm."))])
    attempts = WholeField(_l("Số lượt thi mỗi người"), [Given(_l("Xin ghi số lượt."))])
    cells = FieldList(FormField(CellForm), _l("Ma trận đề"), max_entries=MOST_CELLS)
    shuffle_questions = BooleanField(_l("Xáo thứ tự câu hỏi cho từng thí sinh"))
    shuffle_options = BooleanField(_l("Xáo thứ tự phương án cho từng thí sinh"))
    finish_after_window = BooleanField(_l("Ai bắt đầu trước giờ đóng ca thì được làm đủ thời gian"))
    grace = WholeField(_l("Chờ câu trả lời đến chậm (giây)"), [Given(_l("Xin ghi số giây."))])
    late_bound = WholeField(_l("Nhận câu trả lời đến muộn trong (phút)"), [Given(_l("Xin ghi số phút."))])
    marks = SelectField(_l("Thí sinh xem điểm"), choices=_shown)
    answers = SelectField(_l("Thí sinh xem đáp án"), choices=_shown)
    explanations = SelectField(_l("Thí sinh xem giải thích và căn cứ"), choices=_shown)
    instructions = TextAreaField(_l("Dặn dò thí sinh"), [Length(max=10_000, message=_l("Dài quá 10.000 chữ."))])
    rank_1 = SelectField(_l("Xét trước hết"), choices=_criteria)
    rank_2 = SelectField(_l("Nếu bằng nhau, xét"), choices=_criteria)
    rank_3 = SelectField(_l("Vẫn bằng nhau, xét"), choices=_criteria)
    rank_4 = SelectField(_l("Sau cùng, xét"), choices=_criteria)
    ties = SelectField(_l("Khi bằng nhau mọi tiêu chí"), choices=lambda: [(k, t[:1].upper() + t[1:]) for k, t in TIES.items()])
    leading_places = WholeField(_l("Nêu tên người đến hạng"), [Given(_l("Xin ghi một số, 0 là không nêu tên ai."))])
    unit_totals = BooleanField(_l("Công khai kết quả chung của từng đơn vị"))
    full_list = BooleanField(_l("Công khai danh sách đầy đủ, có tên mọi người"))

    @property
    def ranks(self) -> list[SelectField]:
        """The fields of the criteria, in order."""
        return [self.rank_1, self.rank_2, self.rank_3, self.rank_4]

    def typed_cells(self) -> list[Cell]:
        """The rows as they stand on the screen, saved or not, for asking the bank."""
        cells = [entry.form.cell() for entry in self.cells.entries]
        return [Cell(c.topic, c.level, c.type, c.count) for c in cells]

    def round_rules(self, before: RoundRules) -> RoundRules:
        """The settings entered, over ``before`` for what the form does not show."""
        quiz = before.quizzes[0] if before.quizzes else QuizPart()
        quiz = replace(
            quiz,
            blueprint=tuple(entry.form.cell() for entry in self.cells.entries),
            points_per_question=self.points.data or Decimal(0),
            shuffle_questions=self.shuffle_questions.data,
            shuffle_options=self.shuffle_options.data,
        )
        return replace(
            before,
            name=(self.name.data or "").strip(),
            minutes=self.minutes.data or 0,
            finish_after_window=self.finish_after_window.data,
            grace_seconds=_or_zero(self.grace.data),
            late_bound_minutes=_or_zero(self.late_bound.data),
            attempts=replace(before.attempts, limit=_or_zero(self.attempts.data)),
            parts=(quiz, *(p for p in before.parts if not isinstance(p, QuizPart))),
            show=ShowRules(self.marks.data, self.answers.data, self.explanations.data),
            instructions=(self.instructions.data or "").replace("\r\n", "\n").strip(),
        )

    def contest_rules(self, before: ContestRules) -> ContestRules:
        """Ranking and publication as entered, over ``before``."""
        return replace(
            before,
            ranking=self.criteria(),
            ties=self.ties.data,
            publication=Publication(_or_zero(self.leading_places.data), self.unit_totals.data, self.full_list.data),
        )

    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria chosen, those left out skipped."""
        known = dict(_criteria())  # a choice that there is not, is refused at its field
        return tuple(CRITERIA[field.data]() for field in self.ranks if field.data in known and field.data)

    def put(self, fault: Fault) -> None:
        """Show ``fault`` at the field that it is about; on top of the form where there is none."""
        field = self.field_at(fault.path)
        text = fault.message[:1].upper() + fault.message[1:] + ("" if fault.message.endswith(".") else ".")
        if field is None:
            self.form_errors.append(text)
        elif text not in field.errors:
            field.errors = [*field.errors, text]

    def field_at(self, path: str) -> Field | None:
        """The field that shows what stands at ``path`` of the rules document."""
        if cell := re.search(r"\.blueprint\[(\d+)\](?:\.(\w+))?$", path):
            row = self.cells.entries[int(cell[1])].form
            found: Field = getattr(row, cell[2] or "topic", row.count)
            return found
        for part, name in _FIELDS.items():
            if path == part or path.endswith(f".{part}"):
                named: Field = getattr(self, name)
                return named
        if rank := re.search(r"ranking\[(\d+)\]", path):
            chosen = [field for field in self.ranks if field.data]
            return chosen[int(rank[1])]
        return None


#: The ends of paths in the rules document, and the form's fields for them.
_FIELDS = {
    "name": "name",
    "minutes": "minutes",
    "grace_seconds": "grace",
    "late_bound_minutes": "late_bound",
    "attempts.limit": "attempts",
    "points_per_question": "points",
    "show.marks": "marks",
    "show.answers": "answers",
    "show.explanations": "explanations",
    "instructions": "instructions",
    "leading_places": "leading_places",
    "ranking": "rank_1",
    "blueprint": "cells",
}


def _or_zero(value: int | None) -> int:
    return 0 if value is None else value


def values_of(rules: RoundRules, contest: ContestRules) -> dict[str, Any]:
    """The form's fields for stored rules."""
    quiz = rules.quizzes[0] if rules.quizzes else QuizPart()
    chosen = [criterion.kind for criterion in contest.ranking]
    attempts: AttemptRules = rules.attempts
    return {
        "name": rules.name,
        "minutes": rules.minutes,
        "points": quiz.points_per_question,
        "attempts": attempts.limit,
        "cells": [
            {"topic": c.topic or "", "level": c.level or "", "type": c.type or "", "count": c.count} for c in quiz.blueprint
        ],
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_options": quiz.shuffle_options,
        "finish_after_window": rules.finish_after_window,
        "grace": rules.grace_seconds,
        "late_bound": rules.late_bound_minutes,
        "marks": rules.show.marks,
        "answers": rules.show.answers,
        "explanations": rules.show.explanations,
        "instructions": rules.instructions,
        "ties": contest.ties,
        "leading_places": contest.publication.leading_places,
        "unit_totals": contest.publication.unit_totals,
        "full_list": contest.publication.full_list,
        **{f"rank_{n}": chosen[n - 1] if len(chosen) >= n else "" for n in range(1, 5)},
    }
