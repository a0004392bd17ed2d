"""Lists in Word: keys by look, automatic numbering, tables of questions and of keys."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from questions.interchange.model import LineKind, ReadResult
from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import said, saved, word


def question(number: int, right: int, look: str = "b", options: int = 4) -> list[object]:
    """Paragraphs of one question whose right option has a look."""
    paragraphs: list[object] = [[(f"Câu {number}. ", "b"), f"Nội dung câu hỏi số {number} là gì?"]]
    for place in range(options):
        text = f"{chr(65 + place)}. Phương án {number}{place}"
        paragraphs.append([(text, look if place == right else "")])
    return paragraphs


def read(*paragraphs: object) -> ReadResult:
    return read_questions(word(*paragraphs))  # type: ignore[arg-type]


@pytest.mark.parametrize("look", ["b", "u", "r", "h", "i"])
def test_the_right_option_is_the_one_that_looks_different(look: str) -> None:
    result = read(*question(121, 1, look), *question(122, 3, look), *question(123, 0, look))
    assert [q.correct for q in result.questions] == [[1], [3], [0]]
    assert not any(q.doubts for q in result.questions)
    assert said(result.questions[0])[:3] == (
        "121",
        "Nội dung câu hỏi số 121 là gì?",
        ["Phương án 1210", "Phương án 1211", "Phương án 1212", "Phương án 1213"],
    )


def test_a_paragraph_behind_the_options_quotes_the_source() -> None:
    quote = "Quy định 294-QĐ/TW thi hành Điều lệ Đảng: Điều 1 (khoản 2). a) Tại thời điểm chi bộ xét kết nạp"
    result = read(*question(1, 1), quote, *question(2, 2), "Điều 5 Điều lệ Đảng.", *question(3, 0), "Khoản 2 Điều 7.")
    assert [q.source for q in result.questions] == [quote, "Điều 5 Điều lệ Đảng.", "Khoản 2 Điều 7."]
    assert [len(q.options) for q in result.questions] == [4, 4, 4]
    assert not any(q.doubts for q in result.questions)


def test_stems_and_letters_may_be_bold_too() -> None:
    result = read(
        [("Câu 1. Nội dung đậm là gì?", "b")],
        [("A. ", "b"), "Một"],
        [("B. ", "b"), ("Hai", "b")],
        [("C. ", "b"), "Ba"],
        [("Câu 2. Nội dung đậm là gì?", "b")],
        [("A. ", "b"), ("Một", "b")],
        [("B. ", "b"), "Hai"],
        [("C. ", "b"), "Ba"],
    )
    assert [q.correct for q in result.questions] == [[1], [0]]
    assert not any(q.doubts for q in result.questions)


def test_only_letters_underlined_in_the_whole_list_is_a_habit() -> None:
    result = read(
        "Câu 1. Nội dung thứ nhất?", [("A", "u"), ". Một"], "B. Hai", "C. Ba",
        "Câu 2. Nội dung thứ hai?", "A. Một", [("B", "u"), ". Hai"], "C. Ba",
    )  # fmt: skip
    assert [q.correct for q in result.questions] == [[0], [1]]
    assert not any(q.doubts for q in result.questions)


def test_only_the_letter_in_one_question_is_doubted() -> None:
    result = read(*question(1, 0), *question(2, 1), "Câu 3. Nội dung?", [("A. ", "b"), "Một"], "B. Hai", "C. Ba", "D. Bốn")
    assert [bool(q.doubts) for q in result.questions] == [False, False, True]


def test_all_options_bold_gives_no_key() -> None:
    every = ["Câu 3. Nội dung ba là gì?", [("A. Một", "b")], [("B. Hai", "b")], [("C. Ba", "b")], [("D. Bốn", "b")]]
    result = read(*question(1, 0), *question(2, 1), *every)
    assert result.questions[2].correct == []
    assert result.questions[2].doubts


def test_two_options_underlined_are_doubted() -> None:
    two = ["Câu 3. Nội dung ba là gì?", "A. Một", [("B. Hai", "u")], [("C. Ba", "u")], "D. Bốn"]
    assert read(*question(1, 0, "u"), *question(2, 1, "u"), *two).questions[2].doubts


def test_a_question_marked_in_another_way_is_doubted() -> None:
    result = read(*question(1, 0), *question(2, 1), *question(3, 2), *question(4, 3, "r"))
    assert [bool(q.doubts) for q in result.questions] == [False, False, False, True]


def test_a_key_line_that_contradicts_the_bold_option_is_doubted() -> None:
    result = read(
        *question(1, 0), "Đáp án: A", *question(2, 1), "Đáp án: B", *question(3, 2), "Đáp án: D", *question(4, 3), "Đáp án: D"
    )  # fmt: skip
    assert [bool(q.doubts) for q in result.questions] == [False, False, True, False]


def test_one_bold_option_in_a_list_with_no_other_marks_is_no_certain_key() -> None:
    plain = [part for n in range(1, 6) for part in question(n, 0, "")]
    result = read(*plain, *question(6, 1))
    assert all(q.doubts for q in result.questions)


NUMBERING = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Câu %1:"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def numbered(*items: tuple[int, str, bool]) -> bytes:
    """A .docx whose every label is printed by Word: (level, text, bold)."""
    body = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        f"<w:r><w:rPr>{'<w:b/>' if bold else ''}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
        for level, text, bold in items
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>",
        )
        package.writestr("word/numbering.xml", NUMBERING)
    return target.getvalue()


def test_automatic_numbering_counts_questions_and_options() -> None:
    result = read_questions(
        numbered(
            (0, "Thời gian dự bị là bao lâu?", False),
            (1, "6 tháng", False),
            (1, "12 tháng", True),
            (0, "Ai bầu bí thư chi bộ?", False),
            (1, "Chi bộ", True),
            (1, "Đảng ủy", False),
        )
    )
    assert [said(q) for q in result.questions] == [
        ("1", "Thời gian dự bị là bao lâu?", ["6 tháng", "12 tháng"], [1]),
        ("2", "Ai bầu bí thư chi bộ?", ["Chi bộ", "Đảng ủy"], [0]),
    ]
    assert not any(q.doubts for q in result.questions)


def test_line_breaks_inside_one_paragraph_are_lines() -> None:
    result = read(
        ["Câu 1. Nội dung một?\nA. Một\n", ("B. Hai", "b"), "\nC. Ba\n"],
        ["Câu 2. Nội dung hai?\n", ("A. Một", "b"), "\nB. Hai\nC. Ba"],
    )
    assert [q.correct for q in result.questions] == [[1], [0]]


def table(rows: list[list[str]], after: list[str] | None = None, before: list[str] | None = None) -> bytes:
    document = Document()
    for text in before or []:
        document.add_paragraph(text)
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            made.cell(row, column).text = text
    for text in after or []:
        document.add_paragraph(text)
    return saved(document)


HEAD = ["TT", "Câu hỏi", "Phương án", "Đáp án", "Giải thích (căn cứ)"]


def test_a_table_of_questions_with_options_in_one_cell() -> None:
    result = read_questions(
        table(
            [
                HEAD,
                ["1", "Thời gian dự bị?", "A. 6 tháng\nB. 12 tháng\nC. 18 tháng\nD. 24 tháng", "B", "Điều 5"],
                HEAD,
                ["2", "Ai bầu bí thư?", "Chi bộ\nĐảng ủy\nHuyện ủy\nTỉnh ủy", "A", ""],
            ]
        )
    )
    assert [said(q) for q in result.questions] == [
        ("1", "Thời gian dự bị?", ["6 tháng", "12 tháng", "18 tháng", "24 tháng"], [1]),
        ("2", "Ai bầu bí thư?", ["Chi bộ", "Đảng ủy", "Huyện ủy", "Tỉnh ủy"], [0]),
    ]
    assert result.questions[0].explanation == "Điều 5"
    assert not any(q.doubts for q in result.questions)


def test_a_row_that_breaks_over_the_page_is_joined() -> None:
    document = Document()
    for rows in (
        [HEAD, ["1", "Thời gian dự bị?", "A. 6 tháng\nB. 12 tháng\nC. 18 tháng", "B", ""]],
        [["", "", "D. 24 tháng", "", ""], ["2", "Ai bầu bí thư?", "A. Chi bộ\nB. Đảng ủy\nC. Huyện ủy\nD. Tỉnh ủy", "A", ""]],
    ):
        made = document.add_table(rows=len(rows), cols=5)
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                made.cell(row, column).text = text
        document.add_paragraph()
    result = read_questions(saved(document))
    assert [(q.number, len(q.options), q.correct) for q in result.questions] == [("1", 4, [1]), ("2", 4, [0])]


def test_a_table_of_keys_at_the_end() -> None:
    questions = [line for n in (1, 2, 3) for line in (f"Câu {n}. Nội dung {n} là gì?", "A. Một", "B. Hai", "C. Ba")]
    for rows in ([["1", "2", "3"], ["C", "B", "A"]], [["Câu", "Đáp án"], ["1", "C"], ["2", "B"], ["3", "A"]]):
        result = read_questions(table(rows, before=[*questions, "BẢNG ĐÁP ÁN"]))
        assert [q.correct for q in result.questions] == [[2], [1], [0]]
        assert not any(q.doubts for q in result.questions)


def test_a_frame_around_each_question_is_only_a_frame() -> None:
    document = Document()
    for number in (1, 2):
        made = document.add_table(rows=3, cols=2)
        texts = [f"Câu {number}. Nội dung {number} là gì?", "", "A. Một", "B. Hai", "C. Ba", "D. Bốn"]
        for place, text in enumerate(texts):
            made.cell(place // 2, place % 2).text = text
        document.add_paragraph("Đáp án: C")
    result = read_questions(saved(document))
    assert [said(q)[2:] for q in result.questions] == [(["Một", "Hai", "Ba", "Bốn"], [2])] * 2
    assert not any(q.doubts for q in result.questions)


def test_tracked_changes_give_the_final_text_and_a_doubt() -> None:
    data = word(
        "Câu 1. Nội dung một?", "A. Một", "B. Hai", "Đáp án: A", "Câu 2. Nội dung hai?", "A. Một", "B. Hai", "Đáp án: B"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                content = content.replace(
                    b"<w:r><w:t>B. Hai</w:t></w:r>", b"<w:ins><w:r><w:t>B. Hai m\xe1\xbb\x9bi</w:t></w:r></w:ins>", 1
                )
            new.writestr(part.filename, content)
    first, second = read_questions(target.getvalue()).questions
    assert first.options == ["Một", "Hai mới"]
    assert first.doubts
    assert not second.doubts


def test_page_headers_are_sections_and_text_named_docx_is_text() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Đảng ủy xã Hòa Bình"
    for text in ("Câu 1. Nội dung một?", "A. Một", "B. Hai", "Đáp án: A"):
        document.add_paragraph(text)
    result = read_questions(saved(document))
    assert result.sections == ["Đảng ủy xã Hòa Bình"]
    assert [line.kind for line in result.lines] == [LineKind.QUESTION] * 4


def test_a_heading_two_rows_deep_over_four_option_cells() -> None:
    document = Document()
    made = document.add_table(rows=3, cols=6)
    rows = [
        ["TT", "Câu hỏi", "", "", "", "Đáp án"],
        ["", "", "A", "B", "C", ""],
        ["1", "Ai bầu bí thư chi bộ?", "Chi bộ", "Đảng ủy", "Huyện ủy", "A"],
    ]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            made.cell(row, column).text = text
    made.cell(0, 2).merge(made.cell(0, 4)).text = "Phương án"
    (found,) = read_questions(saved(document)).questions
    assert said(found) == ("1", "Ai bầu bí thư chi bộ?", ["Chi bộ", "Đảng ủy", "Huyện ủy"], [0])


def test_cells_merged_over_the_rows_of_a_question() -> None:
    document = Document()
    made = document.add_table(rows=4, cols=4)
    rows = [
        ["STT", "Câu hỏi", "Phương án trả lời", "Đáp án"],
        ["", "", "A. Chi bộ", ""],
        ["", "", "B. Đảng ủy", ""],
        ["", "", "C. Huyện ủy", ""],
    ]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            made.cell(row, column).text = text
    for column, text in ((0, "1"), (1, "Ai bầu bí thư chi bộ?"), (3, "A")):
        made.cell(1, column).merge(made.cell(3, column)).text = text
    (found,) = read_questions(saved(document)).questions
    assert said(found) == ("1", "Ai bầu bí thư chi bộ?", ["Chi bộ", "Đảng ủy", "Huyện ủy"], [0])


def test_an_old_font_becomes_unicode() -> None:
    document = Document()
    for text in ("C©u 1. §¶ng viªn dù bÞ cã quyÒn g×?", "A. øng cö", "B. B¸o c¸o", "§¸p ¸n: B"):
        run = document.add_paragraph().add_run(text)
        run.font.name = ".VnTime"
    (found,) = read_questions(saved(document)).questions
    assert said(found) == ("1", "Đảng viên dự bị có quyền gì?", ["ứng cử", "Báo cáo"], [1])
