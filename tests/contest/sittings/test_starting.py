"""Starting through the server: the waiting room's ticket, whom it lets in, and what the writer looks at again."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select, update
from werkzeug.test import Client, TestResponse

from contest.rounds.models import Round, Window
from contest.sittings.models import Sitting, SittingEpoch
from core.accounts.models import Person
from core.accounts.people import code_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from run import create_server
from tests.world import Opened, open_district_round

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def opened(app: Flask) -> Opened:
    app.config["WTF_CSRF_ENABLED"] = False
    return open_district_round()


def come_in(server: object, person: Person) -> Client:
    g.pop("contestant", None)  # requests inside a test share its app context
    client = Client(server)  # type: ignore[arg-type]
    client.post("/thi", data={"ma": code_of(person)})
    client.post("/thi/xac-nhan")
    return client


def ticket_on(client: Client) -> str:
    g.pop("contestant", None)
    found = re.search(r'name="ve" value="([^"]+)"', client.get("/thi/phong").text)
    assert found is not None
    return found.group(1)


def start(client: Client, ticket: str, script: bool = True) -> TestResponse:
    return client.post("/s/bat-dau", data={"ve": ticket}, headers=SCRIPT if script else {}, environ_overrides={
        "HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 13) Chrome/120"
    })  # fmt: skip


def sittings() -> list[Sitting]:
    db.session.rollback()  # what the server has committed meanwhile
    return list(db.session.scalars(select(Sitting).order_by(Sitting.id)))


def test_a_form_is_led_to_its_sitting_and_the_first_epoch_tells_the_browser(app: Flask, opened: Opened) -> None:
    client = come_in(create_server(app), opened.people[0])
    answer = start(client, ticket_on(client), script=False)
    sitting = sittings()[0]
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/thi/bai/{sitting.public_id}")
    began = db.session.scalars(select(SittingEpoch)).one()
    assert (began.epoch, began.cause, began.began_at) == (1, "start", sitting.started_at)
    assert "Android 13" in began.agent


def test_the_script_gets_the_address_as_often_as_it_asks(app: Flask, opened: Opened) -> None:
    server = create_server(app)
    client = come_in(server, opened.people[0])
    ticket = ticket_on(client)
    cookies = client.get_cookie("thiet_bi")
    assert cookies is not None

    def press(_number: int) -> str:
        mine = Client(server)
        mine.set_cookie("thiet_bi", cookies.value)
        return str(start(mine, ticket).get_json()["url"])

    with ThreadPoolExecutor(10) as pool:
        urls = set(pool.map(press, range(50)))
    assert len(urls) == 1
    assert len(sittings()) == 1


def test_a_ticket_is_good_on_its_own_device_only(app: Flask, opened: Opened) -> None:
    server = create_server(app)
    client = come_in(server, opened.people[0])
    other = come_in(server, opened.people[1])
    stolen = start(other, ticket_on(client))
    assert (stolen.status_code, stolen.get_json()["cause"]) == (401, "token")
    forged = start(client, ticket_on(client)[:-2] + "xx", script=False)
    assert (forged.status_code, forged.headers["Refresh"]) == (401, "0;url=/thi/phong")
    assert sittings() == []


def test_the_writer_looks_again_at_the_window(app: Flask, opened: Opened, clock: ManualClock) -> None:
    client = come_in(create_server(app), opened.people[0])
    ticket = ticket_on(client)
    with unit_of_work() as session:
        session.execute(update(Window).values(opens_at=clock.now() + timedelta(minutes=5)))
    assert start(client, ticket).get_json()["cause"] == "before"
    with unit_of_work() as session:
        session.execute(update(Window).values(opens_at=clock.now(), paused_at=clock.now()))
    assert start(client, ticket).get_json()["cause"] == "paused"
    with unit_of_work() as session:
        session.execute(update(Window).values(paused_at=None))
    clock.advance(3600 * 5)
    assert start(client, ticket).get_json()["cause"] == "missed"
    assert start(client, ticket, script=False).headers["Location"] == "/thi/phong"


def test_a_replaced_slip_and_a_moved_person_need_a_new_ticket(app: Flask, opened: Opened) -> None:
    client = come_in(create_server(app), opened.people[0])
    ticket = ticket_on(client)
    with unit_of_work() as session:
        session.execute(update(Person).values(slip_generation=Person.slip_generation + 1))
    assert start(client, ticket).get_json()["cause"] == "changed"
    with unit_of_work() as session:
        session.execute(update(Person).values(slip_generation=Person.slip_generation - 1, active=False))
    assert start(client, ticket).get_json()["cause"] == "changed"
    with unit_of_work() as session:
        session.execute(update(Person).values(active=True))
    assert start(client, ticket).get_json()["cause"] is None


def test_what_is_kept_of_a_pool_is_read_again_after_a_revision(app: Flask, opened: Opened) -> None:
    server = create_server(app)
    first, second = (come_in(server, person) for person in opened.people[:2])
    assert start(first, ticket_on(first)).status_code == 200
    with unit_of_work() as session:
        session.execute(update(Round).values(pool_revision=7))
    assert start(second, ticket_on(second)).status_code == 200
    assert [sitting.pool_revision for sitting in sittings()] == [0, 7]


def test_a_second_device_is_asked_to_take_over(app: Flask, opened: Opened) -> None:
    server = create_server(app)
    first = come_in(server, opened.people[0])
    second = come_in(server, opened.people[0])
    waiting = ticket_on(second)
    start(first, ticket_on(first))
    sitting = sittings()[0]
    assert start(second, waiting).get_json()["url"] == f"/thi/tiep-quan/{sitting.public_id}"
