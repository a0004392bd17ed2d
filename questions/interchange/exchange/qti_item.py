"""Reads one QTI item (2.1, 2.2, 3.0): its one interaction, the key by identifiers, feedback, rubric."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from lxml import etree

from questions.interchange.exchange.keys import as_json_number, as_text, letter, number_of, take_weights, true_false
from questions.interchange.exchange.labels import SOURCE, rubric_text, take_explanation, take_name, take_rubric
from questions.interchange.exchange.markup import text_of_html
from questions.interchange.exchange.pieces import Gathering
from questions.interchange.exchange.qti_names import camel
from questions.interchange.exchange.xml_reading import name, text_in
from questions.interchange.model import TRUE_FALSE_OPTIONS, ReadQuestion

_CHOICES = frozenset({"simpleChoice", "inlineChoice", "simpleAssociableChoice", "hottext", "gapText", "associableChoice"})
_NOTES = frozenset({"feedbackInline", "feedbackBlock", "modalFeedback", "rubricBlock"})
_DIVISIONS = _CHOICES | _NOTES | {"prompt", "contentBody", "simpleMatchSet"}
_EXPLAINS = frozenset({"explanation", "general", "solution", "rationale"})
_TRUTHS = ([word.casefold() for word in TRUE_FALSE_OPTIONS], ["true", "false"])
_GAP = "_____"


def local(element: etree._Element) -> str:
    """The element's name as QTI 2 spells it."""
    return camel(name(element))


def attribute(element: etree._Element, key: str) -> str:
    """An attribute by its name in QTI 2; 3.0 writes hyphens."""
    hyphened = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in key)
    return element.get(key) or element.get(hyphened) or ""


def below(element: etree._Element | None, *names: str) -> list[etree._Element]:
    """All elements of these names in an element, in their order."""
    return [] if element is None else [found for found in element.iter() if local(found) in names and found is not element]


class _Item:
    """One item while it is read."""

    def __init__(self, gathering: Gathering, root: etree._Element, question: ReadQuestion, where: str) -> None:
        self.gathering, self.root, self.question, self.where = gathering, root, question, where
        self.body = next(iter(below(root, "itemBody")), None)
        self.interactions = below(self.body, *_READERS)
        others = [
            found for found in (self.body.iter() if self.body is not None else []) if local(found).endswith("Interaction")
        ]
        self.all_interactions = others
        self.choice_ids: list[str] = []

    # -- texts -----------------------------------------------------------------------------------------------------

    def text(self, element: etree._Element, without: frozenset[str] = _NOTES) -> str:
        """The plain text of an element; pictures, formulas and the like are doubted."""
        found, lost = text_of_html(_markup(element, without))
        for what in lost:
            self.question.doubt(f"Trong câu có {what} chưa chuyển sang được.")
        return found

    def show(self, label: str, text: str) -> None:
        """The text as a line of the preview."""
        self.gathering.piece(f"{self.where}, {label}", text)

    def stem(self) -> str:
        """The body's words and the prompt; a gap stands where an answer is written within words."""
        if self.body is None:
            return ""
        text = self.text(self.body, _NOTES | _CHOICES)
        lines = [line for line in text.split("\n") if line.strip() != _GAP]
        return "\n".join(lines)

    # -- answers ---------------------------------------------------------------------------------------------------

    def declaration(self, interaction: etree._Element) -> etree._Element | None:
        """The declaration that an interaction answers to."""
        wanted = attribute(interaction, "responseIdentifier")
        found = [d for d in self.root if local(d) == "responseDeclaration" and attribute(d, "identifier") == wanted]
        return found[0] if found else None

    def correct(self, declaration: etree._Element | None) -> list[str]:
        """The right values of a declaration, as written."""
        holders = below(declaration, "correctResponse")
        return [" ".join(text_in(v).split()) for holder in holders for v in below(holder, "value")]

    def mapping(self, declaration: etree._Element | None) -> dict[str, Decimal | None]:
        """Points for each value."""
        return {
            attribute(entry, "mapKey"): number_of(attribute(entry, "mappedValue")) for entry in below(declaration, "mapEntry")
        }

    def options(self, parent: etree._Element) -> list[str]:
        """The texts of the choices in ``parent``; their identifiers and feedback are kept."""
        texts = []
        for choice in below(parent, *_CHOICES):
            self.choice_ids.append(attribute(choice, "identifier"))
            texts.append(self.text(choice))
            self.show(f"phương án {letter(len(texts) - 1)}", texts[-1])
            note = "\n".join(self.text(found, frozenset()) for found in below(choice, "feedbackInline"))
            self.show(f"phản hồi của phương án {letter(len(texts) - 1)}", note)
            self.question.feedback.append(note)
        return texts

    def places(self, values: list[str]) -> list[int]:
        """Places of choices by their identifiers; an identifier that no choice has is doubted."""
        for value in values:
            if value not in self.choice_ids:
                self.question.doubt(f"Đáp án “{value[:60]}” không trỏ tới phương án nào.")
        return [self.choice_ids.index(value) for value in values if value in self.choice_ids]


def _markup(element: etree._Element, without: frozenset[str]) -> str:
    """The inside of an element as HTML; interactions leave a gap, parts in ``without`` nothing."""
    pieces = [escape(element.text or "", quote=False)]
    for child in element:
        kind = local(child)
        if kind and kind not in without:
            inner = _markup(child, without)
            if kind.endswith("Interaction"):
                inline = kind in ("textEntryInteraction", "inlineChoiceInteraction")
                pieces.append(f" {_GAP} {inner}" if inline else f"<div>{inner}</div>")
            elif kind == "img":
                pieces.append(f'<img alt="{escape(child.get("alt") or "")}">')
            elif kind == "br":
                pieces.append("<br>")
            else:
                tag = "div" if kind in _DIVISIONS else kind
                pieces.append(f"<{tag}>{inner}</{tag}>")
        pieces.append(escape(child.tail or "", quote=False))
    return "".join(pieces)


def read_item(gathering: Gathering, root: etree._Element, question: ReadQuestion, where: str) -> None:
    """Reads an `assessmentItem` into ``question``, which has been begun in ``gathering``."""
    item = _Item(gathering, root, question, where)
    title = attribute(root, "title")
    item.show("tên", title)
    question.stem = item.stem()
    item.show("nội dung", question.stem)
    if len(item.all_interactions) != 1 or not item.interactions:
        _not_one(item)
    else:
        interaction = item.interactions[0]
        _READERS[local(interaction)](item, interaction)
    _feedback(item)
    _rubrics(item)
    take_name(question, title)
    if below(root, "templateDeclaration", "printedVariable"):
        question.doubt("Câu có số hay chữ thay đổi theo từng người; chỉ đọc được chữ cố định.")
    _points(item)
    _rest(item)
    if not question.lines:
        item.show("", "[câu trống]")


def _not_one(item: _Item) -> None:
    question = item.question
    kinds = [local(found) for found in item.all_interactions]
    if len(kinds) > 1 and set(kinds) <= {"textEntryInteraction", "inlineChoiceInteraction"}:
        question.type = "cloze"
        answers = [" | ".join(item.correct(item.declaration(found))) for found in item.all_interactions]
        question.carried["answers"] = "\n".join(answers)
    elif len(kinds) > 1:
        question.doubt("Câu có nhiều chỗ trả lời; ngân hàng chỉ giữ một.")
    elif kinds:
        question.doubt(f"Loại câu “{kinds[0]}” của QTI chưa đọc được.")
    else:
        question.type = "essay"
        question.doubt("Câu không có chỗ trả lời; có thể chỉ là lời dẫn.")
    if item.body is not None and question.type != "cloze":
        question.options = item.options(item.body)
    elif item.body is not None:
        question.carried["choices"] = "\n".join(item.options(item.body))
        question.feedback = []


def _choice(item: _Item, interaction: etree._Element) -> None:
    question = item.question
    declaration = item.declaration(interaction)
    question.options = item.options(interaction)
    values, mapping = item.correct(declaration), item.mapping(declaration)
    cardinality = attribute(declaration, "cardinality") if declaration is not None else ""
    single = cardinality == "single" or (not cardinality and attribute(interaction, "maxChoices") in ("", "1"))
    places = sorted(set(item.places(values)))
    weights = _weights(item, mapping, single)
    if weights and (not places or _by_points(item)):
        take_weights(question, weights, single)
        if places and question.correct != places:
            question.doubt("Đáp án và bảng điểm trong tệp không khớp nhau.")
            question.correct = places
    else:
        question.type, question.correct = "single" if single else "multiple", places
        if single and len(places) > 1:
            question.doubt("Câu chọn một phương án mà tệp nhận nhiều phương án là đúng.")
    _own_marking(item)
    words = [option.casefold() for option in question.options]
    for truths in _TRUTHS:
        if sorted(words) == sorted(truths) and len(question.correct) == 1 and single:
            notes = dict(zip(words, question.feedback, strict=True))
            true_false(question, words[question.correct[0]] == truths[0])
            question.feedback, question.weights = [notes[word] for word in truths], []
            item.choice_ids = [item.choice_ids[words.index(word)] for word in truths]


def _weights(item: _Item, mapping: dict[str, Decimal | None], single: bool) -> list[Decimal | None]:
    """Weights in per cent out of points, so that the best answer has 100."""
    item.places([key for key in mapping if key])
    points = [mapping.get(identifier, Decimal(0)) for identifier in item.choice_ids]
    positive = [value for value in points if value is not None and value > 0]
    if not positive:
        return []
    whole = max(positive) if single else sum(positive, Decimal(0))
    return [None if value is None else value * 100 / whole for value in points]


def _by_points(item: _Item) -> bool:
    """Whether the item is marked by its table of points."""
    for processing in below(item.root, "responseProcessing"):
        if "map_response" in attribute(processing, "template") or below(processing, "mapResponse"):
            return True
    return False


def _own_marking(item: _Item) -> None:
    """Marking of the file's own that names options instead of the key may say something else than the key."""
    for processing in below(item.root, "responseProcessing"):
        for value in below(processing, "baseValue"):
            if text_in(value).strip() in item.choice_ids:
                item.question.doubt("Tệp có cách chấm riêng theo từng phương án, có thể khác đáp án đã ghi.")


def _essay(item: _Item, interaction: etree._Element) -> None:
    item.question.type = "essay"
    values = item.correct(item.declaration(interaction))
    if values:
        item.question.carried["answers"] = "\n".join(values)
        item.show("gợi ý trả lời", item.question.carried["answers"])


def _entry(item: _Item, interaction: etree._Element) -> None:
    question = item.question
    declaration = item.declaration(interaction)
    values, mapping = item.correct(declaration), item.mapping(declaration)
    base = attribute(declaration, "baseType") if declaration is not None else ""
    numbers = [number_of(value) for value in values]
    item.show("đáp án", "\n".join(dict.fromkeys([*values, *mapping])))
    if base in ("integer", "float") and numbers and numbers[0] is not None:
        question.type = "numeric"
        question.data = {"value": as_json_number(numbers[0]), "tolerance": as_json_number(_tolerance(item))}
        if len(set(values)) > 1:
            question.data["answers"] = values
            question.doubt("Câu có nhiều đáp số; xem lại đáp số chính.")
        return
    question.type = "short_text"
    question.data["accepted"] = list(dict.fromkeys([*values, *mapping]))
    question.data["case_sensitive"] = any(attribute(e, "caseSensitive") == "true" for e in below(declaration, "mapEntry"))
    best = max((value for value in mapping.values() if value is not None), default=Decimal(1))
    if best > 0 and any(value != best for value in mapping.values()):
        shares = [mapping.get(text, best) or Decimal(0) for text in question.data["accepted"]]
        question.weights = [as_text(share * 100 / best) for share in shares]
        question.doubt("Có đáp án chỉ được một phần điểm.")


def _tolerance(item: _Item) -> Decimal:
    for equal in below(item.root, "equal"):
        mode, written = attribute(equal, "toleranceMode"), attribute(equal, "tolerance").split()
        values = [number_of(text) for text in written]
        if mode == "absolute" and values and values[0] is not None and values[-1] == values[0]:
            return values[0]
        if mode and mode != "exact":
            item.question.doubt("Sai số cho phép của đáp số ghi theo cách khác, chưa đọc được.")
    return Decimal(0)


def _matching(item: _Item, interaction: etree._Element) -> None:
    question = item.question
    question.type = "matching"
    sets = below(interaction, "simpleMatchSet")
    counts = [len(below(found, "simpleAssociableChoice")) for found in sets]
    texts = item.options(interaction)
    question.feedback = []
    by_name = dict(zip(item.choice_ids, texts, strict=False))
    pairs, used = list[list[str]](), set[str]()
    for value in item.correct(item.declaration(interaction)):
        left, _, right = value.partition(" ")
        item.places([left, right])
        if left in by_name and right in by_name:
            pairs.append([by_name[left], by_name[right]])
            used |= {left, right}
    question.data["pairs"] = pairs
    spare = [identifier for identifier in item.choice_ids if identifier not in used]
    lefts = set(item.choice_ids[: counts[0]]) if counts else set()
    if any(identifier in lefts for identifier in spare):
        question.doubt("Có dòng chưa được ghép với vế nào.")
    if spare:
        question.data["choices"] = [by_name[identifier] for identifier in spare]


def _ordering(item: _Item, interaction: etree._Element) -> None:
    question = item.question
    question.type = "ordering"
    texts = item.options(interaction)
    places = item.places(item.correct(item.declaration(interaction)))
    notes, question.feedback = question.feedback, []
    if sorted(places) == list(range(len(texts))) and texts:
        question.data["order"] = [texts[place] for place in places]
        question.feedback = [notes[place] for place in places]
    else:
        question.data["order"] = []
        question.carried["choices"] = "\n".join(texts)
        question.doubt("Không thấy thứ tự đúng của mọi dòng.")


def _feedback(item: _Item) -> None:
    """Feedback after the answer: of one choice, or on the whole."""
    question = item.question
    found = [
        (attribute(f, "identifier"), item.text(f, frozenset())) for f in below(item.root, "modalFeedback", "feedbackBlock")
    ]
    for identifier, text in found:
        item.show(f"phản hồi {identifier}", text)
        if identifier in item.choice_ids and len(question.feedback) == len(item.choice_ids):
            place = item.choice_ids.index(identifier)
            question.feedback[place] = "\n".join(part for part in (question.feedback[place], text) if part)
        elif (identifier.casefold() in _EXPLAINS or len(found) == 1) and not question.explanation:
            take_explanation(question, text)
        elif text:
            key = f"modalFeedback {identifier}"
            question.carried[key] = "\n".join(part for part in (question.carried.get(key, ""), text) if part)
    if not any(question.feedback):
        question.feedback = []


def _rubrics(item: _Item) -> None:
    for block in below(item.root, "rubricBlock"):
        text = item.text(block, frozenset())
        item.show("hướng dẫn", text)
        rest = take_rubric(item.question, text)
        if rest and "candidate" in attribute(block, "view").split():
            item.question.stem = f"{rest}\n{item.question.stem}".strip()
        elif rest:
            before = item.question.carried.get("graderinfo", "")
            item.question.carried["graderinfo"] = "\n".join(part for part in (before, rest) if part)


def _points(item: _Item) -> None:
    for outcome in below(item.root, "outcomeDeclaration"):
        if attribute(outcome, "identifier") == "MAXSCORE":
            value = number_of("".join(text_in(found) for found in below(outcome, "value")))
            if value is not None and value > 0 and value != 1:
                item.question.points = as_text(value)


def _rest(item: _Item) -> None:
    """Words of the item that no field of the question holds are kept beside it, and told."""
    if item.body is None:
        return
    held = [*_strings(item.question.as_json()), rubric_text(item.question.rubric), SOURCE]
    known = set(" ".join(held).split())
    text = item.text(item.body, frozenset())
    lost = [line for line in text.split("\n") if not set(line.split()) - {_GAP} <= known]
    if lost:
        item.question.carried["other"] = "\n".join(lost)
        item.show("phần khác", item.question.carried["other"])
        item.question.doubt(f"Có chữ chưa rõ thuộc phần nào: “{lost[0][:120]}”.")


def _strings(value: object) -> list[str]:
    """Every text in a document of JSON, doubts apart."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key != "doubts" for text in _strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _strings(inner)]
    return [value] if isinstance(value, str) else []


_READERS = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _choice,
    "extendedTextInteraction": _essay,
    "textEntryInteraction": _entry,
    "matchInteraction": _matching,
    "orderInteraction": _ordering,
}
