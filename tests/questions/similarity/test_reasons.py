"""What is said of a pair: every difference is named or counted."""

from __future__ import annotations

import unicodedata

import pytest

from questions.similarity.comparing import Compared, Vocabulary
from questions.similarity.reasons import why

STEM = "Uỷ ban kiểm tra hoà giải mấy lần trong năm 2021?"
OPTIONS = ["Một lần", "Hai lần", "Ba lần"]


def said(one: tuple[str, list[str]], other: tuple[str, list[str]]) -> str:
    vocabulary = Vocabulary()
    return why(Compared.of(*one, vocabulary), Compared.of(*other, vocabulary))


@pytest.mark.parametrize(
    ("stem", "options", "words"),
    [
        (STEM, OPTIONS, "giống hệt nhau"),
        (STEM, OPTIONS[::-1], "cùng nội dung câu hỏi, phương án đảo thứ tự"),
        (unicodedata.normalize("NFD", STEM), OPTIONS, "chỉ khác cách gõ dấu"),
        ("Ủy ban kiểm tra hòa giải mấy lần trong năm 2021?", OPTIONS, "chỉ khác cách gõ dấu"),
        ("Câu 3: " + STEM, ["một lần", "hai lần", "ba lần"], "chỉ khác số thứ tự ở đầu câu, chữ hoa chữ thường"),
        (STEM, ["Một lần.", "Hai lần.", "Ba lần."], "chỉ khác dấu câu hoặc khoảng trắng"),
        (
            STEM.upper(),
            OPTIONS[::-1],
            "cùng nội dung câu hỏi; phương án đảo thứ tự; khác chữ hoa chữ thường",
        ),
        (STEM.replace("2021", "2023"), OPTIONS, "câu hỏi khác 1 từ: “2021” và “2023” (con số); cùng phương án"),
        (STEM.replace("2021", "nay"), OPTIONS[::-1], "câu hỏi khác 1 từ: “2021” và “nay” (con số); phương án đảo thứ tự"),
        (STEM.replace("giải", "không giải"), OPTIONS, "câu hỏi khác 1 từ: chỉ một câu có “không” (ý phủ định); cùng phương án"),
        (STEM.replace("kiểm tra", "giám sát"), OPTIONS, "câu hỏi khác 2 từ: “kiểm tra” và “giám sát”; cùng phương án"),
        (
            "Trong năm 2021 uỷ ban kiểm tra hoà giải mấy lần?",
            OPTIONS,
            "câu hỏi cùng các từ nhưng khác thứ tự từ; cùng phương án",
        ),
        (STEM, ["Một lần", "Hai lần", "Bốn lần"], "cùng nội dung câu hỏi, khác 1 phương án: “Ba lần” và “Bốn lần”"),
        (
            STEM,
            ["Hai lần", "Một lần", "Không lần nào cả"],
            "cùng nội dung câu hỏi; khác 1 phương án: “Ba lần” và “Không lần nào cả”; phương án đảo thứ tự",
        ),
        (STEM, ["Một lần", "Hai lần"], "cùng nội dung câu hỏi, khác 1 phương án: chỉ một câu có “Ba lần”"),
        (STEM, [], "cùng nội dung câu hỏi, chỉ một câu có phương án"),
    ],
)
def test_in_words(stem: str, options: list[str], words: str) -> None:
    assert said((STEM, OPTIONS), (stem, options)) == words


def test_essays_have_no_options_to_speak_of() -> None:
    assert said((STEM, []), (STEM.replace("2021", "2023"), [])) == "câu hỏi khác 1 từ: “2021” và “2023” (con số)"
    assert said((STEM, []), (STEM, [])) == "giống hệt nhau"


def test_a_long_option_is_told_by_the_words_that_differ() -> None:
    one = "Đảng ủy cơ sở có từ ba mươi đảng viên trở lên bầu ban chấp hành và ban thường vụ"
    assert said((STEM, [one]), (STEM, [one.replace("trở lên", "trở xuống")])) == (
        "cùng nội dung câu hỏi, khác 1 phương án: “lên” và “xuống”"
    )


def test_many_differences_are_counted_and_the_first_quoted() -> None:
    one, other = "a x b x c x d x e", "a 1 b 2 c 3 d 4 e"
    assert said((one, []), (other, [])) == (
        "câu hỏi khác 4 từ: “x” và “1” (con số), “x” và “2” (con số), “x” và “3” (con số), … (và 1 chỗ nữa)"
    )


def test_an_option_that_names_other_options_than_before() -> None:
    one, other = ["Một", "Hai", "Ba", "Cả A và B"], ["Một", "Ba", "Hai", "Cả A và B"]
    assert "“Cả A và B” chỉ những phương án khác nhau" in said((STEM, one), (STEM, other))
    uncertain = "Phương án A khác phương án B ở điểm nào?"
    assert "xin xem lại" in said((uncertain, ["Một", "Hai"]), (uncertain, ["Hai", "Một"]))
