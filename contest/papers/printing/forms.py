"""The form of printing a paper."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import Length, NumberRange, ValidationError

from contest.papers.printing.drawn import LAST_CODE, MOST_FORMS, OWN, SAME, Order
from contest.rounds.form_fields import Given, WholeField


def _seed() -> str:
    return f"{secrets.randbelow(10**6):06}"


class _Offered:
    """A validator: one of the choices, said in our words."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in {value for value, _label in field.choices}:
            raise ValidationError(_("Xin chọn một mục trong danh mục."))


class PrintForm(FlaskForm):
    """How many forms, which questions, which pages, in which format."""

    part = SelectField(_l("Đề cho ca thi"), [_Offered()], default="0", validate_choice=False)
    forms = WholeField(
        _l("Số mã đề"),
        [Given(_l("Xin ghi số mã đề.")), NumberRange(1, MOST_FORMS, _l("Từ 1 đến 12 mã đề."))],
        default=1,
    )
    first_code = WholeField(
        _l("Mã đề đầu tiên"),
        [Given(_l("Xin ghi mã đề.")), NumberRange(1, LAST_CODE - MOST_FORMS, _l("Xin ghi một số từ 1 đến 9987."))],
        default=101,
    )
    questions = RadioField(
        _l("Câu hỏi của các mã đề"),
        [_Offered()],
        choices=[
            (SAME, _l("Cùng các câu hỏi, mỗi mã đề một thứ tự")),
            (OWN, _l("Mỗi mã đề rút câu hỏi riêng")),
        ],
        default=SAME,
        validate_choice=False,
    )
    seed = StringField(
        _l("Số bốc thăm"),
        [Given(_l("Xin ghi số bốc thăm.")), Length(max=40, message=_l("Dài quá 40 chữ."))],
        default=_seed,
    )
    columns = RadioField(
        _l("Số cột"),
        [_Offered()],
        choices=[("1", _l("Một cột, chữ to")), ("2", _l("Hai cột, ít trang hơn"))],
        default="2",
        validate_choice=False,
    )
    format = RadioField(
        _l("Loại tệp"),
        [_Offered()],
        choices=[("pdf", _l("PDF, để in ngay")), ("docx", _l("Word, để sửa rồi in"))],
        default="pdf",
        validate_choice=False,
    )
    sheets = BooleanField(_l("Kèm phiếu trả lời"), default=True)
    keys = BooleanField(_l("Kèm đáp án và bản có giải thích cho tổ ra đề"), default=True)

    def order(self) -> Order:
        """What was asked for."""
        data: dict[str, Any] = {name: self[name].data for name in Order.__dataclass_fields__ if name in self}
        read = {"part": int(self.part.data), "columns": int(self.columns.data), "seed": (self.seed.data or "").strip()}
        return Order(**{**data, **read})


class SetPrintForm(PrintForm):
    """What is left to be chosen where the forms are those of a set."""

    part = forms = first_code = questions = seed = None  # type: ignore[assignment]

    def order_of(self, form_set: str) -> Order:
        """The forms of the set with this public id."""
        return Order(
            seed="", columns=int(self.columns.data), format=self.format.data, sheets=self.sheets.data,
            keys=self.keys.data, form_set=form_set,
        )  # fmt: skip
