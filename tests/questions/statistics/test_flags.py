"""What is pointed out to a setter, and what is not."""

from __future__ import annotations

import random

from questions.statistics.analysis import ItemStatistics, Statistics, analyse
from questions.statistics.flags import FLAGS, MEANINGS
from questions.statistics.responses import Choice, ItemResponses, Responses, marked

CODES = [
    "key_may_be_wrong",
    "negative_discrimination",
    "low_discrimination",
    "too_easy",
    "too_hard",
    "same_answer",
    "unused_option",
    "too_few_people",
    "no_estimate",
    "few_for_model",
]


def exam(people: int = 300, items: int = 20, wrong_key: int | None = None, seed: int = 1) -> Statistics:
    """People who know the right option (B) the better the abler they are, and else guess among the other three.

    The key of item ``wrong_key`` says D.
    """
    rng = random.Random(seed)
    picked: list[list[Choice]] = [[] for _ in range(items)]
    for _ in range(people):
        ability = rng.random()
        for column in picked:
            column.append(frozenset("B" if rng.random() < 0.15 + 0.75 * ability else rng.choice("ACD")))
    keys = ["D" if at == wrong_key else "B" for at in range(items)]
    return analyse(
        Responses(people, [marked(f"c{at}", picked[at], frozenset(keys[at]), "ABCD") for at in range(items)])
    )


def of(scores: str, others: str) -> ItemStatistics:
    """The figures of the first of two items."""
    columns = [[None if one == "-" else int(one) for one in column] for column in (scores, others)]
    return analyse(Responses(len(scores), [ItemResponses(str(at), column) for at, column in enumerate(columns)])).items[0]


def test_every_flag_has_a_sentence() -> None:
    assert [flag.code for flag in FLAGS] == CODES
    assert all(len(meaning) > 10 for meaning in MEANINGS.values())


def test_a_wrong_key_is_found_and_only_that() -> None:
    statistics = exam(wrong_key=7)
    suspected = [item.id for item in statistics.items if "key_may_be_wrong" in item.flags]
    assert suspected == ["c7"]
    assert statistics.items[7].stronger == ["B"]
    assert "negative_discrimination" in statistics.items[7].flags


def test_a_good_paper_has_no_flags_at_all() -> None:
    assert [item.flags for item in exam().items] == [[]] * 20


def test_a_wrong_key_is_found_among_forty_people() -> None:
    for seed in range(5):
        assert exam(40, wrong_key=3, seed=seed).items[3].stronger[0] == "B"


def test_an_option_that_one_able_person_took_is_chance() -> None:
    # The one who took C has all other items right; the key B is right for the middling.
    picked: list[Choice] = [frozenset(one) for one in "C" + "B" * 20 + "A" * 20]
    others = [ItemResponses(f"o{at}", [1] + [at % 2] * 20 + [0] * 20) for at in range(4)]
    item = analyse(Responses(41, [marked("c", picked, frozenset("B")), *others])).items[0]
    assert item.options["C"].mean_rest == 4.0 and item.options["B"].mean_rest == 2.0
    assert item.stronger == []


def picked_beside_others(groups: list[tuple[str, int, int]]) -> ItemStatistics:
    """An item with key B among ten others: so many people chose this option and have so many of the others right."""
    picked: list[Choice] = [frozenset(option) for option, people, _ in groups for _ in range(people)]
    marks = [mark for _, people, mark in groups for _ in range(people)]
    others = [ItemResponses(f"o{at}", [int(mark > at) for mark in marks]) for at in range(10)]
    return analyse(Responses(len(marks), [marked("c", picked, frozenset("B")), *others])).items[0]


def test_an_option_counts_from_five_per_cent_of_the_people() -> None:
    # Far better than those who were right (10 against 4).
    assert picked_beside_others([("C", 4, 10), ("B", 60, 4), ("A", 36, 2)]).stronger == []
    assert picked_beside_others([("C", 5, 10), ("B", 59, 4), ("A", 36, 2)]).stronger == ["C"]


def test_an_option_counts_from_one_standard_error_above_the_key() -> None:
    # C's mean is 5, of 10 people; B's is 4 or 5 in halves (4.5), of 40; A spreads the 30 others over 0 and 10.
    # Mean of all 80: (50 + 180 + 150) / 80 = 4.75. Squares: 250 + 20·16 + 20·25 + 15·100 = 2570; variance
    # 2570/80 - 4.75² = 9.5625, deviation 3.0923. Error 3.0923 · √(1/10 + 1/40) = 1.0933: 0.5 above is chance.
    spread = [("B", 20, 4), ("B", 20, 5), ("A", 15, 0), ("A", 15, 10)]
    assert picked_beside_others([("C", 10, 5), *spread]).stronger == []
    # With a mean of 6: squares 360 + 2320 = 2680, mean 390/80 = 4.875, variance 9.7344, deviation 3.1200, error 1.1031:
    # 1.5 above is more than that.
    assert picked_beside_others([("C", 10, 6), *spread]).stronger == ["C"]


def test_where_nobody_was_right_what_people_chose_may_be_the_key() -> None:
    picked: list[Choice] = [frozenset("A")] * 30 + [frozenset("C")] * 10
    item = analyse(Responses(40, [marked("c", picked, frozenset("B")), ItemResponses("d", [0, 1] * 20)])).items[0]
    assert item.stronger == ["A", "C"]
    assert item.flags == ["key_may_be_wrong", "too_hard", "unused_option", "no_estimate"]
    assert item.unused == ["B"]
    assert (item.difficulty, item.discrimination, item.estimate) == (0.0, None, None)


def test_an_item_that_everybody_got_right() -> None:
    item = of("1" * 40, "01" * 20)
    assert (item.difficulty, item.discrimination, item.estimate) == (1.0, None, None)
    assert item.flags == ["too_easy", "same_answer", "no_estimate"]


def test_bounds_of_easy_and_hard() -> None:
    other = "01" * 50
    assert "too_easy" in of("0" * 5 + "1" * 95, other).flags  # 0.95
    assert "too_easy" not in of("0" * 6 + "1" * 94, other).flags
    assert "too_hard" in of("1" * 20 + "0" * 80, other).flags  # 0.20
    assert "too_hard" not in of("1" * 21 + "0" * 79, other).flags


def test_bounds_of_discrimination() -> None:
    # Two items: the discrimination is their correlation. Of 100, half right in each; both right n: r = (n - 25) / 25.
    def both(n: int) -> ItemStatistics:
        return of("1" * 50 + "0" * 50, "1" * n + "0" * (50 - n) + "1" * (50 - n) + "0" * n)

    assert both(24).flags[0] == "negative_discrimination"  # -0.04
    assert both(25).flags[0] == "low_discrimination"  # 0
    assert both(27).flags[0] == "low_discrimination"  # 0.08
    assert {"negative_discrimination", "low_discrimination"}.isdisjoint(both(28).flags)  # 0.12


def test_few_people() -> None:
    assert "too_few_people" in of("01" * 14 + "-" * 20, "01" * 24).flags  # 28 reached it
    assert "too_few_people" not in of("01" * 15 + "-" * 20, "01" * 25).flags
    assert all("few_for_model" in item.flags or "no_estimate" in item.flags for item in exam(100).items)


def test_nobody_reached_it() -> None:
    item = of("-" * 40, "01" * 20)
    assert (item.n, item.difficulty, item.discrimination, item.estimate) == (0, None, None, None)
    assert item.flags == ["too_few_people", "no_estimate"]
