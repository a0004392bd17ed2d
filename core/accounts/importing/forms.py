"""The form that takes a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from core.organisation.models import Unit


class UploadForm(FlaskForm):
    """A workbook, and the subtree it is for where somebody has more than one."""

    unit = SelectField(_l("Nhập cho"))
    file = FileField(_l("Tệp Excel"), [FileRequired(_l("Xin chọn một tệp Excel."))])

    def offer(self, units: list[Unit]) -> None:
        """The units that one may choose between."""
        self.unit.choices = [(unit.public_id, unit.full_name) for unit in units]
        if len(units) == 1:
            # Nothing to choose, so a browser sends nothing.
            self.unit.data = units[0].public_id
