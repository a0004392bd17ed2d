"""The score of two questions, worked out by hand."""

from __future__ import annotations

import pytest

from questions.similarity.comparing import Compared, Vocabulary, score

Question = tuple[str, list[str]]


def scored(one: Question, other: Question) -> float:
    vocabulary = Vocabulary()
    first, second = Compared.of(*one, vocabulary), Compared.of(*other, vocabulary)
    assert score(first, second) == score(second, first)
    return score(first, second)


def test_a_changed_word_in_a_stem_without_options() -> None:
    # 5 words each, 4 common, in order: 2 x 4 / 10 = 0.8 both ways.
    assert scored(("Đảng ra đời năm 1930", []), ("Đảng ra đời năm 1945", [])) == 0.8


def test_the_order_of_words_counts_half() -> None:
    # All 3 words common: 1. In order 2 of 3: 4 / 6. (1 + 0.6667) / 2 = 0.8333.
    assert scored(("chi bộ họp", []), ("họp chi bộ", [])) == 0.8333


def test_stems_and_options_by_their_number_of_words() -> None:
    # Stems: 6 words each, one changed: 10 / 12 = 0.8333. Options equal: 1. Words 12 to 8: weight 0.6.
    # 0.6 x 0.8333 + 0.4 = 0.9.
    options = ["một tháng", "hai tháng"]
    assert scored(("Chi bộ họp mấy tháng lần", options), ("Chi bộ họp mấy quý lần", options)) == 0.9


def test_options_by_the_nearest_one() -> None:
    # Stems equal, 12 words to 8: weight 0.6. Common option words: một, tháng, tháng of 4 and 4: 6 / 8 = 0.75.
    # Nearest: một tháng 1, hai tháng / ba tháng 2 / 4 = 0.5; the mean of 1, 0.5, 1, 0.5 is 0.75. 0.6 + 0.4 x 0.75 = 0.9.
    stem = "Chi bộ họp mấy tháng lần"
    assert scored((stem, ["một tháng", "hai tháng"]), (stem, ["ba tháng", "một tháng"])) == 0.9


def test_words_that_changed_places_between_options_are_seen() -> None:
    # All words common, but each option has only 1 of 2 in common with its nearest: 0.5. Weight 4 / 8 = 0.5.
    # 0.5 + 0.5 x 0.5 = 0.75.
    assert scored(("Thời hạn", ["ba ngày", "sáu năm"]), ("Thời hạn", ["ba năm", "sáu ngày"])) == 0.75


def test_a_generic_stem_over_other_options_is_one_half() -> None:
    # Weight: 8 of 24 words, but never below 0.5.
    one = ("Chọn phương án đúng", ["Đoàn ra đời 1930", "Đoàn lập ra 1931"])
    assert scored(one, ("Chọn phương án đúng", ["chi bộ họp tháng", "đảng viên nộp phí"])) == 0.5


def test_statements_with_the_same_two_options_are_not_alike_for_that() -> None:
    # Stems: 10 words each, 5 common, in order: 0.5. Words 20 to 4: weight 0.8333, at most 0.75. 0.75 x 0.5 + 0.25 = 0.625.
    one = "chi bộ họp mỗi tháng một lần là đúng quy"
    other = "chi bộ họp mỗi tháng a b c d e"
    assert scored((one, ["Đúng", "Sai"]), (other, ["Đúng", "Sai"])) == 0.625


def test_one_question_without_options() -> None:
    # Stems equal, 4 words to 2: weight 4 / 6 = 0.6667; nothing common in the options.
    assert scored(("Ai bầu", ["Chi bộ"]), ("Ai bầu", [])) == 0.6667


def test_only_what_says_the_same_gets_one() -> None:
    assert scored(("Ai bầu?", ["Chi bộ", "Đảng bộ"]), ("AI BẦU", ["đảng bộ.", "chi bộ"])) == 1.0
    long = " ".join(f"từ{number}" for number in range(10_000))
    assert scored((long, []), (f"{long} không", [])) == 0.999


@pytest.mark.parametrize(
    ("options", "same"),
    [
        (["Hai", "Một", "Ba", "Cả A và B"], True),  # A and B are still Một and Hai
        (["Một", "Ba", "Hai", "Cả A và C"], True),
        (["Một", "Ba", "Hai", "Cả A và B"], False),
        (["Một", "Hai", "Ba", "Cả A và C"], False),
    ],
)
def test_an_option_that_names_others_means_their_texts(options: list[str], same: bool) -> None:
    assert (scored(("Chọn số", ["Một", "Hai", "Ba", "Cả A và B"]), ("Chọn số", options)) == 1.0) is same


def test_where_the_letters_are_not_certain_another_order_is_not_the_same() -> None:
    stem = "Phương án A khác phương án B ở điểm nào?"
    assert scored((stem, ["Một", "Hai"]), (stem, ["Một", "Hai"])) == 1.0
    assert scored((stem, ["Một", "Hai"]), (stem, ["Hai", "Một"])) == 0.999
