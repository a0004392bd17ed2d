"""What happened in a sitting, in order, for the organiser: starts, saves, losses of focus, take-overs, the end.

What was answered is told only once the round has settled: until then nobody may read over a shoulder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from contest.sittings.models import ApartRow, JournalRow, Sitting
from contest.sittings.requests import payload_of
from core.database import db

#: Letters of the options, in the order shown.
_LETTERS = "ABCDEFGHIJ"

#: Words in what a device sends by which it says that the page was left.
_LEFT = ("hidden", "blur", "out", "false", "away", "left")


@dataclass(frozen=True)
class Event:
    """One line: when, how it looks (a tone), what, and a remark."""

    at: datetime
    tone: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Tally:
    """What a jury asks for first."""

    saves: int
    left: int
    devices: int
    apart: int


def events_of(sitting: Sitting, tell_answers: bool) -> tuple[list[Event], Tally]:
    """Everything that happened in ``sitting``, oldest first, and its counts."""
    rows = _rows(JournalRow, sitting)
    apart = _rows(ApartRow, sitting)
    events = [Event(sitting.started_at, "info", _("Bắt đầu làm bài"))]
    epoch = 1
    for row in rows:
        if row.epoch > epoch:
            epoch = row.epoch
            events.append(_new_epoch(sitting, row))
        told = _told(row, tell_answers)
        if told is not None:
            events.append(told)
    events += [_kept_apart(row) for row in apart]
    if sitting.submitted_at is not None and sitting.submitted_by != "contestant":
        by_deadline = sitting.submitted_by == "deadline"
        text = _("Hết giờ, bài tự nộp") if by_deadline else _("Ban tổ chức nộp bài")
        events.append(Event(sitting.submitted_at, "ok", text))
    events.sort(key=lambda event: event.at)
    tally = Tally(
        saves=sum(row.kind == "answer" for row in rows),
        left=sum(row.kind == "focus" and _has_left(row.payload) for row in rows),
        devices=1 + len({row.epoch for row in rows if row.epoch == sitting.device_epoch > 1}),
        apart=len(apart),
    )
    return events, tally


def _rows(model: Any, sitting: Sitting) -> Sequence[Any]:
    return db.session.scalars(select(model).where(model.sitting_id == sitting.id).order_by(model.id)).all()


def _new_epoch(sitting: Sitting, row: JournalRow) -> Event:
    if row.epoch == sitting.device_epoch:
        return Event(row.received_at, "warn", _("Chuyển sang máy khác"), _("Máy trước không lưu được nữa."))
    return Event(row.received_at, "neutral", _("Mở lại bài"), _("Lần mở thứ %(number)s.", number=row.epoch))


def _told(row: JournalRow, tell_answers: bool) -> Event | None:
    number = None if row.item is None else row.item + 1
    if row.kind == "display":
        return Event(row.received_at, "neutral", _("Hiện câu %(number)s", number=number)) if number else None
    if row.kind == "answer":
        note = _answer(row.payload) if tell_answers else ""
        return Event(row.received_at, "ok", _("Lưu câu %(number)s", number=number), note)
    if row.kind == "flag":
        on = payload_of(row.payload) is True
        told = _("Đánh dấu câu %(number)s", number=number) if on else _("Bỏ đánh dấu câu %(number)s", number=number)
        return Event(row.received_at, "neutral", told)
    if row.kind == "focus":
        left = _has_left(row.payload)
        return Event(row.received_at, "warn" if left else "neutral", _("Rời trang thi") if left else _("Trở lại trang thi"))
    if row.kind == "submit":
        return Event(row.received_at, "ok", _("Thí sinh nộp bài"))
    if row.kind == "report":
        return Event(row.received_at, "warn", _("Thí sinh báo sự cố"), str(payload_of(row.payload) or "")[:300])
    return None


def _kept_apart(row: ApartRow) -> Event:
    reasons = {
        "late": _("Đến muộn, để riêng, chưa tính."),
        "too_late": _("Đến quá hạn nhận muộn, không tính."),
        "old_epoch": _("Gửi từ máy đã bị thay, không tính."),
    }
    note = _("Ban tổ chức đã cho tính.") if row.counted_at is not None else reasons.get(row.reason, "")
    text = _("Câu trả lời để riêng") if row.item is None else _("Câu trả lời câu %(number)s để riêng", number=row.item + 1)
    return Event(row.received_at, "warn", text, note)


def _has_left(payload: str) -> bool:
    return any(word in payload for word in _LEFT)


def _answer(payload: str) -> str:
    answer = payload_of(payload)
    if not answer:
        return str(_("Bỏ chọn"))
    if isinstance(answer, list) and all(isinstance(p, int) and 0 <= p < len(_LETTERS) for p in answer):
        return str(_("Chọn %(letters)s", letters=", ".join(_LETTERS[p] for p in sorted(answer))))
    return str(answer)[:300]
