"""Rules written as YAML: exact numbers, and every fault with its line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.rules.document import ContestRules, RulesError, to_plain
from contest.rules.reading import read_rules, read_yaml


def faults(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(RulesError) as caught:
        read_rules(text)
    return [(fault.line, fault.path) for fault in caught.value.faults]


def test_a_whole_document() -> None:
    rules = read_rules("""
title: Hội thi Bí thư chi bộ giỏi
rounds:
  - key: v1
    name: Vòng 1
    minutes: 30
    parts:
      - kind: quiz
        points_per_question: 0.1
        blueprint:
          - {topic: Điều lệ Đảng, level: nhận biết, count: 8}
          - {count: 4, type: single}
ranking: [score, {by: correct}, seconds]
ties: 1,1,2
""")
    assert rules.rounds[0].quizzes[0].points_per_question == Decimal("0.1")
    assert rules.rounds[0].questions == 12
    assert [criterion.kind for criterion in rules.ranking] == ["score", "correct", "seconds"]
    assert rules.ties == "1,1,2"


def test_a_document_that_only_ranks() -> None:
    assert read_rules("ranking: [score]").rounds == ()


def test_what_is_written_can_be_read_as_it_is_stored() -> None:
    import json

    stored = to_plain(ContestRules(title="Hội thi"))
    assert read_rules(json.dumps(stored)) == ContestRules(title="Hội thi")


def test_each_fault_has_its_line() -> None:
    assert faults("title: x\nranking:\n  - score\n  - by: luck\nties: 1,2,3\nprize: 5\n") == [
        (6, "prize"), (4, "ranking[1].by"), (5, "ties")]


def test_what_is_missing_is_told_with_the_line_of_what_lacks_it() -> None:
    assert faults("title: x\nrounds:\n  - key: a\n    name: b\n") == [(3, "rounds[0].minutes")]


@pytest.mark.parametrize(("text", "line"), [
    ("a: [1", 1), ("title: a\ntitle: b", 2), ("title: &x a\nties: *x", 2), ("? [a]\n: 1", 1), ("--- 1\n--- 2", 2),
])
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    assert [found for found, _path in faults(text)] == [line]


@pytest.mark.parametrize("text", ["", "# trống", "- a", "chữ", "\0", "[" * 5000])
def test_what_is_no_document_is_refused(text: str) -> None:
    assert len(faults(text)) == 1


def test_numbers_are_exact_and_never_floats() -> None:
    value, lines = read_yaml("a: 0.1\nb: [7, 1e3, yes, true, null, 2016-10-15]")
    assert value == {"a": Decimal("0.1"), "b": [7, "1e3", "yes", True, None, "2016-10-15"]}
    assert lines["b[2]"] == 2
