"""Accents off, letter by letter, so that a place in the flat text is the same place in the written text."""

from __future__ import annotations

import unicodedata


class _Flattening(dict[int, str]):
    """Each letter without accents, worked out once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code - 0xFEE0 if 0xFF01 <= code <= 0xFF5E else code)  # full-width signs of other keyboards
        base = "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()
        self[code] = base if len(base) == 1 else letter
        return self[code]


_FLATTENING = _Flattening()


def flat(text: str) -> str:
    """Lower case without accents, exactly as long as the text ("Đáp án: Đúng" gives "dap an: dung")."""
    return text.lower() if text.isascii() else text.translate(_FLATTENING)


def key_of(text: str) -> str:
    """For comparing wordings: flat, letters and digits only, single spaces."""
    words = "".join(letter if letter.isalnum() else " " for letter in flat(unicodedata.normalize("NFC", text)))
    return " ".join(words.split())


def exact_key_of(text: str) -> str:
    """For comparing options: like key_of, but with accents ("bảy" is not "bay")."""
    composed = unicodedata.normalize("NFC", text).lower()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in composed).split())
