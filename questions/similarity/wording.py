"""A text as the words that count when questions are compared: the same word is equal however it was typed.

What does not count is listed in ``Writing``; ``writings`` tells which of these two texts of the same words differ in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
# Icelandic eth, which some old keyboards and converters put for the Vietnamese letter.
_ETH = str.maketrans("ðÐ", "đĐ")

# Signs that change what is said ("50 %", "> 5", "−5") are words too; all others are punctuation. A hyphen is a minus only
# right before a digit and after a space.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+|[%‰°+<>=≤≥≠±×÷√]|(?<!\S)[-−](?=\d)")
# "Câu 12:", "Câu hỏi số 5.", "12)": a number alone is a label only before a word, not before another number ("3. 2").
_LABEL = re.compile(
    r"\s*(?:(?:c[aâ]\u0302?u|bài)(?:\s+hỏi)?(?:\s+số)?\s*\d+\s*[a-zđ]?\s*[:.)\]/–-]+\s*|\(?\d{1,4}\s*[.):]\s+(?=[^\W\d]))",
    re.IGNORECASE,
)
_OPTION_LABEL = re.compile(r"\s*\(?([A-Za-z])\s*[.):\]]\s*(?=\S)")
# Both spellings are in use where this vowel stands alone at the end: "kỷ luật" and "kỉ luật", "quý" and "quí".
_Y_FOR_I = re.compile(r"(h|k|l|m|s|t|v|qu)[yýỳỷỹỵ][\u0300\u0301\u0303\u0309\u0323]?", re.IGNORECASE)
_I_FOR_Y = str.maketrans("yýỳỷỹỵYÝỲỶỸỴ", "iíìỉĩịIÍÌỈĨỊ")


class Writing(StrEnum):
    """Ways of writing that make no other question, in the words for people."""

    ACCENTS = "cách gõ dấu"
    LABEL = "số thứ tự ở đầu câu"
    CAPITALS = "chữ hoa chữ thường"
    PUNCTUATION = "dấu câu hoặc khoảng trắng"
    SPELLING = "cách viết i hay y"
    ZEROS = "số 0 ở đầu một số"


def shown_words(text: str) -> list[str]:
    """The words of ``text`` as people read them, without label and punctuation."""
    return _WORD.findall(_unlabelled(_composed(_INVISIBLE.sub("", text))))


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` for comparing, one for each of ``shown_words``."""
    return tuple(_same_word(word.lower(), None) for word in shown_words(text))


def writings(one: str, other: str) -> list[Writing]:
    """In which ways of writing two texts of the same ``words`` differ. Empty when they are the same text.

    A way counts when the texts still differ with all other ways evened out.
    """
    return [] if one == other else [way for way in Writing if _evened(one, way) != _evened(other, way)]


def without_letters(options: Sequence[str]) -> list[str]:
    """``options`` without their own letters, where each has the letter of its place ("A. …", "B. …")."""
    found = [_OPTION_LABEL.match(option) for option in options]
    letters = [match[1].lower() if match else "" for match in found]
    if len(options) < 2 or letters != [chr(ord("a") + place) for place in range(len(options))]:
        return list(options)
    return [option[match.end() :] if match else option for option, match in zip(options, found, strict=True)]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_ETH))


def _unlabelled(text: str) -> str:
    match = _LABEL.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _evened(text: str, kept: Writing) -> str:
    """``text`` with every way of writing evened out but ``kept``."""
    if kept is not Writing.PUNCTUATION:
        text = _INVISIBLE.sub("", text)
    if kept is not Writing.ACCENTS:
        text = _composed(text)
    if kept is not Writing.LABEL:
        text = _unlabelled(text)
    if kept is not Writing.CAPITALS:
        text = text.lower()
    text = _WORD.sub(lambda match: _same_word(match[0], kept), text)
    return text if kept is Writing.PUNCTUATION else " ".join(_WORD.findall(text))


@lru_cache(maxsize=65536)
def _same_word(word: str, kept: Writing | None) -> str:
    """A word of a composed text with its tone at the end, i for y, and no leading zeros, but for what is ``kept``.

    A Vietnamese syllable has one tone, and no two words differ only in the letter that carries it; so moving it away makes
    "hòa" and "hoà", "ủy" and "uỷ" equal and nothing else.
    """
    if word.isdecimal():
        return word if kept is Writing.ZEROS else word.lstrip("0") or "0"
    if kept is not Writing.ACCENTS:
        word = _tone_last(word)
    return word.translate(_I_FOR_Y) if kept is not Writing.SPELLING and _Y_FOR_I.fullmatch(word) else word


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = [part for part in parts if part in _TONES]
    if len(tones) != 1:
        return word
    return unicodedata.normalize("NFC", parts.replace(tones[0], "")) + tones[0]
