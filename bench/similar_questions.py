"""How long all pairs of 10,000 questions take, how much memory, and whether every planted pair is found.

    python bench/similar_questions.py [QUESTIONS] [--seed S]

The questions are made of Vietnamese syllables with the frequencies of a language (Zipf); one in ten has a generic stem.
One in twenty repeats another one: options in another order, a word changed, decomposed Unicode, capitals, a label.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from questions.similarity.nearest import Question
from questions.similarity.pairs import pairs

#: Beginnings and ends of syllables.
SYLLABLE_PARTS = (
    "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x",
    "a á ai ám an ang ảnh áo ập ất ây ẩm em ên ết iên iệt inh ó ỏi ôn ơi ù ũng ưa ước ương uyết",
)
ONSETS, RHYMES = (parts.split() for parts in SYLLABLE_PARTS)
SYLLABLES = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
WEIGHTS = [1 / rank for rank in range(1, len(SYLLABLES) + 1)]
GENERIC = ("Chọn phương án đúng.", "Phương án nào sau đây là đúng?", "Chọn câu trả lời đúng nhất:")
MEBIBYTE = 1024


def made(count: int, seed: int) -> tuple[list[Question], set[tuple[str, str]]]:
    """(questions, the pairs planted among them)."""
    draw = random.Random(seed)
    syllables = draw.sample(SYLLABLES, len(SYLLABLES))

    def text(least: int, most: int) -> str:
        return " ".join(draw.choices(syllables, WEIGHTS, k=draw.randint(least, most))).capitalize()

    questions: list[Question] = []
    planted = set()
    for number in range(count):
        if number and draw.random() < 0.05:
            original = draw.choice(questions)
            questions.append((str(number), *_again(draw, original)))
            planted.add((original[0], str(number)))
        else:
            stem = draw.choice(GENERIC) if draw.random() < 0.1 else text(8, 30) + "?"
            questions.append((str(number), stem, [text(2, 12) for _ in range(4)]))
    return questions, planted


def _again(draw: random.Random, question: Question) -> tuple[str, list[str]]:
    _number, stem, options = question
    words = stem.split()
    words[draw.randrange(len(words))] = "khác"
    ways = [
        (stem, draw.sample(options, len(options))),
        (" ".join(words), list(options)),
        (unicodedata.normalize("NFD", stem), list(options)),
        (stem.upper(), list(options)),
        (f"Câu 12: {stem}", list(options)),
    ]
    return draw.choice(ways)


def main() -> int:
    """Prints the figures; 1 when a planted pair was not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    questions, planted = made(arguments.questions, arguments.seed)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, used = time.perf_counter(), time.process_time()
    found = pairs(questions)
    seconds, used = time.perf_counter() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    missing = planted - {(pair.a, pair.b) for pair in found}
    print(
        f"{len(questions)} questions: {seconds:.1f} s ({used:.1f} s of one processor), "
        f"peak {memory / MEBIBYTE:.0f} MiB ({before / MEBIBYTE:.0f} before), "
        f"{len(found)} pairs, {len(planted)} planted, {len(missing)} of them not found"
    )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
