"""All similar pairs of a list: what is found, what is not, and the same whatever the order and the chunks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.similarity.nearest import Question, nearest
from questions.similarity.pairs import pairs
from questions.similarity.wording import words

STEM = "Uỷ ban kiểm tra hoà giải mấy lần trong năm 2021?"
OPTIONS = ["Một lần", "Hai lần", "Ba lần", "Bốn lần"]


def found(*questions: Question, threshold: float = 0.8) -> set[tuple[str, str]]:
    return {(pair.a, pair.b) for pair in pairs(questions, threshold)}


@pytest.mark.parametrize(
    ("stem", "options"),
    [
        (STEM, OPTIONS[::-1]),
        (STEM.replace("2021", "2023"), OPTIONS),
        (STEM.replace("giải", "không giải"), OPTIONS),
        (unicodedata.normalize("NFD", STEM), [unicodedata.normalize("NFD", option) for option in OPTIONS]),
        ("Ủy ban kiểm tra hòa giải mấy lần trong năm 2021?", OPTIONS),
        (STEM.upper(), [option.lower() for option in OPTIONS]),
        ("Câu 12: Uỷ ban kiểm tra - hoà giải - mấy lần, trong năm 2021", [f"{option}." for option in OPTIONS]),
        (STEM, [f"{letter}. {option}" for letter, option in zip("ABCD", OPTIONS, strict=True)]),
        (STEM, [*OPTIONS[:3], "Năm lần"]),
    ],
)
def test_a_near_duplicate_is_found(stem: str, options: list[str]) -> None:
    assert found(("12", STEM, OPTIONS), ("87", stem, options)) == {("12", "87")}


def test_questions_that_share_only_a_generic_stem_or_only_options_are_not_similar() -> None:
    generic = "Chọn phương án đúng"
    assert not found(
        ("1", generic, ["Đảng viên đóng đảng phí hằng tháng", "Đảng viên đóng đảng phí hằng quý"]),
        ("2", generic, ["Chi bộ sinh hoạt định kỳ theo tuần", "Chi bộ sinh hoạt bất thường hằng ngày"]),
        ("3", "Thời gian dự bị của người vào Đảng?", OPTIONS),
        ("4", "Chi bộ họp thường lệ bao nhiêu?", OPTIONS),
        ("5", "Đại hội đại biểu toàn quốc có quyền bầu Bộ Chính trị", ["Đúng", "Sai"]),
        ("6", "Mọi công dân từ đủ mười tám tuổi đều vào Đảng được", ["Đúng", "Sai"]),
    )


def test_a_long_stem_over_short_options_is_not_enough_either() -> None:
    stem = "Hãy chọn phương án trả lời đúng nhất trong các phương án dưới đây"
    assert not found(("1", stem, ["1930", "1945"]), ("2", stem, ["Hà", "Nam"]))


def test_the_best_come_first_and_equal_ones_by_number() -> None:
    questions = [("10", STEM, OPTIONS), ("9", STEM, OPTIONS[::-1]), ("11", STEM.replace("2021", "2023"), OPTIONS)]
    assert [(pair.a, pair.b) for pair in pairs(questions)] == [("9", "10"), ("9", "11"), ("10", "11")]


def test_the_threshold_itself_is_enough() -> None:
    # 4 of 5 words: 0.8.
    near = (("1", "Đảng ra đời năm 1930", []), ("2", "Đảng ra đời năm 1945", []))
    assert found(*near, threshold=0.8)
    assert not found(*near, threshold=0.8001)


def test_questions_without_a_word_are_left_out_and_nothing_gives_nothing() -> None:
    assert not found(("1", "…", []), ("2", "?", [""]))
    assert pairs([]) == []


def test_two_questions_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        pairs([("1", "Ai?", []), ("1", "Gì?", [])])


# Few words, so that many questions are alike; none of them names another option.
WORDS = st.sampled_from(["chi", "bộ", "Không", "hòa", "hoà", "2021", "2023", "lần", "năm,"])
TEXTS = st.lists(WORDS, max_size=5).map(" ".join)
LISTS = st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=3)), max_size=8).map(
    lambda listed: [(str(number), stem, options) for number, (stem, options) in enumerate(listed)]
)
THRESHOLDS = st.sampled_from([0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0])


def longest_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence, by its recurrence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = row[:]
        for place, each in enumerate(other):
            row[place + 1] = before[place] + 1 if word == each else max(before[place + 1], row[place])
    return row[-1]


def dice(common: int, one: Sequence[str], other: Sequence[str]) -> float:
    return 2 * common / (len(one) + len(other)) if one or other else 1.0


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    common = sum((Counter(one) & Counter(other)).values())
    return (dice(common, one, other) + dice(longest_common(one, other), one, other)) / 2


def naive_score(one: Question, other: Question) -> float:
    """The score by its definition (questions/similarity/comparing.py), from words, without codes or bounds."""
    stems = words(one[1]), words(other[1])
    options = [words(option) for option in one[2]], [words(option) for option in other[2]]
    if stems[0] == stems[1] and Counter(options[0]) == Counter(options[1]):
        return 1.0
    everything = [[word for option in side for word in option] for side in options]
    stem_words, option_words = len(stems[0]) + len(stems[1]), len(everything[0]) + len(everything[1])
    if not option_words:
        return min(round(alike(*stems), 4), 0.999)
    weight = min(max(stem_words / (stem_words + option_words), 0.5), 0.75)
    if Counter(options[0]) == Counter(options[1]):
        option_score = 1.0
    elif not options[0] or not options[1]:
        option_score = 0.0
    else:
        nearest = [max(alike(a, b) for b in options[1]) for a in options[0]]
        nearest += [max(alike(a, b) for a in options[0]) for b in options[1]]
        common = sum((Counter(everything[0]) & Counter(everything[1])).values())
        option_score = min(dice(common, *everything), fsum(nearest) / len(nearest))
    return min(round(weight * alike(*stems) + (1 - weight) * option_score, 4), 0.999)


def has_words(question: Question) -> bool:
    return any(words(text) for text in (question[1], *question[2]))


@given(LISTS, THRESHOLDS, st.integers(1, 4))
def test_chunks_and_bounds_find_what_a_double_loop_finds(listed: list[Question], threshold: float, rows: int) -> None:
    expected = {
        (one[0], other[0]): naive_score(one, other)
        for place, one in enumerate(listed)
        for other in listed[place + 1 :]
        if has_words(one) and has_words(other)
    }
    expected = {pair: value for pair, value in expected.items() if value >= threshold}
    got = {(pair.a, pair.b): pair.score for pair in pairs(listed, threshold, rows=rows)}
    assert got == expected


@given(LISTS, THRESHOLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_list_and_of_two_questions_changes_nothing(
    listed: list[Question], threshold: float, chance: object
) -> None:
    mixed = list(listed)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert pairs(mixed, threshold) == pairs(listed, threshold)
    renamed = [(str(100 - int(number)), stem, options) for number, stem, options in listed]
    there = {(100 - int(pair.b), 100 - int(pair.a)): pair.score for pair in pairs(renamed, threshold)}
    assert there == {(int(pair.a), int(pair.b)): pair.score for pair in pairs(listed, threshold)}


@given(LISTS, st.integers(1, 6), st.integers(1, 3))
def test_with_a_limit_the_best_are_kept(listed: list[Question], most: int, rows: int) -> None:
    assert pairs(listed, 0.3, most, rows) == pairs(listed, 0.3)[:most]


@given(LISTS)
def test_no_pair_says_it_is_the_same_where_a_word_differs(listed: list[Question]) -> None:
    texts = {number: (words(stem), Counter(words(option) for option in options)) for number, stem, options in listed}
    for pair in pairs(listed, 0.0):
        same = texts[pair.a] == texts[pair.b]
        assert (pair.score == 1.0) is same
        assert pair.why
        assert (
            pair.why.startswith(
                ("giống hệt", "chỉ khác ", "cùng nội dung câu hỏi, phương án đảo", "cùng nội dung câu hỏi; phương án đảo")
            )
            or not same
        )
        assert not pair.why.startswith(("giống hệt", "chỉ khác ")) or same


def test_the_nearest_of_others_come_with_their_ids() -> None:
    others = [
        ("10", STEM, OPTIONS[::-1]),
        ("9", STEM, OPTIONS),
        ("8", STEM.replace("2021", "2023"), OPTIONS),
        ("7", "Ai bầu?", []),
    ]
    assert [(pair.a, pair.b) for pair in nearest(("5", STEM, OPTIONS), others)] == [("5", "9"), ("5", "10"), ("5", "8")]
    assert [pair.b for pair in nearest(("5", STEM, OPTIONS), others, threshold=1.0, most=1)] == ["9"]
