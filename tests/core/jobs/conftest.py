"""A registered kind of job, and people who look at jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, g
from flask_login import LoginManager

from core.access import Actor, Grant, Role, routes, set_actor_loader
from core.jobs import register
from tests.core.jobs.kinds_for_tests import Counting


@pytest.fixture(autouse=True)
def counting() -> Counting:
    """The kind "test.count"."""
    kind = Counting()
    register(kind)
    return kind


@pytest.fixture
def come_as(sqlite_app: Flask) -> Iterator[Callable[..., None]]:
    """``come_as(7, Role.CLERK, "/1/2/")``: requests from now on are theirs."""
    before = routes._load_actor
    login: LoginManager = sqlite_app.login_manager  # type: ignore[attr-defined]
    if login._user_callback is None:
        login.user_loader(lambda _key: None)

    def come(account_id: int, role: Role, path: str) -> None:
        set_actor_loader(lambda: Actor(account_id, f"người {account_id}", (Grant(role, path),)))
        g.pop("actor", None)  # the requests of a test share the app context that its fixture pushed

    yield come
    set_actor_loader(before)
