"""Writes GIFT. Tags, level and what a category cannot say stand in comments ("// [tag:…]"), as Moodle reads them."""

from __future__ import annotations

import re

from questions.interchange.exchange.gift_syntax import escaped
from questions.interchange.exchange.keys import as_text, written_weights
from questions.interchange.exchange.labels import explanation_of, name_of, path_of, tags_of
from questions.interchange.exchange.markup import looks_like_markup
from questions.interchange.model import ReadQuestion


def write(questions: list[ReadQuestion]) -> str:
    """The questions as a GIFT file; `losses` has told what is not in it."""
    pieces, category = list[str](), ""
    for question in questions:
        path = path_of(question.section, question.topic)
        if path != category:
            category = path
            pieces.append(f"$CATEGORY: {path or '$course$/top'}\n")
        pieces.append(_question(question))
    return "\n".join(pieces)


def _question(question: ReadQuestion) -> str:
    marks = [f"[tag:{_in_brackets(tag)}]" for tag in tags_of(question)]
    if question.carried.get("idnumber"):
        marks.insert(0, f"[id:{_in_brackets(question.carried['idnumber'])}]")
    comment = f"// {' '.join(marks)}\n" if marks else ""
    texts = [question.stem, *question.options, *question.feedback, question.explanation, question.source]
    kind = "[plain]" if any(looks_like_markup(text) or text.lstrip().startswith("[") for text in texts) else ""
    general = explanation_of(question)
    tail = f"\n####{escaped(general)}" if general else ""
    answers = _answers(question)
    return f"{comment}::{escaped(name_of(question))}::{kind}{_stem(question.stem)}{{{answers}{tail}{_end(answers, tail)}}}\n"


def _end(answers: str, tail: str) -> str:
    return "\n" if "\n" in answers or tail else ""


def _stem(text: str) -> str:
    """A stem that begins like a comment or a category must not be taken for one: it follows the name on its line."""
    return escaped(text)


def _in_brackets(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", " ".join(text.split()))


def _note(question: ReadQuestion, place: int) -> str:
    text = question.feedback[place] if place < len(question.feedback) else ""
    return f"#{escaped(text)}" if text else ""


def _answers(question: ReadQuestion) -> str:
    if question.type == "true_false":
        right = question.correct == [0]
        wrong_note, right_note = _note(question, 1 if right else 0), _note(question, 0 if right else 1)
        return ("T" if right else "F") + ((wrong_note or "#") + right_note if wrong_note or right_note else "")
    if question.type == "single":
        return _lines(_choices(question, single=True))
    if question.type == "multiple":
        return _lines(_choices(question, single=False))
    if question.type == "short_text":
        weights = [w if w and w != "100" else "" for w in question.weights] + [""] * len(question.data["accepted"])
        pairs = enumerate(zip(question.data["accepted"], weights, strict=False))
        return _lines([f"={f'%{w}%' if w else ''}{escaped(text)}{_note(question, at)}" for at, (text, w) in pairs])
    if question.type == "numeric":
        return f"#{question.data['value']}:{question.data['tolerance']}{_note(question, 0)}"
    if question.type == "matching":
        pairs_of = question.data["pairs"]
        rows = [f"={escaped(a)} -> {escaped(b)}{_note(question, at)}" for at, (a, b) in enumerate(pairs_of)]
        return _lines(rows + [f"= -> {escaped(text)}" for text in question.data.get("choices", [])])
    return ""


def _choices(question: ReadQuestion, single: bool) -> list[str]:
    rows = []
    for place, (option, weight) in enumerate(zip(question.options, written_weights(question), strict=True)):
        full = single and place in question.correct
        share = "" if full or not weight else f"%{as_text(weight)}%"
        rows.append(f"{'=' if full else '~'}{share}{escaped(option)}{_note(question, place)}")
    return rows


def _lines(rows: list[str]) -> str:
    return "\n" + "\n".join(rows)
