"""Keys listed apart from their questions: "1C 2B 3A …" at the end, or one "Câu 1: C" a line.

A list of keys belongs to the questions between the list of keys before it and itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from questions.interchange.flat import flat
from questions.interchange.lines import Line
from questions.interchange.marks import KeyWords, key_words

_ANSWER = r"(?:[a-h](?:\s*[,;&+/]\s*[a-h](?!\w))*|[a-h]{2,5}|dung|sai|\?)(?!\w)"
_PAIR = re.compile(
    r"\s*[|;,]?\s*(?:cau\s*(?:hoi\s*)?(?:so\s*)?)?(?P<number>\d{1,5}[a-z]?)\s*(?:[.:)=|–-]+|=>|\s)?\s*[(\[]?(?P<answer>"
    + _ANSWER
    + r")[)\]]?\s*[.;,|]?(?=\s|$)"
)
_TIGHT = re.compile(r"\s*[|;,]?\s*(?P<number>\d{1,5})\s*[.:)–-]?\s*(?P<answer>[a-h])(?![a-z])\s*[.;,|]?")
_HEAD = re.compile(
    r"[\W_]*(?:[ivx\d]+\s*[.):-]\s*|phan\s+\w+\s*[.:–-]\s*)?(?:bang\s+|phan\s+|goi\s+y\s+)?(?:dap\s*an|key|answers?)(?:\s+[\w\s]{0,60})?[\W_]*$"
)
_COLUMNS = re.compile(r"[\W_]*(?:(?:cau(?:\s*(?:hoi|so))?|stt|tt|dap\s*an|da)\b[\W_]*){2,}$")
_HEADED = re.compile(r"[\W_]*(?:bang\s+)?dap\s*an[^:]{0,60}:\s*(?=\d)")
_NUMBERS = re.compile(r"\s*(?:cau\s*(?:hoi)?\s*:?)?\s*\d{1,4}(?:[\s|;,]+\d{1,4})+\s*$")
_LETTER_ROW = re.compile(r"\s*(?:d(?:ap)?\s*(?:/)?\s*an?\s*:?)?\s*[a-h?](?:[\s|;,]+[a-h?])+\s*$")


@dataclass
class KeyList:
    """Keys found apart. It speaks for questions that begin on lines after `after`, up to `before`."""

    entries: list[tuple[str, KeyWords]] = field(default_factory=list)
    where: str = ""
    after: int = 0
    before: int = 10**9
    lines: list[int] = field(default_factory=list)
    title: str = ""


def pairs(text: str) -> list[tuple[str, KeyWords]]:
    """All of a line as number and key pairs ("1C 2B", "Câu 1: C"); [] where anything else stands in it."""
    plain = flat(text)
    headed = _HEADED.match(plain)
    for pattern in (_PAIR, _TIGHT):
        found: list[tuple[str, KeyWords]] = []
        place = headed.end() if headed else 0
        while place < len(plain):
            match = pattern.match(plain, place)
            if match is None or match.end() == place:
                break
            answer = text[match.start("answer") : match.end("answer")]
            found.append((match["number"], key_words(answer) if answer != "?" else KeyWords(words="?")))
            place = match.end()
        if found and not plain[place:].strip(" .;,|") and (headed is None or len(found) > 2):
            return found
    return []


def is_key_heading(text: str) -> bool:
    """ "BẢNG ĐÁP ÁN", "ĐÁP ÁN ĐỀ SỐ 1" alone on a line."""
    return len(text) < 90 and bool(_HEAD.match(flat(text)))


def find_key_lists(lines: list[Line]) -> tuple[list[KeyList], set[int]]:
    """The key lists among the lines of a list, and the numbers of the lines that they take up."""
    found: list[KeyList] = []
    taken: set[int] = set()
    start = 0
    place = 0
    while place < len(lines):
        entries, end = _run(lines, place)
        heads_above = _headings(lines, place)
        headed = bool(heads_above)
        if not entries or (len(entries) < (2 if headed else 3)) or not _serious(lines, place, end, entries, headed):
            place += 1
            continue
        own = [
            lines[at].text[: found_head.end()]
            for at in range(place, end)
            if (found_head := _HEADED.match(flat(lines[at].text)))
        ]
        title = " ".join([line.text.strip() for line in heads_above] + [text.strip() for text in own])
        found.append(KeyList(entries, lines[place].where, start, lines[end - 1].number, title=title))
        taken.update(line.number for line in lines[place - len(heads_above) : end])
        start = lines[end - 1].number
        place = end
    return found, taken


def _heads_keys(text: str) -> bool:
    return is_key_heading(text) or bool(_COLUMNS.match(flat(text)))


def _headings(lines: list[Line], place: int) -> list[Line]:
    """The headings right above a line: "BẢNG ĐÁP ÁN", and the names of columns below it."""
    first = place
    while (
        first and place - first < 2 and (is_key_heading(lines[first - 1].text) or _COLUMNS.match(flat(lines[first - 1].text)))
    ):
        first -= 1
    return lines[first:place]


def _run(lines: list[Line], place: int) -> tuple[list[tuple[str, KeyWords]], int]:
    """Pairs from that line on, over as many lines as hold nothing else."""
    entries: list[tuple[str, KeyWords]] = []
    while place < len(lines):
        here = pairs(lines[place].text)
        if not here and place + 1 < len(lines):
            here = _two_rows(lines[place].text, lines[place + 1].text)
            if here:
                place += 1
        if not here:
            break
        entries.extend(here)
        place += 1
    return entries, place


def _two_rows(upper: str, lower: str) -> list[tuple[str, KeyWords]]:
    if not (_NUMBERS.match(flat(upper)) and _LETTER_ROW.match(flat(lower))):
        return []
    numbers = re.findall(r"\d{1,4}", upper)
    letters = re.findall(r"(?<![\w])[a-h?](?![\w])", flat(lower))
    if len(numbers) != len(letters):
        return []
    return [
        (number, KeyWords(words="?") if letter == "?" else KeyWords((letter.upper(),)))
        for number, letter in zip(numbers, letters, strict=True)
    ]


def _serious(lines: list[Line], place: int, end: int, entries: list[tuple[str, KeyWords]], headed: bool) -> bool:
    """A key list has numbers that rise, and more pairs than lines or a heading or several lines."""
    numbers = [int(re.sub(r"\D", "", number) or 0) for number, _ in entries]
    rising = sum(1 for left, right in zip(numbers, numbers[1:], strict=False) if right > left)
    return headed or (rising >= 0.6 * (len(numbers) - 1) and (len(entries) > 2 or end - place > 1))
