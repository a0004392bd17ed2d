"""The rules read back in plain Vietnamese: what a contestant reads before Start, and an organiser before
signing.

The sentences are the rules in words, so they live beside the rules and not in the catalogue of screen texts;
the windows are no part of the rules and are told by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from contest.rules.criteria import Criterion
from contest.rules.document import SHOWN_WHEN, TIES, VOID, ContestRules, RoundRules

HANOI = timezone(timedelta(hours=7))
"""Vietnam has kept this offset, without summer time, since 1975."""


@dataclass(frozen=True, slots=True)
class WindowTold:
    """A window as it is told: for whom (empty where it need not be said), from when to when (aware)."""

    opens: datetime
    closes: datetime
    who: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    title: str
    sentences: tuple[str, ...]


def read_back_round(contest: ContestRules, one: RoundRules,
                    windows: Sequence[WindowTold] = ()) -> list[Section]:
    """Everything that somebody about to sit this round should know, in the order in which it matters to
    them."""
    sections = [
        ("Bài thi", _paper(one)),
        ("Thời gian thi", _time(one, windows)),
        ("Lưu và nộp bài", _saving(one)),
        ("Cách tính thời gian làm bài", _time_used()),
        ("Xếp hạng", _ranking(contest)),
        ("Khi có câu hỏi bị hủy", _void(one)),
        ("Công bố kết quả", [*_shown(one), *_public(contest)]),
        ("Dặn dò của ban tổ chức", [line.strip() for line in one.instructions.splitlines() if line.strip()]),
    ]
    return [Section(title, tuple(sentences)) for title, sentences in sections if sentences]


def read_back(contest: ContestRules) -> list[Section]:
    """The whole contest's rules, a section a round, then what holds for all of them."""
    rounds = [
        Section(f"Vòng thi: {one.name}", (*_paper(one), *_time(one, ()), *_saving(one), *_void(one), *_shown(one)))
        for one in contest.rounds
    ]
    return [
        *rounds,
        Section("Cách tính thời gian làm bài", tuple(_time_used())),
        Section("Xếp hạng", tuple(_ranking(contest))),
        Section("Công bố kết quả", tuple(_public(contest))),
    ]


def _paper(one: RoundRules) -> list[str]:
    said = [sentence for part in one.parts for sentence in part.sentences()]
    attempts = one.attempts.limit
    if attempts == 1:
        said.append("Mỗi người được thi 1 lượt.")
    else:
        said.append(f"Mỗi người được thi tối đa {attempts} lượt; "
                    "tính lượt có kết quả tốt nhất theo các tiêu chí xếp hạng.")
    return said


def _time(one: RoundRules, windows: Sequence[WindowTold]) -> list[str]:
    said = [f"Thời gian làm bài là {one.minutes} phút, tính theo đồng hồ của hội thi từ lúc bấm Bắt đầu."]
    said += [_window(window) for window in sorted(windows, key=lambda told: (told.opens, told.closes, told.who))]
    if one.finish_after_window:
        said.append(f"Bắt đầu trước khi ca thi đóng thì vẫn được làm đủ {one.minutes} phút, "
                    "kể cả khi ca thi đã đóng.")
    else:
        said.append("Ca thi đóng thì bài thi cũng kết thúc. "
                    f"Muốn có đủ {one.minutes} phút, hãy bắt đầu sớm hơn giờ đóng ít nhất {one.minutes} phút.")
    return said


def _window(window: WindowTold) -> str:
    opens, closes = window.opens.astimezone(HANOI), window.closes.astimezone(HANOI)
    if opens.date() == closes.date():
        span = f"từ {opens:%H:%M} đến {closes:%H:%M} ngày {opens:%d/%m/%Y}"
    else:
        span = f"từ {opens:%H:%M} ngày {opens:%d/%m/%Y} đến {closes:%H:%M} ngày {closes:%d/%m/%Y}"
    return f"Ca thi của {window.who}: {span}." if window.who else f"Ca thi: {span}."


def _saving(one: RoundRules) -> list[str]:
    said = [
        "Mỗi câu trả lời được lưu ngay khi đồng chí chọn. Dòng chữ “đã lưu” nghĩa là ban tổ chức đã nhận.",
        "Hết giờ, bài được nộp tự động với những câu đã lưu, kể cả khi đồng chí đã đóng trang hoặc máy hết pin.",
    ]
    if one.grace_seconds:
        said.append(f"Câu trả lời đến nơi chậm không quá {one.grace_seconds} giây sau khi hết giờ "
                    "vẫn được tính.")
    else:
        said.append("Câu trả lời đến nơi sau khi hết giờ không được tính.")
    if one.late_bound_minutes:
        said.append(f"Câu trả lời đến muộn hơn, trong vòng {one.late_bound_minutes} phút sau khi hết giờ, "
                    "được giữ riêng; chỉ được tính khi ban tổ chức quyết định.")
    elif one.grace_seconds:
        said.append("Câu trả lời đến muộn hơn nữa không được tính.")
    return said


def _time_used() -> list[str]:
    """Time used is defined once, for every contest; it decides prizes, so every contestant reads it."""
    return [
        "Thời gian làm bài tính từ lúc câu hỏi đầu tiên hiện ra trên máy của đồng chí, "
        "muộn nhất là 30 giây sau khi bấm Bắt đầu, đến lúc hệ thống nhận được lệnh nộp bài.",
        "Không bấm nộp bài thì tính đến lần thay đổi câu trả lời cuối cùng.",
        "Thời gian ban tổ chức tạm dừng không bị tính.",
        "Thời gian tính bằng giây, phần lẻ của giây được bỏ đi.",
        "Nếu máy của đồng chí chỉ mở được trang thi đơn giản (mỗi câu một trang, không có đồng hồ chạy), "
        "thời gian bắt đầu tính khi câu hỏi thứ nhất được gửi đến máy.",
        "Bài có câu trả lời đến muộn được ban tổ chức cho tính thì coi như đã dùng hết thời gian làm bài.",
    ]


def _ranking(contest: ContestRules) -> list[str]:
    if not contest.ranking:
        return []
    first, *others = contest.ranking
    said = [f"Xếp hạng trước hết theo {_criterion(first)}."]
    said += [f"Nếu vẫn bằng nhau thì xét {_criterion(one)}." for one in others]
    said.append(f"Bằng nhau ở tất cả các tiêu chí trên: {TIES[contest.ties]}.")
    if len(contest.rounds) > 1:
        said.append("Kết quả của cả hội thi là tổng kết quả các vòng.")
    return said


def _criterion(one: Criterion) -> str:
    return f"{one.label[0].lower()}{one.label[1:]} ({one.direction_label})"


def _void(one: RoundRules) -> list[str]:
    return [f"Nếu một câu hỏi bị hủy vì có sai sót: {VOID[one.void]}."]


def _shown(one: RoundRules) -> list[str]:
    show = one.show
    if show.marks == show.answers == show.explanations:
        return [_shown_one("Điểm, đáp án và giải thích", show.marks)]
    if show.answers == show.explanations:
        return [_shown_one("Điểm", show.marks), _shown_one("Đáp án và giải thích", show.answers)]
    return [_shown_one("Điểm", show.marks), _shown_one("Đáp án đúng", show.answers),
            _shown_one("Giải thích và căn cứ", show.explanations)]


def _shown_one(what: str, when: str) -> str:
    if when == "never":
        return f"{what} {SHOWN_WHEN[when]}."
    return f"{what}: đồng chí xem được {SHOWN_WHEN[when]}."


def _public(contest: ContestRules) -> list[str]:
    publication = contest.publication
    if publication.full_list:
        said = ["Bảng xếp hạng công khai có tên của tất cả người dự thi."]
    elif publication.leading_places:
        said = [f"Bảng xếp hạng công khai chỉ nêu tên những người xếp từ hạng 1 đến hạng "
                f"{publication.leading_places}. Ai cũng xem được thứ hạng của mình bằng phiếu dự thi."]
    else:
        said = ["Bảng xếp hạng công khai không nêu tên ai. Ai cũng xem được thứ hạng của mình bằng phiếu dự thi."]
    if publication.unit_totals:
        said.append("Kết quả chung của từng đơn vị được công khai.")
    return said
