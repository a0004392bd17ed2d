"""The public board as the server serves it: nothing before publication, what publication allows and no more after."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from contest.rules.document import Publication
from contest.standings.board_pages import PREFIX
from contest.standings.publishing import withdraw
from core.access.routes import access_of
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from core.jobs import run_now
from core.jobs.models import Job
from run import create_server
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

PEOPLE = (
    Sat("Trần Văn Bạch", DONG_MY, right=4, seconds=100),
    Sat("Nguyễn Thị Ánh", TAM_HIEP_TT, right=4, seconds=100),
    Sat("Lê Văn Đức", TAM_HIEP_PT, right=3, seconds=130),
    Sat("Phạm <b>Văn</b> Ân", CONG_AN, right=2, seconds=50),
    Sat("Hoàng Thị Vắng", DONG_MY, seconds=None),
)


def server(app: Flask) -> Client:
    """A browser in front of everything that the server serves."""
    return Client(create_server(app), TestResponse)


def text_of(answer: TestResponse) -> str:
    """The words of a page, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def names_on(answer: TestResponse) -> list[str]:
    """Who stands on the page, in its order."""
    found = re.findall(r'class="(?:name|strong)">([^<\d][^<]*)</span>', answer.get_data(as_text=True))
    return [name for name in found if name.split()[0] in {"Trần", "Nguyễn", "Lê", "Phạm", "Hoàng", "Thí"}]


def sheets_of(answer: TestResponse) -> dict[str, list[list[object]]]:
    """The sheets of a file that was sent."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def finished(app: Flask, clock: ManualClock) -> Finished:
    return finish_round(clock, PEOPLE)


@pytest.fixture
def listed(sqlite_app: Flask, clock: ManualClock) -> Finished:
    """The same on SQLite, everybody public."""
    return finish_round(clock, PEOPLE, Publication(full_list=True))


def url(finished: Finished, more: str = "") -> str:
    return f"{PREFIX}/{finished.round.public_id}{more}"


def test_nothing_is_public_before_publication(app: Flask, finished: Finished) -> None:
    prepared(finished)
    browser = server(app)
    for address in (url(finished), url(finished, "?xem=tap-the"), url(finished, "/ket-qua.xlsx"), url(finished, "?q=bach")):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "Không tìm thấy trang này" in text_of(answer)
        assert "Bạch" not in text_of(answer)


def test_the_board_says_what_it_is(app: Flask, finished: Finished) -> None:
    published_standing(finished)
    answer = server(app).get(url(finished))
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Đã công bố · bản 1" in text
    assert "Kết quả Vòng 1 · Thành ủy Hà Nội" in text
    assert "4 đồng chí dự thi · công bố 09:11, 24/11/2026 · xếp theo tổng điểm, rồi thời gian làm bài" in text
    assert names_on(answer)[:3] == ["Nguyễn Thị Ánh", "Trần Văn Bạch", "Lê Văn Đức"]


def test_names_are_text_and_nothing_personal_is_told(app: Flask, finished: Finished) -> None:
    published_standing(finished)
    page = server(app).get(url(finished)).get_data(as_text=True)
    assert "Phạm &lt;b&gt;Văn&lt;/b&gt; Ân" in page
    assert "0912345678" not in page
    assert "noindex" in page


def test_headers_let_everybody_keep_it_for_a_moment(app: Flask, finished: Finished) -> None:
    published_standing(finished)
    browser = server(app)
    answer = browser.get(url(finished))
    assert answer.headers["Cache-Control"] == "public, max-age=10"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    again = browser.get(url(finished), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    packed = browser.get(url(finished), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.get_data()) < len(answer.get_data()) / 2


def test_only_the_leading_places_are_named_by_default(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, PEOPLE, Publication(leading_places=1))
    published_standing(finished)
    browser = server(sqlite_app)
    everything = [
        browser.get(url(finished, more))
        for more in ("", "?q=duc", "?q=tam+hiep", "?trang=2", "?so_dong=200", "?xem=don-vi", "?xem=tap-the")
    ]
    for answer in everything:
        assert answer.status_code == 200
        assert "Lê Văn Đức" not in text_of(answer)
        assert "Ân" not in text_of(answer)
    assert names_on(everything[0]) == ["Nguyễn Thị Ánh", "Trần Văn Bạch"]  # both share the last named place
    assert "từ hạng 1 đến hạng 1" in text_of(everything[0])
    sheets = sheets_of(browser.get(url(finished, "/ket-qua.xlsx")))
    assert list(sheets) == ["Cá nhân", "Theo đơn vị", "Tập thể"]
    assert "Đức" not in str(sheets)
    assert "Bạch" in str(sheets)


def test_nobody_and_no_totals_where_the_rules_say_so(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, PEOPLE, Publication(leading_places=0, unit_totals=False))
    published_standing(finished)
    browser = server(sqlite_app)
    answer = browser.get(url(finished, "?xem=tap-the"))
    assert names_on(answer) == []
    assert "Tập thể" not in text_of(answer)
    assert "không nêu tên ai" in text_of(answer)
    assert list(sheets_of(browser.get(url(finished, "/ket-qua.xlsx")))) == ["Cá nhân", "Theo đơn vị"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bach", ["Trần Văn Bạch"]),
        ("BẠCH", ["Trần Văn Bạch"]),
        ("tam hiep", ["Nguyễn Thị Ánh", "Lê Văn Đức"]),
        ("duc phuc tho", ["Lê Văn Đức"]),
        ("le v", ["Lê Văn Đức"]),
        ("khong co ai", []),
        ("%", []),
        ("' OR 1=1", []),
    ],
)
def test_people_are_found_without_accents(sqlite_app: Flask, listed: Finished, query: str, found: list[str]) -> None:
    published_standing(listed)
    answer = server(sqlite_app).get(url(listed), query_string={"q": query})
    assert answer.status_code == 200
    assert names_on(answer) == found
    if not found:
        assert "Không tìm thấy" in text_of(answer)


def test_pages(sqlite_app: Flask, clock: ManualClock) -> None:
    everybody = [Sat(f"Thí sinh {n:02}", right=3, seconds=60 + n) for n in range(32)]
    finished = finish_round(clock, everybody, Publication(full_list=True))
    published_standing(finished)
    browser = server(sqlite_app)
    first = browser.get(url(finished, "?so_dong=25"))
    second = browser.get(url(finished, "?so_dong=25&trang=2"))
    assert names_on(first) == [f"Thí sinh {n:02}" for n in range(28)]  # three winners on top, 25 in the table
    assert names_on(second) == [f"Thí sinh {n:02}" for n in range(28, 32)]
    assert "4–28 trong 32" in text_of(first)
    assert "29–32 trong 32" in text_of(second)
    assert "1–1 trong 1" in text_of(browser.get(url(finished, "?q=sinh+07")))
    for broken in ("?trang=0", "?trang=-3", "?trang=abc", "?so_dong=7", "?xem=gi-do", "?sap_xep=x"):
        assert names_on(browser.get(url(finished, broken)))[0] == "Thí sinh 00"
    assert names_on(browser.get(url(finished, "?so_dong=25&trang=99999"))) == names_on(second)


def test_a_units_board_has_its_own_ranks_and_people(sqlite_app: Flask, listed: Finished) -> None:
    published_standing(listed)
    browser = server(sqlite_app)
    district = listed.world.districts["Huyện Phúc Thọ"]
    answer = browser.get(url(listed, f"?don-vi={district.public_id}"))
    assert "Kết quả Vòng 1 · Huyện Phúc Thọ" in text_of(answer)
    assert names_on(answer) == ["Lê Văn Đức"]
    assert "medal-1" in answer.get_data(as_text=True)
    assert "Chi bộ thôn 1 · Xã Tam Hiệp <" not in answer.get_data(as_text=True)
    one, other = (listed.world.communes[f"Xã Tam Hiệp, {name}"] for name in listed.world.districts)
    assert names_on(browser.get(url(listed, f"?don-vi={one.public_id}"))) == ["Nguyễn Thị Ánh"]
    assert names_on(browser.get(url(listed, f"?don-vi={other.public_id}"))) == ["Lê Văn Đức"]
    assert names_on(browser.get(url(listed, f"?don-vi={one.public_id}&q=duc"))) == []
    assert browser.get(url(listed, "?don-vi=khong-co")).status_code == 404
    cell = listed.world.cells[DONG_MY]
    assert browser.get(url(listed, f"?don-vi={cell.public_id}")).status_code == 404


def test_a_mean_that_would_tell_a_persons_mark_is_not_shown(sqlite_app: Flask, listed: Finished) -> None:
    published_standing(listed)
    text = text_of(server(sqlite_app).get(url(listed, "?xem=tap-the")))
    assert "Huyện Phúc Thọ 1/1 100 % –" in text
    assert "Huyện Thanh Trì 3/4 75 % 3,33" in text


def test_many_equal_winners_all_stand_on_top(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, [Sat(f"Thí sinh {n}", right=4, seconds=60) for n in range(5)])
    published_standing(finished)
    page = server(sqlite_app).get(url(finished)).get_data(as_text=True)
    assert page.count("medal medal-1") == 5


def test_invented_contests_say_so(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, PEOPLE[:1], is_sample=True)
    published_standing(finished)
    browser = server(sqlite_app)
    assert "Dữ liệu mẫu" in text_of(browser.get(url(finished)))
    assert "Dữ liệu mẫu" in str(sheets_of(browser.get(url(finished, "/ket-qua.xlsx"))))


def test_a_new_version_takes_the_place_and_a_withdrawn_one_goes(app: Flask, finished: Finished) -> None:
    published_standing(finished)
    browser = server(app)
    before = browser.get(url(finished))
    second = published_standing(finished, "Sửa đáp án")
    after = browser.get(url(finished))
    assert "bản 2" in text_of(after)
    assert before.headers["ETag"] != after.headers["ETag"]
    with unit_of_work():
        withdraw(second, finished.organiser, "Lý do nội bộ")
    gone = browser.get(url(finished))
    assert "đã được thu hồi" in text_of(gone)
    assert "Bạch" not in text_of(gone)
    assert "Lý do nội bộ" not in text_of(gone)
    assert browser.get(url(finished, "/ket-qua.xlsx")).status_code == 404


def test_the_excel_of_a_unit_cannot_run(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(
        clock, [Sat("=1+1 Nguyễn", TAM_HIEP_PT, right=1), Sat("Lê An", DONG_MY)], Publication(full_list=True)
    )
    published_standing(finished)
    district = finished.world.districts["Huyện Phúc Thọ"]
    answer = server(sqlite_app).get(url(finished, f"/ket-qua.xlsx?don-vi={district.public_id}"))
    sheets = sheets_of(answer)
    assert "'=1+1 Nguyễn" in str(sheets["Cá nhân"])
    assert "Lê An" not in str(sheets)


def test_a_long_public_file_is_made_by_the_worker_when_it_is_published(
    sqlite_app: Flask, listed: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("boards", "board_pages", "exporting"):
        monkeypatch.setattr(f"contest.standings.{module}.DIRECT", 2)
    published_standing(listed)
    browser = server(sqlite_app)
    waiting = browser.get(url(listed, "/ket-qua.xlsx"))
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (503, "30")
    job = run_now(db.session.scalars(select(Job.id).where(Job.kind == "standings.public_file")).one())
    assert job.state == "done", job.message
    assert list(sheets_of(browser.get(url(listed, "/ket-qua.xlsx")))) == ["Cá nhân", "Theo đơn vị", "Tập thể"]
    district = listed.world.districts["Huyện Thanh Trì"].public_id
    assert browser.get(url(listed, f"/ket-qua.xlsx?don-vi={district}")).status_code == 404
    assert "Tải Excel" not in text_of(browser.get(url(listed, f"?don-vi={district}")))


def test_an_empty_standing_is_a_page_too(sqlite_app: Flask, clock: ManualClock) -> None:
    finished = finish_round(clock, [Sat("Nguyễn Văn An", seconds=None)])
    published_standing(finished)
    browser = server(sqlite_app)
    for more in ("", "?xem=don-vi", "?xem=tap-the", "?q=an", "/ket-qua.xlsx"):
        assert browser.get(url(finished, more)).status_code == 200


def test_every_route_of_the_bare_app_says_who_may(sqlite_app: Flask) -> None:
    create_server(sqlite_app)
    boards: Flask = sqlite_app.extensions["bare_apps"][PREFIX]
    assert {rule.endpoint for rule in boards.url_map.iter_rules()} == {"none", "board", "excel"}
    assert {access_of(view) for view in boards.view_functions.values()} == {"public"}
    browser: FlaskClient = boards.test_client()
    assert browser.post("/abc").status_code == 405
    assert browser.get("/").location == "/"
    db.session.rollback()
