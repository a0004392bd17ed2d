"""Questions made at will for round trips, and what of them must come back."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import strategies as st

from questions.interchange.model import TRUE_FALSE_OPTIONS, ReadQuestion, RubricItem

#: Words with every sign that a format gives a meaning to.
SIGNS = [
    "~",
    "=",
    "#",
    "{",
    "}",
    ":",
    "\\",
    "->",
    "%50%",
    "<b>",
    "&amp;",
    "]]>",
    "//",
    "a < b",
    "x²",
    "$CATEGORY:",
    "::",
    "T",
    '"',
]
WORD = st.one_of(
    st.text(alphabet="ăâđêôơưáằẵịợỹabcxyz0129", min_size=3, max_size=8).map(lambda text: unicodedata.normalize("NFC", text)),
    st.sampled_from(SIGNS),
)
LINE = st.builds("từ {}".format, st.lists(WORD, min_size=1, max_size=6).map(" ".join)).map(lambda text: " ".join(text.split()))
TEXT = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
MAYBE = st.one_of(st.just(""), LINE)


@st.composite
def questions(draw: Any, lines: bool = True) -> ReadQuestion:
    """A question that the bank could hold, with everything that a rich format carries."""
    text = TEXT if lines else LINE
    kind = draw(st.sampled_from(["single", "multiple", "true_false", "essay", "situation"]))
    question = ReadQuestion(
        number=draw(st.sampled_from(["", "1", "12", "121"])),
        stem=draw(text),
        type=kind,
        section=draw(MAYBE),
        topic=draw(MAYBE),
        level=draw(st.sampled_from(["", "nhận biết", "vận dụng", "rất khó"])),
        explanation=draw(st.one_of(st.just(""), text)),
        source=draw(MAYBE),
        tags=draw(st.lists(st.sampled_from(["ôn tập", "2026"]), unique=True, max_size=2)),
    )
    if kind in ("single", "multiple"):
        question.options = draw(st.lists(LINE, min_size=2, max_size=5, unique=True))
        places = st.integers(0, len(question.options) - 1)
        most = 1 if kind == "single" else len(question.options)
        question.correct = sorted(draw(st.lists(places, min_size=1, max_size=most, unique=True)))
    elif kind == "true_false":
        question.options, question.correct = list(TRUE_FALSE_OPTIONS), [draw(st.integers(0, 1))]
    else:
        question.rubric = draw(st.lists(st.builds(RubricItem, LINE, st.sampled_from(["1", "0.5"])), max_size=2))
    if question.options and draw(st.booleans()):
        notes = draw(st.lists(MAYBE, min_size=len(question.options), max_size=len(question.options)))
        question.feedback = notes if any(notes) else []
    question.points = draw(st.sampled_from(["", "2", "0.25"]))
    return question


def kept(question: ReadQuestion, without: frozenset[str] = frozenset()) -> dict[str, object]:
    """What must be the same after a round trip."""
    found = question.as_json()
    for key in ("doubts", "name", "weights", *without):
        found.pop(key, None)
    return found


def words_of_question(question: ReadQuestion) -> str:
    """Every text of a question."""
    return "\n".join(_texts(question.as_json()))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)]
