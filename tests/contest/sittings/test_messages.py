"""What organisers tell open sittings, on both engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from contest.rounds.models import Round, RoundNotice
from contest.sittings.messages import newest_number, notices_of, notify, send_message
from contest.sittings.models import ControlRow
from core.audit import AuditEntry
from core.database import db, unit_of_work
from tests.contest.sittings.test_pausing import window_of
from tests.world import Opened, open_district_round


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_district_round()


def round_of(opened: Opened) -> Round:
    db.session.rollback()
    return db.session.get_one(Round, opened.round.id)


def send(opened: Opened, text: str, *, title: str = "", after: int = 0, window: bool = False) -> RoundNotice | None:
    only = window_of(opened) if window else None
    round_ = round_of(opened) if only is None else only.round
    with unit_of_work():
        return send_message(round_, only, title, text, after)


def test_a_message_is_numbered_kept_and_announced(opened: Opened) -> None:
    send(opened, "  Mời các đồng chí  kiểm tra lại bài.\n\n Còn 10 phút. ", title="Sắp hết giờ")
    send(opened, "Riêng ca này: đổi phòng.", after=1, window=True)
    second, first = notices_of(round_of(opened))
    assert (first.number, first.kind, first.body["title"]) == (1, "message", "Sắp hết giờ")
    assert first.body["text"] == "Mời các đồng chí kiểm tra lại bài.\nCòn 10 phút."
    assert "window" not in first.body and second.body["window"] == opened.round.windows[0].public_id
    assert newest_number(round_of(opened)) == 2
    assert db.session.scalars(select(ControlRow.round_id)).all() == [opened.round.id] * 2
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "round.message")).all()
    assert [entry.details["number"] for entry in kept] == [1, 2]
    assert [n.number for n in notices_of(round_of(opened), 1)] == [2]


def test_a_button_pressed_twice_sends_once(opened: Opened) -> None:
    assert send(opened, "Còn 10 phút.") is not None
    assert send(opened, "Còn 10 phút.") is None
    assert send(opened, "Còn 5 phút.") is not None
    assert send(opened, "Còn 10 phút.", after=newest_number(round_of(opened))) is not None, "said again on purpose"
    assert newest_number(round_of(opened)) == 3


def test_many_notices_at_once_are_numbered_one_after_another(app: Flask, opened: Opened) -> None:
    def tell(number: int) -> None:
        with app.app_context():
            round_ = db.session.get_one(Round, opened.round.id)
            with unit_of_work():
                notify(round_, "message", {"text": f"Tin {number}"})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tell, range(6)))
    assert sorted(n.number for n in notices_of(round_of(opened))) == [1, 2, 3, 4, 5, 6]


def test_the_same_press_in_two_processes_sends_once(app: Flask, opened: Opened) -> None:
    def press(_number: int) -> bool:
        with app.app_context():
            return send(opened, "Còn 10 phút.") is not None

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
