"""A small tree of units, staff with roles in it, and a way to act as one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.access import Actor, Grant, Role
from core.accounts.models import Account, RoleGrant
from core.database import db, fold, sort_key, unit_of_work
from core.database.server_time import now
from core.organisation.models import Unit
from questions.bank.content import Content


@dataclass
class Place:
    """Ids of what the tests need, for objects are read anew."""

    city: Unit
    district: Unit
    other_district: Unit
    commune: Unit
    setter: Account
    second_setter: Account
    reviewer: Account
    other_setter: Account


def make_unit(name: str, parent: Unit | None, level: str) -> Unit:
    """A unit under ``parent``."""
    full_name = f"{parent.full_name} / {name}" if parent else name
    unit = Unit(
        name=name, folded=fold(name), sort_key=sort_key(name), level=level, full_name=full_name,
        parent_id=parent.id if parent else None, depth=parent.depth + 1 if parent else 0,
    )  # fmt: skip
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def make_account(username: str, unit: Unit, *roles: Role) -> Account:
    """A member of staff with ``roles`` at ``unit``."""
    account = Account(username=username, display_name=username, password_hash="x", created_at=now())
    db.session.add(account)
    db.session.flush()
    for role in roles:
        db.session.add(RoleGrant(account_id=account.id, role=role, unit_id=unit.id, granted_at=now()))
    db.session.flush()
    return account


def build_place() -> Place:
    """The tree and its staff, inside a unit of work."""
    city = make_unit("Thành ủy Hà Nội", None, "city")
    district = make_unit("Huyện ủy Thanh Trì", city, "district")
    other = make_unit("Huyện ủy Phúc Thọ", city, "district")
    commune = make_unit("Đảng ủy xã Tam Hiệp", district, "commune")
    setter = make_account("ra.de", district, Role.QUESTION_SETTER)
    second = make_account("ra.de.2", district, Role.QUESTION_SETTER)
    reviewer = make_account("tham.dinh", district, Role.REVIEWER)
    stranger = make_account("phuc.tho", other, Role.QUESTION_SETTER)
    return Place(city, district, other, commune, setter, second, reviewer, stranger)


@pytest.fixture
def place(app: Flask) -> Place:
    """Units and staff on each engine."""
    with unit_of_work():
        return build_place()


def actor_of(account: Account) -> Actor:
    """``account`` as the permission table sees it."""
    db.session.expire(account, ["grants"])
    grants = tuple(Grant(Role(grant.role), grant.unit.path) for grant in account.grants)
    return Actor(account.id, account.display_name, grants)


@pytest.fixture
def acting(request: pytest.FixtureRequest) -> Iterator[Callable[[Account], Actor]]:
    """Who acts from now on."""

    def become(account: Account) -> Actor:
        g.actor = actor_of(account)
        return g.actor  # type: ignore[no-any-return]

    yield become


@pytest.fixture
def content() -> Callable[..., Content]:
    """A sound question to vary."""

    def make(**changes: Any) -> Content:
        values: dict[str, Any] = {
            "type": "single",
            "stem": "Thời gian dự bị của đảng viên là bao lâu?",
            "data": {"options": ["6 tháng", "12 tháng", "18 tháng"], "correct": [1]},
            "level": "nhận biết",
        }
        return Content(**{**values, **changes})

    return make


class Browser(FlaskClient):
    """A browser without JavaScript. The tests' app context is shared, so what a request left in ``g`` is cleared."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        db.session.rollback()
        answer = super().open(*args, **kwargs)
        db.session.rollback()
        return answer

    def read(self, path: str, **kwargs: Any) -> str:
        """The page at ``path``, which must be there, as text with entities resolved."""
        answer = self.get(path, **kwargs)
        assert answer.status_code == 200, (path, answer.status_code)
        return unescape(answer.text)


@pytest.fixture
def site(sqlite_app: Flask) -> Flask:
    """The app with forms that need no token."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.test_client_class = Browser
    return sqlite_app


@pytest.fixture
def here(site: Flask) -> Place:
    """Units and staff for pages."""
    with unit_of_work():
        return build_place()


@pytest.fixture
def browser_of(site: Flask) -> Callable[[Account], Browser]:
    """A browser in which an account is signed in."""

    def open_for(account: Account) -> Browser:
        client = site.test_client()
        assert isinstance(client, Browser)
        with client.session_transaction() as session:
            session["_user_id"] = f"{account.public_id}.{account.session_epoch}"
            session["_fresh"] = True
        return client

    return open_for
