"""Pages of statistics as those read them who may: setters with wording and keys, organisers without."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from contest.insights.jobs import ask_for_statistics
from contest.insights.plotting import HEIGHT, height_of, totals_of
from core.database import db, table_of, unit_of_work
from core.database.server_time import ManualClock
from core.jobs import run_now
from questions.bank.models import Question
from questions.statistics.models import ItemStatistic
from tests import world as w
from tests.contest.conftest import text_of
from tests.contest.standings.rounds_for_tests import Finished, Sat, finish_round
from tests.core.accounts.conftest import Browser

EVERYBODY = [Sat(f"Người {n}", right=n % 5, seconds=60) for n in range(6)]


@pytest.fixture
def finished(site: Flask, clock: ManualClock) -> Finished:
    """A settled round of the city with its statistics; a setter of the city and one of a district."""
    made = finish_round(clock, EVERYBODY)
    with unit_of_work():
        w.add_account("rade", ("question_setter", made.world.city))
        w.add_account("rade-huyen", ("question_setter", made.world.districts["Huyện Thanh Trì"]))
        job = ask_for_statistics(made.round)
        number = job.id
    assert run_now(number).state == "done"
    return made


def enter(app: Flask, username: str) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.sign_in(username, w.PASSWORD)
    return browser


def test_a_setter_reads_questions_figures_and_options(site: Flask, finished: Finished) -> None:
    browser = enter(site, "rade")
    url = f"/quan-tri/vong-thi/{finished.round.public_id}/thong-ke"
    page = browser.get(url)
    text = text_of(page)
    assert page.status_code == 200
    assert "6 người dự thi" in text and "Câu hỏi số" in text and "Phân bố số câu đúng" in text
    assert finished.round.name in text_of(browser.get("/quan-tri/thong-ke"))
    link = re.search(r'href="(/quan-tri/cau-hoi/[^"]+/thong-ke)"', page.get_data(as_text=True))
    assert link is not None
    own = text_of(browser.get(link[1]))
    assert "Ai chọn phương án nào" in own and "Đáp án" in own and finished.contest.name in own
    assert "Thống kê qua các vòng thi" in text_of(browser.get(link[1].removesuffix("/thong-ke")))


def test_an_organiser_reads_the_figures_without_wording_or_keys(site: Flask, finished: Finished) -> None:
    browser = enter(site, "to-chuc")
    url = f"/quan-tri/vong-thi/{finished.round.public_id}/thong-ke"
    body = browser.get(url).get_data(as_text=True)
    assert "Câu 1" in body and "Điều lệ Đảng" in body
    assert "Câu hỏi số" not in body and "/quan-tri/cau-hoi/" not in body
    # Searching the wording that one may not see finds nothing: it would tell what it says.
    listed = 'class="strong">Câu '
    assert listed not in browser.get(f"{url}?q=cau+hoi+so").get_data(as_text=True)
    assert listed in browser.get(f"{url}?q=dieu+le").get_data(as_text=True)
    for name in ("thong-ke.csv", "thong-ke.xlsx"):
        assert b"C\xc3\xa2u h\xe1\xbb\x8fi s\xe1\xbb\x91" not in browser.get(url.removesuffix("thong-ke") + name).data


def test_a_setter_of_a_unit_below_has_nothing_to_do_with_the_city_round(site: Flask, finished: Finished) -> None:
    browser = enter(site, "rade-huyen")
    assert browser.get(f"/quan-tri/vong-thi/{finished.round.public_id}/thong-ke").status_code == 403
    assert finished.round.name not in text_of(browser.get("/quan-tri/thong-ke"))


def test_the_list_is_sorted_filtered_and_exported_alike(site: Flask, finished: Finished) -> None:
    rows = table_of(ItemStatistic)
    with unit_of_work() as session:
        session.execute(update(rows).values(flags=""))
        session.execute(update(rows).where(rows.c.position == 2).values(flags=" key_may_be_wrong ", urgency=10))
        session.execute(update(rows).where(rows.c.position == 3).values(difficulty=None))
    browser = enter(site, "rade")
    base = f"/quan-tri/vong-thi/{finished.round.public_id}/thong-ke"

    def numbers(query: str) -> list[int]:
        answer = browser.get(f"{base}.csv?{query}")
        table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert table[0][0] == "Số"
        return [int(line[0]) for line in table[1:]]

    assert numbers("") == sorted(numbers(""))
    assert numbers("dau=key_may_be_wrong") == [2]
    assert numbers("sap_xep=do-kho")[0] == 3 and numbers("sap_xep=-do-kho")[-1] == 3
    shown = re.findall(r'class="strong">(\d+)\.</span>', browser.get(f"{base}?dau=key_may_be_wrong").get_data(as_text=True))
    assert shown == ["2"]
    assert "Có thể sai đáp án" in text_of(browser.get(f"{base}?q=cau+hoi"))
    topic = db.session.scalar(select(Question.public_id).limit(1))
    assert numbers(f"chu_de={topic}") == []  # no topic of that name
    assert browser.get(f"{base}.xlsx").data[:2] == b"PK"


def test_before_there_are_any_the_page_says_when(site: Flask, clock: ManualClock) -> None:
    made = finish_round(clock, EVERYBODY[:1])
    browser = enter(site, "to-chuc")
    url = f"/quan-tri/vong-thi/{made.round.public_id}/thong-ke"
    assert "Hệ thống tự tính trong vài phút" in text_of(browser.get(url))
    assert browser.get(f"{url}.xlsx").status_code == 404
    assert "đang chờ tính" in text_of(browser.get("/quan-tri/thong-ke"))


def test_places_in_the_plots() -> None:
    assert (height_of(1.0), height_of(2.0), height_of(-0.4), height_of(-1.0)) == (0, 0, HEIGHT, HEIGHT)
    assert height_of(0.3) == HEIGHT // 2  # half way between -0.4 and 1
    assert totals_of([[2, 5], [4, 1]]) == [("2", 5), ("3", 0), ("4", 1)]
    assert totals_of([]) == []
    wide = totals_of([[0, 1], [79, 2]])  # 80 totals in 40 columns
    assert len(wide) == 40 and wide[0] == ("0–1", 1) and wide[-1] == ("78–79", 2)
