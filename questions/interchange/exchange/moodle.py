"""Reads Moodle XML: `<quiz>` with a `<question type="…">` each; texts are HTML unless they say otherwise."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from lxml import etree

from core.documents.text_reading import clean
from questions.interchange.exchange.gift import numeric_span
from questions.interchange.exchange.keys import as_json_number, as_text, number_of, take_weights, true_false
from questions.interchange.exchange.labels import (
    read_path,
    take_explanation,
    take_name,
    take_rubric,
    take_tags,
)
from questions.interchange.exchange.markup import looks_like_markup, text_of_html
from questions.interchange.exchange.moodle_names import COMBINED, SETTINGS, TAKEN
from questions.interchange.exchange.pieces import Gathering
from questions.interchange.exchange.xml_reading import name, parse, text_in
from questions.interchange.model import LineKind, ReadQuestion, ReadResult


class _Reading:
    """One file: the category that holds, and the result so far."""

    def __init__(self) -> None:
        self.gathering = Gathering("moodle_xml")
        self.section, self.topic = "", ""
        self.noted: Counter[str] = Counter()
        self.count = 0
        self.where = ""
        self.shown = 0

    # -- texts -----------------------------------------------------------------------------------------------------

    def rich(self, element: etree._Element | None, question: ReadQuestion | None, kind: str = "html") -> str:
        """The plain text of an element with `<text>` in it; pictures and the like are doubted."""
        if element is None:
            return ""
        kind = element.get("format") or kind
        holders = [child for child in element if name(child) == "text"]
        loose = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
        raw = "\n".join([*(text_in(child) for child in holders), *([loose] if loose else [])])
        if question is not None and any(name(child) == "file" for child in element):
            question.doubt("Câu có tệp kèm theo (hình ảnh) chưa chuyển sang được.")
        if kind in ("html", "moodle_auto_format") and (kind == "html" or looks_like_markup(raw)):
            text, lost = text_of_html(raw if kind == "html" else raw.replace("\n", "<br>"))
            for what in lost if question is not None else ():
                question.doubt(f"Trong câu có {what} chưa chuyển sang được.")  # type: ignore[union-attr]
            return text
        return "\n".join(line.strip() for line in clean(raw).split("\n")).strip()

    def show(self, label: str, text: str) -> None:
        """The text as a line of the preview."""
        self.gathering.piece(f"{self.where}, {label}" if label else self.where, text)

    # -- elements --------------------------------------------------------------------------------------------------

    def take(self, element: etree._Element) -> None:
        self.shown = len(self.gathering.result.lines)
        if name(element) != "question":
            self._stray(element)
        elif element.get("type") == "category":
            self._category(element)
        elif element.get("type") == "description":
            self._description(element)
        else:
            self._question(element)

    def _stray(self, element: etree._Element) -> None:
        text = text_in(element).strip()
        if text:
            line = self.gathering.piece(name(element) or "tệp", text, LineKind.PROBLEM)
            self.gathering.problem(name(element), text, "Phần này của tệp không phải câu hỏi.", line)

    def _category(self, element: etree._Element) -> None:
        path = clean(self.rich(element.find("category"), None, "plain_text"))
        self.section, self.topic = read_path(path)
        about = self.rich(element.find("info"), None)
        for text in (path, about):
            self.gathering.section(text)
            self.gathering.piece("danh mục", text, LineKind.SECTION)
        for child in element:
            if name(child) not in ("category", "info", "idnumber"):
                self._stray(child)
        self._net(element, None)

    def _description(self, element: etree._Element) -> None:
        """Words between questions: a section of the list, no question."""
        for child in element:
            text = self.rich(child, None) if name(child) not in SETTINGS | {"defaultgrade", "tags"} else ""
            self.gathering.section(text)
            self.gathering.piece("lời dẫn", text, LineKind.SECTION)
        self._net(element, None)

    def _question(self, element: etree._Element) -> None:
        self.count += 1
        self.where = f"câu thứ {self.count} trong tệp"
        kind = element.get("type") or ""
        question = self.gathering.begin(ReadQuestion(section=self.section, topic=self.topic))
        title = self.rich(element.find("name"), None, "plain_text")
        self.show("tên", title)
        question.stem = self.rich(element.find("questiontext"), question)
        self.show("nội dung", question.stem)
        TYPES.get(kind, _unknown)(self, question, element)
        general = self.rich(element.find("generalfeedback"), question)
        self.show("giải thích", general)
        take_explanation(question, general)
        self._marker_notes(question, element)
        points = number_of(text_in(element.find("defaultgrade")))
        if points is not None and points != 1:
            question.points = as_text(points)
        take_tags(question, [clean(text_in(tag)).strip() for tag in element.findall("tags/tag")])
        take_name(question, title)
        identity = text_in(element.find("idnumber")).strip()
        if identity:
            question.carried["idnumber"] = clean(identity)
        self._others(question, element)
        self._net(element, question)
        if not question.lines:
            self.show("", f"[câu trống, loại {kind}]")

    def _marker_notes(self, question: ReadQuestion, element: etree._Element) -> None:
        notes = self.rich(element.find("graderinfo"), question)
        self.show("hướng dẫn chấm", notes)
        rest = take_rubric(question, notes)
        if rest and not question.explanation:
            question.explanation = rest
        elif rest:
            question.carried["graderinfo"] = rest

    def _others(self, question: ReadQuestion, element: etree._Element) -> None:
        """Every other child: settings are counted, texts are kept beside the question."""
        for child in element:
            label = name(child)
            if label in TAKEN or not label:
                continue
            if label in SETTINGS:
                self._setting(label, child)
                continue
            text = self.rich(child, question) or clean(" ".join(text_in(child).split()))
            if not text:
                continue
            self.show(COMBINED.get(label, label), text)
            question.carried[label] = "\n".join(part for part in (question.carried.get(label, ""), text) if part)
            if label in COMBINED:
                self.noted["lời chung khi đúng hay sai"] += 1
            else:
                question.doubt(f"Phần “{label}” của Moodle chưa có chỗ trong ngân hàng: “{text[:120]}”.")

    def _net(self, element: etree._Element, question: ReadQuestion | None) -> None:
        """Words of the element that no line shows yet, wherever they stand, are kept and told."""
        shown = self.gathering.result.lines[self.shown :]
        known = set(" ".join(line.text for line in shown).split())
        for node in element.iter():
            if name(node) in SETTINGS | {"defaultgrade", "idnumber", "file", "tolerance", "tag"} and question is not None:
                continue
            holder = node.getparent() if name(node) == "text" else node
            if question is not None and holder is not None and name(holder) == "tag":
                continue
            for raw in (node.text, *(child.tail for child in node)):
                text = text_of_html(raw)[0] if raw and raw.strip() else ""
                if not text or set(text.split()) <= known or set(clean(raw or "").split()) <= known:
                    continue  # plain text shows its signs of HTML as they are
                if question is None:
                    line = self.gathering.piece(name(node), text, LineKind.PROBLEM)
                    self.gathering.problem(name(node), text, "Chữ này không nằm trong câu hỏi nào.", line)
                else:
                    self.show("phần khác", text)
                    question.carried["other"] = "\n".join(p for p in (question.carried.get("other", ""), text) if p)
                    question.doubt(f"Có chữ chưa rõ thuộc phần nào: “{text[:120]}”.")

    def _setting(self, label: str, child: etree._Element) -> None:
        value = number_of(text_in(child))
        if (
            label == "penalty"
            and value
            and abs(value - Decimal("0.3333333")) > Decimal("0.001")
            and value not in (1, Decimal("0.1"))
        ):
            self.noted["mức trừ khi làm lại (penalty)"] += 1
        elif label == "hidden" and value:
            self.noted["dấu đã ẩn trong Moodle"] += 1

    def done(self) -> ReadResult:
        for what, times in self.noted.items():
            self.gathering.note(f"{times} chỗ có {what}; ngân hàng không dùng.")
        return self.gathering.done()

    # -- answers ---------------------------------------------------------------------------------------------------

    def answers(self, question: ReadQuestion, element: etree._Element) -> list[tuple[str, Decimal | None, str]]:
        """(text, weight in per cent, feedback) of each answer."""
        found = []
        own = element.find("questiontext")
        kind = (own.get("format") if own is not None else None) or "html"
        for place, answer in enumerate(element.findall("answer")):
            text = self.rich(answer, question, "plain_text" if element.get("type") in PLAIN_ANSWERS else kind)
            feedback = self.rich(answer.find("feedback"), question)
            weight = number_of(answer.get("fraction") or "0")
            self.show(f"phương án {place + 1} ({answer.get('fraction') or '0'} %)", text)
            self.show(f"phản hồi của phương án {place + 1}", feedback)
            found.append((text, weight, feedback))
        return found


#: Types whose answers are words or numbers to type in, never HTML.
PLAIN_ANSWERS = frozenset({"truefalse", "shortanswer", "numerical", "calculated"})


def _feedback(found: list[tuple[str, Decimal | None, str]]) -> list[str]:
    texts = [feedback for _text, _weight, feedback in found]
    return texts if any(texts) else []


def _multichoice(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    found = reading.answers(question, element)
    question.options = [text for text, _weight, _feedback in found]
    question.feedback = _feedback(found)
    single = text_in(element.find("single")).strip().lower() not in ("false", "0")
    single = single and element.get("type") != "multichoiceset"
    take_weights(question, [weight for _text, weight, _feedback in found], single)


def _truefalse(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    found = reading.answers(question, element)
    by_word = {text.strip().casefold(): place for place, (text, _weight, _feedback) in enumerate(found)}
    order = [by_word.get("true", by_word.get("đúng")), by_word.get("false", by_word.get("sai"))]
    places = [place for place in order if place is not None]
    weights = [found[place][1] or Decimal(0) for place in places]
    if len(found) == 2 and len(places) == 2 and sorted(weights) == [0, 100]:
        true_false(question, weights[0] == 100)
        notes = [found[place][2] for place in places]
        question.feedback = notes if any(notes) else []
        return
    question.options, question.feedback = [text for text, _weight, _feedback in found], _feedback(found)
    take_weights(question, [weight for _text, weight, _feedback in found], True)
    question.doubt("Câu đúng hay sai mà phương án hay đáp án không như thường lệ.")


def _typed(question: ReadQuestion, found: list[tuple[str, Decimal | None, str]]) -> None:
    question.feedback = _feedback(found)
    if any(weight != 100 for _text, weight, _feedback in found):
        question.weights = [as_text(weight or Decimal(0)) for _text, weight, _feedback in found]
        question.doubt("Có đáp án chỉ được một phần điểm.")


def _shortanswer(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "short_text"
    found = reading.answers(question, element)
    question.data["accepted"] = [text for text, _weight, _feedback in found]
    question.data["case_sensitive"] = text_in(element.find("usecase")).strip() == "1"
    _typed(question, found)
    if any("*" in text for text, _weight, _feedback in found):
        question.doubt("Đáp án có dấu * (chữ bất kỳ) của Moodle.")


def _numerical(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "numeric"
    found = reading.answers(question, element)
    spans: list[tuple[Decimal, Decimal]] = []
    for (text, weight, _note), answer in zip(found, element.findall("answer"), strict=True):
        tolerance = text_in(answer.find("tolerance")).strip() or "0"
        span = numeric_span(f"{text}:{tolerance}")
        if span is None:
            question.doubt(f"Không đọc được đáp số “{text[:80]}”.")
            question.carried["answers"] = "\n".join([*question.carried.get("answers", "").split("\n"), text]).strip()
        elif weight == 100 or not spans:
            spans.append(span)
    if spans:
        question.data["value"], question.data["tolerance"] = (as_json_number(number) for number in spans[0])
    if len(found) > 1:
        question.data["answers"] = [text for text, _weight, _feedback in found]
        question.doubt("Câu có nhiều đáp số; xem lại đáp số chính.")
    _typed(question, found)


def _matching(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "matching"
    pairs, spare = list[list[str]](), list[str]()
    for place, row in enumerate(element.findall("subquestion"), 1):
        left, right = reading.rich(row, question), reading.rich(row.find("answer"), question, "plain_text")
        reading.show(f"dòng ghép {place}", left)
        reading.show(f"vế ghép {place}", right)
        (pairs.append([left, right]) if left else spare.append(right))
    question.data["pairs"] = pairs
    if spare:
        question.data["choices"] = spare
    if element.find("answer") is not None:
        question.carried["answers"] = "\n".join(text for text, _weight, _feedback in reading.answers(question, element))


def _ordering(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "ordering"
    found = reading.answers(question, element)
    question.data["order"] = [text for text, _weight, _feedback in found]
    question.feedback = _feedback(found)


def _essay(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "essay"
    texts = [text for answer in element.findall("answer") for text in (reading.rich(answer, question),) if text]
    if texts:
        reading.show("trả lời", "\n".join(texts))
        question.carried["answers"] = "\n".join(texts)


def _cloze(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    question.type = "cloze"


def _unknown(reading: _Reading, question: ReadQuestion, element: etree._Element) -> None:
    kind = element.get("type") or ""
    found = reading.answers(question, element)
    question.type = "single"
    question.options, question.feedback = [text for text, _weight, _feedback in found], _feedback(found)
    question.doubt(f"Loại câu “{kind[:60]}” của Moodle chưa đọc được; chưa có đáp án.")
    texts = [
        reading.rich(row, question) + "\n" + reading.rich(row.find("answer"), question)
        for row in element.findall("subquestion")
    ]
    if texts:
        question.carried["answers"] = "\n".join(texts).strip()
        reading.show("dòng", question.carried["answers"])


TYPES = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
}


def read(data: bytes) -> ReadResult:
    """Reads a Moodle XML file. Raises DocumentRefused."""
    root = parse(data, "Tệp Moodle XML")
    reading = _Reading()
    for element in root:
        reading.take(element)
    for loose in [root.text, *(child.tail for child in root)]:
        if loose and loose.strip():
            line = reading.gathering.piece("giữa các câu", loose, LineKind.PROBLEM)
            reading.gathering.problem("giữa các câu", loose, "Chữ này không nằm trong câu hỏi nào.", line)
    return reading.done()
