"""What pages call the flags and the figures: short names, and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class FlagWords:
    """A flag on a page: its tone (of a chip), its short name, what it means and what to do."""

    tone: str
    label: Any
    advice: Any


FLAG_WORDS: Mapping[str, FlagWords] = {
    "key_may_be_wrong": FlagWords(
        "danger", _l("Có thể sai đáp án"),
        _l("Người làm bài tốt lại chọn một phương án khác. Xin mở câu hỏi, đối chiếu đáp án với văn bản. "
           "Nếu đáp án sai, báo ban tổ chức để chấm lại."),
    ),
    "negative_discrimination": FlagWords(
        "danger", _l("Phân biệt ngược"),
        _l("Người làm bài kém lại đúng câu này nhiều hơn. Xin xem lại đáp án và câu chữ: "
           "có thể câu hỏi đánh đố hoặc hiểu hai cách."),
    ),
    "low_discrimination": FlagWords(
        "warn", _l("Ít phân biệt"),
        _l("Người làm bài tốt và kém trả lời như nhau. Nên sửa các phương án sai cho gần với đáp án hơn."),
    ),
    "too_easy": FlagWords(
        "info", _l("Quá dễ"), _l("Từ 95 % trả lời đúng. Dùng để khởi động thì được, để xếp hạng thì không giúp gì.")
    ),
    "too_hard": FlagWords(
        "warn", _l("Quá khó"), _l("Không quá 20 % trả lời đúng. Xin xem câu có ngoài nội dung đã phổ biến không.")
    ),
    "same_answer": FlagWords("neutral", _l("Trả lời như nhau"), _l("Mọi người trả lời câu này như nhau.")),
    "unused_option": FlagWords(
        "neutral", _l("Có phương án bỏ không"), _l("Có phương án không ai chọn. Nên thay bằng phương án dễ nhầm hơn.")
    ),
    "too_few_people": FlagWords("neutral", _l("Ít người làm"), _l("Dưới 30 người làm đến câu này, các số chỉ để tham khảo.")),
    "no_estimate": FlagWords("neutral", _l("Chưa có a, b"), _l("Số liệu chưa đủ để ước lượng a và b.")),
    "few_for_model": FlagWords(
        "neutral", _l("a, b còn dao động"), _l("Dưới 200 người làm đến câu này, a và b còn dao động nhiều.")
    ),
}  # fmt: skip

#: What lists show; the rest is said in a note on the question's own page.
SHOWN = ("key_may_be_wrong", "negative_discrimination", "low_discrimination", "too_easy", "too_hard", "unused_option",
         "too_few_people")  # fmt: skip


def show_figure(value: float | None, decimals: int = 2) -> str:
    """"0,53"; a dash for what is not defined."""
    if value is None:
        return "–"
    rounded = round(value, decimals) + 0.0
    return f"{rounded:.{decimals}f}".replace(".", ",").replace("-", "−")


def show_share(value: float | None) -> str:
    """"53 %"; a dash for what is not defined."""
    return "–" if value is None else f"{round(100 * value)} %"
