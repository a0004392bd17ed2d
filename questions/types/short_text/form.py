"""Fields of a few typed words, and what they share with a text with blanks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, TextAreaField, validators

from questions.types.short_text.marking import MOST_ACCEPTED
from questions.types.typed.words import LONGEST_WORDS


class FoldFields(Form):
    """What does not count when words are compared."""

    fold_case = BooleanField(_l("Chữ hoa, chữ thường như nhau"), default=True)
    fold_accents = BooleanField(_l("Không dấu cũng được (“dang vien” là “đảng viên”)"))


class ShortTextFields(FoldFields):
    """The accepted answers, a line each."""

    accepted = TextAreaField(
        _l("Các câu trả lời được chấp nhận"),
        validators=[validators.Length(max=2 * MOST_ACCEPTED * LONGEST_WORDS, message=_l("Danh sách này dài quá."))],
    )
