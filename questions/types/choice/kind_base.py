"""The common part of the types with options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from questions.types import option_references
from questions.types.base import QuestionType
from questions.types.choice.data import MOST_OPTIONS, answer_from, correct_of, is_blank, letter_of, options_of
from questions.types.choice.form import filled_rows
from questions.types.marks import Problem
from questions.types.printing import Printed, PrintedOption


class ChoiceType(QuestionType):
    """A type whose data is options and right indexes, and whose answer is a list of original indexes."""

    #: How many options an answer may hold; None: any number.
    most_chosen: int | None = None

    def options(self, data: Mapping[str, Any]) -> list[str]:
        return options_of(data)

    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> list[int] | None:
        return answer_from(raw, data, self.most_chosen)

    def blank(self, answer: Any) -> bool:
        return is_blank(answer)

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        return options_of(data)

    def movable(self, data: Mapping[str, Any], stem: str = "") -> list[int]:
        return option_references.movable(options_of(data), stem) if self.shuffles else []

    def reworded(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> list[str]:
        return option_references.reworded(options_of(data), order, stem)

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        shown = self.shown(data, order, stem)
        correct = set(correct_of(data))
        right = tuple(one.letter for one in shown if one.index in correct)
        note = "" if self.most_chosen == 1 else str(self.instruction)
        options = tuple(PrintedOption(one.letter, one.text) for one in shown)
        return Printed(stem, options, note=note, right=right, key=", ".join(right))

    def data_from(self, form: Any) -> dict[str, Any]:
        rows = filled_rows(form)
        chosen = set(form.correct.data or [])
        return {
            "options": [text for _row, text in rows],
            "correct": [index for index, (row, _text) in enumerate(rows) if row in chosen],
        }

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": options_of(data), "correct": correct_of(data)}

    def explain(self, problem: Problem) -> str:
        letter = letter_of(problem.row) if problem.row is not None else ""
        words = {
            "too_few_options": lambda: _("Cần ít nhất hai phương án."),
            "too_many_options": lambda: _("Nhiều nhất %(number)s phương án.", number=MOST_OPTIONS),
            "empty_option": lambda: _("Phương án %(letter)s còn trống.", letter=letter),
            "repeated_option": lambda: _("Phương án %(letter)s trùng với một phương án ở trên.", letter=letter),
            "correct_unknown": lambda: _("Đáp án không phải là một trong các phương án."),
            "no_correct": lambda: _("Chưa chọn phương án đúng."),
            "several_correct": lambda: _(
                "Loại câu này chỉ có một phương án đúng. Nếu có nhiều phương án đúng, xin chọn loại “Nhiều phương án”."
            ),
            "not_true_false": lambda: _("Câu đúng hay sai chỉ có hai phương án: Đúng và Sai."),
        }
        return str(words[problem.code]())
