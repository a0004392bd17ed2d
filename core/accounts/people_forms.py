"""Forms of people."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Optional

from core.access import Action, current_actor, scopes_for
from core.organisation.choosing import UnitField
from core.organisation.forms import DayField


def edit_scopes() -> Sequence[str]:
    """The subtrees in which who asks may change people."""
    return scopes_for(current_actor().grants, Action.PEOPLE_EDIT)


class PersonForm(FlaskForm):
    """What a list says of somebody. Limits are the service's."""

    full_name = StringField(_l("Họ và tên"), [InputRequired(_l("Xin ghi họ và tên."))])
    birth_date = DayField(_l("Ngày sinh"), [Optional()])
    unit = UnitField(_l("Đơn vị"), scopes=edit_scopes, needed=_l("Xin ghi đơn vị."))
    position = StringField(_l("Chức vụ"), [Optional()])
    phone = StringField(_l("Số điện thoại"), [Optional()])
