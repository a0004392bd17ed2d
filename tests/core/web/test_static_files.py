"""Files of the static folder are the same for everybody: any cache may keep them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from core.web.static_files import CAPACITY, StaticFiles
from run import create_server


@pytest.fixture
def server(sqlite_app: Flask) -> Client:
    return Client(create_server(sqlite_app))


def test_a_static_file_neither_varies_by_cookie_nor_sets_one(sqlite_app: Flask) -> None:
    browser = sqlite_app.test_client()
    with browser.session_transaction() as session:
        session["person"] = "ai-do"
        session.permanent = True
    answer = browser.get("/static/css/base.css")
    assert "max-age" in answer.headers["Cache-Control"]
    assert "Vary" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Set-Cookie" in browser.get("/thi").headers, "a page renews the session"


def test_the_server_sends_each_file_as_flask_does(sqlite_app: Flask, server: Client) -> None:
    static = Path(sqlite_app.static_folder or "")
    names = [path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()]
    assert len(names) > 30
    addresses = [*(f"/static/{name}" for name in names), "/bootstrap/static/css/bootstrap.min.css"]
    for address in addresses:
        by_flask, by_server = sqlite_app.test_client().get(address), server.get(address)
        assert (by_server.status_code, by_server.data) == (200, by_flask.data), address
        for header in ("Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "Content-Length"):
            assert by_server.headers[header] == by_flask.headers[header], (address, header)
        assert by_server.mimetype == by_flask.mimetype.replace("application/javascript", "text/javascript")
        assert "Set-Cookie" not in by_server.headers


@pytest.mark.parametrize("accepted", ["gzip, deflate, br, zstd", "br, gzip;q=0.5", "*"])
def test_text_is_packed_for_browsers_that_unpack_it(server: Client, accepted: str) -> None:
    plain = server.get("/static/css/base.css")
    packed = server.get("/static/css/base.css", headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_and_plain_for_others(server: Client, accepted: str) -> None:
    answer = server.get("/static/css/base.css", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers and b"{" in answer.data


@pytest.mark.parametrize("accepted", ["gzip, deflate", ""])
def test_a_file_that_has_not_changed_is_not_sent_again(server: Client, accepted: str) -> None:
    asked = {"Accept-Encoding": accepted}
    etag = server.get("/static/js/main.js", headers=asked).headers["ETag"]
    again = server.get("/static/js/main.js", headers={**asked, "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Length" not in again.headers and again.headers["ETag"] == etag
    assert server.get("/static/js/main.js", headers={**asked, "If-None-Match": '"other"'}).status_code == 200


def test_a_head_has_no_body_and_a_post_is_refused(server: Client) -> None:
    head = server.head("/static/css/base.css")
    assert (head.status_code, head.data) == (200, b"") and int(head.headers["Content-Length"]) > 1000
    refused = server.post("/static/css/base.css")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "name", ["", "nothing.css", "css", "../run.py", "css/../../run.py", "..%2frun.py", "/etc/passwd", "a\0b"]
)
def test_only_files_of_the_folder(server: Client, name: str) -> None:
    answer = server.get(f"/static/{name}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_of_many_files_does_not_fill_the_memory(tmp_path: Path) -> None:
    for number in range(CAPACITY + 5):
        (tmp_path / f"{number}.css").write_text(f"/* {number} */")
    files = StaticFiles(str(tmp_path))
    client = Client(files)
    for number in range(CAPACITY + 5):
        assert client.get(f"/{number}.css").text == f"/* {number} */"
    assert len(files._kept) <= CAPACITY
