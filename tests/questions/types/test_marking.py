"""Every type marks exactly, and nothing that is sent can make it fail."""

from __future__ import annotations

import ast
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import questions
from questions.types.base import FRAGMENTS
from questions.types.marks import BadAnswer
from questions.types.registry import all_types, type_of

ROOT = Path(questions.__file__).parent
ABC = {"options": ["một", "hai", "ba"], "correct": [1]}
TWO_RIGHT = {"options": ["một", "hai", "ba"], "correct": [0, 2]}
TRUE = {"options": ["Đúng", "Sai"], "correct": [0]}


def test_the_registry_finds_every_folder_that_has_a_kind() -> None:
    folders = {p.parent.name for p in (ROOT / "types").glob("*/kind.py")}
    assert {kind.folder for kind in all_types().values()} == folders
    assert list(all_types())[:3] == ["single", "multiple", "true_false"]


@pytest.mark.parametrize("key", list(all_types()))
def test_every_type_has_its_furniture(key: str) -> None:
    kind = type_of(key)
    assert kind.key == key
    assert (ROOT / "types" / kind.folder / "marking.py").exists()
    for fragment in FRAGMENTS:
        assert (ROOT.parent / "templates" / kind.template(fragment)).exists(), fragment


PURE = sorted([*(ROOT / "types").glob("*/marking.py"), *(ROOT / "types").glob("*/data.py"), ROOT / "types/cloze/markup.py"])
PURE += [ROOT / "types/typed" / f"{name}.py" for name in ("answers", "numbers", "words")]


@pytest.mark.parametrize("path", PURE, ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_marking_imports_only_the_standard_library_and_pure_neighbours(path: Path) -> None:
    pure = {"questions.types.marks", *(f"questions.types.{p.parent.name}.{p.stem}" for p in PURE)}
    for node in ast.walk(ast.parse(path.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert name in pure or name.split(".")[0] in sys.stdlib_module_names, name


def test_a_single_choice_is_right_only_with_its_one_option() -> None:
    mark = type_of("single").mark
    assert mark(ABC, [1]).correct
    assert mark(ABC, [1]).share == Fraction(1)
    for answer in ([0], [2], [], None, [1, 1], [0, 1], ["1"], [True], 1, "B", [9], [-2], {"1": 1}):
        assert mark(ABC, answer).share == 0, answer


def test_several_choices_are_all_or_nothing_in_any_order() -> None:
    mark = type_of("multiple").mark
    assert mark(TWO_RIGHT, [2, 0]).share == 1
    for answer in ([0], [2], [0, 1, 2], [0, 1], None, []):
        assert mark(TWO_RIGHT, answer).share == 0, answer


def test_true_or_false() -> None:
    mark = type_of("true_false").mark
    assert mark(TRUE, [0]).correct
    assert not mark(TRUE, [1]).correct


@pytest.mark.parametrize(
    ("key", "data", "codes"),
    [
        ("single", ABC, []),
        ("single", TWO_RIGHT, ["several_correct"]),
        ("single", {"options": ["một"], "correct": [0]}, ["too_few_options"]),
        ("single", {"options": ["một", "hai"], "correct": []}, ["no_correct"]),
        ("single", {"options": ["một", "hai"], "correct": [2]}, ["correct_unknown"]),
        ("single", {"options": ["một", " MỘT ", ""], "correct": [0]}, ["repeated_option", "empty_option"]),
        ("single", {"options": [str(i) for i in range(11)], "correct": [0]}, ["too_many_options"]),
        ("multiple", TWO_RIGHT, []),
        ("multiple", {"options": ["một", "hai"], "correct": []}, ["no_correct"]),
        ("true_false", TRUE, []),
        ("true_false", {"options": ["Sai", "Đúng"], "correct": [0]}, ["not_true_false"]),
        ("true_false", {"options": ["Đúng", "Sai"], "correct": [0, 1]}, ["several_correct"]),
        ("single", {}, ["too_few_options", "correct_unknown"]),
    ],
)
def test_the_check_names_what_is_wrong(key: str, data: dict[str, Any], codes: list[str]) -> None:
    assert [p.code for p in type_of(key).check(data)] == codes


def test_what_a_form_sends_becomes_an_answer() -> None:
    single, multiple = type_of("single"), type_of("multiple")
    assert single.normalise_answer("1", ABC) == [1]
    assert single.normalise_answer(["2"], ABC) == [2]
    assert multiple.normalise_answer(["2", 0, "0"], TWO_RIGHT) == [0, 2]
    for nothing in (None, "", [], [""]):
        assert single.normalise_answer(nothing, ABC) is None
    assert single.blank(None)
    assert not single.blank([0])


@pytest.mark.parametrize("raw", ["3", "x", ["0", "1"], [1.0], {"a": 1}, -1, "99999999999", True, "²"])
def test_what_cannot_be_an_answer_is_refused(raw: Any) -> None:
    with pytest.raises(BadAnswer):
        type_of("single").normalise_answer(raw, ABC)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(key=st.sampled_from(list(all_types())), data=st.dictionaries(st.text(max_size=8), anything), answer=anything)
def test_nothing_makes_marking_or_checking_fail(key: str, data: dict[str, Any], answer: Any) -> None:
    kind = type_of(key)
    kind.check(data)
    assert kind.mark(data, answer).share == 0
    assert 0 <= kind.mark(TWO_RIGHT, answer).share <= 1


@given(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 5)))
def test_full_share_exactly_for_the_right_set(correct: set[int], chosen: set[int]) -> None:
    data = {"options": list("abcdef"), "correct": sorted(correct)}
    mark = type_of("multiple").mark(data, sorted(chosen))
    assert mark.correct == (chosen == correct)
    assert mark.share == (1 if mark.correct else 0)
