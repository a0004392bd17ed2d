"""Forms of contests, windows and entries."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from contest.rounds.form_fields import ClockField, DayField, Given, WholeField
from core.web.filters import HANOI

#: Windows of one round; a city has 126 communes and wards.
MOST_WINDOWS = 400


class ContestForm(FlaskForm):
    """What a contest says of itself."""

    name = StringField(_l("Tên hội thi"), [Given(_l("Xin ghi tên hội thi.")), Length(max=200, message=_l("Dài quá 200 chữ."))])
    unit = SelectField(_l("Đơn vị tổ chức"), choices=[], validate_choice=False)
    bank = SelectField(_l("Lấy câu hỏi từ ngân hàng của"), choices=[], validate_choice=False)
    hotline = StringField(
        _l("Số điện thoại hỗ trợ thí sinh"),
        [Given(_l("Xin ghi số điện thoại: thí sinh mất phiếu hoặc gặp sự cố cần có chỗ để gọi.")),
         Length(max=60, message=_l("Dài quá 60 chữ."))],
    )  # fmt: skip
    introduction = TextAreaField(_l("Lời giới thiệu"), [Length(max=5000, message=_l("Dài quá 5.000 chữ."))])


class NewRoundForm(FlaskForm):
    """The first two things one knows of a round."""

    name = StringField(
        _l("Tên vòng thi"), [Given(_l("Xin ghi tên vòng thi.")), Length(max=120, message=_l("Dài quá 120 chữ."))]
    )
    minutes = WholeField(_l("Thời gian làm bài (phút)"), [Given(_l("Xin ghi số phút làm bài."))])

    def validate_minutes(self, field: Any) -> None:
        """Within what the rules allow."""
        if field.data is not None and not 1 <= field.data <= 600:
            raise ValidationError(_("Thời gian làm bài từ 1 đến 600 phút."))


class WindowForm(Form):
    """A row of the table of windows. ``until`` is the day of the end, empty for the same day."""

    unit = HiddenField(_l("Đơn vị"))
    day = DayField(_l("Ngày"), [Given(_l("Xin chọn ngày."))])
    opens = ClockField(_l("Mở lúc"), [Given(_l("Xin nhập giờ mở."))])
    closes = ClockField(_l("Đóng lúc"), [Given(_l("Xin nhập giờ đóng."))])
    until = DayField(_l("Đến ngày"))

    def times(self) -> tuple[datetime, datetime]:
        """When the window opens and closes; call after validation."""
        opens = datetime.combine(self.day.data, self.opens.data, HANOI)
        closes = datetime.combine(self.until.data or self.day.data, self.closes.data, HANOI)
        return opens.astimezone(UTC), closes.astimezone(UTC)


class WindowsForm(FlaskForm):
    """Every window of a round, and what one looks for to add one."""

    windows = FieldList(FormField(WindowForm), max_entries=MOST_WINDOWS)
    search = StringField(_l("Tìm đơn vị"), [Length(max=200)])
    chosen = SelectField(_l("Đơn vị thêm ca"), choices=[], validate_choice=False)

    def add_row(self, unit: str) -> None:
        """A row for the unit with this public id, with the last row's hours (or the next morning's)."""
        last = self.windows.entries[-1].form if self.windows.entries else None
        values: dict[str, Any] = {"unit": unit}
        if last is not None:
            values |= {"day": last.day.data, "opens": last.opens.data, "closes": last.closes.data, "until": last.until.data}
        self.windows.append_entry(values)


class ReasonForm(FlaskForm):
    """A change that must say why."""

    reason = StringField(_l("Lý do"), [Given(_l("Xin ghi lý do.")), Length(max=200, message=_l("Dài quá 200 chữ."))])


class EmptyForm(FlaskForm):
    """Nothing but the token: a press of a button."""


def window_values(opens_at: datetime, closes_at: datetime) -> dict[str, Any]:
    """The fields of a row for a stored window."""
    opens, closes = opens_at.astimezone(HANOI), closes_at.astimezone(HANOI)
    return {
        "day": opens.date(),
        "opens": opens.time().replace(second=0, microsecond=0),
        "closes": closes.time().replace(second=0, microsecond=0),
        "until": closes.date() if closes.date() != opens.date() else None,
    }


