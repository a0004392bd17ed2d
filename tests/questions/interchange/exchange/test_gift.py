"""GIFT files as teachers write them for Moodle: escapes, weights, feedback, categories, every kind of answer."""

from __future__ import annotations

import pytest

from questions.interchange.model import LineKind, ReadQuestion
from questions.interchange.registry import read_questions


def one(text: str) -> ReadQuestion:
    result = read_questions(text.encode())
    assert result.format == "gift" and not result.problems
    [question] = result.questions
    return question


def test_single_choice_with_feedback_and_explanation() -> None:
    question = one(
        "::Câu 7::Thủ đô của Việt Nam là thành phố nào? {\n"
        "=Hà Nội#Đúng rồi\n~Huế#Đó là cố đô\n~Hải Phòng\n####Theo Hiến pháp.\n}"
    )
    assert question.as_json() == {
        "number": "7",
        "stem": "Thủ đô của Việt Nam là thành phố nào?",
        "options": ["Hà Nội", "Huế", "Hải Phòng"],
        "correct": [0],
        "type": "single",
        "source": "",
        "explanation": "Theo Hiến pháp.",
        "section": "",
        "topic": "",
        "level": "",
        "rubric": [],
        "feedback": ["Đúng rồi", "Đó là cố đô", ""],
        "doubts": [],
    }


def test_equal_weights_are_a_key_of_several() -> None:
    question = one("Những ai là ủy viên của tổ công tác năm ấy? {~%50%Đồng chí An ~%0%Đồng chí Bình ~%50%Đồng chí Chi}")
    assert (question.type, question.correct, question.doubts) == ("multiple", [0, 2], [])


@pytest.mark.parametrize(
    ("answers", "correct", "word"),
    [
        ("=một ~%50%hai ~ba", [0], "một phần điểm"),
        ("~%75%một ~%25%hai ~ba", [0, 1], "trọng số khác nhau"),
        ("~%50%một ~%50%hai ~%-100%ba", [0, 1], "trừ điểm"),
        ("~%30%một ~%30%hai ~ba", [0, 1], "không phải 100"),
        ("~%x%một ~%100%hai ~ba", [1], "Không đọc được trọng số"),
        ("=một =hai ~ba", [0, 1], "nhiều phương án là đúng"),
        ("~một ~hai ~ba", [], "Không thấy đáp án"),
    ],
)
def test_weights_that_all_or_nothing_cannot_say_are_doubted(answers: str, correct: list[int], word: str) -> None:
    question = one(f"Câu hỏi có điểm từng phần là câu nào? {{{answers}}}")
    assert question.correct == correct
    assert any(word in doubt for doubt in question.doubts)
    assert question.weights or "hai ~ba" in answers and not correct or "x" in answers


def test_escaped_signs_are_letters() -> None:
    question = one("Biểu thức nào đúng\\: \\{x\\} \\~ \\#1? {=a \\= b \\\\ c ~a \\~ b\\:\\nd}")
    assert question.stem == "Biểu thức nào đúng: {x} ~ #1?"
    assert question.options == ["a = b \\ c", "a ~ b: d"]


def test_true_and_false() -> None:
    for word, correct in (("T", [0]), ("TRUE", [0]), ("F", [1]), ("false", [1])):
        question = one(f"Đảng viên dự bị có quyền biểu quyết.{{{word}}}")
        assert (question.type, question.options, question.correct) == ("true_false", ["Đúng", "Sai"], correct)
    question = one("Mặt trời mọc ở đằng tây.{F#Nhầm rồi.#Đúng vậy.}")  # first: for those who were wrong
    assert question.feedback == ["Nhầm rồi.", "Đúng vậy."]


def test_a_gap_stands_where_the_answers_stood() -> None:
    question = one("Đảng ra đời ngày {=3/2/1930 ~2/9/1945} tại Hương Cảng.")
    assert question.stem == "Đảng ra đời ngày _____ tại Hương Cảng."
    assert one("Đảng ra đời năm nào {=1930 ~1945}?").stem == "Đảng ra đời năm nào?"


def test_types_without_a_place_in_the_bank_are_read_and_told() -> None:
    question = one("Chi bộ có bao nhiêu đảng viên thì lập chi ủy? {#9:0.5}")
    assert (question.type, question.data) == ("numeric", {"value": 9, "tolerance": "0.5"})
    assert any("trả lời bằng số" in doubt for doubt in question.doubts)
    assert one("Số pi bằng bao nhiêu? {#3.141..3.142}").data == {"value": "3.1415", "tolerance": "0.0005"}
    assert one("Bút danh của Bác Hồ là gì? {=Nguyễn Ái Quốc =Trần Dân Tiên}").data == {
        "accepted": ["Nguyễn Ái Quốc", "Trần Dân Tiên"]
    }
    question = one("Ghép nước với thủ đô. {=Việt Nam -> Hà Nội =Lào -> Viêng Chăn = -> Huế}")
    assert question.data == {"pairs": [["Việt Nam", "Hà Nội"], ["Lào", "Viêng Chăn"]], "choices": ["Huế"]}
    assert one("::Câu 3::Đồng chí xử lý tình huống này thế nào? {}").type == "essay"


def test_categories_comments_and_tags() -> None:
    text = (
        "// soạn năm 2026\n$CATEGORY: $course$/top/Điều lệ Đảng/Chương 2\n\n"
        "// [id:d-1] [tag:ôn tập] [tag:Mức độ: vận dụng]\nChi bộ họp mấy tháng một lần? {=một tháng ~hai tháng}\n\n"
        "$CATEGORY: $course$/top\n\nChi bộ bầu bí thư bao lâu một lần? {=năm năm ~ba năm}\n"
    )
    result = read_questions(text.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    first, second = result.questions
    assert (first.section, first.topic, first.level) == ("Điều lệ Đảng / Chương 2", "Chương 2", "vận dụng")
    assert (first.tags, first.carried) == (["ôn tập"], {"idnumber": "d-1"})
    assert (second.section, second.topic) == ("", "")
    assert "soạn năm 2026" in result.sections
    assert not result.problems


def test_html_becomes_text_and_what_is_lost_is_doubted() -> None:
    question = one("[html]<p>Xem <b>hình</b> <img src='a.png' alt='lá cờ'> rồi chọn:</p> {=x<sup>2</sup> ~&lt;y&gt; ~a\\=b}")
    assert question.stem == "Xem hình [hình: lá cờ] rồi chọn:"
    assert question.options == ["x²", "<y>", "a=b"]
    assert any("hình ảnh" in doubt for doubt in question.doubts)
    assert one("[plain]Chọn cặp <b> {=a < b ~&amp;}").options == ["a < b", "&amp;"]


def test_text_without_answers_and_broken_braces_are_told_with_their_line() -> None:
    text = "Lời dẫn của phần này.\n\nĐảng ra đời năm nào? {=1930 ~1945}\n\n"
    text += "Câu này thiếu ngoặc {=a ~b\n\n::x::Câu sau vẫn đọc được? {=có ~không}\n"
    result = read_questions(text.encode())
    assert [question.stem for question in result.questions] == ["Đảng ra đời năm nào?", "Câu sau vẫn đọc được?"]
    assert [problem.where for problem in result.problems] == ["dòng 1", "dòng 5"]
    assert [line.kind for line in result.lines if line.text] == [
        LineKind.PROBLEM,
        LineKind.QUESTION,
        LineKind.PROBLEM,
        LineKind.QUESTION,
    ]


def test_a_free_list_with_a_brace_is_no_gift() -> None:
    text = "Câu 1. Tập hợp {1; 2} có mấy phần tử?\nA. 2\nB. 3\nĐáp án: A\n"
    result = read_questions(text.encode())
    assert result.format == "text" and result.questions[0].correct == [0]
