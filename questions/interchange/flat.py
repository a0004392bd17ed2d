"""Accents off, letter by letter, so that a place in the flat text is the same place in the written text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _flat_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


def flat(text: str) -> str:
    """Lower case without accents, exactly as long as the text ("Đáp án: Đúng" gives "dap an: dung")."""
    if text.isascii():
        return text.lower()
    return "".join(_flat_letter(letter) for letter in text)


def key_of(text: str) -> str:
    """For comparing wordings: flat, letters and digits only, single spaces."""
    words = "".join(letter if letter.isalnum() else " " for letter in flat(unicodedata.normalize("NFC", text)))
    return " ".join(words.split())


def exact_key_of(text: str) -> str:
    """For comparing options: like key_of, but with accents ("bảy" is not "bay")."""
    composed = unicodedata.normalize("NFC", text).lower()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in composed).split())
