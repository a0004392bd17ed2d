"""A round's settings: stored as rules, faults at their fields, the bank beside the blueprint, no JavaScript needed."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from contest.rounds.models import Round
from contest.rounds.service import WindowPlan as Plan
from contest.rounds.service import add_round, create_contest, round_rules, rules_of, set_windows
from contest.rules.parts.quiz import BlueprintCell
from core.database import db, unit_of_work
from core.database.server_time import now
from questions.bank.models import Topic
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.world import World


@pytest.fixture
def round_(world: World) -> Round:
    """A round of Thanh Trì in preparation: 3 questions of one topic; the bank has 5 of it and 2 of another."""
    with unit_of_work():
        one, two = w.add_topic("Điều lệ Đảng"), w.add_topic("Lịch sử Đảng")
        for number in range(5):
            w.add_question(world.city, one, f"Câu {number}?", level="nhận biết" if number < 3 else "thông hiểu")
        for number in range(2):
            w.add_question(world.city, two, f"Sử {number}?")
        contest = create_contest(world.districts["Huyện Thanh Trì"], "Hội thi", hotline="1")
        return add_round(contest, "Vòng 1", cells=[BlueprintCell(topic="Điều lệ Đảng", count=3)])


def url(round_: Round) -> str:
    return f"/quan-tri/vong-thi/{round_.public_id}/noi-dung"


def sent(*cells: tuple[str, str, str, str], **changes: Any) -> dict[str, Any]:
    """What the browser sends; ``cells`` are (topic, level, type, count)."""
    data: dict[str, Any] = {
        "name": "Vòng 1", "minutes": "25", "points": "1", "attempts": "1", "grace": "5", "late_bound": "10",
        "shuffle_questions": "y", "shuffle_options": "y", "marks": "after_round", "answers": "after_round",
        "explanations": "after_round", "instructions": "", "rank_1": "score", "rank_2": "seconds", "rank_3": "",
        "rank_4": "", "ties": "1,1,3", "leading_places": "20", "unit_totals": "y",
    }  # fmt: skip
    for number, cell in enumerate(cells or [("Điều lệ Đảng", "", "", "3")]):
        for name, value in zip(("topic", "level", "type", "count"), cell, strict=True):
            data[f"cells-{number}-{name}"] = value
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def test_the_page_shows_what_is_stored(as_: Enter, round_: Round) -> None:
    page = as_("thanhtri").get(url(round_)).text
    assert re.search(r'name="minutes"[^>]*value="25"', page)
    assert re.search(r'<option selected value="Điều lệ Đảng">', page)
    assert re.search(r'<option selected value="seconds">', page)


def test_everything_is_stored_as_rules(as_: Enter, round_: Round) -> None:
    cells = [("Điều lệ Đảng", "nhận biết", "single", "2"), ("Lịch sử Đảng", "", "", "1")]
    data = sent(
        *cells, name="Sơ khảo", minutes="30", points="0,5", attempts="2", shuffle_options=None, finish_after_window="y",
        answers="after_publication", explanations="never", instructions="Dòng một\r\nDòng hai", rank_1="correct",
        rank_2="score", rank_3="seconds", leading_places="3", unit_totals=None, full_list="y", ties="1,1,2",
    )  # fmt: skip
    answer = as_("thanhtri").post(url(round_), data=data)
    assert answer.status_code == 303
    rules, whole = round_rules(round_), rules_of(round_.contest)
    quiz = rules.quizzes[0]
    assert [(c.topic, c.level, c.type, c.count) for c in quiz.blueprint] == [
        ("Điều lệ Đảng", "nhận biết", "single", 2),
        ("Lịch sử Đảng", None, None, 1),
    ]
    assert (round_.name, rules.name, rules.minutes, quiz.points_per_question) == ("Sơ khảo", "Sơ khảo", 30, Decimal("0.5"))
    assert (quiz.shuffle_questions, quiz.shuffle_options, rules.finish_after_window) == (True, False, True)
    assert (rules.attempts.limit, rules.show.answers, rules.show.explanations) == (2, "after_publication", "never")
    assert rules.instructions == "Dòng một\nDòng hai"
    assert [c.kind for c in whole.ranking] == ["correct", "score", "seconds"] and whole.ties == "1,1,2"
    publication = whole.publication
    assert (publication.leading_places, publication.unit_totals, publication.full_list) == (3, False, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"minutes": "0"}, "Phải từ 1 đến 600, đang là 0."),
        ({"minutes": "nhiều"}, "Xin nhập một số nguyên."),
        ({"minutes": ""}, "Xin ghi số phút."),
        ({"points": "một"}, "Xin nhập một số, ví dụ 1 hoặc 0,5."),
        ({"points": "0,123"}, "Chỉ được có tối đa 2 chữ số thập phân."),
        ({"name": " "}, "Xin ghi tên vòng thi."),
        ({"grace": "61"}, "Phải từ 0 đến 60"),
        ({"rank_2": "score"}, "Tiêu chí này đã có ở mục thứ 1."),
        ({"rank_1": "", "rank_2": ""}, "Chưa có tiêu chí xếp hạng nào."),
        ({"explanations": "after_round", "answers": "never"}, "Giải thích làm lộ đáp án"),
        ({"cells-0-count": "0"}, "Phải từ 1 đến 500"),
        ({"cells-0-count": "ba"}, "Xin nhập một số nguyên."),
        ({"leading_places": "2000"}, "Phải từ 0 đến 1000"),
    ],
)
def test_each_fault_is_told_and_what_was_typed_stays(
    as_: Enter, round_: Round, change: dict[str, str], message: str
) -> None:
    before = rules_of(round_.contest)
    answer = as_("thanhtri").post(url(round_), data={**sent(instructions="Tôi đã gõ"), **change})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Tôi đã gõ" in answer.text
    for value in change.values():
        assert not value or f'value="{value}"' in answer.text
    assert rules_of(round_.contest) == before


def test_the_same_cell_twice_is_refused_at_its_row(as_: Enter, round_: Round) -> None:
    answer = as_("thanhtri").post(url(round_), data=sent(("", "", "", "1"), ("", "", "", "2")))
    assert answer.status_code == 422 and "Trùng với dòng 1 của ma trận đề" in answer.text


def test_without_a_row_the_paper_has_no_questions(as_: Enter, round_: Round) -> None:
    data = {name: value for name, value in sent().items() if not name.startswith("cells-")}
    answer = as_("thanhtri").post(url(round_), data=data)
    assert answer.status_code == 422 and "Chưa có dòng nào trong ma trận đề" in answer.text


def test_rows_come_and_go_by_buttons(as_: Enter, round_: Round) -> None:
    browser = as_("thanhtri")
    page = browser.post(url(round_), data=sent(lam="them", name="Tên tôi gõ")).text
    assert 'name="cells-1-count"' in page and 'value="Tên tôi gõ"' in page
    page = browser.post(url(round_), data=sent(("", "", "", "7"), ("", "", "", "9"), bo="0")).text
    assert 'value="9"' in page and 'value="7"' not in page
    assert round_rules(round_).questions == 3, "nothing is saved by adding and removing"


def test_a_topic_that_is_gone_stays_visible_until_it_is_changed(as_: Enter, round_: Round) -> None:
    with unit_of_work():
        db.session.scalars(select(Topic).where(Topic.name == "Điều lệ Đảng")).one().name = "Điều lệ"
    page = as_("thanhtri").get(url(round_)).text
    assert "Điều lệ Đảng (không còn trong danh mục)" in page


def test_the_bank_stands_beside_each_cell_of_the_rows_on_the_screen(as_: Enter, round_: Round) -> None:
    browser = as_("thanhtri")
    page = text_of(browser.get(url(round_)))
    assert "Ngân hàng đủ câu cho mọi ô" in page
    page = text_of(browser.post(url(round_), data=sent(("Lịch sử Đảng", "", "", "4"), lam="xem")))
    assert "Ngân hàng còn thiếu 2 câu" in page and "2/4 · thiếu 2" in page
    fragment = browser.post(url(round_) + "/kho", data=sent(("Lịch sử Đảng", "", "", "4")))
    assert "2/4 · thiếu 2" in text_of(fragment) and "<html" not in fragment.text


def test_windows_of_other_hours_need_questions_of_their_own(as_: Enter, world: World, round_: Round) -> None:
    day = now() + timedelta(days=1)
    communes = [world.communes[f"Xã {name}, Huyện Thanh Trì"] for name in ("Đông Mỹ", "Tam Hiệp")]
    with unit_of_work():
        set_windows(round_, [Plan(unit, day, day + timedelta(hours=1)) for unit in communes])
    browser = as_("thanhtri")
    assert "Ngân hàng đủ câu cho mọi ô" in text_of(browser.get(url(round_)))
    with unit_of_work():
        later = day + timedelta(hours=6)
        hour = timedelta(hours=1)
        set_windows(round_, [Plan(communes[0], day, day + hour), Plan(communes[1], later, later + hour)])
    page = text_of(browser.get(url(round_)))
    assert "cần gấp 2 lần" in page and "5/6 · thiếu 1" in page


def test_only_the_contests_own_organisers_may_look_or_save(as_: Enter, round_: Round) -> None:
    for somebody in ("phuctho", "thuky", "kiemtra"):
        assert as_(somebody).get(url(round_)).status_code == 403
        assert as_(somebody).post(url(round_), data=sent()).status_code == 403
        assert as_(somebody).post(url(round_) + "/kho", data=sent()).status_code == 403


def test_an_opened_round_is_not_edited(as_: Enter, round_: Round) -> None:
    with unit_of_work():
        round_.state = "open"
        round_.opened_at = now()
    browser = as_("thanhtri")
    assert browser.get(url(round_)).status_code == 302
    assert browser.post(url(round_), data=sent(minutes="90")).status_code == 302
    assert round_rules(round_).minutes == 25
