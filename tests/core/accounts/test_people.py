"""People on units' lists: who somebody is, what cannot be, and slips that can be replaced."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts.contestants import person_with_code
from core.accounts.models import Person
from core.accounts.people import (
    PersonError,
    add_person,
    clean_phone,
    code_of,
    new_slip,
    others_with_phone,
    people_within,
    put_back,
    take_off,
    update_person,
)
from core.accounts.slips import is_well_formed
from core.audit import AuditEntry, first_break
from core.database import db, unit_of_work
from core.organisation.models import Unit
from core.organisation.service import close
from tests.core.accounts.conftest import make_units

BORN = date(1970, 5, 12)


@pytest.fixture
def units(app: Flask) -> dict[str, Unit]:
    """On both engines."""
    with unit_of_work():
        return make_units()


def add(unit: Unit, name: str, born: date | None = BORN, **more: Any) -> Person:
    with unit_of_work():
        return add_person(unit, name, birth_date=born, **more)


def refused(field: str, change: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(PersonError) as caught, unit_of_work():
        change(*arguments, **more)
    assert caught.value.field == field
    return str(caught.value)


def test_a_name_is_kept_in_the_official_spelling(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "  Nguyễn  Thị Hoà ")
    assert (person.full_name, person.folded) == ("Nguyễn Thị Hòa", "nguyen thi hoa")


def test_unit_folded_name_and_birth_date_say_who_somebody_is(units: dict[str, Unit]) -> None:
    add(units["tt_cell"], "Nguyễn Thị Hòa")
    refused("full_name", add_person, units["tt_cell"], "NGUYỄN THỊ HOÀ", birth_date=BORN)
    add(units["tt_cell"], "Nguyễn Thị Hòa", date(1971, 5, 12))
    add(units["pt_cell"], "Nguyễn Thị Hòa")


def test_without_a_birth_date_a_second_of_the_same_name_is_refused(units: dict[str, Unit]) -> None:
    add(units["tt_cell"], "Nguyễn Thị Hòa", None)
    refused("full_name", add_person, units["tt_cell"], "Nguyễn Thị Hòa")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("full_name", {"full_name": " "}),
        ("full_name", {"full_name": "12 345"}),
        ("full_name", {"full_name": "..."}),
        ("full_name", {"full_name": "a" * 121}),
        ("birth_date", {"birth_date": date(2020, 1, 1)}),
        ("birth_date", {"birth_date": date(1900, 1, 1)}),
        ("phone", {"phone": "12345"}),
        ("phone", {"phone": "0912 345 67x"}),
        ("position", {"position": "b" * 121}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(units: dict[str, Unit], field: str, values: dict[str, Any]) -> None:
    refused(field, add_person, units["tt_cell"], **({"full_name": "Lê Văn An"} | values))


def test_nobody_joins_a_unit_that_has_ended(units: dict[str, Unit]) -> None:
    with unit_of_work():
        close(units["tt_cell"], date(2025, 7, 1))
    refused("unit", add_person, units["tt_cell"], "Lê Văn An")


def test_a_telephone_number_is_kept_as_one_dials_it(app: Flask) -> None:
    for typed in ("0912345678", "0912 345 678", "+84 912.345.678", "84912345678", "(091) 234-5678"):
        assert clean_phone(typed) == "0912345678"
    assert clean_phone("  ") == ""


def test_a_shared_phone_is_known_but_allowed(units: dict[str, Unit]) -> None:
    husband = add(units["tt_cell"], "Lê Văn An", phone="0912345678")
    wife = add(units["tt_cell"], "Trần Thị Bình", phone="0912345678")
    assert others_with_phone(wife) == [husband]


def test_each_person_has_a_code_of_which_only_a_hash_is_kept(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "Lê Văn An")
    code = code_of(person)
    assert is_well_formed(code) and person_with_code(code) is person
    assert code not in str(vars(person))


def test_a_new_slip_replaces_the_old_one_at_once(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "Lê Văn An")
    old = code_of(person)
    with unit_of_work():
        new = new_slip(person)
    assert person_with_code(old) is None and person_with_code(new) is person
    assert code_of(person) == new


def test_a_changed_name_or_unit_keeps_the_slip(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "Lê Văn An")
    with unit_of_work():
        changed = update_person(
            person, unit=units["pt_cell"], full_name="Lê Văn Ân", birth_date=BORN, phone="", position="Bí thư"
        )
    assert sorted(changed) == ["full_name", "position", "unit_id"]
    assert person_with_code(code_of(person)) is person and person.unit is units["pt_cell"]


def test_a_correction_does_not_make_two_of_one(units: dict[str, Unit]) -> None:
    add(units["tt_cell"], "Lê Văn An")
    person = add(units["tt_cell"], "Lê Văn Ân", date(1971, 1, 1))
    same = {"unit": units["tt_cell"], "phone": "", "position": ""}
    refused("full_name", update_person, person, full_name="Lê Văn Ân", birth_date=BORN, **same)
    with unit_of_work():
        assert update_person(person, full_name="Lê Văn Ân", birth_date=date(1971, 1, 1), **same) == []  # type: ignore[arg-type]


def test_off_the_list_and_back(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "Lê Văn An")
    with unit_of_work():
        take_off(person)
    assert person_with_code(code_of(person)) is None
    assert "khôi phục" in refused("full_name", add_person, units["tt_cell"], "Lê Văn An", birth_date=BORN)
    with unit_of_work():
        put_back(person)
    assert person_with_code(code_of(person)) is person


def test_people_are_found_without_accents_within_a_subtree(units: dict[str, Unit]) -> None:
    an = add(units["tt_cell"], "Lê Văn Ân", phone="0912345678")
    add(units["tt_cell"], "Lê Thị Bình")
    add(units["pt_cell"], "Lê Văn Ân")

    def found(query: str) -> list[Person]:
        return list(db.session.scalars(people_within([units["tt"].path], query)))

    assert found("an le") == [an] and found("0912 345") == [an] and found("100%") == []
    assert len(found("")) == 2
    assert list(db.session.scalars(people_within([], ""))) == []


def test_lists_are_in_the_order_of_given_names(units: dict[str, Unit]) -> None:
    for name in ("Lê Thị Đào", "Bùi Văn Dũng", "Trần Văn Ánh", "Hoàng An", "Nguyễn Ăn", "Phạm Thị Ân"):
        add(units["tt_cell"], name)
    ordered = db.session.scalars(select(Person.full_name).order_by(Person.sort_key))
    assert [name.split()[-1] for name in ordered] == ["An", "Ánh", "Ăn", "Ân", "Dũng", "Đào"]


def test_the_chain_names_nobody(units: dict[str, Unit]) -> None:
    person = add(units["tt_cell"], "Lê Văn An", phone="0912345678")
    with unit_of_work():
        new_slip(person)
        take_off(person)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("person."))).all()
    assert [entry.action for entry in entries] == ["person.add", "person.new_slip", "person.take_off"]
    assert not any("Lê Văn An" in str(entry.details) or "0912" in str(entry.details) for entry in entries)
    assert first_break() is None
