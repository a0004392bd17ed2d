"""Levels of difficulty, as lists and blueprints name them."""

from __future__ import annotations

from core.database import canonical, fold

#: From easy to hard; the words themselves are stored.
LEVELS = ("nhận biết", "thông hiểu", "vận dụng", "vận dụng cao")

_OTHER_WORDS = {
    "de": "nhận biết",
    "biet": "nhận biết",
    "trung binh": "thông hiểu",
    "hieu": "thông hiểu",
    "kho": "vận dụng",
    "rat kho": "vận dụng cao",
    "1": "nhận biết",
    "2": "thông hiểu",
    "3": "vận dụng",
    "4": "vận dụng cao",
}
_KNOWN = {fold(level): level for level in LEVELS} | _OTHER_WORDS


def known_level(text: str) -> str:
    """The level that ``text`` means, or ``text`` itself in lower case where no level is known by it."""
    folded = fold(text)
    for word in ("muc do ", "muc ", "cau "):
        folded = folded.removeprefix(word)
    return _KNOWN.get(folded, canonical(text).lower())
