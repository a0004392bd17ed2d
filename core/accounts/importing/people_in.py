"""Adding and changing the people of a batch; who is new is invisible until the last step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Row, insert, select, tuple_

from core.accounts import slips
from core.accounts.importing.dates import show_day
from core.accounts.importing.models import ImportBatch, ImportRow
from core.accounts.importing.staging import write_rows
from core.accounts.importing.units_in import left_out, unit_ids_by_ref
from core.accounts.importing.workings import OTHER
from core.accounts.models import Person
from core.database import db, fold, name_sort_key, public_id
from core.database.keys import key


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


@dataclass(frozen=True)
class Chunk:
    """Some rows of people, and the ids of the units that they name, by ref."""

    people: Sequence[NewPerson]
    unit_ids: Mapping[int, int]


def new_people(batch: ImportBatch, positions: Sequence[int]) -> Chunk:
    """What the rows at ``positions`` need, made before any lock is held."""
    secret = key("slip")
    statement = select(*_PERSON_COLUMNS).where(ImportRow.batch_id == batch.id, ImportRow.position.in_(positions))
    people = []
    for row in db.session.execute(statement.order_by(ImportRow.position)):
        name = public_id()
        hashed = slips.slip_hash(slips.code_for(name, 1, secret), secret)
        people.append(NewPerson(row, name, hashed, name_sort_key(row.full_name)))
    return Chunk(people, unit_ids_by_ref(batch, {each.row.unit_ref for each in people}))


def bring_people(batch: ImportBatch, chunk: Chunk) -> None:
    """Add or change the people of some rows; who came meanwhile by another way is not added a second time."""
    there = _there(chunk)
    outcomes: list[dict[str, Any]] = []
    adding: list[tuple[NewPerson, int]] = []
    for each in chunk.people:
        unit_id = chunk.unit_ids.get(each.row.unit_ref or 0)
        if unit_id is None:
            outcomes.append(left_out(each.row, _("Đơn vị không còn, hoặc không nhập được.")))
            continue
        namesakes = there.get((unit_id, each.row.folded), [])
        if each.row.action == "change":
            outcomes.append(_change_person(each.row, namesakes))
            continue
        reason = _objection(each.row, namesakes, batch)
        if reason:
            outcomes.append(left_out(each.row, reason))
        else:
            adding.append((each, unit_id))
    outcomes.extend(_insert(batch, adding))
    db.session.flush()
    write_rows([outcome for outcome in outcomes if "changes" not in outcome])
    write_rows([outcome for outcome in outcomes if "changes" in outcome])


def _there(chunk: Chunk) -> dict[tuple[int, str], list[Row[Any]]]:
    """Namesakes in the same units, visible or on their way in, by unit and folded name."""
    pairs = {(chunk.unit_ids.get(each.row.unit_ref or 0), each.row.folded) for each in chunk.people}
    result: dict[tuple[int, str], list[Row[Any]]] = {}
    columns = (Person.id, Person.unit_id, Person.folded, Person.birth_date, Person.visible, Person.import_batch_id)
    wanted = [pair for pair in pairs if pair[0] is not None]
    if wanted:
        statement = select(*columns).where(tuple_(Person.unit_id, Person.folded).in_(wanted))
        for person in db.session.execute(statement):
            result.setdefault((person.unit_id, person.folded), []).append(cast(Any, person))
    return result


def _objection(row: Any, namesakes: Sequence[Row[Any]], batch: ImportBatch) -> str:
    """Why a row that was new when it was checked is not added now; "" when it is."""
    for person in namesakes:
        if row.birth_date is not None and person.birth_date == row.birth_date:
            return str(_("Người này vừa được thêm bằng cách khác."))
        if person.import_batch_id != batch.id and row.answer != OTHER:
            return str(_("Vừa có người cùng tên được thêm vào đơn vị. Xin đối chiếu lại."))
    return ""


def _change_person(row: Any, namesakes: Sequence[Row[Any]]) -> dict[str, Any]:
    target = db.session.get(Person, row.target_id) if row.target_id in {known.id for known in namesakes} else None
    if target is None or not target.visible:
        return left_out(row, _("Người này không còn trong đơn vị."))
    done = []
    for change in row.changes:
        old = value_of(target, change["field"])
        if change["field"] == "birth" and any(known.birth_date == row.birth_date for known in namesakes):
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


def _insert(batch: ImportBatch, adding: Sequence[tuple[NewPerson, int]]) -> list[dict[str, Any]]:
    if not adding:
        return []
    values = [
        {
            "public_id": each.public_id,
            "unit_id": unit_id,
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
        for each, unit_id in adding
    ]
    connection = db.session.connection()
    connection.execute(insert(Person), values)
    names = [each.public_id for each, _unit_id in adding]
    made = connection.execute(select(Person.public_id, Person.id).where(Person.public_id.in_(names)))
    ids = dict(made.tuples().all())
    return [
        {"id": each.row.id, "outcome": "new", "outcome_reason": "", "target_id": ids[each.public_id]}
        for each, _unit_id in adding
    ]
