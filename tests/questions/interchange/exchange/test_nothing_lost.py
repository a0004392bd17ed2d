"""Whatever comes in: no error but DocumentRefused, and no word disappears."""

from __future__ import annotations

from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.documents.limits import DocumentRefused
from questions.interchange.registry import read_questions
from tests.questions.interchange.exchange.made import words_of_question
from tests.questions.interchange.test_nothing_lost import SENTENCE, content

SIGN = st.sampled_from(
    ["{", "}", "=", "~", "#", "####", "->", "%50%", "%x%", "::", "T", "\\", "\\{", "[html]", "<p>", "\n", "\n\n"]
)
# A backslash before an n is a line's end, no letter that could be lost.
GIFT = st.lists(st.one_of(SIGN, SENTENCE), min_size=1, max_size=14).map("".join).map(lambda text: text.replace("\\n", "\\ n"))


def found_in(data: bytes) -> str:
    result = read_questions(data)
    problems = [text for problem in result.problems for text in (problem.text, problem.message)]
    for question in result.questions:
        assert question.lines
        assert all(0 <= place < len(question.options) for place in question.correct)
        assert question.correct or question.doubts or question.type not in ("single", "multiple", "true_false")
    return "\n".join([*map(words_of_question, result.questions), *problems, *result.sections])


@settings(max_examples=70, deadline=None)
@given(GIFT)
@example("T#")
@example("=aaaa->bbbb=cccc")
def test_gift(text: str) -> None:
    whole = f"$CATEGORY: một\n\nCâu hỏi mẫu {{=có ~không}}\n\n{text}\n"
    assert not content(text) - content(found_in(whole.encode()))


NAMES = ["name", "questiontext", "generalfeedback", "answer", "feedback", "hint", "subquestion", "graderinfo", "text", "lạ"]
NODE = st.recursive(
    SENTENCE.map(escape),
    lambda inner: st.builds(
        lambda name, kids: f"<{name}>{' '.join(kids)}</{name}>", st.sampled_from(NAMES), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = ["multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering", "essay", "cloze"]
KINDS += ["description", "category", "khác"]


@settings(max_examples=70, deadline=None)
@given(st.sampled_from(KINDS), st.lists(NODE, max_size=5))
def test_moodle_xml(kind: str, nodes: list[str]) -> None:
    body = " ".join(nodes)
    data = f'<quiz><question type="{kind}">{body}</question></quiz>'.encode()
    try:
        found = found_in(data)
    except DocumentRefused:
        found = ""
    missing = content(" ".join(part for node in nodes for part in _texts(node))) - content(found)
    assert not missing


def _texts(node: str) -> list[str]:
    return [part.split(">", 1)[-1] for part in node.split("<")]


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_any_text_inside_a_quiz(text: str) -> None:
    for start in ("<quiz>", "$CATEGORY: a\n\na{=b ~c}\n\n", '<?xml version="1.0"?>'):
        try:
            read_questions((start + text).encode("utf-8", errors="ignore"))
        except DocumentRefused as refusal:
            assert str(refusal)


ELEMENTS = [
    "choiceInteraction",
    "simpleChoice",
    "prompt",
    "p",
    "rubricBlock",
    "feedbackInline",
    "textEntryInteraction",
    "hottext",
]
ELEMENTS += [
    "matchInteraction",
    "simpleMatchSet",
    "simpleAssociableChoice",
    "orderInteraction",
    "feedbackBlock",
    "inlineChoice",
]
PART = st.recursive(
    SENTENCE.map(escape),
    lambda inner: st.builds(
        lambda name, kids: f"<{name}>{' '.join(kids)}</{name}>", st.sampled_from(ELEMENTS), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=70, deadline=None)
@given(st.lists(PART, max_size=4), SENTENCE, SENTENCE)
def test_qti(parts: list[str], title: str, feedback: str) -> None:
    body = f"<itemBody>{' '.join(parts)}</itemBody><modalFeedback identifier='x'>{feedback}</modalFeedback>"
    found = found_in(f"<assessmentItem title='{title}'>{body}</assessmentItem>".encode())
    words = " ".join([title, feedback, *(part for node in parts for part in _texts(node))])
    assert not content(words) - content(found)
