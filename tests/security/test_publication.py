"""Nothing is published by one person alone, and what is taken back is gone from every page."""

from __future__ import annotations

from sqlalchemy import select

from contest.standings.models import Standing
from core.database import db
from tests.security.house import House


def state_of(house: House, name: str) -> str:
    with house.app.app_context():
        return db.session.scalars(select(Standing.state).where(Standing.public_id == house.objects[name])).one()


def press(house: House, role: str, step: str, name: str = "waiting", **fields: str) -> None:
    answer = house.ask(role, "POST", f"/quan-tri/ket-qua/{house.objects[name]}/{step}", data=fields)
    assert answer.status_code in (200, 303, 422), answer.status_code


def test_who_prepared_it_cannot_be_the_second_person(house: House) -> None:
    press(house, "organiser", "xac-nhan", checked="y")
    assert state_of(house, "waiting") == "draft"
    press(house, "checker", "xac-nhan", checked="y")
    assert state_of(house, "waiting") == "confirmed"
    house.restore()


def test_what_nobody_has_confirmed_is_not_published(house: House) -> None:
    press(house, "organiser", "cong-bo")
    assert state_of(house, "waiting") == "draft"
    assert house.ask("nobody", "GET", f"/ket-qua/{house.objects['checked']}").status_code == 404
    house.restore()


def test_a_board_is_public_from_the_press_of_the_button_until_it_is_taken_back(house: House) -> None:
    board = f"/ket-qua/{house.objects['checked']}"
    press(house, "checker", "xac-nhan", checked="y")
    assert house.ask("nobody", "GET", board).status_code == 404
    press(house, "organiser", "cong-bo")
    assert "Nguyễn Văn An" in house.ask("nobody", "GET", board).text
    press(house, "organiser", "thu-hoi", reason="Chấm lại câu 3")
    answer = house.ask("nobody", "GET", board)
    assert "Nguyễn Văn An" not in answer.text
    assert house.ask("nobody", "GET", f"{board}/ket-qua.xlsx").status_code == 404
    assert "Nguyễn Văn An" not in house.ask("contestant2", "GET", f"/thi/hang/{house.objects['checked']}/dong").text
    house.restore()
