"""Staff of the small world in browsers without JavaScript, for the pages of contests."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.database import unit_of_work
from tests import world as w
from tests.core.accounts.conftest import Browser

Enter = Callable[[str], Browser]


@pytest.fixture
def site(sqlite_app: Flask) -> Flask:
    """The app with forms that need no token (tokens have tests of their own)."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.test_client_class = Browser
    return sqlite_app


@pytest.fixture
def world(site: Flask) -> w.World:
    """City, two districts, communes, cells; an organiser of each, a clerk of Thanh Trì, a checker, a setter."""
    made = w.make_world()
    thanh_tri, phuc_tho = made.districts["Huyện Thanh Trì"], made.districts["Huyện Phúc Thọ"]
    with unit_of_work():
        w.add_account("thanhpho", ("organiser", made.city))
        w.add_account("thanhtri", ("organiser", thanh_tri))
        w.add_account("phuctho", ("organiser", phuc_tho))
        w.add_account("thuky", ("clerk", thanh_tri))
        w.add_account("kiemtra", ("checker", thanh_tri))
        w.add_account("rade", ("question_setter", made.city))
    return made


@pytest.fixture
def as_(site: Flask, world: w.World) -> Enter:
    """``as_("thanhtri")``: a browser in which that organiser has signed in."""

    def enter(username: str) -> Browser:
        browser = site.test_client()
        assert isinstance(browser, Browser)
        assert browser.sign_in(username, w.PASSWORD).status_code == 303
        return browser

    return enter


def text_of(response: TestResponse) -> str:
    """The page as somebody reads it: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())
