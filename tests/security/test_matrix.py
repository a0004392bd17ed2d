"""Who may ask what: every route of the full app and of the bare ones, for every role, against ``matrix.txt``."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from core.access.routes import access_of
from tests.security import matrix
from tests.security.house import ROLES, House
from tests.security.matrix import Row, routes_of

ROWS = matrix.rows()


def letter_of(answer: TestResponse) -> str:
    """What an answer means, in the matrix's letters."""
    target = urlsplit(answer.headers.get("Location", "")).path
    if answer.status_code == 401 or (300 <= answer.status_code < 400 and target == "/dang-nhap"):
        return "S"
    if 300 <= answer.status_code < 400 and target == "/thi":
        return "T"
    return {403: "-", 404: "0"}.get(answer.status_code, "+" if answer.status_code < 500 else "!")


def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    served, listed = routes_of(house.app), {row.route for row in ROWS}
    assert sorted(served - listed) == [], "routes without a row in matrix.txt: decide who may, and write it there"
    assert sorted(listed - served) == [], "rows without a route"


def test_no_row_is_there_twice() -> None:
    seen = [str(row) for row in ROWS]
    assert sorted(set(seen)) == sorted(seen)


def test_every_view_states_who_may(house: House) -> None:
    apps = [house.app, *house.app.extensions["bare_apps"].values()]
    silent = {
        endpoint
        for app in apps
        for endpoint, view in app.view_functions.items()
        if access_of(view) is None and not endpoint.endswith("static")
    }
    assert silent == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_meets_what_the_matrix_says(house: House, row: Row) -> None:
    url = house.url(row.rule, row.objects)
    found = ""
    for role in ROLES:
        sent = dict(row.form) if row.method == "POST" else None
        answer = house.ask(role, row.method, url, data=sent)
        found += letter_of(answer)
        if row.method != "GET" and found[-1] == "+":
            house.restore()
    assert found == row.letters, f"line {row.line}: {' '.join(ROLES)}"


def test_an_organiser_of_the_whole_tree_reads_the_chain_and_reaches_down_but_sees_no_question(house: House) -> None:
    assert house.ask("above", "GET", "/quan-tri/nhat-ky").status_code == 200
    for url in ("/quan-tri/don-vi/{cell}", "/quan-tri/thi-sinh/{cuong}", "/quan-tri/hoi-thi/{other_contest}"):
        assert house.ask("above", "GET", url.format(**house.objects)).status_code == 200
    for url in ("/quan-tri/cau-hoi", "/quan-tri/cau-hoi/{question_approved}", "/quan-tri/cau-hoi/nhap/{question_import}"):
        assert house.ask("above", "GET", url.format(**house.objects)).status_code == 403


def test_the_bare_apps_believe_a_token_and_never_a_cookie_alone(house: House) -> None:
    page = house.ask("contestant", "GET", f"/thi/bai/{house.objects['an_running']}").text
    token = page.partition('data-token="')[2].partition('"')[0] or page.partition('name="the" value="')[2].partition('"')[0]
    assert token
    header = {"Authorization": f"Bearer {token}"}
    assert house.ask("contestant", "GET", "/s/de").status_code == 401
    assert house.ask("contestant", "GET", "/s/de", headers=header).status_code == 200
    assert house.ask("contestant", "POST", "/s/nhip", headers=header).status_code == 200
    # Somebody else who has come by the token has not the device.
    for role in ("nobody", "contestant2", "organiser"):
        assert house.ask(role, "GET", "/s/de", headers=header).status_code == 401
        assert house.ask(role, "POST", "/s/cau", data={"the": token, "cau": "0", "chon": "1"}).status_code == 401
    answer = house.ask("contestant", "POST", "/s/cau", data={"the": token, "cau": "0", "chon": "1"})
    assert answer.status_code == 303
    house.restore()
