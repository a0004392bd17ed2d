"""Whatever comes in: no error but DocumentRefused, and no word disappears."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.documents.limits import DocumentRefused
from questions.interchange.flat import flat
from questions.interchange.model import LineKind, ReadResult
from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import excel, word, words_of

#: Words that are marks of a list and not its text.
MARKS = {"cau", "hoi", "dap", "dung", "tra", "loi", "chon", "giai", "thich", "can", "nguon", "diem", "phuong", "answer"}

WORD = st.text(alphabet="ăâbcđêghikolmnôơpqrstưuvxyáàảãạ", min_size=4, max_size=9).map(
    lambda text: unicodedata.normalize("NFC", text)
)
SENTENCE = st.lists(WORD, min_size=1, max_size=9).map(" ".join)
LINE = st.one_of(
    SENTENCE,
    st.builds("Câu {}: {}?".format, st.integers(1, 40), SENTENCE),
    st.builds("{}. {}".format, st.integers(1, 400), SENTENCE),
    st.builds("{}{} {}".format, st.sampled_from("ABCDabcd"), st.sampled_from([".", ")", "/", "/-"]), SENTENCE),
    st.builds("A. {} B. {}\tC. {}".format, SENTENCE, SENTENCE, SENTENCE),
    st.builds("Đáp án: {} {}".format, st.sampled_from(["A", "B, C", "Đúng", "?", "E", ""]), SENTENCE),
    st.builds("{} {}".format, st.sampled_from(["*", "-", "○", "Giải thích:", "Căn cứ:", "Gợi ý trả lời:"]), SENTENCE),
    st.builds("- {} ({} điểm)".format, SENTENCE, st.integers(1, 9)),
    st.sampled_from(["", "D", "ABC", "1C 2B 3A", "ĐÁP ÁN", "PHẦN I. MỞ ĐẦU", "12", "- - -", "a.", "Câu 5"]),
)
LINES = st.lists(LINE, min_size=1, max_size=30)


def content(text: str) -> set[str]:
    """The words of a text that must be found again."""
    letters = "".join(letter if letter.isalnum() else " " for letter in unicodedata.normalize("NFC", text))
    return {found for found in letters.split() if len(found) > 3 and flat(found) not in MARKS}


def check(result: ReadResult, text: str) -> None:
    missing = content(text) - content(words_of(result))
    assert not missing
    for question in result.questions:
        assert question.correct == sorted(set(question.correct))
        assert all(0 <= place < len(question.options) for place in question.correct)
        if question.type in ("single", "multiple", "true_false") and not question.correct:
            assert question.doubts
        assert question.lines
    for line in result.lines:
        assert (line.kind is LineKind.BLANK) == (not line.text.strip())


@settings(max_examples=300, deadline=None)
@given(LINES)
@example(["Câu 1: bbbb?", "A. cccc B. dddd\tC. eeee", "Đáp án: B, C ffff", "Câu 1: gggg?", "1C 2B 3A"])
def test_text_lists(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        result = read_questions(text.encode())
    except DocumentRefused:
        assert not content(text)
        return
    check(result, text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(LINE, st.sampled_from(["", "b", "u", "r", "h"])), min_size=1, max_size=3), max_size=15))
def test_word_lists(paragraphs: list[list[tuple[str, str]]]) -> None:
    paragraphs = [[(run + " ", look) for run, look in runs] for runs in paragraphs]
    text = "\n".join("".join(run for run, _ in runs) for runs in paragraphs)
    try:
        result = read_questions(word(*paragraphs))  # type: ignore[arg-type]
    except DocumentRefused:
        assert not content(text)
        return
    check(result, text)


CELL = st.one_of(st.none(), SENTENCE, st.sampled_from(["A", "C", "Đúng", "2", "A. mmmm\nB. nnnn"]), st.integers(0, 9))
HEADS = st.permutations(["STT", "Nội dung", "A", "B", "C", "Đáp án", "Căn cứ", "Danh mục"])


@settings(max_examples=80, deadline=None)
@given(HEADS, st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=10))
@example(
    ["STT", "A", "B", "Căn cứ", "C", "Đáp án", "Nội dung", "Danh mục"],
    [["bbbb", None, None, None, None, "A. mmmm\nB. nnnn", "A", None]],
)
def test_excel_lists(head: list[str], rows: list[list[object]]) -> None:
    text = " ".join(str(value) for row in rows for value in row if isinstance(value, str))
    try:
        result = read_questions(excel(tuple(head), *(tuple(row) for row in rows)))
    except DocumentRefused:
        assert not content(text)
        return
    check(result, text)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1))
def test_any_text_at_all(text: str) -> None:
    try:
        read_questions(text.encode("utf-8", errors="ignore"))
    except DocumentRefused as refusal:
        assert str(refusal)


@settings(max_examples=100, deadline=None)
@given(st.binary(), st.binary())
def test_any_bytes_at_all(data: bytes, key: bytes) -> None:
    try:
        read_questions(data, key)
    except DocumentRefused as refusal:
        assert str(refusal)
