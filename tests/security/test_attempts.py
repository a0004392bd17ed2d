"""Guessing is slowed down, coming in never; what is for a demo stays on the machine it was made on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from werkzeug.test import Client

from core.accounts.models import Account
from core.accounts.people import code_of, person_by_public_id
from core.database import db, unit_of_work
from tests.security.house import House
from tests.security.test_pages import another, sign_in


def codes(house: House, *keys: str) -> list[str]:
    """The slip codes of these people."""
    with house.app.app_context():
        people = [person_by_public_id(house.objects[key]) for key in keys]
        return [code_of(person) for person in people if person is not None]


def wrong(code: str, number: int) -> str:
    """A code of the right form that is nobody's."""
    from core.accounts.slips import is_well_formed

    changed = f"{number:015d}"
    return next(f"{changed}{digit}" for digit in range(10) if is_well_formed(f"{changed}{digit}"))


def test_wrong_passwords_are_slowed_down_and_right_ones_from_elsewhere_are_not(house: House, tmp_path: Path) -> None:
    with another(house, tmp_path, rate_limits=True) as (_app, server):
        guesser = Client(server)
        statuses = [sign_in(guesser, password=f"thử lần {n}").status_code for n in range(8)]
        assert statuses[:5] == [401] * 5
        assert statuses[5:] == [429] * 3
        answer = sign_in(guesser)
        assert answer.status_code == 429
        assert "Xin đợi" in answer.text
        # The person themself, at home, is not locked out by it; a forged header makes nobody another address.
        forged = sign_in(guesser, headers={"X-Forwarded-For": "10.9.8.7"})
        assert forged.status_code == 429
        assert sign_in(Client(server), environ_overrides={"REMOTE_ADDR": "10.9.8.7"}).status_code == 303


def test_a_guesser_gets_no_further_by_changing_names(house: House, tmp_path: Path) -> None:
    with another(house, tmp_path, rate_limits=True) as (_app, server):
        guesser = Client(server)
        statuses = [sign_in(guesser, username=f"ai.do.{n}", password="sai mật khẩu").status_code for n in range(40)]
        assert statuses[:30] == [401] * 30
        assert set(statuses[30:]) == {429}


def test_signing_in_tells_nobody_which_names_there_are(house: House) -> None:
    known = sign_in(Client(house.server), "organiser", "sai mật khẩu rồi")
    unknown = sign_in(Client(house.server), "khongcoai", "sai mật khẩu rồi")
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("organiser", "") == unknown.text.replace("khongcoai", "")


def test_a_whole_school_comes_in_from_one_address_whatever_a_guesser_there_does(house: House, tmp_path: Path) -> None:
    an, binh = codes(house, "an", "binh")
    with another(house, tmp_path, rate_limits=True) as (_app, server):
        statuses = [Client(server).post("/thi", data={"ma": wrong(an, n)}).status_code for n in range(25)]
        assert statuses[0] == 422
        assert statuses[-1] == 429
        for _time in range(60):
            for code in (an, binh):
                client = Client(server)
                assert client.post("/thi", data={"ma": code}).headers["Location"] == "/thi/xac-nhan"


def test_staff_who_come_in_are_never_counted(house: House, tmp_path: Path) -> None:
    with another(house, tmp_path, rate_limits=True) as (_app, server):
        assert {sign_in(Client(server)).status_code for _time in range(40)} == {303}


def test_looking_at_a_slips_address_signs_nobody_in(house: House) -> None:
    """Chat programs open links to show what is behind them."""
    (an,) = codes(house, "an")
    client = Client(house.server)
    for url in (f"/thi?ma={an}", f"/thi/xac-nhan?ma={an}", f"/thi/{an}", f"/thi/phong?ma={an}"):
        client.get(url)
    assert client.get("/thi/phong").headers["Location"] == "/thi"


def test_a_new_slip_ends_what_the_lost_one_began(house: House) -> None:
    (old,) = codes(house, "an")
    thief = Client(house.server)
    thief.post("/thi", data={"ma": old})
    thief.post("/thi/xac-nhan")
    assert thief.get("/thi/phong").status_code == 200
    house.ask("organiser", "POST", f"/quan-tri/thi-sinh/{house.objects['an']}/ma-moi")
    assert thief.get("/thi/phong").headers["Location"] == "/thi"
    assert Client(house.server).post("/thi", data={"ma": old}).status_code == 422
    house.restore()


def _make_demo(username: str) -> None:
    db.session.scalars(select(Account).where(Account.username == username)).one().is_demo = True


def test_demo_accounts_are_refused_where_others_can_reach_the_server(house: House, tmp_path: Path) -> None:
    cases = [
        ({}, True),
        ({"host": "0.0.0.0"}, False),
        ({"host": "192.168.1.5"}, False),
        ({"public_url": "https://thi.example.vn"}, False),
        ({"host": "::1"}, True),
    ]
    for number, (changes, admitted) in enumerate(cases):
        with another(house, tmp_path / str(number), **changes) as (app, server):
            base = "https://thi.example.vn" if changes.get("public_url") else "http://localhost"
            client = Client(server)
            assert sign_in(client, base_url=base).status_code == 303, "not a demo account yet"
            with app.app_context(), unit_of_work():
                _make_demo("organiser")
            # Neither a session from before nor the password gets in.
            inside = client.get("/quan-tri/don-vi", base_url=base)
            assert (inside.status_code == 200) is admitted, changes
            answer = sign_in(Client(server), base_url=base)
            assert (answer.status_code == 303) is admitted, changes


def test_an_account_that_is_closed_is_out_at_once(house: House) -> None:
    spare = house.objects["account_spare"]
    client = Client(house.server)
    assert sign_in(client, "spare").status_code == 303
    house.ask("organiser", "POST", f"/quan-tri/tai-khoan/{spare}/khoa")
    assert client.get("/quan-tri").headers["Location"].startswith("/dang-nhap")
    assert sign_in(Client(house.server), "spare").status_code == 401
    house.restore()


def test_a_role_that_is_taken_away_is_gone_at_once(house: House) -> None:
    client = Client(house.server)
    sign_in(client, "spare")
    assert client.get("/quan-tri/thi-sinh").status_code == 200
    house.ask("organiser", "POST", house.url("/quan-tri/tai-khoan/<a>/vai-tro/<g>/thu-hoi", ("account_spare", "grant")))
    assert client.get("/quan-tri/thi-sinh").status_code == 403
    house.restore()
