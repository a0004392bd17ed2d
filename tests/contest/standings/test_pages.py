"""Staff pages of standings: who sees and does what; a contestant's own place; the command."""

from __future__ import annotations

import html
import io
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.rules.document import Publication
from contest.sittings.models import Sitting
from contest.standings.exporting import discard_old_exports
from contest.standings.models import Standing
from contest.standings.service import newest
from core.access import Role
from core.accounts.grants import grant_role
from core.accounts.models import Account
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.jobs import run_now
from core.jobs.models import Job
from tests.contest.standings.rounds_for_tests import (
    CONG_AN,
    DONG_MY,
    TAM_HIEP_PT,
    TAM_HIEP_TT,
    Finished,
    Sat,
    finish_round,
    prepared,
    published_standing,
)
from tests.contest.standings.test_boards import text_of
from tests.core.accounts.conftest import Browser
from tests.world import PASSWORD, add_account, slip_code

PEOPLE = (
    Sat("Trần Văn Bạch", DONG_MY, right=4, seconds=100),
    Sat("Nguyễn Thị Ánh", TAM_HIEP_TT, right=4, seconds=100),
    Sat("Lê Văn Đức", TAM_HIEP_PT, right=3, seconds=130),
    Sat("Phạm Văn Ân", CONG_AN, right=2, seconds=50),
    Sat("Vũ Văn Ngoài", DONG_MY, right=4, seconds=20, ranked=False),
)


@pytest.fixture
def site(sqlite_app: Flask) -> Flask:
    """The app with forms that need no token."""
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    sqlite_app.test_client_class = Browser
    return sqlite_app


@pytest.fixture
def finished(site: Flask, clock: ManualClock) -> Finished:
    return finish_round(clock, PEOPLE, Publication(leading_places=2))


def browser_of(site: Flask, account: Account) -> Browser:
    """A browser in which ``account`` has signed in."""
    browser = site.test_client()
    assert isinstance(browser, Browser)
    assert browser.sign_in(account.username, PASSWORD).status_code == 303
    return browser


def somebody(role: str, unit: str, finished: Finished) -> Account:
    """A member of staff of a district."""
    with unit_of_work():
        return add_account(f"{role.replace('_', '-')}.x", (role, finished.world.districts[unit]))


def round_url(finished: Finished) -> str:
    return f"/quan-tri/vong-thi/{finished.round.public_id}/ket-qua"


def standing_url(standing: Standing, more: str = "") -> str:
    return f"/quan-tri/ket-qua/{standing.public_id}{more}"


def page(answer: TestResponse) -> str:
    """The words of a page that was found."""
    assert answer.status_code == 200, answer.status
    return html.unescape(text_of(answer))


def test_from_a_finished_round_to_the_public(site: Flask, finished: Finished) -> None:
    organiser, checker = browser_of(site, finished.organiser), browser_of(site, finished.checker)
    assert "Chưa lập bảng" in page(organiser.get("/quan-tri/ket-qua"))
    assert "Lập bảng kết quả" in page(organiser.get(round_url(finished)))
    asked = organiser.post(round_url(finished))
    assert asked.location.startswith("/viec/")
    job = db.session.scalars(select(Job)).one()
    assert run_now(job.id).state == "done"
    standing = newest(finished.round)
    assert standing is not None
    assert standing.prepared_by_id == finished.organiser.id
    url = standing_url(standing)
    assert "cần một đồng chí khác kiểm tra" in page(organiser.get(url))

    assert "Kiểm tra và xác nhận" in page(checker.get(url))
    unticked = checker.post(f"{url}/xac-nhan")
    assert unticked.status_code == 422
    assert "đánh dấu vào ô này" in text_of(unticked)
    assert checker.post(f"{url}/xac-nhan", data={"checked": "y"}).status_code == 303
    assert "Hạng 1 đến hạng 2: 2 người" in page(checker.get(url))
    assert checker.post(f"{url}/cong-bo").status_code == 403

    assert organiser.post(f"{url}/cong-bo").status_code == 303
    text = page(organiser.get(url, follow_redirects=True))
    assert "Đã công bố bản 1" in text
    assert "Xem trang công khai" in text
    withdrawn = organiser.post(f"{url}/thu-hoi", data={"reason": " "})
    assert withdrawn.status_code == 422
    assert "Xin ghi lý do thu hồi" in text_of(withdrawn)
    assert organiser.post(f"{url}/thu-hoi", data={"reason": "Nhầm đáp án"}).status_code == 303
    assert "Lý do thu hồi Nhầm đáp án" in page(organiser.get(round_url(finished)))
    assert "Nhầm đáp án" in page(organiser.get(url))


def test_who_prepared_is_told_and_cannot_confirm(site: Flask, finished: Finished) -> None:
    standing = prepared(finished)
    organiser = browser_of(site, finished.organiser)
    answer = organiser.post(standing_url(standing, "/xac-nhan"), data={"checked": "y"}, follow_redirects=True)
    assert "Người lập bảng không tự xác nhận" in page(answer)
    db.session.refresh(standing)
    assert standing.state == "draft"


def test_another_version_asks_for_a_reason_and_keeps_what_was_typed(site: Flask, finished: Finished) -> None:
    published_standing(finished)
    organiser = browser_of(site, finished.organiser)
    refused = organiser.post(round_url(finished), data={"reason": ""})
    assert refused.status_code == 422
    assert "Xin ghi lý do lập bản mới" in text_of(refused)
    long = organiser.post(round_url(finished), data={"reason": "a" * 501})
    assert long.status_code == 422
    assert "a" * 501 in long.get_data(as_text=True)


def test_a_round_that_has_not_settled_says_so(site: Flask, finished: Finished) -> None:
    with unit_of_work() as session:
        session.scalars(select(Sitting)).first().state = "open"  # type: ignore[union-attr]
    organiser = browser_of(site, finished.organiser)
    assert "Còn 1 bài chưa nộp" in page(organiser.get(round_url(finished)))
    answer = organiser.post(round_url(finished), follow_redirects=True)
    assert "Còn 1 bài chưa nộp" in page(answer)
    assert db.session.scalar(select(Job.id)) is None


def test_the_table_is_searched_sorted_and_filtered(site: Flask, finished: Finished) -> None:
    url = standing_url(prepared(finished))
    organiser = browser_of(site, finished.organiser)

    def names(more: str) -> list[str]:
        text = page(organiser.get(url + more))
        found = [(text.index(one.name), one.name) for one in PEOPLE if one.name in text]
        return [name for _at, name in sorted(found)]

    assert names("") == ["Nguyễn Thị Ánh", "Trần Văn Bạch", "Lê Văn Đức", "Phạm Văn Ân"]
    assert names("?sap_xep=ten") == ["Nguyễn Thị Ánh", "Phạm Văn Ân", "Trần Văn Bạch", "Lê Văn Đức"]
    assert names("?sap_xep=-thoi-gian")[0] == "Lê Văn Đức"
    assert names("?q=bach") == ["Trần Văn Bạch"]
    district = finished.world.districts["Huyện Phúc Thọ"].public_id
    assert names(f"?don_vi={district}") == ["Lê Văn Đức"]
    assert "1 chung: 3" in page(organiser.get(f"{url}?don_vi={district}"))
    assert "Không tìm thấy" in page(organiser.get(f"{url}?q=khong+co"))
    assert "3,33" in page(organiser.get(f"{url}/tap-the"))


def test_an_organiser_of_a_district_sees_the_own_people_only(site: Flask, finished: Finished) -> None:
    standing = prepared(finished)
    browser = browser_of(site, somebody("organiser", "Huyện Phúc Thọ", finished))
    url = standing_url(standing)
    other = finished.world.districts["Huyện Thanh Trì"].public_id
    for more in ("", f"?don_vi={other}", "?q=van", "/tap-the", f"/tap-the?don_vi={other}"):
        text = page(browser.get(url + more))
        for name in ("Trần Văn Bạch", "Nguyễn Thị Ánh", "Phạm Văn Ân", "Huyện Thanh Trì"):
            assert name not in text, more
    assert "Lê Văn Đức" in page(browser.get(url))
    assert "1 thuộc diện dự thi" in page(browser.get(url))
    for unit in ("", other):
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(browser.post(f"{url}/excel", data={"don_vi": unit}).get_data()))
        everything = str([sheet.get_sheet_by_name(name).to_python() for name in sheet.sheet_names])
        assert "Lê Văn Đức" in everything
        assert "Bạch" not in everything
        assert "Thanh Trì" not in everything


@pytest.mark.parametrize("what", ["/xac-nhan", "/cong-bo", "/thu-hoi"])
def test_an_organiser_of_a_district_decides_nothing_for_the_city(site: Flask, finished: Finished, what: str) -> None:
    standing = prepared(finished)
    browser = browser_of(site, somebody("organiser", "Huyện Phúc Thọ", finished))
    assert browser.post(standing_url(standing, what), data={"checked": "y", "reason": "x"}).status_code == 403
    assert browser.post(round_url(finished), data={"reason": "x"}).status_code == 403


def test_an_organiser_of_another_district_sees_nothing_of_a_districts_contest(
    site: Flask, finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = prepared(finished)
    with unit_of_work():
        finished.contest.unit = finished.world.districts["Huyện Thanh Trì"]
    browser = browser_of(site, somebody("organiser", "Huyện Phúc Thọ", finished))
    for url in (round_url(finished), standing_url(standing), standing_url(standing, "/tap-the")):
        assert browser.get(url).status_code == 403
    assert browser.post(standing_url(standing, "/excel")).status_code == 403
    assert "Vòng 1" not in page(browser.get("/quan-tri/ket-qua"))


@pytest.mark.parametrize("role", ["clerk", "question_setter", "reviewer"])
def test_other_roles_see_no_marks(site: Flask, finished: Finished, role: str) -> None:
    standing = prepared(finished)
    with unit_of_work():
        account = add_account("khac", name="Khác")
        grant_role(account, Role(role), finished.world.city)
    browser = browser_of(site, account)
    for url in ("/quan-tri/ket-qua", round_url(finished), standing_url(standing), standing_url(standing, "/tap-the")):
        assert browser.get(url).status_code == 403


def test_nobody_without_signing_in(site: Flask, finished: Finished) -> None:
    standing = prepared(finished)
    for url in ("/quan-tri/ket-qua", round_url(finished), standing_url(standing), standing_url(standing, "/thay-doi")):
        assert site.test_client().get(url).status_code == 302


def test_unknown_things_are_not_found(site: Flask, finished: Finished) -> None:
    standing = prepared(finished)
    browser = browser_of(site, finished.organiser)
    for url in (
        "/quan-tri/vong-thi/khong-co/ket-qua", "/quan-tri/ket-qua/khong-co", "/quan-tri/ket-qua/khong-co/tap-the",
        standing_url(standing, "/thay-doi"), standing_url(standing, "/tep/khong-co.xlsx"),
        f"/quan-tri/hoi-thi/khac/ket-qua/{finished.round.public_id}",
    ):  # fmt: skip
        assert browser.get(url).status_code == 404, url
    by_contest = browser.get(f"/quan-tri/hoi-thi/{finished.contest.public_id}/ket-qua/{finished.round.public_id}")
    assert by_contest.location == round_url(finished)


def test_what_changed_since_the_last_public_version(site: Flask, finished: Finished) -> None:
    published_standing(finished)
    with unit_of_work():
        finished.entries["Trần Văn Bạch"].ranked = False
    browser = browser_of(site, finished.organiser)
    assert "Kết quả thi đã thay đổi sau khi lập bản 1" in page(browser.get(round_url(finished)))
    second = prepared(finished, "Xin rút")
    text = page(browser.get(standing_url(second, "/thay-doi")))
    assert "Trần Văn Bạch" in text
    assert "không có" in text
    assert "Lý do lập bản này: Xin rút" in text
    assert "Trần Văn Bạch" not in page(browser.get(standing_url(second, "/thay-doi?q=duc")))


def test_the_excel_has_everybody(site: Flask, finished: Finished) -> None:
    standing = prepared(finished)
    answer = browser_of(site, finished.organiser).post(standing_url(standing, "/excel"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    assert book.sheet_names == ["Cá nhân", "Theo đơn vị", "Tập thể"]
    rows = book.get_sheet_by_name("Cá nhân").to_python()
    assert [row[:4] for row in rows[5:]] == [
        [1.0, "Nguyễn Thị Ánh", "Chi bộ thôn 1", "Xã Tam Hiệp · Huyện Thanh Trì"],
        [1.0, "Trần Văn Bạch", "Chi bộ thôn 1", "Xã Đông Mỹ · Huyện Thanh Trì"],
        [3.0, "Lê Văn Đức", "Chi bộ thôn 1", "Xã Tam Hiệp · Huyện Phúc Thọ"],
        [4.0, "Phạm Văn Ân", "Chi bộ Công an huyện", "Huyện Thanh Trì"],
    ]
    assert "0912345678" not in str(rows)


def test_a_long_file_is_made_by_the_worker_and_kept_for_a_day(
    site: Flask, finished: Finished, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contest.standings.views.versions.DIRECT", 1)
    standing = prepared(finished)
    browser = browser_of(site, finished.organiser)
    asked = browser.post(standing_url(standing, "/excel"))
    job = db.session.scalars(select(Job).where(Job.kind == "standings.export")).one()
    assert asked.location == f"/viec/{job.public_id}?theo=1"
    done = run_now(job.id)
    assert done.state == "done", done.message
    url = (done.result or {})["url"]
    assert browser.get(url).get_data()[:2] == b"PK"
    assert browser_of(site, somebody("organiser", "Huyện Phúc Thọ", finished)).get(url).status_code == 403
    clock.advance(25 * 3600)
    assert discard_old_exports() == 1
    assert discard_old_exports() == 0


# ---- a contestant's own place ----


def contestant(site: Flask, finished: Finished, name: str) -> Browser:
    browser = site.test_client()
    assert isinstance(browser, Browser)
    browser.come_in(slip_code(finished.people[name]))
    return browser


def test_ones_own_place(site: Flask, finished: Finished) -> None:
    url = f"/thi/hang/{finished.round.public_id}"
    browser = contestant(site, finished, "Phạm Văn Ân")
    assert "Chưa công bố kết quả" in page(browser.get(url))
    assert browser.get(f"{url}/dong").status_code == 204
    published_standing(finished)
    text = page(browser.get(url))
    assert "Hạng 4 trong 4 người dự thi" in text
    assert "Huyện Thanh Trì 3 trong 3" in text
    assert "00:50" in text
    assert "Bạch" not in text
    fragment = browser.get(f"{url}/dong")
    assert "Hạng 4 trong 4 người dự thi" in text_of(fragment)
    assert fragment.headers["Cache-Control"] == "private, no-store"


def test_nobody_elses_place(site: Flask, finished: Finished) -> None:
    published_standing(finished)
    url = f"/thi/hang/{finished.round.public_id}"
    outsider = site.test_client()
    assert outsider.get(url).status_code == 303
    assert (outsider.get(f"{url}/dong").status_code, outsider.get(f"{url}/dong").get_data()) == (204, b"")
    assert "không xếp hạng" in page(contestant(site, finished, "Vũ Văn Ngoài").get(url))
    assert outsider.get("/thi/hang/khong-co/dong").status_code == 404


# ---- the command ----


def test_export_from_the_command_line(site: Flask, finished: Finished, tmp_path: Path) -> None:
    run = site.test_cli_runner()
    target = tmp_path / "ra.xlsx"
    missing = run.invoke(args=["standings", "export", finished.round.public_id, str(target)])
    assert missing.exit_code == 1
    assert "chưa có bảng kết quả" in missing.output
    prepared(finished)
    done = run.invoke(args=["standings", "export", finished.round.public_id, str(target)])
    assert (done.exit_code, done.output) == (0, f"{target}: bản 1, 4 người\n")
    assert CalamineWorkbook.from_path(target).sheet_names == ["Cá nhân", "Theo đơn vị", "Tập thể"]
    assert run.invoke(args=["standings", "export", "khong-co", str(target)]).exit_code == 1
