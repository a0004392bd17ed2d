"""What organisers fill in while a round runs: minutes, reasons, messages, the window that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from contest.rounds.form_fields import Given, WholeField
from contest.rounds.models import Window
from contest.sittings.extra_time import MAX_MINUTES, is_key, new_key
from contest.sittings.messages import MAX_REASON, MAX_TEXT, MAX_TITLE

#: The choice "every window that is meant".
ALL = "tat-ca"


def _reason() -> StringField:
    too_long = _l("Dài quá %(most)s chữ.", most=MAX_REASON)
    return StringField(_l("Lý do"), [Given(_l("Xin ghi lý do.")), Length(max=MAX_REASON, message=too_long)])


class ReasonForm(FlaskForm):
    """Why something is done to one sitting."""

    reason = _reason()


class WindowForm(FlaskForm):
    """Which window is meant, of those that are offered."""

    window = SelectField(_l("Ca thi"), validate_choice=False)

    def offer(self, windows: Sequence[Window], all_label: str) -> None:
        """Offer ``windows``, and first all of them together where there are several."""
        pairs = [(window.public_id, window.unit.name) for window in windows]
        self.window.choices = pairs if len(pairs) == 1 else [(ALL, all_label), *pairs]

    def validate_window(self, field: Any) -> None:
        """Only what is offered: a window may have closed since the page was made."""
        if field.data not in dict(field.choices):
            raise ValidationError(_("Xin chọn lại ca thi: ca đã chọn không còn ở trong danh sách."))

    def chosen(self, windows: Sequence[Window]) -> list[Window]:
        """Those of ``windows`` that were chosen."""
        return [window for window in windows if self.window.data in (ALL, window.public_id)]


class PauseForm(WindowForm):
    """Which windows are paused, and why."""

    reason = _reason()


class _Minutes(FlaskForm):
    minutes = WholeField(_l("Thêm (phút)"), [Given(_l("Xin ghi số phút."))])
    reason = _reason()
    key = HiddenField(default=new_key)

    def validate_minutes(self, field: Any) -> None:
        """Up to an hour at once."""
        if field.data is not None and not 1 <= field.data <= MAX_MINUTES:
            raise ValidationError(_("Số phút từ 1 đến %(most)s.", most=MAX_MINUTES))

    def validate_key(self, field: Any) -> None:
        """A form without its key is sent again with one."""
        if not is_key(field.data):
            field.data = new_key()
            raise ValidationError(_("Xin bấm gửi lại."))


class SittingTimeForm(_Minutes):
    """Extra time for one sitting."""


class WindowTimeForm(WindowForm, _Minutes):
    """Extra time for everybody who sits in a window."""


class MessageForm(WindowForm):
    """A message for open sittings. ``after`` is the round's newest notice when the form was made."""

    title = StringField(
        _l("Tiêu đề"), [Length(max=MAX_TITLE, message=_l("Dài quá %(most)s chữ.", most=MAX_TITLE))]
    )
    text = TextAreaField(
        _l("Nội dung"),
        [Given(_l("Xin ghi nội dung.")), Length(max=MAX_TEXT, message=_l("Dài quá %(most)s chữ.", most=MAX_TEXT))],
    )
    after = WholeField()


class MoveEndForm(FlaskForm):
    """How much later a window closes, and why."""

    minutes = WholeField(_l("Lùi thêm (phút)"), [Given(_l("Xin ghi số phút."))])
    reason = _reason()

    def validate_minutes(self, field: Any) -> None:
        """Up to a day."""
        if field.data is not None and not 1 <= field.data <= 1440:
            raise ValidationError(_("Số phút từ 1 đến 1.440 (một ngày)."))
