"""Vietnamese text: one spelling, folding for search, and the order of names. Pure.

Both database engines store what is computed here, so that they agree: neither SQLite nor a PostgreSQL without ICU knows
Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")

# The official orthography of Party documents puts the tone on the first vowel of oa, oe, uy when they end a syllable
# ("hòa", "khỏe", "thủy"); the other habit puts it on the second. "qu" is a consonant, so "quý" stays.
_VOWEL_TONES = {
    "oa": ("òa óa ỏa õa ọa", "oà oá oả oã oạ"),
    "oe": ("òe óe ỏe õe ọe", "oè oé oẻ oẽ oẹ"),
    "uy": ("ùy úy ủy ũy ụy", "uỳ uý uỷ uỹ uỵ"),
}
_NEW_TO_OLD: dict[str, str] = {}
for _old_forms, _new_forms in _VOWEL_TONES.values():
    for _old, _new in zip(_old_forms.split(), _new_forms.split(), strict=True):
        _NEW_TO_OLD[_new] = _old
_SECOND_VOWEL_TONE = re.compile(
    r"(?<![qQ])(" + "|".join(_NEW_TO_OLD) + r")(?![\w])", re.IGNORECASE
)


def _official_tone(match: re.Match[str]) -> str:
    pair = match.group(1)
    official = _NEW_TO_OLD[pair.lower()]
    return "".join(o.upper() if p.isupper() else o for o, p in zip(official, pair, strict=True))


def canonical(text: str) -> str:
    """One spelling of ``text``: composed Unicode, single spaces, no invisible characters, official tone marks."""
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _SECOND_VOWEL_TONE.sub(_official_tone, _SPACES.sub(" ", composed).strip())


def fold(text: str) -> str:
    """``text`` for comparing and searching: lower case, no accents, đ as d, single spaces."""
    decomposed = unicodedata.normalize("NFD", _INVISIBLE.sub("", text).lower().replace("đ", "d"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _SPACES.sub(" ", bare).strip()


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: index + 2 for index, letter in enumerate(_LETTERS)}
# Order of tones in Vietnamese dictionaries: none, grave, hook above, tilde, acute, dot below.
_TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONES = frozenset(_TONE_RANK)


def _syllable_key(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", character)
        tone = 0
        kept: list[str] = []
        for part in parts:
            if part in _TONES:
                tone = _TONE_RANK[part]
            else:
                kept.append(part)
        letter = unicodedata.normalize("NFC", "".join(kept))
        rank = _LETTER_RANK.get(letter)
        if rank is not None:
            letters.append(chr(ord("A") + rank))
        elif character.isdigit():
            letters.append(character)
        else:
            letters.append("~" + character)
        tones.append(str(tone))
    return "".join(letters) + "!" + "".join(tones)


def sort_key(text: str) -> str:
    """A key whose plain byte order is Vietnamese alphabetical order, word by word (letters first, then tones).

    Numbers inside sort by value ("Chi bộ 2" before "Chi bộ 10").
    """
    words = re.findall(r"\d+|[^\W\d]+|[^\w\s]+", canonical(text))
    return " ".join(w.zfill(6) if w.isdigit() else _syllable_key(w) for w in words)


def name_sort_key(full_name: str) -> str:
    """The order of Vietnamese name lists: given name (the last word) first, then family and middle names."""
    words = canonical(full_name).split(" ")
    return sort_key(" ".join([words[-1], *words[:-1]]))
