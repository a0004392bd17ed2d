"""The hot path over HTTP: what authorises, what is refused, and that nothing of the key comes out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from contest.sittings.models import JournalRow, Sitting
from contest.sittings.service import seats_of, take_over
from core.accounts.contestants import DEVICE_COOKIE, hash_of_device
from core.database import db
from core.database.server_time import ManualClock
from core.database.writer import WriterBusy
from run import create_server
from tests.starts import start_sitting, token_for
from tests.world import Opened, open_district_round

DEVICE = "d" * 43
HOSTILE = [b"", b"{}", b"[]", b"null", b'{"rows":[]}', b'{"rows":[{"n":0,"k":"answer"}]}', b'{"rows":[{"n":1,"k":"score"}]}',
           b'{"rows":[{"n":1,"k":"answer","i":-1}]}', b'{"rows":[{"n":1,"k":"submit"}]}', b"[" * 200_000, b"\xff\xfe",
           b'{"rows":[{"n":1,"k":"answer","i":0,"score":999}]}']


@pytest.fixture
def opened(sqlite_app: Flask) -> Opened:
    return open_district_round()


class Phone:
    """A phone in a sitting."""

    def __init__(self, app: Flask, opened: Opened, person: int = 0, device: str = DEVICE) -> None:
        self.client = Client(create_server(app))
        self.client.set_cookie(DEVICE_COOKIE, device)
        started = start_sitting(seats_of(opened.people[person])[0], hash_of_device(device))
        self.sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
        self.token = token_for(self.sitting, hash_of_device(device)) or ""

    def post(self, path: str, json: Any = None, token: str | None = None, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.client.post(f"/s{path}", json={} if json is None else json, headers=headers, **more)


@pytest.fixture
def phone(sqlite_app: Flask, opened: Opened) -> Phone:
    return Phone(sqlite_app, opened)


def rows() -> list[JournalRow]:
    db.session.rollback()
    return list(db.session.scalars(select(JournalRow).order_by(JournalRow.id)))


def test_a_save_is_acknowledged_with_the_time_and_the_next_number(phone: Phone) -> None:
    answer = phone.post("/luu", {"rows": [{"n": 1, "k": "answer", "i": 0, "p": [2], "t": 1_764_000_000_000}]})
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["cause"], body["next"], body["epoch"], body["notice"]) == (None, 2, 1, 0)
    assert body["deadline"] - body["now"] == 25 * 60 * 1000
    assert [(row.item, row.payload) for row in rows()] == [(0, "[2]")]


@pytest.mark.parametrize("path", ["/luu", "/nhip", "/ky", "/nop"])
def test_a_cookie_alone_authorises_nothing(phone: Phone, path: str) -> None:
    assert phone.client.post(f"/s{path}", json={"rows": []}).status_code == 401
    assert phone.post(path, token=phone.token[:-3] + "abc").status_code == 401


def test_a_token_is_worth_nothing_on_another_device(phone: Phone) -> None:
    phone.client.set_cookie(DEVICE_COOKIE, "e" * 43)
    assert phone.post("/nhip").status_code == 401
    phone.client.delete_cookie(DEVICE_COOKIE)
    assert phone.post("/nhip").status_code == 401


def test_the_paper_holds_no_key(phone: Phone) -> None:
    answer = phone.client.get("/s/de", headers={"Authorization": f"Bearer {phone.token}"})
    body = answer.get_json()
    assert len(body["items"]) == 4
    assert set(body["items"][0]) == {"version", "type", "topic", "stem", "options"}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("body", HOSTILE)
def test_what_cannot_be_read_is_refused_and_written_nowhere(phone: Phone, body: bytes) -> None:
    answer = phone.client.post(
        "/s/luu", data=body, content_type="application/json", headers={"Authorization": f"Bearer {phone.token}"}
    )
    assert answer.status_code == 400
    assert rows() == []


def test_an_answer_larger_than_the_bound_is_refused(phone: Phone) -> None:
    large = {"rows": [{"n": 1, "k": "answer", "i": 0, "p": "x" * 70_000}]}
    assert phone.post("/luu", large).status_code == 400
    assert phone.client.post(
        "/s/luu", data=b"x" * 300_000, headers={"Authorization": f"Bearer {phone.token}"}
    ).status_code == 413


def test_every_answer_carries_the_security_headers(phone: Phone) -> None:
    for answer in (phone.post("/nhip"), phone.client.get("/s/khong-co"), phone.client.get("/s/luu")):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_heartbeat_learns_of_a_take_over_and_of_the_end(sqlite_app: Flask, opened: Opened, phone: Phone) -> None:
    assert phone.post("/nhip").get_json()["state"] == "open"
    assert phone.post("/nop").status_code == 200
    ended = phone.post("/nhip")
    assert (ended.status_code, ended.get_json()["cause"]) == (409, "ended")
    assert rows()[-1].kind == "submit"


def test_a_form_is_saved_and_leads_to_the_next_question(phone: Phone) -> None:
    answer = phone.client.post("/s/cau", data={"the": phone.token, "cau": "0", "chon": "1", "den": "1"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/thi/bai/{phone.sitting.public_id}?cau=2")
    assert [(row.kind, row.payload) for row in rows()] == [("answer", "[1]")]


def test_leafing_through_without_scripts_changes_nothing(phone: Phone) -> None:
    first = {"the": phone.token, "cau": "0", "chon": "1", "danh_dau": "1", "den": "1"}
    for _time in range(2):
        phone.client.post("/s/cau", data=first)
        phone.client.post("/s/cau", data={"the": phone.token, "cau": "1", "den": "2"})
    phone.client.post("/s/cau", data={"the": phone.token, "cau": "0", "den": "1"})
    assert [(row.item, row.kind, row.payload) for row in rows()] == [
        (0, "answer", "[1]"), (0, "flag", "true"), (0, "answer", "null"), (0, "flag", "false"),
    ]


def test_questions_are_shown_no_more_once_the_sitting_is_over(phone: Phone, clock: ManualClock) -> None:
    bearer = {"Authorization": f"Bearer {phone.token}"}
    clock.moment = phone.sitting.deadline + timedelta(seconds=5)
    assert phone.client.get("/s/de", headers=bearer).status_code == 200
    clock.advance(1)
    late = phone.client.get("/s/de", headers=bearer)
    assert (late.status_code, late.get_json()) == (409, {"cause": "ended"})
    clock.moment = phone.sitting.started_at + timedelta(seconds=60)
    phone.post("/nop")
    assert phone.client.get("/s/de", headers=bearer).status_code == 409
    ended = phone.post("/ky")
    assert (ended.status_code, ended.get_json()["cause"]) == (409, "ended")


def test_a_device_that_was_taken_over_gets_no_paper(phone: Phone) -> None:
    assert take_over(phone.sitting, "another device")
    refused = phone.client.get("/s/de", headers={"Authorization": f"Bearer {phone.token}"})
    assert (refused.status_code, refused.get_json()["cause"]) == (409, "other_device")


def test_a_form_that_nobody_can_take_leads_back_to_a_page_that_says_so(
    sqlite_app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = phone.client.post("/s/cau", data={"cau": "0", "chon": "1"})
    assert (stranger.status_code, stranger.headers["Refresh"]) == (401, "0;url=/thi/phong")

    def busy(*_anything: object) -> None:
        raise WriterBusy(2)

    monkeypatch.setattr(sqlite_app.extensions["writer"], "call", busy)
    answer = phone.client.post("/s/cau", data={"the": phone.token, "cau": "2", "chon": "1", "den": "3"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Refresh"] == f"2;url=/thi/bai/{phone.sitting.public_id}?cau=3&chua-luu=1"
    answer = phone.client.post("/s/nop-bai", data={"the": phone.token})
    assert answer.headers["Refresh"] == f"2;url=/thi/bai/{phone.sitting.public_id}/xem-lai?chua-luu=1"


@pytest.mark.parametrize("forged", ["0.5", "[0.5]", '{"a": 1.5}', '"x"', "true", "[[[0]]]", '"\\ud800"'])
def test_a_forged_answer_breaks_no_page(phone: Phone, forged: str) -> None:
    phone.client.post("/s/luu", data=b'{"rows":[{"n":1,"k":"answer","i":0,"p":' + forged.encode() + b"}]}",
                      headers={"Authorization": f"Bearer {phone.token}"})
    paper = phone.client.get("/s/de", headers={"Authorization": f"Bearer {phone.token}"})
    assert (paper.status_code, paper.get_json()["answers"]) == (200, {})
    assert phone.post("/nop").status_code == 200


def test_a_form_without_its_token_is_refused(phone: Phone) -> None:
    assert phone.client.post("/s/cau", data={"cau": "0", "chon": "1"}).status_code == 401
    assert phone.client.post("/s/nop-bai", data={}).status_code == 401
    assert rows() == []


@pytest.mark.parametrize("item", ["-1", "4", "999999999999999999999", "x", ""])
def test_a_form_for_no_question_of_the_paper_changes_nothing(phone: Phone, item: str) -> None:
    answer = phone.client.post("/s/cau", data={"the": phone.token, "cau": item, "chon": "1", "den": "0"})
    assert answer.status_code == 303
    assert rows() == []
