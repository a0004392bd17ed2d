"""Files of the static folder are the same for everybody: any cache may keep them."""

from __future__ import annotations

from flask import Flask


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
