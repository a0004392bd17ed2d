"""What a form or an address names beside its object: another unit's things stay out of reach there too."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import inspect, select
from werkzeug.test import TestResponse

from core.accounts.models import Account, Person, RoleGrant
from core.database import db
from tests.security.house import House

PT_CELL = "Thành ủy Hà Nội / Huyện Phúc Thọ / Xã Tam Hiệp / Chi bộ thôn 1"
PT = "Thành ủy Hà Nội / Huyện Phúc Thọ"


def contents(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with house.app.app_context():
        try:
            names = inspect(db.engine).get_table_names()
            return {
                n: sorted(map(tuple, db.session.execute(db.metadata.tables[n].select())), key=repr)
                for n in names
                if n in db.metadata.tables
            }
        finally:
            db.session.remove()


#: (role, address, fields): each names something of another unit.
REACHING_OUT = [
    ("organiser", "/quan-tri/thi-sinh/them", {"full_name": "Ngô Văn Lạ", "unit": [PT_CELL, "id:{other_cell}"]}),
    ("organiser", "/quan-tri/thi-sinh/{an}/sua", {"full_name": "Nguyễn Văn An", "unit": [PT_CELL, "id:{other_cell}"]}),
    ("clerk", "/quan-tri/thi-sinh/{an}/sua", {"full_name": "Nguyễn Văn An", "unit": [PT_CELL, "id:{other_cell}"]}),
    ("organiser", "/quan-tri/don-vi/{commune}/chuyen", {"parent": [PT, "id:{other_district}"]}),
    ("organiser", "/quan-tri/don-vi/{commune}/chuyen", {"parent": ["Thành ủy Hà Nội", "id:{city}"]}),
    (
        "organiser",
        "/quan-tri/don-vi/{commune}/ket-thuc",
        {"day": "24/11/2026", "sure": "y", "successor": [PT, "id:{other_district}"]},
    ),
    (
        "organiser",
        "/quan-tri/tai-khoan/them",
        {"display_name": "Lạ", "username": "nguoila", "role": "organiser", "unit": [PT, "id:{other_district}"]},
    ),
    (
        "organiser",
        "/quan-tri/tai-khoan/them",
        {"display_name": "Lạ", "username": "nguoila", "role": "organiser", "unit": ["Thành ủy Hà Nội", "id:{city}"]},
    ),
    ("organiser", "/quan-tri/tai-khoan/{account_spare}/vai-tro", {"role": "clerk", "unit": [PT, "id:{other_district}"]}),
    (
        "organiser",
        "/quan-tri/tai-khoan/{account_organiser}/vai-tro",
        {"role": "organiser", "unit": ["Thành ủy Hà Nội", "id:{city}"]},
    ),
    ("organiser", "/quan-tri/tai-khoan/{account_spare}/nguoi-du-thi", {"person": ["Lê Văn Cường", "id:{cuong}"]}),
    ("organiser", "/quan-tri/hoi-thi/moi", {"name": "Hội thi lạ", "hotline": "024", "unit": "{other_district}", "bank": ""}),
    ("organiser", "/quan-tri/hoi-thi/moi", {"name": "Hội thi lạ", "hotline": "024", "unit": "{city}", "bank": ""}),
    (
        "organiser",
        "/quan-tri/hoi-thi/moi",
        {"name": "Hội thi lạ", "hotline": "024", "unit": "{district}", "bank": "{other_district}"},
    ),
    ("organiser", "/quan-tri/hoi-thi/{contest}/sua", {"name": "Đổi", "hotline": "024", "bank": "{other_district}"}),
    (
        "organiser",
        "/quan-tri/vong-thi/{draft}/ca-thi",
        {
            "windows-0-unit": "{other_commune}",
            "windows-0-day": "30/11/2026",
            "windows-0-opens": "08:00",
            "windows-0-closes": "09:00",
        },
    ),
    ("organiser", "/quan-tri/hoi-thi/{contest}/phieu", {"round": "{running}", "unit": "{other_district}"}),
    ("organiser", "/quan-tri/hoi-thi/{contest}/phieu", {"round": "{theirs}", "unit": "{district}"}),
    ("organiser", "/quan-tri/thi-sinh/{an}/phieu", {"round": "{theirs}"}),
    ("reviewer", "/quan-tri/cau-hoi/duyet-nhieu", {"cau": "{other_question}:x", "xac_nhan": "1"}),
    ("setter", "/quan-tri/cau-hoi/gui-nhieu", {"cau": "{other_question}:x", "xac_nhan": "1"}),
]


def filled(house: House, value: object) -> object:
    if isinstance(value, list):
        return [filled(house, each) for each in value]
    return str(value).format(**house.objects)


@pytest.mark.parametrize(("role", "address", "fields"), REACHING_OUT, ids=[f"{r} {a}" for r, a, _f in REACHING_OUT])
def test_a_form_that_names_another_units_thing_changes_nothing(
    house: House, role: str, address: str, fields: dict[str, object]
) -> None:
    before = contents(house)
    url = str(filled(house, address))
    answer = house.ask(role, "POST", url, data={name: filled(house, value) for name, value in fields.items()})
    assert answer.status_code in (200, 403, 404, 422), answer.status_code
    assert contents(house) == before


#: The same forms with an own thing in its place do their work, so that the test above can fail.
OWN = [
    (
        "/quan-tri/thi-sinh/them",
        {"full_name": "Ngô Văn Quen", "unit": ["Thành ủy Hà Nội / Huyện Thanh Trì / Xã Đông Mỹ / Chi bộ thôn 1", "id:{cell}"]},
    ),
    (
        "/quan-tri/tai-khoan/them",
        {
            "display_name": "Quen",
            "username": "nguoiquen",
            "role": "clerk",
            "unit": ["Thành ủy Hà Nội / Huyện Thanh Trì", "id:{district}"],
        },
    ),
    ("/quan-tri/hoi-thi/moi", {"name": "Hội thi quen", "hotline": "024", "unit": "{district}", "bank": ""}),
    (
        "/quan-tri/vong-thi/{draft}/ca-thi",
        {"windows-0-unit": "{commune}", "windows-0-day": "30/11/2026", "windows-0-opens": "08:00", "windows-0-closes": "09:00"},
    ),
    ("/quan-tri/hoi-thi/{contest}/phieu", {"round": "{running}", "unit": "{district}"}),
]


@pytest.mark.parametrize(("address", "fields"), OWN, ids=[a for a, _f in OWN])
def test_the_same_form_with_an_own_thing_does_its_work(house: House, address: str, fields: dict[str, object]) -> None:
    before = contents(house)
    answer = house.ask(
        "organiser", "POST", str(filled(house, address)), data={name: filled(house, value) for name, value in fields.items()}
    )
    changed = contents(house) != before
    house.restore()
    assert answer.status_code in (200, 303), answer.text
    assert changed


@pytest.mark.parametrize("name", ["/quan-tri/thi-sinh/nhap", "/quan-tri/cau-hoi/nhap/moi"])
def test_a_file_goes_into_no_other_unit(house: House, name: str) -> None:
    role = "organiser" if "thi-sinh" in name else "setter"
    data = {"unit": house.objects["other_district"], "file": (BytesIO(b"STT"), "danh sach.txt")}
    answer = house.ask(role, "POST", name, data=data)
    after = contents(house)
    house.restore()
    theirs = next(str(row[3]) for row in after["unit"] if house.objects["other_district"] in row)
    assert answer.status_code in (200, 302, 303, 403, 404, 422)
    for table in ("import_batch", "question_import", "job"):
        assert not [row for row in after[table] if theirs in row]


#: Addresses that narrow a list to a unit.
NARROWED = [
    "/quan-tri/thi-sinh?don_vi={unit}",
    "/quan-tri/thi-sinh/tai-excel?don_vi={unit}",
    "/quan-tri/hoi-thi/{contest}/thi-sinh?don_vi={unit}",
    "/quan-tri/vong-thi/{running}/tinh-hinh?don_vi={unit}",
    "/quan-tri/vong-thi/{running}/tinh-hinh/so-lieu?don_vi={unit}",
    "/quan-tri/vong-thi/{running}/luot-thi?don_vi={unit}",
    "/quan-tri/vong-thi/{running}/chua-vao.xlsx?don_vi={unit}",
    "/quan-tri/ket-qua/{published}?don_vi={unit}",
    "/quan-tri/ket-qua/{published}/tap-the?don_vi={unit}",
]


def told(answer: TestResponse) -> str:
    return answer.get_data(as_text=True) if "text/" in answer.content_type else ""


@pytest.mark.parametrize("address", NARROWED)
def test_a_list_is_not_widened_by_another_units_id(house: House, address: str) -> None:
    for unit in ("other_district", "other_cell", "city"):
        answer = house.ask("organiser", "GET", address.format(**house.objects, unit=house.objects[unit]))
        assert answer.status_code in (200, 403, 404)
        assert "Cường" not in told(answer)


def test_what_fits_in_another_unit_is_not_offered(house: House) -> None:
    fields = {"full_name": "Ngô Văn Lạ", "unit": "chi bộ thôn 1"}
    answer = house.ask("organiser", "POST", "/quan-tri/thi-sinh/them", data=fields)
    assert answer.status_code == 422
    assert house.objects["cell"] in answer.text
    assert house.objects["other_cell"] not in answer.text


def test_an_organiser_takes_over_nobody_who_also_serves_elsewhere(house: House) -> None:
    def serve_the_city_too() -> None:
        spare = db.session.scalars(select(Account).where(Account.username == "spare")).one()
        city = db.session.scalars(select(RoleGrant).join(Account).where(Account.username == "above")).one().unit_id
        db.session.add(RoleGrant(account_id=spare.id, role="reviewer", unit_id=city, granted_at=spare.created_at))

    with house.changed(serve_the_city_too):
        own = house.objects["account_spare"]
        for step in ("mat-khau", "khoa", "mo", "ten", "nguoi-du-thi"):
            assert house.ask("organiser", "POST", f"/quan-tri/tai-khoan/{own}/{step}").status_code == 403
        assert house.ask("above", "POST", f"/quan-tri/tai-khoan/{own}/khoa").status_code == 303


def test_a_person_whose_import_is_not_complete_is_nobodys_yet(house: House) -> None:
    def hide() -> None:
        db.session.scalars(select(Person).where(Person.public_id == house.objects["an"])).one().visible = False

    with house.changed(hide):
        for page in ("", "/sua", "/ma-moi", "/phieu"):
            assert house.ask("organiser", "GET", f"/quan-tri/thi-sinh/{house.objects['an']}{page}").status_code == 404
        assert house.ask("contestant", "GET", "/thi/phong").headers["Location"] == "/thi"
