"""Fields of a text with blanks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField, validators

from questions.types.cloze.marking import ALL, BLANKS
from questions.types.short_text.form import FoldFields

#: The longest text with its blanks as typed, in characters.
LONGEST_TEXT = 10_000

#: What an answer is worth that is right in some blanks, in words.
CREDITS = {ALL: _l("Đúng hết mới được điểm"), BLANKS: _l("Điểm theo số chỗ trống đúng")}


class ClozeFields(FoldFields):
    """The text with its blanks, and what an answer is worth that is right in part."""

    text = TextAreaField(
        _l("Đoạn văn có chỗ trống"),
        validators=[validators.Length(max=LONGEST_TEXT, message=_l("Dài quá 10.000 ký tự."))],
    )
    credit = SelectField(
        _l("Cách cho điểm"),
        choices=list(CREDITS.items()),
        default=ALL,
    )
