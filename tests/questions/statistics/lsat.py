"""Section 6 of the Law School Admission Test: 1,000 people, 5 items, as how many gave each pattern of answers.

First used by Bock and Lieberman (1970), then by Bock and Aitkin (1981) and since by nearly every program for the model.
"""

from __future__ import annotations

PATTERNS = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15,
    "10000": 10, "10001": 29, "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80,
    "11000": 16, "11001": 56, "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip

#: What the R package ltm gives (model summary of its documentation's example, log-likelihood -2466.653): a, b.
PUBLISHED = [(0.8254, -3.3597), (0.7229, -1.3696), (0.8905, -0.2799), (0.6886, -1.8659), (0.6575, -3.1236)]


def people() -> list[list[int]]:
    """A row of five scores for each of the thousand."""
    return [[int(one) for one in pattern] for pattern, count in PATTERNS.items() for _ in range(count)]


def items() -> list[list[int]]:
    """A column of a thousand scores for each of the five items."""
    return [list(column) for column in zip(*people(), strict=True)]
