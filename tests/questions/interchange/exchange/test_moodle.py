"""Moodle XML as Moodle writes it: HTML in CDATA, files, tags, weights, feedback of three kinds."""

from __future__ import annotations

import pytest

from core.documents.limits import DocumentRefused
from questions.interchange.model import ReadQuestion, ReadResult, RubricItem
from questions.interchange.registry import read_questions

COMBINED = "".join(
    f'<{name} format="html"><text>{text}</text></{name}>'
    for name, text in (("correctfeedback", "Đúng."), ("partiallycorrectfeedback", ""), ("incorrectfeedback", "Sai."))
)


def quiz(*questions: str) -> ReadResult:
    text = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>"
    return read_questions(text.encode())


def question(kind: str, body: str, stem: str = "<p>Chi bộ họp mấy tháng một lần?</p>", name: str = "Câu 5") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text></questiontext>{body}</question>'
    )


def answer(text: str, fraction: str, feedback: str = "") -> str:
    inner = f'<feedback format="html"><text>{feedback}</text></feedback>' if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{inner}</answer>'


def one(xml: str) -> ReadQuestion:
    result = quiz(xml)
    assert result.format == "moodle_xml" and not result.problems
    [found] = result.questions
    return found


def test_single_choice_with_all_that_moodle_carries() -> None:
    body = (
        '<generalfeedback format="html"><text>&lt;p&gt;Họp thường lệ.&lt;/p&gt;&lt;p&gt;Căn cứ: Điều 22&lt;/p&gt;</text>'
        "</generalfeedback><defaultgrade>2.5000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden>"
        "<idnumber>d5</idnumber><single>true</single><shuffleanswers>true</shuffleanswers>"
        + COMBINED
        + answer("<p>Một&nbsp;tháng</p>", "100", "Tốt")
        + answer("<p>Hai tháng</p>", "0")
        + "<tags><tag><text>Mức độ: nhận biết</text></tag><tag><text>ôn tập</text></tag></tags>"
    )
    found = one(question("multichoice", body))
    assert (found.number, found.stem, found.options) == ("5", "Chi bộ họp mấy tháng một lần?", ["Một tháng", "Hai tháng"])
    assert (found.correct, found.type, found.points, found.doubts) == ([0], "single", "2.5", [])
    assert (found.explanation, found.source) == ("Họp thường lệ.", "Điều 22")
    assert (found.level, found.tags, found.feedback) == ("nhận biết", ["ôn tập"], ["Tốt", ""])
    assert found.carried == {"idnumber": "d5", "correctfeedback": "Đúng.", "incorrectfeedback": "Sai."}


def test_several_right_answers_with_thirds() -> None:
    body = "<single>false</single>" + "".join(answer(f"phương án {n}", w) for n, w in enumerate(["33.33333"] * 3 + ["0"]))
    found = one(question("multichoice", body))
    assert (found.type, found.correct, found.doubts) == ("multiple", [0, 1, 2], [])


@pytest.mark.parametrize(
    ("single", "weights", "correct", "word"),
    [
        ("true", ["100", "50", "0"], [0], "B (50 %)"),
        ("true", ["50", "0", "0"], [], "Không thấy đáp án"),
        ("false", ["60", "40", "0"], [0, 1], "trọng số khác nhau"),
        ("false", ["50", "50", "-50"], [0, 1], "trừ điểm"),
        ("true", ["x", "100", "0"], [1], "Không đọc được trọng số"),
    ],
)
def test_partial_marks_are_doubted(single: str, weights: list[str], correct: list[int], word: str) -> None:
    options = "".join(answer(f"phương án {n}", weight) for n, weight in enumerate(weights))
    found = one(question("multichoice", f"<single>{single}</single>{options}"))
    assert found.correct == correct
    assert any(word in doubt for doubt in found.doubts)


def test_true_false_whichever_comes_first() -> None:
    for first, second, correct in (("true", "false", [0]), ("false", "true", [1])):
        found = one(question("truefalse", answer(first, "100", "Vì thế.") + answer(second, "0")))
        assert (found.type, found.options, found.correct) == ("true_false", ["Đúng", "Sai"], correct)
        assert found.feedback[correct[0]] == "Vì thế."


def test_categories_are_sections_and_topics_and_descriptions_are_words_between() -> None:
    result = quiz(
        '<question type="category"><category><text>$course$/top/Chương 1/Đoàn//Hội</text></category></question>',
        '<question type="description"><name><text>x</text></name><questiontext><text>Đọc kỹ.</text></questiontext></question>',
        question("truefalse", answer("true", "100") + answer("false", "0")),
    )
    [found] = result.questions
    assert (found.section, found.topic) == ("Chương 1 / Đoàn/Hội", "Đoàn/Hội")
    assert "Đọc kỹ." in result.sections


def test_other_types_keep_their_answers_and_are_told() -> None:
    found = one(question("numerical", '<answer fraction="100"><text>3.5</text><tolerance>0.1</tolerance></answer>'))
    assert (found.type, found.data) == ("numeric", {"value": "3.5", "tolerance": "0.1"})
    found = one(question("shortanswer", answer("Hà Nội", "100") + answer("Thăng Long", "50")))
    assert found.data["accepted"] == ["Hà Nội", "Thăng Long"]
    assert any("một phần điểm" in doubt for doubt in found.doubts)
    row = '<subquestion format="html"><text>{}</text><answer><text>{}</text></answer></subquestion>'
    found = one(question("matching", row.format("Lào", "Viêng Chăn") + row.format("", "Huế")))
    assert found.data == {"pairs": [["Lào", "Viêng Chăn"]], "choices": ["Huế"]}
    found = one(question("ddwtos", answer("lạ", "100")))
    assert found.options == ["lạ"] and not found.correct
    assert any("ddwtos" in doubt for doubt in found.doubts)
    notes = "<graderinfo><text>&lt;p&gt;Thang điểm:&lt;/p&gt;&lt;p&gt;- (0.5 điểm) Nêu lý do&lt;/p&gt;</text></graderinfo>"
    found = one(question("essay", notes))
    assert (found.type, found.rubric) == ("essay", [RubricItem("Nêu lý do", "0.5")])


def test_pictures_hints_and_strange_parts_are_doubted_with_their_words() -> None:
    body = answer("có", "100") + answer("không", "0") + "<hint><text>Gợi ý riêng</text></hint><lạ>chữ lạ</lạ>"
    found = one(question("multichoice", body, stem='<p>Xem <img src="@@PLUGINFILE@@/a.png" alt="cờ"></p>'))
    words = " ".join(found.doubts)
    assert "hình ảnh" in words and "Gợi ý riêng" in words and "chữ lạ" in words
    assert "[hình: cờ]" in found.stem


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>', "xml_entity"),
        (b"<!-- x --><!DOCTYPE quiz><quiz/>", "xml_entity"),
        ('<?xml version="1.0"?><!DOCTYPE quiz><quiz/>'.encode("utf-16"), "xml_entity"),
        (b'<?xml version="1.0" encoding="UTF-7"?><quiz/>', "damaged"),
        (b"<?xml version='1.0'?><quiz><question></quiz>", "damaged"),
        (b"<quiz>" + b"<a>" * 300 + b"</a>" * 300 + b"</quiz>", "zip_bomb"),
        (b"<?xml version='1.0'?><html/>", "wrong_kind"),
        (b"<questestinterop></questestinterop>", "wrong_kind"),
        (b"<quiz></quiz>", "empty"),
    ],
)
def test_xml_that_is_not_taken(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        read_questions(data)
    assert refusal.value.reason == reason


def test_any_encoding_that_the_file_declares() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><quiz>' + question("truefalse", answer("true", "100") + answer("false", "0"))
    assert read_questions((text + "</quiz>").encode("utf-16")).questions[0].stem == "Chi bộ họp mấy tháng một lần?"


def test_a_second_file_of_keys_counts() -> None:
    body = "<single>true</single>" + answer("một", "100") + answer("hai", "0")
    text = "<quiz>" + question("multichoice", body) + "</quiz>"
    result = read_questions(text.encode(), b"5. B\n")
    assert result.questions[0].correct == [1]
    assert any("lấy theo tệp đáp án" in doubt for doubt in result.questions[0].doubts)
