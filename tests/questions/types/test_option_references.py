"""Options that name other options name the same ones in whatever order they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.types.option_references import keeps_order, references, reworded
from questions.types.single_choice.kind import TYPE as SINGLE_CHOICE

PLAIN = ["Giải thích", "Tuyên truyền", "Vận động", "Nêu gương"]


def arrange(options: Sequence[str], seed: Sequence[int]) -> list[int]:
    return SINGLE_CHOICE.arrange({"options": list(options), "correct": [0]}, seed)


def named(options: list[str], stem: str = "") -> list[tuple[int, ...] | None]:
    found = references(options, stem)
    assert found.certain
    return [None if r is None else r.indexes for r in found.each]


@pytest.mark.parametrize(
    "text",
    [
        "Cả a, b, c đều đúng",
        "Cả A, B và C",
        "CẢ A, B, C ĐỀU ĐÚNG.",
        "Cả (a), (b) và (c)",
        "Cả a), b), c) đều đúng",
        "Cả a/, b/, c/ đều đúng",
        "a, b, c đều đúng",
        "a, b và c",
        "A, B, C",
        "Gồm cả a, b và c",
        "Cả 3 đáp án A, B, C đều đúng",
        "Cả ba ý a, b, c",
        "Các phương án A, B, C đều đúng",
        "Cả A.B.C đều sai",
        "Đáp án A, B và C đúng",
        "Cả ý a, ý b và ý c",
        "Tất cả các phương án trên",
        "Tất cả các phương án nêu trên đều đúng.",
        "Tất cả các đáp án trên",
        "Cả ba phương án trên",
        "Cả 3 ý trên đều sai",
        "Cả ba nội dung trên",
        "Cả ba nhiệm vụ nêu trên",
        "Tất cả những điều trên",
        "Các ý trên đều đúng",
        "Ba phương án trên đều đúng",
        "Tất cả đều đúng",
        "Tất cả đều sai",
        "Tất cả các ý",
        "Tất cả",
        "Cả ba",
        "Cả ba đều đúng",
        "Không phương án nào đúng",
        "Không có đáp án nào ở trên",
        "Không có phương án đúng",
        "Không ý nào trên đây đúng",
        "Các phương án còn lại đều sai",
        "Đều đúng",
    ],
)
def test_a_last_option_can_name_all_before_it(text: str) -> None:
    assert named([*PLAIN[:3], text]) == [None, None, None, (0, 1, 2)]


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("Cả A và B", (0, 1)),
        ("A và C đúng", (0, 2)),
        ("a, b", (0, 1)),
        ("Đáp án A và B đúng", (0, 1)),
        ("Câu b và c đúng", (1, 2)),
        ("Cả a lẫn c", (0, 2)),
        ("A & C", (0, 2)),
        ("Chỉ b đúng", (1,)),
        ("Cả A và B đều không đúng", (0, 1)),
        ("Cả 2 câu a, b đều đúng", (0, 1)),
    ],
)
def test_an_option_can_name_some_by_their_letters(text: str, indexes: tuple[int, ...]) -> None:
    assert named([*PLAIN[:3], text])[3] == indexes


@pytest.mark.parametrize(
    "text",
    [
        "Cả nước",
        "A. Lênin",
        "C. Mác",
        "Cả nam và nữ",
        "Cả năm",
        "Cả hai cấp trên",
        "Tất cả các tổ chức đảng cấp trên",
        "Tất cả đảng viên",
        "Cả tập thể và cá nhân",
        "Cả ông A và bà B đều đúng",
        "Điểm a khoản 2 Điều 5",
        "Không có",
        "Không có ý kiến",
        "Không đúng",
        "Ba",
        "Năm 1930",
        "Trên 18 tuổi",
        "Không ai",
        "Đáp án khác",
        "Cả ba miền Bắc, Trung, Nam",
        "Các cấp ủy",
    ],
)
def test_other_words_stay_plain(text: str) -> None:
    assert named([*PLAIN[:3], text])[3] is None


@pytest.mark.parametrize(
    "text",
    [
        "Cả a, b, c, d đều đúng",  # d is itself
        "Cả a và g",  # no such option
        "Cả a đến c",
        "Cả abc đều đúng",
        "Cả hai ý trên",  # which two of three?
        "Cả 2 đáp án A, B, C",
        "Cả a, b trừ c",
        "Giống phương án a",
        "Một trong các phương án trên",
    ],
)
def test_what_is_not_certain_keeps_the_authors_order(text: str) -> None:
    options = [*PLAIN[:3], text]
    assert keeps_order(options)
    assert arrange(options, [2, 3, 1, 0]) == [0, 1, 2, 3]
    assert reworded(options, [0, 1, 2, 3]) == options


def test_letters_that_may_be_people_or_statements_keep_the_order() -> None:
    options = ["Ý kiến thứ nhất", "Ý kiến thứ hai", "Cả A và B đều đúng"]
    assert not keeps_order(options)
    assert keeps_order(options, "Đồng chí A cho rằng nên họp, đồng chí B cho rằng không.")
    assert keeps_order(["A", "B", "C", "A và B"])
    assert not keeps_order(options, "C. Mác sinh năm nào?")


def test_a_stem_that_names_options_keeps_the_order() -> None:
    assert keeps_order(PLAIN, "Phương án A khác phương án B ở chỗ nào?")
    assert keeps_order(PLAIN, "Theo đồng chí, ý a hay ý c đúng?")
    assert not keeps_order(PLAIN, "Theo điểm a, khoản 1, Điều 5, đảng viên có quyền gì?")


def test_referring_options_come_last_in_their_own_order() -> None:
    options = ["Cả b và c", "Giải thích", "Vận động", "Không phương án nào đúng", "Nêu gương"]
    assert arrange(options, [3, 4, 0, 2, 1]) == [4, 2, 1, 0, 3]


def test_reworded_letters_are_those_shown_sorted_in_their_case() -> None:
    options = [*PLAIN, "Cả a, B và d đều đúng"]
    assert reworded(options, [1, 2, 0, 3, 4])[-1] == "Cả a, C và d đều đúng"
    assert reworded(options, [3, 2, 1, 0, 4])[-1] == "Cả a, C và d đều đúng"
    assert reworded(options, [2, 3, 1, 0, 4])[-1] == "Cả b, C và d đều đúng"


def test_letters_with_different_verdicts_do_not_change_places() -> None:
    assert reworded(["Nêu gương", "Vận động", "A đúng, B sai"], [1, 0, 2])[-1] == "B đúng, A sai"


def test_above_becomes_letters_where_other_options_stand_above_too() -> None:
    options = ["Giải thích", "Vận động", "Cả hai ý trên đều đúng", "Nêu gương"]
    assert reworded(options, [3, 1, 0, 2])[-1] == "Cả B và C đều đúng"
    options = ["Giải thích", "Vận động", "Không ý nào ở trên đúng", "Nêu gương"]
    assert reworded(options, [1, 3, 0, 2])[-1] == "Cả A và C đều sai"


def test_above_stays_where_it_is_true() -> None:
    options = ["Giải thích", "Vận động", "Cả hai ý trên đều đúng", "Cả hai ý trên đều sai"]
    assert reworded(options, [1, 0, 2, 3]) == ["Vận động", "Giải thích", options[2], options[3]]


REFERRING = [
    "Cả a, b, c đều đúng",
    "Cả A và C",
    "b, c",
    "A và B đúng",
    "Chỉ c đúng",
    "A đúng, B sai",
    "Tất cả các phương án trên",
    "Cả hai ý trên",
    "Cả ba phương án trên đều sai",
    "Tất cả đều đúng",
    "Tất cả các nội dung nêu trên",
    "Không phương án nào đúng",
    "Không câu nào ở trên đúng",
    "Các phương án còn lại đều sai",
    "Cả nước",
    "Cả a và f",
]


@given(
    options=st.lists(st.sampled_from(PLAIN + REFERRING), min_size=2, max_size=5, unique=True),
)
def test_every_order_names_the_same_options(options: list[str]) -> None:
    before = references(options)
    for seed in permutations(range(len(options))):
        order = arrange(options, seed)
        shown = reworded(options, order)
        assert sorted(order) == list(range(len(options)))
        if not before.certain:
            assert shown == options
            continue
        after = references(shown)
        for position, original in enumerate(order):
            expected, found = before.each[original], after.each[position]
            if expected is None:
                assert shown[position] == options[original]
                continue
            assert found is not None, shown
            assert sorted(order[i] for i in found.indexes) == list(expected.indexes), (options, shown)


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    options = ["Giải thích", "Vận động", text]
    order = arrange(options, [1, 2, 0])
    assert len(reworded(options, order)) == 3


def test_an_order_that_is_no_permutation_is_refused() -> None:
    with pytest.raises(ValueError, match="permutation"):
        arrange(PLAIN, [0, 0, 1, 2])
