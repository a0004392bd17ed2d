"""Matching, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.types.choice.form import tidy
from questions.types.marks import Mark, Problem
from questions.types.matching import marking
from questions.types.printing import Printed, PrintedOption
from questions.types.rows.data import ALL, Picks, credit_of, picks_of, texts_of
from questions.types.rows.form import MATCHING_CREDITS, MatchingFields
from questions.types.rows.kind_base import RowsType


class Matching(RowsType):
    """Items in their author's order, each to be given one of the choices, which are shown in a drawn order."""

    key = "matching"
    folder = "matching"
    label = _l("Ghép đôi")
    instruction = _l("Chọn chữ cái ghép với từng dòng.")
    order = 50
    always_drawn = True
    control = "matching"
    fields = MatchingFields
    credits = MATCHING_CREDITS
    rows_field = "items"
    beside_field = "targets"

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def options(self, data: Mapping[str, Any]) -> list[str]:
        return texts_of(data, "choices")

    def movable(self, data: Mapping[str, Any], stem: str = "") -> list[int]:
        return list(range(len(self.options(data))))

    def choice_texts(self, data: Mapping[str, Any]) -> list[str]:
        return self.options(data)

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        return self.rows(data) + self.options(data)

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        return {"control": self.control, "rows": self.rows(data), "options": self.reworded(data, order)}

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        options = tuple(PrintedOption(one.letter, one.text) for one in self.shown(data, order, stem))
        places = {one.index: place for place, one in enumerate(self.shown(data, order, stem))}
        key = self.right_choices(data)
        right = None if key is None else [places[choice] for choice in key]
        return self._printed_rows(stem, self.rows(data), [one.letter for one in options], right, options)

    def original(self, answer: Any, order: Sequence[int]) -> Picks | None:
        rows = len(answer) if isinstance(answer, list) else 0
        picks = picks_of(super().original(answer, order), rows, len(order))
        return None if picks is None else [None if pick is None else order[pick] for pick in picks]

    def shown_again(self, answer: Any, order: Sequence[int]) -> Any:
        return [None if pick is None else order.index(pick) for pick in answer] if isinstance(answer, list) else answer

    def data_from(self, form: Any) -> dict[str, Any]:
        rows = [(text, _one_line(target)) for _entry, text, target in self.form_rows(form)]
        spare = [_one_line(line) for line in tidy(form.spare.data or "").splitlines()]
        choices = [text for text in dict.fromkeys([*(target for _text, target in rows), *spare]) if text]
        return {
            "items": [text for text, _target in rows],
            "choices": choices,
            "key": [choices.index(target) if target else None for _text, target in rows],
            "credit": form.credit.data or ALL,
        }

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        choices, key = self.options(data), self.right_choices(data) or []
        spare = [text for number, text in enumerate(choices) if number not in key]
        return {
            "items": self.rows(data),
            "targets": [choices[right] for right in key],
            "spare": "\n".join(_one_line(text) for text in spare),
            "credit": credit_of(data),
        }


def _one_line(text: str) -> str:
    """A choice stands in a list that opens, one line each."""
    return " ".join(text.split())


TYPE = Matching()
