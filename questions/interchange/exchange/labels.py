"""What other programs keep as categories and tags, and a list here as section, topic, level, source and rubric.

A category is a path ("$course$/top/Chương 1/Đảng viên"): the section is the whole path, the topic its last part. Where
a question's own section and topic are not so, tags ("Chủ đề: …") say it; the level is a tag too ("Mức độ: …").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from questions.interchange.model import ReadQuestion, RubricItem

SECTION, TOPIC, LEVEL, KIND, NUMBER = "Phần", "Chủ đề", "Mức độ", "Loại", "Số câu"
SOURCE = "Căn cứ: "
RUBRIC = "Thang điểm:"

_CONTEXTS = re.compile(r"^\$[A-Za-z_]+\$$")
_NAMES = {name.casefold(): name for name in (SECTION, TOPIC, LEVEL, KIND, NUMBER)}
_LEVELS = frozenset({"nhận biết", "thông hiểu", "vận dụng", "vận dụng cao"})
_RUBRIC_LINE = re.compile(r"^- \((\d{1,4}(?:[.,]\d{1,4})?) điểm\) (.+)$")
_SINGLE_SLASH = re.compile(r"(?<!/)/(?!/)")


def parts_of_path(path: str) -> list[str]:
    """The parts of a category's path, without where it stands in the other program ("$course$", "top")."""
    parts = [part.replace("//", "/").strip() for part in _SINGLE_SLASH.split(path.strip())]
    if parts and _CONTEXTS.match(parts[0]):
        parts = parts[1:]
        if parts and parts[0].casefold() == "top":
            parts = parts[1:]
    return [part for part in parts if part]


def path_of(section: str, topic: str) -> str:
    """The category in which a question of this section and topic is kept, "" for none."""
    parts = [part.strip() for part in section.split(" / ") if part.strip()] or ([topic] if topic else [])
    return "/".join(["$course$", "top", *(part.replace("/", "//") for part in parts)]) if parts else ""


def read_path(path: str) -> tuple[str, str]:
    """(section, topic) that a category says."""
    parts = parts_of_path(path)
    return " / ".join(parts), parts[-1] if parts else ""


def tags_of(question: ReadQuestion) -> list[str]:
    """The tags that carry what has no place of its own in the other program."""
    said = read_path(path_of(question.section, question.topic))
    found = list(question.tags)
    for name, value, default in (
        (SECTION, question.section, said[0]),
        (TOPIC, question.topic, said[1]),
        (LEVEL, question.level, ""),
        (KIND, question.type if question.type in ("situation", "prediction") else "", ""),
    ):
        if value != default:
            found.append(f"{name}: {value}".strip())
    return found


def take_tags(question: ReadQuestion, tags: Iterable[str]) -> None:
    """Puts each tag where it belongs in the question; others stay tags."""
    for tag in tags:
        name, colon, value = tag.partition(":")
        known, value = _NAMES.get(name.strip().casefold()) if colon else None, value.strip()
        if known == SECTION:
            question.section = value
        elif known == TOPIC:
            question.topic = value
        elif known == NUMBER and value:
            question.number = value
        elif known == LEVEL and value:
            question.level = value
        elif known == KIND and value in ("situation", "prediction") and question.type == "essay":
            question.type = value
        elif tag.strip().casefold() in _LEVELS and not question.level:
            question.level = tag.strip().casefold()
        elif tag.strip():
            question.tags.append(tag.strip())


def name_of(question: ReadQuestion) -> str:
    """The name under which the other program lists the question."""
    if question.name:
        return question.name
    if question.number:
        return question.number if re.search(r"[^\W\d]", question.number) else f"Câu {question.number}"
    words = " ".join(question.stem.split())
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def take_name(question: ReadQuestion, name: str) -> None:
    """The number out of a name ("Câu 12", "12"); a name that is no more than the stem's beginning is dropped."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    number = re.fullmatch(r"(?:câu(?: hỏi)?(?: số)?|question|q)?\s*\.?\s*(\d{1,5}[a-z]?)", name, re.IGNORECASE)
    beginning = name.removesuffix("…").removesuffix("...").rstrip()
    if number:
        question.number = number[1]
    elif not " ".join(question.stem.split()).startswith(beginning):
        question.name = name


def explanation_of(question: ReadQuestion) -> str:
    """Explanation and source as one text; `take_explanation` parts them again."""
    return "\n".join(part for part in (question.explanation, SOURCE + question.source if question.source else "") if part)


def take_explanation(question: ReadQuestion, text: str) -> None:
    """A last paragraph "Căn cứ: …" is the source, all before it the explanation."""
    before, found, source = ("\n" + text).rpartition("\n" + SOURCE)
    question.explanation, question.source = (before.strip("\n"), source.strip()) if found else (text, "")


def rubric_text(rubric: Iterable[RubricItem]) -> str:
    """A rubric as lines for a marker to read, "" for none."""
    lines = [f"- ({item.points} điểm) {item.text}" for item in rubric]
    return "\n".join([RUBRIC, *lines]) if lines else ""


def take_rubric(question: ReadQuestion, text: str) -> str:
    """Takes a rubric out of lines for markers; returns the other lines."""
    rest, inside = list[str](), False
    for line in text.split("\n"):
        found = _RUBRIC_LINE.match(line.strip())
        if line.strip() == RUBRIC:
            inside = True
        elif inside and found:
            question.rubric.append(RubricItem(found[2], found[1].replace(",", ".")))
        elif line.strip():
            rest.append(line)
    return "\n".join(rest)
