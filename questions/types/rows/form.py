"""Fields of the types with rows that are each given one choice."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, SelectField, StringField, TextAreaField, validators

from questions.types.choice.form import LONGEST_OPTION, row_of, tidy
from questions.types.ordering.marking import PAIRS, PLACES
from questions.types.rows.data import ALL, MOST_CHOICES, MOST_ROWS, ROWS

_ALL_LABEL = _l("Đúng hết mới được điểm")

#: What an answer right in part is worth, in words, as each type offers it.
STATEMENT_CREDITS = [(ALL, _ALL_LABEL), (ROWS, _l("Mỗi nhận định đúng được một phần điểm"))]
MATCHING_CREDITS = [(ALL, _ALL_LABEL), (ROWS, _l("Mỗi dòng ghép đúng được một phần điểm"))]
ORDERING_CREDITS = [
    (ALL, _ALL_LABEL),
    (PLACES, _l("Mỗi bước đúng chỗ được một phần điểm")),
    (PAIRS, _l("Mỗi cặp bước liền nhau đúng được một phần điểm")),
]


def _texts(label: Any, rows: int) -> FieldList[TextAreaField]:
    text = TextAreaField(
        label, validators=[validators.Length(max=LONGEST_OPTION, message=_l("Dòng này dài quá 2.000 ký tự."))]
    )
    return FieldList(text, label=label, min_entries=rows, max_entries=MOST_ROWS)


class StatementFields(Form):
    """Statements in rows of their own, with their verdicts; blank rows do not count."""

    statements = _texts(_l("Nhận định"), 4)
    verdicts = FieldList(
        SelectField(
            _l("Nhận định này"),
            choices=[("", _l("Chọn")), ("0", _l("Đúng")), ("1", _l("Sai"))],
            validate_choice=False,
        ),
        min_entries=4,
        max_entries=MOST_ROWS,
    )
    credit = SelectField(_l("Cách tính điểm"), choices=STATEMENT_CREDITS, validate_choice=False)


class MatchingFields(Form):
    """Items in rows of their own, each beside its choice; choices that no item has, one a line."""

    items = _texts(_l("Nội dung"), 4)
    targets = FieldList(
        StringField(
            _l("Ghép với"),
            validators=[validators.Length(max=LONGEST_OPTION, message=_l("Dòng này dài quá 2.000 ký tự."))],
        ),
        min_entries=4,
        max_entries=MOST_ROWS,
    )
    spare = TextAreaField(
        _l("Lựa chọn thừa"),
        validators=[
            validators.Length(max=MOST_CHOICES * LONGEST_OPTION, message=_l("Lựa chọn thừa dài quá 30.000 ký tự."))
        ],
    )
    credit = SelectField(_l("Cách tính điểm"), choices=MATCHING_CREDITS, validate_choice=False)


class OrderingFields(Form):
    """Steps in rows of their own, in the right order; blank rows do not count."""

    steps = _texts(_l("Bước"), 4)
    credit = SelectField(_l("Cách tính điểm"), choices=ORDERING_CREDITS, validate_choice=False)


def filled_together(texts: Any, beside: Any = None) -> list[tuple[Any, str, str]]:
    """(entry, text, what stands beside it) of the rows in which one of the two is not blank, in order."""
    others = {} if beside is None else {row_of(entry): tidy(entry.data or "") for entry in beside}
    rows = [(entry, tidy(entry.data or ""), others.get(row_of(entry), "")) for entry in texts]
    return [row for row in rows if row[1] or row[2]]
