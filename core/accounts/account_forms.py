"""Forms of staff accounts and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from core.access import Action, Role, current_actor, label_of_role, scopes_for
from core.accounts.models import Person
from core.accounts.people import people_within
from core.database import db
from core.organisation.choosing import TypedChoice, UnitField


def manage_scopes() -> Sequence[str]:
    """The subtrees in which who asks may give roles."""
    return scopes_for(current_actor().grants, Action.ACCOUNTS_MANAGE)


class PersonField(TypedChoice[Person]):
    """Somebody on the lists that who asks may see."""

    def search(self, text: str) -> Sequence[Person]:
        """By name, without accents; what follows a comma is the unit, which the label shows."""
        name = text.partition(",")[0]
        scopes = scopes_for(current_actor().grants, Action.PEOPLE_VIEW)
        return db.session.scalars(people_within(scopes, name).order_by(Person.sort_key, Person.id).limit(21)).all()

    def key_of(self, thing: Person) -> str:
        """The public id."""
        return thing.public_id

    def label_of(self, thing: Person) -> str:
        """Name, birth date and unit: enough to tell people of one name apart."""
        born = f", {thing.birth_date:%d/%m/%Y}" if thing.birth_date else ""
        return f"{thing.full_name}{born}, {thing.unit.full_name}"


class RoleForm(FlaskForm):
    """A role for the subtree of a unit."""

    role = RadioField(_l("Vai trò"), [InputRequired(_l("Xin chọn vai trò."))])
    unit = UnitField(_l("Trong phạm vi đơn vị"), scopes=manage_scopes, needed=_l("Xin ghi đơn vị."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [(role.value, str(label_of_role(role))) for role in Role]


class NewAccountForm(RoleForm):
    """A new account with its first role."""

    display_name = StringField(_l("Họ và tên"), [InputRequired(_l("Xin ghi họ và tên."))])
    username = StringField(_l("Tên đăng nhập"), [InputRequired(_l("Xin ghi tên đăng nhập."))])


class AccountNameForm(FlaskForm):
    """Another name on the pages."""

    display_name = StringField(_l("Họ và tên"), [InputRequired(_l("Xin ghi họ và tên."))])


class TieForm(FlaskForm):
    """The holder of the account is also on a unit's list."""

    person = PersonField(_l("Người trong danh sách thí sinh"))
