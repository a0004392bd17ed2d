"""Writes QTI packages of versions 2.1, 2.2 and 3.0: a zip of one item a question and imsmanifest.xml.

Section, topic, level, number and tags stand as keywords in the manifest's metadata (LOM); explanation and source as
modal feedback; a rubric as a rubric block for scorers. The zip's times are fixed: the same questions, the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

from lxml import etree

from questions.interchange.exchange.keys import as_text, number_of, written_weights
from questions.interchange.exchange.labels import NUMBER, SECTION, TOPIC, explanation_of, name_of, rubric_text, tags_of
from questions.interchange.exchange.moodle_writing import writable
from questions.interchange.exchange.qti_names import LOM, VERSIONS, Version
from questions.interchange.model import ReadQuestion

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DATE = (2026, 1, 1, 0, 0, 0)
#: How QTI's standard marking template is named for each type.
_MATCH = "match_correct"
_MAP = "map_response"


def write(questions: list[ReadQuestion], version_name: str = "2.1") -> bytes:
    """The questions as a package; `losses` has told what is not in it."""
    version = VERSIONS[version_name]
    manifest, resources = _manifest(version)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, question in enumerate(questions, 1):
            identifier = f"item{place:05d}"
            file = f"items/{identifier}.xml"
            _put(archive, file, _Item(version, question, identifier).root)
            _resource(resources, version, question, identifier, file)
        _put(archive, "imsmanifest.xml", manifest)
    return buffer.getvalue()


def _put(archive: zipfile.ZipFile, name: str, root: etree._Element) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _manifest(version: Version) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(f"{{{version.manifest}}}manifest", nsmap=_names(version.manifest, lom=LOM), identifier="manifest")
    metadata = etree.SubElement(root, f"{{{version.manifest}}}metadata")
    etree.SubElement(metadata, f"{{{version.manifest}}}schema").text = (
        version.schema_version.rpartition(" ")[0] or "QTI Package"
    )
    etree.SubElement(metadata, f"{{{version.manifest}}}schemaversion").text = version.schema_version.rpartition(" ")[2]
    etree.SubElement(root, f"{{{version.manifest}}}organizations")
    return root, etree.SubElement(root, f"{{{version.manifest}}}resources")


def _resource(resources: etree._Element, version: Version, question: ReadQuestion, identifier: str, file: str) -> None:
    ns = f"{{{version.manifest}}}"
    resource = etree.SubElement(resources, f"{ns}resource", identifier=identifier, type=version.resource, href=file)
    said = {SECTION: question.section, TOPIC: question.topic, NUMBER: question.number}
    words = [f"{name}: {value}" for name, value in said.items() if value]
    words += [tag for tag in tags_of(question) if not tag.startswith((f"{SECTION}:", f"{TOPIC}:"))]
    if words:
        general = etree.SubElement(
            etree.SubElement(etree.SubElement(resource, f"{ns}metadata"), f"{{{LOM}}}lom"), f"{{{LOM}}}general"
        )
        for word in words:
            keyword = etree.SubElement(general, f"{{{LOM}}}keyword")
            etree.SubElement(keyword, f"{{{LOM}}}string", language="vi").text = writable(word)
    etree.SubElement(resource, f"{ns}file", href=file)


def _names(default: str, **others: str) -> dict[Any, str]:
    """Namespaces by their prefixes; the default one has none."""
    return {None: default, **others}


class _Item:
    """One item while it is written: declarations first, then the body, marking, feedback."""

    def __init__(self, version: Version, question: ReadQuestion, identifier: str) -> None:
        self.version, self.question = version, question
        self.root = etree.Element(version.spell("assessmentItem"), nsmap=_names(version.item, xsi=_XSI))
        self.root.set(f"{{{_XSI}}}schemaLocation", f"{version.item} {version.schema}")
        self._set(self.root, identifier=identifier, title=name_of(question), adaptive="false", timeDependent="false")
        _BODIES[question.type](self)

    def _set(self, element: etree._Element, **attributes: str) -> etree._Element:
        for name, value in attributes.items():
            element.set(self.version.attribute(name), writable(value))
        return element

    def add(self, parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
        """An element of the version's spelling; its text may have several lines, each a `br` apart."""
        element = self._set(etree.SubElement(parent, self.version.spell(tag)), **attributes)
        self.fill(element, text)
        return element

    def fill(self, element: etree._Element, text: str) -> None:
        """Text with its line breaks as `br`."""
        first, *others = writable(text).split("\n")
        element.text = first or None
        for line in others:
            etree.SubElement(element, f"{{{self.version.item}}}br").tail = line

    # -- parts -----------------------------------------------------------------------------------------------------

    def response(self, cardinality: str, base: str, values: list[str]) -> etree._Element:
        """The declaration of the answer, with the right one."""
        declaration = self.add(self.root, "responseDeclaration", identifier="RESPONSE", cardinality=cardinality, baseType=base)
        if values:
            correct = self.add(declaration, "correctResponse")
            for value in values:
                self.add(correct, "value").text = writable(value)
        return declaration

    def mapping(self, declaration: etree._Element, entries: list[tuple[str, str]], **attributes: str) -> None:
        """Points for each answer."""
        mapping = self.add(declaration, "mapping", defaultValue="0", **attributes)
        for key, value in entries:
            self.add(mapping, "mapEntry", mapKey=key, mappedValue=value)

    def body(self) -> etree._Element:
        """Outcomes and the body with the stem's paragraphs."""
        outcomes = {"SCORE": "float", "MAXSCORE": "float"}
        for name, base in outcomes.items():
            outcome = self.add(self.root, "outcomeDeclaration", identifier=name, cardinality="single", baseType=base)
            default = self.question.points or "1" if name == "MAXSCORE" else "0"
            self.add(self.add(outcome, "defaultValue"), "value", default)
        if explanation_of(self.question):
            shown = self.add(
                self.root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="single", baseType="identifier"
            )
            self.add(self.add(shown, "defaultValue"), "value", "EXPLANATION")
        body = self.add(self.root, "itemBody")
        rubric = "\n".join(p for p in (self.question.carried.get("graderinfo", ""), rubric_text(self.question.rubric)) if p)
        if rubric:
            block = self.add(body, "rubricBlock", view="scorer")
            self.fill(etree.SubElement(block, f"{{{self.version.item}}}p"), rubric)
        return body

    def stem(self, body: etree._Element) -> None:
        """The stem as a paragraph of the body."""
        self.fill(etree.SubElement(body, f"{{{self.version.item}}}p"), self.question.stem)

    def end(self, template: str = "") -> None:
        """Marking by a standard template, and the explanation as modal feedback."""
        if template:
            place = {"2.1": "qti_v2p1", "2.2": "qti_v2p2"}.get(self.version.name)
            uri = f"http://www.imsglobal.org/question/{place}/rptemplates/{template}" if place else ""
            uri = uri or f"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{template}.xml"
            self.add(self.root, "responseProcessing", template=uri)
        text = explanation_of(self.question)
        if text:
            feedback = self.add(
                self.root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier="EXPLANATION", showHide="show"
            )
            target = self.add(feedback, "contentBody") if self.version.name == "3.0" else feedback
            self.fill(target, text)

    def choices(
        self, parent: etree._Element, tag: str, texts: list[str], letter: str, notes: bool = False, **more: str
    ) -> None:
        """One choice an option, named by ``letter`` and its place."""
        for place, text in enumerate(texts):
            choice = self.add(parent, tag, text, identifier=f"{letter}{place + 1}", **more)
            note = self.question.feedback[place] if notes and place < len(self.question.feedback) else ""
            if note:
                self.add(
                    choice,
                    "feedbackInline",
                    note,
                    outcomeIdentifier="RESPONSE",
                    identifier=f"{letter}{place + 1}",
                    showHide="show",
                )


def _choice(item: _Item) -> None:
    question = item.question
    multiple = question.type == "multiple"
    names = [f"C{place + 1}" for place in question.correct]
    declaration = item.response("multiple" if multiple else "single", "identifier", names)
    if question.weights:
        weights = enumerate(written_weights(question), 1)
        item.mapping(declaration, [(f"C{place}", as_text(weight / 100)) for place, weight in weights if weight])
    body = item.body()
    most = "0" if multiple else "1"
    item.stem(body)
    interaction = item.add(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true", maxChoices=most)
    if question.type == "true_false":
        item._set(interaction, shuffle="false")
    item.choices(interaction, "simpleChoice", question.options, "C", notes=True)
    item.end(_MAP if question.weights else _MATCH)


def _essay(item: _Item) -> None:
    item.response("single", "string", [])
    body = item.body()
    item.stem(body)
    item.add(body, "extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines="15")
    item.end()


def _entry(item: _Item) -> None:
    body = item.body()
    item.stem(body)
    holder = etree.SubElement(body, f"{{{item.version.item}}}p")
    item.add(holder, "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="30")


def _short_text(item: _Item) -> None:
    data = item.question.data
    declaration = item.response("single", "string", data["accepted"][:1])
    weights = item.question.weights or ["100"] * len(data["accepted"])
    shares = [as_text((number_of(weight) or Decimal(0)) / 100) for weight in weights]
    mapping = item.add(declaration, "mapping", defaultValue="0")
    for text, share in zip(data["accepted"], shares, strict=True):
        case = "true" if data.get("case_sensitive") else "false"
        item.add(mapping, "mapEntry", mapKey=text, mappedValue=share, caseSensitive=case)
    _entry(item)
    item.end(_MAP)


def _numeric(item: _Item) -> None:
    data = item.question.data
    item.response("single", "float", [str(data["value"])])
    _entry(item)
    processing = item.add(item.root, "responseProcessing")
    condition = item.add(item.add(processing, "responseCondition"), "responseIf")
    tolerance = str(data["tolerance"])
    equal = item.add(condition, "equal", toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}")
    item.add(equal, "variable", identifier="RESPONSE")
    item.add(equal, "correct", identifier="RESPONSE")
    item.add(item.add(condition, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
    item.end()


def _matching(item: _Item) -> None:
    pairs = item.question.data["pairs"]
    rights = list(dict.fromkeys([right for _left, right in pairs] + item.question.data.get("choices", [])))
    names = [f"L{place} R{rights.index(right) + 1}" for place, (_left, right) in enumerate(pairs, 1)]
    item.response("multiple", "directedPair", names)
    body = item.body()
    item.stem(body)
    interaction = item.add(
        body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true", maxAssociations=str(len(pairs))
    )
    left, right = item.add(interaction, "simpleMatchSet"), item.add(interaction, "simpleMatchSet")
    item.choices(left, "simpleAssociableChoice", [text for text, _right in pairs], "L", matchMax="1")
    item.choices(right, "simpleAssociableChoice", rights, "R", matchMax=str(len(pairs)))
    item.end(_MATCH)


def _ordering(item: _Item) -> None:
    steps = item.question.data["order"]
    item.response("ordered", "identifier", [f"C{place}" for place in range(1, len(steps) + 1)])
    body = item.body()
    item.stem(body)
    interaction = item.add(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
    item.choices(interaction, "simpleChoice", steps, "C", notes=True)
    item.end(_MATCH)


_BODIES = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _choice,
    "essay": _essay,
    "situation": _essay,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}
