"""Forms of standings: what a person has to say or tick at each step."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from contest.rounds.form_fields import Given
from contest.standings.service import MAX_REASON

_TOO_LONG = Length(max=MAX_REASON, message=_l("Dài quá 500 chữ."))


class PressForm(FlaskForm):
    """A button: nothing but its token."""


class FirstVersionForm(FlaskForm):
    """The first version needs no reason."""


class NextVersionForm(FlaskForm):
    """Every further version says why."""

    reason = TextAreaField(_l("Lý do lập bản mới"), [Given(_l("Xin ghi lý do lập bản mới.")), _TOO_LONG])


class ConfirmForm(FlaskForm):
    """The second person ticks before confirming."""

    checked = BooleanField(
        _l("Tôi đã kiểm tra bảng này: số người dự thi, điểm, thứ hạng và người bằng điểm."),
        [InputRequired(_l("Xin đánh dấu vào ô này khi đã kiểm tra xong."))],
    )


class WithdrawForm(FlaskForm):
    """Taking back what is public."""

    reason = TextAreaField(_l("Lý do thu hồi"), [Given(_l("Xin ghi lý do thu hồi.")), _TOO_LONG])
