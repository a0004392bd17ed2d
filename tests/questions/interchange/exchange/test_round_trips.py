"""Questions written in a format and read again are the same, and what is not was told before."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.interchange.exchange.formats import FORMATS
from questions.interchange.model import ReadQuestion
from questions.interchange.registry import read_questions
from tests.questions.interchange.exchange.made import kept, questions

RICH = {
    "moodle": frozenset[str](),
    "qti21": frozenset[str](),
    "qti30": frozenset[str](),
    "gift": frozenset({"points", "rubric"}),
}


@pytest.mark.parametrize("name", RICH)
@settings(max_examples=40, deadline=None)
@given(made=st.lists(questions(), min_size=1, max_size=4))
def test_rich_formats_bring_back_what_they_carry(name: str, made: list[ReadQuestion]) -> None:
    found = FORMATS[name].sort_out(made)
    assert found.writable == made
    assert {loss.part for loss in found.losses} <= RICH[name]
    result = read_questions(FORMATS[name].write(made))
    assert not result.problems
    assert [kept(question, RICH[name]) for question in result.questions] == [kept(question, RICH[name]) for question in made]


@settings(max_examples=40, deadline=None)
@given(st.lists(questions(lines=False), min_size=1, max_size=4))
def test_aiken_brings_back_stem_options_and_key(made: list[ReadQuestion]) -> None:
    found = FORMATS["aiken"].sort_out(made)
    told = {loss.question for loss in found.refused}
    assert len(found.writable) + len(found.refused) == len(made)
    assert all(question.type in ("single", "true_false") for question in found.writable), told
    if found.writable:
        result = read_questions(FORMATS["aiken"].write(found.writable))
        assert [(q.stem, q.options, q.correct, q.type) for q in result.questions] == [
            (q.stem, q.options, q.correct, q.type) for q in found.writable
        ]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_decomposed_letters_come_back_composed(name: str) -> None:
    stem = "Nguyễn Ái Quốc về nước năm nào?"
    made = ReadQuestion(stem=unicodedata.normalize("NFD", stem), options=["Năm 1941", "Năm 1945"], correct=[0])
    [question] = read_questions(FORMATS[name].write([made])).questions
    assert (question.stem, question.options, question.correct) == (stem, made.options, [0])
