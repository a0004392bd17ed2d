"""The sitting's page as the server writes it: with the whole sheet where nobody has written on it yet."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from contest.sittings.models import Sitting
from core.database import db, unit_of_work
from questions.bank.models import QuestionVersion
from run import create_server
from tests.contest.sittings.test_starting import come_in, start, ticket_on
from tests.world import Opened, open_district_round


@pytest.fixture
def opened(sqlite_app: Flask) -> Opened:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    return open_district_round()


@pytest.fixture
def phone(sqlite_app: Flask, opened: Opened) -> Client:
    """A phone that has pressed Start."""
    client = come_in(create_server(sqlite_app), opened.people[0])
    assert start(client, ticket_on(client)).status_code == 200
    return client


def page_of(phone: Client) -> str:
    db.session.rollback()  # what the server has committed meanwhile
    sitting = db.session.scalars(select(Sitting)).one()
    return phone.get(f"/thi/bai/{sitting.public_id}").text


def sheet_in(page: str) -> dict[str, Any] | None:
    found = re.search(r'<script type="application/json" id="sheet">(.*?)</script>', page, re.S)
    return None if found is None else json.loads(found[1])


def authorised(page: str) -> dict[str, str]:
    found = re.search(r'data-token="([^"]+)"', page)
    assert found is not None
    return {"Authorization": f"Bearer {found[1]}"}


def test_an_untouched_page_brings_what_its_script_would_ask_for(phone: Client) -> None:
    page = page_of(phone)
    assert sheet_in(page) == phone.get("/s/de", headers=authorised(page)).get_json()


def test_a_page_that_was_written_on_brings_none(phone: Client) -> None:
    headers = authorised(page_of(phone))
    rows = {"rows": [{"n": 1, "k": "answer", "i": 0, "p": [0]}]}
    assert phone.post("/s/luu", json=rows, headers=headers).status_code == 200
    assert sheet_in(page_of(phone)) is None


def test_no_wording_ends_the_element_that_holds_the_sheet(sqlite_app: Flask, opened: Opened) -> None:
    hostile = "Ai viết </script><script>alert(1)</script> <!-- vào đây?"
    with unit_of_work():
        for version in db.session.scalars(select(QuestionVersion)):
            version.stem = hostile
    client = come_in(create_server(sqlite_app), opened.people[0])
    start(client, ticket_on(client))
    page = page_of(client)
    sheet = sheet_in(page)
    assert sheet is not None
    assert {item["stem"] for item in sheet["items"]} == {hostile}
    assert "<script>alert" not in page
