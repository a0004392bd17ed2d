"""Adding and changing the people of a batch; who is new is invisible until the last step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from core.accounts import slips
from core.accounts.importing.dates import show_day
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.staging import write_rows
from core.accounts.importing.units_in import left_out, units_by_ref
from core.accounts.importing.workings import OTHER
from core.accounts.models import Person
from core.database import db, fold, name_sort_key, public_id
from core.database.keys import key
from core.organisation.models import Unit


@dataclass(frozen=True)
class NewPerson:
    """A row of people with what is slow to make: ids, slip, sort key."""

    row: Any
    public_id: str
    slip_hash: str
    sort_key: str


_PERSON_COLUMNS = (
    ImportRow.id,
    ImportRow.position,
    ImportRow.action,
    ImportRow.answer,
    ImportRow.full_name,
    ImportRow.folded,
    ImportRow.birth_date,
    ImportRow.phone,
    ImportRow.title,
    ImportRow.unit_ref,
    ImportRow.target_id,
    ImportRow.changes,
)


def new_people(batch_id: int, positions: list[int]) -> list[NewPerson]:
    secret = key("slip")
    statement = select(*_PERSON_COLUMNS).where(ImportRow.batch_id == batch_id, ImportRow.position.in_(positions))
    people = []
    for row in db.session.execute(statement.order_by(ImportRow.position)):
        name = public_id()
        hashed = slips.slip_hash(slips.code_for(name, 1, secret), secret)
        people.append(NewPerson(row, name, hashed, name_sort_key(row.full_name)))
    return people


def bring_people(batch: ImportBatch, people: list[NewPerson]) -> None:
    """Add or change the people of some rows; who came meanwhile by another way is no second time added."""
    units = units_by_ref(batch, {each.row.unit_ref for each in people})
    there = _there(batch, people, units)
    outcomes: list[dict[str, Any]] = []
    adding: list[tuple[NewPerson, Unit]] = []
    for each in people:
        unit = units.get(each.row.unit_ref or 0)
        if unit is None:
            outcomes.append(left_out(each.row, _("Đơn vị không còn, hoặc không nhập được.")))
            continue
        namesakes = there.get((unit.id, each.row.folded), [])
        if each.row.action == "change":
            target = next((person for person in namesakes if person.id == each.row.target_id), None)
            outcomes.append(_change_person(each.row, target, namesakes))
            continue
        reason = _objection(each.row, namesakes, batch)
        if reason:
            outcomes.append(left_out(each.row, reason))
        else:
            adding.append((each, unit))
    outcomes.extend(_insert(batch, adding))
    db.session.flush()
    plain = [outcome for outcome in outcomes if "changes" not in outcome]
    write_rows(plain)
    write_rows([outcome for outcome in outcomes if "changes" in outcome])


def _there(batch: ImportBatch, people: list[NewPerson], units: dict[int, Unit]) -> dict[tuple[int, str], list[Person]]:
    """Namesakes in the same units, visible or on their way in, by unit and folded name."""
    names = {each.row.folded for each in people}
    ids = {unit.id for unit in units.values() if unit.import_batch_id != batch.id or unit.visible}
    result: dict[tuple[int, str], list[Person]] = {}
    if ids and names:
        for person in db.session.scalars(select(Person).where(Person.unit_id.in_(ids), Person.folded.in_(names))):
            result.setdefault((person.unit_id, person.folded), []).append(person)
    return result


def _objection(row: Any, namesakes: list[Person], batch: ImportBatch) -> str:
    """Why a row that was new when it was checked is not added now; "" when it is."""
    for person in namesakes:
        if row.birth_date is not None and person.birth_date == row.birth_date:
            return str(_("Người này vừa được thêm bằng cách khác."))
        if person.import_batch_id != batch.id and row.answer != OTHER:
            return str(_("Vừa có người cùng tên được thêm vào đơn vị. Xin đối chiếu lại."))
    return ""


def _change_person(row: Any, target: Person | None, namesakes: list[Person]) -> dict[str, Any]:
    if target is None or not target.visible:
        return left_out(row, _("Người này không còn trong đơn vị."))
    done = []
    for change in row.changes:
        old = value_of(target, change["field"])
        if change["field"] == "birth" and any(other.birth_date == row.birth_date for other in namesakes):
            continue
        set_value(target, change["field"], change["new"], row.birth_date)
        done.append({"field": change["field"], "old": old, "new": change["new"]})
    return {"id": row.id, "outcome": "change", "outcome_reason": "", "target_id": target.id, "changes": done}


def value_of(person: Person, field: str) -> str:
    values = {
        "phone": person.phone,
        "position": person.position,
        "name": person.full_name,
        "birth": show_day(person.birth_date) if person.birth_date else "",
        "active": "1" if person.active else "",
    }
    return values[field]


def set_value(person: Person, field: str, text: str, birth: date | None) -> None:
    """Put ``text`` into what rows call ``field``; ``birth`` is the date that goes with the field "birth"."""
    if field == "phone":
        person.phone = text
    elif field == "position":
        person.position = text
    elif field == "name":
        person.full_name, person.folded, person.sort_key = text, fold(text), name_sort_key(text)
    elif field == "birth":
        person.birth_date = birth if text else None
    elif field == "active":
        person.active = bool(text)


def _insert(batch: ImportBatch, adding: list[tuple[NewPerson, Unit]]) -> list[dict[str, Any]]:
    if not adding:
        return []
    values = [
        {
            "public_id": each.public_id,
            "unit_id": unit.id,
            "full_name": each.row.full_name,
            "folded": each.row.folded,
            "sort_key": each.sort_key,
            "birth_date": each.row.birth_date,
            "phone": each.row.phone,
            "position": each.row.title,
            "slip_generation": 1,
            "slip_hash": each.slip_hash,
            "active": True,
            "visible": False,
            "import_batch_id": batch.id,
        }
        for each, unit in adding
    ]
    db.session.execute(insert(Person), values)
    made = dict(
        db.session.execute(
            select(Person.public_id, Person.id).where(Person.public_id.in_([each.public_id for each, _unit in adding]))
        )
        .tuples()
        .all()
    )
    return [
        {"id": each.row.id, "outcome": "new", "outcome_reason": "", "target_id": made[each.public_id]} for each, _unit in adding
    ]
