"""Names of units as people write them: level words, abbreviations, numbers with and without "số". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.database.text import fold

#: Abbreviations seen in lists; both sides of a comparison are written out, so a doubtful one only leads to a question.
_ABBREVIATIONS = {
    "cb": "chi bo", "db": "dang bo", "du": "dang uy", "tp": "thanh pho", "tdp": "to dan pho", "kdc": "khu dan cu",
    "tyt": "tram y te", "cty": "cong ty", "ct": "cong ty", "tnhh": "trach nhiem huu han", "cp": "co phan",
    "ctcp": "cong ty co phan", "thpt": "trung hoc pho thong", "thcs": "trung hoc co so", "mn": "mam non",
    "htx": "hop tac xa", "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc",
    "bhxh": "bao hiem xa hoi", "nhnn": "ngan hang nha nuoc", "ttyt": "trung tam y te", "bv": "benh vien",
    "ca": "cong an", "qs": "quan su", "cq": "co quan",
}  # fmt: skip
#: "P. 5", "X. Đông Mỹ": a letter with a point in front of a name.
_POINTED = {"x": "xa", "h": "huyen", "q": "quan", "p": "phuong", "tt": "thi tran", "tx": "thi xa", "t": "tinh"}

#: First words that only say "the committee of".
_COMMITTEES = ("ban chap hanh dang bo", "bch dang bo", "dang uy", "dang bo")

#: First words that say which level a unit is of; the longest match counts.
_FAMILIES: dict[str, str] = {
    "chi bo co so": "cell", "chi bo": "cell",
    "dang bo bo phan": "section", "dang uy bo phan": "section",
    "xa": "commune", "phuong": "commune", "thi tran": "commune", "dac khu": "commune",
    "huyen": "district", "quan": "district", "thi xa": "district",
    "huyen uy": "district", "quan uy": "district", "thi uy": "district",
    "thanh pho": "city", "thanh uy": "city", "tinh": "city", "tinh uy": "city",
}  # fmt: skip
_FAMILY_WORDS = sorted(_FAMILIES, key=len, reverse=True)

#: The same, for units whose level is known though their name does not say it; other levels are no hint.
FAMILY_OF_LEVEL = {
    "city": "city",
    "district": "district",
    "commune": "commune",
    "section": "section",
    "cell": "cell",
    "grassroots_cell": "cell",
}


@dataclass(frozen=True)
class UnitName:
    """``folded`` as written; ``bare`` without level words, abbreviations written out; ``family`` the level it shows."""

    folded: str
    bare: str
    family: str | None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in it: "Chi bộ 1" is never a slip of the pen for "Chi bộ 11"."""
        return tuple(re.findall(r"\d+", self.bare))


@lru_cache(maxsize=131_072)
def unit_name(text: str) -> UnitName:
    """``text`` for comparing. Accents, case, spaces, points, "số" and zeros before numbers do not count."""
    folded = fold(text)
    spelled = re.sub(r"\b(\w{1,2})\.\s*(?=\w)", lambda m: _POINTED.get(m[1], m[1]) + " ", folded)
    words: list[str] = []
    for word in re.sub(r"[^\w]+|_", " ", spelled).split():
        words.extend(_ABBREVIATIONS.get(word, word.lstrip("0") or "0" if word.isdigit() else word).split())
    plain = re.sub(r"\bso (?=\d)", "", " ".join(words))
    return UnitName(folded, *_without_level(plain))


def _without_level(plain: str) -> tuple[str, str | None]:
    family: str | None = None
    for word in _FAMILY_WORDS:
        if plain.startswith(word + " ") and word.startswith("dang"):
            return plain[len(word) + 1 :], _FAMILIES[word]
    for committee in _COMMITTEES:
        if plain.startswith(committee + " "):
            plain = plain[len(committee) + 1 :]
            break
    for word in _FAMILY_WORDS:
        if plain.startswith(word + " "):
            family = _FAMILIES[word]
            return plain[len(word) + 1 :], family
    return plain, family


def same_unit_name(written: UnitName, name: UnitName, family: str | None) -> bool:
    """True when ``written`` may stand for a unit called ``name`` whose level is of ``family``.

    Level words may be left out, never exchanged: "Chi bộ Tam Hiệp" is not "Xã Tam Hiệp".
    """
    if written.folded == name.folded:
        return True
    known = name.family or family
    return written.bare == name.bare and (written.family is None or known is None or written.family == known)
