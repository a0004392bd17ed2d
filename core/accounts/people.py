"""People on units' lists: adding, correcting, taking off, and their slips. One at a time; imports have their own room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, select

from core.accounts import slips
from core.accounts.importing.phones import is_phone
from core.accounts.models import Person
from core.audit import record
from core.database import canonical, db, fold, name_sort_key, public_id
from core.database.keys import key
from core.organisation.models import Unit
from core.organisation.tree import exists, today, within

MAX_NAME = 120
MAX_POSITION = 120
#: Ages in years beyond which a birth date is taken for a mistake (Party members are at least 18).
AGES = (18, 110)


class PersonError(ValueError):
    """A change of people that cannot be; ``field`` names what is wrong, the text says it to people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def subject(person: Person) -> str:
    """How the audit chain names ``person``: by id, since the chain can never forget a name."""
    return f"person:{person.public_id}"


def person_by_public_id(public_id: str) -> Person | None:
    """The person with this id; None while their import is not complete."""
    return db.session.scalar(select(Person).where(Person.public_id == public_id, Person.visible))


def people_within(paths: Iterable[str], query: str = "", *, active: bool = True) -> Select[Person]:
    """The people of these subtrees whose name, without accents, has every word of ``query``, or whose phone begins so.

    ``active`` False gives those taken off the lists.
    """
    statement = (
        select(Person).join(Unit, Unit.id == Person.unit_id).where(within(paths), Person.visible, Person.active.is_(active))
    )
    digits = re.sub(r"[\s.\-]", "", query)
    if digits.isdigit() and len(digits) >= 3:
        return statement.where(Person.phone.startswith(digits))
    for word in fold(query).split():
        statement = statement.where(Person.folded.contains(word, autoescape=True))
    return statement


def same_person(unit: Unit, full_name: str, birth_date: date | None) -> Person | None:
    """Who is already on the list as this person: unit, folded name and birth date together say who somebody is."""
    born = Person.birth_date.is_(None) if birth_date is None else Person.birth_date == birth_date
    return db.session.scalar(
        select(Person).where(Person.unit_id == unit.id, Person.folded == fold(full_name), born, Person.visible)
    )


def add_person(
    unit: Unit,
    full_name: str,
    *,
    birth_date: date | None = None,
    phone: str = "",
    position: str = "",
) -> Person:
    """Put somebody on the unit's list, with a slip. Raises PersonError for what cannot be, or one who is there already."""
    full_name = check_name(full_name)
    check_birth_date(birth_date)
    if not exists(unit):
        raise PersonError("unit", _("%(unit)s đã kết thúc hoạt động.", unit=unit.name))
    _refuse_twice(unit, full_name, birth_date)
    person = Person(
        public_id=public_id(),
        unit_id=unit.id,
        unit=unit,
        full_name=full_name,
        folded=fold(full_name),
        sort_key=name_sort_key(full_name),
        birth_date=birth_date,
        phone=clean_phone(phone),
        position=check_position(position),
        slip_generation=1,
    )
    assign_slip(person)
    db.session.add(person)
    db.session.flush()
    record("person.add", subject(person), {"unit": unit.public_id})
    return person


def update_person(
    person: Person,
    *,
    unit: Unit,
    full_name: str,
    birth_date: date | None,
    phone: str,
    position: str,
) -> list[str]:
    """Correct what the list says of ``person``; returns the names of what changed. Raises PersonError."""
    full_name = check_name(full_name)
    check_birth_date(birth_date)
    if unit.id != person.unit_id and not exists(unit):
        raise PersonError("unit", _("%(unit)s đã kết thúc hoạt động.", unit=unit.name))
    _refuse_twice(unit, full_name, birth_date, but=person)
    new = {
        "unit_id": unit.id,
        "full_name": full_name,
        "birth_date": birth_date,
        "phone": clean_phone(phone),
        "position": check_position(position),
    }
    changed = [name for name, value in new.items() if getattr(person, name) != value]
    if not changed:
        return []
    before = person.unit.public_id
    for name in changed:
        setattr(person, name, new[name])
    person.unit = unit
    person.folded, person.sort_key = fold(full_name), name_sort_key(full_name)
    db.session.flush()
    details: dict[str, object] = {"fields": sorted(changed)}
    if "unit_id" in changed:
        details["units"] = [before, unit.public_id]
    record("person.update", subject(person), details)
    return changed


def _refuse_twice(unit: Unit, full_name: str, birth_date: date | None, but: Person | None = None) -> None:
    other = same_person(unit, full_name, birth_date)
    if other is not None and other is not but:
        message = (
            _("Đơn vị này đã có đồng chí %(name)s với cùng ngày sinh.", name=other.full_name)
            if other.active
            else _("Đồng chí %(name)s đã có trong danh sách đã rút tên; xin khôi phục ở đó.", name=other.full_name)
        )
        raise PersonError("full_name", message)


def check_name(text: str) -> str:
    """A person's name in the official spelling. Raises PersonError when it cannot be one."""
    name = canonical(text)
    if not name:
        raise PersonError("full_name", _("Xin ghi họ và tên."))
    if len(name) > MAX_NAME:
        raise PersonError("full_name", _("Họ và tên dài quá %(max)s chữ.", max=MAX_NAME))
    if not any(c.isalpha() for c in name):
        raise PersonError("full_name", _("Họ và tên phải có chữ."))
    return name


def check_position(text: str) -> str:
    """What somebody is in the unit. Raises PersonError when it is too long."""
    position = canonical(text)
    if len(position) > MAX_POSITION:
        raise PersonError("position", _("Chức vụ dài quá %(max)s chữ.", max=MAX_POSITION))
    return position


def check_birth_date(day: date | None) -> None:
    """Raise PersonError for a birth date that can hardly be."""
    if day is None:
        return
    now = today()
    age = now.year - day.year - ((now.month, now.day) < (day.month, day.day))
    if not AGES[0] <= age <= AGES[1]:
        raise PersonError("birth_date", _("Ngày sinh này cho tuổi %(age)s; xin xem lại năm sinh.", age=age))


def clean_phone(text: str) -> str:
    """The digits of a telephone number as one dials it here, "" for none. Raises PersonError for anything else."""
    bare = re.sub(r"[\s.\-()]", "", text)
    for prefix in ("+84", "0084", "84"):
        if bare.startswith(prefix) and len(bare) > 10:
            bare = "0" + bare.removeprefix(prefix).removeprefix("0")
    if bare and not is_phone(bare):
        raise PersonError("phone", _("Số điện thoại gồm 10 chữ số, bắt đầu bằng số 0."))
    return bare


def others_with_phone(person: Person) -> Sequence[Person]:
    """Who else has this telephone number: worth a warning, no more, since couples share one."""
    if not person.phone:
        return []
    return db.session.scalars(
        select(Person).where(Person.phone == person.phone, Person.id != person.id, Person.active, Person.visible)
    ).all()


def take_off(person: Person) -> None:
    """Take somebody off the list: their slip is dead, what they sat stays. Doing so twice changes nothing."""
    if person.active:
        person.active = False
        record("person.take_off", subject(person), {"unit": person.unit.public_id})


def put_back(person: Person) -> None:
    """Put somebody back on the list. Doing so twice changes nothing."""
    if not person.active:
        person.active = True
        record("person.put_back", subject(person), {"unit": person.unit.public_id})


def code_of(person: Person) -> str:
    """The sixteen digits of the person's present slip; made anew each time, kept nowhere."""
    return slips.code_for(person.public_id, person.slip_generation, key("slip"))


def assign_slip(person: Person) -> str:
    """Note the keyed hash of the present slip (``public_id`` must be set); returns its code. No entry in the chain."""
    code = code_of(person)
    person.slip_hash = slips.slip_hash(code, key("slip"))
    return code


def new_slip(person: Person) -> str:
    """A new code for a lost slip: the old one, and every session that came in with it, is dead at once."""
    person.slip_generation += 1
    code = assign_slip(person)
    db.session.flush()
    record("person.new_slip", subject(person), {"generation": person.slip_generation})
    return code
