"""Compares each question with the habits of its own list and writes a doubt where it does not fit.

A wrong key that looks certain decides a contest, a doubt costs a setter two seconds: so whatever is odd is said.
"""

from __future__ import annotations

import re
from collections import Counter

from questions.interchange.flat import exact_key_of, flat
from questions.interchange.model import OPTION_TYPES, ReadQuestion

_INNER_OPTION = re.compile(r"(?:^|[\s.;,?:])[(\[]?([a-h])\s?[.)/](?=\s*\S)")
_INNER_LETTER = re.compile(r"([A-Ha-h])\s?[.)/]\s*\S")
_INNER_QUESTION = re.compile(
    r"(?:^|[\s.;])(?P<word>cau\s*(?:hoi\s*)?(?:so\s*)?)?(?<![\d.,/-])(?P<number>\d{1,4})\s*[.:)/]\s*(?=[^\s\d])"
)
_INNER_KEY = re.compile(r"\b(?:dap\s*an|tra\s*loi)\b\s*(?:dung|la)?\s*[:=–-]|=>|→\s*[a-h]\b")


def add_doubts(questions: list[ReadQuestion]) -> None:
    """Adds to each question what does not fit with the others."""
    choices = [question for question in questions if question.type in OPTION_TYPES and question.type != "true_false"]
    _option_counts(choices)
    _numbering(questions)
    _leftovers(questions)
    _extra_lines(questions)
    for question in questions:
        _inside(question)
    _without_options(questions, choices)


def add_structured_doubts(questions: list[ReadQuestion]) -> None:
    """As `add_doubts`, for formats that say themselves what is a question, an option and a key (Moodle XML, QTI, …)."""
    _option_counts([question for question in questions if question.type in ("single", "multiple")])
    for question in questions:
        _inside(question)


def _option_counts(choices: list[ReadQuestion]) -> None:
    counts = Counter(len(question.options) for question in choices if question.options)
    if not counts:
        return
    usual, times = counts.most_common(1)[0]
    for question in choices:
        count = len(question.options)
        if count == 1:
            question.doubt("Chỉ thấy một phương án.")
        elif count != usual and times >= 0.6 * len(choices):
            question.doubt(f"Câu này có {count} phương án, phần lớn các câu có {usual}.")


def _numbering(questions: list[ReadQuestion]) -> None:
    """Numbers that repeat, jump or go back. A new section may begin again at 1."""
    previous: ReadQuestion | None = None
    seen: dict[str, ReadQuestion] = {}
    numbered = [question for question in questions if question.number]
    for question in questions:
        if not question.number:
            if numbered and len(numbered) > 0.5 * len(questions):
                question.doubt("Câu này không có số thứ tự như các câu khác.")
            continue
        value = int(re.sub(r"\D", "", question.number) or 0)
        if previous is not None:
            last = int(re.sub(r"\D", "", previous.number) or 0)
            if value == 1 and last > 1:  # each chapter may count from 1
                seen = {}
                if question.section == previous.section:
                    question.doubt("Số câu bắt đầu lại từ 1 mà không thấy tên phần mới.")
            elif value > last + 1:
                question.doubt(f"Số câu nhảy từ {last} lên {value}; có thể thiếu câu.")
                previous.doubt(f"Sau câu này số câu nhảy từ {last} lên {value}; có thể câu sau bị dính vào.")
            elif value < last:
                question.doubt(f"Số câu quay lại từ {last} về {value}.")
        twin = seen.get(question.number)
        if twin is not None:
            question.doubt(f"Có hai câu cùng số {question.number}.")
            twin.doubt(f"Có hai câu cùng số {question.number}.")
        seen[question.number] = question
        previous = question


def _leftovers(questions: list[ReadQuestion]) -> None:
    """Words behind the options that name themselves in no way: usual in some lists, odd in others."""
    with_some = [question for question in questions if question.leftover]
    if not with_some:
        return
    usual = len(with_some) >= 0.6 * len(questions) and len(questions) >= 2
    cited = sum(question.cited for question in with_some)
    quoting = cited >= 3 and cited >= 0.25 * len(questions)
    for question in with_some:
        if not (usual or (quoting and question.cited)) or question.leftover > 3:
            question.doubt("Có chữ đứng sau các phương án chưa rõ thuộc đâu; tạm để vào căn cứ hoặc giải thích.")


def _extra_lines(questions: list[ReadQuestion]) -> None:
    """Lines behind an explanation or a source: usual in some lists; in others they may be prose between questions."""
    longer = [question for question in questions if question.extra]
    if len(longer) < 0.6 * len(questions):
        for question in longer:
            question.doubt("Sau giải thích hoặc căn cứ còn dòng khác, có thể là lời dẫn giữa các câu.")


def _inside(question: ReadQuestion) -> None:
    if not question.stem.strip():
        question.doubt("Không thấy nội dung câu hỏi.")
    elif len(question.stem.strip()) < 8 and question.options:
        question.doubt("Nội dung câu hỏi rất ngắn.")
    wordings = [exact_key_of(option) or option.strip() for option in question.options]
    if any(not wording for wording in wordings):
        question.doubt("Có phương án trống.")
    signs = ["".join(re.findall(r"[<>=≥≤≠+−]|-(?=\d)", option)) for option in question.options]
    filled = [(wording, sign) for wording, sign in zip(wordings, signs, strict=True) if wording]  # "> 50%" and "< 50%"
    if len(set(filled)) < len(filled):
        question.doubt("Có hai phương án giống nhau.")
    if question.type in OPTION_TYPES and question.type != "true_false":
        for option in question.options:
            _inside_option(question, option, len(question.options))
        _doubled_letters(question)
        if _runs_of_letters(question.stem):
            question.doubt("Trong nội dung câu hỏi có chữ giống ký hiệu phương án.")
    if _holds_question(question, question.stem) and question.options:
        question.doubt("Trong nội dung câu hỏi có chỗ giống đầu một câu khác.")
    if any(re.match(r"[-–]\s+\d", option) for option in question.options):
        question.doubt("Phương án bắt đầu bằng dấu gạch trước số, không rõ là dấu trừ hay gạch đầu dòng.")
    crossed = [place for place, option in enumerate(question.options) if re.search(r"\s[xX]$", option)]
    if len(crossed) == 1:
        question.doubt("Cuối một phương án có chữ x, có thể là dấu đánh đáp án.")
    _length(question)


def _inside_option(question: ReadQuestion, option: str, count: int) -> None:
    plain = flat(option)
    next_letter = chr(ord("a") + count)
    if any(match[1] == next_letter for match in _INNER_OPTION.finditer(plain) if match.start() > 0):
        question.doubt("Trong một phương án có chữ giống ký hiệu của phương án tiếp theo.")
    elif _holds_question(question, option):
        question.doubt("Trong một phương án có chỗ giống đầu một câu khác.")
    if _INNER_KEY.search(plain):
        question.doubt("Trong một phương án có chỗ giống dòng đáp án.")


def _doubled_letters(question: ReadQuestion) -> None:
    """ "A. A. một": an option whose words begin with its own letter, or two that begin with any. A single other letter
    is an initial ("C. Mác")."""
    inner = {place: match[1] for place, option in enumerate(question.options) if (match := _INNER_LETTER.match(option))}
    if len(inner) > 1 or any(letter.upper() == chr(65 + place) for place, letter in inner.items()):
        question.doubt("Phương án bắt đầu bằng hai ký hiệu chữ cái.")


def _holds_question(question: ReadQuestion, text: str) -> bool:
    """Whether "Câu 12:" or the number that should come next stands inside."""
    own = int(re.sub(r"\D", "", question.number) or -9)
    for match in _INNER_QUESTION.finditer(flat(text)):
        if match["word"] or (int(match["number"]) == own + 1 and match.start() > 0):
            return True
    return False


def _runs_of_letters(stem: str) -> bool:
    letters = [match[1] for match in _INNER_OPTION.finditer(flat(stem))]
    return "a" in letters and "b" in letters


def _length(question: ReadQuestion) -> None:
    """One option far longer than all others may have swallowed something."""
    lengths = sorted(len(option) for option in question.options)
    if len(lengths) >= 3 and lengths[-1] > 250 and lengths[-1] > 6 * max(lengths[-2], 20):
        question.doubt("Một phương án dài hơn hẳn các phương án khác.")


def _without_options(questions: list[ReadQuestion], choices: list[ReadQuestion]) -> None:
    """A block without options among many with options has probably lost them."""
    bare = [q for q in questions if q.type in ("essay", "situation") and not q.options]
    for question in bare:
        answered = bool(question.explanation or question.rubric)
        if question.type == "essay" and not answered and len(choices) > len(bare):
            question.type = "single"
            question.doubt("Không thấy phương án nào của câu này.")
        elif not answered:
            question.doubt("Câu này chưa có gợi ý trả lời hay thang điểm.")
        elif choices and question.type == "essay":
            question.doubt("Câu này không có phương án, được hiểu là câu tự luận.")
