"""The common part of the types with rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from questions.types.base import AnswerRow, QuestionType
from questions.types.choice.data import letter_of
from questions.types.marks import Problem
from questions.types.printing import Printed, PrintedOption, PrintedRow
from questions.types.rows.data import (
    MOST_CHOICES,
    MOST_ROWS,
    Picks,
    answer_from,
    credit_of,
    is_blank,
    key_of,
    picks_of,
    texts_of,
)
from questions.types.rows.form import filled_together


class RowsType(QuestionType):
    """A type whose answer is one choice for each row."""

    #: The field of the data, and of the form, that holds the rows' texts.
    rows_field: str
    #: The field of the form beside it, if any.
    beside_field: str | None = None
    #: What an answer right in part may be worth, with its words.
    credits: Sequence[tuple[str, Any]] = ()

    @abstractmethod
    def choice_texts(self, data: Mapping[str, Any]) -> list[str]:
        """What may be chosen for a row, in the original order."""

    def rows(self, data: Mapping[str, Any]) -> list[str]:
        """The rows' texts in their original order."""
        return texts_of(data, self.rows_field)

    def right_choices(self, data: Mapping[str, Any]) -> list[int] | None:
        """The right choice of each row, or None where the data is malformed."""
        return key_of(data, len(self.rows(data)), len(self.choice_texts(data)))

    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> Picks | None:
        return answer_from(raw, len(self.rows(data)), len(self.choice_texts(data)))

    def original(self, answer: Any, order: Sequence[int]) -> Any:
        rows = len(answer) if isinstance(answer, list) else 0
        return picks_of(answer, rows, MOST_CHOICES) if 0 < rows <= MOST_ROWS else None

    def shown_again(self, answer: Any, order: Sequence[int]) -> Any:
        return answer

    def choice_name(self, choice: int) -> str:
        """A choice as people speak of it who have the question before them."""
        return letter_of(choice)

    def spoken(self, answer: Any) -> str:
        rows = len(answer) if isinstance(answer, list) else 0
        picks = picks_of(answer, rows, MOST_CHOICES) if 0 < rows <= MOST_ROWS else None
        names = ("–" if pick is None else self.choice_name(pick) for pick in picks or ())
        return ", ".join(f"{row}: {name}" for row, name in enumerate(names, 1))

    def blank(self, answer: Any) -> bool:
        return is_blank(answer)

    def answer_rows(self, data: Mapping[str, Any], answer: Any) -> list[AnswerRow]:
        rows, choices, key = self.rows(data), self.choice_texts(data), self.right_choices(data)
        if key is None:
            return []
        picks = picks_of(answer, len(rows), len(choices)) or [None] * len(rows)
        return [
            AnswerRow(text, "" if pick is None else choices[pick], choices[right], pick == right)
            for text, pick, right in zip(rows, picks, key, strict=True)
        ]

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        """Each row with what it may get; here the rows keep their order, and the choices are few and short."""
        columns = self.choice_texts(data)
        rows = self.rows(data)
        return self._printed_rows(stem, rows, columns, self.right_choices(data))

    def _printed_rows(
        self,
        stem: str,
        rows: Sequence[str],
        columns: Sequence[str],
        right: Sequence[int] | None,
        options: tuple[PrintedOption, ...] = (),
    ) -> Printed:
        """Rows a), b) … as printed; ``right`` are positions in ``columns``, for the key "a) Đúng, b) Sai"."""
        labels = [f"{chr(ord('a') + n)})" for n in range(len(rows))]
        shown = tuple(PrintedRow(label, text) for label, text in zip(labels, rows, strict=True))
        pairs = zip(labels, right or (), strict=False)
        key = ", ".join(f"{label} {columns[place]}" for label, place in pairs)
        return Printed(stem, options, shown, tuple(columns), note=str(self.instruction), key=key)

    def unused_choices(self, data: Mapping[str, Any]) -> list[str]:
        """The choices that are right for no row."""
        used = set(self.right_choices(data) or ())
        return [text for number, text in enumerate(self.options(data)) if number not in used]

    def credit_label(self, data: Mapping[str, Any]) -> Any:
        """In words what an answer of ``data`` right in part is worth."""
        return next((label for credit, label in self.credits if credit == credit_of(data)), "")

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        return self.rows(data)

    def filled(self, form: Any) -> list[Any]:
        return [entry for entry, _text, _beside in self.form_rows(form)]

    def form_rows(self, form: Any) -> list[tuple[Any, str, str]]:
        """(entry, text, what stands beside it) of a form's rows that count."""
        fields = form._fields
        return filled_together(fields[self.rows_field], fields[self.beside_field] if self.beside_field else None)

    def row_fields(self, form: Any) -> list[Any]:
        return [form._fields[name] for name in (self.rows_field, self.beside_field) if name]

    def field_of(self, form: Any, problem: Problem) -> Any:
        if problem.field != self.rows_field:
            return form._fields.get(problem.field, form._fields[self.rows_field])
        return super().field_of(form, problem)

    def explain(self, problem: Problem) -> str:
        words = {
            "too_few_statements": lambda: _("Cần ít nhất hai nhận định."),
            "too_few_items": lambda: _("Cần ít nhất hai dòng để ghép."),
            "too_few_choices": lambda: _("Cần ít nhất hai lựa chọn khác nhau để ghép."),
            "too_few_steps": lambda: _("Cần ít nhất ba bước."),
            "too_many_choices": lambda: _("Nhiều nhất %(number)s lựa chọn, kể cả lựa chọn thừa.", number=MOST_CHOICES),
            "empty_row": lambda: _("Dòng này còn trống."),
            "repeated_row": lambda: _("Dòng này trùng với một dòng ở trên."),
            "no_key": lambda: _("Dòng này chưa có đáp án."),
            "key_unknown": lambda: _("Đáp án không khớp với các dòng."),
            "credit_unknown": lambda: _("Chưa chọn cách tính điểm."),
        }
        too_many = _("Nhiều nhất %(number)s dòng.", number=MOST_ROWS)
        return str(words[problem.code]() if problem.code in words else too_many)
