"""Reads GIFT, as Moodle documents it: "::name::[format] stem { answers } rest of the stem"."""

from __future__ import annotations

import re
from decimal import Decimal

from questions.interchange.exchange.gift_syntax import Paragraph, paragraphs, release, take_kind
from questions.interchange.exchange.keys import as_json_number, number_of, take_weights, true_false
from questions.interchange.exchange.labels import read_path, take_explanation, take_name, take_tags
from questions.interchange.exchange.markup import looks_like_markup, text_of_html
from questions.interchange.exchange.pieces import Gathering
from questions.interchange.model import LineKind, ReadQuestion, ReadResult

_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
_WEIGHT = re.compile(r"\s*%([^%\s]{0,20})%")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_TAG = re.compile(r"\[tag:((?:[^\]\\]|\\.)*)\]")
_ID = re.compile(r"\[id:((?:[^\]\\]|\\.)*)\]")
_BLANK = "_____"


class _Reading:
    """One file: the category that holds, and the result so far."""

    def __init__(self) -> None:
        self.gathering = Gathering("gift")
        self.section, self.topic = "", ""
        self.owners: dict[int, int] = {}
        self.kinds: dict[int, LineKind] = {}

    def take(self, paragraph: Paragraph) -> None:
        if paragraph.category is not None:
            self.section, self.topic = read_path(release(paragraph.category))
            self.gathering.section(paragraph.category)
            self._mark(paragraph, LineKind.SECTION)
        elif paragraph.is_comment:
            self._mark(paragraph, LineKind.SECTION)
            if paragraph.comments[0]:
                self.gathering.section(paragraph.comments[0])
        elif not paragraph.braces or paragraph.text.count("{") != paragraph.text.count("}"):
            self._no_question(paragraph)
        else:
            self._question(paragraph)

    def _mark(self, paragraph: Paragraph, kind: LineKind) -> None:
        self.kinds.update(dict.fromkeys(paragraph.lines, kind))

    def _no_question(self, paragraph: Paragraph) -> None:
        """GIFT calls text without an answer block a description; a broken block may hide a question. Both are told."""
        line = paragraph.lines[0]
        whole = "{" not in paragraph.text and "}" not in paragraph.text
        message = "Đoạn chữ không có phần trả lời {…}." if whole else "Dấu ngoặc { } của câu này không khớp nhau."
        self._mark(paragraph, LineKind.PROBLEM)
        self.gathering.problem(f"dòng {line}", release(paragraph.text), message, line)

    def _question(self, paragraph: Paragraph) -> None:
        question = self.gathering.begin(ReadQuestion(section=self.section, topic=self.topic))
        self.owners.update(dict.fromkeys(paragraph.lines, len(self.gathering.result.questions) - 1))
        self._mark(paragraph, LineKind.QUESTION)
        text, name = paragraph.text, ""
        title = _NAME.match(text)
        if title:
            name, text = release(title[1]).strip(), text[title.end() :]
        start, end = text.find("{"), text.find("}", text.find("{")) + 1
        if start < 0 or end <= start:  # the braces stand in the name
            text, start, end = paragraph.text, *(paragraph.braces or (0, 0))
        kind, before = take_kind(text[:start], "moodle")
        after = text[end:]
        if after.strip(" \t\n.?!"):
            before = before.rstrip() + (" " if before[-1:].isspace() else "") + _BLANK + after
        elif before.strip():
            before = before.rstrip() + after.strip()
        else:
            before = after
        question.stem = plain(before, kind, question)
        if re.search(r"[{}]", after):
            question.doubt("Câu có nhiều chỗ trống { }; mới hiểu chỗ đầu.")
        _answers(question, text[start + 1 : end - 1], kind)
        take_name(question, name)
        self._comments(question, paragraph.comments)

    def _comments(self, question: ReadQuestion, comments: list[str]) -> None:
        words = "\n".join(comments)
        take_tags(question, (_unescaped(tag) for tag in _TAG.findall(words)))
        identities = [_unescaped(found) for found in _ID.findall(words)]
        if identities:
            question.carried["idnumber"] = " ".join(identities)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def plain(text: str, kind: str, question: ReadQuestion) -> str:
    """A piece of held text as plain text; what it loses is doubted."""
    text = text.strip()
    if kind == "html" or (kind == "moodle" and looks_like_markup(release(text))):
        if kind == "moodle":
            text = re.sub(r"\n|\ufdd7", "<br>", text)
        found, lost = text_of_html(release(text))
        for what in lost:
            question.doubt(f"Trong câu có {what} chưa chuyển sang được.")
        return found
    return "\n".join(line.strip() for line in release(text).split("\n")).strip()


def _answers(question: ReadQuestion, inner: str, kind: str) -> None:
    answers, found, general = inner.partition("####")
    if found:
        take_explanation(question, plain(general, kind, question))
    body = answers.strip()
    if not body:
        question.type = "essay"
    elif body.startswith("#"):
        _numeric(question, body[1:], kind)
    elif _truth(body):
        _true_false(question, body, kind)
    elif "=" in body and "->" in body and "~" not in body:
        _matching(question, body, kind)
    elif body[0] in "=~" and "~" in body:
        _choice(question, body, kind)
    elif body.startswith("="):
        _short_text(question, body, kind)
    else:
        question.type = "short_text"
        question.carried["answers"] = release(body)
        question.doubt(f"Không hiểu phần trả lời “{release(body)[:200]}”.")


def _truth(body: str) -> bool:
    return body.split("#")[0].strip().upper() in _TRUTH


def _true_false(question: ReadQuestion, body: str, kind: str) -> None:
    word, *feedback = body.split("#")
    right = _TRUTH[word.strip().upper()]
    true_false(question, right)
    texts = [plain(text, kind, question) for text in feedback]
    wrong_text, right_text = (texts + ["", ""])[:2]  # the first is shown to those who were wrong
    question.feedback = [right_text, wrong_text] if right else [wrong_text, right_text]
    if len(texts) > 2:
        question.carried["feedback"] = "\n".join(texts[2:])


def _parts(body: str) -> list[tuple[str, str, Decimal | None, str]]:
    """(sign, text, weight in per cent, feedback) of each answer; the weight is None where nobody can read it."""
    found = []
    for piece in re.findall(r"[=~][^=~]*", body):
        sign, text = piece[0], piece[1:]
        weight: Decimal | None = Decimal(100) if sign == "=" else Decimal(0)
        written = _WEIGHT.match(text)
        if written:
            weight, text = number_of(written[1]), text[written.end() :]
        text, _, feedback = text.partition("#")
        found.append((sign, text, weight, feedback))
    return found


def _choice(question: ReadQuestion, body: str, kind: str) -> None:
    parts = _parts(body)
    for _sign, text, _weight, feedback in parts:
        own, text = take_kind(text, kind)
        question.options.append(plain(text, own, question).replace("\n", " ") if own != "plain" else plain(text, own, question))
        own, feedback = take_kind(feedback, own)
        question.feedback.append(plain(feedback, own, question))
    single = any(sign == "=" for sign, *_ in parts)
    take_weights(question, [weight for _sign, _text, weight, _feedback in parts], single)


def _short_text(question: ReadQuestion, body: str, kind: str) -> None:
    parts = _parts(body)
    question.type = "short_text"
    question.data["accepted"] = [plain(text, take_kind(text, kind)[0], question) for _s, text, _w, _f in parts]
    _answer_notes(question, [(weight, feedback) for _s, _t, weight, feedback in parts], kind)


def _answer_notes(question: ReadQuestion, notes: list[tuple[Decimal | None, str]], kind: str) -> None:
    """Feedback and weights of accepted answers."""
    feedback = [plain(text, kind, question) for _weight, text in notes]
    question.feedback = feedback if any(feedback) else []
    if any(weight != 100 for weight, _text in notes):
        question.weights = [str(weight if weight is not None else 0) for weight, _text in notes]
        question.doubt("Có đáp án chỉ được một phần điểm.")


def _matching(question: ReadQuestion, body: str, kind: str) -> None:
    question.type = "matching"
    pairs, spare, feedback = list[list[str]](), list[str](), list[str]()
    for _sign, text, _weight, note in _parts(body):
        left, arrow, right = text.partition("->")
        sides = [plain(left, kind, question), plain(right, kind, question)]
        if not arrow:
            question.doubt("Có dòng ghép đôi thiếu dấu ->.")
        if sides[0] or not sides[1]:
            pairs.append(sides)
            feedback.append(plain(note, kind, question))
        else:
            spare.append(sides[1])
    question.data["pairs"] = pairs
    question.feedback = feedback if any(feedback) else []
    if spare:
        question.data["choices"] = spare


def _numeric(question: ReadQuestion, body: str, kind: str) -> None:
    question.type = "numeric"
    body = body.strip()
    parts = _parts(body) if body.startswith(("=", "~")) else [("=", *_bare(body))]
    answers = []
    for _sign, text, weight, note in parts:
        span = numeric_span(release(text))
        if span is None:
            question.doubt(f"Không đọc được đáp số “{release(text).strip()[:80]}”.")
            question.carried.setdefault("answers", release(body))
        else:
            answers.append((span, weight, note))
    if answers:
        (value, tolerance), _weight, _note = answers[0]
        question.data["value"], question.data["tolerance"] = as_json_number(value), as_json_number(tolerance)
        _answer_notes(question, [(weight, note) for _span, weight, note in answers], kind)
    if len(answers) > 1:
        question.data["answers"] = [
            {"value": as_json_number(value), "tolerance": as_json_number(tolerance)} for (value, tolerance), *_ in answers
        ]
        question.doubt("Câu có nhiều đáp số; xem lại đáp số chính.")


def _bare(body: str) -> tuple[str, Decimal, str]:
    text, _, feedback = body.partition("#")
    return text, Decimal(100), feedback


def numeric_span(text: str) -> tuple[Decimal, Decimal] | None:
    """(value, tolerance) of "3.14:0.01", "3.13..3.15" or "3"; None for anything else."""
    low, dots, high = text.partition("..")
    if dots:
        ends = number_of(low), number_of(high)
        if ends[0] is None or ends[1] is None or ends[0] > ends[1]:
            return None
        return (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
    value, colon, tolerance = text.partition(":")
    numbers = number_of(value), number_of(tolerance) if colon else Decimal(0)
    return (numbers[0], abs(numbers[1])) if numbers[0] is not None and numbers[1] is not None else None


def read(lines: list[str]) -> ReadResult:
    """Reads the lines of a GIFT file."""
    reading = _Reading()
    for paragraph in paragraphs(lines):
        reading.take(paragraph)
    for number, text in enumerate(lines, 1):
        kind = reading.kinds.get(number, LineKind.BLANK)
        reading.gathering.source_line(number, text, kind, reading.owners.get(number, -1))
    return reading.gathering.done()
