"""Words as people type them: when two writings are the same answer. Pure.

What never counts: spaces, invisible characters, composed or decomposed Unicode, where a syllable carries its tone ("uỷ" and
"ủy"), kinds of quotation marks and dashes, a full stop at the end (phones put it there). Whether capitals and accents count
the setter says.
"""

from __future__ import annotations

import re
import unicodedata

#: The longest answer of a few words, in characters.
LONGEST_WORDS = 200

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LETTERS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_SAME = str.maketrans(
    {**dict.fromkeys("‘’ʼ`´", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‐‑‒–—−", "-"), "ð": "đ", "Ð": "Đ"}
)


def comparable(text: str, fold_case: bool, fold_accents: bool) -> str:
    """``text`` so that two writings of the same answer are equal."""
    visible = "".join(c for c in text.translate(_SAME) if unicodedata.category(c) != "Cf")
    apart = unicodedata.normalize("NFD", " ".join(visible.split()))
    if fold_case:
        # Again apart: the lower case of some letters is composed.
        apart = unicodedata.normalize("NFD", apart.casefold())
    apart = apart.rstrip(". ")
    if fold_accents:
        bare = "".join(c for c in apart if not unicodedata.combining(c))
        return bare.replace("đ", "d").replace("Đ", "D")
    return _LETTERS.sub(lambda match: _tones_last(match[0]), apart)


def _tones_last(syllable: str) -> str:
    """A decomposed syllable with its tone behind its letters. No two Vietnamese words differ only in the letter that
    carries the tone."""
    letters = "".join(c for c in syllable if c not in _TONES)
    return unicodedata.normalize("NFC", letters) + "".join(c for c in syllable if c in _TONES)
