"""What organisers do to a round while it runs, by what they see: messages, pauses, extra time, one sitting's end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import select

from contest.rounds.clock import Phase
from contest.rounds.models import Window
from contest.rounds.states import state_of_round
from contest.sittings.models import ExtraTime, Sitting
from contest.sittings.pausing import pause_windows, resume_windows
from contest.sittings.service import seats_of
from contest.sittings.window_states import COMING, ENDED, OPEN, PAUSED, SETTLED, window_lines
from contest.standings.models import Standing
from core.accounts.contestants import DEVICE_COOKIE, hash_of_device
from core.audit import AuditEntry
from core.database import db, unit_of_work
from core.database.server_time import ManualClock, now
from core.organisation.service import create_unit
from tests import world as w
from tests.contest.conftest import Enter, text_of
from tests.contest.sittings.test_monitor_pages import city_round, sit, url
from tests.core.accounts.conftest import Browser
from tests.starts import on_server, start_sitting
from tests.world import Opened, World, make_world


def sitting_url(sitting: Sitting, page: str = "") -> str:
    return f"/quan-tri/luot-thi/{sitting.public_id}{page}"


def window_of(opened: Opened, number: int = 0) -> Window:
    db.session.rollback()
    return opened.round.windows[number]


def fresh(sitting: Sitting) -> Sitting:
    db.session.rollback()
    return db.session.get_one(Sitting, sitting.id, populate_existing=True)


def key_in(page: str) -> str:
    found = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


# ---- the monitor ----


def test_the_round_has_its_three_buttons_and_each_window_its_state(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sit(opened.entries[0])
    answer = as_("thanhpho").get(url(opened))
    page = text_of(answer)
    assert "Nhắn tất cả Cho thêm giờ Tạm dừng" in page
    assert "Huyện Thanh Trì 08:00–09:00 24/11/2026 Đang thi 1 Tạm dừng Cho thêm giờ Lùi giờ kết thúc" in page
    assert "Huyện Phúc Thọ 14:00–15:00 24/11/2026 Chưa đến giờ 0" in page
    assert "Tải danh sách chưa vào" in page
    own = text_of(as_("thanhtri").get(url(opened)))
    assert "Nhắn tất cả" not in own and "Huyện Phúc Thọ" not in own, "a district looks on"


def test_a_pause_is_seen_at_once_by_whoever_looks_on(as_: Enter, world: World) -> None:
    opened = city_round(world)
    browser = as_("thanhpho")
    fragment = url(opened, "tinh-hinh/so-lieu")
    etag = browser.get(fragment).headers["ETag"]
    form = {"window": window_of(opened).public_id, "reason": "Mất điện"}
    assert browser.post(url(opened, "tam-dung"), data=form).status_code == 303
    answer = browser.get(fragment, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    page = text_of(answer)
    assert "Huyện Thanh Trì đang tạm dừng" in page and "Từ 08:00:00." in page and "Cho tiếp tục" in page
    assert "Tạm dừng Mất điện 24/11/2026 · Huyện Thanh Trì · thanhpho" in page
    assert "Cho tiếp tục" not in text_of(as_("thanhtri").get(url(opened)))


def test_of_many_windows_the_first_are_shown_and_all_on_request(as_: Enter, world: World) -> None:
    opened = city_round(world)
    with unit_of_work():
        for number in range(26):
            unit = create_unit(world.city, "district", f"Huyện số {number:02}")
            db.session.add(
                Window(round_id=opened.round.id, unit_id=unit.id, opens_at=now(), closes_at=now() + timedelta(hours=2))
            )
    db.session.expire(opened.round)
    browser = as_("thanhpho")
    page = text_of(browser.get(url(opened)))
    assert "Đang thi: 27" in page and "Chưa đến giờ: 1" in page and "Xem cả 28 ca thi" in page
    assert "Huyện số 25" not in page
    assert "Huyện số 25" in text_of(browser.get(f"{url(opened)}?moi_ca=1"))


def test_each_window_has_its_state(app: Flask, clock: ManualClock) -> None:
    opened = city_round(make_world())
    thanh_tri, phuc_tho = opened.round.windows

    def states() -> dict[str, str]:
        db.session.rollback()
        return {line.unit: line.state for line in window_lines(opened.round, now())}

    assert states() == {"Huyện Thanh Trì": OPEN, "Huyện Phúc Thọ": COMING}
    sitting = sit(opened.entries[0])
    with unit_of_work():
        thanh_tri.paused_at = now()
    assert states()["Huyện Thanh Trì"] == PAUSED
    assert [line.unit for line in window_lines(opened.round, now())][0] == "Huyện Thanh Trì"
    assert state_of_round(opened.round, now()).label == "Đang tạm dừng"
    with unit_of_work():
        thanh_tri.paused_at = None
    clock.advance(61 * 60)
    assert states()["Huyện Thanh Trì"] == ENDED
    clock.advance(11 * 60)
    assert states()["Huyện Thanh Trì"] == ENDED, "a sitting is not folded yet"
    with unit_of_work():
        sitting.state, sitting.submitted_at = "submitted", now()
    assert states() == {"Huyện Thanh Trì": SETTLED, "Huyện Phúc Thọ": COMING}


# ---- messages ----


def test_a_message_is_sent_once_and_stands_on_the_monitor(as_: Enter, world: World) -> None:
    opened = city_round(world)
    browser = as_("thanhpho")
    page = url(opened, "nhan-tat-ca")
    assert "Chưa nhắn gì." in text_of(browser.get(page))
    form = {"window": "tat-ca", "title": "Sắp hết giờ", "text": "Còn 10 phút. <b>Xem lại</b> bài.", "after": "0"}
    for expected in ("Đã gửi.", "Tin này vừa gửi rồi"):
        assert expected in text_of(browser.post(page, data=form, follow_redirects=True))
    shown = browser.get(url(opened))
    assert "08:00 Sắp hết giờ Còn 10 phút." in text_of(shown) and "<b>Xem lại</b>" not in shown.text
    assert "24/11/2026 · thanhpho" in text_of(shown)
    browser.post(page, data={"window": window_of(opened).public_id, "title": "", "text": "Riêng ca này", "after": "1"})
    assert "Tin nhắn Riêng ca này 24/11/2026 · Huyện Thanh Trì" in text_of(browser.get(page))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"window": "tat-ca", "text": " "}, "Xin ghi nội dung."),
        ({"window": "tat-ca", "text": "d" * 501}, "Dài quá 500 chữ."),
        ({"window": "tat-ca", "text": "x", "title": "d" * 81}, "Dài quá 80 chữ."),
        ({"window": "khong-co", "text": "x"}, "Xin chọn lại ca thi"),
        ({"text": "x"}, "Xin chọn lại ca thi"),
        ({"window": "tat-ca", "text": "x", "after": "99999999999999999999"}, "Xin nhập một số nguyên"),
    ],
)
def test_a_message_that_cannot_be_sent_is_sent_back(as_: Enter, world: World, form: dict[str, str], said: str) -> None:
    opened = city_round(world)
    answer = as_("thanhpho").post(url(opened, "nhan-tat-ca"), data=form)
    assert answer.status_code == 200 and said in answer.text
    assert window_of(opened).round.notice_number == 0


# ---- pause and extra time of windows ----


def test_one_pauses_and_goes_on_and_the_time_is_given_back(as_: Enter, world: World, clock: ManualClock) -> None:
    opened = city_round(world)
    sitting = sit(opened.entries[0])
    browser = as_("thanhpho")
    assert "Xin ghi lý do." in browser.post(url(opened, "tam-dung"), data={"window": window_of(opened).public_id}).text
    done = browser.post(
        url(opened, "tam-dung"), data={"window": window_of(opened).public_id, "reason": "Mất điện"}, follow_redirects=True
    )
    assert "Đã tạm dừng 1 ca thi." in done.text
    clock.advance(125)
    assert "dừng từ 08:00:00" in text_of(browser.get(url(opened, "cho-tiep-tuc")))
    done = browser.post(url(opened, "cho-tiep-tuc"), data={"window": window_of(opened).public_id}, follow_redirects=True)
    assert "cộng bù 02:05" in text_of(done)
    assert fresh(sitting).deadline == now() + timedelta(minutes=25)
    again = browser.post(url(opened, "cho-tiep-tuc"), data={"window": "tat-ca"}, follow_redirects=True)
    assert "Không có ca thi nào đang tạm dừng." in again.text


def test_what_has_ended_meanwhile_is_not_mistaken_for_what_is_left(as_: Enter, world: World, clock: ManualClock) -> None:
    """The window that was chosen has closed; the only one left must not be paused in its place."""
    opened = city_round(world)
    first, second = (window_of(opened, n) for n in (0, 1))
    with unit_of_work():
        second.opens_at = now()
    chosen = first.public_id
    clock.advance(3601)
    answer = as_("thanhpho").post(url(opened, "tam-dung"), data={"window": chosen, "reason": "Mất điện"})
    assert "Xin chọn lại ca thi" in answer.text
    assert window_of(opened, 1).paused_at is None


def test_all_open_windows_are_paused_at_once(as_: Enter, world: World) -> None:
    opened = city_round(world)
    with unit_of_work():
        opened.round.windows[1].opens_at = now()
    browser = as_("thanhpho")
    assert "Mọi ca đang thi" in browser.get(url(opened, "tam-dung")).text
    browser.post(url(opened, "tam-dung"), data={"window": "tat-ca", "reason": "Đứt cáp"})
    assert "Đang tạm dừng Từ 08:00:00" in text_of(browser.get(url(opened)))
    assert [window_of(opened, n).paused_at for n in (0, 1)] == [now(), now()]


def test_a_window_is_given_time_once_however_often_the_form_is_sent(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sittings = [sit(opened.entries[0]), sit(opened.entries[1])]
    sit(opened.entries[2], "submitted")
    browser = as_("thanhpho")
    page = url(opened, "them-gio")
    form = {"window": window_of(opened).public_id, "minutes": "10", "reason": "Đường truyền chậm"}
    form["key"] = key_in(browser.get(page).text)
    assert "Đã cho 2 bài thêm 10 phút." in browser.post(page, data=form, follow_redirects=True).text
    assert "đã ghi rồi" in browser.post(page, data=form, follow_redirects=True).text
    assert [fresh(s).extra_seconds for s in sittings] == [600, 600]
    assert "Cho thêm 10 phút Đường truyền chậm" in text_of(browser.get(url(opened)))
    form["key"] = key_in(browser.get(page).text)
    assert "Đã cho 2 bài" in browser.post(page, data=form, follow_redirects=True).text


@pytest.mark.parametrize(
    ("minutes", "key", "said"),
    [
        ("0", "mot-bieu-mau", "Số phút từ 1 đến 60."),
        ("61", "mot-bieu-mau", "Số phút từ 1 đến 60."),
        ("", "mot-bieu-mau", "Xin ghi số phút."),
        ("-5", "mot-bieu-mau", "Xin nhập một số nguyên."),
        ("5", "", "Xin bấm gửi lại."),
        ("5", "'; DROP TABLE", "Xin bấm gửi lại."),
    ],
)
def test_extra_time_that_makes_no_sense_is_sent_back(as_: Enter, world: World, minutes: str, key: str, said: str) -> None:
    opened = city_round(world)
    sitting = sit(opened.entries[0])
    form = {"window": window_of(opened).public_id, "minutes": minutes, "reason": "x", "key": key}
    browser = as_("thanhpho")
    for page in (url(opened, "them-gio"), sitting_url(sitting, "/them-gio")):
        answer = browser.post(page, data=form)
        assert answer.status_code == 200 and said in answer.text
    assert db.session.scalars(select(ExtraTime)).all() == []


def test_where_nobody_sits_there_is_nobody_to_give_time_to(as_: Enter, world: World) -> None:
    opened = city_round(world)
    browser = as_("thanhpho")
    page = url(opened, "them-gio")
    form = {"window": window_of(opened).public_id, "minutes": "5", "reason": "x", "key": key_in(browser.get(page).text)}
    assert "Không có ai đang làm bài" in browser.post(page, data=form, follow_redirects=True).text
    assert window_of(opened).round.notice_number == 0


# ---- one sitting ----


def test_one_person_is_given_time_from_the_sittings_page(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sitting = sit(opened.entries[0])
    browser = as_("thanhpho")
    assert "Cho thêm giờ Nộp bài thay Hủy lượt thi" in text_of(browser.get(sitting_url(sitting)))
    page = sitting_url(sitting, "/them-gio")
    form = {"minutes": "7", "reason": "Máy hỏng", "key": key_in(browser.get(page).text)}
    assert "Đã cho thêm 7 phút." in browser.post(page, data=form, follow_redirects=True).text
    assert "đã ghi rồi" in browser.post(page, data=form, follow_redirects=True).text
    assert fresh(sitting).deadline == now() + timedelta(minutes=32)


def test_a_sitting_is_handed_in_with_a_reason(as_: Enter, world: World, clock: ManualClock) -> None:
    opened = w.open_district_round(world)
    sitting = begin(opened)
    clock.advance(60)
    browser = as_("thanhpho")
    page = sitting_url(sitting, "/nop-thay")
    assert "không mở lại được" in browser.get(page).text
    assert "Xin ghi lý do." in browser.post(page, data={"reason": " "}).text
    assert "Đã nộp bài thay." in browser.post(page, data={"reason": "Bị mệt"}, follow_redirects=True).text
    assert (fresh(sitting).state, fresh(sitting).submitted_by) == ("submitted", "organiser")
    again = browser.post(page, data={"reason": "Bị mệt"}, follow_redirects=True)
    assert "không còn mở nên không nộp thay được" in again.text
    assert "Nộp bài thay" not in text_of(browser.get(sitting_url(sitting)))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.handed_in")).one()
    assert entry.details["reason"] == "Bị mệt"


def test_the_person_is_told_who_handed_the_sitting_in(site: Flask, world: World, as_: Enter) -> None:
    opened = w.open_district_round(world)
    sitting = begin(opened)
    as_("thanhpho").post(sitting_url(sitting, "/nop-thay"), data={"reason": "Bị mệt"})
    phone = site.test_client()
    assert isinstance(phone, Browser)
    phone.come_in(w.slip_code(opened.people[0]))
    assert "Ban tổ chức đã nộp bài thay đồng chí" in text_of(on_server(phone).get(f"/thi/xong/{sitting.public_id}"))


def begin(opened: Opened) -> Sitting:
    started = start_sitting(seats_of(opened.people[0])[0], "a" * 32)
    return db.session.get_one(Sitting, started.sitting_id)


def test_a_sitting_is_annulled_and_brought_back(as_: Enter, world: World, clock: ManualClock) -> None:
    opened = w.open_district_round(world)
    sitting = begin(opened)
    browser = as_("thanhpho")
    done = browser.post(sitting_url(sitting, "/huy"), data={"reason": "Thi hộ"}, follow_redirects=True)
    page = text_of(done)
    assert "Đã hủy lượt thi." in page and "Khôi phục lượt thi" in page and "Nộp bài thay" not in page
    seat = seats_of(opened.people[0])[0]
    assert (seat.sitting, seat.phase) == (None, Phase.MAY_START), "the person may start anew"
    done = browser.post(sitting_url(sitting, "/khoi-phuc"), data={"reason": "Hủy nhầm"}, follow_redirects=True)
    assert "Đã khôi phục lượt thi." in text_of(done)
    assert fresh(sitting).state == "open"
    assert [e.details["reason"] for e in db.session.scalars(select(AuditEntry).where(AuditEntry.subject.like("sitting:%")))] \
        == ["Thi hộ", "Hủy nhầm"]  # fmt: skip


@pytest.mark.parametrize(("state", "still"), [("draft", True), ("confirmed", False), ("published", False), ("withdrawn", True)])
def test_nothing_is_annulled_once_results_are_confirmed(as_: Enter, world: World, state: str, still: bool) -> None:
    opened = w.open_district_round(world)
    sitting = begin(opened)
    with unit_of_work():
        db.session.add(
            Standing(
                round_id=opened.round.id, number=1, state=state, publication={}, summary={}, criteria=[], prepared_at=now()
            )
        )
    browser = as_("thanhpho")
    assert ("Hủy lượt thi" in text_of(browser.get(sitting_url(sitting)))) is still
    done = browser.post(sitting_url(sitting, "/huy"), data={"reason": "Thi hộ"}, follow_redirects=True)
    assert ("đã xác nhận hoặc công bố" in done.text) is not still
    assert (fresh(sitting).state == "annulled") is still


def test_whose_time_is_over_is_offered_no_more(as_: Enter, world: World, clock: ManualClock) -> None:
    opened = city_round(world)
    sitting = sit(opened.entries[0])
    clock.advance(26 * 60)
    browser = as_("thanhpho")
    assert "Cho thêm giờ" not in text_of(browser.get(sitting_url(sitting)))
    done = browser.get(sitting_url(sitting, "/them-gio"), follow_redirects=True)
    assert "Bài đã nộp hoặc đã hết giờ nên không thêm giờ được." in done.text


# ---- who may ----


def test_only_the_contests_own_organisers_may(as_: Enter, world: World) -> None:
    opened = city_round(world)
    sitting = sit(opened.entries[0])
    pages = [url(opened, page) for page in ("nhan-tat-ca", "tam-dung", "cho-tiep-tuc", "them-gio")]
    pages += [sitting_url(sitting, page) for page in ("/them-gio", "/nop-thay", "/huy", "/khoi-phuc")]
    for somebody in ("thanhtri", "phuctho", "thuky", "kiemtra", "rade"):
        browser = as_(somebody)
        for page in pages:
            assert browser.get(page).status_code == 403, (somebody, page)
            assert browser.post(page, data={"window": "tat-ca", "reason": "x"}).status_code == 403, (somebody, page)
    assert "Nộp bài thay" not in as_("thanhtri").get(sitting_url(sitting)).text
    assert fresh(sitting).state == "open" and window_of(opened).paused_at is None


def test_there_is_nothing_to_steer_before_a_round_and_after_it(as_: Enter, world: World, clock: ManualClock) -> None:
    opened = city_round(world)
    with unit_of_work():
        opened.round.state = "closed"
    browser = as_("thanhpho")
    for page in ("tam-dung", "cho-tiep-tuc", "them-gio"):
        assert browser.get(url(opened, page)).status_code == 303
    assert "không còn ai để nhắn" in browser.get(url(opened, "nhan-tat-ca")).text
    form = {"window": "tat-ca", "title": "", "text": "x", "after": "0"}
    assert browser.post(url(opened, "nhan-tat-ca"), data=form).status_code == 200
    assert window_of(opened).round.notice_number == 0
    assert "Nhắn tất cả" not in text_of(browser.get(url(opened)))
    with unit_of_work():
        opened.round.state = "draft"
    assert browser.get(url(opened, "tam-dung")).status_code == 404


def test_the_page_of_a_person_says_what_becomes_of_an_open_sitting(as_: Enter, world: World) -> None:
    opened = city_round(world)
    page = as_("thanhpho").get(f"/quan-tri/thi-sinh/{opened.people[0].public_id}").text
    assert "bài đang làm dở vẫn tiếp tục đến hết giờ, trừ khi ban tổ chức nộp thay" in page


# ---- what contestants see of a long pause ----


def test_a_page_opened_anew_in_a_long_pause_is_still_the_sitting(site: Flask, world: World, clock: ManualClock) -> None:
    opened = w.open_district_round(world)
    phone = site.test_client()
    assert isinstance(phone, Browser)
    phone.come_in(w.slip_code(opened.people[0]))
    cookie = phone.get_cookie(DEVICE_COOKIE)
    assert cookie is not None
    started = start_sitting(seats_of(opened.people[0])[0], hash_of_device(cookie.value))
    clock.advance(20 * 60)
    with unit_of_work():
        pause_windows([opened.round.windows[0]], "Mất điện")
    clock.advance(3 * 3600)
    page = f"/thi/bai/{started.public_id}"
    server = on_server(phone)
    g.pop("actor", None)
    answer = server.get(page)
    assert answer.status_code == 200 and "05:00" in answer.text
    assert server.get(f"/thi/xong/{started.public_id}").headers["Location"].endswith(page)
    assert phone.get(f"/thi/tiep-quan/{started.public_id}").headers["Location"].endswith(page)
    assert seats_of(opened.people[0])[0].phase is Phase.RUNNING
    assert seats_of(opened.people[1])[0].phase is Phase.MAY_START
    with unit_of_work():
        resume_windows([opened.round.windows[0]])
    assert seats_of(opened.people[1])[0].phase is Phase.MAY_START
    clock.advance(5 * 60 + 1)
    assert server.get(page).headers["Location"].endswith(f"/thi/xong/{started.public_id}")
