"""Forms of units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextInput

from core.access import Action, current_actor, scopes_for
from core.organisation.choosing import UnitField
from core.organisation.levels import level_of, levels_under
from core.organisation.models import Unit

#: Dates as people type them here; the second is what a browser's own date field sends.
DATE_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]


class WholeNumberField(IntegerField):
    """An optional whole number with a message in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Points between thousands are fine."""
        text = valuelist[0].replace(".", "").replace(" ", "") if valuelist else ""
        self.data = None
        if text:
            if not text.isascii() or not text.isdigit() or len(text) > 9:
                raise ValueError(str(_l("Xin ghi một số nguyên, ví dụ 35.")))
            self.data = int(text)


class DayField(DateField):
    """A date typed as 24/11/2026, with a message in our words: a browser's own calendar is slow for 1958, and drops
    what it does not understand."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=DATE_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Any of DATE_FORMATS."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(str(_l("Ngày ghi theo mẫu 24/11/2026."))) from None


def edit_scopes() -> Sequence[str]:
    """The subtrees in which who asks may change units."""
    return scopes_for(current_actor().grants, Action.UNITS_EDIT)


class UnitForm(FlaskForm):
    """A unit's name and how many may take part."""

    name = StringField(_l("Tên đơn vị"), [InputRequired(_l("Xin ghi tên đơn vị."))])
    eligible = WholeNumberField(_l("Số người thuộc diện dự thi"), [Optional()])


class NewUnitForm(UnitForm):
    """A new unit under another."""

    level = SelectField(_l("Cấp"), [InputRequired(_l("Xin chọn cấp của đơn vị."))])

    def offer_levels(self, parent: Unit) -> None:
        """Only levels that may stand under ``parent``; the lowest common one first when nothing is chosen."""
        levels = levels_under(level_of(parent.level))
        self.level.choices = [(level.key, str(level.label)) for level in levels]


class MoveForm(FlaskForm):
    """Another parent."""

    parent = UnitField(_l("Chuyển đến dưới đơn vị"), scopes=edit_scopes, needed=_l("Xin ghi đơn vị cấp trên mới."))


class CloseForm(FlaskForm):
    """The end of a unit: when, and what comes after it."""

    day = DayField(_l("Không còn hoạt động từ ngày"), [InputRequired(_l("Xin ghi ngày."))])
    successor = UnitField(_l("Đơn vị kế tục"), scopes=edit_scopes)
    sure = BooleanField(_l("Tôi hiểu các đơn vị bên dưới cũng kết thúc từ ngày này"), [InputRequired(_l("Xin xác nhận."))])


class _AtField(Protocol):
    """An error of a service that names the field it is about."""

    field: str


def put_error(form: FlaskForm, error: _AtField) -> None:
    """Show ``error`` at the field it names, or above the form."""
    field: Field | None = form._fields.get(error.field)
    if field is None:
        form.form_errors.append(str(error))
    else:
        field.errors = [*field.errors, str(error)]
