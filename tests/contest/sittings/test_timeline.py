"""A sitting's story: what is told of it, in which order, with which delays; on both engines. Pure parts without a database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from contest.sittings.browsers import browser_in_words
from contest.sittings.deadlines import finalise_due
from contest.sittings.handing_in import annul, hand_in, reinstate
from contest.sittings.models import ApartRow, ExtraTime, JournalRow, Sitting, SittingEpoch, WindowPause
from contest.sittings.service import seats_of
from contest.sittings.timeline import Moment, folded, story_of
from contest.sittings.timeline_plot import plot_of
from contest.sittings.timeline_words import answer_words, line_of
from core.accounts.models import SignIn
from core.database import db, unit_of_work
from core.database.server_time import ManualClock
from tests.conftest import MORNING
from tests.starts import start_sitting
from tests.world import Opened, open_district_round

PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
A, B = "a" * 64, "b" * 64


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


@pytest.fixture
def sitting(opened: Opened) -> Sitting:
    started = start_sitting(seats_of(opened.people[0])[0], A)
    found = db.session.get_one(Sitting, started.sitting_id, populate_existing=True)
    with unit_of_work():
        epoch = db.session.get_one(SittingEpoch, (found.id, 1))
        epoch.device_hash, epoch.agent = A, PHONE
    return found


class Journal:
    """Rows of a sitting by seconds after 08:00: when the server had them, and what the device's clock showed."""

    def __init__(self, sitting: Sitting, clock_off: float = 0) -> None:
        self.sitting, self.off, self.number = sitting, clock_off, 0

    def row(self, received: float, kind: str, payload: Any = None, item: int | None = None, *, done: float | None = None,
            model: type[JournalRow | ApartRow] = JournalRow, **more: Any) -> None:  # fmt: skip
        self.number += 1
        claimed = (received if done is None else done) + self.off
        values: dict[str, Any] = {"epoch": 1, "sequence": self.number, **more}
        with unit_of_work():
            db.session.add(
                model(
                    sitting_id=self.sitting.id, kind=kind, item=item, payload=json.dumps(payload),
                    received_at=at(received), client_at=at(claimed), **values,
                )
            )  # fmt: skip


def at(seconds: float) -> datetime:
    return MORNING + timedelta(seconds=seconds)


def told(sitting: Sitting, settled: bool = False) -> list[str]:
    """The whole story, a line each: "08:01:02 Lưu câu 1. Remark"."""
    lines = [line_of(moment, settled) for moment in folded(story_of(sitting).moments)]
    return [f"{(line.at - MORNING).total_seconds():g} {line.text} | {line.note}" for line in lines]


def test_saves_held_back_are_told_with_the_delay_though_the_devices_clock_is_wrong(app: Flask, sitting: Sitting) -> None:
    journal = Journal(sitting, clock_off=-300)  # the phone is five minutes slow
    journal.row(10, "display", item=0)
    journal.row(40, "answer", [1], 0)
    journal.row(200, "answer", [2], 1, done=77)
    journal.row(200, "answer", [0], 2, done=90)
    journal.row(260, "answer", [0], 3)
    story = story_of(sitting)
    assert told(sitting)[1:] == [
        "10 Xem câu 1 | ",
        "40 Lưu câu 1 | ",
        "200 Lưu câu 2 | Máy báo lúc 07:56:17, gửi đến chậm 2 phút 3 giây.",
        "200 Lưu câu 3 | Máy báo lúc 07:56:30, gửi đến chậm 1 phút 50 giây.",
        "200 Có mạng lại: gửi bù 2 mục sau 2 phút 3 giây mất liên lạc | ",
        "260 Lưu câu 4 | ",
    ]
    assert (story.tally.saves, story.tally.lost, story.tally.left) == (4, 1, 0)
    assert [m.number for m in story.of("cau-tra-loi")] == [1, 2, 3, 4] and len(story.of("mang")) == 1


def test_losses_of_focus_and_of_the_network_say_how_long(app: Flask, sitting: Sitting) -> None:
    journal = Journal(sitting)
    journal.row(60, "focus", "hidden")
    journal.row(102, "focus", "visible")
    journal.row(200, "focus", "offline", done=120)
    journal.row(200, "focus", "online", done=199)
    journal.row(300, "focus", "hidden")
    journal.row(310, "focus", {"forged": 1})
    story = story_of(sitting)
    lines = told(sitting)
    assert "60 Rời trang thi 42 giây | " in lines and "300 Rời trang thi, không thấy trở lại | " in lines
    assert "200 Máy báo mất mạng 1 phút 19 giây | Từ 08:02:00 theo giờ của máy." in lines
    assert (story.tally.left, story.tally.away, story.tally.lost) == (2, timedelta(seconds=42), 1)


def test_devices_pauses_extra_time_and_sign_ins_are_dated(app: Flask, opened: Opened, sitting: Sitting) -> None:
    with unit_of_work():
        db.session.add(SignIn(person_id=opened.people[0].id, at=at(-600), device_hash=A))
        db.session.add(SignIn(person_id=opened.people[0].id, at=at(-86_400), device_hash=A))
        db.session.add(SignIn(person_id=opened.people[1].id, at=at(-60), device_hash=B))
        for epoch, device, began, cause, agent in ((2, A, 60, "reopened", PHONE), (3, B, 90, "take_over", "")):
            known = {"sitting_id": sitting.id, "device_hash": device, "agent": agent}
            db.session.add(SittingEpoch(epoch=epoch, began_at=at(began), cause=cause, **known))
        db.session.add(WindowPause(window_id=sitting.window_id, began_at=at(120), ended_at=at(180), reason="Mất điện"))
        db.session.add(WindowPause(window_id=sitting.window_id, began_at=at(-900), ended_at=at(-800), reason="Hôm trước"))
        db.session.add(ExtraTime(sitting_id=sitting.id, grant_key="k", seconds=300, reason="Đổi máy", given_at=at(200)))
    assert told(sitting) == [
        "-600 Vào bằng phiếu dự thi | Máy aaaaaaaa.",
        "0 Bắt đầu làm bài | Chrome trên Android, máy aaaaaaaa.",
        "60 Mở lại bài trên cùng máy (lần mở thứ 2) | Chrome trên Android, máy aaaaaaaa.",
        "90 Chuyển sang máy khác | Máy bbbbbbbb. Máy trước không lưu được nữa.",
        "120 Ca thi tạm dừng | Mất điện",
        "180 Ca thi tiếp tục, đã dừng 1 phút | ",
        "200 Được thêm giờ: 5 phút | Đổi máy",
    ]
    assert story_of(sitting).tally.devices == 2


def test_answers_are_told_once_the_round_has_settled(app: Flask, sitting: Sitting) -> None:
    journal = Journal(sitting)
    journal.row(10, "answer", [0, 2], 0)
    journal.row(2000, "answer", [1], 1, model=ApartRow, reason="late")
    journal.row(2001, "answer", [1], 2, model=ApartRow, reason="late", counted_at=at(9000))
    journal.row(2002, "answer", [1], 3, model=ApartRow, reason="old_epoch")
    before, after = "\n".join(told(sitting)), "\n".join(told(sitting, settled=True))
    assert "Chọn" not in before
    assert "10 Lưu câu 1 | Chọn A, C." in after
    assert "2000 Câu trả lời câu 2 để riêng | Đến sau khi bài đã kết thúc, để riêng, chưa tính. Chọn B." in after
    assert "ban tổ chức đã cho tính. Chọn B." in after and "Gửi từ máy đã bị thay, không tính. Chọn B." in after
    assert story_of(sitting).tally.apart == 3 and story_of(sitting).tally.saves == 1


def test_leafing_through_is_one_line(app: Flask, sitting: Sitting) -> None:
    journal = Journal(sitting)
    for number in range(4):
        journal.row(10 + number, "display", item=number)
    journal.row(20, "answer", [0], 3)
    journal.row(21, "display", item=0)
    lines = told(sitting)
    assert lines[1:] == ["10 Xem lần lượt 4 câu: 1, 2, 3, 4 | Đến 08:00:13.", "20 Lưu câu 4 | ", "21 Xem câu 1 | "]


def test_who_ended_it_and_each_result_are_told(app: Flask, sitting: Sitting, clock: ManualClock) -> None:
    clock.advance(25 * 60 + 10)
    finalise_due(db.engine)
    db.session.expire_all()
    assert told(sitting)[-2:] == ["1500 Hết giờ, bài tự nộp | ", "1510 Kết quả bản 1 | "]
    assert told(sitting, settled=True)[-1] == "1510 Kết quả bản 1 | 0 điểm, 0 câu đúng, thời gian 00:00."


def test_what_organisers_did_to_it_is_told_with_who_and_why(app: Flask, sitting: Sitting, clock: ManualClock) -> None:
    clock.advance(60)
    with unit_of_work():
        hand_in(sitting, "Đồng chí ốm")
    clock.advance(60)
    with unit_of_work():
        annul(sitting, "Nhầm người")
    clock.advance(60)
    with unit_of_work():
        reinstate(sitting, "Đúng người")
    lines = [line for line in told(sitting) if "Kết quả" not in line]
    assert [line.rpartition(" hệ thống: ")[2] for line in lines[1:]] == ["Đồng chí ốm", "Nhầm người", "Đúng người"]
    assert [line.partition(" |")[0] for line in lines[1:]] == [
        "60 Ban tổ chức nộp bài thay", "120 Ban tổ chức hủy lượt thi", "180 Ban tổ chức khôi phục lượt thi",
    ]  # fmt: skip


# ---- pure ----


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome trên Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (Linux; Android 12; wv) Chrome/120 Mobile Safari/537.36 Zalo android/12", "Zalo trên Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge trên Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox trên Linux"),
        ("curl/8.5", "curl"), ("", ""), ("<script>", ""), ("\x00\x01", ""),
    ],
)  # fmt: skip
def test_browsers_have_names_that_people_know(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


def test_a_plot_holds_every_save_and_no_more_seconds_than_there_are() -> None:
    moments = [Moment(at(30 * n), "save", number=1) for n in range(50)]
    moments.append(Moment(at(100), "away", lasted=timedelta(seconds=30), until=at(130)))
    moments.append(Moment(at(600), "burst", held=timedelta(seconds=240)))
    plot = plot_of(moments, MORNING, at(1500))
    assert plot.step == 30 and len(plot.columns) == 50
    assert sum(c.saves for c in plot.columns) == 50 and plot.most == 1
    assert (sum(c.away for c in plot.columns), sum(c.lost for c in plot.columns)) == (30, 240)
    assert all(bar.x >= 0 and bar.x + bar.width <= 1003 for bar in plot.bars)
    nothing = plot_of([], MORNING, MORNING)
    assert len(nothing.columns) == 1, "a sitting of no length has a drawing too"
    years = plot_of(moments, MORNING, at(40 * 86_400))
    assert len(years.columns) <= 61


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("[2,0]", "Chọn A, C"), ("[]", "Bỏ chọn"), ("null", "Bỏ chọn"), ('"Bài luận"', "Bài luận"), ("[99]", "[99]"),
        ('["một tháng", null, "5"]', "một tháng; để trống; 5"), ('"' + "x" * 3000, '"' + "x" * 299),
    ],
)  # fmt: skip
def test_answers_in_words(app: Flask, payload: str, words: str) -> None:
    assert answer_words(payload) == words
