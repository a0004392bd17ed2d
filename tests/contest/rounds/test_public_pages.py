"""The first page and the rules, for everybody: what is open, what comes next, what was published."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from contest.rounds.service import WindowPlan, add_round, create_contest, set_windows
from contest.rules.parts.quiz import BlueprintCell
from core.database import unit_of_work
from core.database.server_time import ManualClock, now
from tests.contest.conftest import Enter, text_of
from tests.world import World, open_district_round


def test_an_empty_house_still_has_two_ways_in(site: Flask) -> None:
    answer = site.test_client().get("/")
    page = answer.text
    assert "Hiện chưa có vòng thi nào mở." in page
    assert 'href="/thi"' in page and 'href="/dang-nhap"' in page
    assert "noindex" in page and answer.headers["X-Robots-Tag"] == "noindex"


def test_a_round_moves_from_coming_to_open_to_gone_by_the_clock(world: World, site: Flask, clock: ManualClock) -> None:
    opened = open_district_round(world, opens=now() + timedelta(hours=2))
    browser = site.test_client()
    page = text_of(browser.get("/"))
    assert "Sắp tới" in page and "Mở lúc 10:00, 24/11/2026" in page and "10:00–11:00" in page and "Huyện Thanh Trì" in page
    assert "Đang mở" not in page
    clock.advance(2 * 3600)
    page = text_of(browser.get("/"))
    assert "Đang mở" in page and "Sắp tới" not in page and "4 câu · 25 phút" in page
    clock.advance(3600)
    page = text_of(browser.get("/"))
    assert "Hiện chưa có vòng thi nào mở." in page
    with unit_of_work():
        opened.round.state, opened.round.published_at = "closed", now()
    page = browser.get("/").text
    assert "Kết quả đã công bố" in page and f"/ket-qua/{opened.round.public_id}" in page


def test_where_contestants_come_in_stands_what_comes_next(world: World, site: Flask, clock: ManualClock) -> None:
    open_district_round(world, opens=now() + timedelta(hours=2))
    browser = site.test_client()
    page = text_of(browser.get("/thi"))
    assert "Vòng thi sắp tới Vòng 1 · Huyện Thanh Trì 4 câu · 25 phút · mở lúc 10:00, 24/11/2026" in page
    clock.advance(2 * 3600)
    assert "Vòng thi đang mở" in text_of(browser.get("/thi"))
    clock.advance(3600)
    assert "Vòng thi" not in text_of(browser.get("/thi"))


def test_a_round_in_preparation_is_nobodys_business(world: World, site: Flask, as_: Enter) -> None:
    with unit_of_work():
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi kín", hotline="1", introduction="Chào")
        round_ = add_round(contest, "Vòng 1", cells=[BlueprintCell(count=4)])
        set_windows(round_, [WindowPlan(contest.unit, now(), now() + timedelta(hours=1))])
    url = f"/the-le/{contest.public_id}"
    assert "Hội thi kín" not in site.test_client().get("/").text
    assert site.test_client().get(url).status_code == 404
    assert as_("phuctho").get(url).status_code == 404
    assert "Bản xem trước" in as_("thanhtri").get(url).text


def test_the_rules_are_read_in_plain_words_from_the_day_the_round_is_open(world: World, site: Flask) -> None:
    opened = open_district_round(world, opens=now() + timedelta(hours=2))
    page = text_of(site.test_client().get(f"/the-le/{opened.contest.public_id}"))
    assert "Đề có 4 câu hỏi trắc nghiệm" in page
    assert "Ca thi của Huyện Thanh Trì: từ 10:00 đến 11:00 ngày 24/11/2026." in page
    assert "Bản xem trước" not in page


def test_an_unknown_contest_is_not_found(site: Flask) -> None:
    assert site.test_client().get("/the-le/khong-co").status_code == 404
