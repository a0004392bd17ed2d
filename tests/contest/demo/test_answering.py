"""Invented contestants answer as able and careful people do, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from contest.demo.answering import Asked, Temper, choose, perform, temper

PAPER = [
    Asked(f"Câu {n}?", f"Chủ đề {n % 5}", level, 4, (n % 4,), False)
    for n, level in enumerate(["nhận biết", "thông hiểu", "vận dụng"] * 10)
]

words = st.text(min_size=1, max_size=20)
papers = st.lists(
    st.builds(
        lambda text, level, options, several: Asked(
            text, "Chủ đề", level, options, (0, 1) if several else (1,), several
        ),
        words, st.sampled_from(["nhận biết", "thông hiểu", "vận dụng", ""]), st.integers(3, 6), st.booleans(),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


def people(count: int = 200) -> list[Temper]:
    return [temper(f"người {n}", f"xã {n % 9}") for n in range(count)]


def right_answers(who: Temper) -> int:
    return sum(choose(who, asked) == list(asked.right) for asked in PAPER)


def test_the_same_person_answers_the_same_paper_alike() -> None:
    assert perform(temper("An", "xã"), PAPER, 1500) == perform(temper("An", "xã"), PAPER, 1500)
    assert perform(temper("An", "xã"), PAPER, 1500) != perform(temper("Bình", "xã"), PAPER, 1500)


def test_the_able_are_right_more_often() -> None:
    crowd = sorted(people(), key=lambda who: who.ability)
    assert mean(map(right_answers, crowd[-50:])) > mean(map(right_answers, crowd[:50])) + 5


def test_hard_questions_are_missed_more_often() -> None:
    def share(level: str) -> float:
        asked = [a for a in PAPER if a.level == level]
        return mean(choose(who, a) == list(a.right) for who in people() for a in asked)

    assert share("nhận biết") > share("thông hiểu") > share("vận dụng") > 0.4


def test_a_few_never_press_submit_and_a_few_change_the_phone() -> None:
    crowd = people(1000)
    assert 10 <= sum(not who.presses for who in crowd) <= 60
    assert 5 <= sum(who.new_phone is not None for who in crowd) <= 45


@given(words, papers, st.integers(60, 3000))
def test_whoever_presses_has_pressed_in_time_and_nothing_comes_after(key: str, paper: list[Asked], seconds: int) -> None:
    done = perform(replace(temper(key, "xã"), presses=True), paper, seconds)
    moments = [act.at for request in done.requests for act in request]
    assert moments == sorted(moments)
    assert done.pressed is not None
    assert moments[-1] < done.pressed < seconds


@given(words, papers, st.integers(60, 3000))
def test_the_first_row_is_the_first_display_and_answers_are_positions_on_the_screen(
    key: str, paper: list[Asked], seconds: int
) -> None:
    done = perform(temper(key, "xã"), paper, seconds)
    assert [(act.kind, act.item) for act in done.requests[0]] == [("display", 0)]
    for act in (act for request in done.requests for act in request):
        assert 0 <= act.item < len(paper)
        if act.kind == "answer":
            assert act.payload == sorted(set(act.payload)) != []
            assert all(0 <= position < paper[act.item].options for position in act.payload)
            assert paper[act.item].several or len(act.payload) == 1
