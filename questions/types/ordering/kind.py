"""Ordering, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from questions.types.marks import Mark, Problem
from questions.types.ordering import marking
from questions.types.printing import Printed
from questions.types.rows.data import ALL, Picks, credit_of, picks_of
from questions.types.rows.form import ORDERING_CREDITS, OrderingFields
from questions.types.rows.kind_base import RowsType


class Ordering(RowsType):
    """Steps, shown in a drawn order, to be given their places."""

    key = "ordering"
    folder = "ordering"
    label = _l("Sắp xếp thứ tự")
    instruction = _l("Xếp các bước theo đúng thứ tự.")
    order = 60
    always_drawn = True
    control = "ordering"
    fields = OrderingFields
    credits = ORDERING_CREDITS
    rows_field = "steps"

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def options(self, data: Mapping[str, Any]) -> list[str]:
        return self.rows(data)

    def movable(self, data: Mapping[str, Any], stem: str = "") -> list[int]:
        return list(range(len(self.rows(data))))

    def choice_texts(self, data: Mapping[str, Any]) -> list[str]:
        return [str(place + 1) for place in range(len(self.rows(data)))]

    def choice_name(self, choice: int) -> str:
        return str(choice + 1)

    def right_choices(self, data: Mapping[str, Any]) -> list[int] | None:
        return list(range(len(self.rows(data)))) or None

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        return {"control": self.control, "rows": self.reworded(data, order), "options": []}

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        steps = list(range(len(self.rows(data)))) if order is None else list(order)
        return self._printed_rows(stem, self.reworded(data, steps), self.choice_texts(data), steps)

    def original(self, answer: Any, order: Sequence[int]) -> Picks | None:
        places = picks_of(answer, len(order), len(order)) if order else None
        if places is None:
            return None
        by_step: Picks = [None] * len(order)
        for step, place in zip(order, places, strict=True):
            by_step[step] = place
        return by_step

    def shown_again(self, answer: Any, order: Sequence[int]) -> Any:
        return [answer[step] for step in order] if isinstance(answer, list) and len(answer) == len(order) else answer

    def data_from(self, form: Any) -> dict[str, Any]:
        return {"steps": [text for _entry, text, _beside in self.form_rows(form)], "credit": form.credit.data or ALL}

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"steps": self.rows(data), "credit": credit_of(data)}


TYPE = Ordering()
