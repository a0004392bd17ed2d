"""Forms of signing in and of one's own password."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from core.accounts.passwords import MAX_LENGTH, MIN_LENGTH, Weakness, is_right, weakness_of
from core.accounts.staff import current_account

_WEAKNESSES: dict[Weakness, LazyString] = {
    Weakness.TOO_SHORT: _l("Mật khẩu cần ít nhất %(min)s ký tự. Một câu ngắn dễ nhớ là mật khẩu tốt.", min=MIN_LENGTH),
    Weakness.TOO_LONG: _l("Mật khẩu dài quá %(max)s ký tự.", max=MAX_LENGTH),
    Weakness.LIKE_NAME: _l("Mật khẩu không được dựa trên tên đăng nhập."),
    Weakness.COMMON: _l("Mật khẩu này quá dễ đoán. Xin chọn một câu mà chỉ đồng chí biết."),
}


class SignInForm(FlaskForm):
    """User name and password."""

    username = StringField(_l("Tên đăng nhập"), [InputRequired(_l("Xin nhập tên đăng nhập.")), Length(max=200)])
    password = PasswordField(_l("Mật khẩu"), [InputRequired(_l("Xin nhập mật khẩu.")), Length(max=MAX_LENGTH)])


class PasswordForm(FlaskForm):
    """The present password and, twice, a new one."""

    present = PasswordField(_l("Mật khẩu hiện nay"), [InputRequired(_l("Xin nhập mật khẩu hiện nay.")), Length(max=MAX_LENGTH)])
    new = PasswordField(_l("Mật khẩu mới"), [InputRequired(_l("Xin nhập mật khẩu mới."))])
    again = PasswordField(_l("Nhập lại mật khẩu mới"), [InputRequired(_l("Xin nhập lại mật khẩu mới."))])

    def validate_present(self, field: Any) -> None:
        """The person at the keyboard is who signed in."""
        account = current_account()
        if account is None or not is_right(account.password_hash, field.data):
            raise ValidationError(_l("Mật khẩu hiện nay không đúng."))

    def validate_new(self, field: Any) -> None:
        """Long enough, and not the first that a guesser tries."""
        account = current_account()
        weakness = weakness_of(field.data, account.username if account else "")
        if weakness is not None:
            raise ValidationError(str(_WEAKNESSES[weakness]))
        if field.data == self.present.data:
            raise ValidationError(_l("Mật khẩu mới phải khác mật khẩu hiện nay."))

    def validate_again(self, field: Any) -> None:
        """Typed the same twice."""
        if field.data != self.new.data:
            raise ValidationError(_l("Hai lần nhập mật khẩu mới không giống nhau."))
