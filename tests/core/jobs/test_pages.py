"""The pages of jobs: how far one is, for those who may know, with and without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from core.access import Role
from core.database import db, unit_of_work
from core.jobs import Job, enqueue, follow, run_now, running

COME = Callable[..., None]


@pytest.fixture
def browser(sqlite_app: Flask, come_as: COME) -> FlaskClient:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    come_as(7, Role.CLERK, "/1/2/")
    return sqlite_app.test_client()


def ask(path: str = "/1/2/", account_id: int = 7, steps: int = 4, title: str = "Nhập thí sinh") -> Job:
    with unit_of_work():
        return enqueue("test.count", {"steps": steps}, title=title, unit_path=path, account_id=account_id)


def fresh(job: Job) -> Job:
    db.session.expire_all()
    return db.session.get_one(Job, job.id)


def test_the_page_shows_how_far_the_job_is(browser: FlaskClient) -> None:
    job = ask()
    assert "Đang chờ đến lượt" in browser.get(f"/viec/{job.public_id}").text
    running.begin(job.id)
    running.perform(job.id, 1)
    page = browser.get(f"/viec/{job.public_id}").text
    assert "Đã đếm 1" in page
    assert 'value="25"' in page
    assert f'data-poll="/viec/{job.public_id}/tien-do"' in page


def test_without_a_script_the_page_comes_again_by_itself_until_the_job_is_over(browser: FlaskClient) -> None:
    job = ask(steps=1)
    page = browser.get(f"/viec/{job.public_id}").text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Xem lại tiến độ" in page
    run_now(job.id)
    page = browser.get(f"/viec/{job.public_id}").text
    assert "http-equiv" not in page and "data-poll=" not in page
    assert 'href="/noi-khac">Xem số đếm' in page


def test_who_has_just_asked_is_led_on_even_where_the_job_was_over_before_its_page_opened(browser: FlaskClient) -> None:
    job = ask(steps=1)
    with current_app.test_request_context():
        following = follow(job.public_id).location
    assert browser.get(following).status_code == 200
    run_now(job.id)
    # This kind leaves it to people whether they go on; the next asks to be followed.
    assert browser.get(following).status_code == 200
    job.result = {"url": "/noi-khac", "go_on": True}
    db.session.commit()
    assert browser.get(following).location == "/noi-khac"
    assert browser.get(f"/viec/{job.public_id}").status_code == 200


def test_the_fragment_is_sent_again_only_when_something_has_changed(browser: FlaskClient) -> None:
    job = ask()
    url = f"/viec/{job.public_id}/tien-do"
    first = browser.get(url)
    etag = first.headers["ETag"]
    assert first.status_code == 200 and "<html" not in first.text
    unchanged = browser.get(url, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    running.begin(job.id)
    assert browser.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_the_fragment_of_a_finished_job_ends_the_asking(browser: FlaskClient) -> None:
    job = ask()
    url = f"/viec/{job.public_id}/tien-do"
    assert "data-poll-done" not in browser.get(url).text
    run_now(job.id)
    assert f'data-poll-done="/viec/{job.public_id}"' in browser.get(url).text


def test_a_job_is_stopped_by_a_button(browser: FlaskClient) -> None:
    job = ask()
    answer = browser.post(f"/viec/{job.public_id}/dung", follow_redirects=True)
    assert "Đã yêu cầu dừng" in answer.text and "Đang dừng" in answer.text
    assert fresh(job).cancel_requested
    run_now(job.id)
    assert "đã kết thúc" in browser.post(f"/viec/{job.public_id}/dung", follow_redirects=True).text


def test_stopping_asks_for_the_token_of_the_form(browser: FlaskClient, sqlite_app: Flask) -> None:
    job = ask()
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    assert browser.post(f"/viec/{job.public_id}/dung").status_code == 400
    assert not fresh(job).cancel_requested


@pytest.mark.parametrize("page", ["", "/tien-do"])
def test_jobs_of_other_units_are_closed(browser: FlaskClient, page: str) -> None:
    job = ask(path="/1/3/", account_id=8)
    assert browser.get(f"/viec/{job.public_id}{page}").status_code == 403
    assert browser.post(f"/viec/{job.public_id}/dung").status_code == 403
    assert not fresh(job).cancel_requested


def test_jobs_of_colleagues_and_ones_own_are_open(browser: FlaskClient, come_as: COME) -> None:
    assert browser.get(f"/viec/{ask(path='/1/2/9/', account_id=8).public_id}").status_code == 200
    come_as(7, Role.REVIEWER, "/1/2/")
    assert browser.get(f"/viec/{ask(path='/1/3/').public_id}").status_code == 200
    assert browser.get(f"/viec/{ask(path='/1/2/', account_id=8).public_id}").status_code == 403


def test_a_colleagues_job_is_stopped_by_an_organiser_only(browser: FlaskClient, come_as: COME) -> None:
    job = ask(account_id=8)
    assert "/dung" not in browser.get(f"/viec/{job.public_id}").text
    assert browser.post(f"/viec/{job.public_id}/dung").status_code == 403
    assert not fresh(job).cancel_requested
    come_as(9, Role.ORGANISER, "/1/2/")
    assert "/dung" in browser.get(f"/viec/{job.public_id}").text
    browser.post(f"/viec/{job.public_id}/dung")
    assert fresh(job).cancel_requested


def test_an_unknown_job_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/viec/khong-co").status_code == 404


def test_the_list_holds_what_one_may_see(browser: FlaskClient) -> None:
    assert "Chưa có việc nào" in browser.get("/viec/").text
    ask(title="Của tôi", path="/1/3/")
    ask(title="Của bạn cùng đơn vị", path="/1/2/4/", account_id=8)
    ask(title="Của nơi khác", path="/1/20/", account_id=8)
    page = browser.get("/viec/").text
    assert "Của tôi" in page and "Của bạn cùng đơn vị" in page
    assert "Của nơi khác" not in page


def test_titles_are_shown_as_text(browser: FlaskClient) -> None:
    job = ask(title="<script>x</script>")
    assert "<script>x" not in browser.get(f"/viec/{job.public_id}").text
