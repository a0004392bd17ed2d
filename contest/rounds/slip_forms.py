"""Forms of printing slips."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired


class SlipsForm(FlaskForm):
    """For which round, and for whom. ``unit`` may be any unit in reach, also one that the list does not offer."""

    round = SelectField(_l("Vòng thi"), [InputRequired(_l("Xin chọn vòng thi."))], validate_choice=False)
    unit = SelectField(_l("Đơn vị"), [InputRequired(_l("Xin chọn đơn vị."))], validate_choice=False)


class OneSlipForm(FlaskForm):
    """The slip of one person: only the round is left to choose."""

    round = SelectField(_l("Vòng thi"), [InputRequired(_l("Xin chọn vòng thi."))], validate_choice=False)
