"""The ways in which lists write a key, a source or a note beside a question."""

from __future__ import annotations

import pytest

from questions.interchange.model import ReadQuestion
from tests.questions.interchange.lists import from_text

OPTIONS = "A. một\nB. hai\nC. ba\nD. bốn\n"


def third(tail: str, stem: str = "Câu 3. Nội dung câu hỏi thứ 3?", options: str = OPTIONS) -> ReadQuestion:
    """The last of three questions: two plain ones, then one with this tail."""
    plain = "".join(f"Câu {n}. Nội dung câu hỏi thứ {n}?\n{OPTIONS}Đáp án: A\n" for n in (1, 2))
    return from_text(f"{plain}{stem}\n{options}{tail}\n").questions[2]


@pytest.mark.parametrize(
    "key",
    [
        "Đ/án: B",
        "Đ.A: B",
        "(Đáp án: B)",
        "[Đáp án B]",
        "( Đáp án đúng là B )",
        "ĐÁP ÁN ĐÚNG: B",
        "(Chọn B)",
        "PHƯƠNG ÁN ĐÚNG: B",
    ],
)
def test_a_key_line_in_brackets_or_capitals(key: str) -> None:
    question = third(key)
    assert (question.options, question.correct, question.doubts) == (["một", "hai", "ba", "bốn"], [1], [])


@pytest.mark.parametrize("key", ["Đáp án: A, B, D", "ĐÁP ÁN: A, B, D", "Đáp án: A B D", "Đáp án: A.B.D", "Đáp án: A. B. D."])
def test_several_keys_however_they_are_parted(key: str) -> None:
    question = third(key)
    assert (question.correct, question.type, question.doubts) == ([0, 1, 3], "multiple", [])


def test_a_list_of_capitals_keeps_its_keys() -> None:
    body = "".join(f"CÂU {n}: NỘI DUNG THỨ {n}?\nA. MỘT\nB. HAI\nĐÁP ÁN ĐÚNG: B\n" for n in (1, 2, 3))
    assert [(q.correct, q.doubts) for q in from_text(body).questions] == [([1], [])] * 3


def test_a_key_line_between_the_stem_and_the_options() -> None:
    question = third("", stem="Câu 3. Nội dung câu hỏi thứ 3?\nĐáp án: B")
    assert (question.stem, question.options, question.correct) == (
        "Nội dung câu hỏi thứ 3?",
        ["một", "hai", "ba", "bốn"],
        [1],
    )


def test_a_remark_that_goes_beyond_the_option_s_words_is_kept() -> None:
    question = third("Đáp án: A (một, tháng 12/1986)")
    assert question.correct == [0]
    assert "12/1986" in question.explanation + question.source


@pytest.mark.parametrize(
    "tail", ["Đáp án: A\n(Nguồn: khoản 1 Điều 5)", "Đáp án: A (Nguồn: khoản 1 Điều 5)", "Đáp án: A (khoản 1 Điều 5)"]
)
def test_a_source_in_brackets(tail: str) -> None:
    assert third(tail).source == "khoản 1 Điều 5"


def test_a_book_in_brackets_is_a_source() -> None:
    assert third("Đáp án: A (Lịch sử Đảng, tập 1)").source == "Lịch sử Đảng, tập 1"


def test_a_note_behind_the_number_is_no_part_of_the_stem() -> None:
    points = third("Đáp án: A", stem="Câu 3 (1 điểm): Nội dung câu hỏi thứ 3?")
    source = third("Đáp án: A", stem="Câu 3 (Điều 9 Điều lệ Đảng): Nội dung câu hỏi thứ 3?")
    level = third("Đáp án: A", stem="Câu 3 (Nhận biết). Nội dung câu hỏi thứ 3?")
    assert {points.stem, source.stem, level.stem} == {"Nội dung câu hỏi thứ 3?"}
    assert (points.explanation, source.source, level.level) == ("1 điểm", "Điều 9 Điều lệ Đảng", "Nhận biết")


def test_an_unknown_note_behind_the_number_stays_and_is_doubted() -> None:
    question = third("Đáp án: A", stem="Câu 3 (Sửa đổi lối làm việc): Nội dung câu hỏi thứ 3?")
    assert question.stem.startswith("(Sửa đổi lối làm việc)")
    assert question.doubts


def test_topic_and_level_behind_each_question() -> None:
    body = "".join(f"Câu {n}. Nội dung {n}?\n{OPTIONS}Đáp án: A\nMức độ: Khó\nChủ đề: Điều lệ\n" for n in (1, 2, 3))
    assert [(q.level, q.topic, q.doubts) for q in from_text(body).questions] == [("Khó", "Điều lệ", [])] * 3


def test_a_topic_above_questions_is_their_section() -> None:
    body = "".join(f"Chủ đề: Điều {n}\nCâu {n}. Nội dung {n}?\n{OPTIONS}Đáp án: A\n" for n in (1, 2, 3))
    assert [q.section for q in from_text(body).questions] == ["Chủ đề: Điều 1", "Chủ đề: Điều 2", "Chủ đề: Điều 3"]


def test_page_numbers_are_no_words_of_an_option_and_no_section() -> None:
    body = (
        f"PHẦN I\nCâu 1. Nội dung một?\nA. một\n- 12 -\nB. hai\nĐáp án: A\nTrang 13\nCâu 2. Nội dung hai?\n{OPTIONS}Đáp án: B\n"
    )
    result = from_text(body)
    assert result.questions[0].options == ["một", "hai"]
    assert [q.section for q in result.questions] == ["PHẦN I", "PHẦN I"]
    assert {"- 12 -", "Trang 13"} <= set(result.sections)


def test_questions_called_lessons() -> None:
    body = "".join(f"Bài {n}: Nội dung câu hỏi {n}?\n{OPTIONS}Đáp án: A\n" for n in (1, 2, 3))
    assert [(q.number, q.stem) for q in from_text(body).questions] == [(str(n), f"Nội dung câu hỏi {n}?") for n in (1, 2, 3)]


def test_sources_in_brackets_behind_the_options_of_some_questions() -> None:
    body = "".join(
        f"Câu {n}. Nội dung câu hỏi {n}?\nA. một\n*B. hai\nC. ba\nD. bốn\n{source}\n"
        for n, source in enumerate(("(Lịch sử Đảng, tập 1)", "(Sửa đổi lối làm việc, 1947)", "", "(Điều 9 Điều lệ Đảng)"), 1)
    )
    result = from_text(body)
    assert [q.source for q in result.questions] == [
        "Lịch sử Đảng, tập 1",
        "Sửa đổi lối làm việc, 1947",
        "",
        "Điều 9 Điều lệ Đảng",
    ]
    assert [(q.options[-1], q.correct, q.doubts) for q in result.questions] == [("bốn", [1], [])] * 4


def test_an_option_that_breaks_off_before_a_quoted_article_is_doubted() -> None:
    question = third("Điều 5 Điều lệ Đảng\nĐáp án: A", options="A. một\nB. hai\nC. ba\nD. Theo quy định tại\n")
    assert question.doubts


def test_words_that_may_go_on_with_the_last_option_are_doubted() -> None:
    options = "A. một\nB. hai\nC. ba\nD. đảng viên trẻ tuổi nhất trong số các đồng chí đảng viên có mặt\n"
    assert third("theo quy định hiện hành\nĐáp án: A", options=options).doubts


def test_a_number_alone_inside_a_stem_is_doubted() -> None:
    assert third("Đáp án: A", stem="Câu 3. Nội dung câu hỏi thứ 3?\n12").doubts
    assert third("Đáp án: A", stem="Câu 3.\n12\nNội dung câu hỏi thứ 3?").doubts


def test_a_cross_left_behind_an_option_is_doubted() -> None:
    assert third("Đáp án: C", options="A. 1930\nB. 1945\nC. 1954 x\nD. 1975\n").doubts


def test_questions_that_lost_their_number_are_found_in_rows_of_options() -> None:
    for row in ("A. một B. hai C. ba D. bốn", "A. một    B. hai\nC. ba    D. bốn"):
        starts = ("Câu 1. Nội dung một?", "Nội dung không số?", "Câu 3. Nội dung ba?")
        result = from_text("".join(f"{start}\n{row}\nĐáp án: {key}\n" for start, key in zip(starts, "ABC", strict=True)))
        assert [(q.number, q.correct) for q in result.questions] == [("1", [0]), ("", [1]), ("3", [2])]
        assert result.questions[0].doubts
        assert result.questions[1].doubts


def test_a_number_alone_above_a_question_that_lost_its_first_option() -> None:
    body = "".join(f"{n})\nNội dung câu hỏi {n}?\n{OPTIONS}Đáp án: A\n" for n in (1, 2, 3))
    question = from_text(f"{body}4)\nNội dung câu hỏi 4?\nB. hai\nC. ba\nD. bốn\nĐáp án: B\n").questions[3]
    assert (question.number, question.options, question.correct) == ("4", ["hai", "ba", "bốn"], [0])
    assert question.doubts


def test_keys_of_a_chapter_behind_their_own_heading_in_one_line() -> None:
    chapter = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\n{OPTIONS}" for n in (1, 2, 3))
    text = f"Chương I\n{chapter}Đáp án chương I: 1A 2B 3C\nChương II\n{chapter}Đáp án chương II: 1D 2C 3B\n"
    result = from_text(text)
    assert [q.correct for q in result.questions] == [[0], [1], [2], [3], [2], [1]]
    assert not any(q.doubts for q in result.questions)
    assert "Đáp án chương I:" in result.sections


def test_parts_with_letters_above_questions_with_letters() -> None:
    plain = "".join(f"{n}. Nội dung câu hỏi {n}?\na) một\nb) hai\nc) ba\nĐáp án: b\n" for n in (1, 2))
    result = from_text(f"A. ĐIỀU LỆ ĐẢNG\n{plain}B. LỊCH SỬ\n{plain}")
    assert [q.section for q in result.questions] == ["A. ĐIỀU LỆ ĐẢNG"] * 2 + ["B. LỊCH SỬ"] * 2
    assert [(q.options, q.doubts) for q in result.questions] == [(["một", "hai", "ba"], [])] * 4


def test_statements_with_lines_true_and_false() -> None:
    body = "".join(f"Câu {n}. Nhận định thứ {n}.\nĐúng\nSai\nĐáp án: {key}\n" for n, key in ((1, "Đúng"), (2, "Sai")))
    assert [(q.stem, q.type, q.correct) for q in from_text(body).questions] == [
        ("Nhận định thứ 1.", "true_false", [0]),
        ("Nhận định thứ 2.", "true_false", [1]),
    ]


def test_statements_that_end_with_their_key() -> None:
    result = from_text("1. Nhận định thứ nhất. (Đ)\n2. Nhận định thứ hai. (S)\n3. Nhận định thứ ba. (Sai)\n")
    assert [(q.stem, q.type, q.correct) for q in result.questions] == [
        ("Nhận định thứ nhất.", "true_false", [0]),
        ("Nhận định thứ hai.", "true_false", [1]),
        ("Nhận định thứ ba.", "true_false", [1]),
    ]
    assert all(q.doubts for q in result.questions)


def test_a_table_of_keys_typed_with_bars_under_names_of_columns() -> None:
    body = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\n{OPTIONS}" for n in (1, 2, 3, 4))
    result = from_text(f"{body}ĐÁP ÁN\nCâu | Đáp án | Câu | Đáp án\n1 | A | 3 | C\n2 | B | 4 | D\n")
    assert [(q.correct, q.doubts) for q in result.questions] == [([0], []), ([1], []), ([2], []), ([3], [])]


def test_full_width_signs_behind_numbers_and_letters() -> None:
    body = "".join(f"Câu {n}： Nội dung câu hỏi {n}?\nA．một\nB．hai\nĐáp án： B\n" for n in (1, 2))
    assert [(q.options, q.correct) for q in from_text(body).questions] == [(["một", "hai"], [1])] * 2
