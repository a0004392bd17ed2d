"""What a format cannot carry, told before anything is written: by question and part, in words for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from questions.interchange.exchange.keys import WORDS_FOR_TYPES, letter, usable_key
from questions.interchange.model import OPTION_TYPES, ReadQuestion

_PARTS = {
    "explanation": "giải thích",
    "source": "căn cứ",
    "section": "tên phần",
    "topic": "chủ đề",
    "level": "mức độ",
    "rubric": "thang điểm",
    "points": "điểm của câu",
    "tags": "nhãn",
    "feedback": "phản hồi riêng của phương án",
    "weights": "trọng số điểm của phương án",
    "number": "số câu",
    "name": "tên câu",
    "idnumber": "mã số của câu",
    "lines": "chỗ xuống dòng",
    "carried": "phần riêng của phần mềm khác",
    "data": "các đáp số khác, phân biệt chữ hoa hay phương án thừa",
}


@dataclass(frozen=True)
class Carries:
    """What a format can say: the types it has, and the parts of a question beside stem, options and key.

    ``carried`` names the texts of other programs that it has a place for (``anything``: all); ``extras`` are further
    keys of `data`; ``check`` says why a question whose words would be misread is left out ("" for none).
    """

    types: frozenset[str]
    parts: frozenset[str] = frozenset()
    carried: frozenset[str] = frozenset()
    extras: frozenset[str] = frozenset()
    most_options: int = 10_000
    check: Callable[[ReadQuestion], str] | None = None
    anything: bool = False


@dataclass(frozen=True)
class Loss:
    """One thing that the file will not hold. ``refused``: the whole question is left out."""

    question: str
    part: str
    message: str
    refused: bool = False
    keyless: bool = False

    def as_json(self) -> dict[str, object]:
        """The loss as `questions convert --json` prints it."""
        return {"question": self.question, "part": self.part, "message": self.message, "refused": self.refused}


@dataclass
class Sorted:
    """The questions that can be written, and everything that will be missing."""

    writable: list[ReadQuestion] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    @property
    def refused(self) -> list[Loss]:
        """Questions left out as a whole."""
        return [loss for loss in self.losses if loss.refused]


def sort_out(questions: list[ReadQuestion], carries: Carries, format_name: str) -> Sorted:
    """Which questions the format can hold, and what of each it cannot."""
    found = Sorted()
    for place, question in enumerate(questions, 1):
        called = question.number or f"thứ {place}"
        refusal = _refusal(question, carries, format_name)
        if refusal:
            part, message = refusal
            loss = Loss(called, part, f"Câu {called}: {message} Câu này không được ghi.", True, part == "correct")
            found.losses.append(loss)
            continue
        found.writable.append(question)
        for part in _missing(question, carries):
            words = _PARTS.get(part, f"“{part}”")
            found.losses.append(Loss(called, part, f"Câu {called}: {format_name} không giữ được {words}."))
    return found


def _refusal(question: ReadQuestion, carries: Carries, format_name: str) -> tuple[str, str] | None:
    if carries.anything:
        return None
    if question.type not in carries.types:
        words = WORDS_FOR_TYPES.get(question.type) or {
            "multiple": "chọn nhiều phương án",
            "true_false": "đúng hay sai",
            "essay": "tự luận",
            "situation": "tình huống",
            "prediction": "dự đoán",
        }.get(question.type, question.type)
        return "type", f"{format_name} không có loại câu {words}."
    if not question.stem.strip():
        return "stem", "chưa có nội dung."
    if question.type in OPTION_TYPES:
        if not usable_key(question):
            return "correct", "chưa có đáp án rõ ràng."
        if any(not option.strip() for option in question.options):
            return "options", "có phương án trống."
        if len(question.options) > carries.most_options:
            return "options", f"{format_name} chỉ nhận đến phương án {letter(carries.most_options - 1)}."
    elif _incomplete(question):
        return "correct", "chưa có đáp án rõ ràng."
    trouble = carries.check(question) if carries.check else ""
    return ("stem", trouble) if trouble else None


def _incomplete(question: ReadQuestion) -> bool:
    needed = {"numeric": ("value", "tolerance"), "short_text": ("accepted",), "matching": ("pairs",), "ordering": ("order",)}
    return any(question.data.get(key) in (None, []) for key in needed.get(question.type, ()))


def _missing(question: ReadQuestion, carries: Carries) -> list[str]:
    said = {
        "explanation": question.explanation,
        "source": question.source,
        "section": question.section,
        "topic": question.topic,
        "level": question.level,
        "rubric": question.rubric,
        "points": question.points,
        "tags": question.tags,
        "feedback": any(question.feedback),
        "weights": question.weights,
        "number": question.number,
        "name": question.name,
        "lines": any("\n" in text for text in (question.stem, *question.options)),
        "data": [key for key in question.data if key not in _MAIN and key not in carries.extras and question.data[key]],
    }
    missing = [part for part, value in said.items() if value and part not in carries.parts]
    return missing + [label for label in question.carried if label not in carries.carried and not carries.anything]


_MAIN = frozenset({"value", "tolerance", "accepted", "pairs", "order"})
