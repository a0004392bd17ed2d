"""Every error has its own page in the same look, also when the database cannot be asked who is there."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from flask import Flask, abort, session
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect

from core.web.errors import init_errors
from core.web.filters import init_filters

ROOT = Path(__file__).resolve().parents[3]

TITLES = {
    400: "Thông tin gửi lên không đọc được",
    403: "Đồng chí không có quyền mở trang này",
    404: "Không tìm thấy trang này",
    405: "Không mở được trang theo cách này",
    413: "Tệp gửi lên quá lớn",
    429: "Đồng chí thao tác quá nhanh",
    500: "Hệ thống đang gặp trục trặc",
    503: "Hệ thống tạm thời chưa sẵn sàng",
}


@pytest.fixture
def visitor() -> FlaskClient:
    """Somebody signed in, on an app whose database is down: asking for the person fails."""
    app = Flask("loi", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="x", BOOTSTRAP_SERVE_LOCAL=True, BABEL_DEFAULT_LOCALE="vi")
    Babel(app)
    Bootstrap5(app)
    CSRFProtect(app)
    init_filters(app)
    init_errors(app)

    def load(_id: str) -> UserMixin:
        raise ConnectionError("the database is down")

    LoginManager(app).user_loader(load)

    @app.route("/vao")
    def enter() -> str:
        session["_user_id"] = "1"
        return ""

    @app.route("/loi/<int:status>")
    def fail(status: int) -> str:
        abort(status)

    @app.route("/hong")
    def broken() -> str:
        raise RuntimeError("unforeseen")

    @app.route("/bieu-mau", methods=["POST"])
    def form() -> str:
        return ""

    client = app.test_client()
    client.get("/vao")
    return client


@pytest.mark.parametrize(("status", "title"), TITLES.items())
def test_each_status_says_what_is_wrong_and_what_to_do(visitor: FlaskClient, status: int, title: str) -> None:
    answer = visitor.get(f"/loi/{status}")
    page = unescape(answer.text)
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in page
    assert "Việc cần làm" in page
    assert 'lang="vi"' in page
    assert "noindex" in page


def test_the_unforeseen_shows_no_traceback(visitor: FlaskClient) -> None:
    answer = visitor.get("/hong")
    assert answer.status_code == 500
    assert "<h1>Hệ thống đang gặp trục trặc</h1>" in answer.text
    assert "unforeseen" not in answer.text


def test_an_old_form_is_told_from_broken_input(visitor: FlaskClient) -> None:
    answer = visitor.post("/bieu-mau")
    assert answer.status_code == 400
    assert "<h1>Trang để lâu quá nên đã hết hạn</h1>" in answer.text


def test_a_status_without_a_page_gets_the_nearest(visitor: FlaskClient) -> None:
    assert "<h1>Thông tin gửi lên không đọc được</h1>" in visitor.get("/loi/418").text
    assert "<h1>Hệ thống đang gặp trục trặc</h1>" in visitor.get("/loi/501").text
