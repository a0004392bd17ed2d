"""A contest's steps with what is missing, and opening a round: what it says first, refusing, taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.papers.opening import open_round
from contest.papers.wizard import stages_of
from contest.rounds.entries import enter_people
from contest.rounds.models import Contest, Round
from contest.rounds.service import WindowPlan, add_round, create_contest, remove_round, set_windows
from contest.rules.parts.quiz import BlueprintCell
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from questions.bank.models import Topic
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.world import World


@pytest.fixture
def contest(world: World) -> Contest:
    """A contest of Thanh Trì, just founded."""
    with unit_of_work():
        return create_contest(world.districts["Huyện Thanh Trì"], "Hội thi", hotline="024 1")


def prepared(world: World, contest: Contest, questions: int = 4) -> Round:
    """A round with everything that it needs; its window opens in an hour."""
    with unit_of_work():
        topic = w.add_topic("Điều lệ Đảng")
        for number in range(questions):
            w.add_question(world.city, topic, f"Câu {number}?")
        round_ = add_round(contest, "Vòng 1", cells=[BlueprintCell(topic="Điều lệ Đảng", count=4)])
        begin = now() + timedelta(hours=1)
        set_windows(round_, [WindowPlan(contest.unit, begin, begin + timedelta(hours=1))])
        cell = world.cells["Chi bộ thôn 1, Xã Đông Mỹ, Huyện Thanh Trì"]
        enter_people(contest, [w.add_person(cell, "Nguyễn Văn An")])
    return round_


def states(contest: Contest) -> list[str]:
    return [stage.state for stage in stages_of(contest)]


def test_the_steps_say_what_is_missing_from_the_first_day_on(as_: Enter, contest: Contest) -> None:
    assert states(contest) == ["done", "now", "later", "later", "later", "later", "later"]
    page = text_of(as_("thanhtri").get(f"/quan-tri/hoi-thi/{contest.public_id}"))
    assert "Chưa có vòng thi nào" in page and "Chưa có thí sinh nào" in page


def test_the_steps_follow_what_is_done(as_: Enter, world: World, contest: Contest) -> None:
    with unit_of_work():
        round_ = add_round(contest, "Vòng 1", cells=[BlueprintCell(topic="Chưa có", count=4)])
    assert states(contest) == ["done", "done", "now", "later", "later", "later", "later"]
    page = text_of(as_("thanhtri").get(f"/quan-tri/hoi-thi/{contest.public_id}"))
    assert "Thiếu 4 câu: Chưa có" in page and "Chưa có ca thi nào" in page
    with unit_of_work():
        remove_round(round_)
    ready = prepared(world, contest)
    assert states(contest) == ["done", "done", "done", "done", "done", "now", "later"]
    with unit_of_work():
        open_round(ready)
    assert states(contest) == ["done", "done", "done", "done", "done", "done", "now"]


def test_a_round_that_is_not_ready_says_why_and_stays(as_: Enter, world: World, contest: Contest) -> None:
    round_ = prepared(world, contest, questions=3)
    browser = as_("thanhtri")
    url = f"/quan-tri/vong-thi/{round_.public_id}/mo"
    page = text_of(browser.get(url))
    assert "Thiếu 1 câu: Điều lệ Đảng" in page and "Mở vòng nghĩa là" not in page
    answer = browser.post(url)
    assert answer.status_code == 409 and "Chưa mở được vòng thi" in text_of(answer)
    assert db.session.get_one(Round, round_.id).state == "draft"


def test_opening_says_what_it_means_and_then_does_it(as_: Enter, world: World, contest: Contest) -> None:
    round_ = prepared(world, contest)
    browser = as_("thanhtri")
    url = f"/quan-tri/vong-thi/{round_.public_id}/mo"
    assert "Bộ câu hỏi được chốt" in text_of(browser.get(url))
    page = text_of(browser.post(url, follow_redirects=True))
    assert "Đã mở Vòng 1 với 4 câu hỏi" in page and "Đưa về chuẩn bị" in page
    assert db.session.get_one(Round, round_.id).state == "open"


def test_a_round_is_taken_back_before_its_first_window_and_not_after(
    as_: Enter, world: World, contest: Contest, clock: ManualClock
) -> None:
    round_ = prepared(world, contest)
    with unit_of_work():
        open_round(round_)
    browser = as_("thanhtri")
    url = f"/quan-tri/vong-thi/{round_.public_id}/chuan-bi"
    assert "trở về chuẩn bị" in text_of(browser.post(url, follow_redirects=True))
    assert db.session.get_one(Round, round_.id).state == "draft"
    with unit_of_work():
        open_round(db.session.get_one(Round, round_.id))
    clock.advance(3600)
    assert "không đưa về chuẩn bị được nữa" in text_of(browser.post(url, follow_redirects=True))
    assert db.session.get_one(Round, round_.id).state == "open"


def test_a_round_in_preparation_can_be_removed(as_: Enter, world: World, contest: Contest) -> None:
    round_ = prepared(world, contest)
    number = round_.id
    as_("thanhtri").post(f"/quan-tri/vong-thi/{round_.public_id}/xoa")
    assert db.session.get(Round, number) is None
    other = prepared_again(contest)
    with unit_of_work():
        other.state = "open"
        other.opened_at = now()
    assert "không xóa được" in text_of(as_("thanhtri").post(f"/quan-tri/vong-thi/{other.public_id}/xoa", follow_redirects=True))
    assert db.session.get(Round, other.id) is not None


def prepared_again(contest: Contest) -> Round:
    with unit_of_work():
        return add_round(contest, "Vòng 2", cells=[BlueprintCell(count=1)])


def test_rounds_of_others_are_closed(as_: Enter, world: World, contest: Contest) -> None:
    round_ = prepared(world, contest)
    base = f"/quan-tri/vong-thi/{round_.public_id}"
    other, clerk = as_("phuctho"), as_("thuky")
    assert other.get(base).status_code == 403 and other.get(f"{base}/mo").status_code == 403
    for action in ("mo", "chuan-bi", "xoa"):
        assert other.post(f"{base}/{action}").status_code == 403
        assert clerk.post(f"{base}/{action}").status_code == 403
    assert clerk.get(base).status_code == 200
    assert db.session.get_one(Round, round_.id).state == "draft"


def test_the_same_from_the_command_line(site: Flask, world: World, contest: Contest) -> None:
    round_ = prepared(world, contest, questions=3)
    runner = site.test_cli_runner()
    refused = runner.invoke(args=["rounds", "open", round_.public_id])
    assert refused.exit_code == 1 and "Thiếu 1 câu" in refused.output
    checked = runner.invoke(args=["rounds", "check", round_.public_id])
    assert checked.exit_code == 1 and "✗ Thiếu 1 câu" in checked.output
    with unit_of_work():
        w.add_question(world.city, db.session.scalars(select(Topic)).one(), "Câu nữa?")
    assert runner.invoke(args=["rounds", "check", round_.public_id]).exit_code == 0
    assert "Đã mở vòng thi với 4 câu hỏi." in runner.invoke(args=["rounds", "open", round_.public_id]).output
    listed = runner.invoke(args=["contests", "list"]).output
    assert contest.public_id in listed and "Đang mở" in listed
