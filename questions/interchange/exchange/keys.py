"""From the weights of options to a key, and the doubts where all-or-nothing marking would lose something."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from questions.interchange.model import OPTION_TYPES, TRUE_FALSE_OPTIONS, ReadQuestion

_FULL = Decimal(100)
_NEAR = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?(?:[eE][+-]?\d{1,2})?")

#: Types that are read and shown, but not yet brought into the bank: a setter writes them there.
WORDS_FOR_TYPES = {
    "numeric": "trả lời bằng số",
    "short_text": "trả lời ngắn bằng chữ",
    "matching": "ghép đôi",
    "ordering": "sắp xếp thứ tự",
    "cloze": "điền vào chỗ trống",
    "true_false_table": "bảng nhận định đúng, sai",
}


def number_of(text: str) -> Decimal | None:
    """A number as other programs write it, None where it is none."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 15 else None


def as_text(value: Decimal) -> str:
    """An exact decimal without needless zeros ("7.25", "100")."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def as_json_number(value: Decimal) -> int | str:
    """Whole numbers as numbers, others as exact decimals, as in every document of ours."""
    return int(value) if value == value.to_integral_value() else as_text(value)


def letter(place: int) -> str:
    """The letter of the option at ``place``."""
    return chr(65 + place) if place < 26 else str(place + 1)


def take_weights(question: ReadQuestion, weights: list[Decimal | None], single: bool) -> None:
    """Sets the key of a question from its options' weights in per cent; None is a weight that nobody can read."""
    unread = [place for place, weight in enumerate(weights) if weight is None]
    values = [weight or Decimal(0) for weight in weights]
    full = [place for place, weight in enumerate(values) if weight >= _FULL - _NEAR]
    positive = [place for place, weight in enumerate(values) if weight > 0]
    negative = [place for place, weight in enumerate(values) if weight < 0]
    question.type = "single" if single else "multiple"
    question.correct = full if single else positive
    if unread:
        question.doubt(f"Không đọc được trọng số điểm của phương án {_letters(unread)}.")
    if single:
        _single_doubts(question, values, full, positive)
    else:
        _multiple_doubts(question, values, positive)
    if negative:
        question.doubt(f"Tệp trừ điểm khi chọn phương án {_letters(negative)}; ngân hàng chỉ giữ đúng hay sai.")
    usual = _FULL / len(question.correct) if question.correct else Decimal(0)
    if any(abs(v - (usual if place in question.correct else 0)) > _NEAR for place, v in enumerate(values)):
        question.weights = [as_text(value) for value in values]


def _letters(places: list[int]) -> str:
    return ", ".join(letter(place) for place in places)


def _single_doubts(question: ReadQuestion, values: list[Decimal], full: list[int], positive: list[int]) -> None:
    partial = [place for place in positive if place not in full]
    if partial:
        words = ", ".join(f"{letter(place)} ({as_text(values[place])} %)" for place in partial)
        question.doubt(f"Tệp cho một phần điểm với phương án {words}; ngân hàng chỉ giữ đúng hay sai.")
    if len(full) > 1:
        question.doubt("Câu chọn một phương án mà tệp nhận nhiều phương án là đúng.")
    elif not full:
        question.doubt("Không có phương án nào được trọn điểm.")


def _multiple_doubts(question: ReadQuestion, values: list[Decimal], positive: list[int]) -> None:
    if not positive:
        question.doubt("Không có phương án nào được điểm.")
        return
    shares = [values[place] for place in positive]
    if max(shares) - min(shares) > _NEAR:
        words = ", ".join(f"{letter(place)} {as_text(values[place])} %" for place in positive)
        question.doubt(f"Các phương án đúng có trọng số khác nhau ({words}).")
    elif abs(sum(shares) - _FULL) > Decimal(1) and min(shares) < _FULL - _NEAR:
        question.doubt(f"Trọng số các phương án đúng cộng lại là {as_text(sum(shares, Decimal(0)))} %, không phải 100 %.")


def written_weights(question: ReadQuestion) -> list[Decimal]:
    """The weights with which to write a question: its own, or equal shares of 100."""
    own = [number_of(text) for text in question.weights]
    if len(own) == len(question.options) and all(value is not None for value in own):
        return [value for value in own if value is not None]
    share = (_FULL / max(1, len(question.correct))).quantize(Decimal("0.00001")).normalize()
    return [share if place in question.correct else Decimal(0) for place in range(len(question.options))]


def true_false(question: ReadQuestion, right: bool) -> None:
    """Makes it a question of true or false."""
    question.type, question.options, question.correct = "true_false", list(TRUE_FALSE_OPTIONS), [0 if right else 1]


def finish(question: ReadQuestion) -> None:
    """What every reader of these formats says of a question at its end."""
    words = WORDS_FOR_TYPES.get(question.type)
    if words:
        question.doubt(f"Câu {words}: chưa nhập từ tệp được, xin soạn câu này trong ngân hàng.")
    if question.type in OPTION_TYPES and not question.correct:
        question.doubt("Không thấy đáp án.")


def usable_key(question: ReadQuestion) -> bool:
    """Whether a question with options has a key that a format can carry."""
    within = all(0 <= place < len(question.options) for place in question.correct)
    return bool(question.correct) and within and (question.type == "multiple" or len(question.correct) == 1)
