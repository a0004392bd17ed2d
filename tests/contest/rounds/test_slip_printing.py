"""Printing slips: the right people in the right order, in the worker, and the file only for those who may print there."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.rounds import slip_jobs
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Round
from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rounds.slip_choosing import hours, ordered_people, slips_of
from contest.rounds.slip_jobs import ask_for_slips, discard_old_slips
from core.access import Actor, Grant, Role, routes, set_actor_loader
from core.accounts.models import Person
from core.accounts.slips import clean, groups
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.documents import uploads
from core.jobs import Job, run_now, running
from tests.world import World, add_person, make_world, slip_code

TT, PT = "Huyện Thanh Trì", "Huyện Phúc Thọ"


class Printed:
    """A contest of the city with people in both districts, and no slip printed yet."""

    def __init__(self) -> None:
        self.world: World = make_world()
        cells = self.world.cells
        with unit_of_work():
            self.contest: Contest = create_contest(self.world.city, "Hội thi Bí thư chi bộ giỏi", hotline="024 1111 2222")
            self.round: Round = add_round(self.contest, "Vòng 1")
            begin = now() + timedelta(days=1)
            set_windows(self.round, [WindowPlan(self.world.districts[TT], begin, begin + timedelta(hours=1))])
            self.people = [
                add_person(cells[f"Chi bộ thôn 1, Xã Tam Hiệp, {TT}"], "Trần Văn Bình"),
                add_person(cells[f"Chi bộ thôn 1, Xã Tam Hiệp, {PT}"], "Lê Thị Ánh"),
                add_person(cells[f"Chi bộ thôn 1, Xã Tam Hiệp, {TT}"], "Nguyễn Thị An"),
                add_person(cells[f"Chi bộ Trạm Y tế, Xã Đông Mỹ, {TT}"], "Vũ Đức Đông"),
            ]
            enter_people(self.contest, self.people)
            self.outside = add_person(cells[f"Chi bộ thôn 1, Xã Đông Mỹ, {TT}"], "Không Dự Thi")

    def path(self, name: str) -> str:
        return self.world.districts[name].path

    def ask(self, path: str = "") -> Job:
        with unit_of_work():
            return ask_for_slips(self.contest, self.round, path or self.world.city.path, "Đơn vị")


def codes_in(pdf: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(re.sub(r"\s+", " ", page.extract_text()) for page in pages)
    return [clean(code) for code in re.findall(r"\d{4} \d{4} \d{4} \d{4}", text)]


def names(printed: Printed, path: str) -> list[str]:
    ids = ordered_people(printed.contest.id, path)
    return [db.session.get_one(Person, number).full_name for number in ids]


def test_the_entered_people_of_a_subtree_come_by_unit_then_given_name(app: Flask) -> None:
    printed = Printed()
    assert names(printed, printed.path(TT)) == ["Vũ Đức Đông", "Nguyễn Thị An", "Trần Văn Bình"]
    assert names(printed, printed.world.city.path) == ["Lê Thị Ánh", "Vũ Đức Đông", "Nguyễn Thị An", "Trần Văn Bình"]


def test_people_taken_off_the_lists_get_no_slip(app: Flask) -> None:
    printed = Printed()
    with unit_of_work():
        printed.people[0].active = False
        printed.people[2].visible = False
    assert names(printed, printed.path(TT)) == ["Vũ Đức Đông"]


def test_a_slip_says_unit_round_and_the_hours_of_the_persons_own_window(app: Flask) -> None:
    printed = Printed()
    (thanh_tri, phuc_tho), missing = slips_of(printed.round, [printed.people[0].id, printed.people[1].id])
    assert thanh_tri.unit == f"Chi bộ thôn 1 – Xã Tam Hiệp – {TT}"
    assert phuc_tho.unit == f"Chi bộ thôn 1 – Xã Tam Hiệp – {PT}"
    assert thanh_tri.window == "08:00 – 09:00, ngày 25/11/2026"
    assert phuc_tho.window == "Giờ thi: ban tổ chức báo sau"
    assert (thanh_tri.round, thanh_tri.contest) == ("Vòng 1", "Hội thi Bí thư chi bộ giỏi")
    assert thanh_tri.code == slip_code(printed.people[0])
    assert missing == []


def test_hours_over_more_than_a_day_name_both_days(app: Flask) -> None:
    printed = Printed()
    with unit_of_work():
        printed.round.windows[0].closes_at += timedelta(days=2)
    assert hours(printed.round.windows[0]) == "08:00, 25/11/2026 đến 09:00, 27/11/2026"


def test_the_job_leaves_one_pdf_with_every_slip(app: Flask) -> None:
    printed = Printed()
    job = run_now(printed.ask(printed.path(TT)).id)
    assert (job.state, job.message) == ("done", "Đã xong 3 trong 3 phiếu")
    result: dict[str, Any] = job.result or {}
    assert result["url"] == f"/quan-tri/hoi-thi/{printed.contest.public_id}/phieu/{job.public_id}.pdf"
    pdf = uploads.path_of(result["file"]).read_bytes()
    assert codes_in(pdf) == [slip_code(printed.people[n]) for n in (3, 2, 0)]
    assert "024 1111 2222" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\n", " ")
    assert [path.name for path in uploads.folder().iterdir()] == [result["file"]], "no scratch file stays"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "slips.printed")).one()
    assert entry.details["count"] == 3
    assert not any(slip_code(person) in str(entry.details) for person in printed.people)


def test_more_than_a_part_come_packed_together(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip_jobs, "PART", 2)
    printed = Printed()
    job = run_now(printed.ask().id)
    result: dict[str, Any] = job.result or {}
    assert (job.state, job.steps_total, result["ending"]) == ("done", 3, "zip")
    with zipfile.ZipFile(uploads.path_of(result["file"])) as pack:
        assert pack.namelist() == ["phieu-du-thi-01.pdf", "phieu-du-thi-02.pdf"]
        codes = [code for name in pack.namelist() for code in codes_in(pack.read(name))]
    assert codes == [slip_code(printed.people[n]) for n in (1, 3, 2, 0)]
    assert [path.name for path in uploads.folder().iterdir()] == [result["file"]]


def test_printing_again_gives_the_same_codes(app: Flask) -> None:
    printed = Printed()
    first, second = (run_now(printed.ask().id).result or {} for _ in range(2))
    assert uploads.path_of(first["file"]).read_bytes() == uploads.path_of(second["file"]).read_bytes()


def test_a_slip_that_the_database_did_not_know_opens_the_door_once_printed(app: Flask) -> None:
    printed = Printed()
    known = printed.people[0].slip_hash
    with unit_of_work():
        printed.people[0].slip_hash = None
    run_now(printed.ask().id)
    db.session.expire_all()
    assert db.session.get_one(Person, printed.people[0].id).slip_hash == known


def test_nobody_to_print_for_is_said_in_plain_words(app: Flask) -> None:
    printed = Printed()
    job = run_now(printed.ask("/999/").id)
    assert job.state == "failed" and "Không có thí sinh nào" in job.message
    assert list(uploads.folder().iterdir()) == []


def test_stopping_the_job_leaves_no_codes_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slip_jobs, "PART", 2)
    printed = Printed()
    job = printed.ask()
    running.begin(job.id)
    running.perform(job.id, 1)
    assert list(uploads.folder().iterdir()) != []
    with unit_of_work():
        db.session.get_one(Job, job.id).cancel_requested = True
    assert run_now(job.id).state == "cancelled"
    assert list(uploads.folder().iterdir()) == []


def test_after_a_day_the_file_is_gone(app: Flask, clock: ManualClock) -> None:
    printed = Printed()
    job = run_now(printed.ask().id)
    clock.advance(23 * 3600)
    assert discard_old_slips() == 0
    clock.advance(2 * 3600)
    assert discard_old_slips() == 1
    assert list(uploads.folder().iterdir()) == []
    assert discard_old_slips() == 0
    db.session.expire_all()
    assert (db.session.get_one(Job, job.id).result or {})["count"] == 4


# ---- pages ----

Come = Callable[[Role, str], None]


class Browser(FlaskClient):
    """Requests of a test share its app context: what one left in ``g`` is cleared before the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        db.session.rollback()
        return super().open(*args, **kwargs)


@pytest.fixture
def printed(sqlite_app: Flask) -> Printed:
    return Printed()


@pytest.fixture
def browser(sqlite_app: Flask, printed: Printed) -> FlaskClient:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.test_client_class = Browser
    return sqlite_app.test_client()


@pytest.fixture
def come_as(sqlite_app: Flask) -> Iterator[Come]:
    before = routes._load_actor
    yield lambda role, path: set_actor_loader(lambda: Actor(7, "người 7", (Grant(role, path),)))
    set_actor_loader(before)


def page_of(printed: Printed) -> str:
    return f"/quan-tri/hoi-thi/{printed.contest.public_id}/phieu"


def test_a_clerk_asks_for_the_slips_of_the_own_district_and_fetches_them(
    browser: FlaskClient, printed: Printed, come_as: Come
) -> None:
    come_as(Role.CLERK, printed.path(TT))
    page = browser.get(page_of(printed)).text
    assert "3 thí sinh trong danh sách" in page
    assert "Xã Đông Mỹ" in page and PT not in page
    answer = browser.post(
        page_of(printed), data={"round": printed.round.public_id, "unit": printed.world.districts[TT].public_id}
    )
    assert answer.status_code == 303
    job = db.session.scalars(select(Job)).one()
    assert answer.location == f"/viec/{job.public_id}?theo=1"
    result: dict[str, Any] = run_now(job.id).result or {}
    file = browser.get(result["url"])
    assert file.status_code == 200 and file.mimetype == "application/pdf"
    assert file.headers["Cache-Control"] == "no-store"
    assert "attachment" in file.headers["Content-Disposition"]
    assert "ETag" not in file.headers and "Last-Modified" not in file.headers
    assert len(codes_in(file.data)) == 3
    assert browser.get(result["url"].replace(".pdf", ".zip")).status_code == 404


@pytest.mark.parametrize(
    ("role", "where"), [(Role.CLERK, PT), (Role.QUESTION_SETTER, TT), (Role.REVIEWER, TT), (Role.CHECKER, TT)]
)
def test_others_get_neither_page_nor_file(
    browser: FlaskClient, printed: Printed, come_as: Come, role: Role, where: str
) -> None:
    job = run_now(printed.ask(printed.path(TT)).id)
    come_as(role, printed.path(where))
    assert browser.get((job.result or {})["url"]).status_code == 403
    person = printed.people[0].public_id
    assert browser.get(f"/quan-tri/thi-sinh/{person}/phieu").status_code == 403
    form = {"round": printed.round.public_id, "unit": printed.world.districts[TT].public_id}
    assert browser.post(page_of(printed), data=form).status_code == 403
    assert browser.post(f"/quan-tri/thi-sinh/{person}/phieu", data=form).status_code == 403
    assert db.session.scalars(select(Job)).all() == [job]


def test_a_file_is_found_only_under_its_own_contest(browser: FlaskClient, printed: Printed, come_as: Come) -> None:
    job = run_now(printed.ask().id)
    with unit_of_work():
        other = create_contest(printed.world.city, "Hội thi khác")
    come_as(Role.ORGANISER, printed.world.city.path)
    url = (job.result or {})["url"]
    assert browser.get(url.replace(printed.contest.public_id, other.public_id)).status_code == 404
    assert browser.get(url.replace(job.public_id, "khong-co")).status_code == 404


def test_a_file_that_was_cleared_away_leads_back_to_printing(
    browser: FlaskClient, printed: Printed, come_as: Come, clock: ManualClock
) -> None:
    job = run_now(printed.ask().id)
    clock.advance(25 * 3600)
    discard_old_slips()
    come_as(Role.ORGANISER, printed.world.city.path)
    answer = browser.get((job.result or {})["url"], follow_redirects=True)
    assert "Xin in lại, mã vẫn như cũ" in answer.text
    assert answer.request.path == page_of(printed)


@pytest.mark.parametrize("missing", ["round", "unit"])
@pytest.mark.parametrize("value", ["", "khong-co"])
def test_a_wrong_choice_is_said_at_its_field(
    browser: FlaskClient, printed: Printed, come_as: Come, missing: str, value: str
) -> None:
    come_as(Role.ORGANISER, printed.world.city.path)
    form = {"round": printed.round.public_id, "unit": printed.world.city.public_id, missing: value}
    answer = browser.post(page_of(printed), data=form)
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert db.session.scalars(select(Job)).all() == []


def test_a_unit_without_anybody_entered_is_said_so(browser: FlaskClient, printed: Printed, come_as: Come) -> None:
    come_as(Role.ORGANISER, printed.world.city.path)
    cell = printed.world.cells[f"Chi bộ thôn 1, Xã Đông Mỹ, {TT}"]
    answer = browser.post(page_of(printed), data={"round": printed.round.public_id, "unit": cell.public_id})
    assert answer.status_code == 422 and "chưa có ai trong danh sách dự thi" in answer.text


def test_one_persons_slip_is_printed_at_once(browser: FlaskClient, printed: Printed, come_as: Come) -> None:
    come_as(Role.CLERK, printed.path(TT))
    person = printed.people[0]
    url = f"/quan-tri/thi-sinh/{person.public_id}/phieu"
    page = browser.get(url).text
    assert "Trần Văn Bình" in page
    assert groups(slip_code(person)) not in page and slip_code(person) not in page
    answer = browser.post(url, data={"round": printed.round.public_id})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert codes_in(answer.data) == [slip_code(person)]
    assert browser.post(url, data={"round": "khong-co"}).status_code == 422


def test_somebody_who_takes_part_in_nothing_has_no_slip(browser: FlaskClient, printed: Printed, come_as: Come) -> None:
    come_as(Role.CLERK, printed.path(TT))
    url = f"/quan-tri/thi-sinh/{printed.outside.public_id}/phieu"
    assert "chưa ở trong danh sách dự thi" in browser.get(url).text
    assert browser.post(url, data={"round": printed.round.public_id}).status_code == 422
