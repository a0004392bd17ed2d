"""Answers of the bare apps: whole, bounded, and the same bytes that Flask's own would send."""

from __future__ import annotations

import io

import pytest
from flask import Flask, Response, session
from werkzeug.exceptions import NotFound
from werkzeug.test import Client, create_environ, run_wsgi_app

from core.web.bare import Answer, BareFlask, Page, whole_body


def app_of(kind: type[Flask]) -> Flask:
    app = kind("bare", static_folder=None)

    def moved() -> Response:
        return Response("", 303, {"Location": "/there"})

    def broken() -> Response:
        raise ValueError("broken")

    app.add_url_rule("/text/<name>", "text", lambda name: f"Chào {name}")
    app.add_url_rule("/body", "body", lambda: Answer(whole_body(10)), methods=["POST"])
    app.add_url_rule("/moved", "moved", moved)
    app.add_url_rule("/broken", "broken", broken)
    app.register_error_handler(NotFound, lambda _error: ("không có", 404))
    app.register_error_handler(ValueError, lambda error: (str(error), 500))
    return app


@pytest.fixture
def client() -> Client:
    return Client(app_of(BareFlask))


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/text/Đạt"), ("HEAD", "/text/Đạt"), ("OPTIONS", "/text/a"), ("GET", "/moved"), ("GET", "/nowhere"),
     ("GET", "/broken"), ("PUT", "/body"), ("GET", "/text/")],
)
def test_it_answers_as_flask_does(method: str, path: str) -> None:
    ours, flask = (Client(app_of(kind)).open(path, method=method) for kind in (BareFlask, Flask))
    assert (ours.status_code, ours.data, ours.headers.get("Location")) == (
        flask.status_code, flask.data, flask.headers.get("Location")
    )  # fmt: skip
    assert ours.headers["Content-Type"] == flask.headers["Content-Type"]
    assert set(ours.headers.get("Allow", "").split(", ")) == set(flask.headers.get("Allow", "").split(", "))
    if ours.data:
        assert int(ours.headers["Content-Length"]) == len(ours.data)


@pytest.mark.parametrize(("body", "status"), [(b"", 200), (b"0123456789", 200), (b"0123456789a", 413)])
def test_a_body_is_read_up_to_its_bound(client: Client, body: bytes, status: int) -> None:
    answer = client.post("/body", data=body)
    assert answer.status_code == status and (status != 200 or answer.data == body)


def test_a_body_that_breaks_off_is_not_taken_for_whole() -> None:
    environ = create_environ("/body", method="POST", input_stream=io.BytesIO(b"01234"))
    environ["CONTENT_LENGTH"] = "9"
    _body, status, _headers = run_wsgi_app(app_of(BareFlask), environ)
    assert status.startswith("400")


def test_an_answer_goes_out_in_one_piece() -> None:
    app = app_of(BareFlask)
    app.response_class = Answer
    sent = app(create_environ("/text/a"), lambda *_given: lambda _more: None)
    assert sent == ["Chào a".encode()]


def test_nobody_can_write_into_the_session_of_a_bare_app() -> None:
    app = BareFlask("bare", static_folder=None)

    def write() -> str:
        session["who"] = "ai đó"
        return ""

    app.add_url_rule("/", "write", write)
    app.testing = True
    with pytest.raises(RuntimeError):
        Client(app).get("/")


def test_a_page_goes_out_in_one_piece_and_what_waits_for_its_end_is_told() -> None:
    ended = []
    page = Page("trang")
    page.call_on_close(lambda: ended.append(True))
    sent = page(create_environ("/"), lambda *_given: lambda _more: None)
    assert sent == [b"trang"] and ended == [True]


def test_a_page_that_streams_is_sent_as_it_comes() -> None:
    came: list[int] = []

    def parts() -> object:
        for number in range(3):
            came.append(number)
            yield b"%d" % number

    sent, _status, _headers = run_wsgi_app(Page(parts()), create_environ("/"), buffered=False)  # type: ignore[arg-type]
    assert came == [0] and b"".join(sent) == b"012"
