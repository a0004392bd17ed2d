"""Fields of a typed number."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField, validators

from questions.types.numeric.marking import LONGEST_UNIT
from questions.types.typed.numbers import LONGEST_NUMBER

_TOO_LONG = _l("Dài quá %(number)s ký tự.", number=LONGEST_NUMBER)


class NumericFields(Form):
    """The number, how far from it an answer may be, its unit."""

    value = StringField(_l("Đáp số"), validators=[validators.Length(max=LONGEST_NUMBER, message=_TOO_LONG)])
    tolerance = StringField(_l("Được lệch"), validators=[validators.Length(max=LONGEST_NUMBER, message=_TOO_LONG)])
    tolerance_kind = SelectField(
        _l("Lệch tính theo"),
        choices=[("absolute", _l("đơn vị của đáp số")), ("percent", _l("phần trăm của đáp số"))],
        default="absolute",
    )
    measure = StringField(
        _l("Đơn vị"),
        validators=[validators.Length(max=LONGEST_UNIT, message=_l("Dài quá %(number)s ký tự.", number=LONGEST_UNIT))],
    )
