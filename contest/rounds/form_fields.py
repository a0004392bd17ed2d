"""Fields that read numbers, days and times as people write them here, and keep what was typed when they cannot."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from wtforms import Field, SelectField, widgets
from wtforms.validators import StopValidation

from contest.rules.plain import vietnamese_number

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_POINTS = re.compile(r"(\d{1,6})(?:[.,](\d{1,6}))?", re.ASCII)
_DAY_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_WRITTEN = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:[:hHgG.](\d{2})?)?(?::\d{2})?", re.ASCII)


class Typed(Field):
    """A field whose text is read by ``read`` and shown by ``write``; an empty one is None."""

    widget: widgets.Input = widgets.TextInput()
    wrong: str | LazyString = ""

    def read(self, text: str) -> Any:
        """The value of ``text``. Raises ValueError where it has none."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """``value`` as a person would type it."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except ValueError:
                raise ValueError(self.wrong_text()) from None

    def wrong_text(self) -> str:
        """What to say of a text without a value."""
        return str(self.wrong)


class WholeField(Typed):
    """A whole number, not negative."""

    widget = widgets.NumberInput(step=1, min=0)

    def read(self, text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise ValueError(text)
        return int(text)

    def wrong_text(self) -> str:
        return _("Xin nhập một số nguyên.")  # type: ignore[no-any-return]


class PointsField(Typed):
    """A number with a decimal comma or point."""

    def read(self, text: str) -> Decimal:
        match = _POINTS.fullmatch(text)
        if not match:
            raise ValueError(text)
        return Decimal(f"{match[1]}.{match[2] or 0}")

    def write(self, value: Decimal) -> str:
        return vietnamese_number(value)

    def wrong_text(self) -> str:
        return _("Xin nhập một số, ví dụ 1 hoặc 0,5.")  # type: ignore[no-any-return]


class DayField(Typed):
    """A day, typed as 24/11/2026 (also 2026-11-24). A plain field: a browser's own calendar would show the day in the
    order of the browser's language, and 11/12/2026 would be two days."""

    def read(self, text: str) -> date:
        if match := _DAY_ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_WRITTEN.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        raise ValueError(text)

    def write(self, value: date) -> str:
        return value.strftime("%d/%m/%Y")

    def wrong_text(self) -> str:
        return _("Xin nhập ngày như 24/11/2026.")  # type: ignore[no-any-return]


class ClockField(Typed):
    """A time of day: 08:00, 8h, 8h30; plain for the same reason, a browser might show 02:00 PM."""

    def read(self, text: str) -> time:
        match = _CLOCK.fullmatch(text.replace(" ", ""))
        if not match:
            raise ValueError(text)
        return time(int(match[1]), int(match[2] or 0))

    def write(self, value: time) -> str:
        return value.strftime("%H:%M")

    def wrong_text(self) -> str:
        return _("Xin nhập giờ như 08:00.")  # type: ignore[no-any-return]


class KeepingSelect(SelectField):
    """A select that also offers the stored value when it is no longer on the list, so that nothing changes unseen."""

    gone: str | LazyString = ""

    def iter_choices(self) -> Any:
        """The choices, and the stored one where it is none of them."""
        pairs = self._pairs()
        if self.data not in (None, "") and self.data not in dict(pairs):
            yield (self.data, _("%(value)s (không còn trong danh mục)", value=self.data), True, {})
        for value, label in pairs:
            yield (value, label, value == (self.data or ""), {})

    def _pairs(self) -> list[tuple[str, Any]]:
        return list(self.choices or [])  # type: ignore[arg-type]

    def pre_validate(self, form: Any) -> None:
        """Only what is offered; the stored value counts as offered."""
        if self.data not in {*dict(self._pairs()), self.object_data}:
            raise StopValidation(_("Xin chọn một mục trong danh mục."))


class Given:
    """A validator: the field must not be empty. Faults of reading come first."""

    field_flags: dict[str, Any] = {}

    def __init__(self, message: str | LazyString) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation()
        if field.data in (None, "") or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))
