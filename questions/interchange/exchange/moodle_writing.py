"""Writes Moodle XML, with every text as HTML, since older Moodles read only that."""

from __future__ import annotations

from lxml import etree

from questions.interchange.exchange.keys import as_text, written_weights
from questions.interchange.exchange.labels import explanation_of, name_of, path_of, rubric_text, tags_of
from questions.interchange.exchange.markup import html_of_text
from questions.interchange.model import ReadQuestion

_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "true_false": "truefalse",
    "essay": "essay",
    "situation": "essay",
    "numeric": "numerical",
    "short_text": "shortanswer",
    "matching": "matching",
    "ordering": "ordering",
}
#: Texts beside the question that have a place of their own in Moodle.
_COMBINED = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def writable(text: str) -> str:
    """The text without letters that no XML may hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))


def write(questions: list[ReadQuestion]) -> bytes:
    """The questions as a Moodle XML file; `losses` has told what is not in it."""
    quiz = etree.Element("quiz")
    category = ""
    for question in questions:
        path = path_of(question.section, question.topic)
        if path != category:
            category = path
            holder = etree.SubElement(quiz, "question", type="category")
            _text(holder, "category", path or "$course$/top")
        _question(quiz, question)
    return etree.tostring(quiz, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _text(parent: etree._Element, tag: str, text: str, kind: str = "") -> etree._Element:
    """`<tag><text>…</text></tag>`, HTML where ``kind`` says so."""
    element = etree.SubElement(parent, tag)
    if kind:
        element.set("format", kind)
    etree.SubElement(element, "text").text = writable(html_of_text(text) if kind == "html" and text else text)
    return element


def _plain(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = writable(text)


def _question(quiz: etree._Element, question: ReadQuestion) -> None:
    element = etree.SubElement(quiz, "question", type=_TYPES[question.type])
    _text(element, "name", name_of(question))
    _text(element, "questiontext", question.stem, "html")
    _text(element, "generalfeedback", explanation_of(question), "html")
    _plain(element, "defaultgrade", question.points or "1")
    _plain(element, "penalty", "0")
    _plain(element, "hidden", "0")
    _plain(element, "idnumber", question.carried.get("idnumber", ""))
    _BODIES[question.type](element, question)
    for label in _COMBINED:
        if question.carried.get(label):
            _text(element, label, question.carried[label], "html")
    if question.carried.get("hint"):
        _text(element, "hint", question.carried["hint"], "html")
    tags = tags_of(question)
    if tags:
        holder = etree.SubElement(element, "tags")
        for tag in tags:
            _text(holder, "tag", tag)


def _answer(element: etree._Element, text: str, fraction: str, feedback: str, kind: str = "") -> etree._Element:
    answer = _text(element, "answer", text, kind)
    answer.set("fraction", fraction)
    _text(answer, "feedback", feedback, "html")
    return answer


def _note(question: ReadQuestion, place: int) -> str:
    return question.feedback[place] if place < len(question.feedback) else ""


def _choice(element: etree._Element, question: ReadQuestion) -> None:
    _plain(element, "single", "true" if question.type == "single" else "false")
    _plain(element, "shuffleanswers", "true")
    _plain(element, "answernumbering", "ABCD")
    for place, (option, weight) in enumerate(zip(question.options, written_weights(question), strict=True)):
        _answer(element, option, as_text(weight), _note(question, place), "html")


def _true_false(element: etree._Element, question: ReadQuestion) -> None:
    right = question.correct == [0]
    for place, word in enumerate(("true", "false")):
        _answer(element, word, "100" if (place == 0) == right else "0", _note(question, place), "moodle_auto_format")


def _essay(element: etree._Element, question: ReadQuestion) -> None:
    _plain(element, "responseformat", "editor")
    _plain(element, "responserequired", "1")
    _plain(element, "responsefieldlines", "15")
    _plain(element, "attachments", "0")
    notes = "\n".join(part for part in (question.carried.get("graderinfo", ""), rubric_text(question.rubric)) if part)
    _text(element, "graderinfo", notes, "html")
    _text(element, "responsetemplate", "", "html")


def _short_text(element: etree._Element, question: ReadQuestion) -> None:
    _plain(element, "usecase", "1" if question.data.get("case_sensitive") else "0")
    weights = question.weights or ["100"] * len(question.data["accepted"])
    for place, text in enumerate(question.data["accepted"]):
        _answer(element, text, weights[place], _note(question, place), "moodle_auto_format")


def _numeric(element: etree._Element, question: ReadQuestion) -> None:
    answer = _answer(element, str(question.data["value"]), "100", _note(question, 0), "moodle_auto_format")
    _plain(answer, "tolerance", str(question.data["tolerance"]))


def _matching(element: etree._Element, question: ReadQuestion) -> None:
    _plain(element, "shuffleanswers", "true")
    for left, right in [*question.data["pairs"], *(["", text] for text in question.data.get("choices", []))]:
        _text(_text(element, "subquestion", left, "html"), "answer", right)


def _ordering(element: etree._Element, question: ReadQuestion) -> None:
    for place, text in enumerate(question.data["order"]):
        _answer(element, text, str(place + 1), _note(question, place), "html")


_BODIES = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "essay": _essay,
    "situation": _essay,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}
