"""What the checking of rules complains of, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from contest.rules.checking import check, check_round
from contest.rules.criteria.score import Score
from contest.rules.document import BlueprintCell, ContestRules, Publication, QuizPart, RoundRules, ShowRules

GOOD = RoundRules("v1", "Vòng 1", 30, parts=(QuizPart(blueprint=(
    BlueprintCell(topic="Điều lệ Đảng", level="nhận biết", count=8),
    BlueprintCell(topic="Điều lệ Đảng", level="thông hiểu", count=4),
    BlueprintCell(topic="Điều lệ Đảng", level="thông hiểu", type="multiple", count=4),
)),))


def paths(one: RoundRules) -> list[str]:
    return [fault.path for fault in check_round(one)]


def with_cells(*cells: BlueprintCell) -> RoundRules:
    return replace(GOOD, parts=(QuizPart(blueprint=cells),))


def test_a_sound_round_has_no_faults() -> None:
    assert check_round(GOOD) == []
    assert check(ContestRules(title="Hội thi", rounds=(GOOD,))) == []


@pytest.mark.parametrize(("minutes", "wrong"), [(0, True), (1, False), (600, False), (601, True), (-5, True)])
def test_minutes_lie_between_1_and_600(minutes: int, wrong: bool) -> None:
    assert paths(replace(GOOD, minutes=minutes)) == (["minutes"] if wrong else [])


def test_a_fault_says_the_bounds_and_the_value() -> None:
    [fault] = check_round(replace(GOOD, minutes=900))
    assert str(fault) == "minutes: phải từ 1 đến 600, đang là 900"


def test_a_round_needs_questions() -> None:
    assert paths(replace(GOOD, parts=())) == ["parts"]
    assert paths(with_cells()) == ["parts[0].blueprint"]


def test_a_cell_asks_for_at_least_one_question() -> None:
    assert paths(with_cells(BlueprintCell(topic="A"), BlueprintCell(topic="B", count=0))) == [
        "parts[0].blueprint[1].count"]


def test_two_cells_never_ask_for_the_same() -> None:
    same = BlueprintCell(topic="A", count=2), BlueprintCell(), BlueprintCell(topic="A")
    found = check_round(with_cells(*same))
    assert [(fault.path, "dòng 1" in fault.message) for fault in found] == [("parts[0].blueprint[2]", True)]


def test_a_paper_has_an_end() -> None:
    assert paths(with_cells(BlueprintCell(topic="A", count=400), BlueprintCell(count=101))) == [
        "parts[0].blueprint"]


@pytest.mark.parametrize("points", ["0", "-1", "1000.5", "0.005"])
def test_points_are_positive_and_have_two_decimals_at_most(points: str) -> None:
    part = QuizPart(blueprint=(BlueprintCell(),), points_per_question=Decimal(points))
    assert paths(replace(GOOD, parts=(part,))) == ["parts[0].points_per_question"]


@pytest.mark.parametrize("key", ["Vòng 1", "V1", "-a", "a b"])
def test_a_key_is_made_of_plain_letters(key: str) -> None:
    assert paths(replace(GOOD, key=key)) == ["key"]


def test_blank_names_are_asked_for() -> None:
    assert paths(replace(GOOD, key="", name=" ")) == ["key", "name"]


def test_explanations_never_come_before_the_answers_they_give_away() -> None:
    early = ShowRules(answers="after_publication", explanations="after_round")
    assert paths(replace(GOOD, show=early)) == ["show.explanations"]
    hidden = ShowRules(answers="never", explanations="after_publication")
    assert paths(replace(GOOD, show=hidden)) == ["show.explanations"]
    late = ShowRules(answers="after_round", explanations="never")
    assert paths(replace(GOOD, show=late)) == []


def test_a_contest_has_a_title_rounds_and_criteria() -> None:
    assert [fault.path for fault in check(ContestRules(ranking=()))] == ["title", "rounds", "ranking"]


def test_rounds_and_criteria_are_told_apart() -> None:
    rules = ContestRules(title="Hội thi", rounds=(GOOD, GOOD), ranking=(Score(), Score()))
    assert [fault.path for fault in check(rules)] == ["rounds[1].key", "rounds[1].name", "ranking[1].by"]


def test_words_that_no_form_offers_are_faults_not_crashes() -> None:
    assert paths(replace(GOOD, void="nothing")) == ["void"]
    rules = ContestRules(title="Hội thi", rounds=(GOOD,), publication=Publication(leading_places=-1))
    assert [fault.path for fault in check(rules)] == ["publication.leading_places"]
