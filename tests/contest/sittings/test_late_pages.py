"""Late answers on pages: what organisers see and decide, what contestants and the makers of standings are told."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from contest.sittings.deadlines import close_settled_rounds, finalise_due
from contest.sittings.journal import NewRow, Save, save
from contest.sittings.models import Result, Sitting
from contest.sittings.service import committed, seats_of
from contest.standings.publishing import confirm, publish
from contest.standings.service import newest, prepare
from core.accounts.contestants import DEVICE_COOKIE, hash_of_device
from core.accounts.models import Account
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.jobs import Job, run_now
from tests import world as w
from tests.conftest import MORNING
from tests.contest.conftest import Enter, text_of
from tests.core.accounts.conftest import Browser
from tests.starts import on_server, start_sitting
from tests.world import Opened, World, open_district_round

DEVICE = "a" * 32
REASON = {"reason": "Mất mạng cả xã"}


@pytest.fixture
def opened(world: World) -> Opened:
    return open_district_round(world)


def at(clock: ManualClock, minutes: float) -> None:
    """So many minutes after 08:00; whatever is due is finalised."""
    clock.advance(minutes * 60 - (now() - MORNING).total_seconds())
    finalise_due(db.engine)


def sat(opened: Opened, clock: ManualClock, person: int = 0, device: str = DEVICE) -> Sitting:
    """Started at 08:00; question 1 right at 08:01."""
    started = start_sitting(seats_of(opened.people[person])[0], device)
    sitting = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    at(clock, 1)
    send(sitting, 1, 0, device)
    return sitting


def send(sitting: Sitting, sequence: int, item: int, device: str = DEVICE) -> None:
    """The right answer to the question at ``item``, by a device whose clock is right."""
    payload = json.dumps([sitting.paper[item]["order"].index(0)])
    committed(save, Save(sitting.id, 1, device, (NewRow(sequence, "answer", item, None, payload, now()),), now()))


def page(opened: Opened, rest: str = "") -> str:
    return f"/quan-tri/vong-thi/{opened.round.public_id}/bai-den-muon{rest}"


def of(sitting: Sitting) -> str:
    return f"/quan-tri/luot-thi/{sitting.public_id}/bai-den-muon"


def numbers(sitting: Sitting) -> list[tuple[int, int]]:
    db.session.rollback()
    results = db.session.scalars(select(Result).where(Result.sitting_id == sitting.id).order_by(Result.number))
    return [(r.number, r.correct) for r in results]


def test_the_list_says_when_they_came_and_only_afterwards_what_they_would_change(
    as_: Enter, opened: Opened, clock: ManualClock
) -> None:
    sitting = sat(opened, clock)
    browser = as_("thanhpho")
    assert "Không có bài nào đến muộn" in text_of(browser.get(page(opened)))
    at(clock, 27)
    send(sitting, 2, 1)
    early = text_of(browser.get(page(opened)))
    assert "Nguyễn Văn An" in early and "Chưa quyết định được" in early and "đến 09:10, 24/11/2026" in early
    assert "08:27:00 sau khi hết giờ 2 phút 08:27:00" in early
    assert "điểm" not in early and "Cho tính tất cả" not in early
    at(clock, 71)
    later = text_of(browser.get(page(opened)))
    assert "1 → 2 điểm" in later and "Làm thêm câu 2" in later and "Cho tính tất cả 1 bài" in later
    assert "Nguyễn Văn An" in text_of(browser.get(page(opened, "?tinh_trang=cho&q=an")))
    for nothing in ("?tinh_trang=da-tinh", "?q=khong-co", "?tinh_trang=khong-tinh"):
        assert "Nguyễn Văn An" not in browser.get(page(opened, nothing)).text


def test_one_is_counted_for_a_reason_and_taken_back(as_: Enter, opened: Opened, clock: ManualClock) -> None:
    sitting = sat(opened, clock)
    at(clock, 27)
    send(sitting, 2, 1)
    browser = as_("thanhpho")
    assert "2 câu đúng" not in text_of(browser.get(of(sitting)))
    at(clock, 71)
    shown = text_of(browser.get(of(sitting)))
    assert "1 điểm, 1 câu đúng" in shown and "2 điểm, 2 câu đúng" in shown and "chỉ là lời khai của máy" in shown
    assert "Xin ghi lý do." in browser.post(of(sitting), data={"what": "tinh", "reason": " "}).text
    answer = browser.post(of(sitting), data={"what": "tinh", **REASON}, follow_redirects=True)
    assert "Đã cho tính. Kết quả bản 2: 2 điểm." in text_of(answer)
    assert "Tính câu trả lời đến muộn: Mất mạng cả xã" in text_of(answer) and numbers(sitting) == [(1, 1), (2, 2)]
    clock.advance(1)
    answer = browser.post(of(sitting), data={"what": "rut", "reason": "Nhầm"}, follow_redirects=True)
    assert "Đã thôi tính. Kết quả bản 3: 1 điểm." in text_of(answer)
    assert numbers(sitting) == [(1, 1), (2, 2), (3, 1)]


def test_all_are_counted_after_a_question_and_taken_back(as_: Enter, opened: Opened, clock: ManualClock) -> None:
    sitting = sat(opened, clock)
    at(clock, 27)
    send(sitting, 2, 1)
    browser = as_("thanhpho")
    assert "Vòng thi còn nhận câu trả lời" in text_of(browser.get(page(opened, "/tinh-het"), follow_redirects=True))
    at(clock, 71)
    assert "1 bài có câu trả lời đến muộn" in text_of(browser.get(page(opened, "/tinh-het")))
    assert "Xin ghi lý do." in browser.post(page(opened, "/tinh-het"), data={"reason": ""}).text
    assert browser.post(page(opened, "/tinh-het"), data=REASON).status_code == 303
    job = db.session.scalars(select(Job)).one()
    assert "Đang lập lại kết quả" in text_of(browser.get(page(opened)))
    assert run_now(job.id).state == "done" and numbers(sitting) == [(1, 1), (2, 2)]
    assert "Đã cho tính" in text_of(browser.get(page(opened)))
    clock.advance(1)
    browser.post(page(opened, "/rut-het"), data=REASON)
    run_now(db.session.scalars(select(Job.id).order_by(Job.id.desc())).first() or 0)
    assert numbers(sitting) == [(1, 1), (2, 2), (3, 1)]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action.like("late.%"))).all()
    assert [(e.action, e.actor, e.details["count"]) for e in entries] == [
        ("late.counted", "thanhpho (thanhpho)", 1), ("late.uncounted", "thanhpho (thanhpho)", 1),
    ]  # fmt: skip


def test_those_below_see_their_own_people_and_decide_nothing(as_: Enter, opened: Opened, clock: ManualClock) -> None:
    sitting = sat(opened, clock)
    at(clock, 27)
    send(sitting, 2, 1)
    at(clock, 71)
    district = as_("thanhtri")
    assert "Nguyễn Văn An" in district.get(page(opened)).text
    assert "Cho tính" not in text_of(district.get(of(sitting)))
    assert "Nguyễn Văn An" not in as_("phuctho").get(page(opened)).text
    assert as_("phuctho").get(of(sitting)).status_code == 403
    for somebody in ("thanhtri", "phuctho", "thuky", "kiemtra", "rade"):
        browser = as_(somebody)
        assert browser.post(of(sitting), data=REASON).status_code == 403
        for which in ("/tinh-het", "/rut-het"):
            assert browser.get(page(opened, which)).status_code == 403
            assert browser.post(page(opened, which), data=REASON).status_code == 403
    assert numbers(sitting) == [(1, 1)]


def account(name: str) -> Account:
    return db.session.scalars(select(Account).where(Account.username == name)).one()


def make_standing(opened: Opened, reason: str = "") -> None:
    with unit_of_work():
        job = prepare(opened.round, reason)
        job.account_id = account("thanhpho").id
    assert run_now(job.id).state == "done"


def test_a_standing_made_before_is_seen_to_be_out_of_date_and_what_is_confirmed_stays(
    as_: Enter, opened: Opened, clock: ManualClock
) -> None:
    sitting = sat(opened, clock)
    at(clock, 27)
    send(sitting, 2, 1)
    at(clock, 71)
    close_settled_rounds()
    browser = as_("thanhpho")
    standing_page = f"/quan-tri/vong-thi/{opened.round.public_id}/ket-qua"
    assert "1 bài có câu đến muộn chưa quyết định" in text_of(browser.get(standing_page))
    assert "1 bài có câu đến muộn" in text_of(browser.get(f"/quan-tri/vong-thi/{opened.round.public_id}/tinh-hinh"))
    make_standing(opened)
    first = newest(opened.round)
    assert first is not None and first.digest
    before = first.digest
    with unit_of_work():
        confirm(first, account("kiemtra"))
    clock.advance(5)
    browser.post(of(sitting), data={"what": "tinh", **REASON})
    shown = text_of(browser.get(standing_page))
    assert "Kết quả thi đã thay đổi sau khi lập bản 1" in shown and "chưa quyết định" not in shown
    clock.advance(5)
    make_standing(opened, "Tính câu đến muộn")
    second = newest(opened.round)
    assert second is not None and (second.number, second.digest != before) == (2, True)
    with unit_of_work():
        confirm(second, account("kiemtra"))
    refused = text_of(browser.post(of(sitting), data={"what": "rut", **REASON}, follow_redirects=True))
    assert "đã được xác nhận (bản 2) nên không rút lại được" in refused and numbers(sitting) == [(1, 1), (2, 2)]
    assert "không rút lại được" in text_of(browser.get(page(opened, "/rut-het"), follow_redirects=True))


def test_after_publication_counting_makes_the_public_version_out_of_date(
    as_: Enter, opened: Opened, clock: ManualClock
) -> None:
    sitting = sat(opened, clock)
    at(clock, 27)
    send(sitting, 2, 1)
    at(clock, 71)
    close_settled_rounds()
    make_standing(opened)
    first = newest(opened.round)
    assert first is not None
    with unit_of_work():
        confirm(first, account("kiemtra"))
    with unit_of_work():
        publish(first, account("thanhpho"))
    browser = as_("thanhpho")
    assert "phải lập, xác nhận và công bố một bản kết quả mới" in text_of(browser.get(page(opened)))
    clock.advance(5)
    browser.post(of(sitting), data={"what": "tinh", **REASON})
    assert numbers(sitting) == [(1, 1), (2, 2)]
    shown = text_of(browser.get(f"/quan-tri/vong-thi/{opened.round.public_id}/ket-qua"))
    assert "Bản đang công bố không còn đúng với bài thi" in shown


def test_a_contestant_is_told_what_became_of_late_answers(
    site: Flask, as_: Enter, opened: Opened, clock: ManualClock
) -> None:
    browser, phone = as_("thanhpho"), site.test_client()
    assert isinstance(phone, Browser)
    phone.come_in(w.slip_code(opened.people[0]))
    cookie = phone.get_cookie(DEVICE_COOKIE)
    assert cookie is not None
    device = hash_of_device(cookie.value)
    sitting = sat(opened, clock, device=device)
    at(clock, 27)
    send(sitting, 2, 1, device)
    send(sitting, 3, 2, device)
    done, server = f"/thi/xong/{sitting.public_id}", on_server(phone)
    assert "2 câu đến sau khi hết giờ, đang chờ ban tổ chức quyết định" in text_of(server.get(done))
    at(clock, 36)
    send(sitting, 4, 3, device)
    at(clock, 71)
    assert "1 câu đến quá muộn nên không được tính" in text_of(server.get(done))
    assert "1 trên 4 câu" in text_of(server.get(done))
    browser.post(of(sitting), data={"what": "tinh", **REASON})
    told = text_of(server.get(done))
    assert "2 câu đến sau khi hết giờ đã được tính" in told and "3 trên 4 câu" in told and "25:00" in told
    newest_receipt = db.session.scalars(select(Result.receipt).where(Result.number == 2)).one()
    assert newest_receipt and newest_receipt in told and (sitting.receipt or "-") in told
