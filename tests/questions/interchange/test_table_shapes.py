"""Shapes of question tables beyond one row a question under one heading."""

from __future__ import annotations

from docx import Document

from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import excel, said, saved

HEAD = ("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án")
ROWS = [(n, f"Nội dung của câu hỏi thứ {n}?", "một", "hai", "ba", "bốn", "B") for n in range(1, 5)]
READ = [(str(n), f"Nội dung của câu hỏi thứ {n}?", ["một", "hai", "ba", "bốn"], [1]) for n in range(1, 5)]


def test_a_section_merged_over_all_columns() -> None:
    rows = [HEAD, ("",), *ROWS]
    result = read_questions(excel(*rows, merges=((1, 0, 1, 6, "PHẦN I. ĐIỀU LỆ ĐẢNG"),)))
    assert [said(q) for q in result.questions] == READ
    assert {q.section for q in result.questions} == {"PHẦN I. ĐIỀU LỆ ĐẢNG"}


def test_a_topic_merged_over_several_rows() -> None:
    rows = [("Chủ đề", *HEAD), *((None, *row) for row in ROWS)]
    result = read_questions(excel(*rows, merges=((1, 0, 2, 0, "Điều lệ"), (3, 0, 4, 0, "Lịch sử"))))
    assert [q.topic for q in result.questions] == ["Điều lệ", "Điều lệ", "Lịch sử", "Lịch sử"]


def test_a_table_without_a_heading_row() -> None:
    result = read_questions(excel(*ROWS))
    assert [said(q) for q in result.questions] == READ
    assert all(q.doubts for q in result.questions)
    document = Document()
    table = document.add_table(rows=0, cols=7)
    for row in ROWS:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)
    result = read_questions(saved(document))
    assert [said(q) for q in result.questions] == READ
    assert all(q.doubts for q in result.questions)


def test_one_option_a_row_with_a_cross_beside_the_right_one() -> None:
    rows: list[tuple[object, ...]] = [("STT", "Câu hỏi", "Phương án", "Đáp án đúng")]
    for number in (1, 2):
        for place, text in enumerate(("A. một", "B. hai", "C. ba")):
            first = (number, f"Nội dung câu hỏi {number}?") if place == 0 else (None, None)
            rows.append((*first, text, "x" if place == number else None))
    result = read_questions(excel(*rows))
    assert [said(q)[2:] for q in result.questions] == [(["một", "hai", "ba"], [1]), (["một", "hai", "ba"], [2])]


def test_crosses_in_columns_true_and_false() -> None:
    rows = [("STT", "Nội dung", "Đúng", "Sai"), (1, "Nhận định một.", "x", None), (2, "Nhận định hai.", None, "x")]
    rows += [(3, "Nhận định ba.", None, None), (4, "Nhận định bốn.", "x", "x")]
    result = read_questions(excel(*rows))
    assert {(q.type, tuple(q.options)) for q in result.questions} == {("true_false", ("Đúng", "Sai"))}
    assert [(q.correct, bool(q.doubts)) for q in result.questions] == [([0], False), ([1], False), ([], True), ([], True)]


def test_each_sheet_is_a_section_that_may_count_from_one() -> None:
    import io

    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name in ("Điều lệ", "Lịch sử"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate([HEAD, *ROWS]):
                sheet.write_row(number, 0, row)
    result = read_questions(target.getvalue())
    assert [q.section for q in result.questions] == ["Điều lệ"] * 4 + ["Lịch sử"] * 4
    assert not any(q.doubts for q in result.questions)


def test_a_list_typed_into_cells_takes_a_key_file() -> None:
    lines = [(text,) for n in (1, 2) for text in (f"Câu {n}. Nội dung nào đúng?", "A. một", "B. hai", "C. ba")]
    result = read_questions(excel(*lines), b"1. B\n2. C")
    assert [q.correct for q in result.questions] == [[1], [2]]
    assert result.problems == []


def test_a_heading_above_a_table_of_keys_is_no_key_of_the_last_question() -> None:
    document = Document()
    for number in (1, 2, 3):
        for text in (f"Câu {number}. Nội dung nào đúng?", "A. một", "B. hai", "C. ba"):
            document.add_paragraph(text)
    document.add_paragraph("ĐÁP ÁN")
    table = document.add_table(rows=2, cols=4)
    for row, texts in zip(table.rows, (("Câu", "1", "2", "3"), ("Đáp án", "B", "C", "A")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    result = read_questions(saved(document))
    assert [(q.correct, q.doubts) for q in result.questions] == [([1], []), ([2], []), ([0], [])]


def test_a_key_that_names_the_number_of_an_option() -> None:
    head = ("STT", "Câu hỏi", "Phương án 1", "Phương án 2", "Phương án 3", "Đáp án")
    rows = [(n, f"Nội dung của câu hỏi {n}?", "một", "hai", "ba", f"Phương án {n}") for n in (1, 2, 3)]
    assert [q.correct for q in read_questions(excel(head, *rows)).questions] == [[0], [1], [2]]


def test_two_columns_of_keys_beside_options_by_letter() -> None:
    head = ("STT", "Câu hỏi", "A", "B", "C", "D", "Đáp án 1", "Đáp án 2")
    rows = [(1, "Nội dung câu hỏi một?", "một", "hai", "ba", "bốn", "B", None)]
    rows.append((2, "Nội dung câu hỏi hai?", "một", "hai", "ba", "bốn", "A", "C"))
    result = read_questions(excel(head, *rows))
    assert [(q.options, q.correct) for q in result.questions] == [
        (["một", "hai", "ba", "bốn"], [1]),
        (["một", "hai", "ba", "bốn"], [0, 2]),
    ]


def test_a_number_that_is_an_option_too_is_taken_as_the_list_takes_numbers_and_doubted() -> None:
    rows = [(*row[:-1], 2) for row in ROWS]
    numbers = (5, "Có mấy bước?", "3", "2", "1", "4", 3)
    (*plain, last) = read_questions(excel(HEAD, *rows, numbers)).questions
    assert [(q.correct, q.doubts) for q in plain] == [([1], [])] * 4
    assert last.correct == [2]
    assert last.doubts
    (alone,) = read_questions(excel(HEAD, numbers)).questions
    assert alone.correct == []
    assert alone.doubts
