"""What the sample bank promises: sound keys, documents in force, even letters, one spelling; and the sample places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz.fuzz import token_sort_ratio
from ruamel.yaml import YAML

import contest.demo
from core.database.text import canonical
from core.organisation.levels import level_of

DATA = Path(contest.demo.__file__).parent / "data"

#: The day of the sample contest: every document must be in force on it.
CONTEST_DAY = date(2026, 11, 24)

#: Topic: fewest questions.
TOPICS = {
    "Điều lệ Đảng": 34,
    "Sinh hoạt chi bộ": 22,
    "Kết nạp và quản lý đảng viên": 26,
    "Kiểm tra, giám sát và kỷ luật": 22,
    "Lịch sử Đảng": 24,
    "Tư tưởng Hồ Chí Minh": 22,
    "Nghiệp vụ bí thư chi bộ": 22,
}

#: Level: fewest questions in each topic.
LEVELS = {"nhận biết": 8, "thông hiểu": 6, "vận dụng": 4}

#: How a last option begins that speaks of the others; it only makes sense at the end.
ABOUT_OTHERS = ("Cả a, b, c", "Cả A", "Tất cả các phương án")


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


FILES = {path.stem: read(path) for path in sorted((DATA / "questions").glob("*.yaml"))}
QUESTIONS: list[dict[str, Any]] = [question for file in FILES.values() for question in file["questions"]]
SINGLE = [question for question in QUESTIONS if question["type"] == "single"]
SOURCES: dict[str, dict[str, Any]] = read(DATA / "sources.yaml")
PLACES = read(DATA / "places.yaml")
NAMES = read(DATA / "names.yaml")


def texts(value: Any) -> Iterator[str]:
    """Every string inside ``value``."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def units(unit: dict[str, Any], depth: int = 0) -> Iterator[tuple[dict[str, Any], int]]:
    """``unit`` and all below it, each with its depth."""
    yield unit, depth
    for child in unit.get("children", []):
        yield from units(child, depth + 1)


def right_is_longest(question: dict[str, Any]) -> bool:
    right = question["correct"][0]
    lengths = [len(option) for option in question["options"]]
    return all(lengths[right] > length for index, length in enumerate(lengths) if index != right)


# --- Counts ----------------------------------------------------------------------------------------------------------


def test_the_bank_has_every_topic_once() -> None:
    assert Counter(file["topic"] for file in FILES.values()) == Counter(TOPICS.keys())


def test_the_bank_is_large_enough_for_several_papers() -> None:
    assert len(QUESTIONS) >= 165


@pytest.mark.parametrize("slug", FILES)
def test_each_topic_has_enough_questions_of_each_level(slug: str) -> None:
    file = FILES[slug]
    levels = Counter(question["level"] for question in file["questions"])
    assert len(file["questions"]) >= TOPICS[file["topic"]]
    assert set(levels) == set(LEVELS)
    assert {level: count for level, count in levels.items() if count < LEVELS[level]} == {}


def test_the_bank_mixes_the_types() -> None:
    types = Counter(question["type"] for question in QUESTIONS)
    assert set(types) == {"single", "true_false", "multiple"}
    assert types["true_false"] >= 18
    assert types["multiple"] >= 18
    assert types["single"] > len(QUESTIONS) / 2


def test_all_of_the_above_is_right_in_some_questions_and_wrong_in_others() -> None:
    about_others = [q for q in SINGLE if q["options"][-1].startswith(ABOUT_OTHERS)]
    right = [q for q in about_others if q["correct"] == [len(q["options"]) - 1]]
    assert len(about_others) >= 12
    assert len(right) >= 4
    assert len(about_others) - len(right) >= 4


def test_an_option_about_the_others_stands_last() -> None:
    assert [q["stem"] for q in QUESTIONS if any(o.startswith(ABOUT_OTHERS) for o in q["options"][:-1])] == []


# --- Each question ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["stem"][:40])
def test_a_question_is_sound(question: dict[str, Any]) -> None:
    options, correct = question["options"], question["correct"]
    assert set(question) == {"level", "type", "stem", "options", "correct", "source", "explanation"}
    assert len({canonical(option).lower() for option in options}) == len(options)
    assert correct == sorted(set(correct))
    assert all(0 <= index < len(options) for index in correct)
    match question["type"]:
        case "single":
            assert (len(options), len(correct)) == (4, 1)
        case "true_false":
            assert (options, len(correct)) == (["Đúng", "Sai"], 1)
        case _:
            assert 4 <= len(options) <= 5
            assert 2 <= len(correct) <= 3
            assert len(correct) < len(options)
    assert ("Chọn các phương án đúng" in question["stem"]) == (question["type"] == "multiple")
    assert question["explanation"].endswith(".")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["stem"][:40])
def test_a_question_rests_on_a_document_in_force(question: dict[str, Any]) -> None:
    source = question["source"]
    assert {"document"} <= set(source) <= {"document", "article", "clause"}
    document = SOURCES[source["document"]]
    begins = document["in_force_from"] or document["date"]
    assert begins is None or begins <= CONTEST_DAY
    assert document["in_force_until"] is None or document["in_force_until"] > CONTEST_DAY
    assert document["replaced_by"] is None


def test_no_two_stems_are_nearly_the_same() -> None:
    stems = [question["stem"] for question in QUESTIONS]
    alike = [(a, b) for a, b in combinations(stems, 2) if token_sort_ratio(a, b) >= 80]
    assert alike == []


# --- Nothing to guess from -------------------------------------------------------------------------------------------


def test_no_letter_is_the_key_too_often() -> None:
    keys = Counter(question["correct"][0] for question in SINGLE)
    assert set(keys) == {0, 1, 2, 3}
    assert max(keys.values()) <= 0.40 * len(SINGLE)


@pytest.mark.parametrize("slug", FILES)
def test_no_letter_is_the_key_too_often_in_a_topic(slug: str) -> None:
    single = [question for question in FILES[slug]["questions"] if question["type"] == "single"]
    keys = Counter(question["correct"][0] for question in single)
    assert max(keys.values()) <= 0.40 * len(single)


def test_true_and_false_are_both_common() -> None:
    keys = Counter(question["correct"][0] for question in QUESTIONS if question["type"] == "true_false")
    assert min(keys[0], keys[1]) >= 0.35 * sum(keys.values())


def test_the_longest_option_is_seldom_the_right_one() -> None:
    assert sum(map(right_is_longest, SINGLE)) < 0.45 * len(SINGLE)


# --- Spelling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [FILES, SOURCES, PLACES, NAMES], ids=["questions", "sources", "places", "names"])
def test_texts_are_composed_and_in_official_orthography(content: Any) -> None:
    found = list(texts(content))
    assert len(found) > 100
    assert [text for text in found if text != canonical(text)] == []


def test_a_question_that_asks_for_the_exception_shows_it_in_capitals() -> None:
    """"Trường hợp nào KHÔNG …": whoever reads fast must not miss the word."""
    stems = [question["stem"] for question in QUESTIONS if question["type"] != "true_false"]
    assert [stem for stem in stems if re.search(r"nào (đảng viên )?(không|chưa|sai)\b", stem)] == []
    assert any(re.search(r"\b(KHÔNG|CHƯA)\b", stem) for stem in stems)


# --- Documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SOURCES)
def test_a_document_is_described_and_its_successor_is_known(slug: str) -> None:
    document = SOURCES[slug]
    assert set(document) == {
        "title", "number", "date", "issuer", "in_force_from", "in_force_until", "replaced_by",
    }  # fmt: skip
    assert document["title"]
    assert document["issuer"]
    for moment in ("date", "in_force_from", "in_force_until"):
        assert document[moment] is None or isinstance(document[moment], date)
    if document["number"]:
        assert document["date"] is not None
    if document["replaced_by"]:
        successor = SOURCES[document["replaced_by"]]
        assert document["in_force_until"] is not None
        assert successor["date"] > document["date"]
        assert document["in_force_until"] in (successor["in_force_from"] or successor["date"], successor["date"])


def test_number_and_date_together_name_one_document() -> None:
    named = Counter((d["number"], d["date"]) for d in SOURCES.values() if d["number"])
    assert max(named.values()) == 1
    assert max(Counter(number for number, _ in named).values()) > 1  # numbers alone do repeat


# --- Places and names ------------------------------------------------------------------------------------------------


def test_the_tree_of_places_is_deep_and_uneven() -> None:
    found = list(units(PLACES))
    cells = [(unit, depth) for unit, depth in found if unit["level"] == "cell"]
    assert PLACES["name"] == "Thành ủy Hà Nội"
    assert len(cells) >= 220
    assert len({depth for _, depth in cells}) >= 3
    assert {unit["level"] for unit, _ in found} == {
        "city", "district", "bloc", "commune", "grassroots", "section", "cell",
    }  # fmt: skip


def test_every_place_may_stand_where_it_stands() -> None:
    for unit, _ in units(PLACES):
        names = [child["name"] for child in unit.get("children", [])]
        assert len(names) == len(set(names)), unit["name"]
        assert ("children" in unit) == (unit["level"] != "cell"), unit["name"]
        for child in unit.get("children", []):
            assert level_of(child["level"]).may_stand_under(level_of(unit["level"])), child["name"]


def test_the_districts_have_all_their_communes_and_share_a_name() -> None:
    communes = {
        district["name"]: {unit["name"] for unit in district["children"] if unit["level"] == "commune"}
        for district in PLACES["children"]
        if district["level"] == "district"
    }
    assert {name: len(found) for name, found in communes.items()} == {"Huyện Thanh Trì": 16, "Huyện Phúc Thọ": 23}
    assert communes["Huyện Thanh Trì"] & communes["Huyện Phúc Thọ"] == {"Xã Tam Hiệp"}
    assert {"Xã Đông Mỹ", "Thị trấn Văn Điển"} <= communes["Huyện Thanh Trì"]


def test_there_are_names_enough_for_thousands_of_people() -> None:
    for sex in ("male", "female"):
        parts = (NAMES["family"], NAMES["middle"][sex], NAMES["given"][sex])
        assert all(len(part) == len(set(part)) for part in parts)
        assert len(parts[0]) * len(parts[1]) * len(parts[2]) > 20_000
