"""How alike two questions are, from 0 to 1.

Likeness of two lists of words: half for the words, whatever their order (twice the common ones over all, the
Sørensen-Dice coefficient over bags), half for the words in their order (the same with the longest common subsequence).
A question's score is the likeness of the stems and of the options, weighted by how many words each has. The options never
have less than a quarter of the weight, so that a stem alone ("Chọn phương án đúng" over other options) does not reach the
usual threshold; nor more than half, so that the same options under other stems do not either.

Words are coded as single characters, and texts as strings of them: what is compared letter by letter in the library is
compared word by word here. Of two sorted strings the longest common subsequence is the common bag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from rapidfuzz.distance import LCSseq

from questions.similarity.wording import without_letters, words
from questions.types.option_references import movable, references, reworded

LEAST_FOR_STEM, MOST_FOR_STEM = 0.5, 0.75
#: The most that two questions get which do not say the same: a score of 1 is never a matter of rounding.
BELOW_SAME = 0.999
_FIRST_CODE, _SURROGATES, _AFTER_SURROGATES = 0x100, 0xD800, 0xE000


class Vocabulary:
    """A character for each word. Texts are comparable when the same vocabulary coded them."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def code(self, text: Sequence[str]) -> str:
        """``text``, a list of words, as one character a word."""
        codes = self._codes
        return "".join([codes.get(word) or self._new(word) for word in text])

    def _new(self, word: str) -> str:
        number = _FIRST_CODE + len(self._codes)
        if number >= _SURROGATES:
            number += _AFTER_SURROGATES - _SURROGATES
        self._codes[word] = chr(number)
        return self._codes[word]


@dataclass(frozen=True)
class Compared:
    """A question made ready.

    ``options`` have no letters of their own. In ``option_codes``, one for each, an option that speaks of others ("Cả A và B")
    names the letters that they have in a sorted order, so that it is the same for every order of the same options;
    ``fixed`` when it is not certain what such an option names.
    """

    stem: str
    options: tuple[str, ...]
    fixed: bool
    stem_code: str
    option_codes: tuple[str, ...]

    @classmethod
    def of(cls, stem: str, options: Sequence[str], vocabulary: Vocabulary) -> Compared:
        """The question ``stem`` with ``options`` in the words of ``vocabulary``."""
        plain = without_letters(options)
        texts, fixed = _any_order(plain, stem)
        codes = tuple(vocabulary.code(words(text)) for text in texts)
        return cls(stem, tuple(plain), fixed, vocabulary.code(words(stem)), codes)

    @cached_property
    def stem_bag(self) -> str:
        """The stem's words, sorted."""
        return _sorted(self.stem_code)

    @cached_property
    def options_bag(self) -> str:
        """All options' words, sorted."""
        return _sorted("".join(self.option_codes))

    @cached_property
    def texts(self) -> Counter[str]:
        """The options, whatever their order."""
        return Counter(self.option_codes)


def _sorted(code: str) -> str:
    return "".join(sorted(code))


def _any_order(options: list[str], stem: str) -> tuple[list[str], bool]:
    """(the options, naming others by their letters in sorted order; whether the order matters in a way that is unclear)."""
    found = references(options, stem)
    if not found.certain:
        return options, True
    if not found.any:
        return options, False
    plain = sorted(movable(options, stem), key=lambda index: words(options[index]))
    order = plain + [index for index in range(len(options)) if index not in plain]
    texts = reworded(options, order, stem)
    return [texts[order.index(index)] for index in range(len(options))], False


def in_order(one: str, other: str) -> float:
    """Share of the words of two codes that are common in their order (of sorted codes: in any order), 0 to 1."""
    together = len(one) + len(other)
    return 2 * int(LCSseq.similarity(one, other)) / together if together else 1.0


def likeness(one: str, other: str) -> float:
    """Likeness of two codes, 0 to 1."""
    if one == other:
        return 1.0
    return (in_order(_sorted(one), _sorted(other)) + in_order(one, other)) / 2


def stem_weight(stem_words: int, option_words: int) -> float:
    """The share of the stems in the score of two questions that have so many words in their stems and in their options."""
    if not option_words:
        return 1.0
    return min(max(stem_words / (stem_words + option_words), LEAST_FOR_STEM), MOST_FOR_STEM)


def says_the_same(one: Compared, other: Compared) -> bool:
    """True when stem and options are the same but for their order and the ways of writing."""
    if one.stem_code != other.stem_code or one.texts != other.texts:
        return False
    return one.option_codes == other.option_codes or not (one.fixed or other.fixed)


def score(one: Compared, other: Compared) -> float:
    """How alike two questions are, 0 to 1 with four decimals; 1 only when they say the same. Symmetric."""
    if says_the_same(one, other):
        return 1.0
    weight = stem_weight(len(one.stem_code) + len(other.stem_code), len(one.options_bag) + len(other.options_bag))
    stems = likeness(one.stem_code, other.stem_code)
    options = _options_likeness(one, other) if weight < 1 else 1.0
    return min(round(weight * stems + (1 - weight) * options, 4), BELOW_SAME)


def _options_likeness(one: Compared, other: Compared) -> float:
    """The mean likeness of each option to the nearest of the other question, and never more than the common words."""
    if one.texts == other.texts:
        return 1.0
    common = in_order(one.options_bag, other.options_bag)
    if not one.option_codes or not other.option_codes:
        return 0.0
    nearest = [*_nearest(one, other), *_nearest(other, one)]
    # fsum: the same sum whichever question is first.
    return min(common, fsum(nearest) / len(nearest))


def _nearest(one: Compared, other: Compared) -> list[float]:
    return [1.0 if code in other.texts else max(likeness(code, each) for each in other.texts) for code in one.option_codes]
