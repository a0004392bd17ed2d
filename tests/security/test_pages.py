"""What every answer has in common: the policy of its headers, no inline code, cookies, one look of errors, addresses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from config import Settings
from contest.rounds import slip_views
from core.database import db
from run import create_app, create_server
from tests.security import matrix
from tests.security.house import ROLES, House
from tests.world import PASSWORD

PAGES = [row for row in matrix.rows() if row.method == "GET"]
POLICY = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}


class Inline(HTMLParser):
    """Finds what the policy would stop: code or style written into the page, and addresses that run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): value or "" for name, value in attributes}
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.found.append("script")
        if tag == "style":
            self.found.append("style element")
        for name, value in values.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith(
                ("javascript:", "http:", "https:", "//", "data:text")
            ):
                self.found.append(f"{tag} {name}={value}")


def check_headers(answer: TestResponse, where: str) -> None:
    policy = {part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";")}
    assert policy >= POLICY, where
    assert not [part for part in policy if "unsafe" in part or "*" in part or "http" in part], where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["X-Frame-Options"] == "DENY", where
    assert answer.headers["Referrer-Policy"] == "same-origin", where


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_carries_the_policy_and_no_page_inline_code(house: House, role: str) -> None:
    for row in PAGES:
        url = house.url(row.rule, row.objects)
        answer = house.ask(role, "GET", url)
        check_headers(answer, url)
        if answer.mimetype == "text/html":
            parser = Inline()
            parser.feed(answer.text)
            assert parser.found == [], f"{role} {url}"


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "/khong-co"),
        ("POST", "/"),
        ("GET", "/dang-xuat"),
        ("GET", "/s/luu"),
        ("GET", "/s/khong-co"),
        ("POST", "/s/luu"),
        ("GET", "/ket-qua/khong-co"),
        ("POST", "/ket-qua/khong-co"),
        ("GET", "/ket-qua/a/b/c"),
        ("GET", "/quan-tri/don-vi/khong-co"),
        ("GET", "/static/khong-co.css"),
        ("PUT", "/thi"),
        ("DELETE", "/thi/phong"),
        ("TRACE", "/"),
        ("OPTIONS", "/thi"),
    ],
)
def test_errors_carry_the_policy_too(house: House, method: str, url: str) -> None:
    answer = house.ask("organiser", method, url)
    assert answer.status_code < 500
    check_headers(answer, url)


def test_signed_in_pages_lie_in_no_cache(house: House) -> None:
    for row in PAGES:
        for role in ("organiser", "contestant", "setter"):
            answer = house.ask(role, "GET", house.url(row.rule, row.objects))
            kept = answer.headers.get("Cache-Control", "")
            public = row.rule.startswith(("/static", "/bootstrap", "/ket-qua"))
            assert public or "no-store" in kept or "private, no-cache" in kept, (str(row), kept)


# ---- errors ----

TITLES = {
    400: "Thông tin gửi lên không đọc được",
    403: "Đồng chí không có quyền mở trang này",
    404: "Không tìm thấy trang này",
    405: "Không mở được trang theo cách này",
    413: "Tệp gửi lên quá lớn",
    500: "Hệ thống đang gặp trục trặc",
}


def looks_like_ours(answer: TestResponse, status: int) -> None:
    assert answer.status_code == status
    assert f"<h1>{TITLES[status]}</h1>" in answer.text
    assert "Việc cần làm" in answer.text
    assert "/static/css/" in answer.text
    assert 'lang="vi"' in answer.text
    for inside in ("Traceback", "werkzeug", "sqlalchemy", 'File "', "Not Found", "Internal Server Error"):
        assert inside not in answer.text


@pytest.mark.parametrize("role", ["nobody", "contestant", "organiser"])
def test_what_is_not_there_has_its_page(house: House, role: str) -> None:
    looks_like_ours(house.ask(role, "GET", "/khong-co-trang-nay"), 404)
    looks_like_ours(house.ask(role, "GET", "/dang-xuat"), 405)


def test_what_is_forbidden_has_its_page(house: House) -> None:
    looks_like_ours(house.ask("organiser", "GET", "/quan-tri/cau-hoi"), 403)


def test_what_is_too_large_has_its_page(house: House) -> None:
    large = {
        "CONTENT_LENGTH": str(house.app.config["MAX_CONTENT_LENGTH"] + 1),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    for url in ("/quan-tri/thi-sinh/nhap", "/thi", "/dang-nhap"):
        looks_like_ours(house.ask("organiser", "POST", url, data=b"--x--", environ_overrides=large), 413)


def test_what_breaks_has_its_page_and_no_traceback(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_arguments: Any) -> str:
        raise RuntimeError("bí mật bên trong")

    for endpoint, url in (("public.home", "/"), ("contests.index", "/quan-tri/hoi-thi")):
        monkeypatch.setitem(house.app.view_functions, endpoint, broken)
        answer = house.ask("organiser", "GET", url)
        looks_like_ours(answer, 500)
        check_headers(answer, url)
        assert "bí mật bên trong" not in answer.text


def test_what_cannot_be_asked_of_a_board_has_a_page_in_the_same_look(house: House) -> None:
    looks_like_ours(house.ask("nobody", "GET", "/ket-qua/khong-co"), 404)
    looks_like_ours(house.ask("nobody", "POST", f"/ket-qua/{house.objects['past']}"), 405)


def test_a_session_that_has_ended_says_so(house: House) -> None:
    answer = house.ask("nobody", "POST", "/quan-tri/mat-khau")
    assert answer.status_code == 401
    assert "<h1>Đồng chí cần đăng nhập lại</h1>" in answer.text
    assert house.ask("nobody", "GET", "/quan-tri/hoi-thi").headers["Location"].startswith("/dang-nhap?tiep=")


# ---- cookies and sessions ----


@contextmanager
def another(house: House, folder: Path, **changes: Any) -> Iterator[tuple[Flask, Any]]:
    """A server of its own over a copy of the house, with other settings."""
    instance = folder / "instance"
    shutil.copytree(house.app.config["SETTINGS"].instance, instance)
    settings: Settings = replace(house.app.config["SETTINGS"], instance=instance, **changes)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    server = create_server(app)
    try:
        yield app, server
    finally:
        app.extensions["writer"].close()
        with app.app_context():
            db.engine.dispose()


def cookies_of(answer: TestResponse) -> dict[str, str]:
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}


def sign_in(client: Client, username: str = "organiser", password: str = PASSWORD, **more: Any) -> TestResponse:
    return client.post("/dang-nhap", data={"username": username, "password": password}, **more)


def test_cookies_are_closed_to_scripts_and_other_sites(house: House, tmp_path: Path) -> None:
    answer = sign_in(Client(house.server))
    house.restore()
    line = cookies_of(answer)["phien"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Secure" not in line
    assert "Domain" not in line
    with another(house, tmp_path, public_url="https://thi.example.vn") as (_app, server):
        line = cookies_of(sign_in(Client(server), base_url="https://thi.example.vn"))["phien"]
        assert "Secure" in line
        assert "HttpOnly" in line


def test_the_devices_cookie_is_closed_too(house: House, tmp_path: Path) -> None:
    from core.accounts.people import code_of, person_by_public_id

    with another(house, tmp_path, public_url="https://thi.example.vn") as (app, server):
        with app.app_context():
            person = person_by_public_id(house.objects["an"])
            assert person is not None
            code = code_of(person)
        client = Client(server)
        client.post("/thi", data={"ma": code}, base_url="https://thi.example.vn")
        line = cookies_of(client.post("/thi/xac-nhan", base_url="https://thi.example.vn"))["thiet_bi"]
        for attribute in ("HttpOnly", "SameSite=Lax", "Secure"):
            assert attribute in line


def test_signing_in_begins_a_session_of_its_own(house: House) -> None:
    """A session planted in somebody's browser before they sign in is worth nothing after."""
    client = Client(house.server)
    client.get("/thi")  # something is in the session
    client.get("/dang-nhap")
    planted = client.get_cookie("phien")
    sign_in(client)
    grown = client.get_cookie("phien")
    assert grown is not None
    assert planted is None or planted.value != grown.value
    if planted is not None:
        other = Client(house.server)
        other.set_cookie("phien", planted.value)
        assert other.get("/quan-tri").headers["Location"].startswith("/dang-nhap")
    house.restore()


def test_a_contestants_session_does_not_outlive_signing_in_as_staff(house: House) -> None:
    client = house.browser("contestant")
    sign_in(client)
    assert client.get("/thi/phong").headers["Location"] == "/thi"
    house.restore()


def test_signing_out_ends_the_session_on_this_device(house: House) -> None:
    client = house.browser("organiser")
    client.post("/dang-xuat")
    assert client.get("/quan-tri").headers["Location"].startswith("/dang-nhap")


def test_a_new_password_ends_the_sessions_elsewhere(house: House) -> None:
    elsewhere = house.browser("organiser")
    here = house.browser("organiser")
    new = "một câu dài chỉ mình biết"
    answer = here.post("/quan-tri/mat-khau", data={"present": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303
    assert here.get("/quan-tri/don-vi").status_code == 200
    assert elsewhere.get("/quan-tri/don-vi").headers["Location"].startswith("/dang-nhap")
    house.restore()


def test_a_forged_session_is_no_session(house: House) -> None:
    client = house.browser("organiser")
    cookie = client.get_cookie("phien")
    assert cookie is not None
    head, _dot, tail = cookie.value.partition(".")
    client.set_cookie("phien", f"{head[:-2]}AA.{tail}")
    assert client.get("/quan-tri/don-vi").headers["Location"].startswith("/dang-nhap")


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie:x=1",
    " //evil.example",
    "/\n/evil.example",
    "http:///evil.example",
    "////evil.example",
    "/..//evil.example/%2f..",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nobody_to_another_site(house: House, target: str) -> None:
    client = Client(house.server)
    answer = client.post("/dang-nhap", query_string={"tiep": target}, data={"username": "organiser", "password": PASSWORD})
    house.restore()
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\", "/\t", "/\n"))
    assert not [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("x=")]
    again = house.ask("organiser", "GET", "/dang-nhap", query_string={"tiep": target})
    assert again.headers["Location"].startswith("/")
    assert not again.headers["Location"].startswith(("//", "/\\"))


# ---- addresses ----


def test_the_host_header_is_believed_nowhere(house: House) -> None:
    for row in PAGES:
        for role in ("nobody", "organiser", "contestant"):
            answer = house.ask(role, "GET", house.url(row.rule, row.objects), headers={"Host": "evil.example"})
            assert "evil.example" not in answer.headers.get("Location", ""), str(row)
            if answer.mimetype.startswith("text/"):
                assert "evil.example" not in answer.text, str(row)


def test_slips_bear_the_official_address_whatever_host_was_asked(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def keep_address(_slips: object, *, base_url: str, **_more: object) -> bytes:
        printed.append(base_url)
        return b"%PDF-"

    monkeypatch.setattr(slip_views, "slips_pdf", keep_address)
    with another(house, tmp_path, public_url="https://thi.example.vn/") as (_app, server):
        client = Client(server)
        sign_in(client, base_url="https://thi.example.vn")
        url = f"/quan-tri/thi-sinh/{house.objects['an']}/phieu"
        sent = {"round": house.objects["running"]}
        answer = client.post(url, data=sent, base_url="https://thi.example.vn", headers={"X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 200
    assert printed == ["https://thi.example.vn"]


def test_forwarded_headers_of_nobodys_proxy_are_ignored(house: House) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.1.1"}
    answer = house.ask("nobody", "GET", "/quan-tri/hoi-thi", headers=forged)
    assert "evil.example" not in str(answer.headers)
    assert "Strict-Transport-Security" not in answer.headers


def test_behind_https_browsers_are_told_to_stay_there(house: House, tmp_path: Path) -> None:
    with another(house, tmp_path, public_url="https://thi.example.vn", trusted_proxies=1) as (_app, server):
        answer = Client(server).get("/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "thi.example.vn"})
        assert "max-age" in answer.headers["Strict-Transport-Security"]
