"""A typed number, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questions.types.base import AnswerRow
from questions.types.choice.form import tidy
from questions.types.marks import Mark, Problem
from questions.types.numeric import marking
from questions.types.numeric.form import NumericFields
from questions.types.printing import Printed
from questions.types.typed.kind_base import TypedType, typing_mode
from questions.types.typed.numbers import decimal_from, number_of, stored, written


class Numeric(TypedType):
    """A number that is typed; right within a tolerance."""

    key = "numeric"
    folder = "numeric"
    label = _l("Điền số")
    instruction = _l("Gõ một số.")
    order = 70
    control = "typed"
    fields = NumericFields

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def normalise_answer(self, raw: Any, data: Mapping[str, Any]) -> str | None:
        return marking.answer_from(raw)

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        return {"options": [], "control": self.control, "mode": typing_mode([data.get("value")]), "unit": data.get("unit", "")}

    def answer_rows(self, data: Mapping[str, Any], answer: Any) -> list[AnswerRow]:
        given = answer if isinstance(answer, str) else ""
        return [AnswerRow(_("Đáp số"), given, self._value_words(data), self.mark(data, answer).correct)]

    def key_lines(self, data: Mapping[str, Any]) -> list[str]:
        tolerance = decimal_from(data.get("tolerance", "0"))
        lines = [self._value_words(data)]
        if tolerance:
            unit = " %" if data.get("percent") else f" {data.get('unit', '')}".rstrip()
            lines.append(_("Được lệch tối đa %(tolerance)s", tolerance=f"{written(tolerance)}{unit}"))
        return lines

    def printed(self, data: Mapping[str, Any], order: Sequence[int] | None = None, stem: str = "") -> Printed:
        unit = str(data.get("unit", ""))
        note = _("Ghi một số (%(unit)s).", unit=unit) if unit else _("Ghi một số.")
        return Printed(stem, lines=1, note=note, key="; ".join(self.key_lines(data)))

    def explain(self, problem: Problem) -> str:
        words = {
            "no_value": lambda: _("Chưa có đáp số, hoặc đáp số không phải là một số. Thí dụ: 1.234,5."),
            "tolerance_unknown": lambda: _("Chỗ này cần một số, thí dụ 0,5. Để trống là không được lệch."),
            "tolerance_negative": lambda: _("Mức được lệch không thể là số âm."),
            "unit_too_long": lambda: _("Đơn vị dài quá %(number)s ký tự.", number=marking.LONGEST_UNIT),
        }
        return str(words[problem.code]())

    def data_from(self, form: Any) -> dict[str, Any]:
        value = number_of(form.value.data or "")
        tolerance = number_of((form.tolerance.data or "").strip() or "0")
        return {
            "value": "" if value is None else stored(value),
            "tolerance": "" if tolerance is None else stored(tolerance),
            "percent": form.tolerance_kind.data == "percent",
            "unit": tidy(form.measure.data or ""),
        }

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        value, tolerance = decimal_from(data.get("value")), decimal_from(data.get("tolerance", "0"))
        return {
            "value": "" if value is None else written(value),
            "tolerance": written(tolerance) if tolerance else "",
            "tolerance_kind": "percent" if data.get("percent") else "absolute",
            "measure": data.get("unit", ""),
        }

    def texts(self, data: Mapping[str, Any]) -> list[str]:
        words = self._value_words(data)
        return [words] if words else []

    def _value_words(self, data: Mapping[str, Any]) -> str:
        value = decimal_from(data.get("value"))
        return "" if value is None else f"{written(value)} {data.get('unit', '')}".strip()


TYPE = Numeric()
