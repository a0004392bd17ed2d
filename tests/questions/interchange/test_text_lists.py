"""Lists in plain text, each in a manner seen in published lists."""

from __future__ import annotations

from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import from_text, said


def test_options_on_lines_of_their_own_under_a_section() -> None:
    result = from_text(
        """A- CÂU HỎI TRẮC NGHIỆM:
* Lĩnh vực công tác tuyên giáo:
Câu 1: Công tác tư tưởng của Đảng phải bảo đảm những nguyên tắc
cơ bản nào?
a/ Nguyên tắc tính Đảng.
b/ Nguyên tắc thống nhất giữa lý luận và thực tiễn, giữa lời nói và việc
làm của cán bộ.
c/- 2.000 USD.
d/ Cả a, b, c đều đúng.
* Lĩnh vực công tác tổ chức:
Câu 2: Chi bộ có ít nhất mấy đảng viên chính thức?
a/ 2
b/ 3
c/ 5
d/ 7
"""
    )
    first, second = result.questions
    assert said(first) == (
        "1",
        "Công tác tư tưởng của Đảng phải bảo đảm những nguyên tắc cơ bản nào?",
        [
            "Nguyên tắc tính Đảng.",
            "Nguyên tắc thống nhất giữa lý luận và thực tiễn, giữa lời nói và việc làm của cán bộ.",
            "2.000 USD.",
            "Cả a, b, c đều đúng.",
        ],
        [],
    )
    assert first.type == "single"
    assert first.doubts == ["Không thấy đáp án của câu này."]
    assert "Lĩnh vực công tác tuyên giáo" in first.section
    assert "Lĩnh vực công tác tổ chức" in second.section
    assert "Lĩnh vực" not in " ".join(first.options)
    assert result.problems == []


KEYED = """PHẦN I. ĐIỀU LỆ ĐẢNG
Câu 1. Thời gian dự bị của đảng viên là bao lâu?
A. 6 tháng
B. 12 tháng
C. 18 tháng
Đáp án: B
Câu 2. Chi bộ sinh hoạt thường lệ mấy lần?
A. Mỗi tháng một lần
B. Hai tháng một lần
C. Ba tháng một lần
Đáp án đúng: A (khoản 1 Điều 5 Điều lệ Đảng)
Câu 3. Đảng viên có những quyền nào?
A. Ứng cử
B. Đề cử
C. Miễn đảng phí
ĐA: A, B
Câu 4. Đảng ra đời năm nào?
A. 1929
B. 1930
C. 1945
=> B
Căn cứ: Lịch sử Đảng, chương 1
Câu 5. Ai bầu bí thư chi bộ?
A. Đảng ủy
B. Chi ủy
C. Đại hội chi bộ hoặc chi ủy
Chọn C
"""


def test_a_key_line_in_any_of_its_wordings() -> None:
    result = from_text(KEYED)
    assert [question.correct for question in result.questions] == [[1], [0], [0, 1], [1], [2]]
    assert [question.type for question in result.questions] == ["single", "single", "multiple", "single", "single"]
    assert [question.doubts for question in result.questions] == [[], [], [], [], []]
    assert result.questions[1].source == "khoản 1 Điều 5 Điều lệ Đảng"
    assert result.questions[3].source == "Lịch sử Đảng, chương 1"
    assert {question.section for question in result.questions} == {"PHẦN I. ĐIỀU LỆ ĐẢNG"}


def test_the_same_list_in_other_encodings_reads_the_same() -> None:
    plain = read_questions(KEYED.encode()).as_json()
    assert read_questions(KEYED.encode("utf-16")).as_json() == plain
    assert read_questions(KEYED.encode("utf-8-sig")).as_json() == plain


def test_true_or_false_with_the_source_in_the_answer() -> None:
    result = from_text(
        """Câu 1: Quần chúng A vào Đảng được. Đúng hay Sai? Trả lời: ĐÚNG Điều 4 Điều lệ Đảng
Câu 2: Cấp ủy cơ sở xét kết nạp. Đúng hay Sai?
Trả lời : SAI Điểm 3 Hướng dẫn số 06-HD/TW
Câu 3: Chi bộ họp mỗi quý. Đúng hay Sai?
"""
    )
    first, second, third = result.questions
    assert [question.type for question in result.questions] == ["true_false"] * 3
    assert [question.options for question in result.questions] == [["Đúng", "Sai"]] * 3
    assert (first.correct, first.source) == ([0], "Điều 4 Điều lệ Đảng")
    assert (second.correct, second.source) == ([1], "Điểm 3 Hướng dẫn số 06-HD/TW")
    assert first.stem == "Quần chúng A vào Đảng được. Đúng hay Sai?"
    assert not first.doubts
    assert third.correct == []
    assert third.doubts


def test_true_false_options_are_always_in_one_order() -> None:
    (question,) = from_text("Câu 1. Chi bộ họp hằng tháng?\nA. Sai\nB. Đúng\nĐáp án: B").questions
    assert (question.type, question.options, question.correct) == ("true_false", ["Đúng", "Sai"], [0])


def test_a_stated_letter_that_no_option_has_is_never_guessed() -> None:
    (question,) = from_text("Câu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\nC. 1945\nĐáp án: E").questions
    assert question.correct == []
    assert any("E" in doubt for doubt in question.doubts)


def test_a_key_of_a_question_mark_is_no_key() -> None:
    (question,) = from_text("Câu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\nC. 1945\nĐáp án: ?").questions
    assert question.correct == []
    assert question.doubts


def test_a_key_written_twice_and_differently() -> None:
    text = "Câu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\nC. 1945\nĐáp án: B\nĐáp án: {}"
    (same,) = from_text(text.format("B")).questions
    (other,) = from_text(text.format("C")).questions
    assert same.correct == [1]
    assert other.correct == []
    assert other.doubts


def test_a_key_letter_beside_the_words_of_another_option() -> None:
    (question,) = from_text("Câu 1. Đảng ra đời năm nào?\nA. 1929\nB. 1930\nC. 1945\nĐáp án: B. 1945").questions
    assert question.doubts


def test_options_run_together_with_a_mark_before_the_right_one() -> None:
    result = from_text(
        """1. Bác Hồ ra đi tìm đường cứu nước năm nào? a. 1910 ○b. 1911 c. 1912 d. 1913
2. Phong trào nào sôi nổi nhất?
a. 1910 - 1920. b. 1921 - 1930 ○c. 1931 - 1940. d. Khác
"""
    )
    assert [said(question)[2:] for question in result.questions] == [
        (["1910", "1911", "1912", "1913"], [1]),
        (["1910 - 1920.", "1921 - 1930", "1931 - 1940.", "Khác"], [2]),
    ]
    assert not any(question.doubts for question in result.questions)


def test_a_mark_between_two_options_is_doubted() -> None:
    (question,) = from_text("1. Năm nào đúng? a. 1910 (x) b. 1911 c. 1912 d. 1913").questions
    assert question.doubts


def test_a_name_with_initials_is_no_option() -> None:
    (question,) = from_text("Câu 1. Ai viết? A. Ph. Ăngghen B. C. Mác C. V.I. Lênin D. Hồ Chí Minh\nĐáp án: B").questions
    assert question.options == ["Ph. Ăngghen", "C. Mác", "V.I. Lênin", "Hồ Chí Minh"]
    assert question.correct == [1]


def test_keys_in_a_list_at_the_end() -> None:
    body = "".join(f"Câu {n}. Câu hỏi số {n} là gì?\nA. a{n}\nB. b{n}\nC. c{n}\n" for n in (1, 2, 3))
    for keys in ("ĐÁP ÁN\n1C 2B 3A\n", "1-C; 2-B; 3-A", "BẢNG ĐÁP ÁN\nCâu 1: C\nCâu 2: B\nCâu 3: A\n", "1 2 3\nC B A"):
        result = from_text(body + keys)
        assert [question.correct for question in result.questions] == [[2], [1], [0]], keys
        assert not any(question.doubts for question in result.questions)
        assert result.questions[-1].options == ["a3", "b3", "c3"]


def test_a_key_for_a_question_that_is_not_there_is_a_problem() -> None:
    body = "".join(f"Câu {n}. Câu hỏi số {n} là gì?\nA. a{n}\nB. b{n}\nC. c{n}\n" for n in (1, 2, 3))
    result = from_text(body + "ĐÁP ÁN\n1C 2B 3A 9D")
    assert [problem.text for problem in result.problems] == ["9 D"]


def test_keys_of_each_chapter_stay_in_their_chapter() -> None:
    chapter = "".join(f"Câu {n}. Nội dung {{0}}{n} là gì?\nA. a\nB. b\nC. c\n" for n in (1, 2, 3))
    text = (
        "Chương I\n" + chapter.format("một ") + "Đáp án\n1A 2B 3C\nChương II\n" + chapter.format("hai ") + "Đáp án\n1C 2C 3C\n"
    )
    result = from_text(text)
    assert [question.correct for question in result.questions] == [[0], [1], [2], [2], [2], [2]]


def test_a_situation_with_opinions_and_a_rubric() -> None:
    result = from_text(
        """Câu hỏi số 1: Đồng chí A vi phạm. Chi bộ có hai ý kiến:
- Khai trừ.
- Cảnh cáo.
Theo đồng chí ý kiến nào đúng?
Gợi ý trả lời:
- Ý kiến thứ nhất sai (1 điểm).
- Ý kiến thứ hai đúng vì Điều 5 (0,5 điểm)
"""
    )
    (question,) = result.questions
    assert question.type == "situation"
    assert question.options == []
    assert [(item.text, item.points) for item in question.rubric] == [
        ("Ý kiến thứ nhất sai", "1"),
        ("Ý kiến thứ hai đúng vì Điều 5", "0.5"),
    ]
    assert "Khai trừ." in question.stem
    assert not question.doubts


def test_a_rubric_that_does_not_sum_up_is_doubted() -> None:
    (question,) = from_text("Câu 1: Xử lý thế nào?\nGợi ý trả lời: (5 điểm)\n- Một (1 điểm)\n- Hai (3 điểm)").questions
    assert question.doubts


def test_theory_with_a_model_answer() -> None:
    result = from_text("1/- Nêu nhiệm vụ của chi bộ?\n* Đáp án: Có năm nhiệm vụ.\n2/- Nêu quyền?\n* Đáp án: Có bốn.")
    assert [(q.number, q.type, q.explanation) for q in result.questions] == [
        ("1", "essay", "Có năm nhiệm vụ."),
        ("2", "essay", "Có bốn."),
    ]


def test_everything_on_one_line_with_an_explanation() -> None:
    result = from_text(
        """Câu 1: Đảng ta thành lập năm nào? A. 1929 B. 1930 C. 1931 D. 1945
Đáp án: B. Giải thích: Hội nghị hợp nhất.
Câu 2: Ai bầu bí thư? A. Chi bộ B. Đại hội C. Cấp ủy D. Tất cả Đáp án: A. Giải thích: theo Điều lệ.
"""
    )
    assert [(q.options, q.correct, q.explanation) for q in result.questions] == [
        (["1929", "1930", "1931", "1945"], [1], "Hội nghị hợp nhất."),
        (["Chi bộ", "Đại hội", "Cấp ủy", "Tất cả"], [0], "theo Điều lệ."),
    ]


def test_a_stem_glued_behind_the_last_option_is_cut_off_and_doubted() -> None:
    result = from_text(
        """177: Câu một trăm bảy bảy?
A. x1
B. x2
C. x3 D. Nội dung cuối. 178: Trong những điều sau, điều nào?
A. y1
B. y2
C. y3
D. y4
179: Câu cuối cùng là gì?
A. z1
B. z2
C. z3
D. z4
"""
    )
    assert [question.number for question in result.questions] == ["177", "178", "179"]
    assert result.questions[0].options == ["x1", "x2", "x3", "Nội dung cuối."]
    assert result.questions[0].doubts
    assert result.questions[1].doubts


def test_no_numbers_and_keys_alone_on_a_line() -> None:
    result = from_text(
        """Đảng ta là đảng gì?
A. một
B. hai
C. ba
D. bốn
E. năm
D
Chọn các ý đúng (có thể nhiều ý):
A. một
B. hai
C. ba
D. bốn
E. năm
ABC
2 + 2 bằng mấy?
A. 3
B. 4
C. 5
D. 6
E. 7
B (= 2 + 2)
"""
    )
    assert [(q.number, q.correct, q.type) for q in result.questions] == [
        ("", [3], "single"),
        ("", [0, 1, 2], "multiple"),
        ("", [1], "single"),
    ]
    assert result.questions[2].options[-1] == "7"


def test_options_without_letters_and_a_stem_that_spills_over() -> None:
    result = from_text(
        """Câu 1: Trong các ý kiến sau, theo đồng chí ý kiến nào
là đúng?
Ý một
* Ý hai
Ý ba
Ý bốn
Câu 2: Đâu là giải pháp?
Mục tiêu
Nhiệm vụ
* Giải pháp
Kết quả
"""
    )
    assert [said(question) for question in result.questions] == [
        (
            "1",
            "Trong các ý kiến sau, theo đồng chí ý kiến nào là đúng?",
            ["Ý một", "Ý hai", "Ý ba", "Ý bốn"],
            [1],
        ),
        ("2", "Đâu là giải pháp?", ["Mục tiêu", "Nhiệm vụ", "Giải pháp", "Kết quả"], [2]),
    ]


def test_tickets_with_two_questions_under_one_number() -> None:
    result = from_text(
        """PHIẾU SỐ 4
Câu 1: Trình bày nhiệm vụ của chi bộ? Liên hệ thực tiễn.
Câu 2: Tình huống: Đồng chí B xin ra khỏi Đảng. Xử lý thế nào?
PHIẾU SỐ 5
Câu 1: Nêu quyền của đảng viên?
Câu 2: Tình huống: Đồng chí C bỏ sinh hoạt.
"""
    )
    assert [(q.section, q.number, q.type) for q in result.questions] == [
        ("PHIẾU SỐ 4", "1", "essay"),
        ("PHIẾU SỐ 4", "2", "situation"),
        ("PHIẾU SỐ 5", "1", "essay"),
        ("PHIẾU SỐ 5", "2", "situation"),
    ]


def test_numbers_that_repeat_or_are_missing_are_said() -> None:
    body = "".join(f"Câu {n}. Nội dung câu hỏi {k}?\nA. a\nB. b\nĐáp án: A\n" for k, n in enumerate((1, 2, 2, 5, 6)))
    doubts = [bool(question.doubts) for question in from_text(body).questions]
    assert doubts == [False, True, True, True, False]


def test_one_option_fewer_or_more_than_elsewhere_is_said() -> None:
    body = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. a\nB. b\nC. c\nĐáp án: A\n" for n in range(1, 6))
    result = from_text(body + "Câu 6. Câu hỏi khác là gì?\nA. a\nB. b\nĐáp án: A")
    assert [bool(question.doubts) for question in result.questions] == [False] * 5 + [True]


def test_a_list_of_which_nothing_is_understood_is_one_problem_a_line() -> None:
    result = from_text("Kính gửi đồng chí,\nXin gửi kèm bài viết.")
    assert result.questions == []
    assert [problem.text for problem in result.problems] == ["Kính gửi đồng chí,", "Xin gửi kèm bài viết."]
    assert [problem.where for problem in result.problems] == ["dòng 1", "dòng 2"]


def test_each_line_knows_what_became_of_it() -> None:
    result = from_text("Phần I. Điều lệ\n\nCâu 1. Nội dung là gì?\nA. a\nB. b\nĐáp án: A")
    assert [(line.number, line.kind.value, line.question) for line in result.lines] == [
        (1, "section", -1),
        (2, "blank", -1),
        (3, "question", 0),
        (4, "question", 0),
        (5, "question", 0),
        (6, "question", 0),
    ]


def one(key: str, options: str = "A. một\nB. hai\nC. ba") -> tuple[list[int], bool]:
    """Key and doubt of a question with this key line, in a list of plain ones."""
    plain = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\n{options}\nĐáp án: A\n" for n in (1, 2))
    question = from_text(f"{plain}Câu 3. Nội dung câu hỏi 3?\n{options}\nĐáp án: {key}\n").questions[2]
    return question.correct, bool(question.doubts)


def test_a_remark_behind_the_key_may_take_it_back() -> None:
    for key in ("A sai", "B (sửa lại: C)", "B => C", "A hoặc C", "A/C", "B?"):
        assert one(key)[1], key
    for key in ("B (khoản 1 Điều 5 Điều lệ Đảng)", "B. hai", "B. Giải thích: phương án A sai", "B vì Điều lệ quy định"):
        assert one(key) == ([1], False), key


def test_the_key_as_words_of_an_option_that_names_others() -> None:
    assert one("Cả A và B", "A. một\nB. hai\nC. Cả A và B") == ([2], False)
    assert one("Cả A và B") == ([], True)


def test_a_lone_letter_in_brackets_belongs_to_the_words() -> None:
    (question,) = from_text("Câu 1. Ký hiệu nào đúng?\nA. Tổng (D)\nB. Hiệu (S)\nC. Tích\nĐáp án: C").questions
    assert question.options == ["Tổng (D)", "Hiệu (S)", "Tích"]
    assert not question.doubts


def test_a_bracket_behind_the_right_option_marks_it() -> None:
    text = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. một\nB. hai (đáp án)\nC. ba\n" for n in (1, 2, 3))
    result = from_text(text)
    assert [(q.options, q.correct) for q in result.questions] == [(["một", "hai", "ba"], [1])] * 3


def test_a_key_inside_of_the_stem() -> None:
    (question,) = from_text("Câu 1 (Đáp án C): Nội dung câu hỏi?\nA. một\nB. hai\nC. ba").questions
    assert (question.stem, question.correct) == ("Nội dung câu hỏi?", [2])


def test_two_columns_read_across_are_put_in_order() -> None:
    plain = "".join(f"Câu {n}: Nội dung câu hỏi {n}?\nA. một B. hai\nC. ba D. bốn\nĐáp án: A\n" for n in (1, 2))
    question = from_text(plain + "Câu 3: Kiểu nào?\nA. nguyên thủy C. chủ nô B. phong kiến\nD. tư sản\nĐáp án: C").questions[2]
    assert question.options == ["nguyên thủy", "phong kiến", "chủ nô", "tư sản"]
    assert question.correct == [2]
    assert question.doubts


def test_a_question_that_lost_its_number_is_found_and_doubted() -> None:
    body = "Câu {}. Nội dung câu hỏi {}?\nA. một\nB. hai\nC. ba\nĐáp án: A\n"
    lost = "Câu hỏi không có số là gì?\nA. bốn\nB. năm\nC. sáu\nĐáp án: B\n"
    result = from_text(body.format(1, 1) + lost + body.format(2, 2))
    assert [(q.number, q.correct, bool(q.doubts)) for q in result.questions] == [
        ("1", [0], True),
        ("", [1], True),
        ("2", [0], False),
    ]


def test_a_short_line_behind_the_options_is_never_joined_quietly() -> None:
    body = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. một\nB. hai\nC. ba\n{{}}Đáp án: A\n" for n in (1,))
    for line in ("Công tác dân vận\n", "theo Điều lệ Đảng\n"):
        assert from_text(body.format(line)).questions[0].doubts


def test_numbering_that_begins_again_is_said_once() -> None:
    chapter = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. một\nB. hai\nĐáp án: A\n" for n in (1, 2, 3))
    assert [bool(q.doubts) for q in from_text(chapter + chapter).questions] == [False] * 3 + [True, False, False]
    assert not any(q.doubts for q in from_text("Chương I\n" + chapter + "Chương II\n" + chapter).questions)
