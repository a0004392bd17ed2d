"""The form that takes a file."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, ValidationError
from wtforms.validators import InputRequired

from core.organisation.models import Unit


class UploadForm(FlaskForm):
    """A workbook, and the subtree it is for where somebody has more than one."""

    unit = SelectField(_l("Nhập cho"), [InputRequired(_l("Xin chọn đơn vị."))], validate_choice=False)
    file = FileField(_l("Tệp Excel"), [FileRequired(_l("Xin chọn một tệp Excel."))])

    def offer(self, units: list[Unit]) -> None:
        """The units that one may choose between."""
        self._offered = {unit.public_id for unit in units}
        self.unit.choices = [(unit.public_id, unit.full_name) for unit in units]

    def validate_unit(self, field: Any) -> None:
        """One of those offered, no other."""
        if field.data not in self._offered:
            raise ValidationError(str(_l("Đồng chí không nhập được cho đơn vị này.")))
