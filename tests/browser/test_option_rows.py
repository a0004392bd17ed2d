"""The rows of options in a real browser: letters follow what is filled in, rows are added without the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from questions.bank.forms import question_form
from questions.types.choice.data import LETTERS
from questions.types.registry import type_of

PAGE = """<!doctype html><form>{% include kind.template('edit') %}</form>
<script type="module" src="/static/js/questions/option-rows.js"></script>"""


@pytest.fixture
def page(sqlite_app: Flask, browser: Browser) -> Iterator[Page]:
    """The fragment alone, with its script."""
    kind = type_of("single")

    def fragment() -> Any:
        form = question_form(kind)(formdata=None)
        return render_template_string(PAGE, kind=kind, form=form, letters=LETTERS)

    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.add_url_rule("/thu", view_func=fragment)
    server = make_server("127.0.0.1", 0, sqlite_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/thu")
    yield opened
    opened.close()
    server.shutdown()
    thread.join()


def letters(page: Page) -> list[str]:
    return page.locator("[data-option-letter]").all_inner_texts()


@pytest.mark.browser
def test_letters_follow_the_rows_that_are_filled_in(page: Page) -> None:
    assert letters(page) == ["A", "B", "C", "D"]
    page.fill("[name=options-0]", "Một")
    page.fill("[name=options-2]", "Hai")
    assert letters(page) == ["A", "–", "B", "C"]
    page.fill("[name=options-1]", "Giữa")
    assert letters(page) == ["A", "B", "C", "D"]


@pytest.mark.browser
def test_rows_are_added_until_there_are_ten(page: Page) -> None:
    page.check("[name=correct][value='3']")
    for _row in range(6):
        page.click("[data-option-add]")
    assert len(letters(page)) == 10
    assert page.locator("[name=options-9]").count() == 1
    assert page.locator("[name=correct]:checked").get_attribute("value") == "3"
    assert not page.locator("[data-option-add]").is_visible()
