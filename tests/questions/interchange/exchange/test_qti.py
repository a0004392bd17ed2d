"""QTI packages and items of three versions as other programs make them."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.documents.limits import MIB, DocumentRefused, ReadingLimits
from questions.interchange.exchange.formats import FORMATS
from questions.interchange.model import ReadQuestion, ReadResult, RubricItem
from questions.interchange.registry import read_questions

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'


def item(declaration: str, body: str, more: str = "", title: str = "Câu 5") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><assessmentItem {NS} identifier="i" title="{title}" adaptive="false" '
        f'timeDependent="false">{declaration}<itemBody>{body}</itemBody>{more}</assessmentItem>'
    )


def key(*values: str, cardinality: str = "single", base: str = "identifier", more: str = "") -> str:
    inner = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{inner}</correctResponse>{more}</responseDeclaration>"
    )


def choice(*options: str, prompt: str = "Ở đâu?") -> str:
    inner = "".join(
        f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in zip("XYZW", options, strict=False)
    )
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>{prompt}</prompt>{inner}</choiceInteraction>'
    )


def package(parts: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def manifest(*resources: str) -> str:
    return f"<manifest><resources>{''.join(resources)}</resources></manifest>"


def one(xml: str) -> ReadQuestion:
    result = read_questions(xml.encode())
    assert result.format == "qti"
    [question] = result.questions
    return question


def test_a_choice_with_feedback_and_a_rubric() -> None:
    options = 'Hà Nội<feedbackInline outcomeIdentifier="F" identifier="X" showHide="show">Đúng</feedbackInline>'
    feedback = '<modalFeedback outcomeIdentifier="F" identifier="any"><p>Vì thế.</p><p>Căn cứ: Điều 1</p></modalFeedback>'
    found = one(item(key("X"), "<p>Thủ đô<br/>của ta</p>" + choice(options, "<b>Huế</b>", "Vinh"), feedback))
    assert (found.number, found.stem, found.type) == ("5", "Thủ đô\ncủa ta\nỞ đâu?", "single")
    assert (found.options, found.correct, found.feedback) == (["Hà Nội", "Huế", "Vinh"], [0], ["Đúng", "", ""])
    assert (found.explanation, found.source, found.doubts) == ("Vì thế.", "Điều 1", [])


def test_points_for_each_option() -> None:
    mapping = (
        '<mapping defaultValue="0"><mapEntry mapKey="X" mappedValue="{}"/><mapEntry mapKey="Y" mappedValue="{}"/></mapping>'
    )
    template = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
    found = one(item(key("X", "Y", cardinality="multiple", more=mapping.format(1, 1)), choice("aa", "bb", "cc"), template))
    assert (found.type, found.correct) == ("multiple", [0, 1])
    assert not any("trọng số" in doubt or "điểm" in doubt for doubt in found.doubts)
    found = one(item(key("X", more=mapping.format(2, 1)), choice("aa", "bb", "cc"), template))
    assert found.correct == [0]
    assert any("B (50 %)" in doubt for doubt in found.doubts)


def test_version_3_spells_everything_with_hyphens() -> None:
    xml = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="12">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier"><qti-correct-response>'
        "<qti-value>A</qti-value><qti-value>C</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="0"><qti-prompt>Chọn số lẻ dưới bốn:</qti-prompt>'
        '<qti-simple-choice identifier="A">một</qti-simple-choice><qti-simple-choice identifier="B">hai</qti-simple-choice>'
        '<qti-simple-choice identifier="C">ba</qti-simple-choice></qti-choice-interaction>'
        "</qti-item-body></qti-assessment-item>"
    )
    found = one(xml)
    assert (found.number, found.stem, found.type, found.correct) == ("12", "Chọn số lẻ dưới bốn:", "multiple", [0, 2])


def test_other_interactions() -> None:
    entry = '<p>Năm <textEntryInteraction responseIdentifier="RESPONSE"/> thì lập nước.</p>'
    found = one(item(key("1945", base="integer"), entry))
    assert (found.type, found.stem, found.data) == ("numeric", "Năm _____ thì lập nước.", {"value": 1945, "tolerance": 0})
    found = one(item(key("Hà Nội", base="string"), entry))
    assert found.data["accepted"] == ["Hà Nội"]
    order = '<orderInteraction responseIdentifier="RESPONSE">{}</orderInteraction>'.format(
        "".join(f'<simpleChoice identifier="{name}">bước {name}</simpleChoice>' for name in "AB")
    )
    found = one(item(key("B", "A", cardinality="ordered"), order))
    assert (found.type, found.data) == ("ordering", {"order": ["bước B", "bước A"]})
    found = one(item(key("x"), '<p>Bấm vào</p><hotspotInteraction responseIdentifier="RESPONSE"/>'))
    assert not found.correct and any("hotspotInteraction" in doubt for doubt in found.doubts)
    found = one(item(key("Z9"), choice("aa", "bb")))
    assert not found.correct and any("Z9" in doubt for doubt in found.doubts)
    found = one(item("", entry + entry))
    assert found.type == "cloze" and found.doubts


def test_marking_of_its_own_that_names_options_is_doubted() -> None:
    processing = "<responseProcessing><responseCondition><responseIf><match><variable identifier='RESPONSE'/>"
    processing += "<baseValue baseType='identifier'>Y</baseValue></match></responseIf></responseCondition></responseProcessing>"
    found = one(item(key("X"), choice("aa", "bb"), processing))
    assert any("cách chấm riêng" in doubt for doubt in found.doubts)


def test_a_package_in_the_order_of_its_test_with_sections_and_keywords() -> None:
    keyword = "<metadata><lom><general><keyword><string>Mức độ: vận dụng</string></keyword></general></lom></metadata>"
    data = package(
        {
            "a/imsmanifest.xml": manifest(
                '<resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"/>',
                f'<resource identifier="1" type="imsqti_item_xmlv2p1" href="i/mot.xml">{keyword}</resource>',
                '<resource identifier="2" type="imsqti_item_xmlv2p1" href="i/hai.xml"/>',
                '<resource identifier="3" type="imsqti_item_xmlv2p1" href="i/mat.xml"/>',
                '<resource identifier="4" type="imsqti_item_xmlv2p1" href="../../../etc/passwd"/>',
            ),
            "a/test.xml": f'<assessmentTest {NS} title="Đề"><testPart><assessmentSection title="Phần hai">'
            '<assessmentItemRef href="i/hai.xml"/></assessmentSection><assessmentSection title="Phần một">'
            '<assessmentItemRef href="i/mot.xml"/></assessmentSection></testPart></assessmentTest>',
            "a/i/mot.xml": item(key("X"), choice("aa", "bb", prompt="Câu một ở đâu?")),
            "a/i/hai.xml": item(key("Y"), choice("aa", "bb", prompt="Câu hai ở đâu?"), title="6"),
            "a/i/ba.xml": item(key("Y"), choice("aa", "bb", prompt="Câu ba ở đâu?"), title="7"),
        }
    )
    result = read_questions(data)
    assert [(q.number, q.section, q.level) for q in result.questions] == [
        ("6", "Phần hai", ""),
        ("5", "Phần một", "vận dụng"),
        ("7", "", ""),
    ]
    assert [problem.where for problem in result.problems] == ["a/i/mat.xml"]
    assert len(result.notes) == 1


BOMB = {"imsmanifest.xml": manifest('<resource type="imsqti_item_xmlv2p1" href="a.xml"/>'), "a.xml": " " * (3 * MIB)}


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"a.txt": "x"}, "damaged"),
        ({"imsmanifest.xml": "<manifest/>"}, "empty"),
        ({"imsmanifest.xml": "<manifest>"}, "damaged"),
        ({"imsmanifest.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><manifest/>"}, "xml_entity"),
        (BOMB, "zip_bomb"),
    ],
)
def test_packages_that_are_not_taken(parts: dict[str, str], reason: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        read_questions(package(parts), limits=ReadingLimits(unzipped_bytes=2 * MIB))
    assert refusal.value.reason == reason


OTHERS = [
    ReadQuestion(number="1", stem="Chi bộ có bao nhiêu đảng viên?", type="numeric", data={"value": 9, "tolerance": "0.5"}),
    ReadQuestion(number="2", stem="Thủ đô tên là gì?", type="short_text", data={"accepted": ["Hà Nội", "Thăng Long"]}),
    ReadQuestion(
        number="3",
        stem="Ghép nước với thủ đô.",
        type="matching",
        data={"pairs": [["Lào", "Viêng Chăn"], ["Việt Nam", "Hà Nội"]], "choices": ["Huế"]},
    ),
    ReadQuestion(number="4", stem="Sắp xếp các bước.", type="ordering", data={"order": ["một", "hai", "ba"]}),
    ReadQuestion(number="5", stem="Xử lý thế nào?", type="situation", rubric=[RubricItem("Nêu cách làm", "2.5")], points="5"),
]


@pytest.mark.parametrize("name", ["moodle", "gift", "qti21", "qti22", "qti30"])
def test_types_beside_choices_come_back_too(name: str) -> None:
    found = FORMATS[name].sort_out(OTHERS)
    result: ReadResult = read_questions(FORMATS[name].write(found.writable))
    for before, after in zip(found.writable, result.questions, strict=True):
        data = {key: value for key, value in after.data.items() if value}
        assert (after.number, after.stem, after.type, data) == (before.number, before.stem, before.type, before.data)
        assert after.rubric == before.rubric or name == "gift"
    assert [loss.question for loss in found.refused] == (["4"] if name == "gift" else [])


def test_the_same_questions_give_the_same_bytes() -> None:
    assert FORMATS["qti30"].write(OTHERS) == FORMATS["qti30"].write(OTHERS)
