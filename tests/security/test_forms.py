"""Every form of the full app asks for its token, and does nothing without."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.security import matrix
from tests.security.house import House
from tests.security.test_other_units import contents

POSTS = [row for row in matrix.rows() if row.method == "POST" and not row.rule.startswith("/s/")]


@pytest.fixture
def strict(house: House) -> Iterator[House]:
    """The house as it really is: forms ask for their token."""
    house.app.config["WTF_CSRF_ENABLED"] = True
    yield house
    house.app.config["WTF_CSRF_ENABLED"] = False


def test_no_form_is_taken_without_its_token(strict: House) -> None:
    before = contents(strict)
    for row in POSTS:
        role = {"+": "organiser"}.get(row.letters[2]) or ("contestant" if row.letters[1] == "+" else "setter")
        for sent in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
            answer = strict.ask(role, "POST", strict.url(row.rule, row.objects), data={**dict(row.form), **sent})
            assert answer.status_code == 400, str(row)
            assert "<h1>Trang để lâu quá nên đã hết hạn</h1>" in answer.text, str(row)
    assert contents(strict) == before


def test_a_token_of_another_session_is_worth_nothing(strict: House) -> None:
    page = strict.ask("organiser2", "GET", "/quan-tri/mat-khau").text
    theirs = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert theirs is not None
    answer = strict.ask("organiser", "POST", "/quan-tri/mat-khau", data={"csrf_token": theirs[1]})
    assert answer.status_code == 400


def test_the_token_lives_as_long_as_the_session(strict: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who writes for hours loses nothing; after a night the session has ended, and the page says so."""
    real = time.time
    for hours, taken in ((11, True), (13, False)):
        monkeypatch.setattr(time, "time", real)
        client = strict.browser("organiser")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/quan-tri/mat-khau").text)
        assert token is not None
        monkeypatch.setattr(time, "time", lambda hours=hours: real() + hours * 3600)
        answer = client.post("/quan-tri/mat-khau", data={"csrf_token": token[1]})
        assert (answer.status_code == 200) is taken, hours


@pytest.mark.parametrize(
    ("page", "role"),
    [("/dang-nhap", "nobody"), ("/thi", "nobody"), ("/quan-tri/mat-khau", "organiser"), ("/quan-tri/don-vi", "organiser")],
)
def test_pages_carry_the_token_that_their_forms_need(strict: House, page: str, role: str) -> None:
    """Filling in a page's own form is never refused for its token."""
    client = strict.browser(role)
    text = client.get(page).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token is not None
    assert client.post("/dang-xuat", data={"csrf_token": token[1]}).status_code == 303
    strict.restore()


def test_every_form_on_every_page_has_a_token(strict: House) -> None:
    """A page whose form has none would be refused when it is sent."""
    bare = []
    for row in matrix.rows():
        if row.method != "GET":
            continue
        for role in ("organiser", "setter", "reviewer", "checker", "contestant", "nobody"):
            answer = strict.ask(role, "GET", strict.url(row.rule, row.objects))
            if answer.mimetype != "text/html":
                continue
            for form in re.findall(r"<form\b.*?</form>", answer.text, re.S):
                posts = re.search(r'<form[^>]*method="post"', form, re.I)
                to_hot_path = re.search(r'action="/s/', form)
                has = 'name="csrf_token"' in form or re.search(r'\bname="the"', form)
                if posts and not has and not to_hot_path:
                    bare.append((row.rule, role, form[:120]))
    assert bare == []
