"""The words of a sitting's story: what each moment is called, and the remark under it.

What was answered, and marks, are told only once the round has settled: until then nobody may read over a shoulder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from contest.sittings.browsers import browser_in_words
from contest.sittings.requests import payload_of
from contest.sittings.spelling import spelled
from contest.sittings.timeline import Moment
from core.web.filters import show_clock_seconds, show_duration, show_number

#: Letters of the options, in the order shown.
_LETTERS = "ABCDEFGHIJ"

#: Questions named when many are leafed through at once.
_MOST_NAMED = 15

#: Letters of a device's hash that are told: enough to tell two apart.
DEVICE_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A moment in words: when, how it looks (a tone), what, and a remark."""

    at: datetime
    tone: str
    text: str
    note: str = ""


def line_of(moment: Moment, settled: bool) -> Line:
    """``moment`` in words; ``settled``: answers and marks may be told."""
    tone, text = _WORDS[moment.kind](moment)
    notes = [*_remarks(moment, settled), _held(moment)]
    return Line(moment.at, tone, text, " ".join(note for note in notes if note))


def device_words(device: str, agent: str = "") -> str:
    """ "Chrome trên Android, máy 1a2b3c4d"."""
    name = browser_in_words(agent)
    told: str = _("máy %(device)s", device=device[:DEVICE_LETTERS]) if device else ""
    return ", ".join(part for part in (name, told) if part)


def _numbered(tone: str, words: Callable[[int | None], str]) -> Callable[[Moment], tuple[str, str]]:
    return lambda moment: (tone, words(moment.number))


def _plain(tone: str, words: Callable[[], str]) -> Callable[[Moment], tuple[str, str]]:
    return lambda _moment: (tone, words())


def _display(moment: Moment) -> tuple[str, str]:
    if not moment.numbers:
        return "neutral", _("Xem câu %(number)s", number=moment.number) if moment.number else _("Mở trang thi")
    named = ", ".join(str(number) for number in moment.numbers[:_MOST_NAMED])
    more = ", …" if len(moment.numbers) > _MOST_NAMED else ""
    return "neutral", _("Xem lần lượt %(count)s câu: %(numbers)s", count=len(moment.numbers), numbers=named + more)


def _away(moment: Moment) -> tuple[str, str]:
    if moment.lasted is None:
        return "warn", _("Rời trang thi, không thấy trở lại")
    return "warn", _("Rời trang thi %(time)s", time=spelled(moment.lasted.total_seconds()))


def _offline(moment: Moment) -> tuple[str, str]:
    if moment.lasted is None:
        return "warn", _("Máy báo mất mạng")
    return "warn", _("Máy báo mất mạng %(time)s", time=spelled(moment.lasted.total_seconds()))


def _burst(moment: Moment) -> tuple[str, str]:
    held = moment.held.total_seconds() if moment.held else 0
    return "warn", _("Có mạng lại: gửi bù %(count)s mục sau %(time)s mất liên lạc", count=moment.fact, time=spelled(held))


def _end(moment: Moment) -> tuple[str, str]:
    by = {"deadline": _("Hết giờ, bài tự nộp"), "contestant": _("Thí sinh nộp bài")}
    return "ok", by.get(moment.fact, _("Ban tổ chức nộp bài"))


def _resume(moment: Moment) -> tuple[str, str]:
    return "info", _("Ca thi tiếp tục, đã dừng %(time)s", time=spelled(moment.lasted.total_seconds() if moment.lasted else 0))


def _extra(moment: Moment) -> tuple[str, str]:
    return "info", _("Được thêm giờ: %(time)s", time=spelled(moment.lasted.total_seconds() if moment.lasted else 0))


_WORDS: dict[str, Callable[[Moment], tuple[str, str]]] = {
    "start": _plain("info", lambda: _("Bắt đầu làm bài")),
    "reopened": _numbered("neutral", lambda number: _("Mở lại bài trên cùng máy (lần mở thứ %(number)s)", number=number)),
    "take_over": _plain("warn", lambda: _("Chuyển sang máy khác")),
    "sign_in": _plain("neutral", lambda: _("Vào bằng phiếu dự thi")),
    "display": _display,
    "save": _numbered("ok", lambda number: _("Lưu câu %(number)s", number=number)),
    "flag": _numbered("neutral", lambda number: _("Đánh dấu câu %(number)s", number=number)),
    "unflag": _numbered("neutral", lambda number: _("Bỏ đánh dấu câu %(number)s", number=number)),
    "apart": _numbered("warn", lambda number: _("Câu trả lời câu %(number)s để riêng", number=number)),
    "report": _plain("warn", lambda: _("Thí sinh báo sự cố")),
    "submit": _plain("ok", lambda: _("Thí sinh nộp bài")),
    "away": _away,
    "offline": _offline,
    "burst": _burst,
    "end": _end,
    "pause": _plain("warn", lambda: _("Ca thi tạm dừng")),
    "resume": _resume,
    "extra": _extra,
    "handed_in": _plain("warn", lambda: _("Ban tổ chức nộp bài thay")),
    "annulled": _plain("danger", lambda: _("Ban tổ chức hủy lượt thi")),
    "reinstated": _plain("info", lambda: _("Ban tổ chức khôi phục lượt thi")),
    "result": lambda moment: ("info", _("Kết quả bản %(number)s", number=moment.fact.number)),
}


def _remarks(moment: Moment, settled: bool) -> list[str]:
    kind, fact = moment.kind, moment.fact
    if kind in ("start", "take_over", "reopened"):
        old = _("Máy trước không lưu được nữa.") if kind == "take_over" else ""
        return [_sentence(device_words(moment.device, fact or "")), old]
    if kind == "sign_in":
        return [_sentence(device_words(moment.device))]
    if kind in ("pause", "extra", "report"):
        return [fact or ""]
    if kind in ("handed_in", "annulled", "reinstated"):
        actor, reason = fact
        return [_("%(actor)s: %(reason)s", actor=actor, reason=reason)]
    if kind == "save":
        return [_sentence(answer_words(fact))] if settled else []
    if kind == "apart":
        payload, reason = fact
        return [_apart_words()[reason], _sentence(answer_words(payload)) if settled else ""]
    if kind == "result":
        return [*_marks(fact, settled), fact.reason]
    if kind == "display" and moment.until is not None:
        return [_("Đến %(clock)s.", clock=show_clock_seconds(moment.until))]
    if kind == "offline" and moment.claimed is not None:
        return [_("Từ %(clock)s theo giờ của máy.", clock=show_clock_seconds(moment.claimed))]
    return []


def _marks(result: Any, settled: bool) -> list[str]:
    if not settled:
        return []
    points = show_number(result.score) if result.score is not None else _("chờ chấm")
    used = show_duration(result.seconds_used)
    return [_("%(points)s điểm, %(right)s câu đúng, thời gian %(used)s.", points=points, right=result.correct, used=used)]


def _apart_words() -> dict[str, str]:
    return {
        "late": _("Đến sau khi bài đã kết thúc, để riêng, chưa tính."),
        "too_late": _("Đến quá hạn nhận muộn, không tính."),
        "old_epoch": _("Gửi từ máy đã bị thay, không tính."),
        "counted": _("Đến sau khi bài đã kết thúc; ban tổ chức đã cho tính."),
    }


def _held(moment: Moment) -> str:
    """How long what came had been held back, by what the device claims."""
    if moment.kind in ("burst", "offline", "away") or moment.held is None or moment.claimed is None:
        return ""
    text: str = _(
        "Máy báo lúc %(clock)s, gửi đến chậm %(time)s.",
        clock=show_clock_seconds(moment.claimed), time=spelled(moment.held.total_seconds()),
    )
    return text


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def answer_words(payload: str) -> str:
    """An answer as the device sent it, in words: letters of options in the order shown, or what was typed."""
    answer = payload_of(payload)
    if answer is None and payload != "null":
        return payload[:300]  # longer than is read, or forged
    if not answer:
        return str(_("Bỏ chọn"))
    if isinstance(answer, list) and all(isinstance(p, int) and 0 <= p < len(_LETTERS) for p in answer):
        return str(_("Chọn %(letters)s", letters=", ".join(_LETTERS[p] for p in sorted(answer))))
    if isinstance(answer, list) and answer and all(p is None or isinstance(p, str) for p in answer):
        return "; ".join(p or _("để trống") for p in answer)[:300]
    return str(answer)[:300]
