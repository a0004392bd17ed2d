"""Words of options that look like marks: initials, amounts, letters inside."""

from __future__ import annotations

from questions.interchange.registry import read_questions
from tests.questions.interchange.lists import excel, from_text, word

NAMES = ["C. Mác", "V.I. Lênin", "Nguyễn Ái Quốc", "Ph. Ăngghen"]


def lettered(options: list[str], between: str = " ") -> str:
    return "\n".join(f"{letter}.{between}{text}" for letter, text in zip("ABCD", options, strict=True))


def test_an_initial_is_no_second_letter() -> None:
    for between in (" ", "\t"):
        plain = "Câu 1. Nội dung câu hỏi nào?\nA. a\nB. b\nC. c\nD. d\nĐáp án: A\n"
        question = from_text(f"{plain}Câu 2. Ai là tác giả?\n{lettered(NAMES, between)}\nĐáp án: C").questions[1]
        assert (question.options, question.correct, question.doubts) == (NAMES, [2], [])


def test_letters_written_twice_are_doubted() -> None:
    twice = [f"{letter}. {text}" for letter, text in zip("ABCD", ("một", "hai", "ba", "bốn"), strict=True)]
    (question,) = from_text(f"Câu 1. Nội dung nào đúng?\n{lettered(twice)}\nĐáp án: C").questions
    assert question.doubts


def test_an_initial_in_a_cell_of_plain_options() -> None:
    head = ("STT", "Câu hỏi", "Phương án", "Đáp án")
    (question,) = read_questions(excel(head, (1, "Ai là tác giả?", "\n".join(NAMES), "Nguyễn Ái Quốc"))).questions
    assert (question.options, question.correct) == (NAMES, [2])


def test_an_amount_without_a_letter_keeps_its_first_digits() -> None:
    amounts = ["0,5% tiền lương", "1% tiền lương", "1,5% tiền lương", "2.000 đồng/tháng"]
    thousands = ["1.000 đồng", "2.000 đồng", "3.000 đồng", "4.000 đồng"]
    paragraphs: list[str | list[str | tuple[str, str]]] = []
    for number, options in enumerate((amounts, thousands, amounts), 1):
        paragraphs.append(f"Câu {number}: Mức đóng là bao nhiêu?")
        paragraphs.extend([(text, "b" if place == 1 else "")] for place, text in enumerate(options))
    result = read_questions(word(*paragraphs))
    assert [(q.options, q.correct) for q in result.questions] == [(amounts, [1]), (thousands, [1]), (amounts, [1])]


def test_options_in_another_writing_than_the_list_s_are_read_with_a_doubt() -> None:
    plain = "".join(f"Câu {n}. Nội dung câu hỏi {n}?\nA. a\nB. b\nC. c\nD. d\nĐáp án: A\n" for n in (1, 2, 3))
    text = f"{plain}Câu 4. Bao lâu? a) 03 tháng; b) 06 tháng; c) 09 tháng; d) 12 tháng.\nĐáp án: d"
    question = from_text(text).questions[3]
    assert (question.options, question.correct) == (["03 tháng;", "06 tháng;", "09 tháng;", "12 tháng."], [3])
    assert question.doubts


def test_signs_before_a_number_are_words_of_the_option() -> None:
    options = ["> 50%", "< 50%", "= 50%", "≥ 75%"]
    (question,) = from_text(f"Câu 1. Tỷ lệ nào đúng?\n{lettered(options)}\nĐáp án: A").questions
    assert (question.options, question.correct, question.doubts) == (options, [0], [])
    (question,) = from_text("Câu 1. Nhiệt độ nào? A. -5 B. 0 C. +5 D. -10\nĐáp án: D").questions
    assert (question.options, question.correct) == (["-5", "0", "+5", "-10"], [3])
    (question,) = from_text("Câu 1. Nhiệt độ nào?\nA. - 5 độ\nB. 0 độ\nC. 5 độ\nĐáp án: A").questions
    assert question.options == ["- 5 độ", "0 độ", "5 độ"]
    assert question.doubts


def test_a_sign_before_one_plain_line_is_no_bullet() -> None:
    paragraphs: list[str | list[str | tuple[str, str]]] = []
    for number in (1, 2, 3):
        paragraphs.append(f"Câu {number}: Tỷ lệ nào đúng?")
        paragraphs.extend([(text, "b" if text == "2/3" else "")] for text in ("> 50%", "2/3", "3/4", "100%"))
    result = read_questions(word(*paragraphs))
    assert [(q.options, q.correct) for q in result.questions] == [(["> 50%", "2/3", "3/4", "100%"], [1])] * 3
