"""Browsers, units, staff and people to sign in with."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.access import Role
from core.accounts.grants import grant_role
from core.accounts.models import Account, Person
from core.accounts.people import add_person, code_of
from core.accounts.service import create_account
from core.database import db, unit_of_work
from core.organisation.models import Unit
from core.organisation.service import create_unit

PASSWORD = "cây đa bến nước sân đình"


class Browser(FlaskClient):
    """A browser without JavaScript. The tests' app context is shared, so what a request left in ``g`` is cleared."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        db.session.rollback()
        answer = super().open(*args, **kwargs)
        db.session.rollback()  # ends the reading transaction: what others commit is seen from now on
        return answer

    def sign_in(self, username: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        """Fill in the staff sign-in page."""
        return self.post("/dang-nhap", data={"username": username, "password": password}, **more)

    def come_in(self, code: str) -> TestResponse:
        """Type the code of a slip and say "that is me"."""
        self.post("/thi", data={"ma": code})
        return self.post("/thi/xac-nhan")


@pytest.fixture
def site(sqlite_app: Flask) -> Flask:
    """The app with forms that need no token (there is a test of its own for tokens)."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.test_client_class = Browser
    return sqlite_app


@pytest.fixture
def browser(site: Flask) -> Browser:
    """One browser."""
    client = site.test_client()
    assert isinstance(client, Browser)
    return client


def make_units() -> dict[str, Unit]:
    """A city over two districts with a commune and a cell each; call inside a unit of work."""
    city = create_unit(None, "city", "Thành ủy Hà Nội")
    units = {"city": city}
    for key, name in (("tt", "Thanh Trì"), ("pt", "Phúc Thọ")):
        units[key] = create_unit(city, "district", f"Huyện {name}")
        units[f"{key}_commune"] = create_unit(units[key], "commune", "Xã Tam Hiệp")
        units[f"{key}_cell"] = create_unit(units[f"{key}_commune"], "cell", "Chi bộ thôn 1")
    return units


@pytest.fixture
def units(site: Flask) -> dict[str, Unit]:
    """The units of ``make_units``."""
    with unit_of_work():
        return make_units()


@pytest.fixture
def staff(units: dict[str, Unit]) -> Callable[..., Account]:
    """``staff("an", Role.ORGANISER, "tt")`` opens an account whose holder has chosen the password."""

    def make(username: str, role: Role | None = Role.ORGANISER, unit: str = "tt", **more: Any) -> Account:
        with unit_of_work():
            account, _ = create_account(username, username.title(), password=PASSWORD, must_change=False, **more)
            if role is not None:
                grant_role(account, role, units[unit])
        return account

    return make


@pytest.fixture
def lan(units: dict[str, Unit]) -> Person:
    """A contestant of Thanh Trì."""
    with unit_of_work():
        return add_person(units["tt_cell"], "Nguyễn Thị Lan", birth_date=date(1970, 5, 12), position="Bí thư chi bộ")


@pytest.fixture
def lan_code(lan: Person) -> str:
    """The sixteen digits of her slip."""
    return code_of(lan)


def text_of(response: TestResponse) -> str:
    """The page as somebody reads it: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())
