"""Lists in Excel: one row a question, whatever the order of the columns."""

from __future__ import annotations

import datetime

from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import excel, said

HEAD = ("STT", "Nội dung", "A", "B", "C", "D", "Đáp án", "Căn cứ", "Chủ đề", "Mức độ")
ROW = (1, "Thời gian dự bị?", "6 tháng", "12 tháng", "18 tháng", "24 tháng", "B", "Điều 5 Điều lệ", "Điều lệ", "Nhận biết")


def test_one_row_a_question() -> None:
    (question,) = read_questions(excel(("NGÂN HÀNG CÂU HỎI",), (), HEAD, ROW)).questions
    assert said(question) == ("1", "Thời gian dự bị?", ["6 tháng", "12 tháng", "18 tháng", "24 tháng"], [1])
    assert (question.source, question.topic, question.level) == ("Điều 5 Điều lệ", "Điều lệ", "Nhận biết")
    assert question.section == "NGÂN HÀNG CÂU HỎI"
    assert not question.doubts


def test_headers_two_rows_deep_with_merged_cells_and_blank_rows() -> None:
    data = excel(
        (),
        ("STT", "Nội dung câu hỏi", None, None, None, None, "Đáp án đúng", "Căn cứ"),
        (None, None, "A", "B", "C", "D"),
        (1, "Thời gian dự bị?", "6", "12", "18", "24", "B", "Điều 5"),
        (),
        (2, "Ai bầu bí thư?", "Chi bộ", "Đảng ủy", "Huyện ủy", "Tỉnh ủy", "A", ""),
        merges=((1, 2, 1, 5, "Phương án trả lời"),),
    )
    result = read_questions(data)
    assert [(q.number, q.options, q.correct) for q in result.questions] == [
        ("1", ["6", "12", "18", "24"], [1]),
        ("2", ["Chi bộ", "Đảng ủy", "Huyện ủy", "Tỉnh ủy"], [0]),
    ]


def test_columns_in_any_order_without_accents_and_keys_in_three_manners() -> None:
    options = ("Phuong an D", "Phuong an C", "Phuong an B", "Phuong an A")
    head = ("Danh muc", "Muc do", *options, "Noi dung cau hoi", "Dap an dung", "Giai thich")
    rows = [
        ("Điều lệ", "Dễ", "d", "c", "b", "a", f"Câu hỏi thứ {key}?", key, "vì thế")
        for key in ("C", 3, "c", "Phương án C")
    ]  # fmt: skip
    result = read_questions(excel(head, *rows))
    assert [q.options for q in result.questions] == [["a", "b", "c", "d"]] * 4
    assert [q.correct for q in result.questions] == [[2]] * 4
    assert {(q.section, q.level, q.explanation) for q in result.questions} == {("Điều lệ", "Dễ", "vì thế")}


def test_the_key_as_the_options_own_words() -> None:
    row = (1, "Đảng ra đời năm nào?", "1929", "1930", "1945", "1954", "1930", "", "", "")
    (question,) = read_questions(excel(HEAD, row)).questions
    assert question.correct == [1]


def test_a_number_that_may_be_an_ordinal_or_an_option_is_no_key() -> None:
    row = (1, "Chi bộ có mấy phó bí thư?", 2, 1, 3, 4, 1, "", "", "")
    (question,) = read_questions(excel(HEAD, row)).questions
    assert question.correct == []
    assert question.doubts


def test_several_keys_in_one_cell() -> None:
    rows = [(n, f"Câu hỏi thứ {n}?", "a", "b", "c", "d", key, "", "", "") for n, key in enumerate(("A, C", "1;3", "AC"), 1)]
    result = read_questions(excel(HEAD, *rows))
    assert [(q.correct, q.type) for q in result.questions] == [([0, 2], "multiple")] * 3


def test_three_options_leave_a_cell_empty() -> None:
    rows = [(n, f"Câu hỏi thứ {n}?", "a", "b", "c", "d", "A", "", "", "") for n in range(1, 5)]
    result = read_questions(excel(HEAD, *rows, (5, "Câu cuối?", "a", "b", "c", None, "A", "", "", "")))
    assert result.questions[4].options == ["a", "b", "c"]
    assert result.questions[4].correct == [0]


def test_a_key_for_an_empty_option_is_no_key() -> None:
    (question,) = read_questions(excel(HEAD, (1, "Câu hỏi?", "a", "b", "c", None, "D", "", "", ""))).questions
    assert question.correct == []
    assert question.doubts


def test_an_empty_key_is_said() -> None:
    result = read_questions(excel(HEAD, ROW, (2, "Câu hai?", "a", "b", "c", "d", None, "", "", "")))
    assert result.questions[1].correct == []
    assert result.questions[1].doubts


def test_all_options_in_one_cell() -> None:
    rows = [
        (1, "Thời gian dự bị?", "A. 6 tháng\nB. 12 tháng\nC. 18 tháng\nD. 24 tháng", "B"),
        (2, "Ai bầu bí thư?", "Chi bộ\nĐảng ủy\nHuyện ủy\nTỉnh ủy", "A"),
    ]
    result = read_questions(excel(("STT", "Câu hỏi", "Phương án trả lời", "Đáp án"), *rows))
    assert [said(q)[2:] for q in result.questions] == [
        (["6 tháng", "12 tháng", "18 tháng", "24 tháng"], [1]),
        (["Chi bộ", "Đảng ủy", "Huyện ủy", "Tỉnh ủy"], [0]),
    ]
    assert not any(q.doubts for q in result.questions)


def test_a_question_and_an_option_that_go_on_in_the_next_row() -> None:
    rows = [
        (1, "Thời gian dự bị của", "6 tháng", "12 tháng kể từ", "18 tháng", "24 tháng", "B", "", "", ""),
        (None, "đảng viên là bao lâu?", None, "ngày kết nạp", None, None, None, "", "", ""),
        (2, "Ai bầu bí thư?", "Chi bộ", "Đảng ủy", "Huyện ủy", "Tỉnh ủy", "A", "", "", ""),
    ]
    first, second = read_questions(excel(HEAD, *rows)).questions
    assert first.stem == "Thời gian dự bị của đảng viên là bao lâu?"
    assert first.options[1] == "12 tháng kể từ ngày kết nạp"
    assert second.number == "2"


def test_a_stem_in_the_row_above_its_options() -> None:
    rows = [
        (1, "Câu một?", "a", "b", "c", "d", "A", "", "", ""),
        (2, "Câu hai?", None, None, None, None, None, "", "", ""),
        (None, None, "a", "b", "c", "d", "C", "", "", ""),
        (3, "Câu ba?", "a", "b", "c", "d", "B", "", "", ""),
    ]
    result = read_questions(excel(HEAD, *rows))
    assert [(q.number, q.stem, len(q.options), q.correct) for q in result.questions] == [
        ("1", "Câu một?", 4, [0]),
        ("2", "Câu hai?", 4, [2]),
        ("3", "Câu ba?", 4, [1]),
    ]


def test_section_rows_between_questions() -> None:
    result = read_questions(excel(HEAD, ("I. ĐIỀU LỆ ĐẢNG",), ROW, ("II. SINH HOẠT CHI BỘ",), (2, *ROW[1:])))
    assert [q.section for q in result.questions] == ["I. ĐIỀU LỆ ĐẢNG", "II. SINH HOẠT CHI BỘ"]


def test_numbers_percentages_dates_and_shortened_numbers() -> None:
    row = (
        1,
        "Số nào đúng?",
        5,
        (0.5, {"num_format": "0%"}),
        (1110000000, {"num_format": "0.00E+00"}),
        (datetime.date(1930, 2, 3), {"num_format": "dd/mm/yyyy"}),
        "A",
        "",
        "",
        "",
    )
    (question,) = read_questions(excel(HEAD, row)).questions
    assert question.options == ["5", "50%", "1110000000", "03/02/1930"]
    assert len(question.doubts) == 2


def test_the_right_option_in_red_where_there_is_no_key_column() -> None:
    red = {"font_color": "#FF0000"}
    rows = [(1, "Câu một?", "a", ("b", red), "c"), (2, "Câu hai?", ("a", red), "b", "c"), (3, "Câu ba?", "a", "b", "c")]
    result = read_questions(excel(("STT", "Câu hỏi", "A", "B", "C"), *rows))
    assert [q.correct for q in result.questions] == [[1], [0], []]
    assert [bool(q.doubts) for q in result.questions] == [False, False, True]


def test_true_or_false_in_a_table() -> None:
    head = ("STT", "Nhận định", "Đáp án", "Căn cứ")
    rows = [(1, "Chi bộ họp hằng tháng. Đúng hay Sai?", "Đúng", "Điều 5"), (2, "Chi bộ họp hằng năm. Đúng hay Sai?", "S", "")]
    result = read_questions(excel(head, *rows))
    assert [(q.type, q.options) for q in result.questions] == [("true_false", ["Đúng", "Sai"])] * 2
    assert result.questions[0].correct == [0]
