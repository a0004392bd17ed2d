"""Fields of the types with options: rows of texts, and which rows are right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, TextAreaField, validators

from questions.types.choice.data import MOST_OPTIONS

#: The longest option, in characters.
LONGEST_OPTION = 2000


class RowsField(Field):
    """The numbers of the rows that are marked as right; anything that is no number is left out."""

    data: list[int]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        values = [v for v in valuelist if isinstance(v, str) and v.isascii() and v.isdigit() and len(v) < 4]
        self.data = [int(v) for v in values]

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])


class ChoiceFields(Form):
    """Options in rows of their own; blank rows do not count."""

    options = FieldList(
        TextAreaField(
            _l("Phương án"),
            validators=[validators.Length(max=LONGEST_OPTION, message=_l("Phương án dài quá 2.000 ký tự."))],
        ),
        label=_l("Các phương án"),
        min_entries=4,
        max_entries=MOST_OPTIONS,
    )
    correct = RowsField(_l("Phương án đúng"))


class TrueFalseFields(Form):
    """Only which of the two is right."""

    correct = RowsField(_l("Đáp án"))


def row_of(entry: Any) -> int:
    """The number of the row that ``entry`` of ``options`` stands in."""
    return int(entry.name.rpartition("-")[2])


def filled_rows(form: Any) -> list[tuple[int, str]]:
    """(row, text) of the rows that are not blank, in order; texts trimmed and composed."""
    rows = [(row_of(e), tidy(e.data or "")) for e in form.options]
    return [(row, text) for row, text in rows if text]


def tidy(text: str) -> str:
    """``text`` composed, without spaces at the ends of its lines or blank lines around it."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(lines).strip()
