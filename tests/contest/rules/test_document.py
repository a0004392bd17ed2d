"""The rules document: what it says by itself, what it refuses, and that it survives being stored."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rules.criteria import CRITERIA
from contest.rules.document import (
    AttemptRules,
    BlueprintCell,
    ContestRules,
    Publication,
    QuizPart,
    RoundRules,
    RulesError,
    ShowRules,
    from_plain,
    round_from_plain,
    round_to_plain,
    to_plain,
)

texts = st.text(max_size=20)
whens = st.sampled_from(["never", "after_round", "after_publication"])
cells = st.builds(
    BlueprintCell,
    topic=st.none() | st.text(min_size=1, max_size=9),
    level=st.none() | st.text(min_size=1, max_size=9),
    count=st.integers(-2, 60),
    type=st.none() | st.text(min_size=1, max_size=9),
)
parts = st.builds(
    QuizPart,
    blueprint=st.lists(cells, max_size=4).map(tuple),
    points_per_question=st.decimals("0.01", "10", places=2),
    shuffle_questions=st.booleans(),
    shuffle_options=st.booleans(),
)
rounds = st.builds(
    RoundRules,
    key=texts,
    name=texts,
    minutes=st.integers(-5, 700),
    finish_after_window=st.booleans(),
    grace_seconds=st.integers(0, 60),
    attempts=st.builds(AttemptRules, limit=st.integers(1, 9)),
    parts=st.lists(parts, max_size=2).map(tuple),
    show=st.builds(ShowRules, marks=whens, answers=whens, explanations=whens),
    instructions=texts,
)
contests = st.builds(
    ContestRules,
    title=texts,
    rounds=st.lists(rounds, max_size=3).map(tuple),
    ranking=st.lists(st.sampled_from([kind() for kind in CRITERIA]), max_size=4).map(tuple),
    ties=st.sampled_from(["1,1,3", "1,1,2"]),
    publication=st.builds(Publication, leading_places=st.integers(0, 50), full_list=st.booleans()),
)


def faults_of(value: object) -> dict[str, str]:
    with pytest.raises(RulesError) as caught:
        from_plain(value)
    return {fault.path: fault.message for fault in caught.value.faults}


@given(contests)
def test_a_document_survives_being_stored_as_json(rules: ContestRules) -> None:
    stored = json.dumps(to_plain(rules), ensure_ascii=False)
    assert from_plain(json.loads(stored)) == rules


@given(rounds)
def test_a_round_survives_being_stored_by_itself(rules: RoundRules) -> None:
    assert round_from_plain(json.loads(json.dumps(round_to_plain(rules)))) == rules


def test_points_of_equal_value_are_stored_alike() -> None:
    one = QuizPart(points_per_question=Decimal("0.5"))
    same = QuizPart(points_per_question=Decimal("0.50"))
    whole = QuizPart(points_per_question=Decimal("20.00"))
    written = [round_to_plain(RoundRules("v1", "Vòng 1", 30, parts=(part,))) for part in (one, same, whole)]
    assert written[0] == written[1]
    assert written[0]["parts"][0]["points_per_question"] == "0.5"  # type: ignore[index]
    assert written[2]["parts"][0]["points_per_question"] == 20  # type: ignore[index]


def test_defaults_fill_in_what_is_not_said() -> None:
    rules = from_plain({"title": "Hội thi", "rounds": [{"key": "v1", "name": "Vòng 1", "minutes": 30}]})
    assert [criterion.kind for criterion in rules.ranking] == ["score", "seconds"]
    assert rules.ties == "1,1,3"
    assert rules.publication == Publication(leading_places=20, unit_totals=True, full_list=False)
    one = rules.round("v1")
    assert (one.grace_seconds, one.late_bound_minutes, one.finish_after_window) == (5, 10, False)
    assert one.attempts == AttemptRules(limit=1, counting="best")
    assert one.void == "full_points"


def test_the_moment_of_submission_is_no_default() -> None:
    assert "submitted_at" not in [criterion.kind for criterion in ContestRules().ranking]


def test_questions_and_points_are_summed_over_parts_and_cells() -> None:
    part = QuizPart(blueprint=(BlueprintCell(count=8), BlueprintCell(topic="Điều lệ", count=4)),
                    points_per_question=Decimal("2.5"))
    one = RoundRules("v1", "Vòng 1", 30, parts=(part, QuizPart(blueprint=(BlueprintCell(count=3),))))
    assert one.questions == 15
    assert one.full_points == Decimal(33)


def test_every_fault_is_named_with_its_place() -> None:
    faults = faults_of({
        "title": "Hội thi",
        "colour": "đỏ",
        "rounds": [{"key": "v1", "minutes": "ba mươi", "parts": [
            {"kind": "quiz", "blueprint": [{"count": 1}, {"count": "hai", "tpoic": "A"}]},
            {"kind": "essay"},
        ]}],
        "ranking": ["score", {"by": "luck"}, 3],
        "ties": "1,2,3",
    })
    assert set(faults) == {
        "colour", "rounds[0].name", "rounds[0].minutes", "rounds[0].parts[0].blueprint[1].count",
        "rounds[0].parts[0].blueprint[1].tpoic", "rounds[0].parts[1].kind", "ranking[1].by", "ranking[2]",
        "ties",
    }
    assert faults["rounds[0].minutes"] == "phải là một số nguyên"
    assert faults["ties"].startswith("chỉ nhận một trong")


@pytest.mark.parametrize("value", [None, [], "thể lệ", 3, True])
def test_what_is_no_document_is_refused(value: object) -> None:
    assert "" in faults_of(value)


def test_a_document_of_a_later_version_is_refused_as_such() -> None:
    assert faults_of({"schema": 2, "something_new": 1}) == {"schema": "chỉ đọc được thể lệ phiên bản 1"}


@pytest.mark.parametrize("value", [True, 0.5, "1e3", "NaN", "½", [], None, Decimal("NaN")])
def test_points_are_exact_numbers_or_refused(value: object) -> None:
    faults = faults_of({"rounds": [{"key": "a", "name": "b", "minutes": 1,
                                    "parts": [{"kind": "quiz", "points_per_question": value}]}]})
    assert list(faults) == ["rounds[0].parts[0].points_per_question"]


def test_a_criterion_may_be_written_as_its_bare_name() -> None:
    assert from_plain({"ranking": ["score"]}) == from_plain({"ranking": [{"by": "score"}]})


def test_an_unknown_round_has_no_rules() -> None:
    with pytest.raises(KeyError):
        ContestRules().round("v1")
