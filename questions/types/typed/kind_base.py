"""The common part of the types with typed answers.

Their pages send a list with a text (or None) for each field, in its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from questions.types.base import QuestionType
from questions.types.marks import Problem
from questions.types.printing import Printed
from questions.types.typed.words import LONGEST_WORDS

#: As many fields as one question may have.
MOST_FIELDS = 50


class TypedType(QuestionType):
    """A type that is answered by typing."""

    def blank(self, answer: Any) -> bool:
        return answer is None or answer == "" or (isinstance(answer, (list, tuple)) and not any(answer))

    def original(self, answer: Any, order: Sequence[int]) -> Any:
        texts = answer if isinstance(answer, list) and len(answer) <= MOST_FIELDS else []
        fits = all(text is None or (isinstance(text, str) and len(text) <= LONGEST_WORDS) for text in texts)
        return texts if fits and any(texts) else None

    def field_of(self, form: Any, problem: Problem) -> Any:
        return form._fields.get(problem.field)

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        return Printed(stem, lines=1, note=str(self.instruction), key=self._printed_key(data))

    def _printed_key(self, data: Mapping[str, Any]) -> str:
        """What is right in each field, numbered where there are several."""
        right = [row.right for row in self.answer_rows(data, None)]
        return "; ".join(f"({n}) {text}" for n, text in enumerate(right, 1)) if len(right) > 1 else "".join(right)

    def key_lines(self, data: Mapping[str, Any]) -> list[str]:
        """What staff read of the key, a line each."""
        return []


def typing_mode(values: Iterable[Any]) -> str:
    """The keyboard for typing numbers ("inputmode"): digits and a decimal sign. Some of them have no minus, so where one of the
    right ``values`` needs it, it is the one for text."""
    return "text" if any(str(value).startswith("-") for value in values) else "decimal"
