"""All similar pairs of a list of questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist, cpdist

from questions.similarity.comparing import LEAST_FOR_STEM, MOST_FOR_STEM, Compared, Vocabulary, score
from questions.similarity.nearest import THRESHOLD, Pair, Question, id_order
from questions.similarity.reasons import why

#: At most so many pairs are kept, the most alike: a list of 10,000 equal questions has fifty million.
MOST_PAIRS = 20_000
#: So many questions are compared with all others at once: 10,000 questions need 5 MB for that.
ROWS = 128
# Single precision and the score's four decimals: what a bound may fall short of the score by.
_SLACK = 2e-4


def pairs(questions: Iterable[Question], threshold: float = THRESHOLD, most: int = MOST_PAIRS, rows: int = ROWS) -> list[Pair]:
    """The pairs with a score of at least ``threshold`` (0 to 1), best first, and of equal ones by their ids.

    The order of ``questions`` changes nothing; questions without a single word are left out. At most ``most`` pairs, the
    best. Time grows with the square of the questions' number; memory with the number of questions, of pairs found and of
    those which ``rows`` questions, compared with all at once, may resemble. Raises ValueError where an id is there twice.
    """
    listed = sorted(questions, key=lambda question: id_order(question[0]))
    if len({question[0] for question in listed}) != len(listed):
        raise ValueError("two questions have the same id")
    vocabulary = Vocabulary()
    ready = [Compared.of(stem, options, vocabulary) for _id, stem, options in listed]
    saying = [at for at, each in enumerate(ready) if each.stem_code or each.options_bag]
    return [
        Pair(listed[saying[first]][0], listed[saying[second]][0], value, why(ready[saying[first]], ready[saying[second]]))
        for value, first, second in _similar([ready[at] for at in saying], threshold, most, rows)
    ]


def _similar(ready: list[Compared], threshold: float, most: int, rows: int) -> list[tuple[float, int, int]]:
    """(score, first, second) of the similar pairs, best first.

    Pairs come in the order that decides between equal scores, so once ``most`` are found only a better one gets in.
    """
    table = _Table.of(ready)
    found: list[tuple[float, int, int]] = []
    lowest, full = threshold, False
    for start in range(0, len(ready), rows):
        if full and lowest >= 1:
            break
        for first, second in zip(*table.candidates(range(start, min(start + rows, len(ready))), lowest), strict=True):
            value = score(ready[first], ready[second])
            if value > lowest or (value == lowest and not full):
                found.append((value, first, second))
        if len(found) >= most:
            found, full = _best(found, most), True
            lowest = found[-1][0]
    return _best(found, most)


def _best(found: list[tuple[float, int, int]], most: int) -> list[tuple[float, int, int]]:
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))[:most]


@dataclass(frozen=True)
class _Table:
    """All questions in columns, for bounds of many pairs at once."""

    stems: list[str]
    options: list[str]
    stem_lengths: NDArray[np.float32]
    option_lengths: NDArray[np.float32]

    @classmethod
    def of(cls, ready: list[Compared]) -> _Table:
        stems, options = [each.stem_bag for each in ready], [each.options_bag for each in ready]
        return cls(stems, options, _lengths(stems), _lengths(options))

    def candidates(self, block: range, lowest: float) -> tuple[list[int], list[int]]:
        """The pairs whose first is in ``block`` and whose score may reach ``lowest``.

        A score is at most weight x common words of the stems + (1 - weight) x common words of the options; first with
        the options taken as equal, then, for the few left, with their common words.
        """
        bound = lowest - _SLACK
        # The least that stems must have in common: the weight of the stems is least there.
        least = max(0.0, 1 - (1 - bound) / LEAST_FOR_STEM)
        common = cdist(
            self.stems[block.start : block.stop],
            self.stems[block.start :],
            scorer=Indel.normalized_similarity,
            score_cutoff=least,
            dtype=np.float32,
        )
        rows, columns = np.nonzero(np.triu(common >= max(least - _SLACK, 0.0), k=1))
        stems = common[rows, columns]
        firsts, seconds = rows + block.start, columns + block.start
        weights = self._weights(firsts, seconds)
        kept = weights * stems + (1 - weights) >= bound
        firsts, seconds, stems, weights = firsts[kept], seconds[kept], stems[kept], weights[kept]
        options = cpdist(
            [self.options[at] for at in firsts],
            [self.options[at] for at in seconds],
            scorer=Indel.normalized_similarity,
            dtype=np.float32,
        )
        kept = weights * stems + (1 - weights) * options >= bound
        return firsts[kept].tolist(), seconds[kept].tolist()

    def _weights(self, firsts: NDArray[np.intp], seconds: NDArray[np.intp]) -> NDArray[np.float32]:
        """``comparing.stem_weight`` of each pair."""
        stems = self.stem_lengths[firsts] + self.stem_lengths[seconds]
        options = self.option_lengths[firsts] + self.option_lengths[seconds]
        share = np.clip(stems / np.maximum(stems + options, 1), LEAST_FOR_STEM, MOST_FOR_STEM)
        return np.where(options == 0, 1, share).astype(np.float32)


def _lengths(codes: list[str]) -> NDArray[np.float32]:
    return np.array([len(code) for code in codes], dtype=np.float32)
