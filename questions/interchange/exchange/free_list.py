"""Writes a list as people type it in Vietnam: "Câu 1: …", "A. …", "Đáp án: B"; the reader of free lists reads it."""

from __future__ import annotations

from questions.interchange.exchange.aiken import one_line
from questions.interchange.exchange.labels import rubric_text
from questions.interchange.model import ReadQuestion


def write(questions: list[ReadQuestion]) -> str:
    """The questions as text for people; `losses` has told what is not in it."""
    pieces, section = list[str](), ""
    for question in questions:
        if question.section != section:
            section = question.section
            pieces.append(section + "\n" if section else "")
        pieces.append(_question(question))
    return "\n".join(pieces)


def _question(question: ReadQuestion) -> str:
    lines = [f"{f'Câu {question.number}: ' if question.number else ''}{one_line(question.stem)}"]
    if question.type != "true_false":
        lines += [f"{chr(65 + place)}. {one_line(option)}" for place, option in enumerate(question.options)]
    if question.correct:
        key = ", ".join(chr(65 + place) for place in question.correct)
        lines.append(f"Đáp án: {question.options[question.correct[0]] if question.type == 'true_false' else key}")
    for label, text in (("Giải thích", question.explanation), ("Căn cứ", question.source)):
        if text:
            lines.append(f"{label}: {one_line(text)}")
    if question.rubric:
        lines.append(rubric_text(question.rubric))
    return "\n".join([*lines, ""])
