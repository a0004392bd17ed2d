"""Aiken: only a file that keeps to it everywhere is read as such."""

from __future__ import annotations

from questions.interchange.registry import read_questions

GOOD = """Đảng ra đời năm nào?
A. 1929
B. 1930
ANSWER: B

Câu 2: Thủ đô ở
thành phố nào?
A) Huế
B) Hà Nội
C) Vinh
ANSWER: B
"""


def test_stems_options_and_keys() -> None:
    result = read_questions(GOOD.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    assert result.format == "aiken" and not result.problems
    first, second = result.questions
    assert (first.stem, first.options, first.correct, first.doubts) == ("Đảng ra đời năm nào?", ["1929", "1930"], [1], [])
    assert (second.number, second.stem, second.correct) == ("2", "Thủ đô ở\nthành phố nào?", [1])


def test_one_question_that_breaks_the_rules_leaves_the_file_to_the_reader_of_free_lists() -> None:
    for broken in ("ANSWER: D", "ANSWER:", "Đáp án: A", "ANSWER: A, B"):
        result = read_questions(GOOD.replace("Câu 2: ", "").replace("ANSWER: B", broken, 1).encode())
        assert result.format == "text"
        assert len(result.questions) == 2


def test_true_and_false() -> None:
    result = read_questions("Chi bộ họp hằng tháng.\nA. Sai\nB. Đúng\nANSWER: B\n".encode())
    assert (result.questions[0].type, result.questions[0].correct) == ("true_false", [0])
