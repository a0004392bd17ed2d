"""A table of statements, as the registry finds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from questions.types.marks import Mark, Problem
from questions.types.rows.data import ALL, credit_of, key_of
from questions.types.rows.form import STATEMENT_CREDITS, StatementFields
from questions.types.rows.kind_base import RowsType
from questions.types.statements import marking


class Statements(RowsType):
    """Statements under one stem, each true or false; shown in their author's order."""

    key = "statements"
    folder = "statements"
    label = _l("Bảng đúng, sai")
    instruction = _l("Chọn Đúng hoặc Sai cho từng nhận định.")
    order = 40
    control = "statements"
    fields = StatementFields
    credits = STATEMENT_CREDITS
    rows_field = "statements"
    beside_field = "verdicts"

    def check(self, data: Mapping[str, Any]) -> list[Problem]:
        return marking.check(data)

    def mark(self, data: Mapping[str, Any], answer: Any) -> Mark:
        return marking.mark(data, answer)

    def choice_texts(self, data: Mapping[str, Any]) -> list[str]:
        return [_("Đúng"), _("Sai")]

    def sheet(self, data: Mapping[str, Any], order: Sequence[int], stem: str = "") -> dict[str, Any]:
        return {"control": self.control, "rows": self.rows(data), "options": []}

    def form_rows(self, form: Any) -> list[tuple[Any, str, str]]:
        # A verdict alone makes no row: it may have been chosen for a statement that was taken back.
        return [row for row in super().form_rows(form) if row[1]]

    def data_from(self, form: Any) -> dict[str, Any]:
        rows = self.form_rows(form)
        return {
            "statements": [text for _entry, text, _verdict in rows],
            "key": [int(verdict) if verdict in ("0", "1") else None for _entry, _text, verdict in rows],
            "credit": form.credit.data or ALL,
        }

    def values_for(self, data: Mapping[str, Any]) -> dict[str, Any]:
        statements = self.rows(data)
        key = key_of(data, len(statements), marking.VERDICTS) or []
        return {"statements": statements, "verdicts": [str(verdict) for verdict in key], "credit": credit_of(data)}


TYPE = Statements()
